"""Kernels equal exact arithmetic at every point, on numbers and on arrays of any size."""

from __future__ import annotations

import subprocess
import sys
from fractions import Fraction
from itertools import product as every

import numpy as np
import pytest
from hypothesis import assume, given, settings, strategies as st

from symparams.algebra import (
    Size,
    divide,
    floor,
    make_divisible,
    maximum,
    minimum,
    power,
    substitute,
    symbol,
)
from symparams.algebra.conditions import Condition, compared
from symparams.algebra.kernels import arrays, compile, program_of
from symparams.algebra.kernels.bounds import bounds_of, int64_of
from symparams.algebra.kernels.numbers import run
from symparams.errors import SymparamsError
from symparams.search.kernels import Writer
from tests.algebra.expressions import (
    NAMES,
    UndefinedError,
    built,
    divisible,
    formulas,
    laurent,
    number,
    polynomials,
)

h, l, n, a = symbol("h"), symbol("l"), symbol("n"), symbol("a")  # noqa: E741

#: Sizes small and large, at the edges of 32 and 64 bits.
SIZES = (
    st.integers(1, 40)
    | st.integers(2**31 - 3, 2**31 + 3)
    | st.integers(2**32 - 3, 2**32 + 3)
    | st.integers(2**63 - 3, 2**63 - 1)
)
COLUMNS = st.integers(1, 7).flatmap(
    lambda length: st.fixed_dictionaries(
        {name: st.lists(SIZES, min_size=length, max_size=length) for name in NAMES}
    )
)
GRIDS = st.fixed_dictionaries({name: st.lists(SIZES, min_size=1, max_size=4) for name in NAMES})


def plain(value):
    """A NumPy scalar or number as a Fraction."""
    return Fraction(value if isinstance(value, Fraction) else int(value))


def values_at(expression, points):
    """What an expression is worth at points, by Fractions alone; None where undefined."""
    try:
        return [number(expression, point) for point in points]
    except UndefinedError:
        return None


def compiled(expression, backend="numpy"):
    """The kernel of an expression that the algebra admits."""
    size = built(expression)
    assume(size is not None)
    return compile(size, NAMES, backend)


def in_columns(expression, columns):
    points = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    wanted = values_at(expression, points)
    assume(wanted is not None)
    inputs = {name: np.array(column, np.int64) for name, column in columns.items()}
    found = compiled(expression)(**inputs)
    assert found.dtype in (np.int64, object)
    assert [plain(v) for v in found] == wanted
    assert all(type(v) in (int, Fraction) for v in found if found.dtype == object)


@settings(max_examples=300)
@given(polynomials(leaves=9), COLUMNS)
def test_polynomials(expression, columns):
    """Negative and fractional coefficients; products over 64 bits come out exact."""
    in_columns(expression, columns)


@settings(max_examples=200)
@given(laurent(leaves=9), COLUMNS)
def test_fractions(expression, columns):
    in_columns(expression, columns)


SMALL = st.integers(1, 4).flatmap(
    lambda length: st.fixed_dictionaries(
        {name: st.lists(st.integers(1, 12), min_size=length, max_size=length) for name in NAMES}
    )
)


@settings(max_examples=400)
@given(formulas(), SMALL)
def test_everything_sizes_can_say(expression, columns):
    """Floors, remainders, extremes, powers with symbols above, make_divisible."""
    in_columns(expression, columns)


@settings(max_examples=200)
@given(formulas(), GRIDS)
def test_open_grids(expression, axes):
    """Axes that broadcast, as of numpy.ix_, give every combination."""
    try:
        points = [dict(zip(axes, row, strict=True)) for row in every(*axes.values())]
        kernel = compiled(expression)
        assume("^" not in str(kernel.size) or max(map(max, axes.values())) < 50)
        wanted = values_at(expression, points)
    except (OverflowError, MemoryError):
        assume(False)
    assume(wanted is not None)
    grid = np.ix_(*(np.array(values, np.int64) for values in axes.values()))
    found = kernel(**dict(zip(axes, grid, strict=True)))
    assert found.shape == tuple(map(len, axes.values()))
    assert [plain(v) for v in found.flat] == wanted


