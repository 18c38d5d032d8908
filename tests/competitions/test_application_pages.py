"""An applicant's pages: writing by field and by form, files, sending, and what others may not see."""

import io
import itertools
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pypdfium2
import pytest
from flask import g
from PIL import Image
from sqlalchemy import event, func, select, update

from app import arrivals
from app.access.door import AbsentError
from app.core import confined, pdf, pdf_child, storage, uploads
from app.core.cleaning.kinds import Kind
from app.core.db import apart, db, is_writing, writing
from app.core.limits import Window
from app.core.refusals import Refusal, RefusedError, UploadRefusal
from app.core.uploads import CLEANING, SIZE_LIMIT, CleanFile, keep
from app.messages.models import Message
from app.people.models import Consent, User
from app.people.queries import language_of
from app.programmes.models import Programme
from app.programmes.queries import actor_of
from app.programmes.states import Role
from competitions.models import AnswerChange, Application, ApplicationVersion, Document
from competitions.queries.application import contents
from competitions.rules.application import ApplicationRefusal
from competitions.rules.checking import Reason
from competitions.services import document as services
from competitions.services.application import submit_application
from competitions.services.check import admit, return_application
from competitions.services.document import attach_document
from competitions.states import ApplicationState
from competitions.views.applicant import PRINTS_A_MINUTE, SAVES_A_MINUTE
from competitions.views.applicant_form import _clean_files, _labels
from tests import factories
from tests.competitions.scene import CLOSES_AT, CONSENT, OPEN_AT, PROJECT, announced_call, applicant, draft, sign_in, write

SECOND = timedelta(seconds=1)
DEAR = PROJECT["budget"][0] | {"price": "900000", "grant": "900000", "category": ""}
RUSSIAN = {"Accept-Language": "ru"}
ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def later(app, client, at, hers):
    """Move the clock; her session of before may have ended, so she signs in again."""

    def move(instant):
        at(instant)
        with app.app_context(), writing():
            sign_in(client, db.session.get_one(User, hers.account_id), instant)

    return move


@pytest.fixture
def hers(app, client, at, kept):
    """A signed-in applicant with a complete draft: its address, and ways to look at what is stored."""
    at(OPEN_AT)
    made = kept(app, complete_draft)
    with app.app_context(), writing():
        sign_in(client, db.session.get_one(User, made.account_id))
    return made


def complete_draft():
    with writing():
        account, actor = applicant()
        one = draft(announced_call(), actor)
        write(one, actor)
        return SimpleNamespace(id=one.id, url=f"/my/applications/{one.public_id}", account_id=account.id, actor=actor)


def values(app, hers):
    with app.app_context():
        return dict(contents(db.session.get_one(Application, hers.id), OPEN_AT).values)


def count(app, model):
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(model))


def autosave(client, hers, field, value, *, change_id="one", base="0"):
    data = {"field": field, "value": value, "change_id": change_id, "base_version": base}
    return client.post(f"{hers.url}/answers", data=data, headers={"Accept": "application/json", **RUSSIAN})


def photo(name="баға.jpg", colour="red"):
    body = io.BytesIO()
    Image.new("RGB", (60, 40), colour).save(body, "JPEG")
    return (io.BytesIO(body.getvalue()), name)


# --- By field -----------------------------------------------------------------------------------------------------------


def test_form_says_where_letters_go_whatever_address_is_typed(app, client, at):
    at(OPEN_AT)
    with app.app_context(), writing():
        account, actor = applicant("hers@example.com")
        account.language = "en"
        url = f"/my/applications/{draft(announced_call(), actor).public_id}"
        sign_in(client, account, OPEN_AT)
    text = client.get(f"{url}/form/person").get_data(as_text=True)

    assert "Letters about your application go to the address of your account, hers@example.com." in text
    assert "Choose the language of the letters." in text


def test_field_is_saved_and_says_when(app, client, hers):
    answer = autosave(client, hers, "title", "Жаңа атау", base="1")

    assert answer.get_json() == {"version": 2, "saved_at": "10:00", "is_late": False}
    assert values(app, hers)["title"] == "Жаңа атау"


def test_field_sent_twice_is_saved_once(app, client, hers):
    first = autosave(client, hers, "title", "Жаңа атау", base="1")
    again = autosave(client, hers, "title", "Жаңа атау", base="1")

    assert first.get_json() == again.get_json()
    with app.app_context():
        assert db.session.scalar(select(func.count()).where(AnswerChange.change_id == "one")) == 1


@pytest.mark.parametrize("change_id", ["", "one"])
def test_another_text_under_the_same_id_is_a_change_of_its_own(app, client, hers, change_id):
    autosave(client, hers, "title", "Алғашқы", change_id=change_id, base="1")

    answer = autosave(client, hers, "title", "Екінші", change_id=change_id, base="2")

    assert (answer.status_code, answer.get_json()["version"], values(app, hers)["title"]) == (200, 3, "Екінші")


def test_field_changed_elsewhere_answers_with_both_texts(app, client, hers):
    autosave(client, hers, "title", "Телефоннан", base="1")

    rival = autosave(client, hers, "title", "Компьютерден", change_id="two", base="1")

    assert rival.status_code == 409
    assert (rival.get_json()["server_value"], rival.get_json()["server_version"]) == ("Телефоннан", 2)
    assert values(app, hers)["title"] == "Телефоннан"


def test_field_left_as_it_was_answers_with_the_text_of_the_other_place(app, client, hers):
    autosave(client, hers, "title", "Телефоннан", base="1")

    left = autosave(client, hers, "title", PROJECT["title"], change_id="two", base="1")

    assert (left.status_code, left.get_json()["server_value"], left.get_json()["version"]) == (200, "Телефоннан", 2)
    assert values(app, hers)["title"] == "Телефоннан"


