"""Repeats: what goes through them from pass to pass."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from symparams.frameworks.exporting.drafts import passed
from symparams.frameworks.written_calls import (
    WrittenExpression,
    WrittenTensor,
    at_the_end,
    moved,
    with_batch,
)


def looped(
    word: WrittenExpression, over: WrittenExpression, incoming: Any, one_pass: Callable[[Any], Any]
) -> Any:
    """Return what a loop makes of one or several tensors.

    ``word`` goes through ``over``; a pass gives what it takes.
    """
    firsts = passed(with_batches(incoming))
    carried = [WrittenTensor("carried", axes=one.axes) for one in firsts]
    entered = _in_place_of(incoming, iter(carried))
    bodies = passed(as_entered(one_pass(entered), entered))
    loop = WrittenTensor("loop", word, over, tuple(carried), tuple(firsts), tuple(bodies))
    if len(carried) == 1:
        return _in_place_of(incoming, iter([loop]))
    outs = [WrittenTensor("part", loop, k) for k in range(len(carried))]
    return _in_place_of(incoming, iter(outs))


def with_batches(value: Any) -> Any:
    """Return tensors, each with the batch in front."""
    if isinstance(value, tuple):
        return tuple(map(with_batches, value))
    return with_batch(value)


def _in_place_of(value: Any, names: Any) -> Any:
    """Return the same bundle of other tensors, their channels where the first have them."""
    if isinstance(value, tuple):
        return tuple(_in_place_of(one, names) for one in value)
    made = next(names)
    if at_the_end(value):
        made.axes = value.parts[0].axes
        return moved(made, value.axes)
    made.axes = value.axes
    return made


def alike(result: Any, made: WrittenTensor) -> Any:
    """Return a call as what a class gives: its channels where the class left them."""
    made.axes = result.axes
    made.bare = result.bare
    return moved(made, result.axes) if at_the_end(result) else made


def as_entered(made: Any, entered: Any) -> Any:
    """Return tensors with their channels where they were on entering."""
    if isinstance(entered, tuple):
        return tuple(map(as_entered, made, entered))
    if at_the_end(entered) and not at_the_end(made):
        return moved(with_batch(made).movedim(-1, 1), made.axes)
    if at_the_end(made) and not at_the_end(entered):
        return WrittenTensor("method", made.parts[0], "movedim", (1, -1), {}, axes=made.axes)
    return made
