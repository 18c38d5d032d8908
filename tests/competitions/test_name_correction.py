"""A name that was admitted is corrected by staff: with a reason, a record that holds no name, and a letter."""

import pytest
from sqlalchemy import select

from app.access.actor import COMMAND
from app.access.door import decide, visible_to
from app.certificates.models import Certificate
from app.certificates.rules import Holder
from app.certificates.services import issue
from app.core import audit, clock
from app.core.columns import Translation
from app.core.db import db, writing
from app.messages.models import Message
from app.modules import CertificateKind
from app.people.models import Person, User
from app.people.policy import Permission
from app.people.services import persons
from app.people.services.sessions import open_session
from app.people.states import NameReason
from app.programmes.queries import actor_of
from app.programmes.states import Role
from competitions.models import Application
from tests import factories

WORDS = Translation({"kk": "Диплом", "ru": "Диплом", "en": "Diploma"})
RIGHT = {"family_name": "Әбдіқалықова", "given_name": "Іңкәр", "patronymic": "Өмірқызы"}
OTHERS = (Role.CHECKER, Role.SECRETARY, Role.CONSULTANT, Role.FUNDER)


@pytest.fixture
def admitted(app, database, kept):
    app.extensions["baiqau"].certificate_kinds["test"] = CertificateKind("test", WORDS, WORDS, WORDS, "Д")
    return kept(app, admitted_with_a_mistake)


def admitted_with_a_mistake():
    """The public id of a person who was admitted under a name with a mistake, and got a certificate."""
    with writing():
        owner = factories.programme("theirs")
        who = factories.person("Инкар", family_name="Абдикалыкова", email="inkar@example.com")
        factories.application(factories.called(owner), 1, applicant=who)
        issue(
            "test", subject="award-x", programme=owner, series="TE26", holder=Holder(who.full_name, "", who.id), facts={},
            issued_on=clock.now().date(), by=COMMAND, at=clock.now(),
        )  # fmt: skip
        for role in (Role.ORGANISER, *OTHERS):
            factories.user(f"{role}@example.com", member_of=owner, role=role)
        factories.user("stranger@example.com", member_of=factories.programme(), role=Role.ORGANISER)
        return who.public_id


def enter(app, client, name: str) -> None:
    with app.app_context(), writing():
        user = db.session.scalars(select(User).where(User.email == f"{name}@example.com")).one()
        secret = open_session(user, device="", at=clock.now())
    client.hold_session(secret)


def test_organiser_corrects_an_admitted_name_and_the_person_is_told(app, client, admitted):
    enter(app, client, "organiser")
    page = f"/manage/people/{admitted}/name"
    assert "Абдикалыкова" in client.get(page).text

    assert client.post(page, data=RIGHT | {"reason": "spelling"}).status_code == 303

    with app.app_context():
        person = db.session.scalars(select(Person).where(Person.public_id == admitted)).one()
        assert person.full_name == "Әбдіқалықова Іңкәр Өмірқызы"
        letter = db.session.scalars(select(Message).where(Message.kind == "people.name_corrected")).one()
        assert letter.address == "inkar@example.com"
        assert person.full_name in letter.text
        assert db.session.scalars(select(Certificate.name)).one() == "Абдикалыкова Инкар"


def test_record_of_the_correction_holds_both_names_as_hashes_alone(database, admitted):
    person = db.session.scalars(select(Person).where(Person.public_id == admitted)).one()
    with writing():
        persons.correct_name(person, **RIGHT, reason=NameReason.CHANGED, by=COMMAND, at=clock.now())
    with writing():
        wrong = {"family_name": "Абдикалыкова", "given_name": "Инкар", "patronymic": ""}
        persons.correct_name(person, **wrong, reason=NameReason.SPELLING, by=COMMAND, at=clock.now())

    there, back = [one.details for one in audit.history(person) if one.verb == "correct_name"]
    assert (there["reason"], back["reason"]) == ("changed", "spelling")
    assert (there["before"], there["after"]) == (back["after"], back["before"])
    assert there["before"] != there["after"]
    assert not any(name in str(there) for name in ("Абдикалыкова", "Әбдіқалықова"))


def test_name_that_stands_already_and_no_reason_are_refused(app, client, admitted):
    enter(app, client, "organiser")
    page = f"/manage/people/{admitted}/name"
    same = {"family_name": "Абдикалыкова", "given_name": "Инкар", "patronymic": ""}

    assert client.post(page, data=RIGHT).status_code == 422
    assert client.post(page, data=same | {"reason": "spelling"}).status_code == 409


@pytest.mark.parametrize("name", [*OTHERS, "stranger"])
def test_nobody_but_an_organiser_of_the_programme_corrects_a_name(app, client, admitted, name):
    enter(app, client, name)

    assert client.get(f"/manage/people/{admitted}/name").status_code == 404
    assert client.post(f"/manage/people/{admitted}/name", data=RIGHT | {"reason": "spelling"}).status_code == 404


def test_name_that_another_programme_admitted_is_not_corrected_from_here(app, client, admitted):
    with app.app_context(), writing():
        person = db.session.scalars(select(Person).where(Person.public_id == admitted)).one()
        here = factories.programme("here")
        user = factories.user("here@example.com", member_of=here, role=Role.ORGANISER, language="en")
        factories.application(factories.called(here), 1, applicant=person)
        assert not decide(actor_of(user), Permission.PERSON_NAME, person).is_allowed
        assert not db.session.scalars(visible_to(actor_of(user), Person, Permission.PERSON_NAME)).all()
    enter(app, client, "here")

    answer = client.post(f"/manage/people/{admitted}/name", data=RIGHT | {"reason": "spelling"})

    assert answer.status_code == 403
    assert "Ask its organiser or the administrator." in answer.text


def test_each_programme_she_applied_to_records_the_correction_once(database, admitted):
    person = db.session.scalars(select(Person).where(Person.public_id == admitted)).one()
    with writing():
        second = factories.programme("second")
        for number in (1, 2):
            factories.application(factories.called(second), number, applicant=person)
        persons.correct_name(person, **RIGHT, reason=NameReason.CHANGED, by=COMMAND, at=clock.now())

    found = db.session.scalars(select(audit.AuditEntry).where(audit.AuditEntry.verb == "correct_name")).all()
    theirs = {one.programme_id for one in db.session.scalars(select(Application))}
    assert len(theirs) == 2
    assert sorted(one.chain for one in found) == sorted([audit.INSTALLATION, *theirs])
    assert len({str(one.details) for one in found}) == 1
    assert audit.verify().is_intact


def test_organiser_does_not_correct_the_name_under_which_she_was_admitted_herself(database):
    with writing():
        owner = factories.programme()
        user = factories.user(member_of=owner, role=Role.ORGANISER)
        other = factories.person()
        competition = factories.called(owner)
        factories.application(competition, 1, applicant=user.person)
        with_other = factories.called(owner)
        factories.application(with_other, 2, applicant=other)
    who = actor_of(user)

    assert not decide(who, Permission.PERSON_NAME, user.person).is_allowed
    assert decide(who, Permission.PERSON_NAME, other).is_allowed
    assert db.session.scalars(visible_to(who, Person, Permission.PERSON_NAME)).all() == [other]
