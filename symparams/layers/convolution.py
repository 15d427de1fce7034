"""Convolutions over as many spatial axes as enter them, channels last."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from symparams.algebra import Size, divided, larger, product
from symparams.layers.base import Layer, Requirement, Saved, Shape, Weight, along
from symparams.layers.options import a_flag, a_size, sizes
from symparams.layers.window import PADDINGS, Window


def _kept(window: Window, shape: Shape) -> Saved | None:
    """Return what a convolution keeps: its input, or the padded copy that is not the same on
    both sides.
    """
    padded = window.padded_apart(shape[:-1])
    if padded is None:
        return None
    if padded == tuple(shape[:-1]):
        return Saved(inputs=(0,))
    return Saved(values=product((*padded, shape[-1])))


class Convolution(Layer, kind="conv"):
    """Convolution: ``(n…, i) -> (n'…, o)`` with an f×f kernel, or ``[f1, f2]``.

    ``pad`` is ``valid`` (none), ``same`` (the output has ``ceil(n/stride)``),
    ``causal`` (all in front) or a number on both sides. Keras ``Conv1D`` to
    ``Conv3D``, torch ``nn.Conv1d`` to ``nn.Conv3d``.
    """

    example = "input(x, y, i) -> conv(o, f)"
    folds = True
    least_rank = 2
    needs = "a sequence (time, channels) or an image (height, width, channels)"

    filters: Size = a_size("o", "output channels", place=0)
    kernel: Any = sizes("f", "size of the window", place=1)
    stride: Any = sizes("", "steps of the window", 1)
    pad: Any = sizes("", "values added on both sides", "valid", low=0, words=PADDINGS)
    dilation: Any = sizes("", "distance of the window's values", 1)
    groups: Size = a_size("", "parts of the channels that are kept apart", 1)
    bias: bool = a_flag("add a vector of o values", True)

    def _window(self, axes: int) -> Window:
        return Window.over(axes, self.kernel, self.stride, self.pad, self.dilation)

    def _uses(self, spatial: Shape) -> Size:
        """Return the positions at which each value of the kernel is used."""
        return product(self._window(len(spatial)).output(spatial))

    def weights(self, shape: Shape) -> Iterator[Weight]:
        *spatial, channels = shape
        kernel = (*along(self.kernel, len(spatial)), divided(channels, self.groups), self.filters)
        yield Weight("kernel", kernel, uses=self._uses(tuple(spatial)))
        if self.bias:
            yield Weight("bias", (self.filters,))

    def output(self, shape: Shape) -> Shape:
        return (*self._window(len(shape) - 1).output(shape[:-1]), self.filters)

    def requires(self, shape: Shape) -> Iterator[Requirement]:
        yield from self._grouped(shape)
        yield from self._window(len(shape) - 1).requires(shape[:-1])

    def saves(self, needs: tuple[bool, ...], learns: bool, *shapes: Shape) -> Saved | None:
        (shape,) = shapes
        return _kept(self._window(len(shape) - 1), shape)

    def keeps_kernel(self, needs: tuple[bool, ...]) -> bool:
        return True

    def _grouped(self, shape: Shape) -> Iterator[Requirement]:
        if isinstance(self.groups, int) and self.groups == 1:
            pass
        else:
            for says, size in (("input channels", shape[-1]), ("filters", self.filters)):
                yield Requirement(
                    "integer",
                    divided(size, self.groups),
                    f"groups = {self.groups} must divide the {says}, {size}",
                )


class TransposedConvolution(Convolution, kind="conv_transpose"):
    """A convolution backwards, which makes the axes larger: ``(n…, i) -> (n'…, o)``.

    ``pad`` takes values away: ``valid`` gives ``(n - 1)*stride + f``, ``same``
    gives ``n*stride``, a number p gives 2p less than valid; ``output_pad`` adds
    values at the end, with ``fill`` as many as make ``n*stride`` of an axis at
    least (what Keras does where it is not said). Zeiler et al. 2010; Keras ``Conv1DTranspose`` to
    ``Conv3DTranspose``, torch ``nn.ConvTranspose1d`` to ``nn.ConvTranspose3d``.
    """

    example = "input(x, y, i) -> conv_transpose(o, f)"

    pad: Any = sizes("", "values taken from both sides", "valid", low=0, words=("valid", "same"))
    output_pad: Any = sizes("", "values added at the end", 0, low=0, words=("fill",))

    def _extra(self, axes: int) -> Shape:
        """Return what is added at the end of each axis."""
        if not isinstance(self.output_pad, str):
            return along(self.output_pad, axes)
        if self.pad == "same":
            return (0,) * axes
        stride, kernel, dilation = (
            along(value, axes) for value in (self.stride, self.kernel, self.dilation)
        )
        return tuple(
            larger(s - (d * (f - 1) + 1), 0)
            for s, f, d in zip(stride, kernel, dilation, strict=True)
        )

    def _uses(self, spatial: Shape) -> Size:
        return product(spatial)

    def output(self, shape: Shape) -> Shape:
        spatial = shape[:-1]
        stride, extra = along(self.stride, len(spatial)), self._extra(len(spatial))
        word = self.pad if isinstance(self.pad, str) else ""
        if word == "same":
            return (
                *(n * s + e for n, s, e in zip(spatial, stride, extra, strict=True)),
                self.filters,
            )
        pads = along(0 if word else self.pad, len(spatial))
        kernel, dilation = along(self.kernel, len(spatial)), along(self.dilation, len(spatial))
        return (
            *(
                (n - 1) * s + d * (f - 1) + 1 - 2 * p + e
                for n, s, d, f, p, e in zip(
                    spatial, stride, dilation, kernel, pads, extra, strict=True
                )
            ),
            self.filters,
        )

    def saves(self, needs: tuple[bool, ...], learns: bool, *shapes: Shape) -> Saved:
        return Saved(inputs=(0,))

    def requires(self, shape: Shape) -> Iterator[Requirement]:
        yield from self._grouped(shape)
        for n in self.output(shape)[:-1]:
            yield Requirement("positive", n, f"an axis of {n} is left")
        if isinstance(self.output_pad, str):
            return
        axes = len(shape) - 1
        steps = zip(along(self.stride, axes), along(self.dilation, axes), strict=True)
        for extra, (stride, dilation) in zip(along(self.output_pad, axes), steps, strict=True):
            if isinstance(self.pad, str) and self.pad == "same":
                yield Requirement("zero", extra, f"output_pad = {extra} beside pad = same")
            step = larger(stride, dilation)
            yield Requirement(
                "positive",
                step - extra,
                f"output_pad = {extra} must be less than the stride or the dilation, {step}",
            )


class Depthwise(Layer, kind="depthwise"):
    """A kernel, or ``multiplier`` of them, for each channel: ``(n…, i) -> (n'…, i*m)``.

    A convolution with a group for each channel. Keras ``DepthwiseConv1D`` and
    ``DepthwiseConv2D``, whose kernel keeps its m for each channel apart; torch
    ``nn.Conv2d`` with ``groups = in_channels``.
    """

    example = "input(x, y, i) -> depthwise(f)"
    folds = True
    least_rank = 2
    needs = Convolution.needs

    kernel: Any = sizes("f", "size of the window", place=0)
    multiplier: Size = a_size("m", "kernels for each channel", 1)
    stride: Any = sizes("", "steps of the window", 1)
    pad: Any = sizes("", "values added on both sides", "valid", low=0, words=PADDINGS)
    dilation: Any = sizes("", "distance of the window's values", 1)
    bias: bool = a_flag("add a value for each output channel", True)

    def _convolution(self, shape: Shape, bias: bool) -> Convolution:
        return Convolution(
            filters=shape[-1] * self.multiplier,
            kernel=self.kernel,
            stride=self.stride,
            pad=self.pad,
            dilation=self.dilation,
            groups=shape[-1],
            bias=bias,
        )

    def weights(self, shape: Shape) -> Iterator[Weight]:
        yield from self._convolution(shape, self.bias).weights(shape)

    def output(self, shape: Shape) -> Shape:
        return self._convolution(shape, self.bias).output(shape)

    def requires(self, shape: Shape) -> Iterator[Requirement]:
        axes = len(shape) - 1
        window = Window.over(axes, self.kernel, self.stride, self.pad, self.dilation)
        yield from window.requires(shape[:-1])

    def saves(self, needs: tuple[bool, ...], learns: bool, *shapes: Shape) -> Saved | None:
        return self._convolution(shapes[0], self.bias).saves(needs, learns, *shapes)

    def keeps_kernel(self, needs: tuple[bool, ...]) -> bool:
        return True


class Separable(Depthwise, kind="separable"):
    """A depthwise convolution, then a pointwise one: ``(n…, i) -> (n'…, o)``.

    Howard et al. 2017 (arXiv:1704.04861), without anything between them. Keras
    ``SeparableConv1D`` and ``SeparableConv2D``.
    """

    example = "input(x, y, i) -> separable(o, f)"

    filters: Size = a_size("o", "output channels", place=0)
    kernel: Any = sizes("f", "size of the window", place=1)
    bias: bool = a_flag("add a vector of o values", True)

    def _pointwise(self) -> Convolution:
        return Convolution(filters=self.filters, kernel=1, bias=self.bias)

    def weights(self, shape: Shape) -> Iterator[Weight]:
        (depthwise,) = self._convolution(shape, bias=False).weights(shape)
        yield depthwise.but(name="depthwise_kernel")
        pointwise, *bias = self._pointwise().weights(super().output(shape))
        yield pointwise.but(name="pointwise_kernel", behind=True)
        yield from bias

    def output(self, shape: Shape) -> Shape:
        return (*super().output(shape)[:-1], self.filters)

    def saves(self, needs: tuple[bool, ...], learns: bool, *shapes: Shape) -> Saved | None:
        saved = super().saves(needs, learns, *shapes)
        between = product(super().output(shapes[0]))
        return None if saved is None else saved.but(values=saved.values + between)
