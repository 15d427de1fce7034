"""Exact formulas: canonical polynomials, floors, proofs, forms; SymPy at the border.

Importing this loads no SymPy.
"""

from symparams.algebra.atoms import Number, Symbol, bounded
from symparams.algebra.calculus import derivative, gradient
from symparams.algebra.facts import PLAIN, POSITIVE, Domain, Facts
from symparams.algebra.functions import (
    FUNCTIONS,
    floor_divide,
    make_divisible,
    maximum,
    minimum,
    modulo,
    round_up,
)
from symparams.algebra.opaque import ceil, floor, is_integral, power
from symparams.algebra.polynomial import (
    Polynomial,
    Size,
    add_up,
    divide,
    free_of,
    product,
    substitute,
    symbol,
    symbols_of,
)
from symparams.algebra.size_text import brief, named, text

__all__ = [
    "FUNCTIONS",
    "PLAIN",
    "POSITIVE",
    "Domain",
    "Facts",
    "Number",
    "Polynomial",
    "Size",
    "Symbol",
    "add_up",
    "bounded",
    "brief",
    "ceil",
    "derivative",
    "divide",
    "floor",
    "floor_divide",
    "free_of",
    "gradient",
    "is_integral",
    "make_divisible",
    "maximum",
    "minimum",
    "modulo",
    "named",
    "power",
    "product",
    "round_up",
    "substitute",
    "symbol",
    "symbols_of",
    "text",
]
