"""One account as a payload: its stakeholders, its ties, and what stands out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array

from ecosystem_iq.assessment import Assessment
from ecosystem_iq.errors import InputError, did_you_mean
from ecosystem_iq.network.communities import communities
from ecosystem_iq.network.graph import InfluenceGraph
from ecosystem_iq.network.measures import Measures
from ecosystem_iq.network.tie_kinds import BACKWARD, BOTH, DEFAULT, NONE, tie_kinds
from ecosystem_iq.network.ties import SINGLE_ACCOUNT
from ecosystem_iq.schema import GROUPS, STANCES
from ecosystem_iq.tables import Ecosystem
from ecosystem_iq.views.layout import island_layout, radii
from ecosystem_iq.views.words import human, percent, plural, text

CONCENTRATED = 0.4
_AGAINST = {"opponent": "opposed", "non_supporter": "not in support"}
_LEAD = (
    "Influence follows who moves whom: it is high for those who move many, and for those who move people who do. "
    "Select somebody to see their ties, or search with /."
)


def network_payload(assessment: Assessment, account: str, links: Sequence[dict[str, str]] = ()) -> dict[str, Any]:
    """Everything the page of one account shows.

    Parameters
    ----------
    assessment : Assessment
        With a graph.
    account : str
        Account id.
    links : sequence of dict
        ``label`` and ``href`` of neighbouring pages.

    Returns
    -------
    dict
        Plain values only: no NaN, no identifiers.

    Raises
    ------
    InputError
        When there is no such account, or no map.
    """
    if assessment.graph is None or assessment.measures is None:
        assessment.ecosystem.require("stakeholders", "ties", command="A network view")
        raise InputError("There is no map.")
    graph, eco = assessment.graph, assessment.ecosystem
    if account not in graph.account_ids:
        raise InputError(f'There is no account "{account}". {did_you_mean(account, graph.account_ids)}'.strip())
    people = _people(eco, assessment.measures, account)
    matrix = _block(graph, people)
    community, island_names = _islands(matrix, people)
    placed = _placed(matrix, community, people["influence"].to_numpy())
    groups = [group for group in GROUPS.split() if (people["group"] == group).any()]
    ties = _ties(eco, graph, people, account)
    return {
        "page": "account",
        "title": account_name(eco, account),
        "subtitle": _subtitle(eco, len(people), len(ties.frame)),
        "notice": notice(eco),
        "lead": _LEAD,
        "findings": _findings(people, matrix),
        "groups": [_entry(group, int((people["group"] == group).sum())) for group in groups],
        "layers": ties.layers(),
        "communities": [{"label": name, "count": int((community == i).sum())} for i, name in enumerate(island_names)],
        "nodes": {**_who(people, groups), **placed, "ties": ties.degree(len(people)).tolist()},
        "ties": ties.columns(),
        "links": list(links),
    }


def account_name(eco: Ecosystem, account: str) -> str:
    """Name of an account; the workspace's title where it names none."""
    accounts = eco.tables["accounts"].set_index("account_id")
    if account == SINGLE_ACCOUNT and account not in accounts.index:
        return eco.settings.title or "All stakeholders"
    return str(accounts.loc[account, "name"])


def notice(eco: Ecosystem) -> str:
    """What every page must say about where its data come from."""
    said = []
    sources = eco.tables["stakeholders"]["record_source"].dropna()
    if len(sources) and (sources == "synthetic").all():
        said.append("Synthetic data: every name is fictional.")
    if eco.rejected:
        said.append(f"{plural(sum(map(len, eco.rejected.values())), 'row')} with errors were set aside.")
    if eco.withheld:
        said.append(
            f"{plural(eco.withheld, 'person')} withheld on objection or after the retention date.".replace(
                "persons", "people"
            )
        )
    return " ".join(said)


def _subtitle(eco: Ecosystem, people: int, ties: int) -> str:
    parts = [plural(people, "stakeholder"), plural(ties, "tie")]
    return " · ".join(parts + ([f"as of {eco.as_of.isoformat()}"] if eco.as_of else []))


def _entry(word: str, count: int) -> dict[str, Any]:
    return {"id": word, "label": human(word), "count": count}


def _people(eco: Ecosystem, measures: Measures, account: str) -> pd.DataFrame:
    """The stakeholders of one account, most influential first, with the columns a page may show."""
    rows = measures.table[measures.table["account_id"] == account]
    who = eco.tables["stakeholders"].set_index("stakeholder_id")[["name", "kind", "group", "title", "org_id"]]
    people = rows.join(who, on="stakeholder_id").reset_index(names="node")
    people["org"] = people["org_id"].map(who["name"])
    people["group"] = people["group"].fillna("other")
    here = ["decision_role", "stance"]
    member = _one_each(eco.current("memberships"), account)[here]
    company = eco.current("memberships", eco.settings.own_company) if eco.settings.own_company else None
    contact = _one_each(eco.current("memberships") if company is None else company, account)["contact_depth"]
    people = people.join(member, on="stakeholder_id").join(contact, on="stakeholder_id")
    people["percentile"] = _percentile(people["rank"])
    return people


