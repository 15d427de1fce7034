"""A model's text, its parameters and values, to a network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from symparams.algebra import (
    POSITIVE,
    Domain,
    Facts,
    Number,
    Polynomial,
    Size,
    Symbol,
    symbol,
    text,
)
from symparams.algebra.conditions import (
    Condition,
    facts_from,
    never_met,
    plainer,
    without_implied,
)
from symparams.errors import Span, SymparamsError, did_you_mean
from symparams.language import tree
from symparams.language.walk import names_in, nodes
from symparams.model.address import measured, taken_apart
from symparams.model.braces import as_tensor
from symparams.model.domains import domain_of
from symparams.model.evaluate import Evaluator
from symparams.model.network import MEASURES, Node, fold, measure_named
from symparams.model.run import Decide, Run
from symparams.model.scope import Scope
from symparams.model.values import Listed, Value, describe, is_size
from symparams.model.vocabulary import Shipped

#: The most symbols that one indexed parameter makes.
MOST_INDEXED = 1_000


@dataclass(frozen=True)
class Definition:
    """A model as written: parameters, body, conditions, and the names around it.

    ``parameters`` is None for a one-line source, where every free name is a symbol.
    """

    name: str
    body: tree.Expression
    where: tuple[tree.Expression, ...]
    scope: Scope
    parameters: tuple[tree.Parameter, ...] | None
    span: Span


@dataclass(frozen=True)
class Network:
    """A built model.

    Attributes:
        symbols: the names that are still symbols, in the order of the parameters.
        defaults: symbol → the value it has where a number is asked for.
        derived: name → the default that names others, which took its place.
        settled: names that had to take their defaults for structure.
        taken: names that took their defaults because numbers were asked for.
        conditions: what must hold, with where it is written.
        assumed: the ``where`` conditions, with where they are written.
    """

    definition: Definition
    root: Node
    facts: Facts
    symbols: tuple[str, ...]
    defaults: Mapping[str, Number]
    derived: Mapping[str, Size]
    settled: Mapping[str, Number]
    conditions: Mapping[Condition, Span | None]
    assumed: Mapping[Condition, Span | None]
    values: Mapping[str, Value] = field(default_factory=dict)
    taken: Mapping[str, Number] = field(default_factory=dict)

    def measure(self, name: str) -> Size:
        """The formula of a measure, or of a measure of a part: ``params``, ``block[0].params``.

        Raises:
            SymparamsError: no such measure or part.
        """
        address = taken_apart(name)
        if address is None:
            return self.facts.reduce(fold(self.root, measure_named(name)))
        part, place, wanted = address
        return self.facts.reduce(measured(self.root, part, place, measure_named(wanted)))

    @property
    def open_conditions(self) -> tuple[Condition, ...]:
        """The conditions on sizes that a reader knows.

        What must hold of every pass of a repeat is rechecked pass by pass.
        """
        return tuple(c for c in self.conditions if not any("#" in s.name for s in c.symbols()))

    def measures(self) -> dict[str, Size]:
        """Every measure."""
        return {name: self.measure(name) for name in MEASURES}

    def allows(self, point: Mapping[str, Number]) -> bool:
        """Whether sizes lie in their domains and every condition holds."""
        for name, value in point.items():
            if value not in self.facts.domains.get(name, POSITIVE):
                return False
        for condition in (*self.conditions, *self.assumed):
            try:
                if condition.at(point).judge() is False:
                    return False
            except SymparamsError:
                return False
        return True

    def is_symbol(self, name: str) -> Symbol:
        """The symbol of a name, integer or rational as its domain says."""
        return Symbol(name, self.facts.domains.get(name, POSITIVE).integer)


def build(
    definition: Definition,
    values: Mapping[str, Value] | None = None,
    defaults: bool = False,
    unrolled: bool = False,
    domains: Mapping[str, Domain] | None = None,
) -> Network:
    """The network of a definition, with ``values`` for some of its parameters.

    With ``defaults``, every parameter that has one takes its default, as where
    a number is asked for. A size in ``domains`` has these values in place of
    its own domain, and no default: it is a symbol, or what ``values`` says.
    ``unrolled`` writes a repeat whose shape changes out, pass by pass, where it
    would be a series.

    Raises:
        SymparamsError: the model is wrong, or a value does not fit it.
    """
    settled: dict[str, Number] = {}
    while True:
        try:
            try:
                given = dict(values or {})
                making = _Building(definition, given, defaults, settled, domains or {})
                making.run.unrolled = unrolled
                return making.network()
            except RecursionError:
                raise SymparamsError("this nests too deeply", definition.span) from None
        except Decide as need:
            settled.update(need.values)


def sizes_of(
    definition: Definition, values: Mapping[str, Value] | None = None
) -> dict[str, Domain | None]:
    """The sizes that ``values`` leave without a value, with the domains they are declared with.

    An indexed parameter is its sizes, ``k[0]``, ``k[1]``, …; of a one-line
    source, the names that nothing else defines.

    Raises:
        SymparamsError: a parameter is wrong, or a value does not fit it.
    """
    if definition.parameters is None:
        shipped = Shipped()
        found = [n for n in nodes(definition.body) if isinstance(n, tree.Name)]
        names = dict.fromkeys(n.id for n in sorted(found, key=lambda n: n.span.start))
        other = shipped.built_in.keys() | set(values or {})
        return {n: None for n in names if n not in other and shipped.library(n) is None}
    making = _Building(definition, dict(values or {}), False, {}, {})
    making.bind(definition.parameters, definition.scope.inner())
    return making.sizes


class _Building:
    """One attempt at building."""

    def __init__(
        self,
        definition: Definition,
        values: dict[str, Value],
        defaults: bool,
        settled: Mapping[str, Number],
        given: Mapping[str, Domain],
    ) -> None:
        self.definition = definition
        self.given = given
        self.values = values
        self.numeric = defaults
        self.settled = settled
        # The names of a one-line source are met on the way; facts are needed before.
        self.domains = {} if definition.parameters is not None else dict(given)
        self.sizes: dict[str, Domain | None] = {}
        self.defaults: dict[str, Number] = {}
        self.derived: dict[str, Size] = {}
        self.taken: dict[str, Number] = {}
        self.symbols: dict[str, None] = {}
        self.used: set[str] = set()
        self.run = Run()
        self.evaluator = Evaluator(self.run, Shipped())

    def network(self) -> Network:
        definition = self.definition
        scope = definition.scope.inner()
        self.evaluator.convention = {
            kind: {o: line for o, line in lines.items() if line.origin}
            for kind, lines in definition.scope.defaults.items()
        }
        if definition.parameters is None:
            scope.free = self._free
            self.evaluator.mentioned = names_in(definition.body)
        else:
            self.bind(definition.parameters, scope)
        conditions = {self.evaluator.truth(c, scope): c.span for c in definition.where}
        unmet = never_met(list(conditions), self.domains)
        if unmet is not None:
            raise self._unmet(*unmet, conditions, definition)
        self.run.facts = facts_from(conditions, self.domains)
        self.run.defaults = self.defaults
        with self.evaluator.body() as body:
            value = self.evaluator.value(definition.body, scope)
            tensor = as_tensor(value, definition.body.span)
        if tensor is None:
            hint = "begin with input(…) or tokens(…)"
            raise SymparamsError(
                f"a model needs an input, but this is {describe(value)}", definition.body.span, hint
            )
        unused = {*self.values, *self.given} - self.used
        if unused:
            name = min(unused)
            known = sorted(self.used | self.symbols.keys()) or ["no sizes"]
            raise SymparamsError(
                f"'{definition.name}' has no size '{name}'",
                None,
                did_you_mean(name, known, f"it has {', '.join(known)}"),
            )
        left_open = {
            plainer(c): s for c, s in self.run.conditions.items() if c.judge(self.run.facts) is None
        }
        open_conditions = {c: left_open[c] for c in without_implied(left_open, self.run.facts)}
        return Network(
            definition,
            body.closed(tensor.node),
            self.run.facts,
            tuple(self.symbols),
            dict(self.defaults),
            dict(self.derived),
            dict(self.settled),
            open_conditions,
            {
                Condition(c.op, c.size, c.parts, s.text): s
                for c, s in conditions.items()
                if c.judge() is None
            },
            self.values,
            dict(self.taken),
        )

    def _unmet(
        self,
        condition: Condition,
        others: Sequence[Condition],
        spans: Mapping[Condition, Span],
        definition: Definition,
    ) -> SymparamsError:
        """The error of an assumption that no sizes meet, at least not with the others."""
        span = spans[condition]
        here = self._here(definition)
        if not condition.symbols():
            return SymparamsError(f"the assumption '{span.text}' does not hold{here}", span)
        shown = " and ".join(f"'{spans[c].text}'" for c in (condition, *others))
        names = sorted({s.name for c in (condition, *others) for s in c.symbols()})
        limits = [f"'{n}' is in {self.domains[n]}" for n in names if n in self.domains]
        return SymparamsError(
            f"no size meets the assumption{'s' * bool(others)} {shown}{here}",
            span,
            " and ".join(limits),
        )

    def _here(self, definition: Definition) -> str:
        shown = [f"{n} = {text(v)}" for n, v in self.values.items() if is_size(v)]  # type: ignore[arg-type]
        return f" at {', '.join(shown)}" if shown else ""

    def _free(self, name: str) -> Value:
        """A free name of a one-line source: a value that was set, or a symbol."""
        self.used.add(name)
        domain = self.given.get(name, POSITIVE)
        if name in self.values:
            return self._admitted(name, self.values[name], domain, None)
        self.symbols[name] = None
        return symbol(name, domain.integer)

    def bind(self, parameters: tuple[tree.Parameter, ...], scope: Scope) -> None:
        """Give every parameter its meaning in a scope."""
        for parameter in parameters:
            name = parameter.name
            self.used.add(name)
            domain = self._domain(parameter, scope)
            default = (
                None
                if parameter.default is None
                else self.evaluator.value(parameter.default, scope)
            )
            scope.names[name] = (
                self._indexed(parameter, default, domain, scope)
                if parameter.extent
                else self._parameter(parameter, name, self.values.get(name), default, domain)
            )

    def _indexed(
        self, parameter: tree.Parameter, default: Value, domain: Domain | None, scope: Scope
    ) -> Value:
        """``k[6] in {3, 5, 7}``: a list of symbols ``k[0]`` … ``k[5]``."""
        name = parameter.name
        if len(parameter.extent) != 1:
            raise SymparamsError("an indexed size has one index", parameter.span)
        extent = self.evaluator.integer(parameter.extent[0], scope, f"the extent of '{name}'")
        if not 1 <= extent <= MOST_INDEXED:
            raise SymparamsError(
                f"the extent of '{name}' must be from 1 to {MOST_INDEXED:,}, not {extent}",
                parameter.extent[0].span,
            )
        defaults = self._each(name, default, extent, parameter.span)
        values = self._each(name, self.values.get(name), extent, parameter.span)
        items = []
        for k in range(extent):
            one = f"{name}[{k}]"
            self.used.add(one)
            given = self.values.get(one, values[k])
            items.append(self._parameter(parameter, one, given, defaults[k], domain))
        return Listed(tuple(items))

    def _each(self, name: str, value: Value, extent: int, span: Span) -> list[Value]:
        """A value for each index, from a list or from one for all."""
        if not isinstance(value, Listed):
            return [value] * extent
        if len(value.items) != extent:
            raise SymparamsError(f"'{name}' has {extent} sizes, not {len(value.items)}", span)
        return list(value.items)

    def _parameter(
        self,
        parameter: tree.Parameter,
        name: str,
        value: Value,
        default: Value,
        domain: Domain | None,
    ) -> Value:
        if value is None and (default is None or is_size(default)):
            self.sizes[name] = domain
        asked = name in self.given
        domain = self.given.get(name, domain)
        if value is not None or name in self.values:
            if default is not None and is_size(default) != is_size(value):
                raise SymparamsError(f"'{name}' must be {describe(default)}, not {describe(value)}")
            if not is_size(value):
                return value
            if value == symbol(name):  # it stays open, whatever its default
                return self._open(name, domain)
            return self._admitted(name, value, domain or POSITIVE, parameter.span)
        if parameter.default is not None and not asked:
            if isinstance(default, Polynomial):
                self.derived[name] = default
                return default
            if not is_size(default):
                return default
            number: Any = default
            self._admitted(name, number, domain or POSITIVE, parameter.default.span)
            if self.numeric or name in self.settled:
                self.taken[name] = number
                return number  # type: ignore[no-any-return]
            self.defaults[name] = number
        return self._open(name, domain)

    def _open(self, name: str, domain: Domain | None) -> Size:
        """A parameter that stays a symbol."""
        self.symbols[name] = None
        if domain is not None:
            self.domains[name] = domain
        return symbol(name, (domain or POSITIVE).integer)

    def _admitted(self, name: str, value: Value, domain: Domain, span: Span | None) -> Value:
        """A size for a parameter, if its domain has it."""
        if isinstance(value, int | Fraction) and value not in domain:
            what = "a positive integer" if domain == POSITIVE else f"in {domain}"
            raise SymparamsError(f"'{name}' must be {what}, not {text(value)}", span)
        if not is_size(value):
            raise SymparamsError(f"'{name}' must be a size, not {describe(value)}", span)
        return value

    def _domain(self, parameter: tree.Parameter, scope: Scope) -> Domain | None:
        """The values a parameter says it may have."""
        if parameter.domain is None:
            return None
        return domain_of(parameter.domain, self.evaluator, scope)
