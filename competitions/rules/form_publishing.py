"""What must hold before applicants write by a form, and what stays as it was when they have. Pure."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from app.core.refusals import Refusal
from competitions.rules.calendar import Calendar
from competitions.rules.form import FormRefusal, FormText, QuestionText, is_named
from competitions.rules.readiness import AMOUNT, BIRTH_DATE
from competitions.rules.settings import LANGUAGE_NAMES, RulesSettings, Text
from competitions.states import CompetitionState, Milestone, QuestionKind


def check_needed(form: FormText, settings: RulesSettings) -> list[Refusal]:
    """What the rules judge by must be asked of everybody: nobody is spared it by a condition, or because it is optional."""
    asked = [one for one in form.questions if one.is_required and one.condition is None]
    kinds, known = {one.kind for one in asked}, {(one.key, one.kind) for one in asked}
    read = {(one.key, one.kind) for one in asked if not one.is_private}
    by_amount, has_ages = not settings.prizes, (settings.age_min, settings.age_max) != (0, 0)
    needed = (
        (FormRefusal.NAME_NEEDED, True, QuestionKind.PERSON_NAME in kinds),
        (FormRefusal.BIRTH_DATE_NEEDED, has_ages, (BIRTH_DATE, QuestionKind.DATE) in known),
        (FormRefusal.REGION_NEEDED, bool(settings.region), QuestionKind.REGION_DISTRICT in kinds),
        (FormRefusal.AMOUNT_NEEDED, by_amount, (AMOUNT, QuestionKind.MONEY) in read),
        (FormRefusal.BUDGET_NEEDED, by_amount and bool(settings.budget_categories), QuestionKind.BUDGET in kinds),
    )
    return [Refusal(code) for code, is_due, is_there in needed if is_due and not is_there]


def check_words(form: FormText, languages: Sequence[str]) -> list[Refusal]:
    """What applicants of one language would read in another: a hint or an example may be missing, but not in one language."""
    found = []
    for title, texts in (
        *((one.title, [one.title]) for one in form.groups),
        *((one.label, _words(one)) for one in form.questions),
    ):
        lacking = [language for language in languages if any(not text.get(language, "").strip() for text in texts)]
        found += [
            Refusal(FormRefusal.WORDS_MISSING, {"question": title, "language": LANGUAGE_NAMES.get(one, one)}, field="form")
            for one in lacking
        ]
    return found


def _words(question: QuestionText) -> list[Text]:
    options = question.options
    listed = [one["label"] for name in ("choices", "columns") for one in options.get(name, ())]
    return [question.label, *listed, *(one for one in (question.hint, options.get("example", {})) if is_named(one))]


def is_changeable(state: CompetitionState, calendar: Calendar, at: datetime) -> bool:
    """Whether a form may change now: before its approval, and under a call while applications can still be written."""
    is_running = state is CompetitionState.ANNOUNCED and calendar.is_before(Milestone.CLOSES, at)
    return state is CompetitionState.DRAFT or is_running


def check_changed(asked: Iterable[QuestionText], after: FormText) -> list[Refusal]:
    """What may not change under applications that are being written: what was answered keeps its kind and who may see it.

    `asked` is every question that any version has asked, those that were taken out since too: their answers are kept.
    """
    was = {one.key: one for one in asked}
    kept = [(was[one.key], one) for one in after.questions if one.key in was]
    found = [Refusal(FormRefusal.KIND_CHANGED, {"question": one.label}) for old, one in kept if old.kind is not one.kind]
    return found + [
        Refusal(FormRefusal.PRIVACY_CHANGED, {"question": one.label}) for old, one in kept if old.is_private != one.is_private
    ]
