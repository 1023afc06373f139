"""Page payloads made up for tests: fictional people and companies, the same on every run."""

from __future__ import annotations

import math
import random
from typing import Any

FIRST = [
    "Dana",
    "Elif",
    "Zoë",
    "Keiko",
    "Dimitri",
    "Lena",
    "Oskar",
    "Hana",
    "Nadia",
    "Priya",
    "Goran",
    "Tariq",
    "Uma",
    "Viktor",
    "Wanjiru",
    "Quentin",
    "Rosa",
    "Bram",
    "Amara",
    "Jonas",
]
LAST = [
    "Whitlock",
    "Kowalski",
    "Zhang",
    "Petrov",
    "Eriksen",
    "Okafor",
    "Ó-Briain",
    "Tanaka",
    "Lindqvist",
    "Castillo",
    "Yilmaz",
    "Fontaine",
    "Moreau",
    "Haddad",
    "Dubois",
]
ORGS = ("Northmere Trust", "Harrow Vale Board", "St Aldhelm's Hospital", "Calder Practice Group")
TITLES = (
    "Clinical lead",
    "Formulary pharmacist",
    "Commissioning manager",
    "Chief nurse",
    "Professor",
    "Patient representative",
)
GROUPS = (
    ("clinician", "Clinician"), ("pharmacy", "Pharmacy"), ("nursing", "Nursing"), ("executive", "Executive"),
    ("finance_procurement", "Finance and procurement"), ("payer", "Payer"), ("policy", "Policy"),
    ("patient_public", "Patients and public"), ("research_academia", "Research"), ("digital_it", "Digital and IT"),
    ("quality_pathway", "Quality and pathways"), ("supplier", "Supplier"), ("own_company", "Own company"),
    ("other", "Other"),
)  # fmt: skip
LAYERS = (
    ("advises", "Advises", False),
    ("reports_to", "Reports to", False),
    ("collaborates", "Collaborates", False),
    ("competes", "Competes", False),
    ("owns", "Owns", True),
)
HOSTILE = (
    "</script><script>document.title='pwned'</script>",
    "<img src=x onerror=\"document.title='pwned'\">",
    "{{7*7}}{% raw %}",
    "line\u2028separator\u2029paragraph",
    "\u202eright to left\u202c שלום مرحبا",
    "🧬🩺 emoji",
    "N" * 500,
    "<!-- comment --> ]]> & \" ' `${1+1}`",
    "back\\slash \\u003c \x00 null",
    "",
)


