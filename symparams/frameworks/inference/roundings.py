"""Roundings ``f(c*x)`` whose coefficient is found, not guessed.

Each value confines ``c*x`` to an interval; divided by x and intersected over the samples
they leave an interval for c, and its simplest fractions are the coefficients: of
``floor(c*x) = v`` it is ``v/x <= c < (v + 1)/x``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from math import ceil as whole_above, floor as whole_below, gcd
from typing import NamedTuple

from symparams.algebra import (
    Number,
    Size,
    ceil,
    divide,
    exact,
    floor,
    make_divisible,
    round_up,
)
from symparams.frameworks.inference.polynomials import LARGEST_DENOMINATOR
from symparams.frameworks.inference.quantities import Quantity, Values

#: So many of the simplest coefficients are told apart by further points.
MOST_RIVALS = 2
#: The most numerators that are looked at for one denominator.
MOST_TRIED = 64
#: The most multiples that a rounding is tried to: all that divide every value.
MOST_MULTIPLES = 12
#: The cost of rounding to a multiple that is no power of two.
UNUSUAL = 8
#: The largest divisor of ``floor((x + c)/q)`` with a number c of its own.
LARGEST_SHIFTED = 32


class RationalRange(NamedTuple):
    """An interval of rationals; an end that is not ``closed`` does not belong to it."""

    low: Fraction
    low_closed: bool
    high: Fraction
    high_closed: bool

    def meet(self, other: RationalRange) -> RationalRange | None:
        """Return what both have in common, or None."""
        low, low_closed = self.low, self.low_closed
        if other.low > low:
            low, low_closed = other.low, other.low_closed
        elif other.low == low:
            low_closed = low_closed and other.low_closed
        high, high_closed = self.high, self.high_closed
        if other.high < high:
            high, high_closed = other.high, other.high_closed
        elif other.high == high:
            high_closed = high_closed and other.high_closed
        if low > high or (low == high and not (low_closed and high_closed)):
            return None
        return RationalRange(low, low_closed, high, high_closed)

    def over(self, number: Number) -> RationalRange:
        """Return it divided by a positive number."""
        return RationalRange(
            self.low / number, self.low_closed, self.high / number, self.high_closed
        )

    def __contains__(self, number: object) -> bool:
        assert isinstance(number, Fraction)
        above = number > self.low or (self.low_closed and number == self.low)
        return above and (number < self.high or (self.high_closed and number == self.high))

    def simplest(self) -> list[Fraction]:
        """Return the fractions of the smallest denominators in it, at most two.

        >>> RationalRange(Fraction(2, 5), True, Fraction(3, 5), True).simplest()
        [Fraction(1, 2), Fraction(2, 5)]
        """
        found: list[Fraction] = []
        for below in range(1, LARGEST_DENOMINATOR + 1):
            first = whole_above(self.low * below)
            last = min(whole_below(self.high * below), first + MOST_TRIED)
            inside = (Fraction(n, below) for n in range(first, last + 1))
            # 16 before 15: widths are numbers of few binary digits.
            for number in sorted((x for x in inside if x in self), key=_digits):
                if number not in found:
                    found.append(number)
                    if len(found) == MOST_RIVALS:
                        return found
        return found


def _digits(number: Fraction) -> tuple[int, Fraction]:
    """Return how many binary digits an integer has before its zeros."""
    above = number.numerator
    return (above >> ((above & -above).bit_length() - 1)).bit_length() if above else 0, number


class RoundingForm(NamedTuple):
    """A function f of ``c*x``: where a value lets ``c*x`` be, and the formula of it."""

    rank: int
    inside: Callable[[Fraction, Number], RationalRange]
    formula: Callable[[Size, Size], Size]


def _floored(value: Fraction, step: Number) -> RationalRange:
    return RationalRange(value, True, value + step, False)


def _ceiled(value: Fraction, step: Number) -> RationalRange:
    return RationalRange(value - step, False, value, True)


def _rounded(value: Fraction, step: Number) -> RationalRange:
    half = Fraction(step) / 2
    return RationalRange(value - half, True, value + half, False)


def _floored_first(value: Fraction, step: Number) -> RationalRange:
    """Return where ``round_up(floor(c*x), m)`` is a value."""
    return RationalRange(value - step + 1, True, value + 1, False)


def _divisible(value: Fraction, step: Number) -> RationalRange:
    """Return where ``make_divisible(c*x, m)`` is a value, a multiple of m from m on.

    Values round to the nearest multiple, and to the next where that is below 90 %.
    """
    half = Fraction(step) / 2
    low, low_closed = value - half, True
    if value <= step:
        low = Fraction(0)
    elif Fraction(10, 9) * (value - step) < low:
        low, low_closed = Fraction(10, 9) * (value - step), False
    if Fraction(10, 9) * value < value + half:
        return RationalRange(low, low_closed, Fraction(10, 9) * value, True)
    return RationalRange(low, low_closed, value + half, False)


#: Roundings to integers, and to multiples, in the order of need.
PLAIN = (
    RoundingForm(0, _floored, lambda x, _: floor(x)),
    RoundingForm(1, _ceiled, lambda x, _: ceil(x)),
    RoundingForm(2, _rounded, lambda x, _: floor(x + Fraction(1, 2))),
)
MULTIPLES = (
    RoundingForm(4, _divisible, make_divisible),
    RoundingForm(5, _ceiled, round_up),
    RoundingForm(6, _floored_first, lambda x, m: round_up(floor(x), m)),
    RoundingForm(7, _floored, lambda x, m: floor(divide(x, m)) * m),
    RoundingForm(8, _rounded, lambda x, m: floor(divide(x, m) + Fraction(1, 2)) * m),
)


class CandidateForm(NamedTuple):
    """A formula that fits, and how complicated it is."""

    cost: tuple[int, ...]
    size: Size


def roundings(
    inner: Sequence[Quantity], values: Values, steps: Sequence[Quantity], inner_cost: int = 0
) -> Iterator[CandidateForm]:
    """Yield the roundings of a rational of some quantity that come to the values.

    ``steps`` are sizes that it may be rounded to a multiple of, beside numbers;
    ``inner_cost`` is how complicated the quantities are.
    """
    if not all(isinstance(v, int) and v >= 0 for v in values) or not any(values):
        return
    ones = Quantity(1, (1,) * len(values))
    shared = gcd(*values)  # type: ignore[arg-type]  # all are integers
    divisors = [m for m in range(2, min(shared, 512) + 1) if shared % m == 0]
    # The largest first: 8 of values that are all multiples of 8, not 4 or 2.
    numbers = [Quantity(m, (m,) * len(values)) for m in divisors[::-1][:MOST_MULTIPLES]]
    for place, x in enumerate(inner):
        if not x.positive:
            continue
        for form in PLAIN:
            yield from _fitted(form, place, x, values, ones, inner_cost)
        for step in (*numbers, *steps):
            if not step.positive or any(Fraction(v) % s for v, s in zip(values, step.values)):  # noqa: B905
                continue
            for form in MULTIPLES:
                if form.formula is not make_divisible or isinstance(step.size, int):
                    yield from _fitted(form, place, x, values, step, inner_cost)


def _fitted(
    form: RoundingForm, place: int, x: Quantity, values: Values, step: Quantity, inner_cost: int
) -> Iterator[CandidateForm]:
    rest = RationalRange(Fraction(0), False, Fraction(1 << 62), False)
    if form.formula is make_divisible and min(values) < step.values[0]:
        return
    for of, value, to in zip(x.values, values, step.values, strict=True):
        both = rest.meet(form.inside(Fraction(value), to).over(of))
        if both is None:
            return
        rest = both
    for rival, c in enumerate(rest.simplest()):
        size = form.formula(x.size * exact(c), step.size)
        # A step of 8 is what the papers have, or a power of two; 48 is six times another form.
        odd = 0 if step.size in (1, 8) else 1 if _usual(step.size) else UNUSUAL
        yield CandidateForm((rival, form.rank + odd + _bits(c) + inner_cost, place), size)


def shifted(inner: Sequence[Quantity], values: Values) -> Iterator[CandidateForm]:
    """Yield ``floor((p*x + c)/q)`` with a number c that is neither 0 nor q - 1.

    A convolution without padding gives ``floor((x - 3)/2) + 1``.
    """
    for place, x in enumerate(inner):
        if not all(isinstance(v, int) for v in x.values):
            continue
        for q in range(2, LARGEST_SHIFTED + 1):
            low = max(q * v - of for of, v in zip(x.values, values, strict=True))
            high = min(q * v + q - 1 - of for of, v in zip(x.values, values, strict=True))
            if low > high:
                continue
            inside = range(whole_below(low), whole_below(high) + 1)
            c = min(inside, key=lambda c, q=q: (c % q != 0, abs(c)))  # type: ignore[misc]
            size = floor((x.size + c) * Fraction(1, q))
            yield CandidateForm((0, 4 + q.bit_length() + abs(c).bit_length(), place), size)


def _usual(step: Size) -> bool:
    """Tell whether a step is a size or a power of two."""
    return not isinstance(step, int) or step & (step - 1) == 0


def _bits(c: Fraction) -> int:
    """Return how long a coefficient is: 29/59 is no better than a number added under a floor."""
    return c.numerator.bit_length() + c.denominator.bit_length() - 2


__all__ = ["CandidateForm", "RationalRange", "roundings", "shifted"]
