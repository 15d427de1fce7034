"""Bounds hold everywhere in a box, and a direction is never claimed wrongly."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise, product as every

import pytest
from hypothesis import given, settings, strategies as st

from symparams.algebra import floor, maximum, minimum, power, substitute, symbol
from symparams.algebra.intervals import NOWHERE, Bounds
from symparams.search.kernels import Writer
from symparams.search.problem import IntegerFormula
from symparams.search.space import Axis
from tests.algebra.expressions import number, size
from tests.search.brute import formulas

NAMES = ("a", "h")
SIDES = st.tuples(st.integers(1, 12), st.integers(0, 6)).map(lambda s: range(s[0], s[0] + s[1] + 1))


@settings(max_examples=300)
@given(formulas(NAMES), SIDES, SIDES)
def test_bounds_and_directions(formula, wide, tall):
    made = size(formula)
    values = {
        (x, y): number(formula, {"a": x, "h": y}) for x, y in every(range(1, 19), range(1, 19))
    }
    bounds = Bounds(made, {"a": (1, 19), "h": (1, 19)})
    box = {"a": (wide[0], wide[-1]), "h": (tall[0], tall[-1])}
    low, high = bounds.over(box)
    inside = [values[point] for point in every(wide, tall)]
    assert low <= min(inside)
    assert max(inside) <= high
    if len(inside) == 1:
        assert low == high == inside[0]
    for name, rows in (
        ("a", [[values[x, y] for x in wide] for y in tall]),
        ("h", [[values[x, y] for y in tall] for x in wide]),
    ):
        way = bounds.direction(name, box)
        if way is not None:
            for row in rows:
                assert all((p <= q) if way > 0 else (p >= q) for p, q in pairwise(row))
            if not way:
                assert all(len(set(row)) == 1 for row in rows)


@given(formulas(NAMES), st.integers(1, 60), st.integers(1, 60))
def test_kernels_compute_the_formula(formula, x, y):
    kernel = Writer(NAMES, [(1, 60)] * 2).kernel(size(formula))
    value = number(formula, {"a": x, "h": y})
    assert kernel.call(x, y) == value
    if kernel.most is not None:
        assert abs(value) <= kernel.most


@given(formulas(NAMES), st.integers(1, 5), st.integers(1, 5))
def test_the_grid_of_values(formula, first, step):
    """All values are congruent modulo the grid."""
    axes = [Axis("a", range(first, first + 5 * step, step)), Axis("h", range(step, 60, 6))]
    form = IntegerFormula(size(formula), axes)
    if not form.integral:
        return
    start, shared = form.grid
    for x, y in every(*(axis.values for axis in axes)):
        off = form.scale * number(formula, {"a": x, "h": y}) - start
        assert off % shared == 0 if shared else off == 0


a, h = symbol("a"), symbol("h")


@pytest.mark.parametrize(
    ("formula", "ways"),
    [
        (3 * a * h + h, (1, 1)),
        (a * h - h**2, (1, None)),
        (100 * a - a**2 - h, (1, -1)),
        (floor((7 * a + 3) / h), (1, -1)),
        (minimum(a, 5 * h) - 2, (1, 1)),
        (a - floor(a / 4), (None, 0)),
    ],
    ids=str,
)
def test_directions_that_are_found(formula, ways):
    bounds = Bounds(formula, {"a": (1, 50), "h": (1, 50)})
    assert tuple(bounds.always.get(name, 0) for name in NAMES) == ways


# --- powers: across 0, and of a symbol -------------------------------------------


SIGNED = [
    floor((a - h) / 3) ** 2,
    floor((a - h) / 3) ** 3,
    floor((a - h) / 3) ** 4 - a,
    minimum(a - 5, h - 7) ** 2 + h,
    maximum(a - 9, 2 - h) ** 2 * h,
    3 - minimum(a - 5, h) ** 2,
    power(2, a - h),
    power(h, a),
    power(h, a - 3),
    h - power(a, 5 - h),
    power(a, h) * minimum(a - 5, h) ** 2,
]


@pytest.mark.parametrize("formula", SIGNED, ids=str)
def test_bounds_of_powers(formula):
    """Sound in every box; exact where the formula moves with one size at a time."""
    values = {
        (x, y): substitute(formula, {"a": x, "h": y}) for x, y in every(range(1, 12), repeat=2)
    }
    bounds = Bounds(formula, {"a": (1, 11), "h": (1, 11)})
    sides = [(low, high) for low in range(1, 12, 2) for high in range(low, 12, 3)]
    for wide, tall in every(sides, repeat=2):
        inside = [
            v for (x, y), v in values.items() if wide[0] <= x <= wide[1] and tall[0] <= y <= tall[1]
        ]
        low, high = bounds.over({"a": wide, "h": tall})
        assert low <= min(inside)
        assert max(inside) <= high
        if len(inside) == 1:
            assert low == high == inside[0]


@pytest.mark.parametrize(
    ("formula", "box", "ends"),
    [
        (minimum(a - 5, h) ** 2, ((1, 8), (3, 3)), (0, 16)),  # of -4 … 3
        (minimum(a - 5, h) ** 2, ((1, 3), (3, 3)), (4, 16)),  # of -4 … -2: 0 is not among them
        (minimum(a - 5, h) ** 2, ((7, 9), (3, 3)), (4, 9)),
        (minimum(a - 5, h) ** 3, ((1, 8), (3, 3)), (-64, 27)),
        (minimum(a - 5, h) ** 4, ((1, 6), (3, 3)), (0, 256)),
        (power(h, a), ((2, 3), (2, 5)), (4, 125)),
        (power(h, -a), ((2, 5), (2, 4)), (Fraction(1, 1024), Fraction(1, 4))),
        (power(a, h), ((1, 1), (2, 5)), (1, 1)),
    ],
    ids=str,
)
def test_exact_bounds_of_powers(formula, box, ends):
    assert Bounds(formula, {"a": (1, 11), "h": (1, 11)}).over({"a": box[0], "h": box[1]}) == ends


def test_a_base_that_may_be_zero_has_no_bounds():
    below = power(floor(h / 3), a)
    assert Bounds(below, {"a": (1, 4), "h": (1, 9)}).over({"a": (1, 4), "h": (1, 9)}) == NOWHERE
