"""What moves a measure: a line a symbol, the most moving first."""

from __future__ import annotations

from collections.abc import Mapping

from symparams.algebra import Condition, Form, Number, Size, of_atom
from symparams.analysis import Sensitivities, Sensitivity, elasticity
from symparams.interchange import ABSENT, Absent, CommandAnswer
from symparams.records import Record
from symparams.views import remarks
from symparams.views.cells import Cell, Phrase, closed, phrase, quotient
from symparams.views.sheet import Column, Line, Sheet

#: The digits behind the point of an elasticity; where it is cut, ``~`` says so.
PLACES = 4
#: Behind the point, of a number that would be 0 with those.
MOST_PLACES = 40


class SensitivityRow(Record):
    """What moves a measure by one symbol; the last fields are those at a point."""

    symbol: str
    derivative: Size | None
    reason: str
    step: Number | None
    difference: Size | None
    elasticity_formula: Form | Number | None
    value: Number | Absent = ABSENT
    measure: Number | Absent = ABSENT
    slope: Number | Absent | None = ABSENT
    increase: Number | Absent | None = ABSENT
    elasticity: Number | Absent | None = ABSENT


class SensitivityAnswer(CommandAnswer, command="sensitivity"):
    """Derivatives, exact differences and elasticities, the most moving symbol first."""

    model: str
    measure: str
    formula: Size
    point: Mapping[str, Number]
    ranked_by: str
    rows: tuple[SensitivityRow, ...]
    conditions: tuple[Condition, ...]


def page(found: Sensitivities) -> Sheet:
    """Return derivatives and differences; at a point also their values and elasticities."""
    here = bool(found.point)
    columns = [Column("symbol", "Symbol")]
    if here:
        columns.append(Column("size", "Value", "right"))
    columns += [Column("derivative", "Derivative"), Column("step", "Step", "right")]
    columns.append(Column("difference", "Difference"))
    if here:
        columns += [
            Column("slope", "Slope", "right"),
            Column("increase", "One step more", "right"),
            Column("elasticity", "Elasticity", "right"),
        ]
    else:
        columns.append(Column("elasticity", "Elasticity"))
    measure = found.measure
    footer: list[tuple[str | Phrase, Cell]] = [(measure, closed(found.formula))]
    values = [item.at.value for item in found.items if item.at is not None]
    if values:
        here_is = remarks.point(found.point.items(), found.network)
        footer.append((phrase("  at ", *here_is), values[0]))
    return Sheet(
        f"What moves {measure} of {remarks.title(found.network)}",
        tuple(columns),
        tuple(_line(found, item, here) for item in found.items),
        tuple(footer),
        (*_notes(found), *remarks.conditions(found.network)),
        order=found.network.symbols,
        notations=remarks.notations(found.network),
        answer=_answer(found),
    )


def _line(found: Sensitivities, item: Sensitivity, here: bool) -> Line:
    slope: Cell = "none" if item.derivative is None else closed(item.derivative)
    cells: list[Cell] = [of_atom(found.network.is_symbol(item.symbol))]
    if here:
        cells.append(None if item.at is None else item.at.size)
    difference = "none" if item.difference is None else closed(item.difference)
    cells += [slope, "varies" if item.step is None else item.step, difference]
    if here and item.at is not None:
        cells += [item.at.slope, item.at.difference, decimal(item.at.elasticity)]
    elif not here:
        percent = _elasticity(found, item)
        cells.append("none" if percent is None else percent)
    return Line(tuple(cells))


def _elasticity(found: Sensitivities, item: Sensitivity) -> Form | Number | None:
    own = found.network.is_symbol(item.symbol)
    percent = elasticity(found.formula, item.derivative, own)
    return None if percent is None else quotient(percent)


def decimal(number: Number | None) -> str | int | None:
    """Return a number with :data:`PLACES` digits, marked where it is not exact.

    >>> from fractions import Fraction
    >>> decimal(Fraction(3, 2)), decimal(Fraction(1, 3)), decimal(2)
    ('1.5', '~0.3333', 2)
    """
    if number is None or isinstance(number, int):
        return number
    places = PLACES
    if number and not round(number * 10**places):
        while abs(number) * 10**places < 100 and places < MOST_PLACES:
            places += 1  # of a small number its first digits, and not 0
    scaled = number * 10**places
    rounded = round(scaled)
    sign = "-" if rounded < 0 else ""
    whole, rest = divmod(abs(rounded), 10**places)
    digits = f"{rest:0{places}d}".rstrip("0") or "0"
    return f"{'' if rounded == scaled else '~'}{sign}{whole:,}.{digits}"


def _notes(found: Sensitivities) -> list[Phrase]:
    by = (
        "ranked by elasticity: percent more, per percent of the symbol"
        if found.ranked_by == "elasticity"
        else "ranked by degree"
    )
    notes = [phrase(by)] if len(found.items) > 1 else []
    if found.lacking:
        names = (of_atom(found.network.is_symbol(name)) for name in found.lacking)
        cells = [cell for name in names for cell in (", ", name)][1:]
        notes.append(phrase("no values are told: there is none for ", *cells))
    notes += [phrase(item.reason) for item in found.items if item.derivative is None]
    return notes


def _answer(found: Sensitivities) -> SensitivityAnswer:
    network = found.network
    return SensitivityAnswer.like(
        found,
        model=network.definition.name,
        rows=tuple(_row(found, item) for item in found.items),
        conditions=(*network.assumed, *network.conditions),
    )


def _row(found: Sensitivities, item: Sensitivity) -> SensitivityRow:
    row = SensitivityRow.like(item, elasticity_formula=_elasticity(found, item))
    at = item.at
    if at is None:
        return row
    here = {"value": at.size, "measure": at.value, "increase": at.difference}
    return row.but(**here, slope=at.slope, elasticity=at.elasticity)
