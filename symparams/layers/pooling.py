"""Pooling: no weights, a smaller output."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from symparams.algebra import product
from symparams.layers.base import NOTHING, Layer, Requirement, Saved, Shape
from symparams.layers.options import sizes
from symparams.layers.window import Window


class _Pool(Layer):
    least_rank = 2
    needs = "a sequence (time, channels) or an image (height, width, channels)"

    window: Any = sizes("f", "size of the window", 2, place=0)
    stride: Any = sizes("", "steps of the window; its size where nothing is said", None)
    pad: Any = sizes("", "values added on both sides", "valid", low=0, words=("valid", "same"))

    def _window(self, shape: Shape) -> Window:
        stride = self.window if self.stride is None else self.stride
        return Window.over(len(shape) - 1, self.window, stride, self.pad)

    def output(self, shape: Shape) -> Shape:
        return (*self._window(shape).output(shape[:-1]), shape[-1])

    def requires(self, shape: Shape) -> Iterator[Requirement]:
        yield from self._window(shape).requires(shape[:-1])


class MaxPool(_Pool, kind="maxpool"):
    """The largest value of each window: ``(n…, i) -> (n'…, i)``.

    Keras ``MaxPooling2D``, torch ``nn.MaxPool2d``.
    """

    example = "input(x, y, i) -> maxpool(2)"

    def saves(self, needs: tuple[bool, ...], learns: bool, *shapes: Shape) -> Saved:
        return Saved(inputs=(0,), integers=product(self.output(shapes[0])))


class AveragePool(_Pool, kind="avgpool"):
    """The mean of each window: ``(n…, i) -> (n'…, i)``.

    Keras ``AveragePooling2D``, torch ``nn.AvgPool2d``.
    """

    example = "input(x, y, i) -> avgpool(2)"

    def saves(self, needs: tuple[bool, ...], learns: bool, *shapes: Shape) -> Saved:
        return Saved(inputs=(0,))


class _GlobalPool(Layer):
    least_rank = 2
    needs = "a sequence (time, channels) or an image (height, width, channels)"

    def output(self, shape: Shape) -> Shape:
        return (shape[-1],)


class GlobalAveragePool(_GlobalPool, kind="globalavgpool"):
    """The mean over all positions: ``(n…, i) -> (i)``.

    Lin et al. 2013 (arXiv:1312.4400); Keras ``GlobalAveragePooling2D``.
    """

    example = "input(x, y, i) -> globalavgpool"

    def saves(self, needs: tuple[bool, ...], learns: bool, *shapes: Shape) -> Saved:
        return NOTHING


class GlobalMaxPool(_GlobalPool, kind="globalmaxpool"):
    """The largest value over all positions: ``(n…, i) -> (i)``.

    Keras ``GlobalMaxPooling2D``.
    """

    example = "input(x, y, i) -> globalmaxpool"

    def saves(self, needs: tuple[bool, ...], learns: bool, *shapes: Shape) -> Saved:
        return Saved(inputs=(0,), integers=shapes[0][-1])
