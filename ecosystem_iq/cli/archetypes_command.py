"""``ecosystem-iq archetypes``."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ecosystem_iq.cli.listing import Listing, listing
from ecosystem_iq.cli.options import opened, random_seed, reads_workspace

if TYPE_CHECKING:
    import pandas as pd

    from ecosystem_iq.archetypes import Archetypes


@click.command("archetypes")
@reads_workspace
@click.option("--discover", is_flag=True, help="Look for groups in the data (k-means) and set them beside the names.")
@click.option("--explain", metavar="ACCOUNT", help="The features of one account.")
@random_seed
@listing
def command(workspace: Path, *, discover: bool, explain: str | None, random_seed: int, **reading: bool) -> Listing:
    r"""Say which kind of team each account of WORKSPACE calls for, and why.

    An account is named after the archetype its features are closest to; where none is close enough, or two are, that is
    what it says.

    \b
    Example:  ecosystem-iq archetypes demo
              ecosystem-iq archetypes demo --explain acc-01
    """
    from ecosystem_iq.archetypes import account_features, assign_archetypes, discover_archetypes
    from ecosystem_iq.network import influence_graph, measure
    from ecosystem_iq.network.jobs import opportunities
    from ecosystem_iq.network.judged import blend_judged

    eco = opened(workspace, **reading)
    eco.require("stakeholders", "ties", command="archetypes")
    graph = influence_graph(eco)
    measures = blend_judged(eco, measure(graph, draws=0))
    features = account_features(eco, graph, measures=measures, opportunities=opportunities(eco))
    found = assign_archetypes(features)
    if explain:
        return _explained(features, found, explain)
    if not discover:
        return Listing(found.table, _HEADER, [_line(row) for row in found.table.to_dict("records")])
    discovery = discover_archetypes(features, rng=random_seed)
    beside = found.table.merge(discovery.table[["account_id", "cluster"]], on="account_id")
    rows = [[*_line(row), str(row["cluster"])] for row in beside.to_dict("records")]
    return Listing(beside, [*_HEADER, ">group"], rows, [discovery.note])


_HEADER = ("account", "archetype", ">P", ">distance", "why")


def _line(row: Mapping[Any, Any]) -> list[str]:
    numbers = ["" if math.isnan(row[name]) else f"{row[name]:.2f}" for name in ("p_first", "distance")]
    return [row["account_id"], row["label"], *numbers, row["reasons"] or row["note"]]


def _explained(features: pd.DataFrame, found: Archetypes, account: str) -> Listing:
    from ecosystem_iq.errors import InputError, did_you_mean

    known = list(features["account_id"])
    if account not in known:
        raise InputError(f'There is no account "{account}". {did_you_mean(account, known)}'.strip())
    row = features[features["account_id"] == account].to_dict("records")[0]
    place = found.table[found.table["account_id"] == account].to_dict("records")[0]
    lines = [
        [feature.id, feature.label, _shown(row[f"raw_{feature.id}"]), _shown(row[feature.id]), feature.meaning]
        for feature in found.library.features
    ]
    header = ("id", "feature", ">raw", ">0-1", "meaning")
    return Listing(features[features["account_id"] == account], header, lines, [f"{account}: {place['label']}."])


def _shown(value: float) -> str:
    return "-" if math.isnan(value) else f"{value:.3g}"
