"""A program run on Python numbers: ints of any length, and Fractions."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from symparams.algebra.atoms import Number, exact, power_of
from symparams.algebra.kernels.program import FunctionCall, Program
from symparams.errors import SymparamsError


def positive(value: Number, _: Number) -> Number:
    """Return the value.

    Raises:
        SymparamsError: it is not above 0.
    """
    if value <= 0:
        raise SymparamsError("make_divisible needs a positive divisor")
    return value


class Operations(dict[Any, Callable[[Any, Any], Any]]):
    """What is done for each operation; a function of sizes does it itself."""

    def __missing__(self, call: FunctionCall) -> Callable[[Any, Any], Any]:
        return call.exactly


#: Every operation on two numbers, exact.
EXACT = Operations(
    {
        "add": operator.add,
        "multiply": operator.mul,
        "floor": operator.floordiv,
        "least": min,
        "most": max,
        "less": lambda a, b: int(a < b),
        "equal": lambda a, b: int(a == b),
        "power": power_of,
        "positive": positive,
        "ratio": lambda a, b: exact(Fraction(a) / b),
        "above": lambda a, _: a.numerator,
        "below": lambda a, _: a.denominator,
        "pair": lambda a, b: (a, b),
        "append": lambda a, b: (*a, b),
    }
)


def run(program: Program, values: Mapping[str, Number]) -> list[Number]:
    """Return the results at one point.

    Raises:
        SymparamsError: a division by zero, or a function that a value does not suit.
    """
    found: list[Any] = []
    try:
        for op, left, right in program.code:
            if op == "constant":
                found.append(left)
            elif op == "name":
                found.append(values[left])
            else:
                found.append(EXACT[op](found[left], found[right]))
        return [
            exact(found[q.above] if q.below is None else Fraction(found[q.above]) / found[q.below])
            for q in program.results
        ]
    except ZeroDivisionError:
        raise SymparamsError("division by zero") from None
