"""One account as a payload: its stakeholders, its ties, and what stands out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from ecosystem_iq.assessment import Assessment
from ecosystem_iq.errors import InputError, did_you_mean
from ecosystem_iq.network import InfluenceGraph
from ecosystem_iq.network.ties import SINGLE_ACCOUNT
from ecosystem_iq.schema import GROUPS
from ecosystem_iq.tables import Ecosystem
from ecosystem_iq.views.changes import Changes, unchanged
from ecosystem_iq.views.engagement import (
    account_values,
    best_opportunity,
    job_rows,
    note_rows,
    trigger_rows,
    value_rows,
)
from ecosystem_iq.views.facets import facet_list, measure_list
from ecosystem_iq.views.findings import findings
from ecosystem_iq.views.islands import islands
from ecosystem_iq.views.layout import island_layout, radii
from ecosystem_iq.views.layouts import all_layouts
from ecosystem_iq.views.people import (
    account_people,
    covered,
    matrices,
    person_columns,
    standing,
    value_columns,
)
from ecosystem_iq.views.ties import Ties, account_ties
from ecosystem_iq.views.what_if import what_if_payload
from ecosystem_iq.views.words import human, plural

COLLAPSED_ABOVE = 2_000
"""Stakeholders above which a page starts with its communities closed."""

_LEAD = (
    "Influence follows who moves whom: it is high for those who move many, and for those who move people who do. "
    "Select somebody to see their ties, or search with /."
)


def network_payload(
    assessment: Assessment,
    account: str,
    links: Sequence[dict[str, str]] = (),
    *,
    before: Assessment | None = None,
) -> dict[str, Any]:
    """Everything the page of one account shows.

    Parameters
    ----------
    assessment : Assessment
        With a graph.
    account : str
        Account id.
    links : sequence of dict
        ``label`` and ``href`` of neighbouring pages.
    before : Assessment, optional
        An earlier state, or another workspace about the same account: what is new and who rose is marked.

    Returns
    -------
    dict
        Plain values only: no NaN, no identifiers. Columns of ``nodes`` and ``ties`` are lists of one length, nodes
        being named by their position, most influential first.

    Raises
    ------
    InputError
        When there is no such account, or no map.
    """
    view = _View.of(assessment, account)
    changes = None if before is None else Changes(assessment, before, account, view.people, view.ties.frame)
    eco, people, ties = assessment.ecosystem, view.people, view.ties
    return {
        "page": "account",
        "title": account_name(eco, account),
        "subtitle": _subtitle(eco, len(people), len(ties)),
        "notice": notice(eco),
        "lead": _LEAD,
        "findings": findings(people, view.all_ties),
        "groups": [_entry(group, int((people["group"] == group).sum())) for group in view.groups],
        "layers": ties.layers(),
        "communities": view.communities[1],
        **_drawn(view, changes),
        **_told(view),
        "before": None if changes is None else changes.to_dict(),
        "collapsed": len(people) > COLLAPSED_ABOVE,
        "links": list(links),
    }


def _drawn(view: _View, changes: Changes | None) -> dict[str, Any]:
    """What the map itself is made of."""
    people, ties = view.people, view.ties
    nodes = {**view.nodes(), **(unchanged(people) if changes is None else changes.node_columns())}
    return {
        "nodes": nodes,
        "ties": {**ties.columns(), **({} if changes is None else {"change": changes.tie_column()})},
        "measures": measure_list(nodes),
        "facets": facet_list(people),
        "layouts": all_layouts(people.assign(x=nodes["x"]), ties.frame, view.all_ties, view.radius),
    }


def _told(view: _View) -> dict[str, Any]:
    """What is shown beside the map, on demand."""
    assessment, people, account = view.assessment, view.people, view.account
    return {
        "triggers": trigger_rows(assessment, people, view.matrices[0], account),
        "jobs": job_rows(assessment, account),
        "values": value_rows(view.values),
        "what_if": what_if_payload(view.graph, account, people["node"].to_numpy()),
        "covered": covered(people),
        "notes": note_rows(assessment.ecosystem, people, account),
    }


@dataclass(frozen=True, eq=False)
class _View:
    """What several parts of the payload are made from."""

    assessment: Assessment
    graph: InfluenceGraph
    account: str
    people: pd.DataFrame

    @classmethod
    def of(cls, assessment: Assessment, account: str) -> _View:
        graph, eco = assessment.graph, assessment.ecosystem
        if graph is None or assessment.measures is None:
            eco.require("stakeholders", "ties", command="A network view")
            raise InputError("There is no map.")
        if account not in graph.account_ids:
            raise InputError(f'There is no account "{account}". {did_you_mean(account, graph.account_ids)}'.strip())
        return cls(assessment, graph, account, account_people(assessment, account))

    @cached_property
    def ties(self) -> Ties:
        return account_ties(self.assessment.ecosystem, self.graph, self.people, self.account)

    @cached_property
    def matrices(self) -> tuple[csr_array, csr_array]:
        """Ties for and ties against."""
        return matrices(self.graph, self.people["node"].to_numpy().astype(np.int64))

    @cached_property
    def all_ties(self) -> csr_array:
        """Ties of influence, for and against."""
        return csr_array(self.matrices[0] + self.matrices[1])

    @cached_property
    def communities(self) -> tuple[Any, list[dict[str, Any]]]:
        return islands(*self.matrices, self.people)

    @cached_property
    def radius(self) -> Any:
        return radii(self.people["influence"].to_numpy())

    @cached_property
    def groups(self) -> list[str]:
        present = set(self.people["group"])
        return [group for group in GROUPS.split() if group in present]

    @cached_property
    def values(self) -> pd.DataFrame:
        return account_values(self.assessment.ecosystem, self.people, self.account)

    def nodes(self) -> dict[str, list[Any]]:
        """The columns of the stakeholders."""
        people = self.people
        position = island_layout(self.all_ties, self.communities[0], self.radius).astype(np.int64)
        return {
            **person_columns(people, self.groups),
            **standing(people, *self.matrices),
            "opportunity": best_opportunity(self.assessment, people, self.account),
            **value_columns(people, self.values),
            "community": self.communities[0].tolist(),
            "x": position[:, 0].tolist(),
            "y": position[:, 1].tolist(),
            "size": self.radius.tolist(),
            "ties": self.ties.degree(len(people)).tolist(),
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
