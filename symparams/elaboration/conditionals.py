"""Conditions: what compares sizes, what is required, and what ``if`` chooses by them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from symparams.algebra import FALSE, TRUE, Condition, compared, negated
from symparams.elaboration.choices import (
    compared_word,
    read_choice,
    read_if,
    read_indicator,
    shortened,
)
from symparams.elaboration.reader import Reader
from symparams.elaboration.scope import Scope
from symparams.elaboration.values import Chosen, Listed, Several, Value, Word, describe, is_size
from symparams.errors import SymparamsError
from symparams.language import names_in, tree


def demand(evaluator: Reader, node: tree.Expression, scope: Scope) -> None:
    """Require the condition of a ``where``.

    Raises:
        SymparamsError: it does not hold, in the words of the text.
    """
    condition = evaluator.truth(node, scope)
    if condition.judge(evaluator.run.facts) is False:
        bound = {n: scope.get(n) for n in sorted(names_in(node)) if scope.binds(n)}
        told = ", ".join(f"{n} = {value}" for n, value in bound.items() if is_size(value))
        says = f"'{shortened(node.span)}' does not hold"
        raise SymparamsError(f"{says}: {told}" if told else says, node.span)
    evaluator.run.require(condition, node.span)


def read_compare(evaluator: Reader, node: tree.Compare, scope: Scope) -> Value:
    if node.op == "~=":
        raise SymparamsError(
            "'~=' compares with a printed number, in 'expect' lines only", node.span
        )
    if isinstance(node.left, tree.Name) and not scope.binds(node.left.id):
        word = evaluator.value(node.right, scope)  # conv3 == op
        if isinstance(word, Chosen):
            return compared_word(evaluator, word, node.op, node.left, node.right, scope)
    left = evaluator.value(node.left, scope)
    if isinstance(left, Chosen):
        return compared_word(evaluator, left, node.op, node.right, node.left, scope)
    right = evaluator.value(node.right, scope)
    if is_size(left) and is_size(right):
        return compared(left, node.op, right)  # type: ignore[arg-type]
    if node.op in ("==", "!=") and (left is None or right is None):
        return TRUE if (left is right) == (node.op == "==") else FALSE
    plain = (bool, Word, Listed, Several)
    if node.op in ("==", "!=") and isinstance(left, plain) and isinstance(right, plain):
        return TRUE if (left == right) == (node.op == "==") else FALSE
    raise SymparamsError(f"cannot compare {describe(left)} and {describe(right)}", node.span)


def read_not(evaluator: Reader, node: tree.Not, scope: Scope) -> Value:
    return negated(evaluator.truth(node.body, scope))


def read_junction(evaluator: Reader, node: tree.Junction, scope: Scope) -> Value:
    parts: list[Condition] = []
    for item in node.items:
        part = evaluator.truth(item, scope)
        parts.append(part)
        if part.judge(evaluator.run.facts) is (node.op == "or"):
            break  # decided: what follows may not even make sense
    return Condition(node.op, parts=tuple(parts))


#: What reads conditions, and what is chosen by them.
BRANCHES: Mapping[type[tree.Expression], Callable[[Any, Any, Scope], Value]] = {
    tree.Compare: read_compare,
    tree.Not: read_not,
    tree.Junction: read_junction,
    tree.If: read_if,
    tree.Choose: read_choice,
    tree.Iverson: read_indicator,
}
