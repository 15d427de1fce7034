"""A sheet as HTML whose formulas are MathML: for the web, without a script."""

from __future__ import annotations

from html import escape as _escape

from symparams.language import (
    ACCENTS,
    GLYPHS,
    Accented,
    Glyph,
    Letters,
    MathNode,
    MathRow,
    OwnCommand,
    Scripted,
)
from symparams.views.cells import Cell, Phrase
from symparams.views.line_filling import INDENT, FilledLine
from symparams.views.mathematics import (
    Digits,
    Fenced,
    HalfBracket,
    MathSetter,
    OperatorName,
    Radical,
    Sign,
    Stacked,
    Summed,
    ThinSpace,
    WideSpace,
)
from symparams.views.paper_lines import GAP, DerivedLines, derivation, equations
from symparams.views.sheet import Line, Sheet, filled
from symparams.views.signs import SIGNS
from symparams.views.typesetting import Typesetting, slug
from symparams.views.written import clean

TYPESET = True
_NAMESPACE = "http://www.w3.org/1998/Math/MathML"
_FENCES = {"round": "()", "floor": "⌊⌋", "set": "{}", "square": "[]"}
#: Font → the first of its letters A and a in Unicode; MathML has no other way that browsers read.
_ALPHABETS = {
    "bf": (0x1D400, 0x1D41A),
    "sf": (0x1D5A0, 0x1D5BA),
    "tt": (0x1D670, 0x1D68A),
    "cal": (0x1D49C, 0x1D4B6),
    "bb": (0x1D538, 0x1D552),
}
#: The letters of these alphabets that Unicode had before.
_BEFORE = {("cal", c): s for c, s in zip("BEFHILMR", "ℬℰℱℋℐℒℳℛ", strict=True)} | {
    ("bb", c): s for c, s in zip("CHNPQRZ", "ℂℍℕℙℚℝℤ", strict=True)
}


def render(sheet: Sheet, typesetting: Typesetting | None = None) -> str:
    """Return the sheet as a fragment of HTML, or a document."""
    asked = typesetting or Typesetting()
    setter = asked.setter(sheet)
    if sheet.layout == "formula" and asked.bare:
        written = "\n".join(_inline(setter.in_line(line.cells[0])) for line in sheet.told)
    elif sheet.layout == "formula":
        parts = [
            _display(
                [
                    ["", "", _continued(line)]
                    if k
                    else ["", mathml(found.name), f"<mrow><mo>=</mo>{mathml(line.node)}</mrow>"]
                    for k, line in enumerate(found.lines)
                ],
                asked.label or f"eq:{slug(sheet.title)}",
            )
            for found in equations(sheet, setter, asked)
        ]
        written = "\n".join([*parts, *_notes(sheet, setter)])
    elif sheet.layout == "lines":
        found = derivation(sheet, setter, asked)
        rows = [row for line in found.lines for row in _derived(line, found.apart)]
        label = asked.label or f"eq:{slug(sheet.title)}"
        written = "\n".join([_display(rows, label), *_notes(sheet, setter)])
    else:
        written = _table(sheet, setter, asked)
    if not asked.standalone:
        return written
    head = f'<meta charset="utf-8"><title>{escape(sheet.title)}</title>'
    return f'<!DOCTYPE html>\n<html lang="en"><head>{head}</head><body>\n{written}\n</body></html>'


def escape(text: str) -> str:
    """Return text in which no browser sees markup."""
    return _escape(clean(text), quote=True)


# --- mathematics -----------------------------------------------------------


def mathml(node: MathNode) -> str:
    """Return a node as one element."""
    match node:
        case MathRow():
            return f"<mrow>{''.join(map(mathml, node.items))}</mrow>"
        case Digits():
            return f"<mn>{node.number:,}</mn>"
        case Letters():
            return _letters(node)
        case Glyph():
            return f"<mi>{GLYPHS[node.name]}</mi>"
        case Sign():
            return f"<mo>{SIGNS[node.name][2].replace('<', '&lt;').replace('>', '&gt;')}</mo>"
        case ThinSpace():
            return "<mo>&#x2062;</mo>"
        case WideSpace():
            return '<mspace width="1em"></mspace>'
        case Scripted():
            return _scripted(node)
        case Accented():
            mark = ACCENTS[node.accent]
            return f'<mover accent="true">{mathml(node.base)}<mo>{mark}</mo></mover>'
        case Stacked():
            return f"<mfrac>{mathml(node.above)}{mathml(node.below)}</mfrac>"
        case Radical():
            inner = mathml(node.inner)
            if node.degree == 2:
                return f"<msqrt>{inner}</msqrt>"
            return f"<mroot>{inner}<mn>{node.degree}</mn></mroot>"
        case Fenced():
            left, right = list(_FENCES[node.fence])
            return f"<mrow><mo>{left}</mo>{mathml(node.inner)}<mo>{right}</mo></mrow>"
        case OperatorName():
            return f"<mi>{escape(node.name)}</mi>"
        case Summed():
            return f"<munderover><mo>∑</mo>{mathml(node.first)}{mathml(node.last)}</munderover>"
        case HalfBracket():
            return f"<mo>{_FENCES[node.fence][0 if node.opens else 1]}</mo>"
        case OwnCommand():
            return mathml(node.instead)
    raise TypeError(type(node).__name__)  # pragma: no cover - there are no more nodes


