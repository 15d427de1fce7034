"""How much lies below and to the left: sums and maxima over points with ``x <= X, y <= Y``.

A wavelet matrix (Claude, Navarro and Ordóñez, "The wavelet matrix", 2015): points in the order
of x, and for each bit of the rank of y, from the highest, the points of bit 0 moved before
those of bit 1. A range of places keeps together in every level, so a query is a few look-ups
for each bit, of all queries at once.
"""

from __future__ import annotations

from typing import Any


class Dominance:
    """Points in groups, each with a weight.

    Args:
        group: of each point; points are sorted by it, and within it by x.
        y: of each point.
        weight: of each point, whole numbers; of maxima, none below 0.
        most: whether the largest weight is asked for; else their sum.
    """

    def __init__(self, group: Any, y: Any, weight: Any, most: bool = False) -> None:
        import numpy as np

        self.most = most
        self.ranks, rank = np.unique(y, return_inverse=True)
        self.bits = len(self.ranks).bit_length()
        self.levels: list[tuple[Any, int, Any]] = []
        node = np.zeros(len(y), np.int64)
        for bit in range(self.bits - 1, -1, -1):
            one = (rank >> bit) & 1 == 1
            zeros = np.zeros(len(one) + 1, np.int64)
            np.cumsum(~one, out=zeros[1:])
            order = np.concatenate([np.flatnonzero(~one), np.flatnonzero(one)])
            count = int(zeros[-1])
            left = order[:count]
            if most:
                held = _most_before(group[left], node[left], weight[left])
            else:
                held = np.zeros(count + 1, dtype=weight.dtype)
                np.cumsum(weight[left], out=held[1:])
            self.levels.append((zeros, count, held))
            rank, weight, group = rank[order], weight[order], group[order]
            node = (node * 2 + one)[order]

    def below(self, first: Any, last: Any, y: Any) -> Any:
        """Return the sum (the most, or -1) of the points from ``first`` up to ``last`` with a y of
        at most ``y``, for each query.

        Places are of the points as given. Of maxima ``first`` begins a group, and ``last`` is
        in it.
        """
        import numpy as np

        wanted = np.searchsorted(self.ranks, y, side="right")
        found: Any = np.full(len(wanted), -1) if self.most else 0
        for bit, (zeros, count, held) in zip(
            range(self.bits - 1, -1, -1), self.levels, strict=True
        ):
            one = (wanted >> bit) & 1 == 1
            low, high = zeros[first], zeros[last]
            if self.most:
                some = one & (high > low)
                found[some] = np.maximum(found[some], held[high[some] - 1])
            else:
                found = found + np.where(one, held[high] - held[low], 0)
            first = np.where(one, count + first - low, low)
            last = np.where(one, count + last - high, high)
        return found


def _most_before(group: Any, node: Any, weight: Any) -> Any:
    """Return the largest weight so far within each group of each node."""
    import numpy as np

    if not len(group):
        return weight
    new = np.ones(len(group), bool)
    new[1:] = (group[1:] != group[:-1]) | (node[1:] != node[:-1])
    values, rank = np.unique(weight, return_inverse=True)
    held = np.maximum.accumulate(np.cumsum(new) * len(values) + rank)
    return values[held % len(values)]
