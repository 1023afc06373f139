"""Seven ways an account can work, as behaviour: who owns whom, who pays, who moves whom, who is open.

They steer how rows are drawn. No feature of an account, and nothing of the archetypes, is written anywhere: whatever a
reader of the tables recognises was found in the rows.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Shape:
    """How the rows of one account are drawn.

    Attributes
    ----------
    places : tuple of (str, str)
        Kinds of account, each with the country where it lies.
    decider : str
        Group of the decision maker.
    sites, owned, payers : float
        Organisations and payers per member, and the share of organisations which the anchor owns.
    settings : mapping
        Weights of the organisations' care settings.
    groups, pull : mapping
        Weights of the persons' groups; factors on how strongly a group moves others.
    spread, hubs, chief : float
        Standard deviation of log pull; factors on the two strongest clinicians, and on the head of head office.
    density, inside, brokers : float
        Influence ties a member; share of them inside a unit; share of members who work across units.
    referrals : float
        Referral ties a person.
    stance, payer_stance : float
        Mean stance, and what payers and budget holders add to it.
    digital, openness, conflicts : float
        Share who prefer digital channels; factor on two-way contact; share of negative ties.
    competition, potential : float
        Strength of rivals; potential value in millions for 60 members.
    health, need, culture : str
        Words of the accounts table.
    """

    places: tuple[tuple[str, str], ...]
    settings: dict[str, float]
    groups: dict[str, float] = field(default_factory=dict)
    pull: dict[str, float] = field(default_factory=dict)
    decider: str = "executive"
    sites: float = 0.05
    owned: float = 0.6
    payers: float = 0.015
    spread: float = 0.9
    hubs: float = 1.0
    chief: float = 1.0
    density: float = 5.6
    inside: float = 0.5
    brokers: float = 0.05
    referrals: float = 0.45
    stance: float = 0.2
    payer_stance: float = -0.4
    digital: float = 0.4
    openness: float = 1.0
    conflicts: float = 0.008
    competition: float = 0.4
    potential: float = 6.0
    health: str = "stable"
    need: str = "healthcare_cost"
    culture: str = "hybrid"


BASE_GROUPS = {
    "clinician": 40.0,
    "nursing": 11.0,
    "pharmacy": 8.0,
    "executive": 6.0,
    "finance_procurement": 6.0,
    "payer": 4.0,
    "policy": 2.0,
    "patient_public": 4.0,
    "research_academia": 8.0,
    "digital_it": 5.0,
    "quality_pathway": 6.0,
}
BASE_PULL = {
    "executive": 1.6,
    "clinician": 1.2,
    "research_academia": 1.3,
    "pharmacy": 1.2,
    "payer": 1.3,
    "nursing": 0.7,
}

SHAPES: dict[str, Shape] = {
    "centralised system": Shape(
        places=(("idn", "US"), ("ics", "GB"), ("idn", "US")),
        settings={"tertiary": 1, "secondary": 3, "community": 2, "primary": 2},
        groups={"executive": 9.0, "quality_pathway": 9.0},
        pull={"executive": 3.5, "quality_pathway": 1.5},
        chief=5.0,
        owned=1.0,
        inside=0.4,
        stance=0.7,
        payer_stance=0.0,
        openness=1.15,
        competition=0.35,
        potential=11.0,
        health="strong",
        need="total_value",
        culture="centralised",
    ),
    "payer controlled": Shape(
        places=(("regional_payer", "DE"), ("aco", "US"), ("regional_payer", "NL")),
        settings={"secondary": 3, "community": 2, "primary": 2, "pharmacy": 1},
        groups={
            "payer": 16.0,
            "finance_procurement": 12.0,
            "pharmacy": 12.0,
            "clinician": 28.0,
            "research_academia": 2.0,
        },
        pull={"payer": 5.0, "finance_procurement": 3.5, "pharmacy": 3.5, "clinician": 0.6, "executive": 1.2},
        decider="payer",
        payers=0.05,
        stance=-0.1,
        payer_stance=-0.5,
        openness=0.85,
        potential=7.0,
        need="drug_price",
        culture="centralised",
    ),
    "expert hub and spoke": Shape(
        places=(("oncology_network", "FR"), ("hospital_group", "IT"), ("oncology_network", "SE")),
        settings={"tertiary": 1, "secondary": 4, "community": 2},
        groups={"clinician": 48.0, "research_academia": 15.0, "payer": 2.0, "finance_procurement": 3.0},
        pull={"clinician": 1.6, "research_academia": 2.2, "executive": 1.0, "payer": 0.5, "finance_procurement": 0.5},
        spread=1.1,
        hubs=6.0,
        inside=0.4,
        referrals=0.9,
        stance=0.5,
        openness=1.1,
        potential=8.0,
    ),
    "fragmented pathway": Shape(
        places=(("ics", "GB"), ("aco", "US"), ("ics", "GB")),
        settings={"tertiary": 1, "secondary": 2, "community": 3, "primary": 4, "home": 1, "pharmacy": 2},
        sites=0.12,
        owned=0.1,
        inside=0.8,
        brokers=0.1,
        referrals=0.9,
        density=5.0,
        conflicts=0.012,
        potential=6.0,
        need="healthcare_cost",
        culture="decentralised",
    ),
    "access limited": Shape(
        places=(("idn", "US"), ("oncology_network", "ES"), ("clinic_chain", "IT")),
        settings={"secondary": 3, "community": 2, "pharmacy": 2, "home": 2},
        groups={"payer": 7.0, "patient_public": 7.0, "pharmacy": 11.0},
        stance=1.0,
        payer_stance=-0.9,
        openness=1.1,
        potential=7.0,
        health="weak",
        need="drug_price",
    ),
    "digital long tail": Shape(
        places=(("clinic_chain", "US"), ("clinic_chain", "ES"), ("clinic_chain", "DE")),
        settings={"primary": 5, "community": 4, "pharmacy": 1},
        groups={"clinician": 52.0, "executive": 3.0, "research_academia": 2.0},
        sites=0.14,
        owned=0.15,
        spread=0.5,
        inside=0.75,
        brokers=0.02,
        density=3.9,
        referrals=0.5,
        stance=0.1,
        digital=0.85,
        openness=0.8,
        potential=1.6,
        culture="decentralised",
    ),
    "competitor entrenched": Shape(
        places=(("hospital_group", "DE"), ("oncology_network", "IT"), ("hospital_group", "SE")),
        settings={"tertiary": 1, "secondary": 4},
        pull={"clinician": 1.5, "executive": 2.0},
        stance=-0.7,
        payer_stance=0.0,
        openness=0.5,
        conflicts=0.03,
        competition=0.85,
        potential=12.0,
        health="strong",
    ),
}
