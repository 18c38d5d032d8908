"""Addresses, passwords, identity numbers, phones, limits and sessions by their rules."""

from datetime import UTC, datetime, timedelta

import pytest
from idnumbers.nationalid.KAZ import IndividualIDNumber

from app.people.rules import (
    IDLE,
    IDLE_STAFF,
    LONGEST_REMEMBERED,
    LONGEST_SESSION,
    canonical_email,
    canonical_phone,
    check_iin,
    check_password,
    device_name,
    iin_check_digit,
    masked_email,
    masked_iin,
    masked_phone,
    network_of,
    session_ends_at,
    shown_phone,
    stable_password,
)
from app.people.states import PeopleRefusal

VALID_IINS = ("010203599017", "990704499027", "031130699033", "950815399047", "020305599407", "970606399508")
NO_BREAK = "\N{NO-BREAK SPACE}"
NEVER_ISSUED = ("02030559947", "97060639951", "97060649914")


@pytest.mark.parametrize("iin", VALID_IINS)
def test_iin_of_a_person_is_accepted(iin):
    assert check_iin(iin) is None
    assert IndividualIDNumber.validate(iin)


@pytest.mark.parametrize(
    ("iin", "reason"),
    [
        ("010203599018", PeopleRefusal.IIN_CHECK_DIGIT),
        ("909704499027", PeopleRefusal.IIN_CHECK_DIGIT),
        ("01020359901", PeopleRefusal.IIN_FORM),
        ("010203O99017", PeopleRefusal.IIN_FORM),
        ("٠١٠٢٠٣٥٩٩٠١٧", PeopleRefusal.IIN_FORM),
        ("020305599470", PeopleRefusal.IIN_CHECK_DIGIT),
        ("990440990000", PeopleRefusal.IIN_COMPANY),
        ("990450990000", PeopleRefusal.IIN_COMPANY),
        ("990460990000", PeopleRefusal.IIN_COMPANY),
        ("", PeopleRefusal.IIN_FORM),
    ],
)
def test_iin_with_a_mistake_is_refused_with_its_reason(iin, reason):
    refusal = check_iin(iin)

    assert refusal is not None
    assert (refusal.code, refusal.field) == (reason, "iin")


@pytest.mark.parametrize("digits", NEVER_ISSUED)
def test_iin_whose_both_sums_give_ten_is_never_issued(digits):
    assert iin_check_digit(digits) is None
    assert all(check_iin(f"{digits}{last}") is not None for last in range(10))


def test_iin_check_digit_agrees_with_an_independent_library():
    for serial in range(0, 10_000, 7):
        digits = f"0102036{serial:04d}"
        theirs = IndividualIDNumber.checksum(f"{digits}0")
        assert iin_check_digit(digits) == theirs


def test_personal_data_is_masked_for_display():
    assert masked_iin("010203599017") == "0102******17"
    assert masked_iin(None) == ""
    assert masked_phone("+77010000001") == "+7 701 *** ** 01".replace(" ", NO_BREAK)
    assert masked_phone(None) == ""
    assert masked_email("graduate1@demo.example") == "g***@demo.example"
    assert masked_email(None) == ""
    assert shown_phone("+77010000001") == "+7 701 000 00 01".replace(" ", NO_BREAK)
    assert shown_phone(None) == ""


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("8 (701) 000-00-01", "+77010000001"),
        ("+7 747 000 00 02", "+77470000002"),
        ("7770000003", "+77770000003"),
        ("77770000003", "+77770000003"),
        ("7020000005", "+77020000005"),
        ("8 7282 00-00-04", "+77282000004"),
        ("+7 916 000-00-05", None),
        ("+1 650 253 0000", None),
        ("12345", None),
        ("", None),
    ],
)
def test_phone_has_one_form_however_it_is_typed(typed, kept):
    assert canonical_phone(typed) == kept


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Admin@Demo.example", "admin@demo.example"),
        (" admin@demo.example ", "admin@demo.example"),
        ("ａdmin@demo.example", "admin@demo.example"),
        ("aida@мысал.қаз", "aida@xn--80awbu3c.xn--80ao21a"),
        ("\u0430dmin@demo.example", None),
        ("admin", None),
        ("admin@localhost", None),
        ("a@b.kz,c@d.kz", None),
        ("a@b.kz\nBcc: c@d.kz", None),
        (f"{'a' * 250}@b.kz", None),
        ("", None),
    ],
)
def test_email_address_has_one_form_and_no_twins(typed, kept):
    assert canonical_email(typed) == kept


