"""The applied network: an immutable tree that keeps the structure of the text.

Leaves are layers with their shapes and weights; above them chains, repeats,
joins and named groups. A repeat is never unrolled when its body's shape
settles, so cost grows with what is written, not with depth. Every measure is
one fold over the tree (:func:`fold`).
"""

from __future__ import annotations

from collections.abc import Callable

from symparams.algebra import Size, Symbol, add_up, brief, product, substitute, sum_over, symbols_of
from symparams.errors import NeedsValue, Span, SymparamsError, did_you_mean, listed
from symparams.layers import Layer, Rewriter, Weight
from symparams.network.shapes import Bundled, Flow
from symparams.records import Record


class Applied(Record):
    """A default that a layer took because the call did not say: from which line."""

    option: str
    shown: str
    span: Span
    origin: str


class Place:
    """A tensor that is made in one part of a network and read in others; it is only itself."""

    __slots__ = ("says",)

    def __init__(self, says: str) -> None:
        self.says = says

    def __repr__(self) -> str:
        return f"<{self.says}>"


#: What comes into the part that refers to it.
INCOMING = Place("what comes in")
#: The most passes without a closed sum that are added up one by one.
MOST_ADDED = 10_000

#: ``zeros(…)``.
ZEROS = Place("zeros")


class Node(Record):
    """A part of a network; ``output`` is what leaves it, ``span`` where it is written."""

    output: Flow
    span: Span | None


class InputNode(Node):
    """A tensor that comes from outside."""

    name: str = "input"


class ReferenceNode(Node):
    """A tensor that is computed elsewhere: costs nothing here.

    ``of`` is where: what comes in, what entered the block around it, a weight,
    or what a group computes; ``part`` is the way to it in bundles.
    """

    apart = ("of", "part")

    of: Place
    part: tuple[int, ...] = ()


class WeightNode(Node):
    """A weight or buffer by itself, as ``weight table[32, a]`` makes it; read at ``place``."""

    apart = ("place",)

    name: str
    weight: Weight
    frozen: bool = False
    place: Place | None = None


class LeafNode(Node):
    """A layer on an input.

    ``weights`` are the layer's on this input, ``extra`` its MACs beyond them
    (None where the layer does not say); ``frozen`` says that training leaves
    them alone. ``around`` are the kinds that keep its kernels in another way,
    the innermost first, each with the defaults it took. ``matrix`` is the
    shared net whose matrix it takes, ``feeds`` the tensors that its options
    name.
    """

    apart = ("matrix", "feeds")

    layer: Layer
    source: Flow
    weights: tuple[Weight, ...]
    extra: Size | None
    applied: tuple[Applied, ...] = ()
    frozen: bool = False
    around: tuple[tuple[Rewriter, tuple[Applied, ...]], ...] = ()
    matrix: Place | None = None
    feeds: tuple[tuple[str, ReferenceNode], ...] = ()


class ChainNode(Node):
    """Parts one behind the other; of no parts, the identity."""

    parts: tuple[Node, ...]


class RepeatNode(Node):
    """``(times, part)`` pairs: ``times`` copies of a part, each with weights of its own."""

    times: Size
    parts: tuple[tuple[Size, Node], ...]


class SeriesNode(Node):
    """``body`` for ``index`` = first … first + times - 1, each with weights of its own.

    ``body`` was built with ``index`` as a symbol; a measure of it is summed in
    closed form. ``listed`` says that the passes are a list of the text, each
    with rows of its own where its ends are numbers.
    """

    apart = ("listed",)

    index: Symbol
    first: Size
    times: Size
    body: Node
    listed: bool = False


class ScaledNode(Node):
    """A part whose weights, active weights and computations count several times.

    A shared net's owner counts (1, 1, 0) and each of its uses (0, 0, 1); n
    experts of which t act count (n, t, t); a cell run over T steps (1, 1, T).
    ``label`` says what it is in a table, ``name`` what it is called. ``role``
    says how it runs: ``owner`` and ``shared`` of the net ``place``; ``experts``,
    whose scores are at ``place``; ``steps``, whose first state is there.
    """

    apart = ("role", "place")

    part: Node
    weights: Size
    active: Size
    compute: Size
    label: str = ""
    name: str = ""
    role: str = ""
    place: Place | None = None


class JoinNode(Node):
    """Parts on the same input, joined by ``op``: ``+ - * |`` or ``bundle``."""

    op: str
    parts: tuple[Node, ...]


