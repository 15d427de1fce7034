"""Sums of a few products that come to given values, found exactly.

Sums are screened modulo a prime, where a subtraction costs as little as any
other; what passes is solved in rationals, and holds at every sample.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations, product
from math import gcd
from typing import TypeAlias

from symparams.algebra import Number, Size, add_up, exact
from symparams.frameworks.inference.quantities import Quantity, Values

#: The largest denominator of a coefficient: 1.28 is 32/25, a width of 7/20 is in the papers.
LARGEST_DENOMINATOR = 64
#: The most products that are summed up in pairs, and in threes: 1,330 threes take 30 ms.
MOST_IN_PAIRS, MOST_IN_THREES = 60, 21

#: The products that samples are to differ in.
TELLING = 8
#: Samples beyond the terms that a sum is screened at.
SCREENED = 3

_PRIME = (1 << 61) - 1
_Row: TypeAlias = list[int]


def products(quantities: Sequence[Quantity], ones: Quantity) -> list[Quantity]:
    """Return the products and quotients of sizes that a dimension may be made of, simple first.

    1, x, x*y, x/y, x*y/z, x*y*z, x^2, 1/x; a product of four sizes was seen in none of
    the models that the order was measured on.
    """
    found: dict[Size, Quantity] = {ones.size: ones}

    def add(*candidates: Quantity | None) -> None:
        for candidate in candidates:
            if candidate is not None and candidate.size not in found:
                found[candidate.size] = candidate

    add(*quantities)
    pairs = list(combinations(quantities, 2))
    add(*(x * y for x, y in pairs))
    for x, y in pairs:
        add(x.over(y), y.over(x))
    add(*(x * x for x in quantities))
    if len(quantities) <= 2:
        add(*(x * x * x * x for x in quantities), *(x * x * x for x in quantities))
    if len(quantities) <= 5:
        for x, y, z in combinations(quantities, 3):
            add((x * y).over(z), (x * z).over(y), (y * z).over(x), x * y * z)
    if len(quantities) <= 3:
        add(*(ones.over(x) for x in quantities))
        for x, y in product(quantities, repeat=2):
            add(x * x * y, (x * x).over(y), (x * x).over(y * y))
    return list(found.values())


def _modular(values: Sequence[Number]) -> _Row:
    return [
        v % _PRIME
        if isinstance(v, int)
        else v.numerator % _PRIME * pow(v.denominator, -1, _PRIME) % _PRIME
        for v in values
    ]


def sums(basis: Sequence[Quantity], values: Values, terms: int, within: int = 0) -> Iterator[Size]:
    """Yield the sums of exactly so many products with values everywhere as given.

    ``basis`` is in the order of need: the first that is found is the simplest. Every
    sum has one of the first ``within`` products, where that is given.
    """
    kept = basis if terms == 1 else basis[: MOST_IN_PAIRS if terms == 2 else MOST_IN_THREES]
    rows = _telling(kept, values, terms + SCREENED)
    columns = [_modular([q.values[n] for n in rows]) for q in kept]
    wanted = _modular([values[n] for n in rows])
    for chosen in _consistent(columns, wanted, terms, (), within or len(kept)):
        found = _solved([kept[n] for n in chosen], values)
        if found is not None:
            yield found


def _telling(basis: Sequence[Quantity], values: Values, most: int) -> list[int]:
    """Return a few samples that are no combinations of each other in the first products.

    At samples that are, a product that is needed may look like a multiple of another.
    """
    several = len(values)
    stride = next(n for n in range(int(several * 0.62) or 1, several + 1) if gcd(n, several) == 1)
    chosen: list[int] = []
    left: list[int] = []
    pivots: list[tuple[int, _Row]] = []
    for n in (stride * k % several for k in range(several - 1, -1, -1)):
        row = _modular([q.values[n] for q in basis[:TELLING]])
        for place, pivot in pivots:
            row = _without(row, pivot, place)
        place = next((p for p, x in enumerate(row) if x), -1)
        if place < 0:
            left.append(n)
            continue
        inverse = pow(row[place], -1, _PRIME)
        pivots.append((place, [x * inverse % _PRIME for x in row]))
        chosen.append(n)
        if len(chosen) == most:
            break
    return [*chosen, *left][:most]


def _consistent(
    columns: Sequence[_Row | None], wanted: _Row, terms: int, chosen: tuple[int, ...], within: int
) -> Iterator[tuple[int, ...]]:
    """Yield the choices of columns of which some combination gives the values, modulo the prime.

    One column after the other is eliminated from the rest, so that a choice of three
    costs a few products.
    """
    start = chosen[-1] + 1 if chosen else 0
    for n in range(start, len(columns) if chosen else min(within, len(columns))):
        column = columns[n]
        if column is None:
            continue
        place = next((p for p, x in enumerate(column) if x), None)
        if place is None:
            continue
        if terms == 1:
            head, value = column[place], wanted[place]
            if value and all(
                (x * value - head * y) % _PRIME == 0 for x, y in zip(column, wanted, strict=True)
            ):
                yield (*chosen, n)
            continue
        inverse = pow(column[place], -1, _PRIME)
        unit = [x * inverse % _PRIME for x in column]
        rest = [None] * (n + 1) + [
            None if c is None else _without(c, unit, place) for c in columns[n + 1 :]
        ]
        yield from _consistent(rest, _without(wanted, unit, place), terms - 1, (*chosen, n), within)


def _without(row: _Row, unit: _Row, place: int) -> _Row:
    factor = row[place]
    return [(x - factor * y) % _PRIME for x, y in zip(row, unit, strict=True)] if factor else row


def _solved(chosen: Sequence[Quantity], values: Values) -> Size | None:
    """Return the sum of the products with the coefficients that every sample demands."""
    several = len(chosen)
    pivots: list[tuple[int, list[Fraction]]] = []
    for n, value in enumerate(values):
        row = [Fraction(q.values[n]) for q in chosen] + [Fraction(value)]
        for place, pivot in pivots:
            factor = row[place]
            if factor:
                row = [x - factor * y for x, y in zip(row, pivot, strict=True)]
        place = next((p for p in range(several) if row[p]), several)
        if place < several:
            head = row[place]
            pivots.append((place, [x / head for x in row]))
        elif row[several]:
            return None
    if len(pivots) < several:
        return None
    coefficients: dict[int, Fraction] = {}
    for place, pivot in reversed(pivots):
        others = sum((pivot[p] * c for p, c in coefficients.items()), Fraction())
        coefficients[place] = pivot[several] - others
    if any(not c or c.denominator > LARGEST_DENOMINATOR for c in coefficients.values()):
        return None
    return add_up(chosen[p].size * exact(c) for p, c in coefficients.items())


__all__ = ["LARGEST_DENOMINATOR", "products", "sums"]
