"""Join the style parts into app/static/css/app.css; with --check, tell whether the committed file is fresh.

    python scripts/build_css.py [--check]

Joining saves a phone a dozen requests; nothing is translated, so the parts are what the browser reads.
"""

import gzip
import hashlib
import re
import sys
from pathlib import Path

CSS = Path(__file__).resolve().parent.parent / "app" / "static" / "css"
ORDER = "@layer tokens, base, layout, components, utilities, print;"
LIMIT = 20 * 1024


def _versioned(match: re.Match[str]) -> str:
    """The address as `asset()` gives it, so that a preloaded font is the font that is used."""
    version = hashlib.sha256((CSS.parent / match[1]).read_bytes()).hexdigest()[:10]
    return f'url("../{match[1]}?v={version}")'


def joined() -> str:
    """All parts in the order of their names, without comments and indentation."""
    text = "\n".join(part.read_text(encoding="utf-8") for part in sorted((CSS / "parts").glob("*.css")))
    text = re.sub(r'url\("\.\./(fonts/[^"]+)"\)', _versioned, text)
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    text = re.sub(r"\s+", " ", text)
    text = re.sub(r"\s*([{};,])\s*", r"\1", text).replace(";}", "}")
    text = re.sub(r":\s+", ":", text)
    return f"{ORDER}\n{text.strip()}\n".replace("}@layer", "}\n@layer")


def faults(text: str) -> list[str]:
    """What is wrong with the parts: two dark themes that differ, colours outside the tokens, too much weight."""
    found = []
    dark = re.findall(r':root(?::not\(\[data-theme="light"\]\)|\[data-theme="dark"\])\{([^}]*)\}', text)
    if len(dark) != 2 or dark[0] != dark[1]:  # noqa: PLR2004 (the device's dark and the chosen dark)
        found.append("The dark theme of the device and the chosen one differ.")
    for part in sorted((CSS / "parts").glob("[1-8]*.css")):
        found += [
            f"{part.name}: colour {colour}"
            for colour in re.findall(r"(?<=[\s:(])#[0-9a-f]{3,8}\b|\brgba?\(", part.read_text(encoding="utf-8"))
        ]
    weight = len(gzip.compress(text.encode(), 9))
    if weight > LIMIT:
        found.append(f"{weight} bytes compressed; at most {LIMIT}.")
    return found


def main() -> int:
    """Write or check."""
    text = joined()
    target = CSS / "app.css"
    wrong = faults(text)
    if "--check" in sys.argv[1:]:
        if not target.exists() or target.read_text(encoding="utf-8") != text:
            wrong.append("app/static/css/app.css is stale: run scripts/build_css.py")
    else:
        target.write_text(text, encoding="utf-8")
    for line in wrong:
        print(line, file=sys.stderr)
    print(f"{len(text)} bytes, {len(gzip.compress(text.encode(), 9))} compressed")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
