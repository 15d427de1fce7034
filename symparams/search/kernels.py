"""Formulas as Python functions of their sizes, exact on ints and on integer arrays.

A function is put together from functions of its parts: nothing is evaluated
as text.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import reduce
from math import lcm
from typing import Any

from symparams.algebra import (
    AppliedFunction,
    Atom,
    Condition,
    Floor,
    Interval,
    Monomial,
    Number,
    Polynomial,
    Size,
    SizeFunction,
    Symbol,
    exact,
    of_atom,
    terms_of,
    times,
)
from symparams.records import Record

#: Whole numbers below this are added and multiplied in int64 without overflow.
INT64 = 1 << 62


class CompiledFormula(Record):
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


def in_turn(function: SizeFunction) -> Callable[..., Any]:
    """A function of numbers; of arrays and numbers, place by place."""

    value, array = function.value, function.array

    def of(*given: Any) -> Any:
        for one in given:  # a loop, as this is where a search spends its time
            if type(one) is not int and not isinstance(one, Fraction):
                import numpy as np

                return reduce(getattr(np, array), given)
        return value(*given)

    return of


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


#: A formula as a function of the values of all names, in order.
Values = Sequence[Any]
Part = Callable[[Values], Any]


class Writer:
    """Makes functions of formulas over named places, and bounds what they go through."""

    def __init__(self, names: Sequence[str], highs: Mapping[str, Number]) -> None:
        self.places = {name: k for k, name in enumerate(names)}
        self.highs = highs
        #: The largest intermediate so far; None once something takes no arrays.
        self.most: int | None = 0

    def kernel(self, size: Size) -> CompiledFormula:
        """The formula as a function of all names, in order."""
        self.most = 0
        return self._made(self.size(size)[0])

    def test(self, condition: Condition) -> CompiledFormula:
        """The condition as a function of all names, in order."""
        self.most = 0
        return self._made(self.condition(condition))

    def _made(self, part: Part) -> CompiledFormula:
        return CompiledFormula(lambda *values: part(values), self.most)

    def _seen(self, bound: int) -> int:
        if self.most is not None:
            self.most = max(self.most, bound)
        return bound

    def size(self, size: Size) -> tuple[Part, int]:
        """(function, a bound on the absolute value)."""
        above, below, shift = whole_over(size)
        part, most = self._whole(above)
        if below == 1 and not shift:
            return part, most
        self.most = None
        under, _ = self._term(shift, below)
        return lambda v: ratio(part(v), under(v)), most

    def _whole(self, size: Size) -> tuple[Part, int]:
        parts = []
        total = 0
        for monomial, coefficient in terms_of(size).items():
            part, most = self._term(monomial, coefficient)
            parts.append(part)
            total += most
        return summed(parts), self._seen(total)

    def _term(self, monomial: Monomial, coefficient: Number) -> tuple[Part, int]:
        factors: list[Part | int] = []
        most = abs(int(coefficient))
        for atom, exponent in monomial:
            part, high = self._atom(atom)
            factors += [part] * exponent if exponent < 4 else [raised(part, exponent)]
            most *= max(high, 1) ** exponent
        return multiplied(coefficient, factors), self._seen(most)

    def _atom(self, atom: Atom) -> tuple[Part | int, int]:
        """A function, or the place of a symbol; and a bound on the absolute value."""
        if isinstance(atom, Symbol):
            high = self.highs[atom.name]
            if not isinstance(high, int):
                self.most = None
            return self.places[atom.name], self._seen(math.ceil(max(high, -high)))
        if isinstance(atom, Floor):
            above, below, shift = whole_over(atom.argument)
            part, most = self._whole(above)
            under, _ = self._term(shift, below)
            return lambda v: part(v) // under(v), most + 1
        assert isinstance(atom, AppliedFunction)
        function = atom.function
        made = [self.size(argument) for argument in atom.arguments]
        parts = [part for part, _ in made]
        ends = [Interval(-high, high) for _, high in made]
        lowest, highest = function.low(ends, atom.integer), function.high(ends, atom.integer)
        if function.array and lowest is not None and highest is not None:
            pick = in_turn(function)
            furthest = self._seen(math.ceil(max(-lowest, highest)))
            return lambda v: pick(*[p(v) for p in parts]), furthest
        self.most = None
        value = function.value
        return lambda v: exact(value(*[p(v) for p in parts])), 1

    def condition(self, condition: Condition) -> Part:
        """A test; with ``&`` and ``|``, so that it takes arrays too."""
        if condition.op in ("and", "or"):
            first, *others = [self.condition(p) for p in condition.parts]
            for other in others:
                first = joined(condition.op, first, other)
            return first
        if condition.op == "not":
            inner = self.condition(condition.parts[0])
            return lambda v: inner(v) == False  # noqa: E712 - place by place, of arrays
        if condition.op in ("true", "false"):
            answer = condition.op == "true"
            return lambda v: answer
        if condition.op == "integer":
            above, below, shift = whole_over(condition.size)
            part, _ = self._whole(above)
            under, _ = self._term(shift, below)
            return lambda v: part(v) % under(v) == 0
        size, _ = self.size(condition.size)
        if condition.op == "zero":
            return lambda v: size(v) == 0
        if condition.op == "positive":
            return lambda v: size(v) > 0
        return lambda v: size(v) >= 0


def joined(op: str, left: Part, right: Part) -> Part:
    """Both tests, or one of them."""
    if op == "and":
        return lambda v: left(v) & right(v)
    return lambda v: left(v) | right(v)


def raised(part: Part | int, exponent: int) -> Part:
    """A part to a power."""
    if isinstance(part, int):
        return lambda v: v[part] ** exponent
    return lambda v: part(v) ** exponent


def summed(parts: Sequence[Part]) -> Part:
    """The sum of parts; few are added without a loop, which is most of the time spent."""
    match parts:
        case []:
            return lambda v: 0
        case [a]:
            return a
        case [a, b]:
            return lambda v: a(v) + b(v)
        case [a, b, c]:
            return lambda v: a(v) + b(v) + c(v)
        case [a, b, c, d]:
            return lambda v: a(v) + b(v) + c(v) + d(v)
        case [a, b, c, d, *others]:
            rest = summed(others)
            return lambda v: a(v) + b(v) + c(v) + d(v) + rest(v)
    raise TypeError(type(parts).__name__)  # pragma: no cover - a list matches


def multiplied(coefficient: Number, factors: Sequence[Part | int]) -> Part:
    """A coefficient times symbols by their places and other parts."""
    places = [f for f in factors if isinstance(f, int)]
    others = [f for f in factors if not isinstance(f, int)]
    part = of_places(coefficient, places)
    for other in others:
        part = by(part, other)
    return part


def by(left: Part, right: Part) -> Part:
    """The product of two parts."""
    return lambda v: left(v) * right(v)


def of_places(c: Number, places: Sequence[int]) -> Part:
    """A coefficient times the values at some places."""
    match places:
        case []:
            return lambda v: c
        case [i]:
            return (lambda v: v[i]) if c == 1 else lambda v: c * v[i]
        case [i, j]:
            return (lambda v: v[i] * v[j]) if c == 1 else lambda v: c * v[i] * v[j]
        case [i, j, k]:
            return lambda v: c * v[i] * v[j] * v[k]
        case [i, j, k, *others]:
            rest = of_places(1, others)
            return lambda v: c * v[i] * v[j] * v[k] * rest(v)
    raise TypeError(type(places).__name__)  # pragma: no cover - a list matches


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
