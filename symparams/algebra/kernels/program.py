"""What a kernel does, as a list of instructions: each once, shared by all that need it.

An instruction is ``(op, left, right)``; ``left`` and ``right`` are the places of
earlier ones, except for ``constant`` (the number) and ``name`` (the name of an
input). Every engine brings its own table of the operations:

========== ====================================================
add        ``left + right``
multiply   ``left * right``
floor      ``left // right``, the floor also below 0
least      the smaller
most       the larger
less       1 where ``left < right``, else 0
equal      1 where ``left == right``, else 0
power      ``left ** right``
positive   ``left``; anything not above 0 is an error
ratio      ``left / right``, exactly; the operands below take it
above      the numerator of ``left``
below      its denominator
pair       ``left`` and ``right``, for a function of three or more
append     a pair or more, and ``right``
========== ====================================================

A :class:`FunctionCall` in the place of a name is any other function of sizes;
it and what is only for it are done number by number, exactly.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from symparams.algebra.atoms import exact
from symparams.algebra.size_functions.base import Pair, Pairs, SizeFunction
from symparams.records import Record


class FunctionCall(Record):
    """The operation of a size function on one number (on both sides), on two, or on a row."""

    function: SizeFunction
    takes: int

    @property
    def array(self) -> str:
        """NumPy's function of two arrays that does it, if there is one."""
        return self.function.array if self.takes == 2 and self.function.folds else ""

    def exactly(self, left: Any, right: Any) -> Any:
        """Return its value."""
        row = (left,) if self.takes == 1 else (left, right) if self.takes == 2 else (*left, right)
        return exact(self.function.value(*row))

    def operands(self, code: Sequence[Instruction], left: int, right: int) -> list[int]:
        """Return the places of its arguments."""
        found = [right, left]
        while len(found) < self.takes:  # a row is a pair to which more was appended
            _, first, last = code[found.pop()]
            found += [last, first]
        return found[::-1][: self.takes]


#: (op, left, right); of a constant (op, number, 0), of an input (op, name, 0).
#: An operation on one result has it on both sides.
Instruction: TypeAlias = tuple[str | FunctionCall, Any, int]

#: The operations that are done at once where both sides are numbers.
FOLDED: dict[str, Callable[[int, int], int]] = {
    "add": operator.add,
    "multiply": operator.mul,
    "floor": operator.floordiv,
    "least": min,
    "most": max,
}


class Quotient(Record):
    """An exact value ``above / below``, by places in a program.

    Attributes:
        above: the place of the numerator.
        below: the place of the denominator; None where it is 1.
        whole: the place of the floor of the quotient, where there is a denominator.
        back: the place of ``whole * below``, which equals ``above`` where the
            value is an integer; None where it was proved to be one.
    """

    above: int
    below: int | None = None
    whole: int = 0
    back: int | None = None

    @property
    def place(self) -> int:
        """Where the value stands when it is an integer."""
        return self.above if self.below is None else self.whole


class Program(Record):
    """Instructions in an order in which they can be done, and the results wanted.

    ``uses[k]`` is the set of inputs, as bits in the order of ``names``, that
    the k-th result depends on.
    """

    names: tuple[str, ...]
    code: tuple[Instruction, ...]
    uses: tuple[int, ...]
    results: tuple[Quotient, ...]


class Widths:
    """How many elements results have, by the inputs they depend on.

    Made of the shapes of the inputs, which broadcast; without shapes every
    input is as long as any other.
    """

    def __init__(self, names: Iterable[str], shapes: Mapping[str, tuple[int, ...]]) -> None:
        self._shapes = [shapes.get(name, (2,)) for name in names]
        self._known: dict[int, int] = {0: 1}

    def of(self, uses: int) -> int:
        """Return the number of elements of what depends on these inputs."""
        if uses not in self._known:
            dims: list[int] = []
            for k, shape in enumerate(self._shapes):
                if uses >> k & 1:
                    dims = dims + [1] * (len(shape) - len(dims))
                    for axis, length in enumerate(reversed(shape)):
                        dims[axis] = max(dims[axis], length)
            total = 1
            for length in dims:
                total *= length
            self._known[uses] = total
        return self._known[uses]


