"""Division helpers for layer bodies, which also run on sizes that are not ours.

A SymPy expression or a NumPy array of ints brings a ``//`` of its own.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from symparams.algebra.polynomial import Polynomial, Size, divide
from symparams.algebra.size_functions.extremes import maximum, minimum
from symparams.algebra.size_functions.rounding import ceil, floor


def _ours(*sizes: Any) -> bool:
    return all(isinstance(size, int | Fraction | Polynomial) for size in sizes)


def floor_divided(left: Size, right: Size) -> Size:
    """Return the floor of ``left / right``."""
    if _ours(left, right):
        return floor(divide(left, right))
    return left // right  # type: ignore[operator]  # a foreign size


def ceil_divided(left: Size, right: Size) -> Size:
    """Return the ceiling of ``left / right``."""
    if _ours(left, right):
        return ceil(divide(left, right))
    return -(-left // right)  # type: ignore[operator]  # a foreign size


def larger(left: Size, right: Size) -> Size:
    """Return the larger of two."""
    if _ours(left, right):
        return maximum(left, right)
    one: Any = left
    return (one + right + abs(one - right)) // 2  # type: ignore[no-any-return]  # a foreign size


def smaller(left: Size, right: Size) -> Size:
    """Return the smaller of two."""
    if _ours(left, right):
        return minimum(left, right)
    return left + right - larger(left, right)


def divided(left: Size, right: Size) -> Size:
    """Return ``left / right`` where the layer requires that nothing is left over."""
    if _ours(left, right):
        return divide(left, right)
    return left // right  # type: ignore[operator]  # a foreign size
