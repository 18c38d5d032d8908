"""The pages of organisers and checkers: from a starter to an announced call, and from a list to a decision."""

import csv
import io
import re
from datetime import timedelta
from html import escape, unescape
from types import SimpleNamespace

import pytest
from sqlalchemy import event, select

from app.core import audit
from app.core.db import db, writing
from app.people.models import Person, User
from app.programmes.models import Membership, Programme
from app.programmes.states import Role
from competitions.models import Application, Competition
from competitions.policy import CompetitionFacts, Obstacle, Permission, competition_obstacles
from competitions.queries.competition import call_of
from competitions.services.application import submit_application
from competitions.states import ApplicationState, CompetitionState, Milestone
from tests import factories
from tests.competitions.scene import (
    CLOSES_AT,
    CONSENT,
    MADE_AT,
    OPEN_AT,
    announced_call,
    applicant,
    draft,
    open_call,
    sign_in,
    write,
)

AFTER = CLOSES_AT + timedelta(days=3)
PERSONAL = (
    "+77000000003",
    "+7 700 000 00 03",
    "+7\u00a0700\u00a0000\u00a000\u00a003",
    "000418599113",
    "18 April 2000",
    "2000-04-18",
    "18.04.2000",
)
ENGLISH = {"Accept-Language": "en"}


def entered(app, client, scene, at):
    with app.app_context(), writing():
        sign_in(client, db.session.get_one(User, scene.account_id), at)
    return scene


@pytest.fixture
def desk(app, client, at, kept):
    """An organiser of a draft competition, signed in."""
    at(MADE_AT)
    return entered(app, client, kept(app, drafted), MADE_AT)


def drafted():
    with writing():
        competition = open_call()
        programme = db.session.get_one(Programme, competition.programme_id)
        account = factories.user(member_of=programme, role=Role.ORGANISER, language="en")
        return SimpleNamespace(
            id=competition.id, url=f"/manage/competitions/{competition.public_id}", programme=programme.public_id,
            account_id=account.id,
        )  # fmt: skip


@pytest.fixture
def bench(app, client, at, kept):
    """A checker before one submitted application and one draft, signed in."""
    at(AFTER)
    return entered(app, client, kept(app, waiting), AFTER)


def waiting():
    with writing():
        competition = announced_call()
        programme = db.session.get_one(Programme, competition.programme_id)
        _account, actor = applicant()
        application = draft(competition, actor)
        write(application, actor, title="=HYPERLINK(1)")
        submit_application(application, by=actor, at=OPEN_AT, declarations=CONSENT)
        _other, stranger = applicant()
        write(draft(competition, stranger), stranger, title="Қаралама", iin="990704499027")
        checker = factories.user(member_of=programme, role=Role.CHECKER, language="en")
        return SimpleNamespace(
            id=application.id,
            url=f"/manage/applications/{application.public_id}",
            list=f"/manage/competitions/{competition.public_id}/applications",
            actor=actor,
            account_id=checker.id,
        )


def test_the_page_of_the_day_is_current_on_itself_alone(client, bench):
    day, other = client.get("/manage/").text, client.get(bench.url).text
    entries = [re.findall(r'<a href="/manage/?" aria-current="page">', one) for one in (day, other)]

    assert [bool(one) for one in entries] == [True, False]


def test_text_that_is_older_in_one_language_is_named_and_confirmed_by_one_click(app, client, desk):
    with app.app_context(), writing():
        one = db.session.get_one(Competition, desk.id)
        one.edits = {"tagline": {"kk": "2026-07-10T05:00:00.000000+00:00"}}

    shown = client.get(desk.url).text
    assert "is older in one language. Changed: қазақша. Older: русский." in shown
    assert client.post(f"{desk.url}/languages", data={"place": "name"}).status_code == 404
    assert client.post(f"{desk.url}/languages", data={"place": "tagline"}).status_code == 303
    assert "is older in one language" not in client.get(desk.url).text


def test_page_of_a_competition_asks_nothing_twice(app, client, desk):
    """However many buttons it shows, the facts behind them are read once."""
    asked = []
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *args: asked.append((args[2], str(args[3]))))
    assert client.get(desk.url).status_code == 200
    selects = [one for one in asked if one[0].startswith("SELECT")]

    assert [one for one in selects if selects.count(one) > 1] == []
    assert len(selects) < 20


