"""Integer functions of sizes that are made of floors, and extremes.

On numbers they compute; on polynomials they build atoms of
:mod:`symparams.algebra.opaque`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction

from symparams.algebra.atoms import Number, exact
from symparams.algebra.facts import PLAIN
from symparams.algebra.opaque import AppliedFunction, Knowledge, ceil, floor
from symparams.algebra.polynomial import Polynomial, Size, divide, of_atom
from symparams.errors import SymparamsError


def round_half_up(size: Size) -> Size:
    """The nearest integer; a half goes up."""
    return floor(size + Fraction(1, 2))


def floor_divide(left: Size, right: Size) -> Size:
    """``left // right``."""
    return floor(divide(left, right))


def modulo(left: Size, right: Size) -> Size:
    """``left % right``: what ``//`` leaves."""
    return left - right * floor_divide(left, right)


# --- extremes --------------------------------------------------------------

#: Of more arguments than this, those that others exceed are not looked for.
MOST_COMPARED = 64


def _extreme(
    name: str,
    pick: Callable[[Number, Number], Number],
    args: tuple[Size, ...],
    known: Knowledge,
) -> Size:
    number: Number | None = None
    sizes: list[Size] = []
    for arg in args:
        inner: tuple[Size, ...] = (arg,)
        if isinstance(arg, Polynomial) and len(arg.terms) == 1:
            ((monomial, coefficient),) = arg.terms.items()
            if coefficient == 1 and len(monomial) == 1 and monomial[0][1] == 1:
                atom = monomial[0][0]
                if isinstance(atom, AppliedFunction) and atom.name == name:
                    inner = atom.arguments
        for size in inner:
            if not isinstance(size, Polynomial):
                number = size if number is None else pick(number, size)
            elif size not in sizes:
                sizes.append(size)
    if number is not None:
        sizes.append(number)
    sign = 1 if name == "max" else -1
    kept = list(sizes)
    for size in sizes if len(sizes) <= MOST_COMPARED else ():
        ahead = [known.at_least((other - size) * sign) for other in kept if other is not size]
        if any(least is not None and least >= 0 for least in ahead):
            kept.remove(size)
    if len(kept) == 1:
        return kept[0]
    return of_atom(AppliedFunction(name, FUNCTIONS[name], tuple(sorted(kept, key=str))))


def minimum(*args: Size, known: Knowledge = PLAIN) -> Size:
    """The smallest of sizes."""
    return _extreme("min", min, args, known)


def maximum(*args: Size, known: Knowledge = PLAIN) -> Size:
    """The largest of sizes."""
    return _extreme("max", max, args, known)


def round_up(size: Size, step: Size) -> Size:
    """The next multiple of ``step``."""
    return ceil(divide(size, step)) * step


def make_divisible(size: Size, divisor: Size, *, known: Knowledge = PLAIN) -> Size:
    """``size`` rounded to a multiple of ``divisor``, never below 90 % of it.

    The rule of MobileNet's reference code (Howard et al. 2017,
    arXiv:1704.04861; torchvision ``_make_divisible``).
    """
    del known  # nothing is rounded before the arguments are numbers
    if isinstance(size, Polynomial) or isinstance(divisor, Polynomial):
        return of_atom(AppliedFunction("make_divisible", make_divisible, (size, divisor)))
    if divisor <= 0:
        raise SymparamsError("make_divisible needs a positive divisor")
    rounded = max(divisor, exact(math.floor((size + Fraction(divisor) / 2) / divisor) * divisor))
    return rounded + divisor if 10 * rounded < 9 * size else rounded


#: The functions on sizes that the language knows, by name.
FUNCTIONS: dict[str, Callable[..., Size]] = {
    "ceil": ceil,
    "floor": floor,
    "round": round_half_up,
    "min": minimum,
    "max": maximum,
    "round_up": round_up,
    "make_divisible": make_divisible,
}
