"""Every declared size function, by every way in which it is worked out or shown.

What numbers come to is the declaration's own ``value``; everything else has to
agree with it. A function that is added is tested here without an edit, as is
one that declares nothing beyond what it must.
"""

from __future__ import annotations

import pickle
import random
from collections.abc import Iterator, Mapping
from contextlib import suppress
from fractions import Fraction
from functools import cache
from itertools import product as every
from pathlib import Path

import pytest
import sympy

from symparams.algebra import (
    FUNCTIONS,
    PLAIN,
    Domain,
    Facts,
    Polynomial,
    Size,
    SizeFunction,
    Symbol,
    derivative,
    difference,
    from_sympy,
    is_integral,
    leading,
    of_atom,
    substitute,
    sum_over,
    symbol,
    symbols_of,
    text,
    to_sympy,
)
from symparams.algebra.intervals import Bounds, UnboundedError, interval
from symparams.algebra.kernels import bounds_of, compile, program_of, run
from symparams.algebra.size_functions.base import AppliedFunction, Interval, never_below_zero
from symparams.errors import NeedsValue, SymparamsError
from symparams.search import Axis, Budget, Part, Space, feasible_count, maximize, scaled
from symparams.search.fallback import NotModelledError, by_cp_sat
from symparams.search.kernels import Writer
from symparams.search.problem import IntegerFormula, Problem, whole_valued
from symparams.views.latex import escape, latex_formula
from tests.algebra.expressions import read_back
from tests.search.engines import engine, needed

Point = Mapping[str, int | Fraction]

SEED = 20_261_128
NAMES = "abcd"
#: How many random arguments a function gets, for each number of them.
CASES = 12


class AlternatingSum(SizeFunction, name="alternating_sum"):
    """A function of any three numbers, told by nothing but what must be told."""

    signature, says = (
        "alternating_sum(x, y, z)",
        "What a maintainer who was in a hurry would write.",
    )
    takes = 3

    def value(self, *numbers):
        return sum((-1) ** k * n * (k + 1) for k, n in enumerate(numbers))


BARE = AlternatingSum()
ALL = [*FUNCTIONS.values(), BARE]
EVERY = pytest.mark.parametrize("function", ALL, ids=lambda f: f.name)
DECLARED_ONES = pytest.mark.parametrize("function", FUNCTIONS.values(), ids=lambda f: f.name)


def counts(function: SizeFunction) -> tuple[int, ...]:
    return (function.takes,) if function.takes else (1, 2, 3, 4)


def _argument(draw: random.Random, integer: bool) -> Size:
    """A size that is above 0, so that every function has a value of it."""
    one, other = (symbol(draw.choice(NAMES), integer=integer) for _ in range(2))
    number = draw.randint(1, 12)
    if draw.random() < 0.2:  # most arguments are integers, as most sizes are
        return draw.choice([one / number, one + Fraction(1, number)])
    return draw.choice([one, one * number, one + number, one * other, one + 2 * other, number])


@cache
def sized(
    function: SizeFunction, integer: bool = True
) -> list[tuple[tuple[Size, ...], Polynomial]]:
    """Random (arguments, formula) of which the formula is no number."""
    draw = random.Random(f"{SEED} {function.name} {integer}")
    found: list[tuple[tuple[Size, ...], Polynomial]] = []
    for k, count in enumerate(counts(function)):
        while len(found) < CASES * (k + 1):
            arguments = tuple(_argument(draw, integer) for _ in range(count))
            with suppress(SymparamsError):  # some divide, and no size divides by a sum
                size = function(*arguments)
                held = frozenset().union(*map(symbols_of, arguments))
                if isinstance(size, Polynomial) and size.symbols() == held:
                    found.append((arguments, size))
    return found


def points(size: Size, how_many: int = 12, most: int = 40) -> Iterator[dict[str, int | Fraction]]:
    """Random points of the symbols of a size."""
    draw = random.Random(f"{SEED} {size}")
    symbols = sorted(symbols_of(size), key=str)
    for _ in range(how_many):
        yield {
            s.name: draw.randint(1, most)
            if s.integer
            else Fraction(draw.randint(1, most), draw.randint(1, 8))
            for s in symbols
        }


def worth(function: SizeFunction, arguments: tuple[Size, ...], point: Point) -> int | Fraction:
    """The value of a function at a point, by its own ``value``."""
    numbers = [substitute(a, point) for a in arguments]
    return Fraction(function.value(*numbers))  # type: ignore[arg-type]


# --- what it says ------------------------------------------------------------------


@EVERY
def test_a_reader_is_told(function):
    assert function.signature.startswith(f"{function.name}(")
    assert function.says.endswith(".")
    assert function.says[0].isupper() or function.says.startswith("x ")


