"""A problem whose formulas are sums over parts: counted, and which has a rank, along chains."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from itertools import accumulate
from math import prod
from operator import mul
from typing import Any

from symparams.algebra import Number
from symparams.search.chains import FAR, SumChain
from symparams.search.histograms import Grown, grown
from symparams.search.interaction import Cut
from symparams.search.merging import Pairs
from symparams.search.tables import NotTabledError, Tables, TableSum


class Sides:
    """A problem as two chains.

    Attributes:
        tables: the sums.
        open: the axes that both chains keep open.
        chains: the two.
        codes: how many combinations of the open axes there are.
    """

    def __init__(self, tables: Tables, look: Callable[[], None], cut: Cut | None = None) -> None:
        """Make the chains; of the tables' own cut where no other is given.

        Raises:
            NotTabledError: numbers are too large.
        """
        self.tables = tables
        self.look = look
        if sum(one.top for one in tables.sums) >= FAR >> 8:
            raise NotTabledError("numbers are too large")
        cut = cut or tables.cut
        self.open = cut.open
        self.chains = [SumChain(tables, side, cut.open) for side in cut.sides]
        self.codes = prod(tables.lengths[k] for k in cut.open)

    def rests(
        self, sums: Sequence[TableSum], weights: Sequence[Sequence[int]]
    ) -> list[list[tuple[list[Any], list[Any]]]]:
        """Return for each chain and each sum the least and the most to come after each layer."""
        found = []
        for own, other in ((0, 1), (1, 0)):
            rows = []
            for weight in weights:
                ends = [self.chains[other].forward(weight, sign) for sign in (-1, 1)]
                low = self.chains[own].backward(weight, -1, ends[0])
                high = self.chains[own].backward(weight, 1, ends[1])
                rows.append((low, high))
            found.append(rows)
        return found


class Structure:
    """The feasible set of a problem, counted along chains.

    Attributes:
        count: how many configurations there are.
    """

    def __init__(self, tables: Tables, look: Callable[[], None], ranked: bool = False) -> None:
        """Count.

        Args:
            tables: the problem.
            look: looks at the clock.
            ranked: whether configurations of ranks will be asked for.

        Raises:
            NotTabledError: numbers are too large.
            TooWideError: too many states.
        """
        self.tables = tables
        self.count = 0
        if tables.empty:
            return
        sums = [one for one in tables.sums if one.low > 0 or one.high < one.top]
        self.sides = sides = Sides(tables, look)
        chosen = [k for k, one in enumerate(tables.sums) if one in sums]
        weights = [[int(j == k) for j in range(len(tables.sums))] for k in chosen]
        rests = sides.rests(sums, weights)
        self.parts: list[Grown] = []
        for chain, rest in zip(sides.chains, rests, strict=True):
            tops = [chain.forward(weight, 1) for weight in weights]
            for step in chain.steps:
                step.adds = [step.adds[k] for k in chosen]
            self.parts.append(grown(chain, sums, rest, look, ranked, tops=tops))
        # Those of the larger side are sorted; each of the smaller is looked up in them.
        self.parts.sort(key=lambda part: len(part.states))
        self.pairs = Pairs(self.parts[0].states, self.parts[1].states, sums, sides.codes)
        self._found: list[int] = []
        for some, found in self.pairs.counts():
            look()
            ways = self.parts[0].states.ways[some]
            self._found += map(mul, ways.tolist(), found.tolist())
        self.count = sum(self._found)
        self._ends: list[int] = []

    def points(self, ranks: Sequence[int]) -> list[dict[str, Number]]:
        """Return the configurations of some ranks, each from 0 to below the count."""
        import numpy as np

        if not ranks:
            return []
        left, right = self.parts
        self._ends = self._ends or list(accumulate(self._found))
        where = [bisect_right(self._ends, rank) for rank in ranks]
        within = [
            rank - (self._ends[k - 1] if k else 0) for k, rank in zip(where, ranks, strict=True)
        ]
        ways = left.states.ways
        own = [divmod(rank, int(ways[k])) for k, rank in zip(where, within, strict=True)]
        rights, theirs = self.pairs.ranked(where, [rank for rank, _ in own])
        some = [(left, where, [rank for _, rank in own]), (right, rights, theirs)]
        found: dict[int, Any] = {}
        for part, states, inner in some:
            kind = part.states.ways.dtype
            found |= part.places(np.array(states), np.array(inner, dtype=kind))
        columns = [found[k].tolist() for k in range(len(self.tables.lengths))]
        return [self.tables.point(places) for places in zip(*columns, strict=True)]
