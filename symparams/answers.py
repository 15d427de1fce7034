"""Answers of the Python side: records whose formulas are SymPy expressions, numbers exact."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from symparams.algebra import Size
from symparams.analysis import (
    ComparedSpan,
    Hessian,
    LeadingTerm,
    PartCrossover,
    Roots,
    Shares,
    TradeOff,
)
from symparams.records import Record

if TYPE_CHECKING:
    import sympy

    Exact = int | Fraction | None


class Trade(Record):
    """What one more of a size costs of another, at constant cost.

    Attributes:
        rate: d other / d one in lowest terms, or None where there is no derivative.
        value: the rate at the point.
        budget: the measure at the point.
        one: the next value of the first size.
        other: the largest value of the second that costs no more than before.
        measured: the measure with both.
        slack: ``budget - measured``.
        reason: why one of these is None, where not for want of a point.
    """

    rate: sympy.Expr | None
    value: Exact
    budget: Exact
    one: Exact
    other: Exact
    measured: Exact
    slack: Exact
    reason: str


class Leading(Record):
    """What a measure comes to as sizes grow together.

    Attributes:
        term: the leading terms; measure / term tends to 1.
        degree: theirs, in the sizes that grow.
        rest_degree: of what is left over, at most; None where nothing is.
        value, share: of the leading terms at the point, exactly.
    """

    term: sympy.Expr
    degree: int
    rest_degree: int | None
    value: Exact
    share: Exact


class Along(Record):
    """The order of two parts along one size.

    Attributes:
        roots: where both are equal, as formulas of the other sizes.
        spans: the order over all values the size may have: records with
            ``first``, ``last`` (None: without end) and ``sign`` (1: the first
            part is larger); None without a point.
        reason: why there are none at a point.
    """

    roots: tuple[sympy.Expr, ...]
    spans: tuple[ComparedSpan, ...] | None
    reason: str


class Crossover(Record):
    """Two parts compared.

    Attributes:
        formulas: the measure of each.
        difference: the first less the second.
        always: the sign of the difference where it is proved for all sizes.
        along: for each size by name, where the order changes.
    """

    formulas: tuple[sympy.Expr, sympy.Expr]
    difference: sympy.Expr
    always: int | None
    along: dict[str, Along]


class Share(Record):
    """What like parts have of a measure together.

    Attributes:
        formula: their measure.
        fraction: of the whole, in lowest terms; None where that is 0.
        value, share: both at the point, exactly.
    """

    formula: sympy.Expr
    fraction: sympy.Expr | None
    value: Exact
    share: Exact


def trade(found: TradeOff) -> Trade:
    """A trade-off with its formula in SymPy."""
    exchange = found.exchange
    rate = None if found.rate is None else _fraction(found.rate)
    reason = found.reason or (exchange.reason if exchange else "")
    one, most, value = (exchange.one, exchange.most, exchange.value) if exchange else (None,) * 3
    return Trade(rate, found.value, found.budget, one, most, value, found.slack, reason)


def leading(found: LeadingTerm) -> Leading:
    """A leading term in SymPy."""
    return Leading(_sympy(found.term), found.degree, found.rest, found.value, found.share)


def crossover(found: PartCrossover) -> Crossover:
    """A crossover with its formulas in SymPy."""
    along = {
        t.symbol: Along(
            tuple(r for roots in t.roots or () for r in _roots(roots)), t.spans, t.reason
        )
        for t in found.thresholds
    }
    left, right = map(_sympy, found.formulas)
    return Crossover((left, right), _sympy(found.difference), found.always, along)


def shares(found: Shares) -> dict[str, Share]:
    """Shares by the name of the part, with formulas in SymPy."""
    return {
        item.name: Share(
            _sympy(item.formula),
            None if item.fraction is None else _fraction(item.fraction),
            item.value,
            item.share,
        )
        for item in found.items
    }


def hessian(found: Hessian) -> sympy.Matrix:
    """The second derivatives as a matrix, rows and columns in the order of the sizes.

    Raises:
        NeedsValue: a size stands inside a floor, where no derivative exists.
    """
    import sympy

    from symparams.errors import NeedsValue

    rows = []
    for one in found.names:
        entries = [found.by(one, other) for other in found.names]
        for entry in entries:
            if entry.derivative is None:
                raise NeedsValue(entry.reason, entry.by)
        rows.append([_sympy(entry.derivative) for entry in entries])  # type: ignore[arg-type]
    return sympy.Matrix(rows)


def _sympy(size: Size) -> sympy.Expr:
    from symparams.algebra import to_sympy

    return to_sympy(size)


def _fraction(fraction: tuple[Size, Size]) -> sympy.Expr:
    above, below = map(_sympy, fraction)
    return above / below


def _roots(roots: Roots) -> list[sympy.Expr]:
    import sympy

    plain, times, under, below = map(_sympy, (roots.plain, roots.times, roots.under, roots.below))
    signs = (1,) if times == 0 else (1, -1)
    return [(plain + sign * times * sympy.sqrt(under)) / below for sign in signs]
