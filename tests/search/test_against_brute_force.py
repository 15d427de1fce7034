"""A thousand random small spaces: every answer is that of trying every point."""

from __future__ import annotations

import pytest
from hypothesis import given, settings, strategies as st

from symparams.errors import SymparamsError
from symparams.search import feasible_count, maximize, pareto, sample
from symparams.search.counting import pieces
from symparams.search.problem import Problem
from tests.algebra.expressions import number, size
from tests.search.brute import MODES, Case, Mode, cases, front


@settings(max_examples=1_000)
@given(cases(), MODES, st.integers(1, 5), st.booleans())
def test_the_best_are_the_best_and_all_are_counted(
    case: Case, mode: Mode, top: int, minimize: bool
):
    goal = case.goals[0]
    with mode():
        assert feasible_count(case.space, case.budgets) == len(case.feasible)
        if not case.feasible:
            with pytest.raises(SymparamsError, match=r"^no (size|value|configuration) "):
                maximize(case.space, size(goal), case.budgets, top, minimize)
            return
        found = maximize(case.space, size(goal), case.budgets, top, minimize)
    expected = sorted((number(goal, p) for p in case.feasible), reverse=not minimize)[:top]
    assert [point.objective for point in found.points] == expected
    assert found.proved
    assert found.bound == expected[0]
    assert len({tuple(p.values.items()) for p in found.points}) == len(found.points)
    for point in found.points:
        assert case.allows(dict(point.values))
        for spent, (expression, _, _) in zip(point.spent, case.limits, strict=True):
            assert spent.value == number(expression, dict(point.values))


@settings(max_examples=100)
@given(cases(), MODES)
def test_ranks_run_through_the_feasible_points(case: Case, mode: Mode):
    """So that a uniform rank is a uniform configuration."""
    with mode():
        parts = pieces(Problem(case.space, case.budgets))
        found = [part.at(rank) for part in parts for rank in range(part.count)]
    assert sorted(map(_items, found)) == sorted(map(_items, case.feasible))


@settings(max_examples=150)
@given(cases(), MODES)
def test_the_front_is_what_nothing_dominates(case: Case, mode: Mode):
    signs = [1 if way == "max" else -1 for way in case.ways]
    goals = [(size(goal), way) for goal, way in zip(case.goals, case.ways, strict=True)]
    with mode():
        if not case.feasible:
            with pytest.raises(SymparamsError, match=r"^no (size|value|configuration) "):
                pareto(case.space, case.budgets, goals)
            return
        found = pareto(case.space, case.budgets, goals)
    assert found.proved
    vectors = [
        tuple(s * number(g, p) for s, g in zip(signs, case.goals, strict=True))
        for p in case.feasible
    ]
    ours = [tuple(s * v for s, v in zip(signs, p.goals, strict=True)) for p in found.points]
    assert len(set(ours)) == len(ours)
    assert set(ours) == front(vectors)
    assert all(case.allows(dict(p.values)) for p in found.points)


@settings(max_examples=60)
@given(cases(), MODES, st.integers(0, 99), st.sampled_from([20.0, -1.0]))
def test_samples_are_feasible_and_repeat(case: Case, mode: Mode, seed: int, patience: float):
    if not case.feasible:
        return
    with mode():
        found = sample(case.space, case.budgets, 12, seed, patience)
        again = sample(case.space, case.budgets, 12, seed, patience)
    assert found.points == again.points
    assert len(found.points) == 12
    assert all(case.allows(dict(p.values)) for p in found.points)
    if found.method == "counting":
        assert found.feasible == len(case.feasible)


def _items(point: object) -> list[tuple[str, int]]:
    return sorted(dict(point).items())  # type: ignore[call-overload]
