"""A sheet as Typst: an equation, an aligned derivation, or a table in a figure."""

from __future__ import annotations

import re

from symparams.language import (
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
from symparams.views.sheet import Sheet, filled, ruled
from symparams.views.signs import SIGNS
from symparams.views.typesetting import Typesetting, slug
from symparams.views.written import clean

TYPESET = True
_FONTS = {
    "it": 'italic("{}")',
    "rm": 'upright("{}")',
    "bf": 'bold(upright("{}"))',
    "sf": 'sans("{}")',
    "tt": 'mono("{}")',
    "cal": 'cal("{}")',
    "bb": 'bb("{}")',
    "text": '"{}"',
}
_ACCENTS = {
    "bar": "macron",
    "ddot": "dot.double",
    "vec": "arrow",
    "check": "caron",
    "mathring": "circle",
}
_FENCES = {"round": ("(", ")"), "floor": ("⌊", "⌋"), "set": ("{", "}"), "square": ("[", "]")}
_MARKUP = re.compile(r"([^\w\s])")


def render(sheet: Sheet, typesetting: Typesetting | None = None) -> str:
    """Return the sheet in Typst's notation."""
    asked = typesetting or Typesetting()
    setter = asked.setter(sheet)
    if sheet.layout == "formula" and asked.bare:
        written = "\n".join(f"${typst(setter.in_line(line.cells[0]))}$" for line in sheet.told)
    elif sheet.layout == "formula":
        written = _equations(sheet, setter, asked)
    elif sheet.layout == "lines":
        written = _derivation(sheet, setter, asked)
    else:
        written = _table(sheet, setter, asked)
    if not asked.standalone:
        return written
    page = f"#set page(width: {asked.width + 100:.2f}pt, margin: 50pt)"
    return f'{page}\n#set text(font: "New Computer Modern", size: 10pt)\n{written}'


def escape(text: str) -> str:
    r"""Return text as Typst's markup: ``kv\_heads``."""
    return _MARKUP.sub(r"\\\1", clean(text))


def _quoted(text: str) -> str:
    return clean(text).replace("\\", "\\\\").replace('"', '\\"')


# --- mathematics -----------------------------------------------------------


def typst(node: MathNode) -> str:
    """Return a node in Typst's math mode."""
    match node:
        case MathRow():
            return _row(node)
        case Digits():
            return str(node.number) if node.number < 1000 else f'"{node.number:,}"'
        case Letters():
            if node.font == "it" and len(node.text) == 1:
                return node.text
            if node.font == "rm" and node.text.isdigit():
                return node.text
            return _FONTS[node.font].format(_quoted(node.text))
        case Glyph():
            return GLYPHS[node.name]
        case Sign():
            return "\\," if node.name == "comma" else SIGNS[node.name][2]
        case ThinSpace():
            return "thin"
        case WideSpace():
            return "quad"
        case Scripted():
            return _scripted(node)
        case Accented():
            return f"{_ACCENTS.get(node.accent, node.accent)}({typst(node.base)})"
        case Stacked():
            return f"frac({typst(node.above)}, {typst(node.below)})"
        case Radical():
            inner = typst(node.inner)
            return f"sqrt({inner})" if node.degree == 2 else f"root({node.degree}, {inner})"
        case Fenced():
            left, right = _FENCES[node.fence]
            return f"lr({left} {typst(node.inner)} {right})"
        case OperatorName():
            return f'op("{_quoted(node.name)}")'
        case Summed():
            return f"sum_({typst(node.first)})^({typst(node.last)})"
        case HalfBracket():
            side = _FENCES[node.fence][0 if node.opens else 1]
            return f"lr(\\{side}, size: #{100 + 20 * node.size}%)"
        case OwnCommand():
            return typst(node.instead)
    raise TypeError(type(node).__name__)  # pragma: no cover - there are no more nodes


def _row(node: MathRow) -> str:
    """Return nodes in a row; a blank beside words would be set, others are not."""
    out, quoted = "", True
    for item in node.items:
        words = isinstance(item, Letters) and item.font == "text"
        out += typst(item) if words or quoted else f" {typst(item)}"
        quoted = words
    return out


def _scripted(node: Scripted) -> str:
    base = typst(node.base)
    below = "" if node.below is None else f"_({typst(node.below)})"
    above = "" if node.above is None else f"^({typst(node.above)})"
    return f"{base}{below}{above}"


# --- equations and derivations ---------------------------------------------


def _equations(sheet: Sheet, setter: MathSetter, asked: Typesetting) -> str:
    label = asked.label or f"eq:{slug(sheet.title)}"
    parts = []
    for found in equations(sheet, setter, asked):
        first, *others = found.lines
        lines = [f"{typst(found.name)} &= {typst(first.node)}"]
        lines += [f"& {_continued(line)}" for line in others]
        body = " \\\n  ".join(lines)
        parts.append(f'#math.equation(block: true, numbering: "(1)", $\n  {body}\n$) <{label}>')
    return "\n".join([*parts, *_notes(sheet, setter)])


def _continued(line: FilledLine) -> str:
    """Return a line after the first; a sign at its beginning is one between terms."""
    begins = line.node.items[0] if isinstance(line.node, MathRow) else line.node
    front = f"#h({INDENT * line.level:.0f}pt) " if line.level else ""
    return front + ('"" ' if isinstance(begins, Sign) else "") + typst(line.node)


def _derivation(sheet: Sheet, setter: MathSetter, asked: Typesetting) -> str:
    found = derivation(sheet, setter, asked)
    lines = [line for derived in found.lines for line in _derived(derived, found.apart)]
    body = " \\\n  ".join(lines)
    size = "#set text(size: 8pt)\n" if found.small else ""
    block = f"#show math.equation: set block(breakable: true)\n{size}$\n  {body}\n$"
    return "\n".join([f"#[\n{block}\n]", *_notes(sheet, setter)])


def _derived(line: DerivedLines, apart: bool) -> list[str]:
    front = "" if line.times is None else f"{typst(line.times)} × "
    indent = f"#h({GAP * line.depth:.0f}pt) " if line.depth else ""
    head = f'{front}& {indent}"{_quoted(line.name)}"'
    if not line.told:
        return [head]
    if apart:
        return [head, *(f"& #h({GAP:.0f}pt) {_continued(one)}" for one in line.told)]
    first, *others = line.told
    return [f"{head} & quad & {typst(first.node)}", *(f"& & & {_continued(o)}" for o in others)]


# --- tables ----------------------------------------------------------------


def _table(sheet: Sheet, setter: MathSetter, asked: Typesetting) -> str:
    columns = sheet.columns
    rows = [line for line in sheet.rows if asked.free or line.style != "free"]
    if sheet.total is not None:
        rows = [*ruled(rows), sheet.total]
    aligned = ", ".join(column.align for column in columns)
    caption = asked.caption if asked.caption is not None else sheet.caption or sheet.title
    label = asked.label or f"tab:{slug(sheet.title.removeprefix('Model: '))}"
    lines = [
        "#figure(",
        f"  caption: [{escape(caption)}],",
        *(['  placement: auto, scope: "parent",'] if asked.span else []),
        f"  table(columns: {len(columns)}, align: ({aligned},), stroke: none, inset: 3pt,",
        "    table.hline(),",
    ]
    if sheet.headed:
        heads = "".join(f"[{_cell(column.head, setter)}]," for column in columns)
        lines += [f"    table.header({heads}),", "    table.hline(stroke: 0.5pt),"]
    for line in rows:
        if line.style == "rule":
            lines.append("    table.hline(stroke: 0.5pt),")
        elif line.style == "section":
            head = _cell(line.cells[0], setter)
            lines.append(f"    table.cell(colspan: {len(columns)})[#emph[{head}]],")
        else:
            cells = [_cell(cell, setter) for cell in filled(line, columns)]
            if line.depth:
                cells[0] = f"#h({line.depth}em){cells[0]}"
            lines.append(f"    {' '.join(f'[{cell}],' for cell in cells)}")
    lines += ["    table.hline(),", "  ),", f") <{label}>"]
    return "\n".join([*lines, *_notes(sheet, setter)])


def _cell(cell: Cell, setter: MathSetter) -> str:
    if isinstance(cell, Phrase):
        return "".join(_cell(piece, setter) for piece in cell.pieces)
    if cell is None or isinstance(cell, str):
        return escape(cell or "")
    return f"${typst(setter.in_line(cell))}$"


def _notes(sheet: Sheet, setter: MathSetter) -> list[str]:
    told = [escape(words) for words in sheet.lead]
    footer = sheet.footer[1:] if sheet.total is not None else sheet.footer
    told += [f"{_cell(label, setter).strip()}: {_cell(value, setter)}" for label, value in footer]
    told += [_cell(note, setter) for note in sheet.notes]
    return ["#text(size: 8pt)[", " \\\n".join(told), "]"] if told else []
