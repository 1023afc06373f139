"""Page payloads made up for tests: fictional people and companies, the same on every run."""

from __future__ import annotations

import math
import random
from typing import Any

from account_extras import enriched

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
    payload = {
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
    return enriched(payload)


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
    for column in ("name", "title", "org", "decision_role", "contact", "care_setting", "last_contact"):
        payload["nodes"][column] = texts
    count = len(payload["ties"]["source"])
    for column in ("kind", "evidence", "confirmed", "since", "until", "note"):
        payload["ties"][column] = [HOSTILE[i % len(HOSTILE)] for i in range(count)]
    for table in ("layers", "communities", "groups", "measures", "facets", "layouts"):
        for i, entry in enumerate(payload[table]):
            entry["label"] = HOSTILE[i % len(HOSTILE)]
    _hostile_details(payload)
    for i, layer in enumerate(payload["layers"]):
        layer["id"] = HOSTILE[i]
    payload.update(title=HOSTILE[0], subtitle=HOSTILE[1], notice=HOSTILE[2], lead=HOSTILE[7], findings=list(HOSTILE))
    return payload


def _hostile_details(payload: dict[str, Any]) -> None:
    """Attacks in everything which a page shows on demand."""
    for facet in payload["facets"]:
        facet["values"] = [HOSTILE[i % len(HOSTILE)] for i in range(len(facet["values"]))]
    for layout in payload["layouts"][1:]:
        for i, frame in enumerate(layout["frames"]):
            frame["label"] = HOSTILE[i % len(HOSTILE)]
    details = [*payload["triggers"]["rows"], *payload["triggers"]["refused"], *payload["notes"]]
    details += [row for rows in (*payload["jobs"].values(), *payload["values"].values()) for row in rows]
    for i, row in enumerate(details):
        row.update({key: HOSTILE[i % len(HOSTILE)] for key, value in row.items() if isinstance(value, str)})
    payload["before"] = {"label": HOSTILE[0], "gone": [{"name": HOSTILE[1], "group": HOSTILE[0], "rank": 1}],
                         "summary": list(HOSTILE)}  # fmt: skip


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
        "recipe": _recipe() if n else None,
        "links": [{"label": "All accounts", "href": "index.html"}],
    }


def _recipe() -> dict[str, Any]:
    """Four choices, the first two of which cannot be told apart."""
    factors = [
        ("weights of nodes", "each changed at random, 90 % of the time within −22 to +28 %", 0.71),
        ("form of the composite", "arithmetic, geometric or harmonic", 0.62),
        ("weights of indicators", "each changed at random, 90 % of the time within −22 to +28 %", 0.25),
        ("goalposts", "each moved by up to 10 % of their distance", 0.02),
    ]
    return {
        "recipes": 2_000,
        "interval": "90 % robustness interval",
        "factors": [
            {"name": name, "words": words, "first": total / 3, "total": total, "total_low": max(0.0, total - 0.1),
             "total_high": total + 0.1}
            for name, words, total in factors
        ],
        "findings": ["Aurelis is first under 99 % of the recipes tried."],
        "notes": ["12 of 2,000 recipes failed and count nowhere: a mean meets 0 (12)."],
    }  # fmt: skip


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
        "recipe_low": max(1, i - 1) if is_ranked else None,
        "recipe_high": min(ranked, i + 2) if is_ranked else None,
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
        "triggers": {
            "href": "triggers.html",
            "accounts": n,
            "headline": "In 18 of them a window opens within 90 days.",
        },
        "archetypes": {
            "href": "archetypes.html",
            "named": n * 3 // 4,
            "accounts": n,
            "headline": "Clinical Network Builder is the most frequent.",
        },
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
    for i, factor in enumerate(payload["recipe"]["factors"]):
        factor.update(name=HOSTILE[i], words=HOSTILE[6 - i])
    payload["recipe"].update(findings=list(HOSTILE), notes=list(HOSTILE))
    return payload | {"title": HOSTILE[0], "subtitle": HOSTILE[1], "notice": HOSTILE[7], "findings": list(HOSTILE)}


