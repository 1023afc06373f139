"""Normalization of panels: statistics of all rows, of each period, of one fixed period."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from normalizing import NAN, column, normalize, panel, scores

from ecosystem_iq.benchmark.steps.normalization import REGISTRY
from ecosystem_iq.errors import InputError

PANEL = [name for name, method in REGISTRY.methods.items() if "over" in method.parameters]


def with_reference(name):
    return {"method": name, **({"reference": "c"} if name == "distance_to_reference" else {})}


@pytest.mark.parametrize("name", PANEL)
def test_a_period_alone_is_a_sheet_of_its_own(name):
    data = panel()
    found = normalize(data, {**with_reference(name), "over": "period"})
    for year in (2021, 2022, 2023):
        rows = data.period == year
        alone = normalize(data.rows(rows), with_reference(name))
        np.testing.assert_array_equal(found.values[rows], alone.values)
        np.testing.assert_array_equal(found.slope[rows], alone.slope)


@pytest.mark.parametrize("name", PANEL)
def test_rows_of_the_reference_period_score_as_they_do_alone(name):
    data = panel()
    found = normalize(data, {**with_reference(name), "reference_period": 2021})
    rows = data.period == 2021
    np.testing.assert_array_equal(found.values[rows], normalize(data.rows(rows), with_reference(name)).values)
    other = data.with_values(np.where(rows[:, None], data.values, data.values * 3))
    np.testing.assert_array_equal(normalize(other, {**with_reference(name), "reference_period": 2021}).values[rows],
                                  found.values[rows])  # fmt: skip


@pytest.mark.parametrize("name", PANEL)
def test_all_periods_together_are_one_sheet(name):
    data = panel()
    found = normalize(data, {**with_reference(name), "over": "all"}).values
    np.testing.assert_array_equal(found, normalize(replace(data, period=None), with_reference(name)).values)


def test_ranks_among_a_fixed_period():
    data = replace(column([1, 2, 3, 0, 2, 2.5, 9]), period=np.array([1, 1, 1, 2, 2, 2, 2]))
    one = {"reference_period": 1}
    assert scores(data, {"method": "rank", **one}).tolist() == [1, 2, 3, 1, 2, 3, 4]
    assert scores(data, {"method": "percentile", **one}).tolist() == [0, 0.5, 1, 0, 0.5, 1, 1]
    assert normalize(data, {"method": "borda", **one}).high.tolist() == [3]


def test_the_reference_of_all_periods_is_the_units_mean():
    data = replace(column([0, 4, 2, 8]), units=("a", "b", "a", "b"), period=np.array([1, 1, 2, 2]))
    assert scores(data, {"method": "dist2ref", "reference": "b"}).tolist() == [0, 4 / 6, 2 / 6, 8 / 6]


def test_a_reason_names_its_periods():
    data = replace(column([1, 1, 2, 3]), period=np.array([2021.0, 2021.0, 2022.0, 2022.0]))
    found = normalize(data, {"method": "minmax", "over": "period"})
    assert found.reasons == {"0": "all values are equal in 2021"}
    np.testing.assert_array_equal(found.values.ravel(), [NAN, NAN, 0, 100])


@pytest.mark.parametrize(
    "period",
    [
        np.array(["2023-01-01", "2024-01-01"], dtype="datetime64[ns]"),
        np.array(["2023-01-01", "2024-01-01"]),
        np.array(["2023-01-01", "2024-01-01"], dtype=object),
    ],
)
def test_periods_of_any_type(period):
    data = replace(column([1, 2, 3, 9]), period=np.repeat(period, 2))
    assert scores(data, {"method": "minmax", "reference_period": "2023-01-01"}).tolist() == [0, 100, 200, 800]


def test_an_unknown_period():
    data = replace(column([1, 2]), period=np.array([2021, 2022]))
    with pytest.raises(InputError, match=r'No row is of the reference period "1999". Known: 2021, 2022.'):
        normalize(data, {"method": "minmax", "reference_period": 1999})
    with pytest.raises(InputError, match="Known: none"):
        normalize(column([1, 2]), {"method": "rank", "reference_period": 1999})
