"""Assignments against every possible one, against another formulation of the programme, and what they must never do."""

import re
from collections import Counter
from dataclasses import replace
from itertools import combinations, product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.assignment import Application, Floor, Instance, Juror, Outcome, assign
from scoring.assignment.model import Model
from scoring.connectivity import connectivity
from tests.scoring.samples import SEARCH, Spread

Pairs = tuple[tuple[str, str], ...]


def is_allowed(instance: Instance, juror: Juror, application: Application) -> bool:
    reads = juror.languages is None or application.language is None or application.language in juror.languages
    return reads and (juror.id, application.id) not in instance.conflicts


def everything_possible(instance: Instance) -> list[Pairs]:
    """List every assignment that keeps the rules: for instances of a few applications only."""
    choices = [
        [
            [(juror.id, application.id) for juror in group]
            for group in combinations(instance.jurors, instance.reviews_per_application)
            if all(is_allowed(instance, juror, application) for juror in group)
        ]
        for application in instance.applications
    ]
    found = (tuple(pair for group in chosen for pair in group) for chosen in product(*choices))
    return [pairs for pairs in found if keeps_loads(instance, pairs) and instance.fixed <= set(pairs)]


def keeps_loads(instance: Instance, pairs: Pairs) -> bool:
    loads = Counter(juror for juror, _ in pairs)
    return all(
        juror.min <= loads[juror.id] <= (len(instance.applications) if juror.max is None else juror.max)
        for juror in instance.jurors
    )


def total(instance: Instance, pairs: Pairs) -> float:
    return sum(instance.affinity.get(pair, 0.0) for pair in pairs)


def worst(instance: Instance, pairs: Pairs) -> float:
    return min(
        sum(instance.affinity.get(pair, 0.0) for pair in pairs if pair[1] == application.id)
        for application in instance.applications
    )


def check(solve: Any, instance: Instance) -> Outcome:
    """Hold an outcome against all possible assignments."""
    outcome: Outcome = solve(instance)
    possible = everything_possible(instance)
    if isinstance(instance.floor, float):
        possible = [pairs for pairs in possible if worst(instance, pairs) >= instance.floor - 1e-9]
    if not possible:
        assert not outcome.is_optimal
        assert outcome.reason
        return outcome
    assert outcome.is_optimal, outcome.reason
    if instance.floor is Floor.MAX:
        highest = max(worst(instance, pairs) for pairs in possible)
        possible = [pairs for pairs in possible if worst(instance, pairs) >= highest - 1e-9]
    assert sorted(outcome.assignments) == list(outcome.assignments)
    assert set(outcome.assignments) in [set(pairs) for pairs in possible]
    assert outcome.total_affinity == pytest.approx(max(total(instance, pairs) for pairs in possible), abs=1e-9)
    assert outcome.worst_application == pytest.approx(worst(instance, outcome.assignments), abs=1e-9)
    return outcome


LANGUAGES = st.sampled_from([None, frozenset({"kk"}), frozenset({"ru"}), frozenset({"kk", "ru"})])


@st.composite
def instances(draw: st.DrawFn, floors: st.SearchStrategy[Any]) -> Instance:
    jurors = tuple(
        Juror(f"J{place}", draw(LANGUAGES), *draw(st.sampled_from([(0, None), (0, 2), (1, 3), (2, 2)])))
        for place in range(draw(st.integers(2, 4)))
    )
    applications = tuple(
        Application(f"A{place}", draw(st.sampled_from([None, "kk", "ru"]))) for place in range(draw(st.integers(1, 4)))
    )
    pairs = [(juror.id, application.id) for juror in jurors for application in applications]
    some = st.frozensets(st.sampled_from(pairs), max_size=2)
    conflicts = draw(some)
    return Instance(
        jurors=jurors,
        applications=applications,
        reviews_per_application=draw(st.integers(1, 2)),
        affinity={pair: draw(st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.9, 1.0, -0.3, 1 / 3])) for pair in pairs},
        conflicts=conflicts,
        fixed=draw(some) - conflicts if draw(st.booleans()) else frozenset(),
        floor=draw(floors),
        seed=draw(st.integers(0, 3)),
    )


