"""The page of archetypes: what kinds of account there are, and which features make each account one of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from ecosystem_iq.pages import palette, shell, values
from ecosystem_iq.pages.page import Page

NAMED, BLEND, NONE, UNKNOWN = "named", "blend", "none", "unknown"
_UNNAMED = {BLEND: "Blend of two", NONE: "No archetype fits", UNKNOWN: "Insufficient data"}
_WHY_UNNAMED = {
    BLEND: "lies between two archetypes; neither is clearly ahead",
    NONE: "is unlike every archetype",
    UNKNOWN: "has too few known features to say",
}


@dataclass(frozen=True, slots=True)
class Member:
    """An account in the matrix: what its template needs beside the payload."""

    account: Mapping[str, Any]
    anchor: str
    kind: str
    known: int
    cluster: int | None
    hue: str

    @property
    def sure(self) -> float | None:
        """Probability of its archetype, or of the likelier of two; none where no name is given.

        A share among archetypes of which none fits would read like a finding.
        """
        probability: float | None = self.account["p_first"]
        return probability if self.kind in {NAMED, BLEND} else None


@dataclass(frozen=True, slots=True)
class Group:
    """Accounts which are shown together; ``badge`` is the archetype's id, blank for those without a name."""

    key: str
    badge: str
    label: str
    kind: str
    members: tuple[Member, ...]


def archetypes_page(payload: Mapping[str, Any]) -> Page:
    """Make the page of archetypes.

    Parameters
    ----------
    payload : mapping
        Of an archetypes page; features and probabilities from 0 to 1, missing ones null.

    Returns
    -------
    Page

    Raises
    ------
    InputError
        When the payload holds NaN or an infinity, or a link leaves the publication.
    """
    values.require_finite(payload, "archetypes")
    groups = grouped(payload["accounts"], payload["archetypes"])
    places = {group.badge: group.key for group in groups}
    html = shell.render(
        "archetypes.html.j2",
        page=payload,
        assets=_assets(),
        groups=groups,
        cards=[(archetype, places.get(archetype["id"])) for archetype in payload["archetypes"]],
        unnamed=[(kind, label, _WHY_UNNAMED[kind], _count(groups, kind)) for kind, label in _UNNAMED.items()],
        clustered=any(account.get("cluster") is not None for account in payload["accounts"]),
    )
    return Page(html=html, title=payload["title"])


def kind_of(account: Mapping[str, Any]) -> str:
    """Whether an account has a name, lies between two, is like none, or is not known well enough.

    Examples
    --------
    >>> kind_of({"label": "Blend: A / B", "archetype_id": "M1"}), kind_of({"label": "A", "archetype_id": "M1"})
    ('blend', 'named')
    """
    label = account["label"].strip().casefold()
    if label.startswith("blend:"):
        return BLEND
    if label == "insufficient data":
        return UNKNOWN
    return NONE if label == "no archetype fits" or account["archetype_id"] is None else NAMED


def grouped(accounts: Sequence[Mapping[str, Any]], archetypes: Sequence[Mapping[str, Any]]) -> list[Group]:
    """Accounts by archetype, in the order of the archetypes, those without a name last; empty groups are left out."""
    known = {archetype["id"]: archetype["label"] for archetype in archetypes}
    members = _members(accounts)
    others = (member.account["archetype_id"] for member in members if member.kind == NAMED)
    badges = dict.fromkeys((*known, *others))
    named = [
        Group(f"group-{position}", badge, known.get(badge, badge), NAMED, _of(members, NAMED, badge))
        for position, badge in enumerate(badges, start=1)
    ]
    rest = [Group(f"group-{kind}", "", label, kind, _of(members, kind)) for kind, label in _UNNAMED.items()]
    return [group for group in (*named, *rest) if group.members]


def _members(accounts: Sequence[Mapping[str, Any]]) -> list[Member]:
    names = values.anchors(account["href"] for account in accounts)
    clusters = _numbered([account.get("cluster") for account in accounts])
    return [
        Member(
            account=account,
            anchor=anchor,
            kind=kind_of(account),
            known=sum(value is not None for value in account["features"].values()),
            cluster=cluster,
            hue=palette.COMMUNITIES[(cluster or 0) % len(palette.COMMUNITIES)],
        )
        for account, anchor, cluster in zip(accounts, names, clusters, strict=True)
    ]


def _numbered(clusters: Sequence[int | None]) -> list[int | None]:
    """Clusters as people count: from 1, also when they come counted from 0."""
    shift = int(0 in clusters)
    return [None if cluster is None else cluster + shift for cluster in clusters]


def _of(members: Iterable[Member], kind: str, badge: str | None = None) -> tuple[Member, ...]:
    return tuple(m for m in members if m.kind == kind and (badge is None or m.account["archetype_id"] == badge))


def _count(groups: Iterable[Group], kind: str) -> int:
    return sum(len(group.members) for group in groups if group.kind == kind)


@lru_cache(maxsize=1)
def _assets() -> shell.Assets:
    return shell.load_assets(styles=("report.css", "heat.css", "archetypes.css"), scripts=("archetypes.js",))
