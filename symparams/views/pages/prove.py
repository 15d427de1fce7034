"""The verdict on a printed formula: equal, different with the smallest point, or undecided."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from symparams.algebra import Number, Size
from symparams.analysis import Proof, percent
from symparams.interchange import CommandAnswer
from symparams.records import Record
from symparams.views import remarks
from symparams.views.cells import closed, phrase
from symparams.views.remarks import ToldCause
from symparams.views.sheet import Column, Line, Sheet

VERDICTS = {True: "equal", False: "different", None: "undecided"}
#: Of other relations than ``==``.
HOLDS = {True: "holds", False: "fails", None: "undecided"}


def verdict_of(proof: Proof) -> str:
    """Return the verdict in a word."""
    return (VERDICTS if proof.relation == "==" else HOLDS)[proof.verdict.equal]


class ProofRow(Record):
    """The verdict in one row; ``point`` is written out."""

    model: str
    measure: str
    measured: Size
    relation: str
    formula: Size
    verdict: str
    difference: Size
    point: str
    measured_at_point: Number | None
    formula_at_point: Number | None
    cause: str


class ProofAnswer(CommandAnswer, command="prove"):
    """Whether a formula is what a model counts; at ``point`` the two differ.

    ``equal`` says whether any ``relation`` holds. ``causes`` are the known mistakes that make
    what is refuted, null where none was looked for.
    """

    model: str
    measure: str
    equal: bool | None
    relation: str
    over: tuple[str, ...]
    verdict: str
    reason: str
    formula: Size
    measured: Size
    difference: Size
    point: Mapping[str, Number]
    at_point: tuple[Number | None, Number | None]
    fixed: Mapping[str, Size]
    causes: tuple[ToldCause, ...] | None
    rows: tuple[ProofRow]


def page(proof: Proof) -> Sheet:
    """Return both formulas, the verdict, and where they differ."""
    verdict = proof.verdict
    told = verdict_of(proof)
    name, measure = remarks.title(proof.network), proof.measure
    rows = [
        Line((f"{measure} of {name}", closed(proof.left))),
        Line(("formula", closed(proof.right))),
        *([Line(("claim", f"{proof.relation}"))] if proof.relation != "==" else []),
        *([Line(("for", " and ".join(proof.over)))] if proof.over else []),
        Line(("verdict", told), style="total"),
    ]
    if verdict.reason and not _said(proof):
        rows.append(Line(("because", verdict.reason)))
    if verdict.equal is not True:
        rows.append(Line(("difference", closed(verdict.difference))))
    if verdict.left is not None and verdict.right is not None:
        rows.append(Line((_point(proof), phrase(verdict.left, " against ", verdict.right))))
        rows += _error(proof)
    rows += (Line((label, what)) for label, what in remarks.causes(proof.causes, proof.given_up))
    fixed = remarks.point(proof.fixed.items(), proof.network)
    notes = [phrase("for ", *fixed)] if fixed else []
    return Sheet(
        f"{measure} of {name}: {told}",
        (Column("item", ""), Column("value", "")),
        tuple(rows),
        notes=(*notes, *remarks.conditions(proof.network)),
        layout="lines",
        order=proof.network.symbols,
        notations=remarks.notations(proof.network),
        answer=_answer(proof),
    )


def _said(proof: Proof) -> bool:
    """Tell whether the reason says no more than the claim: to which digits, or how near."""
    rounds = f"({proof.verdict.reason})" in proof.relation
    return rounds or (proof.verdict.equal is False and proof.relation.startswith("~="))


def _error(proof: Proof) -> Iterator[Line]:
    """Yield how far a claim with a tolerance is off where it fails, rounded to a hundredth."""
    verdict = proof.verdict
    if "within" in proof.relation and verdict.left and verdict.right is not None:
        error = abs(Fraction(verdict.left - verdict.right) / Fraction(verdict.left))
        yield Line(
            ("error there", f"{percent(Fraction(round(error * 10_000), 10_000))} of the count")
        )


def _answer(proof: Proof) -> ProofAnswer:
    verdict = proof.verdict
    told: dict[str, Any] = {
        "model": proof.network.definition.name,
        "measure": proof.measure,
        "formula": proof.right,
        "measured": proof.left,
        "relation": proof.relation,
        "verdict": verdict_of(proof),
        "difference": verdict.difference,
    }
    return ProofAnswer(
        **told,
        equal=verdict.equal,
        reason=verdict.reason,
        point=verdict.point,
        at_point=(verdict.left, verdict.right),
        fixed=proof.fixed,
        over=proof.over,
        causes=remarks.told_causes(proof.causes),
        rows=(
            ProofRow(
                **told,
                point=remarks.at(verdict.point.items()),
                measured_at_point=verdict.left,
                formula_at_point=verdict.right,
                cause=proof.causes[0].name if proof.causes else "",
            ),
        ),
    )


def _point(proof: Proof) -> str:
    here = remarks.at(proof.verdict.point.items())
    return f"at {here}" if here else "values"
