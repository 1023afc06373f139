"""Missing values are filled from other units and other indicators, and the error of a guess is said."""

# ruff: noqa: PD011 -- values of a sheet, not of a frame

from __future__ import annotations

import warnings
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.impute import KNNImputer

from ecosystem_iq.benchmark.steps.imputation import (
    REGISTRY,
    group_mean,
    group_median,
    imputations,
    knn,
    mean,
    median,
    multiple,
    none,
    regression,
    row_mean,
    row_median,
)
from ecosystem_iq.benchmark.steps.sheet import sheet
from ecosystem_iq.errors import InputError

NAN = np.nan
FILLING = [mean, median, group_mean, group_median, row_mean, row_median, knn, regression, multiple]


@pytest.fixture(autouse=True)
def no_warnings():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


@pytest.fixture(scope="module")
def coinr(extra_data):
    """Tables of the reference, by file name, with units as index."""

    def read(name):
        return pd.read_csv(extra_data / "reference" / "coinr" / name, index_col="uCode").select_dtypes("number")

    return read


@pytest.fixture(scope="module")
def asem(coinr, extra_data):
    """The denominated indicators of 51 countries, 65 values missing, with the groupings of the countries."""
    table = coinr("02_denominated.csv")
    folder = extra_data / "reference" / "coinr"
    units = pd.read_csv(folder / "00_unit_meta.csv", index_col="uCode", keep_default_na=False).loc[table.index]
    direction = pd.read_csv(folder / "input_ASEM_iMeta.csv", index_col="iCode")["Direction"][table.columns]
    groups = {name: units[name].to_numpy(dtype=object) for name in units if name.endswith("_group")}
    names = {"units": tuple(table.index), "indicators": tuple(table.columns), "groups": groups}
    return replace(sheet(table.to_numpy(), direction=direction.to_numpy(dtype=float)), **names)


def correlated(units, missing, seed=0, indicators=4):
    """Indicators which share one factor; a share of the cells is missing."""
    rng = np.random.default_rng(seed)
    whole = rng.standard_normal((units, 1)) + 0.6 * rng.standard_normal((units, indicators))
    return whole, np.where(rng.random(whole.shape) < missing, NAN, whole)


# Columns and groups.


def test_the_group_mean_of_the_reference(asem, coinr):
    expected = coinr("03_imputed.csv")[list(asem.indicators)].to_numpy()
    found = group_mean(asem, group="EurAsia_group")
    assert found.filled.sum() == 65  # 64 values are missing, and a denominator
    np.testing.assert_allclose(found.values, expected, rtol=1e-9, equal_nan=False)


def test_the_mean_of_the_reference(asem, coinr):
    expected = coinr("20_alt_impute_i_mean.csv")[list(asem.indicators)].to_numpy()
    np.testing.assert_allclose(mean(asem).values, expected, rtol=1e-9, equal_nan=False)


@pytest.mark.parametrize("method", FILLING)
def test_every_method_keeps_what_is_present_and_fills_all_of_the_reference(asem, method):
    table = replace(asem, sd=np.full_like(asem.values, 0.25), groups={"all": np.full(51, "one", dtype=object)})
    found = method(table)
    present = ~np.isnan(asem.values)
    np.testing.assert_array_equal(found.values[present], asem.values[present])
    assert (found.sd[present] == 0.25).all()
    np.testing.assert_array_equal(found.filled, ~present)
    assert np.isfinite(found.values).all()
    assert (found.sd[~present] > 0).all()
    np.testing.assert_array_equal(found.complete(table).values, found.values)


def test_medians_are_those_of_pandas(asem):
    frame = pd.DataFrame(asem.values)
    np.testing.assert_allclose(median(asem).values, frame.fillna(frame.median()), rtol=1e-12)
    by_group = frame.fillna(frame.groupby(asem.groups["GDP_group"]).transform("median"))
    np.testing.assert_allclose(group_median(asem, group="GDP_group").values, by_group, rtol=1e-12)


def test_a_unit_without_a_group_is_left_alone():
    group = np.array(["a", None, "a", "b"], dtype=object)
    found = group_mean(replace(sheet(np.array([[1.0], [NAN], [NAN], [NAN]])), groups={"g": group}))
    np.testing.assert_array_equal(found.values.ravel(), [1.0, NAN, 1.0, NAN])
    np.testing.assert_array_equal(found.filled.ravel(), [False, False, True, False])


def test_an_indicator_without_values_stays_missing():
    empty = replace(sheet(np.array([[1.0, NAN], [2.0, NAN], [NAN, NAN]])), groups={"g": np.array([1, 1, 1])})
    for method in FILLING:
        assert np.isnan(method(empty).values[:, 1]).all(), method.__name__
    assert np.isnan(imputations(empty, 3, 1)[:, :, 1]).all()


