"""How values leave for other programs: integers in JSON, cells in CSV.

Floor 0 of the house: every other room may import this one, it imports none.
"""

from __future__ import annotations

import json
import re
from typing import Any

#: JSON numbers up to here are read exactly by every program: JavaScript's are floats.
LARGEST_NUMBER = (1 << 53) - 1
#: What a spreadsheet takes for the beginning of a formula.
_STARTS = ("=", "+", "-", "@", "\t", "\r")
_NUMBER = re.compile(r"-?\d+(\.\d+)?(/\d+)?")


def json_value(value: Any) -> Any:
    """Plain data with every integer beyond ±(2^53 - 1) written as text.

    >>> json_value({"params": [2**53 - 1, 2**53]})
    {'params': [9007199254740991, '9007199254740992']}
    """
    if isinstance(value, int):
        return value if -LARGEST_NUMBER <= value <= LARGEST_NUMBER else str(value)
    if isinstance(value, dict):
        return {key: json_value(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [json_value(item) for item in value]
    return value


def json_text(data: Any, indent: int | None = 2) -> str:
    """Plain data as JSON in ASCII, so that no character of it is a command to a terminal."""
    return json.dumps(json_value(data), indent=indent)


def csv_cell(cell: str) -> str:
    """A cell in which no spreadsheet sees a formula; numbers stay numbers.

    >>> csv_cell("=1+2"), csv_cell("-5"), csv_cell("-h + 5")
    ("'=1+2", '-5', "'-h + 5")
    """
    if cell.startswith(_STARTS) and not _NUMBER.fullmatch(cell):
        return f"'{cell}"
    return cell
