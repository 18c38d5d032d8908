"""How an application is checked: terms, reasons, and until when a decision can be taken back. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from app.core.refusals import Refusal
from competitions.rules.eligibility import EligibilityLimits, check_born_on
from competitions.states import ApplicationState, CheckOutcome

# The letter leaves this long after the decision, so that a slip of the finger can be taken back unseen.
UNDO_FOR = timedelta(minutes=10)
REASON_LENGTH = 1000
# An address of e-mail, or a name in a social network: "@" before Latin letters, no word before it ("3 kg @ 500" is neither).
ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?<![\w@.])@[A-Za-z][A-Za-z0-9_.]{2,}[A-Za-z0-9_]")
# As many are decided at once as a person can go through by eye.
AT_ONCE = 100
DECISIONS = frozenset({ApplicationState.RETURNED, ApplicationState.ADMITTED, ApplicationState.NOT_ADMITTED})


class CheckRefusal(StrEnum):
    """Why a checker cannot do this now."""

    REASON_MISSING = "reason_missing"
    REASON_TOO_LONG = "reason_too_long"
    DUE_IN_THE_PAST = "due_in_the_past"
    FROZEN = "frozen"
    DUE_AFTER_FREEZE = "due_after_freeze"
    DUE_BEFORE_CLOSING = "due_before_closing"
    TERM_RUNNING = "term_running"
    LETTER_SENT = "letter_sent"
    NOTHING_TO_UNDO = "nothing_to_undo"
    SAME_PERSON_ADMITTED = "same_person_admitted"
    NOT_WAITING = "not_waiting"
    ONE_OF_TWO = "one_of_two"
    TOO_MANY = "too_many"
    NONE_CHOSEN = "none_chosen"
    MOVED_ON = "moved_on"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    NEWER_VERSION = "newer_version"


class BulkAct(StrEnum):
    """What a checker does with many applications at once; to refuse one, she looks at it."""

    ADMIT = "admit"
    RETURN = "return"
    UNDO = "undo"


class Order(StrEnum):
    """How a list of applications may be sorted."""

    CODE = "code"
    WAITING = "waiting"
    NEWEST = "newest"
    NAME = "name"


class Hint(StrEnum):
    """What the computer noticed; a person decides what it means."""

    UNCHANGED = "unchanged"
    AGE_OUTSIDE = "age_outside"
    IIN_DIFFERS = "iin_differs"
    SAME_PERSON = "same_person"
    NAME_IN_PROJECT = "name_in_project"
    PHONE_IN_PROJECT = "phone_in_project"
    ADDRESS_IN_PROJECT = "address_in_project"
    FORBIDDEN_ITEM = "forbidden_item"
    QUOTES_MISSING = "quotes_missing"
    STATUS_UNPROVEN = "status_unproven"
    AMOUNT_DIFFERS = "amount_differs"


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason as the applicant reads it: about one question, or about the whole application."""

    question: str | None
    text: str


def check_reasons(reasons: Iterable[Reason]) -> list[Refusal]:
    """A return and a refusal need at least one reason, each short enough to be read."""
    kept = [one for one in reasons if one.text.strip()]
    found = [] if kept else [Refusal(CheckRefusal.REASON_MISSING, field="reasons")]
    return found + [
        Refusal(CheckRefusal.REASON_TOO_LONG, {"limit": REASON_LENGTH}, field="reasons")
        for one in kept
        if len(one.text) > REASON_LENGTH
    ]


def term_of_return(working_days_end_at: datetime, *, closes_at: datetime | None, freezes_at: datetime | None) -> datetime:
    """The working days of the rules, never less than those who were not returned have, and not beyond the freeze."""
    ends_at = max(working_days_end_at, closes_at or working_days_end_at)
    return min(ends_at, freezes_at or ends_at)


def check_return(
    reasons: Iterable[Reason],
    due_at: datetime | None,
    *,
    closes_at: datetime | None,
    freezes_at: datetime | None,
    at: datetime,
) -> list[Refusal]:
    """A return also needs a term to come: not before applications close, and by the freeze (the jury reads what is final)."""
    if freezes_at is not None and at >= freezes_at:
        return [Refusal(CheckRefusal.FROZEN, {"instant": freezes_at})]
    found = check_reasons(reasons)
    if freezes_at is not None and due_at is not None and due_at > freezes_at:
        found.append(Refusal(CheckRefusal.DUE_AFTER_FREEZE, {"instant": freezes_at}, field="due_at"))
    if due_at is None or due_at <= at:
        found.append(Refusal(CheckRefusal.DUE_IN_THE_PAST, field="due_at"))
    elif closes_at is not None and due_at < closes_at:
        found.append(Refusal(CheckRefusal.DUE_BEFORE_CLOSING, {"instant": closes_at}, field="due_at"))
    return found


