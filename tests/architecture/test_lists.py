"""No page asks the database more when its lists are longer: measured for every page that anybody of the demo reaches.

The demo is measured as it is, and again with each list longer by twenty-nine rows. Each statement comes as often as before, or
once if nothing called for it before. A page that goes through a list and did not grow stands below with its reason, or is red.
What only a scored and decided competition shows is measured on one that was scored and decided.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pytest
from flask import Flask
from jinja2 import nodes
from sqlalchemy import event, select, text

from app.core import clock
from app.core.db import db, writing
from app.demo import OWNER, acting, finish_scoring
from app.people.models import User
from app.people.services.sessions import open_session
from awards.services import decide
from competitions.models import Competition
from scoring.demo.juries import START_APP
from scoring.models import Round
from scoring.services.results import freeze_ranking
from tests.architecture.test_routes_and_templates import TEMPLATES, pages
from tests.client import Client
from tests.crawling import Few, crawl, endpoint_of
from tests.journeys.atlas import PEOPLE
from tests.multiplied import WHOLES, Multiplied

MORE = 29
OF_ONE_ENDPOINT = 2
# What these go through is no list of rows: the demo fills it, or the rules fix it.
SETTLED = {
    "app_person.home": "the menu",
    "certificates_organiser.certificate": "the languages of one document",
    "competitions_applicant.appeal": "the reasons of one refusal",
    "competitions_applicant.check_answers": "the questions of one form",
    "competitions_applicant.group": "the questions of one group",
    "competitions_checker.appeal": "the decisions on one application",
    "competitions_checker.return_application": "the lines of one form",
    "competitions_checker.versions": "the questions of one form",
    "competitions_organiser.add_question": "the kinds of questions",
    "competitions_organiser.edit_dates": "the milestones",
    "competitions_organiser.edit_numbers": "the fields of one form",
    "competitions_organiser.edit_questions": "the pairs of one form",
    "competitions_organiser.edit_section": "the articles of one section",
    "competitions_organiser.form": "the questions of one form",
    "competitions_organiser.preview_form": "the groups of one form",
    "competitions_organiser.publicity": "the languages of one call",
    "competitions_public.apply": "three questions",
    "competitions_public.blank_form": "the questions of one form",
    "competitions_public.rules": "the sections of one document",
    "people_organiser.identity": "what the parts of the platform know of one person",
    "scoring_juror_sheet.review": "the criteria of one stage",
    "seminars_public.event": "the paragraphs and the agenda of one text",
}
# Lists that did not grow here, and why.
UNMEASURED = {"competitions_organiser.rules": "one version of the rules is in force in a competition, and no second"}
# The demo's competition is being scored: these are measured when it is decided, with what else its organiser then reads.
DECIDED_ONLY = {"awards_organiser.publish": "/awards/publish", "scoring_organiser_ranking.sheets": "/ranking/sheets"}
WHEN_DECIDED = {"awards_organiser.awards": "/awards", "scoring_organiser_ranking.ranking": "/ranking"} | DECIDED_ONLY
LISTED_WHEN_DECIDED = ("competitions_applications", "awards_awards", "scoring_jurors")
# Look first: their lists hold what those of others lack.
FULLEST = ("winner", "applicant", "organiser")
# Where nobody of the demo is led on this day, by who sees the list there.
BESIDES = {
    "applicant": "SELECT '/my/applications/' || a.public_id || '/history/' || c.question_key FROM competitions_answer_changes c"
    " JOIN competitions_applications a ON a.id = c.application_id ORDER BY c.id LIMIT 1",
    "checker": "SELECT '/manage/competitions/' || c.public_id || '/threads' FROM competitions_notes n"
    " JOIN competitions_applications a ON a.id = n.application_id"
    " JOIN competitions_competitions c ON c.id = a.competition_id ORDER BY n.id LIMIT 1",
    "organiser": "SELECT '/manage/events/' || e.public_id || '/sessions/' || s.public_id || '/attendance'"
    " FROM seminars_sessions s JOIN seminars_events e ON e.id = s.event_id ORDER BY s.id LIMIT 1",
}


@dataclass(frozen=True)
class Place:
    """A page somebody reached."""

    who: str
    path: str
    endpoint: str


class Walk:
    """Somebody's browser, and the statements her last page took."""

    def __init__(self, app: Flask, secrets: dict[str, str | None]) -> None:
        self.app, self.secrets = app, secrets
        self.statements: list[str] = []
        with app.app_context():
            event.listen(db.engine, "before_cursor_execute", lambda *args: self.statements.append(args[2]))

    def enter(self, who: str) -> Client:
        client = self.app.test_client()
        assert isinstance(client, Client)
        if secret := self.secrets[who]:
            client.hold_session(secret)
        return client

    def places(self, who: str) -> Iterator[Place]:
        """The pages behind the links from her first one, a few of each endpoint."""
        with self.app.app_context():
            besides = db.session.scalars(text(BESIDES[who])).all() if who in BESIDES else ()
            db.session.remove()
        for one in crawl(self.enter(who), *besides, "/", "/account/", wants=Few(self.app, OF_ONE_ENDPOINT)):
            place = endpoint_of(self.app, one.address)
            if one.is_page and place:
                yield Place(who, one.address, place[0])

    def cost(self, place: Place) -> tuple[Counter[str], int]:
        """What a look asks of the database, and how long the page is; only the first of all fills what the process keeps."""
        self.statements.clear()
        answer = self.enter(place.who).get(place.path)
        assert answer.status_code == 200, f"{place}: {answer.text[-2000:]}"
        return Counter(plain(one) for one in self.statements if one.startswith("SELECT")), len(answer.data)


