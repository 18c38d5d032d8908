"""The verbs of scoring, on both databases."""

import json
from datetime import timedelta
from fractions import Fraction

import pytest
from click.testing import CliRunner
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from app.access.actor import COMMAND
from app.core import audit
from app.core.db import db, writing
from app.core.refusals import CoreRefusal, RefusedError
from app.core.sheets import csv_lines
from app.messages.models import Message
from app.programmes.queries import actor_of
from competitions.events import CalendarMoved
from competitions.models import CalendarDate
from competitions.states import ApplicationState
from scoring.cli import scoring as scoring_command
from scoring.models import Assignment, ConflictOfInterest, RankingSnapshot, Review, Round, ScoreChange
from scoring.queries import jury, result, sheet
from scoring.ranking.official import printed
from scoring.reactions import on_calendar_moved
from scoring.rules import ScoringRefusal, canonical, digest
from scoring.services import assigning, results, rounds, seats, sheets
from scoring.services.sheets import Outcome, Stroke
from scoring.states import ConflictKind, JurorState, ReviewState
from tests import factories
from tests.scoring.scenario import INVITED_AT, SCORED_AT, jury_at_work, make_jury

LATER = SCORED_AT + timedelta(hours=1)
AFTER_BLIND = SCORED_AT.replace(month=10, day=12)
PITCHED_AT = SCORED_AT.replace(month=10, day=20, hour=15)


@pytest.fixture
def world(database, app, at, kept):
    at(SCORED_AT)
    return kept(app, jury_at_work)


@pytest.fixture
def signed(database, app, at, kept):
    """Every sheet of the blind stage is signed: 60, 52.5 and 45 points."""
    at(SCORED_AT)
    return kept(app, signed_by_all)


def signed_by_all():
    with writing():
        world = make_jury()
        world.sign_all()
    return world


@pytest.fixture
def finished(database, app, at, kept):
    """Both stages are signed."""
    at(SCORED_AT)
    return kept(app, scored_to_the_end)


def scored_to_the_end():
    world = signed_by_all()
    with writing():
        rounds.open_next_stage(world.round, by=COMMAND, at=LATER)
        world.sign_all(1, at=PITCHED_AT)
    return world


def codes(refused):
    return [one.code for one in refused.value.refusals]


def stroke(name, value, base=0, change="c1"):
    return Stroke(name, value, base, change)


# --- Rounds and seats ---------------------------------------------------------------------------------------------------


def test_an_announced_competition_has_a_round_by_its_rules(world):
    blind, pitch = world.round.stages

    assert [(c.key, c.weight) for c in blind.criteria] == [("C1", 15), ("C2", 20), ("C3", 15), ("C4", 15), ("C5", 10)]
    assert [(c.key, c.weight) for c in pitch.criteria] == [("C6", 15), ("C7", 10)]
    assert (blind.is_blind, blind.pass_mark, pitch.is_blind, world.round.pass_total) == (True, 45, False, 60)
    assert world.round.ties[:2] == ["C2", "C4"]
    anchors = [(one["from"], one["to"]) for one in blind.criteria[0].anchors]
    assert anchors == [(0, 0), (1, 3), (4, 6), (7, 8), (9, 10)]
    assert set(blind.criteria[0].anchors[0]["text"]) == {"kk", "ru", "en"}


def test_a_round_is_made_once(world):
    with writing():
        again = rounds.make_round(world.competition, by=COMMAND, at=LATER)

    assert again is not None
    assert db.session.scalars(select(Round)).all() == [again]


def test_a_competition_without_a_blind_stage_has_one_of_its_own(database, at):
    at(SCORED_AT)
    with writing():
        made = make_jury(key="jas_qadam", jurors=1, applications=1)

    assert [stage.is_blind for stage in made.round.stages] == [False]


def test_stages_follow_the_calendar(world):
    with writing():
        for one in db.session.scalars(select(CalendarDate).where(CalendarDate.competition_id == world.competition.id)):
            one.at += timedelta(weeks=1)
        db.session.flush()
        db.session.refresh(world.competition)
        before = world.round.stages[0].opens_at
        on_calendar_moved(CalendarMoved(world.competition.id))

    assert world.round.stages[0].opens_at == before + timedelta(weeks=1)


