"""Calls of layer kinds: arguments bound to declared options, and checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol

from symparams.elaboration.braces import as_tensor
from symparams.elaboration.option_types import option_value, sizes_without_names
from symparams.elaboration.reader import Reader
from symparams.elaboration.scope import Scope
from symparams.elaboration.suggestions import dotted, option_meant, too_many
from symparams.elaboration.values import Partial, Template, Tensor, Value
from symparams.errors import SymparamsError, UnknownName
from symparams.language import tree
from symparams.layers import REQUIRED, Core, Layer
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
        """Return the value of a call."""


def bind(
    node: tree.Call,
    names: Sequence[str],
    places: int,
    what: str,
    noun: str = "option",
    meant: str = "",
) -> dict[str, tree.Expression]:
    """Return arguments by name; ``names`` in order, of which ``places`` may be positional.

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
    """Return ``write '(x, y) -> f(3)'`` of ``f(x, y, 3)``: a hint for tensors given as
    arguments.
    """
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
        many = next((n for n, o in options.items() if o.variadic), None)
        values: dict[str, Any] = dict(self.given)
        if many is not None and node.args and many not in values:
            values[many] = sizes_without_names(evaluator, node.args, scope, options[many], kind)
            node = node.but(args=())
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
                values[name] = option_value(evaluator, line.value, line.scope, option, name, kind)
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
        """Return the leading arguments that are tensors, and the call without them."""
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
        return found, node.but(args=tuple(rest)) if found else node

    def _on_tensors(self) -> bool:
        """Tell whether a kind may be called on tensors: cores, and kinds whose options all
        have names.
        """
        places = [o for o in self.layer.options.values() if o.place is not None]
        return issubclass(self.layer, Core) or (not places and not self.layer.computes)


def _on_tensors(evaluator: Reader, net: LayerNet, tensors: list[Node]) -> Tensor:
    """Return a layer called on tensors, with what computes them."""
    if len(tensors) == 1:
        before: Node = tensors[0]
    else:
        flow = Bundled(tuple(t.output for t in tensors))
        before = JoinNode(flow, net.span, "bundle", tuple(tensors))
    node = net.apply(before.output, evaluator.run)
    return Tensor(ChainNode(node.output, net.span, (before, node)))
