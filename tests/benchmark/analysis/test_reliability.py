from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from sklearn.decomposition import PCA

from ecosystem_iq.benchmark.analysis.components import components, principal_components
from ecosystem_iq.benchmark.analysis.reliability import (
    covariances,
    cronbach,
    item_reliability,
    item_rest,
    reliability,
    sampling_adequacy,
    sphericity,
)


def test_alphas_of_the_asem_index(asem, read):
    reference = read("12_cronbach_alpha")
    found = reliability(asem.aggregated, asem.framework).set_index("node")["alpha"]
    groups = reference[reference["group"] != "ALL"]
    assert len(groups) == 11
    for row in groups.itertuples():
        assert found[row.group] == pytest.approx(row.alpha, rel=1e-9)
    everything = reference.loc[reference["group"] == "ALL", "alpha"].item()
    assert cronbach(asem.normalized.to_numpy()) == pytest.approx(everything, rel=1e-9)


def test_components_of_the_asem_index_up_to_sign(asem, read):
    reference = read("13_pca_L2_bygroup")
    found = components(asem.aggregated, asem.framework)
    keys = ["group", "iCode", "PC"]
    both = reference.merge(found, left_on=keys, right_on=["node", "element", "component"], how="left")
    assert both["sd"].to_numpy() == pytest.approx(both["sdev"].to_numpy(), rel=1e-9)
    assert both["share"].to_numpy() == pytest.approx(both["prop_var"].to_numpy(), rel=1e-9)
    ratio = both["loading_y"] / both["loading_x"]
    assert np.abs(ratio).to_numpy() == pytest.approx(1.0, rel=1e-9)
    assert (
        np.sign(ratio).groupby([both["group"], both["PC"]]).sum().abs() == both.groupby(["group", "PC"]).size()
    ).all()
    assert (found.groupby(["node", "component"])["loading"].sum() > -1e-12).all()


def test_first_loadings_are_the_weights_of_coinr_up_to_sign(asem, read):
    reference = read("13_pca_L2_weights").query("Level == 2").set_index("iCode")["Weight"]
    found = components(asem.aggregated, asem.framework)
    first = found[(found["component"] == 1) & found["element"].isin(reference.index)].set_index("element")["loading"]
    assert first.abs().to_numpy() == pytest.approx(reference[first.index].abs().to_numpy(), rel=1e-9)


def test_components_are_those_of_scikit_learn():
    x = np.random.default_rng(3).normal(size=(30, 4)) @ np.random.default_rng(4).normal(size=(4, 4))
    found = principal_components(x)
    oracle = PCA().fit((x - x.mean(axis=0)) / x.std(axis=0, ddof=1))
    assert found.sd == pytest.approx(np.sqrt(oracle.explained_variance_))
    assert np.abs(found.loadings) == pytest.approx(np.abs(oracle.components_.T))


def test_the_sign_of_a_component_does_not_depend_on_the_order_of_rows(gapped):
    x = gapped[:, :4]
    again = principal_components(x[::-1])
    assert again.loadings == pytest.approx(principal_components(x).loadings)


@pytest.mark.parametrize("sign", [1, -1])
def test_loadings_which_cancel_still_have_a_sign(sign):
    x = np.array([[1.0, -1.0], [2.0, -2.0], [3.0, -3.0], [5.0, -5.0]]) * sign
    assert principal_components(x).loadings[:, 0] == pytest.approx(np.sqrt(0.5) * np.array([1, -1]))


def test_items_without_variation_have_no_loading(gapped):
    found = principal_components(gapped[:, [0, 4, 1]])
    assert np.isnan(found.loadings[1]).all()
    assert found.sd.size == 2
    assert principal_components(gapped[:, [4]]).sd.size == 0
    assert principal_components(np.empty((0, 3))).loadings.shape == (3, 0)


def test_covariances_are_those_of_pandas(gapped):
    assert covariances(gapped) == pytest.approx(pd.DataFrame(gapped).cov().to_numpy(), nan_ok=True, abs=1e-12)


def test_alpha_of_few_items():
    assert np.isnan(cronbach(np.ones((5, 3))))
    assert np.isnan(cronbach(np.arange(5.0)[:, None]))
    pair = np.random.default_rng(0).normal(size=(20, 2)) + np.arange(20)[:, None]
    r = np.corrcoef(pair.T)[0, 1]
    assert cronbach(stats.zscore(pair)) == pytest.approx(2 * r / (1 + r))


