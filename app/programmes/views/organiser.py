"""Members of a programme and its record of acts."""

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as BaseResponse

from app.access.door import AbsentError, admit, fetch
from app.access.routes import dangerous, requires
from app.kept import named, names_of
from app.programmes import queries, services
from app.programmes.forms import InvitationForm, WithdrawalForm
from app.programmes.models import Membership, Programme
from app.programmes.policy import Permission
from app.programmes.states import Role
from app.programmes.views.pages import audit_page
from app.request import actor, arrived_at, done, page

bp = Blueprint("programmes_organiser", __name__, url_prefix="/manage")


@bp.get("/programmes")
@requires(Permission.PROGRAMME_MEMBERS)
def teams() -> Response:
    """The programmes whose teams the person looks after."""
    programmes = queries.member_programmes(actor())
    if not programmes:
        raise AbsentError
    return page("programmes/organiser/teams.html", programmes=programmes)


@bp.route("/programmes/<public_id>/members", methods=["GET", "POST"])
@requires(Permission.PROGRAMME_MEMBERS)
@dangerous(_l("Invite somebody"), "Programme.invite")
@named(lambda **_values: names_of(InvitationForm()))
def members(public_id: str) -> BaseResponse:
    """Who is in the team, who is invited, and the form to invite."""
    programme = fetch(Programme, public_id, may=Permission.PROGRAMME_MEMBERS)
    form = InvitationForm()
    tried = form.attempt(lambda: _invite(programme, form))
    if tried.is_done:
        return done(_("The invitation is on its way."), url_for(".members", public_id=public_id))
    return page(
        "programmes/organiser/members.html",
        status=tried.status, programme=programme, form=form, refusals=tried.refusals, role_of=Role,
        members=queries.members(programme.id), invited=queries.open_invitations(programme, arrived_at()),
    )  # fmt: skip


def _invite(programme: Programme, form: InvitationForm) -> None:
    services.invite(
        programme,
        email=form.email.data or "",
        role=Role(form.role.data),
        language=form.language.data,
        address=request.remote_addr or "",
        by=actor(),
        at=arrived_at(),
    )


@bp.post("/programmes/<public_id>/invitations/withdraw")
@requires(Permission.PROGRAMME_MEMBERS)
def withdraw_invitation(public_id: str) -> BaseResponse:
    """Take an invitation back: its link opens nothing any more."""
    programme = fetch(Programme, public_id, may=Permission.PROGRAMME_MEMBERS)
    form = WithdrawalForm()
    if not form.validate():
        raise AbsentError
    email, role = form.email.data or "", Role(form.role.data or "")
    services.withdraw_invitation(programme, email=email, role=role, by=actor(), at=arrived_at())
    return done(_("The invitation is withdrawn: its link opens nothing any more."), url_for(".members", public_id=public_id))


@bp.post("/members/<public_id>/end")
@requires(Permission.PROGRAMME_MEMBERS)
@dangerous(_l("End the role"), "Membership.end_role")
def end_membership(public_id: str) -> BaseResponse:
    """Take a role away, at once."""
    membership = fetch(Membership, public_id, may=Permission.PROGRAMME_MEMBERS)
    programme = queries.programme_of(membership)
    services.end_role(membership, by=actor(), at=arrived_at())
    return done(_("The role has ended."), url_for(".members", public_id=programme.public_id))


@bp.get("/audit")
@requires(Permission.PROGRAMME_AUDIT)
def audit_log() -> Response:
    """Who did what and when in the person's own programmes."""
    chains = {programme.id: programme for programme in queries.audited_programmes(actor())}
    if not chains:
        _say_why_shut()
    return audit_page("programmes/organiser/audit_log.html", chains)


def _say_why_shut() -> None:
    """Who has a record to read, but not now, is told the reason; to others there is none."""
    for programme in queries.member_programmes(actor()):
        admit(programme, may=Permission.PROGRAMME_AUDIT)
    raise AbsentError
