"""``{ … }``: names for what several parts use, and a result."""

from __future__ import annotations

from symparams.algebra import product
from symparams.elaboration.reader import Body, Reader
from symparams.elaboration.scope import Scope
from symparams.elaboration.values import Listed, Several, Template, Tensor, Value, describe
from symparams.errors import Span, SymparamsError
from symparams.language import names_in, tree
from symparams.layers import Weight
from symparams.network import (
    Bundled,
    Cell,
    Flow,
    GroupNode,
    JoinNode,
    NamedNet,
    Net,
    Node,
    Place,
    ReferenceNode,
    Run,
    SharedNet,
    Signal,
    WeightNode,
    stored,
)

#: How deep braces may stand in expressions; each level is read twice.
DEEPEST_BRACES = 8


def in_braces(evaluator: Reader, node: tree.Braces, scope: Scope) -> Value:
    """Return the value of braces: a tensor (or several), or a net that is read anew at each use.

    Raises:
        SymparamsError: a statement that makes no sense, a name that nothing uses.
    """
    if evaluator.braces >= DEEPEST_BRACES:
        raise SymparamsError(f"braces nest deeper than {DEEPEST_BRACES}", node.span)
    evaluator.braces += 1
    try:
        with evaluator.body() as body:
            value = statements(evaluator, node, scope)
            tensor = as_tensor(value, node.span)
    finally:
        evaluator.braces -= 1
    if tensor is not None:
        return Tensor(body.closed(tensor.node))
    if isinstance(value, Net):
        return BracesNet(node.span, evaluator, node, scope)
    return value


class BracesNet(Net):
    """Braces that end in a net: read at each application, with weights of their own."""

    apart = ("evaluator", "scope")

    evaluator: Reader
    node: tree.Braces
    scope: Scope

    def apply(self, flow: Flow, run: Run) -> Node:
        with self.evaluator.body() as body:
            value = statements(self.evaluator, self.node, self.scope)
            result = self.evaluator.as_net(value, self.node.result[0], self.scope).apply(flow, run)
        return body.closed(result)


def statements(evaluator: Reader, node: tree.Braces, scope: Scope) -> Value:
    """Read the statements of braces in order, then the result."""
    inner = scope.inner()
    taken: dict[str, Span] = {}
    known = id(node) in evaluator.checked  # by an earlier pass: the tree outlives its reading
    for place, statement in enumerate(node.statements):
        later = () if known else (*node.statements[place + 1 :], *node.result)
        match statement:
            case tree.Binding():
                for target in statement.targets:
                    _take(target.name, target.span, taken)
                _bind(evaluator, statement, inner)
                for target in statement.targets:
                    _used(target.name, target.span, later)
            case tree.WeightLine():
                _take(statement.name, statement.name_span, taken)
                _weight(evaluator, statement, inner)
                _used(statement.name, statement.name_span, later)
            case tree.Default():
                inner.defaults = evaluator.with_lines(inner.defaults, statement, inner)
            case tree.BlockDefinition():
                _take(statement.name, statement.name_span, taken)
                inner.names[statement.name] = evaluator.block(statement, inner)
            case _:
                raise SymparamsError("this cannot stand in braces", statement.span)
    evaluator.checked.add(id(node))
    values = tuple(evaluator.value(result, inner) for result in node.result)
    if len(values) == 1:
        only = values[0]
        if isinstance(only, Tensor | Several) or not _is_net(only):
            return only
        return evaluator.as_net(only, node.result[0], inner)
    return Several(values)


def _take(name: str, span: Span, taken: dict[str, Span]) -> None:
    """Take a name in braces; it may be bound once."""
    if name in taken and name != "_":
        raise SymparamsError(f"'{name}' is bound twice", span, notes=[("first here", taken[name])])
    taken[name] = span


def _is_net(value: Value) -> bool:
    return isinstance(value, Net | Template)


def _used(name: str, span: Span, later: tuple[tree.SyntaxNode, ...]) -> None:
    """Check that a name is used by what stands behind it; nothing stands there where it was."""
    if later and name != "_" and not any(name in names_in(node) for node in later):
        raise SymparamsError(f"nothing uses '{name}'", span, "remove it, or name it _")


