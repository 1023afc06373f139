"""TOPSIS and PROMETHEE II: published examples, another library, the definitions pair by pair, and missing scores."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest

from ecosystem_iq.benchmark import score
from ecosystem_iq.benchmark.framework import parse_framework
from ecosystem_iq.benchmark.steps.means import REGISTRY
from ecosystem_iq.benchmark.steps.outranking import copeland, promethee, topsis

NAN = np.nan

# Six power stations by manpower, power, cost, maintenance, villages; higher taken as better in all.
STATIONS = np.array(
    [
        [80, 90, 6, 5.4, 8],
        [65, 58, 2, 9.7, 1],
        [83, 60, 4, 7.2, 4],
        [40, 80, 10, 7.5, 7],
        [52, 72, 6, 2.0, 3],
        [94, 96, 7, 3.6, 5],
    ]
)
SHARES = np.array([0.1, 0.2, 0.3, 0.15, 0.25])
PREFERENCES = [
    {"preference": "usual"},
    {},
    {"threshold": 5.0},
    {"indifference": 1.0, "threshold": 5.0},
    {"preference": "level", "indifference": 1.0, "threshold": 4.0},
    {"preference": "gaussian", "threshold": 3.0},
]


def drawn(seed, units=9, children=4, missing=0.25):
    rng = np.random.default_rng(seed)
    scores = rng.integers(0, 9, (units, children)).astype(float)
    scores[rng.random(scores.shape) < missing] = NAN
    return scores, rng.choice([0.0, 1.0, 2.0, 0.5], children)


def test_topsis_of_a_textbook():
    """Tzeng & Huang (2011), Multiple Attribute Decision Making, CRC Press, as scikit-criteria quotes it."""
    scores = np.array([[5, 8, 4], [7, 6, 8], [8, 8, 6], [7, 4, 6.0]])
    found = topsis(scores, np.array([0.3, 0.4, 0.3]), scaling="vector")
    np.testing.assert_allclose(found, [50.37, 65.81, 74.82, 33.40], atol=0.01)


def test_topsis_of_scikit_criteria():
    found = topsis(np.array([[1, 0, 3], [0, 5, 6.0]]), np.ones(3))
    np.testing.assert_allclose(found, [14.639248, 85.360752], atol=5e-7)


def test_topsis_of_pymcdm():
    expected = [65.25802812, 26.15357157, 37.81016376, 81.68397495, 37.21945149, 57.25105579]
    np.testing.assert_allclose(topsis(STATIONS, SHARES, scaling="vector"), expected, atol=1e-8)


def test_topsis_of_the_mountain_climbing():
    """Opricovic & Tzeng (2004), doi:10.1016/S0377-2217(03)00020-1: risk 1, 2, 5 and altitude 3000, 3750, 4500."""
    found = topsis(np.array([[1, 0], [0.75, 0.5], [0, 1]]), np.full(2, 0.5))
    np.testing.assert_allclose(found, [50, 61.7, 50], atol=0.05)


def test_promethee_of_a_paper():
    """Zhao, Peng & Li (2013), doi:10.1016/j.procs.2013.05.025, as pymcdm quotes it."""
    scores = np.array([[4, 3, 2], [3, 2, 4], [5, 1, 3.0]])
    found = promethee(scores, np.array([0.5, 0.3, 0.2]), preference="usual")
    np.testing.assert_allclose(found, [10, -30, 20], atol=1e-12)


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({"preference": "usual"}, [36, -62, -26, 48, -40, 44]),
        ({"threshold": 5.0}, [32.2, -51.2, -20.64, 37.66, -30.8, 32.78]),
        ({"indifference": 1.0, "threshold": 5.0}, [31.25, -48.5, -19.825, 35.6, -28.5, 29.975]),
        ({"indifference": 1.0, "threshold": 0.0}, [37, -62, -23, 50, -29, 27]),
        ({"preference": "level", "indifference": 1.0, "threshold": 5.0}, [29, -45, -19, 32, -24, 27]),
    ],
)
def test_promethee_of_pymcdm(parameters, expected):
    np.testing.assert_allclose(promethee(STATIONS, SHARES, **parameters), expected, atol=1e-9)


def slow_preference(d, largest, preference="linear", indifference=0.0, threshold=None):
    p = largest if threshold is None else threshold
    if preference == "usual":
        return float(d > 0)
    if preference == "gaussian":
        return 1 - np.exp(-(d**2) / (2 * p**2)) if d > 0 else 0.0
    if preference == "level":
        return 0.5 * (d > indifference) + 0.5 * (d > p)
    return min(max((d - indifference) / (p - indifference), 0.0), 1.0)


def slow_promethee(scores, weights, **parameters):
    """The definition, pair by pair, child by child, on what both have."""
    units, children = scores.shape
    known = (~np.isnan(scores) & (weights > 0)).any(axis=1)
    largest = [np.nanmax(column) - np.nanmin(column) for column in scores.T]
    net = np.zeros(units)
    for i, j in itertools.permutations(range(units), 2):
        both = [k for k in range(children) if not np.isnan(scores[i, k] + scores[j, k]) and weights[k] > 0]
        if both:
            over = [slow_preference(scores[i, k] - scores[j, k], largest[k], **parameters) for k in both]
            flow = np.average(over, weights=weights[both]) / (known.sum() - 1)
            net[i] += 100 * flow
            net[j] -= 100 * flow
    return np.where(known, net, NAN)


@pytest.mark.parametrize("parameters", PREFERENCES)
@pytest.mark.parametrize("seed", range(4))
def test_promethee_is_its_definition(parameters, seed):
    scores, weights = drawn(seed)
    found = promethee(scores, weights, **parameters)
    np.testing.assert_allclose(found, slow_promethee(scores, weights, **parameters), atol=1e-10)
    assert np.nansum(found) == pytest.approx(0, abs=1e-9)


def test_a_difference_at_the_threshold_is_none_and_no_digits_are_lost():
    scores = np.array([[1.0], [2], [3], [7]])
    level = {"preference": "level", "indifference": 1.0, "threshold": 4.0}
    np.testing.assert_allclose(promethee(scores, np.ones(1), **level), np.array([-1.5, -1, 0, 2.5]) * 100 / 3)
    linear = {"indifference": 1.0, "threshold": 5.0}
    for shift in (0.0, 1e6):
        found = promethee(scores + shift, np.ones(1), **linear)
        np.testing.assert_allclose(found, np.array([-1.25, -1, -0.5, 2.75]) * 100 / 3, rtol=1e-12)


def test_promethee_without_thresholds_is_a_mean_of_ranges():
    """With the largest difference as threshold, net flows are min-max scores less their mean, but for a factor."""
    ranged = (STATIONS - STATIONS.min(axis=0)) / np.ptp(STATIONS, axis=0)
    mean = ranged @ SHARES
    np.testing.assert_allclose(promethee(STATIONS, SHARES), 100 * (mean - mean.mean()) * 6 / 5, atol=1e-10)


def slow_topsis(scores, weights):
    """On what a unit has; the ideal is the best of all units."""
    high, low = np.nanmax(scores, axis=0), np.nanmin(scores, axis=0)
    whole = np.full(len(scores), NAN)
    for i, x in enumerate(scores):
        has = ~np.isnan(x) & (weights > 0)
        if has.any():
            below = np.linalg.norm((weights * (x - high))[has])
            above = np.linalg.norm((weights * (x - low))[has])
            whole[i] = 100 * above / (above + below) if above + below else 50
    return whole


@pytest.mark.parametrize("seed", range(6))
def test_topsis_is_its_definition(seed):
    scores, weights = drawn(seed)
    np.testing.assert_allclose(topsis(scores, weights), slow_topsis(scores, weights), atol=1e-10)


def test_topsis_between_given_ends_does_not_hang_on_the_others():
    scores = np.array([[40.0, 80], [100, 100], [0, 0], [70, NAN]])
    found = topsis(scores, np.array([3.0, 1]), best=100, worst=0)
    np.testing.assert_allclose(found[1:], [100, 0, 70])
    assert topsis(scores[:1], np.array([3.0, 1]), best=100, worst=0)[0] == found[0]
    above, below = np.hypot(3 * 40, 80), np.hypot(3 * 60, 20)
    assert found[0] == pytest.approx(100 * above / (above + below))


def test_where_nothing_differs_nobody_is_ahead():
    same = np.full((3, 2), 7.0)
    for parameters in PREFERENCES:
        np.testing.assert_array_equal(promethee(same, np.ones(2), **parameters), 0)
    np.testing.assert_array_equal(promethee(same, np.ones(2), preference="gaussian"), 0)
    np.testing.assert_array_equal(topsis(same, np.ones(2)), 50)
    np.testing.assert_array_equal(topsis(same * 0, np.ones(2), scaling="vector"), 50)
    np.testing.assert_array_equal(promethee(same[:1], np.ones(2)), 0)


@pytest.mark.parametrize("method", [promethee, topsis])
def test_what_is_missing_counts_for_nobody(method):
    scores = np.array([[9.0, NAN, 3], [8, 5, NAN], [NAN, 7, 2], [6, 1, 9], [NAN, NAN, 4], [NAN, NAN, NAN]])
    weights = np.array([2.0, 1, 1])
    found = method(scores, weights)
    assert np.isnan(found[5])
    np.testing.assert_allclose(method(scores[:5], weights), found[:5], atol=1e-12)
    assert np.isnan(method(scores, np.array([1.0, 1, 0]))[4])
    for order in itertools.permutations(range(5)):
        np.testing.assert_allclose(method(scores[list(order)], weights), found[list(order)], atol=1e-12)


def test_a_pair_is_compared_on_what_both_have():
    scores = np.array([[9.0, NAN], [8, 5]])
    np.testing.assert_allclose(promethee(scores, np.array([1.0, 100]), preference="usual"), [100, -100])
    np.testing.assert_array_equal(promethee(np.array([[1, NAN], [NAN, 1.0]]), np.ones(2)), [0, 0])


@pytest.mark.parametrize("method", [copeland, promethee, topsis])
def test_a_child_which_does_not_apply_to_a_unit_is_as_if_missing(method):
    scores, _ = drawn(1, missing=0)
    weights = np.random.default_rng(1).uniform(1, 3, 4)
    applies = np.random.default_rng(2).random(scores.shape) < 0.7
    found = method(scores, weights * applies)
    np.testing.assert_allclose(found, method(np.where(applies, scores, NAN), weights), atol=1e-12)


@pytest.mark.parametrize(
    "source",
    ["copeland", "topsis", {"method": "topsis", "scaling": "vector"}, {"method": "TOPSIS", "best": 100, "worst": 0},
     *({"method": "PROMETHEE II"} | parameters for parameters in PREFERENCES)],
)  # fmt: skip
def test_only_shares_count_and_only_the_order_of_units(source):
    choice = REGISTRY.choice(source)
    assert list(REGISTRY.faults(source)) == []
    scores, weights = drawn(7)

    def found(x, w):
        return REGISTRY.methods[choice.method].apply(x, w, **choice.parameters)

    once = found(scores, weights + 1)
    np.testing.assert_allclose(found(scores, 7 * (weights + 1)), once, atol=1e-10)
    rows, columns = np.random.default_rng(0).permutation(9), np.array([2, 0, 3, 1])
    np.testing.assert_allclose(found(scores[rows][:, columns], (weights + 1)[columns]), once[rows], atol=1e-10)
    tables = np.stack([drawn(seed)[0] for seed in range(3)])
    sets = np.stack([weights + k for k in (1, 2, 3)])[:, None, :]
    for whole, each in [
        (found(tables, weights), [found(table, weights) for table in tables]),
        (found(scores, sets), [found(scores, one[0]) for one in sets]),
        (found(tables, sets), [found(table, one[0]) for table, one in zip(tables, sets, strict=True)]),
    ]:
        np.testing.assert_allclose(whole, each, atol=1e-10)


@pytest.mark.parametrize("method", [promethee, topsis])
def test_better_in_one_is_never_worse_in_the_whole(method):
    rng = np.random.default_rng(5)
    for _ in range(50):
        scores = rng.uniform(1, 100, (6, 3))
        better = scores.copy()
        better[2, rng.integers(3)] += rng.uniform(0, 5)
        weights = rng.uniform(0.1, 1, 3)
        ends = {"best": 200, "worst": 0} if method is topsis else {"threshold": 10.0}
        assert method(better, weights, **ends)[2] >= method(scores, weights, **ends)[2] - 1e-9


def test_faults_are_found_without_data():
    source = {"method": "promethee", "preference": "s-shape", "indifference": -1, "threshold": "much"}
    faults = list(REGISTRY.faults(source))
    assert [fault.split(" ")[0] for fault in faults] == [
        "aggregation.preference", "aggregation.indifference", "aggregation.threshold",
    ]  # fmt: skip


def slow_copeland(scores, weights):
    """The definition, pair by pair, child by child."""
    units = len(scores)
    total = np.zeros(units)
    for i, j in itertools.permutations(range(units), 2):
        both = ~np.isnan(scores[i]) & ~np.isnan(scores[j])
        if weights[both].sum() > 0:
            shares = weights[both] / weights[both].sum()
            won = (shares * (scores[i] > scores[j])[both]).sum() + (shares * (scores[i] == scores[j])[both]).sum() / 2
            total[i] += 0 if abs(won - 0.5) < 1e-9 else np.sign(won - 0.5)
    known = (~np.isnan(scores) & (weights > 0)).any(axis=1)
    return np.where(known, total, NAN)


@pytest.mark.parametrize("seed", range(8))
def test_copeland_is_its_definition(seed):
    rng = np.random.default_rng(seed)
    scores = rng.integers(0, 5, (9, 4)).astype(float)
    scores[rng.random(scores.shape) < 0.25] = NAN
    weights = rng.choice([0.0, 1.0, 2.0, 0.5], 4)
    np.testing.assert_array_equal(copeland(scores, weights), slow_copeland(scores, weights))


def test_copeland_by_hand():
    scores = np.array([[9, 9, 1], [5, 5, 5], [1, 1, 9.0]])
    np.testing.assert_array_equal(copeland(scores, np.ones(3)), [2, 0, -2])
    np.testing.assert_array_equal(copeland(scores, np.array([1, 1, 3.0])), [-2, 0, 2])
    np.testing.assert_array_equal(copeland(scores, np.array([1, 1, 2.0])), [0, 0, 0])


def test_copeland_with_missing_values_does_not_hang_on_the_order_of_rows():
    """COINr gives the weight of a missing comparison to the later row."""
    scores = np.array([[9.0, NAN, 3], [8, 5, NAN], [NAN, 7, 2], [6, 1, 9], [NAN, NAN, 4]])
    weights = np.array([2.0, 1, 1])
    found = copeland(scores, weights)
    for order in itertools.permutations(range(5)):
        np.testing.assert_array_equal(copeland(scores[list(order)], weights), found[list(order)])
    np.testing.assert_array_equal(copeland(scores[:2], weights), [1, -1])  # on the first child alone, which both have
    np.testing.assert_array_equal(copeland(np.array([[1, NAN], [NAN, 1.0]]), np.ones(2)), [0, 0])  # nothing in common


def test_copeland_is_called_for_a_whole_table_at_every_node():
    """COINr's function of tables stops over the name of its argument."""
    source = {
        "composite": "top",
        "aggregation": "a_copeland",
        "node": [{"id": "left"}, {"id": "right"}],
        "indicator": [{"id": name, "node": node} for name, node in zip("abcd", ["left"] * 3 + ["right"], strict=True)],
        "normalization": "minmax",
    }
    table = {"company_id": ["x", "y", "z"], "a": [3.0, 2, 1], "b": [3.0, 2, 1], "c": [1.0, 2, 3], "d": [1.0, 2, 3]}
    nodes = score(pd.DataFrame(table), parse_framework(source), draws=5).nodes
    assert nodes["left"].tolist() == [2, 0, -2]
    assert nodes["right"].tolist() == [-2, 0, 2]
    assert nodes["top"].tolist() == [0, 0, 0]


