"""Exact Pareto fronts: two goals by a chain of optima, more by bounds on boxes."""

from __future__ import annotations

import heapq
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import count as counter, product as every
from typing import Any

from symparams.algebra import Number, Size, exact
from symparams.errors import SymparamsError
from symparams.search.ahead import by_dynamic_programming
from symparams.search.clock import Clock, OutOfTimeError
from symparams.search.optimum import Keeper, Search, nothing_fits
from symparams.search.problem import (
    BudgetRow,
    IntegerFormula,
    Places,
    Problem,
    Progress,
    count_of,
    halves,
    outer_box,
)
from symparams.search.reductions import narrowed
from symparams.search.space import Budget, Front, Space, configuration, none_left_free
from symparams.search.tables import NotTabledError, Tables, TooWideError, tabled
from symparams.search.vectors import numpy_is_there

#: Boxes of so few points are gone through.
BLOCK = 1 << 6
#: Two goals over fewer points than this are bounded on boxes too.
SMALL = 1 << 14

#: Goals, all to be made large.
Vector = tuple[Number, ...]


class Skyline:
    """Vectors of which none covers another (is as good in every goal), each with a point.

    Of two goals they are kept in the order of the first, so that a vector is
    judged by its neighbour.
    """

    def __init__(self, goals: int) -> None:
        self.ordered = goals == 2
        self.vectors: list[Vector] = []
        self.points: dict[Vector, tuple[Number, ...]] = {}

    def covers(self, ideal: Sequence[Any]) -> bool:
        """Tell whether some vector is at least as good in every goal."""
        if self.ordered:
            # The second goal falls as the first rises: the next one has the best second.
            place = bisect_left(self.vectors, ideal[0], key=lambda v: v[0])
            return place < len(self.vectors) and self.vectors[place][1] >= ideal[1]
        for k, vector in enumerate(self.vectors):
            if _as_good(vector, ideal):
                # What covers one vector is likely to cover the next: look there first.
                self.vectors.insert(0, self.vectors.pop(k))
                return True
        return False

    def add(self, vector: Vector, point: Sequence[Number]) -> None:
        """Take a vector in, unless one covers it; drop those that it covers."""
        if self.covers(vector):
            return
        if self.ordered:
            end = place = bisect_left(self.vectors, vector[0], key=lambda v: v[0])
            if end < len(self.vectors) and self.vectors[end][0] == vector[0]:
                end += 1
            while place and self.vectors[place - 1][1] <= vector[1]:
                place -= 1
            for old in self.vectors[place:end]:
                del self.points[old]
            self.vectors[place:end] = [vector]
        else:
            for old in [v for v in self.vectors if _as_good(vector, v)]:
                self.vectors.remove(old)
                del self.points[old]
            self.vectors.append(vector)
        self.points[vector] = tuple(point)


def _as_good(vector: Sequence[Any], other: Sequence[Any]) -> bool:
    return all(a >= b for a, b in zip(vector, other, strict=True))


def pareto(
    space: Space,
    budgets: Iterable[Budget],
    goals: Sequence[tuple[Size, str]],
    limit_seconds: float | None = None,
    progress: Progress | None = None,
) -> Front:
    """Return the Pareto front of several goals under budgets: one configuration for each vector of
    it.

    A vector is on the front where no feasible configuration is at least as good
    in every goal and better in one.

    Args:
        space: the axes and the conditions.
        budgets: what must hold besides.
        goals: formulas, each with ``max`` or ``min``.
        limit_seconds: the time there is; where it ends, every point is still
            feasible, but the front is not proved.
        progress: called now and then with the number of nodes so far.

    Raises:
        SymparamsError: no goal, symbols left free, or nothing is feasible.
    """
    if not goals:
        raise SymparamsError("a Pareto front needs at least one goal")
    for size, way in goals:
        if way not in ("max", "min"):
            raise SymparamsError(f"a goal is 'max' or 'min', not '{way}'")
        none_left_free(space, [size], "a goal")
    budgets = tuple(budgets)
    problem = Problem(space, budgets)
    if problem.empty:
        raise nothing_fits(problem, Clock(limit_seconds))
    forms = [IntegerFormula(size if way == "max" else -size, problem.axes) for size, way in goals]
    problem, forms = narrowed(problem, forms)
    skyline = Skyline(len(forms))
    keeper = Keeper(1, limit_seconds, progress)
    proved = True
    engine = "branch and bound"
    try:
        if _merged(problem, forms, skyline, keeper, progress):
            engine = "dynamic programming"
        elif _gone_through(problem, forms, skyline, keeper):
            engine = "every point"
        elif len(forms) == 2 and count_of(problem.all_places) > SMALL:
            _chain(problem, forms, skyline, keeper, progress)
        else:
            _boxes(problem, forms, skyline, keeper)
    except OutOfTimeError:
        proved = False
    except ZeroDivisionError:
        raise SymparamsError("a formula divides by zero at a size in the space") from None
    if proved and not skyline.vectors:
        raise nothing_fits(problem, keeper.clock)
    found = tuple(
        configuration(
            space,
            dict(zip(problem.names, skyline.points[vector], strict=True)),
            [size for size, _ in goals],
            budgets,
        )
        for vector in sorted(skyline.vectors, reverse=True)
    )
    status = "exact" if proved else f"stopped after {limit_seconds:g} s, not proved"
    return Front(found, proved, status, keeper.nodes, engine)


