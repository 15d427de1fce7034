"""Two models compared: the layers that differ, the total, and where one overtakes the other."""

from __future__ import annotations

from collections.abc import Iterator

from symparams.algebra import Number, Polynomial, Size, of_atom
from symparams.analysis import DiffRow, ModelDiff, PartCrossover, Threshold
from symparams.errors import several
from symparams.interchange import CommandAnswer
from symparams.records import Record
from symparams.views import remarks
from symparams.views.cells import Cell, Phrase, closed, phrase
from symparams.views.pages.crossover import (
    MOST_LISTED,
    SpanRow,
    ordered,
    ranged,
    root,
    span_rows,
)
from symparams.views.sheet import RULE, Column, Line, Sheet


class DiffedLayer(Record):
    """A layer of one model or of both; ``left`` and ``right`` are its names there.

    ``change`` is added, removed, changed, resized (the same formula, at other defaults) or same.
    The ``numbers`` are at the defaults of each model; None where a size has none.
    """

    change: str
    left: str | None
    right: str | None
    left_formula: Size
    right_formula: Size
    difference: Size
    left_number: Number | None
    right_number: Number | None
    number: Number | None


class ChangedDefault(Record):
    """A size that both models have, with its default in each."""

    name: str
    left: Size | None
    right: Size | None


class DiffAnswer(CommandAnswer, command="diff"):
    """What the right model has more than the left one; the rows add up to the total.

    ``always`` is the sign at all sizes of left less right, where it is proved.
    """

    left: str
    right: str
    measure: str
    unit: str
    differs: bool
    rows: tuple[DiffedLayer, ...]
    total: DiffedLayer
    defaults: tuple[ChangedDefault, ...]
    conditions: tuple[tuple[str, ...], tuple[str, ...]]
    always: int | None
    crossings: tuple[SpanRow, ...]
    undecided: str
    notes: tuple[str, ...]


def page(found: ModelDiff, everything: bool = False) -> Sheet:
    """Return a line a layer that differs, and the totals.

    Args:
        found: the rows.
        everything: show what is the same too.
    """
    rows = [row for row in found.rows if everything or row.change != "same"]
    symbolic = any(
        isinstance(size, Polynomial) for row in (*rows, found.total) for size in row.formulas
    )
    numeric = found.total.numbers is not None
    columns = [Column("layer", "Layer"), Column("change", "Change")]
    one, other = found.names
    if symbolic:
        columns += [Column("left", one), Column("right", other), Column("difference", "Difference")]
    if numeric and symbolic:
        columns.append(Column("number", "at the defaults", "right"))
    elif numeric:
        columns += [
            Column("left_number", one, "right"),
            Column("right_number", other, "right"),
            Column("number", "Difference", "right"),
        ]
    lines = [_line(row, symbolic, numeric) for row in rows]
    total = Line(("Total", None, *_cells(found.total, symbolic, numeric)), style="total")
    left_out = sum(not r.row.is_group for r in found.rows) - sum(not r.row.is_group for r in rows)
    return Sheet(
        f"{found.measure.name} of {other} against {one}",
        tuple(columns),
        (*lines, RULE, total),
        tuple(_footer(found)),
        (
            *([phrase(f"the same in both: {several(left_out, 'layer')}")] if left_out else []),
            *_defaults(found),
            *_conditions(found),
            *_crossings(found),
            *_notes(found),
        ),
        order=tuple(dict.fromkeys(n for r in found.reports for n in r.network.symbols)),
        notations=remarks.notations_in_common(r.network.definition for r in found.reports),
        answer=_answer(found, rows),
    )


def _line(row: DiffRow, symbolic: bool, numeric: bool) -> Line:
    shown = row.row
    if not shown.is_group:
        style = "dim" if row.change == "same" else ""
        return Line(
            (_called(row), _change(row), *_cells(row, symbolic, numeric)), shown.depth, style
        )
    # Its layers follow, and a sum of the rows shall count each once.
    return Line((_called(row), _change(row)), shown.depth, "group")


def _called(row: DiffRow) -> Cell:
    """Return what a row is called: ``dense2``, or ``dense2 → linear2`` where it is renamed."""
    left, right = row.left, row.right
    if left is None or right is None or left.name == right.name:
        return row.row.name
    return f"{left.name} → {right.name}"


def _change(row: DiffRow) -> Cell:
    return None if row.change == "same" else row.change


