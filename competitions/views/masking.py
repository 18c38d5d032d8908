"""What is personal in an application: masked for staff, and shown in full on the page that asks for a reason."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import render_template
from flask_babel import gettext as _

from app.access.actor import Actor
from app.access.door import decide
from app.people.models import Person
from app.people.policy import Permission as PersonPermission
from app.people.rules import masked_email, masked_iin, masked_phone
from competitions.models import Question
from competitions.queries.application import Contents
from competitions.queries.check import inspected_of
from competitions.rules.answers import calendar_date
from competitions.rules.eligibility import age_on
from competitions.rules.readiness import BIRTH_DATE
from competitions.states import QuestionKind
from competitions.views.status import ShownAnswer, ShownGroup, shown_answers

IDENTITY_KINDS = frozenset({QuestionKind.IIN, QuestionKind.DATE})
MASKED_KINDS = IDENTITY_KINDS | {QuestionKind.CONTACT, QuestionKind.PHONE, QuestionKind.EMAIL}


def masked_answers(what: Contents) -> tuple[ShownGroup, ...]:
    """All answers to read, with what is personal masked."""
    return tuple(replace(shown, answers=tuple(_masked(one, what) for one in shown.answers)) for shown in shown_answers(what))


def _masked(shown: ShownAnswer, what: Contents) -> ShownAnswer:
    question = shown.question
    if shown.is_empty or not question.is_private or question.kind not in MASKED_KINDS:
        return shown
    return replace(shown, text=_masked_text(question, what.values[question.key], what))


def _masked_text(question: Question, value: Any, what: Contents) -> str:
    """Enough to check and to recognise it: two ends of a number, the age for a birth date, the year of another date."""
    if question.kind is QuestionKind.IIN:
        return masked_iin(str(value))
    if question.kind in {QuestionKind.PHONE, QuestionKind.EMAIL}:
        value = {question.kind.value: value}
    if isinstance(value, Mapping):
        return "\n".join(filter(None, (masked_phone(value.get("phone")), masked_email(value.get("email")))))
    day = calendar_date(str(value))
    if day is None or question.key != BIRTH_DATE:
        return str(day.year) if day else ""
    limits = what.limits.eligibility
    age = age_on(limits.closes_on, day)
    said: str = _(
        "Age on the closing day: %(age)s. From %(youngest)s to %(oldest)s: %(fits)s.",
        age=age,
        youngest=limits.age_min,
        oldest=limits.age_max,
        fits=_("yes") if limits.age_min <= age <= limits.age_max else _("no"),
    )
    return said


def identity_panel(person: Person, actor: Actor) -> str:
    """What she wrote of herself in the applications that the actor may read, where it is opened with a reason."""
    with_identity = decide(actor, PersonPermission.PERSON_IDENTITY, person).is_allowed
    kinds = MASKED_KINDS if with_identity else MASKED_KINDS - IDENTITY_KINDS
    found = [(seen.application, _personal(seen, kinds)) for seen in inspected_of(person, actor)]
    return render_template("competitions/panels/identity.html", found=[one for one in found if one[1]]) if found else ""


def _personal(seen: Contents, kinds: frozenset[QuestionKind]) -> list[ShownAnswer]:
    return [
        one
        for shown in shown_answers(seen)
        for one in shown.answers
        if one.question.is_private and one.question.kind in kinds and not one.is_empty
    ]
