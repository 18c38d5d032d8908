"""What everybody may open: the call, the rules, the blank form, and the three questions."""

import re
from datetime import timedelta

import pypdfium2
import pytest
from sqlalchemy import event, select

from app.core import pdf
from app.core.columns import Translation
from app.core.db import db, writing
from competitions.models import Application, Competition
from competitions.queries.competition import call_of
from competitions.views.call import front_competitions
from tests.competitions.scene import CLOSES_AT, OPEN_AT, announced_call, applicant, open_call, sign_in
from tests.factories import competition

YES = {"graduate": "yes", "age": "yes", "region": "yes", "language": "kk"}


@pytest.fixture
def slug(app, at, kept):
    at(OPEN_AT)
    return kept(app, open_slug)


def open_slug():
    """The address of an open call."""
    with writing():
        return announced_call().slug


def get(client, path, language="ru", **headers):
    return client.get(path, headers={"Accept-Language": language, **headers})


def test_call_says_what_is_given_to_whom_and_by_when(client, slug):
    answer = get(client, f"/c/{slug}")

    assert answer.status_code == 200
    for words in (
        "Start App 2026",
        "4\u00a0000\u00a0000\u00a0₸",
        "14.08.2026, 18:00",
        "(UTC+5)",
        "+7\u00a0700\u00a0000\u00a001\u00a000",
        "/apply",
        "13 ",
    ):
        assert words in answer.text


@pytest.mark.parametrize("path", ["", "/rules", "/form", "/form.pdf", "/apply"])
def test_call_is_absent_before_it_is_announced(app, client, at, path):
    at(OPEN_AT)
    with app.app_context(), writing():
        hidden = open_call().slug

    assert client.get(f"/c/{hidden}{path}").status_code == 404
    assert client.get(f"/c/nothing{path}").status_code == 404


def test_call_rules_and_form_agree_on_who_confirms_the_status_of_a_graduate(client, slug):
    said = {path: get(client, f"/c/{slug}{path}", "en").text.replace("&#39;", "'") for path in ("", "/rules", "/form")}

    assert (
        "A photo of the certificate of your graduate status, if you have it; if not, the institution confirms it." in said[""]
    )
    assert "No copy of an identity card." in said[""]
    assert "Graduate status is confirmed by the institution that brought the applicant up, or by a photo" in said["/rules"]
    assert "if not, we ask the institution to confirm your status." in said["/form"]


def test_short_invitation_is_filled_in_on_the_first_page_as_on_its_own(app, client, slug):
    with app.app_context(), writing():
        one = db.session.scalars(select(Competition).where(Competition.slug == slug)).one()
        one.tagline = Translation(ru="Заявки до {closes_at}", kk="Мерзімі: {closes_at}", en="Until {closes_at}")

    for path in ("/", f"/c/{slug}"):
        shown = get(client, path).text
        assert "Заявки до 14.08.2026" in shown
        assert "{closes_at}" not in shown


@pytest.mark.parametrize("path", ["", "/rules", "/form", "/apply"])
def test_public_page_is_small_and_speaks_the_asked_language(client, slug, path):
    answer = get(client, f"/c/{slug}{path}?lang=kk")

    assert (answer.status_code, '<html lang="kk"' in answer.text) == (200, True)
    assert len(answer.data) < 60_000


def test_visitor_asks_whether_the_page_has_changed(client, slug, at):
    first = get(client, f"/c/{slug}")
    second = get(client, f"/c/{slug}")

    again = get(client, f"/c/{slug}", **{"If-None-Match": second.headers["ETag"]})
    at(OPEN_AT.replace(minute=30))
    later = get(client, f"/c/{slug}", **{"If-None-Match": second.headers["ETag"]})

    assert first.headers["Cache-Control"] == "private, no-cache"
    assert (again.status_code, again.data, later.status_code) == (304, b"", 200)


def test_rules_are_those_in_force_with_their_act(client, slug):
    answer = get(client, f"/c/{slug}/rules")

    assert "1\u00a0000\u00a0000\u00a0₸" in answer.text
    assert "10\u00a0июля 2026" in answer.text
    assert "{" not in answer.text.split("<main", 1)[1]


def test_blank_form_shows_every_question_without_an_account(client, slug):
    answer = get(client, f"/c/{slug}/form")

    assert "Шығыстар сметасы" in get(client, f"/c/{slug}/form", "kk").text
    assert "Смета расходов" in answer.text
    assert "ИИН" in answer.text
    assert "{quote_from}" not in answer.text


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_form_on_paper_has_every_question_and_room_for_its_answer(app, client, slug, language):
    answer = get(client, f"/c/{slug}/form.pdf?lang={language}")
    document = pypdfium2.PdfDocument(answer.data)
    text = " ".join("".join(page.get_textpage().get_text_range() for page in document).split())
    with app.app_context():
        call = db.session.scalars(select(Competition).where(Competition.slug == slug)).one()
        form = call_of(call).form
        assert form is not None
        labels = [Translation(one.label).best(language)[0] for one in form.questions]

    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert len(labels) > 15
    assert [label for label in labels if " ".join(label.split()) not in text] == []
    assert f"/c/{slug}" in text
    assert "{" not in text
    assert sum(len(page.get_textpage().get_text_range()) < 3000 for page in document) == len(document)  # room to write


