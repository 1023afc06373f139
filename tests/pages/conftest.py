"""Pages made once from fictional payloads, and the tools to look into their HTML."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

# Test modules are imported by path (importlib mode); their helpers are found through these.
sys.path[:0] = [str(Path(__file__).resolve().parent), str(Path(__file__).resolve().parents[1])]

import payloads  # noqa: E402 - found through the line above

from ecosystem_iq.pages import (  # noqa: E402
    Page,
    account_page,
    archetypes_page,
    benchmark_page,
    portal_page,
    triggers_page,
)


@pytest.fixture(scope="session")
def pages() -> dict[str, Page]:
    """One page of each kind, and accounts at the edges of what they may hold."""
    return {
        "account": account_page(payloads.account(60)),
        "empty": account_page(payloads.account(0)),
        "single": account_page(payloads.account(1)),
        "hostile": account_page(payloads.hostile_account()),
        "benchmark": benchmark_page(payloads.benchmark()),
        "hostile benchmark": benchmark_page(payloads.hostile_benchmark()),
        "portal": portal_page(payloads.portal()),
        "hostile portal": portal_page(payloads.hostile_portal()),
        "triggers": triggers_page(payloads.triggers()),
        "no triggers": triggers_page(payloads.triggers(0)),
        "hostile triggers": triggers_page(payloads.hostile_triggers()),
        "archetypes": archetypes_page(payloads.archetypes()),
        "no archetypes": archetypes_page(payloads.archetypes(0)),
        "hostile archetypes": archetypes_page(payloads.hostile_archetypes()),
    }
