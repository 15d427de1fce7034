"""What depends on sizes that are open: ``if``, ``choice``, an element of a list by a size."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from symparams.algebra import (
    Condition,
    Facts,
    Polynomial,
    Size,
    compared,
    equal,
    indicator,
    negated,
    text,
)
from symparams.elaboration.domains import named_word
from symparams.elaboration.reader import Reader
from symparams.elaboration.scope import Scope
from symparams.elaboration.values import (
    Chosen,
    Listed,
    Several,
    Template,
    Tensor,
    Value,
    describe,
    is_number,
    is_size,
)
from symparams.errors import Span, SymparamsError, UnknownName
from symparams.language import tree
from symparams.network import ChoiceNet, ConstantNet, Decide, Net
from symparams.records import Record

#: Longest condition that a message repeats; of a longer one, the beginning.
LONGEST_TOLD = 80


class Branch(Record):
    """What is read where a condition holds, or does not.

    Attributes:
        read: returns its value.
        node: the text that it is read from.
        label: what a choice calls it.
    """

    read: Callable[[], Value]
    node: tree.Expression
    label: str = ""


def either(
    evaluator: Reader,
    condition: Condition,
    then: Branch,
    otherwise: Branch,
    span: Span,
    scope: Scope,
    told: Callable[[], tuple[Span, str]],
) -> Value:
    """Return what one of two branches is; both, case by case, where the condition is open.

    Args:
        evaluator: reads the branches.
        condition: where the first one stands.
        then: the first.
        otherwise: the other.
        span: of both.
        scope: the names that are known.
        told: the place of the condition, and how a message repeats it.
    """
    answer = condition.judge(evaluator.run.facts)
    if answer is not None:
        return (then if answer else otherwise).read()
    one: Value
    other: Value
    try:
        with evaluator.body() as tried, evaluator.run.trying():
            with evaluator.run.branch(condition):
                one = then.read()
            with evaluator.run.branch(negated(condition)):
                other = otherwise.read()
            required = dict(evaluator.run.conditions)
        if tried.parts or tried.cells:
            one = other = None  # they compute something: only one of them may
    except UnknownName:
        raise  # wrong whatever the condition says
    except (SymparamsError, Decide):
        one = other = None  # a branch that makes no sense here: the condition decides
    if is_size(one) and one == other:
        evaluator.run.conditions = required
        return one
    nets = (Net, Template, Tensor)
    if isinstance(one, nets) and isinstance(other, nets):
        evaluator.run.conditions = required
        labels = (then.label, otherwise.label) if then.label else ()
        net = ChoiceNet(
            span,
            condition,
            _as_net(evaluator, one, then, scope),
            _as_net(evaluator, other, otherwise, scope),
            told()[1],
            labels,
        )
        if isinstance(one, Tensor) and isinstance(other, Tensor):
            return Tensor(net.apply(one.node.output, evaluator.run))
        return net
    if is_size(one) and is_size(other):
        chosen = indicator(condition, evaluator.run.facts)
        if chosen is not None:
            evaluator.run.conditions = required
            return chosen * one + (1 - chosen) * other  # type: ignore[operator]
    place, words = told()
    answer = evaluator.run.decide(condition, place, words)
    return (then if answer else otherwise).read()


def _as_net(evaluator: Reader, value: Value, branch: Branch, scope: Scope) -> Callable[[], Net]:
    """Return what makes the net of a branch; a tensor ignores what comes in, and is read again, as
    one use of what it is made of.
    """
    if not isinstance(value, Tensor):
        return lambda: evaluator.as_net(value, branch.node, scope)

    def made() -> Net:
        with evaluator.body() as body:
            again = branch.read()
        if body.parts or body.cells or not isinstance(again, Tensor):
            raise SymparamsError("this branch computes what others use", branch.node.span)
        return ConstantNet(branch.node.span, again.node)

    return made


def read_if(evaluator: Reader, node: tree.If, scope: Scope) -> Value:
    condition = evaluator.truth(node.condition, scope)
    span = node.condition.span
    # A net that only one condition decides on has the place of the whole.
    return either(
        evaluator,
        condition,
        Branch(lambda: evaluator.value(node.then, scope), node.then),
        Branch(lambda: evaluator.value(node.otherwise, scope), node.otherwise),
        node.span,
        scope,
        lambda: (span, shortened(span)),
    )


# --- by one of several values ----------------------------------------------------


def read_choice(evaluator: Reader, node: tree.Choose, scope: Scope) -> Value:
    """Return the branch that a word or a size says; all of them, case by case, where it is open."""
    subject = evaluator.value(node.of, scope)
    branches: list[tuple[Condition, Branch]] = []
    seen: dict[Size, tree.Arm] = {}
    for arm in node.arms:
        value = _label(evaluator, subject, arm.word, arm.value, arm.label_span, node.of, scope)
        if value in seen:
            raise SymparamsError(f"'{text(value)}' has two branches", arm.label_span)
        seen[value] = arm
        branches.append((is_value(subject, value, node.of), _arm(evaluator, arm, scope)))
    missing = [v for v in _values(evaluator, subject, node.of) if v not in seen]
    if missing:
        listed = ", ".join(map(str, missing))
        raise SymparamsError(f"this choice has no branch for {listed}", node.of.span)
    return _first_that_holds(evaluator, branches, node, node.of.span.text, scope)


def _arm(evaluator: Reader, arm: tree.Arm, scope: Scope) -> Branch:
    return Branch(lambda: evaluator.value(arm.body, scope), arm.body, arm.label_span.text)


def _first_that_holds(
    evaluator: Reader,
    branches: Sequence[tuple[Condition, Branch]],
    node: tree.Expression,
    subject: str,
    scope: Scope,
) -> Value:
    """Return the first branch whose condition holds; the last of them holds where no other does."""
    (condition, first), *others = branches
    if not others:
        return first.read()
    rest = Branch(
        lambda: _first_that_holds(evaluator, others, node, subject, scope),
        node,
        others[0][1].label,
    )
    told = f"{subject} is {first.label}"
    return either(evaluator, condition, first, rest, node.span, scope, lambda: (node.span, told))


def is_value(subject: Value, value: Size, node: tree.Expression) -> Condition:
    """Return the condition that a word, or a size, is a value."""
    if isinstance(subject, Chosen):
        if not isinstance(subject.size, Polynomial):
            return compared(subject.size, "==", value)
        told = f"{text(subject.size)} == {value}"
        return replace(compared(equal(subject.size, value), "==", 1), says=told)
    if not is_size(subject):
        raise SymparamsError(f"a choice is by a word or a size, not {describe(subject)}", node.span)
    return compared(subject, "==", value)  # type: ignore[arg-type]  # it is a size


def _label(
    evaluator: Reader,
    subject: Value,
    word: str,
    value: tree.Expression | None,
    span: Span,
    node: tree.Expression,
    scope: Scope,
) -> Size:
    """Return the value that a label names, of those that the subject may have."""
    if isinstance(subject, Chosen):
        if value is not None:
            listed = ", ".join(map(str, subject.words))
            raise SymparamsError(f"a word is needed here: {listed}", span)
        return named_word(word, subject.words, f"'{node.span.text}'", span)
    if value is None:
        value = tree.Name(id=word, span=span)
    found = evaluator.size(value, scope, "the value of a branch")
    if not is_number(found):
        raise SymparamsError("a branch is told by a number, or by a word", span)
    known = _values(evaluator, subject, node)
    if known and found not in known:
        listed = ", ".join(map(str, known))
        raise SymparamsError(
            f"'{node.span.text}' is never {text(found)}", span, f"it is in {{{listed}}}"
        )
    return found


def _values(evaluator: Reader, subject: Value, node: tree.Expression) -> Sequence[Size]:
    """Return all values that a subject may have; none where it is a number.

    Raises:
        SymparamsError: it has not few values.
    """
    if isinstance(subject, Chosen):
        return subject.words
    if not isinstance(subject, Polynomial):
        return ()
    found = evaluator.run.facts.few_values(subject)
    if found is None:
        raise SymparamsError(
            f"'{node.span.text}' has no few values to choose from",
            node.span,
            "give it a domain, as in {3, 5, 7}",
        )
    return found


def read_indicator(evaluator: Reader, node: tree.Iverson, scope: Scope) -> Value:
    """Return ``[op = 3]``: 1 or 0."""
    subject = evaluator.value(node.of, scope)
    span = node.span if node.value is None else node.value.span
    if isinstance(subject, Chosen):
        return equal(
            subject.size, _label(evaluator, subject, node.word, node.value, span, node.of, scope)
        )
    value = node.value if node.value is not None else tree.Name(id=node.word, span=span)
    left = evaluator.as_size(subject, node.of.span)
    return equal(left, evaluator.size(value, scope))


def element_by_choice(
    evaluator: Reader, base: Value, node: tree.Index, scope: Scope
) -> tuple[bool, Value]:
    """Return (True, the element) of a list by a size or word that is open: all, case by case."""
    if not isinstance(base, Listed | Several) or len(node.indices) != 1:
        return False, None
    place = evaluator.value(node.indices[0], scope)
    words = place.words if isinstance(place, Chosen) else ()
    if isinstance(place, Chosen):
        if len(words) != len(base.items):
            raise SymparamsError(
                f"{len(base.items)} values by a word that is one of {len(words)}", node.span
            )
        values: Sequence[Size] = words
    elif isinstance(place, Polynomial):
        few = evaluator.run.facts.few_values(place)
        if few is None:
            return False, None
        values = few
        wrong = [
            v
            for v in values
            if not isinstance(v, int) or not -len(base.items) <= v < len(base.items)
        ]
        if wrong:
            raise SymparamsError(
                f"no element {text(wrong[0])} in a list of {len(base.items)}",
                node.indices[0].span,
                "elements count from 0; -1 is the last",
            )
    else:
        return False, None
    branches = [
        (
            is_value(place, value, node.indices[0]),
            _element(base.items[k if words else int(value)], node.base, str(value)),  # type: ignore[arg-type]
        )
        for k, value in enumerate(values)
    ]
    if isinstance(place, Chosen) and not isinstance(place.size, Polynomial):
        return True, base.items[int(place.size) - 1]
    told = node.indices[0].span.text
    return True, _first_that_holds(evaluator, branches, node.base, told, scope)


def _element(value: Value, node: tree.Expression, label: str) -> Branch:
    return Branch(lambda: value, node, label)


def in_words(name: str, value: Value, facts: Facts) -> Value:
    """Return a size of a model, or what it is, as a word where it is one; else as it is."""
    words = facts.domain(name).words
    return Chosen(value, words) if words and is_size(value) else value  # type: ignore[arg-type]


def compared_word(
    evaluator: Reader,
    word: Chosen,
    op: str,
    node: tree.Expression,
    of: tree.Expression,
    scope: Scope,
) -> Condition:
    """Return ``op == conv3``: the name behind is one of the words."""
    name, other = tree.word_of(node), None
    if name and not any(w.word == name for w in word.words):
        other = evaluator.value(node, scope) if scope.binds(name) else None
        if not isinstance(other, Chosen):
            named_word(name, word.words, f"'{of.span.text}'", node.span)
    if op not in ("==", "!="):
        raise SymparamsError(f"words are compared by == and !=, not by {op}", of.span.to(node.span))
    if isinstance(other, Chosen):
        if other.words != word.words or list(map(str, other.words)) != list(map(str, word.words)):
            raise SymparamsError("these are words of two lists", of.span.to(node.span))
        return compared(word.size, op, other.size)
    if not name:
        raise SymparamsError(f"a word is needed here, not '{node.span.text}'", node.span)
    value = named_word(name, word.words, f"'{of.span.text}'", node.span)
    same = is_value(word, value, of)
    return same if op == "==" else negated(same)


def on_one_line(span: Span) -> str:
    """Return what is written at a place, without its comments and line breaks."""
    lines = (line.partition("#")[0].strip() for line in span.text.splitlines())
    return " ".join(line for line in lines if line)


def shortened(span: Span) -> str:
    """Return a condition as a message repeats it."""
    told = on_one_line(span)
    return told if len(told) <= LONGEST_TOLD else told[: LONGEST_TOLD - 1] + "…"
