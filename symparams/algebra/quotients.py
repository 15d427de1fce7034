"""Fractions of sizes in lowest terms, and square roots taken as far as they go."""

from __future__ import annotations

from fractions import Fraction
from math import gcd, lcm

from symparams.algebra.atoms import Number, exact
from symparams.algebra.polynomial import Polynomial, Size, terms_of
from symparams.algebra.size_functions.powers import prime_factors
from symparams.algebra.size_text import begins_negative
from symparams.algebra.writing import factorable, take_out


def reduced(above: Size, below: Size) -> tuple[Size, Size]:
    """Return a fraction of sizes in lowest terms, with integer coefficients; ``below`` is not 0.

    The first term below comes out positive. Of polynomials too large to be
    factored only the common symbols and numbers are cancelled. Loads SymPy
    where both are sums.

    >>> from symparams.algebra import symbol
    >>> h = symbol("h")
    >>> reduced(2 * h**2 - 2, 4 * h + 4)
    (h - 1, 2)
    """
    if not above:
        return 0, 1
    outside, top = _apart(above)
    shared, bottom = _apart(below)
    factor = outside / shared if isinstance(outside, Polynomial) else _over(outside, shared)
    if isinstance(top, Polynomial) and isinstance(bottom, Polynomial):
        if top == bottom:
            top, bottom = 1, 1
        elif factorable(top) and factorable(bottom):
            from symparams.algebra.border import cancelled

            top, bottom = cancelled(top, bottom)
    over, under = _split(factor)
    return _in_integers(over * top, under * bottom)


def _apart(size: Size) -> tuple[Size, Size]:
    """Return (common factor, rest), a number being all factor."""
    return take_out(size) if isinstance(size, Polynomial) else (size, 1)


def _over(above: Number, below: Size) -> Size:
    return above / below if isinstance(below, Polynomial) else exact(Fraction(above) / below)


def _split(term: Size) -> tuple[Size, Size]:
    """Return one term as what stands above and what below the line."""
    ((monomial, coefficient),) = terms_of(term).items()
    above = tuple(p for p in monomial if p[1] > 0)
    below = tuple((a, -e) for a, e in monomial if e < 0)
    return (
        Polynomial({above: coefficient.numerator}) if above else coefficient.numerator,
        Polynomial({below: coefficient.denominator}) if below else coefficient.denominator,
    )


def _in_integers(above: Size, below: Size) -> tuple[Size, Size]:
    """Return both times one number, so that all coefficients are integers without a common
    divisor.
    """
    coefficients = [*terms_of(above).values(), *terms_of(below).values()]
    grid = lcm(*(c.denominator for c in coefficients))
    shared = gcd(*(int(c * grid) for c in coefficients))
    factor = exact(Fraction(grid, shared))
    if begins_negative(below):
        factor = -factor
    return _scaled(above, factor), _scaled(below, factor)


def _scaled(size: Size, factor: Number) -> Size:
    return size * factor if isinstance(size, Polynomial) else exact(size * factor)


def square_free(size: Size) -> tuple[Size, Size]:
    """Return (s, r) with ``size == s^2 * r``, s as large as its factors allow; loads SymPy.

    ``size`` has integer coefficients, and nothing below a fraction line.
    """
    if not isinstance(size, Polynomial):
        return _square_free_number(size)
    if not factorable(size):
        return 1, size
    from symparams.algebra.border import factors

    outside: Size = 1
    inside: Size = 1
    for factor, multiplicity in factors(size):
        if isinstance(factor, Polynomial):
            outside = outside * factor ** (multiplicity // 2)
            inside = inside * factor ** (multiplicity % 2)
        else:
            root, rest = _square_free_number(factor)
            outside, inside = outside * root, inside * rest
    return outside, inside


def _square_free_number(value: Number) -> tuple[int, int]:
    """Return the same of an integer; a prime above 10,000 is not looked for."""
    assert isinstance(value, int)
    root = 1
    for prime, multiplicity in prime_factors(abs(value)).items() if value else ():
        root *= prime ** (multiplicity // 2)
    return root, value // root**2


__all__ = ["reduced", "square_free"]
