"""Whole amounts in words, as documents of each language write them: «бір миллион теңге». Pure."""

from dataclasses import dataclass

LIMIT = 10**15
THOUSAND = 1000

KK_ONES = ("", "бір", "екі", "үш", "төрт", "бес", "алты", "жеті", "сегіз", "тоғыз")
KK_TENS = ("", "он", "жиырма", "отыз", "қырық", "елу", "алпыс", "жетпіс", "сексен", "тоқсан")
KK_SCALES = ("", "мың", "миллион", "миллиард", "триллион")

RU_ONES = ("", "один", "два", "три", "четыре", "пять", "шесть", "семь", "восемь", "девять")
RU_TEENS = (
    "десять", "одиннадцать", "двенадцать", "тринадцать", "четырнадцать", "пятнадцать", "шестнадцать", "семнадцать",
    "восемнадцать", "девятнадцать",
)  # fmt: skip
RU_TENS = ("", "", "двадцать", "тридцать", "сорок", "пятьдесят", "шестьдесят", "семьдесят", "восемьдесят", "девяносто")
RU_HUNDREDS = ("", "сто", "двести", "триста", "четыреста", "пятьсот", "шестьсот", "семьсот", "восемьсот", "девятьсот")

EN_ONES = (
    "", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
    "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
EN_TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
EN_SCALES = ("", "thousand", "million", "billion", "trillion")


@dataclass(frozen=True, slots=True)
class Scale:
    """A Russian power of a thousand: its three forms, and whether it is feminine (одна тысяча)."""

    one: str
    few: str
    many: str
    is_feminine: bool = False


RU_SCALES = (
    None,
    Scale("тысяча", "тысячи", "тысяч", is_feminine=True),
    Scale("миллион", "миллиона", "миллионов"),
    Scale("миллиард", "миллиарда", "миллиардов"),
    Scale("триллион", "триллиона", "триллионов"),
)


def amount_in_words(amount: int, language: str) -> str:
    """«бір миллион теңге», «один миллион тенге», "one million tenge"; raises ValueError outside 0 .. 10^15 - 1."""
    if not 0 <= amount < LIMIT:
        message = f"no words for {amount}"
        raise ValueError(message)
    say, unit = {"kk": (_kazakh, "теңге"), "ru": (_russian, "тенге"), "en": (_english, "tenge")}[language]
    return f"{say(amount)} {unit}"


def _groups(number: int) -> list[tuple[int, int]]:
    """(three digits, power of a thousand), highest first, without empty groups."""
    found, power = [], 0
    while number:
        number, group = divmod(number, THOUSAND)
        if group:
            found.append((group, power))
        power += 1
    return found[::-1]


def _join(*words: str) -> str:
    return " ".join(word for word in words if word)


def _kazakh(number: int) -> str:
    return " ".join(map(_kazakh_group, _groups(number))) or "нөл"


def _kazakh_group(part: tuple[int, int]) -> str:
    group, power = part
    hundreds, rest = divmod(group, 100)
    tens, ones = divmod(rest, 10)
    hundred = _join("" if hundreds == 1 else KK_ONES[hundreds], "жүз") if hundreds else ""
    return _join(hundred, KK_TENS[tens], KK_ONES[ones], KK_SCALES[power])


def _russian(number: int) -> str:
    return " ".join(map(_russian_group, _groups(number))) or "ноль"


def _russian_group(part: tuple[int, int]) -> str:
    group, power = part
    scale = RU_SCALES[power]
    hundreds, rest = divmod(group, 100)
    tens, ones = divmod(rest, 10)
    if tens == 1:
        small = RU_TEENS[ones]
    else:
        one = {1: "одна", 2: "две"}.get(ones, RU_ONES[ones]) if scale and scale.is_feminine else RU_ONES[ones]
        small = _join(RU_TENS[tens], one)
    return _join(RU_HUNDREDS[hundreds], small, _russian_scale(scale, rest) if scale else "")


def _russian_scale(scale: Scale, rest: int) -> str:
    tens, ones = divmod(rest, 10)
    if tens == 1 or ones == 0 or ones > 4:  # noqa: PLR2004 - Russian counts 2, 3, 4 apart
        return scale.many
    return scale.one if ones == 1 else scale.few


def _english(number: int) -> str:
    return " ".join(map(_english_group, _groups(number))) or "zero"


def _english_group(part: tuple[int, int]) -> str:
    group, power = part
    hundreds, rest = divmod(group, 100)
    tens, ones = divmod(rest, 10)
    small = EN_ONES[rest] if rest < len(EN_ONES) else "-".join(filter(None, (EN_TENS[tens], EN_ONES[ones])))
    hundred = f"{EN_ONES[hundreds]} hundred" if hundreds else ""
    return _join(hundred, small, EN_SCALES[power])
