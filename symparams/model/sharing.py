"""Nets by name: used once, or shared and counted once."""

from __future__ import annotations

from dataclasses import dataclass

from symparams.algebra import Size
from symparams.errors import Span, SymparamsError
from symparams.layers.dense import Transposed
from symparams.layers.embedding import Embedding
from symparams.model.nets import SHARED, LayerNet, Net, one, weights_of
from symparams.model.network import Group, Leaf, Node, Scaled, WeightNode, rewritten
from symparams.model.run import Run
from symparams.model.signals import Flow, Signal


@dataclass
class Uses:
    """What has been made of a named net so far."""

    count: int = 0
    first: Span | None = None


class NamedNet(Net):
    """A braced name without ``shared``: its weights may be used once.

    ``loops`` is how many repeats were open where the name was bound.
    """

    apart = ("uses",)

    name: str
    net: Net
    loops: int
    uses: Uses

    def apply(self, flow: Flow, run: Run) -> Node:
        node = self.net.apply(flow, run)
        if not run.trials and weights_of(node):
            self.uses.count += 1
            if self.uses.count > 1 or run.loops > self.loops:
                raise SymparamsError(
                    f"the weights of '{self.name}' would be used more than once",
                    self.span,
                    f"write 'shared {self.name} = …' for one set of weights, "
                    f"'block {self.name} = …' for a set at each use",
                )
        return Group(node.output, self.span, self.name, node, shown=False)


@dataclass
class Cell:
    """The one set of weights of a shared net, once its first use has made it."""

    name: str
    owner: Node | None = None
    frozen: bool = False


class SharedNet(Net):
    """``shared E = net``: every use has the same weights."""

    apart = ("cell",)

    net: Net
    cell: Cell

    def apply(self, flow: Flow, run: Run) -> Node:
        node = self.net.apply(flow, run)
        self.cell.frozen |= run.frozen is True
        if self.cell.owner is None:
            self.cell.owner = node
        else:
            before, now = weights_of(self.cell.owner), weights_of(node)
            if before != now:
                raise SymparamsError(
                    f"'{self.cell.name}' is shared, but its weights would differ: "
                    f"{_shapes(before)} at one use, {_shapes(now)} at another",
                    self.span,
                )
        use = Scaled(node.output, self.span, node, 0, 1, 1, SHARED)
        return Group(node.output, self.span, self.cell.name, use, shown=False)

    def transposed(self, span: Span) -> Net:
        """``E.T``: the same matrix the other way round."""
        return TransposedNet(span, self)


def owned(cell: Cell) -> Node | None:
    """The part of braces that owns a shared net's weights; None where it was never used."""
    if cell.owner is None:
        return None
    node = with_frozen(cell.owner) if cell.frozen else cell.owner
    part = Scaled(node.output, node.span, node, 1, 0, 0, "owner", cell.name)
    return Group(node.output, node.span, cell.name, part, shown=False)


def _shapes(weights: tuple[tuple[str, tuple[object, ...]], ...]) -> str:
    return ", ".join(f"{n} {' x '.join(map(str, s)) or '1'}" for n, s in weights[:3]) or "none"


class TransposedNet(Net):
    """A shared embedding or dense layer, backwards, without weights of its own."""

    shared: SharedNet

    def apply(self, flow: Flow, run: Run) -> Node:
        signal = one(flow, f"'{self.shared.cell.name}.T'", self.span)
        rows, columns = self._matrix()
        if not signal.axes or run.facts.zero(signal.axes[-1] - columns) is not True:
            raise SymparamsError(
                f"'{self.shared.cell.name}.T' takes vectors of {columns}, "
                f"but gets {signal.described()}",
                self.span,
            )
        layer = Transposed(rows=rows)
        output = Signal(layer.output(signal.axes))
        return Leaf(output, self.span, layer, signal, (), layer.macs(signal.axes))

    def _matrix(self) -> tuple[Size, Size]:
        """(rows, columns) of the shared matrix."""
        net = self.shared.net
        if isinstance(net, LayerNet) and isinstance(net.layer, Embedding):
            return net.layer.vocabulary, net.layer.width
        owner = self.shared.cell.owner
        if isinstance(owner, Leaf) and owner.weights and len(owner.weights[0].shape) == 2:
            rows, columns = owner.weights[0].shape
            return rows, columns
        raise SymparamsError(
            f"'{self.shared.cell.name}.T' is of an embedding or a dense layer that was used before",
            self.span,
        )


def with_frozen(node: Node) -> Node:
    """A network whose weights training leaves alone."""
    return rewritten(node, lambda n: n.but(frozen=True) if isinstance(n, Leaf | WeightNode) else n)
