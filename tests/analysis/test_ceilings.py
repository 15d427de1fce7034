"""How large a size can be by conditions alone, against a trial of values."""

from __future__ import annotations

import pytest

from symparams.algebra import Size, floor, symbol
from symparams.algebra.atoms import Symbol
from symparams.algebra.conditions import Condition, compared
from symparams.analysis.ceilings import ceiling

A, B = symbol("a"), symbol("b")


def remainder(above: int, below: Size) -> Size:
    return above - below * floor(above / below)


# Conditions on a, and what a does not exceed where they hold ("<" is read as "<="); None: nobody
# can say.
CEILINGS = [
    ([compared(A, "<=", 12)], 12),
    ([compared(A, "<", 12)], 12),
    ([compared(2 * A, "<", 12)], 6),
    ([compared(2 * A, "<=", 13)], 6),
    ([compared(A**2, "<=", 90)], 9),
    ([compared(3 * A**2 + A, "<", 100)], 5),
    ([compared(A, "<=", 12), compared(A, "<", 7)], 7),
    ([Condition("and", parts=(compared(A, "<", 9), compared(A, ">", 2)))], 9),
    ([compared(remainder(60, A), "==", 0)], 60),
    ([compared(0, "==", remainder(60, A))], 60),
    ([Condition("integer", 60 / A)], 60),
    ([Condition("integer", 60 / A**2)], 60),
    ([compared(12 / A, ">=", 4)], 3),
    ([compared(A, ">", 3)], None),
    ([compared(A, "!=", 3)], None),
    ([Condition("integer", A / 4)], None),
    ([Condition("integer", 60 / A + A / 2)], None),
    ([compared(A, "<", B)], None),
    ([compared(B, "<", 7)], None),
    ([], None),
]


@pytest.mark.parametrize(("conditions", "most"), CEILINGS, ids=lambda v: str(v)[:60])
def test_the_ceiling_of_a_size(conditions, most):
    assert ceiling(conditions, Symbol("a")) == most
    if most is not None:
        meeting = [
            a for a in range(1, 200) if all(c.at({"a": a}).judge() is True for c in conditions)
        ]
        assert max(meeting) <= most
