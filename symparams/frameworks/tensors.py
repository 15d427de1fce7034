"""What is done to tensors of every framework alike: batches, sequences, what joins them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from symparams.frameworks.written_calls import known_axes, option, writes
from symparams.layers import is_table

#: Steps that are gone through where tensors have shapes only, which are the same at every step.
MEASURED_STEPS = 8


def on_meta(tensor: Any) -> bool:
    """Tell whether a tensor has a shape and no values."""
    return bool(getattr(tensor, "is_meta", False))


def short(sequence: Any) -> Any:
    """Return a batch of sequences (batch, time, …); its first steps, where it has a shape only."""
    return sequence[:, :MEASURED_STEPS] if on_meta(sequence) else sequence


def lengthened(sequence: Any, steps: int) -> Any:
    """Return what was made of the first steps, as long as what was made of all would be."""
    if writes() or sequence.shape[1] == steps:
        return sequence
    return sequence.new_empty((sequence.shape[0], steps, *sequence.shape[2:]))


def behind_batch(axis: int) -> int:
    """Return an axis of one example, in a batch; one from the end stays."""
    return axis if axis < 0 else axis + 1


def merged(op: str, tensors: Sequence[Any], level: Callable[[Any, Any], tuple[Any, Any]]) -> Any:
    """Return tensors under ``+ - *`` or ``ave``; ``level`` gives two of them as many axes."""
    made, *others = tensors
    for other in others:
        left, right = level(made, other)
        made = left * right if op == "*" else left - right if op == "-" else left + right
    return made / len(tensors) if op == "ave" else made


def attended(own: Any, layer: Any, q: Any, k: Any, v: Any, bias: Any) -> Any:
    """Return attention as a layer says it, by a framework's ``own`` functions; a table
    (rows, heads) becomes a bias by position.
    """
    if bias is not None:
        scores = (layer.heads, known_axes(q)[-2], known_axes(k)[-2])
        if is_table(known_axes(bias), scores):
            bias = own.relative_bias(bias, q.shape[-2], k.shape[-2])
    return own.attend(
        q,
        k,
        v,
        layer.heads,
        kv_heads=option(layer.heads if layer.kv_heads is None else layer.kv_heads, layer.heads),
        bias=option(bias, None),
        causal=option(layer.causal, False),
        window=option(layer.window, None),
        blocks=option(layer.blocks, None),
    )
