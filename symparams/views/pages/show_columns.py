"""The table of layers with several measures side by side."""

from __future__ import annotations

from collections.abc import Mapping

from symparams.algebra import Number, Polynomial, Size, substitute
from symparams.analysis import ColumnReport, Report
from symparams.elaboration import is_size
from symparams.interchange import CommandAnswer, Further
from symparams.network import Flow
from symparams.records import Record
from symparams.views import remarks
from symparams.views.cells import Cell, closed, phrase
from symparams.views.sheet import RULE, Column, Line, Sheet


class MeasuredColumn(Record):
    """A column: its total, and the number at the defaults."""

    name: str
    formula: str
    total: Size
    number: Number | None


class ColumnsRow(Record):
    """A layer or a block, with the total of each column under its name."""

    name: str
    kind: str
    depth: int
    group: bool
    output: Flow | None
    totals: Further[Size | None]


class ColumnsAnswer(CommandAnswer, command="show"):
    """The layers with several measures side by side."""

    model: str
    values: Mapping[str, Size]
    columns: tuple[MeasuredColumn, ...]
    rows: tuple[ColumnsRow, ...]
    symbols: tuple[remarks.OpenSize, ...]
    conditions: tuple[str, ...]
    notes: tuple[str, ...]


def page(found: ColumnReport, expand: bool = True) -> Sheet:
    """Return a line a layer, a column a measure; numbers where there are, or else formulas."""
    network = found.network
    values = {**network.defaults, **network.settled} if found.at_defaults is not None else {}

    def cell(total: Size | None) -> Cell:
        return None if total is None else closed(substitute(total, values))

    lines = [
        Line(
            (row.first.name, row.first.output, *map(cell, row.totals)),
            row.first.depth,
            "free" if not any(row.totals) else "group" if row.first.is_group else "",
        )
        for row in found.rows
        if expand or not row.first.depth
    ]
    heads = (Column("name", "Layer"), Column("output", "Output Shape"))
    totals = Line(("Total", None, *(cell(r.total) for r in found.reports)), style="total")
    listed = remarks.symbols(network)
    at = remarks.at(network.defaults.items()) if values and network.defaults else ""
    return Sheet(
        f"Model: {remarks.title(network)}",
        (*heads, *(Column(c.name, c.name, "right") for c in found.columns)),
        (*lines, RULE, totals),
        notes=(
            *([phrase(f"at {at}")] if at else []),
            *([phrase("symbols: ", listed)] if listed is not None and not at else []),
            *remarks.conditions(network),
            *remarks.settled(network, found.reports[0].notes),
        ),
        order=network.symbols,
        caption=f"Layers of {remarks.title(network)}",
        notations=remarks.notations(network),
        answer=_answer(found),
    )


def _answer(found: ColumnReport) -> ColumnsAnswer:
    network, first = found.network, found.reports[0]
    return ColumnsAnswer(
        model=network.definition.name,
        values={n: v for n, v in network.values.items() if is_size(v)},  # type: ignore[misc]
        columns=tuple(
            MeasuredColumn(c.name, c.formula, r.total, _number(found, r))
            for c, r in zip(found.columns, found.reports, strict=True)
        ),
        rows=tuple(
            ColumnsRow(
                row.first.name,
                row.first.kind,
                row.first.depth,
                row.first.is_group,
                row.first.output,
                Further(zip((c.name for c in found.columns), row.totals, strict=True)),
            )
            for row in found.rows
        ),
        symbols=remarks.open_sizes(network),
        conditions=first.conditions,
        notes=first.notes,
    )


def _number(found: ColumnReport, one: Report) -> Number | None:
    """Return the total at the defaults."""
    there = found.at_defaults
    size = one.total if there is None else there.measure(one.measure.name)
    return None if isinstance(size, Polynomial) else size
