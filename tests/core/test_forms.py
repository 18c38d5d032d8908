"""What people type into forms."""

from datetime import UTC, datetime

import pytest
from werkzeug.datastructures import MultiDict
from wtforms import StringField

from app.core.forms import Form, LocalDateTimeField, MoneyField, clean_text, parse_money, required, translated


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("1000000", 1_000_000), ("1 000 000", 1_000_000), ("1 000 000 ₸", 1_000_000), ("1 млн тг", 1_000_000),
        ("1,5 млн", 1_500_000), ("500 мың", 500_000), ("500 тыс. тг", 500_000), ("1.000.000", None), ("250 000 теңге", 250_000),
        ("12.50", None), ("минус", None), ("-5", None), ("", None), ("9" * 40, None), ("1.000", 1000),
    ],
)  # fmt: skip
def test_money_is_read_as_people_write_it(typed, amount):
    assert parse_money(typed) == amount


def test_text_loses_what_reorders_or_hides_it():
    assert clean_text("  а\u202eб\u0000в\r\nг\u200b ") == "абв\nг"


class Sample(Form):
    name = StringField("Name", [required()])
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


def test_form_keeps_what_it_cannot_read(form):
    made, is_valid, errors = form(name="А", fund="көп", opens_at="ертең", **{"title-kk": "ұзақ атау"})

    assert not is_valid
    assert set(errors) == {"fund", "opens_at", "title"}
    assert made.fund._value() == "көп"
