"""A search made ready: whole-number rows ``formula <= most``, tests, narrowed axes."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from math import lcm, prod
from typing import TypeAlias

from symparams.algebra import (
    AppliedFunction,
    Atom,
    Bounds,
    Box,
    Condition,
    Number,
    Polynomial,
    Size,
    Symbol,
    exact,
    terms_of,
)
from symparams.algebra.kernels import Bound
from symparams.errors import SymparamsError
from symparams.search.kernels import CompiledFormula, Writer, content, recentred, whole_over
from symparams.search.space import OPERATORS, Axis, Budget, Space, checked, none_left_free

#: Places of a box: for each axis, the first and the last place of its values.
Places: TypeAlias = tuple[tuple[int, int], ...]
#: A told step: how much of the work is done, of how much; None where that is not known.
Progress: TypeAlias = Callable[[int, int | None], None]

#: An axis longer than this is not gone through value by value to narrow it.
LONGEST_AXIS = 2_000_000


class IntegerFormula:
    """A formula with whole coefficients over the axes, with its bounds and its kernel."""

    def __init__(self, size: Size, axes: Sequence[Axis]) -> None:
        """Keep ``size`` times ``scale``, the least multiple with whole coefficients."""
        self.scale = lcm(*(c.denominator for c in terms_of(size).values()))
        self.size = size * self.scale
        self.axes = axes
        values = {axis.name: axis.values for axis in axes}
        #: Whether every value is a whole number.
        self.integral = whole_valued(self.size, values)

    @cached_property
    def names(self) -> frozenset[str]:
        """The names it depends on."""
        size = self.size
        return frozenset(s.name for s in size.symbols()) if isinstance(size, Polynomial) else _NONE

    @cached_property
    def bounds(self) -> Bounds:
        """Its bounds over boxes."""
        return Bounds(self.size, outer_box(self.axes))

    @cached_property
    def kernel(self) -> CompiledFormula:
        """It as a function of all axes' values, in order."""
        return compiled(self.axes).kernel(self.size)

    @cached_property
    def grid(self) -> tuple[int, int]:
        """(c, g): its values are c more than multiples of g, all over the axes."""
        first = {a.name: a.values[0] for a in self.axes if isinstance(a.values, range)}
        step = {a.name: a.values.step for a in self.axes if isinstance(a.values, range)}
        start, shared = content(recentred(self.size, first, step))
        return int(start), shared

    def floored(self, most: int) -> int:
        """Return the largest number up to ``most`` that the grid of its values allows."""
        start, shared = self.grid
        return start + (most - start) // shared * shared if shared else most


_NONE: frozenset[str] = frozenset()


class BudgetRow(IntegerFormula):
    """``formula <= most``, or ``<`` where ``strict`` (then it has fractions)."""

    def __init__(self, size: Size, most: Number, strict: bool, axes: Sequence[Axis]) -> None:
        super().__init__(size, axes)
        most = most * self.scale
        self.strict = strict and not self.integral
        if self.integral:
            most = self.floored(math.ceil(most) - 1 if strict else math.floor(most))
        self.most: Number = exact(most)

    def met(self, value: Number) -> bool:
        """Tell whether a value of the formula is allowed."""
        return value < self.most if self.strict else value <= self.most

    def status(self, box: Box) -> int:
        """Return 1: met all over the box; -1: nowhere; 0: undecided."""
        low, high = self.bounds.over(box)
        if self.met(high):  # type: ignore[arg-type]
            return 1
        return 0 if self.met(low) else -1  # type: ignore[arg-type]


class Test:
    """A condition that is no inequality."""

    def __init__(self, condition: Condition, axes: Sequence[Axis]) -> None:
        self.condition = condition
        self.axes = axes
        self.names = frozenset(s.name for s in condition.symbols())
        self._bounds: dict[Size, Bounds] = {}

    @cached_property
    def kernel(self) -> CompiledFormula:
        """It as a function of all axes' values, in order."""
        return compiled(self.axes).test(self.condition)

    def status(self, box: Box) -> int:
        """Return 1: it holds all over the box; -1: nowhere; 0: undecided."""
        return self._status(self.condition, box)

    def _status(self, condition: Condition, box: Box) -> int:
        op = condition.op
        if op in ("true", "false"):
            return 1 if op == "true" else -1
        if op == "not":
            return -self._status(condition.parts[0], box)
        if op in ("and", "or"):
            found = [self._status(p, box) for p in condition.parts]
            return min(found) if op == "and" else max(found)
        if condition.size not in self._bounds:
            self._bounds[condition.size] = Bounds(condition.size, outer_box(self.axes))
        low, high = self._bounds[condition.size].over(box)
        if op == "integer":
            if low != high or isinstance(low, float):
                return 0
            return 1 if low.denominator == 1 else -1
        if op == "zero":
            return 1 if low == high == 0 else -1 if low > 0 or high < 0 else 0
        if op == "positive":
            return 1 if low > 0 else -1 if high <= 0 else 0
        return 1 if low >= 0 else -1 if high < 0 else 0


