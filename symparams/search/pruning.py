"""States that another at the same code beats in everything."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from symparams.search.histograms import States, order_of
from symparams.search.tables import TableSum


class Senses:
    """Which end of each sum is the better one.

    Args:
        better: for each sum 1 where more is better, -1 where less is, 0 where it must be equal.
        limited: the sums of which more (or less) is better, but not beyond their range: a state
            beats another by them only where none of its completions leaves the range.
    """

    def __init__(self, better: Sequence[int], limited: Sequence[int] = ()) -> None:
        free = [k for k, sense in enumerate(better) if sense]
        self.free = sorted(free, key=lambda k: k not in limited)[:2]
        self.equal = [k for k in range(len(better)) if k not in self.free]
        self.better = better
        self.limited = [k for k in limited if k in self.free]


def senses_of(sums: Sequence[TableSum], goals: Sequence[tuple[int, int]]) -> Senses:
    """Return the senses of sums that must be in range, and of goals as (sum, sign)."""
    better, limited = [], []
    signs: dict[int, set[int]] = {}
    for place, sign in goals:
        signs.setdefault(place, set()).add(sign)
    for k, one in enumerate(sums):
        ends = {-1} if one.high < one.top else set[int]()
        ends |= {1} if one.low > 0 else set()
        wanted = signs.get(k, set())
        if len(wanted) == 1:
            (sense,) = wanted
            better.append(sense)
            if -sense in ends:
                limited.append(k)
        else:
            # Not asked for, and bounded at one end; or two opposed things are asked of it.
            better.append(next(iter(ends)) if len(ends) == 1 and not wanted else 0)
            if not wanted and not ends:
                better[-1] = -1  # of no account: any end will do
    return Senses(better, limited)


def not_beaten(
    states: States,
    senses: Senses,
    sums: Sequence[TableSum],
    ends: Sequence[tuple[Any, Any]],
) -> Any:
    """Return the indices, rising, of states that no other is at least as good as.

    Of equal ones one is left. Where more than two sums have a better end, only two are
    compared, at equal others: what is left may be beaten, what is dropped is.

    Args:
        states: the states.
        senses: which end of a sum is better.
        sums: the sums and their ranges.
        ends: for each sum the least and the most that may follow, by code.
    """
    import numpy as np

    count = len(states)
    if not count:
        return np.arange(0)
    equal = [states.sums[k] for k in senses.equal]
    ranked = [-senses.better[k] * states.sums[k] for k in senses.free]  # the least is the best
    order, _ = order_of(states.code, [*equal, *ranked])
    group = np.zeros(count, bool)
    group[0] = True
    for column in (states.code, *equal):
        placed = column[order]
        group[1:] |= placed[1:] != placed[:-1]
    safe = np.ones(count, bool)
    for k in senses.limited:
        low, high = ends[k]
        if senses.better[k] > 0:
            safe &= states.sums[k] + high[states.code] <= sums[k].high
        else:
            safe &= states.sums[k] + low[states.code] >= sums[k].low
    safe = safe[order]
    if not ranked:
        return np.sort(order[group])
    first = ranked[0][order]
    alone = group.copy()
    alone[1:] |= first[1:] != first[:-1]
    if len(ranked) == 1:
        # Behind the first safe one of its group nothing is of use.
        return np.sort(order[alone & (_before(safe, group, np.zeros(count, np.int64), 1) < 0)])
    # Of equal first sums the best second; and it falls below those of all safe ones before.
    values, rank = np.unique(ranked[1][order], return_inverse=True)
    turned = len(values) - 1 - rank
    return np.sort(order[alone & (turned > _before(safe, group, turned, len(values)))])


def _before(safe: Any, group: Any, value: Any, span: int) -> Any:
    """Return the largest value of a safe one before each in its group; -1 where there is none."""
    import numpy as np

    number = np.cumsum(group) * (span + 1)
    running = np.maximum.accumulate(number + np.where(safe, value + 1, 0))
    found = np.full(len(safe), -1)
    found[1:] = running[:-1] - number[1:] - 1
    return np.maximum(found, -1)
