"""What facts say after conditions were read: true at every point that meets them, by trial."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import product

import pytest

from symparams.algebra import Facts, Polynomial, Size, floor, substitute, symbol
from symparams.algebra.conditions import Condition, compared, facts_from, negated
from symparams.algebra.implied import without_implied

N, P = symbol("n"), symbol("p")
POINTS = [{"n": n, "p": p} for n, p in product(range(1, 49), range(1, 7))]


def value(size: Size, point: dict[str, int]) -> Fraction:
    found = substitute(size, point)
    assert not isinstance(found, Polynomial)
    return Fraction(found)


def holds(condition: Condition, point: dict[str, int]) -> bool:
    found = condition.at(point).judge()
    assert found is not None
    return found


def divides(d: Size, n: Size) -> Condition:
    return Condition("integer", n / d)


# Conditions → sizes that are whole by them, and sizes that need not be.
WHOLE = [
    ([divides(8, N)], [N / 8, N / 4, N * Fraction(3, 2)], [N / 16, N / 3]),
    ([divides(8, N + 4)], [N / 4, (N - 4) / 8, (N + 12) / 8], [N / 8, (N + 2) / 8]),
    ([divides(2 * P, N)], [N / 2, N / P, N / (2 * P)], [N / 4, N / P**2]),
    ([divides(4, N), divides(6, N)], [N / 12, N / 3], [N / 24]),
    ([divides(2, N), divides(2, P)], [N * P / 4, (N + P) / 2], [(N + P) / 4]),
    ([divides(2, 3 * N)], [N / 2], [N / 4]),
    ([compared(N, "==", 6 * P)], [N / 3, N / P, N / (2 * P)], [N / 4]),
    ([Condition("and", parts=(divides(2, N), divides(5, N)))], [N / 10], [N / 20]),
]


@pytest.mark.parametrize(("conditions", "whole", "open_"), WHOLE)
def test_what_is_whole_by_conditions(conditions, whole, open_):
    facts = facts_from(conditions, {})
    for size in whole:
        assert facts.integral(size) is True, str(size)
        if not facts.equals:
            assert str(floor(size, facts)) == str(size)
        points = [p for p in POINTS if all(holds(c, p) for c in conditions)]
        assert points
        assert all(value(size, p).denominator == 1 for p in points), str(size)
    for size in open_:
        assert facts.integral(size) is not True, str(size)
        points = [p for p in POINTS if all(holds(c, p) for c in conditions)]
        assert any(value(size, p).denominator > 1 for p in points), str(size)


def random_condition(draw: random.Random) -> Condition:
    left = draw.choice(
        [N, P, N - P, N + 2 * P, 2 * N - 3 * P, N * P, floor(N / 2), N - 3 * floor(N / 3)]
    )
    right = draw.choice([1, 2, 3, 5, 12, P, 2 * P])
    kind = draw.randrange(4)
    if kind == 0:
        return divides(draw.choice([2, 3, 4, P]), left)
    found = compared(left, draw.choice(["==", "!=", "<", "<=", ">", ">="]), right)
    if kind == 1:
        return negated(found)
    if kind == 2:
        other = compared(draw.choice([N, P]), draw.choice(["<", ">", "!="]), draw.choice([2, 4, 9]))
        return Condition(draw.choice(["and", "or"]), parts=(found, other))
    return found


ASKED = [
    N,
    P,
    N - P,
    N - 1,
    P - 2,
    N - 2 * P,
    N - 3,
    N / 2,
    N / 3,
    N / P,
    N / (2 * P),
    (N + P) / 2,
    N * P - 6,
]


@pytest.mark.parametrize("seed", range(60))
def test_no_fact_is_false_where_the_conditions_hold(seed):
    draw = random.Random(seed)
    conditions = [random_condition(draw) for _ in range(draw.randint(1, 3))]
    facts = facts_from(conditions, {})
    points = [p for p in POINTS if all(holds(c, p) for c in conditions)]
    asked = {
        "integral": lambda v: v.denominator == 1,
        "zero": lambda v: v == 0,
        "positive": lambda v: v > 0,
        "nonnegative": lambda v: v >= 0,
    }
    for name, test in asked.items():
        for size in ASKED:
            said = getattr(facts, name)(size)
            if said is not None:
                wrong = [p for p in points if test(value(size, p)) is not said]
                assert not wrong, (name, str(size), said, [*map(str, conditions)], wrong[0])


# What a reader sees at once has to be decided: condition, question, answer.
DECIDED = [
    (compared(N, ">", 3), "positive", N - 3, True),
    (compared(N, ">", 3), "nonnegative", N - 4, True),
    (compared(N, ">=", 3), "nonnegative", N - 3, True),
    (compared(N, "<", 3), "nonnegative", 2 - N, True),
    (compared(N, "<=", 3), "positive", N - 3, False),
    (compared(N, "==", 3), "zero", N - 3, True),
    (compared(N, "!=", 3), "zero", N - 3, False),
    (compared(N, "!=", P), "zero", N - P, False),
    (compared(N, "!=", P), "zero", P - N, False),
    (compared(N, ">", P), "zero", N - P, False),
    (compared(N, ">", P), "positive", N, True),
    (compared(N, ">", P), "nonnegative", N - 2, True),
    (compared(N, "==", 2 * P), "integral", N / 2, True),
    (compared(N, "==", 2 * P), "zero", N - 2 * P, True),
    (compared(N, "==", 2 * P), "positive", N - P, True),
    (negated(compared(N, "==", P)), "zero", N - P, False),
    (negated(compared(N, "<", P)), "nonnegative", N - P, True),
]


@pytest.mark.parametrize(("condition", "name", "size", "answer"), DECIDED)
def test_what_a_condition_decides(condition, name, size, answer):
    facts = facts_from([condition], {})
    assert getattr(facts, name)(size) is answer
    tests = {"integral": lambda v: v.denominator == 1, "zero": lambda v: v == 0,
             "positive": lambda v: v > 0, "nonnegative": lambda v: v >= 0}  # fmt: skip
    points = [p for p in POINTS if holds(condition, p)]
    assert {tests[name](value(size, p)) for p in points} == {answer}
    assert Facts() != facts


# --- what the others imply -------------------------------------------------


@pytest.mark.parametrize("beside", [0, 3, 100])
@pytest.mark.parametrize("op", ["<=", ">="])
def test_of_conditions_that_differ_by_a_number_the_strongest_is_kept(op, beside):
    """Among many too, which are not compared with each other."""
    others = [compared(symbol(f"x{k}") * symbol(f"y{k}"), ">=", 100 + k) for k in range(beside)]
    bounds = [9, 4, 12, 8]
    strongest = max(bounds) if op == ">=" else min(bounds)
    for size in (N, 2 * N - P, N * P):
        conditions = [compared(size, op, bound) for bound in bounds]
        for mixed in ([*conditions, *others], [*others, *reversed(conditions)]):
            kept = without_implied(mixed, Facts())
            assert set(kept) == {*others, compared(size, op, strongest)}


def test_what_holds_anyway_is_no_condition():
    conditions = [compared(N, ">=", P), compared(P, ">=", 4), compared(N, ">=", 4)]
    assert without_implied(conditions, Facts()) == conditions[:2]
    assert without_implied([compared(N, ">=", 1)], Facts()) == []
    # of what is no order, everything is told
    assert without_implied([divides(2, N), divides(4, N)], Facts()) == [
        divides(2, N),
        divides(4, N),
    ]