def competition_of(app, desk):
    with app.app_context():
        return db.session.get_one(Competition, desk.id)


def state_of(app, bench):
    with app.app_context():
        return db.session.get_one(Application, bench.id).state


def fields(page):
    """What a form of the page would send."""
    found = {}
    for tag in re.findall(r"<(?:input|textarea|select)[^>]*>", page):
        name, value, kind = (re.search(rf'{one}="([^"]*)"', tag) for one in ("name", "value", "type"))
        if name and (kind is None or kind[1] not in {"checkbox", "radio", "search"}):
            found[name[1]] = value[1] if value else ""
    return found


PAGES = (
    "", "/texts", "/questions", "/dates", "/numbers", "/rules", "/rules?language=ru", "/rules/1", "/approve", "/announce",
    "/cancel", "/applications",
)  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_every_page_of_a_draft_opens(client, desk, path):
    assert client.get(desk.url + path).status_code == 200


def test_an_organiser_goes_from_nothing_to_an_announced_call(app, client, desk, at):
    data = {
        "starter": "start_app",
        "programme": desk.programme,
        "name": "Start App 2027",
        "region": "KZ-33",
        "opens_on": "2026-07-27",
    }
    made = client.post("/manage/competitions/new", data=data)
    assert made.status_code == 303
    url = made.location
    assert "complete in all required languages" in client.get(url).text
    assert client.post(f"{url}/approve", data={"act_number": "1", "act_on": "2026-07-10"}).status_code == 303
    assert client.post(f"{url}/announce").status_code == 303
    with app.app_context():
        found = db.session.scalars(select(Competition).where(Competition.slug == "start-app-2027")).one()
        assert (found.state, found.name["kk"]) == (CompetitionState.ANNOUNCED, "Start App 2027")
    assert client.get("/c/start-app-2027").status_code == 200


def test_what_was_done_twice_leads_back_to_its_page(client, desk):
    client.post(f"{desk.url}/announce")
    answer = client.post(f"{desk.url}/reopen")

    assert answer.status_code in {403, 409}
    assert f'href="{desk.url}"' in answer.text


def test_a_form_not_filled_in_keeps_what_was_typed(client, desk):
    answer = client.post("/manage/competitions/new", data={"starter": "start_app", "programme": desk.programme, "name": "Жаңа"})
    assert answer.status_code == 422
    assert 'value="Жаңа"' in answer.text
    assert "Please fill this in." in answer.text


@pytest.mark.parametrize(
    ("wrong", "words"),
    [({"region": ""}, "Please fill this in."), ({"opens_on": "2026-07-01"}, "This day has passed.")],
)
def test_new_competition_needs_a_region_and_a_day_to_come(client, desk, wrong, words):
    data = {"starter": "start_app", "programme": desk.programme, "name": "Жаңа", "region": "KZ-33", "opens_on": "2026-07-27"}

    answer = client.post("/manage/competitions/new", data=data | wrong)

    assert answer.status_code == 422
    assert words in answer.text


def test_dates_are_typed_in_the_local_zone_and_refused_out_of_order(app, client, desk):
    data = fields(client.get(f"{desk.url}/dates").text)
    assert data["closes"] == "2026-08-14T18:00"
    wrong = client.post(f"{desk.url}/dates", data=data | {"closes": "2026-07-01T18:00"})
    assert wrong.status_code == 409
    assert 'value="2026-07-01T18:00"' in wrong.text
    assert client.post(f"{desk.url}/dates", data=data | {"closes": "2026-08-14T20:30"}).status_code == 303
    with app.app_context():
        calendar = call_of(db.session.get_one(Competition, desk.id)).calendar
        assert calendar.dates[Milestone.CLOSES].isoformat() == "2026-08-14T15:30:00+00:00"


