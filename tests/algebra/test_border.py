"""SymPy at the border: both ways, and nowhere else."""

from __future__ import annotations

import subprocess
import sys
from fractions import Fraction

import pytest
import sympy
from hypothesis import assume, example, given

from symparams.algebra import (
    ceil,
    floor,
    make_divisible,
    maximum,
    minimum,
    modulo,
    power,
    substitute,
    symbol,
)
from symparams.algebra.border import from_sympy, sympy_symbol, to_sympy
from symparams.errors import SymparamsError
from tests.algebra.expressions import NAMES, UndefinedError, built, formulas, number, points

H, a, d, h, n = (symbol(x) for x in "Hadhn")
alpha = symbol("alpha", integer=False)

THERE_AND_BACK = [
    0,
    -3,
    Fraction(2, 3),
    h,
    alpha,
    4 * h**2 + h * a / 2 - 3,
    d * h / a**2,
    floor((H + 1) / 2) * h,
    floor(H / a) + ceil(H / 3),
    power(2, n) * h,
    power(2, n - 1),
    power(h, n) ** 2,
    power(6, n),
    minimum(h, n, 7),
    maximum(h - 5, n),
    make_divisible(32 * alpha, 8) * h,
    modulo(H, 32),
    floor(alpha * h),
]


@pytest.mark.parametrize("size", THERE_AND_BACK, ids=str)
def test_there_and_back(size):
    expression = to_sympy(size)
    assert isinstance(expression, sympy.Expr)
    assert from_sympy(expression) == size


def test_a_size_has_a_sympy_expression():
    assert to_sympy(h) == sympy_symbol("h")
    assert str(to_sympy(4 * (h * (h + a) + h))) == "4*a*h + 4*h**2 + 4*h"


def test_symbols_are_positive():
    assert sympy_symbol("h").is_integer
    assert sympy_symbol("h").is_positive
    assert sympy_symbol("alpha", integer=False).is_rational
    assert sympy_symbol("alpha", integer=False).is_integer is None
    assert to_sympy(h).free_symbols == {sympy_symbol("h")}


TWO_TO_A = ("^", ("number", 2), ("name", "a"))


@given(formulas(leaves=6), points(high=8))
@example(("//", TWO_TO_A, ("number", 6)), {"a": 1, "h": 1, "n": 1})
@example(("ceil", ("/", TWO_TO_A, ("number", 10))), {"a": 3, "h": 1, "n": 1})
@example(("//", ("*", TWO_TO_A, ("name", "h")), ("number", 12)), {"a": 1, "h": 1, "n": 1})
@example(("//", ("+", TWO_TO_A, ("name", "h")), ("number", 6)), {"a": 2, "h": 1, "n": 1})
def test_the_expression_has_the_same_values(expression, point):
    size = built(expression)
    assume(size is not None)
    try:
        wanted = number(expression, point)
    except (UndefinedError, OverflowError):
        assume(False)
    assume(abs(wanted) < 10**30)
    there = to_sympy(size)
    back = from_sympy(there)
    assert substitute(back, point) == wanted
    at = there.subs({sympy_symbol(x): point[x] for x in NAMES})
    if "make_divisible" not in str(at):
        assert at == sympy.Rational(wanted.numerator, wanted.denominator)


@pytest.mark.parametrize(
    ("expression", "size"),
    [
        (sympy.Symbol("h"), h),
        (sympy.Symbol("h", positive=True), h),
        (sympy.Symbol("h", integer=True), h),
        (sympy.Symbol("alpha", rational=True), alpha),
        (sympy.Mod(sympy.Symbol("h"), 32), modulo(h, 32)),
        (sympy.ceiling(sympy.Symbol("h") / 2), ceil(h / 2)),
        (sympy.Integer(4), 4),
        (sympy.Rational(1, 2), Fraction(1, 2)),
        (5, 5),
        (Fraction(1, 3), Fraction(1, 3)),
    ],
    ids=str,
)
def test_expressions_of_others(expression, size):
    assert from_sympy(expression) == size


X = sympy.Symbol("x")


@pytest.mark.parametrize(
    "expression",
    [sympy.Float(0.5), X * 0.5, sympy.sin(X), sympy.pi, sympy.oo, sympy.nan, sympy.I,
     sympy.sqrt(X), X ** sympy.Rational(1, 2), sympy.Function("f")(X), sympy.true,
     sympy.Derivative(sympy.floor(X), X)],
    ids=str,
)  # fmt: skip
def test_what_sizes_do_not_have(expression):
    with pytest.raises(SymparamsError):
        from_sympy(expression)


# --- nowhere else ----------------------------------------------------------

QUIET = {
    "import": "import symparams.algebra",
    "conditions": "import symparams.algebra.conditions, symparams.algebra.proof",
    "compare": """
from symparams.algebra import Facts, ceil, floor, symbol
from symparams.algebra.proof import compare
H = symbol('H')
assert compare(floor(H / 2) + ceil(H / 2), H, Facts()).equal
assert compare(H, 5, Facts()).equal is False
""",
    "text": """
from symparams.algebra import power, symbol, text
h, n = symbol('h'), symbol('n')
assert text(power(2, n) * h / 3) == '2^n*h/3'
""",
    "forms": """
from symparams.algebra import symbol
from symparams.algebra.forms import text_of
from symparams.algebra.writing import by_degree, expanded, nested
h, i = symbol('h'), symbol('i')
assert text_of(nested(h * h + h * i)) == 'h*(h + i)'
assert text_of(by_degree(4 * (h * (h + i) + h))) == '4*(h*(h + i) + h)'
assert text_of(expanded(h + i)) == 'h + i'
""",
    "layers": """
from symparams.algebra import symbol
from symparams.layers import kinds
[w.count for w in kinds()['conv'](filters=symbol('o'), kernel=3).weights((28, 28, 3))]
""",
    "derivative and division": """
from symparams.algebra import Symbol, derivative, symbol
h = symbol('h')
assert derivative((h**2 - 1) / (h + 1), Symbol('h')) == 1
""",
}


LOADED = "\nimport sys\nprint(*(m for m in ('sympy', 'numpy', 'mpmath') if m in sys.modules))"


def loaded_by(code):
    run = [sys.executable, "-c", code + LOADED]
    return subprocess.run(run, capture_output=True, text=True, check=True).stdout.split()


@pytest.mark.parametrize("code", QUIET.values(), ids=QUIET.keys())
def test_neither_sympy_nor_numpy_is_loaded(code):
    assert loaded_by(code) == []


def test_the_border_loads_sympy():
    assert "sympy" in loaded_by("import symparams.algebra.border")