def _weight(evaluator: Reader, line: tree.WeightLine, scope: Scope) -> None:
    shape = tuple(evaluator.axis(size, scope) for size in line.shape)
    weight = Weight(line.name, shape, buffer=line.buffer, table=line.table)
    (weight,) = stored((weight,), None, evaluator.run.precisions)
    frozen = evaluator.run.frozen is True
    place = Place(f"the weight {line.name}")
    run = evaluator.run
    storage = run.storages.new(product(shape), batched=False, owned=True)
    signal = Signal(shape, grad=run.grad(not frozen and not line.buffer), storage=storage)
    node = WeightNode(signal, line.name_span, line.name, weight, frozen, place)
    evaluator.bodies[-1].parts.append(node)
    scope.names[line.name] = Tensor(ReferenceNode(node.output, line.name_span, place))


def _bind(evaluator: Reader, statement: tree.Binding, scope: Scope) -> None:
    value = evaluator.value(statement.value, scope)
    if statement.shared:
        if len(statement.targets) != 1:
            raise SymparamsError("one name is shared at a time", statement.span)
        target = statement.targets[0]
        net = evaluator.as_net(value, statement.value, scope)
        run = evaluator.run
        cell = Cell(target.name, target.span, len(run.presence), frozenset(run.indices))
        evaluator.bodies[-1].cells.append(cell)
        scope.names[target.name] = SharedNet(target.span, net, cell)
        return
    if len(statement.targets) == 1:
        target = statement.targets[0]
        _name(evaluator, target, value, statement.value, scope)
        return
    parts = _apart(evaluator, value, statement)
    if len(parts) != len(statement.targets):
        raise SymparamsError(
            f"{len(statement.targets)} names for {len(parts)} values", statement.span
        )
    for target, part in zip(statement.targets, parts, strict=True):
        _name(evaluator, target, part, statement.value, scope)


def _apart(evaluator: Reader, value: Value, statement: tree.Binding) -> tuple[Value, ...]:
    """Return the parts of a bundle."""
    if isinstance(value, Several | Listed):
        return tuple(value.items)
    if isinstance(value, Tensor) and isinstance(value.node.output, Bundled):
        span, items = statement.value.span, value.node.output.items
        whole = held(evaluator.bodies[-1], value, "").node
        assert isinstance(whole, ReferenceNode)
        return tuple(
            Tensor(ReferenceNode(item, span, whole.of, (*whole.part, k)))
            for k, item in enumerate(items)
        )
    raise SymparamsError(
        f"{describe(value)} has no {len(statement.targets)} parts", statement.value.span
    )


def _name(
    evaluator: Reader,
    target: tree.Pattern,
    value: Value,
    node: tree.Expression,
    scope: Scope,
) -> None:
    """Bind one name to a value."""
    tensor = as_tensor(value, node.span)
    if tensor is not None:
        value = evaluator.held(tensor, target.name)
        if target.axes:
            flow = value.node.output
            if isinstance(flow, Bundled):
                raise SymparamsError("the axes of a bundle cannot be named at once", target.span)
            evaluator.name_axes(target, flow, scope)
    elif target.axes:
        raise SymparamsError(f"{describe(value)} has no axes to name", target.span)
    elif isinstance(value, Net):
        value = NamedNet(target.span, target.name, value, evaluator.run.loops, [])
    if target.name != "_":
        scope.names[target.name] = value


def as_tensor(value: Value, span: Span) -> Tensor | None:
    """Return a tensor, or several tensors as a bundle; None for anything else."""
    if isinstance(value, Tensor):
        return value
    if isinstance(value, Several) and value.items:
        items = [as_tensor(item, span) for item in value.items]
        nodes = [item.node for item in items if item is not None]
        if len(nodes) == len(items):
            output = Bundled(tuple(n.output for n in nodes))
            return Tensor(JoinNode(output, span, "bundle", tuple(nodes)))
    return None


def held(body: Body, tensor: Tensor, name: str) -> Tensor:
    """Return a tensor whose computing is kept in a body, so that it can be used several times."""
    if isinstance(tensor.node, ReferenceNode):
        return tensor
    node, place = tensor.node, Place(name or "a tensor")
    body.parts.append(GroupNode(node.output, node.span, name, node, shown=False, place=place))
    return Tensor(ReferenceNode(node.output, node.span, place))
