"""Lower bounds of sizes, from what is known of their symbols.

Every symbol is counted from its least value up, then the bounds of the terms
are added; a term that is taken away is bounded by the largest values of its
symbols, where they have one.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Protocol

from symparams.algebra.atoms import Atom, Monomial, Number, Symbol
from symparams.algebra.polynomial import (
    Polynomial,
    Size,
    add_up,
    collect,
    of_atom,
    substitute,
    symbol,
    symbols_of,
    terms_of,
)
from symparams.algebra.ranges import end_of_product, end_of_sum
from symparams.algebra.size_functions.base import AppliedFunction, Knowledge, is_integral
from symparams.algebra.size_functions.rounding import Floor
from symparams.errors import SymparamsError

_MOST_SHIFTED = 5_000  # terms; a longer size is bounded as it is
_MORE = "'"  # marks a symbol that counts from its least value; not a character of any name
_SLACK = '"'  # marks by how much a size known to be >= 0 exceeds 0


class Ends(Knowledge, Protocol):
    """What is asked of the facts."""

    def least_of(self, of: Symbol) -> Number | None:
        """Return the greatest lower bound known of a symbol."""

    def most_of(self, of: Symbol) -> Number | None:
        """Return the least upper bound known of a symbol."""


class LowerBounds:
    """Lower bounds under facts, of which each is used once on the way down.

    Were a fact used again in what is put in for it, two that speak of each
    other would never end.
    """

    def __init__(
        self,
        facts: Ends,
        least: tuple[Polynomial, ...],
        spans: dict[Symbol, Number | None] | None = None,
    ) -> None:
        self.facts = facts
        self.least = least
        #: symbol that was put in → its largest value; its least is 0.
        self.spans = {} if spans is None else spans
        self._found: dict[Size, Number | None] = {}
        self._inner: dict[tuple[Polynomial, ...], LowerBounds] = {least: self}

    def of(self, size: Size) -> Number | None:
        """Return a lower bound over all allowed values; None where none was found."""
        if size not in self._found:
            self._found[size] = None  # of itself nothing follows
            self._found[size] = self._bound(size)
        return self._found[size]

    def _bound(self, size: Size) -> Number | None:
        try:
            shifted, unused = self._shifted(size)
            inner = self._inner.get(unused)
            if inner is None:
                inner = self._inner[unused] = LowerBounds(self.facts, unused, self.spans)
            found = [end_of_sum(one, True, inner._end) for one in (shifted, inner._linear(shifted))]
        except SymparamsError:
            return None  # it grows beyond what a size may be
        bounds = [b for b in found if b is not None]
        if not bounds:
            return None
        return math.ceil(max(bounds)) if is_integral(size, self.facts) else max(bounds)

    def _end(self, atom: Atom, least: bool) -> Number | None:
        """Return a bound of an atom of a size that :meth:`_shifted` gave."""
        if isinstance(atom, Symbol):
            if atom in self.spans:
                return 0 if least else self.spans[atom]
            return self.facts.least_of(atom) if least else self.facts.most_of(atom)
        assert isinstance(atom, AppliedFunction)
        ends = [LazyEnds(self, argument) for argument in atom.arguments]
        return (atom.function.low if least else atom.function.high)(ends, atom.integer)

    def at_most(self, size: Size) -> Number | None:
        """Return an upper bound, as :meth:`of`."""
        bound = self.of(-size)
        return None if bound is None else -bound

    def _linear(self, size: Size) -> Size:
        """Return a lower bound without the floors that stand alone in a term."""
        parts: list[Size] = []
        changed = False
        for monomial, coefficient in terms_of(size).items():
            floors = [a for a, _ in monomial if isinstance(a, Floor)]
            others = tuple(p for p in monomial if not isinstance(p[0], Floor))
            if len(floors) != 1 or (floors[0], 1) not in monomial or not self._counts(others):
                parts.append(collect({monomial: coefficient}))
                continue
            changed = True
            inner = floors[0].argument
            argument: Size = inner
            if coefficient > 0:
                grid = math.lcm(*(c.denominator for c in inner.terms.values()))
                plain = all(a.integer and e > 0 for m in inner.terms for a, e in m)
                argument = argument - (Fraction(grid - 1, grid) if plain else 1)
            parts.append(collect({others: coefficient}) * argument)
        return self._linear(add_up(parts)) if changed else size

    def _counts(self, monomial: Monomial) -> bool:
        """Tell whether a product of atoms is at least 0 (False: not shown)."""
        least = end_of_product(monomial, True, self._end)
        return least is not None and least >= 0

    def _shifted(self, size: Size) -> tuple[Size, tuple[Polynomial, ...]]:
        """Return every integer symbol counted from its least value, ``l > first`` put in; facts
        unused.

        What is put in counts from 0 with a symbol of its own for each fact, so
        that two facts on one symbol are not mixed up.
        """
        todo = list(self.least)
        while todo:
            for known in todo:
                own = _bounded_below(known)
                if (
                    own is not None
                    and own in symbols_of(size)
                    and not _under(size, own)
                    and _grown(size, own, len(known.terms)) <= _MOST_SHIFTED
                ):
                    whole = is_integral(known)
                    slack = symbol(f"{own.name}{_SLACK}{known}", integer=whole, low=0)
                    self.spans.update(dict.fromkeys(symbols_of(slack)))
                    size = substitute(size, {own.name: slack - (known - of_atom(own))})
                    todo.remove(known)
                    break
            else:
                break
        values: dict[str, Size] = {}
        for s in symbols_of(size):
            low = None if s in self.spans else self.facts.least_of(s)
            if s.integer and low is not None and not _under(size, s):
                more, most = Symbol(s.name + _MORE, low=0), self.facts.most_of(s)
                self.spans[more] = None if most is None else most - low
                values[s.name] = of_atom(more) + low
        terms = sum(math.prod(max(e, 0) + 1 for _, e in m) for m in terms_of(size))
        shifted = substitute(size, values) if terms <= _MOST_SHIFTED else size
        return shifted, tuple(todo)


class LazyEnds:
    """The ends of a size, looked for only where they are asked for."""

    def __init__(self, bounds: LowerBounds, size: Size) -> None:
        self.bounds, self.size = bounds, size

    @property
    def low(self) -> Number | None:
        """The least value."""
        return self.bounds.of(self.size)

    @property
    def high(self) -> Number | None:
        """The largest value."""
        return self.bounds.at_most(self.size)


def _grown(size: Size, own: Symbol, terms: int) -> int:
    """Return how many terms a size has at the most when a sum of so many takes a symbol's place."""
    powers = (dict(m).get(own, 0) for m in terms_of(size))
    return sum(math.comb(e + terms - 1, terms - 1) for e in powers if e >= 0)


def _bounded_below(size: Polynomial) -> Symbol | None:
    """Return the symbol that ``size >= 0`` bounds from below, if there is one."""
    for monomial, coefficient in size.terms.items():
        if coefficient == 1 and len(monomial) == 1 and monomial[0][1] == 1:
            atom = monomial[0][0]
            if isinstance(atom, Symbol) and sum(atom in dict(m) for m in size.terms) == 1:
                return atom
    return None


def _under(size: Size, s: Symbol) -> bool:
    """Tell whether a symbol stands below a fraction line or in an opaque atom."""
    if not isinstance(size, Polynomial):
        return False
    return any(
        (exponent < 0 and atom is s)
        or (isinstance(atom, Floor) and (exponent < 0 or _under(atom.argument, s)))
        or (not isinstance(atom, Symbol | Floor) and s in atom.symbols())
        for monomial in size.terms
        for atom, exponent in monomial
    )
