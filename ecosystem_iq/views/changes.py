"""What is different from an earlier state of the same account."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from ecosystem_iq.assessment import Assessment
from ecosystem_iq.network.tie_kinds import DEFAULT
from ecosystem_iq.schema import STANCES
from ecosystem_iq.tables import Ecosystem
from ecosystem_iq.views.people import account_people, whole
from ecosystem_iq.views.ties import account_ties
from ecosystem_iq.views.words import human, plural, text

_KEY = ["source_id", "target_id", "kind", "layer", "sign"]
_MOVED = 3
"""Stakeholders whose rise or fall is told in words."""


def unchanged(people: pd.DataFrame) -> dict[str, list[Any]]:
    """The columns of stakeholders when there is nothing to compare with."""
    n = len(people)
    return {"change": [""] * n, "rank_before": [None] * n, "stance_before": [None] * n}


class Changes:
    """An account as it is, beside what it was.

    Parameters
    ----------
    now : Assessment
    before : Assessment
        Of an earlier day, or of another workspace about the same accounts; stakeholders are matched by id.
    account : str
    people, ties : DataFrame
        Of the account as it is.
    """

    def __init__(
        self, now: Assessment, before: Assessment, account: str, people: pd.DataFrame, ties: pd.DataFrame
    ) -> None:
        self._now, self._before = now.ecosystem, before.ecosystem
        self._people = people
        self._was, earlier = people[:0], ties[:0]
        if before.graph is not None and account in before.graph.account_ids:
            self._was = account_people(before, account)
            earlier = account_ties(before.ecosystem, before.graph, self._was, account).frame
        self._ties, self._old_ties = _keys(ties, people), _keys(earlier, self._was)
        old = self._was.set_index("stakeholder_id")
        self._rank = people["stakeholder_id"].map(old["rank"])
        self._stance = people["stakeholder_id"].map(old["stance"].map(dict(STANCES)).astype(float))

    def node_columns(self) -> dict[str, list[Any]]:
        """``change``, ``rank_before`` and ``stance_before`` of each stakeholder."""
        return {
            "change": self._moves().tolist(),
            "rank_before": whole(self._rank),
            "stance_before": whole(self._stance),
        }

    def tie_column(self) -> list[str]:
        """``"new"`` for each tie which was not there."""
        return ["" if known else "new" for known in self._ties.isin(self._old_ties)]

    def to_dict(self) -> dict[str, Any]:
        """What is told of the comparison as a whole."""
        return {"label": self._label(), "gone": self._gone(), "summary": self._summary()}

    def _moves(self) -> pd.Series:
        """New; or up or down, where the old rank lies outside the interval of the new one."""
        people = self._people
        low, high = (people[bound].fillna(people["rank"]) for bound in ("rank_low", "rank_high"))
        choices = {"new": self._rank.isna(), "up": self._rank > high, "down": self._rank < low}
        return pd.Series(np.select(list(choices.values()), list(choices), default=""), index=people.index)

    def _label(self) -> str:
        now, then = self._now.as_of, self._before.as_of
        if then is not None and then != now:
            return f"as of {then.isoformat()}"
        return self._before.settings.title or "the other workspace"

    def _left(self) -> pd.DataFrame:
        """Stakeholders who were there and are not any more."""
        return self._was[~self._was["stakeholder_id"].isin(self._people["stakeholder_id"])]

    def _gone(self) -> list[dict[str, Any]]:
        """Those of them who may be named: nobody who objected, or whose data were to be deleted since."""
        left = self._left()
        left = left[left["stakeholder_id"].isin(_nameable(self._now, self._before, left["stakeholder_id"]))]
        return [
            {"name": text(row["name"]), "group": human(row["group"]), "rank": int(row["rank"])}
            for row in left.to_dict("records")
        ]

    def _summary(self) -> list[str]:
        """Sentences: who came and went, which ties, who rose and fell, and whose stance changed."""
        counts = (
            (int(self._rank.isna().sum()), "new stakeholder", ""),
            (len(self._left()), "stakeholder", " no longer here"),
            (int((~self._ties.isin(self._old_ties)).sum()), "new tie", ""),
            (int((~self._old_ties.isin(self._ties)).sum()), "tie", " no longer there"),
        )
        told = [f"{plural(count, noun)}{more}" for count, noun, more in counts if count]
        return [*told, *self._rises(), *self._turns()] or ["Nothing has changed."]

    def _rises(self) -> list[str]:
        moved = self._moves()
        told = []
        for word, verb in (("up", "rose"), ("down", "fell")):
            for i in np.flatnonzero(moved == word)[:_MOVED]:
                name, was, now = self._people["name"].iloc[i], self._rank.iloc[i], self._people["rank"].iloc[i]
                told.append(f"{name} {verb} from rank {int(was)} to {int(now)}")
        return told

    def _turns(self) -> list[str]:
        stance = self._people["stance"].map(dict(STANCES)).astype(float) - self._stance
        turns = ((int((stance > 0).sum()), "more"), (int((stance < 0).sum()), "less"))
        return [f"{plural(count, 'stakeholder')} {word} supportive" for count, word in turns if count]


def _keys(ties: pd.DataFrame, people: pd.DataFrame) -> pd.MultiIndex:
    """What makes a tie the same tie: its ends, kind, layer and sign."""
    ids = people["stakeholder_id"].to_numpy()
    frame = ties.assign(
        source_id=ids[ties["source"].to_numpy().astype(np.int64)],
        target_id=ids[ties["target"].to_numpy().astype(np.int64)],
        kind=ties["kind"].fillna(DEFAULT),
    )
    return pd.MultiIndex.from_frame(frame[_KEY])


def _nameable(now: Ecosystem, before: Ecosystem, left: pd.Series) -> set[str]:
    """Who may be named although they left: whoever is still in the tables, or was certainly not taken out of them."""
    still = set(left[left.isin(now.tables["stakeholders"]["stakeholder_id"])])
    if now.withheld:
        return still
    then = before.tables["stakeholders"]
    kept = then["retain_until"].isna()
    if now.as_of is not None:
        kept |= then["retain_until"] >= pd.Timestamp(now.as_of)
    return still | (set(left) & set(then.loc[kept & then["objected_on"].isna(), "stakeholder_id"]))
