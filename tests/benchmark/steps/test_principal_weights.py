"""Weights from principal components: against COINr, the OECD/JRC Handbook, and a search over angles."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from achievement import ACHIEVEMENT, COMPONENT_WEIGHTS, ROTATED
from scipy.stats import special_ortho_group

from ecosystem_iq.benchmark.steps.principal_weights import first_loadings, squared_loading_weights, varimax
from ecosystem_iq.errors import InputError


def criterion(loadings: np.ndarray) -> float:
    unit = loadings / np.sqrt((loadings**2).sum(axis=1, keepdims=True))
    return float((unit**2).var(axis=0).sum())


def test_loadings_are_those_of_coinr(extra_data):
    folder = extra_data / "reference" / "coinr"
    scores = pd.read_csv(folder / "07_aggregated.csv", keep_default_na=False, na_values=[""])
    components = pd.read_csv(folder / "13_pca_L2_bygroup.csv")
    for _, group in components[components["PC"] == 1].groupby("group"):
        found = first_loadings(scores[group["iCode"]].to_numpy())
        expected = group["loading"].to_numpy()
        np.testing.assert_allclose(found, expected * np.sign(expected.sum()), rtol=1e-9)


def test_sign_is_fixed_and_rows_with_gaps_are_left_out():
    scores = np.random.default_rng(0).normal(size=(40, 1)) + np.random.default_rng(1).normal(size=(40, 5))
    loadings = first_loadings(scores)
    assert loadings.sum() > 0
    assert loadings @ loadings == pytest.approx(1)
    holes = np.vstack([scores, scores[:3] * 9])
    holes[40:, 2] = np.nan
    np.testing.assert_array_equal(first_loadings(holes), loadings)
    # Every column turned around: the same component.
    np.testing.assert_allclose(first_loadings(-scores), loadings, rtol=1e-9)


def test_squared_loadings_of_the_handbook():
    correlation = np.corrcoef(ACHIEVEMENT.T)
    variance, vectors = np.linalg.eigh(correlation)
    loadings = varimax(vectors[:, :-5:-1] * np.sqrt(variance[:-5:-1]))
    for published in ROTATED.T:  # up to order and sign
        assert min(np.abs(sign * column - published).max() for column in loadings.T for sign in (-1, 1)) < 0.025
    np.testing.assert_allclose(squared_loading_weights(ACHIEVEMENT), COMPONENT_WEIGHTS, atol=0.014)


@pytest.mark.parametrize("seed", range(5))
def test_varimax_of_two_components_over_all_angles(seed):
    loadings = np.random.default_rng(seed).normal(size=(7, 2))
    angles = np.linspace(0, np.pi / 2, 20_001)
    best = max(criterion(loadings @ np.array([[np.cos(a), -np.sin(a)], [np.sin(a), np.cos(a)]])) for a in angles[::10])
    assert criterion(varimax(loadings)) > best - 1e-12
    assert criterion(varimax(loadings)) < best + 1e-5


def test_varimax_is_a_rotation_which_drawn_ones_do_not_beat():
    loadings = np.random.default_rng(7).normal(size=(9, 4))
    turned = varimax(loadings)
    np.testing.assert_allclose(turned @ turned.T, loadings @ loadings.T, atol=1e-12)
    drawn = special_ortho_group.rvs(4, size=3000, random_state=0)
    assert criterion(turned) > max(criterion(loadings @ rotation) for rotation in drawn)
    np.testing.assert_allclose(varimax(turned), turned, atol=1e-9)


def test_columns_without_variance_get_nothing():
    scores = np.random.default_rng(2).normal(size=(20, 3))
    scores[:, 1] = 0.1
    assert first_loadings(scores)[1] == 0
    weights = squared_loading_weights(scores)
    assert weights[1] == 0
    assert weights.sum() == pytest.approx(1)


def test_two_units_are_not_enough():
    with pytest.raises(InputError, match="three units"):
        first_loadings(np.array([[1.0, 2.0], [2.0, 3.0], [np.nan, 1.0]]))
