"""The record of acts: one chain, found broken wherever somebody touched it, and the same chain from many writers."""

import json
import threading
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from app.access.actor import SYSTEM
from app.core import audit
from app.core.audit import AuditEntry, AuditHead, Verdict
from app.core.db import GUARDS, db, use_case, writing
from tests.factories import programme as make_programme


@dataclass
class Thing:
    public_id: str = "thing"
    audit_chain: int = audit.INSTALLATION


@use_case
def act(number, thing=None):
    audit.record("do", thing or Thing(), by=SYSTEM, number=number)


class UndoneError(Exception):
    """Takes back what was recorded."""


def tamper(*statements):
    """Change rows as somebody with the database's own rights would: without the guard."""
    guard = GUARDS["audit_is_append_only"]
    with writing():
        if db.engine.dialect.name == "sqlite":
            for verb in guard.on:
                db.session.execute(text(f"DROP TRIGGER {guard.name}_{verb.lower()}"))
        else:
            db.session.execute(text(f"ALTER TABLE {guard.table} DISABLE TRIGGER {guard.name}"))
        for statement in statements:
            db.session.execute(text(statement))


def test_untouched_chain_is_whole(database):
    for number in range(5):
        act(number)

    assert audit.verify() == Verdict(is_intact=True, entry_count=5, first_broken=None)


@pytest.mark.parametrize("statement", ["UPDATE core_audit_entries SET verb = 'undo'", "DELETE FROM core_audit_entries"])
def test_database_refuses_to_change_or_delete_an_entry(database, statement):
    act(1)
    with pytest.raises(DBAPIError, match="audit_is_append_only"), writing():
        db.session.execute(text(statement))

    assert audit.verify().is_intact


def test_act_at_an_instant_of_another_zone_fits(database):
    with writing():
        audit.record(
            "do", Thing(), by=SYSTEM, at=datetime(2026, 8, 14, 18, 0, tzinfo=ZoneInfo("Asia/Almaty")), day=date(2026, 8, 14)
        )

    assert audit.verify().is_intact


TOUCHED = {
    "a changed byte": ("UPDATE core_audit_entries SET verb = 'dO' WHERE number = 3",),
    "a changed detail": ("UPDATE core_audit_entries SET details = '{\"number\": 9}' WHERE number = 3",),
    "another actor": ("UPDATE core_audit_entries SET user_id = 1 WHERE number = 3",),
    "another kind of actor": ("UPDATE core_audit_entries SET \"by\" = 'command' WHERE number = 3",),
    "another instant": ("UPDATE core_audit_entries SET at = '2026-08-14 12:00:00+00:00' WHERE number = 3",),
    "another object": ("UPDATE core_audit_entries SET subject = 'other' WHERE number = 3",),
    "another kind of object": ("UPDATE core_audit_entries SET noun = 'Other' WHERE number = 3",),
    "a deleted entry": ("DELETE FROM core_audit_entries WHERE number = 3",),
    "two swapped entries": (
        "UPDATE core_audit_entries SET number = 99 WHERE number = 3",
        "UPDATE core_audit_entries SET number = 3 WHERE number = 4",
        "UPDATE core_audit_entries SET number = 4 WHERE number = 99",
    ),
}


@pytest.mark.parametrize("how", TOUCHED)
def test_touched_chain_is_found_at_its_first_broken_entry(database, how):
    for number in range(6):
        act(number)
    tamper(*TOUCHED[how])
    found = audit.verify()

    assert (found.is_intact, found.first_broken) == (False, "0/3")


def test_chain_that_was_given_to_another_programme_is_found(database):
    with writing():
        other = make_programme().id
    for number in range(3):
        act(number)
    tamper(
        f"INSERT INTO core_audit_heads (chain, count, digest) SELECT {other}, count, digest FROM core_audit_heads",
        f"UPDATE core_audit_entries SET chain = {other}",
        "DELETE FROM core_audit_heads WHERE chain = 0",
    )

    assert audit.verify().first_broken == f"{other}/1"


def test_genuine_entry_of_another_course_of_events_does_not_stand_in_for_the_one_that_happened(database, at):
    at(datetime(2026, 8, 14, 12, 0, tzinfo=UTC))
    act(1)
    with suppress(UndoneError), writing():
        act(90)
        other = db.session.scalars(select(AuditEntry.digest).where(AuditEntry.number == 2)).one()
        raise UndoneError
    for number in (2, 3):
        act(number)
    tamper(
        f"UPDATE core_audit_entries SET details = '{{\"number\": 90}}', digest = '{other}' WHERE number = 2",
        f"UPDATE core_audit_entries SET previous = '{other}' WHERE number = 3",
    )

    assert audit.verify().first_broken == "0/3"


def test_cut_off_tail_is_found_by_the_head(database):
    for number in range(6):
        act(number)
    tamper("DELETE FROM core_audit_entries WHERE number > 4")

    assert audit.verify().first_broken == "0/5"


