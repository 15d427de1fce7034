r"""Tables for papers: ``booktabs`` rules, a caption, notes below; over pages a ``longtable``.

A table that is too wide takes a smaller font, then folds its cells; where that is not enough,
its rows stand one below the other, a line a column.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import product

from symparams.algebra import Form, Polynomial
from symparams.language import Letters, MathNode, MathRow
from symparams.network import Bundled, Flow, Signal
from symparams.views.cells import Cell, Phrase
from symparams.views.latex import escape, latex_math, latex_text, shown_in_tex, tex
from symparams.views.line_filling import INDENT, FilledLine, LineFiller, LinePiece
from symparams.views.mathematics import HalfBracket, MathSetter, Sign, row
from symparams.views.sheet import Column, Line, Sheet, filled, ruled
from symparams.views.tex_widths import TEXT, Measurer, text_width
from symparams.views.typesetting import Typesetting, slug

#: The fonts that a table is tried in: size in points, LaTeX's command.
_FONTS = ((9, r"\small"), (8, r"\footnotesize"), (7, r"\scriptsize"))
#: Half of the space between columns, in points; and where words have to be parted for room.
_SEPARATION, _CLOSE = 4.0, 3.0
#: How far a row is moved in for each group that it stands in, in points.
_STEP = 6.0
#: The lines of a page of ``article`` in ``\small``; a longer table goes over pages.
_PAGE = 44
#: The lines of a row that stay on one page.
_TOGETHER = 12
_WORD = re.compile(r"[^\s_.\-]*[\s_.\-]*")
#: What a measured width may differ from the set one, as a part of it.
_MARGIN = 0.01


@dataclass(frozen=True, slots=True)
class TableCell:
    """A cell on lines: what LaTeX sets, and the width of the widest line in points."""

    lines: tuple[str, ...]
    width: float


#: A cell for a room in points; None is as much as it needs.
Folding = Callable[[float | None], TableCell]


class CellFolder:
    """Folds cells in a font of some size."""

    def __init__(self, setter: MathSetter, size: int, breaks_words: bool = False) -> None:
        self.setter, self.size, self.breaks_words = setter, size, breaks_words
        self.measurer = Measurer(size)

    def folding(self, cell: Cell, indent: float = 0.0) -> Folding:
        """Return what folds a cell, moved in by ``indent`` points."""

        @cache  # a column is folded to many widths before one is chosen
        def folded(room: float | None) -> TableCell:
            if room is None:
                return at(1e9)
            # Pieces that stand together may be wider than what they were made for.
            for part in (1.0, 0.97, 0.94, 0.9, 0.8):
                found = at(room * part - indent)
                if found.width <= room:
                    return found
            return at(1.0)

        def at(space: float) -> TableCell:
            lines = list(self._lines(cell, space))
            front = rf"\hspace*{{{indent:.0f}pt}}" if indent else ""
            widest = max((width for _, width in lines), default=0.0)
            return TableCell(tuple(front + line for line, _ in lines) or ("",), widest + indent)

        return folded

    def _lines(self, cell: Cell, space: float) -> Iterator[tuple[str, float]]:
        if cell is None or cell == "":
            return
        filler = LineFiller(self.measurer, TEXT, space)
        if isinstance(cell, str):
            yield from self._words(cell, space)
        elif isinstance(cell, Phrase):
            yield from self._phrase(cell, space)
        elif isinstance(cell, Form | Polynomial):
            for k, line in enumerate(filler.terms(self.setter.terms(cell))):
                yield self._set(line, continues=k > 0)
        elif isinstance(cell, Signal | Bundled):
            yield from map(self._set, filler.fill(self._axes(cell)))
        else:
            node = self.setter.cell(cell)
            assert node is not None
            yield self._set(FilledLine(0, node))

    def _set(self, line: FilledLine, continues: bool = False) -> tuple[str, float]:
        shown = tex(line.node)
        begins = line.node.items[0] if isinstance(line.node, MathRow) else line.node
        between = "{}" if isinstance(begins, Sign) and (line.level or continues) else ""
        front = rf"\hspace{{{INDENT * line.level:.0f}pt}}" if line.level else ""
        width = self.measurer.width(row(Letters("", "rm"), line.node), TEXT)
        return f"${front}{between}{shown}$", width + INDENT * line.level

    def line(self, line: FilledLine, continues: bool) -> str:
        """Return a line of a broken formula for text mode."""
        return self._set(line, continues)[0]

    def _axes(self, flow: Flow) -> list[LinePiece]:
        """Return a shape in pieces, each with the sign behind it."""
        if isinstance(flow, Bundled):
            size = self.measurer.bracket_size(self.setter.flow(flow), TEXT)
            ends = (*(Sign("comma") for _ in flow.items[1:]), HalfBracket(False, size))
            found: list[LinePiece] = []
            for item, end in zip(flow.items, ends, strict=True):
                *others, last = self._axes(item)
                found += [*others, LinePiece((*last.items, end))]
            found[0] = LinePiece((HalfBracket(True, size), *found[0].items))
            return found
        node = self.setter.flow(flow)
        if flow.tokens or not isinstance(node, MathRow):
            return [LinePiece((node,))]
        pieces: list[LinePiece] = []
        held: list[MathNode] = []
        for part in node.items:
            held.append(part)
            if part == Sign("times"):
                pieces.append(LinePiece(tuple(held)))
                held = []
        return [*pieces, LinePiece(tuple(held))]

    def _words(self, text: str, space: float) -> Iterator[tuple[str, float]]:
        held = ""
        for word in _WORD.findall(text):
            if held and self._wide(held + word.rstrip()) > space:
                yield escape(held.rstrip()), self._wide(held.rstrip())
                held = ""
            held += word
            while self.breaks_words and self._wide(held.rstrip()) > space and len(held) > 4:
                cut = next(
                    (k for k in range(len(held) - 1, 3, -1) if self._wide(held[:k] + "-") <= space),
                    4,
                )
                yield escape(held[:cut] + "-"), self._wide(held[:cut] + "-")
                held = held[cut:]
        if held.strip():
            yield escape(held.rstrip()), self._wide(held.rstrip())

    def _wide(self, text: str) -> float:
        return _text_width(text, self.size)

    def _phrase(self, cell: Phrase, space: float) -> Iterator[tuple[str, float]]:
        del space  # a phrase in a table is short: a value with its unit
        node = self.setter.in_line(cell)
        yield latex_text(cell, self.setter), self.measurer.width(node, TEXT)


@lru_cache(maxsize=50_000)  # the same words are folded to many widths
def _text_width(text: str, size: int) -> float:
    return text_width(shown_in_tex(text), size)


@dataclass(frozen=True, slots=True)
class _Grid:
    """The cells of a table in one font: the head, then the rows; None is a rule."""

    head: tuple[Folding, ...]
    rows: tuple[tuple[Folding, ...] | str | None, ...]


def table(sheet: Sheet, setter: MathSetter, asked: Typesetting) -> str:
    """Return a sheet as a table with its caption and label, and the notes under it."""
    room = asked.width * (1 - _MARGIN) - 1
    rows = [line for line in sheet.rows if asked.free or line.style != "free"]
    if sheet.total is not None:
        rows = [*ruled(rows), sheet.total]
    columns = [k for k in range(len(sheet.columns)) if _is_used(rows, sheet, k)]
    sheet_columns = [sheet.columns[k] for k in columns]
    rows = [_chosen(line, columns, sheet) for line in rows]
    fitted = _fitted(rows, sheet_columns, setter, room, sheet.headed)
    if fitted is None:
        return _records(rows, sheet, sheet_columns, setter, asked, room)
    font, lines = fitted
    spec = "".join("r" if c.align == "right" else "l" for c in sheet_columns)
    return _framed(sheet, setter, asked, font, f"@{{}}{spec}@{{}}", lines)


def _is_used(rows: Sequence[Line], sheet: Sheet, column: int) -> bool:
    """Tell whether a column has anything in the rows that are shown."""
    return not column or any(
        column < len(line.cells) and line.cells[column] not in (None, "") for line in rows
    )


def _chosen(line: Line, columns: Sequence[int], sheet: Sheet) -> Line:
    if line.style in ("rule", "section"):
        return line
    cells = filled(line, sheet.columns)
    return Line(tuple(cells[k] for k in columns), line.depth, line.style)


def _fitted(
    rows: Sequence[Line],
    columns: Sequence[Column],
    setter: MathSetter,
    room: float,
    headed: bool,
) -> tuple[str, list[list[str]]] | None:
    """Return the font and the lines of a table that has room; None where no font is small
    enough.
    """
    # A smaller font comes before folding, and folding between words before words are parted.
    for breaks, (size, own) in product((False, True), _FONTS):
        apart = _CLOSE if breaks else _SEPARATION
        font, space = _font(own, apart), room - 2 * apart * (len(columns) - 1)
        grid = _grid(rows, columns, CellFolder(setter, size, breaks), headed)
        natural = _widths(grid, [None] * len(columns))
        if sum(natural) <= space:
            return font, _lines(grid, [None] * len(columns))
        if size == _FONTS[0][0]:
            continue
        least = _widths(grid, [1.0] * len(columns))
        if sum(least) <= space:
            return font, _lines(grid, _widened(grid, _shared(natural, least, space), space))
    return None


def _font(font: str, apart: float) -> str:
    """Return a font with the space between columns; rows are apart a little, as indices with
    exponents reach into the one above.
    """
    return rf"{font}\setlength{{\tabcolsep}}{{{apart:.0f}pt}}\renewcommand{{\arraystretch}}{{1.1}}"


def _widened(grid: _Grid, caps: list[float], space: float) -> list[float]:
    """Return caps with the room that folding has left given to the column that folds most."""
    for _ in caps:
        used = _widths(grid, caps)
        left = space - sum(used)
        heights = [0] * len(caps)
        for cells in _all_cells(grid):
            for k, (folding, cap) in enumerate(zip(cells, caps, strict=True)):
                heights[k] = max(heights[k], len(folding(cap).lines))
        if left < 1 or max(heights) == 1:
            break
        tallest = heights.index(max(heights))
        caps = [u + 0.01 + left * (k == tallest) for k, u in enumerate(used)]
    return caps


def _grid(
    rows: Sequence[Line], columns: Sequence[Column], folder: CellFolder, headed: bool
) -> _Grid:
    head = tuple(folder.folding(c.head) for c in columns) if headed else ()
    found: list[tuple[Folding, ...] | str | None] = []
    for line in rows:
        if line.style == "rule":
            found.append(None)
        elif line.style == "section":
            found.append(latex_text(line.cells[0], folder.setter))
        else:
            first, *others = line.cells
            cells = [folder.folding(first, _STEP * line.depth), *map(folder.folding, others)]
            found.append(tuple(cells))
    return _Grid(head, tuple(found))


def _all_cells(grid: _Grid) -> Iterator[tuple[Folding, ...]]:
    if grid.head:
        yield grid.head
    for cells in grid.rows:
        if isinstance(cells, tuple):
            yield cells


def _widths(grid: _Grid, caps: Sequence[float | None]) -> list[float]:
    """Return the widths of columns whose cells are folded to ``caps``."""
    widths = [0.0] * len(caps)
    for cells in _all_cells(grid):
        for k, (folding, cap) in enumerate(zip(cells, caps, strict=True)):
            widths[k] = max(widths[k], folding(cap).width)
    return widths


def _shared(natural: Sequence[float], least: Sequence[float], space: float) -> list[float]:
    """Return how wide each column may be: the widest give first, none below its least."""
    low, high = 0.0, max(natural)
    for _ in range(30):  # a bisection; it ends far below a hundredth of a point
        cap = (low + high) / 2
        if sum(max(m, min(n, cap)) for n, m in zip(natural, least, strict=True)) <= space:
            low = cap
        else:
            high = cap
    return [max(m, min(n, low)) + 0.01 for n, m in zip(natural, least, strict=True)]


def _lines(grid: _Grid, caps: Sequence[float | None]) -> list[list[str]]:
    """Return the rows in LaTeX, each as its lines; the head first, ended by a rule."""
    found: list[list[str]] = []
    if grid.head:
        found += [_row(grid.head, caps, "b"), [r"\midrule"]]
    for cells in grid.rows:
        if cells is None:
            found.append([r"\midrule"])
        elif isinstance(cells, str):
            found.append([rf"\multicolumn{{{len(caps)}}}{{@{{}}l@{{}}}}{{\emph{{{cells}}}}} \\*"])
        else:
            found.append(_row(cells, caps, "t"))
    while found and found[-1] == [r"\midrule"]:
        found.pop()
    return found


def _row(cells: Sequence[Folding], caps: Sequence[float | None], side: str) -> list[str]:
    folded = [folding(cap).lines for folding, cap in zip(cells, caps, strict=True)]
    height = max(map(len, folded))
    if side == "b":
        folded = [("",) * (height - len(lines)) + lines for lines in folded]
    rows = []
    for k in range(height):
        shown = " & ".join(lines[k] if k < len(lines) else "" for lines in folded).rstrip(" ")
        # What is longer than a page has to be parted somewhere.
        together = "*" if k + 1 < height <= _TOGETHER else ""
        rows.append(f"{shown} \\\\{together}")
    return rows


def _framed(
    sheet: Sheet,
    setter: MathSetter,
    asked: Typesetting,
    font: str,
    spec: str,
    lines: Sequence[Sequence[str]],
) -> str:
    """Return rows in a ``table``, or where they need more than a page in a ``longtable``."""
    caption = escape(asked.caption if asked.caption is not None else sheet.caption or sheet.title)
    label = asked.label or f"tab:{slug(sheet.title.removeprefix('Model: '))}"
    head = [*lines[0], *lines[1]] if sheet.headed and len(lines) > 1 else []
    body = [row for line in lines[2 if head else 0 :] for row in line]
    notes = notes_of(sheet, setter, asked)
    if len(body) <= _PAGE or asked.span:  # a longtable has no place in two columns
        star = "*" if asked.span else ""
        return "\n".join(
            [
                rf"\begin{{table{star}}}[tbp]",
                r"\centering",
                rf"\caption{{{caption}}}\label{{{label}}}",
                font,
                rf"\begin{{tabular}}{{{spec}}}",
                r"\toprule",
                *head,
                *body,
                r"\bottomrule",
                r"\end{tabular}",
                *notes,
                rf"\end{{table{star}}}",
            ]
        )
    width = spec.count("l") + spec.count("r")
    more = rf"\multicolumn{{{width}}}{{@{{}}r@{{}}}}{{\emph{{continued}}}} \\"
    return "\n".join(
        [
            rf"\begingroup{font}\setlength{{\LTcapwidth}}{{\linewidth}}",
            rf"\begin{{longtable}}{{{spec}}}",
            rf"\caption{{{caption}}}\label{{{label}}} \\",
            r"\toprule",
            *head,
            r"\endfirsthead",
            r"\toprule",
            *head,
            r"\endhead",
            r"\midrule",
            more,
            r"\endfoot",
            r"\bottomrule",
            r"\endlastfoot",
            *body,
            r"\end{longtable}",
            *notes,
            r"\endgroup",
        ]
    )


def _records(
    rows: Sequence[Line],
    sheet: Sheet,
    columns: Sequence[Column],
    setter: MathSetter,
    asked: Typesetting,
    room: float,
) -> str:
    """Return each row as lines of a heading and what stands under it."""
    size, font = _FONTS[1]
    folder = CellFolder(setter, size, breaks_words=True)
    headings = [folder.folding(column.head) for column in columns]
    left = min(max(h(None).width for h in headings), room / 3) + 0.01
    right = room - left - 2 * _SEPARATION
    lines: list[list[str]] = []
    for line in rows:
        if line.style == "rule":
            continue
        if lines:
            lines.append([r"\midrule"])
        if line.style == "section":
            lines.append([rf"\multicolumn{{2}}{{@{{}}l@{{}}}}{{{latex_text(line.cells[0])}}} \\*"])
            continue
        for heading, cell in zip(headings, line.cells, strict=False):
            if cell not in (None, ""):
                pair = (heading, folder.folding(cell))
                lines.append(_row(pair, (left, right), "t"))
    framed = replace(sheet, columns=(), rows=())
    return _framed(framed, setter, asked, _font(font, _SEPARATION), "@{}ll@{}", lines)


def notes_of(
    sheet: Sheet, setter: MathSetter, asked: Typesetting, footer: bool = True
) -> list[str]:
    """Return what is said below: sentences that break anywhere, wide formulas on lines."""
    told: list[str] = [escape(words) for words in sheet.lead]
    if footer:
        pairs = sheet.footer[1:] if sheet.total is not None else sheet.footer
        for label, value in pairs:
            front = _running(label, setter, asked).strip()
            told.append(f"{front}: {_running(value, setter, asked)}")
    told += [_running(note, setter, asked) for note in sheet.notes]
    if not told:
        return []
    lines = " \\\\\n".join(told)
    return [rf"\par\smallskip{{\footnotesize\raggedright\noindent {lines}\par}}"]


def _running(cell: Cell, setter: MathSetter, asked: Typesetting) -> str:
    """Return words with formulas in them; a formula wider than a line is broken."""
    if isinstance(cell, Phrase):
        return "".join(_running(piece, setter, asked) for piece in cell.pieces)
    if cell is None or isinstance(cell, str):
        return latex_text(cell)
    measurer = Measurer(8)
    node = setter.cell(cell)
    space = asked.width * (1 - _MARGIN) - 1
    if node is None or measurer.width(node, TEXT) <= space:
        return f"${latex_math(cell, setter)}$"
    if not isinstance(cell, Form | Polynomial):
        return f"${latex_math(cell, setter)}$"
    lines = LineFiller(measurer, TEXT, space).terms(setter.terms(cell))
    folder = CellFolder(setter, 8)
    return " \\\\\n".join(folder.line(line, k > 0) for k, line in enumerate(lines))
