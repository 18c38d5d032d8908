"""The pages of jurors, chair and organiser: what each answers, and that nothing typed is lost."""

import re
from datetime import timedelta
from html import unescape
from itertools import product

import pytest
from sqlalchemy import select, update

from app.core import tokens
from app.core.audit import AuditEntry
from app.core.db import apart, db, writing
from app.core.limits import Window
from app.people.models import User
from app.people.services.passwords import hash_password
from app.programmes.states import Role
from competitions.models import Application, Competition
from competitions.states import ApplicationState, CompetitionState
from scoring.models import ConflictOfInterest, Juror, RankingSnapshot, Review
from scoring.queries import jury, sheet
from scoring.rules import COMMENT
from scoring.services import assigning, rounds, seats, sheets
from scoring.services.sheets import Stroke, new_change_id
from scoring.states import ConflictKind, JurorPurpose, JurorState, ReviewState
from scoring.views.juror_sheet import STROKES_A_MINUTE
from tests import factories
from tests.scoring.crawling import read_all
from tests.scoring.scenario import SCORED_AT, make_jury, sign_in

PASSWORD = "қой түсті жұмсақ бұлт"
AFTER_CLOSE = SCORED_AT.replace(month=10, day=9, hour=18, minute=0)


@pytest.fixture
def world(app, at, kept):
    at(SCORED_AT)
    return kept(app, jury_with_sheets)


def jury_with_sheets():
    with writing():
        made = make_jury()
        made.ids |= {f"review{place}": made.review(1, place).public_id for place in range(3)}
        made.ids["second"] = made.jurors[1].public_id
    return made


def enter(app, client, world, user, at=SCORED_AT):
    """Sign somebody of the scene in: a juror by number, or the organiser."""
    with app.app_context(), writing():
        again = world.again()
        return sign_in(client, again.organiser if user == "organiser" else again.users[user], at=at)


def stored(app, world, place=0):
    with app.app_context():
        found = sheet.sheet_of(world.again().review(1, place))
        return found.review.state, {name: found.value(name) for name in found.field_names if found.value(name)}


def whole(points="7"):
    return {f"C{number}": points for number in range(1, 6)}


def manage(world, rest):
    return f"/manage/competitions/{world.ids['competition']}/{rest}"


# --- The sheet ----------------------------------------------------------------------------------------------------------


def test_sheet_leads_from_the_project_to_the_marks_and_back_with_the_words_of_marks_folded(app, client, world):
    enter(app, client, world, 1)
    text = client.get(f"/jury/reviews/{world.ids['review0']}").get_data(as_text=True)
    jumps = re.search(r'<nav class="jumps".*?</nav>', text, flags=re.DOTALL)

    assert jumps
    assert re.findall(r'href="#(\w+)"', jumps[0]) == ["application", "sheet"]
    assert re.findall(r'id="(application|sheet)"', text) == ["application", "sheet"]
    assert text.count('<details class="anchors-fold">') == 5


def test_a_stroke_is_acknowledged_with_version_and_total(app, client, world):
    enter(app, client, world, 1)
    sent = {"field": "C1", "value": "8", "change_id": "c1", "base_version": "0"}
    first = client.post(f"/jury/reviews/{world.ids['review0']}/scores", data=sent)
    again = client.post(f"/jury/reviews/{world.ids['review0']}/scores", data=sent)

    assert (first.json["version"], first.json["saved_at"]) == (1, "12:00")
    assert first.json["total"] in {"12,00", "12.00"}
    assert again.json["version"] == 1
    assert stored(app, world) == (ReviewState.DRAFT, {"C1": "8"})


def test_a_stroke_on_a_stale_version_gets_both_values(app, client, world):
    enter(app, client, world, 1)
    address = f"/jury/reviews/{world.ids['review0']}/scores"
    client.post(address, data={"field": "comment-C1", "value": "бірінші", "change_id": "c1", "base_version": "0"})
    answer = client.post(address, data={"field": "comment-C1", "value": "екінші", "change_id": "c2", "base_version": "0"})

    assert answer.status_code == 409
    assert (answer.json["server_version"], answer.json["server_value"]) == (1, "бірінші")
    assert answer.json["message"]


