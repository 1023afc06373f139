"""Weights by removal effects: the paper's table, another library, the definition, and missing scores."""

from __future__ import annotations

import numpy as np
import pytest

from ecosystem_iq.benchmark.steps.removal_weights import removal_effects
from ecosystem_iq.benchmark.steps.weighting import REGISTRY
from ecosystem_iq.errors import InputError

# Keshavarz-Ghorabaee et al. (2021), doi:10.3390/sym13040525, the illustrative example: more is better in the first two.
EXAMPLE = np.array(
    [[450, 8000, 54, 145], [10, 9100, 2, 160], [100, 8200, 31, 153], [220, 9300, 1, 162], [5, 8400, 23, 158]],
    dtype=float,
)


def weights(scores, nominal=None):
    counted = np.ones(scores.shape[1]) if nominal is None else np.asarray(nominal, dtype=float)
    return REGISTRY.methods[REGISTRY.canonical("MEREC")].apply(scores, counted)


def drawn(seed=0, units=12, children=4):
    return np.random.default_rng(seed).uniform(1, 100, (units, children))


def slow(scores):
    """The definition: performances with and without each child, by the children a unit has."""
    units, children = scores.shape
    lowest = np.nanmin(scores, axis=0)
    effects = np.zeros(children)
    for j in range(children):
        having = [i for i in range(units) if not np.isnan(scores[i, j])]
        for i in having:
            has = [k for k in range(children) if not np.isnan(scores[i, k])]
            logs = {k: abs(np.log(lowest[k] / scores[i, k])) for k in has}
            whole = np.log(1 + sum(logs.values()) / len(has))
            without = np.log(1 + sum(value for k, value in logs.items() if k != j) / len(has))
            effects[j] += abs(without - whole) / len(having)
    return effects / effects.sum()


def test_example_of_the_paper():
    # Where less is better the paper divides by the highest value: as the lowest of the reciprocals.
    scores = np.column_stack([EXAMPLE[:, :2], 1 / EXAMPLE[:, 2:]])
    np.testing.assert_allclose(weights(scores), [0.5752, 0.0141, 0.4016, 0.0091], atol=5e-5)


def test_weights_of_pymcdm():
    scores = np.array(
        [
            [80, 90, 6, 5.4, 8],
            [65, 58, 2, 9.7, 1],
            [83, 60, 4, 7.2, 4],
            [40, 80, 10, 7.5, 7],
            [52, 72, 6, 2.0, 3],
            [94, 96, 7, 3.6, 5],
        ]
    )
    expected = [0.1247291684, 0.0572286935, 0.2331881446, 0.2515671282, 0.3332868653]
    np.testing.assert_allclose(weights(scores), expected, atol=1e-10)


@pytest.mark.parametrize("missing", [0.0, 0.3])
def test_weights_are_their_definition(missing):
    scores = drawn(1)
    scores[np.random.default_rng(2).random(scores.shape) < missing] = np.nan
    np.testing.assert_allclose(weights(scores), slow(scores), rtol=1e-12)


def test_units_of_measurement_and_order_do_not_matter():
    scores = drawn(3)
    found = weights(scores)
    np.testing.assert_allclose(weights(scores * [1, 7, 0.01, 1000]), found, rtol=1e-12)
    rows, columns = np.random.default_rng(0).permutation(12), [2, 0, 3, 1]
    np.testing.assert_allclose(weights(scores[rows][:, columns]), found[columns], rtol=1e-12)
    np.testing.assert_array_equal(weights(np.vstack([scores, np.full(4, np.nan)])), found)


def test_a_child_without_differences_has_no_effect():
    scores = drawn(4)
    scores[:, 2] = 40.0
    assert weights(scores)[2] == 0
    np.testing.assert_allclose(weights(np.full((5, 3), 40.0)), 1 / 3)
    nobody = drawn(5)
    nobody[:, 1] = np.nan
    assert removal_effects(nobody)[1] == 0


def test_only_what_counts_is_looked_at():
    scores = drawn(6)
    scores[3, 1] = 0.0
    found = weights(scores, [1, 0, 2, 1])
    np.testing.assert_array_equal(found[[0, 2, 3]], weights(scores[:, [0, 2, 3]]))
    assert found[1] == 0
    with pytest.raises(InputError, match=r"above 0: normalize to a range .* \[1, 100\]"):
        weights(scores)
