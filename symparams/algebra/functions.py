"""Integer functions of sizes: floors, extremes, powers, and what is made of them.

On numbers they compute. On polynomials they build an opaque :class:`Atom`
after their own few sound rewrite rules, so that equal formulas meet as equal
data as often as possible: whole parts leave a floor, nested strides combine,
``ceil`` is a floor. :mod:`symparams.algebra.compare` decides the rest.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Protocol

from symparams.algebra.polynomial import (
    Atom,
    Monomial,
    Number,
    Polynomial,
    Size,
    Symbol,
    add_up,
    collect,
    divide,
    exact,
    interned,
    of_atom,
    power_of,
    substitute,
    terms_of,
)
from symparams.algebra.text import quotient_text
from symparams.errors import NeedsValue, SymparamsError


class Knowledge(Protocol):
    """What a floor asks about its argument; see :class:`symparams.algebra.facts.Facts`."""

    def whole(self, monomial: Monomial, coefficient: Number) -> bool:
        """Whether ``coefficient * monomial`` is an integer for all allowed sizes."""


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


class Floor(Atom):
    """The largest integer not above ``argument``."""

    __slots__ = ("argument",)

    argument: Polynomial

    def __new__(cls, argument: Polynomial) -> Floor:
        def build() -> Floor:
            atom = object.__new__(cls)
            atom.argument, atom.integer = argument, True
            atom.key = f"floor({quotient_text(argument)})"
            return atom

        return interned(cls, argument, build)

    def __reduce__(self) -> tuple[object, ...]:
        return (Floor, (self.argument,))

    def at(self, values: Mapping[str, Size]) -> Size:
        return floor(substitute(self.argument, values))

    def symbols(self) -> frozenset[Symbol]:
        return self.argument.symbols()


class Exponential(Atom):
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
            shown = str(exponent)
            atom.key = f"{base}^{shown}" if shown.isidentifier() else f"{base}^({shown})"
            atom.integer = isinstance(base, int) or base.integer
            return atom

        return interned(cls, (base, exponent), build)

    def __reduce__(self) -> tuple[object, ...]:
        return (Exponential, (self.base, self.exponent))

    def at(self, values: Mapping[str, Size]) -> Size:
        base = self.base if isinstance(self.base, int) else self.base.at(values)
        return power(base, substitute(self.exponent, values))

    def symbols(self) -> frozenset[Symbol]:
        own = frozenset[Symbol]() if isinstance(self.base, int) else self.base.symbols()
        return own | self.exponent.symbols()


class Applied(Atom):
    """A named function of sizes that stays closed until its arguments are numbers."""

    __slots__ = ("arguments", "name")

    name: str
    arguments: tuple[Size, ...]

    def __new__(cls, name: str, arguments: tuple[Size, ...]) -> Applied:
        def build() -> Applied:
            atom = object.__new__(cls)
            atom.name, atom.arguments = name, arguments
            atom.key = f"{name}({', '.join(map(str, arguments))})"
            decisive = arguments[1:] if name == "make_divisible" else arguments
            atom.integer = all(is_integral(a) for a in decisive)
            return atom

        return interned(cls, (name, arguments), build)

    def __reduce__(self) -> tuple[object, ...]:
        return (Applied, (self.name, self.arguments))

    def at(self, values: Mapping[str, Size]) -> Size:
        return FUNCTIONS[self.name](*(substitute(a, values) for a in self.arguments))

    def symbols(self) -> frozenset[Symbol]:
        return frozenset(
            s for a in self.arguments if isinstance(a, Polynomial) for s in a.symbols()
        )


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
            if part:
                whole[monomial] = part
            fraction = coefficient - part
            if fraction and known is not None and known.whole(monomial, fraction):
                whole[monomial] = exact(part + fraction)
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


def round_half_up(size: Size) -> Size:
    """The nearest integer; a half goes up."""
    return floor(size + Fraction(1, 2))


def floor_divide(left: Size, right: Size) -> Size:
    """``left // right``."""
    return floor(divide(left, right))


