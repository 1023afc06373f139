from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from ecosystem_iq.benchmark.analysis.redundancy import redundancy, redundant_pairs, variance_inflation


def test_inflation_is_one_over_one_minus_the_fit_on_the_others(asem):
    x = asem.normalized[["LPI", "Flights", "Ship", "Bord", "Elec"]].to_numpy()
    expected = []
    for at in range(x.shape[1]):
        others = np.column_stack([np.ones(len(x)), np.delete(x, at, axis=1)])
        rest = x[:, at] - others @ np.linalg.lstsq(others, x[:, at])[0]
        expected.append(x[:, at].var() / rest.var())
    assert variance_inflation(x) == pytest.approx(expected)


def test_a_combination_of_others_has_no_end_and_what_it_leaves_alone_keeps_its_own():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(30, 3))
    found = variance_inflation(np.column_stack([x[:, :2], x[:, 0] - 2 * x[:, 1], x[:, 2]]))
    assert np.isinf(found[:3]).all()
    assert found[3] == pytest.approx(variance_inflation(x)[2])


def test_what_cannot_be_told(gapped):
    assert np.isnan(variance_inflation(gapped[:3])).all()
    found = variance_inflation(gapped[:, [0, 1, 4]])
    assert np.isnan(found[2])
    assert np.isfinite(found[:2]).all()


def test_redundancy_in_the_asem_index(asem):
    found = redundancy(asem.aggregated, asem.framework).set_index("element")
    social = found[found["node"] == "Social"]
    assert social.loc["FreePress", "nearest"] == "CPI"
    assert social.loc["FreePress", "correlation"] == pytest.approx(0.76113903283020279, rel=1e-9)
    assert (found["vif"] >= 1).all()
    assert found["explained"].to_numpy() == pytest.approx(1 - 1 / found["vif"].to_numpy())
    assert found.loc["Conn", "explained"] == pytest.approx(asem.aggregated[["Conn", "Sust"]].corr().iloc[0, 1] ** 2)


def test_pairs_and_their_clusters():
    rng = np.random.default_rng(1)
    base = rng.normal(size=(40, 2))
    noise = rng.normal(scale=0.05, size=(40, 5))
    frame = pd.DataFrame(base[:, [0, 1, 0, 1, 0]] * [1, 1, -1, 2, 3] + noise, columns=list("abcde"))
    frame["alone"] = rng.normal(size=40)
    found = redundant_pairs(frame)
    assert found[["first", "second", "cluster"]].to_numpy().tolist() == [
        ["a", "c", 0],
        ["a", "e", 0],
        ["b", "d", 1],
        ["c", "e", 0],
    ]
    assert found.loc[0, "correlation"] < -0.92
    assert redundant_pairs(frame[["a", "b"]]).empty


def test_an_element_without_siblings(small_tree):
    found = redundancy(pd.DataFrame({"a": np.arange(10.0), "f": np.arange(10.0)}), small_tree)
    assert found[["element", "vif", "nearest"]].to_numpy().tolist() == [["a", 1.0, ""], ["f", 1.0, ""]]