def test_who_sends_more_strokes_than_a_person_makes_waits_and_others_do_not(app, client, world):
    enter(app, client, world, 1)
    stroke = {"field": "C1", "value": "7", "version": "0"}
    first = client.post(f"/jury/reviews/{world.ids['review0']}/scores", data=stroke)
    with app.app_context(), apart() as connection:
        connection.execute(update(Window).values(count=STROKES_A_MINUTE))

    waits = client.post(f"/jury/reviews/{world.ids['review0']}/scores", data=stroke, headers={"Accept": "application/json"})
    reads = client.get(f"/jury/reviews/{world.ids['review0']}")
    enter(app, client, world, 0)
    other = client.post(f"/jury/reviews/{world.ids['review0']}/scores", data=stroke)

    assert (first.status_code, waits.status_code, reads.status_code) == (200, 429, 200)
    assert waits.json["message"]
    assert other.status_code == 404


def test_a_stroke_off_the_scale_is_answered_with_a_sentence(app, client, world):
    enter(app, client, world, 1)
    answer = client.post(f"/jury/reviews/{world.ids['review0']}/scores", data={"field": "C1", "value": "11"})

    assert (answer.status_code, "C1" in answer.json["message"]) == (422, True)


def test_a_stroke_that_comes_when_the_stage_closes_is_kept_and_said_not_to_count(app, client, world, at):
    """Just before 18:00 it counts, at 18:00 sharp it is kept for its author only."""
    address = f"/jury/reviews/{world.ids['review0']}/scores"
    at(AFTER_CLOSE - timedelta(seconds=1))
    enter(app, client, world, 1, at=AFTER_CLOSE - timedelta(seconds=1))
    in_time = client.post(address, data={"field": "C1", "value": "8", "change_id": "c1", "base_version": "0"})
    at(AFTER_CLOSE)
    late = client.post(address, data={"field": "C2", "value": "9", "change_id": "c2", "base_version": "0"})
    text = client.get(f"/jury/reviews/{world.ids['review0']}").get_data(as_text=True)

    assert (in_time.status_code, in_time.json.get("is_late")) == (200, None)
    assert (late.status_code, late.json["is_late"], late.json["version"]) == (200, True, 0)
    assert stored(app, world) == (ReviewState.DRAFT, {"C1": "8"})
    assert "C2: 9" in text


def test_a_page_without_javascript_signs_and_serves_the_next(app, client, world):
    enter(app, client, world, 1)
    page = client.get(f"/jury/{world.ids['second']}").get_data(as_text=True)
    first = re.findall(r"/jury/reviews/[^\"/]+", page)[0]
    answer = client.post(first, data=whole() | {"act": "sign_next", "feedback": "Жақсы жоба."})

    assert answer.status_code == 303
    assert answer.location.startswith("/jury/reviews/")
    assert answer.location != first
    with app.app_context():
        signed = [one for place in range(3) if (one := world.again().review(1, place)).state is ReviewState.SIGNED]
        assert [f"/jury/reviews/{one.public_id}" for one in signed] == [first]
        assert signed[0].feedback == "Жақсы жоба."


def test_signing_with_gaps_keeps_what_was_typed_and_names_the_gaps(app, client, world):
    enter(app, client, world, 1)
    answer = client.post(f"/jury/reviews/{world.ids['review0']}", data={"C1": "9", "note": "Қайта оқу", "act": "sign"})
    text = answer.get_data(as_text=True)

    assert answer.status_code == 409
    assert all(f"C{number}" in text for number in range(1, 6))
    assert stored(app, world) == (ReviewState.DRAFT, {"C1": "9", "note": "Қайта оқу"})


