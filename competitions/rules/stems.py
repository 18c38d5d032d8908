"""Words as they are compared in a search: one spelling for all scripts, without endings. Pure.

Endings are taken off in Kazakh, Russian and English; then every letter is written in plain Latin, so that `Тuффting`, `тафтинг`
typed on a foreign keyboard and letters that only look alike meet.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from threading import local
from typing import Any

from snowballstemmer import stemmer

WORD = re.compile(r"[^\W_]+")
LONGEST_STEM = 40
# What is left of a word must still say something.
SHORTEST_STEM = 3
KAZAKH_LETTERS = frozenset("әғқңөұүһі")
# Endings of Kazakh from the outermost: person and case, belonging, number.
KAZAKH_ENDINGS = tuple(
    tuple(sorted(endings.split(), key=len, reverse=True))
    for endings in (
        "ның нің дың дің тың тің ға ге қа ке на не ды ді ты ті ны ні да де та те нда нде дан ден тан тен нан нен мен бен пен",
        "ымыз іміз ыңыз іңіз ым ім ың ің сы сі ы і",
        "лар лер дар дер тар тер",
    )
)
LATIN = {
    **dict(zip("абвгғдезийклмнопрстуфхһыіэ", "abvggdeziiklmnoprstufhhyie", strict=True)),
    **dict(zip("әёқңөұү", "aeknouu", strict=True)),
    "ж": "zh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sh", "ю": "iu", "я": "ia", "ъ": "", "ь": "",
}  # fmt: skip
# Latin letters with a Cyrillic twin, as capitals or as small letters.
TWINS = str.maketrans("abcehikmoptxy", "авсенікмортху")
REPEATED = re.compile(r"([^\W\d_])\1+")
CYRILLIC, ROMAN = re.compile(r"[\u0400-\u04ff]"), re.compile(r"[a-z]")
_own = local()


def words(text: str) -> list[str]:
    """The words and numbers of a text, in small letters."""
    return WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def folded(word: str) -> str:
    """The same word in plain Latin: without marks, without doubled letters."""
    latin = "".join(LATIN.get(letter, letter) for letter in word)
    plain = "".join(one for one in unicodedata.normalize("NFKD", latin) if not unicodedata.combining(one))
    return REPEATED.sub(r"\1", plain)[:LONGEST_STEM]


@lru_cache(maxsize=20_000)
def stems(word: str) -> frozenset[str]:
    """Under what a word is found: what remains of it in each language it may be of."""
    return frozenset(filter(None, (folded(one) for spelt in _spellings(word) for one in _without_endings(spelt))))


@lru_cache(maxsize=2_000)
def beginnings(word: str) -> frozenset[str]:
    """With what the word may go on, where it was typed only in part; none for numbers and for what is too short."""
    if len(word) < SHORTEST_STEM or any(letter.isdigit() for letter in word):
        return frozenset()
    return frozenset(filter(None, map(folded, _spellings(word))))


def stems_of(text: str) -> frozenset[str]:
    """Under what a whole text is found."""
    return frozenset(one for word in words(text) for one in stems(word))


def _spellings(word: str) -> tuple[str, ...]:
    """A word of two alphabets as it stands, and with the letters that only look Latin in Cyrillic."""
    return (word, word.translate(TWINS)) if CYRILLIC.search(word) and ROMAN.search(word) else (word,)


def _without_endings(word: str) -> Iterator[str]:
    if not CYRILLIC.search(word):
        yield word
        if word.isascii() and word.isalpha():
            yield _snowball("english").stemWord(word)
        return
    yield _kazakh(word)
    if not KAZAKH_LETTERS & set(word):
        yield _snowball("russian").stemWord(word)


def _kazakh(word: str) -> str:
    """Ending after ending until none is left: a part of the root that looks like one is taken off all forms alike."""
    while True:
        before = word
        for endings in KAZAKH_ENDINGS:
            ending = next((one for one in endings if word.endswith(one)), "")
            if ending and len(word) - len(ending) >= SHORTEST_STEM:
                word = word[: -len(ending)]
        if word == before:
            return word


def _snowball(language: str) -> Any:
    """A stemmer keeps its word in itself, so each thread has its own."""
    found = getattr(_own, language, None)
    if found is None:
        found = stemmer(language)
        setattr(_own, language, found)
    return found