def test_a_person_is_invited_once(world):
    with pytest.raises(RefusedError) as refused, writing():
        seats.offer_seat(
            world.round, world.users[1].person, email="x@example.com", languages=[], is_chair=False, by=COMMAND, at=LATER
        )

    assert codes(refused) == [ScoringRefusal.JUROR_INVITED_ALREADY]


def test_a_jury_has_one_chair(world):
    with pytest.raises(RefusedError) as refused, writing():
        seats.offer_seat(
            world.round, factories.person(), email="x@example.com", languages=[], is_chair=True, by=COMMAND, at=LATER
        )

    assert codes(refused) == [ScoringRefusal.CHAIR_TAKEN]


def offer(world, person, *, email="x@example.com", is_chair=False):
    return seats.offer_seat(world.round, person, email=email, languages=["kk"], is_chair=is_chair, by=COMMAND, at=LATER)


def test_an_invitation_makes_the_account_it_proves(world):
    with writing():
        secret = offer(world, factories.person(email="x@example.com"))
        juror, user = seats.accept_seat_with_new_account(secret, password_hash="h", language="ru", by=COMMAND, at=LATER)

    assert (juror.state, user.email, juror.person_id) == (JurorState.ACCEPTED, "x@example.com", user.person_id)


def test_an_invitation_for_somebodys_account_is_not_for_another(world):
    with writing():
        secret = offer(world, factories.user("x@example.com").person)
    with pytest.raises(RefusedError) as refused, writing():
        seats.accept_seat(secret, by=world.by(0), at=LATER)

    assert codes(refused) == [ScoringRefusal.OTHER_ACCOUNT]


def test_a_seat_goes_to_the_account_that_holds_the_link_where_the_address_has_none(world):
    with writing():
        secret = offer(world, factories.person(email="x@example.com"))
        holder = factories.user()
        juror = seats.accept_seat(secret, by=actor_of(holder), at=LATER)

    assert (juror.person_id, juror.email) == (holder.person_id, "x@example.com")


def test_an_invitation_is_answered_once(world):
    with writing():
        secret = offer(world, factories.person(email="x@example.com"))
        seats.decline_seat(secret, by=COMMAND, at=LATER)
    with pytest.raises(RefusedError) as refused, writing():
        seats.decline_seat(secret, by=COMMAND, at=LATER)

    assert codes(refused) == [CoreRefusal.LINK_USED]


def test_a_declined_seat_is_offered_anew_and_taken_back(world):
    with writing():
        juror = seats.decline_seat(offer(world, factories.person(email="x@example.com")), by=COMMAND, at=LATER)
        seats.invite_again(juror, network="", by=COMMAND, at=LATER)
        assert (juror.state, juror.answered_at) == (JurorState.INVITED, None)
        seats.remove_juror(juror, by=COMMAND, at=LATER)

    assert juror.state is JurorState.REMOVED


def test_a_seat_that_was_ended_by_mistake_is_offered_again(world):
    juror = world.jurors[1]
    with writing():
        world.sign(1, 0, points=8)
        seats.remove_juror(juror, by=world.manager(), at=LATER)
        seats.invite_again(juror, network="", by=world.manager(), at=LATER)
        letters = db.session.scalars(select(Message).where(Message.kind == "scoring.jury_invite").order_by(Message.id)).all()
        link = letters[-1].text.split("/jury/invitations/")[1].split()[0]
        seats.accept_seat(link, by=world.by(1), at=LATER)

    assert juror.state is JurorState.ACCEPTED
    assert world.review(1, 0).state is ReviewState.SIGNED


def test_a_chair_who_declined_makes_way_and_does_not_come_back_beside_the_next(world):
    with writing():
        seats.remove_juror(world.jurors[0], by=COMMAND, at=LATER)
        secret = offer(world, factories.person(email="first@example.com"), email="first@example.com", is_chair=True)
        declined = seats.decline_seat(secret, by=COMMAND, at=LATER)
        seats.remove_juror(declined, by=COMMAND, at=LATER)
        offer(world, factories.person(email="second@example.com"), email="second@example.com", is_chair=True)
    with pytest.raises(RefusedError) as refused, writing():
        seats.invite_again(declined, network="", by=COMMAND, at=LATER)

    assert codes(refused) == [ScoringRefusal.CHAIR_TAKEN]


