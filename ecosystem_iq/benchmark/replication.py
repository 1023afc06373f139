"""The same benchmark many times over, each with other choices.

Everything up to the scores of indicators depends on few alternatives: each combination is built once. What is left of a
replication, weights and means, is done for thousands at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ecosystem_iq.benchmark.aggregation import aggregate, node_weights, refuse_undefined
from ecosystem_iq.benchmark.factors import Factor
from ecosystem_iq.benchmark.framework import Framework
from ecosystem_iq.benchmark.matrix import ScoreMatrix, score_matrix
from ecosystem_iq.benchmark.sensitivity import choices
from ecosystem_iq.benchmark.uncertainty import draw_scores
from ecosystem_iq.errors import EcosystemError, InputError

Array = NDArray[np.float64]
Index = NDArray[np.intp]

SETS = 4_096
"""Sets of random numbers from which a factor without alternatives chooses."""

_CELLS = 8_000_000
_BUILDING = ("screening", "imputation", "treatment", "normalization")


@dataclass(frozen=True, eq=False)
class Replications:
    """Scores of companies, replication by replication.

    Attributes
    ----------
    companies : tuple of str
    nominal : mapping of str to ndarray, shape (companies,)
        By node: scores of the framework as it is.
    scores : mapping of str to ndarray, shape (replications, companies)
        By node; a replication which failed is NaN throughout.
    record : DataFrame
        One row a replication: a column for each factor with the alternative taken, and ``failed``, the reason or "".
    """

    companies: tuple[str, ...]
    nominal: Mapping[str, Array]
    scores: Mapping[str, Array]
    record: pd.DataFrame

    @property
    def failures(self) -> pd.Series:
        """Replications which failed, by reason."""
        failed = self.record.loc[self.record["failed"] != "", "failed"]
        return failed.value_counts()


def replicate(  # noqa: PLR0913 - what, how often, and what is kept
    values: pd.DataFrame,
    framework: Framework,
    factors: Sequence[Factor],
    design: Array,
    *,
    nodes: Sequence[str] | None = None,
    rng: int = 0,
) -> Replications:
    """Run a design.

    Parameters
    ----------
    values : DataFrame
        As for :func:`score`.
    framework : Framework
    factors : sequence of Factor
        Checked by :func:`declared_factors`.
    design : ndarray, shape (replications, factors)
        In [0, 1): which alternative each factor takes, all equally likely; of a factor with noise, which of
        ``SETS`` sets of random numbers.
    nodes : sequence of str, optional
        Whose scores are kept; default the composite and the axes.
    rng : int
        Seed of the sets of random numbers.

    Returns
    -------
    Replications

    Raises
    ------
    InputError
        When the framework as it is cannot be scored.
    """
    options = np.column_stack(
        [choices(column, _options(factor)) for column, factor in zip(design.T, factors, strict=True)]
    )
    run = _Run(values, framework, tuple(factors), options, rng)
    kept = list(nodes or (framework.composite, *(axis.id for axis in framework.axes)))
    start = run.base.matrix(framework)
    nominal = aggregate(framework, start.scores, start.applicable, weights=_own_weights(framework, start))
    refuse_undefined(framework, start.scores, nominal)
    scores = {name: np.full((len(design), len(start.companies)), np.nan) for name in kept}
    failed = np.full(len(design), "", dtype=object)
    for rows, group in run.groups():
        try:
            found = run.scored(group, rows)
        except EcosystemError as error:
            failed[rows] = str(error)
            continue
        for name in kept:
            scores[name][rows] = found[name]
    _explain_lost(scores[framework.composite], nominal[framework.composite], failed)
    for name in kept:
        scores[name][failed != ""] = np.nan
    return Replications(start.companies, {name: nominal[name] for name in kept}, scores, run.record(failed))


def _options(factor: Factor) -> int:
    if factor.step == "leave_out":
        return len(factor.choices) + 1
    return len(factor.choices) or SETS


def _own_weights(framework: Framework, matrix: ScoreMatrix) -> Mapping[str, Array]:
    return node_weights(framework, matrix.scores, matrix.applicable)


def _explain_lost(scores: Array, nominal: Array, failed: NDArray[np.object_]) -> None:
    """A replication in which nobody has a composite any more has failed, too."""
    lost = np.isnan(scores[:, ~np.isnan(nominal)]).all(axis=1) & (failed == "")
    failed[lost] = "nobody has a composite: too much is missing after these steps"


@dataclass(frozen=True, eq=False)
class _Base:
    """Matrices of score, each recipe built once."""

    values: pd.DataFrame
    built: dict[str, ScoreMatrix | EcosystemError] = field(default_factory=dict)

    def matrix(self, framework: Framework) -> ScoreMatrix:
        key = "|".join(repr(framework.steps[step]) for step in _BUILDING)
        if key not in self.built:
            try:
                whole = score_matrix(self.values, framework)
                self.built[key] = whole if whole.period is None else whole.rows(whole.period == whole.period.max())
            except EcosystemError as error:
                self.built[key] = error
        found = self.built[key]
        if isinstance(found, EcosystemError):
            raise found
        return found


@dataclass(eq=False)
class _Run:
    """One design on its way."""

    values: pd.DataFrame
    framework: Framework
    factors: tuple[Factor, ...]
    options: Index
    seed: int

    def __post_init__(self) -> None:
        self.base = _Base(self.values)

    def record(self, failed: NDArray[np.object_]) -> pd.DataFrame:
        """What each replication took, and why it failed."""
        columns = {
            factor.name: _labels(factor, column) for factor, column in zip(self.factors, self.options.T, strict=True)
        }
        return pd.DataFrame(columns | {"failed": failed})

    def groups(self) -> Iterator[tuple[Index, Framework]]:
        """Replications which share a recipe but for numbers, and that recipe, in portions which fit in memory."""
        chosen = [at for at, factor in enumerate(self.factors) if factor.choices and factor.step != "leave_out"]
        _, first, which = np.unique(self.options[:, chosen], axis=0, return_index=True, return_inverse=True)
        at_once = max(1, _CELLS // self._cells())
        for group, row in enumerate(first):
            rows = np.flatnonzero(which.ravel() == group)
            recipe = self._recipe(self.options[row], chosen)
            for start in range(0, len(rows), at_once):
                yield rows[start : start + at_once], recipe

    def _cells(self) -> int:
        wide = any(factor.step in ("values", "goalposts") for factor in self.factors)
        companies = self.values["company_id"].nunique()
        return max(1, companies * (len(self.framework.indicators) if wide else len(self.framework.nodes)))

    def _recipe(self, options: Index, chosen: Sequence[int]) -> Framework:
        steps = {self.factors[at].step: self.factors[at].choices[options[at]] for at in chosen}
        return self.framework.with_steps(**steps) if steps else self.framework

    def scored(self, framework: Framework, rows: Index) -> Mapping[str, Array]:
        """Nodes of some replications of one recipe."""
        matrix = self.base.matrix(framework)
        scores = self._scores(matrix, framework, rows)
        weights = self._weights(framework, matrix, rows)
        nodes = aggregate(framework, scores, matrix.applicable, ~np.isnan(matrix.scores), weights)
        refuse_undefined(framework, scores, nodes)
        shape = (len(rows), len(matrix.companies))
        return {name: np.broadcast_to(value, shape) for name, value in nodes.items()}

    def _weights(self, framework: Framework, matrix: ScoreMatrix, rows: Index) -> Mapping[str, Array]:
        """Weights below each node, one set a replication."""
        own = _own_weights(framework, matrix)
        weights = {node.id: own.get(node.id, framework.weights_below(node.id)) for node in framework.nodes}
        for at, factor in enumerate(self.factors):
            for name, change in self._changes(factor, self.options[rows, at]):
                weights[name] = weights[name] * change[:, None, :]  # one row for all companies
        return weights

    def _changes(self, factor: Factor, options: Index) -> Iterator[tuple[str, Array]]:
        """Factors of the weights below nodes, shape (replications, children)."""
        below = self.framework.below
        if factor.step == "leave_out":
            for node in self.framework.nodes:
                dropped = np.array([[child.id == name for child in below(node.id)] for name in ("", *factor.choices)])
                if dropped.any():
                    yield node.id, 1.0 - dropped[options]
        elif factor.step == "weights" and factor.noise:
            used, which = np.unique(options, return_inverse=True)
            for name in factor.nodes or [node.id for node in self.framework.nodes]:
                yield name, self._noise(factor, name, len(below(name)), used)[which]

    def _noise(self, factor: Factor, node: str, children: int, used: Index) -> Array:
        """Random factors of some of the sets; a set is the same whichever others are asked for."""
        rng = np.random.default_rng([self.seed, *factor.name.encode(), *node.encode()])
        z = rng.standard_normal((SETS, children))[used]
        if factor.form == "uniform":
            from scipy.special import ndtr

            return np.asarray(1.0 + (2.0 * ndtr(z) - 1.0) * factor.noise)
        if factor.form == "dirichlet":
            from scipy.special import gammaincinv, ndtr

            shape = 1.0 / factor.noise**2
            return np.asarray(gammaincinv(shape, ndtr(z)) / shape)
        return np.asarray(np.exp(factor.noise * z))

    def _scores(self, matrix: ScoreMatrix, framework: Framework, rows: Index) -> Array:
        """Scores of indicators: one table, or one a replication where values or goalposts are shaken."""
        scores = matrix.scores
        for step in _SHAKEN:
            for at in (at for at, factor in enumerate(self.factors) if factor.step == step):
                factor, options = self.factors[at], self.options[rows, at]
                change = _SHAKEN[step](matrix, framework, factor)
                each = np.broadcast_to(scores, (len(rows), *matrix.scores.shape))
                scores = np.stack(
                    [change(x, self._rng(factor, option)) for x, option in zip(each, options, strict=True)]
                )
        return scores

    def _rng(self, factor: Factor, option: int) -> np.random.Generator:
        return np.random.default_rng([self.seed, *factor.name.encode(), int(option)])


def _shifted(
    matrix: ScoreMatrix, framework: Framework, factor: Factor
) -> Callable[[Array, np.random.Generator], Array]:
    """Scores between goalposts which are moved by a share of their distance."""
    low = np.array([leaf.low for leaf in framework.indicators])
    high = np.array([leaf.high for leaf in framework.indicators])
    posted = np.isfinite(low) & np.isfinite(high) & matrix.scale.bounded
    if not posted.any():
        raise InputError("There are no goalposts to move: this normalization sets its scale by the sample.")
    down = np.array([leaf.direction == "down" for leaf in framework.indicators])
    share = (matrix.scores - matrix.scale.low) / matrix.scale.span
    inner = (matrix.state == "scored") & posted
    treated = matrix.built.treated

    def change(scores: Array, rng: np.random.Generator) -> Array:
        del scores
        shift = (2.0 * rng.random((2, len(low))) - 1.0) * factor.noise * (high - low)
        with np.errstate(invalid="ignore"):
            moved = np.clip((treated - low - shift[0]) / (high - low - shift[0] + shift[1]), 0.0, 1.0)
        moved = np.where(down, 1.0 - moved, moved)
        return np.asarray(matrix.scale.low + matrix.scale.span * np.where(inner, moved, share))

    return change


def _measured(
    matrix: ScoreMatrix, framework: Framework, factor: Factor
) -> Callable[[Array, np.random.Generator], Array]:
    """Scores measured again."""
    del framework, factor

    def change(scores: Array, rng: np.random.Generator) -> Array:
        return np.asarray(draw_scores(scores, matrix.sd, 1, rng, matrix.scale)[0])

    return change


_SHAKEN: Mapping[str, Callable[[ScoreMatrix, Framework, Factor], Callable[[Array, np.random.Generator], Array]]] = {
    "goalposts": _shifted,
    "values": _measured,
}
"""What changes the scores of indicators: first where the scale lies, then what was measured."""


def _labels(factor: Factor, options: Index) -> pd.Series:
    """What each replication took, in words."""
    used, codes = np.unique(options, return_inverse=True)
    words = np.array([factor.label(int(option)) for option in used], dtype=object)
    return pd.Series(words[codes], dtype="category")
