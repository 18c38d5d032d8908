"""What everybody may open: the call, its rules, the blank form, and the three questions before an application."""

import hashlib
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, g, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response as BaseResponse

from app.access.actor import Actor
from app.access.door import AbsentError
from app.access.routes import public
from app.core import pdf
from app.core.refusals import RefusedError
from app.jinja import theme
from app.request import SAID_BEFORE, actor, arrived_at, language, link_to, page
from competitions.forms.application import conditions_in_words, hint_of, label_of_input
from competitions.forms.eligibility import EligibilityForm, eligibility_form, explanations
from competitions.models import Application
from competitions.queries.application import limits_for, standing_application
from competitions.queries.competition import Call, call_of, public_competition
from competitions.queries.declarations import eligibility_texts
from competitions.queries.document import Written, call_values
from competitions.queries.form import groups_of
from competitions.rules.answers import PARTS
from competitions.rules.eligibility import may_apply
from competitions.rules.eligibility import questions as questions_of
from competitions.services.application import opening_obstacles, start_application
from competitions.views.call import call_page, front_competitions, structured
from competitions.views.rules_document import rules_document

# Under this name the language she will write in is kept beside her answers.
LANGUAGE = "language"

bp = Blueprint("competitions_public", __name__)


@bp.get("/c/<slug>")
@public
def call(slug: str) -> BaseResponse:
    """The call: what is given, to whom, by when, and one next step."""
    found = _call(slug)
    shown, address = call_page(found, arrived_at()), link_to("competitions_public.call", slug=slug)
    return _cached(
        page(
            "competitions/public/call.html",
            call=found,
            shown=shown,
            application=_own(found),
            address=address,
            structured=structured(found, shown, address),
        )
    )


@bp.get("/c/<slug>/rules")
@public
def rules(slug: str) -> BaseResponse:
    """The rules in force, to read and to print."""
    found = _call(slug)
    document = rules_document(found.competition, found.programme, found.rules, language())
    return _cached(page("competitions/public/rules.html", call=found, document=document))


@bp.get("/c/<slug>/form")
@public
def blank_form(slug: str) -> BaseResponse:
    """All questions at once, before anybody signs in."""
    found = _call(slug)
    return _cached(page("competitions/public/blank_form.html", call=found, **_form_shown(found)))


