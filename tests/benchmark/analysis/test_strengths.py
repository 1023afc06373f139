from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest

from ecosystem_iq.benchmark.analysis.strengths import standings, strengths
from ecosystem_iq.errors import InputError


def test_strengths_and_weaknesses_in_the_asem_index(asem, read):
    reference = read("40_strengths_weaknesses_ESP")
    direction = asem.meta.set_index("iCode")["Direction"].to_dict()
    by_pillar = asem.meta[asem.meta["Type"] == "Indicator"].sort_values("Parent", kind="stable")["iCode"]
    found = strengths(asem.raw[by_pillar], "ESP", direction)
    assert found["kind"].tolist() == reference["kind"].tolist()
    assert found["element"].tolist() == reference["Code"].tolist()
    assert found["rank"].tolist() == reference["Rank"].tolist()
    shown = [float(f"{value:.3g}") for value in found["value"]]  # the reference is rounded to three digits
    assert shown == pytest.approx(reference["Value"].tolist())


def test_ranks_of_the_asem_index(asem, read):
    reference = read("08_ranks_full", index_col="uCode")
    found = standings(asem.aggregated).pivot(index="unit", columns="element", values="rank")
    names = [name for name in reference if name in found]
    assert len(names) == 60
    assert (found.loc[reference.index, names].to_numpy() == reference[names].to_numpy()).all()


def test_a_summary_of_the_united_kingdom(asem, read):
    reference = read("40_unit_summary_GBR").set_index("Code")
    every = standings(asem.aggregated)
    found = every[every["unit"] == "GBR"].set_index("element").loc[reference.index]
    assert found["value"].to_numpy() == pytest.approx(reference["Score"].to_numpy(), abs=1e-9)
    assert found["rank"].tolist() == reference["Rank"].tolist()


def test_percentile_is_the_share_of_others_which_are_worse():
    x = np.random.default_rng(0).integers(0, 6, 20).astype(float)
    x[3] = np.nan
    found = standings(pd.DataFrame({"a": x}, index=map(str, range(20)))).set_index("unit")
    assert "3" not in found.index
    assert (found["of"] == 19).all()
    for at in set(range(20)) - {3}:
        others = np.delete(x, [3, at]) if at > 3 else np.delete(x, [at, 3])
        expected = np.mean((others < x[at]) + 0.5 * (others == x[at]))
        assert found.loc[str(at), "percentile"] == pytest.approx(expected)


def test_being_last_is_a_weakness_and_no_strength():
    # COINr drops an element on which the unit is last from both lists.
    frame = pd.DataFrame({"a": [1.0, 1, 2], "b": [5.0, 4, 3], "c": [1.0, 1, 1]}, index=["x", "y", "z"])
    found = strengths(frame, "z")
    assert found[["kind", "element"]].to_numpy().tolist() == [["strength", "a"], ["weakness", "b"]]


def test_no_element_is_both():
    rng = np.random.default_rng(1)
    frame = pd.DataFrame(rng.random((9, 7)), columns=list("abcdefg"), index=[f"u{at}" for at in range(9)])
    for unit, best, worst in itertools.product(frame.index, (0, 3, 5, 20), (0, 3, 5, 20)):
        found = strengths(frame, unit, best=best, worst=worst)
        assert not found["element"].duplicated().any()
        assert found.groupby("kind")["rank"].apply(lambda r: r.is_monotonic_increasing).all()
        assert (found["kind"] == "strength").sum() <= best
        assert (found["kind"] == "weakness").sum() <= worst


def test_direction_turns_ranks():
    frame = pd.DataFrame({"a": [1.0, 2.0]}, index=["x", "y"])
    assert standings(frame, {"a": -1})["rank"].tolist() == [1, 2]
    assert standings(frame, {"a": -1})["value"].tolist() == [1, 2]


def test_an_unknown_unit_is_named():
    with pytest.raises(InputError, match='Did you mean "ESP"'):
        strengths(pd.DataFrame({"a": [1.0]}, index=["ESP"]), "ESPA")
    assert np.isnan(standings(pd.DataFrame({"a": [1.0]}, index=["ESP"])).loc[0, "percentile"])
