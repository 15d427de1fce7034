"""One size from one budget: the largest (or smallest) value that meets it, with a proof."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Self

from symparams.algebra import (
    POSITIVE,
    Closed,
    Domain,
    Formula,
    Number,
    SignRun,
    SizeRecord,
    as_number,
    closed,
    free_of,
    symbols_of,
    with_commas,
)
from symparams.analysis.budgets import Limit
from symparams.analysis.questions import ask, domains_over, settled
from symparams.analysis.size_steps import Barren, Point, Steps, turned_as
from symparams.answers import PublicAnswer
from symparams.elaboration import Network, Value, WrittenModel, asking, sizes_of
from symparams.errors import Source, SymparamsError, did_you_mean, listed, set_to
from symparams.search import Budget

if TYPE_CHECKING:
    import sympy


class Solved(SizeRecord, PublicAnswer):
    """What a budget makes of a size.

    Attributes:
        name: the size.
        limit: the budget, the side that has the size on the left.
        at: the value and what it reaches; None where no value gives equality,
            or where other sizes are open.
        slack: how much of the budget is left.
        next: the next value of the domain, which does not meet it; None at its end.
        below, above: of an equality that no value gives, the neighbours.
        root: the real solution as a formula, in the house :class:`Closed`; None where
            it has no short one.
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
    root: Formula | None
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
        return self.root.sympy() if isinstance(self.root, Closed) else self.root

    def in_sympy(self) -> Self:
        """Give the answer with the root an expression, as :attr:`closed` has it."""
        return super().in_sympy().but(root=self.closed)


