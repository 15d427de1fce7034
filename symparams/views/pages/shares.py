"""The share of each part: formulas, numbers, and exact shares that sum to 1."""

from __future__ import annotations

from symparams.algebra import Form, Number, Size
from symparams.analysis import PartShare, Shares
from symparams.records import Record
from symparams.views import remarks
from symparams.views.cells import Cell, closed, phrase, quotient
from symparams.views.pages.second import PointAnswer, about, footer
from symparams.views.pages.sensitivity import decimal
from symparams.views.sheet import Column, Line, Sheet


class ShareRow(Record):
    """A part, of so many rows, and its share as a formula and as a number."""

    part: str
    rows: int
    formula: Size
    fraction: Form | Number | None
    value: Number | None
    share: Number | None


class SharesAnswer(PointAnswer, command="sensitivity"):
    """The share of each part, the largest first."""

    rows: tuple[ShareRow, ...]


def page(found: Shares) -> Sheet:
    """Return a line a part, the largest first."""
    subject = found.subject
    here = subject.known
    columns = [Column("part", "Part"), Column("rows", "Rows", "right")]
    columns += [Column("formula", "Formula"), Column("fraction", "Share")]
    if here:
        columns += [Column("value", subject.measure, "right"), Column("percent", "%", "right")]
    return Sheet(
        f"Shares of {subject.measure} of {remarks.title(subject.network)}",
        tuple(columns),
        tuple(_line(item, here) for item in found.items),
        tuple(footer(subject)),
        (phrase(_sum(found)), *remarks.conditions(subject.network)),
        order=subject.network.symbols,
        notations=remarks.notations(subject.network),
        answer=SharesAnswer(**about(subject), rows=tuple(map(_row, found.items))),
    )


def _sum(found: Shares) -> str:
    """Say that the shares are all there is, or that there is nothing to share."""
    if not found.items:
        return f"there is nothing to share: {found.subject.measure} is 0"
    return "the shares sum to 1 exactly"


def _line(item: PartShare, here: bool) -> Line:
    cells: list[Cell] = [item.name, item.parts, closed(item.formula), _fraction(item)]
    if here:
        cells += [item.value, decimal(percent(item.share))]
    return Line(tuple(cells))


def percent(share: Number | None) -> Number | None:
    """Return a share in hundredths."""
    return None if share is None else share * 100


def _fraction(item: PartShare) -> Form | Number | None:
    return None if item.fraction is None else quotient(item.fraction)


def _row(item: PartShare) -> ShareRow:
    return ShareRow.like(item, part=item.name, rows=item.parts, fraction=_fraction(item))
