"""The part of an influence graph which is one account, for questions about one account at a time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from numbers import Integral
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array

from ecosystem_iq.errors import InputError, did_you_mean
from ecosystem_iq.network.graph import InfluenceGraph
from ecosystem_iq.network.ties import known_names

ARC_COLUMNS = ("account_id", "mover", "moved", "probability", "sign", "layers", "rows")
_LISTED = 5


@dataclass(frozen=True, eq=False)
class OneAccount:
    """One account of a graph.

    Attributes
    ----------
    graph : InfluenceGraph
    name : str
        Account id.
    ids : ndarray of str, shape (stakeholders,)
        In ascending order.
    matrix : scipy.sparse.csr_array, shape (stakeholders, stakeholders)
        Arcs of probability above 0 only, for and against.
    arc : ndarray of int, shape (arcs,)
        Position in the whole graph's matrix of each stored value.
    """

    graph: InfluenceGraph
    name: str
    ids: NDArray[Any]
    matrix: csr_array
    arc: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def tail(self) -> NDArray[np.int64]:
        """Who moves, for each arc, shape (arcs,)."""
        return np.repeat(np.arange(len(self)), np.diff(self.matrix.indptr))

    def node(self, stakeholder: str, what: str) -> int:
        """Place of a stakeholder in ``ids``.

        Raises
        ------
        InputError
            Says in which accounts they are instead, or the nearest id there is.
        """
        found = np.flatnonzero(self.ids == stakeholder)
        if len(found):
            return int(found[0])
        elsewhere = listed(self.graph.account[self.graph.ids == stakeholder])
        hint = f"It is in {elsewhere}." if elsewhere else did_you_mean(stakeholder, self.ids)
        raise InputError(f'There is no stakeholder "{stakeholder}" in account "{self.name}" ({what}). {hint}'.strip())

    def nodes(self, stakeholders: str | Iterable[str], what: str) -> NDArray[np.int64]:
        """Places of stakeholders in ``ids``, once each, ascending."""
        asked = [stakeholders] if isinstance(stakeholders, str) else dict.fromkeys(stakeholders)
        return np.array(sorted({self.node(name, what) for name in asked}), dtype=np.int64)

    def present(self, stakeholders: str | Iterable[str]) -> NDArray[np.int64]:
        """Places of those of the stakeholders who are in this account; the others must be in another."""
        asked = set(known_names(stakeholders, set(self.graph.ids), "stakeholder"))
        return np.array([node for node, name in enumerate(self.ids) if name in asked], dtype=np.int64)

    def names(self, nodes: Iterable[int]) -> tuple[str, ...]:
        """Ids of places."""
        return tuple(str(self.ids[node]) for node in nodes)

    def arcs(self, places: Iterable[int]) -> pd.DataFrame:
        """The arcs stored at these places of ``matrix``, with the ties behind them.

        Returns
        -------
        DataFrame
            ``account_id``, ``mover``, ``moved``, ``probability``, ``sign`` (+1 or -1), ``layers`` (separated by
            commas) and ``rows`` (positions in the tie table, a tuple).
        """
        graph, tail = self.graph, self.tail
        found = []
        for place in places:
            arc = int(self.arc[place])
            rows = graph.tie_rows(arc)[graph.rows.data[graph.rows.indptr[arc] : graph.rows.indptr[arc + 1]] != 0]
            layers = ", ".join(sorted({str(layer) for layer in graph.layer[rows]}))
            ends = str(self.ids[tail[place]]), str(self.ids[self.matrix.indices[place]])
            probability, sign = float(self.matrix.data[place]), int(graph.sign[arc])
            found.append((self.name, *ends, probability, sign, layers, tuple(rows.tolist())))
        return pd.DataFrame(found, columns=list(ARC_COLUMNS))


def one_account(graph: InfluenceGraph, account: str | None = None, holding: Iterable[str] = ()) -> OneAccount:
    """The account which is named; else the only one there is, or the only one which holds everybody in ``holding``.

    Parameters
    ----------
    graph : InfluenceGraph
    account : str, optional
    holding : iterable of str
        Stakeholders the question is about.

    Raises
    ------
    InputError
        When the account or a stakeholder is unknown, or several accounts, or none, hold them all.

    Examples
    --------
    >>> graph = InfluenceGraph.from_edges(["a", "a"], ["b", "c"], 0.5, account=["X", "Y"])
    >>> one_account(graph, holding=["c"]).name
    'Y'
    """
    name = _account_of(graph, account, list(holding))
    code = graph.account_ids.index(name)
    start, stop = np.searchsorted(graph.account_code, [code, code + 1])
    whole = graph.matrix
    arc = np.arange(whole.indptr[start], whole.indptr[stop])
    arc = arc[whole.data[arc] > 0]
    indptr = np.searchsorted(arc, whole.indptr[start : stop + 1])
    size = int(stop - start)
    matrix = csr_array((whole.data[arc], whole.indices[arc] - start, indptr.astype(np.int32)), shape=(size, size))
    return OneAccount(graph, name, graph.ids[start:stop], matrix, arc.astype(np.int64))


def whole_number(number: object, what: str) -> int:
    """The number, when it is a whole one of at least 1.

    Raises
    ------
    InputError
    """
    if isinstance(number, (bool, np.bool_)) or not isinstance(number, Integral) or number < 1:
        raise InputError(f"{what} = {number!r} is not a whole number of at least 1.")
    return int(number)


def listed(names: Iterable[str], between: str = ", ") -> str:
    """The first five names, and how many there are besides.

    Examples
    --------
    >>> listed("abcdefg")
    'a, b, c, d, e and 2 more'
    """
    known = [str(name) for name in names]
    more = len(known) - _LISTED
    return between.join(known[:_LISTED]) + (f" and {more:,} more" if more > 0 else "")


def _account_of(graph: InfluenceGraph, account: str | None, holding: list[str]) -> str:
    if account is not None:
        return known_names([account], set(graph.account_ids), "account")[0]
    if len(graph.account_ids) == 1:
        return graph.account_ids[0]
    known_names(holding, set(graph.ids), "stakeholder")
    held = [set(graph.account[graph.ids == name]) for name in holding]
    possible = [name for name in graph.account_ids if all(name in accounts for accounts in held)]
    if len(possible) == 1:
        return possible[0]
    if possible:
        raise InputError(f"This is a question about one account. Name it (account): {listed(possible)}.")
    whose = " and ".join(f'"{name}" ({listed(sorted(accounts))})' for name, accounts in zip(holding, held, strict=True))
    raise InputError(f"No account holds {whose}.")
