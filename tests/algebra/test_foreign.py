"""Division in layer bodies, on every kind of size: ints, fractions, formulas, NumPy, SymPy."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
import sympy

from symparams.algebra import ceil_divided, divided, floor_divided, larger, substitute, symbol

#: What a size is made to be, and the number that comes out.
KINDS = {
    "int": (int, int),
    "fraction": (Fraction, int),
    "formula": (lambda v: symbol("n") + (v - 3), lambda v: substitute(v, {"n": 3})),
    "array": (lambda v: np.array([v, v]), lambda v: {int(x) for x in v}.pop()),
    "objects": (lambda v: np.array([v], dtype=object), lambda v: v[0]),
    "sympy": (sympy.Integer, int),
    "sympy symbol": (
        lambda v: sympy.Symbol("n", integer=True) + (v - 3),
        lambda v: int(v.subs(sympy.Symbol("n", integer=True), 3)),
    ),
}

FUNCTIONS = {
    "floor_divided": (floor_divided, lambda a, b: math.floor(Fraction(a, b))),
    "ceil_divided": (ceil_divided, lambda a, b: math.ceil(Fraction(a, b))),
    "larger": (larger, max),
    "divided": (lambda a, b: divided(a * b, b), lambda a, b: a),
}


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("kind", KINDS)
def test_division_is_that_of_integers(kind, name):
    made, back = KINDS[kind]
    function, wanted = FUNCTIONS[name]
    for left in (-7, -6, 0, 1, 5, 6, 7, 12):
        for right in (1, 2, 3, 7):
            assert back(function(made(left), right)) == wanted(left, right)
            if kind != "formula" or name == "larger":  # a formula is divided by numbers
                assert back(function(made(left), made(right))) == wanted(left, right)
