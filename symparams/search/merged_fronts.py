"""Exact Pareto fronts of sums over parts: the fronts of parts are merged, size by size.

A state that another at the same code beats in every goal, and in what the budgets leave, is on
no front, whatever follows. What is kept of a step is where each state came from.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from symparams.algebra import Number
from symparams.search.chains import ChainStep
from symparams.search.histograms import ARCS, MOST_STATES, States, followed
from symparams.search.interaction import cut_of
from symparams.search.multipliers import Multiplier, multipliers
from symparams.search.pruning import Senses, not_beaten, senses_of
from symparams.search.structure import Sides
from symparams.search.tables import NotTabledError, Tables, TableSum, TooWideError

#: The most goals whose fronts are merged.
MOST_GOALS = 2


class MergedFront:
    """The front of the goals of a space of sums, all to be made large.

    Attributes:
        states: how many states were looked at.
    """

    def __init__(self, tables: Tables, look: Callable[[], None]) -> None:
        """Make the chain.

        Raises:
            NotTabledError: numbers are too large, or there are more than two goals: fronts of three
                lacked points in some of many random spaces.
        """
        if len(tables.goals) > MOST_GOALS:
            raise NotTabledError
        self.tables = tables
        self.look = look
        self.states = 0
        self._least: list[tuple[Multiplier, int]] = []
        self.sides = Sides(tables, look, cut_of(tables.parts, tables.lengths, halved=False))
        self.goals = [(r.place, 1 if r.unit > 0 else -1) for r in tables.goals]

    def lifted(self) -> int | None:
        """Lift the limit of the only goal that is limited where it is best, and return which
        goal that is; None, and lift nothing, where it is not one of two goals.

        Without the limit far more states are beaten. What of the front is within it is on the
        front; what else is beaten by some point beyond it, and not by any within.
        """
        limited = senses_of(self.tables.sums, self.goals).limited
        if len(self.goals) != 2 or len(limited) != 1:
            return None
        (place,) = limited
        one = self.tables.sums[place]
        goal = [own for own, _ in self.goals].index(place)
        if self.goals[goal][1] > 0:
            one.high = one.top
        else:
            one.low = 0
        return goal

    def points(self, thrifty: bool = False) -> list[dict[str, Number]]:
        """Return a configuration for each vector of the front.

        Args:
            thrifty: whether to look for states that no completion brings into all ranges at
                once, which is worth while where ranges are narrow.

        Raises:
            TooWideError: too many states are on no front yet off none.
        """
        import numpy as np

        sums = self.tables.sums
        senses = senses_of(sums, self.goals)
        weights = [[int(j == k) for j in range(len(sums))] for k in range(len(sums))]
        rest = self.sides.rests(sums, weights)[0]
        states = States(
            np.zeros(1, np.int64), [np.zeros(1, np.int64) for _ in sums], np.ones(1, np.int64)
        )
        for place, sign in self.goals if thrifty else ():
            one = sums[place]
            least = -one.high if sign < 0 else one.low
            if least > (-one.top if sign < 0 else 0):
                found_to = multipliers(self.sides, place, sign)
                self._least += [(multiplier, least) for multiplier in found_to]
        trail: list[tuple[ChainStep, Any, Any]] = []
        for k, step in enumerate(self.sides.chains[0].steps):
            ends = [(low[k + 1], high[k + 1]) for low, high in rest]
            states, source, arc = self._after(k, step, states, ends, senses)
            trail.append((step, source, arc))
            self.states += len(states)
        chosen = self._nothing_better(states)
        found: dict[int, Any] = {}
        for step, source, arc in reversed(trail):
            combination = step.members[step.first[arc[chosen]]]
            for axis, length in zip(step.axes[::-1], step.lengths[::-1], strict=True):
                combination, found[axis] = np.divmod(combination, length)
            chosen = source[chosen]
        columns = [found[k].tolist() for k in range(len(self.tables.lengths))]
        return [self.tables.point(places) for places in zip(*columns, strict=True)]

    def _after(
        self,
        layer: int,
        step: ChainStep,
        states: States,
        ends: Sequence[tuple[Any, Any]],
        senses: Senses,
    ) -> tuple[States, Any, Any]:
        """Return the states after a step that none beats, and where each came from, by which
        arc.
        """
        import numpy as np

        sums = self.tables.sums
        most = int((step.starts[1:] - step.starts[:-1]).max(initial=1))
        size = max(1, ARCS // most)
        held: list[tuple[Any, ...]] = []
        for start in range(0, max(1, len(states)), size):
            self.look()
            piece = np.arange(start, min(start + size, len(states)))
            clip = [k for k in range(len(sums)) if k not in dict(self.goals)]
            source, arc, totals = followed(step, states, piece, sums, ends, clip)
            code = step.target[arc]
            for multiplier, least in self._least:
                some = multiplier.over(0, layer + 1, code, totals) >= least
                if not some.all():
                    code, source, arc = code[some], source[some], arc[some]
                    totals = [total[some] for total in totals]
            held.append((code, source, arc, *totals))
            if len(held) > 1 or start + size >= len(states):
                # What came before is at hand, to beat what comes.
                code, source, arc, *totals = (np.concatenate(c) for c in zip(*held, strict=True))
                own = States(code, totals, source)
                some = not_beaten(own, senses, sums, ends)
                held = [(code[some], source[some], arc[some], *(t[some] for t in totals))]
            if len(held[0][0]) > MOST_STATES:
                raise TooWideError
        code, source, arc, *totals = held[0]
        return States(code, totals, np.ones(len(code), np.int64)), source, arc

    def _nothing_better(self, states: States) -> Any:
        """Return which of the last states are on the front of the goals alone."""
        import numpy as np

        values = [sign * states.sums[place] for place, sign in self.goals]
        own = States(states.code, values, states.ways)
        if len(values) < 3:
            every = [TableSum([], []) for _ in values]
            return not_beaten(own, Senses([1] * len(values)), every, [])
        # The best first: what is beaten is beaten by one before it.
        order = np.lexsort([-value for value in values[::-1]])
        table = np.stack([value[order] for value in values], axis=1)
        kept: list[int] = []
        front = table[:0]
        for k, row in enumerate(table):
            if not len(front) or not (front >= row).all(axis=1).any():
                kept.append(k)
                front = table[kept]
        return order[kept]
