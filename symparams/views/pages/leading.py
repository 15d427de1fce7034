"""What a measure comes to as sizes grow."""

from __future__ import annotations

from symparams.algebra import of_atom, symbol
from symparams.analysis import LeadingTerm
from symparams.views import remarks
from symparams.views.pages.second import data, footer
from symparams.views.pages.sensitivity import decimal
from symparams.views.sheet import Cell, Column, Line, Phrase, Sheet, closed, phrase, plain
from symparams.views.written import shown


def page(found: LeadingTerm) -> Sheet:
    """The leading terms, what is left over, and their share at the point."""
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
    verb = "grows" if len(found.names) == 1 else "grow at one rate"
    return Sheet(
        f"{subject.measure} of {remarks.title(subject.network)} as {names} {verb}",
        (Column("item", ""), Column("value", ""), Column("more", "")),
        tuple(rows),
        tuple(footer(subject)),
        tuple(remarks.conditions(subject.network)),
        layout="lines",
        data={
            **data(subject),
            "rows": [
                {
                    "growing": names,
                    "leading": plain(found.term),
                    "degree": found.degree,
                    "rest_degree": found.rest,
                    "statement": shown(_statement(found)),
                    "value": plain(found.value),
                    "share": plain(found.share),
                }
            ],
        },
    )


def _statement(found: LeadingTerm) -> Phrase:
    """``12*h^2*l + O(h)``; of several sizes the order is in one that all are alike."""
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
