"""The ties of one account, one a row of the user's table, turned so that the source moves the target."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ecosystem_iq.network.graph import InfluenceGraph
from ecosystem_iq.network.tie_kinds import BACKWARD, BOTH, DEFAULT, NONE, tie_kinds
from ecosystem_iq.tables import Ecosystem
from ecosystem_iq.views.people import days, labels, numbers, positions, texts
from ecosystem_iq.views.visibility import RESTRICTED
from ecosystem_iq.views.words import human

_ORDER = [
    "source", "target", "layer", "kind", "valid_from", "valid_to", "last_confirmed", "strength", "confidence", "sign",
    "evidence", "note",
]  # fmt: skip
"""Ties which are alike in all of these look alike on the page: the order of the file never shows."""


@dataclass(frozen=True)
class Ties:
    """The ties of one account.

    Attributes
    ----------
    frame : DataFrame
        One row a tie: ``source`` and ``target`` (positions) as who moves whom, ``first`` and ``second`` as they stand
        in the table, and what is known of it.
    """

    frame: pd.DataFrame

    def __len__(self) -> int:
        return len(self.frame)

    def layers(self) -> list[dict[str, Any]]:
        """Layers with their counts, those which carry influence first, then the most frequent."""
        names, code = np.unique(self.frame["layer"].to_numpy(dtype=str), return_inverse=True)
        count = np.bincount(code, minlength=len(names))
        every = {
            flag: np.bincount(code, self.frame[flag].to_numpy(dtype=float), len(names)) == count
            for flag in ("structure", "mutual")
        }
        order = np.lexsort((np.arange(len(names)), -count, every["structure"]))
        return [
            {
                "id": str(names[k]),
                "label": human(str(names[k])) or str(names[k]),
                "count": int(count[k]),
                "structure": bool(every["structure"][k]),
                "mutual": bool(every["mutual"][k]),
            }
            for k in order
        ]

    def degree(self, n: int) -> NDArray[np.int64]:
        """Ties at each stakeholder."""
        return np.bincount(self.frame[["source", "target"]].to_numpy().ravel(), minlength=n)

    def columns(self) -> dict[str, list[Any]]:
        """What a page may show of each tie."""
        order = {layer["id"]: i for i, layer in enumerate(self.layers())}
        frame = self.frame
        return {
            **{end: frame[end].tolist() for end in ("source", "target")},
            "kind": labels(frame["kind"]),
            "layer": frame["layer"].map(order).tolist(),
            "sign": frame["sign"].astype(int).tolist(),
            **{flag: frame[flag].astype(bool).tolist() for flag in ("mutual", "structure")},
            **{name: numbers(frame[name]) for name in ("probability", "strength", "confidence")},
            "confirmed": days(frame["last_confirmed"]),
            "since": days(frame["valid_from"]),
            "until": days(frame["valid_to"]),
            **{words: texts(frame[words]) for words in ("evidence", "note")},
            "change": [""] * len(frame),
        }


def account_ties(eco: Ecosystem, graph: InfluenceGraph, people: pd.DataFrame, account: str) -> Ties:
    """Tie rows between the stakeholders of an account."""
    place = positions(people)
    rows = eco.current("ties")
    rows = rows[rows["account_id"].isna() | (rows["account_id"] == account)]
    rows = rows.assign(first=rows["source"].map(place), second=rows["target"].map(place))
    rows = rows.dropna(subset=["first", "second"]).astype({"first": "int64", "second": "int64"})
    chance = pd.Series(_row_probability(graph, people), index=eco.tables["ties"].index)
    kind = rows["kind"].fillna(DEFAULT)
    means = tie_kinds()
    arcs, usual = (kind.map(means[name]) for name in ("arcs", "sign"))
    turned = arcs == BACKWARD
    given = rows["sign"].map({"positive": 1, "negative": -1}).astype(float)
    quoted = rows.get("visibility", pd.Series(dtype="str")).reindex(rows.index) != RESTRICTED
    title = eco.tables["evidence"].set_index("evidence_id")["title"]
    frame = rows.assign(
        source=rows["first"].mask(turned, rows["second"]),
        target=rows["second"].mask(turned, rows["first"]),
        kind=kind,
        layer=rows["layer"].fillna(kind),
        sign=given.fillna(usual.astype(float)),
        mutual=(arcs == BOTH) | rows["direction"].isin(["undirected", "mutual"]),
        structure=arcs == NONE,
        probability=chance[rows.index],
        evidence=rows["evidence_id"].map(title).where(quoted),
        note=rows["note"].where(quoted),
    )
    return Ties(frame.sort_values(_ORDER, kind="stable"))


def _row_probability(graph: InfluenceGraph, people: pd.DataFrame) -> NDArray[np.float64]:
    """Scaled probability of each row of the tie table in one account, by position; NaN where it makes no arc."""
    probability = np.full(graph.rows.shape[1], np.nan)
    if len(people):
        low, high = int(people["node"].min()), int(people["node"].max()) + 1
        arcs = slice(graph.matrix.indptr[low], graph.matrix.indptr[high])
        inside = slice(graph.rows.indptr[arcs.start], graph.rows.indptr[arcs.stop])
        probability[graph.rows.indices[inside]] = np.abs(graph.rows.data[inside])
    return probability
