// Files over a weak network: photos are made small on this device, every file is sent in pieces, and after a cut sending goes
// on from what the server has. Without this script a form sends its files whole.

const LONGEST_SIDE = 2000;
const QUALITY = 0.85;
const PATIENCE = 60000;
const RETRIES = [1000, 2000, 4000, 8000, 15000];
const [SMALLEST, FIRST, LARGEST] = [32, 128, 1024].map((kilobytes) => kilobytes * 1024);
const [FAST, SLOW] = [1500, 8000];
const TOLD_EVERY = 25;
const PHOTOS = new Set(["image/jpeg", "image/png", "image/webp"]);
const IS_ENGLISH = document.documentElement.lang === "en";

const fill = (text, values) => text.replace(/%\((\w+)\)s/g, (_, name) => values[name]);
const token = () => document.querySelector("meta[name=csrf-token]");
const megabytes = (bytes) =>
  `${(bytes / 1048576).toLocaleString(IS_ENGLISH ? "en" : "ru", { maximumFractionDigits: 1 })} ${IS_ENGLISH ? "MB" : "МБ"}`;
const pause = (time) =>
  new Promise((resolve) => {
    setTimeout(resolve, time);
    addEventListener("online", resolve, { once: true });
  });

// Encoded anew, upright and at most 2000 pixels long: places and devices stay on this phone. What it cannot read goes as it is.
async function shrunk(file) {
  if (!PHOTOS.has(file.type)) return file;
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    const context = canvas.getContext("2d");
    context.fillStyle = "white";
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    const made = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
    const isSmall = scale === 1 && file.type !== "image/jpeg" && file.size <= made.size;
    return isSmall ? file : new File([made], file.name.replace(/(\.[^.]*)?$/, ".jpg"), { type: "image/jpeg" });
  } catch {
    return file;
  }
}

