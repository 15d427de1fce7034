"""What else can be called: inputs and size functions."""

from __future__ import annotations

from typing import ClassVar

from symparams.algebra import Size, SizeFunction, product
from symparams.elaboration.callables import bind
from symparams.elaboration.option_types import checked
from symparams.elaboration.reader import Reader
from symparams.elaboration.scope import Scope
from symparams.elaboration.suggestions import bare, foreign_value
from symparams.elaboration.values import Listed, Several, Tensor, Value, describe
from symparams.errors import Span, SymparamsError
from symparams.language import tree
from symparams.network import ZEROS, InputNode, Node, ReferenceNode, Signal
from symparams.records import Record

# --- inputs and size functions ---------------------------------------------


#: Said of an input axis that is left open.
ANY_SIZE = "write a name, as t, for any size"


class InputTarget(Record):
    """``input(h, w, c)`` and ``tokens(s)``, and what the catalogue says of them."""

    tokens: bool
    signature: str
    says: str
    noun: ClassVar[str] = "input"

    def call(self, evaluator: Reader, node: tree.Call, scope: Scope) -> Value:
        name = "tokens" if self.tokens else "input"
        if node.options:
            first = node.options[0]
            sizes = bare(first.value)
            hint = f"write {name}({sizes})" if sizes else ""
            raise SymparamsError(f"'{name}' has no option '{first.name}'", first.name_span, hint)
        if not node.args:
            raise SymparamsError(
                f"'{name}' needs its sizes",
                node.span,
                "as in tokens(128)" if self.tokens else "as in input(224, 224, 3)",
            )
        axes = tuple(
            checked(evaluator, self._size(evaluator, a, scope), a.span, f"an axis of '{name}'")
            for a in node.args
        )
        axes = tuple(evaluator.run.facts.reduce(a) for a in axes)
        run = evaluator.run
        storage = run.storages.new(product(axes), integers=self.tokens)
        signal = Signal(axes, self.tokens, run.grad(False), storage)
        if evaluator.feed is None:
            return Tensor(InputNode(signal, node.span, name))
        return Tensor(_fed(evaluator, signal, node))

    def _size(self, evaluator: Reader, node: tree.Expression, scope: Scope) -> Size:
        """Return one axis; what the frameworks write for an open one, or for all, is refused."""
        if isinstance(node, tree.Name) and not scope.binds(node.id):
            foreign = foreign_value(node)
            if foreign is not None:
                foreign.hint = ANY_SIZE
                raise foreign
        value = evaluator.value(node, scope)
        if value is None:
            raise SymparamsError("a size is needed here, not none", node.span, ANY_SIZE)
        if isinstance(value, Several | Listed):
            hint = f"write {bare(node)}" if bare(node) else ""
            raise SymparamsError(f"a size is needed here, not {describe(value)}", node.span, hint)
        return evaluator.as_size(value, node.span)


def _fed(evaluator: Reader, signal: Signal, node: tree.Call) -> Node:
    """Return what a model in a chain takes for one of its inputs, checked against its shape."""
    assert evaluator.feed is not None
    if not evaluator.feed:
        raise SymparamsError("a model inside a chain gets fewer tensors than it takes", node.span)
    reference = evaluator.feed.pop(0)
    given = reference.output
    fits = (
        isinstance(given, Signal)
        and given.tokens == signal.tokens
        and len(given.axes) == len(signal.axes)
        and all(
            evaluator.run.facts.zero(a - b) is True
            for a, b in zip(given.axes, signal.axes, strict=True)
        )
    )
    if not fits:
        raise SymparamsError(
            f"a model inside a chain takes {signal.described()}, but gets {given.described()}",
            node.span,
        )
    return reference.but(span=node.span)


class ZerosTarget(Record):
    """``zeros(…)``: a tensor of zeros; it costs nothing."""

    signature: ClassVar[str] = "zeros(…)"
    says: ClassVar[str] = "A tensor of zeros; it costs nothing."
    noun: ClassVar[str] = "core"

    def call(self, evaluator: Reader, node: tree.Call, scope: Scope) -> Value:
        bind(node.but(args=()), (), 0, "'zeros'")
        axes = tuple(evaluator.axis(a, scope) for a in node.args)
        run = evaluator.run
        storage = run.storages.new(product(axes), batched=False)
        signal = Signal(axes, grad=run.grad(False), storage=storage)
        return Tensor(ReferenceNode(signal, node.span, ZEROS))


class SizeTarget(Record):
    """``ceil``, ``min``, ``round_up``, … on sizes."""

    function: SizeFunction
    noun: ClassVar[str] = "size function"

    def call(self, evaluator: Reader, node: tree.Call, scope: Scope) -> Value:
        name = self.function.name
        if node.options:
            raise SymparamsError(
                f"'{name}' has no option '{node.options[0].name}'", node.options[0].name_span
            )
        sizes: list[Size] = []
        for value, span in spread(evaluator, node, scope):
            if isinstance(value, Listed) and span.text.startswith("["):
                what = f"a size for '{name}' is needed here, not a list"
                raise SymparamsError(what, span, f"write {name}({span.text[1:-1].strip()})")
            sizes.append(evaluator.as_size(value, span, f"a size for '{name}'"))
        wanted = self.function.takes
        if (wanted is not None and len(sizes) != wanted) or not sizes:
            number = "at least one size" if wanted is None else f"{wanted} sizes"
            number = "one size" if wanted == 1 else number
            raise SymparamsError(f"'{name}' takes {number}, not {len(sizes)}", node.span)
        return self.function(*sizes)


def spread(evaluator: Reader, node: tree.Call, scope: Scope) -> list[tuple[Value, Span]]:
    """Return positional arguments as values, comprehensions taken apart."""
    found: list[tuple[Value, Span]] = []
    for arg in node.args:
        if isinstance(arg, tree.Comprehension):
            found += [(v, arg.span) for v in evaluator.passes(arg, scope)]
        else:
            found.append((evaluator.value(arg, scope), arg.span))
    return found
