"""What ``map`` can show: one function a section, from the loaded map to a listing."""

from __future__ import annotations

from collections.abc import Callable

from ecosystem_iq.cli.listing import Listing
from ecosystem_iq.cli.map_sections.accounts import accounts, advocacy, communities, jobs, key_players, layers, value
from ecosystem_iq.cli.map_sections.asked import Asked
from ecosystem_iq.cli.map_sections.paths import gatekeepers, paths
from ecosystem_iq.cli.map_sections.people import bridges, brokerage, learn, salience, stakeholders

__all__ = ["SECTIONS", "Asked"]

SECTIONS: dict[str, Callable[[Asked], Listing]] = {
    "stakeholders": stakeholders,
    "accounts": accounts,
    "communities": communities,
    "layers": layers,
    "brokerage": brokerage,
    "bridges": bridges,
    "key-players": key_players,
    "value": value,
    "jobs": jobs,
    "salience": salience,
    "advocacy": advocacy,
    "learn": learn,
    "paths": paths,
    "gatekeepers": gatekeepers,
}
