"""What domains say of indicators: those of one size add up to 1, so that one of them is left out.

A size that is chosen from few values is so written in one way only: by the indicators of all its
values but the largest, each times what the formula comes to there, less what it comes to at the
largest.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from symparams.algebra.atoms import Atom, Monomial, Number, Symbol
from symparams.algebra.polynomial import (
    Opaque,
    Polynomial,
    Size,
    add_up,
    collect,
    of_atom,
    substitute,
    terms_of,
)
from symparams.algebra.size_functions.indicators import Indicator, equal

#: The most values of a size that is written by its indicators.
MOST_CHOSEN = 256

#: Symbol → its values in rising order; None where they are not few.
Values = Callable[[Symbol], "Sequence[Number] | None"]


def by_value(symbol: Symbol, at: Mapping[Number, Size]) -> Size:
    """Return the size that has these values, one for each value of a symbol."""
    *others, last = at
    own = of_atom(symbol)
    parts = [equal(own, value) * (at[value] - at[last]) for value in others]
    return add_up([at[last], *parts])


def chosen_symbols(size: Size) -> set[Symbol]:
    """Return the symbols that indicators of a size are of, however deep."""
    found: set[Symbol] = set()
    if isinstance(size, Polynomial):
        for atom in size.atoms():
            if isinstance(atom, Indicator):
                found |= atom.symbols()
            elif isinstance(atom, Opaque):
                for argument in getattr(atom, "arguments", ()):
                    found |= chosen_symbols(argument)
    return found


def chosen(size: Size, values: Values) -> Size:
    """Return a size with all that speaks of a chosen symbol written by its indicators.

    Args:
        size: the size.
        values: the values of a symbol.
    """
    for symbol in sorted(chosen_symbols(size), key=lambda s: s.key):
        few = values(symbol)
        if few:
            size = _written_by(size, symbol, few)
    return size


def _written_by(size: Size, symbol: Symbol, few: Sequence[Number]) -> Size:
    speaks: dict[Monomial, Number] = {}
    silent: dict[Monomial, Number] = {}
    for monomial, coefficient in terms_of(size).items():
        about = any(symbol in atom.symbols() for atom, _ in monomial)
        (speaks if about else silent)[monomial] = coefficient
    if _is_written(speaks, symbol, few):
        return size
    whole = collect(speaks)
    at = {value: substitute(whole, {symbol.name: value}) for value in few}
    return add_up([collect(silent), by_value(symbol, at)])


def _is_written(terms: Mapping[Monomial, Number], symbol: Symbol, few: Sequence[Number]) -> bool:
    """Tell whether a symbol stands in its own indicators only, and in none of the value left
    out.
    """

    def fits(atom: Atom) -> bool:
        if symbol not in atom.symbols():
            return True
        if not isinstance(atom, Indicator):
            return False
        return atom.choice()[0] is symbol and atom.value in few[:-1]

    return all(fits(atom) for monomial in terms for atom, _ in monomial)


__all__ = ["MOST_CHOSEN", "by_value", "chosen", "chosen_symbols"]