def _one_each(members: pd.DataFrame, account: str) -> pd.DataFrame:
    """The newest membership row of each stakeholder in an account."""
    here = members[members["account_id"].fillna(SINGLE_ACCOUNT) == account]
    newest = here.sort_values("valid_from", kind="stable", na_position="first")
    return newest.drop_duplicates("stakeholder_id", keep="last").set_index("stakeholder_id")


def _percentile(rank: pd.Series) -> pd.Series:
    """Share of the account which ranks no higher, 0-100."""
    n = len(rank)
    return (100.0 * (n - rank + 1) / max(n, 1)).round().astype(int)


def _block(graph: InfluenceGraph, people: pd.DataFrame) -> csr_array:
    """The account's part of the influence matrix, in the order of ``people``."""
    nodes = people["node"].to_numpy()
    return csr_array(graph.matrix[nodes][:, nodes])


def _islands(matrix: csr_array, people: pd.DataFrame) -> tuple[NDArray[np.int64], list[str]]:
    """Community of each stakeholder and their names; everybody without a tie stands on one island."""
    n = matrix.shape[0]
    tied = (np.diff(matrix.indptr) + np.bincount(matrix.indices, minlength=n)) > 0
    found = communities(matrix)
    found = np.where(tied, found, n + 1)
    labels, community = np.unique(found, return_inverse=True)
    names = [
        "Without ties" if label == n + 1 else f"Around {people['name'].iloc[np.flatnonzero(community == i)[0]]}"
        for i, label in enumerate(labels)
    ]
    return community.astype(np.int64), names


def _placed(matrix: csr_array, community: NDArray[np.int64], influence: NDArray[np.float64]) -> dict[str, list[Any]]:
    """Where each stakeholder stands, and how large."""
    radius = radii(influence)
    position = island_layout(matrix, community, radius)
    return {
        "community": community.tolist(),
        "x": position[:, 0].tolist(),
        "y": position[:, 1].tolist(),
        "size": radius.tolist(),
    }


def _who(people: pd.DataFrame, groups: list[str]) -> dict[str, list[Any]]:
    """Who each stakeholder is and how influential: the columns which may leave the tables."""
    stance = people["stance"].map(dict(STANCES))
    return {
        "name": [text(name) for name in people["name"]],
        "group": [groups.index(group) for group in people["group"]],
        "title": [text(title) or human(kind) for title, kind in zip(people["title"], people["kind"], strict=True)],
        "org": [text(name) for name in people["org"]],
        "decision_role": [human(role) for role in people["decision_role"]],
        "stance": _whole(stance),
        "contact": [human(depth) for depth in people["contact_depth"]],
        "influence": [float(f"{share:.6g}") for share in people["influence"]],
        "rank": _whole(people["rank"]),
        "rank_low": _whole(people["rank_low"]),
        "rank_high": _whole(people["rank_high"]),
        "percentile": _whole(people["percentile"]),
    }


def _whole(values: pd.Series) -> list[int | None]:
    return [None if pd.isna(value) else int(value) for value in values]


@dataclass(frozen=True)
class _Ties:
    """The ties of one account, one a row of the user's table, as ``source`` moves ``target``."""

    frame: pd.DataFrame

    def layers(self) -> list[dict[str, Any]]:
        counts = self.frame.groupby("layer", sort=True).agg(
            count=("layer", "size"), structure=("structure", "all"), mutual=("mutual", "all")
        )
        ordered = counts.sort_values(["structure", "count"], ascending=[True, False], kind="stable")
        return [
            {
                "id": str(name),
                "label": human(name) or str(name),
                "count": int(row["count"]),
                "structure": bool(row["structure"]),
                "mutual": bool(row["mutual"]),
            }
            for name, row in ordered.iterrows()
        ]

    def degree(self, n: int) -> NDArray[np.int64]:
        ends = np.concatenate([self.frame["source"].to_numpy(), self.frame["target"].to_numpy()])
        return np.bincount(ends.astype(np.int64), minlength=n)

    def columns(self) -> dict[str, list[Any]]:
        order = {layer["id"]: i for i, layer in enumerate(self.layers())}
        frame = self.frame
        return {
            "source": frame["source"].astype(int).tolist(),
            "target": frame["target"].astype(int).tolist(),
            "kind": [human(kind) for kind in frame["kind"]],
            "layer": [order[layer] for layer in frame["layer"]],
            "sign": frame["sign"].astype(int).tolist(),
            "mutual": frame["mutual"].astype(bool).tolist(),
            "structure": frame["structure"].astype(bool).tolist(),
            "probability": _numbers(frame["probability"]),
            "strength": _numbers(frame["strength"]),
            "confidence": _numbers(frame["confidence"]),
            "confirmed": ["" if pd.isna(day) else f"{day:%Y-%m-%d}" for day in frame["last_confirmed"]],
            "evidence": [text(name) for name in frame["evidence"]],
        }


