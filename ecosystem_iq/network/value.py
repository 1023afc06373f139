"""Where value sits in an account, and how much of it a set of people can reach.

Shares (0-1) and amounts (money) are two units and never mixed; amounts in several currencies are never added. Of each
figure the newest counts, dates after ``as_of`` not yet. A row without an account holds in every account of the
stakeholder which has no row of its own for that type and perspective.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array

from ecosystem_iq import schema
from ecosystem_iq.errors import InputError, did_you_mean
from ecosystem_iq.network.graph import InfluenceGraph
from ecosystem_iq.network.kernels.per_account import ratio, tally
from ecosystem_iq.network.ties import known_names
from ecosystem_iq.tables import Ecosystem
from ecosystem_iq.tables.validation import empty

Array = NDArray[np.float64]
Nodes = NDArray[np.int64]

UNITS = ("share", "amount")
PERSPECTIVES = ("received", "created", "at_risk")
HELD = ("received", "created")
"""Perspectives which make up the value a stakeholder holds; what is at risk is part of it, and not counted twice."""

TOP = 3
MOST_STEPS = 2
"""Steps up to which reach is worked out exactly; beyond, paths share arcs and only simulation is honest."""

_NODE = ["account_id", "stakeholder_id"]
_KEY = [*_NODE, "value_type", "perspective"]
_BASES = ("share", "potential_value", "patient_volume")
_EVERYBODY = "one each"


def value_table(eco: Ecosystem, graph: InfluenceGraph, *, holder: str | None = None) -> pd.DataFrame:
    """Value of every stakeholder in every account, by type and perspective.

    Parameters
    ----------
    eco : Ecosystem
    graph : InfluenceGraph
        Says who is in which account; rows about others are left out.
    holder : str, optional
        Company whose figures are used; default the reference.

    Returns
    -------
    DataFrame
        In the order of the graph, one row a figure: ``account_id stakeholder_id value_type perspective``, ``share``
        (0-1) with ``share_as_of``, and ``amount`` in ``currency`` with ``amount_as_of``. Share and amount are each the
        newest known (NaN where none is), so their dates may differ; a figure which is neither makes no row.
    """
    rows = _dated(eco, holder)
    parts = [
        _placed(rows[rows[unit].notna()], graph)[[*_KEY, unit, *more, "as_of"]].rename(
            columns={"as_of": f"{unit}_as_of"}
        )
        for unit, more in zip(UNITS, ([], ["currency"]), strict=True)
    ]
    table = parts[0].merge(parts[1], on=_KEY, how="outer")
    columns = [*_KEY, "share", "share_as_of", "amount", "currency", "amount_as_of"]
    order = np.lexsort((table["perspective"], table["value_type"], node_of(graph, table)))
    return table[columns].iloc[order].reset_index(drop=True)


def stakeholder_value(eco: Ecosystem, graph: InfluenceGraph) -> Array:
    """Value of each node, of one kind in each account.

    Parameters
    ----------
    eco : Ecosystem
    graph : InfluenceGraph

    Returns
    -------
    ndarray, shape (nodes,)
        The share of value received and created where the account has any, else the potential value, else the patient
        volume, else 1 for everybody. Blank and negative count 0.
    """
    return _valued(eco, graph)[0]


def value_concentration(
    eco: Ecosystem, graph: InfluenceGraph, *, unit: str = "share", perspectives: Iterable[str] = HELD
) -> pd.DataFrame:
    """How unevenly value is held in each account.

    Parameters
    ----------
    eco : Ecosystem
    graph : InfluenceGraph
    unit : {"share", "amount"}
    perspectives : iterable of str
        Of ``received``, ``created``, ``at_risk``: summed for each stakeholder.

    Returns
    -------
    DataFrame
        One row an account, in the order of the graph: ``account_id``, ``unit``, ``currency`` (blank for shares), ``n``
        (members), ``known`` (those with any figure, 0 included), ``total``, ``gini`` (0-1, members without a figure
        hold 0), ``hhi`` (1 / n to 1), ``top3`` (share of the three largest) and ``reason``, why numbers are NaN: no
        value known, several currencies, a single member (only ``gini``).

    Raises
    ------
    InputError
        When the unit or a perspective is unknown.

    Notes
    -----
    There is no interval. The members are all there are, not a sample of others, so resampling them answers no question,
    and the tables hold no error of a figure. What is not sure is who has a figure: compare ``known`` with ``n``.

    References
    ----------
    Gini, C. (1912). *Variabilità e mutabilità*. Here times n / (n - 1): Deltas, G. (2003). The small-sample bias of the
    Gini coefficient. *Review of Economics and Statistics* 85, 226-234. doi:10.1162/rest.2003.85.1.226.
    """
    asked = _checked(unit, perspectives)
    table = value_table(eco, graph)
    table = table[table[unit].notna() & table["perspective"].isin(asked)]
    node, account = node_of(graph, table), graph.account_code
    count = len(graph.account_ids)
    held = np.maximum(tally(node, table[unit].to_numpy(dtype=float), len(graph)), 0.0)
    total = tally(account, held, count)
    currency, mixed = _currencies(table["currency"].fillna("unknown"), account[node], count, unit)
    known = np.bincount(account[np.unique(node)], minlength=count)
    result = pd.DataFrame({"account_id": pd.Series(graph.account_ids, dtype="str"), "unit": unit, "currency": currency})
    result = result.assign(n=graph.sizes, known=known, total=np.where(known > 0, total, np.nan))
    result = result.assign(gini=gini(held, account, count), hhi=hhi(held, account, count))
    result["top3"] = top_share(held, account, count)
    result.loc[mixed, ["total", "gini", "hhi", "top3"]] = np.nan
    reason = np.where(graph.sizes == 1, "a single member", "").astype(object)
    reason[~(total > 0)] = f"no {unit} of value above 0 is known"
    reason[mixed] = "several currencies: " + currency[mixed]
    return result.assign(reason=pd.Series(reason, dtype="str"))


def gini(held: Array, account: Nodes, accounts: int) -> Array:
    """Gini coefficient within each account, times n / (n - 1), by the mean-rank formula (kernel).

    Parameters
    ----------
    held : ndarray, shape (nodes,)
        Not negative.
    account : ndarray of int, shape (nodes,)
    accounts : int

    Returns
    -------
    ndarray, shape (accounts,)
        0 where all hold the same, 1 where one holds all; NaN where nobody holds anything, or under two members.

    Examples
    --------
    >>> gini(np.array([3.0, 1.0, 0.0, 1.0, 1.0]), np.array([0, 0, 0, 1, 1]), 2).tolist()
    [0.75, 0.0]
    """
    sizes = np.bincount(account, minlength=accounts)
    n = sizes.astype(np.float64)
    order = np.lexsort((held, account))
    rank = np.empty(len(held))
    rank[order] = np.arange(len(held)) - np.repeat(np.cumsum(sizes) - sizes, sizes) + 1
    spread = tally(account, (2.0 * rank - n[account] - 1.0) * held, accounts)
    return ratio(spread, (n - 1.0) * tally(account, held, accounts))


def hhi(held: Array, account: Nodes, accounts: int) -> Array:
    """Herfindahl-Hirschman index within each account: sum of squared shares, 1 / n to 1 (kernel).

    Examples
    --------
    >>> hhi(np.array([3.0, 1.0, 0.0]), np.array([0, 0, 0]), 2).tolist()
    [0.625, nan]
    """
    return ratio(tally(account, held**2, accounts), tally(account, held, accounts) ** 2)


def top_share(held: Array, account: Nodes, accounts: int, top: int = TOP) -> Array:
    """Share of the largest holders of each account; NaN where nobody holds anything (kernel).

    Examples
    --------
    >>> top_share(np.array([1.0, 2.0, 5.0, 2.0]), np.array([0, 0, 0, 0]), 1, top=2).tolist()
    [0.7]
    """
    sizes = np.bincount(account, minlength=accounts)
    order = np.lexsort((-held, account))
    first = np.arange(len(held)) - np.repeat(np.cumsum(sizes) - sizes, sizes) < top
    return ratio(tally(account[order], held[order] * first, accounts), tally(account, held, accounts))


def value_within_reach(
    eco: Ecosystem, graph: InfluenceGraph, stakeholders: Iterable[str], *, steps: int = MOST_STEPS
) -> pd.DataFrame:
    """Value held by a set of stakeholders, and by those whom it moves in one or two steps.

    Parameters
    ----------
    eco : Ecosystem
    graph : InfluenceGraph
    stakeholders : iterable of str
        A person counts in every account it belongs to.
    steps : {1, 2}

    Returns
    -------
    DataFrame
        One row an account with any of them, in the order of the graph: ``account_id``, ``n`` (of the set in this
        account), ``held`` (value of the set itself), ``reached`` (expected value of the others, each with its
        probability of being moved), ``total`` (``held + reached``), ``account_total``, ``share`` (0-1) and ``basis``,
        what value is here: ``share``, ``potential_value``, ``patient_volume`` or ``one each`` (see
        :func:`stakeholder_value`). Ties against never add reach.

    Raises
    ------
    InputError
        When a stakeholder is not in the graph, or ``steps`` is neither 1 nor 2: for longer cascades use
        :func:`~ecosystem_iq.triggers.estimate_spread` with ``value``.

    Examples
    --------
    >>> graph = InfluenceGraph.from_edges(["a", "b"], ["b", "c"], 0.5)
    >>> value_within_reach(Ecosystem({}, None), graph, ["a"])[["held", "reached", "share"]].values.tolist()
    [[1.0, 0.75, 0.5833333333333334]]
    """
    if steps not in range(1, MOST_STEPS + 1):
        raise InputError(f"steps = {steps!r}: reach is exact for 1 or 2; estimate_spread(…, value=…) simulates more.")
    names = known_names(stakeholders, set(graph.ids), "stakeholder of this graph")
    seeds = np.isin(graph.ids.astype(str), np.array(names, dtype=str))
    value, basis = _valued(eco, graph)
    chance = reached(graph.matrix, graph.sign, seeds, steps)
    count = len(graph.account_ids)
    n, held, moved, total = (
        tally(graph.account_code, weight, count)
        for weight in (seeds.astype(float), value * seeds, value * chance * ~seeds, value)
    )
    table = pd.DataFrame({"account_id": pd.Series(graph.account_ids, dtype="str"), "n": n.astype(int)})
    table = table.assign(held=held, reached=moved, total=held + moved, account_total=total)
    table = table.assign(share=ratio(held + moved, total), basis=pd.Series(basis, dtype="str"))
    return table[table["n"] > 0].reset_index(drop=True)


def reached(matrix: csr_array, sign: NDArray[np.int8], seeds: NDArray[np.bool_], steps: int) -> Array:
    """Probability that an independent cascade from a set arrives within one or two steps (kernel, exact).

    With r_q the probability that a seed moves q directly, v is missed when neither a seed nor any q passes on:
    ``1 - (1 - r_v) * prod_q (1 - r_q * p_qv)``, q not in the set. Each factor rests on arcs of its own, so the product
    is no approximation.

    Parameters
    ----------
    matrix : csr_array, shape (nodes, nodes)
    sign : ndarray, shape (arcs,)
        Arcs with sign -1 do not transmit.
    seeds : ndarray of bool, shape (nodes,)
    steps : {1, 2}

    Returns
    -------
    ndarray, shape (nodes,)
        1 for the seeds.

    References
    ----------
    Kempe, D., Kleinberg, J. & Tardos, E. (2003). Maximizing the spread of influence through a social network. *KDD*,
    137-146. doi:10.1145/956750.956769
    """
    n = len(seeds)
    tail = np.repeat(np.arange(n), np.diff(matrix.indptr))
    head, chance = matrix.indices, np.where(sign > 0, matrix.data, 0.0)
    with np.errstate(divide="ignore"):  # a certain arc: log 0, and so the probability 1
        direct = tally(head, np.log1p(-chance * seeds[tail]), n)
        passing = np.where(seeds, 0.0, -np.expm1(direct))
        onward = tally(head, np.log1p(-chance * passing[tail]), n)
    missed = direct + onward if steps > 1 else direct
    return np.where(seeds, 1.0, -np.expm1(missed))


def _dated(eco: Ecosystem, holder: str | None) -> pd.DataFrame:
    """Rows of the values table which are not of the future, oldest first."""
    if holder is not None:
        known_names([holder], set(eco.tables["companies"]["company_id"]), "company")
    rows = with_tables(eco, "values").current("values", holder)
    if eco.as_of is not None:
        rows = rows[~(rows["as_of"] > pd.Timestamp(eco.as_of))]
    return rows.sort_values("as_of", kind="stable", na_position="first")


def _placed(rows: pd.DataFrame, graph: InfluenceGraph) -> pd.DataFrame:
    """The last row of each key; those without an account once for each account without its own, nodes only."""
    rows = rows.drop_duplicates(_KEY, keep="last")
    named, blank = rows[rows["account_id"].notna()], rows[rows["account_id"].isna()]
    nodes = pd.DataFrame({"account_id": graph.account, "stakeholder_id": graph.ids}, dtype="str")
    spread = blank.drop(columns="account_id").merge(nodes, on="stakeholder_id")
    own = pd.MultiIndex.from_frame(named[_KEY])
    spread = spread[~pd.MultiIndex.from_frame(spread[_KEY]).isin(own)]
    found = pd.concat([named[node_of(graph, named) >= 0], spread])
    return found.sort_values(_KEY, ignore_index=True)


def node_of(graph: InfluenceGraph, rows: pd.DataFrame, column: str = "stakeholder_id") -> Nodes:
    """Node of each row, -1 where there is none."""
    nodes = pd.MultiIndex.from_arrays([graph.account.astype(str), graph.ids.astype(str)])
    return nodes.get_indexer(pd.MultiIndex.from_arrays([rows["account_id"], rows[column]])).astype(np.int64)


def _valued(eco: Ecosystem, graph: InfluenceGraph) -> tuple[Array, NDArray[np.object_]]:
    """Value of each node, and the kind of value which each account has."""
    table = value_table(eco, graph)
    table = table[table["share"].notna() & table["perspective"].isin(HELD)]
    people = with_tables(eco, "stakeholders").tables["stakeholders"].set_index("stakeholder_id").reindex(graph.ids)
    shares = tally(node_of(graph, table), table["share"].to_numpy(dtype=float), len(graph))
    kinds = [shares, *(people[name].to_numpy(dtype=np.float64) for name in _BASES[1:])]
    value, basis = np.ones(len(graph)), np.full(len(graph.account_ids), _EVERYBODY, dtype=object)
    for name, kind in zip(_BASES, kinds, strict=True):
        amount = np.maximum(np.nan_to_num(kind), 0.0)
        first = tally(graph.account_code, amount, len(basis)) > 0
        first &= basis == _EVERYBODY
        value = np.where(first[graph.account_code], amount, value)
        basis[first] = name
    return value, basis


def _currencies(
    currency: pd.Series, account: Nodes, accounts: int, unit: str
) -> tuple[NDArray[np.object_], NDArray[np.bool_]]:
    """Currencies of each account, and whether there are several; amounts without one are of a currency of their own."""
    if unit == "share":
        return np.full(accounts, "", dtype=object), np.zeros(accounts, dtype=bool)
    pairs = pd.DataFrame({"account": account, "currency": currency.to_numpy()}).drop_duplicates()
    groups = pairs.sort_values(["account", "currency"]).groupby("account")["currency"]
    names = groups.agg(", ".join).reindex(range(accounts)).fillna("").to_numpy(dtype=object)
    return names, groups.size().reindex(range(accounts)).fillna(0).to_numpy() > 1


def _checked(unit: str, perspectives: Iterable[str]) -> list[str]:
    asked = [perspectives] if isinstance(perspectives, str) else list(perspectives)
    for what, names, known in (("unit of value", [unit], UNITS), ("perspective", asked, PERSPECTIVES)):
        for name in names:
            if name not in known:
                raise InputError(f'There is no {what} "{name}". {did_you_mean(name, known)}'.strip())
    return asked


def with_tables(eco: Ecosystem, *names: str) -> Ecosystem:
    """The ecosystem with an empty table for each of these which is not there."""
    missing = {name: empty(schema.table(name)) for name in names if name not in eco.tables}
    return replace(eco, tables={**eco.tables, **missing}) if missing else eco
