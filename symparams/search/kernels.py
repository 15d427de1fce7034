"""Formulas as Python functions of their sizes, exact on ints and on integer arrays.

The text of a function is made from the atoms of a formula and never from a
user's words: sizes are called ``v0, v1, …`` by their place.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from math import lcm
from typing import Any

from symparams.algebra import Number, Polynomial, Size, Symbol, power
from symparams.algebra.atoms import Atom, Monomial, exact, times
from symparams.algebra.conditions import Condition
from symparams.algebra.opaque import Applied, Exponential, Floor
from symparams.algebra.polynomial import of_atom, terms_of
from symparams.records import Record

#: Whole numbers below this are added and multiplied in int64 without overflow.
INT64 = 1 << 62


class Kernel(Record):
    """A compiled formula.

    Attributes:
        call: the values of the names, in order → the value, exactly.
        most: no intermediate value exceeds this in size where the names keep
            to their largest values; None where the function takes no arrays.
    """

    call: Callable[..., Any]
    most: int | None

    @property
    def vector(self) -> bool:
        """Whether it may be called on int64 arrays."""
        return self.most is not None and self.most < INT64


def ratio(above: Number, below: Number) -> Number:
    """``above / below``, exactly."""
    return exact(Fraction(above) / below)


def least(first: Any, *others: Any) -> Any:
    """The smallest of numbers; of arrays and numbers, place by place."""
    for other in others:
        if isinstance(first, Number) and isinstance(other, Number):
            first = min(first, other)
        else:
            import numpy as np

            first = np.minimum(first, other)
    return first


def most(first: Any, *others: Any) -> Any:
    """The largest of numbers; of arrays and numbers, place by place."""
    for other in others:
        if isinstance(first, Number) and isinstance(other, Number):
            first = max(first, other)
        else:
            import numpy as np

            first = np.maximum(first, other)
    return first


def whole_over(size: Size) -> tuple[Size, int, Monomial]:
    """(N, d, m) with size = N / (d·m): N with whole coefficients and no exponent below 0."""
    terms = terms_of(size)
    below = lcm(*(c.denominator for c in terms.values())) if terms else 1
    lowest: dict[Atom, int] = {}
    for monomial in terms:
        for atom, exponent in monomial:
            if exponent < 0:
                lowest[atom] = max(lowest.get(atom, 0), -exponent)
    shift: Monomial = tuple(sorted(lowest.items(), key=lambda p: p[0].key))
    if not isinstance(size, Polynomial):
        return exact(size * below), below, ()
    return Polynomial({times(m, shift): exact(c * below) for m, c in terms.items()}), below, shift


class Writer:
    """Writes formulas over named places as Python text, and bounds what they go through."""

    def __init__(self, names: Sequence[str], highs: Mapping[str, Number]) -> None:
        self.places = {name: f"v{k}" for k, name in enumerate(names)}
        self.highs = highs
        self.scope: dict[str, Any] = {"ratio": ratio, "power": power, "min": least, "max": most}
        #: The largest intermediate so far; None once something takes no arrays.
        self.most: int | None = 0

    def kernel(self, size: Size) -> Kernel:
        """The formula as a function of all names, in order."""
        self.most = 0
        return self._made(self.size(size)[0])

    def test(self, condition: Condition) -> Kernel:
        """The condition as a function of all names, in order."""
        self.most = 0
        return self._made(self.condition(condition))

    def _made(self, text: str) -> Kernel:
        function = eval(f"lambda {', '.join(self.places.values())}: {text}", self.scope)
        return Kernel(function, self.most)

    def _seen(self, bound: int) -> int:
        if self.most is not None:
            self.most = max(self.most, bound)
        return bound

    def size(self, size: Size) -> tuple[str, int]:
        """(text, a bound on the absolute value)."""
        above, below, shift = whole_over(size)
        text, most = self._whole(above)
        if below == 1 and not shift:
            return text, most
        self.most = None
        return f"ratio({text}, {self._below(below, shift)[0]})", most

    def _below(self, below: int, shift: Monomial) -> tuple[str, int]:
        return self._term(shift, below)

    def _whole(self, size: Size) -> tuple[str, int]:
        parts = []
        total = 0
        for monomial, coefficient in terms_of(size).items():
            text, most = self._term(monomial, coefficient)
            parts.append(text)
            total += most
        return f"({' + '.join(parts) or '0'})", self._seen(total)

    def _term(self, monomial: Monomial, coefficient: Number) -> tuple[str, int]:
        factors = [str(coefficient)] if coefficient != 1 or not monomial else []
        most = abs(int(coefficient))
        for atom, exponent in monomial:
            text, high = self._atom(atom)
            factors += [text] * exponent if exponent < 4 else [f"{text}**{exponent}"]
            most *= max(high, 1) ** exponent
        return "*".join(factors), self._seen(most)

    def _atom(self, atom: Atom) -> tuple[str, int]:
        if isinstance(atom, Symbol):
            high = self.highs[atom.name]
            if not isinstance(high, int):
                self.most = None
            return self.places[atom.name], self._seen(math.ceil(max(high, -high)))
        if isinstance(atom, Floor):
            above, below, shift = whole_over(atom.argument)
            text, most = self._whole(above)
            under, _ = self._below(below, shift)
            return f"({text} // ({under}))", most + 1
        if isinstance(atom, Exponential):
            base = str(atom.base) if isinstance(atom.base, int) else self._atom(atom.base)[0]
            text = f"power({base}, {self.size(atom.exponent)[0]})"
        elif isinstance(atom, Applied) and atom.name in ("min", "max"):
            parts = [self.size(argument) for argument in atom.arguments]
            return f"{atom.name}({', '.join(p[0] for p in parts)})", max(p[1] for p in parts)
        elif isinstance(atom, Applied):
            self.scope[atom.name] = atom.function
            text = f"{atom.name}({', '.join(self.size(a)[0] for a in atom.arguments)})"
        else:  # pragma: no cover - there are no other atoms
            raise TypeError(type(atom).__name__)
        self.most = None
        return text, 1

    def condition(self, condition: Condition) -> str:
        """The text of a test; ``&`` and ``|`` so that it takes arrays too."""
        if condition.op in ("and", "or"):
            sign = " & " if condition.op == "and" else " | "
            return "(" + sign.join(self.condition(p) for p in condition.parts) + ")"
        if condition.op == "not":
            return f"({self.condition(condition.parts[0])} == False)"
        if condition.op in ("true", "false"):
            return f"({condition.op == 'true'})"
        if condition.op == "integer":
            above, below, shift = whole_over(condition.size)
            return f"({self._whole(above)[0]} % ({self._below(below, shift)[0]}) == 0)"
        sign = {"zero": "==", "positive": ">", "nonnegative": ">="}[condition.op]
        return f"({self.size(condition.size)[0]} {sign} 0)"


def content(size: Size) -> tuple[Number, int]:
    """(c, g): every value of a whole-coefficient formula is c more than a multiple of g.

    g = 0 for a number. The atoms must take whole values.
    """
    from math import gcd

    terms = terms_of(size)
    shared = gcd(*(int(c) for m, c in terms.items() if m))
    return terms.get((), 0), shared


def recentred(size: Size, first: Mapping[str, int], step: Mapping[str, int]) -> Size:
    """A formula over the places 0, 1, 2, … of the axes instead of their values.

    Only where a symbol stands outside floors; those inside keep their values,
    so the result serves for divisibility only.
    """
    total: Size = 0
    for monomial, coefficient in terms_of(size).items():
        term: Size = coefficient
        for atom, exponent in monomial:
            factor: Size = of_atom(atom)
            if isinstance(atom, Symbol) and exponent > 0 and atom.name in step:
                factor = factor * step[atom.name] + first[atom.name]
            if isinstance(factor, Polynomial):
                term = term * factor**exponent
            else:  # pragma: no cover - an atom times a step stays a polynomial
                term = term * factor
        total = total + term
    return total
