"""The database refuses by itself: each CHECK and each guard is broken here once, on rows made of as little as they need.

The rows stand alone, nobody asks to whom they belong; a sound row is stored before the broken one is tried.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import partial
from itertools import count
from typing import Any

import pytest
from sqlalchemy import JSON, CheckConstraint, Enum, String, Table, insert, text
from sqlalchemy.exc import DBAPIError

from app.certificates.invariants import INVARIANTS as CERTIFICATES
from app.core.columns import Encrypted, Translated, UTCDateTime
from app.core.db import GUARDS, db, writing
from app.messages.invariants import INVARIANTS as LETTERS

DAY = datetime(2026, 9, 1, 12, tzinfo=UTC)
BEFORE, AFTER = datetime(2026, 8, 1, tzinfo=UTC), datetime(2026, 10, 1, tzinfo=UTC)
UNHEARD_OF = "unheard-of"
LANGUAGE = 2
numbers = count(1)

# What a row needs besides what its columns demand, so that it is sound.
SOUND: dict[str, dict[str, Any]] = {
    "people_users": {"state": "active", "verified_at": DAY},
    "competitions_competitions": {"state": "draft", "fund": 4_000_000, "award_cap": 1_000_000},
    "competitions_rules": {"state": "draft"},
    "competitions_applications": {"state": "draft", "code": None},
    "competitions_checks": {"outcome": "admitted", "due_at": None},
    "certificates_certificates": {"state": "valid", "ended_at": None},
    "messages_messages": {"state": "queued", "sent_at": None},
    "scoring_stages": {"opens_at": DAY, "closes_at": AFTER},
    "scoring_criteria": {"low": 1, "high": 10, "step": 1},
    "scoring_reviews": {"state": "draft", "reopen_reason": ""},
    "scoring_scores": {"points": None},
    "seminars_sessions": {"starts_at": DAY, "ends_at": AFTER},
    "awards_awards": {"kind": "winner", "amount": 1, "state": "proposed"},
    "people_consents": {"given_at": DAY},
    "people_user_sessions": {"created_at": DAY},
    "programmes_memberships": {"started_at": DAY},
}
# What breaks each CHECK that is written by hand; those of closed sets are broken by a word that is in none.
BREAKS: dict[str, dict[str, Any]] = {
    "messages_messages_sent_is_dated": {"state": "sent"},
    "people_persons_not_merged_into_itself": {"id": 7, "merged_into_id": 7},
    "people_consents_withdrawn_after_given": {"withdrawn_at": BEFORE},
    "people_users_active_only_when_verified": {"verified_at": None},
    "certificates_certificates_ended_is_dated": {"ended_at": DAY},
    "competitions_competitions_award_cap_within_fund": {"award_cap": 4_000_001},
    "competitions_competitions_announced_has_instant": {"state": "announced", "announced_at": None},
    "competitions_competitions_fund_is_not_negative": {"fund": -1, "award_cap": -1},
    "people_user_sessions_ends_after_it_began": {"ended_at": BEFORE},
    "programmes_memberships_ends_after_it_began": {"ended_at": BEFORE},
    "competitions_rules_approved_has_act": {"state": "approved", "approved_at": DAY, "act_number": "", "act_on": DAY.date()},
    "seminars_events_capacity_is_positive": {"capacity": 0},
    "seminars_events_hours_are_positive": {"academic_hours": 0},
    "competitions_applications_submitted_has_instant": {"state": "submitted", "code": "A-1", "submitted_at": None},
    "competitions_applications_submitted_has_code": {"code": "A-1"},
    "competitions_questions_max_length_is_positive": {"max_length": 0},
    "scoring_stages_closes_after_it_opens": {"closes_at": DAY},
    "seminars_sessions_ends_after_it_starts": {"ends_at": DAY},
    "awards_awards_place_is_positive": {"place": 0},
    "awards_awards_winner_has_sum": {"amount": 0},
    "competitions_answers_version_is_positive": {"version": 0},
    "competitions_application_versions_number_is_positive": {"number": 0},
    "competitions_checks_reasons_where_due": {"outcome": "not_admitted", "reasons": "[]"},
    "competitions_appeals_answered_in_full": {"is_upheld": True, "answer": None},
    "competitions_checks_term_where_returned": {"due_at": DAY},
    "competitions_documents_size_is_positive": {"size": 0},
    "competitions_uploads_size_is_positive": {"size": 0},
    "competitions_upload_pieces_size_is_positive": {"size": 0},
    "scoring_criteria_weight_is_positive": {"weight": 0},
    "scoring_criteria_step_is_positive": {"step": 0},
    "scoring_criteria_scale_has_width": {"high": 1},
    "scoring_reviews_signed_has_hash": {"state": "signed", "sha256": None, "signed_at": DAY},
}
# What else a word that is in no closed set needs, so that nothing but the set is broken.
BESIDES: dict[str, dict[str, Any]] = {
    "certificates_certificates": {"ended_at": DAY},
    "competitions_applications": {"code": "A-1", "submitted_at": DAY},
    "competitions_competitions": {"announced_at": DAY},
    "competitions_rules": {"approved_at": DAY, "act_number": "1", "act_on": DAY.date()},
}
# No row breaks these alone: another CHECK holds them too, and may speak first.
HELD_TWICE = {
    "ck_competitions_competitions_fund_is_not_negative": "ck_competitions_competitions_award_cap_within_fund",
    "ck_awards_awards_award_kind": "ck_awards_awards_winner_has_sum",
}


def row(name: str, **values: Any) -> dict[str, Any]:
    """The values of a row that is sound, with some of them told."""
    table = db.metadata.tables[name]
    needed = {one.name: plain(one) for one in table.columns if not one.nullable}
    return needed | SOUND.get(name, {}) | values


def plain(column: Any) -> Any:
    """A value of the column's kind that no other row has."""
    number = next(numbers)
    if isinstance(column.type, Enum) and column.type.enum_class:
        return next(iter(column.type.enum_class))
    told = {UTCDateTime: DAY, Encrypted: "v", Translated: {"kk": "v"}, JSON: {"v": 1}}
    if type(column.type) in told:
        return told[type(column.type)]
    if isinstance(column.type, String) and column.type.length == LANGUAGE:
        return "kk"
    values = {str: str(number % 10_000), int: number, bool: False, date: DAY.date(), bytes: b"v"}
    return values[column.type.python_type]


