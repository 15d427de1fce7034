"""The verdict on a printed formula: equal, different with the smallest point, or undecided."""

from __future__ import annotations

from symparams.algebra import Polynomial, of_atom
from symparams.analysis import Proof
from symparams.views import remarks
from symparams.views.sheet import Column, Line, Relation, Sheet, closed, phrase, plain

VERDICTS = {True: "equal", False: "different", None: "undecided"}


def page(proof: Proof) -> Sheet:
    """Both formulas, the verdict, and where they differ."""
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
        data={
            "model": proof.network.definition.name,
            "measure": measure,
            "equal": verdict.equal,
            "verdict": told,
            "reason": verdict.reason,
            "formula": plain(proof.right),
            "measured": plain(proof.left),
            "difference": plain(verdict.difference),
            "point": {n: plain(v) for n, v in verdict.point.items()},
            "at_point": [plain(verdict.left), plain(verdict.right)],
            "fixed": {n: plain(v) for n, v in proof.fixed.items()},
            "rows": [
                {
                    "model": proof.network.definition.name,
                    "measure": measure,
                    "measured": plain(proof.left),
                    "formula": plain(proof.right),
                    "verdict": told,
                    "difference": plain(verdict.difference),
                    "point": remarks.at(verdict.point.items()),
                    "measured_at_point": plain(verdict.left),
                    "formula_at_point": plain(verdict.right),
                }
            ],
        },
    )


def _point(proof: Proof) -> str:
    here = remarks.at(proof.verdict.point.items())
    return f"at {here}" if here else "values"


def _symbol(proof: Proof, name: str) -> Polynomial:
    return of_atom(proof.network.is_symbol(name))
