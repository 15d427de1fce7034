"""The applied network: an immutable tree that keeps the structure of the text.

Leaves are layers with their shapes and weights; above them chains, repeats,
joins and named groups. A repeat is never unrolled when its body's shape
settles, so cost grows with what is written, not with depth.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from operator import is_

from symparams.algebra import Size, Symbol
from symparams.errors import Span
from symparams.layers import Layer, Rewriter, Weight
from symparams.network.shapes import Flow, signals_of
from symparams.network.storages import Saving
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
    """A weight or buffer by itself, as ``weight scale[d]`` makes it; read at ``place``."""

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
    name. ``steps`` is no where it is run to the end of a sequence before
    anything is generated, so that its state is not kept. ``saving`` is what it
    keeps for the backward pass; None where it does not say.
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
    steps: bool = True
    saving: Saving | None = None

    @property
    def needs(self) -> tuple[bool, ...]:
        """Whether each tensor that comes in requires a gradient, those of the options last.

        Raises:
            TypeError: the network was not built for the backward pass.
        """
        flows = (self.source, *(tensor.output for _, tensor in self.feeds))
        flags = [signal.grad for flow in flows for signal in signals_of(flow)]
        if None in flags:
            raise TypeError(
                f"what enters '{self.layer.kind}' does not say whether it has a gradient"
            )
        return tuple(map(bool, flags))


class KeptNode(Node):
    """Values that generation keeps from step to step; what enters goes on as it is."""

    size: Size


class SavedNode(Node):
    """What a product of tensors, or a core of the language, keeps for the backward pass.

    ``saving`` is None where ``name`` does not say it.
    """

    name: str
    saving: Saving | None


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
    whose scores are at ``place``; ``steps``, whose first state is there, and
    ``enters`` what one of them takes;
    ``first step`` of those, where its backward pass is another; ``training`` only.
    """

    apart = ("role", "place", "enters")

    part: Node
    weights: Size
    active: Size
    compute: Size
    label: str = ""
    name: str = ""
    role: str = ""
    place: Place | None = None
    enters: Flow | None = None

    @property
    def kept(self) -> Size:
        """How often what it keeps in generation counts: that of a cell once, whatever its steps."""
        return {"steps": 1, "first step": 0}.get(self.role, self.compute)

    @property
    def training(self) -> Size:
        """How often its computations count in training: what only trains is computed there."""
        return 1 if self.role == "training" else self.compute


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
    ``if`` that needs no decision, ``decided`` are the sizes that would decide;
    ``narrow`` is the branch where sizes have the values of ``where``, if it
    counts there what this one does.
    """

    apart = ("entry", "place", "trains", "without", "other", "decided", "narrow", "where")

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
    narrow: Node | None = None
    where: tuple[tuple[str, Size], ...] = ()


def own_weights(node: Node) -> tuple[Weight, ...]:
    """Return the weights that a node owns itself, and not by its parts."""
    if isinstance(node, LeafNode):
        return node.weights
    return (node.weight,) if isinstance(node, WeightNode) else ()


def children(node: Node) -> tuple[Node, ...]:
    """Return the parts directly below a node."""
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


def parts_below(root: Node) -> Iterator[Node]:
    """Yield a node and all parts below it, in the order of the text."""
    todo = [root]
    while todo:
        node = todo.pop()
        yield node
        todo += reversed(children(node))


def with_children(node: Node, parts: tuple[Node, ...]) -> Node:
    """Return a node with other parts directly below it, in the order of :func:`children`."""
    match node:
        case ChainNode() | JoinNode():
            return node.but(parts=parts)
        case RepeatNode():
            times = (times for times, _ in node.parts)
            return node.but(parts=tuple(zip(times, parts, strict=True)))
        case ScaledNode():
            return node.but(part=parts[0])
        case Bodies():
            return node.but(parts=parts[:-1], result=parts[-1])
        case SeriesNode() | GroupNode():
            return node.but(body=parts[0])
    return node


def rewritten(node: Node, change: Callable[[Node], Node]) -> Node:
    """Return a network with every part changed, the parts below first."""
    below = children(node)
    parts = tuple([rewritten(part, change) for part in below])
    same = all(map(is_, parts, below))
    return change(node if same else with_children(node, parts))
