"""A text against somebody's own module: what differs, where, and by how much."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from symparams.algebra import Number, Size
from symparams.errors import several
from symparams.frameworks import (
    CheckedPoint,
    ModuleCheck,
    TakenApart,
    TensorDifference,
    TotalDifference,
)
from symparams.interchange import CommandAnswer
from symparams.records import Record
from symparams.views import remarks
from symparams.views.cells import Cell, Phrase, closed, phrase
from symparams.views.sheet import Column, Line, Sheet

#: So many pieces are told one by one.
MOST_PIECES = 4


class DifferingTotal(Record):
    """A total that differs: of the text, of the module, and their difference as a formula."""

    measure: str
    declared: int
    found: int
    formula: Size | None


class TiedTensors(Record):
    """Two names of one tensor."""

    first: str
    other: str


class ModuleAnswer(CommandAnswer, command="verify"):
    """Whether a module has the tensors of a text, at each point, and the differences at ``at``."""

    model: str
    module: str
    framework: str
    convention: str
    agrees: bool
    tensors: int
    values: int
    points: tuple[CheckedPoint, ...]
    at: Mapping[str, Number]
    totals: tuple[DifferingTotal, ...]
    parts: tuple[TakenApart, ...]
    tied: tuple[TiedTensors, ...]
    remarks: tuple[str, ...]
    rows: tuple[TensorDifference, ...]


def page(found: ModuleCheck, convention: str, said_by: str) -> Sheet:
    """Return a line a difference, if there are any; below, what was compared and how.

    ``convention`` is how the text was counted; ``said_by`` who asked for it, "" where it is
    the framework's own.
    """
    columns = (
        Column("text", "Layer"),
        Column("module", "Module"),
        Column("what", "Tensor"),
        Column("declared", "symparams"),
        Column("found", found.module),
    )
    return Sheet(
        f"{found.model} against {found.module}, a module of {found.framework}",
        columns,
        tuple(map(_line, found.differences)),
        tuple(_footer(found, convention, said_by)),
        tuple(_notes(found)),
        answer=_answer(found, convention),
    )


def _line(difference: TensorDifference) -> Line:
    tensor = difference.tensor or "all"
    if difference.copies > 1:
        tensor = f"{tensor} × {difference.copies}"
    cells = (
        difference.text or "none",
        difference.module or "none",
        tensor,
        difference.declared or "none",
        difference.found or "none",
    )
    return Line(cells, style="failed")


def _footer(found: ModuleCheck, convention: str, said_by: str) -> Iterator[tuple[str, Cell]]:
    compared = f"{several(found.tensors, 'tensor')} of {several(found.values, 'value')}"
    here = remarks.at(found.at.items()) if found.at else ""
    if found.agrees:
        yield "equal", compared + (f" at {here}" if here else "")
    else:
        yield "differences", str(len(found.differences)) + (f" at {here}" if here else "")
        yield "compared", compared
    for total in found.totals:
        yield total.measure, _total(total)
    if len(found.points) > 1:
        yield "points", _points(found)
    for part in found.parts:
        yield f"{part.pattern}", _part(part)
    yield (
        "convention",
        f"{convention} (as {said_by} says)"
        if said_by
        else f"{convention} (of the framework's layers)",
    )


def _total(total: TotalDifference) -> Cell:
    text = f"{total.declared:,} in the text, {total.found:,} in the module"
    if total.formula is None:
        return text
    return phrase(f"{text}: it has ", closed(total.formula), " more")


def _points(found: ModuleCheck) -> str:
    equal = sum(p.equal for p in found.points)
    told = "; ".join(remarks.at(p.sizes.items()) for p in found.points)
    return f"{equal} of {len(found.points)} equal ({told})"


def _part(part: TakenApart) -> str:
    whole = _shape(part.axes)
    pieces = [_shape(p) for p in part.pieces]
    if len(pieces) == 1:
        told = f"as {pieces[0]}"
    elif len(set(pieces)) == 1:
        told = f"{len(pieces)} of {pieces[0]}"
    elif len(pieces) <= MOST_PIECES:
        told = " and ".join(pieces)
    else:
        told = f"{len(pieces)} tensors"
    by = ", as --map says" if part.told else ""
    return f"{whole} of the {part.side} is {told}{by}"


def _shape(axes: tuple[int, ...]) -> str:
    return "x".join(map(str, axes)) or "scalar"


def _notes(found: ModuleCheck) -> Iterator[Phrase]:
    for difference in found.differences:
        if difference.remark:
            yield phrase(f"{difference.text or difference.module}: {difference.remark}")
    for first, other in found.tied:
        yield phrase(f"{other} is {first}, counted once")
    for note in found.notes:
        yield phrase(note)


def _answer(found: ModuleCheck, convention: str) -> ModuleAnswer:
    return ModuleAnswer.like(
        found,
        convention=convention,
        totals=tuple(
            DifferingTotal(t.measure, t.declared, t.found, t.formula) for t in found.totals
        ),
        tied=tuple(TiedTensors(a, b) for a, b in found.tied),
        remarks=found.notes,
        rows=found.differences,
    )
