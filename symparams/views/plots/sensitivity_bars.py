"""How strongly each size moves a measure: a bar a size, as long as its elasticity."""

from __future__ import annotations

from fractions import Fraction

from symparams.algebra import Number, of_atom
from symparams.analysis import Sensitivities, Sensitivity
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

_MORE, _LESS = PALETTE[0], PALETTE[5]


class ElasticityRow(Record):
    """A size, and percent that the measure grows by per percent of it; None where undefined."""

    symbol: str
    size: Number
    slope: Number | None
    increase: Number | None
    elasticity: Number | None


class SensitivityBarsAnswer(PlotAnswer, command="plot"):
    """The elasticities of a measure at a point, the largest first."""

    value: Number
    rows: tuple[ElasticityRow, ...]


def plot_sensitivities(found: Sensitivities) -> Plotted:
    """Return a bar for each size that has an elasticity.

    Raises:
        SymparamsError: there is no point at which it is taken, or nothing to draw.
    """
    network, measure = found.network, found.measure
    if not found.point:
        open_ = [n for n in network.symbols if n not in network.defaults]
        hint = f"give values: {set_to(open_)}" if open_ else ""
        raise SymparamsError(f"bars of {measure} need a value for each size", None, hint)
    rows = tuple(_row(item) for item in found.items)
    drawn = [row for row in rows if row.elasticity is not None][:MOST_BARS]
    if not drawn:
        raise SymparamsError(f"no size has an elasticity of {measure}: there is nothing to draw")
    value = next(item.at.value for item in found.items if item.at is not None)
    notes = [phrase("elasticity: percent more, per percent of the size")]
    notes += [phrase(item.reason) for item in found.items if item.derivative is None]
    if len(drawn) < len(rows):
        notes.append(phrase(f"the figure has {len(drawn)} of {len(rows)} sizes"))
    sheet = Sheet(
        f"What moves {measure} of {remarks.title(network)}",
        (
            Column("symbol", "Symbol"),
            Column("size", "Value", "right"),
            Column("slope", "Slope", "right"),
            Column("increase", "One step more", "right"),
            Column("elasticity", "Elasticity", "right"),
        ),
        tuple(Line((r.symbol, r.size, r.slope, r.increase, decimal(r.elasticity))) for r in rows),
        ((f"{measure} at {remarks.at(found.point.items())}", value),),
        (*notes, *remarks.conditions(network)),
        notations=remarks.notations(network),
        answer=SensitivityBarsAnswer(
            **about_network("bars", measure, network), value=value, rows=rows
        ),
    )
    bars = tuple(
        Bar(
            phrase(of_atom(network.is_symbol(row.symbol))),
            ((row.elasticity, _MORE if row.elasticity >= 0 else _LESS),),
            _written(row.elasticity) if row.elasticity < 0 else "",
            _written(row.elasticity) if row.elasticity >= 0 else "",
        )
        for row in drawn
        if row.elasticity is not None
    )
    reached: list[Number] = [0, *(row.elasticity for row in drawn if row.elasticity is not None)]
    label = phrase(f"% more {measure}, per % of the size")
    axis = axis_of(label, reached, from_zero=True, room=True)
    return Plotted(sheet, Picture(sheet.title, axis, None, (Bars(0, bars),)))


def _row(item: Sensitivity) -> ElasticityRow:
    at = item.at
    assert at is not None, "there is a point"
    return ElasticityRow(item.symbol, at.size, at.slope, at.difference, at.elasticity)


def _written(number: Number) -> str:
    """Write an elasticity with two digits behind the point, a small one with its first two.

    >>> _written(2), _written(Fraction(1, 160)), _written(Fraction(-1, 2)), _written(0)
    ('2.00', '0.0063', '−0.50', '0')
    """
    if abs(Fraction(number)) < Fraction(1, 100):
        return short_number(number, 2)
    return f"{float(number):.2f}".replace("-", "−")
