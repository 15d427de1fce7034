"""Where one part overtakes another: formulas, and the exact thresholds."""

from __future__ import annotations

from collections.abc import Iterator

from symparams.algebra import Number, Size, of_atom, short
from symparams.analysis import ComparedSpan, PartCrossover, Roots, Threshold
from symparams.interchange import json_value
from symparams.records import Record
from symparams.views import remarks
from symparams.views.cells import Cell, Over, PlusMinus, Root, closed, phrase, quotient
from symparams.views.pages.second import PointAnswer, about
from symparams.views.sheet import Column, Line, Sheet, section
from symparams.views.written import shown, simpler

#: The most spans that a page lists of one size.
MOST_LISTED = 12


class SpanRow(Record):
    """Values of a size along which one part is larger; None for what is not known."""

    size: str
    equal_at: str
    reason: str
    from_: Number | None
    to: Number | None
    larger: str | None


class CrossoverAnswer(PointAnswer, command="sensitivity"):
    """Where one part overtakes another; ``always`` is the sign of the difference at all sizes."""

    parts: tuple[str, str]
    formulas: tuple[Size, Size]
    difference: Size
    always: int | None
    values: tuple[Number, Number] | None
    rows: tuple[SpanRow, ...]


def page(found: PartCrossover) -> Sheet:
    """Return both formulas and their difference, then for each size where the order changes."""
    subject = found.subject
    one, other = found.names
    rows = [
        Line((one, closed(found.formulas[0]))),
        Line((other, closed(found.formulas[1]))),
        Line((f"{one} - {other}", closed(found.difference))),
    ]
    if found.always is not None:
        rows.append(Line(("at all sizes", ordered(found, found.always)), style="total"))
    if found.values is not None:
        rows.append(Line(("here", phrase(found.values[0], " against ", found.values[1]))))
    for threshold in found.thresholds:
        rows += _threshold(found, threshold)
    notes = [phrase("at ", remarks.at(subject.given.items()))] if subject.given else []
    return Sheet(
        f"{one} against {other} in {subject.measure} of {remarks.title(subject.network)}",
        (Column("item", ""), Column("value", "")),
        tuple(rows),
        notes=(*notes, *remarks.conditions(subject.network)),
        layout="lines",
        order=subject.network.symbols,
        notations=remarks.notations(subject.network),
        answer=CrossoverAnswer.like(
            found, **about(subject), parts=found.names, rows=span_rows(found)
        ),
    )


def _threshold(found: PartCrossover, threshold: Threshold) -> Iterator[Line]:
    yield section(f"along {threshold.symbol}")
    own = of_atom(found.subject.size(threshold.symbol))
    for roots in threshold.roots or ():
        yield Line(("equal at", phrase(own, " = ", root(roots))))
    if threshold.reason:
        yield Line((threshold.symbol, threshold.reason), style="undecided")
    spans = threshold.spans or ()
    for span in spans[:MOST_LISTED]:
        yield Line((ranged(threshold.symbol, span), ordered(found, span.sign)), 0, _style(span))
    if len(spans) > MOST_LISTED:
        yield Line(("and so on", f"{len(spans) - MOST_LISTED} more changes"))
    if len(spans) == 1 and spans[0].sign is not None:
        yield Line(("so", f"the order never changes as {threshold.symbol} does (proved)"))


def _style(span: ComparedSpan) -> str:
    return "undecided" if span.sign is None else ""


def root(roots: Roots) -> Cell:
    """Return roots as a cell."""
    if roots.times == 0:
        return quotient((roots.plain, roots.below))
    if roots.degree > 2:
        return Root(roots.degree, short(roots.under))
    above = PlusMinus(short(roots.plain), short(roots.times), short(roots.under))
    return above if roots.below == 1 else Over(above, short(roots.below))


def ranged(name: str, span: ComparedSpan) -> str:
    """Return ``h = 3..9``, the values of a span."""
    assert span.first is not None
    if span.last is None:
        return f"{name} >= {shown(span.first)}"
    if span.first == span.last:
        return f"{name} = {shown(span.first)}"
    return f"{name} = {shown(span.first)}..{shown(span.last)}"


def ordered(found: PartCrossover, sign: int | None) -> str:
    """Return which part is larger, in words."""
    one, other = found.names
    if sign is None:
        return "they overtake each other again and again"
    return {1: f"{one} is larger", -1: f"{other} is larger", 0: "both are equal"}[sign]


def span_rows(found: PartCrossover) -> tuple[SpanRow, ...]:
    """Return a row a span; of an order that is proved for all sizes, one row."""
    if found.always is not None:
        always = ComparedSpan(None, None, found.always)
        return (_span(found, Threshold("", None, None), always),)
    return tuple(
        _span(found, threshold, span)
        for threshold in found.thresholds
        for span in threshold.spans or (None,)
    )


def _span(found: PartCrossover, threshold: Threshold, span: ComparedSpan | None) -> SpanRow:
    names = {1: found.names[0], -1: found.names[1], 0: "equal", None: "undecided"}
    equal = "; ".join(str(json_value(root(r), simpler)) for r in threshold.roots or ())
    along = (None, None, None) if span is None else (span.first, span.last, names[span.sign])
    return SpanRow(threshold.symbol, equal, threshold.reason, *along)


__all__ = ["MOST_LISTED", "SpanRow", "ordered", "page", "ranged", "root", "span_rows"]
