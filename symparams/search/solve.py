"""One size from one budget: the largest (or smallest) value that meets it, with a proof."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import lcm
from typing import TYPE_CHECKING

from symparams.algebra import (
    POSITIVE,
    Domain,
    Number,
    Polynomial,
    Size,
    free_of,
    substitute,
    symbol,
    symbols_of,
    text,
)
from symparams.algebra.polynomial import of_atom
from symparams.algebra.residues import moduli
from symparams.errors import Source, SymparamsError, did_you_mean
from symparams.model.build import Definition, Network, sizes_of
from symparams.model.values import Value
from symparams.records import Record
from symparams.search import signs
from symparams.search.asked import TURNED, Limit, Question, ask, domains_over
from symparams.search.closed import Closed, closed, coefficients_of
from symparams.search.signs import Run, sign_of
from symparams.search.space import Budget

if TYPE_CHECKING:
    import sympy

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
_PLACE = "k#"  # counts places on a grid; no text can name it


class Point(Record):
    """A value of the size, and what the left side of the budget comes to there."""

    value: Number
    reached: Number


class Solved(Record):
    """What a budget makes of a size.

    Attributes:
        name: the size.
        limit: the budget, the side that has the size on the left.
        at: the value and what it reaches; None where no value gives equality,
            or where other sizes are open.
        slack: how much of the budget is left.
        next: the next value of the domain, which does not meet it; None at its end.
        below, above: of an equality that no value gives, the neighbours.
        root: the real solution as a formula; None where it has no short one.
        how: what proves it.
        open: the other sizes without a value; then only ``root`` is said.
    """

    name: str
    network: Network
    limit: Limit
    domain: Domain
    at: Point | None
    slack: Number | None
    beyond: Point | None
    below: Point | None
    above: Point | None
    root: Closed | None
    how: str
    open: tuple[str, ...] = ()

    @property
    def value(self) -> Number | None:
        """The value of the size."""
        return None if self.at is None else self.at.value

    @property
    def reached(self) -> Number | None:
        """What the left side comes to at the value."""
        return None if self.at is None else self.at.reached

    @property
    def next(self) -> Number | None:
        """The next value of the domain, which does not meet the budget."""
        return None if self.beyond is None else self.beyond.value

    @property
    def next_value(self) -> Number | None:
        """What the left side comes to at the next value."""
        return None if self.beyond is None else self.beyond.reached

    @property
    def closed(self) -> sympy.Expr | None:
        """The real solution of the equality, as a SymPy expression."""
        return None if self.root is None else self.root.sympy()


def solve(
    definition: Definition,
    budget: Source,
    name: str,
    values: Mapping[str, Value] | None = None,
    over: Sequence[str] = (),
) -> Solved:
    """The value of one size that a budget allows.

    With ``<=`` and ``<`` the largest value of its domain that meets it, with
    ``>=`` and ``>`` the smallest, with ``==`` the one that gives equality. All
    other sizes are at their defaults.

    Args:
        definition: the model.
        budget: a comparison of formulas in measures and sizes, ``params <= 7B``.
        name: the size.
        values: sizes that are set.
        over: the domain of the size, ``h=64..1024:64``, in place of its own.

    Raises:
        SymparamsError: no value meets it, there is no largest, the budget does
            not depend on the size, or whether it does is undecided.
    """
    given = dict(values or {})
    declared = sizes_of(definition, given)
    if name in given:
        raise SymparamsError(f"'{name}' has a value: there is nothing to solve for")
    if name not in declared:
        known = list(declared)
        listed = f"it has {', '.join(known)}" if known else "it has no open sizes"
        raise SymparamsError(
            f"the model has no size '{name}'", None, did_you_mean(name, known, listed)
        )
    asked_for = domains_over(over, declared, given)
    others = [n for n in asked_for if n != name]
    if others:
        raise SymparamsError(
            f"only '{name}' is solved for; '{others[0]}' needs a value",
            None,
            f"--set {others[0]}=…, or symparams search",
        )
    domain = asked_for.get(name) or declared[name] or POSITIVE
    asked = ask(definition, {name: domain}, given, [budget], open_ok=True)
    return _Solving(definition, given, name, domain, budget, asked.questions).solved()


class _Barren(SymparamsError):
    """The conditions admit nothing for a long way."""


class _Solving:
    """One solving: values of the size by place, and the sign of what is over at each."""

    def __init__(
        self,
        definition: Definition,
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
        self.limit = _turned(self.question.limits[0], name)
        self.grid: Sequence[Number]
        if self.by_value:
            self.grid = sorted(self.by_value)
        else:
            multiple = self.question.network.facts.multiples.get(name, 1)
            self.grid = self._begun(domain.values(multiple))
        self.endless = not self.by_value and not domain.finite

    def _begun(self, grid: Sequence[Number]) -> Sequence[Number]:
        """A range from its first value on that the conditions admit, where that is near."""
        if isinstance(grid, range):
            for place in range(min(len(grid), MOST_LEFT_OUT)):
                if self._allows(grid[place]):
                    return grid[place:]
        return grid

    def solved(self) -> Solved:
        """The answer, rechecked by counting at the value."""
        network, limit = self.question.network, self.limit
        difference = limit.left - limit.right
        root = None
        if not self.by_value:
            own = network.is_symbol(self.name)
            if own not in symbols_of(difference):
                raise SymparamsError(f"{limit.written} does not depend on '{self.name}'")
            root = closed(difference, own, network.facts)
            others = tuple(n for n in free_of([limit.left, limit.right]) if n != self.name)
            if others:
                return self._open(others, root)
        if not self.grid:
            raise SymparamsError(
                f"'{self.name}' has no value in {self.domain} that the model admits"
            )
        runs, how = self._runs()
        found = Solved(
            self.name, network, limit, self.domain, None, None, None, None, None, root, how
        )
        if limit.sign == "==":
            return self._equal(found, runs)
        return self._bounded(found, runs)

    def _open(self, others: tuple[str, ...], root: Closed | None) -> Solved:
        if root is None:
            listed = " and ".join(f"'{n}'" for n in others)
            raise SymparamsError(
                f"{listed} {'has' if len(others) == 1 else 'have'} no value, and "
                f"{self.limit.written} has no short closed solution for '{self.name}'",
                None,
                "give values: " + " ".join(f"--set {n}=…" for n in others),
            )
        how = "the real solution; an integer needs values for " + ", ".join(others)
        return Solved(
            self.name,
            self.question.network,
            self.limit,
            self.domain,
            None,
            None,
            None,
            None,
            None,
            root,
            how,
            others,
        )

    # --- signs of what is over the budget ---

    def _sides(self, value: Number) -> tuple[Number, Number]:
        """Both sides of the budget at a value."""
        question = self.by_value.get(value, self.question)
        limit = _turned(question.limits[0], self.name) if self.by_value else self.limit
        left, right = (substitute(s, {self.name: value}) for s in (limit.left, limit.right))
        return as_number(left), as_number(right)

    def _sign(self, place: int) -> int:
        left, right = self._sides(self._value(place))
        return sign_of(left - right)

    def _value(self, place: int) -> Number:
        if self.endless:
            assert isinstance(self.grid, range)
            return self.grid.start + place * self.grid.step
        return self.grid[place]

    def _runs(self) -> tuple[list[Run], str]:
        """The runs of like sign over the places of the grid, and what proves them."""
        last = None if self.endless else len(self.grid) - 1
        if isinstance(self.grid, range):
            coefficients = self._coefficients()
            if coefficients is not None:
                told = f"the signs of a polynomial of degree {len(coefficients) - 1}, exactly"
                return signs.runs(coefficients, last), told
            if self._rises():
                return self._rising(last)
        if last is not None and last < MOST_TRIED:
            tried = [self._sign(k) for k in range(last + 1)]
            starts = [k for k in range(last + 1) if not k or tried[k] != tried[k - 1]]
            ends = [*(k - 1 for k in starts[1:]), last]
            found = [Run(a, b, tried[a]) for a, b in zip(starts, ends, strict=True)]
            return found, f"all {last + 1:,} values were tried"
        raise SymparamsError(
            f"whether {self.limit.says[0]} grows with '{self.name}' is undecided: it stands "
            "inside a floor or a power",
            None,
            f"give '{self.name}' a domain to try: --over {self.name}=1..65536",
        )

    def _coefficients(self) -> list[int] | None:
        """What is over the budget, as integer coefficients in the place on the grid.

        Multiplied by positive numbers, so that signs are kept.
        """
        assert isinstance(self.grid, range)
        over = self.limit.left - self.limit.right
        own = self.question.network.is_symbol(self.name)
        lowest = min((0, *(coefficients_of(over, own) or {})))
        numbers = self._along(over * of_atom(own) ** -lowest, self.grid.start, self.grid.step)
        if numbers is None:
            return None
        below = lcm(*(n.denominator for n in numbers))
        return [int(n * below) for n in numbers]

    def _along(self, size: Size, start: int, step: int) -> list[Number] | None:
        """A size at ``start + step*k`` by powers of k = 0, 1, …; None of what is no polynomial."""
        place = symbol(_PLACE)
        (atom,) = place.symbols()
        try:
            found = coefficients_of(substitute(size, {self.name: place * step + start}), atom)
        except SymparamsError:
            return None  # it stands below a fraction line
        if found is None or any(isinstance(c, Polynomial) for c in found.values()):
            return None
        return [as_number(found.get(power, 0)) for power in range(max(found, default=0) + 1)]

    def _rises(self) -> bool:
        """Whether one step of the grid never makes it less: for every residue, exactly."""
        assert isinstance(self.grid, range)
        over = self.limit.left - self.limit.right
        needed = moduli(over)
        period = 0 if needed is None else needed.get(self.name, 1)
        if not 0 < period <= MOST_RESIDUES:
            return False
        start, step = self.grid.start, self.grid.step
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
            if any(run.sign < 0 for run in signs.runs([int(n * below) for n in rise], None)):
                return False
        return True

    def _rising(self, last: int | None) -> tuple[list[Run], str]:
        high = 1
        while (last is None or high < last) and self._sign(high) <= 0:
            high *= 2
            if high > LARGEST:
                raise SymparamsError(
                    f"no largest '{self.name}' was found: {self.limit.written} still holds at "
                    f"{self.name} = {self._value(high // 2):,}"
                )
        high = high if last is None else min(high, last)
        return (
            signs.monotone_runs(self._sign, high, last),
            f"it never falls as '{self.name}' grows: every exact difference is at least 0",
        )

    # --- answers ---

    def _bounded(self, found: Solved, runs: list[Run]) -> Solved:
        """The largest value (or smallest) of the runs that meet the budget."""
        sign = found.limit.sign
        up = sign in ("<=", "<")
        meets = {"<=": (-1, 0), "<": (-1,), ">=": (0, 1), ">": (1,)}[sign]
        good = [run for run in runs if run.sign in meets]
        if up and good and good[-1].last is None:
            raise SymparamsError(
                f"there is no largest '{self.name}': {found.limit.written} holds for every "
                f"'{self.name}' from {self._value(good[-1].first):,} on"
            )
        for run in reversed(good) if up else good:
            for place in self._admitted(run.last if up else run.first, -1 if up else 1, run):
                at = self._point(place)
                left, right = self._sides(at.value)
                step = 1 if up else -1
                beyond = self._beyond(place, step)
                self._recheck(found, at)
                return found.but(
                    at=at,
                    slack=right - left if up else left - right,
                    beyond=None if beyond is None else self._point(beyond),
                )
        raise self._none_meets(found)

    def _beyond(self, place: int, step: int) -> int | None:
        """The next place that the conditions admit, if one is near."""
        try:
            return next(self._admitted(place + step, step), None)
        except _Barren:
            return None

    def _none_meets(self, found: Solved) -> SymparamsError:
        """No value meets the budget: the nearest and where."""
        up = found.limit.sign in ("<=", "<")
        best: tuple[Number, Number, Number] | None = None
        for place in self._extremes():
            value = self._value(place)
            left, right = self._sides(value)
            over = left - right if up else right - left
            if best is None or over < best[0]:
                best = over, value, left
        if best is None:
            return SymparamsError(
                f"'{self.name}' has no value in {self.domain} that the model admits"
            )
        what = "least" if up else "largest"
        return SymparamsError(
            f"no '{self.name}' meets {found.limit.written}: the {what} that "
            f"{found.limit.says[0]} comes to is {best[2]:,}, at {self.name} = {best[1]}"
        )

    def _extremes(self) -> Iterator[int]:
        """The admitted places at which what is over the budget may be least or largest."""
        last = None if self.endless else len(self.grid) - 1
        coefficients = self._coefficients() if isinstance(self.grid, range) else None
        if coefficients is None or (last is not None and last < 10_000):
            places: Sequence[int] = range((last or 0) + 1)
        else:
            places = [0, *signs.turns(coefficients, last), *([] if last is None else [last])]
        for place in places:
            up = next(self._admitted(place, 1), None)
            down = next(self._admitted(place, -1), None)
            yield from {p for p in (up, down) if p is not None}

    def _equal(self, found: Solved, runs: list[Run]) -> Solved:
        """The value that gives equality, or the neighbours on both sides."""
        for run in runs:
            if run.sign == 0:
                for place in self._admitted(run.first, 1, run):
                    at = self._point(place)
                    self._recheck(found, at)
                    return found.but(at=at, slack=0)
        below = above = None
        for run in reversed(runs):
            if run.sign > 0:
                above = next(self._admitted(run.first, 1, run), above)
            elif run.sign < 0:
                below = next(self._admitted(self._end(run), -1, run), None)
            if below is not None:
                break
        return found.but(
            below=None if below is None else self._point(below),
            above=None if above is None else self._point(above),
        )

    def _end(self, run: Run) -> int:
        """The last place of a run; of one without an end, the first."""
        return run.first if run.last is None else run.last

    def _admitted(self, place: int | None, step: int, run: Run | None = None) -> Iterator[int]:
        """The places from one on that the conditions admit, within a run if one is given."""
        assert place is not None
        low = run.first if run else 0
        high = run.last if run else (None if self.endless else len(self.grid) - 1)
        for _ in range(MOST_SKIPPED):
            if place < low or (high is not None and place > high):
                return
            if self._allows(self._value(place)):
                yield place
            place += step
        raise _Barren(
            f"the conditions of the model admit none of {MOST_SKIPPED:,} values of "
            f"'{self.name}' up to {self._value(place):,}"
        )

    def _allows(self, value: Number) -> bool:
        question = self.by_value.get(value, self.question)
        return question.network.allows({} if self.by_value else {self.name: value})

    def _point(self, place: int) -> Point:
        value = self._value(place)
        return Point(value, self._sides(value)[0])

    def _recheck(self, found: Solved, at: Point) -> None:
        """Read the budget again in the model built at the value: numbers only."""
        values = {**self.values, self.name: at.value}
        (again,) = ask(self.definition, {self.name: self.domain}, values, [self.budget]).questions
        limit = _turned_as(again.limits[0], found.limit)
        left, right = as_number(limit.left), as_number(limit.right)
        assert left == at.reached, f"{left} is not {at.reached}"
        assert Budget(left, limit.sign, right, "").met(left), f"{left} {limit.sign} {right}"


def as_number(size: Size) -> Number:
    """A size that has no symbols.

    Raises:
        SymparamsError: it has some.
    """
    if isinstance(size, Polynomial):
        names = " and ".join(f"'{n}'" for n in free_of([size]))
        raise SymparamsError(f"{text(size)} depends on {names}, not given a value")
    return size


def _turned(limit: Limit, name: str) -> Limit:
    """The limit with the side that has the size on the left."""
    if name in free_of([limit.left]) or name not in free_of([limit.right]):
        return limit
    return _swapped(limit)


def _swapped(limit: Limit) -> Limit:
    return Limit(limit.right, TURNED[limit.sign], limit.left, limit.says[::-1])


def _turned_as(limit: Limit, like: Limit) -> Limit:
    """A limit of numbers, its sides in the order of another."""
    if limit.says == like.says:
        return limit
    return _swapped(limit)