def _merged(
    problem: Problem,
    forms: Sequence[IntegerFormula],
    skyline: Skyline,
    keeper: Keeper,
    progress: Progress | None,
) -> bool:
    """Find the front where formulas are sums over parts, and tell whether they are.

    Raises:
        OutOfTimeError: the time is over.
    """
    tables = tabled(problem, forms)
    if tables is None or tables.empty or len(forms) > 2:
        return False
    limited = None
    try:
        if numpy_is_there():
            from symparams.search.merged_fronts import MergedFront

            front = MergedFront(tables, keeper.look)
            limited = front.lifted()
            points = front.points()
            keeper.nodes += front.states
        else:
            from symparams.search.plain_sums import PlainSums

            points = PlainSums(tables, keeper.look, ranked=True).front()
        for point in points:
            values = [point[name] for name in problem.names]
            if limited is None or problem.allows(values):
                skyline.add(tuple(_unscaled(f.kernel.call(*values), f) for f in forms), values)
        if limited is not None:
            _below_limit(problem, forms, limited, skyline, keeper, progress)
    except (NotTabledError, TooWideError):
        return False
    return True


def _gone_through(
    problem: Problem, forms: Sequence[IntegerFormula], skyline: Skyline, keeper: Keeper
) -> bool:
    """Find the front by going through every point, and tell whether they are few enough.

    Raises:
        OutOfTimeError: the time is over.
    """
    if len(forms) != 2 or count_of(problem.all_places) <= SMALL or not numpy_is_there():
        return False
    from symparams.search.enumerated import enumerated_front

    points = enumerated_front(problem, forms, keeper.look)
    for point in points or ():
        values = [point[name] for name in problem.names]
        skyline.add(tuple(_unscaled(f.kernel.call(*values), f) for f in forms), values)
    if points is not None:
        keeper.nodes += count_of(problem.all_places)
    return points is not None


def _below_limit(
    problem: Problem,
    forms: Sequence[IntegerFormula],
    place: int,
    skyline: Skyline,
    keeper: Keeper,
    progress: Progress | None,
) -> None:
    """Find what of the front only points beyond a limit beat.

    It lies in a narrow range: the limited goal is better than anywhere so far, and no better
    than its best; the other goal is no worse than it can be there.

    Raises:
        OutOfTimeError: the time is over.
        TooWideError: too many states.
        NotTabledError: numbers are too large.
    """
    from symparams.search.merged_fronts import MergedFront

    limited, other = forms[place], forms[1 - place]
    reached = [limited.kernel.call(*values) for values in skyline.points.values()]
    more = [BudgetRow(-limited.size, -max(reached), True, problem.axes)] if reached else []
    best = _most(problem, limited, more, keeper, progress)
    if best is None:
        return
    held = [BudgetRow(-limited.size, -best[0], False, problem.axes)]
    least = other.kernel.call(*(best[1][name] for name in problem.names))
    at_best = _with_rows(problem, held)
    assert at_best is not None, "a point of the front has vanished"
    # Any point there will do, and the better it is the narrower the range.
    found = by_dynamic_programming(at_best, other, 1, keeper.clock, tries=2)
    for point in found.points if found is not None else ():
        least = max(least, other.kernel.call(*(point[name] for name in problem.names)))
    narrow = _with_rows(problem, [*more, BudgetRow(-other.size, -least, False, problem.axes)])
    assert narrow is not None, "a point of the front has vanished"
    front = MergedFront(Tables(narrow, forms), keeper.look)
    for point in front.points(thrifty=True):
        values = [point[name] for name in problem.names]
        skyline.add(tuple(_unscaled(f.kernel.call(*values), f) for f in forms), values)
    keeper.nodes += front.states


