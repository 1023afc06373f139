"""What is there when the later tables are drawn: everybody, every tie, every contact, and what is true of companies."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from ecosystem_iq import schema
from ecosystem_iq.synthetic.behaviour import BEHAVIOURS
from ecosystem_iq.synthetic.draw import Array, Rng, stream
from ecosystem_iq.synthetic.hidden import Hidden
from ecosystem_iq.synthetic.truth import indicators


@dataclass(frozen=True)
class World:
    """Tables so far, with their hidden columns, and the truth behind them.

    Attributes
    ----------
    frames : dict of str to DataFrame
    members : DataFrame
        One row a stakeholder and account, in the order of ``hidden``.
    hidden : Hidden
        True probabilities, influence, planted trigger stakeholders.
    truth : DataFrame
        One row a company, one column an indicator, 0-100.
    noise : float
        Factor on errors.
    seed : int
    """

    frames: dict[str, pd.DataFrame]
    members: pd.DataFrame
    hidden: Hidden
    truth: pd.DataFrame
    noise: float
    seed: int

    def stream(self, name: str) -> Rng:
        """The random stream of a table."""
        return stream(name, self.seed)

    def ids(self, table: str) -> Array:
        """Ids of stakeholders, accounts, companies or evidence by position."""
        column = schema.table(table).key[-1]
        result: Array = self.frames[table][column].to_numpy()
        return result

    def score(self, indicator: str) -> Array:
        """What is true of each company on an indicator, as a share of the goalposts."""
        result: Array = self.truth[indicator].to_numpy() / 100
        return result

    def raw(self, indicator: str) -> Array:
        """The same in the indicator's own unit."""
        return self._entries[indicator]

    @cached_property
    def _entries(self) -> dict[str, Array]:
        return {entry.id: entry.raw(self.truth[entry.id].to_numpy()) for entry in indicators()}

    def axis(self, name: str) -> Array:
        """Weighted mean of an axis, 0-1."""
        mine = [entry for entry in indicators() if entry.axis == name]
        weights = np.array([entry.weight for entry in mine])
        result: Array = self.truth[[entry.id for entry in mine]].to_numpy() @ weights / weights.sum() / 100
        return result

    def behaviour(self, column: str) -> Array:
        """A property of how each account behaves."""
        return np.array([getattr(BEHAVIOURS[name], column) for name in self.frames["accounts"]["_shape"]])

    @cached_property
    def served(self) -> pd.DataFrame:
        """Pairs of company and account, by position."""
        return self.frames["company_accounts"][["_company", "_account", "priority"]]

    def pairs(self, rows: Array) -> pd.DataFrame:
        """Some members, once for each company which serves their account; ``_node`` is the member's position."""
        chosen = self.members.loc[rows, ["_account", "_who", "kind", "group", "_role", "_slot"]]
        return self.served.merge(chosen.assign(_node=np.flatnonzero(rows)), on="_account", sort=False)
