"""The measures of a stakeholder by name: what each says, where it has no value, and how far it scales."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from ecosystem_iq.errors import InputError
from ecosystem_iq.network.brokerage import roles
from ecosystem_iq.network.communities import account_communities
from ecosystem_iq.network.graph import InfluenceGraph
from ecosystem_iq.network.kernels import betweenness, connectivity, distances, mixing, reach, spectral
from ecosystem_iq.network.kernels import structural_holes as holes
from ecosystem_iq.network.kernels.influence import influence_shares

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Arrows:
    """A graph as a measure sees it: with its probabilities, or with every arc counted 1.

    Attributes
    ----------
    graph : InfluenceGraph
    weighted : bool
    """

    graph: InfluenceGraph
    weighted: bool = True

    @property
    def account(self) -> NDArray[np.int64]:
        """Account code of each node."""
        return self.graph.account_code

    @cached_property
    def matrix(self) -> csr_array:
        """Arcs of probability above 0, for and against."""
        return self._of(self.graph.matrix.data > 0)

    @cached_property
    def support(self) -> csr_array:
        """Arcs which move somebody *for*: ties against never add reach."""
        return self._of((self.graph.matrix.data > 0) & (self.graph.sign > 0))

    @cached_property
    def lengths(self) -> csr_array:
        """``max(-ln p, 1e-9)`` along each arc, or 1."""
        return distances.lengths(self.matrix, weighted=self.weighted)

    def _of(self, kept: NDArray[np.bool_]) -> csr_array:
        known = self.graph.matrix
        data = np.where(kept, known.data if self.weighted else 1.0, 0.0)
        matrix = csr_array((data, known.indices, known.indptr), shape=known.shape).copy()
        matrix.eliminate_zeros()
        return matrix


@dataclass(frozen=True)
class Measure:
    """One measure.

    Attributes
    ----------
    compute : callable
        Of :class:`Arrows`; one value a node.
    meaning : str
        What a high value says, in plain words.
    undefined : str
        Why a node may have none (NaN); "" when all have one.
    cost : callable, optional
        Steps it takes on a graph; above ``largest`` it is refused.
    largest : float
    instead : str
        What to ask for then.
    """

    compute: Callable[[Arrows], Array]
    meaning: str
    undefined: str = ""
    cost: Callable[[Arrows], float] | None = None
    largest: float = np.inf
    instead: str = ""

    def refuse_too_large(self, name: str, arrows: Arrows) -> None:
        """Raise :class:`InputError` where the measure would take hours."""
        if self.cost is None or (steps := self.cost(arrows)) <= self.largest:
            return
        size = f"{len(arrows.graph):,} stakeholders with {arrows.matrix.nnz:,} arcs"
        raise InputError(
            f"{name} is not computed for {size}: that is about {steps:.1g} steps, and the limit is "
            f"{self.largest:.1g}. {self.instead}"
        )


def _sum(matrix: csr_array, axis: int) -> Array:
    return np.asarray(matrix.sum(axis=axis), dtype=np.float64).ravel()


def _roles(arrows: Arrows) -> Array:
    """Brokered pairs of any kind: the total does not depend on groups."""
    return roles(arrows.matrix, np.zeros(len(arrows.graph), dtype=np.int64))[:, -1].astype(np.float64)


def _participation(arrows: Arrows) -> Array:
    return mixing.participation(arrows.matrix, account_communities(arrows.graph))


def _searches(arrows: Arrows) -> float:
    return distances.cost(arrows.lengths)


def _pairs_of_steps(arrows: Arrows) -> float:
    return reach.cost(arrows.support)


_ALONE = "without ties"
_SEARCH = "Choose fewer accounts, or ask for reach_2 or influence, which scale."

MEASURES: dict[str, Measure] = {
    "influence": Measure(
        lambda a: influence_shares(a.matrix, a.account, a.graph.damping), "share of decisions which start here"
    ),
    "out_strength": Measure(lambda a: _sum(a.matrix, 1), "others moved directly"),
    "in_strength": Measure(lambda a: _sum(a.matrix, 0), "moved by others directly"),
    "katz": Measure(lambda a: spectral.katz(a.matrix, a.account), "moves others over any number of steps"),
    "harmonic": Measure(
        lambda a: distances.harmonic(a.lengths, a.account),
        "near to everybody along the arrows",
        "alone in the account",
        _searches,
        distances.LARGEST,
        _SEARCH,
    ),
    "betweenness": Measure(
        lambda a: betweenness.betweenness(a.lengths),
        "strongest paths between others which lead through here",
        "",
        _searches,
        betweenness.LARGEST,
        _SEARCH,
    ),
    "pagerank": Measure(
        lambda a: spectral.pagerank(a.matrix, a.account, a.graph.damping),
        "share of a walk against the arrows, every tie passing everything on",
    ),
    "eigenvector": Measure(
        lambda a: spectral.eigenvector(a.matrix, a.account),
        "moves those who move many, in cycles",
        "no cycle of influence in the account",
    ),
    "hub": Measure(lambda a: spectral.hubs(a.matrix, a.account), "moves those whom many move"),
    "authority": Measure(lambda a: spectral.authorities(a.matrix, a.account), "moved by those who move many"),
    "reach_1": Measure(lambda a: reach.reach_1(a.support), "expected to be moved in one step, oneself included"),
    "reach_2": Measure(
        lambda a: reach.reach_2(a.support),
        "expected to be moved in two steps, oneself included",
        cost=_pairs_of_steps,
        largest=reach.LARGEST,
        instead="Choose fewer accounts, or ask for reach_1 or influence, which scale.",
    ),
    "constraint": Measure(
        lambda a: holes.constraint(a.matrix, a.account), "contacts who know each other: low is a bridge", _ALONE
    ),
    "effective_size": Measure(lambda a: holes.effective_size(a.matrix), "contacts who do not know each other", _ALONE),
    "brokerage": Measure(_roles, "pairs without a tie of their own, joined through here"),
    "coreness": Measure(lambda a: connectivity.coreness(a.matrix), "stands in a dense core"),
    "participation": Measure(_participation, "ties spread over communities", _ALONE),
    "ei_index": Measure(
        lambda a: mixing.ei_index(a.matrix, a.graph.group),
        "ties outside the own group less those inside, -1 to 1",
        "without ties, or of unknown group",
    ),
    "articulation": Measure(
        lambda a: connectivity.articulation_points(a.matrix), "1 where the map would fall apart without this one"
    ),
}
