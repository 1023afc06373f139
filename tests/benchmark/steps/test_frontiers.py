"""Directional and robust benefit of the doubt: the envelopment programs, closed forms, and SciPy one by one."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from achievement import ACHIEVEMENT
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from ecosystem_iq.benchmark import score
from ecosystem_iq.benchmark.framework import parse_framework
from ecosystem_iq.benchmark.steps import frontiers
from ecosystem_iq.benchmark.steps.envelopment import benefit_of_the_doubt
from ecosystem_iq.benchmark.steps.frontiers import directional_doubt, highest, robust_doubt
from ecosystem_iq.benchmark.steps.weighting import MULTIPLIERS, REGISTRY
from ecosystem_iq.errors import InputError

NAN = np.nan
SQUARE = np.array([[8.0, 2.0], [4.0, 4.0], [2.0, 2.0]])


def uniform(seed: int, *shape: int) -> np.ndarray:
    return np.random.default_rng(seed).uniform(1, 10, shape)


def steps(values: np.ndarray, unit: int, direction: np.ndarray) -> float:
    """Fusco's program as it stands: the most steps at which a mixture of the units still has as much of everything."""
    has = ~np.isnan(values[unit])
    others = np.nan_to_num(values[:, has])
    found = linprog(
        np.append(np.zeros(len(values)), -1.0),
        A_ub=np.column_stack([-others.T, direction[has]]),
        b_ub=-values[unit, has],
        A_eq=np.append(np.ones(len(values)), 0.0)[None],
        b_eq=[1.0],
        bounds=[(0, None)] * len(values) + [(None, None)],
    )
    return -found.fun


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("missing", [0.0, 0.2])
def test_directional_scores_are_those_of_the_primal_program(seed, missing):
    values = uniform(seed, 15, 4)
    rng = np.random.default_rng(seed)
    values[rng.random(values.shape) < missing] = NAN
    direction = rng.uniform(0.5, 20, 4)
    found = directional_doubt(values, direction)
    expected = [1 / (1 + steps(values, unit, direction)) for unit in range(15)]
    np.testing.assert_allclose(found.scores, expected, rtol=1e-8)
    np.testing.assert_allclose(np.nansum(found.weights * values, axis=1), found.scores, rtol=1e-9)
    np.testing.assert_allclose(found.shares.sum(axis=1), 1)
    assert (found.weights[np.isnan(values)] == 0).all()


def test_directional_scores_by_hand():
    # From (2, 2) along (8, 4), the line from (8, 2) to (4, 4), x + 2 y = 12, is met after 3/8 of a step.
    np.testing.assert_allclose(directional_doubt(SQUARE, np.array([8.0, 4.0])).scores, [1, 1, 1 / 1.375])
    # Along the second alone only who has at least as much of the first helps: up to (2, 4), one step of 2.
    np.testing.assert_allclose(directional_doubt(SQUARE, np.array([0.0, 2.0])).scores, [1, 1, 0.5])


def test_along_its_own_values_it_is_the_benefit_of_the_doubt():
    for values in (uniform(1, 20, 3), ACHIEVEMENT / ACHIEVEMENT.max(axis=0), SQUARE):
        found = directional_doubt(values, values)
        np.testing.assert_allclose(found.scores, benefit_of_the_doubt(values).scores, rtol=1e-9)


def test_direction_and_values_change_their_unit_together():
    values, factor = uniform(2, 12, 3), np.array([7.0, 0.01, 1000])
    direction = values.max(axis=0)
    found = directional_doubt(values, direction)
    scaled = directional_doubt(values * factor, direction * factor)
    np.testing.assert_allclose(scaled.scores, found.scores, rtol=1e-9)
    np.testing.assert_allclose(scaled.weights * factor, found.weights, rtol=1e-6, atol=1e-9)
    half = directional_doubt(values, 2 * direction).scores
    np.testing.assert_allclose(1 / half - 1, (1 / found.scores - 1) / 2, rtol=1e-7, atol=1e-9)


def test_directional_scores_where_there_is_nothing_to_go_by():
    values = np.array([[4.0, NAN], [2.0, 5.0], [NAN, NAN], [0.0, 0.0]])
    found = directional_doubt(values, np.array([0.0, 5.0]))
    np.testing.assert_allclose(found.scores, [NAN, 1, NAN, 0.5])
    np.testing.assert_array_equal(found.weights[[0, 2, 3]], 0)
    assert np.isnan(found.shares[[0, 2, 3]]).all()


