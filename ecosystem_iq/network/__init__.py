"""Tables → influence graph → measures of who moves whom."""

from ecosystem_iq.network.graph import InfluenceGraph, influence_graph
from ecosystem_iq.network.interchange import to_networkx
from ecosystem_iq.network.measures import Measures, measure

__all__ = ["InfluenceGraph", "Measures", "influence_graph", "measure", "to_networkx"]
