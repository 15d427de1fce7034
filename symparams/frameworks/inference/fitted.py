"""What was found of a pattern: how many tensors, of which shape, as formulas."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from symparams.algebra import (
    Formula,
    Number,
    Size,
    SizeRecord,
    Symbol,
    exact,
    product,
    substitute,
    sum_over,
    symbol,
)
from symparams.errors import SymparamsError
from symparams.frameworks.inference.tensors import SizePoint
from symparams.records import Record


def whole_at(size: Size, point: Mapping[str, Number]) -> Number | None:
    """Return a formula's value at a point; None where it has none."""
    try:
        found = substitute(size, point)
    except SymparamsError:
        return None
    return exact(found) if isinstance(found, int | Fraction) else None


class FittedTensors(SizeRecord):
    """Tensors of one pattern and one shape.

    Attributes:
        pattern: as ``layers.#.attn.weight``.
        part: which of them, where they are not alike: ``k == 0``; "" of all.
        role, owner: as :class:`BuiltTensor` has them.
        count: how many there are; 0 where sizes leave them out.
        axes: the shape.
        index: the symbol of the index that the shape depends on; None of most.
        first: its first value.
        values: how many values all of them have; None where no sum over the index is closed.
        presence: when they are there at all, in words; "" of always.
    """

    pattern: str
    part: str
    role: str
    owner: str
    count: Formula
    axes: tuple[Formula, ...]
    values: Formula | None
    index: Symbol | None = None
    first: int = 0
    presence: str = ""

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


def all_values(
    count: Size, axes: Sequence[Size], index: Symbol | None = None, first: int = 0
) -> Size | None:
    """Return the values of so many tensors of a shape, which may grow with an index."""
    one = product(axes)
    if index is None:
        return count * one
    return sum_over(one, index, first, count + (first - 1))


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


__all__ = ["FittedTensors", "UnfittedTensors", "all_values", "index_symbol", "whole_at"]
