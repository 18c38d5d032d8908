"""Verbs of consent: given for one exact text, withdrawn as easily."""

import hashlib
from datetime import datetime

from app.core import audit
from app.core.audit import By
from app.core.columns import blind_index
from app.core.db import db, use_case
from app.core.events import emit
from app.people.events import ConsentWithdrawn
from app.people.models import Consent, Person
from app.people.queries import same_person_ids, standing_consents
from app.people.rules import network_of
from app.people.states import ConsentKind, PublicName


def text_version(text: str) -> str:
    """By which the exact words are known again; other words ask again."""
    return hashlib.sha256(text.encode()).hexdigest()


@use_case
def give_consent(
    person: Person,
    kind: ConsentKind,
    *,
    scope: str,
    text: str,
    language: str,
    value: PublicName | None = None,
    address: str = "",
    by: By,
    at: datetime,
) -> Consent:
    """Keep that the person agreed to `text`; the same again changes nothing, another text or value replaces the old one."""
    version, chosen = text_version(text), str(value or "")
    standing = standing_consents(same_person_ids(person), scope).get(kind)
    if standing is not None:
        if (standing.text_version, standing.value) == (version, chosen):
            return standing
        standing.withdrawn_at = max(at, standing.given_at)
        db.session.flush()
    consent = Consent(
        person_id=person.id,
        kind=kind,
        scope=scope,
        value=chosen,
        text_version=version,
        language=language,
        given_at=at,
        network=blind_index("consent.network", network_of(address)) if address else "",
    )
    db.session.add(consent)
    db.session.flush()
    audit.record("give_consent", consent, by=by, at=at, kind=kind, scope=scope, value=chosen)
    return consent


@use_case
def withdraw_consent(consent: Consent, *, by: By, at: datetime) -> None:
    """Take a consent back; higher packages take what it allowed off their pages in the same transaction.

    Whoever no longer lets her data be used no longer lets her name be shown: that consent of the same scope goes with it.
    """
    if consent.withdrawn_at is not None:
        return
    if consent.kind is ConsentKind.PROCESSING:
        people = same_person_ids(db.session.get_one(Person, consent.person_id))
        if (named := standing_consents(people, consent.scope).get(ConsentKind.NAME)) is not None:
            withdraw_consent(named, by=by, at=at)
    consent.withdrawn_at = max(at, consent.given_at)
    audit.record("withdraw_consent", consent, by=by, at=at, kind=consent.kind, scope=consent.scope)
    emit(ConsentWithdrawn(person_id=consent.person_id, kind=consent.kind, scope=consent.scope))


@use_case
def choose_public_name(consent: Consent, *, value: PublicName, by: By, at: datetime) -> Consent:
    """Be named otherwise from now on, under the same words; what shows the name changes in the same transaction."""
    if consent.withdrawn_at is not None or consent.value == value:
        return consent
    consent.withdrawn_at = max(at, consent.given_at)
    db.session.flush()
    kept = {name: getattr(consent, name) for name in ("person_id", "kind", "scope", "text_version", "language", "network")}
    chosen = Consent(**kept, value=str(value), given_at=consent.withdrawn_at)
    db.session.add(chosen)
    db.session.flush()
    audit.record("give_consent", chosen, by=by, at=at, kind=chosen.kind, scope=chosen.scope, value=chosen.value)
    emit(ConsentWithdrawn(person_id=chosen.person_id, kind=chosen.kind, scope=chosen.scope))
    return chosen
