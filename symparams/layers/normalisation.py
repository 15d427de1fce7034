"""Normalisation: a scale and a shift, and statistics that are kept or computed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from symparams.algebra import Size, divided, product
from symparams.errors import SymparamsError
from symparams.layers.base import Layer, Requirement, Saved, Shape, Weight, positions
from symparams.layers.options import a_flag, a_size, an_axis, some_axes


class _Affine(Layer):
    """A factor gamma and a summand beta for each place along the normalised axes."""

    scale: bool = a_flag("a factor gamma for each channel", True)
    shift: bool = a_flag("a summand beta for each channel", True)

    def _each(self, shape: Shape) -> Shape:
        """Return the axes that have a factor and a summand of their own."""
        return shape[-1:]

    def weights(self, shape: Shape) -> Iterator[Weight]:
        each = self._each(shape)
        if self.scale:
            yield Weight("gamma", each)
        if self.shift:
            yield Weight("beta", each)


class _Tracked(_Affine):
    """A norm of channels that may keep what it has seen."""

    axis: Any = an_axis("the axis of the channels", -1)
    statistics: bool = a_flag("keep a running mean and variance", True)
    counter: bool = a_flag("keep the number of batches seen, one value", False)

    def _each(self, shape: Shape) -> Shape:
        return tuple(shape[k] for k in sorted(positions(self.axis, shape, self.kind)))

    def weights(self, shape: Shape) -> Iterator[Weight]:
        yield from super().weights(shape)
        if self.statistics:
            yield Weight("moving_mean", self._each(shape), buffer=True)
            yield Weight("moving_variance", self._each(shape), buffer=True)
            if self.counter:
                yield Weight("batches", (), buffer=True)


class BatchNorm(_Tracked, kind="bn"):
    """Batch normalisation (Ioffe & Szegedy 2015, arXiv:1502.03167): ``(…, i) -> (…, i)``.

    Running mean and variance are buffers, not parameters. With ``renorm`` a
    batch is corrected by what was seen before, which keeps three statistics
    more (Ioffe 2017, arXiv:1702.03275). Keras ``BatchNormalization``, torch
    ``nn.BatchNorm1d`` to ``nn.BatchNorm3d``, ``nn.SyncBatchNorm``.
    """

    also: ClassVar[tuple[str, ...]] = ("batchnorm",)
    example = "input(x, y, i) -> bn"

    renorm: bool = a_flag("batch renormalisation", False)

    def weights(self, shape: Shape) -> Iterator[Weight]:
        yield from super().weights(shape)
        if self.renorm:
            for name in ("moving_stddev", "renorm_mean", "renorm_stddev"):
                yield Weight(name, self._each(shape), buffer=True)

    def saves(self, needs: tuple[bool, ...], learns: bool, *shapes: Shape) -> Saved | None:
        if self.renorm:
            return None
        return Saved(inputs=(0,), once=2 * product(self._each(shapes[0])))


class InstanceNorm(_Tracked, kind="instancenorm"):
    """Instance normalisation (Ulyanov et al. 2016, arXiv:1607.08022): ``(n…, i) -> (n…, i)``.

    Every channel of every example has a mean and variance of its own, which
    are kept only where asked for. torch ``nn.InstanceNorm1d`` to ``3d``.
    """

    example = "input(x, y, i) -> instancenorm"

    statistics: bool = a_flag("keep a running mean and variance", False)

    def saves(self, needs: tuple[bool, ...], learns: bool, *shapes: Shape) -> Saved:
        # The mean, the deviation, and the scale and what is tracked again for each example.
        each = 2 + bool(self.scale) + 2 * bool(self.statistics)
        return Saved(inputs=(0,), values=each * product(self._each(shapes[0])))


class GroupNorm(_Affine, kind="groupnorm"):
    """Group normalisation (Wu & He 2018, arXiv:1803.08494): ``(n…, i) -> (n…, i)``.

    The channels in groups, each with a mean and variance over all positions.
    Keras ``GroupNormalization``, torch ``nn.GroupNorm``.
    """

    example = "input(x, y, i) -> groupnorm(g)"

    groups: Size = a_size("g", "groups of channels", place=0)
    axis: Any = an_axis("the axis of the channels", -1)

    def _each(self, shape: Shape) -> Shape:
        return tuple(shape[k] for k in sorted(positions(self.axis, shape, self.kind)))

    def saves(self, needs: tuple[bool, ...], learns: bool, *shapes: Shape) -> Saved:
        return Saved(inputs=(0,), values=2 * self.groups)

    def requires(self, shape: Shape) -> Iterator[Requirement]:
        (channels,) = self._each(shape)
        yield Requirement(
            "integer",
            divided(channels, self.groups),
            f"groups = {self.groups} must divide the channels, {channels}",
        )


class LayerNorm(_Affine, kind="layernorm"):
    """Layer normalisation (Ba et al. 2016, arXiv:1607.06450) over the last axis, or over some.

    ``(…, i) -> (…, i)``; gamma and beta have the axes of ``axis``. Keras
    ``LayerNormalization``, torch ``nn.LayerNorm``.
    """

    example = "input(t, i) -> layernorm"

    axis: Any = some_axes("the axes that are normalised", -1)

    def _each(self, shape: Shape) -> Shape:
        if self.axis == ():
            raise SymparamsError(f"'{self.kind}' needs an axis")
        return tuple(shape[k] for k in sorted(positions(self.axis, shape, self.kind)))

    def _rows(self, shape: Shape) -> Size:
        """Return how many rows have a deviation of their own."""
        along = positions(self.axis, shape, self.kind)
        return product(tuple(size for k, size in enumerate(shape) if k not in along))

    def saves(self, needs: tuple[bool, ...], learns: bool, *shapes: Shape) -> Saved:
        return Saved(inputs=(0,), values=2 * self._rows(shapes[0]))


class RMSNorm(LayerNorm, kind="rmsnorm"):
    """Root-mean-square normalisation (Zhang & Sennrich 2019, arXiv:1910.07467).

    ``(…, i) -> (…, i)``. Keras ``RMSNormalization``, torch ``nn.RMSNorm``.
    """

    example = "input(t, i) -> rmsnorm"

    shift: bool = a_flag("a summand beta for each channel", False)

    def saves(self, needs: tuple[bool, ...], learns: bool, *shapes: Shape) -> Saved:
        # Written out: the normed input is kept for the scale, the rest for the input.
        (shape,) = shapes
        normed = product(shape) if learns and self.scale else 0
        if not needs[0]:
            return Saved(values=normed)
        return Saved(inputs=(0,), values=normed + self._rows(shape))


class UnitNorm(Layer, kind="unitnorm"):
    """Vectors of length 1: ``(…, i) -> (…, i)``, without weights. Keras ``UnitNormalization``."""

    example = "input(t, i) -> unitnorm"

    axis: Any = some_axes("the axes that are normalised", -1)

    def saves(self, needs: tuple[bool, ...], learns: bool, *shapes: Shape) -> Saved:
        # The length of each vector, and the same where it is not too small.
        (shape,) = shapes
        along = positions(self.axis, shape, self.kind)
        lengths = product(tuple(size for k, size in enumerate(shape) if k not in along))
        return Saved(inputs=(0,), values=2 * lengths)

    def requires(self, shape: Shape) -> Iterator[Requirement]:
        positions(self.axis, shape, self.kind)
        yield from ()


class LocalResponseNorm(Layer, kind="localresponsenorm"):
    """Local response normalisation (Krizhevsky et al. 2012): ``(n…, i) -> (n…, i)``.

    Every value is divided by what ``size`` neighbouring channels have at its
    place; no weights. torch ``nn.LocalResponseNorm``.
    """

    example = "input(x, y, i) -> localresponsenorm(5)"

    size: Size = a_size("", "neighbouring channels", place=0)

    def saves(self, needs: tuple[bool, ...], learns: bool, *shapes: Shape) -> Saved:
        # Written out: the squares with zeros around their channels, the base of the power, and
        # the divisor.
        *places, channels = shapes[0]
        padded = channels + self.size - 1
        return Saved(inputs=(0,), values=product(places) * (2 * channels + padded))


class Standardize(Layer, kind="standardize"):
    """Features shifted and scaled by the statistics of a data set: ``(…, i) -> (…, i)``.

    Mean and variance are measured before training, so they are buffers. Keras
    ``Normalization``.
    """

    example = "input(t, i) -> standardize"

    axis: Any = some_axes("the axes with statistics of their own", -1)
    known: bool = a_flag("mean and variance are written down, not kept", False)
    counter: bool = a_flag("keep the number of examples seen, one value", False)

    def weights(self, shape: Shape) -> Iterator[Weight]:
        if self.known:
            return
        each = tuple(shape[k] for k in sorted(positions(self.axis, shape, self.kind)))
        yield Weight("mean", each, buffer=True)
        yield Weight("variance", each, buffer=True)
        if self.counter:
            yield Weight("count", (), buffer=True)
