"""Second and mixed derivatives, and the exact differences beside them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import combinations_with_replacement, product as every
from typing import TYPE_CHECKING

from symparams.algebra import Number, Size, derivative, difference, exact, gradient
from symparams.analysis.operating_point import Subject, number
from symparams.analysis.sensitivities import steps_of
from symparams.errors import NeedsValue, SymparamsError
from symparams.records import Record

if TYPE_CHECKING:
    import sympy

#: The highest order of a derivative: its exact difference has a corner for each half of them.
MOST_ORDERS = 8
#: The most second derivatives that are worked out together.
MOST_PAIRS = 2_000


class Mixed(Record):
    """A derivative of higher order.

    Attributes:
        by: the names it is taken by, in order.
        derivative: the formula, or None; then ``reason`` says why.
        steps: the step of each name.
        difference: the difference of the difference …, one for each name, as a
            formula; None where it has no closed form.
        value, increase: both at the point, where they exist.
    """

    by: tuple[str, ...]
    derivative: Size | None
    reason: str
    steps: tuple[Number | None, ...]
    difference: Size | None
    value: Number | None = None
    increase: Number | None = None


class Hessian(Record):
    """The second derivatives of a measure.

    Attributes:
        names: the sizes, in the order of the model.
        entries: pair of names → derivative; the names in that order.
    """

    subject: Subject
    names: tuple[str, ...]
    entries: Mapping[tuple[str, str], Mixed]

    def by(self, one: str, other: str) -> Mixed:
        """Return the entry of two names, in any order."""
        found = self.entries.get((one, other)) or self.entries.get((other, one))
        if found is None:
            raise KeyError((one, other))
        return found

    def matrix(self) -> sympy.Matrix:
        """Arrange the derivatives in a matrix, rows and columns in the order of the names.

        Raises:
            NeedsValue: a size stands inside a floor, where no derivative exists.
        """
        import sympy

        from symparams.algebra import handed_out

        def entry(one: int, other: int) -> sympy.Expr:
            found = self.by(self.names[one], self.names[other])
            if found.derivative is None:
                raise NeedsValue(found.reason, found.by)
            return handed_out(found.derivative, "Size")

        return sympy.Matrix(len(self.names), len(self.names), entry)


def hessian(subject: Subject, steps: Mapping[str, Number] | None = None) -> Hessian:
    """Return all second derivatives of a measure, and the second differences.

    Raises:
        SymparamsError: a step that its size cannot take.
    """
    names = subject.network.symbols
    pairs = len(names) * (len(names) + 1) // 2
    if pairs > MOST_PAIRS:
        raise SymparamsError(
            f"{len(names):,} sizes have {pairs:,} second derivatives, more than anybody reads",
            None,
            f"ask for one, by '{names[0]}' and '{names[1]}'",
        )
    taken = steps_of(subject, list(names), steps or {})
    first = gradient(subject.formula)
    second = {n: gradient(first.slopes.get(subject.size(n), 0)) for n in names}
    entries: dict[tuple[str, str], Mixed] = {}
    for one, other in combinations_with_replacement(names, 2):
        slope: Size | None
        try:
            for name in (one, other):  # what has no derivative by one of them has no second one
                first.by(subject.size(name))
            slope, reason = second[one].by(subject.size(other)), ""
        except NeedsValue as error:
            slope, reason = None, error.message
        entries[one, other] = _entry(subject, (one, other), taken, slope, reason)
    return Hessian(subject, names, entries)


def mixed(subject: Subject, by: Iterable[str], steps: Mapping[str, Number] | None = None) -> Mixed:
    """Return one derivative, by several names one after the other: ``h, l`` or ``h, h``.

    Raises:
        SymparamsError: no such size, too many, or a step that one cannot take.
    """
    names = tuple(by)
    if not 1 <= len(names) <= MOST_ORDERS:
        raise SymparamsError(
            f"a derivative is by 1 to {MOST_ORDERS} sizes, not {len(names)}", None, "as in h,l"
        )
    symbols = [subject.size(name) for name in names]
    taken = steps_of(subject, list(dict.fromkeys(names)), steps or {})
    slope: Size | None
    try:
        for symbol in symbols:
            derivative(subject.formula, symbol)
        slope, reason = subject.formula, ""
        for symbol in symbols:
            slope = derivative(slope, symbol)
    except NeedsValue as error:
        slope, reason = None, error.message
    return _entry(subject, names, taken, slope, reason)


def _entry(
    subject: Subject,
    names: tuple[str, ...],
    taken: Mapping[str, Number | None],
    slope: Size | None,
    reason: str,
) -> Mixed:
    steps = tuple(taken[n] for n in names)
    closed = _difference(subject, names, steps)
    value = subject.at(slope) if subject.known and slope is not None else None
    increase = _increase(subject, names, steps) if subject.known else None
    return Mixed(names, slope, reason, steps, closed, value, increase)


def _difference(
    subject: Subject, names: tuple[str, ...], steps: tuple[Number | None, ...]
) -> Size | None:
    """Return the difference of the difference …, as a formula where it has one."""
    found = subject.formula
    for name, step in zip(names, steps, strict=True):
        if step is None:
            return None
        try:
            found = subject.network.facts.reduce(difference(found, subject.size(name), step))
        except NeedsValue:
            return None  # a sum below a fraction line; at a point it has a value
    return found


def _increase(
    subject: Subject, names: tuple[str, ...], steps: tuple[Number | None, ...]
) -> Number | None:
    """Return the same at the point, from the corners around it; None where one is not admitted."""
    total: Number = 0
    for taken in every((0, 1), repeat=len(names)):
        corner = dict(subject.point)
        for name, step, further in zip(names, steps, taken, strict=True):
            if step is None:
                return None
            corner[name] = exact(corner[name] + further * step)
        if not subject.network.allows(corner):
            return None
        sign = (-1) ** (len(names) - sum(taken))
        total += sign * number(subject.formula, corner)
    return exact(total)


__all__ = ["MOST_ORDERS", "Hessian", "Mixed", "hessian", "mixed"]
