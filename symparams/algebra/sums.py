"""Closed sums: a polynomial in an index, summed over a range with symbolic ends.

``sum k^p`` is a polynomial by Faulhaber's formula; ``sum k^p * (r^k)^q`` is
one over ``r^n``. What stands in a floor or below a fraction line has no
closed sum here. A minimum or maximum has one where it is settled after a few
passes: ``max(k, 2)`` is ``k`` from k = 2 on.
"""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from math import comb

from symparams.algebra.atoms import Atom, Monomial, Symbol, exact
from symparams.algebra.facts import PLAIN, Facts
from symparams.algebra.polynomial import (
    Polynomial,
    Size,
    add_up,
    collect,
    of_atom,
    substitute,
    symbols_of,
)
from symparams.algebra.size_functions.base import AppliedFunction
from symparams.algebra.size_functions.powers import Exponential, power
from symparams.errors import SymparamsError

#: How many first passes are summed one by one, where those after them have a closed form.
MOST_FIRST = 16
#: The highest power of an index that has a closed sum: the formula's length and the work for it
#: grow with the square, and at 700 they are a megabyte and five seconds.
MOST_DEGREE = 128


def sum_over(term: Size, index: Symbol, low: Size, high: Size, facts: Facts = PLAIN) -> Size | None:
    """Return the sum of ``term`` for ``index`` = low … high, or None without a closed form.

    The formula holds for every high >= low - 1 that ``facts`` admit (the empty
    sum is 0).

    >>> from symparams.algebra import maximum, symbol
    >>> k, n = symbol("k"), symbol("n")
    >>> sum_over(k, Symbol("k"), 1, n)
    n^2/2 + n/2
    >>> sum_over(maximum(k, 2), Symbol("k"), 1, n)
    n^2/2 + n/2 + 1
    """
    total = _closed(term, index, low, high)
    if total is not None or index.low is None or not _has_extreme(term, index):
        return total
    head: list[Size] = []
    while len(head) < MOST_FIRST and facts.nonnegative(high - low - len(head)) is True:
        try:
            head.append(substitute(term, {index.name: low + len(head)}))
            later = Symbol(index.name, low=index.low + len(head))
            rest = substitute(term, {index.name: of_atom(later)})
        except SymparamsError:
            return None  # a pass divides by 0, or by a sum
        total = _closed(rest, later, low + len(head), high)
        if total is not None:
            return add_up([*head, total])
    return None


def _has_extreme(term: Size, index: Symbol) -> bool:
    """Tell whether a minimum or maximum stands in a term, and the index in it."""
    return isinstance(term, Polynomial) and any(
        isinstance(a, AppliedFunction) and a.function.picks and index in a.symbols()
        for a in term.atoms()
    )


def _closed(term: Size, index: Symbol, low: Size, high: Size) -> Size | None:
    if index not in symbols_of(term):
        return term * (high - low + 1)
    assert isinstance(term, Polynomial)
    parts: dict[tuple[int, int], list[Size]] = {}
    for monomial, coefficient in term.terms.items():
        found = _taken_apart(monomial, index)
        if found is None:
            return None
        degree, ratio, rest = found
        if degree > MOST_DEGREE:
            return None
        parts.setdefault((degree, ratio), []).append(collect({rest: coefficient}))
    total: list[Size] = []
    for (degree, ratio), factors in parts.items():
        if ratio == 1:
            up_to = _powers(degree)
            whole = _at(up_to, high) - _at(up_to, low - 1)
        else:
            whole = _geometric(degree, ratio, high + 1) - _geometric(degree, ratio, low)
        total.append(add_up(factors) * whole)
    return add_up(total)


def _taken_apart(monomial: Monomial, index: Symbol) -> tuple[int, int, Monomial] | None:
    """Return (degree in the index, ratio r of r^index, the rest), or None."""
    degree, ratio = 0, 1
    rest: list[tuple[Atom, int]] = []
    for atom, exponent in monomial:
        if atom is index:
            if exponent < 0:
                return None
            degree = exponent
        elif index in atom.symbols():
            if not isinstance(atom, Exponential) or not isinstance(atom.base, int):
                return None
            if atom.exponent != of_atom(index) or exponent < 0:
                return None
            ratio *= atom.base**exponent
        else:
            rest.append((atom, exponent))
    return degree, ratio, tuple(rest)


@cache
def _powers(degree: int) -> tuple[Fraction, ...]:
    """Return coefficients (of n^1, n^2, …) of 1^p + … + n^p, by Faulhaber's formula."""
    bernoulli = [Fraction(1)]
    for m in range(1, degree + 1):
        total = sum((comb(m + 1, k) * bernoulli[k] for k in range(m)), Fraction(0))
        bernoulli.append(-total / (m + 1))
    if degree >= 1:
        bernoulli[1] = Fraction(1, 2)
    found = [Fraction(0)] * (degree + 1)
    for k in range(degree + 1):
        found[degree - k] = comb(degree + 1, k) * bernoulli[k] / (degree + 1)
    return tuple(found)


def _at(coefficients: tuple[Fraction, ...], n: Size) -> Size:
    """Return ``c1*n + c2*n^2 + …`` by Horner's rule."""
    value: Size = 0
    for coefficient in reversed(coefficients):
        value = (value + exact(coefficient)) * n
    return value if isinstance(value, Polynomial) else exact(value)


def _geometric(degree: int, ratio: int, n: Size) -> Size:
    """Return the sum of ``k^p * r^k`` for k = 0 … n - 1, as S(n) with S(n+1) - S(n) = n^p * r^n.

    S(n) = q(n)*r^n + c with a polynomial q: its coefficients follow from
    r*q(n + 1) - q(n) = n^p, the highest first. The constant c drops out of a
    difference, so it is left away.
    """
    q = [Fraction(0)] * (degree + 1)
    for j in range(degree, -1, -1):
        known = sum((comb(m, j) * q[m] for m in range(j + 1, degree + 1)), Fraction(0))
        q[j] = (Fraction(int(j == degree)) - ratio * known) / (ratio - 1)
    value: Size = 0
    for coefficient in reversed(q):
        value = value * n + exact(coefficient)
    return value * power(ratio, n)