@DECLARED_ONES
def test_it_is_in_the_catalogue(function):
    from symparams.views.pages.layers import catalogue, kind

    (row,) = [r for r in catalogue().data["rows"] if r["name"] == function.name]
    assert (row["signature"], row["says"]) == (function.signature, function.says)
    assert kind(function.name).data["rows"] == [row]


@DECLARED_ONES
def test_it_is_in_the_documents(function):
    listed = (Path(__file__).parents[2] / "docs" / "language.md").read_text("utf-8")
    assert f"`{function.name}(" in listed, "its row is missing in the list of functions"


@DECLARED_ONES
def test_a_wrong_number_of_arguments_is_refused(function):
    with pytest.raises(SymparamsError, match=f"'{function.name}' takes "):
        read_back(f"{function.name}({', '.join('a' * ((function.takes or -1) + 1))})")


# --- numbers -----------------------------------------------------------------------


@EVERY
@pytest.mark.parametrize("integer", [True, False], ids=["integers", "fractions"])
def test_substitution(function, integer):
    for arguments, size in sized(function, integer):
        for point in points(size):
            found = substitute(size, point)
            assert found == worth(function, arguments, point), (size, point)
            assert isinstance(found, int) or found.denominator != 1


@EVERY
def test_what_is_shown_to_be_an_integer_is_one(function):
    for arguments, size in sized(function):
        values = {s.name: range(1, 9) for s in symbols_of(size)}
        shown = is_integral(size) or whole_valued(size, values)
        for point in points(size, most=8):
            assert not shown or worth(function, arguments, point).denominator == 1, (size, point)


@EVERY
def test_what_is_shown_never_to_be_below_0(function):
    for arguments, size in sized(function):
        for atom in size.atoms():
            for point in points(size) if never_below_zero(atom) else ():
                assert substitute(of_atom(atom), point) >= 0, (atom, point)
        least = PLAIN.at_least(size)
        for point in points(size):
            assert least is None or worth(function, arguments, point) >= least, (size, point)


@EVERY
def test_it_is_the_same_after_pickling(function):
    assert pickle.loads(pickle.dumps(function)) is function
    for _, size in sized(function):
        assert pickle.loads(pickle.dumps(size)) == size


# --- bounds and directions ---------------------------------------------------------


def boxes(size: Size) -> Iterator[dict[str, tuple[int, int]]]:
    draw = random.Random(f"{SEED} box {size}")
    for _ in range(4):
        lows = {s.name: draw.randint(1, 9) for s in symbols_of(size)}
        yield {name: (low, low + draw.randint(0, 4)) for name, low in lows.items()}


def inside(box: Mapping[str, tuple[int, int]]) -> Iterator[dict[str, int | Fraction]]:
    names = sorted(box)
    for point in every(*(range(box[n][0], box[n][1] + 1) for n in names)):
        yield dict(zip(names, point, strict=True))


@EVERY
@pytest.mark.parametrize("integer", [True, False], ids=["integers", "fractions"])
def test_bounds_enclose_every_value(function, integer):
    bounded = 0
    for arguments, size in sized(function, integer):
        for box in boxes(size):
            values = [worth(function, arguments, p) for p in inside(box)]
            low, high = Bounds(size, box).over(box)
            assert low <= min(values) <= max(values) <= high, (size, box)
            try:
                low, high = interval(size, box)
                bounded += 1
            except UnboundedError:
                continue
            assert low <= min(values) <= max(values) <= high, (size, box)
    assert bounded or function is BARE or not integer, "no bound is known anywhere"


@EVERY
def test_bounds_under_facts_and_of_programs(function):
    for arguments, size in sized(function):
        for box in boxes(size):
            values = [worth(function, arguments, p) for p in inside(box)]
            facts = Facts({name: Domain(low, high) for name, (low, high) in box.items()})
            least, most = facts.at_least(size), facts.at_least(-size)
            assert least is None or least <= min(values), (size, box)
            assert most is None or -most >= max(values), (size, box)
            program = program_of([size], sorted(box))
            (result,) = program.results
            ends = bounds_of(program, [box[name] for name in program.names])[result.above]
            if ends is not None and result.below is None:
                assert ends[0] <= min(values) <= max(values) <= ends[1], (size, box)


@EVERY
def test_declared_ends_enclose_values_of_any_sign(function):
    draw = random.Random(f"{SEED} ends {function.name}")
    for count in counts(function):
        for _ in range(60):
            spans = []
            for _ in range(count):
                low = draw.randint(-6, 6)
                spans.append(Interval(low, low + draw.randint(0, 4)))
            try:
                values = [
                    Fraction(function.value(*numbers))
                    for numbers in every(*(range(s.low, s.high + 1) for s in spans))
                ]
                low, high = function.low(spans, True), function.high(spans, True)
            except SymparamsError:
                continue  # a function may have no value of what is not above 0
            assert low is None or low <= min(values), spans
            assert high is None or high >= max(values), spans


