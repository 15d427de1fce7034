"""What a sweep is made of: its parts in integers, its tallies, and what an engine is.

A sweep has a part for each structure of the model. An engine scans a part and
yields tallies, which add up, and, where they are asked for, the rows
themselves; no engine holds more than a piece of them at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from math import lcm
from typing import Any, TypeAlias

from symparams.algebra import Number, Size, free_of, substitute, symbol
from symparams.algebra.atoms import exact
from symparams.algebra.conditions import Condition
from symparams.algebra.kernels.bounds import Bound, bounds_of, fits
from symparams.algebra.kernels.program import Program
from symparams.algebra.kernels.translate import program_of
from symparams.errors import SymparamsError
from symparams.records import Record
from symparams.search.space import Axis, Budget, Space

#: Column → an array, or a list, of its values.
Columns: TypeAlias = Mapping[str, Any]
#: The same as an engine yields it: a measure's column stands under its number.
Rows: TypeAlias = "Mapping[str | int, Any]"

#: The largest number of DECIMAL(38, 0).
LARGEST_DECIMAL = 10**38 - 1


class Part(Record):
    """The configurations of one structure.

    Attributes:
        fixed: sizes that decide the structure, with their values here.
        space: the other sizes, and the conditions.
        budgets: what limits them.
        sizes: the formulas, in the order of the sweep's measures.
    """

    fixed: Mapping[str, Number]
    space: Space
    budgets: tuple[Budget, ...]
    sizes: tuple[Size, ...]


class Sweep(Record):
    """What is swept.

    Attributes:
        axes: the names of the sizes, in the order of the columns.
        measures: the names of the formulas, which are the columns behind them.
        parts: a part for each structure.
        refused: how many configurations have a structure that the model refuses.
    """

    axes: tuple[str, ...]
    measures: tuple[str, ...]
    parts: tuple[Part, ...]
    refused: int = 0

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of all columns."""
        return (*self.axes, *self.measures)


class Range(Record):
    """What a formula comes to over some configurations: exact, all of them."""

    least: Number
    greatest: Number
    total: Number

    def with_(self, other: Range) -> Range:
        """Over both."""
        return Range(
            min(self.least, other.least),
            max(self.greatest, other.greatest),
            self.total + other.total,
        )


class Tally(Record):
    """Counts over some configurations.

    Attributes:
        configurations: how many there are.
        feasible: how many meet the conditions and the budgets.
        ranges: a :class:`Range` for each measure; none where nothing is feasible.
    """

    configurations: int = 0
    feasible: int = 0
    ranges: tuple[Range, ...] = ()

    def with_(self, other: Tally) -> Tally:
        """The tally of both."""
        if self.ranges and other.ranges:
            pairs = zip(self.ranges, other.ranges, strict=True)
            ranges = tuple(one.with_(two) for one, two in pairs)
        else:
            ranges = self.ranges or other.ranges
        return Tally(
            self.configurations + other.configurations, self.feasible + other.feasible, ranges
        )


# --- in integers --------------------------------------------------------------


class Scaled(Record):
    """A part whose axes are integers, as a program.

    Attributes:
        part: the part as it was asked for.
        axes: the axes times ``scales``, all integers.
        scales: name → what a value was multiplied with.
        program: works out ``sizes``, then ``judged``: 1 where a condition holds.
        budgets: (the place of its formula among ``sizes``, the budget).
        measures: the place of each measure among ``sizes``.
        judged: how many conditions there are.
        bounds: of every result of the program, over the whole part.
    """

    part: Part
    axes: tuple[Axis, ...]
    scales: Mapping[str, int]
    program: Program
    budgets: tuple[tuple[int, Budget], ...]
    measures: tuple[int, ...]
    judged: int
    bounds: tuple[Bound, ...]

    def value(self, name: str, scaled: int) -> Number:
        """The value of an axis that stands for an integer here."""
        scale = self.scales.get(name, 1)
        return scaled if scale == 1 else exact(Fraction(scaled, scale))

    def bound(self, measure: int) -> Bound:
        """Least and largest that a measure may come to; None where it may be no integer."""
        result = self.program.results[self.measures[measure]]
        return None if result.back is not None else self.bounds[result.place]


