"""The calibrated ranking against lme4's published fit, against dense matrices, and its own laws."""

from fractions import Fraction
from itertools import product
from math import isclose, log, pi

import numpy as np
import pytest

from scoring.allocation import Line, Rule, funded
from scoring.ranking.calibrated import Fit, Penalty, Refusal, Variances, calibrate
from scoring.ranking.panel import Panel
from scoring.ranking.posterior import Zone, zone
from tests.scoring.samples import rows

# lmer(diameter ~ 1 + (1 | plate) + (1 | sample), Penicillin), as R prints it with options(digits = 15)
PENICILLIN_THETA = (1.53967555430648, 3.51251885988167)
PENICILLIN_MEAN = 22.9722222222219
PENICILLIN_REML = 330.860588999604


def penicillin() -> Panel:
    return Panel.of({(row["application"], row["juror"]): float(row["score"]) for row in rows("penicillin.csv")})


def simulated(applications: int = 30, jurors: int = 6, reviews: int = 3, seed: int = 1) -> Panel:
    generator = np.random.default_rng(seed)
    quality, severity = generator.normal(60, 8, applications), generator.normal(0, 5, jurors)
    return Panel.of(
        {
            (f"A{i:03}", f"J{j}"): float(quality[i] + severity[j] + generator.normal(0, 6))
            for i in range(applications)
            for j in generator.choice(jurors, reviews, replace=False)
        }
    )


def fitted(panel: Panel, penalty: Penalty = Penalty.BOUNDARY) -> Fit:
    fit = calibrate(panel, penalty)
    assert isinstance(fit, Fit)
    return fit


def dense_deviance(panel: Panel, variances: Variances) -> float:
    """Return -2 log REML by the N x N matrix of the textbook."""
    covariance = dense_covariance(panel, variances)
    inverse = np.linalg.inv(covariance)
    information = inverse.sum()
    residuals = panel.scores - inverse.sum(axis=0) @ panel.scores / information
    logs = np.linalg.slogdet(covariance)[1] + log(information) + (len(panel.scores) - 1) * log(2 * pi)
    return float(logs + residuals @ inverse @ residuals)


def dense_covariance(panel: Panel, variances: Variances) -> np.ndarray:
    same_application = panel.rows[:, None] == panel.rows[None, :]
    same_juror = panel.columns[:, None] == panel.columns[None, :]
    noise = np.eye(len(panel.scores))
    return variances.application * same_application + variances.juror * same_juror + variances.residual * noise


def test_penicillin_is_fitted_as_lme4_does():
    fit = fitted(penicillin(), Penalty.NONE)

    ratios = (
        (fit.variances.application / fit.variances.residual) ** 0.5,
        (fit.variances.juror / fit.variances.residual) ** 0.5,
    )
    assert ratios == pytest.approx(PENICILLIN_THETA, rel=1e-3)
    assert fit.mean == pytest.approx(PENICILLIN_MEAN, rel=1e-9)
    assert -2 * fit.loglik_reml == pytest.approx(PENICILLIN_REML, abs=1e-6)
    assert -2 * fit.loglik_reml <= PENICILLIN_REML


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_fit_equals_the_dense_formulas(seed: int):
    panel = simulated(applications=20, reviews=3 + seed % 2, seed=seed)
    fit = fitted(panel, Penalty.NONE)
    inverse = np.linalg.inv(dense_covariance(panel, fit.variances))
    mean = inverse.sum(axis=0) @ panel.scores / inverse.sum()
    membership = np.eye(len(panel.applications))[panel.rows]
    projection = inverse - np.outer(inverse.sum(axis=1), inverse.sum(axis=0)) / inverse.sum()
    tau = fit.variances.application

    assert fit.mean == pytest.approx(mean, rel=1e-9)
    assert fit.effects == pytest.approx(tau * membership.T @ inverse @ (panel.scores - mean), abs=1e-8)
    assert fit.solution.covariance() == pytest.approx(
        tau * np.eye(20) - tau**2 * membership.T @ projection @ membership, abs=1e-8
    )
    assert -2 * fit.loglik_reml == pytest.approx(dense_deviance(panel, fit.variances), abs=1e-8)