@pytest.mark.parametrize("by_order", [False, True])
@pytest.mark.parametrize(("count", "variables", "ties"), [(1, 1, 0), (10, 2, 0), (30, 5, 0), (30, 5, 1), (60, 10, 1)])
def test_many_programs_at_once_are_those_of_scipy(monkeypatch, by_order, count, variables, ties):
    if by_order:
        monkeypatch.setattr(frontiers, "_PATIENCE", -1)
    rng = np.random.default_rng(count + ties)
    rows = rng.integers(0, 5, (20, count, variables)) / 4 if ties else rng.random((20, count, variables))
    rows[:, 0] = np.maximum(rows[:, 0], 0.25)
    rewards = rng.integers(0, 5, (20, variables)) / 4 if ties else rng.random((20, variables))
    found = highest(rewards, rows)
    assert found.min() >= 0
    assert (rows @ found[..., None]).max() <= 1 + 1e-12
    expected = [-linprog(-c, A_ub=a, b_ub=np.ones(count)).fun for c, a in zip(rewards, rows, strict=True)]
    np.testing.assert_allclose((rewards * found).sum(axis=1), expected, rtol=1e-10)


def slow_robust(values, peers, samples, seed):
    """Sample by sample, unit by unit."""
    drawn = np.random.default_rng(seed).integers(len(values), size=(samples, peers))
    total = np.zeros(len(values))
    for sample in drawn:
        for unit, own in enumerate(values):
            has = ~np.isnan(own)
            found = linprog(-own[has], A_ub=np.nan_to_num(values[sample][:, has]), b_ub=np.ones(peers))
            total[unit] -= found.fun / samples
    return total


@pytest.mark.parametrize("missing", [0.0, 0.15])
def test_robust_scores_are_means_over_samples(missing):
    values = uniform(3, 10, 3)
    values[np.random.default_rng(1).random(values.shape) < missing] = NAN
    found = robust_doubt(values, peers=8, samples=12, seed=5)
    np.testing.assert_allclose(found.scores, slow_robust(values, 8, 12, 5), rtol=1e-9)
    np.testing.assert_allclose(np.nansum(found.weights * values, axis=1), found.scores, rtol=1e-12)
    np.testing.assert_allclose(found.shares.sum(axis=1), 1)
    assert (found.weights[np.isnan(values)] == 0).all()


@pytest.mark.parametrize("peers", [1, 3, 10])
def test_robust_scores_of_one_indicator_in_closed_form(peers):
    # Against the best of m draws with replacement: P(best <= k-th) = (k / n)^m, and the score is y / best.
    values = np.arange(1.0, 7)[:, None] ** 2
    reached = (np.arange(7) / 6) ** peers
    expected = values[:, 0] * (np.diff(reached) / values[:, 0]).sum()
    found = robust_doubt(values, peers=peers, samples=20_000, seed=1).scores
    np.testing.assert_allclose(found, expected, rtol=0.03)


def test_with_ever_more_peers_it_is_the_benefit_of_the_doubt():
    values = uniform(4, 15, 3)
    plain = benefit_of_the_doubt(values).scores
    np.testing.assert_allclose(robust_doubt(values, peers=2000, samples=3).scores, plain, rtol=1e-9)
    means = [robust_doubt(values, peers=peers).scores.mean() for peers in (5, 20, 80)]
    assert means[0] > means[1] > means[2] >= plain.mean() - 1e-12


def test_one_outstanding_unit_hardly_moves_the_robust_scores():
    values = uniform(5, 40, 3)
    outstanding = np.vstack([values, [500.0, 500, 500]])
    plain = benefit_of_the_doubt(outstanding).scores[:40] / benefit_of_the_doubt(values).scores
    robust = robust_doubt(outstanding, peers=5).scores[:40] / robust_doubt(values, peers=5).scores
    assert plain.max() < 0.03
    assert robust.min() > 0.8


def test_the_seed_decides_and_units_of_measurement_do_not():
    values = uniform(6, 12, 3)
    found = robust_doubt(values, samples=20).scores
    np.testing.assert_array_equal(robust_doubt(values, samples=20).scores, found)
    assert (robust_doubt(values, samples=20, seed=1).scores != found).any()
    np.testing.assert_allclose(robust_doubt(values * [9, 0.01, 100], samples=20).scores, found, rtol=1e-9)


