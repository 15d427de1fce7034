"""A network as a graph: layers and folded blocks, what flows between them, what each has.

The nodes are rows of the report, so that together they have the whole measure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TypeAlias

from symparams.algebra import Formula, Number, Size, SizeRecord, add_up, as_number, substitute
from symparams.analysis.reports import Report, Row
from symparams.analysis.summary import shown
from symparams.elaboration import Network, Value, WrittenModel
from symparams.errors import SymparamsError
from symparams.network import (
    INCOMING,
    ZEROS,
    Bodies,
    ChainNode,
    Flow,
    GroupNode,
    InputNode,
    JoinNode,
    KeptNode,
    LeafNode,
    Measure,
    Node,
    Place,
    ReferenceNode,
    RepeatNode,
    SavedNode,
    ScaledNode,
    SeriesNode,
    WeightNode,
)

#: More nodes than that nobody looks at, and no program draws in time.
MOST_NODES = 2_000


class GraphNode(SizeRecord):
    """A layer, a folded block, an input, a weight, or where several tensors are joined.

    Attributes:
        key: of this graph alone.
        name: what its row is called, or the sign of a join.
        kind: ``layer``, ``block``, ``input``, ``weight``, ``join``, ``term`` (of a formula).
        output: the shape that leaves it.
        times: how many copies there are.
        total: the measure of all copies, of a block with all that is in it.
        value: the same as a number, where each size has one.
        within: the frames around it, the outermost first.
    """

    key: str
    name: str
    kind: str
    output: Flow | None
    times: Formula
    total: Formula
    value: Number | None
    within: tuple[GraphFrame, ...]


class GraphEdge(SizeRecord):
    """A tensor that goes from one node to another; ``shared`` where it is weights instead."""

    tail: str
    head: str
    shape: Flow | None
    shared: bool = False


class GraphFrame(SizeRecord):
    """What stands around some nodes: a block that is not folded, or what is repeated.

    ``times`` is how often it is run or stands there; None of a block.
    """

    key: str
    name: str
    times: Formula | None


class NetworkGraph(SizeRecord):
    """A network as a graph; the totals of the nodes add up to ``total``.

    ``defaults`` are the sizes at which the values are taken; empty where there are none.
    """

    network: Network
    report: Report
    nodes: tuple[GraphNode, ...]
    edges: tuple[GraphEdge, ...]
    total: Formula
    value: Number | None
    defaults: Mapping[str, Number]


#: What leaves a part: the nodes that it comes from, each with its shape.
Ports: TypeAlias = "tuple[tuple[str, Flow | None], ...]"


def network_graph(
    definition: WrittenModel,
    values: Mapping[str, Value] | None = None,
    measure: str = "params",
    depth: int = 0,
) -> NetworkGraph:
    """Return a model as a graph.

    Args:
        definition: the model.
        values: sizes that are set.
        measure: what is counted.
        depth: how many blocks within each other are opened; deeper ones are folded.

    Raises:
        SymparamsError: the model or the measure is wrong, or there are too many nodes.
    """
    report, there = shown(definition, values, measure)
    point = report.network.defaults if there is not None else {}
    known = set(report.network.symbols) <= point.keys()
    walk = _GraphWalk(report, depth, point if known else None)
    walk.part(report.network.root, ())
    walk.finish()
    total = report.total
    assert report.network.facts.reduce(add_up(n.total for n in walk.nodes)) == total
    return NetworkGraph(
        report.network,
        report,
        tuple(walk.nodes),
        tuple(walk.edges),
        total,
        walk.number(total),
        point if known else {},
    )


class _GraphWalk:
    """One walk over a network in the order of its rows."""

    def __init__(self, report: Report, depth: int, point: Mapping[str, Number] | None) -> None:
        self.rows = list(report.rows)
        self.next = 0
        self.measure = report.measure
        self.most = depth
        self.point = point
        self.nodes: list[GraphNode] = []
        self.edges: list[GraphEdge] = []
        self.places: dict[Place, Ports] = {}
        self.frames: tuple[GraphFrame, ...] = ()
        self.several = 0
        #: The block that all of this is folded into.
        self.folded = ""
        self.depth = 0

    # --- rows ---

    def row(self, node: Node) -> Row | None:
        """Return the row of a part, each once; None where the measure leaves it out."""
        if self.next < len(self.rows) and self.rows[self.next].position.node is node:
            self.next += 1
            return self.rows[self.next - 1]
        return None

    def finish(self) -> None:
        """Add what a formula of measures has beside the layers."""
        for row in self.rows[self.next :]:
            assert row.kind == "term", f"the row '{row.name}' belongs to no node"
            self.add("term", row.name, None, row)

    def number(self, size: Size) -> Number | None:
        """Return what a formula comes to, where each size has a value."""
        return None if self.point is None else as_number(substitute(size, self.point))

    # --- the graph ---

    def add(self, kind: str, name: str, output: Flow | None, row: Row | None) -> Ports:
        """Add a node, unless it is inside a folded block; return what leaves it."""
        if self.folded:
            return ((self.folded, output),)
        if len(self.nodes) == MOST_NODES:
            raise SymparamsError(
                f"the graph has more than {MOST_NODES:,} nodes", None, "fold blocks: --depth 0"
            )
        key = f"n{len(self.nodes)}"
        total: Size = row.total if row else 0
        times: Size = row.times if row else 1
        self.nodes.append(
            GraphNode(key, name, kind, output, times, total, self.number(total), self.frames)
        )
        return ((key, output),)

    def join(self, ports: Ports, heads: Ports, shared: bool = False) -> None:
        """Add the edges from where something comes to where it goes, each once."""
        for head, _ in heads:
            for tail, shape in ports:
                edge = GraphEdge(tail, head, None if shared else shape, shared)
                if tail != head and edge not in self.edges[-100:]:
                    self.edges.append(edge)

    @contextmanager
    def frame(self, name: str, times: Size | None) -> Iterator[None]:
        """Draw a frame around what is added meanwhile."""
        before = self.frames
        if not self.folded:
            self.several += 1
            self.frames = (*before, GraphFrame(f"c{self.several}", name, times))
        yield
        self.frames = before

    # --- parts ---

    def part(self, node: Node, ports: Ports) -> Ports:
        """Add a part, into which something goes, and return what leaves it."""
        match node:
            case InputNode():
                row = self.row(node)
                return self.add("input", row.name if row else node.name, node.output, row)
            case WeightNode():
                row = self.row(node)
                made = self.add("weight", row.name if row else node.name, node.output, row)
                self.leave(node.place, made)
                return made
            case ReferenceNode():
                return self.referred(node, ports)
            case LeafNode():
                return self.leaf(node, ports)
            case KeptNode() | SavedNode():
                row = self.row(node)
                if row is None or row.total == 0:
                    return ports
                made = self.add("layer", row.name, node.output, row)
                self.join(ports, made)
                return made
            case ChainNode():
                for one in node.parts:
                    ports = self.part(one, ports)
                return ports
            case JoinNode():
                return self.joined(node, ports)
            case Bodies():
                for one in node.parts:
                    self.part(one, ports)
                return self.part(node.result, ports)
            case RepeatNode():
                for times, one in node.parts:
                    if times == 1:
                        ports = self.part(one, ports)
                    else:
                        with self.frame("", times):
                            ports = self.part(one, ports)
                return ports
            case SeriesNode():
                return self.series(node, ports)
            case ScaledNode():
                return self.scaled(node, ports)
            case GroupNode():
                return self.group(node, ports)
        raise TypeError(type(node).__name__)  # pragma: no cover - there are no more nodes

    def leave(self, place: Place | None, ports: Ports) -> None:
        """Keep what can be read at a place."""
        if place is not None:
            self.places[place] = ports

    def referred(self, node: ReferenceNode, ports: Ports) -> Ports:
        if node.of is ZEROS:
            return self.add("input", "zeros", node.output, None)
        if node.of is not INCOMING and node.of not in self.places:
            self.leave(node.of, self.add("input", node.of.says, node.output, None))
        found = ports if node.of is INCOMING else self.places[node.of]
        shape = node.output if len(found) == 1 else None
        return tuple((key, shape or own) for key, own in found)

    def leaf(self, node: LeafNode, ports: Ports) -> Ports:
        if node.layer.kind == "id":
            return ports
        row = self.row(node)
        made = self.add("layer", row.name if row else node.layer.kind, node.output, row)
        self.join(ports, made)
        for _, tensor in node.feeds:
            self.join(self.referred(tensor, ports), made)
        if node.matrix is not None:
            self.join(self.places.get(node.matrix, ()), made, shared=True)
        return made

    def joined(self, node: JoinNode, ports: Ports) -> Ports:
        parts = [self.part(one, ports) for one in node.parts]
        if node.op == "bundle":
            return tuple(port for part in parts for port in part)
        made = self.add("join", node.op, node.output, None)
        for part in parts:
            self.join(part, made)
        return made

    def series(self, node: SeriesNode, ports: Ports) -> Ports:
        row = self.row(node)
        index = node.index.name if row is None or row.leads is None else row.leads.index.name
        self.depth += 1
        with self.frame(index, node.times):
            found = self.part(node.body, ports)
        self.depth -= 1
        return found

    def scaled(self, node: ScaledNode, ports: Ports) -> Ports:
        if node.label == "owner":
            return self.owner(node)
        first = len(self.nodes)
        if node.role in ("experts", "steps"):
            with self.frame(node.label or node.role, None):
                found = self.part(node.part, ports)
        else:
            found = self.part(node.part, ports)
        if node.role == "shared" and node.place is not None:
            heads = tuple((n.key, None) for n in self.nodes[first:] if n.kind != "join")
            self.join(self.places.get(node.place, ()), heads[:1], shared=True)
        return found

    def owner(self, node: ScaledNode) -> Ports:
        """Add a shared net where it is defined, which nothing goes through."""
        if isinstance(self.measure, Measure) and self.measure.factor(node) == 0:
            return ()  # its uses have all of the measure
        first, edges = len(self.nodes), len(self.edges)
        self.part(node.part, ())
        made = self.nodes[first:]
        del self.edges[edges:]
        self.nodes[first:] = [n.but(kind="weight" if n.kind == "layer" else n.kind) for n in made]
        kept = [n for n in made if n.kind != "join"]
        self.leave(node.place, tuple((n.key, None) for n in kept))
        return ()

    def group(self, node: GroupNode, ports: Ports) -> Ports:
        self.leave(node.entry, ports)
        if not node.shown:
            found = self.part(node.body, ports)
            self.leave(node.place, found)
            return found
        row = self.row(node)
        name = row.name if row else node.kind
        if self.folded or self.depth < self.most:
            self.depth += 1
            with self.frame(name, None):
                found = self.part(node.body, ports)
            self.depth -= 1
        else:
            found = self.folded_group(node, name, row, ports)
        self.leave(node.place, found)
        return found

    def folded_group(self, node: GroupNode, name: str, row: Row | None, ports: Ports) -> Ports:
        """Add a block as one node; what its inside reads elsewhere goes to that."""
        made = self.add("block", name, node.output, row)
        self.folded = made[0][0]
        inside = self.part(node.body, ports)
        self.folded = ""
        if any(key != made[0][0] for key, _ in inside):  # what entered goes on as it is
            self.join(tuple(p for p in inside if p[0] != made[0][0]), made)
        return made


__all__ = ["GraphEdge", "GraphFrame", "GraphNode", "NetworkGraph", "network_graph"]
