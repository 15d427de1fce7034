"""The table of layers: shapes, counts, totals; with symbols, formulas."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import partial

from symparams.algebra import Form, Number, Polynomial, Size, by_degree, grouped, substitute
from symparams.analysis import NamedSizes, Report, Row, report
from symparams.elaboration import Network, is_size
from symparams.errors import SymparamsError, did_you_mean
from symparams.interchange import Absent, CommandAnswer
from symparams.network import Flow, Measure, told_below
from symparams.records import Record
from symparams.views import remarks
from symparams.views.cells import Cell, Copies, Phrase, closed, phrase
from symparams.views.sheet import RULE, Column, Line, Sheet


class ShownRow(Record):
    """A layer or a block; ``number`` is its total at the defaults, ``copies`` those in a pass."""

    name: str
    kind: str
    depth: int
    group: bool
    output: Flow | None
    times: Size
    count: Size
    total: Size
    number: Number | None
    for_: str | Absent
    copies: Size | Absent


class ShowAnswer(CommandAnswer, command="show"):
    """The layers with their output shapes and counts, and the totals of all measures."""

    model: str
    values: Mapping[str, Size]
    measure: str
    unit: str
    rows: tuple[ShownRow, ...]
    total: Size
    number: Number | None
    measures: Mapping[str, Size]
    symbols: tuple[remarks.OpenSize, ...]
    conditions: tuple[str, ...]
    notes: tuple[str, ...]
    differences: tuple[remarks.ChangedCount, ...]
    derived: tuple[remarks.DerivedSize, ...]


#: Columns of a table by the names that ``--columns`` has, before that of the measure.
COLUMNS = ("name", "shape", "copies", "formula")


def page(
    found: Report,
    at_defaults: Network | None = None,
    expand: bool = True,
    named: NamedSizes | None = None,
    columns: Sequence[str] = (),
) -> Sheet:
    """Return a line a layer, and the total.

    Args:
        found: the rows.
        at_defaults: the same model at its defaults, where each symbol has one.
        expand: show the layers inside blocks, not only the blocks.
        named: the same model with derived sizes by name, as which the formulas are shown.
        columns: which columns, of :data:`COLUMNS`, the measure's name and ``share``; by
            default those that say something.

    Raises:
        SymparamsError: no such column, or a share of what is no number.
    """
    there = named or NamedSizes(found.network)
    written = report(there.network, found.measure.name) if there.sizes else found
    numbers = _numbers(found, at_defaults)
    rows = [
        (row, number)
        for row, number in zip(written.rows, numbers, strict=True)
        if expand or not row.depth
    ]
    symbolic = any(isinstance(s, Polynomial) for r in written.rows for s in (r.count, r.times))
    copies = any(row.times != 1 for row, _ in rows)
    numeric = not symbolic or at_defaults is not None or any(number for _, number in rows)
    total = _total_number(found, at_defaults)
    keys = _keys(found, columns, total) or ["name", "shape"] + [
        key
        for key, said in (("copies", copies), ("formula", symbolic), ("number", numeric))
        if said
    ]
    headings = {**_HEADINGS, "number": Column("number", found.measure.heading, "right")}
    lines: list[Line] = []
    for row, number in rows:
        plainly_number = "number" in keys and not isinstance(row.total, Polynomial)
        cells: dict[str, Cell] = {
            "name": row.name,
            "shape": row.output,
            "copies": Copies(row.times) if row.times != 1 else None,
            "formula": None if plainly_number else formula(row),
            "number": number,
            "share": _share(number, total) if "share" in keys else None,
        }
        style = "free" if not row.count else "group" if row.is_group else ""
        lines.append(Line(tuple(cells[key] for key in keys), row.depth, style))
    inside = remarks.indices(written) if expand else ()
    return Sheet(
        f"Model: {remarks.title(found.network)}",
        tuple(headings[key] for key in keys),
        (*lines, RULE),
        tuple(_footer(written, at_defaults)),
        (
            *_about(found.network),
            *remarks.names(there),
            *inside,
            *remarks.all_remarks(found),
        ),
        order=there.network.symbols,
        total=_total(written, total, keys),
        caption=f"Layers of {remarks.title(found.network)}",
        notations=remarks.notations(found.network),
        answer=partial(_answer, found, at_defaults, numbers, there),
    )


#: Column → its heading.
_HEADINGS = {
    "name": Column("name", "Layer"),
    "shape": Column("output", "Output Shape"),
    "copies": Column("times", "Copies"),
    "formula": Column("formula", "Formula"),
    "share": Column("share", "Share", "right"),
}


def _keys(found: Report, columns: Sequence[str], total: Number | None) -> list[str]:
    """Return the columns that were asked for."""
    own = found.measure.name
    known = (*COLUMNS, own, "share")
    for k, column in enumerate(columns):
        if column not in known:
            listed = f"there are {', '.join(known)}"
            raise SymparamsError(
                f"--columns: no column '{column}'", None, did_you_mean(column, known, listed)
            )
        if column in columns[:k]:
            raise SymparamsError(f"--columns has '{column}' twice")
    if "share" in columns and not total:
        raise SymparamsError(
            f"--columns: a share of {own} needs a number above 0", None, "--set gives sizes values"
        )
    return ["number" if column == own else column for column in columns]


def _share(number: Number | None, total: Number | None) -> str | None:
    """Return a part of the total in percent, to a tenth."""
    if number is None or not total:
        return None
    tenths = round(Fraction(number) / Fraction(total) * 1000)
    return f"{tenths // 10}.{tenths % 10} %"


def _total_number(found: Report, at_defaults: Network | None) -> Number | None:
    """Return the total where it is a number, or at the defaults."""
    total = found.total if at_defaults is None else at_defaults.measure(found.measure.name)
    return _number(total)


def _total(found: Report, number: Number | None, keys: Sequence[str]) -> Line:
    """Return the total as a row of the table."""
    plainly_number = "number" in keys and not isinstance(found.total, Polynomial)
    cells: dict[str, Cell] = {
        "name": "Total",
        "formula": None if plainly_number else closed(found.total),
        "number": number,
        "share": _share(number, number),
    }
    return Line(tuple(cells.get(key) for key in keys), style="total")


def formula(row: Row) -> Form:
    """Return a row's formula as papers print it, the repeat in front: ``l*(h^2 + h)``."""
    return grouped([term(row)])


