from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from ecosystem_iq.benchmark.analysis.correlation import (
    adjusted,
    ancestor_correlations,
    correlation_flags,
    correlations,
    denominator_correlations,
    pairwise,
)
from ecosystem_iq.errors import InputError

ORACLES = {
    "pearson": stats.pearsonr,
    "spearman": stats.spearmanr,
    "kendall": lambda x, y: stats.kendalltau(x, y, method="asymptotic"),
}


def by_hand(x, y, kind):
    both = ~(np.isnan(x) | np.isnan(y))
    x, y = x[both], y[both]
    if both.sum() < 3 or np.ptp(x) == 0 or np.ptp(y) == 0:
        return np.nan, np.nan, both.sum()
    return *ORACLES[kind](x, y), both.sum()


@pytest.mark.parametrize("kind", ORACLES)
@pytest.mark.parametrize("complete", [False, True])
def test_coefficients_and_p_values_are_those_of_scipy(gapped, kind, complete):
    x = np.nan_to_num(gapped, nan=0.5) if complete else gapped
    found = pairwise(x, x[:, :5], kind=kind)
    for i, j in itertools.product(range(6), range(5)):
        r, p, n = by_hand(x[:, i], x[:, j], kind)
        assert found.n[i, j] == n
        assert found.coefficient[i, j] == pytest.approx(r, rel=1e-9, abs=1e-12, nan_ok=True)
        assert found.p[i, j] == pytest.approx(p, rel=1e-6, abs=1e-12, nan_ok=True)


def test_a_large_offset_costs_no_accuracy(gapped):
    small = gapped[:, :4]
    assert pairwise(small * 1e-6 + 1e3).coefficient == pytest.approx(pairwise(small).coefficient, abs=1e-6)


def test_tables_of_many_pairs_are_cut_into_parts(monkeypatch, gapped):
    whole = pairwise(gapped, kind="kendall")
    monkeypatch.setattr("ecosystem_iq.benchmark.analysis.association._SIGNS_AT_ONCE", 500)
    assert pairwise(gapped, kind="kendall").coefficient == pytest.approx(whole.coefficient, nan_ok=True)


def test_an_unknown_kind_is_refused(gapped):
    with pytest.raises(InputError, match='Did you mean "spearman"'):
        pairwise(gapped, kind="sperman")
    with pytest.raises(InputError, match="Adjustment"):
        adjusted(np.array([0.1]), "bonferoni")


@pytest.mark.parametrize("count", [0, 1, 2, 25])
def test_adjusted_p_values(count):
    rng = np.random.default_rng(count)
    p = rng.random(count) ** 3
    expected = stats.false_discovery_control(p) if count else p
    assert adjusted(p, "bh") == pytest.approx(expected)
    # Holm: the k-th smallest is tested at level / (tests - k + 1), as long as all before it were rejected.
    order = np.argsort(p)
    for level in (0.01, 0.1, 0.5):
        rejected = np.zeros(count, bool)
        for k, at in enumerate(order):
            if p[at] > level / (count - k):
                break
            rejected[at] = True
        assert ((adjusted(p, "holm") <= level) == rejected).all()
    assert (adjusted(p, "none") == p).all()


def test_gaps_are_no_tests():
    assert adjusted(np.array([0.01, np.nan, 0.02])) == pytest.approx([0.02, np.nan, 0.02], nan_ok=True)


def long(found):
    pairs = found[["first", "second", "correlation"]].to_numpy()
    return {frozenset(pair): r for *pair, r in pairs}


@pytest.mark.parametrize(
    ("file", "level"), [("11_corr_pearson_L1_normalised", 1), ("11_corr_pearson_L2", 2)], ids=["indicators", "pillars"]
)
def test_correlations_of_the_asem_index(asem, read, file, level):
    reference = read(file)
    names = asem.meta.loc[asem.meta["Level"] == level, "iCode"]
    found = long(correlations(asem.aggregated[names]))
    assert len(found) == len(names) * (len(names) - 1) / 2
    for row in reference.itertuples():
        pair = frozenset([row.Var1, row.Var2])
        assert row.Correlation == pytest.approx(1.0 if len(pair) == 1 else found[pair], rel=1e-9, abs=1e-12)
    assert len(reference) == len(names) ** 2


@pytest.mark.parametrize(("file", "steps"), [("L1_parent_L2", 1), ("L1_index", 3), ("L1_parent_L2_pval05", 1)])
def test_indicators_with_the_nodes_above_them(asem, read, file, steps):
    reference = read(f"11_corr_pearson_{file}")
    found = ancestor_correlations(asem.aggregated, asem.framework, adjust="none")
    found = found[(found["steps"] == steps) & found["element"].isin(asem.normalized.columns)]
    if "pval" in file:
        found["correlation"] = found["correlation"].where(found["p"] <= 0.05)
    both = reference.merge(found, left_on=["Var1", "Var2"], right_on=["node", "element"], how="left")
    assert len(both) == len(found) == len(asem.normalized.columns)
    assert both["correlation"].to_numpy() == pytest.approx(both["Correlation"].to_numpy(), rel=1e-9, nan_ok=True)


def test_flags_of_the_asem_index(asem, read):
    reference = read("11_corr_flags_high_0.75")
    flags = correlation_flags(correlations(asem.normalized), asem.framework, high=0.75, low=-1)
    high = flags[flags["flag"] == "high"]
    pairs = {frozenset(pair): r for *pair, r in high[["first", "second", "correlation"]].to_numpy()}
    assert list(high["node"]) == list(reference["Group"])
    assert pairs.keys() == {frozenset(pair) for pair in reference[["Ind1", "Ind2"]].to_numpy()}
    for row in reference.itertuples():
        assert pairs[frozenset([row.Ind1, row.Ind2])] == pytest.approx(row.Corr, rel=1e-9)


def test_flags_by_their_definition(small_tree):
    pairs = pd.DataFrame(
        {
            "first": ["a", "c", "left", "a", "e", "f"],
            "second": ["b", "d", "right", "c", "deep", "left"],
            "correlation": [0.95, -0.1, 0.1, 0.99, 0.5, np.nan],
        }
    )
    found = correlation_flags(pairs, small_tree)
    assert found[["node", "first", "flag"]].to_numpy().tolist() == [
        ["left", "a", "high"],
        ["deep", "c", "negative"],
        ["top", "left", "low"],
    ]


def test_denominators_of_the_asem_index(asem, read):
    reference = read("10_denom_corr_raw").set_index(["Ind", "Denom"])["Corr"]
    denominators = read("input_ASEM_iData", index_col="uCode")[["Area", "Energy", "GDP", "Population"]]
    raw = asem.raw.drop(columns=[c for c in denominators if c in asem.raw])
    raw = raw[asem.normalized.columns]
    found = denominator_correlations(raw, denominators.loc[raw.index]).set_index(["indicator", "denominator"])
    assert sorted(found.index) == sorted(reference.index)
    assert found["correlation"].to_numpy() == pytest.approx(reference.loc[found.index].to_numpy(), rel=1e-9)


def test_the_order_of_rows_and_columns_is_irrelevant(gapped):
    frame = pd.DataFrame(gapped, columns=list("abcdef"))
    turned = frame.sample(frac=1, random_state=1)[list("fedcba")]
    for kind in ORACLES:
        one, two = long(correlations(frame, kind=kind)), long(correlations(turned, kind=kind))
        assert one.keys() == two.keys()
        assert [one[k] for k in one] == pytest.approx([two[k] for k in one], nan_ok=True)
