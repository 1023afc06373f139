"""Benefit of the doubt: against a textbook, closed forms, all vertices, and the dual program."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from achievement import ACHIEVEMENT, DOUBT
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from ecosystem_iq.benchmark.steps.envelopment import benefit_of_the_doubt
from ecosystem_iq.benchmark.steps.weighting import MULTIPLIERS, REGISTRY
from ecosystem_iq.errors import InputError

# Cooper, Seiford & Tone (2007), Data Envelopment Analysis, 2nd ed., doi:10.1007/978-0-387-45283-8, section 1.4:
# branch offices with one employee each; customers and sales of each. D is 0.75 efficient, A 0.714; E, F, G and B are 1.
OFFICES = np.array([[1, 5], [2, 7], [3, 4], [4, 3], [4, 6], [5, 5], [6, 2]], dtype=float)


def uniform(seed: int, *shape: int) -> np.ndarray:
    return np.random.default_rng(seed).uniform(1, 10, shape)


def vertices(values: np.ndarray, unit: int, low: float, high: float, order: list[tuple[int, int]]) -> float:
    """The best score over every vertex of the set of weights: all ways to let as many constraints bind as needed."""
    n = values.shape[1]
    one, own = np.eye(n), values[unit]
    rows = [*values, *-one]
    limits = [1.0] * len(values) + [0.0] * n
    rows += [(low - one[i]) * own for i in range(n)] + [(one[i] - high) * own for i in range(n)]
    rows += [(one[less] - one[more]) * own for more, less in order]
    rows, limits = np.array(rows), np.array(limits + [0.0] * (2 * n + len(order)))
    best = 0.0
    for chosen in combinations(range(len(rows)), n):
        at = list(chosen)
        if abs(np.linalg.det(rows[at])) < 1e-10:
            continue
        weights = np.linalg.solve(rows[at], limits[at])
        if (rows @ weights <= limits + 1e-9).all():
            best = max(best, float(own @ weights))
    return best


def test_textbook_example():
    scores = benefit_of_the_doubt(OFFICES).scores
    np.testing.assert_allclose(scores, [5 / 7, 1, 0.7, 0.75, 1, 1, 1], atol=1e-12)


def test_handbook_example():
    normalized = (ACHIEVEMENT - ACHIEVEMENT.min(axis=0)) / np.ptp(ACHIEVEMENT, axis=0)
    found = benefit_of_the_doubt(normalized, low=0.10, high=0.15, on="weights")
    # The table is rounded to two decimals, and so are the logarithms among the published data.
    np.testing.assert_allclose(found.scores, DOUBT, atol=0.0075)
    korea = [0.22, 0.14, 0.14, 0.22, 0.14, 0.14, 0.22, 0.22]
    np.testing.assert_allclose(found.weights[4], korea, atol=0.0075)
    share = found.weights / found.weights.sum(axis=1, keepdims=True)
    assert share.min() > 0.1 - 1e-9
    assert share.max() < 0.15 + 1e-9


def test_one_indicator_is_the_distance_to_the_best():
    values = uniform(0, 20, 1)
    np.testing.assert_allclose(benefit_of_the_doubt(values).scores, values[:, 0] / values.max(), rtol=1e-12)


@pytest.mark.parametrize("count", [2, 5])
def test_equal_shares_in_closed_form(count):
    # With every share fixed to 1/n the only freedom is the level: n / max_j sum_i y_ji / y_ci.
    values = uniform(1, 12, count)
    expected = count / (values[None, :, :] / values[:, None, :]).sum(axis=2).max(axis=1)
    found = benefit_of_the_doubt(values, low=1 / count, high=1 / count)
    np.testing.assert_allclose(found.scores, expected, rtol=1e-10)
    np.testing.assert_allclose(found.shares, 1 / count, rtol=1e-9)


@pytest.mark.parametrize(
    ("low", "high", "order"),
    [
        (0.0, 1.0, []),
        (0.1, 1.0, []),
        (0.0, 0.5, []),
        (0.15, 0.6, []),
        (0.0, 1.0, [(0, 1), (1, 2)]),
        (0.1, 0.7, [(2, 0)]),
    ],
)
def test_every_vertex(low, high, order):
    values = uniform(2, 6, 3)
    found = benefit_of_the_doubt(values, low=low, high=high, order=order).scores
    expected = [vertices(values, unit, low, high, order) for unit in range(len(values))]
    np.testing.assert_allclose(found, expected, rtol=1e-9)


def test_dual_program_gives_the_same_scores():
    # The other side of the same coin: the least total of peers which together reach the unit everywhere.
    values = uniform(3, 60, 8)
    ones = np.ones(len(values))
    dual = [linprog(ones, A_ub=-values.T, b_ub=-own).fun for own in values]
    np.testing.assert_allclose(benefit_of_the_doubt(values).scores, dual, rtol=1e-9)


def test_nobody_scores_above_one_with_the_weights_of_another():
    values = uniform(4, 40, 5)
    found = benefit_of_the_doubt(values, low=0.05, high=0.4, order=[(0, 1)])
    assert (values @ found.weights.T).max() < 1 + 1e-9
    np.testing.assert_allclose((values * found.weights).sum(axis=1), found.scores, rtol=1e-9)
    np.testing.assert_allclose(found.shares.sum(axis=1), 1, rtol=1e-9)
    assert found.shares.min() > 0.05 - 1e-9
    assert found.shares.max() < 0.4 + 1e-9
    assert (found.shares[:, 0] >= found.shares[:, 1] - 1e-9).all()


def test_units_of_measurement_and_order_of_rows_are_irrelevant():
    values = uniform(5, 30, 4)
    scores = benefit_of_the_doubt(values, low=0.1).scores
    np.testing.assert_allclose(benefit_of_the_doubt(values * [1e-3, 1, 7, 1e5], low=0.1).scores, scores, rtol=1e-9)
    turned = np.random.default_rng(0).permutation(30)
    np.testing.assert_allclose(benefit_of_the_doubt(values[turned], low=0.1).scores, scores[turned], rtol=1e-9)


@settings(max_examples=40)
@given(st.integers(0, 10_000), st.integers(0, 7), st.integers(0, 2))
def test_a_better_value_never_lowers_the_score(seed, unit, indicator):
    values = uniform(seed, 8, 3)
    better = values.copy()
    better[unit, indicator] *= 1.5
    before, after = (benefit_of_the_doubt(v, low=0.1, high=0.8).scores[unit] for v in (values, better))
    assert after >= before - 1e-9


@pytest.mark.parametrize("on", ["shares", "weights"])
def test_bounds_hold_for_values_of_all_magnitudes(on):
    values = np.exp(np.random.default_rng(8).normal(0, 4, (40, 6)))
    found = benefit_of_the_doubt(values, low=0.05, high=0.4, on=on)
    share = found.shares if on == "shares" else found.weights / found.weights.sum(axis=1, keepdims=True)
    assert share.min() > 0.05 - 1e-7
    assert share.max() < 0.4 + 1e-7
    assert (values @ found.weights.T).max() < 1 + 1e-7
    np.testing.assert_allclose((values * found.weights).sum(axis=1), found.scores, rtol=1e-9)


def test_missing_values_play_no_part():
    values = uniform(6, 15, 4)
    values[0, 1] = values[1, :3] = values[2] = values[3, 2] = np.nan
    found = benefit_of_the_doubt(values, low=0.1, high=0.6)
    as_zero = np.nan_to_num(values)
    assert np.isnan(found.scores[2])
    assert (found.weights[np.isnan(values)] == 0).all()
    others = [0, 2, 3]
    assert found.scores[0] == pytest.approx(
        benefit_of_the_doubt(as_zero[:, others], low=0.1, high=0.6).scores[0], rel=1e-9
    )
    # One indicator is all there is: its share is 1 whatever the bounds.
    assert found.scores[1] == pytest.approx(values[1, 3] / np.nanmax(values[:, 3]), rel=1e-9)


def test_order_passes_through_missing_indicators():
    values = uniform(7, 10, 3)
    values[0, 1] = np.nan
    chain = benefit_of_the_doubt(values, order=[(0, 1), (1, 2)])
    direct = benefit_of_the_doubt(np.nan_to_num(values)[:, [0, 2]], order=[(0, 1)])
    assert chain.scores[0] == pytest.approx(direct.scores[0], rel=1e-9)


def test_a_zero_scores_zero_where_a_share_is_demanded():
    values = np.array([[0.0, 5.0], [3.0, 3.0]])
    np.testing.assert_allclose(benefit_of_the_doubt(values).scores, [1, 1])
    np.testing.assert_allclose(benefit_of_the_doubt(values, low=0.1).scores, [0, 1], atol=1e-12)
    nothing = benefit_of_the_doubt(np.array([[0.0, 0.0], [1.0, 1.0]]))
    assert nothing.scores[0] == 0
    assert np.isnan(nothing.shares[0]).all()


@pytest.mark.parametrize(
    ("values", "bounds", "message"),
    [
        (-OFFICES, {}, "at least 0"),
        (OFFICES * np.inf, {}, "finite"),
        (OFFICES, {"low": 0.6}, "No shares"),
        (OFFICES, {"high": 0.4}, "No shares"),
        (OFFICES, {"low": [0.0, 0.6], "high": [0.5, 1.0], "order": [(0, 1)]}, "No shares"),
        (OFFICES, {"low": -0.1}, "between 0 and 1"),
        (OFFICES, {"low": 0.5, "high": 0.4}, "lower one first"),
        (OFFICES, {"order": [(0, 2)]}, "0 to 1"),
        (OFFICES, {"on": "values"}, "on shares or on weights"),
    ],
)
def test_what_cannot_be(values, bounds, message):
    with pytest.raises(InputError, match=message):
        benefit_of_the_doubt(values, **bounds)


def test_as_weights_of_a_node():
    choice = REGISTRY.choice({"method": "BoD", "order": "nominal"})
    assert choice.method in MULTIPLIERS
    nominal = np.array([3.0, 0.0, 1.0])
    scores = np.insert(OFFICES * 10, 1, 50.0, axis=1)
    weights = REGISTRY.methods[choice.method].apply(scores, nominal, **choice.parameters)
    expected = benefit_of_the_doubt(OFFICES, order=[(0, 1)]).scores
    np.testing.assert_allclose((weights * scores).sum(axis=1), 100 * expected, rtol=1e-9)
    assert (weights[:, 1] == 0).all()
