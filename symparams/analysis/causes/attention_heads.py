"""Mistakes with the heads of attention: their size, their number, those of keys and values."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from symparams.algebra import Size, divide
from symparams.analysis.causes.hypotheses import (
    CauseQuestion,
    Hypothesis,
    is_bias,
    renoded,
    with_weights,
)
from symparams.elaboration import Network
from symparams.layers import Attend, Dense, Weight
from symparams.network import Bundled, GroupNode, LeafNode, Node, Signal, children
from symparams.records import Record


class HeadSizes(Record):
    """What one attention has.

    Attributes:
        inputs: features that come in.
        heads, kv_heads: of queries; of keys and values.
        size: of a head of queries and keys.
        value_size: of a head of values.
    """

    inputs: Size
    heads: Size
    kv_heads: Size
    size: Size
    value_size: Size

    @property
    def features(self) -> Mapping[str, Size]:
        """The features of queries, keys and values, and of what leaves attention."""
        return {
            "q": self.heads * self.size,
            "k": self.kv_heads * self.size,
            "v": self.kv_heads * self.value_size,
            "o": self.heads * self.value_size,
        }


def _scopes(root: Node) -> Iterator[list[LeafNode]]:
    """Yield the layers of the network and of each of its groups, without those of groups inside."""
    todo = [root]
    while todo:
        leaves: list[LeafNode] = []
        inside = [todo.pop()]
        while inside:
            node = inside.pop()
            if isinstance(node, LeafNode):
                leaves.append(node)
            for part in reversed(children(node)):
                (todo if isinstance(part, GroupNode) and part.shown else inside).append(part)
        yield leaves


def _projections(network: Network) -> dict[int, tuple[str, HeadSizes]]:
    """Return id of a dense layer → (what it makes: q, k, v, or takes: o; the sizes there)."""
    found: dict[int, tuple[str, HeadSizes]] = {}
    for leaves in _scopes(network.root):
        places = [i for i, leaf in enumerate(leaves) if isinstance(leaf.layer, Attend)]
        for before, place in zip([0, *places], places, strict=False):
            sizes = _sizes(leaves[place])
            dense = [leaf for leaf in leaves[before:place] if isinstance(leaf.layer, Dense)]
            made = list(sizes.features.items())[:3]
            for leaf in dense:
                role = next((r for r, size in made if _out(leaf) == size), "")
                if role:
                    made = [pair for pair in made if pair[0] != role]
                    inputs = leaf.source.axes[-1] if isinstance(leaf.source, Signal) else 0
                    found[id(leaf)] = role, sizes.but(inputs=inputs)
            for leaf in leaves[place + 1 :]:
                if isinstance(leaf.layer, Dense) and _in(leaf) == sizes.features["o"]:
                    found[id(leaf)] = "o", sizes.but(inputs=_out(leaf))
                    break
    return found


def _in(leaf: LeafNode) -> Size:
    return leaf.weights[0].shape[0] if leaf.weights else 0


def _out(leaf: LeafNode) -> Size:
    return leaf.weights[0].shape[-1] if leaf.weights else 0


def _sizes(leaf: LeafNode) -> HeadSizes:
    layer = leaf.layer
    assert isinstance(layer, Attend)
    assert isinstance(leaf.source, Bundled)
    q, _, v = (item.axes[-1] for item in leaf.source.items if isinstance(item, Signal))
    kv = layer.heads if layer.kv_heads is None else layer.kv_heads
    return HeadSizes(q, layer.heads, kv, divide(q, layer.heads), divide(v, kv))


def _with_heads(
    change: Callable[[HeadSizes], Mapping[str, Size]],
) -> Callable[[Network], Network]:
    """Return what gives the projections of attention other features."""

    def changed(network: Network) -> Network:
        roles = _projections(network)

        def visit(node: Node) -> Node:
            if id(node) not in roles or not isinstance(node, LeafNode):
                return node
            role, sizes = roles[id(node)]
            size = change(sizes).get(role)
            if size is None:
                return node
            return with_weights(node, tuple(_resized(w, role, size) for w in node.weights))

        return renoded(network, visit)

    return changed


def _resized(weight: Weight, role: str, size: Size) -> Weight:
    if weight.name == "kernel":
        i, o = weight.shape
        return weight.but(shape=(size, o) if role == "o" else (i, size))
    return weight.but(shape=(size,)) if is_bias(weight) and role != "o" else weight


def kv_heads(asked: CauseQuestion) -> Iterator[Hypothesis]:
    """Yield counts with as many heads of keys and values as of queries, or with one."""
    if not _projections(asked.network):
        return

    def all_(sizes: HeadSizes) -> Mapping[str, Size]:
        return sizes.but(kv_heads=sizes.heads).features

    def single(sizes: HeadSizes) -> Mapping[str, Size]:
        return sizes.but(kv_heads=1).features

    yield Hypothesis("as many heads of keys and values as of queries", _with_heads(all_))
    yield Hypothesis("one head of keys and values", _with_heads(single))


def head_size(asked: CauseQuestion) -> Iterator[Hypothesis]:
    """Yield counts in which a head has another size."""
    if not _projections(asked.network):
        return

    def resized(size: Callable[[HeadSizes], Size], out: bool = True) -> Hypothesis:
        def change(sizes: HeadSizes) -> Mapping[str, Size]:
            new = sizes.but(size=size(sizes), value_size=size(sizes)).features
            return new if out else {role: new[role] for role in "qkv"}

        return Hypothesis("", _with_heads(change))

    def shared(sizes: HeadSizes) -> Size:
        return divide(sizes.inputs, sizes.heads)

    def whole(sizes: HeadSizes) -> Size:
        return sizes.inputs

    def part(sizes: HeadSizes) -> Size:
        return divide(sizes.size, sizes.heads)

    yield resized(shared).but(says="a head of the model's size divided by the heads")
    yield resized(whole).but(says="a head of the model's whole size, for each head")
    yield resized(whole, out=False).but(
        says="queries, keys and values of the model's whole size, for each head"
    )
    yield resized(part, out=False).but(says="queries, keys and values of one head only")
    yield resized(part).but(says="projections of one head only")


def no_output(asked: CauseQuestion) -> Iterator[Hypothesis]:
    """Yield counts without the projection behind attention."""

    def changed(network: Network) -> Network:
        roles = _projections(network)

        def visit(node: Node) -> Node:
            own = roles.get(id(node), ("", None))[0]
            return node.but(weights=()) if own == "o" and isinstance(node, LeafNode) else node

        return renoded(network, visit)

    if _projections(asked.network):
        yield Hypothesis("the projection behind attention left out", changed)
