"""Weights that are shared, counted at each of their uses; or not shared, counted once."""

from __future__ import annotations

from collections.abc import Iterator

from symparams.analysis.causes.hypotheses import (
    CauseQuestion,
    Hypothesis,
    leaves,
    renoded,
    without,
)
from symparams.layers import Transposed, Weight
from symparams.network import LeafNode, Node, ScaledNode, Signal, WeightNode


def tied_twice(asked: CauseQuestion) -> Iterator[Hypothesis]:
    """Yield counts in which a shared matrix counts where it is used again."""

    def own(node: Node) -> Node:
        if not isinstance(node, LeafNode) or not isinstance(node.layer, Transposed):
            return node
        assert isinstance(node.source, Signal)
        kernel = Weight("kernel", (node.source.axes[-1], node.layer.rows))
        return node.but(weights=(*node.weights, kernel))

    def each(node: Node) -> Node:
        if not isinstance(node, ScaledNode) or node.role not in ("owner", "shared"):
            return node
        return node.but(weights=0 if node.role == "owner" else node.compute)

    yield Hypothesis(
        "the tied matrix counted again where it is used transposed",
        lambda network: renoded(network, own),
    )
    yield Hypothesis(
        "shared weights counted at each of their uses", lambda network: renoded(network, each)
    )
    yield Hypothesis(
        "shared weights counted at each of their uses, transposed ones too",
        lambda network: renoded(renoded(network, each), own),
    )


def taken_for_tied(asked: CauseQuestion) -> Iterator[Hypothesis]:
    """Yield counts without a matrix that has the shape of a table: as if it were tied to it."""
    tables = {
        w.shape
        for node in leaves(asked.network)
        for w in (node.weights if isinstance(node, LeafNode) else ())
        if w.table
    }

    def same(weight: Weight, node: LeafNode | WeightNode) -> bool:
        return weight.name == "kernel" and not weight.table and weight.shape[::-1] in tables

    if tables:
        yield Hypothesis("the head's matrix taken for the embedding's", without(same))
