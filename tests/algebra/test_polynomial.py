"""Canonical form and arithmetic of polynomials."""

from __future__ import annotations

from fractions import Fraction

import pytest
import sympy
from hypothesis import assume, given, strategies as st

from symparams.algebra import (
    Polynomial,
    Symbol,
    add_up,
    derivative,
    divide,
    floor,
    free_of,
    make_divisible,
    power,
    product,
    substitute,
    symbol,
    symbols_of,
    text,
)
from symparams.algebra.atoms import times
from symparams.algebra.border import sympy_symbol, to_sympy
from symparams.algebra.polynomial import terms_of
from symparams.algebra.products import WORTH_PACKING, packed_product
from symparams.errors import NeedsValue, SymparamsError
from tests.algebra.expressions import (
    NAMES,
    UndefinedError,
    built,
    formulas,
    laurent,
    number,
    points,
    polynomials,
    size,
)

a, b, c, d, h, i, n, o = (symbol(x) for x in "abcdhino")

# --- one size, one representation ------------------------------------------

SAME = [
    (h + i, i + h),
    (h * i * o, o * h * i),
    ((h + i) ** 2, h * h + 2 * h * i + i * i),
    ((h + i) * (h - i), h**2 - i**2),
    (h + h, 2 * h),
    (h - i + i, h),
    (h * i / i, h),
    (h**3 / h, h**2),
    (h / 2 + h / 2, h),
    (Fraction(4, 2) * h, 2 * h),
    (h * Fraction(1, 3) * 3, h),
    (1 / h * h, 1),
    (h - h, 0),
    (h * 0, 0),
    (0 * h + 5, 5),
    (h**0, 1),
    ((2 * h) ** -2, 1 / (4 * h**2)),
    (6 * h / 4, Fraction(3, 2) * h),
    (-(h - i), i - h),
    (3 - h, -(h - 3)),
    (1 - 1 / h, (h - 1) / h),
]


@pytest.mark.parametrize(("left", "right"), SAME, ids=str)
def test_equal_sizes_are_equal_data(left, right):
    assert left == right
    assert hash(left) == hash(right)
    assert text(left) == text(right)
    assert type(left) is type(right)


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (h - h + 3, int),
        (divide(h / h, 2), Fraction),
        ((h + 1) / 2 - h / 2, Fraction),
        ((h + 4) / 2 - h / 2, int),
        (h + 1, Polynomial),
        (divide(6, 3), int),
        (divide(1, 3), Fraction),
        (add_up([]), int),
        (add_up([Fraction(1, 2), Fraction(1, 2)]), int),
        (product([]), int),
    ],
    ids=str,
)
def test_a_size_without_symbols_is_a_number(value, kind):
    assert type(value) is kind


def test_no_coefficient_is_zero_or_a_whole_fraction():
    value = (h / 3 + i / 2) * 6 - 2 * h
    assert value.terms == {((Symbol("i"), 1),): 3}
    assert all(type(x) is int for x in value.terms.values())


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (4 * (h * (h + i) + h), "4*h^2 + 4*h*i + 4*h"),
        (d * b / a, "b*d/a"),
        (-h + 1, "-h + 1"),
        (1 - h / 2, "-h/2 + 1"),
        (Fraction(-3, 4), "-3/4"),
        (h / (2 * i**2), "h/(2*i^2)"),
        (1 / h, "1/h"),
        (h**10 - 1, "h^10 - 1"),
        (floor(h / 2) ** 2 * i, "floor(h/2)^2*i"),
        (power(2, n) ** 3, "(2^n)^3"),
        (power(2, n) / 2, "2^n/2"),
        (power(h, n + o), "h^n*h^o"),
    ],
)
def test_text(value, shown):
    assert text(value) == shown
    assert repr(value) == shown or is_fraction(value)


def is_fraction(value):
    return isinstance(value, Fraction)


def test_sizes_do_not_mix_with_floats_or_text():
    for wrong in (0.5, "2", None, [h]):
        with pytest.raises(TypeError):
            h + wrong
        with pytest.raises(TypeError):
            wrong * h if not isinstance(wrong, list | str) else h - wrong
        with pytest.raises(TypeError):
            h / wrong
    with pytest.raises(TypeError):
        h**0.5
    assert h != 0.5
    assert h != "h"


