"""The doctor computes every hash again and names what does not fit; elsewhere each is changed behind the code's back."""

import json
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import current_app
from sqlalchemy import select, text
from sqlalchemy.orm import joinedload

from app import demo
from app.access.actor import COMMAND
from app.certificates.invariants import SEALS as CERTIFICATE_SEALS
from app.certificates.models import CertificateFile
from app.certificates.rules import Holder
from app.certificates.services import issue
from app.core import audit, clock, jobs, storage
from app.core.db import db, drop_guards, writing
from app.doctor import MOST_NAMED, STATES, Check, examine
from app.modules import CertificateKind, Seal
from app.people.invariants import SEALS as PEOPLE_SEALS
from app.people.models import Person, User
from app.people.services.accounts import create_account
from app.programmes.invariants import SEALS as PROGRAMME_SEALS
from app.programmes.models import Membership, Programme
from app.programmes.services import end_role, give_role
from app.programmes.states import Role
from awards import services as awards
from awards.invariants import SEALS as AWARD_SEALS
from competitions.invariants import SEALS as APPLICATION_SEALS
from competitions.models import Application, ApplicationVersion, Document
from competitions.rules.version import fingerprint
from competitions.services.search import index_applications
from competitions.states import ApplicationState
from tests import factories
from tests.awards.test_services import freeze

