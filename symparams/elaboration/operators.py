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
    PickNet,
    RepeatNet,
    join,
)


class Operators(Reader):
    """The part of :class:`~symparams.elaboration.evaluator.Evaluator` that reads operators."""

    def _negate(self, node: tree.Negate, scope: Scope) -> Value:
        return -self.size(node.body, scope)

    def _power(self, node: tree.Power, scope: Scope) -> Value:
        base = self.size(node.base, scope)
        exponent = self.size(node.exponent, scope)
        if isinstance(exponent, int) and exponent < 0:
            self._never_zero(base, node.base.span)
        made = power(base, exponent)
        return made if isinstance(made, Polynomial) else bounded(made)

    def _sum(self, node: tree.Sum, scope: Scope) -> Value:
        operands = [node.first, *(operand for _, operand in node.rest)]
        values = [self.value(operand, scope) for operand in operands]
        if all(is_size(v) for v in values):
            return self._sum_of_sizes(node, values)
        for value, operand in zip(values, operands, strict=True):
            if is_size(value):
                kind = next(describe(v) for v in values if not is_size(v))
                verb = {"|": "concatenate"}.get(node.rest[0][0], "add")
                hint = ""
                if isinstance(operand, tree.Name):
                    free = not scope.binds(operand.id)
                    if free:
                        hint = layer_meant(operand.id, self.suggestions(scope), "")
                    else:
                        hint = self.hidden_by(operand, scope)
                raise SymparamsError(f"cannot {verb} a size and {kind}", operand.span, hint)
        ops = [op for op, _ in node.rest]
        return self._joined(ops, values, operands, node.span, scope)

    def _sum_of_sizes(self, node: tree.Sum, values: list[Any]) -> Value:
        total: Size = values[0]
        for (op, _), value in zip(node.rest, values[1:], strict=True):
            if op == "|":
                raise SymparamsError(
                    "'|' concatenates nets; these are sizes", node.span, "add them with +"
                )
            total = total + value if op == "+" else total - value
        return total if isinstance(total, Polynomial) else bounded(total)

    def _joined(
        self,
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
                node = join(op, parts, self.run, span, (None, operands[k].span))
            return Tensor(node)
        nets = [
            ConstantNet(o.span, t.node) if t is not None else self.as_net(v, o, scope)
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

    def _product(self, node: tree.Product, scope: Scope) -> Value:
        left = self.value(node.first, scope)
        left_node: tree.Expression = node.first
        for k, (op, operand) in enumerate(node.rest):
            right = self.value(operand, scope)
            left = self._pair(op, left, left_node, right, operand, scope)
            left_node = tree.Product(
                first=node.first, rest=node.rest[: k + 1], span=node.first.span.to(operand.span)
            )
        return left

    def _pair(
        self,
        op: str,
        left: Value,
        left_node: tree.Expression,
        right: Value,
        right_node: tree.Expression,
        scope: Scope,
    ) -> Value:
        span = left_node.span.to(right_node.span)
        if is_size(left) and is_size(right):
            return self._pair_of_sizes(op, left, right, right_node.span)
        if op != "*":
            wrong, where = (left, left_node) if not is_size(left) else (right, right_node)
            raise SymparamsError(f"'{op}' is for sizes, but this is {describe(wrong)}", where.span)
        for value, node in ((left, left_node), (right, right_node)):
            if not is_size(value) and not isinstance(value, Net | Template | Tensor | Several):
                raise SymparamsError(f"cannot multiply {describe(value)}", node.span)
        if is_size(left):
            return RepeatNet(span, self.as_net(right, right_node, scope), left)  # type: ignore[arg-type]
        if is_size(right):
            return RepeatNet(span, self.as_net(left, left_node, scope), right)  # type: ignore[arg-type]
        return self._joined(["*"], [left, right], [left_node, right_node], span, scope)

    def _pair_of_sizes(self, op: str, left: Any, right: Any, span: Span) -> Size:
        operation: Callable[[Any, Any], Size] = {
            "*": lambda a, b: a * b,
            "/": divide,
            "//": floor_divide,
            "%": modulo,
        }[op]
        if op != "*":
            self._never_zero(right, span)
        try:
            made = operation(left, right)
        except SymparamsError as error:
            raise error.at(span) from None
        return made if isinstance(made, Polynomial) else bounded(made)

    def _never_zero(self, size: Size, span: Span) -> None:
        """Require of what something is divided by that it is not 0."""
        if not isinstance(size, Polynomial):
            return  # the division says so itself
        facts = self.run.facts
        if is_integral(size, facts) and facts.nonnegative(size) is True:
            condition = Condition("nonnegative", size - 1)
        else:
            condition = Condition("not", parts=(Condition("zero", size),))
        if condition.judge(facts) is False:
            raise SymparamsError("division by zero", span)
        self.run.require(condition, span)

    def _chain(self, node: tree.Chain, scope: Scope) -> Value:
        first = self.value(node.items[0], scope)
        tensor = as_tensor(first, node.items[0].span)
        if tensor is not None:
            parts = [tensor.node]
            for k, item in enumerate(node.items[1:]):
                net = self._link(item, scope, node.items[0].span.to(node.items[k].span))
                try:
                    parts.append(net.apply(parts[-1].output, self.run))
                except SymparamsError as error:
                    raise error.at(item.span) from None
            return Tensor(ChainNode(parts[-1].output, node.span, tuple(parts)))
        nets = [self.as_net(first, node.items[0], scope)]
        nets += [
            self._link(item, scope, node.items[0].span.to(node.items[k].span))
            for k, item in enumerate(node.items[1:])
        ]
        return ChainNet(node.span, tuple(nets))

    def _link(self, item: tree.Expression, scope: Scope, before: Span) -> Net:
        value = self.value(item, scope)
        if as_tensor(value, item.span) is not None:
            raise SymparamsError(
                "a tensor cannot stand behind '->': it takes no input",
                item.span,
                _with_both(item, before),
            )
        return self.as_net(value, item, scope)

    def not_callable(self, value: Value, node: tree.Call, scope: Scope) -> SymparamsError:
        """Return the error of a call; a net given to a shipped block is told where it was
        written.
        """
        told = f"{describe(value)} cannot be called"
        function = node.function
        if not isinstance(value, Net) or value.span is None or not isinstance(function, tree.Name):
            return SymparamsError(told, function.span, self.hidden_by(function, scope))
        if value.span.source == function.span.source:
            return SymparamsError(told, function.span, self.hidden_by(function, scope))
        sized = bool(node.args) and is_size(self.value(node.args[0], scope))
        hint = (
            "one that lacks its output size, as linear or lora_linear(4)"
            if sized
            else ("a name alone, without '(…)'")
        )
        return SymparamsError("a template is needed here, not a net", value.span, hint)

    def bundle_net(self, value: Several, node: tree.Expression, scope: Scope) -> Net:
        """Return ``(f, g)`` as a net: each on the same input, the outputs kept apart."""
        nets: list[Net] = []
        for item in value.items:
            tensor = as_tensor(item, node.span)
            nets.append(
                ConstantNet(node.span, tensor.node)
                if tensor is not None
                else self.as_net(item, node, scope)
            )
        return JoinNet(node.span, "bundle", tuple(nets))

    def picked(self, value: Net, place: int, span: Span) -> Net:
        """Return ``f[0]``: one part of the bundle a net gives."""
        return ChainNet(span, (value, PickNet(span, place)))


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
