"""Signs along one size: against looking at every value."""

from __future__ import annotations

from fractions import Fraction
from itertools import groupby

import pytest
from hypothesis import given, strategies as st

from symparams.algebra import Symbol, floor, power, sign_patterns as tried, symbol, symbols_of
from symparams.algebra.polynomial import substitute
from symparams.algebra.sign_patterns import Stretch, stretches

h = symbol("h")
H = Symbol("h")


@pytest.fixture(autouse=True)
def _nothing_is_looked_at_one_by_one(monkeypatch):
    monkeypatch.setattr(tried, "MOST_TRIED", 0)


def looked_at(value, values):
    """(first, last, sign) by trying all."""
    found = []
    signed = ((v, substitute(value, {"h": v})) for v in values)
    for sign, group in groupby(signed, lambda pair: (pair[1] > 0) - (pair[1] < 0)):
        listed = [v for v, _ in group]
        found.append((listed[0], listed[-1], sign))
    return found


def told(parts):
    return [(p.first, p.last, p.sign) for p in parts]


@st.composite
def sizes(draw):
    """Products of linear factors with roots among the values or just beside them, and floors."""
    value = draw(st.sampled_from([-2, -1, 1, 3]))
    for _ in range(draw(st.integers(0, 4))):
        root = Fraction(draw(st.integers(0, 240)), draw(st.sampled_from([1, 1, 2, 3])))
        value = value * (h - root)
    value = value + draw(st.sampled_from([0, 0, 1, -1, 7, -300]))
    if draw(st.booleans()):
        value = value / h ** draw(st.integers(1, 2))
    if draw(st.integers(0, 3)) == 0:
        inner = floor((h + draw(st.integers(0, 3))) / draw(st.integers(2, 5)))
        value = value + draw(st.integers(-9, 9)) * inner * draw(st.sampled_from([1, h]))
    return value


RANGES = st.builds(range, st.integers(1, 20), st.integers(21, 150), st.integers(1, 7))


@given(sizes(), RANGES)
def test_signs_over_a_range(value, values):
    assert told(stretches(value, H, values)) == looked_at(value, values)


@given(sizes(), RANGES)
def test_signs_without_end(value, values):
    found = stretches(value, H, values, endless=True)
    assert found[-1].last is None
    further = range(values.start, values.start + 400 * values.step, values.step)
    if found[-1].sign is None:
        kept = range(values.start, found[-1].first, values.step)
        assert told(found[:-1]) == looked_at(value, kept)
        return
    seen = [(p.first, p.last if p.last is not None else further[-1], p.sign) for p in found]
    assert found[-1].first <= further[-1], "the last change is beyond what the test looks at"
    assert seen == looked_at(value, further)


def test_what_is_not_decided():
    assert stretches(power(2, h) - 100, H, range(1, 2), endless=True) is None
    assert told(stretches(power(2, h) - 64, H, range(1, 100))) == [
        (1, 5, -1),
        (6, 6, 0),
        (7, 99, 1),
    ]
    assert stretches(power(2, h) - 64, H, range(1, 10**6)) is None
    assert stretches(h - 5, H, ()) == []
    assert told(stretches(h - 5, H, [Fraction(9, 2), 5, 7])) == [
        (Fraction(9, 2), Fraction(9, 2), -1),
        (5, 5, 0),
        (7, 7, 1),
    ]


def test_what_alternates_for_ever():
    odd = h - 2 * floor(h / 2)
    assert stretches(odd, H, range(1, 2), endless=True) == [
        Stretch(1, 1, 1),
        Stretch(2, None, None),
    ]
    assert told(stretches(odd, H, range(1, 12, 2))) == [(1, 11, 1)]


def test_far_away():
    """Thresholds of hundreds of digits, by bisection."""
    far = 10**300
    found = stretches((h - far) * (h - far - 1), H, range(1, 2), endless=True)
    assert told(found) == [(1, far - 1, 1), (far, far + 1, 0), (far + 2, None, 1)]
    assert symbols_of(h) == {H}