AT = datetime(2026, 10, 22, 5, tzinfo=UTC)
WORDS = {"kk": "Диплом", "ru": "Диплом", "en": "Diploma"}
OTHER = "0" * 64
FORGED = fingerprint({}, [])
FIRST_FOUND = "application_id = (SELECT min(application_id) FROM competitions_search_entries)"
CHANGES = {
    "submitted applications": [
        "UPDATE competitions_application_versions SET content = '{}' WHERE id = :version",
        "UPDATE competitions_application_versions SET documents = '[1]' WHERE id = :version",
        f"UPDATE competitions_application_versions SET sha256 = '{OTHER}' WHERE id = :version",
        (
            f"UPDATE competitions_application_versions SET content = '{{}}', documents = '[]', sha256 = '{FORGED}'"
            " WHERE id = :version"
        ),
        "DELETE FROM competitions_application_versions WHERE id = :version",
        "UPDATE competitions_application_versions SET submitted_at = '2020-01-01 00:00:00' WHERE id = :version",
        "UPDATE competitions_applications SET submitted_at = '2020-01-01 00:00:00' WHERE code = 'SA26-001'",
        "UPDATE competitions_applications SET applicant_id = (SELECT max(id) FROM people_persons) WHERE code = 'SA26-001'",
    ],
    "sums of the approved rules": [
        "UPDATE competitions_competitions SET fund = fund * 2 WHERE slug = 'start-app-2026'",
        "UPDATE competitions_competitions SET award_cap = award_cap - 1 WHERE slug = 'start-app-2026'",
        "UPDATE competitions_competitions SET award_count = award_count + 1 WHERE slug = 'start-app-2026'",
    ],
    "roles as they were given": [
        "UPDATE programmes_memberships SET role = 'funder' WHERE ended_at IS NULL",
        "UPDATE programmes_memberships SET user_id = (SELECT max(id) FROM people_users) WHERE ended_at IS NULL",
        "UPDATE programmes_memberships SET ended_at = NULL WHERE ended_at IS NOT NULL",
        (
            "INSERT INTO programmes_memberships (public_id, programme_id, user_id, role, started_at)"
            " SELECT 'forged', programme_id, user_id, 'press', started_at FROM programmes_memberships WHERE ended_at IS NULL"
        ),
        "DELETE FROM programmes_memberships WHERE ended_at IS NULL",
    ],
    "accounts as they were made": [
        "UPDATE people_users SET is_administrator = TRUE WHERE email = 'made@example.com'",
        "UPDATE people_users SET person_id = (SELECT min(id) FROM people_persons) WHERE email = 'made@example.com'",
        "UPDATE people_users SET public_id = 'another' WHERE email = 'made@example.com'",
    ],
    "documents of applications": [
        f"UPDATE competitions_documents SET sha256 = '{OTHER}' WHERE id > 0",
        "UPDATE competitions_documents SET storage_key = 'gone' WHERE id > 0",
        "UPDATE competitions_documents SET storage_key = :forged_key, sha256 = :forged_sha256 WHERE id > 0",
    ],
    "documents of certificates": [
        f"UPDATE certificates_files SET sha256 = '{OTHER}' WHERE id > 0",
        "UPDATE certificates_files SET storage_key = 'gone' WHERE id > 0",
        "UPDATE certificates_files SET storage_key = :forged_key, sha256 = :forged_sha256 WHERE id > 0",
        "DELETE FROM certificates_files WHERE id > 0",
    ],
    "what certificates say": [
        "UPDATE certificates_certificates SET name = 'Басқа' WHERE series = 'TE26'",
        "UPDATE certificates_certificates SET public_name = 'Басқа' WHERE series = 'TE26'",
        "UPDATE certificates_certificates SET issued_on = '2020-01-01' WHERE series = 'TE26'",
        "UPDATE certificates_certificates SET public_id = 'another' WHERE series = 'TE26'",
        "UPDATE certificates_certificates SET facts = '{\"amount\": 9}' WHERE series = 'TE26'",
    ],
    "what applications are found by": [
        f"UPDATE competitions_search_entries SET amount = 1 WHERE {FIRST_FOUND}",
        f"UPDATE competitions_search_entries SET age_index = 'another' WHERE {FIRST_FOUND}",
        f"DELETE FROM competitions_search_words WHERE is_name AND {FIRST_FOUND}",
        "UPDATE competitions_search_words SET stem = 'another' WHERE id = (SELECT min(id) FROM competitions_search_words)",
    ],
    "approved rules": [
        "UPDATE competitions_rules SET settings = '{}' WHERE id > 0",
        "UPDATE competitions_rules SET sections = '[]' WHERE id > 0",
    ],
    "states as they were recorded": [
        "UPDATE competitions_applications SET state = 'withdrawn' WHERE id = (SELECT min(id) FROM competitions_applications)",
        "UPDATE awards_awards SET state = 'revoked' WHERE id = (SELECT min(id) FROM awards_awards)",
        "UPDATE competitions_rules SET state = 'superseded' WHERE id > 0",
        "DELETE FROM awards_awards WHERE place = 6",
        "UPDATE certificates_certificates SET state = 'revoked', ended_at = issued_on WHERE series = 'TE26'",
    ],
    "published results": [
        "UPDATE awards_result_versions SET content = '{\"awards\": []}' WHERE id > 0",
        f"UPDATE awards_result_versions SET ranking_sha256 = '{OTHER}' WHERE id > 0",
        "DELETE FROM awards_result_versions WHERE id > 0",
    ],
    "awards as they were decided": [
        "UPDATE awards_awards SET amount = amount - 1 WHERE place = 2",
        "UPDATE awards_awards SET place = 9 WHERE place = 2",
        "UPDATE awards_awards SET kind = 'reserve', amount = 0 WHERE place = 2",
        "UPDATE awards_awards SET application_id = :stranger WHERE place = 2",
        "DELETE FROM awards_awards WHERE place = 2",
    ],
    "awards as they were published": [
        "UPDATE awards_awards SET amount = amount - 1 WHERE place = 2",
        "UPDATE awards_awards SET place = 9 WHERE place = 2",
        "UPDATE awards_awards SET published_at = NULL WHERE place = 2",
        "UPDATE awards_awards SET kind = 'reserve', amount = 0 WHERE place = 2",
    ],
}
NAMES = {
    "submitted applications": "SA26-001 1",
    "documents of applications": "SA26-001 ",
    "documents of certificates": " kk",
    "what certificates say": "TE26-",
    "what applications are found by": "",
    "approved rules": "",
    "states as they were recorded": " ",
    "published results": "start-app-2026 ",
    "sums of the approved rules": "start-app-2026",
    "roles as they were given": "",
    "accounts as they were made": "",
    "awards as they were decided": "-00",
    "awards as they were published": "-002",
}


@pytest.fixture
def world(app, database, kept) -> dict[str, Any]:
    app.extensions["baiqau"].certificate_kinds["test"] = CertificateKind("test", WORDS, WORDS, WORDS, "Д")
    return kept(app, published)


