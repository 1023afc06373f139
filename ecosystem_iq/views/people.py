"""The stakeholders of one account, most influential first, with the columns a page may show."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array

from ecosystem_iq.assessment import Assessment
from ecosystem_iq.network import InfluenceGraph
from ecosystem_iq.network.brokerage import roles
from ecosystem_iq.network.engagement import REPLIES
from ecosystem_iq.network.kernels.reach import LARGEST, cost, reach_2
from ecosystem_iq.network.ties import SINGLE_ACCOUNT
from ecosystem_iq.network.value import HELD
from ecosystem_iq.schema import STANCES
from ecosystem_iq.tables import Ecosystem
from ecosystem_iq.views.visibility import shown
from ecosystem_iq.views.words import human, text

Nodes = NDArray[np.int64]

COVERED = ("multiple", "in_depth")
"""Depths of contact at which somebody counts as engaged already."""

IN_PERSON = ("face_to_face", "remote_call", "phone", "event", "congress", "committee")
"""Channels in which people meet. A mailing which nobody answers is no contact between people."""

_MONTHS = 12
_WHO = ["name", "kind", "group", "title", "org_id", "care_setting"]


def account_people(assessment: Assessment, account: str) -> pd.DataFrame:
    """One row a stakeholder, in the order of all columns of the page.

    Returns
    -------
    DataFrame
        Columns of the measures, ``node`` in the graph, who they are, their seat in the account, ``percentile``,
        ``last_contact`` and ``contacts``.
    """
    eco, graph, measures = assessment.ecosystem, assessment.graph, assessment.measures
    if graph is None or measures is None:  # pragma: no cover - checked by who calls
        return pd.DataFrame()
    rows = measures.table[measures.table["account_id"] == account]
    who = eco.tables["stakeholders"].set_index("stakeholder_id")[_WHO]
    people = rows.join(who, on="stakeholder_id").reset_index(drop=True)
    people["node"] = nodes_of(graph, account, people["stakeholder_id"])
    people["org"] = people["org_id"].map(who["name"])
    people["group"] = people["group"].fillna("other")
    seat = _one_each(eco.current("memberships"), account)[["decision_role", "stance"]]
    company = eco.settings.own_company
    depth = _one_each(eco.current("memberships", company or None), account)["contact_depth"]
    people = people.join(seat, on="stakeholder_id").join(depth, on="stakeholder_id")
    people = people.join(_contacts(eco, account), on="stakeholder_id")
    n = len(people)
    people["percentile"] = (100.0 * (n - people["rank"] + 1) / max(n, 1)).round().astype(int)
    return people


def nodes_of(graph: InfluenceGraph, account: str, stakeholders: pd.Series) -> Nodes:
    """Node of each stakeholder of an account; the nodes of an account stand together, by id."""
    code = graph.account_ids.index(account)
    start, stop = np.searchsorted(graph.account_code, [code, code + 1])
    place = pd.Index(graph.ids[start:stop]).get_indexer(pd.Index(stakeholders))
    return np.asarray(place + int(start), dtype=np.int64)


def _one_each(members: pd.DataFrame, account: str) -> pd.DataFrame:
    """The newest membership row of each stakeholder in an account."""
    here = members[members["account_id"].fillna(SINGLE_ACCOUNT) == account]
    newest = here.sort_values(["valid_from", "as_of"], kind="stable", na_position="first")
    return newest.drop_duplicates("stakeholder_id", keep="last").set_index("stakeholder_id")


def _contacts(eco: Ecosystem, account: str) -> pd.DataFrame:
    """Day of the last contact of the own company with each stakeholder, and their number in the last twelve months.

    Nothing else of the log leaves it: neither who was there nor what was said.
    """
    log = shown(eco.tables["interactions"])
    log = log[log["company_id"] == eco.settings.own_company] if eco.settings.own_company else log[:0]
    log = log[log["account_id"].isna() | (log["account_id"] == account)]
    last = pd.Timestamp(eco.as_of) if eco.as_of is not None else log["date"].max()
    log = log[(log["date"] <= last) & (log["date"] > last - pd.DateOffset(months=_MONTHS))]
    log = log[log["direction"].isin(REPLIES) | log["channel"].isin(IN_PERSON)]
    days_of = log.groupby("stakeholder_id")["date"]
    return pd.DataFrame({"last_contact": days_of.max(), "contacts": days_of.size()})


def positions(people: pd.DataFrame) -> pd.Series:
    """Position on the page of each stakeholder, by id."""
    return pd.Series(people.index, index=people["stakeholder_id"])


def matrices(graph: InfluenceGraph, nodes: Nodes) -> tuple[csr_array, csr_array]:
    """The account's part of the influence matrix, ties for and ties against, in the order of ``nodes``."""
    place = np.full(len(graph), -1, dtype=np.int64)
    place[nodes] = np.arange(len(nodes))
    low, high = (int(nodes.min()), int(nodes.max()) + 1) if len(nodes) else (0, 0)
    inside = slice(graph.matrix.indptr[low], graph.matrix.indptr[high])
    tail = place[np.repeat(np.arange(low, high), np.diff(graph.matrix.indptr[low : high + 1]))]
    head = place[graph.matrix.indices[inside]]
    chance, sign = graph.matrix.data[inside], graph.sign[inside]
    n = len(nodes)
    return tuple(  # type: ignore[return-value]
        csr_array((chance[keep], (tail[keep], head[keep])), shape=(n, n))
        for keep in ((sign > 0) & (chance > 0), (sign < 0) & (chance > 0))
    )


