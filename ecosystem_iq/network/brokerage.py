"""Brokerage: who passes influence on between others, and between which kinds of stakeholder.

Whenever i moves j and j moves k, but i does not move k directly, j is a broker: what i wants reaches k through j. The
groups of the three (clinician, payer, administrator, …) say which broker j is:

* *coordinator* (A → A → A): carries it on among its own kind, like a physician between two physicians;
* *itinerant* (B → A → B): an outsider who connects people of one other kind, like a consultant between two payers;
* *representative* (A → A → B): speaks for its own kind to another, like the physician who carries a department's view
  to the formulary committee;
* *gatekeeper* (B → A → A): decides what from outside reaches its own kind, like the pharmacist through whom evidence
  gets to the ward;
* *liaison* (B → A → C): connects two kinds and belongs to neither.

A count alone says little: whoever has many ties or belongs to a large group is a broker often. So each is compared with
its expectation when the account's arcs fall at random, each with the chance of the account's density, and groups stay
as they are. A z above 1.96 means more of that role than chance explains, below -1.96 less: about one random network in
twenty is that far off. Counts are skewed where little is expected: read z there as a hint.

An arc is there when its probability is above 0, whatever its strength and sign. Stakeholders of unknown group form a
group of their own, called "".
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array

from ecosystem_iq.errors import InputError, did_you_mean
from ecosystem_iq.network.graph import InfluenceGraph
from ecosystem_iq.network.kernels.triangles import Positions, Skeleton, skeleton, triangles

ROLES = ("coordinator", "itinerant", "representative", "gatekeeper", "liaison", "total")
"""Columns of all tables here; in the order of the R package sna: w_I, w_O, b_IO, b_OI, b_O, t."""

_ROLE_OF = np.array([4, 2, 3, -1, 1, -1, -1, 0])
"""Role by (first and broker alike) + 2 (broker and last alike) + 4 (first and last alike)."""

STATISTICS = ("raw", "expected", "sd", "z")

Floats = NDArray[np.float64]
Exact = NDArray[np.object_]
"""Python integers: fourth powers of a million stakeholders are past 64 bits, and differences of them must be exact."""


@dataclass(frozen=True, eq=False)
class Brokerage:
    """Brokerage roles of every stakeholder in every account.

    Attributes
    ----------
    table : DataFrame
        A row a stakeholder and account, in the order of the graph: ``account_id``, ``stakeholder_id``, ``group``, how
        often it has each role (``coordinator`` … ``liaison``, ``total``), then ``expected_<role>`` and ``z_<role>``. z
        is NaN where the role cannot vary, such as that of coordinator in a group of two.
    accounts : DataFrame
        Four rows an account, ``stat`` being raw, expected, sd and z, with a column a role: the sum over all
        stakeholders.
    """

    table: pd.DataFrame
    accounts: pd.DataFrame

    def to_frame(self) -> pd.DataFrame:
        """The table of stakeholders."""
        return self.table

    def __repr__(self) -> str:
        return f"Brokerage({len(self.table):,} rows, {len(self.accounts) // len(STATISTICS):,} accounts)"


def brokerage(graph: InfluenceGraph, groups: Mapping[str, str] | None = None) -> Brokerage:
    """Gould-Fernandez brokerage of every stakeholder, with what chance would give.

    Parameters
    ----------
    graph : InfluenceGraph
    groups : mapping of str to str, optional
        Another group of each stakeholder (its organization, its stance, …); those left out have "". Default: the kind
        of stakeholder, ``graph.group``.

    Returns
    -------
    Brokerage

    Raises
    ------
    InputError
        When ``groups`` names somebody who is not in the graph.

    Notes
    -----
    Expectations and standard deviations are those of ``sna::brokerage`` (sna 2.7): arcs are independent, each there
    with the account's density. Those of stakeholders are exact. The standard deviations of an *account's*
    coordinators, representatives, gatekeepers and total are, as there, slightly too large (a few percent in sparse
    accounts): they leave out pairs of triads which exclude each other. So these z are cautious.

    References
    ----------
    Gould, R. V. & Fernandez, R. M. (1989). Structures of mediation: a formal approach to brokerage in transaction
    networks. *Sociological Methodology* 19, 89-126. doi:10.2307/270949

    Examples
    --------
    >>> graph = InfluenceGraph.from_edges(["a", "b"], ["b", "c"], 0.5, group={"a": "payer", "b": "payer", "c": "nurse"})
    >>> brokerage(graph).table["representative"].tolist()
    [0, 1, 0]
    """
    group = graph.group if groups is None else _asked(graph, groups)
    code = pd.factorize(group)[0].astype(np.int64)
    raw, cells = roles(graph.matrix, code), _Cells.of(graph, code)
    expected, sd = cells.stakeholder_moments()
    expected, sd = expected[cells.of_node], sd[cells.of_node]
    keys = {"account_id": graph.account, "stakeholder_id": graph.ids, "group": group}
    parts = (("", raw), ("expected_", expected), ("z_", _z(raw, expected, sd)))
    columns = [pd.DataFrame(values, columns=[f"{prefix}{role}" for role in ROLES]) for prefix, values in parts]
    table = pd.concat([pd.DataFrame(keys, dtype="str"), *columns], axis=1)
    return Brokerage(table, _accounts(graph, raw, cells))


def _asked(graph: InfluenceGraph, groups: Mapping[str, str]) -> NDArray[np.object_]:
    known = pd.Index(graph.ids)
    for name in groups:
        if name not in known:
            raise InputError(f'"{name}" has a group but is no stakeholder. {did_you_mean(name, set(known))}'.strip())
    return pd.Series(groups, dtype=object).reindex(graph.ids).fillna("").to_numpy(dtype=object)


def _accounts(graph: InfluenceGraph, raw: NDArray[np.int64], cells: _Cells) -> pd.DataFrame:
    total = np.zeros((len(graph.account_ids), len(ROLES)))
    np.add.at(total, graph.account_code, raw)
    expected, sd = cells.account_moments()
    values = np.stack([total, expected, sd, _z(total, expected, sd)], axis=1).reshape(-1, len(ROLES))
    names = {"account_id": np.repeat(graph.account_ids, len(STATISTICS)), "stat": STATISTICS * len(graph.account_ids)}
    return pd.concat([pd.DataFrame(names, dtype="str"), pd.DataFrame(values, columns=list(ROLES))], axis=1)


def _z(raw: NDArray[np.int64] | Floats, expected: Floats, sd: Floats) -> Floats:
    z = np.full(sd.shape, np.nan)
    np.divide(raw - expected, sd, out=z, where=sd > 0)
    return z


def roles(matrix: csr_array, group: NDArray[np.int64]) -> NDArray[np.int64]:
    """How often each node has each role (kernel, no checks).

    All pairs of an arc in and an arc out, by group, less those which come back to where they started and those whose
    ends have an arc of their own: so a hub costs what it has ties, not their square.

    Parameters
    ----------
    matrix : csr_array, shape (nodes, nodes)
        Arrows as in the graph; stored zeros are no arcs.
    group : ndarray of int, shape (nodes,)
        Codes from 0.

    Returns
    -------
    ndarray of int, shape (nodes, 6)
        Columns as in :data:`ROLES`; 0 for a node without ties.

    Examples
    --------
    >>> path = csr_array([[0, 0.5, 0], [0, 0, 0.5], [0, 0, 0]])
    >>> roles(path, np.array([0, 0, 1]))[1].tolist()
    [0, 0, 1, 0, 0, 1]
    """
    pairs = skeleton(matrix)
    count = _through(pairs, group) - _closed(pairs, group)
    return np.column_stack([count, count.sum(axis=1)])


def _through(pairs: Skeleton, group: NDArray[np.int64]) -> NDArray[np.int64]:
    """Pairs of an arc in and an arc out which do not come back, by role, shape (nodes, 5)."""
    up, down = pairs.up > 0, pairs.down > 0
    mutual, own = up & down, group[pairs.low] == group[pairs.high]
    into, out = pairs.total_of_ends(down, up), pairs.total_of_ends(up, down)
    own_in, own_out = pairs.total_of_ends(down & own, up & own), pairs.total_of_ends(up & own, down & own)
    between_alike = _between_alike(pairs, group)
    coordinator = own_in * own_out
    representative, gatekeeper = own_in * (out - own_out), (into - own_in) * own_out
    liaison = into * out - representative - gatekeeper - between_alike
    itinerant = between_alike - coordinator - pairs.total(mutual & ~own)
    coordinator -= pairs.total(mutual & own)
    return np.column_stack([coordinator, itinerant, representative, gatekeeper, liaison]).astype(np.int64)


def _between_alike(pairs: Skeleton, group: NDArray[np.int64]) -> Floats:
    """Pairs of an arc in and an arc out whose far ends are of one group, shape (nodes,)."""
    node, neighbor = np.r_[pairs.low, pairs.high], np.r_[pairs.high, pairs.low]
    up, down = pairs.up > 0, pairs.down > 0
    many = int(group.max(initial=0)) + 1
    if pairs.nodes * many <= 4 * len(node):  # few groups: a table of all cells is small
        cell, cells = node * many + group[neighbor], pairs.nodes * many
        into, out = np.bincount(cell, np.r_[down, up], cells), np.bincount(cell, np.r_[up, down], cells)
        return np.asarray((into * out).reshape(-1, many).sum(axis=1), dtype=np.float64)
    # By node and group of the neighbor: the real part counts arcs in, the imaginary one arcs out.
    arcs = np.r_[down + 1.0j * up, up + 1.0j * down]
    tally = coo_array((arcs, (node, group[neighbor].astype(np.int32))), shape=(pairs.nodes, many)).tocsr()
    return np.bincount(tally.tocoo().row, tally.data.real * tally.data.imag, pairs.nodes).astype(np.float64)


def _closed(pairs: Skeleton, group: NDArray[np.int64]) -> NDArray[np.int64]:
    """Triads i → j → k with i → k, by broker j and role, shape (nodes, 5).

    In such a triad all arcs run from earlier to later in one of the six orders of its corners.
    """
    count = np.zeros(pairs.nodes * 5, dtype=np.int64)
    up, down = pairs.up > 0, pairs.down > 0
    for ab, ac, bc in triangles(pairs):
        corners = pairs.low[ab], pairs.low[bc], pairs.high[bc]
        arc = {(0, 1): up[ab], (1, 0): down[ab], (0, 2): up[ac], (2, 0): down[ac], (1, 2): up[bc], (2, 1): down[bc]}
        for i, j, k in itertools.permutations(range(3)):
            there = np.flatnonzero(arc[i, j] & arc[j, k] & arc[i, k])
            first, broker, last = (corners[corner][there] for corner in (i, j, k))
            np.add.at(count, broker * 5 + _role(group[first], group[broker], group[last]), 1)
    return count.reshape(-1, 5)


def _role(first: NDArray[np.int64], broker: NDArray[np.int64], last: NDArray[np.int64]) -> NDArray[np.int64]:
    """Column of the role of a broker between two others, by the groups of the three."""
    role: NDArray[np.int64] = _ROLE_OF[(first == broker) + 2 * (broker == last) + 4 * (first == last)]
    return role


@dataclass(frozen=True, eq=False)
class _Cells:
    """Groups within accounts: all stakeholders of one expect the same.

    Attributes
    ----------
    of_node : ndarray of int, shape (nodes,)
    account : ndarray of int, shape (cells,)
    size : ndarray of Python int, shape (cells,)
    density : ndarray of float, shape (accounts,)
        Arcs which are there, among all ordered pairs; 0 for less than two stakeholders.
    """

    of_node: Positions
    account: NDArray[np.int64]
    size: Exact
    density: Floats

    @classmethod
    def of(cls, graph: InfluenceGraph, group: NDArray[np.int64]) -> _Cells:
        many = int(group.max(initial=0)) + 1
        cell, of_node, size = np.unique(graph.account_code * many + group, return_inverse=True, return_counts=True)
        out = np.diff(np.r_[0, np.cumsum(graph.matrix.data > 0)][graph.matrix.indptr])
        arcs = np.bincount(graph.account_code, out, len(graph.account_ids))
        pairs = graph.sizes * (graph.sizes - 1.0)
        density = np.divide(arcs, pairs, out=np.zeros(len(pairs)), where=pairs > 0)
        return cls(of_node, cell // many, size.astype(object), density)

    def sums(self, values: Exact) -> Exact:
        """Values of cells, summed within accounts."""
        total = np.full(len(self.density), 0, dtype=object)
        np.add.at(total, self.account, values)
        return total

    def stakeholder_moments(self) -> tuple[Floats, Floats]:
        """Expectation and standard deviation of each role of a member of each cell, shapes (cells, 6).

        Triads of one broker vary together when they share the arc in, or the arc out.
        """
        n, everybody = self.size, self.sums(self.size)[self.account]
        others = everybody - n
        squares = self.sums(n**2)[self.account] - n**2
        cubes = self.sums(n**3)[self.account] - n**3
        mixed = others * (n - 1)
        triads = [(n - 1) * (n - 2), squares - others, mixed, mixed, others**2 - squares]
        sharing = [
            2 * (n - 1) * (n - 2) * (n - 3),
            2 * (cubes - 3 * squares + 2 * others),
            mixed * (everybody - 3),
            mixed * (everybody - 3),
            2 * (others**3 - 2 * others * squares + cubes - others**2 + squares),
        ]
        triads.append((everybody - 1) * (everybody - 2))
        sharing.append(2 * (everybody - 1) * (everybody - 2) * (everybody - 3))
        d = self.density[self.account, None]
        expected, apart = _independent(triads, d)
        return expected, np.sqrt(apart + _floats(sharing) * d**3 * (1 - d) ** 3)

    def account_moments(self) -> tuple[Floats, Floats]:
        """Expectation and standard deviation of the sum over an account, shapes (accounts, 6)."""
        n, everybody = self.size, self.sums(self.size)
        others, squares = everybody[self.account] - n, self.sums(n**2)
        own, pair = n * (n - 1) * (n - 2), n * (n - 1)
        mixed, three, twice = self.sums(pair * others), *_of_three_groups(n, self.sums)
        all_of = everybody * (everybody - 1) * (everybody - 2)
        either = 4 * everybody * three - 8 * twice - 2 * three
        both = [  # they share an arc which both need
            self.sums(own * (4 * n - 10)),
            self.sums(pair * ((2 * n - 6) * others + 2 * (squares[self.account] - n**2))),
            mixed * (everybody - 3),
            mixed * (everybody - 3),
            either,
            all_of * (4 * everybody - 10),
        ]
        one = [4 * self.sums(own * (n - 3)), 0 * mixed, 0 * mixed, 0 * mixed, either, 4 * all_of * (everybody - 3)]
        between = self.sums(own * others)
        none = [  # they share an arc which must not be there
            self.sums(own * (n - 3)),
            self.sums(pair * others * (others - 1)),
            between,
            between,
            everybody * three - 2 * twice - three,
            all_of * (everybody - 3),
        ]
        d = self.density[:, None]
        expected, apart = _independent([self.sums(own), mixed, mixed, mixed, three, all_of], d)
        together = _floats(both) * d**3 * (1 - d) ** 3 - _floats(one) * d**4 * (1 - d) ** 2
        variance = apart + together + _floats(none) * d**5 * (1 - d)
        return expected, np.sqrt(np.maximum(variance, 0.0))


def _of_three_groups(n: Exact, sums: Callable[[Exact], Exact]) -> tuple[Exact, Exact]:
    """``sum n_a n_b n_c`` and ``sum n_a n_a n_b n_c`` over all ordered choices of three groups of an account."""
    one, two, three, four = (sums(n**power) for power in (1, 2, 3, 4))
    return one**3 - 3 * one * two + 2 * three, one**2 * two - 2 * one * three - two**2 + 2 * four


def _independent(triads: list[Exact], density: Floats) -> tuple[Floats, Floats]:
    """Expectation, and variance if no two triads shared an arc, of a number of possible triads."""
    chance = density**2 * (1 - density)
    expected = _floats(triads) * chance
    return expected, expected * (1 - chance)


def _floats(columns: list[Exact]) -> Floats:
    return np.column_stack(columns).astype(np.float64)
