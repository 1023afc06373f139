"""The steps one after the other: who is imputed, what is treated when, and what an interval knows of it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from composites import tree_of

from ecosystem_iq.benchmark import score
from ecosystem_iq.benchmark.framework import parse_framework
from ecosystem_iq.benchmark.matrix import score_matrix
from ecosystem_iq.errors import FrameworkError

NAN = np.nan
FLAT = parse_framework(tree_of({}, {"a": "composite", "b": "composite", "c": "composite"}))
MINMAX = {"method": "minmax", "range": [0, 100]}
TAIL = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 90.0]


def wide(rows, names=("a", "b", "c"), **more):
    """One row a company."""
    table = pd.DataFrame(rows, columns=list(names), dtype=float)
    return table.assign(company_id=[f"c{k}" for k in range(len(table))], **more)


def long(rows, names=("a", "b", "c"), **more):
    return wide(rows, names).melt("company_id", var_name="indicator_id").assign(**more)


def built(values, framework=FLAT, **steps):
    return score_matrix(values, framework.with_steps(**steps)).built


def test_nothing_happens_by_default_but_the_scale():
    rows = [[10, 20, 30], [40, NAN, 60]]
    found = built(wide(rows))
    for name in ("denominated", "imputed", "screened", "treated", "normalized"):
        np.testing.assert_array_equal(getattr(found, name), rows)
    np.testing.assert_array_equal(found.slope, [[1, 1, 1], [1, NAN, 1]])
    assert not found.filled.any()
    assert found.kept.kept_units.all()
    assert set(found.points.ravel()) == {""}


def test_every_indicator_may_be_treated_and_scaled_by_a_choice_of_its_own():
    rows = np.column_stack([TAIL, TAIL, TAIL])
    found = built(
        wide(rows),
        treatment={"method": "winsorize", "winmax": 1, "each": {"a": "none", "c": "log_plus"}},
        normalization=MINMAX | {"each": {"b": {"method": "zscore", "mean": 50, "sd": 10}}},
    )
    np.testing.assert_array_equal(found.treated[:, 0], TAIL)
    np.testing.assert_array_equal(found.treated[:, 1], [*TAIL[:7], 7])
    np.testing.assert_allclose(found.treated[:, 2], np.log(np.array(TAIL) - 1 + 0.01 * 89))
    assert found.treatment["indicator_id"].tolist() == ["a", "b", "c"]
    assert found.points[-1].tolist() == ["", "high", found.points[0, 2]]
    assert found.points[0, 2] != ""
    np.testing.assert_allclose(found.normalized[[0, -1], 0], [0, 100])
    treated = found.treated[:, 1]
    np.testing.assert_allclose(found.normalized[:, 1], 50 + 10 * (treated - treated.mean()) / treated.std(ddof=1))
    assert found.low.tolist() == [0, -np.inf, 0]
    assert found.high.tolist() == [100, np.inf, 100]


def test_a_choice_of_ones_own_is_the_same_as_the_choice_for_all():
    rows = np.random.default_rng(0).lognormal(0, 2, (20, 3))
    one, other = (
        built(wide(rows), treatment=treatment, normalization=MINMAX)
        for treatment in (
            {"method": "winsorize", "winmax": 2},
            {"method": "none", "each": {name: {"method": "winsorize", "winmax": 2} for name in "abc"}},
        )
    )
    for name in ("treated", "normalized", "slope", "points"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))


def test_goalposts_for_one_indicator_among_scales_of_the_sample():
    source = FLAT.source | {"normalization": MINMAX | {"each": {"a": "goalposts"}}}
    found = built(wide([[10, 10, 10], [20, 20, 20]]), parse_framework(source))
    np.testing.assert_array_equal(found.normalized, [[10, 0, 0], [20, 100, 100]])


@pytest.mark.parametrize("step", ["treatment", "normalization"])
def test_a_choice_for_an_unknown_indicator_is_a_fault(step):
    with pytest.raises(FrameworkError, match=rf"{step}\.each\.z is not an indicator"):
        FLAT.with_steps(**{step: {"method": "none", "each": {"z": "none"}}})


@pytest.mark.parametrize("step", ["screening", "imputation", "weights", "aggregation"])
def test_a_choice_for_single_indicators_where_there_is_none_is_a_fault(step):
    method = {"screening": "none", "imputation": "mean", "weights": "equal", "aggregation": "arithmetic"}[step]
    with pytest.raises(FrameworkError, match=rf"{step}\.each is unknown"):
        FLAT.with_steps(**{step: {"method": method, "each": {"a": method}}})


def test_screening_takes_companies_and_indicators_out_before_anything_is_estimated():
    rows = [[10, 20, NAN], [30, 40, NAN], [50, 60, 70], [90, NAN, NAN]]
    steps = {"screening": {"method": "missing", "units": 0.5, "indicators": 0.5}, "imputation": "mean"}
    found = score(wide(rows), FLAT.with_steps(**steps), draws=50)
    kept = found.matrix.built.kept
    assert kept.kept_indicators.tolist() == [True, True, False]
    assert kept.kept_units.tolist() == [True, True, True, False]
    assert found.stages["screened"]["c"].isna().all()
    assert found.nodes["composite"].tolist() == pytest.approx([15, 35, 55, NAN], nan_ok=True)
    table = found.table.set_index("company_id")
    assert table["ranked"].to_dict() == {"c0": True, "c1": True, "c2": True, "c3": False}
    assert table["data_coverage"].tolist() == [1, 1, 1, 0]


def test_who_is_screened_out_does_not_set_the_scale_or_the_mean_of_the_others():
    rows = [[0, 0, NAN], [50, 50, 50], [100, 100, 100], [9999, NAN, NAN]]
    steps = {"screening": {"method": "missing", "units": 0.5}, "imputation": "mean", "normalization": MINMAX}
    found = score(wide(rows), FLAT.with_steps(**steps), draws=5)
    np.testing.assert_array_equal(found.stages["normalized"]["a"], [0, 50, 100, NAN])
    assert found.stages["imputed"].loc["c0", "c"] == 75


def panel(years):
    return pd.concat([wide(rows).assign(period=year) for year, rows in years.items()], ignore_index=True)


def test_outliers_are_those_of_their_period():
    low, high = np.array(TAIL), np.array(TAIL) + 100.0
    values = panel({2020: np.column_stack([low] * 3), 2021: np.column_stack([high] * 3)})
    found = score(values, FLAT.with_steps(treatment={"method": "winsorize", "winmax": 1}), draws=5)
    treated = found.stages["treated"]["a"]
    assert treated.xs(2020, level="period").max() == 7
    assert treated.xs(2021, level="period").max() == 107
    alone = score(wide(np.column_stack([high] * 3)), FLAT.with_steps(treatment={"method": "winsorize", "winmax": 1}))
    np.testing.assert_array_equal(treated.xs(2021, level="period"), alone.stages["treated"]["a"])


def test_the_record_of_treatment_has_one_row_an_indicator_and_period():
    values = panel({2020: np.column_stack([TAIL] * 3), 2021: np.column_stack([TAIL] * 3)})
    record = built(values, treatment={"method": "winsorize", "winmax": 1}).treatment
    assert record[["indicator_id", "period"]].drop_duplicates().shape == (6, 2)


def test_the_scale_is_that_of_all_periods_or_of_each():
    values = panel({2020: [[0, 0, 0], [50, 50, 50]], 2021: [[50, 50, 50], [100, 100, 100]]})
    whole = score(values, FLAT.with_steps(normalization=MINMAX), draws=5).stages["normalized"]["a"]
    each = score(values, FLAT.with_steps(normalization=MINMAX | {"over": "period"}), draws=5).stages["normalized"]["a"]
    assert whole.tolist() == [0, 50, 50, 100]  # by company, then period
    assert each.tolist() == [0, 0, 100, 100]


def test_imputation_goes_over_time_before_the_scale_is_set():
    years = {2018: [[0, 10, 10], [10, 0, 0]], 2019: [[NAN, 10, 10], [20, 0, 0]], 2020: [[40, 10, 10], [NAN, 0, 0]]}
    found = score(panel(years), FLAT.with_steps(imputation="linear", normalization=MINMAX), draws=100)
    imputed = found.stages["imputed"]["a"]
    assert imputed["c0"].tolist() == [0, 20, 40]
    assert imputed["c1"].tolist() == [10, 20, 20]
    assert found.stages["normalized"].loc[("c1", 2020), "a"] == 50
    latest = score(panel(years), FLAT.with_steps(imputation="latest"), draws=5).stages["imputed"]["a"]
    assert latest["c0"].tolist() == [0, 0, 40]


def test_only_the_latest_period_is_ranked():
    years = {2020: [[90, 90, 90], [10, 10, 10]], 2021: [[20, 20, 20], [60, 60, 60]]}
    found = score(panel(years), FLAT, draws=20)
    assert found.table["company_id"].tolist() == ["c1", "c0"]
    assert len(found.stages["aggregated"]) == 4
    assert found.nodes["composite"].tolist() == pytest.approx([20, 60])
    assert found.explain("c0")["value"].tolist() == [20, 20, 20]


FILLED = ["mean", "median", "knn", "regression", "multiple", "row_mean"]


def spread_out(units=30, seed=1):
    rng = np.random.default_rng(seed)
    rows = rng.uniform(20, 80, (units, 1)) + rng.normal(0, 8, (units, 3))
    return np.clip(rows, 1, 99)


@pytest.mark.parametrize("method", FILLED)
def test_what_is_not_disclosed_is_never_imputed_and_never_pays(method):
    rows = spread_out()
    rows[0] = [95, 94, 3]
    values = long(rows)
    hidden = (values["company_id"] == "c0") & (values["indicator_id"] == "c")
    state = np.where(hidden, "not_disclosed", "scored")
    framework = FLAT.with_steps(imputation=method)
    shown, withheld = (
        score(v, framework, draws=20) for v in (values, values.assign(state=state, value=values["value"].mask(hidden)))
    )
    assert not withheld.matrix.built.filled.any()
    assert np.isnan(withheld.stages["imputed"].loc["c0", "c"])
    assert withheld.stages["normalized"].loc["c0", "c"] == 0
    assert withheld.nodes.loc["c0", "composite"] < shown.nodes.loc["c0", "composite"]
    assert withheld.nodes.loc["c0", "composite"] == pytest.approx((95 + 94) / 3)


@pytest.mark.parametrize("method", FILLED)
def test_what_does_not_apply_is_never_imputed(method):
    values = long(spread_out())
    away = (values["company_id"] == "c3") & (values["indicator_id"] == "b")
    state = np.where(away, "not_applicable", "scored")
    values = values.assign(state=state, value=values["value"].mask(away))
    found = score(values, FLAT.with_steps(imputation=method), draws=20)
    assert np.isnan(found.stages["normalized"].loc["c3", "b"])
    assert found.nodes.loc["c3", "composite"] == pytest.approx(found.stages["normalized"].loc["c3", ["a", "c"]].mean())


@pytest.mark.parametrize("method", FILLED)
def test_a_filled_cell_widens_the_interval(method):
    values = long(spread_out(), se=0.0, method="computed")
    gap = (values["company_id"] == "c5") & (values["indicator_id"] == "a")
    framework = FLAT.with_steps(imputation=method)
    tables = [
        score(v, framework, draws=400).table.set_index("company_id")
        for v in (values, values.assign(value=values["value"].mask(gap)))
    ]
    width = [table["composite_high"] - table["composite_low"] for table in tables]
    assert width[0].max() == 0
    assert width[1]["c5"] > 2
    assert width[1].drop("c5").max() == 0
    assert tables[1].loc["c5", "data_coverage"] == pytest.approx(2 / 3)


def test_a_guess_from_near_by_is_surer_than_the_mean_and_both_than_nothing():
    values = long(spread_out(60), se=0.0, method="computed")
    values["value"] = values["value"].mask((values["company_id"] == "c7") & (values["indicator_id"] == "a"))
    sd = {
        method: score(values, FLAT.with_steps(imputation=method), draws=5).matrix.sd[:, 0].max()
        for method in ("mean", "regression")
    }
    assert 0 < sd["regression"] < sd["mean"] < 25


def test_the_error_of_a_value_follows_the_scale_and_the_logarithm():
    rows = np.column_stack([np.geomspace(1, 100, 9)] * 3)
    values = long(rows, se=0.5, method="computed")
    plain, logged = (
        score_matrix(values, FLAT.with_steps(treatment=treatment, normalization=MINMAX)).sd[:, 0]
        for treatment in ("none", {"method": "log_plus", "force": True})
    )
    np.testing.assert_allclose(plain, 0.5 * 100 / 99)
    assert (np.diff(logged) < 0).all()  # half a unit is much of a low value and little of a high one


def test_an_indicator_without_variation_has_no_score_and_says_why():
    found = built(wide([[5, 10, 20], [5, 30, 40]]), normalization=MINMAX)
    assert np.isnan(found.normalized[:, 0]).all()
    assert list(found.reasons) == ["a"]
    card = score(wide([[5, 10, 20], [5, 30, 40]]), FLAT.with_steps(normalization=MINMAX), draws=5)
    assert card.nodes["composite"].tolist() == pytest.approx([0, 100])


def test_steps_do_not_hang_on_the_order_of_rows_or_indicators():
    rows = spread_out(25)
    rows[3, 1] = NAN
    values = long(rows)
    steps = {"imputation": "knn", "treatment": {"method": "winsorize", "winmax": 3}, "normalization": MINMAX}
    turned = parse_framework(FLAT.source | {"indicator": FLAT.source["indicator"][::-1]})
    one = score(values, FLAT.with_steps(**steps), draws=5).nodes["composite"]
    other = score(values.sample(frac=1, random_state=0), turned.with_steps(**steps), draws=5).nodes["composite"]
    np.testing.assert_allclose(one, other, rtol=1e-12)
