"""How an influence map hangs together: components, dense cores, and who or what holds its parts together.

Everything here is about whether an arc is there (a stored probability of 0 is none), not about its strength or sign.
Cores count arcs, so that a mutual pair counts twice; components, articulation points and bridges see the undirected
skeleton, in which it is one edge. Accounts share no arc, hence never a component.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order, connected_components

Ints = NDArray[np.int64]


def components(matrix: csr_array) -> tuple[int, Ints]:
    """Number of weakly connected components, and the component of every node (kernel, no checks).

    Parameters
    ----------
    matrix : csr_array, shape (nodes, nodes)

    Returns
    -------
    count : int
        A node without arcs is a component of its own.
    label : ndarray of int, shape (nodes,)
        From 0, in the order of the lowest node.

    Examples
    --------
    >>> count, label = components(csr_array([[0.0, 0.4, 0.0], [0.0, 0.0, 0.0], [0.0, 0.0, 0.0]]))
    >>> count, label.tolist()
    (2, [0, 0, 1])
    """
    if matrix.shape[0] == 0:
        return 0, np.zeros(0, dtype=np.int64)
    count, label = connected_components(_present(matrix), directed=True, connection="weak")
    first = np.unique(label, return_index=True)[1]
    return int(count), np.argsort(np.argsort(first))[label].astype(np.int64)


def coreness(matrix: csr_array) -> NDArray[np.float64]:
    """The k of the highest k-core each node is in: a part of the map in which everybody has at least k arcs (kernel).

    Parameters
    ----------
    matrix : csr_array, shape (nodes, nodes)

    Returns
    -------
    ndarray, shape (nodes,)
        Whole numbers from 0 (no arc). Arcs in and out count alike; where all ties are mutual this is twice the
        coreness of the undirected graph.

    References
    ----------
    Seidman, S. B. (1983). Network structure and minimum degree. *Social Networks* 5, 269-287.
    doi:10.1016/0378-8733(83)90028-X

    Examples
    --------
    >>> cycle_and_tail = np.array([[0, 1, 0, 1], [0, 0, 1, 0], [1, 0, 0, 0], [0, 0, 0, 0]])
    >>> coreness(csr_array(cycle_and_tail)).tolist()
    [2.0, 2.0, 2.0, 1.0]
    """
    present = _present(matrix)
    both = csr_array(present + present.T)
    arcs = np.bincount(both.indices, weights=both.data, minlength=both.shape[0]).astype(np.int64)
    core = np.zeros(both.shape[0])
    left = np.arange(both.shape[0])  # nodes not yet peeled off; their ``arcs`` are those to one another
    k = 0
    while left.size:
        k = max(k, int(arcs[left].min()))
        peel = left[arcs[left] <= k]
        while peel.size:
            core[peel] = k
            arcs[peel] = -1
            peel = _loosened(both, arcs, peel, k)
        left = left[arcs[left] >= 0]
    return core


def articulation_points(matrix: csr_array) -> NDArray[np.float64]:
    """1 for a node without whom some others would no longer be connected to each other, else 0 (kernel).

    Parameters
    ----------
    matrix : csr_array, shape (nodes, nodes)

    Returns
    -------
    ndarray, shape (nodes,)
        0 or 1.

    References
    ----------
    Hopcroft, J. & Tarjan, R. (1973). Algorithm 447: efficient algorithms for graph manipulation. *Communications of the
    ACM* 16, 372-378. doi:10.1145/362248.362272

    Examples
    --------
    >>> path = csr_array([[0.0, 0.4, 0.0], [0.0, 0.0, 0.4], [0.0, 0.0, 0.0]])
    >>> articulation_points(path).tolist()
    [0.0, 1.0, 0.0]
    """
    node, parent, block = _blocks(matrix)
    first_child = np.minimum(np.searchsorted(parent, np.arange(len(node))), len(node) - 1)
    own = np.where(parent > 0, block, block[first_child])  # who starts a component has no edge upwards
    below = np.flatnonzero(parent > 0)
    result = np.zeros(matrix.shape[0])
    result[node[parent[below[block[below] != own[parent[below]]]]]] = 1.0
    return result


def bridges(matrix: csr_array) -> Ints:
    """Pairs of nodes whose tie alone connects what lies on its two sides (kernel).

    Parameters
    ----------
    matrix : csr_array, shape (nodes, nodes)

    Returns
    -------
    ndarray of int, shape (bridges, 2)
        The lower node first; rows are sorted. A mutual pair is one tie.

    References
    ----------
    Tarjan, R. E. (1974). A note on finding the bridges of a graph. *Information Processing Letters* 2, 160-161.
    doi:10.1016/0020-0190(74)90003-9

    Examples
    --------
    >>> path = csr_array([[0.0, 0.4, 0.0], [0.0, 0.0, 0.4], [0.0, 0.0, 0.0]])
    >>> bridges(path).tolist()
    [[0, 1], [1, 2]]
    """
    node, parent, block = _blocks(matrix)
    below = np.flatnonzero((np.bincount(block)[block] == 1) & (parent > 0))
    pairs = np.sort(np.column_stack([node[below], node[parent[below]]]), axis=1)
    return pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]


def _present(matrix: csr_array) -> csr_array:
    """1 for each arc between two nodes whose probability is above 0, and nothing else stored."""
    tail = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    there = (matrix.data > 0) & (matrix.indices != tail)
    return csr_array((np.ones(int(there.sum())), (tail[there], matrix.indices[there])), shape=matrix.shape)


def _loosened(both: csr_array, arcs: Ints, peeled: Ints, k: int) -> Ints:
    """Take the arcs of ``peeled`` off their neighbors (in ``arcs``), and return those now held by k arcs or less."""
    begin, count = both.indptr[peeled].astype(np.int64), np.diff(both.indptr)[peeled]
    before = np.cumsum(count) - count
    stored = np.arange(count.sum()) + np.repeat(begin - before, count)
    stored = stored[arcs[both.indices[stored]] >= 0]
    others = both.indices[stored]
    np.subtract.at(arcs, others, both.data[stored].astype(np.int64))
    return np.unique(others[arcs[others] <= k]).astype(np.int64)


def _blocks(matrix: csr_array) -> tuple[Ints, Ints, Ints]:
    """The blocks (parts which no single node holds together) of the skeleton, on the edges of a search tree.

    The tree is that of a breadth-first search from an added root, which stands above one node of each component. Two of
    its edges are in one block when a chain of cycles through other edges joins them (Tarjan & Vishkin 1985,
    doi:10.1137/0214061); this, unlike a depth-first search, is a few passes over arrays, and no slower on a star.

    Returns
    -------
    node, parent, block : ndarray of int, shape (nodes + 1,)
        By place in the search, the added root first: the node, the place of its parent (0 for the added root; never
        falling), and the block of the edge to it.
    """
    n = matrix.shape[0]
    edges = _present(matrix)
    edges = csr_array(edges + edges.T)
    tail = np.repeat(np.arange(n), np.diff(edges.indptr))
    top = np.unique(components(matrix)[1], return_index=True)[1]
    ends = (np.r_[tail, np.full(len(top), n)], np.r_[edges.indices, top])
    node, before = breadth_first_order(csr_array((np.ones(len(ends[0])), ends), shape=(n + 1, n + 1)), n)
    place = np.empty(n + 1, dtype=np.int64)
    place[node] = np.arange(n + 1)
    parent = np.r_[0, place[before[node[1:]]]]
    here, there = place[tail], place[edges.indices]
    aside = (parent[here] != there) & (parent[there] != here)
    return node.astype(np.int64), parent, _joined(parent, here[aside], there[aside])


def _joined(parent: Ints, one: Ints, other: Ints) -> Ints:
    """Block of each tree edge (named by its lower end), given the edges outside the tree, both ways."""
    n = len(parent)
    begin, size = _preorder(parent)
    low, high = np.arange(n), np.arange(n)  # reached by an edge outside the tree, by place in preorder
    np.minimum.at(low, begin[one], begin[other])
    np.maximum.at(high, begin[one], begin[other])
    end = np.empty(n, dtype=np.int64)
    end[begin] = begin + size
    low, high = _least(low, end)[begin], -_least(-high, end)[begin]
    escapes = (low < begin[parent]) | (high >= (begin + size)[parent])
    below = np.flatnonzero(escapes & (parent > 0))
    ends = (np.r_[one, below], np.r_[other, parent[below]])
    joined = csr_array((np.ones(len(ends[0])), ends), shape=(n, n))
    return connected_components(joined, directed=False)[1].astype(np.int64)


def _preorder(parent: Ints) -> tuple[Ints, Ints]:
    """Place of each node in a walk around the tree, and how many nodes hang on it, itself included.

    The walk goes down to each node and up from it. Each of its steps knows the next; by doubling the distance looked
    ahead, all of them count at once how many steps down are still to come.
    """
    n = len(parent)
    node = np.arange(n)
    first_child = np.searchsorted(parent[1:], node) + 1
    has_child = first_child <= np.searchsorted(parent[1:], node, side="right")
    has_sibling = np.r_[parent[1:] == parent[:-1], False] & (node > 0)
    down, up = node, node + n
    ahead = np.r_[np.where(has_child, first_child, up), np.where(has_sibling, down + 1, parent + n)]
    to_come = np.r_[np.ones(n, dtype=np.int64), np.zeros(n, dtype=np.int64)]
    ahead[n] = n  # up from the root the walk ends
    for _ in range((2 * n).bit_length()):
        to_come += to_come[ahead]
        ahead = ahead[ahead]
    return n - to_come[:n], to_come[:n] - to_come[n:]


def _least(values: Ints, end: Ints) -> Ints:
    """The smallest of ``values[p:end[p]]`` for every p: two overlapping stretches of 2^j values cover each."""
    n = len(values)
    begin = np.arange(n)
    level = np.frexp(end - begin)[1] - 1
    result = values.copy()
    known, step = values, 1
    for j in range(1, int(level.max(initial=0)) + 1):
        known = np.minimum(known, known[np.minimum(begin + step, n - 1)])
        step *= 2
        here = np.flatnonzero(level == j)
        result[here] = np.minimum(known[here], known[end[here] - step])
    return result
