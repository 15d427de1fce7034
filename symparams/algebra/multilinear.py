"""Products of indicators: ``[op = 3]`` is its own square, ``[op = 3]*[op = 5]`` is 0.

So a formula is multilinear in its indicators, and what else speaks of ``op`` beside ``[op = 3]``
is taken there: ``op^2*[op = 3]`` is ``9*[op = 3]``. Works on terms, below :mod:`.polynomial`.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TYPE_CHECKING, TypeAlias

from symparams.algebra.atoms import Atom, Monomial, Number, Symbol
from symparams.errors import SymparamsError

if TYPE_CHECKING:
    from symparams.algebra.polynomial import Size

#: A term with atoms that were taken at a chosen value: (coefficient, the other atoms, values).
Taken: TypeAlias = "tuple[Number, Monomial, list[tuple[Size, int]]]"


def has_choice(monomial: Monomial) -> bool:
    """Tell whether an indicator is among the factors."""
    return any(atom.chooses for atom, _ in monomial)


def at_choices(monomial: Monomial, coefficient: Number) -> Taken | None:
    """Return a term as its indicators leave it; None where two of them exclude each other.

    Raises:
        SymparamsError: a division by an indicator, which may be 0.
    """
    chosen: dict[Hashable, tuple[Atom, Number]] = {}
    for atom, exponent in monomial:
        if not atom.chooses:
            continue
        if exponent < 0:
            raise SymparamsError(f"a division by '{atom}', which may be 0")
        subject, value = atom.choice()
        if chosen.setdefault(subject, (atom, value))[1] != value:
            return None
    indicators = {atom for atom, _ in chosen.values()}
    values: Mapping[str, Size] = {
        subject.name: value for subject, (_, value) in chosen.items() if isinstance(subject, Symbol)
    }
    kept: list[tuple[Atom, int]] = []
    taken: list[tuple[Size, int]] = []
    for atom, exponent in monomial:
        if atom in indicators:
            kept.append((atom, 1))
        elif values.keys().isdisjoint({s.name for s in atom.symbols()}):
            kept.append((atom, exponent))
        else:
            taken.append((atom.replaced(values), exponent))
    return coefficient, tuple(kept), taken