def test_dates_of_an_announced_call_are_moved_by_an_act_on_the_page(app, client, at):
    at(OPEN_AT)
    with app.app_context(), writing():
        competition = announced_call()
        programme = db.session.get_one(Programme, competition.programme_id)
        sign_in(client, factories.user(member_of=programme, role=Role.ORGANISER, language="en"), OPEN_AT)
        url = f"/manage/competitions/{competition.public_id}/dates"
    data = fields(client.get(url).text) | {"act_number": "7", "act_on": "2026-07-18"}

    assert client.post(url, data=data | {"closes": "2026-08-16T18:00"}).status_code == 303
    with app.app_context():
        calendar = call_of(db.session.scalars(select(Competition)).one()).calendar
        assert calendar.dates[Milestone.CLOSES].isoformat() == "2026-08-16T13:00:00+00:00"


def test_numbers_that_do_not_add_up_are_refused_and_kept(app, client, desk):
    data = fields(client.get(f"{desk.url}/numbers").text)
    wrong = client.post(f"{desk.url}/numbers", data=data | {"weight_C1": "14", "fund": "3 млн"})
    assert wrong.status_code == 409
    assert "must add up to 100" in wrong.text
    assert "but the fund is" in wrong.text
    assert client.post(f"{desk.url}/numbers", data=data | {"fund": "8 млн", "award_count": "8"}).status_code == 303
    assert (competition_of(app, desk).fund, competition_of(app, desk).award_count) == (8_000_000, 8)


def test_texts_and_sections_are_edited_side_by_side(app, client, desk):
    with app.app_context():
        one = db.session.get_one(Competition, desk.id)
        data = {"slug": "tango", "languages": ["kk", "ru"], "helpline": one.helpline, "contact_email": "", "name-kk": "Танго"}
        data |= {"name-ru": "", "name-en": ""}
        data |= {f"{name}-{code}": getattr(one, name)[code] for name in ("tagline", "description") for code in ("kk", "ru")}
    assert client.post(f"{desk.url}/texts", data=data).status_code == 303
    assert (competition_of(app, desk).slug, dict(competition_of(app, desk).name)) == ("tango", {"kk": "Танго"})
    assert "is empty in one language: русский" in client.get(desk.url).text
    section = {
        "title-kk": "Тақырып",
        "title-ru": "Заголовок",
        "articles-0-text-kk": "Бап {fund}",
        "articles-0-text-ru": "Статья",
    }
    assert client.post(f"{desk.url}/rules/1", data=section).status_code == 303
    assert "does not give the same values in all languages" in client.get(desk.url).text
    assert client.get(f"{desk.url}/rules/99").status_code == 404


def test_an_incomplete_call_is_not_announced_and_says_why(app, client, desk):
    answer = client.post(f"{desk.url}/announce")
    assert answer.status_code == 409
    assert "The rules are not approved yet." in answer.text
    assert competition_of(app, desk).state is CompetitionState.DRAFT


def test_locked_rules_are_reopened_before_the_announcement(app, client, desk):
    client.post(f"{desk.url}/approve", data={"act_number": "1", "act_on": "2026-07-10"})
    assert "The rules are locked" in client.get(f"{desk.url}/numbers").text
    assert client.post(f"{desk.url}/reopen").status_code == 303
    assert competition_of(app, desk).state is CompetitionState.DRAFT


def test_a_cancelled_competition_is_read_only(app, client, desk):
    assert client.post(f"{desk.url}/cancel", data={"reason": ""}).status_code == 422
    assert client.post(f"{desk.url}/cancel", data={"reason": "Қаржы бөлінбеді."}).status_code == 303
    assert "Қаржы бөлінбеді." in client.get(desk.url).text
    assert client.get(f"{desk.url}/texts").status_code == 403


def test_cancelling_is_not_offered_once_winners_are_decided_and_says_why(app, client, desk):
    assert f"{desk.url}/cancel" in client.get(desk.url).text
    with app.app_context(), writing():
        competition = db.session.get_one(Competition, desk.id)
        competition.announced_at, competition.state = MADE_AT, CompetitionState.DECIDED

    answers = [client.get(f"{desk.url}/cancel"), client.post(f"{desk.url}/cancel", data={"reason": "Қаржы бөлінбеді."})]

    assert f"{desk.url}/cancel" not in client.get(desk.url).text
    assert [one.status_code for one in answers] == [403, 403]
    assert all("The winners of this competition are decided" in one.text for one in answers)
    assert competition_of(app, desk).state is CompetitionState.DECIDED


