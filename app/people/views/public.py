"""Signing in and out, signing up, forgotten passwords, links from letters."""

from collections.abc import Callable

from flask import Blueprint, Response, redirect, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from app.access.routes import WRITING_LIMIT, public, takes
from app.core import tokens
from app.core.refusals import CoreRefusal, Refusal, RefusedError
from app.kept import Kept, send_again, unpack
from app.messages.services import leaves
from app.navigation import first_page
from app.people.forms import EmailForm, NewPasswordForm, SignInForm
from app.people.models import User
from app.people.queries import own_session_row
from app.people.services import accounts, passwords, sessions
from app.people.services.passwords import Credentials
from app.people.session import begin_session, device, is_known_device, leave_session, remember_device
from app.people.states import TokenPurpose
from app.request import actor, arrived_at, before_writing, done, language, page, prepared, safe_next

bp = Blueprint("people_public", __name__)
MAILED_TO = "mailed_to"
LINKS = {
    TokenPurpose.VERIFY_EMAIL: "people_public.sign_up",
    TokenPurpose.RESET_PASSWORD: "people_public.request_reset",
}


# --- In and out ---------------------------------------------------------------------------------------------------------


def _compared() -> Credentials | Refusal | None:
    """Compare the password before the transaction opens."""
    form = SignInForm()
    if not form.validate():
        return None
    try:
        return passwords.compare(
            form.email.data or "",
            form.password.data or "",
            address=request.remote_addr or "",
            at=arrived_at(),
            is_known_device=is_known_device(form.email.data or ""),
        )
    except RefusedError as refused:
        return refused.refusals[0]


@bp.route("/sign-in", methods=["GET", "POST"])
@takes(WRITING_LIMIT)
@before_writing(_compared)
@public
def sign_in() -> BaseResponse:
    """Address and password; whatever a session that ended would have lost is sent again afterwards."""
    form, found = SignInForm(), prepared()
    if request.method == "GET":
        form.next.data = safe_next("")
        return redirect(safe_next(first_page(actor()))) if actor().is_signed_in else sign_in_page(form)
    if found is None:
        form.validate()
        return sign_in_page(form, status=422)
    if isinstance(found, Credentials):
        found = sessions.sign_in(found, device=device(), is_remembered=form.remember.data, at=arrived_at())
    if isinstance(found, Refusal):
        return sign_in_page(form, refusals=(found,), status=429 if found.code is CoreRefusal.TOO_MANY else 422)
    begin_session(found, is_remembered=form.remember.data)
    return remember_device(_entered(form), form.email.data or "")


def sign_in_page(
    form: SignInForm, *, refusals: tuple[Refusal, ...] = (), kept: Kept | None = None, status: int = 200
) -> Response:
    """The form to sign in; `kept` is what a session that ended would lose."""
    if kept is not None:
        form.kept.data = kept.pack()
    is_kept = bool(form.kept.data)
    return page("people/public/sign_in.html", form=form, refusals=refusals, is_kept=is_kept, status=status)


def _entered(form: SignInForm) -> Response:
    kept = unpack(form.kept.data)
    if kept is not None:
        return send_again(kept, reason=_("You are signed in again. Nothing you wrote was lost: send it now."), status=200)
    if form.kept.data:
        said = _("You are signed in. What waited on that page cannot be sent any more: open its page and do it again.")
        return done(said, safe_next(first_page(actor())), tone="warning")  # type: ignore[return-value]
    response: Response = redirect(safe_next(first_page(actor()), form.next.data or ""), code=303)  # type: ignore[assignment]
    return response


@bp.post("/sign-out")
@public
def sign_out() -> BaseResponse:
    """End this device's session; a copied cookie dies with it."""
    who = actor()
    if who.session_id is not None:
        sessions.end_session(own_session_row(who), at=arrived_at())
    leave_session()
    return done(_("You are signed out."), "/")


# --- Signing up ---------------------------------------------------------------------------------------------------------


@bp.route("/sign-up", methods=["GET", "POST"])
@public
def sign_up() -> BaseResponse:
    """Only an address: the password is chosen behind the link, so nobody can set it for a mailbox that is not hers."""
    form = EmailForm()
    return _ask_for_letter(
        "people/public/sign_up.html",
        form,
        lambda: accounts.begin_sign_up(
            form.email.data or "",
            language=language(),
            next_page=safe_next("", form.next.data or ""),
            address=request.remote_addr or "",
            at=arrived_at(),
        ),
    )


@bp.get("/check-mail")
@public
def check_mail() -> Response:
    """What to do now; the same for every address."""
    return page("people/public/check_mail.html", email=session.get(MAILED_TO, ""), leaves=leaves())


def _hashed(secret: str) -> str | Refusal | None:
    """Hash the chosen password before the transaction opens."""
    form = NewPasswordForm()
    if not form.validate():
        return None
    purpose = PURPOSES[request.endpoint or ""]
    claim = tokens.peek(purpose, secret)
    return passwords.hash_chosen(form.password.data or "", email=claim.payload["email"]) if claim else None


