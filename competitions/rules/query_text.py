"""A query as it is typed: `status:returned region:33 sum:>800000 -seminar`. Pure.

Words stand side by side: each must be there. `-` before one says no, OR (или, немесе) between two says either of these two,
brackets group. What cannot be read is refused with the word at which it stopped.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from app.core.refusals import Refusal, RefusedError
from competitions.rules.query import (
    EVERYTHING,
    All,
    Between,
    Field,
    Flag,
    Node,
    Not,
    OneOf,
    Some,
    words_asked,
)
from competitions.rules.query_words import FIELD_OF, OR_WORDS, VALUES, FlagWords, values_meant

LONGEST_QUERY = 300
LONGEST_NAME = 60
MOST_VIEWS = 30
MOST_TERMS = 20
DEEPEST = 10
QUOTES = str.maketrans("«»“”„‟＂", '"' * 7)
SPACES = str.maketrans("\u00a0\u202f\t\n\r", "     ")
TOKEN = re.compile(r'(?P<no>[-\u2212\u2013](?=[^\s)]))|(?P<mark>[()])|(?P<chunk>(?:"[^"]*"|[^\s()"])+)')
NAMED = re.compile(r"(?P<name>[^\W\d_][^\W_]*(?:-[^\W_]+)?):(?P<value>.*)", re.DOTALL)
UNFINISHED = re.compile(r"[:<>=]$")
COMPARED = re.compile(r"(?P<sign>>=|=>|<=|=<|≥|≤|>|<|=)?(?P<value>.*)", re.DOTALL)
NUMBER = re.compile(r"(?P<digits>\d[\d ._]*)(?P<times>мың|тыс|k|к|млн|mln|m|м)?\.?(?:₸|тг|тенге|теңге)?")
TIMES = dict.fromkeys(("мың", "тыс", "k", "к"), 1_000) | dict.fromkeys(("млн", "mln", "m", "м"), 1_000_000)
LARGEST = 10**15
THREE_DIGITS = re.compile(r"\d{3}")
DASHES = frozenset("-\u2212\u2013\u2014")
DAY_FORMATS = ("%Y-%m-%d", "%d.%m.%Y")


class QueryRefusal(StrEnum):
    """Why a query cannot be read."""

    TOO_LONG = "query_too_long"
    TOO_MANY = "query_too_many"
    UNKNOWN_FIELD = "query_unknown_field"
    UNKNOWN_VALUE = "query_unknown_value"
    NO_NUMBER = "query_no_number"
    NO_DAY = "query_no_day"
    NO_WORD = "query_no_word"
    NOTHING_AFTER = "query_nothing_after"
    UNPAIRED = "query_unpaired"
    NOT_OPEN = "query_not_open"
    EMPTY = "query_empty"
    TOO_MANY_VIEWS = "query_too_many_views"


@dataclass(frozen=True, slots=True)
class Piece:
    """One part of a query with the place where it was typed."""

    node: Node
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Query:
    """A query as typed and as understood."""

    text: str = ""
    pieces: tuple[Piece, ...] = ()

    @property
    def node(self) -> Node:
        """All its parts together."""
        return All(tuple(one.node for one in self.pieces)) if self.pieces else EVERYTHING

    def without(self, piece: Piece) -> str:
        """The text without one of its parts."""
        return " ".join((self.text[: piece.start] + " " + self.text[piece.end :]).split())


WHOLE = Query()


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    start: int
    end: int


def read_query(text: str, flags: Sequence[FlagWords] = ()) -> Query:
    """The query that was typed; raises RefusedError that names the word and where it stands."""
    if len(text) > LONGEST_QUERY:
        raise RefusedError(Refusal(QueryRefusal.TOO_LONG, {"limit": LONGEST_QUERY}))
    tokens = _tokens(text.translate(QUOTES).translate(SPACES))
    if len(tokens) > MOST_TERMS * 2:
        raise RefusedError(Refusal(QueryRefusal.TOO_MANY, {"limit": MOST_TERMS}))
    marks = {word.casefold(): one.name for one in flags for words in one.words.values() for word in words}
    return Query(text, _Reader(tokens, marks).pieces())


def _tokens(text: str) -> list[_Token]:
    found, place = [], 0
    while place < len(text):
        if text[place] == " ":
            place += 1
            continue
        match = TOKEN.match(text, place)
        if match is None:
            raise _unread(QueryRefusal.UNPAIRED, _Token("chunk", text[place:], place, len(text)))
        place = match.end()
        found.append(_Token(match.lastgroup or "", match.group(), match.start(), match.end()))
    return [one for one in found if one.kind != "chunk" or not DASHES.issuperset(one.text)]


def _unread(code: QueryRefusal, token: _Token, **more: str) -> RefusedError:
    return RefusedError(Refusal(code, {"word": token.text, "start": token.start, "end": token.end, **more}))


class _Reader:
    """Goes through the words of a query once."""

    def __init__(self, tokens: Sequence[_Token], marks: dict[str, str]) -> None:
        self.tokens, self.marks, self.place = tokens, marks, 0

    def pieces(self) -> tuple[Piece, ...]:
        """The parts of the whole query."""
        found = self._side_by_side(0)
        if self.place < len(self.tokens):
            raise _unread(QueryRefusal.UNPAIRED, self.tokens[self.place])
        return tuple(found)

    def _side_by_side(self, depth: int) -> list[Piece]:
        found = []
        while not self._is_end():
            start = self.tokens[self.place].start
            node = self._either(depth)
            found.append(Piece(node, start, self.tokens[self.place - 1].end))
        return found

    def _either(self, depth: int) -> Node:
        """One part, or several with an OR between each two."""
        sides: list[Node] = []
        while not sides or self._is_or():
            if sides:
                self.place += 1
            if self._is_end() or self._is_or():
                raise _unread(QueryRefusal.NOTHING_AFTER, self.tokens[self.place - 1 if sides else self.place])
            sides.append(self._one(depth))
        return sides[0] if len(sides) == 1 else Some(tuple(sides))

    def _is_end(self) -> bool:
        return self.place == len(self.tokens) or self.tokens[self.place].text == ")"

    def _one(self, depth: int) -> Node:
        token = self.tokens[self.place]
        self.place += 1
        if depth > DEEPEST:
            raise _unread(QueryRefusal.UNPAIRED, token)
        if token.kind == "no":
            if self._is_end():
                raise _unread(QueryRefusal.NOTHING_AFTER, token)
            return Not(self._one(depth + 1))
        if token.text == "(":
            return self._bracket(token, depth + 1)
        return self._term(token)

    def _bracket(self, opened: _Token, depth: int) -> Node:
        inner = self._side_by_side(depth)
        if self.place == len(self.tokens) or not inner:
            raise _unread(QueryRefusal.UNPAIRED, opened)
        self.place += 1
        return inner[0].node if len(inner) == 1 else All(tuple(one.node for one in inner))

    def _is_or(self) -> bool:
        return self.place < len(self.tokens) and self.tokens[self.place].text.casefold() in OR_WORDS

    def _term(self, token: _Token) -> Node:
        named = NAMED.fullmatch(token.text)
        if named is None:
            mark = self.marks.get(token.text.casefold())
            return Flag(mark) if mark is not None else _text(token, token.text)
        field = FIELD_OF.get(named["name"].casefold())
        if field is None:
            raise _unread(QueryRefusal.UNKNOWN_FIELD, token, name=named["name"])
        whole = self._finished(token, field)
        value = whole.text[named.start("value") :].replace('"', "").strip()
        if not value:
            raise _unread(QueryRefusal.NOTHING_AFTER, token)
        return _field(field, value, whole)

    def _finished(self, token: _Token, field: Field) -> _Token:
        """A value that was typed with a blank before it, or with blanks between its thousands."""
        text, end = token.text, token.end
        while self.place < len(self.tokens):
            following = self.tokens[self.place]
            is_rest = field is Field.SUM and text[-1:].isdigit() and THREE_DIGITS.fullmatch(following.text)
            if following.kind != "chunk" or not (is_rest or UNFINISHED.search(text)):
                break
            text, end = text + following.text, following.end
            self.place += 1
        return _Token("chunk", text, token.start, end)


def _text(token: _Token, text: str, of: Field | None = None) -> Node:
    node = words_asked(text, of)
    if node == EVERYTHING:
        raise _unread(QueryRefusal.NO_WORD, token)
    return node


def _field(field: Field, value: str, token: _Token) -> Node:
    if field in VALUES:
        found = [(one, values_meant(field, one)) for one in value.split(",") if one.strip()]
        for typed, meant in found:
            if not meant:
                raise _unread(QueryRefusal.UNKNOWN_VALUE, token, value=typed.strip())
        return OneOf(field, frozenset().union(*(meant for _typed, meant in found)))
    if field in {Field.NAME, Field.CODE}:
        return _text(token, value, field)
    low, high = _range(field, value, token)
    return Between(field, low, high)


Bound = tuple[int | date | None, int | date | None]


def _range(field: Field, value: str, token: _Token) -> Bound:
    if ".." in value:
        low, high = (part.strip() for part in value.split("..", 1))
        return (_read(field, low, token) if low else None, _read(field, high, token) if high else None)
    compared = COMPARED.fullmatch(value)
    assert compared is not None  # noqa: S101 - it takes anything
    number = _read(field, compared["value"].strip(), token)
    match compared["sign"]:
        case ">":
            return _next(number, 1), None
        case "<":
            return None, _next(number, -1)
        case ">=" | "=>" | "≥":
            return number, None
        case "<=" | "=<" | "≤":
            return None, number
        case _:
            return number, number


def _next(value: int | date, step: int) -> int | date:
    return value + step if isinstance(value, int) else value + timedelta(days=step)


def _read(field: Field, text: str, token: _Token) -> int | date:
    return _day(text, token) if field is Field.SUBMITTED else _number(text, token)


def _number(text: str, token: _Token) -> int:
    found = NUMBER.fullmatch(text.casefold())
    number = int(re.sub(r"\D", "", found["digits"])) * TIMES.get(found["times"] or "", 1) if found is not None else LARGEST
    if number >= LARGEST:
        raise _unread(QueryRefusal.NO_NUMBER, token, value=text)
    return number


def _day(text: str, token: _Token) -> date:
    for form in DAY_FORMATS:
        try:
            found = datetime.strptime(text, form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
        if 1900 < found.year < 3000:  # noqa: PLR2004 - beyond them nobody submits
            return found
    raise _unread(QueryRefusal.NO_DAY, token, value=text)
