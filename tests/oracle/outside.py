"""Rows of the layer tables that the language cannot say today, and why.

A listing holds for a class, or for a class where an option has one of some
values. ``text`` is how the language might say it: the day it is understood, a
test asks for the rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Outside:
    """What a table has and the language has not.

    Attributes:
        models: classes of the framework; empty for all.
        reason: why no text says it.
        option, values: the option that puts it outside; any value where none is listed.
        text: refused today, understood one day.
    """

    models: tuple[str, ...]
    reason: str
    option: str = ""
    values: tuple[Any, ...] = ()
    text: str = ""

    def holds(self, model: str, options: Mapping[str, Any]) -> bool:
        """Whether it speaks of a layer."""
        if self.models and model not in self.models:
            return False
        if not self.option:
            return True
        return self.option in options and (not self.values or options[self.option] in self.values)

    def __str__(self) -> str:
        chosen = " or ".join(map(str, self.values)) or "…"
        option = f"({self.option} = {chosen})" if self.option else ""
        return f"{', '.join(self.models) or 'any layer'}{option}: {self.reason}"


KERAS: tuple[Outside, ...] = ()

TORCH = (
    Outside(
        ("CrossEntropyLoss", "NLLLoss"),
        "a loss is no layer",
        text="input(8) -> cross_entropy_loss",
    ),
)
