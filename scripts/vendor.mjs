// Copies the browser libraries that package.json pins into app/static/vendor, with their licences and a manifest of
// SHA-384 sums, and draws the chosen Lucide icons into one sprite. `--check` writes nothing and fails on any difference.

import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..");
const VENDOR = "app/static/vendor";
const SPRITE = "app/static/img/icons.svg";

const FILES = {
  "htmx.min.js": "htmx.org/dist/htmx.min.js",
  "htmx.LICENSE": "htmx.org/LICENSE",
  "lucide.LICENSE": "lucide-static/LICENSE",
};

const ICONS = `
  archive arrow-down arrow-left arrow-right arrow-up arrow-up-right award badge-check ban banknote bell book-open briefcase
  building-2 calendar calendar-check calendar-days calendar-plus camera chart-column check check-check chevron-down
  chevron-left chevron-right chevron-up circle circle-alert circle-check circle-help circle-x clipboard-check clipboard-list
  clock copy download ellipsis-vertical external-link eye eye-off file file-check file-down file-plus file-text file-up files
  filter flag folder gauge gavel globe graduation-cap grip-vertical hand-coins handshake heart history hourglass house image
  inbox info key-round landmark languages layout-dashboard life-buoy link list list-checks lock lock-open log-in log-out
  mail mail-check map-pin medal megaphone menu message-circle message-square minus monitor moon paperclip pause pencil phone
  play plus printer qr-code receipt refresh-cw rocket rotate-ccw save scale scan-line school search send settings shield
  shield-alert shield-check sliders-horizontal smartphone sparkles sprout star sun table tag target timer trash-2
  triangle-alert trophy undo-2 upload user user-check user-plus user-round user-x users video wallet wifi-off x
`.trim().split(/\s+/);

// Names that Lucide renamed: ours stays.
const RENAMED = { "circle-help": "circle-question-mark" };

const source = (name) => readFileSync(join(ROOT, "node_modules", name));
const sha384 = (bytes) => `sha384-${createHash("sha384").update(bytes).digest("base64")}`;
const version = (name) => JSON.parse(source(`${name}/package.json`)).version;

function symbol(name) {
  const svg = source(`lucide-static/icons/${RENAMED[name] ?? name}.svg`).toString();
  const drawing = svg.slice(svg.indexOf(">", svg.indexOf("<svg")) + 1, svg.lastIndexOf("</svg>"));
  const shapes = drawing.split("\n").map((line) => line.trim()).filter(Boolean).join("");
  // How a line is drawn is said once, by the class `icon` of the style sheet: it halves the file.
  return `<symbol id="${name}" viewBox="0 0 24 24">${shapes.replaceAll(" />", "/>")}</symbol>`;
}

function outputs() {
  const made = Object.entries(FILES).map(([name, from]) => [`${VENDOR}/${name}`, source(from)]);
  const sprite = [
    `<!-- Lucide ${version("lucide-static")}, ISC licence: ../vendor/lucide.LICENSE. Drawn by scripts/vendor. -->`,
    '<svg xmlns="http://www.w3.org/2000/svg">',
    ...ICONS.map(symbol),
    "</svg>",
    "",
  ];
  made.push([SPRITE, Buffer.from(sprite.join("\n"))]);
  const manifest = Object.fromEntries(
    made.map(([path, bytes]) => [path.replace("app/static/", ""), { bytes: bytes.length, integrity: sha384(bytes) }]),
  );
  made.push([`${VENDOR}/manifest.json`, Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`)]);
  return made;
}

function committed(path) {
  try {
    return readFileSync(join(ROOT, path));
  } catch {
    return Buffer.alloc(0);
  }
}

if (process.argv.includes("--check")) {
  const stale = outputs().filter(([path, bytes]) => !committed(path).equals(bytes)).map(([path]) => path);
  for (const path of stale) console.error(`${path} differs: run scripts/vendor`);
  process.exitCode = stale.length ? 1 : 0;
} else {
  for (const [path, bytes] of outputs()) {
    mkdirSync(dirname(join(ROOT, path)), { recursive: true });
    writeFileSync(join(ROOT, path), bytes);
  }
}
