"""What was found of a pattern: how many tensors, of which shape, as formulas."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from symparams.algebra import (
    Number,
    Size,
    Symbol,
    exact,
    product,
    substitute,
    sum_over,
    symbol,
)
from symparams.frameworks.inference.tensors import SizePoint
from symparams.records import Record


def whole_at(size: Size, point: Mapping[str, Number]) -> Number | None:
    """Return a formula's value at a point; None where it has none."""
    from symparams.errors import SymparamsError

    try:
        found = substitute(size, point)
    except SymparamsError:
        return None
    return found if isinstance(found, int) else exact(found) if _is_fraction(found) else None


def _is_fraction(found: object) -> bool:
    from fractions import Fraction

    return isinstance(found, Fraction)


class FittedTensors(Record):
    """Tensors of one pattern and one shape.

    Attributes:
        pattern: as ``layers.#.attn.weight``.
        part: which of them, where they are not alike: ``k == 0``; "" of all.
        role, owner: as :class:`BuiltTensor` has them.
        count: how many there are; 0 where sizes leave them out.
        axes: the shape.
        index: the symbol of the index that the shape depends on; None of most.
        first: its first value.
        presence: when they are there at all, in words; "" of always.
    """

    pattern: str
    part: str
    role: str
    owner: str
    count: Size
    axes: tuple[Size, ...]
    index: Symbol | None = None
    first: int = 0
    presence: str = ""

    @property
    def values(self) -> Size | None:
        """All their values, as a formula; None where a sum over the index has no closed form."""
        one = product(self.axes)
        if self.index is None:
            return self.count * one
        return sum_over(one, self.index, self.first, self.count + (self.first - 1))

    def shapes_at(self, point: SizePoint) -> Iterator[tuple[Number | None, ...]]:
        """Yield the shape of each of them at a point."""
        count = whole_at(self.count, point)
        if not isinstance(count, int):
            yield (None,)
            return
        for k in range(self.first, self.first + count):
            here = point if self.index is None else {**point, self.index.name: k}
            shape = tuple(whole_at(axis, here) for axis in self.axes)
            if self.index is None:
                yield from (shape,) * count
                return
            yield shape


class UnfittedTensors(Record):
    """Tensors that no formula was found for.

    Attributes:
        what: ``count``, ``axis 1``, or ``shape``.
        values: what they are at some points: pairs of the sizes and the value.
    """

    pattern: str
    part: str
    role: str
    owner: str
    what: str
    values: tuple[tuple[SizePoint, str], ...]


def index_symbol(names: Mapping[str, object] | tuple[str, ...]) -> tuple[str, Size]:
    """Return the name of the index k of a repeat, and its symbol; another letter where k is a
    size.
    """
    name = next(n for n in ("k", "j", "n", "m", "index") if n not in names)
    return name, symbol(name, low=0)


__all__ = ["FittedTensors", "UnfittedTensors", "index_symbol", "whole_at"]
