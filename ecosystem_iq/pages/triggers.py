"""The page of trigger points: per account whom to engage next, why, and whom not to target.

Every factor of a score is shown, and beside the recommendation stands what simpler choices would reach, so that a
reader can see where the ranking earns its keep and where it does not.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from ecosystem_iq.pages import shell, values
from ecosystem_iq.pages.page import Page

TYPES: dict[str, str] = {
    "decision": "decides, or helps to decide",
    "diffusion": "many follow, directly or through others",
    "unblock": "nothing passes without them",
    "timing": "a dated event opens a window",
    "job": "an important job nobody serves well",
}
"""What each type of trigger means, in words."""

_USUAL = ("decision", "diffusion", "timing", "job")
_CLEARLY = 2.0  # standard errors between two reaches, to call one larger
_OPEN_UP_TO = 3  # accounts which are shown open; of more, only the first


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a recommendation reaches more than simpler choices, in words; ``ahead`` of all of them or not."""

    ahead: bool
    words: str


@dataclass(frozen=True, slots=True)
class Section:
    """An account on the page: what its template needs beside the payload."""

    account: Mapping[str, Any]
    anchor: str
    opened: bool
    best: float
    digits: int
    longest: float
    compared_digits: int
    refused: Mapping[str, Sequence[str]]
    verdict: Verdict | None


def triggers_page(payload: Mapping[str, Any]) -> Page:
    """Make the page of trigger points.

    Parameters
    ----------
    payload : mapping
        Of a triggers page; reach in units of value, factors from 0 to 1, missing numbers null.

    Returns
    -------
    Page

    Raises
    ------
    InputError
        When the payload holds NaN or an infinity, or a link leaves the publication.
    """
    values.require_finite(payload, "triggers")
    counts = type_counts(payload["accounts"])
    html = shell.render(
        "triggers.html.j2",
        page=payload,
        assets=_assets(),
        sections=_sections(payload["accounts"]),
        counts=counts,
        total=sum(counts.values()),
        legend={kind: TYPES.get(kind, "") for kind in counts},
    )
    return Page(html=html, title=payload["title"])


def type_counts(accounts: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """How many triggers are of each type: the usual types first, zero or not, then any others which occur."""
    found = [row["type"] for account in accounts for row in account["rows"]]
    kinds = [kind for kind in TYPES if kind in _USUAL or kind in found]
    others = sorted(set(found) - set(kinds))
    return {kind: found.count(kind) for kind in (*kinds, *others)}


def verdict(comparison: Sequence[Mapping[str, Any]]) -> Verdict | None:
    """What a comparison says, without flattery; the first method is ours.

    Differences within twice their standard error count as none. None when there is nothing to compare.
    """
    if len(comparison) <= 1 or comparison[0]["reach"] is None:
        return None
    ours, others = comparison[0], [each for each in comparison[1:] if each["reach"] is not None]
    if not others:
        return None
    better = [each for each in others if _clearly_above(each, ours)]
    equal = [each for each in others if each not in better and not _clearly_above(ours, each)]
    if better:
        best = max(better, key=lambda each: each["reach"])
        return Verdict(
            ahead=False,
            words=f"Does not reach the most: “{best['method']}” reaches {_by(best, ours)} more. "
            "Here the simpler choice is the better one.",
        )
    if equal:
        names = _listed([f"“{each['method']}”" for each in equal])
        return Verdict(
            ahead=False,
            words=f"Cannot be told apart from {names}: the difference lies within twice its standard error. "
            "That choice would reach about as many.",
        )
    runner_up = max(others, key=lambda each: each["reach"])
    return Verdict(
        ahead=True, words=f"Reaches more than each of the others: {_by(ours, runner_up)} more than the next best."
    )


def _clearly_above(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    # Without standard errors nothing is clear, however large the difference looks.
    if one.get("se") is None or other.get("se") is None:
        return False
    difference: float = one["reach"] - other["reach"]
    return difference > _CLEARLY * math.hypot(one["se"], other["se"])


def _by(more: Mapping[str, Any], less: Mapping[str, Any]) -> str:
    """By how much one reach exceeds another: per cent, or the difference when there is nothing to divide by."""
    if less["reach"] > 0:
        return f"{max(1, round(100 * (more['reach'] / less['reach'] - 1))):,}\N{NO-BREAK SPACE}%"
    return values.number(more["reach"] - less["reach"], values.decimals(more["reach"]))


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"


def _sections(accounts: Sequence[Mapping[str, Any]]) -> list[Section]:
    names = values.anchors(account["href"] for account in accounts)
    few = len(accounts) <= _OPEN_UP_TO
    return [
        _section(account, anchor, opened=few or position == 0)
        for position, (account, anchor) in enumerate(zip(accounts, names, strict=True))
    ]


def _section(account: Mapping[str, Any], anchor: str, *, opened: bool) -> Section:
    best = max((row["reach"] or 0.0 for row in account["rows"]), default=0.0)
    ends = [(each["reach"] or 0.0) + (each.get("se") or 0.0) for each in account["comparison"]]
    longest = max(ends, default=0.0)
    return Section(
        account=account,
        anchor=anchor,
        opened=opened,
        best=best,
        digits=values.decimals(best),
        longest=longest,
        compared_digits=values.decimals(longest),
        refused=_by_reason(account["refused"]),
        verdict=verdict(account["comparison"]),
    )


def _by_reason(refused: Sequence[Mapping[str, str]]) -> dict[str, list[str]]:
    """Names under the reason they share, the most frequent reason first."""
    found: dict[str, list[str]] = {}
    for each in refused:
        found.setdefault(each["reason"], []).append(each["name"])
    return dict(sorted(found.items(), key=lambda item: -len(item[1])))


@lru_cache(maxsize=1)
def _assets() -> shell.Assets:
    return shell.load_assets(styles=("report.css", "triggers.css"), scripts=("triggers.js",))
