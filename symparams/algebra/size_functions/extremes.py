"""The smallest and the largest of sizes."""

from __future__ import annotations

from collections.abc import Sequence
from math import lcm
from typing import TYPE_CHECKING

from symparams.algebra.atoms import Atom, Number
from symparams.algebra.facts import PLAIN
from symparams.algebra.polynomial import Polynomial, Size, add_up, of_atom, product, terms_of
from symparams.algebra.size_functions.base import (
    DECLARED,
    AppliedFunction,
    HasEnds,
    Judge,
    Knowledge,
    Pair,
    Pairs,
    SizeFunction,
)
from symparams.algebra.size_text import begins_negative

if TYPE_CHECKING:
    from symparams.algebra.kernels.program import ProgramBuilder

#: Of more arguments than this, those that others exceed are not looked for.
MOST_COMPARED = 64


class Extreme(SizeFunction):
    """What both have in common; ``sign * value`` is the largest of ``sign * argument``."""

    way, picks, folds = 1, True, True
    sign: int
    instruction: str

    def formula(self, sizes: tuple[Size, ...], known: Knowledge | None) -> Size:
        at_least = (PLAIN if known is None else known).at_least
        number: Number | None = None
        others: list[Size] = []
        for size in self._flat(sizes):
            if not isinstance(size, Polynomial):
                number = size if number is None else self.value(number, size)
            elif size not in others:
                others.append(size)
        if number is not None:
            others.append(number)
        kept = list(others)
        for size in others if len(others) <= MOST_COMPARED else ():
            ahead = [at_least((other - size) * self.sign) for other in kept if other is not size]
            if any(least is not None and least >= 0 for least in ahead):
                kept.remove(size)
        if len(kept) == 1:
            return kept[0]
        return of_atom(AppliedFunction(self, tuple(sorted(kept, key=str))))

    def _flat(self, sizes: Sequence[Size]) -> list[Size]:
        """Return the arguments, with those of the same function among them in its place."""
        flat: list[Size] = []
        for size in sizes:
            inner: tuple[Size, ...] = (size,)
            if isinstance(size, Polynomial) and len(size.terms) == 1:
                ((monomial, coefficient),) = size.terms.items()
                if coefficient == 1 and len(monomial) == 1 and monomial[0][1] == 1:
                    atom = monomial[0][0]
                    if isinstance(atom, AppliedFunction) and atom.function is self:
                        inner = atom.arguments
            flat += inner
        return flat

    def compiled(self, builder: ProgramBuilder, atom: AppliedFunction, of: Pairs) -> Pair:
        # n/d = n*d/d^2, whose denominator is above 0 whatever d is.
        squared = [
            (n, d)
            if builder.code[d][0] == "constant"
            else (builder.do("multiply", n, d), builder.do("multiply", d, d))
            for n, d in of
        ]
        numbers = [builder.code[d][1] for _, d in squared if builder.code[d][0] == "constant"]
        shared = [builder.constant(lcm(*numbers))]
        shared += dict.fromkeys(d for _, d in squared if builder.code[d][0] != "constant")
        scaled = []
        for above, below in squared:
            if builder.code[below][0] == "constant":
                factor = builder.constant(lcm(*numbers) // builder.code[below][1])
                others = [factor, *shared[1:]]
            else:
                others = [place for place in shared if place != below]
            scaled.append(builder.joined("multiply", [above, *others]))
        return builder.joined(self.instruction, scaled), builder.joined("multiply", shared)


class Minimum(Extreme, name="min"):
    """``min(x, y, …)``."""

    signature, says = "min(x, y, …)", "The smallest of sizes."
    latex, sympy, array, cp_sat = r"\min", "Min", "minimum", "min_equality"
    sign, instruction = -1, "least"

    def value(self, *numbers: Number) -> Number:
        return min(numbers)

    def never_negative(self, sizes: Sequence[Size], holds: Judge) -> bool:
        return all(map(holds, sizes))

    def high(self, of: Sequence[HasEnds], integer: bool) -> Number | None:
        # One argument below 3 puts the minimum below 3; above 3 puts it all of them.
        return min((e.high for e in of if e.high is not None), default=None)


class Maximum(Extreme, name="max"):
    """``max(x, y, …)``."""

    signature, says = "max(x, y, …)", "The largest of sizes."
    latex, sympy, array, cp_sat = r"\max", "Max", "maximum", "max_equality"
    sign, instruction = 1, "most"

    def value(self, *numbers: Number) -> Number:
        return max(numbers)

    def never_negative(self, sizes: Sequence[Size], holds: Judge) -> bool:
        return any(map(holds, sizes))

    def low(self, of: Sequence[HasEnds], integer: bool) -> Number | None:
        # One argument above 3 puts the maximum above 3; below 3 put it only all of them.
        return max((e.low for e in of if e.low is not None), default=None)

    def near(self, sizes: Sequence[Size], moves: Judge, rises: Judge) -> Size | None:
        moving = [size for size in sizes if moves(size)]
        return moving[0] if len(moving) == 1 and rises(moving[0]) else None


minimum, maximum = DECLARED["min"], DECLARED["max"]


def by_gaps(size: Size) -> Size:
    """Return a size with the smaller and the larger of two written by their gap.

    ``min(x, y)`` is ``x - max(0, x - y)``, and ``max(x, y)`` is ``y + max(0, x - y)``: so
    ``l - min(l, k)`` and ``max(0, l - k)`` are one text.
    """
    return add_up(
        product([coefficient, *(_by_gap(atom) ** exponent for atom, exponent in monomial)])
        for monomial, coefficient in terms_of(size).items()
    )


def _by_gap(atom: Atom) -> Size:
    plain = of_atom(atom)
    if not isinstance(atom, AppliedFunction) or atom.function not in (minimum, maximum):
        return plain
    if len(atom.arguments) != 2:
        return plain
    one, other = map(by_gaps, atom.arguments)
    if begins_negative(one - other):
        one, other = other, one
    gap = maximum(0, one - other)
    return one - gap if atom.function is minimum else other + gap
