"""What is true of each company (latent), which raters and logs only see through noise."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ecosystem_iq import files
from ecosystem_iq.synthetic.draw import Array, Rng, numbered, stream

_PATTERN = 2 * ["aware", "leader", "aware", "traditional", "aware", "aware"] + ["active"]  # most aware, few act
_TRUTH = {"leader": (72, 66), "aware": (61, 34), "active": (40, 60), "traditional": (33, 24)}
_EASIER = {
    "co_design": -4.0,
    "execution": 9.0,
    "value_delivered": 2.0,
    "model_pivot": -7.0,
    "value": -4.0,
    "influence": 3.0,
}


@dataclass(frozen=True, slots=True)
class Indicator:
    """What the generator needs of an indicator of the framework file."""

    id: str
    dimension: str
    axis: str
    weight: float
    low: float
    high: float
    down: bool

    def raw(self, score: Array) -> Array:
        """Raw values of scores from 0 to 100."""
        share = (1 - score / 100) if self.down else score / 100
        result: Array = self.low + share * (self.high - self.low)
        return result


def indicators() -> list[Indicator]:
    """The weighted indicators of the framework file shipped with the package."""
    framework = tomllib.loads(files.read_builtin("frameworks", "ecosystem-iq.toml"))
    parent = {node["id"]: node["parent"] for node in framework["dimension"]}
    return [
        Indicator(
            entry["id"],
            entry["dimension"],
            parent[entry["dimension"]],
            float(entry["weight"]),
            float(entry["goalposts"][0]),
            float(entry["goalposts"][1]),
            entry.get("direction") == "down",
        )
        for entry in framework["indicator"]
        if entry["weight"] > 0
    ]


def latent(n_companies: int = 13, rng: int = 0) -> pd.DataFrame:
    """What is true: one row a company, one column an indicator, 0-100.

    Parameters
    ----------
    n_companies : int
    rng : int
        The seed; the same as that of ``generate``.

    Returns
    -------
    pandas.DataFrame
        Indexed by company; ``frame.attrs["kind"]`` says who is a leader, aware, active or traditional.
    """
    random, entries = stream("latent", rng), indicators()
    kinds = random.permutation(np.array([_PATTERN[k % len(_PATTERN)] for k in range(n_companies)], dtype=object))
    truth = np.array([_TRUTH[kind] for kind in kinds]) + 3.5 * random.standard_normal((n_companies, 2))
    columns: dict[str, Array] = {}
    for position, axis in enumerate(("readiness", "action")):
        mine = [entry for entry in entries if entry.axis == axis]
        columns |= _around(truth[:, position], mine, random)
    frame = pd.DataFrame(columns, index=pd.Index(numbered("co", n_companies, 2), name="company_id"))
    frame.attrs["kind"] = list(kinds)
    return frame[[entry.id for entry in entries]]


def _around(truth: Array, entries: list[Indicator], rng: Rng) -> dict[str, Array]:
    """Scores of an axis' indicators whose weighted mean is the truth of the axis."""
    dimensions = sorted({entry.dimension for entry in entries})
    shift = {name: _EASIER.get(name, 0.0) + 5 * rng.standard_normal(len(truth)) for name in dimensions}
    noise = np.array([shift[entry.dimension] + 8 * rng.standard_normal(len(truth)) for entry in entries])
    weights = np.array([entry.weight for entry in entries])
    centred = noise - (weights / weights.sum()) @ noise
    return {entry.id: (truth + row).clip(3, 97) for entry, row in zip(entries, centred, strict=True)}
