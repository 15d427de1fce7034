"""What one question asks of the engine: its best, its front, how many, samples.

A question without axes has one configuration, which no engine needs to search.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from symparams.algebra import Number, Size, as_number, substitute, with_commas
from symparams.analysis.budgets import Limit
from symparams.analysis.questions import Question
from symparams.errors import SymparamsError
from symparams.search import (
    Budget,
    Clock,
    Configuration,
    Counted,
    Found,
    Front,
    Progress,
    Sampled,
    counting,
    maximize,
    sample,
)


def open_budgets(question: Question) -> tuple[Budget, ...]:
    """Return the budgets that depend on a searched size; the others are judged at once.

    Raises:
        SymparamsError: one that no size changes is not met.
    """
    found = []
    for limit in question.limits:
        budget = limit.budget
        if isinstance(budget.size, Number):
            if not budget.met(budget.size):
                raise SymparamsError(
                    f"{limit.written} does not hold, whatever the sizes: "
                    f"{limit.says[0]} is {with_commas(as_number(limit.left))}"
                )
        else:
            found.append(budget)
    return tuple(found)


def meets(limit: Limit, sizes: Mapping[str, Number]) -> bool:
    """Tell whether sizes are within a budget."""
    return limit.budget.met(as_number(substitute(limit.budget.size, sizes)))


def only_point(question: Question, goals: Sequence[Size]) -> Configuration:
    """Return the configuration of a space without axes."""
    open_budgets(question)
    return Configuration({}, tuple(map(as_number, goals)), ())


def maximized(
    question: Question,
    minimize: bool,
    top: int,
    time_limit: float | None,
    progress: Progress | None,
) -> Found:
    """Return the best configurations."""
    goal = question.sizes[0] if question.sizes else question.limits[0].budget.size
    if not question.space.axes:
        point = only_point(question, [goal])
        return Found((point,), True, point.objective, "counting", "optimal", 1)
    return maximize(
        question.space, goal, open_budgets(question), top, minimize, time_limit, progress
    )


def front(
    question: Question,
    down: Sequence[bool],
    time_limit: float | None,
    progress: Progress | None,
) -> Front:
    """Return the configurations that no other is better than in every goal."""
    from symparams.search import pareto

    if not question.space.axes:
        return Front((only_point(question, question.sizes),), True, "exact", 1)
    ways = ["min" if small else "max" for small in down]
    goals = list(zip(question.sizes, ways, strict=True))
    return pareto(question.space, open_budgets(question), goals, time_limit, progress)


def counted(question: Question, clock: Clock, progress: Progress | None = None) -> Counted:
    """Return how many configurations meet the budgets, as far as the clock allows."""
    try:
        budgets = open_budgets(question)
    except SymparamsError:
        return Counted(0)
    if not question.space.axes:
        return Counted(1)
    return counting.counted(question.space, budgets, clock, progress)


def drawn(question: Question, n: int, seed: int, clock: Clock) -> Sampled:
    """Return uniform draws from what meets the budgets.

    Raises:
        OutOfTimeError: the clock's time is over.
    """
    if not question.space.axes:
        return Sampled((only_point(question, ()),) * n, "counting", 1)
    limit = clock.left()
    return sample(question.space, open_budgets(question), n, seed, limit_seconds=limit)
