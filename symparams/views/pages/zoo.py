"""The zoo as a list: name, model, parameters at the defaults, the paper."""

from __future__ import annotations

from symparams.algebra import Number, Polynomial
from symparams.analysis import measure_columns
from symparams.elaboration import WrittenModel, asking, build, entry, files, source, understand
from symparams.errors import NeedsValue
from symparams.interchange import CommandAnswer, Further
from symparams.network import LARGEST, MEASURES
from symparams.records import Record
from symparams.views.sheet import Column, Line, Sheet


class ZooRow(Record):
    """A model, its measures at the defaults where all sizes have one, and its paper."""

    source: str
    counts: Further[int | None]
    paper: str
    says: str


class ZooAnswer(CommandAnswer, command="zoo"):
    """The published architectures."""

    rows: tuple[ZooRow, ...]


def page(name: str | None = None, measure: str = "params") -> Sheet:
    """Return the architectures, or the models and variants of one, with a measure or several.

    Raises:
        SymparamsError: there is none of that name.
    """
    asked = measure_columns(measure, ("source", "paper", "says"))
    rows: list[Line] = []
    models: list[ZooRow] = []
    for known in [name] if name is not None else files():
        found = entry(known)
        document = understand(source(known))
        # The list of all has the models; that of one, their variants too.
        variants = document.variants if name is not None else {}
        for model, definition in {**document.models, **variants}.items():
            counts = [_count(definition, column.formula) for column in asked]
            own = model.partition(".")[0] == known
            shown = f"zoo:{model}" if own else f"zoo:{known}:{model}"
            rows.append(Line((shown, *counts, found.paper)))
            whole = [count if isinstance(count, int) else None for count in counts]
            named = Further(zip((column.name for column in asked), whole, strict=True))
            models.append(ZooRow(shown, named, found.paper, found.says))
    columns = (
        Column("source", "Source"),
        *(Column(c.name, f"{_heading(c.name)} at the defaults", "right") for c in asked),
        Column("paper", "Paper", prose=True),
    )
    return Sheet("The zoo", columns, tuple(rows), answer=ZooAnswer(tuple(models)))


def _heading(name: str) -> str:
    """Return what a column is called: a measure as its sum is, but for the word "total"."""
    whole = {n: m.whole for n, m in MEASURES.items()} | {n: m.whole for n, m in LARGEST.items()}
    told = whole.get(name, name).removeprefix("Total ")
    return told[:1].upper() + told[1:]


def _count(definition: WrittenModel, formula: str) -> Number | None:
    """Return a measure at the defaults; empty where a size has none."""
    try:
        found = build(asking(definition, [formula]), defaults=True).measure(formula)
    except NeedsValue:
        return None
    return None if isinstance(found, Polynomial) else found