def published() -> dict[str, Any]:
    """A competition that was decided and published, with a document of an application and one of a certificate."""
    with writing():
        owner = factories.programme()
        competition = factories.called(owner)
        snapshot, made = freeze(competition)
        organiser = factories.actor(member_of=owner, role=Role.ORGANISER)
        awards.decide(competition, snapshot_sha256=snapshot.sha256, by=organiser, at=AT)
        awards.publish(competition, preview_sha256=awards.preview(competition).sha256, by=organiser, at=AT)
        stranger = factories.application(competition, 7)
        for one in (*made, stranger):
            sent = db.session.scalars(select(ApplicationVersion).where(ApplicationVersion.application_id == one.id)).one()
            applicant = db.session.get_one(Person, one.applicant_id).public_id
            factories.recorded(one, ApplicationState.SUBMITTED, version=1, sha256=sent.sha256, applicant=applicant)
        index_applications([one.id for one in (*made, stranger)])
        recorded_accounts()
        kept = storage.put(b"plan", suffix=".pdf")
        document = Document(
            application_id=made[0].id, question_key="files", name="a.pdf", media_type="application/pdf", extension="pdf",
            size=kept.size, sha256=kept.sha256, storage_key=kept.key, uploaded_at=AT,
        )  # fmt: skip
        db.session.add(document)
        db.session.flush()
        audit.record("attach", made[0], by=COMMAND, at=AT, document=document.public_id, sha256=kept.sha256)
        print_diploma(owner)
        forged = storage.put(b"another diploma", suffix=".pdf")
    return {
        "stranger": stranger.id,
        "forged_key": forged.key,
        "forged_sha256": forged.sha256,
        "version": db.session.scalars(
            select(ApplicationVersion.id).where(ApplicationVersion.application_id == made[0].id)
        ).one(),
    }


def print_diploma(owner: Programme) -> None:
    """A certificate with its document."""
    paper = storage.put(b"diploma", suffix=".pdf")
    issued = issue(
        "test", subject="award-x", programme=owner, series="TE26", holder=Holder("Үлгібаева Тоғжан", "", None), facts={},
        issued_on=date(2026, 10, 30), by=COMMAND, at=AT,
    )  # fmt: skip
    db.session.flush()
    db.session.add(
        CertificateFile(
            certificate_id=issued.id, language="kk", storage_key=paper.key, size=paper.size, sha256=paper.sha256,
            rendered_at=AT,
        )
    )  # fmt: skip
    audit.record("print", issued, by=COMMAND, at=AT, language="kk", sha256=paper.sha256)


def recorded_accounts() -> None:
    """What the record of acts would hold of the accounts and roles, and of one more account with a role that ended."""
    for one in db.session.scalars(select(User)):
        audit.record("create", one, by=COMMAND, at=AT, person=one.person.public_id, is_administrator=False)
        factories.recorded(one)
    for role in db.session.scalars(select(Membership).options(joinedload(Membership.user))):
        audit.record("give_role", role, by=COMMAND, at=AT, role=role.role, user=role.user.public_id)
        made = create_account("made@example.com", language="kk", by=COMMAND, at=AT)
        programme = db.session.get_one(Programme, role.programme_id)
        end_role(give_role(programme, made, role=Role.PRESS, by=COMMAND, at=AT), by=COMMAND, at=AT)


class UndoneError(Exception):
    """Takes the damage back."""


def seals() -> dict[str, Seal]:
    return {
        one.name: one for one in (STATES, *PEOPLE_SEALS, *PROGRAMME_SEALS, *APPLICATION_SEALS, *CERTIFICATE_SEALS, *AWARD_SEALS)
    }


def test_every_seal_of_these_modules_is_broken_here():
    assert set(seals()) == set(CHANGES) == set(NAMES)


def test_what_was_not_touched_fits_its_seals(world):
    assert {name: list(one.broken()) for name, one in seals().items()} == {name: [] for name in CHANGES}


@pytest.mark.parametrize("name", list(CHANGES))
def test_a_seal_names_what_was_changed_behind_the_guards(world, name):
    told = {statement: named_after(statement, world, seals()[name]) for statement in CHANGES[name]}

    assert {statement: [NAMES[name] in one for one in named] for statement, named in told.items()} == {
        statement: [True] for statement in CHANGES[name]
    }


