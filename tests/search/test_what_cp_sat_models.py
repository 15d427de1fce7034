"""What CP-SAT takes as constraints: it takes it, and its optimum is that of a trial."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest

from symparams.algebra import Polynomial, Size, ceil, floor, maximum, minimum, substitute, symbol
from symparams.algebra.conditions import Condition, compared, negated
from symparams.search import Axis, Space
from symparams.search.fallback import NotModelledError, by_cp_sat
from symparams.search.problem import IntegerFormula, Problem

pytest.importorskip("ortools")

a, b, c = map(symbol, "abc")
VALUES = {"a": range(1, 13), "b": range(2, 20, 3), "c": [1, 4, 9]}
AXES = tuple(Axis(name, values) for name, values in VALUES.items())
POINTS = [dict(zip(VALUES, point, strict=True)) for point in product(*VALUES.values())]

CONDITIONS = [
    compared(a, "==", b),
    compared(2 * a, "==", b + c),
    compared(a * b, "==", 10 * c),
    compared(a, "!=", 12),
    compared(a * c, "!=", 108),
    negated(compared(a, "==", b)),
    Condition("integer", a / 5),
    Condition("integer", (a + b) / 7),
    Condition("integer", a * b / (3 * c)),
    Condition("integer", (a - b) / 4),
    compared(a - 3 * floor(a / 3), "==", 0),
    compared(minimum(a, b), "==", c),
    compared(maximum(a, b), "==", 11),
]

GOALS = [
    a * b - c,
    a**2 - 3 * a * c + b,
    floor((a * c - 20) / b),
    floor((b - 15) / 4) + a,
    ceil((a + b) / c) - floor((c - 9) / 2),
    minimum(a, b) * 2 - maximum(b, c),
]


def number(size: Size, point: dict[str, int]) -> int:
    found = substitute(size, point)
    assert not isinstance(found, Polynomial)
    assert found.denominator == 1
    return int(found)


def most(conditions: list[Condition], goal: Size) -> int | None:
    fitting = [p for p in POINTS if all(k.at(p).judge() is True for k in conditions)]
    return max((number(goal, p) for p in fitting), default=None)


@pytest.mark.parametrize("goal", GOALS, ids=str)
@pytest.mark.parametrize("condition", CONDITIONS, ids=str)
def test_its_optimum_is_that_of_a_trial(condition, goal):
    problem = Problem(Space(AXES, (condition,)), ())
    form = IntegerFormula(goal, problem.axes)
    answer = by_cp_sat(problem, form, None, 20)
    best = most([condition], goal)
    if best is None:
        assert answer.status == "infeasible"
        return
    assert (answer.status, answer.bound) == ("optimal", best * form.scale)
    assert condition.at(dict(answer.point)).judge() is True
    assert number(goal, dict(answer.point)) == best


def test_what_nothing_meets():
    problem = Problem(Space(AXES, (compared(a * b, "==", 7),)), ())
    assert by_cp_sat(problem, IntegerFormula(a, problem.axes), None, 20).status == "infeasible"


def test_it_takes_no_fraction_among_the_values():
    problem = Problem(Space((Axis("a", (Fraction(1, 2), 1)),), ()), ())
    with pytest.raises(NotModelledError, match="fractions among the values of 'a'"):
        by_cp_sat(problem, IntegerFormula(2 * a, problem.axes), None, 1)


def test_it_takes_no_fraction():
    problem = Problem(Space(AXES, ()), ())
    with pytest.raises(NotModelledError):
        by_cp_sat(problem, IntegerFormula(a / b, problem.axes), None, 20)
