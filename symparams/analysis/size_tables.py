"""Models side by side: the sizes in which they differ, and what their measures come to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from typing import TypeAlias

from symparams.algebra import Number, text
from symparams.analysis.columns import MeasureColumn, measure_columns
from symparams.analysis.counts import counted
from symparams.answers import PublicAnswer
from symparams.elaboration import (
    Listed,
    Network,
    Several,
    Value,
    Word,
    WrittenModel,
    derived_sizes,
    describe,
    is_number,
    is_size,
)
from symparams.errors import NeedsValue, SymparamsError
from symparams.records import Record

#: The most rows of a table.
MOST_ROWS = 1_000

#: What a table is asked of: what a model is called there, and the model.
NamedModel: TypeAlias = "tuple[str, WrittenModel]"


class SizedModel(Record):
    """A model at one point.

    Attributes:
        name: what it is called in the table.
        sizes: its parameters and what they are; a text where one is no number.
        stated: those whose value is written, and does not follow from others.
        counts: the measures by the names of their columns; None where a size has no value.
        missing: why one of them is None, or "".
    """

    name: str
    sizes: Mapping[str, Number | str]
    stated: frozenset[str]
    counts: Mapping[str, Number | None]
    missing: str = ""


class SizeTable(Record, PublicAnswer):
    """Models as rows.

    Attributes:
        differing: the sizes in which they differ, in the order of the models.
        columns: the measures.
        models: what the rows are of.
    """

    rows: tuple[SizedModel, ...]
    differing: tuple[str, ...]
    columns: tuple[MeasureColumn, ...]
    models: tuple[WrittenModel, ...] = ()


def size_table(
    models: Sequence[NamedModel],
    measures: str = "params",
    values: Mapping[str, Sequence[Value]] | None = None,
    given: Sequence[Mapping[str, Value]] = (),
) -> SizeTable:
    """Return a row for each model, and for each choice where a size has several ``values``.

    Args:
        models: the rows, by what they are called.
        measures: the columns, as ``params, work = 2*macs``.
        values: size → its values, the same for all models; every choice is a row.
        given: what each of the models is given besides, in their order.

    Raises:
        SymparamsError: a model, a measure or a value is wrong, or there are too many rows.
    """
    columns = measure_columns(measures, ("source", "model"))
    points = _points(values or {})
    if len(models) * len(points) > MOST_ROWS:
        raise SymparamsError(
            f"a table of {len(models) * len(points):,} rows, more than {MOST_ROWS:,}",
            None,
            "symparams sweep goes through as many as you like",
        )
    own = given or [{}] * len(models)
    rows = tuple(
        _sized(name, model, columns, {**known, **point})
        for (name, model), known in zip(models, own, strict=True)
        for point in points
    )
    differing = _differing(rows)
    measure_columns(measures, ("source", "model", *differing))
    return SizeTable(rows, differing, columns, tuple(model for _, model in models))


def _points(values: Mapping[str, Sequence[Value]]) -> list[dict[str, Value]]:
    """Return every choice of one value a size."""
    return [dict(zip(values, point, strict=True)) for point in product(*values.values())]


def _sized(
    name: str,
    model: WrittenModel,
    columns: Iterable[MeasureColumn],
    values: Mapping[str, Value],
) -> SizedModel:
    counts: dict[str, Number | None] = {}
    sizes: dict[str, Number | str] = {n: _cell(v) for n, v in values.items()}
    missing = ""
    for column in columns:
        try:
            counts[column.name], network = counted(model, values, column.formula)
        except NeedsValue as error:
            counts[column.name] = None
            missing = missing or error.message
        else:
            sizes = _sizes(network, model, values)
    stated = frozenset(sizes) - derived_sizes(model, values)
    return SizedModel(name, sizes, stated, counts, missing)


def _sizes(
    network: Network, model: WrittenModel, values: Mapping[str, Value]
) -> dict[str, Number | str]:
    """Return what each parameter is worth, the written text where that is no number."""
    if model.parameters is None:  # a one-line source
        return {n: _cell(v) for n, v in network.values.items()}
    found: dict[str, Number | str] = {}
    for parameter in model.parameters:
        name = parameter.name
        own = network.values.get(name, network.taken.get(name))
        if own is None and name not in values:
            if parameter.default is not None:
                found[name] = " ".join(parameter.default.span.text.split())
        else:
            found[name] = _cell(own)
    return found


def _cell(value: Value) -> Number | str:
    return value if is_number(value) else written(value)  # type: ignore[return-value]


def written(value: Value) -> str:
    """Return a value as the language writes it: ``[3, 4]``, ``same``, ``yes``.

    >>> written(Listed((3, 4))), written(True), written(None)
    ('[3, 4]', 'yes', 'none')
    """
    if value is None or isinstance(value, bool):
        return {None: "none", True: "yes", False: "no"}[value]
    if isinstance(value, Listed):
        return f"[{', '.join(map(written, value.items))}]"
    if isinstance(value, Several):
        return f"({', '.join(map(written, value.items))})"
    if isinstance(value, Word):
        return value.id
    return text(value) if is_size(value) else describe(value)  # type: ignore[arg-type]


def _differing(rows: Sequence[SizedModel]) -> tuple[str, ...]:
    """Return the sizes that rows state and that differ between them."""
    names = dict.fromkeys(name for row in rows for name in row.sizes)
    return tuple(
        name
        for name in names
        if any(name in row.stated for row in rows)
        and len({row.sizes[name] for row in rows if name in row.sizes}) > 1
    )


__all__ = ["NamedModel", "SizeTable", "SizedModel", "size_table", "written"]
