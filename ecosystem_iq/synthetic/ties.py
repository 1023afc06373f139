"""Ties of the reference map: who moves, advises, manages, joins, pays and opposes whom in each account."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from ecosystem_iq.synthetic.draw import AS_OF, Array, Rng, blank, chance, days_before, iso, mates, pick, words
from ecosystem_iq.synthetic.proof import cite
from ecosystem_iq.synthetic.shapes import SHAPES, Shape

Pairs = tuple[str, Array, Array]
"""Kind of tie, positions of its sources, positions of its targets."""

_BOTH_WAYS = ("collaborates", "coauthors", "competes", "conflicts")
_STRUCTURE = ("owns", "employs", "funds")
_EVIDENCE = {  # weights of observed, nominated, self-reported, documented, inferred
    "influences": (0.3, 0.35, 0.2, 0.05, 0.1),
    "advises": (0.3, 0.25, 0.2, 0.2, 0.05),
    "collaborates": (0.35, 0.25, 0.25, 0.1, 0.05),
    "refers_to": (0.1, 0.1, 0.2, 0.1, 0.5),
    "coauthors": (0.0, 0.0, 0.0, 0.7, 0.3),
    "competes": (0.3, 0.1, 0.3, 0.1, 0.2),
    "conflicts": (0.4, 0.1, 0.4, 0.0, 0.1),
}
_DOCUMENTED = (0.05, 0.0, 0.05, 0.85, 0.05)
_LAYERS = {"coauthors": "scientific", "refers_to": "pathway"}
_BY_GROUP = {
    "clinician": "clinical",
    "nursing": "clinical",
    "research_academia": "scientific",
    "pharmacy": "payment",
    "payer": "payment",
    "finance_procurement": "payment",
}


def ties(members: pd.DataFrame, accounts: pd.DataFrame, evidence: pd.DataFrame, rng: Rng) -> pd.DataFrame:
    """All ties, with strength, evidence and dates."""
    parts = []
    for account, shape in enumerate(accounts["_shape"]):
        local = _Local(members[members["_account"] == account], SHAPES[shape], rng)
        for kind, source, target in local.all():
            who = local.who
            parts.append(
                pd.DataFrame({"kind": kind, "_source": who[source], "_target": who[target], "_account": account})
            )
    table = _distinct(pd.concat(parts, ignore_index=True))
    group = members.drop_duplicates("_who").set_index("_who")["group"]
    table["_group"] = group.loc[table["_source"]].to_numpy()
    return _described(table, evidence, rng)


class _Local:
    """One account: arrays by position, and the draws of each kind of tie."""

    def __init__(self, rows: pd.DataFrame, shape: Shape, rng: Rng) -> None:
        self.who = rows["_who"].to_numpy()
        self.kind, self.group = rows["kind"].to_numpy(), rows["group"].to_numpy()
        self.setting, self.role = rows["care_setting"].to_numpy(), rows["_role"].to_numpy()
        self.unit, self.site = rows["_unit"].to_numpy(), rows["_site"].to_numpy()
        self.pull, self.head, self.home = rows["_pull"].to_numpy(), rows["_head"].to_numpy(), rows["_home"].to_numpy()
        self.person = self.kind == "person"
        self.shape, self.rng = shape, rng
        self.people = np.flatnonzero(self.person)
        self.account = np.zeros(len(rows), dtype=int)
        self.broker = chance(rng, shape.brokers, len(rows))

    def all(self) -> Iterator[Pairs]:
        """Every kind of tie in turn."""
        yield from self.influence()
        yield from self.work()
        yield from self.command()
        yield from self.membership()
        yield from self.structure()
        yield from self.opposition()

    def count(self, share: float) -> int:
        """That many ties for each person."""
        return max(1, round(share * len(self.people)))

    def where(self, *kinds: str) -> Array:
        """Positions of these kinds of stakeholder."""
        return np.flatnonzero(np.isin(self.kind, kinds))

    def choose(self, pool: Array, size: int, power: float = 0.0) -> Array:
        """Members of a pool, drawn by their pull to a power."""
        return pool[pick(self.rng, self.pull[pool] ** power, size)]

    def near(self, source: Array, inside: Array) -> Array:
        """A target for each source: in its unit with that probability, then at its site, then anywhere."""
        chance = self.rng.random(len(source))
        anywhere = mates(self.rng, self.account, source)
        site, unit = mates(self.rng, self.site, source), mates(self.rng, self.unit, source)
        return np.where(chance < inside, unit, np.where(chance < inside + (1 - inside) * 0.4, site, anywhere))

    def influence(self) -> Iterator[Pairs]:
        """Influence by pull, advice to those who decide."""
        movers = np.flatnonzero(np.isin(self.kind, ["person", "committee", "payer", "patient_group", "regulator"]))
        source = self.choose(movers, self.count(self.shape.density), 1.0)
        inside = np.where(self.broker, 0.15, self.shape.inside) / (1 + 0.1 * self.pull)
        yield "influences", source, self.near(source, inside[source])
        boards = np.flatnonzero(
            np.isin(self.role, ["decision_maker", "approver", "gatekeeper"]) | (self.kind == "committee")
        )
        size = self.count(0.5)
        yield "advises", self.choose(self.people, size, 1.0), self.choose(boards, size, 0.5)

    def work(self) -> Iterator[Pairs]:
        """Working together, publishing together, referring patients."""
        source = self.choose(self.people, self.count(1.5), 0.3)
        target = self.near(source, np.where(self.broker, 0.15, self.shape.inside)[source])
        yield "collaborates", source[self.person[target]], target[self.person[target]]
        science = np.flatnonzero(self.person & np.isin(self.group, ["clinician", "research_academia"]))
        size = self.count(0.55)
        yield "coauthors", self.choose(science, size, 1.0), self.choose(science, size, 1.0)
        clinicians = np.flatnonzero(self.person & (self.group == "clinician"))
        first = clinicians[np.isin(self.setting[clinicians], ["primary", "community", "home", "pharmacy"])]
        later = clinicians[np.isin(self.setting[clinicians], ["secondary", "tertiary"])]
        size = self.count(self.shape.referrals)
        source = self.choose(first if len(first) else clinicians, size)
        yield "refers_to", source, self.choose(later if len(later) else clinicians, size, 1.0)

    def command(self) -> Iterator[Pairs]:
        """Lines of report: staff to the head of the unit, heads to the head of the site, sites to head office."""
        boss = {self.unit[i]: i for i in np.flatnonzero(self.head & self.home)}
        top = boss.get(self.who[self.where("organisation")[0]])
        chain = np.full(len(self.who), -1)
        for i in self.people[self.home[self.people]]:
            above = boss.get(self.site[i], top) if self.head[i] else boss.get(self.unit[i], boss.get(self.site[i]))
            above = top if above == i else above
            chain[i] = -1 if above is None or above == i else above
        payer = np.isin(self.group, ["payer", "patient_public"])
        kept = (chain >= 0) & chance(self.rng, 0.9, len(chain)) & ~(self.head & payer)
        yield "reports_to", np.flatnonzero(kept), chain[kept]

    def membership(self) -> Iterator[Pairs]:
        """Seats on committees, and staff of departments."""
        boards = np.repeat(self.where("committee"), self.rng.integers(6, 10, len(self.where("committee"))))
        fits = self.people[
            np.isin(self.role[self.people], ["decision_maker", "approver", "gatekeeper", "evaluator", "influencer"])
        ]
        yield "member_of", self.choose(fits, len(boards), 0.4), boards
        position = {who: i for i, who in enumerate(self.who)}
        staff = self.people[chance(self.rng, 0.6, len(self.people))]
        home = np.array([position.get(unit, i) for i, unit in zip(staff, self.unit[staff], strict=True)], dtype=int)
        inside = np.isin(self.kind[home], ["department", "payer", "patient_group"])
        yield "member_of", staff[inside], home[inside]

    def structure(self) -> Iterator[Pairs]:
        """Owners, employers and funders."""
        sites = self.where("organisation")[1:]
        owned = chance(self.rng, self.shape.owned, len(sites))
        anchor = self.where("organisation")[:1]
        yield "owns", np.repeat(anchor, owned.sum()), sites[owned]
        loose = sites[~owned]
        joined = loose[chance(self.rng, 0.5, len(loose))]
        yield "member_of", joined, np.repeat(anchor, len(joined))
        payers, staff = self.where("payer"), self.people[chance(self.rng, 0.35, len(self.people))]
        position = {who: i for i, who in enumerate(self.who)}
        employer = np.array([position.get(site, 0) for site in self.site[staff]], dtype=int)
        yield "employs", employer, staff
        funded = sites[chance(self.rng, 0.7, len(sites))]
        yield "funds", self.choose(payers, len(funded)), funded
        yield "funds", self.where("programme"), self.choose(self.where("department"), len(self.where("programme")))

    def opposition(self) -> Iterator[Pairs]:
        """Rival sites, people at odds, and a few who move others to refuse."""
        sites, size = self.where("organisation")[1:], self.count(self.shape.conflicts * 2)
        yield "competes", self.choose(sites, size), self.choose(sites, size)
        size = self.count(self.shape.conflicts)
        yield "conflicts", self.choose(self.people, size, 0.5), self.choose(self.people, size, 0.5)


def _distinct(table: pd.DataFrame) -> pd.DataFrame:
    """No self ties, no tie twice; ties without direction count as the same both ways round."""
    low = table[["_source", "_target"]].min(axis=1)
    high = table[["_source", "_target"]].max(axis=1)
    undirected = table["kind"].isin(_BOTH_WAYS)
    table["_one"] = table["_source"].where(~undirected, low)
    table["_two"] = table["_target"].where(~undirected, high)
    table = table[table["_source"] != table["_target"]]
    scope = table["_account"].where(~table["kind"].isin([*_STRUCTURE, "member_of"]), -1)
    twice = table.assign(_scope=scope).duplicated(["kind", "_one", "_two", "_scope"])
    return table[~twice].reset_index(drop=True)


def _described(table: pd.DataFrame, evidence: pd.DataFrame, rng: Rng) -> pd.DataFrame:
    """Strength, layer, sign, direction, evidence and dates of each tie."""
    count, kind = len(table), table["kind"].to_numpy()
    structural = np.isin(kind, [*_STRUCTURE, "member_of"])
    table["layer"] = _layers(kind, table["_group"].to_numpy())
    raw = rng.beta(2.2, 2.0, count)
    table["strength"] = blank((raw * 20).round().clip(1, 20) / 20, structural & chance(rng, 0.5, count))
    against = (kind == "influences") & chance(rng, 0.015, count)
    table["sign"] = blank(np.full(count, "negative", dtype=object), ~against)
    mutual = (kind == "influences") & chance(rng, 0.03, count)
    direction = np.where(np.isin(kind, _BOTH_WAYS), "undirected", np.where(mutual, "mutual", "directed")).astype(object)
    table["direction"] = blank(direction, kind == "member_of")
    table["evidence_kind"] = _evidence_kinds(kind, rng)
    table["n_sources"] = 1 + rng.poisson(np.where(table["evidence_kind"] == "documented", 1.2, 0.7))
    _dates(table, rng)
    surer = {"observed": 0.75, "nominated": 0.65, "self_reported": 0.55, "documented": 0.85, "inferred": 0.45}
    base = table["evidence_kind"].map(surer).to_numpy(dtype=float) + 0.06 * (table["n_sources"].to_numpy() - 1)
    table["confidence"] = (base + 0.08 * rng.standard_normal(count)).clip(0.2, 0.98).round(2)
    table["evidence_id"] = cite(evidence, table["_account"].to_numpy(), table["evidence_kind"].to_numpy(), rng)
    return table


def _layers(kind: Array, group: Array) -> Array:
    """What a tie is about; blank where the kind says it all."""
    by_group = np.array([_BY_GROUP.get(name, "organisational") for name in group], dtype=object)
    by_kind = np.array([_LAYERS.get(name) for name in kind], dtype=object)
    return np.where(np.isin(kind, ["influences", "advises"]), by_group, by_kind)


def _evidence_kinds(kind: Array, rng: Rng) -> Array:
    """How each tie is known."""
    result = np.empty(len(kind), dtype=object)
    choices = ("observed", "nominated", "self_reported", "documented", "inferred")
    for name in sorted(set(kind)):
        rows = kind == name
        result[rows] = words(rng, choices, int(rows.sum()), _EVIDENCE.get(name, _DOCUMENTED))
    return result


def _dates(table: pd.DataFrame, rng: Rng) -> None:
    """Since when a tie holds, until when if it has ended, and when it was last confirmed: a few long ago."""
    count = len(table)
    confirmed = np.minimum(rng.exponential(170.0, count), 1000).astype(int)
    began = confirmed + rng.integers(30, 1500, count)
    ended = chance(rng, 0.02, count)
    end = np.where(ended, np.minimum(rng.integers(1, 300, count), confirmed), 0)
    table["valid_from"] = iso(days_before(began))
    table["last_confirmed"] = iso(days_before(confirmed))
    table["valid_to"] = blank(iso(AS_OF - end.astype("timedelta64[D]")), ~ended)