def cut_off_with_its_head(kept: int) -> None:
    tamper(
        f"DELETE FROM core_audit_entries WHERE number > {kept}",
        f"UPDATE core_audit_heads SET count = {kept}, "
        f"digest = (SELECT digest FROM core_audit_entries WHERE number = {kept}) WHERE chain = 0",
    )


def test_cut_off_tail_whose_head_was_set_back_is_found_by_the_anchor(database):
    for number in range(6):
        act(number)
    assert audit.anchor() == 1
    cut_off_with_its_head(4)

    assert audit.verify().first_broken == "0/5"


def test_tail_written_anew_after_the_cut_is_found_by_the_anchor(database):
    for number in range(6):
        act(number)
    audit.anchor()
    cut_off_with_its_head(4)
    for number in range(3):
        act(number + 90)

    assert audit.verify().first_broken == "0/6"


def test_chain_that_is_gone_with_its_head_is_found_by_the_anchor(database):
    act(1)
    audit.anchor()
    tamper("DELETE FROM core_audit_entries", "DELETE FROM core_audit_heads")

    assert audit.verify().first_broken == "0/1"


@pytest.mark.parametrize(
    ("said", "changed"),
    [
        ('"count": 1', '"count": 0'),
        ('"chain": 0', '"chain": 7'),
        ('"at": "2026', '"at": "2027'),
        ('"digest": "', '"digest": "0'),
    ],
)
def test_line_of_the_anchors_that_was_changed_is_found(database, app, at, said, changed):
    at(datetime(2026, 8, 14, 12, 0, tzinfo=UTC))
    act(1)
    audit.anchor()
    file = app.config["SETTINGS"].data / audit.ANCHORS
    written = file.read_text()
    file.write_text(written.replace(said, changed))

    assert said in written

    assert audit.verify().first_broken == f"{audit.ANCHORS}/1"


@pytest.mark.parametrize("forged", ['{"mac": null}', '"мөр"', "[]", "\\xff", '{"at": "\\ud800", "mac": "\\ud800"}'])
def test_line_of_the_anchors_that_was_forged_is_found(database, app, forged):
    act(1)
    audit.anchor()
    file = app.config["SETTINGS"].data / audit.ANCHORS
    told = json.loads(file.read_text())
    line = forged.encode().replace(b"\\xff", b"\xff")
    if forged.startswith("{"):
        line = json.dumps(told | json.loads(forged)).encode()
    file.write_bytes(line + b"\n")

    assert audit.verify().first_broken == f"{audit.ANCHORS}/1"


def test_line_of_the_anchors_without_its_end_was_never_said(database, app, at):
    at(datetime(2026, 8, 14, 12, 0, tzinfo=UTC))
    act(1)
    audit.anchor()
    file = app.config["SETTINGS"].data / audit.ANCHORS
    file.write_bytes(file.read_bytes() + b'{"at": "2026-08-14T13:00')
    assert audit.verify().is_intact

    at(datetime(2026, 8, 14, 14, 0, tzinfo=UTC))
    act(2)
    assert audit.anchor() == 1
    assert file.read_bytes().count(b"\n") == 2

    assert audit.verify().is_intact


def test_anchors_are_written_each_hour_for_what_grew(database, at):
    start = datetime(2026, 8, 14, 12, 0, tzinfo=UTC)
    at(start)
    act(1)
    assert audit.anchor() == 1
    act(2)
    assert audit.anchor() == 0
    at(start + timedelta(hours=1))
    assert (audit.anchor(), audit.anchor()) == (1, 0)
    at(start + timedelta(hours=3))
    assert audit.anchor() == 0
    assert audit.verify().is_intact


def test_each_programme_has_its_own_chain(database):
    with writing():
        chains = [make_programme(slug).id for slug in ("one", "two")]
    for number in range(3):
        for chain in chains:
            act(number, Thing(audit_chain=chain))
    heads = db.session.execute(select(AuditHead.chain, AuditHead.count).order_by(AuditHead.chain)).all()

    assert [tuple(row) for row in heads] == [(chain, 3) for chain in chains]


def test_act_that_fails_leaves_no_entry(database):
    @use_case
    def fail():
        audit.record("do", Thing(), by=SYSTEM)
        raise LookupError

    with pytest.raises(LookupError):
        fail()

    assert db.session.scalars(select(AuditEntry)).all() == []


def test_parallel_writers_make_one_chain(database, app):
    def write(writer):
        for number in range(25):
            with app.app_context():
                act(writer * 100 + number)

    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert audit.verify() == Verdict(is_intact=True, entry_count=200, first_broken=None)


def test_history_tells_the_acts_on_one_object(database):
    act(1)
    act(2, Thing(public_id="other"))
    act(3)

    assert [entry.details["number"] for entry in audit.history(Thing())] == [1, 3]
