"""Assessment → payloads: what a page may show, as plain JSON-able values and nothing else.

A payload is built from an allow-list of columns: identifiers, contact details and owners' names never enter the page of
an account, and nothing is quoted from rows which are marked as restricted.
"""

from ecosystem_iq.views.archetypes import archetypes_view
from ecosystem_iq.views.benchmark import benchmark_view
from ecosystem_iq.views.network import network_payload
from ecosystem_iq.views.portal import portal_view
from ecosystem_iq.views.triggers import triggers_view

__all__ = ["archetypes_view", "benchmark_view", "network_payload", "portal_view", "triggers_view"]
