"""Operators: what ``+ - * | ->`` mean for sizes, nets and tensors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from symparams.algebra import (
    Condition,
    Polynomial,
    Size,
    bounded,
    divide,
    floor_divide,
    is_integral,
    modulo,
    power,
)
from symparams.elaboration.braces import as_tensor
from symparams.elaboration.reader import Reader
from symparams.elaboration.scope import Scope
from symparams.elaboration.suggestions import layer_meant
from symparams.elaboration.values import Several, Template, Tensor, Value, describe, is_size
from symparams.errors import Span, SymparamsError
from symparams.language import LONGEST_SHOWN, tree
from symparams.network import (
    ChainNet,
    ChainNode,
    ConstantNet,
    JoinNet,
    Net,
    RepeatNet,
    Run,
    join,
)


def read_negate(evaluator: Reader, node: tree.Negate, scope: Scope) -> Value:
    return -evaluator.size(node.body, scope)


def read_power(evaluator: Reader, node: tree.Power, scope: Scope) -> Value:
    base = evaluator.size(node.base, scope)
    exponent = evaluator.size(node.exponent, scope)
    if isinstance(exponent, int) and exponent < 0:
        _never_zero(base, node.base.span, evaluator.run)
    made = power(base, exponent)
    return made if isinstance(made, Polynomial) else bounded(made)


def read_sum(evaluator: Reader, node: tree.Sum, scope: Scope) -> Value:
    operands = [node.first, *(operand for _, operand in node.rest)]
    values = [evaluator.value(operand, scope) for operand in operands]
    if all(is_size(v) for v in values):
        return _sum_of_sizes(node, values)
    for value, operand in zip(values, operands, strict=True):
        if is_size(value):
            kind = next(describe(v) for v in values if not is_size(v))
            verb = {"|": "concatenate"}.get(node.rest[0][0], "add")
            hint = ""
            if isinstance(operand, tree.Name):
                free = not scope.binds(operand.id)
                if free:
                    hint = layer_meant(operand.id, evaluator.suggestions(scope), "")
                else:
                    hint = evaluator.hidden_by(operand, scope)
            raise SymparamsError(f"cannot {verb} a size and {kind}", operand.span, hint)
    ops = [op for op, _ in node.rest]
    return _joined(evaluator, ops, values, operands, node.span, scope)


def _sum_of_sizes(node: tree.Sum, values: list[Any]) -> Value:
    total: Size = values[0]
    for (op, _), value in zip(node.rest, values[1:], strict=True):
        if op == "|":
            raise SymparamsError(
                "'|' concatenates nets; these are sizes", node.span, "add them with +"
            )
        total = total + value if op == "+" else total - value
    return total if isinstance(total, Polynomial) else bounded(total)


def _joined(
    evaluator: Reader,
    ops: list[str],
    values: list[Value],
    operands: list[tree.Expression],
    span: Span,
    scope: Scope,
) -> Value:
    """Return nets or tensors under ``+ - * |``; all tensors give a tensor.

    A tensor among nets is a net that ignores its input.
    """
    tensors = [as_tensor(v, o.span) for v, o in zip(values, operands, strict=True)]
    if all(t is not None for t in tensors):
        known = [t.node for t in tensors if t is not None]
        node = known[0]
        for k, op in enumerate(ops, 1):
            parts = (node, known[k])
            node = join(op, parts, evaluator.run, span, (None, operands[k].span))
        return Tensor(node)
    nets = [
        ConstantNet(o.span, t.node) if t is not None else evaluator.as_net(v, o, scope)
        for v, t, o in zip(values, tensors, operands, strict=True)
    ]
    spans = [o.span for o in operands]
    start = 0
    while start < len(ops):
        end = start
        while end < len(ops) and ops[end] == ops[start]:
            end += 1
        count = end - start + 1
        merged = JoinNet(span, ops[start], tuple(nets[:count]), tuple(spans[:count]))
        nets = [merged, *nets[count:]]
        spans = [span, *spans[count:]]
        start = end
    return nets[0]


def read_product(evaluator: Reader, node: tree.Product, scope: Scope) -> Value:
    left = evaluator.value(node.first, scope)
    left_node: tree.Expression = node.first
    for k, (op, operand) in enumerate(node.rest):
        right = evaluator.value(operand, scope)
        left = _pair(evaluator, op, left, left_node, right, operand, scope)
        left_node = tree.Product(
            first=node.first, rest=node.rest[: k + 1], span=node.first.span.to(operand.span)
        )
    return left


def _pair(
    evaluator: Reader,
    op: str,
    left: Value,
    left_node: tree.Expression,
    right: Value,
    right_node: tree.Expression,
    scope: Scope,
) -> Value:
    span = left_node.span.to(right_node.span)
    if is_size(left) and is_size(right):
        return _pair_of_sizes(op, left, right, right_node.span, evaluator.run)
    if op != "*":
        wrong, where = (left, left_node) if not is_size(left) else (right, right_node)
        raise SymparamsError(f"'{op}' is for sizes, but this is {describe(wrong)}", where.span)
    for value, node in ((left, left_node), (right, right_node)):
        if not is_size(value) and not isinstance(value, Net | Template | Tensor | Several):
            raise SymparamsError(f"cannot multiply {describe(value)}", node.span)
    if is_size(left):
        return RepeatNet(span, evaluator.as_net(right, right_node, scope), left)  # type: ignore[arg-type]
    if is_size(right):
        return RepeatNet(span, evaluator.as_net(left, left_node, scope), right)  # type: ignore[arg-type]
    return _joined(evaluator, ["*"], [left, right], [left_node, right_node], span, scope)


def _pair_of_sizes(op: str, left: Any, right: Any, span: Span, run: Run) -> Size:
    operation: Callable[[Any, Any], Size] = {
        "*": lambda a, b: a * b,
        "/": divide,
        "//": floor_divide,
        "%": modulo,
    }[op]
    if op != "*":
        _never_zero(right, span, run)
    try:
        made = operation(left, right)
    except SymparamsError as error:
        raise error.at(span) from None
    return made if isinstance(made, Polynomial) else bounded(made)


def _never_zero(size: Size, span: Span, run: Run) -> None:
    """Require of what something is divided by that it is not 0."""
    if not isinstance(size, Polynomial):
        return  # the division says so itself
    facts = run.facts
    if is_integral(size, facts) and facts.nonnegative(size) is True:
        condition = Condition("nonnegative", size - 1)
    else:
        condition = Condition("not", parts=(Condition("zero", size),))
    if condition.judge(facts) is False:
        raise SymparamsError("division by zero", span)
    run.require(condition, span)


def read_chain(evaluator: Reader, node: tree.Chain, scope: Scope) -> Value:
    first = evaluator.value(node.items[0], scope)
    tensor = as_tensor(first, node.items[0].span)
    if tensor is not None:
        parts = [tensor.node]
        for k, item in enumerate(node.items[1:]):
            net = _link(evaluator, item, scope, node.items[0].span.to(node.items[k].span))
            try:
                parts.append(net.apply(parts[-1].output, evaluator.run))
            except SymparamsError as error:
                raise error.at(item.span) from None
        return Tensor(ChainNode(parts[-1].output, node.span, tuple(parts)))
    nets = [evaluator.as_net(first, node.items[0], scope)]
    nets += [
        _link(evaluator, item, scope, node.items[0].span.to(node.items[k].span))
        for k, item in enumerate(node.items[1:])
    ]
    return ChainNet(node.span, tuple(nets))


def _link(evaluator: Reader, item: tree.Expression, scope: Scope, before: Span) -> Net:
    value = evaluator.value(item, scope)
    if as_tensor(value, item.span) is not None:
        raise SymparamsError(
            "a tensor cannot stand behind '->': it takes no input",
            item.span,
            _with_both(item, before),
        )
    return evaluator.as_net(value, item, scope)


def not_callable(evaluator: Reader, value: Value, node: tree.Call, scope: Scope) -> SymparamsError:
    """Return the error of a call; a net given to a shipped block is told where it was
    written.
    """
    told = f"{describe(value)} cannot be called"
    function = node.function
    if not isinstance(value, Net) or value.span is None or not isinstance(function, tree.Name):
        return SymparamsError(told, function.span, evaluator.hidden_by(function, scope))
    if value.span.source == function.span.source:
        return SymparamsError(told, function.span, evaluator.hidden_by(function, scope))
    sized = bool(node.args) and is_size(evaluator.value(node.args[0], scope))
    hint = (
        "one that lacks its output size, as linear or lora_linear(4)"
        if sized
        else "a name alone, without '(…)'"
    )
    return SymparamsError("a template is needed here, not a net", value.span, hint)


def bundle_net(evaluator: Reader, value: Several, node: tree.Expression, scope: Scope) -> Net:
    """Return ``(f, g)`` as a net: each on the same input, the outputs kept apart."""
    nets: list[Net] = []
    for item in value.items:
        tensor = as_tensor(item, node.span)
        nets.append(
            ConstantNet(node.span, tensor.node)
            if tensor is not None
            else evaluator.as_net(item, node, scope)
        )
    return JoinNet(node.span, "bundle", tuple(nets))


def _with_both(item: tree.Expression, before: Span) -> str:
    """Return ``write 'cat(z, image)'`` of ``z -> cat(image)``: a hint for a tensor behind
    ``->``.
    """
    if not isinstance(item, tree.Call) or not item.args:
        return "an input begins a chain"
    name = item.function.span.text
    if name in ("input", "tokens", "zeros"):
        return "an input begins a chain"
    first = before.text if len(before.text) <= LONGEST_SHOWN and "#" not in before.text else "…"
    rest = ", ".join(a.span.text for a in (*item.args, *item.options))
    hint = f"write '{name}({first}, {rest})'"
    return hint if "\n" not in hint and "#" not in hint else f"write '{name}(…, …)'"
