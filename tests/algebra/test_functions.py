"""Floors and what is made of them, extremes, powers."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import assume, given, strategies as st

from symparams.algebra import (
    Facts,
    Polynomial,
    ceil,
    floor,
    floor_divide,
    is_integral,
    make_divisible,
    maximum,
    minimum,
    modulo,
    power,
    round_up,
    substitute,
    symbol,
    text,
)
from symparams.algebra.size_functions.catalogue import FUNCTIONS
from symparams.algebra.size_functions.rounding import Floor
from symparams.errors import NeedsValue, SymparamsError
from tests.algebra.expressions import divisible, number, size, strided

round_half_up = FUNCTIONS["round"]
H, W, a, d, h, m, n = (symbol(x) for x in ("H", "W", "a", "d", "h", "m", "n"))
alpha = symbol("alpha", integer=False)

FLOORS = [
    # whole parts leave
    (floor((5 * H + 7) / 2), "2*H + floor((H + 1)/2) + 3"),
    (floor((H - 1) / 2), "floor((H + 1)/2) - 1"),
    (floor(H + Fraction(1, 2)), "H"),
    (floor(2 * H * W), "2*H*W"),
    (floor(-H / 2), "-H + floor(H/2)"),
    (floor(H / 2 + W), "W + floor(H/2)"),
    # a constant is rounded to the grid of the rest
    (floor(H / 2 + Fraction(1, 3)), "floor(H/2)"),
    (floor(H / 2 + Fraction(3, 4)), "floor((H + 1)/2)"),
    (floor(H / 6 + Fraction(5, 7)), "floor((H + 4)/6)"),
    # a ceiling is a floor
    (ceil(H / 2), "floor((H + 1)/2)"),
    (ceil(H / 32), "floor((H + 31)/32)"),
    (ceil(H / 2 + W / 3), "floor((3*H + 2*W + 5)/6)"),
    (ceil(H), "H"),
    (round_half_up(H / 2), "floor((H + 1)/2)"),
    (round_half_up(H / 3), "floor((H + 1)/3)"),
    # nested strides combine
    (floor(floor(H / 2) / 2), "floor(H/4)"),
    (floor((floor(H / 2) + 1) / 2), "floor((H + 2)/4)"),
    (floor((floor((H + 1) / 2) + 3) / 5), "floor((H + 7)/10)"),
    (ceil(ceil(H / 2) / 2), "floor((H + 3)/4)"),
    (floor(floor(floor(H / 2) / 3) / 5), "floor(H/30)"),
    (floor((floor(H / 2) + W) / 3), "floor((H + 2*W)/6)"),
    # what does not combine stays
    (floor(2 * floor(H / 2) / 3), "floor(2*floor(H/2)/3)"),
    (floor((floor(H / 2) + Fraction(1, 2) * W) / 3), "floor((W + 2*floor(H/2))/6)"),
    # divisions by symbols
    (floor(H / a), "floor(H/a)"),
    (floor(H / a + 2), "floor(H/a) + 2"),
    (ceil(H / a), "-floor(-H/a)"),
    (floor(alpha * 32), "floor(32*alpha)"),
    # what is said of them
    (modulo(H, 32), "H - 32*floor(H/32)"),
    (modulo(64 * H, 32), "0"),
    (floor_divide(d * a, a), "d"),
    (round_up(H, 8), "8*floor((H + 7)/8)"),
    (round_up(8 * H, 8), "8*H"),
    (round_up(H, a), "-a*floor(-H/a)"),
]


@pytest.mark.parametrize(("value", "shown"), FLOORS, ids=lambda x: str(x))
def test_canonical_floors(value, shown):
    assert text(value) == shown


@pytest.mark.parametrize("value", [7, Fraction(7, 2), Fraction(-7, 2), 0])
def test_on_numbers_they_compute(value):
    assert floor(value) == math.floor(value)
    assert ceil(value) == math.ceil(value)
    assert round_half_up(value) == math.floor(value + Fraction(1, 2))
    assert modulo(value, 3) == value % 3
    assert floor_divide(value, 2) == value // 2
    assert type(floor(value)) is int


COMMON = [
    ("gcd", (768, 512), 256),
    ("gcd", (12, -18, 27), 3),
    ("gcd", (0, 0), 0),
    ("gcd", (-7,), 7),
    ("gcd", (Fraction(1, 2), Fraction(1, 3)), Fraction(1, 6)),
    ("gcd", (Fraction(3, 2), 6), Fraction(3, 2)),
    ("lcm", (4, 6), 12),
    ("lcm", (4, -6, 10), 60),
    ("lcm", (5, 0), 0),
    ("lcm", (Fraction(1, 2), Fraction(1, 3)), 1),
    ("lcm", (Fraction(3, 4), Fraction(5, 6)), Fraction(15, 2)),
]


@pytest.mark.parametrize(("name", "sizes", "value"), COMMON, ids=str)
def test_common_divisors_and_multiples(name, sizes, value):
    found = FUNCTIONS[name](*sizes)
    assert (found, type(found)) == (value, type(value))


def test_the_order_of_what_has_a_common_divisor_does_not_matter():
    assert FUNCTIONS["gcd"](H, 8, W) == FUNCTIONS["gcd"](W, H, 8)
    assert text(FUNCTIONS["lcm"](W, H, 6)) == "lcm(6, H, W)"


def test_ceilings_leave_no_atom_of_their_own():
    for value in (ceil(H / 2), ceil(H / a), round_up(H, 8), ceil(alpha * H)):
        assert all(type(x) is Floor or x.key in ("H", "a") for x in value.atoms())


@given(strided(), st.integers(1, 400))
def test_windows_one_behind_the_other(expression, value):
    made = size(expression)
    assert substitute(made, {"h": value}) == number(expression, {"h": value})


@given(
    st.integers(-9, 9), st.integers(1, 7), st.integers(-9, 9), st.integers(1, 7),
    st.integers(1, 300),
)  # fmt: skip
def test_nested_strides(b, c, shift, e, value):
    """``floor((floor((H + b)/c) + d)/e)`` is one floor, and the right one."""
    made = floor((floor((H + b) / c) + shift) / e)
    assert substitute(made, {"H": value}) == ((value + b) // c + shift) // e
    outside, inside = split_floors(made)
    assert len(inside) <= 1
    assert not any(isinstance(x, Floor) for f in inside for x in f.argument.atoms())
    # the whole part has left: what is inside lies in [0, 1) of each coefficient
    for f in inside:
        assert all(0 <= x < 1 for x in f.argument.terms.values())
    assert is_integral(made)
    assert outside is not None


def split_floors(value):
    if not isinstance(value, Polynomial):
        return value, []
    return value, [x for x in value.atoms() if isinstance(x, Floor)]


@given(st.integers(1, 7), st.integers(1, 7), st.integers(-20, 20))
def test_same_padding_twice_is_once(s, t, shift):
    assert ceil(ceil((H + shift) / s) / t) == ceil((H + shift) / (s * t))


@given(st.integers(1, 12), st.integers(-30, 30), st.fractions(-3, 3, max_denominator=12))
def test_what_lies_between_grid_points_does_not_count(grid, numerator, constant):
    made = floor(numerator * H / grid + constant)
    lowered = Fraction(math.floor(constant * grid), grid)
    assert made == floor(numerator * H / grid + lowered)


def test_facts_open_floors():
    known = Facts(multiples={"H": 32})
    assert floor(H / 32, known) == H / 32
    assert ceil((H + 1) / 2, known) == H / 2 + 1
    assert known.reduce(floor((H + 5) / 64)) == floor((H + 5) / 64)
    assert known.reduce(floor(H / 2) * ceil(H / 4)) == H**2 / 8
    assert Facts(divides=frozenset({("a", "d")})).reduce(floor(d / a) + 1) == d / a + 1
    assert Facts(divides=frozenset({("a", "d")})).reduce(minimum(floor(d / a), h)) == minimum(
        d / a, h
    )


# --- extremes --------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (minimum(3, 5), "3"),
        (maximum(3, Fraction(7, 2)), "7/2"),
        (minimum(h, 5), "min(5, h)"),
        (minimum(5, h), "min(5, h)"),
        (minimum(h, 5, 9), "min(5, h)"),
        (minimum(minimum(h, 5), W), "min(5, W, h)"),
        (maximum(h, maximum(5, W)), "max(5, W, h)"),
        (maximum(h, h), "h"),
        (maximum(h, h + 1), "h + 1"),
        (minimum(h, h + W), "h"),
        (maximum(h, 1), "h"),
        (maximum(h, -3), "h"),
        (minimum(h, 1), "1"),
        (maximum(h * W, h), "W*h"),
        (minimum(h), "h"),
        (maximum(floor(h / 2), 0), "floor(h/2)"),
    ],
)
def test_extremes(value, shown):
    assert text(value) == shown


def test_an_extreme_keeps_what_may_be_the_least():
    value = minimum(h - 5, W)
    assert text(value) == "min(W, h - 5)"
    assert substitute(value, {"h": 1, "W": 9}) == -4


# --- MobileNet's rounding --------------------------------------------------


@pytest.mark.parametrize(
    ("width", "made"),
    [(Fraction(80, 9), 8), (32, 32), (33, 32), (36, 40), (Fraction(67, 2), 32), (8, 8),
     (11, 16), (12, 16), (13, 16), (Fraction(24, 10), 8), (Fraction(8, 5), 8),
     (96, 96), (576, 576), (1280, 1280)],
)  # fmt: skip
def test_make_divisible(width, made):
    assert make_divisible(width, 8) == made


@given(st.fractions(Fraction(1, 10), 500, max_denominator=20), st.integers(1, 40))
def test_make_divisible_as_torchvision_has_it(width, divisor):
    assert make_divisible(width, divisor) == divisible(Fraction(width), Fraction(divisor))


@pytest.mark.parametrize(
    ("size", "divisor", "same"),
    [
        (8 * h, 8, "8*h"),
        (h, 1, "h"),
        (h, Fraction(1, 2), "h"),
        (8 * h - 16, 8, "max(8, 8*h - 16)"),
        (make_divisible(3 * h, 8), 8, "make_divisible(3*h, 8)"),
        (make_divisible(3 * h, 8), 4, "make_divisible(make_divisible(3*h, 8), 4)"),
        (2 * make_divisible(3 * h, 8), 8, "make_divisible(2*make_divisible(3*h, 8), 8)"),
        (3 * h, 8, "make_divisible(3*h, 8)"),
    ],
)
def test_what_is_a_multiple_stays_what_it_is(size, divisor, same):
    made = make_divisible(size, divisor)
    assert text(made) == same
    for value in range(1, 40):
        inner = substitute(size, {"h": value})
        assert substitute(made, {"h": value}) == divisible(Fraction(inner), Fraction(divisor))


def test_make_divisible_of_symbols_waits():
    value = make_divisible(alpha * 32, 8)
    assert text(value) == "make_divisible(32*alpha, 8)"
    assert is_integral(value)
    assert substitute(value, {"alpha": Fraction(1, 2)}) == 16
    assert substitute(make_divisible(h, n), {"n": 8}) == make_divisible(h, 8)
    assert not is_integral(make_divisible(alpha, Fraction(1, 2)))
    with pytest.raises(SymparamsError, match="positive divisor"):
        make_divisible(32, 0)


# --- powers ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (power(2, 10), "1024"),
        (power(2, -2), "1/4"),
        (power(Fraction(2, 3), 2), "4/9"),
        (power(0, 0), "1"),
        (power(h, 3), "h^3"),
        (power(h + 1, 2), "h^2 + 2*h + 1"),
        (power(2, n), "2^n"),
        (power(2, n + 3), "8*2^n"),
        (power(2, n - 1), "2^n/2"),
        (power(4, n), "(2^n)^2"),
        (power(2, 2 * n), "(2^n)^2"),
        (power(6, n), "2^n*3^n"),
        (power(Fraction(1, 2), n), "1/2^n"),
        (power(2, n * m), "2^(m*n)"),
        (power(power(2, n), m), "2^(m*n)"),
        (power(power(2, m), n), "2^(m*n)"),
        (power(power(h, n), 2), "(h^n)^2"),
        (power(2 * h, n), "2^n*h^n"),
        (power(h, n) * h, "h*h^n"),
        (power(h, n + 1), "h*h^n"),
        (power(2, floor(n / 2)), "2^(floor(n/2))"),
        (power(1, n), "1"),
        (power(2, n) * power(2, -n), "1"),
        (power(2, n) * power(3, n) - power(6, n), "0"),
    ],
)
def test_powers(value, shown):
    assert text(value) == shown


@pytest.mark.parametrize(
    ("base", "exponent", "says"),
    [
        (2, Fraction(1, 2), "an exponent must be an integer, not 1/2"),
        (h, Fraction(1, 2), "an exponent must be an integer, not 1/2"),
        (2, n / 2, "is not known to be an integer"),
        (2, h / a, "is not known to be an integer"),
        (h + 1, n, "the sum 'h + 1' under the exponent 'n'"),
        (-2, n, "-2 under the exponent 'n'"),
        (0, n - 1, "0 under the exponent 'n - 1'"),
        (0, -1, "division by zero"),
    ],
)
def test_refused_powers(base, exponent, says):
    with pytest.raises(SymparamsError, match=says.replace("+", r"\+")):
        power(base, exponent)


def test_refused_powers_name_what_to_set():
    with pytest.raises(NeedsValue) as caught:
        power(h + 1, n)
    assert caught.value.symbols == ("n",)


@given(st.integers(1, 12), st.integers(1, 5), st.integers(1, 5))
def test_symbolic_powers_of_any_base(base, x, y):
    made = power(base, n * m + n)
    assert substitute(made, {"n": x, "m": y}) == base ** (x * y + x)


@given(st.integers(1, 6), st.integers(-3, 3), st.integers(1, 6), st.integers(1, 6))
def test_integral_answers_of_is_integral(below, shift, x, y):
    """What is said to be an integer is one; of halves nothing is said."""
    value = (h * W + shift) / below + floor(h / below)
    assume(is_integral(value))
    assert substitute(value, {"h": x, "W": y}).denominator == 1