# --- two goals -------------------------------------------------------------------


def _chain(
    problem: Problem,
    forms: Sequence[IntegerFormula],
    skyline: Skyline,
    keeper: Keeper,
    progress: Progress | None,
) -> None:
    """Walk the front from its best first goal on: each next vector has a better second goal.

    Raises:
        OutOfTimeError: the time is over.
    """
    first, second = forms
    better: list[BudgetRow] = []
    while True:
        # One optimum may be too quick for its own search to look at the clock.
        keeper.look()
        best = _most(problem, first, better, keeper, progress)
        if best is None:
            return
        value, _ = best
        held = [BudgetRow(-first.size, -value, False, problem.axes)]
        last = _most(problem, second, [*better, *held], keeper, progress)
        assert last is not None, "a point of the front has vanished"
        reached, point = last
        values = [point[name] for name in problem.names]
        skyline.add((_unscaled(value, first), _unscaled(reached, second)), values)
        better = [BudgetRow(-second.size, -reached, True, problem.axes)]


def _most(
    problem: Problem,
    goal: IntegerFormula,
    more: Sequence[BudgetRow],
    keeper: Keeper,
    progress: Progress | None,
) -> tuple[Number, dict[str, Number]] | None:
    """Return the largest value of a goal under further rows, and where; None where nothing is
    feasible.
    """
    other = _with_rows(problem, more)
    if other is None:
        # Always so of a goal that is the same everywhere: nothing is better than the best.
        return None
    own = Keeper(1, keeper.clock.left(), progress)
    ahead = by_dynamic_programming(other, goal, 1, own.clock)
    if ahead is not None and ahead.proved:
        keeper.nodes += ahead.states
        for point in ahead.points:
            return goal.kernel.call(*(point[name] for name in problem.names)), point
        return None
    search = Search(other, goal, own)
    search.run()
    keeper.nodes += own.nodes
    if not search.finished:
        raise OutOfTimeError
    kept = own.best_first()
    return kept[0] if kept else None


def _with_rows(problem: Problem, more: Sequence[BudgetRow]) -> Problem | None:
    """Return a problem with further rows; None where one holds nowhere."""
    other = problem.narrowed_to(problem.axes)
    for row in more:
        status = row.status(outer_box(problem.axes))
        if status < 0:
            return None
        if not status:
            other.rows.append(row)
    return other


def _unscaled(value: Number, form: IntegerFormula) -> Number:
    return exact(Fraction(value) / form.scale)


# --- any number of goals ---------------------------------------------------------


def _boxes(
    problem: Problem, forms: Sequence[IntegerFormula], skyline: Skyline, keeper: Keeper
) -> None:
    """Go through boxes, the best first goal first; drop one whose ideal is covered.

    Raises:
        OutOfTimeError: the time is over.
    """
    ties = counter()
    todo: list[tuple[Any, int, Places, list[Any]]] = []

    def push(places: Places) -> None:
        box = problem.box(places)
        if problem.status(box) >= 0:
            ideal = [form.bounds.over(box)[1] / Fraction(form.scale) for form in forms]
            if not skyline.covers(ideal):
                heapq.heappush(todo, (-ideal[0], next(ties), places, ideal))

    push(problem.all_places)
    while todo:
        _, _, places, ideal = heapq.heappop(todo)
        keeper.tick()
        if skyline.covers(ideal):
            continue
        if count_of(places) <= BLOCK:
            for values in _points(problem, places):
                if problem.allows(values):
                    vector = tuple(_unscaled(f.kernel.call(*values), f) for f in forms)
                    skyline.add(vector, values)
            continue
        longest = max(range(len(places)), key=lambda k: places[k][1] - places[k][0])
        for half in halves(places, longest):
            push(half)


def _points(problem: Problem, places: Places) -> Iterator[tuple[Number, ...]]:
    yield from every(
        *(
            [axis.values[k] for k in range(low, high + 1)]
            for axis, (low, high) in zip(problem.axes, places, strict=True)
        )
    )
