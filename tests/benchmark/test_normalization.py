"""Goalposts."""

from __future__ import annotations

import numpy as np
import pytest

from ecosystem_iq.benchmark.framework import parse_framework
from ecosystem_iq.benchmark.normalization import goalposts, slopes

FRAMEWORK = parse_framework(
    {
        "indicator": [
            {"id": "share", "node": "composite", "goalposts": [0, 0.9]},
            {"id": "days", "node": "composite", "goalposts": [3, 30], "direction": "down"},
            {"id": "nps", "node": "composite", "goalposts": [-20, 60]},
        ]
    }
)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ([0, 30, -20], [0, 0, 0]),
        ([0.9, 3, 60], [100, 100, 100]),
        ([0.45, 16.5, 20], [50, 50, 50]),
        ([0.09, 5.7, -12], [10, 90, 10]),
        ([-1, 100, -100], [0, 0, 0]),
        ([2, 0, 1000], [100, 100, 100]),
        ([np.inf, np.inf, -np.inf], [100, 0, 0]),
    ],
)
def test_by_hand(raw, expected):
    np.testing.assert_allclose(goalposts(FRAMEWORK, np.array(raw, dtype=float)), expected, atol=1e-12)


def test_missing_stays_missing():
    found = goalposts(FRAMEWORK, np.array([[np.nan, 3, np.nan]]))
    assert np.isnan(found).tolist() == [[True, False, True]]


def test_any_number_of_leading_axes():
    assert goalposts(FRAMEWORK, np.zeros((5, 4, 3))).shape == (5, 4, 3)


def test_slope_is_points_for_one_unit():
    np.testing.assert_allclose(slopes(FRAMEWORK), [100 / 0.9, 100 / 27, 100 / 80])
    step = goalposts(FRAMEWORK, np.array([0.5, 10, 0.0])) - goalposts(FRAMEWORK, np.array([0.4, 11, -1.0]))
    np.testing.assert_allclose(step, slopes(FRAMEWORK) * [0.1, 1, 1])
