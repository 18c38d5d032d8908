"""Verbs of organisations, programmes and memberships."""

from datetime import datetime, timedelta

from app.core import audit, tokens
from app.core.audit import By
from app.core.columns import Translation
from app.core.db import db, use_case
from app.core.events import emit
from app.core.refusals import CoreRefusal, Refusal, RefusedError
from app.people.models import User
from app.people.queries import blocking_attempt, user_by_email
from app.people.rules import canonical_email
from app.people.services.accounts import create_account, set_password
from app.people.services.sessions import note_attempt
from app.people.states import AttemptKind, PeopleRefusal, UserState
from app.programmes import notices
from app.programmes.events import RoleOffered
from app.programmes.models import Membership, Organisation, Programme
from app.programmes.queries import (
    has_ended_since,
    holder_of,
    organiser_count,
    programme_by_public_id,
    programme_by_slug,
    programme_of,
    standing_membership,
)
from app.programmes.states import InvitationPurpose, OrganisationKind, ProgrammeRefusal, Role

INVITATION_LASTS = timedelta(days=7)


# --- Organisations and programmes ---------------------------------------------------------------------------------------


@use_case
def enter_organisation(
    *,
    kind: OrganisationKind,
    name: Translation,
    bin: str | None = None,  # noqa: A002 - the number is called so
    address: Translation | None = None,
    phone: str = "",
    email: str = "",
    by: By,
    at: datetime,
) -> Organisation:
    """Enter a body that programmes, institutions or funders are named after."""
    organisation = Organisation(
        kind=kind, name=name, bin=bin or None, address=address or Translation(), phone=phone, email=email, created_at=at
    )
    db.session.add(organisation)
    db.session.flush()
    audit.record("create", organisation, by=by, at=at, kind=kind)
    return organisation


@use_case
def edit_organisation(
    organisation: Organisation,
    *,
    kind: OrganisationKind,
    name: Translation,
    bin: str | None,  # noqa: A002 - the number is called so
    address: Translation,
    phone: str,
    email: str,
    by: By,
    at: datetime,
) -> None:
    """Correct what is known of an organisation."""
    organisation.kind, organisation.name, organisation.bin = kind, name, bin or None
    organisation.address, organisation.phone, organisation.email = address, phone, email
    audit.record("edit", organisation, by=by, at=at, kind=kind)


@use_case
def found_programme(
    *, slug: str, name: Translation, organisation_id: int, timezone: str = "Asia/Almaty", by: By, at: datetime
) -> Programme:
    """Open a standing line of competitions with an audit chain of its own."""
    _refuse_taken(slug, programme_id=None)
    programme = Programme(slug=slug, name=name, organisation_id=organisation_id, timezone=timezone, created_at=at)
    db.session.add(programme)
    db.session.flush()
    audit.record("found", programme, by=by, at=at)
    return programme


@use_case
def edit_programme(
    programme: Programme, *, slug: str, name: Translation, organisation_id: int, timezone: str, by: By, at: datetime
) -> None:
    """Correct name, address, holder or zone."""
    _refuse_taken(slug, programme_id=programme.id)
    programme.slug, programme.name = slug, name
    programme.organisation_id, programme.timezone = organisation_id, timezone
    audit.record("edit", programme, by=by, at=at)


# --- Members ------------------------------------------------------------------------------------------------------------


@use_case
def invite(programme: Programme, *, email: str, role: Role, language: str, address: str, by: By, at: datetime) -> None:
    """Send a link by which the holder of this address, with or without an account, takes a role."""
    canonical = canonical_email(email)
    if canonical is None:
        raise RefusedError(Refusal(PeopleRefusal.EMAIL_INVALID, field="email"))
    user = user_by_email(canonical)
    if user is not None and standing_membership(programme.id, user.id, role) is not None:
        raise RefusedError(Refusal(ProgrammeRefusal.ALREADY_MEMBER, field="email"))
    if user is not None:
        emit(RoleOffered(programme.id, user.id, role))
    until = blocking_attempt(AttemptKind.INVITATION, email=canonical, address=address, at=at)
    if until is not None:
        raise RefusedError(Refusal(CoreRefusal.TOO_MANY, {"until": until}))
    note_attempt(AttemptKind.INVITATION, email=canonical, address=address, at=at)
    _end_invitations(programme, email=canonical, role=role)
    secret = tokens.issue(
        InvitationPurpose.MEMBERSHIP,
        programme.public_id,
        lasts=INVITATION_LASTS,
        at=at,
        email=canonical,
        role=role,
        language=language,
    )
    audit.record("invite", programme, by=by, at=at, role=role)
    spoken = (user.language or user.person.language) if user is not None else language
    notices.invitation(programme, canonical, role, language=spoken, secret=secret)


