"""Convolutions over as many spatial axes as enter them, channels last."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from symparams.algebra import Size, product
from symparams.algebra.foreign import divided
from symparams.layers.base import Layer, Requirement, Shape, Weight, a_flag, a_size, along, sizes
from symparams.layers.window import PADDINGS, Window


class Convolution(Layer, kind="conv"):
    """Convolution: ``(n…, i) -> (n'…, o)`` with an f×f kernel, or ``[f1, f2]``.

    ``pad`` is ``valid`` (none), ``same`` (the output has ``ceil(n/stride)``),
    ``causal`` (all in front) or a number on both sides. Keras ``Conv1D`` to
    ``Conv3D``, torch ``nn.Conv1d`` to ``nn.Conv3d``.
    """

    example = "input(x, y, i) -> conv(o, f)"
    least_rank = 2
    needs = "a sequence (time, channels) or an image (height, width, channels)"

    filters: Size = a_size("o", "output channels", place=0)
    kernel: Any = sizes("f", "size of the window", place=1)
    stride: Any = sizes("", "steps of the window", 1)
    pad: Any = sizes("", "values added on both sides", "valid", low=0, words=PADDINGS)
    dilation: Any = sizes("", "distance of the window's values", 1)
    groups: Size = a_size("", "parts of the channels that are kept apart", 1)
    bias: bool = a_flag("add a vector of o values", True)

    def _window(self, shape: Shape) -> Window:
        return Window.over(len(shape) - 1, self.kernel, self.stride, self.pad, self.dilation)

    def weights(self, shape: Shape) -> Iterator[Weight]:
        *spatial, channels = shape
        kernel = (*along(self.kernel, len(spatial)), divided(channels, self.groups), self.filters)
        yield Weight("kernel", kernel, uses=product(self._window(shape).output(tuple(spatial))))
        if self.bias:
            yield Weight("bias", (self.filters,))

    def output(self, shape: Shape) -> Shape:
        return (*self._window(shape).output(shape[:-1]), self.filters)

    def requires(self, shape: Shape) -> Iterator[Requirement]:
        if isinstance(self.groups, int) and self.groups == 1:
            pass
        else:
            for says, size in (("input channels", shape[-1]), ("filters", self.filters)):
                yield Requirement(
                    "integer",
                    divided(size, self.groups),
                    f"groups = {self.groups} must divide the {says}, {size}",
                )
        yield from self._window(shape).requires(shape[:-1])
