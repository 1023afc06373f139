"""The tree of a framework, as analysis reads it: who belongs to whom, with what share."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from ecosystem_iq.benchmark.framework import Framework


def members(framework: Framework, node: str) -> dict[str, float]:
    """Weights of the nodes and indicators directly below a node, by id."""
    nodes = {child.id: child.weight for child in framework.children(node)}
    return nodes | {leaf.id: leaf.weight for leaf in framework.leaves(node)}


def parents(framework: Framework) -> dict[str, str]:
    """The node every element belongs to; the composite belongs to none and is left out."""
    return {child: node.id for node in framework.nodes for child in members(framework, node.id)}


def ancestors(framework: Framework) -> Iterator[tuple[str, str, int]]:
    """Every element with every node above it, and the number of steps between them."""
    above = parents(framework)
    for element in above:
        node, steps = above[element], 1
        while node:
            yield element, node, steps
            node, steps = above.get(node, ""), steps + 1


def held(scores: pd.DataFrame, framework: Framework, node: str) -> list[str]:
    """Elements directly below a node which have a column of scores."""
    return [name for name in members(framework, node) if name in scores.columns]
