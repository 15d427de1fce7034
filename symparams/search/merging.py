"""Pairs of states, one of each side of a cut, whose sums together are in range: how many, which.

With one sum in question: the states of one side sorted, and for each of the other a place in
them. With two: sorted by the one, and the other by :class:`.Dominance`. A range with two ends
is the difference of two.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product as every
from typing import Any

from symparams.search.dominance import Dominance
from symparams.search.histograms import KEYS, States
from symparams.search.tables import TableSum, TooWideError

#: So many queries are answered at once.
QUERIES = 1 << 20
#: So many pairs are gone through, with three sums in question or more.
MOST_PAIRS = 1 << 27


class Pairs:
    """The pairs of two sides.

    Args:
        left: states of the one side, each to be asked about.
        right: states of the other side.
        sums: the sums that must be in range.
        codes: how many codes there are.
    """

    def __init__(self, left: States, right: States, sums: Sequence[TableSum], codes: int) -> None:
        import numpy as np

        self.left = left
        self.sums = sums
        order = np.lexsort([*(right.sums[:1]), right.code])
        self.right = right.taken(order)
        self.order = order
        codes_after = np.arange(codes + 1)
        self.starts = np.searchsorted(self.right.code, codes_after)
        ways = self.right.ways
        if ways.dtype != object and len(ways) and int(ways.max()) * len(ways) >= KEYS:
            ways = ways.astype(object)
        self._ways = ways
        self._below: Dominance | None = None
        self._running: Any = None

    def counts(self) -> Iterator[tuple[Any, Any]]:
        """Yield (left states, how many paths on the right go with each), some at a time.

        Raises:
            TooWideError: three sums or more, of too many pairs.
        """
        import numpy as np

        for start in range(0, len(self.left), QUERIES):
            some = np.arange(start, min(start + QUERIES, len(self.left)))
            yield some, self._of(some)

    def _of(self, some: Any) -> Any:
        left = self.left.taken(some)
        if len(self.sums) > 2:
            return self._gone_through(left)
        found: Any = 0
        ends = [[(1, s.high)] if s.low <= 0 else [(1, s.high), (-1, s.low - 1)] for s in self.sums]
        for chosen in every(*ends):
            sign = 1
            for own, _ in chosen:
                sign *= own
            found = found + sign * self._at_most(left, [end for _, end in chosen])
        return found

    def ends(self, code: Any, most: Any) -> tuple[Any, Any]:
        """Return the range of right states of each code whose first sum is at most a value."""
        import numpy as np

        first = self.starts[code]
        if not self.sums:
            return first, self.starts[code + 1]
        x = self.right.sums[0]
        low, high = (int(x.min()), int(x.max())) if len(x) else (0, 0)
        span = high - low + 2
        key = self.right.code * span + (x - low + 1)
        wanted = code * span + np.clip(most - low + 1, 0, span - 1)
        return first, np.maximum(first, np.searchsorted(key, wanted, side="right"))

    def _at_most(self, left: States, ends: Sequence[int]) -> Any:
        import numpy as np

        most = ends[0] - left.sums[0] if ends else None
        first, last = self.ends(left.code, most)
        if len(ends) < 2:
            if self._running is None:
                self._running = np.zeros(len(self._ways) + 1, dtype=self._ways.dtype)
                np.cumsum(self._ways, out=self._running[1:])
            return self._running[last] - self._running[first]
        if self._below is None:
            self._below = Dominance(self.right.code, self.right.sums[1], self._ways)
        return self._below.below(first, last, ends[1] - left.sums[1])

    def _gone_through(self, left: States) -> Any:
        import numpy as np

        first, last = self.starts[left.code], self.starts[left.code + 1]
        if int((last - first).sum()) > MOST_PAIRS:
            raise TooWideError
        found = np.zeros(len(left), dtype=self._ways.dtype)
        for k in range(len(left)):
            found[k] = self._ways[first[k] : last[k]][self.fits(left, k, first[k], last[k])].sum()
        return found

    def ranked(self, states: Sequence[int], ranks: Sequence[int]) -> tuple[list[int], list[int]]:
        """Return (right states, ranks of paths to them), as numbered when given.

        Args:
            states: left states.
            ranks: for each a rank among the paths on the right that go with it.
        """
        import numpy as np

        chosen = np.array(states, np.int64)
        left = self.left.taken(chosen)
        if len(self.sums) < 2:
            most = self.sums[0].high - left.sums[0] if self.sums else None
            first, _ = self.ends(left.code, most)
            if self.sums and self.sums[0].low > 0:
                _, first = self.ends(left.code, self.sums[0].low - 1 - left.sums[0])
            running = self._running
            wanted = running[first] + np.array(ranks, dtype=running.dtype)
            place = np.searchsorted(running, wanted, side="right") - 1
            return self.order[place].tolist(), (wanted - running[place]).tolist()
        found: tuple[list[int], list[int]] = [], []
        running_of: dict[int, tuple[Any, Any]] = {}
        for k, (state, rank) in enumerate(zip(states, ranks, strict=True)):
            if state not in running_of:
                first, last = (int(self.starts[left.code[k] + n]) for n in (0, 1))
                fit = first + np.flatnonzero(self.fits(left, k, first, last))
                running_of = {state: (fit, np.cumsum(self._ways[fit]))}
            fit, ends = running_of[state]
            place = int(np.searchsorted(ends, rank, side="right"))
            found[0].append(int(self.order[fit[place]]))
            found[1].append(rank - int(ends[place - 1] if place else 0))
        return found

    def fits(self, left: States, k: int, first: int, last: int) -> Any:
        """Return which right states of a range are in range with one left state."""
        import numpy as np

        fit = np.ones(last - first, bool)
        for one, a, b in zip(self.sums, left.sums, self.right.sums, strict=True):
            total = b[first:last] + a[k]
            fit &= (total <= one.high) & (total >= one.low)
        return fit
