"""What a sweep is made of: its parts in integers, its tallies, and what an engine is.

A sweep has a part for each structure of the model. An engine scans a part and
yields tallies, which add up, and, where they are asked for, the rows
themselves; no engine holds more than a piece of them at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from math import gcd, lcm
from typing import Any, TypeAlias

from symparams.algebra import (
    Condition,
    Domain,
    Number,
    Size,
    bounded,
    exact,
    facts_from,
    free_of,
    substitute,
    symbol,
    terms_of,
)
from symparams.algebra.kernels import Bound, Program, bounds_of, fits, program_of
from symparams.errors import SymparamsError
from symparams.records import Record
from symparams.search.problem import admitted
from symparams.search.space import Axis, Budget, Space

#: Column → an array, or a list, of its values.
Columns: TypeAlias = Mapping[str, Any]
#: The same as an engine yields it: a measure's column stands under its number.
Rows: TypeAlias = "Mapping[str | int, Any]"

#: The largest number of DECIMAL(38, 0).
LARGEST_DECIMAL = 10**38 - 1
#: The longest axis that is gone through for what a condition on it alone admits.
MOST_FILTERED = 100_000


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
        words: size → number → the word that it stands for, of sizes that are words.
    """

    axes: tuple[str, ...]
    measures: tuple[str, ...]
    parts: tuple[Part, ...]
    refused: int = 0
    words: Mapping[str, Mapping[int, str]] = {}

    @property
    def configurations(self) -> int:
        """How many there are, before conditions and budgets."""
        return self.refused + sum(part.space.count for part in self.parts)

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of all columns."""
        return (*self.axes, *self.measures)


class Extent(Record):
    """What a formula comes to over some configurations: exact, all of them."""

    least: Number
    greatest: Number
    total: Number

    def with_(self, other: Extent) -> Extent:
        """Return the bounds over both."""
        return Extent(
            min(self.least, other.least),
            max(self.greatest, other.greatest),
            self.total + other.total,
        )


class Tally(Record):
    """Counts over some configurations.

    Attributes:
        feasible: how many meet the conditions and the budgets.
        ranges: a :class:`Extent` for each measure; none where nothing is feasible.
        configurations: how many there are; an engine leaves them to its caller.
    """

    feasible: int = 0
    ranges: tuple[Extent, ...] = ()
    configurations: int = 0

    def with_(self, other: Tally) -> Tally:
        """Return the tally of both."""
        if self.ranges and other.ranges:
            pairs = zip(self.ranges, other.ranges, strict=True)
            ranges = tuple(one.with_(two) for one, two in pairs)
        else:
            ranges = self.ranges or other.ranges
        return Tally(
            self.feasible + other.feasible, ranges, self.configurations + other.configurations
        )


# --- in integers --------------------------------------------------------------


class IntegerPart(Record):
    """A part whose axes are integers, as a program.

    Attributes:
        part: the part as it was asked for.
        axes: the values that the conditions on one size alone admit, counted
            in ``units``: all integers. May be empty.
        units: name → what 1 of an axis stands for, where it is not 1: 1/4 for
            quarters, 64 for multiples of 64.
        program: works out ``sizes``, then ``judged``: 1 where a condition holds.
        budgets: (the place of its formula among ``sizes``, the budget).
        measures: the place of each measure among ``sizes``.
        judged: how many conditions there are.
        bounds: of every result of the program, over the whole part.
    """

    part: Part
    axes: tuple[Axis, ...]
    units: Mapping[str, Number]
    program: Program
    budgets: tuple[tuple[int, Budget], ...]
    measures: tuple[int, ...]
    judged: int
    bounds: tuple[Bound, ...]

    @property
    def empty(self) -> bool:
        """Whether the conditions on one size alone leave nothing."""
        return not all(len(axis.values) for axis in self.axes)

    def value(self, name: str, counted: int) -> Number:
        """Return the value of an axis that stands for a number of its units."""
        unit = self.units.get(name, 1)
        return exact(counted * unit)

    def bound(self, measure: int) -> Bound:
        """Return least and largest that a measure may come to; None where it may be no integer."""
        result = self.program.results[self.measures[measure]]
        return None if result.back is not None else self.bounds[result.place]


def scaled(part: Part) -> IntegerPart:
    """Return a part in integers, without what the conditions on one size alone refuse.

    A size of fractions is counted in the parts of its denominator; where
    formulas have fractions, a size of multiples is counted in these, which
    often makes them whole.

    Raises:
        SymparamsError: a symbol that has neither a value nor an axis, or a
            measure that may have more than 4,300 digits.
    """
    asked = (*part.sizes, *(budget.size for budget in part.budgets))
    _closed(asked, part)
    left = [axis.but(values=_admitted(axis, part.space)) for axis in part.space.axes]
    conditions = [c for c in part.space.conditions if not _filters(c, part.space)]
    fractional = any(c.denominator != 1 for size in asked for c in terms_of(size).values())
    units = {axis.name: unit for axis in left if (unit := _unit(axis, fractional)) != 1}
    values = {name: symbol(name) * unit for name, unit in units.items()}
    axes = [a.but(values=_counted(a.values, units[a.name])) if a.name in units else a for a in left]
    facts = facts_from(part.space.conditions, {axis.name: _domain(axis) for axis in left})
    sizes: dict[Size, int] = {}
    whole: list[bool] = []

    def place(size: Size) -> int:
        made = substitute(size, values)
        if made not in sizes:
            sizes[made] = len(sizes)
            # Where a condition does not hold, nobody looks at the value.
            whole.append(facts.integral(size) is True)
        return sizes[made]

    measures = tuple(place(size) for size in part.sizes)
    budgets = tuple((place(budget.size), budget) for budget in part.budgets)
    names = [axis.name for axis in axes]
    shapes = {
        name: tuple(len(axes[k].values) if k == n else 1 for k in range(len(axes)))
        for n, name in enumerate(names)
    }
    judges = [c.at(values) for c in conditions]
    program = program_of(sizes, names, shapes, judges, whole)
    ends = [(a.values[0], a.values[-1]) if len(a.values) else (1, 1) for a in axes]
    bounds = tuple(bounds_of(program, ends))  # type: ignore[arg-type]  # they are integers
    for number in measures:
        for end in bounds[program.results[number].place] or ():
            bounded(end)
    return IntegerPart(part, tuple(axes), units, program, budgets, measures, len(judges), bounds)


def _filters(condition: Condition, space: Space) -> bool:
    """Tell whether a condition is on one axis alone, and this short enough to be gone through."""
    names = {s.name for s in condition.symbols()}
    lengths = [len(axis.values) for axis in space.axes if axis.name in names]
    return len(names) == 1 and lengths[0] <= MOST_FILTERED


def _admitted(axis: Axis, space: Space) -> Sequence[Number]:
    """Return the values of an axis at which the conditions on it alone hold."""
    own = [
        c
        for c in space.conditions
        if _filters(c, space) and {s.name for s in c.symbols()} == {axis.name}
    ]
    if not own:
        return axis.values
    try:
        kept = admitted(axis, own[0] if len(own) == 1 else Condition("and", parts=tuple(own)))
    except ZeroDivisionError:
        raise SymparamsError("division by zero") from None
    return kept if len(kept) > 1 else tuple(kept)  # one value is counted in itself


def _counted(values: Sequence[Number], unit: Number) -> Sequence[int]:
    """Return how many units each value is."""
    if isinstance(values, range):
        assert isinstance(unit, int), "a range has integers"
        return range(values.start // unit, values[-1] // unit + 1, values.step // unit)
    return tuple(int(Fraction(v) / unit) for v in values)


def _unit(axis: Axis, fractional: bool) -> Number:
    """Return what to count an axis in."""
    values = axis.values
    if not axis.integral:
        return exact(Fraction(1, lcm(*(v.denominator for v in values))))
    if not fractional or not len(values):
        return 1
    ends = (values.start, values.step) if isinstance(values, range) else values
    return gcd(*ends)  # type: ignore[arg-type]  # they are integers


def _domain(axis: Axis) -> Domain:
    values = axis.values
    if isinstance(values, range) and len(values):
        return Domain(values.start, values[-1], values.step)
    return Domain(choices=tuple(values)) if len(values) else Domain()


def _closed(sizes: Iterable[Size], part: Part) -> None:
    conditions = part.space.conditions
    names = {*free_of(sizes), *(s.name for c in conditions for s in c.symbols())}
    for name in sorted(names - set(part.space.names)):
        raise SymparamsError(
            f"'{name}' has neither a value nor a domain",
            None,
            f"give '{name}' a domain: --over {name}=1..64; or a value: --set {name}=1",
        )


# --- columns ------------------------------------------------------------------


def column_types(sweep: Sweep, parts: Iterable[IntegerPart]) -> dict[str, str]:
    """Map each column to ``int64``, ``decimal`` (38 digits) or ``text``, as holds all exactly.

    Text are fractions, and integers of more digits; both exact.
    """
    found: dict[str, str] = {}
    for part in parts:
        kinds = {
            name: _type_of((int(v), int(v)) if v.denominator == 1 else None)
            for name, v in part.part.fixed.items()
        }
        if part.empty:
            continue
        for axis in part.axes:
            ends = [part.value(axis.name, int(axis.values[k])) for k in (0, -1)]
            whole = part.units.get(axis.name, 1).denominator == 1
            kinds[axis.name] = _type_of((int(ends[0]), int(ends[1])) if whole else None)
        for k, name in enumerate(sweep.measures):
            kinds[name] = _type_of(part.bound(k))
        for name, kind in kinds.items():
            found[name] = max(found.get(name, kind), kind, key=_WIDER.index)
    found |= dict.fromkeys(sweep.words, "text")
    return {name: found.get(name, "int64") for name in sweep.columns}


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

    def steps(self, part: IntegerPart, rows: bool) -> int:
        """Return how many pieces :meth:`scan` yields; for a progress bar."""
        raise TypeError(type(self).__name__)  # pragma: no cover - every subclass has its own

    def scan(self, part: IntegerPart, rows: bool) -> Iterator[tuple[Tally, Rows | None]]:
        """Yield, piece by piece, the tally and, if asked for, the columns of what is feasible."""
        raise TypeError(type(self).__name__)  # pragma: no cover - every subclass has its own
