"""Which questions of a form are asked, by what was answered before them. Pure.

A question may have one condition, on one answer that comes earlier in the form: `options["show_if"]` is
`{"question": key}` and one of `"is": [keys]` (of a choice; `yes` or `no`), `"at_least": n`, `"at_most": n`, or none of them
(anything is answered). What is not asked is neither due nor sent; what was typed into it stays with its author.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from competitions.rules.answers import UNANSWERED_KINDS, Asked, is_empty


@dataclass(frozen=True, slots=True)
class Condition:
    """When a question is asked; money in tenge."""

    question: str
    choices: tuple[str, ...] = ()
    at_least: int | None = None
    at_most: int | None = None

    def is_met(self, value: Any) -> bool:
        """Whether the answer to `question` lets the other one be asked."""
        if is_empty(value):
            return False
        if self.choices:
            given = value if isinstance(value, list) else [_as_key(value)]
            return any(one in self.choices for one in given)
        if self.at_least is None and self.at_most is None:
            return True
        is_number = isinstance(value, int) and not isinstance(value, bool)
        return (
            is_number and (self.at_least is None or value >= self.at_least) and (self.at_most is None or value <= self.at_most)
        )


def condition_of(asked: Asked) -> Condition | None:
    """The condition of a question, if it has one."""
    found = asked.options.get("show_if")
    if not found:
        return None
    return Condition(found["question"], tuple(found.get("is", ())), found.get("at_least"), found.get("at_most"))


def asked_keys(form: Sequence[Asked], answers: Mapping[str, Any]) -> frozenset[str]:
    """The questions that these answers leave to be asked. What depends on one that is not asked is not asked either."""
    found: set[str] = set()
    for one in form:
        condition = condition_of(one)
        if condition is None or (condition.question in found and condition.is_met(answers.get(condition.question))):
            found.add(one.key)
    return frozenset(found)


def screen_keys(form: Sequence[Asked], answers: Mapping[str, Any]) -> frozenset[str]:
    """The questions that stand on screens: those asked, and those that an answer on the same screen may still ask."""
    asked, found, groups = asked_keys(form, answers), set[str](), {one.key: one.group for one in form}
    for one in form:
        condition = condition_of(one)
        may_come = condition is not None and condition.question in found and groups[condition.question] == one.group
        if one.key in asked or may_come:
            found.add(one.key)
    return frozenset(found)


def answerable(form: Sequence[Asked], answers: Mapping[str, Any]) -> frozenset[str]:
    """The questions that are asked and take an answer."""
    asked = asked_keys(form, answers)
    return frozenset(one.key for one in form if one.key in asked and one.kind not in UNANSWERED_KINDS)


def _as_key(value: Any) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