def _letters(node: Letters) -> str:
    if node.font == "text":
        return f"<mtext>{escape(node.text)}</mtext>"
    if node.font in _ALPHABETS:
        return f"<mi>{''.join(_letter(node.font, c) for c in node.text)}</mi>"
    if node.text.isdigit():
        return f"<mn>{node.text}</mn>"
    if not node.text.isalnum():
        return f"<mo>{escape(node.text)}</mo>"
    upright = ' mathvariant="normal"' if node.font == "rm" and len(node.text) == 1 else ""
    return f"<mi{upright}>{node.text}</mi>"


def _letter(font: str, character: str) -> str:
    if (font, character) in _BEFORE:
        return _BEFORE[font, character]
    capital, small = _ALPHABETS[font]
    if "A" <= character <= "Z":
        return chr(capital + ord(character) - ord("A"))
    if "a" <= character <= "z":
        return chr(small + ord(character) - ord("a"))
    return character


def _scripted(node: Scripted) -> str:
    base = mathml(node.base)
    below = None if node.below is None else mathml(node.below)
    above = None if node.above is None else mathml(node.above)
    if below is not None and above is not None:
        return f"<msubsup>{base}{below}{above}</msubsup>"
    if below is not None:
        return f"<msub>{base}{below}</msub>"
    return f"<msup>{base}{above}</msup>"


def _inline(node: MathNode) -> str:
    return f'<math xmlns="{_NAMESPACE}">{mathml(node)}</math>'


# --- equations and derivations ---------------------------------------------


def _display(rows: list[list[str]], label: str) -> str:
    """Return rows of how often, name and what it is."""
    body = "\n".join(
        f"<mtr>{''.join(f'<mtd>{cell}</mtd>' for cell in cells)}</mtr>" for cells in rows
    )
    table = f'<mtable columnalign="right left left" displaystyle="true">\n{body}\n</mtable>'
    return f'<math xmlns="{_NAMESPACE}" display="block" id="{escape(label)}">{table}</math>'


def _continued(line: FilledLine) -> str:
    space = f'<mspace width="{INDENT * line.level:.0f}pt"></mspace>' if line.level else ""
    items = line.node.items if isinstance(line.node, MathRow) else (line.node,)
    shown = "".join(map(mathml, items))
    if isinstance(items[0], Sign):  # it stands between two terms
        shown = shown.replace("<mo>", '<mo form="infix">', 1)
    return f"<mrow>{space}{shown}</mrow>"


def _derived(line: DerivedLines, apart: bool) -> list[list[str]]:
    front = "" if line.times is None else f"<mrow>{mathml(line.times)}<mo>×</mo></mrow>"
    indent = f'<mspace width="{GAP * line.depth:.0f}pt"></mspace>' if line.depth else ""
    name = f"<mrow>{indent}<mtext>{escape(line.name)}</mtext></mrow>"
    if apart or not line.told:
        return [[front, name, ""], *(["", "", _continued(one)] for one in line.told)]
    first, *others = line.told
    return [[front, name, mathml(first.node)], *(["", "", _continued(one)] for one in others)]


# --- tables ----------------------------------------------------------------


def _table(sheet: Sheet, setter: MathSetter, asked: Typesetting) -> str:
    rows = [line for line in sheet.rows if asked.free or line.style != "free"]
    if sheet.total is not None:
        rows.append(sheet.total)
    caption = asked.caption if asked.caption is not None else sheet.caption or sheet.title
    label = asked.label or f"tab:{slug(sheet.title.removeprefix('Model: '))}"
    lines = [f'<table id="{escape(label)}">', f"<caption>{escape(caption)}</caption>"]
    if sheet.headed:
        heads = "".join(
            f'<th style="text-align: {c.align}">{_cell(c.head, setter)}</th>' for c in sheet.columns
        )
        lines.append(f"<thead><tr>{heads}</tr></thead>")
    lines.append("<tbody>")
    lines += [_row(line, sheet, setter) for line in rows if line.style != "rule"]
    return "\n".join([*lines, "</tbody>", "</table>", *_notes(sheet, setter)])


def _row(line: Line, sheet: Sheet, setter: MathSetter) -> str:
    if line.style == "section":
        head = _cell(line.cells[0], setter)
        return f'<tr><th colspan="{len(sheet.columns)}" style="text-align: left">{head}</th></tr>'
    cells = []
    for k, (cell, column) in enumerate(
        zip(filled(line, sheet.columns), sheet.columns, strict=True)
    ):
        style = f"text-align: {column.align}"
        if not k and line.depth:
            style += f"; padding-left: {1 + line.depth}em"
        cells.append(f'<td style="{style}">{_cell(cell, setter)}</td>')
    return f"<tr>{''.join(cells)}</tr>"


def _cell(cell: Cell, setter: MathSetter) -> str:
    if isinstance(cell, Phrase):
        return "".join(_cell(piece, setter) for piece in cell.pieces)
    if cell is None or isinstance(cell, str):
        return escape(cell or "")
    return _inline(setter.in_line(cell))


def _notes(sheet: Sheet, setter: MathSetter) -> list[str]:
    told = [escape(words) for words in sheet.lead]
    footer = sheet.footer[1:] if sheet.total is not None else sheet.footer
    told += [f"{_cell(label, setter).strip()}: {_cell(value, setter)}" for label, value in footer]
    told += [_cell(note, setter) for note in sheet.notes]
    return [f"<p>{line}</p>" for line in told]
