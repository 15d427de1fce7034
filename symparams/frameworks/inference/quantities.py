"""Quantities: formulas, each with its values at the samples that a fit looks at."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import TypeAlias

from symparams.algebra import Number, Polynomial, Size, divide, exact
from symparams.records import Record

#: The values of one quantity, one a sample.
Values: TypeAlias = tuple[Number, ...]


class Quantity(Record):
    """A formula and its values, as ``h*kv/a`` and (8, 16, 24)."""

    size: Size
    values: Values

    def __mul__(self, other: Quantity) -> Quantity:
        return Quantity(
            self.size * other.size,
            tuple(exact(x * y) for x, y in zip(self.values, other.values, strict=True)),
        )

    def over(self, other: Quantity) -> Quantity | None:
        """Return the quotient; None where the other is 0 at a sample, or no formula divides."""
        several = isinstance(other.size, Polynomial) and len(other.size.terms) > 1
        if not all(other.values) or several:
            return None
        return Quantity(
            divide(self.size, other.size),
            tuple(exact(Fraction(x) / y) for x, y in zip(self.values, other.values, strict=True)),
        )

    def plus(self, number: Number) -> Quantity:
        """Return the quantity and a number more."""
        return Quantity(self.size + number, tuple(exact(v + number) for v in self.values))

    def minus(self, other: Quantity) -> Quantity:
        """Return the difference."""
        return Quantity(
            self.size - other.size,
            tuple(exact(x - y) for x, y in zip(self.values, other.values, strict=True)),
        )

    def only(self, kept: Sequence[int]) -> Quantity:
        """Return the quantity at some of the samples."""
        return Quantity(self.size, tuple(self.values[n] for n in kept))

    @property
    def positive(self) -> bool:
        """Whether every value is above 0."""
        return all(v > 0 for v in self.values)


def distinct(quantities: Iterable[Quantity], samples: int) -> int:
    """Return how many samples differ in some of the quantities."""
    columns = [q.values for q in quantities]
    return len({tuple(c[n] for c in columns) for n in range(samples)})


__all__ = ["Quantity", "Values", "distinct"]
