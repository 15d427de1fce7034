"""Powers with symbols above, such as ``2^n``; all others are multiplied out."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from fractions import Fraction
from typing import TYPE_CHECKING

from symparams.algebra.atoms import Atom, Number, Order, interned, power_of
from symparams.algebra.polynomial import Polynomial, Size, by_choice, of_atom, terms_of
from symparams.algebra.size_functions.base import (
    DECLARED,
    AppliedFunction,
    HasEnds,
    Judge,
    Knowledge,
    Pair,
    Pairs,
    SizeFunction,
    is_integral,
    never_below_zero,
)
from symparams.algebra.size_text import exactly
from symparams.errors import NeedsValue, SymparamsError

if TYPE_CHECKING:
    from symparams.algebra.kernels.program import ProgramBuilder


class PowerFunction(SizeFunction, name="^"):
    """``base^exponent``, an operator: the atom :class:`Exponential` where symbols stand above."""

    signature, says = "b^n", "A power; its exponent is an integer."
    takes, sympy = 2, "Pow"
    growth = "faster than any power"

    def __call__(self, *sizes: Size, known: Knowledge | None = None) -> Size:
        return power(*sizes)

    def value(self, *numbers: Number) -> Number:
        return power(*numbers)  # type: ignore[return-value]  # of numbers a number

    def integral(self, sizes: Sequence[Size], whole: Judge) -> bool:
        return False  # 2^n of an n below 0 is none

    def never_negative(self, sizes: Sequence[Size], holds: Judge) -> bool:
        return holds(sizes[0])

    def ways(self, sizes: Sequence[Size]) -> Sequence[int | None]:
        # Of a base between 0 and 1, a power falls as the exponent rises.
        base = sizes[0]
        return None, None if isinstance(base, Polynomial) or base < 1 else 1

    def low(self, of: Sequence[HasEnds], integer: bool) -> Number | None:
        base, exponent = of
        if base.low is None or base.low < 0:
            return None
        with suppress(SymparamsError):  # more digits than a size may have
            if corners := self._corners(of):
                return min(corners)
        return int(base.low >= 1 and exponent.low is not None and exponent.low >= 0)

    def high(self, of: Sequence[HasEnds], integer: bool) -> Number | None:
        return max(self._corners(of), default=None)

    def _corners(self, of: Sequence[HasEnds]) -> list[Number]:
        """Return the values at the ends; none where one is not known, or the base may not be above
        0.
        """
        base, exponent = of
        if base.low is None or base.low <= 0:
            return []
        bases, exponents = (base.low, base.high), (exponent.low, exponent.high)
        if None in bases or None in exponents:
            return []
        return [power(b, e) for b in bases for e in exponents]  # type: ignore[arg-type,misc]

    def compiled(self, builder: ProgramBuilder, atom: AppliedFunction, of: Pairs) -> Pair:
        (above, below), exponent = of
        if not builder.is_constant(below, 1):
            raise SymparamsError(f"'{atom}' cannot be compiled: its base is a fraction")
        # The algebra admits integral exponents only, so that no part of it is lost.
        return builder.do("power", above, builder.do("floor", *exponent)), builder.constant(1)


class Exponential(AppliedFunction):
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
            atom.function, atom.base, atom.exponent = DECLARED["^"], base, exponent
            atom.arguments = (base if isinstance(base, int) else of_atom(base), exponent)
            atom.settle(_raised_text(str(base), exactly(exponent)), atom.arguments)
            # 2^k of an index that begins below 0 is a fraction at first.
            rises = all(never_below_zero(part) for part in exponent.atoms())
            atom.integer = rises and (isinstance(base, int) or base.integer)
            return atom

        return interned(cls, (base, exponent), build)

    def __reduce__(self) -> tuple[object, ...]:
        return (Exponential, (self.base, self.exponent))

    def written(self, order: Order) -> str:
        base = str(self.base) if isinstance(self.base, int) else self.base.written(order)
        return _raised_text(base, exactly(self.exponent, order))


def _raised_text(base: str, exponent: str) -> str:
    return f"{base}^{exponent}" if exponent.isidentifier() else f"{base}^({exponent})"


def prime_factors(base: int) -> dict[int, int]:
    """Return prime factors of a small integer; a large rest stands for itself."""
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
    """Return ``base ^ exponent``; with symbols above, an atom like ``2^n``.

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
    cases = by_choice((base, exponent), lambda case: power(*case))
    if cases is not None:
        return cases
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
