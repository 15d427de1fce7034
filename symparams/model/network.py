"""The applied network: an immutable tree that keeps the structure of the text.

Leaves are layers with their shapes and weights; above them chains, repeats,
joins and named groups. A repeat is never unrolled when its body's shape
settles, so cost grows with what is written, not with depth. Every measure is
one fold over the tree (:func:`fold`).
"""

from __future__ import annotations

from collections.abc import Callable

from symparams.algebra import Size, Symbol, add_up, product, symbols_of, text
from symparams.algebra.sums import sum_over
from symparams.errors import NeedsValue, Span, SymparamsError, did_you_mean
from symparams.layers.base import Layer, Weight
from symparams.model.signals import Bundled, Flow
from symparams.records import Record


class Applied(Record):
    """A default that a layer took because the call did not say: from which line."""

    option: str
    shown: str
    span: Span
    origin: str


class Node(Record):
    """A part of a network; ``output`` is what leaves it, ``span`` where it is written."""

    output: Flow
    span: Span | None


class InputNode(Node):
    """A tensor that comes from outside."""

    name: str = "input"


class Reference(Node):
    """A tensor that is computed elsewhere: costs nothing here."""


class WeightNode(Node):
    """A weight or buffer by itself, as ``weight table[32, a]`` makes it."""

    name: str
    weight: Weight
    frozen: bool = False


class Leaf(Node):
    """A layer on an input.

    ``weights`` are the layer's on this input, ``extra`` its MACs beyond them
    (None where the layer does not say); ``frozen`` says that training leaves
    them alone.
    """

    layer: Layer
    source: Flow
    weights: tuple[Weight, ...]
    extra: Size | None
    applied: tuple[Applied, ...] = ()
    frozen: bool = False


class Chain(Node):
    """Parts one behind the other; of no parts, the identity."""

    parts: tuple[Node, ...]


class Repeat(Node):
    """``(times, part)`` pairs: ``times`` copies of a part, each with weights of its own."""

    times: Size
    parts: tuple[tuple[Size, Node], ...]


class Series(Node):
    """``body`` for ``index`` = first … first + times - 1, each with weights of its own.

    ``body`` was built with ``index`` as a symbol; a measure of it is summed in
    closed form.
    """

    index: Symbol
    first: Size
    times: Size
    body: Node


class Scaled(Node):
    """A part whose weights, active weights and computations count several times.

    A shared net's owner counts (1, 1, 0) and each of its uses (0, 0, 1); n
    experts of which t act count (n, t, t); a cell run over T steps (1, 1, T).
    ``label`` says what it is in a table, ``name`` what it is called.
    """

    part: Node
    weights: Size
    active: Size
    compute: Size
    label: str = ""
    name: str = ""


class Join(Node):
    """Parts on the same input, joined by ``op``: ``+ - * |`` or ``bundle``."""

    op: str
    parts: tuple[Node, ...]


class Bodies(Node):
    """Braces: what their statements compute or own, and then the result."""

    parts: tuple[Node, ...]
    result: Node


class Group(Node):
    """A use of a block, a wrapper or a net by name; ``kind`` is its name.

    ``shown`` says whether it has a line of its own in a table.
    """

    kind: str
    body: Node
    wrapper: Layer | None = None
    shown: bool = True


def fold(node: Node, measure: Measure) -> Size:
    """A measure of a network: the sum over its parts, times the repeats around them.

    Raises:
        NeedsValue: a series without a closed form for this measure.
    """
    match node:
        case Reference():
            return 0
        case Leaf() | InputNode() | WeightNode():
            return measure.rule(node)
        case Chain() | Join():
            return add_up(fold(part, measure) for part in node.parts)
        case Repeat():
            return add_up(times * fold(part, measure) for times, part in node.parts)
        case Scaled():
            factor: Size = getattr(node, measure.scale)
            return factor * fold(node.part, measure) if factor != 0 else 0
        case Bodies():
            return add_up(fold(part, measure) for part in (*node.parts, node.result))
        case Series():
            return over_series(node, fold(node.body, measure), measure)
        case Group():
            return fold(node.body, measure)
    raise TypeError(type(node).__name__)  # pragma: no cover - all kinds are above


