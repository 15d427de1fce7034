"""Whether a formula is an integer, told from the residues of its sizes."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings, strategies as st

from symparams.algebra import substitute, symbol
from symparams.algebra.polynomial import Polynomial, collect
from symparams.algebra.residues import MOST_CASES, integral_by_residues, residue_cases

h, k = symbol("h"), symbol("k", low=0)
n = symbol("n")


@pytest.mark.parametrize(
    ("size", "classes", "answer"),
    [
        (h * (h + 1) / 2, {}, True),
        (h**2 / 2 + Fraction(1, 2), {}, None),
        (h**2 / 2 + Fraction(1, 2), {"h": (2, 1)}, True),
        (h**2 / 2 + Fraction(1, 2), {"h": (4, 2)}, False),
        (h * (h + 1) + Fraction(1, 3), {}, False),
        (h * k / 2, {"h": (2, 1)}, None),
        (h * k / 2, {"h": (2, 0)}, True),
        # Of integer terms nothing is asked, whatever their sizes leave.
        (h * (h - 1) * (h - 2) / 6 + 5 * n**3, {}, True),
        # Too many residues to ask of each, and a size that may be any fraction.
        (h / (MOST_CASES + 1), {}, None),
        (symbol("r", integer=False) / 2, {}, None),
    ],
)
def test_integral_by_residues(size, classes, answer):
    assert integral_by_residues(size, classes) is answer


def test_a_polynomial_through_many_values_is_asked_without_its_cases():
    """The one through 8 values that a repeat took: 2,520 residues, degree 7."""
    terms = {7: (1, 252), 6: (-7, 72), 5: (337, 360), 4: (-161, 36), 3: (791, 72)}
    terms |= {2: (-931, 72), 1: (2761, 420), 0: (2, 1)}
    size = sum((Fraction(*c) * k**power for power, c in terms.items() if power), Fraction(2))
    assert integral_by_residues(size, {}) is True
    values = [substitute(size, {"k": value}) for value in range(8)]
    assert [value.denominator for value in values] == [1] * 8


polynomials = st.dictionaries(
    st.tuples(st.integers(0, 4), st.integers(0, 3)),
    st.tuples(st.integers(-6, 6), st.sampled_from([1, 1, 2, 3, 4, 6])),
    min_size=1,
    max_size=4,
)


@settings(max_examples=200, deadline=None)
@given(polynomials, st.integers(1, 6), st.integers(0, 5))
def test_the_answer_is_that_of_every_value(terms, modulus, residue):
    size = sum((Fraction(*c) * h**i * k**j for (i, j), c in terms.items()), collect({}))
    classes = {"h": (modulus, residue % modulus)}
    answer = integral_by_residues(size, classes)
    if not isinstance(size, Polynomial):
        assert answer is (size.denominator == 1)
        return
    points = product(range(12 * modulus + residue % modulus, 24 * modulus, modulus), range(12))
    whole = {substitute(size, {"h": x, "k": y}).denominator == 1 for x, y in points}
    assert answer is (None if len(whole) == 2 else whole.pop())
    cases = residue_cases(size, classes)
    assert cases is not None
    assert answer is not True or all(
        isinstance(c, int) for _, case in cases for c in getattr(case, "terms", {0: case}).values()
    )
