"""Formulas as functions of the values of axes, on ints and on arrays, with what bounds them.

The functions are those of :mod:`symparams.algebra.kernels`; term by term, as the
search for a shorter form takes longer than most searches.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from math import gcd, lcm
from typing import Any

from symparams.algebra import (
    Atom,
    Condition,
    Monomial,
    Number,
    Polynomial,
    Size,
    Symbol,
    exact,
    of_atom,
    terms_of,
    times,
)
from symparams.algebra.kernels import (
    Bound,
    ClosureWriter,
    FunctionCall,
    ProgramBuilder,
    Translator,
    Widths,
    arrays,
    extend_bounds,
)

#: Whole numbers below this are added and multiplied in int64 without overflow.
INT64 = 1 << 62


class CompiledFormula:
    """A formula, or a condition, as a function of the values of some names, in order."""

    def __init__(self, writer: Writer, above: int, below: int) -> None:
        self._writer = writer
        self._places = above, below

    @cached_property
    def _on_numbers(self) -> Callable[[Sequence[Any]], Any]:
        return self._writer.on_numbers.quotient(*self._places)

    @cached_property
    def _on_arrays(self) -> Callable[[Sequence[Any]], Any]:
        if self._writer.on_numbers.alike():
            return self._on_numbers
        return self._writer.on_arrays.quotient(*self._places)

    @cached_property
    def call(self) -> Callable[..., Any]:
        """The exact value at numbers."""
        part = self._on_numbers
        return lambda *values: part(values)

    def at(self, columns: Sequence[Any]) -> Any:
        """Return the exact values at arrays, of int64 only where :attr:`vector` says so."""
        if self.most is not None:
            return self._on_arrays(columns)
        return [self.call(*point) for point in zip(*columns, strict=True)]

    @cached_property
    def most(self) -> int | None:
        """What no intermediate value exceeds in size; None where it takes no arrays."""
        above, below = self._places
        return self._writer.reach(above) if self._writer.builder.is_constant(below, 1) else None

    @property
    def vector(self) -> bool:
        """Whether it may be called on int64 arrays."""
        return self.most is not None and self.most < INT64


class Writer:
    """Makes functions of formulas of some names.

    Args:
        names: the names.
        ends: the least and the largest value of each; None of one with fractions.
    """

    def __init__(self, names: Sequence[str], ends: Sequence[Bound]) -> None:
        self._ends = dict(zip(names, ends, strict=True))
        fractions = frozenset(name for name, end in self._ends.items() if end is None)
        self.builder = ProgramBuilder(names, Widths(names, {}), fractions)
        self._translator = Translator(self.builder, terms_apart=True)
        self.on_numbers = ClosureWriter(self.builder.code, names)
        self.on_arrays = ClosureWriter(self.builder.code, names, arrays.on_arrays)
        self._bounds: list[Bound] = []
        self._reach: list[int | None] = []

    def kernel(self, size: Size) -> CompiledFormula:
        """Return the formula as a function of all names, in order."""
        return CompiledFormula(self, *self._translator.pair(size))

    def test(self, condition: Condition) -> CompiledFormula:
        """Return the condition as a function of all names, in order."""
        return CompiledFormula(self, self._translator.test(condition), self.builder.constant(1))

    def reach(self, place: int) -> int | None:
        """Return what nothing on the way to a place exceeds in size; None where no array can do it.

        Sums and products in another order may wrap around on their way, and wrap back.
        """
        code = self.builder.code
        extend_bounds(self._bounds, code, self._ends)
        for k in range(len(self._reach), len(code)):
            (op, left, right), bound = code[k], self._bounds[k]
            most = None if bound is None else max(-bound[0], bound[1])
            if most is not None and op not in ("constant", "name"):
                before = self._reach[left], self._reach[right]
                single = isinstance(op, FunctionCall) and not op.array
                most = None if single or None in before else max(most, *before)  # type: ignore[type-var]
            self._reach.append(most)
        return self._reach[place]


def whole_over(size: Size) -> tuple[Size, int, Monomial]:
    """Return (N, d, m) with size = N / (d·m): N with whole coefficients and no exponent below 0."""
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


def content(size: Size) -> tuple[Number, int]:
    """Return (c, g): every value of a whole-coefficient formula is c more than a multiple of g.

    g = 0 for a number. The atoms must take whole values.
    """
    terms = terms_of(size)
    shared = gcd(*(int(c) for m, c in terms.items() if m))
    return terms.get((), 0), shared


def recentred(size: Size, first: Mapping[str, int], step: Mapping[str, int]) -> Size:
    """Return a formula over the places 0, 1, 2, … of the axes instead of their values.

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
                term = term * (factor if exponent == 1 else factor**exponent)
            else:  # pragma: no cover - an atom times a step stays a polynomial
                term = term * factor
        total = total + term
    return total
