"""``make_divisible``: the rounding of MobileNet's reference code."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from symparams.algebra.atoms import Number, exact
from symparams.algebra.polynomial import Polynomial, Size, divide
from symparams.algebra.size_functions.base import (
    DECLARED,
    AppliedFunction,
    HasEnds,
    Judge,
    Knowledge,
    Pair,
    Pairs,
    SizeFunction,
    is_integral,
)
from symparams.algebra.size_functions.extremes import maximum
from symparams.errors import SymparamsError

if TYPE_CHECKING:
    from symparams.algebra.kernels.program import ProgramBuilder


class MakeDivisible(SizeFunction, name="make_divisible"):
    """``size`` rounded to a multiple of ``divisor``, never below 90 % of it.

    Howard et al. 2017, arXiv:1704.04861; torchvision ``_make_divisible``.
    """

    signature = "make_divisible(x, d)"
    says = "x to a multiple of d, never below 90 % of it."
    takes = 2

    def value(self, *numbers: Number) -> Number:
        size, divisor = numbers
        if divisor <= 0:
            raise SymparamsError("make_divisible needs a positive divisor")
        half = Fraction(divisor) / 2
        rounded = max(divisor, exact(math.floor((size + half) / divisor) * divisor))
        return rounded + divisor if 10 * rounded < 9 * size else rounded

    def formula(self, sizes: tuple[Size, ...], known: Knowledge | None) -> Size:
        size, divisor = sizes
        if isinstance(divisor, int | Fraction) and divisor > 0:
            if is_integral(divide(size, divisor), known):
                return maximum(size, divisor, known=known)  # a multiple stays what it is
            if isinstance(size, Polynomial) and _is_rounded(size, divisor):
                return size
        return super().formula(sizes, known)

    def integral(self, sizes: Sequence[Size], whole: Judge) -> bool:
        return whole(sizes[1])

    def never_negative(self, sizes: Sequence[Size], holds: Judge) -> bool:
        return True  # never below its divisor, which is positive

    def ways(self, sizes: Sequence[Size]) -> Sequence[int | None]:
        return 1, None  # rounding to a fixed grid never turns an order around

    def low(self, of: Sequence[HasEnds], integer: bool) -> Number | None:
        size, divisor = of
        if divisor.low is None or divisor.low <= 0:
            return 0
        if size.low is None:
            return divisor.low
        if divisor.low == divisor.high:
            return self.value(size.low, divisor.low)
        return max(divisor.low, Fraction(9, 10) * size.low)

    def high(self, of: Sequence[HasEnds], integer: bool) -> Number | None:
        size, divisor = of
        if size.high is None or divisor.high is None:
            return None
        if divisor.low == divisor.high:
            return self.value(size.high, divisor.high)
        # At most one step more than the nearest multiple.
        half = Fraction(divisor.high) / 2
        return max(divisor.high, size.high + half) + divisor.high

    def near(self, sizes: Sequence[Size], moves: Judge, rises: Judge) -> Size | None:
        size, divisor = sizes
        # What does not rise ends below the divisor, which the result never does.
        return size if rises(size) and not moves(divisor) else None

    def compiled(self, builder: ProgramBuilder, atom: AppliedFunction, of: Pairs) -> Pair:
        """Return the rule in integers.

        With q = size/divisor and k = max(1, floor(q + 1/2)), it is k times the
        divisor, or k + 1 times where that is below 9/10 of the size: 10*k < 9*q.
        """
        (n, m), (d, e) = of
        if builder.is_constant(e, 1):
            d = builder.positive(d)
        else:
            sign = builder.positive(builder.do("multiply", d, e))
            # The check is a result of its own that the rest has to go through.
            d = builder.do("multiply", d, builder.do("floor", sign, sign))
        two, ten = builder.constant(2), builder.constant(10)
        above, below = builder.do("multiply", n, e), builder.do("multiply", m, d)
        rounded = builder.do(
            "floor",
            builder.do("add", builder.do("multiply", two, above), below),
            builder.do("multiply", two, below),
        )
        k = builder.do("most", builder.constant(1), rounded)
        # 10*k < x holds for an integer 10*k exactly when 10*k < ceil(x) = -floor(-x).
        lowered = builder.do("floor", builder.do("multiply", builder.constant(-9), above), below)
        ceiling = builder.do("multiply", builder.constant(-1), lowered)
        more = builder.do("less", builder.do("multiply", ten, k), ceiling)
        return builder.do("multiply", builder.do("add", k, more), d), e


def _is_rounded(size: Polynomial, divisor: Number) -> bool:
    """Tell whether a size is the result of this very rounding."""
    ((monomial, coefficient), *others) = size.terms.items()
    if others or coefficient != 1 or len(monomial) != 1 or monomial[0][1] != 1:
        return False
    atom = monomial[0][0]
    return (
        isinstance(atom, AppliedFunction)
        and atom.function is make_divisible
        and atom.arguments[1] == divisor
    )


make_divisible = DECLARED["make_divisible"]
