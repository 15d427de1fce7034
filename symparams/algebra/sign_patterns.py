"""Where a size of one symbol is below, at or above 0: exactly, at integers.

Of polynomials :mod:`symparams.algebra.polynomial_signs` finds them; floors are split by
residues first. No real root is ever computed.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from symparams.algebra.atoms import Number, Symbol
from symparams.algebra.calculus import univariate
from symparams.algebra.polynomial import Polynomial, Size, of_atom, substitute, terms_of
from symparams.algebra.polynomial_signs import runs, sign_of
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
    return _joined(Stretch(v, v, sign_of(_number(size, by, v))) for v in values)


def _number(size: Size, by: Symbol, value: Number) -> Number:
    found = substitute(size, {by.name: value})
    assert not isinstance(found, Polynomial), "only one symbol was left"
    return found


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
    place_of = Symbol(by.name, low=0)
    changes: dict[int, dict[int, int]] = {}  # place in the values → residue → sign from there
    for residue in range(period):
        count = None if endless else len(range(residue, len(values), period))
        start = values.start + residue * values.step
        along = substitute(size, {by.name: of_atom(place_of) * (period * values.step) + start})
        coefficients = univariate(along, place_of)
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
    if count is not None and count < 1:
        return []
    below = math.lcm(*(c.denominator for c in coefficients))
    whole = [int(c * below) for c in coefficients]
    return [(run.first, run.sign) for run in runs(whole, None if count is None else count - 1)]


__all__ = ["Stretch", "stretches"]
