from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.interpolate import make_smoothing_spline

from ecosystem_iq.benchmark.analysis.importance import correlation_ratio, effective_weights, importance
from ecosystem_iq.benchmark.analysis.spline import conditional_mean


def test_effective_weights_of_the_asem_index(asem, read):
    reference = read("09_eff_weights").set_index("iCode")
    found = effective_weights(asem.framework).set_index("id")
    assert sorted(found.index) == sorted(reference.index)
    assert found["effective"].to_numpy() == pytest.approx(reference.loc[found.index, "EffWeight"].to_numpy(), rel=1e-9)


def test_effective_weights_of_an_uneven_tree(small_tree):
    found = effective_weights(small_tree).set_index("id")["effective"]
    expected = {
        "top": 1, "left": 3 / 5, "right": 1 / 5, "f": 1 / 5, "a": 3 / 20, "b": 9 / 20,
        "deep": 1 / 10, "e": 1 / 10, "c": 1 / 20, "d": 1 / 20,
    }  # fmt: skip
    assert found.to_dict() == pytest.approx(expected)


def test_correlation_ratios_of_the_ishigami_function():
    # Ishigami & Homma 1990, doi:10.1109/ISUMA.1990.151285; with a = 7, b = 0.1 first-order .3139, .4424, 0.
    rng = np.random.default_rng(0)
    x = rng.uniform(-np.pi, np.pi, (6000, 3))
    y = np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])
    found = [correlation_ratio(column, y) for column in x.T]
    assert found == pytest.approx([0.3139, 0.4424, 0.0], abs=0.02)


def test_correlation_ratios_of_the_g_function():
    # Saltelli & Sobol' 1995: V_i = (1/3) / (1 + a_i)², V = prod(1 + V_i) - 1.
    a = np.array([0.0, 1.0, 4.5])
    x = np.random.default_rng(1).random((6000, 3))
    y = np.prod((np.abs(4 * x - 2) + a) / (1 + a), axis=1)
    part = (1 / 3) / (1 + a) ** 2
    expected = part / (np.prod(1 + part) - 1)
    assert [float(correlation_ratio(column, y)) for column in x.T] == pytest.approx(expected.tolist(), abs=0.02)


@pytest.mark.parametrize(
    "shape", [np.sin, np.square, np.abs, lambda x: x > 0.3], ids=["sine", "square", "kink", "step"]
)
def test_the_curve_is_close_to_a_full_smoothing_spline(shape):
    rng = np.random.default_rng(2)
    x = np.sort(rng.normal(size=150))
    y = shape(x) + rng.normal(scale=0.3, size=150)
    full = make_smoothing_spline(x, y)(x)
    ours = conditional_mean(x, y[:, None])[:, 0]
    assert np.sqrt(np.mean((ours - full) ** 2)) < 0.08
    assert ours.var() / y.var() == pytest.approx(full.var() / y.var(), abs=0.05)


def test_a_line_is_kept_a_line():
    rng = np.random.default_rng(3)
    x, slope = rng.lognormal(size=51), rng.normal(size=51)
    assert correlation_ratio(x, 2 * x - 1) == pytest.approx(1.0)
    noisy = 0.5 * x + slope
    assert correlation_ratio(x, noisy) == pytest.approx(np.corrcoef(x, noisy)[0, 1] ** 2, abs=0.05)


def test_few_levels_have_their_means():
    x = np.repeat([0.0, 1.0, 5.0], [4, 8, 3])
    y = np.random.default_rng(4).normal(size=15) + np.where(x == 1, 2.0, 0.0)
    means = pd.Series(y).groupby(x).transform("mean")
    assert correlation_ratio(x, y) == pytest.approx(means.var() / y.var(ddof=1))


@given(st.integers(0, 10_000), st.integers(8, 60), st.floats(0.1, 50), st.floats(-100, 100))
def test_the_ratio_lies_between_the_squared_correlation_and_one(seed, n, scale, shift):
    rng = np.random.default_rng(seed)
    x = np.round(rng.normal(size=n), rng.integers(0, 4))
    y = rng.normal(size=(n, 3)) + np.column_stack([x, x**2, np.zeros(n)])
    found = correlation_ratio(x, y)
    if np.ptp(x) == 0:
        assert np.isnan(found).all()
        return
    squared = np.array([np.corrcoef(x, column)[0, 1] ** 2 for column in y.T])
    assert (found >= squared - 1e-12).all()
    assert (found <= 1).all()
    assert correlation_ratio(scale * x + shift, 3 - 2 * y) == pytest.approx(found, abs=1e-5)


def test_gaps_few_units_and_no_variation():
    rng = np.random.default_rng(5)
    x, y = rng.normal(size=30), rng.normal(size=30)
    gapped = x.copy()
    gapped[:5] = np.nan
    assert correlation_ratio(gapped, y) == pytest.approx(correlation_ratio(x[5:], y[5:]))
    assert np.isnan(correlation_ratio(x[:7], y[:7]))
    assert np.isnan(correlation_ratio(x, np.ones(30)))
    assert np.isnan(correlation_ratio(np.ones(30), y))


def test_importance_in_the_asem_index(asem):
    found = importance(asem.aggregated, asem.framework).set_index("element")
    assert len(found) == 59
    assert found.groupby("node")["realized"].sum().to_numpy() == pytest.approx(1.0)
    assert found.groupby("node")["gap"].sum().to_numpy() == pytest.approx(0.0, abs=1e-12)
    r = asem.aggregated["Conn"].corr(asem.aggregated["Index"])
    assert found.loc["Conn", "correlation"] == pytest.approx(r)
    assert found.loc["Conn", "correlation_ratio"] >= r**2 - 1e-9
    assert found.loc["Conn", "composite_ratio"] == pytest.approx(found.loc["Conn", "correlation_ratio"])


def test_stated_and_realized_importance_agree_where_elements_are_independent_and_alike(small_tree):
    rng = np.random.default_rng(6)
    x = pd.DataFrame(rng.normal(size=(4000, 2)), columns=["a", "b"])
    x["left"] = (x["a"] + 3 * x["b"]) / 4
    found = importance(x, small_tree).set_index("element")
    assert found["share"].to_dict() == {"a": 0.25, "b": 0.75}
    # The variance, not the weight, is what goes with an element: 1 to 9.
    assert found["realized"].to_dict() == pytest.approx({"a": 0.1, "b": 0.9}, abs=0.02)
    assert found["composite_ratio"].isna().all()  # the composite has no scores here