class Problem:
    """What must hold, over narrowed axes.

    Attributes:
        space, budgets: as given.
        axes: the axes, each without the values its own conditions exclude.
        rows, tests: all else that must hold.
        empty: why nothing can be feasible, in words; "" where that is not known.
    """

    def __init__(self, space: Space, budgets: Iterable[Budget]) -> None:
        self.space = checked(space)
        self.budgets = tuple(budgets)
        for budget in self.budgets:
            none_left_free(space, [budget.size], f"the budget '{budget}'")
        self.empty = ""
        self.axes: tuple[Axis, ...] = space.axes
        for condition in space.conditions:
            none_left_free(space, _sizes_of(condition), f"the condition '{condition}'")
        flat = [c for condition in space.conditions for c in conjuncts(condition)]
        left = [c for c in flat if not self._narrowed(c)]
        self.rows: list[BudgetRow] = []
        self.tests: list[Test] = []
        for condition in left:
            self._condition(condition)
        for budget in self.budgets:
            for size, most, strict in _at_most(budget):
                self._row(size, most, strict, f"'{budget}' holds nowhere")
        self.names = tuple(axis.name for axis in self.axes)

    def _narrowed(self, condition: Condition) -> bool:
        """Tell whether a condition on one size alone was settled by narrowing its axis."""
        names = {s.name for s in condition.symbols()}
        if not names:
            self.empty = self.empty or ("" if condition.judge() else f"'{condition}' is false")
            return True
        place = next((k for k, a in enumerate(self.axes) if {a.name} == names), None)
        if place is None or len(self.axes[place].values) > LONGEST_AXIS:
            return False
        axis = self.axes[place]
        kept = admitted(axis, condition)
        if not kept:
            self.empty = f"no value of '{axis.name}' meets '{condition}'"
            return True
        axes = list(self.axes)
        axes[place] = Axis(axis.name, kept)
        self.axes = tuple(axes)
        return True

    def _condition(self, condition: Condition) -> None:
        says = f"'{condition}' holds nowhere"
        if condition.op in ("positive", "nonnegative"):
            self._row(-condition.size, 0, condition.op == "positive", says)
        elif condition.op == "zero" and not _has_floors(condition.size):
            self._row(condition.size, 0, False, says)
            self._row(-condition.size, 0, False, says)
        else:
            self.tests.append(Test(condition, self.axes))

    def _row(self, size: Size, most: Number, strict: bool, says: str) -> None:
        size, most = self._without_fractions(size, most)
        row = BudgetRow(size, most, strict, self.axes)
        status = row.status(outer_box(self.axes))
        if status < 0:
            self.empty = self.empty or says
        elif not status:
            self.rows.append(row)

    def _without_fractions(self, size: Size, most: Number) -> tuple[Size, Number]:
        """Return the same inequality times the positive sizes that it divides by."""
        above, _, shift = whole_over(size - most)
        positive = {a.name for a in self.axes if a.values[0] > 0}
        if shift and all(isinstance(a, Symbol) and a.name in positive for a, _ in shift):
            return above, 0
        return size, most

    @property
    def all_places(self) -> Places:
        """The box of everything."""
        return tuple((0, len(axis.values) - 1) for axis in self.axes)

    def box(self, places: Places) -> dict[str, tuple[Number, Number]]:
        """Return the ends of each axis's values in a box of places."""
        return {
            axis.name: (axis.values[low], axis.values[high])
            for axis, (low, high) in zip(self.axes, places, strict=True)
        }

    def status(self, box: Box) -> int:
        """Return 1: everything holds all over the box; -1: something nowhere; 0: undecided."""
        found = 1
        parts: list[BudgetRow | Test] = [*self.rows, *self.tests]
        for part in parts:
            status = part.status(box)
            if status < 0:
                return -1
            found = min(found, status)
        return found

    def allows(self, values: Sequence[Number]) -> bool:
        """Tell whether everything holds at the values of all axes, in order."""
        return all(row.met(row.kernel.call(*values)) for row in self.rows) and all(
            test.kernel.call(*values) for test in self.tests
        )

    def narrowed_to(self, axes: Sequence[Axis]) -> Problem:
        """Return the same over other axes of the same names (each a part of its own)."""
        other = object.__new__(Problem)
        other.space, other.budgets, other.empty = self.space, self.budgets, self.empty
        other.axes, other.names = tuple(axes), self.names
        other.rows = [BudgetRow(r.size, r.most, r.strict, axes) for r in self.rows]
        other.tests = [Test(t.condition, axes) for t in self.tests]
        return other


