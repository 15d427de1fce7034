"""Blocks, layers and models of the user's own, called."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import ClassVar

from symparams.algebra import POSITIVE, Condition, Domain, Polynomial, Size, product, symbol, text
from symparams.elaboration.braces import as_tensor
from symparams.elaboration.callables import bind, in_front
from symparams.elaboration.conditionals import demand
from symparams.elaboration.domains import domain_in_words, domain_of, each, extent_of, inside
from symparams.elaboration.patterns import axis_names, matched, shown
from symparams.elaboration.reader import Reader
from symparams.elaboration.scope import DefaultLine, Scope
from symparams.elaboration.values import Listed, Partial, Value, Word, describe, is_size
from symparams.errors import Span, SymparamsError
from symparams.language import tree
from symparams.layers import Layer, Shape, Weight
from symparams.network import (
    Applied,
    BlockNet,
    Bundled,
    Flow,
    LayerNet,
    Node,
    Place,
    ReferenceNode,
    Run,
    Signal,
    used,
)
from symparams.records import Record


class Bound(Record):
    """The arguments of a call, bound.

    Attributes:
        given: the arguments so far, by name.
        missing: what is missing, in words, or "".
        applied: the ``default`` lines that stood in for arguments.
    """

    given: Mapping[str, Value]
    missing: str
    applied: tuple[Applied, ...]


def bound(
    evaluator: Reader,
    node: tree.Call,
    scope: Scope,
    parameters: tuple[tree.Parameter, ...],
    what: str,
    given: Mapping[str, Value],
) -> dict[str, Value]:
    """Return the arguments of a call by name, beside those given before."""
    open_names = [p.name for p in parameters if p.name not in given]
    meant = in_front(evaluator, node, scope) if len(node.args) > len(open_names) else ""
    expressions = bind(node, open_names, len(open_names), what, "parameter", meant)
    values = dict(given)
    for name, expression in expressions.items():
        value = _argument(evaluator, expression, scope)
        tensor = as_tensor(value, expression.span)
        values[name] = evaluator.held(tensor) if tensor is not None else value
    return values


def completed(
    evaluator: Reader,
    values: Mapping[str, Value],
    parameters: tuple[tree.Parameter, ...],
    inner: Scope,
    what: str,
    lines: Mapping[str, DefaultLine],
    span: Span,
    otherwise: Domain | None = None,
) -> Bound:
    """Return arguments, ``default`` lines and the parameters' own defaults, as names of ``inner``.

    A size must be in the domain of its parameter, or else in ``otherwise``.
    """
    missing = ""
    applied: list[Applied] = []
    for parameter in parameters:
        name = parameter.name
        line = lines.get(name)
        if name in values:
            inner.names[name] = values[name]
        elif line is not None:
            inner.names[name] = _argument(evaluator, line.value, line.scope)
            applied.append(Applied(name, line.value.span.text, line.span, line.origin))
        elif parameter.default is None:
            missing = missing or f"{what} needs '{name}'"
        elif not missing:  # a default may name what is missing
            inner.names[name] = evaluator.value(parameter.default, inner)
        if name in inner.names:
            inner.names[name] = _fitting(
                evaluator, parameter, inner.names[name], inner, what, span, otherwise
            )
    return Bound(values, missing, tuple(applied))


def _fitting(
    evaluator: Reader,
    parameter: tree.Parameter,
    value: Value,
    scope: Scope,
    what: str,
    span: Span,
    otherwise: Domain | None,
) -> Value:
    """Return a value of a parameter as its extent and its domain want it."""
    domain = otherwise
    if parameter.domain is not None:
        domain = domain_of(parameter.domain, evaluator, scope)
    items: list[Value] = [value]
    if parameter.extent:
        extent = extent_of(parameter, evaluator, scope)
        items = each(parameter.name, value, extent, span)
        value = Listed(tuple(items))
    for item in items:
        if domain is not None and is_size(item):
            size: Size = item  # type: ignore[assignment]  # is_size narrowed it
            where = domain_in_words(domain)
            says = f"'{parameter.name}' of {what} must be {where}, not {text(size)}"
            if isinstance(size, Polynomial):
                for condition in inside(size, domain):
                    evaluator.run.require(replace(condition, says=condition.says or says), span)
            elif size not in domain:
                raise SymparamsError(says, span)
    return value


def lines_for(
    evaluator: Reader, scope: Scope, written: tree.Definition | tree.LayerDefinition
) -> dict[str, DefaultLine]:
    """Return the ``default`` lines of a block or layer: a convention's are of the library's
    only.
    """
    name = written.name
    own = scope.defaults.get(name, {})
    found = {option: line for option, line in own.items() if line.about is written}
    if written.name_span.source.shipped:
        conventions = {**evaluator.convention.get(name, {}), **own}
        found = {o: line for o, line in conventions.items() if line.origin} | found
    return found


def _argument(evaluator: Reader, expression: tree.Expression, scope: Scope) -> Value:
    """Return an argument of a block; a word that some option knows is that word, not a symbol."""
    if (
        isinstance(expression, tree.Name)
        and not scope.binds(expression.id)
        and expression.id in evaluator.words
        and expression.id not in evaluator.built_in
    ):
        return Word(expression.id)
    return evaluator.value(expression, scope)


@dataclass(frozen=True, eq=False)
class BlockUse:
    """A definition in use, with what it was given: the same again inside itself never ends."""

    written: tree.SyntaxNode
    scope: Scope
    given: Mapping[str, Value]

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, BlockUse)
            and self.written is other.written
            and self.scope is other.scope
            and self.given.keys() == other.given.keys()
            and all(_same(value, other.given[name]) for name, value in self.given.items())
        )

    __hash__ = None  # type: ignore[assignment]  # what is given need not have one


def _same(one: Value, other: Value) -> bool:
    """Tell whether two values are one thing; sizes, words and flags are what they say."""
    plain = (int, Fraction, Polynomial, Word)
    return one is other or (isinstance(one, plain) and type(one) is type(other) and one == other)


def around(
    written: tree.BlockDefinition | tree.ModelDefinition,
    named_in: tuple[tree.SyntaxNode, ...] | None,
    span: Span,
) -> tuple[tree.SyntaxNode, ...]:
    """Return where the text of a definition stands: in what names it, by whatever way, and in
    itself.

    What a definition is passed was named outside of it.

    Raises:
        SymparamsError: it is named in its own text, or in that of what it uses.
    """
    outside = named_in or ()
    # A variant has the text of its model, under another head.
    if any(getattr(outer, "body", None) is written.body for outer in outside):
        noun = "model" if isinstance(written, tree.ModelDefinition) else "block"
        raise SymparamsError(f"{noun} '{written.name}' uses itself", span)
    return (*outside, written)


@dataclass(frozen=True, eq=False)
class BlockTarget:
    """A block, with the names around its definition.

    ``named_in`` are the definitions in whose text it is named, the outermost
    first; None until something names it.
    """

    written: tree.BlockDefinition
    scope: Scope
    given: Mapping[str, Value] = field(default_factory=dict)
    named_in: tuple[tree.SyntaxNode, ...] | None = None
    noun: ClassVar[str] = "block"

    def call(self, evaluator: Reader, node: tree.Call, scope: Scope) -> Value:
        written = self.written
        what = f"block '{written.name}'"
        values = bound(evaluator, node, scope, written.parameters, what, self.given)
        lines = lines_for(evaluator, scope, written)
        text_around = around(written, self.named_in, node.span)
        inner = self.scope.inner()
        inner.inside = text_around
        made = completed(evaluator, values, written.parameters, inner, what, lines, node.span)
        if made.missing:
            target = BlockTarget(written, self.scope, made.given, self.named_in or ())
            return Partial(written.name, target, made.missing)

        def without(option: str) -> Callable[[Flow, Run, Place], Node] | None:
            others = {name: line for name, line in lines.items() if name != option}
            other = self.scope.inner()
            other.inside = text_around
            left = completed(evaluator, values, written.parameters, other, what, others, node.span)
            return None if left.missing else self._body(evaluator, node, other)

        tried = ((applied, without(applied.option)) for applied in made.applied)
        others = tuple((applied, body) for applied, body in tried if body is not None)
        use = BlockUse(written, self.scope, made.given)
        return BlockNet(node.span, written.name, self._body(evaluator, node, inner), others, use)

    def _body(
        self, evaluator: Reader, node: tree.Call, inner: Scope
    ) -> Callable[[Flow, Run, Place], Node]:
        """Build the block with the names of ``inner`` once its input is known."""
        written = self.written

        def body(flow: Flow, run: Run, entry: Place) -> Node:
            # The evaluator of the call is that of the run: one run, one evaluator.
            names, axes = matched(written.patterns, flow, run, node.span, written.name, entry)
            deeper = inner.inner(names)
            deeper.axes = axes
            for condition in written.where:
                demand(evaluator, condition, deeper)
            with evaluator.body() as made:
                value = evaluator.value(written.body, deeper)
                tensor = as_tensor(value, written.body.span)
                if tensor is not None:
                    result = tensor.node
                else:
                    result = evaluator.as_net(value, written.body, deeper).apply(flow, run)
            return made.closed(result)

        return body


# --- layers in the language ------------------------------------------------


class WrittenLayer(Layer):
    """A layer that a file defines with ``layer NAME … { weight … }``."""

    kind = "layer"

    def __init__(
        self, evaluator: Reader, written: tree.LayerDefinition, scope: Scope, span: Span
    ) -> None:
        for name, value in {
            "evaluator": evaluator,
            "written": written,
            "scope": scope,
            "span": span,
            "kind": written.name,
        }.items():
            object.__setattr__(self, name, value)

    evaluator: Reader
    written: tree.LayerDefinition
    scope: Scope
    span: Span

    def _names(self, shape: Shape) -> Scope:
        (pattern,) = self.written.patterns
        names = axis_names(pattern, Signal(shape), self.evaluator.run)
        if names is None:
            raise SymparamsError(
                f"'{self.kind}' takes {shown(pattern)}, but gets {Signal(shape).described()}",
                self.span,
                notes=[("its axes are named here", pattern.span)],
            )
        inner = self.scope.inner(names)
        for line in self.written.members:
            if isinstance(line, tree.Binding):
                inner.names[line.targets[0].name] = self.evaluator.value(line.value, inner)
        return inner

    @contextmanager
    def _inside(self) -> Iterator[None]:
        """Mark what runs while a line of the layer is read: an error in it shows who uses the
        layer.
        """
        try:
            yield
        except SymparamsError as error:
            raise used(error, self.kind, self.span) from None

    def weights(self, shape: Shape) -> Iterator[Weight]:
        names = self._names(shape)
        for line in self.written.members:
            if isinstance(line, tree.WeightLine):
                with self._inside():
                    sizes = tuple(self.evaluator.axis(size, names) for size in line.shape)
                yield Weight(line.name, sizes, buffer=line.buffer, table=line.table)

    def output(self, shape: Shape) -> Shape:
        names = self._names(shape)
        for line in self.written.members:
            if isinstance(line, tree.OutputLine):
                with self._inside():
                    sizes = tuple(self.evaluator.axis(size, names) for size in line.shape)
                return (*self._positions(shape), *sizes) if line.ellipsis else sizes
        return shape

    def macs(self, shape: Shape) -> Size | None:
        names = self._names(shape)
        for line in self.written.members:
            if isinstance(line, tree.MacsLine):
                with self._inside():
                    each = self.evaluator.size(line.value, names)
                for test, what in (("integer", "an integer"), ("nonnegative", "at least 0")):
                    says = f"'macs' must be {what}, not {text(each)}"
                    self.evaluator.run.require(Condition(test, each, says=says), line.span)
                return each * product(self._positions(shape))
        return None

    def _positions(self, shape: Shape) -> Shape:
        """Return the axes that ``...`` stands for."""
        axes = self.written.patterns[0].axes
        dots = next((k for k, a in enumerate(axes) if a.name == "..."), None)
        if dots is None:
            return ()
        return shape[dots : len(shape) - (len(axes) - dots - 1)]

    def own_sizes(self, shape: Shape) -> dict[str, Size]:
        values = dict(zip(self._letters(len(shape)), shape, strict=True))
        sizes = {p.name: self.scope.get(p.name) for p in self.written.parameters}
        values.update({n: v for n, v in sizes.items() if is_size(v)})  # type: ignore[misc]
        return values

    def lettered(self, rank: int) -> tuple[Weight, ...]:
        """Return the weights with every parameter and axis under its own name."""
        scope = self.scope.inner({p.name: symbol(p.name) for p in self.written.parameters})
        general = WrittenLayer(self.evaluator, self.written, scope, self.span)
        return tuple(general.weights(tuple(symbol(name or "n") for name in self._letters(rank))))

    def _letters(self, rank: int) -> list[str]:
        """Return the names of the axes of an input; n1, n2, … are those that ``...`` stands for."""
        axes = self.written.patterns[0].axes
        more = rank - sum(axis.name != "..." for axis in axes)
        found: list[str] = []
        for axis in axes:
            own = axis.name != "..."
            found += [axis.name] if own else [f"n{k}" for k in range(1, more + 1)]
        return found


@dataclass(frozen=True, eq=False)
class LayerTarget:
    """A layer that a file defines."""

    written: tree.LayerDefinition
    scope: Scope
    given: Mapping[str, Value] = field(default_factory=dict)
    noun: ClassVar[str] = "layer kind"

    def call(self, evaluator: Reader, node: tree.Call, scope: Scope) -> Value:
        inner = self.scope.inner()
        what = f"'{self.written.name}'"
        parameters = self.written.parameters
        values = bound(evaluator, node, scope, parameters, what, self.given)
        lines = lines_for(evaluator, scope, self.written)
        made = completed(evaluator, values, parameters, inner, what, lines, node.span)
        if made.missing:
            target = LayerTarget(self.written, self.scope, made.given)
            return Partial(self.written.name, target, made.missing)
        try:
            for condition in self.written.where:
                demand(evaluator, condition, inner)
        except SymparamsError as error:
            raise used(error, self.written.name, node.span) from None
        return LayerNet(node.span, WrittenLayer(evaluator, self.written, inner, node.span))


# --- models inside a chain -------------------------------------------------


@dataclass(frozen=True, eq=False)
class ModelTarget:
    """A model as a part of another: at its defaults, or at what is passed.

    Its inputs are a check of the shapes that come in; its outputs go on.
    """

    written: tree.ModelDefinition
    scope: Scope
    named_in: tuple[tree.SyntaxNode, ...] | None = None
    noun: ClassVar[str] = "model"

    def call(self, evaluator: Reader, node: tree.Call, scope: Scope) -> Value:
        written = self.written
        inner = self.scope.inner()
        inner.inside = around(written, self.named_in, node.span)
        what = f"model '{written.name}'"
        values = bound(evaluator, node, scope, written.parameters, what, {})
        made = completed(
            evaluator, values, written.parameters, inner, what, {}, node.span, POSITIVE
        )
        if made.missing:
            raise SymparamsError(made.missing, node.span, "inside a chain every size has a value")

        def body(flow: Flow, run: Run, entry: Place) -> Node:
            items = (
                [ReferenceNode(item, None, entry, (k,)) for k, item in enumerate(flow.items)]
                if isinstance(flow, Bundled)
                else [ReferenceNode(flow, None, entry)]
            )
            taken = len(items)
            before, evaluator.feed = evaluator.feed, items
            try:
                for condition in written.where:
                    demand(evaluator, condition, inner)
                with evaluator.body() as made:
                    value = evaluator.value(written.body, inner)
                    tensor = as_tensor(value, written.body.span)
                if tensor is None:
                    raise SymparamsError(
                        f"a model needs an input, but this is {describe(value)}", written.body.span
                    )
                if evaluator.feed:
                    raise SymparamsError(
                        f"{what} takes {taken - len(evaluator.feed)} tensors, not {taken}",
                        node.span,
                    )
            finally:
                evaluator.feed = before
            return made.closed(tensor.node)

        use = BlockUse(written, self.scope, values)
        return BlockNet(node.span, written.name, body, (), use)
