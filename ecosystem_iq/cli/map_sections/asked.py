"""What was asked of ``map``, and what its sections share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from ecosystem_iq.cli.listing import Column, Listing, listed, share
from ecosystem_iq.errors import InputError

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from ecosystem_iq.network import InfluenceGraph, Measures
    from ecosystem_iq.tables import Ecosystem


TOP_OF_ONE, TOP_OF_MANY = 10, 3


WHO = (Column("name", "stakeholder"), Column("role", "role"), Column("organisation", "organisation"))


@dataclass(frozen=True)
class Asked:
    """What was asked of ``map``, and the map itself."""

    eco: Ecosystem
    graph: InfluenceGraph
    names: tuple[str, ...] = ("influence",)
    top: int | None = None
    holder: str | None = None
    sources: tuple[str, ...] = ()
    target: str | None = None
    covered: tuple[str, ...] = ()
    seed: int = 0

    @property
    def several(self) -> bool:
        """Whether the map holds more than one account."""
        return len(self.graph.account_ids) > 1

    @property
    def shown(self) -> int:
        """Rows an account."""
        return self.top or (TOP_OF_MANY if self.several else TOP_OF_ONE)

    @cached_property
    def measures(self) -> Measures:
        """The measures asked for, influence always among them."""
        from ecosystem_iq.network import measure
        from ecosystem_iq.network.judged import blend_judged

        names = dict.fromkeys((*self.names, "influence"))
        return blend_judged(self.eco, measure(self.graph, names, unasked=self.unasked, rng=self.seed))

    @cached_property
    def unasked(self) -> NDArray[np.bool_]:
        """Who was never asked whom they listen to."""
        from ecosystem_iq.network.missing import never_asked

        return never_asked(self.graph, self.eco)

    def first(self, table: pd.DataFrame) -> pd.DataFrame:
        """The first rows of each account, with names."""
        return self.named(table[table.groupby("account_id", sort=False).cumcount() < self.shown])

    def named(self, table: pd.DataFrame) -> pd.DataFrame:
        """With ``name``, ``role`` and ``organisation`` of each stakeholder."""
        who = self.eco.tables["stakeholders"].set_index("stakeholder_id")
        named = table.join(who[["name", "title", "org_id"]], on="stakeholder_id")
        named["organisation"] = named["org_id"].map(who["name"]).fillna("")
        named["role"] = named["title"].fillna("")
        return named.assign(name=named["name"].fillna(named["stakeholder_id"]))

    def names_of(self, ids: Sequence[str]) -> str:
        """Names of some stakeholders, one after the other."""
        known = self.eco.tables["stakeholders"].set_index("stakeholder_id")["name"]
        return ", ".join(str(known.get(each, each)) for each in ids)

    def listed(self, table: pd.DataFrame, columns: Sequence[Column], notes: Sequence[str] = ()) -> Listing:
        """A listing, with the account in front where there are several."""
        account = [Column("account_id", "account")] if self.several else []
        return listed(table, [*account, *columns], notes)

    def need(self, *, target: bool = True, sources: bool = False) -> None:
        """Refuse a section which lacks its ends."""
        if target and self.target is None:
            raise InputError("Say whom it should reach: --to STAKEHOLDER.")
        if sources and not (self.sources or self.covered):
            raise InputError("Say where it starts: --from STAKEHOLDER (or --covered STAKEHOLDER).")


def map_notes(asked: Asked) -> list[str]:
    """How large the map is, and on what its probabilities rest."""
    graph = asked.graph
    sizes = f"{len(graph):,} stakeholders, {graph.ties.sum():,} ties"
    reached = f"{graph.branching.min():.2f}"
    if asked.several:
        sizes += f", {len(graph.account_ids)} accounts"
        reached += f" to {graph.branching.max():.2f}"
    said = [f"{sizes}. An average stakeholder moves {reached} others directly (an assumption: mean_branching)."]
    return [*said, *_unasked_note(asked)]


def _unasked_note(asked: Asked) -> list[str]:
    from ecosystem_iq.network.missing import missing_share

    table = missing_share(asked.graph, asked.unasked)
    included = table[table["included"]]
    if included.empty:
        return []
    part = included["unasked"].sum() / table["stakeholders"].sum()
    return [f"{share(part)} of the stakeholders were never asked whom they listen to; intervals include that."]