def _numbers(values: pd.Series) -> list[float | None]:
    return [None if pd.isna(value) else float(f"{value:.4g}") for value in values]


def _row_probability(graph: InfluenceGraph, account: str) -> NDArray[np.float64]:
    """Scaled probability of each row of the tie table in one account, by position; NaN where it makes no arc."""
    tail = np.repeat(np.arange(len(graph)), np.diff(graph.matrix.indptr))
    here = np.repeat(graph.account[tail] == account, np.diff(graph.rows.indptr))
    probability = np.full(graph.rows.shape[1], np.nan)
    probability[graph.rows.indices[here]] = np.abs(graph.rows.data[here])
    return probability


def _ties(eco: Ecosystem, graph: InfluenceGraph, people: pd.DataFrame, account: str) -> _Ties:
    """Tie rows between the stakeholders of an account, turned so that the source moves the target."""
    place = pd.Series(people.index, index=people["stakeholder_id"])
    chance = pd.Series(_row_probability(graph, account), index=eco.tables["ties"].index)
    rows = eco.current("ties").assign(probability=lambda frame: chance[frame.index])
    rows = rows[rows["account_id"].isna() | (rows["account_id"] == account)]
    rows = rows.assign(source=rows["source"].map(place), target=rows["target"].map(place)).dropna(
        subset=["source", "target"]
    )
    kind = rows["kind"].fillna(DEFAULT)
    means = tie_kinds().loc[kind].set_axis(rows.index)
    turned = means["arcs"] == BACKWARD
    given = rows["sign"].map({"positive": 1, "negative": -1}).astype(float)
    evidence = eco.tables["evidence"].set_index("evidence_id")["title"]
    frame = rows.assign(
        source=rows["source"].mask(turned, rows["target"]),
        target=rows["target"].mask(turned, rows["source"]),
        kind=kind,
        layer=rows["layer"].fillna(kind),
        sign=given.fillna(means["sign"].astype(float)),
        mutual=(means["arcs"] == BOTH) | rows["direction"].isin(["undirected", "mutual"]),
        structure=means["arcs"] == NONE,
        evidence=rows["evidence_id"].map(evidence),
    )
    return _Ties(frame.sort_values(["source", "target", "layer"], kind="stable"))


def _findings(people: pd.DataFrame, matrix: csr_array) -> list[str]:
    """At most five sentences which a strategist would want first."""
    if len(people) < 4:  # noqa: PLR2004 - the smallest account which can be analysed
        return [f"{plural(len(people), 'stakeholder')}: too few to rank."] if len(people) else []
    if matrix.nnz == 0:
        return ["There are no ties of influence here, so nobody ranks above another."]
    first = people.iloc[0]
    found = [_foremost(people)]
    top = min(10, len(people))
    held = percent(people["influence"].head(top).sum())
    found.append(f"The {top} most influential of {len(people)} hold {held} of influence.")
    if first["influence"] > CONCENTRATED:
        found.append(f"{percent(first['influence'])} of influence rests on one stakeholder: a single point of failure.")
    found.extend(_decision(people, matrix))
    against = people[people["stance"].isin(list(_AGAINST))].head(1)
    if len(against) and int(against["rank"].iloc[0]) <= max(10, len(people) // 5):
        row, stance = against.iloc[0], _AGAINST[against["stance"].iloc[0]]
        found.append(f"{row['name']} is influential (rank {int(row['rank'])}) and {stance}: understand why.")
    return found


def _foremost(people: pd.DataFrame) -> str:
    """Who is first, and how surely."""
    first = people.iloc[0]
    tied = int((people["rank"] == 1).sum())
    if tied > 1:
        return f"{tied} of {plural(len(people), 'stakeholder')} share the first place, {first['name']} among them."
    return f"{first['name']} is the most influential{_interval(first)}."


def _interval(row: pd.Series) -> str:
    if pd.isna(row["rank_low"]):
        return ""
    low, high = int(row["rank_low"]), int(row["rank_high"])
    return " beyond doubt" if low == high else f" (rank {int(row['rank'])}, 90\N{NO-BREAK SPACE}% {low}-{high})"


def _decision(people: pd.DataFrame, matrix: csr_array) -> list[str]:
    """Who decides, and who moves them most directly."""
    deciders = people.index[people["decision_role"] == "decision_maker"]
    if len(deciders) == 0:
        return []
    decider = int(deciders[0])
    into = matrix[:, [decider]].toarray().ravel()
    name = people["name"].iloc[decider]
    if into.max(initial=0.0) <= 0:
        return [f"{name} decides; no tie of influence leads there: a gap in the map."]
    return [f"{name} decides; {people['name'].iloc[int(into.argmax())]} moves them most directly."]
