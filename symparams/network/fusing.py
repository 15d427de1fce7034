"""Batch norms folded into the layers in front of them, as frameworks do for inference.

A norm goes where it stands directly behind a convolution or a dense layer
whose output nothing else reads: its factors are multiplied into the kernel,
its shift becomes the layer's bias. Of the norm nothing is left; a layer
without a bias gets one. torch ``torch.fx.experimental.optimization.fuse``,
``torch.nn.utils.fusion``.

One walk follows the tensors and takes down who makes and who reads them; what
folds is then replaced at its place in the tree.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from symparams.algebra import symbols_of
from symparams.errors import SymparamsError
from symparams.layers import BatchNorm, Bidirectional, Layer, Weight
from symparams.network.building import Run
from symparams.network.measures import learns
from symparams.network.nodes import (
    INCOMING,
    ZEROS,
    Bodies,
    ChainNode,
    GroupNode,
    InputNode,
    JoinNode,
    KeptNode,
    LeafNode,
    Node,
    Place,
    ReferenceNode,
    RepeatNode,
    SavedNode,
    ScaledNode,
    SeriesNode,
    WeightNode,
    children,
    with_children,
)
from symparams.network.precision import Precision
from symparams.network.shapes import Signal

#: Where a part stands in a network: the numbers of the children on the way to it.
Path: TypeAlias = tuple[int, ...]


class _Edge:
    """The edge of a part whose passes or cases are one: what folds over it may differ in them."""

    def __init__(self, node: Node) -> None:
        self.node = node


#: Who makes or reads a tensor: a leaf that may fold, an edge, or anyone else.
_End: TypeAlias = "Path | _Edge | None"


class _Tensor:
    """A tensor, or several: who makes it, and who reads it."""

    def __init__(self, maker: _End = None, items: tuple[_Tensor, ...] = ()) -> None:
        self.maker = maker
        self.readers: list[_End] = []
        self.items: dict[int, _Tensor] = dict(enumerate(items))
        self.whole: _Tensor | None = None

    def item(self, place: int) -> _Tensor:
        """Return one of several."""
        if place not in self.items:
            self.items[place] = _Tensor()
            self.items[place].whole = self
        return self.items[place]

    def read(self, by: _End = None) -> None:
        """Take down a reader, of all of them."""
        self.readers.append(by)
        for item in self.items.values():
            if item.whole is None:  # one of the others is told by what it is a part of
                item.read(by)

    @property
    def reads(self) -> list[_End]:
        """Who reads it, alone or with what it is a part of."""
        return [*self.readers, *(self.whole.reads if self.whole is not None else ())]

    @property
    def only_reader(self) -> _End:
        """The one reader, where there are no others."""
        readers = self.reads
        return readers[0] if len(readers) == 1 else None


class _Following:
    """Follows the tensors through a network, in one building."""

    def __init__(self, run: Run) -> None:
        self.building = run
        self.places: dict[Place, _Tensor] = {}
        self.tensors: list[_Tensor] = []
        self.leaves: dict[Path, LeafNode] = {}
        #: The parts around that are several passes or cases, the innermost last.
        self.inside: tuple[Path, ...] = ()
        #: Leaf → those that were around it.
        self.around: dict[Path, tuple[Path, ...]] = {}

    def tensor(self, maker: _End = None, items: tuple[_Tensor, ...] = ()) -> _Tensor:
        self.tensors.append(_Tensor(maker, items))
        return self.tensors[-1]

    def run(self, node: Node, path: Path, incoming: _Tensor) -> _Tensor:
        """Return what a node makes of what comes in."""
        match node:
            case InputNode():
                return self.tensor()
            case WeightNode():
                made = self.tensor()
                if node.place is not None:
                    self.places[node.place] = made
                return made
            case ReferenceNode():
                return self.referred(node, incoming)
            case LeafNode():
                return self.leaf(node, path, incoming)
            case KeptNode():
                incoming.read()
                return incoming
            case SavedNode():
                return incoming
            case ChainNode():
                for k, part in enumerate(node.parts):
                    incoming = self.run(part, (*path, k), incoming)
                return incoming
            case JoinNode():
                made_of = [self.run(p, (*path, k), incoming) for k, p in enumerate(node.parts)]
                if node.op == "bundle":
                    return self.tensor(None, tuple(made_of))
                for one in made_of:
                    one.read()
                return self.tensor()
            case Bodies():
                for k, part in enumerate(node.parts):
                    self.run(part, (*path, k), incoming)
                return self.run(node.result, (*path, len(node.parts)), incoming)
            case GroupNode() if isinstance(node.wrapper, Bidirectional):
                return self.alone(node.body, (*path, 0), incoming)
            case GroupNode() if node.other is not None:  # of a tensor that was made outside
                raise self.open(set(node.decided), node)
            case GroupNode():
                if node.entry is not None:
                    self.places[node.entry] = incoming
                made = self.run(node.body, (*path, 0), incoming)
                if node.place is not None:
                    self.places[node.place] = made
                return made
            case ScaledNode() if node.role == "owner":
                return self.alone(node.part, (*path, 0), self.tensor())
            case ScaledNode() if node.role not in ("", "training"):
                return self.alone(node.part, (*path, 0), incoming)
            case ScaledNode():
                return self.run(node.part, (*path, 0), incoming)
            case RepeatNode() | SeriesNode():
                return self.repeated(node, path, incoming)
        raise TypeError(type(node).__name__)  # pragma: no cover - all kinds are above

    def referred(self, node: ReferenceNode, incoming: _Tensor) -> _Tensor:
        if node.of is ZEROS:
            return self.tensor()
        found = incoming if node.of is INCOMING else self.places.setdefault(node.of, self.tensor())
        for part in node.part:
            found = found.item(part)
        return found

    def leaf(self, node: LeafNode, path: Path, incoming: _Tensor) -> _Tensor:
        if node.layer.kind == "id":
            return incoming
        self.leaves[path], self.around[path] = node, self.inside
        incoming.read(path if _folds_away(node) else None)
        for _, tensor in node.feeds:
            self.referred(tensor, incoming).read()
        return self.tensor(path if node.layer.folds and not node.around else None)

    def alone(self, node: Node, path: Path, incoming: _Tensor) -> _Tensor:
        """Follow a part over whose edges nothing folds."""
        incoming.read()
        before, self.inside = self.inside, (*self.inside, path)
        self.run(node, path, self.tensor()).read()
        self.inside = before
        return self.tensor()

    def repeated(self, node: RepeatNode | SeriesNode, path: Path, incoming: _Tensor) -> _Tensor:
        """Follow the passes of a repeat, or the cases of an ``if``."""
        edge, cases = _Edge(node), _of_cases(node)
        every_open: list[bool] = []
        every_close: list[bool] = []
        came = incoming
        for k, part in enumerate(children(node)):
            if isinstance(node, RepeatNode) and not cases and node.parts[k][0] == 1:
                came = self.run(part, (*path, k), came)  # one pass has no edges
                continue
            enters = self.tensor()
            before, self.inside = self.inside, (*self.inside, (*path, k))
            leaves = self.run(part, (*path, k), enters)
            self.inside = before
            leaves.read()
            opens = enters.only_reader is not None
            closes = leaves.maker is not None and len(leaves.reads) == 1
            if leaves is enters:
                closes = came.maker is not None
            if opens and closes and not cases:
                raise self.differs(node)
            every_open.append(opens)
            every_close.append(closes)
            if not cases:
                came.read(edge if opens else None)
                came = self.tensor(edge if closes else None)
        if cases:
            incoming.read(edge if any(every_open) else None)
            return self.tensor(edge if any(every_close) else None)
        return came

    def open(self, names: set[str], node: Node) -> Exception:
        return self.building.needs(names, "which norms of this 'if' fold is open", node.span)

    def differs(self, node: Node) -> Exception:
        """Return the error of a norm that folds in some passes or cases only."""
        if _of_cases(node):
            assert isinstance(node, RepeatNode)
            return self.open({s.name for t, _ in node.parts for s in symbols_of(t)}, node)
        return SymparamsError(
            "a norm at the edge of a repeat folds in some of its passes only",
            node.span,
            "write the first or the last pass by itself, or keep the repeat outside of 'fuse'",
        )


def _of_cases(node: Node) -> bool:
    """Tell whether what looks like a repeat is the branches of an ``if``, of which one is."""
    return isinstance(node, RepeatNode) and node.times == 1


def _folds_away(node: LeafNode) -> bool:
    """Tell whether a leaf is a norm that has its statistics, over the channels."""
    layer = node.layer
    if not isinstance(layer, BatchNorm) or not isinstance(node.source, Signal):
        return False
    return layer.statistics and layer.axis in (-1, len(node.source.axes) - 1)


def fused(node: Node, run: Run) -> Node:
    """Return what is left of a net when its norms are folded.

    Raises:
        SymparamsError: a norm folds in some passes of a repeat only, or a shared
            net that is bound outside would change.
        NeedsValue, Decide: it folds in some branches of an ``if`` only.
    """
    walk = _Following(run)
    walk.run(node, (), walk.tensor()).read()
    changes = _changes(walk)
    _check_shared(node, changes)
    return _replaced(node, (), changes)


def _changes(walk: _Following) -> dict[Path, Node]:
    """Return what stands in the place of leaves."""
    changes: dict[Path, Node] = {}
    for tensor in walk.tensors:
        maker, reader = tensor.maker, tensor.only_reader
        if maker is None or reader is None:
            continue
        for end in (maker, reader):
            if isinstance(end, _Edge):
                raise walk.differs(end.node)
        assert isinstance(maker, tuple)
        assert isinstance(reader, tuple)
        layer, norm = walk.leaves[maker], walk.leaves[reader]
        if walk.around[maker] != walk.around[reader]:
            raise walk.differs(norm)
        changes[maker] = with_bias(layer, norm)
        changes[reader] = ChainNode(norm.output, norm.span, ())
    return changes


def with_bias(node: LeafNode, norm: LeafNode) -> LeafNode:
    """Return a layer with a norm folded into it: it has a bias, at its kernel's precision, or
    that of the norm. It learns if anything of the norm does.
    """
    layer = biased(node.layer)
    assert isinstance(node.source, Signal)
    known = {w.name: w for w in node.weights}
    others = (*node.weights, *norm.weights)
    weights = tuple(
        known[w.name] if w.name in known else _at_precision(w, layer, others)
        for w in layer.weights(node.source.axes)
    )
    if any(learns(w, norm.frozen) for w in norm.weights):
        weights = tuple(w.but(trained=True) if w.name == "bias" else w for w in weights)
    applied = tuple(a for a in node.applied if a.option != "bias")
    return node.but(layer=layer, weights=weights, applied=applied)


def biased(layer: Layer) -> Layer:
    """Return a layer with a bias."""
    options = {name: getattr(layer, name) for name in layer.options}
    return type(layer)(**{**options, "bias": True})


def _at_precision(weight: Weight, layer: Layer, others: tuple[Weight, ...]) -> Weight:
    for other in others:
        precision = other.precision
        if isinstance(precision, Precision) and precision.covers(weight, layer):
            return weight.but(bytes=precision.bytes_of(weight), precision=precision)
    return weight


def _check_shared(root: Node, changes: dict[Path, Node]) -> None:
    """Refuse to change the use of a shared net whose weights are bound outside.

    Raises:
        SymparamsError: it would change.
    """
    parts = list(_parts(root, ()))
    shared = [(part, path) for part, path in parts if isinstance(part, ScaledNode) and part.place]
    owners = {part.place for part, _ in shared if part.role == "owner"}
    for part, path in shared:
        outside = part.role == "shared" and part.place not in owners
        if outside and any(changed[: len(path)] == path for changed in changes):
            raise SymparamsError(
                "'fuse' around a net that is shared",
                part.span,
                "write it where the net is bound: shared … = fuse(…)",
            )


def _parts(node: Node, path: Path) -> Iterator[tuple[Node, Path]]:
    yield node, path
    for k, part in enumerate(children(node)):
        yield from _parts(part, (*path, k))


def _replaced(node: Node, path: Path, changes: dict[Path, Node]) -> Node:
    """Return a network with the parts at some places replaced."""
    if path in changes:
        return changes[path]
    parts = children(node)
    new = tuple(_replaced(part, (*path, k), changes) for k, part in enumerate(parts))
    if all(a is b for a, b in zip(parts, new, strict=True)):
        return node
    made = with_children(node, new)
    # What a default line would make of a block is not what is left of it.
    return made.but(without=()) if isinstance(made, GroupNode) else made
