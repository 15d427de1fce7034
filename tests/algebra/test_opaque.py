"""Floors, powers with symbols above, closed functions: against Python's own arithmetic."""

from __future__ import annotations

import math
import pickle
import random
from fractions import Fraction

import pytest

from symparams.algebra import Size, symbol
from symparams.algebra.facts import Facts
from symparams.algebra.polynomial import Polynomial, substitute
from symparams.algebra.size_functions.base import is_integral, rebuild
from symparams.algebra.size_functions.powers import power, prime_factors
from symparams.algebra.size_functions.rounding import ceil, floor
from symparams.errors import NeedsValue, SymparamsError

H, N, K = (symbol(name) for name in "hnk")


def at(size: Size, **values: int) -> int | Fraction:
    found = substitute(size, values)
    assert not isinstance(found, Polynomial)
    return found


class Formula:
    """A random size, and the same in Python's fractions."""

    def __init__(self, draw: random.Random, depth: int) -> None:
        kind = draw.randrange(7) if depth else draw.randrange(2)
        self.parts: list[Formula] = []
        self.number = Fraction(draw.randint(-6, 9), draw.choice([1, 1, 2, 3, 4]))
        self.name = draw.choice("hn")
        self.kind = ["number", "name", "sum", "product", "floor", "ceil", "floor"][kind]
        if kind > 1:
            count = 2 if kind == 2 else 1
            self.parts = [Formula(draw, depth - 1) for _ in range(count)]

    def size(self) -> Size:
        parts = [p.size() for p in self.parts]
        if self.kind == "number":
            return self.number.numerator if self.number.denominator == 1 else self.number
        if self.kind == "name":
            return symbol(self.name)
        if self.kind == "sum":
            return parts[0] + parts[1]
        if self.kind == "product":
            return parts[0] * self.number
        return floor(parts[0]) if self.kind == "floor" else ceil(parts[0])

    def value(self, values: dict[str, int]) -> Fraction:
        parts = [p.value(values) for p in self.parts]
        if self.kind == "number":
            return self.number
        if self.kind == "name":
            return Fraction(values[self.name])
        if self.kind == "sum":
            return parts[0] + parts[1]
        if self.kind == "product":
            return parts[0] * self.number
        return Fraction(math.floor(parts[0]) if self.kind == "floor" else math.ceil(parts[0]))


@pytest.mark.parametrize("seed", range(40))
def test_floors_of_floors_are_pythons(seed):
    draw = random.Random(seed)
    for _ in range(8):
        formula = Formula(draw, 4)
        size = formula.size()
        for _ in range(6):
            values = {"h": draw.randint(1, 40), "n": draw.randint(1, 40)}
            assert at(size, **values) == formula.value(values), (str(size), values)


# Equal sizes have to meet as equal data: the form of each is fixed.
FORMS = [
    (lambda: floor((5 * H + 7) / 2), "floor((h + 1)/2) + 2*h + 3"),
    (lambda: floor(H), "h"),
    (lambda: floor(H + Fraction(1, 2)), "h"),
    (lambda: floor(H - Fraction(1, 2)), "h - 1"),
    (lambda: floor(H * Fraction(-1, 2)), "floor(h/2) - h"),
    (lambda: floor((floor(H / 2) + 1) / 2), "floor((h + 2)/4)"),
    (lambda: floor((floor(H / 2) + N) / 3), "floor((h + 2*n)/6)"),
    (lambda: floor(H / 2 + Fraction(1, 3)), "floor(h/2)"),
    (lambda: floor(H / 2 + Fraction(2, 3)), "floor((h + 1)/2)"),
    (lambda: ceil(H / 2), "floor((h + 1)/2)"),
    (lambda: ceil(H / 3 + N / 2), "floor((2*h + 3*n + 5)/6)"),
    (lambda: ceil(H), "h"),
    (lambda: ceil(Fraction(7, 2)), "4"),
    (lambda: floor(Fraction(-7, 2)), "-4"),
]


@pytest.mark.parametrize(("make", "text"), FORMS, ids=[t for _, t in FORMS])
def test_equal_floors_have_one_form(make, text):
    assert str(make()) == text


