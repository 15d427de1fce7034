"""Formulas about a network, from text to sizes: measures, budgets, printed formulas.

One reader for all who ask: a size, a measure of the model (``params``), or one
of its parts (``attention[0].macs``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING

from symparams.algebra import Size, of_atom, substitute, symbol
from symparams.elaboration.addresses_in_text import part_of, use_of
from symparams.elaboration.callables import bind
from symparams.elaboration.choices import in_words
from symparams.elaboration.evaluator import Evaluator
from symparams.elaboration.scope import Scope
from symparams.elaboration.values import Template, Value, describe, is_size
from symparams.elaboration.vocabulary import Shipped, built_in
from symparams.elaboration.written_measures import (
    WrittenMeasure,
    given_to,
    known_in,
    measures_asked,
)
from symparams.errors import Source, Span, SymparamsError, UnknownName, did_you_mean, nearest
from symparams.language import names_in, parse_expression, tree
from symparams.network import LARGEST, MEASURE_NAMES, Net, Run, measure_named, names_below

if TYPE_CHECKING:
    from symparams.elaboration.definition import Network


class FormulaReading(Evaluator):
    """Reads formulas about a network: in its sizes, its measures, and those of its parts.

    ``12*l*h^2``, ``params``, ``dense[0].macs``. A size of the model hides a
    measure of the same name, which the model's name in front means. ``unknown``
    says what a name is that nothing is near to; without it, it is an error.
    ``renamed`` are names of the text and what the model calls them. Bare measures
    are asked of ``part``, where one is named.
    """

    def __init__(
        self,
        network: Network,
        unknown: Callable[[str], Size] | None = None,
        renamed: Mapping[str, str] | None = None,
        part: str = "",
    ) -> None:
        super().__init__(Run(network.facts), Shipped())
        self.network = network
        self.unknown = unknown
        self.part = part
        #: The written measures that are being read.
        self.reading: tuple[WrittenMeasure, ...] = ()
        names: dict[str, Value] = {n: v for n, v in network.values.items() if is_size(v)}
        names |= network.taken
        names |= {n: of_atom(network.is_symbol(n)) for n in network.symbols}
        names |= network.derived
        names = {n: in_words(n, v, network.facts) for n, v in names.items()}
        self.known = names
        here = {n: v for n, v in names.items() if n not in (renamed or {})}
        here |= {old: names[new] for old, new in (renamed or {}).items() if new in names}
        #: The names of the text that is read; `7B` beside a `B` is ambiguous.
        self.names: set[str] = set()
        self.scope = Scope(names=here, free=self._measure)

    def read(self, source: Source) -> Size:
        """Return a text that must be a size."""
        node = parse_expression(source)
        self.names = names_in(node)
        return self.whole(node)

    def asked(self, formula: str) -> Size:
        """Return what ``--measure`` asks for: a name by itself is a measure, if there is one."""
        source, written = _asked(formula), self.measures.get(formula)
        if written is None:
            return self.read(source)
        try:
            return self.network.facts.reduce(self.expanded(written, {}, self.part))
        except SymparamsError as error:
            raise error.at(Span(source, 0, len(formula))) from None

    def whole(self, node: tree.Expression) -> Size:
        """Return the size of a whole text, under what is known of the network."""
        self.mentioned = self.names
        return self.network.facts.reduce(self.size(node, self.scope))

    def measured(self, address: str) -> Size:
        """Return the measure of an address."""
        return self.network.measure(address)

    def as_size(self, value: Value, span: Span, what: str = "a size") -> Size:
        """Return a value that must be a size; a part by its name alone is none."""
        if isinstance(value, Template):
            name = value.name
            hint = f"as in {name}.params" if name in names_below(self.network.root) else ""
            raise SymparamsError(f"{what} is needed here, not {describe(value)}", span, hint)
        return super().as_size(value, span, what)

    def as_net(self, value: Value, node: tree.Expression, scope: Scope) -> Net:
        """Return a value as a net; a kind by its name alone is refused for what it is.

        Nothing is a net in the end here: what a call of it would lack helps nobody.
        """
        if isinstance(value, Template):
            self.as_size(value, node.span)
        return super().as_net(value, node, scope)

    def _measure(self, name: str) -> Value:
        if name in MEASURE_NAMES:
            return self.measured(f"{self.part}.{name}" if self.part else name)
        measures = self.measures
        if name in measures:
            return self.expanded(measures[name], {}, self.part)
        known = [*self.known, *MEASURE_NAMES, *measures]
        if self.unknown is not None and not nearest(name, known):
            return self.unknown(name)
        sizes = f"sizes {', '.join(self.known)}" if self.known else "no sizes"
        raise UnknownName(
            f"'{name}' is neither a measure nor a size of the model",
            None,
            did_you_mean(name, known, f"it has {sizes}; measures {', '.join(MEASURE_NAMES)}"),
        )

    @property
    def measures(self) -> Mapping[str, WrittenMeasure]:
        """The written measures that a name may stand for; a shipped one knows the shipped alone."""
        return known_in(self.reading[-1:], self.network.definition.measures)

    def expanded(self, written: WrittenMeasure, given: Mapping[str, Size], part: str) -> Size:
        """Return what a written measure comes to, of the network or of a part.

        Raises:
            SymparamsError: it is made of itself, or its formula makes no sense.
        """
        if written in self.reading:
            circle = ", ".join(m.name for m in (*self.reading, written))
            raise SymparamsError(f"'{written.name}' is made of itself: {circle}", written.name_span)
        before = self.reading, self.part, self.mentioned
        self.reading, self.part = (*self.reading, written), part
        self.mentioned = names_in(written.body)
        # A size of the model hides a measure in what is asked, and not in how that is defined.
        sizes = self.scope.names.items()
        names = {n: v for n, v in sizes if n not in MEASURE_NAMES and n not in self.measures}
        inside = Scope(names=names, free=self._measure)
        try:
            for parameter in written.parameters:
                name = parameter.name
                if name in given:
                    inside.names[name] = given[name]
                elif parameter.default is not None:
                    inside.names[name] = self.size(parameter.default, inside)
                else:
                    inside.names[name] = self.known.get(name, symbol(name))
            return self.size(written.body, inside)
        except SymparamsError as error:
            place = error.span
            if place is not None and place.source.shipped:  # told where it is asked for
                note = (f"inside the library's measure '{written.name}'", place)
                error.span, error.notes = None, (*error.notes, note)
            raise
        finally:
            self.reading, self.part, self.mentioned = before

    def _call(self, node: tree.Call, scope: Scope) -> Value:
        """Return ``adam(bytes = 12)``, of the network or of a part."""
        function = node.function
        name = function.id if isinstance(function, tree.Name) else ""
        part = self.part
        if isinstance(function, tree.Attribute):
            name, part = function.name, self._part(function)
        if scope.binds(name):
            return super()._call(node, scope)
        if name in MEASURE_NAMES:
            raise SymparamsError(f"'{name}' is a measure, which takes nothing", node.span)
        written = self.measures.get(name)
        if written is None:
            return super()._call(node, scope)
        return self.expanded(written, arguments_of(self, node, written, scope), part)

    def _index(self, node: tree.Index, scope: Scope) -> Value:
        """Return ``k[0]`` of an indexed size."""
        inner, place = use_of(node)
        if isinstance(inner, tree.Name) and f"{inner.id}{place}" in self.known:
            return self.known[f"{inner.id}{place}"]
        return super()._index(node, scope)

    def _attribute(self, node: tree.Attribute, scope: Scope) -> Value:
        part = self._part(node)
        measures = self.measures
        if node.name not in MEASURE_NAMES and node.name in measures:
            return self.expanded(measures[node.name], {}, part)
        if node.name not in LARGEST:
            place = Span(node.span.source, node.span.end - len(node.name), node.span.end)
            measure_named(node.name, place, measures)
        return self.measured(f"{part}.{node.name}" if part else node.name)

    def _part(self, node: tree.Attribute) -> str:
        """Return the part that a measure is asked of; "" of the model itself.

        Raises:
            SymparamsError: it is no part.
        """
        inner, names, place = part_of(node.base)
        if not isinstance(inner, tree.Name):
            raise SymparamsError(
                "a measure is asked of a part", node.span, "as in attention.params"
            )
        if inner.id == self.network.definition.name and not (place and not names):
            return f"{'.'.join(names)}{place}"
        return f"{'.'.join((inner.id, *names))}{place}"

    rules = {
        **Evaluator.rules,
        tree.Call: _call,
        tree.Index: _index,
        tree.Attribute: _attribute,
    }


def arguments_of(
    evaluator: Evaluator, node: tree.Call, written: WrittenMeasure, scope: Scope
) -> dict[str, Size]:
    """Return the sizes that a call gives the parameters of a written measure."""
    names = [p.name for p in written.parameters]
    given = bind(node, names, len(names), f"measure '{written.name}'", "parameter")
    return {name: evaluator.size(value, scope) for name, value in given.items()}


# --- formulas of measures ------------------------------------------------------

#: A measure by its name or of a part: what :meth:`Network.measure` finds by itself.
_PLAIN = re.compile(r"[^\W\d]\w*|[\w.]+(\[-?\d+\])?\.\w+")


def is_formula(measure: str) -> bool:
    """Tell whether a measure is a formula of measures, and neither one of them nor that of a
    part.
    """
    return _PLAIN.fullmatch(measure) is None


def is_largest(measure: str) -> bool:
    """Tell whether a measure is the largest of sums, to which no rows add up."""
    return measure.rpartition(".")[2] in LARGEST and not is_formula(measure)


def is_made_of_others(measure: str, written: Collection[str]) -> bool:
    """Tell whether a measure is a formula, or one of the ``written``, of the network or of a
    part.
    """
    last = measure.rpartition(".")[2]
    return is_formula(measure) or (last not in MEASURE_NAMES and last in written)


def measured_by(network: Network, formula: str, part: str = "") -> Size:
    """Return what a formula of measures comes to, or comes to of a part: ``16*params + 2*macs``.

    A name that the network does not have is a size of the formula's own.

    Raises:
        SymparamsError: it makes no sense, or names something unknown.
    """
    return FormulaReading(network, symbol, part=part).asked(formula)


def _asked(formula: str) -> Source:
    return Source("<measure>", formula)


class _SumReading(FormulaReading):
    """Reads a formula with a symbol in the place of every measure."""

    def __init__(self, network: Network) -> None:
        super().__init__(network, symbol)
        #: Name of the symbol → the address of the measure.
        self.addresses: dict[str, str] = {}

    def measured(self, address: str) -> Size:
        self.network.measure(address)  # refuses what there is not
        self.addresses[f"#{address}"] = address
        return symbol(f"#{address}", low=0)


def sum_of_measures(network: Network, formula: str) -> tuple[dict[str, Size], Size]:
    """Return (address → its factor, what is of no measure) of a formula that is a sum of measures.

    Raises:
        SymparamsError: it is no such sum, so that layers have no share of it.
    """
    source = _asked(formula)
    reading = _SumReading(network)
    size = reading.asked(formula)
    names = reading.addresses
    nothing = dict.fromkeys(names, 0)
    factors: dict[str, Size] = {}
    rest: Size = 0
    again: Size | None = None
    with suppress(SymparamsError):  # divided by a measure
        again = rest = substitute(size, nothing)
        for name, address in names.items():
            factors[address] = substitute(size, {**nothing, name: 1}) - rest
            again = again + factors[address] * symbol(name, low=0)
    if again is None or again != size:
        raise SymparamsError(
            "a table adds up over the layers, and this formula does not",
            Span(source, 0, len(formula)),
            "write a sum of measures, each times a size, as in 16*params + 2*activations",
        )
    return factors, rest


def own_names(
    formula: tree.Expression,
    measures: Mapping[str, WrittenMeasure],
    seen: frozenset[str] = frozenset(),
    bound: Collection[str] = (),
) -> list[str]:
    """Return the names in a formula that are neither measures, parts, built in, nor ``bound``.

    Those of the written measures that it asks are among them, but for what was ``seen``.
    """
    found: dict[str, None] = {}
    asked: list[tuple[WrittenMeasure, set[str]]] = []
    for node in measures_asked(formula):
        name = node.name if isinstance(node, tree.Attribute) else node.id
        if name in measures:
            asked.append((measures[name], given_to(measures[name], node, formula)))
        elif isinstance(node, tree.Name) and not {name} & {*MEASURE_NAMES, *built_in(), *bound}:
            found[name] = None
    for written, given in asked:
        if written.name in seen:
            continue
        own = [p.name for p in written.parameters]
        given |= {p.name for p in written.parameters if p.default is not None}
        found |= {n: None for n in own if n not in given}
        known = known_in((written,), measures)
        found |= dict.fromkeys(own_names(written.body, known, seen | {written.name}, own))
    return list(found)
