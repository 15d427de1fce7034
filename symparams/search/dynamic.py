"""The best configurations of a space of sums, by dynamic programming along chains.

States that no completion makes better than the best so far are dropped: Lagrange's bounds say
which. So are, where one configuration is asked for, states that another beats in everything.
First only the most promising states of each step are followed, which soon gives a good
configuration; if its value is the bound, that proves it; else more are followed, to all.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Sequence
from itertools import count as counter
from typing import Any

from symparams.algebra import Number
from symparams.search.clock import OutOfTimeError
from symparams.search.dominance import Dominance
from symparams.search.histograms import KEYS, Grown, States, grown, order_of
from symparams.search.merging import Pairs
from symparams.search.multipliers import multipliers
from symparams.search.pruning import not_beaten, senses_of
from symparams.search.space import Optimum
from symparams.search.structure import Sides
from symparams.search.tables import Tables, TooWideError

#: So many states are followed from each step, more and more.
BEAMS = (1 << 10, 1 << 12, 1 << 16, 1 << 23)
#: Pairs that may be of use are gone through where they are no more than these.
MOST_ABOVE = 1 << 22
#: For one state of a beam so many arcs are looked at more closely.
AHEAD = 8


class DynamicProgram:
    """The maximum of the first goal of a space of sums.

    Raises:
        NotTabledError: numbers are too large.
    """

    def __init__(self, tables: Tables, top: int, look: Callable[[], None]) -> None:
        self.tables = tables
        self.top = top
        self.look = look
        reading = tables.goals[0]
        self.goal = reading.place
        self.sign = 1 if reading.unit > 0 else -1
        self.sides = Sides(tables, look)
        self.states = 0
        self.senses = senses_of(tables.sums, [(self.goal, self.sign)])
        sums = tables.sums
        weights = [[int(j == k) for j in range(len(sums))] for k in range(len(sums))]
        self.rests = self.sides.rests(sums, weights)
        self.tops = [[c.forward(weight, 1) for weight in weights] for c in self.sides.chains]
        self.multipliers = multipliers(self.sides, self.goal, self.sign)
        self.bound = self.multipliers[0].bound

    def run(self, tries: int | None = None) -> Optimum:
        """Return the best, as far as the clock and a number of tries allow."""
        kept: list[tuple[int, Any]] = []
        proved = False
        points: list[dict[str, Number]] = []
        try:
            for beam in BEAMS[:tries]:
                least = self._least(kept)
                found, complete = self._with(beam, least)
                if (
                    len(found) >= len(kept)
                    and found
                    and (not kept or [v for v, _ in found] >= [v for v, _ in kept])
                ):
                    kept = found
                    points = [point for _, point in found]
                proved = complete or (len(kept) == self.top and kept[-1][0] >= self.bound)
                if proved:
                    break
        except (OutOfTimeError, TooWideError):
            proved = False
        if proved and kept:
            self.bound = kept[0][0]
        reading = self.tables.goals[0]
        bound = None if proved and not kept else reading.value(self.sign * self.bound)
        return Optimum(tuple(points), proved, bound, self.states)

    def _least(self, kept: Sequence[tuple[int, Any]]) -> int | None:
        """Return the least gain of interest; None for any."""
        if len(kept) < self.top:
            return None
        return kept[-1][0] + (self.top == 1)

    def _with(
        self, beam: int, least: int | None
    ) -> tuple[list[tuple[int, dict[str, Number]]], bool]:
        """Return the best of what a beam follows, and whether it dropped nothing of use."""
        complete = True
        parts: list[Grown] = []
        for side, chain in enumerate(self.sides.chains):

            def prune(layer: int, states: States, side: int = side) -> Any:
                nonlocal complete
                some, whole = self._pruned(side, layer + 1, states, beam, least)
                complete = complete and whole
                return some

            def thin(layer: int, states: States, side: int = side) -> Any:
                nonlocal complete
                some, whole = self._hopeful(side, layer + 1, states, AHEAD * beam, least)
                complete = complete and whole
                return some

            parts.append(
                grown(
                    chain,
                    self.tables.sums,
                    self.rests[side],
                    self.look,
                    True,
                    prune,
                    thin,
                    [k for k in range(len(self.tables.sums)) if k != self.goal],
                    self.tops[side],
                )
            )
        parts.sort(key=lambda part: len(part.states))
        if not len(parts[0].states) or not len(parts[1].states):
            return [], complete
        return self._best(parts[0], parts[1], least), complete

    def _pruned(
        self, side: int, layer: int, states: States, beam: int, least: int | None
    ) -> tuple[Any, bool]:
        """Return which states of a layer to follow, and whether the others are of no use."""
        import numpy as np

        self.states += len(states)
        some = np.arange(len(states))
        if self.top == 1:
            ends = [(low[layer], high[layer]) for low, high in self.rests[side]]
            some = not_beaten(states, self.senses, self.tables.sums, ends)
        chosen, whole = self._hopeful(side, layer, states.taken(some), beam, None)
        return some if chosen is None else some[chosen], whole

    def _hopeful(
        self, side: int, layer: int, states: States, most: int, least: int | None
    ) -> tuple[Any, bool]:
        """Return the states whose bounds are no less than a gain, and of too many some; None for
        all. And whether the others are of no use.
        """
        import numpy as np

        if least is None and len(states) <= most:
            return None, True
        hopes = self._hopes(side, layer, states)
        some = np.arange(len(states)) if least is None else np.flatnonzero(hopes >= least)
        if len(some) <= most:
            return some, True
        # Half of them promise most, the others are any, so that not all are alike.
        order = np.argpartition(-hopes[some], most // 2)
        others = order[most // 2 :]
        step = len(others) / (most - most // 2)
        any_ = others[(np.arange(most - most // 2) * step).astype(np.int64)]
        return some[np.sort(np.append(order[: most // 2], any_))], False

    def _hopes(self, side: int, layer: int, states: States) -> Any:
        """Return what states promise: the least of their bounds, with some thrift."""
        found: Any = None
        for multiplier in self.multipliers:
            own = multiplier.over(side, layer, states.code, states.sums)
            found = own if found is None else found.clip(max=own)
        return found

    # --- pairs ------------------------------------------------------------------------

    def _best(
        self, left: Grown, right: Grown, least: int | None
    ) -> list[tuple[int, dict[str, Number]]]:
        """Return the best pairs as configurations, with their gains."""
        import numpy as np

        some = [k for k, one in enumerate(self.tables.sums) if one.low > 0 or one.high < one.top]
        sums = [self.tables.sums[k] for k in some]
        states = [
            States(p.states.code, [p.states.sums[k] for k in some], p.states.ways)
            for p in (left, right)
        ]
        gains = [self.sign * p.states.sums[self.goal] for p in (left, right)]
        pairs = Pairs(states[0], states[1], sums, self.sides.codes)
        gains[1] = gains[1][pairs.order]
        by_gain, _ = order_of(pairs.right.code, [gains[1]])
        few = None if least is None else _above(pairs, gains, by_gain, least)
        if few is not None:
            chosen = sorted(_ranked(pairs, *few, self.top), reverse=True)[: self.top]
            return self._points(left, right, pairs, chosen)
        most = gains[0] + _most_beside(pairs, gains[1])
        sorted_gains = gains[1][by_gain]
        low = -(1 << 62) if least is None else least
        heap: list[tuple[int, int, int, int, int]] = []
        ties = counter()

        def threshold() -> int:
            return max(low, heap[0][0] + 1) if len(heap) == self.top else low

        order = np.argsort(-most, kind="stable")
        for k in order.tolist():
            if int(most[k]) < threshold():
                break
            self.look()
            first, last = (int(pairs.starts[pairs.left.code[k] + n]) for n in (0, 1))
            own = int(gains[0][k])
            part = sorted_gains[first:last]
            end = first + int(np.searchsorted(part, int(most[k]) - own, side="right"))
            # The best first, and no more at a time than there may be of use.
            while end > first and own + int(sorted_gains[end - 1]) >= threshold():
                start = max(first, end - max(4096, 4 * self.top))
                near = by_gain[start:end]
                fit = np.ones(len(near), bool)
                for one, a, b in zip(sums, pairs.left.sums, pairs.right.sums, strict=True):
                    total = b[near] + a[k]
                    fit &= (total <= one.high) & (total >= one.low)
                for b in near[fit][::-1].tolist():
                    value = own + int(gains[1][b])
                    if value < threshold():
                        break
                    ways = int(pairs.left.ways[k]) * int(pairs.right.ways[b])
                    for rank in range(min(ways, self.top)):
                        entry = (value, -next(ties), k, b, rank)
                        if len(heap) < self.top:
                            heapq.heappush(heap, entry)
                        elif value > heap[0][0]:
                            heapq.heapreplace(heap, entry)
                end = start
        return self._points(left, right, pairs, sorted(heap, reverse=True))

    def _points(
        self, left: Grown, right: Grown, pairs: Pairs, chosen: Sequence[tuple[int, ...]]
    ) -> list[tuple[int, dict[str, Number]]]:
        import numpy as np

        if not chosen:
            return []
        found: dict[int, Any] = {}
        ours = [divmod(rank, int(pairs.left.ways[k])) for _, _, k, _, rank in chosen]
        sides = (
            (left, [k for _, _, k, _, _ in chosen], [own for _, own in ours]),
            (right, [int(pairs.order[b]) for _, _, _, b, _ in chosen], [rank for rank, _ in ours]),
        )
        for part, states, ranks in sides:
            kind = part.states.ways.dtype
            found |= part.places(np.array(states), np.array(ranks, dtype=kind))
        columns = [found[k].tolist() for k in range(len(self.tables.lengths))]
        places = zip(*columns, strict=True)
        return [
            (entry[0], self.tables.point(own)) for entry, own in zip(chosen, places, strict=True)
        ]


def _above(
    pairs: Pairs, gains: Sequence[Any], by_gain: Any, least: int
) -> tuple[Any, Any, Any] | None:
    """Return (gain, left state, right state) of all pairs in range with a gain of at least so
    much, the best first; None where there are too many to look at.
    """
    import numpy as np

    sums, left = pairs.sums, pairs.left
    first, last = pairs.starts[left.code], pairs.starts[left.code + 1]
    low = int(gains[1].min())
    span = int(gains[1].max()) - low + 2
    if (len(pairs.starts) + 1) * span >= KEYS:
        return None
    keys = (pairs.right.code * span + (gains[1] - low))[by_gain]
    wanted = left.code * span + np.clip(least - gains[0] - low, 0, span - 1)
    first = np.clip(np.searchsorted(keys, wanted), first, last)
    # A goal that is limited where it is best has few above what is wanted.
    for one, a, b in zip(sums, left.sums, pairs.right.sums, strict=True):
        if b[by_gain[:1]].tolist() and bool((b == gains[1]).all()):
            wanted = left.code * span + np.clip(one.high - a - low + 1, 0, span - 1)
            last = np.clip(np.searchsorted(keys, wanted), first, last)
    many = last - first
    if int(many.sum()) > MOST_ABOVE:
        return None
    own = np.repeat(np.arange(len(left)), many)
    ends = np.cumsum(many)
    other = by_gain[np.arange(len(own)) + np.repeat(first - ends + many, many)]
    fit = np.ones(len(own), bool)
    for one, a, b in zip(sums, left.sums, pairs.right.sums, strict=True):
        total = a[own] + b[other]
        fit &= (total <= one.high) & (total >= one.low)
    own, other = own[fit], other[fit]
    gain = gains[0][own] + gains[1][other]
    order = np.argsort(-gain, kind="stable")
    return gain[order], own[order], other[order]


def _ranked(
    pairs: Pairs, gain: Any, own: Any, other: Any, top: int
) -> Iterator[tuple[int, int, int, int, int]]:
    """Yield (gain, order, left state, right state, rank) of the first so many configurations."""
    left = 0
    for k in range(len(gain)):
        ways = int(pairs.left.ways[own[k]]) * int(pairs.right.ways[other[k]])
        for rank in range(min(ways, top - left)):
            yield int(gain[k]), -k, int(own[k]), int(other[k]), rank
            left += 1
        if left >= top:
            return


def _most_beside(pairs: Pairs, gains: Any) -> Any:
    """Return for each left state the most gain of a right one that fits it, or more."""
    import numpy as np

    never = -(1 << 61)
    left = pairs.left
    least = int(gains.min())
    if len(pairs.sums) < 2:
        most = pairs.sums[0].high - left.sums[0] if pairs.sums else None
        first, last = pairs.ends(left.code, most)
        values, rank = np.unique(gains, return_inverse=True)
        running = np.maximum.accumulate(pairs.right.code * len(values) + rank)
        best = values[running[np.maximum(last - 1, 0)] % len(values)]
        return np.where(last > first, best, never)
    # The two that leave out most.
    first, last = pairs.ends(left.code, pairs.sums[0].high - left.sums[0])
    below = Dominance(pairs.right.code, pairs.right.sums[1], gains - least, most=True)
    best = below.below(first, last, pairs.sums[1].high - left.sums[1])
    return np.where(best >= 0, best + least, never)