def term(row: Row) -> tuple[Size, Form]:
    """Return (how often, what) a row is: of a row in a series, once the sum over its passes."""
    return (1, by_degree(row.total)) if row.passes else (row.times, by_degree(row.count))


def _numbers(found: Report, at_defaults: Network | None) -> list[Number | None]:
    """Return the totals of the rows where they are numbers, or at the defaults."""
    values = {} if at_defaults is None else {**found.network.defaults, **found.network.settled}
    return [_number(substitute(row.total, values)) for row in found.rows]


def _number(size: Size) -> Number | None:
    return None if isinstance(size, Polynomial) else size


def _footer(found: Report, at_defaults: Network | None) -> list[tuple[str | Phrase, Cell]]:
    what, network = found.measure, found.network
    footer: list[tuple[str | Phrase, Cell]] = [(what.whole, closed(found.total))]
    if at_defaults is not None and isinstance(found.total, Polynomial):
        label = phrase("  at ", *remarks.point(network.defaults.items(), network))
        footer.append((label, closed(at_defaults.measure(what.name))))
    for other in _below(network, what.name):
        size = network.measure(other.name)
        footer.append((other.whole, closed(size)))
        if at_defaults is not None and isinstance(size, Polynomial):
            footer.append(("  at the defaults", closed(at_defaults.measure(other.name))))
    return footer


def _below(network: Network, name: str) -> Iterator[Measure]:
    """Yield the measures told below one: its parts, and those beside it that are not 0."""
    whole, (parts, beside) = network.measure(name), told_below(name)
    # A formula that has one part only says nothing new; of a number readers expect them.
    if parts and (not isinstance(whole, Polynomial) or network.measure(parts[0].name) != whole):
        yield from parts
    yield from (m for m in beside if network.measure(m.name) != 0)


def _about(network: Network) -> list[Phrase]:
    listed = remarks.symbols(network)
    return [] if listed is None else [phrase("symbols: ", listed)]


def _answer(
    found: Report,
    at_defaults: Network | None,
    numbers: list[Number | None],
    named: NamedSizes,
) -> ShowAnswer:
    network, measure = found.network, found.measure
    total = found.total if at_defaults is None else at_defaults.measure(measure.name)
    return ShowAnswer.like(
        found,
        model=network.definition.name,
        values={n: v for n, v in network.values.items() if is_size(v)},
        measure=measure.name,
        unit=measure.unit,
        rows=tuple(map(_shown, found.rows, numbers)),
        number=_number(total),
        measures=network.measures(),
        symbols=remarks.open_sizes(network),
        differences=remarks.changed_counts(found),
        derived=remarks.derived_sizes(named),
    )


def _shown(row: Row, number: Number | None) -> ShownRow:
    return ShownRow.like(row, group=row.is_group, number=number, **remarks.series(row))
