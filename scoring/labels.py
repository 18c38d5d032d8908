"""The words of rounds, seats, sheets, conflicts and their refusals; how points are written."""

from fractions import Fraction
from typing import Any

from flask_babel import lazy_gettext as _l

from app.modules import Label
from app.request import language
from scoring.policy import Obstacle
from scoring.ranking.official import printed
from scoring.rules import ScoringRefusal
from scoring.states import ConflictKind, JurorState, Method, Need, ReviewState, StageMode

CONFLICT_KINDS: dict[Any, Label] = {
    ConflictKind.PERSONAL: Label(_l("personal acquaintance")),
    ConflictKind.FAMILY: Label(_l("family tie")),
    ConflictKind.INSTITUTIONAL: Label(_l("the same institution")),
    ConflictKind.MENTOR: Label(_l("mentor of the project")),
    ConflictKind.OTHER: Label(_l("another reason")),
}

# The same as a juror says it of herself.
TIES_OF_MINE: dict[ConflictKind, Any] = {
    ConflictKind.PERSONAL: _l("I know the person"),
    ConflictKind.FAMILY: _l("A relative of mine"),
    ConflictKind.INSTITUTIONAL: _l("We are from the same institution"),
    ConflictKind.MENTOR: _l("I was a mentor of the project"),
    ConflictKind.OTHER: _l("Another reason"),
}

LABELS: tuple[dict[Any, Label], ...] = (
    {
        JurorState.INVITED: Label(_l("invited"), "info"),
        JurorState.ACCEPTED: Label(_l("accepted"), "success"),
        JurorState.DECLINED: Label(_l("declined"), "warning"),
        JurorState.REMOVED: Label(_l("removed"), "neutral"),
    },
    CONFLICT_KINDS,
    {
        Need.JURORS: Label(_l("Invite the jury")),
        Need.ASSIGNMENT: Label(_l("Say who reviews what")),
        Need.SHEETS: Label(_l("See how far the jury is")),
        Need.STAGE: Label(_l("Open the next stage")),
        Need.FREEZING: Label(_l("Freeze the ranking")),
    },
    {
        ReviewState.ASSIGNED: Label(_l("not started"), "neutral"),
        ReviewState.DRAFT: Label(_l("in progress"), "warning"),
        ReviewState.SIGNED: Label(_l("signed"), "success"),
        ReviewState.RECUSED: Label(_l("recused"), "neutral"),
    },
    {
        StageMode.POINTS: Label(_l("points")),
        StageMode.PASS_FAIL: Label(_l("pass or fail")),
    },
    {
        Method.MEAN: Label(_l("mean of the signed sheets")),
        Method.MEDIAN: Label(_l("median of the signed sheets")),
        Method.TRIMMED: Label(_l("mean without the highest and the lowest sheet")),
    },
    {
        Obstacle.CONFLICT: Label(_l("You have a conflict of interest with this application, so it is closed to you.")),
        Obstacle.CONFLICTS_NOT_DECLARED: Label(_l("First say which applications you have a conflict of interest with.")),
        Obstacle.STAGE_NOT_OPEN: Label(_l("Scoring opens on %(instant)s.")),
        Obstacle.STAGE_CLOSED: Label(_l("Scoring closed on %(instant)s.")),
        Obstacle.SHEET_SIGNED: Label(_l("This sheet is signed. The chair of the jury can give it back to you.")),
        Obstacle.SHEET_RECUSED: Label(_l("You have recused yourself from this application.")),
        Obstacle.SHEET_NOT_SIGNED: Label(_l("This sheet is not signed, so there is nothing to give back.")),
        Obstacle.APPLICATION_LEFT: Label(_l("This application no longer takes part in the competition.")),
        Obstacle.ROUND_OVER: Label(_l("The work of this jury is over, so its sheets are closed.")),
        Obstacle.ROUND_DECIDED: Label(_l("The competition has been decided, so scoring can no longer change.")),
        Obstacle.ROUND_STILL_OPEN: Label(_l("Sheets by juror are shown when all of them are signed or scoring has closed.")),
        Obstacle.OWN_SHEETS_UNSIGNED: Label(_l("Sign your own sheets first; then you see what the whole jury gave.")),
        Obstacle.SITS_ON_JURY: Label(
            _l("You sit on this jury, so somebody else runs it. Give the seat or your role to somebody else.")
        ),
        Obstacle.TIED: Label(
            _l("You have a conflict of interest in this competition, so somebody else of the team does this.")
        ),
        Obstacle.NAMES_HIDDEN: Label(
            _l(
                "You sit on a jury that scores without names, so names stay closed to you until that scoring ends."
                " Give the seat or your role to somebody else."
            )
        ),
    },
    {
        ScoringRefusal.POINTS_MISSING: Label(_l("Give points for %(criterion)s.")),
        ScoringRefusal.COMMENT_MISSING: Label(_l("Say in a comment on %(criterion)s why you gave %(points)s.")),
        ScoringRefusal.OFF_THE_SCALE: Label(_l("Points for %(criterion)s go from %(low)s to %(high)s.")),
        ScoringRefusal.TEXT_TOO_LONG: Label(_l("The text is longer than %(limit)s characters. Shorten it by %(over)s.")),
        ScoringRefusal.UNKNOWN_FIELD: Label(_l("This sheet has no such field. Open the page again.")),
        ScoringRefusal.JUROR_INVITED_ALREADY: Label(
            _l("This person already has, or had, a seat on this jury. It is offered anew in the list of the jury.")
        ),
        ScoringRefusal.CHAIR_TAKEN: Label(_l("The jury already has a chair. Remove the present one first.")),
        ScoringRefusal.OTHER_ACCOUNT: Label(
            _l("This invitation is for another person's account. Sign out and open the link again.")
        ),
        ScoringRefusal.READS_NAMES: Label(
            _l(
                "By her work here this person can read names of applicants, or could since the call was announced,"
                " so the seat goes to somebody else while scoring is without names."
            )
        ),
        ScoringRefusal.SCORES_BLIND: Label(
            _l(
                "This person sits on a jury that scores without names. Give the role to somebody else,"
                " or wait until that scoring ends."
            )
        ),
        ScoringRefusal.HAS_APPLIED: Label(
            _l("This person has an application in this competition, so the seat goes to somebody else.")
        ),
        ScoringRefusal.DIFFERENCE_CHANGED: Label(
            _l("Something changed since this difference was computed. Look at the new one before you apply it.")
        ),
        ScoringRefusal.NO_JURORS: Label(_l("Nobody sits on the jury yet. Invite jurors, and assign when they have accepted.")),
        ScoringRefusal.NO_APPLICATIONS: Label(_l("No application is admitted yet, so there is nothing to assign.")),
        ScoringRefusal.ACCOUNT_NEEDS_SIGN_IN: Label(_l("You already have an account. Sign in and open the link again.")),
        ScoringRefusal.SHEETS_UNSIGNED: Label(
            _l("Sheets not signed yet: %(count)s. Wait until they are signed or the stage has closed.")
        ),
        ScoringRefusal.NO_NEXT_STAGE: Label(_l("There is no further stage to open.")),
        ScoringRefusal.NOBODY_REACHES_STAGE: Label(_l("No application has reached the pass mark of the stage before.")),
        ScoringRefusal.NOTHING_RANKED: Label(_l("No application has a place yet: sheets of a stage are missing.")),
        ScoringRefusal.REASON_MISSING: Label(_l("Write the reason.")),
        ScoringRefusal.VOIDING_NEEDS_REASON: Label(
            _l("The juror has signed a sheet on this application, and it would no longer count. Write the reason.")
        ),
        ScoringRefusal.NOTE_NAMES_APPLICANT: Label(
            _l("The note names the applicant. The jury scores without names, so write it without them.")
        ),
        ScoringRefusal.RANKING_UNCHANGED: Label(_l("Nothing has changed since the last frozen ranking.")),
        ScoringRefusal.CONFLICT_STANDS: Label(_l("This conflict of interest is already on record.")),
    },
)


