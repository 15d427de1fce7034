"""What a sweep came to: how many configurations fit, and the range of each measure."""

from __future__ import annotations

from typing import Any

from symparams.analysis import Swept
from symparams.views import remarks
from symparams.views.sheet import Cell, Column, Line, Sheet, phrase, plain


def page(found: Swept) -> Sheet:
    """A line a measure, and below it how many configurations there are and fit."""
    tally, sweep = found.tally, found.sweep
    ranges = tally.ranges or (None,) * len(sweep.measures)
    rows = tuple(
        Line((name, *((None, None) if r is None else (r.least, r.greatest))))
        for name, r in zip(sweep.measures, ranges, strict=True)
    )
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
        rows,
        tuple(footer),
        tuple(notes),
        data=_data(found),
    )


def _data(found: Swept) -> dict[str, Any]:
    tally, asked = found.tally, found.asked
    question = asked.questions[0]
    rows: list[dict[str, Any]] = [{"measure": name} for name in found.sweep.measures]
    for row, r in zip(rows, tally.ranges or (None,) * len(rows), strict=True):
        row["least"] = None if r is None else plain(r.least)
        row["greatest"] = None if r is None else plain(r.greatest)
        row["total"] = None if r is None else plain(r.total)
    conditions = (str(c) for q in asked.questions for c in q.space.conditions)
    return {
        "model": question.network.definition.name,
        "domains": {name: str(asked.domains[name]) for name in found.sweep.axes},
        "budgets": [limit.written for limit in question.limits],
        "given": {n: plain(v) for n, v in remarks.given(asked).items()},
        "defaults": {n: plain(v) for n, v in question.network.taken.items()},
        "conditions": list(dict.fromkeys(conditions)),
        "size": tally.configurations,
        "feasible": tally.feasible,
        "rows": rows,
        "engine": found.engine,
        "out": found.out,
    }
