"""Sweeps on NumPy: open grids in chunks, in 64 bits where that is proved, else exact objects."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product as every
from math import ceil, floor, prod
from typing import Any

from symparams.algebra.kernels import arrays
from symparams.search.parts import Engine, Extent, IntegerPart, Rows, Tally
from symparams.search.space import Axis, Budget

#: The most values of an axis that are at hand at a time.
MOST_VALUES = 1 << 20


class NumPy(Engine):
    """The engine that is always at hand, in this process."""

    name = "numpy"

    def __init__(self) -> None:
        arrays.numpy()  # says what to install where it is missing

    def steps(self, part: IntegerPart, rows: bool) -> int:
        shapes = (tuple(len(a.values) for a in axes) for axes in _pieces(part.axes))
        return sum(arrays.how_many_blocks(shape, arrays.CHUNK) for shape in shapes)

    def scan(self, part: IntegerPart, rows: bool) -> Iterator[tuple[Tally, Rows | None]]:
        for axes in _pieces(part.axes):
            inputs = {}
            for k, axis in enumerate(axes):
                along = [-1 if n == k else 1 for n in range(len(axes))]
                inputs[axis.name] = _filled(axis.values).reshape(along)
            grid = arrays.Grid(part.program, inputs)
            for block, values in grid.chunks():
                shape = tuple(cut.stop - cut.start for cut in block)
                mask = _mask(part, values)
                tally = _tally(part, values, mask, shape)
                yield tally, _columns(part, inputs, values, mask, block, shape) if rows else None


def _pieces(axes: Sequence[Axis]) -> Iterator[tuple[Axis, ...]]:
    """Return the axes cut so that none is too long to be an array."""
    cuts = [
        [
            axis.but(values=axis.values[k : k + MOST_VALUES])
            for k in range(0, len(axis.values), MOST_VALUES)
        ]
        for axis in axes
    ]
    return every(*cuts)


def _filled(values: Any) -> Any:
    np = arrays.numpy()
    if values[-1] >= 1 << 63:
        return np.array(values, dtype=object)
    if isinstance(values, range):
        return np.arange(values.start, values.stop, values.step, dtype=np.int64)
    return np.array(values, dtype=np.int64)


def met(values: Any, budget: Budget) -> Any:
    """Return where an array of exact values is within a budget."""
    op, bound = budget.op, budget.bound
    if values.dtype != object and bound.denominator != 1:
        # Integers: x <= 7/2 is x <= 3, and none is 7/2.
        if op == "==":
            return arrays.numpy().zeros(values.shape, bool)
        bound = floor(bound) if op in ("<=", ">") else ceil(bound)
    if op == "<=":
        found = values <= bound
    elif op == "<":
        found = values < bound
    elif op == ">=":
        found = values >= bound
    elif op == ">":
        found = values > bound
    else:
        found = values == bound
    return arrays.numpy().asarray(found, dtype=bool)


def _mask(part: IntegerPart, values: list[Any]) -> Any:
    """Return where the budgets and conditions hold; None where there are none. May be narrow."""
    mask = None
    tests = [met(values[place], budget) for place, budget in part.budgets]
    tests += [values[len(values) - part.judged + k] != 0 for k in range(part.judged)]
    for test in sorted(tests, key=lambda t: t.size):
        mask = test if mask is None else mask & test
    return mask


def _tally(part: IntegerPart, values: list[Any], mask: Any, shape: tuple[int, ...]) -> Tally:
    np = arrays.numpy()
    size = prod(shape)
    if mask is None:
        feasible = size
    else:
        feasible = int(np.count_nonzero(mask)) * (size // mask.size)
    if not feasible:
        return Tally()
    ranges = []
    for place in part.measures:
        chosen = values[place]
        if feasible < size:
            # Where both are narrower than the chunk, so is what is looked at.
            wide = np.broadcast_shapes(chosen.shape, mask.shape)
            chosen = np.broadcast_to(chosen, wide)[np.broadcast_to(mask, wide)]
        times = feasible // chosen.size
        ranges.append(Extent(_plain(chosen.min()), _plain(chosen.max()), total_of(chosen) * times))
    return Tally(feasible, tuple(ranges))


def total_of(values: Any) -> Any:
    """Return the exact sum of an array; 64 bits are summed as their halves, which cannot
    overflow.
    """
    if values.dtype == object:
        return sum(values.flat)
    high = int((values >> 32).sum())
    low = int((values & 0xFFFFFFFF).sum())
    return (high << 32) + low


def _plain(value: Any) -> Any:
    return value.item() if hasattr(value, "item") else value


def _columns(
    part: IntegerPart,
    inputs: dict[str, Any],
    values: list[Any],
    mask: Any,
    block: arrays.Block,
    shape: tuple[int, ...],
) -> Rows:
    np = arrays.numpy()
    where = None if mask is None else np.broadcast_to(mask, shape)

    def flat(array: Any) -> Any:
        wide = np.broadcast_to(array, shape)
        return wide.ravel() if where is None else wide[where]

    found: dict[str | int, Any] = {}
    for axis in part.axes:
        column = flat(arrays.cut(inputs[axis.name], block))
        if axis.name in part.units:
            unit = part.units[axis.name]
            if unit.denominator == 1 and axis.values[-1] * unit < 1 << 63:
                column = column * unit
            else:
                column = [part.value(axis.name, v) for v in column.tolist()]
        found[axis.name] = column
    for k, place in enumerate(part.measures):
        found[k] = flat(values[place])
    return found
