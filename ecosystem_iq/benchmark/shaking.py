"""Scores of indicators under other goalposts, and measured again: one set of random numbers, one table of scores."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from ecosystem_iq.benchmark.factors import Factor
from ecosystem_iq.benchmark.framework import Framework
from ecosystem_iq.benchmark.matrix import ScoreMatrix
from ecosystem_iq.benchmark.uncertainty import measured
from ecosystem_iq.errors import InputError

Array = NDArray[np.float64]
Change = Callable[[Array, np.random.Generator], Array]
"""Scores, companies × indicators, and a set of random numbers → other scores."""


def shifted(matrix: ScoreMatrix, framework: Framework, factor: Factor) -> Change:
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


def remeasured(matrix: ScoreMatrix, framework: Framework, factor: Factor) -> Change:
    """Scores measured again."""
    del framework, factor
    usual = measured(matrix.scores, matrix.sd, matrix.scale)

    def change(scores: Array, rng: np.random.Generator) -> Array:
        moved = scores is not matrix.scores
        return np.asarray((measured(scores, matrix.sd, matrix.scale) if moved else usual).draw(1, rng)[0])

    return change


SHAKEN: Mapping[str, Callable[[ScoreMatrix, Framework, Factor], Change]] = {
    "goalposts": shifted,
    "values": remeasured,
}
"""What changes the scores of indicators: first where the scale lies, then what was measured."""
