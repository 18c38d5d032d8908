"""Cut the web fonts: one WOFF2 per weight out of the full TTFs, for Kazakh, Russian and English alone.

The full TTFs stay beside them: PDFs are set from those. Run with fontTools and brotli installed:

    python scripts/subset_fonts.py
"""

from pathlib import Path

from fontTools import subset

FONTS = Path(__file__).resolve().parent.parent / "app" / "static" / "fonts"

LETTERS = "".join(map(chr, range(0x20, 0x7F))) + "".join(map(chr, range(0x410, 0x450)))
KAZAKH = "ЁёӘҒҚҢӨҰҮҺІәғқңөұүһі"
MARKS = "\u00a0\u202f«»“”„‘’–—…·•×−₸№"
INTERFACE = "ÄäĞğÑñÖöŞşŪūÜüÝýÇçİı\u2009→←↑↓≤≥±°§€%‰©®½"

SETS = {
    "GolosText-Regular": (LETTERS + KAZAKH + MARKS + INTERFACE, ["kern", "mark", "ccmp", "locl", "tnum", "lnum", "case"]),
    "GolosText-Medium": (LETTERS + KAZAKH + MARKS + INTERFACE, ["kern", "mark", "ccmp", "locl", "tnum", "lnum", "case"]),
    "GolosText-SemiBold": (LETTERS + KAZAKH + MARKS + INTERFACE, ["kern", "mark", "ccmp", "locl", "tnum", "lnum", "case"]),
    "SourceSerif4-SemiBold": (LETTERS + KAZAKH + MARKS, ["kern", "ccmp"]),
}


def cut(name: str, letters: str, features: list[str]) -> int:
    """Write NAME.woff2 beside NAME.ttf and return its size in bytes."""
    options = subset.Options()
    options.flavor = "woff2"
    options.layout_features = features
    options.hinting = False
    font = subset.load_font(str(FONTS / f"{name}.ttf"), options)
    cutter = subset.Subsetter(options)
    cutter.populate(text=letters)
    cutter.subset(font)
    target = FONTS / f"{name}.woff2"
    subset.save_font(font, str(target), options)
    return target.stat().st_size


if __name__ == "__main__":
    sizes = {name: cut(name, letters, features) for name, (letters, features) in SETS.items()}
    for name, size in sizes.items():
        print(f"{size:>6}  {name}.woff2")
    print(f"{sum(sizes.values()):>6}  together")
