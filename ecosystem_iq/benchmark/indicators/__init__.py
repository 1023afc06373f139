"""Tables → indicator values: computed from what companies did, or given by assessors."""

from ecosystem_iq.benchmark.indicators.registry import COLUMNS, compute_indicators

__all__ = ["COLUMNS", "compute_indicators"]
