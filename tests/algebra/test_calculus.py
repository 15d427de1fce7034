"""Gradients, differences, leading terms, fractions in lowest terms: against SymPy and arithmetic."""

from __future__ import annotations

from fractions import Fraction
from math import factorial, lcm

import pytest
import sympy
from hypothesis import assume, example, given, strategies as st

from symparams.algebra import (
    Polynomial,
    Symbol,
    ceil,
    derivative,
    floor,
    gradient,
    make_divisible,
    maximum,
    minimum,
    power,
    substitute,
    symbol,
    symbols_of,
)
from symparams.algebra.border import sympy_symbol, to_sympy
from symparams.algebra.calculus import difference, leading, univariate
from symparams.algebra.polynomial import terms_of
from symparams.algebra.quotients import reduced, square_free
from symparams.errors import NeedsValue
from tests.algebra.expressions import NAMES, built, formulas, laurent, points, polynomials

a, h, i, n, V = (symbol(x) for x in "ahinV")
H = Symbol("h")


# --- gradients -------------------------------------------------------------


@given(formulas())
def test_a_gradient_is_every_derivative(expression):
    value = built(expression)
    assume(value is not None)
    found = gradient(value)
    for name in NAMES:
        by = Symbol(name)
        assert _or_refusal(found.by, by) == _or_refusal(derivative, value, by)


def _or_refusal(call, *args):
    """What a call gives, or the symbols that its refusal names (not which function it names)."""
    try:
        return call(*args)
    except NeedsValue as refused:
        return refused.symbols


@given(laurent(leaves=10))
def test_a_gradient_as_sympy_has_it(expression):
    value = built(expression)
    assume(value is not None)
    found = gradient(value)
    for name in NAMES:
        theirs = sympy.diff(to_sympy(value), sympy_symbol(name))
        assert sympy.expand(to_sympy(found.by(Symbol(name))) - theirs) == 0


def test_a_gradient_says_what_a_size_stands_inside():
    with pytest.raises(NeedsValue) as caught:
        gradient(i * floor(h / 2) + h).by(H)
    assert str(caught.value) == "no derivative by 'h': it stands inside 'floor(h/2)'"


# --- differences -----------------------------------------------------------


@given(polynomials(leaves=8), st.sampled_from(NAMES), st.integers(1, 70))
def test_the_kth_difference_of_a_polynomial_of_degree_k(expression, name, step):
    """It is k! * step^k times the leading coefficient, as the kth derivative is k! times it."""
    value = built(expression)
    by = Symbol(name)
    degree = max((dict(m).get(by, 0) for m in terms_of(value)), default=0)
    by_steps = by_slope = value
    for _ in range(degree):
        by_steps, by_slope = difference(by_steps, by, step), derivative(by_slope, by)
    assert by_steps == by_slope * step**degree
    top = [(m, c) for m, c in terms_of(value).items() if dict(m).get(by, 0) == degree]
    assert len(terms_of(by_slope)) == len(top)
    assert sum(c for _, c in top) * factorial(degree) == sum(terms_of(by_slope).values())
    assert difference(by_steps, by, step) == 0


@given(formulas(), st.sampled_from(NAMES), st.integers(1, 9), points())
def test_a_difference_is_one_at_every_point(expression, name, step, point):
    value = built(expression)
    assume(value is not None)
    try:
        found = substitute(difference(value, Symbol(name), step), point)
        moved = substitute(value, {**point, name: point[name] + step})
        here = substitute(value, point)
    except Exception as refused:
        assume(refused is None)
    assert found == moved - here


# --- leading terms ---------------------------------------------------------

LEADING = [
    (12 * h**2 * n + 13 * h * n + V * h, "h", 12 * h**2 * n, 2, 1),
    (12 * h**2 * n + 13 * h * n + V * h, "hn", 12 * h**2 * n, 3, 2),
    (12 * h**2 * n + V * h * i, "hi", 12 * h**2 * n + V * h * i, 2, None),
    (V * h + 7, "n", V * h + 7, 0, None),
    (V / h + 3, "h", 3, 0, -1),
    (h * floor(h / 2) + n, "h", h**2 / 2, 2, 1),
    (ceil(h / 3), "h", h / 3, 1, 0),
    (floor(n / 2) * h, "h", floor(n / 2) * h, 1, None),
    (make_divisible(h * n, 8), "h", h * n, 1, 0),
    (maximum(3, h) * n, "h", h * n, 1, 0),
    (make_divisible(h * n, n), "h", h * n, 1, 0),
    (maximum(3, h * n), "h", h * n, 1, 0),
    (maximum(3, 2 * h - V), "h", 2 * h, 1, 0),
    (h**2 + h * floor(n / 2), "h", h**2, 2, 1),
    (0, "h", 0, 0, None),
]


@pytest.mark.parametrize(("value", "growing", "term", "degree", "rest"), LEADING, ids=str)
def test_leading(value, growing, term, degree, rest):
    found = leading(value, map(Symbol, growing))
    assert (found.term, found.degree, found.rest) == (term, degree, rest)