def hostile_portal() -> dict[str, Any]:
    """An index in which every text from data is an attack or a nuisance."""
    payload = portal()
    for i, entry in enumerate(payload["accounts"]):
        entry.update(name=HOSTILE[i % len(HOSTILE)], kind=HOSTILE[0], most_influential=HOSTILE[1])
    for card in ("triggers", "archetypes"):
        payload[card]["headline"] = HOSTILE[1]
    payload["benchmark"]["leader"] = HOSTILE[1]
    return payload | {"title": HOSTILE[0], "subtitle": HOSTILE[1], "notice": HOSTILE[7], "findings": HOSTILE[:3]}


PLACES = (
    "Northmere", "Harrow", "Calder", "Aldhelm", "Westbrook", "Ashdown", "Fenmoor", "Larkhill", "Penrose", "Stourton",
)  # fmt: skip
SYSTEMS = ("Health System", "Care Group", "Cancer Network")
CONDUCT = (
    "For human review: no automated decision. A trigger is a reason to talk to somebody, not a verdict on them; "
    "whoever decides about treatment is listed as such and is not targeted."
)
REASONS = {
    "decision": "Chairs the formulary committee, which decides in September.",
    "diffusion": "Four in ten colleagues follow within two steps; neutral so far and an early adopter.",
    "timing": "The contract is renewed in this window, and nobody of ours has been in touch.",
    "job": "Rates “fewer re-admissions” as important and badly served (opportunity 14 of 20).",
}
EVENTS = ("", "Formulary review (2026-09-01 to 2026-10-15)", "Contract renewal (2026-08-15 to 2026-09-30)")
THROUGH = ("", "Regular contact · owner Priya Haddad", "Brief contact so far · no owner")
REFUSALS = ("Decides about treatment: do not target", "Objected to being contacted", "No lawful basis is recorded")
METHODS = (("These triggers", 1.0), ("Most influential (PageRank)", 0.9), ("Most ties", 0.97), ("Random", 0.5))


def person(rng: random.Random) -> str:
    """A fictional name."""
    return f"{rng.choice(FIRST)} {rng.choice(LAST)}"


def triggers(n: int = 6, rows: int = 5, seed: int = 11) -> dict[str, Any]:
    """Whom to engage next in ``n`` accounts; in the third nobody can be recommended, in the second others reach more.

    The first account has an event, a way in and a share in every row.
    """
    rng = random.Random(seed)
    accounts = [_triggers_of(rng, i, 0 if i == 2 else rows) for i in range(n)]
    total = sum(len(account["rows"]) for account in accounts)
    return {
        "page": "triggers",
        "title": "Trigger points",
        "subtitle": f"{n} accounts · {total} triggers · as of 2026-06-30",
        "notice": "Synthetic data: every name is fictional.",
        "findings": [
            "In 18 of 24 accounts a window opens within 90 days.",
            "Half of all triggers are one brief contact away from action.",
        ],
        "conduct": CONDUCT,
        "accounts": accounts,
        "links": [{"label": "All accounts", "href": "index.html"}],
    }


def _triggers_of(rng: random.Random, i: int, count: int) -> dict[str, Any]:
    best = rng.uniform(3, 30)
    factor = 0.7 if i == 1 else 1.0
    refused = [{"name": person(rng), "reason": rng.choice(REFUSALS)} for _ in range(rng.randrange(4, 16))]
    return {
        "name": f"{PLACES[i % 10]} {SYSTEMS[i // 10 % 3]}",
        "href": f"accounts/account-{i}.html",
        "rows": [_trigger(rng, rank, best * 0.86 ** (rank - 1)) for rank in range(1, count + 1)],
        "refused": refused,
        "comparison": [
            {
                "method": method,
                "reach": 2.4 * best * share * (factor if k == 0 else rng.uniform(0.6, 1)),
                "se": 0.02 * best,
            }
            for k, (method, share) in enumerate(METHODS)
        ],
    }