def test_a_sheet_left_by_another_at_the_same_screen_is_shown_with_points_and_act_and_not_signed(app, client, world):
    enter(app, client, world, "organiser")
    client.post("/sign-out")
    address = f"/jury/reviews/{world.ids['review0']}"
    here = {"Origin": "http://localhost", "Accept-Language": "en"}
    lost = client.post(address, data=whole("1") | {"act": "sign"}, headers=here).text
    kept = re.search(r'name="kept"[^>]*value="([^"]*)"', lost)
    assert kept
    with app.app_context(), writing():
        juror = world.again().users[1]
        juror.password_hash = hash_password(PASSWORD)
        sent = {"email": juror.email, "password": PASSWORD, "kept": unescape(kept[1])}
    answer = unescape(client.post("/sign-in", data=sent, headers=here).text)

    assert "not written under your account" in answer
    assert f'action="{address}"' not in answer
    assert f'href="{address}"' in answer
    assert answer.split('class="kept"')[1].count(">1<") == 5
    assert "What the button does" in answer
    assert stored(app, world) == (ReviewState.ASSIGNED, {})


def test_what_is_off_the_scale_stays_on_the_page(app, client, world):
    enter(app, client, world, 1)
    answer = client.post(f"/jury/reviews/{world.ids['review0']}", data={"C1": "99", "comment-C1": "Түсіндіру", "act": "save"})

    assert answer.status_code == 409
    assert "Түсіндіру" in answer.get_data(as_text=True)
    assert stored(app, world) == (ReviewState.ASSIGNED, {})


def test_two_windows_without_javascript_lose_nothing(app, client, world):
    enter(app, client, world, 1)
    address = f"/jury/reviews/{world.ids['review0']}"
    client.post(address, data={"note": "бірінші терезе", "version-note": "0", "act": "save"})
    answer = client.post(address, data={"note": "екінші терезе", "version-note": "0", "act": "save"})
    text = answer.get_data(as_text=True)
    fresh = re.findall(r'name="version-note" value="(\d+)"', text)[0]
    again = client.post(address, data={"note": "екінші терезе", "version-note": fresh, "act": "save"})

    assert answer.status_code == 409
    assert "бірінші терезе" in text
    assert "екінші терезе" in text
    assert (again.status_code, stored(app, world)[1]) == (303, {"note": "екінші терезе"})


def test_a_signed_sheet_shows_its_hash_and_gives_a_receipt(app, client, world):
    enter(app, client, world, 1)
    client.post(f"/jury/reviews/{world.ids['review0']}", data=whole() | {"act": "sign"})
    text = client.get(f"/jury/reviews/{world.ids['review0']}").get_data(as_text=True)
    receipt = client.get(f"/jury/reviews/{world.ids['review0']}/signed.json")
    late = client.post(f"/jury/reviews/{world.ids['review0']}", data={"C1": "1", "act": "save"})

    with app.app_context():
        review = world.again().review(1, 0)
        assert review.sha256 in text
        assert sheet.receipt_of(review) == receipt.data
    assert late.status_code == 303
    assert stored(app, world)[1]["C1"] == "7"


def test_a_sheet_opens_only_to_its_juror(app, client, world):
    enter(app, client, world, 2)
    address = f"/jury/reviews/{world.ids['review0']}"
    answers = [client.get(address), client.get(f"{address}/documents/1"), client.get(f"{address}/recuse")]
    answers += [client.post(address, data=whole()), client.post(f"{address}/scores", data={"field": "C1", "value": "1"})]

    assert [one.status_code for one in answers] == [404] * 5
    assert stored(app, world) == (ReviewState.ASSIGNED, {})


def test_a_sheet_is_shut_before_its_stage_opens(app, client, world, at):
    at("2026-09-15 12:00")
    enter(app, client, world, 1)

    assert client.get(f"/jury/reviews/{world.ids['review0']}").status_code == 403
    assert client.get(f"/jury/{world.ids['second']}").status_code == 200


# --- Conflicts and the chair --------------------------------------------------------------------------------------------


def test_nothing_is_read_before_conflicts_are_declared(app, client, at):
    at(SCORED_AT)
    with app.app_context(), writing():
        world = make_jury(is_declared=False)
        review, seat, code = world.review(1, 0).public_id, world.jurors[1].public_id, world.applications[0].code
        sign_in(client, world.users[1])
    before = client.get(f"/jury/reviews/{review}").status_code, client.get(f"/jury/{seat}").location
    listed = client.get(f"/jury/{seat}/conflicts").get_data(as_text=True)
    client.post(f"/jury/{seat}/conflicts", data={f"kind-{code}": "family", f"note-{code}": "Жиенім.", "kind-X": "family"})
    after = client.get(f"/jury/reviews/{review}").status_code, client.get(f"/jury/{seat}").status_code

    assert before == (403, f"/jury/{seat}/conflicts")
    assert code in listed
    assert after == (403, 200)
    with app.app_context():
        kept = db.session.scalars(db.select(ConflictOfInterest)).one()
        assert (kept.kind, kept.note) == (ConflictKind.FAMILY, "Жиенім.")


