"""Blocks of tails as NumPy arrays: bounds of the goal, and counts.

int64 where the plan has proved that it holds everything, else arrays of
Python's integers; without NumPy the callers use :mod:`~symparams.search.tails`.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import prod
from typing import TYPE_CHECKING, Any, TypeAlias

from symparams.algebra import Number
from symparams.search.kernels import INT64, CompiledFormula
from symparams.search.plans import LinearTail, SearchPlan
from symparams.search.problem import Places

if TYPE_CHECKING:
    import numpy as np

    Array: TypeAlias = np.ndarray[Any, Any]


def exact(value: Any) -> Number:
    """Return a number of an array as Python's own; sizes may be fractions."""
    return value if isinstance(value, Fraction) else int(value)


def numpy_is_there() -> bool:
    """Tell whether NumPy can be imported."""
    try:
        import numpy  # noqa: F401
    except ImportError:  # pragma: no cover - the tests have it
        return False
    return True


class TailBlock:
    """All tails of a box of enumerated sizes, one element each, those excluded left out.

    Attributes:
        heads: the values of each enumerated size.
        size: how many tails there are.
    """

    def __init__(self, plan: SearchPlan, places: Places) -> None:
        import numpy as np

        self.plan = plan
        self.type: Any = np.int64 if plan.safe else object
        grids = []
        for k, (low, high) in zip(plan.heads, places, strict=True):
            values = plan.problem.axes[k].values[low : high + 1]
            grids.append(np.array(values, dtype=self.type))
        # Of a thousand sizes few vary in a box: an array has at most 64 dimensions.
        varying = [k for k, grid in enumerate(grids) if len(grid) != 1]
        shape = tuple(len(grids[k]) for k in varying)
        self.size = prod(shape)
        self.heads = [
            np.broadcast_to(grid.reshape([-1 if j == k else 1 for j in varying]), shape).reshape(-1)
            if k in varying
            else np.broadcast_to(grid, (self.size,))
            for k, grid in enumerate(grids)
        ]
        for _, test in plan.tests:
            kept = self._called(test).astype(bool)
            self.heads = [values[kept] for values in self.heads]
            self.size = int(kept.sum())

    def _called(self, kernel: CompiledFormula) -> Array:
        import numpy as np

        found = kernel.at(self.heads)
        return np.broadcast_to(np.asarray(found, dtype=self.type), (self.size,))

    def linear(self, formula: LinearTail) -> tuple[Array, list[Array]]:
        """Return (start, rates) of a formula in every tail."""
        return self._called(formula.start), [self._called(rate) for rate in formula.rates]

    def point(self, index: int) -> tuple[Number, ...]:
        """Return the values of the enumerated sizes of one element."""
        return tuple(exact(values[index]) for values in self.heads)

    def rows(self) -> list[tuple[Array, list[Array]]]:
        """Return (left, rates) of every row in every tail."""
        found = []
        for row, most in self.plan.rows:
            start, rates = self.linear(row)
            found.append((most - start, rates))
        return found


# --- the most a tail can come to ------------------------------------------------------


def ceilings(block: TailBlock, above: float) -> tuple[Array, Array]:
    """Return (elements, bounds): the tails whose goal may exceed ``above``, the best first."""
    import numpy as np

    plan = block.plan
    assert plan.goal is not None
    start, rates = block.linear(plan.goal)
    rows = block.rows()
    alive = np.ones(block.size, dtype=bool)
    for left, own in rows:
        alive &= sum((np.minimum(a, 0) * n for a, n in _paired(own, plan.ends)), 0) <= left
    for one, other in plan.opposed:
        grid = _shared(rows[one][1], block)
        alive &= rows[one][0] // grid + rows[other][0] // grid >= 0
    if len(plan.ends) == 1:
        low, high = _span(rows, 0, plan.ends[0], block)
        alive &= low <= high
        best = start + np.where(rates[0] >= 0, rates[0] * high, rates[0] * low)
    else:
        most = _zero(block)
        for rate, n in _paired(rates, plan.ends):
            most = most + np.maximum(rate, 0) * n
        shared = _shared(rates, block)
        for left, own in rows:
            grid = _shared(own, block)
            for t in range(len(rates)):
                found = _relaxed(rates, own, left // grid * grid, t, plan.ends)
                if found is not None:
                    useful, bound = found
                    bound = bound // shared * shared
                    most = np.where(useful, np.minimum(most, bound), most)
        best = start + most
    if above > -float("inf"):
        alive &= best > int(above)
    elements = np.flatnonzero(alive)
    bounds = best[elements]
    order = np.argsort(-bounds, kind="stable")
    return elements[order], bounds[order]


def _relaxed(
    rates: Sequence[Array], own: Sequence[Array], left: Array, t: int, ends: Sequence[int]
) -> tuple[Array, Array] | None:
    """Return (where it holds, Lagrange's bound at λ = rate/row of size t); None where int64 may
    overflow.

    See :func:`symparams.search.tails.rest`.
    """
    import numpy as np

    useful = ((rates[t] > 0) & (own[t] > 0)) | ((rates[t] < 0) & (own[t] < 0))
    if not useful.any():
        return None
    common = np.maximum(np.gcd(rates[t], own[t]), 1)
    c, a = abs(rates[t]) // common, np.maximum(abs(own[t]) // common, 1)
    if c.dtype != object:
        high = [_largest(x) for x in (c, a, left)]
        steps = sum(
            (_largest(r) * high[1] + high[0] * _largest(o)) * n
            for r, o, n in zip(rates, own, ends, strict=True)
        )
        if high[0] * high[2] + steps >= INT64:
            return None
    bound = c * left
    for rate, other, n in zip(rates, own, ends, strict=True):
        bound = bound + np.maximum(rate * a - c * other, 0) * n
    return useful, bound // a


def _largest(values: Array) -> int:
    return max(int(values.max()), -int(values.min())) if len(values) else 0


def _paired(rates: Sequence[Array], ends: Sequence[int]) -> list[tuple[Array, int]]:
    return list(zip(rates, ends, strict=True))


def _shared(rates: Sequence[Array], block: TailBlock) -> Array:
    """Return the greatest common divisor of some rates; 1 where all are 0."""
    import numpy as np

    shared = _zero(block)
    for rate in rates:
        shared = np.gcd(shared, rate)
    return np.maximum(shared, 1)


def _zero(block: TailBlock) -> Array:
    import numpy as np

    return np.zeros(block.size, dtype=block.type)


def narrowed(low: Array, high: Array, left: Array, rate: Array) -> tuple[Array, Array]:
    """Return the first and last place, moved in to those where ``rate*place <= left``.

    A rate of 0 moves neither: what is left then says whether there is a place.
    """
    import numpy as np

    step = np.maximum(abs(rate), 1)
    high = np.where(rate > 0, np.minimum(high, left // step), high)
    low = np.where(rate < 0, np.maximum(low, -(left // step)), low)
    return low, high


def _span(
    rows: Sequence[tuple[Array, list[Array]]], t: int, end: int, block: TailBlock
) -> tuple[Array, Array]:
    """Return the first and last place that the rows leave the one size that is left."""
    import numpy as np

    low = _zero(block)
    high = _zero(block) + end
    for left, rates in rows:
        own = rates[t]
        low, high = narrowed(low, high, left, own)
        high = np.where((own == 0) & (left < 0), -1, high)
    return low, high
