"""Sweeps in a database through Ibis: DuckDB in this process, Spark, or whatever Ibis reaches.

The program of a part becomes an expression over a table of all configurations.
A result is BIGINT where its bound is proved to fit, else DECIMAL(38, 0); where
38 digits do not suffice, the sweep is refused. Powers are repeated products,
and a floor is made of the engine's own integer division and a remainder, never
of a floating quotient.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from math import ceil, floor, prod
from typing import Any

from symparams.algebra.kernels import Bound, FunctionCall, fits
from symparams.errors import SymparamsError
from symparams.search.parts import (
    LARGEST_DECIMAL,
    Engine,
    Extent,
    IntegerPart,
    Rows,
    Tally,
)
from symparams.search.space import Axis, Budget

#: The most configurations that one query returns rows of.
SLICE = 1 << 20
#: The most operations, written out, in one query.
MOST_WRITTEN = 20_000
#: Integers up to here are exact as floating numbers.
EXACT_FLOAT = 1 << 53

DECIMAL = "decimal(38, 0)"

#: Backend of Ibis → its function that divides integers and drops what is left over.
DIVISIONS = {"duckdb": "divide", "pyspark": "div"}


def ibis() -> Any:
    """Return Ibis.

    Raises:
        SymparamsError: it is not installed.
    """
    try:
        import ibis as module
    except ImportError:
        raise SymparamsError(
            "Ibis is not installed", None, "run: pip install 'symparams[sweep]'"
        ) from None
    return module


def connected(name: str) -> Database:
    """Return an engine: ``duckdb``, ``spark`` (this machine), or a URL of Ibis.

    Raises:
        SymparamsError: what it needs is not installed, or it cannot be reached.
    """
    module = ibis()
    if name == "spark":
        return Database(name, _spark(module))
    if name == "duckdb":
        return Database(name, module.duckdb.connect())
    try:
        return Database(name, module.connect(name))
    except Exception as error:  # whatever a driver raises: it is the user's address
        said = str(error).strip().partition("\n")[0]
        raise SymparamsError(f"cannot connect to '{name}': {said}") from None


def _spark(module: Any) -> Any:
    """Return a Spark session: the one that runs, or a new one on this machine."""
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        raise SymparamsError(
            "Spark is not installed", None, "run: pip install 'symparams[spark]'"
        ) from None
    session = SparkSession.getActiveSession()
    if session is None:
        making = SparkSession.builder.appName("symparams")
        for name, value in _QUIET.items():
            making = making.config(name, value)
        try:
            session = making.getOrCreate()
        except Exception as error:  # whatever the bridge to Java raises
            said = str(error).strip().partition("\n")[0]
            raise SymparamsError(
                f"Spark cannot be started: {said}", None, "it needs Java 17 or later"
            ) from None
    return module.pyspark.connect(session)


#: No page of its own, no bar, no chatter.
_QUIET = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
}


class Database(Engine):
    """An engine that Ibis speaks to."""

    def __init__(self, name: str, connection: Any) -> None:
        self.name = name
        self.connection = connection

    def steps(self, part: IntegerPart, rows: bool) -> int:
        return len(list(_slices(part.axes))) if rows else 1

    def scan(self, part: IntegerPart, rows: bool) -> Iterator[tuple[Tally, Rows | None]]:
        query = _Query(part, self)
        if not rows:
            yield query.tally(), None
            return
        for axes in _slices(part.axes):
            yield query.rows(axes)

    def table(self, axes: Sequence[Axis]) -> Any:
        """Return all configurations of some axes, with a column of BIGINT for each."""
        module = ibis()
        widest = max(range(len(axes)), key=lambda k: len(axes[k].values), default=None)
        found = None
        for k, axis in enumerate(axes):
            one = self._axis(axis, spread=k == widest)
            found = one if found is None else found.cross_join(one)
        return module.range(0, 1).unnest().name("#").as_table() if found is None else found

    def _axis(self, axis: Axis, spread: bool) -> Any:
        module = ibis()
        values = axis.values
        if not isinstance(values, range):
            column = module.array([module.literal(int(v), type="int64") for v in values]).unnest()
        elif spread and self.connection.name == "pyspark":
            # As a table function it is cut into a task for each core.
            ends = f"{values.start}, {values.stop}, {values.step}"
            return self._typed(self.connection.sql(f"SELECT id FROM range({ends})"), axis.name)
        else:
            column = module.range(values.start, values.stop, values.step).unnest()
        # Spark has no expression around what makes rows.
        return self._typed(column.name("id").as_table(), axis.name)

    def _typed(self, table: Any, name: str) -> Any:
        return table.select(table.id.cast("int64").name(name))


def _slices(axes: Sequence[Axis], most: int | None = None) -> Iterator[tuple[Axis, ...]]:
    """Yield the axes cut so that no piece has more configurations than a query may return."""
    most = SLICE if most is None else most
    if not axes:
        yield ()
        return
    behind = 1
    for axis in axes[1:]:
        behind *= len(axis.values)
    first = axes[0]
    step = max(1, most // behind)
    for start in range(0, len(first.values), step):
        values = first.values[start : start + step]
        for others in _slices(axes[1:], most) if behind > most else [tuple(axes[1:])]:
            yield (Axis(first.name, values), *others)


class _Query:
    """A part as expressions of Ibis."""

    def __init__(self, part: IntegerPart, engine: Database) -> None:
        self.part = part
        self.engine = engine
        self.division = _division(engine.connection.name)
        self._check()

    def _check(self) -> None:
        part, program = self.part, self.part.program
        for result in program.results:
            if result.back is not None:
                raise SymparamsError(
                    f"a formula may come to a fraction, which {self.engine.name} would round",
                    None,
                    "take --engine numpy",
                )
        for axis in part.axes:
            if not fits((int(axis.values[0]), int(axis.values[-1]))):
                raise self._too_large(f"'{axis.name}'", 18)
        sizes = [1] * len(program.code)
        for place, (op, left, right) in enumerate(program.code):
            if isinstance(op, FunctionCall):
                self._function(op)
            bound = part.bounds[place]
            if bound is None:
                raise SymparamsError(
                    f"a formula may divide by 0, which {self.engine.name} would pass over",
                    None,
                    "take --engine numpy",
                )
            if max(map(abs, bound)) > LARGEST_DECIMAL:
                raise self._too_large("a formula", 38)
            if op not in ("constant", "name"):
                sizes[place] = sizes[left] + sizes[right] + 1
        if max(sizes, default=0) > MOST_WRITTEN:
            raise SymparamsError(
                f"this formula has {max(sizes):,} operations, more than the {MOST_WRITTEN:,} "
                "of one query",
                None,
                "take --engine numpy",
            )

    def _function(self, op: FunctionCall) -> Any:
        """Return the engine's own function of two integers.

        Raises:
            SymparamsError: it has none.
        """
        name = op.function.sql.get(self.engine.connection.name) if op.takes == 2 else None
        if name is None:
            raise SymparamsError(
                f"'{op.function.name}' has no form in SQL that {self.engine.name} takes",
                None,
                "take --engine numpy",
            )
        return _of_two_integers(name)

    def _too_large(self, what: str, digits: int) -> SymparamsError:
        return SymparamsError(
            f"{what} may have more than {digits} digits, too many for {self.engine.name}",
            None,
            "take --engine numpy",
        )

    # --- queries ---

    def _feasible(self, axes: Sequence[Axis]) -> Any:
        """Return a table of what is feasible: the axes, and the measures as ``#0``, ``#1``, …"""
        part = self.part
        table = self.engine.table(axes)
        built = self._built(table)
        values = [built[result.place] for result in part.program.results]
        tests = [self._met(place, values[place], budget) for place, budget in part.budgets]
        tests += [values[len(values) - part.judged + k] != 0 for k in range(part.judged)]
        names = [table[axis.name] for axis in axes]
        measures = {f"#{k}": values[place] for k, place in enumerate(part.measures)}
        if False in [t for t in tests if isinstance(t, bool)]:
            table = table.filter(ibis().literal(False))
        tests = [test for test in tests if not isinstance(test, bool)]
        if tests:
            table = table.filter(tests)
        return table.select(*names, **measures)

    def tally(self) -> Tally:
        """Count, least, greatest and total in one query."""
        part = self.part
        table = self._feasible(part.axes)
        asked = {"count": table.count()}
        many = prod(len(axis.values) for axis in part.axes)
        for k in range(len(part.measures)):
            column, bound = table[f"#{k}"], part.bound(k)
            assert bound is not None, "checked"
            most = max(map(abs, bound)) * many
            if most > LARGEST_DECIMAL:
                raise self._too_large("the sum of a measure", 38)
            summed = column if fits((-most, most)) else column.cast(DECIMAL)
            asked |= {f"least{k}": column.min(), f"most{k}": column.max(), f"sum{k}": summed.sum()}
        (row,) = self._fetched(table.aggregate(**asked)).to_pylist()
        ranges = tuple(
            Extent(int(row[f"least{k}"]), int(row[f"most{k}"]), int(row[f"sum{k}"]))
            for k in range(len(part.measures))
            if row["count"]
        )
        return Tally(int(row["count"]), ranges)

    def rows(self, axes: Sequence[Axis]) -> tuple[Tally, Rows]:
        """Return what is feasible of a slice, and its tally."""
        part = self.part
        found = self._fetched(self._feasible(axes))
        columns: dict[str | int, Any] = {}
        for axis in axes:
            values = found.column(axis.name).to_pylist()
            if axis.name in part.units:
                values = [part.value(axis.name, v) for v in values]
            columns[axis.name] = values
        ranges = []
        for k in range(len(part.measures)):
            values = [int(v) for v in found.column(f"#{k}").to_pylist()]
            columns[k] = values
            if values:
                ranges.append(Extent(min(values), max(values), sum(values)))
        return Tally(found.num_rows, tuple(ranges)), columns

    def _fetched(self, expression: Any) -> Any:
        """Return a query's result as an Arrow table.

        Raises:
            SymparamsError: the engine failed; its own first line is told.
        """
        try:
            return self.engine.connection.to_pyarrow(expression)
        except Exception as error:  # whatever a driver raises
            said = str(error).strip().partition("\n")[0]
            raise SymparamsError(f"{self.engine.name} failed: {said}") from error

    def _met(self, place: int, value: Any, budget: Budget) -> Any:
        """Return a test of a budget; True or False where its bound is beyond what the value
        may be.
        """
        op, bound = budget.op, budget.bound
        ends = self.part.bounds[self.part.program.results[place].place]
        assert ends is not None, "checked"
        if bound < ends[0] or bound > ends[1]:
            return op in (("<=", "<") if bound > ends[1] else (">=", ">"))
        if bound.denominator != 1:
            # Integers: x <= 7/2 is x <= 3, and none is 7/2.
            if op == "==":
                return False
            bound = floor(bound) if op in ("<=", ">") else ceil(bound)
        other = _number(int(bound))
        tests: dict[str, Callable[[], Any]] = {
            "<=": lambda: value <= other,
            "<": lambda: value < other,
            ">=": lambda: value >= other,
            ">": lambda: value > other,
            "==": lambda: value == other,
        }
        return tests[op]()

    # --- expressions ---

    def _built(self, table: Any) -> list[Any]:
        """Return the expression of every result, of the type that its bound asks for."""
        part = self.part
        found: list[Any] = []
        for place, (op, left, right) in enumerate(part.program.code):
            if op == "constant":
                found.append(_number(left))
            elif op == "name":
                found.append(table[left])
            else:
                bounds = (part.bounds[left], part.bounds[right])
                small = fits(part.bounds[place]) and all(map(fits, bounds))
                one, other = found[left], found[right]
                if not small:
                    one, other = one.cast(DECIMAL), other.cast(DECIMAL)
                made = self._done(op, one, other, bounds)
                fit = fits(part.bounds[place])
                found.append(made.cast("int64") if fit and not small else made)
        return found

    def _done(
        self, op: str | FunctionCall, one: Any, other: Any, bounds: tuple[Bound, Bound]
    ) -> Any:
        module = ibis()
        if isinstance(op, FunctionCall):
            if not all(map(fits, bounds)):
                raise self._too_large(f"what '{op.function.name}' is of", 18)
            return self._function(op)(one, other)
        if op == "add":
            return one + other
        if op == "multiply":
            return one * other
        if op == "least":
            return module.least(one, other)
        if op == "most":
            return module.greatest(one, other)
        if op == "less":
            return module.ifelse(one < other, _number(1), _number(0))
        if op == "equal":
            return module.ifelse(one == other, _number(1), _number(0))
        if op == "positive":
            return one  # its bound is known, so it is above 0
        if op == "power":
            return _power(one, other, bounds)
        return self._floor(one, other, bounds)

    def _floor(self, one: Any, other: Any, bounds: tuple[Bound, Bound]) -> Any:
        """Return the floor of a quotient: a division that drops the rest, less 1 where the rest is
        below.

        Raises:
            SymparamsError: the engine has no exact division of numbers so large.
        """
        above, below = bounds
        assert above is not None, "checked"
        assert below is not None, "checked"
        if below[1] < 0:
            one, other, above = -one, -other, (-above[1], -above[0])
        if not (fits(above) and fits(below)) or (above[0] == -(1 << 63)):
            raise self._too_large("what is divided", 18)
        if self.division is None:
            largest = max(*map(abs, above), *map(abs, below))
            if largest * 2 > EXACT_FLOAT:
                raise self._too_large("what is divided", 15)
            # A multiple of the divisor: its floating quotient is the integer itself.
            rest = (one % other + other) % other
            return ((one - rest) / other).round().cast("int64")
        whole = self.division(one, other)
        if above[0] >= 0:
            return whole
        return whole - ibis().ifelse(one - whole * other < 0, _number(1), _number(0))


