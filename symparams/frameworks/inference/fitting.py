"""The simplest exact formulas of given values, in the measured order of need.

A number, a size, p/q of a size plus a number, a product, a sum of up to three
products; then what is no polynomial: quotients that leave a remainder,
roundings to integers and to multiples, the larger or the smaller of two, and
formulas over formulas that other values were found to be.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations, permutations

from symparams.algebra import (
    Number,
    Polynomial,
    Size,
    Symbol,
    ceil,
    divide,
    floor,
    maximum,
    minimum,
    substitute,
    take_out,
    terms_of,
)
from symparams.frameworks.inference.polynomials import products, sums
from symparams.frameworks.inference.quantities import Quantity, Values, distinct
from symparams.frameworks.inference.roundings import CandidateForm, roundings, shifted

#: The most terms of a sum; three were enough for 48 builders.
MOST_TERMS = 3
#: The most formulas of other values that one is built over, the latest first.
MOST_EARLIER = 32
#: The most products of two sizes that a rounding is sought of.
MOST_PAIRED = 12
#: The most sizes that quotients of two are taken of.
MOST_DIVIDED = 4
#: The cost of a formula inside a rounding.
EARLIER_COST = 3
#: The cost of the larger or smaller of two, which is looked for where nothing costs less.
EXTREME_COST = (0, 9)
#: How complicated a form may be for each further value that it comes to.
COST_A_VALUE = 4
#: No form is as complicated.
LARGEST_COST = 1_000
NO_COST = (1, LARGEST_COST)
#: Samples beyond the terms that a sum needs, so that no chance meets them all.
SPARE = 2


def fits(
    values: Values,
    names: Sequence[Quantity],
    earlier: Sequence[Quantity] = (),
    most_cost: int = LARGEST_COST,
) -> tuple[Size, ...]:
    """Return the formulas that come to the values, the simplest first; () of none.

    A polynomial stands alone; of other forms, those that further points may
    tell apart follow it.

    Args:
        values: what is to be explained, one a sample.
        names: the sizes it may depend on, with their values.
        earlier: formulas of other values, in the same sizes.
        most_cost: how complicated a form may be: where others are not known yet over
            which a value has a simple one.
    """
    if len(set(values)) == 1:
        return (values[0],)
    ones = Quantity(1, (1,) * len(values))
    basis = products(names, ones)
    found = _sum(values, names, basis)
    if found is not None:
        return (found,)
    candidates = list(_rounded(values, names, ones, earlier))
    costly = min((c.cost for c in candidates), default=NO_COST) > EXTREME_COST
    if costly and len(names) <= MOST_DIVIDED:
        candidates += _extreme(values, names, basis)
    known: dict[Size, CandidateForm] = {}
    # 8, 8, 8, 12 and 18 are met by many a rounding: so few values tell no long form.
    believed = min(most_cost, COST_A_VALUE * (len(set(values)) - 1))
    for candidate in sorted(candidates, key=lambda c: c.cost):
        if candidate.cost[1] > believed and candidate.cost[:2] != EXTREME_COST:
            continue
        known.setdefault(candidate.size, candidate)
    return tuple(known)


def _sum(values: Values, names: Sequence[Quantity], basis: Sequence[Quantity]) -> Size | None:
    """Return the simplest sum of products with these values."""
    different = distinct(names, len(values))
    for terms in range(1, MOST_TERMS + 1):
        # Few values of one size: a straight line through three of them is believed.
        spare = SPARE if terms > 2 or different >= terms + SPARE else 1
        few = spare < SPARE
        if different < terms + spare:
            return None
        chosen = [q for q in basis if not few or q.size == 1 or q in names]
        found = next(sums(chosen, values, terms), None)
        if found is not None:
            return found
    return None


def remainders(names: Sequence[Quantity]) -> Iterator[Quantity]:
    """Yield the quotients x//y of two sizes that leave a remainder at some sample."""
    if len(names) > MOST_DIVIDED:
        return
    for x, y in permutations(names, 2):
        integers = all(isinstance(v, int) for q in (x, y) for v in q.values)
        if not integers or not y.positive or not any(map(_modulo, x.values, y.values)):
            continue
        shares = tuple(u // v for u, v in zip(x.values, y.values, strict=True))
        if len(set(shares)) > 1:
            yield Quantity(floor(divide(x.size, y.size)), shares)


def _modulo(one: Number, other: Number) -> Number:
    return one % other


def _rounded(
    values: Values, names: Sequence[Quantity], ones: Quantity, earlier: Sequence[Quantity]
) -> Iterator[CandidateForm]:
    """Yield what is no polynomial in the sizes, but in roundings of them, or a rounding."""
    different = distinct(names, len(values))
    if different < 1 + SPARE:
        return
    pairs = [q for q in products(names, ones) if q.size != 1 and q not in names]
    yield from roundings([*names, *pairs[:MOST_PAIRED]], values, names)
    yield from shifted(names, values)
    if 2 <= len(names) <= MOST_DIVIDED:
        gaps = [x.minus(y) for x, y in permutations(names, 2)]
        shares = [s for g in gaps for z in names if (s := g.over(z)) is not None]
        # How many of range(l) leave o when divided by p: ceil((l - o)/p).
        yield from roundings([g for g in (*gaps, *shares) if g.positive], values, ())
        yield from _steps_of(values, [*gaps, *shares])
    whole = [*list(earlier)[::-1][:MOST_EARLIER], *remainders(names)]
    inner = [*whole, *(q * x for q in whole for x in names)]
    yield from roundings(inner, values, names, EARLIER_COST)
    opaque = [q for q in whole if not all(map(is_symbol, q.size.atoms()))]  # type: ignore[union-attr]
    for place, q in enumerate(opaque):
        basis = [q, *(q * x for x in names), q * q, ones, *names, *pairs]
        for terms in range(1, min(MOST_TERMS, different - SPARE) + 1):
            found = next(sums(basis, values, terms, 2 + len(names)), None)
            if found is not None:
                yield CandidateForm((0, (3, 5, 12)[terms - 1], place), found)
                break
    for place, (one, other) in enumerate(combinations(opaque, 2)):
        if different >= 2 + SPARE:
            found = next(sums([one, other, one * other, ones, *names], values, 2, 3), None)
            if found is not None:
                yield CandidateForm((0, 11, place), found)


def is_symbol(atom: object) -> bool:
    """Tell whether an atom of a formula is a size, and no function of sizes."""
    return isinstance(atom, Symbol)


def _steps_of(values: Values, gaps: Sequence[Quantity]) -> Iterator[CandidateForm]:
    """Yield ``ceil(x)`` of a difference that is sometimes negative."""
    for place, gap in enumerate(gaps):
        if all(-((-g.numerator) // g.denominator) == v for g, v in zip(gap.values, values)):  # noqa: B905
            yield CandidateForm((0, 4, place), ceil(gap.size))


def _extreme(
    values: Values, names: Sequence[Quantity], basis: Sequence[Quantity]
) -> Iterator[CandidateForm]:
    """Yield the larger or the smaller of a number or a size, and a form of the others."""
    several = len(values)
    for pick, choose, limit in ((maximum, max, min(values)), (minimum, min, max(values))):
        ends = [Quantity(limit, (limit,) * several), *names]
        for place, end in enumerate(ends):
            rest = [n for n in range(several) if values[n] != end.values[n]]
            if len(rest) < 1 + SPARE or len(rest) == several:
                continue
            if any(choose(values[n], end.values[n]) != values[n] for n in rest):
                continue
            left = tuple(values[n] for n in rest)
            here = [q.only(rest) for q in names]
            bodies = [s for s in [_sum(left, here, [q.only(rest) for q in basis])] if s is not None]
            if len(set(left)) == 1:
                bodies = [left[0]]
            bodies = bodies or [
                c.size for c in sorted(roundings(here, left, ()), key=lambda c: c.cost)
            ]
            for n, body in enumerate(bodies[:2]):
                size = _picked(pick, end.size, body)
                if _comes_to(size, values, names):
                    yield CandidateForm((*EXTREME_COST, place, n), size)


def _comes_to(size: Size, values: Values, names: Sequence[Quantity]) -> bool:
    """Tell whether a formula has every value: where one end is met the other must be beyond."""
    return all(
        substitute(size, {str(q.size): q.values[n] for q in names}) == value
        for n, value in enumerate(values)
    )


def _picked(pick: Callable[..., Size], end: Size, body: Size) -> Size:
    """Return e*max(0, l - first) rather than max(0, e*l - e*first)."""
    if end != 0 or not isinstance(body, Polynomial):
        return pick(end, body)
    common, rest = take_out(body)
    ((_, content),) = terms_of(common).items()
    return pick(end, rest) * common if content > 0 else pick(end, -rest) * -common


__all__ = ["fits", "remainders"]
