"""Spaces whose formulas are sums over parts: every answer is that of trying every point."""

from __future__ import annotations

from unittest import mock

from hypothesis import given, settings, strategies as st

from symparams.search.dynamic import BEAMS, DynamicProgram
from symparams.search.merged_fronts import MergedFront
from symparams.search.problem import IntegerFormula, Problem
from symparams.search.structure import Structure
from symparams.search.tables import NotTabledError, Tables
from tests.algebra.expressions import number, size
from tests.search.brute import Case, front
from tests.search.sums_of_parts import sums_of_parts


def _never() -> None:
    """No clock."""


@settings(max_examples=300)
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


@settings(max_examples=300)
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


@settings(max_examples=300)
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
    with mock.patch("symparams.search.merged_fronts.ARCS", arcs):
        found = MergedFront(tables, _never).points()
    ours = [tuple(s * number(g, dict(p)) for s, g in pairs) for p in found]
    assert len(set(ours)) == len(ours)
    assert set(ours) == front([tuple(s * number(g, p) for s, g in pairs) for p in case.feasible])
    assert all(case.allows(dict(p)) for p in found)
