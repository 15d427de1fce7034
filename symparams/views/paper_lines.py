"""Equations and derivations on lines of a width, for every typeset format."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from symparams.algebra import Form, Polynomial
from symparams.language import Letters, MathNode, MathRow
from symparams.views.cells import Cell, Copies, Equation, Phrase
from symparams.views.line_filling import FilledLine, LineFiller, LinePiece
from symparams.views.mathematics import MathSetter, Sign, ThinSpace, WideSpace, row, words
from symparams.views.sheet import Line, Sheet
from symparams.views.tex_widths import DISPLAY, Measurer, text_width
from symparams.views.typesetting import Typesetting

#: What a measured width may differ from the set one, as a part of it.
MARGIN = 0.01
#: Narrower columns have their derivations in a smaller font.
NARROW = 300.0
#: What stands between the columns of a derivation, and how far a group moves in, in points.
GAP = 10.0


@dataclass(frozen=True, slots=True)
class EquationLines:
    """An equation: its left side, and the right one on lines."""

    name: MathNode
    lines: tuple[FilledLine, ...]


@dataclass(frozen=True, slots=True)
class DerivedLines:
    """A line of a derivation: how often it stands there, its name, how it comes about."""

    times: MathNode | None
    depth: int
    name: str
    told: tuple[FilledLine, ...]


@dataclass(frozen=True, slots=True)
class Derivation:
    """A derivation; ``apart`` says that the names stand on lines of their own."""

    lines: tuple[DerivedLines, ...]
    apart: bool
    small: bool


def room(asked: Typesetting) -> float:
    """Return how wide a line may measure."""
    return asked.width * (1 - MARGIN) - 1


def equations(sheet: Sheet, setter: MathSetter, asked: Typesetting) -> Iterator[EquationLines]:
    """Yield the equations of a sheet of formulas; each is named as the sheet's column."""
    heading = sheet.columns[0].heading
    name = setter.naming(heading) if heading.isidentifier() else words(heading)
    measurer = Measurer()
    left = measurer.width(row(name, Sign("eq")), DISPLAY) + measurer.space(5, DISPLAY)
    filler = LineFiller(measurer, DISPLAY, room(asked) - left)
    for line in sheet.told:
        yield EquationLines(name, tuple(_cell_lines(line.cells[0], filler, setter)))


def derivation(sheet: Sheet, setter: MathSetter, asked: Typesetting) -> Derivation:
    """Return the lines of a derivation, its equations broken."""
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
        (text_width(str(line.cells[0]), size) + GAP * line.depth for line in shown), default=0.0
    )
    beside = room(asked) - before - names - GAP
    apart = beside < room(asked) / 2
    space = room(asked) - before - 2 * GAP if apart else beside
    filler = LineFiller(measurer, DISPLAY, space)
    lines = (
        DerivedLines(factor, line.depth, str(line.cells[0]), tuple(_told(line, filler, setter)))
        for line, factor in zip(shown, times, strict=True)
    )
    return Derivation(tuple(lines), apart, small)


def _without_empty_heads(lines: Sequence[Line]) -> Iterator[Line]:
    """Yield lines; a head of nothing that is shown is left out."""
    for line, following in zip(lines, [*lines[1:], None], strict=True):
        bare = all(not isinstance(cell, Equation) for cell in line.cells[1:])
        leads = following is not None and following.depth > line.depth
        if line.style != "group" or not bare or leads:
            yield line


def _times(line: Line, setter: MathSetter) -> MathNode | None:
    """Return how often a line stands there: ``12`` of ``× 12``."""
    for cell in line.cells[1:]:
        if isinstance(cell, Copies):
            node = setter.cell(cell)
            assert isinstance(node, MathRow)
            return row(*node.items[1:])
    return None


def _told(line: Line, filler: LineFiller, setter: MathSetter) -> list[FilledLine]:
    """Return the cells of a line behind its name; a short one stands behind the one before."""
    told: list[FilledLine] = []
    for cell in line.cells[1:]:
        if cell is None or isinstance(cell, Copies):
            continue
        found = _cell_lines(cell, filler, setter)
        last = told[-1] if told else None
        if last and len(found) == 1:
            joined = row(last.node, WideSpace(), found[0].node)
            if filler.fits([joined], last.level):
                told[-1] = FilledLine(last.level, joined)
                continue
        told += found
    return told


def _cell_lines(cell: Cell, filler: LineFiller, setter: MathSetter) -> list[FilledLine]:
    if isinstance(cell, Equation):
        return filler.sides(setter.sides(cell))
    if isinstance(cell, Phrase):
        return filler.fill(_phrase_pieces(cell, filler, setter))
    if isinstance(cell, Form | Polynomial | int | Fraction):
        return filler.terms(setter.terms(cell))
    if not isinstance(cell, str):
        return [FilledLine(0, setter.in_line(cell))]
    spaced = cell.split(" ")
    pieces = [words(f"{' ' if k else ''}{word}") for k, word in enumerate(spaced)]
    lines = filler.fill(LinePiece((piece,)) for piece in pieces)
    return [FilledLine(line.level, words(_plain(line.node))) for line in lines]


def _plain(node: MathNode) -> str:
    """Return words that were set one by one as one text."""
    items = node.items if isinstance(node, MathRow) else (node,)
    return "".join(item.text for item in items if isinstance(item, Letters)).strip()


def _phrase_pieces(cell: Phrase, filler: LineFiller, setter: MathSetter) -> Iterable[LinePiece]:
    """Yield the pieces of words with formulas between, each formula with the words before it."""
    held: list[MathNode] = []
    for part in cell.pieces:
        if isinstance(part, str) and part.startswith((" + ", "(")) and held:
            yield LinePiece(tuple(held))
            held = []
        if isinstance(part, Equation):
            *others, last = filler.pieces(setter.sides(part)[-1], 1, tuple(held))
            yield from others
            held = list(last.items)
        else:
            held.append(setter.in_line(part))
    if held:
        yield LinePiece(tuple(held))
