"""What a cell holds: sizes, forms and shapes, and words with formulas in them.

Never printed formulas, so that every format writes them in its own notation.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from symparams.algebra import (
    Condition,
    Form,
    Number,
    Order,
    Polynomial,
    Size,
    Symbol,
    divide,
    short,
)
from symparams.network import Bundled, Signal


@dataclass(frozen=True, slots=True)
class Over(Form):
    """A quotient that is not worked out: ``32/4``; nothing but a cell or an equation holds it."""

    above: Form
    below: Form

    def arranged(self, order: Order) -> Over:
        return Over(self.above.arranged(order), self.below.arranged(order))


@dataclass(frozen=True, slots=True)
class Root(Form):
    """The root of a form, ``sqrt(h^2 + 1)``. Only an :class:`Equation` holds it."""

    degree: int
    inner: Form

    def arranged(self, order: Order) -> Root:
        return Root(self.degree, self.inner.arranged(order))


@dataclass(frozen=True, slots=True)
class PlusMinus(Form):
    """Both roots at once: ``plain ± times*sqrt(under)``; above an :class:`Over`, or alone."""

    plain: Form
    times: Form
    under: Form

    def arranged(self, order: Order) -> PlusMinus:
        plain, times, under = (f.arranged(order) for f in (self.plain, self.times, self.under))
        return PlusMinus(plain, times, under)


@dataclass(frozen=True, slots=True)
class SumOver(Form):
    """A sum that is not worked out: ``sum(k·h for k in 1..n)``; only an equation holds it."""

    inner: Form
    index: Symbol
    first: Size
    last: Size

    def arranged(self, order: Order) -> SumOver:
        return SumOver(self.inner.arranged(order), self.index, self.first, self.last)


@dataclass(frozen=True, slots=True)
class Equation:
    """Forms that are equal, written as by hand: ``3·3·32·64 + 64 = 18,496``."""

    sides: tuple[Form, ...]


@dataclass(frozen=True, slots=True)
class Copies:
    """How often something stands there: ``× 3``."""

    times: Size | Form


@dataclass(frozen=True, slots=True)
class Relation:
    """Two sizes compared; ``sign`` is ``= == != < <= > >=`` or ``divides``."""

    left: Size | Form
    sign: str
    right: Size | Form


@dataclass(frozen=True, slots=True)
class Stated:
    """A statement as the text has it, and as mathematics, which LaTeX writes instead."""

    words: str
    maths: Cell


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words and formulas in a row."""

    pieces: tuple[Cell, ...]


Cell: TypeAlias = (
    "int | Fraction | Polynomial | Form | Signal | Bundled | Equation | Copies | Relation"
    " | Condition | Stated | Phrase | str | None"
)


def phrase(*pieces: Cell) -> Phrase:
    """Return words and formulas, one behind the other."""
    return Phrase(pieces)


def quotient(fraction: tuple[Size, Size]) -> Number | Form:
    """Return a fraction in lowest terms as a cell: a size where nothing stands below."""
    above, below = fraction
    if not isinstance(below, Polynomial) or len(below.terms) == 1:
        return closed(divide(above, below))
    return Over(short(above), short(below))


def closed(size: Size) -> Number | Form:
    """Return a size as a cell, a formula in its shortest form."""
    return short(size) if isinstance(size, Polynomial) else size
