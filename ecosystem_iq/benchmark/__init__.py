"""Indicator values → composite scores with intervals, ranks and ties."""

from ecosystem_iq.benchmark.framework import Framework, load_framework
from ecosystem_iq.benchmark.indicators import compute_indicators
from ecosystem_iq.benchmark.scorecard import Scorecard, score

__all__ = ["Framework", "Scorecard", "compute_indicators", "load_framework", "score"]
