"""Time steps, and other positions, multiplied into a count that does not depend on them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from symparams.algebra import Size, product, text
from symparams.analysis.causes.hypotheses import (
    CauseQuestion,
    Hypothesis,
    renoded,
    reweighed,
    scaled,
)
from symparams.elaboration import Network
from symparams.layers import Weight
from symparams.network import InputNode, LeafNode, Node, Signal, WeightNode, children, signals_of


def _steps(network: Network) -> dict[Size, None]:
    """Return the positions of each input: its axes but the features, one by one and together."""
    found: dict[Size, None] = {}
    todo: list[Node] = [network.root]
    while todo:
        node = todo.pop()
        todo += children(node)
        if isinstance(node, InputNode):
            for signal in signals_of(node.output):
                axes = signal.axes if signal.tokens else signal.axes[:-1]
                found |= dict.fromkeys((product(axes), *axes))
    return {size: None for size in found if size != 1}


def multiplied(asked: CauseQuestion) -> Iterator[Hypothesis]:
    """Yield counts times the time steps: whole, weight by weight, and as inputs."""
    steps = _steps(asked.network)
    for size in steps:
        what = "the time steps" if len(steps) == 1 else "the positions"
        says = f"{what}, {text(size)}, multiplied in"
        yield Hypothesis(says, size=partial(scaled, factor=size))

    def used(weight: Weight, node: LeafNode | WeightNode) -> Weight:
        often = 0 if weight.uses == 0 else weight.uses
        return weight.but(shape=(often, *weight.shape)) if often != 0 else weight

    yield Hypothesis("each kernel counted at every position where it is used", reweighed(used))
    yield Hypothesis(
        "the sequence taken for one vector: the inputs times the time steps",
        lambda network: renoded(network, _flattened),
    )
    for units in (True, False):
        for bias in (False, True):
            more = ", and multiplied by the units" if units else ""
            less = "" if bias else "; biases left out"
            says = f"the time steps taken for the inputs, and the inputs for the units{more}{less}"
            change = partial(_shifted, by_units=units, bias=bias)
            yield Hypothesis(says, partial(renoded, change=change))


def _sequence(node: Node) -> tuple[Size, Size] | None:
    """Return (time steps, inputs) of a recurrent layer."""
    if not isinstance(node, LeafNode) or not isinstance(node.source, Signal):
        return None
    if not any(w.name == "recurrent_kernel" for w in node.weights) or len(node.source.axes) != 2:
        return None
    steps, inputs = node.source.axes
    return steps, inputs


def _flattened(node: Node) -> Node:
    sequence = _sequence(node)
    if sequence is None or not isinstance(node, LeafNode):
        return node
    steps, _ = sequence
    return node.but(
        weights=tuple(
            w.but(shape=(steps, *w.shape)) if w.name == "kernel" else w for w in node.weights
        )
    )


def _shifted(node: Node, by_units: bool, bias: bool) -> Node:
    """Return a recurrent layer whose sizes are each taken for the next: steps, inputs, units."""
    sequence = _sequence(node)
    if sequence is None or not isinstance(node, LeafNode):
        return node
    steps, inputs = sequence
    units, gates = getattr(node.layer, "units", None), getattr(node.layer, "gates", None)
    if units is None or gates is None:
        return node
    shapes: dict[str, tuple[Size, ...]] = {
        "kernel": (steps, gates, inputs),
        "recurrent_kernel": (inputs, gates, inputs),
    }
    if bias:
        shapes |= {"bias": (gates, inputs)}
    factor: tuple[Size, ...] = (units,) if by_units else ()
    found = [w.but(shape=(*factor, *shapes[w.name])) for w in node.weights if w.name in shapes]
    return node.but(weights=tuple(found))
