"""Expressions of the language to values: sizes, nets, tensors, words, lists.

Kinds decide what an operator means; a wrong mix is an error at its place.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping
from typing import Any

from symparams.algebra import (
    Polynomial,
    Size,
    bounded,
    divide,
    floor_divide,
    modulo,
    power,
    text,
)
from symparams.algebra.conditions import FALSE, TRUE, Condition, compared
from symparams.errors import Span, SymparamsError, Unsupported, did_you_mean
from symparams.language import tree
from symparams.layers import kinds
from symparams.model.nets import ChainNet, ChoiceNet, JoinNet, Net, RepeatNet, joined
from symparams.model.network import Chain, Join
from symparams.model.run import Decide, Run
from symparams.model.scope import Scope
from symparams.model.values import Listed, Several, Template, Tensor, Value, Word, describe, is_size

#: The most passes of a comprehension.
MOST_ITEMS = 10_000

LATER = "is not in this version"


def names_in(node: tree.Node) -> set[str]:
    """Every name below a node."""
    return {n.id for n in nodes(node) if isinstance(n, tree.Name)}


def nodes(node: tree.Node) -> Iterator[tree.Node]:
    """A node and all below it, without recursion."""
    todo = [node]
    while todo:
        here = todo.pop()
        yield here
        todo += here.children()


class Evaluator:
    """Turns expressions into values in one :class:`~symparams.model.run.Run`."""

    def __init__(self, run: Run, built_in: Mapping[str, Any], words: Container[str]) -> None:
        """``built_in`` is what can be called by name, ``words`` what options may say."""
        self.run = run
        self.built_in = built_in
        self.words = words
        #: The free names of the text, which the suffix of a number may collide with.
        self.mentioned: Container[str] = ()

    def value(self, node: tree.Expression, scope: Scope) -> Value:
        """The value of an expression.

        Raises:
            SymparamsError: with the place of the smallest expression that is wrong.
        """
        try:
            rule: Callable[[Any, Scope], Value] = getattr(self, _RULES[type(node)])
            return rule(node, scope)
        except SymparamsError as error:
            raise error.at(node.span) from None

    # --- values of a wanted kind ---

    def size(self, node: tree.Expression, scope: Scope, what: str = "a size") -> Size:
        """An expression that must be a size."""
        return self.as_size(self.value(node, scope), node.span, what)

    def as_size(self, value: Value, span: Span, what: str = "a size") -> Size:
        """A value that must be a size; ``what`` names what needs it."""
        if not is_size(value):
            raise SymparamsError(f"{what} is needed here, not {describe(value)}", span)
        return value  # type: ignore[return-value]  # is_size narrowed it

    def net(self, node: tree.Expression, scope: Scope) -> Net:
        """An expression that must be a net."""
        return self.as_net(self.value(node, scope), node, scope)

    def as_net(self, value: Value, node: tree.Expression, scope: Scope) -> Net:
        """A value as a net; a kind or block by its name alone is called without arguments."""
        if isinstance(value, Net):
            return value
        if isinstance(value, Template):
            made = value.target.call(self, tree.Call(function=node, args=(), span=node.span), scope)
            return self.as_net(made, node, scope)
        if isinstance(value, Tensor):
            raise Unsupported(f"a tensor inside a chain {LATER}", node.span)
        hint = ""
        if isinstance(node, tree.Name):
            hint = did_you_mean(node.id, [*kinds(), *scope.all_names()])
        shown = f"'{node.id}' is " if isinstance(node, tree.Name) else "this is "
        raise SymparamsError(f"a net is needed here, but {shown}{describe(value)}", node.span, hint)

    def truth(self, node: tree.Expression, scope: Scope) -> Condition:
        """An expression that must be true, false or open."""
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

    def integer(self, node: tree.Expression, scope: Scope, what: str) -> int:
        """An expression that must be a number known at once."""
        found = self.run.number(self.size(node, scope), node.span, what)
        if not isinstance(found, int):
            raise SymparamsError(f"{what} must be an integer, not {text(found)}", node.span)
        return found

    # --- leaves ---

    def _number(self, node: tree.Number, scope: Scope) -> Value:
        if node.suffix and (scope.binds(node.suffix) or node.suffix in self.mentioned):
            raise SymparamsError(
                f"'{node.literal}' is ambiguous: '{node.suffix}' is a name here",
                node.span,
                f"write {node.literal.removesuffix(node.suffix)}*{node.suffix}, "
                "or the number in full",
            )
        return node.value

    def _name(self, node: tree.Name, scope: Scope) -> Value:
        if scope.binds(node.id):
            return scope.get(node.id)
        if node.id in self.built_in:
            return Template(node.id, self.built_in[node.id])
        if scope.free is not None:
            return scope.free(node.id)
        if node.id in self.words:
            return Word(node.id)
        raise SymparamsError(
            f"unknown name '{node.id}'",
            node.span,
            did_you_mean(node.id, [*scope.all_names(), *self.built_in]),
        )

    def _flag(self, node: tree.Flag, scope: Scope) -> Value:
        return node.value

    def _group(self, node: tree.Group, scope: Scope) -> Value:
        return self.value(node.body, scope)

    def _bundle(self, node: tree.Bundle, scope: Scope) -> Value:
        items = tuple(self.value(item, scope) for item in node.items)
        return Several(items)

    def _list(self, node: tree.List, scope: Scope) -> Value:
        if len(node.items) == 1 and isinstance(node.items[0], tree.Comprehension):
            return self._comprehension(node.items[0], scope)
        return Listed(tuple(self.value(item, scope) for item in node.items))

    def _braces(self, node: tree.Braces, scope: Scope) -> Value:
        raise Unsupported(f"a network in braces {LATER}", node.span)

    # --- lists ---

    def items(self, node: tree.Expression, scope: Scope) -> tuple[Value, ...]:
        """The elements of a list or a range."""
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

    def passes(self, node: tree.Comprehension, scope: Scope) -> tuple[Value, ...]:
        """The values of a comprehension's body, one a pass."""
        found: list[Value] = []
        for item in self.items(node.iterable, scope):
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
        values = self.passes(node, scope)
        if values and all(is_size(v) for v in values):
            return Listed(values)
        inner = node.body
        return ChainNet(node.span, tuple(self.as_net(v, inner, scope) for v in values))

    def _range(self, node: tree.Range, scope: Scope) -> Value:
        return Listed(self.items(node, scope))

    def _index(self, node: tree.Index, scope: Scope) -> Value:
        base = self.value(node.base, scope)
        if not isinstance(base, Listed | Several):
            raise SymparamsError(f"{describe(base)} has no elements", node.base.span)
        if len(node.indices) != 1:
            raise SymparamsError("a list has one index", node.span)
        place = self.integer(node.indices[0], scope, "an index")
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
            raise Unsupported(f"a transposed weight {LATER}", node.span)
        raise SymparamsError(
            f"'.{node.name}' is not known here",
            node.span,
            "measures of a model are asked for in 'expect' lines",
        )

    def _call(self, node: tree.Call, scope: Scope) -> Value:
        function = node.function
        if (
            isinstance(function, tree.Name)
            and not scope.binds(function.id)
            and function.id not in self.built_in
        ):
            known = [n for n in scope.all_names() if isinstance(scope.get(n), Template)]
            raise SymparamsError(
                f"unknown layer kind '{function.id}'",
                function.span,
                did_you_mean(function.id, [*self.built_in, *known]),
            )
        value = self.value(function, scope)
        if not isinstance(value, Template):
            raise SymparamsError(f"{describe(value)} cannot be called", function.span)
        made: Value = value.target.call(self, node, scope)
        return made

    # --- operators ---

    def _negate(self, node: tree.Negate, scope: Scope) -> Value:
        return -self.size(node.body, scope)

    def _power(self, node: tree.Power, scope: Scope) -> Value:
        base = self.size(node.base, scope)
        exponent = self.size(node.exponent, scope)
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
                    hint = did_you_mean(operand.id, [*kinds(), *scope.all_names()])
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
        """Nets or tensors under ``+ - * |``; all tensors give a tensor."""
        if all(isinstance(v, Tensor) for v in values):
            node = values[0].node  # type: ignore[union-attr]  # all are tensors
            for k, op in enumerate(ops, 1):
                parts = (node, values[k].node)  # type: ignore[union-attr]
                output = joined(op, parts, self.run, span, (None, operands[k].span))
                node = Join(output, span, op, parts)
            return Tensor(node)
        nets = [self.as_net(v, o, scope) for v, o in zip(values, operands, strict=True)]
        spans = [o.span for o in operands]
        start = 0
        while start < len(ops):
            end = start
            while end < len(ops) and ops[end] == ops[start]:
                end += 1
            merged = JoinNet(span, ops[start], tuple(nets[: end - start + 1]), tuple(spans))
            nets = [merged, *nets[end - start + 1 :]]
            spans = [span, *spans[end - start + 1 :]]
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
            if not is_size(value) and not isinstance(value, Net | Template | Tensor):
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
        try:
            made = operation(left, right)
        except SymparamsError as error:
            raise error.at(span) from None
        return made if isinstance(made, Polynomial) else bounded(made)

    def _chain(self, node: tree.Chain, scope: Scope) -> Value:
        first = self.value(node.items[0], scope)
        if isinstance(first, Tensor):
            parts = [first.node]
            for item in node.items[1:]:
                net = self._link(item, scope)
                try:
                    parts.append(net.apply(parts[-1].output, self.run))
                except SymparamsError as error:
                    raise error.at(item.span) from None
            return Tensor(Chain(parts[-1].output, node.span, tuple(parts)))
        nets = [self.as_net(first, node.items[0], scope)]
        nets += [self._link(item, scope) for item in node.items[1:]]
        return ChainNet(node.span, tuple(nets))

    def _link(self, item: tree.Expression, scope: Scope) -> Net:
        value = self.value(item, scope)
        if isinstance(value, Tensor):
            raise SymparamsError(
                "a tensor cannot stand behind '->': it takes no input",
                item.span,
                "an input begins a chain",
            )
        return self.as_net(value, item, scope)

    # --- conditions ---

    def _compare(self, node: tree.Compare, scope: Scope) -> Value:
        if node.op == "~=":
            raise SymparamsError(
                "'~=' compares with a printed number, in 'expect' lines only", node.span
            )
        left, right = self.value(node.left, scope), self.value(node.right, scope)
        if is_size(left) and is_size(right):
            return compared(left, node.op, right)  # type: ignore[arg-type]
        plain = (bool, type(None), Word, Listed, Several)
        if node.op in ("==", "!=") and isinstance(left, plain) and isinstance(right, plain):
            return TRUE if (left == right) == (node.op == "==") else FALSE
        raise SymparamsError(f"cannot compare {describe(left)} and {describe(right)}", node.span)

    def _not(self, node: tree.Not, scope: Scope) -> Value:
        return Condition("not", parts=(self.truth(node.body, scope),))

    def _junction(self, node: tree.Junction, scope: Scope) -> Value:
        parts: list[Condition] = []
        for item in node.items:
            part = self.truth(item, scope)
            parts.append(part)
            if part.judge(self.run.facts) is (node.op == "or"):
                break  # decided: what follows may not even make sense
        return Condition(node.op, parts=tuple(parts))

    def _if(self, node: tree.If, scope: Scope) -> Value:
        condition = self.truth(node.condition, scope)
        answer = condition.judge(self.run.facts)
        if answer is not None:
            return self.value(node.then if answer else node.otherwise, scope)
        try:
            then, otherwise = self.value(node.then, scope), self.value(node.otherwise, scope)
        except (SymparamsError, Decide):
            then = otherwise = None  # a branch that makes no sense here: the condition decides
        if is_size(then) and then == otherwise:
            return then
        if isinstance(then, Net | Template) and isinstance(otherwise, Net | Template):
            return ChoiceNet(
                node.span,
                condition,
                lambda: self.as_net(then, node.then, scope),
                lambda: self.as_net(otherwise, node.otherwise, scope),
            )
        answer = self.run.decide(condition, node.condition.span)
        return self.value(node.then if answer else node.otherwise, scope)


# By method name, so that a subclass may read a kind of expression in its own way.
_RULES: dict[type[tree.Expression], str] = {
    tree.Number: "_number",
    tree.Name: "_name",
    tree.Flag: "_flag",
    tree.Group: "_group",
    tree.Bundle: "_bundle",
    tree.List: "_list",
    tree.Comprehension: "_comprehension",
    tree.Range: "_range",
    tree.Call: "_call",
    tree.Index: "_index",
    tree.Attribute: "_attribute",
    tree.Negate: "_negate",
    tree.Power: "_power",
    tree.Product: "_product",
    tree.Sum: "_sum",
    tree.Chain: "_chain",
    tree.Compare: "_compare",
    tree.Not: "_not",
    tree.Junction: "_junction",
    tree.If: "_if",
    tree.Braces: "_braces",
}
