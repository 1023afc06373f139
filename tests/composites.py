"""What tests of composite scores share: small trees, and how far two tables are apart."""

from __future__ import annotations

import numpy as np

GROUPED = {"method": "group_mean", "group": "EurAsia_group"}


def tree_of(nodes, leaves, **more):
    """Source of a framework: ``{id: parent}`` of nodes, ``{id: node}`` of indicators between 0 and 100."""
    return {
        "node": [{"id": name, "parent": parent} for name, parent in nodes.items()],
        "indicator": [{"id": name, "node": node, "goalposts": [0, 100]} for name, node in leaves.items()],
        **more,
    }


def furthest(found, expected):
    """Largest relative difference; both are missing in the same places."""
    found, expected = (np.asarray(values, dtype=float) for values in (found, expected))
    np.testing.assert_array_equal(np.isnan(found), np.isnan(expected))
    return float(np.nanmax(np.abs(found - expected) / np.maximum(np.abs(expected), 1e-9), initial=0.0))
