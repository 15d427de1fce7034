"""The operators ``//`` and ``%`` on sizes, which are floors."""

from __future__ import annotations

from symparams.algebra.polynomial import Size, divide
from symparams.algebra.size_functions.rounding import floor


def floor_divide(left: Size, right: Size) -> Size:
    """Return ``left // right``."""
    return floor(divide(left, right))


def modulo(left: Size, right: Size) -> Size:
    """Return ``left % right``: what ``//`` leaves."""
    return left - right * floor_divide(left, right)
