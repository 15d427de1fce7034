"""The rows of a sheet as comma-separated values: exact, without separators in numbers.

Text that a spreadsheet would take for a formula has an apostrophe before it.
"""

from __future__ import annotations

import csv
import io
from typing import Any

from symparams.interchange import csv_cell
from symparams.views.sheet import Sheet
from symparams.views.written import clean


def render(sheet: Sheet) -> str:
    """Return a head line and a line a row; a shape is ``224x224x64``."""
    rows: list[dict[str, Any]] = list(sheet.data.get("rows", ()))
    nested = {key for row in rows for key, v in row.items() if not _flat(v)}
    keys = [k for k in dict.fromkeys(key for row in rows for key in row) if k not in nested]
    keys = keys or [column.key for column in sheet.columns]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(map(csv_cell, keys))
    for row in rows:
        writer.writerow([csv_cell(_cell(row.get(key))) for key in keys])
    return out.getvalue().rstrip("\n")


def _flat(value: object) -> bool:
    """Tell whether a value fits into a cell."""
    if isinstance(value, list):
        return all(isinstance(item, str | int) for item in value)
    return not isinstance(value, dict)


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        parts = [f"({p})" if " " in p else p for p in map(str, value)]
        return ("x" if all(p.isdigit() for p in parts) else " x ").join(map(clean, parts))
    return clean(str(value))
