"""Exact histograms of sums along a chain: which there are at each code, and how many ways.

States with the same code and the same sums are one, with the number of paths to it. A sum
that no completion brings back into its range is dropped; one that every completion leaves in
its range is raised to the largest such, so that all of those are one.

What is kept of each step finds the path of a rank again: paths to a state are in the order
of the arcs into it, each with as many ranks as there are paths to where it comes from.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import prod
from typing import Any

from symparams.search.chains import ChainStep, SumChain
from symparams.search.tables import TableSum, TooWideError

#: So many arcs are followed at a time.
ARCS = 1 << 21
#: No more states are kept after a step; where the way back is kept, arcs.
MOST_STATES = 1 << 23
#: Whole numbers below this are packed into one key.
KEYS = 1 << 62


class States:
    """States after a step, distinct.

    Attributes:
        code: of each.
        sums: for each sum the value of each.
        ways: how many paths lead to each.
    """

    def __init__(self, code: Any, sums: list[Any], ways: Any) -> None:
        self.code = code
        self.sums = sums
        self.ways = ways

    def __len__(self) -> int:
        return len(self.code)

    def taken(self, some: Any) -> States:
        """Return some of them."""
        return States(self.code[some], [s[some] for s in self.sums], self.ways[some])


class Trail:
    """How states were reached in one step: the arcs into each, one after another.

    Attributes:
        step: what was taken up.
        source: the state each arc comes from.
        arc: which arc of the step it is.
        first: the first arc of each state.
        before: the number of paths of all arcs before an arc.
        ways: of each state before the step.
    """

    def __init__(
        self, step: ChainStep, source: Any, arc: Any, first: Any, before: Any, ways: Any
    ) -> None:
        self.step = step
        self.source = source
        self.arc = arc
        self.first = first
        self.before = before
        self.ways = ways

    def back(self, states: Any, ranks: Any) -> tuple[Any, Any, dict[int, Any]]:
        """Return (states before, ranks there, places by axis) of ranks of paths to states."""
        import numpy as np

        wanted = self.before[self.first[states]] + ranks
        place = np.searchsorted(self.before, wanted, side="right") - 1
        source, arc = self.source[place], self.arc[place]
        ranks, ways = wanted - self.before[place], self.ways[source]
        # Arrays of Python's integers have no divmod.
        member, ranks = ranks // ways, ranks % ways
        combination = self.step.members[self.step.first[arc] + member.astype(np.int64)]
        found = {}
        for axis, length in zip(self.step.axes[::-1], self.step.lengths[::-1], strict=True):
            combination, found[axis] = np.divmod(combination, length)
        return source, ranks, found


class Grown:
    """The states at the end of a chain, and the way back where it was kept."""

    def __init__(self, chain: SumChain, states: States, trails: list[Trail]) -> None:
        self.chain = chain
        self.states = states
        self.trails = trails

    def places(self, states: Any, ranks: Any) -> dict[int, Any]:
        """Return the places on the chain's axes of ranks of paths to states."""
        found: dict[int, Any] = {}
        for trail in reversed(self.trails):
            states, ranks, places = trail.back(states, ranks)
            found |= places
        return found


#: Drops states after a step: (which step, states) to those to be kept, by index.
Prune = Callable[[int, States], Any]


