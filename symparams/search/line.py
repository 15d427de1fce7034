"""One size along a line, all others fixed: where everything holds, and the best there.

A formula that is monotone on the line is bisected; any other is bounded on
parts of the line, which are cut until they are decided.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from symparams.algebra import Box, Number
from symparams.search.plans import SearchPlan
from symparams.search.problem import BudgetRow, IntegerFormula, Places, Problem, Test

#: Parts of a line this short are gone through.
SHORT = 32


class Keeping(Protocol):
    """What keeps the best points: :class:`symparams.search.optimum.Keeper`."""

    def threshold(self) -> float:
        """Return what a value must exceed to be kept."""

    def offer(self, value: Number, point: dict[str, Number]) -> None:
        """Keep a point if it is good enough."""

    def tick(self) -> None:
        """Count a node."""


class AxisLine:
    """The points of a problem along one axis, the others at fixed places."""

    def __init__(self, problem: Problem, axis: int, places: Places) -> None:
        self.problem = problem
        self.axis = axis
        self.name = problem.names[axis]
        self.values = problem.axes[axis].values
        self.box = problem.box(places)
        self.fixed: list[Number] = [
            problem.axes[k].values[low] for k, (low, _) in enumerate(places)
        ]

    def at(self, place: int) -> Sequence[Number]:
        """Return the values of all axes at a place of the line."""
        self.fixed[self.axis] = self.values[place]
        return self.fixed

    def part(self, low: int, high: int) -> Box:
        """Return the box of a part of the line."""
        self.box[self.name] = (self.values[low], self.values[high])
        return self.box

    def feasible(self, tick: Callable[[], None]) -> list[tuple[int, int]]:
        """Return the parts, in order, on which everything holds."""
        parts = [(0, len(self.values) - 1)]
        for row in self.problem.rows:
            parts = [p for part in parts for p in self._met(row, *part, tick)]
        for test in self.problem.tests:
            parts = [p for part in parts for p in self._tried(test, *part, tick)]
        return parts

    def _met(
        self, row: BudgetRow, low: int, high: int, tick: Callable[[], None]
    ) -> Iterator[tuple[int, int]]:
        way = row.bounds.direction(self.name, self.part(low, high))

        def met(place: int) -> bool:
            return row.met(row.kernel.call(*self.at(place)))

        if way is None:
            yield from self._tried(row, low, high, tick)
        elif not way:
            if met(low):
                yield low, high
        else:
            inner, outer = (low, high) if way > 0 else (high, low)
            if not met(inner):
                return
            if not met(outer):
                while abs(outer - inner) > 1:
                    middle = (inner + outer) // 2
                    if met(middle):
                        inner = middle
                    else:
                        outer = middle
                outer = inner
            yield (low, outer) if way > 0 else (outer, high)

    def _tried(
        self, part: BudgetRow | Test, low: int, high: int, tick: Callable[[], None]
    ) -> Iterator[tuple[int, int]]:
        """Yield the parts of a part on which one thing holds; neighbours are joined."""
        start: int | None = None
        end = low - 1
        for a, b in self._decided(part, low, high, tick):
            if start is not None and a != end + 1:
                yield start, end
                start = None
            start = a if start is None else start
            end = b
        if start is not None:
            yield start, end

    def _decided(
        self, part: BudgetRow | Test, low: int, high: int, tick: Callable[[], None]
    ) -> Iterator[tuple[int, int]]:
        todo = [(low, high)]
        while todo:
            a, b = todo.pop()
            tick()
            if b - a < SHORT:
                for place in range(a, b + 1):
                    value = part.kernel.call(*self.at(place))
                    if part.met(value) if isinstance(part, BudgetRow) else value:
                        yield place, place
                continue
            status = part.status(self.part(a, b))
            if status > 0:
                yield a, b
            elif not status:
                middle = (a + b) // 2
                todo += [(middle + 1, b), (a, middle)]


def line_of(problem: Problem, plan: SearchPlan, heads: Places) -> AxisLine:
    """Return the line of a plan at one point of the enumerated sizes."""
    return AxisLine(problem, plan.tail[0], plan.whole(heads))


def climb_line(
    problem: Problem, plan: SearchPlan, goal: IntegerFormula, heads: Places, keeper: Keeping
) -> None:
    """Offer points of the line, so that none above the keeper's threshold was left out."""
    line = line_of(problem, plan, heads)

    def offer(place: int) -> bool:
        values = line.at(place)
        value = goal.kernel.call(*values)
        if value <= keeper.threshold():
            return False
        keeper.offer(value, dict(zip(problem.names, values, strict=True)))
        return True

    for low, high in line.feasible(keeper.tick):
        way = goal.bounds.direction(line.name, line.part(low, high))
        if way is not None:
            places = range(high, low - 1, -1) if way > 0 else range(low, high + 1)
            for place in places:
                if not offer(place):
                    break
            continue
        todo = [(low, high)]
        while todo:
            a, b = todo.pop()
            keeper.tick()
            if b - a < SHORT:
                for place in range(a, b + 1):
                    offer(place)
            elif goal.bounds.over(line.part(a, b))[1] > keeper.threshold():
                middle = (a + b) // 2
                todo += [(middle + 1, b), (a, middle)]
