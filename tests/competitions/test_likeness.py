"""What is alike among the applications of a competition, and who is told."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event

from app.core.db import db, writing
from app.people.models import Person, User
from app.people.rules import iin_check_digit
from app.programmes.models import Programme
from app.programmes.queries import actor_of
from app.programmes.states import Role
from competitions.models import Application, Competition
from competitions.queries.check import inspection
from competitions.queries.likeness import alike
from competitions.rules.likeness import ALIKE_ROWS, Likeness, names_are_alike, sample_of, shared_text
from competitions.services.application import submit_application
from tests import factories
from tests.competitions.scene import CLOSES_AT, CONSENT, OPEN_AT, announced_call, applicant, draft, sign_in, write

AFTER = CLOSES_AT + timedelta(days=3)
OWN_STORY = (
    "Ауылымызда тігін шеберханасы жоқ, сондықтан жұрт киімін алыстағы қалаға апарып жөндетеді. Мен жеті жыл тігіншілік "
    "үйрендім, енді үш қызды қасыма алып, мектеп формасын тігіп сатамын."
)
OTHER_STORY = (
    "Келген қонақтарға арналған шағын асхана ашып, күн сайын ыстық тамақ пісіреміз. Алдымен екі аспаз жалдап, жиһаз сатып "
    "аламыз, содан кейін тапсырыспен жеткізуді бастаймыз, табысын есептеп отырамыз."
)


def iin(number):
    """A valid identity number of somebody born on 04.07.1999, another one for each number."""
    eleven = (str(first) for first in range(99070439000, 99070439200))
    return [f"{digits}{last}" for digits in eleven if (last := iin_check_digit(digits)) is not None][number]


def submit(competition, number, **changed):
    _account, actor = applicant()
    one = draft(competition, actor)
    own = {
        "iin": iin(number), "dob": "04.07.1999", "contact__phone": f"8 700 111 22 {number:02d}", "name__family": "Әлібеков",
        "name__given": "Ержан", "title": f"Жоба {number}", "summary": OTHER_STORY, "problem": f"Мәселе {number}",
    }  # fmt: skip
    write(one, actor, **own | changed)
    submit_application(one, by=actor, at=OPEN_AT, declarations=CONSENT)
    return one


def first_and_her_likes():
    """SA26-001 and six others: her number, her phone, her phone with another birth date, her name, her text, and nothing."""
    with writing():
        competition = announced_call()
        programme = db.session.get_one(Programme, competition.programme_id)
        mine = {
            "name__family": "Сүлейменова",
            "name__given": "Айгүл",
            "summary": OWN_STORY,
            "contact__phone": "8 700 555 66 77",
        }
        submit(competition, 0, **mine)
        submit(competition, 0, name__family="Қасымов", name__given="Нұрлан")
        submit(competition, 1, name__family="Оспанов", name__given="Дәурен", contact__phone="8 700 555 66 77")
        elder = "000418599113"
        submit(
            competition,
            2,
            name__family="Ахметов",
            name__given="Олжас",
            contact__phone="8 700 555 66 77",
            iin=elder,
            dob="18.04.2000",
        )
        submit(competition, 3, name__family="Айгул", name__given="Сулейменова")
        submit(competition, 4, name__family="Жұмабаев", name__given="Серік", summary=OWN_STORY.replace("жеті жыл", "екі жыл"))
        submit(competition, 5)
        checker = factories.user(member_of=programme, role=Role.CHECKER, language="en")
        secretary = factories.user(member_of=programme, role=Role.SECRETARY, language="en")
        one = db.session.query(Application).filter_by(code="SA26-001").one()
        return SimpleNamespace(
            competition_id=competition.id,
            account_id=checker.id,
            secretary_id=secretary.id,
            url=f"/manage/applications/{one.public_id}",
        )


@pytest.fixture
def scene(database, app, kept):
    """The seven, on both databases."""
    return kept(app, first_and_her_likes)


def found_of(scene, code="SA26-001"):
    checker = actor_of(db.session.get_one(User, scene.account_id))
    one = db.session.query(Application).filter_by(code=code).one()
    seen = inspection(one, AFTER)
    assert seen
    return alike(checker, seen.contents, seen.applicant)


def signs(found):
    return {one.application.code: [sign for sign, _values in one.signs] for one in found}


def test_each_likeness_is_found_with_what_shows_it_and_nothing_else(scene):
    found = found_of(scene)
    assert {code: kinds[0] for code, kinds in signs(found).items()} == {
        "SA26-002": Likeness.SAME_PERSON,
        "SA26-003": Likeness.SAME_PHONE_AND_BIRTH,
        "SA26-005": Likeness.SIMILAR_NAME,
        "SA26-006": Likeness.SIMILAR_TEXT,
    }
    assert [one.application.code for one in found] == ["SA26-002", "SA26-003", "SA26-005", "SA26-006"]
    values = {one.application.code: dict(one.signs[0][1]) for one in found}
    assert values["SA26-003"] == {"phone": "+7\u00a0700\u00a0***\u00a0**\u00a077"}
    assert values["SA26-005"] == {"name": "Сүлейменова Айгүл", "other": "Айгул Сулейменова"}
    assert values["SA26-006"]["passage"] == (
        "ауылымызда тігін шеберханасы жоқ сондықтан жұрт киімін алыстағы қалаға апарып жөндетеді мен"
    )
    assert values["SA26-006"]["share"] > 60


def test_likeness_goes_both_ways(scene):
    for code in ("SA26-002", "SA26-003", "SA26-005", "SA26-006"):
        assert "SA26-001" in signs(found_of(scene, code))


def test_who_does_not_check_finds_no_likes(scene):
    secretary = actor_of(db.session.get_one(User, scene.secretary_id))
    seen = inspection(db.session.query(Application).filter_by(code="SA26-001").one(), AFTER)

    assert seen
    assert alike(secretary, seen.contents, seen.applicant) == ()


def test_records_that_were_joined_are_the_same_person(scene):
    with writing():
        first, last = (db.session.query(Application).filter_by(code=code).one() for code in ("SA26-001", "SA26-007"))
        db.session.get_one(Person, last.applicant_id).merged_into_id = first.applicant_id
    assert signs(found_of(scene))["SA26-007"] == [Likeness.SAME_PERSON]


def test_looking_for_likes_costs_the_same_however_many_there_are(scene):
    statements = []
    event.listen(db.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))

    def cost():
        db.session.rollback()
        db.session.expire_all()
        before = len(statements)
        found_of(scene)
        return len(statements) - before

    few = cost()
    with writing():
        for number in range(10, 16):
            submit(db.session.get_one(Competition, scene.competition_id), number, name__family="Сүлейменова", summary=OWN_STORY)
    assert cost() == few


def test_the_checker_is_told_and_the_secretary_is_not(app, client, at, kept):
    at(AFTER)
    scene = kept(app, first_and_her_likes)
    with app.app_context(), writing():
        sign_in(client, db.session.get_one(User, scene.account_id), AFTER)
    page = client.get(scene.url).text
    assert "Like SA26-006" in page
    assert "% of the text is the same word for word." in page
    assert "Open SA26-003" in page
    with app.app_context(), writing():
        sign_in(client, db.session.get_one(User, scene.secretary_id), AFTER)
    answer = client.get(scene.url)
    assert answer.status_code == 200
    assert "Like SA26" not in answer.text


@pytest.mark.parametrize(
    ("one", "other", "are"),
    [
        (("Сүлейменова", "Айгүл", ""), ("Сулейменова", "Айгуль", "Ержановна"), True),
        (("Сүлейменова", "Айгүл", ""), ("Айгүл", "Сүлейменова", ""), True),
        (("Сүлейменова", "Айгүл", ""), ("Suleimenova", "Aigul", ""), True),
        (("Сүлейменова", "Айгүл", ""), ("Сүлейменова", "Айжан", ""), False),
        (("Сүлейменова", "Айгүл", ""), ("Сүлейменов", "Арман", ""), False),
        (("Сүлейменова", "", ""), ("Сүлейменова", "", ""), False),
    ],
)
def test_names_are_alike_in_other_letters_order_and_after_a_slip(one, other, are):
    assert names_are_alike(one, other) is are


def test_texts_that_share_only_common_words_are_not_alike():
    assert shared_text([OWN_STORY], [OTHER_STORY]) is None
    assert shared_text(["бір екі үш төрт"], ["бір екі үш төрт"]) is None


@given(st.lists(st.sampled_from("абвгд"), max_size=60), st.lists(st.sampled_from("абвгд"), max_size=60))
def test_a_text_is_all_like_itself_and_the_share_is_the_same_both_ways(one, other):
    mine, theirs = " ".join(one), " ".join(other)
    there, back = shared_text([mine], [theirs]), shared_text([theirs], [mine])
    assert (there and there.share) == (back and back.share)
    itself = shared_text([mine], [mine])
    assert itself is None or (
        itself.share == 100 and len({tuple(one[at : at + 4]) for at in range(len(one) - 3)}) >= ALIKE_ROWS
    )


def test_a_text_is_looked_for_by_its_longest_words():
    assert sample_of(["аб", "шеберхана", "тігін"]) == ["шеберхана", "тігін", "аб"]
