"""A size as text of the language: ``4*h^2 + 4*h*i + d*kv/a``.

The text of a size reads back as the same size; the order of terms is by
falling degree, then by name.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Protocol, TypeAlias

from symparams.algebra.atoms import Monomial, Number, Symbol, bounded


class HasTerms(Protocol):
    """What a text is written of; see :class:`symparams.algebra.polynomial.Polynomial`."""

    @property
    def terms(self) -> Mapping[Monomial, Number]:
        """Monomial → coefficient."""


#: Longest formula that an error repeats.
LONGEST_READ = 200

#: What tells an index from those of other repeats: no character of a name in the text.
_INDEX = re.compile(r"#[0-9]*")

Written: TypeAlias = int | Fraction | HasTerms


def rank(monomial: Monomial) -> tuple[object, ...]:
    """Return the sort key of a monomial: high degree first, then by name, constants last."""
    spread: list[str] = []
    for atom, exponent in monomial:
        spread += [atom.key] * min(max(exponent, 0), 4)
    degree = sum(exponent for _, exponent in monomial)
    return (-degree, sorted(spread), [(a.key, -e) for a, e in monomial])


def ordered(size: Written) -> list[tuple[Monomial, Number]]:
    """Return the terms of a size in the order they are printed."""
    if isinstance(size, int | Fraction):
        return [((), size)]
    return sorted(size.terms.items(), key=lambda term: rank(term[0]))


def begins_negative(size: Written) -> bool:
    """Tell whether the term that is printed first has a minus."""
    if isinstance(size, int | Fraction):
        return size < 0
    return any(c < 0 for c in size.terms.values()) and ordered(size)[0][1] < 0


def named(name: str) -> str:
    """Return what people call a symbol: the index ``k#3`` of a repeat is ``k`` in its text."""
    return name.partition("#")[0]


def text(size: Written) -> str:
    """Return the size, expanded, in the language's own notation; an index as the text calls it."""
    written = exactly(size)
    return _INDEX.sub("", written) if "#" in written else written


def brief(size: Written) -> str:
    """Return the size, or how long it is where nobody would read it.

    >>> brief(3)
    '3'
    """
    written = text(size)
    if len(written) <= LONGEST_READ or isinstance(size, int | Fraction):
        return written
    return f"a formula of {len(size.terms)} terms"


def exactly(size: Written) -> str:
    """Return the same with every index told from those of other repeats: to order sizes by, not to
    show.

    Raises:
        SymparamsError: a number of more than 4,300 digits, which Python would not print.

    >>> exactly(3)
    '3'
    """
    if isinstance(size, int):
        return str(bounded(size))
    if isinstance(size, Fraction):
        return f"{size.numerator}/{size.denominator}"
    return _sum_text(ordered(size))


def _sum_text(terms: list[tuple[Monomial, Number]]) -> str:
    out = ""
    for monomial, coefficient in terms:
        body = term_text(monomial, coefficient if coefficient > 0 else -coefficient)
        if not out:
            out = f"-{body}" if coefficient < 0 else body
        else:
            out += f" - {body}" if coefficient < 0 else f" + {body}"
    return out


def quotient_text(size: Written) -> str:
    """Return the size as one fraction: ``(H + 1)/2`` rather than ``H/2 + 1/2``."""
    if isinstance(size, int | Fraction) or len(size.terms) == 1:
        return exactly(size)
    below = math.lcm(*(c.denominator for c in size.terms.values()))
    if below == 1:
        return exactly(size)
    return f"({_sum_text([(m, bounded(c * below)) for m, c in ordered(size)])})/{below}"


def term_text(monomial: Monomial, coefficient: Number) -> str:
    """Return one term with a positive coefficient."""
    above = [str(coefficient.numerator)] if coefficient.numerator != 1 else []
    below = [str(coefficient.denominator)] if coefficient.denominator != 1 else []
    for atom, exponent in monomial:
        shown = atom.key
        if abs(exponent) != 1:
            plain = isinstance(atom, Symbol) or (shown.endswith(")") and "^" not in shown)
            shown = f"{shown if plain else f'({shown})'}^{abs(exponent)}"
        (above if exponent > 0 else below).append(shown)
    top = "*".join(above) or "1"
    if not below:
        return top
    return f"{top}/{below[0]}" if len(below) == 1 else f"{top}/({'*'.join(below)})"


def with_commas(number: object) -> str:
    """Return a number as messages write it: an integer with commas between its thousands."""
    return f"{number:,}" if isinstance(number, int) else str(number)
