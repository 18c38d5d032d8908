"""Letters are written in the transaction of their act, once, in the recipient's language."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import event, func, select, update

from app.core import clock, jobs
from app.core.db import db, writing
from app.core.refusals import RefusedError
from app.messages.delivery import as_email
from app.messages.models import Message, Recipient
from app.messages.rules import LETTERS_AT_ONCE
from app.messages.services import BATCH, Address, _unpacked, post, post_to_all, send_again
from app.messages.states import MessageState
from app.people.models import Person
from tests.conftest import make_settings

NOON = datetime(2026, 8, 1, 7, tzinfo=UTC)


@pytest.fixture
def settings(database_url, tmp_path):
    return make_settings(database_url, tmp_path / "data", smtp_url="smtp://127.0.0.1:9", base_url="https://baiqau.example")


def letters():
    found = db.session.scalars(select(Message).order_by(Message.id)).all()
    return [(letter.address, letter.language, letter.subject) for letter in found]


def test_letter_speaks_the_recipients_language_and_links_to_the_settings_address(database):
    with writing():
        letter = post("test.plain", to=Address("a@b.kz", "kk", "Әлия"), key="1", word="Өмір")

    assert letter.subject == "Сәлем, Өмір"
    assert letter.text == "Сәлем, Өмір\nӘлия, Өмір kk\nhttps://baiqau.example/admin/outbox\n"
    assert letter.message_id == f"<{letter.public_id}@baiqau.example>"
    assert letter.state is MessageState.QUEUED


def test_html_letter_has_its_style_in_its_elements(database):
    with writing():
        letter = post("test.plain", to=Address("a@b.kz", "ru"), key="1", word="<b>Өмір</b>")

    assert letter.html is not None
    assert "&lt;b&gt;Өмір&lt;/b&gt;" in letter.html
    assert "<style" not in letter.html
    assert 'style="' in letter.html
    assert '<html lang="ru"' in letter.html
    assert '<a href="https://baiqau.example/admin/outbox"' in letter.html


def test_same_letter_twice_is_one(database):
    for _ in range(2):
        with writing():
            post("test.plain", to=Address("a@b.kz"), key="1", word="x")

    assert len(letters()) == 1
    assert db.session.scalars(select(jobs.Job.kind)).all() == ["messages.deliver"]


def test_more_letters_than_an_address_gets_in_an_hour_wait_for_their_turn(database, at):
    at(NOON)
    with writing():
        waits = [post("test.plain", to=Address("a@b.kz"), key=str(n), word="x").leaves_at - NOON for n in range(41)]
        other = post("test.plain", to=Address("c@d.kz"), key="other", word="x")
        secret = post("test.secret", to=Address("a@b.kz"), key="secret", word="x")

    assert waits == [timedelta(hours=n // LETTERS_AT_ONCE) for n in range(41)]
    assert other.leaves_at == secret.leaves_at == NOON
    due = db.session.scalars(select(jobs.Job.run_at).where(jobs.Job.run_at > NOON).order_by(jobs.Job.run_at)).all()
    assert due == [NOON + timedelta(hours=1)] * LETTERS_AT_ONCE + [NOON + timedelta(hours=2)]


def test_letter_of_a_rolled_back_act_was_never_there(database):
    def act():
        post("test.plain", to=Address("a@b.kz"), key="1", word="x")
        raise LookupError

    with pytest.raises(LookupError), writing():
        act()

    assert letters() == []
    assert db.session.scalars(select(jobs.Job)).all() == []


@pytest.mark.parametrize("broken", ["\r\n", "\u2028", "\x00"])
def test_line_breaks_in_a_name_or_a_subject_become_blanks(database, broken):
    with writing():
        letter = post("test.plain", to=Address("a@b.kz", name=f"А{broken}Bcc: c@d.kz"), key="1", word=f"x{broken}Bcc: c@d.kz")

    assert (letter.name, letter.subject) == ("А Bcc: c@d.kz", "Сәлем, x Bcc: c@d.kz")
    assert as_email(letter)["To"] == '"А Bcc: c@d.kz" <a@b.kz>'
    assert jobs.drain() == 1


def test_letter_to_no_address_is_kept_as_not_delivered_and_stops_nothing(database):
    with writing():
        letter = post("test.plain", to=Address("a b@c.kz"), key="1", word="x")

    assert (letter.state, letter.answer) == (MessageState.DEAD, "bad_address")
    assert db.session.scalars(select(jobs.Job)).all() == []
    with pytest.raises(RefusedError), writing():
        send_again(letter)


def test_one_bad_recipient_leaves_the_letters_of_a_mailing_to_the_others(database):
    recipients = people(3)
    with writing():
        db.session.execute(update(Person).where(Person.email == "p1@b.kz").values(email="no address", family_name="А\nБ"))
        post_to_all("test.plain", key="all", recipients=recipients)
    jobs.drain()

    found = {one.address: one.state for one in db.session.scalars(select(Message))}
    assert found.keys() == {"p0@b.kz", "no address", "p2@b.kz"}
    assert found["no address"] is MessageState.DEAD


def test_text_is_not_readable_in_the_database(database):
    with writing():
        post("test.plain", to=Address("a@b.kz"), key="1", word="құпиясөз")
    raw = db.session.connection().exec_driver_sql("SELECT text FROM messages_messages").scalar_one()

    assert "құпиясөз".encode() not in bytes(raw)


def people(count):
    with writing():
        for number in range(count):
            person = Person(family_name=f"Ә{number}", given_name="Б", email=f"p{number}@b.kz", created_at=clock.now())
            db.session.add(person)
    about = (Person.public_id.label("about"), Person.id.label("word"))
    return select(Person.email, Person.language, Person.family_name.label("name"), *about)


@pytest.mark.db(long="sqlite")
def test_mailing_writes_one_letter_to_each_recipient_however_often_it_is_asked(database):
    recipients = people(BATCH + 20)
    for _ in range(2):
        with writing():
            post_to_all("test.plain", key="all", recipients=recipients)
    written = jobs.drain()
    again = jobs.drain()

    assert (written, again) == (BATCH + 21, 0)  # one job wrote the letters, the others tried to deliver them
    assert sorted(to for to, _language, _subject in letters()) == sorted(f"p{number}@b.kz" for number in range(BATCH + 20))
    assert db.session.scalars(select(Recipient.id).where(Recipient.message_id.is_(None))).all() == []


def test_mailing_to_thousands_takes_no_more_statements_than_to_one(database):
    recipients = people(2000)
    statements: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    counts = []
    for limit in (1, 2000):
        statements.clear()
        with writing():
            post_to_all("test.plain", key=str(limit), recipients=recipients.limit(limit))
        counts.append(len(statements))

    assert counts[0] == counts[1]
    assert db.session.scalar(select(func.count(Recipient.id))) == 2001
    assert letters() == []


def test_mailing_keeps_dates_and_instants(database):
    recipients = people(1)
    at, on = datetime(2026, 10, 22, 4, 0, tzinfo=UTC), date(2026, 10, 28)
    with writing():
        mailing = post_to_all("test.plain", key="all", recipients=recipients, word=at, other=on)

    assert _unpacked(mailing.context) == {"word": at, "other": on}
