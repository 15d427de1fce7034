"""Layers without weights: pools, activation functions and cores as operations of Keras.

Every tensor has a batch in front and its channels at the end.
"""

from __future__ import annotations

import math
from itertools import accumulate
from typing import Any

from keras import activations, layers, ops

from symparams.frameworks.base import Axes, relative_rows, spread, unseen_keys
from symparams.frameworks.keras_layers import KINDS, by_dimension, cropped, spatial_pads
from symparams.frameworks.tensors import behind_batch, on_meta
from symparams.layers import is_table

_ELEMENTWISE = {
    "relu": activations.relu,
    "relu6": activations.relu6,
    "leaky_relu": activations.leaky_relu,
    "elu": activations.elu,
    "selu": activations.selu,
    "gelu": activations.gelu,
    "silu": activations.silu,
    "mish": activations.mish,
    "hard_sigmoid": activations.hard_sigmoid,
    "hard_swish": activations.hard_swish,
    "sigmoid": activations.sigmoid,
    "tanh": activations.tanh,
    "softmax": activations.softmax,
    "log_softmax": activations.log_softmax,
    "softplus": activations.softplus,
    "softsign": activations.softsign,
    "abs": ops.abs,
    "exp": ops.exp,
    "log": ops.log,
    "sqrt": ops.sqrt,
}


@KINDS.function(*_ELEMENTWISE)
def elementwise(layer: Any, tensor: Any) -> Any:
    return _ELEMENTWISE[layer.kind](tensor)


@KINDS.function("dropout", options="rate channels")
def dropout(layer: Any, tensor: Any) -> Any:
    axes = (None, *(1,) * (len(tensor.shape) - 2), None) if layer.channels else None
    return layers.Dropout(float(layer.rate), noise_shape=axes)(tensor)


@KINDS.function("flatten")
def flatten(layer: Any, tensor: Any) -> Any:
    return ops.reshape(tensor, (-1, math.prod(tensor.shape[1:])))


# --- pools -----------------------------------------------------------------


@KINDS.function("maxpool", "avgpool", options="window stride pad")
def pool(layer: Any, tensor: Any) -> Any:
    count = len(tensor.shape) - 2
    window = spread(layer.window, count)
    stride = window if layer.stride is None else spread(layer.stride, count)
    largest = layer.kind == "maxpool"
    made = by_dimension("MaxPooling#" if largest else "AveragePooling#", count)
    word = layer.pad if isinstance(layer.pad, str) else "valid"
    if not isinstance(layer.pad, str):
        least = -math.inf if largest else 0.0
        pads = spatial_pads(spread(layer.pad, count))
        tensor = ops.pad(tensor, pads, constant_values=least)
    return made(window, strides=stride, padding=word)(tensor)


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
    ends = list(accumulate(layer.parts))  # ops.split takes no list on the meta device
    cuts = (slice(a, b) for a, b in zip([0, *ends], ends, strict=False))
    return [tensor[(*(slice(None),) * axis, cut)] for cut in cuts]


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
    place = layer.position % tensor.shape[axis]
    return tensor[(*(slice(None),) * axis, place)]


@KINDS.function("tile", options="times axis")
def tile(layer: Any, tensor: Any) -> Any:
    return ops.concatenate([tensor] * layer.times, behind_batch(layer.axis))


@KINDS.function("mean", options="axis")
def mean(layer: Any, tensor: Any) -> Any:
    return ops.mean(tensor, behind_batch(layer.axis))


@KINDS.function("pad", options="amount")
def pad(layer: Any, tensor: Any) -> Any:
    return ops.pad(tensor, spatial_pads(spread(layer.amount, len(tensor.shape) - 2)))


@KINDS.function("crop", options="amount")
def crop(layer: Any, tensor: Any) -> Any:
    return cropped(tensor, spread(layer.amount, len(tensor.shape) - 2))


def repeated(tensor: Any, axis: int, times: int) -> Any:
    """Return every value of an axis several times; ops.repeat does not run on the meta device."""
    if times == 1:
        return tensor
    shape = tensor.shape
    many = ops.concatenate([ops.expand_dims(tensor, axis + 1)] * times, axis + 1)
    return ops.reshape(many, (-1, *shape[1:axis], shape[axis] * times, *shape[axis + 1 :]))


@KINDS.function("upsample", options="amount")
def upsample(layer: Any, tensor: Any) -> Any:
    for axis, times in enumerate(spread(layer.amount, len(tensor.shape) - 2), 1):
        tensor = repeated(tensor, axis, times)
    return tensor