def test_a_juror_replaced_in_the_middle_leaves_a_trail(world):
    """What is signed stays and counts, the draft stays and does not, the rest is free for another juror."""
    with writing():
        world.sign(1, 0, points=8)
        world.fill(1, 1)
        dropped = seats.remove_juror(world.jurors[1], by=world.manager(), at=LATER)

    assert dropped == 1
    left = {one.state for pair in ((1, 0), (1, 1)) for one in [world.review(*pair)]}
    assert left == {ReviewState.SIGNED, ReviewState.DRAFT}
    assert [(one.application, one.juror_id) for one in result.counted_sheets(world.round)] == [
        (world.applications[0].code, world.jurors[1].id)
    ]
    assert result.unsigned_count(world.round) == 6


# --- Conflicts and assignment -------------------------------------------------------------------------------------------


def test_everybody_times_everything_is_one_difference(database, at):
    at(SCORED_AT)
    with writing():
        made = make_jury(jurors=5, applications=11, is_assigned=False)
        made.conflict(3, 6)
        planned = assigning.planned(made.round, assigning.everybody(made.round))

    assert (len(planned.added), len(planned.removed), len(planned.refused)) == (54, 0, 1)


def test_the_act_does_what_was_shown_or_nothing(world):
    wanted = frozenset({(world.jurors[0].id, world.applications[0].id)})
    shown = assigning.planned(world.round, wanted)
    with writing():
        world.fill(2, 2)  # another sheet has begun since
    with pytest.raises(RefusedError) as refused, writing():
        assigning.assign(world.round, wanted=wanted, signature=shown.signature, by=COMMAND, at=LATER)

    assert codes(refused) == [ScoringRefusal.DIFFERENCE_CHANGED]
    assert len(jury.assigned_pairs(world.round)) == 9


def test_started_sheets_never_move(world):
    with writing():
        world.fill(2, 2)
        shown = assigning.planned(world.round, frozenset())
        made = assigning.assign(world.round, wanted=frozenset(), signature=shown.signature, by=COMMAND, at=LATER)

    assert (len(made.removed), len(made.kept)) == (8, 1)
    assert jury.assigned_pairs(world.round) == {(world.jurors[2].id, world.applications[2].id)}


def test_the_database_refuses_an_assignment_in_conflict(database, at):
    at(SCORED_AT)
    with writing():
        made = make_jury(is_assigned=False)
        made.conflict(1, 1)
    with pytest.raises(DatabaseError, match="nobody_reviews_in_conflict"), writing():
        db.session.add(
            Assignment(
                programme_id=made.programme.id, juror_id=made.jurors[1].id, application_id=made.applications[1].id,
                assigned_at=LATER,
            )
        )  # fmt: skip


def test_strangers_to_the_round_are_left_out_of_an_assignment(world):
    with writing():
        other = make_jury(jurors=1, applications=1, is_assigned=False)
        mixed = frozenset({(other.jurors[0].id, world.applications[0].id), (world.jurors[0].id, other.applications[0].id)})

    assert assigning.planned(world.round, jury.assigned_pairs(world.round) | mixed).is_empty


def test_a_conflict_after_signing_voids_the_sheet(signed):
    with writing():
        before = result.official_ranking(signed.round)
        assigning.recuse(signed.review(1, 0), kind=ConflictKind.FAMILY, note="Туысым.", by=signed.by(1), at=LATER)

    review = signed.review(1, 0)
    after = {one.application: one.reviews["blind"] for one in result.official_ranking(signed.round).standings}
    assert {one.application: one.reviews["blind"] for one in before.standings} == dict.fromkeys(after, 3)
    assert (review.state, review.sha256) == (ReviewState.RECUSED, None)
    assert sorted(after.values()) == [2, 3, 3]
    assert [one.verb for one in audit.history(review)] == ["start", "sign", "recuse"]


def test_a_recusal_needs_a_reason(world):
    with pytest.raises(RefusedError) as refused, writing():
        assigning.recuse(world.review(1, 0), kind=ConflictKind.OTHER, note=" ", by=world.by(1), at=LATER)

    assert codes(refused) == [ScoringRefusal.REASON_MISSING]


