"""Layers without weights: pools, activation functions and cores as functions of torch.

Every tensor has a batch in front and its channels at the end.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from symparams.frameworks.base import Axes, NotBuilt, batched, spread
from symparams.frameworks.tensors import attended, behind_batch, merged
from symparams.frameworks.torch_layers import (
    KINDS,
    AdaptedModule,
    by_dimension,
    channels_first,
    channels_last,
    functional,
    own,
    torch,
)
from symparams.frameworks.written_calls import (
    even,
    levelled,
    option,
    over_space,
    pointwise,
    put_together,
    writes,
    zeros,
)

#: Kind → the function of torch on every value.
_ELEMENTWISE = {
    "relu": (functional, "relu"),
    "relu6": (functional, "relu6"),
    "leaky_relu": (functional, "leaky_relu"),
    "elu": (functional, "elu"),
    "selu": (functional, "selu"),
    "gelu": (functional, "gelu"),
    "silu": (functional, "silu"),
    "mish": (functional, "mish"),
    "hard_sigmoid": (functional, "hardsigmoid"),
    "hard_swish": (functional, "hardswish"),
    "sigmoid": (torch, "sigmoid"),
    "tanh": (torch, "tanh"),
    "softplus": (functional, "softplus"),
    "softsign": (functional, "softsign"),
    "abs": (torch, "abs"),
    "exp": (torch, "exp"),
    "log": (torch, "log"),
    "sqrt": (torch, "sqrt"),
}


@KINDS.function(*_ELEMENTWISE, pointwise=True)
def elementwise(layer: Any, tensor: Any) -> Any:
    where, name = _ELEMENTWISE[layer.kind]
    return pointwise(getattr(where, name), tensor)


@KINDS.function("softmax", "log_softmax")
def over_last(layer: Any, tensor: Any) -> Any:
    return getattr(functional, layer.kind)(tensor, -1)


@KINDS.function("dropout", options="rate channels", pointwise=True)
def dropout(layer: Any, tensor: Any, training: bool = False) -> Any:
    if not layer.channels:
        return pointwise(lambda one: functional.dropout(one, float(layer.rate), training), tensor)
    axes = (tensor.shape[0], *(1,) * (tensor.ndim - 2), tensor.shape[-1])
    return tensor * functional.dropout(tensor.new_ones(axes), float(layer.rate), training)


@KINDS.function("flatten")
def flatten(layer: Any, tensor: Any) -> Any:
    return tensor.flatten(1)


@KINDS.function("einsum", options="equation")
def einsum(layer: Any, *tensors: Any) -> Any:
    return torch.einsum(batched(layer.equation), *tensors)


# --- pools -----------------------------------------------------------------


@KINDS.function("maxpool", "avgpool", options="window stride pad")
def pool(layer: Any, tensor: Any) -> Any:
    count = tensor.ndim - 2
    window = spread(layer.window, count)
    stride = window if layer.stride is None else spread(layer.stride, count)
    largest = layer.kind == "maxpool"
    by_dimension("MaxPool" if largest else "AvgPool", count)
    made = getattr(functional, f"{'max' if largest else 'avg'}_pool{count}d")
    first = channels_first(tensor)
    window, stride = even(window), even(stride)
    again = option(stride, window)
    if layer.pad == "same":
        if largest:
            first = own.pad_same(first, window, stride, value=-math.inf)
            return channels_last(made(first, window, stride=again))
        # The mean of what is there: padding takes no part in it, as in Keras.
        shares = made(own.pad_same(torch.ones_like(first), window, stride), window, stride=again)
        total = made(own.pad_same(first, window, stride), window, stride=again)
        return channels_last(total / shares)
    pad = 0 if isinstance(layer.pad, str) else even(spread(layer.pad, count))
    return channels_last(made(first, window, stride=again, padding=option(pad, 0)))


@KINDS.function("globalavgpool")
def global_average(layer: Any, tensor: Any) -> Any:
    inner, space = over_space(tensor)
    return inner.mean(space)


@KINDS.function("globalmaxpool")
def global_max(layer: Any, tensor: Any) -> Any:
    inner, space = over_space(tensor)
    return inner.amax(space)


# --- cores that move values --------------------------------------------------


@KINDS.function("split", options="parts axis")
def split(layer: Any, tensor: Any) -> Any:
    axis = behind_batch(layer.axis)
    if len(layer.parts) == 1:
        return torch.tensor_split(tensor, layer.parts[0], axis)
    return torch.split(tensor, list(layer.parts), axis)


@KINDS.function("cat", options="axis")
def cat(layer: Any, *tensors: Any) -> Any:
    return torch.cat(tensors, behind_batch(layer.axis))


@KINDS.function("reshape", options="shape")
def reshape(layer: Any, tensor: Any) -> Any:
    return tensor.reshape(tensor.shape[0], *layer.shape)


@KINDS.function("permute", options="axes")
def permute(layer: Any, tensor: Any) -> Any:
    return tensor.permute(0, *(axis + 1 for axis in layer.axes))


@KINDS.function("take", options="position axis")
def take(layer: Any, tensor: Any) -> Any:
    return tensor.select(behind_batch(layer.axis), layer.position)


@KINDS.function("tile", options="times axis")
def tile(layer: Any, tensor: Any) -> Any:
    times = [1] * tensor.ndim
    times[behind_batch(layer.axis)] = layer.times
    return tensor.repeat(*times)


@KINDS.function("mean", options="axis")
def mean(layer: Any, tensor: Any) -> Any:
    return tensor.mean(behind_batch(layer.axis))


def _sides(amounts: Any, sign: int) -> list[int]:
    """Return the same on both sides of every spatial axis, the last axis first, channels
    untouched.
    """
    return [0, 0, *(sign * a for a in reversed(amounts) for _ in range(2))]


@KINDS.function("pad", options="amount")
def pad(layer: Any, tensor: Any) -> Any:
    return functional.pad(tensor, _sides(spread(layer.amount, tensor.ndim - 2), 1))


@KINDS.function("crop", options="amount")
def crop(layer: Any, tensor: Any) -> Any:
    return functional.pad(tensor, _sides(spread(layer.amount, tensor.ndim - 2), -1))


@KINDS.function("upsample", options="amount")
def upsample(layer: Any, tensor: Any) -> Any:
    factors = even(spread(layer.amount, tensor.ndim - 2))
    return channels_last(functional.interpolate(channels_first(tensor), scale_factor=factors))


def blocks(layer: Any, tensor: Any) -> Any:
    """Return every block of space as one vector, in its place."""
    amounts = spread(layer.amount, tensor.ndim - 2)
    apart = tensor
    for k, amount in enumerate(amounts):
        apart = apart.unflatten(1 + 2 * k, (-1, amount))
    count = len(amounts)
    places, inside = range(1, 2 * count, 2), range(2, 2 * count + 1, 2)
    return apart.permute(0, *places, *inside, 2 * count + 1).flatten(1 + count)


@KINDS.function("space_to_depth", options="amount")
def space_to_depth(layer: Any, tensor: Any) -> Any:
    return blocks(layer, tensor)


@KINDS.function("fold", options="size kernel stride pad dilation")
def fold(layer: Any, tensor: Any) -> Any:
    size = layer.size if isinstance(layer.size, tuple) else (layer.size,)
    if len(size) > 2:
        raise NotBuilt("not built: torch's nn.Fold makes images of one or two axes")
    window, stride, pad, dilation = (
        spread(value, len(size))
        for value in (layer.kernel, layer.stride, layer.pad, layer.dilation)
    )
    flat = len(size) == 1  # an image of one row
    values = (size, window, dilation, pad, stride)
    rest = (1, 1, 1, 0, 1)
    given = [(one, *value) if flat else value for one, value in zip(rest, values, strict=True)]
    made = functional.fold(tensor.movedim(-1, 1), *given)
    return channels_last(made.squeeze(2) if flat else made)


@KINDS.function("patches", options="amount")
def patches(layer: Any, tensor: Any) -> Any:
    return blocks(layer, tensor).flatten(1, -2)


# --- attention and scans -------------------------------------------------------


@KINDS.function("attend", options="heads kv_heads bias causal window blocks")
def attend(layer: Any, q: Any, k: Any, v: Any, bias: Any = None) -> Any:
    return attended(own, layer, q, k, v, bias)


@KINDS.function("scan")
def scan(layer: Any, x: Any, dt: Any, a: Any, b: Any, c: Any, d: Any) -> Any:
    return own.scan(x, dt, a, b, c, d)


# --- a shared matrix -----------------------------------------------------------


@KINDS.function("transposed", options="rows")
def transposed(layer: Any, tensor: Any, matrix: Any) -> Any:
    """Return ``E.T``: ``matrix`` is (rows, columns) of what takes integers or vectors to
    vectors.
    """
    return functional.linear(tensor, matrix)


# --- what stands between layers --------------------------------------------------


def merge(op: str, tensors: Sequence[Any]) -> Any:
    """Return tensors joined by ``+ - * |`` or ``ave``."""
    return put_together(torch.cat, tensors) if op == "|" else merged(op, tensors, level)


def level(left: Any, right: Any) -> tuple[Any, Any]:
    """Return two tensors with as many axes: what is missing is put in behind the batch."""
    if writes():
        return levelled(left, right)
    rank = max(left.ndim, right.ndim)
    left, right = (
        t.reshape(t.shape[0], *(1,) * (rank - t.ndim), *t.shape[1:]) for t in (left, right)
    )
    return left, right


def blank(axes: Axes, like: Any) -> Any:
    """Return zeros for every example of the batch that ``like`` has."""
    return zeros(torch.zeros(like.shape[0], *axes, device=like.device), axes)


def backwards(tensor: Any, axis: int) -> Any:
    """Return a sequence from its end; the time is an ``axis`` of one example."""
    return tensor.flip(behind_batch(axis))


def mixture(scores: Any, outputs: Any, top: int) -> Any:
    """Return experts' outputs, those with the best scores weighed by them."""
    return own.mixture(scores, outputs, top)


def matrix(made: AdaptedModule) -> Any:
    """Return the matrix of an embedding or dense layer, as (rows, columns)."""
    dense = made.layer.kind in ("dense", "linear")
    return made.inner.weight.T if dense else made.inner.weight


class TorchTensors:
    """What torch does to tensors between layers: with its tensors, or written down."""

    blank = staticmethod(blank)
    merge = staticmethod(merge)
    backwards = staticmethod(backwards)
    mixture = staticmethod(mixture)
