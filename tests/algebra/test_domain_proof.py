"""Bounds over whole domains: what is proved holds at every point, what is refuted at one fails."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from math import prod

import pytest
from hypothesis import given, settings, strategies as st

from symparams.algebra import (
    Domain,
    Facts,
    add_up,
    always,
    assuming,
    compared,
    facts_from,
    relative_error,
    round_up,
    substitute,
    symbol,
    within,
)

L, H, V = symbol("l"), symbol("h"), symbol("V")
#: What GPT-2's blocks have.
BLOCKS = L * (12 * H * H + 13 * H)
SQUARES = 12 * L * H * H
FIVE, TEN = Fraction(1, 20), Fraction(1, 10)


def at_least(**lows: int) -> Facts:
    return facts_from([compared(symbol(n), ">=", low) for n, low in lows.items()], {})


LARGE = at_least(l=24, h=2048)
FEW = assuming(LARGE, [compared(65_224, ">=", V)])

#: (exact, told, share, facts, holds, the point that refutes); the ends were worked out by hand.
CASES = [
    # 13/(12*h + 13) is 13/24,589 at h = 2048, and less above
    (BLOCKS, SQUARES, FIVE, LARGE, True, {}),
    (BLOCKS, SQUARES, Fraction(13, 24_589), LARGE, True, {}),
    (BLOCKS, SQUARES, Fraction(13, 24_590), LARGE, False, {"l": 24, "h": 2048}),
    # 13/(12*h + 13) is 1/20 at h = 20.58
    (BLOCKS, SQUARES, FIVE, at_least(h=21), True, {}),
    (BLOCKS, SQUARES, FIVE, at_least(h=20), False, {"l": 1, "h": 20}),
    # 51,281 rows: 8.04 % at l = 24, h = 2048
    (BLOCKS + 51_281 * H, SQUARES, FIVE, LARGE, False, {"l": 24, "h": 2048}),
    (BLOCKS + 51_281 * H, SQUARES, TEN, LARGE, True, {}),
    # V*h + 13*l*h is a tenth of the count at V = (12*24*2048)/9 - 312 = 65,224
    (BLOCKS + V * H, SQUARES, TEN, LARGE, False, {"V": 65_225, "l": 24, "h": 2048}),
    (BLOCKS + V * H, SQUARES, TEN, FEW, True, {}),
    (H * H, 0, Fraction(1, 2), Facts(), False, {"h": 1}),
    (H, H, 0, Facts(), True, {}),
    (H, H + 1, 0, Facts(), False, {"h": 1}),
    (H, H + 1, Fraction(1, 64), at_least(h=64), True, {}),
    (H, H + 1, Fraction(1, 64), at_least(h=63), False, {"h": 63}),
    # (64 - 57)/64 is above a tenth, (72 - 65)/72 below
    (round_up(H, 8), H, TEN, at_least(h=57), False, {"h": 57}),
    (round_up(H, 8), H, TEN, at_least(h=58), True, {}),
    # below 0 the error is relative to what the size is without its sign
    (5 - H, 4 - H, Fraction(1, 5), at_least(h=10), True, {}),
    (5 - H, 4 - H, Fraction(1, 5), at_least(h=9), False, {"h": 9}),
    (H - 5, H - 5, 0, Facts(), True, {}),
]  # fmt: skip


@pytest.mark.parametrize(("exact", "told", "share", "facts", "holds", "point"), CASES)
def test_within(exact, told, share, facts, holds, point):
    found = within(exact, told, share, facts)
    assert (found.equal, dict(found.point)) == (holds, point)
    if holds is False:
        left, right = substitute(exact, point), substitute(told, point)
        assert (found.left, found.right) == (left, right)
        assert abs(left - right) > share * abs(left)


def test_a_point_is_admitted():
    """It meets what is beside the facts, with values of the sizes that this speaks of."""

    def allowed(point):
        return point.get("h", 0) % point.get("a", 1) == 0 and point.get("a", 12) == 12

    found = within(BLOCKS + 51_281 * H, SQUARES, FIVE, LARGE, allowed, ["a"])
    assert (found.equal, dict(found.point)) == (False, {"h": 2052, "l": 24})


def test_what_is_not_decided_is_said():
    """(l - h)^2 >= 0 holds, and no bound of its terms shows it without an end."""
    found = within(L * L + H * H, 2 * L * H, 1, at_least(l=2, h=2))
    assert found.equal is None
    assert found.reason == "neither proved nor refuted in 600 parts of the domain"
    domains = {name: Domain(2, 9) for name in "lh"}
    assert within(L * L + H * H, 2 * L * H, 1, Facts(domains)).equal is True


def test_no_point_is_no_proof():
    found = within(H, 2 * H, FIVE, Facts(), lambda point: False)
    assert (found.equal, found.reason) == (
        None,
        "no allowed point was found among those where it fails",
    )


@pytest.mark.parametrize(
    ("exact", "told", "facts", "bound"),
    [
        # 8.043... % and 13/24,589 = 0.0528... %, rounded up to a tenth of a percent
        (BLOCKS + 51_281 * H, SQUARES, LARGE, Fraction(81, 1000)),
        (BLOCKS, SQUARES, LARGE, Fraction(1, 1000)),
        (BLOCKS, BLOCKS, LARGE, Fraction(0)),
        (H, 3 * H, Facts(), Fraction(2)),
        (H, H * H, Facts(), None),
    ],
)
def test_relative_error(exact, told, facts, bound):
    assert relative_error(exact, told, facts) == bound


def test_always():
    assert always(H - 3, at_least(h=3)).equal is True
    assert always(H - 3, at_least(h=3), above=True).equal is False
    assert always(H - 3, at_least(h=4), above=True).equal is True
    found = always(H - 3, Facts())
    assert (found.equal, dict(found.point), found.left) == (False, {"h": 1}, -2)


NAMES = ("l", "h", "V")


@st.composite
def polynomials(draw):
    """A polynomial of up to three symbols, of either sign."""
    terms = []
    for _ in range(draw(st.integers(1, 5))):
        powers = draw(st.tuples(*(st.integers(0, 2) for _ in NAMES)))
        factors = [symbol(n) for n, power in zip(NAMES, powers, strict=True) for _ in range(power)]
        terms.append(draw(st.integers(-9, 9)) * prod(factors))
    return add_up(terms)


@st.composite
def domains(draw):
    """A few values for each symbol."""
    found = {}
    for name in NAMES:
        low, several = draw(st.integers(1, 40)), draw(st.integers(1, 5))
        step = draw(st.sampled_from([1, 1, 3]))
        if draw(st.booleans()):
            found[name] = Domain(low, low + step * (several - 1), step)
        else:
            values = draw(st.sets(st.integers(1, 60), min_size=1, max_size=5))
            found[name] = Domain(choices=tuple(sorted(values)))
    return found


@settings(max_examples=150, deadline=None)
@given(
    polynomials(),
    polynomials(),
    st.fractions(0, 2, max_denominator=20),
    domains(),
    st.integers(1, 3),
)
def test_against_every_point(exact, told, share, where, modulus):
    """Decided over a box of values, as by trying each of them."""

    def allowed(point):
        return sum(point.values()) % modulus == 0 or len(point) < len(NAMES)

    names = sorted({s.name for z in (exact, told) if hasattr(z, "symbols") for s in z.symbols()})
    facts = Facts(where)
    found = within(exact, told, share, facts, allowed, NAMES)
    fails = []
    for values in product(*(where[n].values() for n in NAMES)):
        point = dict(zip(NAMES, values, strict=True))
        left, right = substitute(exact, point), substitute(told, point)
        if allowed(point) and abs(left - right) > share * abs(left):
            fails.append({n: point[n] for n in names})
    if found.equal is True:
        assert not fails
    elif found.equal is False:
        assert dict(found.point) in fails
    else:
        assert not fails, "what fails somewhere in a few points is found"


@settings(max_examples=100, deadline=None)
@given(
    polynomials(),
    polynomials(),
    st.fractions(0, 1, max_denominator=20),
    st.tuples(*[st.integers(1, 50)] * 3),
)
def test_without_an_end(exact, told, share, lows):
    """What is proved over an endless domain holds at points of it; what is refuted fails."""
    facts = at_least(**dict(zip(NAMES, lows, strict=True)))
    found = within(exact, told, share, facts)
    if found.equal is False:
        left, right = substitute(exact, found.point), substitute(told, found.point)
        assert abs(left - right) > share * abs(left)
    if found.equal is True:
        for far in product((0, 1, 7, 10**4), repeat=3):
            point = {n: low + more for n, low, more in zip(NAMES, lows, far, strict=True)}
            left, right = substitute(exact, point), substitute(told, point)
            assert abs(left - right) <= share * abs(left)
