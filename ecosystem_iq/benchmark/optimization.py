"""Weights under which the elements of a level count in the index what they are meant to count."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ecosystem_iq.benchmark.aggregation import aggregate, node_weights
from ecosystem_iq.benchmark.framework import Framework
from ecosystem_iq.benchmark.matrix import score_matrix
from ecosystem_iq.benchmark.steps.correlation_weights import Level, OptimizedWeights, optimize_correlations
from ecosystem_iq.errors import InputError, did_you_mean

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Optimization:
    """Weights found for a level of a framework.

    Attributes
    ----------
    weights : mapping of str to float
        Of all nodes and indicators, for ``framework.with_steps(weights=...)``; those of the level sum to 1 below every
        node, the others are as before.
    index : str
        The node with which elements are correlated.
    table : DataFrame
        One row an element: see :meth:`to_frame`.
    found : OptimizedWeights
        Loss, and what the optimizer said last.
    """

    weights: Mapping[str, float]
    index: str
    table: pd.DataFrame
    found: OptimizedWeights

    def to_frame(self) -> pd.DataFrame:
        """``id node weight old_weight correlation obtained target``.

        Weights as shares below the node; correlation with the index under the new weights; importance as it is and as
        it was wanted, NaN for *infomax*.
        """
        return self.table


def optimize_weights(  # noqa: PLR0913 - what, where, and within which bounds
    values: pd.DataFrame,
    framework: Framework,
    level: int | str,
    *,
    aim: str = "balance",
    target: Mapping[str, float] | None = None,
    bounds: tuple[float, float] = (0.0, 1.0),
) -> Optimization:
    """Optimize the weights of a whole level, or of what stands below one node.

    Parameters
    ----------
    values : DataFrame
        As for :func:`score`.
    framework : Framework
        From the level up its means must be arithmetic.
    level : int or str
        Steps below the composite: 1 is what stands directly below it. An indicator which ends higher up is an element
        of the level, too, with a weight which stays. Or a node: the elements are what stands directly below it, and
        the index is that node.
    aim : {"balance", "influence", "infomax"}
        See :func:`optimize_correlations`.
    target : mapping of str to float, optional
        Importance wanted of every element, on any scale; default equal.
    bounds : pair of float
        Lowest and highest share of an element below its node.

    Returns
    -------
    Optimization

    Raises
    ------
    InputError
        When there is no such level or node, a mean is not arithmetic, companies have weights of their own, the target
        names other elements, or no weights are within the bounds.

    References
    ----------
    Becker, Saisana, Paruolo & Vandecasteele (2017), doi:10.1016/j.ecolind.2017.03.056.

    Examples
    --------
    >>> from ecosystem_iq.benchmark.framework import parse_framework
    >>> leaves = [{"id": name, "node": "top", "goalposts": [0, 10]} for name in "ik"]
    >>> framework = parse_framework({"composite": "top", "indicator": leaves})
    >>> values = pd.DataFrame({"company_id": list("abcd"), "i": [0.0, 1, 2, 3], "k": [1.0, 0, 9, 4]})
    >>> found = optimize_weights(values, framework, "top")
    >>> {name: round(weight, 3) for name, weight in found.weights.items()}
    {'i': 0.758, 'k': 0.242}
    """
    if min(bounds) < 0:
        raise InputError(f"Weights are at least 0; found bounds {bounds}.")
    whole = score_matrix(values, framework)
    weights = _weights_by_name(framework, node_weights(framework, whole.scores, whole.applicable))
    tree = _Tree(framework.with_steps(weights=weights), weights)
    index, groups = tree.elements(level)
    nodes = aggregate(tree.framework, whole.scores, whole.applicable)
    scores = {leaf.id: whole.scores[:, at] for at, leaf in enumerate(framework.indicators)} | dict(nodes)
    found = optimize_correlations(
        tree.level(index, groups, scores), aim, target=_wanted(target, list(groups)), bounds=bounds
    )
    shares = {
        name: share if groups[name] != name else tree.share(name)
        for name, share in zip(groups, found.weights.tolist(), strict=True)
    }
    table = pd.DataFrame(
        {
            "id": list(groups),
            "node": [tree.parent[name] for name in groups],
            "weight": list(shares.values()),
            "old_weight": [tree.share(name) for name in groups],
            "correlation": found.correlations,
            "obtained": found.obtained,
            "target": found.target,
        }
    )
    new = {name: share for name, share in shares.items() if groups[name] != name}
    return Optimization({**weights, **new}, index, table, found)


def _weights_by_name(framework: Framework, own: Mapping[str, Array]) -> dict[str, float]:
    """Weights as they are used now, those from scores included."""
    found: dict[str, float] = {}
    for node in framework.nodes:
        weights = own.get(node.id, framework.weights_below(node.id))
        if weights.ndim > 1:
            raise InputError(f"Below {node.id} every company has weights of its own: choose another method of weights.")
        found |= {child.id: float(w) for child, w in zip(framework.below(node.id), weights, strict=True)}
    return found


def _wanted(target: Mapping[str, float] | None, elements: list[str]) -> list[float] | None:
    if target is None:
        return None
    if set(target) != set(elements):
        other = sorted(set(target) ^ set(elements))
        raise InputError(f"The target must name every element of the level and no other; look at {', '.join(other)}.")
    return [float(target[name]) for name in elements]


@dataclass(frozen=True, eq=False)
class _Tree:
    """A framework with the weights in use, seen from below."""

    framework: Framework
    weights: Mapping[str, float]

    @cached_property
    def parent(self) -> Mapping[str, str]:
        """The node of every element but the composite."""
        return {child.id: node.id for node in self.framework.nodes for child in self.framework.below(node.id)}

    def share(self, element: str) -> float:
        """Share of the weight of its node."""
        total = sum(self.weights[child.id] for child in self.framework.below(self.parent[element]))
        return self.weights[element] / total if total > 0 else 0.0

    def effective(self, element: str, index: str) -> float:
        """Share of an index further up."""
        return 1.0 if element == index else self.share(element) * self.effective(self.parent[element], index)

    def elements(self, level: int | str) -> tuple[str, dict[str, str]]:
        """The index, and every element which counts there with the node it adds up to.

        An indicator which ends above the level stands for itself.
        """
        nodes = [node.id for node in self.framework.nodes]
        if isinstance(level, str):
            if level not in nodes:
                raise InputError(f'"{level}" is not a node. {did_you_mean(level, nodes)}'.strip())
            return level, {child.id: level for child in self.framework.below(level) if self.weights[child.id] > 0}
        index = self.framework.composite
        depths = {child: self._depth(child) for child, weight in self.weights.items() if weight > 0}
        ends = {leaf.id for leaf in self.framework.indicators}
        if not 1 <= level <= max(depths.values(), default=0):
            deepest = max(depths.values(), default=0)
            raise InputError(
                f"There is no level {level}: choose one from 1, directly below the composite, to {deepest}."
            )
        above = {name: name for name, depth in depths.items() if depth < level and name in ends}
        return index, above | {name: self.parent[name] for name, depth in depths.items() if depth == level}

    def _depth(self, element: str) -> int:
        """Steps below the composite."""
        return 0 if element not in self.parent else 1 + self._depth(self.parent[element])

    def level(self, index: str, groups: Mapping[str, str], scores: Mapping[str, Array]) -> Level:
        """The level as the optimizer takes it.

        Raises
        ------
        InputError
            When a mean on the way to the index is not arithmetic.
        """
        self._refuse_other_means(index, groups)
        parents = list(dict.fromkeys(groups.values()))
        return Level(
            np.stack([scores[name] for name in groups], axis=-1),
            np.array([parents.index(group) for group in groups.values()], dtype=np.intp),
            np.array([self.effective(name, index) for name in parents]),
        )

    def _refuse_other_means(self, index: str, groups: Mapping[str, str]) -> None:
        method = {node.id: node.method for node in self.framework.nodes}
        for name in groups:
            node = name
            while node != index:
                node = self.parent[node]
                if method[node] != "arithmetic":
                    raise InputError(
                        f"Weights are optimized below arithmetic means; that of {node} is {method[node]}: choose "
                        f"another node or level, or with_steps(aggregation=...)."
                    )
