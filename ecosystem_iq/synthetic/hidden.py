"""What no table says: with which probability each stakeholder moves another, who matters most, who would set off much.

The reference map shows strengths; true probabilities follow them with an error. A few stakeholders of each account are
planted as triggers: what they say is followed more often than their ties show. At least a third of them have few ties.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ecosystem_iq.synthetic.draw import Array, Rng

BRANCHING = 0.8
_FORWARD = {"influences": 1.0, "advises": 1.0, "collaborates": 0.5, "coauthors": 0.5, "member_of": 0.5}
_FORWARD |= {"competes": 1.0, "conflicts": 1.0}
_BACKWARD = {"collaborates": 0.5, "coauthors": 0.5, "member_of": 0.5, "reports_to": 1.0, "refers_to": 0.3}
_BACKWARD |= {"competes": 1.0, "conflicts": 1.0}
MOVING = tuple(_FORWARD | _BACKWARD)
"""Kinds of tie by which somebody moves somebody."""

_FORMAL = ("decision_maker", "approver", "gatekeeper")
_TOP = 0.2
_FEW = 0.45  # share of planted triggers with few ties


@dataclass(frozen=True)
class Hidden:
    """The truth about members, by their position, and about arcs.

    Attributes
    ----------
    arcs : DataFrame
        ``_from`` and ``_to`` (positions of members), ``probability``.
    degree : ndarray of int
        Arcs which begin or end at a member.
    influence : ndarray of float
        Share of the account's decisions which begin with the member, as far as strengths tell.
    reach : ndarray of float
        Members moved within two steps, as far as strengths tell.
    key : ndarray of bool
        Formal roles, and the upper fifth by influence.
    trigger : ndarray of bool
        Planted trigger stakeholders.
    """

    arcs: pd.DataFrame
    degree: Array
    influence: Array
    reach: Array
    key: Array
    trigger: Array


def hidden(ties: pd.DataFrame, members: pd.DataFrame, able: Array, rng: Rng) -> Hidden:
    """Draw what is true of ties, and find who matters; ``able`` says who may be planted as a trigger."""
    arcs = _arcs(ties, members, rng)
    account, size = members["_account"].to_numpy(), len(members)
    arcs["probability"] = _scaled(arcs, account)
    out = np.bincount(arcs["_from"], minlength=size)
    degree = out + np.bincount(arcs["_to"], minlength=size)
    influence, reach = _influence(arcs, account), _two_steps(arcs, size)
    trigger = _planted(reach, (out, degree), account, able)
    arcs["probability"] = _followed(arcs, trigger, out, rng)
    rank = pd.Series(influence).groupby(account).rank(pct=True, ascending=False).to_numpy()
    key = members["_role"].isin(_FORMAL).to_numpy() | (rank <= _TOP)
    return Hidden(arcs, degree, influence, reach, key, trigger)


def _arcs(ties: pd.DataFrame, members: pd.DataFrame, rng: Rng) -> pd.DataFrame:
    """One row for each pair of whom one moves the other; ``_rate`` adds up over the ties between them."""
    live = ties[ties["valid_to"].isna() & ties["sign"].isna() & ties["kind"].isin(MOVING)]
    strength = live["strength"].astype(float).fillna(0.5).to_numpy()
    rate = (0.1 + 0.9 * strength) * np.exp(0.35 * rng.standard_normal(len(live)))
    live = live.assign(_rate=rate)
    parts = []
    for weights, (tail, head) in ((_FORWARD, ("_source", "_target")), (_BACKWARD, ("_target", "_source"))):
        part = live[live["kind"].isin(weights)]
        worth = part["kind"].map(weights).to_numpy() * part["_rate"].to_numpy()
        parts.append(
            pd.DataFrame({"_account": part["_account"], "_tail": part[tail], "_head": part[head], "_rate": worth})
        )
    table = pd.concat(parts).groupby(["_account", "_tail", "_head"])["_rate"].sum().reset_index()
    node = pd.MultiIndex.from_frame(members[["_account", "_who"]])
    table["_from"] = node.get_indexer(pd.MultiIndex.from_frame(table[["_account", "_tail"]]))
    table["_to"] = node.get_indexer(pd.MultiIndex.from_frame(table[["_account", "_head"]]))
    return table[(table["_from"] >= 0) & (table["_to"] >= 0)].reset_index(drop=True)


def _scaled(arcs: pd.DataFrame, account: Array) -> Array:
    """Probabilities such that an average member moves ``BRANCHING`` others directly."""
    where = account[arcs["_from"].to_numpy()]
    total = np.bincount(where, weights=arcs["_rate"], minlength=int(account.max()) + 1)
    factor = BRANCHING * np.bincount(account) / np.maximum(total, 1e-9)
    result: Array = 1 - np.exp(-factor[where] * arcs["_rate"].to_numpy())
    return result


def _two_steps(arcs: pd.DataFrame, size: int) -> Array:
    """Members moved within two steps, to first order."""
    p, tail, head = arcs["probability"].to_numpy(), arcs["_from"].to_numpy(), arcs["_to"].to_numpy()
    direct = np.bincount(tail, weights=p, minlength=size)
    result: Array = np.bincount(tail, weights=p * (1 + direct[head]), minlength=size)
    return result


def _planted(reach: Array, degrees: tuple[Array, Array], account: Array, able: Array) -> Array:
    """Those who reach most, and those who reach most though they have few ties, in each account."""
    trigger = np.zeros(len(reach), dtype=bool)
    for where in range(int(account.max()) + 1):
        mine = np.flatnonzero((account == where) & able & (degrees[0] > 0))
        inside = np.flatnonzero(account == where)
        few = np.all([degree[mine] < np.median(degree[inside]) for degree in degrees], axis=0)
        wanted = max(3, round(0.04 * len(inside)))
        quiet = _best(mine[few], reach, round(np.ceil(_FEW * wanted)))
        trigger[quiet] = True
        trigger[_best(np.setdiff1d(mine, quiet), reach, wanted - len(quiet))] = True
    return trigger


def _followed(arcs: pd.DataFrame, trigger: Array, out: Array, rng: Rng) -> Array:
    """Probabilities with those of planted triggers raised: far where they have few ties, a little where many."""
    tail, p = arcs["_from"].to_numpy(), arcs["probability"].to_numpy()
    floor = rng.uniform(0.4, 0.75, len(p)) * np.minimum(1.0, 3.0 / np.maximum(out[tail], 1))
    result: Array = np.where(trigger[tail], np.maximum(1 - (1 - p) ** 1.5, floor), p)
    return result


def _best(pool: Array, worth: Array, count: int) -> Array:
    """The positions in ``pool`` with the highest worth."""
    result: Array = pool[np.argsort(-worth[pool], kind="stable")[:count]]
    return result


def _influence(arcs: pd.DataFrame, account: Array) -> Array:
    """Where decisions begin: each is traced back from whom it was taken to whom it came from."""
    p, tail, head = arcs["probability"].to_numpy(), arcs["_from"].to_numpy(), arcs["_to"].to_numpy()
    heard = np.maximum(1.0, np.bincount(head, weights=p, minlength=len(account)))
    share = p / heard[head]
    size = np.bincount(account)[account]
    level = 1.0 / size
    for _ in range(60):
        passed = 0.85 * np.bincount(tail, weights=share * level[head], minlength=len(account))
        level = passed + ((1 - np.bincount(account, weights=passed)) / np.bincount(account))[account]
    return level
