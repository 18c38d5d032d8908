"""Verbs of seats: invite, accept, decline, remove."""

from datetime import datetime, timedelta

from app.access.actor import Actor
from app.core import audit, tokens
from app.core.audit import By
from app.core.db import db, use_case
from app.core.refusals import CoreRefusal, Refusal, RefusedError
from app.core.transitions import move
from app.people.models import Person, User
from app.people.queries import blocking_attempt, language_of, person_without_account, same_person_ids, user_by_email
from app.people.rules import canonical_email
from app.people.services.accounts import create_account, set_password
from app.people.services.persons import find_or_create_person, merge_persons
from app.people.services.sessions import note_attempt
from app.people.states import AttemptKind
from scoring import notices
from scoring.models import Assignment, Juror, Round
from scoring.queries import impartial, jury
from scoring.rules import ScoringRefusal
from scoring.states import JurorPurpose, JurorState, ReviewState

INVITATION_LASTS = timedelta(days=30)


@use_case
def invite_juror(
    round_: Round,
    *,
    family_name: str,
    given_name: str,
    email: str,
    languages: list[str],
    language: str,
    is_chair: bool,
    network: str,
    by: By,
    at: datetime,
) -> Juror:
    """Offer a seat by a letter with a link; the letter tells dates, load and terms in `language`."""
    _note_invitation(email, network=network, at=at)
    person = _person(email, family_name=family_name, given_name=given_name, language=language, by=by, at=at)
    address = canonical_email(email) or email
    secret = offer_seat(round_, person, email=address, languages=languages, is_chair=is_chair, by=by, at=at)
    juror = jury.seat_at(round_, address)
    assert juror is not None  # noqa: S101 - it was just made
    notices.jury_invite(juror, secret=secret, language=language, at=at)
    return juror


@use_case
def offer_seat(round_: Round, person: Person, *, email: str, languages: list[str], is_chair: bool, by: By, at: datetime) -> str:
    """Make the seat and return the secret of its link."""
    locked = jury.locked_round(round_.id)
    account = user_by_email(email)
    people = same_person_ids(person) | (same_person_ids(account.person) if account is not None else frozenset())
    _refuse_taken(locked, people, email=email, is_chair=is_chair)
    _refuse_partial(locked, people, at=at)
    juror = Juror(
        programme_id=locked.programme_id,
        round_id=locked.id,
        person=person,
        is_chair=is_chair,
        languages=languages,
        email=email,
        invited_at=at,
    )
    db.session.add(juror)
    db.session.flush()
    audit.record("invite", juror, by=by, at=at, is_chair=is_chair)
    return tokens.issue(JurorPurpose.INVITATION, juror.public_id, lasts=INVITATION_LASTS, at=at)


def _person(email: str, *, family_name: str, given_name: str, language: str, by: By, at: datetime) -> Person:
    """The invited as the organiser names her. Whose address it is stays unsaid until she accepts."""
    address = canonical_email(email) or email
    is_known = user_by_email(address) is not None or person_without_account(address) is not None
    return find_or_create_person(
        family_name=family_name,
        given_name=given_name,
        email=None if is_known else address,
        language=language,
        by=by,
        at=at,
    )


def _note_invitation(email: str, *, network: str, at: datetime) -> None:
    """Count the letter; refused where too many went to one address or from one network."""
    address = canonical_email(email) or email
    until = blocking_attempt(AttemptKind.INVITATION, email=address, address=network, at=at)
    if until is not None:
        raise RefusedError(Refusal(CoreRefusal.TOO_MANY, {"until": until}))
    note_attempt(AttemptKind.INVITATION, email=address, address=network, at=at)


def _refuse_partial(round_: Round, people: frozenset[int], *, at: datetime) -> None:
    """No seat for an applicant, nor for whoever has read names while scoring is to be without them."""
    if impartial.has_applied(round_, people):
        raise RefusedError(Refusal(ScoringRefusal.HAS_APPLIED, field="email"))
    is_blind = any(stage.is_blind and at < stage.closes_at for stage in round_.stages)
    if is_blind and impartial.reads_names(round_, people):
        raise RefusedError(Refusal(ScoringRefusal.READS_NAMES, field="email"))


def _refuse_taken(round_: Round, people: frozenset[int], *, email: str, is_chair: bool) -> None:
    if jury.seat_of_people(round_, people) is not None or jury.seat_at(round_, email) is not None:
        raise RefusedError(Refusal(ScoringRefusal.JUROR_INVITED_ALREADY, field="email"))
    if is_chair and jury.standing_chair(round_) is not None:
        raise RefusedError(Refusal(ScoringRefusal.CHAIR_TAKEN, field="is_chair"))


def _refuse_second_chair(round_: Round, juror: Juror) -> None:
    chair = jury.standing_chair(round_) if juror.is_chair else None
    if chair is not None and chair.id != juror.id:
        raise RefusedError(Refusal(ScoringRefusal.CHAIR_TAKEN))


def _send_invitation(juror: Juror, *, language: str, at: datetime) -> None:
    tokens.revoke(JurorPurpose.INVITATION, juror.public_id)
    secret = tokens.issue(JurorPurpose.INVITATION, juror.public_id, lasts=INVITATION_LASTS, at=at)
    notices.jury_invite(juror, secret=secret, language=language, at=at)


