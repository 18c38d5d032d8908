"""The organiser decides on a frozen ranking and publishes in one act."""

from collections.abc import Sequence

from flask import Blueprint, Response, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as BaseResponse

from app.access.door import can, fetch
from app.access.routes import dangerous, requires
from app.core.refusals import Refusal, RefusedError
from app.kept import named, names_of
from app.request import actor, arrived_at, done, page
from awards import queries, services
from awards.forms import DecideForm, PublishForm, ReconsiderForm
from awards.policy import Permission
from awards.queries import Decided
from awards.rules import Prospect, check_prospects
from competitions.models import Competition
from competitions.queries.application import calendar_of
from scoring.labels import points_text
from scoring.models import RankingSnapshot

blueprint = Blueprint("awards_organiser", __name__, url_prefix="/manage/competitions/<public_id>/awards")


@blueprint.get("")
@requires(Permission.AWARD_READ)
def awards(public_id: str) -> Response:
    """The decision as it stands, or as it would be."""
    return _awards(fetch(Competition, public_id, may=Permission.AWARD_READ))


@blueprint.post("/decide")
@requires(Permission.AWARD_DECIDE)
@dangerous(_l("Decide the winners"), "Competition.decide", "Award.propose")
@named(lambda **_values: names_of(DecideForm()))
def decide(public_id: str) -> BaseResponse:
    """Make the awards."""
    competition = fetch(Competition, public_id, may=Permission.AWARD_DECIDE)
    form = DecideForm()
    try:
        services.decide(competition, snapshot_sha256=form.snapshot.data or "", by=actor(), at=arrived_at())
    except RefusedError as refused:
        return _awards(competition, refused.refusals)
    return done(_("Decided. Nothing is public yet: look it over, then publish."), _here(competition))


@blueprint.route("/reconsider", methods=["GET", "POST"])
@requires(Permission.AWARD_PUBLISH)
@dangerous(_l("Take the decision back"), "Competition.reconsider", "Award.revoke")
@named(lambda **_values: names_of(ReconsiderForm()))
def reconsider(public_id: str) -> BaseResponse:
    """Take the decision back before it is public."""
    competition = fetch(Competition, public_id, may=Permission.AWARD_PUBLISH)
    form = ReconsiderForm()
    if form.validate_on_submit():
        services.reconsider(competition, reason=form.reason.data or "", by=actor(), at=arrived_at())
        return done(_("The decision is taken back."), _here(competition))
    status = 422 if form.errors else 200
    return page("awards/organiser/reconsider.html", status=status, competition=competition, form=form)


@blueprint.route("/publish", methods=["GET", "POST"])
@requires(Permission.AWARD_PUBLISH)
@dangerous(_l("Publish the results"), "Competition.publish", "Competition.publish_results", "Award.publish")
@named(lambda **_values: names_of(PublishForm()))
def publish(public_id: str) -> BaseResponse:
    """Look at what will be public and who will be told; then do it."""
    competition = fetch(Competition, public_id, may=Permission.AWARD_PUBLISH)
    form = PublishForm()
    refusals: tuple[Refusal, ...] = ()
    if form.is_submitted():
        try:
            services.publish(competition, preview_sha256=form.preview.data or "", by=actor(), at=arrived_at())
        except RefusedError as refused:
            refusals = refused.refusals
        else:
            return done(_("The results are published. Diplomas are being made, letters are on their way."), _here(competition))
    seen, snapshot = services.preview(competition), queries.last_snapshot(competition)
    return page(
        "awards/organiser/publish.html",
        status=409 if refusals else 200, competition=competition, preview=seen,
        refusals=refusals or services.decision_faults(competition, seen.decided),
        calendar=calendar_of(competition).dates, now=arrived_at(),
        points=queries.points_by_code(snapshot) if snapshot else {}, points_text=points_text,
    )  # fmt: skip


def _awards(competition: Competition, refusals: tuple[Refusal, ...] = ()) -> Response:
    snapshot = queries.last_snapshot(competition)
    prospects = services.prospects_for(competition, snapshot) if snapshot else []
    decided = queries.decided(competition)
    signer_count, missed_quorum = queries.quorum_of(competition, snapshot)
    found = refusals or tuple(_faults(competition, snapshot, prospects, decided))
    return page(
        "awards/organiser/awards.html",
        status=409 if refusals else 200,
        competition=competition,
        snapshot=snapshot,
        prospects=prospects,
        projects=queries.projects(competition),
        points=queries.points_by_code(snapshot) if snapshot else {},
        points_text=points_text,
        decided=decided,
        refusals=found,
        may_decide=can(Permission.AWARD_DECIDE, competition),
        may_publish=can(Permission.AWARD_PUBLISH, competition),
        signer_count=signer_count,
        missed_quorum=missed_quorum,
    )


def _faults(
    competition: Competition, snapshot: RankingSnapshot | None, prospects: Sequence[Prospect], decided: Sequence[Decided]
) -> list[Refusal]:
    """What stands between the page and its next act."""
    if competition.published_at is not None or snapshot is None:
        return []
    if decided:
        return services.decision_faults(competition, decided)
    return services.ranking_faults(snapshot) + check_prospects(prospects, queries.purse_of(competition))


def _here(competition: Competition) -> str:
    return url_for("awards_organiser.awards", public_id=competition.public_id)
