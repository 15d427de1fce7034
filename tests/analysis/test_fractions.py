"""Budgets and axes of fractions: nothing is rounded on the way."""

from __future__ import annotations

from fractions import Fraction
from itertools import product as every

import pytest

import symparams
from symparams.errors import SymparamsError

SHARES = (Fraction(1, 3), Fraction(1, 2), Fraction(3, 4), Fraction(5, 4), 2)
MODEL = symparams.parse(
    "model m(h in 1..6, a in {1/3, 1/2, 3/4, 5/4, 2}) = input(h) -> linear(make_divisible(12*a, 4))"
)
POINTS = [{"h": h, "a": a} for h, a in every(range(1, 7), SHARES)]

#: Budget → the same in Python, where both occur.
BUDGETS = {
    "a*h <= 7/3": lambda h, a, _: a * h <= Fraction(7, 3),
    "a*h < 9/4": lambda h, a, _: a * h < Fraction(9, 4),
    "a*h == 3/2": lambda h, a, _: a * h == Fraction(3, 2),
    "a/h >= 1/8": lambda h, a, _: a / Fraction(h) >= Fraction(1, 8),
    "params/7 <= 22/7": lambda h, a, params: params <= 22,
    "params/7 - a > 1/3": lambda h, a, params: Fraction(params, 7) - a > Fraction(1, 3),
    "params*a == 8/3": lambda h, a, params: params * a == Fraction(8, 3),
}


def params(h, a):
    return MODEL.count(h=h, a=a)


@pytest.mark.parametrize("budget", BUDGETS)
def test_what_fits(budget):
    fits = [p for p in POINTS if BUDGETS[budget](p["h"], p["a"], params(**p))]
    assert 0 < len(fits) < len(POINTS)
    space = MODEL.space.within(budget)
    assert space.count == len(fits)
    assert [p for p in POINTS if p in space] == fits
    drawn = space.sample(60, seed=1)
    assert all(p in fits for p in drawn)
    for goal, value in {
        "a*h": lambda h, a: a * h,
        "a/h + params/9": lambda h, a: a / Fraction(h) + Fraction(params(h, a), 9),
        "0 - params*a": lambda h, a: -params(h, a) * a,
    }.items():
        reached = [value(**p) for p in fits]
        best = MODEL.search(goal, budget)
        assert best.proved
        assert (best.best.goals, best.bound) == ((max(reached),), max(reached))
        assert value(**best.best.sizes) == max(reached)
        least = MODEL.search(minimize=goal, budgets=budget)
        assert least.best.goals == (min(reached),)
        front = space.front([goal, "min:h"])
        assert {c.goals for c in front.choices} == {
            (v, p["h"])
            for v, p in zip(reached, fits, strict=True)
            if not any(
                (w >= v and q["h"] <= p["h"]) and (w, q["h"]) != (v, p["h"])
                for w, q in zip(reached, fits, strict=True)
            )
        }


@pytest.mark.parametrize(
    ("budget", "says"),
    [
        ("1/3 <= 0", "1/3 <= 0 does not hold, whatever the sizes: 1/3 is 1/3"),
        ("h/h - 2/3 > 1/3", "h/h - 2/3 > 1/3 does not hold, whatever the sizes: h/h - 2/3 is 1/3"),
        ("4000/3 <= 7", "4000/3 <= 7 does not hold, whatever the sizes: 4000/3 is 4000/3"),
        ("4000 <= 7", "4000 <= 7 does not hold, whatever the sizes: 4000 is 4,000"),
    ],
)
def test_a_budget_that_is_a_number(budget, says):
    space = MODEL.space.within(budget)
    assert space.count == 0
    for ask in (
        lambda: space.best("params"),
        lambda: space.sample(1),
        lambda: space.front(["params", "a"]),
        lambda: MODEL.search("params", budget),
    ):
        with pytest.raises(SymparamsError) as caught:
            ask()
        assert caught.value.message == says
    assert MODEL.space.within("1/3 >= 0", "0 < 1/3").count == len(POINTS)


def test_solve_for_a_fraction():
    assert MODEL.solve("a*h <= 7/3", "a", h=3).value == Fraction(3, 4)
    assert MODEL.solve("a*h >= 7/3", "a", h=3).value == Fraction(5, 4)
    assert MODEL.solve("a*h == 3/2", "a", h=2).value == Fraction(3, 4)
    assert MODEL.solve("a*h <= 7/3", "h", a=Fraction(1, 3)).value == 6
    found = MODEL.solve("a*h <= 7/3", "h", a=Fraction(1, 2))
    assert (found.value, found.reached, found.slack, found.next) == (
        4,
        2,
        Fraction(1, 3),
        5,
    )


def test_axes_given_as_fractions():
    model = symparams.parse("model m(h, a) = input(h) -> linear(floor(8*a))")
    with pytest.raises(SymparamsError, match="'a' must be a positive integer, not 1/2"):
        model.at(a=Fraction(1, 2)).count(h=3)
    space = model.space.over(h=range(1, 4), a=[Fraction(1, 2), Fraction(5, 8), 1])
    assert space.count == 9
    assert space.best("params").best.sizes == {"h": 3, "a": 1}
    assert space.within("params*a <= 9").best("a*h").best.sizes == {"h": 3, "a": Fraction(1, 2)}
