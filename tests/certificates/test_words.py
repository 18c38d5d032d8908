"""Amounts in words, in three languages."""

import pytest

from app.certificates.words import amount_in_words

AMOUNTS = [
    (0, "нөл теңге", "ноль тенге", "zero tenge"),
    (1, "бір теңге", "один тенге", "one tenge"),
    (15, "он бес теңге", "пятнадцать тенге", "fifteen tenge"),
    (100, "жүз теңге", "сто тенге", "one hundred tenge"),
    (250, "екі жүз елу теңге", "двести пятьдесят тенге", "two hundred fifty tenge"),
    (1000, "бір мың теңге", "одна тысяча тенге", "one thousand tenge"),
    (2000, "екі мың теңге", "две тысячи тенге", "two thousand tenge"),
    (5000, "бес мың теңге", "пять тысяч тенге", "five thousand tenge"),
    (11_000, "он бір мың теңге", "одиннадцать тысяч тенге", "eleven thousand tenge"),
    (21_000, "жиырма бір мың теңге", "двадцать одна тысяча тенге", "twenty-one thousand tenge"),
    (112_000, "жүз он екі мың теңге", "сто двенадцать тысяч тенге", "one hundred twelve thousand tenge"),
    (500_000, "бес жүз мың теңге", "пятьсот тысяч тенге", "five hundred thousand tenge"),
    (
        987_654,
        "тоғыз жүз сексен жеті мың алты жүз елу төрт теңге",
        "девятьсот восемьдесят семь тысяч шестьсот пятьдесят четыре тенге",
        "nine hundred eighty-seven thousand six hundred fifty-four tenge",
    ),
    (1_000_000, "бір миллион теңге", "один миллион тенге", "one million tenge"),
    (2_000_001, "екі миллион бір теңге", "два миллиона один тенге", "two million one tenge"),
    (15_000_000, "он бес миллион теңге", "пятнадцать миллионов тенге", "fifteen million tenge"),
    (1_000_000_000, "бір миллиард теңге", "один миллиард тенге", "one billion tenge"),
]


@pytest.mark.parametrize(("amount", "kk", "ru", "en"), AMOUNTS)
def test_amount_is_written_in_words(amount, kk, ru, en):
    assert [amount_in_words(amount, language) for language in ("kk", "ru", "en")] == [kk, ru, en]


@pytest.mark.parametrize("amount", [-1, 10**15])
def test_amount_without_words_is_an_error(amount):
    with pytest.raises(ValueError, match="no words"):
        amount_in_words(amount, "kk")


def test_every_amount_up_to_a_thousand_has_its_own_words():
    for language in ("kk", "ru", "en"):
        assert len({amount_in_words(amount, language) for amount in range(1000)}) == 1000
