"""Probability of an arc: recency, joining rows, scaling to a mean branching."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import brentq

from ecosystem_iq.network.probability import DAYS_PER_MONTH, Rows, branching, join, recency, scale

AS_OF = pd.Timestamp("2026-06-30")


def rows_of(arc, x, positive=None, account=None):
    arc = np.asarray(arc)
    positive = np.ones(len(arc), bool) if positive is None else np.asarray(positive)
    account = np.zeros(arc.max(initial=-1) + 1, np.int64) if account is None else np.asarray(account)
    return Rows(arc, np.asarray(x, dtype=float), positive, account)


def test_recency_halves_with_each_half_life():
    days = [0, 1, 365, 730, 1461, 5844]
    dates = pd.Series(AS_OF - pd.to_timedelta(days, unit="D"))
    expected = [0.5 ** (d / (24 * 365.2425 / 12)) for d in days]
    np.testing.assert_allclose(recency(dates, AS_OF, 24.0), expected, rtol=1e-14)
    assert recency(dates, AS_OF, 24.0)[3] == pytest.approx(0.5, abs=3e-4)


def test_a_shorter_half_life_forgets_faster():
    dates = pd.Series([AS_OF - pd.Timedelta(days=12 * DAYS_PER_MONTH)])
    assert recency(dates, AS_OF, 6.0)[0] == pytest.approx(0.25, abs=1e-3)


def test_recency_of_a_blank_is_a_half_and_of_the_future_is_one():
    dates = pd.Series([pd.NaT, AS_OF + pd.Timedelta(days=400)]).astype("datetime64[us]")
    np.testing.assert_array_equal(recency(dates, AS_OF, 24.0), [0.5, 1.0])


def test_recency_without_a_today_is_a_half():
    np.testing.assert_array_equal(recency(pd.Series([AS_OF]), None, 24.0), [0.5])


def test_recency_of_no_rows():
    assert recency(pd.Series(dtype="datetime64[us]"), AS_OF, 24.0).shape == (0,)


def test_an_arc_joins_its_rows_as_independent_chances():
    rows = rows_of([0, 0, 1], [0.5, 0.2, 0.3])
    probability, sign = join(rows, np.array([0.8]))
    np.testing.assert_allclose(probability, [1 - (1 - 0.4) * (1 - 0.16), 0.24], rtol=1e-14)
    np.testing.assert_array_equal(sign, [1, 1])


def test_the_prevailing_sign_is_that_of_the_larger_one_sided_probability():
    rows = rows_of([0, 0, 0, 1, 1], [0.3, 0.3, 0.5, 0.3, 0.2], positive=[True, True, False, True, False])
    probability, sign = join(rows, np.ones(1))
    np.testing.assert_allclose(probability, [1 - 0.7 * 0.7, 0.3])  # .51 for against .5 against
    np.testing.assert_array_equal(sign, [1, 1])
    probability, sign = join(rows_of([0, 0], [0.3, 0.4], positive=[True, False]), np.ones(1))
    assert (probability[0], sign[0]) == (pytest.approx(0.4), -1)


def test_a_sure_row_makes_a_sure_arc():
    probability, sign = join(rows_of([0, 0], [1.0, 1.0], positive=[True, False]), np.ones(1))
    assert (probability[0], sign[0]) == (1.0, 1)


@pytest.mark.parametrize("target", [0.1, 0.4, 0.8, 1.5])
def test_the_factor_brings_a_dense_account_to_the_target(target):
    rng = np.random.default_rng(1)
    rows = rows_of(np.repeat(np.arange(60), 2), rng.random(120) * 0.9 + 0.1)
    sizes = np.array([12])
    factor = scale(rows, sizes, target)
    assert branching(join(rows, factor)[0], rows, sizes)[0] == pytest.approx(target, rel=1e-12)

    def miss(f):
        sides = np.ones(60)
        np.multiply.at(sides, rows.arc, 1 - f * rows.x)
        return (1 - sides).sum() / 12 - target

    assert factor[0] == pytest.approx(brentq(miss, 0, 1 / rows.x.max()), rel=1e-9)


def test_a_dense_account_is_scaled_down_and_a_faint_one_up():
    rows = rows_of(range(40), [0.9] * 20 + [0.05] * 20, account=[0] * 20 + [1] * 20)
    factor = scale(rows, np.array([5, 5]), 0.8)
    assert factor[0] < 1 < factor[1]
    np.testing.assert_allclose(branching(join(rows, factor)[0], rows, np.array([5, 5])), [0.8, 0.8], rtol=1e-12)


def test_the_factor_lifts_no_row_above_certainty_so_a_sparse_account_stays_below():
    rows = rows_of([0, 1], [0.5, 0.25])
    factor = scale(rows, np.array([10]), 0.8)
    assert factor[0] == pytest.approx(2.0, rel=1e-15)
    np.testing.assert_allclose(join(rows, factor)[0], [1.0, 0.5])
    assert branching(join(rows, factor)[0], rows, np.array([10]))[0] == pytest.approx(0.15)


def test_accounts_are_scaled_apart_from_each_other():
    one = rows_of(range(30), np.linspace(0.2, 0.9, 30))
    both = rows_of(range(50), np.r_[np.linspace(0.2, 0.9, 30), np.full(20, 0.7)], account=[0] * 30 + [1] * 20)
    assert scale(one, np.array([6]), 0.8)[0] == scale(both, np.array([6, 4]), 0.8)[0]


def test_an_account_without_arcs_or_without_people_has_factor_one():
    rows = rows_of([0], [0.5], account=[1])
    np.testing.assert_array_equal(scale(rows, np.array([4, 3, 0]), 0.8), [1.0, 2.0, 1.0])


def test_rows_of_no_weight_stay_without():
    rows = rows_of([0, 1], [0.0, 0.0])
    probability, _ = join(rows, scale(rows, np.array([3]), 0.8))
    np.testing.assert_array_equal(probability, [0.0, 0.0])
