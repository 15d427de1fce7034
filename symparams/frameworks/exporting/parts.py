"""Parts of a network: what they own, read and make, and what they are called."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator
from typing import Any

from symparams.network import (
    ChainNode,
    GroupNode,
    LeafNode,
    Node,
    ReferenceNode,
    ScaledNode,
    WeightNode,
    children,
)

#: What a place says in front of the name of what stands there.
_WORDS = re.compile(r"^the (?:input of|weight|output of) ")


def owners(node: Node) -> bool:
    """Tell whether a part owns weights."""
    return any(True for _ in weighted(node))


def weighted(node: Node) -> Iterator[Node]:
    """Yield what owns weights below a node, a repeated part's once."""
    if isinstance(node, WeightNode) or (isinstance(node, LeafNode) and node.weights):
        yield node
    elif not (isinstance(node, ScaledNode) and node.role == "shared"):
        for part in children(node):
            yield from weighted(part)


def places_read(node: Node) -> Iterator[Hashable]:
    """Yield the places that a part reads, each as often as it does."""
    match node:
        case ReferenceNode():
            yield node.of
        case LeafNode():
            for _, tensor in node.feeds:
                yield tensor.of
            if node.matrix is not None:
                yield node.matrix
        case ScaledNode() if node.place is not None and node.role != "owner":
            yield node.place
    for part in children(node):
        yield from places_read(part)


def places_made(node: Node) -> Iterator[Hashable]:
    """Yield the places that a part makes."""
    match node:
        case GroupNode():
            yield from (p for p in (node.entry, node.place) if p is not None)
        case WeightNode() if node.place is not None:
            yield node.place
        case ScaledNode() if node.place is not None and node.role == "owner":
            yield node.place
    for part in children(node):
        yield from places_made(part)


def alone(node: Node) -> GroupNode | None:
    """Return the block that a part is, if it is one alone."""
    if isinstance(node, GroupNode) and node.shown and node.wrapper is None:
        return node
    if isinstance(node, ChainNode) and len(node.parts) == 1:
        return alone(node.parts[0])
    return None


def kind_of(node: Node) -> str:
    found = alone(node)
    return found.kind if found is not None else ""


def name_of(place: Any) -> str:
    name = _WORDS.sub("", str(getattr(place, "says", "x")))
    return name if name.isidentifier() else "memory"


def plural(kind: str) -> str:
    """Return what a list of modules is called: ``layers`` for ``llama_layer``."""
    return f"{singular(kind)}s"


def singular(kind: str) -> str:
    """Return what one module of a list is called."""
    last = kind.rpartition("_")[2]
    return last if last in ("layer", "block", "unit", "stage") else kind
