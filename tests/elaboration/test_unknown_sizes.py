"""A size that a compiled function does not have, and functions of SymPy that sizes do not have."""

from __future__ import annotations

import pytest
import sympy

from symparams.api import parse
from symparams.errors import SymparamsError

X, Y = sympy.symbols("x y", positive=True, integer=True)


@pytest.mark.parametrize("backend", ["numpy", "python"])
@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("input(i) -> dense(h)", "no size 'x'\n    it has i, h"),
        ("input(3) -> dense(2)", "no size 'x'\n    it has no sizes"),
    ],
)
def test_a_size_that_a_function_has_not(backend, source, says):
    function = parse(source).compile(backend=backend)
    with pytest.raises(SymparamsError) as error:
        function(x=3, **dict.fromkeys(function.names, 2))
    assert str(error.value) == says


@pytest.mark.parametrize(
    ("expression", "name"),
    [
        (sympy.Function("f")(X, Y), "f"),
        (sympy.Function("f")(X, 8), "f"),
        (sympy.Function("make_divisible")(X), "make_divisible"),
        (sympy.Function("make_divisible")(X, Y, 2), "make_divisible"),
        (sympy.sin(X), "sin"),
    ],
)
def test_functions_that_sizes_do_not_have(expression, name):
    with pytest.raises(SymparamsError) as error:
        parse("input(i) -> dense(h)").at(h=expression)
    assert f"sizes are exact and have no '{expression}' ({name})" in str(error.value)


def rounded(x: int, d: int) -> int:
    """torchvision's ``_make_divisible``, in whole numbers."""
    found = max(d, (2 * x + d) // (2 * d) * d)
    return found + d if 10 * found < 9 * x else found


@pytest.mark.parametrize("value", [1, 3, 11, 12, 20, 100, 107])
def test_functions_that_sizes_have(value):
    model = parse("input(3) -> linear(h)")
    expressions = {
        sympy.Function("make_divisible")(X, 8): rounded(value, 8),
        sympy.floor(X / 3): value // 3,
        sympy.ceiling(X / 3): -(-value // 3),
        sympy.Max(X, 11): max(value, 11),
        sympy.Min(X, 11): min(value, 11),
        sympy.Mod(X, 7) + 1: value % 7 + 1,
    }
    for expression, expected in expressions.items():
        if expected:
            assert model.at(h=expression).count(x=value) == 3 * expected, expression
