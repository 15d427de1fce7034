"""A measure by its leading terms alone, and how far that is from the exact count."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from symparams.algebra import (
    Condition,
    Domain,
    Facts,
    Number,
    Polynomial,
    Size,
    assuming,
    exact,
    leading as leading_terms,
    never_met,
    relative_error,
    substitute,
    symbols_of,
)
from symparams.analysis.admission import admitting, conditioned
from symparams.analysis.questions import domains_over
from symparams.elaboration import FormulaReading, Network, Value, WrittenModel, build
from symparams.errors import Source, SymparamsError, did_you_mean, listed
from symparams.language import between_commas, parse_expression
from symparams.records import Record

#: ``h=64..4096`` and ``h in {1, 2}``, which are no comparisons.
_DOMAIN = re.compile(r"\s*[^\W\d]\w*(\[\d+\])?\s*(=(?!=)|\s+in\s)")


class ErrorBound(Record):
    """The relative error of an approximation over a domain is at most so much.

    Attributes:
        over: the domain, as it is asked for.
        bound: proved for every size there; None: no bound was found.
        fixed: the sizes of the formula that are not asked for, at their defaults.
    """

    over: tuple[str, ...]
    bound: Fraction | None
    fixed: Mapping[str, Number]


class Approximation(Record):
    """The leading terms of a measure, with their relative error.

    Attributes:
        measure: of which they are.
        growing: the sizes that grow at one rate.
        term: the leading terms.
        whole: the exact formula.
        error: |whole - term| / whole at the defaults; None where a size has none.
        over: the error over a domain, where one is asked for.
    """

    network: Network
    measure: str
    growing: tuple[str, ...]
    term: Size
    whole: Size
    error: Number | None
    over: ErrorBound | None


def approximation(
    definition: WrittenModel,
    values: Mapping[str, Value],
    measure: str = "params",
    growing: Sequence[str] = (),
    over: Iterable[str] = (),
) -> Approximation:
    """Return the leading terms of a measure as some of its sizes grow, all without ``growing``.

    Over a domain, ``l >= 24`` and ``h in 2048..8192``, the error is bounded by exact bounds of
    the formulas, with all other sizes at their defaults.

    Raises:
        SymparamsError: no such size, or a domain that makes no sense or has no size.
        NeedsValue: it grows like no power.
    """
    network = build(definition, values)
    for name in growing:
        if name not in network.symbols:
            told = f"it has {listed(network.symbols)}" if network.symbols else "it has no symbols"
            raise SymparamsError(
                f"'{name}' is no open size of '{definition.name}'",
                None,
                did_you_mean(name, network.symbols, told),
            )
    whole = network.measure(measure)
    names = tuple(growing) or network.symbols
    found = leading_terms(whole, [network.is_symbol(name) for name in names])
    error = None
    if set(network.symbols) <= network.defaults.keys():
        error = _error(whole, found.term, network.defaults)
    asked = tuple(part.strip() for one in over for part in between_commas(one))
    bound = _bounded(definition, network, values, measure, found.term, asked) if asked else None
    return Approximation(network, measure, names, found.term, whole, error, bound)


def _error(whole: Size, term: Size, point: Mapping[str, Number]) -> Number | None:
    """Return the relative error at a point; None where there is nothing to count."""
    count, told = substitute(whole, point), substitute(term, point)
    if isinstance(count, Polynomial) or isinstance(told, Polynomial) or not count:
        return None
    whole_count = Fraction(count)
    return exact(abs(whole_count - told) / abs(whole_count))


def _bounded(
    definition: WrittenModel,
    network: Network,
    values: Mapping[str, Value],
    measure: str,
    term: Size,
    over: tuple[str, ...],
) -> ErrorBound:
    conditions, domains = _domain(network, over)
    varied = {s.name for c in conditions for s in c.symbols()} | domains.keys()
    # What stands in neither is left open: of gpt2 the heads, which would keep h to multiples.
    counted = {s.name for size in (network.measure(measure), term) for s in symbols_of(size)}
    fixed = {n: v for n, v in network.defaults.items() if n in counted - varied}
    there = build(definition, {**values, **fixed}, domains=domains)
    facts = _assumed(there, conditions)
    admits = admitting(there)

    def allowed(point: Mapping[str, Number]) -> bool:
        return all(c.may_hold(point, facts.of_domains) for c in conditions) and admits(point)

    beside = conditioned(there) | {s.name for c in conditions for s in c.symbols()}
    told = substitute(term, fixed)
    bound = relative_error(there.measure(measure), told, facts, allowed, beside)
    return ErrorBound(over, bound, fixed)


def _domain(
    network: Network, over: tuple[str, ...]
) -> tuple[tuple[Condition, ...], dict[str, Domain]]:
    """Return the conditions and the domains that ``--over`` asks for.

    Raises:
        SymparamsError: one makes no sense, or names no size of the model.
    """
    reading = FormulaReading(network)
    conditions: list[Condition] = []
    ranges: list[str] = []
    for part in over:
        if _DOMAIN.match(part):
            ranges.append(part)
        else:
            node = parse_expression(Source("--over", part))
            conditions.append(reading.truth(node, reading.scope))
    return tuple(conditions), domains_over(ranges, network.symbols)


def _assumed(network: Network, conditions: tuple[Condition, ...]) -> Facts:
    """Return what is known of the sizes of a domain.

    Raises:
        SymparamsError: no size of the model is in it.
    """
    unmet = never_met(conditions, network.facts.domains)
    if unmet is not None or any(c.judge(network.facts) is False for c in conditions):
        raise SymparamsError(f"no size of the model meets {' and '.join(map(str, conditions))}")
    return assuming(network.facts, conditions)