@EVERY
def test_the_way_it_moves(function):
    for arguments, size in sized(function):
        for box in boxes(size):
            bounds = Bounds(size, box)
            for name, (low, high) in box.items():
                way = bounds.direction(name, box)
                for point in inside({**box, name: (low, low)}) if way is not None else ():
                    moved = [{**point, name: value} for value in range(low, high + 1)]
                    values = [worth(function, arguments, p) for p in moved]
                    assert values == sorted(values, reverse=way < 0), (size, box)
                    assert way or len(set(values)) == 1, (size, box)


# --- slopes, growth, sums ----------------------------------------------------------


@EVERY
def test_there_is_no_slope_inside_it_but_a_difference(function):
    for arguments, size in sized(function):
        for by in symbols_of(size):
            if any(by in a.symbols() for a in size.atoms() if isinstance(a, AppliedFunction)):
                with pytest.raises(NeedsValue, match="it stands inside"):
                    derivative(size, by)
            for point in points(size, 3):
                moved = {**point, by.name: point[by.name] + 2}
                with suppress(NeedsValue):  # what it stands below a fraction line of would be a sum
                    step = worth(function, arguments, moved) - worth(function, arguments, point)
                    assert substitute(difference(size, by, 2), point) == step


@EVERY
def test_what_it_grows_like(function):
    for arguments, size in sized(function):
        growing = symbols_of(size)
        try:
            term = leading(size, growing).term
        except NeedsValue:
            continue
        far = {s.name: 10**6 + 17 * k for k, s in enumerate(sorted(growing, key=str))}
        ratio = worth(function, arguments, far) / Fraction(substitute(term, far))
        assert abs(ratio - 1) < Fraction(1, 1000), size


@EVERY
def test_sums(function):
    index, n = Symbol("a"), symbol("n")
    for arguments, size in sized(function):
        if symbols_of(size) == {index}:
            closed = sum_over(size, index, 1, n)
            for last in range(1, 12) if closed is not None else ():
                summed = sum(worth(function, arguments, {"a": k}) for k in range(1, last + 1))
                assert substitute(closed, {"n": last}) == summed, size


# --- in bulk -----------------------------------------------------------------------


@EVERY
@pytest.mark.parametrize("backend", ["python", "numpy"])
@pytest.mark.parametrize("most", [40, 10**5, 10**25], ids=["small", "64 bits", "beyond"])
def test_kernels(function, backend, most):
    np = pytest.importorskip("numpy")
    for arguments, size in sized(function):
        names = sorted(s.name for s in symbols_of(size))
        at = list(points(size, 6, most))
        wanted = [worth(function, arguments, p) for p in at]
        kernel = compile(size, names, backend)
        columns = {n: [p[n] for p in at] for n in names}
        assert list(kernel(**columns)) == wanted, size
        assert [kernel(**p) for p in at] == wanted, size
        if backend == "numpy" and len(names) == 2 and most < 10**20:
            one, other = names
            grid = kernel(**{one: np.array(columns[one])[:, None], other: columns[other]})
            for j, k in every(range(len(at)), repeat=2):
                point = {one: at[j][one], other: at[k][other]}
                assert grid[j, k] == worth(function, arguments, point), (size, point)


@EVERY
@pytest.mark.parametrize("backend", ["python", "numpy"])
def test_kernels_of_fractions(function, backend):
    pytest.importorskip("numpy")
    for arguments, size in sized(function, integer=False):
        names = sorted(s.name for s in symbols_of(size))
        at = list(points(size, 6))
        wanted = [worth(function, arguments, p) for p in at]
        columns = {n: [p[n] for p in at] for n in names}
        assert list(compile(size, names, backend)(**columns)) == wanted, size


@EVERY
def test_programs_on_numbers(function):
    for arguments, size in sized(function):
        program = program_of([size * 3 - 1], NAMES)
        for point in points(size, 4):
            everywhere = {**dict.fromkeys(NAMES, 1), **point}
            assert run(program, everywhere) == [3 * worth(function, arguments, point) - 1]


