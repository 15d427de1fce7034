"""Records of sizes, and what Python is handed of them.

Inside the house a formula is a :data:`~symparams.algebra.polynomial.Size`. Whoever
asks from Python gets the same record with SymPy expressions in its place.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeAlias

from symparams.algebra.atoms import Symbol
from symparams.algebra.polynomial import Polynomial
from symparams.records import Record

if TYPE_CHECKING:
    import sympy

#: The type of a formula in an answer, as Python sees it; inside the house it is a size.
Formula: TypeAlias = "sympy.Expr"
#: The same of a fraction in lowest terms; inside the house it is the pair of its sides.
Quotient: TypeAlias = "sympy.Expr"

_FORMULAS = re.compile(r"\b(Formula|Quotient|Shape|Size)\b")


class SizeRecord(Record):
    """A record that :meth:`in_sympy` hands out.

    Fields annotated ``Formula``, ``Quotient``, ``Shape`` or ``Size``, by themselves or
    in tuples and mappings, become SymPy expressions, numbers among them too: what
    may be a formula always is one. All other numbers stay as they are.
    """

    #: Field → what its annotation calls a formula in it.
    _formulas: ClassVar[Mapping[str, str]] = {}

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        found = {n: _FORMULAS.search(str(kind)) for n, kind in cls.__annotations__.items()}
        cls._formulas = {**cls._formulas, **{n: m[0] for n, m in found.items() if m}}

    def in_sympy(self) -> Self:
        """Give the record with its formulas, and those of the records in it, in SymPy."""
        values = {n: getattr(self, n) for n in self._fields}
        return self.but(**{n: handed_out(v, self._formulas.get(n, "")) for n, v in values.items()})


def handed_out(value: Any, kind: str = "") -> Any:
    """Turn a field of a record into what Python is handed; ``kind`` says what formula it is."""
    from symparams.algebra.border import of_symbol, to_sympy

    if isinstance(value, SizeRecord):
        return value.in_sympy()
    if isinstance(value, tuple):
        if kind != "Quotient":
            return tuple(handed_out(one, kind) for one in value)
        above, below = map(to_sympy, value)
        return above / below
    if isinstance(value, Mapping):
        return {name: handed_out(one, kind) for name, one in value.items()}
    if isinstance(value, Symbol):
        return of_symbol(value)
    if isinstance(value, Polynomial) or (kind and isinstance(value, int | Fraction)):
        return to_sympy(value)
    return value
