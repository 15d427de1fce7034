"""How a search goes through a space: sizes that are enumerated, and a tail that is solved.

In the *tail* every formula is a sum of ``coefficient * size``, its coefficients
made of the enumerated sizes alone; a tail is solved and counted by arithmetic.
Where no such tail is long, one size is left as a *line*, on which formulas are
bisected.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, product as every
from math import prod
from typing import Any

from symparams.algebra import Number, Size, Symbol, collect, terms_of
from symparams.records import Record
from symparams.search.kernels import INT64, CompiledFormula, Writer
from symparams.search.problem import IntegerFormula, Places, Problem, compiled

#: A step on a line takes about so many times as long as one in a tail.
LINE_COST = 30
#: With an axis longer than this, points are not gone through where lines are possible.
LONGEST_LISTED = 1 << 16
#: So many sizes are tried as tails; with more, only those with the longest axes.
MOST_TRIED = 12


class LinearTail(Record):
    """A formula in a tail: ``start + sum(rates[t] * place of t)``, by the enumerated sizes."""

    start: CompiledFormula
    rates: tuple[CompiledFormula, ...]

    def most(self, ends: Sequence[int]) -> int | None:
        """Return what no value in the tail exceeds in size; None where that is not known."""
        kernels = (self.start, *self.rates)
        if any(kernel.most is None for kernel in kernels):
            return None
        rates = zip(self.rates, ends, strict=True)
        return (self.start.most or 0) + sum((k.most or 0) * max(n, 1) for k, n in rates)


class SearchPlan:
    """Which axes are enumerated, and what is made of the others.

    Attributes:
        heads: places among the axes of the enumerated sizes.
        tail: places among the axes of the tail (or the one line).
        linear: whether the tail is solved by arithmetic.
        ends: the last place of each tail axis.
        counted: the sizes of the tail that some row speaks of, the longest last.
        goal: the goal in the tail; None of a line or without a goal.
        rows: every row in the tail, and the most it may come to.
        opposed: pairs of rows that bound the same formula from both sides.
        tests: the tests of enumerated sizes.
        bisected: whether every row is monotone along the line, the goal too or
            linear, all in int64, and no test speaks of it: lines are then bisected
            as arrays.
        safe: whether arrays of int64 hold everything that is computed.
    """

    def __init__(
        self, problem: Problem, goal: IntegerFormula | None = None, counting: bool = False
    ) -> None:
        self.problem = problem
        self.forms: list[IntegerFormula] = [*problem.rows, *([goal] if goal else [])]
        lengths = [len(axis.values) for axis in problem.axes]
        tail = self._longest_tail(problem, counting)
        line = _line(problem, goal, lengths)
        self.linear = bool(tail) and prod(lengths[k] for k in tail) * LINE_COST >= max(lengths)
        self.bisected = not self.linear and self._can_be_bisected(problem, goal, line)
        if not self.linear:
            tail = (line,)
            if not self.bisected and max(lengths) <= LONGEST_LISTED and self._vector():
                # Nothing is left to arithmetic: blocks of whole points.
                tail, self.linear = (), True
        self.tail = tail
        self.heads = tuple(k for k in range(len(lengths)) if k not in tail)
        self.ends = tuple(lengths[k] - 1 for k in tail)
        self.goal: LinearTail | None = None
        self.rows: list[tuple[LinearTail, int]] = []
        self.opposed: list[tuple[int, int]] = []
        writer = compiled([problem.axes[k] for k in self.heads])
        inside = {problem.axes[k].name for k in tail}
        held = [test for test in problem.tests if not inside & test.names]
        self.tests = [(test, writer.test(test.condition)) for test in held]
        if self.linear:
            self._compile(goal, writer)
        spoken = frozenset[str]().union(*(row.names for row in problem.rows))
        self.counted = sorted(
            (t for t, k in enumerate(tail) if problem.axes[k].name in spoken),
            key=lambda t: self.ends[t],
        )

    def _vector(self) -> bool:
        """Tell whether every formula is whole and may be computed on int64 arrays."""
        if not all(axis.integral for axis in self.problem.axes):
            return False
        return all(form.integral and form.kernel.vector for form in self.forms)

    def _can_be_bisected(self, problem: Problem, goal: IntegerFormula | None, line: int) -> bool:
        name = problem.axes[line].name
        if not self._vector() or any(name in test.names for test in problem.tests):
            return False
        if not all(test.kernel.vector for test in problem.tests):
            return False
        if any(row.bounds.always.get(name, 0) is None for row in problem.rows):
            return False
        # The best of a line is at one of its ends.
        ends = goal is None or goal.bounds.always.get(name, 0) is not None
        return ends or (goal is not None and _is_linear(goal.size, name))

    def _longest_tail(self, problem: Problem, counting: bool) -> tuple[int, ...]:
        forms = self.forms
        if not all(form.integral for form in forms):
            return ()
        axes = problem.axes
        lengths = [len(axis.values) for axis in axes]
        held = frozenset[str]().union(*(test.names for test in problem.tests))
        able = [
            k
            for k, axis in enumerate(axes)
            if axis.name not in held
            and isinstance(axis.values, range)
            and all(_is_linear(form.size, axis.name) for form in forms)
        ]
        able = sorted(able, key=lambda k: -lengths[k])[:MOST_TRIED]
        together = {
            frozenset((a, b))
            for a, b in combinations(able, 2)
            if any(_meet(form.size, axes[a].name, axes[b].name) for form in forms)
        }

        def saved(tail: tuple[int, ...]) -> int:
            used = sorted((lengths[k] for k in tail), reverse=True)
            return prod(used[:2] if counting else used)

        best: tuple[int, ...] = ()
        for chosen in range(1, len(able) + 1):
            for tail in combinations(able, chosen):
                if saved(tail) >= saved(best) and not any(
                    frozenset(pair) in together for pair in combinations(tail, 2)
                ):
                    best = tail
        return best

    def _compile(self, goal: IntegerFormula | None, writer: Writer) -> None:
        problem = self.problem

        def linear(size: Size) -> LinearTail:
            axes = [problem.axes[k] for k in self.tail]
            start, rates = apart(size, [axis.name for axis in axes])
            placed = []
            for axis, rate in zip(axes, rates, strict=True):
                assert isinstance(axis.values, range)
                start = start + rate * axis.values.start
                placed.append(writer.kernel(rate * axis.values.step))
            return LinearTail(writer.kernel(start), tuple(placed))

        self.goal = linear(goal.size) if goal else None
        for row in problem.rows:
            assert isinstance(row.most, int)
            self.rows.append((linear(row.size), row.most))
        self.opposed = [
            (j, k)
            for (j, one), (k, other) in combinations(enumerate(problem.rows), 2)
            if one.size == -other.size
        ]

    @property
    def safe(self) -> bool:
        """Whether arrays of int64 hold everything that is computed of a tail."""
        if not all(self.problem.axes[k].integral for k in self.heads):
            return False
        parts = [(self.goal, 0)] if self.goal else []
        for linear, most in (*parts, *self.rows):
            own = linear.most(self.ends)
            if own is None or own + abs(most) >= INT64:
                return False
        return all(kernel.vector for _, kernel in self.tests)

    def head_values(self, places: Places) -> Iterator[tuple[Number, ...]]:
        """Yield the values of the enumerated sizes, point by point, in a box of their places."""
        axes = [self.problem.axes[k] for k in self.heads]
        ranges = [
            [axis.values[k] for k in range(low, high + 1)]
            for axis, (low, high) in zip(axes, places, strict=True)
        ]
        yield from every(*ranges)

    def point(self, heads: Sequence[Number], places: Sequence[int]) -> dict[str, Number]:
        """Return the point of values of enumerated sizes and places in the tail."""
        axes = self.problem.axes
        found = {axes[k].name: value for k, value in zip(self.heads, heads, strict=True)}
        for k, place in zip(self.tail, places, strict=True):
            found[axes[k].name] = axes[k].values[place]
        return found

    def whole(self, heads: Places) -> Places:
        """Return the box of all axes: a box of the enumerated ones, the tail full."""
        found = list(self.problem.all_places)
        for k, ends in zip(self.heads, heads, strict=True):
            found[k] = ends
        return tuple(found)

    @property
    def all_heads(self) -> Places:
        """The box of all enumerated sizes."""
        return tuple(self.problem.all_places[k] for k in self.heads)


class Lines(Record):
    """One tail as numbers: maximise ``start + rates·x`` where each ``row·x <= left``."""

    start: int
    rates: Sequence[int]
    ends: Sequence[int]
    rows: Sequence[tuple[int, Sequence[int]]]


def lines(plan: SearchPlan, heads: Sequence[Number]) -> Lines | None:
    """Return the tail at values of the enumerated sizes; None where a test fails there."""
    if not all(kernel.call(*heads) for _, kernel in plan.tests):
        return None
    rows = [
        (most - row.start.call(*heads), [rate.call(*heads) for rate in row.rates])
        for row, most in plan.rows
    ]
    if plan.goal is None:
        return Lines(0, [0] * len(plan.ends), plan.ends, rows)
    rates = [rate.call(*heads) for rate in plan.goal.rates]
    return Lines(plan.goal.start.call(*heads), rates, plan.ends, rows)


def apart(size: Size, names: Sequence[str]) -> tuple[Size, list[Size]]:
    """Return (start, rates): ``size == start + sum(rates * names)``, for names it is linear in."""
    place = {name: k for k, name in enumerate(names)}
    parts: list[dict[Any, Number]] = [{} for _ in range(len(names) + 1)]
    for monomial, coefficient in terms_of(size).items():
        own = next(
            (a for a, _ in monomial if isinstance(a, Symbol) and a.name in place),
            None,
        )
        k = len(names) if own is None else place[own.name]
        parts[k][tuple(p for p in monomial if p[0] is not own)] = coefficient
    sizes = [collect(part) for part in parts]
    return sizes[-1], sizes[:-1]


def _is_linear(size: Size, name: str) -> bool:
    return all(
        exponent == 1 if isinstance(atom, Symbol) else False
        for monomial in terms_of(size)
        for atom, exponent in monomial
        if any(s.name == name for s in atom.symbols())
    )


def _meet(size: Size, one: str, other: str) -> bool:
    names: Mapping[Any, Any]
    for monomial in terms_of(size):
        names = {a.name: e for a, e in monomial if isinstance(a, Symbol)}
        if one in names and other in names:
            return True
    return False


def _line(problem: Problem, goal: IntegerFormula | None, lengths: Sequence[int]) -> int:
    """Return the axis to leave as a line: long, no test speaks of it, formulas monotone in it."""
    forms: list[IntegerFormula] = [*problem.rows, *([goal] if goal else [])]
    held = frozenset[str]().union(*(test.names for test in problem.tests))

    def worth(k: int) -> tuple[int, int]:
        name = problem.axes[k].name
        turning = sum(
            form.bounds.always.get(name, 0) is None
            and not (form is goal and _is_linear(form.size, name))
            for form in forms
        )
        return -(name in held) - turning, lengths[k]

    return max(range(len(lengths)), key=worth)
