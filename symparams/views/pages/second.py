"""Second and mixed derivatives: a line a pair of sizes."""

from __future__ import annotations

from typing import Any

from symparams.algebra import Number, Size, of_atom
from symparams.analysis import Hessian, Mixed, Subject
from symparams.views import remarks
from symparams.views.sheet import Cell, Column, Line, Phrase, Sheet, closed, phrase, plain


def page(found: Hessian) -> Sheet:
    """The Hessian: every second derivative that is not 0, and its exact difference."""
    kept = [m for m in found.entries.values() if not _vanishes(m)]
    notes = (
        [] if len(kept) == len(found.entries) else [phrase("all other second derivatives are 0")]
    )
    sheet_rows = [_row(m) for m in found.entries.values()]
    matrix = [[plain(found.by(a, b).derivative) for b in found.names] for a in found.names]
    return _sheet(found.subject, "Second derivatives", kept, notes, sheet_rows, matrix=matrix)


def mixed(subject: Subject, found: Mixed) -> Sheet:
    """One derivative of higher order."""
    return _sheet(subject, "Derivative", [found], [], [_row(found)])


def _vanishes(found: Mixed) -> bool:
    return found.derivative == 0 and found.difference == 0


def _sheet(
    subject: Subject,
    title: str,
    items: list[Mixed],
    notes: list[Phrase],
    rows: list[dict[str, Any]],
    **more: Any,
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
        data={**data(subject), **more, "rows": rows},
    )


def footer(subject: Subject) -> list[tuple[str, Cell]]:
    """The measure, and what it is at the point."""
    told: list[tuple[str, Cell]] = [(subject.measure, closed(subject.formula))]
    if subject.point:
        here = f"  at {remarks.at(subject.point.items())}"
        told.append((here, subject.at(subject.formula)))
    return told


def data(subject: Subject) -> dict[str, Any]:
    """What every page of a measure at a point says for machines."""
    network = subject.network
    return {
        "model": subject.name,
        "measure": subject.measure,
        "formula": plain(subject.formula),
        "point": {n: plain(v) for n, v in subject.point.items()},
        "conditions": [str(c) for c in (*network.assumed, *network.conditions)],
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


def _row(found: Mixed) -> dict[str, Any]:
    steps: list[Number | None] = list(found.steps)
    return {
        "by": ",".join(found.by),
        "derivative": plain(found.derivative),
        "reason": found.reason,
        "steps": ",".join("" if s is None else str(plain(s)) for s in steps),
        "difference": plain(found.difference),
        "value": plain(found.value),
        "increase": plain(found.increase),
    }