class ProgramBuilder:
    """Collects instructions; what is asked for twice is done once.

    Args:
        names: the inputs.
        widths: how long they are.
        fractions: those of them that may be no integers.
    """

    def __init__(
        self, names: Iterable[str], widths: Widths, fractions: frozenset[str] = frozenset()
    ) -> None:
        self.names = tuple(names)
        self._fractions = sum(1 << k for k, name in enumerate(self.names) if name in fractions)
        self.widths = widths
        self.code: list[Instruction] = []
        self.uses: list[int] = []
        self._places: dict[Instruction, int] = {}

    def _put(self, instruction: Instruction, uses: int) -> int:
        place = self._places.get(instruction)
        if place is None:
            place = self._places[instruction] = len(self.code)
            self.code.append(instruction)
            self.uses.append(uses)
        return place

    def constant(self, number: int) -> int:
        """Return the place of a number."""
        return self._put(("constant", number, 0), 0)

    def name(self, name: str) -> int:
        """Return the place of an input."""
        return self._put(("name", name, 0), 1 << self.names.index(name))

    def is_constant(self, place: int, number: int) -> bool:
        """Tell whether a result is this number."""
        return self.code[place] == ("constant", number, 0)

    def do(self, op: str | FunctionCall, left: int, right: int) -> int:
        """Return the place of an operation on two results."""
        one, other = self.code[left], self.code[right]
        if one[0] == "constant" or other[0] == "constant":
            shorter = self._shorter(op, left, right)
            if shorter is not None:
                return shorter
        if left > right and op in ("add", "multiply", "least", "most", "equal"):
            left, right = right, left
        return self._put((op, left, right), self.uses[left] | self.uses[right])

    def _shorter(self, op: str | FunctionCall, left: int, right: int) -> int | None:
        """Return the place of an operation with a number that comes to something known, and
        short.
        """
        (one, a, _), (other, b, _) = self.code[left], self.code[right]
        if one == other and op in FOLDED and not (op == "floor" and not b):
            return self.constant(FOLDED[op](a, b))  # type: ignore[index]  # it is a name
        neutral = 0 if op == "add" else 1 if op == "multiply" else None
        if neutral is not None:
            if one == "constant" and a == neutral:
                return right
            return left if other == "constant" and b == neutral else None
        whole = op == "floor" and self.is_constant(right, 1)
        return left if whole and not self._fractions & self.uses[left] else None

    def call(self, function: SizeFunction, pairs: Pairs, integer: bool) -> Pair:
        """Return the places of a function of quotients; ``integer``: it is known to be one."""
        one = self.constant(1)
        first, *others = [n if d == one else self.do("ratio", n, d) for n, d in pairs]
        if not others:
            value = self.do(FunctionCall(function, 1), first, first)
        elif function.folds:
            value = first
            for other in others:
                value = self.do(FunctionCall(function, 2), value, other)
        else:
            for number, other in enumerate(others[:-1]):
                first = self.do("append" if number else "pair", first, other)
            value = self.do(FunctionCall(function, len(pairs)), first, others[-1])
        if integer:
            return value, one
        return self.do("above", value, value), self.do("below", value, value)

    def positive(self, place: int) -> int:
        """Return a result that must be above 0."""
        op, number, _ = self.code[place]
        if op == "constant" and number > 0:
            return place
        return self._put(("positive", place, place), self.uses[place])

    def raised(self, place: int, exponent: int) -> int:
        """Return a result to a power above 0, by repeated multiplication."""
        if exponent == 1:
            return place
        half = self.raised(place, exponent // 2)
        square = self.do("multiply", half, half)
        return self.do("multiply", square, place) if exponent % 2 else square

    def joined(self, op: str, places: Iterable[int]) -> int:
        """Put several results under one operation, the narrowest first."""
        first, *others = sorted(places, key=lambda p: (self.widths.of(self.uses[p]), p))
        for place in others:
            first = self.do(op, first, place)
        return first

    def quotient(self, above: int, below: int, integral: bool = False) -> Quotient:
        """Return the exact value ``above / below``; ``integral``: it is known to be an integer."""
        if self.is_constant(below, 1):
            return Quotient(above)
        whole = self.do("floor", above, below)
        back = None if integral else self.do("multiply", whole, below)
        return Quotient(above, below, whole, back)

    def program(self, results: Iterable[Quotient]) -> Program:
        """Return what was collected."""
        return Program(self.names, tuple(self.code), tuple(self.uses), tuple(results))
