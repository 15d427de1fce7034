"""How the axes of the source lie in those of the text.

A source counts axes as its framework does: batch in front, channels first or last, heads split
off and turned in front. The text has a tensor once, without a batch and with channels last. An
:class:`Arranged` tensor is one of the text, and the way the source looks at it: every axis of
either is a sequence of factors, and the factors are the same. To reshape and to permute in the
source is to regroup factors; nothing is written until a layer needs them otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import gcd, prod
from typing import TypeAlias

from symparams.records import Record


class Factor:
    """A factor of an axis; it is itself, whatever its size."""

    __slots__ = ("size",)

    def __init__(self, size: int) -> None:
        self.size = size

    def __repr__(self) -> str:
        return str(self.size)


Factors: TypeAlias = tuple[Factor, ...]


def size_of(factors: Iterable[Factor]) -> int:
    """Return the size of an axis."""
    return prod(f.size for f in factors)


class Arranged(Record):
    """A tensor of the text as the source sees it.

    Attributes:
        number: which tensor of the text.
        axes: the factors of each axis of the text.
        dims: the factors of each axis of the source; () is an axis of 1 that the text does not
            have. A factor that no axis has is stretched: as often as the source repeats it.
    """

    number: int
    axes: tuple[Factors, ...]
    dims: tuple[Factors, ...]

    @property
    def sizes(self) -> tuple[int, ...]:
        """The axes of the text."""
        return tuple(map(size_of, self.axes))

    @property
    def source_sizes(self) -> tuple[int, ...]:
        """The axes of the source."""
        return tuple(map(size_of, self.dims))

    def axis_of(self, factors: Iterable[Factor]) -> int | None:
        """Return the axis of the text that has exactly these factors."""
        wanted = frozenset(factors)
        for place, axis in enumerate(self.axes):
            if frozenset(axis) == wanted:
                return place
        return None

    def stretched(self) -> frozenset[Factor]:
        """Return the factors that the text does not have."""
        there = {f for axis in self.axes for f in axis}
        return frozenset(f for dim in self.dims for f in dim if f not in there)

    def replaced(self, one: Factor, several: Factors) -> Arranged:
        """Return the same with a factor as several."""

        def put(axis: Factors) -> Factors:
            return tuple(g for f in axis for g in (several if f is one else (f,)))

        return self.but(axes=tuple(map(put, self.axes)), dims=tuple(map(put, self.dims)))

    def permuted(self, order: Sequence[int]) -> Arranged:
        """Return the source's axes in another order."""
        return self.but(dims=tuple(self.dims[k] for k in order))

    def regrouped(self, wanted: Sequence[int]) -> Arranged | None:
        """Return the source's axes as others of the same values, None where factors do not fit."""
        here: Arranged = self
        queue = [f for dim in self.dims for f in dim if f.size != 1]
        ones = [f for dim in self.dims for f in dim if f.size == 1]
        dims: list[Factors] = []
        for size in wanted:
            group: list[Factor] = []
            left = size
            while left > 1:
                if not queue:
                    return None
                first = queue.pop(0)
                if left % first.size:
                    part = gcd(left, first.size)
                    if part != left:
                        return None
                    parts = (Factor(part), Factor(first.size // part))
                    here = here.replaced(first, parts)
                    # What was grouped already keeps its factors: they are others.
                    queue.insert(0, parts[1])
                    first = parts[0]
                group.append(first)
                left //= first.size
            dims.append(tuple(group))
        if queue:
            return None
        # Axes of 1 that the text has stay with the last ones of the source.
        places = [k for k, dim in enumerate(dims) if not dim and k][-len(ones) :] if ones else []
        for place, one in zip(places, ones, strict=False):
            dims[place] = (one,)
        return here.but(dims=tuple(dims))


def arranged(
    number: int, source: Sequence[int], order: Sequence[int], ones: bool = True
) -> Arranged:
    """Return a new tensor whose axes are those of the source in an order; others are of 1.

    Without ``ones``, axes of 1 are none of the text's.
    """
    factors = [Factor(n) for n in source]
    kept = [k for k in order if ones or source[k] != 1]
    dims = tuple((factors[k],) if k in kept else () for k in range(len(source)))
    return Arranged(number, tuple((factors[k],) for k in kept), dims)


__all__ = ["Arranged", "Factor", "Factors", "arranged", "size_of"]
