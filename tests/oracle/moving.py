"""What moves values without a weight, as text: asymmetric pads, cuts, pools to a size."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from .written import call

#: Values in front of and behind each spatial axis.
Ends = Sequence[tuple[int, int]]


def chained(steps: Sequence[str]) -> str:
    """Steps one after the other; none of them is the identity."""
    return " -> ".join(steps) or "id"


def along_the_axes(axes: Sequence[Any], ends: Ends, step: Callable[..., str]) -> str:
    """A step for each axis that has ends, on the shape that the ones before left."""
    steps = []
    now = list(axes)
    for k, (before, after) in enumerate(ends):
        if before or after:
            assert None not in now, "an axis of any size"
            steps.append(step(now, k, before, after))
    return chained(steps)


def padded(axes: Sequence[Any], ends: Ends) -> str:
    """Values added to the spatial axes."""
    if all(before == after for before, after in ends):
        return call("pad", [before for before, _ in ends])

    def step(now: list[Any], k: int, before: int, after: int) -> str:
        parts = []
        for count in (before, None, after):
            if count is None:
                parts.append("id")
            elif count:
                parts.append(call("zeros", *now[:k], count, *now[k + 1 :]))
        now[k] += before + after
        return f"({', '.join(parts)}) -> {call('cat', axis=k)}"

    return along_the_axes(axes, ends, step)


def cropped(axes: Sequence[Any], ends: Ends) -> str:
    """Values cut from the spatial axes."""
    if all(before == after for before, after in ends):
        return call("crop", [before for before, _ in ends])

    def step(now: list[Any], k: int, before: int, after: int) -> str:
        now[k] -= before + after
        parts = [n for n in (before, now[k], after) if n]
        return f"{call('split', *parts, axis=k)}[{int(before > 0)}]"

    return along_the_axes(axes, ends, step)


def pooled_to(kind: str, axes: Sequence[int], sizes: Sequence[int]) -> str:
    """A pool to given positions: windows side by side where they divide the axes.

    Elsewhere the windows of the frameworks overlap by turns; every value as
    often as there are outputs, then windows of the axis, gives the same shape.
    """
    if all(n % size == 0 for n, size in zip(axes, sizes, strict=True)):
        return call(kind, [n // size for n, size in zip(axes, sizes, strict=True)])
    return f"{call('upsample', list(sizes))} -> {call(kind, list(axes))}"


def global_pool(kind: str, axes: Sequence[Any], keep: bool) -> str:
    """A pool over all positions, perhaps with an axis of 1 for each."""
    ones = (1,) * (len(axes) - 1)
    return f"{kind} -> {call('reshape', *ones, axes[-1])}" if keep else kind
