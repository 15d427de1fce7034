"""CP-SAT behind branch and bound: on the same random spaces, and where the time runs out."""

from __future__ import annotations

from contextlib import suppress
from unittest import mock

import pytest
from hypothesis import given, settings

from symparams.algebra import floor, minimum, symbol
from symparams.search import Axis, Budget, Space, maximize
from symparams.search.fallback import NotModelledError, by_cp_sat
from symparams.search.optimum import Keeper, _handed_over
from symparams.search.problem import IntegerFormula, Problem
from tests.algebra.expressions import number, size
from tests.search.brute import Case, cases

pytest.importorskip("ortools")

a, b, c = map(symbol, "abc")
SPACE = Space(tuple(Axis(name, range(1, 41)) for name in "abc"))
GOAL = a * b - (a - 30) ** 2 + minimum(b, c) + floor((a * c + 7) / b)
BUDGET = Budget(a**2 + b * c, "<=", 1_000, "params")


@settings(max_examples=100)
@given(cases())
def test_its_optimum_is_the_optimum(case: Case):
    problem = Problem(case.space, case.budgets)
    if problem.empty:
        return
    goal = IntegerFormula(size(case.goals[0]), problem.axes)
    with suppress(NotModelledError):
        answer = by_cp_sat(problem, goal, None, 20)
        if not case.feasible:
            assert answer.status == "infeasible"
            return
        best = goal.scale * max(number(case.goals[0], p) for p in case.feasible)
        assert (answer.status, answer.bound) == ("optimal", best)
        assert case.allows(dict(answer.point))
        assert goal.scale * number(case.goals[0], dict(answer.point)) == best


@settings(max_examples=60)
@given(cases())
def test_its_point_is_kept(case: Case):
    problem = Problem(case.space, case.budgets)
    if problem.empty:
        return
    goal = IntegerFormula(size(case.goals[0]), problem.axes)
    keeper = Keeper(1, None, None)
    with suppress(NotModelledError):
        answer = _handed_over(problem, goal, keeper, 20)
        if not case.feasible:
            assert keeper.best_first() == []
            return
        ((value, point),) = keeper.best_first()
        assert value == answer.bound
        assert case.allows(point)
        assert goal.scale * number(case.goals[0], point) == value


@settings(max_examples=60)
@given(cases())
def test_a_worse_point_than_was_kept_is_not(case: Case):
    problem = Problem(case.space, case.budgets)
    if problem.empty or not case.feasible:
        return
    goal = IntegerFormula(size(case.goals[0]), problem.axes)
    keeper = Keeper(1, None, None)
    best = max(case.feasible, key=lambda p: number(case.goals[0], p))
    keeper.offer(goal.scale * number(case.goals[0], best), best)
    with suppress(NotModelledError):
        _handed_over(problem, goal, keeper, 20)
    assert keeper.best_first() == [(goal.scale * number(case.goals[0], best), best)]


def test_it_takes_over():
    with mock.patch("symparams.search.optimum.PATIENCE", 30.0):
        full = maximize(SPACE, GOAL, [BUDGET])
    with (
        mock.patch("symparams.search.optimum.Keeper.look", side_effect=_out_of_time),
        mock.patch("symparams.search.optimum.BLOCK", 1),
    ):
        found = maximize(SPACE, GOAL, [BUDGET])
    assert full.engine == "branch and bound"
    assert (found.engine, found.status, found.proved) == ("cp-sat", "optimal, by CP-SAT", True)
    assert found.best.objective == found.bound == full.best.objective


def _out_of_time(*_):
    from symparams.search.optimum import OutOfTimeError

    raise OutOfTimeError


@pytest.mark.parametrize("seconds", [0.0, 0.002, 0.01, 0.05, 0.2])
def test_what_it_does_not_finish_is_no_proof(seconds):
    """However far it comes: what is found and bounded holds, and is proved where they meet."""
    space = Space(tuple(Axis(name, range(1, 1_000)) for name in "abc"))
    size = a**2 * b + b**2 * c + floor((a * c + 7) / 3) * b
    with mock.patch("symparams.search.optimum.Keeper.look", side_effect=_out_of_time):
        found = maximize(space, a * b * c, [Budget(size, "<=", 10**8 + 7, "s")], 1, False, seconds)
    assert found.engine == "cp-sat"
    assert found.best.objective <= 85_642_272 <= found.bound
    assert found.proved == (found.best.objective == found.bound)
    assert found.proved == (found.status == "optimal, by CP-SAT")
    if not seconds:
        assert (found.proved, found.status) == (False, "unknown, by CP-SAT")


@pytest.mark.parametrize(
    ("goal", "reason"),
    [
        (a * 10**18 + b * c, "numbers beyond int64"),
        (a / b, "fractions in 'a/b'"),
    ],
)
def test_what_it_cannot_take_is_said(goal, reason):
    problem = Problem(SPACE, [BUDGET])
    with pytest.raises(NotModelledError, match=reason):
        by_cp_sat(problem, IntegerFormula(goal, problem.axes), None, 1)
    with (
        mock.patch("symparams.search.optimum.Keeper.look", side_effect=_out_of_time),
        mock.patch("symparams.search.optimum.BLOCK", 1),
        mock.patch("symparams.search.optimum.LOOP", 1),
    ):
        found = maximize(SPACE, goal + a * c, [BUDGET])
    assert not found.proved
    assert "CP-SAT cannot take" in found.status
