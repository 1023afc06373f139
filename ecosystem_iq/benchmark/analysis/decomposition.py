"""A score as the sum of what its indicators give to it: for every mean, at any depth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ecosystem_iq.benchmark.analysis.marginal import ALONE, Below, parts, slopes
from ecosystem_iq.benchmark.framework import Framework
from ecosystem_iq.benchmark.nodes import Node
from ecosystem_iq.benchmark.steps.weighting import MULTIPLIERS
from ecosystem_iq.errors import InputError, did_you_mean

if TYPE_CHECKING:
    from ecosystem_iq.benchmark.scorecard import Scorecard

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]


def contributions(card: Scorecard, node: str | None = None) -> pd.DataFrame:
    """What every indicator gives to a score, for all companies.

    Parameters
    ----------
    card : Scorecard
    node : str, optional
        Default the composite.

    Returns
    -------
    DataFrame
        Companies × indicators below the node, in points: a row adds up to the node's score. NaN where an indicator
        takes no part, and throughout where the company has no score there.

    Raises
    ------
    InputError
        When there is no such node.

    Notes
    -----
    Of an arithmetic mean an indicator gives weight times score. Of any mean which grows in proportion with its scores
    it gives score times slope, which adds up, too (Euler), and is the value of Aumann and Shapley of growing from
    nothing: of a geometric mean the share of its weight, of a minimum everything by the weakest. Means without slopes
    (Copeland) are split by Shapley values: what a child adds by taking part.

    References
    ----------
    Aumann, R. J. & Shapley, L. S. (1974). *Values of Non-Atomic Games*. Princeton University Press.
    Shapley, L. S. (1953), doi:10.1515/9781400881970-018.

    Examples
    --------
    >>> from ecosystem_iq.benchmark import score
    >>> from ecosystem_iq.benchmark.framework import parse_framework
    >>> leaves = [{"id": name, "node": "top", "goalposts": [0, 100], "weight": w} for name, w in (("i", 3), ("k", 1))]
    >>> framework = parse_framework({"composite": "top", "indicator": leaves})
    >>> values = pd.DataFrame({"company_id": "a", "indicator_id": ["i", "k"], "value": [20.0, 80.0]})
    >>> contributions(score(values, framework, draws=1)).loc["a"].tolist()
    [15.0, 20.0]
    """
    tree = ScoredTree.of(card)
    name = tree.known(node)
    found = np.where(np.isnan(tree.shares(name)), np.nan, tree.parts(name))
    found[np.isnan(tree.nodes[name])] = np.nan
    chosen = [at for at, leaf in enumerate(card.framework.indicators) if leaf.id in tree.leaves_below(name)]
    columns = pd.Index([card.framework.indicators[at].id for at in chosen], name="indicator_id")
    return pd.DataFrame(found[:, chosen], pd.Index(card.matrix.companies, name="company_id"), columns)


@dataclass(frozen=True, eq=False)
class ScoredTree:
    """Scores and weights of every element, companies in one order.

    Attributes
    ----------
    framework : Framework
    scores : ndarray, shape (companies, indicators)
    nodes : mapping of str to ndarray, shape (companies,)
    weights : mapping of str to ndarray
        By node, where weights of what is below it are not those of the framework: shape (children,) or (companies,
        children).
    """

    framework: Framework
    scores: Array
    nodes: Mapping[str, Array]
    weights: Mapping[str, Array]

    @classmethod
    def of(cls, card: Scorecard) -> ScoredTree:
        """Of a benchmark; of a panel, its latest period."""
        nodes = card.nodes
        columns = {str(name): nodes[name].to_numpy(np.float64) for name in nodes}
        return cls(card.framework, card.matrix.scores, columns, card.weights)

    def only(self, row: int) -> ScoredTree:
        """One company, shape (1, ...), where no mean needs the others; else all of them, of which it is ``row``."""
        if not self.alone:
            return self
        at = slice(row, row + 1)
        nodes = {name: values[at] for name, values in self.nodes.items()}
        weights = {name: values[at] if values.ndim > 1 else values for name, values in self.weights.items()}
        return ScoredTree(self.framework, self.scores[at], nodes, weights)

    @cached_property
    def position(self) -> Mapping[str, int]:
        """Column of every indicator."""
        return {leaf.id: at for at, leaf in enumerate(self.framework.indicators)}

    @property
    def alone(self) -> bool:
        """Whether a company's scores depend on its own only."""
        return all(node.method in ALONE for node in self.framework.nodes)

    def known(self, node: str | None) -> str:
        """The name of a node, by default the composite's.

        Raises
        ------
        InputError
            When there is no such node.
        """
        if node is not None and node not in self.nodes:
            raise InputError(f'"{node}" is not a node. {did_you_mean(node, list(self.nodes))}'.strip())
        return node or self.framework.composite

    def score_of(self, element: str) -> Array:
        """Scores of an indicator or node, shape (companies,)."""
        return self.scores[:, self.position[element]] if element in self.position else self.nodes[element]

    def below(self, node: str) -> Below:
        """What stands directly below a node."""
        own = next(one for one in self.framework.nodes if one.id == node)
        children = self.framework.below(node)
        scores = np.stack([self.score_of(child.id) for child in children], axis=-1)
        weights = np.broadcast_to(self.weights.get(node, self.framework.weights_below(node)), scores.shape)
        multipliers = self.framework.steps["weights"].method in MULTIPLIERS and len(children) > 1
        return Below(own.method, own.parameters, multipliers, scores, weights)

    def leaves_below(self, node: str) -> set[str]:
        """Indicators below a node, however deep."""
        inner = (self.leaves_below(child.id) for child in self.framework.children(node))
        return {leaf.id for leaf in self.framework.leaves(node)}.union(*inner)

    def shares(self, top: str) -> Array:
        """Share of every indicator in a node, shape (companies, indicators); NaN where it takes no part.

        Products of the shares of weight of what has a score, on the way down; of weights which are multipliers,
        products of these.
        """
        reached = {top: np.ones(len(self.scores))}
        found = np.full(self.scores.shape, np.nan)
        for node in (node.id for node in reversed(self.framework.nodes) if node.id in reached or node.id == top):
            below = self.below(node)
            held = np.where(np.isnan(below.scores), np.nan, below.weights)
            total = np.ones(len(held)) if below.multipliers else np.nansum(held, axis=-1)
            with np.errstate(divide="ignore", invalid="ignore"):
                share = reached[node][:, None] * held / np.where(total > 0, total, np.nan)[:, None]
            for child, column in zip(self.framework.below(node), share.T, strict=True):
                if isinstance(child, Node):
                    reached[child.id] = column
                else:
                    found[:, self.position[child.id]] = column
        return found

    def parts(self, top: str) -> Array:
        """What every indicator gives to a node, shape (companies, indicators); 0 where it takes no part."""
        below, children = self.below(top), self.framework.below(top)
        pull, given = slopes(below), parts(below)
        whole = np.zeros(self.scores.shape)
        for at, child in enumerate(children):
            if not isinstance(child, Node):
                whole[:, self.position[child.id]] = given[:, at]
                continue
            inner = self.parts(child.id)
            if pull is not None:
                whole += pull[:, at, None] * inner
            else:
                whole += given[:, at, None] * in_proportion(inner, self.shares(child.id))
        return whole


def in_proportion(inner: Array, shares: Array) -> Array:
    """Shares which add up to 1 in proportion to the size of parts; where all of them are 0, to shares of weight."""
    size = np.abs(inner)
    size = np.where(size.sum(axis=-1, keepdims=True) > 0, size, np.nan_to_num(shares))
    total = size.sum(axis=-1, keepdims=True)
    return np.asarray(np.divide(size, total, out=np.zeros_like(size), where=total > 0))
