"""A person's own account: name, password, address, devices, consents."""

from flask import Blueprint, Response, request, session, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from werkzeug.wrappers import Response as BaseResponse

from app.access.door import AbsentError
from app.access.routes import WRITING_LIMIT, dangerous, signed_in, takes
from app.core.refusals import Refusal, RefusedError
from app.jinja import sentence
from app.kept import Kept, named, names_of, send_again, unpack
from app.people import queries
from app.people.forms import ChangeEmailForm, ChangePasswordForm, ConfirmForm, NameForm, public_name_form
from app.people.models import Consent
from app.people.rules import device_name
from app.people.services import accounts, consents, passwords, persons, sessions
from app.people.services.passwords import Credentials
from app.people.session import leave_session
from app.people.states import ConsentKind, PeopleRefusal, PublicName
from app.request import actor, arrived_at, before_writing, done, page, prepared

bp = Blueprint("people_person", __name__, url_prefix="/account")


# --- Name ---------------------------------------------------------------------------------------------------------------


@bp.route("/settings", methods=["GET", "POST"])
@signed_in
def settings() -> BaseResponse:
    """Name, and the way to all other settings."""
    user = queries.own_user(actor())
    form = NameForm(obj=user.person)
    names = {field.name: field.data or "" for field in (form.family_name, form.given_name, form.patronymic)}
    tried = form.attempt(lambda: persons.set_name(user.person, **names, by=actor(), at=arrived_at()))
    if tried.is_done:
        return done(_("Your name is saved."), url_for(".settings"))
    return page("people/person/settings.html", form=form, user=user, refusals=tried.refusals, status=tried.status)


# --- Password and address -----------------------------------------------------------------------------------------------


def _compare_present(current: str) -> Credentials | Refusal:
    return passwords.compare_present(actor().email, current, session_id=actor().session_id or 0)


def _wrong(compared: Credentials | Refusal) -> Refusal | None:
    """Why the password does not count; whoever has only guessed leaves with the session that ended."""
    row = queries.own_session_row(actor())
    refusal = sessions.right_password(compared, session=row, at=arrived_at())
    if row.ended_at is not None:
        leave_session()
    return refusal


def _signed_out(refusal: Refusal) -> BaseResponse | None:
    """The way out for whom the last guess signed out; None while she may try again."""
    if refusal.code is not PeopleRefusal.PASSWORD_GUESSED:
        return None
    return done(sentence(refusal), url_for("people_public.sign_in"), tone="warning")


def _both_passwords() -> tuple[Credentials | Refusal, str | Refusal] | None:
    form = ChangePasswordForm()
    if not form.validate():
        return None
    return _compare_present(form.current.data or ""), passwords.hash_chosen(form.password.data or "", email=actor().email)


@bp.route("/password", methods=["GET", "POST"])
@before_writing(_both_passwords)
@signed_in
def password() -> BaseResponse:
    """Replace the password; all other devices are signed out."""
    form, found = ChangePasswordForm(), prepared()
    if found is None:
        form.validate_on_submit()
        return page("people/person/password.html", form=form, refusals=(), status=422 if form.is_submitted() else 200)
    compared, chosen = found
    wrong = _wrong(compared)
    if wrong is not None and (left := _signed_out(wrong)):
        return left
    refusals = tuple(one for one in (wrong, chosen) if isinstance(one, Refusal))
    if refusals:
        return page("people/person/password.html", form=form, refusals=refusals, status=422)
    accounts.change_password(
        queries.own_user(actor()),
        compared=compared.compared,
        password_hash=chosen,
        session=actor().session_id,
        by=actor(),
        at=arrived_at(),
    )
    return done(_("Your password is changed. All other devices are signed out."), url_for(".settings"))


def _present_password() -> Credentials | Refusal | None:
    form = ChangeEmailForm()
    return _compare_present(form.current.data or "") if form.validate() else None


@bp.route("/email", methods=["GET", "POST"])
@named(lambda **_values: names_of(ChangeEmailForm()))
@before_writing(_present_password)
@signed_in
def email() -> BaseResponse:
    """Ask for another address; it counts once the letter to it was answered."""
    form, compared = ChangeEmailForm(), prepared()
    if compared is None:
        form.validate_on_submit()
        return page("people/person/email.html", form=form, refusals=(), status=422 if form.is_submitted() else 200)
    try:
        wrong = _wrong(compared)
        if wrong is not None:
            return _signed_out(wrong) or page("people/person/email.html", form=form, refusals=(wrong,), status=422)
        accounts.request_email_change(
            queries.own_user(actor()),
            email=form.email.data or "",
            compared=compared.compared,
            address=request.remote_addr or "",
            at=arrived_at(),
        )
    except RefusedError as refused:
        return page("people/person/email.html", form=form, refusals=refused.refusals, status=409)
    session["mailed_to"] = form.email.data
    return done(_("A letter is on its way to the new address."), url_for("people_public.check_mail"))


