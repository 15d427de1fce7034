"""How many configurations meet the budgets, without listing them; and which has a rank.

Boxes of the enumerated sizes in which everything holds count as a product;
those in which something holds nowhere count nothing; the others are cut until
they are blocks, whose tails are counted by arithmetic: the last size by a
division, the last two by a sum of floors.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import accumulate
from math import prod
from typing import TYPE_CHECKING, Any

from symparams.algebra import Number
from symparams.answers import PublicAnswer
from symparams.errors import SymparamsError
from symparams.records import Record
from symparams.search.clock import Clock, OutOfTimeError
from symparams.search.line import AxisLine, line_of
from symparams.search.plans import SearchPlan, lines
from symparams.search.problem import Places, Problem, Progress, count_of, halves
from symparams.search.space import Budget, Space
from symparams.search.tables import NotTabledError, TooWideError, tabled
from symparams.search.tails import count, unranked
from symparams.search.vector_counts import MOST_HELD, counts
from symparams.search.vector_lines import LineBlock
from symparams.search.vectors import TailBlock, numpy_is_there

if TYPE_CHECKING:
    from symparams.search.plain_sums import PlainSums
    from symparams.search.structure import Structure

#: A point of the feasible set by name.
Point = dict[str, Number]
#: So many tails are counted one after another without arrays.
LOOP = 1 << 9


class CountedPiece(Record):
    """A part of the feasible set.

    Attributes:
        count: how many configurations it has.
        at: the configuration of a rank ``0 <= rank < count`` in it.
    """

    count: int
    at: Callable[[int], Point]


class Counted(Record, PublicAnswer):
    """How many configurations meet the budgets.

    Attributes:
        least: so many do.
        exact: whether no others do; else the time was over.
    """

    least: int
    exact: bool = True


def feasible_count(
    space: Space, budgets: Iterable[Budget] = (), progress: Progress | None = None
) -> int:
    """Return the exact number of configurations of a space that meet all budgets.

    Args:
        space: the axes and the conditions.
        budgets: what must hold besides.
        progress: called now and then with the points settled so far, and how many there are.

    Raises:
        SymparamsError: an empty axis, symbols left free.
    """
    return counted(space, budgets, Clock(None), progress).least


def counted(
    space: Space, budgets: Iterable[Budget], clock: Clock, progress: Progress | None = None
) -> Counted:
    """Return the same as far as the clock allows.

    Raises:
        SymparamsError: as :func:`feasible_count`.
    """
    total = 0
    try:
        problem = Problem(space, budgets)
        structure = by_structure(problem, clock.look)
        if structure is not None:
            return Counted(structure.count)
        for piece in pieces(problem, progress, clock):
            total += piece.count
    except OutOfTimeError:
        return Counted(total, False)
    except ZeroDivisionError:
        raise SymparamsError("a formula divides by zero at a size in the space") from None
    return Counted(total)


def by_structure(
    problem: Problem, look: Callable[[], None], ranked: bool = False
) -> Structure | PlainSums | None:
    """Return the feasible set as counted along chains, where formulas are sums over parts.

    Args:
        problem: what must hold.
        look: looks at the clock.
        ranked: whether configurations of ranks will be asked for.

    Raises:
        OutOfTimeError: the clock's time is over.
    """
    tables = None if problem.empty else tabled(problem)
    if tables is None:
        return None
    with suppress(NotTabledError, TooWideError):
        if numpy_is_there():
            from symparams.search.structure import Structure

            return Structure(tables, look, ranked)
        from symparams.search.plain_sums import PlainSums

        return PlainSums(tables, look, ranked)
    return None


def pieces(
    problem: Problem, progress: Progress | None = None, clock: Clock | None = None
) -> Iterator[CountedPiece]:
    """Yield the feasible set in parts, always in the same order.

    Raises:
        OutOfTimeError: the clock's time is over.
    """
    look = Clock(None).look if clock is None else clock.look
    if problem.empty:
        return
    plan = SearchPlan(problem, counting=True)
    arrays = (plan.linear or plan.bisected) and numpy_is_there()
    outer = prod(plan.ends[t] + 1 for t in plan.counted[:-2])
    most = max(1, MOST_HELD // outer) if arrays else LOOP if plan.linear else 1
    whole = count_of(problem.all_places)
    settled = 0
    todo = [plan.all_heads]
    while todo:
        look()
        heads = todo.pop()
        places = plan.whole(heads)
        status = problem.status(problem.box(places))
        if status == 0 and count_of(heads) > most:
            longest = max(range(len(heads)), key=lambda k: heads[k][1] - heads[k][0])
            todo += halves(heads, longest)[::-1]
            continue
        if status > 0:
            yield CountedPiece(count_of(places), _Full(problem, places))
        elif status == 0:
            yield from _of_block(plan, heads, arrays, look)
        settled += count_of(places)
        if progress is not None:
            progress(settled, whole)


def _of_block(
    plan: SearchPlan, heads: Places, arrays: bool, look: Callable[[], None]
) -> Iterator[CountedPiece]:
    if not plan.linear and arrays:
        bundle = LineBlock(plan, heads)
        found = bundle.counts()
        total = _added(found)
        if total:
            yield CountedPiece(total, _InBundle(bundle, found))
    elif not plan.linear:
        line = line_of(plan.problem, plan, heads)
        parts = line.feasible(look)
        if parts:
            yield CountedPiece(sum(b - a + 1 for a, b in parts), _OnLine(line, parts))
    elif arrays:
        block = TailBlock(plan, heads)
        found = counts(block)
        total = _added(found)
        if total:
            yield CountedPiece(total, _InBlock(block, found))
    else:
        for point in plan.head_values(heads):
            tail = lines(plan, point)
            own = count(tail) if tail is not None else 0
            if own:
                yield CountedPiece(own, _InTail(plan, point))


def _added(found: Any) -> int:
    """Return the sum of an array of counts, in Python's integers where int64 might not hold it."""
    if len(found) and found.dtype != object and int(found.max()) * len(found) >= 1 << 62:
        found = found.astype(object)
    return int(found.sum()) if len(found) else 0


