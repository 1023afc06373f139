"""Communities of one account: who stands on which island, and what the islands are called."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array

from ecosystem_iq.network.communities import communities
from ecosystem_iq.views.words import human, percent

Nodes = NDArray[np.int64]

LONERS = "Without ties of influence"
SMALL_GROUPS = "In small groups"

_MANY = 24
"""Communities above which the smallest share an island: nobody tells more colours apart, nor reads a longer legend."""

_SMALL = 3
_MOST = 250
_MAINLY = 0.5


def islands(matrix: csr_array, against: csr_array, people: pd.DataFrame) -> tuple[Nodes, list[dict[str, Any]]]:
    """Community of each stakeholder, and what a page says of each.

    Parameters
    ----------
    matrix, against : csr_array, shape (people, people)
        Ties for and against; those against make no community, unless there are no others.
    people : DataFrame
        Most influential first: ``name``, ``group``.

    Returns
    -------
    community : ndarray of int, shape (people,)
    entries : list of dict
        ``label``, ``count``, ``about``; largest first, those of small groups and without ties last.
    """
    n = matrix.shape[0]
    if n == 0:
        return np.zeros(0, dtype=np.int64), []
    both = csr_array(matrix + against)
    tied = (np.diff(both.indptr) + np.bincount(both.indices, minlength=n)) > 0
    found = communities(matrix if matrix.nnz else both)
    size = np.bincount(found, minlength=n)
    real = int((size[np.unique(found[tied])] > 0).sum())
    small = tied & (real > _MANY) & ((size[found] <= _SMALL) | (found >= _MOST))
    found = np.where(small, n, found)
    found = np.where(tied, found, n + 1)
    labels, community = np.unique(found, return_inverse=True)
    special = {n: SMALL_GROUPS, n + 1: LONERS}
    first = np.unique(community, return_index=True)[1]
    names = [
        special.get(int(label)) or f"Around {people['name'].iloc[i]}" for label, i in zip(labels, first, strict=True)
    ]
    return community.astype(np.int64), _entries(community, names, people["group"])


def _entries(community: Nodes, names: list[str], group: pd.Series) -> list[dict[str, Any]]:
    """Name and size of each island, and the group of most of its people."""
    code, groups = pd.factorize(group)
    tally = np.zeros((len(names), len(groups)), dtype=np.int64)
    np.add.at(tally, (community, code), 1)
    size, main = tally.sum(axis=1), tally.argmax(axis=1)
    share = tally[np.arange(len(names)), main] / size
    return [
        {
            "label": names[k],
            "count": int(size[k]),
            "about": f"{percent(share[k])} {human(groups[main[k]])}" if share[k] > _MAINLY and size[k] > 1 else "",
        }
        for k in range(len(names))
    ]
