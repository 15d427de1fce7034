"""A network as Graphviz DOT text, and drawn by ``dot`` where that is installed.

Names are quoted, so that none of them is a command to Graphviz, and labels are plain text.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence

from symparams.algebra import Number, Size
from symparams.analysis import GraphEdge, GraphFrame, GraphNode, NetworkGraph
from symparams.errors import SymparamsError
from symparams.interchange import CommandAnswer
from symparams.network import Flow
from symparams.records import Record
from symparams.views import remarks
from symparams.views.cells import Cell, Copies, closed
from symparams.views.plots.picture import GREY, PALETTE
from symparams.views.sheet import Column, Line, Sheet
from symparams.views.written import shown

#: What ``dot`` writes.
DOT_KINDS = (".svg", ".pdf", ".png")
#: Seconds that ``dot`` may take.
MOST_SECONDS = 60

_LOOKS: Mapping[str, str] = {
    "layer": "shape=box",
    "block": f'shape=box, style="rounded,filled", fillcolor="{PALETTE[4]}40"',
    "input": "shape=plaintext",
    "weight": f'shape=box, style="dashed", color="{PALETTE[5]}"',
    "join": "shape=circle, margin=0, width=0.25, fixedsize=true",
    "term": "shape=note",
}


class DrawnNode(Record):
    """A node: what it is called, the shape that leaves it, and what it has of the measure.

    ``within`` are the frames around it, the outermost first.
    """

    node: str
    name: str
    kind: str
    output: Flow | None
    times: Size
    total: Size
    value: Number | None
    within: tuple[str, ...]


class DrawnEdge(Record):
    """A tensor from one node to another; where ``shared``, weights that both use."""

    tail: str
    head: str
    shape: Flow | None
    shared: bool


class GraphAnswer(CommandAnswer, command="plot"):
    """A network as a graph; the totals of the nodes, the ``rows``, add up to ``total``."""

    model: str
    figure: str
    measure: str
    defaults: Mapping[str, Number]
    total: Size
    value: Number | None
    rows: tuple[DrawnNode, ...]
    edges: tuple[DrawnEdge, ...]


def graph_sheet(found: NetworkGraph) -> Sheet:
    """Return a line a node, and what they have together."""
    measure = found.report.measure
    nodes = tuple(
        DrawnNode.like(node, node=node.key, within=tuple(f.key for f in node.within))
        for node in found.nodes
    )
    goes = {node.key: [e for e in found.edges if e.tail == node.key] for node in found.nodes}
    rows = tuple(Line(tuple(_cells(node, goes[node.key]))) for node in found.nodes)
    footer: list[tuple[str, Cell]] = [(measure.whole, closed(found.total))]
    if found.defaults and found.value is not None:
        footer.append((f"  at {remarks.at(found.defaults.items())}", found.value))
    return Sheet(
        f"Graph of {found.network.definition.name}",
        (
            Column("node", ""),
            Column("name", "Node"),
            Column("output", "Output Shape"),
            Column("times", "Copies"),
            Column("total", measure.heading, "right"),
            Column("to", "To"),
        ),
        rows,
        tuple(footer),
        tuple(remarks.conditions(found.network)),
        answer=GraphAnswer(
            found.network.definition.name,
            "graph",
            measure.name,
            found.defaults,
            found.total,
            found.value,
            nodes,
            tuple(DrawnEdge.like(edge) for edge in found.edges),
        ),
    )


def _cells(node: GraphNode, leaving: Sequence[GraphEdge]) -> Iterator[Cell]:
    yield node.key
    yield node.name
    yield node.output
    yield None if node.times == 1 else Copies(node.times)
    yield closed(node.total) if node.value is None else node.value
    yield ", ".join(edge.head for edge in leaving)


def dot(found: NetworkGraph) -> str:
    """Return a network as DOT text: blocks folded to one node, what is repeated in a frame."""
    title = shown(found.network.definition.name)
    lines = [f"digraph {_quoted(title)} {{"]
    lines += [
        '  rankdir=TB; nodesep=0.25; ranksep=0.3; fontname="Helvetica"; fontsize=9;',
        '  node [fontname="Helvetica", fontsize=9, height=0.2, margin="0.08,0.04"];',
        '  edge [fontname="Helvetica", fontsize=7, arrowsize=0.5];',
        f"  label={_quoted(_whole(found))}; labelloc=b;",
    ]
    lines += _framed(found.nodes, (), "  ")
    lines += (f"  {edge.tail} -> {edge.head}{_edge_looks(edge)};" for edge in found.edges)
    return "\n".join([*lines, "}"])


def _whole(found: NetworkGraph) -> str:
    """Return what stands below: the whole, of which each node says its part."""
    whole = found.total if found.value is None else found.value
    at = f" at {remarks.at(found.defaults.items())}" if found.defaults else ""
    return f"{found.report.measure.whole}: {shown(closed(whole))}{at}"


def _framed(
    nodes: Sequence[GraphNode], within: tuple[GraphFrame, ...], indent: str
) -> Iterator[str]:
    """Yield the nodes inside some frames, and the frames in there."""
    deep = len(within)
    inner: dict[str, list[GraphNode]] = {}
    for node in nodes:
        if len(node.within) == deep:
            yield f"{indent}{node.key} [label={_quoted(*_told(node))}, {_LOOKS[node.kind]}];"
        else:
            inner.setdefault(node.within[deep].key, []).append(node)
    for key, own in inner.items():
        frame = own[0].within[deep]
        yield f"{indent}subgraph cluster_{key} {{"
        yield f"{indent}  label={_quoted(_frame_name(frame))}; labelloc=t; labeljust=r;"
        yield f'{indent}  color="{GREY}";'
        yield from _framed(own, (*within, frame), indent + "  ")
        yield f"{indent}}}"


def _frame_name(frame: GraphFrame) -> str:
    times = "" if frame.times is None else shown(Copies(frame.times))
    return " ".join(part for part in (frame.name, times) if part)


def _told(node: GraphNode) -> Iterator[str]:
    """Yield the lines of a node: its name, and what it has."""
    yield node.name
    if node.total != 0:
        yield shown(closed(node.total) if node.value is None else node.value)


def _edge_looks(edge: GraphEdge) -> str:
    if edge.shared:
        return " [style=dashed, arrowhead=none, constraint=false]"
    return "" if edge.shape is None else f" [label={_quoted(f' {shown(edge.shape)}')}]"


def _quoted(*lines: str) -> str:
    r"""Return lines as a string of DOT.

    >>> _quoted('a"b\\n', "c")
    '"a\\"b\\\\n\\nc"'
    """
    escaped = (shown(line).replace("\\", "\\\\").replace('"', '\\"') for line in lines)
    return '"' + "\\n".join(escaped) + '"'


def drawn_by_dot(text: str, suffix: str) -> bytes:
    """Return DOT text as a drawing, made by Graphviz in a process of its own.

    Raises:
        SymparamsError: Graphviz is not installed, takes too long, or fails.
    """
    program = shutil.which("dot")
    if program is None:
        raise SymparamsError(
            f"a {suffix} of a graph needs Graphviz, whose program 'dot' was not found",
            None,
            "install Graphviz, or write --out graph.dot",
        )
    try:
        done = subprocess.run(
            [program, f"-T{suffix[1:]}"],
            input=text.encode(),
            capture_output=True,
            timeout=MOST_SECONDS,
            check=True,
        )
    except subprocess.TimeoutExpired:
        raise SymparamsError(
            f"dot took more than {MOST_SECONDS} s to draw the graph",
            None,
            "fold blocks with --depth 0, or write --out graph.dot",
        ) from None
    except subprocess.CalledProcessError as error:
        told = error.stderr.decode(errors="replace").strip()
        raise SymparamsError(f"dot could not draw the graph: {told}") from None
    return done.stdout
