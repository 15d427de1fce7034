"""The best configurations under budgets, with a proof: branch and bound.

Boxes of the enumerated sizes are taken best bound first; a box that no bound
excludes is cut in two until it is a block, whose tails are bounded one by one
and climbed best bound first. A bound is the least of: the exact bound of the
goal over the box; the budget itself where the goal is a multiple of it; and in
a tail Lagrange's bound, floored to the residue class that the tail can reach.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from fractions import Fraction
from itertools import count as counter
from typing import Any

from symparams.algebra import Number, Size, exact, with_commas
from symparams.errors import SymparamsError
from symparams.records import Record
from symparams.search.ahead import by_dynamic_programming
from symparams.search.ceilings import ceiling
from symparams.search.clock import NOTHING, Clock, OutOfTimeError
from symparams.search.fallback import Answer, NotModelledError, available, by_cp_sat
from symparams.search.line import climb_line
from symparams.search.plans import SearchPlan, lines
from symparams.search.problem import (
    IntegerFormula,
    Places,
    Problem,
    Progress,
    count_of,
    halves,
)
from symparams.search.reductions import narrowed
from symparams.search.space import (
    Budget,
    Configuration,
    Found,
    Least,
    Space,
    configuration,
    none_left_free,
)
from symparams.search.tails import climb
from symparams.search.vector_lines import LineBlock
from symparams.search.vectors import TailBlock, ceilings, numpy_is_there

#: So many tails are bounded at once: as arrays, and one by one.
BLOCK, LOOP = 1 << 17, 1 << 9
#: So many steps of a climb are made between two looks at the clock.
STEPS = 512
#: Seconds of the first turn of branch and bound, and of CP-SAT.
FIRST = 1.0
#: Seconds for branch and bound where no limit is given, before it hands over.
PATIENCE = 20.0
#: Seconds for how far a budget is from being met.
MISSED_SECONDS = 5.0
#: What gets CP-SAT.
INSTALL = "pip install 'symparams[solve]'"


class Keeper:
    """The best points so far, and the clock."""

    def __init__(self, top: int, seconds: float | None, progress: Progress | None) -> None:
        self.top = top
        self.clock = Clock(seconds)
        self.progress = progress
        self.nodes = 0
        self._heap: list[tuple[Number, int, dict[str, Number]]] = []
        self._order = counter(0, -1)

    def threshold(self) -> Any:
        """Return what a value must exceed to be kept."""
        return self._heap[0][0] if len(self._heap) == self.top else -math.inf

    def offer(self, value: Number, point: dict[str, Number]) -> None:
        """Keep a point if it is good enough; of equal ones the first."""
        entry = (value, next(self._order), point)
        if len(self._heap) < self.top:
            heapq.heappush(self._heap, entry)
        elif value > self._heap[0][0]:
            heapq.heapreplace(self._heap, entry)

    def tick(self) -> None:
        """Count a node, and look at the clock now and then.

        Raises:
            OutOfTimeError: the time is over.
        """
        self.nodes += 1
        if self.nodes % STEPS == 0:
            self.look()

    def look(self) -> None:
        """Look at the clock, and tell how far the search is.

        Raises:
            OutOfTimeError: the time is over.
        """
        if self.progress is not None:
            self.progress(self.nodes, None)
        self.clock.look()

    def best_first(self) -> list[tuple[Number, dict[str, Number]]]:
        """Return what was kept."""
        ordered = sorted(self._heap, key=lambda e: (-e[0], -e[1]))
        return [(value, point) for value, _, point in ordered]


class Search:
    """One maximisation of a goal over a problem.

    Attributes:
        bound: nothing that is not kept exceeds this.
        finished: whether the whole space was searched or excluded.
    """

    def __init__(self, problem: Problem, goal: IntegerFormula, keeper: Keeper) -> None:
        self.problem = problem
        self.goal = goal
        self.keeper = keeper
        self.plan = SearchPlan(problem, goal)
        self.arrays = (self.plan.linear or self.plan.bisected) and numpy_is_there()
        self.block = BLOCK if self.arrays else LOOP if self.plan.linear else 1
        self.ceiling = ceiling(problem, goal)
        self.bound: float | Number = -math.inf
        self.finished = True
        self._open: float | Number = -math.inf

    def run(self) -> None:
        """Search until nothing is left or the time is over."""
        keeper, plan = self.keeper, self.plan
        ties = counter()
        start = plan.all_heads
        todo: list[tuple[Any, int, int, Places]] = []

        def push(heads: Places) -> None:
            bound = self._bound(heads)
            if bound is not None and bound > keeper.threshold():
                heapq.heappush(todo, (-bound, count_of(heads), next(ties), heads))

        try:
            push(start)
            while todo and -todo[0][0] > keeper.threshold():
                bound, size, _, heads = heapq.heappop(todo)
                self._open = -bound
                keeper.tick()
                if size <= self.block:
                    self._climb(heads)
                    self._open = -math.inf
                    keeper.look()
                    continue
                longest = max(range(len(heads)), key=lambda k: heads[k][1] - heads[k][0])
                for half in halves(heads, longest):
                    push(half)
        except OutOfTimeError:
            self.bound = max([self._open, *(-entry[0] for entry in todo)])
            self.finished = self.bound <= keeper.threshold()

    def _bound(self, heads: Places) -> Number | float | None:
        """Return the most the goal can come to in a box of heads; None where nothing is
        feasible.
        """
        box = self.problem.box(self.plan.whole(heads))
        if self.problem.status(box) < 0:
            return None
        return min(self.goal.bounds.over(box)[1], self.ceiling)

    def _climb(self, heads: Places) -> None:
        if not self.plan.linear:
            if self.arrays:
                self._climb_bundle(LineBlock(self.plan, heads))
            else:
                climb_line(self.problem, self.plan, self.goal, heads, self.keeper)
            return
        for point, bound in self._tails(heads):
            if min(bound, self.ceiling) <= self.keeper.threshold():
                break
            self._open = bound
            self._climb_tail(point, bound)

    def _tails(self, heads: Places) -> Iterator[tuple[tuple[Number, ...], Number | float]]:
        """Yield the tails of a block with a bound each, the best first."""
        if not self.arrays:
            for point in self.plan.head_values(heads):
                yield point, self.ceiling
            return
        block = TailBlock(self.plan, heads)
        for element, bound in zip(*ceilings(block, self.keeper.threshold()), strict=True):
            yield block.point(int(element)), min(int(bound), self.ceiling)

    def _climb_bundle(self, bundle: LineBlock) -> None:
        keeper = self.keeper
        for index, best in zip(*bundle.best(self.goal, keeper.threshold()), strict=True):
            if best <= keeper.threshold():
                break
            self._open = int(best)
            heads = bundle.point(int(index))
            ends = int(bundle.low[index]), int(bundle.high[index])
            rising = self._value(heads, ends[1]) == best
            places = range(ends[0], ends[1] + 1)
            for place in places[::-1] if rising else places:
                keeper.tick()
                value = self._value(heads, place)
                if value <= keeper.threshold():
                    break
                keeper.offer(value, self.plan.point(heads, [place]))

    def _value(self, heads: Sequence[Number], place: int) -> Number:
        """Return the goal at a place of a line."""
        point = self.plan.point(heads, [place])
        value: Number = self.goal.kernel.call(*(point[name] for name in self.problem.names))
        return value

    def _climb_tail(self, heads: Sequence[Number], bound: Number | float) -> None:
        keeper = self.keeper
        tail = lines(self.plan, heads)
        keeper.tick()
        if tail is not None:
            climb(
                tail,
                lambda value, places: keeper.offer(value, self.plan.point(heads, places)),
                keeper.threshold,
                keeper.tick,
                bound,
            )


# --- what is asked ---------------------------------------------------------------------


def maximize(
    space: Space,
    objective: Size,
    budgets: Iterable[Budget] = (),
    top: int = 1,
    minimize: bool = False,
    limit_seconds: float | None = None,
    progress: Progress | None = None,
) -> Found:
    """Return the ``top`` best configurations of a space under budgets, best first.

    Args:
        space: the axes and the conditions.
        objective: the formula that should be large (small with ``minimize``).
        budgets: what must hold besides.
        top: how many configurations; of equally good ones any.
        minimize: small is good.
        limit_seconds: the time there is. Where CP-SAT is installed and one
            configuration is asked for, it gets half of it if it is needed;
            without a limit, either gets :data:`PATIENCE`.
        progress: called now and then with the number of nodes so far.

    Returns:
        What was found, and whether that is proved: see :class:`Found`.

    Raises:
        SymparamsError: an empty axis, symbols left free, or budgets that no
            configuration meets (with the least value and where).
    """
    if top < 1:
        raise SymparamsError(f"'top' must be at least 1, not {top}")
    budgets = tuple(budgets)
    none_left_free(space, [objective], "the objective")
    signed = -objective if minimize else objective
    try:
        return _maximized(space, signed, objective, budgets, top, limit_seconds, progress)
    except ZeroDivisionError:
        raise SymparamsError("a formula divides by zero at a size in the space") from None


def _maximized(
    space: Space,
    signed: Size,
    objective: Size,
    budgets: tuple[Budget, ...],
    top: int,
    limit_seconds: float | None,
    progress: Progress | None,
) -> Found:
    clock = Clock(limit_seconds)
    problem = Problem(space, budgets)
    if problem.empty:
        raise nothing_fits(problem, clock)
    goal = IntegerFormula(signed, problem.axes)
    seconds = PATIENCE if limit_seconds is None else limit_seconds
    if limit_seconds is not None and top == 1 and available():
        seconds /= 2
    keeper = Keeper(top, seconds, progress)
    sign = 1 if signed == objective else -1
    known: Number | None = None
    ahead = by_dynamic_programming(problem, goal, top, keeper.clock)
    if ahead is not None:
        for point in ahead.points:
            keeper.offer(goal.kernel.call(*(point[name] for name in problem.names)), dict(point))
        keeper.nodes += ahead.states
        if ahead.proved:
            return _told(problem, goal, objective, sign, keeper, clock)
        known = ahead.bound
    if top == 1:
        problem, (goal,) = narrowed(problem, [goal])
    answer = _shared(problem, goal, keeper, seconds, clock, known)
    proved = answer.proved
    points = tuple(configuration(space, p, [objective], budgets) for _, p in keeper.best_first())
    if proved and not points:
        raise nothing_fits(problem, clock)
    limit = points[0].objective if proved else bound_of(goal, sign, answer.bound, points)
    return Found(points, proved, limit, answer.engine, answer.status, keeper.nodes)


class Shared(Record):
    """What branch and bound and CP-SAT came to; the points are with the keeper."""

    proved: bool
    bound: float | Number
    engine: str
    status: str


def _shared(
    problem: Problem,
    goal: IntegerFormula,
    keeper: Keeper,
    seconds: float,
    clock: Clock,
    known: Number | None,
) -> Shared:
    """Search by branch and bound, and where one configuration is asked for by CP-SAT in turn.

    Each has a second at first, then twice as long, and so on: what the one finds the other
    starts from.

    Args:
        seconds: what either has in all.
        clock: the time of the whole answer.
        known: nothing exceeds it.
    """
    bound: float | Number = math.inf if known is None else known
    both = keeper.top == 1 and available()
    share, used = (min(FIRST, seconds) if both else seconds), 0.0
    status = f"stopped after {seconds:g} s, not proved"
    while True:
        keeper.clock = Clock(share)
        search = Search(problem, goal, keeper)
        search.run()
        bound = min(bound, search.bound)
        if search.finished:
            return Shared(True, search.bound, "branch and bound", "optimal")
        if keeper.best_first() and keeper.threshold() >= bound:
            return Shared(True, bound, "branch and bound", "optimal")
        if keeper.top > 1:
            return Shared(False, bound, "branch and bound", status)
        if not both:
            return Shared(False, bound, "branch and bound", f"{status}; {INSTALL} adds CP-SAT")
        left = clock.left()
        try:
            turn = share if left is None else min(share, left)
            other = _handed_over(problem, goal, keeper, turn)
        except NotModelledError as error:
            status += f"; CP-SAT cannot take {error}"
            keeper.clock = Clock(max(NOTHING, seconds - used - share))
            search = Search(problem, goal, keeper)
            search.run()
            bound, proved = min(bound, search.bound), search.finished
            return Shared(proved, bound, "branch and bound", "optimal" if proved else status)
        if other.bound is not None:
            bound = min(bound, other.bound)
        proved = bool(keeper.best_first()) and keeper.threshold() >= bound
        if proved or other.status == "infeasible":
            return Shared(True, bound, "cp-sat", "optimal, by CP-SAT")
        used += share
        share = min(2 * share, seconds - used)
        if share <= NOTHING or (left is not None and left - turn <= NOTHING):
            return Shared(False, bound, "cp-sat", f"{other.status}, by CP-SAT")


def _told(
    problem: Problem,
    goal: IntegerFormula,
    objective: Size,
    sign: int,
    keeper: Keeper,
    clock: Clock,
) -> Found:
    """Return what dynamic programming proved.

    Raises:
        SymparamsError: nothing is feasible.
    """
    space, budgets = problem.space, problem.budgets
    points = tuple(configuration(space, p, [objective], budgets) for _, p in keeper.best_first())
    if not points:
        raise nothing_fits(problem, clock)
    return Found(points, True, points[0].objective, "dynamic programming", "optimal", keeper.nodes)


def _handed_over(problem: Problem, goal: IntegerFormula, keeper: Keeper, seconds: float) -> Answer:
    """Return what CP-SAT makes of it, its point kept."""
    kept = keeper.best_first()
    answer = by_cp_sat(problem, goal, kept[0][1] if kept else None, seconds)
    if answer.point is not None:
        values = [answer.point[name] for name in problem.names]
        keeper.offer(goal.kernel.call(*values), dict(answer.point))
    return answer


def bound_of(
    goal: IntegerFormula, sign: int, bound: float | Number, points: Sequence[Configuration]
) -> Number | None:
    """Return a bound of the goal as one of the objective; None where it is infinite."""
    if isinstance(bound, float):
        return None
    own = exact(sign * bound * Fraction(1, goal.scale))
    if not points:
        return own
    return max(own, points[0].objective) if sign > 0 else min(own, points[0].objective)


def least(space: Space, size: Size, limit_seconds: float | None = None) -> Least:
    """Return the least value of a formula over a space, and where.

    Raises:
        SymparamsError: no configuration meets the space's own conditions.
    """
    found = maximize(space, size, (), minimize=True, limit_seconds=limit_seconds)
    if not found.points:
        raise SymparamsError("no configuration was found in time")
    return Least(found.best.objective, found.best.values, found.proved)


def nothing_fits(problem: Problem, clock: Clock | None = None) -> SymparamsError:
    """Say that no configuration meets the budgets: how far off the formulas stay, and where.

    Where the clock has no time left, only that.
    """
    clock = Clock(None) if clock is None else clock
    space, budgets = problem.space, problem.budgets
    for budget in budgets:
        try:
            missed = _missed(space, budget, (), clock)
        except SymparamsError:
            break
        if missed:
            return SymparamsError(f"no size meets '{budget}': {missed}")
    else:
        if budgets:
            return _together(space, budgets, clock)
    why = f": {problem.empty}" if problem.empty and not budgets else ""
    return SymparamsError(f"no configuration meets the conditions{why}")


def _together(space: Space, budgets: tuple[Budget, ...], clock: Clock) -> SymparamsError:
    """Say that budgets which can each be met alone cannot all be met."""
    named = " and ".join(f"'{budget}'" for budget in budgets)
    if len(budgets) == 1:
        return SymparamsError(f"no size meets {named}")
    for budget in reversed(budgets):
        others = [other for other in budgets if other is not budget]
        with suppress(SymparamsError):
            missed = _missed(space, budget, others, clock)
            if missed:
                return SymparamsError(f"no size meets {named}: under the others, {missed}")
    return SymparamsError(f"no size meets {named} together")


def _missed(space: Space, budget: Budget, others: Sequence[Budget], clock: Clock) -> str:
    """Return the value of a budget's formula that comes nearest, and where; "" if it is within."""
    for sign, word in (("<", "least"), (">", "largest")):
        if budget.op[0] not in (sign, "="):
            continue
        seconds = min(MISSED_SECONDS, math.inf if (left := clock.left(4)) is None else left)
        if seconds <= NOTHING:
            return ""
        found = maximize(space, budget.size, others, minimize=sign == "<", limit_seconds=seconds)
        if not found.points or not found.proved:
            continue
        value = found.best.objective
        beyond = value > budget.bound if sign == "<" else value < budget.bound
        if beyond or (budget.op in ("<", ">") and value == budget.bound):
            where = ", ".join(f"{n}={v}" for n, v in found.best.values.items())
            return f"the {word} {budget.name} is {with_commas(value)}, at {where}"
    return ""
