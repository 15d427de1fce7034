"""Mistakes with biases: left out, counted twice, one for each input."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from symparams.analysis.causes.hypotheses import (
    CauseQuestion,
    Hypothesis,
    is_bias,
    layer_kind,
    leaves,
    renoded,
    reweighed,
    times,
    with_weights,
    without,
)
from symparams.layers import Weight
from symparams.network import LeafNode, Node, WeightNode

_Wanted = Callable[[Weight, LeafNode | WeightNode], bool]


def _which(asked: CauseQuestion) -> Iterator[tuple[str, _Wanted]]:
    """Yield the biases that may be meant: all, those of a kind of layer, those of the last one."""
    owners = [n for n in leaves(asked.network) if any(map(is_bias, _own(n)))]
    if not owners:
        return
    yield "biases", lambda weight, node: is_bias(weight)
    kinds = dict.fromkeys(map(layer_kind, owners))
    for kind in kinds if len(kinds) > 1 else ():

        def of_kind(weight: Weight, node: LeafNode | WeightNode, kind: str = kind) -> bool:
            return is_bias(weight) and layer_kind(node) == kind

        yield f"biases of '{kind}'", of_kind
    if len(owners) > 1:
        last = owners[-1]
        yield "the last layer's bias", lambda weight, node: is_bias(weight) and node is last


def _own(node: LeafNode | WeightNode) -> tuple[Weight, ...]:
    return node.weights if isinstance(node, LeafNode) else (node.weight,)


def left_out(asked: CauseQuestion) -> Iterator[Hypothesis]:
    """Yield counts without biases."""
    for says, wanted in _which(asked):
        yield Hypothesis(f"{says} left out", without(wanted))
    if any(w.name == "beta" for n in leaves(asked.network) for w in _own(n)):
        yield Hypothesis(
            "biases and the shifts of norms left out",
            without(lambda weight, node: is_bias(weight) or weight.name == "beta"),
        )


def twice(asked: CauseQuestion) -> Iterator[Hypothesis]:
    """Yield counts with biases twice."""
    for says, wanted in _which(asked):

        def double(weight: Weight, node: LeafNode | WeightNode, wanted: _Wanted = wanted) -> Weight:
            return times(weight, 2) if wanted(weight, node) else weight

        yield Hypothesis(f"{says} counted twice", reweighed(double))


def of_inputs(asked: CauseQuestion) -> Iterator[Hypothesis]:
    """Yield counts with as many biases as there are inputs, or with one."""

    def inputs(weight: Weight, node: LeafNode | WeightNode) -> Weight:
        kernels = [w for w in _own(node) if w.name == "kernel" and len(w.shape) > 1]
        return weight.but(shape=kernels[0].shape[-2:-1]) if is_bias(weight) and kernels else weight

    def single(weight: Weight, node: LeafNode | WeightNode) -> Weight:
        return weight.but(shape=()) if is_bias(weight) else weight

    def ungated(weight: Weight, node: LeafNode | WeightNode) -> Weight:
        recurrent = [w for w in _own(node) if w.name == "recurrent_kernel"]
        return (
            weight.but(shape=recurrent[0].shape[-2:-1]) if is_bias(weight) and recurrent else weight
        )

    if any(map(is_bias, (w for n in leaves(asked.network) for w in _own(n)))):
        yield Hypothesis("a bias for each input, not for each output", reweighed(inputs))
        yield Hypothesis("one bias for each unit, not for each of its gates", reweighed(ungated))
        yield Hypothesis("one bias for a layer, not for each output", reweighed(single))


def that_are_not_there(asked: CauseQuestion) -> Iterator[Hypothesis]:
    """Yield counts with biases of layers that have none."""

    def visit(node: Node) -> Node:
        if not isinstance(node, LeafNode) or getattr(node.layer, "bias", True) is not False:
            return node
        kernels = [w for w in node.weights if w.name in ("kernel", "pointwise_kernel")]
        more = tuple(Weight("bias", kernel.shape[-1:]) for kernel in kernels)
        return with_weights(node, (*node.weights, *more))

    yield Hypothesis("biases of layers that have none", lambda network: renoded(network, visit))