# --- pieces --------------------------------------------------------------------


def outer_box(axes: Iterable[Axis]) -> dict[str, tuple[Number, Number]]:
    """Return the least and largest value of each axis."""
    return {axis.name: (axis.values[0], axis.values[-1]) for axis in axes}


def compiled(axes: Sequence[Axis]) -> Writer:
    """Return a writer of functions of the values of some axes, in order."""
    return Writer([a.name for a in axes], [_integer_ends(a.values) for a in axes])


def _integer_ends(values: Sequence[Number]) -> Bound:
    if isinstance(values, range) or all(isinstance(v, int) for v in values):
        return int(values[0]), int(values[-1])
    return None


def admitted(axis: Axis, condition: Condition) -> Sequence[Number]:
    """Return the values of an axis at which a condition on it alone holds; a range, where they are
    one.
    """
    test = compiled([axis]).test(condition).call
    return progression(tuple(v for v in axis.values if test(v)))


def progression(values: tuple[Number, ...]) -> Sequence[Number]:
    """Return rising values as a range, where they are evenly spaced whole numbers."""
    if not values:
        return values
    first, last = values[0], values[-1]
    if not isinstance(first, int) or not isinstance(last, int):
        return values
    if len(values) == 1:
        return range(first, first + 1)
    step = exact(values[1] - first)
    if not isinstance(step, int) or first + step * (len(values) - 1) != last:
        return values
    even = range(first, last + 1, step)
    return even if tuple(even) == values else values


def whole_valued(size: Size, values: Mapping[str, Sequence[Number]]) -> bool:
    """Tell whether a formula comes to whole numbers only, over some axes (False: not shown)."""

    def whole(atom: Atom) -> bool:
        if isinstance(atom, Symbol):
            own = values[atom.name]
            return isinstance(own, range) or all(isinstance(v, int) for v in own)
        assert isinstance(atom, AppliedFunction)
        return atom.function.integral(atom.arguments, lambda size: whole_valued(size, values))

    return all(
        isinstance(c, int) and all(e > 0 and whole(a) for a, e in m)
        for m, c in terms_of(size).items()
    )


def conjuncts(condition: Condition) -> Iterable[Condition]:
    """Yield the parts of a condition that must all hold."""
    if condition.op == "and":
        for part in condition.parts:
            yield from conjuncts(part)
    else:
        yield condition


def _sizes_of(condition: Condition) -> Iterable[Size]:
    yield condition.size
    for part in condition.parts:
        yield from _sizes_of(part)


def _has_floors(size: Size) -> bool:
    return any(not isinstance(atom, Symbol) for m in terms_of(size) for atom, _ in m)


def _at_most(budget: Budget) -> list[tuple[Size, Number, bool]]:
    """Return a budget as (formula, most, strict)."""
    size, op, bound = budget.size, budget.op, budget.bound
    if op not in OPERATORS:
        raise SymparamsError(f"a budget compares by <=, <, >=, > or ==, not by '{op}'")
    below = (size, bound, op == "<")
    above = (-size, -bound, op == ">")
    return [below, above] if op == "==" else [below] if op[0] == "<" else [above]


def count_of(places: Places) -> int:
    """Return the number of points of a box of places."""
    return prod(high - low + 1 for low, high in places)


def halves(places: Places, axis: int) -> tuple[Places, Places]:
    """Return a box cut in two along an axis."""
    low, high = places[axis]
    middle = (low + high) // 2
    return (
        (*places[:axis], (low, middle), *places[axis + 1 :]),
        (*places[:axis], (middle + 1, high), *places[axis + 1 :]),
    )