def plain(statement: str) -> str:
    """A statement without the length of its lists."""
    return re.sub(r"(\?, )+\?", "?", " ".join(statement.split()))


def going_through_lists(app: Flask) -> set[str]:
    """The endpoints whose own template has a loop."""
    found = set()
    for path in pages():
        package, audience, *_rest = path.relative_to(TEMPLATES).parts
        if app.jinja_env.parse(path.read_text()).find(nodes.For):
            found |= {one for one in app.view_functions if re.fullmatch(rf"{package}_{audience}(_\w+)?\.{path.stem}", one)}
    return found


def lengthen(app: Flask, *names: str, wholes: frozenset[str] = WHOLES) -> None:
    """Make every list longer, or those of some tables."""
    with app.app_context(), writing():
        many = Multiplied(db.session.connection(), wholes=wholes)
        many.multiply(MORE, names=names)
        many.store(db.session.connection())


def compared(walk: Walk, few: dict[Place, tuple[Counter[str], int]]) -> tuple[dict[str, Counter[str]], set[str]]:
    """Which pages ask more than before for longer lists, and the endpoints that show them longer.

    Where a look asks more, the next one counts: what the process keeps was kept before the lists grew.
    """
    costly, grown = dict[str, Counter[str]](), set[str]()
    for place, (asked, length) in few.items():
        now, longer = walk.cost(place)
        if more_than(asked, now) and (more := more_than(asked, walk.cost(place)[0])):
            costly[place.path] = more
        grown |= {place.endpoint} if longer > length else set()
    return costly, grown


def more_than(asked: Counter[str], now: Counter[str]) -> Counter[str]:
    """The statements that come more often than before, and not just once."""
    return Counter({said: count for said, count in now.items() if count > max(asked[said], 1)})


def sessions(app: Flask, people: Mapping[str, str | None]) -> dict[str, str | None]:
    """Everybody signed in; a visitor has no session."""
    with app.app_context():
        with writing():
            users = {user.email: user for user in db.session.scalars(select(User))}
            found = {who: email and open_session(users[email], device="", at=clock.now()) for who, email in people.items()}
        db.session.remove()
    return found


@pytest.mark.lasts(40)
@pytest.mark.timeout(1200)
def test_no_page_asks_more_when_its_lists_are_longer(demo_app: Flask) -> None:
    app = demo_app
    walk, taken = Walk(app, sessions(app, PEOPLE)), Counter[str]()
    few = {}
    everybody = [*FULLEST, *(who for who in PEOPLE if who not in FULLEST)]
    for place in [place for who in everybody for place in walk.places(who)]:  # each was looked at before it is measured
        taken[place.endpoint] += 1
        if taken[place.endpoint] <= OF_ONE_ENDPOINT:
            few[place] = walk.cost(place)
    lengthen(app)

    costly, grown = compared(walk, few)
    lists = going_through_lists(app)

    assert costly == {}
    assert sorted(lists - grown - set(SETTLED) - set(UNMEASURED) - set(DECIDED_ONLY)) == []
    assert sorted((set(SETTLED) | set(UNMEASURED) | set(DECIDED_ONLY)) - lists) == []
    assert sorted((set(UNMEASURED) | set(DECIDED_ONLY)) & grown) == []


@pytest.mark.lasts(15)
@pytest.mark.timeout(600)
def test_no_page_of_a_decided_competition_asks_more_when_its_lists_are_longer(demo_app: Flask) -> None:
    app = demo_app
    walk = Walk(app, sessions(app, {"organiser": OWNER}))
    with app.app_context():
        finish_scoring()
        with writing():
            competition = db.session.scalars(select(Competition).where(Competition.slug == START_APP)).one()
            round_ = db.session.scalars(select(Round).where(Round.competition_id == competition.id)).one()
            by = acting(OWNER)
            snapshot = freeze_ranking(round_, reason="", by=by, at=clock.now())
            decide(competition, snapshot_sha256=snapshot.sha256, by=by, at=clock.now())
        here = f"/manage/competitions/{competition.public_id}"
        db.session.remove()
    places = [Place("organiser", here + path, endpoint) for endpoint, path in WHEN_DECIDED.items()]
    for place in places:
        walk.cost(place)
    few = {place: walk.cost(place) for place in places}
    lengthen(app, *LISTED_WHEN_DECIDED, wholes=WHOLES | {"scoring_assignments", "scoring_reviews"})

    costly, grown = compared(walk, few)

    assert costly == {}
    assert grown == set(WHEN_DECIDED)