# --- the configuration of a rank -----------------------------------------------------


class _Full:
    """Ranks of a box in which everything is feasible."""

    def __init__(self, problem: Problem, places: Places) -> None:
        self.problem = problem
        self.places = places

    def __call__(self, rank: int) -> Point:
        point: Point = {}
        for axis, (low, high) in zip(self.problem.axes, self.places, strict=True):
            rank, place = divmod(rank, high - low + 1)
            point[axis.name] = axis.values[low + place]
        return point


class _OnLine:
    """Ranks of the feasible parts of a line."""

    def __init__(self, line: AxisLine, parts: Sequence[tuple[int, int]]) -> None:
        self.line = line
        self.parts = parts

    def __call__(self, rank: int) -> Point:
        for low, high in self.parts:
            if rank <= high - low:
                return dict(zip(self.line.problem.names, self.line.at(low + rank), strict=True))
            rank -= high - low + 1
        raise IndexError(rank)  # pragma: no cover - a rank is below the count


class _InTail:
    """Ranks of one tail."""

    def __init__(self, plan: SearchPlan, heads: Sequence[Number]) -> None:
        self.plan = plan
        self.heads = heads

    def __call__(self, rank: int) -> Point:
        tail = lines(self.plan, self.heads)
        assert tail is not None
        return self.plan.point(self.heads, unranked(tail, rank))


class _InBlock:
    """Ranks of a block of tails."""

    def __init__(self, block: TailBlock, found: Any) -> None:
        self.block = block
        self.found = found
        self.ends: list[int] = []

    def __call__(self, rank: int) -> Point:
        index, rank = self.within(rank)
        return _InTail(self.block.plan, self.block.point(index))(rank)

    def within(self, rank: int) -> tuple[int, int]:
        """Return (element, rank in it) of a rank."""
        if not self.ends:
            self.ends = list(accumulate(self.found.tolist()))
        index = bisect_right(self.ends, rank)
        return index, rank - (self.ends[index - 1] if index else 0)


class _InBundle(_InBlock):
    """Ranks of a bundle of lines."""

    block: LineBlock

    def __call__(self, rank: int) -> Point:
        index, rank = self.within(rank)
        place = int(self.block.low[index]) + rank
        return self.block.plan.point(self.block.point(index), [place])