def put(name: str, **values: Any) -> int:
    """Store a row that is sound; its key."""
    stored = row(name, **values)
    db.session.execute(insert(db.metadata.tables[name]), [stored])
    return int(stored["id"])


class Undone(Exception):  # noqa: N818 - nothing went wrong
    """All that was tried is taken back."""


@contextmanager
def alone(database: str) -> Iterator[None]:
    """Rows need nobody they belong to; nothing stays."""
    with pytest.raises(Undone), writing():  # noqa: PT012 - what is tried stands in the middle
        ask_nobody(database, is_guarded=False)
        yield
        raise Undone


def ask_nobody(database: str, *, is_guarded: bool) -> None:
    """Let keys to others lead nowhere; on PostgreSQL that stills the guards too."""
    if database == "sqlite":
        db.session.execute(text("PRAGMA defer_foreign_keys = ON"))
    else:
        db.session.execute(text(f"SET LOCAL session_replication_role = {'origin' if is_guarded else 'replica'}"))


def refusal(act: Callable[[], Any]) -> str:
    """What the database says to it; nothing if it lets it pass."""
    try:
        with db.session.begin_nested():
            act()
    except DBAPIError as refused:
        return str(refused.orig)
    return ""


def checks() -> Iterator[tuple[Table, str]]:
    """Every CHECK of the models."""
    for table in db.metadata.sorted_tables:
        yield from ((table, str(one.name)) for one in table.constraints if isinstance(one, CheckConstraint))


def closed_sets(table: Table) -> dict[str, dict[str, Any]]:
    """By the name of the CHECK of each closed set: a word that is not in it."""
    named = {one.name: one.type.name for one in table.columns if isinstance(one.type, Enum)}
    return {f"ck_{table.name}_{name}": BESIDES.get(table.name, {}) | {column: UNHEARD_OF} for column, name in named.items()}


def test_every_check_is_broken_here(app):
    by_hand = {name.removeprefix("ck_") for table, name in checks() if name not in closed_sets(table)}

    assert by_hand == set(BREAKS)


def test_every_check_refuses_what_it_names_and_nothing_sound(database):
    wrong = {}
    with alone(database):
        for table, name in checks():
            broken = closed_sets(table).get(name) or BREAKS[name.removeprefix("ck_")]
            if sound := refusal(partial(put, table.name)):
                wrong[f"{name}, sound"] = sound
            said = refusal(partial(insert_as_text, table, broken))
            if name not in said and HELD_TWICE.get(name, name) not in said:
                wrong[name] = said

    assert wrong == {}


def insert_as_text(table: Table, broken: dict[str, Any]) -> None:
    """Store a row behind the back of the column's own type, which would refuse an unheard-of word itself."""
    given = row(table.name, **{name: value for name, value in broken.items() if value != UNHEARD_OF})
    statement = insert(table).values(given)
    for name, value in broken.items():
        statement = statement.values({name: text(f"'{value}'")}) if value == UNHEARD_OF else statement
    db.session.execute(statement)


# --- The guards ---------------------------------------------------------------------------------------------------------


