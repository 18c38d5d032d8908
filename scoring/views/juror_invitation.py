"""An invitation to a jury: read by its link, accepted or declined by a button."""

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from app.access.routes import public
from app.core import tokens
from app.core.refusals import Refusal, RefusedError
from app.people.services import sessions
from app.people.services.passwords import hash_chosen
from app.people.session import begin_session, device
from app.request import actor, arrived_at, before_writing, done, language, page, prepared
from scoring.forms import AcceptForm, AcceptWithAccountForm
from scoring.models import Juror
from scoring.queries import jury
from scoring.services import seats
from scoring.states import JurorPurpose

blueprint = Blueprint("scoring_juror_invitation", __name__, url_prefix="/jury/invitations")


def _hashed(secret: str) -> str | Refusal | None:
    """Hash the chosen password before the transaction opens."""
    invited = _invited(secret)
    password = request.form.get("password", "")
    return hash_chosen(password, email=invited.email) if invited and password else None


def _invited(secret: str) -> Juror | None:
    claim = tokens.peek(JurorPurpose.INVITATION, secret)
    return jury.invited_juror(claim.subject) if claim else None


@blueprint.get("/<secret>")
@public
def invitation(secret: str) -> Response:
    """What is asked of a juror: dates, load, terms; nothing happens until a button is pressed."""
    return _invitation(secret)


def _invitation(secret: str, *, form: AcceptForm | None = None, refusals: tuple[Refusal, ...] = ()) -> Response:
    juror = _invited(secret)
    if juror is None:
        return page("errors/link_used.html", status=410, again=None)
    answer = jury.invitation_for(juror, actor())
    status = 409 if refusals else 422 if form is not None else 200
    return page(
        "scoring/juror/invitation.html",
        status=status,
        secret=secret,
        juror=juror,
        round=juror.round,
        load=len(jury.admitted(juror.round)),
        answer=answer,
        form=form or (AcceptWithAccountForm() if answer.needs_account else AcceptForm()),
        refusals=refusals,
    )


@blueprint.post("/<secret>/accept")
@before_writing(_hashed)
@public
def accept(secret: str) -> BaseResponse:
    """Take the seat: with the account that is signed in, or with a new one for the invited address."""
    juror = _invited(secret)
    if juror is None:
        return page("errors/link_used.html", status=410, again=None)
    needs_account = jury.invitation_for(juror, actor()).needs_account
    form = AcceptWithAccountForm() if needs_account else AcceptForm()
    chosen = prepared()
    if not form.validate() or isinstance(chosen, Refusal):
        return _invitation(secret, form=form, refusals=(chosen,) if isinstance(chosen, Refusal) else ())
    try:
        _accept(secret, chosen if needs_account else None)
    except RefusedError as refused:
        return _invitation(secret, form=form, refusals=refused.refusals)
    return done(
        _("Thank you. Before you read, please say with which applications you have a conflict of interest."),
        url_for("scoring_juror.conflicts", public_id=juror.public_id),
    )


def _accept(secret: str, password_hash: str | None) -> None:
    at = arrived_at()
    if password_hash is None:
        seats.accept_seat(secret, by=actor(), at=at)
        return
    _juror, user = seats.accept_seat_with_new_account(
        secret, password_hash=password_hash, language=language(), by=actor(), at=at
    )
    begin_session(sessions.open_session(user, device=device(), at=at))


@blueprint.post("/<secret>/decline")
@public
def decline(secret: str) -> BaseResponse:
    """Give the seat back."""
    if _invited(secret) is None:
        return page("errors/link_used.html", status=410, again=None)
    seats.decline_seat(secret, by=actor(), at=arrived_at())
    return done(_("You declined the invitation. Thank you for answering."), "/")
