"""Formulas about a network, from text to sizes: measures, budgets, printed formulas.

One reader for all who ask: a size, a measure of the model (``params``), or one
of its parts (``attention[0].macs``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from symparams.algebra import Size, of_atom, substitute, symbol
from symparams.elaboration.evaluator import Evaluator
from symparams.elaboration.scope import Scope
from symparams.elaboration.values import Value, is_size
from symparams.elaboration.vocabulary import Shipped, built_in
from symparams.errors import Source, Span, SymparamsError, UnknownName, did_you_mean, nearest
from symparams.language import names_in, nodes, parse_expression, tree
from symparams.network import MEASURES, Run, dotted, measure_named, use_of

if TYPE_CHECKING:
    from symparams.elaboration.definition import Network


class FormulaReading(Evaluator):
    """Reads formulas about a network: in its sizes, its measures, and those of its parts.

    ``12*l*h^2``, ``params``, ``dense[0].macs``. A size of the model hides a
    measure of the same name. ``unknown`` says what a name is that nothing is near
    to; without it, it is an error. ``renamed`` are names of the text and what the
    model calls them.
    """

    def __init__(
        self,
        network: Network,
        unknown: Callable[[str], Size] | None = None,
        renamed: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(Run(network.facts), Shipped())
        self.network = network
        self.unknown = unknown
        names: dict[str, Value] = {n: v for n, v in network.values.items() if is_size(v)}
        names |= network.taken
        names |= {n: of_atom(network.is_symbol(n)) for n in network.symbols}
        names |= network.derived
        self.known = names
        here = {n: v for n, v in names.items() if n not in (renamed or {})}
        here |= {old: names[new] for old, new in (renamed or {}).items() if new in names}
        #: The names of the text that is read; `7B` beside a `B` is ambiguous.
        self.names: set[str] = set()
        self.scope = Scope(names=here, free=self._measure)

    def read(self, source: Source) -> Size:
        """A text that must be a size."""
        node = parse_expression(source)
        self.names = names_in(node)
        return self.whole(node)

    def whole(self, node: tree.Expression) -> Size:
        """The size of a whole text, under what is known of the network."""
        self.mentioned = self.names
        return self.network.facts.reduce(self.size(node, self.scope))

    def measured(self, address: str) -> Size:
        """The measure of an address."""
        return self.network.measure(address)

    def _measure(self, name: str) -> Value:
        if name in MEASURES:
            return self.measured(name)
        known = [*self.known, *MEASURES]
        if self.unknown is not None and not nearest(name, known):
            return self.unknown(name)
        sizes = f"sizes {', '.join(self.known)}" if self.known else "no sizes"
        raise UnknownName(
            f"'{name}' is neither a measure nor a size of the model",
            None,
            did_you_mean(name, known, f"it has {sizes}; measures {', '.join(MEASURES)}"),
        )

    def _index(self, node: tree.Index, scope: Scope) -> Value:
        """``k[0]`` of an indexed size."""
        inner, place = use_of(node)
        if isinstance(inner, tree.Name) and f"{inner.id}{place}" in self.known:
            return self.known[f"{inner.id}{place}"]
        return super()._index(node, scope)

    def _attribute(self, node: tree.Attribute, scope: Scope) -> Value:
        part, place = use_of(node.base)
        names, inner = dotted(part)
        if not isinstance(inner, tree.Name):
            raise SymparamsError(
                "a measure is asked of a part", node.span, "as in attention.params"
            )
        measure_named(
            node.name, Span(node.span.source, node.span.end - len(node.name), node.span.end)
        )
        if inner.id == self.network.definition.name and not place and not names:
            return self.measured(node.name)
        return self.measured(f"{'.'.join((inner.id, *names))}{place}.{node.name}")


# --- formulas of measures ------------------------------------------------------

#: A measure by its name or of a part: what :meth:`Network.measure` finds by itself.
_PLAIN = re.compile(r"[^\W\d]\w*|[\w.]+(\[-?\d+\])?\.\w+")


def is_formula(measure: str) -> bool:
    """Whether a measure is a formula of measures, and neither one of them nor that of a part."""
    return _PLAIN.fullmatch(measure) is None


def measured_by(network: Network, formula: str) -> Size:
    """What a formula of measures comes to: ``16*params + 2*activations``.

    A name that the network does not have is a size of the formula's own.

    Raises:
        SymparamsError: it makes no sense, or names something unknown.
    """
    return FormulaReading(network, symbol).read(Source("<measure>", formula))


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
    """(address → its factor, what is of no measure) of a formula that is a sum of measures.

    Raises:
        SymparamsError: it is no such sum, so that layers have no share of it.
    """
    source = Source("<measure>", formula)
    reading = _SumReading(network)
    size = reading.read(source)
    names = reading.addresses
    factors: dict[str, Size] = {}
    for name, address in names.items():
        one = substitute(size, {**dict.fromkeys(names, 0), name: 1})
        factors[address] = one - substitute(size, dict.fromkeys(names, 0))
    rest = substitute(size, dict.fromkeys(names, 0))
    again = rest
    for name, address in names.items():
        again = again + factors[address] * symbol(name, low=0)
    if again != size:
        raise SymparamsError(
            "a table adds up over the layers, and this formula does not",
            Span(source, 0, len(formula)),
            "write a sum of measures, each times a size, as in 16*params + 2*activations",
        )
    return factors, rest


def own_names(formula: str) -> list[str]:
    """The names in a formula that are neither measures, parts, nor built in.

    Raises:
        SymparamsError: it makes no sense.
    """
    tree_ = parse_expression(Source("<measure>", formula))
    parts = {id(_part_named(n)) for n in nodes(tree_) if isinstance(n, tree.Attribute)}
    names = [n for n in nodes(tree_) if isinstance(n, tree.Name) and id(n) not in parts]
    found = dict.fromkeys(n.id for n in sorted(names, key=lambda n: n.span.start))
    return [n for n in found if n not in MEASURES and n not in built_in()]


def _part_named(attribute: tree.Attribute) -> tree.Expression:
    """The name of the part that a measure is asked of."""
    return dotted(use_of(attribute.base)[0])[1]


def at_part(formula: str, part: str) -> str:
    """A formula of measures as that of a part: each bare measure is the part's."""
    if not is_formula(formula):
        return f"{part}.{formula}"
    tree_ = parse_expression(Source("<measure>", formula))
    parts = {id(_part_named(n)) for n in nodes(tree_) if isinstance(n, tree.Attribute)}
    names = (n for n in nodes(tree_) if isinstance(n, tree.Name) and n.id in MEASURES)
    for name in sorted(names, key=lambda n: -n.span.start):
        if id(name) not in parts:
            formula = f"{formula[: name.span.start]}{part}.{formula[name.span.start :]}"
    return formula