@pytest.mark.parametrize("state", [CompetitionState.DECIDED, CompetitionState.CANCELLED])
def test_conflict_that_is_remembered_after_the_decision_voids_no_sheet(app, client, world, state):
    enter(app, client, world, 1)
    with app.app_context(), writing():
        again = world.again()
        again.sign(1, 0)
        seat, code = again.jurors[1].public_id, again.applications[0].code
        db.session.execute(db.update(Competition).values(state=state))
    late = client.post(f"/jury/{seat}/conflicts", data={f"kind-{code}": "family", f"note-{code}": "Жиенім."})

    assert late.status_code in {403, 409}
    with app.app_context():
        assert db.session.scalars(db.select(ConflictOfInterest)).all() == []
        assert world.again().review(1, 0).state is ReviewState.SIGNED


def test_the_chairs_desk_shows_progress_and_never_a_score(app, client, world):
    with app.app_context(), writing():
        again = world.again()
        again.sign(1, 0, points=8)
        names = [juror.person.full_name for juror in again.jurors]
    enter(app, client, world, 0)
    text = client.get(f"/jury/{world.ids['seat']}/desk").get_data(as_text=True)

    assert all(name in text for name in names)
    assert "60,00" not in text
    assert "60.00" not in text
    assert f"/reopen/{world.ids['review0']}" in text


def test_only_the_chair_gives_a_sheet_back(app, client, world):
    with app.app_context(), writing():
        world.again().sign(1, 0)
    address = f"/jury/{world.ids['seat']}/reopen/{world.ids['review0']}"
    enter(app, client, world, 2)
    refused = client.post(address, data={"reason": "Қате"}).status_code
    enter(app, client, world, 0)
    empty = client.post(address, data={"reason": " "}).status_code
    done = client.post(address, data={"reason": "C2 түсініктемесі басқа жобадан."}).status_code

    assert (refused, empty, done) == (404, 422, 303)
    assert stored(app, world)[0] is ReviewState.DRAFT
    enter(app, client, world, 1)
    assert "C2 түсініктемесі" in client.get(f"/jury/reviews/{world.ids['review0']}").get_data(as_text=True)


# --- Invitations --------------------------------------------------------------------------------------------------------


def test_a_sheet_of_another_jury_is_not_given_back_from_this_one(app, client, world):
    """One person chairs two juries: each sheet goes back by its own jury's address."""
    with app.app_context(), writing():
        other = make_jury(jurors=2)
        other.jurors[0].person_id = world.again().users[0].person_id
        signed, seat = other.sign(1, 0).public_id, other.jurors[0].public_id
    enter(app, client, world, 0)
    answers = [client.get(f"/jury/{one}/reopen/{signed}").status_code for one in (world.ids["seat"], seat)]
    crossed = client.post(f"/jury/{world.ids['seat']}/reopen/{signed}", data={"reason": "Себебі бар."})

    assert (answers, crossed.status_code) == ([404, 200], 404)


def test_a_chair_is_told_why_she_sees_no_ranking_yet(app, client, world):
    enter(app, client, world, 0)
    queue = client.get(f"/jury/{world.ids['seat']}").get_data(as_text=True)
    answer = client.get(f"/jury/{world.ids['seat']}/ranking", headers={"Accept-Language": "en"})

    assert answer.status_code == 403
    assert f"/jury/{world.ids['seat']}/desk" in queue
    assert f"/jury/{world.ids['seat']}/ranking" not in queue


