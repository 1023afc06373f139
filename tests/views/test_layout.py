"""Where stakeholders stand on the map."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_array
from scipy.spatial.distance import pdist, squareform

from ecosystem_iq.network.communities import communities
from ecosystem_iq.views.forces import spring
from ecosystem_iq.views.layout import island_layout
from ecosystem_iq.views.spacing import push_apart, spread_circles

TOLERANCE = 0.0  # a margin is kept between discs, so that rounding makes none overlap


def planted(n, groups, seed=0, inside=4.0, between=0.5):
    """Weights, communities and radii of ``n`` nodes."""
    rng = np.random.default_rng(seed)
    block = np.sort(rng.integers(0, groups, n))
    chance = np.where(block[:, None] == block, inside / max(n / groups, 1), between / max(n, 1))
    matrix = csr_array(np.triu(rng.random((n, n)) < chance, 1) * rng.random((n, n)))
    radius = np.round(5 + 21 * np.sqrt(rng.random(n) ** 4), 1)
    return matrix, communities(matrix), radius


def overlaps(position, radius):
    """How deep the deepest two discs lie in each other, pixels."""
    gaps = squareform(pdist(position)) - radius[:, None] - radius
    np.fill_diagonal(gaps, np.inf)
    return max(0.0, -gaps.min(initial=np.inf))


@pytest.mark.parametrize(("n", "groups"), [(2, 1), (3, 3), (12, 2), (60, 5), (120, 1), (300, 12)])
def test_no_two_discs_overlap(n, groups):
    matrix, community, radius = planted(n, groups)
    position = island_layout(matrix, community, radius)
    assert position.shape == (n, 2)
    assert np.isfinite(position).all()
    assert overlaps(position, radius) <= TOLERANCE


def test_large_discs_do_not_overlap_either():
    matrix, community, _ = planted(80, 4)
    radius = np.full(80, 26.0)
    assert overlaps(island_layout(matrix, community, radius), radius) <= TOLERANCE


@pytest.mark.parametrize("n", [0, 1, 2])
def test_the_smallest_accounts(n):
    position = island_layout(csr_array((n, n)), np.arange(n), np.full(n, 26.0))
    assert position.shape == (n, 2)
    assert np.isfinite(position).all()
    assert overlaps(position, np.full(n, 26.0)) <= TOLERANCE


def test_isolates_on_one_island():
    position = island_layout(csr_array((40, 40)), np.zeros(40, np.int64), np.full(40, 5.0))
    assert np.isfinite(position).all()
    assert overlaps(position, np.full(40, 5.0)) <= TOLERANCE


def test_everybody_on_an_island_of_their_own():
    position = island_layout(csr_array((30, 30)), np.arange(30), np.full(30, 26.0))
    assert overlaps(position, np.full(30, 26.0)) <= TOLERANCE


def test_the_same_graph_has_the_same_places():
    matrix, community, radius = planted(90, 5)
    one, other = (island_layout(csr_array(matrix.copy()), community.copy(), radius) for _ in range(2))
    np.testing.assert_array_equal(one, other)


def test_direction_does_not_matter():
    matrix, community, radius = planted(50, 4)
    np.testing.assert_allclose(
        island_layout(matrix, community, radius), island_layout(csr_array(matrix.T), community, radius), atol=1
    )


def test_the_map_is_centred():
    position = island_layout(*planted(70, 6))
    np.testing.assert_allclose(position.min(axis=0) + position.max(axis=0), 0, atol=1)


def test_positions_are_whole_pixels_without_negative_zero():
    position = island_layout(*planted(40, 3))
    np.testing.assert_array_equal(position, position.round())
    assert not np.signbit(position[position == 0]).any()


def test_people_of_a_community_stand_together():
    matrix, community, radius = planted(150, 5)
    position = island_layout(matrix, community, radius)
    middle = np.array([position[community == c].mean(axis=0) for c in range(community.max() + 1)])
    nearest = np.hypot(*(position[:, None] - middle).transpose(2, 0, 1)).argmin(axis=1)
    assert (nearest == community).mean() > 0.85
    assert community.max() > 2


@pytest.mark.parametrize("k", [1, 2, 5, 20])
def test_circles_are_moved_apart(k):
    rng = np.random.default_rng(k)
    radius = rng.uniform(50, 300, k)
    centre = spread_circles(rng.normal(size=(k, 2)) * 30, radius)
    assert overlaps(centre, radius) <= 0.05 * radius.max()


def test_circles_in_one_place_are_moved_apart():
    centre = spread_circles(np.zeros((4, 2)), np.full(4, 100.0))
    assert np.isfinite(centre).all()
    assert overlaps(centre, np.full(4, 100.0)) <= 5


def test_two_thousand_stakeholders():
    matrix, community, radius = planted(2_000, 30)
    position = island_layout(matrix, community, radius)
    assert np.isfinite(position).all()
    assert overlaps(position, radius) <= TOLERANCE


def test_a_community_of_many_is_laid_out_by_cells():
    matrix, _, radius = planted(900, 3, inside=6.0)
    position = island_layout(matrix, np.zeros(900, np.int64), radius)
    assert overlaps(position, radius) <= TOLERANCE
    tail, head = matrix.nonzero()
    tied = np.hypot(*(position[tail] - position[head]).T).mean()
    assert tied < 0.75 * pdist(position).mean(), "who is tied stands nearer than two at random"


@pytest.mark.parametrize("n", [12, 150, 700])
def test_a_ring_becomes_a_ring(n):
    ends = np.arange(n)
    ring = csr_array((np.ones(2 * n), (np.r_[ends, (ends + 1) % n], np.r_[(ends + 1) % n, ends])), shape=(n, n))
    placed = spring(ring)
    step = np.hypot(*(placed - np.roll(placed, -1, axis=0)).T)
    assert step.max() < 0.5 * np.ptp(placed, axis=0).max()
    assert np.median(step) < max(4 / n, 0.07) * np.ptp(placed, axis=0).max()


def test_weights_beyond_all_bounds_do_no_harm():
    for factor in (1e-300, 1e300):
        matrix, _, _ = planted(50, 2)
        assert np.isfinite(spring(csr_array((matrix + matrix.T) * factor))).all()


def test_discs_in_one_place_are_moved_apart():
    position = push_apart(np.zeros((30, 2)), np.full(30, 9.0))
    assert overlaps(position, np.full(30, 8.5)) == 0
