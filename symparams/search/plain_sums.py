"""Sums over parts without NumPy: the same states, in dicts.

All sums of a space are followed from one size to the next, with Python's integers: slower by
far than arrays, and given up where there are too many states, but exact all the same.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from itertools import accumulate, product as every
from typing import TypeAlias

from symparams.algebra import Number
from symparams.search.interaction import cut_of
from symparams.search.tables import Tables, TooWideError

#: Places on the open axes, and the sums.
State: TypeAlias = tuple[tuple[int, ...], tuple[int, ...]]

#: The least and the most of each sum, by places on the open axes.
Rests: TypeAlias = dict[tuple[int, ...], list[tuple[int, int]]]

#: No more states are kept after a step.
MOST_STATES = 1 << 18


class PlainStep:
    """One size taken up: from places on open axes, with each value, to those after it."""

    def __init__(
        self,
        tables: Tables,
        axis: int,
        before: tuple[int, ...],
        after: tuple[int, ...],
        settled: Sequence[int],
    ) -> None:
        self.axis = axis
        places = {k: n for n, k in enumerate((*before, axis))}
        self.after = [places[k] for k in after]
        self.arcs: dict[tuple[int, ...], list[tuple[int, tuple[int, ...], tuple[int, ...]]]] = {}
        inner = [(k, [(places[a], tables.lengths[a]) for a in tables.factors[k]]) for k in settled]
        for code in every(*(range(tables.lengths[k]) for k in before)):
            arcs = self.arcs[code] = []
            for value in range(tables.lengths[axis]):
                full = (*code, value)
                adds = [0] * len(tables.sums)
                passed = True
                for k, scope in inner:
                    entry = 0
                    for place, length in scope:
                        entry = entry * length + full[place]
                    allowed = tables.allowed[k]
                    passed = passed and (allowed is None or allowed[entry])
                    adds = [
                        a + one.tables[k][entry] for a, one in zip(adds, tables.sums, strict=True)
                    ]
                if passed:
                    arcs.append((value, tuple(full[n] for n in self.after), tuple(adds)))


class PlainSums:
    """The feasible set, as all sums that its configurations come to, with how many do.

    Attributes:
        count: how many configurations there are.
    """

    def __init__(self, tables: Tables, look: Callable[[], None], ranked: bool = False) -> None:
        """Follow all states.

        Args:
            tables: the problem, and its goals.
            look: looks at the clock.
            ranked: whether configurations will be asked for.

        Raises:
            TooWideError: there are too many states.
        """
        self.tables = tables
        (side, _) = cut_of(tables.parts, tables.lengths, halved=False).sides
        scopes = [frozenset(scope) for scope in tables.factors]
        taken: set[int] = set()
        before: tuple[int, ...] = ()
        self.steps: list[PlainStep] = []
        for axis in side.order:
            taken.add(axis)
            settled = [k for k, s in enumerate(scopes) if axis in s and s <= taken]
            needed = frozenset[int]().union(*(s for s in scopes if not s <= taken))
            after = tuple(sorted(taken & needed))
            self.steps.append(PlainStep(tables, axis, before, after, settled))
            before = after
        goals = {reading.place for reading in tables.goals}
        self._clipped = [k not in goals and one.low <= 0 for k, one in enumerate(tables.sums)]
        start: State = ((), (0,) * len(tables.sums))
        ways = {start: 0 if tables.empty else 1}
        #: For each step, how each state was reached: (state before, value, ways).
        self.trails: list[dict[State, list[tuple[State, int, int]]]] = []
        for step, rest in zip(self.steps, self._rest(), strict=True):
            look()
            ways = self._after(step, ways, rest, ranked)
            if len(ways) > MOST_STATES:
                raise TooWideError
        self.ways = ways
        self.count = sum(ways.values())

    def _rest(self) -> list[Rests]:
        """Return for each step the least and the most of each sum that may follow, by places."""
        layer: Rests = {(): [(0, 0)] * len(self.tables.sums)}
        found = [layer]
        for step in reversed(self.steps[1:]):
            before: Rests = {}
            for code, arcs in step.arcs.items():
                ends = [
                    [(low + a, high + a) for (low, high), a in zip(layer[to], adds, strict=True)]
                    for _, to, adds in arcs
                    if to in layer
                ]
                if ends:
                    before[code] = [
                        (min(low for low, _ in own), max(high for _, high in own))
                        for own in zip(*ends, strict=True)
                    ]
            layer = before
            found.append(layer)
        return found[::-1]

    def _after(
        self,
        step: PlainStep,
        ways: dict[State, int],
        rest: Rests,
        ranked: bool,
    ) -> dict[State, int]:
        after: dict[State, int] = {}
        trail: dict[State, list[tuple[State, int, int]]] = {}
        ranges = list(zip(self.tables.sums, self._clipped, strict=True))
        for state, many in ways.items():
            for value, code, adds in step.arcs[state[0]]:
                if code not in rest:
                    continue
                totals = []
                for (one, clipped), old, add, (low, high) in zip(
                    ranges, state[1], adds, rest[code], strict=True
                ):
                    total = old + add
                    if total + low > one.high or total + high < one.low:
                        break
                    totals.append(max(total, one.high - high) if clipped else total)
                else:
                    reached = (code, tuple(totals))
                    after[reached] = after.get(reached, 0) + many
                    if ranked:
                        trail.setdefault(reached, []).append((state, value, many))
        self.trails.append(trail)
        return after

    def points(self, ranks: Sequence[int]) -> list[dict[str, Number]]:
        """Return the configurations of some ranks, each from 0 to below the count."""
        states = list(self.ways)
        ends = list(accumulate(self.ways.values()))
        found = []
        for rank in ranks:
            k = bisect_right(ends, rank)
            found.append(self._point(states[k], rank - (ends[k - 1] if k else 0)))
        return found

    def _point(self, state: State, rank: int) -> dict[str, Number]:
        places = [0] * len(self.tables.lengths)
        for step, trail in zip(reversed(self.steps), reversed(self.trails), strict=True):
            into = trail[state]
            ends = list(accumulate(many for _, _, many in into))
            k = bisect_right(ends, rank)
            rank -= ends[k - 1] if k else 0
            state, places[step.axis], _ = into[k]
        return self.tables.point(places)

    def best(self, top: int) -> list[dict[str, Number]]:
        """Return the configurations with the most of the first goal, best first."""
        reading = self.tables.goals[0]
        sign = 1 if reading.unit > 0 else -1
        found: list[dict[str, Number]] = []
        for state in sorted(self.ways, key=lambda s: -sign * s[1][reading.place]):
            more = min(self.ways[state], top - len(found))
            found += [self._point(state, rank) for rank in range(more)]
        return found

    def front(self) -> list[dict[str, Number]]:
        """Return a configuration for each vector of the goals that no other is as good as."""
        signs = [(r.place, 1 if r.unit > 0 else -1) for r in self.tables.goals]
        vectors = {tuple(sign * s[1][place] for place, sign in signs): s for s in self.ways}
        kept: list[tuple[int, ...]] = []
        for vector in sorted(vectors, reverse=True):
            # What beats it comes before it; of the last ones most likely.
            if not any(all(map(int.__ge__, other, vector)) for other in reversed(kept)):
                kept.append(vector)
        return [self._point(vectors[vector], 0) for vector in kept]
