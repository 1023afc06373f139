"""Normalization against the numbers of other packages."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from normalizing import normalize, panel, scores
from sklearn.preprocessing import MinMaxScaler

from ecosystem_iq.benchmark.steps.sheet import sheet


@pytest.fixture(scope="module")
def asem(extra_data):
    """A table of the reference as a sheet, and tables to compare with."""
    folder = extra_data / "reference" / "coinr"
    meta = pd.read_csv(folder / "input_ASEM_iMeta.csv").set_index("iCode")

    def table(name):
        return pd.read_csv(folder / f"{name}.csv", index_col=0)

    def made(name):
        frame = table(name)
        held = meta.loc[frame.columns]
        data = sheet(frame.to_numpy(float), direction=held["Direction"].to_numpy(float))
        named = replace(data, units=tuple(frame.index), indicators=tuple(frame.columns))
        return replace(named, target=held["Target"].to_numpy(float))

    return table, made


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("n_minmax", "06_normalised"),
        ({"method": "minmax", "range": [0, 100]}, "06_normalised"),
        ({"method": "zscore", "mean": 0, "sd": 1}, "21_alt_norm_zscore_0_1"),
        ("n_rank", "21_alt_norm_rank"),
    ],
)
def test_asem(asem, source, name):
    table, made = asem
    found = normalize(made("05_treated"), source)
    np.testing.assert_allclose(found.values, table(name).to_numpy(float), rtol=1e-10, atol=1e-12)
    assert not found.reasons


def test_asem_variants_of_the_rank(asem):
    table, made = asem
    ranks = table("21_alt_norm_rank").to_numpy(float)
    np.testing.assert_array_equal(normalize(made("05_treated"), "borda").values, ranks - 1)
    np.testing.assert_allclose(normalize(made("05_treated"), "prank").values, (ranks - 1) / 50, rtol=1e-14)
    np.testing.assert_allclose(
        normalize(made("05_treated"), "dist2max").values, table("06_normalised").to_numpy(float) / 100, atol=1e-14
    )


def aggregate(values, lineage, weights, mean):
    """Level by level, equal weights within pillars, those of a weight set above."""
    for level, (child, parent) in enumerate(zip(lineage.columns[:-1], lineage.columns[1:], strict=True)):
        groups = lineage[[child, parent]].drop_duplicates().groupby(parent)[child]
        names = {name: list(held) for name, held in groups}
        w = {c: 1.0 if level == 0 else weights[c] for held in names.values() for c in held}
        values = pd.DataFrame({n: mean(values[held], np.array([w[c] for c in held])) for n, held in names.items()})
    return values["Index"]


MEANS = {
    "a_amean": lambda x, w: x @ (w / w.sum()),
    "a_gmean": lambda x, w: np.exp(np.log(x) @ (w / w.sum())),
}
FORMS = {
    "minmax_1_100": {"method": "minmax", "range": [1, 100]},
    "zscore_10_2": {"method": "zscore", "mean": 10, "sd": 2},
}


def test_replications_of_an_uncertainty_analysis(asem):
    """Those whose treatment is at hand: both scales, through both means, to the published score of every unit."""
    table, made = asem
    lineage = table("00_lineage").reset_index()
    sets = table("32_ua_weight_sets").set_index("iCode", append=True)["Weight"]
    expected = table("32_ua_scores")
    design = table("32_ua_design")
    treated = {1: made("22_alt_treat_winmax1"), 5: made("05_treated")}
    kept = design[design["winmax"].isin(treated)]
    assert len(kept) == 22
    for rep, row in kept.iterrows():
        data = treated[row["winmax"]]
        found = pd.DataFrame(
            normalize(data, FORMS[row["norm"]]).values, index=list(data.units), columns=list(data.indicators)
        )
        index = aggregate(found, lineage, sets[row["weight_set"]], MEANS[row["aggregation"]])
        np.testing.assert_allclose(index, expected.loc[index.index, f"r_{rep}"], rtol=1e-11)


def test_asem_targets(asem):
    """COINr's own checks: LPI is better high, CO2 low."""
    _, made = asem
    data = made("01_raw")
    found = dict(zip(data.indicators, scores(data, "distance_to_target").T, strict=True))
    raw = dict(zip(data.indicators, scores(data, "none").T * data.direction[:, None], strict=True))
    goal = dict(zip(data.indicators, data.target, strict=True))
    lpi, co2 = raw["LPI"], raw["CO2"]
    np.testing.assert_allclose(found["LPI"], (lpi - np.nanmin(lpi)) / (goal["LPI"] - np.nanmin(lpi)), rtol=1e-12)
    np.testing.assert_allclose(found["CO2"], (np.nanmax(co2) - co2) / (np.nanmax(co2) - goal["CO2"]), atol=1e-12)


def test_fraction_of_max_where_lower_is_better(asem):
    """The lowest emission has 1 and the highest the least: not, as by the turned sign, 74 for the worst country."""
    _, made = asem
    data = made("05_treated")
    at = data.indicators.index("CO2")
    co2 = -scores(data, "none")[:, at]
    turned = -co2 / np.nanmax(-co2)
    assert turned.max() > 70
    found = scores(data, "fraction_of_max")[:, at]
    np.testing.assert_allclose(found, co2.min() / co2, rtol=1e-12)
    assert found[co2.argmin()] == 1.0
    assert found.argmin() == co2.argmax()


def test_a_panel_of_another_library():
    """pandas by period, scikit-learn fitted to one period."""
    data = panel()
    turned = pd.DataFrame(scores(data, "none"))
    by = turned.groupby(data.period)
    per = {"over": "period"}
    np.testing.assert_allclose(
        normalize(data, {"method": "zscore", **per}).values, (turned - by.transform("mean")) / by.transform("std")
    )
    np.testing.assert_array_equal(normalize(data, {"method": "rank", **per}).values, by.rank(method="min"))
    scaler = MinMaxScaler((0, 100)).fit(turned[data.period == 2022])
    free = normalize(data, {"method": "minmax", "reference_period": "2022"})
    np.testing.assert_allclose(free.values, scaler.transform(turned), rtol=1e-12, atol=1e-10)
    assert np.isinf(free.low).all()
    held = normalize(data, {"method": "minmax", "reference_period": 2022, "clip": True})
    np.testing.assert_allclose(held.values, np.clip(scaler.transform(turned), 0, 100), rtol=1e-12, atol=1e-10)
    assert held.high.tolist() == [100] * 6
