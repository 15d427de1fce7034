"""Formulas on lines of a given width: broken between terms, inside brackets only where they are
too wide for a line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from symparams.language import Letters, MathNode, MathRow, Scripted
from symparams.views.mathematics import (
    Digits,
    Fenced,
    HalfBracket,
    OperatorName,
    Radical,
    Sign,
    SignedTerm,
    Stacked,
    ThinSpace,
    row,
    sum_of,
)
from symparams.views.tex_widths import Measurer

#: How far a line inside brackets is moved in, in points.
INDENT = 10.0
#: The digits of a number on a line of its own.
_DIGITS_A_LINE = 24
#: The deepest that lines are moved in.
_DEEPEST = 4


@dataclass(frozen=True, slots=True)
class LinePiece:
    """What stays on one line; ``level`` says how far its line is moved in where it begins one."""

    items: tuple[MathNode, ...]
    level: int = 0


@dataclass(frozen=True, slots=True)
class FilledLine:
    """A line: how far it is moved in, and what stands on it."""

    level: int
    node: MathNode


class Beside(NamedTuple):
    """How much of a line is taken before a piece, and behind it, in points."""

    before: float = 0.0
    after: float = 0.0


_ALONE = Beside()


class LineFiller:
    """Breaks formulas into lines no wider than ``room`` points.

    Args:
        measurer: tells widths.
        style: the style of mathematics; see :mod:`~symparams.views.tex_widths`.
        room: the width of a line.
    """

    def __init__(self, measurer: Measurer, style: int, room: float) -> None:
        self.measurer, self.style, self.room = measurer, style, room

    def width(self, items: Iterable[MathNode], level: int = 0) -> float:
        """Return the width of items on a line; a sign at its beginning stands between terms."""
        shown = row(Letters("", "rm"), *items)
        return self.measurer.width(shown, self.style) + level * INDENT

    def fits(self, items: Iterable[MathNode], level: int = 0) -> bool:
        """Tell whether items have room on one line."""
        return self.width(items, level) <= self.room

    def fill(self, pieces: Iterable[LinePiece]) -> list[FilledLine]:
        """Return pieces on as few lines as they need, in their order."""
        lines: list[FilledLine] = []
        held: list[MathNode] = []
        level = 0
        for piece in pieces:
            if held and not self.fits([*held, *piece.items], level):
                lines.append(FilledLine(level, row(*held)))
                held = []
            if not held:
                level = piece.level
            held += piece.items
        if held:
            lines.append(FilledLine(level, row(*held)))
        return lines

    def sides(self, sides: Sequence[Sequence[SignedTerm]]) -> list[FilledLine]:
        """Return an equation: a side that does not fit behind the others begins a line."""
        lines: list[FilledLine] = []
        for k, terms in enumerate(sides):
            relation = (Sign("eq"),) if k else ()
            last = lines[-1:]
            whole = (*relation, sum_of(terms))
            if last and self.fits([last[0].node, *whole], last[0].level):
                lines[-1] = FilledLine(last[0].level, row(last[0].node, *whole))
                continue
            lines += self.fill(self.pieces(terms, 1 if k else 0, relation))
        return lines

    def terms(self, terms: Sequence[SignedTerm]) -> list[FilledLine]:
        """Return a sum on lines."""
        return self.fill(self.pieces(terms))

    def pieces(
        self,
        terms: Sequence[SignedTerm],
        level: int = 0,
        lead: tuple[MathNode, ...] = (),
        around: Beside = _ALONE,
    ) -> list[LinePiece]:
        """Return terms as pieces; the first has ``lead`` before it, and stands one level out.

        ``around`` is what will stand before the first piece and behind the last one.
        """
        found: list[LinePiece] = []
        for k, (negative, node) in enumerate(terms):
            sign: tuple[MathNode, ...] = lead if not k else ()
            if negative or k:
                sign = (*sign, Sign("minus" if negative else "plus"))
            at = level - bool(lead) if not k else level
            beside = Beside(
                around.before if not k else 0.0, around.after if k == len(terms) - 1 else 0.0
            )
            found += self._pieces(sign, node, at, beside)
        return found

    def _pieces(
        self, sign: tuple[MathNode, ...], node: MathNode, level: int, around: Beside
    ) -> list[LinePiece]:
        if self._has_room([*sign, node], level, around):
            return [LinePiece((*sign, node), level)]
        before = around.before + (self.width(sign) if sign else 0.0)
        opened = self._opened(node, level, Beside(before, around.after))
        if not opened:
            return [LinePiece((*sign, node), level)]
        first = opened[0]
        return [LinePiece((*sign, *first.items), level), *opened[1:]]

    def _has_room(self, items: Iterable[MathNode], level: int, around: Beside) -> bool:
        return self.width(items, level) + around.before + around.after <= self.room

    # --- what is too wide ---

    def _opened(self, node: MathNode, level: int, around: Beside) -> list[LinePiece] | None:
        """Return the pieces of a node that is too wide for a line; None where it has no parts."""
        match node:
            case Fenced():
                return self._between((), node, (), level, around)
            case Scripted() if isinstance(node.base, Fenced):
                close = self._bracket(node.base, False)
                last = Scripted(close, node.below, node.above)
                opening = (self._bracket(node.base, True),)
                return self._around(opening, node.base.inner, (last,), level, around)
            case Stacked():
                one = Stacked(Digits(1), node.below)
                return self._between((one, ThinSpace()), Fenced(node.above), (), level, around)
            case Radical():
                half = Stacked(Digits(1), Digits(node.degree))
                return self._opened(Scripted(Fenced(node.inner), None, half), level, around)
            case MathRow():
                return self._opened_row(node, level, around)
            case Digits():
                return list(_digits(node, level))
        return None

    def _opened_row(self, node: MathRow, level: int, around: Beside) -> list[LinePiece] | None:
        """Return a product opened at its widest bracket, or else broken between its factors."""
        wide = [
            (self.width([item]), k)
            for k, item in enumerate(node.items)
            if isinstance(item, Fenced | Stacked | Radical)
            or (isinstance(item, Scripted) and isinstance(item.base, Fenced))
        ]
        factors = list(_factors(node.items))
        if wide:
            _, k = max(wide)
            before, item, after = node.items[:k], node.items[k], node.items[k + 1 :]
            called = bool(before) and isinstance(before[-1], OperatorName)
            crowded = self._wide(before) + around.before > self.room / 3
            if crowded and len(factors) > 1:
                return self._between_factors(factors, level, around)
            if isinstance(item, Fenced) and (len(_terms(item.inner)) > 1 or called):
                return self._between(before, item, after, level, around)
            beside = Beside(around.before + self._wide(before), around.after + self._wide(after))
            opened = self._opened(item, level, beside)
            if opened and len(opened) > 1:
                first, last = opened[0], opened[-1]
                return [
                    LinePiece((*before, *first.items), level),
                    *opened[1:-1],
                    LinePiece((*last.items, *after), last.level),
                ]
        return self._between_factors(factors, level, around) if len(factors) > 1 else None

    def _between_factors(
        self, factors: Sequence[tuple[MathNode, ...]], level: int, around: Beside
    ) -> list[LinePiece]:
        found: list[LinePiece] = []
        for k, (sign, *rest) in enumerate(factors):
            beside = Beside(
                0.0 if k else around.before, around.after if k == len(factors) - 1 else 0.0
            )
            if k:
                found += self._pieces((sign,), row(*rest), _inside(level), beside)
            else:
                found += self._pieces((), row(sign, *rest), level, beside)
        return found

    def _wide(self, items: Sequence[MathNode]) -> float:
        return self.width(items) if items else 0.0

    def _between(
        self,
        before: Sequence[MathNode],
        fenced: Fenced,
        after: Sequence[MathNode],
        level: int,
        around: Beside,
    ) -> list[LinePiece]:
        opening, closing = self._bracket(fenced, True), self._bracket(fenced, False)
        return self._around((*before, opening), fenced.inner, (closing, *after), level, around)

    def _around(
        self,
        before: tuple[MathNode, ...],
        inner: MathNode,
        after: tuple[MathNode, ...],
        level: int,
        around: Beside,
    ) -> list[LinePiece]:
        # The pieces inside are one level in, but the first stands on the line of the bracket.
        beside = Beside(
            around.before + self._wide(before) - INDENT, around.after + self._wide(after)
        )
        if isinstance(inner, MathRow) and Sign("comma") in inner.items:
            pieces = [LinePiece(items, _inside(level)) for items in _arguments(inner.items)]
        else:
            pieces = self.pieces(_terms(inner), _inside(level), (), beside)
        first, last = pieces[0], pieces[-1]
        if len(pieces) == 1:
            return [LinePiece((*before, *first.items, *after), level)]
        inside = [*pieces[1:-1], LinePiece((*last.items, *after), last.level)]
        if not self._has_room([*last.items, *after], last.level, Beside(0.0, around.after)):
            closing, *rest = after
            inside[-1] = LinePiece((*last.items, closing), last.level)
            inside += [LinePiece(items, _inside(level)) for items in _factors(rest) if items]
        if self._has_room([*before, *first.items], level, Beside(around.before)):
            return [LinePiece((*before, *first.items), level), *inside]
        return [LinePiece(before, level), first, *inside]

    def _bracket(self, fenced: Fenced, opens: bool) -> HalfBracket:
        size = self.measurer.bracket_size(fenced.inner, self.style)
        return HalfBracket(opens, max(size, 1), fenced.fence)


def _inside(level: int) -> int:
    """Return how far a line is moved in that stands inside one of some level."""
    return min(level + 1, _DEEPEST)


def _split(items: Sequence[MathNode], ends: Callable[[MathNode], bool]) -> Iterator[list[MathNode]]:
    """Yield runs of items; one begins at each item that ``ends`` the run before."""
    held: list[MathNode] = []
    for item in items:
        if held and ends(item):
            yield held
            held = []
        held.append(item)
    if held:
        yield held


def _terms(node: MathNode) -> list[SignedTerm]:
    """Return the terms of a sum that is a row."""
    items = node.items if isinstance(node, MathRow) else (node,)
    found: list[SignedTerm] = []
    for run in _split(items, lambda item: item in (Sign("plus"), Sign("minus"))):
        negative = run[0] == Sign("minus")
        rest = run[1:] if run[0] in (Sign("plus"), Sign("minus")) else run
        found.append((negative, row(*rest)))
    return found


def _factors(items: Sequence[MathNode]) -> Iterator[tuple[MathNode, ...]]:
    """Yield the factors of a product; from the second on with a dot before each."""
    between = (ThinSpace(), Sign("cdot"))
    for run in _split(items, lambda item: item in between):
        dotted = run[0] in between
        yield (Sign("cdot"), *run[1:]) if dotted else tuple(run)


def _arguments(items: Sequence[MathNode]) -> Iterator[tuple[MathNode, ...]]:
    """Yield what stands between commas, each comma behind its argument."""
    held: list[MathNode] = []
    for item in items:
        held.append(item)
        if item == Sign("comma"):
            yield tuple(held)
            held = []
    yield tuple(held)


def _digits(node: Digits, level: int) -> Iterator[LinePiece]:
    """Yield the digits of a number that is wider than a line."""
    written = str(node.number)
    for start in range(0, len(written), _DIGITS_A_LINE):
        yield LinePiece((Letters(written[start : start + _DIGITS_A_LINE], "rm"),), level)
