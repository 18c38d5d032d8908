"""The address of a competition and the letters of its codes, made of its name."""

import re
import unicodedata

CYRILLIC = "абвгдеёжзийклмнопрстуфхцчшщыэюяәғқңөұүһі"
LATIN = "a b v g d e yo zh z i y k l m n o p r s t u f kh ts ch sh shch y e yu ya a g q n o u u h i"
LETTERS = dict(zip(CYRILLIC, LATIN.split(), strict=True)) | {"ъ": "", "ь": ""}
LONGEST_ADDRESS = 50
MOST_LETTERS = 4


def words_of(name: str) -> list[str]:
    """The words of a name in small Latin letters and digits."""
    latin = "".join(LETTERS.get(letter, letter) if letter.isalnum() else " " for letter in name.casefold())
    return re.findall(r"[a-z0-9]+", unicodedata.normalize("NFKD", latin).encode("ascii", "ignore").decode())


def address_of(name: str) -> str:
    """«Жаңа байқау 2027» is at zhana-bayqau-2027; nothing where no word is left."""
    return "-".join(words_of(name))[:LONGEST_ADDRESS].strip("-")


def code_letters(name: str) -> str:
    """Start App 2027 counts its applications as SA, «Проба 2027» as PR; nothing where no word is left."""
    words = [one for one in words_of(name) if not one[0].isdigit()]
    return ("".join(one[0] for one in words)[:MOST_LETTERS] if len(words) > 1 else "".join(words)[:2]).upper()


def year_in(name: str) -> int | None:
    """The year that a name says, such as 2027."""
    found = re.search(r"\b20\d\d\b", name)
    return int(found[0]) if found else None
