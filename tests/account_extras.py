"""What an account payload may hold beyond its stakeholders and ties, made up for tests."""

from __future__ import annotations

import random
from typing import Any

import numpy as np

from ecosystem_iq.views.frames import Frame, packed_frames
from ecosystem_iq.views.hierarchy import banded, spread
from ecosystem_iq.views.stances import STANCE_LABELS, stance_layout

SETTINGS = ("Primary", "Secondary", "Tertiary", "Community")
STEPS = ("Approver", "Recommender", "User", "")
CONTACTS = ("None so far", "Regular", "Trusted adviser")
MEASURES = (
    ("influence", "Influence", "share"),
    ("brokerage", "Brokerage", "count"),
    ("reach", "Reach", "count"),
    ("opportunity", "Opportunity", "score"),
    ("value", "Value", "share"),
)
TRIGGER_NOTICE = "For human review: no automated decision is made here."
REASONS = ("moves 12.3 others; neutral; brief contact", "decides in September", "a job badly served (14 of 20)")


def enriched(payload: dict[str, Any], seed: int = 3) -> dict[str, Any]:
    """The payload with every optional column and key."""
    rng = random.Random(seed)
    _more_columns(payload, rng)
    nodes, n = payload["nodes"], len(payload["nodes"]["name"])
    payload.update(
        measures=[
            {"id": i, "label": label, "unit": unit, "meaning": f"What {label.lower()} means."}
            for i, label, unit in MEASURES
        ],
        facets=_facets(nodes),
        layouts=_layouts(payload),
        triggers=_triggers(n, rng),
        jobs={group["id"]: [_job(rng, k) for k in range(3)] for group in payload["groups"][:4]},
        values={str(i): _values(rng) for i in range(min(n, 20))},
        what_if=None,
        covered=list(range(1, n, 9)),
        notes=_notes(n),
        before=None,
        collapsed=n > 2_000,
    )
    return payload


def compared(payload: dict[str, Any], seed: int = 9) -> dict[str, Any]:
    """The payload beside an earlier state of the account."""
    rng, nodes, n = random.Random(seed), payload["nodes"], len(payload["nodes"]["name"])
    nodes["change"] = [rng.choice(("", "", "", "new", "up", "down")) for _ in range(n)]
    nodes["rank_before"] = [
        None if change == "new" else max(1, rank + {"up": 9, "down": -9}.get(change, 0))
        for rank, change in zip(nodes["rank"], nodes["change"], strict=True)
    ]
    nodes["stance_before"] = [rng.choice((-1, 0, 1, None)) for _ in range(n)]
    payload["ties"]["change"] = [rng.choice(("", "", "new")) for _ in payload["ties"]["source"]]
    new = nodes["change"].count("new")
    payload["before"] = {
        "label": "as of 2025-12-31",
        "gone": [{"name": "Gone Fontaine", "group": "Clinician", "rank": 4}],
        "summary": [f"{new} new stakeholders", "1 stakeholder no longer here"],
    }
    return payload


def _more_columns(payload: dict[str, Any], rng: random.Random) -> None:
    nodes, ties = payload["nodes"], payload["ties"]
    n, count = len(nodes["name"]), len(ties["source"])
    nodes.update(
        care_setting=[rng.choice((*SETTINGS, "")) for _ in range(n)],
        last_contact=[rng.choice(("2026-05-01", "2026-01-20", "")) for _ in range(n)],
        advice=[None] * n,
        influence_low=[0.8 * share for share in nodes["influence"]],
        influence_high=[1.3 * share for share in nodes["influence"]],
        brokerage=[rng.randrange(400) for _ in range(n)],
        reach=[round(1 + 20 / (i + 1), 2) for i in range(n)],
        opportunity=[rng.choice((None, 8.5, 11.9, 13.2)) for _ in range(n)],
        value=[rng.choice((None, round(1 / (n + i), 4))) for i in range(n)],
        at_risk=[rng.choice((None, None, 0.02)) for _ in range(n)],
        change=[""] * n,
        rank_before=[None] * n,
        stance_before=[None] * n,
    )
    nodes["contacts"] = [rng.randrange(1, 6) if day else 0 for day in nodes["last_contact"]]
    ties.update(
        since=[rng.choice(("2022-03-01", "2024-03-01", "")) for _ in range(count)],
        until=[""] * count,
        note=[rng.choice(("", "", "", "Met at the congress")) for _ in range(count)],
        change=[""] * count,
    )


