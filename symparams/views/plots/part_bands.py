"""What each part has of a measure as one size grows: bands on top of each other."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TypeAlias

from symparams.algebra import Number, exact, of_atom
from symparams.analysis import PartCurves
from symparams.views import remarks
from symparams.views.cells import phrase
from symparams.views.plots.answers import PlotAnswer, about
from symparams.views.plots.picture import (
    GREY,
    PALETTE,
    Area,
    Picture,
    Plotted,
    Stack,
    axis_of,
)
from symparams.views.sheet import Column, Line, Sheet

#: What the smallest parts are together where there are more than there are colours.
OTHERS = "others"


#: A value of the size, what each part has there, and their sum.
PartsRow: TypeAlias = Mapping[str, Number]
#: The key of the sum.
TOTAL = "total"


class ContributionsAnswer(PlotAnswer, command="plot"):
    """The parts along one size: a row has the size, each of ``parts``, and their ``total``.

    ``others`` are those that share the band of that name.
    """

    size: str
    parts: tuple[str, ...]
    others: tuple[str, ...]
    rows: tuple[PartsRow, ...]


def plot_parts(found: PartCurves, in_percent: bool = False) -> Plotted:
    """Return the bands of the parts, in the order of the text; in percent of their sum if asked.

    The table has the counts themselves.
    """
    name, measure = found.along.name, found.measure
    network = found.along.asked.questions[0].network
    model = network.definition.name
    kept, others = _kept(found)
    # A part may be called as the size is.
    bands = {part: part if part not in (name, TOTAL) else f"{part} (part)" for part in kept}
    if others:
        bands[OTHERS] = OTHERS
    rows = tuple(
        {
            name: point.value,
            **{bands[p]: n for p, n in _together(point.parts, kept, others).items()},
            TOTAL: point.total,
        }
        for point in found.points
    )
    columns = [Column(name, name, "right", of_size=True)]
    columns += [Column(band, band, "right") for band in bands.values()]
    columns.append(Column(TOTAL, f"Total {measure}", "right"))
    notes = []
    if len(rows) < found.values:
        notes.append(phrase(f"{len(rows)} of {found.values:,} values of {name}"))
    if others:
        notes.append(phrase(f"{OTHERS}: {', '.join(others)}"))
    sheet = Sheet(
        f"{measure} of {model} by part, over {name} in {found.along.domain}",
        tuple(columns),
        tuple(Line(tuple(row.values())) for row in rows),
        notes=(*notes, *remarks.circumstances(found.along.asked, found.along.asked.refused)),
        notations=remarks.notations(network),
        answer=ContributionsAnswer(
            **about("over", measure, found.along.asked),
            size=name,
            parts=tuple(bands.values()),
            others=others,
            rows=rows,
        ),
    )
    own = phrase(of_atom(network.is_symbol(name)))
    places = tuple(row[name] for row in rows)
    colors = dict(zip(kept, PALETTE, strict=False)) | {OTHERS: GREY}
    drawn = tuple(row for row in rows if row[TOTAL]) if in_percent else rows
    areas = (
        Area(band, colors[part], tuple(_height(row, band, in_percent) for row in drawn))
        for part, band in bands.items()
    )
    percent = axis_of(phrase(f"% of {measure}"), (0, 100), from_zero=True)
    counts = axis_of(phrase(measure), (0, *(row[TOTAL] for row in rows)), from_zero=True)
    picture = Picture(
        sheet.title,
        axis_of(own, places, found.logarithmic, of_sizes=True),
        percent if in_percent else counts,
        (Stack(tuple(row[name] for row in drawn), tuple(areas)),),
    )
    return Plotted(sheet, picture)


def _height(row: PartsRow, band: str, in_percent: bool) -> Number:
    return exact(Fraction(row[band]) * 100 / row[TOTAL]) if in_percent else row[band]


def _kept(found: PartCurves) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the parts with a band of their own, and those that share one: the smallest."""
    if len(found.parts) <= len(PALETTE):
        return found.parts, ()
    largest = {part: max(p.parts[part] for p in found.points) for part in found.parts}
    ranked = sorted(found.parts, key=lambda part: largest[part], reverse=True)
    kept = set(ranked[: len(PALETTE)])
    return tuple(p for p in found.parts if p in kept), tuple(ranked[len(PALETTE) :])


def _together(
    parts: Mapping[str, Number], kept: tuple[str, ...], others: tuple[str, ...]
) -> Mapping[str, Number]:
    several = {OTHERS: sum(parts[part] for part in others)} if others else {}
    return {**{part: parts[part] for part in kept}, **several}
