"""How many points a block of tails has, as NumPy arrays."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from math import prod
from typing import TYPE_CHECKING, Any, TypeAlias

from symparams.search.kernels import INT64
from symparams.search.vectors import TailBlock, narrowed

if TYPE_CHECKING:
    import numpy as np

    Array: TypeAlias = np.ndarray[Any, Any]

#: So many tails are held at once where sizes of a tail are gone through.
MOST_HELD = 1 << 20


class _Rows:
    """The rows of many tails: ``left[j]`` and ``rates[j][t]`` are arrays."""

    def __init__(self, left: list[Array], rates: list[list[Array]]) -> None:
        self.left = left
        self.rates = rates

    def taken(self, mask: Array) -> _Rows:
        """Return those of some tails only."""
        return _Rows([x[mask] for x in self.left], [[r[mask] for r in rs] for rs in self.rates])


def counts(block: TailBlock) -> Array:
    """Return the number of feasible points of each tail of the block."""
    rows = block.rows()
    plan = block.plan
    wide = _Rows([left for left, _ in rows], [list(rates) for _, rates in rows])
    found = _counts(wide, plan.counted, plan.ends, block.size, block.type)
    free = prod(n + 1 for t, n in enumerate(plan.ends) if t not in plan.counted)
    if free > 1 and len(found) and int(found.max()) * free >= INT64:
        found = found.astype(object)
    return found * free


def _counts(rows: _Rows, order: Sequence[int], ends: Sequence[int], size: int, type_: Any) -> Array:
    """Return the number of points of the sizes in ``order``, in each of ``size`` tails."""
    import numpy as np

    full = 1
    for t in order:
        full *= ends[t] + 1
    if full >= INT64:
        type_ = object
    total = np.zeros(size, dtype=type_)
    dead = np.zeros(size, dtype=bool)
    active = []
    for left, rates in zip(rows.left, rows.rates, strict=True):
        least = sum((np.minimum(rates[t], 0) * ends[t] for t in order), 0)
        most = sum((np.maximum(rates[t], 0) * ends[t] for t in order), 0)
        dead |= np.broadcast_to(least > left, (size,))
        active.append(np.broadcast_to(most > left, (size,)))
    busy = sum((a.astype(np.int64) for a in active), np.zeros(size, dtype=np.int64))
    total[~dead & (busy == 0)] = full
    mixed = ~dead & (busy > 0)
    if len(order) == 2:
        for j, own in enumerate(active):
            mask = own & ~dead & (busy == 1)
            if mask.any():
                x, y = order
                some = rows.taken(mask)
                total[mask] = under_lines(
                    some.left[j], some.rates[j][x], some.rates[j][y], (ends[x], ends[y]), type_
                )
        mixed = ~dead & (busy > 1)
        for j, k in combinations(range(len(active)), 2):
            mask = mixed & (busy == 2) & active[j] & active[k]
            mask &= (rows.rates[j][order[1]] != 0) & (rows.rates[k][order[1]] != 0)
            if mask.any():
                some = rows.taken(mask)
                x, y = order
                one, other = ((some.left[i], some.rates[i][x], some.rates[i][y]) for i in (j, k))
                total[mask] = between_lines(one, other, (ends[x], ends[y]), type_)
                mixed &= ~mask
    if mixed.any():
        total[mixed] = _by_first(rows.taken(mixed), order, ends, int(mixed.sum()), type_)
    return total


def _by_first(rows: _Rows, order: Sequence[int], ends: Sequence[int], size: int, type_: Any) -> Any:
    """Return the same by going through the first size of ``order``, or, where it is the last, at
    once.
    """
    import numpy as np

    first, others = order[0], order[1:]
    if not others:
        low = np.zeros(size, dtype=type_)
        high = low + ends[first]
        for left, rates in zip(rows.left, rows.rates, strict=True):
            low, high = narrowed(low, high, left, rates[first])
        return np.maximum(high - low + 1, 0)
    total = np.zeros(size, dtype=type_)
    width = max(1, MOST_HELD // max(size, 1))
    for start in range(0, ends[first] + 1, width):
        places = np.arange(start, min(start + width, ends[first] + 1))
        held = len(places)
        lefts = [
            (x[:, None] - rates[first][:, None] * places[None, :]).reshape(-1)
            for x, rates in zip(rows.left, rows.rates, strict=True)
        ]
        repeated = [[np.repeat(rate, held) for rate in own] for own in rows.rates]
        some = _counts(_Rows(lefts, repeated), others, ends, size * held, type_)
        total = total + some.reshape(size, held).sum(axis=1)
    return total


#: ``a*x + b*y <= left`` in many tails: (left, a, b).
Half: TypeAlias = tuple[Any, Any, Any]


def between_lines(one: Half, other: Half, ends: tuple[int, int], type_: Any) -> Array:
    """Return the number of points of the box that two rows allow; neither has b = 0.

    Two rows that bound y from one side take turns: the lines cross once, and
    left and right of there one of them alone counts. Of two that bound it from
    both sides, the points below the lower line are taken from those below the
    upper one, as far along x as the upper line is above the lower.
    """
    import numpy as np

    wide, tall = ends
    down = (one[2] < 0) & (other[2] < 0)
    (left, a, b), (right, c, d) = (_reduced(half, down, tall) for half in (one, other))
    turn = b < 0
    six: list[Any] = [
        np.where(turn, new, old)
        for old, new in ((left, right), (a, c), (b, d), (right, left), (c, a), (d, b))
    ]
    if six[0].dtype != object:
        high = [max(int(abs(v).max()), 1) for v in six]
        if (high[0] + high[1]) * high[5] + (high[3] + high[4]) * high[2] >= INT64:
            six, type_ = [v.astype(object) for v in six], object
    left, a, b, right, c, d = six
    same = d > 0
    # Where x*rate <= limit, the first line is the one that counts (or is above the other).
    rate = np.where(same, c * b - a * d, c * b + a * abs(d))
    limit = np.where(same, right * b - left * d, right * b + left * abs(d))
    step = np.maximum(abs(rate), 1)
    first = np.where(rate < 0, -(limit // step), 0)
    last = np.where(rate > 0, limit // step, np.where((rate == 0) & (limit < 0), -1, wide))
    first, last = np.clip(first, 0, wide + 1), np.clip(last, -1, wide)
    last = np.maximum(last, first - 1)

    def part(half: Half, low: Array, high: Array) -> Array:
        size, x, y = half
        return under_lines(size - x * low, x, y, (high - low, tall), type_)

    total = part((left, a, b), first, last)
    zero = first * 0
    outside = part((right, c, d), zero, first - 1) + part((right, c, d), last + 1, zero + wide)
    below = part((-right - 1, -c, -d), first, last)
    return np.where(same, total + outside, total - below)


def _reduced(half: Half, down: Array, tall: int) -> Half:
    """Return a row with y counted from the other end where ``down``, divided by the common
    divisor.
    """
    import numpy as np

    left, a, b = half
    left, b = np.where(down, left - b * tall, left), np.where(down, -b, b)
    common = np.maximum(np.gcd(a, b), 1)
    return left // common, a // common, b // common


def under_lines(left: Array, a: Array, b: Array, ends: tuple[Any, int], type_: Any) -> Array:
    """Return :func:`symparams.search.tails.under_line` on arrays; the first end may be one too."""
    import numpy as np

    wide, tall = ends
    left = left - np.minimum(a, 0) * wide - np.minimum(b, 0) * tall
    a, b = abs(a), abs(b)
    common = np.maximum(np.gcd(a, b), 1)
    left, a, b = left // common, a // common, b // common
    if _overflows(left, a, ends):
        left, a, b, type_ = left.astype(object), a.astype(object), b.astype(object), object
    last = np.minimum(wide, np.where(a > 0, left // np.maximum(a, 1), wide))
    last = np.where(left < 0, -1, np.maximum(last, -1))
    spare = left - b * tall
    full = np.where(spare >= 0, np.where(a > 0, spare // np.maximum(a, 1), wide), -1)
    full = np.minimum(full, last)
    terms = last - full
    found: Array = (full + 1) * (tall + 1) + terms
    return found + _floor_sums(terms, np.maximum(b, 1), a, left - a * last, type_)


def _overflows(left: Array, a: Array, ends: tuple[Any, int]) -> bool:
    import numpy as np

    if left.dtype == object:
        return False
    # A sum of floors counts points of the box, by at most two further steps beyond its sides.
    side = max(int(np.max(ends[0])), ends[1]) + 2
    return max(side * side, 2 * (int(a.max()) + int(abs(left).max()))) >= INT64


def _floor_sums(terms: Array, modulus: Array, rate: Array, start: Array, type_: Any) -> Array:
    """Return :func:`symparams.search.tails.floor_sum` on arrays."""
    import numpy as np

    total = np.zeros(len(terms), dtype=type_)
    where = np.flatnonzero(terms > 0)
    terms, modulus, rate, start = terms[where], modulus[where], rate[where], start[where]
    while len(where):
        total[where] += terms * (terms - 1) // 2 * (rate // modulus) + terms * (start // modulus)
        rate, start = rate % modulus, start % modulus
        top = rate * terms + start
        terms, start = top // modulus, top % modulus
        modulus, rate = rate, modulus
        going = np.flatnonzero(terms > 0)
        where = where[going]
        terms, modulus, rate, start = terms[going], modulus[going], rate[going], start[going]
    return total