@pytest.mark.parametrize(
    ("name", "floors"), [("free", st.none()), ("numeric", st.sampled_from([0.1, 0.5, 0.9])), ("max", st.just(Floor.MAX))]
)
def test_an_assignment_is_the_best_of_all_possible_ones(name: str, floors: st.SearchStrategy[Any]):
    spread = Spread(f"assignment, floor {name}")

    @given(instances(floors))
    @settings(max_examples=60, deadline=None)
    def holds(instance: Instance) -> None:
        outcome = check(assign, instance)
        spread.saw(
            optimal=outcome.is_optimal,
            jurors=len(instance.jurors),
            applications=len(instance.applications),
            fixed=bool(instance.fixed),
            conflicts=bool(instance.conflicts),
        )

    holds()
    spread.show("optimal=True", "optimal=False", "fixed=True", "conflicts=True")


@pytest.mark.parametrize("lost", ["conflicts", "languages", "loads", "affinity"])
def test_the_property_finds_a_rule_that_is_forgotten(lost: str):
    def planted(instance: Instance) -> Outcome:
        jurors = instance.jurors
        if lost == "languages":
            jurors = tuple(replace(juror, languages=None) for juror in jurors)
        if lost == "loads":
            jurors = tuple(replace(juror, min=0, max=None) for juror in jurors)
        changed: dict[str, Any] = {"conflicts": frozenset()} if lost == "conflicts" else {}
        if lost == "affinity":
            changed = {"affinity": {pair: -value for pair, value in instance.affinity.items()}}
        return assign(replace(instance, jurors=jurors, **changed))

    @given(instances(st.none()))
    @settings(SEARCH)
    def holds(instance: Instance) -> None:
        check(planted, instance)

    with pytest.raises(AssertionError):
        holds()


def large(jurors: int, applications: int, reviews: int, seed: int, decimals: int = 16) -> Instance:
    generator = np.random.default_rng(seed)
    affinity = generator.random((jurors, applications)).round(decimals)
    clash = generator.random((jurors, applications)) < 0.05
    mean = reviews * applications / jurors
    names = [(f"J{j}", f"A{a}") for j in range(jurors) for a in range(applications)]
    return Instance(
        jurors=tuple(Juror(f"J{j}", None, int(0.85 * mean), int(np.ceil(1.15 * mean))) for j in range(jurors)),
        applications=tuple(Application(f"A{a}") for a in range(applications)),
        reviews_per_application=reviews,
        affinity=dict(zip(names, affinity.ravel().tolist(), strict=True)),
        conflicts=frozenset(name for name, is_clash in zip(names, clash.ravel(), strict=True) if is_clash),
    )


@pytest.mark.parametrize("decimals", [1, 2, 16])
def test_the_optimum_of_a_large_instance_is_that_of_the_dense_programme(decimals: int):
    from scipy.optimize import linprog  # heavy

    instance = large(12, 80, 3, seed=decimals, decimals=decimals)
    model = Model.of(instance)
    of_applications = np.tile(np.eye(80), 12)
    of_jurors = np.repeat(np.eye(12), 80, axis=1)
    relaxed = linprog(
        -model.affinity.ravel(),
        A_ub=np.vstack([of_jurors, -of_jurors]),
        b_ub=np.concatenate([model.high, -model.low]),
        A_eq=of_applications,
        b_eq=np.full(80, 3.0),
        bounds=[(0.0, float(is_allowed)) for is_allowed in model.allowed.ravel()],
        method="highs-ipm",
    )

    outcome = assign(instance)

    assert relaxed.fun is not None
    assert outcome.total_affinity == pytest.approx(-relaxed.fun, abs=1e-6)
    assert not set(outcome.assignments) & instance.conflicts
    assert keeps_loads(instance, outcome.assignments)
    assert set(Counter(application for _, application in outcome.assignments).values()) == {3}


def test_equal_input_gives_the_equal_assignment_and_seeds_choose_among_equals():
    plain = replace(large(6, 30, 3, seed=1), affinity={})

    assert assign(plain) == assign(plain)
    assert assign(plain).assignments != assign(replace(plain, seed=2)).assignments


def test_no_place_in_a_list_is_favoured_among_equals():
    jurors = tuple(Juror(f"J{place}") for place in range(4))
    plain = Instance(jurors, (Application("A"),), 1)

    chosen = Counter(assign(replace(plain, seed=seed)).assignments[0][0] for seed in range(200))

    assert set(chosen) == {juror.id for juror in jurors}
    assert max(chosen.values()) < 2 * min(chosen.values())


