"""The vault: what is kept encrypted, found blindly, revealed with a reason; records that are one human being."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import text

from app.access.actor import COMMAND
from app.core import audit
from app.core.db import db, writing
from app.core.refusals import RefusedError
from app.people.invariants import INVARIANTS
from app.people.models import Consent, Person
from app.people.queries import own_consents, same_person_ids, standing_consents
from app.people.services import accounts, consents, persons, sessions
from app.people.states import ConsentKind, PeopleRefusal, PublicName, RevealReason
from tests.factories import actor, person, user

NOW = datetime(2026, 8, 1, 9, tzinfo=UTC)
IIN, OTHER_IIN = "010203599017", "990704499027"
PHONE = "+77010000001"


@pytest.fixture(autouse=True)
def _written(database):
    with writing():
        yield
        db.session.rollback()


def entered(**facts) -> Person:
    return persons.find_or_create_person(family_name="Үлгібаева", given_name="Томирис", by=COMMAND, at=NOW, **facts)


def raw(column: str, row: int) -> bytes:
    return bytes(db.session.scalar(text(f"SELECT {column} FROM people_persons WHERE id = {row}")) or b"")


def test_identity_is_encrypted_at_rest_and_whole_in_memory():
    found = entered()
    persons.set_identity(found, iin=IIN, born_on=date(2001, 2, 3), phone="8 (701) 000-00-01", by=COMMAND, at=NOW)
    db.session.flush()
    db.session.expire(found)

    assert (found.iin, found.born_on, found.phone) == (IIN, date(2001, 2, 3), PHONE)
    for column, plain in (("iin", IIN), ("born_on", "2001-02-03"), ("phone", PHONE)):
        assert plain.encode() not in raw(column, found.id)


def test_person_is_found_by_identity_number_and_not_by_name():
    first = entered(iin=IIN)

    assert entered(iin=IIN).id == first.id
    assert entered(iin=OTHER_IIN).id != first.id
    assert entered().id != first.id


def test_person_entered_with_an_address_is_found_by_it_until_she_has_an_account():
    first = entered(email="Aida@example.com")
    assert entered(email="aida@example.com").id == first.id

    accounts.create_account("aida@example.com", language="kk", by=COMMAND, at=NOW)
    assert entered(email="aida@example.com").id != first.id


def test_wrong_identity_is_refused_with_all_reasons_and_changes_nothing():
    found = entered(iin=IIN)
    with pytest.raises(RefusedError) as caught:
        persons.set_identity(found, iin="990440990000", phone="+7 916 000-00-05", by=COMMAND, at=NOW)

    assert [one.code for one in caught.value.refusals] == [PeopleRefusal.IIN_COMPANY, PeopleRefusal.PHONE_INVALID]
    assert (found.iin, found.phone) == (IIN, None)


def test_reveal_is_written_down_with_its_reason_and_without_the_number():
    found = entered(iin=IIN)
    seen = persons.reveal_identity(found, reason=RevealReason.ELIGIBILITY, by=COMMAND, at=NOW)

    entry = audit.history(found)[-1]
    assert seen.iin == IIN
    assert (entry.verb, entry.details) == ("reveal_identity", {"reason": "eligibility"})
    assert IIN not in str([one.details for one in audit.history(found)])


def test_merged_records_are_one_human_being_from_either_side():
    one, two, three = entered(), entered(), entered()
    persons.merge_persons(two, into=one, by=COMMAND, at=NOW)
    persons.merge_persons(one, into=three, by=COMMAND, at=NOW)
    db.session.flush()

    together = {one.id, two.id, three.id}
    assert [same_person_ids(row) for row in (one, two, three)] == [together] * 3


def test_record_merges_neither_into_itself_nor_in_a_circle():
    one, two = entered(), entered()
    persons.merge_persons(two, into=one, by=COMMAND, at=NOW)

    for duplicate, into in ((one, one), (one, two), (two, one)):
        with pytest.raises(RefusedError) as caught:
            persons.merge_persons(duplicate, into=into, by=COMMAND, at=NOW)
        assert [refusal.code for refusal in caught.value.refusals] == [PeopleRefusal.SAME_PERSON]


def give(who: Person, *, words: str = "Келісемін", value: PublicName | None = None, kind: ConsentKind = ConsentKind.NAME):
    return consents.give_consent(
        who,
        kind,
        scope="call",
        text=words,
        language="kk",
        value=value or PublicName.FULL,
        address="192.0.2.1",
        by=COMMAND,
        at=NOW,
    )


def test_consent_given_twice_is_one_and_other_words_ask_again():
    who = entered()
    first = give(who)

    assert give(who).id == first.id
    second = give(who, words="Басқа мәтін")
    third = give(who, words="Басқа мәтін", value=PublicName.INITIAL)
    assert (first.withdrawn_at, second.withdrawn_at, third.withdrawn_at) == (NOW, NOW, None)
    assert standing_consents(same_person_ids(who), "call") == {ConsentKind.NAME: third}


def test_consent_is_withdrawn_as_easily_and_stands_no_more():
    who = entered()
    given = give(who)
    consents.withdraw_consent(given, by=COMMAND, at=NOW)
    consents.withdraw_consent(given, by=COMMAND, at=NOW)

    assert standing_consents([who.id], "call") == {}
    assert [entry.verb for entry in audit.history(given)] == ["give_consent", "withdraw_consent"]


def test_person_sees_her_own_consents_only():
    herself = actor()
    mine = db.session.get_one(Person, herself.person_id)
    given = give(mine)
    give(entered())

    assert own_consents(herself) == [given]


BREAKS = (
    (
        "people: a record merges into one that is not merged itself",
        "UPDATE people_persons SET merged_into_id = CASE id WHEN {one} THEN {two} ELSE {three} END WHERE id IN ({one}, {two})",
    ),
    (
        "people: letters to the holder of an account go to its confirmed address",
        "UPDATE people_persons SET email = 'x@y.kz' WHERE id = (SELECT person_id FROM people_users WHERE id = {user})",
    ),
    ("people: a blocked account is signed in nowhere", "UPDATE people_users SET state = 'blocked' WHERE id = {user}"),
    ("people: what is encrypted can be found, and only that", "UPDATE people_persons SET iin_index = 'x' WHERE id = {one}"),
    ("people: a consent to be named says how", "UPDATE people_consents SET value = '' WHERE id = {consent}"),
)


@pytest.mark.parametrize(("name", "damage"), BREAKS)
def test_invariant_finds_what_it_names(name, damage):
    account = user()
    sessions.open_session(account, device="", at=NOW)
    rows = {"one": person().id, "two": person().id, "three": person().id, "user": account.id}
    rows["consent"] = give(entered()).id
    db.session.flush()
    invariant = next(one for one in INVARIANTS if one.name == name)
    assert db.session.execute(invariant.violations()).all() == []

    db.session.execute(text(damage.format(**rows)))

    assert len(db.session.execute(invariant.violations()).all()) == 1


def test_every_invariant_of_people_has_a_test():
    assert {name for name, _damage in BREAKS} == {one.name for one in INVARIANTS}


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE people_persons SET merged_into_id = id",
        "UPDATE people_users SET state = 'active', verified_at = NULL",
        "UPDATE people_users SET state = 'asleep'",
        "UPDATE people_consents SET withdrawn_at = '2000-01-01 00:00:00'",
        "UPDATE people_user_sessions SET ended_at = '2000-01-01 00:00:00'",
    ],
)
def test_database_refuses_rows_that_make_no_sense(damage):
    sessions.open_session(user(), device="", at=NOW)
    db.session.add(
        Consent(person_id=person().id, kind=ConsentKind.PHOTO, scope="call", text_version="x", language="kk", given_at=NOW)
    )
    db.session.flush()

    with pytest.raises(Exception, match=r"(?i)check constraint"), db.session.begin_nested():
        db.session.execute(text(damage))
