"""How large a size can be by the conditions of a model alone."""

from __future__ import annotations

from collections.abc import Iterable
from math import floor, lcm

from symparams.algebra import (
    Condition,
    Floor,
    Polynomial,
    Symbol,
    coefficients_of,
    of_atom,
    polynomial_signs as runs,
)


def ceiling(conditions: Iterable[Condition], of: Symbol) -> int | None:
    """Return what a size exceeds in no configuration that meets the conditions; None if unknown.

    Read off ``l > first`` and off ``4096 % a == 0``: a divisor is not above
    what it divides.
    """
    found = [most for condition in conditions for most in _ends(condition, of)]
    return min(found, default=None)


def _ends(condition: Condition, of: Symbol) -> Iterable[int]:
    """Yield the ends that one condition sets."""
    if condition.op == "and":
        for part in condition.parts:
            yield from _ends(part, of)
    size = condition.size
    if not isinstance(size, Polynomial) or size.symbols() != {of}:
        return
    if condition.op in ("nonnegative", "positive"):
        yield from _above_zero(size, of)
    elif condition.op == "zero":
        yield from _divisor(size, of)
        yield from _divisor(-size, of)
    elif condition.op == "integer" and len(size.terms) == 1:
        ((monomial, coefficient),) = size.terms.items()
        if coefficient > 0 and all(atom is of and power < 0 for atom, power in monomial):
            yield floor(coefficient)  # c/a^n is an integer, so a is not above c


def _above_zero(size: Polynomial, of: Symbol) -> Iterable[int]:
    """Yield the last integer at which a polynomial is not below zero, if it is in the end."""
    powers = coefficients_of(size, of)
    if powers is None:
        return
    lowest = min((0, *powers))
    numbers = [powers.get(power, 0) for power in range(lowest, max(powers) + 1)]
    if any(isinstance(n, Polynomial) for n in numbers):
        return
    below = lcm(*(n.denominator for n in numbers))  # type: ignore[union-attr]
    last = runs.runs([int(n * below) for n in numbers], None)[-1]  # type: ignore[arg-type]
    if last.sign == -1:
        yield last.first - 1


def _divisor(size: Polynomial, of: Symbol) -> Iterable[int]:
    """Yield |c| of ``c - a*floor(c/a)``, which is what ``c % a`` becomes."""
    own = of_atom(of)
    for atom in size.atoms():
        if isinstance(atom, Floor):
            dividend = atom.argument * own
            if isinstance(dividend, int) and size == dividend - own * of_atom(atom):
                yield abs(dividend)
