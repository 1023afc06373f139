"""What accounts of each shape do with value, needs and patients: seven kinds of behaviour.

As in ``shapes``: this steers how rows are drawn, and no feature of an account is written anywhere.
"""

from __future__ import annotations

from dataclasses import dataclass, field

CATEGORIES = ("clinical", "operational", "economic", "access", "patient", "system", "digital")
STAGES = ("awareness", "diagnosis", "decision", "access", "initiation", "adherence", "outcome")


@dataclass(frozen=True, slots=True)
class Behaviour:
    """How the rows of one account are drawn.

    Attributes
    ----------
    concentration : float
        Standard deviation of log value over members: small when value is spread, large when few have most of it.
    by_pull : float
        Power with which value follows those who move others.
    unmet : mapping of str to float
        Points of satisfaction which jobs of a category lack.
    lost : tuple of float
        Weights of the seven stages in the patients who are lost.
    loss : float
        Share of all patients who are lost.
    """

    concentration: float = 0.75
    by_pull: float = 0.15
    unmet: dict[str, float] = field(default_factory=dict)
    lost: tuple[float, ...] = (0.16, 0.20, 0.16, 0.16, 0.12, 0.12, 0.08)
    loss: float = 0.6


_ELSE = {"clinical": -0.8, "patient": -0.8, "access": -0.8, "digital": -0.8}  # served well while systems are not

BEHAVIOURS: dict[str, Behaviour] = {
    "centralised system": Behaviour(
        unmet={"system": 4.4, "operational": 4.0, "economic": 4.0, "digital": 1.2, "patient": 0.4, "clinical": 0.4},
    ),
    "payer controlled": Behaviour(
        unmet=_ELSE | {"economic": 4.6, "operational": 2.4, "system": 2.2},
        lost=(0.14, 0.16, 0.10, 0.34, 0.10, 0.08, 0.08),
    ),
    "expert hub and spoke": Behaviour(
        concentration=2.2,
        by_pull=0.9,
        unmet={"clinical": 2.0, "digital": 0.8, "system": 1.6, "economic": 0.8},
    ),
    "fragmented pathway": Behaviour(
        unmet=_ELSE | {"system": 4.6, "operational": 4.0, "economic": 2.0},
        lost=(0.34, 0.38, 0.08, 0.06, 0.05, 0.04, 0.05),
        loss=0.72,
    ),
    "access limited": Behaviour(
        unmet={"access": 3.0, "patient": 2.0, "economic": 1.4, "system": 1.2},
        lost=(0.04, 0.05, 0.03, 0.34, 0.26, 0.22, 0.06),
    ),
    "digital long tail": Behaviour(
        concentration=0.6,
        unmet={"digital": 2.6, "clinical": 0.6, "system": 1.4, "economic": 0.8},
        loss=0.5,
    ),
    "competitor entrenched": Behaviour(
        unmet={"clinical": 1.6, "system": 1.4, "economic": 1.2},
        lost=(0.16, 0.18, 0.20, 0.15, 0.12, 0.11, 0.08),
    ),
}
