"""Uniform draws from the feasible set: by rank where it can be counted, else by rejection."""

from __future__ import annotations

from collections.abc import Iterable
from random import Random

from symparams.errors import SymparamsError
from symparams.search.clock import Clock, OutOfTimeError
from symparams.search.counting import Point, by_structure, pieces
from symparams.search.optimum import nothing_fits
from symparams.search.problem import Problem
from symparams.search.space import Budget, Configuration, Sampled, Space, configuration

#: Seconds a space may take to be counted before it is drawn from by rejection.
PATIENCE = 20.0
#: Draws that are rejected in a row before giving up.
MOST_REJECTED = 1_000_000


def sample(
    space: Space,
    budgets: Iterable[Budget],
    n: int,
    seed: int = 0,
    patience: float = PATIENCE,
    limit_seconds: float | None = None,
) -> Sampled:
    """Return ``n`` independent draws, each uniform over the configurations that meet the budgets.

    The feasible set is counted, ``n`` ranks are drawn, and the configurations
    of those ranks are found. A space that takes longer than ``patience``
    seconds to count is drawn from uniformly, and what misses a budget is drawn
    again: as uniform, and slower the fewer fit. The same seed gives the same
    draws (by the same method, which the answer names).

    Raises:
        SymparamsError: nothing is feasible, ``n`` below 0, or one in more than
            a million fits where counting takes too long.
        OutOfTimeError: the limit came first, of which counting gets half. Some
            of the draws would be no sample: they are found by rank.
    """
    if n < 0:
        raise SymparamsError(f"a sample of {n} configurations")
    budgets = tuple(budgets)
    problem = Problem(space, budgets)
    draw = Random(seed)
    limit = Clock(limit_seconds)
    if limit_seconds is not None:
        patience = min(patience, limit_seconds / 2)
    try:
        found, feasible = _by_rank(problem, n, draw, Clock(patience), limit)
        method = "counting"
    except OutOfTimeError:
        found, feasible, method = _by_rejection(problem, n, Random(seed), limit), None, "rejection"
    except ZeroDivisionError:
        raise SymparamsError("a formula divides by zero at a size in the space") from None
    points: tuple[Configuration, ...] = tuple(
        configuration(space, point, (), budgets) for point in found
    )
    return Sampled(points, method, feasible)


def _by_rank(
    problem: Problem, n: int, draw: Random, patience: Clock, limit: Clock
) -> tuple[list[Point], int | None]:
    structure = by_structure(problem, patience.look, ranked=True)
    if structure is not None:
        if not structure.count:
            raise nothing_fits(problem, limit)
        return structure.points(
            [draw.randrange(structure.count) for _ in range(n)]
        ), structure.count
    total = sum(piece.count for piece in pieces(problem, None, patience))
    if not total:
        raise nothing_fits(problem, limit)
    ranks = sorted((draw.randrange(total), k) for k in range(n))
    found: list[Point] = [{} for _ in range(n)]
    start = taken = 0
    for piece in pieces(problem, None, limit):
        while taken < n and ranks[taken][0] < start + piece.count:
            rank, k = ranks[taken]
            limit.look()
            found[k] = piece.at(rank - start)
            taken += 1
        start += piece.count
        if taken == n:
            break
    return found, total


def _by_rejection(problem: Problem, n: int, draw: Random, limit: Clock) -> list[Point]:
    found: list[Point] = []
    rejected = 0
    while len(found) < n:
        limit.look()
        values = [draw.choice(axis.values) for axis in problem.axes]
        if problem.allows(values):
            found.append(dict(zip(problem.names, values, strict=True)))
            rejected = 0
        else:
            rejected += 1
        if rejected > MOST_REJECTED:
            raise SymparamsError(
                "fewer than one configuration in a million fits, and they are too many to count; "
                "narrow the ranges"
            )
    return found
