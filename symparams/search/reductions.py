"""What need not be searched for one best configuration: dominated values, mirrored boxes."""

from __future__ import annotations

from itertools import pairwise

from symparams.algebra import Size, Symbol, of_atom, substitute, symbols_of
from symparams.search.problem import BudgetRow, IntegerFormula, Problem
from symparams.search.space import Axis


def reduced(problem: Problem, goal: IntegerFormula) -> tuple[Problem, IntegerFormula]:
    """A problem over fewer points that has the same best value.

    A size that never helps the goal while it rises, and never makes room in a
    budget, stays at its least value (and the other way round). Sizes that may
    be swapped without changing anything are kept in order.
    """
    problem, (goal,) = narrowed(problem, [goal])
    for one, other in _mirrored(problem, goal):
        problem.rows.append(BudgetRow(of_atom(one) - of_atom(other), 0, False, problem.axes))
    return problem, goal


def narrowed(problem: Problem, goals: list[IntegerFormula]) -> tuple[Problem, list[IntegerFormula]]:
    """A problem without the values that never are better for any goal nor any row."""
    while (axes := _dominated(problem, goals)) is not None:
        problem, goals = problem.narrowed_to(axes), [over(goal, axes) for goal in goals]
    return problem, goals


def over(goal: IntegerFormula, axes: tuple[Axis, ...]) -> IntegerFormula:
    """The goal over other axes; still the same multiple of what was asked for."""
    other = IntegerFormula(goal.size, axes)
    other.scale = goal.scale
    return other


def _dominated(problem: Problem, goals: list[IntegerFormula]) -> tuple[Axis, ...] | None:
    """The axes with one more of them cut to its only value of use; None where there is none."""
    held = frozenset[str]().union(*(test.names for test in problem.tests))
    for k, axis in enumerate(problem.axes):
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
        return (*problem.axes[:k], Axis(axis.name, single), *problem.axes[k + 1 :])
    return None


def _mirrored(problem: Problem, goal: IntegerFormula) -> list[tuple[Symbol, Symbol]]:
    """Pairs of sizes that may be kept in order: each can be swapped with the next alike."""
    held = frozenset[str]().union(*(test.names for test in problem.tests))
    sizes = [goal.size, *(row.size for row in problem.rows)]
    symbols = {s.name: s for size in sizes for s in symbols_of(size)}
    able = [
        axis
        for axis in problem.axes
        if axis.name in symbols and axis.name not in held and len(axis.values) > 1
    ]
    rows = {(row.size, row.most, row.strict) for row in problem.rows}

    def alike(one: Axis, other: Axis) -> bool:
        if one.values != other.values:
            return False
        a, b = symbols[one.name], symbols[other.name]
        swap: dict[str, Size] = {a.name: of_atom(b), b.name: of_atom(a)}
        if substitute(goal.size, swap) != goal.size:
            return False
        return {(substitute(size, swap), most, strict) for size, most, strict in rows} == rows

    pairs = []
    while able:
        group = [able[0], *(axis for axis in able[1:] if alike(able[0], axis))]
        pairs += [(symbols[a.name], symbols[b.name]) for a, b in pairwise(group)]
        able = [axis for axis in able if axis not in group]
    return pairs
