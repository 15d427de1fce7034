"""The applied network: an immutable tree that keeps the structure of the text.

Leaves are layers with their shapes and weights; above them chains, repeats,
joins and named groups. A repeat is never unrolled when its body's shape
settles, so cost grows with what is written, not with depth. Every measure is
one fold over the tree (:func:`fold`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from symparams.algebra import Size, add_up, product
from symparams.errors import Span, SymparamsError, did_you_mean
from symparams.layers.base import Layer, Weight
from symparams.model.signals import Signal


@dataclass(frozen=True)
class Applied:
    """A default that a layer took because the call did not say: from which line."""

    option: str
    shown: str
    span: Span
    origin: str


@dataclass(frozen=True)
class Node:
    """A part of a network; ``output`` is what leaves it, ``span`` where it is written."""

    output: Signal
    span: Span | None = field(compare=False, repr=False)


@dataclass(frozen=True)
class InputNode(Node):
    """A tensor that comes from outside."""

    name: str = "input"


@dataclass(frozen=True)
class Leaf(Node):
    """A layer on an input.

    ``weights`` are the layer's on this input, ``extra`` its MACs beyond them.
    """

    layer: Layer
    source: Signal
    weights: tuple[Weight, ...]
    extra: Size
    applied: tuple[Applied, ...] = ()


@dataclass(frozen=True)
class Chain(Node):
    """Parts one behind the other; of no parts, the identity."""

    parts: tuple[Node, ...]


@dataclass(frozen=True)
class Repeat(Node):
    """``(times, part)`` pairs: ``times`` copies of a part, each with weights of its own."""

    times: Size
    parts: tuple[tuple[Size, Node], ...]


@dataclass(frozen=True)
class Join(Node):
    """Parts on the same input, joined by ``op``: ``+ - * | ave`` or ``bundle``."""

    op: str
    parts: tuple[Node, ...]


@dataclass(frozen=True)
class Group(Node):
    """A use of a block or a wrapper; ``kind`` is its name."""

    kind: str
    body: Node
    wrapper: Layer | None = None


def fold(node: Node, rule: Callable[[Node], Size]) -> Size:
    """The sum of ``rule`` over inputs and layers, times the repeats around them."""
    if isinstance(node, Leaf | InputNode):
        return rule(node)
    if isinstance(node, Chain | Join):
        return add_up(fold(part, rule) for part in node.parts)
    if isinstance(node, Repeat):
        return add_up(times * fold(part, rule) for times, part in node.parts)
    assert isinstance(node, Group)
    return fold(node.body, rule)


# --- measures --------------------------------------------------------------


def _weights(node: Node, wanted: Callable[[Weight], bool]) -> Size:
    if not isinstance(node, Leaf):
        return 0
    return add_up(w.count for w in node.weights if wanted(w))


def _params(node: Node) -> Size:
    return _weights(node, lambda w: not w.buffer)


def _frozen(node: Node) -> Size:
    return 0  # freeze(net) is the only thing that freezes, and this version refuses it


def _buffers(node: Node) -> Size:
    return _weights(node, lambda w: w.buffer)


def _total(node: Node) -> Size:
    return _weights(node, lambda w: True)


def _macs(node: Node) -> Size:
    if not isinstance(node, Leaf):
        return 0
    return node.extra + add_up(w.count * w.uses for w in node.weights)


def _activations(node: Node) -> Size:
    if isinstance(node, Leaf) and not node.layer.computes:
        return 0
    return product(node.output.axes)


@dataclass(frozen=True)
class Measure:
    """Something that is counted: what of a leaf, in which unit, in words."""

    name: str
    rule: Callable[[Node], Size]
    unit: str
    says: str


MEASURES: dict[str, Measure] = {
    m.name: m
    for m in (
        Measure("params", _params, "values", "trainable and frozen weights; no buffers"),
        Measure("trainable", _params, "values", "weights that training changes"),
        Measure("frozen", _frozen, "values", "weights that training does not change"),
        Measure("buffers", _buffers, "values", "running statistics, kept but no weights"),
        Measure("total", _total, "values", "params and buffers, as Keras prints it"),
        Measure(
            "activations",
            _activations,
            "values",
            "values per example: the input and the outputs of layers that compute",
        ),
        Measure("macs", _macs, "MACs", "multiply-accumulates per example"),
    )
}


def measure_named(name: str, span: Span | None = None) -> Measure:
    """The measure of a name.

    Raises:
        SymparamsError: there is none; the nearest known are named.
    """
    if name not in MEASURES:
        raise SymparamsError(
            f"unknown measure '{name}'",
            span,
            did_you_mean(name, MEASURES, f"there are {', '.join(MEASURES)}"),
        )
    return MEASURES[name]
