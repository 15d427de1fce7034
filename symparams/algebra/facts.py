"""What is known of symbols: domains, divisibility, order; and what follows from it.

Every answer is three-valued: True and False are proved, None is undecided.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

from symparams.algebra.atoms import Atom, Monomial, Number, Symbol, exact, raised, times
from symparams.algebra.choices import MOST_CHOSEN, chosen
from symparams.algebra.divisors import Term, is_product, joined_classes
from symparams.algebra.long_division import common_monomial
from symparams.algebra.lower_bounds import LowerBounds
from symparams.algebra.named_values import NamedValue
from symparams.algebra.polynomial import (
    Polynomial,
    Size,
    collect,
    of_atom,
    substitute,
    symbol,
    symbols_of,
    terms_of,
)
from symparams.algebra.ranges import Range, outweighed, primitive, ranges_of
from symparams.algebra.residues import integral_by_residues, zero_by_residues
from symparams.algebra.size_functions.base import is_integral, rebuild
from symparams.errors import SymparamsError


@dataclass(frozen=True, slots=True)
class Domain:
    """The values of a symbol: a set, or ``low, low + step, … high`` (None: no end)."""

    low: Number = 1
    high: Number | None = None
    step: int = 1
    choices: tuple[Number, ...] = ()

    @property
    def integer(self) -> bool:
        """Whether every value is an integer."""
        return all(isinstance(c, int) for c in self.choices) and isinstance(self.low, int)

    def __contains__(self, value: object) -> bool:
        if not isinstance(value, int | Fraction):
            return False
        if self.choices:
            return value in self.choices
        if value < self.low or (self.high is not None and value > self.high):
            return False
        return isinstance(value, int) and (value - self.low) % self.step == 0

    def __str__(self) -> str:
        if self.choices:
            return "{" + ", ".join(map(str, self.choices)) + "}"
        if self.high is None:
            return f"an integer from {self.low}"
        step = f" step {self.step}" if self.step != 1 else ""
        return f"{self.low}..{self.high}{step}"

    @property
    def least(self) -> Number:
        """The least value."""
        return min(self.choices) if self.choices else self.low

    def symbol(self, name: str) -> Symbol:
        """Return the symbol of a size with these values: it may be 0 where one of them is."""
        return Symbol(name, self.integer, min(1, int(self.least)))

    @property
    def words(self) -> tuple[NamedValue, ...]:
        """The values where they are words; none of numbers."""
        return tuple(c for c in self.choices if isinstance(c, NamedValue))

    def named(self, value: Number) -> Number:
        """Return a number that an engine found as the word that it stands for, if it does."""
        return next((word for word in self.words if word == value), value)

    @property
    def finite(self) -> bool:
        """Whether the values can be listed."""
        return bool(self.choices) or self.high is not None

    def values(self, multiple: int = 1, most: int = 1_000_000) -> Sequence[Number]:
        """Return the multiples of an integer in rising order; without an end, the first
        ``most``.
        """
        if self.choices:
            return sorted(c for c in self.choices if multiple == 1 or c % multiple == 0)
        assert isinstance(self.low, int)
        assert self.high is None or isinstance(self.high, int)
        # low + k*step is a multiple for every (multiple/shared)-th k, or for none.
        shared = math.gcd(self.step, multiple)
        if self.low % shared:
            return ()
        every = multiple // shared
        k = -(self.low // shared) * pow(self.step // shared, -1, every) % every
        first, step = self.low + k * self.step, self.step * every
        end = first + most * step if self.high is None else self.high + 1
        return range(first, end, step)


#: What a size is when nothing is said: a positive integer.
POSITIVE = Domain()


@dataclass(frozen=True)
class Facts:
    """Assumptions on symbols, beside what each symbol knows of itself.

    Attributes:
        domains: values of a symbol by name; absent means what the symbol says.
        multiples: name → m where the symbol is a multiple of the integer m.
        divides: pairs (d, n) of names: the symbol d divides the symbol n.
        least: sizes known to be >= 0 (``l > first`` is ``l - first - 1``).
        equals: name → the size it is known to equal.
        nonzero: sizes known not to be 0.
        whole_terms: terms known to be integers (``n/(2*p)``), beside ``divides``.
        residues: name → (m, r) where the symbol leaves r when divided by m.
        held: what else is assumed, as it is: it holds where it is asked again.
    """

    domains: Mapping[str, Domain] = field(default_factory=dict)
    multiples: Mapping[str, int] = field(default_factory=dict)
    divides: frozenset[tuple[str, str]] = frozenset()
    least: tuple[Polynomial, ...] = ()
    equals: Mapping[str, Size] = field(default_factory=dict)
    nonzero: tuple[Polynomial, ...] = ()
    whole_terms: frozenset[tuple[Monomial, Number]] = frozenset()
    residues: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    held: frozenset[Hashable] = frozenset()

    # --- whole numbers ---

    @cached_property
    def of_domains(self) -> Facts:
        """What the domains say alone: the facts with which a condition among them is judged."""
        return Facts(self.domains)

    @cached_property
    def classes(self) -> Mapping[str, tuple[int, int]]:
        """Name → (modulus, residue), of multiples too."""
        found = {name: (m, 0) for name, m in self.multiples.items()}
        for name, one in self.residues.items():
            found[name] = joined_classes(found.get(name, (1, 0)), one) or one
        return found

    def residue(self, of: Symbol) -> tuple[int, int]:
        """Return (modulus, residue) of a symbol; (1, 0) where nothing is known."""
        return self.classes.get(of.name, (1, 0))

    @cached_property
    def _whole_parts(self) -> tuple[Term, ...]:
        pairs = [({n: 1, d: -1}, Fraction(1)) for d, n in sorted(self.divides)]
        terms = sorted(self.whole_terms, key=str)
        return (*pairs, *(({a.key: e for a, e in m}, Fraction(c)) for m, c in terms))

    def whole(self, monomial: Monomial, coefficient: Number) -> bool:
        """Tell whether ``coefficient * monomial`` is an integer for all allowed sizes."""
        if not all(atom.integer for atom, _ in monomial):
            return False
        term = {atom.key: exponent for atom, exponent in monomial}, Fraction(coefficient)
        return is_product(term, self._whole_parts, self.multiples)

    def reduce(self, size: Size) -> Size:
        """Return ``size`` with every floor, minimum and maximum taken again under these facts, and
        what is chosen from few values written by indicators.
        """
        if not self._opens:
            return size
        return chosen(rebuild(size, self), self._few_values)

    def few_values(self, size: Size) -> Sequence[Number] | None:
        """Return the values of a size that is one symbol, in rising order; None of another, or
        where they are not few.
        """
        symbols = symbols_of(size)
        if len(symbols) != 1:
            return None
        (one,) = symbols
        return self._few_values(one) if size == of_atom(one) else None

    def _few_values(self, of: Symbol) -> Sequence[Number] | None:
        """Return the values of a symbol in rising order; None where they are not few."""
        domain = self.domains.get(of.name)
        if domain is None or not domain.finite:
            return None
        found = domain.values(self.multiples.get(of.name, 1))
        return found if len(found[: MOST_CHOSEN + 1]) <= MOST_CHOSEN else None

    @cached_property
    def _opens(self) -> bool:
        """Whether there is a fact that a floor or a minimum can use."""
        return any(
            (
                self.domains,
                self.multiples,
                self.divides,
                self.least,
                self.whole_terms,
                self.residues,
            )
        )

    def settled(self, size: Size) -> Size:
        """Return ``size`` with symbols replaced by what they are known to equal."""
        with suppress(SymparamsError):  # a sum below a fraction line: it stays as it is
            return substitute(size, self.equals)
        return size

    def integral(self, size: Size) -> bool | None:
        """Tell whether a size is an integer: for all allowed values, for none, or undecided."""
        if is_integral(size, self):
            return True
        if not isinstance(size, Polynomial):
            return False
        reduced = self.reduce(self.settled(size))
        if is_integral(reduced, self):
            return True
        return integral_by_residues(reduced, self.classes)

    # --- order ---

    @cached_property
    def _ranges(self) -> Mapping[str, Range]:
        """What ``least``, ``equals`` and ``nonzero`` say of single symbols, by name."""
        least = (*self.least, *self.orders())
        return ranges_of(least, self.equals, self.nonzero, self._own_range)

    def orders(self) -> Iterator[Polynomial]:
        """Yield what divides is not above what it divides: ``64 - p`` of a whole 64/p."""
        for monomial, coefficient in self.whole_terms:
            if coefficient > 0 and all(map(self._positive_by_itself, dict(monomial))):
                above = collect({tuple(f for f in monomial if f[1] > 0): coefficient.numerator})
                below = tuple((a, -e) for a, e in monomial if e < 0)
                order = above - collect({below: coefficient.denominator})
                if isinstance(order, Polynomial):
                    yield order

    def _positive_by_itself(self, atom: Atom) -> bool:
        low = self._own_range(atom)[0] if isinstance(atom, Symbol) else None
        return low is not None and low > 0

    def _own_range(self, of: Symbol) -> Range:
        """Return the ends of a symbol that its domain, or else the symbol itself says."""
        domain = self.domains.get(of.name)
        if domain is None:
            return (of.low if of.integer else 0), None
        if domain.choices:
            return min(domain.choices), max(domain.choices)
        return domain.low, domain.high

    def least_of(self, of: Symbol) -> Number | None:
        """Return the greatest lower bound known of a symbol; 0 of a rational, which is above it."""
        found = [self._own_range(of)[0], self._ranges.get(of.name, _NO_ENDS)[0]]
        known = [end for end in found if end is not None]
        if not known:
            return None
        low = max(known)
        if not of.integer:
            return low
        modulus, residue = self.residue(of)
        low = math.ceil(low)
        return low + (residue - low) % modulus

    def most_of(self, of: Symbol) -> Number | None:
        """Return the least upper bound known of a symbol."""
        found = [self._own_range(of)[1], self._ranges.get(of.name, _NO_ENDS)[1]]
        known = [end for end in found if end is not None]
        if not known:
            return None
        high = min(known)
        if not of.integer:
            return high
        modulus, residue = self.residue(of)
        high = math.floor(high)
        return high - (high - residue) % modulus

    def nonnegative(self, size: Size) -> bool | None:
        """Tell whether a size is >= 0 for all allowed values; False: below 0 for all."""
        if not isinstance(size, Polynomial):
            return size >= 0
        if self.outweighed(size):
            return True
        for one in self._signs(size):
            least, most = self.at_least(one), self.at_least(-one)
            if least is not None and least >= 0:
                return True
            if least == -1 and is_integral(one, self) and self._never(one + 1):
                return True
            if most is not None and (most > 0 or (most == 0 and self._never(one))):
                return False
        return None

    def outweighed(self, size: Size) -> bool:
        """Tell whether a size is >= 0 since no negative term exceeds the positive ones; cheap."""
        return outweighed(size, self._low)

    def positive(self, size: Size) -> bool | None:
        """Tell whether a size is > 0 for all allowed values; False: at most 0 for all."""
        if not isinstance(size, Polynomial):
            return size > 0
        for one in self._signs(size):
            if all(c > 0 and all(map(self._never_zero, dict(m))) for m, c in terms_of(one).items()):
                return one != 0
            least, most = self.at_least(one), self.at_least(-one)
            if least is not None and (least > 0 or (least == 0 and self._never(one))):
                return True
            if most is not None and most >= 0:
                return False
        return None

    def _forms(self, size: Size) -> list[Size]:
        """Return a size, and what it is under what is known, where that is another."""
        forms = [size]
        for other in (self.reduce(size), self.reduce(self.settled(size))):
            if other not in forms:
                forms.append(other)
        return forms

    def _signs(self, size: Size) -> Iterator[Size]:
        """Yield sizes of one sign with a size: each form without a common factor, and with it.

        ``h^1000 - h^999`` is bounded as ``h - 1``: a high power has many terms in ``h - 1``.
        """
        for one in self._forms(size):
            terms = terms_of(one)
            if len(terms) > 1:
                common = tuple(
                    (a, e) for a, e in common_monomial(terms) if e > 0 and self._never_zero(a)
                )
                if common:
                    inverse = raised(common, -1)
                    yield collect({times(m, inverse): c for m, c in terms.items()})
            yield one

    def _low(self, atom: Atom) -> Number:
        """Return a lower bound of an atom; -1 where none is known."""
        low = self.least_of(atom) if isinstance(atom, Symbol) else self.at_least(of_atom(atom))
        return -1 if low is None else low

    def _never_zero(self, atom: Atom) -> bool:
        if not isinstance(atom, Symbol):
            return False
        low = self.least_of(atom)
        return (low is not None and low > 0) or not atom.integer

    @cached_property
    def _nonzero(self) -> frozenset[Size]:
        return frozenset(
            primitive(one, self._never_zero) for size in self.nonzero for one in self._forms(size)
        )

    def _never(self, size: Size) -> bool:
        """Tell whether a size is never 0, by what is known not to be, or by residues."""
        if self.nonzero and primitive(size, self._never_zero) in self._nonzero:
            return True
        return self._off_the_grid(size)

    def _off_the_grid(self, size: Size) -> bool:
        """Tell whether the terms with symbols have a common divisor that the number has not."""
        values: dict[str, Size] = {}
        for s in symbols_of(size):
            modulus, residue = self.residue(s)
            if modulus > 1:
                values[s.name] = symbol(s.name, low=None) * modulus + residue
        with suppress(SymparamsError):  # a symbol that also stands below a fraction line
            size = substitute(size, values)
        terms = dict(terms_of(size))
        constant = terms.pop((), 0)
        if not terms or not all(a.integer and e > 0 for m in terms for a, e in m):
            return bool(constant) and not terms
        below = math.lcm(*(c.denominator for c in terms.values()))
        grid = math.gcd(*(int(c * below) for c in terms.values()))
        return constant * below % grid != 0

    def zero(self, size: Size) -> bool | None:
        """Tell whether a size is 0 for all allowed values; False: for none."""
        reduced = self.reduce(self.settled(size))
        if not isinstance(reduced, Polynomial):
            return reduced == 0
        if self._never(reduced):
            return False
        above, below = self.nonnegative(reduced), self.nonnegative(-reduced)
        if above is False or below is False:
            return False
        if above is True and below is True:
            return True
        if self.positive(reduced) is True or self.positive(-reduced) is True:
            return False
        if all(isinstance(atom, Symbol) for atom in reduced.atoms()):
            return False if self.integral(reduced) is False else None
        return zero_by_residues(reduced, self.classes, PLAIN._off_the_grid)

    def domain(self, name: str) -> Domain:
        """Return the values that a size may have."""
        return self.domains.get(name, POSITIVE)

    def within_domains(self, point: Mapping[str, Number]) -> bool:
        """Tell whether each of these values lies in the domain of its size."""
        return all(value in self.domain(name) for name, value in point.items())

    def admits(self, point: Mapping[str, Number]) -> bool:
        """Tell whether these values keep to all that is known; what lacks a value is not asked."""
        if not self.within_domains(point):
            return False
        for name, value in point.items():
            if name in self.multiples and value % self.multiples[name]:
                return False
            modulus, residue = self.residues.get(name, (1, 0))
            if modulus > 1 and value % modulus != residue:
                return False
        for divisor, dividend in self.divides:
            if divisor in point and dividend in point and point[dividend] % point[divisor]:
                return False
        for monomial, coefficient in self.whole_terms:
            over = substitute(Polynomial({monomial: coefficient}), point)
            if isinstance(over, Fraction):
                return False
        for size in self.least:
            over = substitute(size, point)
            if not isinstance(over, Polynomial) and over < 0:
                return False
        for name, same in self.equals.items():
            over = substitute(same, point) - point[name] if name in point else 0
            if not isinstance(over, Polynomial) and over:
                return False
        return not any(substitute(size, point) == 0 for size in self.nonzero)

    @cached_property
    def _lower_bounds(self) -> LowerBounds:
        """Kept with what it found: floors in floors are asked for again at every level."""
        return LowerBounds(self, self.least)

    def at_least(self, size: Size) -> Number | None:
        """Return a lower bound over all allowed values; None where none was found."""
        found = [self._lower_bounds.of(size)]
        if isinstance(size, Polynomial):
            found += [_above(size, known) for known in self.least]
        return max((bound for bound in found if bound is not None), default=None)


_NO_ENDS: Range = (None, None)


def _above(size: Polynomial, known: Polynomial) -> Number | None:
    """Return the number that a size exceeds a positive multiple of another by."""
    monomial = next(m for m in known.terms if m)
    ratio = Fraction(size.terms.get(monomial, 0)) / known.terms[monomial]
    if ratio <= 0 or abs(len(size.terms) - len(known.terms)) > 1:
        return None
    left = size - known * exact(ratio)
    return None if isinstance(left, Polynomial) else left


#: Nothing is known but what every symbol says of itself.
PLAIN = Facts()
