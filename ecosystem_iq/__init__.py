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
    from ecosystem_iq.benchmark import Framework, Scorecard, compute_indicators, load_framework, score
    from ecosystem_iq.errors import EcosystemError, FrameworkError, InputError, OutputError, Problem, Problems
    from ecosystem_iq.network import InfluenceGraph, Measures, influence_graph, measure, to_networkx
    from ecosystem_iq.pages import Page, to_pyvis
    from ecosystem_iq.publication import Manifest, network_view, publish
    from ecosystem_iq.tables import Ecosystem, check, load

_HOMES = {
    "assessment": ("Assessment", "assess"),
    "benchmark": ("Framework", "Scorecard", "compute_indicators", "load_framework", "score"),
    "errors": ("EcosystemError", "FrameworkError", "InputError", "OutputError", "Problem", "Problems"),
    "network": ("InfluenceGraph", "Measures", "influence_graph", "measure", "to_networkx"),
    "pages": ("Page", "to_pyvis"),
    "publication": ("Manifest", "network_view", "publish"),
    "tables": ("Ecosystem", "check", "load"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "Assessment",
    "Ecosystem",
    "EcosystemError",
    "Framework",
    "FrameworkError",
    "InfluenceGraph",
    "InputError",
    "Manifest",
    "Measures",
    "OutputError",
    "Page",
    "Problem",
    "Problems",
    "Scorecard",
    "assess",
    "check",
    "compute_indicators",
    "influence_graph",
    "load",
    "load_framework",
    "measure",
    "network_view",
    "publish",
    "score",
    "to_networkx",
    "to_pyvis",
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
