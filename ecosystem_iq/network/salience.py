"""Who counts, and why: power, legitimacy and urgency; power against interest; advocacy.

Each attribute is a number from 0 to 1 which can be worked out by hand from the tables of the reference map:

*Power*, the ability to bring an outcome about, is the mean of two things, or the one which is known: the place in the
account's influence ranking (0 last, 1 first), and the decision role (``ROLE_POWER`` in
:mod:`~ecosystem_iq.network.attributes`).

*Legitimacy*, the standing of a claim in the eyes of others, is the strongest ground there is: the decision role
(``ROLE_LEGITIMACY``), a named seat (``role_slot``), an office (``KIND_LEGITIMACY``), a place in a committee, or
nominations: k people named the stakeholder, which counts k / (k + 2).

*Urgency* is the mean of two things, both needed: that the claim is pressing, and that it matters to whoever makes it.
*Time*: the chance that a pending event which names the stakeholder opens, nearer ones counting more (1 open now, 0 in
180 days); 0 for those whom none names, where the account's events are recorded. *Claim*: the mean of what is known of
interest (0-10) and of the most unmet job of the stakeholder's group (lower quartile of opportunity, 5 counts 0 and 15
counts 1).

An attribute for which nothing is known is NaN, and so is what rests on it: nothing is filled in.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ecosystem_iq import schema
from ecosystem_iq.errors import InputError
from ecosystem_iq.network.attributes import (
    KEY,
    TEN,
    Array,
    legitimacy_parts,
    percentile,
    power_parts,
    seat_facts,
    urgency_parts,
)
from ecosystem_iq.network.measures import Measures
from ecosystem_iq.tables import Ecosystem

CUT = 0.5

CLASSES = {
    (False, False, False): "non-stakeholder",
    (True, False, False): "dormant",
    (False, True, False): "discretionary",
    (False, False, True): "demanding",
    (True, True, False): "dominant",
    (True, False, True): "dangerous",
    (False, True, True): "dependent",
    (True, True, True): "definitive",
}
"""Class by (power, legitimacy, urgency)."""

QUADRANTS = {
    (True, True): "manage closely",
    (True, False): "keep satisfied",
    (False, True): "keep informed",
    (False, False): "monitor",
}
"""Quadrant by (power, interest)."""

ATTRIBUTES = ("power", "legitimacy", "urgency")
_MOST_STANCE = 2.0


def salience(
    eco: Ecosystem, measures: Measures, *, opportunities: pd.DataFrame | None = None, cut: float = CUT
) -> pd.DataFrame:
    """Power, legitimacy and urgency of every stakeholder, and the class they make.

    Parameters
    ----------
    eco : Ecosystem
    measures : Measures
        Of the reference graph, ranked by influence (or by :func:`~ecosystem_iq.network.judged.blend_judged`).
    opportunities : DataFrame, optional
        Of :func:`~ecosystem_iq.network.jobs.opportunities`; default: worked out here.
    cut : float
        From where on an attribute is present, 0-1.

    Returns
    -------
    DataFrame
        One row a row of the measures: ``account_id``, ``stakeholder_id``, ``power``, ``legitimacy``, ``urgency`` (0-1,
        NaN where nothing is known), ``score`` (their geometric mean, NaN where one is), ``salience`` (the class,
        "" where an attribute is NaN), ``sure`` (whether power is on one side of the cut over the whole 90 % interval of
        the rank; missing without intervals or class), ``known`` (the inputs which were there, separated by ``|``) and
        ``reason`` (what is unknown).

    Raises
    ------
    InputError
        When the cut is outside 0-1.

    References
    ----------
    Mitchell, R. K., Agle, B. R. & Wood, D. J. (1997). Toward a theory of stakeholder identification and salience.
    *Academy of Management Review* 22, 853-886. doi:10.5465/amr.1997.9711022105
    """
    if not 0.0 <= cut <= 1.0:
        raise InputError(f"cut = {cut!r} is not between 0 and 1.")
    nodes = seat_facts(eco, measures)
    parts = power_parts(nodes) | legitimacy_parts(eco, nodes) | urgency_parts(eco, nodes, opportunities)
    table = nodes[KEY].copy()
    table["power"] = _mean(parts["influence"], parts["role_power"])
    table["legitimacy"] = _strongest([parts[name] for name in _GROUNDS])
    claim = _mean(parts["jobs"], parts["interest"])
    table["urgency"] = (parts["events"] + claim) / 2.0
    attributes = np.asarray(table[list(ATTRIBUTES)], dtype=np.float64)
    table["score"] = np.cbrt(np.prod(attributes, axis=1))
    table["salience"] = salience_class(attributes, cut)
    table["sure"] = _sure(nodes, parts["role_power"], cut).where(table["salience"] != "")
    table["known"] = _listed({name: ~np.isnan(parts[key]) for key, name in _INPUTS.items()}, "|")
    missing = (attributes[:, 0], attributes[:, 1], parts["events"], claim)
    table["reason"] = _listed({text: np.isnan(part) for text, part in zip(_UNKNOWN, missing, strict=True)})
    return table


def salience_class(attributes: Array, cut: float = CUT) -> NDArray[np.object_]:
    """The class which power, legitimacy and urgency make (kernel).

    Parameters
    ----------
    attributes : ndarray, shape (stakeholders, 3)
        0-1.
    cut : float
        An attribute of at least this is present.

    Returns
    -------
    ndarray of str, shape (stakeholders,)
        "" where an attribute is NaN.

    Examples
    --------
    >>> salience_class(np.array([[0.9, 0.2, 0.7], [0.1, 0.1, 0.1], [0.9, np.nan, 0.9]])).tolist()
    ['dangerous', 'non-stakeholder', '']
    """
    names = np.array([name for _, name in sorted(CLASSES.items())], dtype=object)
    found = names[(attributes >= cut) @ np.array([4, 2, 1])]
    found[np.isnan(attributes).any(axis=1)] = ""
    return np.asarray(found)


def power_interest(eco: Ecosystem, measures: Measures, *, judged: bool = False, cut: float = CUT) -> pd.DataFrame:
    """The grid of power and interest: whom to manage closely, keep satisfied, keep informed, monitor.

    Parameters
    ----------
    eco : Ecosystem
    measures : Measures
        Of the reference graph.
    judged : bool
        Power is influence as people judge it (``influence_judged`` / 10), not the place in the influence ranking.
    cut : float
        From where on power and interest are high, 0-1.

    Returns
    -------
    DataFrame
        One row a row of the measures: ``account_id``, ``stakeholder_id``, ``power`` (0-1; 1 the most influential of the
        account), ``interest`` (0-1), ``quadrant`` ("" where either is unknown) and ``reason``, what is unknown.

    References
    ----------
    After Mendelow, A. L. (1981). Environmental scanning: the impact of the stakeholder concept. *ICIS Proceedings* 20,
    where the second axis is dynamism. With interest: Ackermann, F. & Eden, C. (2011). Strategic management of
    stakeholders. *Long Range Planning* 44, 179-196. doi:10.1016/j.lrp.2010.08.001
    """
    nodes = seat_facts(eco, measures)
    table = nodes[KEY].copy()
    table["power"] = nodes["influence_judged"] / TEN if judged else percentile(nodes, "rank")
    table["interest"] = nodes["interest"] / TEN
    axes = table[["power", "interest"]].to_numpy(dtype=float)
    names = np.array([name for _, name in sorted(QUADRANTS.items())], dtype=object)
    table["quadrant"] = np.where(np.isnan(axes).any(axis=1), "", names[(axes >= cut) @ np.array([2, 1])])
    table["reason"] = _listed({f"{name} unknown": table[name].isna().to_numpy() for name in ("power", "interest")})
    return table


def advocacy(eco: Ecosystem, measures: Measures, keys: pd.DataFrame) -> pd.DataFrame:
    """Where influence stands: for, against, undecided, unknown.

    Parameters
    ----------
    eco : Ecosystem
    measures : Measures
        Of the reference graph, with ``influence``.
    keys : DataFrame
        Of :func:`~ecosystem_iq.network.engagement.key_stakeholders`.

    Returns
    -------
    DataFrame
        Two rows an account, ``scope`` ``members`` and ``key``: ``n``, ``n_known`` (stance known), ``advocacy`` (mean
        stance, -2 to 2, weighted by influence, of those whose stance is known; NaN for none), ``lowest`` and
        ``highest`` (were all others opponents, or advocates), and the shares of influence, which sum to 1, of
        ``supporters`` (advocates too), ``neutral``, ``opponents`` (non-supporters too) and ``unknown``.

    Notes
    -----
    ``lowest`` and ``highest`` are bounds, no interval: the members are no sample, and whose stance nobody recorded is
    no matter of chance.
    """
    nodes = seat_facts(eco, measures)
    key = pd.MultiIndex.from_frame(nodes[KEY]).isin(pd.MultiIndex.from_frame(keys[KEY]))
    parts = [_advocacy(nodes).assign(scope="members"), _advocacy(nodes[key]).assign(scope="key")]
    table = pd.concat(parts, ignore_index=True)
    accounts = pd.Index(nodes["account_id"].unique())
    order = np.lexsort((np.arange(len(table)), accounts.get_indexer(pd.Index(table["account_id"]))))
    columns = ["account_id", "scope", "n", "n_known", "advocacy", "lowest", "highest", *_SIDES, "unknown"]
    return table[columns].iloc[order].reset_index(drop=True)


_SIDES = ("supporters", "neutral", "opponents")
_GROUNDS = ("role_legitimacy", "seat", "office", "committee", "nominations")
_INPUTS = {
    "influence": "influence",
    "role_power": "decision_role",
    "seat": "role_slot",
    "office": "office",
    "committee": "committee",
    "nominations": "nominations",
    "events": "events",
    "jobs": "jobs",
    "interest": "interest",
}


_UNKNOWN = (
    "power: no ranking and no decision role",
    "legitimacy: no decision role, seat, office, committee or nomination",
    "urgency: no trigger events in the account",
    "urgency: neither interest nor rated jobs of the group",
)


def _advocacy(nodes: pd.DataFrame) -> pd.DataFrame:
    stance = nodes["stance"].map(schema.STANCES).astype(float)
    weight, known = nodes["influence"], stance.notna()
    sums = pd.DataFrame(
        {
            "account_id": nodes["account_id"],
            "n": 1,
            "n_known": known.astype(int),
            "all": weight,
            "sum": (weight * stance).fillna(0.0),
            "supporters": weight * (stance > 0),
            "neutral": weight * (stance == 0),
            "opponents": weight * (stance < 0),
            "unknown": weight * ~known,
        }
    )
    total = sums.groupby("account_id", sort=False).sum()
    known_weight = total["all"] - total["unknown"]
    table = total[["n", "n_known"]].assign(advocacy=total["sum"] / known_weight.where(total["n_known"] > 0))
    swing = _MOST_STANCE * total["unknown"]
    table = table.assign(lowest=(total["sum"] - swing) / total["all"], highest=(total["sum"] + swing) / total["all"])
    shares = total[[*_SIDES, "unknown"]].div(total["all"], axis=0)
    return table.join(shares).reset_index()


def _sure(nodes: pd.DataFrame, role: Array, cut: float) -> pd.Series:
    """Whether power is on one side of the cut at both ends of the rank's interval; missing where there is none."""
    if "rank_low" not in nodes or "rank_high" not in nodes:
        return pd.Series(pd.NA, index=nodes.index, dtype="boolean")
    high, here, low = (_mean(percentile(nodes, name), role) >= cut for name in ("rank_low", "rank", "rank_high"))
    there = nodes["rank_low"].notna() & nodes["rank_high"].notna()
    return pd.Series((high == here) & (here == low), index=nodes.index, dtype="boolean").where(there)


def _mean(one: Array, other: Array) -> Array:
    """Mean of two things, or the one which is known."""
    both = (one + other) / 2.0
    return np.where(np.isnan(one), other, np.where(np.isnan(other), one, both))


def _strongest(grounds: list[Array]) -> Array:
    return np.asarray(np.fmax.reduce(grounds))


def _listed(named: dict[str, NDArray[np.bool_]], separator: str = "; ") -> pd.Series:
    """The names which hold for each row."""
    texts = np.full(len(next(iter(named.values()))), "", dtype=object)
    for name, holds in named.items():
        texts = np.where(holds, np.where(texts == "", name, texts + separator + name), texts)
    return pd.Series(texts, dtype="str")