def grown(
    chain: SumChain,
    sums: Sequence[TableSum],
    rest: Sequence[tuple[Sequence[Any], Sequence[Any]]],
    look: Callable[[], None],
    keep: bool = False,
    prune: Prune | None = None,
    thin: Prune | None = None,
    clip: Sequence[int] | None = None,
    tops: Sequence[Any] | None = None,
) -> Grown:
    """Return the states at the end of a chain.

    Args:
        chain: the steps.
        sums: the sums and their ranges.
        rest: for each sum the least and the most that may follow each layer, by code.
        look: looks at the clock.
        keep: whether to keep the way back.
        prune: drops states that are of no use.
        thin: drops arcs that are of no use, each as the state it leads to.
        clip: the sums of which those that always stay in range may be one; None for all.
        tops: for each sum the most it comes to at each last code: none is raised beyond it, so
            that two sides which were both raised still fit.

    Raises:
        TooWideError: too many states.
    """
    import numpy as np

    kind: Any = np.int64 if chain.most_paths < KEYS else object
    states = States(
        np.zeros(1, np.int64),
        [np.zeros(1, np.int64) for _ in sums],
        np.array([1], dtype=kind),
    )
    trails: list[Trail] = []
    for k, step in enumerate(chain.steps):
        ends = [(low[k + 1], high[k + 1]) for low, high in rest]
        most = int((step.starts[1:] - step.starts[:-1]).max(initial=1))
        size = MOST_STATES if keep else max(1, ARCS // most)
        pieces: list[States] = []
        for start in range(0, max(1, len(states)), size):
            look()
            piece = np.arange(start, min(start + size, len(states)))
            source, arc, totals = followed(step, states, piece, sums, ends, clip)
            if thin is not None:
                kept = thin(k, States(step.target[arc], totals, arc))
                if kept is not None:
                    source, arc, totals = source[kept], arc[kept], [t[kept] for t in totals]
            if len(arc) > MOST_STATES:
                raise TooWideError
            ways = states.ways[source] * step.ways[arc].astype(kind)
            if not keep:
                pieces.append(_merged(step.target[arc], totals, ways, step.codes))
        if keep:
            after, order, first = _sorted(step.target[arc], totals, ways)
            before = np.zeros(len(order), dtype=kind)
            np.cumsum(ways[order][:-1], out=before[1:])
            trails.append(Trail(step, source[order], arc[order], first, before, states.ways))
            states = after
        elif len(pieces) == 1:
            states = pieces[0]
        else:
            states = _merged(
                np.concatenate([p.code for p in pieces]),
                [np.concatenate(column) for column in zip(*(p.sums for p in pieces), strict=True)],
                np.concatenate([p.ways for p in pieces]),
                step.codes,
            )
        if len(states) > MOST_STATES:
            raise TooWideError
        if prune is not None:
            some = prune(k, states)
            if some is not None:
                states = states.taken(some)
                if keep:
                    trails[-1].first = trails[-1].first[some]
    if tops is not None:
        states.sums = [
            np.minimum(s, top[states.code]) for s, top in zip(states.sums, tops, strict=True)
        ]
    return Grown(chain, states, trails)


def followed(
    step: ChainStep,
    states: States,
    piece: Any,
    sums: Sequence[TableSum],
    ends: Sequence[tuple[Any, Any]],
    clip: Sequence[int] | None,
) -> tuple[Any, Any, list[Any]]:
    """Return (state, arc, sums) of the arcs from some states whose sums can still be in range."""
    import numpy as np

    source, arc = step.follow(states.code[piece])
    source = piece[source]
    code = step.target[arc]
    totals = []
    met: Any = None
    columns = zip(sums, states.sums, step.adds, ends, strict=True)
    for k, (one, before, add, (least, most)) in enumerate(columns):
        total = before[source] + add[arc]
        high = most[code]
        some = (total + least[code] <= one.high) & (total + high >= one.low)
        met = some if met is None else met & some
        if one.low <= 0 and (clip is None or k in clip):
            total = np.maximum(total, one.high - high)
        totals.append(total)
    if met is not None and not met.all():
        source, arc, totals = source[met], arc[met], [total[met] for total in totals]
    return source, arc, totals


def packed(code: Any, sums: Sequence[Any]) -> tuple[Any, list[tuple[int, int]]] | None:
    """Return one key of codes and sums, which orders by code, then by sums, and each sum's least
    value and span; None where int64 does not hold it.
    """
    if not len(code):
        return code, [(0, 1) for _ in sums]
    spans = [(int(s.min()), int(s.max()) - int(s.min()) + 1) for s in sums]
    if (int(code.max()) + 1) * prod(span for _, span in spans) >= KEYS:
        return None
    key = code
    for one, (low, span) in zip(sums, spans, strict=True):
        key = key * span + (one - low)
    return key, spans


def order_of(code: Any, sums: Sequence[Any]) -> tuple[Any, Any]:
    """Return (order, new): the order by code and sums, and where a new state begins in it."""
    import numpy as np

    key = packed(code, sums)
    if key is not None:
        order = np.argsort(key[0], kind="stable")
        columns = [key[0][order]]
    else:
        order = np.lexsort([*reversed(sums), code])
        columns = [code[order], *(s[order] for s in sums)]
    new = np.ones(len(order), bool)
    if len(order):
        new[1:] = False
        for column in columns:
            new[1:] |= column[1:] != column[:-1]
    return order, new


def _sorted(code: Any, sums: list[Any], ways: Any) -> tuple[States, Any, Any]:
    """Return the distinct states, the arcs in their order, and the first arc of each."""
    import numpy as np

    order, new = order_of(code, sums)
    first = np.flatnonzero(new)
    lead = order[first]
    added = np.add.reduceat(ways[order], first) if len(first) else ways[:0]
    return States(code[lead], [s[lead] for s in sums], added), order, first


def _merged(code: Any, sums: list[Any], ways: Any, codes: int) -> States:
    """Return the distinct states; by a table of all keys where that is not much larger."""
    import numpy as np

    key = packed(code, sums)
    room = None if key is None else codes * prod(span for _, span in key[1])
    if key is None or ways.dtype == object or room is None or room > 4 * len(code) + 4096:
        return _sorted(code, sums, ways)[0]
    table = np.zeros(room, np.int64)
    np.add.at(table, key[0], ways)
    left = np.flatnonzero(table)
    found, totals = left, []
    for low, span in reversed(key[1]):
        found, digit = np.divmod(found, span)
        totals.append(digit + low)
    return States(found, totals[::-1], table[left])
