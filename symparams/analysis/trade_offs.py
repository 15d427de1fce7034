"""The trade-off of two sizes at constant cost: one more layer costs how much width."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from fractions import Fraction

from symparams.algebra import (
    Number,
    Quotient,
    Size,
    SizeRecord,
    Stretch,
    derivative,
    exact,
    substitute,
    text,
)
from symparams.analysis.operating_point import Subject, violated
from symparams.analysis.sensitivities import steps_of
from symparams.analysis.variation import SizeVariation, along, own_step
from symparams.answers import PublicAnswer
from symparams.errors import NeedsValue, SymparamsError
from symparams.records import Record


class Exchange(Record):
    """One step more of a size, paid for with the other, in the values it may have.

    Attributes:
        one: the size's next value.
        most: the largest value of the other that costs no more than before;
            None where there is none, or no largest.
        value: the measure there.
        next: the admitted value after ``most``, and
        over: by how much the measure at it is above what it was; None: there is none.
        unbounded: no value of the other is too large.
        reason: why there is no answer.
    """

    one: Number | None = None
    most: Number | None = None
    value: Number | None = None
    next: Number | None = None
    over: Number | None = None
    unbounded: bool = False
    reason: str = ""


class TradeOff(SizeRecord, PublicAnswer):
    """How one size pays for another at constant cost.

    Attributes:
        names: one more of the first size costs how much of the second.
        rate: d second / d first as a fraction in lowest terms, or None.
        reason: why one of these is None, where not for want of a point.
        value: the rate at the point.
        budget: the measure at the point.
        exchange: the exact next step; None without a point.
    """

    subject: Subject
    names: tuple[str, str]
    rate: Quotient | None
    reason: str
    value: Number | None = None
    budget: Number | None = None
    exchange: Exchange | None = None

    @property
    def one(self) -> Number | None:
        """The next value of the first size."""
        return None if self.exchange is None else self.exchange.one

    @property
    def other(self) -> Number | None:
        """The largest value of the second that costs no more than before."""
        return None if self.exchange is None else self.exchange.most

    @property
    def measured(self) -> Number | None:
        """The measure with both."""
        return None if self.exchange is None else self.exchange.value

    @property
    def slack(self) -> Number | None:
        """What the exchange leaves of the budget."""
        if self.measured is None or self.budget is None:
            return None
        return self.budget - self.measured


def trade(
    subject: Subject, one: str, other: str, steps: Mapping[str, Number] | None = None
) -> TradeOff:
    """Return how much of ``other`` a step of ``one`` costs while the measure stays.

    Loads SymPy.

    Raises:
        SymparamsError: no such size, twice the same, or the measure does not
            depend on ``other``.
    """
    for name in (one, other):
        subject.size(name)
    if one == other:
        raise SymparamsError(f"'{one}' cannot pay for itself", None, "name two sizes, as in l:h")
    for name in steps or {}:
        if name != one:
            raise SymparamsError(
                f"a trade takes a step of '{one}'; '{name}' goes to any value that it may have",
                None,
                f"a domain in the model says which: {name} in 64..1024 step 64",
            )
    own = subject.size(other)
    if substitute(subject.formula, {other: 1}) == subject.formula:
        raise SymparamsError(f"{subject.measure} does not depend on '{other}': it pays for nothing")
    rate, reason = _rate(subject, one, other)
    if not subject.known:
        return TradeOff(subject, (one, other), rate, reason)
    value: Number | None = None
    if rate is not None:
        below = subject.at(rate[1])
        if below:
            value = exact(Fraction(subject.at(rate[0])) / below)
        else:
            reason = f"the derivative by '{own.name}' is 0 here"
    budget = subject.at(subject.formula)
    further = _further(subject, one, other, steps or {})
    try:
        found = _exchange(subject, one, other, further)
    except NeedsValue as error:
        found = Exchange(further, reason=error.message)
    return TradeOff(subject, (one, other), rate, reason or found.reason, value, budget, found)


def _rate(subject: Subject, one: str, other: str) -> tuple[tuple[Size, Size] | None, str]:
    from symparams.algebra import reduced

    try:
        above = derivative(subject.formula, subject.size(one))
        below = derivative(subject.formula, subject.size(other))
    except NeedsValue as error:
        return None, error.message
    return reduced(-above, below), ""


def _further(subject: Subject, one: str, other: str, steps: Mapping[str, Number]) -> Number | None:
    """Return the next value of a size while the other is yet to be found; None at the end."""
    here = subject.point[one]
    rest = {n: v for n, v in subject.point.items() if n != other}
    asked = steps_of(subject, [one], steps)[one] if steps else None
    step = own_step(subject.network, one, rest) if asked is None else asked
    domain = subject.network.facts.domain(one)
    larger = [c for c in domain.choices if c > here] if step is None else [exact(here + step)]
    return min((v for v in larger if v in domain), default=None)


def _exchange(subject: Subject, one: str, other: str, further: Number | None) -> Exchange:
    if further is None:
        return Exchange(reason=f"'{one}' has no next value")
    rest = {n: v for n, v in subject.point.items() if n != other}
    refused = violated(subject.network, {**rest, one: further})
    if refused:
        return Exchange(further, reason=f"the model does not admit it: {refused}")
    line = along(subject.network, other, {**rest, one: further})
    budget = subject.at(subject.formula)
    parts = line.stretches(subject.formula - budget)
    most = _largest(line, parts)
    if most is None and parts[-1].last is None and parts[-1].sign != 1:
        if parts[-1].sign is None:
            return Exchange(further, reason=f"no largest '{other}': they alternate without end")
        if not line.goes_on():
            return Exchange(
                further, reason=f"undecided: the conditions may end '{other}' somewhere"
            )
        return Exchange(further, unbounded=True)
    if most is None:
        told = f"no '{other}' keeps {subject.measure} at or below {text(budget)}"
        return Exchange(further, reason=told)
    value = subject.at(subject.formula, {one: further, other: most})
    after: Number | None = None
    with suppress(NeedsValue):  # too many are refused to look further; it is said of none then
        after = line.after(most)
    if after is None:
        return Exchange(further, most, value)
    over = subject.at(subject.formula, {one: further, other: after}) - budget
    return Exchange(further, most, value, after, over)


def _largest(line: SizeVariation, parts: Sequence[Stretch]) -> Number | None:
    """Return the largest admitted value at which the sign is not above 0; None without one."""
    for part in reversed(parts):
        if part.sign == 1:
            continue
        if part.last is None:
            return None
        if part.sign is None:
            raise NeedsValue(
                f"undecided: too many changes of sign from {part.first} to {part.last}",
                [line.symbol.name],
            )
        found = line.last(part)
        if found is not None:
            return found
    return None


__all__ = ["Exchange", "TradeOff", "trade"]