def test_screen_saved_over_changes_of_another_place_takes_none_of_them_back(app, client, hers):
    """She changed the summary here; the title, changed elsewhere meanwhile, stands on her screen as it was before."""
    autosave(client, hers, "title", "Телефоннан", base="1")
    data = {"title": PROJECT["title"], "version-title": "1", "summary": "Жаңа түйін", "version-summary": "1", "save": "stay"}

    answer = client.post(f"{hers.url}/form/idea", data=data)

    assert answer.status_code == 303
    assert (values(app, hers)["title"], values(app, hers)["summary"]) == ("Телефоннан", "Жаңа түйін")


def test_script_of_somebody_signed_out_is_told_so_in_its_own_words(app, hers):
    stranger = app.test_client()
    origin = {"Origin": "http://localhost"}

    answer = stranger.post(f"{hers.url}/answers", data={"field": "title"}, headers=origin | {"Accept": "application/json"})

    assert (answer.status_code, answer.mimetype) == (401, "application/json")


def test_lines_changed_elsewhere_come_as_the_page_would_send_them(client, hers):
    autosave(client, hers, "plan", '[{"step":"Бір","weeks":"1"}]', base="1")

    rival = autosave(client, hers, "plan", '[{"step":"Екі","weeks":"2"}]', change_id="two", base="1")

    assert rival.get_json()["server_value"] == '[{"step":"Бір","weeks":"1"}]'


@pytest.mark.parametrize("late_by", [timedelta(0), SECOND, timedelta(days=3)])
def test_field_after_the_deadline_is_kept_for_its_author(app, client, hers, later, late_by):
    later(CLOSES_AT + late_by)

    answer = autosave(client, hers, "title", "Кешіккен атау", base="1")
    overview = client.get(hers.url, headers=RUSSIAN)

    assert (answer.status_code, answer.get_json()["is_late"]) == (200, True)
    assert "14.08.2026, 18:00" in answer.get_json()["message"]
    assert values(app, hers)["title"] == PROJECT["title"]
    assert "Кешіккен атау" in overview.text


def test_field_just_before_the_deadline_is_in_time(app, client, hers, later):
    later(CLOSES_AT - timedelta(microseconds=1))

    assert autosave(client, hers, "title", "Соңғы сәт", base="1").get_json()["is_late"] is False


def test_unknown_field_is_refused_with_a_sentence(client, hers):
    answer = autosave(client, hers, "nothing", "x")

    assert answer.status_code == 409
    assert answer.get_json()["message"]


def test_check_page_names_the_missing_part_and_one_way_to_change_a_group(app, client, hers):
    with app.app_context(), writing():
        write(db.session.get_one(Application, hers.id), hers.actor, at=OPEN_AT + SECOND, contact__phone="")

    text = client.get(f"{hers.url}/check", headers={"Accept-Language": "en"}).text

    assert '#contact">Phone</a>: Please fill this in.' in text
    assert text.count('aria-label="Change: ') == text.count('<dl class="summary">')


def test_deadline_is_told_as_the_server_keeps_it(client, hers):
    assert (arrivals.WORDS_SECONDS, arrivals.UPLOAD_SECONDS) == (60, 300)
    assert (
        "within 1 minute (text) or 5 minutes (files)" in client.get(f"{hers.url}/check", headers={"Accept-Language": "en"}).text
    )


def test_somebody_else_finds_nothing(app, client, hers):
    stranger = app.test_client()
    with app.app_context(), writing():
        sign_in(stranger, applicant()[0])

    for path in ("", "/form/idea", "/check", "/receipt", "/print.pdf", "/withdraw"):
        assert stranger.get(f"{hers.url}{path}").status_code == 404
    for path in ("/answers", "/form/idea", "/submit", "/withdraw", "/undo"):
        assert stranger.post(f"{hers.url}{path}").status_code == 404


# --- By form ------------------------------------------------------------------------------------------------------------


def test_form_keeps_everything_and_goes_on(app, client, hers):
    answer = client.post(f"{hers.url}/form/idea", data={"title": "Екінші атау", "version-title": "1", "save": "next"})

    assert (answer.status_code, answer.location) == (303, f"{hers.url}/form/market")
    assert values(app, hers)["title"] == "Екінші атау"


def test_form_with_a_fault_says_it_and_keeps_what_was_typed(app, client, hers):
    answer = client.post(f"{hers.url}/form/money", data={"amount": "көп ақша", "save": "next"}, headers=RUSSIAN)

    assert answer.status_code == 422
    assert 'href="#amount"' in answer.text
    assert 'value="көп ақша"' in answer.text
    assert values(app, hers)["amount"] == "көп ақша"


def test_form_over_an_older_version_shows_both_texts_and_lets_her_choose(app, client, hers):
    autosave(client, hers, "title", "Телефоннан", base="1")

    rival = client.post(f"{hers.url}/form/idea", data={"title": "Компьютерден", "version-title": "1", "save": "next"})
    hidden = 'name="version-title" value="2"'
    taken = client.post(f"{hers.url}/form/idea", data={"title": "Компьютерден", "version-title": "2", "take": "title"})
    left = values(app, hers)["title"]
    client.post(f"{hers.url}/form/idea", data={"title": "Компьютерден", "version-title": "2", "save": "next"})

    assert rival.status_code == 409
    assert ('value="Компьютерден"' in rival.text, "Телефоннан" in rival.text, hidden in rival.text) == (True, True, True)
    assert (taken.status_code, left) == (303, "Телефоннан")
    assert values(app, hers)["title"] == "Компьютерден"