def test_a_seal_is_on_every_version_of_an_application(world):
    with writing():
        first = db.session.get_one(ApplicationVersion, world["version"])
        again = ApplicationVersion(
            application_id=first.application_id, number=2, content=first.content, documents=[], sealed="{}",
            sha256=first.sha256, submitted_at=first.submitted_at,
        )  # fmt: skip
        db.session.add(again)
        application = db.session.get_one(Application, first.application_id)
        applicant = db.session.get_one(Person, application.applicant_id).public_id
        audit.record(
            "amend", application, by=COMMAND, at=first.submitted_at, version=2, sha256=again.sha256, applicant=applicant
        )
    found = [
        named_after(
            f"UPDATE competitions_application_versions SET content = '{{}}' WHERE {rows}",
            world,
            seals()["submitted applications"],
        )
        for rows in ("id = :version", f"id = {again.id}")
    ]

    assert found == [["SA26-001 1"], ["SA26-001 2"]]


def test_an_award_of_which_the_published_results_say_nothing_is_named(world):
    emptied = "UPDATE awards_result_versions SET content = '{\"awards\": []}' WHERE id > 0"
    named = named_after(emptied, world, seals()["awards as they were published"])

    assert [one[-3:] for one in named] == ["001", "002", "003", "004", "005", "006"]


def named_after(statement: str, world: dict[str, Any], seal: Seal) -> list[str]:
    """What the seal names while the database is so changed."""
    named: list[str] = []
    with suppress(UndoneError), writing():
        drop_guards(db.session.connection())
        db.session.execute(text(statement), {key: value for key, value in world.items() if f":{key}" in statement})
        db.session.expire_all()
        named += seal.broken()
        raise UndoneError
    return named


def test_doctor_tells_of_each_seal_and_names_what_does_not_fit(app, database):
    many = Seal("many", lambda: iter([f"row {number}" for number in range(MOST_NAMED + 2)]))
    app.extensions["baiqau"].seals = (*app.extensions["baiqau"].seals, many)

    found: dict[str, Check] = {one.name: one for one in examine()}

    assert found["seal: signed sheets"].detail == "fits"
    assert set(found) >= {f"seal: {name}" for name in (*CHANGES, "frozen rankings", "signed sheets", "criteria and weights")}
    assert not found["seal: many"].is_ok
    assert found["seal: many"].detail.startswith("does not fit: row 0, row 1, ")
    assert found["seal: many"].detail.endswith("row 49 and 2 more")
    assert json.dumps(found["seal: many"].cure)


FORGED_SHEET = "(SELECT max(id) FROM scoring_reviews WHERE state = 'signed')"


@pytest.mark.db(long="postgresql")
@pytest.mark.timeout(600)
def test_a_demo_of_any_size_fits_its_seals_and_a_forged_row_of_it_does_not(database, at):
    at("2026-11-22 12:00")
    demo.load()
    demo.scale(applications=12, jurors=3, reviews=2, seed=1)

    assert broken() == {}
    with suppress(UndoneError), writing():
        drop_guards(db.session.connection())
        for row in (
            "UPDATE competitions_applications SET state = 'withdrawn' WHERE code = 'SA26B-012'",
            f"UPDATE scoring_scores SET points = 9 WHERE review_id = {FORGED_SHEET}",
            f"UPDATE scoring_reviews SET sha256 = '{OTHER}' WHERE id = {FORGED_SHEET}",
        ):
            db.session.execute(text(row))
        assert {name: len(rows) for name, rows in broken().items()} == {
            "states as they were recorded": 1,
            "signed sheets": 1,
        }
        raise UndoneError


def broken() -> dict[str, list[str]]:
    """What does not fit, by seal."""
    db.session.expire_all()
    told = {one.name: list(one.broken()) for one in (STATES, *current_app.extensions["baiqau"].seals)}
    return {name: rows for name, rows in told.items() if rows}


def test_doctor_names_files_that_broken_off_acts_left_behind(world, app, at):
    def left() -> Check:
        return next(one for one in examine() if one.name == "files that nothing names")

    app.extensions["baiqau"].jobs["test.make"] = lambda job: jobs.File(storage.put(b"1;2").key, "a.csv", "text/csv")
    with writing():
        jobs.enqueue("test.make", key="1", payload={}, at=AT)
    jobs.drain()
    fresh = left()
    at(clock.now() + timedelta(days=1, minutes=1))
    found = left()

    assert (fresh.is_ok, found.is_ok) == (True, False)
    assert found.detail == f"1 older than a day: {world['forged_key']}"
