"""Where stakeholders stand on the map."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_array
from scipy.spatial.distance import pdist, squareform

from ecosystem_iq.network.communities import communities
from ecosystem_iq.views.layout import _spread_circles, island_layout

TOLERANCE = 0.2  # positions are rounded to a tenth of a pixel


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
        island_layout(matrix, community, radius), island_layout(csr_array(matrix.T), community, radius), atol=0.2
    )


def test_the_map_is_centred():
    position = island_layout(*planted(70, 6))
    np.testing.assert_allclose(position.min(axis=0) + position.max(axis=0), 0, atol=0.2)


def test_positions_are_rounded_and_have_no_negative_zero():
    position = island_layout(*planted(40, 3))
    np.testing.assert_array_equal(position, position.round(1))
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
    centre = _spread_circles(rng.normal(size=(k, 2)) * 30, radius)
    assert overlaps(centre, radius) <= 0.05 * radius.max()


def test_circles_in_one_place_are_moved_apart():
    centre = _spread_circles(np.zeros((4, 2)), np.full(4, 100.0))
    assert np.isfinite(centre).all()
    assert overlaps(centre, np.full(4, 100.0)) <= 5


def test_two_thousand_stakeholders():
    matrix, community, radius = planted(2_000, 30)
    position = island_layout(matrix, community, radius)
    assert np.isfinite(position).all()
    assert overlaps(position, radius) <= TOLERANCE
