"""Second and mixed derivatives: a line a pair of sizes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from symparams.algebra import Condition, Number, Size, of_atom
from symparams.analysis import Hessian, Mixed, Subject
from symparams.interchange import ABSENT, Absent, CommandAnswer
from symparams.records import Record
from symparams.views import remarks
from symparams.views.cells import Cell, Phrase, closed, phrase
from symparams.views.sheet import Column, Line, Sheet


class PointAnswer(CommandAnswer):
    """What every answer about a measure at a point says first."""

    model: str
    measure: str
    formula: Size
    point: Mapping[str, Number]
    conditions: tuple[Condition, ...]


class DerivativeRow(Record):
    """A derivative by several sizes, and the exact difference for steps of them."""

    by: str
    derivative: Size | None
    reason: str
    steps: str
    difference: Size | None
    value: Number | None
    increase: Number | None


class DerivativesAnswer(PointAnswer, command="sensitivity"):
    """Derivatives of higher order; ``matrix`` is the Hessian, where all are asked for."""

    matrix: tuple[tuple[Size | None, ...], ...] | Absent
    rows: tuple[DerivativeRow, ...]


def page(found: Hessian) -> Sheet:
    """Return the Hessian: every second derivative that is not 0, and its exact difference."""
    kept = [m for m in found.entries.values() if not _vanishes(m)]
    notes = (
        [] if len(kept) == len(found.entries) else [phrase("all other second derivatives are 0")]
    )
    names, rows = found.names, tuple(map(_row, found.entries.values()))
    matrix = tuple(tuple(found.by(a, b).derivative for b in names) for a in names)
    answer = DerivativesAnswer(**about(found.subject), matrix=matrix, rows=rows)
    return _sheet(found.subject, "Second derivatives", kept, notes, answer)


def mixed(subject: Subject, found: Mixed) -> Sheet:
    """Return one derivative of higher order."""
    answer = DerivativesAnswer(**about(subject), matrix=ABSENT, rows=(_row(found),))
    return _sheet(subject, "Derivative", [found], [], answer)


def _vanishes(found: Mixed) -> bool:
    return found.derivative == 0 and found.difference == 0


def _sheet(
    subject: Subject,
    title: str,
    items: list[Mixed],
    notes: list[Phrase],
    answer: DerivativesAnswer,
) -> Sheet:
    here = subject.known
    columns = [Column("by", "By"), Column("derivative", "Derivative")]
    columns += [Column("steps", "Steps", "right"), Column("difference", "Difference")]
    if here:
        columns += [Column("value", "Value", "right"), Column("increase", "By steps", "right")]
    reasons = dict.fromkeys(m.reason for m in items if m.reason)
    return Sheet(
        f"{title} of {subject.measure} of {remarks.title(subject.network)}",
        tuple(columns),
        tuple(_line(subject, m, here) for m in items),
        tuple(footer(subject)),
        (*notes, *map(phrase, reasons), *remarks.conditions(subject.network)),
        order=subject.network.symbols,
        notations=remarks.notations(subject.network),
        answer=answer,
    )


def footer(subject: Subject) -> list[tuple[str, Cell]]:
    """Return the measure, and what it is at the point."""
    told: list[tuple[str, Cell]] = [(subject.measure, closed(subject.formula))]
    if subject.point:
        here = f"  at {remarks.at(subject.point.items())}"
        told.append((here, subject.at(subject.formula)))
    return told


def about(subject: Subject) -> dict[str, Any]:
    """Return the fields of a :class:`PointAnswer`."""
    network = subject.network
    return {
        "model": subject.name,
        "measure": subject.measure,
        "formula": subject.formula,
        "point": subject.point,
        "conditions": (*network.assumed, *network.conditions),
    }


def _line(subject: Subject, found: Mixed, here: bool) -> Line:
    names: list[Cell] = []
    for name in found.by:
        names += [", " if names else "", of_atom(subject.network.is_symbol(name))]
    steps = ", ".join("varies" if s is None else str(s) for s in found.steps)
    cells: list[Cell] = [phrase(*names), _or_none(found.derivative), steps]
    cells.append(_or_none(found.difference))
    if here:
        cells += [found.value, found.increase]
    return Line(tuple(cells))


def _or_none(size: Size | None) -> Cell:
    return "none" if size is None else closed(size)


def _row(found: Mixed) -> DerivativeRow:
    steps = ",".join("" if s is None else str(s) for s in found.steps)
    return DerivativeRow.like(found, by=",".join(found.by), steps=steps)