def blocks(layer: Any, tensor: Any, flat: bool) -> Any:
    """Return every block of space as one vector, in its place; places in a row if ``flat``."""
    *spatial, channels = tensor.shape[1:]
    amounts = spread(layer.amount, len(spatial))
    counts = [n // a for n, a in zip(spatial, amounts, strict=True)]
    pairs = [size for pair in zip(counts, amounts, strict=True) for size in pair]
    apart = ops.reshape(tensor, (-1, *pairs, channels))
    last = len(pairs) + 1
    order = (0, *range(1, last, 2), *range(2, last, 2), last)
    places = (math.prod(counts),) if flat else tuple(counts)
    width = math.prod(amounts) * channels
    return ops.reshape(ops.transpose(apart, order), (-1, *places, width))


@KINDS.function("space_to_depth", options="amount")
def space_to_depth(layer: Any, tensor: Any) -> Any:
    return blocks(layer, tensor, flat=False)


@KINDS.function("patches", options="amount")
def patches(layer: Any, tensor: Any) -> Any:
    return blocks(layer, tensor, flat=True)


# --- attention and scans -------------------------------------------------------


@KINDS.function("attend", options="heads kv_heads bias causal window blocks")
def attend(layer: Any, q: Any, k: Any, v: Any, bias: Any = None) -> Any:
    import numpy as np

    heads = layer.heads
    kv_heads = heads if layer.kv_heads is None else layer.kv_heads
    front = tuple(q.shape[1:-2])

    def apart(tensor: Any, count: int) -> Any:
        time, width = tensor.shape[-2:]
        split_up = ops.reshape(tensor, (-1, *front, time, count, width // count))
        return repeated(split_up, len(front) + 2, heads // count)

    query, key, value = apart(q, heads), apart(k, kv_heads), apart(v, kv_heads)
    scores = ops.einsum("...shd,...thd->...hst", query, key) / math.sqrt(query.shape[-1])
    if bias is not None:
        shape = (*front, heads, query.shape[-3], key.shape[-3])
        added = of_scores(bias, shape)
        more = (1,) * (len(shape) + 1 - len(added.shape))
        scores = scores + ops.reshape(added, (-1, *more, *added.shape[1:]))
    rows, columns = (np.arange(x.shape[-3]) for x in (query, key))
    hidden = unseen_keys(layer, rows[:, None], columns[None])
    if hidden is not None:
        scores = ops.where(hidden, -math.inf, scores)
    made = ops.einsum("...hst,...thd->...shd", ops.softmax(scores), value)
    return ops.reshape(made, (-1, *front, made.shape[-3], heads * made.shape[-1]))


def of_scores(bias: Any, scores: Axes) -> Any:
    """Return a bias that broadcasts onto the scores; a table (rows, heads) by position."""
    import numpy as np

    if not is_table(tuple(bias.shape[1:]), scores):
        return bias
    queries, keys = scores[-2:]
    q, k = np.arange(queries)[:, None], np.arange(keys)[None]
    rows = relative_rows(q, k, bias.shape[-2])
    return ops.transpose(ops.take(bias, rows, 1), (0, 3, 1, 2))


class ScanLayer(layers.Layer):
    """h' = exp(-dt·A)·h + dt·B·x, y = C·h + D·x, step by step (Gu & Dao 2023, algorithm 2)."""

    def call(self, tensors: Any) -> Any:
        """Return the sequence y."""
        x, dt, a, b, c, d = tensors
        decay = ops.exp(-ops.expand_dims(dt, -1) * ops.expand_dims(a, 1))
        states = ops.expand_dims(dt * x, -1) * ops.expand_dims(b, 2)
        if not on_meta(x):  # a meta tensor has no values to go through, only this shape
            state, kept = ops.zeros_like(states[:, 0]), []
            for step in range(x.shape[1]):
                state = decay[:, step] * state + states[:, step]
                kept.append(state)
            states = ops.stack(kept, 1)
        return ops.einsum("btdn,btn->btd", states, c) + ops.expand_dims(d, 1) * x

    def compute_output_shape(self, shapes: Any) -> Any:
        """Return the shape of x."""
        return shapes[0]


@KINDS.function("scan")
def scan(layer: Any, *tensors: Any) -> Any:
    return ScanLayer()(list(tensors))


@KINDS.function("transposed", options="rows")
def transposed(layer: Any, tensor: Any, matrix: Any) -> Any:
    return ops.matmul(tensor, ops.transpose(matrix))
