"""The words of awards, their states and refusals."""

from typing import Any

from flask_babel import lazy_gettext as _l

from app.modules import Label
from awards.policy import Obstacle
from awards.rules import AwardRefusal
from awards.states import AwardKind, AwardState, Result

LABELS: tuple[dict[Any, Label], ...] = (
    {
        AwardKind.WINNER: Label(_l("winner"), "success"),
        AwardKind.RESERVE: Label(_l("reserve list"), "info"),
    },
    {Result.NOT_SELECTED: Label(_l("not selected"), "neutral")},
    {
        AwardState.PROPOSED: Label(_l("decided, not published"), "warning"),
        AwardState.PUBLISHED: Label(_l("published"), "success"),
        AwardState.REVOKED: Label(_l("revoked"), "danger"),
    },
    {
        AwardRefusal.NO_FROZEN_RANKING: Label(_l("Freeze the ranking first: only a frozen ranking can be decided on.")),
        AwardRefusal.STALE_RANKING: Label(_l("The ranking was frozen anew after you opened this page. Look at it again.")),
        AwardRefusal.UNTRUE_RANKING: Label(
            _l(
                "The frozen ranking is no longer true: since it was frozen, a sheet, an application or a rule of it has"
                " changed. Freeze a correction with a reason, then decide."
            )
        ),
        AwardRefusal.UNTRUE_DECISION: Label(
            _l(
                "The ranking behind this decision is no longer true: a sheet, an application or a rule of it has changed."
                " Take the decision back, freeze a correction with a reason, then decide again."
            )
        ),
        AwardRefusal.ALTERED_DECISION: Label(
            _l(
                "The awards are not those that were decided: somebody has changed them behind the site."
                " Tell the administrator, take the decision back, and decide again."
            )
        ),
        AwardRefusal.STALE_PREVIEW: Label(
            _l("What would become public has changed after you opened this page. Look at it again.")
        ),
        AwardRefusal.FUND_EXCEEDED: Label(_l("The awards add to %(total)s, more than the fund of %(fund)s.")),
        AwardRefusal.CAP_EXCEEDED: Label(_l("The award of %(code)s is more than the rules allow for one: %(cap)s.")),
        AwardRefusal.TOO_MANY_WINNERS: Label(_l("The rules allow so many winners: %(count)s.")),
        AwardRefusal.NOBODY_PASSED: Label(_l("No application reached the pass mark, so there is nobody to award.")),
        AwardRefusal.TIE_AT_THE_LINE: Label(
            _l("%(first)s and %(second)s are tied at the line, and the rules' tie ladder does not separate them.")
        ),
        AwardRefusal.TIE_OF_SUMS: Label(
            _l("%(first)s and %(second)s are tied for different prizes, and the rules' tie ladder does not separate them.")
        ),
    },
    {
        Obstacle.NOT_ANNOUNCED_YET: Label(_l("This competition has not been announced.")),
        Obstacle.NOT_DECIDED_YET: Label(_l("Decide first; then publish.")),
        Obstacle.ALREADY_DECIDED: Label(_l("The decision has been made. Take it back first if it must change.")),
        Obstacle.ALREADY_PUBLISHED: Label(_l("The results have been published and cannot be changed here.")),
    },
)

# Acts as the record of acts names them, by `Noun.verb`.
ACTS: dict[str, Any] = {
    "Award.propose": _l("an award was proposed"),
    "Award.enter_result": _l("a result of an earlier year was entered"),
    "Award.publish": _l("an award was published"),
    "Award.revoke": _l("an award was revoked"),
    "Competition.publish_results": _l("results were published"),
}
