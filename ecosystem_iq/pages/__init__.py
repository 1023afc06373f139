"""Payload in, one self-contained HTML page out.

A page makes no network request, holds its data in JSON islands only, and runs nothing but the scripts and styles
whose hashes its content security policy names. pyvis, which the account page is drawn with, is imported when such a
page is made and not before.
"""

from __future__ import annotations

from ecosystem_iq.pages.account import account_page
from ecosystem_iq.pages.benchmark import benchmark_page
from ecosystem_iq.pages.exchange import to_pyvis
from ecosystem_iq.pages.page import Page
from ecosystem_iq.pages.portal import portal_page

__all__ = ["Page", "account_page", "benchmark_page", "portal_page", "to_pyvis"]
