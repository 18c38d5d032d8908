"""Signing up, passwords, addresses, blocking: the verbs, on both databases."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event, func, select

from app.access.actor import COMMAND, VISITOR
from app.core import audit
from app.core.db import db, writing
from app.core.refusals import CoreRefusal, RefusedError
from app.core.tokens import Token
from app.messages.models import Message
from app.people.models import User
from app.people.queries import live_session, live_sessions, user_by_email
from app.people.services import accounts, persons, sessions
from app.people.services.passwords import compare, fits, hash_password
from app.people.states import AttemptKind, PeopleRefusal, TokenPurpose, UserState
from tests.client import PASSWORD
from tests.factories import user as make_user

NOW = datetime(2026, 8, 1, 9, tzinfo=UTC)
OTHER = "бес бөлек сөз жазамын"


@pytest.fixture(autouse=True)
def _written(database, at):
    at(NOW)
    with writing():
        yield
        db.session.rollback()


def letters(email: str) -> list[Message]:
    return list(db.session.scalars(db.select(Message).where(Message.address == email).order_by(Message.id)))


def secret_in(message: Message) -> str:
    return re.findall(r"https?://\S+/([\w-]{20,})", message.text)[-1]


def sign_up(email: str = "aida@example.com", *, address: str = "192.0.2.1", at: datetime = NOW) -> None:
    accounts.begin_sign_up(email, language="kk", next_page="/my/", address=address, at=at)


def confirmed(email: str = "aida@example.com") -> User:
    sign_up(email)
    secret = secret_in(letters(email)[-1])
    account, _next = accounts.confirm_sign_up(secret, password_hash=hash_password(PASSWORD), by=VISITOR, at=NOW)
    return account


def refused(act) -> list[object]:
    with pytest.raises(RefusedError) as caught:
        act()
    return [refusal.code for refusal in caught.value.refusals]


def test_sign_up_makes_no_account_before_the_mailbox_is_proved(database):
    sign_up(" Aida@Example.com ")

    assert user_by_email("aida@example.com") is None
    assert [message.kind for message in letters("aida@example.com")] == ["people.verify_email"]


def test_sign_up_link_makes_an_active_account_and_leads_to_the_page_she_came_for(database):
    sign_up()
    secret = secret_in(letters("aida@example.com")[0])

    account, page = accounts.confirm_sign_up(secret, password_hash=hash_password(PASSWORD), by=VISITOR, at=NOW)

    assert (account.state, account.language, account.person.email, page) == (UserState.ACTIVE, "kk", "aida@example.com", "/my/")
    assert account.verified_at == NOW
    assert [entry.verb for entry in audit.history(account)] == ["create", "verify", "set_password"]
    assert audit.verify().is_intact


def test_sign_up_link_works_once_and_kills_its_twins(database):
    sign_up()
    sign_up()
    first, second = map(secret_in, letters("aida@example.com"))
    accounts.confirm_sign_up(first, password_hash="x", by=VISITOR, at=NOW)

    for secret in (first, second):
        codes = refused(lambda: accounts.confirm_sign_up(secret, password_hash="y", by=VISITOR, at=NOW))  # noqa: B023
        assert codes == [CoreRefusal.LINK_USED]


def test_sign_up_link_expires_after_two_days(database, at):
    sign_up()
    secret = secret_in(letters("aida@example.com")[0])
    at(NOW + timedelta(days=2, seconds=1))

    assert refused(lambda: accounts.confirm_sign_up(secret, password_hash="x", by=VISITOR, at=NOW)) == [CoreRefusal.LINK_USED]


def test_link_of_one_purpose_is_useless_for_another(database):
    account = confirmed()
    accounts.request_reset(account.email, address="192.0.2.1", at=NOW)
    secret = secret_in(letters(account.email)[-1])

    assert refused(lambda: accounts.confirm_sign_up(secret, password_hash="x", by=VISITOR, at=NOW)) == [CoreRefusal.LINK_USED]
    assert refused(lambda: accounts.reset_password(TokenPurpose.SIGN_IN, secret, password_hash="x", by=VISITOR, at=NOW)) == [
        CoreRefusal.LINK_USED
    ]


def test_taken_address_gets_a_letter_that_says_so(database):
    account = confirmed()
    sign_up()

    assert [message.kind for message in letters(account.email)] == ["people.verify_email", "people.account_exists"]


def test_sign_up_joins_the_record_an_organiser_entered(database):
    person = persons.find_or_create_person(
        family_name="Үлгібаева", given_name="Томирис", email="Aida@example.com", by=COMMAND, at=NOW
    )

    assert confirmed().person_id == person.id


def test_sign_up_is_limited_an_address_and_a_network(database):
    for _time in range(3):
        sign_up()
    assert refused(sign_up) == [CoreRefusal.TOO_MANY]

    for number in range(2):
        sign_up(f"other{number}@example.com")
    assert refused(lambda: sign_up("third@example.com")) == [CoreRefusal.TOO_MANY]
    sign_up("third@example.com", address="198.51.100.7")
    sign_up(at=NOW + timedelta(hours=1, seconds=1))


def test_password_change_ends_all_other_sessions_and_open_links(database):
    account = confirmed()
    here = sessions.open_session(account, device="", at=NOW)
    away = sessions.open_session(account, device="", at=NOW)
    accounts.request_reset(account.email, address="192.0.2.1", at=NOW)
    reset = secret_in(letters(account.email)[-1])
    acting = live_session(here, NOW)
    assert acting is not None

    accounts.change_password(
        account, compared=account.password_hash, password_hash=hash_password(OTHER), session=acting.id, by=COMMAND, at=NOW
    )

    assert live_session(here, NOW) is not None
    assert live_session(away, NOW) is None
    assert refused(
        lambda: accounts.reset_password(TokenPurpose.RESET_PASSWORD, reset, password_hash="x", by=VISITOR, at=NOW)
    ) == [CoreRefusal.LINK_USED]
    assert fits(account.password_hash or "", OTHER)
    assert letters(account.email)[-1].kind == "people.password_changed"


def test_password_change_is_refused_when_another_was_set_meanwhile(database):
    account = confirmed()

    codes = refused(
        lambda: accounts.change_password(account, compared="old", password_hash="new", session=None, by=COMMAND, at=NOW)
    )

    assert codes == [PeopleRefusal.PASSWORD_WRONG]


def test_reset_signs_everybody_out_and_lasts_an_hour(database, at):
    account = confirmed()
    away = sessions.open_session(account, device="", at=NOW)
    accounts.request_reset(account.email, address="192.0.2.1", at=NOW)
    accounts.request_reset(account.email, address="192.0.2.1", at=NOW)
    used, late = [secret_in(message) for message in letters(account.email)[-2:]]
    accounts.reset_password(TokenPurpose.RESET_PASSWORD, used, password_hash=hash_password(OTHER), by=VISITOR, at=NOW)

    assert live_session(away, NOW) is None
    at(NOW + timedelta(minutes=61))
    codes = refused(lambda: accounts.reset_password(TokenPurpose.RESET_PASSWORD, late, password_hash="x", by=VISITOR, at=NOW))
    assert codes == [CoreRefusal.LINK_USED]


def test_link_to_a_new_password_opens_no_account_that_was_blocked_since(database):
    account = confirmed()
    accounts.request_reset(account.email, address="192.0.2.1", at=NOW)
    secret = secret_in(letters(account.email)[-1])
    accounts.block(account, by=COMMAND, at=NOW)
    codes = refused(lambda: accounts.reset_password(TokenPurpose.RESET_PASSWORD, secret, password_hash="x", by=VISITOR, at=NOW))

    assert codes == [CoreRefusal.LINK_USED]
    assert account.password_hash != "x"


def test_link_to_a_new_password_is_void_once_the_account_has_another_address(database):
    account = confirmed()
    secret = accounts.first_sign_in(account, at=NOW)
    accounts.request_email_change(account, email="new@example.com", compared=account.password_hash, address="192.0.2.1", at=NOW)
    accounts.confirm_email_change(secret_in(letters("new@example.com")[0]), by=COMMAND, at=NOW)
    codes = refused(lambda: accounts.reset_password(TokenPurpose.SIGN_IN, secret, password_hash="x", by=VISITOR, at=NOW))

    assert codes == [CoreRefusal.LINK_USED]
    assert account.password_hash != "x"


def test_reset_of_an_unknown_or_blocked_address_sends_nothing(database):
    account = confirmed()
    accounts.block(account, by=COMMAND, at=NOW)
    accounts.request_reset("nobody@example.com", address="192.0.2.1", at=NOW)
    accounts.request_reset(account.email, address="192.0.2.1", at=NOW)

    assert letters("nobody@example.com") == []
    assert [message.kind for message in letters(account.email)] == ["people.verify_email"]


@pytest.mark.parametrize("email", ["nobody@example.com", "blocked@example.com"])
def test_reset_of_an_unknown_or_blocked_address_takes_the_work_of_a_known_one(database, email):
    """Or the time of the answer would tell who has an account."""
    known, blocked = confirmed(), confirmed("blocked@example.com")
    accounts.block(blocked, by=COMMAND, at=NOW)
    db.session.flush()

    def written(to):
        seen = []
        listen = lambda _connection, _cursor, statement, *_rest: seen.append(" ".join(statement.split()[:3]))  # noqa: E731
        event.listen(db.engine, "before_cursor_execute", listen)
        accounts.request_reset(to, address="192.0.2.1", at=NOW)
        db.session.flush()
        event.remove(db.engine, "before_cursor_execute", listen)
        return [one for one in seen if one.startswith("INSERT")]

    assert written(email) == written(known.email)
    assert db.session.scalar(select(func.count(Token.digest)).where(Token.purpose == TokenPurpose.RESET_PASSWORD)) == 1


def test_another_address_counts_once_its_letter_is_answered_and_can_be_undone(database):
    account = confirmed()
    accounts.request_email_change(account, email="New@example.com", compared=account.password_hash, address="192.0.2.1", at=NOW)
    assert account.email == "aida@example.com"
    accounts.confirm_email_change(secret_in(letters("new@example.com")[0]), by=COMMAND, at=NOW)
    assert (account.email, account.person.email) == ("new@example.com", "new@example.com")

    session = sessions.open_session(account, device="", at=NOW)
    accounts.undo_email_change(secret_in(letters("aida@example.com")[-1]), by=VISITOR, at=NOW)

    assert (account.email, account.password_hash) == ("aida@example.com", None)
    assert live_session(session, NOW) is None
    assert letters("aida@example.com")[-1].kind == "people.reset_password"


def test_thief_who_moves_the_address_twice_leaves_the_owner_her_way_back_and_has_none_himself(database):
    account = confirmed()
    for email in ("thief@example.com", "thief.again@example.com"):
        accounts.request_email_change(account, email=email, compared=account.password_hash, address="192.0.2.1", at=NOW)
        accounts.confirm_email_change(secret_in(letters(email)[0]), by=COMMAND, at=NOW)
    hers, his = secret_in(letters("aida@example.com")[-1]), secret_in(letters("thief@example.com")[-1])

    accounts.undo_email_change(hers, by=VISITOR, at=NOW)

    assert (account.email, account.password_hash) == ("aida@example.com", None)
    with pytest.raises(RefusedError) as refused:
        accounts.undo_email_change(his, by=VISITOR, at=NOW)
    assert refused.value.refusals[0].code is CoreRefusal.LINK_USED
    assert account.email == "aida@example.com"


def test_address_of_somebody_else_is_not_taken_over(database):
    account, other = confirmed(), confirmed("other@example.com")
    accounts.request_email_change(account, email=other.email, compared=account.password_hash, address="192.0.2.1", at=NOW)

    assert letters(other.email)[-1].kind == "people.account_exists"
    assert account.email == "aida@example.com"


def test_account_that_never_proved_its_address_can_be_blocked(database):
    account = accounts.create_account("aida@example.com", language="kk", by=COMMAND, at=NOW)
    before = account.state
    accounts.block(account, by=COMMAND, at=NOW)

    assert (before, account.state) == (UserState.UNVERIFIED, UserState.BLOCKED)


def test_blocked_account_is_signed_out_and_may_come_back(database):
    account = confirmed()
    secret = sessions.open_session(account, device="", at=NOW)
    accounts.block(account, by=COMMAND, at=NOW)

    assert live_session(secret, NOW) is None
    accounts.unblock(account, by=COMMAND, at=NOW)
    assert account.state == UserState.ACTIVE
    assert live_sessions(account.id, NOW) == []


def test_session_opens_nothing_while_its_account_is_blocked(database):
    account = confirmed()
    accounts.block(account, by=COMMAND, at=NOW)
    secret = sessions.open_session(account, device="", at=NOW)

    assert live_session(secret, NOW) is None
    accounts.unblock(account, by=COMMAND, at=NOW)
    assert live_session(secret, NOW) is not None


@pytest.mark.parametrize(("is_remembered", "lasts"), [(False, timedelta(hours=12)), (True, timedelta(days=14))])
def test_session_ends_at_its_very_instant(database, is_remembered, lasts):
    account = confirmed()
    secret = sessions.open_session(account, device="", is_remembered=is_remembered, at=NOW)
    instants = [NOW + lasts - timedelta(seconds=1), NOW + lasts]

    assert [live_session(secret, one) is not None for one in instants] == [True, False]
    assert [len(live_sessions(account.id, one)) for one in instants] == [1, 0]


def test_sign_in_tells_no_reason_apart(database):
    unverified = accounts.create_account("new@example.com", language="kk", by=COMMAND, at=NOW)
    accounts.block(confirmed("blocked@example.com"), by=COMMAND, at=NOW)
    confirmed("right@example.com")
    answers = []
    for email, password in (
        ("blocked@example.com", PASSWORD),
        (unverified.email, PASSWORD),
        ("right@example.com", OTHER),
        ("nobody@example.com", PASSWORD),
        ("not an address", PASSWORD),
    ):
        credentials = compare(email, password, address="192.0.2.1", at=NOW)
        answers.append(sessions.sign_in(credentials, device="", is_remembered=False, at=NOW))

    assert [getattr(answer, "code", None) for answer in answers] == [PeopleRefusal.SIGN_IN_FAILED] * 5


def test_sign_in_is_refused_after_five_failures_from_one_network(database):
    confirmed()
    for _time in range(5):
        wrong = compare("aida@example.com", OTHER, address="192.0.2.1", at=NOW)
        sessions.sign_in(wrong, device="", is_remembered=False, at=NOW)

    assert refused(lambda: compare("aida@example.com", PASSWORD, address="192.0.2.1", at=NOW)) == [CoreRefusal.TOO_MANY]
    elsewhere = compare("aida@example.com", PASSWORD, address="198.51.100.7", at=NOW)
    assert isinstance(sessions.sign_in(elsewhere, device="", is_remembered=False, at=NOW), str)
    later = NOW + timedelta(minutes=15)
    sooner = later - timedelta(seconds=1)
    assert refused(lambda: compare("aida@example.com", PASSWORD, address="192.0.2.1", at=sooner)) == [CoreRefusal.TOO_MANY]
    assert compare("aida@example.com", PASSWORD, address="192.0.2.1", at=later).is_right


def test_right_password_does_not_pass_once_parallel_failures_have_filled_the_limit(database):
    confirmed()
    right = compare("aida@example.com", PASSWORD, address="192.0.2.1", at=NOW)
    for _time in range(5):
        sessions.note_attempt(AttemptKind.SIGN_IN, email="aida@example.com", address="192.0.2.1", at=NOW)

    answer = sessions.sign_in(right, device="", is_remembered=False, at=NOW)

    assert getattr(answer, "code", None) is CoreRefusal.TOO_MANY


def test_account_is_locked_for_strangers_after_ten_failures_a_day_but_not_for_a_known_device(database):
    confirmed()
    for number in range(10):
        wrong = compare("aida@example.com", OTHER, address=f"192.0.2.{number}", at=NOW)
        sessions.sign_in(wrong, device="", is_remembered=False, at=NOW)

    def come(*, is_known: bool):
        later = NOW + timedelta(hours=1)
        return compare("aida@example.com", PASSWORD, address="198.51.100.7", at=later, is_known_device=is_known)

    assert refused(lambda: come(is_known=False)) == [CoreRefusal.TOO_MANY]
    assert come(is_known=True).is_right


def test_known_device_guesses_no_longer_than_any_other_from_one_network(database):
    confirmed()
    for _time in range(5):
        wrong = compare("aida@example.com", OTHER, address="192.0.2.1", at=NOW, is_known_device=True)
        sessions.sign_in(wrong, device="", is_remembered=False, at=NOW)

    def again():
        return compare("aida@example.com", PASSWORD, address="192.0.2.1", at=NOW, is_known_device=True)

    assert refused(again) == [CoreRefusal.TOO_MANY]


def test_nobody_blocks_herself(database):
    account = make_user()

    class Herself:
        user_id = account.id
        label = "user"

    assert refused(lambda: accounts.block(account, by=Herself(), at=NOW)) == [PeopleRefusal.OWN_ACCOUNT]
