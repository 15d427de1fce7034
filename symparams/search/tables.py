"""Factors as tables of whole numbers: what each combination of their sizes adds to a formula.

A formula is its start and the sum of its tables, one a factor, times a unit: each table is
moved so that its least entry is 0, and divided by what all entries of the formula share. So
formulas that differ by a factor and a constant have the same tables; they are one *sum*,
which is computed once, and a budget is a range of it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import product as every
from math import ceil, floor, gcd, lcm, log2, prod
from typing import Any

from symparams.algebra import Number, Size
from symparams.records import Record
from symparams.search.interaction import cut_of, factors_of
from symparams.search.problem import BudgetRow, IntegerFormula, Problem, compiled
from symparams.search.vectors import numpy_is_there

#: A factor with more combinations than this gets no table.
MOST_ENTRIES = 1 << 18
#: Where a step looks at more points than this, sizes meet too often.
MOST_WIDE = 1 << 19
#: A space is searched along chains where their widest step is at most its number of
#: configurations to this power: else there is little to be gained.
WORTH = 0.6
#: Spaces of fewer configurations are not worth it.
SMALL = 1 << 10
#: Tables of fewer entries are computed one by one.
FEW = 1 << 9


class NotTabledError(Exception):
    """The factors of a problem are too large for tables; the message says why."""


class TooWideError(Exception):
    """A step has more states than are followed."""


class Reading(Record):
    """How a formula is read from a sum: its value is ``(start + unit * sum) / scale``.

    Attributes:
        place: which sum.
        start: its value times ``scale`` where the sum is 0.
        unit: what one more of the sum adds; below 0 where the formula falls.
        scale: what makes its values whole.
    """

    place: int
    start: int
    unit: int
    scale: int

    def value(self, total: int) -> Number:
        """Return the formula where the sum has a value."""
        found = Fraction(self.start + self.unit * int(total), self.scale)
        return found.numerator if found.denominator == 1 else found


class TableSum:
    """One sum of tables, and the range it must lie in.

    Attributes:
        tables: for each factor its entries, none below 0, in the order of its combinations.
        top: the most it can come to.
        low, high: the ends of what is allowed.
    """

    def __init__(self, tables: list[list[int]], tops: list[int]) -> None:
        self.tables = tables
        self.tops = tops
        self.top = sum(tops)
        self.low, self.high = 0, self.top

    def turned(self) -> None:
        """Count from the other end, so that a least value becomes a most one."""
        self.tables = [
            [top - entry for entry in table]
            for top, table in zip(self.tops, self.tables, strict=True)
        ]
        self.low, self.high = self.top - self.high, self.top - self.low


class Tables:
    """A problem, and goals, as sums of tables.

    Attributes:
        problem: what was asked.
        lengths: how many values each axis has.
        factors: the scopes, by places of axes.
        allowed: for each factor, which combinations its tests let pass; None for all.
        sums: the sums.
        goals: how the goals are read.
        empty: whether nothing can be feasible.
    """

    def __init__(
        self, problem: Problem, goals: Sequence[IntegerFormula] = (), bits: float = math.inf
    ) -> None:
        """Compute the tables.

        Args:
            problem: what must hold.
            goals: formulas besides.
            bits: the logarithm of how many points a step may look at.

        Raises:
            NotTabledError: a factor has too many combinations, or divides by zero somewhere.
        """
        self.problem = problem
        self.lengths = tuple(len(axis.values) for axis in problem.axes)
        forms: list[IntegerFormula] = [*problem.rows, *goals]
        self.parts, starts = factors_of(problem, forms)
        self.factors = [part.scope for part in self.parts]
        #: The factors in two sides.
        self.cut = cut_of(self.parts, self.lengths)
        if log2(self.cut.width) > min(bits, log2(MOST_WIDE)):
            raise NotTabledError("too many sizes meet")
        for scope in self.factors:
            if prod(self.lengths[k] for k in scope) > MOST_ENTRIES:
                names = ", ".join(problem.names[k] for k in scope)
                raise NotTabledError(f"{names} meet in one term")
        try:
            entries, self.allowed = self._entries(len(forms))
        except ZeroDivisionError:
            raise NotTabledError("a division by zero") from None
        self.empty = any(some is not None and not any(some) for some in self.allowed)
        self.sums: list[TableSum] = []
        self._known: dict[Any, tuple[int, bool]] = {}
        readings = [
            self._reading(start, tables) for start, tables in zip(starts, entries, strict=True)
        ]
        for row, reading in zip(problem.rows, readings, strict=False):
            self._limit(row, reading)
        turned = set()
        for place, one in enumerate(self.sums):
            if one.low > 0 and one.high >= one.top:
                one.turned()
                turned.add(place)
            self.empty = self.empty or one.low > one.high
        self.goals = [
            self._turned(r) if r.place in turned else r for r in readings[len(problem.rows) :]
        ]

    def _entries(self, forms: int) -> tuple[list[list[list[Number]]], list[list[bool] | None]]:
        found: list[list[list[Number]]] = [[] for _ in range(forms)]
        allowed: list[list[bool] | None] = []
        for part in self.parts:
            axes = [self.problem.axes[k] for k in part.scope]
            writer = compiled(axes)
            whole = all(axis.integral for axis in axes)
            points = _Points([axis.values for axis in axes])
            for k, size in enumerate(part.sizes):
                found[k].append(points.values(writer.kernel, size, whole))
            own = None
            for test in part.tests:
                held = writer.test(test.condition).call
                passed = [bool(held(*point)) for point in points.every]
                own = passed if own is None else [a and b for a, b in zip(own, passed, strict=True)]
            allowed.append(own)
        return found, allowed

    def _reading(self, start: Number, tables: list[list[Number]]) -> Reading:
        """Return how a formula of these tables is read; its sum is added if it is new."""
        scale = lcm(*{v.denominator for table in tables for v in table})
        lows, tops, moved = [], [], []
        for table, allowed in zip(tables, self.allowed, strict=True):
            some = (
                table if allowed is None else [v for v, a in zip(table, allowed, strict=True) if a]
            )
            low, high = (min(some), max(some)) if some else (0, 0)
            lows.append(low)
            tops.append(int((high - low) * scale))
            if allowed is None:
                moved.append([int((v - low) * scale) for v in table])
            else:
                pairs = zip(table, allowed, strict=True)
                moved.append([int((v - low) * scale) if a else 0 for v, a in pairs])
        unit = gcd(*{entry for table in moved for entry in table}) or 1
        first = int((start + sum(lows)) * scale)
        if unit > 1:
            moved = [[entry // unit for entry in table] for table in moved]
            tops = [top // unit for top in tops]
        key = tuple(map(tuple, moved))
        if key not in self._known:
            opposite = tuple(
                tuple(top - entry for entry in table)
                for top, table in zip(tops, moved, strict=True)
            )
            self._known[opposite] = len(self.sums), True
            self._known[key] = len(self.sums), False
            self.sums.append(TableSum(moved, tops))
        place, opposed = self._known[key]
        if opposed:
            return Reading(place, first + unit * sum(tops), -unit, scale)
        return Reading(place, first, unit, scale)

    def _limit(self, row: BudgetRow, reading: Reading) -> None:
        one = self.sums[reading.place]
        end = Fraction(row.most * reading.scale - reading.start, reading.unit)
        if reading.unit > 0:
            most = ceil(end) - 1 if row.strict else floor(end)
            one.high = min(one.high, most)
        else:
            least = floor(end) + 1 if row.strict else ceil(end)
            one.low = max(one.low, least)

    def _turned(self, reading: Reading) -> Reading:
        top = self.sums[reading.place].top
        start = reading.start + reading.unit * top
        return Reading(reading.place, start, -reading.unit, reading.scale)

    def point(self, places: Sequence[int]) -> dict[str, Number]:
        """Return the point of places on all axes."""
        axes = self.problem.axes
        return {a.name: a.values[int(k)] for a, k in zip(axes, places, strict=True)}


def tabled(problem: Problem, goals: Sequence[IntegerFormula] = ()) -> Tables | None:
    """Return a problem as tables, where its formulas are sums over parts far smaller than its
    space; else None.
    """
    every = prod(len(axis.values) for axis in problem.axes)
    if every < SMALL:
        return None
    try:
        return Tables(problem, goals, WORTH * log2(every))
    except NotTabledError:
        return None


class _Points:
    """All combinations of the values of some axes, in order."""

    def __init__(self, values: Sequence[Sequence[Number]]) -> None:
        self.size = prod(map(len, values))
        self._values = values
        self._columns: list[Any] = []

    @property
    def every(self) -> Any:
        """The combinations."""
        return every(*self._values)

    def values(self, kernel: Callable[[Size], Any], size: Size, whole: bool) -> list[Number]:
        """Return a formula at every combination."""
        if isinstance(size, Number):
            return [size] * self.size
        made = kernel(size)
        if not (whole and self.size > FEW and made.vector and numpy_is_there()):
            return [made.call(*point) for point in self.every]
        import numpy as np

        if not self._columns:
            grids = np.meshgrid(*(np.array(v, np.int64) for v in self._values), indexing="ij")
            self._columns = [grid.ravel() for grid in grids]
        found: list[Number] = np.broadcast_to(made.at(self._columns), (self.size,)).tolist()
        return found