def test_none_fills_nothing():
    found = none(sheet(np.array([[1.0], [NAN]])))
    assert not found.filled.any()
    np.testing.assert_array_equal(found.values, [[1.0], [NAN]])


def test_a_group_counts_within_its_period():
    panel = replace(
        sheet(np.array([[1.0], [NAN], [10.0], [NAN]])),
        period=np.array([2024, 2024, 2025, 2025]),
        groups={"g": np.array(["a"] * 4, dtype=object)},
    )
    for method in (mean, median, group_mean, group_median):
        assert method(panel).values.ravel().tolist() == [1.0, 1.0, 10.0, 10.0]
        assert method(panel, over="all").values.ravel().tolist() == [1.0, 5.5, 10.0, 5.5]


@pytest.mark.parametrize("method", [mean, median])
def test_the_error_of_a_mean_and_a_median_is_what_they_miss(method):
    """Of 40,000 samples of a normal law, the last value is hidden."""
    drawn = np.random.default_rng(3).standard_normal((12, 40_000))
    hidden = drawn.copy()
    hidden[-1] = NAN
    found = method(sheet(hidden))
    missed = (found.values[-1] - drawn[-1]).std()
    assert np.sqrt((found.sd[-1] ** 2).mean()) == pytest.approx(missed, rel=0.01)


def test_the_error_in_a_group_of_one_comes_from_all():
    group = np.array(["a", "a", "b", "b", "a"], dtype=object)
    found = group_mean(replace(sheet(np.array([[0.0], [2.0], [7.0], [NAN], [NAN]])), groups={"g": group}))
    assert found.sd[4, 0] == pytest.approx(np.sqrt(2.0 * 1.5))
    assert found.sd[3, 0] == pytest.approx(np.std([0.0, 2.0, 7.0], ddof=1) * np.sqrt(2.0))
    assert np.isnan(mean(sheet(np.array([[3.0], [NAN]]))).sd[1, 0])


def test_a_grouping_has_to_be_known(asem):
    with pytest.raises(InputError, match="GDP_group"):
        group_mean(asem, group="GDP_grup")
    with pytest.raises(InputError, match="needs its name"):
        group_mean(asem)
    with pytest.raises(InputError, match="none"):
        group_mean(sheet(np.array([[NAN]])), group="x")


# Rows.


def row_by_hand(values, direction, statistic):
    """The rule, cell by cell."""
    better = values * direction
    low, high = np.nanmin(better, axis=0), np.nanmax(better, axis=0)
    position = (better - low) / (high - low)
    filled = values.copy()
    for row, column in np.argwhere(np.isnan(values)):
        filled[row, column] = (low + statistic(position[row]) * (high - low))[column] * direction[column]
    return filled


@pytest.mark.parametrize(("method", "statistic"), [(row_mean, np.nanmean), (row_median, np.nanmedian)])
def test_a_row_is_filled_where_it_stands(asem, method, statistic):
    expected = row_by_hand(asem.values, asem.direction, statistic)
    np.testing.assert_allclose(method(asem).values, expected, rtol=1e-12)


@pytest.mark.parametrize(("method", "statistic"), [(row_mean, np.nanmean), (row_median, np.nanmedian)])
def test_the_error_of_a_row_is_what_the_rule_misses(asem, method, statistic):
    known, missed = asem.values[:, 0], []
    for row in np.flatnonzero(~np.isnan(known)):
        better = asem.values * asem.direction
        low, high = np.nanmin(better, axis=0), np.nanmax(better, axis=0)
        position = (better[row] - low) / (high - low)
        missed.append((statistic(position[1:]) - position[0]) * (high - low)[0])
    hidden = replace(asem, values=np.vstack([asem.values, asem.values[:1]]), units=(*asem.units, "X"))
    hidden.values[-1, 0] = NAN
    hidden = replace(hidden, sd=np.zeros_like(hidden.values))
    assert method(hidden).sd[-1, 0] == pytest.approx(np.sqrt(np.mean(np.square(missed))))


def test_a_row_looks_at_its_own_node_only():
    three = replace(sheet(np.array([[0.0, 10.0, 0.0], [8.0, 30.0, 4.0], [2.0, 30.0, NAN]])), indicators=("a", "b", "c"))
    assert row_mean(three, within={"a": "x", "b": "y", "c": "y"}).values[2, 2] == 4.0
    assert row_mean(three, within={"a": "x", "b": "y", "c": "x"}).values[2, 2] == 1.0
    assert np.isnan(row_mean(three, within={"a": "x", "b": "x"}).values[2, 2])


