"""What a tie means for influence: its kind, from ``builtin/ties.toml``, and what the row itself says."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache

import pandas as pd

from ecosystem_iq.files import read_builtin
from ecosystem_iq.network.probability import BLANK, recency
from ecosystem_iq.tables import Ecosystem

FORWARD, BACKWARD, BOTH, NONE = "forward", "backward", "both", "none"
DEFAULT = "influences"


@cache
def tie_kinds() -> pd.DataFrame:
    """One row a kind, indexed by it; columns arcs, sign, weight.

    Examples
    --------
    >>> str(tie_kinds().loc["reports_to", "arcs"])
    'backward'
    """
    return pd.DataFrame.from_dict(tomllib.loads(read_builtin("ties.toml")), orient="index")


def meaning(ties: pd.DataFrame, eco: Ecosystem) -> Mapping[str, pd.Series]:
    """What each tie row means for influence.

    Parameters
    ----------
    ties : DataFrame
        Rows of the tie table.
    eco : Ecosystem
        For ``as_of`` and the settings.

    Returns
    -------
    mapping of str to Series
        ``arcs`` (forward, backward, both, none), ``sign`` (the row's own before the kind's), ``layer`` (default the
        kind) and ``x``, the chance ``a * strength * recency * confidence`` before scaling.
    """
    kinds = tie_kinds().loc[ties["kind"].fillna(DEFAULT)].set_axis(ties.index)
    layer = ties["layer"].fillna(ties["kind"].fillna(DEFAULT))
    weight = layer.map(dict(eco.settings.layers)).astype(float).fillna(kinds["weight"])
    undirected = ties["direction"].isin(["undirected", "mutual"]) & (kinds["arcs"] != NONE)
    given = ties["sign"].map({"positive": 1.0, "negative": -1.0})
    as_of = None if eco.as_of is None else pd.Timestamp(eco.as_of)
    age = recency(ties["last_confirmed"], as_of, eco.settings.half_life_months)
    return {
        "arcs": kinds["arcs"].mask(undirected, BOTH),
        "sign": given.astype(float).fillna(kinds["sign"].astype(float)),
        "layer": layer,
        "x": weight * ties["strength"].fillna(BLANK) * age * ties["confidence"].fillna(BLANK),
    }


def arcs_of(ties: pd.DataFrame) -> pd.DataFrame:
    """One row an arc, for ties with the column ``arcs``: ``from`` moves ``to``."""
    forward = ties[ties["arcs"].isin([FORWARD, BOTH])]
    backward = ties[ties["arcs"].isin([BACKWARD, BOTH])]
    return pd.concat(
        [
            forward.assign(**{"from": forward["source"], "to": forward["target"]}),
            backward.assign(**{"from": backward["target"], "to": backward["source"]}),
        ]
    )
