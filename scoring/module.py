"""What scoring hands to the platform."""

from flask_babel import lazy_gettext as _l

from app.modules import Demo, MenuEntry, MessageKind, Module, Outcomes, Panel
from scoring.demo import juries
from scoring.demo.scale import scale
from scoring.invariants import INVARIANTS, SEALS
from scoring.labels import ACTS, LABELS
from scoring.policy import DANGEROUS, GRANTS
from scoring.queries import access, impartial, jury
from scoring.reactions import REACTIONS
from scoring.states import JUROR, REVIEW
from scoring.views import juror, juror_chair, juror_invitation, juror_sheet, organiser, organiser_ranking, outcomes, panels

module = Module(
    name="scoring",
    blueprints=(
        juror_invitation.blueprint,
        juror_sheet.blueprint,
        juror_chair.blueprint,
        juror.blueprint,
        organiser.blueprint,
        organiser_ranking.blueprint,
    ),
    policies=(*access.POLICIES, *impartial.POLICIES),
    machines=(JUROR, REVIEW),
    labels=LABELS,
    acts=ACTS,
    dangerous=DANGEROUS,
    grants=GRANTS,
    reactions=REACTIONS,
    invariants=INVARIANTS,
    seals=SEALS,
    todos=(panels.todos,),
    panels=(
        Panel("competition.desk", panels.desk, position=40),
        Panel("application.overview", panels.feedback, position=20),
    ),
    outcomes=(Outcomes("application", outcomes.outcomes),),
    menu=(MenuEntry(_l("Scoring"), "scoring_juror.seats", jury.has_seat, 20, icon="scale"),),
    message_kinds=(
        MessageKind(
            "scoring.jury_invite", _l("Invitation to the jury of %(competition)s"), "scoring/email/jury_invite", is_secret=True
        ),
        MessageKind("scoring.seat_answered", _l("%(juror)s answered the invitation"), "scoring/email/seat_answered"),
        MessageKind("scoring.seat_removed", _l("Your work on the jury has ended"), "scoring/email/seat_removed"),
        MessageKind("scoring.sheets_assigned", _l("Applications wait for your scores"), "scoring/email/sheets_assigned"),
        MessageKind("scoring.sheet_reopened", _l("The chair gave a sheet back to you"), "scoring/email/sheet_reopened"),
        MessageKind("scoring.sheets_voided", _l("Sheets on %(code)s no longer count"), "scoring/email/sheets_voided"),
        MessageKind("scoring.finalist", _l("You are in the final: %(competition)s"), "scoring/email/finalist"),
    ),
    demo=Demo(load=juries.load, finish_scoring=juries.finish_scoring, scale=scale),
)
