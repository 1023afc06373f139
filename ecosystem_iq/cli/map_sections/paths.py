"""Sections of ``map`` between two stakeholders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecosystem_iq.cli.listing import Column, Listing, counted, figure, listed, share
from ecosystem_iq.cli.map_sections.asked import TOP_OF_MANY, WHO, Asked

if TYPE_CHECKING:
    pass


def paths(asked: Asked) -> Listing:
    """The strongest paths between two stakeholders, also through people already covered."""
    import pandas as pd

    from ecosystem_iq.network.paths import Path, strongest_path, strongest_paths

    asked.need(sources=True)
    target = str(asked.target)
    found: list[Path] = []
    notes: list[str] = []
    for source in asked.sources or asked.covered[:1]:
        best = strongest_path(asked.graph, source, target, covered=asked.covered)
        others = [] if asked.covered else strongest_paths(asked.graph, source, target, asked.top or TOP_OF_MANY)
        found.extend(others or ([best] if best.found else []))
        notes.extend([best.reason] if not best.found else [])
    frames = [path.to_frame().assign(path=i + 1) for i, path in enumerate(found)]
    table = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=["path"])
    ways = pd.DataFrame(
        {
            "path": [i + 1 for i in range(len(found))],
            "probability": [path.probability for path in found],
            "way": [" → ".join(asked.names_of([each]) for each in path.stakeholders) for path in found],
            "against": [int((path.steps["sign"] < 0).sum()) for path in found],
        }
    )
    columns = [
        Column("path", "path", counted),
        Column("probability", "probability", figure),
        Column("way", "way"),
        Column("against", "ties against", counted),
    ]
    return listed(ways, columns, notes).with_frame(table)


def gatekeepers(asked: Asked) -> Listing:
    """Whom others need in order to reach a stakeholder, and the fewest whose loss would cut it off."""
    from ecosystem_iq.network import dominance
    from ecosystem_iq.network.cuts import minimum_cut

    asked.need()
    target = str(asked.target)
    found = dominance.gatekeepers(asked.graph, target)
    notes = [found.reason] if found.reason else [f"{found.reaching:,} stakeholders reach {asked.names_of([target])}."]
    starts = asked.sources or asked.covered
    if starts:
        through = dominance.dominators(asked.graph, starts, target)
        cut = minimum_cut(asked.graph, starts, target)
        notes.append(
            through.reason or f"All influence passes through: {asked.names_of(through.stakeholders) or 'nobody'}."
        )
        notes.append(cut.reason or f"The fewest whose loss cuts it off: {asked.names_of(cut.stakeholders)}.")
    columns = [*WHO, Column("behind", "needed by", counted), Column("share", "of all who reach it", share)]
    first = asked.first(found.table)
    return asked.listed(first, columns, notes).with_frame(found.table.loc[first.index])