@pytest.fixture
def offered(app, world):
    """The secret of an invitation to somebody without an account."""
    with app.app_context(), writing():
        again = world.again()
        return seats.offer_seat(
            again.round, factories.person(email="x@example.com"), email="x@example.com", languages=["kk"], is_chair=False,
            by=again.manager(), at=SCORED_AT,
        )  # fmt: skip


def seat_state(app):
    with app.app_context():
        return db.session.scalars(db.select(Juror.state).where(Juror.email == "x@example.com")).one()


def test_looking_at_an_invitation_decides_nothing(app, client, offered):
    text = client.get(f"/jury/invitations/{offered}").get_data(as_text=True)

    assert "x@example.com" in text
    assert seat_state(app) is JurorState.INVITED
    with app.app_context():
        assert tokens.peek(JurorPurpose.INVITATION, offered) is not None


def test_an_invitation_is_accepted_with_a_new_account_in_one_step(app, client, offered):
    refused = client.post(f"/jury/invitations/{offered}/accept", data={"password": PASSWORD})
    weak = client.post(f"/jury/invitations/{offered}/accept", data={"password": "abc", "terms": "y"})
    done = client.post(f"/jury/invitations/{offered}/accept", data={"password": PASSWORD, "terms": "y"})

    assert (refused.status_code, weak.status_code, done.status_code) == (422, 409, 303)
    assert seat_state(app) is JurorState.ACCEPTED
    assert client.get(done.location).status_code == 200
    assert client.get(f"/jury/invitations/{offered}").status_code == 410


def test_an_invitation_of_somebody_with_an_account_asks_her_to_sign_in(app, client, world):
    with app.app_context(), writing():
        again = world.again()
        person = factories.user("x@example.com").person
        secret = seats.offer_seat(
            again.round, person, email="x@example.com", languages=[], is_chair=False, by=again.manager(), at=SCORED_AT
        )
    text = client.get(f"/jury/invitations/{secret}").get_data(as_text=True)
    stolen = client.post(f"/jury/invitations/{secret}/accept", data={"password": PASSWORD, "terms": "y"})
    with app.app_context(), writing():
        sign_in(client, db.session.scalars(db.select(User).where(User.email == "x@example.com")).one())
    done = client.post(f"/jury/invitations/{secret}/accept", data={"terms": "y"})

    assert f"/sign-in?next=/jury/invitations/{secret}" in text
    assert (stolen.status_code, done.status_code) == (409, 303)
    assert seat_state(app) is JurorState.ACCEPTED


def test_an_invitation_opened_with_another_account_tells_which_one_it_is_for(app, client, world):
    with app.app_context(), writing():
        again = world.again()
        person = factories.user("x@example.com").person
        secret = seats.offer_seat(
            again.round, person, email="x@example.com", languages=[], is_chair=False, by=again.manager(), at=SCORED_AT
        )
    enter(app, client, world, 1)
    text = client.get(f"/jury/invitations/{secret}").get_data(as_text=True)
    refused = client.post(f"/jury/invitations/{secret}/accept", data={"terms": "y"})

    assert "x***@example.com" in text
    assert "x@example.com" not in text
    assert (refused.status_code, seat_state(app)) == (409, JurorState.INVITED)


def test_an_invitation_opened_with_another_account_tells_that_this_account_takes_the_seat(app, client, world, offered):
    enter(app, client, world, 1)
    text = client.get(f"/jury/invitations/{offered}").get_data(as_text=True)
    with app.app_context():
        own = world.again().users[1].email

    assert "x***@example.com" in text
    assert own in text
    assert "x@example.com" not in text


def test_an_invitation_is_declined_by_a_button(app, client, offered):
    assert client.post(f"/jury/invitations/{offered}/decline").status_code == 303
    assert seat_state(app) is JurorState.DECLINED


def test_a_made_up_invitation_says_that_the_link_does_not_work(app, client):
    assert [client.get("/jury/invitations/x").status_code, client.post("/jury/invitations/x/accept").status_code] == [410, 410]


# --- The organiser ------------------------------------------------------------------------------------------------------


