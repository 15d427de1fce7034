"""Exact bounds of a formula over boxes of values, and which way it moves with a size.

A box is a pair of ends for each name. Bounds are sound always and exact where
the formula is monotone in every size of the box: each monotone size is set to
its corner, found by an exact bound of the derivative and never assumed; the
rest is interval arithmetic on ints and Fractions.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from fractions import Fraction
from functools import cached_property
from math import prod
from typing import TypeAlias, TypeVar

from symparams.algebra.atoms import Atom, Monomial, Number, Symbol, exact, power_of
from symparams.algebra.calculus import slopes
from symparams.algebra.polynomial import (
    Polynomial,
    Size,
    collect,
    terms_of,
    with_choice,
    without_choices,
)
from symparams.algebra.size_functions.base import AppliedFunction, Interval
from symparams.algebra.size_functions.rounding import Floor

#: The least and the largest value.
Ends: TypeAlias = tuple[Number, Number]
N = TypeVar("N", int, Number)
Box: TypeAlias = Mapping[str, Ends]
#: What is chosen → its indicators, each with its value.
_Chosen: TypeAlias = dict[Hashable, dict[Atom, Number]]

#: No bound is known: a division by something that may be 0.
NOWHERE: tuple[float, float] = (-math.inf, math.inf)


class UnboundedError(Exception):
    """A box in which something is divided by a size that may be 0."""


class Bounds:
    """Bounds of one formula over boxes inside an outermost one."""

    def __init__(self, size: Size, outer: Box) -> None:
        self.size = size
        self.names = sorted(s.name for s in size.symbols()) if isinstance(size, Polynomial) else []
        #: name → the direction that holds in the outermost box, and so in all.
        self.always: dict[str, int | None] = {}
        self._plain = all(
            c > 0 and all(isinstance(a, Symbol) and e > 0 and outer[a.name][0] >= 0 for a, e in m)
            for m, c in terms_of(size).items()
        )
        for name in self.names:
            self.always[name] = 1 if self._plain else self._direction(name, outer)

    def over(self, box: Box) -> tuple[Number, Number] | tuple[float, float]:
        """Return (low, high): every value of the formula in the box lies between them."""
        try:
            if self._plain:
                return interval(self.size, box)
            low = {**box}
            high = {**box}
            fixed = False
            for name in self.names:
                ends = box[name]
                if ends[0] == ends[1]:
                    continue
                way = self.direction(name, box)
                if way is not None:
                    fixed = True
                    low[name] = (ends[way < 0],) * 2
                    high[name] = (ends[way >= 0],) * 2
            if not fixed:
                return interval(self.size, box)
            return interval(self.size, low)[0], interval(self.size, high)[1]
        except UnboundedError:
            return NOWHERE

    def direction(self, name: str, box: Box) -> int | None:
        """Return 1: the formula never falls as ``name`` rises in the box; -1: never rises; None:
        unknown.

        0 where it does not depend on it.
        """
        if name not in self.always:
            return 0
        known = self.always[name]
        return self._direction(name, box) if known is None else known

    @cached_property
    def _moving(self) -> Mapping[str, Mapping[Atom, Size]]:
        """Map each size to the slopes by the atoms that move with it."""
        found: dict[str, dict[Atom, Size]] = {name: {} for name in self.names}
        for atom, slope in slopes(self.size).items():
            for s in atom.symbols():
                found.setdefault(s.name, {})[atom] = slope
        return found

    def _direction(self, name: str, box: Box) -> int | None:
        try:
            return _way(self._moving[name], name, box)
        except UnboundedError:
            return None


def way(size: Size, name: str, box: Box) -> int | None:
    """Return which way a formula moves with a size in a box: see :meth:`Bounds.direction`.

    The formula is a polynomial in its atoms. Where its partial derivative by
    each atom that moves with ``name`` keeps its sign over the box of all
    atoms, and the atoms' own ways agree with those signs, it is monotone.

    Raises:
        UnboundedError: something in it has no bound here.
    """
    return _way(_moving(slopes(size), name), name, box)


def _moving(slopes: Mapping[Atom, Size], name: str) -> Mapping[Atom, Size]:
    """Return the slopes by the atoms that move with a size."""
    return {a: slope for a, slope in slopes.items() if any(s.name == name for s in a.symbols())}


def _way(moving: Mapping[Atom, Size], name: str, box: Box) -> int | None:
    found = 0
    for atom, slope in moving.items():
        own = _way_of_atom(atom, name, box)
        if own is None:
            return None
        low, high = interval(slope, box)
        sign = 0 if low == high == 0 else 1 if low >= 0 else -1 if high <= 0 else None
        if sign is None:
            return None
        turn = own * sign
        if turn and found and turn != found:
            return None
        found = turn or found
    return found


def _way_of_atom(atom: Atom, name: str, box: Box) -> int | None:
    if isinstance(atom, Symbol):
        return 1
    assert isinstance(atom, AppliedFunction)
    found = 0
    for argument, own in zip(atom.arguments, atom.function.ways(atom.arguments), strict=True):
        inner = way(argument, name, box)
        if inner == 0:
            continue
        if inner is None or own is None or (found and inner * own != found):
            return None
        found = inner * own
    return found


# --- interval arithmetic -------------------------------------------------------


#: The most cases of choices that are bounded one by one.
MOST_CASES = 1_000


def interval(size: Size, box: Box, cases: bool = True) -> tuple[Number, Number]:
    """Return ends that hold every value of a formula where its sizes lie in the box.

    With ``cases``, what is chosen is bounded case by case.

    Raises:
        UnboundedError: something may be divided by 0.
    """
    if not isinstance(size, Polynomial):
        return size, size
    low: Number = 0
    high: Number = 0
    made: dict[Atom, Ends] = {}
    for monomial, coefficient in size.terms.items():
        least: Number = 1
        most: Number = 1
        for atom, exponent in monomial:
            if atom not in made:
                if atom.chooses and cases:
                    return _of_choices(size, box)
                made[atom] = _of_atom(atom, box)
            a, b = made[atom]
            if exponent != 1:
                a, b = raised(a, b, exponent)
            if least >= 0 and a >= 0:  # as below, but at once: most sizes are above 0
                least, most = least * a, most * b
            else:
                least, most = multiplied((least, most), (a, b))
        if coefficient >= 0:
            low, high = low + coefficient * least, high + coefficient * most
        else:
            low, high = low + coefficient * most, high + coefficient * least
    return exact(low), exact(high)


def _of_choices(size: Polynomial, box: Box) -> tuple[Number, Number]:
    """Return the ends of a sum in which indicators stand: of its parts that share no choice."""
    low: Number = 0
    high: Number = 0
    for terms, chosen in _apart(size):
        part = collect(dict(terms))
        many = prod(len(values) + 1 for values in chosen.values())
        ends = interval(part, box, cases=False) if many > MOST_CASES else _each(part, chosen, box)
        low, high = low + ends[0], high + ends[1]
    return exact(low), exact(high)


def _each(part: Size, chosen: _Chosen, box: Box) -> tuple[Number, Number]:
    """Return the ends over the cases of one choice, and of the others in each of them."""
    if not chosen or not isinstance(part, Polynomial):
        return interval(part, box, cases=False)
    subject, values = max(chosen.items(), key=lambda item: (len(item[1]), str(item[0])))
    ends = interval(subject, box) if isinstance(subject, Polynomial) else box[str(subject)]
    found = []
    others = {one: few for one, few in chosen.items() if one is not subject}
    for atom, value in values.items():
        if ends[0] <= value <= ends[1]:
            here = {**box, str(subject): (value, value)} if isinstance(subject, Symbol) else box
            found.append(_each(with_choice(part, atom, values), others, here))
    if ends[0] != ends[1] or ends[0] not in values.values():
        found.append(_each(without_choices(part, values), others, box))
    return min(low for low, _ in found), max(high for _, high in found)


def _apart(size: Polynomial) -> list[tuple[list[tuple[Monomial, Number]], _Chosen]]:
    """Return the terms in groups that share no choice, each with the values of its choices."""
    groups: list[tuple[list[tuple[Monomial, Number]], _Chosen]] = []
    for monomial, coefficient in size.terms.items():
        own: _Chosen = {}
        for atom, _ in monomial:
            if atom.chooses:
                subject, value = atom.choice()
                own[subject] = {atom: value}
        joined: list[tuple[Monomial, Number]] = [(monomial, coefficient)]
        others = []
        for group in groups:
            if own.keys().isdisjoint(group[1]) and not (not own and not group[1]):
                others.append(group)
                continue
            joined = group[0] + joined
            for subject, values in group[1].items():
                own[subject] = {**values, **own.get(subject, {})}
        groups = [*others, (joined, own)]
    return groups


def multiplied(one: tuple[N, N], other: tuple[N, N]) -> tuple[N, N]:
    """Return the ends of a product."""
    (a, b), (c, d) = one, other
    if a >= 0 and c >= 0:
        return a * c, b * d
    corners = (a * c, a * d, b * c, b * d)
    return min(corners), max(corners)


def raised(low: Number, high: Number, exponent: int) -> Ends:
    """Return the ends of a power.

    Raises:
        UnboundedError: it may divide by 0.
    """
    if exponent < 0:
        if low <= 0 <= high:
            raise UnboundedError
        low, high = exact(1 / Fraction(high)), exact(1 / Fraction(low))
        exponent = -exponent
    ends = (power_of(low, exponent), power_of(high, exponent))
    if low < 0 < high and exponent % 2 == 0:
        return 0, max(ends)
    return min(ends), max(ends)


def _of_atom(atom: Atom, box: Box) -> Ends:
    if isinstance(atom, Symbol):
        return box[atom.name]
    if isinstance(atom, Floor):  # as below, but at once: most functions are floors
        low, high = interval(atom.argument, box)
        return math.floor(low), math.floor(high)
    assert isinstance(atom, AppliedFunction)
    ends = [Interval(*interval(argument, box)) for argument in atom.arguments]
    least, most = atom.function.low(ends, atom.integer), atom.function.high(ends, atom.integer)
    if least is None or most is None:
        raise UnboundedError
    return least, most
