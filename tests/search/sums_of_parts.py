"""Random small spaces of several groups: sums over parts, as those of layers are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from tests.algebra.expressions import Expression, number
from tests.search.brute import Case, Test, formulas, true

#: Names of sizes; the first may join all groups.
NAMES = ("j", "a", "b", "c", "d", "e")


def _values(draw: Callable[..., Any]) -> Sequence[int | Fraction]:
    kind = draw(st.integers(0, 5))
    if kind == 0:
        some = draw(st.sets(st.integers(1, 9), min_size=2, max_size=3))
        return tuple(sorted({Fraction(v, 2) if v % 2 else v // 2 for v in some}))
    if kind < 3:
        return tuple(sorted(draw(st.sets(st.integers(1, 12), min_size=2, max_size=4))))
    first, step = draw(st.integers(1, 6)), draw(st.integers(1, 3))
    return range(first, first + step * draw(st.integers(2, 4)), step)


def _chosen(name: Expression, values: Sequence[Any], draw: Callable[..., Any]) -> Expression:
    """A value for each choice: not monotone, and as what a choice of a layer becomes."""
    total: Expression = ("number", Fraction(draw(st.integers(0, 5))))
    for k, value in enumerate(values):
        # 1 at the value and 0 at the others.
        factor: Expression = ("number", Fraction(draw(st.integers(-6, 30))))
        for other in (*values[:k], *values[k + 1 :]):
            factor = (
                "*",
                factor,
                (
                    "*",
                    ("+", name, ("number", Fraction(-other))),
                    ("number", 1 / Fraction(value - other)),
                ),
            )
        total = ("+", total, factor)
    return total


@st.composite
def sums_of_parts(draw: Callable[..., Any]) -> Case:
    count = draw(st.integers(3, 5))
    names = NAMES[:count]
    axes = tuple((name, _values(draw)) for name in names)
    by_name = dict(axes)
    whole = [n for n, v in axes if all(isinstance(x, int) for x in v)]

    def part(of: tuple[str, ...]) -> Expression:
        if len(of) == 1 and draw(st.booleans()):
            return _chosen(("name", of[0]), by_name[of[0]], draw)
        if all(n in whole for n in of):
            return draw(formulas(of))
        made: Expression = ("number", Fraction(draw(st.integers(-9, 9)), draw(st.integers(1, 3))))
        for n in of:
            made = ("*", made, ("name", n))
        return made

    def formula() -> Expression:
        groups = draw(
            st.lists(
                st.lists(st.sampled_from(names), min_size=1, max_size=2, unique=True),
                min_size=2,
                max_size=4,
            )
        )
        made = part(tuple(groups[0]))
        for group in groups[1:]:
            made = ("+", made, part(tuple(group)))
        return made if draw(st.integers(0, 3)) else ("*", made, ("name", names[0]))

    some = {n: draw(st.sampled_from(list(v))) for n, v in axes}
    goals = [formula() for _ in range(draw(st.integers(2, 3)))]
    limits = []
    for _ in range(draw(st.sampled_from([1, 2, 2, 3, 0]))):
        own = draw(st.one_of(st.sampled_from(goals), st.just(None)))
        own = formula() if own is None else own
        op = draw(st.sampled_from(["<=", "<=", "<", ">=", ">", "=="]))
        slack = draw(st.sampled_from([0, 1, 7, 30, 200, 2000, -1]))
        near = number(own, some) + {"<": 1, ">": -1, "=": 0}[op[0]] * slack
        limits.append((own, op, near if near.denominator > 1 else int(near)))
    conditions: list[Test] = []
    for _ in range(draw(st.integers(0, 2))):
        if len(whole) < 2:
            break
        pair = draw(st.lists(st.sampled_from(whole), min_size=2, max_size=2, unique=True))
        test: Test = draw(
            st.sampled_from(
                [
                    ("divides", *pair),
                    ("<=", ("name", pair[0]), ("name", pair[1])),
                    ("!=", ("name", pair[0]), ("name", pair[1])),
                    ("or", ("divides", *pair), ("<", ("name", pair[1]), ("number", Fraction(5)))),
                ]
            )
        )
        conditions.append(test if true(test, some) else ("not", test))
    ways = tuple(draw(st.sampled_from(["max", "min"])) for _ in goals)
    return Case(axes, tuple(conditions), tuple(goals), tuple(limits), ways)
