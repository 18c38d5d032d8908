"""Forms of an organiser: a new competition, its texts, dates, numbers, rules and acts."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    DateField,
    Field,
    FieldList,
    FormField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]  # newer than its types
from wtforms.validators import Email, Regexp, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from app.core import clock
from app.core.columns import Translation
from app.core.forms import (
    LANGUAGE_LABELS,
    EditForm,
    Form,
    LocalDateTimeField,
    MoneyField,
    Part,
    at_most,
    between,
    optional,
    required,
    translated,
)
from app.jinja import tr_plain, zone
from app.programmes.models import Programme
from competitions.labels import word
from competitions.queries.starters import Starter
from competitions.rules.calendar import Calendar
from competitions.rules.regions import REGIONS
from competitions.rules.settings import RulesSettings
from competitions.services.competition import Act, CallTexts
from competitions.states import Milestone

LARGEST_NUMBER = 1000
LONGEST_TERM = 365


class NewCompetitionForm(Form):
    """What cannot be computed of a new competition."""

    starter = RadioField(_l("Kind of competition"), [required()])
    programme = SelectField(_l("Programme"), [required()])
    name = StringField(_l("Name of the competition"), [required(), at_most(120)])
    region = SelectField(_l("Region"), [required()])
    opens_on = DateField(_l("Applications open on"), [required()])

    def opening(self) -> date:
        """The day that was chosen; the form asks for it."""
        chosen: date | None = self.opens_on.data
        if chosen is None:
            raise LookupError
        return chosen

    def validate_opens_on(self, field: Field) -> None:
        """Nobody can apply on a day that has passed."""
        if field.data is not None and field.data < clock.now().astimezone(ZoneInfo(zone())).date():
            raise ValidationError(_("This day has passed. Choose today or a later day."))

    def offer(self, kinds: Mapping[str, Starter], programmes: Iterable[Programme]) -> None:
        """What there is to choose from."""
        self.starter.choices = [(key, f"{one.short_name}: {tr_plain(one.tagline)}") for key, one in kinds.items()]
        self.programme.choices = [(one.public_id, tr_plain(one.name)) for one in programmes]
        self.region.choices = [("", _("Choose a region")), *((code, tr_plain(name)) for code, name in REGIONS.items())]


class TextsForm(EditForm):
    """What the call says beside its rules."""

    name = translated(_l("Name of the competition"), limit=120, required_in=("kk",))
    tagline = translated(_l("Short invitation"), limit=200, lines=2)
    description = translated(_l("Description"), limit=8000, lines=14)
    slug = StringField(
        _l("Address of the page"),
        [
            required(),
            at_most(60),
            Regexp(
                r"^[a-z0-9]+(-[a-z0-9]+)*$", message=_l("Use small Latin letters, digits and hyphens, such as start-app-2026.")
            ),
        ],
    )
    languages = SelectMultipleField(
        _l("Languages in which everything must be ready"),
        [required()],
        choices=[SelectChoice(code, LANGUAGE_LABELS[code]) for code in ("kk", "ru", "en")],
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )
    helpline = StringField(
        _l("Phone for questions"),
        [
            optional(),
            at_most(20),
            Regexp(r"^\+?[\d() -]{4,}$", message=_l("Write a phone number in digits, such as +7 700 000 00 01.")),
        ],
    )
    contact_email = StringField(
        _l("E-mail for questions"), [optional(), at_most(254), Email(message=_l("This is not an e-mail address."))]
    )

    def texts(self, before: CallTexts) -> CallTexts:
        """The texts as the service takes them; questions and answers stay as they were."""
        return replace(
            before,
            slug=self.slug.data or "",
            name=Translation(self.name.data),
            tagline=Translation(self.tagline.data),
            description=Translation(self.description.data),
            languages=tuple(self.languages.data or ()),
            helpline=self.helpline.data or "",
            contact_email=self.contact_email.data or "",
        )


class PairPart(Part):
    """One question with its answer."""

    question = translated(_l("Question"), limit=300)
    answer = translated(_l("Answer"), limit=2000, lines=3)


class QuestionsForm(EditForm):
    """Questions and answers of the call; a pair left empty is dropped, and there is always room for one more."""

    pairs = FieldList(FormField(PairPart))

    def texts(self, before: CallTexts) -> CallTexts:
        """The texts with these questions and answers."""
        parts = ("question", "answer")
        pairs = [{part: Translation(one.form[part].data) for part in parts} for one in self.pairs.entries]
        return replace(before, questions_and_answers=tuple(pair for pair in pairs if any(pair.values())))


class ActForm(Form):
    """The act by which rules are approved."""

    act_number = StringField(_l("Number of the act"), [required(), at_most(40)])
    act_on = DateField(_l("Date of the act"), [required()])

    def act(self) -> Act:
        """The act as the services take it."""
        return Act(self.act_number.data or "", self.act_on.data)


class CancelForm(Form):
    """Why a competition is called off."""

    reason = TextAreaField(_l("Reason, which applicants will read"), [required(), at_most(1000)])


class ArticlePart(Part):
    """One article."""

    text = translated(_l("Article"), limit=3000, lines=4)


class SectionForm(EditForm):
    """One section of the rules: its title and its articles, side by side in three languages."""

    title = translated(_l("Title of the section"), limit=200, required_in=("kk", "ru"))
    articles = FieldList(FormField(ArticlePart))

    @classmethod
    def of(cls, section: Mapping[str, Any], number: int) -> "SectionForm":
        """The form of one section, with an empty article at its end; every article is called by its number."""
        form = cls(title=Translation(section["title"]), articles=[{"text": one} for one in [*section["articles"], {}]])
        for position, one in enumerate(form.articles.entries, start=1):
            one.form.text.label.text = _("Article %(number)s", number=f"{number}.{position}")
        return form

    def texts(self) -> list[Translation]:
        """The articles in order."""
        return [Translation(one.form.text.data) for one in self.articles.entries]


def dates_form(dates: Mapping[Milestone, datetime], *, with_act: bool) -> Form:
    """A form with one instant a milestone; an announced call also asks for the act that moves them."""
    fields: dict[str, Any] = {one.value: LocalDateTimeField(word(one), [required()]) for one in Milestone if one in dates}
    kind = type("DatesForm", (ActForm, EditForm) if with_act else (EditForm,), fields)
    made: Form = kind(data={one.value: instant for one, instant in dates.items()})
    return made


def calendar_in(form: Form) -> Calendar:
    """The calendar that was typed."""
    return Calendar({one: form[one.value].data for one in Milestone if one.value in form})


def _number(label: Any, low: int, high: int) -> IntegerField:
    return IntegerField(label, [required(), between(low, high)])


class NumbersForm(EditForm):
    """The numbers that every competition has."""

    fund = MoneyField(_l("Fund"), [required()])
    award_cap = MoneyField(_l("Largest award"), [required()])
    award_count = _number(_l("Number of awards"), 1, LARGEST_NUMBER)
    age_min = _number(_l("Youngest age on the closing day"), 14, 99)
    age_max = _number(_l("Oldest age on the closing day"), 14, 99)
    check_days = _number(_l("Checking, working days"), 1, LONGEST_TERM)
    return_days = _number(_l("Corrections, working days"), 1, LONGEST_TERM)
    appeal_days = _number(_l("Appeals, working days"), 1, LONGEST_TERM)
    juror_count = _number(_l("Number of jurors"), 1, 99)
    pitch_minutes = _number(_l("Minutes of a pitch"), 1, 120)
    pass_total = _number(_l("Points a winner needs"), 0, 100)

    def settings(self, before: RulesSettings) -> RulesSettings:
        """The settings with the numbers that were typed; texts stay as they were."""
        plain = {name: self[name].data for name in NumbersForm.plain_names()}
        return replace(
            before,
            **plain,
            quote_threshold=self._or("quote_threshold", before.quote_threshold),
            prizes=tuple(
                replace(one, count=self[f"prize_{one.place}_count"].data, amount=self[f"prize_{one.place}"].data)
                for one in before.prizes
            ),
            criteria=tuple(replace(one, weight=self[f"weight_{one.key}"].data) for one in before.criteria),
            stages=tuple(replace(one, pass_mark=self._or(f"pass_{one.key}", one.pass_mark)) for one in before.stages),
            budget_categories=tuple(
                replace(one, cap_percent=self._or(f"cap_{one.key}", one.cap_percent)) for one in before.budget_categories
            ),
        )

    @staticmethod
    def plain_names() -> tuple[str, ...]:
        """The fields that are called as the settings call them."""
        return (
            "fund", "award_cap", "award_count", "age_min", "age_max", "check_days", "return_days", "appeal_days",
            "juror_count", "pitch_minutes", "pass_total",
        )  # fmt: skip

    def _or(self, name: str, otherwise: Any) -> Any:
        return self[name].data if name in self else otherwise


def numbers_form(settings: RulesSettings, language: str) -> type[NumbersForm]:
    """The numbers of one competition: also its prizes, weights, pass marks and shares."""
    fields: dict[str, Any] = {}
    for prize in settings.prizes:
        fields[f"prize_{prize.place}"] = MoneyField(_l("Prize of place %(place)s", place=prize.place), [required()])
        fields[f"prize_{prize.place}_count"] = _number(_l("Number of prizes of place %(place)s", place=prize.place), 0, 99)
    for one in settings.criteria:
        label = _l("Weight of %(key)s: %(name)s", key=one.key, name=Translation(one.label).best(language)[0])
        fields[f"weight_{one.key}"] = _number(label, 0, 100)
    for stage in settings.stages:
        if stage.pass_mark is not None:
            fields[f"pass_{stage.key}"] = _number(_l("Pass mark of the blind stage"), 0, 100)
    for category in settings.budget_categories:
        if category.cap_percent is not None:
            label = _l("Largest share of the grant, percent: %(name)s", name=Translation(category.label).best(language)[0])
            fields[f"cap_{category.key}"] = _number(label, 1, 100)
    if settings.budget_categories:
        fields["quote_threshold"] = MoneyField(_l("Unit price from which a quote is asked"), [required()])
    return type("CompetitionNumbersForm", (NumbersForm,), fields)


def numbers_of(settings: RulesSettings) -> dict[str, Any]:
    """The present numbers by field."""
    values: dict[str, Any] = {name: getattr(settings, name) for name in (*NumbersForm.plain_names(), "quote_threshold")}
    for prize in settings.prizes:
        values |= {f"prize_{prize.place}": prize.amount, f"prize_{prize.place}_count": prize.count}
    values |= {f"weight_{one.key}": one.weight for one in settings.criteria}
    values |= {f"pass_{one.key}": one.pass_mark for one in settings.stages}
    return values | {f"cap_{one.key}": one.cap_percent for one in settings.budget_categories}


def by_prefix(form: Form, *prefixes: str) -> list[Field]:
    """The fields whose names begin so, in order."""
    return [field for field in form if field.short_name.startswith(prefixes)]
