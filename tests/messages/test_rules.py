import pytest

from app.messages.rules import Block, Piece, blocks_of, is_possible


@pytest.mark.parametrize("email", ["a@b.kz", "аман@мысал.қаз", "a.b+c@sub.example.kz"])
def test_address_of_one_recipient_is_taken(email):
    assert is_possible(email)


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
    assert not is_possible(email)


def test_a_text_is_divided_into_paragraphs_lists_and_the_thing_to_do():
    site = "https://b.kz"
    text = "Сәлем!\n\nНе:\n– бір\n– екі\n\nhttps://b.kz/my/1\n\nМұнда: https://b.kz/a?b=1.\nСыртта: https://evil.example/x"

    first, second, third, fourth = blocks_of(text, site)

    assert first == Block(((Piece("Сәлем!", is_link=False),),))
    assert second == Block(
        ((Piece("Не:", is_link=False),),), items=((Piece("бір", is_link=False),), (Piece("екі", is_link=False),))
    )
    assert third.href == "https://b.kz/my/1"
    assert [[(one.text, one.is_link) for one in line] for line in fourth.lines] == [
        [("Мұнда: ", False), ("https://b.kz/a?b=1", True), (".", False)],
        [("Сыртта: https://evil.example/x", False)],
    ]
