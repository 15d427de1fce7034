"""Relative errors of sums of products: no point of the domain has a larger one."""

from __future__ import annotations

from fractions import Fraction
from math import prod

import pytest
from hypothesis import assume, given, settings, strategies as st

from symparams.algebra import (
    Domain,
    Facts,
    add_up,
    compared,
    facts_from,
    round_up,
    substitute,
    symbol,
)
from symparams.algebra.ratio_errors import error_of_ratios

NAMES = ("a", "h", "l")
A, H, L = map(symbol, NAMES)
UNIT = 1_000


def at_least(**lows: int) -> Facts:
    return facts_from([compared(symbol(n), ">=", low) for n, low in lows.items()], {})


#: (exact, told, facts, bound); worked out by hand.
CASES = [
    # h*kv*l/(4a) is told; 13*l*h beside it is 52*a/(52*a + h): most at a = 16, h = 2048
    (
        H * H * L / (4 * A) + 13 * L * H,
        H * H * L / (4 * A),
        Facts({"a": Domain(1, 16), "h": Domain(2048), "l": Domain(1)}),
        Fraction(289, 1000),  # 52*16/(52*16 + 2048) = 0.28888…
    ),
    # a grows without an end, and so does the error: to all of it
    (H * H / A + H, H * H / A, at_least(h=64), Fraction(1)),
    # both h*h/l and l are told: h beside them is a third where h = l, and told to within 0.4 %
    (
        H * H / L + L + H,
        H * H / L + L,
        Facts({"h": Domain(8, 16), "l": Domain(8, 16)}),
        Fraction(337, 1000),
    ),
    # too much is told: 3*h less of h*h at h = 64 is 3/61
    (H * H - 3 * H, H * H, at_least(h=64), Fraction(50, 1000)),
    # as much as is told may be too much: nothing bounds it
    (H * H - 3 * H, H * H, Facts(), None),
    (H * H, H * H, Facts(), Fraction(0)),
    (H * H, H * H - H, Facts(), None),  # what is told has a negative term
    (H * H, 0, Facts(), None),
]


@pytest.mark.parametrize(("exact", "told", "facts", "bound"), CASES)
def test_by_hand(exact, told, facts, bound):
    assert error_of_ratios(exact, told, facts, UNIT) == bound


def test_functions_of_sizes_are_for_others():
    assert error_of_ratios(H * H + round_up(H, 64), H * H, Facts(), UNIT) is None


@st.composite
def sums(draw, least: int):
    """A sum of products of powers of three sizes, of fractions too; how many terms and signs."""
    terms = []
    for _ in range(draw(st.integers(1, 4))):
        factors = [symbol(n) ** draw(st.integers(-2, 2)) for n in NAMES]
        terms.append(draw(st.integers(least, 9)) * prod(factors))
    return add_up(terms)


@st.composite
def domains(draw):
    """For each size, a range, with an end or without one."""
    found = {}
    for name in NAMES:
        low = draw(st.integers(1, 50))
        found[name] = Domain(low, draw(st.none() | st.integers(low, low + 2_000)))
    return found


@settings(max_examples=60, deadline=None)
@given(sums(1), sums(-9), domains(), st.data())
def test_no_point_has_a_larger_error(told, rest, where, data):
    exact = told + rest
    bound = error_of_ratios(exact, told, Facts(where), UNIT)
    assume(bound is not None)
    assert bound.denominator <= UNIT
    for _ in range(8):
        point = {
            name: data.draw(
                st.sampled_from([d.low, d.high or 10**9])
                | st.integers(d.low, d.high or d.low + 10_000)
            )
            for name, d in where.items()
        }
        count = Fraction(substitute(exact, point))
        assert count > 0
        assert abs(count - substitute(told, point)) / count <= bound
