"""One neutral structure between what is shown (pages) and how (formats).

A page makes a :class:`Sheet`, a format turns any sheet into text. Cells hold
sizes, forms and shapes, never printed formulas, so that every format writes
them in its own notation.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, TypeAlias

from symparams.algebra import Form, Polynomial, Size, Symbol, divide, short, text
from symparams.network import Bundled, Flow, Signal


@dataclass(frozen=True, slots=True)
class Over(Form):
    """A quotient that is not worked out: ``32/4``; nothing but a cell or an equation holds it."""

    above: Form
    below: Form


@dataclass(frozen=True, slots=True)
class Root(Form):
    """The root of a form, ``sqrt(h^2 + 1)``. Only an :class:`Equation` holds it."""

    degree: int
    inner: Form


@dataclass(frozen=True, slots=True)
class PlusMinus(Form):
    """Both roots at once: ``plain ± times*sqrt(under)``; above an :class:`Over`, or alone."""

    plain: Form
    times: Form
    under: Form


@dataclass(frozen=True, slots=True)
class SumOver(Form):
    """A sum that is not worked out: ``sum(k·h for k in 1..n)``; only an equation holds it."""

    inner: Form
    index: Symbol
    first: Size
    last: Size


@dataclass(frozen=True, slots=True)
class Equation:
    """Forms that are equal, written as by hand: ``3·3·32·64 + 64 = 18,496``."""

    sides: tuple[Form, ...]


@dataclass(frozen=True, slots=True)
class Copies:
    """How often something stands there: ``× 3``."""

    times: Size


@dataclass(frozen=True, slots=True)
class Relation:
    """Two sizes compared; ``sign`` is ``= == > >=`` or ``divides``."""

    left: Size
    sign: str
    right: Size


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words and formulas in a row."""

    pieces: tuple[Cell, ...]


Cell: TypeAlias = (
    "int | Fraction | Polynomial | Form | Signal | Bundled | Equation | Copies | Relation | Phrase"
    " | str | None"
)


def phrase(*pieces: Cell) -> Phrase:
    """Words and formulas, one behind the other."""
    return Phrase(pieces)


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
        style: ``group`` (a head), ``total``, ``dim``, ``section``, ``rule``, ``failed``,
            ``undecided``, or nothing.
    """

    cells: tuple[Cell, ...]
    depth: int = 0
    style: str = ""


#: A line across the table.
RULE = Line((), style="rule")


def section(heading: str) -> Line:
    """A heading between rows."""
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
        data: the same, exact and plain, for machines: integers are integers,
            formulas text; ``data["rows"]`` is a list of dicts, one a row.
    """

    title: str
    columns: tuple[Column, ...]
    rows: tuple[Line, ...]
    footer: tuple[tuple[str, Cell], ...] = ()
    notes: tuple[Phrase, ...] = ()
    lead: tuple[str, ...] = ()
    layout: str = "table"
    data: Mapping[str, Any] = field(default_factory=dict)

    @property
    def headed(self) -> bool:
        """Whether there are rows under headings."""
        return bool(self.rows) and any(column.heading for column in self.columns)

    @property
    def told(self) -> tuple[Line, ...]:
        """The rows that have cells."""
        return tuple(row for row in self.rows if row.cells)


def quotient(fraction: tuple[Size, Size]) -> Cell:
    """A fraction in lowest terms as a cell: a size where nothing stands below."""
    above, below = fraction
    if not isinstance(below, Polynomial) or len(below.terms) == 1:
        return closed(divide(above, below))
    return Over(short(above), short(below))


def closed(size: Size) -> Cell:
    """A size as a cell, a formula in its shortest form."""
    return short(size) if isinstance(size, Polynomial) else size


def plain(size: Size | None) -> int | str | None:
    """A size for ``data``: an int as it is, all else in the language's notation."""
    return size if size is None or isinstance(size, int) else text(size)


def plain_axes(signal: Flow | None) -> list[Any] | None:
    """A shape for ``data``; a list of shapes for a bundle."""
    if signal is None:
        return None
    if isinstance(signal, Bundled):
        return [plain_axes(item) for item in signal.items]
    return [plain(axis) for axis in signal.axes]


def filled(row: Line, columns: Iterable[Column]) -> tuple[Cell, ...]:
    """The cells of a row, one for each column."""
    missing = len(tuple(columns)) - len(row.cells)
    return (*row.cells, *(None,) * missing)
