"""Bounds of tails in arrays: Lagrange's bound as a fraction, and never below what is reached."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from symparams.search.kernels import INT64
from symparams.search.vectors import _relaxed

RATES = st.integers(-9, 9)


@pytest.mark.parametrize("kind", [np.int64, object])
@settings(max_examples=150)
@given(
    st.lists(st.tuples(RATES, RATES, st.integers(0, 3)), min_size=1, max_size=3),
    st.integers(-9, 60),
)
def test_a_relaxed_bound(kind, sizes, left):
    rates, own, ends = ([one[k] for one in sizes] for k in range(3))
    arrays = [[np.array([v], dtype=kind) for v in values] for values in (rates, own)]
    for t in range(len(sizes)):
        found = _relaxed(*arrays, np.array([left], dtype=kind), t, ends)
        if rates[t] * own[t] <= 0:
            assert found is None
            continue
        useful, bound = found
        factor = Fraction(rates[t], own[t])
        exact = factor * left + sum(
            max(r - factor * o, 0) * n for r, o, n in zip(rates, own, ends, strict=True)
        )
        assert (bool(useful[0]), int(bound[0])) == (True, math.floor(exact))
        for point in product(*(range(n + 1) for n in ends)):
            if reached(own, point) <= left:
                assert reached(rates, point) <= bound[0]


@pytest.mark.parametrize(("rates", "own"), [((1, 1), (1, -1)), ((3, -1), (2, 5)), ((1, 7), (7, 1))])
def test_a_relaxed_bound_that_64_bits_may_not_hold(rates, own):
    """It is exact wherever it is given; in Python's integers it always is."""
    given_once = False
    for power in range(50, 63):
        left, ends = 2**power // 9, (2**power // 9, 2**power // 7)
        plain = _relaxed(*objects(rates, own, object), np.array([left], object), 0, ends)
        small = _relaxed(*objects(rates, own, np.int64), np.array([left], np.int64), 0, ends)
        assert plain is not None
        if small is not None:
            given_once = True
            assert int(small[1][0]) == plain[1][0]
            assert abs(plain[1][0]) < INT64
    assert given_once


@pytest.mark.parametrize("size", [2**20, 2**30, 2**40, 2**50])
def test_no_step_of_a_relaxed_bound_overflows(size):
    """The rates of goal and row have opposite signs: their steps add up."""
    rates, own = (1, size), (1, -size)
    for n in (3, 2**10, 2**30, 2**40):
        plain = _relaxed(*objects(rates, own, object), np.array([7], object), 0, (5, n))
        small = _relaxed(*objects(rates, own, np.int64), np.array([7], np.int64), 0, (5, n))
        assert plain is not None
        assert int(plain[1][0]) == 7 + 2 * size * n
        assert small is None or int(small[1][0]) == 7 + 2 * size * n


def objects(rates, own, kind):
    return [[np.array([v], dtype=kind) for v in values] for values in (rates, own)]


def reached(rates, point):
    return sum(map(math.prod, zip(rates, point, strict=True)))
