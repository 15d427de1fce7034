"""Conditions that the others imply are not told, and those that are told say the same as all."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, strategies as st

from symparams.algebra import Condition, Domain, Size, compared, maximum, modulo, symbol
from symparams.algebra.implied import irredundant

C, E, a, h, n, p, t, w = (symbol(x) for x in ("C", "E", "a", "h", "n", "p", "t", "w"))


def divides(small: Size, large: Size) -> Condition:
    return Condition("integer", large / small)


def zero(size: Size) -> Condition:
    return compared(size, "==", 0)


@pytest.mark.parametrize(
    ("conditions", "told"),
    [
        ([divides(16, C), divides(8, C)], ["C % 16 == 0"]),
        ([divides(8, C), divides(16, C)], ["C % 16 == 0"]),
        ([divides(8, C), divides(6, C)], ["C % 8 == 0", "C % 6 == 0"]),
        ([compared(h, ">=", 2), compared(h, ">=", 4)], ["h >= 4"]),
        ([divides(2, h), compared(h, ">=", 2)], ["h % 2 == 0"]),
        ([divides(2, h), compared(h, ">=", 3)], ["h % 2 == 0", "h >= 3"]),
        ([compared(t, "<=", E), compared(t, "<", E + 1)], ["E >= t"]),
        ([compared(t, "<=", E), compared(E, "<=", n), compared(t, "<=", n)], ["E >= t", "n >= E"]),
        ([divides(8 * p * w, C), compared(C, ">=", p)], ["C % (8*p*w) == 0"]),
        ([zero(modulo(h, a)), divides(a, h)], ["h == a*floor(h/a)"]),
        ([divides(a, h), divides(a, 3 * h)], ["h % a == 0"]),
        ([compared(h, ">=", 1)], []),
        # what no rule decides stays
        ([compared(maximum(h, n), ">=", 7), compared(h * n, ">=", 50)], None),
    ],
)
def test_of_conditions_the_needed_ones_are_told(conditions: list[Condition], told: object) -> None:
    kept = irredundant(conditions, {})
    assert (
        ([c.formula() for c in kept] if told is not None else kept) == (told or conditions or [])
        if told != []
        else kept == []
    )


def test_a_condition_that_the_domain_implies_goes() -> None:
    conditions = [divides(64, h), compared(h, ">=", 100), compared(h, "<=", 4096)]
    within = {"h": Domain(low=128, high=4096, step=64)}
    assert irredundant(conditions, within) == []
    assert irredundant(conditions, {"h": Domain(low=64, high=4096, step=64)}) == conditions[1:2]


SIZES = st.sampled_from([h, n, a, h + n, h - n, 2 * h - 3, h * n - 4, n - 2, 3 * a, h - a * n])
CONDITIONS = st.one_of(
    st.builds(compared, SIZES, st.sampled_from(["==", "!=", "<", "<=", ">", ">="]), SIZES),
    st.builds(divides, st.sampled_from([2, 3, 4, a, 2 * n]), st.sampled_from([h, n, h + n, a])),
)


@given(st.lists(CONDITIONS, max_size=5))
def test_those_told_hold_where_all_hold_and_nowhere_else(conditions: list[Condition]) -> None:
    kept = irredundant(conditions, {})
    assert set(kept) <= set(conditions)
    for point in product(range(1, 8), repeat=3):
        values = dict(zip(("a", "h", "n"), point, strict=True))
        assert all(c.at(values).judge() for c in kept) == all(
            c.at(values).judge() for c in conditions
        )
