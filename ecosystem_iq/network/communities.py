"""Communities by the Leiden algorithm, the same for the same seed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

_ITERATIONS = 10


def communities(matrix: csr_array, *, seed: int = 0) -> NDArray[np.int64]:
    """Community of every node, numbered by size, largest 0.

    Parameters
    ----------
    matrix : csr_array, shape (nodes, nodes)
        Non-negative weights; direction is ignored (``A + A'``).
    seed : int

    Returns
    -------
    ndarray of int, shape (nodes,)
        A node without ties is a community of its own; ties in size go to the community of the lowest node.

    References
    ----------
    Traag, V., Waltman, L. & van Eck, N. J. (2019). From Louvain to Leiden. *Scientific Reports* 9, 5233.
    doi:10.1038/s41598-019-41695-z
    """
    n = matrix.shape[0]
    both = csr_array(matrix + matrix.T)
    both.setdiag(0.0)
    both.eliminate_zeros()
    if both.nnz == 0:  # the library panics on a graph without edges
        return np.arange(n)
    import graspologic_native

    both.sort_indices()
    _, found = graspologic_native.leiden_csr(
        both.indptr.astype(np.int64), both.indices.astype(np.int32), both.data, n, iterations=_ITERATIONS, seed=seed
    )
    labels = np.arange(n) + n  # nodes the library leaves out stay alone
    labels[list(found.keys())] = list(found.values())
    return _by_size(labels)


def _by_size(labels: NDArray[np.int64]) -> NDArray[np.int64]:
    _, first, inverse, counts = np.unique(labels, return_index=True, return_inverse=True, return_counts=True)
    order = np.lexsort((first, -counts))
    number = np.empty(len(order), dtype=np.int64)
    number[order] = np.arange(len(order))
    return number[inverse]
