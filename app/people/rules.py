"""Rules of addresses, passwords, identity numbers, phones and sessions. Pure."""

import ipaddress
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from app.core.refusals import Refusal
from app.people.states import AttemptKind, PeopleRefusal

# --- E-mail addresses ---------------------------------------------------------------------------------------------------

LONGEST_EMAIL = 254


def canonical_email(text: str) -> str | None:
    """The one form in which an address is stored and compared, or None if no letter can reach it.

    Only ASCII stands before the @, so that a Cyrillic «а» cannot pose as a Latin one; domains go as IDNA does.
    """
    folded = unicodedata.normalize("NFKC", text).strip().casefold()
    if len(folded) > LONGEST_EMAIL:
        return None
    try:
        found = validate_email(folded, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        return None
    return f"{found.ascii_local_part}@{found.ascii_domain}".casefold()


# --- Passwords ---------------------------------------------------------------------------------------------------------

# How often a session may be wrong about the password of its own account before it ends.
MOST_GUESSES = 5
SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 128
FEWEST_DIFFERENT = 5
LONGEST_RUN = 6
SHORTEST_WORD = 4
SHORTEST_NUMBER = 20
# Passwords are long, so what is left of the common ones is built of these; the product's own words are guessed first.
COMMON = (
    "password", "passw0rd", "parol", "qwerty", "йцукен", "welcome", "admin", "letmein", "iloveyou", "abc123",
    "zaq12wsx", "1q2w3e4r", "demo", "baiqau", "startapp", "jasqadam", "kazakhstan", "qazaqstan", "казахстан",
    "қазақстан", "пароль", "құпиясөз",
)  # fmt: skip
RUNS = ("01234567890123456789", "qwertyuiop", "asdfghjkl", "zxcvbnm", "йцукенгшщзхъ", "abcdefghijklmnopqrstuvwxyz")


def stable_password(text: str) -> str:
    """The form that is hashed: the same letters typed on another keyboard must fit (NFC); nothing is trimmed or cut."""
    return unicodedata.normalize("NFC", text)


def check_password(text: str, *, email: str = "") -> list[Refusal]:
    """What speaks against a new password. Long ones are refused before anything slow looks at them."""
    if len(text) < SHORTEST_PASSWORD:
        return [Refusal(PeopleRefusal.PASSWORD_SHORT, {"count": SHORTEST_PASSWORD}, field="password")]
    if len(text) > LONGEST_PASSWORD:
        return [Refusal(PeopleRefusal.PASSWORD_LONG, {"count": LONGEST_PASSWORD}, field="password")]
    return [Refusal(PeopleRefusal.PASSWORD_COMMON, field="password")] if is_guessable(text, email=email) else []


def is_guessable(text: str, *, email: str = "") -> bool:
    """Whether little is left of the password once common words, runs of keys and the owner's own address are taken out."""
    rest = text.casefold()
    if len(set(rest)) < FEWEST_DIFFERENT or is_often_chosen(rest):
        return True
    own = [part for part in email.casefold().replace("@", ".").split(".") if len(part) >= SHORTEST_WORD]
    for word in (*own, *COMMON):
        rest = rest.replace(word, " ")
    for run in RUNS:
        for keys in (run, run[::-1]):
            for start in range(len(keys) - LONGEST_RUN + 1):
                rest = rest.replace(keys[start : start + LONGEST_RUN], " ")
    letters = {c for c in rest if c.isalpha()}
    left = [c for c in rest if not c.isspace()]
    return len(left) < LONGEST_RUN or len(set(left)) < SHORTEST_WORD or (not letters and len(left) < SHORTEST_NUMBER)


def is_often_chosen(text: str) -> bool:
    """Whether it is a password that many have, perhaps twice, or with figures and signs around it."""
    core = text.strip("".join(c for c in text if not c.isalpha()))
    half = text[: len(text) // 2]
    return bool({text, core} & often_chosen()) or (text == half * 2 and half in often_chosen())


@cache
def often_chosen() -> frozenset[str]:
    """The common passwords; where they come from is written in their file."""
    lines = Path(__file__).with_name("common_passwords.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


# --- Attempts ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `count` attempts within `lasts` of one account, one network, or one account from one network."""

    count: int
    lasts: timedelta
    per_account: bool
    per_network: bool


LIMITS: dict[AttemptKind, tuple[Limit, ...]] = {
    AttemptKind.SIGN_IN: (
        Limit(5, timedelta(minutes=15), per_account=True, per_network=True),
        Limit(50, timedelta(minutes=15), per_account=False, per_network=True),
        Limit(10, timedelta(days=1), per_account=True, per_network=False),
    ),
    AttemptKind.LETTER: (
        Limit(3, timedelta(hours=1), per_account=True, per_network=False),
        Limit(10, timedelta(hours=1), per_account=False, per_network=True),
    ),
    # An organiser writes to a whole team at once, but not to one address again and again.
    AttemptKind.INVITATION: (
        Limit(3, timedelta(hours=1), per_account=True, per_network=False),
        Limit(20, timedelta(hours=1), per_account=False, per_network=True),
    ),
    AttemptKind.SIGN_UP: (Limit(3, timedelta(hours=1), per_account=True, per_network=False),),
}


def network_of(address: str) -> str:
    """The network counted as one visitor: the IPv4 address, or the /64 an IPv6 household holds."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return ""
    return str(found) if found.version == 4 else str(ipaddress.ip_network((found, 64), strict=False))  # noqa: PLR2004


# --- Sessions ----------------------------------------------------------------------------------------------------------

IDLE = timedelta(minutes=60)
IDLE_STAFF = timedelta(minutes=30)
LONGEST_SESSION = timedelta(hours=12)
LONGEST_REMEMBERED = timedelta(days=14)
# How long a password counts for what a stranger at an unlocked screen must not do.
CONFIRMED_FOR = timedelta(minutes=10)
SEEN_EVERY = timedelta(minutes=1)


def session_ends_at(created_at: datetime, seen_at: datetime, *, is_remembered: bool, is_staff: bool) -> datetime:
    """When a session ends unless it is used again before; staff are never remembered."""
    if is_remembered and not is_staff:
        return created_at + LONGEST_REMEMBERED
    return min(created_at + LONGEST_SESSION, seen_at + (IDLE_STAFF if is_staff else IDLE))


# --- Identity numbers (ЖСН, ИИН) ----------------------------------------------------------------------------------------

IIN_DIGITS = 12
FIRST_WEIGHTS = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)
SECOND_WEIGHTS = (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)
COMPANY_DIGITS = "456"


def check_iin(text: str) -> Refusal | None:
    """Why `text` is no identity number of a person, or None. Birth date and sex in it are only a hint since 2013."""
    if len(text) != IIN_DIGITS or not (text.isascii() and text.isdecimal()):
        return Refusal(PeopleRefusal.IIN_FORM, field="iin")
    if text[4] in COMPANY_DIGITS:
        return Refusal(PeopleRefusal.IIN_COMPANY, field="iin")
    if iin_check_digit(text[:-1]) != int(text[-1]):
        return Refusal(PeopleRefusal.IIN_CHECK_DIGIT, field="iin")
    return None


def iin_check_digit(digits: str) -> int | None:
    """The twelfth digit that belongs to the first eleven; None where such a number is never issued."""
    for weights in (FIRST_WEIGHTS, SECOND_WEIGHTS):
        rest = sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True)) % 11
        if rest < 10:  # noqa: PLR2004 - ten is no digit
            return rest
    return None


def masked_iin(iin: str | None) -> str:
    """`0102******17`: enough to recognise one's own number."""
    return f"{iin[:4]}******{iin[-2:]}" if iin else ""


# --- Phones -------------------------------------------------------------------------------------------------------------

COUNTRY_CODE = 7
NATIONAL_DIGITS = 10


def canonical_phone(text: str) -> str | None:
    """`+77XXXXXXXXX`, or None for anything that is no number of Kazakhstan (Russia shares its country code)."""
    try:
        found = phonenumbers.parse(text, "KZ")
    except phonenumbers.NumberParseException:
        return None
    national = str(found.national_number)
    is_kazakh = found.country_code == COUNTRY_CODE and len(national) == NATIONAL_DIGITS and national.startswith("7")
    return f"+7{national}" if is_kazakh else None


def shown_phone(phone: str | None) -> str:
    """`+7 701 000 00 01`, which no line breaks."""
    return "\u00a0".join((phone[:2], phone[2:5], phone[5:8], phone[8:10], phone[10:])) if phone else ""


def masked_phone(phone: str | None) -> str:
    """`+7 701 *** ** 01`, which no line breaks."""
    return "\u00a0".join((phone[:2], phone[2:5], "***", "**", phone[-2:])) if phone else ""


def masked_email(email: str | None) -> str:
    """`g***@demo.example`."""
    name, _at, domain = (email or "").partition("@")
    return f"{name[:1]}***@{domain}" if domain else ""


# --- Devices ------------------------------------------------------------------------------------------------------------

BROWSERS = (
    ("Edg", "Edge"), ("YaBrowser", "Yandex"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"),
    ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"),
)  # fmt: skip
SYSTEMS = (
    ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)  # fmt: skip


def device_name(user_agent: str) -> str:
    """`Chrome, Android`: enough to recognise one's own device in a list."""
    browser = next((name for mark, name in BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in SYSTEMS if mark in user_agent), "")
    return ", ".join(part for part in (browser, system) if part)
