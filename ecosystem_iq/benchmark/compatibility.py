"""Choices which are right by themselves and cannot go together, whatever the data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from ecosystem_iq.benchmark.nodes import Node
from ecosystem_iq.benchmark.steps.registry import Choice

POSITIVE_ONLY = ("geometric", "harmonic", "power")
"""Means which have no value for negative scores."""

_IN_RAW_UNITS = ("goalposts", "scaled", "distance_to_target")
"""Scales whose ends or targets are given in the unit of the values."""

_CHANGE_THE_UNIT = ("log", "log_plus", "log_orig", "log_gii", "boxcox", "yeo_johnson")


def fitting_treatment(steps: Mapping[str, Choice], declared: object) -> Mapping[str, Choice]:
    """Winsorizing alone, without the logarithm it may end in, where the scale is given in raw units.

    Parameters
    ----------
    steps : mapping of str to Choice
    declared : object
        The treatment as the file has it: a logarithm which is asked for is left, and is a fault.
    """
    treatment = steps["treatment"]
    asked = isinstance(declared, Mapping) and "then" in declared
    if treatment.method != "winsorize" or asked or not _raw_scale(steps["normalization"]):
        return steps
    alone = replace(treatment, parameters={**treatment.parameters, "then": "none"})
    return {**steps, "treatment": alone}


def incompatible(steps: Mapping[str, Choice], nodes: Iterable[Node]) -> Iterator[str]:
    """Faults of choices which cannot go together."""
    normalization = steps["normalization"]
    if normalization.method == "zscore" and normalization.parameters["mean"] <= 0:
        around = f"{normalization.parameters['mean']:g}"
        for node in (node for node in nodes if node.method in POSITIVE_ONLY):
            yield (
                f"{node.id}.method {node.method} needs scores above 0, and z-scores around {around} are not: set "
                f"normalization.mean (10, with sd = 2, say)."
            )
    scale = _raw_scale(normalization)
    for path, transform in _transforms(steps["treatment"], "treatment") if scale else ():
        yield (
            f"{path} {transform} changes the unit of values, and {scale} of normalization are in the old one: choose "
            f"a scale set by the sample (minmax, say), or a treatment without it."
        )


def _raw_scale(normalization: Choice) -> str:
    """What of the scale is in raw units, "" where nothing is."""
    used = [choice.method for choice in (normalization, *normalization.each.values())]
    words = {"goalposts": "the goalposts", "scaled": "the ends", "distance_to_target": "the targets"}
    return next((words[method] for method in used if method in _IN_RAW_UNITS), "")


def _transforms(treatment: Choice, path: str) -> Iterator[tuple[str, Any]]:
    """Where a treatment changes the unit: path and transform."""
    if treatment.method in _CHANGE_THE_UNIT:
        yield f"{path}.method", treatment.method
    if treatment.parameters.get("then", "none") != "none":
        yield f"{path}.then", treatment.parameters["then"]
    for name, choice in treatment.each.items():
        yield from _transforms(choice, f"{path}.each.{name}")