# --- The password again, before a dangerous act -------------------------------------------------------------------------


def confirm_page(form: ConfirmForm, *, refusals: tuple[Refusal, ...] = (), kept: Kept | None = None, status: int) -> Response:
    """Asks for the password; `kept` is the act that waits for it."""
    if kept is not None:
        form.kept.data = kept.pack()
    waiting = kept or unpack(form.kept.data)
    return page("people/person/confirm.html", form=form, refusals=refusals, waiting=waiting, status=status)


def _confirmed() -> Credentials | Refusal | None:
    form = ConfirmForm()
    return _compare_present(form.current.data or "") if form.validate() else None


@bp.post("/confirm")
@takes(WRITING_LIMIT)
@before_writing(_confirmed)
@signed_in
def confirm() -> BaseResponse:
    """Compare the password, then lead back to the act."""
    form, compared = ConfirmForm(), prepared()
    if compared is None:
        form.validate()
        return confirm_page(form, status=422)
    wrong = _wrong(compared)
    if wrong is not None:
        return _signed_out(wrong) or confirm_page(form, refusals=(wrong,), status=422)
    kept = unpack(form.kept.data)
    if kept is None and form.kept.data:
        said = _("What waited for the password cannot be sent any more. Nothing was done: open its page and do it again.")
        return done(said, url_for(".settings"), tone="warning")
    sessions.confirm_session(actor().session_id or 0, at=arrived_at())
    if kept is None:
        return done(_("Your password is confirmed. Do it now."), url_for(".settings"))
    return send_again(
        kept,
        reason=_("Your password is confirmed. Nothing was done yet: press the button to do it."),
        status=200,
        tone="success",
    )


# --- Devices ------------------------------------------------------------------------------------------------------------


@bp.get("/sessions")
@signed_in
def devices() -> Response:
    """Where the account is signed in."""
    rows = [
        {
            "public_id": row.public_id,
            "name": device_name(row.device),
            "seen_at": row.seen_at,
            "is_here": row.id == actor().session_id,
        }
        for row in queries.live_sessions(actor().user_id or 0, arrived_at())
    ]
    return page("people/person/devices.html", rows=rows)


@bp.post("/sessions/<public_id>/end")
@signed_in
def end_device(public_id: str) -> BaseResponse:
    """Sign one device out."""
    found = queries.own_session(actor().user_id or 0, public_id)
    if found is None:
        raise AbsentError
    sessions.end_session(found, at=arrived_at())
    return done(_("The device is signed out."), url_for(".devices"))


@bp.post("/sessions/end-others")
@signed_in
@dangerous(_l("Sign out everywhere else"))
def end_other_devices() -> BaseResponse:
    """Sign out everywhere but here."""
    count = sessions.end_sessions(queries.own_user(actor()), except_id=actor().session_id, at=arrived_at())
    said = ngettext("%(num)s other device is signed out.", "%(num)s other devices are signed out.", count)
    return done(said, url_for(".devices"))


# --- Consents -----------------------------------------------------------------------------------------------------------


@bp.get("/consents")
@signed_in
def consent_list() -> Response:
    """What the person agreed to and when, and the way to take it back."""
    by_scope: dict[str, list[Consent]] = {}
    for one in queries.own_consents(actor()):
        by_scope.setdefault(one.scope, []).append(one)
    return page("people/person/consent_list.html", consents=list(by_scope.items()), scopes=list(by_scope))


@bp.route("/consents/<public_id>/name", methods=["GET", "POST"])
@signed_in
def public_name(public_id: str) -> BaseResponse:
    """How she is named in public, changed at any time."""
    found = queries.own_consent(actor(), public_id)
    if found is None or found.kind is not ConsentKind.NAME or found.withdrawn_at is not None:
        raise AbsentError
    form = public_name_form(found.value)
    tried = form.attempt(
        lambda: consents.choose_public_name(found, value=PublicName(form.public_name.data), by=actor(), at=arrived_at())
    )
    if tried.is_done:
        return done(_("Saved: public pages name you so from now on."), url_for(".consent_list"))
    return page("people/person/public_name.html", consent=found, form=form, refusals=tried.refusals, status=tried.status)


@bp.post("/consents/<public_id>/withdraw")
@signed_in
def withdraw_consent(public_id: str) -> BaseResponse:
    """Take a consent back."""
    found = queries.own_consent(actor(), public_id)
    if found is None:
        raise AbsentError
    consents.withdraw_consent(found, by=actor(), at=arrived_at())
    return done(_("Your consent is withdrawn. What it allowed is taken off public pages now."), url_for(".consent_list"))
