"""What sizes are made of: numbers, atoms, and monomials over them.

A monomial is a tuple of ``(atom, exponent)`` sorted by the atom's key; atoms
are interned, so they hash and compare by identity, at the speed of ``id``.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, TypeAlias, TypeVar
from weakref import WeakValueDictionary

from symparams.errors import SymparamsError

if TYPE_CHECKING:
    from symparams.algebra.polynomial import Size

Number: TypeAlias = int | Fraction
Monomial: TypeAlias = tuple[tuple["Atom", int], ...]
#: Names of sizes as a model declares them; () is the canonical order, by name.
Order: TypeAlias = tuple[str, ...]

#: The most bits a number may have (about 4,300 digits, as Python prints).
MOST_BITS = 14_280


class Atom:
    """Something a polynomial is over: a symbol, or an opaque function of sizes.

    Subclasses are built through :func:`interned` only; ``key`` orders them,
    ``integer`` says that every value is an integer.
    """

    __slots__ = ("__weakref__", "integer", "key")

    key: str
    integer: bool
    #: Whether it is an indicator: 1 where a size has one value, and 0 elsewhere.
    chooses = False

    def symbols(self) -> frozenset[Symbol]:
        """Return the symbols inside."""
        raise TypeError(type(self).__name__)  # pragma: no cover - every subclass has its own

    def replaced(self, values: Mapping[str, Size]) -> Size:
        """Return what it is where symbols have these values; one of its own symbols has one."""
        raise TypeError(type(self).__name__)  # pragma: no cover - every subclass has its own

    def choice(self) -> tuple[Hashable, Number]:
        """Return (subject, value) of an indicator: two of one subject exclude each other.

        The subject is a symbol, or what tells a sum from others.
        """
        raise TypeError(type(self).__name__)  # pragma: no cover - only of indicators

    def written(self, order: Order) -> str:
        """Return its text, sums inside it with their terms in the order of the sizes."""
        del order
        return self.key

    def __repr__(self) -> str:
        return self.key


_AtomT = TypeVar("_AtomT", bound=Atom)
_TABLE: WeakValueDictionary[Hashable, Atom] = WeakValueDictionary()
_LOCK = threading.Lock()


def interned(cls: type[_AtomT], identity: Hashable, build: Callable[[], _AtomT]) -> _AtomT:
    """Return the one living atom of ``cls`` with ``identity``, built at need."""
    key = (cls, identity)
    with _LOCK:
        found = _TABLE.get(key)
    if found is None:
        fresh = build()
        with _LOCK:
            found = _TABLE.setdefault(key, fresh)
    assert isinstance(found, cls)
    return found


class Symbol(Atom):
    """A named size: an integer from ``low`` up, or with ``integer=False`` a positive rational.

    ``low`` is 1 for what a reader names, and the first value for an index; None
    means that no least value is known. It is part of what the symbol is: an
    index that counts from 0 is not the size of the same name.
    """

    __slots__ = ("low", "name")

    name: str
    low: int | None

    def __new__(cls, name: str, integer: bool = True, low: int | None = 1) -> Symbol:
        least = low if integer else None  # a positive rational has no least value

        def build() -> Symbol:
            atom = object.__new__(cls)
            atom.name, atom.key, atom.integer, atom.low = name, name, integer, least
            return atom

        return interned(cls, (name, integer, least), build)

    def __reduce__(self) -> tuple[object, ...]:
        return (Symbol, (self.name, self.integer, self.low))

    def symbols(self) -> frozenset[Symbol]:
        return frozenset((self,))

    def replaced(self, values: Mapping[str, Size]) -> Size:
        return values[self.name]


def by_key(power: tuple[Atom, int]) -> str:
    """Return the sort key of an atom and its power in a monomial."""
    return power[0].key


def times(left: Monomial, right: Monomial) -> Monomial:
    """Return the product of two monomials."""
    if not left:
        return right
    if not right:
        return left
    powers = dict(left)
    for atom, exponent in right:
        total = powers.get(atom, 0) + exponent
        if total:
            powers[atom] = total
        else:
            del powers[atom]
    return tuple(sorted(powers.items(), key=by_key))


def raised(monomial: Monomial, exponent: int) -> Monomial:
    """Return a monomial to an integer power other than 0."""
    return tuple((atom, e * exponent) for atom, e in monomial)


def exact(value: Number) -> Number:
    """Return a number with a Fraction of denominator 1 turned into an int."""
    if isinstance(value, Fraction) and value.denominator == 1:
        return value.numerator
    return value


def bounded(value: Number) -> Number:
    """Return ``value``, or an error when it is too long to be a size."""
    if value.numerator.bit_length() > MOST_BITS or value.denominator.bit_length() > MOST_BITS:
        raise SymparamsError("this number has more than 4,300 digits")
    return exact(value)


def power_of(base: Number, exponent: int) -> Number:
    """Return a number to an integer power, exact, with a bound on the digits.

    Raises:
        SymparamsError: 0 to a negative power, or more than 4,300 digits.
    """
    if exponent < 0:
        if not base:
            raise SymparamsError("division by zero")
        return exact(1 / Fraction(power_of(base, -exponent)))
    bits = max(abs(base.numerator), base.denominator).bit_length() - 1
    if bits * exponent > MOST_BITS:
        raise SymparamsError("this number has more than 4,300 digits")
    if abs(base.numerator) <= 1 and base.denominator == 1:
        return base ** (exponent % 2 or 2) if exponent else 1
    return bounded(base**exponent)
