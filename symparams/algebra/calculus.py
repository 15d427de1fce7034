"""Derivatives, exact differences, and what a size grows like.

Floors and other functions have no derivative in what stands inside them;
differences always exist.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from symparams.algebra.atoms import Atom, Monomial, Number, Symbol
from symparams.algebra.facts import PLAIN
from symparams.algebra.polynomial import (
    Polynomial,
    Size,
    add_up,
    collect,
    of_atom,
    product,
    substitute,
    symbols_of,
    terms_of,
)
from symparams.algebra.size_functions.base import AppliedFunction
from symparams.errors import NeedsValue, listed
from symparams.records import Record


class Gradient(Record):
    """The partial derivatives of a size.

    Attributes:
        slopes: symbol → derivative; a symbol that is absent has derivative 0.
        inside: symbol → the function it stands inside, where it has no derivative.
    """

    slopes: Mapping[Symbol, Size]
    inside: Mapping[Symbol, Atom]

    def by(self, symbol: Symbol) -> Size:
        """Return the partial derivative by a symbol.

        Raises:
            NeedsValue: the symbol stands inside a floor or another function,
                where no derivative exists; an exact difference always does.
        """
        if symbol in self.inside:
            raise _no_derivative(symbol, self.inside[symbol])
        return self.slopes.get(symbol, 0)


def _no_derivative(symbol: Symbol, inside: Atom) -> NeedsValue:
    return NeedsValue(
        f"no derivative by '{symbol.name}': it stands inside '{inside}'", [symbol.name]
    )


def gradient(size: Size) -> Gradient:
    """Return the derivatives by every symbol, in one pass over the terms."""
    found = slopes(size)
    inside: dict[Symbol, Atom] = {}
    for atom in found:
        if not isinstance(atom, Symbol):
            for symbol in atom.symbols():
                inside.setdefault(symbol, atom)
    return Gradient({a: slope for a, slope in found.items() if isinstance(a, Symbol)}, inside)


def slopes(size: Size) -> dict[Atom, Size]:
    """Return the derivatives by every atom, all other atoms held, in one pass over the terms."""
    totals: dict[Atom, dict[Monomial, Number]] = {}
    for monomial, coefficient in terms_of(size).items():
        for place, (atom, exponent) in enumerate(monomial):
            total = totals.get(atom)
            if total is None:
                total = totals[atom] = {}
            # A lower exponent keeps the order, and no two terms meet in one.
            if exponent == 1:
                total[monomial[:place] + monomial[place + 1 :]] = coefficient
            else:
                lowered = ((atom, exponent - 1),)
                total[monomial[:place] + lowered + monomial[place + 1 :]] = coefficient * exponent
    return {atom: collect(total) for atom, total in totals.items()}


def derivative(size: Size, by: Symbol) -> Size:
    """Return the partial derivative of a size in ``by``; of many symbols, :func:`gradient` is
    faster.

    Raises:
        NeedsValue: ``by`` stands inside a floor or another function, where no
            derivative exists; an exact difference always does.
    """
    total: dict[Monomial, Number] = {}
    for monomial, coefficient in terms_of(size).items():
        for place, (atom, exponent) in enumerate(monomial):
            if atom is by:
                lowered = ((atom, exponent - 1),) if exponent != 1 else ()
                rest = monomial[:place] + lowered + monomial[place + 1 :]
                total[rest] = coefficient * exponent
            elif not isinstance(atom, Symbol) and by in atom.symbols():
                raise _no_derivative(by, atom)
    return collect(total)


def difference(size: Size, by: Symbol, step: Number) -> Size:
    """Return ``size`` at ``by + step``, less ``size``.

    Raises:
        NeedsValue: ``by`` stands below a fraction line, so that ``by + step``
            would too, and a sum below a line is no size.
    """
    return substitute(size, {by.name: of_atom(by) + step}) - size


# --- growth ----------------------------------------------------------------


class LeadingTerms(Record):
    """What a size comes to as some symbols grow together, at one rate.

    Attributes:
        term: its terms of highest degree; size / term tends to 1.
        degree: their degree in the symbols.
        rest: the degree that what is left over has at most; None of no rest.
    """

    term: Size
    degree: int
    rest: int | None


def leading(size: Size, growing: Iterable[Symbol]) -> LeadingTerms:
    """Return the terms of a size that count in the end, as the symbols ``growing`` grow at one
    rate.

    A function counts as what it is ``near``: a floor as what is inside it, which
    is at most 1 more.

    Raises:
        NeedsValue: what it grows like is no power: ``2^h``, a minimum, a floor
            of what does not grow; or floors that cancel one another.
    """
    names = frozenset(growing)
    parts = [_grown(m, c, names) for m, c in terms_of(size).items()]
    if not parts:
        return LeadingTerms(0, 0, None)
    degree = max(d for _, d, _ in parts)
    top = add_up(term for term, d, _ in parts if d == degree)
    rounded = any(d == degree and not whole for _, d, whole in parts)
    if top == 0:
        names_in_order = sorted(s.name for s in names)
        raise NeedsValue(
            "the floors of its highest degree cancel, and what is left has no one leading term",
            names_in_order,
        )
    lower = [d for _, d, _ in parts if d < degree]
    rest = max([*lower, *([degree - 1] if rounded else [])], default=None)
    return LeadingTerms(top, degree, rest)


def _grown(
    monomial: Monomial, coefficient: Number, growing: frozenset[Symbol]
) -> tuple[Size, int, bool]:
    """Return (leading part, degree, whether the part is the whole) of one term."""
    degree, whole = 0, True
    factors: list[Size] = [coefficient]
    for atom, exponent in monomial:
        if growing.isdisjoint(atom.symbols()):
            factors.append(of_atom(atom, exponent))
        elif isinstance(atom, Symbol):
            factors.append(of_atom(atom, exponent))
            degree += exponent
        else:
            found = leading(_unrounded(atom, growing), growing)
            if found.degree < 1 or exponent < 0:
                raise _no_power(atom, growing)
            assert isinstance(found.term, Polynomial)
            factors.append(found.term**exponent)
            degree += found.degree * exponent
            whole = False
    return product(factors), degree, whole


def _unrounded(atom: Atom, growing: frozenset[Symbol]) -> Size:
    """Return what an atom differs from by no more than a number."""
    assert isinstance(atom, AppliedFunction)
    near = atom.function.near(
        atom.arguments,
        lambda size: not growing.isdisjoint(symbols_of(size)),
        lambda size: _rises(leading(size, growing)),
    )
    if near is not None:
        return near
    raise _no_power(atom, growing)


def _rises(found: LeadingTerms) -> bool:
    """Tell whether what grows like this ends above every number."""
    terms = terms_of(found.term).items()
    return found.degree > 0 and all(PLAIN.positive(collect({m: c})) is True for m, c in terms)


def _no_power(atom: Atom, growing: frozenset[Symbol]) -> NeedsValue:
    names = sorted(s.name for s in growing & atom.symbols())
    assert isinstance(atom, AppliedFunction)
    return NeedsValue(
        f"no leading term as {listed(names)} grow{'s' * (len(names) == 1)}: '{atom}' grows "
        f"{atom.function.growth}",
        names,
    )


def univariate(size: Size, by: Symbol) -> list[Number] | None:
    """Return coefficients of ``by^0, by^1, …`` of a size; None where it is no polynomial in that
    alone.
    """
    powers: dict[int, Number] = {}
    for monomial, coefficient in terms_of(size).items():
        if monomial and (len(monomial) > 1 or monomial[0][0] is not by or monomial[0][1] < 0):
            return None
        powers[monomial[0][1] if monomial else 0] = coefficient
    return [powers.get(k, 0) for k in range(max(powers, default=0) + 1)]


__all__ = [
    "Gradient",
    "LeadingTerms",
    "derivative",
    "difference",
    "gradient",
    "leading",
    "slopes",
    "univariate",
]
