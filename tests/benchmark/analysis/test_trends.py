from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from ecosystem_iq.benchmark.analysis.trends import growth_rate, percent_change, trends

YEARS = np.array([2018.0, 2019, 2020, 2022])


def test_growth_over_the_values_present():
    values = np.array([[1.0, 5.0, np.nan, 16.0], [np.nan, 4.0, 6.0, np.nan], [0.0, 1.0, 2.0, 0.0]])
    assert growth_rate(values, YEARS) == pytest.approx([1.0, 0.5, 0.0])


@pytest.mark.parametrize("ends", [(0.0, 1.0), (-2.0, -1.0), (1.0, -1.0), (1.0, np.nan), (np.nan, np.nan)])
def test_growth_without_meaning(ends):
    assert np.isnan(growth_rate(np.array([ends[0], np.nan, np.nan, ends[1]]), YEARS))


def test_change_is_the_line_over_its_start():
    values = np.array([3.0, np.nan, 4.0, 7.0])
    line = stats.linregress(YEARS[[0, 2, 3]], values[[0, 2, 3]])
    expected = line.slope * 10 / (line.intercept + line.slope * 2018) * 100
    assert percent_change(values, YEARS, per=10) == pytest.approx(expected, rel=1e-9)


def test_change_of_two_points_of_one_and_of_none():
    values = np.full((3, 4), np.nan)
    values[0, [1, 3]] = 4.0, 5.0
    values[1, 2] = 7.0
    assert percent_change(values, YEARS) == pytest.approx([25 / 3, np.nan, np.nan], nan_ok=True)


def test_change_from_a_negative_start_is_positive_when_it_rises():
    assert percent_change(np.array([-2.0, -1.5, -1.0]), np.arange(3.0)) == pytest.approx(25.0)
    assert np.isnan(percent_change(np.array([0.0, 1.0]), np.arange(2.0)))
    assert percent_change(np.array([0.1, 0.1, 0.1]), np.arange(3.0)) == 0
    assert percent_change(np.array([0.0, 0.0]), np.arange(2.0)) == 0


def test_trends_of_the_asem_panel(read, asem):
    panel = read("input_ASEM_iData_p")
    names = list(asem.normalized.columns[:12])
    found = trends(panel[["uCode", "Time", *names]], unit="uCode", period="Time").set_index(["unit", "element"])
    assert len(found) == 51 * 12
    for (unit, name), row in found.sample(150, random_state=0).iterrows():
        series = panel.loc[panel["uCode"] == unit, ["Time", name]].dropna().sort_values("Time")
        assert row["n"] == len(series)
        if len(series) < 3 or np.ptp(series[name]) == 0:
            continue
        line = stats.linregress(series["Time"], series[name])
        start, end = series[name].iloc[[0, -1]]
        base = line.intercept + line.slope * series["Time"].iloc[0]
        assert row["slope"] == pytest.approx(line.slope, rel=1e-8, abs=1e-12)
        assert row["p"] == pytest.approx(line.pvalue, rel=1e-6)
        assert row["percent_change"] == pytest.approx(line.slope / abs(base) * 100, rel=1e-6, abs=1e-9)
        assert (row["first"], row["last"]) == (start, end)
        if start > 0 and end > 0:
            years = series["Time"].iloc[-1] - series["Time"].iloc[0]
            assert row["growth_rate"] == pytest.approx((end / start) ** (1 / years) - 1, abs=1e-12)


def test_every_column_of_a_trend():
    panel = pd.DataFrame({"unit": ["b", "a", "a"], "period": [2021, 2021, 2019], "x": [np.nan, 9.0, 4.0]})
    found = trends(panel)
    assert found["unit"].tolist() == ["a", "b"]
    first = found.iloc[0].to_dict()
    assert first.pop("p") is not None
    assert first == {
        "unit": "a", "element": "x", "n": 2, "first_period": 2019, "last_period": 2021, "first": 4, "last": 9,
        "change": 5, "growth_rate": 0.5, "percent_change": 62.5, "slope": 2.5,
    }  # fmt: skip
    assert found.iloc[1].drop(["unit", "element", "n"]).isna().all()


def test_the_order_of_rows_is_irrelevant():
    rng = np.random.default_rng(0)
    panel = pd.DataFrame({"unit": np.repeat(list("abc"), 5), "period": np.tile(np.arange(5), 3), "x": rng.random(15)})
    pd.testing.assert_frame_equal(trends(panel), trends(panel.sample(frac=1, random_state=2)))
