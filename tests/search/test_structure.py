"""Spaces whose formulas are sums over parts: every answer is that of trying every point."""

from __future__ import annotations

from hypothesis import given, settings

from symparams.search.problem import Problem
from symparams.search.structure import Structure
from symparams.search.tables import NotTabledError, Tables
from tests.search.brute import Case
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
