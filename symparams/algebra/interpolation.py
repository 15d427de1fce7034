"""Polynomials through given points, by Lagrange: exact, and each basis made once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import prod

from symparams.algebra.atoms import Number, Symbol, exact
from symparams.algebra.polynomial import Size, add_up, collect


def interpolated(
    symbols: Sequence[Symbol],
    values: Sequence[Sequence[Number]],
    points: Mapping[tuple[Number, ...], Number],
) -> Size:
    """Return the polynomial that has given values at some points of a grid, and is 0 at its others.

    Args:
        symbols: what it is a polynomial in.
        values: the values of each symbol, which make the grid.
        points: point of the grid → value there.
    """
    if not symbols:
        return points.get((), 0)
    grouped: dict[Number, dict[tuple[Number, ...], Number]] = {}
    for point, value in points.items():
        grouped.setdefault(point[0], {})[point[1:]] = value
    own, rest = symbols[0], symbols[1:]
    full = _through_zeros(values[0])
    if not rest:
        total = [Fraction(0)] * len(values[0])
        for at, inner in grouped.items():
            weight = Fraction(inner[()]) / prod(at - v for v in values[0] if v != at)
            for k, coefficient in enumerate(_without(full, at)):
                total[k] += coefficient * weight
        return _polynomial(own, total)
    parts: list[Size] = []
    for at, inner in grouped.items():
        weight = 1 / Fraction(prod(at - v for v in values[0] if v != at))
        basis = _polynomial(own, [c * weight for c in _without(full, at)])
        parts.append(basis * interpolated(rest, values[1:], inner))
    return add_up(parts)


def _through_zeros(zeros: Sequence[Number]) -> list[Number]:
    """Return the coefficients of the product of ``x - zero``, that of x^0 first."""
    found: list[Number] = [1]
    for zero in zeros:
        found = [a - zero * b for a, b in zip([0, *found], [*found, 0], strict=True)]
    return found


def _without(coefficients: Sequence[Number], zero: Number) -> list[Number]:
    """Return the coefficients of a polynomial divided by ``x - zero``, which divides it."""
    found: list[Number] = []
    carried: Number = 0
    for coefficient in reversed(coefficients[1:]):
        carried = coefficient + zero * carried
        found.append(carried)
    return found[::-1]


def _polynomial(symbol: Symbol, coefficients: Sequence[Number]) -> Size:
    return collect({((symbol, k),) if k else (): exact(c) for k, c in enumerate(coefficients)})


__all__ = ["interpolated"]
