r"""A sheet as LaTeX: a ``tabular``, an ``align*`` (needs amsmath), or the bare formula."""

from __future__ import annotations

from symparams.views.cells import Cell, Phrase, Stated
from symparams.views.latex import escape, latex_formula, latex_math, latex_text
from symparams.views.sheet import Line, Sheet, filled

__all__ = ["latex_formula", "render"]


def render(sheet: Sheet) -> str:
    """Return the sheet for a paper; numbers keep their separators as ``{,}``."""
    if sheet.layout == "formula":
        conditions = "".join(rf" \quad {_in_math(note)}" for note in sheet.notes)
        return "\n".join(f"{_in_math(row.cells[0])}{conditions}" for row in sheet.told)
    return _aligned(sheet) if sheet.layout == "lines" else _tabular(sheet)


def _in_math(cell: Cell) -> str:
    """Return a cell for math mode, words in ``\\text``."""
    if isinstance(cell, Stated):
        return _in_math(cell.maths)
    if isinstance(cell, Phrase):
        return "".join(_in_math(piece) for piece in cell.pieces)
    shown = latex_math(cell)
    if shown is not None:
        return shown
    return rf"\text{{{latex_text(cell)}}}" if cell else ""


def _aligned(sheet: Sheet) -> str:
    lines = []
    for row in sheet.told:
        name, *others = row.cells
        told = r" \quad ".join(_in_math(c) for c in others if c is not None)
        indent = r"\quad " * row.depth
        lines.append(rf"  {indent}{_in_math(name)}&\colon {told}".rstrip())
    body = " \\\\\n".join(lines)
    notes = [rf"\par {latex_text(note)}" for note in sheet.notes]
    return "\n".join([r"\begin{align*}", body, r"\end{align*}", *notes])


def _tabular(sheet: Sheet) -> str:
    width = len(sheet.columns)
    spec = "".join("r" if c.align == "right" else "l" for c in sheet.columns)
    lines = [rf"\begin{{tabular}}{{{spec}}}"]
    lines += [_across(escape(words), width) for words in sheet.lead]
    lines.append(r"\hline")
    if sheet.headed:
        lines += [" & ".join(escape(c.heading) for c in sheet.columns) + r" \\", r"\hline"]
    lines += [_row(row, sheet) for row in sheet.rows]
    if lines[-1] != r"\hline":
        lines.append(r"\hline")
    for label, value in sheet.footer:
        lines.append(_across(f"{escape(label.strip())}: {latex_text(value)}", width))
    lines += [_across(latex_text(note), width) for note in sheet.notes]
    return "\n".join([*lines, r"\end{tabular}"])


def _across(words: str, width: int) -> str:
    return rf"\multicolumn{{{width}}}{{l}}{{{words}}} \\"


def _row(row: Line, sheet: Sheet) -> str:
    if row.style == "rule":
        return r"\hline"
    if row.style == "section":
        return _across(rf"\textbf{{{latex_text(row.cells[0])}}}", len(sheet.columns))
    cells = [latex_text(c) for c in filled(row, sheet.columns)]
    if row.style in ("group", "total") and cells[0]:
        cells[0] = rf"\textbf{{{cells[0]}}}"
    cells[0] = r"\quad " * row.depth + cells[0]
    return " & ".join(cells).rstrip(" ") + r" \\"