@settings(max_examples=150)
@given(formulas(), SMALL)
def test_python_backend(expression, columns):
    points = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    wanted = values_at(expression, points)
    assume(wanted is not None)
    kernel = compiled(expression, "python")
    assert kernel(**columns) == wanted
    assert [kernel(**point) for point in points] == wanted


@settings(max_examples=200)
@given(formulas(), COLUMNS)
def test_bounds_hold_every_value_on_the_way(expression, columns):
    """What the guard trusts: no result leaves its bound, and 64 bits mean 64 bits."""
    size = built(expression)
    assume(size is not None and "^" not in str(size))
    program = program_of([size], NAMES)
    inputs = [(min(columns[name]), max(columns[name])) for name in NAMES]
    bounds = bounds_of(program, inputs)
    safe = int64_of(program, bounds)
    for row in zip(*columns.values(), strict=True):
        point = dict(zip(columns, row, strict=True))
        for place, (bound, fits) in enumerate(zip(bounds, safe, strict=True)):
            if bound is None:
                continue
            cut = program.but(
                code=program.code[: place + 1],
                results=(program.results[0].but(above=place, below=None),),
            )
            value = run(cut, point)[0]
            assert bound[0] <= value <= bound[1]
            assert not fits or -(2**63) <= value < 2**63


@pytest.mark.parametrize("sign", ["==", "!=", "<", "<=", ">", ">="])
@pytest.mark.parametrize("least", [0, 3])
def test_a_condition_that_divides_by_a_floor(sign, least):
    """It is judged as a number is, and an error where it divides by 0."""
    condition = compared(divide(h, floor(divide(a, 2))), sign, least)
    program = program_of([], ["a", "h"], conditions=[condition])
    test = Writer(["a", "h"], [(1, 6), (1, 9)]).test(condition).call
    for x, y in every(range(1, 7), range(1, 10)):
        point = {"a": x, "h": y}
        if x == 1:
            with pytest.raises(SymparamsError, match="division by zero"):
                run(program, point)
            with pytest.raises(ZeroDivisionError):
                test(x, y)
            continue
        assert bool(run(program, point)[0]) == bool(test(x, y)) == condition.at(point).judge()


@settings(max_examples=200)
@given(
    formulas(leaves=5),
    formulas(leaves=5),
    st.sampled_from(["==", "!=", "<", "<=", ">", ">="]),
    st.sampled_from(["", "not", "integer", "and", "or"]),
    SMALL,
)
def test_conditions(left, right, sign, around, columns):
    one, two = built(left), built(right)
    assume(one is not None and two is not None)
    points = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    ones, twos = values_at(left, points), values_at(right, points)
    assume(ones is not None and twos is not None)
    signs = {"==": "__eq__", "!=": "__ne__", "<": "__lt__", "<=": "__le__", ">": "__gt__"}
    wanted = [getattr(x, signs.get(sign, "__ge__"))(y) for x, y in zip(ones, twos, strict=True)]
    condition = compared(one, sign, two)
    if around == "not":
        condition, wanted = Condition("not", parts=(condition,)), [not w for w in wanted]
    elif around:
        whole = [x.denominator == 1 for x in ones]
        other = Condition("integer", one)
        if around == "integer":
            condition, wanted = other, whole
        else:
            condition = Condition(around, parts=(condition, other))
            judge = all if around == "and" else any
            wanted = [judge(pair) for pair in zip(wanted, whole, strict=True)]
    program = program_of([], NAMES, conditions=[condition])
    inputs = {name: np.array(column, np.int64) for name, column in columns.items()}
    found = np.ones(len(points), bool)
    for block, (part,) in arrays.Grid(program, inputs).chunks():
        found[block] = part != 0
    assert found.tolist() == wanted


