"""Shape, quantiles and statistics of indicators."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from ecosystem_iq.benchmark.steps.moments import first_of_ties, indicator_statistics, passes, quantile, shape
from ecosystem_iq.benchmark.steps.sheet import sheet

# From our names to those of the reference files.
NAMES = {
    "min": "Min",
    "max": "Max",
    "mean": "Mean",
    "median": "Median",
    "sd": "Std",
    "skewness": "Skew",
    "kurtosis": "Kurt",
    "available": "N.Avail",
    "nonzero": "N.NonZero",
    "unique": "N.Unique",
    "most_frequent": "N.Same",
    "availability": "Frc.Avail",
    "nonzero_share": "Frc.NonZero",
    "unique_share": "Frc.Unique",
    "most_frequent_share": "Frc.Same",
}
FLAGS = {
    "low_availability": "Flag.Avail",
    "low_nonzero": "Flag.NonZero",
    "low_unique": "Flag.Unique",
    "outliers": "Flag.SkewKurt",
}


def ragged(seed, units=40, indicators=12):
    rng = np.random.default_rng(seed)
    values = np.round(rng.lognormal(size=(units, indicators)), 1)
    values[rng.random(values.shape) < 0.3] = np.nan
    return values


@pytest.mark.parametrize(("stage", "values"), [("raw", "01_raw"), ("treated", "05_treated")])
def test_statistics_are_those_of_coinr(stage, values, extra_data):
    folder = extra_data / "reference" / "coinr"
    expected = pd.read_csv(folder / f"10_stats_{stage}.csv", index_col="iCode")
    data = pd.read_csv(folder / f"{values}.csv", index_col="uCode")[expected.index]
    found = indicator_statistics(sheet(data.to_numpy(dtype=float)))
    np.testing.assert_allclose(
        found[list(NAMES)].to_numpy(dtype=float), expected[list(NAMES.values())].to_numpy(), rtol=1e-11
    )
    np.testing.assert_array_equal(found[list(FLAGS)].to_numpy(), expected[list(FLAGS.values())].ne("ok").to_numpy())


@pytest.mark.parametrize(("scale", "offset"), [(1, 0), (1e-150, 0), (1e150, 0), (1, 1e4)])
def test_shape_is_that_of_scipy(scale, offset):
    values = ragged(0) * scale + offset
    columns = [column[~np.isnan(column)] / scale - offset / scale for column in values.T]
    skew, kurtosis = shape(values)
    np.testing.assert_allclose(skew, [stats.skew(c, bias=False) for c in columns], rtol=1e-9)
    np.testing.assert_allclose(kurtosis, [stats.kurtosis(c, bias=False) for c in columns], rtol=1e-9)


def test_too_few_or_equal_values_have_no_shape_and_pass():
    nan = np.nan
    values = np.array([[1, 1, 1, nan, 0.1], [2, 2, nan, nan, 0.1], [4, 3, nan, nan, 0.1], [nan, 7, nan, nan, 0.1]])
    skew, kurtosis = shape(values)
    assert np.isnan(skew).tolist() == [False, False, True, True, True]
    assert np.isnan(kurtosis).tolist() == [True, False, True, True, True]
    assert passes(np.full(5, nan), kurtosis).all()


def test_an_indicator_at_both_limits_fails():
    assert passes(np.array([2.0, -2.0, 1.99, 2.0]), np.array([3.5, 3.5, 9.0, 3.49])).tolist() == [
        False,
        False,
        True,
        True,
    ]


@pytest.mark.parametrize("share", [0.0, 0.05, 0.25, 0.5, 0.9, 1.0])
def test_quantiles_are_those_of_numpy(share):
    values = ragged(1)
    np.testing.assert_allclose(quantile(np.sort(values, axis=0), share), np.nanquantile(values, share, axis=0))


def test_ties_are_found():
    ordered = np.array([[1.0], [1.0], [2.0], [np.nan], [np.nan]])
    assert first_of_ties(ordered)[:, 0].tolist() == [0, 0, 2, 3, 4]


def test_an_empty_indicator_has_counts_and_no_values():
    table = indicator_statistics(sheet(np.full((3, 1), np.nan))).iloc[0]
    assert table[["available", "nonzero", "unique", "most_frequent", "availability"]].tolist() == [0] * 5
    assert table[["min", "max", "mean", "median", "sd", "skewness", "unique_share"]].isna().all()
    assert table["low_availability"]
    assert not table["low_unique"]


def test_counts_are_those_of_pandas():
    frame = pd.DataFrame(ragged(2)).round(0)
    found = indicator_statistics(sheet(frame.to_numpy()))
    assert found["unique"].tolist() == frame.nunique().tolist()
    assert found["most_frequent"].tolist() == [frame[c].value_counts().max() for c in frame]
    np.testing.assert_allclose(found["sd"], frame.std())