def test_a_juror_may_step_back_from_a_sheet_she_has_begun(world):
    with writing():
        review = world.fill(1, 0)
        before = review.state
        assigning.recuse(review, kind=ConflictKind.OTHER, note="Туысым.", by=world.by(1), at=LATER)

    assert (before, review.state) == (ReviewState.DRAFT, ReviewState.RECUSED)


def test_a_recorded_conflict_survives_what_the_juror_declares_later(world):
    with writing():
        assigning.pin_conflict(
            world.jurors[1], application_id=world.applications[1].id, kind=ConflictKind.MENTOR, note="", by=COMMAND, at=LATER
        )
        world.conflict(1, 1, ConflictKind.OTHER)

    kept = db.session.scalars(select(ConflictOfInterest)).one()
    assert kept.kind is ConflictKind.MENTOR


def test_a_recorded_conflict_that_voids_a_signed_sheet_needs_a_reason_and_is_told(signed):
    facts = {"application_id": signed.applications[1].id, "kind": ConflictKind.MENTOR, "by": COMMAND, "at": LATER}
    with pytest.raises(RefusedError) as refused, writing():
        assigning.pin_conflict(signed.jurors[1], note=" ", **facts)
    with writing():
        assigning.pin_conflict(signed.jurors[1], note="Ұстазы екен.", **facts)

    told = db.session.scalars(select(Message).where(Message.kind == "scoring.sheets_voided")).all()
    assert codes(refused) == [ScoringRefusal.VOIDING_NEEDS_REASON]
    assert {one.address: "Ұстазы екен." in one.text for one in told} == {
        signed.jurors[0].email: False,
        signed.jurors[1].email: True,
    }


def test_no_letter_tells_the_chair_of_an_application_closed_to_her(signed):
    with writing():
        signed.conflict(0, 1)
        assigning.pin_conflict(
            signed.jurors[1],
            application_id=signed.applications[1].id,
            kind=ConflictKind.MENTOR,
            note="Ұстаз",
            by=COMMAND,
            at=LATER,
        )

    told = db.session.scalars(select(Message).where(Message.kind == "scoring.sheets_voided")).all()
    assert [one.address for one in told if one.address != signed.jurors[1].email] == []


def test_note_of_a_conflict_names_no_applicant_while_names_are_hidden(world):
    with writing():
        world.applications[1].applicant_id = factories.person(family_name="Сынақбай", given_name="Арлан").id
    facts = {"application_id": world.applications[1].id, "kind": ConflictKind.FAMILY, "by": COMMAND}
    with pytest.raises(RefusedError) as refused, writing():
        assigning.pin_conflict(world.jurors[1], note="арланның жиені", at=LATER, **facts)
    with writing():
        assigning.pin_conflict(world.jurors[1], note="Арланның жиені", at=AFTER_BLIND, **facts)

    assert codes(refused) == [ScoringRefusal.NOTE_NAMES_APPLICANT]


def test_a_lifted_conflict_leaves_the_sheet_recused(world):
    with writing():
        world.conflict(1, 1)
        assigning.lift_conflict(jury.conflicts_of(world.round)[0][0], by=COMMAND, at=LATER)

    assert world.review(1, 1).state is ReviewState.RECUSED
    assert jury.conflict_pairs(world.round) == frozenset()


def test_alike_family_names_are_suggested_to_the_organiser_only_until_recorded(world):
    with writing():
        world.users[1].person.family_name = "Сынақова"
        applicant = factories.person(family_name="Сынақов")
        world.applications[1].applicant_id = applicant.id
        db.session.flush()
        found = [(one.juror.id, one.application.id) for one in jury.suggested_conflicts(world.round)]
        world.conflict(1, 1)

    assert found == [(world.jurors[1].id, world.applications[1].id)]
    assert jury.suggested_conflicts(world.round) == []


# --- Sheets -------------------------------------------------------------------------------------------------------------


def test_the_first_stroke_begins_the_sheet_and_counts_up(world):
    review = world.review(0, 0)
    with writing():
        first = sheets.save_field(review, stroke("C1", "7"), by=world.by(0), at=LATER)
        second = sheets.save_field(review, stroke("C1", "8", base=1, change="c2"), by=world.by(0), at=LATER)

    assert (first.version, second.version, review.state) == (1, 2, ReviewState.DRAFT)
    found = sheet.sheet_of(review)
    assert (found.value("C1"), found.total, found.best) == ("8", Fraction(12), Fraction(75))


