"""The page of one account: its network as a map and as a table, with a panel which explains each stakeholder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from functools import lru_cache
from typing import Any

from ecosystem_iq.pages import container, palette, shell
from ecosystem_iq.pages.packing import packed
from ecosystem_iq.pages.page import Page

_SCRIPTS = (
    "data", "state", "hash", "colors", "filters", "view_options", "collapse", "svg", "csv", "canvas", "curves",
    "symbols", "map", "layouts", "camera", "ground", "titles", "obstacles", "labels", "name_stamps", "legend",
    "search", "panel", "drawer", "person", "tie_list", "paths", "path", "path_answer", "marks", "badges", "overlay",
    "changes", "samples", "what_if", "table", "export", "print", "main",
)  # fmt: skip
_STYLES = ("account", "account_options", "account_panel", "account_what_if", "account_print")
_DRAWN_BY_VIS = ("x", "y", "size")
_OPTIONAL = (
    "measures", "facets", "layouts", "triggers", "jobs", "values", "what_if", "covered", "notes", "before", "collapsed",
)  # fmt: skip


def account_page(payload: Mapping[str, Any]) -> Page:
    """Make the page of an account.

    Parameters
    ----------
    payload : mapping
        Of an account page; plain JSON-able values.

    Returns
    -------
    Page

    Raises
    ------
    InputError
        When the payload holds NaN or an infinity, or its columns differ in length.
    """
    view = {
        "page": {key: payload[key] for key in ("title", "subtitle", "notice", "lead", "findings", "links")},
        "count": len(payload["nodes"]["name"]),
        "data": packed(_data(payload)),
        "assets": _assets(),
    }
    return Page(html=container.to_html(payload, "account.html.j2", view), title=payload["title"])


def _data(payload: Mapping[str, Any]) -> dict[str, Any]:
    """What the page's script reads; positions and sizes travel in pyvis' own nodes."""
    nodes = {name: column for name, column in payload["nodes"].items() if name not in _DRAWN_BY_VIS}
    return {
        **{key: payload[key] for key in ("title", "subtitle", "groups", "layers", "communities")},
        **{key: payload[key] for key in _OPTIONAL if payload.get(key) is not None},
        "nodes": nodes,
        "ties": payload["ties"],
        "marks": [asdict(mark) for mark in palette.group_marks(group["id"] for group in payload["groups"])],
        "strokes": [asdict(s) for s in palette.layer_strokes(layer["structure"] for layer in payload["layers"])],
        "hues": palette.COMMUNITIES,
        "scales": palette.SCALES,
    }


@lru_cache(maxsize=1)
def _assets() -> shell.Assets:
    return shell.load_assets(
        styles=[f"{name}.css" for name in _STYLES],
        scripts=[f"account/{name}.js" for name in _SCRIPTS],
    )
