"""What is known of symbols: domains, divisibility, order; and what follows from it.

Every answer is three-valued: True and False are proved, None is undecided.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from fractions import Fraction

from symparams.algebra.atoms import Atom, Monomial, Number, Symbol
from symparams.algebra.opaque import Applied, Exponential, Floor, is_integral, rebuild
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
from symparams.algebra.residues import residue_cases
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
    def finite(self) -> bool:
        """Whether the values can be listed."""
        return bool(self.choices) or self.high is not None

    def values(self, multiple: int = 1, most: int = 1_000_000) -> Sequence[Number]:
        """The multiples of an integer in rising order; without an end, the first ``most``."""
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
    """

    domains: Mapping[str, Domain] = field(default_factory=dict)
    multiples: Mapping[str, int] = field(default_factory=dict)
    divides: frozenset[tuple[str, str]] = frozenset()
    least: tuple[Polynomial, ...] = ()
    equals: Mapping[str, Size] = field(default_factory=dict)

    # --- whole numbers ---

    def whole(self, monomial: Monomial, coefficient: Number) -> bool:
        """Whether ``coefficient * monomial`` is an integer for all allowed sizes."""
        below = coefficient.denominator
        powers: dict[str, int] = {}
        for atom, exponent in monomial:
            if not atom.integer:
                return False
            if isinstance(atom, Symbol):
                powers[atom.name] = exponent
            elif exponent < 0:
                return False
        for name in [n for n, e in powers.items() if e < 0]:
            for big in sorted(powers):
                if powers[big] > 0 and (name, big) in self._divides_all():
                    paid = min(powers[big], -powers[name])
                    powers[big] -= paid
                    powers[name] += paid
            if powers[name] < 0:
                return False
        for name, exponent in powers.items():
            if exponent > 0 and name in self.multiples:
                below //= math.gcd(below, self.multiples[name] ** min(exponent, 64))
        return below == 1

    def _divides_all(self) -> frozenset[tuple[str, str]]:
        pairs = set(self.divides)
        while True:
            more = {(a, d) for a, b in pairs for c, d in pairs if b == c} - pairs
            if not more:
                return frozenset(pairs)
            pairs |= more

    def reduce(self, size: Size) -> Size:
        """``size`` with every floor taken again under these facts."""
        if not self.multiples and not self.divides:
            return size
        return rebuild(size, self)

    def integral(self, size: Size) -> bool | None:
        """Whether a size is an integer: for all allowed values, for none, or undecided."""
        if is_integral(size, self):
            return True
        if not isinstance(size, Polynomial):
            return False
        cases = residue_cases(self.reduce(size), self.multiples)
        if cases is None:
            return None
        if all(is_integral(case) for _, case in cases):
            return True
        return False if all(_never_integral(case) for _, case in cases) else None

    def least_of(self, symbol: Symbol) -> Number | None:
        """The greatest lower bound known of a symbol; 0 of a rational, which is above it."""
        domain = self.domains.get(symbol.name)
        if domain is None:
            low: Number | None = symbol.low if symbol.integer else 0
        else:
            low = min(domain.choices) if domain.choices else domain.low
        multiple = self.multiples.get(symbol.name, 1)
        return low if low is None or multiple == 1 else -(-low // multiple) * multiple

    def most_of(self, symbol: Symbol) -> Number | None:
        """The least upper bound known of a symbol."""
        domain = self.domains.get(symbol.name)
        if domain is None:
            return None
        return max(domain.choices) if domain.choices else domain.high

    # --- order ---

    def nonnegative(self, size: Size) -> bool | None:
        """Whether a size is >= 0 for all allowed values; False: below 0 for all."""
        if not isinstance(size, Polynomial):
            return size >= 0
        least, most = self.at_least(size), self.at_least(-size)
        if least is not None and least >= 0:
            return True
        return False if most is not None and most > 0 else None

    def positive(self, size: Size) -> bool | None:
        """Whether a size is > 0 for all allowed values; False: at most 0 for all."""
        if not isinstance(size, Polynomial):
            return size > 0
        if all(c > 0 and all(self._never_zero(a) for a, _ in m) for m, c in size.terms.items()):
            return True
        least, most = self.at_least(size), self.at_least(-size)
        if least is not None and least > 0:
            return True
        return False if most is not None and most >= 0 else None

    def _never_zero(self, atom: Atom) -> bool:
        if not isinstance(atom, Symbol):
            return False
        low = self.least_of(atom)
        return (low is not None and low > 0) or not atom.integer

    def zero(self, size: Size) -> bool | None:
        """Whether a size is 0 for all allowed values; False: for none."""
        with suppress(SymparamsError):  # a sum below a fraction line: the rest has to do
            size = substitute(size, self.equals)
        reduced = self.reduce(size)
        if not isinstance(reduced, Polynomial):
            return reduced == 0
        if self.positive(reduced) is True or self.positive(-reduced) is True:
            return False
        if all(isinstance(atom, Symbol) for atom in reduced.atoms()):
            return False if self.integral(reduced) is False else None
        cases = residue_cases(reduced, self.multiples)
        if cases is not None and all(case == 0 for _, case in cases):
            return True
        return None

    def admits(self, point: Mapping[str, Number]) -> bool:
        """Whether these values keep to all that is known; what lacks a value is not asked."""
        for name, value in point.items():
            if value not in self.domains.get(name, POSITIVE) or (
                name in self.multiples and value % self.multiples[name]
            ):
                return False
        for divisor, dividend in self.divides:
            if divisor in point and dividend in point and point[dividend] % point[divisor]:
                return False
        for size in self.least:
            over = substitute(size, point)
            if not isinstance(over, Polynomial) and over < 0:
                return False
        for name, same in self.equals.items():
            over = substitute(same, point) - point[name] if name in point else 0
            if not isinstance(over, Polynomial) and over:
                return False
        return True

    def at_least(self, size: Size) -> Number | None:
        """A lower bound over all allowed values; None where none was found.

        Every symbol is counted from its least value up, then the bounds of the
        terms are added; a term that is taken away is bounded by the largest
        values of its symbols, where they have one.
        """
        try:
            shifted, unused = self._shifted(size)
            # A fact is used once on the way down, or two that speak of each other never end.
            inner = self if len(unused) == len(self.least) else replace(self, least=unused)
            found = [inner._sum_of_bounds(shifted), inner._sum_of_bounds(inner._linear(shifted))]
        except SymparamsError:
            return None  # it grows beyond what a size may be
        bounds = [b for b in found if b is not None]
        if not bounds:
            return None
        return math.ceil(max(bounds)) if is_integral(size, self) else max(bounds)

    def _sum_of_bounds(self, size: Size) -> Number | None:
        bound: Number = 0
        for monomial, coefficient in terms_of(size).items():
            end = self._monomial_end(monomial, least=coefficient > 0)
            if end is None:
                return None
            bound += coefficient * end
        return bound

    def _monomial_end(self, monomial: Monomial, least: bool) -> Fraction | None:
        """The least (or the largest) value of a product of atoms; None: not found."""
        end = Fraction(1)
        for atom, exponent in monomial:
            low = self._end(atom, least=True)
            if low is None or low < 0:
                return None
            own = low if least == (exponent > 0) else self._end(atom, least=False)
            if exponent < 0:
                if own:
                    own = 1 / own
                else:
                    own = Fraction(0) if own is None and least else None
            if own is None:
                return None
            end *= own ** abs(exponent)
        return end

    def _end(self, atom: Atom, least: bool) -> Fraction | None:
        """A bound of an atom of a size that :meth:`_shifted` gave."""
        if isinstance(atom, Symbol):
            return self._symbol_end(atom, least)
        if isinstance(atom, Floor):
            bound = self.at_least(atom.argument) if least else self._at_most(atom.argument)
            return None if bound is None else Fraction(math.floor(bound))
        if isinstance(atom, Exponential):
            if not least:
                return None
            base = 2 if isinstance(atom.base, int) else self._end(atom.base, least)
            if base is None or base < 0:
                return None
            exponent = self.at_least(atom.exponent)
            rises = base >= 1 and exponent is not None and exponent >= 0
            return Fraction(1 if rises else 0)
        assert isinstance(atom, Applied)
        if atom.name == "make_divisible":
            return Fraction(max(self.at_least(atom.arguments[1]) or 0, 0)) if least else None
        ends = [self.at_least(a) if least else self._at_most(a) for a in atom.arguments]
        found = [Fraction(e) for e in ends if e is not None]
        # One argument above 3 puts the maximum above 3; the minimum needs all of them.
        if not found or (None in ends and least == (atom.name == "min")):
            return None
        return min(found) if atom.name == "min" else max(found)

    def _symbol_end(self, atom: Symbol, least: bool) -> Fraction | None:
        if _SLACK in atom.name:
            return Fraction(0) if least else None
        if atom.name.endswith(_MORE):
            if least:
                return Fraction(0)
            atom = Symbol(atom.name.removesuffix(_MORE))
            first, last = self.least_of(atom), self.most_of(atom)
            # Only what has a domain has a largest value, and then the domain says the least.
            return None if last is None or first is None else Fraction(last - first)
        end = self.least_of(atom) if least else self.most_of(atom)
        return None if end is None else Fraction(end)

    def _at_most(self, size: Size) -> Number | None:
        bound = self.at_least(-size)
        return None if bound is None else -bound

    def _linear(self, size: Size) -> Size:
        """A lower bound without the floors that stand alone in a term."""
        parts: list[Size] = []
        changed = False
        for monomial, coefficient in terms_of(size).items():
            floors = [a for a, _ in monomial if isinstance(a, Floor)]
            others = tuple(p for p in monomial if not isinstance(p[0], Floor))
            if (
                len(floors) != 1
                or (floors[0], 1) not in monomial
                or self._monomial_end(others, least=True) is None
            ):
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

    def _shifted(self, size: Size) -> tuple[Size, tuple[Polynomial, ...]]:
        """Every integer symbol counted from its least value, ``l > first`` put in; facts unused.

        What is put in counts from 0 with a symbol of its own for each fact, so
        that two facts on one symbol are not mixed up.
        """
        todo = list(self.least)
        while todo:
            for known in todo:
                own = _bounded_below(known)
                if own is not None and own in symbols_of(size) and not _under(size, own):
                    whole = is_integral(known)
                    slack = symbol(f"{own.name}{_SLACK}{known}", integer=whole, low=0)
                    size = substitute(size, {own.name: slack - (known - of_atom(own))})
                    todo.remove(known)
                    break
            else:
                break
        values: dict[str, Size] = {}
        for s in symbols_of(size):
            marked = _SLACK in s.name or s.name.endswith(_MORE)
            low = self.least_of(s)
            if s.integer and not marked and low is not None and not _under(size, s):
                values[s.name] = symbol(s.name + _MORE, low=0) + low
        terms = sum(math.prod(max(e, 0) + 1 for _, e in m) for m in terms_of(size))
        shifted = substitute(size, values) if terms <= _MOST_SHIFTED else size
        return shifted, tuple(todo)


_MOST_SHIFTED = 5_000  # terms; a longer size is bounded as it is
_MORE = "'"  # marks a symbol that counts from its least value; not a character of any name
_SLACK = '"'  # marks by how much a size known to be >= 0 exceeds 0


def _bounded_below(size: Polynomial) -> Symbol | None:
    """The symbol that ``size >= 0`` bounds from below, if there is one."""
    for monomial, coefficient in size.terms.items():
        if coefficient == 1 and len(monomial) == 1 and monomial[0][1] == 1:
            atom = monomial[0][0]
            if isinstance(atom, Symbol) and sum(atom in dict(m) for m in size.terms) == 1:
                return atom
    return None


def _under(size: Size, s: Symbol) -> bool:
    """Whether a symbol stands below a fraction line or in an opaque atom."""
    if not isinstance(size, Polynomial):
        return False
    return any(
        (exponent < 0 and atom is s)
        or (isinstance(atom, Floor) and (exponent < 0 or _under(atom.argument, s)))
        or (not isinstance(atom, Symbol | Floor) and s in atom.symbols())
        for monomial in size.terms
        for atom, exponent in monomial
    )


def _never_integral(size: Size) -> bool:
    """Whether a size is a whole part and a fraction that never goes away."""
    constant = terms_of(size).get((), 0)
    return isinstance(constant, Fraction) and is_integral(size - constant)


#: Nothing is known but what every symbol says of itself.
PLAIN = Facts()
