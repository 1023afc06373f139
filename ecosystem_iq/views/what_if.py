"""What a page needs to say whom a set of stakeholders moves, with the numbers of ``estimate_spread``.

The page does not carry the samples but what they are drawn from, and draws them itself, once, when they are first asked
for. As coded bits they would take three (2,000 stakeholders, 200 samples) to eighteen times (300, 1,000) as much room.

=============  =========================================================================================================
``samples``    how many; 0: none, the account is too large
``branching``  stakeholders whom an average stakeholder moves directly
``state``      of the generator (PCG64) before the first number, 32 hexadecimal digits; ``increment`` likewise
``who``        positions on the page of those who move somebody, in the order in which numbers are drawn
``arcs``       how many arcs each of these has, one number drawn for each
``target``     position on the page of the one whom each arc moves
``limit``      an arc is live where its number is below ``limit / 65535``
``exact``      ``[arc, probability]`` of arcs for which that is not fine enough
=============  =========================================================================================================

``who``, ``arcs``, ``target`` and ``limit`` are 16-bit numbers, little endian, in base64.
"""

from __future__ import annotations

import base64
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ecosystem_iq.network.graph import InfluenceGraph
from ecosystem_iq.triggers.recipes import Recipe, account_channels, sample_recipe

MOST_STAKEHOLDERS = 5_000
MOST_ARCS = 60_000
_NUMBERS = 4_000_000  # a browser draws as many in a fifth of a second
_SAMPLES = (1_000, 500, 200, 100)


def what_if_payload(
    graph: InfluenceGraph, account: str, order: ArrayLike, *, samples: int | None = None
) -> dict[str, Any]:
    """The samples of one account, as a page draws them.

    Parameters
    ----------
    graph : InfluenceGraph
    account : str
        Account id.
    order : array of int, shape (stakeholders,)
        Node of the graph at each position on the page.
    samples : int, optional
        How many, at least 2; default as many as a browser draws without a pause, 100 to 1,000.

    Returns
    -------
    dict
        See above. ``estimate_spread(graph, seeds, simulations=samples, rng=0)`` gives the same numbers when ``graph``
        holds this account only.
    """
    nodes = np.asarray(order, dtype=np.int64)
    arcs = len(account_channels(graph, account).head)
    if len(nodes) > MOST_STAKEHOLDERS or arcs > MOST_ARCS:
        return {"samples": 0, "most": MOST_STAKEHOLDERS}
    recipe = sample_recipe(graph, account, sample_count(arcs) if samples is None else samples)
    branching = float(graph.branching[graph.account_ids.index(account)])
    return {"samples": recipe.simulations, "branching": round(branching, 2), **_coded(recipe, nodes, len(graph))}


def sample_count(arcs: int) -> int:
    """How many samples a browser draws without a pause.

    Examples
    --------
    >>> sample_count(300), sample_count(20_000)
    (1000, 200)
    """
    return next((count for count in _SAMPLES if count * arcs <= _NUMBERS), _SAMPLES[-1])


def _coded(recipe: Recipe, nodes: NDArray[np.int64], size: int) -> dict[str, Any]:
    place = np.zeros(size, dtype=np.int64)
    place[nodes] = np.arange(len(nodes))
    who, arcs = np.unique(recipe.tail, return_counts=True)  # tails ascend
    columns: dict[str, NDArray[Any]] = {
        "who": place[who],
        "arcs": arcs,
        "target": place[recipe.head],
        "limit": recipe.limit,
    }
    return {
        "state": f"{recipe.state:032x}",
        "increment": f"{recipe.increment:032x}",
        **{name: base64.b64encode(column.astype("<u2").tobytes()).decode() for name, column in columns.items()},
        "exact": [list(each) for each in recipe.exact],
    }
