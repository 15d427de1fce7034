"""What is known of symbols: domains, divisibility, order; and what follows from it.

Every answer is three-valued: True and False are proved, None is undecided.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from symparams.algebra.functions import Exponential, Floor, is_integral, rebuild
from symparams.algebra.polynomial import (
    Atom,
    Monomial,
    Number,
    Polynomial,
    Size,
    Symbol,
    add_up,
    collect,
    substitute,
    symbol,
    terms_of,
)


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

    def values(self) -> Iterable[Number]:
        """All values in rising order; only of a finite domain."""
        if self.choices:
            return sorted(self.choices)
        assert isinstance(self.low, int)
        assert isinstance(self.high, int)
        return range(self.low, self.high + 1, self.step)


#: What a size is when nothing is said: a positive integer.
POSITIVE = Domain()


@dataclass(frozen=True)
class Facts:
    """Assumptions on symbols.

    Attributes:
        domains: values of a symbol by name; absent means a positive integer.
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
        from symparams.algebra.residues import residue_cases

        cases = residue_cases(self.reduce(size), self)
        if cases is None:
            return None
        if all(is_integral(case) for _, case in cases):
            return True
        return False if all(_never_integral(case) for _, case in cases) else None

    def ends(self, name: str) -> tuple[Number, Number]:
        """Least and largest value of a symbol; the least twice where there is no largest."""
        domain = self.domains.get(name, POSITIVE)
        if domain.choices:
            return min(domain.choices), max(domain.choices)
        multiple = self.multiples.get(name, 1)
        low = -(-domain.low // multiple) * multiple
        return low, domain.high if domain.high is not None else low

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
        if all(
            c > 0 and all(isinstance(a, Symbol) for a, _ in m) for m, c in size.terms.items()
        ):
            return True
        least, most = self.at_least(size), self.at_least(-size)
        if least is not None and least > 0:
            return True
        if most is not None and most >= 0:
            return False
        if is_integral(size, self) and self.nonnegative(size - 1) is True:
            return True
        return None

    def zero(self, size: Size) -> bool | None:
        """Whether a size is 0 for all allowed values; False: for none."""
        reduced = self.reduce(substitute(size, self.equals))
        if not isinstance(reduced, Polynomial):
            return reduced == 0
        if self.positive(reduced) is True or self.positive(-reduced) is True:
            return False
        if all(isinstance(atom, Symbol) for atom in reduced.atoms()):
            return False if self.integral(reduced) is False else None
        from symparams.algebra.residues import residue_cases

        cases = residue_cases(reduced, self)
        if cases is not None and all(case == 0 for _, case in cases):
            return True
        return None

    def at_least(self, size: Size) -> Number | None:
        """A lower bound over all allowed values; None where none was found.

        Every symbol is counted from its least value up, then the bounds of the
        terms are added; a term that is taken away is bounded by the largest
        values of its symbols, where they have one.
        """
        shifted = _linear_floors(self._shifted(size))
        bound: Number = 0
        for monomial, coefficient in terms_of(shifted).items():
            low, high = self._monomial_range(monomial)
            if coefficient > 0:
                bound += coefficient * low
            elif high is None:
                return None
            else:
                bound += coefficient * high
        return bound

    def _monomial_range(self, monomial: Monomial) -> tuple[Fraction, Fraction | None]:
        """Least and largest value of a product of atoms; None: no largest."""
        low, high = Fraction(1), Fraction(1)
        unbounded = False
        for atom, exponent in monomial:
            at_least, at_most = self._range(atom)
            if exponent < 0:
                at_least, at_most = (
                    Fraction(0) if at_most is None else 1 / at_most,
                    1 / at_least if at_least else None,
                )
            low *= at_least ** abs(exponent)
            if at_most is None:
                unbounded = True
            else:
                high *= at_most ** abs(exponent)
        return low, None if unbounded else high

    def _range(self, atom: Atom) -> tuple[Fraction, Fraction | None]:
        """Least and largest value of an atom after :meth:`_shifted`; never below 0."""
        if isinstance(atom, Symbol):
            if atom.name.endswith(_MORE):
                name = atom.name.removesuffix(_MORE)
                if self.domains.get(name, POSITIVE).finite and not self._moved(name):
                    first, last = self.ends(name)
                    return Fraction(0), Fraction(last - first)
                return Fraction(0), None
            domain = self.domains.get(atom.name, POSITIVE)
            if domain.finite:
                first, last = self.ends(atom.name)
                return Fraction(first), Fraction(last)
            return Fraction(1 if atom.integer else 0), None
        if isinstance(atom, Exponential):
            return Fraction(1), None
        return Fraction(0), None

    def _moved(self, name: str) -> bool:
        return any(self._solved(size) == name for size in self.least)

    def _solved(self, size: Polynomial) -> str | None:
        """The symbol that ``size >= 0`` bounds from below, if there is one."""
        for monomial, coefficient in size.terms.items():
            if (
                coefficient == 1
                and len(monomial) == 1
                and monomial[0][1] == 1
                and isinstance(monomial[0][0], Symbol)
                and sum(monomial[0][0] in dict(m) for m in size.terms) == 1
            ):
                return monomial[0][0].name
        return None

    def _shifted(self, size: Size) -> Size:
        """Every integer symbol counted from its least value; ``l > first`` put in."""
        for known in self.least:
            name = self._solved(known)
            if name is not None:
                own = symbol(name)
                size = substitute(size, {name: symbol(name + _MORE) - (known - own)})
        values: dict[str, Size] = {}
        for s in size.symbols() if isinstance(size, Polynomial) else ():
            if s.integer and not s.name.endswith(_MORE) and not _under(size, s):
                first, _ = self.ends(s.name)
                values[s.name] = symbol(s.name + _MORE) + first
        return substitute(size, values)


_MORE = "'"  # marks a symbol that counts from 0; not a character of any name


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


def _linear_floors(size: Size) -> Size:
    """A lower bound without the floors that stand alone in a term."""
    if not isinstance(size, Polynomial) or not any(isinstance(a, Floor) for a in size.atoms()):
        return size
    parts: list[Size] = []
    for monomial, coefficient in size.terms.items():
        floors = [(a, e) for a, e in monomial if isinstance(a, Floor)]
        if len(floors) != 1 or floors[0][1] != 1:
            parts.append(collect({monomial: coefficient}))
            continue
        atom = floors[0][0]
        assert isinstance(atom, Floor)
        others = collect({tuple(p for p in monomial if p[0] is not atom): coefficient})
        argument: Size = atom.argument
        if coefficient > 0:
            grid = math.lcm(*(c.denominator for c in atom.argument.terms.values()))
            plain = all(a.integer and e > 0 for m in atom.argument.terms for a, e in m)
            argument = argument - (Fraction(grid - 1, grid) if plain else 1)
        parts.append(others * argument)
    return _linear_floors(add_up(parts))


def _never_integral(size: Size) -> bool:
    """Whether a size is a whole part and a fraction that never goes away."""
    constant = terms_of(size).get((), 0)
    return isinstance(constant, Fraction) and is_integral(size - constant)


#: Positive integers, nothing else known.
PLAIN = Facts()
