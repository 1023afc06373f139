"""What kind of ecosystem each account is: features, archetypes by prototype, clusters beside them."""

from ecosystem_iq.archetypes.discovery import Discovery, discover_archetypes
from ecosystem_iq.archetypes.features import account_features, scale_features
from ecosystem_iq.archetypes.library import Library
from ecosystem_iq.archetypes.loading import load_library
from ecosystem_iq.archetypes.prototypes import Archetypes, assign_archetypes

__all__ = [
    "Archetypes",
    "Discovery",
    "Library",
    "account_features",
    "assign_archetypes",
    "discover_archetypes",
    "load_library",
    "scale_features",
]