def test_form_on_paper_is_made_once_however_often_it_is_asked_for(app, client, slug):
    # An address that no other test has: what one process made before would be taken from memory.
    app.config["SETTINGS"] = app.config["SETTINGS"].model_copy(update={"base_url": "https://paper.example"})
    first, made = get(client, f"/c/{slug}/form.pdf").data, pdf.documents_made()
    again = [get(client, f"/c/{slug}/form.pdf").data for _ in range(3)]
    same = pdf.documents_made() == made
    other = get(client, f"/c/{slug}/form.pdf", "kk").data

    assert (again, same) == ([first] * 3, True)
    assert pdf.documents_made() == made + 1
    assert other != first


# --- The three questions ------------------------------------------------------------------------------------------------


def test_no_is_explained_with_a_next_step(app, client, slug):
    answer = client.post(f"/c/{slug}/apply", data=YES | {"region": "no"}, headers={"Accept-Language": "ru"})

    assert answer.status_code == 200
    assert "Жетісу" in answer.text
    assert "+7\u00a0700\u00a0000\u00a001\u00a000" in answer.text
    with app.app_context():
        assert db.session.scalar(select(Application)) is None


def test_unanswered_question_is_said_and_the_others_are_kept(client, slug):
    answer = client.post(f"/c/{slug}/apply", data={"age": "yes", "language": "ru"})

    assert answer.status_code == 422
    assert 'id="age-0" name="age" type="radio" value="yes"' in answer.text.replace("checked ", "")
    assert "checked" in answer.text


def test_visitor_who_may_apply_is_asked_to_sign_up_and_comes_back(client, slug):
    answer = client.post(f"/c/{slug}/apply", data=YES)

    assert (answer.status_code, answer.location) == (303, f"/c/{slug}/apply")
    shown = get(client, f"/c/{slug}/apply", "en").text
    assert "Yes, you can apply" in shown
    assert f"/sign-up?next=/c/{slug}/apply" in shown
    assert shown.count("checked") == 4


def test_who_answered_before_she_signed_in_has_one_button_to_press(app, client, slug):
    client.post(f"/c/{slug}/apply", data=YES | {"language": "ru"})
    with app.app_context(), writing():
        account, _actor = applicant()
        sign_in(client, account)

    shown = get(client, f"/c/{slug}/apply", "en").text

    assert shown.count("checked") == 4
    assert "Start my application" in shown
    assert "/sign-up" not in shown.partition("<main")[2]
    with app.app_context():
        assert not db.session.scalars(select(Application)).all()

    opened = client.post(f"/c/{slug}/apply", data=YES | {"language": "ru"})

    with app.app_context():
        (one,) = db.session.scalars(select(Application))
        assert (one.language, opened.location) == ("ru", f"/my/applications/{one.public_id}/form/idea")


def test_question_names_the_region_as_the_language_does(client, slug):
    assert "Жетісу облысында тұрасыз ба?" in get(client, f"/c/{slug}/apply", "kk").text
    assert "Вы живёте в области Жетісу?" in get(client, f"/c/{slug}/apply").text
    assert "Do you live in Zhetisu Region?" in get(client, f"/c/{slug}/apply", "en").text


def test_signed_in_person_starts_her_application_and_finds_it_again(app, client, slug):
    with app.app_context(), writing():
        account, _actor = applicant()
        sign_in(client, account)

    answer = client.post(f"/c/{slug}/apply", data=YES | {"language": "ru"})
    again = client.get(f"/c/{slug}/apply")

    with app.app_context():
        (one,) = db.session.scalars(select(Application))
        assert (one.language, one.eligibility) == ("ru", {"graduate": True, "age": True, "region": True})
        assert answer.location == f"/my/applications/{one.public_id}/form/idea"
        assert again.location == f"/my/applications/{one.public_id}"


def test_closed_call_takes_no_applications_and_says_why(app, client, slug, at):
    at(CLOSES_AT)
    with app.app_context(), writing():
        account, _actor = applicant()
        sign_in(client, account, CLOSES_AT)

    page, sent = get(client, f"/c/{slug}/apply"), client.post(f"/c/{slug}/apply", data=YES, headers={"Accept-Language": "ru"})

    assert "14.08.2026, 18:00" in page.text
    assert (sent.status_code, "14.08.2026, 18:00" in sent.text) == (409, True)


def test_first_page_shows_open_calls_at_the_same_cost_for_one_and_for_many(app, client, slug):
    statements = []
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    one = get(client, "/")
    cost = len(statements)
    with app.app_context(), writing():
        for _number in range(9):
            competition()
    statements.clear()
    many = get(client, "/")

    assert f"/c/{slug}" in one.text
    assert len(set(re.findall(r'href="(/c/competition-[^"/]+)"', many.text))) == 9
    assert len(statements) == cost


def test_first_page_puts_the_latest_of_the_closed_first(app, slug):
    with app.app_context(), writing():
        other = announced_call("jas_qadam").slug
    with app.test_request_context():
        shown = front_competitions(CLOSES_AT + timedelta(days=365))

    assert {one.slug for one in shown} == {slug, other}
    closings = [one.closes_at.timestamp() for one in shown if one.closes_at]
    assert len(closings) == 2
    assert closings[0] > closings[1]


def test_back_after_a_refused_form_leads_to_the_form(slug, page, site):
    page.goto(f"{site}/c/{slug}/apply")
    page.locator('form[action$="/apply"] button[type=submit]').click()
    page.wait_for_selector(".has-error")
    page.goto(f"{site}/")
    page.go_back()

    assert page.url == f"{site}/c/{slug}/apply"
    assert page.locator('form[action$="/apply"]').count() == 1
