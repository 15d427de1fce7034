"""The closed form of a builder: a line a pattern of tensors, sums, and how well it is known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice

from symparams.algebra import Number, Size, Symbol, named
from symparams.frameworks import FittedTensors, Inferred, InferredTotals, UnfittedTensors
from symparams.interchange import CommandAnswer
from symparams.records import Record
from symparams.views.cells import Cell, closed, phrase
from symparams.views.sheet import Column, Line, Sheet

#: So many values of what did not fit are shown; JSON has all.
MOST_VALUES = 6
#: So many points at which the builder raises are shown.
MOST_POINTS = 3


class InferredRow(Record):
    """Tensors of one pattern and shape; ``index`` is in the shape of some, from ``first`` on."""

    pattern: str
    part: str
    role: str
    layer: str
    count: Size
    shape: tuple[Size, ...]
    values: Size | None
    index: str
    first: int
    presence: str


class UnfittedRow(Record):
    """Tensors without a formula, and what they are at some points."""

    pattern: str
    part: str
    role: str
    what: str
    values: tuple[UnfittedValue, ...]


class UnfittedValue(Record):
    """A value at a point."""

    at: Mapping[str, Number]
    value: str


class TriedSize(Record):
    """A size, and the least and most of its values that were tried."""

    name: str
    least: Number
    most: Number


class RaisingPoint(Record):
    """A point at which the builder raises, and what."""

    at: Mapping[str, Number]
    message: str


class TiedNames(Record):
    """Two names of one tensor."""

    first: str
    other: str


class InferAnswer(CommandAnswer, command="infer"):
    """The closed form of what a builder builds, as far as a few points tell it; no proof.

    A sum is null where a tensor of it did not fit, and where another measure was asked for.
    """

    builder: str
    framework: str
    sizes: tuple[str, ...]
    measure: str
    inputs: tuple[str, ...]
    complete: bool
    macs: Size | None
    params: Size | None
    trainable: Size | None
    frozen: Size | None
    buffers: Size | None
    fitted_points: int
    held_points: int
    tried: tuple[TriedSize, ...]
    conditions: tuple[str, ...]
    ranges: tuple[str, ...]
    not_varied: tuple[str, ...]
    raising: tuple[RaisingPoint, ...]
    tied: tuple[TiedNames, ...]
    unfitted: tuple[UnfittedRow, ...]
    rows: tuple[InferredRow, ...]


def page(found: Inferred, written: str = "") -> Sheet:
    """Return the tensors with their formulas; ``written`` is the file of the text, if one is."""
    products = found.measure == "macs"
    columns = (
        Column("pattern", "Product" if products else "Tensor"),
        Column("count", "Number", "right"),
        Column("shape", "Axes" if products else "Shape"),
        Column("values", "MACs" if products else "Values"),
    )
    lines = [_line(row) for row in found.rows]
    lines += [_failed(row) for row in found.unfitted]
    return Sheet(
        f"{found.builder} ({found.framework})",
        columns,
        tuple(lines),
        tuple(_footer(found)),
        tuple(phrase(note) for note in _notes(found, written)),
        answer=_answer(found),
    )


def _line(row: FittedTensors) -> Line:
    parts = [row.pattern]
    if row.part:
        parts.append(f"({row.part})")
    if row.presence:
        parts.append(f"(if {row.presence})")
    if row.role not in ("trainable", "product"):
        parts.append(f"({row.role})")
    values: Cell = "no closed sum" if row.values is None else closed(row.values)
    return Line((" ".join(parts), closed(row.count), _shape(row), values))


def _shape(row: FittedTensors) -> Cell:
    pieces: list[Cell] = []
    for axis in row.axes:
        pieces += [" × ", closed(axis)] if pieces else [closed(axis)]
    return phrase(*pieces) if pieces else "scalar"


def _failed(row: UnfittedTensors) -> Line:
    told = "; ".join(
        f"{value} at {_told(point)}" for point, value in islice(row.values, MOST_VALUES)
    )
    name = f"{row.pattern} ({row.part})" if row.part else row.pattern
    return Line((name, "?", f"{row.what} does not fit", told), style="failed")


def _told(point: Mapping[str, Number]) -> str:
    return ", ".join(f"{n} = {v}" for n, v in point.items())


def _footer(found: Inferred) -> Iterator[tuple[str, Cell]]:
    totals = found.totals
    if found.measure == "macs":
        yield "MACs", _sum(totals.macs, "products")
        yield "fed", " and ".join(found.inputs)
        yield from _evidence(found)
        return
    yield "params", _sum(totals.params)
    if totals.frozen != 0:
        yield "trainable", _sum(totals.trainable)
        yield "frozen", _sum(totals.frozen)
    if totals.buffers != 0:
        yield "buffers", _sum(totals.buffers)
    yield from _evidence(found)


def _evidence(found: Inferred) -> Iterator[tuple[str, Cell]]:
    """Yield under what it holds, and how well it is known."""
    if found.given:
        yield "asked for", found.given
    for label, texts in (("if", found.conditions), ("within", found.ranges)):
        if texts:
            yield label, ", ".join(texts)
    if found.unvaried:
        yield "not varied", ", ".join(found.unvaried)
    yield (
        "known",
        (f"fitted at {len(found.points)} points, held at {len(found.held)} others; not a proof"),
    )
    tried = _tried(found)
    if tried:
        yield "tried", ", ".join(f"{t.name} in {t.least}..{t.most}" for t in tried)


def _tried(found: Inferred) -> tuple[TriedSize, ...]:
    """Return between which values every size was: beyond them nothing was seen."""
    points = (*found.points, *found.held)
    sizes = [n for n in dict.fromkeys(n for p in points for n in p) if n not in found.unvaried]
    values = {n: [p[n] for p in points if n in p] for n in sizes}
    return tuple(TriedSize(n, min(v), max(v)) for n, v in values.items())


def _sum(size: Size | None, things: str = "tensors") -> Cell:
    return f"not known, as not all {things} fit" if size is None else closed(size)


def _notes(found: Inferred, written: str) -> Iterator[str]:
    for first, other in found.tied:
        yield f"{other} is {first}, counted once"
    if found.unfitted:
        yield (
            "a number may be hidden in the builder where nothing fits: name it as an argument, "
            "and in --sizes"
        )
    for point, message in found.unexplained[:MOST_POINTS]:
        yield f"the builder raises at {_told(point)}: {message}"
    more = len(found.unexplained) - MOST_POINTS
    if more > 0:
        yield f"and at {more} other points that no simple condition explains"
    if written:
        yield f"written to {written}"


def _answer(found: Inferred) -> InferAnswer:
    totals: InferredTotals = found.totals
    rows = tuple(
        InferredRow(
            r.pattern, r.part, r.role, r.owner, r.count, r.axes, r.values, _index(r.index),
            r.first, r.presence,
        )
        for r in found.rows
    )  # fmt: skip
    unfitted = tuple(
        UnfittedRow(
            u.pattern, u.part, u.role, u.what, tuple(UnfittedValue(p, v) for p, v in u.values)
        )
        for u in found.unfitted
    )
    return InferAnswer.like(
        found,
        macs=totals.macs,
        params=totals.params,
        trainable=totals.trainable,
        frozen=totals.frozen,
        buffers=totals.buffers,
        fitted_points=len(found.points),
        held_points=len(found.held),
        not_varied=found.unvaried,
        tried=_tried(found),
        raising=tuple(RaisingPoint(p, m) for p, m in found.unexplained),
        tied=tuple(TiedNames(a, b) for a, b in found.tied),
        unfitted=unfitted,
        rows=rows,
    )


def _index(index: Symbol | None) -> str:
    return "" if index is None else named(index.name)