@pytest.mark.parametrize("button", ["add_row", "remove_row"])
def test_button_for_a_line_of_no_question_only_saves(client, hers, button):
    answer = client.post(f"{hers.url}/form/plan", data={button: "x\r\nSet-Cookie: a=b-0", "save": "stay"})

    assert (answer.status_code, answer.location) == (303, f"{hers.url}/form/plan")


def test_lines_are_added_and_removed_without_javascript(app, client, hers):
    first = {"version-plan": "1", "plan-0-step": "Бір", "plan-0-weeks": "1"}

    added = client.post(f"{hers.url}/form/plan", data=first | {"add_row": "plan"})
    shown = client.get(added.location)
    second = {**first, "version-plan": "2", "plan-1-step": "Екі", "plan-1-weeks": "2"}
    client.post(f"{hers.url}/form/plan", data=second | {"save": "stay"})
    both = values(app, hers)["plan"]
    client.post(f"{hers.url}/form/plan", data=second | {"version-plan": "3", "remove_row": "plan-0"})

    assert added.location.endswith("?line=plan#plan")
    assert 'name="plan-1-step"' in shown.text
    assert both == [{"step": "Бір", "weeks": 1}, {"step": "Екі", "weeks": 2}]
    assert values(app, hers)["plan"] == [{"step": "Екі", "weeks": 2}]


def test_form_after_the_deadline_keeps_only_what_differs_and_says_so(app, client, hers, later):
    later(CLOSES_AT + SECOND)

    answer = client.post(f"{hers.url}/form/idea", data={"title": "Кешіккен", "summary": PROJECT["summary"], "save": "next"})

    assert (answer.status_code, answer.location) == (303, hers.url)
    with app.app_context():
        late = db.session.scalars(select(AnswerChange).where(AnswerChange.is_late.is_(True))).all()
        assert [one.value for one in late] == ["Кешіккен"]


def test_names_of_fields_are_told_to_nobody_who_may_not_write_in_the_form(app, hers):
    public_id = hers.url.rsplit("/", 1)[1]
    with app.test_request_context():
        g.actor = hers.actor
        assert "title" in _labels(public_id, "idea")
    with app.app_context(), writing():
        other = applicant()[1]
    with app.test_request_context():
        g.actor = other
        with pytest.raises(AbsentError):
            _labels(public_id, "idea")


def test_draft_is_readable_after_the_closing(client, hers, later):
    later(CLOSES_AT + timedelta(days=2))

    overview, group = client.get(hers.url, headers=RUSSIAN), client.get(f"{hers.url}/form/idea", headers=RUSSIAN)

    assert "14.08.2026, 18:00" in overview.text
    assert PROJECT["problem"] in group.text
    assert "<textarea" not in group.text


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "қ" * 5000, "\u202eтеріс", "бір\x07екі", "\x00", "🌾" * 200])
def test_any_text_is_kept_and_shown_harmlessly(app, client, hers, text):
    saved = autosave(client, hers, "problem", text, base="1")
    page = client.get(f"{hers.url}/form/idea")

    assert (saved.status_code, page.status_code) == (200, 200)
    assert "<script>alert" not in page.text
    assert (values(app, hers)["problem"] or "") == text.replace("\x00", "")


# --- Files --------------------------------------------------------------------------------------------------------------


def test_file_is_attached_downloaded_and_removed(app, client, hers):
    sent = client.post(f"{hers.url}/form/money", data={"quotes": [photo(), photo("екінші.jpg", "blue")], "upload": "quotes"})
    with app.app_context():
        first, second = db.session.scalars(select(Document).order_by(Document.id))
        names, url = (first.name, second.name), f"{hers.url}/documents/{first.public_id}"
        key = first.public_id

    got = client.get(url)
    screen = client.get(f"{hers.url}/form/money").text
    removed = client.post(f"{hers.url}/form/money", data={"remove_document": key}, follow_redirects=True, headers=ENGLISH).text

    assert sent.status_code == 303
    assert names == ("баға.jpg", "екінші.jpg")
    assert screen.count(" data-confirm=") == len(names)
    assert "The file “баға.jpg” is removed." in removed
    assert (got.status_code, got.mimetype) == (200, "image/jpeg")
    assert got.headers["Content-Disposition"].startswith("attachment")
    assert client.get(url).status_code == 404
    assert count(app, Document) == 1


def test_file_of_a_wrong_kind_is_refused_and_the_answers_are_kept(app, client, hers):
    data = {"own": "Өз құралым", "version-own": "0", "quotes": (io.BytesIO(b"MZ"), "virus.exe"), "save": "next"}

    answer = client.post(f"{hers.url}/form/money", data=data, headers=RUSSIAN)

    assert answer.status_code == 422
    assert 'href="#quotes"' in answer.text
    assert values(app, hers)["own"] == "Өз құралым"
    assert count(app, Document) == 0


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"upload": "quotes"}, "Файл не выбран"),
        ({"upload": "quotes", "quotes": (io.BytesIO(b""), "")}, "Файл не выбран"),
        ({"save": "stay", "unsent-quotes": "үлкен.pdf"}, "Файл «үлкен.pdf» не прикреплён"),
        ({"add_row": "budget", "unsent-quotes": "үлкен.pdf"}, "Файл «үлкен.pdf» не прикреплён"),
    ],
)
def test_file_that_was_not_attached_is_named_at_its_field_instead_of_saved(client, hers, sent, said):
    answer = client.post(f"{hers.url}/form/money", data=sent, headers=RUSSIAN)

    assert answer.status_code == 422
    assert said in re.findall(r'<p class="error" id="quotes-error">([^<]*)', answer.text)[0]
    assert 'href="#quotes"' in answer.text
    assert client.post(f"{hers.url}/form/money", data={"save": "stay"}).status_code == 303


