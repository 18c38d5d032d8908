"""What people type, as it is kept: NFC, plain line ends, nothing that hides or reorders what is read. Pure (catalogue C-07)."""

import re
import unicodedata

# Controls except newline and tab, and the characters that reorder or hide what is read.
UNWANTED = re.compile("[\x00-\x08\x0b-\x1f\x7f\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
# Whatever some program takes for the end of a line or of a header; and what turns the direction.
BREAKS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")


def clean_text(text: str | None) -> str | None:
    """NFC, plain line ends, without unwanted characters, without blanks at the ends."""
    if text is None:
        return None
    plain = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return UNWANTED.sub("", plain).strip()


def clean_line(text: str | None) -> str | None:
    """The same for what has one line: a name, a title, a subject."""
    return None if text is None else clean_text(folded(text))


def folded(text: str) -> str:
    """On one line: each break, control and turn of the direction is a blank, so that words stay apart."""
    return BREAKS.sub(" ", text).strip()