@bp.route("/sign-up/<secret>", methods=["GET", "POST"])
@before_writing(_hashed)
@public
def confirm_sign_up(secret: str) -> BaseResponse:
    """Choose a password; the account is made and signed in."""

    def act(password_hash: str) -> tuple[User, str]:
        return accounts.confirm_sign_up(secret, password_hash=password_hash, by=actor(), at=arrived_at())

    return _choose_password("people/public/confirm_sign_up.html", secret, act, _("Welcome! Your account is ready."))


# --- Forgotten and first passwords --------------------------------------------------------------------------------------


@bp.route("/reset-password", methods=["GET", "POST"])
@public
def request_reset() -> BaseResponse:
    """Ask for a letter with a link."""
    form = EmailForm()
    return _ask_for_letter(
        "people/public/request_reset.html",
        form,
        lambda: accounts.request_reset(form.email.data or "", address=request.remote_addr or "", at=arrived_at()),
    )


@bp.route("/reset-password/<secret>", methods=["GET", "POST"])
@before_writing(_hashed)
@public
def reset_password(secret: str) -> BaseResponse:
    """Choose a new password."""
    return _reset("people/public/reset_password.html", TokenPurpose.RESET_PASSWORD, secret)


@bp.route("/sign-in/<secret>", methods=["GET", "POST"])
@before_writing(_hashed)
@public
def first_sign_in(secret: str) -> BaseResponse:
    """Choose the first password of an account that a command made."""
    return _reset("people/public/first_sign_in.html", TokenPurpose.SIGN_IN, secret)


PURPOSES = {
    "people_public.confirm_sign_up": TokenPurpose.VERIFY_EMAIL,
    "people_public.reset_password": TokenPurpose.RESET_PASSWORD,
    "people_public.first_sign_in": TokenPurpose.SIGN_IN,
}


# --- Another address ----------------------------------------------------------------------------------------------------


@bp.route("/confirm-email/<secret>", methods=["GET", "POST"])
@public
def confirm_email(secret: str) -> BaseResponse:
    """The button behind the link that was sent to the new address."""
    claim = tokens.peek(TokenPurpose.CHANGE_EMAIL, secret)
    if claim is None:
        return link_used(TokenPurpose.CHANGE_EMAIL)
    if request.method == "GET":
        return page("people/public/confirm_email.html", email=claim.payload["email"])
    accounts.confirm_email_change(secret, by=actor(), at=arrived_at())
    return done(_("Your account now has the address %(email)s.", email=claim.payload["email"]), url_for(".sign_in"))


@bp.route("/undo-email/<secret>", methods=["GET", "POST"])
@public
def undo_email(secret: str) -> BaseResponse:
    """The way back, from a letter to the old address."""
    claim = tokens.peek(TokenPurpose.UNDO_EMAIL, secret)
    if claim is None:
        return link_used(TokenPurpose.UNDO_EMAIL)
    if request.method == "GET":
        return page("people/public/undo_email.html", email=claim.payload["email"])
    accounts.undo_email_change(secret, by=actor(), at=arrived_at())
    leave_session()
    session[MAILED_TO] = claim.payload["email"]
    return done(_("The account has its old address again. All devices are signed out."), url_for(".check_mail"))


# --- What these pages share ---------------------------------------------------------------------------------------------


def link_used(purpose: TokenPurpose) -> Response:
    """The answer to a link that was used, has expired or never was."""
    again = LINKS.get(purpose)
    return page("errors/link_used.html", again=url_for(again) if again else None, status=410)


def _ask_for_letter(template: str, form: EmailForm, act: Callable[[], None]) -> BaseResponse:
    if not form.is_submitted():
        form.next.data = safe_next("")
        return page(template, form=form, refusals=())
    if not form.validate():
        return page(template, form=form, refusals=(), status=422)
    try:
        act()
    except RefusedError as refused:
        return page(template, form=form, refusals=refused.refusals, status=429)
    session[MAILED_TO] = form.email.data
    return redirect(url_for(".check_mail"), code=303)


def _reset(template: str, purpose: TokenPurpose, secret: str) -> BaseResponse:
    def act(password_hash: str) -> tuple[User, str]:
        user = accounts.reset_password(purpose, secret, password_hash=password_hash, by=actor(), at=arrived_at())
        return user, ""

    return _choose_password(template, secret, act, _("Your new password works. You are signed in."))


def _choose_password(template: str, secret: str, act: Callable[[str], tuple[User, str]], said: str) -> BaseResponse:
    form, chosen = NewPasswordForm(), prepared()
    purpose = PURPOSES[request.endpoint or ""]
    claim = tokens.peek(purpose, secret)
    if claim is None:
        return link_used(purpose)
    email = claim.payload["email"]
    if isinstance(chosen, str):
        user, target = act(chosen)
        begin_session(sessions.open_session(user, device=device(), at=arrived_at()))
        return done(said, safe_next(first_page(actor()), target))
    form.validate_on_submit()
    refusals = (chosen,) if chosen else ()
    return page(template, form=form, email=email, refusals=refusals, status=422 if form.is_submitted() else 200)