def _cells(row: DiffRow, symbolic: bool, numeric: bool) -> Iterator[Cell]:
    total = row.left is None and row.right is None
    if symbolic:
        yield closed(row.formulas[0]) if total or row.left is not None else None
        yield closed(row.formulas[1]) if total or row.right is not None else None
        yield closed(row.difference)
    if numeric:
        numbers = row.numbers
        assert numbers is not None, "where the totals are numbers, all rows are"
        if not symbolic:
            yield from numbers
        yield numbers[1] - numbers[0]


def _footer(found: ModelDiff) -> Iterator[tuple[str, Cell]]:
    numbers = found.total.numbers
    if numbers is not None:
        for name, number in zip(found.names, numbers, strict=True):
            yield f"{name}", number


def _defaults(found: ModelDiff) -> Iterator[Phrase]:
    """Yield the sizes whose defaults differ: ``defaults: l = 12 → 24, h = 768 → 1,024``."""
    pieces: list[Cell] = []
    for name, (left, right) in found.defaults.items():
        pieces += [", " if pieces else "defaults: ", f"{name} = ", left, " → ", right]
    if pieces:
        yield phrase(*pieces)


def _conditions(found: ModelDiff) -> Iterator[Phrase]:
    """Yield what must hold of one of the models alone."""
    both = [list(remarks.conditions(one.network)) for one in found.reports]
    for name, own, others in zip(found.names, both, reversed(both), strict=True):
        yield from (phrase(f"{name}: ", told) for told in own if told not in others)


def _crossings(found: ModelDiff) -> Iterator[Phrase]:
    crossed = found.crossover
    if found.undecided:
        yield phrase(f"where they cross is not known: {found.undecided}")
    if crossed is None:
        return
    if crossed.always is not None:
        yield phrase(f"at all sizes {ordered(crossed, crossed.always)} (proved)")
        return
    given = crossed.subject.given
    if given:
        yield phrase(f"where they cross, the other sizes at {remarks.at(given.items())}:")
    for threshold in crossed.thresholds:
        yield from _threshold(crossed, threshold)


def _threshold(crossed: PartCrossover, threshold: Threshold) -> Iterator[Phrase]:
    """Yield where the order changes along one size: in numbers, or else as a formula."""
    name, spans = threshold.symbol, threshold.spans
    own = of_atom(crossed.subject.size(name))
    if spans is None:
        yield from (phrase("equal at ", own, " = ", root(r)) for r in threshold.roots or ())
        if threshold.reason:
            yield phrase(f"along {name}: {threshold.reason}")
        return
    told = [f"{ordered(crossed, span.sign)} for {ranged(name, span)}" for span in spans]
    if len(spans) == 1 and spans[0].sign is not None:
        told = [f"{ordered(crossed, spans[0].sign)} at every {name}"]
    more = len(told) - MOST_LISTED
    told = [*told[:MOST_LISTED], *([f"and {more} more changes"] if more > 0 else [])]
    yield phrase(f"along {name}: {', '.join(told)}")


def _notes(found: ModelDiff) -> Iterator[Phrase]:
    for name, one in zip(found.names, found.reports, strict=True):
        yield from (phrase(f"{name}: {note}") for note in one.notes)


def _answer(found: ModelDiff, rows: list[DiffRow]) -> DiffAnswer:
    left, right = found.reports
    crossed = found.crossover
    return DiffAnswer(
        left=found.names[0],
        right=found.names[1],
        measure=found.measure.name,
        unit=found.measure.unit,
        differs=found.differs,
        rows=tuple(_layer(row) for row in rows if not row.row.is_group),
        total=_layer(found.total),
        defaults=tuple(ChangedDefault(n, *both) for n, both in found.defaults.items()),
        conditions=(left.conditions, right.conditions),
        always=None if crossed is None else crossed.always,
        crossings=() if crossed is None else span_rows(crossed),
        undecided=found.undecided,
        notes=tuple(
            f"{name}: {note}"
            for name, one in zip(found.names, found.reports, strict=True)
            for note in one.notes
        ),
    )


def _layer(row: DiffRow) -> DiffedLayer:
    numbers = row.numbers or (None, None)
    number = row.numbers[1] - row.numbers[0] if row.numbers is not None else None
    left, right = (None if r is None else r.name for r in (row.left, row.right))
    return DiffedLayer(
        change=row.change,
        left=left,
        right=right,
        left_formula=row.formulas[0],
        right_formula=row.formulas[1],
        difference=row.difference,
        left_number=numbers[0],
        right_number=numbers[1],
        number=number,
    )
