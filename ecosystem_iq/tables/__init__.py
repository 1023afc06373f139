"""User files ↔ tables: reading, checking, writing."""

from ecosystem_iq.tables.ecosystem import Ecosystem, check, load
from ecosystem_iq.tables.settings import Settings

__all__ = ["Ecosystem", "Settings", "check", "load"]