# --- the guard ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("size", "at", "wanted"),
    [
        (6 * h * h, {"h": 10**10}, 6 * 10**20),
        (h * h - h * h + h, {"h": 2**62}, 2**62),
        # Each end fits, what stands between does not.
        (h * h * h - h * h * l, {"h": 2**31, "l": 2**31 - 1}, 2**62),
        (floor(h * h / n), {"h": 2**40, "n": 2**40}, 2**40),
        (-6 * h * h, {"h": 10**10}, -6 * 10**20),
        (minimum(h * h, n), {"h": 2**40, "n": 7}, 7),
        (power(2, n), {"n": 62}, 2**62),
        (power(2, n), {"n": 63}, 2**63),
        (power(2, n) - power(2, n - 1), {"n": 64}, 2**63),
        (h * (h + 1) / 2, {"h": 2**32}, 2**31 * (2**32 + 1)),
        (h / 3, {"h": 10}, Fraction(10, 3)),
        (-h + 1, {"h": 2**63 - 1}, 2 - 2**63),
        (-h - 1, {"h": 2**63 - 1}, -(2**63)),
        (-h - 2, {"h": 2**63 - 1}, -(2**63) - 1),
    ],
)
def test_overflow(size: Size, at, wanted):
    names = list(at)
    kernel = compile(size, names)
    assert kernel(**at) == wanted
    found = kernel(**{name: np.array([value, value]) for name, value in at.items()})
    assert found.tolist() == [wanted, wanted]
    assert (found.dtype == np.int64) == (
        isinstance(wanted, int) and -(2**63) <= wanted < 2**63 and found.dtype != object
    )


def test_64_bits_where_they_hold():
    kernel = compile(12 * h * h * l, ["h", "l"])
    assert kernel(h=np.arange(1, 9), l=np.arange(1, 9)).dtype == np.int64
    assert kernel(h=np.array([2**40]), l=np.array([1])).dtype == object


def test_one_large_chunk_among_small_ones():
    """Only where it must be does a chunk leave 64 bits."""
    sizes = np.full(3 * arrays.CHUNK, 7)
    sizes[arrays.CHUNK + 5] = 10**10
    found = compile(6 * h * h, ["h"])(h=sizes)
    assert found[arrays.CHUNK + 5] == 6 * 10**20
    assert found[0] == found[-1] == 294
    assert sum(found.tolist()) == 294 * (len(sizes) - 1) + 6 * 10**20


@pytest.mark.parametrize("dtype", [np.int8, np.uint8, np.int16, np.int32, np.uint32, np.uint64])
def test_narrow_types_do_not_wrap(dtype):
    most = int(np.iinfo(dtype).max)
    found = compile(h * h + 1, ["h"])(h=np.array([1, most], dtype))
    assert found.tolist() == [2, most * most + 1]


def test_fractional_sizes():
    """A width multiplier is a fraction; channels are rounded to multiples of 8."""
    alpha = symbol("alpha", integer=False)
    kernel = compile(make_divisible(32 * alpha, 8), ["alpha"])
    given_values = [Fraction(1, 4), Fraction(1, 2), Fraction(3, 4), 1, Fraction(7, 5)]
    found = kernel(alpha=np.array(given_values, dtype=object))
    assert found.tolist() == [8, 16, 24, 32, 48]
    assert all(type(v) is int for v in found)


@pytest.mark.parametrize("divisor", [1, 3, 8, 16])
def test_make_divisible(divisor):
    """Rounded down only where that keeps 90 %."""
    sizes = np.arange(1, 200)
    found = compile(make_divisible(3 * h / 2, divisor), ["h"])(h=sizes)
    assert found.tolist() == [divisible(Fraction(3 * int(v), 2), divisor) for v in sizes]
    found = compile(make_divisible(h, divisor * l), ["h", "l"])(h=sizes, l=3)
    assert found.tolist() == [divisible(Fraction(int(v)), 3 * divisor) for v in sizes]


def test_make_divisible_by_fractions():
    """As the algebra has it on numbers."""
    sizes = np.arange(1, 200)
    for divisor in (Fraction(5, 2), h / 3):
        found = compile(make_divisible(7 * h / 2, divisor), ["h"])(h=sizes)
        wanted = [
            make_divisible(Fraction(7 * int(v), 2), substitute(divisor, {"h": int(v)}))
            for v in sizes
        ]
        assert [plain(v) for v in found] == wanted


@pytest.mark.parametrize(("l_value", "below"), [(1, -2), (7, 0), (13, 2)])
def test_extremes_of_fractions(l_value, below):
    """Below the line may stand what is negative: it must not turn the order around."""
    divisor = floor((l - n) / h)
    size = minimum(n / divisor, l / 3) + maximum(n / divisor, l / 3) * 1000
    point = {"h": 3, "n": 7, "l": l_value}
    kernel = compile(size, "hnl")
    if not below:
        assert message(lambda: kernel(**point)) == "division by zero"
        return
    ends = sorted([Fraction(7, below), Fraction(l_value, 3)])
    assert kernel(**point) == ends[0] + 1000 * ends[1]
    found = kernel(**{name: np.array([value]) for name, value in point.items()})
    assert found.tolist() == [ends[0] + 1000 * ends[1]]


