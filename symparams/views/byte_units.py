"""Bytes in larger units, for people: MB is 10^6 bytes, MiB 2^20 (IEC 80000-13)."""

from __future__ import annotations

from fractions import Fraction

from symparams.algebra import Number
from symparams.errors import SymparamsError, did_you_mean

#: Unit → bytes in it.
BYTES_IN = {
    "kB": 10**3,
    "MB": 10**6,
    "GB": 10**9,
    "TB": 10**12,
    "KiB": 1 << 10,
    "MiB": 1 << 20,
    "GiB": 1 << 30,
    "TiB": 1 << 40,
}


def bytes_in(unit: str) -> int:
    """Return how many bytes a unit has.

    Raises:
        SymparamsError: there is no such unit.

    >>> bytes_in("MiB")
    1048576
    """
    if unit not in BYTES_IN:
        listed = f"there are {', '.join(BYTES_IN)}"
        raise SymparamsError(
            f"no unit of bytes '{unit}'", None, did_you_mean(unit, BYTES_IN, listed)
        )
    return BYTES_IN[unit]


def in_unit(count: Number, unit: str) -> Fraction:
    """Return bytes in a unit, exactly.

    >>> in_unit(1_536, "KiB")
    Fraction(3, 2)
    """
    return Fraction(count, bytes_in(unit))
