"""Floors, and the roundings that are made of them.

A floor is built after its own few sound rewrite rules, so that equal formulas
meet as equal data as often as possible: whole parts leave a floor, nested
strides combine, ``ceil`` is a floor. :mod:`symparams.algebra.proof` decides
the rest.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from symparams.algebra.atoms import Monomial, Number, Order, Symbol, exact, interned
from symparams.algebra.polynomial import (
    Polynomial,
    Size,
    by_choice,
    collect,
    divide,
    of_atom,
    substitute,
)
from symparams.algebra.size_functions.base import (
    DECLARED,
    AppliedFunction,
    Judge,
    Knowledge,
    Pair,
    Pairs,
    SizeFunction,
    is_integral,
    plain,
)
from symparams.algebra.size_text import quotient_text

if TYPE_CHECKING:
    from symparams.algebra.kernels.program import ProgramBuilder


class Rounding(SizeFunction):
    """A function of one size to an integer that is off by no more than 1, and never falls."""

    takes, way = 1, 1

    def integral(self, sizes: Sequence[Size], whole: Judge) -> bool:
        return True

    def never_negative(self, sizes: Sequence[Size], holds: Judge) -> bool:
        return holds(sizes[0])

    def near(self, sizes: Sequence[Size], moves: Judge, rises: Judge) -> Size | None:
        return sizes[0]


class RoundedDown(Rounding, name="floor"):
    """``floor(x)``: the atom :class:`Floor`."""

    signature, says = "floor(x)", "The largest integer not above x."
    sympy = "floor"

    def value(self, *numbers: Number) -> Number:
        return math.floor(numbers[0])

    def formula(self, sizes: tuple[Size, ...], known: Knowledge | None) -> Size:
        return floor(sizes[0], known)

    def compiled(self, builder: ProgramBuilder, atom: AppliedFunction, of: Pairs) -> Pair:
        return builder.do("floor", *of[0]), builder.constant(1)


class RoundedUp(Rounding, name="ceil"):
    """``ceil(x)``: a floor."""

    signature, says = "ceil(x)", "The smallest integer not below x."
    sympy = "ceiling"

    def value(self, *numbers: Number) -> Number:
        return math.ceil(numbers[0])

    def formula(self, sizes: tuple[Size, ...], known: Knowledge | None) -> Size:
        return ceil(sizes[0], known)


class RoundedToNearest(Rounding, name="round"):
    """``round(x)``: a floor."""

    signature, says = "round(x)", "The nearest integer; a half goes up."

    def value(self, *numbers: Number) -> Number:
        return math.floor(numbers[0] + Fraction(1, 2))

    def formula(self, sizes: tuple[Size, ...], known: Knowledge | None) -> Size:
        return floor(sizes[0] + Fraction(1, 2), known)


class RoundedToMultiple(SizeFunction, name="round_up"):
    """``round_up(x, m)``: m times a floor."""

    signature, says = "round_up(x, m)", "The next multiple of m."
    takes = 2

    def value(self, *numbers: Number) -> Number:
        return self.formula(numbers, None)  # type: ignore[return-value]  # of numbers a number

    def formula(self, sizes: tuple[Size, ...], known: Knowledge | None) -> Size:
        size, step = sizes
        return ceil(divide(size, step), known) * step


round_up = DECLARED["round_up"]


class Floor(AppliedFunction):
    """The largest integer not above ``argument``."""

    __slots__ = ("argument",)

    argument: Polynomial

    def __new__(cls, argument: Polynomial) -> Floor:
        def build() -> Floor:
            atom = object.__new__(cls)
            atom.function, atom.arguments = DECLARED["floor"], (argument,)
            atom.argument, atom.integer = argument, True
            atom.settle(f"floor({quotient_text(argument)})", (argument,))
            return atom

        return interned(cls, argument, build)

    def __reduce__(self) -> tuple[object, ...]:
        return (Floor, (self.argument,))

    def at(self, values: Mapping[str, Size]) -> Size:
        return floor(substitute(self.argument, values))  # at once: most functions are floors

    def written(self, order: Order) -> str:
        return f"floor({quotient_text(self.argument, order)})"


def floor(size: Size, known: Knowledge | None = None) -> Size:
    """Return the floor of a size, in canonical form.

    Whole parts leave the floor (``floor((5*H + 7)/2)`` is
    ``2*H + 3 + floor((H + 1)/2)``), a floor inside with coefficient 1/e
    combines (``floor((floor(H/2) + 1)/2)`` is ``floor((H + 2)/4)``), and a
    constant is rounded to the grid of the rest.
    """
    if not isinstance(size, Polynomial):
        return math.floor(size)
    cases = by_choice((size,), lambda case: floor(case[0], known))
    if cases is not None:
        return cases
    whole: dict[Monomial, Number] = {}
    rest: dict[Monomial, Number] = {}
    for monomial, coefficient in size.terms.items():
        if plain(monomial):
            part = math.floor(coefficient)
            fraction = coefficient - part
            if not monomial:  # what symbols leave may stand there already
                whole[()] = whole.get((), 0) + part
                rest[()] = rest.get((), 0) + fraction
                continue
            if part:
                whole[monomial] = part
            if fraction and known is not None and known.whole(monomial, fraction):
                whole[monomial] = exact(part + fraction)
            elif fraction and (left := _left(monomial, fraction, known)) is not None:
                # n = 16*q + 12 makes n/16 - 12/16 whole.
                whole[monomial] = exact(part + fraction)
                whole[()] = whole.get((), 0) - left
                rest[()] = rest.get((), 0) + left
            elif fraction:
                rest[monomial] = fraction
        elif known is not None and known.whole(monomial, coefficient):
            whole[monomial] = coefficient
        else:
            rest[monomial] = coefficient
    outside = collect(whole)
    inside = collect(rest)
    if not isinstance(inside, Polynomial):
        return outside + math.floor(inside)
    combined = _combine(inside)
    if combined is not None:
        return outside + floor(combined, known)
    inside = _on_grid(inside)
    if not isinstance(inside, Polynomial):  # pragma: no cover - a grid keeps the atoms
        return outside + math.floor(inside)
    return outside + of_atom(Floor(inside))


def _left(monomial: Monomial, share: Number, known: Knowledge | None) -> Number | None:
    """Return what a share of a symbol is more than an integer, where its residue says so."""
    if known is None or len(monomial) != 1 or monomial[0][1] != 1:
        return None
    atom = monomial[0][0]
    if not isinstance(atom, Symbol):
        return None
    modulus, residue = known.residue(atom)
    return share * residue if exact(Fraction(share) * modulus).denominator == 1 else None


def _combine(inside: Polynomial) -> Size | None:
    """Return ``(floor(x) + m)/e`` with integers m and e > 0 has the floor of ``(x + m)/e``."""
    for monomial in sorted(inside.terms, key=lambda m: tuple(a.key for a, _ in m)):
        if len(monomial) != 1 or monomial[0][1] != 1 or not isinstance(monomial[0][0], Floor):
            continue
        share = Fraction(inside.terms[monomial])
        if share.numerator != 1:
            continue
        others = collect({m: c for m, c in inside.terms.items() if m != monomial})
        if is_integral(others * share.denominator):
            return others + monomial[0][0].argument * exact(share)
    return None


def _on_grid(inside: Polynomial) -> Size:
    """Return the constant lowered to a multiple of 1/L where all else lies on that grid."""
    constant = inside.terms.get((), 0)
    if not constant:
        return inside
    moving = {m: c for m, c in inside.terms.items() if m}
    if not all(plain(m) for m in moving):
        return inside
    grid = math.lcm(*(c.denominator for c in moving.values()))
    lowered = exact(Fraction(math.floor(constant * grid), grid))
    if lowered:
        moving[()] = lowered
    return collect(moving)


def ceil(size: Size, known: Knowledge | None = None) -> Size:
    """Return the smallest integer not below a size; stored as a floor."""
    if not isinstance(size, Polynomial):
        return math.ceil(size)
    if all(plain(m) for m in size.terms if m):
        grid = math.lcm(*(c.denominator for c in size.terms.values()))
        return floor(size + exact(Fraction(grid - 1, grid)), known)
    return -floor(-size, known)
