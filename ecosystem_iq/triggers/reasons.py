"""Why a trigger is one, in a sentence."""

from __future__ import annotations

import pandas as pd

CONCERN = "understand the concern and offer evidence"
"""The only thing to do about an opponent."""

_CONTACT = {
    "no_contact": "nobody in contact yet",
    "brief": "in brief contact",
    "multiple": "in contact several times",
    "in_depth": "in close contact",
}


def reasons(table: pd.DataFrame) -> pd.Series:
    """One plain sentence a row.

    Parameters
    ----------
    table : DataFrame
        With ``others`` (moved beside the trigger itself), ``weighted`` (they count by their value),
        ``decision_role``, ``stance``, ``contact_depth`` and the event with its window.

    Returns
    -------
    Series of str
    """
    number = table["others"].clip(lower=0.0).map("moves {:.1f} others".format).astype("str")
    parts = [
        number + table["weighted"].map({True: " (weighted by value)", False: ""}).astype("str"),
        table["decision_role"].where(table["decision_role"].isin(["decision_maker", "approver"])).str.replace("_", " "),
        _stance(table["stance"]),
        _window(table),
        table["contact_depth"].map(_CONTACT).fillna("contact unknown"),
    ]
    said = pd.concat(parts, axis=1)
    return said.apply(lambda row: "; ".join(row.dropna()), axis=1).astype("str")


def _stance(stance: pd.Series) -> pd.Series:
    words: pd.Series = stance.str.replace("_", "-").fillna("stance unknown")
    return words.mask(stance == "opponent", f"opponent: {CONCERN}")


def _window(table: pd.DataFrame) -> pd.Series:
    """The event with its dates; blank without one."""
    start, end = (table[name].dt.strftime("%Y-%m-%d") for name in ("window_start", "window_end"))
    dated: pd.Series = table["event"] + (" from " + start).fillna("") + (" to " + end).fillna("")
    return dated
