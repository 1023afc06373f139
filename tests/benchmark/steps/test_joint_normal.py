"""A joint normal law estimated from incomplete data, and imputations drawn from what the data leave open."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from sklearn.linear_model import LinearRegression

from ecosystem_iq.benchmark.steps.imputation import imputations, multiple, regression
from ecosystem_iq.benchmark.steps.joint_normal import Law, best_pull, expected_law, left_out
from ecosystem_iq.benchmark.steps.posterior import _bartlett, _draw_law, draw
from ecosystem_iq.benchmark.steps.sheet import sheet
from ecosystem_iq.errors import InputError

NAN = np.nan


def factor(units, indicators, missing, seed):
    """Indicators which share one factor, whole and with a share of the cells missing."""
    rng = np.random.default_rng(seed)
    whole = 3.0 + rng.standard_normal((units, 1)) + 0.6 * rng.standard_normal((units, indicators))
    return whole, np.where(rng.random(whole.shape) < missing, NAN, whole)


def loglikelihood(z, law):
    """Of the present values, row by row."""
    total = 0.0
    for row in z:
        at = np.flatnonzero(~np.isnan(row))
        if len(at):
            total += stats.multivariate_normal(law.mean[at], law.covariance[np.ix_(at, at)]).logpdf(row[at])
    return total


@pytest.fixture(scope="module")
def monotone():
    """Two columns; the second is present for the first 30 of 50 rows only."""
    rng = np.random.default_rng(2)
    x = rng.standard_normal(50)
    y = 1.0 + 0.8 * x + 0.5 * rng.standard_normal(50)
    return np.column_stack([x, np.where(np.arange(50) < 30, y, NAN)])


def test_estimates_of_a_monotone_sample_are_those_of_anderson(monotone):
    """Anderson (1957), doi:10.1080/01621459.1957.10501379: maximum likelihood in closed form, by regression."""
    x, y = monotone[:, 0], monotone[:30, 1]
    slope = np.cov(x[:30], y, ddof=0)[0, 1] / x[:30].var()
    intercept = y.mean() - slope * x[:30].mean()
    residual = (y - intercept - slope * x[:30]).var()
    law = expected_law(monotone, 0.0, tolerance=1e-13)
    np.testing.assert_allclose(law.mean, [x.mean(), intercept + slope * x.mean()], rtol=1e-9)
    across = slope * x.var()
    np.testing.assert_allclose(
        law.covariance, [[x.var(), across], [across, residual + slope * across]], rtol=1e-9, atol=1e-12
    )
    found = regression(sheet(monotone), shrinkage=0.0, inside=False)
    np.testing.assert_allclose(found.values[30:, 1], intercept + slope * x[30:], rtol=1e-5)
    fit = slope * (x[:30] - x[:30].mean())
    leverage = 1 / 30 + fit**2 / (fit**2).sum()
    left_out_error = np.sqrt(np.mean(((y - y.mean() - fit) / (1.0 - leverage)) ** 2))
    np.testing.assert_allclose(found.sd[30:, 1], left_out_error, rtol=0.02)


def test_no_law_near_the_estimate_is_likelier():
    _, values = factor(60, 3, 0.25, 4)
    z = (values - np.nanmean(values, axis=0)) / np.nanstd(values, axis=0, ddof=1)
    law = expected_law(z, 0.0)
    assert law.converged
    best, rng = loglikelihood(z, law), np.random.default_rng(0)
    for _ in range(30):
        step = rng.standard_normal((3, 3)) * 0.03
        near = Law(law.mean + 0.03 * rng.standard_normal(3), law.covariance + step @ step.T, 0.0)
        assert loglikelihood(z, near) < best


def test_whole_data_need_one_round():
    whole, _ = factor(40, 3, 0.0, 1)
    law = expected_law(whole, 0.0)
    np.testing.assert_allclose(law.covariance, np.cov(whole.T, ddof=0), rtol=1e-12)
    np.testing.assert_allclose(regression(sheet(whole)).values, whole)


def test_left_out_values_are_those_of_least_squares():
    """Each value of whole data predicted by a regression fitted without its unit."""
    whole, _ = factor(20, 4, 0.0, 8)
    missed, _ = left_out(whole, expected_law(whole, 0.0))
    for row, column in [(0, 0), (7, 2), (19, 3)]:
        others = np.delete(whole, row, axis=0)
        line = LinearRegression().fit(np.delete(others, column, axis=1), others[:, column])
        guess = line.predict(np.delete(whole[[row]], column, axis=1))[0]
        assert missed[row, column] == pytest.approx(whole[row, column] - guess, rel=1e-9)


@pytest.mark.parametrize(("units", "indicators"), [(20, 40), (51, 49), (200, 5)])
def test_the_pull_is_nearly_the_best_for_hidden_values(units, indicators):
    whole, values = factor(units, indicators, 0.15, 6)

    def missed(pull):
        found = regression(sheet(values), shrinkage=pull, inside=False)
        return np.square(found.values - whole)[found.filled].mean()

    assert missed(None) < 1.05 * min(missed(pull) for pull in (0.01, 0.03, 0.1, 0.2, 0.4, 0.6, 0.8, 0.95))


def test_of_noise_nothing_is_learned():
    noise = stats.zscore(np.random.default_rng(0).standard_normal((15, 30)), ddof=1)
    assert best_pull(noise) >= 0.7


def test_dependent_indicators_need_shrinkage():
    x = np.random.default_rng(0).standard_normal(20)
    twice = np.column_stack([x, 2 * x])
    twice[3, 1] = NAN
    assert regression(sheet(twice)).values[3, 1] == pytest.approx(2 * x[3], abs=0.05)
    with pytest.raises(InputError, match="shrinkage above 0"):
        regression(sheet(twice), shrinkage=0.0)


def test_more_indicators_than_units():
    whole, values = factor(20, 40, 0.1, 6)
    found = regression(sheet(values))
    assert found.notes == ()
    missed = (found.values - whole)[found.filled]
    by_mean = (np.nanmean(values, axis=0) - whole)[found.filled]
    assert np.square(missed).mean() < 0.5 * np.square(by_mean).mean()


def test_guesses_stay_inside_unless_told_otherwise():
    x = np.append(np.arange(20.0), 60.0)
    line = np.column_stack([x, x + np.tile([0.3, -0.3, 0.0], 7)])
    line[-1, 1] = NAN
    assert regression(sheet(line)).values[-1, 1] == np.nanmax(line[:, 1])
    assert regression(sheet(line), inside=False, shrinkage=0.0).values[-1, 1] == pytest.approx(60.0, abs=0.5)
    assert np.nanmax(imputations(sheet(line), 50, 1)[:, -1, 1]) <= np.nanmax(line[:, 1])


@pytest.mark.parametrize("method", [regression, multiple])
def test_the_error_covers_what_is_missed(method):
    """Between -1.645 and 1.645 standard deviations lie 90 % of the hidden values."""
    z = []
    for seed in range(30):
        whole, values = factor(40, 5, 0.2, seed)
        found = method(sheet(values), inside=False)
        z.append(((whole - found.values) / np.where(found.filled, found.sd, 1.0))[found.filled])
    z = np.concatenate(z)
    assert len(z) > 1_000
    assert (np.abs(z) < stats.norm.ppf(0.95)).mean() == pytest.approx(0.9, abs=0.03)


def test_multiple_imputation_knows_more_error_than_one_regression():
    _, values = factor(25, 6, 0.3, 3)
    one, many = regression(sheet(values)), multiple(sheet(values), draws=200)
    assert (many.sd / np.where(one.filled, one.sd, 1.0))[one.filled].mean() > 1.0
    np.testing.assert_array_equal(many.values, multiple(sheet(values), draws=200).values)
    assert (multiple(sheet(values), draws=200, seed=1).values != many.values).any()


def test_the_spread_of_imputations_is_the_error_of_their_mean():
    _, values = factor(40, 4, 0.2, 9)
    drawn = imputations(sheet(values), 4_000, 5, inside=False)
    found = multiple(sheet(values), draws=400, inside=False)
    at = found.filled
    np.testing.assert_allclose(drawn.std(axis=0)[at], found.sd[at], rtol=0.08)
    np.testing.assert_allclose(drawn.mean(axis=0)[at], found.values[at], atol=0.1)
    present = ~np.isnan(values)
    assert (drawn[:, present] == values[present]).all()


@pytest.mark.slow
def test_intervals_of_a_mean_by_rubins_rules_hold_their_level():
    """Rubin (1987), chapter 3: 95 % intervals of a mean, half of the values missing where another indicator is high."""
    held, m = 0, 20
    for seed in range(400):
        rng = np.random.default_rng(seed)
        x = rng.standard_normal(80)
        y = x + 0.7 * rng.standard_normal(80)
        y[rng.random(80) < stats.norm.cdf(1.2 * x)] = NAN
        drawn = imputations(sheet(np.column_stack([x, y])), m, seed, inside=False)[:, :, 1]
        within, between = drawn.var(axis=1, ddof=1).mean() / 80, drawn.mean(axis=1).var(ddof=1)
        total = within + (1 + 1 / m) * between
        freedom = (m - 1) * (1 + within / ((1 + 1 / m) * between)) ** 2
        held += abs(drawn.mean()) < stats.t.ppf(0.975, freedom) * np.sqrt(total)
    assert held / 400 == pytest.approx(0.95, abs=0.03)


def test_draws_of_a_law_have_the_moments_of_wishart_laws():
    rng = np.random.default_rng(1)
    roots = _bartlett(60_000, 3, 7.5, rng)
    wishart = roots @ roots.swapaxes(1, 2)
    np.testing.assert_allclose(wishart.mean(axis=0), 7.5 * np.eye(3), atol=0.06)
    np.testing.assert_allclose(wishart[:, 0, 0].var(), stats.wishart(7.5, np.eye(3)).var()[0, 0], rtol=0.05)
    whole, _ = factor(12, 3, 0.0, 2)
    mean, precision = _draw_law(np.repeat(whole[None], 60_000, axis=0), 0.25, rng)
    expected = 0.75 * np.cov(whole.T, ddof=0) + 0.25 * np.eye(3)
    expected *= 16.0 / 15.0
    np.testing.assert_allclose(np.linalg.inv(precision).mean(axis=0), expected, rtol=0.02)
    np.testing.assert_allclose(np.cov(mean.T), expected / 12, rtol=0.05)
    np.testing.assert_allclose(mean.mean(axis=0), whole.mean(axis=0), atol=0.01)


def test_draws_come_in_blocks_of_bounded_size(monkeypatch):
    _, values = factor(30, 4, 0.2, 3)
    monkeypatch.setattr("ecosystem_iq.benchmark.steps.posterior._CELLS", 2_000)
    drawn = draw(values, expected_law(values, 0.1), 25, np.random.default_rng(0))
    assert drawn.values.shape == (25, 30, 4)
    present = ~np.isnan(values)
    np.testing.assert_allclose(drawn.center[present], values[present])