def account(n: int = 60, degree: float = 3.4, communities: int = 7, seed: int = 7) -> dict[str, Any]:
    """An account of ``n`` stakeholders in communities, most influential first."""
    rng = random.Random(seed)
    communities = max(1, min(communities, n // 4)) if n else 0
    community = [rng.randrange(communities) for _ in range(n)]
    weight = [1 / (i + 3) ** 0.6 for i in range(n)]
    ties = _ties(rng, community, int(n * degree / 1.4) if n > 1 else 0)
    group = [min(int(rng.expovariate(0.35)), 13) for _ in range(n)]
    names = [f"{rng.choice(FIRST)} {rng.choice(LAST)}" for _ in range(n)]
    degrees = [0] * n
    for end in ties["source"] + ties["target"]:
        degrees[end] += 1
    x, y = _positions(rng, community, communities)
    total = sum(weight)
    nodes = {
        "name": names,
        "group": group,
        "title": [rng.choice(TITLES) for _ in range(n)],
        "org": [rng.choice(ORGS) for _ in range(n)],
        "decision_role": [rng.choice(("", "Approver", "Recommender", "User")) for _ in range(n)],
        "stance": [rng.choice((-2, -1, 0, 1, 2, None)) for _ in range(n)],
        "contact": [rng.choice(("", "None so far", "Regular", "Trusted adviser")) for _ in range(n)],
        "influence": [w / total for w in weight],
        "rank": list(range(1, n + 1)),
        "rank_low": [max(1, i - i // 4) for i in range(1, n + 1)],
        "rank_high": [min(n, i + 2 + i // 3) for i in range(1, n + 1)],
        "percentile": [round(100 * (n - i) / n) for i in range(n)],
        "community": community,
        "x": x,
        "y": y,
        "size": [round(5 + 17 * math.sqrt(w / weight[0]) ** 1.6, 2) for w in weight],
        "ties": degrees,
    }
    count = len(ties["source"])
    return {
        "page": "account",
        "title": "Northmere Health System",
        "subtitle": f"{n} stakeholders · {count} ties · as of 2026-06-30",
        "notice": "Synthetic data: every name is fictional.",
        "lead": "Influence follows who moves whom: a few clinicians and one pharmacist shape most decisions here.",
        "findings": [f"{name} is the most influential (rank 1, 90 % 1–3)." for name in names[:1]],
        "groups": [{"id": i, "label": label, "count": group.count(k)} for k, (i, label) in enumerate(GROUPS)],
        "layers": [
            {"id": i, "label": label, "count": ties["layer"].count(k), "structure": structure}
            for k, (i, label, structure) in enumerate(LAYERS)
        ],
        "communities": [
            {"label": f"Community around {names[community.index(c)]}", "count": community.count(c)}
            for c in range(communities)
        ],
        "nodes": nodes,
        "ties": ties,
        "links": [{"label": "All accounts", "href": "../index.html"}],
    }  # fmt: skip


def _ties(rng: random.Random, community: list[int], count: int) -> dict[str, list[Any]]:
    n = len(community)
    ties: dict[str, list[Any]] = {
        key: []
        for key in [
            "source",
            "target",
            "kind",
            "layer",
            "sign",
            "mutual",
            "structure",
            "probability",
            "strength",
            "confidence",
            "confirmed",
            "evidence",
        ]
    }
    while len(ties["source"]) < count:
        # Squaring favours the influential, as preferential attachment does.
        source, target = int(n * rng.random() ** 2), rng.randrange(n)
        if source == target or (community[source] != community[target] and rng.random() < 0.86):
            continue
        layer = rng.choices(range(5), (5, 3, 4, 1, 1))[0]
        row = (source, target, LAYERS[layer][1].lower(), layer, -1 if layer == 3 else 1, layer == 2, layer == 4)
        for key, value in zip(ties, row, strict=False):
            ties[key].append(value)
        ties["probability"].append(round(rng.uniform(0.02, 0.6), 3) if layer < 3 else None)
        ties["strength"].append(rng.choice((0.25, 0.5, 0.75, 1.0, None)))
        ties["confidence"].append(rng.choice((0.6, 0.8, 0.95, None)))
        ties["confirmed"].append(rng.choice(("2026-05-01", "2026-02-14", "")))
        ties["evidence"].append(rng.choice(("", "Board minutes, May 2026", "Two interviews")))
    return ties


def _positions(rng: random.Random, community: list[int], communities: int) -> tuple[list[float], list[float]]:
    """Islands on an ellipse (one in its middle), people on a sunflower inside each."""
    sizes = [community.count(c) for c in range(communities)]
    radius = [26 * math.sqrt(size) + 30 for size in sizes]
    ring = max(radius, default=0) * (1.5 if communities > 3 else 1.2) * max(1, communities / 6)
    x, y, seen = [], [], [0] * communities
    for c in community:
        k = seen[c]
        seen[c] += 1
        angle, reach = k * 2.399963 + c, (radius[c] - 30) * math.sqrt((k + 0.5) / sizes[c])
        around = 2 * math.pi * c / max(1, communities - 1)
        middle = c == communities - 1 and communities > 3
        x.append(
            round((0 if middle else 1.45 * ring * math.cos(around)) + reach * math.cos(angle) + rng.uniform(-4, 4), 2)
        )
        y.append(round((0 if middle else ring * math.sin(around)) + reach * math.sin(angle) + rng.uniform(-4, 4), 2))
    return x, y


def hostile_account() -> dict[str, Any]:
    """An account in which every text from data is an attack or a nuisance."""
    payload = account(24)
    texts = [HOSTILE[i % len(HOSTILE)] for i in range(24)]
    for column in ("name", "title", "org", "decision_role", "contact"):
        payload["nodes"][column] = texts
    count = len(payload["ties"]["source"])
    for column in ("kind", "evidence", "confirmed"):
        payload["ties"][column] = [HOSTILE[i % len(HOSTILE)] for i in range(count)]
    for table in ("layers", "communities", "groups"):
        for i, entry in enumerate(payload[table]):
            entry["label"] = HOSTILE[i % len(HOSTILE)]
    for i, layer in enumerate(payload["layers"]):
        layer["id"] = HOSTILE[i]
    payload.update(title=HOSTILE[0], subtitle=HOSTILE[1], notice=HOSTILE[2], lead=HOSTILE[7], findings=list(HOSTILE))
    return payload


COMPANIES = (
    "Aurelis", "Boreal Therapeutics", "Cinder Bio", "Delphine Pharma", "Eastgate", "Fenwick Labs", "Galatea",
    "Halcyon Medicines", "Ionica", "Juniper & Rowe", "Kestrel Health", "Lumenta", "Marlowe Sciences",
)  # fmt: skip
DIMENSIONS = (
    ("value", "Value", "readiness"), ("evidence", "Evidence", "readiness"), ("insight", "Insight", "readiness"),
    ("partnership", "Partnership", "action"), ("engagement", "Engagement", "action"),
    ("organisation", "Organisation", "action"),
)  # fmt: skip


def benchmark(n: int = 13, unranked: int = 2, seed: int = 5) -> dict[str, Any]:
    """A benchmark of ``n`` companies, the last ``unranked`` of which have too little data."""
    rng = random.Random(seed)
    companies = [_company(rng, i, n - unranked, COMPANIES[i % 13]) for i in range(n)]
    quadrants = [c["quadrant"] for c in companies if c["ranked"]]
    names = ("leader", "aware, not pivoted", "active, under-informed", "traditional")
    return {
        "page": "benchmark",
        "title": "Ecosystem-IQ benchmark",
        "subtitle": f"{n} companies · framework ecosystem-iq 1.0.0 (hash 1a2b3c4d) · as of 2026-06-30",
        "notice": "Synthetic data: every name is fictional.",
        "axes": [{"id": "readiness", "label": "Readiness"}, {"id": "action", "label": "Action"}],
        "composite": {"id": "eiq", "label": "Ecosystem IQ"},
        "quadrants": {name: quadrants.count(name) for name in names},
        "dimensions": [{"id": i, "label": label, "axis": axis} for i, label, axis in DIMENSIONS],
        "companies": companies,
        "findings": [
            "Aurelis leads, but its interval overlaps with the next two.",
            "Most companies know more about their ecosystem than they act on.",
        ],
        "interval": "90 % measurement interval",
        "links": [{"label": "All accounts", "href": "index.html"}],
    }


def _company(rng: random.Random, i: int, ranked: int, name: str) -> dict[str, Any]:
    is_ranked = i < ranked
    readiness, action = 82 - 4.6 * i + rng.uniform(-5, 5), 66 - 4.1 * i + rng.uniform(-9, 9)
    readiness, action = min(98.0, max(4.0, readiness)), min(98.0, max(4.0, action))
    company: dict[str, Any] = {"name": name, "ranked": is_ranked}
    for key, value in (("eiq", math.sqrt(readiness * action)), ("readiness", readiness), ("action", action)):
        spread = rng.uniform(3, 8)
        company[key] = value if is_ranked else None
        company[f"{key}_low"] = max(0.0, value - spread) if is_ranked else None
        company[f"{key}_high"] = min(100.0, value + spread) if is_ranked else None
    quadrant = {(True, True): "leader", (True, False): "aware, not pivoted", (False, True): "active, under-informed"}
    return company | {
        "rank": i + 1 if is_ranked else None,
        "rank_low": max(1, i) if is_ranked else None,
        "rank_high": min(ranked, i + 3) if is_ranked else None,
        "tie_group": "abcdefghijklm"[i // 2 : i // 2 + 2] if is_ranked else "",
        "tied_with": [],
        "p_first": max(0.0, 0.7 - 0.3 * i) if is_ranked else None,
        "gap": readiness - action if is_ranked else None,
        "quadrant": quadrant.get((readiness >= 50, action >= 50), "traditional") if is_ranked else "",
        "quadrant_probability": rng.uniform(0.55, 0.99) if is_ranked else None,
        "band": ("strong" if readiness > 70 else "fair" if readiness > 45 else "weak") if is_ranked else "",
        "data_coverage": rng.uniform(0.7, 1.0) if is_ranked else rng.uniform(0.1, 0.35),
        "dimensions": {
            d: min(100.0, max(0.0, readiness + rng.uniform(-18, 18))) if is_ranked else None for d, _, _ in DIMENSIONS
        },
    }


def portal(n: int = 24, seed: int = 3) -> dict[str, Any]:
    """An index of ``n`` accounts."""
    rng = random.Random(seed)
    places = [
        "Northmere",
        "Harrow",
        "Calder",
        "Aldhelm",
        "Westbrook",
        "Ashdown",
        "Fenmoor",
        "Larkhill",
        "Penrose",
        "Stourton",
        "Tamsin",
        "Ulverly",
    ]
    kinds = ("Integrated delivery network", "Hospital group", "Commissioning board", "Practice network")
    accounts = [
        {
            "name": f"{places[i % 12]} {('Health System', 'Care Group')[i // 12 % 2]}",
            "href": f"accounts/account-{i}.html",
            "kind": rng.choice(kinds),
            "stakeholders": rng.randrange(12, 240),
            "ties": rng.randrange(30, 800),
            "most_influential": f"{rng.choice(FIRST)} {rng.choice(LAST)}",
            "branching": round(rng.uniform(0.2, 1.6), 2),
        }
        for i in range(n)
    ]
    return {
        "page": "portal",
        "title": "Cardiology ecosystem",
        "subtitle": f"{n} accounts · 13 companies · 1,512 stakeholders · as of 2026-06-30",
        "notice": "Synthetic data: every name is fictional.",
        "findings": [
            "Influence is concentrated: one in ten stakeholders holds half of it.",
            "Six accounts are one well-placed conversation away from a cascade.",
            "Companies know more about their ecosystem than they act on.",
        ],
        "benchmark": {"href": "benchmark.html", "leader": "Aurelis", "companies": 13},
        "accounts": accounts,
        "tables": [{"label": f"{name}.csv", "href": f"tables/{name}.csv"} for name in ("influence", "ties", "scores")],
        "links": [],
    }


def hostile_benchmark() -> dict[str, Any]:
    """A benchmark in which every text from data is an attack or a nuisance."""
    payload = benchmark()
    for i, company in enumerate(payload["companies"]):
        company.update(name=HOSTILE[i % len(HOSTILE)], quadrant=HOSTILE[0], band=HOSTILE[1], tied_with=[HOSTILE[1]])
    for i, dimension in enumerate(payload["dimensions"]):
        dimension["label"] = HOSTILE[i]
    return payload | {"title": HOSTILE[0], "subtitle": HOSTILE[1], "notice": HOSTILE[7], "findings": list(HOSTILE)}


def hostile_portal() -> dict[str, Any]:
    """An index in which every text from data is an attack or a nuisance."""
    payload = portal()
    for i, entry in enumerate(payload["accounts"]):
        entry.update(name=HOSTILE[i % len(HOSTILE)], kind=HOSTILE[0], most_influential=HOSTILE[1])
    return payload | {"title": HOSTILE[0], "subtitle": HOSTILE[1], "notice": HOSTILE[7], "findings": HOSTILE[:3]}
