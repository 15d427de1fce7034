"""Calls of layer kinds: arguments bound to declared options, and checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol

from symparams.algebra import Condition, Size, text
from symparams.elaboration.braces import as_tensor
from symparams.elaboration.reader import Reader
from symparams.elaboration.scope import DefaultLine, Scope
from symparams.elaboration.suggestions import as_list, dotted, option_meant, too_many
from symparams.elaboration.values import (
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
from symparams.errors import Span, SymparamsError, UnknownName, did_you_mean
from symparams.language import tree
from symparams.layers import REQUIRED, Core, Layer, Option
from symparams.network import (
    Applied,
    Bundled,
    ChainNode,
    JoinNode,
    LayerNet,
    Net,
    Node,
    ReferenceNode,
)

#: Kinds that are cells themselves; a cell of one's own is run by 'recur'.
CELLS = frozenset({"gru", "lstm", "recurrent", "rnn"})
#: Longest hint that repeats a call.
LONGEST_HINT = 80


class Target(Protocol):
    """Something callable; ``noun`` is what errors call it."""

    noun: str

    def call(self, evaluator: Reader, node: tree.Call, scope: Scope) -> Value:
        """The value of a call."""


def bind(
    node: tree.Call,
    names: Sequence[str],
    places: int,
    what: str,
    noun: str = "option",
    meant: str = "",
) -> dict[str, tree.Expression]:
    """Arguments by name; ``names`` in order, of which ``places`` may be positional.

    ``meant`` is a hint for a call with too many of them.

    Raises:
        SymparamsError: too many, unknown, or given twice.
    """
    given: dict[str, tree.Expression] = {}
    if len(node.args) > places:
        extra = node.args[places]
        allowed = "takes no" if not places else f"takes {places}"
        later = [n for n in names[places:] if n not in {o.name for o in node.options}]
        hint = meant or too_many(extra, names, later)
        raise SymparamsError(
            f"{what} {allowed} argument{'s' * (places > 1)} without a name", extra.span, hint
        )
    given.update(zip(names, node.args, strict=False))
    for option in node.options:
        if option.name not in names:
            raise UnknownName(
                f"{what} has no {noun} '{option.name}'",
                option.name_span,
                option_meant(option.name, names, dotted(node.function)),
            )
        if option.name in given:
            raise SymparamsError(f"{what} is given '{option.name}' twice", option.name_span)
        given[option.name] = option.value
    return given


def in_front(evaluator: Reader, node: tree.Call, scope: Scope) -> str:
    """``write '(x, y) -> f(3)'`` of ``f(x, y, 3)``: a hint for tensors given as arguments."""
    front: list[str] = []
    for arg in node.args:
        try:
            with evaluator.body():
                if as_tensor(evaluator.value(arg, scope), arg.span) is None:
                    break
        except SymparamsError:
            break
        front.append(arg.span.text)
    if not front:
        return ""
    rest = [a.span.text for a in (*node.args[len(front) :], *node.options)]
    call = node.function.span.text + (f"({', '.join(rest)})" if rest else "")
    first = front[0] if len(front) == 1 else f"({', '.join(front)})"
    hint = f"write '{first} -> {call}'"
    if len(hint) > LONGEST_HINT or "\n" in hint:
        return "what goes in stands in front"
    return hint


def _no_cell(node: tree.Call, scope: Scope) -> None:
    """Refuse a cell of the user's own where a recurrent kind takes its units.

    Raises:
        SymparamsError: it is one; what runs it is 'recur'.
    """
    cell = node.args[0]
    bound = isinstance(cell, tree.Name) and scope.binds(cell.id)
    if bound and isinstance(scope.get(cell.span.text), Template | Net):
        state = node.args[1].span.text if len(node.args) > 1 else "h"
        raise SymparamsError(
            f"'{node.function.span.text}' takes how many units it has, not a cell",
            cell.span,
            f"write 'recur({cell.span.text}, {state})'",
        )


# --- layer kinds -----------------------------------------------------------


@dataclass(frozen=True)
class KindTarget:
    """A built-in layer kind; ``given`` holds options of an earlier, partial call."""

    layer: type[Layer]
    given: Mapping[str, Any] = field(default_factory=dict)
    noun: ClassVar[str] = "layer kind"

    def call(self, evaluator: Reader, node: tree.Call, scope: Scope) -> Value:
        kind, options = self.layer.kind, self.layer.options
        if kind in CELLS and node.args:
            _no_cell(node, scope)
        tensors, node = self._tensors(evaluator, node, scope)
        many = next((n for n, o in options.items() if o.type == "many"), None)
        values: dict[str, Any] = dict(self.given)
        if many is not None and node.args and many not in values:
            values[many] = self._many(evaluator, node, scope, options[many], many)
            node = tree.Call(function=node.function, args=(), options=node.options, span=node.span)
        placed = [n for n, o in options.items() if o.place is not None and n not in values]
        placed.sort(key=lambda n: options[n].place or 0)
        names = placed + [n for n in options if n not in placed and n not in values]
        meant = ""
        if len(node.args) > len(placed):
            meant = in_front(evaluator, node, scope)
        given = bind(node, names, len(placed), f"'{kind}'", meant=meant)
        applied: list[Applied] = []
        for name, expression in given.items():
            values[name] = option_value(evaluator, expression, scope, options[name], name, kind)
        so_far = dict(values)
        for name, option in options.items():
            if name in values:
                continue
            line = scope.default(kind, name) or evaluator.convention.get(kind, {}).get(name)
            if line is not None:
                values[name] = _default_value(evaluator, line, option, name, kind)
                shown = line.value.span.text
                applied.append(Applied(name, shown, line.span, line.origin))
            elif option.default is REQUIRED:
                missing = f"'{kind}' needs '{name}' ({option.says})"
                if tensors:
                    raise SymparamsError(missing, node.span)
                return Partial(kind, KindTarget(self.layer, so_far), missing)
        feeds: list[tuple[str, ReferenceNode]] = []
        for name, value in values.items():
            if isinstance(value, Tensor):
                values[name] = value.signal
                reference = evaluator.held(value).node
                assert isinstance(reference, ReferenceNode)
                feeds.append((name, reference))
        net = LayerNet(node.span, self.layer(**values), tuple(applied), tuple(feeds))
        return _on_tensors(evaluator, net, tensors) if tensors else net

    def _tensors(
        self, evaluator: Reader, node: tree.Call, scope: Scope
    ) -> tuple[list[Node], tree.Call]:
        """The leading arguments that are tensors, and the call without them."""
        if not self._on_tensors() or not node.args:
            return [], node
        found: list[Node] = []
        rest = list(node.args)
        while rest and not isinstance(rest[0], tree.Quoted):
            with evaluator.body() as body:
                value = evaluator.value(rest[0], scope)
            tensor = as_tensor(value, rest[0].span)
            if tensor is None:
                break
            found.append(body.closed(tensor.node))
            rest.pop(0)
        if found:
            node = tree.Call(
                function=node.function, args=tuple(rest), options=node.options, span=node.span
            )
        return found, node

    def _on_tensors(self) -> bool:
        """Cores, and kinds whose options all have names, may be called on tensors."""
        places = [o for o in self.layer.options.values() if o.place is not None]
        return issubclass(self.layer, Core) or (not places and not self.layer.computes)

    def _many(
        self, evaluator: Reader, node: tree.Call, scope: Scope, option: Option, name: str
    ) -> tuple[Size, ...]:
        sizes: list[Size] = []
        for arg in node.args:
            value = evaluator.value(arg, scope)
            items = value.items if isinstance(value, Listed) else (value,)
            what = f"each size of '{self.layer.kind}'"
            if isinstance(value, Several):
                raise SymparamsError(
                    f"{what} must be a size, not {describe(value)}", arg.span, as_list(arg)
                )
            sizes += [checked(evaluator, item, arg.span, option, what) for item in items]
        return tuple(sizes)


def _on_tensors(evaluator: Reader, net: LayerNet, tensors: list[Node]) -> Tensor:
    """A layer called on tensors, with what computes them."""
    if len(tensors) == 1:
        before: Node = tensors[0]
    else:
        flow = Bundled(tuple(t.output for t in tensors))
        before = JoinNode(flow, net.span, "bundle", tuple(tensors))
    node = net.apply(before.output, evaluator.run)
    return Tensor(ChainNode(node.output, net.span, (before, node)))


def _default_value(
    evaluator: Reader, line: DefaultLine, option: Option, name: str, kind: str
) -> Any:
    return option_value(evaluator, line.value, line.scope, option, name, kind)


def option_value(
    evaluator: Reader,
    node: tree.Expression,
    scope: Scope,
    option: Option,
    name: str,
    kind: str,
) -> Any:
    """The value of an option, checked against its declaration.

    Raises:
        SymparamsError: the wrong kind of value, or one out of its range.
    """
    what = f"'{name}' of '{kind}'"
    words = option.words
    if option.type == "equation" and isinstance(node, tree.Quoted):
        return node.text
    if isinstance(node, tree.Name) and node.id in words and not scope.binds(node.id):
        return node.id
    if option.type in ("axis", "axes") and isinstance(node, tree.Name):
        named = scope.axis(node.id)
        if named is not None:
            return named
    if option.type == "axes" and isinstance(node, tree.List):
        one = Option("axis", "", option.says)
        return tuple(option_value(evaluator, n, scope, one, name, kind) for n in node.items)
    if (
        isinstance(node, tree.Name)
        and words
        and not scope.binds(node.id)
        and node.id not in evaluator.built_in
    ):
        # A free name may be a size, but not when it is a word with a slip in it.
        meant = did_you_mean(node.id, words)
        if option.type in ("word", "axes") or scope.free is None or meant:
            other = {"word": "", "axes": " or axes"}.get(option.type, " or a size")
            hint = meant or f"it may be {', '.join(words)}{other}"
            raise SymparamsError(f"{what} cannot be '{node.id}'", node.span, hint)
    value = evaluator.value(node, scope)
    if isinstance(value, Word) and value.id in words:
        return value.id
    if value is None and "none" in words:
        return "none"
    if option.type == "word":
        raise SymparamsError(
            f"{what} must be one of {', '.join(words)}, not {describe(value)}", node.span
        )
    if option.type == "flag":
        if not isinstance(value, bool):
            raise SymparamsError(f"{what} must be yes or no, not {describe(value)}", node.span)
        return value
    if option.type == "net":
        return evaluator.as_net(value, node, scope)
    if option.type == "tensor":
        tensor = as_tensor(value, node.span)
        if tensor is None and value is not None:
            raise SymparamsError(f"{what} must be a tensor, not {describe(value)}", node.span)
        if tensor is not None and (isinstance(tensor.signal, Bundled) or tensor.signal.tokens):
            given = tensor.signal.described()
            raise SymparamsError(f"{what} must be a tensor of numbers, not {given}", node.span)
        return tensor
    if option.type == "equation":
        if value is None and option.default is None:
            return None
        raise SymparamsError(
            f"{what} must be an equation in quotes, not {describe(value)}",
            node.span,
            'as in "bc,cd->bd"',
        )
    if option.type == "axes" and isinstance(value, Listed):
        return tuple(_axis(evaluator, item, node.span, what) for item in value.items)
    if option.type in ("axes", "sizes", "row") and isinstance(value, Several):
        raise SymparamsError(
            f"{what} must be a list, not {describe(value)}", node.span, as_list(node)
        )
    if option.type in ("axis", "axes"):
        return _axis(evaluator, value, node.span, what)
    if option.type in ("sizes", "row") and isinstance(value, Listed):
        return tuple(
            checked(evaluator, item, node.span, option, f"each of {what}") for item in value.items
        )
    if option.type == "count":
        size = evaluator.as_size(value, node.span, "a number")
        value = evaluator.run.number(size, node.span, what)
    return checked(evaluator, value, node.span, option, what)


def _axis(evaluator: Reader, value: Value, span: Span, what: str) -> int:
    size = evaluator.as_size(value, span, "an axis")
    number = evaluator.run.number(size, span, what)
    if not isinstance(number, int):
        raise SymparamsError(f"{what} must be an integer, not {text(number)}", span)
    return number


def checked(evaluator: Reader, value: Value, span: Span, option: Option, what: str) -> Size:
    """A size of an option, an integer not below the least."""
    if not is_size(value):
        hint = "what goes in stands in front: x -> …" if isinstance(value, Tensor) else ""
        raise SymparamsError(f"{what} must be a size, not {describe(value)}", span, hint)
    size: Any = value
    if option.type != "number":
        shown = f", not {text(size)}"
        evaluator.run.require(
            Condition("integer", size, says=f"{what} must be an integer{shown}"), span
        )
    evaluator.run.require(
        Condition(
            "positive" if option.low == 1 else "nonnegative",
            size if option.low == 1 else size - option.low,
            says=f"{what} must be at least {option.low}, not {text(size)}",
        ),
        span,
    )
    if option.high is not None:
        evaluator.run.require(
            Condition(
                "nonnegative",
                option.high - size,
                says=f"{what} must be at most {option.high}, not {text(size)}",
            ),
            span,
        )
    return size  # type: ignore[no-any-return]
