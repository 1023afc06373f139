"""Outliers: what is moved, what is transformed, and what is written down of it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from ecosystem_iq.benchmark.steps import transforms
from ecosystem_iq.benchmark.steps.power import box_cox_exponent, yeo_johnson_exponent
from ecosystem_iq.benchmark.steps.sheet import sheet
from ecosystem_iq.benchmark.steps.transforms import TRANSFORMS
from ecosystem_iq.benchmark.steps.treatment import REGISTRY, boxcox, iqr, mad, none, winsorize

NAN = np.nan
TAIL = np.array([1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 90.0, 91.0])
STAGES = {"_before": "check_SkewKurt0", "_winsorized": "check_SkewKurt1", "": "check_SkewKurt2"}


def column(*values):
    return sheet(np.array(values, dtype=float)[:, None])


def ragged(seed, units=60, indicators=30):
    """Columns of many shapes: tails to either side, ties, missing values, a constant, an empty one."""
    rng = np.random.default_rng(seed)
    values = rng.standard_t(1.5, size=(units, indicators)) * rng.choice([1e-6, 1, 1e6], indicators)
    values[:, ::3] = np.round(rng.lognormal(0, 1.5, size=values[:, ::3].shape))
    values[:, 1::6] *= -1
    values[rng.random(values.shape) < 0.2] = NAN
    values[:, -1], values[:, -2] = 7.0, NAN
    return values


def of(held):
    """Values of a sheet or a result."""
    return np.asarray(held.values)


def applied(name, data, **source):
    choice = REGISTRY.choice({"method": name, **source})
    return REGISTRY.methods[choice.method].apply(data, **choice.parameters)


def reference(extra_data, name):
    return pd.read_csv(extra_data / "reference" / "coinr" / f"{name}.csv", index_col=0)


def brute_force(values, winmax, skew=2.0, kurtosis=3.5):
    """The definition, one value after the other: the winsorized values and how many of them were moved."""
    values, raw = values.copy(), values.copy()
    while (values != raw).sum() < winmax:
        if len(values) < 4 or np.ptp(values) == 0:
            break
        g1, g2 = stats.skew(values, bias=False), stats.kurtosis(values, bias=False)
        if abs(g1) < skew or g2 < kurtosis or len(np.unique(values)) == 2:
            break
        end, inner = (
            (values.max(), values[values < values.max()].max())
            if g1 >= 0
            else (values.min(), values[values > values.min()].min())
        )
        values[values == end] = inner
    return values, int((values != raw).sum())


@pytest.fixture(scope="module")
def screened(extra_data):
    frame = reference(extra_data, "04_screened")
    return replace(sheet(frame.to_numpy(dtype=float)), indicators=tuple(frame.columns))


@pytest.mark.parametrize(("name", "winmax", "logs"), [("05_treated", 5, 0), ("22_alt_treat_winmax1", 1, 11)])
def test_every_value_and_every_figure_is_that_of_coinr(name, winmax, logs, screened, extra_data):
    treated = winsorize(screened, winmax=winmax)
    np.testing.assert_allclose(of(treated), reference(extra_data, name).to_numpy(dtype=float), rtol=1e-13)
    details, record = reference(extra_data, f"{name}_details"), treated.record.set_index("indicator_id")
    np.testing.assert_array_equal(record["winsorized"], details["winsorise.nwin"].fillna(0))
    for ours, theirs in STAGES.items():
        if f"{theirs}.Pass" in details:
            there = details[f"{theirs}.Pass"].notna()
            expected = details.loc[there, [f"{theirs}.{part}" for part in ("Pass", "Skew", "Kurt")]].astype(float)
            found = record.loc[there, [f"{part}{ours}" for part in ("passed", "skew", "kurtosis")]].astype(float)
            np.testing.assert_allclose(found.to_numpy(), expected.to_numpy(), rtol=1e-10)
    assert (record["transform"] == "log").sum() == logs


@pytest.mark.parametrize(("name", "winmax", "moved"), [("05_treated", 5, 35), ("22_alt_treat_winmax1", 1, 4)])
def test_every_point_is_marked_as_coinr_marks_it(name, winmax, moved, screened, extra_data):
    marks = reference(extra_data, f"{name}_points").astype(object).fillna("")
    found = winsorize(screened, winmax=winmax).points
    # A log is taken of the raw value: that it was winsorized before, in vain, is not a mark of the point.
    ours = {"": "", "winhi": "high", "winlo": "low", "+log_CT": "log", "winhi+log_CT": "log", "winlo+log_CT": "log"}
    expected = marks.replace(ours).to_numpy(dtype=str)
    np.testing.assert_array_equal(found, expected)
    assert np.isin(found, ["high", "low"]).sum() == moved


def test_two_indicators_fail_even_after_the_log(screened):
    record = winsorize(screened, winmax=1).record
    assert record.loc[~record["passed"], "indicator_id"].tolist() == ["ForPort", "CultServ"]


@pytest.mark.parametrize("winmax", [0, 1, 2, 5, 1000])
@pytest.mark.parametrize("seed", range(3))
def test_winsorizing_is_its_definition_one_value_after_the_other(winmax, seed):
    data = ragged(seed)
    found = winsorize(sheet(data), winmax=winmax, then="none")
    for at, values in enumerate(data.T):
        there = ~np.isnan(values)
        expected, moved = brute_force(values[there], winmax)
        np.testing.assert_array_equal(of(found)[there, at], expected)
        assert found.record["winsorized"][at] == moved
        assert np.isnan(of(found)[~there, at]).all()


def test_the_record_tells_of_the_values_returned():
    treated = winsorize(sheet(ragged(5)), winmax=1)
    expected = none(sheet(of(treated))).record
    for name in ("skew", "kurtosis"):
        np.testing.assert_allclose(treated.record[name], expected[f"{name}_before"], rtol=1e-9)
    assert set(treated.record["transform"]) == {"", "log"}


def test_a_value_is_not_lost_among_far_larger_ones():
    # What remains after the outliers is 1e15 times smaller than they.
    inner = np.random.default_rng(0).lognormal(size=40)
    found = winsorize(column(*inner, 1e15, 3e15, -2e15), then="none").record.iloc[0]
    expected = brute_force(np.array([*inner, 1e15, 3e15, -2e15]), 1000)[0]
    assert found["winsorized"] >= 3
    np.testing.assert_allclose(found["skew"], stats.skew(expected, bias=False), rtol=1e-10)
    np.testing.assert_allclose(found["kurtosis"], stats.kurtosis(expected, bias=False), rtol=1e-10)


def test_ties_move_together_and_past_the_limit():
    data = column(*range(20), 500, 500, 500)
    assert winsorize(data, winmax=1, then="none").record["winsorized"].item() == 3


def test_two_values_stay_two_values():
    treated = winsorize(column(*[0.0] * 30, 1.0), then="none")
    assert (of(treated)[-1], treated.record["winsorized"].item(), treated.record["passed"].item()) == (1, 0, False)


def test_what_cannot_be_judged_is_left_alone():
    data = sheet(np.array([[1.0, 5.0, NAN], [2.0, 5.0, NAN], [900.0, 5.0, NAN]]))
    for name in REGISTRY.methods:
        if name not in ("mad", "iqr"):
            np.testing.assert_array_equal(of(applied(name, data)), of(data))


@pytest.mark.parametrize("name", TRANSFORMS)
def test_force_leaves_constants_and_empty_indicators_as_they_are(name):
    data = sheet(np.array([[5.0, NAN, 1.0], [5.0, NAN, 4.0], [5.0, NAN, 9.0]]))
    treated = applied(name, data, force=True)
    np.testing.assert_array_equal(of(treated)[:, :2], of(data)[:, :2])
    assert treated.record["transform"].tolist() == ["", "", name]
    assert treated.slope[:, 0].tolist() == [1, 1, 1]


@pytest.mark.parametrize("name", ["winsorize", "mad", "iqr", "none"])
def test_a_moved_or_unchanged_value_has_slope_one(name):
    data = ragged(2)
    treated = applied(name, sheet(data), **({"then": "none"} if name == "winsorize" else {}))
    np.testing.assert_array_equal(treated.slope, np.where(np.isnan(data), NAN, 1.0))
    np.testing.assert_array_equal(treated.points != "", (of(treated) != data) & ~np.isnan(data))
    assert (treated.record["winsorized"] == (treated.points != "").sum(axis=0)).all()
    assert not treated.record["transform"].any()


@pytest.mark.parametrize("name", TRANSFORMS)
def test_slopes_are_derivatives_and_the_order_stays(name):
    values = np.linspace(-1.5, 4, 30) ** 3 if name != "log_gii" else np.linspace(0, 4, 30) ** 3
    low, high = values.min(), values.max()
    step = 1e-6
    inner = (values > low) & (values < high)
    treated = applied(name, column(*values), force=True)
    # Nudge one value at a time; the ends, which the transform is scaled by, stay.
    for at in np.flatnonzero(inner)[::7]:
        if name in {"boxcox", "yeo_johnson", "log_plus"}:  # their parameter is estimated: hold it
            continue
        nudged = values.copy()
        nudged[at] += step
        change = of(applied(name, column(*nudged), force=True))[at] - of(treated)[at]
        np.testing.assert_allclose(treated.slope[at], change / step, rtol=1e-3)
    assert (np.diff(of(treated)[:, 0]) > 0).all()
    assert (treated.slope > 0).all()
    assert set(treated.points[:, 0]) == {name}


@pytest.mark.parametrize("name", ["boxcox", "yeo_johnson"])
def test_slopes_of_power_transforms_are_derivatives_at_a_held_exponent(name):
    values = np.linspace(-1.5, 4, 30) ** 3
    pair = TRANSFORMS[name](values[:, None])
    if name == "boxcox":
        held = box_cox_exponent((values - values.min() + 1)[:, None]).item()
        function = lambda x: stats.boxcox(x - values.min() + 1, held)  # noqa: E731
    else:
        held = yeo_johnson_exponent(values[:, None]).item()
        function = lambda x: stats.yeojohnson(x, held)  # noqa: E731
    np.testing.assert_allclose(pair[0][:, 0], function(values), rtol=1e-10, atol=1e-12)
    change = (function(values[1:] + 1e-6) - function(values[1:] - 1e-6)) / 2e-6
    np.testing.assert_allclose(pair[1][1:, 0], change, rtol=1e-6)


def test_the_innovation_index_log_is_applied():
    # Reference behavior not copied: there, the transform is computed and the untouched values are returned.
    treated = applied("log_GII", column(*TAIL), force=True)
    expected = np.log(90 * (TAIL - 1) / 90 + 1)
    np.testing.assert_allclose(of(treated)[:, 0], expected, rtol=1e-14)
    np.testing.assert_allclose(treated.slope[:, 0], 1 / TAIL, rtol=1e-14)
    then = winsorize(column(*np.exp(np.arange(12.0))), winmax=0, then="log_gii")
    assert then.record["transform"].item() == "log_gii"
    assert of(then).max() == pytest.approx(11)


def test_the_innovation_index_log_needs_a_maximum_above_one():
    treated = applied("log_gii", column(0.1, 0.2, 0.9), force=True)
    assert of(treated)[:, 0].tolist() == [0.1, 0.2, 0.9]
    assert treated.record["transform"].item() == ""
    assert treated.points.tolist() == [[""], [""], [""]]
    small = column(*TAIL / 100)
    treated = winsorize(small, winmax=0, then="log_gii", skew=1, kurtosis=1)
    assert not treated.record["passed"].item()
    np.testing.assert_array_equal(of(treated), of(small))
    assert treated.record["skew"].item() == treated.record["skew_before"].item()


def test_another_first_method_gets_its_own_parameters_alone():
    # Reference behavior not copied: there, parameters of winsorizing reach any other method, which then fails, and
    # every indicator is returned untreated.
    data = column(*np.exp(np.linspace(0, 20, 30)))
    assert list(REGISTRY.faults("boxcox")) == []
    treated = applied("boxcox", data)
    assert treated.record["transform"].item() == "boxcox"
    np.testing.assert_allclose(of(treated)[:, 0], stats.boxcox(of(data)[:, 0])[0], rtol=1e-6)
    faults = list(REGISTRY.faults({"method": "boxcox", "winmax": 5}))
    assert len(faults) == 1
    assert faults[0].startswith("treatment.winmax is unknown.")


@pytest.mark.parametrize(("source", "moved"), [({"winmax": 3}, 3), ({}, 1)])
def test_force_treats_an_indicator_which_passes(source, moved):
    # Reference behavior not copied: there, force is ignored for an indicator which passes.
    data = column(*range(12))
    assert winsorize(data, **source).record["winsorized"].item() == 0
    record = winsorize(data, force=True, **source).record
    assert (record["winsorized"].item(), record["passed_before"].item(), record["transform"].item()) == (
        moved,
        True,
        "",
    )
    assert applied("log", data, force=True).record["transform"].item() == "log"
    assert applied("log", data).record["transform"].item() == ""


def test_combined_treatment_transforms_the_winsorized_values():
    data = column(*np.exp(np.linspace(0, 30, 30)))
    alone, both = (winsorize(data, winmax=2, combine=combine) for combine in (False, True))
    clipped = np.clip(of(data), None, of(data)[-3])
    np.testing.assert_allclose(of(both), transforms.log(clipped)[0])
    np.testing.assert_allclose(of(alone), transforms.log(of(data))[0])
    assert both.points[:, 0].tolist() == ["log"] * 28 + ["high"] * 2
    assert set(alone.points[:, 0]) == {"log"}


def test_log_plus_mirrors_a_tail_to_the_left():
    left, right = applied("log_plus", column(*-TAIL), force=True), applied("log_plus", column(*TAIL), force=True)
    np.testing.assert_allclose(of(left), -of(right), rtol=1e-12)
    np.testing.assert_allclose(left.slope, right.slope, rtol=1e-12)
    np.testing.assert_array_equal(of(right), of(applied("log", column(*TAIL), force=True)))


@pytest.mark.parametrize("seed", range(4))
def test_exponents_of_highest_likelihood_are_those_of_scipy(seed):
    rng = np.random.default_rng(seed)
    columns = [
        rng.lognormal(0, 1, 60), rng.normal(0, 1e4, 60), -rng.lognormal(0, 2, 60), rng.gamma(2, size=60),
        (rng.random(60) < 0.2) * 1.0, np.r_[np.zeros(20), rng.normal(size=40)], np.r_[0, -rng.gamma(3, size=59)],
    ]  # fmt: skip
    values = np.column_stack(columns)
    expected = [stats.yeojohnson_normmax(c) for c in columns]
    np.testing.assert_allclose(yeo_johnson_exponent(values), expected, rtol=1e-6, atol=1e-6)
    shifted = values - values.min(axis=0) + 1
    expected = [stats.boxcox_normmax(c, method="mle") for c in shifted.T]
    np.testing.assert_allclose(box_cox_exponent(shifted), expected, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("offset", [-1e6, 1e3, 1e9])
def test_power_transforms_of_values_far_from_zero_stay_apart(offset):
    values = offset + np.random.default_rng(0).lognormal(size=(50, 1))
    treated, slope = transforms.yeo_johnson(values)
    assert np.isfinite(treated).all()
    assert (slope > 0).all()
    np.testing.assert_array_equal(np.argsort(treated[:, 0]), np.argsort(values[:, 0]))


def test_missing_values_are_left_out_of_the_exponent():
    values = np.random.default_rng(3).lognormal(size=(50, 1))
    gaps = np.insert(values, [10, 20, 50], NAN, axis=0)
    for exponent in (box_cox_exponent, yeo_johnson_exponent):
        np.testing.assert_allclose(exponent(gaps), exponent(values), rtol=1e-9)


def test_a_given_exponent_is_used():
    treated = boxcox(column(*TAIL), exponent=0, force=True)
    np.testing.assert_allclose(of(treated)[:, 0], np.log(TAIL))


def test_fences_are_those_of_scipy():
    values = ragged(4)[:, :-2]
    by_mad, by_iqr = of(mad(sheet(values), factor=2)), of(iqr(sheet(values)))
    for column_, moved_by_mad, moved_by_iqr in zip(values.T, by_mad.T, by_iqr.T, strict=True):
        reach = 2 * stats.median_abs_deviation(column_, scale="normal", nan_policy="omit")
        middle = np.nanmedian(column_)
        np.testing.assert_allclose(moved_by_mad, np.clip(column_, middle - reach, middle + reach), rtol=1e-12)
        first, third = np.nanquantile(column_, [0.25, 0.75])
        reach = 1.5 * (third - first)
        np.testing.assert_allclose(moved_by_iqr, np.clip(column_, first - reach, third + reach), rtol=1e-12)


@pytest.mark.parametrize("method", [mad, iqr])
def test_without_spread_no_fence_is_drawn(method):
    treated = method(column(1, 1, 1, 1, 1, 1, 50))
    assert (of(treated)[-1], treated.record["winsorized"].item()) == (50, 0)


@given(
    st.lists(st.floats(-1e3, 1e3).map(lambda x: round(x, 1)), min_size=5, max_size=20),
    st.sampled_from(["winsorize", "log", "mad", "iqr"]),
)
def test_order_of_units_and_their_unit_of_measure_do_not_matter(values, name):
    values = np.array([*values, 5e3])
    order = np.random.default_rng(0).permutation(len(values))
    one = applied(name, column(*values))
    np.testing.assert_allclose(of(applied(name, column(*values[order]))), of(one)[order], rtol=1e-9, atol=1e-9)
    scaled = applied(name, column(*(4 * values)))
    transform = one.record["transform"].item() == "log"
    expected = of(one) + np.log(4) if transform else 4 * of(one)
    np.testing.assert_allclose(of(scaled), expected, rtol=1e-9, atol=1e-6)


@pytest.mark.parametrize("name", ["Winsorise", "winsorise", "skew_kurtosis", "log_CT", "log_CT_plus", "log_CT_orig"])
def test_names_of_coinr_are_understood(name):
    assert list(REGISTRY.faults(name)) == []
    assert list(REGISTRY.faults({"method": "winsorise", "then": "log_ct_plus"})) == []


@pytest.mark.parametrize(("then", "ours"), [("log_ct_plus", "log_plus"), ("boxcox", "boxcox"), ("yeo_johnson",) * 2])
def test_what_follows_winsorizing_may_be_any_transform(then, ours):
    data = column(*np.exp(np.linspace(0, 30, 30)))
    treated = applied("winsorize", data, winmax=1, then=then)
    np.testing.assert_allclose(of(treated), TRANSFORMS[ours](of(data))[0])
    assert treated.record["transform"].item() == ours


def test_faults_are_found_before_data_are_read():
    source = {"method": "winsorize", "winmax": -1, "then": "root", "skew": "high", "force": 1, "max": 3}
    found = [fault.split(" ")[0].removeprefix("treatment.") for fault in REGISTRY.faults(source)]
    assert found == ["winmax", "then", "skew", "force", "max"]


def test_nothing_is_written_into_the_sheet():
    data = sheet(ragged(7))
    before = of(data).copy()
    for name in REGISTRY.methods:
        applied(name, data, **({"force": True} if "force" in REGISTRY.methods[name].parameters else {}))
        np.testing.assert_array_equal(of(data), before)
