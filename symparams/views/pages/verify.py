"""A network against a framework: a line for each difference; below, what was compared."""

from __future__ import annotations

from typing import Any

from symparams.frameworks import Mismatch, Verification
from symparams.views.sheet import Column, Line, Sheet

WHOLE = "(whole network)"


def page(found: Verification, convention: str, said_by: str) -> Sheet:
    """The differences, if there are any; the summary in one line.

    ``convention`` is how the network was counted; ``said_by`` who asked for it,
    "" where it is the framework's own.
    """
    against = f"{found.framework} {found.version}"
    columns = (
        Column("layer", "Layer"),
        Column("what", "What"),
        Column("declared", "symparams"),
        Column("found", against),
    )
    lines = tuple(
        Line((_layer(d), d.what, d.declared or "none", d.found or "none"), style="failed")
        for d in found.differences
    )
    compared = (
        f"{_several(found.tensors, 'weight')} of {_several(found.values, 'value')}"
        f" and {_several(found.outputs, 'output')}"
    )
    footer = [("differences", str(len(lines))), ("compared", compared)]
    if found.agrees:
        footer = [("agree", compared)]
    if found.declared:
        bare = f"{_several(found.declared, 'weight')} of {_several(found.declared_values, 'value')}"
        footer.append(("made as declared", f"{bare}, which are of no layer of {found.framework}"))
    told = (
        f"{convention} (as {said_by} says)"
        if said_by
        else f"{convention} (of the framework's layers)"
    )
    footer.append(("convention", told))
    return Sheet(
        f"{found.model} against {against}",
        columns,
        lines,
        tuple(footer),
        data=_data(found, convention),
    )


def _layer(difference: Mismatch) -> str:
    name = difference.layer or WHOLE
    return f"{name} × {difference.copies}" if difference.copies > 1 else name


def _several(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'s' * (number != 1)}"


def _data(found: Verification, convention: str) -> dict[str, Any]:
    return {
        "model": found.model,
        "framework": found.framework,
        "version": found.version,
        "convention": convention,
        "agrees": found.agrees,
        "weights": found.tensors,
        "values": found.values,
        "outputs": found.outputs,
        "declared_weights": found.declared,
        "declared_values": found.declared_values,
        "rows": [
            {
                "layer": d.layer,
                "what": d.what,
                "declared": d.declared,
                "found": d.found,
                "copies": d.copies,
            }
            for d in found.differences
        ],
    }