def test_item_rest_leaves_the_item_out():
    x = np.random.default_rng(1).normal(size=(25, 4))
    rest = [np.corrcoef(x[:, i], np.delete(x, i, axis=1).sum(axis=1))[0, 1] for i in range(4)]
    assert item_rest(x) == pytest.approx(rest)


def test_item_rest_with_gaps_is_over_units_with_another_item():
    x = np.array([[1.0, 2.0, np.nan], [2.0, np.nan, np.nan], [3.0, 1.0, 3.0], [4.0, 4.0, 4.0], [np.nan, 1.0, 9.0]])
    used = x[[0, 2, 3]]
    assert item_rest(x)[0] == pytest.approx(np.corrcoef(used[:, 0], np.nanmean(used[:, 1:], axis=1))[0, 1])
    assert np.isnan(item_rest(x[:, :1])).all()


def test_sampling_adequacy_from_partial_correlations():
    rng = np.random.default_rng(5)
    x = rng.normal(size=(60, 4)) + rng.normal(size=(60, 1))

    def partial(i, j):
        others = np.column_stack([np.ones(60), np.delete(x, [i, j], axis=1)])
        rest = [x[:, k] - others @ np.linalg.lstsq(others, x[:, k])[0] for k in (i, j)]
        return np.corrcoef(*rest)[0, 1]

    own = np.array([[np.corrcoef(x[:, i], x[:, j])[0, 1] * (i != j) for j in range(4)] for i in range(4)]) ** 2
    given = np.array([[partial(i, j) if i != j else 0.0 for j in range(4)] for i in range(4)]) ** 2
    overall, each = sampling_adequacy(x)
    assert overall == pytest.approx(own.sum() / (own.sum() + given.sum()))
    assert each == pytest.approx(own.sum(axis=0) / (own.sum(axis=0) + given.sum(axis=0)))


def test_sphericity_holds_its_level_and_finds_what_is_there():
    rng = np.random.default_rng(6)
    p = [sphericity(rng.normal(size=(50, 4)))[2] for _ in range(400)]
    assert stats.kstest(p, "uniform").pvalue > 0.01
    statistic, freedom, found = sphericity(rng.normal(size=(50, 4)) + rng.normal(size=(50, 1)))
    assert freedom == 6
    assert found == pytest.approx(stats.chi2.sf(statistic, 6))
    assert found < 1e-6


def test_two_items_are_adequate_to_one_half_and_bartlett_is_a_test_of_their_correlation():
    x = np.random.default_rng(8).normal(size=(30, 2))
    r = np.corrcoef(x.T)[0, 1]
    assert sampling_adequacy(x)[0] == pytest.approx(0.5)
    assert sphericity(x)[0] == pytest.approx(-(29 - 9 / 6) * np.log(1 - r**2))


def test_items_which_follow_from_others_have_no_adequacy():
    x = np.random.default_rng(9).normal(size=(30, 2))
    x = np.column_stack([x, x.sum(axis=1)])
    assert np.isnan(sampling_adequacy(x)[0])
    assert np.isnan(sphericity(x)[2])


def test_reliability_of_a_small_tree(small_tree):
    rng = np.random.default_rng(10)
    scores = pd.DataFrame(rng.normal(size=(20, 8)), columns=["a", "b", "c", "d", "e", "left", "deep", "right"])
    found = reliability(scores, small_tree).set_index("node")
    assert found.loc["left", "items"] == 2
    assert found.loc["top", "items"] == 2  # of its three elements, one has no scores
    r = scores["a"].corr(scores["b"])
    assert found.loc["left", "mean_correlation"] == pytest.approx(r)
    assert found.loc["left", "spearman_brown"] == pytest.approx(2 * r / (1 + r))
    assert found.loc["left", "spearman_brown"] == pytest.approx(found.loc["left", "standardized_alpha"])
    items = item_reliability(scores, small_tree)
    assert items["node"].value_counts().to_dict() == {"left": 2, "deep": 2, "right": 2, "top": 2}
    assert items["alpha_without"].isna().all()  # one item left


def test_alpha_without_an_item(asem):
    found = item_reliability(asem.normalized, asem.framework).set_index("element")
    pillar = [name for name in found.index if found.loc[name, "node"] == "P2P"]
    rest = asem.normalized[[name for name in pillar if name != "Lang"]].to_numpy()
    assert found.loc["Lang", "alpha_without"] == pytest.approx(cronbach(rest))