def test_no_applications_need_nobody():
    outcome = assign(Instance((Juror("J"),), (), 2))

    assert (outcome.is_optimal, outcome.assignments, outcome.total_affinity) == (True, (), 0.0)


def test_bridges_are_the_jurors_who_read_every_language_that_is_needed():
    kazakh, russian = frozenset({"kk"}), frozenset({"kk", "ru"})
    jurors = (Juror("J1", kazakh), Juror("J2", russian), Juror("J3"))

    assert Instance(jurors, (Application("A", "kk"), Application("B", "ru")), 1).bridges() == ("J2", "J3")


JURORS = (Juror("J1", frozenset({"kk"}), 0, 2), Juror("J2", frozenset({"ru"}), 0, 2), Juror("J3", None, 0, 2))
FILES = (Application("A1", "kk"), Application("A2", "ru"))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"fixed": frozenset({("J1", "A2")})}, "J1 is fixed to A2"),
        ({"reviews_per_application": 3}, "Fewer than 3 jurors may read A1, A2."),
        ({"jurors": tuple(replace(juror, max=1) for juror in JURORS)}, "4 reviews are needed, but .* maxima add to 3."),
        ({"jurors": (*JURORS, Juror("J4", None, 1), Juror("J5", None, 2), Juror("J6", None, 2))}, "minima add to 5."),
        ({"jurors": (*JURORS, Juror("J4", frozenset({"en"}), 1))}, "minimum may be read by J4."),
        ({"jurors": (*JURORS[:2], Juror("J3", None, 0, 1)), "fixed": frozenset({("J3", "A1"), ("J3", "A2")})}, "maximum of J3"),
        ({"reviews_per_application": 1, "fixed": frozenset({("J1", "A1"), ("J3", "A1")})}, "jurors are fixed to A1."),
        ({"floor": 0.5}, "affinity of 0.5 or more"),
        (
            {"floor": Floor.MAX, "jurors": (Juror("J1", None, 0, 1), JURORS[1], Juror("J3", None, 0, 1))},
            "1 of 4 reviews cannot be placed",
        ),
    ],
)
def test_an_impossible_assignment_says_why(changes: dict[str, Any], reason: str):
    outcome = assign(replace(Instance(JURORS, FILES, 2), **changes))

    assert (outcome.is_optimal, outcome.assignments, outcome.connectivity) == (False, (), None)
    assert outcome.reason is not None
    assert re.search(reason, outcome.reason), outcome.reason


def test_a_shortage_is_counted():
    # Both files can only be read by J1 and J2, who take one each.
    jurors = (Juror("J1", None, 0, 1), Juror("J2", None, 0, 1), Juror("J3", frozenset({"en"})))
    outcome = assign(Instance(jurors, FILES, 2))

    assert outcome.reason is not None
    assert outcome.reason.startswith("2 of 4 reviews cannot be placed, for example those missing for A")