def test_a_stroke_that_was_acknowledged_is_not_written_twice(world):
    review = world.review(0, 0)
    with writing():
        sheets.save_field(review, stroke("C1", "7"), by=world.by(0), at=LATER)
        sheets.save_field(review, stroke("C1", "9", base=1, change="c2"), by=world.by(0), at=LATER)
        again = sheets.save_field(review, stroke("C1", "7"), by=world.by(0), at=LATER)

    assert (again.outcome, again.version) == (Outcome.SAVED, 1)
    assert sheet.sheet_of(review).value("C1") == "9"


def test_a_stroke_with_other_words_under_a_used_id_is_one_of_its_own(world):
    review = world.review(0, 0)
    with writing():
        first = sheets.save_field(review, stroke("C1", "7", change="c1"), by=world.by(0), at=LATER)
        other = sheets.save_field(review, stroke("C1", "9", base=first.version, change="c1"), by=world.by(0), at=LATER)
        elsewhere = sheets.save_field(review, stroke("comment-C1", "жақсы", change="c1"), by=world.by(0), at=LATER)
        same = sheets.save_field(review, stroke("C3", "7", change="c1"), by=world.by(0), at=LATER)
        stale = sheets.save_field(review, stroke("C1", "5", base=first.version, change="c1"), by=world.by(0), at=LATER)
        late = sheets.keep_late_field(review, stroke("C2", "4", change="c1"), at=LATER)
    found = sheet.sheet_of(review)
    assert (found.value("C1"), found.value("comment-C1"), found.value("C3")) == ("9", "жақсы", "7")
    assert [one.outcome.value for one in (first, other, elsewhere, same, stale, late)] == ["saved"] * 4 + ["conflict", "late"]
    kept = db.session.scalars(select(ScoreChange).where(ScoreChange.review_id == review.id).order_by(ScoreChange.id))
    assert [one.value for one in kept] == ["7", "9", "жақсы", "7", "5", "4"]


def test_two_windows_lose_nothing(world):
    review = world.review(0, 0)
    with writing():
        sheets.save_field(review, stroke("comment-C1", "бірінші"), by=world.by(0), at=LATER)
        other = sheets.save_field(review, stroke("comment-C1", "екінші", change="c2"), by=world.by(0), at=LATER)
        points = sheets.save_field(review, stroke("C1", "5", change="c3"), by=world.by(0), at=LATER)

    assert (other.outcome, other.version, other.value) == (Outcome.CONFLICT, 1, "бірінші")
    assert points.outcome is Outcome.SAVED  # points and comment have versions of their own
    assert sheet.sheet_of(review).value("comment-C1") == "бірінші"
    kept = db.session.scalars(select(ScoreChange.value).where(ScoreChange.version.is_(None))).all()
    assert kept == ["екінші"]


def test_what_comes_after_the_close_is_kept_and_not_counted(world):
    review = world.review(0, 0)
    with writing():
        late = sheets.keep_late_field(review, stroke("C1", "7"), at=LATER)
        sheets.keep_late_field(review, stroke("C1", "7"), at=LATER)

    assert late.outcome is Outcome.LATE
    assert (sheet.sheet_of(review).value("C1"), dict(sheet.sheet_of(review).late)) == ("", {"C1": "7"})
    assert review.state is ReviewState.ASSIGNED


def test_what_comes_late_and_stands_there_already_is_not_kept_again(world):
    review = world.review(0, 0)
    with writing():
        sheets.save_field(review, stroke("C1", "7"), by=world.by(0), at=LATER)
        late = sheets.keep_late_field(review, stroke("C1", "7", change="c2"), at=LATER)

    assert (late.outcome, late.value) == (Outcome.LATE, "7")
    assert len(db.session.scalars(select(ScoreChange.id)).all()) == 1


