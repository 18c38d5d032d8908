"""What a module hands to the platform, and the registry in which the platform keeps it."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import click
from flask import Blueprint
from flask_babel import LazyString
from sqlalchemy import ColumnElement, Select

from app.access.actor import Actor
from app.access.policies import Policy
from app.core.events import Event, Reactions
from app.core.states import Machine


@dataclass(frozen=True, slots=True)
class Label:
    """The word of an enum value or the sentence of a refusal, and the tone of its badge."""

    text: LazyString | str
    tone: str = "neutral"


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """One entry of the workspace menu; shown where `is_for(actor)`; `count` is the number of things that need her."""

    label: LazyString | str
    endpoint: str
    is_for: Callable[[Actor], bool]
    position: int = 50
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Todo:
    """One thing that needs a person now, for her first page."""

    text: str
    href: str
    due: Any = None
    count: int | None = None
    tone: str = "info"


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of a page of a lower module: `slot` names the place, `render(obj, actor)` gives safe HTML or ''."""

    slot: str
    render: Callable[[Any, Actor], str]
    position: int = 50


@dataclass(frozen=True, slots=True)
class Outcome:
    """How something of a lower module ended, in the words of the module that decided it.

    `dates` names those of its dates that still concern its owner.
    """

    badge: Label
    title: str
    text: str
    tone: str = "info"
    dates: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Who knows how the things of a lower module ended: `find(objs)` gives outcomes by id, of those that have one."""

    slot: str
    find: Callable[[Any], Mapping[int, Outcome]]


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark by which the things of a lower module are found: `holds()` says in SQL of which row.

    `words` are typed in a query, by language, the first of each is shown; `says` tells what they find.
    """

    slot: str
    name: str
    words: Mapping[str, tuple[str, ...]]
    says: LazyString | str
    holds: Callable[[], ColumnElement[bool]]


@dataclass(frozen=True, slots=True)
class Invariant:
    """A SELECT that must find nothing; `name` says what holds."""

    name: str
    violations: Callable[[], Select[Any]]


@dataclass(frozen=True, slots=True)
class Seal:
    """Hashes that are computed again from what they seal; `broken` names, one by one, what does not fit."""

    name: str
    broken: Callable[[], Iterator[str]]


@dataclass(frozen=True, slots=True)
class MessageKind:
    """A kind of letter: `template` is `<package>/email/<name>` without suffix (`.txt` must exist, `.html` may).

    `subject` has named placeholders for the letter's values. `is_secret`: the text holds a single-use link, so staff never
    read it on the outbox page.
    """

    key: str
    subject: LazyString | str
    template: str
    sms: LazyString | str | None = None
    is_secret: bool = False


@dataclass(frozen=True, slots=True)
class CertificateKind:
    """A kind of certificate a module may issue: `title`, `sentence` and `purpose` in three languages.

    The purpose says what it is given for and stands on the page that everybody may open, so it names neither the holder nor her
    project. The sentence names facts in braces, `{name}` first of all; `{amount}` and dates are written as the language does,
    and `{words}` is the amount in words. `letter` marks the kind in numbers: SA26-Д-0001.
    """

    key: str
    title: Mapping[str, str]
    sentence: Mapping[str, str]
    purpose: Mapping[str, str]
    letter: str = "С"


@dataclass(frozen=True, slots=True)
class Demo:
    """A module's part of the demo; called in module order within one transaction.

    `scale(applications, jurors, reviews, seed, addresses)` adds its part of one more competition and gives its addresses by
    name; `addresses` holds what lower modules gave.
    """

    load: Callable[[], None]
    finish_scoring: Callable[[], None] | None = None
    scale: Callable[[int, int, int, int, Mapping[str, str]], Mapping[str, str]] | None = None