def over_series(node: Series, term: Size, measure: Measure) -> Size:
    """The sum of a term over a series' passes.

    Raises:
        NeedsValue: it has no closed form.
    """
    total = sum_over(term, node.index, node.first, node.first + node.times - 1)
    if total is None:
        names = sorted(s.name for s in symbols_of(node.times))
        listed = " and ".join(f"'{n}'" for n in names)
        raise NeedsValue(
            f"{measure.name} of this repeat has no closed form: a pass takes {text(term)}",
            names,
            node.span,
            f"give {listed} a value",
        )
    return total


def children(node: Node) -> tuple[Node, ...]:
    """The parts directly below a node."""
    match node:
        case Chain() | Join():
            return node.parts
        case Repeat():
            return tuple(part for _, part in node.parts)
        case Scaled():
            return (node.part,)
        case Bodies():
            return (*node.parts, node.result)
        case Series() | Group():
            return (node.body,)
    return ()


def rewritten(node: Node, change: Callable[[Node], Node]) -> Node:
    """A network with every part changed, the parts below first."""
    if isinstance(node, Chain | Join):
        node = node.but(parts=tuple(rewritten(p, change) for p in node.parts))
    elif isinstance(node, Repeat):
        node = node.but(parts=tuple((t, rewritten(p, change)) for t, p in node.parts))
    elif isinstance(node, Scaled):
        node = node.but(part=rewritten(node.part, change))
    elif isinstance(node, Series | Group):
        node = node.but(body=rewritten(node.body, change))
    elif isinstance(node, Bodies):
        node = node.but(
            parts=tuple(rewritten(p, change) for p in node.parts),
            result=rewritten(node.result, change),
        )
    return change(node)


# --- measures --------------------------------------------------------------


def _owned(node: Node) -> tuple[tuple[Weight, ...], bool]:
    """(weights, whether training leaves them alone) of a leaf."""
    if isinstance(node, Leaf):
        return node.weights, node.frozen
    if isinstance(node, WeightNode):
        return (node.weight,), node.frozen
    return (), False


def _params(node: Node) -> Size:
    return add_up(w.count for w in _owned(node)[0] if not w.buffer)


def _trained(node: Node, wanted: bool) -> Size:
    """The weights that training changes, or those that it leaves alone."""
    weights, frozen = _owned(node)
    return add_up(
        w.count
        for w in weights
        if not w.buffer and (not frozen if w.trained is None else w.trained) is wanted
    )


def _trainable(node: Node) -> Size:
    return _trained(node, True)


def _frozen(node: Node) -> Size:
    return _trained(node, False)


def _buffers(node: Node) -> Size:
    return add_up(w.count for w in _owned(node)[0] if w.buffer)


def _total(node: Node) -> Size:
    return add_up(w.count for w in _owned(node)[0])


def _macs(node: Node) -> Size:
    if not isinstance(node, Leaf):
        return 0
    if node.extra is None:
        raise SymparamsError(
            f"layer '{node.layer.kind}' does not say its macs", node.span, "give it a line 'macs …'"
        )
    return node.extra + add_up(w.count * w.uses for w in node.weights)


def _activations(node: Node) -> Size:
    if isinstance(node, WeightNode) or (isinstance(node, Leaf) and not node.layer.computes):
        return 0
    return _values(node.output)


def _values(flow: Flow) -> Size:
    if isinstance(flow, Bundled):
        return add_up(_values(item) for item in flow.items)
    return product(flow.axes)


class Measure(Record):
    """Something that is counted.

    Attributes:
        rule: what a leaf has of it.
        scale: which factor of :class:`Scaled` holds: weights, active or compute.
        unit: values or MACs.
    """

    name: str
    rule: Callable[[Node], Size]
    scale: str
    unit: str
    says: str


MEASURES: dict[str, Measure] = {
    m.name: m
    for m in (
        Measure("params", _params, "weights", "values", "trainable and frozen weights; no buffers"),
        Measure("trainable", _trainable, "weights", "values", "weights that training changes"),
        Measure("frozen", _frozen, "weights", "values", "weights that training does not change"),
        Measure(
            "buffers", _buffers, "weights", "values", "running statistics, kept but no weights"
        ),
        Measure("total", _total, "weights", "values", "params and buffers, as Keras prints it"),
        Measure("active", _params, "active", "values", "params that one position passes through"),
        Measure(
            "activations",
            _activations,
            "compute",
            "values",
            "values per example: the input and the outputs of layers that compute",
        ),
        Measure("macs", _macs, "compute", "MACs", "multiply-accumulates per example"),
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
