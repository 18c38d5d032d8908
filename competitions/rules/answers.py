"""What an answer of each kind looks like: from what was typed to the stored value, and what is wrong with it. Pure.

Stored values (JSON) by kind of question. What cannot be understood is stored as it was typed; only submitting refuses it.
  short, long, district   text
  number, money           whole number
  date                    "2001-02-03"
  choice                  key of the option
  multiple_choice         keys of the options, in the order of the question
  yes_no                  true or false
  consent                 true, or nothing
  phone, email            text in its canonical form
  table                   list of {column: text or whole number}
  budget                  list of {category, item, unit, quantity, price, grant, own}; see `budget`
  file                    nothing: documents belong to the question
  person_name             {family, given, patronymic}
  iin                     twelve digits
  contact                 {phone, email, language}
  region_district         {region, district}
  institution             {institution, year}
  text_block              nothing: it is there to be read
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from app.core.money import parse_money
from app.core.refusals import Refusal
from app.people.rules import canonical_email, canonical_phone, check_iin
from competitions.rules.settings import LANGUAGES
from competitions.states import QuestionKind

SHORT_LENGTH = 300
# As much as the record of a person holds of each part of the name.
NAME_LENGTH = 100
CELL_LENGTH = 500
ROW_LIMIT = 60
STORED_LENGTH = 100_000
NUMBER_DIGITS = 12
# What a place finer than a district or a city is called, in Kazakh, Russian and English.
FINER_STEMS = (
    "ауыл", "көше", "шағынаудан", "пәтер", "улиц", "посёл", "посел", "микрорайон", "переул", "проспект", "квартир",
    "village", "street", "apartment",
)  # fmt: skip
FINER_WORDS = frozenset(
    {"үй", "үйі", "аул", "ауле", "дом", "ул", "кв", "мкр", "село", "селе", "села", "сельский", "house", "flat"}
)
OLDEST_BIRTH = date(1900, 1, 1)
# Kinds whose answer has named parts, each an input of its own: NAME-PART.
PARTS: Mapping[QuestionKind, tuple[str, ...]] = MappingProxyType(
    {
        QuestionKind.PERSON_NAME: ("family", "given", "patronymic"),
        QuestionKind.CONTACT: ("phone", "email", "language"),
        QuestionKind.REGION_DISTRICT: ("region", "district"),
        QuestionKind.INSTITUTION: ("institution", "year"),
    }
)
OPTIONAL_PARTS = frozenset({"patronymic", "email"})
# What is written in her own words; a district is typed too, and is a name.
PROSE_KINDS = frozenset({QuestionKind.SHORT, QuestionKind.LONG})
TEXT_KINDS = PROSE_KINDS | {QuestionKind.DISTRICT}
ROW_KINDS = frozenset({QuestionKind.TABLE, QuestionKind.BUDGET})
CHOICE_KINDS = frozenset({QuestionKind.CHOICE, QuestionKind.MULTIPLE_CHOICE})
# Kinds that come as lists: a page sends them as JSON text.
LIST_KINDS = ROW_KINDS | {QuestionKind.MULTIPLE_CHOICE}
UNANSWERED_KINDS = frozenset({QuestionKind.TEXT_BLOCK})
BUDGET_COLUMNS = ("category", "item", "unit", "quantity", "price", "grant", "own")
_NUMERIC = frozenset({"number", "money"})
_BIDIRECTIONAL = frozenset(map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A))))
_BLANKS = re.compile(r"[\s\u00a0\u202f]+")


class AnswerRefusal(StrEnum):
    """What may be wrong with one answer."""

    REQUIRED = "required"
    TOO_LONG = "too_long"
    FORBIDDEN_CHARACTERS = "forbidden_characters"
    NOT_A_NUMBER = "not_a_number"
    FINER_THAN_DISTRICT = "finer_than_district"
    NOT_A_SUM = "not_a_sum"
    NOT_A_DATE = "not_a_date"
    NOT_AN_OPTION = "not_an_option"
    NOT_A_PHONE = "not_a_phone"
    NOT_AN_EMAIL = "not_an_email"
    NOT_A_YEAR = "not_a_year"
    YEAR_TO_COME = "year_to_come"
    YEAR_BEFORE_BIRTH = "year_before_birth"
    ROW_INCOMPLETE = "row_incomplete"
    CELL_NOT_A_NUMBER = "cell_not_a_number"
    CELL_NOT_A_SUM = "cell_not_a_sum"
    CELL_TOO_LONG = "cell_too_long"
    CELL_FORBIDDEN_CHARACTERS = "cell_forbidden_characters"
    TOO_MANY_ROWS = "too_many_rows"
    DATE_IN_THE_FUTURE = "date_in_the_future"
    NOT_UNDERSTOOD = "not_understood"


@dataclass(frozen=True, slots=True)
class Asked:
    """One question, as the rules need it."""

    key: str
    kind: QuestionKind
    group: str = ""
    is_required: bool = True
    is_private: bool = False
    max_length: int | None = None
    options: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def limit(self) -> int | None:
        """The number of code points that fit, where the answer is text."""
        if self.kind not in TEXT_KINDS:
            return None
        return self.max_length or (None if self.kind is QuestionKind.LONG else SHORT_LENGTH)


def columns_of(asked: Asked) -> list[dict[str, Any]]:
    """The columns of a table question: each with `key`, `kind` and `label`."""
    if asked.kind is QuestionKind.BUDGET:
        numeric = {"quantity": "number", "price": "money", "grant": "money", "own": "money"}
        return [{"key": name, "kind": numeric.get(name, "text"), "label": {}} for name in BUDGET_COLUMNS]
    return [{"kind": "text", "label": {}, **column} for column in asked.options.get("columns", ())]


def option_keys(asked: Asked) -> list[str]:
    """The keys of the options of a choice, in order."""
    return [one["key"] for one in asked.options.get("choices", ())]


def tidy(text: str) -> str:
    """NFC with plain line ends; nothing else is changed, so that nothing typed is lost."""
    return unicodedata.normalize("NFC", text[:STORED_LENGTH]).replace("\r\n", "\n").replace("\r", "\n")


def storable(text: str) -> str:
    """`text` without what no database keeps: NUL and lone surrogates."""
    return tidy(text.encode("utf-8", "replace").decode()).replace("\x00", "")


def has_forbidden_characters(text: str) -> bool:
    """Control characters but line end and tab, and those that turn the direction of writing."""
    return any((unicodedata.category(c) == "Cc" and c not in "\n\t") or c in _BIDIRECTIONAL for c in text)


def parse(asked: Asked, typed: Any) -> Any:
    """The value to store for what was typed into the whole question; what is not understood stays as typed."""
    if asked.kind in ROW_KINDS:
        return _parse_rows(asked, typed)
    if asked.kind is QuestionKind.MULTIPLE_CHOICE:
        return _parse_choices(asked, typed)
    if asked.kind in PARTS:
        given = typed if isinstance(typed, Mapping) else {}
        value = {part: parse_part(part, str(given.get(part) or "")) for part in PARTS[asked.kind]}
        return value if any(text != "" for text in value.values()) else None
    if isinstance(typed, bool) or typed is None:
        return typed
    text = storable(str(typed))
    if asked.kind is QuestionKind.SHORT:
        text = " ".join(text.splitlines())
    if asked.kind in TEXT_KINDS:
        return text if text.strip() else None
    return _parse_simple(asked.kind, text.strip())


def parse_part(part: str, text: str) -> Any:
    """One part of a compound answer."""
    text = _BLANKS.sub(" ", storable(text)).strip()
    if part == "year":
        return whole_number(text) if whole_number(text) is not None else text
    return canonical_phone(text) or text if part == "phone" else text


def _parse_choices(asked: Asked, typed: Any) -> list[str] | None:
    """The keys in the order of the question, each once; unknown ones stay at the end, for the page to refuse."""
    given = [typed] if isinstance(typed, str) else typed if isinstance(typed, Sequence) else ()
    keys = [storable(one)[:CELL_LENGTH] for one in given[:ROW_LIMIT] if isinstance(one, str) and one]
    known = option_keys(asked)
    return list(dict.fromkeys([*(one for one in known if one in keys), *keys])) or None


def _parse_simple(kind: QuestionKind, text: str) -> Any:
    if text == "":
        return None
    if kind is QuestionKind.CONSENT:
        return True if text.lower() in {"y", "yes", "true", "on"} else None
    if kind in {QuestionKind.PHONE, QuestionKind.EMAIL}:
        return (canonical_phone(text) if kind is QuestionKind.PHONE else canonical_email(text)) or text
    if kind is QuestionKind.YES_NO:
        return {"yes": True, "true": True, "no": False, "false": False}.get(text.lower(), text)
    if kind is QuestionKind.IIN:
        return _BLANKS.sub("", text)
    if kind is QuestionKind.DATE:
        day = calendar_date(text)
        return day.isoformat() if day else text
    if kind in {QuestionKind.MONEY, QuestionKind.NUMBER}:
        number = parse_money(text)
        return number if number is not None else text
    return text


def _parse_rows(asked: Asked, typed: Any) -> list[dict[str, Any]] | None:
    columns = {column["key"]: column["kind"] for column in columns_of(asked)}
    rows = (
        [row for row in typed if isinstance(row, Mapping)] if isinstance(typed, Sequence) and not isinstance(typed, str) else []
    )
    parsed = [{name: _parse_cell(kind, row.get(name)) for name, kind in columns.items()} for row in rows[: ROW_LIMIT * 2]]
    kept = [row for row in parsed if any(cell not in {"", None} for cell in row.values())]
    return kept or None


def _parse_cell(kind: str, typed: Any) -> Any:
    if isinstance(typed, bool) or typed is None:
        return ""
    text = _BLANKS.sub(" ", storable(str(typed))).strip()
    if kind in _NUMERIC:
        number = parse_money(text) if kind == "money" else whole_number(text)
        return number if number is not None else text
    return text


def whole_number(text: str) -> int | None:
    """`1 000` as 1000; None where it is not a whole number."""
    digits = _BLANKS.sub("", text)
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= NUMBER_DIGITS else None


def calendar_date(text: str) -> date | None:
    """A date written `2001-02-03` or `03.02.2001`."""
    parts = re.split(r"[-./]", text.strip())
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() for part in parts):  # noqa: PLR2004
        return None
    year, month, day = parts if len(parts[0]) == 4 else parts[::-1]  # noqa: PLR2004
    try:
        return date(int(year), int(month), int(day)) if len(year) == 4 else None  # noqa: PLR2004
    except ValueError:
        return None


def carried(asked: Asked, was: Asked, value: Any) -> Any:
    """What an answer given in another form is worth in this one; None where it does not fit, or was promised to be private."""
    is_fit = asked.kind is was.kind and (asked.is_private or not was.is_private)
    again = parse(asked, value) if is_fit else None
    return None if is_empty(again) or (asked.kind in CHOICE_KINDS and faults(asked, again)) else again


def is_finer_than_district(text: str) -> bool:
    """Whether a place is told more exactly than the jury may know it: by a village, a street or a house."""
    words = re.findall(r"\w+", text.casefold())
    return any(character.isdigit() for character in text) or any(
        word in FINER_WORDS or word.startswith(FINER_STEMS) for word in words
    )


def is_empty(value: Any) -> bool:
    """Whether nothing is answered."""
    if value is None or value in ("", []):
        return True
    if isinstance(value, str):
        return not value.strip()
    if isinstance(value, Mapping):
        return all(is_empty(part) for part in value.values())
    return False


def faults(asked: Asked, value: Any, *, today: date | None = None) -> list[Refusal]:
    """What is wrong with an answer that is not empty; `field` names the input. `today` bounds dates of birth and years."""
    if is_empty(value):
        return []
    if asked.kind in ROW_KINDS:
        return _row_faults(asked, value)
    if asked.kind in PARTS:
        return _part_faults(asked, value, today)
    if asked.kind is QuestionKind.DISTRICT and is_finer_than_district(str(value)):
        return [Refusal(AnswerRefusal.FINER_THAN_DISTRICT, field=asked.key)]
    if asked.kind in TEXT_KINDS:
        return _text_faults(asked.key, value, asked.limit)
    if asked.kind is QuestionKind.IIN:
        fault_of_number = check_iin(str(value))
        return [Refusal(fault_of_number.code, field=asked.key)] if fault_of_number else []
    fault = _simple_fault(asked, value, today)
    return [Refusal(fault, field=asked.key)] if fault else []


def _text_faults(name: str, value: Any, limit: int | None) -> list[Refusal]:
    if not isinstance(value, str):
        return [Refusal(AnswerRefusal.NOT_UNDERSTOOD, field=name)]
    found = []
    if limit is not None and len(value) > limit:
        found.append(Refusal(AnswerRefusal.TOO_LONG, {"limit": limit, "over": len(value) - limit}, field=name))
    if has_forbidden_characters(value):
        found.append(Refusal(AnswerRefusal.FORBIDDEN_CHARACTERS, field=name))
    return found


def _simple_fault(asked: Asked, value: Any, today: date | None) -> AnswerRefusal | None:
    is_number = isinstance(value, int) and not isinstance(value, bool)
    if asked.kind in {QuestionKind.NUMBER, QuestionKind.MONEY}:
        word = AnswerRefusal.NOT_A_SUM if asked.kind is QuestionKind.MONEY else AnswerRefusal.NOT_A_NUMBER
        return None if is_number else word
    if asked.kind is QuestionKind.YES_NO:
        return None if isinstance(value, bool) else AnswerRefusal.NOT_AN_OPTION
    if asked.kind in CHOICE_KINDS:
        chosen = value if isinstance(value, list) else [value]
        return None if set(chosen) <= set(option_keys(asked)) else AnswerRefusal.NOT_AN_OPTION
    if asked.kind in {QuestionKind.PHONE, QuestionKind.EMAIL}:
        return _part_fault(asked.kind.value, value)
    if asked.kind is QuestionKind.CONSENT:
        return None if value is True else AnswerRefusal.NOT_AN_OPTION
    if asked.kind is QuestionKind.DATE:
        return _date_fault(asked, value, today)
    return None


def _date_fault(asked: Asked, value: Any, today: date | None) -> AnswerRefusal | None:
    day = calendar_date(str(value))
    if day is None or day < OLDEST_BIRTH:
        return AnswerRefusal.NOT_A_DATE
    return AnswerRefusal.DATE_IN_THE_FUTURE if asked.is_private and today is not None and day > today else None


def _part_faults(asked: Asked, value: Any, today: date | None) -> list[Refusal]:
    if not isinstance(value, Mapping):
        return [Refusal(AnswerRefusal.NOT_UNDERSTOOD, field=asked.key)]
    found: list[Refusal] = []
    for part in PARTS[asked.kind]:
        name, given = f"{asked.key}-{part}", value.get(part)
        if is_empty(given):
            if part not in OPTIONAL_PARTS:
                found.append(Refusal(AnswerRefusal.REQUIRED, field=name))
            continue
        fault = _part_fault(part, given)
        if fault is None and part == "year" and today is not None and int(str(given)) > today.year:
            fault = AnswerRefusal.YEAR_TO_COME
        limit = NAME_LENGTH if asked.kind is QuestionKind.PERSON_NAME else SHORT_LENGTH
        found += [Refusal(fault, field=name)] if fault else _text_faults(name, str(given), limit)
    return found


def _part_fault(part: str, given: Any) -> AnswerRefusal | None:
    if part == "phone":
        return None if canonical_phone(str(given)) else AnswerRefusal.NOT_A_PHONE
    if part == "email":
        return None if canonical_email(str(given)) else AnswerRefusal.NOT_AN_EMAIL
    if part == "language":
        return None if given in LANGUAGES else AnswerRefusal.NOT_AN_OPTION
    if part == "year":
        return None if isinstance(given, int) and OLDEST_BIRTH.year <= given <= date.max.year else AnswerRefusal.NOT_A_YEAR
    return None


def _row_faults(asked: Asked, value: Any) -> list[Refusal]:
    if not isinstance(value, list) or not all(isinstance(row, Mapping) for row in value):
        return [Refusal(AnswerRefusal.NOT_UNDERSTOOD, field=asked.key)]
    if len(value) > ROW_LIMIT:
        return [Refusal(AnswerRefusal.TOO_MANY_ROWS, {"limit": ROW_LIMIT}, field=asked.key)]
    if asked.kind is QuestionKind.BUDGET:
        return []  # `budget.faults` knows the rows of a budget
    return [one for index, row in enumerate(value) for one in _cell_faults(asked, index, row)]


_OF_A_CELL: Mapping[StrEnum, AnswerRefusal] = MappingProxyType(
    {
        AnswerRefusal.TOO_LONG: AnswerRefusal.CELL_TOO_LONG,
        AnswerRefusal.FORBIDDEN_CHARACTERS: AnswerRefusal.CELL_FORBIDDEN_CHARACTERS,
    }
)


def _cell_faults(asked: Asked, index: int, row: Mapping[str, Any]) -> list[Refusal]:
    found: list[Refusal] = []
    for column in columns_of(asked):
        name, cell = f"{asked.key}-{index}-{column['key']}", row.get(column["key"])
        place = {"row": index + 1, "column": column["label"]}
        if is_empty(cell):
            if not column.get("is_optional", column["kind"] in _NUMERIC):
                found.append(Refusal(AnswerRefusal.ROW_INCOMPLETE, place, field=name))
        elif column["kind"] in _NUMERIC:
            word = AnswerRefusal.CELL_NOT_A_SUM if column["kind"] == "money" else AnswerRefusal.CELL_NOT_A_NUMBER
            found += [] if isinstance(cell, int) else [Refusal(word, place, field=name)]
        else:
            faults_of_text = _text_faults(name, str(cell), CELL_LENGTH)
            found += [Refusal(_OF_A_CELL[one.code], {**place, **one.params}, field=name) for one in faults_of_text]
    return found
