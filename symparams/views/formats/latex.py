r"""A sheet as LaTeX: an ``equation``, an aligned derivation, or a ``booktabs`` table.

The width of every line is measured (:mod:`~symparams.views.tex_widths`): none runs off the page.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from symparams.language import Letters, MathNode, MathRow
from symparams.views.cells import Cell, Copies, Equation, Phrase
from symparams.views.latex import latex_formula, latex_text, tex
from symparams.views.latex_tables import notes_of, table
from symparams.views.line_filling import INDENT, FilledLine, LineFiller, Piece
from symparams.views.mathematics import Sign, ThinSpace, Typesetter, WideSpace, row, words
from symparams.views.sheet import Line, Sheet
from symparams.views.tex_widths import DISPLAY, Measurer, text_width
from symparams.views.typesetting import Typesetting, slug

__all__ = ["latex_formula", "render"]

TYPESET = True
#: What a measured width may differ from the set one, as a part of it.
MARGIN = 0.01
#: Narrower columns have their derivations in ``\footnotesize``.
NARROW = 300.0
#: What stands between the columns of a derivation, in points.
_GAP = 10.0
#: The lines of an equation that stay on one page.
LONGEST_SPLIT = 20
_PREAMBLE = r"""\documentclass[10pt]{article}
\usepackage[utf8]{inputenc}
\usepackage{amsmath,amssymb}
\usepackage{booktabs,longtable}
"""


def render(sheet: Sheet, typesetting: Typesetting | None = None) -> str:
    """Return the sheet for a paper; numbers keep their separators as ``{,}``."""
    asked = typesetting or Typesetting()
    setter = asked.setter(sheet)
    if sheet.layout == "formula":
        written = _bare(sheet, setter) if asked.bare else _equation(sheet, setter, asked)
    elif sheet.layout == "lines":
        written = _derivation(sheet, setter, asked)
    else:
        written = table(sheet, setter, asked)
    return document(written, setter, asked) if asked.standalone else written


def document(written: str, setter: Typesetter, asked: Typesetting) -> str:
    """Return a document around what goes into one."""
    own = [
        rf"\providecommand{{{node.command}}}{{{tex(node.instead)}}}"
        for node in setter.naming.own_commands()
    ]
    return "\n".join(
        [
            _PREAMBLE.rstrip(),
            *own,
            r"\setlength{\parindent}{0pt}",
            rf"\setlength{{\textwidth}}{{{asked.width:.2f}pt}}",
            r"\begin{document}",
            written,
            r"\end{document}",
        ]
    )


def room(asked: Typesetting) -> float:
    """Return how wide a line may measure."""
    return asked.width * (1 - MARGIN) - 1


# --- equations -------------------------------------------------------------


def _bare(sheet: Sheet, setter: Typesetter) -> str:
    return "\n".join(tex(setter.in_line(line.cells[0])) for line in sheet.told)


def _equation(sheet: Sheet, setter: Typesetter, asked: Typesetting) -> str:
    heading = sheet.columns[0].heading
    name = setter.naming(heading) if heading.isidentifier() else words(heading)
    measurer = Measurer()
    left = row(name, Sign("eq"))
    parts: list[str] = []
    label = asked.label or f"eq:{slug(sheet.title)}"
    for line in sheet.told:
        space = room(asked) - measurer.width(left, DISPLAY) - measurer.space(5, DISPLAY)
        filler = LineFiller(measurer, DISPLAY, space)
        cell = line.cells[0]
        if isinstance(cell, Equation):
            lines = filler.sides(setter.sides(cell))
        else:
            lines = filler.terms(setter.terms(cell))  # type: ignore[arg-type]  # it is a formula
        parts.append(_numbered(name, lines, label))
    return "\n".join([*parts, *notes_of(sheet, setter, asked, footer=False)])


def _numbered(name: MathNode, lines: Sequence[FilledLine], label: str) -> str:
    first, *others = lines
    mark = rf"\label{{{label}}}"
    if not others:
        return "\n".join(
            [rf"\begin{{equation}}{mark}", f"  {tex(name)} = {tex(first.node)}", r"\end{equation}"]
        )
    head = f"  {tex(name)} ={{}}& {tex(first.node)}"
    rest = [f"  & {continued(line)}" for line in others]
    if len(lines) > LONGEST_SPLIT:  # a split is never parted between pages
        rows = [f"{head} {mark}", *(f"{line} \\notag" for line in rest)]
        begin, end = r"\begingroup\allowdisplaybreaks" "\n" r"\begin{align}", r"\end{align}"
        return "\n".join([begin, " \\\\\n".join(rows), end, r"\endgroup"])
    begin = rf"\begin{{equation}}{mark}"
    body = " \\\\\n".join([head, *rest])
    return "\n".join([begin, r"\begin{split}", body, r"\end{split}", r"\end{equation}"])


def continued(line: FilledLine) -> str:
    """Return a line after the first, moved in; a sign at its beginning is one between terms."""
    front = rf"\hspace{{{INDENT * line.level:.0f}pt}}" if line.level else ""
    if isinstance(line.node, MathRow) and isinstance(line.node.items[0], Sign):
        sign, *others = line.node.items
        return f"{front}{{}} {tex(sign)} {tex(row(*others))}"
    return front + tex(line.node)


# --- derivations -----------------------------------------------------------


def _derivation(sheet: Sheet, setter: Typesetter, asked: Typesetting) -> str:
    shown = [line for line in sheet.told if asked.free or line.style != "free"]
    shown = list(_without_empty_heads(shown))
    small = asked.width < NARROW
    measurer = Measurer(8 if small else 10)
    size = measurer.size(DISPLAY)
    times = [_times(line, setter) for line in shown]
    # As TeX sets it: an empty atom behind the sign, which so stands between two.
    crossed = [row(node, Sign("times"), ThinSpace(), Letters("", "rm")) for node in times if node]
    before = max((measurer.width(node, DISPLAY) for node in crossed), default=0.0)
    names = max(
        (text_width(str(line.cells[0]), size) + _GAP * line.depth for line in shown), default=0.0
    )
    beside = room(asked) - before - names - _GAP
    apart = beside < room(asked) / 2
    space = room(asked) - before - 2 * _GAP if apart else beside
    lines: list[str] = []
    for line, factor in zip(shown, times, strict=True):
        lines += _derived(line, factor, LineFiller(measurer, DISPLAY, space), setter, apart)
    body = " \\\\\n".join(lines)
    begin = r"\begingroup\footnotesize" if small else r"\begingroup"
    return "\n".join(
        [
            rf"{begin}\allowdisplaybreaks",
            r"\begin{alignat*}{2}",
            body,
            r"\end{alignat*}",
            r"\endgroup",
            *notes_of(sheet, setter, asked),
        ]
    )


def _without_empty_heads(lines: Sequence[Line]) -> Iterator[Line]:
    """Yield lines; a head of nothing that is shown is left out."""
    for line, following in zip(lines, [*lines[1:], None], strict=True):
        bare = all(not isinstance(cell, Equation) for cell in line.cells[1:])
        leads = following is not None and following.depth > line.depth
        if line.style != "group" or not bare or leads:
            yield line


def _times(line: Line, setter: Typesetter) -> MathNode | None:
    """Return how often a line stands there, ``12 ×``."""
    for cell in line.cells[1:]:
        if isinstance(cell, Copies):
            node = setter.cell(cell)
            assert isinstance(node, MathRow)
            return row(*node.items[1:])
    return None


def _derived(
    line: Line, factor: MathNode | None, filler: LineFiller, setter: Typesetter, apart: bool
) -> list[str]:
    """Return a line of a derivation as rows: how often, what, and how it comes about."""
    front = "" if factor is None else rf"{tex(factor)} \times{{}}\,"
    indent = rf"\hspace{{{_GAP * line.depth:.0f}pt}}" if line.depth else ""
    name = rf"{indent}\text{{{latex_text(line.cells[0])}}}"
    told: list[FilledLine] = []
    for cell in line.cells[1:]:
        if cell is None or isinstance(cell, Copies):
            continue
        found = _told(cell, filler, setter)
        last = told[-1] if told else None
        if last and len(found) == 1:
            joined = row(last.node, WideSpace(), found[0].node)
            if filler.fits([joined], last.level):
                told[-1] = FilledLine(last.level, joined)
                continue
        told += found
    if not told:
        return [f"  {front} & {name}"]
    if apart:
        rows = [f"  {front} & {name}"]
        return rows + [rf"  & \hspace{{{_GAP:.0f}pt}}{continued(one)}" for one in told]
    first, *others = told
    return [
        rf"  {front} & {name} &\quad& {tex(first.node)}",
        *(rf"  & && {continued(one)}" for one in others),
    ]


def _told(cell: Cell, filler: LineFiller, setter: Typesetter) -> list[FilledLine]:
    if isinstance(cell, Equation):
        return filler.sides(setter.sides(cell))
    if isinstance(cell, Phrase):
        return filler.fill(_phrase_pieces(cell, filler, setter))
    spaced = str(cell).split(" ")
    pieces = [words(f"{' ' if k else ''}{word}") for k, word in enumerate(spaced)]
    lines = filler.fill(Piece((piece,)) for piece in pieces)
    return [FilledLine(line.level, words(_plain(line.node))) for line in lines]


def _plain(node: MathNode) -> str:
    """Return words that were set one by one as one text."""
    items = node.items if isinstance(node, MathRow) else (node,)
    return "".join(getattr(item, "text", "") for item in items).strip()


def _phrase_pieces(cell: Phrase, filler: LineFiller, setter: Typesetter) -> Iterable[Piece]:
    """Yield the pieces of words with formulas between, each formula with the words before it."""
    held: list[MathNode] = []
    for part in cell.pieces:
        if isinstance(part, str) and part.startswith((" + ", "(")) and held:
            yield Piece(tuple(held))
            held = []
        if isinstance(part, Equation):
            *others, last = filler.pieces(setter.sides(part)[-1], 1, tuple(held))
            yield from others
            held = list(last.items)
        else:
            held.append(setter.in_line(part))
    if held:
        yield Piece(tuple(held))