@pytest.mark.parametrize(
    "text", ["төрт бөлек сөз жаздым", "correct horse battery", "kx9 w2 Бұлт ағаш", "а" * 30 + "бвгдежзийклм"]
)
def test_good_password_is_accepted(text):
    assert check_password(text) == []


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("short", PeopleRefusal.PASSWORD_SHORT),
        ("x" * 129, PeopleRefusal.PASSWORD_LONG),
        ("aaaaaaaaaaaaaa", PeopleRefusal.PASSWORD_COMMON),
        ("password1234", PeopleRefusal.PASSWORD_COMMON),
        ("leavemealone", PeopleRefusal.PASSWORD_COMMON),
        ("Finalfantasy", PeopleRefusal.PASSWORD_COMMON),
        ("1qazxsw23edc", PeopleRefusal.PASSWORD_COMMON),
        ("sunshine!2026", PeopleRefusal.PASSWORD_COMMON),
        ("ghbdtnghbdtn", PeopleRefusal.PASSWORD_COMMON),
        ("qwertyuiop123456", PeopleRefusal.PASSWORD_COMMON),
        ("йцукенгшщзхъ", PeopleRefusal.PASSWORD_COMMON),
        ("123456789012", PeopleRefusal.PASSWORD_COMMON),
        ("010203599017", PeopleRefusal.PASSWORD_COMMON),
        ("baiqau-demo-2026", PeopleRefusal.PASSWORD_COMMON),
        ("graduate1 graduate1", PeopleRefusal.PASSWORD_COMMON),
    ],
)
def test_weak_password_is_refused_with_its_reason(text, reason):
    refusals = check_password(text, email="graduate@demo.example")

    assert [(one.code, one.field) for one in refusals] == [(reason, "password")]


def test_password_is_the_same_however_a_keyboard_composes_it():
    assert stable_password("й" * 12) == stable_password("и\u0306" * 12)
    assert stable_password(" blanks stay ") == " blanks stay "


def test_ipv6_household_counts_as_one_network():
    assert network_of("2001:db8:1:2:aaaa::1") == network_of("2001:db8:1:2:bbbb::9") == "2001:db8:1:2::/64"
    assert network_of("192.0.2.7") == "192.0.2.7"
    assert network_of("nonsense") == ""


@pytest.mark.parametrize(
    ("is_remembered", "is_staff", "ends_after_seen"),
    [(False, False, IDLE), (False, True, IDLE_STAFF), (True, True, IDLE_STAFF)],
)
def test_session_ends_when_it_is_not_used(is_remembered, is_staff, ends_after_seen):
    began = datetime(2026, 8, 1, 9, tzinfo=UTC)
    seen = began + timedelta(hours=2)

    assert session_ends_at(began, seen, is_remembered=is_remembered, is_staff=is_staff) == seen + ends_after_seen


def test_session_ends_after_twelve_hours_however_much_it_is_used():
    began = datetime(2026, 8, 1, 9, tzinfo=UTC)
    last_seen = began + timedelta(hours=11, minutes=50)

    assert session_ends_at(began, last_seen, is_remembered=False, is_staff=False) == began + LONGEST_SESSION
    assert session_ends_at(began, last_seen, is_remembered=True, is_staff=False) == began + LONGEST_REMEMBERED


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        ("Mozilla/5.0 (Linux; Android 13; SM-A536) AppleWebKit/537.36 Chrome/128.0 Mobile Safari/537.36", "Chrome, Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Safari/604.1", "Safari, iPhone"),
        ("curl/8.5", ""),
    ],
)
def test_device_is_named_so_that_its_owner_knows_it(user_agent, name):
    assert device_name(user_agent) == name