def modulo(left: Size, right: Size) -> Size:
    """``left % right``: what ``//`` leaves."""
    return left - right * floor_divide(left, right)


# --- extremes --------------------------------------------------------------


def _extreme(name: str, pick: Callable[[Number, Number], Number], args: tuple[Size, ...]) -> Size:
    from symparams.algebra.facts import PLAIN

    number: Number | None = None
    sizes: list[Size] = []
    for arg in args:
        inner: tuple[Size, ...] = (arg,)
        if isinstance(arg, Polynomial) and len(arg.terms) == 1:
            ((monomial, coefficient),) = arg.terms.items()
            if coefficient == 1 and len(monomial) == 1 and monomial[0][1] == 1:
                atom = monomial[0][0]
                if isinstance(atom, Applied) and atom.name == name:
                    inner = atom.arguments
        for size in inner:
            if not isinstance(size, Polynomial):
                number = size if number is None else pick(number, size)
            elif size not in sizes:
                sizes.append(size)
    if number is not None:
        sizes.append(number)
    sign = 1 if name == "max" else -1
    kept = list(sizes)
    for size in sizes:
        others = (other for other in kept if other is not size)
        if any(PLAIN.nonnegative((other - size) * sign) is True for other in others):
            kept.remove(size)
    if len(kept) == 1:
        return kept[0]
    return of_atom(Applied(name, tuple(sorted(kept, key=str))))


def minimum(*args: Size) -> Size:
    """The smallest of sizes."""
    return _extreme("min", min, args)


def maximum(*args: Size) -> Size:
    """The largest of sizes."""
    return _extreme("max", max, args)


def round_up(size: Size, step: Size) -> Size:
    """The next multiple of ``step``."""
    return ceil(divide(size, step)) * step


def make_divisible(size: Size, divisor: Size) -> Size:
    """``size`` rounded to a multiple of ``divisor``, never below 90 % of it.

    The rule of MobileNet's reference code (Howard et al. 2017,
    arXiv:1704.04861; torchvision ``_make_divisible``).
    """
    if isinstance(size, Polynomial) or isinstance(divisor, Polynomial):
        return of_atom(Applied("make_divisible", (size, divisor)))
    if divisor <= 0:
        raise SymparamsError("make_divisible needs a positive divisor")
    rounded = max(divisor, exact(math.floor((size + Fraction(divisor) / 2) / divisor) * divisor))
    return rounded + divisor if 10 * rounded < 9 * size else rounded


# --- powers ----------------------------------------------------------------


def _factors(base: int) -> dict[int, int]:
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
            for prime, multiplicity in _factors(part).items():
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


#: The functions on sizes that the language knows, by name.
FUNCTIONS: dict[str, Callable[..., Size]] = {
    "ceil": ceil,
    "floor": floor,
    "round": round_half_up,
    "min": minimum,
    "max": maximum,
    "round_up": round_up,
    "make_divisible": make_divisible,
}


def rebuild(size: Size, known: Knowledge) -> Size:
    """``size`` with every floor taken again, now with what is known."""
    if not isinstance(size, Polynomial):
        return size
    if all(isinstance(atom, Symbol) for atom in size.atoms()):
        return size
    parts: list[Size] = []
    for monomial, coefficient in size.terms.items():
        term: Size = coefficient
        for atom, exponent in monomial:
            value: Size = of_atom(atom)
            if isinstance(atom, Floor):
                value = floor(rebuild(atom.argument, known), known)
            elif isinstance(atom, Applied):
                value = FUNCTIONS[atom.name](*(rebuild(a, known) for a in atom.arguments))
            elif isinstance(atom, Exponential):
                base = atom.base
                value = power(
                    base if isinstance(base, int) else rebuild(of_atom(base), known),
                    rebuild(atom.exponent, known),
                )
            term = term * (
                value**exponent if isinstance(value, Polynomial) else power_of(value, exponent)
            )
        parts.append(term)
    return add_up(parts)
