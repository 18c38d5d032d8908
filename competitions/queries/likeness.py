"""Other applications of a competition that are like one of it, with what shows it: for who checks them, and nobody else."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import joinedload

from app.access.actor import Actor
from app.access.door import visible_to
from app.core.db import db
from app.people.models import Person
from app.people.queries import same_person_ids
from app.people.rules import masked_phone
from competitions.models import Application, ApplicationVersion, Question, SearchWord
from competitions.policy import Permission
from competitions.queries.application import Contents
from competitions.rules.answers import PROSE_KINDS
from competitions.rules.likeness import Likeness, names_are_alike, sample_of, shared_text

# However many are a little like it, so many are looked at more closely.
NAMES_LOOKED_AT, TEXTS_LOOKED_AT = 100, 5


@dataclass(frozen=True, slots=True)
class Alike:
    """Another application, and in what it is like this one, with the values of each sentence."""

    application: Application
    signs: tuple[tuple[Likeness, Mapping[str, object]], ...]


def alike(actor: Actor, what: Contents, applicant: Person) -> tuple[Alike, ...]:
    """Those that are like this one, the surest first, in as many queries however many there are."""
    one = what.application
    stems = _stems(one)
    texts, names = _sharing(actor, one, sample_of(stems[False])), _sharing(actor, one, stems[True], is_name=True)
    found: dict[int, list[tuple[Likeness, Mapping[str, object]]]] = {}
    others = _others(actor, one, _is_near(applicant, {*names[:NAMES_LOOKED_AT], *texts[:TEXTS_LOOKED_AT]}))
    written = _texts(what.questions, [one.id, *texts[:TEXTS_LOOKED_AT]])
    same = same_person_ids(applicant)
    for other in others:
        signs = _signs(applicant, other.applicant, is_same=other.applicant_id in same)
        shared = shared_text(written.get(one.id, ()), written.get(other.id, ()))
        if shared is not None:
            signs.append((Likeness.SIMILAR_TEXT, {"share": shared.share, "passage": shared.passage}))
        if signs:
            found[other.id] = signs
    order = list(Likeness)
    kept = [Alike(other, tuple(found[other.id])) for other in others if other.id in found]
    return tuple(sorted(kept, key=lambda each: (order.index(each.signs[0][0]), each.application.id)))


def _signs(mine: Person, theirs: Person, *, is_same: bool) -> list[tuple[Likeness, Mapping[str, object]]]:
    if is_same or (mine.iin_index and mine.iin_index == theirs.iin_index):
        return [(Likeness.SAME_PERSON, {})]
    signs: list[tuple[Likeness, Mapping[str, object]]] = []
    if mine.phone_index and mine.phone_index == theirs.phone_index and mine.born_on and mine.born_on == theirs.born_on:
        signs.append((Likeness.SAME_PHONE_AND_BIRTH, {"phone": masked_phone(mine.phone)}))
    if names_are_alike(*((one.family_name, one.given_name, one.patronymic) for one in (mine, theirs))):
        signs.append((Likeness.SIMILAR_NAME, {"name": mine.full_name, "other": theirs.full_name}))
    return signs


def _stems(application: Application) -> dict[bool, list[str]]:
    """By what it is found: words of the project (False), words of the name (True)."""
    wanted = select(SearchWord.is_name, SearchWord.stem).where(SearchWord.application_id == application.id)
    found: dict[bool, list[str]] = {False: [], True: []}
    for is_name, stem in db.session.execute(wanted):
        found[is_name].append(stem)
    return found


def _sharing(actor: Actor, application: Application, stems: Sequence[str], *, is_name: bool = False) -> list[int]:
    """Other applications with some of these stems, those with the most of them first."""
    wanted = (
        visible_to(actor, Application, Permission.APPLICATION_CHECK)
        .with_only_columns(Application.id)
        .join(SearchWord, SearchWord.application_id == Application.id)
        .where(
            Application.competition_id == application.competition_id,
            Application.id != application.id,
            SearchWord.is_name.is_(is_name),
            SearchWord.stem.in_(stems),
        )
        .group_by(Application.id)
        .order_by(func.count().desc(), Application.id)
    )
    return list(db.session.scalars(wanted.limit(NAMES_LOOKED_AT if is_name else TEXTS_LOOKED_AT)))


def _is_near(person: Person, ids: Iterable[int]) -> ColumnElement[bool]:
    near = [Application.id.in_(sorted(ids)), Application.applicant_id.in_(sorted(same_person_ids(person)))]
    keys = ((Person.iin_index, person.iin_index), (Person.phone_index, person.phone_index))
    return or_(*near, *(column == value for column, value in keys if value))


def _others(actor: Actor, application: Application, is_near: ColumnElement[bool]) -> Sequence[Application]:
    wanted = (
        visible_to(actor, Application, Permission.APPLICATION_CHECK)
        .join(Person, Person.id == Application.applicant_id)
        .where(Application.competition_id == application.competition_id, Application.id != application.id, is_near)
        .options(joinedload(Application.applicant))
        .order_by(Application.id)
    )
    return db.session.scalars(wanted).all()


def _texts(questions: Iterable[Question], ids: Sequence[int]) -> dict[int, list[str]]:
    """What these applications say of their projects, as last submitted."""
    keys = [one.key for one in questions if not one.is_private and one.kind in PROSE_KINDS]
    wanted = select(ApplicationVersion.application_id, ApplicationVersion.content).where(
        ApplicationVersion.application_id.in_(ids)
    )
    return {
        one: [str(content[key]) for key in keys if content.get(key)]
        for one, content in db.session.execute(wanted.order_by(ApplicationVersion.number))
    }
