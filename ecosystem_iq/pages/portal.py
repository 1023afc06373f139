"""The index of a publication: what was found, where the benchmark is, and all accounts in one table."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from ecosystem_iq.pages import shell
from ecosystem_iq.pages.page import Page


def portal_page(payload: Mapping[str, Any]) -> Page:
    """Make the index page.

    Parameters
    ----------
    payload : mapping
        Of an index page; links are relative to where it will lie.

    Returns
    -------
    Page

    Raises
    ------
    InputError
        When a link leaves the publication.
    """
    most_ties = max((account["ties"] for account in payload["accounts"]), default=0)
    html = shell.render("portal.html.j2", page=payload, assets=_assets(), most_ties=most_ties)
    return Page(html=html, title=payload["title"])


@lru_cache(maxsize=1)
def _assets() -> shell.Assets:
    return shell.load_assets(styles=("report.css", "portal.css"), scripts=("portal.js",))
