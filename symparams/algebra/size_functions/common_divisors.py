"""The greatest common divisor and the least common multiple."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from math import prod

from symparams.algebra.atoms import Number
from symparams.algebra.polynomial import Size
from symparams.algebra.size_functions.base import HasEnds, Judge, SizeFunction


class GreatestDivisor(SizeFunction, name="gcd"):
    """The largest number that all are integer multiples of; of fractions a fraction."""

    signature, says = "gcd(x, y, …)", "The greatest common divisor."
    latex, folds, array, sql = r"\gcd", True, "gcd", {"duckdb": "gcd"}

    def value(self, *numbers: Number) -> Number:
        grid = math.lcm(*(n.denominator for n in numbers))
        return Fraction(math.gcd(*(int(n * grid) for n in numbers)), grid)

    def never_negative(self, sizes: Sequence[Size], holds: Judge) -> bool:
        return True

    def low(self, of: Sequence[HasEnds], integer: bool) -> Number | None:
        return int(integer and any(map(never_zero, of)))

    def high(self, of: Sequence[HasEnds], integer: bool) -> Number | None:
        # It divides each, so that it is at most as large; but 0 is a multiple of all.
        if known := furthests([ends for ends in of if never_zero(ends)]):
            return min(known)
        known = furthests(of)
        return max(known) if len(known) == len(of) else None


class LeastMultiple(SizeFunction, name="lcm"):
    """The smallest number above 0 that is an integer multiple of all; 0 where one of them is 0."""

    signature, says = "lcm(x, y, …)", "The least common multiple."
    latex, folds, array, sql = r"\operatorname{lcm}", True, "lcm", {"duckdb": "lcm"}

    def value(self, *numbers: Number) -> Number:
        grid = math.lcm(*(n.denominator for n in numbers))
        return Fraction(math.lcm(*(int(n * grid) for n in numbers)), grid)

    def never_negative(self, sizes: Sequence[Size], holds: Judge) -> bool:
        return True

    def low(self, of: Sequence[HasEnds], integer: bool) -> Number | None:
        return int(integer and all(map(never_zero, of)))

    def high(self, of: Sequence[HasEnds], integer: bool) -> Number | None:
        known = furthests(of)
        # Of 1/2 and 1/3 it is 1, which is more than their product.
        return prod(known) if integer and len(known) == len(of) else None


def never_zero(ends: HasEnds) -> bool:
    """Tell whether 0 is not between two ends."""
    return (ends.low is not None and ends.low > 0) or (ends.high is not None and ends.high < 0)


def furthests(of: Sequence[HasEnds]) -> list[Number]:
    """Return the largest absolute values, of those whose ends are known."""
    return [
        max(-ends.low, ends.low, -ends.high, ends.high)
        for ends in of
        if ends.low is not None and ends.high is not None
    ]
