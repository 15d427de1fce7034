"""In how many bytes weights are kept: what ``precision`` says of the weights inside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from symparams.algebra import Size, divided
from symparams.errors import Span
from symparams.layers import Dense, Embedding, Layer, Weight
from symparams.network.nodes import (
    LeafNode,
    Node,
    RepeatNode,
    ScaledNode,
    WeightNode,
    children,
    rewritten,
)
from symparams.records import Record


class Precision(Record):
    """One ``precision(…)``.

    ``bits`` of every value of every weight, or a ``layout`` of matrices: the
    bytes of one, from its inputs and outputs. A layout is of the kernels of
    dense layers, with ``tables`` of the tables of embeddings too, of which a
    row is the inputs of one output. It leaves all other weights as they are.
    """

    span: Span | None
    bits: Size = 0
    layout: Callable[[Size, Size], Size] | None = None
    tables: bool = False

    def covers(self, weight: Weight, layer: Layer | None) -> bool:
        """Tell whether it says in how many bytes a weight of a layer is kept."""
        if self.layout is None:
            return not weight.buffer
        if isinstance(layer, Dense):
            return weight.name == "kernel"
        return self.tables and isinstance(layer, Embedding) and weight.name == "table"

    def bytes_of(self, weight: Weight) -> Size:
        """Return the bytes of a weight that it covers."""
        if self.layout is None:
            return divided(self.bits * weight.count, 8)
        first, second = weight.shape
        return self.layout(second, first) if weight.name == "table" else self.layout(first, second)


def stored(
    weights: Sequence[Weight], layer: Layer | None, precisions: Sequence[Precision]
) -> tuple[Weight, ...]:
    """Return weights with their bytes, by the innermost that says so.

    Args:
        weights: some of which may have theirs already.
        layer: whose they are; None of a weight by itself.
        precisions: what is said around them, the innermost last.

    Raises:
        SymparamsError: a layout does not take a matrix.
    """

    def change(weight: Weight) -> Weight:
        if weight.bytes is None:
            for precision in reversed(precisions):
                if precision.covers(weight, layer):
                    return weight.but(bytes=precision.bytes_of(weight), precision=precision)
        return weight

    return tuple(map(change, weights)) if precisions else tuple(weights)


def stored_again(node: Node, before: Sequence[Precision], now: Sequence[Precision]) -> Node:
    """Return a network as ``now`` has it, where ``before`` was said around it.

    What is said inside it stays.
    """

    def change(weights: tuple[Weight, ...], layer: Layer | None) -> tuple[Weight, ...]:
        inner = {id(w) for w in weights if w.precision and not _among(w.precision, before)}
        plain = [w if id(w) in inner else w.but(bytes=None, precision=None) for w in weights]
        return stored(plain, layer, now)

    def of(part: Node) -> Node:
        if isinstance(part, LeafNode):
            return part.but(weights=change(part.weights, part.layer))
        if isinstance(part, WeightNode):
            return part.but(weight=change((part.weight,), None)[0])
        return part

    return node if list(map(id, before)) == list(map(id, now)) else rewritten(node, of)


def _among(one: object, others: Sequence[object]) -> bool:
    return any(one is other for other in others)


def weights_below(node: Node) -> list[tuple[Weight, Layer | None]]:
    """Return the weights of a network with their layers; repeats counted once."""
    found: list[tuple[Weight, Layer | None]] = []
    todo = [node]
    while todo:
        here = todo.pop()
        if isinstance(here, RepeatNode) and _first_differs_in_gradients(here):
            here = here.parts[0][1]
        if isinstance(here, ScaledNode) and here.role == "first step":
            continue  # its weights are those of the other steps
        if isinstance(here, LeafNode):
            found += [(w, here.layer) for w in here.weights]
        elif isinstance(here, WeightNode):
            found.append((here.weight, None))
        todo += reversed(children(here))
    return found


def _first_differs_in_gradients(repeat: RepeatNode) -> bool:
    """Tell whether the passes of a repeat have the same weights all the same."""
    kept = {tuple((w.name, w.shape, w.bytes) for w, _ in weights_below(p)) for _, p in repeat.parts}
    return len(kept) == 1
