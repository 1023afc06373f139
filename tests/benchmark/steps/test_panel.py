"""A panel's missing values are filled from the unit's own past and future."""

# ruff: noqa: PD011 -- values of a sheet, not of a frame

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecosystem_iq.benchmark.steps.panel import constant, latest, linear
from ecosystem_iq.benchmark.steps.sheet import sheet
from ecosystem_iq.errors import InputError

NAN = np.nan
YEARS = (2018, 2019, 2020, 2021, 2022)


def series(*values, period=None, sd=None):
    """One unit, one indicator."""
    table = sheet(np.array(values, dtype=float)[:, None], sd=None if sd is None else np.array(sd)[:, None])
    return replace(table, units=("A",) * len(values), period=np.array(period or YEARS[: len(values)]))


def of(imputed, name="values"):
    return getattr(imputed, name).ravel().tolist()


@pytest.fixture(scope="module")
def asem(extra_data):
    """255 rows of 51 countries in five years, in a random order, 40 % of the values taken out."""
    table = pd.read_csv(extra_data / "reference" / "coinr" / "input_ASEM_iData_p.csv")
    rng = np.random.default_rng(7)
    table = table.iloc[rng.permutation(len(table))].reset_index(drop=True)
    numbers = table.loc[:, "LPI":]
    values = np.where(rng.random(numbers.shape) < 0.4, NAN, numbers.to_numpy(dtype=float))
    names = {"units": tuple(table["uCode"]), "period": table["Time"].to_numpy(), "indicators": tuple(numbers)}
    return replace(sheet(values), **names)


def by_pandas(asem, rule):
    """A rule of pandas applied to the years of each country, indicator by indicator."""
    years = pd.Index(asem.period)
    frame = pd.DataFrame({"unit": asem.units, "year": years})
    columns = []
    for values in asem.values.T:
        wide = rule(frame.assign(value=values).pivot(index="year", columns="unit", values="value").sort_index())
        columns.append([wide.loc[year, unit] for unit, year in zip(asem.units, years, strict=True)])
    return np.column_stack(columns)


RULES = {
    "latest": (latest, {}, lambda wide: wide.ffill()),
    "latest one back": (latest, {"max_age": 1}, lambda wide: wide.ffill(limit=1)),
    "latest two back": (latest, {"max_age": 2}, lambda wide: wide.ffill(limit=2)),
    "constant": (constant, {}, lambda wide: wide.ffill().bfill()),
    "linear": (linear, {}, lambda wide: wide.interpolate(method="index", limit_direction="both")),
}


@pytest.mark.parametrize("rule", RULES)
def test_rules_are_those_of_pandas(asem, rule):
    method, parameters, oracle = RULES[rule]
    found = method(asem, **parameters)
    expected = by_pandas(asem, oracle)
    assert found.filled.sum() > 2_000
    np.testing.assert_allclose(found.values, expected, rtol=1e-12, equal_nan=True)
    np.testing.assert_array_equal(found.filled, np.isnan(asem.values) & ~np.isnan(expected))


@pytest.mark.parametrize("method", [latest, constant, linear])
def test_present_values_stay(asem, method):
    found = method(replace(asem, sd=np.full_like(asem.values, 0.5)))
    present = ~np.isnan(asem.values)
    np.testing.assert_array_equal(found.values[present], asem.values[present])
    assert (found.sd[present] == 0.5).all()
    assert (found.age[present] == 0).all()
    assert (found.age[found.filled] >= 1).all()
    np.testing.assert_array_equal(np.isnan(found.age), np.isnan(found.values))


def test_ages_are_counted_in_periods_of_the_sheet():
    gap = series(3.0, NAN, NAN, NAN, 7.0, period=[2010, 2012, 2015, 2020, 2021])
    assert of(latest(gap), "age") == [0, 1, 2, 3, 0]
    assert of(constant(gap), "age") == [0, 1, 2, 3, 0]
    assert of(linear(gap), "age") == [0, 1, 2, 1, 0]
    assert of(latest(gap, max_age=2), "values")[:3] == [3.0, 3.0, 3.0]
    assert np.isnan(latest(gap, max_age=2).values[3, 0])


