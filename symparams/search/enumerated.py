"""The front of two goals over every point of a grid, as arrays, some at a time.

Where formulas are no sums over small parts, and there are no more points than a second or so
goes through, nothing is quicker. Most points are told off the front by a table: the best second
goal so far among vectors whose first goal is no worse than any in a range.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import product as every
from math import prod
from typing import Any

from symparams.algebra import Number
from symparams.search.problem import IntegerFormula, Problem, compiled

#: So many points are looked at at a time.
CHUNK = 1 << 19
#: Spaces of more points are not gone through.
MOST_POINTS = 1 << 26
#: Ranges of the first goal in the table.
RANGES = 1 << 14


def enumerated_front(
    problem: Problem, goals: Sequence[IntegerFormula], look: Callable[[], None]
) -> list[dict[str, Number]] | None:
    """Return a point for each vector of the front of two goals, to be made large; None where the
    space is too large, or int64 does not hold what is computed.
    """
    import numpy as np

    axes = problem.axes
    if prod(len(axis.values) for axis in axes) > MOST_POINTS:
        return None
    if not all(axis.integral for axis in axes) or not all(row.integral for row in problem.rows):
        return None
    writer = compiled(axes)
    rows = [(writer.kernel(row.size), int(row.most)) for row in problem.rows]
    tests = [writer.test(test.condition) for test in problem.tests]
    forms = [writer.kernel(goal.size) for goal in goals]
    if not all(kernel.vector for kernel in (*(k for k, _ in rows), *tests, *forms)):
        return None
    front = _Front()
    for columns, shape in _chunks(problem):
        look()
        met: Any = None
        for kernel, most in rows:
            held = np.asarray(kernel.at(columns)) <= most
            met = held if met is None else met & held
        for kernel in tests:
            held = np.asarray(kernel.at(columns)) != 0
            met = held if met is None else met & held
        if met is not None and not met.any():
            continue
        values = [np.broadcast_to(np.asarray(form.at(columns)), shape).ravel() for form in forms]
        where = None if met is None else np.flatnonzero(np.broadcast_to(met, shape).ravel())
        if where is not None:
            values = [value[where] for value in values]
        some = front.hopeful(*values)
        if not len(some):
            continue
        flat = some if where is None else where[some]
        places = np.unravel_index(flat, shape)
        points = np.stack(
            [
                column.ravel()[k] if column.size > 1 else np.full(len(k), int(column.ravel()[0]))
                for column, k in zip(columns, places, strict=True)
            ],
            axis=1,
        )
        front.add(values[0][some], values[1][some], points)
    return [dict(zip(problem.names, point, strict=True)) for point in front.points.tolist()]


class _Front:
    """Vectors of which none is at least as good as another, the best first goal first."""

    def __init__(self) -> None:
        import numpy as np

        self.one = np.zeros(0, np.int64)
        self.other = np.zeros(0, np.int64)
        self.points: Any = np.zeros((0, 0), np.int64)
        self._low = self._width = 0
        self._table: Any = None

    def hopeful(self, one: Any, other: Any) -> Any:
        """Return the indices of vectors that may be on the front."""
        import numpy as np

        if self._table is None:
            return np.arange(len(one))
        place = np.clip((one - self._low) // self._width + 1, 0, len(self._table) - 1)
        return np.flatnonzero(other > self._table[place])

    def add(self, one: Any, other: Any, points: Any) -> None:
        """Take vectors in, each with its point."""
        import numpy as np

        if len(self.one):
            points = np.concatenate([self.points, points])
        one, other = np.append(self.one, one), np.append(self.other, other)
        order = np.lexsort([-other, -one])
        best = np.maximum.accumulate(other[order])
        new = np.ones(len(order), bool)
        new[1:] = best[1:] > best[:-1]
        kept = order[new]
        self.one, self.other, self.points = one[kept], other[kept], points[kept]
        self._low = int(self.one[-1])
        self._width = max(1, (int(self.one[0]) - self._low) // RANGES + 1)
        # In range k the first goal is below low + k * width: what is no worse covers it.
        ends = self._low + np.arange(RANGES + 2) * self._width
        covering = np.searchsorted(-self.one, -ends, side="right")
        never = np.iinfo(np.int64).min
        self._table = np.where(covering > 0, self.other[np.maximum(covering - 1, 0)], never)


def _chunks(problem: Problem) -> Iterator[tuple[list[Any], tuple[int, ...]]]:
    """Yield every point as arrays of the axes' values that broadcast to a shape."""
    import numpy as np

    values = [np.array(axis.values, np.int64) for axis in problem.axes]
    pieces = []
    size = 1
    for k in sorted(range(len(values)), key=lambda k: len(values[k])):
        # The short axes stay whole; of the first that is too long some at a time.
        most = max(1, CHUNK // size)
        pieces.append((k, [values[k][n : n + most] for n in range(0, len(values[k]), most)]))
        size *= min(len(values[k]), most)
    pieces.sort()
    for chosen in every(*(cuts for _, cuts in pieces)):
        shape = tuple(len(cut) for cut in chosen)
        columns = []
        for k, cut in enumerate(chosen):
            along = [1] * len(chosen)
            along[k] = len(cut)
            columns.append(cut.reshape(along))
        yield columns, shape
