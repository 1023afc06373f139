"""The largest eigenvalue (the *radius*) of each part of a map, and the sums of walks which follow from it.

In a part in which everybody reaches everybody, Perron's theorem makes the radius simple and its vector positive. Such
parts are found first, so that the radius of an account without cycles is exactly 0. The power iteration then runs on
all parts of all accounts at once, moved by half the radius, so that parts which swing (two sides, a ring) settle too;
parts which settle slowly are finished one by one. The bounds of Collatz and Wielandt tell when a part is settled,
whatever way led there. Where no way settles a part in its number of steps (seen: a ring of 100,000 uneven arcs; to be
expected of parts too large to be factored whose two largest eigenvalues nearly agree), the radius is an estimate.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array, csr_array, eye_array
from scipy.sparse.csgraph import connected_components, reverse_cuthill_mckee
from scipy.sparse.linalg import ArpackError, eigs, splu

Array = NDArray[np.float64]
Ints = NDArray[np.int64]

EQUAL = 1e-10
"""Relative difference up to which two parts of an account are equally strong."""
_SETTLED = 1e-13
_STEPS = 500
_FEW_STEPS, _FEW = 200, 5
"""When so few parts are left after so many steps, finishing them one by one is quicker."""
_SHIFTED_STEPS = 200
_WALK_STEPS = 20_000
_QUICKLY_FACTORED = 1e7
_LARGEST_FACTORED = 3e10
"""Work (nodes times squared bandwidth) up to which equations are solved first, and up to which at all: seconds."""
_FAINT = 1e-3
"""Share of the largest entry below which a Krylov space leaves too few digits."""
_NEGLIGIBLE = 1e-280
_OVERFLOW = 1e50
_LOG_OF_NOTHING = -1e300


@dataclass(frozen=True, eq=False)
class Parts:
    """Parts of a map in which everybody reaches everybody.

    Attributes
    ----------
    label : ndarray of int, shape (nodes,)
        Part of each node.
    radius : ndarray, shape (parts,)
        Largest eigenvalue, 0 for a node without cycle; an estimate where another part of the account is stronger.
    vector : ndarray, shape (nodes,)
        Its right eigenvector, the largest of each part 1; 1 where the radius is 0, an estimate as above.
    """

    label: Ints
    radius: Array
    vector: Array

    @property
    def node_radius(self) -> Array:
        """Radius of the part of each node."""
        return self.radius[self.label]

    @classmethod
    def of(cls, arcs: csr_array, label: NDArray[np.integer], account: Ints) -> Parts:
        """Given the part and the account of each node; arcs between parts are left out."""
        sizes = np.bincount(label)
        radius, vector = np.zeros(len(sizes)), np.ones(len(label))
        cyclic = np.flatnonzero(sizes > 1)
        nodes = np.flatnonzero(sizes[label] > 1)
        nodes = nodes[np.argsort(label[nodes], kind="stable")]
        if nodes.size:
            inside = np.where(label[tails(arcs)] == label[arcs.indices], arcs.data, 0.0)
            own = present_arcs(csr_array((inside, arcs.indices, arcs.indptr), shape=arcs.shape))
            block = csr_array(own[nodes][:, nodes])
            bounds = np.r_[0, np.cumsum(sizes[cyclic])]
            radius[cyclic], vector[nodes] = _perron(block, bounds, account[nodes[bounds[:-1]]])
        return cls(label.astype(np.int64), radius, vector)


def strong_parts(arcs: csr_array, account: Ints) -> Parts:
    """The strongly connected components."""
    return Parts.of(arcs, connected_components(arcs, directed=True, connection="strong")[1], account)


def _perron(block: csr_array, bounds: Ints, account: Ints) -> tuple[Array, Array]:
    """Radius and vector of irreducible blocks side by side: block p is ``bounds[p]:bounds[p + 1]``."""
    starts, sizes = bounds[:-1], np.diff(bounds)
    x = np.ones(block.shape[0])
    for step in range(_STEPS):
        low, high = _collatz_wielandt(y := block @ x, x, starts)
        rival = high >= account_maxima(low, account)[account] * (1 - EQUAL)  # others are not the strongest
        open_ = rival & (high - low > _SETTLED * high)
        if not open_.any() or (step > _FEW_STEPS and open_.sum() <= _FEW):
            break
        x = y + np.repeat((low + high) / 4, sizes) * x
        x /= np.repeat(np.maximum.reduceat(x, starts), sizes)
    radius = (low + high) / 2
    for part in np.flatnonzero(open_):
        here = slice(bounds[part], bounds[part + 1])
        radius[part], x[here] = _finish(csr_array(block[here, here]), x[here])
    return radius, x


def _collatz_wielandt(y: Array, x: Array, starts: Ints) -> tuple[Array, Array]:
    """Between which values the radius lies, block by block: the smallest and the largest of (Ax)_i / x_i."""
    counts = x > _NEGLIGIBLE  # the others are near the smallest numbers there are, and have lost their digits
    ratio = np.divide(y, x, out=np.zeros(len(x)), where=counts)
    low = np.minimum.reduceat(np.where(counts, ratio, np.inf), starts)
    return low, np.maximum.reduceat(ratio, starts)


def _finish(block: csr_array, x: Array) -> tuple[float, Array]:
    """Radius and vector of one block which settles slowly, from where the power iteration has come."""
    cost = _factoring(block)
    if cost > _QUICKLY_FACTORED:
        radius, x = _arnoldi(block, x)
        low, high = _collatz_wielandt(block @ x, x, np.zeros(1, dtype=np.int64))
        if high[0] - low[0] <= EQUAL * high[0] or cost > _LARGEST_FACTORED:
            return radius, x
    return _noda(block, x)


def _arnoldi(block: csr_array, x: Array) -> tuple[float, Array]:
    """By a Krylov space; what it leaves of the faint entries is lost in rounding, so these follow from the others."""
    n = len(x)
    shift = float((block @ x).sum() / x.sum()) / 2
    moved = csr_array(block + shift * eye_array(n))
    try:
        value, vector = eigs(moved, k=1, v0=x, ncv=min(20, n - 1), maxiter=80, rng=0)
    except ArpackError:  # not settled: the start is the better guess
        return shift * 2, x
    radius = float(value[0].real) - shift
    found = np.abs(vector[:, 0].real)
    found /= found.max()
    faint = found < _FAINT
    step = scale_rows(block, np.where(faint, 1 / radius, 0.0))
    return radius, walks(step, np.where(faint, 0.0, found), np.zeros(n, dtype=np.int64))


def _noda(block: csr_array, x: Array) -> tuple[float, Array]:
    """By inverse iteration from above, whose shift is the upper bound: quadratic, and all stays positive.

    Noda, T. (1971). Note on the computation of the maximal eigenvalue of a non-negative irreducible matrix. *Numerische
    Mathematik* 17, 382-386. doi:10.1007/BF01436087
    """
    one = np.zeros(1, dtype=np.int64)
    last = np.inf
    for _ in range(_SHIFTED_STEPS):
        low, high = (float(bound[0]) for bound in _collatz_wielandt(block @ x, x, one))
        width = (high - low) / high
        if width <= _SETTLED or EQUAL > width >= last:  # settled, or as far as digits go
            break
        last = width
        x = np.maximum(x, _NEGLIGIBLE)
        even = csr_array((block.data * x[block.indices] / x[tails(block)], block.indices, block.indptr), block.shape)
        x *= np.abs(_solve(high * (1 + _SETTLED), even, np.ones(len(x))))  # in units of x no entry is small
        x /= x.max()
    return (low + high) / 2, x


def walks(step: csr_array, start: Array, account: Ints) -> Array:
    """``x = start + step x``, divided by the largest of each account: it may be too large to be written otherwise."""
    x, first, huge = start, start, np.zeros(len(start), dtype=bool)
    for count in range(_WALK_STEPS):
        new = start + step @ x
        moving = np.abs(new - x) > 1e-15 * new
        x = new
        if not moving.any():
            break
        if x.max() > _OVERFLOW:
            huge |= account_maxima(x, account)[account] > _OVERFLOW
            x, start = np.where(huge, 0.0, x), np.where(huge, 0.0, start)
        elif count == _WALK_STEPS // 20 and _solved(step, start, np.isin(account, account[moving]), x):
            break
    x = to_largest(x, account)
    if huge.any():
        x[huge] = _walks_in_logs(csr_array(step[huge][:, huge]), first[huge], account[huge])
    return x


def _walks_in_logs(step: csr_array, start: Array, account: Ints) -> Array:
    """As :func:`walks`, slowly, for values beyond all floating-point numbers."""
    n = len(start)
    row = np.r_[np.arange(n), tails(step)]  # each value is a sum over its start and its arcs
    order = np.argsort(row, kind="stable")
    row, begin = row[order], np.arange(n) + step.indptr[:-1]
    with np.errstate(divide="ignore"):
        first, arc = np.log(start), np.log(step.data)
    x = first
    for _ in range(_WALK_STEPS):
        terms = np.r_[first, arc + x[step.indices]][order]
        top = np.maximum(np.maximum.reduceat(terms, begin), _LOG_OF_NOTHING)
        new = top + np.log(np.maximum(np.add.reduceat(np.exp(terms - top[row]), begin), _NEGLIGIBLE))
        if (np.abs(new - x) <= 1e-15 * np.maximum(1.0, np.abs(new))).all():
            break
        x = new
    high = np.full(int(account.max()) + 1, _LOG_OF_NOTHING)
    np.maximum.at(high, account, x)
    return np.asarray(np.exp(x - high[account]))


def _solved(step: csr_array, start: Array, slow: NDArray[np.bool_], x: Array) -> bool:
    """Solve for ``x`` of the slow accounts at once, where that takes no more than seconds."""
    free = slow & (np.asarray(step.sum(axis=1)).ravel() > 0)  # the others are what they start with
    part = csr_array(step[free][:, free])
    if _factoring(part) > _LARGEST_FACTORED:
        return False
    x[slow] = start[slow]
    x[free] = np.abs(_solve(1.0, part, (start + step @ np.where(free, 0.0, start))[free]))
    return True


def _solve(value: float, matrix: csr_array, right: Array) -> Array:
    """``(value - matrix) x = right``."""
    return np.asarray(splu(csc_array(value * eye_array(len(right)) - matrix)).solve(right))


def _factoring(matrix: csr_array) -> float:
    """About how many steps solving equations takes; few for what is small, or long and thin."""
    order = np.argsort(reverse_cuthill_mckee(csr_array(matrix + matrix.T), symmetric_mode=True))
    width = np.abs(order[tails(matrix)] - order[matrix.indices]).max(initial=0)
    return matrix.shape[0] * float(width) ** 2


def present_arcs(matrix: csr_array) -> csr_array:
    """Only the arcs whose probability is above 0."""
    there = matrix.data > 0
    indptr = np.r_[0, np.cumsum(there)][matrix.indptr]
    return csr_array((matrix.data[there], matrix.indices[there], indptr), shape=matrix.shape)


def tails(arcs: csr_array) -> Ints:
    """Row of each stored value."""
    return np.repeat(np.arange(arcs.shape[0]), np.diff(arcs.indptr))


def scale_rows(arcs: csr_array, factor: Array) -> csr_array:
    """Each row times its factor."""
    return csr_array((arcs.data * factor[tails(arcs)], arcs.indices, arcs.indptr), shape=arcs.shape)


def account_maxima(values: Array, account: Ints) -> Array:
    """Largest value in each account, shape (accounts,); not below 0."""
    result = np.zeros(int(account.max(initial=-1)) + 1)
    np.maximum.at(result, account, values)
    return result


def to_largest(values: Array, account: Ints) -> Array:
    """Each account divided by its largest value, where that is above 0."""
    top = account_maxima(values, account)[account]
    return np.divide(values, top, out=np.zeros(len(values)), where=top > 0)
