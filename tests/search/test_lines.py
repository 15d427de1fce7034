"""Points under lines and between them, in plain integers and in arrays, against counting each."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from symparams.search.tails import floor_sum, under_line
from symparams.search.vector_counts import between_lines, under_lines

RATES = st.integers(-7, 7)
HALVES = st.tuples(st.integers(-40, 60), RATES, RATES)
SLANTED = st.tuples(st.integers(-40, 60), RATES, RATES.filter(bool))
ENDS = st.tuples(st.integers(0, 9), st.integers(0, 9))


def inside(ends, *halves):
    return sum(
        all(a * x + b * y <= left for left, a, b in halves)
        for x in range(ends[0] + 1)
        for y in range(ends[1] + 1)
    )


def arrays(half, kind):
    return tuple(np.array([value], dtype=kind) for value in half)


@given(st.integers(0, 30), st.integers(1, 9), st.integers(0, 30), st.integers(0, 30))
def test_a_sum_of_floors(terms, modulus, rate, start):
    expected = sum((rate * i + start) // modulus for i in range(terms))
    assert floor_sum(terms, modulus, rate, start) == expected


@pytest.mark.parametrize("kind", [np.int64, object])
@settings(max_examples=300)
@given(half=HALVES, ends=ENDS)
def test_under_a_line(kind, half, ends):
    expected = inside(ends, half)
    assert under_line(*half, ends) == expected
    assert under_lines(*arrays(half, kind), ends, kind)[0] == expected


@pytest.mark.parametrize("kind", [np.int64, object])
@settings(max_examples=500)
@given(one=SLANTED, other=SLANTED, ends=ENDS)
def test_between_two_lines(kind, one, other, ends):
    found = between_lines(arrays(one, kind), arrays(other, kind), ends, kind)
    assert found[0] == inside(ends, one, other)


def test_beyond_int64():
    """The same slopes, a thousand million million times as steep."""
    for half in ((40, 3, 7), (25, -3, 5)):
        steep = tuple(value * 10**15 for value in half)
        ends = (8, 9)
        assert under_lines(*arrays(steep, np.int64), ends, np.int64)[0] == inside(ends, half)
        pair = arrays(steep, np.int64), arrays((20 * 10**15, 10**15, 2 * 10**15), np.int64)
        assert between_lines(*pair, ends, np.int64)[0] == inside(ends, half, (20, 1, 2))


def test_two_lines_whose_crossing_is_beyond_int64():
    """Without a common divisor: the products of their rates do not fit."""
    one, other, ends = (
        (6 * 10**12 + 5, 10**12 + 7, 10**12 - 11),
        (10**13, 2 * 10**12 + 1, -1),
        (8, 9),
    )
    for second in (
        other,
        (5 * 10**12, 2 * 10**12 + 1, 10**12 + 3),
        (10**12, -(10**12), 10**12 + 3),
    ):
        found = between_lines(arrays(one, np.int64), arrays(second, np.int64), ends, np.int64)
        assert found[0] == inside(ends, one, second)