def test_sixth_quote_is_one_too_many(app, client, hers):
    files = [photo(f"{number}.jpg", (number * 30, 0, 0)) for number in range(6)]

    answer = client.post(f"{hers.url}/form/money", data={"quotes": files, "upload": "quotes"})

    assert (answer.status_code, count(app, Document)) == (422, 5)
    assert stored_count(app) == 5


def stored_count(app) -> int:
    with app.app_context():
        return len(list(storage.keys()))


def test_same_file_again_is_stored_once(app, client, hers):
    for _time in range(2):
        client.post(f"{hers.url}/form/money", data={"quotes": [photo()], "upload": "quotes"})

    assert (count(app, Document), stored_count(app)) == (1, 1)


def test_nobody_waits_for_the_disk_while_the_database_is_locked(client, hers, monkeypatch):
    put, was_writing = storage.put, []

    def watched(*args, **more):
        was_writing.append(is_writing())
        return put(*args, **more)

    monkeypatch.setattr(storage, "put", watched)
    client.post(f"{hers.url}/form/money", data={"quotes": [photo()], "upload": "quotes"})

    assert was_writing == [False]


# --- Sending ------------------------------------------------------------------------------------------------------------


def test_incomplete_application_is_refused_with_links_to_every_fault(app, client, hers):
    autosave(client, hers, "title", "", base="1")

    answer = client.post(f"{hers.url}/submit", data={"name": "y"}, headers=RUSSIAN)

    assert answer.status_code == 409
    assert f'href="{hers.url}/form/idea#title"' in answer.text
    assert 'id="processing-error"' in answer.text
    assert count(app, ApplicationVersion) == 0


def test_complete_application_is_sent_and_gives_its_receipt(app, client, hers):
    answer = client.post(f"{hers.url}/submit", data={"processing": "y", "name": "y", "public_name": "initial"})
    receipt = client.get(answer.location)

    assert (answer.status_code, answer.location) == (303, f"{hers.url}/receipt")
    with app.app_context():
        (version,) = db.session.scalars(select(ApplicationVersion))
        assert version.sha256 in receipt.text
    assert "SA26-001" in receipt.text
    assert '<a class="brand" href="/"' in receipt.text


def test_receipt_names_the_day_of_the_answer_and_what_was_consented_to(client, hers):
    client.post(f"{hers.url}/submit", data={"processing": "y", "name": "y", "public_name": "initial"})
    receipt = client.get(f"{hers.url}/receipt", headers=RUSSIAN).text
    _head, _sep, said = receipt.partition("<h2>Согласия</h2>")

    assert ("Обработка персональных данных" in said, "Публикация имени: " in said, "Фото" in said) == (True, True, False)
    assert re.search(r"Ответим до \d\d\.\d\d\.\d{4}", receipt)


def test_whoever_is_admitted_is_promised_no_other_check_of_her_next_version(app, client, hers, later):
    client.post(f"{hers.url}/submit", data={"processing": "y"})
    with app.app_context(), writing():
        one = db.session.get_one(Application, hers.id)
        owner = db.session.get_one(Programme, one.programme_id)
        admit(one, by=factories.actor(member_of=owner, role=Role.CHECKER), at=CLOSES_AT + SECOND)
    later(CLOSES_AT + timedelta(days=1))
    with app.app_context(), writing():
        write(db.session.get_one(Application, hers.id), hers.actor, at=CLOSES_AT + timedelta(days=1), title="Жаңа атау")
    client.post(f"{hers.url}/submit", data={"processing": "y"})
    own, receipt = (client.get(where, headers=ENGLISH).text for where in (hers.url, f"{hers.url}/receipt"))

    assert "Your application stays admitted; the jury reads the last version you sent." in receipt
    assert "You can change your answers and send them again until" in receipt
    assert "You can change your answers and send them again until" in own
    for said in ("We check whether", "We will reply by", "until it is checked before that"):
        assert said not in receipt + own


def test_her_phone_stands_on_the_page_as_it_is_read(client, hers):
    shown = client.get(f"{hers.url}/check", headers=RUSSIAN).text

    assert re.search(r"\+7\u00a0\d{3}\u00a0\d{3}\u00a0\d\d\u00a0\d\d", shown)
    assert "+7700" not in shown.replace('"tel:+7700', "")


def test_choice_of_the_name_says_how_to_be_named_by_the_project_only(client, hers):
    assert "чтобы назвали только проект, не ставьте отметку выше" in client.get(f"{hers.url}/check", headers=RUSSIAN).text


def test_form_says_after_sending_that_changes_must_be_sent_again(client, hers):
    said = "засчитывается только после повторной отправки"
    before = client.get(f"{hers.url}/form/idea", headers=RUSSIAN).text
    client.post(f"{hers.url}/submit", data={"processing": "y"})
    after = client.get(f"{hers.url}/form/idea", headers=RUSSIAN).text

    assert (said in before, said in after) == (False, True)


def test_browser_is_told_the_largest_file_and_names_the_one_that_is_larger(client, hers):
    shown = client.get(f"{hers.url}/form/person", headers=RUSSIAN).text
    inputs = re.findall(r'<input[^>]*type="file"[^>]*>', shown)

    assert inputs
    assert all(f'data-max-bytes="{SIZE_LIMIT}"' in one and "«%(name)s»" in one for one in inputs)


def test_group_that_is_half_written_is_begun_in_the_steps_and_on_her_page(client, hers):
    client.post(f"{hers.url}/form/idea", data={"title": "", "version-title": "1", "save": "stay"})
    own, form = (client.get(where, headers=RUSSIAN).text for where in (hers.url, f"{hers.url}/form/market"))

    assert "is-begun" in form
    assert (form.count(">Начато<"), own.count(">Начато<")) == (1, 1)