def test_a_row_is_turned_by_direction():
    values = np.array([[0.0, 10.0], [1.0, 20.0], [0.25, NAN]])
    assert row_mean(sheet(values, direction=np.array([1.0, -1.0]))).values[2, 1] == 17.5


def test_a_constant_indicator_is_filled_with_its_constant():
    found = row_mean(sheet(np.array([[0.0, 5.0], [1.0, 5.0], [0.5, NAN]])))
    assert (found.values[2, 1], found.sd[2, 1]) == (5.0, 0.0)


# Neighbors.


@pytest.mark.parametrize("weights", ["uniform", "distance"])
@pytest.mark.parametrize("k", [1, 3, 100])
def test_neighbors_are_those_of_scikit_learn(asem, k, weights):
    scale = np.nanstd(asem.values, axis=0, ddof=1)
    oracle = KNNImputer(n_neighbors=k, weights=weights).fit_transform(asem.values / scale) * scale
    np.testing.assert_allclose(knn(asem, k=k, weights=weights).values, oracle, rtol=1e-9)


def test_neighbors_in_raw_units_and_over_the_range(asem):
    oracle = KNNImputer().fit_transform(asem.values)
    np.testing.assert_allclose(knn(asem, scale="none").values, oracle, rtol=1e-9)
    width = np.nanmax(asem.values, axis=0) - np.nanmin(asem.values, axis=0)
    oracle = KNNImputer().fit_transform(asem.values / width) * width
    np.testing.assert_allclose(knn(asem, scale="range").values, oracle, rtol=1e-9)


def test_the_error_of_neighbors_is_that_of_scikit_learn_left_one_out():
    _, values = correlated(40, 0.1)
    scale = np.nanstd(values, axis=0, ddof=1)
    missed = []
    for row in np.flatnonzero(~np.isnan(values[:, 0])):
        scaled = values / scale
        scaled[row, 0] = NAN
        oracle = KNNImputer(n_neighbors=4).fit(np.delete(scaled, row, axis=0))
        missed.append(oracle.transform(scaled[[row]])[0, 0] * scale[0] - values[row, 0])
    found = knn(sheet(values), k=4)
    assert found.sd[found.filled[:, 0], 0] == pytest.approx(np.sqrt(np.mean(np.square(missed))))


def test_equal_neighbors_count_together():
    values = np.array([[0.0, 1.0], [0.0, 3.0], [9.0, 8.0], [0.0, NAN]])
    assert knn(sheet(values), k=1).values[3, 1] == 2.0


def test_a_unit_with_nothing_in_common_takes_the_mean():
    values = np.array([[NAN, NAN, 1.0], [0.0, 2.0, NAN], [1.0, 4.0, NAN]])
    assert knn(sheet(values), k=1).values[0, 1] == 3.0


@settings(max_examples=10)
@given(st.permutations(range(30)))
def test_the_order_of_units_is_irrelevant(order):
    _, values = correlated(30, 0.15)
    group = np.arange(30) % 3
    known = replace(sheet(values), groups={"g": group.astype(object)})
    shuffled = known.rows(np.array(order))
    for method in (mean, median, group_mean, group_median, row_mean, row_median, knn, regression):
        there, back = method(known), method(shuffled)
        np.testing.assert_allclose(back.values, there.values[order], rtol=1e-9)
        np.testing.assert_allclose(back.sd, there.sd[order], rtol=1e-7)


# Declarations.


def test_declarations_are_checked():
    assert list(REGISTRY.faults({"method": "knn", "k": 0})) == [
        "imputation.k must be a whole number, at least 1; found 0."
    ]
    assert list(REGISTRY.faults({"method": "regression", "shrinkage": 1.0})) != []
    assert list(REGISTRY.faults({"method": "row_mean", "within": {"a": 3}})) != []
    assert list(REGISTRY.faults({"method": "group_mean", "group": "GDP_group", "over": "all"})) == []
    for name in REGISTRY.methods:
        assert list(REGISTRY.faults(name)) == []


@pytest.mark.parametrize(
    ("spelling", "name"),
    [
        ("i_mean_grp", "group_mean"),
        ("k nearest neighbours", "knn"),
        ("EM", "regression"),
        ("linear-constant", "linear"),
    ],
)
def test_other_spellings(spelling, name):
    assert REGISTRY.canonical(spelling) == name


def test_defaults_of_declarations_are_those_of_the_functions():
    _, values = correlated(12, 0.2)
    known = replace(sheet(values), groups={"g": np.arange(12) % 2})
    for name, method in REGISTRY.methods.items():
        choice = REGISTRY.choice(name)
        if name not in {"latest", "linear", "constant"}:
            expected = method.apply(known)
            np.testing.assert_array_equal(method.apply(known, **choice.parameters).values, expected.values)
