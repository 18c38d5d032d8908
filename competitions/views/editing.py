"""How an organiser changes a competition: texts, questions and answers, dates, numbers, sections of the rules."""

from flask import request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as BaseResponse
from wtforms import Field

from app.access.door import AbsentError, fetch
from app.access.routes import WRITING_LIMIT, dangerous, requires, takes
from app.core.columns import Translation
from app.core.forms import Form
from app.kept import named, names_of
from app.request import actor, arrived_at, done, language, page
from competitions.forms.competition import (
    ActForm,
    QuestionsForm,
    SectionForm,
    TextsForm,
    by_prefix,
    calendar_in,
    dates_form,
    numbers_form,
    numbers_of,
)
from competitions.models import Competition
from competitions.policy import Permission
from competitions.queries.competition import call_of, languages_behind
from competitions.services import competition as services
from competitions.states import CompetitionState, Milestone
from competitions.views.organiser import desk
from competitions.views.publicity import blueprint

__all__ = ["blueprint"]  # with all that is bound to it


@blueprint.route("/<public_id>/texts", methods=["GET", "POST"])
@takes(WRITING_LIMIT)
@requires(Permission.COMPETITION_EDIT)
def edit_texts(public_id: str) -> BaseResponse:
    """What the call says, in three languages side by side."""
    found = fetch(Competition, public_id, may=Permission.COMPETITION_EDIT)
    texts = services.texts_of(found)
    form = TextsForm(obj=found)
    tried = form.attempt(lambda: services.edit_texts(found, form.texts(texts), by=actor(), at=arrived_at()))
    if tried.is_done:
        return done(_("Saved."), desk(found))
    return page(
        "competitions/organiser/edit_texts.html",
        status=tried.status, competition=found, form=form, refusals=tried.refusals,
    )  # fmt: skip


@blueprint.route("/<public_id>/questions", methods=["GET", "POST"])
@takes(WRITING_LIMIT)
@requires(Permission.COMPETITION_EDIT)
def edit_questions(public_id: str) -> BaseResponse:
    """Questions and answers of the call; there is always one empty pair more."""
    found = fetch(Competition, public_id, may=Permission.COMPETITION_EDIT)
    texts = services.texts_of(found)
    form = QuestionsForm(pairs=[*texts.questions_and_answers, {}])
    tried = form.attempt(lambda: services.edit_texts(found, form.texts(texts), by=actor(), at=arrived_at()))
    if tried.is_done:
        return done(_("Saved."), url_for("competitions_organiser.edit_questions", public_id=public_id))
    return page(
        "competitions/organiser/edit_questions.html",
        status=tried.status, competition=found, form=form, refusals=tried.refusals,
    )  # fmt: skip


@blueprint.route("/<public_id>/dates", methods=["GET", "POST"])
@requires(Permission.COMPETITION_EDIT)
@dangerous(_l("Move the dates"), "Rules.approve")
@named(lambda **_values: names_of(dates_form(dict.fromkeys(Milestone, arrived_at()), with_act=True)))
def edit_dates(public_id: str) -> BaseResponse:
    """The calendar to the minute; an announced one moves by an act only."""
    call = call_of(fetch(Competition, public_id, may=Permission.COMPETITION_EDIT))
    dates = call.calendar.dates
    form = dates_form(dates, with_act=call.competition.state is not CompetitionState.DRAFT)
    tried = form.attempt(lambda: _save_dates(call.competition, form))
    if tried.is_done:
        return done(_("Saved."), desk(call.competition))
    return page(
        "competitions/organiser/edit_dates.html",
        status=tried.status, call=call, form=form, refusals=tried.refusals,
        dates=by_prefix(form, *(one.value for one in dates)), acts=by_prefix(form, "act_"),
    )  # fmt: skip


@blueprint.post("/<public_id>/languages")
@requires(Permission.COMPETITION_EDIT)
def compare_languages(public_id: str) -> BaseResponse:
    """One text still fits in all its languages."""
    call = call_of(fetch(Competition, public_id, may=Permission.COMPETITION_EDIT))
    place = request.form.get("place", "")
    if place not in {one.field for one in languages_behind(call)}:
        raise AbsentError
    services.compare_languages(call.competition, place, by=actor(), at=arrived_at())
    return done(_("Noted: the text says the same in all languages."), desk(call.competition))


def _save_dates(competition: Competition, form: Form) -> None:
    if isinstance(form, ActForm):
        services.amend_dates(competition, calendar_in(form), form.act(), by=actor(), at=arrived_at())
    else:
        services.edit_dates(competition, calendar_in(form), by=actor(), at=arrived_at())


@blueprint.route("/<public_id>/numbers", methods=["GET", "POST"])
@requires(Permission.COMPETITION_EDIT)
def edit_numbers(public_id: str) -> BaseResponse:
    """Money, ages, terms, weights and pass marks of the draft rules."""
    call = call_of(fetch(Competition, public_id, may=Permission.COMPETITION_EDIT))
    form = numbers_form(call.settings, language())(data=numbers_of(call.settings))
    tried = form.attempt(
        lambda: services.edit_settings(call.competition, form.settings(call.settings), by=actor(), at=arrived_at())
    )
    if tried.is_done:
        return done(_("Saved."), desk(call.competition))
    return page(
        "competitions/organiser/edit_numbers.html",
        status=tried.status, call=call, form=form, refusals=tried.refusals, groups=_number_groups(form),
    )  # fmt: skip


@blueprint.route("/<public_id>/rules/<int:number>", methods=["GET", "POST"])
@takes(WRITING_LIMIT)
@requires(Permission.COMPETITION_EDIT)
def edit_section(public_id: str, number: int) -> BaseResponse:
    """One section of the draft rules, article by article in three languages."""
    call = call_of(fetch(Competition, public_id, may=Permission.COMPETITION_EDIT))
    if not 0 < number <= len(call.rules.sections):
        raise AbsentError
    form = SectionForm.of(call.rules.sections[number - 1], number)
    tried = form.attempt(
        lambda: services.edit_section(
            call.competition, number, title=Translation(form.title.data), articles=form.texts(), by=actor(), at=arrived_at()
        )
    )
    if tried.is_done:
        return done(_("Saved."), url_for("competitions_organiser.rules", public_id=public_id))
    return page(
        "competitions/organiser/edit_section.html",
        status=tried.status, call=call, form=form, number=number, refusals=tried.refusals,
    )  # fmt: skip


def _number_groups(form: Form) -> list[tuple[str, list[Field]]]:
    return [
        (_("Money"), by_prefix(form, "fund", "award_", "prize_", "quote_", "cap_")),
        (_("Who may take part, and terms"), by_prefix(form, "age_", "check_days", "return_days", "appeal_days")),
        (_("Scoring"), by_prefix(form, "juror_count", "pitch_minutes", "weight_", "pass_")),
    ]
