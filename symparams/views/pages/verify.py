"""A network against a framework: a line for each difference; below, what was compared."""

from __future__ import annotations

from symparams.errors import several
from symparams.frameworks import Mismatch, Verification
from symparams.interchange import CommandAnswer
from symparams.views.sheet import Column, Line, Sheet

WHOLE = "(whole network)"


class VerifyAnswer(CommandAnswer, command="verify"):
    """What was compared with a framework's network, and the differences."""

    model: str
    framework: str
    version: str
    convention: str
    agrees: bool
    weights: int
    values: int
    outputs: int
    declared_weights: int
    declared_values: int
    rows: tuple[Mismatch, ...]


def page(found: Verification, convention: str, said_by: str) -> Sheet:
    """Return the differences, if there are any; the summary in one line.

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
        f"{several(found.tensors, 'weight')} of {several(found.values, 'value')}"
        f" and {several(found.outputs, 'output')}"
    )
    footer = [("differences", str(len(lines))), ("compared", compared)]
    if found.agrees:
        footer = [("agree", compared)]
    if found.declared:
        bare = f"{several(found.declared, 'weight')} of {several(found.declared_values, 'value')}"
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
        answer=_answer(found, convention),
    )


def _layer(difference: Mismatch) -> str:
    name = difference.layer or WHOLE
    return f"{name} × {difference.copies}" if difference.copies > 1 else name


def _answer(found: Verification, convention: str) -> VerifyAnswer:
    return VerifyAnswer.like(
        found,
        convention=convention,
        weights=found.tensors,
        declared_weights=found.declared,
        rows=found.differences,
    )