def test_sent_application_does_not_read_as_if_she_had_still_to_send(client, hers, later):
    before = client.get(f"{hers.url}/form/idea", headers=RUSSIAN).text
    client.post(f"{hers.url}/submit", data={"processing": "y"})
    own, form = (client.get(where, headers=RUSSIAN).text for where in (hers.url, f"{hers.url}/form/idea"))
    autosave(client, hers, "problem", "Жаңа мәтін", base="1")
    changed, again = (client.get(where, headers=RUSSIAN).text for where in (hers.url, f"{hers.url}/form/idea"))
    later(CLOSES_AT)
    late, closed = (client.get(where, headers=RUSSIAN).text for where in (hers.url, f"{hers.url}/form/idea"))

    assert [last_step(one) for one in (before, form, again, closed)] == [
        ("todo", "Не начато"),
        ("done", "Подано"),
        ("error", "Отправить снова"),
        ("done", "Подано"),
    ]
    assert buttons(own) == ["Изменить ответы"]
    assert "менять и отправлять снова до 14.08.2026, 18:00" in own.replace("\xa0", " ")
    assert buttons(changed) == ["Проверить и отправить"]
    assert buttons(late) == []


def last_step(shown):
    """The state of the last step, and its words."""
    return re.findall(r'class="step is-(\w+)">.*?class="step-state">([^<]*)<', shown, re.DOTALL)[-1]


def buttons(shown):
    """What the links say that look like buttons and lead into her form."""
    return re.findall(r'<a class="button[^>]*href="[^"]*/(?:form/\w+|check)"[^>]*>\s*<span>([^<]*)', shown)


def test_step_strip_says_in_words_which_step_this_is(client, hers):
    shown = client.get(f"{hers.url}/form/market", headers=RUSSIAN).text
    count = shown.count('class="step is-')

    assert re.search(rf'class="step-here"[^>]*>2 / {count} · \w+', shown)


def test_answers_that_may_be_empty_are_not_said_to_be_missing(client, hers):
    shown = client.get(f"{hers.url}/check", headers=RUSSIAN).text

    assert "Не приложено (необязательно)" in shown
    assert "Не заполнено<" not in shown


def test_way_to_be_named_is_the_least_telling_until_she_chooses_and_is_changed_in_her_account(client, hers):
    before = client.get(f"{hers.url}/check").text
    client.post(f"{hers.url}/submit", data={"processing": "y", "name": "y"})
    consents = client.get("/account/consents", headers=RUSSIAN).text
    (change,) = re.findall(r'href="(/account/consents/[^/]+/name)"', consents)
    form = client.get(change).text
    unsaid, unknown = (client.post(change, data=data).status_code for data in ({}, {"public_name": "nick"}))
    answer = client.post(change, data={"public_name": "full"})

    ticked = r'value="(\w+)"[^>]*\bchecked|checked[^>]*value="(\w+)"'
    assert [one for pair in re.findall(ticked, before + form) for one in pair if one] == ["initial", "initial"]
    assert (unsaid, unknown, answer.status_code) == (422, 422, 303)
    assert "Фамилия и инициал" in consents
    listed = client.get("/account/consents", headers=RUSSIAN).text
    assert listed.count("Полное имя") == 1
    assert client.get(change).status_code == 404


def test_withdrawn_consent_is_named_with_its_competition_and_told_to_her_and_to_the_checker(app, client, hers, later):
    client.post(f"{hers.url}/submit", data={"processing": "y"})
    listed = client.get("/account/consents", headers=RUSSIAN).text
    (withdraw,) = re.findall(r'action="(/account/consents/[^/]+/withdraw)"', listed)
    client.post(withdraw)
    own = client.get(hers.url, headers=ENGLISH).text
    with app.app_context(), writing():
        one = db.session.get_one(Application, hers.id)
        checker = factories.user(member_of=db.session.get_one(Programme, one.programme_id), role=Role.CHECKER, language="en")
        sign_in(client, checker)
        desk = f"/manage/applications/{one.public_id}"
    seen, refused = client.get(desk, headers=ENGLISH), client.post(f"{desk}/admit", data={"seen": 1}, headers=ENGLISH)

    assert "Start App 2026</h2>" in listed
    assert "дать согласие снова можно на странице заявки" in listed.lower() or "give the consent again" in listed
    assert "your application cannot be admitted" in own
    assert "Processing of personal data: withdrawn on 01.08.2026" in seen.text
    assert f"{desk}/admit" not in seen.text
    assert refused.status_code == 409
    assert "nobody is admitted without it" in refused.text

    with app.app_context(), writing():
        sign_in(client, db.session.get_one(User, hers.account_id))
    given = client.post(f"{hers.url}/consent", headers=ENGLISH)
    after = client.get(hers.url, headers=ENGLISH).text
    assert given.status_code == 303
    assert "Give the consent again" in own
    assert ("Give the consent again" in after, "The consent is given again." in after) == (False, True)
    with app.app_context():
        standing, old = db.session.scalars(select(Consent).order_by(Consent.id.desc()))
        assert (standing.withdrawn_at, old.withdrawn_at is None) == (None, False)
        assert (standing.kind, standing.scope, standing.language) == (old.kind, old.scope, "en")


def test_what_tells_who_she_is_is_pointed_out_before_she_sends_it(app, client, hers):
    before = client.get(f"{hers.url}/check", headers=ENGLISH).text
    with app.app_context(), writing():
        one = db.session.get_one(Application, hers.id)
        write(one, hers.actor, at=OPEN_AT + SECOND, summary="Киіз. @arlan_felt, 8 (700) 000-00-03")
    shown = client.get(f"{hers.url}/check", headers=ENGLISH).text

    assert "may tell who you are" not in before
    assert "may tell who you are: your phone number, @arlan_felt." in shown


