"""A size as text of the language: ``4*h^2 + 4*h*i + d*kv/a``.

The text of a size reads back as the same size. Without an order of sizes the
text is canonical: terms by falling degree, then by name; keys and sorting rest on
it. What a reader is shown has terms by falling degree, then in the order in which
the model declares its sizes.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Protocol, TypeAlias, TypeVar

from symparams.algebra.atoms import Atom, Monomial, Number, Order, Symbol, bounded

_T = TypeVar("_T")


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


def declared_rank(monomial: Monomial, order: Order) -> tuple[object, ...]:
    """Return the sort key of a monomial as a reader is shown it: high degree first, then the
    higher power of what is declared first.

    A size that is not declared, as the index of a series, comes behind those that are, by its
    name; a function of sizes behind all symbols, by the first of those inside it.
    """
    places = _places(order)
    spread = sorted((_place(atom, places), -exponent) for atom, exponent in monomial)
    above = [power for power in spread if power[1] < 0]
    below = [power for power in spread if power[1] > 0]
    return (-sum(exponent for _, exponent in monomial), [*above, _LAST], below)


#: Behind every atom: of two terms that begin alike, the longer one comes first.
_LAST = ((3, 0, ""), 0)


@lru_cache(maxsize=64)
def _places(order: Order) -> dict[str, int]:
    return {name: place for place, name in enumerate(order)}


def _place(atom: Atom, places: Mapping[str, int]) -> tuple[int, int, str]:
    if isinstance(atom, Symbol):
        place = places.get(atom.name)
        return (1, 0, atom.key) if place is None else (0, place, "")
    inside = [places.get(s.name, len(places)) for s in atom.symbols()]
    return (2, min(inside, default=0), atom.key)


def ordered(size: Written, order: Order = ()) -> list[tuple[Monomial, Number]]:
    """Return the terms of a size in the order they are printed.

    With an ``order``, a sum does not begin with a minus where a term of the same degree has none:
    ``h - l``, whichever is declared first; in a term, functions stand behind symbols.
    """
    if isinstance(size, int | Fraction):
        return [((), size)]
    if not order:
        return sorted(size.terms.items(), key=lambda term: rank(term[0]))
    terms = [(declared_rank(m, order), m, c) for m, c in size.terms.items()]
    terms.sort(key=lambda term: term[0])
    first = positive_first(terms, lambda t: t[0][0], lambda t: t[2] < 0)
    return [(tuple(sorted(m, key=_is_function)), c) for _, m, c in first]


def _is_function(power: tuple[Atom, int]) -> bool:
    return not isinstance(power[0], Symbol)


def positive_first(
    terms: Sequence[_T], degree: Callable[[_T], object], negative: Callable[[_T], bool]
) -> list[_T]:
    """Return terms with the first positive one of the highest degree in front."""
    for place, term in enumerate(terms):
        if degree(term) != degree(terms[0]):
            break
        if not negative(term):
            return [term, *terms[:place], *terms[place + 1 :]]
    return list(terms)


def begins_negative(size: Written) -> bool:
    """Tell whether the term that is printed first has a minus."""
    if isinstance(size, int | Fraction):
        return size < 0
    return any(c < 0 for c in size.terms.values()) and ordered(size)[0][1] < 0


def named(name: str) -> str:
    """Return what people call a symbol: the index ``k#3`` of a repeat is ``k`` in its text."""
    return name.partition("#")[0]


def text(size: Written, order: Order = ()) -> str:
    """Return the size, expanded, in the language's own notation; an index as the text calls it."""
    written = exactly(size, order)
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


def exactly(size: Written, order: Order = ()) -> str:
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
    return _sum_text(ordered(size, order), order)


def _sum_text(terms: list[tuple[Monomial, Number]], order: Order) -> str:
    out = ""
    for monomial, coefficient in terms:
        body = term_text(monomial, coefficient if coefficient > 0 else -coefficient, order)
        if not out:
            out = f"-{body}" if coefficient < 0 else body
        else:
            out += f" - {body}" if coefficient < 0 else f" + {body}"
    return out


def quotient_text(size: Written, order: Order = ()) -> str:
    """Return the size as one fraction: ``(H + 1)/2`` rather than ``H/2 + 1/2``."""
    if isinstance(size, int | Fraction) or len(size.terms) == 1:
        return exactly(size, order)
    below = math.lcm(*(c.denominator for c in size.terms.values()))
    if below == 1:
        return exactly(size, order)
    terms = [(m, bounded(c * below)) for m, c in ordered(size, order)]
    return f"({_sum_text(terms, order)})/{below}"


def term_text(monomial: Monomial, coefficient: Number, order: Order = ()) -> str:
    """Return one term with a positive coefficient."""
    above = [str(coefficient.numerator)] if coefficient.numerator != 1 else []
    below = [str(coefficient.denominator)] if coefficient.denominator != 1 else []
    for atom, exponent in monomial:
        shown = atom.written(order) if order else atom.key
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
