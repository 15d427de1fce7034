r"""A sheet as an HTML fragment, as notebooks show it; everything in it is escaped.

Formulas stand between ``\(`` and ``\)``, which MathJax sets, and KaTeX. Words of strangers
cannot be taken for formulas: each ``$`` and ``\`` of theirs is an element by itself.
"""

from __future__ import annotations

import re
from html import escape as _escape

from symparams.algebra import Form, Polynomial
from symparams.network import Bundled, Signal
from symparams.views.cells import Cell, Copies, Equation, Phrase, Relation
from symparams.views.latex import latex_math
from symparams.views.mathematics import MathSetter
from symparams.views.sheet import Line, Sheet, filled
from symparams.views.typesetting import Typesetting
from symparams.views.written import clean, shown

_ALIGN = {"left": "text-align: left", "right": "text-align: right"}
#: What begins a formula. Neither MathJax nor KaTeX looks for it across elements.
_DELIMITER = re.compile(r"[$\\]")
_PLAINLY = r'<span class="tex2jax_ignore mathjax_ignore">\g<0></span>'


def render(sheet: Sheet) -> str:
    """Return a ``<div class="symparams">`` with the table and what is said below it."""
    setter = Typesetting().setter(sheet)
    parts = ['<div class="symparams">']
    if sheet.layout != "formula":
        parts.append(f"<p><strong>{escape(sheet.title)}</strong></p>")
        parts += [f"<p>{escape(words)}</p>" for words in sheet.lead]
    if sheet.layout == "formula":
        parts += [f"<p>{_cell(row.cells[0], setter)}</p>" for row in sheet.told]
    elif sheet.rows:
        parts += _table(sheet, setter)
    parts += [
        f"<p>{escape(shown(label).strip())}: {_cell(value, setter)}</p>"
        for label, value in sheet.footer
    ]
    if sheet.notes:
        parts += ["<ul>", *(f"<li>{_cell(note, setter)}</li>" for note in sheet.notes), "</ul>"]
    return "\n".join([*parts, "</div>"])


def escape(words: str) -> str:
    """Return text in which HTML sees no markup."""
    return _DELIMITER.sub(_PLAINLY, _escape(clean(words), quote=True))


def _cell(cell: Cell, setter: MathSetter) -> str:
    if isinstance(cell, Phrase):
        return "".join(_cell(piece, setter) for piece in cell.pieces)
    if _has_formula(cell):
        return rf"\({_escape(latex_math(cell, setter) or '')}\)"
    return escape(shown(cell))


def _has_formula(cell: Cell) -> bool:
    """Tell whether a cell is set as mathematics; a shape or a repeat of numbers is plain text."""
    match cell:
        case Signal():
            return any(isinstance(axis, Polynomial) for axis in cell.axes)
        case Bundled():
            return any(map(_has_formula, cell.items))
        case Copies():
            return isinstance(cell.times, Polynomial)
        case _:
            return isinstance(cell, Polynomial | Form | Equation | Relation)


def _table(sheet: Sheet, setter: MathSetter) -> list[str]:
    lines = ["<table>"]
    if sheet.headed:
        heads = (
            f'<th style="{_ALIGN[c.align]}">{_cell(c.head, setter)}</th>' for c in sheet.columns
        )
        lines.append(f"<thead><tr>{''.join(heads)}</tr></thead>")
    lines.append("<tbody>")
    lines += [_row(row, sheet, setter) for row in sheet.rows if row.style != "rule"]
    return [*lines, "</tbody>", "</table>"]


def _row(row: Line, sheet: Sheet, setter: MathSetter) -> str:
    if row.style == "section":
        span = f' colspan="{len(sheet.columns)}" style="{_ALIGN["left"]}"'
        return f"<tr><th{span}>{_cell(row.cells[0], setter)}</th></tr>"
    cells = []
    for k, (cell, column) in enumerate(zip(filled(row, sheet.columns), sheet.columns, strict=True)):
        style = _ALIGN[column.align]
        if not k and row.depth:
            style += f"; padding-left: {1 + row.depth}em"
        written = _cell(cell, setter)
        if row.style in ("group", "total") and written:
            written = f"<strong>{written}</strong>"
        cells.append(f'<td style="{style}">{written}</td>')
    return f"<tr>{''.join(cells)}</tr>"
