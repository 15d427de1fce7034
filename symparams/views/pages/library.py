"""A block or layer of the shipped library, documented from its own text."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from symparams.algebra import Size, short
from symparams.analysis import condition_texts
from symparams.elaboration import (
    LAYOUTS,
    Network,
    build,
    layout_names,
    library_files,
    understand,
)
from symparams.errors import Source, SymparamsError
from symparams.interchange import ABSENT, Absent, CommandAnswer, Further
from symparams.language import parse, read, tree
from symparams.network import MEASURES
from symparams.records import Record
from symparams.views.cells import Phrase
from symparams.views.remarks import conditions
from symparams.views.sheet import Column, Line, Sheet, section

#: Inputs that a block is tried on for its general formula, until one fits.
INPUTS = ("input(s, d)", "input(x, y, i)", "input(d)")


class LibraryRow(Record):
    """A shipped definition, and the measures of an example where it has one."""

    name: str
    family: str
    signature: str
    says: str
    conditions: tuple[str, ...] | Absent
    measures: Further[Size]


class LibraryAnswer(CommandAnswer, command="layers"):
    """A block or layer of the shipped library."""

    rows: tuple[LibraryRow]


@dataclass(frozen=True)
class LibraryEntry:
    """A shipped definition.

    Attributes:
        name, file: of the definition, and of what it stands in.
        signature, brief: how it is called, with its defaults and without.
        says: what its comment says.
        tried: networks of it that may be an example.
    """

    name: str
    signature: str
    brief: str
    says: str
    file: str
    tried: tuple[str, ...]


def entry(name: str) -> LibraryEntry:
    """Return what the library says of one of its names."""
    path = LAYOUTS if name in layout_names() else library_files()[name]
    source = Source(path.name, read(path).text)
    for statement in parse(source).statements:
        if (
            isinstance(
                statement, tree.BlockDefinition | tree.LayerDefinition | tree.MeasureDefinition
            )
            and statement.name == name
        ):
            return _entry(statement, source, path)
    raise SymparamsError(f"the library has no '{name}'")  # pragma: no cover - the index has it


def _entry(
    written: tree.Definition | tree.LayerDefinition, source: Source, path: Path
) -> LibraryEntry:
    shown, needed = [], []
    for parameter in written.parameters:
        default = parameter.default
        shown.append(parameter.name + (f" = {default.span.text}" if default is not None else ""))
        if default is None:
            needed.append(parameter.name)
    signature = f"{written.name}({', '.join(shown)})" if shown else written.name
    call = f"{written.name}({', '.join(needed)})" if needed else written.name
    listed = [*needed, "…"] if len(needed) < len(shown) else needed
    return LibraryEntry(
        written.name,
        signature,
        f"{written.name}({', '.join(listed)})" if listed else written.name,
        comment_above(source.text, written.span.start),
        path.name,
        (f"input(i) -> precision(linear(o), {call})",)
        if isinstance(written, tree.MeasureDefinition)
        else tuple(f"{start} -> {call}" for start in INPUTS),
    )


def comment_above(text: str, start: int) -> str:
    """Return the comment lines right above a place, in one line."""
    lines = text[:start].rstrip("\n").split("\n")
    found: list[str] = []
    while lines and lines[-1].startswith("#"):
        found.append(lines.pop().lstrip("# "))
    return " ".join(reversed(found))


def example(found: LibraryEntry) -> tuple[str, Network] | None:
    """Return the first input that a block takes with symbols for all it needs, and the network."""
    for text in found.tried:
        try:
            return text, build(understand(Source("<example>", text)).definition())
        except SymparamsError:
            continue  # it wants another rank, or a net where a symbol stands
    return None


def page(name: str) -> Sheet:
    """Return everything about one name of the library."""
    found, is_layout = entry(name), name in layout_names()
    place = "" if is_layout else "blocks/"
    lines: list[Line] = []
    made = example(found)
    notes: tuple[Phrase, ...] = ()
    holds: tuple[str, ...] | Absent = ABSENT
    measures = Further[Size]()
    if made is not None:
        text, network = made
        notes = tuple(conditions(network))
        holds = condition_texts(network)
        lines.append(section(f"In {text}"))
        asked = [m.name for m in MEASURES.values() if m.basic and not m.beside]
        for measure in ["precision_bytes"] if is_layout else asked:
            measures[measure] = network.measure(measure)
            lines.append(Line((measure, short(measures[measure])), 1))
        lines.append(Line(("output", network.root.output), 1))
    row = LibraryRow(name, found.file, found.signature, found.says, holds, measures)
    return Sheet(
        found.signature,
        (Column("item", ""), Column("value", "")),
        tuple(lines),
        notes=notes,
        lead=(found.says, f"Written in the language: library/{place}{found.file}"),
        answer=LibraryAnswer((row,)),
        order=made[1].symbols if made is not None else (),
    )
