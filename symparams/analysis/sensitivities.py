"""What moves a measure: derivatives, exact differences, elasticities."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from fractions import Fraction
from typing import TYPE_CHECKING

from symparams.algebra import (
    Formula,
    Gradient,
    Number,
    Polynomial,
    Size,
    SizeRecord,
    Symbol,
    chosen_symbols,
    derivative,
    difference,
    divide,
    exact,
    gradient,
    of_atom,
    terms_of,
    text,
    with_commas,
)
from symparams.analysis.operating_point import Subject, studied, subject
from symparams.analysis.variation import own_step
from symparams.answers import PublicAnswer
from symparams.elaboration import Network, Value, WrittenModel
from symparams.errors import NeedsValue, SymparamsError, UnknownName, did_you_mean
from symparams.records import Record

if TYPE_CHECKING:
    import sympy


#: The most terms of all elasticities: each is over the whole formula.
MOST_TOLD = 30_000


class AtPoint(Record):
    """Values of a sensitivity at a point, all exact.

    Attributes:
        size: the symbol's own value.
        value: the measure.
        slope: the derivative, or None where there is none.
        difference: the measure one step further, less the measure; None where
            the model does not admit that step.
        elasticity: percent that the measure grows by, per percent of the
            symbol; None where there is no derivative.
    """

    size: Number
    value: Number
    slope: Number | None
    difference: Number | None
    elasticity: Number | None


class Sensitivity(SizeRecord):
    """How a measure depends on one symbol.

    Attributes:
        symbol: its name.
        step: to the next size it may have: of its domain, of what divides it,
            or as asked for; None of a set without one step.
        derivative: the partial derivative, or None; then ``reason`` says why.
        difference: the measure at symbol + step, less the measure; None where
            it has no closed form (``symbol + step`` would stand below a fraction).
        at: values at a point, where one is known.
    """

    symbol: str
    step: Number | None
    derivative: Formula | None
    reason: str
    difference: Formula | None
    at: AtPoint | None = None


class Sensitivities(SizeRecord, PublicAnswer):
    """The sensitivities of a measure, the most moving symbol first.

    ``point`` holds a value for each symbol, or is empty; ``ranked_by`` says
    what the order is by. ``measure`` is its name, or an address. ``lacking`` are the sizes
    without a value, where some were given one and there is no point all the same.
    """

    network: Network
    measure: str
    formula: Formula
    point: Mapping[str, Number]
    ranked_by: str
    items: tuple[Sensitivity, ...]
    lacking: tuple[str, ...] = ()

    def elasticity(self, symbol: str) -> sympy.Expr | None:
        """Return the elasticity by a symbol as a fraction in lowest terms; None without a
        derivative.

        Raises:
            UnknownName: the formula has no such size.
        """
        items = {i.symbol: i for i in self.items}
        if not isinstance(symbol, str) or symbol not in items:
            listed = f"there are {', '.join(items)}" if items else "there is none"
            if not isinstance(symbol, str):
                raise UnknownName("a size is named by a text", None, listed)
            raise UnknownName(
                f"there is no size '{symbol}'", None, did_you_mean(symbol, items, listed)
            )
        if items[symbol].derivative is None:
            return None
        from symparams.algebra import to_sympy

        formula, own = self.network.measure(self.measure), self.network.is_symbol(symbol)
        found = elasticity(formula, derivative(formula, own), own)
        return None if found is None else to_sympy(found[0]) / to_sympy(found[1])


def elasticity(formula: Size, slope: Size | None, by: Symbol) -> tuple[Size, Size] | None:
    """Work out the elasticity of a formula from its derivative: a fraction in lowest terms.

    None without a derivative, and of 0. Loads SymPy.
    """
    if slope is None or formula == 0:
        return None
    from symparams.algebra import reduced

    return reduced(slope * of_atom(by), formula)


def sensitivities(
    network: Network,
    measure: str = "params",
    wrt: str | None = None,
    point: Mapping[str, Number] | None = None,
    steps: Mapping[str, Number] | None = None,
) -> Sensitivities:
    """Return sensitivities of a measure to one symbol, or to all of them.

    Args:
        network: built with the symbols of interest open.
        measure: what is counted.
        wrt: the symbol, or None for all.
        point: values; what is missing takes its default.
        steps: symbol → the step of its differences, instead of its own.

    Raises:
        SymparamsError: no such measure or symbol, a step that the symbol
            cannot take, or a point that the model does not admit.
    """
    return _of(subject(network, measure, point), wrt, steps or {})


def at_point(
    definition: WrittenModel,
    values: Mapping[str, Value] | None = None,
    measure: str = "params",
    wrt: str | None = None,
    steps: Mapping[str, Number] | None = None,
) -> Sensitivities:
    """Return sensitivities of a model, at the point that ``values`` and defaults make.

    Raises:
        SymparamsError: as :func:`sensitivities`.
    """
    varied = [] if wrt is None else [wrt]
    subject = studied(definition, values, measure, varied)
    found = _of(subject, wrt, steps or {})
    given = subject.network.symbols if values and not subject.known else ()
    return found.but(lacking=tuple(name for name in given if name not in subject.given))


def _of(subject: Subject, wrt: str | None, steps: Mapping[str, Number]) -> Sensitivities:
    names = list(subject.network.symbols)
    if wrt is not None:
        subject.size(wrt)
        names = [wrt]
    terms = len(terms_of(subject.formula))
    if len(names) * terms > MOST_TOLD:
        raise SymparamsError(
            f"sensitivities to {len(names):,} sizes, of a formula of {terms:,} terms, are more "
            "than anybody reads",
            None,
            f"ask for one size, as '{names[0]}'",
        )
    taken = steps_of(subject, names, steps)
    slopes = gradient(subject.formula)
    items = [_one(subject, slopes, name, taken[name]) for name in names]
    if subject.known:
        items.sort(key=lambda s: -(s.at.elasticity or 0) if s.at else 0)
    else:
        items.sort(key=lambda s: -_degree(subject.formula, s.symbol))
    return Sensitivities(
        subject.network,
        subject.measure,
        subject.formula,
        subject.point,
        "elasticity" if subject.known else "degree",
        tuple(items),
    )


def steps_of(
    subject: Subject, names: list[str], asked: Mapping[str, Number]
) -> dict[str, Number | None]:
    """Return the step of each size: as asked for, else its own at the point.

    Raises:
        SymparamsError: a step of no size, or one that its domain does not have.
    """
    for name, step in asked.items():
        domain = subject.network.facts.domain(subject.size(name).name)
        if step <= 0 or (domain.integer and not isinstance(step, int)):
            raise SymparamsError(
                f"the step of '{name}' must be a positive integer, not {text(step)}"
            )
        if not domain.choices and step % domain.step:
            raise SymparamsError(
                f"'{name}' is in {domain}: it has no step of {text(step)}",
                None,
                f"take a multiple of {domain.step}",
            )
    own = {n: own_step(subject.network, n, subject.point) for n in names if n not in asked}
    return {n: asked.get(n, own.get(n)) for n in names}


def _one(subject: Subject, slopes: Gradient, name: str, step: Number | None) -> Sensitivity:
    own = subject.size(name)
    slope: Size | None
    try:
        slope, reason = slopes.by(own), ""
    except NeedsValue as error:
        slope, reason = None, error.message + _by_value(subject, own)
    ahead: Size | None = None
    if step is not None:
        with suppress(NeedsValue):  # d/(h + 1) is no Laurent polynomial; at a point it has a value
            ahead = subject.network.facts.reduce(difference(subject.formula, own, step))
    at = _values(subject, slope, step, name) if subject.known else None
    return Sensitivity(name, step, slope, reason, ahead, at)


#: The most values that a choice is told by.
_MOST_TOLD = 12


def _by_value(subject: Subject, own: Symbol) -> str:
    """Return what a measure comes to at each value of what is chosen, the others at the point."""
    values = subject.network.facts.few_values(of_atom(own)) or ()
    chosen = own in chosen_symbols(subject.formula)
    if not subject.known or not chosen or not 0 < len(values) <= _MOST_TOLD:
        return ""
    told = [
        f"{with_commas(subject.at(subject.formula, {own.name: value}))} for {value}"
        for value in values
        if subject.network.allows({**subject.point, own.name: value})
    ]
    return f"; it is {', '.join(told)}" if told else ""


def _values(subject: Subject, slope: Size | None, step: Number | None, name: str) -> AtPoint:
    value, here = subject.at(subject.formula), subject.point[name]
    slope_here = None if slope is None else subject.at(slope)
    elasticity: Number | None = None
    if slope_here is not None and value:
        made = divide(slope_here * here, value)
        assert isinstance(made, int | Fraction)
        elasticity = made
    further = moved(subject, name, step)
    more = None if further is None else subject.at(subject.formula, {name: further}) - value
    return AtPoint(here, value, slope_here, more, elasticity)


def moved(subject: Subject, name: str, step: Number | None) -> Number | None:
    """Return a size one step further, the others at the point; None where the model does not admit
    it.

    Without a step of its own, a size of a set goes on to the next of them.
    """
    here = subject.point[name]
    if step is None:
        choices = subject.network.facts.domains[name].choices
        larger = [c for c in choices if c > here]
        if not larger:
            return None
        further = min(larger)
    else:
        further = exact(here + step)
    return further if subject.network.allows({**subject.point, name: further}) else None


def _degree(formula: Size, name: str) -> int:
    if not isinstance(formula, Polynomial):
        return 0
    return max(sum(e for a, e in m if name in {s.name for s in a.symbols()}) for m in formula.terms)
