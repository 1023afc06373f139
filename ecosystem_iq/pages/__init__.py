"""Payload in, one self-contained HTML page out.

A page makes no network request, holds its data in JSON islands only, and runs nothing but the scripts and styles
whose hashes its content security policy names. pyvis, which the account page is drawn with, is imported when such a
page is made and not before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ecosystem_iq.pages.account import account_page
from ecosystem_iq.pages.archetypes import archetypes_page
from ecosystem_iq.pages.benchmark import benchmark_page
from ecosystem_iq.pages.page import Page
from ecosystem_iq.pages.portal import portal_page
from ecosystem_iq.pages.triggers import triggers_page

if TYPE_CHECKING:
    from ecosystem_iq.pages.exchange import to_pyvis

__all__ = [
    "Page",
    "account_page",
    "archetypes_page",
    "benchmark_page",
    "portal_page",
    "to_pyvis",
    "triggers_page",
]


def __getattr__(name: str) -> Any:
    """``to_pyvis`` when it is first used: it needs the network room, which no page does."""
    if name != "to_pyvis":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from ecosystem_iq.pages.exchange import to_pyvis

    return to_pyvis