def test_a_published_competition_is_not_cancelled():
    facts = CompetitionFacts(programme_id=1, state=CompetitionState.PUBLISHED, is_applicant=False)

    assert [one.code for one in competition_obstacles(Permission.COMPETITION_CANCEL, facts)] == [Obstacle.DECIDED_ALREADY]
    assert competition_obstacles(Permission.COMPETITION_EDIT, facts) == ()


def test_announcing_twice_leads_back_to_the_competition(app, client, desk):
    client.post(f"{desk.url}/approve", data={"act_number": "1", "act_on": "2026-07-10"})
    client.post(f"{desk.url}/announce")
    client.get(desk.url)

    again = [client.get(f"{desk.url}/announce"), client.post(f"{desk.url}/announce")]

    assert [(one.status_code, one.location) for one in again] == [(303, desk.url)] * 2
    assert "The call is public already." in client.get(desk.url).text


@pytest.mark.parametrize(("answers", "is_asked"), [([], True), ([{"question": {}, "answer": {}}], False)])
def test_answers_on_the_call_page_are_asked_for_while_there_are_none(app, client, desk, answers, is_asked):
    client.post(f"{desk.url}/approve", data={"act_number": "1", "act_on": "2026-07-10"})
    client.post(f"{desk.url}/announce")
    with app.app_context(), writing():
        db.session.get_one(Competition, desk.id).questions_and_answers = answers

    assert ("Answer on the call page what people ask you" in client.get(desk.url).text) is is_asked


@pytest.mark.parametrize("path", ["", "/texts", "/rules", "/applications", "/applications.csv"])
def test_another_programme_does_not_know_the_competition(app, client, desk, path):
    with app.app_context(), writing():
        sign_in(client, factories.user(member_of=factories.programme(), role=Role.ORGANISER), MADE_AT)
    assert client.get(desk.url + path).status_code == 404


def test_the_list_shows_titles_of_submitted_ones_and_only_progress_of_drafts(client, bench):
    page = client.get(bench.list).text
    assert "=HYPERLINK(1)" in page
    assert "Қаралама" not in page
    assert "Answered: 18 of 18 required questions" in page
    assert "Nothing found" in client.get(f"{bench.list}?q=жоқсөз").text


def test_the_csv_holds_no_draft_no_identity_and_no_formula(client, bench):
    answer = client.get(bench.list + ".csv", headers=ENGLISH)
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert [row[0] for row in rows] == ["Code", "SA26-001"]
    assert rows[1][2] == "'=HYPERLINK(1)"
    assert "000418599113" not in answer.text
    assert client.get(bench.list + ".xlsx").data[:2] == b"PK"


def test_a_checker_returns_with_a_reason_from_the_rules_in_the_applicants_language(app, client, bench):
    here = f"{bench.url}/return"
    empty = client.post(here, data={"due_at": "2026-08-24T18:00"})
    assert empty.status_code == 422
    assert 'href="#reasons-0-text"' in empty.text
    assert 'id="reasons-0-text-error"' in empty.text
    assert "(optional)" not in empty.text
    data = {
        "reasons-0-question": "plan",
        "reasons-0-preset": "plan_dates",
        "reasons-0-text": "Әр қадамға.",
        "due_at": "2026-08-24T18:00",
        "seen": 1,
    }
    assert client.post(here, data=data).status_code == 303
    assert state_of(app, bench) is ApplicationState.RETURNED
    page = client.get(bench.url).text
    assert "Жоспардағы қадамдардың мерзімі көрсетілмеген" in page
    assert client.post(f"{bench.url}/refuse", data={"reason": "age"}).status_code == 409