def test_a_late_stroke_counts_when_the_term_was_prolonged(world):
    review = world.review(0, 0)
    with writing():
        sheets.keep_late_field(review, stroke("C1", "7"), at=LATER)
        saved = sheets.save_field(review, stroke("C1", "7"), by=world.by(0), at=LATER)

    assert (saved.outcome, sheet.sheet_of(review).value("C1")) == (Outcome.SAVED, "7")


def test_of_late_strokes_only_the_latest_texts_are_kept(world, monkeypatch):
    monkeypatch.setattr(sheets, "LATE_TEXTS_KEPT", 2)
    review = world.review(0, 0)
    with writing():
        for text in ("бір", "екі", "үш"):
            sheets.keep_late_field(review, stroke("note", text, change=text), at=LATER)

    kept = db.session.scalars(select(ScoreChange.value).where(ScoreChange.is_late).order_by(ScoreChange.id)).all()
    assert kept == ["екі", "үш"]


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("C1", "11", ScoringRefusal.OFF_THE_SCALE),
        ("C6", "5", ScoringRefusal.UNKNOWN_FIELD),
        ("comment-C1", "а" * 2001, ScoringRefusal.TEXT_TOO_LONG),
        ("state", "signed", ScoringRefusal.UNKNOWN_FIELD),
    ],
)
def test_a_stroke_that_does_not_fit_is_refused(world, name, value, code):
    with pytest.raises(RefusedError) as refused, writing():
        sheets.save_field(world.review(0, 0), stroke(name, value), by=world.by(0), at=LATER)

    assert codes(refused) == [code]


def test_a_sheet_is_signed_whole(world):
    with writing():
        sheets.save_field(world.review(0, 0), stroke("C1", "9"), by=world.by(0), at=LATER)
    with pytest.raises(RefusedError) as refused, writing():
        sheets.sign(world.review(0, 0), by=world.by(0), at=LATER)

    assert codes(refused) == [ScoringRefusal.COMMENT_MISSING] + [ScoringRefusal.POINTS_MISSING] * 4
    assert world.review(0, 0).state is ReviewState.DRAFT


def test_a_signature_proves_what_was_given(world):
    with writing():
        review = world.sign(0, 0, points=9)
    receipt = sheet.receipt_of(review)

    assert receipt is not None
    assert digest(receipt) == review.sha256
    assert json.loads(receipt)["scores"]["C1"]["points"] == 9


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE scoring_scores SET points = 1",
        "DELETE FROM scoring_scores",
        "UPDATE scoring_reviews SET feedback = 'x' WHERE state = 'signed'",
        "UPDATE scoring_reviews SET sha256 = NULL WHERE state = 'signed'",
    ],
)
def test_the_database_keeps_a_signed_sheet_as_it_is(world, statement):
    with writing():
        world.sign(0, 0)
    with pytest.raises(DatabaseError), writing():
        db.session.execute(text(statement))


def test_the_chair_gives_a_sheet_back_with_a_reason(world):
    with writing():
        review = world.sign(1, 0)
        before = review.sha256
        sheets.reopen(review, reason="C2 мен пікір сәйкес емес.", by=world.by(0), at=LATER)
        world.fill(1, 0, points=5, at=LATER)
        sheets.sign(review, by=world.by(1), at=LATER)

    reopened = audit.history(review)[2]
    assert (reopened.verb, reopened.details["sha256"]) == ("reopen", before)
    assert review.sha256 != before


def test_a_queue_serves_the_least_reviewed_first(database, at):
    at(SCORED_AT)
    with writing():
        made = make_jury(jurors=3, applications=3)
        made.sign(0, 0)
        made.sign(1, 0)
        made.sign(1, 1)
    queue = sheet.queues(made.jurors[2], made.by(2))[0]

    assert [one.card.code for one in queue.items] == [made.applications[place].code for place in (2, 1, 0)]
    assert (queue.signed_count, queue.next) == (0, made.review(2, 2))


# --- The pitch and the ranking ------------------------------------------------------------------------------------------


def test_the_pitch_opens_for_those_who_reached_the_mark(signed):
    with writing():
        signed.conflict(2, 0)
        stage, count = rounds.open_next_stage(signed.round, by=COMMAND, at=LATER)

    assert (stage.key, count) == ("pitch", 3)
    assert len(db.session.scalars(select(Review).where(Review.stage_id == stage.id)).all()) == 8
    with pytest.raises(RefusedError) as refused, writing():
        rounds.open_next_stage(signed.round, by=COMMAND, at=LATER)
    assert codes(refused) == [ScoringRefusal.NO_NEXT_STAGE]


