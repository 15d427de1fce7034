"""Where a size of one symbol is below, at or above 0: exactly, at integers.

Between two integers where its difference changes sign, a polynomial rises or
falls all the way, so a bisection finds every change of its own sign; the
differences lower the degree until nothing is left. Beyond Cauchy's bound on
its roots nothing changes any more. No real root is ever computed.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from math import comb

from symparams.algebra.atoms import Number, Symbol
from symparams.algebra.calculus import univariate
from symparams.algebra.polynomial import Polynomial, Size, of_atom, substitute, terms_of
from symparams.algebra.residues import MOST_CASES, moduli
from symparams.records import Record

#: Up to so many values are looked at one by one, whatever the formula;
MOST_TRIED = 1_000
#: up to so many where nothing else decides, and between the changes of several residues.
MOST_SCANNED = 50_000
#: Above this degree a polynomial is not taken apart.
MOST_DEGREE = 64


class Stretch(Record):
    """Neighbouring values at which a size has one sign.

    Attributes:
        first, last: the ends, both among the values; ``last`` None: without end.
        sign: -1, 0, 1; None where it keeps changing without end.
    """

    first: Number
    last: Number | None
    sign: int | None


def stretches(
    size: Size, by: Symbol, values: Sequence[Number], endless: bool = False
) -> list[Stretch] | None:
    """The signs of a size in one symbol over rising values, in order.

    Args:
        size: in ``by`` alone.
        by: the symbol.
        values: a range, or a list of values; positive.
        endless: the range goes on for ever.

    Returns:
        The stretches, or None where they are too many values to look at and
        the formula does not decide (a power ``2^h`` over an endless range).
    """
    if not values:
        return []
    if not isinstance(values, range) or (not endless and len(values) <= MOST_TRIED):
        return _scanned(size, by, values)
    found = _by_residues(size, by, values, endless)
    if found is None and not endless and len(values) <= MOST_SCANNED:
        return _scanned(size, by, values)
    return found


def _scanned(size: Size, by: Symbol, values: Iterable[Number]) -> list[Stretch]:
    return _joined(Stretch(v, v, _sign(_number(size, by, v))) for v in values)


def _number(size: Size, by: Symbol, value: Number) -> Number:
    found = substitute(size, {by.name: value})
    assert not isinstance(found, Polynomial), "only one symbol was left"
    return found


def _sign(value: Number) -> int:
    return (value > 0) - (value < 0)


def _joined(parts: Iterable[Stretch]) -> list[Stretch]:
    """Neighbours of one sign made one."""
    found: list[Stretch] = []
    for part in parts:
        if found and found[-1].sign == part.sign:
            found[-1] = Stretch(found[-1].first, part.last, part.sign)
        else:
            found.append(part)
    return found


# --- residues --------------------------------------------------------------


def _by_residues(size: Size, by: Symbol, values: range, endless: bool) -> list[Stretch] | None:
    """Split by the residues that resolve the floors, each a polynomial; then put together."""
    size = _freed(size, by)
    needed = moduli(size) if isinstance(size, Polynomial) and _has_floors(size) else {}
    if needed is None:
        return None
    modulus = needed.get(by.name, 1)
    period = modulus // math.gcd(modulus, values.step)
    if period > MOST_CASES:
        return None
    changes: dict[int, dict[int, int]] = {}  # place in the values → residue → sign from there
    for residue in range(period):
        count = None if endless else len(range(residue, len(values), period))
        start = values.start + residue * values.step
        along = substitute(size, {by.name: of_atom(by) * (period * values.step) + start})
        coefficients = univariate(along, by)
        if coefficients is None or len(coefficients) > MOST_DEGREE + 1:
            return None
        for place, sign in _changes(coefficients, count):
            changes.setdefault(place * period + residue, {})[residue] = sign
    return _merged(changes, period, values, endless)


def _has_floors(size: Polynomial) -> bool:
    return not all(isinstance(a, Symbol) for a in size.atoms())


def _freed(size: Size, by: Symbol) -> Size:
    """The size times the power of ``by`` that lifts it above every fraction line."""
    lowest = min((e for m in terms_of(size) for a, e in m if a is by), default=0)
    return size * of_atom(by, -lowest) if lowest < 0 else size


def _merged(
    changes: dict[int, dict[int, int]], period: int, values: range, endless: bool
) -> list[Stretch]:
    """The signs of all residues as one: between two changes every residue keeps its own."""
    signs: dict[int, int] = {}
    places = [*sorted(changes), None]
    parts: list[Stretch] = []
    for place, after in pairwise(places):
        assert place is not None
        signs.update(changes[place])
        last = (None if endless else len(values) - 1) if after is None else after - 1
        parts += _between(place, last, signs, period, values)
    return _joined(parts)


def _between(
    first: int, last: int | None, signs: dict[int, int], period: int, values: range
) -> Iterator[Stretch]:
    def value(place: int) -> int:
        return values.start + place * values.step

    end = None if last is None else value(last)
    if len(set(signs.values())) == 1:
        yield Stretch(value(first), end, next(iter(signs.values())))
    elif last is not None and last - first < MOST_SCANNED:
        for place in range(first, last + 1):
            yield Stretch(value(place), value(place), signs[place % period])
    else:
        yield Stretch(value(first), end, None)


# --- polynomials -----------------------------------------------------------


def _changes(coefficients: Sequence[Number], count: int | None) -> list[tuple[int, int]]:
    """(k, sign from k on) of a polynomial at k = 0, 1, … (``count`` of them; None: without end)."""
    below = math.lcm(*(c.denominator for c in coefficients))
    whole = [int(c * below) for c in coefficients]
    while len(whole) > 1 and not whole[-1]:
        whole.pop()
    last = (2 + max(map(abs, whole)) // max(1, abs(whole[-1]))) if count is None else count - 1
    return _signs(whole, last) if last >= 0 else []


def _signs(whole: list[int], last: int) -> list[tuple[int, int]]:
    """The changes of sign among 0 … last."""
    if len(whole) == 1 or not last:
        return [(0, _sign(whole[0]))]
    slopes = _signs(_step(whole), last - 1)
    ends = [*(start for start, _ in slopes[1:]), last]
    found: list[tuple[int, int]] = []
    for (start, slope), end in zip(slopes, ends, strict=True):
        # From start to end it only rises, or only falls, or stays.
        for place in _turns(whole, start, end, slope):
            sign = _sign(_at(whole, place))
            if not found or found[-1][1] != sign:
                found.append((place, sign))
    return found


def _turns(whole: list[int], start: int, end: int, slope: int) -> Iterator[int]:
    """Where the sign of what only rises (or falls) may change: the start, and each first place."""
    yield start
    if not slope or start == end:
        return
    for beyond in (0, 1):  # the first place at 0 or past it, the first place past it
        low, high = start, end
        if slope * _at(whole, high) < beyond:
            continue
        while low < high:
            middle = (low + high) // 2
            if slope * _at(whole, middle) < beyond:
                low = middle + 1
            else:
                high = middle
        yield low


def _step(whole: list[int]) -> list[int]:
    """``p(k + 1) - p(k)``; its degree is lower by one."""
    return [
        sum(whole[j] * comb(j, k) for j in range(k + 1, len(whole))) for k in range(len(whole) - 1)
    ]


def _at(whole: list[int], place: int) -> int:
    value = 0
    for coefficient in reversed(whole):
        value = value * place + coefficient
    return value


__all__ = ["Stretch", "stretches"]
