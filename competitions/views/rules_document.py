"""The rules of a competition as a document to read and print, in a chosen language."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from flask_babel import force_locale
from flask_babel import gettext as _

from app.core.columns import Translation
from app.programmes.models import Programme
from competitions.models import Competition, Rules
from competitions.queries.document import Written, call_values
from competitions.queries.form import form_of_rules
from competitions.rules.document import Section, compose
from competitions.rules.settings import RulesSettings, from_json
from competitions.states import CompetitionKind


@dataclass(frozen=True, slots=True)
class RulesDocument:
    """One version of the rules in one language, as it is read and printed."""

    language: str
    title: str
    rules: Rules
    settings: RulesSettings
    sections: tuple[Section, ...]


def rules_document(competition: Competition, programme: Programme, rules: Rules, language: str) -> RulesDocument:
    """One version of the rules in `language`."""
    settings, form = from_json(rules.settings), form_of_rules(competition, rules)
    values = Written(call_values(competition, programme, settings, form), language, ZoneInfo(programme.timezone))
    with force_locale(language):
        name = Translation(competition.name).best(language)[0]
        is_grant = competition.kind is CompetitionKind.GRANT
        title = (
            _("Rules of the small grants competition “%(name)s”", name=name)
            if is_grant
            else _("Rules of the project competition “%(name)s”", name=name)
        )
    return RulesDocument(language, title, rules, settings, compose(rules.sections, values, language))
