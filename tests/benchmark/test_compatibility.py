"""Choices which cannot go together are refused before any data are read."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from ecosystem_iq.benchmark import load_framework, score
from ecosystem_iq.benchmark.framework import parse_framework
from ecosystem_iq.benchmark.recipes import joined
from ecosystem_iq.errors import FrameworkError

POSTED = {
    "composite": "index",
    "indicator": [{"id": name, "node": "index", "goalposts": [0, 100]} for name in ("a", "b")],
}
MINMAX = {"method": "minmax", "range": [1, 100]}


def values(spread=1.0):
    raw = np.r_[np.linspace(20, 30, 19), 20 + 75 * spread]
    table = pd.DataFrame({"company_id": [f"c{k:02d}" for k in range(20)], "a": raw, "b": raw[::-1]})
    return table.melt("company_id", var_name="indicator_id", value_name="value")


@pytest.mark.parametrize("treatment", ["log", "boxcox", "yeo_johnson", {"method": "winsorize", "then": "log"}])
@pytest.mark.parametrize("scale", ["goalposts", "scaled"])
def test_a_logarithm_does_not_fit_a_scale_in_raw_units(treatment, scale):
    with pytest.raises(FrameworkError, match="changes the unit of values"):
        parse_framework(POSTED).with_steps(treatment=treatment, normalization=scale)
    parse_framework(POSTED).with_steps(treatment=treatment, normalization=MINMAX)


def test_an_own_treatment_of_one_indicator_is_looked_at_as_well():
    each = {"method": "none", "each": {"b": "log"}}
    with pytest.raises(FrameworkError, match=r"treatment\.each\.b\.method log changes the unit"):
        parse_framework(POSTED).with_steps(treatment=each)
    with pytest.raises(FrameworkError, match="the goalposts of normalization"):
        parse_framework(POSTED).with_steps(treatment="log", normalization=MINMAX | {"each": {"a": "goalposts"}})


def test_winsorizing_between_goalposts_ends_without_a_logarithm():
    winsorize = {"method": "winsorize", "winmax": 1}
    posted, sampled = (
        parse_framework(POSTED).with_steps(treatment=winsorize, **more) for more in ({}, {"normalization": MINMAX})
    )
    assert posted.steps["treatment"].parameters["then"] == "none"
    assert sampled.steps["treatment"].parameters["then"] == "log"
    treated = score(values(), posted, draws=2).stages["treated"]
    assert treated["a"].max() == pytest.approx(30)
    assert treated["a"].min() == pytest.approx(20)
    load_framework().with_steps(treatment="winsorize")


@pytest.mark.parametrize("scale", ["goalposts", MINMAX])
def test_recipes_put_together_are_those_read_at_once(scale):
    framework = parse_framework(POSTED | {"treatment": {"method": "winsorize", "winmax": 1}, "normalization": scale})
    for choices in ({"normalization": "goalposts"}, {"normalization": MINMAX}, {"treatment": "mad"}):
        alternatives = {step: framework.with_steps(**{step: choice}) for step, choice in choices.items()}
        assert joined(framework, alternatives) == framework.with_steps(**choices)


def test_geometric_means_of_scores_around_zero_are_refused():
    with pytest.raises(FrameworkError, match=r"index\.method geometric needs scores above 0"):
        parse_framework(POSTED).with_steps(aggregation="geometric", normalization="zscore")
    parse_framework(POSTED).with_steps(aggregation="geometric", normalization={"method": "zscore", "mean": 10, "sd": 2})


def test_standard_scores_by_the_deviation_of_a_population():
    sample, population = (
        score(
            values(),
            parse_framework(POSTED).with_steps(
                normalization={"method": "zscore", "mean": 100, "sd": 10, "divisor": divisor}
            ),
            draws=2,
        ).stages["normalized"]["a"]
        for divisor in ("n-1", "n")
    )
    assert population.std(ddof=0) == pytest.approx(10)
    assert sample.std(ddof=1) == pytest.approx(10)
