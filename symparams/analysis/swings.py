"""What each size by itself does to a measure, from one end of its values to the other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from math import ceil, floor

from symparams.algebra import Domain, Number, as_number, exact, substitute
from symparams.analysis.counts import counted
from symparams.analysis.one_size import OneSize, one_size
from symparams.analysis.questions import domains_over
from symparams.elaboration import (
    Network,
    Value,
    WrittenModel,
    asking,
    derived_sizes,
    is_number,
    sizes_of,
)
from symparams.errors import NeedsValue, SymparamsError, listed, set_to
from symparams.records import Record

#: A size without a domain that ends goes from its value divided by this to its value times this.
USUAL_FACTOR = 2
#: So many values from each end are asked whether the model admits them.
MOST_FROM_AN_END = 32
#: The most values around one, as many as any list of Python's has.
MOST_AROUND = (1 << 63) - 1


class SizeSwing(Record):
    """What one size does to a measure, the others at the point.

    Attributes:
        name, value: the size, and its value at the point.
        low, high: the least and the greatest value that it takes.
        at_low, at_high: the measure there.
        declared: whether these are the ends of a domain, or by the factor.
    """

    name: str
    value: Number
    low: Number
    high: Number
    at_low: Number
    at_high: Number
    declared: bool

    @property
    def swing(self) -> Number:
        """How far the measure goes, up or down."""
        return max(self.at_high, self.at_low) - min(self.at_high, self.at_low)


class Tornado(Record):
    """The swings of all sizes, the widest first.

    Attributes:
        network: of numbers, at the point.
        measure, total: what is counted, and what it comes to at the point.
        factor: what sizes without a domain are multiplied and divided by.
    """

    network: Network
    measure: str
    total: Number
    factor: Number
    items: tuple[SizeSwing, ...]


def tornado(
    definition: WrittenModel,
    values: Mapping[str, Value] | None = None,
    measure: str = "params",
    over: Iterable[str] = (),
    factor: Number | None = None,
) -> Tornado:
    """Return what each size does to a measure over its domain, or times and by a factor.

    A size that is derived from others (``f = 4*h``) follows them and does not vary by
    itself, unless ``over`` has it or it has a value. With ``factor``, that is taken for sizes
    with a declared domain, too, as far as the domain goes.

    Raises:
        SymparamsError: a size has no value, a factor is not above 1, or there are more values
            within it than can be counted off.
    """
    if factor is not None and factor <= 1:
        raise SymparamsError("a factor must be greater than 1", None, "as in --factor 2 or 3/2")
    given = dict(values or {})
    definition = asking(definition, [measure], given)
    total, network = counted(definition, given, measure)
    structure = {n: v for n, v in given.items() if not is_number(v)}
    declared = sizes_of(definition, structure)
    own = domains_over(over, declared, structure)
    derived = derived_sizes(definition, {**structure, **given}) - own.keys()
    numbers = {n: v for n, v in given.items() if is_number(v)}
    point: dict[str, Number] = {**network.taken, **numbers}  # type: ignore[dict-item]
    names = [n for n in declared if n not in derived]
    missing = [n for n in names if n not in point and n in network.symbols]
    if missing:
        raise NeedsValue(
            f"{listed(missing)} {'has' if len(missing) == 1 else 'have'} no value to vary from",
            missing,
            None,
            f"give a value, as in {set_to(missing)}",
        )
    by = USUAL_FACTOR if factor is None else factor
    items = []
    for name in (n for n in names if n in point):  # not what is `none`
        domain = own.get(name) or declared[name]
        whole = domain is not None and domain.finite and (factor is None or name in own)
        kept = domain if whole and domain is not None else _around(name, point[name], by, domain)
        others = {n: v for n, v in given.items() if n != name}
        ends = _Ends(definition, name, point[name], others, measure)
        items.append(ends.swing(kept, total, whole))
    items.sort(key=lambda item: item.swing, reverse=True)
    return Tornado(network, measure, total, by, tuple(items))


def _around(name: str, value: Number, factor: Number, within: Domain | None) -> Domain:
    """Return the integers from a value by a factor to it times that, as far as a domain has
    them.

    Raises:
        SymparamsError: they are too many.
    """
    low, high = Fraction(value) / factor, Fraction(value) * factor
    if within is not None and within.choices:
        return Domain(choices=tuple(c for c in within.choices if low <= c <= high))
    if not isinstance(value, int):
        return Domain(choices=(exact(low), value, exact(high)))
    first: Number = max(1, ceil(low))
    last: Number = floor(high)
    step = 1
    if within is not None:
        step = within.step
        first = max(within.low, value - (value - ceil(low)) // step * step)
        last = value + (floor(high) - value) // step * step
        if within.high is not None:
            last = min(last, within.high)
    if (last - first) // step >= MOST_AROUND:
        told = f"within the factor '{name}' has more than {MOST_AROUND:,} values"
        raise SymparamsError(told, None, f"give '{name}' a domain, or take a smaller factor")
    return Domain(first, last, step)


class _Ends:
    """Finds the ends of a size that the model admits, and counts there."""

    def __init__(
        self,
        definition: WrittenModel,
        name: str,
        value: Number,
        others: Mapping[str, Value],
        measure: str,
    ) -> None:
        self.definition = definition
        self.name = name
        self.value = value
        self.others = others
        self.measure = measure

    def swing(self, domain: Domain, total: Number, declared: bool) -> SizeSwing:
        """Return the swing over a domain; at the value itself the measure is ``total``."""
        along = self._along(Domain(choices=(self.value,)))
        if along.decides:  # each value is another network: those near both ends are built
            values = domain.values()
            few = (*values[:MOST_FROM_AN_END], *values[-MOST_FROM_AN_END:])
            along = self._along(Domain(choices=tuple(dict.fromkeys(few))))
        else:
            along = self._along(domain)
        grid = along.grid()
        low, high = (
            next((v for v in values if along.question(v)), self.value)
            for values in (grid[:MOST_FROM_AN_END], grid[: -MOST_FROM_AN_END - 1 : -1])
        )
        at_low, at_high = (self._count(along, v, total) for v in (low, high))
        return SizeSwing(self.name, self.value, low, high, at_low, at_high, declared)

    def _along(self, domain: Domain) -> OneSize:
        return one_size(self.definition, self.name, domain, self.others, self.measure)

    def _count(self, along: OneSize, value: Number, total: Number) -> Number:
        if value == self.value:
            return total
        question = along.question(value)
        assert question is not None, "it was asked before"
        return as_number(substitute(question.sizes[0], {self.name: value}))


__all__ = ["SizeSwing", "Tornado", "tornado"]
