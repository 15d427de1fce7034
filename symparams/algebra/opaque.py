"""What a polynomial does not look into: floors, powers with symbols above, closed functions.

Each is an :class:`~symparams.algebra.atoms.Atom`, built after its own few
sound rewrite rules, so that equal formulas meet as equal data as often as
possible: whole parts leave a floor, nested strides combine, ``ceil`` is a
floor. :mod:`symparams.algebra.proof` decides the rest.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Protocol

from symparams.algebra.atoms import Atom, Monomial, Number, Symbol, exact, interned
from symparams.algebra.polynomial import (
    Opaque,
    Polynomial,
    Size,
    add_up,
    collect,
    of_atom,
    power_of,
    substitute,
    terms_of,
)
from symparams.algebra.size_text import exactly, quotient_text
from symparams.errors import NeedsValue, SymparamsError


class Knowledge(Protocol):
    """What a floor asks about its argument; see :class:`symparams.algebra.facts.Facts`."""

    def whole(self, monomial: Monomial, coefficient: Number) -> bool:
        """Whether ``coefficient * monomial`` is an integer for all allowed sizes."""

    def residue(self, of: Symbol) -> tuple[int, int]:
        """(modulus, residue) of a symbol; (1, 0) where nothing is known."""

    def at_least(self, size: Size) -> Number | None:
        """A lower bound of a size; None where none was found."""


def _plain(monomial: Monomial) -> bool:
    return all(atom.integer and exponent > 0 for atom, exponent in monomial)


def is_integral(size: Size, known: Knowledge | None = None) -> bool:
    """Whether every term is an integer for all allowed sizes (False: not shown)."""
    if not isinstance(size, Polynomial):
        return size.denominator == 1
    return all(
        (isinstance(c, int) and _plain(m)) or (known is not None and known.whole(m, c))
        for m, c in size.terms.items()
    )


class Floor(Opaque):
    """The largest integer not above ``argument``."""

    __slots__ = ("argument",)

    argument: Polynomial

    def __new__(cls, argument: Polynomial) -> Floor:
        def build() -> Floor:
            atom = object.__new__(cls)
            atom.argument, atom.integer = argument, True
            atom.settle(f"floor({quotient_text(argument)})", (argument,))
            return atom

        return interned(cls, argument, build)

    def __reduce__(self) -> tuple[object, ...]:
        return (Floor, (self.argument,))

    def at(self, values: Mapping[str, Size]) -> Size:
        return floor(substitute(self.argument, values))


class Exponential(Opaque):
    """``base ^ exponent`` with symbols in the exponent.

    ``base`` is an integer above 1 or an atom; ``exponent`` a polynomial
    without constant term whose terms each have coefficient 1 (``2^(2*n)`` is
    the square of ``2^n``).
    """

    __slots__ = ("base", "exponent")

    base: int | Atom
    exponent: Polynomial

    def __new__(cls, base: int | Atom, exponent: Polynomial) -> Exponential:
        def build() -> Exponential:
            atom = object.__new__(cls)
            atom.base, atom.exponent = base, exponent
            shown = exactly(exponent)
            key = f"{base}^{shown}" if shown.isidentifier() else f"{base}^({shown})"
            atom.settle(key, (exponent,) if isinstance(base, int) else (of_atom(base), exponent))
            # 2^k of an index that begins below 0 is a fraction at first.
            rises = all(_never_below_zero(part) for part in exponent.atoms())
            atom.integer = rises and (isinstance(base, int) or base.integer)
            return atom

        return interned(cls, (base, exponent), build)

    def __reduce__(self) -> tuple[object, ...]:
        return (Exponential, (self.base, self.exponent))

    def at(self, values: Mapping[str, Size]) -> Size:
        base = self.base if isinstance(self.base, int) else substitute(of_atom(self.base), values)
        return power(base, substitute(self.exponent, values))


class AppliedFunction(Opaque):
    """A named function of sizes that stays closed until its arguments are numbers."""

    __slots__ = ("arguments", "function", "name")

    name: str
    function: Callable[..., Size]
    arguments: tuple[Size, ...]

    def __new__(
        cls, name: str, function: Callable[..., Size], arguments: tuple[Size, ...]
    ) -> AppliedFunction:
        def build() -> AppliedFunction:
            atom = object.__new__(cls)
            atom.name, atom.function, atom.arguments = name, function, arguments
            atom.settle(f"{name}({', '.join(map(exactly, arguments))})", arguments)
            decisive = arguments[1:] if name == "make_divisible" else arguments
            atom.integer = all(is_integral(a) for a in decisive)
            return atom

        return interned(cls, (name, arguments), build)

    def __reduce__(self) -> tuple[object, ...]:
        return (AppliedFunction, (self.name, self.function, self.arguments))

    def at(self, values: Mapping[str, Size]) -> Size:
        return self.function(*(substitute(a, values) for a in self.arguments))


def _never_below_zero(atom: Atom) -> bool:
    """Whether an atom is at least 0 by what its symbols say of themselves (False: not shown)."""

    def holds(size: Size) -> bool:
        if not isinstance(size, Polynomial):
            return size >= 0
        return all(c > 0 and all(map(_never_below_zero, dict(m))) for m, c in size.terms.items())

    if isinstance(atom, Symbol):
        return not atom.integer or (atom.low is not None and atom.low >= 0)
    if isinstance(atom, Floor):
        return holds(atom.argument)
    if isinstance(atom, Exponential):
        return isinstance(atom.base, int) or _never_below_zero(atom.base)
    assert isinstance(atom, AppliedFunction)
    if atom.name == "make_divisible":  # never below its divisor, which is positive
        return True
    return (any if atom.name == "max" else all)(map(holds, atom.arguments))


# --- floors ----------------------------------------------------------------


def floor(size: Size, known: Knowledge | None = None) -> Size:
    """The floor of a size, in canonical form.

    Whole parts leave the floor (``floor((5*H + 7)/2)`` is
    ``2*H + 3 + floor((H + 1)/2)``), a floor inside with coefficient 1/e
    combines (``floor((floor(H/2) + 1)/2)`` is ``floor((H + 2)/4)``), and a
    constant is rounded to the grid of the rest.
    """
    if not isinstance(size, Polynomial):
        return math.floor(size)
    whole: dict[Monomial, Number] = {}
    rest: dict[Monomial, Number] = {}
    for monomial, coefficient in size.terms.items():
        if _plain(monomial):
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
    """What a share of a symbol is more than an integer, where its residue says so."""
    if known is None or len(monomial) != 1 or monomial[0][1] != 1:
        return None
    atom = monomial[0][0]
    if not isinstance(atom, Symbol):
        return None
    modulus, residue = known.residue(atom)
    return share * residue if exact(Fraction(share) * modulus).denominator == 1 else None


def _combine(inside: Polynomial) -> Size | None:
    """``(floor(x) + m)/e`` with integers m and e > 0 has the floor of ``(x + m)/e``."""
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
    """The constant lowered to a multiple of 1/L where all else lies on that grid."""
    constant = inside.terms.get((), 0)
    if not constant:
        return inside
    moving = {m: c for m, c in inside.terms.items() if m}
    if not all(_plain(m) for m in moving):
        return inside
    grid = math.lcm(*(c.denominator for c in moving.values()))
    lowered = exact(Fraction(math.floor(constant * grid), grid))
    if lowered:
        moving[()] = lowered
    return collect(moving)


def ceil(size: Size, known: Knowledge | None = None) -> Size:
    """The smallest integer not below a size; stored as a floor."""
    if not isinstance(size, Polynomial):
        return math.ceil(size)
    if all(_plain(m) for m in size.terms if m):
        grid = math.lcm(*(c.denominator for c in size.terms.values()))
        return floor(size + exact(Fraction(grid - 1, grid)), known)
    return -floor(-size, known)


# --- powers ----------------------------------------------------------------


def prime_factors(base: int) -> dict[int, int]:
    """Prime factors of a small integer; a large rest stands for itself."""
    found: dict[int, int] = {}
    prime = 2
    while prime * prime <= base and prime < 10_000:
        while base % prime == 0:
            found[prime] = found.get(prime, 0) + 1
            base //= prime
        prime += 1
    if base > 1:
        found[base] = found.get(base, 0) + 1
    return found


def power(base: Size, exponent: Size) -> Size:
    """``base ^ exponent``; with symbols above, an atom like ``2^n``.

    Raises:
        SymparamsError: an exponent that is not an integer, or too large.
        NeedsValue: a sum under a symbolic exponent.
    """
    if isinstance(exponent, int):
        return base**exponent if isinstance(base, Polynomial) else power_of(base, exponent)
    if isinstance(exponent, Fraction):
        raise SymparamsError(f"an exponent must be an integer, not {exponent}")
    if not is_integral(exponent):
        raise NeedsValue(
            f"the exponent '{exponent}' is not known to be an integer",
            sorted(s.name for s in exponent.symbols()),
        )
    if not isinstance(base, Polynomial):
        if base == 1:
            return base
        if base <= 0:
            raise NeedsValue(
                f"{base} under the exponent '{exponent}'",
                sorted(s.name for s in exponent.symbols()),
            )
        result: Size = 1
        for part, sign in ((base.numerator, 1), (base.denominator, -1)):
            for prime, multiplicity in prime_factors(part).items():
                result = result * _raise_atom(prime, exponent * (sign * multiplicity))
        return result
    if len(base.terms) > 1:
        raise NeedsValue(
            f"the sum '{base}' under the exponent '{exponent}'",
            sorted(s.name for s in exponent.symbols()),
        )
    ((monomial, coefficient),) = base.terms.items()
    result = power(coefficient, exponent)
    for atom, multiplicity in monomial:
        result = result * _raise_atom(atom, exponent * multiplicity)
    return result


def _raise_atom(base: int | Atom, exponent: Size) -> Size:
    if isinstance(base, Exponential):
        return _raise_atom(base.base, base.exponent * exponent)
    result: Size = 1
    for monomial, coefficient in terms_of(exponent).items():
        if not isinstance(coefficient, int):  # pragma: no cover - integrality was shown
            raise SymparamsError(f"an exponent must be an integer, not {coefficient}")
        if monomial:
            atom = Exponential(base, Polynomial({monomial: 1}))
            result = result * of_atom(atom) ** coefficient
        else:
            result = result * (
                power_of(base, coefficient)
                if isinstance(base, int)
                else of_atom(base) ** coefficient
            )
    return result


# --- with what is known -----------------------------------------------------


def rebuild(size: Size, known: Knowledge, done: dict[Atom, Size] | None = None) -> Size:
    """``size`` with every floor taken again, now with what is known.

    ``done`` has what became of atoms so far.
    """
    done = {} if done is None else done
    if not isinstance(size, Polynomial):
        return size
    if all(isinstance(atom, Symbol) for atom in size.atoms()):
        return size
    parts: list[Size] = []
    for monomial, coefficient in size.terms.items():
        term: Size = coefficient
        for atom, exponent in monomial:
            if atom not in done:
                done[atom] = _rebuilt(atom, known, done)
            value = done[atom]
            term = term * (
                value**exponent if isinstance(value, Polynomial) else power_of(value, exponent)
            )
        parts.append(term)
    return add_up(parts)


def _rebuilt(atom: Atom, known: Knowledge, done: dict[Atom, Size]) -> Size:
    if isinstance(atom, Floor):
        return floor(rebuild(atom.argument, known, done), known)
    if isinstance(atom, AppliedFunction):
        return atom.function(*(rebuild(a, known, done) for a in atom.arguments), known=known)
    if isinstance(atom, Exponential):
        base = atom.base
        return power(
            base if isinstance(base, int) else rebuild(of_atom(base), known, done),
            rebuild(atom.exponent, known, done),
        )
    return of_atom(atom)
