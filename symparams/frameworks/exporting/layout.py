"""Lines of Python as formatters leave them: at most 88 characters, one item a line beyond."""

from __future__ import annotations

import re
from collections.abc import Iterator

WIDTH = 88
_OPEN, _CLOSE = "([{", ")]}"

#: A quotient of what stands in brackets.
_DIVIDED = re.compile(r"^((?:\w+=)?\([^()]*\)) (// \S+)$")

#: What several values are assigned to.
_NAMES = re.compile(r"^[\w.]+(, [\w.]+)+$")


def laid_out(line: str, indent: int, inside: bool = False) -> list[str]:
    """Return a logical line over as many lines as it needs, with ``indent`` spaces in front.

    ``inside``: it stands in brackets, so that it may end before an operator.
    """
    if indent + len(line) <= WIDTH:
        return [" " * indent + line]
    names, assigned, value = line.partition(" = ")
    if assigned and not inside and _NAMES.match(names) and len(list(_items(value))) > 1:
        line = f"{names} = ({value})"  # several values, one a line
    divided = _DIVIDED.match(line) if inside else None
    if divided and indent + len(divided[1]) <= WIDTH:
        return [" " * indent + divided[1], " " * indent + divided[2]]
    place = _last_bracket(line, first=line.startswith("def "))
    if place is None:
        return [" " * indent + line]
    start, end = place
    head, body, tail = line[: start + 1], line[start + 1 : end], line[end:]
    inner = indent + 4
    items = list(_items(body))
    alone = any(map(_is_comprehension, items))
    literal = line[start] == "[" and not (start and line[start - 1].isidentifier())
    many = literal and len(items) > 1 and not alone
    if inner + len(body) <= WIDTH and not many:
        return [" " * indent + head, " " * inner + body, *laid_out(tail, indent)]
    found = [" " * indent + head]
    if alone:
        for part in _clauses(body):
            found += laid_out(part, inner)
    else:
        for item in items:
            rest = "" if item.startswith("*") and len(items) == 1 else ","
            found += laid_out(item + rest, inner, inside=True)
    return [*found, *laid_out(tail, indent)]


def _last_bracket(line: str, first: bool = False) -> tuple[int, int] | None:
    """Return where the last bracket that stands in no other opens and closes; the ``first``."""
    stack: list[int] = []
    found = None
    for place, char in _code(line):
        if char in _OPEN:
            stack.append(place)
        elif char in _CLOSE:
            start = stack.pop()
            if not stack and place > start + 1:
                found = (start, place)
                if first:
                    return found
    return found


def _code(line: str) -> Iterator[tuple[int, str]]:
    """Yield the characters that stand in no string, and where."""
    quote = ""
    for place, char in enumerate(line):
        if quote:
            quote = "" if char == quote else quote
        elif char in "\"'":
            quote = char
        else:
            yield place, char


def _items(body: str) -> Iterator[str]:
    """Yield what stands between the commas of a bracket."""
    depth, start = 0, 0
    for place, char in _code(body):
        depth += (char in _OPEN) - (char in _CLOSE)
        if char == "," and depth == 0:
            yield body[start:place].strip()
            start = place + 1
    if body[start:].strip():
        yield body[start:].strip()


def _is_comprehension(item: str) -> bool:
    return len(list(_clauses(item))) > 1


def _clauses(body: str) -> Iterator[str]:
    """Yield the parts of a comprehension: its element, and each ``for``."""
    depth, start = 0, 0
    for place, char in _code(body):
        depth += (char in _OPEN) - (char in _CLOSE)
        if depth == 0 and body.startswith(" for ", place):
            yield body[start:place].strip()
            start = place + 1
    yield body[start:].strip()
