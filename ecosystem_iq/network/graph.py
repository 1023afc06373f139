"""Tables → the influence graph.

``A influences B`` is an arrow A → B: *A moves B's decision*; ``matrix[i, j]`` is the probability that i moves j. A node
is a stakeholder **in one account**: the same person in two accounts is two nodes, and the matrix is block-diagonal, so
that every measure runs over all accounts in one pass.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array

from ecosystem_iq.errors import InputError
from ecosystem_iq.network.probability import BLANK, Rows, branching, join, scale
from ecosystem_iq.network.tie_kinds import DEFAULT, NONE, arcs_of
from ecosystem_iq.network.ties import (
    SINGLE_ACCOUNT,
    account_ids,
    known_names,
    members_of,
    place_by_key,
    ties_in_accounts,
)
from ecosystem_iq.tables import Ecosystem

WEIGHTED_CASCADE = "weighted-cascade"


@dataclass(frozen=True, eq=False)
class InfluenceGraph:
    """Who moves whom, in every account at once.

    Attributes
    ----------
    ids : ndarray of str, shape (nodes,)
        Stakeholder of each node; nodes are sorted by account, then id.
    account : ndarray of str, shape (nodes,)
        Account of each node.
    group : ndarray of str, shape (nodes,)
        Kind of stakeholder each node is (clinician, payer, …), "" where unknown.
    matrix : scipy.sparse.csr_array, shape (nodes, nodes)
        ``matrix[i, j]``: probability in [0, 1] that i moves j, for or against.
    sign : ndarray of int8, shape (arcs,)
        +1 or -1 beside each stored value of ``matrix``.
    rows : scipy.sparse.csr_array, shape (arcs, ties)
        Which rows of the tie table (by position) each arc comes from; the value is the row's own probability, its
        sign that of the row. Evidence is found through it and never joined again.
    confidence : ndarray of float, shape (ties,)
        Confidence of each tie row, .5 where blank: the chance that the tie exists.
    layer : ndarray of str, shape (ties,)
        Layer of each tie row.
    tie_order : ndarray of int, shape (ties,)
        Place of each tie row when those of this map are sorted by key, -1 for all others: random draws follow it, not
        the order of the file.
    account_ids : tuple of str
    branching : ndarray of float, shape (accounts,)
        Stakeholders whom an average stakeholder moves directly, after scaling.
    ties : ndarray of int, shape (accounts,)
        Rows of the tie table in each account, those without influence included.
    damping : float
        Share of influence which is passed on.
    """

    ids: NDArray[Any]
    account: NDArray[Any]
    group: NDArray[Any]
    matrix: csr_array
    sign: NDArray[np.int8]
    rows: csr_array
    confidence: NDArray[np.float64]
    layer: NDArray[Any]
    tie_order: NDArray[np.int64]
    account_ids: tuple[str, ...]
    branching: NDArray[np.float64]
    ties: NDArray[np.int64]
    damping: float = 0.85
    account_code: NDArray[np.int64] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        index = {name: code for code, name in enumerate(self.account_ids)}
        codes = np.fromiter((index[name] for name in self.account), dtype=np.int64, count=len(self.account))
        object.__setattr__(self, "account_code", codes)

    def __len__(self) -> int:
        return len(self.ids)

    def __repr__(self) -> str:
        size = f"{len(self):,} stakeholders, {self.matrix.nnz:,} arcs, {len(self.account_ids):,} accounts"
        return f"InfluenceGraph({size})"

    @property
    def sizes(self) -> NDArray[np.int64]:
        """Stakeholders in each account, shape (accounts,)."""
        return np.bincount(self.account_code, minlength=len(self.account_ids))

    def tie_rows(self, arc: int) -> NDArray[np.int64]:
        """Positions in the tie table of the rows behind one arc."""
        return self.rows.indices[self.rows.indptr[arc] : self.rows.indptr[arc + 1]].astype(np.int64)

    @classmethod
    def from_edges(  # noqa: PLR0913 - one column an argument
        cls,
        source: Sequence[str],
        target: Sequence[str],
        probability: ArrayLike | str,
        *,
        ids: Iterable[str] | None = None,
        sign: ArrayLike | None = None,
        account: Sequence[str] | None = None,
        group: Mapping[str, str] | None = None,
    ) -> InfluenceGraph:
        """A graph from plain edges, with probabilities as they are given (no scaling).

        Parameters
        ----------
        source, target : sequence of str
            ``source`` moves ``target``.
        probability : array of float in [0, 1], float, or "weighted-cascade"
            The last gives every arc 1 / (number of arcs into its target).
        ids : iterable of str, optional
            All stakeholders, isolated ones included (only without ``account``).
        sign : array of +1 and -1, optional
        account : sequence of str, optional
            Account of each edge; default one account, ``all``.
        group : mapping of str to str, optional
            Group of each stakeholder; those left out have none.

        Raises
        ------
        InputError
            When lengths differ, a probability is outside [0, 1], a sign is neither +1 nor -1, an edge is a self-tie, an
            end is not in ``ids``, or both ``ids`` and ``account`` are given.

        Examples
        --------
        >>> graph = InfluenceGraph.from_edges(["a", "b"], ["b", "c"], 0.5)
        >>> graph.matrix.toarray().tolist()
        [[0.0, 0.5, 0.0], [0.0, 0.0, 0.5], [0.0, 0.0, 0.0]]
        """
        if ids is not None and account is not None:
            raise InputError("Give ids or account, not both.")
        frame = _edge_frame(source, target, account)
        nodes, tail, head, in_account = _Nodes.of(frame, None if ids is None else list(ids))
        arcs = _Arcs.of(tail, head, nodes)
        signs = np.ones(len(frame)) if sign is None else _one_an_edge(sign, len(frame), "signs")
        chance = _edge_probability(probability, len(frame), arcs)
        _refuse_bad_edges(frame, chance, signs, tail == head)
        rows = Rows(arcs.of_row, chance, signs > 0, arcs.account(nodes))
        layer = np.full(len(frame), DEFAULT, dtype=object)
        order = np.arange(len(frame))
        ties = _TieRows(
            order, np.ones(len(frame)), layer, order, np.bincount(in_account, minlength=len(nodes.account_ids))
        )
        graph = _assemble(nodes, arcs, rows, np.ones(len(nodes.account_ids)), ties)
        return replace(graph, group=_groups(graph.ids, pd.Series(group or {}, dtype=object)))


def influence_graph(
    eco: Ecosystem,
    *,
    holder: str | None = None,
    accounts: Iterable[str] | None = None,
    layers: Iterable[str] | None = None,
) -> InfluenceGraph:
    """The influence graph of a workspace.

    Parameters
    ----------
    eco : Ecosystem
    holder : str, optional
        Company whose knowledge is mapped; default the reference map.
    accounts, layers : iterable of str, optional
        Only these.

    Returns
    -------
    InfluenceGraph
        Self-ties do not occur; kinds of tie without influence (owns, funds, …) make no arc.

    Raises
    ------
    InputError
        When a named holder, account or layer does not exist, or there are no stakeholders.

    Notes
    -----
    A tie is in account A when its ``account_id`` is A, or is blank and both ends are members of A. Without accounts
    there is one, ``all``.
    """
    eco.require("stakeholders", command="An influence graph")
    wanted = account_ids(eco, accounts)
    ties = ties_in_accounts(eco, holder, wanted)
    known = eco.tables["ties"]
    layer = known["layer"].fillna(known["kind"].fillna(DEFAULT)).to_numpy(dtype=object)
    if layers is not None:
        ties = ties[ties["layer"].isin(known_names(layers, set(layer), "layer"))]
    members = members_of(eco, holder, wanted)
    ends = [ties[["account", end]].set_axis(["account", "id"], axis=1) for end in ("source", "target")]
    nodes = _Nodes.from_pairs(pd.concat([members, *ends]), wanted)
    moving = arcs_of(ties[ties["arcs"] != NONE])
    arcs = _Arcs.of(nodes.code(moving["account"], moving["from"]), nodes.code(moving["account"], moving["to"]), nodes)
    rows = Rows(arcs.of_row, moving["x"].to_numpy(), moving["sign"].to_numpy() > 0, arcs.account(nodes))
    factor = scale(rows, nodes.sizes, eco.settings.mean_branching)
    confidence = known["confidence"].fillna(BLANK).to_numpy()
    in_account = nodes.per_account(ties["account"])
    tie_rows = _TieRows(
        moving["position"].to_numpy(),
        confidence,
        layer,
        place_by_key(known, eco.current("ties", holder).index),
        in_account,
    )
    graph = _assemble(nodes, arcs, rows, factor, tie_rows)
    groups = _groups(graph.ids, eco.tables["stakeholders"].set_index("stakeholder_id")["group"])
    return replace(graph, group=groups, damping=eco.settings.damping)


def _groups(ids: NDArray[Any], known: pd.Series) -> NDArray[Any]:
    return known.reindex(ids).astype(object).fillna("").to_numpy(dtype=object)


@dataclass(frozen=True)
class _TieRows:
    """Where the rows behind the arcs stand in the tie table, and what holds for all rows of it."""

    position: NDArray[np.int64]
    confidence: NDArray[np.float64]
    layer: NDArray[Any]
    order: NDArray[np.int64]
    per_account: NDArray[np.int64]


@dataclass(frozen=True)
class _Nodes:
    """All (account, stakeholder) pairs, sorted, with codes."""

    account_ids: tuple[str, ...]
    index: pd.MultiIndex

    @classmethod
    def from_pairs(cls, pairs: pd.DataFrame, account_ids: Sequence[str]) -> _Nodes:
        order = pd.Categorical(pairs["account"], categories=list(account_ids), ordered=True)
        unique = pairs.assign(code=order.codes).drop_duplicates(["account", "id"]).sort_values(["code", "id"])
        return cls(tuple(account_ids), pd.MultiIndex.from_arrays([unique["account"], unique["id"]]))

    @classmethod
    def of(
        cls, edges: pd.DataFrame, ids: list[str] | None
    ) -> tuple[_Nodes, NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """The nodes of plain edges, and the node at either end of each: texts are compared once, then numbers."""
        ends = [edges["source"], edges["target"]]
        if ids is not None:
            known_names(pd.concat(ends), set(ids), "stakeholder")
            ends.append(pd.Series(ids, dtype="str"))
        name, known = pd.factorize(pd.concat(ends, ignore_index=True), sort=True, use_na_sentinel=False)
        account, account_ids = np.zeros(len(edges), dtype=np.int64), pd.Index([SINGLE_ACCOUNT])
        if "account" in edges and len(edges):
            account, account_ids = pd.factorize(edges["account"], sort=True)
        key = np.r_[account, account, np.zeros(len(name) - 2 * len(edges), dtype=np.int64)] * len(known) + name
        code, pairs = pd.factorize(key, sort=True)
        of_account, of_name = np.divmod(pairs, max(len(known), 1))
        index = pd.MultiIndex.from_arrays([account_ids.take(of_account), known.take(of_name)])
        return cls(tuple(account_ids), index), code[: len(edges)], code[len(edges) : 2 * len(edges)], account

    def code(self, account: pd.Series, stakeholder: pd.Series) -> NDArray[np.int64]:
        return self.index.get_indexer(pd.MultiIndex.from_arrays([account, stakeholder])).astype(np.int64)

    def per_account(self, account: pd.Series) -> NDArray[np.int64]:
        return np.bincount(pd.Index(self.account_ids).get_indexer(pd.Index(account)), minlength=len(self.account_ids))

    @property
    def codes(self) -> NDArray[np.int64]:
        return pd.Index(self.account_ids).get_indexer(self.index.get_level_values(0)).astype(np.int64)

    @property
    def sizes(self) -> NDArray[np.int64]:
        return np.bincount(self.codes, minlength=len(self.account_ids))


@dataclass(frozen=True)
class _Arcs:
    """Distinct ordered pairs of nodes, in the order of a CSR matrix, and the arc of each row."""

    tail: NDArray[np.int64]
    head: NDArray[np.int64]
    of_row: NDArray[np.int64]

    @classmethod
    def of(cls, tail: NDArray[np.int64], head: NDArray[np.int64], nodes: _Nodes) -> _Arcs:
        n = max(len(nodes.index), 1)
        unique, inverse = np.unique(tail * n + head, return_inverse=True)
        return cls(unique // n, unique % n, inverse.astype(np.int64))

    def account(self, nodes: _Nodes) -> NDArray[np.int64]:
        return nodes.codes[self.tail]


def _assemble(nodes: _Nodes, arcs: _Arcs, rows: Rows, factor: NDArray[np.float64], ties: _TieRows) -> InfluenceGraph:
    n = len(nodes.index)
    probability, sign = join(rows, factor)
    indptr = np.searchsorted(arcs.tail, np.arange(n + 1)).astype(np.int32)
    matrix = csr_array((probability, arcs.head.astype(np.int32), indptr), shape=(n, n))
    own = np.minimum(rows.x * factor[rows.account[rows.arc]], 1.0) * np.where(rows.positive, 1.0, -1.0)
    behind = csr_array((own, (rows.arc, ties.position)), shape=(len(arcs.tail), len(ties.confidence)))
    return InfluenceGraph(
        ids=nodes.index.get_level_values(1).to_numpy(dtype=object),
        account=nodes.index.get_level_values(0).to_numpy(dtype=object),
        group=np.full(n, "", dtype=object),
        matrix=matrix,
        sign=sign,
        rows=behind,
        confidence=ties.confidence,
        layer=ties.layer,
        tie_order=ties.order,
        account_ids=nodes.account_ids,
        branching=branching(probability, rows, nodes.sizes),
        ties=ties.per_account,
    )


def _edge_frame(source: Sequence[str], target: Sequence[str], account: Sequence[str] | None) -> pd.DataFrame:
    columns = {"source": list(source), "target": list(target)} | ({} if account is None else {"account": list(account)})
    sizes = {"account": len(columns["source"])} | {name: len(column) for name, column in columns.items()}
    if len(set(sizes.values())) > 1:
        found = ", ".join(f"{name} {sizes[name]}" for name in ("source", "target", "account"))
        raise InputError(f"Edges need columns of one length; found {found}.")
    texts = {name: np.asarray(column, dtype=object) for name, column in columns.items()}  # pandas is slow on lists
    return pd.DataFrame({name: pd.Series(column, dtype="str") for name, column in texts.items()})


def _edge_probability(probability: ArrayLike | str, count: int, arcs: _Arcs) -> NDArray[np.float64]:
    if isinstance(probability, str):
        if probability != WEIGHTED_CASCADE:
            raise InputError(f'Unknown probability "{probability}". Give numbers, or "{WEIGHTED_CASCADE}".')
        into = np.bincount(arcs.head)
        first = np.zeros(count)  # parallel edges are one arc: only its first row carries the probability
        rows = np.unique(arcs.of_row, return_index=True)[1]
        first[rows] = 1.0 / into[arcs.head[arcs.of_row[rows]]]
        return first
    return _one_an_edge(probability, count, "probabilities")


def _one_an_edge(given: ArrayLike, count: int, what: str) -> NDArray[np.float64]:
    values = np.asarray(given, dtype=float)
    if values.ndim and values.shape != (count,):
        raise InputError(f"There are {count} edges and {values.size} {what}.")
    return np.broadcast_to(values, count).copy()


def _refuse_bad_edges(
    frame: pd.DataFrame, probability: NDArray[np.float64], sign: NDArray[np.float64], same: NDArray[np.bool_]
) -> None:
    faults = (
        (~((probability >= 0) & (probability <= 1)), "a probability outside 0 to 1"),
        (same, "two ends which are the same"),
        (~np.isin(sign, (-1, 1)), "a sign other than +1, -1"),
    )
    for wrong, what in faults:
        if wrong.any():
            first = int(np.flatnonzero(wrong)[0])
            edge = frame.iloc[first]
            raise InputError(f'Edge {first} ("{edge["source"]}" → "{edge["target"]}") has {what}.')
