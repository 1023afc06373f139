"""The difference of two scores as the sum of what indicators, weights and means give to it: a waterfall."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ecosystem_iq.benchmark.aggregation import aggregate
from ecosystem_iq.benchmark.analysis.decomposition import ScoredTree
from ecosystem_iq.benchmark.analysis.marginal import Below
from ecosystem_iq.benchmark.analysis.shapley import EVALUATIONS, shapley_values
from ecosystem_iq.benchmark.framework import Framework
from ecosystem_iq.errors import InputError, did_you_mean

if TYPE_CHECKING:
    from ecosystem_iq.benchmark.scorecard import Scorecard

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

Parts = dict[tuple[str, str], float]
"""Points by kind and element."""

MEDIAN = "median"
_STEP = 1e-6
_NEAR = 1e-9
_ROUNDING = 1e-11
_CELLS = 4_000_000


def difference(
    card: Scorecard, company: str, against: str | Sequence[str] | Scorecard = MEDIAN, node: str | None = None
) -> pd.DataFrame:
    """Why a company scores more or less than another, than its peers, or than itself elsewhere.

    Parameters
    ----------
    card : Scorecard
    company : str
    against : str, sequence of str or Scorecard
        Another company; several, or ``"median"`` for all: a company with their median score on every indicator, and
        the weights of this one; or another benchmark, which holds the same company: a year ago, another recipe.
    node : str, optional
        Default the composite.

    Returns
    -------
    DataFrame
        One row an element: ``id parent kind score against difference contribution``. Contributions are points of the
        node, from ``against`` to ``card``: rows of ``kind`` *indicator* and *recipe* add up to the difference of the
        node exactly; those of kind *node* are subtotals. *recipe* is what a node owes to other weights, to another
        mean, to gaps which its mean cannot bridge, or to peers who move with the company; left out where it is 0.

    Raises
    ------
    InputError
        When a company or node is unknown or has no score, or the two trees differ.

    Notes
    -----
    At every node the difference is split among its children by Shapley values, what the change of a child gives in all
    orders of changes; for an arithmetic mean that is weight times difference. Below, a child's part is split like the
    difference of the child itself. Where a recipe has changed, scores count by both recipes alike and the rest is the
    recipe's. A missing score stands at the score of its node, where it changes no mean.

    Examples
    --------
    >>> from ecosystem_iq.benchmark import score
    >>> from ecosystem_iq.benchmark.framework import parse_framework
    >>> leaves = [{"id": name, "node": "top", "goalposts": [0, 100], "weight": w} for name, w in (("i", 3), ("k", 1))]
    >>> framework = parse_framework({"composite": "top", "indicator": leaves})
    >>> cells = {"company_id": ["a", "a", "b", "b"], "indicator_id": ["i", "k"] * 2, "value": [20.0, 80.0, 40.0, 80.0]}
    >>> difference(score(pd.DataFrame(cells), framework, draws=1), "a", "b")[["id", "contribution"]].values.tolist()
    [['top', -15.0], ['i', -15.0], ['k', 0.0]]
    """
    new = Standing.of(card, company)
    name = new.tree.known(node)
    old = _baseline(new, card, company, against)
    if old.tree.scores is new.tree.scores and old.row != new.row:
        old, new = replace(old, rival=new.row), replace(new, rival=old.row)
    _refuse_other_trees(old.tree.framework, new.tree.framework)
    for standing, words in ((new, "this company"), (old, "what it is compared with")):
        if np.isnan(standing.score_of(name)):
            raise InputError(f"There is nothing to split: {words} has no score at {name}.")
    return _Waterfall(old, new).table(name)


@dataclass(frozen=True, eq=False)
class Standing:
    """One company in a tree of scores.

    Attributes
    ----------
    tree : ScoredTree
    row : int
    rival : int or None
        A company in the same tree which it is compared with: where a mean counts the one among the peers of the other,
        scores are those above the rival's.
    """

    tree: ScoredTree
    row: int
    rival: int | None = None

    @classmethod
    def of(cls, card: Scorecard, company: str) -> Standing:
        """A company by name.

        Raises
        ------
        InputError
            When it is not in the scorecard.
        """
        if company not in card.matrix.companies:
            hint = did_you_mean(company, card.matrix.companies)
            raise InputError(f'There is no company "{company}" in this benchmark. {hint}'.strip())
        return cls(ScoredTree.of(card), card.matrix.companies.index(company))

    def score_of(self, element: str) -> float:
        """Score of an indicator or node; NaN is missing."""
        return float(self.tree.score_of(element)[self.row])

    def below(self, node: str, children: Sequence[str]) -> Below:
        """What stands below a node, in a given order: of all companies where the mean needs them, else of this one."""
        whole = self.tree.below(node)
        names = [child.id for child in self.tree.framework.below(node)]
        order = [names.index(name) for name in children]
        rows = slice(self.row, self.row + 1) if whole.alone else slice(None)
        return replace(whole, scores=whole.scores[rows][:, order], weights=whole.weights[rows][:, order])

    def outcome(self, below: Below, rows: Array, counted: Mask) -> Array:
        """Scores of a node with other scores below it, shape (rows, children) → (rows,); some children left out."""
        at = 0 if below.alone else self.row
        scores = np.repeat(below.scores[None], len(rows), axis=0)
        scores[:, at] = rows
        found = np.nan_to_num(below.value(scores, below.weights * counted))
        return found[:, at] if below.alone or self.rival is None else found[:, at] - found[:, self.rival]


def _baseline(new: Standing, card: Scorecard, company: str, against: str | Sequence[str] | Scorecard) -> Standing:
    if isinstance(against, str):
        if against != MEDIAN or against in card.matrix.companies:
            return Standing.of(card, against)
        return _median(new, card, card.matrix.companies)
    if isinstance(against, Sequence):
        return _median(new, card, against)
    return Standing.of(against, company)


def _median(new: Standing, card: Scorecard, peers: Sequence[str]) -> Standing:
    """The median of peers, in the place of a company."""
    if not peers:
        raise InputError("The median of nobody is nothing: name a company to compare with.")
    rows = [Standing.of(card, peer).row for peer in peers]
    middle = pd.DataFrame(card.matrix.scores[rows]).median().to_numpy(np.float64)  # quiet about what nobody has
    scores, applicable = card.matrix.scores.copy(), card.matrix.applicable.copy()
    scores[new.row], applicable[new.row] = middle, ~np.isnan(middle)
    nodes = aggregate(card.framework, scores, applicable, weights=card.weights)
    return Standing(replace(new.tree, scores=scores, nodes=nodes), new.row)


def _refuse_other_trees(old: Framework, new: Framework) -> None:
    places = [
        {node.id: node.parent for node in one.nodes} | {leaf.id: leaf.node for leaf in one.indicators}
        for one in (old, new)
    ]
    other = sorted(name for name in {**places[0], **places[1]} if places[0].get(name) != places[1].get(name))
    if other:
        raise InputError(
            f"The two frameworks have different trees: {', '.join(other[:5])} "
            f"{'stands' if len(other) == 1 else 'stand'} in one only, or elsewhere."
        )


@dataclass(frozen=True, eq=False)
class _Waterfall:
    """From one standing to another, node by node."""

    old: Standing
    new: Standing

    def table(self, top: str) -> pd.DataFrame:
        """Rows from the top down, every node before what is below it."""
        ends = np.array([self.old.score_of(top), self.new.score_of(top)])
        rows = list(self._rows(top, "", self._split(top, ends, np.array([True, True]))))
        return pd.DataFrame(rows, columns=["id", "parent", "kind", "score", "against", "difference", "contribution"])

    def _rows(self, node: str, parent: str, found: Parts) -> Iterator[tuple[object, ...]]:
        inner = [row for child in self.new.tree.framework.children(node) for row in self._rows(child.id, node, found)]
        leaves = [
            self._row(leaf.id, node, "indicator", found.get(("indicator", leaf.id), np.nan))
            for leaf in self.new.tree.framework.leaves(node)
        ]
        own = (
            [(node, node, "recipe", np.nan, np.nan, np.nan, found["recipe", node])] if ("recipe", node) in found else []
        )
        below = [*own, *leaves, *inner]
        whole = float(np.nansum([row[-1] for row in below if row[2] != "node"]))
        yield self._row(node, parent, "node", whole)
        yield from below

    def _row(self, name: str, parent: str, kind: str, contribution: float) -> tuple[object, ...]:
        new, old = self.new.score_of(name), self.old.score_of(name)
        return (name, parent, kind, new, old, new - old, contribution)

    def _split(self, node: str, ends: Array, live: Mask) -> Parts:
        """Parts of the difference of a node.

        ``ends`` are its scores, old and new, or what stands in for one; ``live`` says which of them are its own.
        """
        step = self._step(node, ends, live)
        found: Parts = {}
        for at, name in enumerate(step.children):
            if not step.counted[at]:
                continue
            if name in self.new.tree.position:
                found["indicator", name] = float(step.given[at])
            elif step.alone:
                inner = self._split(name, step.ends[:, at], step.live[:, at])
                pull = self._pull(step, at)
                found |= {key: part * pull for key, part in inner.items()}
            else:
                found |= self._in_proportion(name, step, at)
        rest = float(ends[1] - ends[0] - sum(found.values()))
        if abs(rest) > _ROUNDING * max(1.0, *np.abs(ends)):
            found["recipe", node] = rest
        return found

    def _step(self, node: str, ends: Array, live: Mask) -> _Step:
        children = tuple(child.id for child in self.new.tree.framework.below(node))
        scores = np.array([[standing.score_of(name) for name in children] for standing in (self.old, self.new)])
        alive = live[:, None] & ~np.isnan(scores)
        recipes = [
            (standing, standing.below(node, children))
            for standing, own in zip((self.old, self.new), live, strict=True)
            if own
        ]
        alone = all(below.alone for _, below in recipes)
        stand_in = ends[:, None] if alone else np.nan
        return _Step(children, np.where(alive, scores, stand_in), alive, alone, recipes)

    def _pull(self, step: _Step, at: int) -> float:
        """Points of the node for one point of a child between its two scores."""
        change = step.ends[1, at] - step.ends[0, at]
        if abs(change) > _NEAR * max(1.0, np.abs(step.ends[:, at]).max()):
            return float(step.given[at] / change)
        ahead = step.ends.copy()
        ahead[1, at] += _STEP
        return float(replace(step, ends=ahead).given[at] / (change + _STEP))

    def _in_proportion(self, child: str, step: _Step, at: int) -> Parts:
        """The part of a child spread over what is below it by the size of its own parts, or by weight."""
        whole, alive = float(step.given[at]), step.live[:, at]
        shown = self.new if alive[1] else self.old
        share = shown.tree.shares(child)[shown.row]
        by_weight = {
            ("indicator", name): float(share[place])
            for name, place in shown.tree.position.items()
            if not np.isnan(share[place])
        }
        inner = self._split(child, step.ends[:, at], alive) if alive.all() else by_weight
        size = sum(abs(part) for part in inner.values())
        if size == 0:
            inner, size = by_weight, sum(by_weight.values())
        return {key: whole * abs(part) / size for key, part in inner.items()}


@dataclass(frozen=True, eq=False)
class _Step:
    """A node on the way: two sets of scores below it, and one or two recipes.

    Attributes
    ----------
    children : tuple of str
    ends : ndarray, shape (2, children)
        Old and new scores, or what stands in for them.
    live : ndarray of bool, shape (2, children)
        Which of them are scores.
    alone : bool
        Whether no other company plays a part.
    recipes : list of (Standing, Below)
    """

    children: tuple[str, ...]
    ends: Array
    live: Mask
    alone: bool
    recipes: list[tuple[Standing, Below]]

    @property
    def counted(self) -> Mask:
        """Children which have a score in one place at least."""
        return np.asarray(self.live.any(axis=0))

    @cached_property
    def given(self) -> Array:
        """What the change of each child gives, by all recipes alike."""
        return np.asarray(np.mean([self._given(standing, below) for standing, below in self.recipes], axis=0))

    def _given(self, standing: Standing, below: Below) -> Array:
        counted = self.counted
        ends = np.where(counted, self.ends, np.nan)
        moved = np.flatnonzero(counted & (ends[0] != ends[1]))  # missing is not equal to missing

        def outcome(taken: Mask) -> Array:
            rows = np.repeat(ends[:1], len(taken), axis=0)
            rows[:, moved] = np.where(taken, ends[1, moved], ends[0, moved])
            return standing.outcome(below, rows, counted)

        found = np.zeros(len(counted))
        if below.additive:
            found[moved] = outcome(np.eye(len(moved), dtype=bool)) - outcome(np.zeros((1, len(moved)), dtype=bool))
        else:
            most = max(64, min(EVALUATIONS, _CELLS // below.scores.size))
            found[moved] = shapley_values(outcome, len(moved), evaluations=most)
        return found
