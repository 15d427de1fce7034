"""The verdicts on ``expect`` lines: a line a claim that fails, and the count of all."""

from __future__ import annotations

from collections.abc import Mapping

from symparams.algebra import Number, Size
from symparams.analysis import Checked, Judgement, ModuleJudgement
from symparams.errors import ErrorData, several
from symparams.interchange import CommandAnswer
from symparams.records import Record
from symparams.views import remarks
from symparams.views.cells import Cell, Phrase, closed, phrase
from symparams.views.remarks import ToldCause
from symparams.views.sheet import Column, Line, Sheet

MARKS = {True: "holds", False: "fails", None: "undecided"}
NOT_JUDGED = "not judged"


class ClaimRow(Record):
    """A claim, and whether it holds; one about a module has no sides.

    ``causes`` are the known mistakes that make one that fails, null where none was looked
    for, or none was found before the bound of work was met.
    """

    source: str
    line: int
    claim: str
    holds: bool | None
    verdict: str
    how: str
    left: Size | None
    right: Size | None
    difference: Size | None
    point: Mapping[str, Number]
    causes: tuple[ToldCause, ...] | None


class CheckAnswer(CommandAnswer, command="check"):
    """Whether all claims hold, and each of them; ``sources`` says how many each file has."""

    holds: bool
    sources: Mapping[str, int]
    rows: tuple[ClaimRow, ...]
    errors: tuple[ErrorData, ...]


def page(found: Checked) -> Sheet:
    """Return a line a claim, in the order of the sources; below, how many hold."""
    lines: list[Line] = []
    notes: list[Phrase] = []
    for judgement in found.judgements:
        style = {True: "", False: "failed", None: "undecided"}[judgement.holds]
        where = f"{judgement.span.source.name}:{judgement.span.line}"
        claim = _claim(judgement)
        lines.append(Line((where, MARKS[judgement.holds], claim, judgement.how), style=style))
        if judgement.holds is not True:
            notes.append(_why(judgement, where))
            causes = remarks.causes(judgement.causes, judgement.given_up)
            notes += (phrase(f"{where}: {label}: ", what) for label, what in causes)
    for about in found.modules:
        style = {True: "", False: "failed", None: "dim"}[about.holds]
        where = f"{about.span.source.name}:{about.span.line}"
        lines.append(Line((where, _mark(about), _claim(about), about.how), style=style))
    return Sheet(
        "Expectations",
        (
            Column("where", "Where"),
            Column("verdict", "Verdict"),
            Column("claim", "Claim"),
            Column("how", "How"),
        ),
        tuple(lines),
        (("expectations", _summary(found)),),
        tuple(notes),
        answer=_answer(found),
    )


def _mark(about: ModuleJudgement) -> str:
    return NOT_JUDGED if about.holds is None else MARKS[about.holds]


def _claim(judgement: Judgement | ModuleJudgement) -> str:
    words = " ".join(judgement.span.text.split())
    return words.removeprefix("expect ").strip()


def _why(judgement: Judgement, where: str) -> Phrase:
    pieces: list[Cell] = [
        f"{where}: left ",
        closed(judgement.left),
        ", right ",
        closed(judgement.right),
        ", difference ",
        closed(judgement.difference),
    ]
    if judgement.point:
        pieces.append(f" at {remarks.at(judgement.point.items())}")
    return phrase(*pieces)


def _summary(found: Checked) -> str:
    verdicts = [j.holds for j in found.judgements] + [j.holds for j in found.modules]
    held = sum(holds is True for holds in verdicts)
    failed = sum(holds is False for holds in verdicts)
    open_ = sum(j.holds is None for j in found.judgements)
    parts = [f"{held} hold"]
    parts += [f"{failed} fail"] if failed else []
    parts += [f"{open_} undecided"] if open_ else []
    left = sum(j.holds is None for j in found.modules)
    parts += [f"{left} {NOT_JUDGED}"] if left else []
    files = len(found.sources)
    told = f"{', '.join(parts)}, in {several(files, 'file')}"
    if found.errors:
        told += f"; {several(len(found.errors), 'error')}"
    return told


def _answer(found: Checked) -> CheckAnswer:
    return CheckAnswer(
        holds=found.holds,
        sources=found.sources,
        rows=(*map(_row, found.judgements), *map(_module_row, found.modules)),
        errors=tuple(error.data() for error in found.errors),
    )


def _row(judgement: Judgement) -> ClaimRow:
    span, verdict = judgement.span, MARKS[judgement.holds]
    place = {"source": span.source.name, "line": span.line}
    causes = remarks.told_causes(judgement.causes)
    return ClaimRow.like(
        judgement, **place, claim=_claim(judgement), verdict=verdict, causes=causes
    )


def _module_row(about: ModuleJudgement) -> ClaimRow:
    return ClaimRow(
        source=about.span.source.name,
        line=about.span.line,
        claim=_claim(about),
        holds=about.holds,
        verdict=_mark(about),
        how=about.how,
        left=None,
        right=None,
        difference=None,
        point={},
        causes=None,
    )