def test_a_checker_decides_on_no_version_she_has_not_read(app, client, bench):
    typed = {"reason": "own", "text": "Құжат жоқ.", "due_at": "2026-08-24T18:00", "reasons-0-text": "Құжат жоқ."}
    shown = {verb: client.get(f"{bench.url}{verb}").text for verb in ("", "/return", "/refuse")}
    seen = {verb: re.findall(r'name="seen"[^>]*value="(\d+)"', page) for verb, page in shown.items()}
    with app.app_context(), writing():
        one = db.session.get_one(Application, bench.id)
        write(one, bench.actor, title="Жетпеген қағазбен")
        submit_application(one, by=bench.actor, at=AFTER, declarations=CONSENT)

    assert seen == {"": ["1"], "/return": ["1"], "/refuse": ["1"]}
    for verb in ("admit", "return", "refuse"):
        answer = client.post(f"{bench.url}/{verb}", data=typed | {"seen": "1"})
        assert answer.status_code == 409
        assert "the applicant sent a newer version. Read it, then decide." in answer.text
        assert (verb == "admit") or "Құжат жоқ." in answer.text
    assert state_of(app, bench) is ApplicationState.SUBMITTED
    assert client.post(f"{bench.url}/refuse", data=typed | {"seen": "2"}).status_code == 303
    assert state_of(app, bench) is ApplicationState.NOT_ADMITTED


def test_forms_of_what_can_no_longer_be_decided_are_not_shown(client, bench):
    assert client.post(f"{bench.url}/admit", data={"seen": 1}).status_code == 303
    for verb in ("return", "refuse"):
        answer = client.get(f"{bench.url}/{verb}", headers=ENGLISH)
        assert answer.status_code == 409
        assert '<form method="post" novalidate' not in answer.text
        assert f'href="{bench.url}"' in answer.text


def test_a_checker_admits_and_takes_it_back(app, client, bench):
    assert client.post(f"{bench.url}/admit", data={"seen": 1}).status_code == 303
    page = client.get(bench.url).text
    assert "The letter has not left yet" in page
    assert "her page says that the application is being checked" in page
    assert client.post(f"{bench.url}/admit", data={"seen": 1}).status_code == 409
    assert client.post(f"{bench.url}/undo").status_code == 303
    assert state_of(app, bench) is ApplicationState.SUBMITTED


def test_a_checker_does_not_admit_for_a_reason(app, client, bench):
    assert client.post(f"{bench.url}/refuse", data={}).status_code == 422
    assert client.post(f"{bench.url}/refuse", data={"reason": "own", "text": " ", "seen": 1}).status_code == 409
    assert client.post(f"{bench.url}/refuse", data={"reason": "region", "seen": 1}).status_code == 303
    assert state_of(app, bench) is ApplicationState.NOT_ADMITTED


def test_the_identity_number_is_masked_and_opened_elsewhere_with_a_reason(client, bench):
    page = client.get(bench.url).text
    assert "0004******13" in page
    assert "000418599113" not in page
    assert "/identity" in page


@pytest.mark.parametrize("role", [Role.CHECKER, Role.ORGANISER, Role.SECRETARY])
def test_what_is_personal_is_masked_on_the_page_of_an_application_and_opened_with_a_reason(app, client, bench, role):
    with app.app_context(), writing():
        programme = db.session.get_one(Programme, db.session.get_one(Application, bench.id).programme_id)
        sign_in(client, factories.user(member_of=programme, role=role, language="en"), AFTER)
    page = client.get(bench.url).text.replace("\u00a0", " ")
    assert "+7 700 *** ** 03" in page
    assert "Age on the closing day: 26. From 18 to 34: yes." in page
    for secret in PERSONAL:
        assert secret not in page

    way = re.findall(r"/manage/people/[^\"]+/identity", page)[0]
    assert not any(secret in client.get(way).text for secret in PERSONAL)
    shown = client.post(way, data={"reason": "call"}).text.replace("\u00a0", " ")
    assert "+7 700 000 00 03" in shown
    assert ("000418599113" in shown) is ("18 April 2000" in shown) is (role is Role.CHECKER)
    with app.app_context():
        person = db.session.get_one(Person, db.session.get_one(Application, bench.id).applicant_id)
        entry = audit.history(person)[-1]
        verb = "reveal_identity" if role is Role.CHECKER else "reveal_contact"
        assert (entry.verb, entry.details) == (verb, {"reason": "call"})


