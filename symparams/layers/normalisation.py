"""Normalisation: a scale and a shift a channel, and running statistics."""

from __future__ import annotations

from collections.abc import Iterator

from symparams.layers.base import Layer, Shape, Weight, a_flag


class BatchNorm(Layer, kind="bn"):
    """Batch normalisation (Ioffe & Szegedy 2015, arXiv:1502.03167): ``(…, i) -> (…, i)``.

    Running mean and variance are buffers, not parameters. Keras
    ``BatchNormalization``, torch ``nn.BatchNorm2d``.
    """

    example = "input(x, y, i) -> bn"

    scale: bool = a_flag("a factor gamma a channel", True)
    shift: bool = a_flag("a summand beta a channel", True)
    statistics: bool = a_flag("keep a running mean and variance", True)
    counter: bool = a_flag("keep the number of batches seen, one value", False)

    def weights(self, shape: Shape) -> Iterator[Weight]:
        channels = shape[-1]
        if self.scale:
            yield Weight("gamma", (channels,))
        if self.shift:
            yield Weight("beta", (channels,))
        if self.statistics:
            yield Weight("moving_mean", (channels,), buffer=True)
            yield Weight("moving_variance", (channels,), buffer=True)
            if self.counter:
                yield Weight("batches", (), buffer=True)


class LayerNorm(Layer, kind="layernorm"):
    """Layer normalisation (Ba et al. 2016, arXiv:1607.06450) over the last axis.

    ``(…, i) -> (…, i)``. Keras ``LayerNormalization``, torch ``nn.LayerNorm``.
    """

    example = "input(t, i) -> layernorm"

    scale: bool = a_flag("a factor gamma a feature", True)
    shift: bool = a_flag("a summand beta a feature", True)

    def weights(self, shape: Shape) -> Iterator[Weight]:
        if self.scale:
            yield Weight("gamma", (shape[-1],))
        if self.shift:
            yield Weight("beta", (shape[-1],))


class RMSNorm(LayerNorm, kind="rmsnorm"):
    """Root-mean-square normalisation (Zhang & Sennrich 2019, arXiv:1910.07467).

    ``(…, i) -> (…, i)``. Keras ``RMSNormalization``, torch ``nn.RMSNorm``.
    """

    example = "input(t, i) -> rmsnorm"

    shift: bool = a_flag("a summand beta a feature", False)
