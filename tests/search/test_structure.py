"""Spaces whose formulas are sums over parts: every answer is that of trying every point."""

from __future__ import annotations

import os
from unittest import mock

import pytest
from hypothesis import given, settings, strategies as st

from symparams.search import feasible_count, maximize, pareto, sample
from symparams.search.dynamic import BEAMS, DynamicProgram
from symparams.search.merged_fronts import MOST_GOALS, MergedFront
from symparams.search.plain_sums import PlainSums
from symparams.search.problem import IntegerFormula, Problem
from symparams.search.structure import Structure
from symparams.search.tables import NotTabledError, Tables
from tests.algebra.expressions import number, size
from tests.search.brute import Case, front
from tests.search.sums_of_parts import sums_of_parts

#: Some of the random spaces; 2,000 with HYPOTHESIS_MANY=1, in the long run.
MANY = 400 if os.environ.get("HYPOTHESIS_MANY") == "1" else 60


def _never() -> None:
    """No clock."""


@settings(max_examples=MANY)
@given(sums_of_parts())
def test_all_are_counted_and_every_rank_is_one_of_them(case: Case):
    problem = Problem(case.space, case.budgets)
    if problem.empty:
        assert not case.feasible
        return
    try:
        tables = Tables(problem)
    except NotTabledError:
        return
    assert Structure(tables, _never).count == len(case.feasible)
    ranked = Structure(tables, _never, ranked=True)
    assert ranked.count == len(case.feasible)
    found = ranked.points(range(ranked.count))
    assert sorted(map(_items, found)) == sorted(map(_items, case.feasible))


def _items(point: object) -> list[tuple[str, int]]:
    return sorted(dict(point).items())  # type: ignore[call-overload]


@settings(max_examples=MANY)
@given(sums_of_parts(), st.integers(1, 5), st.sampled_from([(1, 3, 1 << 23), BEAMS]))
def test_the_best_are_the_best(case: Case, top: int, beams: tuple[int, ...]):
    sign = 1 if case.ways[0] == "max" else -1
    problem = Problem(case.space, case.budgets)
    if problem.empty:
        return
    goal = IntegerFormula(sign * size(case.goals[0]), problem.axes)
    try:
        tables = Tables(problem, [goal])
    except NotTabledError:
        return
    if tables.empty:
        assert not case.feasible
        return
    with mock.patch("symparams.search.dynamic.BEAMS", beams):
        found = DynamicProgram(tables, top, _never).run()
    assert found.proved
    best = sorted((sign * number(case.goals[0], p) for p in case.feasible), reverse=True)[:top]
    assert [sign * number(case.goals[0], dict(p)) for p in found.points] == best
    assert all(case.allows(dict(p)) for p in found.points)
    assert len({tuple(_items(p)) for p in found.points}) == len(found.points)
    if best:
        assert found.bound == best[0] * goal.scale


@settings(max_examples=MANY)
@given(sums_of_parts(), st.sampled_from([16, 1 << 21]))
def test_the_front_is_what_nothing_beats(case: Case, arcs: int):
    signs = [1 if way == "max" else -1 for way in case.ways]
    problem = Problem(case.space, case.budgets)
    if problem.empty:
        return
    pairs = list(zip(signs, case.goals, strict=True))
    try:
        tables = Tables(problem, [IntegerFormula(s * size(g), problem.axes) for s, g in pairs])
    except NotTabledError:
        return
    if tables.empty:
        assert not case.feasible
        return
    if len(pairs) > MOST_GOALS:
        with pytest.raises(NotTabledError):
            MergedFront(tables, _never)
        return
    with mock.patch("symparams.search.merged_fronts.ARCS", arcs):
        found = MergedFront(tables, _never).points()
    ours = [tuple(s * number(g, dict(p)) for s, g in pairs) for p in found]
    assert len(set(ours)) == len(ours)
    assert set(ours) == front([tuple(s * number(g, p) for s, g in pairs) for p in case.feasible])
    assert all(case.allows(dict(p)) for p in found)


@settings(max_examples=MANY)
@given(sums_of_parts(), st.booleans())
def test_what_is_asked_of_a_space_is_answered_by_structure(case: Case, arrays: bool):
    """As :func:`.maximize` and its like put it together, whatever the size of the space."""
    pairs = list(zip(case.ways, case.goals, strict=True))
    with (
        mock.patch("symparams.search.tables.SMALL", 0),
        mock.patch("symparams.search.tables.WORTH", 9),
        mock.patch("symparams.search.tables.numpy_is_there", return_value=arrays),
        mock.patch("symparams.search.counting.numpy_is_there", return_value=arrays),
        mock.patch("symparams.search.ahead.numpy_is_there", return_value=arrays),
        mock.patch("symparams.search.front.numpy_is_there", return_value=arrays),
    ):
        assert feasible_count(case.space, case.budgets) == len(case.feasible)
        if not case.feasible:
            return
        drawn = sample(case.space, case.budgets, 5)
        best = maximize(case.space, size(case.goals[0]), case.budgets, 3, case.ways[0] == "min")
        found = pareto(case.space, case.budgets, [(size(g), way) for way, g in pairs])
    assert all(case.allows(dict(p.values)) for p in drawn.points)
    values = [number(case.goals[0], p) for p in case.feasible]
    expected = sorted(values, reverse=case.ways[0] == "max")[:3]
    assert [p.objective for p in best.points] == expected
    assert best.proved
    assert found.proved
    assert best.bound == expected[0]
    signs = [1 if way == "max" else -1 for way in case.ways]
    vectors = [
        tuple(s * number(g, p) for s, g in zip(signs, case.goals, strict=True))
        for p in case.feasible
    ]
    ours = [tuple(s * v for s, v in zip(signs, p.goals, strict=True)) for p in found.points]
    assert sorted(ours) == sorted(front(vectors))


@settings(max_examples=MANY)
@given(sums_of_parts())
def test_dicts_come_to_what_arrays_come_to(case: Case):
    problem = Problem(case.space, case.budgets)
    if problem.empty:
        return
    try:
        tables = Tables(problem)
    except NotTabledError:
        return
    plain = PlainSums(tables, _never, ranked=True)
    assert plain.count == Structure(tables, _never).count == len(case.feasible)
    found = plain.points(range(plain.count))
    assert sorted(map(_items, found)) == sorted(map(_items, case.feasible))
