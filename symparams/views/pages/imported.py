"""A module as a text: how well it says what the module is."""

from __future__ import annotations

from collections.abc import Iterator

from symparams.frameworks import ImportedModule, OpaquePart
from symparams.interchange import CommandAnswer
from symparams.views.cells import phrase
from symparams.views.sheet import Column, Line, Sheet


class ImportAnswer(CommandAnswer, command="import"):
    """A module as a text, and how far the text was found to be the module.

    ``macs`` are those of all that stands in words; ``found_macs`` the framework's own count.
    """

    source: str
    framework: str
    model: str
    text: str
    inputs: tuple[str, ...]
    equal: bool
    tensors: int
    values: int
    read_values: int
    macs: int
    found_macs: int
    opaque: tuple[OpaquePart, ...]
    uncalled: tuple[str, ...]
    differences: int


def page(found: ImportedModule, written: str = "") -> Sheet:
    """Return what could not be read, if anything; the verdict below."""
    columns = (
        Column("name", "Opaque layer"),
        Column("why", "No word for", prose=True),
        Column("path", "Where"),
        Column("copies", "Number", "right"),
        Column("values", "Values", "right"),
    )
    lines = tuple(
        Line((p.name, p.why, p.path or "a function", str(p.copies), f"{p.values:,}"))
        for p in found.opaque
    )
    notes = (phrase(f"written to {written}"),) if written else ()
    return Sheet(
        f"{found.source} ({found.framework})",
        columns,
        lines,
        tuple(_footer(found)),
        notes,
        answer=_answer(found),
    )


def _footer(found: ImportedModule) -> Iterator[tuple[str, str]]:
    yield "fed", ", ".join(found.inputs)
    check = found.check
    if check.agrees:
        yield "tensors", f"all {check.tensors:,} equal, {found.values:,} values"
    else:
        yield "tensors", f"{len(check.differences)} differences"
        for difference in check.differences:
            sides = f"{difference.declared or 'none'}, not {difference.found or 'none'}"
            place = difference.module or difference.text
            yield difference.what, f"{place} {difference.tensor}: {sides}"
    macs, theirs = found.macs
    if macs == theirs:
        yield "MACs", f"equal, {macs:,}"
    else:
        share = f" ({(macs - theirs) / theirs:+.2%})" if theirs else ""
        yield "MACs", f"{macs:,}, not {theirs:,} as {found.framework} counts{share}"
    read = found.read / found.values if found.values else 1
    yield "in words", f"{read:.1%} of the values" if found.opaque else "everything"
    if found.uncalled:
        yield (
            "left over",
            f"{len(found.uncalled)} tensors that no word reads, counted: {_first(found.uncalled)}",
        )


def _first(names: tuple[str, ...]) -> str:
    shown = ", ".join(names[:3])
    return f"{shown}, …" if len(names) > 3 else shown


def _answer(found: ImportedModule) -> ImportAnswer:
    return ImportAnswer.like(
        found,
        tensors=found.check.tensors,
        read_values=found.read,
        macs=found.macs[0],
        found_macs=found.macs[1],
        differences=len(found.check.differences),
    )


__all__ = ["page"]