def test_a_size_is_always_true_and_never_equal_to_a_number():
    assert bool(h - 5)
    assert h - 5 != 0
    assert (h - 5).__eq__(0) is False
    assert Fraction(1, 2) != h / 2


def test_sums_and_products_of_many():
    many = [h, i, 2, Fraction(1, 2), h * i, -h]
    assert add_up(many) == i + h * i + Fraction(5, 2)
    assert product([h, i, 2, h]) == 2 * h**2 * i
    assert add_up(iter([h, -h])) == 0


def test_symbols_also_inside_functions():
    value = floor(h / 2) * power(2, n) + make_divisible(i / 2, 8)
    assert {s.name for s in symbols_of(value)} == {"h", "i", "n"}
    assert list(free_of([value, 3, o])) == ["h", "i", "n", "o"]


# --- division --------------------------------------------------------------

DIVIDED = [
    ((h + i) ** 3, h + i, (h + i) ** 2),
    (h**2 - i**2, h - i, h + i),
    (h**3 + 1, h + 1, h**2 - h + 1),
    ((h + i) * (o - 2) * h, o - 2, h * (h + i)),
    (4 * h * (h + i), 2 * h + 2 * i, 2 * h),
    (h + 1, h**2 + h, 1 / h),
    ((1 / h + h) * (h + 1), h + 1, h + 1 / h),
    (1 + 1 / h, h + 1, 1 / h),
    (h + 1, 1 + 1 / h, h),
    (h / 2 + i / 3, 3 * h + 2 * i, Fraction(1, 6)),
    ((floor(h / 2) + i) * (power(2, n) - 1), power(2, n) - 1, floor(h / 2) + i),
]


@pytest.mark.parametrize(("left", "right", "quotient"), DIVIDED, ids=str)
def test_exact_division(left, right, quotient):
    assert divide(left, right) == quotient
    assert left / right == quotient


@pytest.mark.parametrize(
    ("left", "right"), [(h, h + 1), (1, h + i), (h**2 + 1, h + 1), (h + i, h - i), (5, h + 1)]
)
def test_a_remainder_asks_for_values(left, right):
    with pytest.raises(NeedsValue, match="cannot divide by the sum") as caught:
        divide(left, right)
    assert caught.value.symbols == tuple(free_of([right]))


@pytest.mark.parametrize("value", [0, 1, h, h + i])
def test_division_by_zero(value):
    with pytest.raises(SymparamsError, match="division by zero"):
        divide(value, 0)
    with pytest.raises(SymparamsError, match="division by zero"):
        divide(value, h - h)


# --- substitution ----------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "values", "made"),
    [
        (h * i + o, {"h": 2, "i": 3}, o + 6),
        (h * i, {"h": i, "i": h}, h * i),
        (h - i, {"h": i, "i": h}, i - h),
        (h**2, {"h": h + 1}, h**2 + 2 * h + 1),
        (h / a, {"a": h}, 1),
        (h / a, {"a": 3}, h / 3),
        (h / a, {"h": Fraction(1, 2), "a": 2}, Fraction(1, 4)),
        (floor(h / 2), {"h": 7}, 3),
        (floor(h / 2), {"h": 2 * i}, i),
        (power(2, n), {"n": 10}, 1024),
        (power(2, n), {"n": i + 1}, 2 * power(2, i)),
        (power(h, n), {"n": 3}, h**3),
        (power(h, n), {"h": 2}, power(2, n)),
        (h + 1, {"i": 5}, h + 1),
        (7, {"h": 1}, 7),
        (h, {}, h),
    ],
    ids=str,
)
def test_substitute(value, values, made):
    assert substitute(value, values) == made


def test_substituting_a_sum_below_a_fraction_line_asks_for_values():
    with pytest.raises(NeedsValue):
        substitute(h / a, {"a": i + 1})
    with pytest.raises(SymparamsError, match="division by zero"):
        substitute(h / (a * i), {"a": 0, "i": 1})


@given(formulas(), points(high=9))
def test_every_rewriting_keeps_the_value(expression, point):
    """The one test that all canonical forms have to pass."""
    value = built(expression)
    assume(value is not None)
    try:
        wanted = number(expression, point)
    except (UndefinedError, OverflowError):
        assume(False)
    assume(abs(wanted) < 10**60)
    assert substitute(value, point) == wanted