def test_no_neighbouring_variances_are_more_likely():
    panel = simulated(applications=20)
    best = fitted(panel, Penalty.NONE)

    reached = dense_deviance(panel, best.variances)
    for factors in product((0.98, 1.0, 1.02), repeat=3):
        found = best.variances
        moved = Variances(found.application * factors[0], found.juror * factors[1], found.residual * factors[2])
        assert dense_deviance(panel, moved) >= reached - 1e-9


def test_the_penalty_adds_the_logs_of_both_standard_deviations():
    panel = simulated(applications=20)
    best = fitted(panel)

    def penalised(variances: Variances) -> float:
        return dense_deviance(panel, variances) - log(variances.application) - log(variances.juror)

    for factors in product((0.98, 1.0, 1.02), repeat=3):
        found = best.variances
        moved = Variances(found.application * factors[0], found.juror * factors[1], found.residual * factors[2])
        assert penalised(moved) >= penalised(found) - 1e-9


def test_severities_and_their_errors_equal_the_dense_formulas():
    panel = simulated(applications=20)
    fit = fitted(panel)
    design = np.column_stack([np.ones(len(panel.scores)), np.eye(20)[panel.rows], np.eye(6)[panel.columns]])
    prior = np.diag([0.0, *[1 / fit.variances.application] * 20, *[1 / fit.variances.juror] * 6])
    covariance = np.linalg.inv(design.T @ design / fit.variances.residual + prior)
    estimates = covariance @ design.T @ panel.scores / fit.variances.residual

    assert fit.severities == pytest.approx(estimates[21:], abs=1e-8)
    assert fit.severity_errors() == pytest.approx(np.sqrt(covariance.diagonal()[21:]), abs=1e-8)
    leverage = (design @ covariance @ design.T).diagonal() / fit.variances.residual
    assert fit.solution.fitted_variance(panel, 1) / fit.variances.residual == pytest.approx(leverage, abs=1e-8)


def test_expected_ranks_add_up_and_equal_the_mean_rank_of_draws():
    fit = fitted(simulated(applications=300, jurors=12))
    advice = fit.advice()
    generator = np.random.Generator(np.random.PCG64(7))
    draws = np.concatenate(list(fit.solution.draws(generator, 4000)))
    mean_ranks = 1 + (-draws).argsort(axis=1).argsort(axis=1).mean(axis=0)

    assert isclose(sum(one.expected_rank for one in advice), 300 * 301 / 2, abs_tol=1e-6)
    assert [one.expected_rank for one in advice] == pytest.approx(mean_ranks, abs=5)
    assert draws.mean(axis=0) == pytest.approx(fit.effects, abs=0.35)
    assert np.cov(draws.T)[:5, :5] == pytest.approx(fit.solution.covariance()[:5, :5], abs=1.5)
    assert all(one.interval_90[0] <= one.interval_50[0] <= one.expected_rank for one in advice)
    assert all(one.expected_rank <= one.interval_50[1] + 1 <= one.interval_90[1] + 1 for one in advice)


def test_chances_add_up_to_the_number_of_winners_and_repeat_with_their_seed():
    fit = fitted(simulated())

    advice = fit.advice(Line(winners=7), seed=3)

    assert sum(one.winner or 0 for one in advice) == pytest.approx(7)
    assert advice == fit.advice(Line(winners=7), seed=3)
    assert advice != fit.advice(Line(winners=7), seed=4)
    assert all(one.winner is None and one.zone is None for one in fit.advice())