@bp.get("/c/<slug>/form.pdf")
@public
def blank_document(slug: str) -> Response:
    """The same on paper, with room to write: for who prepares by hand, or with a consultant."""
    found = _call(slug)
    address = link_to("competitions_public.call", slug=slug)
    shown = {"call": found, "address": address, **_form_shown(found)}
    body = pdf.render_for_all("competitions/pdf/blank_form.html", language=language(), **shown)
    name = f"{slug}-{language()}.pdf"
    return Response(body, mimetype="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'})


def _form_shown(found: Call) -> dict[str, Any]:
    """What a page with all questions shows of them. Raises AbsentError where there is no form."""
    if found.form is None:
        raise AbsentError
    values = Written(call_values(found.competition, found.programme, found.settings, found.form), language(), found.zone)
    asked = found.form.questions
    return {
        "groups": groups_of(found.form),
        "hints": {one.key: hint_of(one, values) for one in asked},
        "conditions": conditions_in_words(asked),
        "parts": {
            one.key: [label_of_input(one, f"{one.key}-{part}") for part in PARTS[one.kind]]
            for one in asked
            if one.kind in PARTS
        },
    }


@bp.get("/c/<slug>/apply")
@public
def apply(slug: str) -> BaseResponse:
    """The three questions; who has an application goes to it, and who answered before she signed in has one button to press."""
    found = _call(slug)
    standing = _own(found)
    if standing is not None:
        return redirect(url_for("competitions_applicant.application", public_id=standing.public_id))
    return _questions(found, _form(found), may_apply=may_apply(_said_before(found), _texts(found)))


@bp.post("/c/<slug>/apply")
@public
def answer_questions(slug: str) -> BaseResponse:
    """Say who may not apply what else there is; start the application of who may, after she has signed in."""
    found = _call(slug)
    form = _form(found)
    if not form.validate_on_submit():
        return _questions(found, form, status=422)
    said = form.said()
    session[SAID_BEFORE] = {
        **session.get(SAID_BEFORE, {}),
        found.competition.public_id: {**said, LANGUAGE: form.language.data},
    }
    if not all(said.values()):
        return _questions(found, form, reasons=explanations(_texts(found), said))
    if not actor().is_signed_in:
        return redirect(url_for(".apply", slug=slug), code=303)
    return _start(found, form, said)


def _start(found: Call, form: EligibilityForm, said: Mapping[str, bool]) -> BaseResponse:
    """Her application, and its first screen."""
    chosen = form.language.data
    try:
        started = start_application(found.competition, by=actor(), eligibility=said, language=chosen, at=arrived_at())
    except RefusedError as refused:
        return _questions(found, form, refusals=refused.refusals, status=409)
    session[SAID_BEFORE] = {one: what for one, what in session[SAID_BEFORE].items() if one != found.competition.public_id}
    first = groups_of(found.form)[0].key if found.form else ""
    return redirect(url_for("competitions_applicant.group", public_id=started.public_id, group=first), code=303)


def front_panel(_page: Any, _actor: Actor) -> str:
    """The competitions of the first page."""
    return render_template("competitions/panels/front.html", competitions=front_competitions(arrived_at()))


def _call(slug: str) -> Call:
    competition = public_competition(slug)
    if competition is None:
        raise AbsentError
    found = call_of(competition)
    g.timezone = found.programme.timezone
    return found


def _own(found: Call) -> Application | None:
    return standing_application(found.competition, actor().person_ids) if actor().is_signed_in else None


def _texts(found: Call) -> Any:
    limits = limits_for(found.competition, found.settings, arrived_at(), zone=found.zone).eligibility
    texts = eligibility_texts(found, language())
    return {question: texts[question] for question in questions_of(limits)}


def _form(found: Call) -> EligibilityForm:
    chosen = session.get(SAID_BEFORE, {}).get(found.competition.public_id, {}).get(LANGUAGE) or language()
    languages = list(found.competition.languages)
    return eligibility_form(_texts(found), languages=languages, language=chosen, said=_said_before(found))


def _said_before(found: Call) -> dict[str, bool]:
    """Her answers to the three questions, if this browser gave them."""
    said = session.get(SAID_BEFORE, {}).get(found.competition.public_id, {})
    return {question: is_so for question, is_so in said.items() if question != LANGUAGE}


def _questions(found: Call, form: EligibilityForm, *, status: int = 200, **more: Any) -> Response:
    obstacles = opening_obstacles(found.competition, arrived_at())
    return page(
        "competitions/public/apply.html",
        status=status,
        call=found,
        form=form,
        obstacles=obstacles,
        **{"reasons": [], "refusals": (), "may_apply": False, **more},
    )


def _cached(response: Response) -> BaseResponse:
    """Let a visitor's browser ask whether the page has changed instead of loading it again.

    The page differs only in its fresh CSRF token, which stays valid for the session it was made in.
    """
    if actor().is_signed_in or response.status_code != 200:  # noqa: PLR2004 - HTTP: found
        return response
    fixed = render_key(response.get_data(as_text=True))
    response.set_etag(hashlib.sha256(fixed.encode()).hexdigest()[:32], weak=True)
    response.headers["Cache-Control"] = "private, no-cache"
    return response.make_conditional(request)


def render_key(body: str) -> str:
    """The page without what is made anew for every answer, with what belongs to this browser."""
    token = g.get("csrf_token", "")
    return "|".join((body.replace(token, "") if token else body, str(session.get("csrf_token", "")), theme(), language()))
