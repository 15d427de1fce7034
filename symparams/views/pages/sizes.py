"""Models side by side, a row each: the sizes in which they differ, and their measures."""

from __future__ import annotations

from symparams.algebra import Number
from symparams.analysis import SizedModel, SizeTable
from symparams.interchange import CommandAnswer, Further
from symparams.records import Record
from symparams.views import remarks
from symparams.views.cells import phrase
from symparams.views.sheet import Column, Line, Sheet


class SizesRow(Record):
    """A model, the sizes in which the models differ, and its measures; None for what it lacks."""

    model: str
    sizes: Further[Number | str | None]
    counts: Further[Number | None]


class SizesAnswer(CommandAnswer, command="sizes"):
    """Models as rows; which keys of a row are sizes, and which are measures."""

    sizes: tuple[str, ...]
    measures: tuple[str, ...]
    rows: tuple[SizesRow, ...]


def page(found: SizeTable) -> Sheet:
    """Return a line a model."""
    names = tuple(column.name for column in found.columns)
    lines = [
        Line((row.name, *map(row.sizes.get, found.differing), *map(row.counts.get, names)))
        for row in found.rows
    ]
    notes = dict.fromkeys(f"{row.name}: {row.missing}" for row in found.rows if row.missing)
    return Sheet(
        "Sizes",
        (
            Column("model", "Model"),
            *(Column(name, name, "right", of_size=True) for name in found.differing),
            *(Column(name, name, "right") for name in names),
        ),
        tuple(lines),
        notes=tuple(map(phrase, notes)),
        notations=remarks.notations_in_common(found.models),
        answer=SizesAnswer(
            found.differing, names, tuple(_row(row, found.differing) for row in found.rows)
        ),
    )


def _row(row: SizedModel, differing: tuple[str, ...]) -> SizesRow:
    return SizesRow(
        row.name, Further({name: row.sizes.get(name) for name in differing}), Further(row.counts)
    )
