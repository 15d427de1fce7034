"""Formulas about a model, from text to sizes: budgets, objectives, printed formulas.

One reader for all who ask: a size, a measure of the model (``params``), or one
of its parts (``attention[0].macs``).
"""

from __future__ import annotations

from collections.abc import Mapping

from symparams.algebra import Polynomial, Size, SizeRecord, of_atom, symbol
from symparams.analysis.addresses_in_text import part_of, use_of
from symparams.elaboration import Evaluator, Network, Scope, Shipped, Value, is_size
from symparams.errors import Source, Span, SymparamsError, UnknownName, did_you_mean, nearest
from symparams.language import names_in, parse_expression, tree
from symparams.network import MEASURES, Run, measure_named
from symparams.search import OPERATORS, Budget


class Limit(SizeRecord):
    """A budget as it is written: ``left sign right``, both sides sizes of the model.

    ``says`` are the words of both sides.
    """

    left: Size
    sign: str
    right: Size
    says: tuple[str, str]

    @property
    def written(self) -> str:
        """The budget as a line of text."""
        return f"{self.says[0]} {self.sign} {self.says[1]}"

    @property
    def budget(self) -> Budget:
        """The same as the engine reads it: a size against a number."""
        left, right = self.says
        if not isinstance(self.right, Polynomial):
            return Budget(self.left, self.sign, self.right, left)
        if not isinstance(self.left, Polynomial):
            return Budget(self.right, TURNED[self.sign], self.left, right)
        return Budget(self.left - self.right, self.sign, 0, f"{left} - ({right})")


#: A sign as it is read from the right.
TURNED = {"<=": ">=", "<": ">", ">=": "<=", ">": "<", "==": "=="}


class Reading(Evaluator):
    """Reads formulas about a network: in its sizes, its measures, and those of its parts.

    ``12*l*h^2``, ``params``, ``dense[0].macs``. A size of the model hides a
    measure of the same name. With ``open_ok`` a name that nothing is near to
    is a symbol. ``renamed`` are names of the text and what the model calls them.
    """

    def __init__(
        self, network: Network, open_ok: bool = False, renamed: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(Run(network.facts), Shipped())
        self.network = network
        self.open_ok = open_ok
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
        return self._whole(node)

    def limit(self, source: Source) -> Limit:
        """A text that must compare two sizes.

        Raises:
            SymparamsError: it does not compare, or with a sign no budget has.
        """
        node = parse_expression(source)
        while isinstance(node, tree.Group):
            node = node.body
        if not isinstance(node, tree.Compare):
            raise SymparamsError("a budget compares", node.span, 'as in "params <= 7B"')
        if node.op not in OPERATORS:
            raise SymparamsError(
                f"a budget has one of {' '.join(OPERATORS)}, not {node.op}", node.span
            )
        self.names = names_in(node)
        return Limit(
            self._whole(node.left),
            node.op,
            self._whole(node.right),
            (node.left.span.text, node.right.span.text),
        )

    def _whole(self, node: tree.Expression) -> Size:
        self.mentioned = self.names
        return self.network.facts.reduce(self.size(node, self.scope))

    def _measure(self, name: str) -> Value:
        if name in MEASURES:
            return self.network.measure(name)
        known = [*self.known, *MEASURES]
        if self.open_ok and not nearest(name, known):
            return symbol(name, integer=False)
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
        inner, names, place = part_of(node.base)
        if not isinstance(inner, tree.Name):
            raise SymparamsError(
                "a measure is asked of a part", node.span, "as in attention.params"
            )
        measure_named(
            node.name, Span(node.span.source, node.span.end - len(node.name), node.span.end)
        )
        if inner.id == self.network.definition.name and not place and not names:
            return self.network.measure(node.name)
        return self.network.measure(f"{'.'.join((inner.id, *names))}{place}.{node.name}")
