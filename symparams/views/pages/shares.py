"""The share of each part: formulas, numbers, and exact shares that sum to 1."""

from __future__ import annotations

from symparams.algebra import Number
from symparams.analysis import PartShare, Shares
from symparams.views import remarks
from symparams.views.pages.second import data, footer
from symparams.views.pages.sensitivity import decimal
from symparams.views.sheet import Cell, Column, Line, Sheet, closed, phrase, plain, quotient
from symparams.views.written import shown


def page(found: Shares) -> Sheet:
    """A line a part, the largest first."""
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
        data={**data(subject), "rows": [_row(item) for item in found.items]},
    )


def _sum(found: Shares) -> str:
    """That the shares are all there is, or that there is nothing to share."""
    if not found.items:
        return f"there is nothing to share: {found.subject.measure} is 0"
    return "the shares sum to 1 exactly"


def _line(item: PartShare, here: bool) -> Line:
    fraction: Cell = None if item.fraction is None else quotient(item.fraction)
    cells: list[Cell] = [item.name, item.parts, closed(item.formula), fraction]
    if here:
        cells += [item.value, decimal(percent(item.share))]
    return Line(tuple(cells))


def percent(share: Number | None) -> Number | None:
    """A share in hundredths."""
    return None if share is None else share * 100


def _row(item: PartShare) -> dict[str, object]:
    return {
        "part": item.name,
        "rows": item.parts,
        "formula": plain(item.formula),
        "fraction": None if item.fraction is None else shown(quotient(item.fraction)),
        "value": plain(item.value),
        "share": plain(item.share),
    }
