"""What is searched: axes of values, conditions, budgets; and what an answer says.

Nothing here knows of models or text: a formula is a
:data:`~symparams.algebra.Size` over the names of the axes.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from math import prod

from symparams.algebra import Condition, Domain, Number, Size, free_of, substitute, with_commas
from symparams.errors import SymparamsError, did_you_mean, listed
from symparams.records import Record

#: How a budget may compare, and the sign that says how much of it is left.
OPERATORS = ("<=", "<", ">=", ">", "==")


class Axis(Record):
    """A size and the values it may take.

    Attributes:
        name: the symbol's name.
        values: rising and distinct: a ``range`` with a positive step, or a
            tuple of ints and Fractions. Not empty.
    """

    name: str
    values: Sequence[Number]

    def __contains__(self, value: object) -> bool:
        if isinstance(self.values, range):
            # A range goes through all it has for what is no int.
            whole = isinstance(value, int | Fraction) and value.denominator == 1
            return whole and int(value) in self.values  # type: ignore[call-overload]
        place = bisect_left(self.values, value)  # type: ignore[call-overload]
        return bool(place < len(self.values) and self.values[place] == value)

    @property
    def integral(self) -> bool:
        """Whether all values are integers."""
        return isinstance(self.values, range) or all(isinstance(v, int) for v in self.values)


class Space(Record):
    """All configurations of some axes that meet the conditions."""

    axes: tuple[Axis, ...]
    conditions: tuple[Condition, ...] = ()

    @property
    def count(self) -> int:
        """The number of configurations before conditions: the product of the axes' lengths."""
        return prod(len(axis.values) for axis in self.axes)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the axes, in order."""
        return tuple(axis.name for axis in self.axes)

    def __contains__(self, point: object) -> bool:
        """Tell whether a mapping of names to values is one of the configurations."""
        if not isinstance(point, Mapping) or point.keys() != set(self.names):
            return False
        if not all(point[axis.name] in axis for axis in self.axes):
            return False
        return all(holds(condition, point) for condition in self.conditions)


class Budget(Record):
    """A formula and what it may come to.

    Attributes:
        size: the formula.
        op: one of ``<=``, ``<``, ``>=``, ``>``, ``==``.
        bound: what it is compared with.
        name: what a reader calls the formula: ``params``.
    """

    size: Size
    op: str
    bound: Number
    name: str

    def met(self, value: Number) -> bool:
        """Tell whether a value of the formula is within the budget."""
        if self.op == "==":
            return value == self.bound
        left = self.slack(value)
        return left > 0 if self.op in ("<", ">") else left >= 0

    def slack(self, value: Number) -> Number:
        """Return how far a value is inside the budget; negative where it is outside."""
        left: Number = self.bound - value
        if self.op == "==":
            return min(left, -left)
        return left if self.op[0] == "<" else -left

    def __str__(self) -> str:
        bound = with_commas(self.bound)
        return f"{self.name} {self.op} {bound}"


# --- answers -----------------------------------------------------------------


class Spent(Record):
    """What a configuration comes to under one budget, and how far inside it is."""

    budget: Budget
    value: Number
    slack: Number


class Configuration(Record):
    """One point of a space, as recomputed from the formulas themselves.

    Attributes:
        values: name → value, in the order of the axes.
        goals: the objective, or each goal of a Pareto front.
        spent: each budget's value and slack, in the order they were given.
    """

    values: Mapping[str, Number]
    goals: tuple[Number, ...]
    spent: tuple[Spent, ...]

    @property
    def objective(self) -> Number:
        """The value of the first goal."""
        return self.goals[0]

    def __hash__(self) -> int:
        return hash((tuple(self.values.items()), self.goals))


class Found(Record):
    """The best configurations, best first, and what is known about them.

    Attributes:
        points: the best that were found; fewer than asked for where there are
            no more. Empty only where the search was not finished.
        proved: whether no other configuration is better than the last of them:
            the whole space was excluded by sound bounds, or searched.
        bound: no configuration is better than this (the first objective, where
            it is proved); None where nothing is known.
        engine: ``dynamic programming``, ``branch and bound`` or ``cp-sat``.
        status: ``optimal``, or what stopped the search, in words.
        nodes: how many boxes of the space were looked at.
    """

    points: tuple[Configuration, ...]
    proved: bool
    bound: Number | None
    engine: str
    status: str
    nodes: int

    @property
    def best(self) -> Configuration:
        """The first of the points."""
        return self.points[0]


class Optimum(Record):
    """What dynamic programming came to; see :class:`Found` for what a caller gets.

    Attributes:
        points: the best found, best first.
        proved: whether there are no better.
        bound: nothing exceeds this; None where nothing is feasible.
        states: how many states were looked at.
    """

    points: tuple[dict[str, Number], ...]
    proved: bool
    bound: Number | None
    states: int


class Front(Record):
    """A Pareto front: one configuration for each vector of goals that nothing dominates.

    Attributes:
        points: sorted by the first goal, best first.
        proved: whether the front is exact; else the search was stopped, and
            ``status`` says by what.
    """

    points: tuple[Configuration, ...]
    proved: bool
    status: str
    nodes: int
    engine: str = "branch and bound"


class Sampled(Record):
    """Independent draws, each uniform over the feasible set, with replacement.

    Attributes:
        points: in the order they were drawn; ``goals`` is empty.
        method: ``counting`` (a uniform rank, then the configuration of that
            rank) or ``rejection`` (uniform over the space until one fits).
        feasible: the number of feasible configurations; None with rejection.
    """

    points: tuple[Configuration, ...]
    method: str
    feasible: int | None


class Least(Record):
    """The least (or largest) value of a formula over a space, and where; budgets aside."""

    value: Number
    values: Mapping[str, Number]
    proved: bool


# --- making and checking ------------------------------------------------------


def axis_of(name: str, domain: Domain, multiple: int = 1) -> Axis:
    """Return the axis of a domain; of its multiples of an integer where one is given.

    Raises:
        SymparamsError: a domain without an end, or without a value.
    """
    if not domain.finite:
        raise SymparamsError(
            f"'{name}' is {domain}, without an end",
            hint=f"give it one: {name}={domain.low}..65536",
        )
    values = domain.values(multiple, most=1)
    if not isinstance(values, range):
        values = tuple(dict.fromkeys(values))
    if not values:
        among = f" that is a multiple of {multiple}" if multiple != 1 else ""
        raise SymparamsError(f"'{name}' has no value{among} in {domain}")
    return Axis(name, values)


def checked(space: Space) -> Space:
    """Return the space, if every axis has values and each name only one axis.

    Raises:
        SymparamsError: no axis, an empty axis, one that is not sorted, two of one name.
    """
    if not space.axes:
        raise SymparamsError("a search needs at least one size to vary")
    for axis in space.axes:
        values = axis.values
        if not len(values):
            raise SymparamsError(f"'{axis.name}' has no value")
        if space.names.count(axis.name) > 1:
            raise SymparamsError(f"'{axis.name}' is given twice")
        if isinstance(values, range):
            rising = values.step > 0
        else:
            rising = all(a < b for a, b in pairwise(values))
        if not rising:
            raise SymparamsError(f"the values of '{axis.name}' must be distinct and rising")
    return space


def none_left_free(space: Space, sizes: Iterable[Size], what: str) -> None:
    """Require that the axes give every symbol of the formulas a value.

    Raises:
        SymparamsError: symbols left free, named.
    """
    free = [name for name in free_of(sizes) if name not in space.names]
    if free:
        named = listed(free, ", ")
        raise SymparamsError(
            f"{what} depends on {named}, not given a value or values to search",
            hint=did_you_mean(free[0], space.names),
        )


def holds(condition: Condition, point: Mapping[str, Number]) -> bool:
    """Tell whether a condition holds at a point that gives all its symbols a value.

    Raises:
        SymparamsError: a point where the condition means nothing (a division by zero).
    """
    return condition.at(point).judge() is True


def configuration(
    space: Space, values: Mapping[str, Number], goals: Iterable[Size], budgets: Iterable[Budget]
) -> Configuration:
    """Return a point recomputed from the formulas by substitution.

    Every answer goes through here, whoever found it.

    Raises:
        AssertionError: the point is not in the space or misses a budget: a
            defect of the engine, never of the input.
    """
    point = {name: values[name] for name in space.names}
    assert point in space, f"{point} is outside the space"
    spent = []
    for budget in budgets:
        value = at_point(budget.size, point)
        assert budget.met(value), f"{point} misses {budget}: {value}"
        spent.append(Spent(budget, value, budget.slack(value)))
    return Configuration(point, tuple(at_point(goal, point) for goal in goals), tuple(spent))


def at_point(size: Size, point: Mapping[str, Number]) -> Number:
    """Return the number a formula comes to at a point that gives all its symbols a value."""
    value = substitute(size, point)
    assert isinstance(value, Number), f"{value} is not a number"
    return value
