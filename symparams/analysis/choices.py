"""Configurations of a space that were found, and what they come to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from symparams.algebra import Number, as_number, substitute
from symparams.analysis.questions import Question, Refused
from symparams.answers import PublicAnswer
from symparams.records import Record
from symparams.search import Configuration


class Choice(Record):
    """Sizes that meet the budgets.

    Attributes:
        sizes: name → value, of every size that was searched.
        goals: the objective, or each goal of a front.
        budgets: the budgets as written.
        reached: the left side of each budget.
        slack: how much of each is left.
        measures: name → value, of what is measured besides; None where there is none.
    """

    sizes: Mapping[str, Number]
    goals: tuple[Number, ...]
    budgets: tuple[str, ...]
    reached: tuple[Number, ...]
    slack: tuple[Number, ...]
    measures: Mapping[str, Number | None] = {}


class Best(Record, PublicAnswer):
    """The best sizes, best first, and what is known about them.

    Attributes:
        choices: the best that were found.
        goals: the words of the objective; several of a front.
        minimize: whether small is good.
        proved: whether no other sizes are better than the last of them.
        bound: nothing is better than this; None where nothing is known.
        engine, status, nodes: how it was found.
        refused: structures without an answer, and why.
    """

    choices: tuple[Choice, ...]
    goals: tuple[str, ...]
    minimize: bool
    proved: bool
    bound: Number | None
    engine: str
    status: str
    nodes: int
    refused: tuple[Refused, ...] = ()

    @property
    def best(self) -> Choice:
        """The first of the choices."""
        return self.choices[0]


class Samples(Record, PublicAnswer):
    """Sizes drawn uniformly from all that meet the budgets, with replacement."""

    choices: tuple[Choice, ...]
    method: str
    feasible: int | None
    seed: int


def choice_at(question: Question, point: Configuration) -> Choice:
    """Return a configuration of the engine, with the sizes that decide the structure."""
    sides = [
        (
            as_number(substitute(limit.left, point.values)),
            as_number(substitute(limit.right, point.values)),
        )
        for limit in question.limits
    ]
    sizes = {**question.fixed, **point.values}
    slack = tuple(
        right - left if limit.sign[0] in "<=" else left - right
        for limit, (left, right) in zip(question.limits, sides, strict=True)
    )
    return Choice(
        {n: question.network.facts.domain(n).named(sizes[n]) for n in question.names},
        point.goals,
        tuple(limit.written for limit in question.limits),
        tuple(left for left, _ in sides),
        slack,
    )


def not_dominated(choices: Iterable[Choice], down: Sequence[bool]) -> list[Choice]:
    """Return one choice for each vector of goals that no other is as good as in all of them."""

    def rank(choice: Choice) -> tuple[Number, ...]:
        return tuple(-g if small else g for g, small in zip(choice.goals, down, strict=True))

    kept: list[Choice] = []
    for choice in sorted(choices, key=rank, reverse=True):
        mine = rank(choice)
        if not any(all(a >= b for a, b in zip(rank(k), mine, strict=True)) for k in kept):
            kept.append(choice)
    return kept
