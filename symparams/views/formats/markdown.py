"""A sheet as GitHub-flavoured Markdown."""

from __future__ import annotations

import re

from symparams.algebra import Form, Polynomial
from symparams.views.cells import Cell, Equation, Phrase, Relation
from symparams.views.sheet import Line, Sheet, filled
from symparams.views.written import clean, shown

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~&!$])")
_BAR = re.compile(r"(?<!\\)\|")
_INDENT = "&nbsp;&nbsp;"


def render(sheet: Sheet) -> str:
    """Return title, table, totals and notes."""
    parts = []
    if sheet.layout == "formula":
        parts += [_code(shown(row.cells[0])) for row in sheet.told]
        parts += [_cell(note) for note in sheet.notes]
        return "\n\n".join(parts)
    parts = [f"**{escape(sheet.title)}**", *map(escape, sheet.lead)]
    if sheet.layout == "lines":
        parts.append("\n".join(_item(row) for row in sheet.told))
    elif sheet.rows:
        parts.append(_table(sheet))
    if sheet.footer:
        parts.append(
            "\n".join(f"- {escape(shown(k).strip())}: {_cell(v)}" for k, v in sheet.footer)
        )
    if sheet.notes:
        parts.append("\n".join(f"- {_cell(note)}" for note in sheet.notes))
    return "\n\n".join(parts)


def escape(words: str) -> str:
    r"""Return text in which Markdown sees no markup: ``kv\_heads``."""
    return _SPECIAL.sub(r"\\\1", clean(words))


def _code(words: str) -> str:
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", words)), default=0))
    pad = " " if "`" in words else ""
    return f"{fence}{pad}{words}{pad}{fence}"


def _cell(cell: Cell) -> str:
    if isinstance(cell, Phrase):
        return "".join(map(_cell, cell.pieces))
    written = shown(cell)
    if written and isinstance(cell, Polynomial | Form | Equation | Relation):
        return _code(written)
    return escape(written)


def _item(row: Line) -> str:
    first, *others = row.cells
    told = " ".join(_cell(c) for c in others if c is not None)
    return f"{'  ' * row.depth}- **{_cell(first)}**{': ' if told else ''}{told}"


def _table(sheet: Sheet) -> str:
    heads = [escape(c.heading) for c in sheet.columns]
    rules = ["---:" if c.align == "right" else "---" for c in sheet.columns]
    lines = [_row(heads), _row(rules)]
    for row in sheet.rows:
        if row.style == "rule":
            continue
        # Inside a table even the bars of code are escaped.
        cells = [_BAR.sub(r"\|", _cell(c)) for c in filled(row, sheet.columns)]
        cells[0] = _INDENT * row.depth + cells[0]
        if row.style in ("group", "total", "section") and cells[0].strip():
            cells[0] = f"**{cells[0]}**"
        lines.append(_row(cells))
    return "\n".join(lines)


def _row(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"