def test_the_pitch_waits_for_open_sheets(world):
    with writing():
        world.sign(0, 0)
    with pytest.raises(RefusedError) as refused, writing():
        rounds.open_next_stage(world.round, by=COMMAND, at=LATER)

    assert [(one.code, one.params) for one in refused.value.refusals] == [(ScoringRefusal.SHEETS_UNSIGNED, {"count": 8})]


def test_an_application_that_left_is_in_no_ranking(signed):
    with writing():
        db.session.execute(
            text("UPDATE competitions_applications SET state = :state WHERE id = :id"),
            {"state": ApplicationState.WITHDRAWN.value, "id": signed.applications[0].id},
        )

    assert [one.application for one in result.official_ranking(signed.round).standings] == [
        one.code for one in signed.applications[1:]
    ]


def test_counted_points_are_the_mean_of_the_rows(finished):
    """The published figure is computed again from the rows by another formula."""
    with writing():
        assigning.recuse(finished.review(1, 0), kind=ConflictKind.FAMILY, note="Туысым.", by=finished.by(1), at=PITCHED_AT)
    wanted = text(
        "SELECT a.code, st.key, s.points, c.weight, rv.id FROM scoring_scores s"
        " JOIN scoring_reviews rv ON rv.id = s.review_id JOIN scoring_criteria c ON c.id = s.criterion_id"
        " JOIN scoring_stages st ON st.id = rv.stage_id JOIN scoring_assignments g ON g.id = rv.assignment_id"
        " JOIN competitions_applications a ON a.id = g.application_id WHERE rv.state = 'signed'"
    )
    sums: dict[tuple[str, str], Fraction] = {}
    counts: dict[tuple[str, str], set[int]] = {}
    for code, stage, points, weight, review in db.session.execute(wanted):
        sums[code, stage] = sums.get((code, stage), Fraction()) + Fraction(points * weight, 10)
        counts.setdefault((code, stage), set()).add(review)
    totals: dict[str, Fraction] = {}
    for (code, stage), value in sums.items():
        totals[code] = totals.get(code, Fraction()) + value / len(counts[code, stage])

    assert {one.application: one.total for one in result.official_ranking(finished.round).standings} == totals


def test_a_frozen_ranking_holds_its_inputs_outcome_and_hash(finished):
    with writing():
        made = results.freeze_ranking(finished.round, reason="", by=finished.manager(), at=PITCHED_AT)

    kept = db.session.scalars(select(RankingSnapshot)).one()
    assert kept.sha256 == digest(canonical({"inputs": kept.inputs, "outcome": kept.outcome}))
    assert (made.number, len(kept.inputs["sheets"])) == (1, 18)
    assert [one["rank"] for one in kept.outcome["standings"]] == [1, 2, 3]
    assert "Сынақов" not in json.dumps(kept.inputs, ensure_ascii=False)
    with pytest.raises(DatabaseError, match="ranking_snapshot_is_immutable"), writing():
        db.session.execute(text("UPDATE scoring_ranking_snapshots SET number = 2"))


def test_a_correction_is_a_new_version_with_a_reason(finished):
    with writing():
        results.freeze_ranking(finished.round, reason="", by=finished.manager(), at=PITCHED_AT)
    with pytest.raises(RefusedError) as unexplained, writing():
        results.freeze_ranking(finished.round, reason="", by=finished.manager(), at=PITCHED_AT)
    with pytest.raises(RefusedError) as unchanged, writing():
        results.freeze_ranking(finished.round, reason="Қайта", by=finished.manager(), at=PITCHED_AT)
    with writing():
        assigning.recuse(finished.review(1, 0), kind=ConflictKind.FAMILY, note="Туысым.", by=finished.by(1), at=PITCHED_AT)
        made = results.freeze_ranking(finished.round, reason="Бас тарту", by=finished.manager(), at=PITCHED_AT)

    assert (codes(unexplained), codes(unchanged)) == ([ScoringRefusal.REASON_MISSING], [ScoringRefusal.RANKING_UNCHANGED])
    assert made.number == 2


