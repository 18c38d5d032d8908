"""What jurors write to an applicant reaches her after publication, without their names, and nobody else."""

from datetime import timedelta

import pytest

from app.core.db import db, writing
from app.people.models import Person, User
from app.people.states import UserState
from competitions.models import Application, Competition
from scoring.queries import result
from scoring.services import assigning
from scoring.states import ConflictKind
from tests.scoring.scenario import SCORED_AT, make_jury, sign_in

LATER = SCORED_AT + timedelta(days=60)
WORDS = "Бағаны сатып алушыдан сұрап көріңіз: жоспарыңыз нақты болады."


@pytest.fixture
def world(database, app, at, kept):
    at(SCORED_AT)
    return kept(app, one_application_scored)


def one_application_scored():
    with writing():
        made = make_jury()
        for number, words in enumerate((WORDS, "Жарнамаға аз ақша бөлінген.", "")):
            made.fill(number, 0)
            made.review(number, 0).feedback = words
            db.session.flush()
            made.sign(number, 0)
    return made


def account_of(person: Person) -> User:
    person.email = f"graduate{person.id}@example.com"
    found = User(
        person_id=person.id,
        email=person.email,
        state=UserState.ACTIVE,
        language="kk",
        created_at=SCORED_AT,
        verified_at=SCORED_AT,
    )
    db.session.add(found)
    db.session.flush()
    return found


def texts(world) -> list[str]:
    return sorted(words for _, all_ in result.feedback_for(world.applications[0]) for words in all_)


def publish(world) -> None:
    with writing():
        world.competition.published_at = LATER


def test_feedback_waits_for_publication(world):
    assert texts(world) == []
    publish(world)
    assert texts(world) == sorted([WORDS, "Жарнамаға аз ақша бөлінген."])
    assert result.feedback_for(world.applications[1]) == []


def test_feedback_of_a_juror_in_conflict_or_of_an_unsigned_sheet_is_not_shown(world):
    publish(world)
    with writing():
        assigning.recuse(world.review(1, 0), kind=ConflictKind.FAMILY, note="Туысым.", by=world.by(1), at=LATER)
    assert texts(world) == [WORDS]


def test_whom_nobody_wrote_to_is_named_before_the_freeze_except_to_who_may_not_know(world):
    with writing():
        for number in range(3):
            world.sign(number, 1)
        world.sign(0, 2)  # the other two may still write
    codes = [one.code for one in world.applications]

    blind = world.round.stages[0]
    open_still, over = (result.without_words(world.round, world.manager(), at) for at in (SCORED_AT, blind.closes_at))
    assert (open_still.open, open_still.closed) == ((codes[1],), ())
    assert (over.open, over.closed) == ((), (codes[1], codes[2]))
    with writing():
        world.conflict(0, 1)
    assert result.without_words(world.round, world.by(0), SCORED_AT) == result.WithoutWords()


def test_her_page_says_when_nobody_wrote_to_her(app, client, at):
    at(SCORED_AT)
    with app.app_context(), writing():
        made = make_jury()
        made.sign(1, 0)
        pages = []
        for number in (0, 1):
            one = made.applications[number]
            account = account_of(db.session.get_one(Person, one.applicant_id))
            account.language = "en"
            pages.append((f"/my/applications/{one.public_id}", account.id))
        made.competition.published_at = LATER
    at(LATER)
    said = []
    for url, account_id in pages:
        with app.app_context(), writing():
            sign_in(client, db.session.get_one(User, account_id), LATER)
        said.append("No juror wrote to you this time." in client.get(url).text)

    assert said == [True, False]


def test_her_page_shows_the_words_and_no_juror(app, client, at):
    at(SCORED_AT)
    with app.app_context(), writing():
        made = make_jury()
        made.fill(1, 0)
        made.review(1, 0).feedback = WORDS
        db.session.flush()
        made.sign(1, 0)
        one = made.applications[0]
        account = account_of(db.session.get_one(Person, one.applicant_id))
        names = [juror.person.family_name for juror in made.jurors]
        url, key = f"/my/applications/{one.public_id}", made.competition.id
        at(LATER)
        sign_in(client, account, LATER)

    before = client.get(url)
    assert (before.status_code, WORDS in before.text) == (200, False)

    with app.app_context(), writing():
        db.session.get_one(Competition, key).published_at = LATER

    page = client.get(url).text
    assert WORDS in page
    assert not [name for name in names if name in page]
    with app.app_context(), writing():
        other = db.session.get_one(Application, made.keys["applications"][1])
        sign_in(client, account_of(db.session.get_one(Person, other.applicant_id)), LATER)
    assert client.get(url).status_code == 404
