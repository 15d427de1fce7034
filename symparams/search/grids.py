"""Rows into a file, piece by piece: Parquet, CSV, or JSON with an object a line.

Numbers are exact in all of them. In Parquet a column is INT64 or
DECIMAL(38, 0), whichever holds all its values; fractions and longer integers
are text. CSV has integers as digits and fractions as ``7/2``; JSON has integers
as numbers of any length and fractions as text.
"""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from decimal import Context, Decimal
from pathlib import Path
from typing import Any

from symparams.errors import SymparamsError, did_you_mean
from symparams.search.parts import Columns

#: Receives columns of equal length.
Write = Callable[[Columns], None]

#: Parquet's groups of rows have at least so many, but the last.
ROWS_OF_GROUP = 1 << 17


def checked_path(path: str) -> str:
    """The ending of a file that rows can be written to.

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
    """What writes columns of these types to a file, which appears once all are written.

    Raises:
        SymparamsError: the file cannot be written.
    """
    ending = checked_path(path)
    beside = f"{path}.part"
    try:
        with _WRITERS[ending](beside, types) as write:
            yield write
        os.replace(beside, path)
    except OSError as error:
        raise SymparamsError(f"'{path}' cannot be written: {error.strerror or error}") from None
    finally:
        with suppress(OSError):
            os.remove(beside)


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
def _parquet(path: str, types: Mapping[str, str]) -> Iterator[Write]:
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

    with arrow.parquet.ParquetWriter(path, schema) as file:
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
def _csv(path: str, types: Mapping[str, str]) -> Iterator[Write]:
    with open(path, "w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(types)
        yield lambda columns: out.writerows(_rows(columns, types))


@contextmanager
def _json(path: str, types: Mapping[str, str]) -> Iterator[Write]:
    with open(path, "w", encoding="utf-8") as file:

        def write(columns: Columns) -> None:
            for row in _rows(columns, types):
                line = {
                    n: v if isinstance(v, int) else str(v) for n, v in zip(types, row, strict=True)
                }
                file.write(json.dumps(line, ensure_ascii=False) + "\n")

        yield write


_WRITERS = {".parquet": _parquet, ".csv": _csv, ".json": _json, ".jsonl": _json}