def check_refusal(
    reasons: Iterable[Reason], *, state: ApplicationState, due_at: datetime | None, at: datetime
) -> list[Refusal]:
    """Who was given a term for corrections is not refused before it ends."""
    found = check_reasons(reasons)
    if state is ApplicationState.RETURNED and due_at is not None and at < due_at:
        found.append(Refusal(CheckRefusal.TERM_RUNNING, {"instant": due_at}))
    return found


def tells_at(decided_at: datetime) -> datetime:
    """When the applicant learns of a decision, by letter and on her pages alike; until then it can be taken back."""
    return decided_at + UNDO_FOR


def known_state(state: ApplicationState, decided_at: datetime | None, *, at: datetime) -> ApplicationState:
    """The state as its applicant knows it: a decision that can still be taken back has not come to her."""
    is_untold = state in DECISIONS and decided_at is not None and at < tells_at(decided_at)
    return ApplicationState.SUBMITTED if is_untold else state


def check_undo(outcome: CheckOutcome, decided_at: datetime, *, state: ApplicationState, at: datetime) -> list[Refusal]:
    """A decision is taken back only while its letter has not gone and the application stands where the decision put it."""
    if state.value != outcome.value:
        return [Refusal(CheckRefusal.NOTHING_TO_UNDO)]
    if at >= tells_at(decided_at):
        return [Refusal(CheckRefusal.LETTER_SENT, {"instant": tells_at(decided_at)})]
    return []


def check_admission(twin: str | None, *, is_consent_withdrawn: bool) -> list[Refusal]:
    """One person takes part once, and only while she lets her data be used."""
    found = [Refusal(CheckRefusal.CONSENT_WITHDRAWN)] if is_consent_withdrawn else []
    return [*found, Refusal(CheckRefusal.SAME_PERSON_ADMITTED, {"code": twin})] if twin is not None else found


def why_left(
    act: BulkAct, state: ApplicationState, *, is_twin: bool, is_fresh: bool, is_consent_withdrawn: bool
) -> CheckRefusal | None:
    """Why an act on many leaves this one alone: who applied twice is decided one by one, by a person."""
    if act is BulkAct.UNDO:
        return None if is_fresh else CheckRefusal.NOTHING_TO_UNDO
    if state is not ApplicationState.SUBMITTED:
        return CheckRefusal.NOT_WAITING
    if act is not BulkAct.ADMIT:
        return None
    if is_consent_withdrawn:
        return CheckRefusal.CONSENT_WITHDRAWN
    return CheckRefusal.ONE_OF_TWO if is_twin else None


@dataclass(frozen=True, slots=True)
class HintFacts:
    """What hints are computed from; `project_text` is all that the jury would read."""

    is_unchanged: bool
    born_on: date | None
    iin: str | None
    family_name: str
    phone: str | None
    project_text: str
    forbidden_items: tuple[tuple[int, str], ...]
    other_codes: tuple[str, ...]
    quote_count: int
    dearest: int
    quote_from: int
    has_status_proof: bool
    amount: int | None
    granted: int | None
    limits: EligibilityLimits


def addresses_in(text: str) -> list[str]:
    """E-mail addresses and @names by which a stranger finds the author; each once, in the order of the text."""
    return list(dict.fromkeys(found.group() for found in ADDRESS.finditer(text)))


def names_phone(text: str, phone: str | None) -> bool:
    """Whether the author's phone stands in the text, however it is written."""
    return bool(phone) and (phone or "")[-7:] in "".join(one for one in text if one.isdigit())


def hints(facts: HintFacts) -> list[tuple[Hint, dict[str, object]]]:
    """What a checker should look at, with the values of each sentence."""
    found: list[tuple[Hint, dict[str, object]]] = [(Hint.UNCHANGED, {})] if facts.is_unchanged else []
    if facts.born_on is not None and (outside := check_born_on(facts.born_on, facts.limits)):
        found.append((Hint.AGE_OUTSIDE, {"sentence": outside[0]}))
    if facts.iin and facts.born_on and facts.iin[:6] != facts.born_on.strftime("%y%m%d"):
        found.append((Hint.IIN_DIFFERS, {}))
    found += [(Hint.SAME_PERSON, {"code": code}) for code in facts.other_codes]
    if facts.family_name and facts.family_name.casefold() in facts.project_text.casefold():
        found.append((Hint.NAME_IN_PROJECT, {}))
    if names_phone(facts.project_text, facts.phone):
        found.append((Hint.PHONE_IN_PROJECT, {}))
    found += [(Hint.ADDRESS_IN_PROJECT, {"address": one}) for one in addresses_in(facts.project_text)]
    found += [(Hint.FORBIDDEN_ITEM, {"row": row, "word": word}) for row, word in facts.forbidden_items]
    if facts.dearest >= facts.quote_from and facts.quote_count == 0:
        found.append((Hint.QUOTES_MISSING, {}))
    if not facts.has_status_proof:
        found.append((Hint.STATUS_UNPROVEN, {}))
    if facts.amount is not None and facts.granted is not None and facts.amount != facts.granted:
        found.append((Hint.AMOUNT_DIFFERS, {}))
    return found
