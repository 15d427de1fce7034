"""The verdicts on a table of claims: a line a claim, and why one is wrong."""

from __future__ import annotations

from collections.abc import Iterator

from symparams.algebra import Number, Size
from symparams.analysis import JudgedClaim, JudgedTable, Proof
from symparams.errors import ErrorData, several
from symparams.interchange import CommandAnswer, Further
from symparams.records import Record
from symparams.views import remarks
from symparams.views.cells import Cell, Phrase, closed, phrase
from symparams.views.remarks import ToldCause
from symparams.views.sheet import Column, Line, Sheet

BAD = "bad input"
#: What a verdict is called here, where lines are of every relation.
_CALLED = {True: "holds", False: "refuted", None: "undecided"}


class ClaimTableRow(Record):
    """A claim as it is printed, its verdict, and the columns of the table that say more."""

    line: int
    model: str
    measure: str
    printed: str
    where: str
    verdict: str
    reason: str
    relation: str
    measured: Size | None
    formula: Size | None
    difference: Size | None
    point: str
    measured_at_point: Number | None
    formula_at_point: Number | None
    cause: str
    causes: tuple[ToldCause, ...] | None
    error: ErrorData | None
    columns: Further[str]


class ClaimTableAnswer(CommandAnswer, command="prove"):
    """The verdicts on a table of claims; ``holds``: whether every line is proved."""

    holds: bool
    proved: int
    refuted: int
    undecided: int
    bad_lines: int
    rows: tuple[ClaimTableRow, ...]


def page(found: JudgedTable) -> Sheet:
    """Return a line a claim, in the order of the table, and below why those fail that do."""
    lines: list[Line] = []
    notes: list[Phrase] = []
    for judged in found.claims:
        claim, told = judged.claim, _verdict(judged)
        style = {"refuted": "failed", "undecided": "undecided", BAD: "failed"}.get(told, "")
        measured = closed(judged.proof.left) if judged.proof is not None else None
        measure = judged.proof.measure if judged.proof is not None else claim.measure
        cells: list[Cell] = [str(claim.line), claim.model, measure, claim.printed, measured, told]
        further = (claim.further.get(heading, "") for heading in found.further)
        lines.append(Line((*cells, claim.where, *further), style=style))
        notes += (phrase(f"line {claim.line}: ", note) for note in _notes(judged))
    where = [Column("where", "Where")]
    more = [Column(_key(h), h) for h in found.further]
    return Sheet(
        "Claims",
        (
            Column("line", "Line", "right"),
            Column("model", "Model"),
            Column("measure", "Measure"),
            Column("printed", "Printed"),
            Column("measured", "Counted", "right"),
            Column("verdict", "Verdict"),
            *where,
            *more,
        ),
        tuple(lines),
        (("claims", _summary(found)),),
        tuple(notes),
        answer=_answer(found),
    )


def _verdict(judged: JudgedClaim) -> str:
    return BAD if judged.proof is None else _CALLED[judged.proof.verdict.equal]


def _notes(judged: JudgedClaim) -> Iterator[Phrase | str]:
    if judged.error is not None:
        yield judged.error.message
    proof = judged.proof
    if proof is None or proof.verdict.equal is True:
        return
    verdict = proof.verdict
    if verdict.equal is None:
        yield verdict.reason
        return
    pieces: list[Cell] = ["counted less printed is ", closed(verdict.difference)]
    if verdict.point and verdict.left is not None and verdict.right is not None:
        at = f"; at {remarks.at(verdict.point.items())} it is "
        pieces += [at, verdict.left, " against ", verdict.right]
    yield phrase(*pieces)
    for label, what in remarks.causes(proof.causes, proof.given_up):
        yield phrase(f"{label}: ", what)


def _summary(found: JudgedTable) -> str:
    verdicts = found.verdicts
    parts = [f"{verdicts.count(True)} hold"]
    for told, word in ((False, "refuted"), (None, "undecided")):
        parts += [f"{verdicts.count(told)} {word}"] if told in verdicts else []
    bad = len(found.errors)
    return ", ".join(parts) + (f"; {several(bad, 'line')} of bad input" if bad else "")


def _key(heading: str) -> str:
    """Return what a column of the table is called beside our own."""
    return f"{heading} (given)" if heading in ClaimTableRow._fields else heading


def _answer(found: JudgedTable) -> ClaimTableAnswer:
    verdicts = found.verdicts
    return ClaimTableAnswer(
        holds=not found.errors and all(v is True for v in verdicts),
        proved=verdicts.count(True),
        refuted=verdicts.count(False),
        undecided=verdicts.count(None),
        bad_lines=len(found.errors),
        rows=tuple(_row(judged, found.further) for judged in found.claims),
    )


def _row(judged: JudgedClaim, further: tuple[str, ...]) -> ClaimTableRow:
    claim, proof = judged.claim, judged.proof
    return ClaimTableRow(
        line=claim.line,
        model=claim.model,
        measure=proof.measure if proof is not None else claim.measure,
        printed=claim.printed,
        where=claim.where,
        verdict=_verdict(judged),
        reason=proof.verdict.reason if proof is not None else "",
        relation=proof.relation if proof is not None else "",
        measured=proof.left if proof is not None else None,
        formula=proof.right if proof is not None else None,
        difference=proof.verdict.difference if proof is not None else None,
        point=remarks.at(proof.verdict.point.items()) if proof is not None else "",
        measured_at_point=proof.verdict.left if proof is not None else None,
        formula_at_point=proof.verdict.right if proof is not None else None,
        cause=_cause(proof),
        causes=remarks.told_causes(proof.causes) if proof is not None else None,
        error=judged.error.data() if judged.error is not None else None,
        columns=Further({_key(h): claim.further.get(h, "") for h in further}),
    )


def _cause(proof: Proof | None) -> str:
    """Return the causes of a claim that is refuted in one cell."""
    if proof is None or proof.causes is None:
        return ""
    return (
        "; or ".join(f"{one.name}: {one.says}" for one in proof.causes)
        or "none of the known mistakes"
    )