def signed() -> tuple[int, int, int]:
    """A signed sheet with one score, and the criterion of another."""
    review = put("scoring_reviews", state="draft")
    criterion, other = put("scoring_criteria"), put("scoring_criteria")
    score = put("scoring_scores", review_id=review, criterion_id=criterion, points=5)
    run(f"UPDATE scoring_reviews SET state = 'signed', sha256 = 's', signed_at = '2026-09-01 12:00:00' WHERE id = {review}")
    return review, score, other


def run(statement: str) -> None:
    db.session.execute(text(statement))


def audit_is_append_only() -> Callable[[], Any]:
    entry = put("core_audit_entries")
    return lambda: run(f"UPDATE core_audit_entries SET verb = 'other' WHERE id = {entry}")


def approved_rules_are_locked() -> Callable[[], Any]:
    rules = put("competitions_rules", state="approved", approved_at=DAY, act_number="1", act_on=DAY.date())
    return lambda: run(f"UPDATE competitions_rules SET settings = '{{\"x\": 1}}' WHERE id = {rules}")


def asked_in_use() -> int:
    """A question of a form that was put in use after it."""
    form = put("competitions_forms", locked_at=None)
    question = put("competitions_questions", form_id=form)
    run(f"UPDATE competitions_forms SET locked_at = created_at WHERE id = {form}")
    return question


def form_in_use_is_locked() -> Callable[[], Any]:
    question = asked_in_use()
    return lambda: run(f"UPDATE competitions_questions SET key = 'x' WHERE id = {question}")


def form_in_use_asks_no_more() -> Callable[[], Any]:
    form = put("competitions_forms", locked_at=DAY)
    return lambda: put("competitions_questions", form_id=form)


def form_in_use_asks_no_less() -> Callable[[], Any]:
    question = asked_in_use()
    return lambda: run(f"DELETE FROM competitions_questions WHERE id = {question}")


def form_in_use_stays_in_use() -> Callable[[], Any]:
    form = put("competitions_forms", locked_at=DAY)
    return lambda: run(f"UPDATE competitions_forms SET locked_at = NULL WHERE id = {form}")


def one_person_is_admitted_once() -> Callable[[], Any]:
    admitted = {"competition_id": 1, "state": "admitted", "submitted_at": DAY}
    one, same = put("people_persons", iin_index="i"), put("people_persons", iin_index="i")
    put("competitions_applications", applicant_id=one, code="A-1", **admitted)
    return lambda: put("competitions_applications", applicant_id=same, code="A-2", **admitted)


def note_keeps_its_words() -> Callable[[], Any]:
    note = put("competitions_notes")
    return lambda: run(f"UPDATE competitions_notes SET text = 'x' WHERE id = {note}")


def appeal_keeps_its_words() -> Callable[[], Any]:
    appeal = put("competitions_appeals", is_upheld=None, answer=None, answered_at=None, answered_by_id=None)
    return lambda: run(f"UPDATE competitions_appeals SET text = 'x' WHERE id = {appeal}")


def appeal_is_never_removed() -> Callable[[], Any]:
    appeal = put("competitions_appeals", is_upheld=None, answer=None, answered_at=None, answered_by_id=None)
    return lambda: run(f"DELETE FROM competitions_appeals WHERE id = {appeal}")


def note_is_never_removed() -> Callable[[], Any]:
    note = put("competitions_notes")
    return lambda: run(f"DELETE FROM competitions_notes WHERE id = {note}")


def application_version_is_immutable() -> Callable[[], Any]:
    version = put("competitions_application_versions")
    return lambda: run(f"UPDATE competitions_application_versions SET sha256 = 'x' WHERE id = {version}")


def nothing_is_corrected_after_the_freeze() -> Callable[[], Any]:
    application = put("competitions_applications", competition_id=1)
    put("competitions_calendar_dates", competition_id=1, milestone="freezes", at=DAY)
    return lambda: put("competitions_application_versions", application_id=application, number=2, submitted_at=DAY)


def ranking_snapshot_is_immutable() -> Callable[[], Any]:
    snapshot = put("scoring_ranking_snapshots")
    return lambda: run(f"DELETE FROM scoring_ranking_snapshots WHERE id = {snapshot}")


def signed_scores_are_frozen() -> Callable[[], Any]:
    _review, score, _other = signed()
    return lambda: run(f"UPDATE scoring_scores SET comment = 'x' WHERE id = {score}")


def signed_sheet_is_frozen() -> Callable[[], Any]:
    review, _score, _other = signed()
    return lambda: run(f"UPDATE scoring_reviews SET feedback = 'x' WHERE id = {review}")


def signed_sheet_is_reopened_with_a_reason() -> Callable[[], Any]:
    review, _score, _other = signed()
    return lambda: run(f"UPDATE scoring_reviews SET state = 'draft', sha256 = NULL, signed_at = NULL WHERE id = {review}")


