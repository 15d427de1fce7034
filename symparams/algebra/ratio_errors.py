"""A bound of a relative error where both sizes are sums of products of sizes, over a domain.

With ``exact = told + more - less``, each a sum of products with positive coefficients, the
error ``|exact - told| / exact`` is at most the larger of ``p/(1 + p)`` and ``n/(1 - n)``, where
p and n bound ``more/told`` and ``less/told``. A term of these is divided by each term of
``told``: a product of powers, which is least at an end of each size. Where these ends
are not the same for all, the domain is taken apart there. All numbers are exact.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from heapq import heappop, heappush
from itertools import count
from math import isqrt
from typing import TypeAlias

from symparams.algebra.atoms import Monomial, Number, Symbol
from symparams.algebra.facts import Facts
from symparams.algebra.polynomial import Polynomial, Size, substitute, symbols_of, terms_of

#: The most powers of sizes that are worked out on the way to a bound: about a tenth of a second.
MOST_POWERS = 15_000

#: Of each size, the least and the greatest value; None: it has no end.
_Ends: TypeAlias = "Mapping[str, tuple[Fraction, Fraction | None]]"
#: Coefficient, and the exponent of each size.
_Term: TypeAlias = "tuple[Fraction, dict[str, int]]"


def error_of_ratios(exact: Size, told: Size, facts: Facts, unit: int) -> Fraction | None:
    """Return a bound of ``|exact - told| / exact`` over a domain, a multiple of 1/unit.

    None where a function of sizes stands in them, ``told`` is no sum of positive terms, or
    nothing bounds the error.
    """
    whole = _positive(told)
    rest = exact - told
    if whole is None or not whole or not _plain(rest):
        return None
    ends = _ends(facts, symbols_of(exact) | symbols_of(told))
    if ends is None:
        return None
    more = [term for term in _terms(rest) if term[0] > 0]
    less = [(-factor, powers) for factor, powers in _terms(rest) if factor < 0]
    return _Parting(exact, told, (whole, more, less), unit).bound(ends)


def _plain(size: Size) -> bool:
    """Tell whether a size is a sum of products of powers of symbols."""
    return all(isinstance(atom, Symbol) for monomial in terms_of(size) for atom, _ in monomial)


def _terms(size: Size) -> list[_Term]:
    return [(Fraction(factor), _powers(monomial)) for monomial, factor in terms_of(size).items()]


def _powers(monomial: Monomial) -> dict[str, int]:
    return {atom.name: exponent for atom, exponent in monomial if isinstance(atom, Symbol)}


def _positive(size: Size) -> list[_Term] | None:
    """Return the terms of a size; None where it is no sum of positive ones."""
    found = _terms(size) if _plain(size) else None
    return None if found is None or any(factor <= 0 for factor, _ in found) else found


def _ends(facts: Facts, symbols: Iterable[Symbol]) -> _Ends | None:
    """Return the least and the greatest value of each size; None where one may be 0."""
    found: dict[str, tuple[Fraction, Fraction | None]] = {}
    for of in symbols:
        least, most = facts.least_of(of), facts.most_of(of)
        if least is None or least <= 0:
            return None
        found[of.name] = Fraction(least), None if most is None else Fraction(most)
    return found


class _Parting:
    """A domain that is taken apart until a bound is as near as it can be told."""

    def __init__(
        self,
        exact: Size,
        told: Size,
        terms: tuple[Sequence[_Term], Sequence[_Term], Sequence[_Term]],
        unit: int,
    ) -> None:
        self.exact, self.told = exact, told
        self.whole, self.more, self.less = terms
        self.unit = unit
        #: For each term beside the told ones, its ratios to these: told by it.
        self.ratios = {
            id(term): [_ratio(own, term) for own in self.whole] for term in (*self.more, *self.less)
        }
        self.powers = max(1, sum(len(p) for rs in self.ratios.values() for _, p in rs))
        self.turning = _turning(r for ratios in self.ratios.values() for r in ratios)

    def bound(self, ends: _Ends) -> Fraction | None:
        """Return the least multiple of 1/unit that was found to bound the error."""
        numbers = count()
        above = self.above(ends)
        if above is None:
            return None
        least = self.at_corners(ends)
        parts = [(-above, next(numbers), ends)]
        for _ in range(MOST_POWERS // (self.powers * max(1, 2 * len(self.turning)))):
            most = self.rounded(-parts[0][0])
            halves = self.halves(parts[0][2]) if most > self.rounded(least) else None
            if halves is None:
                break
            heappop(parts)
            for bound, part in halves:
                least = max(least, self.at_corners(part))
                heappush(parts, (-bound, next(numbers), part))
        return self.rounded(-parts[0][0])

    def halves(self, ends: _Ends) -> list[tuple[Fraction, _Ends]] | None:
        """Return a domain in two parts, each with its bound: along the size that betters it most.

        None: there is nothing to part.
        """
        found = []
        for name in self.turning:
            if ends[name][0] == ends[name][1]:
                continue
            both = [(self.above(half), half) for half in _halves(ends, name)]
            bounded = [(above, half) for above, half in both if above is not None]
            if len(bounded) == len(both):
                found.append(bounded)
        return min(found, key=lambda both: max(above for above, _ in both), default=None)

    def rounded(self, error: Fraction) -> Fraction:
        """Return the least multiple of 1/unit that an error is no more than."""
        return Fraction(-(-error.numerator * self.unit // error.denominator), self.unit)

    def above(self, ends: _Ends) -> Fraction | None:
        """Return a bound of the error; None: there is none."""
        more, less = self.share(self.more, ends), self.share(self.less, ends)
        if less is None or less >= 1:
            return None
        most = Fraction(1) if more is None else more / (1 + more)
        return max(most, less / (1 - less))

    def share(self, terms: Sequence[_Term], ends: _Ends) -> Fraction | None:
        """Return a bound of what terms are, in parts of what is told; None: there is none."""
        total = Fraction(0)
        for term in terms:
            least = sum((_least(ratio, ends) for ratio in self.ratios[id(term)]), Fraction(0))
            if not least:
                return None
            total += 1 / least
        return total

    def at_corners(self, ends: _Ends) -> Fraction:
        """Return the largest error at the least and at the greatest values."""
        least: dict[str, Number] = {name: low for name, (low, _) in ends.items()}
        most: dict[str, Number] = {name: high or low for name, (low, high) in ends.items()}
        return max(self.at(least), self.at(most))

    def at(self, point: Mapping[str, Number]) -> Fraction:
        exact, told = substitute(self.exact, point), substitute(self.told, point)
        assert not isinstance(exact, Polynomial)
        assert not isinstance(told, Polynomial)
        return abs(Fraction(exact) - Fraction(told)) / exact if exact > 0 else Fraction(0)


def _ratio(one: _Term, other: _Term) -> _Term:
    """Return a term divided by another."""
    powers = {n: one[1].get(n, 0) - other[1].get(n, 0) for n in {**one[1], **other[1]}}
    return one[0] / other[0], {name: power for name, power in powers.items() if power}


def _turning(ratios: Iterator[_Term]) -> tuple[str, ...]:
    """Return the sizes that some ratios grow with and others shrink with."""
    signs: dict[str, set[bool]] = {}
    for _, powers in ratios:
        for name, power in powers.items():
            signs.setdefault(name, set()).add(power > 0)
    return tuple(name for name, both in signs.items() if len(both) > 1)


def _least(ratio: _Term, ends: _Ends) -> Fraction:
    """Return the least value of a ratio; 0 where it falls without an end."""
    found, powers = ratio
    for name, power in powers.items():
        low, high = ends[name]
        if power > 0:
            found *= low**power
        elif high is None:
            return Fraction(0)
        else:
            found *= high**power
    return found


def _halves(ends: _Ends, name: str) -> tuple[_Ends, _Ends]:
    """Return a domain in two parts; what reaches over factors is halved by factors."""
    low, high = ends[name]
    if high is None:
        cut = 4 * low
    elif high > 4 * low:
        cut = Fraction(isqrt(int(low * high)) + 1)
    else:
        cut = (low + high) / 2
    return {**ends, name: (low, cut)}, {**ends, name: (cut, high)}
