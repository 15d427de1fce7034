"""Dynamic programming, before any other engine: where formulas are sums over parts."""

from __future__ import annotations

from contextlib import suppress

from symparams.search.clock import Clock, OutOfTimeError
from symparams.search.problem import IntegerFormula, Problem
from symparams.search.space import Optimum
from symparams.search.tables import NotTabledError, TooWideError, tabled
from symparams.search.vectors import numpy_is_there


def by_dynamic_programming(
    problem: Problem,
    goal: IntegerFormula,
    top: int,
    clock: Clock,
    tries: int | None = None,
) -> Optimum | None:
    """Return what comes of dynamic programming, where formulas are sums over parts."""
    tables = tabled(problem, [goal])
    if tables is None or tables.empty:
        return None
    # What is hopeless for it is left to others in time.
    look = Clock(clock.left(2)).look
    with suppress(NotTabledError, TooWideError, OutOfTimeError):
        if numpy_is_there():
            from symparams.search.dynamic import DynamicProgram

            return DynamicProgram(tables, top, look).run(tries)
        from symparams.search.plain_sums import PlainSums

        sums = PlainSums(tables, look, ranked=True)
        return Optimum(tuple(sums.best(top)), True, None, len(sums.ways))
    return None
