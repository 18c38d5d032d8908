"""Each invariant finds what SQL broke behind the code's back."""

from contextlib import suppress

import pytest
from sqlalchemy import text

from app.core.db import db, drop_guards, writing
from app.programmes.models import Programme
from scoring.invariants import INVARIANTS, SEALS
from scoring.models import Review
from scoring.queries import jury, result
from scoring.queries.sheet import sheet_of
from scoring.rules import canonical, digest
from scoring.services import assigning, results, rounds
from scoring.states import ConflictKind
from tests import factories
from tests.scoring.scenario import SCORED_AT, make_jury

SIGNED = "(SELECT min(id) FROM scoring_reviews WHERE state = 'signed')"
ROUND = "(SELECT min(id) FROM scoring_rounds)"
CONFLICT = (
    "INSERT INTO scoring_conflicts (public_id, programme_id, juror_id, application_id, kind, note, declared_at)"
    " SELECT 'x', programme_id, juror_id, application_id, 'other', '', assigned_at FROM scoring_assignments"
    " WHERE id = (SELECT min(id) FROM scoring_assignments)"
)
PUBLISHED = "UPDATE competitions_competitions SET published_at = created_at"
# Of a ranking without inputs and outcome: who knows how hashes are made changes them too.
EMPTY = digest(canonical({"inputs": {}, "outcome": {}}))
BREAKS = {
    "a signed sheet has all its points and comments": (
        f"UPDATE scoring_scores SET points = NULL WHERE id = (SELECT min(id) FROM scoring_scores WHERE review_id = {SIGNED})",
        f"DELETE FROM scoring_scores WHERE id = (SELECT min(id) FROM scoring_scores WHERE review_id = {SIGNED})",
        f"UPDATE scoring_scores SET points = 9 WHERE id = (SELECT min(id) FROM scoring_scores WHERE review_id = {SIGNED})",
    ),
    "no sheet counts while its juror is in conflict": (CONFLICT,),
    "nobody reviews her own application": (
        (
            "UPDATE competitions_applications SET applicant_id = (SELECT min(person_id) FROM scoring_jurors)"
            " WHERE id = (SELECT min(id) FROM competitions_applications)"
        ),
    ),
    "a juror reviews applications of her own competition": (
        (
            "UPDATE scoring_assignments SET application_id = (SELECT max(id) FROM competitions_applications)"
            " WHERE id = (SELECT min(id) FROM scoring_assignments)"
        ),
    ),
    "a sheet is of a stage of its juror's round": (
        (
            "UPDATE scoring_reviews SET stage_id = (SELECT max(id) FROM scoring_stages)"
            " WHERE id = (SELECT min(id) FROM scoring_reviews)"
        ),
    ),
    "a score is of a criterion of its sheet's stage": (
        (
            "UPDATE scoring_scores SET criterion_id = (SELECT max(id) FROM scoring_criteria)"
            " WHERE id = (SELECT min(id) FROM scoring_scores)"
        ),
    ),
    "nobody scores before accepting and declaring conflicts": (
        "UPDATE scoring_jurors SET conflicts_declared_at = NULL",
        "UPDATE scoring_jurors SET state = 'invited'",
    ),
    "a round is of its competition's programme": (
        "UPDATE scoring_rounds SET programme_id = (SELECT max(id) FROM programmes_programmes)",
    ),
}


def resealed() -> None:
    """Points and their hash, by somebody who knows how hashes are made."""
    first = f"SELECT min(id) FROM scoring_scores WHERE review_id = {SIGNED}"
    unguarded(f"UPDATE scoring_scores SET points = 6 WHERE id = ({first})")
    db.session.expire_all()
    review = db.session.get_one(Review, db.session.scalar(text(f"SELECT {SIGNED}")))
    forged = digest(sheet_of(review).content())
    db.session.execute(text(f"UPDATE scoring_reviews SET sha256 = '{forged}' WHERE id = {review.id}"))


