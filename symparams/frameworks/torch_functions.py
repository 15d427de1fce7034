"""Layers without weights: pools, activation functions and cores as functions of torch.

Every tensor has a batch in front and its channels at the end.
"""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import nn
from torch.nn import functional

from symparams.frameworks.base import Axes, NotBuilt, batched, relative_rows, spread, unseen_keys
from symparams.frameworks.tensors import behind_batch
from symparams.frameworks.torch_layers import (
    KINDS,
    by_dimension,
    channels_first,
    channels_last,
    same_pads,
)
from symparams.layers import is_table

_ELEMENTWISE = {
    "relu": functional.relu,
    "relu6": functional.relu6,
    "leaky_relu": functional.leaky_relu,
    "elu": functional.elu,
    "selu": functional.selu,
    "gelu": functional.gelu,
    "silu": functional.silu,
    "mish": functional.mish,
    "hard_sigmoid": functional.hardsigmoid,
    "hard_swish": functional.hardswish,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "softplus": functional.softplus,
    "softsign": functional.softsign,
    "abs": torch.abs,
    "exp": torch.exp,
    "log": torch.log,
    "sqrt": torch.sqrt,
}
_OVER_LAST = {"softmax": functional.softmax, "log_softmax": functional.log_softmax}


@KINDS.function(*_ELEMENTWISE)
def elementwise(layer: Any, tensor: Any) -> Any:
    return _ELEMENTWISE[layer.kind](tensor)


@KINDS.function(*_OVER_LAST)
def over_last(layer: Any, tensor: Any) -> Any:
    return _OVER_LAST[layer.kind](tensor, -1)


@KINDS.function("dropout", options="rate channels")
def dropout(layer: Any, tensor: Any, training: bool = False) -> Any:
    if not layer.channels:
        return functional.dropout(tensor, float(layer.rate), training)
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
    module = by_dimension("MaxPool" if largest else "AvgPool", count)
    first = channels_first(tensor)
    if layer.pad == "same":
        pads = same_pads(tuple(first.shape[2:]), window, stride, (1,) * count, False)
        if largest:
            first = functional.pad(first, pads, value=-math.inf)
            return channels_last(module(window, stride)(first))
        # The mean of what is there: padding takes no part in it, as in Keras.
        shares = module(window, stride)(functional.pad(torch.ones_like(first), pads))
        return channels_last(module(window, stride)(functional.pad(first, pads)) / shares)
    pad = 0 if isinstance(layer.pad, str) else spread(layer.pad, count)
    return channels_last(module(window, stride, pad)(first))


@KINDS.function("globalavgpool")
def global_average(layer: Any, tensor: Any) -> Any:
    return tensor.mean(tuple(range(1, tensor.ndim - 1)))


@KINDS.function("globalmaxpool")
def global_max(layer: Any, tensor: Any) -> Any:
    return tensor.amax(tuple(range(1, tensor.ndim - 1)))


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
    return torch.cat([tensor] * layer.times, behind_batch(layer.axis))


@KINDS.function("mean", options="axis")
def mean(layer: Any, tensor: Any) -> Any:
    return tensor.mean(behind_batch(layer.axis))


def _sides(amounts: Axes, sign: int) -> list[int]:
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
    factors = tuple(map(float, spread(layer.amount, tensor.ndim - 2)))
    return channels_last(nn.Upsample(scale_factor=factors)(channels_first(tensor)))


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
    heads = layer.heads
    kv_heads = heads if layer.kv_heads is None else layer.kv_heads

    def apart(tensor: Any, count: int) -> Any:
        split_up = tensor.unflatten(-1, (count, -1)).transpose(-2, -3)
        return split_up if count == heads else split_up.repeat_interleave(heads // count, -3)

    query, key, value = apart(q, heads), apart(k, kv_heads), apart(v, kv_heads)
    added = None
    if bias is not None:
        added = of_scores(bias, (*query.shape[1:-1], key.shape[-2]))
        added = added.reshape(added.shape[0], *(1,) * (query.ndim - added.ndim), *added.shape[1:])
    rows, columns = (torch.arange(x.shape[-2], device=q.device) for x in (query, key))
    hidden = unseen_keys(layer, rows[:, None], columns[None])
    if hidden is not None:
        mask = torch.zeros_like(hidden, dtype=query.dtype).masked_fill(hidden, -math.inf)
        added = mask if added is None else added + mask
    made = functional.scaled_dot_product_attention(query, key, value, attn_mask=added)
    return made.transpose(-2, -3).flatten(-2)


def of_scores(bias: Any, scores: Axes) -> Any:
    """Return a bias that broadcasts onto the scores; a table (rows, heads) by position."""
    if not is_table(tuple(bias.shape[1:]), scores):
        return bias
    q, k = (torch.arange(n, device=bias.device) for n in scores[-2:])
    return bias[:, relative_rows(q[:, None], k[None], bias.shape[-2])].permute(0, 3, 1, 2)


@KINDS.function("scan")
def scan(layer: Any, x: Any, dt: Any, a: Any, b: Any, c: Any, d: Any) -> Any:
    """Return h' = exp(-dt·A)·h + dt·B·x, y = C·h + D·x, step by step (Gu & Dao 2023, algorithm
    2).
    """
    decay = torch.exp(-dt.unsqueeze(-1) * a.unsqueeze(1))
    entering = (dt * x).unsqueeze(-1) * b.unsqueeze(2)
    states = entering
    if not x.is_meta:  # a meta tensor has no values to go through, only this shape
        state, kept = torch.zeros_like(entering[:, 0]), []
        for step in range(x.shape[1]):
            state = decay[:, step] * state + entering[:, step]
            kept.append(state)
        states = torch.stack(kept, 1)
    return torch.einsum("btdn,btn->btd", states, c) + d.unsqueeze(1) * x


# --- a shared matrix -----------------------------------------------------------


@KINDS.function("transposed", options="rows")
def transposed(layer: Any, tensor: Any, matrix: Any) -> Any:
    """Return ``E.T``: ``matrix`` is (rows, columns) of what takes integers or vectors to
    vectors.
    """
    return functional.linear(tensor, matrix)