async function hashOf(file) {
  if (!globalThis.crypto?.subtle) return "";
  const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

// The page as the server has it now, with a fresh token: a token goes stale with its session.
async function freshPage() {
  const response = await fetch(location.href, { signal: AbortSignal.timeout(PATIENCE), headers: { Accept: "text/html" } });
  if (response.redirected || !response.ok) return null;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  token().content = page.querySelector("meta[name=csrf-token]").content;
  for (const field of document.querySelectorAll("input[name=csrf_token]")) field.value = token().content;
  return page;
}

class Refused extends Error {}

class Sending {
  constructor(file, box, line) {
    Object.assign(this, { file, box, line, failures: 0 });
  }

  get signal() {
    return AbortSignal.any ? AbortSignal.any([this.line.stop.signal, AbortSignal.timeout(PATIENCE)]) : this.line.stop.signal;
  }

  // One request, again and again until it gets an answer that says yes or no.
  async ask(url, fields, { method = "POST" } = {}) {
    for (let isKnown = false; ; ) {
      let response;
      try {
        const body = method === "POST" ? new FormData() : undefined;
        for (const [name, value] of Object.entries(fields ?? {})) body.append(name, value);
        const headers = { Accept: "application/json", "X-CSRFToken": token().content };
        response = await fetch(url, { method, body, headers, signal: this.signal });
        const answer = response.headers.get("Content-Type")?.includes("json") ? await response.json() : null;
        if (!response.redirected && answer && (response.ok || response.status === 409)) return { ...answer, isNew: response.ok };
        if (response.status === 404) return null;
        if (response.status < 500 && ![400, 401, 408, 429].includes(response.status) && !response.redirected) throw new Refused(answer?.message);
        if ((response.status === 400 || response.status === 401 || response.redirected) && !isKnown) {
          isKnown = true;
          if (await freshPage()) continue;
          throw new Refused(this.line.words.textSignedOut);
        }
      } catch (error) {
        if (error instanceof Refused || this.line.stop.signal.aborted) throw error;
        if (fields?.piece) return { isCut: true };
      }
      await this.wait();
    }
  }

  async wait() {
    this.line.say(this.line.words.textWaiting);
    await pause(RETRIES[Math.min(this.failures, RETRIES.length - 1)]);
    this.failures += 1;
    this.line.stop.signal.throwIfAborted();
  }

  async run() {
    const { file, line } = this;
    const begun = await this.ask(this.box.dataset.uploadUrl, {
      question: this.box.dataset.key,
      name: file.name,
      size: file.size,
      sha256: await hashOf(file),
    });
    if (!begun) throw new Refused(line.words.textFailed);
    let { offset } = begun;
    let length = FIRST;
    for (line.show(offset, file.size); offset < file.size; line.show(offset, file.size)) {
      const began = performance.now();
      const piece = file.slice(offset, offset + length);
      const answer = await this.ask(begun.url, { offset, piece });
      if (!answer) throw new Refused(line.words.textFailed);
      if (answer.isCut) {
        length = Math.max(SMALLEST, length / 2);
        await this.wait();
        offset = (await this.ask(begun.url, null, { method: "GET" }))?.offset ?? offset;
        continue;
      }
      this.failures = 0;
      offset = answer.offset;
      const took = performance.now() - began;
      if (took < FAST) length = Math.min(LARGEST, length * 2);
      else if (took > SLOW) length = Math.max(SMALLEST, length / 2);
    }
    line.say(line.words.textChecking);
    await this.ask(`${begun.url}/end`);
  }
}

// The line of one file: its name, how far it is, and a way to stop it. Read aloud only at every quarter.
class Line {
  constructor(box, file) {
    this.words = box.dataset;
    this.name = file.name;
    this.stop = new AbortController();
    this.element = box.querySelector("[data-upload-template]").content.firstElementChild.cloneNode(true);
    this.element.querySelector("[data-upload-name]").textContent = file.name;
    this.bar = this.element.querySelector("progress");
    this.bar.setAttribute("aria-label", file.name);
    this.text = this.element.querySelector("[data-upload-text]");
    this.aloud = box.querySelector("[data-upload-status]");
    this.told = 0;
    this.element.querySelector("button").addEventListener("click", () => this.stop.abort());
    box.querySelector("[data-uploads]").append(this.element);
  }

  show(offset, size) {
    const share = Math.floor((offset / size) * 100);
    this.bar.value = share;
    this.text.textContent = fill(this.words.textSent, { sent: megabytes(offset), size: megabytes(size), percent: share });
    if (share - this.told < TOLD_EVERY) return;
    this.told = share - (share % TOLD_EVERY);
    this.aloud.textContent = `${this.name}: ${this.told} %`;
  }

  say(text) {
    this.text.textContent = text;
    this.aloud.textContent = `${this.name}: ${text}`;
  }

  refuse(text) {
    this.say(text || this.words.textFailed);
    this.text.className = "error";
    this.bar.remove();
    // A page that is sent while this stands says so anew at its field; closing the line lets it go.
    const told = Object.assign(document.createElement("input"), { type: "hidden", name: `unsent-${this.words.key}`, value: this.name });
    this.element.append(told);
    const button = this.element.querySelector("button");
    button.querySelector("span").textContent = this.words.textClose;
    button.addEventListener("click", () => this.element.remove());
  }
}

let underWay = 0;
let turn = Promise.resolve();
// The form she sent while a file was on its way, and whether a file was refused since then.
let waiting = null;
let isRefused = false;

async function send(box, original) {
  const line = new Line(box, original);
  line.say(line.words.textPreparing);
  underWay += 1;
  // One after another: a weak network carries one file well and three badly.
  turn = turn.then(async () => {
    try {
      line.stop.signal.throwIfAborted();
      const file = await shrunk(original);
      const limit = Number(box.dataset.maxBytes);
      if (file.size > limit) throw new Refused(fill(line.words.textTooLarge, { name: file.name, size: megabytes(file.size), limit: megabytes(limit) }));
      await new Sending(file, box, line).run();
      line.element.remove();
      line.aloud.textContent = `${file.name}: ${line.words.textAttached}`;
      await renew(box);
    } catch (error) {
      if (line.stop.signal.aborted) line.element.remove();
      else {
        isRefused = true;
        line.refuse(error instanceof Refused ? error.message : "");
      }
    } finally {
      underWay -= 1;
      if (!underWay) goOn();
    }
  });
}

// The list of files as the server has it.
async function renew(box) {
  const page = await freshPage().catch(() => null);
  const fresh = page?.querySelector(`[data-files="${CSS.escape(box.dataset.key)}"]`);
  if (fresh) box.querySelector("[data-files]").replaceWith(document.adoptNode(fresh));
  else location.reload();
}

for (const box of document.querySelectorAll("[data-upload-url]")) {
  const input = box.querySelector("input[type=file]");
  box.querySelector("button[name=upload]").closest(".actions").hidden = true;
  input.addEventListener("change", () => {
    const chosen = [...input.files];
    input.value = "";
    for (const file of chosen) send(box, file);
  });
}

// Who goes on while a file is on its way goes on when it has arrived; one that is refused keeps her here to read why.
document.addEventListener(
  "submit",
  (event) => {
    if (!underWay || !event.target.querySelector("[data-upload-url]")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    [waiting, isRefused] = [event, false];
  },
  true,
);

function goOn() {
  const event = waiting;
  waiting = null;
  if (event && !isRefused) event.target.requestSubmit(event.submitter);
}

addEventListener("beforeunload", (event) => {
  if (underWay) event.preventDefault();
});
