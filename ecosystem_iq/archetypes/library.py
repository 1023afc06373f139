"""The library of archetypes: features with their goalposts, prototypes, and the rule which gives a name.

A library is a TOML file. Its features are the sixteen of :func:`~ecosystem_iq.archetypes.account_features`; a library
says how each becomes a number in 0-1 (*goalposts*), what it is called, and which archetype wants it high or
low. A choice is changed by changing the file, or the value, and running again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

FEATURES = tuple(f"f{number}" for number in range(1, 17))
UNITS = ("percent", "number", "stance", "money")
TYPICAL = 0.5


@dataclass(frozen=True, slots=True)
class Feature:
    """One feature of an account.

    Attributes
    ----------
    id, label, meaning : str
    reason : str
        Sentence with ``{value}``, the raw value in plain units.
    unit : {"percent", "number", "stance", "money"}
        ``money``: the raw value is the base-10 logarithm of an amount.
    low, typical, high : float
        Raw values which become 0, .5 and 1, rising.
    """

    id: str
    label: str
    meaning: str
    reason: str
    unit: str
    low: float
    typical: float
    high: float


@dataclass(frozen=True, slots=True)
class Prototype:
    """One archetype.

    Attributes
    ----------
    id, label, when, engagement, platform : str
    high, low : tuple of str
        Features which it wants high, and low; all others are typical.
    personas : tuple of str
        Lead first.
    """

    id: str
    label: str
    when: str = ""
    high: tuple[str, ...] = ()
    low: tuple[str, ...] = ()
    engagement: str = ""
    personas: tuple[str, ...] = ()
    platform: str = ""


@dataclass(frozen=True, slots=True)
class Naming:
    """When an account gets a name.

    Attributes
    ----------
    tau : float
        Softness of memberships ``softmax(-d² / tau²)``.
    min_membership, min_lead : float
        Least membership of the first, and its lead over the second.
    max_distance : float
    min_features, min_weight : float
        Features which must be known, and share of the prototype's weight on known ones.
    """

    tau: float
    min_membership: float = 0.4
    min_lead: float = 0.1
    max_distance: float = 0.2
    min_features: float = 8
    min_weight: float = 0.6


@dataclass(frozen=True)
class Library:
    """Features, prototypes and the naming rule as one value.

    Attributes
    ----------
    id, version, title : str
    features : tuple of Feature
        ``f1`` to ``f16``, in this order.
    prototypes : tuple of Prototype
    naming : Naming
    high, low, named_weight : float
        Where a prototype stands on a feature it names, and the weight of that feature (others: 1).
    currencies : mapping of str to float
        Units of each currency which count as one unit of the first.
    source : mapping
        The parsed file, which ``hash`` is made of.
    """

    id: str
    version: str
    title: str
    features: tuple[Feature, ...]
    prototypes: tuple[Prototype, ...]
    naming: Naming
    high: float = 0.8
    low: float = 0.2
    named_weight: float = 2.0
    currencies: Mapping[str, float] = field(default_factory=dict)
    source: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @property
    def hash(self) -> str:
        """SHA-256 of the canonical JSON of the parsed file."""
        text = json.dumps(self.source, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def ids(self) -> tuple[str, ...]:
        """Ids of the prototypes."""
        return tuple(prototype.id for prototype in self.prototypes)

    @property
    def centers(self) -> NDArray[np.float64]:
        """Where each prototype stands, shape (prototypes, 16)."""
        places = [(self.high, p.high) for p in self.prototypes], [(self.low, p.low) for p in self.prototypes]
        centers = np.full((len(self.prototypes), len(FEATURES)), TYPICAL)
        for side in places:
            for row, (value, names) in enumerate(side):
                centers[row, [FEATURES.index(name) for name in names]] = value
        return centers

    @property
    def weights(self) -> NDArray[np.float64]:
        """Weight of each feature for each prototype, shape (prototypes, 16)."""
        weights = np.ones((len(self.prototypes), len(FEATURES)))
        for row, prototype in enumerate(self.prototypes):
            weights[row, [FEATURES.index(name) for name in prototype.high + prototype.low]] = self.named_weight
        return weights

    @property
    def goalposts(self) -> NDArray[np.float64]:
        """Low, typical and high raw value of each feature, shape (16, 3)."""
        return np.array([(feature.low, feature.typical, feature.high) for feature in self.features])
