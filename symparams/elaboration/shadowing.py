"""Which name hides a kind, a block or a net that was meant; asked on the way to an error."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from symparams.elaboration.scope import Scope
from symparams.elaboration.values import Template, Value, describe
from symparams.errors import Span, SyntaxProblem
from symparams.language import nodes, parse, tree
from symparams.network import Net


def hiding(node: tree.Expression, scope: Scope, shipped: Template | None) -> str:
    """Return ``parameter 'h' of line 3 hides the block 'h'``, as a hint; "" where nothing is
    hidden.

    ``shipped`` is what the name means where no text binds it.
    """
    if not isinstance(node, tree.Name):
        return ""
    outer = list(_bound(node.id, scope))[1:]
    hidden = next((v for v in outer if isinstance(v, Template | Net)), shipped)
    if hidden is None:
        return ""
    what = f"the net '{node.id}'" if isinstance(hidden, Net) else describe(hidden)
    found = _binder(node)
    if found is None:
        return f"a name hides {what}"
    word, span = found
    return f"{word} '{node.id}' of line {span.line} hides {what}"


def _bound(name: str, scope: Scope) -> Iterator[Value]:
    """Yield what a name is bound to, the innermost first."""
    here: Scope | None = scope
    while here is not None:
        if name in here.names:
            yield here.names[name]
        here = here.parent


def _binder(node: tree.Name) -> tuple[str, Span] | None:
    """Return what binds a name where it is used, as a word, and where: the innermost."""
    found: list[tuple[str, Span]] = []
    with suppress(SyntaxProblem):
        for around in nodes(parse(node.span.source)):
            if around.span.start <= node.span.start and node.span.end <= around.span.end:
                found += [b for b in _binds(around, node.id) if b[1].start < node.span.end]
    return max(found, key=lambda b: b[1].start, default=None)


def _binds(around: tree.SyntaxNode, name: str) -> Iterator[tuple[str, Span]]:
    """Yield the bindings of a name that hold in a node."""
    if isinstance(around, tree.Definition | tree.LayerDefinition):
        for parameter in around.parameters:
            if parameter.name == name:
                yield "parameter", parameter.name_span
        for pattern in around.patterns:
            if pattern.name == name:
                yield "input", pattern.span
            for axis in pattern.axes:
                if axis.name == name:
                    yield "axis", axis.span
    if isinstance(around, tree.Comprehension) and name in around.targets:
        yield "index", around.span
    if isinstance(around, tree.Braces):
        for statement in around.statements:
            if isinstance(statement, tree.Binding):
                yield from (("name", t.span) for t in statement.targets if t.name == name)
            elif isinstance(statement, tree.WeightLine) and statement.name == name:
                yield "weight", statement.name_span
