"""The share of each part in a measure: a bar a part."""

from __future__ import annotations

from symparams.algebra import Number
from symparams.analysis import Shares
from symparams.errors import SymparamsError, set_to
from symparams.records import Record
from symparams.views import remarks
from symparams.views.cells import phrase
from symparams.views.pages.sensitivity import decimal
from symparams.views.plots.answers import PlotAnswer, about_network
from symparams.views.plots.picture import (
    MOST_BARS,
    PALETTE,
    Bar,
    Bars,
    Picture,
    Plotted,
    axis_of,
    short_number,
)
from symparams.views.sheet import Column, Line, Sheet


class SharedRow(Record):
    """A part, its measure, and its exact share of the whole."""

    part: str
    value: Number
    share: Number


class ShareBarsAnswer(PlotAnswer, command="plot"):
    """The shares of all parts, the largest first; they sum to 1."""

    value: Number
    rows: tuple[SharedRow, ...]


def plot_shares(found: Shares) -> Plotted:
    """Return a bar for each part.

    Raises:
        SymparamsError: there is no point at which parts are counted, or nothing to share.
    """
    subject = found.subject
    network, measure = subject.network, subject.measure
    if not subject.known:
        open_ = [n for n in network.symbols if n not in network.defaults]
        hint = f"give values: {set_to(open_)}" if open_ else ""
        raise SymparamsError(f"bars of {measure} need a value for each size", None, hint)
    rows = tuple(
        SharedRow(item.name, item.value, item.share)
        for item in found.items
        if item.value is not None and item.share is not None
    )
    if not rows:
        raise SymparamsError(f"{measure} is 0: there is nothing to draw")
    total = sum(row.value for row in rows)
    assert total == subject.at(subject.formula), "the parts are the whole"
    drawn = rows[:MOST_BARS]
    notes = [phrase("the shares sum to 1 exactly")]
    if len(drawn) < len(rows):
        notes.append(phrase(f"the figure has {len(drawn)} of {len(rows)} parts"))
    at = remarks.at(subject.point.items())
    sheet = Sheet(
        f"Shares of {measure} of {remarks.title(network)}",
        (
            Column("part", "Part"),
            Column("value", measure, "right"),
            Column("percent", "%", "right"),
        ),
        tuple(Line((r.part, r.value, decimal(r.share * 100))) for r in rows),
        ((f"{measure} at {at}" if at else measure, total),),
        (*notes, *remarks.conditions(network)),
        notations=remarks.notations(network),
        answer=ShareBarsAnswer(**about_network("bars", measure, network), value=total, rows=rows),
    )
    bars = tuple(
        Bar(phrase(row.part), ((row.value, PALETTE[0]),), "", _written(row)) for row in drawn
    )
    axis = axis_of(phrase(measure), [0, *(r.value for r in rows)], from_zero=True, room=True)
    return Plotted(sheet, Picture(sheet.title, axis, None, (Bars(0, bars),)))


def _written(row: SharedRow) -> str:
    percent = row.share * 100
    told = f"{float(percent):.1f}" if percent * 20 >= 1 else "<0.1"
    return f"{short_number(row.value)} ({told} %)"
