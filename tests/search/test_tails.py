"""Tails in plain integers, against going through all of their points."""

from __future__ import annotations

import math
from itertools import product as every

import pytest
from hypothesis import assume, given, settings, strategies as st

from symparams.search.plans import Lines
from symparams.search.tails import by_length, climb, count, unranked

RATES = st.integers(-5, 9)


@st.composite
def tails(draw):
    """A tail of up to four sizes under up to three rows; often a row leaves a size alone."""
    sizes = draw(st.integers(0, 4))
    ends = tuple(draw(st.integers(0, 9 - 2 * sizes)) for _ in range(sizes))
    rates = [draw(RATES) for _ in range(sizes)]
    rows = []
    for _ in range(draw(st.integers(0, 3))):
        row = [draw(st.just(0) | RATES) for _ in range(sizes)]
        rows.append((draw(st.integers(-6, 40)), row))
    return Lines(draw(st.integers(-9, 9)), rates, ends, rows)


def points(tail):
    """All points that the rows admit."""
    places = every(*(range(end + 1) for end in tail.ends))
    return [
        p for p in places if all(sum(map(math.prod, zip(r, p, strict=True))) <= m for m, r in tail.rows)
    ]  # fmt: skip


def reached(tail, point):
    return tail.start + sum(r * x for r, x in zip(tail.rates, point, strict=True))


@settings(max_examples=400)
@given(tails())
def test_every_point_is_counted_and_has_a_rank(tail):
    inside = points(tail)
    assert count(tail) == len(inside)
    ranked = [tuple(unranked(tail, rank)) for rank in range(len(inside))]
    assert sorted(ranked) == inside
    # The order that is counted in: the first size of all is the slowest.
    order = by_length(tail)
    assert ranked == sorted(ranked, key=lambda p: [p[t] for t in order])


@settings(max_examples=400)
@given(tails(), st.integers(1, 4))
def test_no_better_point_is_left_out(tail, top):
    inside = points(tail)
    best = sorted((reached(tail, p) for p in inside), reverse=True)[:top]
    kept = []

    def offer(value, places):
        assert tuple(places) in inside
        assert reached(tail, places) == value
        kept.append(value)

    def threshold():
        return sorted(kept, reverse=True)[top - 1] if len(kept) >= top else -math.inf

    climb(tail, offer, threshold, lambda: None)
    assert sorted(kept, reverse=True)[:top] == best


@pytest.mark.parametrize(
    ("ends", "rows", "points"),
    [
        # A size that no row speaks of is counted apart, in front and behind others that are held.
        ((4, 3), [(2, [0, 1])], 5 * 3),
        ((3, 4), [(2, [1, 0])], 3 * 5),
        ((2, 3, 4), [(3, [0, 1, 1])], 3 * 10),
        ((2, 3, 4), [(3, [1, 0, 1]), (0, [0, 0, 1])], 3 * 4),
        # One that only a row speaks of that never bites.
        ((2, 3, 4), [(99, [1, 0, 0]), (3, [0, 1, 1])], 3 * 10),
        ((10**9, 3, 4), [(3, [0, 1, 1])], (10**9 + 1) * 10),
    ],
)
def test_sizes_that_no_row_holds(ends, rows, points):
    tail = Lines(0, [1] * len(ends), ends, rows)
    assert count(tail) == points
    last = unranked(tail, points - 1)
    assert all(0 <= place <= end for place, end in zip(last, ends, strict=True))


@given(tails())
def test_a_rank_beyond_the_count(tail):
    assume(tail.ends and points(tail))
    with pytest.raises(AssertionError):
        unranked(tail, count(tail))