@EVERY
def test_kernels_of_searches(function):
    np = pytest.importorskip("numpy")
    vectors = 0
    for arguments, size in sized(function):
        writer = Writer(NAMES, [(1, 40)] * len(NAMES))
        kernel = writer.kernel(size)
        at = [{**dict.fromkeys(NAMES, 1), **p} for p in points(size)]
        wanted = [worth(function, arguments, p) for p in at]
        assert [kernel.call(*(p[n] for n in NAMES)) for p in at] == wanted, size
        if kernel.vector and symbols_of(size):
            vectors += 1
            found = kernel.at([np.array([p[n] for p in at], np.int64) for n in NAMES])
            assert list(found) == wanted, size
    assert vectors or not function.array


# --- searches and sweeps -----------------------------------------------------------


def space(size: Size) -> Space:
    draw = random.Random(f"{SEED} space {size}")
    axes = []
    for name in sorted(s.name for s in symbols_of(size)):
        first, step = draw.randint(1, 6), draw.randint(1, 3)
        axes.append(Axis(name, range(first, first + 6 * step, step)))
    return Space(tuple(axes))


def whole_space(of: Space) -> list[dict[str, int | Fraction]]:
    return [dict(zip(of.names, p, strict=True)) for p in every(*(axis.values for axis in of.axes))]


def few(function: SizeFunction) -> list[tuple[tuple[Size, ...], Polynomial]]:
    return sized(function)[:: len(counts(function))]


@EVERY
def test_a_search_finds_the_best(function):
    for arguments, size in few(function):
        over = space(size)
        values = sorted(worth(function, arguments, p) for p in whole_space(over))
        middle = values[len(values) // 2]
        for minimize, best in ((False, values[-1]), (True, values[0])):
            found = maximize(over, size, minimize=minimize)
            assert found.proved
            assert found.best.objective == best, size
        below = maximize(over, size, [Budget(size, "<=", middle, "limit")])
        assert (below.proved, below.best.objective) == (True, middle), size
        many = feasible_count(over, [Budget(size, "<=", middle, "limit")])
        assert many == sum(v <= middle for v in values), size


@EVERY
def test_cp_sat_finds_the_best_or_says_that_it_cannot(function):
    needed("ortools", "solve")
    taken = 0
    for arguments, size in few(function):
        problem = Problem(space(size), ())
        goal = IntegerFormula(size, problem.axes)
        try:
            answer = by_cp_sat(problem, goal, None, 20)
        except NotModelledError:
            continue
        taken += 1
        best = max(worth(function, arguments, p) for p in whole_space(problem.space))
        assert (answer.status, answer.bound) == ("optimal", best * goal.scale), size
    assert taken or not function.cp_sat


@EVERY
@pytest.mark.parametrize("name", ["numpy", "duckdb"])
def test_a_sweep_counts_all_or_is_refused(function, name):
    pytest.importorskip("numpy")
    working, swept = engine(name), 0
    for arguments, size in few(function)[:6]:
        over = space(size)
        values = [worth(function, arguments, p) for p in whole_space(over)]
        part = scaled(Part({}, over, (), (size,)))
        try:
            tallies = [tally for tally, _ in working.scan(part, rows=False)]
        except SymparamsError as error:
            if name == "numpy" or error.hint != "take --engine numpy":
                raise
            continue
        swept += 1
        (extent,) = tallies[0].ranges
        assert tallies[0].feasible == len(values)
        assert (extent.least, extent.greatest, extent.total) == (
            min(values), max(values), sum(values),
        ), size  # fmt: skip
    assert swept or (name != "numpy" and name not in function.sql)


# --- how it is shown, and read -----------------------------------------------------


@EVERY
def test_latex(function):
    for _, size in sized(function):
        shown = latex_formula(size)
        assert shown.count("{") == shown.count("}")
        for atom in size.atoms():
            if isinstance(atom, AppliedFunction) and atom.function is function:
                operator = function.latex or rf"\operatorname{{{escape(function.name)}}}"
                assert operator in shown or r"\lfloor" in shown


@DECLARED_ONES
def test_its_text_reads_back(function):
    for arguments, size in sized(function):
        assert read_back(text(size)) == size
        written = f"{function.name}({', '.join(f'{a}' for a in arguments)})"
        assert read_back(written) == size, written


@DECLARED_ONES
@pytest.mark.parametrize("integer", [True, False], ids=["integers", "fractions"])
def test_sympy_and_back(function, integer):
    for arguments, size in sized(function, integer):
        expression = to_sympy(size)
        back = from_sympy(expression)
        # SymPy takes a floor apart further, as it knows what is above 0.
        assert back == size or "floor" in text(size), expression
        for point in points(size, 4):
            assert substitute(back, point) == worth(function, arguments, point), expression
        if not expression.atoms(sympy.core.function.AppliedUndef):
            for point in points(size, 3):
                values = {to_sympy(of_atom(s)): to_sympy(point[s.name]) for s in symbols_of(size)}
                assert expression.subs(values) == to_sympy(worth(function, arguments, point))
