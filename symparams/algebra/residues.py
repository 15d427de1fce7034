"""Formulas with floors, case by case of their symbols' residues.

``floor(H/2)`` is ``k`` at ``H = 2*k`` and at ``H = 2*k + 1``: split by the
residues of its symbols, a formula with floors is a polynomial in each case.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from itertools import product as every

from symparams.algebra.atoms import Symbol
from symparams.algebra.polynomial import (
    Polynomial,
    Size,
    substitute,
    symbol,
    symbols_of,
    terms_of,
)
from symparams.algebra.size_functions.base import is_integral
from symparams.algebra.size_functions.rounding import Floor
from symparams.errors import SymparamsError

#: The most cases a comparison is split into.
MOST_CASES = 4_096


def moduli(size: Size) -> dict[str, int] | None:
    """Find, for every symbol in a floor or under a fraction, the modulus that resolves it.

    None where something else than residues decides: a division by a symbol
    inside a floor, a power, a minimum.
    """
    if not isinstance(size, Polynomial):
        return {}
    grid = math.lcm(*(c.denominator for c in size.terms.values()))
    found: dict[str, int] = {}
    for monomial, coefficient in size.terms.items():
        for atom, exponent in monomial:
            if not isinstance(atom, Symbol | Floor) or not atom.integer:
                return None
            if exponent < 0 and coefficient.denominator != 1:
                return None
            if isinstance(atom, Symbol):
                if coefficient.denominator != 1:
                    found[atom.name] = math.lcm(found.get(atom.name, 1), grid)
            else:
                if any(e < 0 for m in atom.argument.terms for _, e in m):
                    return None
                inner = moduli(atom.argument)
                if inner is None:
                    return None
                for name, modulus in inner.items():
                    found[name] = math.lcm(found.get(name, 1), modulus * grid)
    return found


def residue_cases(
    size: Size, classes: Mapping[str, tuple[int, int]]
) -> list[tuple[Mapping[str, Size], Size]] | None:
    """Return (replacement, size after it) for every residue; None where that does not help.

    ``classes`` says which residue a symbol is known to leave: name → (modulus, residue).
    In a case every symbol ``s`` stands for ``m*s + r`` with a new s, which
    begins at 0 where the old one is at least 0.
    """
    choices = _residues(size, classes)
    if choices is None:
        return None
    try:
        return list(_cases(size, choices))
    except SymparamsError:
        return None  # a symbol that is split also stands below a fraction line


def _cases(
    size: Size, choices: Mapping[str, tuple[int, list[int]]]
) -> Iterator[tuple[Mapping[str, Size], Size]]:
    """Yield the cases of :func:`residue_cases`, one by one.

    Raises:
        SymparamsError: a symbol that is split also stands below a fraction line.
    """
    lows = {s.name: s.low for s in symbols_of(size)}
    for residues in every(*(left for _, left in choices.values())):
        replacement: dict[str, Size] = {}
        for (name, (modulus, _)), residue in zip(choices.items(), residues, strict=True):
            low = lows[name]
            # From m*s + r >= low follows s >= (low - r)/m, and s is whole.
            first = None if low is None else -((residue - low) // modulus)
            replacement[name] = symbol(name, low=first) * modulus + residue
        yield replacement, substitute(size, replacement)


def zero_by_residues(
    size: Size, classes: Mapping[str, tuple[int, int]], never: Callable[[Size], bool]
) -> bool | None:
    """Tell whether a size is 0 in every residue class, or by ``never`` in none; None: neither is
    known.
    """
    choices = _residues(size, classes)
    if choices is None:
        return None
    zero = nonzero = True
    try:
        for _, case in _cases(size, choices):
            zero = zero and case == 0
            nonzero = nonzero and never(case)
            if not zero and not nonzero:
                return None
    except SymparamsError:
        return None
    return zero


def integral_by_residues(size: Size, classes: Mapping[str, tuple[int, int]]) -> bool | None:
    """Tell whether a size is an integer in every residue class, in none, or in some (None).

    None also where residues do not help.
    """
    choices = _residues(size, classes)
    if choices is None:
        return None
    answers: Iterator[bool | None]
    if isinstance(size, Polynomial) and _symbols_alone(size):
        answers = _integral_at(size, choices)
    else:
        answers = (_integral(case) for _, case in _cases(size, choices))
    try:
        # The first two that differ, or one that says nothing, end it.
        first = next(answers)
        alike = first is not None and all(answer is first for answer in answers)
    except SymparamsError:
        return None
    return first if alike else None


def _by_turns(values: range) -> list[int]:
    """Return all values, by turns from the front, from the back and from far away (in steps of the
    golden ratio): residues that differ are met soon.
    """
    count = len(values)
    far = next((n for n in range(count * 618 // 1000, count) if math.gcd(n, count) == 1), 1)
    places = (p for k in range(count) for p in (k, count - 1 - k, k * far % count))
    return [values[place] for place in dict.fromkeys(places)]


def _residues(
    size: Size, classes: Mapping[str, tuple[int, int]]
) -> dict[str, tuple[int, list[int]]] | None:
    """Map each name to (modulus, the residues it may leave, in the order in which to try them);
    None: they do not help, or are too many.
    """
    needed = moduli(size)
    if needed is None or math.prod(needed.values()) > MOST_CASES:
        return None
    choices = {}
    for name, wanted in sorted(needed.items()):
        modulus, residue = classes.get(name, (1, 0))
        step = math.gcd(wanted, modulus)
        choices[name] = wanted, _by_turns(range(residue % step, wanted, step))
    return choices


def _symbols_alone(size: Polynomial) -> bool:
    """Tell whether a size is a polynomial of whole symbols, with no fraction line over them."""
    return all(
        isinstance(atom, Symbol) and atom.integer and exponent > 0
        for monomial in size.terms
        for atom, exponent in monomial
    )


def _integral_at(size: Polynomial, choices: Mapping[str, tuple[int, list[int]]]) -> Iterator[bool]:
    """Tell whether a polynomial is an integer, residue by residue.

    Its moduli are multiples of the common denominator: of ``m*s + r`` only
    the r decides, so the numerators are summed modulo the denominator.
    """
    below = math.lcm(*(c.denominator for c in size.terms.values()))
    terms = [
        (int(c * below), [(atom.key, e) for atom, e in monomial])
        for monomial, c in size.terms.items()
        if c.denominator != 1
    ]
    for residues in every(*(left for _, left in choices.values())):
        at = dict(zip(choices, residues, strict=True))
        total = 0
        for factor, powers in terms:
            for name, exponent in powers:
                factor = factor * pow(at[name], exponent, below) % below
            total += factor
        yield total % below == 0


def _integral(size: Size) -> bool | None:
    """Tell whether a size is an integer at all values; False: a whole part and a lasting
    fraction.
    """
    if is_integral(size):
        return True
    constant = terms_of(size).get((), 0)
    return False if isinstance(constant, Fraction) and is_integral(size - constant) else None