def solve(
    definition: WrittenModel,
    budget: Source,
    name: str,
    values: Mapping[str, Value] | None = None,
    over: Sequence[str] = (),
) -> Solved:
    """Return the value of one size that a budget allows.

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
    definition = asking(definition, [budget.text], {*given, name}, open_=False)
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
    return _solved(Steps(definition, given, name, domain, budget, asked.questions))


def _solved(steps: Steps) -> Solved:
    """Return the answer, rechecked by counting at the value."""
    network, limit, name = steps.question.network, steps.limit, steps.name
    difference = limit.left - limit.right
    found = Solved(name, network, limit, steps.domain, None, None, None, None, None, None, "")
    if not steps.by_value:
        own = network.is_symbol(name)
        if own not in symbols_of(difference):
            raise SymparamsError(f"{limit.written} does not depend on '{name}'")
        found = found.but(root=closed(difference, own, network.facts))
        others = tuple(n for n in free_of([limit.left, limit.right]) if n != name)
        if others:
            return _open(found, others)
    if not steps.grid:
        raise SymparamsError(f"'{name}' has no value in {steps.domain} that the model admits")
    runs, how = steps.runs()
    answer = _equal if limit.sign == "==" else _bounded
    return answer(steps, found.but(how=how), runs)


def _open(found: Solved, others: tuple[str, ...]) -> Solved:
    """Return the closed solution, which stays open in other sizes."""
    if found.root is None:
        raise SymparamsError(
            f"{listed(others)} {'has' if len(others) == 1 else 'have'} no value, and "
            f"{found.limit.written} has no short closed solution for '{found.name}'",
            None,
            f"give values: {set_to(others, '…')}",
        )
    named = listed(others, ", ").replace("'", "")
    return found.but(how=f"an integer solution needs values for {named}", open=others)


def _bounded(steps: Steps, found: Solved, runs: list[SignRun]) -> Solved:
    """Return the largest value (or smallest) of the runs that meet the budget."""
    sign = found.limit.sign
    up = sign in ("<=", "<")
    meets = {"<=": (-1, 0), "<": (-1,), ">=": (0, 1), ">": (1,)}[sign]
    good = [run for run in runs if run.sign in meets]
    if up and good and good[-1].last is None:
        raise SymparamsError(
            f"there is no largest '{steps.name}': {found.limit.written} holds for every "
            f"'{steps.name}' from {with_commas(steps.value_at(good[-1].first))} on"
        )
    for run in reversed(good) if up else good:
        for place in steps.admitted(run.last if up else run.first, -1 if up else 1, run):
            at = steps.point(place)
            left, right = steps.sides(at.value)
            beyond = _beyond(steps, place, 1 if up else -1)
            _recheck(steps, found, at)
            return found.but(
                at=at,
                slack=right - left if up else left - right,
                beyond=None if beyond is None else steps.point(beyond),
            )
    raise _none_meets(steps, found)


def _beyond(steps: Steps, place: int, step: int) -> int | None:
    """Return the next place that the conditions admit, if one is near."""
    try:
        return next(steps.admitted(place + step, step), None)
    except Barren:
        return None


def _none_meets(steps: Steps, found: Solved) -> SymparamsError:
    """Answer that no value meets the budget: the nearest, and where."""
    limit = found.limit
    up = limit.sign in ("<=", "<")
    best: tuple[Number, Number, Number, Number] | None = None
    extremes = steps.extremes()
    if extremes is None:
        return SymparamsError(f"no '{steps.name}' meets {limit.written}: it is false at all sizes")
    for place in extremes:
        value = steps.value_at(place)
        left, right = steps.sides(value)
        over = left - right if up else right - left
        if best is None or over < best[0]:
            best = over, value, left, right
    if best is None:
        return SymparamsError(
            f"'{steps.name}' has no value in {steps.domain} that the model admits"
        )
    where = f"at {steps.name} = {best[1]}"
    if steps.name in free_of([limit.right]):
        nearest = f"nearest is {with_commas(best[2])} against {with_commas(best[3])}, {where}"
        return SymparamsError(f"no '{steps.name}' meets {limit.written}: {nearest}")
    what = "least" if up else "largest"
    return SymparamsError(
        f"no '{steps.name}' meets {limit.written}: the {what} that "
        f"{limit.says[0]} comes to is {with_commas(best[2])}, {where}"
    )


def _equal(steps: Steps, found: Solved, runs: list[SignRun]) -> Solved:
    """Return the value that gives equality, or the neighbours on both sides."""
    for run in runs:
        if run.sign == 0:
            for place in steps.admitted(run.first, 1, run):
                at = steps.point(place)
                _recheck(steps, found, at)
                return found.but(at=at, slack=0)
    below, above = _neighbours(steps, runs)
    return found.but(
        below=None if below is None else steps.point(below),
        above=None if above is None else steps.point(above),
    )


def _neighbours(steps: Steps, runs: list[SignRun]) -> tuple[int | None, int | None]:
    """Return the places where the left side comes nearest to the right, from below and from
    above.

    Between the ends of runs and the turns what is over only rises or only
    falls, so it is nearest to 0 at one of them.
    """
    extremes = steps.extremes()
    if extremes is None:
        raise SymparamsError(
            f"no '{steps.name}' gives {steps.limit.written}; which comes nearest is undecided"
        )
    places = set(extremes)
    for run in runs:
        last = run.first if run.last is None else run.last
        places |= set(islice(steps.admitted(run.first, 1, run), 1))
        places |= set(islice(steps.admitted(last, -1, run), 1))
    below: tuple[Number, int] | None = None
    above: tuple[Number, int] | None = None
    for place in sorted(places):
        left, right = steps.sides(steps.value_at(place))
        over = left - right
        if over < 0 and (below is None or over > below[0]):
            below = over, place
        if over > 0 and (above is None or over < above[0]):
            above = over, place
    return below and below[1], above and above[1]


def _recheck(steps: Steps, found: Solved, at: Point) -> None:
    """Read the budget again in the model built at the value: numbers only."""
    values = settled(steps.values, {steps.name: at.value})
    domains = {steps.name: steps.domain}
    (again,) = ask(steps.definition, domains, values, [steps.budget], open_ok=True).questions
    limit = turned_as(again.limits[0], found.limit)
    left, right = as_number(limit.left), as_number(limit.right)
    assert left == at.reached, f"{left} is not {at.reached}"
    assert Budget(left, limit.sign, right, "").met(left), f"{left} {limit.sign} {right}"
