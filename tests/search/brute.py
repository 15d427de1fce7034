"""Searches by trying every point, and random ones to try them on.

Formulas are nested tuples of :mod:`tests.algebra.expressions`, computed here
with Fractions alone; nothing of ``symparams.search`` is used but its types.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache, cached_property
from itertools import product as every
from typing import Any
from unittest import mock

from hypothesis import strategies as st

from symparams.algebra import divide
from symparams.algebra.conditions import Condition, compared
from symparams.search import Axis, Budget, Space
from tests.algebra.expressions import Expression, number, numbers, size

NAMES = ("a", "h", "l", "n")
Test = tuple[Any, ...]


@dataclass(frozen=True)
class Case:
    """A space with goals and budgets, as expressions."""

    axes: tuple[tuple[str, Sequence[int]], ...]
    conditions: tuple[Test, ...]
    goals: tuple[Expression, ...]
    limits: tuple[tuple[Expression, str, int | Fraction], ...]
    ways: tuple[str, ...] = field(default=())

    @property
    def space(self) -> Space:
        axes = tuple(Axis(name, values) for name, values in self.axes)
        return Space(axes, tuple(condition(c) for c in self.conditions))

    @property
    def budgets(self) -> tuple[Budget, ...]:
        return tuple(
            Budget(size(e), op, bound, f"limit {k}") for k, (e, op, bound) in enumerate(self.limits)
        )

    @cached_property
    def feasible(self) -> list[dict[str, int]]:
        """Every point that meets everything."""
        names = [name for name, _ in self.axes]
        points = [
            dict(zip(names, p, strict=True)) for p in every(*(values for _, values in self.axes))
        ]
        return [p for p in points if self.allows(p)]

    def allows(self, point: dict[str, int]) -> bool:
        return all(true(c, point) for c in self.conditions) and all(
            SIGNS[op](number(e, point), bound) for e, op, bound in self.limits
        )


SIGNS: dict[str, Callable[[Any, Any], bool]] = {
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


def true(test: Test, point: dict[str, int]) -> bool:
    """Whether a condition holds, by plain arithmetic."""
    op, *parts = test
    if op == "not":
        return not true(parts[0], point)
    if op in ("and", "or"):
        return (all if op == "and" else any)([true(p, point) for p in parts])
    if op == "divides":
        return point[parts[1]] % point[parts[0]] == 0
    return SIGNS[op](number(parts[0], point), number(parts[1], point))


def condition(test: Test) -> Condition:
    """The same as a condition of the algebra."""
    op, *parts = test
    if op in ("not", "and", "or"):
        return Condition(op, parts=tuple(condition(p) for p in parts))
    if op == "divides":
        return Condition("integer", divide(size(("name", parts[1])), size(("name", parts[0]))))
    return compared(size(parts[0]), op, size(parts[1]))


def front(vectors: list[tuple[Fraction, ...]]) -> set[tuple[Fraction, ...]]:
    """The vectors, all to be made large, that no other is at least as good as."""
    distinct = set(vectors)
    return {
        v
        for v in distinct
        if not any(w != v and all(a >= b for a, b in zip(w, v, strict=True)) for w in distinct)
    }


# --- random ones: each strategy is made once, which is most of the time otherwise ---


@cache
def axis_values(longest: int) -> st.SearchStrategy[Sequence[int]]:
    steps = st.builds(
        lambda first, step, count: range(first, first + step * count, step),
        st.integers(1, 12),
        st.integers(1, 5),
        st.integers(3, longest),
    )
    few = st.sets(st.integers(1, 40), min_size=2, max_size=5).map(lambda v: tuple(sorted(v)))
    return steps | steps | few


@cache
def sums(of: tuple[str, ...]) -> st.SearchStrategy[Expression]:
    """Sums of products with coefficients of both signs."""
    names = st.sampled_from(of).map(lambda n: ("name", n))
    factor = numbers(-9, 9) | st.builds(
        lambda a, b: ("number", Fraction(a, b)), st.integers(-9, 9), st.integers(1, 4)
    )

    def times(start: Expression, factors: list[Expression]) -> Expression:
        for other in factors:
            start = ("*", start, other)
        return start

    terms = st.builds(times, factor | numbers(1, 60), st.lists(names, max_size=3))

    def added(parts: list[Expression]) -> Expression:
        total = parts[0]
        for part in parts[1:]:
            total = ("+", total, part)
        return total

    return st.lists(terms, min_size=1, max_size=5).map(added)


@cache
def formulas(of: tuple[str, ...]) -> st.SearchStrategy[Expression]:
    """Sums, sums that are only positive, and functions of sums."""
    plain = sums(of)
    names = st.sampled_from(of).map(lambda n: ("name", n))
    step = numbers(1, 6) | names

    def with_functions(one: Expression, other: Expression, by: Expression, op: str) -> Expression:
        if op in ("//", "%", "/"):
            return ("+", (op, one, by), other)
        return ("+", (op, one, ("*", other, by)), by)

    functions = st.builds(
        with_functions, plain, plain, step, st.sampled_from(["//", "%", "/", "min", "max"])
    )
    powers = st.builds(lambda a, n: ("+", a, ("^", ("number", 2), n)), plain, names)
    rounded = st.builds(lambda a, n: ("+", a, ("make_divisible", n, ("number", 4))), plain, names)
    return st.one_of(plain, plain, plain, functions, powers, rounded)


@cache
def tests(of: tuple[str, ...]) -> st.SearchStrategy[Test]:
    names = st.sampled_from(of)
    simple = st.one_of(
        st.tuples(st.just("divides"), names, names),
        st.tuples(st.sampled_from(sorted(SIGNS)), sums(of), sums(of)),
        st.builds(
            lambda n, k: ("==", ("%", ("name", n), ("number", k)), ("number", 0)),
            names,
            st.integers(1, 4),
        ),
    )
    return simple | st.builds(
        lambda op, p, q: (op, p) if op == "not" else (op, p, q),
        st.sampled_from(["not", "and", "or"]),
        simple,
        simple,
    )


@st.composite
def cases(draw: Callable[..., Any]) -> Case:
    names = NAMES[: draw(st.sampled_from([2, 3, 4, 1]))]
    longest = {1: 60, 2: 12, 3: 6, 4: 4}[len(names)]
    axes = tuple((name, draw(axis_values(longest))) for name in names)
    some = draw(st.fixed_dictionaries({n: st.sampled_from(v) for n, v in axes}))
    limits = []
    goals = draw(st.lists(formulas(names), min_size=2, max_size=3))
    for _ in range(draw(st.sampled_from([1, 2, 3, 0]))):
        # Often the goal itself; and a bound that some point just meets, seldom just misses.
        formula = draw(st.one_of(st.just(goals[0]), formulas(names)))
        op = draw(st.sampled_from(["<=", "<=", "<", ">=", ">", "<=", ">=", "=="]))
        slack = draw(st.sampled_from([0, 1, 7, 30, 60, 7, -1]))
        near = number(formula, some) + {"<": 1, ">": -1, "=": 0}[op[0]] * slack
        if op in ("<", ">"):
            near += Fraction(1, 2) if op == "<" else -Fraction(1, 2)
        limits.append((formula, op, near if near.denominator > 1 else int(near)))
    conditions = tuple(
        test if true(test, some) else ("not", test)
        for test in draw(st.lists(tests(names), max_size=2))
    )
    ways = tuple(draw(st.sampled_from(["max", "min"])) for _ in goals)
    return Case(axes, conditions, tuple(goals), tuple(limits), ways)


@dataclass(frozen=True)
class Mode:
    """How an engine goes about: with arrays or without, in large or small blocks, by lines."""

    arrays: bool
    block: int
    lines: bool

    @contextmanager
    def __call__(self) -> Iterator[None]:
        room = "symparams.search"
        with (
            mock.patch(f"{room}.optimum.numpy_is_there", return_value=self.arrays),
            mock.patch(f"{room}.counting.numpy_is_there", return_value=self.arrays),
            mock.patch(f"{room}.optimum.BLOCK", self.block),
            mock.patch(f"{room}.optimum.LOOP", self.block),
            mock.patch(f"{room}.counting.LOOP", self.block),
            mock.patch(f"{room}.counting.MOST_HELD", self.block),
            mock.patch(f"{room}.vector_counts.MOST_HELD", self.block),
            mock.patch(f"{room}.front.BLOCK", self.block),
            mock.patch(f"{room}.front.SMALL", 100),
            mock.patch(f"{room}.front.numpy_is_there", return_value=self.arrays),
            mock.patch(f"{room}.enumerated.CHUNK", self.block),
            mock.patch(f"{room}.line.SHORT", self.block),
            mock.patch(f"{room}.plans.LONGEST_LISTED", 0 if self.lines else 1 << 30),
            mock.patch(f"{room}.plans.LINE_COST", 0 if self.lines else 1 << 30),
        ):
            yield


MODES = st.builds(Mode, st.booleans(), st.sampled_from([1, 5, 4096]), st.booleans())
