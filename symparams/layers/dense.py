"""Fully connected layers."""

from __future__ import annotations

from collections.abc import Iterator

from symparams.algebra import Size, product
from symparams.layers.base import Layer, Shape, Weight, a_flag, a_size


class Dense(Layer, kind="dense"):
    """Fully connected: ``(…, i) -> (…, o)``, the same weights at every position.

    Keras ``Dense``, torch ``nn.Linear``.
    """

    example = "input(i) -> dense(o)"

    units: Size = a_size("o", "output features", place=0)
    bias: bool = a_flag("add a vector of o values", True)

    def weights(self, shape: Shape) -> Iterator[Weight]:
        *positions, features = shape
        yield Weight("kernel", (features, self.units), uses=product(positions))
        if self.bias:
            yield Weight("bias", (self.units,))

    def output(self, shape: Shape) -> Shape:
        return (*shape[:-1], self.units)


class Linear(Dense, kind="linear"):
    """A :class:`Dense` without bias, unless one is asked for: ``(…, i) -> (…, o)``."""

    example = "input(i) -> linear(o)"

    bias: bool = a_flag("add a vector of o values", False)


class Transposed(Layer):
    """A matrix that another layer owns, the other way round: ``(…, d) -> (…, rows)``.

    What ``E.T`` makes of a shared ``E``; it has no weights of its own.
    """

    kind = "transposed"

    rows: Size = a_size("V", "output features, the rows of the matrix")

    def output(self, shape: Shape) -> Shape:
        return (*shape[:-1], self.rows)

    def macs(self, shape: Shape) -> Size:
        return product(shape) * self.rows