NO_LEADING = [
    (power(2, h) + h, "no leading term as 'h' grows: '2^h' grows faster than any power"),
    (minimum(3, h), "no leading term as 'h' grows: 'min(3, h)' grows like no one power"),
    (
        make_divisible(9, h),
        "no leading term as 'h' grows: 'make_divisible(9, h)' grows like no one power",
    ),
    # a maximum over what falls, stays or may fall is not what it grows like
    (maximum(3, V - h), "no leading term as 'h' grows: 'max(3, V - h)' grows like no one power"),
    (maximum(3, n / h), "no leading term as 'h' grows: 'max(3, n/h)' grows like no one power"),
    (
        maximum(3, h * floor((n - V) / 2)),
        "no leading term as 'h' grows: 'max(-V*h + floor((V + n)/2)*h, 3)' grows like no one power",
    ),
    (
        maximum(3, h * symbol("k", low=0)),
        "no leading term as 'h' grows: 'max(3, h*k)' grows like no one power",
    ),
    (floor(n / h), "no leading term as 'h' grows: 'floor(n/h)' grows like no one power"),
    (
        h - 2 * floor(h / 2),
        "the floors of its highest degree cancel, and what is left has no one leading term",
    ),
]


@pytest.mark.parametrize(("value", "says"), NO_LEADING, ids=str)
def test_no_leading_term(value, says):
    with pytest.raises(NeedsValue) as caught:
        leading(value, [H])
    assert str(caught.value) == says


def _scaled(value, names):
    """A size with its symbols times t: a polynomial in t tells the degree of each part."""
    return substitute(value, {name: symbol(name) * symbol("t") for name in names})


@given(laurent(leaves=8), st.sets(st.sampled_from(NAMES), min_size=1))
def test_what_is_left_over_is_of_lower_degree(expression, names):
    """So the ratio of size and leading term tends to 1: by degrees, exactly."""
    value = built(expression)
    assume(isinstance(value, Polynomial))
    found = leading(value, map(Symbol, names))
    t = Symbol("t")
    degrees = {dict(m).get(t, 0) for m in terms_of(_scaled(found.term, names))}
    left = {dict(m).get(t, 0) for m in terms_of(_scaled(value - found.term, names))}
    assert degrees == {found.degree}
    assert max(left, default=None) == found.rest
    assert found.rest is None or found.rest < found.degree


@given(formulas(of=("h",)))
@example(("make_divisible", ("-", ("number", 0), ("name", "h")), ("number", 1)))
def test_a_leading_term_with_floors_comes_near(expression):
    """At h = 10^k the ratio closes in on 1 as fast as the degrees say."""
    value = built(expression)
    assume(isinstance(value, Polynomial))
    try:
        found = leading(value, [H])
        ratios = [
            Fraction(substitute(value, {"h": 10**k})) / substitute(found.term, {"h": 10**k})
            for k in (12, 24)
        ]
    except Exception as refused:
        assume(refused is None)
    assert abs(ratios[0] - 1) < Fraction(1, 10**3)
    assert abs(ratios[1] - 1) < Fraction(1, 10**12)


# --- one variable, fractions, roots ----------------------------------------


@pytest.mark.parametrize(
    ("size", "coefficients"),
    [
        (3 * h**2 + 5, [5, 0, 3]),
        (h, [0, 1]),
        (h**3 / 2 - h, [0, -1, 0, Fraction(1, 2)]),
        (7, [7]),
        (0, [0]),
        (h - h, [0]),
        (Fraction(7, 2), [Fraction(7, 2)]),
        *((size, None) for size in (n, h + n, h * n, h**2 * n + 1, n**2 + 5)),
        *(
            (size, None)
            for size in (1 / h, h + 1 / h, h**-2 + 3, h / n, floor(h / 2), h + power(2, h))
        ),
    ],
    ids=str,
)
def test_coefficients(size, coefficients):
    assert univariate(size, H) == coefficients


@given(laurent(leaves=6), laurent(leaves=6))
def test_a_fraction_in_lowest_terms(above, below):
    top, bottom = built(above), built(below)
    assume(top is not None and bottom is not None and bottom != 0)
    over, under = reduced(top, bottom)
    assert over * bottom == under * top
    coefficients = [*terms_of(over).values(), *terms_of(under).values()]
    assert all(isinstance(c, int) for c in coefficients)
    assert sympy.gcd(to_sympy(over), to_sympy(under)) == 1
    assert all(e > 0 for m in (*terms_of(over), *terms_of(under)) for _, e in m)


@pytest.mark.parametrize(
    ("above", "below", "made"),
    [
        (6, 4, (3, 2)),
        (0, h, (0, 1)),
        (-h, -n, (h, n)),
        (h, -n, (-h, n)),
        (h**2 - 1, 2 * h - 2, (h + 1, 2)),
        (h / n, V / h, (h**2, V * n)),
        (floor(h / 2) * h, h**2, (floor(h / 2), h)),
        (h + n, h + n, (1, 1)),
    ],
    ids=str,
)
def test_reduced(above, below, made):
    assert reduced(above, below) == made


@given(polynomials(leaves=5), polynomials(leaves=4))
def test_a_square_root_taken_as_far_as_it_goes(one, other):
    value = built(one) ** 2 * built(other) if built(one) != 0 else 0
    assume(isinstance(value, Polynomial))
    value = value * lcm(*(c.denominator for c in value.terms.values()))
    outside, inside = square_free(value)
    assert outside * outside * inside == value
    assert symbols_of(built(one)) <= symbols_of(outside) | symbols_of(inside)


@pytest.mark.parametrize(
    ("value", "made"),
    [(48, (4, 3)), (-48, (4, -3)), (0, (1, 0)), (4 * h**2 * (n + 1), (2 * h, n + 1)), (7, (1, 7))],
    ids=str,
)
def test_square_free(value, made):
    assert square_free(value) == made
