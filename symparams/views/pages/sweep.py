"""What a sweep came to: how many configurations fit, and the range of each measure."""

from __future__ import annotations

from collections.abc import Mapping

from symparams.algebra import Domain, Number
from symparams.analysis import Swept
from symparams.interchange import CommandAnswer
from symparams.records import Record
from symparams.views import remarks
from symparams.views.cells import Cell, phrase
from symparams.views.sheet import Column, Line, Sheet


class MeasureRange(Record):
    """What a measure comes to over all that fits; None where nothing does."""

    measure: str
    least: Number | None = None
    greatest: Number | None = None
    total: Number | None = None


class SweepAnswer(CommandAnswer, command="sweep"):
    """How many configurations there are and fit, and the range of each measure."""

    model: str
    domains: Mapping[str, Domain]
    budgets: tuple[str, ...]
    given: Mapping[str, Number]
    defaults: Mapping[str, Number]
    conditions: tuple[str, ...]
    size: int
    feasible: int
    rows: tuple[MeasureRange, ...]
    engine: str
    out: str


def page(found: Swept) -> Sheet:
    """Return a line a measure, and below it how many configurations there are and fit."""
    tally, sweep = found.tally, found.sweep
    bounds = tally.ranges or (None,) * len(sweep.measures)
    ranges = [MeasureRange.like(r, measure=n) for n, r in zip(sweep.measures, bounds, strict=True)]
    footer: list[tuple[str, Cell]] = [
        ("space", phrase(tally.configurations, " configurations")),
        ("feasible", phrase(tally.feasible, " configurations")),
    ]
    network = found.asked.questions[0].network
    domains = (f"{name} in {found.asked.domains[name]}" for name in sweep.axes)
    notes = [phrase(f"within {limit.written}") for limit in found.asked.questions[0].limits]
    notes += remarks.circumstances(found.asked, found.asked.refused)
    if found.out:
        rows_written = phrase(tally.feasible, f" row{'s' * (tally.feasible != 1)} in {found.out}")
        notes.append(rows_written)
    return Sheet(
        f"Sweep of {network.definition.name} over {', '.join(domains)}",
        (
            Column("measure", "Measure"),
            Column("least", "Least", "right"),
            Column("greatest", "Greatest", "right"),
        ),
        tuple(Line((r.measure, r.least, r.greatest)) for r in ranges),
        tuple(footer),
        tuple(notes),
        notations=remarks.notations(network),
        order=network.symbols,
        answer=_answer(found, tuple(ranges)),
    )


def _answer(found: Swept, ranges: tuple[MeasureRange, ...]) -> SweepAnswer:
    tally, asked = found.tally, found.asked
    question = asked.questions[0]
    conditions = (str(c) for q in asked.questions for c in q.space.conditions)
    return SweepAnswer.like(
        found,
        model=question.network.definition.name,
        domains={name: asked.domains[name] for name in found.sweep.axes},
        budgets=tuple(limit.written for limit in question.limits),
        given=remarks.given(asked),
        defaults=question.network.taken,
        conditions=tuple(dict.fromkeys(conditions)),
        size=tally.configurations,
        feasible=tally.feasible,
        rows=ranges,
    )
