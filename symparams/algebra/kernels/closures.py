"""A program as one Python function of the values of its inputs, for a point after another.

It is put together from functions of its parts, which takes a third of the time
of going through the instructions, where a formula is short and its terms stay
apart (see :class:`.translate.Translator`); what several parts share is worked out for
each of them.
"""

from __future__ import annotations

import operator
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any, TypeAlias

from symparams.algebra.atoms import Number, exact
from symparams.algebra.kernels.numbers import EXACT
from symparams.algebra.kernels.program import FunctionCall, Instruction

#: The values of all inputs, in order.
Values: TypeAlias = Sequence[Number]
Part: TypeAlias = Callable[[Values], Any]


#: An operation → the function that does it.
Operations: TypeAlias = "Callable[[str | FunctionCall], Callable[[Any, Any], Any]]"

#: What Python's operators do on numbers and on arrays alike.
ALIKE: Mapping[Any, Callable[[Any, Any], Any]] = {
    "floor": operator.floordiv,
    "less": operator.lt,
    "equal": lambda a, b: (a == b) * 1,  # a number, as indicators are added up
}
_WRITTEN = ("constant", "name", "add", "multiply")


class ClosureWriter:
    """Makes functions of the results on the way of a program.

    Args:
        code: the instructions; more may be added behind those that are there.
        names: the inputs.
        operations: what does them; the functions raise what these raise.
    """

    def __init__(
        self,
        code: Sequence[Instruction],
        names: Sequence[str],
        operations: Operations = EXACT.__getitem__,
    ) -> None:
        self.code = code
        self._operations = operations
        self._inputs = {name: k for k, name in enumerate(names)}
        self._parts: dict[int, Part] = {}

    def quotient(self, above: int, below: int) -> Part:
        """Return what stands at a place divided by what stands at another."""
        if self.code[below] == ("constant", 1, 0):
            return self.part(above)
        over, under = self.part(above), self.part(below)
        return lambda v: exact(Fraction(over(v)) / under(v))

    def alike(self) -> bool:
        """Tell whether other operations would make the same functions."""
        return all(op in ALIKE or op in _WRITTEN for op, _, _ in self.code)

    def part(self, place: int) -> Part:
        """Return what stands at a place."""
        if place not in self._parts:
            self._parts[place] = self._made(place)
        return self._parts[place]

    def _made(self, place: int) -> Part:
        op, left, right = self.code[place]
        if op == "constant":
            return lambda v: left
        if op == "add":
            return summed([self.part(p) for p in self._leaves(place)])
        if op in ("multiply", "name"):
            return self._product(self._leaves(place))
        if op == "equal" and (rest := self._rest(left, right)):
            above, below = map(self.part, rest)
            return lambda v: above(v) % below(v) == 0
        return self._applied(op, *map(self._operand, (left, right)))

    def _leaves(self, place: int) -> list[int]:
        """Return the operands of nested additions, or multiplications, in order."""
        op, todo, found = self.code[place][0], [place], []
        while todo:
            one = todo.pop()
            if op != "name" and self.code[one][0] == op:
                todo += self.code[one][:0:-1]
            else:
                found.append(one)
        return found

    def _product(self, leaves: Sequence[int]) -> Part:
        coefficient, places, others = 1, [], []
        for leaf, exponent in Counter(leaves).items():
            op, operand, _ = self.code[leaf]
            if op == "constant":
                coefficient *= operand**exponent
            elif op == "name" and exponent < 4:
                places += [self._inputs[operand]] * exponent
            else:
                own = input_at(self._inputs[operand]) if op == "name" else self.part(leaf)
                others += [own] * exponent if exponent < 4 else [raised(own, exponent)]
        part = of_places(coefficient, places)
        if others and not places and coefficient == 1:
            part = others.pop(0)
        for other in others:
            part = by(part, other)
        return part

    def _operand(self, place: int) -> Part | int:
        """Return a number, or what stands at a place."""
        op, number, _ = self.code[place]
        return number if op == "constant" else self.part(place)

    def _rest(self, left: int, right: int) -> tuple[int, int] | None:
        """Return (a, b) of the comparison of a with ``a // b * b``, which has a faster form."""
        for above, back in ((left, right), (right, left)):
            op, *factors = self.code[back]
            for below, floor in (factors, factors[::-1]) if op == "multiply" else ():
                if self.code[floor] == ("floor", above, below):
                    return above, below
        return None

    def _applied(self, op: Any, left: Part | int, right: Part | int) -> Part:
        """Return an operation on two parts, of which one may be a number."""
        do = ALIKE.get(op) or self._operations(op)
        if isinstance(left, int):
            return lambda v: do(left, right(v) if callable(right) else right)
        if isinstance(right, int):
            return (lambda v: left(v) // right) if op == "floor" else lambda v: do(left(v), right)
        if left is right:  # a function of one, which may be long: it is worked out once
            return lambda v: do(one := left(v), one)
        return lambda v: do(left(v), right(v))


def input_at(k: int) -> Part:
    """Return the value of an input."""
    return lambda v: v[k]


def raised(part: Part, exponent: int) -> Part:
    """Return a part to a power."""
    return lambda v: part(v) ** exponent


def summed(parts: Sequence[Part]) -> Part:
    """Return the sum of parts; few are added without a loop, which is most of the time spent."""
    match parts:
        case [a, b]:
            return lambda v: a(v) + b(v)
        case [a, b, c]:
            return lambda v: a(v) + b(v) + c(v)
        case [a, b, c, d]:
            return lambda v: a(v) + b(v) + c(v) + d(v)
        case [a, b, c, d, *others]:
            rest = summed(others) if len(others) > 1 else others[0]
            return lambda v: a(v) + b(v) + c(v) + d(v) + rest(v)
    raise TypeError(type(parts).__name__)  # pragma: no cover - a sum has two


def by(left: Part, right: Part) -> Part:
    """Return the product of two parts."""
    return lambda v: left(v) * right(v)


def of_places(c: int, places: Sequence[int]) -> Part:
    """Return a coefficient times the values at some places."""
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
