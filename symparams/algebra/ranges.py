"""Ends of single symbols that follow from sizes known to be at least 0, or not 0.

From ``s <= N`` and ``N <= 512`` follows ``s <= 512``. Facts are gone through a
few times; what would take longer is left unknown.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from typing import TypeAlias

from symparams.algebra.atoms import (
    Atom,
    Monomial,
    Number,
    Symbol,
    by_key,
    exact,
    raised,
    times,
)
from symparams.algebra.polynomial import Polynomial, Size, collect, symbols_of, terms_of

#: The least and the largest value; None where there is no end, or it is not known.
Range: TypeAlias = "tuple[Number | None, Number | None]"

#: How often the facts are gone through, and the most facts that are.
ROUNDS = 4
MOST_FACTS = 200


def ranges_of(
    least: Iterable[Polynomial],
    equals: Mapping[str, Size],
    nonzero: Iterable[Polynomial],
    own: Callable[[Symbol], Range],
) -> Mapping[str, Range]:
    """Map each name to the ends that follow for it, where any do; ``own`` says where each symbol
    begins.
    """
    # Bounded by what stands on one side: a symbol with a number as factor.
    known = [size for size in least if _of_symbols(size)][:MOST_FACTS]
    same = [(n, size) for n, size in equals.items() if _of_symbols(size)][:MOST_FACTS]
    apart = [one for size in nonzero if (one := _excluded(size)) is not None]
    symbols = {s.name: s for size in (*known, *(z for _, z in same)) for s in symbols_of(size)}
    symbols |= {s.name: s for s, _ in apart}
    found: dict[str, Range] = {name: own(s) for name, s in symbols.items()}
    for _ in range(ROUNDS):
        before = dict(found)
        for size in known:
            _bounded(size, found, symbols)
        for name, equal in same:
            low, high = _ends(equal, found, False), _ends(equal, found, True)
            _tighten(name, low, high, found, symbols)
        for symbol, value in apart:
            _cut(symbol, value, found)
        if found == before:
            break
    return found


def _of_symbols(size: Size) -> bool:
    return all(isinstance(a, Symbol) and e > 0 for m in terms_of(size) for a, e in m)


def _bounded(size: Polynomial, found: dict[str, Range], symbols: Mapping[str, Symbol]) -> None:
    """Use ``size >= 0`` for each symbol in it that the others leave a bound for."""
    for monomial, coefficient in size.terms.items():
        if len(monomial) != 1 or monomial[0][1] != 1:
            continue
        atom = monomial[0][0]
        if sum(atom in dict(m) for m in size.terms) > 1:
            continue
        most = _ends(collect({m: c for m, c in size.terms.items() if m != monomial}), found, True)
        if most is None:
            continue
        # coefficient*s >= -rest >= -most
        end = exact(Fraction(-most) / coefficient)
        low, high = (end, None) if coefficient > 0 else (None, end)
        _tighten(atom.key, low, high, found, symbols)


def _ends(size: Size, found: Mapping[str, Range], largest: bool) -> Number | None:
    """Return the largest (or the least) value by the ends of the symbols; None: not known."""

    def end_of(atom: Atom, least: bool) -> Number | None:
        low, high = found.get(atom.key, (None, None))
        return low if least else high

    return end_of_sum(size, not largest, end_of)


#: Most pairs of a positive and a negative term that are compared.
MOST_WEIGHED = 1_000

#: One end of an atom: (atom, whether the least) → it, or None where it is not known.
EndOf: TypeAlias = "Callable[[Atom, bool], Number | None]"


def end_of_sum(size: Size, least: bool, end_of: EndOf) -> Number | None:
    """Return the least (or the largest) sum of what the terms may be; None: not found."""
    total: Number = 0
    for monomial, coefficient in terms_of(size).items():
        end = end_of_product(monomial, (coefficient > 0) == least, end_of)
        if end is None:
            return None
        total += coefficient * end
    return exact(total)


def end_of_product(monomial: Monomial, least: bool, end_of: EndOf) -> Number | None:
    """Return the least (or the largest) value of a product of atoms; None: not found."""
    found: Number = 1
    for atom, exponent in monomial:
        low = end_of(atom, True)
        if low is None or low < 0:
            # Alone, an index may be bounded below 0; in a product signs would mix.
            return end_of(atom, least) if monomial == ((atom, 1),) else None
        end = low if least == (exponent > 0) else end_of(atom, False)
        if exponent < 0:
            if end:
                end = 1 / Fraction(end)
            else:
                end = 0 if end is None and least else None
        if end is None:
            return None
        found *= end ** abs(exponent)
    return found


def _tighten(
    name: str,
    low: Number | None,
    high: Number | None,
    found: dict[str, Range],
    symbols: Mapping[str, Symbol],
) -> None:
    first, last = found.get(name, (None, None))
    whole = name in symbols and symbols[name].integer
    if low is not None:
        low = math.ceil(low) if whole else low
        first = low if first is None else max(first, low)
    if high is not None:
        high = math.floor(high) if whole else high
        last = high if last is None else min(last, high)
    found[name] = first, last


def _excluded(size: Polynomial) -> tuple[Symbol, Number] | None:
    """Return (symbol, value) of a size that is not 0: the symbol does not have the value."""
    rest = dict(size.terms)
    constant = rest.pop((), 0)
    if len(rest) != 1:
        return None
    ((monomial, coefficient),) = rest.items()
    atom, exponent = monomial[0]
    if len(monomial) > 1 or exponent != 1 or not isinstance(atom, Symbol) or not atom.integer:
        return None
    return atom, exact(Fraction(-constant) / coefficient)


def _cut(symbol: Symbol, value: Number, found: dict[str, Range]) -> None:
    """Take an end away that the symbol does not have."""
    low, high = found[symbol.name]
    if low == value:
        low = low + 1
    if high == value:
        high = high - 1
    found[symbol.name] = low, high


def outweighed(size: Size, low: Callable[[Atom], Number]) -> bool:
    """Tell whether every negative term is outweighed by positive ones that it divides.

    Then the size is at least 0: ``3*h^9 - h^2 - 2*h`` where h >= 1. ``low`` gives the
    least value of an atom, a number below 0 where it is not known. False: not shown.
    """
    terms = terms_of(size)
    above = {m: c for m, c in terms.items() if c > 0}
    below = [(m, -c) for m, c in terms.items() if c < 0]
    if len(above) * len(below) > MOST_WEIGHED or sum(above.values()) < sum(c for _, c in below):
        return False
    if any(low(a) < 0 or (e < 0 and not low(a)) for m in terms for a, e in m):
        return False
    below.sort(key=lambda term: -sum(e for _, e in term[0]))
    for monomial, left in below:
        inverse = raised(monomial, -1)
        for other in sorted(above, key=lambda m: sum(e for _, e in m)):
            if all(e > 0 and low(a) >= 1 for a, e in times(other, inverse)):
                taken = min(left, above[other])
                above[other] -= taken
                left -= taken
                if not left:
                    break
        if left:
            return False
    return True


def primitive(size: Size, never_zero: Callable[[Atom], bool]) -> Size:
    """Return one size for all that are 0 together: without factors that are never 0."""
    terms = terms_of(size)
    if not terms:
        return size
    shared: dict[Atom, int] = {}
    powers = [dict(m) for m in terms]
    for atom in {a for p in powers for a in p}:
        if never_zero(atom):
            lowest = min(p.get(atom, 0) for p in powers)
            if lowest:
                shared[atom] = -lowest
    up: Monomial = tuple(sorted(shared.items(), key=by_key))
    freed = {times(m, up): c for m, c in terms.items()}
    first = freed[min(freed, key=lambda m: tuple((a.key, e) for a, e in m))]
    return collect({m: exact(Fraction(c) / first) for m, c in freed.items()})
