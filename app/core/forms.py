"""The base of every form and the field types of this product: money, texts in three languages, instants in a zone.

Values people type are cleaned here once, and what has one line is brought onto it.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, Self, TypeVar
from zoneinfo import ZoneInfo

from flask import current_app, g
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.i18n import translations
from wtforms import DateTimeLocalField, Field, FieldList, FormField, HiddenField, StringField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Optional, StopValidation
from wtforms.widgets import TextInput

from app.core.columns import Translation
from app.core.money import parse_money
from app.core.refusals import Refusal, RefusedError
from app.core.texts import clean_line, clean_text, read_json

T = TypeVar("T")
CHOOSE = _l("Please choose one of the answers.")
# What WTForms says by itself, in words that tell what to do.
PLAIN_WORDS = {
    "Not a valid choice.": CHOOSE,
    "Invalid Choice: could not coerce.": CHOOSE,
    "Invalid choice(s): one or more data inputs could not be coerced.": CHOOSE,
    "'%(value)s' is not a valid choice for this field.": CHOOSE,
    "Not a valid date value.": _l("Please write a real date as day.month.year, such as 14.08.2001."),
    "Not a valid integer value.": _l("Please write a whole number, such as 12."),
}
CHANGED_MEANWHILE = _l(
    "This was changed somewhere else while your page was open. What you wrote stands in the field: save once more to keep it."
)
LANGUAGE_LABELS = {"kk": _l("in Kazakh"), "ru": _l("in Russian"), "en": _l("in English")}


@dataclass(frozen=True, slots=True)
class Attempt(Generic[T]):
    """What came of acting by a form: what was made, or the refusals and the status of the page that shows them."""

    is_done: bool
    status: int
    made: T | None = None
    refusals: tuple[Refusal, ...] = ()


class PlainWords:
    """The sentences of WTForms: ours where we have one, else its own translation."""

    def gettext(self, sentence: str) -> str:
        """One sentence."""
        return str(PLAIN_WORDS.get(sentence) or translations.gettext(sentence))

    def ngettext(self, one: str, many: str, count: int) -> str:
        """One that counts."""
        return str(PLAIN_WORDS.get(one) or translations.ngettext(one, many, count))


class Form(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """Every form: CSRF, translated messages, cleaned texts."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        """Clean every text field that has no filter of its own; speak plainly."""

        def get_translations(self, _form: Any) -> PlainWords:
            """The words of what WTForms finds wrong by itself."""
            return PlainWords()

        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Any:
            """Add the cleaning filter."""
            if issubclass(unbound_field.field_class, StringField):
                clean = clean_text if issubclass(unbound_field.field_class, TextAreaField) else clean_line
                options["filters"] = (*options.get("filters", ()), clean)
            return super().bind_field(form, unbound_field, options)

    status_of_faults = 422

    def attempt(self, act: Callable[[], T]) -> Attempt[T]:
        """Do `act` once the form is sent and filled in well."""
        if not self.validate_on_submit():
            return Attempt(is_done=False, status=self.status_of_faults if self.is_submitted() else 200)
        try:
            return Attempt(is_done=True, status=200, made=act())
        except RefusedError as refused:
            return Attempt(is_done=False, status=409, refusals=refused.refusals)


class Part(Form):
    """A form inside a form: without a CSRF token of its own, and translated (a plain WTForms form would speak English)."""

    class Meta(Form.Meta):
        """The outer form carries the token."""

        csrf = False


class required(InputRequired):  # noqa: N801 - reads as a word in a list of validators
    """Must be filled in; says so in the reader's language. Blanks are nothing."""

    def __init__(self) -> None:
        super().__init__(message=_l("Please fill this in."))

    def __call__(self, form: Any, field: Field) -> None:
        """Refuse what is empty, also after its blanks are taken off."""
        is_empty = field.data is None or field.data == ""
        if is_empty and not field.process_errors:
            field.errors = []
            raise StopValidation(str(self.message))
        super().__call__(form, field)


class between:  # noqa: N801 - reads as a word in a list of validators
    """A whole number from `low` to `high`; one sentence says so, whatever else was typed."""

    def __init__(self, low: int, high: int) -> None:
        self.low, self.high = low, high

    def __call__(self, _form: Any, field: Field) -> None:
        """Refuse words, fractions and what is outside."""
        if field.data is None or not self.low <= field.data <= self.high:
            field.errors = []
            raise StopValidation(_("Write a whole number from %(min)s to %(max)s.", min=self.low, max=self.high))


