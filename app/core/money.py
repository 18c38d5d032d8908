"""Sums of money as people write them. Pure."""

import re

MONEY_DIGITS = 12
_BLANKS = re.compile(r"[\s\u00a0\u202f']+")
_MONEY = re.compile(
    r"^(\d{1,15})(?:[.,](\d{1,3}))?(млн|млрд|миллион|мың|тыс\.?|thousand|million|mln)?(?:₸|тг\.?|теңге|тенге|kzt|tenge)?$"
)
_THOUSANDS = re.compile(r"^\d{1,3}(?:[.,]\d{3})+(?![\d.,]*(?:м|m|тыс|thousand))")  # "1,000,000" and "1.000"; not "1,500 млн"
_SCALES = {"мың": 3, "тыс": 3, "тыс.": 3, "thousand": 3, "млн": 6, "миллион": 6, "mln": 6, "million": 6, "млрд": 9}


def parse_money(text: str) -> int | None:
    """`1 000 000 ₸`, `500 мың`, `1,5 млн тг` in whole tenge; None where it is none of these."""
    squeezed = _BLANKS.sub("", text[:40].casefold())
    found = _MONEY.match(_THOUSANDS.sub(lambda grouped: re.sub("[.,]", "", grouped.group()), squeezed))
    if found is None:
        return None
    whole, fraction, scale = found.group(1), found.group(2) or "", _SCALES.get(found.group(3) or "", 0)
    if scale == 0 and fraction.strip("0"):
        return None  # tiyn are not counted
    number = int(whole) * 10**scale + (int(fraction) * 10 ** (scale - len(fraction)) if fraction else 0)
    return number if number < 10**MONEY_DIGITS else None
