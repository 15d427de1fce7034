"""Expressions as pieces of text, in which sizes are still to be written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from symparams.algebra import Polynomial
from symparams.frameworks.written_calls import UNNAMED, Optional, WrittenExpression


class SizeSlot:
    """A size or a flag in a text; ``hint`` is the name of the argument that it is."""

    __slots__ = ("hint", "value")

    def __init__(self, value: Any, hint: str) -> None:
        self.value = value
        self.hint = hint


class ArgumentList:
    """Arguments between commas; those that are the framework's defaults drop out."""

    __slots__ = ("in_order", "items")

    def __init__(self, items: list[tuple[str, list[Any], Any]], in_order: bool = False) -> None:
        #: All arguments are there, so that leading names may be left out.
        self.in_order = in_order
        #: (word in front, pieces, (default,) or None)
        self.items = items


#: Operator → how firmly it binds.
_BINDS = {"+": 1, "-": 1, "*": 2, "/": 2}


class PieceWriter:
    """Writes expressions; ``names`` has what those that are variables are called."""

    def __init__(self, names: Mapping[int, str]) -> None:
        self.names = names

    def pieces(self, value: Any, hint: str = "") -> list[Any]:
        """Return the pieces of a value."""
        if isinstance(value, WrittenExpression):
            return self._expression(value)
        if isinstance(value, bool | int | Polynomial):
            return [SizeSlot(value, hint)]
        if isinstance(value, Optional):
            return self.pieces(value.value, hint)
        if isinstance(value, tuple):
            items = [("", self.pieces(one, hint), None) for one in value]
            return ["(", ArgumentList(items), ",)" if len(value) == 1 else ")"]
        if isinstance(value, list):
            return ["[", ArgumentList([("", self.pieces(one, hint), None) for one in value]), "]"]
        if isinstance(value, str):
            return [f'"{value}"']
        if isinstance(value, float | Fraction):
            number = float(value)
            if number in (float("inf"), float("-inf")):
                return ["math.inf" if number > 0 else "-math.inf"]
            return [repr(number)]
        return [str(value)]

    def _expression(self, value: WrittenExpression) -> list[Any]:
        if id(value) in self.names:
            return [self.names[id(value)]]
        parts = value.parts
        match value.form:
            case "word":
                return [str(parts[0])]
            case "call":
                head = [parts[0]] if isinstance(parts[0], str) else self.pieces(parts[0])
                return [*head, *self._arguments(parts[1], parts[2])]
            case "method":
                return [*self.bracketed(parts[0]), f".{parts[1]}", *self._arguments(*parts[2:])]
            case "attribute":
                return [*self.bracketed(parts[0]), f".{parts[1]}"]
            case "item":
                return [*self.bracketed(parts[0]), "[", *self._index(parts[1]), "]"]
            case "channels_last":
                return [*self.bracketed(parts[0]), ".movedim(1, -1)"]
            case "each":
                head = self.pieces(parts[0])
                return ["[", *head, f" for {parts[1].parts[0]} in ", *self.pieces(parts[2]), "]"]
            case "binary":
                return self._binary(*parts)
        raise TypeError(value.form)

    def _binary(self, op: str, left: Any, right: Any) -> list[Any]:
        def side(one: Any, least: int) -> list[Any]:
            pieces = self.pieces(one)
            inline = isinstance(one, WrittenExpression) and id(one) not in self.names
            weak = inline and one.form == "binary" and _BINDS[one.parts[0]] < least
            return ["(", *pieces, ")"] if weak else pieces

        binds = _BINDS[op]
        firmer = binds + (op in "-/")
        return [*side(left, binds), f" {op} ", *side(right, firmer)]

    def bracketed(self, value: Any) -> list[Any]:
        """Return the pieces of what a method is called of."""
        pieces = self.pieces(value)
        if id(value) not in self.names and value.form == "binary":
            return ["(", *pieces, ")"]
        return pieces

    def _arguments(self, args: Any, options: Mapping[str, Any]) -> list[Any]:
        leading = True
        items: list[tuple[str, list[Any], Any]] = [
            ("", self.pieces(one), _default(one)) for one in args
        ]
        for name, one in options.items():
            if one is None or (isinstance(one, Optional) and one.value is one.default is None):
                continue
            leading = leading and name in UNNAMED
            word = "" if leading else f"{name}="
            items.append((word, self.pieces(one, name), _default(one)))
        return ["(", ArgumentList(items), ")"]

    def _index(self, index: Any) -> list[Any]:
        if not isinstance(index, tuple):
            index = (index,)
        items: list[tuple[str, list[Any], Any]] = []
        for one in index:
            if isinstance(one, slice):
                start = self.pieces(one.start) if one.start is not None else []
                stop = self.pieces(one.stop) if one.stop is not None else []
                items.append(("", [*start, ":", *stop], None))
            else:
                items.append(("", self.pieces(one), None))
        return [ArgumentList(items)]


def _default(value: Any) -> Any:
    """Return a framework's default, in a tuple; None where an argument has none."""
    if not isinstance(value, Optional):
        return None
    return (value.default,)


def length(pieces: list[Any]) -> int:
    """Return about how long a text will be; a size counts as a short word."""
    found = 0
    for piece in pieces:
        if isinstance(piece, str):
            found += len(piece)
        elif isinstance(piece, ArgumentList):
            found += sum(len(word) + 2 + length(inner) for word, inner, _ in piece.items)
        else:
            found += 4
    return found


def slots(pieces: list[Any]) -> Iterator[SizeSlot]:
    """Yield the sizes in a text, in order."""
    for piece in pieces:
        if isinstance(piece, SizeSlot):
            yield piece
        elif isinstance(piece, ArgumentList):
            for _, inner, _ in piece.items:
                yield from slots(inner)


def skeleton(pieces: list[Any]) -> str:
    """Return a text with marks in place of sizes."""
    found = ""
    for piece in pieces:
        if isinstance(piece, str):
            found += piece
        elif isinstance(piece, ArgumentList):
            found += ",".join(word + skeleton(inner) for word, inner, _ in piece.items)
        else:
            found += "?" if isinstance(piece.value, bool) else "#"
    return found
