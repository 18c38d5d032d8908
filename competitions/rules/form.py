"""A form as a value: its groups and questions in order, every change as a new value, and what is wrong with it. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, TypeVar

from app.core.refusals import Refusal, RefusedError
from competitions.rules.answers import CHOICE_KINDS, TEXT_KINDS, UNANSWERED_KINDS, Asked
from competitions.rules.application import FILE_LIMIT
from competitions.rules.conditions import Condition, condition_of
from competitions.rules.readiness import BIRTH_DATE
from competitions.rules.settings import LANGUAGES, Text
from competitions.states import QuestionKind

QUESTION_LIMIT = 100
GROUP_LIMIT = 20
OPTION_LIMIT = 40
LABEL_LENGTH = 300
HINT_LENGTH = 2000
LONGEST_ANSWER = 20_000
TITLE = "title"
# Who she is: the jury never sees it, whatever is chosen.
PRIVATE_KINDS = frozenset(
    {
        QuestionKind.PERSON_NAME, QuestionKind.IIN, QuestionKind.CONTACT, QuestionKind.REGION_DISTRICT,
        QuestionKind.INSTITUTION, QuestionKind.PHONE, QuestionKind.EMAIL,
    }
)  # fmt: skip
# The same by their key: the date of birth, and the paper that shows where she grew up.
PRIVATE_KEYS = frozenset({BIRTH_DATE, "status_proof"})
# Asked once: what is known of a person or a project has one place.
SINGLE_KINDS = frozenset(
    {
        QuestionKind.PERSON_NAME, QuestionKind.IIN, QuestionKind.CONTACT, QuestionKind.REGION_DISTRICT,
        QuestionKind.INSTITUTION, QuestionKind.BUDGET,
    }
)  # fmt: skip


class FormRefusal(StrEnum):
    """What may be wrong with a form, or with a change of it."""

    NOT_A_FORM = "not_a_form"
    UNKNOWN_QUESTION = "unknown_question"
    GROUP_NOT_EMPTY = "group_not_empty"
    GROUP_UNNAMED = "group_unnamed"
    QUESTION_UNNAMED = "question_unnamed"
    TOO_LONG = "too_long"
    TOO_MANY = "too_many"
    CHOICES_MISSING = "choices_missing"
    COLUMNS_MISSING = "columns_missing"
    ASKED_TWICE = "asked_twice"
    PROJECT_UNNAMED = "project_unnamed"
    NAME_NEEDED = "name_needed"
    BIRTH_DATE_NEEDED = "birth_date_needed"
    REGION_NEEDED = "region_needed"
    AMOUNT_NEEDED = "amount_needed"
    BUDGET_NEEDED = "budget_needed"
    WORDS_MISSING = "words_missing"
    CONDITION_LATER = "condition_later"
    CONDITION_PRIVATE = "condition_private"
    CONDITION_UNANSWERABLE = "condition_unanswerable"
    LIMIT_WRONG = "limit_wrong"
    FILE_LIMIT_WRONG = "file_limit_wrong"
    KIND_CHANGED = "kind_changed"
    PRIVACY_CHANGED = "privacy_changed"
    NOTHING_CHANGED = "nothing_changed"
    TOO_LATE = "too_late"


@dataclass(frozen=True, slots=True)
class GroupText:
    """One screen of the form."""

    key: str
    title: Text


@dataclass(frozen=True, slots=True)
class QuestionText:
    """One question; `options` as `models.Question` keeps them."""

    key: str
    group: str
    kind: QuestionKind
    label: Text
    hint: Text = field(default_factory=dict)
    is_required: bool = True
    is_private: bool = False
    max_length: int | None = None
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def asked(self) -> Asked:
        """As the rules of answers need it."""
        return Asked(self.key, self.kind, self.group, self.is_required, self.is_private, self.max_length, self.options)

    @property
    def condition(self) -> Condition | None:
        """When it is asked, if not always."""
        return condition_of(self.asked)

    @property
    def choices(self) -> Sequence[Mapping[str, Any]]:
        """What may be chosen, each with `key` and `label`."""
        found: Sequence[Mapping[str, Any]] = self.options.get("choices", ())
        return found


One = TypeVar("One", GroupText, QuestionText)


@dataclass(frozen=True, slots=True)
class FormText:
    """A whole form; the questions of a group stand together, in the order of the groups."""

    groups: tuple[GroupText, ...]
    questions: tuple[QuestionText, ...]

    def question(self, key: str) -> QuestionText:
        """The question with this key; refuses when somebody has taken it out meanwhile."""
        return _found(self.questions, key)

    def group(self, key: str) -> GroupText:
        """The group with this key."""
        return _found(self.groups, key)

    def of(self, group: str) -> tuple[QuestionText, ...]:
        """The questions of a group."""
        return tuple(one for one in self.questions if one.group == group)


def _found(among: Sequence[One], key: str) -> One:
    found = next((one for one in among if one.key == key), None)
    if found is None:
        raise RefusedError(Refusal(FormRefusal.UNKNOWN_QUESTION))
    return found


def is_always_private(key: str, kind: QuestionKind) -> bool:
    """Whether the jury never sees the answer, whatever is ticked."""
    return kind in PRIVATE_KINDS or key in PRIVATE_KEYS


# --- Changes ------------------------------------------------------------------------------------------------------------


def in_order(form: FormText) -> FormText:
    """The same form with its questions in the order of the groups."""
    return replace(form, questions=tuple(one for group in form.groups for one in form.of(group.key)))


def put_question(form: FormText, question: QuestionText) -> FormText:
    """The form with the question in place of the one with its key, or at the end of its group."""
    form.group(question.group)
    question = replace(question, is_private=question.is_private or is_always_private(question.key, question.kind))
    before = next((one for one in form.questions if one.key == question.key), None)
    if before is None or before.group != question.group:
        kept = tuple(one for one in form.questions if one.key != question.key)
        return in_order(replace(form, questions=(*kept, question)))
    return replace(form, questions=tuple(question if one.key == question.key else one for one in form.questions))


def remove_question(form: FormText, key: str) -> FormText:
    """The form without the question."""
    form.question(key)
    return replace(form, questions=tuple(one for one in form.questions if one.key != key))


def move_question(form: FormText, key: str, by: int) -> FormText:
    """One place up or down; over the edge of its group it goes to the nearest place of the next one."""
    moved = form.question(key)
    mine, groups = form.of(moved.group), [one.key for one in form.groups]
    place = mine.index(moved) + by
    if 0 <= place < len(mine):
        return place_question(form, key, moved.group, place)
    beside = groups.index(moved.group) + by
    if not 0 <= beside < len(groups):
        return form
    return place_question(form, key, groups[beside], 0 if by > 0 else len(form.of(groups[beside])))


def place_question(form: FormText, key: str, group: str, place: int) -> FormText:
    """The question at a place (0 is the first) of a group."""
    moved = replace(form.question(key), group=form.group(group).key)
    rest = tuple(one for one in form.questions if one.key != key)
    mine = [one for one in rest if one.group == group]
    mine.insert(max(place, 0), moved)
    return in_order(replace(form, questions=(*(one for one in rest if one.group != group), *mine)))


def put_group(form: FormText, group: GroupText) -> FormText:
    """The form with the group in place of the one with its key, or at the end."""
    if group.key in {one.key for one in form.groups}:
        return replace(form, groups=tuple(group if one.key == group.key else one for one in form.groups))
    return replace(form, groups=(*form.groups, group))


def move_group(form: FormText, key: str, by: int) -> FormText:
    """One place up or down."""
    groups = list(form.groups)
    place = groups.index(form.group(key))
    groups.insert(min(max(place + by, 0), len(groups) - 1), groups.pop(place))
    return in_order(replace(form, groups=tuple(groups)))


def remove_group(form: FormText, key: str) -> FormText:
    """The form without an empty group."""
    group = form.group(key)
    if form.of(key):
        raise RefusedError(Refusal(FormRefusal.GROUP_NOT_EMPTY, {"group": group.title}))
    return replace(form, groups=tuple(one for one in form.groups if one.key != key))


# --- What is wrong with a form ------------------------------------------------------------------------------------------


def check_form(form: FormText) -> list[Refusal]:
    """Everything by which a form could not be filled in or would show the jury too much, all at once."""
    found = [*_check_sizes(form), *_check_groups(form)]
    for place, one in enumerate(form.questions):
        found += [*_check_texts(one), *_check_options(one), *_check_condition(form, place, one)]
    titles = [one for one in form.questions if one.key == TITLE]
    if not titles or titles[0].kind is not QuestionKind.SHORT or titles[0].is_private or titles[0].condition:
        found.append(Refusal(FormRefusal.PROJECT_UNNAMED))
    for kind in sorted(SINGLE_KINDS):
        if sum(one.kind is kind for one in form.questions) > 1:
            found.append(Refusal(FormRefusal.ASKED_TWICE, {"kind": kind}))
    return found


def _check_sizes(form: FormText) -> list[Refusal]:
    sizes = ((len(form.questions), QUESTION_LIMIT), (len(form.groups), GROUP_LIMIT))
    return [Refusal(FormRefusal.TOO_MANY, {"limit": limit}) for size, limit in sizes if size > limit]


def _check_groups(form: FormText) -> Iterator[Refusal]:
    for number, one in enumerate(form.groups, start=1):
        if not is_named(one.title):
            yield Refusal(FormRefusal.GROUP_UNNAMED, {"number": number}, field="title")
        if _is_longer(one.title, LABEL_LENGTH):
            yield Refusal(FormRefusal.TOO_LONG, {"question": one.title}, field="title")


def _check_texts(one: QuestionText) -> Iterator[Refusal]:
    if not is_named(one.label):
        yield Refusal(FormRefusal.QUESTION_UNNAMED, {"key": one.key}, field="label")
    listed = [each["label"] for name in ("choices", "columns") for each in one.options.get(name, ())]
    short = (one.label, one.options.get("example", {}), *listed)
    if _is_longer(one.hint, HINT_LENGTH) or any(_is_longer(text, LABEL_LENGTH) for text in short):
        yield Refusal(FormRefusal.TOO_LONG, {"question": one.label})
    if one.max_length is not None and (one.kind not in TEXT_KINDS or not 0 < one.max_length <= LONGEST_ANSWER):
        yield Refusal(FormRefusal.LIMIT_WRONG, {"question": one.label, "limit": LONGEST_ANSWER}, field="max_length")


def _check_options(one: QuestionText) -> Iterator[Refusal]:
    if one.kind in CHOICE_KINDS and not _are_listed(one.choices, at_least=2):
        yield Refusal(FormRefusal.CHOICES_MISSING, {"question": one.label}, field="choices")
    if one.kind is QuestionKind.TABLE and not _are_listed(one.options.get("columns", ()), at_least=1):
        yield Refusal(FormRefusal.COLUMNS_MISSING, {"question": one.label}, field="columns")
    if one.kind is QuestionKind.FILE and not 1 <= one.options.get("limit", FILE_LIMIT) <= FILE_LIMIT:
        yield Refusal(FormRefusal.FILE_LIMIT_WRONG, {"question": one.label, "limit": FILE_LIMIT}, field="limit")


def _are_listed(listed: Sequence[Mapping[str, Any]], *, at_least: int) -> bool:
    keys = [one["key"] for one in listed]
    return (
        at_least <= len(keys) <= OPTION_LIMIT and len(set(keys)) == len(keys) and all(is_named(one["label"]) for one in listed)
    )


def _check_condition(form: FormText, place: int, one: QuestionText) -> Iterator[Refusal]:
    condition = one.condition
    if condition is None:
        return
    on = next((each for each in form.questions[:place] if each.key == condition.question), None)
    if on is None:
        yield Refusal(FormRefusal.CONDITION_LATER, {"question": one.label}, field="condition_question")
    elif on.is_private and not one.is_private:
        yield Refusal(FormRefusal.CONDITION_PRIVATE, {"question": one.label, "on": on.label}, field="condition_question")
    elif not _may_be_met(condition, on):
        yield Refusal(FormRefusal.CONDITION_UNANSWERABLE, {"question": one.label, "on": on.label}, field="condition_question")


def answers_to(question: QuestionText) -> tuple[str, ...]:
    """The answers a condition on this question may name; empty where it may only be answered or not."""
    if question.kind is QuestionKind.YES_NO:
        return ("yes", "no")
    if question.kind is QuestionKind.CONSENT:
        return ("yes",)
    return tuple(one["key"] for one in question.choices) if question.kind in CHOICE_KINDS else ()


def may_be_depended_on(question: QuestionText) -> bool:
    """Whether a condition may look at it: files and texts to read are no answers."""
    return question.kind not in {*UNANSWERED_KINDS, QuestionKind.FILE}


def _may_be_met(condition: Condition, on: QuestionText) -> bool:
    if not may_be_depended_on(on) or not set(condition.choices) <= set(answers_to(on)):
        return False
    if answers_to(on) and not condition.choices:
        return False
    bounds = [one for one in (condition.at_least, condition.at_most) if one is not None]
    if bounds and on.kind not in {QuestionKind.NUMBER, QuestionKind.MONEY}:
        return False
    return bounds == sorted(bounds)


def _is_longer(text: Text, limit: int) -> bool:
    return any(len(one) > limit for one in text.values())


def is_named(text: Text) -> bool:
    """Whether there are words in any language."""
    return any(text.get(language, "").strip() for language in LANGUAGES)


# --- What a change means for those who write ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FormDifference:
    """What a new version asks more, no longer, or otherwise, by label."""

    added: tuple[QuestionText, ...]
    removed: tuple[QuestionText, ...]
    changed: tuple[QuestionText, ...]
    now_required: tuple[QuestionText, ...] = ()
    is_nothing: bool = False

    @property
    def due(self) -> int:
        """How many questions more must be answered: new ones, and those that were optional. Conditions may spare some."""
        return sum(one.is_required for one in (*self.added, *self.now_required))

    @property
    def is_order_only(self) -> bool:
        """Whether the same is asked in the same words, in another order or under other headings."""
        return not (self.is_nothing or self.added or self.removed or self.changed)


def difference(before: FormText, after: FormText) -> FormDifference:
    """The questions by which two forms differ, and whether anything does."""
    was, now = ({one.key: one for one in form.questions} for form in (before, after))
    return FormDifference(
        added=tuple(one for one in after.questions if one.key not in was),
        removed=tuple(one for one in before.questions if one.key not in now),
        changed=tuple(one for one in after.questions if one.key in was and was[one.key] != one),
        now_required=tuple(
            one for one in after.questions if one.key in was and one.is_required and not was[one.key].is_required
        ),
        is_nothing=before == after,
    )
