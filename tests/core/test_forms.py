"""What people type into forms."""

from datetime import UTC, datetime

import pytest
from werkzeug.datastructures import MultiDict
from wtforms import StringField, TextAreaField

from app.core.forms import Form, LocalDateTimeField, MoneyField, required, translated
from app.core.texts import clean_text


def test_text_loses_what_reorders_or_hides_it():
    assert clean_text("  а\u202eб\u0000в\r\nг\u200b ") == "абв\nг"


class Sample(Form):
    name = StringField("Name", [required()])
    story = TextAreaField("Story")
    fund = MoneyField("Fund")
    opens_at = LocalDateTimeField("Opens")
    title = translated("Title", limit=5, required_in=("kk",))


@pytest.fixture
def form(app):
    def make(**values):
        with app.test_request_context("/", method="POST"):
            form = Sample(MultiDict(values), meta={"csrf": False})
            return form, form.validate(), {name: list(field.errors) for name, field in form._fields.items() if field.errors}

    return make


def test_form_gives_clean_values(form):
    made, is_valid, _errors = form(name=" А ", fund="2 млн", opens_at="2026-08-14T18:00", **{"title-kk": "Атау"})

    assert is_valid
    assert (made.name.data, made.fund.data, made.title.data) == ("А", 2_000_000, {"kk": "Атау"})
    assert made.opens_at.data.astimezone(UTC) == datetime(2026, 8, 14, 13, 0, tzinfo=UTC)


@pytest.mark.parametrize("broken", ["\r\n", "\t\x00\x0b\x85", "\u2028", "\u202e"])
def test_field_of_one_line_holds_no_line_break(form, broken):
    made, is_valid, _errors = form(name=f"А{broken}Б", story="А\nБ", **{"title-kk": "Атау"})

    assert is_valid
    assert (made.name.data, made.story.data) == ("А Б", "А\nБ")


@pytest.mark.parametrize("typed", ["0001-01-01T00:00", "9999-12-31T23:59", "0202-08-14T18:00"])
def test_instant_of_no_year_of_ours_is_refused_and_kept(form, typed):
    made, is_valid, errors = form(name="А", opens_at=typed, **{"title-kk": "Атау"})

    assert not is_valid
    assert list(errors) == ["opens_at"]
    assert (made.opens_at.data, made.opens_at._value()) == (None, typed)


def test_form_keeps_what_it_cannot_read(form):
    made, is_valid, errors = form(name="А", fund="көп", opens_at="ертең", **{"title-kk": "ұзақ атау"})

    assert not is_valid
    assert set(errors) == {"fund", "opens_at", "title"}
    assert made.fund._value() == "көп"
