r"""A sheet as LaTeX: an ``equation``, an aligned derivation, or a ``booktabs`` table.

The width of every line is measured (:mod:`~symparams.views.tex_widths`): none runs off the page.
"""

from __future__ import annotations

from symparams.language import MathRow
from symparams.views.latex import escape, tex
from symparams.views.latex_tables import notes_of, table
from symparams.views.line_filling import INDENT, FilledLine
from symparams.views.mathematics import MathSetter, Sign, row
from symparams.views.paper_lines import (
    GAP,
    DerivedLines,
    EquationLines,
    derivation,
    equations,
)
from symparams.views.sheet import Sheet
from symparams.views.typesetting import Typesetting, slug

TYPESET = True
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
    if sheet.layout == "formula" and asked.bare:
        written = "\n".join(tex(setter.in_line(line.cells[0])) for line in sheet.told)
    elif sheet.layout == "formula":
        label = asked.label or f"eq:{slug(sheet.title)}"
        parts = [_equation(found, label) for found in equations(sheet, setter, asked)]
        written = "\n".join([*parts, *notes_of(sheet, setter, asked)])
    elif sheet.layout == "lines":
        written = _derivation(sheet, setter, asked)
    else:
        written = table(sheet, setter, asked)
    return _document(written, setter, asked) if asked.standalone else written


def _document(written: str, setter: MathSetter, asked: Typesetting) -> str:
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
            r"\setlength{\belowcaptionskip}{4pt}",  # article has captions below in mind
            rf"\setlength{{\paperwidth}}{{{max(asked.width + 120, 597):.2f}pt}}",
            r"\setlength{\pdfpagewidth}{\paperwidth}",
            rf"\setlength{{\textwidth}}{{{asked.width:.2f}pt}}",
            r"\setlength{\oddsidemargin}{\dimexpr(\paperwidth-\textwidth)/2-1in\relax}",
            r"\begin{document}",
            written,
            r"\end{document}",
        ]
    )


def _equation(found: EquationLines, label: str) -> str:
    first, *others = found.lines
    mark = rf"\label{{{label}}}"
    name = tex(found.name)
    if not others:
        lines = [rf"\begin{{equation}}{mark}", f"  {name} = {tex(first.node)}", r"\end{equation}"]
        return "\n".join(lines)
    head = f"  {name} ={{}}& {tex(first.node)}"
    rest = [f"  & {_continued(line)}" for line in others]
    if len(others) >= LONGEST_SPLIT:  # a split is never parted between pages
        body = " \\\\\n".join([f"{head} {mark}", *(rf"{line} \notag" for line in rest)])
        begin = r"\begingroup\allowdisplaybreaks" + "\n" + r"\begin{align}"
        return "\n".join([begin, body, r"\end{align}", r"\endgroup"])
    body = " \\\\\n".join([head, *rest])
    begin = rf"\begin{{equation}}{mark}" + "\n" + r"\begin{split}"
    return "\n".join([begin, body, r"\end{split}", r"\end{equation}"])


def _continued(line: FilledLine) -> str:
    """Return a line after the first, moved in; a sign at its beginning is one between terms."""
    front = rf"\hspace{{{INDENT * line.level:.0f}pt}}" if line.level else ""
    if isinstance(line.node, MathRow) and isinstance(line.node.items[0], Sign):
        sign, *others = line.node.items
        return f"{front}{{}} {tex(sign)} {tex(row(*others))}"
    return front + tex(line.node)


def _derivation(sheet: Sheet, setter: MathSetter, asked: Typesetting) -> str:
    found = derivation(sheet, setter, asked)
    body = " \\\\\n".join(_together(_derived(line, found.apart)) for line in found.lines)
    begin = r"\begingroup\footnotesize" if found.small else r"\begingroup"
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


def _together(lines: list[str]) -> str:
    """Return the rows of one layer, which stay on one page unless they are many."""
    return (" \\\\*\n" if len(lines) < LONGEST_SPLIT else " \\\\\n").join(lines)


def _derived(line: DerivedLines, apart: bool) -> list[str]:
    """Return a line of a derivation as rows: how often, what, and how it comes about."""
    front = "" if line.times is None else rf"{tex(line.times)} \times{{}}\,"
    indent = rf"\hspace{{{GAP * line.depth:.0f}pt}}" if line.depth else ""
    head = rf"  {front} & {indent}\text{{{escape(line.name)}}}"
    if not line.told:
        return [head]
    if apart:
        return [head, *(rf"  & \hspace{{{GAP:.0f}pt}}{_continued(one)}" for one in line.told)]
    first, *others = line.told
    return [rf"{head} &\quad& {tex(first.node)}", *(f"  & && {_continued(o)}" for o in others)]