def test_drafts_and_unknown_documents_are_absent(app, client, bench):
    with app.app_context():
        draft_id = db.session.scalars(select(Application.public_id).where(Application.state == ApplicationState.DRAFT)).one()
    assert client.get(f"/manage/applications/{draft_id}").status_code == 404
    assert client.get(f"{bench.url}/documents/nothing").status_code == 404


def test_a_checker_cannot_check_her_own_application(app, client, bench):
    with app.app_context(), writing():
        owner = db.session.get_one(Application, bench.id).applicant_id
        checker = db.session.scalars(select(User).where(User.person_id == owner)).one()
        db.session.add(
            Membership(
                programme_id=db.session.get_one(Application, bench.id).programme_id,
                user_id=checker.id, role=Role.CHECKER, started_at=MADE_AT,
            )
        )  # fmt: skip
        sign_in(client, checker, AFTER)
    assert client.get(bench.url).status_code == 403
    assert client.post(f"{bench.url}/admit", data={"seen": 1}).status_code == 403
    assert "=HYPERLINK(1)" not in client.get(bench.list).text


def test_the_list_costs_the_same_however_long_it_is(app, client, bench):
    statements = []
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
        competition = db.session.get_one(Competition, db.session.get_one(Application, bench.id).competition_id)

    def cost():
        before = len(statements)
        assert client.get(bench.list).status_code == 200
        return len(statements) - before

    few = cost()
    with app.app_context(), writing():
        for number in range(4):
            _account, actor = applicant()
            write(draft(db.session.get_one(Competition, competition.id), actor), actor, iin=f"99070439{9000 + number}")
    assert cost() == few


def test_a_draft_names_each_part_with_what_it_lacks_beside_it(app, client, desk):
    whole = client.get(desk.url).text
    assert whole.count("complete</span>") == 6
    with app.app_context(), writing():
        db.session.get_one(Competition, desk.id).helpline = ""
        db.session.get_one(Competition, desk.id).contact_email = ""
    lacking = client.get(desk.url).text
    part = lacking.split(f"{desk.url}/texts", 1)[1].split("</li>", 1)[0]
    assert "missing: 1" in part
    assert "no phone or e-mail" in part


def test_questions_and_answers_that_nobody_wrote_are_not_called_complete(app, client, desk):
    def said() -> str:
        return client.get(desk.url).text.split(f'href="{desk.url}/questions"', 1)[1].split("</li>", 1)[0]

    before = said()
    with app.app_context(), writing():
        db.session.get_one(Competition, desk.id).questions_and_answers = []
    after = said()

    assert ("complete" in before, "none yet" in before) == (True, False)
    assert ("complete" in after, "none yet" in after) == (False, True)


def test_an_announced_call_is_shared_and_tells_its_next_step(app, client, desk, at):
    app.config["SETTINGS"].base_url = "https://grants.example.kz"
    client.post(f"{desk.url}/approve", data={"act_number": "1", "act_on": "2026-07-10"})
    client.post(f"{desk.url}/announce")
    told = client.get(desk.url).text
    assert "Spread the call" in told
    assert "https://grants.example.kz/c/" in told
    assert "://localhost" not in told
    assert "Invite the jury" in told
    assert f"{desk.url}/questions" in told
    at(AFTER)
    assert "Spread the call" not in client.get(desk.url).text


def test_form_of_a_return_shows_one_reason_and_tells_the_language_of_its_reader(client, bench):
    page = client.get(f"{bench.url}/return").text
    first, others = page.split('<details class="question"', 1)
    assert "the applicant reads letters in this language: қазақша." in first.lower()
    assert (first.count('class="pair"'), others.count('class="pair"')) == (1, 2)


# --- Finding ------------------------------------------------------------------------------------------------------------


def test_the_list_is_narrowed_by_a_query_and_so_are_its_downloads(client, bench):
    query = "sum:90000 -files тілі:қазақша"
    page = client.get(bench.list, query_string={"q": query})
    assert page.status_code == 200
    shown = (
        "1 application is all of this:",
        "sum requested: 90000",
        "not with files",
        "language of the project: kazakh",
        bench.url,
    )
    assert [one for one in shown if one not in page.text] == []
    (address,) = set(re.findall(r'href="([^"]+\.csv[^"]*)"', page.text))
    assert client.get(unescape(address)).text.count("SA26-001") == 1
    assert client.get(f"{bench.list}.csv", query_string={"q": "sum:1"}).text.count("SA26-") == 0


