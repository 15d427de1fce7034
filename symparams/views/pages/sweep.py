"""What a sweep came to: how many configurations fit, and the range of each measure."""

from __future__ import annotations

from typing import Any

from symparams.algebra import text
from symparams.search.sweep import Swept
from symparams.views.sheet import Cell, Column, Line, Sheet, phrase, plain


def page(found: Swept) -> Sheet:
    """A line a measure, and below it how many configurations there are and fit."""
    tally = found.tally
    ranges = tally.ranges or (None,) * len(found.measures)
    pairs = list(zip(found.measures, ranges, strict=True))
    rows = tuple(
        Line((name, *((None, None) if r is None else (r.least, r.greatest)))) for name, r in pairs
    )
    footer: list[tuple[str, Cell]] = [
        ("configurations", tally.configurations),
        ("feasible", tally.feasible),
    ]
    notes = [phrase(f"if {budget}") for budget in found.budgets]
    notes += [phrase(f"if {condition}") for condition in found.conditions]
    if found.out:
        many = "1 row" if tally.feasible == 1 else f"{tally.feasible:,} rows"
        notes.append(phrase(f"{many} in {found.out}"))
    return Sheet(
        f"Sweep of {found.model} over {', '.join(f'{n} in {d}' for n, d in found.axes)}",
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
    tally = found.tally
    rows: list[dict[str, Any]] = [{"measure": name} for name in found.measures]
    for row, r in zip(rows, tally.ranges or (None,) * len(rows), strict=True):
        row["least"] = None if r is None else plain(r.least)
        row["greatest"] = None if r is None else plain(r.greatest)
        row["total"] = None if r is None else plain(r.total)
    return {
        "model": found.model,
        "axes": {name: str(domain) for name, domain in found.axes},
        "sizes": {name: text(value) for name, value in found.sizes.items()},
        "budgets": list(found.budgets),
        "conditions": list(found.conditions),
        "configurations": tally.configurations,
        "feasible": tally.feasible,
        "rows": rows,
        "engine": found.engine,
        "out": found.out,
    }