@pytest.mark.parametrize("chunk", [1, 2, 7, 64])
def test_chunks_do_not_change_a_thing(monkeypatch, chunk):
    size = h * h * l + maximum(n, floor(h / 3)) * a - 5 * l * n
    grid = dict(
        zip("hlna", np.ix_(range(1, 6), range(2, 5), range(1, 5), range(3, 5)), strict=True)
    )
    whole = compile(size, "hlna")(**grid)
    monkeypatch.setattr(arrays, "CHUNK", chunk)
    monkeypatch.setattr(arrays, "KEPT", 8)
    assert (compile(size, "hlna")(**grid) == whole).all()
    assert whole.dtype == np.int64


def test_no_elements():
    found = compile(h + l, ["h", "l"])(h=np.array([], np.int64), l=3)
    assert found.shape == (0,)


def test_names_a_formula_does_not_have():
    """They widen the result."""
    found = compile(2 * h, ["h", "l"])(h=np.array([1, 2])[:, None], l=np.arange(3))
    assert found.tolist() == [[2, 2, 2], [4, 4, 4]]
    assert compile(7, ["h"])(h=np.arange(1, 3)).tolist() == [7, 7]


# --- errors ---------------------------------------------------------------------


def message(call) -> str:
    with pytest.raises(SymparamsError) as caught:
        call()
    return str(caught.value)


ERRORS = [
    (lambda: compile(h, ["h"], "jax"), "unknown backend 'jax'\n    there are numpy and python"),
    (lambda: compile(h, ["h"], "nunpy"), "unknown backend 'nunpy'\n    did you mean 'numpy'?"),
    (lambda: compile(h * n, ["h"]), "'n' is not among h"),
    (lambda: compile(h * l, ["h", "l"])(h=1), "'l' has no value\n    pass l=…"),
    (lambda: compile(h, ["h"])(h=1, x=2), "no size 'x'\n    it has h"),
    (
        lambda: compile(h, ["h"])(h=np.array([1.5])),
        "'h' has floats; sizes are exact\n    pass integers, as in a.astype(int)",
    ),
    (lambda: compile(h, ["h"])(h=np.array([True])), "'h' must hold integers, not bool"),
    (lambda: compile(h, ["h"])(h=["x"]), "'h' must hold integers, not str32"),
    (
        lambda: compile(h, ["h"], "python")(h=1.5),
        "'h' is 1.5, a float; sizes are exact\n    pass an int or a fractions.Fraction",
    ),
    (lambda: compile(h, ["h"], "python")(h=None), "'h' must be an integer, not NoneType"),
    (
        lambda: compile(h + l, ["h", "l"], "python")(h=[1], l=[1, 2]),
        "these lists differ in length: h: 1, l: 2",
    ),
    (
        lambda: compile(h + l, ["h", "l"])(h=np.arange(2), l=np.arange(3)),
        "these arrays do not broadcast: h: (2,), l: (3,)",
    ),
    (lambda: compile(n / h, ["h", "n"])(h=np.arange(2), n=3), "division by zero"),
    (lambda: compile(floor(n / h), ["h", "n"])(h=0, n=3), "division by zero"),
    (
        lambda: compile(make_divisible(h, n), ["h", "n"])(h=5, n=np.arange(3)),
        "make_divisible needs a positive divisor",
    ),
]


@pytest.mark.parametrize(("call", "wanted"), ERRORS)
def test_errors(call, wanted):
    assert message(call) == wanted


def test_numpy_is_missing(monkeypatch):
    monkeypatch.setitem(sys.modules, "numpy", None)
    assert message(lambda: compile(h, ["h"])) == (
        "NumPy is not installed\n    run: pip install 'symparams[numpy]'"
    )
    assert compile(h, ["h"], "python")(h=3) == 3


def test_kernels_load_no_numpy():
    code = (
        "import sys, symparams.algebra.kernels as k\n"
        "from symparams.algebra import symbol\n"
        "assert k.compile(symbol('h'), ['h'], 'python')(h=3) == 3\n"
        "assert not {'numpy', 'sympy'} & sys.modules.keys()\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