@use_case
def withdraw_invitation(programme: Programme, *, email: str, role: Role, by: By, at: datetime) -> None:
    """Make the links that were sent to this address for this role useless; nothing happens where there are none."""
    if _end_invitations(programme, email=email, role=role):
        audit.record("withdraw_invitation", programme, by=by, at=at, role=role)


@use_case
def accept_invitation(secret: str, *, user: User, by: By, at: datetime) -> Membership:
    """Take the role; the account must have the address the link was sent to."""
    claim = tokens.consume(InvitationPurpose.MEMBERSHIP, secret, at=at)
    programme = programme_by_public_id(claim.subject)
    if programme is None:
        raise RefusedError(Refusal(CoreRefusal.LINK_USED))
    if user.email != claim.payload["email"]:
        raise RefusedError(Refusal(ProgrammeRefusal.OTHER_ACCOUNT))
    role = Role(claim.payload["role"])
    if has_ended_since(programme.id, user.id, role, claim.issued_at):
        raise RefusedError(Refusal(CoreRefusal.LINK_USED))
    _end_invitations(programme, email=user.email, role=role)
    return give_role(programme, user, role=role, by=by, at=at)


@use_case
def accept_invitation_anew(secret: str, *, password_hash: str, by: By, at: datetime) -> tuple[User, Membership]:
    """Make the account the invitation is for, and take the role: the link has proved the mailbox."""
    claim = tokens.peek(InvitationPurpose.MEMBERSHIP, secret)
    if claim is None:
        raise RefusedError(Refusal(CoreRefusal.LINK_USED))
    user = user_by_email(claim.payload["email"])
    if user is None:
        user = create_account(claim.payload["email"], language=claim.payload["language"], by=by, at=at)
    elif user.state != UserState.UNVERIFIED:
        raise RefusedError(Refusal(CoreRefusal.LINK_USED))
    set_password(user, password_hash=password_hash, by=by, at=at)
    return user, accept_invitation(secret, user=user, by=by, at=at)


@use_case
def give_role(programme: Programme, user: User, *, role: Role, by: By, at: datetime) -> Membership:
    """Let an account act in a programme; the same role twice is the same membership."""
    standing = standing_membership(programme.id, user.id, role)
    if standing is not None:
        return standing
    emit(RoleOffered(programme.id, user.id, role))
    membership = Membership(programme_id=programme.id, user_id=user.id, role=role, started_at=at)
    db.session.add(membership)
    db.session.flush()
    audit.record("give_role", membership, by=by, at=at, role=role, user=user.public_id)
    return membership


@use_case
def end_role(membership: Membership, *, by: By, at: datetime) -> None:
    """Take a role away: the right is gone at the next request. The last organiser stays."""
    if membership.ended_at is not None:
        return
    # Two organisers who end at the same moment wait for each other: one of them is the last.
    db.session.refresh(programme_of(membership), with_for_update={"of": Programme})
    if membership.role == Role.ORGANISER and organiser_count(membership.programme_id) == 1:
        raise RefusedError(Refusal(ProgrammeRefusal.LAST_ORGANISER))
    membership.ended_at = max(at, membership.started_at)
    _end_invitations(programme_of(membership), email=holder_of(membership).email, role=membership.role)
    audit.record("end_role", membership, by=by, at=at, role=membership.role)


def _end_invitations(programme: Programme, *, email: str, role: Role) -> int:
    return tokens.revoke(InvitationPurpose.MEMBERSHIP, programme.public_id, email=email, role=role)


def _refuse_taken(slug: str, *, programme_id: int | None) -> None:
    holder = programme_by_slug(slug)
    if holder is not None and holder.id != programme_id:
        raise RefusedError(Refusal(ProgrammeRefusal.SLUG_TAKEN, field="slug"))
