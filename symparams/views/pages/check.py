"""The verdicts on ``expect`` lines: a line a claim that fails, and the count of all."""

from __future__ import annotations

from typing import Any

from symparams.algebra import text
from symparams.analysis import Checked, Judgement
from symparams.views import remarks
from symparams.views.sheet import Cell, Column, Line, Phrase, Sheet, closed, phrase, plain

MARKS = {True: "holds", False: "fails", None: "undecided"}


def page(found: Checked) -> Sheet:
    """A line a claim, in the order of the sources; below, how many hold."""
    lines: list[Line] = []
    notes: list[Phrase] = []
    for judgement in found.judgements:
        style = {True: "", False: "failed", None: "undecided"}[judgement.holds]
        where = f"{judgement.span.source.name}:{judgement.span.line}"
        claim = _claim(judgement)
        lines.append(Line((where, MARKS[judgement.holds], claim, judgement.how), style=style))
        if judgement.holds is not True:
            notes.append(_why(judgement, where))
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
        data=_data(found),
    )


def _claim(judgement: Judgement) -> str:
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
    held = sum(j.holds is True for j in found.judgements)
    failed = sum(j.holds is False for j in found.judgements)
    open_ = sum(j.holds is None for j in found.judgements)
    parts = [f"{held} hold"]
    parts += [f"{failed} fail"] if failed else []
    parts += [f"{open_} undecided"] if open_ else []
    files = len(found.sources)
    told = f"{', '.join(parts)}, in {files} file{'s' * (files != 1)}"
    if found.errors:
        told += f"; {len(found.errors)} error{'s' * (len(found.errors) != 1)}"
    return told


def _data(found: Checked) -> dict[str, Any]:
    return {
        "holds": found.holds,
        "sources": dict(found.sources),
        "rows": [
            {
                "source": j.span.source.name,
                "line": j.span.line,
                "claim": _claim(j),
                "holds": j.holds,
                "verdict": MARKS[j.holds],
                "how": j.how,
                "left": plain(j.left),
                "right": plain(j.right),
                "difference": plain(j.difference),
                "point": {n: text(v) for n, v in j.point.items()},
            }
            for j in found.judgements
        ],
        "errors": [error.data() for error in found.errors],
    }
