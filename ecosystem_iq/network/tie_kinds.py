"""What a kind of tie means for influence, from ``builtin/ties.toml``."""

from __future__ import annotations

import tomllib
from functools import cache

import pandas as pd

from ecosystem_iq.files import read_builtin

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
