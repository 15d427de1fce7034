"""Layers without weights: pools, activation functions and cores as operations of Keras.

Every tensor has a batch in front and its channels at the end.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from symparams.algebra import product
from symparams.frameworks.base import Axes, spread
from symparams.frameworks.keras_layers import (
    KINDS,
    AdaptedLayer,
    by_dimension,
    layers,
    ops,
    own,
    spatial_pads,
)
from symparams.frameworks.tensors import attended, behind_batch, merged
from symparams.frameworks.written_calls import (
    Api,
    even,
    known_axes,
    levelled,
    option,
    pointwise,
    put_together,
    writes,
    zeros,
)

activations = Api("keras.activations", "activations")

#: Kind → the function of Keras on every value.
ELEMENTWISE = {
    "relu": (activations, "relu"),
    "relu6": (activations, "relu6"),
    "leaky_relu": (activations, "leaky_relu"),
    "elu": (activations, "elu"),
    "selu": (activations, "selu"),
    "gelu": (activations, "gelu"),
    "silu": (activations, "silu"),
    "mish": (activations, "mish"),
    "hard_sigmoid": (activations, "hard_sigmoid"),
    "hard_swish": (activations, "hard_swish"),
    "sigmoid": (activations, "sigmoid"),
    "tanh": (activations, "tanh"),
    "softplus": (activations, "softplus"),
    "softsign": (activations, "softsign"),
    "abs": (ops, "abs"),
    "exp": (ops, "exp"),
    "log": (ops, "log"),
    "sqrt": (ops, "sqrt"),
}


@KINDS.function(*ELEMENTWISE, pointwise=True)
def elementwise(layer: Any, tensor: Any) -> Any:
    where, name = ELEMENTWISE[layer.kind]
    return pointwise(getattr(where, name), tensor)


@KINDS.function("softmax", "log_softmax")
def over_last(layer: Any, tensor: Any) -> Any:
    return getattr(activations, layer.kind)(tensor)


@KINDS.layer("dropout", options="rate channels")
def dropout(layer: Any, axes: Axes, name: str) -> AdaptedLayer:
    noise = (None, *(1,) * (len(axes) - 1), None) if layer.channels else None
    return AdaptedLayer(layers.Dropout(float(layer.rate), noise_shape=noise, name=name), {})


@KINDS.function("flatten")
def flatten(layer: Any, tensor: Any) -> Any:
    return ops.reshape(tensor, (-1, product(known_axes(tensor))))


# --- pools -----------------------------------------------------------------


@KINDS.function("maxpool", "avgpool", options="window stride pad")
def pool(layer: Any, tensor: Any) -> Any:
    count = len(tensor.shape) - 2
    window = spread(layer.window, count)
    stride = window if layer.stride is None else spread(layer.stride, count)
    largest = layer.kind == "maxpool"
    by_dimension("MaxPooling#" if largest else "AveragePooling#", count)
    made = ops.max_pool if largest else ops.average_pool
    word = layer.pad if isinstance(layer.pad, str) else "valid"
    if not isinstance(layer.pad, str):
        pads = spatial_pads(spread(layer.pad, count))
        least = option(float("-inf") if largest else 0.0, 0.0)
        tensor = ops.pad(tensor, pads, constant_values=least)
    again = option(even(stride), even(window))
    return made(tensor, even(window), strides=again, padding=option(word, "valid"))


@KINDS.function("globalavgpool")
def global_average(layer: Any, tensor: Any) -> Any:
    return ops.mean(tensor, tuple(range(1, len(tensor.shape) - 1)))


@KINDS.function("globalmaxpool")
def global_max(layer: Any, tensor: Any) -> Any:
    return ops.max(tensor, tuple(range(1, len(tensor.shape) - 1)))


# --- cores that move values --------------------------------------------------


@KINDS.function("split", options="parts axis")
def split(layer: Any, tensor: Any) -> Any:
    axis = behind_batch(layer.axis) % len(tensor.shape)
    if len(layer.parts) == 1:
        return ops.split(tensor, layer.parts[0], axis)
    return own.split(tensor, list(layer.parts), axis)  # ops.split takes no list on meta


@KINDS.function("cat", options="axis")
def cat(layer: Any, *tensors: Any) -> Any:
    return ops.concatenate(list(tensors), behind_batch(layer.axis))


@KINDS.function("reshape", options="shape")
def reshape(layer: Any, tensor: Any) -> Any:
    return ops.reshape(tensor, (-1, *layer.shape))


@KINDS.function("permute", options="axes")
def permute(layer: Any, tensor: Any) -> Any:
    return ops.transpose(tensor, (0, *(axis + 1 for axis in layer.axes)))


@KINDS.function("take", options="position axis")
def take(layer: Any, tensor: Any) -> Any:
    axis = behind_batch(layer.axis) % len(tensor.shape)
    length = known_axes(tensor)[axis - 1]
    place = layer.position % length if isinstance(length, int) else layer.position
    return tensor[(*(slice(None),) * axis, place)]


@KINDS.function("tile", options="times axis")
def tile(layer: Any, tensor: Any) -> Any:
    times = [1] * len(tensor.shape)
    times[behind_batch(layer.axis)] = layer.times
    return ops.tile(tensor, times)


@KINDS.function("mean", options="axis")
def mean(layer: Any, tensor: Any) -> Any:
    return ops.mean(tensor, behind_batch(layer.axis))


@KINDS.function("pad", options="amount")
def pad(layer: Any, tensor: Any) -> Any:
    return ops.pad(tensor, spatial_pads(spread(layer.amount, len(tensor.shape) - 2)))


@KINDS.function("crop", options="amount")
def crop(layer: Any, tensor: Any) -> Any:
    return own.crop(tensor, even(spread(layer.amount, len(tensor.shape) - 2)))


@KINDS.function("upsample", options="amount")
def upsample(layer: Any, tensor: Any) -> Any:
    for axis, times in enumerate(spread(layer.amount, len(tensor.shape) - 2), 1):
        tensor = tensor if times == 1 else own.repeat(tensor, axis, times)
    return tensor


@KINDS.function("space_to_depth", options="amount")
def space_to_depth(layer: Any, tensor: Any) -> Any:
    return own.blocks(tensor, even(spread(layer.amount, len(tensor.shape) - 2)))


@KINDS.function("patches", options="amount")
def patches(layer: Any, tensor: Any) -> Any:
    return own.blocks(tensor, even(spread(layer.amount, len(tensor.shape) - 2)), flat=True)


# --- attention and scans -------------------------------------------------------


@KINDS.function("attend", options="heads kv_heads bias causal window blocks")
def attend(layer: Any, q: Any, k: Any, v: Any, bias: Any = None) -> Any:
    return attended(own, layer, q, k, v, bias)


@KINDS.function("scan")
def scan(layer: Any, *tensors: Any) -> Any:
    return own.scan(*tensors)


@KINDS.function("transposed", options="rows")
def transposed(layer: Any, tensor: Any, matrix: Any) -> Any:
    return ops.matmul(tensor, ops.transpose(matrix))


# --- what stands between layers --------------------------------------------------


def merge(op: str, tensors: Sequence[Any]) -> Any:
    """Return tensors joined by ``+ - * |`` or ``ave``."""
    return put_together(ops.concatenate, tensors) if op == "|" else merged(op, tensors, level)


def level(left: Any, right: Any) -> tuple[Any, Any]:
    """Return two tensors with as many axes: what is missing is put in behind the batch."""
    if writes():
        return levelled(left, right)
    rank = max(len(left.shape), len(right.shape))
    left, right = (
        t
        if len(t.shape) == rank
        else ops.reshape(t, (-1, *(1,) * (rank - len(t.shape)), *t.shape[1:]))
        for t in (left, right)
    )
    return left, right


def blank(axes: Axes, like: Any) -> Any:
    """Return zeros for every example of the batch that ``like`` has."""
    return zeros(own.zeros(axes, like), axes)


def backwards(tensor: Any, axis: int) -> Any:
    """Return a sequence from its end; the time is an ``axis`` of one example."""
    return ops.flip(tensor, behind_batch(axis))


def mixture(scores: Any, outputs: Any, top: int) -> Any:
    """Return experts' outputs, those with the best scores weighed by them."""
    return own.mixture(scores, outputs, top)


class KerasTensors:
    """What Keras does to tensors between layers: with its tensors, or written down."""

    blank = staticmethod(blank)
    merge = staticmethod(merge)
    backwards = staticmethod(backwards)
    mixture = staticmethod(mixture)
