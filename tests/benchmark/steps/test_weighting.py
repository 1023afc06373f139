"""Weights of one node's children: against published tables, SciPy and pandas, and rules every method keeps."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import entropy

from ecosystem_iq.benchmark.steps.weighting import MULTIPLIERS, REGISTRY
from ecosystem_iq.errors import InputError

# Diakoulaki, Mavrotas & Papayannakis (1995), doi:10.1016/0305-0548(94)00059-H: eight pharmaceutical firms by
# profitability, market share and productivity. The weights, and those without scaling, as scikit-criteria gives them.
FIRMS = np.array(
    [
        [61, 1.08, 4.33],
        [20.7, 0.26, 4.34],
        [16.3, 1.98, 2.53],
        [9, 3.29, 1.65],
        [5.4, 2.77, 2.33],
        [4, 4.12, 1.21],
        [-6.1, 3.52, 2.10],
        [-34.6, 3.31, 0.98],
    ]
)
DATA_DRIVEN = [name for name in REGISTRY.methods if name not in {"given", *MULTIPLIERS}]


def weights(source, scores, nominal=None) -> np.ndarray:
    choice = REGISTRY.choice(source)
    counted = np.ones(scores.shape[1]) if nominal is None else np.asarray(nominal, dtype=float)
    return REGISTRY.methods[choice.method].apply(scores, counted, **choice.parameters)


def drawn(seed: int = 0, units: int = 30) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return np.clip(50 + 10 * rng.normal(size=(units, 1)) + rng.normal(size=(units, 4)) * [5, 8, 12, 15], 1, 100)


def test_critic_of_the_paper():
    ranged = (FIRMS - FIRMS.min(axis=0)) / np.ptp(FIRMS, axis=0)
    np.testing.assert_allclose(weights("critic", ranged), [0.20222554, 0.48090173, 0.31687273], atol=5e-9)
    np.testing.assert_allclose(weights("critic", FIRMS), [0.86874234, 0.08341434, 0.04784331], atol=5e-9)


def test_entropy_by_scipy():
    scores = drawn()
    scores[2, 1] = scores[5:8, 3] = np.nan
    scores[4, 0] = 0.0
    raw = [1 - entropy(column[~np.isnan(column)]) / np.log((~np.isnan(column)).sum()) for column in scores.T]
    np.testing.assert_allclose(weights("entropy", scores), raw / np.sum(raw), rtol=1e-9)


def test_spread_and_conflict_by_pandas():
    scores = drawn(1)
    scores[2, 1] = scores[5:8, 3] = scores[9, 1:3] = np.nan
    frame = pd.DataFrame(scores)
    spread = frame.std().to_numpy()
    np.testing.assert_allclose(weights("std", scores), spread / spread.sum(), rtol=1e-12)
    conflict = spread * (1 - frame.corr()).sum().to_numpy()
    np.testing.assert_allclose(weights("critic", scores), conflict / conflict.sum(), rtol=1e-9)


def test_given_are_as_they_are():
    np.testing.assert_array_equal(weights("given", drawn(), [3, 0, 1, 7]), [3, 0, 1, 7])


def test_correlation_takes_the_nominal_weights_as_target():
    scores = drawn(2)
    nominal = np.array([5.0, 5.0, 4.0, 4.0])
    found = weights("correlation", scores, nominal)
    r = np.array([np.corrcoef(column, scores @ found)[0, 1] for column in scores.T])
    np.testing.assert_allclose(r / r.sum(), nominal / nominal.sum(), atol=1e-5)
    kept = weights({"method": "correlation", "aim": "infomax", "low": 0.1, "high": 0.3}, scores)
    assert kept.min() >= 0.1 - 1e-9
    assert kept.max() <= 0.3 + 1e-9


@pytest.mark.parametrize("source", [*DATA_DRIVEN, {"method": "pca", "variant": "loading"}])
def test_rules_which_every_method_keeps(source):
    scores, nominal = drawn(3), np.array([1.0, 0.0, 2.0, 1.0])
    found = weights(source, scores, nominal)
    assert found.sum() == pytest.approx(1)
    assert (found >= -1e-12).all()
    assert found[1] == 0
    changed = scores.copy()
    changed[:, 1] = np.nan
    np.testing.assert_array_equal(weights(source, changed, nominal), found)
    rows, columns = np.random.default_rng(0).permutation(30), np.array([3, 0, 2, 1])
    np.testing.assert_allclose(weights(source, scores[rows], nominal), found, atol=1e-6)
    np.testing.assert_allclose(weights(source, scores[:, columns], nominal[columns]), found[columns], atol=1e-4)
    np.testing.assert_array_equal(weights(source, scores[:, :1]), [1.0])
    np.testing.assert_array_equal(weights(source, scores, np.zeros(4)), np.zeros(4))


@pytest.mark.parametrize("name", ["std", "critic", "entropy"])
def test_children_without_variance_count_the_same(name):
    np.testing.assert_allclose(weights(name, np.full((5, 3), 40.0)), 1 / 3)
    one = drawn(5)
    one[:, 2] = 40.0
    assert weights(name, one)[2] == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize(
    ("name", "scores", "message"),
    [
        ("std", [[1.0, np.nan], [2.0, 3.0]], r"two units; children \[1\]"),
        ("critic", [[1.0, np.nan], [2.0, 3.0]], "two units"),
        ("entropy", [[1.0, -1.0], [2.0, 3.0]], "at least 0"),
        ("entropy", [[1.0, 0.0], [2.0, 0.0]], "a positive one"),
        ("pca", [[1.0, 0.0], [2.0, 0.0]], "three units"),
        ("bod", [[1.0, -1.0], [2.0, 0.0]], "at least 0"),
    ],
)
def test_what_cannot_be_weighted(name, scores, message):
    with pytest.raises(InputError, match=message):
        weights(name, np.array(scores))


@pytest.mark.parametrize(
    ("spelling", "name"),
    [("BoD", "benefit_of_the_doubt"), ("DEA", "benefit_of_the_doubt"), ("Optimised", "correlation"), ("SD", "std")],
)
def test_spellings(spelling, name):
    assert REGISTRY.canonical(spelling) == name


def test_faults_are_found_without_data():
    assert list(REGISTRY.faults({"method": "pca", "variant": "squared"})) == []
    faults = list(REGISTRY.faults({"method": "bod", "low": -1, "on": "values"}, "node.reach.weights"))
    assert [fault.split(" ")[0] for fault in faults] == ["node.reach.weights.low", "node.reach.weights.on"]
