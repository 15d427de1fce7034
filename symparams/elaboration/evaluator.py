"""Expressions of the language to values: sizes, nets, tensors, words, lists.

Kinds decide what an operator means; a wrong mix is an error at its place.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, ClassVar, Protocol

from symparams.algebra import (
    FALSE,
    TRUE,
    Condition,
    Polynomial,
    Size,
    Symbol,
    brief,
    compared,
    free_of,
    of_atom,
    text,
)
from symparams.elaboration.braces import held, in_braces
from symparams.elaboration.choices import element_by_choice
from symparams.elaboration.conditionals import BRANCHES
from symparams.elaboration.operators import (
    bundle_net,
    not_callable,
    read_chain,
    read_negate,
    read_power,
    read_product,
    read_sum,
)
from symparams.elaboration.patterns import axis_names, places
from symparams.elaboration.reader import Body
from symparams.elaboration.scope import Defaults, Scope
from symparams.elaboration.suggestions import dotted, foreign_value, layer_meant, of_framework
from symparams.elaboration.values import (
    Layout,
    Listed,
    Partial,
    Several,
    Template,
    Tensor,
    Value,
    Word,
    describe,
    is_size,
)
from symparams.elaboration.variants import VariantDefault, read_variant_default, variant_named
from symparams.errors import Span, SymparamsError, UnknownName
from symparams.language import nodes, tree
from symparams.network import (
    INCOMING,
    Bundled,
    ChainNet,
    ChainNode,
    Decide,
    Net,
    PickNet,
    ReferenceNode,
    Run,
    SeriesNet,
    SharedNet,
    Signal,
)

#: The most passes of a comprehension; of its body so many parts cost as a layer.
MOST_ITEMS, PARTS_OF_A_LAYER = 10_000, 10


class Vocabulary(Protocol):
    """What the evaluator asks of the rooms around it."""

    @property
    def built_in(self) -> Mapping[str, Any]:
        """What can be called by name."""

    @property
    def words(self) -> Container[str]:
        """What options may say."""

    def library(self, name: str) -> Template | None:
        """Return a block or layer of the shipped library."""

    def library_names(self) -> Iterable[str]:
        """Return the names of the shipped library."""

    def block(self, written: tree.BlockDefinition, scope: Scope) -> Template:
        """Return a block as a value."""

    def with_lines(self, defaults: Defaults, line: tree.Default, scope: Scope) -> Defaults:
        """Return the default lines with one more."""


class Evaluator:
    """Turns expressions into values in one :class:`~symparams.network.building.Run`."""

    def __init__(self, run: Run, vocabulary: Vocabulary) -> None:
        self.run = run
        self.vocabulary = vocabulary
        self.built_in = vocabulary.built_in
        self.words = vocabulary.words
        #: The free names of the text, which the suffix of a number may collide with.
        self.mentioned: Container[str] = ()
        #: The bodies being read, the innermost last.
        self.bodies: list[Body] = []
        self.checked: set[int] = set()
        #: The lines of the model's convention: they hold in library blocks too.
        self.convention: Defaults = {}
        #: How deep braces stand in expressions.
        self.braces = 0
        #: What a model in a chain takes for its inputs; None at the top.
        self.feed: list[ReferenceNode] | None = None

    @contextmanager
    def body(self) -> Iterator[Body]:
        """Read a body: what is computed in it is kept in it."""
        made = Body(self.run)
        self.bodies.append(made)
        try:
            yield made
        finally:
            self.bodies.pop()

    def held(self, tensor: Tensor, name: str = "") -> Tensor:
        """Return a tensor that may be used several times: computed once, in the body that is
        read.
        """
        return held(self.bodies[-1], tensor, name)

    def block(self, written: tree.BlockDefinition, scope: Scope) -> Template:
        """Return a block defined inside braces."""
        return self.vocabulary.block(written, scope)

    def with_lines(self, defaults: Defaults, line: tree.Default, scope: Scope) -> Defaults:
        """Return the default lines with one more."""
        return self.vocabulary.with_lines(defaults, line, scope)

    def suggestions(self, scope: Scope) -> list[str]:
        """Return the names that may have been meant."""
        return [*scope.all_names(), *self.built_in, *self.vocabulary.library_names()]

    def value(self, node: tree.Expression, scope: Scope) -> Value:
        """Return the value of an expression.

        Raises:
            SymparamsError: with the place of the smallest expression that is wrong.
        """
        try:
            return self.rules[type(node)](self, node, scope)
        except SymparamsError as error:
            raise error.at(node.span) from None

    # --- values of a wanted kind ---

    def size(self, node: tree.Expression, scope: Scope, what: str = "a size") -> Size:
        """Return an expression that must be a size."""
        return self.as_size(self.value(node, scope), node.span, what)

    def as_size(self, value: Value, span: Span, what: str = "a size") -> Size:
        """Return a value that must be a size; ``what`` names what needs it."""
        if not is_size(value):
            raise SymparamsError(f"{what} is needed here, not {describe(value)}", span)
        return value  # type: ignore[return-value]  # is_size narrowed it

    def net(self, node: tree.Expression, scope: Scope) -> Net:
        """Return an expression that must be a net."""
        return self.as_net(self.value(node, scope), node, scope)

    def as_net(self, value: Value, node: tree.Expression, scope: Scope) -> Net:
        """Return a value as a net; a kind or block by its name alone is called without
        arguments.
        """
        if isinstance(value, Net):
            return value
        if isinstance(value, Partial):
            raise SymparamsError(value.missing, node.span)
        if isinstance(value, Template):
            made = value.target.call(self, tree.Call(function=node, args=(), span=node.span), scope)
            return self.as_net(made, node, scope)
        if isinstance(value, Several):
            return bundle_net(self, value, node, scope)
        if isinstance(value, Layout):
            told = f"a net is needed here, but this is {describe(value)}"
            raise SymparamsError(told, node.span, f"write precision(net, {node.span.text})")
        shown = "this is "
        if isinstance(node, tree.Name):
            if not scope.binds(node.id):
                raise self._unknown_layer(node, scope)
            shown = f"'{node.id}' is "
        hint = self.hidden_by(node, scope)
        if isinstance(node, tree.List):
            hint = "a chain is written 'a -> b', nets side by side '(a | b)'"
        raise SymparamsError(f"a net is needed here, but {shown}{describe(value)}", node.span, hint)

    def hidden_by(self, node: tree.Expression, scope: Scope) -> str:
        """Return a hint where a name hides what its place needs."""
        from symparams.elaboration.shadowing import hiding

        shipped = None
        if isinstance(node, tree.Name):
            kind = self.built_in.get(node.id)
            shipped = Template(node.id, kind) if kind else self.vocabulary.library(node.id)
        return hiding(node, scope, shipped)

    def truth(self, node: tree.Expression, scope: Scope) -> Condition:
        """Return an expression that must be true, false or open."""
        value = self.value(node, scope)
        if isinstance(value, Condition):
            return value
        if isinstance(value, bool):
            return TRUE if value else FALSE
        raise SymparamsError(
            f"a condition is needed here, not {describe(value)}",
            node.span,
            "compare it, or yes / no",
        )

    def _unknown_layer(
        self, node: tree.Expression, scope: Scope, call: tree.Call | None = None
    ) -> UnknownName:
        """Return the error of a name, ``frobnicate`` or ``nn.Linear``, where a net is needed."""
        name = dotted(node)
        known = [n for n in scope.all_names() if isinstance(scope.get(n), Net | Template)]
        known += [*self.built_in, *self.vocabulary.library_names()]
        in_force = {line.origin for lines in self.convention.values() for line in lines.values()}
        hint = layer_meant(name, known, call=call, in_force=in_force)
        return UnknownName(f"unknown layer kind '{name}'", node.span, hint)

    def integer(self, node: tree.Expression, scope: Scope, what: str) -> int:
        """Return an expression that must be a number known at once."""
        found = self.run.number(self.size(node, scope), node.span, what)
        if not isinstance(found, int):
            raise SymparamsError(f"{what} must be an integer, not {text(found)}", node.span)
        return found

    # --- leaves ---

    def _number(self, node: tree.Number, scope: Scope) -> Value:
        if (s := node.suffix) and not node.unit and (scope.binds(s) or s in self.mentioned):
            raise SymparamsError(
                f"'{node.literal}' is ambiguous: '{node.suffix}' is a name here",
                node.span,
                f"write {node.literal.removesuffix(node.suffix).rstrip()}*{node.suffix}, "
                "or the number in full",
            )
        return node.value

    def _name(self, node: tree.Name, scope: Scope) -> Value:
        if scope.binds(node.id):
            value = scope.get(node.id)
            return value.named_in(scope.inside) if isinstance(value, Template) else value
        if node.id in self.built_in:
            return Template(node.id, self.built_in[node.id])
        shipped = self.vocabulary.library(node.id)
        if shipped is not None:
            return shipped.named_in(scope.inside)
        foreign = foreign_value(node)
        if foreign is not None:
            raise foreign
        if scope.free is not None:
            return scope.free(node.id)
        if node.id in self.words:
            return Word(node.id)
        raise UnknownName(
            f"unknown name '{node.id}'",
            node.span,
            layer_meant(node.id, self.suggestions(scope), ""),
        )

    def _flag(self, node: tree.Flag, scope: Scope) -> Value:
        return node.value

    def _quoted(self, node: tree.Quoted, scope: Scope) -> Value:
        raise SymparamsError(
            "quoted text is only the file of an import, a notation, or an equation",
            node.span,
            "write it without quotes",
        )

    def _group(self, node: tree.Group, scope: Scope) -> Value:
        return self.value(node.body, scope)

    def _bundle(self, node: tree.Bundle, scope: Scope) -> Value:
        items = tuple(self.value(item, scope) for item in node.items)
        return Several(items)

    def _list(self, node: tree.List, scope: Scope) -> Value:
        if len(node.items) == 1 and isinstance(node.items[0], tree.Comprehension):
            return self._comprehension(node.items[0], scope)
        return Listed(tuple(self.value(item, scope) for item in node.items))

    # --- lists ---

    def items(self, node: tree.Expression, scope: Scope) -> tuple[Value, ...]:
        """Return the elements of a list or a range."""
        if isinstance(node, tree.Range):
            start = self.integer(node.start, scope, "where a range starts")
            stop = self.integer(node.stop, scope, "where a range ends")
            if stop - start >= MOST_ITEMS:
                raise SymparamsError(f"a range of more than {MOST_ITEMS:,}", node.span)
            return tuple(range(start, stop + 1))
        value = self.value(node, scope)
        if isinstance(value, Listed | Several):
            return value.items
        raise SymparamsError(f"a list is needed here, not {describe(value)}", node.span)

    def open_range(
        self, node: tree.Comprehension, scope: Scope
    ) -> tuple[Size, Size, Symbol, Value] | None:
        """Return (first, last, index, the body at a general index) over a range with a symbolic
        end.
        """
        if not isinstance(node.iterable, tree.Range) or len(node.targets) != 1:
            return None
        first = self.size(node.iterable.start, scope)
        last = self.size(node.iterable.stop, scope)
        if not isinstance(last - first, Polynomial):
            return None
        written = "k" if node.targets[0] == "_" else node.targets[0]
        index = self.run.fresh_index(first, written)
        names: dict[str, Value] = {node.targets[0]: of_atom(index)}
        names.pop("_", None)
        says = f"{text(first)}..{text(last)} must be a range of integers"
        end = last if isinstance(first, int) else last - first
        self.run.require(Condition("integer", end, says=says), node.iterable.span)
        try:
            some = compared(first, "<=", last)
            with self.run.branch(some), self.run.each_pass(index, first, last, node.span):
                general = self.value(node.body, scope.inner(names))
        except UnknownName:
            raise
        except SymparamsError as error:
            # What a general pass cannot say, passes of a number can.
            sizes = set(free_of([first, last]))
            if sizes <= self.run.defaults.keys():
                raise Decide({n: self.run.defaults[n] for n in sorted(sizes)}) from None
            raise self.run.in_some_pass(error, last - first + 1) from None
        return first, last, index, general

    def passes(self, node: tree.Comprehension, scope: Scope) -> tuple[Value, ...]:
        """Return the values of a comprehension's body, one a pass."""
        found: list[Value] = []
        cost = 1 + sum(1 for _ in nodes(node.body)) // PARTS_OF_A_LAYER
        for item in self.items(node.iterable, scope):
            self.run.spend(cost, node.span)
            if len(node.targets) == 1:
                names: dict[str, Value] = {node.targets[0]: item}
            else:
                row = item.items if isinstance(item, Several | Listed) else (item,)
                if len(row) != len(node.targets):
                    raise SymparamsError(
                        f"{len(node.targets)} names for {len(row)} values in a row",
                        node.iterable.span,
                    )
                names = dict(zip(node.targets, row, strict=True))
            names.pop("_", None)
            found.append(self.value(node.body, scope.inner(names)))
        return tuple(found)

    def _comprehension(self, node: tree.Comprehension, scope: Scope) -> Value:
        found = self.open_range(node, scope)
        if found is not None:
            first, last, index, general = found
            if is_size(general):
                sizes = set(free_of([first, last]))
                told = f"a list of {brief(last - first + 1)} sizes"
                raise self.run.needs(sizes, told, node.span)
            begin = scope.inner({node.targets[0]: first})
            try:
                start = self.as_net(self.value(node.body, begin), node.body, begin)
            except SymparamsError as error:
                raise self.run.in_some_pass(error, last - first + 1) from None
            net = self.as_net(general, node.body, scope)
            return SeriesNet(node.span, net, start, index, first, last - first + 1)
        values = self.passes(node, scope)
        if values and all(is_size(v) for v in values):
            return Listed(values)
        inner = node.body
        return ChainNet(node.span, tuple(self.as_net(v, inner, scope) for v in values))

    def _range(self, node: tree.Range, scope: Scope) -> Value:
        return Listed(self.items(node, scope))

    def _index(self, node: tree.Index, scope: Scope) -> Value:
        base = self.value(node.base, scope)
        if len(node.indices) != 1:
            raise SymparamsError("a list has one index", node.span)
        found, element = element_by_choice(self, base, node, scope)
        if found:
            return element
        place = self.integer(node.indices[0], scope, "an index")
        if isinstance(base, Net | Template):
            net = self.as_net(base, node.base, scope)
            return ChainNet(node.span, (net, PickNet(node.span, place)))
        if isinstance(base, Tensor) and isinstance(base.node.output, Bundled):
            items = base.node.output.items
            if -len(items) <= place < len(items):
                picked = ReferenceNode(items[place], node.span, INCOMING, (place % len(items),))
                return Tensor(ChainNode(items[place], node.span, (base.node, picked)))
            base = Listed(items)
        if not isinstance(base, Listed | Several):
            hint = f"write '{node.base.span.text} -> take({place})' for one of its first axis"
            hint = hint if isinstance(base, Tensor) and isinstance(node.base, tree.Name) else ""
            raise SymparamsError(f"{describe(base)} has no elements", node.base.span, hint)
        if not -len(base.items) <= place < len(base.items):
            raise SymparamsError(
                f"no element {place} in a list of {len(base.items)}",
                node.indices[0].span,
                "elements count from 0; -1 is the last",
            )
        item: Value = base.items[place]
        return item

    def _attribute(self, node: tree.Attribute, scope: Scope) -> Value:
        if node.name == "T":
            base = self.value(node.base, scope)
            if isinstance(base, SharedNet):
                return base.transposed(node.span)
            raise SymparamsError(
                f"'.T' is of a net that is 'shared', not of {describe(base)}",
                node.span,
                "bind it with 'shared E = …'",
            )
        if self._is_foreign(node, scope):
            raise self._unknown_layer(node, scope)
        return variant_named(node, scope)

    def _is_foreign(self, node: tree.Attribute, scope: Scope) -> bool:
        """Tell whether this is ``nn.Linear``, and ``nn`` nothing of the text's own."""
        name = dotted(node)
        return of_framework(name) and not scope.binds(name.partition(".")[0])

    def _call(self, node: tree.Call, scope: Scope) -> Value:
        function = node.function
        if (
            isinstance(function, tree.Name)
            and not scope.binds(function.id)
            and function.id not in self.built_in
            and self.vocabulary.library(function.id) is None
        ):
            raise self._unknown_layer(function, scope, node)
        if isinstance(function, tree.Attribute) and self._is_foreign(function, scope):
            raise self._unknown_layer(function, scope, node)
        value = self.value(function, scope)
        if not isinstance(value, Template):
            raise not_callable(self, value, node, scope)
        made: Value = value.target.call(self, node, scope)
        return made

    def axis(self, node: tree.Expression, scope: Scope) -> Size:
        """Return a size of a shape: an integer, at least 1."""
        size = self.size(node, scope)
        self.run.require(
            Condition("integer", size, says=f"an axis must be an integer, not {text(size)}"),
            node.span,
        )
        self.run.require(
            Condition("positive", size, says=f"an axis must be at least 1, not {text(size)}"),
            node.span,
        )
        return size

    def name_axes(self, pattern: tree.Pattern, signal: Signal, scope: Scope) -> None:
        """Bind the axes of ``y[h, w, c] = …``."""
        names = axis_names(pattern, signal, self.run)
        if names is None:
            raise SymparamsError(
                f"'{pattern.name}' has not these axes: it is {signal.described()}", pattern.span
            )
        scope.names.update(names)
        scope.axes.update(places(pattern, len(signal.axes)))

    #: Reads each kind of expression; an heir may read some of them in its own way.
    rules: ClassVar[Mapping[type[tree.Expression], Callable[[Any, Any, Scope], Value]]] = {
        tree.Number: _number,
        tree.Name: _name,
        tree.Flag: _flag,
        tree.Quoted: _quoted,
        tree.Group: _group,
        tree.Bundle: _bundle,
        tree.List: _list,
        tree.Comprehension: _comprehension,
        tree.Range: _range,
        tree.Call: _call,
        tree.Index: _index,
        tree.Attribute: _attribute,
        tree.Negate: read_negate,
        tree.Power: read_power,
        tree.Product: read_product,
        tree.Sum: read_sum,
        tree.Chain: read_chain,
        **BRANCHES,
        tree.Braces: in_braces,
        VariantDefault: read_variant_default,
    }
