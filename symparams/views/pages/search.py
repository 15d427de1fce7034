"""Sizes that meet budgets: the best, a front, samples, or how many there are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from symparams.analysis import Best, Choice, Limit, ModelSpace, Refused, Samples
from symparams.search import Counted
from symparams.views import remarks
from symparams.views.sheet import Cell, Column, Line, Sheet, phrase, plain


def best(space: ModelSpace, found: Best, counted: Counted | None = None) -> Sheet:
    """The best sizes, a line each, and what proves that no others are better."""
    most = "smallest" if found.minimize else "largest"
    title = f"{_title(space)} with the {most} {found.goals[0]}"
    footer = [*_sizes(space, counted), _proof(found)]
    data = _found_data(found, counted)
    return _table(space, title, found.choices, found.goals, footer, data, found.refused)


def front(space: ModelSpace, found: Best, counted: Counted | None = None) -> Sheet:
    """The sizes that no others beat in every goal."""
    title = f"{_title(space)} on the Pareto front of {', '.join(found.goals)}"
    front = ("front", phrase(len(found.choices), " configurations"))
    footer = [*_sizes(space, counted), front, _proof(found)]
    data = _found_data(found, counted)
    return _table(space, title, found.choices, found.goals, footer, data, found.refused)


def samples(space: ModelSpace, found: Samples) -> Sheet:
    """Sizes as they were drawn."""
    title = f"{_title(space)}: {len(found.choices):,} uniform samples"
    footer = [
        *_sizes(space, None if found.feasible is None else Counted(found.feasible)),
        ("drawn", f"by {found.method}, seed {found.seed}"),
    ]
    data = {"method": found.method, "seed": found.seed, "feasible": found.feasible}
    return _table(space, title, found.choices, (), footer, data, space.asked.refused)


def counted(space: ModelSpace, count: Counted) -> Sheet:
    """How many configurations meet the budgets."""
    lines = [Line((label, value)) for label, value in _sizes(space, count)]
    return Sheet(
        f"{_title(space)}: how many meet the budgets",
        (Column("item", ""), Column("value", "")),
        tuple(lines),
        notes=tuple(remarks.circumstances(space.asked, space.asked.refused)),
        layout="lines",
        data=_data(space, space.asked.refused)
        | {
            "feasible": count.least,
            "proved": count.exact,
            "rows": [{"size": space.size, "feasible": count.least, "proved": count.exact}],
        },
    )


def _title(space: ModelSpace) -> str:
    return f"Sizes of {remarks.title(space.asked.questions[0].network).partition('(')[0]}"


def _table(
    space: ModelSpace,
    title: str,
    choices: tuple[Choice, ...],
    goals: tuple[str, ...],
    footer: list[tuple[str, Cell]],
    data: dict[str, Any],
    refused: tuple[Refused, ...],
) -> Sheet:
    names = tuple(space.domains)
    limits = space.asked.questions[0].limits
    columns = [Column(n, n, "right") for n in names]
    columns += [Column(g, g, "right") for g in goals if g not in names]
    for limit in limits:
        if limit.says[0] not in goals:
            columns.append(Column(limit.says[0], limit.says[0], "right"))
        columns.append(Column(f"slack of {limit.written}", _slack(limit), "right"))
    return Sheet(
        title,
        tuple(columns),
        tuple(Line(tuple(_cells(choice, names, goals, limits))) for choice in choices),
        tuple(footer),
        tuple(remarks.circumstances(space.asked, refused)),
        data=_data(space, refused) | data | {"rows": [_row(c, goals, limits) for c in choices]},
    )


def _slack(limit: Limit) -> str:
    side = {"<": "below", ">": "above", "=": "off"}[limit.sign[0]]
    return f"{side} {limit.says[1]}"


def _cells(
    choice: Choice, names: tuple[str, ...], goals: tuple[str, ...], limits: tuple[Limit, ...]
) -> Iterator[Cell]:
    for name in names:
        yield choice.sizes.get(name)
    yield from (v for g, v in zip(goals, choice.goals, strict=False) if g not in names)
    for limit, reached, slack in zip(limits, choice.reached, choice.slack, strict=True):
        if limit.says[0] not in goals:
            yield reached
        yield slack


def _sizes(space: ModelSpace, counted: Counted | None) -> list[tuple[str, Cell]]:
    """The size of the space, and of what is feasible in it."""
    said: list[tuple[str, Cell]] = [("space", phrase(space.size, " configurations"))]
    if counted is not None:
        least = "" if counted.exact else "at least "
        over = "" if counted.exact else ", when the time was over"
        said.append(("feasible", phrase(least, counted.least, f" configurations{over}")))
    return said


def _proof(found: Best) -> tuple[str, Cell]:
    """How it was searched; what nothing exceeds."""
    by = (f"{found.engine}, ", found.nodes, f" node{'s' * (found.nodes != 1)}")
    said = (f"{found.status}: ", *by) if found.proved else (*by, f", {found.status}")
    if found.bound is not None:
        said = (*said, f"; nothing is {'below' if found.minimize else 'above'} ", found.bound)
    return "proof" if found.proved else "search", phrase(*said)


def _data(space: ModelSpace, refused: tuple[Refused, ...]) -> dict[str, Any]:
    question = space.asked.questions[0]
    return {
        "model": question.network.definition.name,
        "domains": {n: str(d) for n, d in space.domains.items()},
        "budgets": [limit.written for limit in question.limits],
        "size": space.size,
        "given": _plain(remarks.given(space.asked)),
        "defaults": {n: plain(v) for n, v in question.network.taken.items()},
        "conditions": list(
            dict.fromkeys(str(c) for q in space.asked.questions for c in q.space.conditions)
        ),
        "refused": [{"sizes": _plain(r.fixed), "reason": r.error.message} for r in refused],
    }


def _found_data(found: Best, counted: Counted | None) -> dict[str, Any]:
    return {
        "objective": list(found.goals),
        "minimize": found.minimize,
        "proved": found.proved and (counted is None or counted.exact),
        "bound": plain(found.bound),
        "engine": found.engine,
        "status": found.status,
        "nodes": found.nodes,
        "feasible": None if counted is None else counted.least,
    }


def _row(choice: Choice, goals: tuple[str, ...], limits: tuple[Limit, ...]) -> dict[str, Any]:
    row: dict[str, Any] = dict(_plain(choice.sizes))
    for goal, value in zip(goals, choice.goals, strict=False):
        row[goal] = plain(value)
    for limit, reached, slack in zip(limits, choice.reached, choice.slack, strict=True):
        row[limit.says[0]] = plain(reached)
        row[f"slack of {limit.written}"] = plain(slack)
    return row


def _plain(sizes: Any) -> dict[str, Any]:
    return {n: plain(v) for n, v in sizes.items()}
