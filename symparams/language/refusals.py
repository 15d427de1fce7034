"""What the grammar lets through and the language does not."""

from __future__ import annotations

from collections.abc import Sequence

from symparams.errors import Span, SyntaxProblem
from symparams.language import tree
from symparams.language.lexer import Token

#: Longest operand an error repeats; a longer one is shown as an ellipsis.
LONGEST_SHOWN = 24


def shown(span: Span) -> str:
    """Return the text of ``span`` on one line, or ``…`` when it is long."""
    text = " ".join(span.text.split())
    return text if len(text) <= LONGEST_SHOWN and "#" not in text else "…"


def bare_sum_in_chain(items: Sequence[tree.Expression], k: int) -> SyntaxProblem:
    """Return the problem of ``f -> g + id``: both readings are plausible, so neither is taken."""
    found = items[k]
    assert isinstance(found, tree.Sum)
    before = [shown(item.span) for item in items[:k]]
    behind = [shown(item.span) for item in items[k + 1 :]]
    operands = [(op, shown(item.span)) for op, item in found.rest]
    first = shown(found.first.span)

    def joined(head: str, middle: list[tuple[str, str]]) -> str:
        return head + "".join(f" {op} {text}" for op, text in middle)

    inner = " -> ".join([*before, f"({joined(first, operands)})", *behind])
    head = f"({' -> '.join([*before, first])})" if before else first
    op, last = operands[-1]
    tail = f"({' -> '.join([last, *behind])})" if behind else last
    outer = joined(head, [*operands[:-1], (op, tail)])
    between = Span(found.span.source, found.first.span.end, found.rest[0][1].span.start)
    at = between.start + len(between.text) - len(between.text.lstrip())
    sign = found.rest[0][0]
    return SyntaxProblem(
        f"'{sign}' beside '->' needs parentheses",
        Span(between.source, at, at + 1),
        f"write '{inner}' or '{outer}'",
    )


def check_mixed(operators: Sequence[Token]) -> None:
    """Refuse ``|`` beside ``+`` or ``-``."""
    bars = [op for op in operators if op.type == "BAR"]
    others = [op for op in operators if op.type != "BAR"]
    if bars and others:
        later = max(bars[0], others[0], key=lambda op: op.span.start)
        other = "-" if others[0].type == "MINUS" else others[0].text
        raise SyntaxProblem(
            f"'|' beside '{other}' needs parentheses",
            later.span,
            f"write 'a | (b {other} c)' or '(a | b) {other} c'",
        )


def check_not_arrow(value: tree.Expression) -> None:
    """Refuse ``input(3) > dense(4)`` as a network: a misspelt chain."""
    if isinstance(value, tree.Compare) and value.op == ">":
        between = Span(value.span.source, value.left.span.end, value.right.span.start)
        at = between.start + max(0, between.text.find(">"))
        raise SyntaxProblem(
            "'>' compares two sizes", Span(between.source, at, at + 1), "a chain is written '->'"
        )


def check_callee(function: tree.Expression, after: Token) -> None:
    """Refuse a number or a flag that is called or indexed."""
    if isinstance(function, tree.Number):
        text = function.literal
        if after.type == "DOT":
            raise SyntaxProblem(
                f"'{text}.' lacks the digits behind its point",
                function.span.to(after.span),
                f"write '{text}' or '{text}.0'",
            )
        raise SyntaxProblem(
            f"'{text}' is a number and takes no '{after.text}'",
            after.span,
            f"write '{text} * (…)'" if after.type == "LPAR" else "",
        )
    if isinstance(function, tree.Flag):
        raise SyntaxProblem(f"'{function.span.text}' takes no '{after.text}'", after.span)


def check_arguments(
    arguments: Sequence[tree.SyntaxNode], options: Sequence[tree.NamedArgument]
) -> None:
    """Refuse a positional argument behind an option, an option twice, and ``k == 3`` for ``k =
    3``.
    """
    option: tree.NamedArgument | None = None
    for argument in arguments:
        if isinstance(argument, tree.NamedArgument):
            option = argument
        elif option is not None:
            raise SyntaxProblem(
                f"a value without a name stands behind the option '{option.name}'",
                argument.span,
                "values come first, options after them",
            )
        elif (
            isinstance(argument, tree.Compare)
            and argument.op == "=="
            and isinstance(argument.left, tree.Name)
        ):
            name = argument.left.id
            raise SyntaxProblem(
                "'==' compares, and an option is given with '='",
                argument.span,
                f"write '{name} = …', or '({name} == …)' to compare",
            )
    seen: dict[str, tree.NamedArgument] = {}
    for option in options:
        if option.name in seen:
            raise SyntaxProblem(
                f"the option '{option.name}' is given twice",
                option.name_span,
                notes=[("it is given here already", seen[option.name].name_span)],
            )
        seen[option.name] = option


def check_unit(unit: Token | None, measured: bool) -> str:
    """Return the unit of a measure; refuse that of another definition."""
    if unit is not None and not measured:
        raise SyntaxProblem(
            "only a measure has a unit", unit.span, "measure NAME in bytes = 2*params"
        )
    return "" if unit is None else unit.text


def check_parameters(parameters: Sequence[tree.Parameter]) -> None:
    """Refuse a parameter that stands twice."""
    seen: dict[str, tree.Parameter] = {}
    for parameter in parameters:
        if parameter.name in seen:
            raise SyntaxProblem(
                f"the parameter '{parameter.name}' is declared twice",
                parameter.name_span,
                notes=[("it is declared here already", seen[parameter.name].name_span)],
            )
        seen[parameter.name] = parameter
