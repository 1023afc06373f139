"""What stands out in one account, in sentences."""

from __future__ import annotations

import pandas as pd
from scipy.sparse import csr_array

from ecosystem_iq.views.words import percent, plural

CONCENTRATED = 0.4
_AGAINST = {"opponent": "opposed", "non_supporter": "not in support"}


def findings(people: pd.DataFrame, matrix: csr_array) -> list[str]:
    """At most five sentences which a strategist would want first.

    Parameters
    ----------
    people : DataFrame
        Most influential first.
    matrix : csr_array
        All ties of influence between them.
    """
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
