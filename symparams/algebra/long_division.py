"""Long division of sums of terms, and the largest monomial that divides all of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

from symparams.algebra.atoms import Atom, Monomial, Number, by_key, exact, raised, times

#: The most terms a quotient may have.
MOST_QUOTIENT_TERMS = 10_000


def long_division(
    left: Mapping[Monomial, Number], right: Mapping[Monomial, Number]
) -> dict[Monomial, Number] | None:
    """Return the terms of the q with ``left == q * right``, or None.

    In the lexicographic order of the monomials; exact for Laurent polynomials
    too, as both are first freed of their common monomial.
    """
    left_shift, rest = _freed(left)
    right_shift, divisor = _freed(right)
    order = sorted({a for m in (*rest, *divisor) for a, _ in m}, key=lambda a: a.key)

    def rank(monomial: Monomial) -> tuple[int, ...]:
        powers = dict(monomial)
        return tuple(powers.get(a, 0) for a in order)

    head = max(divisor, key=rank)
    head_coefficient = Fraction(divisor[head])
    quotient: dict[Monomial, Number] = {}
    while rest:
        lead = max(rest, key=rank)
        step = times(lead, raised(head, -1)) if head else lead
        if any(e < 0 for _, e in step) or len(quotient) > MOST_QUOTIENT_TERMS:
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
    return {times(m, shift): c for m, c in quotient.items()}


def common_monomial(terms: Iterable[Monomial]) -> Monomial:
    """Return the largest monomial that divides all of them; atoms below a line are divided by
    too.
    """
    lowest: dict[Atom, int] = {}
    standing: dict[Atom, int] = {}
    many = 0
    for monomial in terms:
        many += 1
        for atom, exponent in monomial:
            lowest[atom] = min(lowest.get(atom, exponent), exponent)
            standing[atom] = standing.get(atom, 0) + 1
    least = {a: e if standing[a] == many else min(e, 0) for a, e in lowest.items()}
    return tuple(sorted(((a, e) for a, e in least.items() if e), key=by_key))


def _freed(terms: Mapping[Monomial, Number]) -> tuple[Monomial, dict[Monomial, Number]]:
    """Return (shift, terms): the size is shift times a polynomial no atom divides."""
    shift = common_monomial(terms)
    if not shift:
        return (), dict(terms)
    up = raised(shift, -1)
    return shift, {times(m, up): c for m, c in terms.items()}
