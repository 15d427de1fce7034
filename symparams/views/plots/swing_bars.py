"""What each size by itself does to a measure: a tornado of bars, the widest on top."""

from __future__ import annotations

from symparams.algebra import Number, symbol, text
from symparams.analysis import SizeSwing, Tornado
from symparams.errors import SymparamsError
from symparams.records import Record
from symparams.views import remarks
from symparams.views.cells import phrase
from symparams.views.plots.answers import PlotAnswer, about_network
from symparams.views.plots.picture import (
    MOST_BARS,
    PALETTE,
    Bar,
    Bars,
    Picture,
    Plotted,
    axis_of,
)
from symparams.views.sheet import Column, Line, Sheet
from symparams.views.written import digits

_LOW, _HIGH = PALETTE[1], PALETTE[0]


class SwingRow(Record):
    """A size, its least and greatest value, and the measure at both, the others at the point."""

    symbol: str
    size: Number
    low: Number
    high: Number
    at_low: Number
    at_high: Number


class TornadoAnswer(PlotAnswer, command="plot"):
    """The swings of all sizes, the widest first; ``value`` is the measure at the point."""

    value: Number
    factor: Number
    rows: tuple[SwingRow, ...]


def plot_tornado(found: Tornado) -> Plotted:
    """Return a bar for each size, from the measure at its least value to that at its greatest.

    Raises:
        SymparamsError: the model has no sizes.
    """
    network, measure = found.network, found.measure
    if not found.items:
        raise SymparamsError(f"'{network.definition.name}' has no sizes to vary")
    rows = tuple(SwingRow.like(item, symbol=item.name, size=item.value) for item in found.items)
    drawn = found.items[:MOST_BARS]
    notes = []
    if not all(item.declared for item in found.items):
        by = text(found.factor)
        notes.append(
            phrase(f"a size without a domain goes from its value / {by} to its value * {by}")
        )
    if len(drawn) < len(rows):
        notes.append(phrase(f"the figure has {len(drawn)} of {len(rows)} sizes"))
    sheet = Sheet(
        f"What each size does to {measure} of {network.definition.name}",
        (
            Column("symbol", "Symbol"),
            Column("size", "Value", "right"),
            Column("low", "From", "right"),
            Column("high", "To", "right"),
            Column("at_low", f"{measure} from", "right"),
            Column("at_high", f"{measure} to", "right"),
        ),
        tuple(Line((r.symbol, r.size, r.low, r.high, r.at_low, r.at_high)) for r in rows),
        ((f"{measure} at {remarks.at((r.symbol, r.size) for r in rows)}", found.total),),
        tuple(notes),
        notations=remarks.notations(network),
        answer=TornadoAnswer(
            **about_network("tornado", measure, network),
            value=found.total,
            factor=found.factor,
            rows=rows,
        ),
    )
    reached = [found.total, *(v for i in drawn for v in (i.at_low, i.at_high))]
    axis = axis_of(phrase(measure), reached, room=True)
    bars = Bars(found.total, tuple(map(_bar, drawn)))
    return Plotted(sheet, Picture(sheet.title, axis, None, (bars,)))


def _bar(item: SizeSwing) -> Bar:
    """Return the bar of a size; its values stand where the measure is what it is there."""
    name = phrase(symbol(item.name))
    low, high = digits(item.low), digits(item.high)
    if item.at_low == item.at_high:
        return Bar(name, ((item.at_low, _LOW),), "", f"{low} to {high}")
    left, right = (low, high) if item.at_low < item.at_high else (high, low)
    return Bar(name, ((item.at_low, _LOW), (item.at_high, _HIGH)), left, right)
