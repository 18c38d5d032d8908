"""The organiser's desk: her competitions, one of them with what it needs, and the acts on it."""

from collections.abc import Sequence

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as BaseResponse

from app.access.door import AbsentError, admit, can, fetch
from app.access.routes import dangerous, requires
from app.core.columns import Translation
from app.core.refusals import Refusal, RefusedError
from app.jinja import sentence
from app.kept import named, names_of
from app.programmes.models import Programme
from app.request import actor, arrived_at, done, language, link_to, page
from competitions.forms.competition import ActForm, CancelForm, NewCompetitionForm
from competitions.models import Competition
from competitions.policy import Permission
from competitions.queries.competition import (
    Call,
    call_facts,
    call_of,
    creatable_programmes,
    gaps,
    languages_behind,
    manageable_competitions,
    placed,
    rules_versions,
    state_counts,
)
from competitions.queries.starters import starters
from competitions.rules.calendar import phase_of
from competitions.rules.publishing import check_ready, check_rules
from competitions.rules.regions import REGIONS
from competitions.rules.settings import LANGUAGE_NAMES
from competitions.services import competition as services
from competitions.states import Milestone
from competitions.views.call import timeline
from competitions.views.desk import allowed_acts, funnel, next_acts, parts
from competitions.views.rules_document import rules_document

blueprint = Blueprint("competitions_organiser", __name__, url_prefix="/manage/competitions")


@blueprint.get("")
@requires(Permission.COMPETITION_READ)
def competitions() -> Response:
    """All competitions of my programmes."""
    rows = manageable_competitions(actor(), arrived_at())
    return page("competitions/organiser/competitions.html", rows=rows, may_create=bool(creatable_programmes(actor())))


@blueprint.route("/new", methods=["GET", "POST"])
@requires(Permission.COMPETITION_CREATE)
def new_competition() -> BaseResponse:
    """A whole competition out of a starter, a name, a region and a day."""
    programmes = creatable_programmes(actor())
    if not programmes:
        raise AbsentError
    form = NewCompetitionForm(starter=request.args.get("starter", "start_app"))
    form.offer(starters(), programmes)
    tried = form.attempt(lambda: _create(form, programmes))
    if tried.made is not None:
        said = _("The competition is a draft with rules, form and dates. Look it through and announce it.")
        return done(said, desk(tried.made))
    return page("competitions/organiser/new_competition.html", status=tried.status, form=form, refusals=tried.refusals)


def _create(form: NewCompetitionForm, programmes: Sequence[Programme]) -> Competition:
    owner = next(one for one in programmes if one.public_id == form.programme.data)
    return services.create_competition(
        admit(owner, may=Permission.COMPETITION_CREATE),
        starters()[form.starter.data],
        name=Translation(dict.fromkeys(LANGUAGE_NAMES, form.name.data or "")),
        region=form.region.data,
        opens_on=form.opening(),
        by=actor(),
        at=arrived_at(),
    )


@blueprint.get("/<public_id>")
@requires(Permission.COMPETITION_READ)
def competition(public_id: str) -> Response:
    """One competition: what goes on, what is missing, what comes next."""
    call = call_of(fetch(Competition, public_id, may=Permission.COMPETITION_READ))
    counts = state_counts(call.competition)
    allowed = allowed_acts(actor(), [call.competition])[call.competition.id]
    lacking = gaps(call, arrived_at())
    return page(
        "competitions/organiser/competition.html",
        call=call,
        gaps=lacking,
        parts=parts(call.competition, lacking),
        behind=placed(languages_behind(call)),
        phase=phase_of(call.competition.state, call.calendar, arrived_at()),
        region=REGIONS.get(call.settings.region, {}),
        timeline=timeline(call.calendar, arrived_at(), published_at=call.competition.published_at),
        funnel=funnel(counts),
        todos=next_acts(call.competition, call.calendar, counts, allowed, arrived_at()),
        address=link_to("competitions_public.call", slug=call.competition.slug),
        may_spread=call.calendar.is_before(Milestone.CLOSES, arrived_at()),
        may_edit=can(Permission.COMPETITION_EDIT, call.competition),
        may_list=can(Permission.APPLICATION_LIST, call.competition),
    )


