"""What a module is fed, as an option says it: ``3x224x224``, or ``tokens:16`` of integers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from symparams.errors import SymparamsError
from symparams.records import Record


class FedInput(Record):
    """What a module is fed: axes without the batch, in its own order; integers or values."""

    axes: tuple[int, ...]
    integers: bool = False


def fed_input(written: str, given: Mapping[str, Any]) -> FedInput:
    """Read what an option says that a module takes, its sizes as they are ``given``.

    Raises:
        SymparamsError: it is not written so.
    """
    kind, _, axes = written.rpartition(":")
    found = [_axis(part, given) for part in _axes(axes)]
    if kind.strip() not in ("", "tokens") or not all(found):
        raise SymparamsError(
            f"'{written}' is no input", None, "as in 3x224x224, or tokens:16 for integers"
        )
    return FedInput(tuple(n or 0 for n in found), bool(kind))


def sizes_of_input(written: str) -> list[str]:
    """Return the names of the sizes in an input: s of ``3,s,s``."""
    factors = (f.strip() for part in _axes(written.rpartition(":")[2]) for f in part.split("*"))
    return [f for f in factors if f.isidentifier()]


def shown_input(fed: FedInput) -> str:
    """Return an input as an option has it."""
    axes = "x".join(map(str, fed.axes))
    return f"tokens:{axes}" if fed.integers else axes


def _axes(written: str) -> list[str]:
    return re.split(r"\s*(?:,|(?<=\d)x|x(?=\d))\s*", written.strip())


def _axis(written: str, given: Mapping[str, Any]) -> int:
    """Return a number, a size, or a number times a size: ``16*n``; 0 of anything else."""
    product = 1
    for factor in written.split("*"):
        word = factor.strip()
        product *= int(word) if word.isdigit() else int(given.get(word, 0))
    return product


__all__ = ["FedInput", "fed_input", "shown_input", "sizes_of_input"]