def test_nothing_is_frozen_while_sheets_may_still_be_signed(world):
    with writing():
        world.sign(0, 0)
    with pytest.raises(RefusedError) as refused, writing():
        results.freeze_ranking(world.round, reason="", by=world.manager(), at=LATER)

    assert codes(refused) == [ScoringRefusal.SHEETS_UNSIGNED, ScoringRefusal.NOTHING_RANKED]


def test_the_exported_file_holds_the_counted_points_and_no_names(finished):
    heading, rows = result.export_rows(finished.round, finished.manager())
    file = "".join(csv_lines(heading, rows))

    assert heading == ["application", "juror", "C1", "C2", "C3", "C4", "C5", "C6", "C7"]
    assert rows[0] == [finished.applications[0].code, "J1", *["8"] * 7]
    assert len(rows) == 9
    assert not any(user.person.family_name in file for user in finished.users)
    assert result.command_of(finished.round).endswith(
        "--weights C1=15,C2=20,C3=15,C4=15,C5=10,C6=15,C7=10 --scale 0:10 --stages blind=C1+C2+C3+C4+C5,pitch=C6+C7"
        " --pass blind=45,total=60 --ties C2,C4"
    )


def test_the_exported_file_gives_the_same_ranking_by_the_printed_command(finished, tmp_path):
    heading, rows = result.export_rows(finished.round, finished.manager())
    (tmp_path / "scores.csv").write_text("".join(csv_lines(heading, rows)), newline="")
    words = result.command_of(finished.round).replace("scores.csv", str(tmp_path / "scores.csv")).split()[2:]
    answer = CliRunner().invoke(scoring_command, [*words, "--json"])
    again = {one["application"]: (one["rank"], one["score"]) for one in json.loads(answer.stdout)["applications"]}

    standings = result.official_ranking(finished.round).standings
    assert again == {one.application: (one.rank, float(one.total)) for one in standings if one.total is not None}


def test_a_conflict_hides_an_application_and_its_place_from_the_chair(finished):
    with writing():
        finished.conflict(0, 0)
    seen = result.result_for(finished.round, finished.by(0))
    whole = result.result_for(finished.round, finished.manager())

    assert [(one.application, one.rank) for one in seen.ranking.standings] == [
        (finished.applications[1].code, 1),
        (finished.applications[2].code, 2),
    ]
    assert (seen.hidden_count, len(whole.ranking.standings)) == (1, 3)
    assert finished.applications[0].code not in seen.cards
    matrix = result.matrix_for(finished.round, finished.by(0))
    assert all(code != finished.applications[0].code for code, _scores in matrix.rows)
    total = whole.ranking.standings[0].total
    assert total is not None
    assert printed(total) == "80.00"


def test_invitations_are_sent_again_to_those_who_have_not_accepted(world):
    with writing():
        person = factories.person(email="x@example.com")
        first = offer(world, person)
        juror = jury.seat_of_people(world.round, {person.id})
        assert juror
        seats.invite_again(juror, network="", by=COMMAND, at=LATER)
    with pytest.raises(RefusedError), writing():
        seats.decline_seat(first, by=COMMAND, at=LATER)
    with pytest.raises(RefusedError), writing():
        seats.invite_again(world.jurors[0], network="", by=COMMAND, at=INVITED_AT)


def test_a_ranking_waits_for_every_stage_that_is_open(signed):
    """The pitch was opened as soon as the last blind sheet was signed: both windows stand open."""
    with writing():
        signed.round.stages[1].opens_at = SCORED_AT
        rounds.open_next_stage(signed.round, by=COMMAND, at=LATER)

    assert signed.round.stages[0].closes_at > LATER
    with pytest.raises(RefusedError) as refused, writing():
        results.freeze_ranking(signed.round, reason="", by=COMMAND, at=LATER)
    assert ScoringRefusal.SHEETS_UNSIGNED in codes(refused)


def test_a_ranking_is_not_frozen_before_the_pitch_was_opened(signed):
    with pytest.raises(RefusedError) as refused, writing():
        results.freeze_ranking(signed.round, reason="", by=signed.manager(), at=LATER)

    assert codes(refused) == [ScoringRefusal.NOTHING_RANKED]