def clusters() -> Instance:
    """Return three groups of four jurors and twenty applications that all prefer their own group."""
    generator = np.random.default_rng(4)
    affinity = {
        (f"J{j}", f"A{a}"): float((0.6 if j // 4 == a // 20 else 0.4) + 0.1 * generator.random())
        for j in range(12)
        for a in range(60)
    }
    jurors = tuple(Juror(f"J{j}", None, 15, 15) for j in range(12))
    return Instance(jurors, tuple(Application(f"A{a}") for a in range(60)), 3, affinity)


def graph_of(outcome: Outcome) -> Any:
    return connectivity((application, juror) for juror, application in outcome.assignments)


def test_closed_groups_are_joined_until_jurors_can_be_compared():
    apart = assign(clusters())
    joined = assign(replace(clusters(), connect=True))

    assert apart.connectivity is not None
    assert joined.connectivity is not None
    assert (apart.connectivity.components, apart.connectivity.contrast_variance) == (3, None)
    assert joined.connectivity == graph_of(joined)
    assert joined.connectivity.components == 1
    assert (joined.connectivity.contrast_variance or 1) <= 0.25
    assert joined.total_before_repair == pytest.approx(apart.total_affinity)
    assert (joined.total_affinity or 0) > 0.95 * (joined.total_before_repair or 0)


def exchanges(instance: Instance, pairs: set[tuple[str, str]]) -> Any:
    """Yield what every exchange that keeps the rules would make of an assignment."""
    readers = {juror.id: juror for juror in instance.jurors}
    files = {application.id: application for application in instance.applications}
    for (one, a), (other, b) in combinations(sorted(pairs - instance.fixed), 2):
        new = {(other, a), (one, b)}
        if new & pairs or not all(is_allowed(instance, readers[juror], files[name]) for juror, name in new):
            continue
        changed = tuple((pairs - {(one, a), (other, b)}) | new)
        if not isinstance(instance.floor, float) or worst(instance, changed) >= instance.floor - 1e-9:
            yield changed


@st.composite
def connected(draw: st.DrawFn) -> Instance:
    """Jurors and files in two camps that prefer their own, or read nothing else."""
    jurors = [f"J{place}" for place in range(draw(st.sampled_from([4, 6])))]
    files = [f"A{place}" for place in range(draw(st.integers(4, 8)))]
    divide = draw(st.sampled_from(["taste", "taste", "language"]))
    camp = {name: "kk" if int(name[1:]) % 2 else "ru" for name in (*jurors, *files)}
    pairs = [(juror, name) for juror in jurors for name in files]
    own = {pair: 0.5 * (camp[pair[0]] == camp[pair[1]]) for pair in pairs}
    conflicts = draw(st.frozensets(st.sampled_from(pairs), max_size=3))
    return Instance(
        jurors=tuple(Juror(name, frozenset({camp[name]}) if divide == "language" else None) for name in jurors),
        applications=tuple(Application(name, camp[name]) for name in files),
        reviews_per_application=2,
        affinity={pair: own[pair] + draw(st.sampled_from([0.0, 0.1, 0.2])) for pair in pairs},
        conflicts=conflicts,
        fixed=draw(st.frozensets(st.sampled_from(pairs), max_size=1)) - conflicts,
        floor=draw(st.sampled_from([None, None, 0.6])),
        connect=True,
    )


def check_repair(solve: Any, instance: Instance) -> Outcome | None:
    """Hold a repaired assignment to the rules and to the promise that no exchange is left that would help."""
    outcome: Outcome = solve(instance)
    if not outcome.is_optimal:
        return None
    plain = assign(replace(instance, connect=False))
    loads, before = (Counter(juror for juror, _ in found.assignments) for found in (outcome, plain))
    assert loads == before
    assert set(outcome.assignments) >= instance.fixed
    assert not set(outcome.assignments) & instance.conflicts
    readers = {juror.id: juror for juror in instance.jurors}
    files = {application.id: application for application in instance.applications}
    assert all(is_allowed(instance, readers[juror], files[name]) for juror, name in outcome.assignments)
    assert set(Counter(name for _, name in outcome.assignments).values()) == {2}
    assert not isinstance(instance.floor, float) or worst(instance, outcome.assignments) >= instance.floor - 1e-9
    now = outcome.connectivity
    assert now is not None
    for changed in exchanges(instance, set(outcome.assignments)):
        after = connectivity((application, juror) for juror, application in changed)
        assert after.components >= now.components
        if now.contrast_variance is not None and now.contrast_variance > 0.25 and after.contrast_variance is not None:
            assert after.contrast_variance >= now.contrast_variance - 1e-6
    return outcome


def test_a_repair_keeps_every_rule_and_leaves_no_exchange_that_would_help():
    spread = Spread("repair")

    @given(connected())
    @settings(max_examples=60, deadline=None)
    def holds(instance: Instance) -> None:
        outcome = check_repair(assign, instance)
        pieces = None if outcome is None or outcome.connectivity is None else outcome.connectivity.components
        changed = outcome is not None and outcome.total_affinity != outcome.total_before_repair
        spread.saw(pieces=pieces, changed=changed)

    holds()
    spread.show("pieces=1", "pieces=2", "changed=True", "changed=False")


def test_the_property_finds_a_repair_that_is_not_done():
    def planted(instance: Instance) -> Outcome:
        return assign(replace(instance, connect=False))

    @given(connected())
    @settings(SEARCH)
    def holds(instance: Instance) -> None:
        check_repair(planted, instance)

    with pytest.raises(AssertionError):
        holds()