def _trigger(rng: random.Random, rank: int, reach: float) -> dict[str, Any]:
    kind = rng.choice(tuple(REASONS))
    factors = {name: round(rng.uniform(0.2, 1), 2) for name in ("movability", "timing", "actionability")}
    return {
        "rank": rank,
        "name": person(rng),
        "role": rng.choice(TITLES),
        "organisation": rng.choice(ORGS),
        "reach": reach,
        "reach_se": rng.uniform(0.01, 0.06) * reach,
        "reach_share": 0.2 * 0.86**rank,
        **factors,
        "score": reach * math.prod(factors.values()),
        "type": kind,
        "reason": REASONS[kind],
        "event": EVENTS[1] if kind == "timing" else rng.choice(EVENTS),
        "through": rng.choice(THROUGH),
    }


def hostile_triggers() -> dict[str, Any]:
    """Trigger points in which every text from data is an attack or a nuisance."""
    payload = triggers(len(HOSTILE), rows=len(HOSTILE))
    for i, account in enumerate(payload["accounts"]):
        account["name"] = HOSTILE[i]
        for k, row in enumerate(account["rows"]):
            row.update(dict.fromkeys(("name", "role", "organisation", "reason", "event", "through"), HOSTILE[k]))
        account["rows"][3:4] = [row | {"type": HOSTILE[0]} for row in account["rows"][3:4]]
        for k, each in enumerate(account["refused"]):
            each.update(name=HOSTILE[k % len(HOSTILE)], reason=HOSTILE[i])
        for each in account["comparison"]:
            each["method"] = HOSTILE[i]
    texts = {"title": HOSTILE[0], "subtitle": HOSTILE[1], "notice": HOSTILE[7], "conduct": HOSTILE[0]}
    return payload | texts | {"findings": list(HOSTILE)}


ARCHETYPES = (
    ("M1", "System Value Partner", "Integrated and centralised, carries risk, open to a partner", "Co-development"),
    ("M2", "Access Negotiator", "A payer or formulary controls; clinicians have little latitude", "Orchestrated"),
    ("M3", "Clinical Network Builder", "Led by experts, hub and spoke", "Orchestrated"),
    ("M4", "Pathway Redesigner", "Many organisations and settings; patients are lost early", "Co-development"),
    ("M5", "Patient Access Accelerator", "The decision is won; loss at coverage and start", "Targeted and service"),
    ("M6", "Digital Long Tail", "Dispersed, low potential, prefers digital", "Targeted"),
    ("M7", "Competitive Beachhead", "High potential, a rival is entrenched", "Targeted, then orchestrated"),
)
PERSONAS = ("Ecosystem lead", "Scientific partner", "Value and access lead", "Pathway designer", "Data partner")
FEATURES = (
    ("Decision centralisation", "how far influence lies with one person"),
    ("Integration", "organisations joined to the anchor by ownership or membership"),
    ("Payer control", "influence of payers, finance and pharmacy"),
    ("Clinical leadership", "influence of clinicians and researchers"),
    ("Cross-setting", "ties between different care settings"),
    ("Fragmentation", "how far the account falls into parts"),
    ("Value concentration", "how unevenly value is spread"),
    ("Unmet jobs", "important jobs which nobody serves well"),
    ("System jobs", "share of economic, system and operational jobs"),
    ("Upstream leak", "value lost before the decision"),
    ("Downstream leak", "value lost after the decision"),
    ("Advocacy", "stance of those who count"),
    ("Engagement", "share of key stakeholders in regular contact"),
    ("Digital affinity", "preference for digital channels"),
    ("Potential", "size of the opportunity"),
    ("Competition", "how strong rivals are"),
)
ENDINGS = ("blend", "none", "unknown")


