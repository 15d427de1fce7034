"""What is done to tensors of every framework alike: batches, sequences, what joins them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from symparams.frameworks.written_calls import writes

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


def weighed(shares: Any, outputs: Sequence[Any]) -> Any:
    """Return the sum of outputs (batch, …, features), each times its share (batch, …, outputs)."""
    made = shares[..., :1] * outputs[0]
    for number, output in enumerate(outputs[1:], 1):
        made = made + shares[..., number : number + 1] * output
    return made