def signed_sheets_get_no_scores() -> Callable[[], Any]:
    review, _score, other = signed()
    return lambda: put("scoring_scores", review_id=review, criterion_id=other)


def score_is_on_the_scale() -> Callable[[], Any]:
    review, criterion = put("scoring_reviews"), put("scoring_criteria")
    return lambda: put("scoring_scores", review_id=review, criterion_id=criterion, points=11)


def nobody_reviews_in_conflict() -> Callable[[], Any]:
    put("scoring_conflicts", juror_id=1, application_id=2)
    return lambda: put("scoring_assignments", juror_id=1, application_id=2)


def result_version_is_immutable() -> Callable[[], Any]:
    version = put("awards_result_versions")
    return lambda: run(f"DELETE FROM awards_result_versions WHERE id = {version}")


def awards_fit_the_fund() -> Callable[[], Any]:
    competition = put("competitions_competitions", fund=1_500_000, award_cap=1_000_000)
    put("awards_awards", competition_id=competition, amount=1_000_000)
    return lambda: put("awards_awards", competition_id=competition, amount=500_001)


MADE_TO_BREAK = {
    one.__name__: one
    for one in (
        audit_is_append_only, approved_rules_are_locked, one_person_is_admitted_once, application_version_is_immutable,
        note_keeps_its_words, note_is_never_removed, appeal_keeps_its_words, appeal_is_never_removed,
        form_in_use_is_locked, form_in_use_asks_no_more, form_in_use_asks_no_less, form_in_use_stays_in_use,
        nothing_is_corrected_after_the_freeze, ranking_snapshot_is_immutable, signed_scores_are_frozen, signed_sheet_is_frozen,
        signed_sheet_is_reopened_with_a_reason, signed_sheets_get_no_scores, score_is_on_the_scale, nobody_reviews_in_conflict,
        result_version_is_immutable, awards_fit_the_fund,
    )
}  # fmt: skip


def test_every_guard_is_broken_here(app):
    assert {one.name for one in GUARDS.values()} == set(MADE_TO_BREAK)


def test_application_version_stays_with_its_application(database):
    with alone(database):
        version = put("competitions_application_versions")
        ask_nobody(database, is_guarded=True)
        said = refusal(lambda: run(f"DELETE FROM competitions_application_versions WHERE id = {version}"))

    assert said.splitlines()[0] == "application_version_is_immutable"


@pytest.mark.parametrize("name", MADE_TO_BREAK)
def test_guard_refuses_what_it_names(database, name):
    with alone(database):
        breaks = MADE_TO_BREAK[name]()
        ask_nobody(database, is_guarded=True)
        said = refusal(breaks)

    assert said.splitlines()[0] == name


# --- Invariants of letters and certificates; those of other packages are broken beside their services ------------------------


def delivered_without_note() -> None:
    put("messages_messages", public_id="letter")
    put("core_jobs", kind="messages.deliver", unique_key="letter", state="done")


def letter_of_another() -> None:
    put("messages_recipients", message_id=put("messages_messages", address="a@b.kz"), address="c@d.kz")


def replaced_by_nobody() -> None:
    put("certificates_certificates", state="replaced", ended_at=DAY, letter="Д", series="S", count=1)


def replaced_by_anothers() -> None:
    heir = put("certificates_certificates", letter="Д", series="S", count=1, subject="b", programme_id=1)
    ended = {"state": "replaced", "ended_at": DAY, "replaced_by_id": heir}
    put("certificates_certificates", letter="Д", series="S", count=2, subject="a", programme_id=1, **ended)


def gap_in_a_series() -> None:
    put("certificates_certificates", letter="Д", series="S", count=2)


def empty_document() -> None:
    put("certificates_files", size=0)


BROKEN = {
    "a delivered letter is marked as sent": delivered_without_note,
    "a mailing's letter goes to its recipient": letter_of_another,
    "certificates: a replaced one names its heir": replaced_by_nobody,
    "certificates: one is replaced by one for the same subject": replaced_by_anothers,
    "certificates: a series has no gaps": gap_in_a_series,
    "certificates: a document is not empty": empty_document,
}


def test_every_invariant_of_letters_and_certificates_is_broken_here():
    assert set(BROKEN) == {one.name for one in (*LETTERS, *CERTIFICATES)}


@pytest.mark.parametrize("invariant", [*LETTERS, *CERTIFICATES], ids=lambda one: one.name)
def test_invariant_finds_what_it_names(database, invariant):
    with alone(database):
        assert db.session.execute(invariant.violations()).all() == []
        BROKEN[invariant.name]()
        found = db.session.execute(invariant.violations()).all()

    assert len(found) == 1
