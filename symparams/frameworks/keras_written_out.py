"""What Keras has no function for, over tensors with a batch in front.

The text of an exported module contains what it uses of these, word by word: no
line may be longer than 88, and they refer to Keras and to each other alone.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from keras import layers, ops

from symparams.frameworks.written_out import relative_rows, unseen_keys


def repeat(tensor: Any, axis: int, times: int) -> Any:
    """Return every value of an axis several times."""
    if times == 1:
        return tensor
    shape = tensor.shape
    many = ops.concatenate([ops.expand_dims(tensor, axis + 1)] * times, axis + 1)
    longer = (*shape[1:axis], shape[axis] * times, *shape[axis + 1 :])
    return ops.reshape(many, (-1, *longer))


def crop(tensor: Any, amounts: int | tuple[int, ...]) -> Any:
    """Cut off so many values on both sides of every spatial axis."""
    for axis, n in enumerate(tensor.shape[1:-1], 1):
        cut = amounts if isinstance(amounts, int) else amounts[axis - 1]
        if cut:
            tensor = tensor[(slice(None),) * axis + (slice(cut, n - cut),)]
    return tensor


def split(tensor: Any, sizes: list[int], axis: int) -> list[Any]:
    """Return consecutive parts of these sizes along an axis."""
    found, start = [], 0
    for size in sizes:
        part = slice(start, start + size)
        found.append(tensor[(slice(None),) * axis + (part,)])
        start += size
    return found


def blocks(tensor: Any, amount: int | tuple[int, ...], flat: bool = False) -> Any:
    """Return every block of space as one vector, in its place; in a row if ``flat``."""
    *spatial, channels = tensor.shape[1:]
    amounts = (amount,) * len(spatial) if isinstance(amount, int) else amount
    counts = [n // a for n, a in zip(spatial, amounts, strict=True)]
    pairs = [size for pair in zip(counts, amounts, strict=True) for size in pair]
    last = len(pairs) + 1
    order = (0, *range(1, last, 2), *range(2, last, 2), last)
    apart = ops.transpose(ops.reshape(tensor, (-1, *pairs, channels)), order)
    places = (math.prod(counts),) if flat else tuple(counts)
    return ops.reshape(apart, (-1, *places, math.prod(amounts) * channels))


def attend(
    q: Any,
    k: Any,
    v: Any,
    heads: int,
    kv_heads: int | None = None,
    bias: Any = None,
    causal: bool = False,
    window: int | None = None,
    blocks: int | None = None,
) -> Any:
    """Return scaled dot-product attention on (batch, ..., time, width), in heads.

    A bias (batch, ...) is added to the scores.
    """
    front = tuple(q.shape[1:-2])
    several = kv_heads or heads

    def apart(tensor: Any, count: int) -> Any:
        time, width = tensor.shape[-2:]
        shape = (-1, *front, time, count, width // count)
        return repeat(ops.reshape(tensor, shape), len(front) + 2, heads // count)

    query, key, value = apart(q, heads), apart(k, several), apart(v, several)
    query = query / math.sqrt(query.shape[-1])
    scores = ops.einsum("...shd,...thd->...hst", query, key)
    if bias is not None:
        more = (1,) * (len(scores.shape) - len(bias.shape))
        scores = scores + ops.reshape(bias, (-1, *more, *bias.shape[1:]))
    rows = np.arange(query.shape[-3])[:, None]
    columns = np.arange(key.shape[-3])[None]
    hidden = unseen_keys(rows, columns, causal, window, blocks)
    if hidden is not None:
        scores = ops.where(hidden, -math.inf, scores)
    made = ops.einsum("...hst,...thd->...shd", ops.softmax(scores), value)
    return ops.reshape(made, (-1, *front, made.shape[-3], heads * made.shape[-1]))


def relative_bias(table: Any, queries: int, keys: int) -> Any:
    """Return a table (batch, rows, heads) as a bias of scores, by position."""
    q, k = np.arange(queries)[:, None], np.arange(keys)[None]
    rows = relative_rows(q, k, table.shape[-2])
    return ops.transpose(ops.take(table, rows, 1), (0, 3, 1, 2))


class ScanLayer(layers.Layer):
    """h' = exp(-dt*A)*h + dt*B*x, y = C*h + D*x, step by step.

    Gu & Dao 2023, arXiv:2312.00752, algorithm 2.
    """

    def call(self, tensors: Any) -> Any:
        """Return the sequence y."""
        x, dt, a, b, c, d = tensors
        decay = ops.exp(-ops.expand_dims(dt, -1) * ops.expand_dims(a, 1))
        states = ops.expand_dims(dt * x, -1) * ops.expand_dims(b, 2)
        if not getattr(x, "is_meta", False):  # which has no values, only this shape
            state, kept = ops.zeros_like(states[:, 0]), []
            for step in range(x.shape[1]):
                state = decay[:, step] * state + states[:, step]
                kept.append(state)
            states = ops.stack(kept, 1)
        return ops.einsum("btdn,btn->btd", states, c) + ops.expand_dims(d, 1) * x

    def compute_output_shape(self, shapes: Any) -> Any:
        """Return the shape of x."""
        return shapes[0]


def scan(*tensors: Any) -> Any:
    """Return a selective scan of x, dt, A, B, C and D."""
    return ScanLayer()(list(tensors))


def mixture(scores: Any, outputs: list[Any], top: int) -> Any:
    """Return the outputs of experts, those of the best scores weighed by them."""
    best, chosen = ops.top_k(scores, top)
    placed = ops.one_hot(chosen, len(outputs), dtype=best.dtype)
    shares = ops.sum(placed * ops.expand_dims(ops.softmax(best), -1), -2)
    made = shares[..., :1] * outputs[0]
    for number, output in enumerate(outputs[1:], 1):
        made = made + shares[..., number : number + 1] * output
    return made


def zeros(axes: tuple[int, ...], like: Any) -> Any:
    """Return zeros for every example of the batch that ``like`` has."""
    size = math.prod(like.shape[1:])
    one = ops.cast(ops.reshape(like, (-1, size))[:, :1], "float32") * 0.0
    return ops.tile(ops.reshape(one, (-1, *(1,) * len(axes))), (1, *axes))


# What is exported calls it by its name, `written_calls.with_batch`.
def for_batch(weight: Any, like: Any) -> Any:
    """Return a weight for every example of the batch that ``like`` has."""
    return zeros(tuple(weight.shape), like) + ops.cast(weight, "float32")