def test_returned_application_that_was_not_changed_says_so_before_it_is_sent_again(app, client, hers, later):
    client.post(f"{hers.url}/submit", data={"processing": "y"})
    with app.app_context(), writing():
        one = db.session.get_one(Application, hers.id)
        checker = actor_of(factories.user(member_of=db.session.get_one(Programme, one.programme_id), role=Role.CHECKER))
        due_at = CLOSES_AT + timedelta(days=1)
        return_application(one, reasons=[Reason("plan", "Мерзім қосыңыз.")], due_at=due_at, by=checker, at=OPEN_AT + SECOND)
    later(OPEN_AT + timedelta(hours=1))
    unchanged = client.get(f"{hers.url}/check", headers=ENGLISH).text
    with app.app_context(), writing():
        write(db.session.get_one(Application, hers.id), hers.actor, at=OPEN_AT + timedelta(hours=1), title="Жаңа атау")
    changed = client.get(f"{hers.url}/check", headers=ENGLISH).text
    answer = client.post(f"{hers.url}/submit", data={"processing": "y"})

    assert "Nothing has been changed since it was returned to you" in unchanged
    assert "Мерзім қосыңыз." in unchanged
    assert "Nothing has been changed" not in changed
    assert answer.status_code == 303


def test_every_thing_that_is_missing_leads_to_the_screen_where_it_stands(app, client, at):
    at(OPEN_AT)
    with app.app_context(), writing():
        account, actor = applicant()
        one = draft(announced_call(), actor)
        url = f"/my/applications/{one.public_id}"
        sign_in(client, account)
    nothing: dict[str, Any] = dict.fromkeys(PROJECT, "") | {"plan": [], "cashflow": [], "budget": []}
    faults = {"budget": [DEAR], "amount": "80 000", "dob": "01.01.1970", "title": "x" * 500}
    clicks = itertools.count(1)
    for written in ({}, {name: PROJECT[name] for name in PROJECT if name not in {"title", "name-family"}}, PROJECT | faults):
        with app.app_context(), writing():
            write(db.session.scalars(select(Application)).one(), actor, at=OPEN_AT + SECOND * next(clicks), **nothing | written)
        shown = client.post(f"{url}/submit", data={"processing": "y"}).text
        links = {found.replace("&amp;", "&") for found in re.findall(rf'href="({url}/form/\w+#[^"]+)"', shown)}
        parted = sorted(link.split("#") for link in links)
        lost = [anchor for screen, anchor in parted if f'id="{anchor}"' not in client.get(screen).text]
        assert links
        assert lost == []


def test_switch_of_the_screen_leaves_the_letters_in_the_language_the_form_asked_for(app, client, hers):
    client.post(f"{hers.url}/submit", data={"processing": "y"})
    client.post("/language", data={"language": "ru"})
    client.post(f"{hers.url}/withdraw", data={"reason": "no_time"})

    with app.app_context():
        assert {one.language for one in db.session.scalars(select(Message))} == {"kk"}
        account = db.session.get_one(User, hers.account_id)
        assert (account.language, language_of(account.person), account.person.language) == ("ru", "ru", "kk")
    assert '<html lang="ru"' in client.get(hers.url).text


def test_receipt_and_heading_say_what_was_sent_whatever_was_written_since(client, hers):
    client.post(f"{hers.url}/submit", data={"processing": "y"})
    client.post(f"{hers.url}/form/idea", data={"title": "Екінші атау", "version-title": "1", "save": "next"})

    receipt, own, listed = (client.get(where).text for where in (f"{hers.url}/receipt", hers.url, "/my"))
    document = pypdfium2.PdfDocument(client.get(f"{hers.url}/print.pdf?sent=1").data)
    printed = "".join(one.get_textpage().get_text_range() for one in document)

    assert [("«Киіз әлемі»" in text, "Екінші атау" in text) for text in (receipt, own, listed, printed)] == [(True, False)] * 4
    assert "print.pdf?sent=1" in receipt


@pytest.mark.parametrize(
    ("at_instant", "is_taken"), [(CLOSES_AT - SECOND, True), (CLOSES_AT, False), (CLOSES_AT + SECOND, False)]
)
def test_application_is_taken_until_just_before_the_closing(app, client, hers, later, *, at_instant, is_taken):
    later(at_instant)

    answer = client.post(f"{hers.url}/submit", data={"processing": "y"}, headers=RUSSIAN)

    assert count(app, ApplicationVersion) == int(is_taken)
    assert (answer.status_code, "14.08.2026, 18:00" in answer.text) == ((303, False) if is_taken else (403, True))


def test_second_click_after_the_closing_gives_the_receipt(app, client, hers, later):
    later(CLOSES_AT - SECOND)
    client.post(f"{hers.url}/submit", data={"processing": "y"})
    later(CLOSES_AT + SECOND)

    again = client.post(f"{hers.url}/submit", data={"processing": "y"})

    assert (again.status_code, again.location) == (303, f"{hers.url}/receipt")
    assert count(app, ApplicationVersion) == 1


@pytest.mark.db
def test_twenty_clicks_are_one_application(app, client, hers, database):
    with client.session_transaction() as session:
        kept = dict(session)

    def click(_number):
        other = app.test_client()
        with other.session_transaction() as session:
            session.update(kept)
        return other.post(f"{hers.url}/submit", data={"processing": "y"})

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(click, range(20)))

    assert {(one.status_code, one.location) for one in answers} == {(303, f"{hers.url}/receipt")}
    with app.app_context():
        one = db.session.get_one(Application, hers.id)
        letters = db.session.scalar(select(func.count()).select_from(Message))
        assert (one.state, one.code, count(app, ApplicationVersion), letters) == (ApplicationState.SUBMITTED, "SA26-001", 1, 1)


