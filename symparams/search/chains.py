"""One side of a cut as a chain of steps over arrays: each takes up one size.

A *state* is a combination of the open sizes, numbered by its *code*. A step goes from each
code, with each value of the size taken up, to the next code, and adds what the factors that it
settles come to. So a configuration is a path, its sums are those of its arcs, and what is
asked of all configurations is asked of the paths, layer by layer.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import TYPE_CHECKING, Any, TypeAlias

from symparams.search.interaction import Side
from symparams.search.tables import Tables

if TYPE_CHECKING:
    import numpy as np

    Array: TypeAlias = np.ndarray[Any, Any]

#: Sums stay below this; what cannot be reached is beyond it.
FAR = 1 << 60


class ChainStep:
    """Some sizes taken up, the last of which settles a factor.

    Combinations of them that lead from a code to the same code and add the same are one arc.

    Attributes:
        axes: their places.
        lengths: how many values each has.
        codes: how many codes there are after it.
        starts: the first arc of each code before it, and the number of arcs.
        source, target: the codes that each arc leads from and to.
        adds: for each sum what each arc adds.
        ways: how many combinations each arc is.
        members: those combinations, numbered, one arc's after another's.
        first: the place in them of each arc's first.
    """

    def __init__(
        self,
        tables: Tables,
        axes: Sequence[int],
        before: Sequence[int],
        after: Sequence[int],
        settled: Sequence[int],
    ) -> None:
        import numpy as np

        self.axes = tuple(axes)
        self.lengths = tuple(tables.lengths[k] for k in axes)
        open_ = [*before, *axes]
        points = np.arange(prod(tables.lengths[k] for k in open_))
        left, digits = points, {}
        for k in reversed(open_):
            left, digits[k] = np.divmod(left, tables.lengths[k])

        def coded(scope: Sequence[int]) -> Any:
            code = np.zeros(len(points), np.int64)
            for k in scope:
                code = code * tables.lengths[k] + digits[k]
            return code

        self.codes = prod(tables.lengths[k] for k in after)
        adds = [np.zeros(len(points), np.int64) for _ in tables.sums]
        allowed = np.ones(len(points), bool)
        for k in settled:
            where = coded(tables.factors[k])
            for add, one in zip(adds, tables.sums, strict=True):
                add += np.array(one.tables[k], np.int64)[where]
            passed = tables.allowed[k]
            if passed is not None:
                allowed &= np.array(passed, bool)[where]
        combinations = prod(self.lengths)
        columns = [coded(before), coded(after), *adds]
        order = np.lexsort(columns[::-1])
        order = order[allowed[order]]
        columns = [column[order] for column in columns]
        new = np.ones(len(order), bool)
        if len(order):
            new[1:] = False
            for column in columns:
                new[1:] |= column[1:] != column[:-1]
        self.first = np.flatnonzero(new)
        self.source, self.target, *self.adds = (column[self.first] for column in columns)
        self.ways = np.diff(np.append(self.first, len(order)))
        self.members = points[order] % combinations
        self.starts = np.searchsorted(self.source, np.arange(len(points) // combinations + 1))

    def follow(self, code: Any) -> tuple[Any, Any]:
        """Return (state, arc) of every arc from the states of some codes."""
        import numpy as np

        first = self.starts[code]
        many = self.starts[code + 1] - first
        state = np.repeat(np.arange(len(code)), many)
        ends = np.cumsum(many)
        return state, np.arange(len(state)) + np.repeat(first - ends + many, many)


class SumChain:
    """The steps of one side.

    Attributes:
        steps: in order; every side takes up the sizes it shares with the other, too.
        most_paths: no more paths lead to its end.
    """

    def __init__(self, tables: Tables, side: Side, open_: Sequence[int]) -> None:
        self.tables = tables
        scopes = {k: frozenset(tables.factors[k]) for k in side.factors}
        taken: set[int] = set()
        before: tuple[int, ...] = ()
        block: list[int] = []
        self.steps: list[ChainStep] = []
        for n, axis in enumerate(side.order):
            taken.add(axis)
            block.append(axis)
            settled = [k for k, s in scopes.items() if not s.isdisjoint(block) and s <= taken]
            if not settled and n + 1 < len(side.order):
                continue
            needed = set(open_).union(*(s for s in scopes.values() if not s <= taken))
            after = tuple(sorted(taken & needed))
            self.steps.append(ChainStep(tables, block, before, after, settled))
            before, block = after, []
        assert before == tuple(open_), "a size is left open"
        self.most_paths = prod(tables.lengths[k] for k in side.order)

    def forward(self, weights: Sequence[int], sign: int) -> Any:
        """Return the most (sign 1) or the least (-1) of a weighted sum at each last code."""
        import numpy as np

        found = np.zeros(1, np.int64)
        for step in self.steps:
            reached = found[step.source] + sign * weighted(step.adds, weights)
            found = np.full(step.codes, -FAR)
            np.maximum.at(found, step.target, np.maximum(reached, -FAR))
        return sign * found

    def backward(self, weights: Sequence[int], sign: int, end: Any) -> list[Any]:
        """Return the most (least) that may still be added after each step, by code.

        Args:
            weights: of each sum.
            sign: 1 for the most, -1 for the least.
            end: the same at the last codes.

        Returns:
            One array for each step, of the codes after it, and before them one of the start.
        """
        import numpy as np

        layers = [end]
        for step in reversed(self.steps):
            reached = layers[-1][step.target] + weighted(step.adds, weights)
            found = np.full(len(step.starts) - 1, -FAR)
            np.maximum.at(found, step.source, np.maximum(sign * reached, -FAR))
            layers.append(sign * found)
        return layers[::-1]


def weighted(arrays: Sequence[Any], weights: Sequence[int]) -> Any:
    """Return a weighted sum of arrays."""
    found = None
    for array, weight in zip(arrays, weights, strict=True):
        if weight:
            part = array if weight == 1 else array * weight
            found = part if found is None else found + part
    return found if found is not None else arrays[0] * 0 if arrays else 0