def test_two_thirds_of_a_floor_stay_outside():
    # floor(2*floor(h/2)/3) is not floor(h/3): at h = 3 it is 0.
    size = floor(floor(H / 2) * 2 / 3)
    assert [at(size, h=h) for h in range(1, 9)] == [(h // 2) * 2 // 3 for h in range(1, 9)]


@pytest.mark.parametrize(
    ("multiples", "size", "text"),
    [
        ({"h": 8}, lambda: H / 4, "h/4"),
        ({"h": 8}, lambda: 3 * H / 8, "3*h/8"),
        ({"h": 4}, lambda: H / 8, "floor(h/8)"),
        ({"h": 6}, lambda: (H + N) / 3, "floor(n/3) + h/3"),
        ({"h": 2, "n": 2}, lambda: H * N / 4, "h*n/4"),
    ],
)
def test_known_divisors_leave_a_floor(multiples, size, text):
    known = Facts(multiples=multiples)
    found = floor(size(), known)
    assert str(found) == text
    for h in range(multiples["h"], 60, multiples["h"]):
        for n in range(multiples.get("n", 1), 20, multiples.get("n", 1)):
            assert at(found, h=h, n=n) == math.floor(Fraction(at(size(), h=h, n=n)))
    assert str(rebuild(floor(size()), known)) == text


@pytest.mark.parametrize(
    ("number", "factors"),
    [
        (1, {}),
        (2, {2: 1}),
        (12, {2: 2, 3: 1}),
        (49, {7: 2}),
        (97, {97: 1}),
        (2**10 * 3**5 * 101, {2: 10, 3: 5, 101: 1}),
        (9973**2, {9973: 2}),
        # A product of primes above the bound stands for itself.
        (10007 * 10009, {10007 * 10009: 1}),
        (2 * 10007 * 10009, {2: 1, 10007 * 10009: 1}),
    ],
)
def test_prime_factors(number, factors):
    assert prime_factors(number) == factors


@pytest.mark.parametrize(
    "base", [1, 2, 3, 4, 6, 12, Fraction(1, 2), Fraction(2, 3), Fraction(8, 9)]
)
@pytest.mark.parametrize(
    ("above", "value"),
    [
        (lambda: N, lambda n: n),
        (lambda: N + 3, lambda n: n + 3),
        (lambda: 2 * N - 1, lambda n: 2 * n - 1),
        (lambda: -N, lambda n: -n),
        (lambda: N**2 - 2 * N, lambda n: n * n - 2 * n),
    ],
)
def test_powers_are_pythons(base, above, value):
    size = power(base, above())
    for n in (1, 2, 5):
        assert at(size, n=n) == Fraction(base) ** value(n)


def test_powers_that_are_equal_meet():
    assert power(4, N) == power(2, 2 * N) == power(2, N) ** 2
    assert power(6, N) == power(2, N) * power(3, N)
    assert power(Fraction(1, 2), N) == power(2, -N)
    assert power(2, N + 1) == 2 * power(2, N)
    assert power(2, N - 3) == power(2, N) / 8
    assert power(power(2, N), K) == power(2, N * K)
    assert power(3 * H, N) == power(3, N) * power(H, N)
    assert power(H**2 * K, N) == power(H, 2 * N) * power(K, N)
    assert at(power(H, N), h=3, n=4) == 81
    assert at(power(H, N - 1) * H, h=3, n=4) == 81
    assert power(1, N) == 1


@pytest.mark.parametrize(
    ("base", "above", "says"),
    [
        (2, lambda: Fraction(1, 2), "an exponent must be an integer, not 1/2"),
        (2, lambda: N / 2, "the exponent 'n/2' is not known to be an integer"),
        (0, lambda: N, "0 under the exponent 'n'"),
        (-2, lambda: N, "-2 under the exponent 'n'"),
        (H + 1, lambda: N, "the sum 'h + 1' under the exponent 'n'"),
    ],
)
def test_powers_that_are_refused(base, above, says):
    with pytest.raises(SymparamsError) as error:
        power(base, above())
    assert says in str(error.value)
    if isinstance(error.value, NeedsValue):
        assert error.value.symbols == ("n",)


@pytest.mark.parametrize(
    ("size", "whole"),
    [
        (3, True),
        (Fraction(1, 2), False),
        (H, True),
        (H / 2, False),
        (H * N - 4, True),
        (floor(H / 2), True),
        (H**-1, False),
        (floor(H / 2) / 2, False),
        (power(2, N), True),
        (power(2, N) / 2, False),
    ],
    ids=str,
)
def test_which_sizes_are_integers(size, whole):
    assert is_integral(size) is whole


@pytest.mark.parametrize("size", [floor(H / 2), power(2, N), power(H, N), ceil(H / 3) * N])
def test_a_copy_is_the_same(size):
    assert pickle.loads(pickle.dumps(size)) == size
