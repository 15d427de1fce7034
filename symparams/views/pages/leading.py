"""What a measure comes to as sizes grow."""

from __future__ import annotations

from symparams.algebra import Number, Size, of_atom, symbol
from symparams.analysis import LeadingTerm
from symparams.records import Record
from symparams.views import remarks
from symparams.views.cells import Cell, Phrase, closed, phrase
from symparams.views.pages.second import PointAnswer, about, footer
from symparams.views.pages.sensitivity import decimal
from symparams.views.sheet import Column, Line, Sheet


class LeadingRow(Record):
    """The leading terms, the order of the rest, and their share at the point."""

    growing: str
    leading: Size
    degree: int
    rest_degree: int | None
    statement: Phrase
    value: Number | None
    share: Number | None


class LeadingAnswer(PointAnswer, command="sensitivity"):
    """What a measure comes to as sizes grow."""

    rows: tuple[LeadingRow]


def page(found: LeadingTerm) -> Sheet:
    """Return the leading terms, what is left over, and their share at the point."""
    subject = found.subject
    rows = [
        Line(("leading", closed(found.term)), style="total"),
        Line((subject.measure, _statement(found))),
    ]
    if subject.known:
        rows.append(Line(("here", found.value)))
        if found.share is not None:
            rows.append(Line(("share", found.share, decimal(found.share))))
    names = ", ".join(found.names)
    row = LeadingRow.like(found, growing=names, leading=found.term, statement=_statement(found))
    verb = "grows" if len(found.names) == 1 else "grow at one rate"
    return Sheet(
        f"{subject.measure} of {remarks.title(subject.network)} as {names} {verb}",
        (Column("item", ""), Column("value", ""), Column("more", "")),
        tuple(rows),
        tuple(footer(subject)),
        tuple(remarks.conditions(subject.network)),
        layout="lines",
        order=subject.network.symbols,
        notations=remarks.notations(subject.network),
        answer=LeadingAnswer(**about(subject), rows=(row,)),
    )


def _statement(found: LeadingTerm) -> Phrase:
    """Return ``12*h^2*l + O(h)``; of several sizes the order is in one that all are alike."""
    if found.rest is None:
        return phrase(closed(found.term), " exactly")
    alone = len(found.names) == 1
    common = next((c for c in "nNm" if c not in found.subject.network.symbols), "n")
    own = of_atom(found.subject.size(found.names[0])) if alone else symbol(common)
    order: Cell = own**found.rest
    told = phrase(closed(found.term), " + O(", order, ")")
    if alone:
        return told
    return phrase(*told.pieces, f", {' and '.join(found.names)} of order {common}")