def test_application_is_withdrawn_with_a_reason_and_taken_back(app, client, hers):
    client.post(f"{hers.url}/submit", data={"processing": "y"})

    unsaid = client.post(f"{hers.url}/withdraw", data={})
    client.post(f"{hers.url}/withdraw", data={"reason": "no_time"})
    with app.app_context():
        between = db.session.get_one(Application, hers.id).state
    client.post(f"{hers.url}/undo")

    with app.app_context():
        assert (unsaid.status_code, between) == (422, ApplicationState.WITHDRAWN)
        assert db.session.get_one(Application, hers.id).state is ApplicationState.SUBMITTED


def test_own_document_holds_every_answer(client, hers):
    answer = client.get(f"{hers.url}/print.pdf", headers={"Accept-Language": "kk"})
    document = pypdfium2.PdfDocument(answer.data)
    text = "".join(page.get_textpage().get_text_range() for page in document)

    assert answer.mimetype == "application/pdf"
    for words in ("«Киіз әлемі»", "Сынақбай Арлан", "000418599113", "Шығыстар сметасы", "90\u00a0000"):
        assert words in text


def test_document_is_made_so_often_a_minute_and_no_oftener(app, client, hers):
    first = client.get(f"{hers.url}/print.pdf")
    with app.app_context(), apart() as connection:
        connection.execute(update(Window).values(count=PRINTS_A_MINUTE))
    again = client.get(f"{hers.url}/print.pdf", headers=RUSSIAN)

    assert (first.status_code, again.status_code) == (200, 429)
    assert "подождите минуту" in again.text.lower()
    assert client.get(hers.url).status_code == 200


def test_document_for_which_there_is_no_place_soon_is_asked_for_later(client, hers, monkeypatch):
    monkeypatch.setattr(confined, "WAITING_SECONDS", 0)
    monkeypatch.setattr(pdf, "_maker", confined.Confined("app.core.pdf_child", pdf_child.LIMITS, places=1))
    with pdf._maker._places:
        waits = client.get(f"{hers.url}/print.pdf", headers=RUSSIAN)

    assert waits.status_code == 503
    assert "<h1>" in waits.text
    assert client.get(f"{hers.url}/print.pdf").mimetype == "application/pdf"


def test_list_costs_the_same_for_one_and_for_many(app, client, hers):
    statements = []
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    client.get("/my")
    statements.clear()
    one = client.get("/my")
    cost = len(statements)
    with app.app_context(), writing():
        for key in ("start_app", "jas_qadam", "start_app"):
            draft(announced_call(key), hers.actor)
    statements.clear()
    many = client.get("/my")

    assert (one.text.count("card-title"), many.text.count("card-title")) == (1, 4)
    assert len(statements) == cost


def test_overview_after_sending_shows_code_versions_and_what_is_next(app, client, hers):
    with app.app_context(), writing():
        submit_application(db.session.get_one(Application, hers.id), by=hers.actor, at=OPEN_AT, declarations=CONSENT)

    sent = client.get(hers.url, headers=RUSSIAN)
    autosave(client, hers, "title", "Өзгерді", base="1")
    changed = client.get(hers.url, headers=RUSSIAN)

    assert "SA26-001" in sent.text
    assert "28.08.2026" in sent.text
    assert changed.text != sent.text


def test_who_saves_more_than_a_person_types_waits_and_loses_no_word(app, client, hers):
    with app.app_context(), writing():
        other, _actor = applicant()
        stranger = app.test_client()
        sign_in(stranger, other)
    typed = {"field": "title", "value": "Мәтін", "change_id": "a", "base_version": "0"}
    client.post("/my/applications/none/answers", data=typed)
    client.post("/my/applications/none/form/project", data=typed)
    with app.app_context(), apart() as connection:
        connection.execute(update(Window).values(count=SAVES_A_MINUTE))

    saved = client.post(f"{hers.url}/answers", data=typed, headers={"Accept": "application/json", "Accept-Language": "en"})
    page = client.post(f"{hers.url}/form/project", data=typed, headers={"Sec-Fetch-Site": "same-origin"})

    assert saved.status_code == page.status_code == 429
    assert "Nothing you wrote was lost" in saved.json["message"]
    assert "Мәтін" in page.text
    assert stranger.post("/my/applications/none/answers", data=typed).status_code == 404


def test_files_are_judged_only_after_the_door_was_asked(app, hers):
    with app.app_context(), writing():
        _account, stranger = applicant()
    name = hers.url.split("/")[-1]
    with app.test_request_context(hers.url, method="POST", data=one_file()) as context:
        g.actor = stranger
        with pytest.raises(AbsentError):
            _clean_files(name)
        assert context.request.files["quotes"].stream.tell() == 0

    with app.test_request_context(hers.url, method="POST", data=one_file()):
        g.actor = hers.actor
        assert len(_clean_files(name)) == 1


def attach(app, hers, data):
    with app.app_context(), writing():
        own = db.session.get_one(Application, hers.id)
        attach_document(own, "quotes", keep(CleanFile(data, Kind.PDF, "a.pdf")), by=hers.actor, at=OPEN_AT)


def test_files_of_one_person_have_a_limit_over_all_her_applications(app, client, hers, monkeypatch):
    monkeypatch.setattr(services, "PERSON_LIMIT", 10)
    with app.app_context(), writing():
        other = draft(announced_call("jas_qadam"), hers.actor)
        stored = storage.put(b"1234567")
        db.session.add(
            Document(
                application_id=other.id, question_key="quotes", name="a.pdf", media_type="application/pdf", extension="pdf",
                size=stored.size, sha256=stored.sha256, storage_key=stored.key, uploaded_at=OPEN_AT, removed_at=OPEN_AT,
            )
        )  # fmt: skip

    attach(app, hers, b"123")
    with pytest.raises(RefusedError) as refused:
        attach(app, hers, b"45")

    assert [one.code for one in refused.value.refusals] == [ApplicationRefusal.ACCOUNT_FULL]