@given(formulas(), points(), st.sampled_from(NAMES))
def test_one_symbol_after_the_other(expression, point, first):
    value = built(expression)
    assume(value is not None)
    try:
        at_once = substitute(value, point)
        half = substitute(value, {first: point[first]})
        rest = substitute(half, {n: v for n, v in point.items() if n != first})
    except SymparamsError:
        assume(False)
    assert at_once == rest


# --- derivatives -----------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "made"),
    [
        (h**3 + h * i + 5, 3 * h**2 + i),
        (1 / h, -1 / h**2),
        (i, 0),
        (7, 0),
        (h * floor(i / 2), floor(i / 2)),
        (h * power(2, n), power(2, n)),
    ],
    ids=str,
)
def test_derivative(value, made):
    assert derivative(value, Symbol("h")) == made


@pytest.mark.parametrize("value", [floor(h / 2), power(2, h), power(h, n), h + floor(h / 3) * i])
def test_no_derivative_of_a_step(value):
    with pytest.raises(NeedsValue, match="no derivative by 'h'") as caught:
        derivative(value, Symbol("h"))
    assert caught.value.symbols == ("h",)


@given(laurent(leaves=10), st.sampled_from(NAMES))
def test_derivative_as_sympy_has_it(expression, name):
    value = built(expression)
    assume(value is not None)
    ours = to_sympy(derivative(value, Symbol(name)))
    theirs = sympy.diff(to_sympy(value), sympy_symbol(name))
    assert sympy.expand(ours - theirs) == 0


# --- laws ------------------------------------------------------------------

P = polynomials(leaves=5).map(size)
L = laurent(leaves=5).map(built).filter(lambda value: value is not None)


@given(L, L, L)
def test_ring_laws(p, q, r):
    assert p + q == q + p
    assert p * q == q * p
    assert (p + q) + r == p + (q + r)
    assert (p * q) * r == p * (q * r)
    assert p * (q + r) == p * q + p * r
    assert p + 0 == p
    assert p * 1 == p
    assert p - p == 0
    assert p - q == -(q - p)
    assert add_up([p, q, r]) == p + q + r
    assert product([p, q, r]) == p * q * r


@given(L, L)
def test_a_product_of_many_terms_is_that_of_its_pairs(p, q):
    left, right = terms_of(p), terms_of(q)
    pairs = [(times(m, n), c * d) for m, c in left.items() for n, d in right.items()]
    total = dict.fromkeys((m for m, _ in pairs), 0)
    for monomial, coefficient in pairs:
        total[monomial] += coefficient
    packed = packed_product(left, right)
    assert list(packed.items()) == list(total.items())  # in the same order, too


def test_a_product_of_many_terms_is_what_sympy_multiplies():
    h = symbol("h")
    left, right = (h + 1 / symbol("i") - 3) ** 9, (h**2 - Fraction(2, 7) * symbol("o") + 1) ** 8
    assert len(left.terms) * len(right.terms) > 10 * WORTH_PACKING
    assert sympy.expand(to_sympy(left) * to_sympy(right) - to_sympy(left * right)) == 0


@given(L, L)
def test_a_product_divides_by_its_factors(p, q):
    assume(q != 0)
    assert divide(p * q, q) == p


@given(P, st.integers(0, 4), st.integers(0, 4))
def test_powers(p, j, k):
    if not isinstance(p, Polynomial):
        assume(p != 0)
    assert power(p, j) * power(p, k) == power(p, j + k)
    assert power(power(p, j), k) == power(p, j * k)


@given(L, L, st.sampled_from(NAMES))
def test_derivative_is_linear_and_knows_products(p, q, name):
    s = Symbol(name)
    assert derivative(p + q, s) == derivative(p, s) + derivative(q, s)
    assert derivative(3 * p, s) == 3 * derivative(p, s)
    assert derivative(p * q, s) == derivative(p, s) * q + p * derivative(q, s)


@given(P, P, st.fixed_dictionaries({n: polynomials(leaves=3).map(size) for n in NAMES}))
def test_substitution_is_a_homomorphism(p, q, values):
    def at(value):
        return substitute(value, values)

    assert at(p + q) == at(p) + at(q)
    assert at(p * q) == at(p) * at(q)
    assert at(p - q) == at(p) - at(q)
