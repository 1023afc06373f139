from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from ecosystem_iq.benchmark.analysis.external import Resampling, external_correlations
from ecosystem_iq.errors import InputError


def resampling(replicates=2000, seed=0):
    return Resampling(replicates=replicates, rng=np.random.default_rng(seed))


def sample(n, seed=0, true=0.6, error=0.0):
    """Scores whose true part has a known correlation with a criterion, and draws with their error."""
    rng = np.random.default_rng(seed)
    truth = rng.normal(size=n)
    criterion = true * truth + np.sqrt(1 - true**2) * rng.normal(size=n)
    score = truth + error * rng.normal(size=n)
    names = [f"u{at}" for at in range(n)]
    draws = score + error * rng.normal(size=(400, n))
    return pd.DataFrame({"top": score}, index=names), pd.DataFrame({"sales": criterion}, index=names), {"top": draws}


@pytest.mark.parametrize(("kind", "oracle"), [("pearson", stats.pearsonr), ("spearman", stats.spearmanr)])
def test_coefficient_and_interval_are_those_of_scipy(kind, oracle):
    scores, criteria, _ = sample(40)
    found = external_correlations(scores, criteria, kind=kind, resampling=resampling(20_000)).iloc[0]
    data = scores["top"].to_numpy(), criteria["sales"].to_numpy()
    r, p = oracle(*data)
    assert (found["correlation"], found["p"], found["n"]) == pytest.approx((r, p, 40))

    def statistic(x, y):
        return oracle(x, y)[0]

    vectorized = kind == "pearson"
    interval = stats.bootstrap(
        data,
        (lambda x, y, axis: stats.pearsonr(x, y, axis=axis)[0]) if vectorized else statistic,
        paired=True,
        vectorized=vectorized,
        n_resamples=20_000 if vectorized else 1500,
        confidence_level=0.9,
        rng=np.random.default_rng(1),
    ).confidence_interval
    assert (found["low"], found["high"]) == pytest.approx(interval, abs=0.01 if vectorized else 0.04)


@pytest.mark.parametrize("kind", ["pearson", "spearman"])
def test_the_correction_finds_the_correlation_behind_the_error(kind):
    scores, criteria, draws = sample(1500, true=0.6, error=0.8)
    found = external_correlations(scores, criteria, draws, kind=kind, resampling=resampling(200)).iloc[0]
    expected = 0.6 if kind == "pearson" else 6 / np.pi * np.arcsin(0.3)
    assert found["reliability"] == pytest.approx(1 / 1.64, abs=0.05)
    assert found["correlation"] < expected - 0.08
    assert found["corrected"] == pytest.approx(expected, abs=0.04)


def test_the_corrected_interval_holds_the_truth_as_often_as_it_says():
    held = uncorrected = 0
    for seed in range(80):
        scores, criteria, draws = sample(60, seed, true=0.6, error=0.8)
        found = external_correlations(scores, criteria, draws, resampling=resampling(400, seed)).iloc[0]
        held += found["corrected_low"] <= 0.6 <= found["corrected_high"]
        uncorrected += found["low"] <= 0.6 <= found["high"]
    assert 0.8 <= held / 80 <= 0.98
    assert uncorrected < held


def test_what_moves_all_units_alike_is_no_error():
    scores, criteria, draws = sample(50, error=0.5)
    shaken = {"top": draws["top"] + np.random.default_rng(3).normal(scale=20, size=(400, 1))}
    one, two = (external_correlations(scores, criteria, d, resampling=resampling(50)).iloc[0] for d in (draws, shaken))
    assert one["reliability"] == pytest.approx(two["reliability"])


def test_scores_of_nothing_but_error_are_not_corrected():
    scores, criteria, _ = sample(50)
    wide = {"top": scores["top"].to_numpy() + np.random.default_rng(0).normal(scale=3, size=(400, 50))}
    found = external_correlations(scores, criteria, wide, resampling=resampling(50)).iloc[0]
    assert found["reliability"] < 0
    assert found[["corrected", "corrected_low", "corrected_high"]].isna().all()
    certain = {"top": np.repeat(scores.to_numpy().T, 5, axis=0)}
    found = external_correlations(scores, criteria, certain, resampling=resampling(50)).iloc[0]
    assert found["corrected"] == pytest.approx(found["correlation"])
    assert external_correlations(scores, criteria).iloc[0][["reliability", "corrected"]].isna().all()


def test_criteria_are_joined_by_unit_and_gaps_left_out():
    scores, criteria, _ = sample(30)
    mixed = criteria.sample(frac=1, random_state=0).iloc[:25]
    scores.iloc[0, 0] = np.nan
    found = external_correlations(scores, mixed, resampling=resampling(50)).iloc[0]
    both = scores.join(mixed).dropna()
    assert found["n"] == len(both)
    assert found["correlation"] == pytest.approx(both["top"].corr(both["sales"]))


def test_every_node_with_every_criterion_and_p_values_over_all():
    scores, criteria, _ = sample(30)
    found = external_correlations(
        scores.assign(left=scores["top"] ** 2, flat=1.0), criteria.assign(size=1.0), resampling=resampling(50)
    )
    assert found[["node", "criterion"]].to_numpy().tolist() == [
        [node, name] for node in ("top", "left", "flat") for name in ("sales", "size")
    ]
    assert found["correlation"].notna().tolist() == [True, False, True, False, False, False]
    assert found.loc[0, "p_adjusted"] == pytest.approx(min(1, 2 * found.loc[0, "p"]))


@pytest.mark.parametrize("n", [0, 1, 2, 4])
def test_few_units_have_no_interval(n):
    scores, criteria, draws = sample(n)
    found = external_correlations(scores, criteria, draws, resampling=resampling(20)).iloc[0]
    assert found[["low", "high", "corrected_low"]].isna().all()
    assert found["n"] == n


def test_faults_are_named():
    scores, criteria, draws = sample(10)
    with pytest.raises(InputError, match="10 units"):
        external_correlations(scores, criteria, {"top": draws["top"][:, :9]})
    with pytest.raises(InputError, match="pearson, spearman"):
        external_correlations(scores, criteria, kind="kendall")