def _number(value: int) -> Any:
    """Return a literal, of the type that holds it."""
    if fits((value, value)):
        return ibis().literal(value, type="int64")
    return ibis().literal(value, type=DECIMAL)


def _power(base: Any, exponent: Any, bounds: tuple[Bound, Bound]) -> Any:
    """Return ``base^exponent`` as a product of ``base^(2^k)`` for the digits of the exponent."""
    _, above = bounds
    assert above is not None, "checked"
    made, square, digit = None, base, 1
    while digit <= above[1]:
        taken = ibis().ifelse((exponent.cast("int64") & digit) > 0, square, _number(1))
        made = taken if made is None else made * taken
        square, digit = square * square, digit * 2
    return _number(1) if made is None else made


def _division(backend: str) -> Any:
    """Return the function of an engine that divides integers and drops the rest; None if
    unknown.
    """
    if backend not in DIVISIONS:
        return None
    return _of_two_integers(DIVISIONS[backend])


def _of_two_integers(name: str) -> Any:
    """Return a function of an engine of two integers of 64 bits."""

    def called(one, other):  # type: ignore[no-untyped-def]  # Ibis reads the signature below
        raise TypeError  # pragma: no cover - the engine has the body

    signature = (("int64", "int64"), "int64")
    return ibis().udf.scalar.builtin(name=name, signature=signature)(called)