def test_an_organiser_invites_a_juror_once(app, client, world):
    enter(app, client, world, "organiser")
    facts = {
        "family_name": "Сарапшина",
        "given_name": "Гүлнәр",
        "email": "X@Example.com",
        "languages": ["kk", "ru"],
        "language": "ru",
    }
    answers = [client.post(manage(world, "jury/invite"), data=facts) for _ in range(2)]
    empty = client.post(manage(world, "jury/invite"), data=facts | {"family_name": "", "email": "x"})

    assert [one.status_code for one in answers] == [303, 409]
    assert "Сарапшина" in answers[1].get_data(as_text=True)
    assert empty.status_code == 422
    assert seat_state(app) is JurorState.INVITED


def test_an_assignment_is_shown_as_a_difference_and_then_applied(app, client, at):
    at(SCORED_AT)
    with app.app_context(), writing():
        world = make_jury(jurors=5, applications=11, is_assigned=False)
        world.conflict(3, 6)
    enter(app, client, world, "organiser")
    shown = client.post(manage(world, "jury/assignments"), data={"act": "all"}).get_data(as_text=True)
    pairs = re.findall(r'type="hidden" name="pair" value="([^"]+)"', shown)
    signature = re.findall(r'name="signature" value="([^"]+)"', shown)[0]
    done = client.post(manage(world, "jury/assignments"), data={"act": "apply", "pair": pairs, "signature": signature})
    again = client.post(manage(world, "jury/assignments"), data={"act": "apply", "pair": pairs, "signature": signature})

    assert "+54, −0" in shown
    assert (done.status_code, again.status_code) == (303, 409)
    with app.app_context():
        assert len(jury.assigned_pairs(world.again().round)) == 54


def test_the_organiser_records_and_takes_back_a_conflict(app, client, world):
    enter(app, client, world, "organiser")
    with app.app_context():
        application = world.again().applications[0].public_id
    facts = {"juror": world.ids["second"], "application": application, "kind": "mentor", "note": "Тәлімгері"}
    answers = [client.post(manage(world, "jury/conflicts"), data=facts).status_code for _ in range(2)]
    with app.app_context():
        conflict = db.session.scalars(db.select(ConflictOfInterest.public_id)).one()
    lifted = client.post(manage(world, f"jury/conflicts/{conflict}/lift")).status_code

    assert (answers, lifted) == ([303, 409], 303)


def test_the_panel_never_shows_a_score(app, client, world):
    with app.app_context(), writing():
        world.again().sign(1, 0, points=8)
    enter(app, client, world, "organiser")
    text = client.get(manage(world, "jury")).get_data(as_text=True)

    assert "1 / 3" in text
    assert "60,00" not in text


def test_sheets_by_juror_are_shut_until_scoring_is_over(app, client, world):
    enter(app, client, world, "organiser")
    before = [client.get(manage(world, f"ranking{rest}")).status_code for rest in ("", "/sheets", "/inputs.csv")]
    with app.app_context(), writing():
        again = world.again()
        again.sign_all()
        rounds.open_next_stage(again.round, by=again.manager(), at=SCORED_AT)
        again.sign_all(1)
    after = [client.get(manage(world, f"ranking{rest}")) for rest in ("", "/sheets", "/inputs.csv")]

    assert before == [200, 403, 403]
    assert [one.status_code for one in after] == [200, 200, 200]
    assert after[2].get_data(as_text=True).removeprefix("\ufeff").startswith("application,juror,C1,C2,C3,C4,C5,C6,C7\r\n")
    assert (after[2].headers["Content-Disposition"], after[2].headers["Cache-Control"]) == (
        "attachment; filename=scores.csv; filename*=UTF-8''scores.csv", "private, no-store",
    )  # fmt: skip
    assert "80,00" in after[0].get_data(as_text=True)
    with app.app_context():
        [taken] = [one for one in db.session.scalars(select(AuditEntry)) if one.verb == "export"]
        assert (taken.noun, taken.subject, taken.details) == ("Round", world.again().round.public_id, {"count": 9})


