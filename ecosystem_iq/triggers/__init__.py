"""Whom to engage next: cascades over the influence graph, the choice of seeds, and why each of them."""

from ecosystem_iq.triggers.candidates import trigger_candidates
from ecosystem_iq.triggers.cascades import Spread, estimate_spread
from ecosystem_iq.triggers.ranking import Triggers, rank_triggers
from ecosystem_iq.triggers.selection import TriggerSet, select_triggers

__all__ = [
    "Spread",
    "TriggerSet",
    "Triggers",
    "estimate_spread",
    "rank_triggers",
    "select_triggers",
    "trigger_candidates",
]
