"""One neutral structure between what is shown (pages) and how (formats).

A page makes a :class:`Sheet`, a format turns any sheet into text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from math import inf
from typing import Any

from symparams.interchange import CommandAnswer, json_value
from symparams.views.cells import Cell, Phrase
from symparams.views.written import simpler


@dataclass(frozen=True, slots=True)
class Column:
    """A column.

    Attributes:
        align: ``left`` or ``right``.
        prose: it holds sentences, which are folded also where data are not.
    """

    key: str
    heading: str
    align: str = "left"
    prose: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A row of cells.

    Attributes:
        cells: one a column; of a section, its heading alone; of a rule, none.
        depth: how far the first cell is moved in.
        style: ``group`` (a head), ``total``, ``dim``, ``section``, ``rule``, ``failed``,
            ``undecided``, or nothing.
    """

    cells: tuple[Cell, ...]
    depth: int = 0
    style: str = ""


#: A line across the table.
RULE = Line((), style="rule")


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
        tree: a line's depth is drawn as branches, where the format has lines for it.
        picture: gives it as SVG, where it is drawn; notebooks show that instead.
        answer: the same, exact, for programs; its field ``rows`` has one record a row. A
            function gives it where it holds more than is shown, and takes longer.
    """

    title: str
    columns: tuple[Column, ...]
    rows: tuple[Line, ...]
    footer: tuple[tuple[str, Cell], ...] = ()
    notes: tuple[Phrase, ...] = ()
    lead: tuple[str, ...] = ()
    layout: str = "table"
    answer: CommandAnswer | Callable[[], CommandAnswer] = field(default_factory=CommandAnswer)
    tree: bool = False
    picture: Callable[[], str] | None = None

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
