"""Formulas with floors, case by case of their symbols' residues.

``floor(H/2)`` is ``k`` at ``H = 2*k`` and at ``H = 2*k + 1``: split by the
residues of its symbols, a formula with floors is a polynomial in each case.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import product as every

from symparams.algebra.atoms import Symbol
from symparams.algebra.polynomial import Polynomial, Size, substitute, symbol, symbols_of
from symparams.algebra.size_functions.rounding import Floor
from symparams.errors import SymparamsError

#: The most cases a comparison is split into.
MOST_CASES = 4_096


def moduli(size: Size) -> dict[str, int] | None:
    """For every symbol in a floor or under a fraction, the modulus that resolves it.

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
    """(replacement, size after it) for every residue; None where that does not help.

    ``classes`` says which residue a symbol is known to leave: name → (modulus, residue).
    In a case every symbol ``s`` stands for ``m*s + r`` with a new s, which
    begins at 0 where the old one is at least 0.
    """
    needed = moduli(size)
    if needed is None or math.prod(needed.values()) > MOST_CASES:
        return None
    lows = {s.name: s.low for s in symbols_of(size)}
    names = sorted(needed)
    choices = []
    for name in names:
        modulus, residue = classes.get(name, (1, 0))
        step = math.gcd(needed[name], modulus)
        choices.append(range(residue % step, needed[name], step))
    cases: list[tuple[Mapping[str, Size], Size]] = []
    for residues in every(*choices):
        replacement: dict[str, Size] = {}
        for name, residue in zip(names, residues, strict=True):
            modulus, low = needed[name], lows[name]
            # From m*s + r >= low follows s >= (low - r)/m, and s is whole.
            first = None if low is None else -((residue - low) // modulus)
            replacement[name] = symbol(name, low=first) * modulus + residue
        try:
            cases.append((replacement, substitute(size, replacement)))
        except SymparamsError:
            return None  # a symbol that is split also stands below a fraction line
    return cases
