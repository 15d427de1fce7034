"""What an expression looks like, before anything is known of its names."""

from __future__ import annotations

from symparams.algebra import FUNCTIONS
from symparams.language import tree


def looks_like_size(node: tree.Expression) -> bool:
    """Tell whether an expression has the looks of a size."""
    waiting: list[tree.SyntaxNode] = [node]
    while waiting:
        found = waiting.pop()
        match found:
            case tree.Number() | tree.Name() | tree.Attribute() | tree.Index() | tree.Iverson():
                continue
            case tree.Call(function=tree.Name(id=name)) if name in FUNCTIONS:
                continue
            case tree.Sum() if all(op != "|" for op, _ in found.rest):
                waiting += found.children()
            case tree.Group() | tree.Product() | tree.Power():
                waiting += found.children()
            case _:
                return False
    return True
