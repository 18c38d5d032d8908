"""Organisations, programmes and the whole record of acts, for administrators."""

from typing import Any

from flask import Blueprint, Response, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from app.access.door import fetch
from app.access.routes import requires
from app.people.policy import Permission as Installation
from app.people.views.admin import enter
from app.programmes import queries, services
from app.programmes.forms import OrganisationForm, ProgrammeForm
from app.programmes.models import Organisation, Programme
from app.programmes.policy import Permission
from app.programmes.states import OrganisationKind
from app.programmes.views.pages import audit_page
from app.request import actor, arrived_at, done, page

bp = Blueprint("programmes_admin", __name__, url_prefix="/admin")


# --- Organisations ------------------------------------------------------------------------------------------------------


@bp.get("/organisations")
@requires(Installation.INSTALLATION_READ)
def organisations() -> Response:
    """All organisations."""
    enter(Installation.INSTALLATION_READ)
    return page("programmes/admin/organisations.html", organisations=queries.organisations(actor()))


@bp.route("/organisations/new", methods=["GET", "POST"])
@requires(Installation.INSTALLATION_EDIT)
def new_organisation() -> BaseResponse:
    """Enter one."""
    enter(Installation.INSTALLATION_EDIT)
    form = OrganisationForm()
    if form.validate_on_submit():
        services.enter_organisation(**_organisation(form), by=actor(), at=arrived_at())
        return done(_("The organisation is saved."), url_for(".organisations"))
    return page("programmes/admin/new_organisation.html", form=form, status=422 if form.is_submitted() else 200)


@bp.route("/organisations/<public_id>", methods=["GET", "POST"])
@requires(Permission.ORGANISATION_EDIT)
def organisation(public_id: str) -> BaseResponse:
    """Correct one."""
    found = fetch(Organisation, public_id, may=Permission.ORGANISATION_EDIT)
    form = OrganisationForm(obj=found)
    tried = form.attempt(lambda: services.edit_organisation(found, **_organisation(form), by=actor(), at=arrived_at()))
    if tried.is_done:
        return done(_("The organisation is saved."), url_for(".organisations"))
    return page("programmes/admin/organisation.html", form=form, status=tried.status)


def _organisation(form: OrganisationForm) -> dict[str, Any]:
    return {
        "kind": OrganisationKind(form.kind.data),
        "name": form.name.data,
        "bin": form.bin.data,
        "address": form.address.data,
        "phone": form.phone.data or "",
        "email": form.email.data or "",
    }


# --- Programmes ---------------------------------------------------------------------------------------------------------


@bp.get("/programmes")
@requires(Installation.INSTALLATION_READ)
def programmes() -> Response:
    """All programmes."""
    enter(Installation.INSTALLATION_READ)
    return page("programmes/admin/programmes.html", programmes=queries.editable_programmes(actor()))


@bp.route("/programmes/new", methods=["GET", "POST"])
@requires(Installation.INSTALLATION_EDIT)
def new_programme() -> BaseResponse:
    """Open one."""
    enter(Installation.INSTALLATION_EDIT)
    form = ProgrammeForm(organisations=queries.organisation_choices())
    tried = form.attempt(lambda: services.found_programme(**_programme(form), by=actor(), at=arrived_at()))
    if tried.is_done:
        return done(_("The programme is saved."), url_for(".programmes"))
    return page("programmes/admin/new_programme.html", form=form, refusals=tried.refusals, status=tried.status)


@bp.route("/programmes/<public_id>", methods=["GET", "POST"])
@requires(Permission.PROGRAMME_EDIT)
def programme(public_id: str) -> BaseResponse:
    """Correct one."""
    found = fetch(Programme, public_id, may=Permission.PROGRAMME_EDIT)
    form = ProgrammeForm(organisations=queries.organisation_choices(), obj=found)
    tried = form.attempt(lambda: services.edit_programme(found, **_programme(form), by=actor(), at=arrived_at()))
    if tried.is_done:
        return done(_("The programme is saved."), url_for(".programmes"))
    return page("programmes/admin/programme.html", form=form, refusals=tried.refusals, status=tried.status)


def _programme(form: ProgrammeForm) -> dict[str, Any]:
    names = ("name", "slug", "organisation_id", "timezone")
    return {name: form[name].data for name in names}


# --- The record of acts -------------------------------------------------------------------------------------------------


@bp.get("/audit")
@requires(Installation.INSTALLATION_READ)
def audit_log() -> Response:
    """Who did what and when, in every programme and in the installation itself."""
    enter(Installation.INSTALLATION_READ)
    return audit_page("programmes/admin/audit_log.html", queries.audit_chains(actor()))
