"""The table of layers with several measures side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from symparams.algebra import Number, Polynomial, Size, as_number, divide, substitute
from symparams.analysis import ColumnReport, Report, Row
from symparams.elaboration import is_size
from symparams.errors import SymparamsError
from symparams.interchange import ABSENT, Absent, CommandAnswer, Further
from symparams.network import Flow
from symparams.records import Record
from symparams.views import remarks
from symparams.views.byte_units import bytes_in, in_unit
from symparams.views.cells import Cell, Copies, closed, phrase
from symparams.views.pages.sensitivity import decimal
from symparams.views.pages.shares import percent
from symparams.views.sheet import RULE, Column, Line, Sheet


class MeasuredColumn(Record):
    """A column: its total, and the number at the defaults; ``unit`` is "" of a formula."""

    name: str
    formula: str
    unit: str
    total: Size
    number: Number | None


class ColumnsRow(Record):
    """A layer or a block, with the total of each column under its name.

    ``shares`` are those of each column's total, where they are asked for.
    """

    name: str
    kind: str
    depth: int
    group: bool
    output: Flow | None
    totals: Further[Size | None]
    shares: Mapping[str, Number | None] | Absent = ABSENT


class ColumnsAnswer(CommandAnswer, command="show"):
    """The layers with several measures side by side."""

    model: str
    values: Mapping[str, Size]
    columns: tuple[MeasuredColumn, ...]
    rows: tuple[ColumnsRow, ...]
    symbols: tuple[remarks.OpenSize, ...]
    conditions: tuple[str, ...]
    notes: tuple[str, ...]


def page(
    found: ColumnReport,
    expand: bool = True,
    tree: bool = False,
    shares: bool = False,
    unit: str = "",
) -> Sheet:
    """Return a line a layer, a column a measure; numbers where there are, or else formulas.

    Args:
        found: the rows.
        expand: show the layers inside blocks, not only the blocks.
        tree: the model stands above its layers, and branches lead to them.
        shares: tell of each number how many percent of the total it is.
        unit: of bytes, as MB, in place of bytes; the answer for programs keeps these.

    Raises:
        SymparamsError: there is no such unit, or no column counts bytes.
    """
    network = found.network
    values = {**network.defaults, **network.settled} if found.at_defaults is not None else {}
    measured = [
        _Measured(column.name, one, values, shares, unit if one.measure.unit == "bytes" else "")
        for column, one in zip(found.columns, found.reports, strict=True)
    ]
    if unit and bytes_in(unit) and not any(one.unit for one in measured):
        raise SymparamsError(
            f"--unit {unit}: no column counts bytes",
            None,
            'as in --measure "params, weight_bytes(32)"',
        )
    repeated = tree and any(row.first.times != 1 for row in found.rows)

    def heads(row: Row) -> Iterator[Cell]:
        yield _named(row) if tree else row.name
        yield row.output
        if repeated:
            yield Copies(substitute(row.times, values)) if row.times != 1 else None

    lines = [
        Line(
            (
                *heads(row.first),
                *(c for m, t in zip(measured, row.totals, strict=True) for c in m.cells(t)),
            ),
            row.first.depth + tree,
            "free" if not any(row.totals) else "group" if row.first.is_group else "",
        )
        for row in found.rows
        if expand or not row.first.depth
    ]
    columns = [Column("name", "Layer"), Column("output", "Output Shape")]
    columns += [Column("times", "Copies")] if repeated else []
    whole = [c for m in measured for c in m.cells(m.report.total)]
    name = network.definition.name if tree else "Total"
    totals = Line((name, *[None] * (len(columns) - 1), *whole), style="total")
    listed = remarks.symbols(network)
    at = remarks.at(network.defaults.items()) if values and network.defaults else ""
    return Sheet(
        f"Model: {remarks.title(network)}",
        (*columns, *(column for m in measured for column in m.columns)),
        (totals, *lines) if tree else (*lines, RULE, totals),
        notes=(
            *([phrase(f"at {at}")] if at else []),
            *([phrase("symbols: ", listed)] if listed is not None and not at else []),
            *([phrase(_NO_SHARES)] if shares and not all(m.known for m in measured) else []),
            *remarks.conditions(network),
            *remarks.settled(network, found.reports[0].notes),
        ),
        order=network.symbols,
        caption=f"Layers of {remarks.title(network)}",
        notations=remarks.notations(network),
        answer=_answer(found, measured if shares else []),
        tree=tree,
    )


_NO_SHARES = "shares are of numbers: --set gives sizes, and sensitivity --shares has formulas"


class _Measured:
    """A measure of the table: its column, and beside it that of the shares."""

    def __init__(
        self, name: str, report: Report, values: Mapping[str, Size], shares: bool, unit: str
    ) -> None:
        self.name, self.report, self.unit = name, report, unit
        self._values = values
        self._shares = shares and self.known
        heading = f"{name} ({unit})" if unit else name
        percent = Column(f"share of {name}", "%", "right")
        self.columns = (Column(name, heading, "right"), *([percent] if self._shares else []))

    @property
    def known(self) -> bool:
        """Whether the total is a number."""
        return not isinstance(self._at(self.report.total), Polynomial)

    def _at(self, total: Size) -> Size:
        return substitute(total, self._values)

    def share(self, total: Size | None) -> Number | None:
        """Return which part of the whole that is; None where there is nothing to share."""
        whole = self._at(self.report.total)
        part = None if total is None else self._at(total)
        if part is None or isinstance(part, Polynomial) or isinstance(whole, Polynomial):
            return None
        return as_number(divide(part, whole)) if whole else None

    def cells(self, total: Size | None) -> Iterator[Cell]:
        """Yield what stands in the columns of a row."""
        here = None if total is None else self._at(total)
        if here is None or isinstance(here, Polynomial) or not self.unit:
            yield None if here is None else closed(here)
        else:
            yield decimal(in_unit(here, self.unit))
        if self._shares:
            yield decimal(percent(self.share(total)))


def _named(row: Row) -> str:
    """Return the name of a row, with its kind where that says more."""
    return row.name if row.name.startswith(row.kind) else f"{row.name} ({row.kind})"


def _answer(found: ColumnReport, shared: Sequence[_Measured]) -> ColumnsAnswer:
    network, first = found.network, found.reports[0]
    return ColumnsAnswer(
        model=network.definition.name,
        values={n: v for n, v in network.values.items() if is_size(v)},  # type: ignore[misc]
        columns=tuple(
            MeasuredColumn(c.name, c.formula, r.measure.unit, r.total, _number(found, r))
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
                _shares(shared, row.totals) if shared else ABSENT,
            )
            for row in found.rows
        ),
        symbols=remarks.open_sizes(network),
        conditions=first.conditions,
        notes=first.notes,
    )


def _shares(shared: Sequence[_Measured], totals: Sequence[Size | None]) -> dict[str, Number | None]:
    return {m.name: m.share(t) for m, t in zip(shared, totals, strict=True)}


def _number(found: ColumnReport, one: Report) -> Number | None:
    """Return the total at the defaults."""
    there = found.at_defaults
    size = one.total if there is None else there.measure(one.measure.name)
    return None if isinstance(size, Polynomial) else size
