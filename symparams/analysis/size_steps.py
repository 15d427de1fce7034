"""The values a size may have, in order, and the sign of what is over a budget at each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from symparams.algebra import (
    Domain,
    Number,
    SignPattern,
    SignRun,
    as_number,
    free_of,
    sign_of,
    signed_runs,
    substitute,
    value_at,
    with_commas,
)
from symparams.analysis.budgets import TURNED, Limit
from symparams.analysis.questions import Question
from symparams.analysis.variation import values_of
from symparams.elaboration import Value, WrittenModel
from symparams.errors import Source, SymparamsError
from symparams.records import Record

#: The most values of a size that are tried one by one.
MOST_TRIED = 1_000_000
#: How far beyond a candidate the next one that the conditions admit is looked for.
MOST_SKIPPED = 100_000


class Point(Record):
    """A value of the size, and what the left side of the budget comes to there."""

    value: Number
    reached: Number


class Barren(SymparamsError):
    """The conditions admit nothing for a long way."""


class Steps:
    """A budget along one size: places 0, 1, … on its grid of values, and signs."""

    def __init__(
        self,
        definition: WrittenModel,
        values: dict[str, Value],
        name: str,
        domain: Domain,
        budget: Source,
        questions: tuple[Question, ...],
    ) -> None:
        self.definition = definition
        self.values = values
        self.name = name
        self.domain = domain
        self.budget = budget
        #: value → its question, where the size decides the structure.
        self.by_value = {q.fixed[name]: q for q in questions if name in q.fixed}
        self.question = questions[0]
        self.limit = turned(self.question.limits[0], name)
        self.grid: Sequence[Number]
        self.endless = False
        if self.by_value:
            self.grid = sorted(self.by_value)
        else:
            self.grid, self.endless = values_of(self.question.network, name, {}, domain)

    # --- signs of what is over the budget ---

    def sides(self, value: Number) -> tuple[Number, Number]:
        """Return both sides of the budget at a value."""
        question = self.by_value.get(value, self.question)
        limit = turned(question.limits[0], self.name) if self.by_value else self.limit
        left, right = (substitute(s, {self.name: value}) for s in (limit.left, limit.right))
        return as_number(left), as_number(right)

    def sign(self, place: int) -> int:
        left, right = self.sides(self.value_at(place))
        return sign_of(left - right)

    def value_at(self, place: int) -> Number:
        return value_at(self.grid, place)

    def runs(self) -> tuple[list[SignRun], str]:
        """Return the runs of like sign over the places of the grid, and what proves them.

        Raises:
            SymparamsError: undecided.
        """
        if self.by_value:  # another structure, and so another formula, at every value
            many = len(self.grid)
            tried = signed_runs(self.sign(k) for k in range(many))
            return tried, f"proved: all {many:,} values were tried"
        found = self.pattern.runs(MOST_TRIED)
        if found is not None and all(run.sign is not None for run in found[0]):
            return found
        if self.pattern.unmet is not None:
            raise SymparamsError(
                f"no largest '{self.name}' was found: {self.limit.written} still holds at "
                f"{self.name} = {with_commas(self.value_at(self.pattern.unmet))}"
            )
        raise SymparamsError(
            f"whether {self.limit.says[0]} grows with '{self.name}' is undecided: it stands "
            "inside a floor or a power",
            None,
            f"give '{self.name}' a domain to try: --over {self.name}=1..65536",
        )

    @cached_property
    def pattern(self) -> SignPattern:
        """The signs of what is over the budget, where one formula holds at all values."""
        network, limit = self.question.network, self.limit
        return SignPattern(
            limit.left - limit.right,
            network.is_symbol(self.name),
            self.grid,
            self.endless,
            network.facts,
        )

    def extremes(self) -> list[int] | None:
        """Return the admitted places at which what is over the budget may be least or largest.

        None: it is not known where.
        """
        last = None if self.endless else len(self.grid) - 1
        if last is not None and last < MOST_TRIED:
            return list(self._nearest(range(last + 1)))
        turns = self.pattern.turns()
        if turns is None:
            return None
        return list(self._nearest([*turns, *([] if last is None else [last])]))

    def _nearest(self, places: Iterable[int]) -> Iterator[int]:
        """Yield the admitted places on both sides of each."""
        for place in places:
            up = next(self.admitted(place, 1), None)
            down = next(self.admitted(place, -1), None)
            yield from {p for p in (up, down) if p is not None}

    def admitted(self, place: int | None, step: int, run: SignRun | None = None) -> Iterator[int]:
        """Yield the places from one on that the conditions admit, within a run if one is given."""
        assert place is not None
        low = run.first if run else 0
        high = run.last if run else (None if self.endless else len(self.grid) - 1)
        for _ in range(MOST_SKIPPED):
            if place < low or (high is not None and place > high):
                return
            if self._allows(self.value_at(place)):
                yield place
            place += step
        raise Barren(
            f"the conditions of the model admit none of {MOST_SKIPPED:,} values of "
            f"'{self.name}' up to {with_commas(self.value_at(place))}"
        )

    def _allows(self, value: Number) -> bool:
        question = self.by_value.get(value, self.question)
        return question.network.allows({} if self.by_value else {self.name: value})

    def point(self, place: int) -> Point:
        value = self.value_at(place)
        return Point(value, self.sides(value)[0])


def turned(limit: Limit, name: str) -> Limit:
    """Return the limit with the side that has the size on the left."""
    if name in free_of([limit.left]) or name not in free_of([limit.right]):
        return limit
    return _swapped(limit)


def _swapped(limit: Limit) -> Limit:
    return Limit(limit.right, TURNED[limit.sign], limit.left, limit.says[::-1])


def turned_as(limit: Limit, like: Limit) -> Limit:
    """Return a limit of numbers, its sides in the order of another."""
    if limit.says == like.says:
        return limit
    return _swapped(limit)
