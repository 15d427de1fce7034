"""What the rows alone allow a goal that is a multiple of one of them."""

from __future__ import annotations

import math
from fractions import Fraction

from symparams.algebra import Number, exact, terms_of
from symparams.search.problem import BudgetRow, IntegerFormula, Problem


def ceiling(problem: Problem, goal: IntegerFormula) -> Number | float:
    """Return what the rows alone allow the goal where it is a positive multiple of one of them."""
    found: Number | float = math.inf
    for row in problem.rows:
        ratio = multiple_of(goal, row)
        if ratio is not None:
            factor, constant = ratio
            most = factor * row.most + constant
            found = min(found, goal.floored(math.floor(most)) if goal.integral else most)
    return found


def multiple_of(goal: IntegerFormula, row: BudgetRow) -> tuple[Number, Number] | None:
    """Return (f, c) with ``goal == f*row + c`` and f > 0, if there are such."""
    lead = next((m for m in terms_of(row.size) if m), None)
    share = terms_of(goal.size).get(lead, 0) if lead is not None else 0
    if lead is None or not share:
        return None
    factor = exact(Fraction(share) / terms_of(row.size)[lead])
    rest = goal.size - row.size * factor
    return (factor, rest) if factor > 0 and isinstance(rest, Number) else None
