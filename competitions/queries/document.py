"""The values that the texts of a call name, from settings and calendar, and the texts filled with them."""

from collections.abc import Iterator, Mapping
from zoneinfo import ZoneInfo

from flask_babel import force_locale

from app.core.columns import Translation
from app.jinja import long_date, shown
from app.programmes.models import Programme
from competitions.models import Competition, Form
from competitions.queries.application import calendar_of
from competitions.rules.calendar import Calendar
from competitions.rules.document import Day, Value, fill, rule_values
from competitions.rules.regions import ANYWHERE, LIVING_IN, REGIONS
from competitions.rules.settings import RulesSettings


def call_values(
    competition: Competition, programme: Programme, settings: RulesSettings, form: Form | None, calendar: Calendar | None = None
) -> dict[str, Value]:
    """Every value a text of this call may name, not yet written in a language. `programme` comes with its organisation."""
    asked = [question for question in form.questions if not question.is_private] if form else []
    return rule_values(settings, calendar or calendar_of(competition), question_count=len(asked)) | {
        "competition": competition.name,
        "operator": programme.organisation.name,
        "bin": programme.organisation.bin or "–",
        "region": REGIONS.get(settings.region, {}),
        "living_in": LIVING_IN.get(settings.region, ANYWHERE),
        "contact_phone": competition.helpline.replace(" ", "\u00a0") or "–",
        "contact_email": competition.contact_email or "–",
    }


class Written(Mapping[str, str]):
    """The values as a language writes them; what the competition has not is a dash.

    Each is written when it is asked for: there are forty, and a text names two or three.
    """

    def __init__(self, values: Mapping[str, Value], language: str, zone: ZoneInfo) -> None:
        self._values, self._language, self._zone = values, language, zone
        self._known: dict[str, str] = {}

    def __getitem__(self, name: str) -> str:
        if name not in self._known:
            value = self._values[name]
            with force_locale(self._language):
                self._known[name] = _written(value, self._language, self._zone)
        return self._known[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


def _written(value: Value, language: str, zone: ZoneInfo) -> str:
    if value is None:
        return "–"
    if isinstance(value, Day):
        return long_date(value.instant.astimezone(zone).date(), language)
    if isinstance(value, Mapping):
        return Translation(value).best(language)[0] or "–"
    return shown(value)


def filled(text: Mapping[str, str], values: Mapping[str, Value], zone: ZoneInfo) -> Translation:
    """A text of a call in all its languages, each with its values."""
    return Translation({language: fill(one, Written(values, language, zone)) for language, one in text.items()})
