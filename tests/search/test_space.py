"""What is in a space, and on which grid the values of a formula lie: by trial of every point."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from math import gcd

import pytest

import symparams
from symparams.algebra import compared, floor, substitute, symbol
from symparams.search import Axis, Space
from symparams.search.problem import IntegerFormula

a, b, c = map(symbol, "abc")

AXES = [
    range(1, 9),
    range(4, 40, 7),
    range(5, 6),
    (3, 5, 11, 40),
    (Fraction(1, 2), 1, Fraction(7, 2)),
    (7,),
]


@pytest.mark.parametrize("values", AXES, ids=str)
def test_what_is_on_an_axis(values):
    axis = Axis("a", values)
    tried = {*range(-2, 45), *(Fraction(k, 2) for k in range(-4, 90)), Fraction(1, 3)}
    assert {v for v in tried if v in axis} == set(values)


def test_what_is_on_an_axis_longer_than_an_index():
    axis = Axis("a", range(3, 10**30, 5))
    assert 10**29 + 3 in axis
    assert Fraction(10**29 + 3) in axis
    assert not any(v in axis for v in (10**29 + 4, 10**30 + 3, -2, Fraction(7, 2), None, "3"))
    model = symparams.parse("model m(n in 1..10^15) = input(n) -> dense(2)")
    assert {"n": 10**14} in model.space
    assert {"n": Fraction(7, 2)} not in model.space


def test_what_is_in_a_space():
    space = Space((Axis("a", range(1, 9)), Axis("b", (2, 3, 9))), (compared(a * b, "<=", 12),))
    points = [{"a": x, "b": y} for x, y in product(range(12), range(12))]
    assert [p for p in points if p in space] == [
        {"a": x, "b": y} for x in range(1, 9) for y in (2, 3, 9) if x * y <= 12
    ]
    assert space.count == 24
    for point in ({"a": 1}, {"a": 1, "b": 2, "c": 3}, {"a": 1, "c": 2}, [1, 2], None, "ab"):
        assert point not in space


#: Formulas whose terms have each size once at most: their grid is as coarse as it can be.
MULTILINEAR = [6 * a, 6 * a + 4, 6 * a + 10 * b, 12 * a * b - 5, a * b * c, 15 * a * b + 6 * c, 9 * b]
OTHERS = [6 * a**2, a**2 - a, 4 * a**3 + 6 * b, 10 * floor(a / 3) + 25, 6 * floor(a / 2) * b]
RANGES = [
    (range(1, 8), range(1, 4), range(2, 9)),
    (range(4, 30, 6), range(3, 30, 9), range(10, 60, 15)),
    (range(64, 1025, 192), range(5, 20, 5), range(1, 3)),
]


@pytest.mark.parametrize("ranges", RANGES, ids=str)
@pytest.mark.parametrize("size", [*MULTILINEAR, *OTHERS], ids=str)
def test_the_grid_of_a_formula(size, ranges):
    formula = IntegerFormula(size, [Axis(n, r) for n, r in zip("abc", ranges, strict=True)])
    values = {substitute(size, dict(zip("abc", p, strict=True))) for p in product(*ranges)}
    start, step = formula.grid
    assert all((v - start) % step == 0 for v in values)
    if size in MULTILINEAR:
        assert step == gcd(*(v - min(values) for v in values))
    for most in range(min(values) - 1, min(values) + 3 * step):
        floored = formula.floored(most)
        assert (floored - start) % step == 0
        assert floored <= most < floored + step


def test_the_grid_of_a_number():
    formula = IntegerFormula(7 * a**0, [Axis("a", range(1, 5))])
    assert formula.grid == (7, 0)
    assert [formula.floored(most) for most in (3, 7, 9)] == [3, 7, 9]
