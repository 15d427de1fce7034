"""What is in a space, and on which grid the values of a formula lie: by trial of every point."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import product
from math import gcd

import pytest

import symparams
from symparams.algebra import Condition, compared, floor, negated, substitute, symbol
from symparams.search import Axis, Budget, Space, feasible_count, maximize
from symparams.search.ceilings import ceiling
from symparams.search.problem import IntegerFormula, Problem, Test as ConditionTest

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


@pytest.mark.parametrize(
    ("op", "slacks"),
    [
        ("<=", {3: 2, 5: 0, 8: -3}),
        ("<", {3: 2, 5: 0, 8: -3}),
        (">=", {3: -2, 5: 0, 8: 3}),
        (">", {3: -2, 5: 0, 8: 3}),
        ("==", {3: -2, 5: 0, 8: -3}),
    ],
)
def test_how_far_a_value_is_inside_a_budget(op, slacks):
    budget = Budget(a, op, 5, "a")
    assert {value: budget.slack(value) for value in slacks} == slacks


#: Formulas whose terms have each size once at most: their grid is as coarse as it can be.
MULTILINEAR = [
    6 * a,
    6 * a + 4,
    6 * a + 10 * b,
    12 * a * b - 5,
    a * b * c,
    15 * a * b + 6 * c,
    9 * b,
]
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


# --- conditions over boxes ---

SMALL = (range(1, 6), range(2, 9, 3))
BASE = [
    compared(a, "==", b),
    compared(a * b, "==", 10),
    compared(a - b, "==", 0),
    compared(a, "==", 5),
    compared(a, "==", 1),
    compared(b - 8, "==", 0),
    compared(8 - b, "==", 0),
    compared(a * b, ">", 10),
    compared(a + b, ">=", 13),
    compared(a + b, ">", 13),
    compared(3 - a, ">=", 0),
    compared(3 - a, ">", 0),
    Condition("integer", a / 2),
    Condition("integer", a * b / 4),
    Condition("true"),
    Condition("false"),
]
JOINED = [
    *(negated(c) for c in BASE),
    *(Condition(op, parts=(BASE[0], c)) for op in ("and", "or") for c in BASE[1:14]),
]


def boxes(values):
    return [(x, y) for x in values for y in values if x <= y]


@pytest.mark.parametrize("condition", [*BASE, *JOINED], ids=str)
def test_what_holds_over_a_box_is_never_wrong(condition):
    test = ConditionTest(condition, [Axis(n, r) for n, r in zip("ab", SMALL, strict=True)])
    for wide, tall in product(*map(boxes, SMALL)):
        answers = {
            condition.at({"a": x, "b": y}).judge()
            for x in SMALL[0]
            if wide[0] <= x <= wide[1]
            for y in SMALL[1]
            if tall[0] <= y <= tall[1]
        }
        status = test.status({"a": wide, "b": tall})
        assert status == 0 or answers == {status == 1}
        if wide[0] == wide[1] and tall[0] == tall[1]:
            assert status == (1 if answers == {True} else -1)


# --- what rows allow a goal ---


@pytest.mark.parametrize(
    ("goal", "row", "most"),
    [
        (a * b, a * b, 17),
        (2 * a * b + 7, a * b, 17),
        (2 * a * b - 7, a * b, 17),
        (a * b / 2 + 5, a * b, 17),
        (6 * a + 4 * b - 3, 3 * a + 2 * b, 20),
        (3 * a + 2 * b + 11, 6 * a + 4 * b - 2, 43),
        (a * b - 1, a * b + 1, 17),
        (a + b, a * b, 17),
        (-a * b, a * b, 17),
        (a * b + a, a * b, 17),
    ],
    ids=str,
)
def test_the_ceiling_of_a_goal(goal, row, most):
    axes = (Axis("a", range(1, 9)), Axis("b", range(1, 9)))
    problem = Problem(Space(axes, ()), [Budget(row, "<=", most, "row")])
    form = IntegerFormula(goal, problem.axes)
    points = [dict(zip("ab", p, strict=True)) for p in product(range(1, 9), repeat=2)]
    allowed = [substitute(goal, p) for p in points if substitute(row, p) <= most]
    found = ceiling(problem, form)
    assert found >= max(allowed) * form.scale
    # Where the goal is a multiple of the row, it is what the largest row allows.
    ratios = {
        Fraction(substitute(goal, p) - substitute(goal, q))
        / (substitute(row, p) - substitute(row, q))
        for p, q in product(points, repeat=2)
        if substitute(row, p) != substitute(row, q)
    }
    if len(ratios) == 1 and min(ratios) > 0:
        ratio = ratios.pop()
        apart = substitute(goal, points[0]) - ratio * substitute(row, points[0])
        assert found <= (ratio * most + apart) * form.scale
    else:
        assert found == math.inf


# --- axes that begin with a whole number ---


@pytest.mark.parametrize(
    "values",
    [
        (1, Fraction(3, 2), 2, 9),
        (1, 2, Fraction(7, 3), 40),
        (Fraction(1, 2), 1, 2, 9),
        (2, Fraction(1000001, 2), 10**12),
    ],
)
@pytest.mark.parametrize("goal", [a * b, a**2 - 3 * b, a * b * c, 7 * b - a, a / b + c], ids=str)
def test_fractions_behind_whole_numbers(values, goal):
    space = Space((Axis("a", values), Axis("b", range(1, 5)), Axis("c", (1, 4, 6))))
    points = [dict(zip("abc", p, strict=True)) for p in product(values, range(1, 5), (1, 4, 6))]
    reached = [substitute(goal, p) for p in points]
    middle = sorted(reached)[len(reached) // 2]
    budget = Budget(goal, "<=", middle, "goal")
    assert maximize(space, goal, [budget]).best.objective == middle
    assert maximize(space, goal, []).best.objective == max(reached)
    assert maximize(space, goal, [], minimize=True).best.objective == min(reached)
    assert feasible_count(space, [budget]) == sum(v <= middle for v in reached)