CHANGES = {
    "signed sheets": (
        f"UPDATE scoring_reviews SET feedback = 'x' WHERE id = {SIGNED}",
        f"UPDATE scoring_scores SET points = 6 WHERE id = (SELECT min(id) FROM scoring_scores WHERE review_id = {SIGNED})",
        f"UPDATE scoring_reviews SET sha256 = '{'0' * 64}' WHERE id = {SIGNED}",
        resealed,
    ),
    "frozen rankings": (
        "UPDATE scoring_ranking_snapshots SET inputs = '{}'",
        "UPDATE scoring_ranking_snapshots SET outcome = '{}'",
        f"UPDATE scoring_ranking_snapshots SET inputs = '{{}}', outcome = '{{}}', sha256 = '{EMPTY}'",
        f"UPDATE scoring_ranking_snapshots SET inputs = '{{}}', outcome = '{{}}', sha256 = '{EMPTY}', public_id = 'another'",
        "UPDATE scoring_ranking_snapshots SET number = 2",
    ),
    "criteria and weights": (
        "UPDATE scoring_criteria SET weight = weight + 5 WHERE id = (SELECT min(id) FROM scoring_criteria)",
        "UPDATE scoring_criteria SET comment_at_most = NULL WHERE id = (SELECT min(id) FROM scoring_criteria)",
        "UPDATE scoring_stages SET pass_mark = 1 WHERE id = (SELECT min(id) FROM scoring_stages)",
        f"UPDATE scoring_rounds SET ties = '[]' WHERE id = {ROUND}",
        f"UPDATE scoring_rounds SET pass_total = NULL WHERE id = {ROUND}",
    ),
    "conflicts of interest": (
        "UPDATE scoring_conflicts SET lifted_at = declared_at WHERE lifted_at IS NULL",
        "UPDATE scoring_conflicts SET lifted_at = NULL WHERE lifted_at IS NOT NULL",
        "DELETE FROM scoring_conflicts WHERE lifted_at IS NULL",
        (
            "UPDATE scoring_conflicts SET application_id = (SELECT max(id) FROM competitions_applications)"
            " WHERE lifted_at IS NULL"
        ),
        CONFLICT,
    ),
}


@pytest.fixture
def world(database, app, at, kept):
    at(SCORED_AT)
    return kept(app, frozen_ranking)


def frozen_ranking():
    with writing():
        made = make_jury(jurors=2, applications=2)
        made.sign_all()
        rounds.open_next_stage(made.round, by=made.manager(), at=SCORED_AT)
        made.sign_all(1)
        results.freeze_ranking(made.round, reason="", by=made.manager(), at=SCORED_AT)
        for number in (8, 9):
            assigning.pin_conflict(
                made.jurors[0], application_id=factories.application(made.competition, number).id, kind=ConflictKind.OTHER,
                note="", by=made.manager(), at=SCORED_AT,
            )  # fmt: skip
        assigning.lift_conflict(jury.conflicts_of(made.round)[0][0], by=made.manager(), at=SCORED_AT)
        other = factories.called()
        factories.application(other, 1)
    return made


def found() -> set[str]:
    return {one.name for one in INVARIANTS if db.session.execute(one.violations()).all()}


def unguarded(*statements: str) -> None:
    """Run what the database's own guards would refuse: each test leaves its database broken, and mends it after."""
    drop_guards(db.session.connection())
    for statement in statements:
        db.session.execute(text(statement))


def test_every_invariant_of_scoring_is_broken_here():
    assert set(BREAKS) == {one.name for one in INVARIANTS}


def test_a_sound_jury_breaks_no_invariant(world):
    assert found() == set()
    assert db.session.scalar(db.select(db.func.count(Programme.id))) == 2


@pytest.mark.parametrize(("name", "statement"), [(name, one) for name, many in BREAKS.items() for one in many])
def test_an_invariant_finds_what_was_broken(world, name, statement):
    with pytest.raises(UndoneError), writing():
        break_and_look(name, statement)


class UndoneError(Exception):
    """Takes the damage back."""


def break_and_look(name, statement):
    unguarded(statement)
    db.session.expire_all()
    assert name in found()
    raise UndoneError


def test_every_seal_of_scoring_is_broken_here():
    assert set(CHANGES) == {one.name for one in SEALS}


def test_a_sound_jury_fits_its_seals(world):
    assert [list(one.broken()) for one in SEALS] == [[], [], [], []]


@pytest.mark.parametrize(("name", "statement"), [(name, one) for name, many in CHANGES.items() for one in many])
def test_a_seal_names_what_was_changed(world, name, statement):
    named: list[str] = []
    with suppress(UndoneError), writing():
        statement() if callable(statement) else unguarded(statement)
        db.session.expire_all()
        named += next(one for one in SEALS if one.name == name).broken()
        raise UndoneError

    assert len(named) == 1
    assert name == "conflicts of interest" or named[0].startswith((world.ids["code0"], world.competition.slug))


def test_a_conflict_known_to_sql_only_takes_the_jurors_sheets_and_words_out(world):
    counted = []

    def note():
        db.session.expire_all()
        words = [one for _stage, many in result.feedback_for(world.applications[0]) for one in many]
        counted.append((len(result.counted_sheets(world.round)), words))

    def look():
        unguarded(f"UPDATE scoring_reviews SET feedback = 'x' WHERE id = {SIGNED}", PUBLISHED)
        note()
        db.session.execute(text(CONFLICT))
        note()
        raise UndoneError

    with pytest.raises(UndoneError), writing():
        look()

    assert counted == [(8, ["x"]), (6, [])]
