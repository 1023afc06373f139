"""Which rows a page may quote from."""

from __future__ import annotations

import pandas as pd

RESTRICTED = "restricted"


def shown(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows but those which are marked as restricted: they count in the network, and their words stay in the tables."""
    return rows[rows["visibility"] != RESTRICTED] if "visibility" in rows else rows
