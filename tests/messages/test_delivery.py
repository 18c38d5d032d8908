"""What the mail server answers decides what becomes of a letter."""

from datetime import timedelta
from email.header import decode_header, make_header
from email.utils import parseaddr

import pytest
from sqlalchemy import select

from app.core import clock, jobs
from app.core.db import db, writing
from app.core.jobs import Job, JobState
from app.core.refusals import RefusedError
from app.messages.models import Message
from app.messages.services import Address, note_outcome, post, send_again
from app.messages.states import MessageState
from tests.conftest import make_settings


@pytest.fixture
def settings(database_url, tmp_path, mailbox):
    return make_settings(database_url, tmp_path / "data", smtp_url=f"{mailbox.url}?from=kenes@example.kz")


def write(address, key="1", kind="test.plain"):
    with writing():
        return post(kind, to=Address(address, "kk", "Әлия Ұлы"), key=key, word="Өмір").id


def state_of(message):
    found = db.session.execute(select(Message.state, Message.answer, Message.attempts).where(Message.id == message)).one()
    return tuple(found)


def test_letter_arrives_whole_from_the_address_of_the_settings(database, mailbox):
    message = write("a@b.kz")
    jobs.drain()

    (letter,) = mailbox.letters
    assert (letter["From"], letter["To"]) == ("Baiqau <kenes@example.kz>", "Әлия Ұлы <a@b.kz>")
    assert letter["Subject"] == "Сәлем, Өмір"
    assert letter["Content-Language"] == "kk"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter.get_body(("plain",)).get_content().startswith("Сәлем, Өмір")
    assert "Өмір" in letter.get_body(("html",)).get_content()
    assert state_of(message) == (MessageState.SENT, "250", 1)


@pytest.mark.parametrize(
    "subject",
    [
        "SA26-001: дербес деректерді өңдеуге берілген келісім қайтарып алынды",
        "дербес берілген өңдеуге application of келісім «Start App» SA26-001: № қайтарып келісім № App is",
        "Your application SA26-001 is registered and nothing else of it can be said in seventy-five bytes at most",
    ],
)
@pytest.mark.parametrize("name", ["Сынақова Айгерім Әбдірахманова-Жұмағалиева Ivan Бекқызы", 'Ivan "Ив, А" <x>', "Ivan Li"])
@pytest.mark.db("sqlite")
def test_subject_and_name_of_any_length_arrive_with_all_their_blanks(database, mailbox, subject, name):
    with writing():
        post("test.plain", to=Address("a@b.kz", "kk", name), key="1", word="бар").subject = subject
    jobs.drain()
    (arrived,) = mailbox.letters
    wire = dict(arrived.raw_items())
    shown, address = parseaddr(wire["To"])

    assert str(make_header(decode_header("".join(wire["Subject"].splitlines())))) == subject
    assert (str(make_header(decode_header(shown))), address) == (name, "a@b.kz")
    assert max(len(line) for header in wire.values() for line in header.splitlines()) <= 78


HEADERS = "=?utf-8?q?a=0D=0ABcc:_x@example.com=0D=0ASubject:_You_won=0D=0A=0D=0APrize?="


@pytest.mark.parametrize("name", [HEADERS, f"A {HEADERS}", f"Ә {HEADERS}", f'A" {HEADERS}'])
@pytest.mark.parametrize("subject", ["Сәлем", HEADERS, f"Сәлем {HEADERS}", f"Hello {HEADERS} " + "x" * 80])
@pytest.mark.db("sqlite")
def test_no_name_and_no_subject_writes_a_header_or_a_text(database, mailbox, name, subject):
    with writing():
        post("test.plain", to=Address("a@b.kz", "kk", "Әлия"), key="plain", word="бар")
        post("test.plain", to=Address("a@b.kz", "kk", name), key="1", word="бар").subject = subject
    jobs.drain()
    plain, arrived = mailbox.letters

    assert arrived.keys() == plain.keys()
    assert [len(arrived.get_all(one)) for one in arrived.keys()] == [1] * len(arrived.keys())  # noqa: SIM118 - headers repeat
    assert arrived.get_body(("plain",)).get_content() == plain.get_body(("plain",)).get_content().replace("Әлия", name)
    wire = dict(arrived.raw_items())
    shown, address = parseaddr("".join(wire["To"].splitlines()))
    assert address == "a@b.kz"
    told = (str(make_header(decode_header(shown))), str(make_header(decode_header("".join(wire["Subject"].splitlines())))))
    assert told == (name.replace("=?", "= ?"), subject.replace("=?", "= ?"))


def test_permanent_refusal_is_not_tried_again(database, mailbox, at):
    mailbox.refused.add("gone@b.kz")
    message = write("gone@b.kz")
    jobs.drain()
    at(clock.now() + timedelta(days=1))
    jobs.drain()

    assert state_of(message) == (MessageState.DEAD, "550", 1)
    assert db.session.scalars(select(Job.state)).all() == [JobState.DONE]


def test_busy_server_is_tried_after_1_5_15_and_60_minutes_then_no_more(database, mailbox, at):
    mailbox.busy.add("slow@b.kz")
    message = write("slow@b.kz")
    waits = []
    for _ in range(6):
        at(clock.now() + timedelta(hours=2))
        jobs.drain()
        job = db.session.scalars(select(Job)).one()
        waits.append(round((job.run_at - clock.now()).total_seconds() / 60) if job.state is JobState.FAILED else job.state)

    assert waits == [1, 5, 15, 60, JobState.DEAD, JobState.DEAD]
    assert state_of(message) == (MessageState.DEAD, "450", 5)


def test_letter_leaves_later_when_the_server_is_back(database, mailbox, at):
    mailbox.busy.add("slow@b.kz")
    message = write("slow@b.kz")
    jobs.drain()
    mailbox.busy.clear()
    at(clock.now() + timedelta(minutes=2))
    jobs.drain()

    assert state_of(message) == (MessageState.SENT, "250", 2)
    assert len(mailbox.letters) == 1


def test_letter_that_was_sent_is_not_sent_again(database, mailbox):
    write("a@b.kz")
    jobs.drain()
    with writing():
        db.session.execute(db.update(Job).values(state=JobState.QUEUED))
    jobs.drain()

    assert len(mailbox.letters) == 1


def test_letters_leave_in_the_order_of_their_acts(database, mailbox):
    for number in range(5):
        write(f"p{number}@b.kz", key=str(number))
    jobs.drain()

    assert [str(letter["To"].addresses[0].addr_spec) for letter in mailbox.letters] == [
        f"p{number}@b.kz" for number in range(5)
    ]


def test_dead_letter_gets_five_more_tries_when_a_person_says_so(database, mailbox):
    mailbox.refused.add("gone@b.kz")
    message = write("gone@b.kz")
    jobs.drain()
    mailbox.refused.clear()
    with writing():
        send_again(db.session.get_one(Message, message))
    jobs.drain()

    assert state_of(message) == (MessageState.SENT, "250", 2)
    with pytest.raises(RefusedError):
        send_again(db.session.get_one(Message, message))


def test_letter_that_was_sent_stays_sent_whatever_is_heard_later(database, mailbox):
    message = write("a@b.kz")
    jobs.drain()
    with writing():
        note_outcome(db.session.get_one(Message, message), MessageState.FAILED, "450")

    assert state_of(message) == (MessageState.SENT, "250", 1)
