"""Sizes that meet budgets: the best, a front, samples, or how many there are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from symparams.algebra import Domain, Number
from symparams.analysis import Best, Choice, Limit, ModelSpace, Refused, Samples
from symparams.errors import SymparamsError
from symparams.interchange import CommandAnswer
from symparams.records import Record
from symparams.search import Counted
from symparams.views import remarks
from symparams.views.cells import Cell, phrase
from symparams.views.sheet import Column, Line, Sheet

#: Sizes, goals, measures and what is left of budgets, by what they are called.
Configuration = Mapping[str, Number | None]


class RefusedSizes(Record):
    """Sizes that the model does not admit, and why."""

    sizes: Mapping[str, Number]
    reason: str


class SpaceAnswer(CommandAnswer):
    """What every answer about a space says first.

    ``size`` is the number of configurations; ``distinct`` of those that differ in a size that
    exists, null where all sizes always do.
    """

    model: str
    domains: Mapping[str, Domain]
    budgets: tuple[str, ...]
    size: int
    distinct: int | None
    given: Mapping[str, Number]
    defaults: Mapping[str, Number]
    conditions: tuple[str, ...]
    refused: tuple[RefusedSizes, ...]


class BestAnswer(SpaceAnswer, command="search"):
    """The best configurations, or a front; nothing exceeds ``bound``."""

    objective: tuple[str, ...]
    minimize: bool
    proved: bool
    bound: Number | None
    engine: str
    status: str
    nodes: int
    feasible: int | None
    rows: tuple[Configuration, ...]


class SamplesAnswer(SpaceAnswer, command="search"):
    """Configurations as they were drawn."""

    method: str
    seed: int
    feasible: int | None
    rows: tuple[Configuration, ...]


class CountedRow(Record):
    """How many configurations there are, and meet the budgets."""

    size: int
    feasible: int
    proved: bool


class CountedAnswer(SpaceAnswer, command="search"):
    """How many configurations meet the budgets; at least so many, where it is not proved."""

    feasible: int
    proved: bool
    rows: tuple[CountedRow]


class UnfinishedAnswer(CommandAnswer, command="search"):
    """The time was over before there was any answer."""

    proved: bool
    status: str


def best(space: ModelSpace, found: Best, counted: Counted | None = None) -> Sheet:
    """Return the best sizes, a line each, and what proves that no others are better."""
    most = "smallest" if found.minimize else "largest"
    title = f"{_title(space)} with the {most} {found.goals[0]}"
    footer = [*_sizes(space, counted), _proof(found)]
    answer = _best(space, found, counted)
    return _table(space, title, found.choices, found.goals, footer, answer, found.refused)


def front(space: ModelSpace, found: Best, counted: Counted | None = None) -> Sheet:
    """Return the sizes that no others beat in every goal."""
    title = f"{_title(space)} on the Pareto front of {', '.join(found.goals)}"
    front = ("front", phrase(len(found.choices), " configurations"))
    footer = [*_sizes(space, counted), front, _proof(found)]
    answer = _best(space, found, counted)
    return _table(space, title, found.choices, found.goals, footer, answer, found.refused)


def samples(space: ModelSpace, found: Samples) -> Sheet:
    """Return sizes as they were drawn."""
    title = f"{_title(space)}: {len(found.choices):,} uniform samples"
    footer = [
        *_sizes(space, None if found.feasible is None else Counted(found.feasible)),
        ("drawn", f"by {found.method}, seed {found.seed}"),
    ]
    refused = space.asked.refused
    rows = tuple(_row(choice, (), _limits(space)) for choice in found.choices)
    answer = SamplesAnswer.like(found, **_about(space, refused), rows=rows)
    return _table(space, title, found.choices, (), footer, answer, refused)


def counted(space: ModelSpace, count: Counted) -> Sheet:
    """Return how many configurations meet the budgets."""
    lines = [Line((label, value)) for label, value in _sizes(space, count)]
    row = CountedRow(space.size, count.least, count.exact)
    about = {**_about(space, space.asked.refused), "feasible": count.least}
    return Sheet(
        f"{_title(space)}: how many meet the budgets",
        (Column("item", ""), Column("value", "")),
        tuple(lines),
        notes=tuple(remarks.circumstances(space.asked, space.asked.refused)),
        layout="lines",
        answer=CountedAnswer(**about, proved=count.exact, rows=(row,)),
    )


def _title(space: ModelSpace) -> str:
    return f"Sizes of {remarks.title(space.asked.questions[0].network).partition('(')[0]}"


def _table(
    space: ModelSpace,
    title: str,
    choices: tuple[Choice, ...],
    goals: tuple[str, ...],
    footer: list[tuple[str, Cell]],
    answer: BestAnswer | SamplesAnswer,
    refused: tuple[Refused, ...],
) -> Sheet:
    names, limits = tuple(space.domains), _limits(space)
    columns = [Column(n, n, "right", of_size=True) for n in names]
    columns += [Column(g, g, "right") for g in goals if g not in names]
    for limit in limits:
        if limit.says[0] not in goals:
            columns.append(Column(limit.says[0], limit.says[0], "right"))
        columns.append(Column(f"slack of {limit.written}", _slack(limit), "right"))
    shown = {column.key for column in columns}
    for measure in space.columns:
        if measure.name in shown and measure.formula != measure.name:
            raise SymparamsError(
                f"--measure {measure.written}: two columns are called '{measure.name}'",
                None,
                f"give it another name: other = {measure.formula}",
            )
    more = [m.name for m in space.columns if m.name not in shown]
    columns += [Column(name, name, "right") for name in more]
    return Sheet(
        title,
        tuple(columns),
        tuple(
            Line((*_cells(choice, names, goals, limits), *(choice.measures[m] for m in more)))
            for choice in choices
        ),
        tuple(footer),
        tuple(remarks.circumstances(space.asked, refused)),
        notations=remarks.notations(space.asked.questions[0].network),
        answer=answer,
    )


def _limits(space: ModelSpace) -> tuple[Limit, ...]:
    return space.asked.questions[0].limits


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
    """Return the size of the space, and of what is feasible in it."""
    said: list[tuple[str, Cell]] = [("space", phrase(space.size, " configurations"))]
    if space.distinct is not None:
        said.append(("distinct", phrase(space.distinct, " that differ in a size that exists")))
    if counted is not None:
        least = "" if counted.exact else "at least "
        over = "" if counted.exact else ", when the time was over"
        said.append(("feasible", phrase(least, counted.least, f" configurations{over}")))
    return said


def _proof(found: Best) -> tuple[str, Cell]:
    """Return how it was searched; what nothing exceeds."""
    by = (f"{found.engine}, ", found.nodes, f" node{'s' * (found.nodes != 1)}")
    said = (f"{found.status}: ", *by) if found.proved else (*by, f", {found.status}")
    if found.bound is not None:
        said = (*said, f"; nothing is {'below' if found.minimize else 'above'} ", found.bound)
    return "proof" if found.proved else "search", phrase(*said)


def _about(space: ModelSpace, refused: tuple[Refused, ...]) -> dict[str, Any]:
    """Return the fields of a :class:`SpaceAnswer`."""
    asked, network = space.asked, space.asked.questions[0].network
    conditions = dict.fromkeys(str(c) for q in asked.questions for c in q.space.conditions)
    return {
        "model": network.definition.name,
        "domains": space.domains,
        "budgets": tuple(limit.written for limit in _limits(space)),
        "size": space.size,
        "distinct": space.distinct,
        "given": remarks.given(asked),
        "defaults": network.taken,
        "conditions": tuple(conditions),
        "refused": tuple(RefusedSizes(r.fixed, r.error.message) for r in refused),
    }


def _best(space: ModelSpace, found: Best, counted: Counted | None) -> BestAnswer:
    return BestAnswer.like(
        found,
        **_about(space, found.refused),
        objective=found.goals,
        proved=found.proved and (counted is None or counted.exact),
        feasible=None if counted is None else counted.least,
        rows=tuple(_row(choice, found.goals, _limits(space)) for choice in found.choices),
    )


def _row(choice: Choice, goals: tuple[str, ...], limits: tuple[Limit, ...]) -> Configuration:
    row = {**choice.sizes, **dict(zip(goals, choice.goals, strict=False))}
    for limit, reached, slack in zip(limits, choice.reached, choice.slack, strict=True):
        row |= {limit.says[0]: reached, f"slack of {limit.written}": slack}
    return {**row, **choice.measures}