def test_each_part_of_a_query_is_taken_away_by_its_own_link(client, bench):
    page = client.get(bench.list, query_string={"q": "sum:1 region:33"})
    assert "Nothing found" in page.text
    links = [unescape(one) for one in re.findall(r'href="([^"]+)" aria-label="Take away', page.text)]
    assert [bench.url in client.get(one).text for one in links] == [True, False]


def test_a_query_that_cannot_be_read_is_shown_with_the_word(client, bench):
    page = client.get(bench.list, query_string={"q": "киіз <b>foo</b>: foo:bar"})
    assert page.status_code == 422
    assert "Nothing is called “foo” here." in page.text
    assert "<mark>foo:bar</mark>" in page.text
    assert "<b>foo</b>" not in page.text
    assert client.get(f"{bench.list}.csv", query_string={"q": "foo:bar"}).status_code == 409


@pytest.mark.parametrize("text", ["submitted:>2026-07-01", "age:26", "name:Арлан", "seminar", "corrected OR files", "a" * 301])
def test_every_kind_of_query_is_answered(client, bench, text):
    assert client.get(bench.list, query_string={"q": text}).status_code in {200, 422}


def keep(client, bench, **typed):
    fields = {"name": "Киіз", "query": "киіз sum:90000"} | typed
    return client.post(f"{bench.list}/views", data=fields)


def test_a_search_is_kept_under_a_name_and_found_again(client, bench):
    assert "Киіз" not in client.get(bench.list).text
    assert keep(client, bench).status_code == 303
    assert keep(client, bench, query="sum:90000").status_code == 303
    page = client.get(bench.list).text
    (address,) = {unescape(one) for one in re.findall(r'href="([^"]+)"><bdi>Киіз</bdi>', page)}
    assert bench.url in client.get(address).text
    page = client.get(f"{bench.list}/views", query_string={"q": "жүн", "state": "submitted"}).text
    assert 'value="status:submitted жүн"' in page


@pytest.mark.parametrize(
    ("typed", "status"), [({"name": ""}, 422), ({"query": "foo:bar"}, 409), ({"query": "—"}, 409), ({"name": "я" * 61}, 422)]
)
def test_a_search_that_cannot_be_kept_is_shown_with_its_words(client, bench, typed, status):
    answer = keep(client, bench, **typed)
    assert (answer.status_code, "No search is kept yet." in answer.text) == (status, True)
    assert all(escape(one) in answer.text for one in typed.values())


def test_a_kept_search_is_hers_unless_she_shares_it(app, client, bench):
    keep(client, bench)
    keep(client, bench, name="Ортақ", is_shared="y")
    page = client.get(f"{bench.list}/views").text
    (mine, shared) = re.findall(r'action="([^"]+/forget)"', page)
    with app.app_context(), writing():
        programme = db.session.get_one(Programme, db.session.scalars(select(Competition.programme_id)).one())
        other = factories.user(member_of=programme, role=Role.SECRETARY, language="en")
        elsewhere = factories.user(member_of=factories.programme(), role=Role.CHECKER, language="en")
    with app.app_context():
        sign_in(client, db.session.merge(other), AFTER)
    page = client.get(f"{bench.list}/views").text
    assert ("Ортақ" in page, "Киіз" in page, "/forget" in page) == (True, False, False)
    assert [client.post(one).status_code for one in (mine, shared)] == [404, 404]
    with app.app_context():
        sign_in(client, db.session.merge(elsewhere), AFTER)
    answers = [client.get(f"{bench.list}/views"), client.post(mine), keep(client, bench)]
    assert [one.status_code for one in answers] == [404] * 3


def test_a_kept_search_is_given_up(client, bench):
    keep(client, bench)
    (address,) = re.findall(r'action="([^"]+/forget)"', client.get(f"{bench.list}/views").text)
    assert [client.post(address).status_code, client.post(address).status_code] == [303, 404]
    assert "No search is kept yet." in client.get(f"{bench.list}/views").text
