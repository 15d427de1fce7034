"""Windows of convolutions: square for rectangular, one side for both; groups left out."""

from __future__ import annotations

from collections.abc import Iterator

from symparams.algebra import text
from symparams.analysis.causes.hypotheses import CauseQuestion, Hypothesis, leaves, reweighed
from symparams.layers import Weight
from symparams.network import LeafNode, WeightNode

_KERNELS = ("kernel", "depthwise_kernel", "recurrent_kernel")


def _is_window(weight: Weight, node: LeafNode | WeightNode) -> bool:
    if not isinstance(node, LeafNode) or not hasattr(node.layer, "kernel"):
        return False
    return weight.name in _KERNELS and len(weight.shape) > 2


def square(asked: CauseQuestion) -> Iterator[Hypothesis]:
    """Yield counts whose windows have one side for all, or only one side."""
    windows = [
        w.shape[:-2]
        for node in leaves(asked.network)
        for w in (node.weights if isinstance(node, LeafNode) else ())
        if _is_window(w, node)
    ]
    for side in range(max(map(len, windows), default=0)):
        sides = dict.fromkeys(w[side] for w in windows if side < len(w) and len(set(w)) > 1)

        def same(weight: Weight, node: LeafNode | WeightNode, side: int = side) -> Weight:
            if not _is_window(weight, node):
                return weight
            *window, i, o = weight.shape
            return weight.but(shape=(*(window[min(side, len(window) - 1)],) * len(window), i, o))

        if sides:
            told = " or ".join(f"{text(s)} x {text(s)}" for s in sides)
            yield Hypothesis(f"a square window, {told}, for a rectangular one", reweighed(same))


def one_side(asked: CauseQuestion) -> Iterator[Hypothesis]:
    """Yield counts whose windows have one side only, or one more."""

    def first(weight: Weight, node: LeafNode | WeightNode) -> Weight:
        shape = weight.shape
        return weight.but(shape=(shape[0], *shape[-2:])) if _is_window(weight, node) else weight

    def more(weight: Weight, node: LeafNode | WeightNode) -> Weight:
        shape = weight.shape
        return weight.but(shape=(shape[0], *shape)) if _is_window(weight, node) else weight

    def none(weight: Weight, node: LeafNode | WeightNode) -> Weight:
        return weight.but(shape=weight.shape[-2:]) if _is_window(weight, node) else weight

    yield Hypothesis("one side of the window for its area", reweighed(first))
    yield Hypothesis("the window left out", reweighed(none))
    yield Hypothesis("one side of the window more than it has", reweighed(more))


def ungrouped(asked: CauseQuestion) -> Iterator[Hypothesis]:
    """Yield counts of convolutions without their groups."""

    def whole(weight: Weight, node: LeafNode | WeightNode) -> Weight:
        if not _is_window(weight, node) or not isinstance(node, LeafNode):
            return weight
        channels = node.source.axes[-1]  # type: ignore[union-attr]  # a layer takes one tensor
        return weight.but(shape=(*weight.shape[:-2], channels, weight.shape[-1]))

    yield Hypothesis(
        "the groups of convolutions left out: every channel for each", reweighed(whole)
    )
