"""Weightless cores that move values: split, join, reshape, pad, mean.

Axes are those of one example, channels last, counted from 0.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from symparams.algebra import Size, divided, product
from symparams.errors import SymparamsError
from symparams.layers.base import NOTHING, Core, Requirement, Saved, Shape, along, positions
from symparams.layers.options import a_row, a_size, an_axis, sizes, some_sizes
from symparams.layers.window import Window

#: The most parts that one axis is split into.
MOST_PARTS = 10_000

IMAGE = "a sequence (time, channels) or an image (height, width, channels)"


def place(axis: Any, shape: Shape, kind: str) -> int:
    """Return an axis counted from 0.

    Raises:
        SymparamsError: the shape has no such axis.
    """
    return positions(axis, shape, kind)[0]


class Split(Core, kind="split"):
    """The last axis in parts: ``split(2)`` in equal ones, ``split(a, b)`` in these.

    ``(…, d) -> (…, d/2), (…, d/2)``. torch ``Tensor.split``, Keras ``ops.split``.
    """

    example = "input(t, i) -> split(2)"
    views = True
    several = True

    parts: Any = some_sizes("into how many parts, or their sizes")
    axis: Any = an_axis("which axis", -1)

    def _sizes(self, shape: Shape) -> tuple[Size, ...]:
        length = shape[place(self.axis, shape, self.kind)]
        if len(self.parts) == 1:
            return (divided(length, self.parts[0]),) * int(self.parts[0])
        return tuple(self.parts)

    def admit(self, *shapes: Shape) -> None:
        (shape,) = shapes
        place(self.axis, shape, self.kind)
        if len(self.parts) == 1 and not isinstance(self.parts[0], int):
            raise SymparamsError(
                f"into how many parts '{self.kind}' splits must be a number, not {self.parts[0]}"
            )
        if len(self.parts) == 1 and self.parts[0] > MOST_PARTS:
            raise SymparamsError(f"'{self.kind}' into more than {MOST_PARTS:,} parts")

    def outputs(self, *shapes: Shape) -> tuple[Shape, ...]:
        (shape,) = shapes
        k = place(self.axis, shape, self.kind)
        return tuple((*shape[:k], size, *shape[k + 1 :]) for size in self._sizes(shape))

    def demands(self, *shapes: Shape) -> Iterator[Requirement]:
        (shape,) = shapes
        length = shape[place(self.axis, shape, self.kind)]
        if len(self.parts) == 1:
            says = f"{self.parts[0]} must divide the axis of {length} that is split"
            yield Requirement("integer", divided(length, self.parts[0]), says)
        else:
            total = sum(self.parts[1:], self.parts[0])
            says = f"the parts {total} must make up the axis of {length} that is split"
            yield Requirement("zero", length - total, says)


class Concatenate(Core, kind="cat"):
    """Tensors behind each other on an axis: ``cat(a, b)``, ``cat(a, b, axis = 0)``."""

    example = "input(t, i) -> (id, id) -> cat"
    inputs = ()

    axis: Any = an_axis("which axis", -1)

    def admit(self, *shapes: Shape) -> None:
        if len({len(s) for s in shapes}) != 1:
            raise SymparamsError("'cat' needs tensors of as many axes each")
        place(self.axis, shapes[0], self.kind)

    def saves(self, needs: tuple[bool, ...], learns: bool, *shapes: Shape) -> Saved:
        return NOTHING

    def outputs(self, *shapes: Shape) -> tuple[Shape, ...]:
        first = shapes[0]
        k = place(self.axis, first, self.kind)
        length = sum((s[k] for s in shapes[1:]), first[k])
        return ((*first[:k], length, *first[k + 1 :]),)

    def demands(self, *shapes: Shape) -> Iterator[Requirement]:
        first = shapes[0]
        k = place(self.axis, first, self.kind)
        for other in shapes[1:]:
            for axis, (a, b) in enumerate(zip(first, other, strict=True)):
                if axis != k:
                    yield Requirement("zero", a - b, f"cannot concatenate: {a} and {b} differ")


class Reshape(Core, kind="reshape"):
    """The same values in another shape; the products must be equal."""

    example = "input(a, b*c) -> reshape(a, b, c)"
    views = True
    packs = True

    shape: Any = some_sizes("the new axes")

    def outputs(self, *shapes: Shape) -> tuple[Shape, ...]:
        return (tuple(self.shape),)

    def demands(self, *shapes: Shape) -> Iterator[Requirement]:
        before, after = product(shapes[0]), product(self.shape)
        yield Requirement("zero", before - after, f"a reshape of {before} values into {after}")


class Permute(Core, kind="permute"):
    """Axes in another order: ``permute(1, 0)`` transposes."""

    example = "input(a, b) -> permute(1, 0)"
    views = True

    axes: Any = some_sizes("the old axes in their new order", low=0)

    def admit(self, *shapes: Shape) -> None:
        if sorted(map(str, self.axes)) != sorted(map(str, range(len(shapes[0])))):
            listed = ", ".join(map(str, self.axes))
            raise SymparamsError(
                f"'permute({listed})' must name each of the {len(shapes[0])} axes once, from 0"
            )

    def outputs(self, *shapes: Shape) -> tuple[Shape, ...]:
        return (tuple(shapes[0][int(a)] for a in self.axes),)

    def order(self, before: tuple[int, ...], rank: int) -> tuple[int, ...]:
        axes = [int(a) for a in self.axes]
        found = tuple(axes.index(axis) for axis in before or range(rank))
        return () if found == tuple(range(rank)) else found


class Take(Core, kind="take"):
    """One of an axis: ``take(0)`` is the first position, ``take(-1)`` the last.

    The axis goes away: ``(t, d) -> (d)``.
    """

    example = "input(t, i) -> take(0)"
    views = True

    position: Any = an_axis("which one", 0, place=0)
    axis: Any = an_axis("of which axis", 0)

    def admit(self, *shapes: Shape) -> None:
        place(self.axis, shapes[0], self.kind)

    def outputs(self, *shapes: Shape) -> tuple[Shape, ...]:
        k = place(self.axis, shapes[0], self.kind)
        return ((*shapes[0][:k], *shapes[0][k + 1 :]),)

    def order(self, before: tuple[int, ...], rank: int) -> tuple[int, ...]:
        gone = self.axis % (rank + 1)
        left = tuple(axis - (axis > gone) for axis in before if axis != gone)
        return () if left == tuple(range(rank)) else left

    def demands(self, *shapes: Shape) -> Iterator[Requirement]:
        length = shapes[0][place(self.axis, shapes[0], self.kind)]
        needed = -self.position if self.position < 0 else self.position + 1
        says = f"'take({self.position})' from an axis of {length}"
        yield Requirement("nonnegative", length - needed, says)


class Tile(Core, kind="tile"):
    """An axis several times behind itself."""

    example = "input(t, i) -> tile(2)"

    times: Size = a_size("", "how many times", place=0)
    axis: Any = an_axis("which axis", -1)

    def admit(self, *shapes: Shape) -> None:
        place(self.axis, shapes[0], self.kind)

    def saves(self, needs: tuple[bool, ...], learns: bool, *shapes: Shape) -> Saved:
        return NOTHING

    def outputs(self, *shapes: Shape) -> tuple[Shape, ...]:
        k = place(self.axis, shapes[0], self.kind)
        return ((*shapes[0][:k], shapes[0][k] * self.times, *shapes[0][k + 1 :]),)


class Mean(Core, kind="mean"):
    """The mean over an axis, which goes away: ``(t, d) -> (d)``."""

    example = "input(t, i) -> mean(0)"
    computes = True

    axis: Any = an_axis("which axis", 0, place=0)

    def admit(self, *shapes: Shape) -> None:
        place(self.axis, shapes[0], self.kind)

    def saves(self, needs: tuple[bool, ...], learns: bool, *shapes: Shape) -> Saved:
        return NOTHING

    def outputs(self, *shapes: Shape) -> tuple[Shape, ...]:
        k = place(self.axis, shapes[0], self.kind)
        return ((*shapes[0][:k], *shapes[0][k + 1 :]),)


class _Spatial(Core):
    least_rank = 2
    needs = IMAGE

    amount: Any

    def _amounts(self, shape: Shape) -> tuple[Size, ...]:
        return along(self.amount, len(shape) - 1)

    def admit(self, *shapes: Shape) -> None:
        given = self._amounts(shapes[0])
        if len(given) != len(shapes[0]) - 1:
            raise SymparamsError(
                f"'{self.kind}' has {len(given)} sizes for {len(shapes[0]) - 1} spatial axes"
            )


class Pad(_Spatial, kind="pad"):
    """Zeros on both sides of every spatial axis: ``n -> n + 2p``."""

    example = "input(x, y, i) -> pad(1)"

    amount: Any = sizes("", "values on each side", place=0, low=0)

    def saves(self, needs: tuple[bool, ...], learns: bool, *shapes: Shape) -> Saved:
        return NOTHING

    def outputs(self, *shapes: Shape) -> tuple[Shape, ...]:
        (shape,) = shapes
        grown = tuple(n + 2 * p for n, p in zip(shape[:-1], self._amounts(shape), strict=True))
        return ((*grown, shape[-1]),)


class Crop(_Spatial, kind="crop"):
    """Values cut from both sides of every spatial axis: ``n -> n - 2p``."""

    example = "input(x, y, i) -> crop(1)"
    views = True

    amount: Any = sizes("", "values from each side", place=0, low=0)

    def outputs(self, *shapes: Shape) -> tuple[Shape, ...]:
        (shape,) = shapes
        cut = tuple(n - 2 * p for n, p in zip(shape[:-1], self._amounts(shape), strict=True))
        return ((*cut, shape[-1]),)

    def demands(self, *shapes: Shape) -> Iterator[Requirement]:
        for n in self.outputs(*shapes)[0][:-1]:
            yield Requirement("positive", n, f"cropping leaves an axis of {n}")


class Upsample(_Spatial, kind="upsample"):
    """Every value n times along every spatial axis. Keras ``UpSampling2D``."""

    example = "input(x, y, i) -> upsample(2)"
    computes = True

    amount: Any = sizes("", "how many times", place=0)

    def saves(self, needs: tuple[bool, ...], learns: bool, *shapes: Shape) -> Saved:
        return NOTHING

    def outputs(self, *shapes: Shape) -> tuple[Shape, ...]:
        (shape,) = shapes
        grown = tuple(n * p for n, p in zip(shape[:-1], self._amounts(shape), strict=True))
        return ((*grown, shape[-1]),)


class SpaceToDepth(_Spatial, kind="space_to_depth"):
    """Blocks of space as channels: ``(h, w, c) -> (h/n, w/n, n·n·c)``."""

    example = "input(x, y, i) -> space_to_depth(2)"

    amount: Any = sizes("", "side of a block", place=0)

    def saves(self, needs: tuple[bool, ...], learns: bool, *shapes: Shape) -> Saved:
        return NOTHING

    def outputs(self, *shapes: Shape) -> tuple[Shape, ...]:
        (shape,) = shapes
        amounts = self._amounts(shape)
        small = tuple(divided(n, p) for n, p in zip(shape[:-1], amounts, strict=True))
        return ((*small, shape[-1] * product(amounts)),)

    def demands(self, *shapes: Shape) -> Iterator[Requirement]:
        (shape,) = shapes
        for n, p in zip(shape[:-1], self._amounts(shape), strict=True):
            yield Requirement("integer", divided(n, p), f"{p} must divide the axis of {n}")


class Patches(SpaceToDepth, kind="patches"):
    """An image as a sequence of its n×n patches: ``(h, w, c) -> (h·w/n², n²·c)``.

    Dosovitskiy et al. 2020 (arXiv:2010.11929).
    """

    example = "input(x, y, i) -> patches(2)"

    amount: Any = sizes("", "side of a patch", place=0)

    def outputs(self, *shapes: Shape) -> tuple[Shape, ...]:
        *small, depth = super().outputs(*shapes)[0]
        return ((product(small), depth),)


class Fold(Core, kind="fold"):
    """Windows of a sequence added up to an image: ``(p, f·f·i) -> (n…, i)``.

    ``fold([h, w], f)`` puts the p windows where a convolution with this kernel,
    stride, padding and dilation would see them. torch ``nn.Fold``.
    """

    example = "input(9, 4*i) -> fold([4, 4], 2)"
    least_rank = 2
    needs = "a sequence of windows (places, values)"

    size: Any = a_row("", "the axes of the image", place=0)
    kernel: Any = a_row("f", "size of the window", place=1)
    stride: Any = a_row("", "steps of the window", 1)
    pad: Any = a_row("", "values that were added on both sides", 0, low=0)
    dilation: Any = a_row("", "distance of the window's values", 1)

    def _axes(self) -> Shape:
        return tuple(self.size) if isinstance(self.size, tuple) else (self.size,)

    def admit(self, *shapes: Shape) -> None:
        for name in ("kernel", "stride", "pad", "dilation"):
            given = getattr(self, name)
            if isinstance(given, tuple) and len(given) != len(self._axes()):
                raise SymparamsError(
                    f"'fold' has {len(given)} sizes in '{name}' for {len(self._axes())} axes"
                )

    def saves(self, needs: tuple[bool, ...], learns: bool, *shapes: Shape) -> Saved:
        return NOTHING

    def outputs(self, *shapes: Shape) -> tuple[Shape, ...]:
        axes = self._axes()
        window = product(along(self.kernel, len(axes)))
        return ((*axes, divided(shapes[0][-1], window)),)

    def demands(self, *shapes: Shape) -> Iterator[Requirement]:
        axes = self._axes()
        window = product(along(self.kernel, len(axes)))
        says = f"a window of {window} must divide the values, {shapes[0][-1]}"
        yield Requirement("integer", divided(shapes[0][-1], window), says)
        seen = Window.over(len(axes), self.kernel, self.stride, self.pad, self.dilation)
        yield from seen.requires(axes)
        places = product(seen.output(axes))
        says = f"{shapes[0][-2]} windows, where the image has {places}"
        yield Requirement("zero", shapes[0][-2] - places, says)
