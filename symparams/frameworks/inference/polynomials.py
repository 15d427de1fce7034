"""Sums of a few products that come to given values, found exactly.

Sums are screened modulo a prime, where a subtraction costs as little as any
other; what passes is solved in rationals, and holds at every sample.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations, product
from typing import TypeAlias

from symparams.algebra import Size, add_up, exact
from symparams.frameworks.inference.quantities import Quantity, Values

#: The largest denominator of a coefficient: 1.28 is 32/25, a width of 7/20 is in the papers.
LARGEST_DENOMINATOR = 64
#: The most products that are summed up in pairs, and in threes: 1,330 threes take 30 ms.
MOST_IN_PAIRS, MOST_IN_THREES = 60, 21

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
    if len(quantities) <= 5:
        for x, y, z in combinations(quantities, 3):
            add((x * y).over(z), (x * z).over(y), (y * z).over(x), x * y * z)
    if len(quantities) <= 3:
        add(*(ones.over(x) for x in quantities))
        for x, y in product(quantities, repeat=2):
            add(x * x * y, (x * x).over(y))
    return list(found.values())


def _modular(values: Values) -> _Row:
    return [
        v % _PRIME
        if isinstance(v, int)
        else v.numerator % _PRIME * pow(v.denominator, -1, _PRIME) % _PRIME
        for v in values
    ]


def sums(basis: Sequence[Quantity], values: Values, terms: int) -> Iterator[Size]:
    """Yield the sums of exactly so many products with values everywhere as given.

    ``basis`` is in the order of need: the first that is found is the simplest.
    """
    if terms == 1:
        for one in basis:
            found = _solved([one], values)
            if found is not None:
                yield found
        return
    kept = basis[: MOST_IN_PAIRS if terms == 2 else MOST_IN_THREES]
    columns = [_modular(q.values) for q in kept]
    wanted = _modular(values)
    for chosen in combinations(range(len(kept)), terms):
        if _consistent([columns[n] for n in chosen], wanted):
            found = _solved([kept[n] for n in chosen], values)
            if found is not None:
                yield found


def _consistent(columns: Sequence[_Row], wanted: _Row) -> bool:
    """Tell whether some coefficients give the values wanted, modulo the prime."""
    pivots: list[tuple[int, _Row]] = []
    several = len(columns)
    for n, value in enumerate(wanted):
        row = [c[n] for c in columns]
        row.append(value)
        for place, pivot in pivots:
            factor = row[place]
            if factor:
                row = [(x - factor * y) % _PRIME for x, y in zip(row, pivot, strict=True)]
        place = next((p for p in range(several) if row[p]), several)
        if place < several:
            inverse = pow(row[place], -1, _PRIME)
            pivots.append((place, [x * inverse % _PRIME for x in row]))
        elif row[several]:
            return False
    return len(pivots) == several  # else fewer products do


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