def scaled(part: Part) -> Scaled:
    """A part in integers: a size of fractions is counted in the parts of its denominator.

    Raises:
        SymparamsError: a symbol that has neither a value nor an axis.
    """
    scales, axes, values = {}, [], {}
    for axis in part.space.axes:
        scale = 1
        if not isinstance(axis.values, range):
            scale = lcm(*(v.denominator for v in axis.values))
        if not _integers(axis):
            scales[axis.name] = scale
            values[axis.name] = symbol(axis.name) / scale
            axis = Axis(axis.name, tuple(int(v * scale) for v in axis.values))
        axes.append(axis)
    sizes: dict[Size, int] = {}

    def place(size: Size) -> int:
        return sizes.setdefault(substitute(size, values), len(sizes))

    measures = tuple(place(size) for size in part.sizes)
    budgets = tuple((place(budget.size), budget) for budget in part.budgets)
    conditions = [c.at(values) for c in part.space.conditions]
    _closed((*part.sizes, *(b.size for b in part.budgets)), conditions, part)
    names = [axis.name for axis in axes]
    shapes = {
        name: tuple(len(axes[k].values) if k == n else 1 for k in range(len(axes)))
        for n, name in enumerate(names)
    }
    program = program_of(sizes, names, shapes, conditions)
    ends = [(min(a.values), max(a.values)) for a in axes]
    bounds = tuple(bounds_of(program, ends))  # type: ignore[arg-type]  # they are integers
    return Scaled(part, tuple(axes), scales, program, budgets, measures, len(conditions), bounds)


def _integers(axis: Axis) -> bool:
    """Whether an axis stands for an integer symbol."""
    return isinstance(axis.values, range) or all(isinstance(v, int) for v in axis.values)


def _closed(sizes: Iterable[Size], conditions: Iterable[Condition], part: Part) -> None:
    names = {*free_of(sizes), *(s.name for c in conditions for s in c.symbols())}
    for name in sorted(names - set(part.space.names)):
        raise SymparamsError(
            f"'{name}' has neither a value nor a domain",
            None,
            f"give '{name}' a domain: --over {name}=1..64; or a value: --set {name}=1",
        )


# --- columns ------------------------------------------------------------------


def column_types(sweep: Sweep, parts: Iterable[Scaled]) -> dict[str, str]:
    """Column → ``int64``, ``decimal`` (38 digits) or ``text``, whichever holds all exactly.

    Text are fractions, and integers of more digits; both exact.
    """
    found: dict[str, str] = {}
    for part in parts:
        kinds = {
            name: _type_of((int(v), int(v)) if v.denominator == 1 else None)
            for name, v in part.part.fixed.items()
        }
        for axis in part.axes:
            ends = None if axis.name in part.scales else (min(axis.values), max(axis.values))
            kinds[axis.name] = _type_of(ends)  # type: ignore[arg-type]  # they are integers
        for k, name in enumerate(sweep.measures):
            kinds[name] = _type_of(part.bound(k))
        for name, kind in kinds.items():
            found[name] = max(found.get(name, kind), kind, key=_WIDER.index)
    return found


#: The types of columns, each holding what those before it hold.
_WIDER = ("int64", "decimal", "text")


def _type_of(bound: Bound) -> str:
    if fits(bound):
        return "int64"
    if bound is not None and max(map(abs, bound)) <= LARGEST_DECIMAL:
        return "decimal"
    return "text"


class Engine:
    """What scans a part; see :mod:`.by_numpy` and :mod:`.by_ibis`."""

    #: How it is asked for.
    name: str

    def steps(self, part: Scaled, rows: bool) -> int:
        """How many pieces :meth:`scan` yields; for a progress bar."""
        raise TypeError(type(self).__name__)  # pragma: no cover - every subclass has its own

    def scan(self, part: Scaled, rows: bool) -> Iterator[tuple[Tally, Rows | None]]:
        """Piece by piece the tally and, if asked for, the columns of what is feasible."""
        raise TypeError(type(self).__name__)  # pragma: no cover - every subclass has its own