def test_a_half_by_floating_point_is_a_draw():
    weights = np.array([0.1, 0.2, 0.3])  # .1 + .2 is not .3 in binary
    np.testing.assert_array_equal(copeland(np.array([[1.0, 1, 0], [0, 0, 1]]), weights), [0, 0])


def test_topsis_and_promethee_at_nodes_of_a_framework():
    source = {
        "composite": "top",
        "aggregation": {
            "method": "arithmetic",
            "nodes": {"left": {"method": "topsis", "best": 100, "worst": 0}, "right": "PROMETHEE II"},
        },
        "node": [{"id": "left"}, {"id": "right"}],
        "indicator": [
            {"id": name, "node": node} for name, node in zip("abcd", ["left"] * 2 + ["right"] * 2, strict=True)
        ],
        "normalization": "minmax",
    }
    table = pd.DataFrame(
        {"company_id": ["x", "y", "z"], "a": [3.0, 2, 1], "b": [3.0, 2, 1], "c": [1.0, 2, 3], "d": [1.0, NAN, 3]}
    )
    card = score(table, parse_framework(source), draws=50)
    assert card.nodes["left"].tolist() == [100, 50, 0]
    np.testing.assert_allclose(card.nodes["right"], [-75, 0, 75])
    assert card.to_frame()["company_id"].tolist()