optional = Optional


class at_most:  # noqa: N801 - reads as a word in a list of validators
    """At most so many characters, counted in code points as the counter on the page counts them."""

    def __init__(self, limit: int) -> None:
        self.limit = limit

    def __call__(self, _form: Any, field: Field) -> None:
        """Refuse a longer text, saying by how much."""
        over = len(field.data or "") - self.limit
        if over > 0:
            raise ValidationError(_("The text is longer than allowed. Characters too many: %(count)s.", count=over))


class MoneyField(Field):
    """Whole tenge, typed as people write sums; what cannot be read is kept as it was typed."""

    widget = TextInput()
    data: int | None

    def __init__(self, *args: Any, at_least: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.at_least = at_least
        self.typed: str | None = None

    def _value(self) -> str:
        if self.typed is not None:
            return self.typed
        return "" if self.data is None else f"{self.data:,}".replace(",", "\u00a0")

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read what was typed."""
        self.typed = clean_text(str(valuelist[0])) if valuelist else ""
        self.data = None
        if not self.typed:
            return
        self.data = parse_money(self.typed)
        if self.data is None:
            raise ValueError(_("Write a whole sum in tenge, such as 250 000."))
        if self.data < self.at_least:
            raise ValueError(_("The sum must be at least %(sum)s\u00a0₸.", sum=f"{self.at_least:,}".replace(",", "\u00a0")))


# No instant of ours lies outside, and a zone moves none of these out of what a calendar holds.
YEARS = range(1900, 2200)


class LocalDateTimeField(DateTimeLocalField):
    """An instant typed in the page's zone and kept in UTC."""

    def __init__(self, label: Any = None, validators: Any = None, **kwargs: Any) -> None:
        super().__init__(label, validators, format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"], **kwargs)

    @property
    def zone(self) -> ZoneInfo:
        """The zone of the page."""
        return ZoneInfo(str(g.get("timezone") or current_app.config["SETTINGS"].timezone))

    def _value(self) -> str:
        if self.raw_data:
            return " ".join(self.raw_data)
        return self.data.astimezone(self.zone).strftime("%Y-%m-%dT%H:%M") if self.data else ""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read local time; say clearly when it is none."""
        if not valuelist or not str(valuelist[0]).strip():
            self.data = None
            return
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            self.data = None
            raise ValueError(_("Write the date and the time, such as 14.08.2026 18:00.")) from error
        local: datetime | None = self.data
        if local is not None and local.year not in YEARS:
            self.data = None
            raise ValueError(_("Write the date and the time, such as 14.08.2026 18:00."))
        self.data = local.replace(tzinfo=self.zone) if local else None


def translated(
    label: Any, *, limit: int, required_in: Sequence[str] = (), lines: int = 1, languages: Iterable[str] = ("kk", "ru", "en")
) -> "TranslatedField":
    """A field with one input a language; `.data` is a `Translation`. Required only in `required_in`."""
    kind = TextAreaField if lines > 1 else StringField
    inputs = {
        code: kind(
            LANGUAGE_LABELS[code],
            [required() if code in required_in else optional(), at_most(limit)],
            render_kw={"lang": code, "rows": lines} if lines > 1 else {"lang": code},
        )
        for code in languages
    }
    part: Any = type("TranslatedPart", (Part,), inputs)
    return TranslatedField(part, label)


class TranslatedField(FormField):  # type: ignore[type-arg]  # generic in the stubs only
    """One text in several languages."""

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        """Accept a `Translation` as the value to show."""
        super().process(formdata, dict(data) if isinstance(data, Mapping) else None, extra_filters)

    @property
    def data(self) -> Translation:
        """What was written, without empty languages."""
        return Translation({code: text for code, text in self.form.data.items() if text and code != "csrf_token"})


# --- Forms over what others change too ----------------------------------------------------------------------------------


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M")
    if isinstance(value, list | tuple | set | frozenset):
        return " ".join(sorted(map(str, value)))
    return "" if value is None else str(value)


def _digest(name: str, plain: str) -> str:
    return hashlib.sha256(f"{name}={plain}".encode()).hexdigest()[:16]


def _leaves(fields: Iterable[Any]) -> Iterator[Any]:
    """The inputs of a form: also those of its parts and lists."""
    for one in fields:
        if isinstance(one, FormField):
            yield from _leaves(one.form)
        elif isinstance(one, FieldList):
            yield from _leaves(one.entries)
        elif not isinstance(one, HiddenField):
            yield one


@dataclass(frozen=True, slots=True)
class Stored:
    """What the database has for one input."""

    data: Any
    sent: tuple[str, ...]  # as the input would send it

    @classmethod
    def of(cls, field: Any) -> Self:
        """The value of an input that nobody has written into."""
        if isinstance(field.data, list | tuple | set | frozenset):
            return cls(field.data, tuple(map(str, field.data)))
        return cls(field.data, (str(getattr(field, "_value", lambda: _plain(field.data))()),))

    @property
    def plain(self) -> str:
        """What is compared."""
        return _plain(self.data)

    def put_into(self, field: Any) -> None:
        """Let the input hold this, as if it had been typed."""
        field.data, field.raw_data, field.process_errors = self.data, list(self.sent), []
        if isinstance(field, MoneyField):
            field.typed = None

    def said(self, field: Any) -> str:
        """What a person reads; choices by their names."""
        names = {str(one[0]): str(one[1]) for one in field.iter_choices()} if hasattr(field, "iter_choices") else {}
        return ", ".join(names.get(one, one) for one in self.sent)


NOTHING = Stored(None, ("",))


class EditForm(Form):
    """A form over what others change too: the page carries a digest of each value it showed.

    What another changed meanwhile and this page did not stays as the other wrote it. What both changed is not written: the
    page shows both, and is taken when it is sent once more. A sending without digests, from no page of ours, is taken whole.
    """

    shown = HiddenField(name="version-shown")

    def process(
        self, formdata: Any = None, obj: Any = None, data: Any = None, extra_filters: Any = None, **kwargs: Any
    ) -> None:
        """Read what is stored, then what was typed, and join them."""
        self.conflicts: list[Any] = []
        super().process(None, obj, data=data, extra_filters=extra_filters, **kwargs)
        stored = {one.name: Stored.of(one) for one in _leaves(self)}
        lists = {one.name: [entry.data for entry in one.entries] for one in self if isinstance(one, FieldList)}
        typed = self.meta.wrap_formdata(self, formdata)
        if typed:
            super().process(typed, obj, data=data, extra_filters=extra_filters, **kwargs)
            self._join(stored, lists, _digests(self.shown.data))
        self.shown.data = json.dumps({name: _digest(name, one.plain) for name, one in stored.items()}, separators=(",", ":"))

    def _join(self, stored: Mapping[str, Stored], lists: Mapping[str, list[Any]], shown: Mapping[str, str]) -> None:
        if not shown:
            return
        for one in self:
            if isinstance(one, FieldList):
                _make_room(one, lists[one.name], stored, shown)
        for field in _leaves(self):
            now, was, typed = stored.get(field.name, NOTHING), shown.get(field.name), _typed(field)
            if was is None or was == _digest(field.name, now.plain):
                continue
            if was == _digest(field.name, typed):
                now.put_into(field)
            elif typed != now.plain:
                field.flags.theirs = now
                self.conflicts.append(field)
        self.status_of_faults = 409 if self.conflicts else 422

    def validate(self, extra_validators: Any = None) -> bool:
        """Refuse to write over what nobody has read."""
        is_valid: bool = super().validate(extra_validators)
        for field in self.conflicts:
            field.errors = [*field.errors, str(CHANGED_MEANWHILE)]
        return is_valid and not self.conflicts


def _typed(field: Any) -> str:
    """What an input holds; what cannot be read is told apart from what is empty."""
    return "".join(map(str, field.raw_data or ())) if field.process_errors else _plain(field.data)


def _digests(sent: str | None) -> dict[str, str]:
    """What the page says it showed; nonsense is nothing."""
    try:
        found = read_json(sent or "{}")
    except ValueError:
        return {}
    return {str(name): str(one) for name, one in found.items()} if isinstance(found, dict) else {}


def _make_room(one: "FieldList[Any]", now: Sequence[Any], stored: Mapping[str, Stored], shown: Mapping[str, str]) -> None:
    """Two may add to a list at once: what another added keeps its place, and what is added here comes after it."""
    added = []
    for entry in one.entries:
        inputs = list(_leaves([entry]))
        was_empty = all(shown.get(field.name) == _digest(field.name, "") for field in inputs)
        is_taken = any(stored.get(field.name, NOTHING).plain for field in inputs)
        if was_empty and is_taken and any(map(_typed, inputs)):
            added.append(entry.data)
            for field in inputs:
                stored[field.name].put_into(field)
    for data in [*now[len(one.entries) :], *added]:
        one.append_entry(data)
