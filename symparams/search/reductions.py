"""Values that need not be searched for a best configuration: others are never worse."""

from __future__ import annotations

from symparams.search.problem import IntegerFormula, Problem
from symparams.search.space import Axis


def narrowed(problem: Problem, goals: list[IntegerFormula]) -> tuple[Problem, list[IntegerFormula]]:
    """Return a problem without the values that never are better for any goal nor any row.

    A size that never helps a goal while it rises, and never makes room in a
    budget, stays at its least value (and the other way round).
    """
    while (axes := _dominated(problem, goals)) is not None:
        problem, goals = problem.narrowed_to(axes), [over(goal, axes) for goal in goals]
    return problem, goals


def over(goal: IntegerFormula, axes: tuple[Axis, ...]) -> IntegerFormula:
    """Return the goal over other axes; still the same multiple of what was asked for."""
    other = IntegerFormula(goal.size, axes)
    other.scale = goal.scale
    return other


def _dominated(problem: Problem, goals: list[IntegerFormula]) -> tuple[Axis, ...] | None:
    """Return the axes, those cut to their only value of use that have one; None where none has.

    Which way a formula moves with a size holds in every part of the box, so they are cut at once.
    """
    held = frozenset[str]().union(*(test.names for test in problem.tests))
    cut: dict[str, Axis] = {}
    for axis in problem.axes:
        if len(axis.values) == 1 or axis.name in held:
            continue
        ways = [row.bounds.always.get(axis.name, 0) for row in problem.rows]
        for goal in goals:
            gain = goal.bounds.always.get(axis.name, 0)
            ways.append(None if gain is None else -gain)
        if all(way is not None and way >= 0 for way in ways):
            only = axis.values[0]
        elif all(way is not None and way <= 0 for way in ways):
            only = axis.values[-1]
        else:
            continue
        single = range(only, only + 1) if isinstance(only, int) else (only,)
        cut[axis.name] = Axis(axis.name, single)
    return tuple(cut.get(a.name, a) for a in problem.axes) if cut else None