def standing(people: pd.DataFrame, matrix: csr_array, against: csr_array) -> dict[str, Any]:
    """Where each stakeholder stands in the network: pairs brokered, and stakeholders moved within two steps."""
    group = pd.factorize(people["group"])[0].astype(np.int64)
    pairs = roles(csr_array(matrix + against), group)[:, -1] if len(people) else np.zeros(0, dtype=np.int64)
    possible = cost(matrix) <= LARGEST
    return {
        "brokerage": pairs.tolist(),
        "reach": numbers(reach_2(matrix)) if possible else [None] * len(people),
    }


def person_columns(people: pd.DataFrame, groups: Sequence[str]) -> dict[str, list[Any]]:
    """Who each stakeholder is and how influential: the columns which may leave the tables."""
    code = {group: k for k, group in enumerate(groups)}
    return {
        "name": texts(people["name"]),
        "group": [code[group] for group in people["group"]],
        "title": [text(title) or human(kind) for title, kind in zip(people["title"], people["kind"], strict=True)],
        "org": texts(people["org"]),
        "care_setting": labels(people["care_setting"]),
        "decision_role": labels(people["decision_role"]),
        "stance": whole(people["stance"].map(dict(STANCES))),
        "contact": labels(people["contact_depth"]),
        "last_contact": days(people["last_contact"]),
        "contacts": whole(people["contacts"].fillna(0)),
        "advice": [None] * len(people),
        "influence": numbers(people["influence"], 4),
        "influence_low": numbers(people["influence_low"], 4),
        "influence_high": numbers(people["influence_high"], 4),
        "rank": whole(people["rank"]),
        "rank_low": whole(people["rank_low"]),
        "rank_high": whole(people["rank_high"]),
        "percentile": whole(people["percentile"]),
    }


def value_columns(people: pd.DataFrame, values: pd.DataFrame) -> dict[str, list[Any]]:
    """Share of the account's value which each stakeholder receives and creates, and which it puts at risk."""
    held = values[values["perspective"].isin(HELD)]
    return {"value": _share(people, held), "at_risk": _share(people, values[values["perspective"] == "at_risk"])}


def _share(people: pd.DataFrame, values: pd.DataFrame) -> list[float | None]:
    sums = values.groupby("stakeholder_id")["share"].sum(min_count=1)
    total = sums.clip(lower=0).sum()
    return numbers(people["stakeholder_id"].map(sums / total if total > 0 else sums * np.nan))


def covered(people: pd.DataFrame) -> list[int]:
    """Positions of those with whom there is contact in some depth."""
    return np.flatnonzero(people["contact_depth"].isin(COVERED)).tolist()


def labels(words: pd.Series) -> list[str]:
    """Words of the schema as people read them, each turned once."""
    known = {word: human(word) for word in words.dropna().unique()}
    return [known.get(word, "") for word in words.tolist()]


def texts(cells: pd.Series) -> list[str]:
    """Text cells, blank where missing."""
    return [cell if isinstance(cell, str) else "" for cell in cells.tolist()]


def days(dates: pd.Series) -> list[str]:
    """Dates as year-month-day, blank where missing."""
    return texts(pd.to_datetime(dates).dt.strftime("%Y-%m-%d"))


def whole(values: pd.Series) -> list[int | None]:
    """Whole numbers, None where missing."""
    return [None if value != value else int(value) for value in values.astype(float).tolist()]  # noqa: PLR0124 - NaN


def numbers(values: pd.Series | NDArray[np.float64], digits: int = 3) -> list[float | None]:
    """Numbers to some significant digits, None where missing."""
    found = np.asarray(values, dtype=np.float64)
    return [None if value != value else float(f"{value:.{digits}g}") for value in found.tolist()]  # noqa: PLR0124 - NaN
