"""An account of any size for ``account_page.py``: a workspace of fictional people, most ties within communities."""

from __future__ import annotations

import csv
import datetime as dt
import random
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

WITHIN, AGAINST = 0.75, 0.06  # shares of the ties: within a community, and opposing
AS_OF = dt.date(2026, 6, 30)
GROUPS = (
    "clinician", "pharmacy", "nursing", "executive", "finance_procurement", "payer", "policy", "patient_public",
    "research_academia", "digital_it",
)  # fmt: skip
KINDS = ("influences", "advises", "collaborates", "refers_to")
FIRST = ("Dana", "Elif", "Zoë", "Keiko", "Dimitri", "Lena", "Oskar", "Hana", "Nadia", "Priya", "Goran", "Tariq")
LAST = ("Whitlock", "Kowalski", "Zhang", "Petrov", "Eriksen", "Okafor", "Tanaka", "Lindqvist", "Castillo", "Yilmaz")
TITLES = ("Clinical lead", "Formulary pharmacist", "Commissioning manager", "Chief nurse", "Professor")


def write_workspace(folder: Path, n: int, ties: int, seed: int = 0) -> None:
    """Write one account of ``n`` stakeholders and that many ties."""
    rng = random.Random(seed)  # noqa: S311
    people = list(_people(rng, n))
    account = {"account_id": "acc-1", "name": "Northmere Health System"}
    rows = {
        "accounts": [account],
        "stakeholders": people,
        "memberships": [_membership(rng, person["stakeholder_id"]) for person in people],
        "ties": list(_ties(rng, n, ties)),
    }
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "workspace.toml").write_text(f"as_of = {AS_OF}\n", encoding="utf-8")
    for name, table in rows.items():
        _write(folder / f"{name}.csv", table)


def _write(path: Path, rows: list[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def _people(rng: random.Random, n: int) -> Iterable[dict[str, Any]]:
    for i in range(n):
        yield {
            "stakeholder_id": f"p{i:06d}",
            "name": f"{rng.choice(FIRST)} {rng.choice('ABCDEFGHIJKLM')}. {rng.choice(LAST)}",
            "kind": "person",
            "group": rng.choice(GROUPS),
            "lawful_basis": "legitimate_interest",
            "title": rng.choice(TITLES),
            "care_setting": rng.choice(("primary", "secondary", "tertiary", "community")),
        }


def _membership(rng: random.Random, stakeholder: str) -> dict[str, Any]:
    return {
        "account_id": "acc-1",
        "stakeholder_id": stakeholder,
        "decision_role": rng.choice(("decision_maker", "evaluator", "influencer", "user", "none")),
        "stance": rng.choice(("opponent", "neutral", "supporter", "advocate", "")),
        "contact_depth": rng.choice(("no_contact", "brief", "multiple", "in_depth", "")),
    }


def _ties(rng: random.Random, n: int, count: int) -> Iterator[dict[str, Any]]:
    block = [rng.randrange(max(1, n // 35)) for _ in range(n)]
    members: dict[int, list[int]] = {}
    for i, b in enumerate(block):
        members.setdefault(b, []).append(i)
    seen = set()
    while len(seen) < count:
        source = int(n * rng.random() ** 2)  # squaring favours the few, as in any real account
        target = rng.choice(members[block[source]]) if rng.random() < WITHIN else rng.randrange(n)
        kind = rng.choice(KINDS)
        if source != target and (source, target, kind) not in seen:
            seen.add((source, target, kind))
            yield _tie(rng, source, target, kind)


def _tie(rng: random.Random, source: int, target: int, kind: str) -> dict[str, Any]:
    return {
        "source": f"p{source:06d}",
        "target": f"p{target:06d}",
        "kind": kind,
        "layer": rng.choice(("clinical", "managerial", "social", "scientific")),
        "account_id": "acc-1",
        "valid_from": dt.date(2024, 1, 1) - dt.timedelta(days=rng.randrange(900)),
        "strength": round(0.05 * rng.randrange(3, 20), 2),
        "sign": -1 if rng.random() < AGAINST else 1,
        "last_confirmed": AS_OF - dt.timedelta(days=rng.randrange(900)),
        "confidence": round(rng.uniform(0.3, 1), 2),
    }
