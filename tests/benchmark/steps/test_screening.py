"""Who has enough data."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from ecosystem_iq.benchmark.steps.screening import (
    REGISTRY,
    by_missing,
    by_missing_and_zeros,
    by_zeros,
    node_availability,
    none,
)
from ecosystem_iq.benchmark.steps.sheet import sheet

NAMES = {
    "missing": "N_missing",
    "zeros": "N_zero",
    "missing_or_zero": "N_miss_or_zero",
    "availability": "Dat_Avail",
    "nonzero_share": "Non_Zero",
    "low_data": "LowData",
    "low_nonzero": "LowNonZero",
    "kept": "Included",
}
NAN = np.nan
SOME = sheet(np.array([[1.0, 2.0, 3.0, 4.0], [0.0, 0.0, 0.0, 1.0], [NAN, NAN, 1.0, 0.0], [NAN, NAN, NAN, NAN]]))


def reference(extra_data, name):
    return pd.read_csv(extra_data / "reference" / "coinr" / f"{name}.csv", index_col="uCode")


@pytest.mark.parametrize(
    ("values", "summary", "dropped"),
    [("01_raw", "10_screen_raw_byNA_0.90", 5), ("03_imputed", "04_screened_summary", 0)],
)
def test_units_are_kept_as_coinr_keeps_them(values, summary, dropped, extra_data):
    expected = reference(extra_data, summary)[list(NAMES.values())].to_numpy(dtype=float)
    found = by_missing(sheet(reference(extra_data, values).to_numpy(dtype=float)), units=0.9)
    np.testing.assert_allclose(found.units[list(NAMES)].to_numpy(dtype=float), expected, rtol=1e-14)
    assert (~found.kept_units).sum() == dropped


def test_an_unchanged_sheet_is_what_passes_the_screen(extra_data):
    imputed = reference(extra_data, "03_imputed").to_numpy(dtype=float)
    kept = by_missing(sheet(imputed), units=0.9)
    screened = imputed[kept.kept_units][:, kept.kept_indicators]
    np.testing.assert_array_equal(screened, reference(extra_data, "04_screened").to_numpy(dtype=float))


def test_availability_is_that_of_coinr(extra_data):
    raw = reference(extra_data, "01_raw")
    expected = reference(extra_data, "10_data_avail_raw_summary")
    table = none(sheet(raw.to_numpy(dtype=float))).units[list(NAMES)[:5]]
    np.testing.assert_allclose(table.to_numpy(dtype=float), expected.to_numpy(dtype=float), rtol=1e-14)


def test_availability_by_node_is_that_of_coinr(extra_data):
    raw, expected = reference(extra_data, "01_raw"), reference(extra_data, "10_data_avail_raw_bygroup")
    parents = pd.read_csv(extra_data / "reference" / "coinr" / "input_ASEM_iMeta.csv", index_col="iCode")["Parent"]
    nodes = {name: [] for name in expected.columns}
    for at, indicator in enumerate(raw.columns):
        above = parents[indicator]
        while isinstance(above, str):
            nodes[above].append(at)
            above = parents.get(above)
    found = node_availability(raw.to_numpy(dtype=float), nodes)
    np.testing.assert_allclose(found.to_numpy(), expected.to_numpy(), rtol=1e-14)


def test_a_share_at_the_threshold_is_enough():
    assert by_missing(SOME, units=0.5).kept_units.tolist() == [True, True, True, False]
    assert by_missing(SOME, units=0.51).kept_units.tolist() == [True, True, False, False]
    assert by_zeros(SOME, nonzero=0.25).kept_units.tolist() == [True, True, True, True]
    assert by_zeros(SOME, nonzero=0.26).kept_units.tolist() == [True, False, True, True]


def test_a_unit_without_any_value_lacks_data_and_not_nonzero_values():
    row = by_zeros(SOME).units.iloc[3]
    assert np.isnan(row["nonzero_share"])
    assert (row["low_data"], row["low_nonzero"]) == (True, False)


def test_both_rules_together_leave_out_what_either_does():
    both = by_missing_and_zeros(SOME, units=0.6, nonzero=0.3)
    assert both.kept_units.tolist() == [True, False, False, False]


def test_force_is_stronger_than_data():
    found = by_missing(SOME, units=0.6, force={"0": False, "3": True})
    assert found.kept_units.tolist() == [False, True, False, True]
    assert found.units["kept"].tolist() == found.kept_units.tolist()


def test_indicators_are_screened_by_their_own_share():
    values = np.array([[1.0, NAN, 0.0], [1.0, NAN, 0.0], [1.0, 2.0, NAN]])
    found = by_missing(sheet(values), indicators=0.6)
    assert found.kept_indicators.tolist() == [True, False, True]
    assert found.indicators["indicator_id"].tolist() == ["0", "1", "2"]
    assert found.indicators["missing"].tolist() == [0, 2, 1]


def test_without_screening_everyone_takes_part():
    found = none(SOME)
    assert found.kept_units.all()
    assert found.kept_indicators.all()


@pytest.mark.parametrize("name", ["byNA", "by_missing", "missing"])
def test_names_of_coinr_are_understood(name):
    choice = REGISTRY.choice({"method": name, "units": 0.9})
    assert choice.method == "missing"
    assert REGISTRY.methods["missing"].apply(SOME, **choice.parameters).kept_units.sum() == 2


def test_every_method_runs_with_its_defaults():
    for name, method in REGISTRY.methods.items():
        assert len(method.apply(SOME, **REGISTRY.choice(name).parameters).kept_units) == 4


def test_faults_are_found_before_data_are_read():
    faults = list(REGISTRY.faults({"method": "missing", "units": 1.5, "force": {"a": "yes"}, "nonzero": 0.1}))
    assert [fault.split(" ")[0] for fault in faults] == ["screening.units", "screening.force", "screening.nonzero"]
