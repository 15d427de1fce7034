"""Random expressions, and what they are worth by plain arithmetic.

An expression is a nested tuple ``(op, part, …)``. :func:`size` builds it with
the algebra, :func:`number` computes it at a point with Fractions alone, so
that neither checks itself.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import product as every
from typing import Any

from hypothesis import strategies as st

from symparams import algebra
from symparams.algebra import Polynomial, Size, symbol
from symparams.elaboration.evaluator import Evaluator
from symparams.elaboration.scope import Scope
from symparams.elaboration.vocabulary import Shipped
from symparams.errors import Source, SymparamsError
from symparams.language import parse_expression
from symparams.network.building import Run

Expression = tuple[Any, ...]
Point = Mapping[str, int | Fraction]

NAMES = ("a", "h", "n")


class UndefinedError(Exception):
    """A division by zero, or an exponent that is no integer."""


# --- what it is worth ------------------------------------------------------


def number(expression: Expression, point: Point) -> Fraction:
    """The value at a point."""
    op, *parts = expression
    if op == "name":
        return Fraction(point[parts[0]])
    if op == "number":
        return Fraction(parts[0])
    return Fraction(_RULES[op](*(number(p, point) for p in parts)))


def _divided(a: Fraction, b: Fraction) -> Fraction:
    if not b:
        raise UndefinedError
    return a / b


def _power(a: Fraction, b: Fraction) -> Fraction:
    if b.denominator != 1 or (b < 0 and not a):
        raise UndefinedError
    return a ** int(b)


def divisible(value: Fraction, divisor: Fraction) -> Fraction:
    """torchvision's ``_make_divisible`` on Fractions, where it is exact."""
    if divisor <= 0:
        raise UndefinedError
    found = max(divisor, int(value + divisor / 2) // divisor * divisor)
    return found + divisor if found < Fraction(9, 10) * value else found


def _rounded_up(value: Fraction, step: Fraction) -> Fraction:
    return math.ceil(_divided(value, step)) * step


_RULES = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": _divided,
    "//": lambda a, b: math.floor(_divided(a, b)),
    "%": lambda a, b: a - b * math.floor(_divided(a, b)),
    "^": _power,
    "floor": math.floor,
    "ceil": math.ceil,
    "round": lambda a: math.floor(a + Fraction(1, 2)),
    "min": min,
    "max": max,
    "round_up": _rounded_up,
    "make_divisible": divisible,
}


# --- what the algebra makes of it ------------------------------------------


def size(expression: Expression, symbols: Mapping[str, Size] | None = None) -> Size:
    """The expression as a size, with ``symbols`` in place of names."""
    op, *parts = expression
    if op == "name":
        return symbol(parts[0]) if symbols is None else symbols[parts[0]]
    if op == "number":
        return algebra.bounded(parts[0])
    return _BUILDERS[op](*(size(p, symbols) for p in parts))


_BUILDERS = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": algebra.divide,
    "//": algebra.floor_divide,
    "%": algebra.modulo,
    "^": algebra.power,
    **algebra.FUNCTIONS,
}


def read_back(text: str) -> Size:
    """The size of a text of the language, in which every name is a symbol."""
    scope = Scope()
    scope.free = symbol
    tree = parse_expression(Source("<size>", text))
    return Evaluator(Run(), Shipped()).size(tree, scope)


# --- random ones -----------------------------------------------------------


def names(of: Sequence[str] = NAMES) -> st.SearchStrategy[Expression]:
    return st.sampled_from(of).map(lambda n: ("name", n))


def numbers(low: int = -9, high: int = 9) -> st.SearchStrategy[Expression]:
    return st.integers(low, high).map(lambda n: ("number", n))


FRACTIONS = st.builds(
    lambda a, b: ("number", Fraction(a, b)), st.integers(-9, 9), st.integers(1, 6)
)


def polynomials(of: Sequence[str] = NAMES, leaves: int = 6) -> st.SearchStrategy[Expression]:
    """Sums and products of symbols and fractions."""
    return st.recursive(
        names(of) | numbers() | FRACTIONS,
        lambda inner: st.tuples(st.sampled_from("+-*"), inner, inner),
        max_leaves=leaves,
    )


def laurent(of: Sequence[str] = NAMES, leaves: int = 6) -> st.SearchStrategy[Expression]:
    """Polynomials that also divide by symbols."""
    return st.recursive(
        names(of) | numbers() | FRACTIONS,
        lambda inner: (
            st.tuples(st.sampled_from("+-*"), inner, inner)
            | st.tuples(st.just("/"), inner, names(of))
        ),
        max_leaves=leaves,
    )


def formulas(of: Sequence[str] = NAMES, leaves: int = 8) -> st.SearchStrategy[Expression]:
    """Everything sizes can say."""

    def more(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
        step = numbers(1, 6)
        return (
            st.tuples(st.sampled_from("+-*"), inner, inner)
            | st.tuples(st.sampled_from(["/", "//", "%", "round_up"]), inner, step | names(of))
            | st.tuples(st.sampled_from(["floor", "ceil", "round"]), inner)
            | st.tuples(st.sampled_from(["min", "max"]), inner, inner)
            | st.tuples(st.just("make_divisible"), inner, step)
            | st.tuples(st.just("^"), numbers(1, 3) | names(of), names(of))
            | st.tuples(st.just("^"), inner, numbers(0, 2))
        )

    return st.recursive(names(of) | numbers() | FRACTIONS, more, max_leaves=leaves)


def strided(of: Sequence[str] = ("h",)) -> st.SearchStrategy[Expression]:
    """What convolutions and pooling make of an axis: sums, floors and ceilings of steps."""
    return st.recursive(
        names(of) | numbers(-4, 9),
        lambda inner: (
            st.tuples(st.sampled_from("+-"), inner, numbers(-4, 9))
            | st.tuples(st.just("*"), inner, numbers(1, 3))
            | st.tuples(st.just("//"), inner, numbers(1, 5))
            | st.tuples(st.just("ceil"), st.tuples(st.just("/"), inner, numbers(1, 5)))
        ),
        max_leaves=7,
    )


def built(expression: Expression) -> Size | None:
    """The size, or None where the algebra refuses the expression."""
    try:
        return size(expression)
    except SymparamsError:
        return None


def grid(of: Sequence[str] = NAMES, high: int = 6) -> Iterator[dict[str, int]]:
    """All small points, and a few uneven larger ones."""
    for values in every(range(1, high + 1), repeat=len(of)):
        yield dict(zip(of, values, strict=True))
    for values in every((7, 12, 25), repeat=len(of)):
        yield dict(zip(of, values, strict=True))


def points(of: Sequence[str] = NAMES, high: int = 60) -> st.SearchStrategy[dict[str, int]]:
    """Random points."""
    return st.fixed_dictionaries({n: st.integers(1, high) for n in of})


def is_number(size: Size) -> bool:
    return not isinstance(size, Polynomial)
