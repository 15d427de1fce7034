"""The zoo as a list: name, model, parameters at the defaults, the paper."""

from __future__ import annotations

from typing import Any

from symparams.algebra import Polynomial
from symparams.elaboration import WrittenModel, build, entry, files, source, understand
from symparams.errors import NeedsValue
from symparams.views.sheet import Cell, Column, Line, Sheet, plain


def page(name: str | None = None) -> Sheet:
    """The architectures, or the models of one.

    Raises:
        SymparamsError: there is none of that name.
    """
    rows: list[Line] = []
    data: list[dict[str, Any]] = []
    for known in [name] if name is not None else files():
        found = entry(known)
        for model, definition in understand(source(known)).models.items():
            params = _params(definition)
            shown = f"zoo:{known}" if model == known else f"zoo:{known}:{model}"
            rows.append(Line((shown, params, found.paper)))
            data.append(
                {
                    "source": shown,
                    "params": plain(params) if isinstance(params, int) else None,
                    "paper": found.paper,
                    "says": found.says,
                }
            )
    columns = (
        Column("source", "Source"),
        Column("params", "Params at the defaults", "right"),
        Column("paper", "Paper"),
    )
    return Sheet("The zoo", columns, tuple(rows), data={"rows": data})


def _params(definition: WrittenModel) -> Cell:
    """The count at the defaults; empty where a size has none."""
    try:
        found = build(definition, defaults=True).measure("params")
    except NeedsValue:
        return None
    return None if isinstance(found, Polynomial) else found
