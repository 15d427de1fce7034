"""Indicators: ``[op = 3]`` is 1 where a size has that value, and 0 elsewhere (Iverson 1962)."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from fractions import Fraction
from math import gcd, lcm
from typing import TYPE_CHECKING

from symparams.algebra.atoms import Number, Order, Symbol, exact, interned
from symparams.algebra.polynomial import Polynomial, Size, of_atom, substitute
from symparams.algebra.size_functions.base import (
    DECLARED,
    AppliedFunction,
    HasEnds,
    Judge,
    Knowledge,
    Pair,
    Pairs,
    SizeFunction,
)
from symparams.algebra.size_text import begins_negative, exactly

if TYPE_CHECKING:
    from symparams.algebra.kernels.program import ProgramBuilder


class Equality(SizeFunction, name="=="):
    """``[x = v]``, which is written in brackets: the atom :class:`Indicator` of what is no number.

    Products of indicators are worked out by :mod:`symparams.algebra.multilinear`.
    """

    signature, says = "[x = v]", "1 where x is v, else 0."
    takes, sympy = 2, "KroneckerDelta"
    growth = "by jumps between 0 and 1"

    def value(self, *numbers: Number) -> Number:
        return int(numbers[0] == numbers[1])

    def formula(self, sizes: tuple[Size, ...], known: Knowledge | None) -> Size:
        del known  # what a domain says of it, :func:`symparams.algebra.choices.chosen` uses
        left, right = sizes
        if not isinstance(left, Polynomial):
            left, right = right, left
        if isinstance(left, Polynomial) and not isinstance(right, Polynomial) and _is_symbol(left):
            return _of_symbol(left, right)
        difference = left - right
        if not isinstance(difference, Polynomial):
            return int(difference == 0)
        terms = dict(difference.terms)
        value = -terms.pop((), 0)
        below = lcm(*(c.denominator for c in terms.values()))
        content = Fraction(gcd(*(int(c * below) for c in terms.values())), below)
        subject = Polynomial(terms)
        if begins_negative(subject):
            content = -content
        scaled = subject * exact(1 / content)
        assert isinstance(scaled, Polynomial)
        value = exact(Fraction(value) / content)
        return _of_symbol(scaled, value) if _is_symbol(scaled) else _of(scaled, value)

    def integral(self, sizes: Sequence[Size], whole: Judge) -> bool:
        return True

    def never_negative(self, sizes: Sequence[Size], holds: Judge) -> bool:
        return True

    def low(self, of: Sequence[HasEnds], integer: bool) -> Number | None:
        ends = [e for one in of for e in (one.low, one.high)]
        return int(None not in ends and len(set(ends)) == 1)

    def high(self, of: Sequence[HasEnds], integer: bool) -> Number | None:
        one, other = of
        apart = (one.high is not None and other.low is not None and one.high < other.low) or (
            one.low is not None and other.high is not None and one.low > other.high
        )
        return int(not apart)

    def compiled(self, builder: ProgramBuilder, atom: AppliedFunction, of: Pairs) -> Pair:
        (above, below), (value, under) = of
        left = builder.do("multiply", above, under)
        right = builder.do("multiply", value, below)
        return builder.do("equal", left, right), builder.constant(1)


class Indicator(AppliedFunction):
    """``[subject = value]``; the subject is a symbol, or a sum without a constant."""

    __slots__ = ("subject", "value")

    chooses = True
    subject: Polynomial
    value: Number

    def __new__(cls, subject: Polynomial, value: Number) -> Indicator:
        def build() -> Indicator:
            atom = object.__new__(cls)
            atom.function, atom.subject, atom.value = DECLARED["=="], subject, value
            atom.arguments = (subject, value)
            atom.settle(f"[{exactly(subject)} = {value}]", atom.arguments)
            atom.integer = True
            return atom

        return interned(cls, (subject, value, str(value)), build)

    def __reduce__(self) -> tuple[object, ...]:
        return (Indicator, (self.subject, self.value))

    def choice(self) -> tuple[Hashable, Number]:
        if _is_symbol(self.subject):
            return next(iter(self.subject.symbols())), self.value
        return self.subject, self.value

    def at(self, values: Mapping[str, Size]) -> Size:
        return self.function(substitute(self.subject, values), self.value)

    def written(self, order: Order) -> str:
        return f"[{exactly(self.subject, order)} = {self.value}]"


def _is_symbol(size: Size) -> bool:
    """Tell whether a size is one symbol."""
    if not isinstance(size, Polynomial) or len(size.terms) != 1:
        return False
    ((monomial, coefficient),) = size.terms.items()
    return (
        coefficient == 1
        and len(monomial) == 1
        and isinstance(monomial[0][0], Symbol)
        and monomial[0][1] == 1
    )


def _of_symbol(size: Polynomial, value: Number) -> Size:
    """Return the indicator of a symbol; 0 where the symbol itself says that it is never that."""
    (symbol,) = size.symbols()
    below = symbol.low is not None and value < symbol.low
    if symbol.integer and (below or value.denominator != 1):
        return 0
    return 0 if not symbol.integer and value <= 0 else _of(size, value)


def _of(size: Polynomial, value: Number) -> Polynomial:
    return of_atom(Indicator(size, value))


equal = DECLARED["=="]

__all__ = ["Equality", "Indicator", "equal"]