@pytest.mark.parametrize("rule", Rule)
@pytest.mark.parametrize("scale", [1, Fraction(1, 3), 10**20])
def test_chances_under_a_budget_are_the_shares_of_the_rule_itself(rule: Rule, scale: Fraction | int):
    fit = fitted(simulated())
    names = fit.panel.applications
    line = Line(budget=20 * scale, amounts={name: (1 + place % 5) * scale for place, name in enumerate(names)}, rule=rule)

    advice = fit.advice(line, seed=2)

    wins = dict.fromkeys(names, 0)
    for draws in fit.solution.draws(np.random.Generator(np.random.PCG64(2)), 4000):
        for draw in draws:
            for name in funded([(names[place],) for place in np.argsort(-draw)], line).funded:
                wins[name] += 1
    assert {one.application: one.winner for one in advice} == {name: count / 4000 for name, count in wins.items()}


@pytest.mark.parametrize(
    ("chance", "expected"),
    [(1.0, Zone.SAFE_IN), (0.9, Zone.SAFE_IN), (0.8999, Zone.CONTESTED), (0.1001, Zone.CONTESTED), (0.1, Zone.SAFE_OUT)],
)
def test_zones_begin_at_nine_tenths_and_one_tenth(chance: float, expected: Zone):
    assert zone(chance) is expected


def test_equal_applications_get_equal_expected_ranks():
    scores = {(f"A{i}", f"J{j}"): float((i // 2) * 7 % 5 + j + (i // 2 + j) % 3) for i in range(12) for j in range(4)}
    ranks = [one.expected_rank for one in fitted(Panel.of(scores)).advice()]
    names = fitted(Panel.of(scores)).panel.applications
    of = dict(zip(names, ranks, strict=True))

    assert all(of[f"A{2 * k}"] == pytest.approx(of[f"A{2 * k + 1}"], abs=1e-9) for k in range(6))


def test_an_outlying_score_is_found():
    panel = simulated(applications=40, jurors=8, reviews=4)
    scores = {
        (panel.applications[i], panel.jurors[j]): float(y)
        for i, j, y in zip(panel.rows, panel.columns, panel.scores, strict=True)
    }
    scores["A005", next(j for a, j in scores if a == "A005")] -= 60

    worst = fitted(Panel.of(scores)).outliers()[0]

    assert worst.application == "A005"
    assert worst.residual < -2.5


def test_reliability_grows_with_the_jury():
    variances = Variances(application=4, juror=2, residual=2)

    assert [variances.reliability(jurors) for jurors in (1, 4)] == [0.5, 0.8]


def scores_of(applications: int, jurors: int, *, spread: float = 1.0) -> dict[tuple[str, str], float]:
    return {
        (f"A{i}", f"J{j}"): spread * float((i * 7 + j * 3 + i * j * j) % 11) for i in range(applications) for j in range(jurors)
    }


def split() -> dict[tuple[str, str], float]:
    return {(a, j): y for (a, j), y in scores_of(10, 6).items() if (int(a[1:]) < 5) == (int(j[1:]) < 3)}


@pytest.mark.parametrize(
    ("scores", "refusal"),
    [
        (scores_of(7, 5), Refusal.FEW_APPLICATIONS),
        (scores_of(8, 2), Refusal.FEW_JURORS),
        (split(), Refusal.DISCONNECTED),
        ({(f"A{i}", f"J{j}"): float(i * j) for i in range(9) for j in range(3) if j == 0 or i == 0}, Refusal.FEW_SCORES),
        (scores_of(9, 4, spread=0.0), Refusal.NO_NOISE),
        ({(f"A{i}", f"J{j}"): float(i + 2 * j) for i in range(9) for j in range(4)}, Refusal.NO_NOISE),
    ],
)
def test_what_cannot_carry_a_model_is_refused(scores: dict[tuple[str, str], float], refusal: Refusal):
    assert calibrate(Panel.of(scores)) is refusal


def test_no_difference_between_applications_is_refused_without_the_penalty_only():
    # Each application gets every value of a Latin square once: all means are equal.
    square = Panel.of({(f"A{i}", f"J{j}"): float((i + j) % 8 * (1 + (i + j) % 3)) for i in range(8) for j in range(8)})

    assert calibrate(square, Penalty.NONE) is Refusal.AT_BOUND
    assert fitted(square).variances.application > 0
