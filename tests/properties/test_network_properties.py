"""What holds for any ties."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.sparse import csr_array

from ecosystem_iq.network.kernels.influence import influence_shares
from ecosystem_iq.network.measures import rank_within
from ecosystem_iq.network.probability import Rows, branching, join, scale

UNIT = st.floats(0, 1, allow_subnormal=False)


@st.composite
def tie_rows(draw):
    """Rows of ties, for and against, in up to three accounts."""
    arcs, count = draw(st.integers(1, 8)), draw(st.integers(1, 20))
    arc = draw(arrays(np.int64, count, elements=st.integers(0, arcs - 1)))
    x = draw(arrays(float, count, elements=UNIT))
    positive = draw(arrays(bool, count))
    account = draw(arrays(np.int64, arcs, elements=st.integers(0, 2)))
    return Rows(arc, x, positive, account)


SIZES = arrays(np.int64, 3, elements=st.integers(0, 30))
TARGETS = st.floats(0.01, 5)


@given(tie_rows(), SIZES, TARGETS)
def test_scaling_reaches_the_target_or_stops_at_certainty(rows, sizes, target):
    factor = scale(rows, sizes, target)
    probability, sign = join(rows, factor)
    assert ((probability >= 0) & (probability <= 1)).all()
    assert np.isin(sign, (-1, 1)).all()
    assert (rows.x * factor[rows.account[rows.arc]] <= 1 + 1e-12).all()
    reached = branching(probability, rows, sizes)
    most = np.zeros(3)
    np.maximum.at(most, rows.account[rows.arc], rows.x)
    at_certainty = (most > 0) & np.isclose(factor * most, 1)
    assert np.where(most == 0, reached == 0, np.isclose(reached, target, rtol=1e-9) | at_certainty).all()
    assert (reached <= target * (1 + 1e-9)).all()


@given(tie_rows(), SIZES, TARGETS, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(rows, sizes, target, random):
    order = list(range(len(rows.arc)))
    random.shuffle(order)
    mixed = Rows(rows.arc[order], rows.x[order], rows.positive[order], rows.account)
    one, two = (join(r, scale(r, sizes, target))[0] for r in (rows, mixed))
    np.testing.assert_allclose(one, two, rtol=1e-9, atol=1e-12)


@given(tie_rows(), SIZES)
def test_a_higher_target_never_lowers_a_probability(rows, sizes):
    low, high = (join(rows, scale(rows, sizes, target))[0] for target in (0.4, 1.2))
    assert (high >= low - 1e-12).all()


@given(arrays(float, (7, 7), elements=UNIT), st.floats(0, 0.95))
def test_influence_is_a_share_and_nobody_is_without(matrix, damping):
    found = influence_shares(csr_array(matrix), np.zeros(7, np.int64), damping)
    assert abs(found.sum() - 1) < 1e-12
    assert (found >= (1 - damping) / 7 - 1e-12).all()


@given(arrays(float, (6, 6), elements=UNIT), st.permutations(range(6)))
def test_influence_follows_the_nodes(matrix, order):
    account = np.zeros(6, np.int64)
    found = influence_shares(csr_array(matrix), account)
    turned = influence_shares(csr_array(matrix[np.ix_(order, order)]), account)
    np.testing.assert_allclose(turned, found[list(order)], rtol=0, atol=1e-12)


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 2)), max_size=20))
def test_a_rank_is_one_more_than_how_many_are_above(pairs):
    values, group = np.array(pairs, dtype=float).reshape(-1, 2).T
    expected = [
        1 + sum(v > values[i] for v, g in zip(values, group, strict=True) if g == group[i]) for i in range(len(values))
    ]
    assert rank_within(values, group.astype(np.int64)).tolist() == expected
