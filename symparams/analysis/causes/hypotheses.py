"""What a network, or the size of a measure of it, would be under a mistake in counting."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from symparams.algebra import Number, Polynomial, Size, exact
from symparams.analysis.relations import ClaimedRelation
from symparams.elaboration import Network, build
from symparams.layers import Weight
from symparams.network import LeafNode, Node, WeightNode, learns, parts_below, rewritten
from symparams.records import Record

#: The most parts of networks that are counted in search of causes: about a second's work.
MOST_PARTS = 120_000


class WorkBound:
    """The parts of networks that may still be counted in search of the causes of claims."""

    def __init__(self) -> None:
        self.parts = MOST_PARTS


class Hypothesis(Record):
    """A mistake in counting.

    Attributes:
        says: what was done, as ``biases left out``.
        network: gives the network that was counted in place of another.
        size: gives what was told of its measure, whose network is the second; None: the size.
        effort: how many times the work of changing a network it takes.
    """

    says: str
    network: Callable[[Network], Network] = lambda network: network
    size: Callable[[Size, Network], Size] | None = None
    effort: int = 1

    def count(self, network: Network, counted: Callable[[Network], Size]) -> Size:
        """Return what was told of a network, where ``counted`` gives its measure."""
        size = counted(self.network(network))
        return size if self.size is None else self.size(size, network)

    def and_(self, other: Hypothesis) -> Hypothesis:
        """Return both mistakes, the other one behind this one; one of them changes the size."""
        assert self.size is None or other.size is None
        return Hypothesis(
            f"{self.says}, and {other.says}",
            lambda network: other.network(self.network(network)),
            self.size or other.size,
            self.effort + other.effort,
        )


#: The effort of reading and building a network anew, where changing it is 1: measured.
BUILT = 8
#: No mistake.
AS_IT_IS = Hypothesis("")


class CauseQuestion(Record):
    """A claim that is wrong.

    Attributes:
        network: the network that a measure was asked of.
        measure: the measure, or formula of measures.
        unit: what it counts, or "" where that is not known.
        relation: what is claimed of it.
    """

    network: Network
    measure: str
    unit: str
    relation: ClaimedRelation


class Cause(Record):
    """A known mistake.

    Attributes:
        name: what it is called, as ``bias left out``.
        tries: yields the hypotheses that it makes of a claim, the likeliest first.
    """

    name: str
    tries: Callable[[CauseQuestion], Iterable[Hypothesis]]


#: What changes a weight of a node; None: the weight goes.
WeightChange = Callable[[Weight, "LeafNode | WeightNode"], "Weight | None"]


def leaves(network: Network) -> Iterator[LeafNode | WeightNode]:
    """Yield the layers and weights of a network, in the order of the text."""
    for node in parts_below(network.root):
        if isinstance(node, LeafNode | WeightNode):
            yield node


def renoded(network: Network, change: Callable[[Node], Node]) -> Network:
    """Return a network with every part changed."""
    root = rewritten(network.root, change)
    return network if root is network.root else replace(network, root=root)


def with_weights(node: LeafNode, weights: tuple[Weight, ...]) -> LeafNode:
    """Return a layer with other weights; the same one where they are the same."""
    return node if weights == node.weights else node.but(weights=weights)


def reweighed(change: WeightChange) -> Callable[[Network], Network]:
    """Return what changes every weight of a network."""

    def visit(node: Node) -> Node:
        if isinstance(node, WeightNode):
            weight = change(node.weight, node) or node.weight.but(shape=(0,))
            return node if weight == node.weight else node.but(weight=weight)
        if isinstance(node, LeafNode) and node.weights:
            found = [change(weight, node) for weight in node.weights]
            return with_weights(node, tuple(w for w in found if w is not None))
        return node

    return lambda network: renoded(network, visit)


def without(
    unwanted: Callable[[Weight, LeafNode | WeightNode], bool],
) -> Callable[[Network], Network]:
    """Return what leaves weights out of a network."""
    return reweighed(lambda weight, node: None if unwanted(weight, node) else weight)


def times(weight: Weight, factor: Size) -> Weight:
    """Return a weight that counts several times."""
    return weight.but(shape=(factor, *weight.shape))


def scaled(count: Size, network: Network, factor: Size) -> Size:
    """Return a count times a factor: what :attr:`Hypothesis.size` may be."""
    size = count * factor
    return size if isinstance(size, Polynomial) else exact(size)


def with_values(network: Network, values: Mapping[str, Number]) -> Network:
    """Return the network with other values of some sizes."""
    return build(network.definition, {**network.values, **network.taken, **values})


def is_bias(weight: Weight) -> bool:
    """Tell whether a weight is a bias, by its name."""
    name = weight.name
    return not weight.buffer and (name.startswith("bias") or name.endswith("_bias"))


def is_norm(weight: Weight) -> bool:
    """Tell whether a weight is the scale or the shift of a norm, by its name."""
    return weight.name in ("gamma", "beta")


def is_trained(weight: Weight, node: LeafNode | WeightNode) -> bool:
    """Tell whether training changes a weight."""
    return learns(weight, node.frozen)


def layer_kind(node: LeafNode | WeightNode) -> str:
    """Return the kind of a layer; of a weight by itself, its name."""
    return node.layer.kind if isinstance(node, LeafNode) else node.name
