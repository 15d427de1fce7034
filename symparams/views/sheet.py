"""One neutral structure between what is shown (pages) and how (formats).

A page makes a :class:`Sheet`, a format turns any sheet into text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from math import inf
from typing import Any

from symparams.algebra import Order, symbol
from symparams.interchange import CommandAnswer, json_value
from symparams.language import MathNode
from symparams.views.arranging import in_order
from symparams.views.cells import Cell, Phrase
from symparams.views.written import simpler


@dataclass(frozen=True, slots=True)
class Column:
    """A column.

    Attributes:
        align: ``left`` or ``right``.
        prose: it holds sentences, which are folded also where data are not.
        of_size: the heading is the name of a size, typeset as in formulas.
    """

    key: str
    heading: str
    align: str = "left"
    prose: bool = False
    of_size: bool = False

    @property
    def head(self) -> Cell:
        """The heading, for formats that typeset names."""
        return symbol(self.heading) if self.of_size else self.heading


@dataclass(frozen=True, slots=True)
class Line:
    """A row of cells.

    Attributes:
        cells: one a column; of a section, its heading alone; of a rule, none.
        depth: how far the first cell is moved in.
        style: ``group`` (a head), ``total``, ``dim``, ``free`` (dim, and papers leave it out:
            it has no weights), ``section``, ``rule``, ``failed``,
            ``undecided``, or nothing.
    """

    cells: tuple[Cell, ...]
    depth: int = 0
    style: str = ""


#: A line across the table.
RULE = Line((), style="rule")


def ruled(rows: Iterable[Line]) -> list[Line]:
    """Return rows with one line across the table behind them."""
    found = list(rows)
    return found if found[-1:] == [RULE] else [*found, RULE]


def section(heading: str) -> Line:
    """Return a heading between rows."""
    return Line((heading,), style="section")


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is shown.

    Attributes:
        title: one line above it all.
        lead: sentences under the title.
        columns, rows: the table; columns without any heading, or rows, have no head row.
        footer: labels and their values, below the table.
        notes: remarks, last.
        layout: ``table``; ``lines`` (the first cell, a colon, the others one
            behind the other); ``formula`` (the first cell of each row alone).
        answer: the same, exact, for programs; its field ``rows`` has one record a row. A
            function gives it where it holds more than is shown, and takes longer.
        total: the first line of the footer as a row, for formats that set it in the table.
        caption: what stands over the table in a paper; the title where there is none.
        notations: the names of the model's sizes → how each is typeset; None where the file
            says nothing of it.
        tree: a line's depth is drawn as branches, where the format has lines for it.
        picture: gives it as SVG, where it is drawn; notebooks show that instead.
        order: the sizes as the model declares them: the terms of a degree stand in this order.
    """

    title: str
    columns: tuple[Column, ...]
    rows: tuple[Line, ...]
    footer: tuple[tuple[str | Phrase, Cell], ...] = ()
    notes: tuple[Phrase, ...] = ()
    lead: tuple[str, ...] = ()
    layout: str = "table"
    answer: CommandAnswer | Callable[[], CommandAnswer] = field(default_factory=CommandAnswer)
    total: Line | None = None
    caption: str = ""
    notations: Mapping[str, MathNode | None] = field(default_factory=dict)
    tree: bool = False
    picture: Callable[[], str] | None = None
    order: Order = ()

    def arranged(self) -> Sheet:
        """Return the sheet with every formula in the order of its sizes, for a format to write."""
        if not self.order:
            return self
        rows = [replace(row, cells=tuple(map(self._arranged, row.cells))) for row in self.rows]
        footer = [(label, self._arranged(value)) for label, value in self.footer]
        notes = [Phrase(tuple(map(self._arranged, note.pieces))) for note in self.notes]
        return replace(self, rows=tuple(rows), footer=tuple(footer), notes=tuple(notes))

    def _arranged(self, cell: Cell) -> Cell:
        arranged: Cell = in_order(cell, self.order)
        return arranged

    def simpler(self, value: Any) -> Any:
        """Return what a value of the answer is in JSON, formulas in the order of the sizes."""
        return simpler(in_order(value, self.order) if self.order else value)

    def answered(self) -> CommandAnswer:
        """Return the answer for programs."""
        return self.answer() if callable(self.answer) else self.answer

    @property
    def data(self) -> Any:
        """The answer in plain data: integers are integers, formulas text, records mappings."""
        return json_value(self.answered(), self.simpler, largest=inf)

    @property
    def headed(self) -> bool:
        """Whether there are rows under headings."""
        return bool(self.rows) and any(column.heading for column in self.columns)

    @property
    def told(self) -> tuple[Line, ...]:
        """The rows that have cells."""
        return tuple(row for row in self.rows if row.cells)


def filled(row: Line, columns: Iterable[Column]) -> tuple[Cell, ...]:
    """Return the cells of a row, one for each column."""
    missing = len(tuple(columns)) - len(row.cells)
    return (*row.cells, *(None,) * missing)
