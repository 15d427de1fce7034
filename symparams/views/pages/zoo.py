"""The zoo as a list: name, model, parameters at the defaults, the paper."""

from __future__ import annotations

from symparams.algebra import Number, Polynomial
from symparams.elaboration import WrittenModel, build, entry, files, source, understand
from symparams.errors import NeedsValue
from symparams.interchange import CommandAnswer
from symparams.records import Record
from symparams.views.sheet import Column, Line, Sheet


class ZooRow(Record):
    """A model, its parameters at the defaults where all have one, and its paper."""

    source: str
    params: int | None
    paper: str
    says: str


class ZooAnswer(CommandAnswer, command="zoo"):
    """The published architectures."""

    rows: tuple[ZooRow, ...]


def page(name: str | None = None) -> Sheet:
    """The architectures, or the models of one.

    Raises:
        SymparamsError: there is none of that name.
    """
    rows: list[Line] = []
    models: list[ZooRow] = []
    for known in [name] if name is not None else files():
        found = entry(known)
        for model, definition in understand(source(known)).models.items():
            params = _params(definition)
            shown = f"zoo:{known}" if model == known else f"zoo:{known}:{model}"
            rows.append(Line((shown, params, found.paper)))
            whole = params if isinstance(params, int) else None
            models.append(ZooRow(shown, whole, found.paper, found.says))
    columns = (
        Column("source", "Source"),
        Column("params", "Params at the defaults", "right"),
        Column("paper", "Paper"),
    )
    return Sheet("The zoo", columns, tuple(rows), answer=ZooAnswer(tuple(models)))


def _params(definition: WrittenModel) -> Number | None:
    """The count at the defaults; empty where a size has none."""
    try:
        found = build(definition, defaults=True).measure("params")
    except NeedsValue:
        return None
    return None if isinstance(found, Polynomial) else found
