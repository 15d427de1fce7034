"""The verdict on a printed formula: equal, different with the smallest point, or undecided."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from symparams.algebra import Number, Polynomial, Size, of_atom
from symparams.analysis import Proof
from symparams.interchange import CommandAnswer
from symparams.records import Record
from symparams.views import remarks
from symparams.views.cells import Relation, closed, phrase
from symparams.views.sheet import Column, Line, Sheet

VERDICTS = {True: "equal", False: "different", None: "undecided"}


class ProofRow(Record):
    """The verdict in one row; ``point`` is written out."""

    model: str
    measure: str
    measured: Size
    formula: Size
    verdict: str
    difference: Size
    point: str
    measured_at_point: Number | None
    formula_at_point: Number | None


class ProofAnswer(CommandAnswer, command="prove"):
    """Whether a formula is what a model counts; at ``point`` the two differ."""

    model: str
    measure: str
    equal: bool | None
    verdict: str
    reason: str
    formula: Size
    measured: Size
    difference: Size
    point: Mapping[str, Number]
    at_point: tuple[Number | None, Number | None]
    fixed: Mapping[str, Size]
    rows: tuple[ProofRow]


def page(proof: Proof) -> Sheet:
    """Return both formulas, the verdict, and where they differ."""
    verdict = proof.verdict
    told = VERDICTS[verdict.equal]
    name, measure = remarks.title(proof.network), proof.measure
    rows = [
        Line((f"{measure} of {name}", closed(proof.left))),
        Line(("formula", closed(proof.right))),
        Line(("verdict", told), style="total"),
    ]
    if verdict.reason:
        rows.append(Line(("because", verdict.reason)))
    if verdict.equal is not True:
        rows.append(Line(("difference", closed(verdict.difference))))
    if verdict.left is not None and verdict.right is not None:
        rows.append(Line((_point(proof), phrase(verdict.left, " against ", verdict.right))))
    notes = [phrase("for ", Relation(_symbol(proof, n), "=", v)) for n, v in proof.fixed.items()]
    return Sheet(
        f"{measure} of {name}: {told}",
        (Column("item", ""), Column("value", "")),
        tuple(rows),
        notes=(*notes, *remarks.conditions(proof.network)),
        layout="lines",
        notations=remarks.notations(proof.network),
        answer=_answer(proof),
    )


def _answer(proof: Proof) -> ProofAnswer:
    verdict = proof.verdict
    told: dict[str, Any] = {
        "model": proof.network.definition.name,
        "measure": proof.measure,
        "formula": proof.right,
        "measured": proof.left,
        "verdict": VERDICTS[verdict.equal],
        "difference": verdict.difference,
    }
    return ProofAnswer(
        **told,
        equal=verdict.equal,
        reason=verdict.reason,
        point=verdict.point,
        at_point=(verdict.left, verdict.right),
        fixed=proof.fixed,
        rows=(
            ProofRow(
                **told,
                point=remarks.at(verdict.point.items()),
                measured_at_point=verdict.left,
                formula_at_point=verdict.right,
            ),
        ),
    )


def _point(proof: Proof) -> str:
    here = remarks.at(proof.verdict.point.items())
    return f"at {here}" if here else "values"


def _symbol(proof: Proof, name: str) -> Polynomial:
    return of_atom(proof.network.is_symbol(name))
