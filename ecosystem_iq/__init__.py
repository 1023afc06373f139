"""Ecosystem stakeholder mapping: who moves whom, whom to engage next, how well companies understand and act.

    >>> import ecosystem_iq as eiq
    >>> graph = eiq.InfluenceGraph.from_edges(["a", "b"], ["b", "c"], 0.5)
    >>> eiq.measure(graph).to_frame()["stakeholder_id"].tolist()
    ['a', 'b', 'c']

Names are loaded when they are first used, so that importing the package costs nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ecosystem_iq.assessment import Assessment, assess
    from ecosystem_iq.benchmark import (
        Comparison,
        Factor,
        Framework,
        Optimization,
        Robustness,
        Scorecard,
        Sensitivity,
        analyze_sensitivity,
        assess_robustness,
        compare,
        compare_builds,
        compute_indicators,
        load_framework,
        optimize_weights,
        read_coinr,
        score,
    )
    from ecosystem_iq.benchmark.analysis.removal import Removal, remove_elements
    from ecosystem_iq.benchmark.explanation import score_gains
    from ecosystem_iq.errors import EcosystemError, FrameworkError, InputError, OutputError, Problem, Problems
    from ecosystem_iq.network import InfluenceGraph, Measures, influence_graph, measure, to_networkx
    from ecosystem_iq.network.accounts import account_table
    from ecosystem_iq.network.brokerage import Brokerage, brokerage
    from ecosystem_iq.network.cuts import Cut, minimum_cut
    from ecosystem_iq.network.dominance import Dominators, Gatekeepers, dominators, gatekeepers
    from ecosystem_iq.network.flows import value_flows
    from ecosystem_iq.network.jobs import job_segments, opportunities
    from ecosystem_iq.network.key_players import KeyPlayers, key_players
    from ecosystem_iq.network.layers import layer_table
    from ecosystem_iq.network.learning import Learning, what_to_learn
    from ecosystem_iq.network.paths import Path, strongest_path, strongest_paths
    from ecosystem_iq.network.salience import advocacy, power_interest, salience
    from ecosystem_iq.network.value import value_concentration, value_table, value_within_reach
    from ecosystem_iq.pages import Page, to_pyvis
    from ecosystem_iq.publication import Manifest, network_view, publish
    from ecosystem_iq.tables import Ecosystem, check, load

_HOMES = {
    "assessment": ("Assessment", "assess"),
    "benchmark": (
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
    ),
    "benchmark.analysis.removal": ("Removal", "remove_elements"),
    "benchmark.explanation": ("score_gains",),
    "errors": ("EcosystemError", "FrameworkError", "InputError", "OutputError", "Problem", "Problems"),
    "network": ("InfluenceGraph", "Measures", "influence_graph", "measure", "to_networkx"),
    "network.accounts": ("account_table",),
    "network.brokerage": ("Brokerage", "brokerage"),
    "network.cuts": ("Cut", "minimum_cut"),
    "network.dominance": ("Dominators", "Gatekeepers", "dominators", "gatekeepers"),
    "network.flows": ("value_flows",),
    "network.jobs": ("job_segments", "opportunities"),
    "network.key_players": ("KeyPlayers", "key_players"),
    "network.layers": ("layer_table",),
    "network.learning": ("Learning", "what_to_learn"),
    "network.paths": ("Path", "strongest_path", "strongest_paths"),
    "network.salience": ("advocacy", "power_interest", "salience"),
    "network.value": ("value_concentration", "value_table", "value_within_reach"),
    "pages": ("Page", "to_pyvis"),
    "publication": ("Manifest", "network_view", "publish"),
    "tables": ("Ecosystem", "check", "load"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "Assessment",
    "Brokerage",
    "Comparison",
    "Cut",
    "Dominators",
    "Ecosystem",
    "EcosystemError",
    "Factor",
    "Framework",
    "FrameworkError",
    "Gatekeepers",
    "InfluenceGraph",
    "InputError",
    "KeyPlayers",
    "Learning",
    "Manifest",
    "Measures",
    "Optimization",
    "OutputError",
    "Page",
    "Path",
    "Problem",
    "Problems",
    "Removal",
    "Robustness",
    "Scorecard",
    "Sensitivity",
    "account_table",
    "advocacy",
    "analyze_sensitivity",
    "assess",
    "assess_robustness",
    "brokerage",
    "check",
    "compare",
    "compare_builds",
    "compute_indicators",
    "dominators",
    "gatekeepers",
    "influence_graph",
    "job_segments",
    "key_players",
    "layer_table",
    "load",
    "load_framework",
    "measure",
    "minimum_cut",
    "network_view",
    "opportunities",
    "optimize_weights",
    "power_interest",
    "publish",
    "read_coinr",
    "remove_elements",
    "salience",
    "score",
    "score_gains",
    "strongest_path",
    "strongest_paths",
    "to_networkx",
    "to_pyvis",
    "value_concentration",
    "value_flows",
    "value_table",
    "value_within_reach",
    "what_to_learn",
]


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        return version("ecosystem-iq")
    if name not in _HOME_OF:
        raise AttributeError(f"module 'ecosystem_iq' has no attribute {name!r}")
    value = getattr(importlib.import_module(f"ecosystem_iq.{_HOME_OF[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