def test_a_ranking_that_waits_for_signatures_offers_no_freeze_and_says_what_is_missing(app, client, world):
    freezing = f'action="{manage(world, "ranking/freeze")}"'
    enter(app, client, world, "organiser")
    with app.app_context(), writing():
        db.session.execute(update(User).values(language="en"))
    waiting = client.get(manage(world, "ranking")).get_data(as_text=True)
    refused = client.post(manage(world, "ranking/freeze"), data={"reason": ""}).get_data(as_text=True)
    kept = client.post(manage(world, "ranking/freeze"), data={"reason": "C2 was entered twice"}).get_data(as_text=True)
    with app.app_context(), writing():
        again = world.again()
        again.sign_all()
        rounds.open_next_stage(again.round, by=again.manager(), at=SCORED_AT)
        again.sign_all(1)
    ready = client.get(manage(world, "ranking")).get_data(as_text=True)

    said = re.search(r"Sheets not signed yet: [1-9]\d*\.", waiting)
    assert "The ranking cannot be frozen yet" in waiting
    assert said
    assert said[0] in refused
    assert "C2 was entered twice" in kept
    assert freezing not in waiting
    assert freezing in ready
    assert "The ranking cannot be frozen yet" not in ready


def test_a_printed_ranking_names_its_competition_on_every_page(app, client, world):
    enter(app, client, world, "organiser")
    with app.app_context():
        name = db.session.scalar(select(Competition.name).where(Competition.public_id == world.ids["competition"]))
    text = unescape(client.get(manage(world, "ranking")).get_data(as_text=True))
    heads = [re.search(r'<p class="paper-only">(.*?)</p>', text), re.search(r'<tr class="paper-only">(.*?)</tr>', text)]

    assert name
    assert [one and str(name["kk"]) in one[1] for one in heads] == [True, True]


def test_a_printed_ranking_says_whether_it_is_frozen_and_is_signed_below(app, client, world):
    def said() -> str:
        text = client.get(manage(world, "ranking")).get_data(as_text=True)
        found = re.search(r'<p class="standing-of-ranking">(.*?)</p>', text, re.DOTALL)
        assert found
        assert re.search(r'class="paper-only signatures".*Chair of the jury.*Secretary of the jury', text, re.DOTALL)
        return found[1]

    enter(app, client, world, "organiser")
    with app.app_context(), writing():
        db.session.execute(update(User).values(language="en"))
        again = world.again()
        again.sign_all()
        rounds.open_next_stage(again.round, by=again.manager(), at=SCORED_AT)
        again.sign_all(1)
    before = said()
    client.post(manage(world, "ranking/freeze"), data={"reason": ""})
    after = said()
    with app.app_context(), writing():
        first = world.again().applications[0].id
        db.session.execute(update(Application).where(Application.id == first).values(state=ApplicationState.WITHDRAWN))

    assert before.startswith("Not frozen, places can still change.")
    assert after.startswith("Frozen as version 1 on ")
    assert said().startswith("Changed since version 1 was frozen")


def test_the_jury_is_compared_with_the_number_in_the_rules(app, client, world):
    enter(app, client, world, "organiser")
    with app.app_context(), writing():
        db.session.execute(update(User).values(language="en"))
        invited = sum(one.state in {JurorState.INVITED, JurorState.ACCEPTED} for one in world.again().jurors)
    for page in ("jury", ""):
        assert f"Jurors: {invited} of the 5 in the rules" in client.get(manage(world, page).rstrip("/")).get_data(as_text=True)


def test_a_tie_names_the_criterion_that_decided_it(app, client, world):
    enter(app, client, world, "organiser")
    with app.app_context(), writing():
        db.session.execute(update(User).values(language="en"))
        again = world.again()
        for number, place in product(range(3), range(3)):
            review = again.fill(number, place, 6)
            for name, value in (
                {"C2": "9", COMMENT + "C2": "Себебі айқын."},
                {"C1": "10", COMMENT + "C1": "Себебі айқын."},
                {},
            )[place].items():
                stroke = Stroke(name, value, sheet.versions_of(review).get(name, 0), new_change_id())
                sheets.save_field(review, stroke, by=again.by(number), at=SCORED_AT)
            sheets.sign(review, by=again.by(number), at=SCORED_AT)
        rounds.open_next_stage(again.round, by=again.manager(), at=SCORED_AT)
        for number, place in product(range(3), range(3)):
            again.sign(number, place, 8, stage=1)
        name = next(one.name["en"] for stage in again.round.stages for one in stage.criteria if one.key == "C2")

    assert f"tie decided by C2 – {name}" in unescape(client.get(manage(world, "ranking")).get_data(as_text=True))


