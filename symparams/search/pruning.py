"""States that another at the same code beats in everything."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from symparams.search.histograms import States


def not_beaten(states: States, senses: Sequence[int]) -> Any:
    """Return the indices, rising, of states that no other is at least as good as.

    Of equal ones one is left. Where more than two sums have a better end, only two are
    compared, at equal others: what is left may be beaten, what is dropped is.

    Args:
        states: the states.
        senses: for each sum 1 where more is better, -1 where less is, 0 where it must be equal.
    """
    import numpy as np

    count = len(states)
    if not count:
        return np.arange(0)
    free = [k for k, sense in enumerate(senses) if sense][:2]
    equal = [s for k, s in enumerate(states.sums) if k not in free]
    ranked = [-senses[k] * states.sums[k] for k in free]  # the least is the best
    order = np.lexsort([*reversed(ranked), *equal, states.code])
    group = np.zeros(count, bool)
    group[0] = True
    for column in (states.code, *equal):
        placed = column[order]
        group[1:] |= placed[1:] != placed[:-1]
    if len(free) < 2:
        return np.sort(order[group]) if free else np.arange(count)
    # Within a group the second must fall below all before.
    values, rank = np.unique(ranked[1][order], return_inverse=True)
    turned = len(values) - 1 - rank
    number = np.cumsum(group)
    running = np.maximum.accumulate(number * len(values) + turned)
    kept = group.copy()
    kept[1:] |= running[1:] > running[:-1]
    return np.sort(order[kept])
