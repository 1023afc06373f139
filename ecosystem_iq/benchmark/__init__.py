"""Indicator values → composite scores with intervals, ranks and ties; how much hangs on the recipe."""

from ecosystem_iq.benchmark.coinr import read_coinr
from ecosystem_iq.benchmark.comparison import Comparison, compare, compare_builds
from ecosystem_iq.benchmark.factors import Factor
from ecosystem_iq.benchmark.framework import Framework, load_framework
from ecosystem_iq.benchmark.indicators import compute_indicators
from ecosystem_iq.benchmark.optimization import Optimization, optimize_weights
from ecosystem_iq.benchmark.robustness import Robustness, Sensitivity, analyze_sensitivity, assess_robustness
from ecosystem_iq.benchmark.scorecard import Scorecard, score

__all__ = [
    "Comparison",
    "Factor",
    "Framework",
    "Optimization",
    "Robustness",
    "Scorecard",
    "Sensitivity",
    "analyze_sensitivity",
    "assess_robustness",
    "compare",
    "compare_builds",
    "compute_indicators",
    "load_framework",
    "optimize_weights",
    "read_coinr",
    "score",
]