def test_a_ranking_is_frozen_by_one_button(app, client, world):
    enter(app, client, world, "organiser")
    refused = client.post(manage(world, "ranking/freeze"), data={"reason": ""})
    with app.app_context(), writing():
        db.session.execute(update(User).values(language="en"))
        again = world.again()
        again.sign_all()
        rounds.open_next_stage(again.round, by=again.manager(), at=SCORED_AT)
        again.sign_all(1)
    before = client.get(manage(world, "ranking")).get_data(as_text=True)
    done = client.post(manage(world, "ranking/freeze"), data={"reason": ""})
    second = client.post(manage(world, "ranking/freeze"), data={"reason": ""})

    assert (refused.status_code, done.status_code, second.status_code) == (409, 303, 409)
    assert "The rules ask for a quorum of 4. Jurors who signed sheets: 3." in before
    with app.app_context():
        kept = db.session.scalars(db.select(RankingSnapshot)).one()
        assert kept.sha256 in client.get(manage(world, "ranking")).get_data(as_text=True)


def test_the_next_stage_says_what_it_waits_for(app, client, world):
    enter(app, client, world, "organiser")
    text = client.get(manage(world, "jury")).get_data(as_text=True)

    assert 'class="held-reason"' in text
    assert client.post(manage(world, "jury/open-stage")).status_code == 409


def test_another_programmes_organiser_finds_nothing(app, client, world):
    with app.app_context(), writing():
        other = factories.user(member_of=factories.programme(), role=Role.ORGANISER)
        sign_in(client, other)
    gets = ["jury", "jury/invite", "jury/conflicts", "jury/assignments", "ranking", "ranking/sheets", "ranking/inputs.csv"]
    posts = [f"jury/{world.ids['second']}/remove", f"jury/{world.ids['second']}/again", "jury/open-stage", "ranking/freeze"]

    assert {client.get(manage(world, one)).status_code for one in gets} == {404}
    assert {client.post(manage(world, one)).status_code for one in posts} == {404}


def test_every_link_of_the_jurys_pages_answers(app, client, world):
    """A crawl as chair and as organiser meets no error of ours."""
    for who, start in ((0, "/jury"), ("organiser", manage(world, "jury"))):
        enter(app, client, world, who)
        pages = {
            address: text[:3] for address, text in read_all(client, start).items() if "jury" in address or "ranking" in address
        }
        assert {address: status for address, status in pages.items() if status not in {"200", "303", "403", "405"}} == {}
        assert len(pages) > 5


@pytest.mark.parametrize("count", [2, 12])
def test_the_queue_costs_the_same_for_few_and_many(app, client, at, count):
    """Compared with the literal number: one more application is not one more query."""
    at(SCORED_AT)
    with app.app_context(), writing():
        world = make_jury(jurors=1, applications=count)
        sign_in(client, world.users[0])
    statements = []
    with app.app_context():
        engine = db.engine
    from sqlalchemy import event  # noqa: PLC0415 - used by this test only

    def note(_connection, _cursor, statement, *_rest):
        if statement.startswith("SELECT"):
            statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    client.get(f"/jury/{world.ids['seat']}")
    event.remove(engine, "before_cursor_execute", note)

    assert len(statements) == QUEUE_QUERIES


QUEUE_QUERIES = 19


def test_a_deleted_juror_is_told_nothing(app, client, world):
    with app.app_context(), writing():
        again = world.again()
        seats.remove_juror(again.jurors[1], by=again.manager(), at=SCORED_AT)
        assigned = db.session.scalars(db.select(Application.id)).all()
        assigning.planned(again.round, frozenset((again.jurors[0].id, one) for one in assigned))
        left = db.session.scalars(db.select(Review.public_id)).all()
    enter(app, client, world, 1)

    assert client.get(f"/jury/{world.ids['second']}").status_code == 404
    assert {client.get(f"/jury/reviews/{one}").status_code for one in left} == {404}