def points_text(score: Fraction | None) -> str:
    """A score half-up to 0.01 with the page's decimal sign; a dash where there is none."""
    if score is None:
        return "–"
    text = printed(score)
    return text if language() == "en" else text.replace(".", ",")


# Acts as the record of acts names them, by `Noun.verb`.
ACTS: dict[str, Any] = {
    "Round.make": _l("a round was made"),
    "Round.assign": _l("applications were assigned to jurors"),
    "Round.move": _l("dates of a stage were moved"),
    "Round.export": _l("the scores were downloaded"),
    "Round.open_stage": _l("a stage was opened"),
    "RankingSnapshot.freeze": _l("the ranking was frozen"),
    "Juror.invite": _l("a juror was invited"),
    "Juror.invite_again": _l("a juror was invited again"),
    "Juror.accept": _l("a juror accepted"),
    "Juror.decline": _l("a juror declined"),
    "Juror.remove": _l("a juror was removed"),
    "Juror.declare_conflicts": _l("a juror declared her conflicts"),
    "ConflictOfInterest.declare": _l("a conflict of interest was declared"),
    "ConflictOfInterest.lift": _l("a conflict of interest was lifted"),
    "Review.start": _l("a score sheet was begun"),
    "Review.sign": _l("a score sheet was signed"),
    "Review.reopen": _l("a score sheet was reopened"),
    "Review.recuse": _l("a juror stepped back from an application"),
    "Review.download": _l("a file was downloaded by a juror"),
}
