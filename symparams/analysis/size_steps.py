"""The values a size may have, in order, and the sign of what is over a budget at each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import lcm

from symparams.algebra import (
    AppliedFunction,
    Domain,
    Number,
    Polynomial,
    SignRun,
    Size,
    free_of,
    moduli,
    of_atom,
    polynomial_signs as runs,
    sign_of,
    substitute,
    symbol,
)
from symparams.analysis.ceilings import ceiling
from symparams.analysis.questions import TURNED, Limit, Question
from symparams.elaboration import Value, WrittenModel
from symparams.errors import Source, SymparamsError
from symparams.records import Record
from symparams.search import as_number, coefficients_of, said

#: The most values of a size that are tried one by one.
MOST_TRIED = 1_000_000
#: How far beyond a candidate the next one that the conditions admit is looked for.
MOST_SKIPPED = 100_000
#: How many values at the beginning of a domain may be left out for the conditions.
MOST_LEFT_OUT = 1_000
#: The most residues that floors are resolved for.
MOST_RESIDUES = 4_096
#: How far a size without a last value is followed.
LARGEST = 1 << 200
#: How many values are tried until a ``min`` or ``max`` of the rest is one of its parts.
HEADS = tuple(1 << k for k in range(11))
_PLACE = "k#"  # counts places on a grid; no text can name it


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
        self.endless = not self.by_value and not domain.finite
        if self.by_value:
            self.grid = sorted(self.by_value)
        else:
            multiple = self.question.network.facts.multiples.get(name, 1)
            self.grid = self._begun(self._ended(domain.values(multiple)))

    def _ended(self, grid: Sequence[Number]) -> Sequence[Number]:
        """A range up to what the conditions allow at most."""
        network = self.question.network
        conditions = (*network.assumed, *network.open_conditions)
        most = ceiling(conditions, network.is_symbol(self.name))
        if most is None or not isinstance(grid, range):
            return grid
        if self.endless:
            self.endless = False
            return range(grid.start, most + 1, grid.step)
        return range(grid.start, min(grid.stop, most + 1), grid.step)

    def _begun(self, grid: Sequence[Number]) -> Sequence[Number]:
        """A range from its first value on that the conditions admit, where that is near."""
        if isinstance(grid, range):
            for place in range(min(len(grid), MOST_LEFT_OUT)):
                if self._allows(grid[place]):
                    return grid[place:]
        return grid

    # --- signs of what is over the budget ---

    def sides(self, value: Number) -> tuple[Number, Number]:
        """Both sides of the budget at a value."""
        question = self.by_value.get(value, self.question)
        limit = turned(question.limits[0], self.name) if self.by_value else self.limit
        left, right = (substitute(s, {self.name: value}) for s in (limit.left, limit.right))
        return as_number(left), as_number(right)

    def sign(self, place: int) -> int:
        left, right = self.sides(self.value_at(place))
        return sign_of(left - right)

    def value_at(self, place: int) -> Number:
        if self.endless:
            assert isinstance(self.grid, range)
            return self.grid.start + place * self.grid.step
        return self.grid[place]

    def runs(self) -> tuple[list[SignRun], str]:
        """The runs of like sign over the places of the grid, and what proves them."""
        last = None if self.endless else len(self.grid) - 1
        for head in self._heads(last):
            rest = None if last is None else last - head
            coefficients = self._coefficients(head)
            if coefficients is not None:
                degree = len(coefficients) - 1
                told = f"proved by the exact signs of a polynomial of degree {degree}"
                return self._with_head(head, runs.runs(coefficients, rest), told)
            if self._rises(head):
                return self._with_head(head, *self._rising(head, rest))
        if last is not None and last < MOST_TRIED:
            return self._tried(last + 1), f"proved: all {last + 1:,} values were tried"
        raise SymparamsError(
            f"whether {self.limit.says[0]} grows with '{self.name}' is undecided: it stands "
            "inside a floor or a power",
            None,
            f"give '{self.name}' a domain to try: --over {self.name}=1..65536",
        )

    def _heads(self, last: int | None) -> Iterator[int]:
        """How many places are tried one by one, before a ``min`` or ``max`` is settled."""
        if not isinstance(self.grid, range):
            return
        yield 0
        over = self.limit.left - self.limit.right
        if isinstance(over, Polynomial) and any(
            isinstance(a, AppliedFunction) for a in over.atoms()
        ):
            yield from (head for head in HEADS if last is None or head <= last)

    def _tried(self, many: int) -> list[SignRun]:
        """The runs of the first places, each of them tried."""
        tried = [self.sign(k) for k in range(many)]
        starts = [k for k in range(many) if not k or tried[k] != tried[k - 1]]
        ends = [*(k - 1 for k in starts[1:]), many - 1]
        return [SignRun(a, b, tried[a]) for a, b in zip(starts, ends, strict=True)]

    def _with_head(self, head: int, tail: list[SignRun], told: str) -> tuple[list[SignRun], str]:
        """Runs from a place on, and those before it."""
        if not head:
            return tail, told
        moved = [
            SignRun(r.first + head, None if r.last is None else r.last + head, r.sign) for r in tail
        ]
        before = self._tried(head)
        if before[-1].sign == moved[0].sign:
            moved[0] = SignRun(before.pop().first, moved[0].last, moved[0].sign)
        where = f"from {self.name} = {said(self.value_at(head))} on; all before were tried"
        return [*before, *moved], f"{told}, {where}"

    def _coefficients(self, head: int) -> list[int] | None:
        """What is over the budget from a place on, as integer coefficients in the place behind it.

        Multiplied by positive numbers, so that signs are kept.
        """
        assert isinstance(self.grid, range)
        over = self.limit.left - self.limit.right
        own = self.question.network.is_symbol(self.name)
        lowest = min((0, *(coefficients_of(over, own) or {})))
        start = self.grid.start + head * self.grid.step
        numbers = self._along(over * of_atom(own) ** -lowest, start, self.grid.step)
        if numbers is None:
            return None
        below = lcm(*(n.denominator for n in numbers))
        return [int(n * below) for n in numbers]

    def _along(self, size: Size, start: int, step: int) -> list[Number] | None:
        """A size at ``start + step*k`` by powers of k = 0, 1, …; None of what is no polynomial."""
        place = symbol(_PLACE, low=0)
        (atom,) = place.symbols()
        try:
            found = coefficients_of(substitute(size, {self.name: place * step + start}), atom)
        except SymparamsError:
            return None  # it stands below a fraction line
        if found is None or any(isinstance(c, Polynomial) for c in found.values()):
            return None
        if min(found, default=0) < 0:
            return None
        return [as_number(found.get(power, 0)) for power in range(max(found, default=0) + 1)]

    def _rises(self, head: int) -> bool:
        """Whether one step from a place on never makes it less: for every residue, exactly."""
        assert isinstance(self.grid, range)
        over = self.limit.left - self.limit.right
        start, step = self.grid.start + head * self.grid.step, self.grid.step
        own = of_atom(self.question.network.is_symbol(self.name))
        try:  # from here on, where a min or max may be settled
            needed = moduli(substitute(over, {self.name: own + (start - 1)}))
        except SymparamsError:
            return False  # it stands below a fraction line
        period = 0 if needed is None else needed.get(self.name, 1)
        if not 0 < period <= MOST_RESIDUES:
            return False
        for residue in range(period):
            here = start + residue * step
            both = (self._along(over, at, step * period) for at in (here, here + step))
            less, more = (c or [] for c in both)
            if not less or not more:
                return False
            width = max(len(less), len(more))
            less, more = (c + [0] * (width - len(c)) for c in (less, more))
            rise = [b - a for a, b in zip(less, more, strict=True)]
            below = lcm(*(n.denominator for n in rise))
            if any(run.sign < 0 for run in runs.runs([int(n * below) for n in rise], None)):
                return False
        return True

    def _rising(self, head: int, last: int | None) -> tuple[list[SignRun], str]:
        def sign(place: int) -> int:
            return self.sign(head + place)

        high = 1
        while (last is None or high < last) and sign(high) <= 0:
            high *= 2
            if high > LARGEST:
                raise SymparamsError(
                    f"no largest '{self.name}' was found: {self.limit.written} still holds at "
                    f"{self.name} = {said(self.value_at(head + high // 2))}"
                )
        high = high if last is None else min(high, last)
        return (
            runs.monotone_runs(sign, high, last),
            f"proved: it never falls as '{self.name}' grows: every exact difference is at least 0",
        )

    def extremes(self) -> Iterator[int]:
        """The admitted places at which what is over the budget may be least or largest."""
        last = None if self.endless else len(self.grid) - 1
        ends = [] if last is None else [last]
        if last is not None and last < MOST_TRIED:
            places: Sequence[int] = range(last + 1)
        else:
            places = [*self._turns(last), *ends]
        for place in places:
            up = next(self.admitted(place, 1), None)
            down = next(self.admitted(place, -1), None)
            yield from {p for p in (up, down) if p is not None}

    def _turns(self, last: int | None) -> list[int]:
        """The first place and those at which what is over the budget may turn."""
        for head in self._heads(last):
            coefficients = self._coefficients(head)
            if coefficients is not None:
                rest = None if last is None else last - head
                turns = runs.turns(coefficients, rest)
                return [*range(head + 1), *(head + t for t in turns)]
            if self._rises(head):
                return list(range(head + 1))
        return [0]

    def admitted(self, place: int | None, step: int, run: SignRun | None = None) -> Iterator[int]:
        """The places from one on that the conditions admit, within a run if one is given."""
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
            f"'{self.name}' up to {said(self.value_at(place))}"
        )

    def _allows(self, value: Number) -> bool:
        question = self.by_value.get(value, self.question)
        return question.network.allows({} if self.by_value else {self.name: value})

    def point(self, place: int) -> Point:
        value = self.value_at(place)
        return Point(value, self.sides(value)[0])


def turned(limit: Limit, name: str) -> Limit:
    """The limit with the side that has the size on the left."""
    if name in free_of([limit.left]) or name not in free_of([limit.right]):
        return limit
    return _swapped(limit)


def _swapped(limit: Limit) -> Limit:
    return Limit(limit.right, TURNED[limit.sign], limit.left, limit.says[::-1])


def turned_as(limit: Limit, like: Limit) -> Limit:
    """A limit of numbers, its sides in the order of another."""
    if limit.says == like.says:
        return limit
    return _swapped(limit)
