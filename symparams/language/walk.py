"""Walks over the syntax tree, without recursion."""

from __future__ import annotations

from collections.abc import Iterator

from symparams.language import tree


def nodes(node: tree.SyntaxNode) -> Iterator[tree.SyntaxNode]:
    """Yield a node and all below it."""
    todo = [node]
    while todo:
        here = todo.pop()
        yield here
        todo += here.children()


def names_in(node: tree.SyntaxNode) -> set[str]:
    """Return every name below a node."""
    return {n.id for n in nodes(node) if isinstance(n, tree.Name)}
