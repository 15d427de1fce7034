"""What moves a measure: derivatives, exact differences, elasticities."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction

from symparams.algebra import (
    POSITIVE,
    Number,
    Polynomial,
    Size,
    derivative,
    substitute,
    symbols_of,
)
from symparams.algebra.polynomial import divide, of_atom
from symparams.errors import NeedsValue, SymparamsError, did_you_mean
from symparams.model.build import Definition, Network, build
from symparams.model.network import Measure, measure_named
from symparams.model.values import Value, is_number


@dataclass(frozen=True)
class AtPoint:
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


@dataclass(frozen=True)
class Sensitivity:
    """How a measure depends on one symbol.

    Attributes:
        symbol: its name.
        step: to the next size it may have: 1, or the step of its domain.
        derivative: the partial derivative, or None; then ``reason`` says why.
        difference: the measure at symbol + step, less the measure; None where
            it has no closed form (``symbol + step`` would stand below a fraction).
        at: values at a point, where one is known.
    """

    symbol: str
    step: int
    derivative: Size | None
    reason: str
    difference: Size | None
    at: AtPoint | None = None


@dataclass(frozen=True)
class Sensitivities:
    """The sensitivities of a measure, the most moving symbol first.

    ``point`` holds a value for each symbol, or is empty; ``ranked_by`` says
    what the order is by.
    """

    network: Network
    measure: Measure
    formula: Size
    point: Mapping[str, Number]
    ranked_by: str
    items: tuple[Sensitivity, ...]


def sensitivities(
    network: Network,
    measure: str = "params",
    wrt: str | None = None,
    point: Mapping[str, Number] | None = None,
) -> Sensitivities:
    """Sensitivities of a measure to one symbol, or to all of them.

    Args:
        network: built with the symbols of interest open.
        measure: what is counted.
        wrt: the symbol, or None for all.
        point: values; what is missing takes its default.

    Raises:
        SymparamsError: no such measure or symbol, or a point that the model
            does not admit.
    """
    formula = network.measure(measure)
    names = list(network.symbols)
    if wrt is not None and wrt not in names:
        raise SymparamsError(
            f"no size '{wrt}' to vary",
            None,
            did_you_mean(
                wrt, names, f"there are {', '.join(names)}" if names else "all are numbers"
            ),
        )
    for name in point or {}:
        if name not in names:
            raise SymparamsError(
                f"'{network.definition.name}' has no size '{name}'",
                None,
                did_you_mean(name, names, f"it has {', '.join(names)}"),
            )
    full = {**network.defaults, **(point or {})}
    here = {n: full[n] for n in names if n in full}
    known = {s.name for s in symbols_of(formula)} <= here.keys() and len(here) == len(names)
    if not known:
        here = {}
    elif not network.allows(here):
        raise SymparamsError(
            f"the model does not admit {_shown(here)}", None, _violated(network, here)
        )
    items = [_one(network, formula, name, here) for name in ([wrt] if wrt else names)]
    if known:
        items.sort(key=lambda s: -(s.at.elasticity or 0) if s.at else 0)
    else:
        items.sort(key=lambda s: -_degree(formula, s.symbol))
    return Sensitivities(
        network,
        measure_named(measure),
        formula,
        here,
        "elasticity" if known else "degree",
        tuple(items),
    )


def at_point(
    definition: Definition,
    values: Mapping[str, Value] | None = None,
    measure: str = "params",
    wrt: str | None = None,
) -> Sensitivities:
    """Sensitivities of a model, at the point that ``values`` and defaults make.

    Numbers for sizes make the point; all else (lists, words, formulas) is
    structure. Where no closed form exists while a size is open, that size
    is settled at its value.

    Raises:
        SymparamsError: as :func:`sensitivities`.
    """
    point = {n: v for n, v in (values or {}).items() if is_number(v)}
    structure = {n: v for n, v in (values or {}).items() if n not in point}
    while True:
        try:
            network = build(definition, structure)
            break
        except NeedsValue as error:
            known = {n: point.pop(n) for n in error.symbols if n in point and n != wrt}
            if not known:
                raise
            structure.update(known)
    return sensitivities(network, measure, wrt, point)  # type: ignore[arg-type]  # numbers


def _one(network: Network, formula: Size, name: str, point: Mapping[str, Number]) -> Sensitivity:
    own = network.is_symbol(name)
    domain = network.facts.domains.get(name, POSITIVE)
    step = max(domain.step, network.facts.multiples.get(name, 1))
    slope: Size | None
    try:
        slope, reason = derivative(formula, own), ""
    except NeedsValue as error:
        slope, reason = None, error.message
    difference: Size | None = None
    with suppress(NeedsValue):  # d/(h + 1) is no Laurent polynomial; at a point it has a value
        ahead = substitute(formula, {name: of_atom(own) + step})
        difference = network.facts.reduce(ahead) - formula
    at = _values(network, formula, slope, step, name, point) if point else None
    return Sensitivity(name, step, slope, reason, difference, at)


def _values(
    network: Network,
    formula: Size,
    slope: Size | None,
    step: int,
    name: str,
    point: Mapping[str, Number],
) -> AtPoint:
    value = _number(formula, point)
    slope_here = None if slope is None else _number(slope, point)
    elasticity: Number | None = None
    if slope_here is not None and value:
        made = divide(slope_here * point[name], value)
        assert isinstance(made, int | Fraction)
        elasticity = made
    further = {**point, name: point[name] + step}
    difference = _number(formula, further) - value if network.allows(further) else None
    return AtPoint(point[name], value, slope_here, difference, elasticity)


def _number(size: Size, point: Mapping[str, Number]) -> Number:
    value = substitute(size, point)
    if isinstance(value, Polynomial):  # pragma: no cover - the point has every symbol
        raise NeedsValue("not a number", [s.name for s in value.symbols()])
    return value


def _degree(formula: Size, name: str) -> int:
    if not isinstance(formula, Polynomial):
        return 0
    return max(sum(e for a, e in m if name in {s.name for s in a.symbols()}) for m in formula.terms)


def _shown(point: Mapping[str, Number]) -> str:
    return ", ".join(f"{n} = {v}" for n, v in point.items())


def _violated(network: Network, point: Mapping[str, Number]) -> str:
    """The first condition that a point breaks, in words."""
    for name, value in point.items():
        domain = network.facts.domains.get(name, POSITIVE)
        if value not in domain:
            return f"'{name}' must be {domain}"
    for condition in (*network.assumed, *network.conditions):
        if condition.at(point).judge() is False:
            return f"it needs {condition}"
    return ""
