"""Fully connected layers."""

from __future__ import annotations

from collections.abc import Iterator

from symparams.algebra import Size, add_up, product
from symparams.errors import SymparamsError
from symparams.layers.base import NOTHING, Core, Layer, Requirement, Saved, Shape, Weight
from symparams.layers.options import a_flag, a_size


class Dense(Layer, kind="dense"):
    """Fully connected: ``(…, i) -> (…, o)``, the same weights at every position.

    Keras ``Dense``, torch ``nn.Linear``.
    """

    example = "input(i) -> dense(o)"
    packs = True
    folds = True

    units: Size = a_size("o", "output features", place=0)
    bias: bool = a_flag("add a vector of o values", True)

    def weights(self, shape: Shape) -> Iterator[Weight]:
        *positions, features = shape
        yield Weight("kernel", (features, self.units), uses=product(positions))
        if self.bias:
            yield Weight("bias", (self.units,))

    def output(self, shape: Shape) -> Shape:
        return (*shape[:-1], self.units)

    def saves(self, needs: tuple[bool, ...], learns: bool, *shapes: Shape) -> Saved:
        return Saved(inputs=(0,)) if learns else NOTHING

    def keeps_kernel(self, needs: tuple[bool, ...]) -> bool:
        return needs[0]


class Linear(Dense, kind="linear"):
    """A :class:`Dense` without bias, unless one is asked for: ``(…, i) -> (…, o)``."""

    example = "input(i) -> linear(o)"

    bias: bool = a_flag("add a vector of o values", False)


class Transposed(Layer):
    """A matrix that another layer owns, the other way round: ``(…, d) -> (…, rows)``.

    What ``E.T`` makes of a shared ``E``; it has no weights of its own.
    """

    kind = "transposed"
    packs = True

    rows: Size = a_size("V", "output features, the rows of the matrix")

    def output(self, shape: Shape) -> Shape:
        return (*shape[:-1], self.rows)

    def macs(self, shape: Shape) -> Size:
        return product(shape) * self.rows

    def backward(self, needs: tuple[bool, ...], learns: bool, *shapes: Shape) -> Size:
        return add_up(self.macs(shapes[0]) for operand in needs if operand)


class Bilinear(Core, kind="bilinear"):
    """Every pair of values of two tensors, weighed: ``(…, i), (…, j) -> (…, o)``.

    torch ``nn.Bilinear``. A position costs i·j·o for the first tensor and j·o
    for the second.
    """

    example = "{ x = input(i); y = input(j); bilinear(x, y, o) }"
    inputs = ("x", "y")
    least_rank = 1
    needs = "vectors (…, features)"
    computes = True

    units: Size = a_size("o", "output features", place=0)
    bias: bool = a_flag("add a vector of o values", True)

    def admit(self, *shapes: Shape) -> None:
        if len(shapes[0]) != len(shapes[1]):
            raise SymparamsError("'bilinear' needs two tensors of as many axes each")

    def owns(self, *shapes: Shape) -> Iterator[Weight]:
        (*places, first), (*_, second) = shapes
        yield Weight("kernel", (first, second, self.units), uses=product(places))
        if self.bias:
            yield Weight("bias", (self.units,))

    def outputs(self, *shapes: Shape) -> tuple[Shape, ...]:
        return ((*shapes[0][:-1], self.units),)

    def demands(self, *shapes: Shape) -> Iterator[Requirement]:
        for a, b in zip(shapes[0][:-1], shapes[1][:-1], strict=True):
            yield Requirement("zero", a - b, f"a bilinear layer over axes of {a} and {b}")

    def costs(self, *shapes: Shape) -> Size:
        return product(shapes[1]) * self.units

    def backward(self, needs: tuple[bool, ...], learns: bool, *shapes: Shape) -> Size:
        # The second product's operands are the first product and the second tensor.
        first, second = needs
        return self.costs(*shapes) * ((first or learns) + second)

    def saves(self, needs: tuple[bool, ...], learns: bool, *shapes: Shape) -> Saved:
        first, second = needs
        wanted = (second or learns, first or learns)  # each for the other's gradient
        return Saved(inputs=tuple(place for place, kept in enumerate(wanted) if kept))
