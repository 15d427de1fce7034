"""Several measures side by side: ``params, work = 2*macs`` as columns of one table."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping

from symparams.algebra import Formula, SizeRecord
from symparams.analysis.reports import Report, Row
from symparams.analysis.summary import shown_together
from symparams.elaboration import Network, Value, WrittenModel
from symparams.errors import SymparamsError
from symparams.language import between_commas
from symparams.records import Record

_NAMED = re.compile(r"\s*(?P<name>[^\W\d]\w*)\s*=(?!=)(?P<formula>.*)", re.DOTALL)


class MeasureColumn(Record):
    """A measure or a formula of measures, and what its column is called."""

    name: str
    formula: str

    @property
    def written(self) -> str:
        """The column as a text that :func:`measure_columns` reads."""
        return self.formula if self.name == self.formula else f"{self.name} = {self.formula}"


def measure_columns(written: str, taken: Container[str] = ()) -> tuple[MeasureColumn, ...]:
    """Return the columns of a text: formulas between commas, with names where it gives them.

    Raises:
        SymparamsError: nothing stands between two commas, two columns have one name, or one
            has a name that the table has ``taken``.

    >>> [c.name for c in measure_columns("params, work = 2*macs")]
    ['params', 'work']
    """
    found: list[MeasureColumn] = []
    for part in between_commas(written):
        named = _NAMED.fullmatch(part)
        name, formula = (named["name"], named["formula"]) if named else (part.strip(), part)
        if not formula.strip():
            raise SymparamsError(
                f"--measure {written}: a measure is missing", None, "as in params, work = 2*macs"
            )
        if name in taken:
            raise SymparamsError(
                f"--measure {written}: the table has a column '{name}' already",
                None,
                f"give the measure another name: other = {formula.strip()}",
            )
        if name in {column.name for column in found}:
            raise SymparamsError(
                f"--measure {written}: two columns are called '{name}'",
                None,
                f"name one of them: other = {formula.strip()}",
            )
        found.append(MeasureColumn(name, formula.strip()))
    return tuple(found)


class ColumnRow(SizeRecord):
    """A row of the table of layers; ``totals`` of its columns, None where it has none.

    ``first`` is the row as the first of the measures that have it tells it.
    """

    first: Row
    totals: tuple[Formula | None, ...]


class ColumnReport(SizeRecord):
    """The rows of several measures of a network.

    Attributes:
        columns: what is asked.
        reports: the report of each.
        at_defaults: the same model at its defaults, where each symbol has one.
    """

    network: Network
    columns: tuple[MeasureColumn, ...]
    rows: tuple[ColumnRow, ...]
    reports: tuple[Report, ...]
    at_defaults: Network | None


def column_report(
    definition: WrittenModel,
    columns: tuple[MeasureColumn, ...],
    values: Mapping[str, Value] | None = None,
) -> ColumnReport:
    """Return the rows that any of some measures has, in the order of the text.

    They are in symbols or at the defaults, all of them, as :func:`shown_together` has it.

    Raises:
        SymparamsError: the model, a value or a measure is wrong.
    """
    reports, there = shown_together(definition, [c.formula for c in columns], values)
    rows = [{row.name: row for row in one.rows} for one in reports]
    order: list[str] = []
    for one in reports:
        place = 0
        for row in (row for row in one.rows if row.kind != "term"):
            if row.name not in order:
                order.insert(place, row.name)
            place = order.index(row.name) + 1
    # What formulas add for no layer stands behind all layers.
    order = [*dict.fromkeys((*order, *(row.name for one in reports for row in one.rows)))]
    return ColumnReport(
        reports[0].network,
        columns,
        tuple(
            ColumnRow(
                next(of[name] for of in rows if name in of),
                tuple(of[name].total if name in of else None for of in rows),
            )
            for name in order
        ),
        reports,
        there,
    )
