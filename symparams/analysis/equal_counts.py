"""Where a measure comes to a given number: curves of equal count over two sizes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise

from symparams.algebra import (
    Domain,
    Number,
    Size,
    Symbol,
    as_number,
    exact,
    substitute,
    terms_of,
    text,
)
from symparams.analysis.choices import Choice
from symparams.analysis.model_space import ModelSpace
from symparams.analysis.one_size import is_wide, places
from symparams.analysis.questions import Asked, ask, domains_asked, names_over
from symparams.analysis.variation import SizeVariation, along
from symparams.elaboration import Value, WrittenModel, asking, sizes_of
from symparams.errors import Source, SymparamsError, UnknownName, did_you_mean
from symparams.records import Record

#: How many values of the second size a curve has where nothing is said.
USUAL_LINES = 25
#: The most numbers that have a curve each.
MOST_CURVES = 100
#: How often the gap between two neighbouring values is halved to find a crossing.
HALVINGS = 10


class Crossing(Record):
    """Where a line of the grid crosses a curve.

    Attributes:
        target: the number that the curve is of.
        line: the value of the second size.
        crossing: the value of the first size at which the measure is the target: itself where
            it is an admitted value; else between two neighbouring values, for drawing: to a
            thousandth of their gap, or, of a formula with floors or powers, on the straight
            line between their measures.
        below, at_below: the neighbour whose measure does not exceed the target, and that
            measure; None where the model admits none there.
        above, at_above: the neighbour whose measure exceeds it, and that.
    """

    target: Number
    line: Number
    crossing: Number
    below: Number | None
    at_below: Number | None
    above: Number | None
    at_above: Number | None


class EqualCounts(Record):
    """Curves of equal count over two sizes.

    Attributes:
        asked: the networks.
        names: the first size, which is solved for, and the second.
        measure: what is counted.
        targets: the numbers.
        crossings: by target, then along the second size.
        optima: of each target the sizes, of all in the domains, with the largest measure that
            does not exceed it; None where there are none.
        logarithmic: how the first and the second size are told apart better.
    """

    asked: Asked
    names: tuple[str, str]
    measure: str
    targets: tuple[Number, ...]
    crossings: tuple[Crossing, ...]
    optima: tuple[Choice | None, ...]
    logarithmic: tuple[bool, bool]


def curves_of_equal_count(
    definition: WrittenModel,
    measure: str,
    targets: Sequence[Number],
    names: tuple[str, str],
    over: Iterable[str] = (),
    values: Mapping[str, Value] | None = None,
    lines: int = USUAL_LINES,
    logarithmic: bool | None = None,
) -> EqualCounts:
    """Return where a measure comes to some numbers, over the domains of two sizes.

    All other sizes are at ``values`` or their defaults.

    Args:
        definition: the model.
        measure: what is counted.
        targets: the numbers.
        names: the sizes; on each line of the second, the first is solved for.
        over: their values, as ``h=256..8192:64``, where the model declares none.
        values: sizes that are set.
        lines: the most values of the second size.
        logarithmic: how these are spread; None: as the width of the range suggests.

    Raises:
        SymparamsError: a size without a domain that ends, the first one decides the structure,
            there is no such size, or too many curves are asked for.
    """
    if len(targets) > MOST_CURVES:
        raise SymparamsError(f"at most {MOST_CURVES} curves are drawn, not {len(targets):,}")
    one, other = names
    if one == other:
        raise SymparamsError(f"--axes {one},{other}: name two sizes", None, "as in --axes h,l")
    given, over = dict(values or {}), tuple(over)
    definition = asking(definition, [measure], given)
    found = domains_asked(definition, given, over)
    for name in names_over(over) - set(names):
        raise SymparamsError(f"'{name}' is on no axis: it needs a value", None, f"--set {name}=…")
    domains = {name: _domain(definition, found, name, given) for name in names}
    asked = ask(definition, domains, given, (), [Source("<measure>", measure)])
    if any(one in question.fixed for question in asked.questions):
        raise SymparamsError(
            f"'{one}' decides the structure: no curve goes along it",
            None,
            f"take it as the second size: --axes {other},{one}",
        )
    grid = domains[other].values()
    wide = (is_wide(domains[one].values()), is_wide(grid))
    if logarithmic is not None:
        wide = (logarithmic, logarithmic)
    on_lines = [grid[k] for k in places(grid, lines, wide[1])]
    crossings = (
        crossing
        for target in targets
        for v in on_lines
        for crossing in _line(asked, names, v, target)
    )
    # What has a domain of its own and is on no axis stays where it is.
    others = {n: v for n, v in asked.questions[0].network.taken.items() if n in found}
    space = ModelSpace(definition, {**given, **others}, [f"{n}={d}" for n, d in domains.items()])
    optima = tuple(_optimum(space, measure, target) for target in targets)
    return EqualCounts(asked, names, measure, tuple(targets), tuple(crossings), optima, wide)


def _domain(
    definition: WrittenModel,
    domains: Mapping[str, Domain],
    name: str,
    values: Mapping[str, Value],
) -> Domain:
    """Return the domain of a size that is drawn.

    Raises:
        SymparamsError: it has none that ends, has a value, or is no size.
    """
    domain = domains.get(name)
    if domain is not None and domain.finite:
        return domain
    known = sizes_of(definition, values)
    if name in values:
        raise SymparamsError(f"'{name}' has a value: it cannot vary too")
    if name not in known:
        told = f"it has {', '.join(known)}" if known else "it has no open sizes"
        raise UnknownName(f"the model has no size '{name}'", None, did_you_mean(name, known, told))
    what = "no domain" if domain is None else "no last value"
    raise SymparamsError(
        f"'{name}' has {what} to draw", None, f"give it one, as in --over {name}=64..1024:64"
    )


def _line(
    asked: Asked, names: tuple[str, str], value: Number, target: Number
) -> Iterator[Crossing]:
    """Yield where the measure crosses a number while the second size has a value."""
    one, other = names
    for question in asked.questions:
        if question.fixed.get(other, value) != value:
            continue
        here = {} if other in question.fixed else {other: value}
        size = substitute(question.sizes[0], here)
        if any(c.at(here).judge() is False for c in question.space.conditions):
            return
        line = along(question.network, one, here)
        yield from _crossings(line, size, target, value)


def _crossings(
    line: SizeVariation, size: Size, target: Number, value: Number
) -> Iterator[Crossing]:
    """Yield where a formula of the first size comes to a number."""
    name = line.symbol.name

    def made(crossing: Number, below: Number | None, above: Number | None) -> Crossing:
        reached = (
            None if v is None else as_number(substitute(size, {name: v})) for v in (below, above)
        )
        at_below, at_above = reached
        return Crossing(target, value, crossing, below, at_below, above, at_above)

    parts = line.stretches(size - target)
    for before, after in pairwise([None, *parts]):
        assert after is not None
        if after.sign == 0 and (met := line.first(after)) is not None:
            yield made(met, met, None)
        elif before is not None and {before.sign, after.sign} == {-1, 1}:
            assert before.last is not None, "another stretch follows"
            crossing = _between(size - target, name, before.last, after.first)
            ends = line.last(before), line.first(after)
            below, above = ends if before.sign == -1 else ends[::-1]
            yield made(crossing, below, above)


def _between(over: Size, name: str, low: Number, high: Number) -> Number:
    """Return where a formula is 0 between two values at which its signs differ."""
    at_low, at_high = (as_number(substitute(over, {name: v})) for v in (low, high))
    if not all(isinstance(a, Symbol) for m in terms_of(over) for a, _ in m):
        return exact(low + (high - low) * Fraction(at_low) / (at_low - at_high))
    left, right = Fraction(low), Fraction(high)
    for _ in range(HALVINGS):
        middle = (left + right) / 2
        found = as_number(substitute(over, {name: exact(middle)}))
        if (found > 0) == (at_low > 0):
            left = middle
        else:
            right = middle
    return exact((left + right) / 2)


def _optimum(space: ModelSpace, measure: str, target: Number) -> Choice | None:
    """Return the sizes with the largest measure up to a number."""
    within = space.within(f"{measure} <= {text(target)}")
    return within.best(measure).best if within.count else None


__all__ = ["Crossing", "EqualCounts", "curves_of_equal_count"]
