"""Values divided by a denominator."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecosystem_iq.benchmark.steps.denomination import denominate, denominator_matrix


def test_every_value_is_that_of_coinr(extra_data):
    folder = extra_data / "reference" / "coinr"
    raw, expected = (pd.read_csv(folder / f"{name}.csv", index_col="uCode") for name in ("01_raw", "02_denominated"))
    meta = pd.read_csv(folder / "input_ASEM_iMeta.csv", index_col="iCode").loc[raw.columns, "Denominator"]
    known = pd.read_csv(folder / "input_ASEM_iData.csv", index_col="uCode").loc[raw.index]
    names = [None if pd.isna(name) else name for name in meta]
    divided = [name is not None for name in names]
    matrix = denominator_matrix({name: known[name].to_numpy(dtype=float) for name in set(names) - {None}}, names, 51)
    found = denominate(raw.to_numpy(), matrix, np.where(divided, 1.0, np.nan))
    assert sum(divided) == 17
    np.testing.assert_allclose(found, expected.to_numpy(), rtol=1e-14)


def test_the_scale_says_for_how_many_units_the_result_counts():
    assert denominate(np.array([[6.0]]), np.array([[3000.0]]), np.array([1000.0])) == 2


@pytest.mark.parametrize("denominator", [np.nan, 0.0])
def test_nothing_to_divide_by_leaves_nothing(denominator):
    found = denominate(np.array([[6.0], [6.0]]), np.array([[denominator], [2.0]]), np.array([1.0]))
    np.testing.assert_array_equal(found, [[np.nan], [3.0]])


def test_without_a_scale_there_is_no_denominator():
    found = denominate(np.array([[6.0, np.nan]]), np.full((1, 2), 2.0), np.full(2, np.nan))
    np.testing.assert_array_equal(found, [[6.0, np.nan]])


def test_an_unknown_denominator_is_not_passed_over():
    with pytest.raises(KeyError, match="people"):
        denominator_matrix({}, ["people"], 2)


@given(st.floats(0.01, 1e6), st.floats(0.01, 1e6), st.floats(0.01, 100))
def test_the_unit_of_the_denominator_cancels_against_the_scale(value, denominator, factor):
    one, other = (
        denominate(np.array([[value]]), np.array([[denominator * by]]), np.array([10.0 * by])) for by in (1.0, factor)
    )
    np.testing.assert_allclose(one, other, rtol=1e-12)
