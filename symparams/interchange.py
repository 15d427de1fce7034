"""How values leave for other programs: typed answers in JSON, cells in CSV.

Floor 0 of the house: every other room may import this one, it imports records alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Final, TypeVar

from symparams.records import Record

#: JSON numbers up to here are read exactly by every program: JavaScript's are floats.
LARGEST_NUMBER = (1 << 53) - 1
#: What a spreadsheet takes for the beginning of a formula.
_STARTS = ("=", "+", "-", "@", "\t", "\r")

_T = TypeVar("_T")


class Absent:
    """The type of :data:`ABSENT`."""


#: In the place of a field that a record does not have: its JSON has no such key.
ABSENT: Final = Absent()


class Further(dict[str, _T]):
    """The keys of a record that no annotation can name: of the sizes of a space, of measures."""


class CommandAnswer(Record):
    """What a command answers a program: its annotations are the keys of the JSON, in order.

    ``class ProofAnswer(CommandAnswer, command="prove")`` is all there is to say:
    :func:`json_value` prints it, and ``docs/schema/prove.json`` is made of it. A
    name that Python keeps for itself has a line behind it: ``for_``.
    """

    #: Command → the answers that it may give.
    by_command: ClassVar[dict[str, list[type[CommandAnswer]]]] = {}

    def __init_subclass__(cls, command: str = "") -> None:
        super().__init_subclass__()
        if command:
            CommandAnswer.by_command.setdefault(command, []).append(cls)


def _same(value: Any) -> Any:
    return value


def json_value(
    value: Any, simpler: Callable[[Any], Any] = _same, largest: float = LARGEST_NUMBER
) -> Any:
    """Turn a value into what JSON has: an integer beyond ±(2^53 - 1) is text, as is a fraction.

    Args:
        value: a record, a mapping, a list, a number, a text, or what ``simpler`` makes one.
        simpler: what a value of another type is in simpler ones.
        largest: integers up to here stay numbers.

    Raises:
        TypeError: nothing says what the value is in JSON.

    >>> json_value({"params": [2**53 - 1, 2**53]})
    {'params': [9007199254740991, '9007199254740992']}
    """
    if isinstance(value, int):
        if word := getattr(value, "word", ""):  # of a size that is one of several words
            return word
        return value if -largest <= value <= largest else str(value)
    if value is None or isinstance(value, str | float):
        return value
    if isinstance(value, Mapping):
        return {key: json_value(item, simpler, largest) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [json_value(item, simpler, largest) for item in value]
    from fractions import Fraction  # `--help` loads this file, and no numbers

    if isinstance(value, Fraction):
        return str(value)
    plainer = simpler(value)
    if plainer is value and isinstance(value, Record):
        plainer = entries(value)
    if plainer is value:
        raise TypeError(f"a {type(value).__name__} has no JSON")
    return json_value(plainer, simpler, largest)


def entries(record: Record) -> dict[str, Any]:
    """Return the fields of a record by the keys that they have in JSON."""
    entries: dict[str, Any] = {}
    for name in record._fields:
        value = getattr(record, name)
        if isinstance(value, Further):
            entries.update(value)
        elif value is not ABSENT:
            entries[name.removesuffix("_")] = value
    return entries


def json_text(data: Any, indent: int | None = 2, simpler: Callable[[Any], Any] = _same) -> str:
    """Write an answer as JSON in ASCII, so that no character of it is a command to a terminal."""
    import json  # most commands print none

    return json.dumps(json_value(data, simpler), indent=indent)


def csv_cell(cell: str) -> str:
    """Return a cell in which no spreadsheet sees a formula; numbers stay numbers.

    >>> csv_cell("=1+2"), csv_cell("-5"), csv_cell("-h + 5")
    ("'=1+2", '-5', "'-h + 5")
    """
    if cell.startswith(_STARTS) and not re.fullmatch(r"-?\d+(\.\d+)?(/\d+)?", cell):
        return f"'{cell}"
    return cell
