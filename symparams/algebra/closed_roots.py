"""The real numbers at which two formulas meet, written with a root.

:func:`closed` is the largest of them, for an answer; :func:`roots_of` all that a
short form has, for a table.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import gcd, lcm
from typing import TYPE_CHECKING

from symparams.algebra.atoms import Number, Symbol, exact
from symparams.algebra.facts import Facts
from symparams.algebra.polynomial import (
    Polynomial,
    Size,
    add_up,
    collect,
    divide,
    free_of,
    symbol,
    terms_of,
)
from symparams.algebra.quotients import reduced, square_free
from symparams.algebra.size_text import begins_negative, brief
from symparams.algebra.writing import take_out
from symparams.errors import NeedsValue, SymparamsError, listed
from symparams.records import Record

if TYPE_CHECKING:
    import sympy


class Closed(Record):
    """``(before + root(under, degree)) / below``; of degree 1 there is no root."""

    before: Size
    under: Size
    degree: int
    below: Size

    @property
    def numeric(self) -> bool:
        """Whether it has no symbols."""
        return not any(isinstance(s, Polynomial) for s in self._parts)

    @property
    def _parts(self) -> tuple[Size, Size, Size]:
        return self.before, self.under, self.below

    def approximately(self, digits: int = 12) -> tuple[Fraction, bool]:
        """Return (a fraction that agrees with it to some digits, whether it is the number itself).

        Only of one without symbols.
        """
        before, under, below = (Fraction(as_number(s)) for s in self._parts)
        if self.degree == 1:
            return before / below, True
        exact_root = [_root(n, self.degree) for n in (under.numerator, under.denominator)]
        if [r**self.degree for r in exact_root] == [under.numerator, under.denominator]:
            return (before + Fraction(*exact_root)) / below, True
        scale: int = 10**digits
        root = Fraction(_root(int(under * scale**self.degree), self.degree), scale)
        return (before + root) / below, False

    def sympy(self) -> sympy.Expr:
        """Return it as a SymPy expression."""
        import sympy

        from symparams.algebra.border import to_sympy

        root = sympy.root(to_sympy(self.under), self.degree) if self.degree > 1 else 0
        return (to_sympy(self.before) + root) / to_sympy(self.below)


class Roots(Record):
    """Where a formula is 0: ``(plain ± times*root(under, degree)) / below``.

    ``times`` is 0 of one root without a radical. Above degree 2 it is the one
    root that is positive.
    """

    plain: Size
    times: Size
    under: Size
    below: Size
    degree: int = 2

    def sympy(self) -> tuple[sympy.Expr, ...]:
        """Give the one, or both, as SymPy expressions."""
        import sympy

        from symparams.algebra.border import to_sympy

        parts = self.plain, self.times, self.under, self.below
        plain, times, under, below = map(to_sympy, parts)
        signs = (1,) if times == 0 or self.degree > 2 else (1, -1)
        root = sympy.root(under, self.degree)
        return tuple((plain + sign * times * root) / below for sign in signs)


def closed(difference: Size, of: Symbol, facts: Facts) -> Closed | None:
    """Return the largest real root of a formula in one of its symbols.

    Written down for degree 1 and 2, and for ``a*x^n + c`` of any degree; the
    leading coefficient must be known to be positive or negative.
    """
    coefficients = coefficients_of(difference, of)
    if coefficients is None:
        return None
    low = min(coefficients)
    shifted = {power - low: c for power, c in coefficients.items()}
    degree = max(shifted)
    lead = shifted[degree]
    if facts.positive(lead) is False:
        shifted = {power: -c for power, c in shifted.items()}
        lead = -lead
    if facts.positive(lead) is not True:
        return None
    shifted = _primitive(shifted)
    lead, constant = shifted[degree], shifted.get(0, 0)
    if degree == 1:
        return Closed(-constant, 0, 1, lead)
    if set(shifted) <= {0, degree}:
        try:
            under = divide(-constant, lead)
        except NeedsValue:
            return None
        return None if _negative(under) else Closed(0, under, degree, 1)
    if degree == 2:
        middle = shifted.get(1, 0)
        under = middle * middle - 4 * lead * constant
        return None if _negative(under) else _halved(Closed(-middle, under, 2, 2 * lead))
    return None


def roots_of(difference: Size, by: Symbol, facts: Facts) -> tuple[Roots, ...] | None:
    """Return the roots of a difference in a symbol, freed of fractions; None: no short form is
    known.

    Of degree 1 and 2, and of ``a*x^n + c``, as :func:`closed`
    has them. Rational ones that are 0 or less at all sizes are left out, as no size is.
    """
    above = _above_the_line(difference)
    powers = coefficients_of(above, by)
    if not powers or max(powers) < 1:
        return None
    if max(powers) > 2:
        found = closed(above, by, facts)
        if found is None:
            return None
        return (Roots(found.before, 1, found.under, found.below, found.degree),)
    c, b, a = (powers.get(k, 0) for k in range(3))
    if a == 0:
        return _positive(facts, [reduced(-c, b)])
    outside, inside = square_free(b * b - 4 * a * c)
    if inside == 1 or outside == 0:
        several = [reduced(-b + sign * outside, 2 * a) for sign in (1, -1)]
        return _positive(facts, list(dict.fromkeys(several)))
    if not isinstance(inside, Polynomial) and inside < 0:
        return ()
    return (_in_lowest_terms(-b, outside, inside, 2 * a),)


def _positive(facts: Facts, fractions: list[tuple[Size, Size]]) -> tuple[Roots, ...]:
    return tuple(
        Roots(above, 0, 0, below)
        for above, below in fractions
        if facts.positive(above * below) is not False
    )


def _above_the_line(size: Size) -> Size:
    """Return the size times what is positive, so that no fraction and no common factor is left."""
    if not isinstance(size, Polynomial):
        return size
    return take_out(size)[1]


def _in_lowest_terms(plain: Size, times: Size, under: Size, below: Size) -> Roots:
    """Return ``(plain ± times*sqrt(under)) / below`` without what all three have in common."""
    one, two = symbol("'"), symbol('"')  # no names of the language
    together = plain + times * one + below * two
    assert isinstance(together, Polynomial)
    common, _ = take_out(together)
    plain, times, below = (divide(z, common) for z in (plain, times, below))
    if begins_negative(below):
        plain, below = -plain, -below
    if begins_negative(times):
        times = -times
    return Roots(plain, times, under, below)


def coefficients_of(size: Size, of: Symbol) -> dict[int, Size] | None:
    """Map each power of a symbol to its coefficient; None where it stands inside a floor or
    function.
    """
    found: dict[int, list[Size]] = {}
    for monomial, coefficient in terms_of(size).items():
        power = 0
        rest = []
        for atom, exponent in monomial:
            if atom is of:
                power = exponent
            elif of in atom.symbols():
                return None
            else:
                rest.append((atom, exponent))
        found.setdefault(power, []).append(collect({tuple(rest): coefficient}))
    summed = {power: add_up(parts) for power, parts in found.items()}
    return {power: c for power, c in summed.items() if c != 0}


def _primitive(coefficients: Mapping[int, Size]) -> dict[int, Size]:
    """Return the coefficients without the numbers they have in common."""
    numbers = [c for size in coefficients.values() for c in terms_of(size).values()]
    content = Fraction(gcd(*(n.numerator for n in numbers)), lcm(*(n.denominator for n in numbers)))
    return {power: divide(c, exact(content)) for power, c in coefficients.items()}


def _halved(found: Closed) -> Closed:
    """Take out a square that all parts have in common, as ``(-2b + 2*root(…)) / 2a``."""
    numbers = [c for s in (found.before, found.below) for c in terms_of(s).values()]
    under = list(terms_of(found.under).values())
    if any(c.denominator != 1 for c in (*numbers, *under)):
        return found
    common, square = gcd(*(int(n) for n in numbers)), gcd(*(int(n) for n in under))
    factor = next(
        f for f in range(min(common, _MOST_COMMON), 0, -1) if not common % f and not square % f**2
    )
    one = Fraction(1, factor)
    return Closed(
        _whole(found.before * one), _whole(found.under * one**2), 2, _whole(found.below * one)
    )


def _whole(size: Size | Fraction) -> Size:
    return exact(size) if isinstance(size, Fraction) else size


#: The largest common factor that is looked for: each one below it is tried.
_MOST_COMMON = 10_000


def _negative(size: Size) -> bool:
    return not isinstance(size, Polynomial) and size < 0


def _root(number: int, degree: int) -> int:
    """Return the integer part of a root."""
    low, high = 0, 1 << (number.bit_length() // degree + 1)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if middle**degree <= number else (low, middle)
    return low


def as_number(size: Size) -> Number:
    """Return a size that has no symbols.

    Raises:
        SymparamsError: it has some.
    """
    if isinstance(size, Polynomial):
        names = listed(free_of([size]))
        raise SymparamsError(f"{brief(size)} depends on {names}, not given a value")
    return size
