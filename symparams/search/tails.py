"""Tails in plain integers: the best points, the number of points, the point of a rank.

A tail is ``start + rates·x`` over places ``0 <= x[t] <= ends[t]`` under rows
``row·x <= left``; see :class:`~symparams.search.plans.Lines`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import combinations
from math import gcd

from symparams.algebra import Number
from symparams.records import Record
from symparams.search.plans import Lines

#: Takes a value and places, and keeps them if they are good enough.
Offer = Callable[[int, Sequence[int]], None]
#: What a value must exceed to be of interest.
Threshold = Callable[[], float]


def span(
    rate: Sequence[int], left: Sequence[int], after: Sequence[int], end: int
) -> tuple[int, int]:
    """Return the first and last place that the rows leave one size; the first is above the last of
    none.

    ``after`` is the least that the sizes behind it can take from each row.
    """
    low, high = 0, end
    for own, room, least in zip(rate, left, after, strict=True):
        room -= least
        if own > 0:
            high = min(high, room // own)
        elif own < 0:
            low = max(low, -(room // -own))
        elif room < 0:
            return 0, -1
    return low, high


class _TailRest(Record):
    """What is known of the sizes behind one depth of a climb.

    Attributes:
        most: the most they add to the goal.
        least: the least they take from each row.
        shared: the greatest common divisor of their rates.
        relaxed: (row, c, a, e): they add at most ``(c*left[row] + e) / a``.
        grids: the greatest common divisor of each row's rates.
        opposed: pairs of rows that bound the same sum from both sides.
    """

    most: int
    least: tuple[int, ...]
    shared: int
    relaxed: tuple[tuple[int, int, int, int], ...]
    grids: tuple[int, ...]
    opposed: tuple[tuple[int, int], ...]

    def bound(self, left: Sequence[int]) -> float:
        """Return the most they can add where the rows leave so much."""
        for one, other in self.opposed:
            # Between the two ends there must be a multiple of what the sum is made of.
            grid = self.grids[one]
            if left[one] // grid + left[other] // grid < 0:
                return -math.inf
        best = self.most
        for row, c, a, extra in self.relaxed:
            room = left[row] // self.grids[row] * self.grids[row]
            found = (c * room + extra) // a
            best = min(best, found // self.shared * self.shared)
        return best


def rest(tail: Lines, order: Sequence[int]) -> _TailRest:
    """Return what is known of the sizes in ``order``.

    A point adds ``rates·x`` and takes ``row·x``. For any λ >= 0 it adds at most
    ``λ left + sum(max(0, rate - λ row) * end)`` (Lagrange), best at some λ =
    rate/row of a size; and what it adds is a multiple of the rates' divisor.
    """
    rates, ends, rows = tail.rates, tail.ends, tail.rows
    relaxed = []
    for j, (_, row) in enumerate(tail.rows):
        tried = set()
        for t in order:
            c, a = rates[t], row[t]
            if c * a > 0:
                common = gcd(c, a)
                c, a = abs(c) // common, abs(a) // common
                if (c, a) not in tried:
                    tried.add((c, a))
                    extra = sum(max(0, rates[u] * a - c * row[u]) * ends[u] for u in order)
                    relaxed.append((j, c, a, extra))
    return _TailRest(
        sum(max(0, rates[t]) * ends[t] for t in order),
        tuple(sum(min(0, row[t]) * ends[t] for t in order) for _, row in rows),
        gcd(*(rates[t] for t in order)),
        tuple(relaxed),
        tuple(gcd(*(row[t] for t in order)) or 1 for _, row in rows),
        tuple(
            (j, k)
            for (j, (_, one)), (k, (_, other)) in combinations(enumerate(rows), 2)
            if all(one[t] == -other[t] for t in order)
        ),
    )


def climb(
    tail: Lines,
    offer: Offer,
    threshold: Threshold,
    tick: Callable[[], None],
    ceiling: Number | float = math.inf,
) -> None:
    """Offer points, so that in the end none above the threshold was left out.

    Coarse sizes first, so that the finest, solved in one step, fills the rest.
    Stops early once the threshold reaches ``ceiling``, which no point exceeds.
    """
    rates, rows = tail.rates, tail.rows
    depths = len(tail.ends)
    order = sorted(
        range(depths), key=lambda t: (abs(rates[t]), max((abs(r[t]) for _, r in rows), default=0))
    )[::-1]
    left = [left for left, _ in rows]
    if not depths:
        if all(room >= 0 for room in left) and tail.start > threshold():
            offer(tail.start, ())
        return
    ceiling = min(ceiling, tail.start + rest(tail, order).bound(left))
    if ceiling <= threshold():
        return
    behind = [rest(tail, order[d + 1 :]) for d in range(depths)]
    columns = [[row[t] for _, row in rows] for t in range(depths)]
    places = [0] * depths

    def go(depth: int, value: int, left: Sequence[int]) -> None:
        t = order[depth]
        rate, column, known = rates[t], columns[t], behind[depth]
        low, high = span(column, left, known.least, tail.ends[t])
        last = depth == depths - 1
        for place in range(high, low - 1, -1) if rate >= 0 else range(low, high + 1):
            here = value + rate * place
            if here + known.most <= threshold():
                break  # and so would be all further places
            places[t] = place
            if last:
                offer(here, places)
                continue
            tick()
            rooms = [a - b * place for a, b in zip(left, column, strict=True)]
            if here + known.bound(rooms) <= threshold():
                continue
            go(depth + 1, here, rooms)
            if threshold() >= ceiling:
                return

    go(0, tail.start, left)


# --- counting --------------------------------------------------------------------


def floor_sum(terms: int, modulus: int, rate: int, start: int) -> int:
    """Return ``sum((rate*i + start) // modulus for i in range(terms))``; nothing below 0, modulus >
    0.

    Euclid's algorithm on the lattice points under a line.
    """
    total = 0
    while terms > 0:
        total += terms * (terms - 1) // 2 * (rate // modulus) + terms * (start // modulus)
        rate, start = rate % modulus, start % modulus
        top = rate * terms + start
        terms, start = divmod(top, modulus)
        modulus, rate = rate, modulus
    return total


def under_line(left: int, a: int, b: int, ends: tuple[int, int]) -> int:
    """Return the number of ``0 <= x <= ends[0]``, ``0 <= y <= ends[1]`` with ``a*x + b*y <=
    left``.
    """
    wide, tall = ends
    if a < 0:
        left, a = left - a * wide, -a
    if b < 0:
        left, b = left - b * tall, -b
    if left < 0:
        return 0
    if not b:
        return (min(wide, left // a) + 1 if a else wide + 1) * (tall + 1)
    last = min(wide, left // a) if a else wide
    full = -1
    if left >= b * tall:
        full = min(last, (left - b * tall) // a) if a else last
    terms = last - full
    return (full + 1) * (tall + 1) + terms + floor_sum(terms, b, a, left - a * last)


def by_length(tail: Lines) -> list[int]:
    """Return the sizes of a tail in the order they are counted.

    Those that no row speaks of first, the two longest of the others last.
    """
    held = [any(row[t] for _, row in tail.rows) for t in range(len(tail.ends))]
    return sorted(range(len(tail.ends)), key=lambda t: (held[t], tail.ends[t]))


def count(tail: Lines, order: Sequence[int] | None = None) -> int:
    """Return the number of points of a tail (of the sizes in ``order``, the others at place 0)."""
    order = by_length(tail) if order is None else order
    rows = []
    for left, row in tail.rows:
        if sum(min(0, row[t]) * tail.ends[t] for t in order) > left:
            return 0
        if sum(max(0, row[t]) * tail.ends[t] for t in order) > left:
            rows.append((left, row))
    if not rows:
        return math.prod(tail.ends[t] + 1 for t in order)
    if len(order) == 2 and len(rows) == 1:
        ((left, row),) = rows
        x, y = order
        return under_line(left, row[x], row[y], (tail.ends[x], tail.ends[y]))
    first, others = order[0], order[1:]
    if others and not any(row[first] for _, row in rows):
        return (tail.ends[first] + 1) * count(tail, others)
    low, high = first_span(tail.but(rows=rows), order)
    if not others:
        return max(0, high - low + 1)
    return sum(count(at(tail, rows, first, place), others) for place in range(low, high + 1))


def first_span(tail: Lines, order: Sequence[int]) -> tuple[int, int]:
    """Return the places of the first size of ``order`` that leave room for the others."""
    after = [sum(min(0, row[t]) * tail.ends[t] for t in order[1:]) for _, row in tail.rows]
    column = [row[order[0]] for _, row in tail.rows]
    return span(column, [left for left, _ in tail.rows], after, tail.ends[order[0]])


def at(tail: Lines, rows: Sequence[tuple[int, Sequence[int]]], t: int, place: int) -> Lines:
    """Return a tail with one of its sizes at a place."""
    return tail.but(rows=[(left - row[t] * place, row) for left, row in rows])


def unranked(tail: Lines, rank: int) -> list[int]:
    """Return the places of the point of a rank, from 0, in the order that :func:`count` counts."""
    places = [0] * len(tail.ends)
    order = by_length(tail)
    while order:
        t, order = order[0], order[1:]
        low, high = first_span(tail, [t, *order])
        rows = tail.rows
        if order and not any(row[t] for _, row in rows):
            place, rank = divmod(rank, count(tail, order))
        elif len(order) == 1:
            place, rank = _by_bisection(tail, t, order[0], rank)
        else:
            place = low
            while order and (here := count(at(tail, rows, t, place), order)) <= rank:
                rank -= here
                place += 1
            if not order:
                place, rank = low + rank, 0
        assert place <= high, "a rank beyond the count"
        places[t] = place
        tail = at(tail, rows, t, place)
    return places


def _by_bisection(tail: Lines, x: int, y: int, rank: int) -> tuple[int, int]:
    """Return (place of x, rank within it) of a rank in a tail of two sizes."""
    ends = list(tail.ends)

    def up_to(place: int) -> int:
        ends[x] = place
        return count(tail.but(ends=tuple(ends)), [x, y]) if place >= 0 else 0

    low, high = 0, tail.ends[x]
    while low < high:
        middle = (low + high) // 2
        if up_to(middle) > rank:
            high = middle
        else:
            low = middle + 1
    return low, rank - up_to(low - 1)
