"""Where one part of a network overtakes another."""

from __future__ import annotations

from typing import Self

from symparams.algebra import (
    Formula,
    Number,
    Roots,
    Size,
    SizeRecord,
    Stretch,
    roots_of,
    symbols_of,
)
from symparams.analysis.operating_point import Subject
from symparams.analysis.variation import SizeVariation, along
from symparams.answers import PublicAnswer
from symparams.errors import NeedsValue
from symparams.records import Record


class ComparedSpan(Record):
    """Neighbouring admitted values at which one part is larger, or both are equal.

    Attributes:
        first, last: both admitted; None: without end.
        sign: 1: the first part is larger; -1: the second; 0: equal; None: they
            alternate without end.
    """

    first: Number | None
    last: Number | None
    sign: int | None


class Threshold(SizeRecord):
    """Where the order of two parts changes along one size.

    Attributes:
        symbol: the size.
        roots: where both are equal, as formulas in the other sizes; in the house
            :class:`Roots`, and None where no short form is known, or within floors.
        spans: the order over all values the size may have, the others as
            given; None where one has no value.
        reason: why ``spans`` is missing though they have.
    """

    symbol: str
    roots: tuple[Formula, ...] | None
    spans: tuple[ComparedSpan, ...] | None
    reason: str = ""

    def in_sympy(self) -> Self:
        """Give the threshold with every root an expression of its own."""
        several = (r.sympy() if isinstance(r, Roots) else (r,) for r in self.roots or ())
        return self.but(roots=tuple(one for roots in several for one in roots))


class PartCrossover(SizeRecord, PublicAnswer):
    """Two parts compared.

    Attributes:
        names: what they are called.
        formulas: the measure of each.
        difference: the first less the second.
        always: the sign that the difference has at all sizes (proved), or None.
        values: both at the point, or None.
        thresholds: one a size; none where the sign is proved for all sizes.
    """

    subject: Subject
    names: tuple[str, str]
    formulas: tuple[Formula, Formula]
    difference: Formula
    always: int | None
    values: tuple[Number, Number] | None
    thresholds: tuple[Threshold, ...]

    @property
    def along(self) -> dict[str, Threshold]:
        """Size → where the order changes along it."""
        return {threshold.symbol: threshold for threshold in self.thresholds}


def crossover(subject: Subject, one: str, other: str, wrt: str | None = None) -> PartCrossover:
    """Return where the measure of one part overtakes that of another.

    Args:
        subject: the network, the measure, the point.
        one, other: addresses of parts: a name, or ``NAME[k]``.
        wrt: the size to vary; every one that the difference depends on without it.

    Loads SymPy.

    Raises:
        SymparamsError: no such part, measure or size.
    """
    network = subject.network
    left, right = (network.measure(subject.measure, part) for part in (one, other))
    return crossover_of(subject, (one, other), (left, right), wrt)


def crossover_of(
    subject: Subject, called: tuple[str, str], formulas: tuple[Size, Size], wrt: str | None = None
) -> PartCrossover:
    """Return where one formula overtakes another, both in the sizes of a network.

    Loads SymPy.

    Raises:
        SymparamsError: no such size.
    """
    network, (left, right) = subject.network, formulas
    difference = network.facts.reduce(left - right)
    if wrt is not None:
        subject.size(wrt)
    on = {s.name for s in symbols_of(difference)}
    names = [n for n in network.symbols if n in on] if wrt is None else [wrt]
    always = _always(subject, difference)
    values = (subject.at(left), subject.at(right)) if subject.known else None
    return PartCrossover(
        subject,
        called,
        (left, right),
        difference,
        always,
        values,
        tuple(_threshold(subject, difference, n) for n in names if always is None),
    )


def _always(subject: Subject, difference: Size) -> int | None:
    facts = subject.network.facts
    if facts.zero(difference) is True:
        return 0
    if facts.positive(difference) is True:
        return 1
    return -1 if facts.positive(-difference) is True else None


def _threshold(subject: Subject, difference: Size, name: str) -> Threshold:
    own = subject.size(name)
    roots = roots_of(difference, own, subject.network.facts)
    if not {s.name for s in symbols_of(difference)} - {name} <= subject.given.keys():
        return Threshold(name, roots, None)
    try:
        return Threshold(name, roots, tuple(_spans(subject, difference, name)))
    except NeedsValue as error:
        return Threshold(name, roots, None, error.message)


def _spans(subject: Subject, difference: Size, name: str) -> list[ComparedSpan]:
    line = along(subject.network, name, subject.given)
    found: list[ComparedSpan] = []
    for part in line.stretches(difference):
        span = _admitted(line, part)
        if span is None:
            continue
        if found and found[-1].sign == span.sign:
            span = ComparedSpan(found.pop().first, span.last, span.sign)
        found.append(span)
    return found


def _admitted(line: SizeVariation, part: Stretch) -> ComparedSpan | None:
    """Return a stretch with its ends moved in to what the conditions admit; None: none of it is."""
    first = line.first(part)
    if first is None:
        return None
    return ComparedSpan(first, None if part.last is None else line.last(part), part.sign)


__all__ = ["ComparedSpan", "PartCrossover", "Roots", "Threshold", "crossover", "crossover_of"]