def test_what_a_sample_lacks_plays_no_part_in_it():
    values = np.array([[5.0, 0.0], [4.0, 0.0], [0.0, 3.0], [NAN, NAN], [0.0, 0.0]])
    found = robust_doubt(values, peers=1, samples=400)
    drawn = np.random.default_rng(0).integers(5, size=400)
    first = 5 / values[drawn[np.isin(drawn, [0, 1])], 0]
    assert found.scores[0] == pytest.approx(first.mean())
    assert found.scores[2] == pytest.approx(1)
    assert np.isnan(found.scores[[3, 4]]).all()


@settings(max_examples=25)
@given(st.lists(st.lists(st.integers(0, 4), min_size=3, max_size=3), min_size=2, max_size=8))
def test_ties_and_zeros_end(rows):
    values = np.array(rows, dtype=float)
    found = robust_doubt(values, peers=4, samples=5)
    assert np.isfinite(found.weights).all()
    known = ~np.isnan(found.scores)
    np.testing.assert_allclose((found.weights * values).sum(axis=1)[known], found.scores[known], rtol=1e-9)
    direct = directional_doubt(values, np.ones(3)).scores
    assert ((direct > 0) & (direct <= 1)).all()


@pytest.mark.parametrize("source", ["directional_bod", {"method": "D-BoD", "toward": "mean"}, "order-m", "rBoD"])
def test_as_weights_of_a_node(source):
    choice = REGISTRY.choice(source)
    assert choice.method in MULTIPLIERS
    scores = uniform(7, 12, 4)
    scores[3, 1] = NAN
    found = REGISTRY.methods[choice.method].apply(scores, np.array([1.0, 2, 0, 1]), **choice.parameters)
    counted = scores[:, [0, 1, 3]]
    if choice.method == "robust_doubt":
        expected = robust_doubt(counted)
    else:
        step = np.nanmax(counted, axis=0) if choice.parameters["toward"] == "best" else np.nanmean(counted, axis=0)
        expected = directional_doubt(counted, step)
    np.testing.assert_allclose(np.nansum(found * scores, axis=1), 100 * expected.scores, rtol=1e-9)
    assert (found[:, 2] == 0).all()
    apply = REGISTRY.methods[choice.method].apply
    np.testing.assert_array_equal(apply(scores, np.zeros(4), **choice.parameters), np.zeros((12, 4)))


def test_what_has_no_frontier():
    with pytest.raises(InputError, match="at least 0"):
        robust_doubt(np.array([[-1.0]]))
    with pytest.raises(InputError, match="at least one peer"):
        robust_doubt(SQUARE, peers=0)
    with pytest.raises(InputError, match="a direction"):
        directional_doubt(SQUARE, np.array([-1.0, 1]))
    with pytest.raises(InputError, match=r"above 0: normalize to a range such as \[1, 100\]"):
        REGISTRY.methods["directional_doubt"].apply(np.array([[0.0, 1], [1, 2]]), np.ones(2))
    faults = list(REGISTRY.faults({"method": "order_m", "peers": 0, "seed": -1, "m": 5}))
    assert [fault.split(" ")[0] for fault in faults] == ["weights.peers", "weights.seed", "weights.m"]


@pytest.mark.parametrize("method", ["directional_doubt", "robust_doubt"])
def test_scorecards_take_them_as_they_are(method):
    leaves = [{"id": name, "node": "top"} for name in "abc"]
    source = {"composite": "top", "indicator": leaves, "weights": method, "normalization": {"method": "minmax"}}
    source["normalization"]["range"] = [1, 100]
    framework = parse_framework(source)
    table = pd.DataFrame(uniform(8, 6, 3), columns=list("abc"))
    scaled = (1 + 99 * (table - table.min()) / (table.max() - table.min())).to_numpy()
    expected = directional_doubt(scaled, scaled.max(axis=0)) if method[0] == "d" else robust_doubt(scaled)
    table["company_id"] = [f"c{k}" for k in range(6)]
    found = score(table, framework, draws=20).nodes["top"]
    np.testing.assert_allclose(found, 100 * expected.scores, rtol=1e-9)
