"""What competitions hand to the platform."""

from enum import StrEnum

from flask_babel import lazy_gettext as _l

from app.access.actor import Actor
from app.modules import Demo, Mark, MenuEntry, Module, Panel
from app.programmes.models import Programme
from app.programmes.queries import by_role
from app.programmes.states import Role
from competitions.demo import calls, scale
from competitions.invariants import INVARIANTS, SEALS
from competitions.labels import LABELS
from competitions.labels.acts import ACTS
from competitions.notices.application import KINDS as APPLICATION_KINDS
from competitions.notices.check import KINDS as CHECK_KINDS
from competitions.notices.competition import KINDS as COMPETITION_KINDS
from competitions.notices.team import KINDS as TEAM_KINDS
from competitions.policy import DANGEROUS, GRANTS, Permission
from competitions.queries.access import APPLICATION_POLICY, AUDIT_POLICY, COMPETITION_POLICY, IDENTITY_POLICY, LETTER_POLICY
from competitions.queries.search import SLOT, has_files, is_corrected
from competitions.reactions import REACTIONS
from competitions.services.check import TELL, send_decision
from competitions.services.search import INDEX, index_all
from competitions.states import APPLICATION, COMPETITION, RULES
from competitions.views import applicant, applicant_appeal, checker_appeal, checker_thread, feed, form_question, masking, public
from competitions.views.desk import competition_todos

CREATION: dict[StrEnum, frozenset[str]] = {Permission.COMPETITION_CREATE: frozenset(GRANTS[Permission.COMPETITION_CREATE])}


def _works_on_competitions(actor: Actor) -> bool:
    return bool(actor.programmes_with(*GRANTS[Permission.COMPETITION_READ] - {Role.FUNDER}))


module = Module(
    name="competitions",
    machines=(COMPETITION, RULES, APPLICATION),
    policies=(
        COMPETITION_POLICY,
        APPLICATION_POLICY,
        IDENTITY_POLICY,
        LETTER_POLICY,
        AUDIT_POLICY,
        by_role(Programme, CREATION, programme=Programme.id),
    ),
    grants=GRANTS,
    demo=Demo(load=calls.load, finish_scoring=calls.finish_scoring, scale=scale.scale),
    labels=LABELS,
    acts=ACTS,
    dangerous=DANGEROUS,
    blueprints=(feed.bp, applicant_appeal.bp, form_question.blueprint, checker_appeal.blueprint),
    message_kinds=(*APPLICATION_KINDS, *CHECK_KINDS, *COMPETITION_KINDS, *TEAM_KINDS),
    reactions=REACTIONS,
    jobs={TELL: send_decision, INDEX: index_all},
    marks=(
        Mark(
            SLOT,
            "corrected",
            {"kk": ("түзетілген",), "ru": ("исправлена", "исправлено"), "en": ("corrected",)},
            _l("submitted again after a correction"),
            is_corrected,
        ),
        Mark(SLOT, "files", {"kk": ("файлдар",), "ru": ("файлы",), "en": ("files",)}, _l("with files"), has_files),
    ),
    invariants=INVARIANTS,
    seals=SEALS,
    menu=(
        MenuEntry(_l("Competitions"), "competitions_organiser.competitions", _works_on_competitions, 10, "flag"),
        MenuEntry(
            _l("My applications"),
            "competitions_applicant.my_applications",
            lambda actor: actor.is_signed_in and not actor.roles,
            10,
        ),
    ),
    todos=(applicant.applicant_todos, checker_appeal.appeal_todos, checker_thread.thread_todos, competition_todos),
    panels=(
        Panel("front.competitions", public.front_panel),
        Panel("person.identity", masking.identity_panel),
        Panel("consents.scope", applicant.consents_panel),
    ),
)
