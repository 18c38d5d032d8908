"""Verbs of the vault: who a person is, her identity number and phone, records that turn out to be the same human being."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.core import audit
from app.core.audit import By
from app.core.db import db, use_case
from app.core.events import emit
from app.core.refusals import Refusal, RefusedError, refuse_if
from app.core.texts import folded
from app.people.events import NameChanged, NameChanging, NameCorrected
from app.people.models import Person
from app.people.notices import name_corrected
from app.people.queries import (
    account_address,
    iin_index,
    merged_into,
    name_index,
    person_by_iin,
    person_without_account,
    phone_index,
    same_person_ids,
)
from app.people.rules import canonical_email, canonical_phone, check_iin
from app.people.states import NameReason, PeopleRefusal, RevealReason


@dataclass(frozen=True, slots=True)
class Identity:
    """What the vault holds of one person, in full; shown once, never kept."""

    iin: str | None
    born_on: date | None
    phone: str | None


@use_case
def find_or_create_person(
    *,
    family_name: str,
    given_name: str,
    patronymic: str = "",
    iin: str | None = None,
    email: str | None = None,
    phone: str | None = None,
    language: str = "kk",
    by: By,
    at: datetime,
) -> Person:
    """The record with this identity number, else one entered with this address and no account, else a new one."""
    address = canonical_email(email) if email else None
    found = person_by_iin(iin) if iin else None
    if found is None and address:
        found = person_without_account(address)
    if found is not None:
        return found
    person = Person(
        family_name=folded(family_name),
        given_name=folded(given_name),
        patronymic=folded(patronymic),
        email=address,
        language=language,
        created_at=at,
    )
    db.session.add(person)
    db.session.flush()
    audit.record("create", person, by=by, at=at)
    if iin or phone:
        set_identity(person, iin=iin, phone=phone, by=by, at=at)
    return person


@use_case
def set_name(person: Person, *, family_name: str, given_name: str, patronymic: str, by: By, at: datetime) -> None:
    """Write the name as documents shall show it; refused where the present one was admitted."""
    written = folded(family_name), folded(given_name), folded(patronymic)
    if written != (folded(person.family_name), folded(person.given_name), folded(person.patronymic)):
        emit(NameChanging(same_person_ids(person)))
    person.family_name, person.given_name, person.patronymic = written
    audit.record("set_name", person, by=by, at=at)
    emit(NameChanged(person.id))


@use_case
def correct_name(
    person: Person, *, family_name: str, given_name: str, patronymic: str, reason: NameReason, by: By, at: datetime
) -> None:
    """Write the admitted name as it should have been; she gets a letter, and what was issued keeps its text.

    The record of acts holds both names by their blind index: who has a name in hand can prove that it was this one.
    """
    written, before = (folded(family_name), folded(given_name), folded(patronymic)), name_index(person)
    if written == (person.family_name, person.given_name, person.patronymic):
        raise RefusedError(Refusal(PeopleRefusal.SAME_NAME))
    person.family_name, person.given_name, person.patronymic = written
    details: dict[str, Any] = {"reason": reason, "before": before, "after": name_index(person)}
    audit.record("correct_name", person, by=by, at=at, **details)
    emit(NameChanged(person.id))
    emit(NameCorrected(person.id, by, at, details))
    name_corrected(person, account_address(person), reason=reason, at=at)


@use_case
def set_identity(
    person: Person,
    *,
    iin: str | None = None,
    born_on: date | None = None,
    phone: str | None = None,
    by: By,
    at: datetime,
) -> None:
    """Keep what is given, encrypted, with the index by which it is found; what is None stays as it was."""
    number = canonical_phone(phone) if phone else None
    faults = [check_iin(iin)] if iin else []
    if phone and number is None:
        faults.append(Refusal(PeopleRefusal.PHONE_INVALID, field="phone"))
    refuse_if(fault for fault in faults if fault is not None)
    if iin:
        person.iin, person.iin_index = iin, iin_index(iin)
    if born_on:
        person.born_on = born_on
    if number:
        person.phone, person.phone_index = number, phone_index(number)
    given = [name for name, value in (("iin", iin), ("born_on", born_on), ("phone", number)) if value]
    audit.record("set_identity", person, by=by, at=at, fields=given)


@use_case
def reveal_identity(person: Person, *, reason: RevealReason, by: By, at: datetime) -> Identity:
    """The identity in full, with an entry in the audit of who looked and why."""
    audit.record("reveal_identity", person, by=by, at=at, reason=reason)
    return Identity(person.iin, person.born_on, person.phone)


@use_case
def reveal_contact(person: Person, *, reason: RevealReason, by: By, at: datetime) -> Identity:
    """The phone in full and nothing else, with an entry in the audit of who looked and why."""
    audit.record("reveal_contact", person, by=by, at=at, reason=reason)
    return Identity(None, None, person.phone)


@use_case
def merge_persons(duplicate: Person, *, into: Person, by: By, at: datetime) -> None:
    """Link a record to the one it duplicates; nothing is rewritten."""
    if duplicate.id in {into.id, into.merged_into_id} or duplicate.merged_into_id is not None:
        raise RefusedError(Refusal(PeopleRefusal.SAME_PERSON))
    root = into.merged_into_id or into.id
    for follower in merged_into(duplicate.id):
        follower.merged_into_id = root
    duplicate.merged_into_id = root
    audit.record("merge", duplicate, by=by, at=at, into=into.public_id)