@dataclass(frozen=True, slots=True)
class Module:
    """All that one package contributes. Every field but the name may stay empty."""

    name: str
    blueprints: tuple[Blueprint, ...] = ()
    policies: tuple[Policy, ...] = ()
    machines: tuple[Machine, ...] = ()
    # One mapping an enum: values of two enums that read alike are equal, and would overwrite each other in one mapping.
    labels: tuple[Mapping[Any, Label], ...] = ()
    # What acts on the module's nouns are called where people read the record of acts: `Noun.verb` -> a phrase.
    acts: Mapping[str, LazyString | str] = field(default_factory=dict)
    # Those of them that must not happen at a screen somebody left open: only routes that declare them may do them.
    dangerous: frozenset[str] = frozenset()
    reactions: tuple[tuple[type[Event], Callable[[Any], None]], ...] = ()
    commands: tuple[click.Command, ...] = ()
    menu: tuple[MenuEntry, ...] = ()
    todos: tuple[Callable[[Actor], Iterable[Todo]], ...] = ()
    panels: tuple[Panel, ...] = ()
    outcomes: tuple[Outcomes, ...] = ()
    marks: tuple[Mark, ...] = ()
    invariants: tuple[Invariant, ...] = ()
    seals: tuple[Seal, ...] = ()
    message_kinds: tuple[MessageKind, ...] = ()
    certificate_kinds: tuple[CertificateKind, ...] = ()
    # Called by the worker as `run(job, **payload)`; a second call with the same payload must change nothing (core.jobs).
    jobs: Mapping[str, Callable[..., Any]] = field(default_factory=dict)
    # Grants of programme roles, for the generated matrix: permission -> role values.
    grants: Mapping[StrEnum, frozenset[str]] = field(default_factory=dict)
    demo: Demo | None = None


class Registry:
    """The contributions of all loaded modules, merged once at start."""

    def __init__(self, modules: Iterable[Module]) -> None:
        self.modules = tuple(modules)
        self.reactions = Reactions()
        self.policies: dict[tuple[type[Any], StrEnum], tuple[Policy, ...]] = {}
        self.labels: dict[tuple[type[StrEnum], str], Label] = {}
        for module in self.modules:
            for policy in module.policies:
                for permission in policy.permissions:
                    slot = (policy.model, permission)
                    self.policies[slot] = (*self.policies.get(slot, ()), policy)
            for words in module.labels:
                for value, text in words.items():
                    self.labels[type(value), value.value] = text
            for event, reaction in module.reactions:
                self.reactions.add(event, reaction)
        self.acts = {act: phrase for m in self.modules for act, phrase in m.acts.items()}
        self.dangerous = frozenset(act for m in self.modules for act in m.dangerous)
        self.menu = sorted((entry for m in self.modules for entry in m.menu), key=lambda entry: entry.position)
        self.todos = tuple(todo for m in self.modules for todo in m.todos)
        self.invariants = tuple(one for m in self.modules for one in m.invariants)
        self.seals = tuple(one for m in self.modules for one in m.seals)
        self.machines = tuple(one for m in self.modules for one in m.machines)
        self.jobs = {name: run for m in self.modules for name, run in m.jobs.items()}
        self.message_kinds = {kind.key: kind for m in self.modules for kind in m.message_kinds}
        self.certificate_kinds = {kind.key: kind for m in self.modules for kind in m.certificate_kinds}

    def label(self, value: StrEnum) -> Label:
        """The label of an enum value; raises KeyError where a module forgot it (an architecture test finds those)."""
        return self.labels[type(value), value.value]

    def outcomes(self, slot: str) -> list[Outcomes]:
        """Those who know how the things of one kind ended."""
        return [one for module in self.modules for one in module.outcomes if one.slot == slot]

    def marks(self, slot: str) -> list[Mark]:
        """The marks on the things of one kind, in module order."""
        return [one for module in self.modules for one in module.marks if one.slot == slot]

    def panels(self, slot: str) -> list[Panel]:
        """The panels for one place, in order."""
        found = [panel for module in self.modules for panel in module.panels if panel.slot == slot]
        return sorted(found, key=lambda panel: panel.position)
