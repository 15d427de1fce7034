"""Bounds of every result of a program, in exact integers, and what they prove.

A bound is (least, largest) over integer inputs; None where nothing is known:
a division that may be by 0, a power that may have no integer value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import ceil, floor
from typing import TypeAlias

from symparams.algebra.atoms import MOST_BITS
from symparams.algebra.intervals import multiplied
from symparams.algebra.kernels.program import FunctionCall, Instruction, Program
from symparams.algebra.size_functions.base import Interval

Bound: TypeAlias = "tuple[int, int] | None"

#: Results within are worked out in machine integers, all others in Python's.
LEAST_INT64, LARGEST_INT64 = -(1 << 63), (1 << 63) - 1


def bounds_of(program: Program, inputs: Sequence[Bound]) -> list[Bound]:
    """Return the bound of each result, from those of the inputs in the order of their names."""
    found: list[Bound] = []
    extend_bounds(found, program.code, dict(zip(program.names, inputs, strict=True)))
    return found


def extend_bounds(
    found: list[Bound], code: Sequence[Instruction], inputs: Mapping[str, Bound]
) -> None:
    """Add the bounds of what stands in a program behind the results that have one."""
    for op, left, right in code[len(found) :]:
        if op == "constant":
            found.append((left, left))
        elif op == "name":
            found.append(inputs[left])
        elif isinstance(op, FunctionCall):
            found.append(_called(op, [found[p] for p in op.operands(code, left, right)]))
        else:
            one, other = found[left], found[right]
            known = op in _RULES and one is not None and other is not None
            found.append(_RULES[op](one, other) if known else None)  # type: ignore[arg-type]


def fits(bound: Bound) -> bool:
    """Tell whether every value is proved to fit 64 bits with a sign."""
    return bound is not None and bound[0] >= LEAST_INT64 and bound[1] <= LARGEST_INT64


def int64_of(program: Program, bounds: Sequence[Bound]) -> list[bool]:
    """Tell for each result whether it and all it is made of fit 64 bits."""
    found: list[bool] = []
    for (op, left, right), bound in zip(program.code, bounds, strict=True):
        # A call is exact whatever it is of; only its value may then go on in 64 bits.
        done = isinstance(op, FunctionCall) and not op.array
        made_of = done or op in ("constant", "name") or (found[left] and found[right])
        found.append(made_of and fits(bound))
    return found


_Known: TypeAlias = tuple[int, int]


def _add(a: _Known, b: _Known) -> Bound:
    return a[0] + b[0], a[1] + b[1]


def _floor(a: _Known, b: _Known) -> Bound:
    if b[0] <= 0 <= b[1]:
        return None
    corners = [x // y for x in a for y in b]
    return min(corners), max(corners)


def _power(a: _Known, b: _Known) -> Bound:
    if a[0] < 1 or b[0] < 0 or a[1].bit_length() * b[1] > MOST_BITS:
        return None
    return a[0] ** b[0], a[1] ** b[1]


def _called(op: FunctionCall, of: Sequence[Bound]) -> Bound:
    ends = [Interval(*bound) for bound in of if bound is not None]
    if len(ends) < len(of):
        return None
    low, high = op.function.low(ends, True), op.function.high(ends, True)
    return None if low is None or high is None else (floor(low), ceil(high))


_RULES: dict[str, Callable[[_Known, _Known], Bound]] = {
    "add": _add,
    "multiply": multiplied,
    "floor": _floor,
    "least": lambda a, b: (min(a[0], b[0]), min(a[1], b[1])),
    "most": lambda a, b: (max(a[0], b[0]), max(a[1], b[1])),
    "less": lambda a, b: (int(a[1] < b[0]), int(a[0] < b[1])),
    "equal": lambda a, b: (int(a[0] == a[1] == b[0] == b[1]), int(a[0] <= b[1] and b[0] <= a[1])),
    "power": _power,
    "positive": lambda a, b: a if a[0] > 0 else None,
}
