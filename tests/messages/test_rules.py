import pytest

from app.messages.rules import Address, check_address, check_subject
from app.messages.states import MessageRefusal


@pytest.mark.parametrize("email", ["a@b.kz", "аман@мысал.қаз", "a.b+c@sub.example.kz"])
def test_address_of_one_recipient_is_taken(email):
    assert check_address(Address(email)) == []


@pytest.mark.parametrize(
    "email",
    [
        "",
        "a",
        "@b.kz",
        "a@",
        "a@b.kz, c@d.kz",
        "a@b.kz\nBcc: x@y.kz",
        "a@b.kz\r\n",
        "a@b.kz\u2028x",
        "<a@b.kz>",
        "a b@c.kz",
        "a@b.kz\x85",
    ],
)
def test_anything_else_is_refused(email):
    assert [refusal.code for refusal in check_address(Address(email))] == [MessageRefusal.BAD_ADDRESS]


@pytest.mark.parametrize("breaks", ["\r", "\n", "\u2028", "\u2029", "\x85", "\x00", "\x0b"])
def test_line_breaks_in_headers_are_refused(breaks):
    assert [one.code for one in check_subject(f"a{breaks}Bcc: x@y.kz")] == [MessageRefusal.BAD_HEADER]
    assert [one.code for one in check_address(Address("a@b.kz", name=f"a{breaks}b"))] == [MessageRefusal.BAD_HEADER]
