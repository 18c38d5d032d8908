"""The words of queries in Kazakh, Russian and English: what one types for a field, a state, a language, a region. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from competitions.rules.query import Field
from competitions.rules.regions import REGIONS
from competitions.states import ApplicationState

Spoken = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class FlagWords:
    """A mark on applications: its name, how one types it in each language, and what it says."""

    name: str
    words: Spoken


# The first word of each language is the one that is shown.
FIELDS: Mapping[Field, Spoken] = {
    Field.STATUS: {"kk": ("күйі", "күй"), "ru": ("статус", "состояние"), "en": ("status", "state")},
    Field.LANGUAGE: {"kk": ("тілі", "тіл"), "ru": ("язык",), "en": ("language", "lang")},
    Field.REGION: {"kk": ("өңір", "облыс", "облысы"), "ru": ("регион", "область"), "en": ("region",)},
    Field.AGE: {"kk": ("жасы", "жас"), "ru": ("возраст",), "en": ("age",)},
    Field.SUM: {"kk": ("сома", "сомасы"), "ru": ("сумма",), "en": ("sum", "amount")},
    Field.SUBMITTED: {"kk": ("тапсырылды", "күні"), "ru": ("подана", "дата"), "en": ("submitted", "date")},
    Field.NAME: {"kk": ("аты", "аты-жөні"), "ru": ("имя", "фио"), "en": ("name",)},
    Field.CODE: {"kk": ("коды",), "ru": ("код",), "en": ("code",)},
}
OR: Spoken = {"kk": ("немесе",), "ru": ("или",), "en": ("or",)}
STATES: Mapping[ApplicationState, Spoken] = {
    ApplicationState.DRAFT: {"kk": ("қаралама",), "ru": ("черновик",), "en": ("draft",)},
    ApplicationState.SUBMITTED: {
        "kk": ("тапсырылды", "тапсырылған"),
        "ru": ("подана", "подано", "поданные"),
        "en": ("submitted",),
    },
    ApplicationState.RETURNED: {
        "kk": ("қайтарылды", "пысықтауға қайтарылды", "қайтарылған"),
        "ru": ("возвращена", "на доработке", "возвращено"),
        "en": ("returned", "returned for revision"),
    },
    ApplicationState.ADMITTED: {
        "kk": ("қабылданды", "байқауға қабылданды", "қабылданған"),
        "ru": ("допущена", "допущена к конкурсу", "допущено"),
        "en": ("admitted", "admitted to the competition"),
    },
    ApplicationState.NOT_ADMITTED: {
        "kk": ("қабылданбады", "байқауға қабылданбады"),
        "ru": ("недопущена", "не допущена", "не допущено"),
        "en": ("not_admitted", "not admitted", "refused"),
    },
    ApplicationState.WITHDRAWN: {
        "kk": ("алынды", "кері қайтарып алынды", "алынған"),
        "ru": ("отозвана", "отозвано"),
        "en": ("withdrawn",),
    },
}
LANGUAGES: Mapping[str, Spoken] = {
    "kk": {"kk": ("қазақша", "қазақ"), "ru": ("казахский", "казахском"), "en": ("kazakh", "kk", "kz")},
    "ru": {"kk": ("орысша", "орыс"), "ru": ("русский", "русском"), "en": ("russian", "ru")},
    "en": {"kk": ("ағылшынша", "ағылшын"), "ru": ("английский", "английском"), "en": ("english", "en")},
}
# What every name of a region has, and nobody types.
OF_REGIONS = frozenset({"облысы", "қаласы", "область", "город", "region", "city"})
SHORTEST_VALUE = 3


def _plain(word: str) -> str:
    return " ".join(word.casefold().replace("_", " ").replace("-", " ").split())


def _all(spoken: Spoken) -> frozenset[str]:
    return frozenset(_plain(word) for words in spoken.values() for word in words)


FIELD_OF = {word.casefold(): one for one, spoken in FIELDS.items() for words in spoken.values() for word in words}
OR_WORDS = _all(OR) | {"|"}
STATE_OF = {word: one.value for one, spoken in STATES.items() for word in _all(spoken)}
LANGUAGE_OF = {word: one for one, spoken in LANGUAGES.items() for word in _all(spoken)}
REGION_OF = {
    " ".join(part for part in _plain(name).split() if part not in OF_REGIONS): code
    for code, names in sorted(REGIONS.items(), reverse=True)
    for name in names.values()
} | {word: code for code in REGIONS for word in (_plain(code), code.removeprefix("KZ-"))}  # fmt: skip
# Two regions of one name are both meant.
ALMATY = frozenset({"KZ-19", "KZ-75"})
VALUES = {Field.STATUS: STATE_OF, Field.LANGUAGE: LANGUAGE_OF, Field.REGION: REGION_OF}


def values_meant(field: Field, typed: str) -> frozenset[str]:
    """The values somebody means: the one of this name, else those whose names begin so."""
    known, word = VALUES[field], _plain(typed)
    if field is Field.REGION and not word.isdigit():
        word = " ".join(part for part in word.split() if part not in OF_REGIONS) or word
    if word in known:
        is_name = field is Field.REGION and not word[-1].isdigit()
        return ALMATY if is_name and known[word] in ALMATY else frozenset({known[word]})
    if len(word) < SHORTEST_VALUE:
        return frozenset()
    return frozenset(value for name, value in known.items() if name.startswith(word))


def shown_value(field: Field, value: str, language: str) -> str:
    """How a value is written in one language."""
    if field is Field.REGION:
        return REGIONS[value][language]
    spoken = STATES[ApplicationState(value)] if field is Field.STATUS else LANGUAGES[value]
    return spoken[language][0]
