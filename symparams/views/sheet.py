"""One neutral structure between what is shown (pages) and how (formats).

A page makes a :class:`Sheet`, a format turns any sheet into text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from math import inf
from typing import Any

from symparams.interchange import CommandAnswer, json_value
from symparams.language import MathNode
from symparams.views.cells import Cell, Phrase
from symparams.views.written import simpler


@dataclass(frozen=True, slots=True)
class Column:
    """A column; ``align`` is ``left`` or ``right``."""

    key: str
    heading: str
    align: str = "left"


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

    def answered(self) -> CommandAnswer:
        """Return the answer for programs."""
        return self.answer() if callable(self.answer) else self.answer

    @property
    def data(self) -> Any:
        """The answer in plain data: integers are integers, formulas text, records mappings."""
        return json_value(self.answered(), simpler, largest=inf)

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
