"""Every configuration of a space: which fit the budgets, and what they come to.

A sweep has a part for each structure of the model. An engine scans a part and
yields tallies, which add up, and, where they are asked for, the rows
themselves; no engine holds more than a piece of them at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction
from math import lcm
from typing import Any, TypeAlias

from symparams.algebra import Domain, Number, Size, free_of, substitute, symbol
from symparams.algebra.atoms import exact
from symparams.algebra.conditions import Condition
from symparams.algebra.kernels.bounds import Bound, bounds_of, fits
from symparams.algebra.kernels.program import Program
from symparams.algebra.kernels.translate import program_of
from symparams.errors import Source, SymparamsError, did_you_mean
from symparams.model.build import Definition
from symparams.model.values import Value
from symparams.records import Record
from symparams.search.asked import Asked, ask, domains_asked
from symparams.search.space import Axis, Budget, Space

#: Column → an array, or a list, of its values.
Columns: TypeAlias = Mapping[str, Any]
#: The same as an engine yields it: a measure's column stands under its number.
Found: TypeAlias = "Mapping[str | int, Any]"
#: Wraps what is worked through, with the number of its steps, in a progress bar.
Progress: TypeAlias = Callable[[Iterable[Any], int], Iterator[Any]]

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


def sweep_of(asked: Asked, measures: Iterable[str]) -> Sweep:
    """The sweep over what was asked; ``measures`` name the sizes asked about.

    Raises:
        SymparamsError: nothing varies, or a measure is named as a size is.
    """
    measures = tuple(measures)
    parts = tuple(
        Part(q.fixed, q.space, tuple(limit.budget for limit in q.limits), q.sizes)
        for q in asked.questions
    )
    varied = {name for part in parts for name in (*part.fixed, *part.space.names)}
    axes = tuple(name for name in asked.domains if name in varied)
    if not axes:
        raise SymparamsError(
            "a sweep needs at least one size to vary", None, "as in --over h=64..1024:64"
        )
    for name in measures:
        if name in axes:
            raise SymparamsError(
                f"'{name}' is a size of the model and would be a column twice",
                None,
                f"name the measure with the model, as in --measure MODEL.{name}",
            )
    refused = 0
    for one in asked.refused:
        many = 1
        for name in axes:
            if name not in one.fixed:
                many *= len(asked.domains[name].values())
        refused += many
    return Sweep(axes, measures, parts, refused)


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


# --- running ------------------------------------------------------------------


class Engine:
    """What scans a part; see :mod:`.by_numpy` and :mod:`.by_ibis`."""

    #: How it is asked for.
    name: str

    def steps(self, part: Scaled, rows: bool) -> int:
        """How many pieces :meth:`scan` yields; for a progress bar."""
        raise TypeError(type(self).__name__)  # pragma: no cover - every subclass has its own

    def scan(self, part: Scaled, rows: bool) -> Iterator[tuple[Tally, Found | None]]:
        """Piece by piece the tally and, if asked for, the columns of what is feasible."""
        raise TypeError(type(self).__name__)  # pragma: no cover - every subclass has its own


def engine_named(name: str) -> Engine:
    """The engine of a name: ``numpy``, ``duckdb``, ``spark``, or a URL that Ibis connects to.

    Raises:
        SymparamsError: there is none, or what it needs is not installed.
    """
    if name == "numpy":
        from symparams.search.by_numpy import NumPy

        return NumPy()
    if name in ("duckdb", "spark") or "://" in name:
        from symparams.search.by_ibis import connected

        return connected(name)
    known = ("numpy", "duckdb", "spark")
    raise SymparamsError(
        f"unknown engine '{name}'",
        None,
        did_you_mean(name, known, f"there are {', '.join(known)}, and URLs that Ibis connects to"),
    )


def run(
    sweep: Sweep,
    engine: Engine,
    write: Callable[[Columns], None] | None = None,
    progress: Progress | None = None,
) -> Tally:
    """The tally of a sweep; what is feasible goes to ``write``, piece by piece.

    Raises:
        SymparamsError: a formula that the engine cannot work out exactly.
    """
    parts = [scaled(part) for part in sweep.parts]
    rows = write is not None

    def pieces() -> Iterator[tuple[Part, Tally, Found | None]]:
        for one in parts:
            for tally, columns in engine.scan(one, rows):
                yield one.part, tally, columns

    steps = sum(engine.steps(one, rows) for one in parts)
    total = Tally(sweep.refused)
    for part, tally, columns in pieces() if progress is None else progress(pieces(), steps):
        total = total.with_(tally)
        if write is not None and columns is not None and tally.feasible:
            fixed = {name: [value] * tally.feasible for name, value in part.fixed.items()}
            both = {**fixed, **columns}
            named = {name: both[name] for name in sweep.axes}
            write({**named, **{name: columns[k] for k, name in enumerate(sweep.measures)}})
    return total


class Swept(Record):
    """A sweep of a model, and what it came to.

    Attributes:
        model: the model's name.
        axes: each size that varied, with its domain.
        sizes: the values of the others that were set or at their defaults.
        measures, budgets, conditions: as written.
        tally: the counts.
        engine: what worked it out.
        out: the file with the rows; "" without one.
    """

    model: str
    axes: tuple[tuple[str, Domain], ...]
    sizes: Mapping[str, Number]
    measures: tuple[str, ...]
    budgets: tuple[str, ...]
    conditions: tuple[str, ...]
    tally: Tally
    engine: str
    out: str = ""


def swept(
    definition: Definition,
    over: Iterable[str] = (),
    budgets: Iterable[str] = (),
    measures: Iterable[str] = ("params",),
    values: Mapping[str, Value] | None = None,
    engine: str = "numpy",
    out: str | None = None,
    progress: Progress | None = None,
) -> Swept:
    """Sweep a model; with ``out``, the feasible rows go to that file.

    Raises:
        SymparamsError: a text that makes no sense, a size without a value and
            a domain, a file that cannot be written, an engine that is missing
            or cannot work a formula out exactly.
    """
    values, measures, budgets = dict(values or {}), tuple(measures), tuple(budgets)
    asked = ask(
        definition,
        domains_asked(definition, values, over),
        values,
        [Source("<budget>", written) for written in budgets],
        [Source("<measure>", written) for written in measures],
    )
    sweep = sweep_of(asked, measures)
    if out is None:
        tally = run(sweep, engine_named(engine), progress=progress)
    else:
        from symparams.search.grids import checked_path, grid

        checked_path(out)
        worker = engine_named(engine)
        with grid(out, column_types(sweep, map(scaled, sweep.parts))) as write:
            tally = run(sweep, worker, write, progress)
    first = asked.questions[0]
    conditions = [str(c) for q in asked.questions for c in q.space.conditions]
    return Swept(
        definition.name,
        tuple((name, asked.domains[name]) for name in sweep.axes),
        {
            **{n: v for n, v in values.items() if isinstance(v, Number)},
            **first.network.taken,
        },
        measures,
        budgets,
        tuple(dict.fromkeys(conditions)),
        tally,
        engine,
        out or "",
    )