def test_one_request_and_one_account_have_so_much_time_of_the_cleaner_and_no_more(app, client, hers):
    def send(count=1, language="ru"):
        files = [(io.BytesIO(b"%PDF-1.7 no document"), f"{number}.pdf") for number in range(count)]
        sent = {"quotes": files, "upload": "quotes"}
        return client.post(f"{hers.url}/form/money", data=sent, headers={"Accept-Language": language}).text

    def spent():
        with app.app_context(), apart(is_writing=False) as connection:
            counted = select(Window.count).where(Window.key.contains("budget:cleaning"))
            return connection.execute(counted).scalar_one()

    assert "много времени" not in send()
    assert 0 < spent() < CLEANING.seconds
    with app.app_context(), apart() as connection:
        connection.execute(update(Window).where(Window.key.contains("budget:cleaning")).values(count=CLEANING.seconds))
    assert "через 10 минут" in send()
    assert "10 минуттан кейін" in send(language="kk")
    assert spent() == CLEANING.seconds


def test_files_over_the_number_of_one_request_are_told_of(app, hers, monkeypatch):
    monkeypatch.setattr(uploads, "REQUEST_SECONDS", 0)
    files = [(io.BytesIO(b"%PDF-1.7 no document"), f"{number}.pdf") for number in range(12)]
    with app.test_request_context(hers.url, method="POST", data={"quotes": files}):
        g.actor = hers.actor
        found = [one for _name, one in _clean_files(hers.url.split("/")[-1])]

    assert [one.code for one in found if isinstance(one, Refusal)] == [UploadRefusal.ONE_BY_ONE] * 12


def one_file():
    return {"quotes": (io.BytesIO(b"%PDF-1.7 no document"), "quote.pdf")}


def test_each_page_of_a_draft_says_when_applications_close_and_of_a_returned_one_until_when_and_why(app, client, hers, later):
    draft_page = client.get(f"{hers.url}/form/idea", headers=RUSSIAN).text
    assert (f"{CLOSES_AT:%d.%m.%Y}" in draft_page, "Срок повторной подачи" in draft_page) == (True, False)

    due_at = CLOSES_AT + timedelta(days=10)
    with app.app_context(), writing():
        own = db.session.get_one(Application, hers.id)
        submit_application(own, by=hers.actor, at=OPEN_AT, declarations=CONSENT)
        reasons = [Reason("name", "Название занято."), Reason(None, "Приложите смету.")]
        return_application(own, reasons=reasons, due_at=due_at, by=factories.actor(), at=CLOSES_AT + SECOND)
    later(CLOSES_AT + timedelta(days=1))
    pages = {group: client.get(f"{hers.url}/form/{group}", headers=RUSSIAN).text for group in ("idea", "market")}

    for page in pages.values():
        assert f"Срок повторной подачи: {due_at:%d.%m.%Y}" in page
        assert "Приложите смету." in page
        assert "засчитывается только после повторной отправки" not in page


def test_list_says_until_when_a_returned_application_is_to_be_mended(app, client, hers, later):
    due_at = CLOSES_AT + timedelta(days=5)
    with app.app_context(), writing():
        own = db.session.get_one(Application, hers.id)
        submit_application(own, by=hers.actor, at=OPEN_AT, declarations=CONSENT)
        return_application(own, reasons=[Reason("", "Толығырақ.")], due_at=due_at, by=factories.actor(), at=CLOSES_AT + SECOND)
    later(CLOSES_AT + timedelta(hours=1))

    page = client.get("/my", headers=RUSSIAN).text
    assert "Исправьте и отправьте снова до 19.08.2026" in page
    assert "Исправить</span>" in page

    later(due_at + SECOND)
    assert "Исправьте и отправьте снова" not in client.get("/my", headers=RUSSIAN).text


def test_own_document_holds_the_parts_of_an_answer_in_the_order_of_the_form_and_breaks_long_words(app, client, hers):
    with app.app_context(), writing():
        own = db.session.get_one(Application, hers.id)
        write(own, hers.actor, summary=f"https://example.com/{'ұ' * 130}соңы")
        submit_application(own, by=hers.actor, at=OPEN_AT, declarations=CONSENT)
    document = pypdfium2.PdfDocument(client.get(f"{hers.url}/print.pdf?sent=1", headers=RUSSIAN).data)
    pages = [page.get_textpage() for page in document]
    text = "".join(one.get_text_range() for one in pages)

    assert text.index("+7") < text.index("Қазақша")
    assert text.index("Жет") < text.rindex("Талдықорған")
    right = [one.get_charbox(index)[2] for one in pages for index in range(one.count_chars())]
    assert max(right) < 595 - 50


def test_quotes_say_from_which_price_they_are_needed(client, hers):
    page = client.get(f"{hers.url}/form/money", headers=RUSSIAN).text
    assert "(нужно для цен от 100\u00a0000\u00a0₸)" in page


def test_fault_of_a_cell_names_its_column_once(client, hers):
    sent = {"version-plan": "1", "plan-0-step": "Құрал алу", "plan-0-weeks": "екі", "save": "next"}
    page = client.post(f"{hers.url}/form/plan", data=sent, headers=RUSSIAN).text
    fault = page.split('id="plan-0-weeks-error"')[1].split("</p>")[0]
    assert "напишите целое число цифрами" in fault
    assert fault.count("едел") == 1