@blueprint.route("/<public_id>/approve", methods=["GET", "POST"])
@requires(Permission.COMPETITION_APPROVE)
@dangerous(_l("Approve the rules"), "Competition.approve", "Rules.approve")
@named(lambda **_values: names_of(ActForm()))
def approve_rules(public_id: str) -> BaseResponse:
    """Lock the rules by an act."""
    call = call_of(fetch(Competition, public_id, may=Permission.COMPETITION_APPROVE))
    form, refusals = ActForm(), tuple(check_rules(call_facts(call)))
    if form.validate_on_submit():
        try:
            services.approve_rules(call.competition, form.act(), by=actor(), at=arrived_at())
        except RefusedError as refused:
            refusals = refused.refusals
        else:
            return done(_("The rules are approved and locked."), desk(call.competition))
    answer = status(form, refusals if form.is_submitted() else ())
    return page(
        "competitions/organiser/approve_rules.html", status=answer, call=call, form=form, refusals=_linked(call, refusals)
    )


@blueprint.post("/<public_id>/reopen")
@requires(Permission.COMPETITION_APPROVE)
@dangerous(_l("Take the approval back"), "Competition.reopen")
def reopen_rules(public_id: str) -> BaseResponse:
    """Take the approval back before the call is announced."""
    found = fetch(Competition, public_id, may=Permission.COMPETITION_APPROVE)
    services.reopen_rules(found, by=actor(), at=arrived_at())
    return done(_("The rules are a draft again. The approved version is kept on record."), desk(found))


@blueprint.route("/<public_id>/announce", methods=["GET", "POST"])
@requires(Permission.COMPETITION_ANNOUNCE)
def announce(public_id: str) -> BaseResponse:
    """See what the world will see, then make the call public."""
    call = call_of(fetch(Competition, public_id, may=Permission.COMPETITION_ANNOUNCE))
    if call.competition.announced_at is not None:
        return done(_("The call is public already."), desk(call.competition), tone="info")
    refusals = (*check_ready(call_facts(call), at=arrived_at()), *languages_behind(call))
    if request.method == "POST":
        try:
            services.announce(call.competition, by=actor(), at=arrived_at())
        except RefusedError as refused:
            refusals = refused.refusals
        else:
            return done(_("The call is public."), desk(call.competition))
    answer = 409 if refusals and request.method == "POST" else 200
    opens_at = call.calendar.at(Milestone.OPENS)
    return page(
        "competitions/organiser/announce.html", status=answer, call=call, opens_at=opens_at, refusals=_linked(call, refusals)
    )


@blueprint.route("/<public_id>/cancel", methods=["GET", "POST"])
@requires(Permission.COMPETITION_CANCEL)
@dangerous(_l("Cancel the competition"), "Competition.cancel", "Event.cancel")
@named(lambda **_values: names_of(CancelForm()))
def cancel(public_id: str) -> BaseResponse:
    """Call the competition off, after seeing how many applications it has."""
    found = fetch(Competition, public_id, may=Permission.COMPETITION_CANCEL)
    form = CancelForm()
    if form.validate_on_submit():
        services.cancel(found, reason=form.reason.data or "", by=actor(), at=arrived_at())
        return done(_("The competition is cancelled."), desk(found))
    counts = state_counts(found)
    return page(
        "competitions/organiser/cancel.html", status=status(form), form=form, competition=found, count=sum(counts.values())
    )


@blueprint.get("/<public_id>/rules")
@requires(Permission.COMPETITION_READ)
def rules(public_id: str) -> Response:
    """The rules as they will be read, in one language at a time, and all their versions."""
    call = call_of(fetch(Competition, public_id, may=Permission.COMPETITION_READ))
    spoken = request.args.get("language", "")
    spoken = spoken if spoken in {"kk", "ru", "en"} else language()
    document = rules_document(call.competition, call.programme, call.rules, spoken)
    return page(
        "competitions/organiser/rules.html",
        call=call,
        document=document,
        language_tabs=_language_tabs(public_id, spoken),
        versions=rules_versions(call.competition),
        may_edit=can(Permission.COMPETITION_EDIT, call.competition),
    )


def _linked(call: Call, refusals: tuple[Refusal, ...]) -> list[dict[str, str]]:
    """Refusals as sentences that lead to where they are mended."""
    public_id = call.competition.public_id
    return [{"text": sentence(one.refusal), "href": url_for(one.endpoint, public_id=public_id)} for one in placed(refusals)]


def _language_tabs(public_id: str, spoken: str) -> list[dict[str, object]]:
    return [
        {
            "label": LANGUAGE_NAMES[code],
            "href": url_for("competitions_organiser.rules", public_id=public_id, language=code),
            "is_current": code == spoken,
        }
        for code in LANGUAGE_NAMES
    ]


def desk(competition: Competition) -> str:
    """The page of one competition."""
    return url_for("competitions_organiser.competition", public_id=competition.public_id)


def status(form: object, refusals: tuple[Refusal, ...] = ()) -> int:
    """409 where a rule refused, 422 where the form is not filled in well, else 200."""
    return 409 if refusals else 422 if getattr(form, "errors", None) else 200