@use_case
def invite_again(juror: Juror, *, network: str, by: By, at: datetime) -> None:
    """Send the letter once more; the link before it dies. A seat that was declined or ended is offered anew."""
    _note_invitation(juror.email, network=network, at=at)
    if juror.state in {JurorState.DECLINED, JurorState.REMOVED}:
        _refuse_second_chair(jury.locked_round(juror.round_id), juror)
        juror.answered_at = None
        move(juror, JurorState.INVITED, by=by, at=at)
    elif juror.state is not JurorState.INVITED:
        raise RefusedError(Refusal(ScoringRefusal.JUROR_INVITED_ALREADY))
    _send_invitation(juror, language=language_of(juror.person), at=at)


@use_case
def accept_seat(secret: str, *, by: Actor, at: datetime) -> Juror:
    """Take the seat with the account that is signed in.

    Where the invited address has no account, the seat goes to the one that holds the link: its own contact stays.
    """
    juror = _answered(secret, at=at)
    _refuse_partial(juror.round, by.person_ids, at=at)
    _seat_person(juror, jury.account_behind(juror), by, at=at)
    return _accept(juror, by=by, at=at)


def _seat_person(juror: Juror, account: User | None, by: Actor, *, at: datetime) -> None:
    if account is not None and account.person_id not in by.person_ids:
        raise RefusedError(Refusal(ScoringRefusal.OTHER_ACCOUNT))
    if by.person_id is None:
        raise RefusedError(Refusal(ScoringRefusal.ACCOUNT_NEEDS_SIGN_IN))
    if juror.person_id in by.person_ids:
        return
    seated = jury.seat_of_people(juror.round, by.person_ids)
    if seated is not None and seated.id != juror.id:
        raise RefusedError(Refusal(ScoringRefusal.JUROR_INVITED_ALREADY))
    invited, person = juror.person, db.session.get_one(Person, by.person_id)
    juror.person = person
    if account is not None:
        merge_persons(invited, into=person, by=by, at=at)


@use_case
def accept_seat_with_new_account(secret: str, *, password_hash: str, language: str, by: By, at: datetime) -> tuple[Juror, User]:
    """Make the account of the invited address, which the link proves, and take the seat with it."""
    juror = _answered(secret, at=at)
    if jury.account_behind(juror) is not None:
        raise RefusedError(Refusal(ScoringRefusal.ACCOUNT_NEEDS_SIGN_IN))
    _refuse_partial(juror.round, same_person_ids(juror.person), at=at)
    user = create_account(juror.email, language=language, by=by, at=at)
    set_password(user, password_hash=password_hash, by=by, at=at)
    invited = juror.person
    if user.person_id != invited.id:
        juror.person = user.person
        merge_persons(invited, into=user.person, by=by, at=at)
    return _accept(juror, by=by, at=at), user


@use_case
def decline_seat(secret: str, *, by: By, at: datetime) -> Juror:
    """Give the seat back; sheets planned for it are taken off. Whoever holds the link may decline."""
    juror = _answered(secret, at=at)
    juror.answered_at = at
    move(juror, JurorState.DECLINED, by=by, at=at)
    _drop_unstarted(juror)
    notices.seat_answered(juror, at=at)
    return juror


def _answered(secret: str, *, at: datetime) -> Juror:
    claim = tokens.consume(JurorPurpose.INVITATION, secret, at=at)
    juror = jury.invited_juror(claim.subject)
    if juror is None:
        raise RefusedError(Refusal(ScoringRefusal.JUROR_INVITED_ALREADY))
    return juror


def _accept(juror: Juror, *, by: By, at: datetime) -> Juror:
    juror.answered_at = at
    move(juror, JurorState.ACCEPTED, by=by, at=at)
    notices.seat_answered(juror, at=at)
    return juror


@use_case
def remove_juror(juror: Juror, *, by: By, at: datetime) -> int:
    """End the seat: what was signed stays and counts, drafts stay as a trail and never count, the rest is taken off.

    Returns the number of sheets that now need another juror.
    """
    tokens.revoke(JurorPurpose.INVITATION, juror.public_id)
    was_accepted = juror.state is JurorState.ACCEPTED
    move(juror, JurorState.REMOVED, by=by, at=at)
    dropped = _drop_unstarted(juror)
    if was_accepted:
        notices.seat_removed(juror, at=at)
    return dropped


def _drop_unstarted(juror: Juror) -> int:
    """Delete the assignments of which no sheet was begun."""
    mine = jury.assignments_to(juror)
    sheets = jury.reviews_of([one.id for one in mine])
    begun = {one.assignment_id for one in sheets if one.state is not ReviewState.ASSIGNED}
    count = 0
    for assignment in mine:
        if assignment.id not in begun:
            count += 1
            drop_assignment(assignment)
    db.session.flush()
    return count


def drop_assignment(assignment: Assignment) -> None:
    """Delete an assignment with its sheets, none of which was begun."""
    for review in jury.reviews_of([assignment.id]):
        db.session.delete(review)
    db.session.flush()
    db.session.delete(assignment)