class Bodies(Node):
    """Braces: what their statements compute or own, and then the result."""

    parts: tuple[Node, ...]
    result: Node


class GroupNode(Node):
    """A use of a block, a wrapper or a net by name; ``kind`` is its name.

    ``shown`` says whether it has a line of its own in a table. What enters it
    is read at ``entry``, what leaves it at ``place``; ``trains`` is what
    ``train`` and ``freeze`` say of it; ``without`` is, for each default that a
    block took, what it would be without. ``other`` is the other branch of an
    ``if`` that needs no decision, ``decided`` are the sizes that would decide.
    """

    apart = ("entry", "place", "trains", "without", "other", "decided")

    kind: str
    body: Node
    wrapper: Layer | None = None
    shown: bool = True
    entry: Place | None = None
    place: Place | None = None
    trains: bool | None = None
    without: tuple[tuple[Applied, Node], ...] = ()
    other: Node | None = None
    decided: tuple[str, ...] = ()


def fold(node: Node, measure: Measure) -> Size:
    """A measure of a network: the sum over its parts, times the repeats around them.

    Raises:
        NeedsValue: a series without a closed form for this measure.
    """
    match node:
        case ReferenceNode():
            return 0
        case LeafNode() | InputNode() | WeightNode():
            return measure.rule(node)
        case ChainNode() | JoinNode():
            return add_up(fold(part, measure) for part in node.parts)
        case RepeatNode():
            return add_up(times * fold(part, measure) for times, part in node.parts)
        case ScaledNode():
            factor: Size = getattr(node, measure.scale)
            return factor * fold(node.part, measure) if factor != 0 else 0
        case Bodies():
            return add_up(fold(part, measure) for part in (*node.parts, node.result))
        case SeriesNode():
            return over_series(node, fold(node.body, measure), measure)
        case GroupNode():
            return fold(node.body, measure)
    raise TypeError(type(node).__name__)  # pragma: no cover - all kinds are above


def over_series(node: SeriesNode, term: Size, measure: Measure) -> Size:
    """The sum of a term over a series' passes.

    Raises:
        NeedsValue: it has no closed form.
    """
    last = node.first + node.times - 1
    total = sum_over(term, node.index, node.first, last)
    if total is not None:
        return total
    if isinstance(node.first, int) and isinstance(last, int) and last - node.first < MOST_ADDED:
        passes = range(node.first, last + 1)
        return add_up(substitute(term, {node.index.name: k}) for k in passes)
    names = sorted(s.name for s in symbols_of(node.times) | symbols_of(node.first))
    raise NeedsValue(
        f"{measure.name} of this repeat has no closed form: a pass takes {brief(term)}",
        names,
        node.span,
        f"give {listed(names)} a value" if names else f"repeat it up to {MOST_ADDED:,} times",
    )


def children(node: Node) -> tuple[Node, ...]:
    """The parts directly below a node."""
    match node:
        case ChainNode() | JoinNode():
            return node.parts
        case RepeatNode():
            return tuple(part for _, part in node.parts)
        case ScaledNode():
            return (node.part,)
        case Bodies():
            return (*node.parts, node.result)
        case SeriesNode() | GroupNode():
            return (node.body,)
    return ()


def rewritten(node: Node, change: Callable[[Node], Node]) -> Node:
    """A network with every part changed, the parts below first."""
    if isinstance(node, ChainNode | JoinNode):
        node = node.but(parts=tuple(rewritten(p, change) for p in node.parts))
    elif isinstance(node, RepeatNode):
        node = node.but(parts=tuple((t, rewritten(p, change)) for t, p in node.parts))
    elif isinstance(node, ScaledNode):
        node = node.but(part=rewritten(node.part, change))
    elif isinstance(node, SeriesNode | GroupNode):
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
    if isinstance(node, LeafNode):
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
    if not isinstance(node, LeafNode):
        return 0
    if node.extra is None:
        raise SymparamsError(
            f"layer '{node.layer.kind}' does not say its macs", node.span, "give it a line 'macs …'"
        )
    return node.extra + add_up(w.count * w.uses for w in node.weights)


def _activations(node: Node) -> Size:
    if isinstance(node, WeightNode) or (isinstance(node, LeafNode) and not node.layer.computes):
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
        scale: which factor of :class:`ScaledNode` holds: weights, active or compute.
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
