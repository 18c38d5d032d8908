"""How an organiser changes a competition: texts, questions and answers, dates, numbers, sections of the rules."""

from collections.abc import Callable

from flask import Response, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse
from wtforms import Field

from app.access.door import AbsentError, fetch
from app.access.routes import WRITING_LIMIT, requires, takes
from app.core.columns import Translation
from app.core.forms import Form
from app.core.refusals import Refusal, RefusedError
from app.request import actor, arrived_at, done, language, page
from competitions.forms.competition import (
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
from competitions.queries.competition import call_of
from competitions.services import competition as services
from competitions.states import CompetitionState, Milestone
from competitions.views.organiser import blueprint, desk, status

__all__ = ["blueprint"]  # with all that is bound to it


@blueprint.route("/<public_id>/texts", methods=["GET", "POST"])
@takes(WRITING_LIMIT)
@requires(Permission.COMPETITION_EDIT)
def edit_texts(public_id: str) -> BaseResponse:
    """What the call says, in three languages side by side."""
    found = fetch(Competition, public_id, may=Permission.COMPETITION_EDIT)
    texts = services.texts_of(found)
    form = TextsForm(obj=found)
    refusals, saved = _try(
        form, lambda: services.edit_texts(found, form.texts(texts), by=actor(), at=arrived_at()), desk(found)
    )
    return saved or page(
        "competitions/organiser/edit_texts.html", status=status(form, refusals), competition=found, form=form, refusals=refusals
    )


@blueprint.route("/<public_id>/questions", methods=["GET", "POST"])
@takes(WRITING_LIMIT)
@requires(Permission.COMPETITION_EDIT)
def edit_questions(public_id: str) -> BaseResponse:
    """Questions and answers of the call; there is always one empty pair more."""
    found = fetch(Competition, public_id, may=Permission.COMPETITION_EDIT)
    texts = services.texts_of(found)
    form = QuestionsForm(pairs=[*texts.questions_and_answers, {}])
    here = url_for("competitions_organiser.edit_questions", public_id=public_id)
    refusals, saved = _try(form, lambda: services.edit_texts(found, form.texts(texts), by=actor(), at=arrived_at()), here)
    return saved or page(
        "competitions/organiser/edit_questions.html",
        status=status(form, refusals),
        competition=found,
        form=form,
        refusals=refusals,
    )


@blueprint.route("/<public_id>/dates", methods=["GET", "POST"])
@requires(Permission.COMPETITION_EDIT)
def edit_dates(public_id: str) -> BaseResponse:
    """The calendar to the minute; an announced one moves by an act only."""
    call = call_of(fetch(Competition, public_id, may=Permission.COMPETITION_EDIT))
    found, dates = call.competition, call.calendar.dates
    is_amendment = found.state is not CompetitionState.DRAFT
    kind = dates_form([one for one in Milestone if one in dates], with_act=is_amendment)
    form = kind(data={one.value: instant for one, instant in dates.items()})

    def save() -> None:
        if is_amendment:
            services.amend_dates(found, calendar_in(form), form.act(), by=actor(), at=arrived_at())
        else:
            services.edit_dates(found, calendar_in(form), by=actor(), at=arrived_at())

    refusals, saved = _try(form, save, desk(found))
    return saved or page(
        "competitions/organiser/edit_dates.html",
        status=status(form, refusals),
        call=call,
        form=form,
        dates=by_prefix(form, *(one.value for one in dates)),
        acts=by_prefix(form, "act_"),
        refusals=refusals,
    )


@blueprint.route("/<public_id>/numbers", methods=["GET", "POST"])
@requires(Permission.COMPETITION_EDIT)
def edit_numbers(public_id: str) -> BaseResponse:
    """Money, ages, terms, weights and pass marks of the draft rules."""
    call = call_of(fetch(Competition, public_id, may=Permission.COMPETITION_EDIT))
    form = numbers_form(call.settings, language())(data=numbers_of(call.settings))
    refusals, saved = _try(
        form,
        lambda: services.edit_settings(call.competition, form.settings(call.settings), by=actor(), at=arrived_at()),
        desk(call.competition),
    )
    return saved or page(
        "competitions/organiser/edit_numbers.html",
        status=status(form, refusals),
        call=call,
        form=form,
        refusals=refusals,
        groups=_number_groups(form),
    )


@blueprint.route("/<public_id>/rules/<int:number>", methods=["GET", "POST"])
@takes(WRITING_LIMIT)
@requires(Permission.COMPETITION_EDIT)
def edit_section(public_id: str, number: int) -> BaseResponse:
    """One section of the draft rules, article by article in three languages."""
    call = call_of(fetch(Competition, public_id, may=Permission.COMPETITION_EDIT))
    if not 0 < number <= len(call.rules.sections):
        raise AbsentError
    section = call.rules.sections[number - 1]
    form = SectionForm(title=Translation(section["title"]), articles=[{"text": one} for one in [*section["articles"], {}]])
    form.number(number)
    refusals, saved = _try(
        form,
        lambda: services.edit_section(
            call.competition, number, title=Translation(form.title.data), articles=form.texts(), by=actor(), at=arrived_at()
        ),
        url_for("competitions_organiser.rules", public_id=public_id),
    )
    return saved or page(
        "competitions/organiser/edit_section.html",
        status=status(form, refusals),
        call=call,
        form=form,
        number=number,
        refusals=refusals,
    )


def _try(form: Form, save: Callable[[], None], then: str) -> tuple[tuple[Refusal, ...], Response | BaseResponse | None]:
    """Save a form that is filled in well; the refusals, or the way on."""
    if not form.validate_on_submit():
        return (), None
    try:
        save()
    except RefusedError as refused:
        return refused.refusals, None
    return (), done(_("Saved."), then)


def _number_groups(form: Form) -> list[tuple[str, list[Field]]]:
    return [
        (_("Money"), by_prefix(form, "fund", "award_", "prize_", "quote_", "cap_")),
        (_("Who may take part, and terms"), by_prefix(form, "age_", "check_days", "return_days", "appeal_days")),
        (_("Scoring"), by_prefix(form, "juror_count", "pitch_minutes", "weight_", "pass_")),
    ]
