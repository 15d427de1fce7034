"""Curves of equal count over two sizes, with the admitted sizes below them and the best of all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import groupby

from symparams.algebra import Number, of_atom
from symparams.analysis import Crossing, EqualCounts
from symparams.errors import SymparamsError
from symparams.records import Record
from symparams.views import remarks
from symparams.views.cells import phrase
from symparams.views.pages.sensitivity import decimal
from symparams.views.plots.answers import PlotAnswer, about, named_sizes
from symparams.views.plots.picture import (
    PALETTE,
    Curve,
    Picture,
    Plotted,
    Star,
    axis_of,
    short_number,
)
from symparams.views.sheet import Column, Line, Sheet
from symparams.views.written import digits


class CrossingRow(Record):
    """Where a line of the second size crosses the curve of a target: between two sizes."""

    target: Number
    line: Number
    crossing: Number
    below: Number | None
    at_below: Number | None
    above: Number | None
    at_above: Number | None


class OptimumRow(Record):
    """Of a target the sizes with the largest measure up to it; None where none is."""

    target: Number
    sizes: Mapping[str, Number] | None
    reached: Number | None


class EqualCountsAnswer(PlotAnswer, command="plot"):
    """Curves of equal count: their crossings with the lines of the second size, and the optima."""

    axes: tuple[str, str]
    optima: tuple[OptimumRow, ...]
    rows: tuple[CrossingRow, ...]


def plot_equal_counts(found: EqualCounts) -> Plotted:
    """Return a curve for each target.

    Raises:
        SymparamsError: no target is reached in the domains.
    """
    one, other = found.names
    network = found.asked.questions[0].network
    if not found.crossings:
        told = " or ".join(map(digits, found.targets))
        domains = ", ".join(f"{n} in {d}" for n, d in found.asked.domains.items())
        raise SymparamsError(f"{found.measure} does not come to {told} for {domains}")
    rows = tuple(CrossingRow.like(c) for c in found.crossings)
    optima = tuple(
        OptimumRow(t, best.sizes, best.goals[0]) if best else OptimumRow(t, None, None)
        for t, best in zip(found.targets, found.optima, strict=True)
    )
    footer = [
        (
            f"largest {found.measure} up to {digits(o.target)}",
            "none" if o.sizes is None else phrase(o.reached, f" at {_at(found, o.sizes)}"),
        )
        for o in optima
    ]
    measure = found.measure
    targets = ", ".join(map(digits, found.targets))
    sheet = Sheet(
        f"Where {measure} of {network.definition.name} is {targets}",
        (
            Column("target", measure, "right"),
            Column("line", other, "right", of_size=True),
            Column("crossing", f"{one} on the curve", "right"),
            Column("below", f"{one} below", "right"),
            Column("at_below", f"{measure} there", "right"),
            Column("above", f"{one} above", "right"),
            Column("at_above", f"{measure} there", "right"),
        ),
        tuple(Line(tuple(_cells(row))) for row in rows),
        tuple(footer),
        tuple(remarks.circumstances(found.asked, found.asked.refused)),
        notations=remarks.notations(network),
        answer=EqualCountsAnswer(
            **about("iso", measure, found.asked), axes=found.names, optima=optima, rows=rows
        ),
    )
    marks = tuple(_marks(found))
    xs = [x for m in marks for x, _ in (m.points if isinstance(m, Curve) else (m.point,))]
    ys = [y for m in marks for _, y in (m.points if isinstance(m, Curve) else (m.point,))]
    labels = (phrase(of_atom(network.is_symbol(n))) for n in found.names)
    x, y = (
        axis_of(label, values, wide, of_sizes=True, margin=Fraction(1, 20))
        for label, values, wide in zip(labels, (xs, ys), found.logarithmic, strict=True)
    )
    return Plotted(sheet, Picture(sheet.title, x, y, marks))


def _at(found: EqualCounts, sizes: Mapping[str, Number]) -> str:
    return remarks.at((name, sizes[name]) for name in found.names)


def _cells(row: CrossingRow) -> Iterator[Number | str | None]:
    yield row.target
    yield row.line
    yield decimal(row.crossing)
    yield from (row.below, row.at_below, row.above, row.at_above)


def _marks(found: EqualCounts) -> Iterator[Curve | Star]:
    for k, (target, best) in enumerate(zip(found.targets, found.optima, strict=True)):
        color = PALETTE[k % len(PALETTE)]
        own = [c for c in found.crossings if c.target == target]
        for n, curve in enumerate(_curves(own)):
            points = tuple((c.crossing, c.line) for c in curve)
            yield Curve(points, color, "" if n else short_number(target))
        dots = tuple((c.below, c.line) for c in own if c.below is not None)
        yield Curve(dots, color, line=False, dots=True)
        if best is not None:
            sizes = {name: best.sizes[name] for name in found.names}
            one, other = sizes.values()
            yield Star((one, other), color, named_sizes(sizes))


def _curves(crossings: list[Crossing]) -> Iterator[list[Crossing]]:
    """Yield what one curve joins: the first crossing of each line, the second, and so on."""
    lines = [list(on) for _, on in groupby(crossings, lambda c: c.line)]
    for k in range(max(map(len, lines), default=0)):
        yield [on[k] for on in lines if k < len(on)]
