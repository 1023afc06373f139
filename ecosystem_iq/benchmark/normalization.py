"""Raw values → 0-100 by fixed goalposts.

Goalposts belong to the framework, not to the sample: adding a company never changes another company's score.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ecosystem_iq.benchmark.framework import Framework


def goalposts(framework: Framework, raw: NDArray[np.float64]) -> NDArray[np.float64]:
    """``100 * clip((x - low) / (high - low), 0, 1)``, reversed where lower is better.

    Parameters
    ----------
    framework : Framework
    raw : ndarray, shape (..., indicators)
        In the order of ``framework.indicators``; NaN stays NaN.

    Returns
    -------
    ndarray, shape (..., indicators), in [0, 100]
    """
    low = np.array([indicator.low for indicator in framework.indicators])
    high = np.array([indicator.high for indicator in framework.indicators])
    down = np.array([indicator.direction == "down" for indicator in framework.indicators])
    score = 100.0 * np.clip((raw - low) / (high - low), 0.0, 1.0)
    return np.asarray(np.where(down, 100.0 - score, score))


def slopes(framework: Framework) -> NDArray[np.float64]:
    """Points of score for one unit of raw value, shape (indicators,)."""
    return np.array([100.0 / (indicator.high - indicator.low) for indicator in framework.indicators])
