"""One size varied, the others at a point: which values it may have, and where signs change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import islice, pairwise
from math import lcm

from symparams.algebra import (
    Domain,
    Facts,
    Number,
    Size,
    Stretch,
    Symbol,
    facts_from,
    stretches,
    substitute,
)
from symparams.analysis.ceilings import ceiling
from symparams.elaboration import Network
from symparams.errors import NeedsValue, SymparamsError
from symparams.records import Record

#: How many values at the beginning of a domain may be left out for the conditions.
MOST_LEFT_OUT = 1_000
#: So many values, neighbours in their domain, are asked whether the conditions admit them.
MOST_ASKED = 10_000


class SizeVariation(Record):
    """The values of one size.

    Attributes:
        network: whose conditions hold.
        symbol: the size.
        others: the values of all other sizes.
        values: its domain, and what divides it; conditions may admit fewer.
        endless: whether they go on for ever, as a range that ends says they do.
    """

    network: Network
    symbol: Symbol
    others: Mapping[str, Number]
    values: Sequence[Number]
    endless: bool

    def admits(self, value: Number) -> bool:
        """Tell whether every condition holds."""
        return self.network.allows({**self.others, self.symbol.name: value})

    def goes_on(self) -> bool:
        """Tell whether the conditions are known to admit values without end."""
        if not self.endless:
            return False
        known = facts_at(self.network, self.symbol.name, self.others)
        low = known.least_of(self.symbol)
        assert isinstance(low, int), "only integers go on without end"
        # Each condition is asked of all multiples from the least value on, not of what it says.
        ahead = Facts({self.symbol.name: Domain(low=low)}, known.multiples, residues=known.residues)
        conditions = (*self.network.assumed, *self.network.conditions)
        return all(c.at(self.others).judge(ahead) for c in conditions)

    def after(self, value: Number) -> Number | None:
        """Return the next admitted value; None where none was found."""
        return next(self._admitted(value, None, upward=True, leave_out=value), None)

    def stretches(self, size: Size) -> list[Stretch]:
        """Return the signs of a formula over the values.

        Raises:
            NeedsValue: it is not decided.
        """
        found = stretches(substitute(size, self.others), self.symbol, self.values, self.endless)
        if found is None:
            raise NeedsValue(
                f"undecided: no exact way to follow '{self.symbol.name}' without end here",
                [self.symbol.name],
                None,
                f"give it a domain of at most 50,000 values, as in {self.symbol.name} in 1..50000",
            )
        return found

    def first(self, part: Stretch) -> Number | None:
        """Return the first admitted value of a stretch; None: it has none.

        Raises:
            NeedsValue: too many are refused to go on.
        """
        return next(self._admitted(part.first, part.last, upward=True), None)

    def last(self, part: Stretch) -> Number | None:
        """Return the last admitted value of a stretch that ends; None: it has none.

        Raises:
            NeedsValue: too many are refused to go on.
        """
        assert part.last is not None
        return next(self._admitted(part.first, part.last, upward=False), None)

    def _admitted(
        self,
        low: Number,
        high: Number | None,
        upward: bool,
        leave_out: Number | None = None,
    ) -> Iterator[Number]:
        """Yield admitted values between two values, from one end."""
        candidates = self._between(low, high, upward)
        for asked, value in enumerate(candidates):
            if asked == MOST_ASKED:
                raise NeedsValue(
                    f"undecided: the conditions refuse {MOST_ASKED:,} values of "
                    f"'{self.symbol.name}' in a row",
                    [self.symbol.name],
                )
            if value != leave_out and self.admits(value):
                yield value

    def _between(self, low: Number, high: Number | None, upward: bool) -> Iterator[Number]:
        if isinstance(self.values, range):
            step = self.values.step
            start = max(
                self.values.start, -(-(low - self.values.start) // step) * step + self.values.start
            )
            stop = self.values[-1] if high is None and not self.endless else high
            if stop is None:
                yield from islice(_counted(int(start), step), MOST_ASKED + 1)
                return
            whole = range(int(start), int(stop) + 1, step)
            yield from whole if upward else reversed(whole)
            return
        inner = [v for v in self.values if v >= low and (high is None or v <= high)]
        yield from inner if upward else reversed(inner)


def _counted(start: int, step: int) -> Iterator[int]:
    while True:
        yield start
        start += step


def along(network: Network, name: str, others: Mapping[str, Number]) -> SizeVariation:
    """Return the values that one size may have, the others being given.

    Raises:
        SymparamsError: there are none.
    """
    rest = {n: v for n, v in others.items() if n != name}
    domain = network.facts.domain(name)
    values, endless = values_of(network, name, rest, domain)
    if not values:
        raise SymparamsError(f"no value of '{name}' is admitted", None, f"it is in {domain}")
    return SizeVariation(network, network.is_symbol(name), rest, values, endless)


def values_of(
    network: Network, name: str, others: Mapping[str, Number], domain: Domain
) -> tuple[Sequence[Number], bool]:
    """Return the values of one size in a domain, and whether they go on for ever.

    They are cut at what the conditions divide them by, admit at most, and admit
    first; between those the conditions may admit fewer.
    """
    values = domain.values(facts_at(network, name, others).multiples.get(name, 1))
    endless = not domain.finite
    if not isinstance(values, range):
        return values, endless
    conditions = [c.at(others) for c in (*network.assumed, *network.conditions)]
    most = ceiling(conditions, network.is_symbol(name))
    if most is not None:
        stop = most + 1 if endless else min(values.stop, most + 1)
        values, endless = range(values.start, stop, values.step), False
    for place in range(min(len(values), MOST_LEFT_OUT)):
        if network.allows({**others, name: values[place]}):
            return values[place:], endless
    return values, endless


def facts_at(network: Network, name: str, others: Mapping[str, Number]) -> Facts:
    """Return what is known of one size when the others have values: ``h % a == 0`` at a = 12."""
    domains = {name: network.facts.domains[name]} if name in network.facts.domains else {}
    conditions = (*network.assumed, *network.conditions)
    return facts_from([c.at(others) for c in conditions], domains)


def own_step(network: Network, name: str, others: Mapping[str, Number]) -> Number | None:
    """Return the step from one value of a size to the next: of its domain, and of what divides it.

    Of a set, the gap of its values where it is the same everywhere, otherwise None; words have
    none.
    """
    domain = network.facts.domain(name)
    if domain.words:
        return None
    if domain.choices:
        return _gap(domain)
    rest = {n: v for n, v in others.items() if n != name}
    return lcm(domain.step, facts_at(network, name, rest).multiples.get(name, 1))


def _gap(domain: Domain) -> Number | None:
    values = sorted(domain.choices)
    gaps = {b - a for a, b in pairwise(values)}
    if len(gaps) != 1:
        return None
    (gap,) = gaps
    return gap.numerator if isinstance(gap, Fraction) and gap.denominator == 1 else gap


__all__ = ["SizeVariation", "along", "facts_at", "own_step"]
