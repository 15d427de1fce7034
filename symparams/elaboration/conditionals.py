"""Conditions: what compares sizes, what is required, and what ``if`` chooses by them."""

from __future__ import annotations

from symparams.algebra import FALSE, TRUE, Condition, compared, indicator, negated
from symparams.elaboration.reader import Reader
from symparams.elaboration.scope import Scope
from symparams.elaboration.values import Listed, Several, Template, Value, Word, describe, is_size
from symparams.errors import Span, SymparamsError, UnknownName
from symparams.language import names_in, tree
from symparams.network import ChoiceNet, Decide, Net

#: Longest condition that a message repeats; of a longer one, the beginning.
LONGEST_TOLD = 80


def demand(evaluator: Reader, node: tree.Expression, scope: Scope) -> None:
    """Require the condition of a ``where``.

    Raises:
        SymparamsError: it does not hold, in the words of the text.
    """
    condition = evaluator.truth(node, scope)
    if condition.judge(evaluator.run.facts) is False:
        bound = {n: scope.get(n) for n in sorted(names_in(node)) if scope.binds(n)}
        told = ", ".join(f"{n} = {value}" for n, value in bound.items() if is_size(value))
        says = f"'{_told(node.span)}' does not hold"
        raise SymparamsError(f"{says}: {told}" if told else says, node.span)
    evaluator.run.require(condition, node.span)


def read_compare(evaluator: Reader, node: tree.Compare, scope: Scope) -> Value:
    if node.op == "~=":
        raise SymparamsError(
            "'~=' compares with a printed number, in 'expect' lines only", node.span
        )
    left, right = evaluator.value(node.left, scope), evaluator.value(node.right, scope)
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


def read_if(evaluator: Reader, node: tree.If, scope: Scope) -> Value:
    condition = evaluator.truth(node.condition, scope)
    answer = condition.judge(evaluator.run.facts)
    if answer is not None:
        return evaluator.value(node.then if answer else node.otherwise, scope)
    try:
        with evaluator.body() as tried, evaluator.run.trying():
            with evaluator.run.branch(condition):
                then = evaluator.value(node.then, scope)
            with evaluator.run.branch(negated(condition)):
                otherwise = evaluator.value(node.otherwise, scope)
            required = dict(evaluator.run.conditions)
        if tried.parts or tried.cells:
            then = otherwise = None  # they compute something: only one of them may
    except UnknownName:
        raise  # wrong whatever the condition says
    except (SymparamsError, Decide):
        then = otherwise = None  # a branch that makes no sense here: the condition decides
    if is_size(then) and then == otherwise:
        evaluator.run.conditions = required
        return then
    if isinstance(then, Net | Template) and isinstance(otherwise, Net | Template):
        evaluator.run.conditions = required
        return ChoiceNet(
            node.span,
            condition,
            lambda: evaluator.as_net(then, node.then, scope),
            lambda: evaluator.as_net(otherwise, node.otherwise, scope),
            _told(node.condition.span),
        )
    if is_size(then) and is_size(otherwise):
        chosen = indicator(condition, evaluator.run.facts)
        if chosen is not None:
            evaluator.run.conditions = required
            return chosen * then + (1 - chosen) * otherwise  # type: ignore[operator]
    told = _told(node.condition.span)
    answer = evaluator.run.decide(condition, node.condition.span, told)
    return evaluator.value(node.then if answer else node.otherwise, scope)


def on_one_line(span: Span) -> str:
    """Return what is written at a place, without its comments and line breaks."""
    lines = (line.partition("#")[0].strip() for line in span.text.splitlines())
    return " ".join(line for line in lines if line)


def _told(span: Span) -> str:
    """Return a condition as a message repeats it."""
    told = on_one_line(span)
    return told if len(told) <= LONGEST_TOLD else told[: LONGEST_TOLD - 1] + "…"
