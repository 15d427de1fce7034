"""Exact formulas, canonical by construction.

A size is an ``int``, a ``Fraction`` (never with denominator 1) or a
:class:`Polynomial`: a sparse Laurent polynomial ``{monomial: coefficient}``
over :class:`~symparams.algebra.atoms.Atom` objects. A polynomial always holds
at least one atom, so a size is a number exactly when it is not a
``Polynomial``, and two sizes without floors are equal exactly when ``==``
says so.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Hashable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from math import comb, lcm, prod
from typing import TypeAlias

from symparams.algebra.atoms import (
    MOST_BITS,
    Atom,
    Monomial,
    Number,
    Symbol,
    bounded,
    exact,
    power_of,
    raised,
    times,
)
from symparams.algebra.long_division import long_division
from symparams.algebra.multilinear import at_choices
from symparams.algebra.products import WORTH_PACKING, packed_product
from symparams.algebra.size_text import text
from symparams.errors import NeedsValue, SymparamsError

Size: TypeAlias = "int | Fraction | Polynomial"

#: The largest exponent a symbol may carry; more is a slip of the pen or an attack.
LARGEST_EXPONENT = 1_000
#: The longest text of a function of sizes: one of another, of another grows as powers do.
LONGEST_KEY = 20_000
#: The deepest that functions of sizes stand inside each other; all that walks them recurses.
DEEPEST = 50
#: The most terms one product may go through.
MOST_TERMS = 500_000
#: The most terms of a formula: its text takes a megabyte.
LONGEST_SUM = 80_000
#: The first number with too many bits, kept as it is compared with at every coefficient.
_LARGEST = 1 << MOST_BITS


def _check(monomial: Monomial) -> bool:
    """Tell whether a monomial has an indicator; no exponent may be too large."""
    chooses = False
    for atom, exponent in monomial:
        if abs(exponent) > LARGEST_EXPONENT:
            raise SymparamsError(f"an exponent above {LARGEST_EXPONENT:,}")
        chooses = chooses or atom.chooses
    return chooses


def _checked(terms: dict[Monomial, Number]) -> Size:
    """Return the size of the terms of a product, of which each is checked."""
    choices = [monomial for monomial in terms if _check(monomial)]
    if not choices:
        return collect(terms)
    others: list[Size] = []
    for monomial in choices:
        coefficient = terms.pop(monomial)
        found = at_choices(monomial, coefficient) if coefficient else None
        if found is None:
            continue
        coefficient, kept, taken = found
        size: Size = collect({kept: coefficient})
        for value, exponent in taken:
            one = value**exponent if isinstance(value, Polynomial) else power_of(value, exponent)
            size = size * one
        others.append(size)
    return add_up([collect(terms), *others])


def collect(terms: dict[Monomial, Number]) -> Size:
    """Return the size of a dict of terms: zeros dropped, a constant made a number.

    The dict is taken over, not copied.

    Raises:
        SymparamsError: a coefficient of more than 4,300 digits, or more than 80,000 terms.
    """
    if len(terms) > LONGEST_SUM:
        raise SymparamsError(
            f"a formula of more than {LONGEST_SUM:,} terms", None, "give some of the sizes values"
        )
    for monomial, coefficient in [
        (m, c)
        for m, c in terms.items()
        if not c or type(c) is not int or not -_LARGEST < c < _LARGEST
    ]:
        if coefficient:
            terms[monomial] = bounded(coefficient)
        else:
            del terms[monomial]
    if not terms:
        return 0
    if len(terms) == 1 and () in terms:
        return terms[()]
    return Polynomial(terms)


def of_atom(atom: Atom, exponent: int = 1) -> Polynomial:
    """Return an atom as a polynomial."""
    return Polynomial({((atom, exponent),): 1})


def symbol(name: str, integer: bool = True, low: int | None = 1) -> Polynomial:
    """Return the symbol ``name`` as a size."""
    return of_atom(Symbol(name, integer, low))


def terms_of(size: Size) -> dict[Monomial, Number]:
    """Return the terms of any size; not to be changed by the caller."""
    if isinstance(size, Polynomial):
        return size.terms
    return {(): size} if size else {}


def add_up(sizes: Iterable[Size]) -> Size:
    """Return the sum of many sizes, in one pass.

    Raises:
        SymparamsError: a coefficient of more than 4,300 digits, or more than 80,000 terms.
    """
    total: dict[Monomial, Number] = {}
    get = total.get
    constant = 0
    fractions: list[Fraction] = []
    for size in sizes:
        if isinstance(size, Polynomial):
            for monomial, coefficient in size.terms.items():
                total[monomial] = get(monomial, 0) + coefficient
            if len(total) > LONGEST_SUM:
                break  # the parts to come are not even counted
        elif isinstance(size, int):
            constant += size
        else:
            fractions.append(size)
    if fractions:
        # On one common denominator: adding them one by one takes a gcd each.
        below = lcm(*(f.denominator for f in fractions))
        above = sum(f.numerator * (below // f.denominator) for f in fractions)
        total[()] = get((), 0) + Fraction(above, below)
    if constant:
        total[()] = get((), 0) + constant
    return collect(total)


def product(sizes: Iterable[Size]) -> Size:
    """Return the product of sizes; 1 of none.

    Raises:
        SymparamsError: more than 4,300 digits.
    """
    result: Size = 1
    for size in sizes:
        result = result * size
    if isinstance(result, int) and not -_LARGEST < result < _LARGEST:
        return bounded(result)
    return result


class Polynomial:
    """A sparse Laurent polynomial with at least one atom.

    ``+ - *`` take numbers and polynomials; ``/`` is exact; ``**`` takes an
    int. Instances are immutable and hashable; ``==`` is equality as data.
    """

    __slots__ = ("_hash", "terms")

    terms: dict[Monomial, Number]

    def __init__(self, terms: dict[Monomial, Number]) -> None:
        self.terms = terms
        self._hash: int | None = None

    def __reduce__(self) -> tuple[object, ...]:
        return (collect, (dict(self.terms),))

    def __hash__(self) -> int:
        if self._hash is None:
            self._hash = hash(frozenset(self.terms.items()))
        return self._hash

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Polynomial):
            return self is other or self.terms == other.terms
        return False if isinstance(other, int | Fraction) else NotImplemented

    def __bool__(self) -> bool:
        return True

    def __repr__(self) -> str:
        return text(self)

    # --- arithmetic ---

    def __add__(self, other: Size) -> Size:
        if not isinstance(other, int | Fraction | Polynomial):
            return NotImplemented
        if not other:
            return self
        total = dict(self.terms)
        for monomial, coefficient in terms_of(other).items():
            total[monomial] = total.get(monomial, 0) + coefficient
        return collect(total)

    __radd__ = __add__

    def __neg__(self) -> Polynomial:
        return Polynomial({m: -c for m, c in self.terms.items()})

    def __sub__(self, other: Size) -> Size:
        if not isinstance(other, int | Fraction | Polynomial):
            return NotImplemented
        return self + -other

    def __rsub__(self, other: Number) -> Size:
        return -self + other

    def __mul__(self, other: Size) -> Size:
        if isinstance(other, int | Fraction):
            if not other:
                return 0
            if other == 1:
                return self
            return collect({m: c * other for m, c in self.terms.items()})
        if not isinstance(other, Polynomial):
            return NotImplemented
        pairs = len(self.terms) * len(other.terms)
        if pairs > MOST_TERMS:
            raise SymparamsError(f"this product has {pairs:,} terms, more than {MOST_TERMS:,}")
        total: dict[Monomial, Number] = {}
        if pairs >= WORTH_PACKING:
            total = packed_product(self.terms, other.terms)
        else:
            for m, c in self.terms.items():
                for n, d in other.terms.items():
                    monomial = times(m, n)
                    total[monomial] = total.get(monomial, 0) + c * d
        return _checked(total)

    __rmul__ = __mul__

    def __truediv__(self, other: Size) -> Size:
        if not isinstance(other, int | Fraction | Polynomial):
            return NotImplemented
        return divide(self, other)

    def __rtruediv__(self, other: Number) -> Size:
        return divide(other, self)

    def __pow__(self, exponent: int) -> Size:
        if not isinstance(exponent, int):
            return NotImplemented
        if exponent == 0:
            return 1
        if abs(exponent) > LARGEST_EXPONENT:
            raise SymparamsError(f"an exponent above {LARGEST_EXPONENT:,}")
        if len(self.terms) == 1:
            ((monomial, coefficient),) = self.terms.items()
            return _checked({raised(monomial, exponent): power_of(coefficient, exponent)})
        if exponent < 0:
            return divide(1, self**-exponent)
        if len(self.terms) == 2:
            return self._binomial(exponent)
        result: Size = 1
        square: Size = self
        while exponent:
            if exponent & 1:
                result = result * square
            exponent >>= 1
            if exponent:
                square = square * square
        return result

    def _binomial(self, exponent: int) -> Size:
        """Return a sum of two terms to a power, at once: squaring again and again takes longer."""
        (one, a), (other, b) = self.terms.items()
        total: dict[Monomial, Number] = {}
        for k in range(exponent + 1):
            left = raised(one, k) if k else ()
            right = raised(other, exponent - k) if k < exponent else ()
            monomial = times(left, right)
            coefficient = power_of(a, k) * power_of(b, exponent - k) * comb(exponent, k)
            total[monomial] = total.get(monomial, 0) + coefficient
        return _checked(total)

    # --- looking inside ---

    def atoms(self) -> frozenset[Atom]:
        """Return the atoms that stand in it directly (not those inside a floor)."""
        return frozenset(atom for monomial in self.terms for atom, _ in monomial)

    def symbols(self) -> frozenset[Symbol]:
        """Return all symbols, also those inside floors."""
        return frozenset(s for atom in self.atoms() for s in atom.symbols())


def _listed(names: Sequence[str]) -> str:
    """Join some names for a message: not more than a reader takes in."""
    shown = ", ".join(f"'{name}'" for name in names[:3])
    return f"{shown} and {len(names) - 3:,} more" if len(names) > 3 else shown


class Opaque(Atom):
    """An atom that is a function of sizes."""

    __slots__ = ("depth", "free")

    #: How deep functions stand inside it, itself counted.
    depth: int
    #: All symbols inside.
    free: frozenset[Symbol]

    def settle(self, key: str, parts: Iterable[Size]) -> None:
        """Take a key, and what follows from the sizes inside.

        Raises:
            NeedsValue: the formula would be too long, or too deep.
        """
        atoms = [a for part in parts if isinstance(part, Polynomial) for a in part.atoms()]
        self.free = frozenset(s for atom in atoms for s in atom.symbols())
        self.depth = 1 + max((a.depth for a in atoms if isinstance(a, Opaque)), default=0)
        self.key = key
        if len(key) > LONGEST_KEY or self.depth > DEEPEST:
            names = sorted(s.name for s in self.free)
            what = (
                f"has functions in functions, more than {DEEPEST} deep"
                if self.depth > DEEPEST
                else f"would have more than {LONGEST_KEY:,} characters"
            )
            raise NeedsValue(f"a formula in {_listed(names)} {what}", names)

    def symbols(self) -> frozenset[Symbol]:
        return self.free

    def at(self, values: Mapping[str, Size]) -> Size:
        """Return the function again, with symbols replaced by sizes."""
        raise TypeError(type(self).__name__)  # pragma: no cover - every subclass has its own

    def replaced(self, values: Mapping[str, Size]) -> Size:
        return self.at(values)


def divide(left: Size, right: Size) -> Size:
    """Return ``left / right``, exactly.

    Raises:
        SymparamsError: division by zero.
        NeedsValue: by a sum that does not divide without remainder.
    """
    if isinstance(right, int | Fraction):
        if not right:
            raise SymparamsError("division by zero")
        if isinstance(left, Polynomial):
            return left * exact(Fraction(1, 1) / right)
        return exact(Fraction(left) / right)
    if any(atom.chooses for atom in right.atoms()):
        found = by_choice((left, right), lambda pair: divide(*pair))
        if found is not None:
            return found
    if len(right.terms) == 1:
        ((monomial, coefficient),) = right.terms.items()
        inverse = Polynomial({raised(monomial, -1): exact(1 / Fraction(coefficient))})
        return inverse * left
    quotient = exact_quotient(left, right)
    if quotient is None:
        quotient = by_choice((left, right), lambda pair: divide(*pair))
    if quotient is None:
        raise NeedsValue(
            f"cannot divide by the sum '{right}' while it has symbols",
            sorted(s.name for s in right.symbols()),
        )
    return quotient


def exact_quotient(left: Size, right: Polynomial) -> Size | None:
    """Return the polynomial q with ``left == q * right``, or None."""
    found = long_division(terms_of(left), right.terms)
    return None if found is None else collect(found)


#: The most cases that a division or a function goes through.
MOST_CHOICES = 64


def by_choice(sizes: Sequence[Size], function: Callable[[Sequence[Size]], Size]) -> Size | None:
    """Return a function of sizes as a sum over the cases that their indicators tell apart.

    None where there is no indicator, where there are too many of them, or where the function has
    no value in a case: it may never come to that case.
    """
    chosen: dict[Hashable, dict[Atom, Number]] = {}
    for atom in {a for size in sizes for m in terms_of(size) for a, _ in m if a.chooses}:
        subject, value = atom.choice()
        chosen.setdefault(subject, {})[atom] = value
    if not chosen or prod(len(values) + 1 for values in chosen.values()) > MOST_CHOICES:
        return None
    subject, values = min(chosen.items(), key=lambda item: min(a.key for a in item[1]))
    rest = [without_choices(size, values) for size in sizes]
    try:
        other = _in_case(rest, function)
        parts: list[Size] = [other]
        for atom, value in sorted(values.items(), key=lambda item: item[0].key):
            here = [with_choice(size, atom, values) for size in sizes]
            if isinstance(subject, Symbol):
                here = [substitute(size, {subject.name: value}) for size in here]
            parts.append(of_atom(atom) * (_in_case(here, function) - other))
    except SymparamsError:
        return None
    return add_up(parts)


def _in_case(sizes: Sequence[Size], function: Callable[[Sequence[Size]], Size]) -> Size:
    deeper = by_choice(sizes, function)
    return function(sizes) if deeper is None else deeper


def without_choices(size: Size, atoms: Container[Atom]) -> Size:
    """Return a size where some indicators are 0."""
    return collect({m: c for m, c in terms_of(size).items() if not any(a in atoms for a, _ in m)})


def with_choice(size: Size, atom: Atom, atoms: Container[Atom]) -> Size:
    """Return a size where one of some indicators is 1, and the others 0."""
    total: dict[Monomial, Number] = {}
    for monomial, coefficient in terms_of(size).items():
        freed = tuple(power for power in monomial if power[0] is not atom)
        if not any(a in atoms for a, _ in freed):
            total[freed] = total.get(freed, 0) + coefficient
    return collect(total)


class _Substitution(dict[str, Size]):
    """Values with what became of atoms so far: what stands in several places is made once."""

    def __init__(self, values: Mapping[str, Size]) -> None:
        super().__init__(values)
        self.replaced: dict[Atom, Size | None] = {}
        self.made: dict[tuple[Atom, int], Size] = {}


def substitute(size: Size, values: Mapping[str, Size]) -> Size:
    """Return ``size`` with symbols replaced, all at once, by sizes.

    Raises:
        SymparamsError: a value that a division or a function cannot take.
    """
    if not isinstance(size, Polynomial) or not values:
        return size
    if values.keys().isdisjoint({s.name for s in size.symbols()}):
        return size
    if not isinstance(values, _Substitution):
        values = _Substitution(values)
    made, replaced = values.made, values.replaced
    parts: list[Size] = []
    for monomial, coefficient in size.terms.items():
        kept: list[tuple[Atom, int]] = []
        factors: list[Size] = []
        for atom, exponent in monomial:
            if atom not in replaced:
                new = atom.at(values) if isinstance(atom, Opaque) else values.get(atom.key)
                replaced[atom] = None if new == of_atom(atom) else new
            value = replaced[atom]
            if value is None:
                kept.append((atom, exponent))
                continue
            if (atom, exponent) not in made:
                made[atom, exponent] = (
                    value**exponent if isinstance(value, Polynomial) else power_of(value, exponent)
                )
            factors.append(made[atom, exponent])
        start: Size = Polynomial({tuple(kept): coefficient}) if kept else coefficient
        for factor in factors:
            start = start * factor
        parts.append(start if isinstance(start, Polynomial) else bounded(start))
    return add_up(parts)


def symbols_of(size: Size) -> frozenset[Symbol]:
    """Return all symbols of any size."""
    return size.symbols() if isinstance(size, Polynomial) else frozenset()


def free_of(sizes: Iterable[Size]) -> Iterator[str]:
    """Yield the names of all symbols of several sizes, sorted."""
    yield from sorted({s.name for size in sizes for s in symbols_of(size)})