def test_lines_are_flat_at_both_ends_and_follow_time():
    found = linear(series(NAN, 0.0, NAN, 10.0, NAN, period=[2015, 2016, 2017, 2026, 2027]))
    assert of(found) == [0.0, 0.0, 1.0, 10.0, 10.0]


def test_dates_count_in_days_and_names_in_order():
    dates = list(pd.to_datetime(["2024-01-01", "2024-01-11", "2024-04-10"]).to_numpy())
    assert of(linear(series(0.0, NAN, 10.0, period=dates))) == [0.0, 1.0, 10.0]
    assert of(linear(series(0.0, NAN, 10.0, period=["2024Q1", "2024Q2", "2024Q4"]))) == [0.0, 5.0, 10.0]


def test_a_single_value_holds_for_all_periods_and_none_for_none():
    single = series(NAN, 4.0, NAN)
    assert of(linear(single)) == [4.0, 4.0, 4.0]
    assert of(constant(single)) == [4.0, 4.0, 4.0]
    assert np.isnan(latest(single).values[0, 0])
    for method in (latest, constant, linear):
        assert np.isnan(method(series(NAN, NAN)).values).all()
        assert not method(series(NAN, NAN)).filled.any()


def test_a_period_without_a_row_is_bridged():
    two = replace(
        sheet(np.array([[1.0], [NAN], [5.0], [6.0], [9.0]])),
        units=("A", "A", "B", "B", "B"),
        period=np.array([2020, 2022, 2020, 2021, 2022]),
    )
    found = latest(two)
    assert found.values[1, 0] == 1.0
    assert found.age[1, 0] == 2


@pytest.mark.parametrize(("method", "hidden"), [(latest, 4), (constant, 0), (linear, 4), (linear, 2), (latest, 2)])
def test_the_error_is_what_is_missed_in_a_random_walk(method, hidden):
    """Of 20,000 random walks, one to two values in a row are hidden."""
    walks = np.random.default_rng(5).standard_normal((5, 20_000)).cumsum(axis=0)
    taken = [hidden, hidden + 1] if hidden in {0, 2} else [hidden - 1, hidden]
    values = walks.copy()
    values[taken] = NAN
    rows = pd.DataFrame(values).melt(ignore_index=False)
    panel = replace(
        sheet(rows[["value"]].to_numpy()), units=tuple(rows["variable"].astype(str)), period=rows.index.to_numpy()
    )
    found = method(panel)
    missed = (found.values.ravel() - walks.T.ravel()).reshape(-1, 5)[:, hidden].std()
    assert found.sd.reshape(-1, 5)[0, hidden] == pytest.approx(missed, rel=0.03)


def test_the_error_of_the_value_used_is_carried_along():
    found = latest(series(2.0, 2.0, NAN, sd=[0.0, 0.3, NAN]))
    assert found.sd[2, 0] == pytest.approx(0.3)
    found = linear(series(0.0, NAN, 0.0, sd=[0.3, NAN, 0.4]))
    assert found.sd[1, 0] == pytest.approx(np.hypot(0.15, 0.2))
    assert np.isnan(latest(series(2.0, NAN)).sd[1, 0])


def test_rows_need_a_period_of_their_own():
    with pytest.raises(InputError, match="period for every row"):
        latest(sheet(np.array([[1.0]])))
    with pytest.raises(InputError, match="A has more than one for 2020"):
        latest(series(1.0, 2.0, period=[2020, 2020]))


@settings(max_examples=20)
@given(st.permutations(range(20)))
def test_the_order_of_rows_is_irrelevant(order):
    rng = np.random.default_rng(1)
    values = np.where(rng.random((20, 3)) < 0.4, NAN, rng.standard_normal((20, 3)))
    panel = replace(sheet(values), units=tuple("ABCD" * 5), period=np.repeat(YEARS, 4))
    for method in (latest, constant, linear):
        there, back = method(panel), method(panel.rows(np.array(order)))
        np.testing.assert_allclose(back.values, there.values[order], equal_nan=True)
        np.testing.assert_allclose(back.sd, there.sd[order], equal_nan=True)