def archetypes(n: int = 24, seed: int = 13) -> dict[str, Any]:
    """``n`` accounts by archetype; of every eight one is a blend, one like none and one not known well enough."""
    rng = random.Random(seed)
    accounts = [_archetype_of(rng, i) for i in range(n)]
    counts = [account["archetype_id"] for account in accounts if account["label"] in {a[1] for a in ARCHETYPES}]
    return {
        "page": "archetypes",
        "title": "Archetypes of accounts",
        "subtitle": f"{n} accounts · library default 1.0.0 · as of 2026-06-30",
        "notice": "Synthetic data: every name is fictional.",
        "findings": [f"{len(counts)} of {n} accounts have a name; the others are shown as what they are."],
        "archetypes": [
            {
                "id": i,
                "label": label,
                "when": when,
                "engagement": engagement,
                "personas": list(PERSONAS[k % 3 : k % 3 + 3]),
                "count": counts.count(i),
            }
            for k, (i, label, when, engagement) in enumerate(ARCHETYPES)
        ],
        "features": [
            {"id": f"f{k}", "label": label, "meaning": meaning} for k, (label, meaning) in enumerate(FEATURES, start=1)
        ],
        "accounts": accounts,
        "clusters": {"k": 4, "note": "Agrees with the archetypes in 17 of 24 accounts (adjusted Rand index 0.52)."},
        "links": [{"label": "All accounts", "href": "index.html"}],
    }


def _archetype_of(rng: random.Random, i: int) -> dict[str, Any]:
    ending = ENDINGS[i % 8] if i % 8 < 3 else "named"
    first = rng.choice((0, 0, 1, 2, 2, 2, 3, 4, 6))
    second = (first + 2) % 7
    labels = {
        "blend": f"Blend: {ARCHETYPES[first][1]} / {ARCHETYPES[second][1]}",
        "none": "no archetype fits",
        "unknown": "insufficient data",
        "named": ARCHETYPES[first][1],
    }
    missing = 0.7 if ending == "unknown" else 0.06
    p_first = {"blend": 0.38, "none": 0.24, "named": rng.uniform(0.42, 0.9)}.get(ending)
    return {
        "name": f"{PLACES[i % 10]} {SYSTEMS[i // 10 % 3]}",
        "href": f"accounts/account-{i}.html",
        "kind": rng.choice(("Integrated delivery network", "Hospital group", "Regional payer")),
        "label": labels[ending],
        "archetype_id": ARCHETYPES[first][0] if ending in {"named", "blend"} else None,
        "second": ARCHETYPES[second][1] if p_first else "",
        "p_first": p_first,
        "p_second": p_first and 0.6 * min(p_first, 1 - p_first),
        "distance": rng.uniform(0.05, 0.3) if p_first else None,
        "features": {
            f"f{k}": None
            if rng.random() < missing
            else min(1.0, max(0.0, rng.gauss(0.5 + 0.1 * ((first + k) % 5 - 2), 0.2)))
            for k in range(1, 17)
        },
        "reasons": [f"{FEATURES[(first * 3 + k) % 16][0]} is {('high', 'low')[k % 2]} here" for k in range(3)]
        if p_first
        else [],
        "cluster": first % 4 + 1 if ending != "unknown" else None,
    }


def hostile_archetypes() -> dict[str, Any]:
    """Archetypes in which every text from data is an attack or a nuisance."""
    payload = archetypes()
    for i, account in enumerate(payload["accounts"]):
        text = HOSTILE[i % len(HOSTILE)]
        account.update(name=text, kind=text, second=text, reasons=[text] * 3)
    payload["accounts"][3]["label"] = payload["accounts"][3]["archetype_id"] = HOSTILE[0]
    payload["accounts"][0]["label"] = f"Blend: {HOSTILE[1]}"
    for i, archetype in enumerate(payload["archetypes"]):
        archetype.update(dict.fromkeys(("label", "when", "engagement"), HOSTILE[i]), personas=list(HOSTILE))
    for i, feature in enumerate(payload["features"]):
        feature.update(dict.fromkeys(("label", "meaning"), HOSTILE[i % len(HOSTILE)]))
    payload["clusters"]["note"] = HOSTILE[0]
    return payload | {"title": HOSTILE[0], "subtitle": HOSTILE[1], "notice": HOSTILE[7], "findings": list(HOSTILE)}
