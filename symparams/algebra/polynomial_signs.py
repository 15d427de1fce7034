"""The signs of a polynomial on the integers, exactly: where it falls, rises, is zero.

Nothing is sampled. A polynomial is monotone between the sign changes of its
difference ``p(k + 1) - p(k)``, whose degree is one less; those are found in
the same way, and in each piece every change of sign by bisection.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from itertools import pairwise
from math import comb

from symparams.algebra.atoms import Number
from symparams.records import Record


class SignRun(Record):
    """Integers ``first`` to ``last`` (None: all from there on) of one sign, -1, 0 or 1.

    ``sign`` None: it keeps changing without end.
    """

    first: int
    last: int | None
    sign: int | None


def sign_of(number: Number) -> int:
    """Return -1, 0 or 1."""
    return (number > 0) - (number < 0)


def value(coefficients: Sequence[int], at: int) -> int:
    """Return ``c0 + c1*k + c2*k^2 + …``."""
    total = 0
    for coefficient in reversed(coefficients):
        total = total * at + coefficient
    return total


def runs(coefficients: Sequence[int], last: int | None) -> list[SignRun]:
    """Return the runs of like sign of a polynomial on 0, 1, … ``last``; without an end if None.

    >>> [(r.first, r.last, r.sign) for r in runs([6, -5, 1], None)]  # (k - 2)(k - 3)
    [(0, 1, 1), (2, 3, 0), (4, None, 1)]
    """
    end = _quiet(coefficients) if last is None else last
    starts = [0, *changes(coefficients, end)]
    ends: list[int | None] = [k - 1 for k in starts[1:]]
    ends.append(last)
    return [
        SignRun(a, b, sign_of(value(coefficients, a))) for a, b in zip(starts, ends, strict=True)
    ]


def changes(coefficients: Sequence[int], end: int) -> list[int]:
    """Return the integers in 1 … ``end`` at which the sign is not that of the integer before."""
    while coefficients and not coefficients[-1]:
        coefficients = coefficients[:-1]
    if len(coefficients) <= 1 or end < 1:
        return []
    found: list[int] = []
    # Between two turns the polynomial is monotone, the turn itself included.
    for low, high in pairwise([0, *changes(_difference(coefficients), end - 1), end]):
        found += _crossings(partial(value, coefficients), low, high)
    return found


def turns(coefficients: Sequence[int], last: int | None) -> list[int]:
    """Return where a polynomial begins to rise or to fall: its least is at an end or here."""
    difference = _difference(coefficients)
    end = _quiet(difference) if last is None else last - 1
    return changes(difference, end)


def _difference(coefficients: Sequence[int]) -> list[int]:
    """Return ``p(k + 1) - p(k)``."""
    degree = len(coefficients) - 1
    return [
        sum(coefficients[n] * comb(n, j) for n in range(j + 1, degree + 1)) for j in range(degree)
    ] or [0]


def _quiet(coefficients: Sequence[int]) -> int:
    """Return the place from which on the sign stays: Cauchy's bound on the roots."""
    kept = [abs(c) for c in coefficients]
    while kept and not kept[-1]:
        kept.pop()
    return 2 + max(kept[:-1]) // kept[-1] if len(kept) > 1 else 0


def _crossings(p: Callable[[int], int], low: int, high: int) -> list[int]:
    """Return the changes of sign in ``low + 1 … high`` of a function that is monotone there."""
    first, last = sign_of(p(low)), sign_of(p(high))
    if first == last:
        return []
    up = 1 if last > first else -1
    reached = range(first * up + 1, last * up + 1)
    return sorted({_first(p, up, wanted, low, high) for wanted in reached})


def _first(p: Callable[[int], int], up: int, wanted: int, low: int, high: int) -> int:
    """Return the first integer in ``low + 1 … high`` at which ``up * p`` has the sign wanted."""
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if sign_of(p(middle)) * up >= wanted else (middle, high)
    return high


def monotone_runs(p: Callable[[int], int], end: int, last: int | None) -> list[SignRun]:
    """Return the runs of like sign of a function that never falls, on 0, 1, … ``last``.

    Args:
        p: the function, or its sign.
        end: the sign does not change beyond it.
        last: the last integer, or None.
    """
    starts = [0, *_crossings(p, 0, end)]
    ends: list[int | None] = [k - 1 for k in starts[1:]]
    ends.append(last)
    return [SignRun(a, b, sign_of(p(a))) for a, b in zip(starts, ends, strict=True)]