def _facets(nodes: dict[str, list[Any]]) -> list[dict[str, Any]]:
    def facet(name: str, label: str, column: str, words: tuple[str, ...], **more: Any) -> dict[str, Any]:
        of = [words.index(word) if word in words else -1 for word in nodes[column]]
        return {"id": name, "label": label, "values": list(words), "of": of, **more}

    stance = [-1 if value is None else value + 2 for value in nodes["stance"]]
    return [
        facet("care_setting", "Care setting", "care_setting", SETTINGS),
        facet("decision_role", "Decision role", "decision_role", STEPS[:3]),
        {"id": "stance", "label": "Stance", "values": list(STANCE_LABELS), "of": stance, "ordered": True},
        facet("contact", "Contact", "contact", CONTACTS, ordered=True),
    ]


def _layouts(payload: dict[str, Any]) -> list[dict[str, Any]]:
    nodes = payload["nodes"]
    layouts: list[dict[str, Any]] = [{"id": "communities", "label": "Communities"}]
    if not nodes["name"]:
        return layouts
    radius = np.array(nodes["size"])
    labels = [group["label"] for group in payload["groups"]]
    level = np.array([STEPS.index(role) for role in nodes["decision_role"]])
    stance = np.array([-1 if value is None else value + 2 for value in nodes["stance"]])
    layouts.append(_layout("groups", "By group", *packed_frames(np.array(nodes["group"]), labels, radius)))
    place = spread(level, np.array(nodes["x"]))
    titles = ["Decide", "Recommend", "Use", "No decision role known"]
    layouts.append(_layout("hierarchy", "By hierarchy", *banded(level, place, radius, titles)))
    axes = {"x": ["Opponent", "Neutral", "Advocate"], "y": ["less influence", "more influence"]}
    if (stance >= 0).any():
        layouts.append({**_layout("stance", "Stance × influence", *stance_layout(stance, radius)), "axes": axes})
    return layouts


def _layout(name: str, label: str, position: Any, frames: list[Frame]) -> dict[str, Any]:
    whole = np.round(position).astype(int)
    return {
        "id": name, "label": label, "x": whole[:, 0].tolist(), "y": whole[:, 1].tolist(),
        "frames": [frame.to_dict() for frame in frames],
    }  # fmt: skip


def _triggers(n: int, rng: random.Random) -> dict[str, Any]:
    chosen = list(range(2, n, 5))[:5]
    return {
        "notice": TRIGGER_NOTICE,
        "rows": [
            {
                "node": node,
                "rank": rank,
                "reach": round(9 / rank, 2),
                "reach_se": 0.05,
                "score": round(3 / rank, 2),
                "reason": rng.choice(REASONS),
                "event": rng.choice(("", "Formulary review")),
                "window": rng.choice((None, ["2026-09-01", "2026-10-15"])),
                "through": rng.choice(("", "Contact so far: brief")),
            }
            for rank, node in enumerate(chosen, start=1)
        ],
        "refused": [{"node": node, "reason": "decides, do not target: regulator"} for node in range(1, n, 11)],
    }


def _job(rng: random.Random, k: int) -> dict[str, Any]:
    point = round(rng.uniform(6, 16), 1)
    return {
        "statement": f"Shorten step {k} of the pathway",
        "category": "Clinical",
        "stage": "Diagnosis",
        "opportunity": point,
        "quartile": round(point - 0.6, 1),
        "low": round(point - 1.5, 1),
        "high": round(point + 1.5, 1),
        "n": 40,
        "form": rng.choice(("top box", "mean")),
        "band": rng.choice(("strong", "")),
    }


def _values(rng: random.Random) -> list[dict[str, Any]]:
    return [
        {"type": "Clinical", "perspective": "received", "share": 0.12, "amount": None},
        {"type": "Economic", "perspective": "at risk", "share": None, "amount": f"EUR {rng.randrange(900):,}"},
    ]


def _notes(n: int) -> list[dict[str, Any]]:
    notes: list[dict[str, Any]] = [{"text": "The merger is planned for autumn.", "node": None, "date": ""}]
    return [*notes, {"text": "Prefers short papers.", "node": 0, "date": "2026-05-02"}] if n else notes
