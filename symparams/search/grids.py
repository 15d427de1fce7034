"""Rows into a file, piece by piece: Parquet, CSV, or JSON with an object a line.

Numbers are exact in all of them. In Parquet a column is INT64 or
DECIMAL(38, 0), whichever holds all its values; fractions and longer integers
are text. CSV has integers as digits and fractions as ``7/2``; JSON has integers
as numbers, but beyond ±(2^53 - 1) as text, and fractions as text.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from decimal import Context, Decimal
from io import TextIOWrapper
from pathlib import Path
from typing import Any, BinaryIO

from symparams.errors import SymparamsError, did_you_mean
from symparams.interchange import csv_cell, json_text
from symparams.replacing import replacing
from symparams.search.parts import Columns

#: Receives columns of equal length.
Write = Callable[[Columns], None]

#: Parquet's groups of rows have at least so many, but the last.
ROWS_OF_GROUP = 1 << 17


def checked_path(path: str) -> str:
    """Return the ending of a file that rows can be written to.

    Raises:
        SymparamsError: it is none of ours, or there is no such folder.
    """
    ending = Path(path).suffix.lower()
    if ending not in _WRITERS:
        known = ", ".join(_WRITERS)
        raise SymparamsError(
            f"'{path}' does not say what to write",
            None,
            did_you_mean(ending, _WRITERS, f"end it in {known}"),
        )
    if not Path(path).absolute().parent.is_dir():
        raise SymparamsError(f"there is no folder '{Path(path).parent}'")
    if ending == ".parquet":
        _pyarrow()
    return ending


@contextmanager
def grid(path: str, types: Mapping[str, str]) -> Iterator[Write]:
    """Yield what writes columns of these types to a file, which appears once all are written.

    Raises:
        SymparamsError: the file cannot be written.
    """
    ending = checked_path(path)
    try:
        with replacing(path) as file, _WRITERS[ending](file, types) as write:
            yield write
    except OSError as error:
        raise SymparamsError(f"'{path}' cannot be written: {error.strerror or error}") from None


def _pyarrow() -> Any:
    try:
        import pyarrow.parquet
    except ImportError:
        raise SymparamsError(
            "PyArrow, which writes Parquet, is not installed",
            None,
            "run: pip install 'symparams[sweep]'; or end the file in .csv or .json",
        ) from None
    return pyarrow


@contextmanager
def _parquet(out: BinaryIO, types: Mapping[str, str]) -> Iterator[Write]:
    arrow = _pyarrow()
    kinds = {"int64": arrow.int64(), "decimal": arrow.decimal128(38, 0), "text": arrow.string()}
    schema = arrow.schema([(name, kinds[kind]) for name, kind in types.items()])
    waiting: list[Any] = []

    def flush() -> None:
        if waiting:
            file.write_table(arrow.Table.from_batches(waiting, schema))
            waiting.clear()

    def write(columns: Columns) -> None:
        made = [_column(arrow, columns[n], kind, kinds[kind]) for n, kind in types.items()]
        waiting.append(arrow.record_batch(made, schema=schema))
        if sum(batch.num_rows for batch in waiting) >= ROWS_OF_GROUP:
            flush()

    with arrow.parquet.ParquetWriter(out, schema) as file:
        yield write
        flush()


#: Enough digits for DECIMAL(38, 0), whatever the context around is.
_DIGITS = Context(prec=38)


def _column(arrow: Any, values: Any, kind: str, type_: Any) -> Any:
    if kind == "decimal":
        values = [Decimal(int(v), _DIGITS) for v in values]
    elif kind == "text":
        values = [str(v) for v in values]
    return arrow.array(values, type_)


def _rows(columns: Columns, names: Mapping[str, str]) -> Iterator[tuple[Any, ...]]:
    lists = [columns[name] for name in names]
    return zip(*(v.tolist() if hasattr(v, "tolist") else v for v in lists), strict=True)


@contextmanager
def _text(out: BinaryIO) -> Iterator[TextIOWrapper]:
    """Yield a file as text in UTF-8, whose lines end in a newline everywhere."""
    file = TextIOWrapper(out, encoding="utf-8", newline="")
    yield file
    file.detach()


@contextmanager
def _csv(out: BinaryIO, types: Mapping[str, str]) -> Iterator[Write]:
    with _text(out) as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(map(csv_cell, types))
        yield lambda columns: rows.writerows(_rows(columns, types))


@contextmanager
def _json(out: BinaryIO, types: Mapping[str, str]) -> Iterator[Write]:
    with _text(out) as file:

        def write(columns: Columns) -> None:
            for row in _rows(columns, types):
                line = {
                    n: v if isinstance(v, int) else str(v) for n, v in zip(types, row, strict=True)
                }
                file.write(json_text(line, indent=None) + "\n")

        yield write


_WRITERS = {".parquet": _parquet, ".csv": _csv, ".json": _json, ".jsonl": _json}
