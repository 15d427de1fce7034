"""Division of polynomials by polynomials of several terms."""

from __future__ import annotations

from fractions import Fraction

from symparams.algebra.polynomial import (
    Atom,
    Monomial,
    Number,
    Polynomial,
    Size,
    collect,
    exact,
    raised,
    terms_of,
    times,
)


def exact_quotient(left: Size, right: Polynomial) -> Size | None:
    """The polynomial q with ``left == q * right``, or None.

    Long division in the lexicographic order of the monomials; exact for
    Laurent polynomials too, as both are first freed of their common monomial.
    """
    left_shift, dividend = _without_common(left)
    right_shift, divisor = _without_common(right)
    order = sorted({a for m in (*dividend, *divisor) for a, _ in m}, key=lambda a: a.key)

    def rank(monomial: Monomial) -> tuple[int, ...]:
        powers = dict(monomial)
        return tuple(powers.get(a, 0) for a in order)

    head = max(divisor, key=rank)
    head_coefficient = Fraction(divisor[head])
    rest = dict(dividend)
    quotient: dict[Monomial, Number] = {}
    while rest:
        lead = max(rest, key=rank)
        step = times(lead, raised(head, -1)) if head else lead
        if any(e < 0 for _, e in step) or len(quotient) > 10_000:
            return None
        factor = exact(rest[lead] / head_coefficient)
        quotient[step] = factor
        for m, c in divisor.items():
            monomial = times(step, m)
            left_over = rest.get(monomial, 0) - factor * c
            if left_over:
                rest[monomial] = left_over
            else:
                rest.pop(monomial, None)
    shift = times(left_shift, raised(right_shift, -1)) if right_shift else left_shift
    return collect({times(m, shift): c for m, c in quotient.items()})


def _without_common(size: Size) -> tuple[Monomial, dict[Monomial, Number]]:
    """(shift, terms): the size is shift times a polynomial no atom divides."""
    terms = terms_of(size)
    powers = [dict(monomial) for monomial in terms]
    lowest: dict[Atom, int] = {}
    for atom in {a for p in powers for a in p}:
        least = min(p.get(atom, 0) for p in powers)
        if least:
            lowest[atom] = least
    shift = tuple(sorted(lowest.items(), key=lambda p: p[0].key))
    if not shift:
        return (), dict(terms)
    up = raised(shift, -1)
    return shift, {times(m, up): c for m, c in terms.items()}
