"""A ``config.json`` as it is written: its fields, their values, and where each stands.

JSON is read by the standard library; the places of the fields are found in the
text that it has accepted.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from symparams.errors import Source, Span, SymparamsError
from symparams.language import read

#: The most digits of an integer, as in the language.
MOST_DIGITS = 4_300
_SPACE = re.compile(r"[ \t\n\r]*")
#: A text, or one of the words that Python's reader takes for a number and JSON does not have.
_NO_NUMBER = re.compile(r'"(?:[^"\\]|\\.)*"|(?P<word>-?Infinity|NaN)')


@dataclass(frozen=True)
class ConfigField:
    """A field: what JSON says of it, and where the name and the value stand.

    The value is None, a bool, an int, a Decimal, a str, a list or a dict.
    """

    value: Any
    key: Span
    place: Span


def _integer(digits: str) -> int:
    if len(digits) > MOST_DIGITS:
        raise SymparamsError(f"a number of more than {MOST_DIGITS:,} digits")
    return int(digits)


def _decimal(written: str) -> Decimal:
    try:
        return Decimal(written)
    except InvalidOperation:  # an exponent that no Decimal has
        raise SymparamsError("a number that is too large or too small") from None


_DECODER = json.JSONDecoder(parse_int=_integer, parse_float=_decimal)


def read_config(path: str) -> tuple[Source, dict[str, ConfigField]]:
    """Return the text of a file, and the fields of the object that it holds.

    The fields of an object below are ``text_config.hidden_size``, beside the
    object itself.

    Raises:
        SymparamsError: the file cannot be read, is too large, is not JSON or no
            object, or has a field twice.
    """
    found = read(path)
    source = Source(found.name, found.text.replace("\ufeff", " ", 1), found.path)
    text = source.text
    for word in _NO_NUMBER.finditer(text):
        if word["word"]:
            raise SymparamsError(f"'{word['word']}' is not JSON", Span(source, *word.span()))
    try:
        whole = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        at = min(error.pos, len(text))
        raise SymparamsError(
            f"this is not JSON: {error.msg[0].lower()}{error.msg[1:]}", Span(source, at, at + 1)
        ) from None
    except RecursionError:
        raise SymparamsError(f"'{path}' is nested too deep") from None
    except SymparamsError as error:
        raise SymparamsError(f"'{path}' has {error.message}") from None
    begin = _after_space(text, 0)
    if not isinstance(whole, dict):
        raise SymparamsError(
            f"a configuration is an object, not {kind_in_json(whole)}",
            Span(source, begin, begin + 1),
        )
    return source, dict(_fields(source, begin, ""))


def _fields(source: Source, at: int, prefix: str) -> Iterator[tuple[str, ConfigField]]:
    """Yield the fields of the object at a place, and those of the objects in it."""
    text = source.text
    seen: dict[str, Span] = {}
    at = _after_space(text, at + 1)
    while text[at] != "}":
        name, behind = _DECODER.raw_decode(text, at)
        key = Span(source, at, behind)
        if name in seen:
            raise SymparamsError(
                f"'{prefix}{name}' stands twice", key, notes=[("first here", seen[name])]
            )
        seen[name] = key
        begin = _after_space(text, _after_space(text, behind) + 1)
        value, end = _DECODER.raw_decode(text, begin)
        yield f"{prefix}{name}", ConfigField(value, key, Span(source, begin, end))
        if isinstance(value, dict) and not prefix:
            yield from _fields(source, begin, f"{name}.")
        at = _after_space(text, end)
        if text[at] == ",":
            at = _after_space(text, at + 1)


def _after_space(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    assert found is not None, "any text has no space or some"
    return found.end()


def kind_in_json(value: object) -> str:
    """Return what a value of JSON is, with its article."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    kinds = {str: "a text", list: "a list", dict: "an object", int: "a number", Decimal: "a number"}
    return kinds[type(value)]
