"""The rows of a network: which part of it each is, how often it stands there, what it is called.

A row is a place in the network, never a name. Names follow from all rows
together, whatever is measured, so that each belongs to one row and reads back
as an address (:mod:`symparams.network.addresses`).

A row is called by its kind, or as the text calls it: a ``weight``, a shared net, what a
braced name stands for. A braced name of a chain is that of its one row, or, of several, of
the one that has weights; where two have some, no row is what it stands for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import count
from types import MappingProxyType

from symparams.algebra import PLAIN, Facts, Size, SizeRecord, Symbol, add_up, of_atom, substitute
from symparams.network.folding import fold, over_series
from symparams.network.measures import Measure
from symparams.network.nodes import (
    Bodies,
    ChainNode,
    GroupNode,
    InputNode,
    JoinNode,
    KeptNode,
    LeafNode,
    Node,
    RepeatNode,
    SavedNode,
    ScaledNode,
    SeriesNode,
    WeightNode,
    children,
    own_weights,
)
from symparams.records import Record

#: What an index is called where its name in the text means something else there. The
#: letters of derivations (f, i, o, …) are not among them.
INDICES = ("k", "j", "m", "p", "q", "r", "u", "v", "w", "x", "y", "z")


class Pass(SizeRecord):
    """A series around a row: its parts vary with ``index``, from ``first`` to ``last``.

    ``index`` is as it is shown, in the network it is ``series.index``; ``times``
    copies of the whole series stand in one pass of the series around it.
    """

    series: SeriesNode
    index: Symbol
    first: Size
    last: Size
    times: Size


class Label:
    """What a row is called: a word, and a number where that is not enough.

    ``written`` says that the word is a name of the text; ``within`` is the label of the
    shared net that the row is a part of.
    """

    __slots__ = ("name", "numbered", "within", "word", "written")

    def __init__(self, word: str, numbered: bool = True, within: Label | None = None) -> None:
        self.word = word
        self.numbered = numbered
        self.within = within
        self.written = not numbered
        self.name = ""

    def call(self, name: str, numbered: bool) -> None:
        """Take a name of the text in the place of a kind."""
        self.word, self.numbered, self.written = name, numbered, True

    @property
    def path(self) -> tuple[Label, ...]:
        """The labels of what it is a part of, the outermost first, and itself."""
        return (self,) if self.within is None else (*self.within.path, self)


class Names:
    """Gives the next name of a word: ``conv1``, ``conv2``; none of them is ``reserved``."""

    def __init__(self, reserved: Iterable[str] = ()) -> None:
        self.taken = set(reserved)
        self.numbers: dict[str, int] = {}

    def next(self, word: str) -> str:
        """Return the word with its running number, behind ``_`` where it could be misread."""
        self.numbers[word] = self.numbers.get(word, 0) + 1
        between = "_" if word[-1:].isdigit() else ""
        while f"{word}{between}{self.numbers[word]}" in self.taken:
            between += "_"
        name = f"{word}{between}{self.numbers[word]}"
        self.taken.add(name)
        return name


class Position(Record):
    """Where a row stands in a network.

    Attributes:
        node: the part.
        beside: what is kept of it, where that has no rows of its own.
        label: what the row is called.
        copies: how many there are in one pass of the innermost series, or in all.
        passes: the series around it, the outermost first.
        depth: how many groups it stands in.
        counts: whether it has what is measured: a use of shared weights owns none.
        leads: of a series, its own passes.
        shares: of a use of shared weights, what they are called.
        facts: what is known of the network's symbols.
    """

    node: Node
    label: Label
    copies: Size
    passes: tuple[Pass, ...] = ()
    depth: int = 0
    leads: Pass | None = None
    counts: bool = True
    shares: str = ""
    facts: Facts = PLAIN
    beside: tuple[Node, ...] = ()

    def count(self, measure: Measure) -> Size:
        """Return the measure of one copy, in the symbols of the network."""
        parts = (self.node, *self.beside)
        return add_up(fold(part, measure) for part in parts) if self.counts else 0

    def altogether(self, size: Size, measure: Measure) -> Size:
        """Return a size of one copy, summed over all copies.

        Raises:
            NeedsValue: the sum has no closed form.
        """
        total = self.copies * size
        for around in reversed(self.passes):
            total = around.times * over_series(around.series, total, measure)
        return self.facts.reduce(total)

    def shown(self, size: Size) -> Size:
        """Return a size of one copy under the facts, its indices under their names."""
        return named(self.facts.reduce(size), self.passes)


def named(size: Size, passes: tuple[Pass, ...]) -> Size:
    """Return a size with the indices of passes under the names that they are shown by."""
    return substitute(size, {p.series.index.name: of_atom(p.index) for p in passes})


def rows_of(
    root: Node, measure: Measure, symbols: Iterable[str] = (), facts: Facts = PLAIN
) -> tuple[Position, ...]:
    """Return the rows that a measure has; no index is shown by a name among ``symbols``."""
    found = list(_Walk(measure, frozenset(symbols)).of(root))
    _name([row.label.path for row, _ in found], Names(names_below(root)), _bearers(root))
    return tuple(row.but(facts=facts) for row, hidden in found if not hidden)


def rows_of_several(
    root: Node, measures: Sequence[Measure], symbols: Iterable[str] = (), facts: Facts = PLAIN
) -> Iterator[tuple[Position, ...]]:
    """Yield the rows that any of some measures has, as each of them has it."""
    walks = [list(_Walk(measure, frozenset(symbols)).of(root)) for measure in measures]
    for walk in walks:
        _name([row.label.path for row, _ in walk], Names(names_below(root)), _bearers(root))
    for together in zip(*walks, strict=True):
        if not all(hidden for _, hidden in together):
            yield tuple(
                row.but(facts=facts, counts=row.counts and not hidden) for row, hidden in together
            )


def row_total(root: Node, name: str, measure: Measure) -> Size | None:
    """Return the measure of the row of a name, of all its copies; None where there is no such
    row.
    """
    for row in rows_of(root, measure):
        if row.label.name == name:
            return row.altogether(row.count(measure), measure)
    return None


def names_of(node: Node) -> Iterator[str]:
    """Yield what a part is called in an address: its block, its kind, or its name in the text."""
    if isinstance(node, GroupNode) and node.kind:
        yield node.kind
    elif isinstance(node, LeafNode):
        yield node.layer.kind
    elif isinstance(node, WeightNode | InputNode):
        yield node.name


def parts_of(root: Node) -> Iterator[Node]:
    """Yield a network and everything below it."""
    todo = [root]
    while todo:
        node = todo.pop()
        yield node
        todo += children(node)


def names_below(root: Node) -> set[str]:
    """Return every name that an address may begin with."""
    return {name for node in parts_of(root) for name in names_of(node)}


def _bearers(root: Node) -> Counter[str]:
    """Return how many parts have each name; uses of a shared net are parts of none."""
    return Counter(name for node in parts_of(root) if not _uses(node) for name in names_of(node))


def _uses(node: Node) -> bool:
    """Tell whether a part is a use of a shared net, and not what owns its weights."""
    held = node.body if isinstance(node, GroupNode) else None
    return isinstance(held, ScaledNode) and held.role == "shared"


def _name(
    paths: Iterable[tuple[Label, ...]],
    names: Names,
    bearers: Mapping[str, int] = MappingProxyType({}),
    before: str = "",
) -> None:
    """Give every label its name; the parts of a shared net are numbered by themselves.

    A name without a number is that of nothing else: ``bearers`` says how many parts have it.
    """
    parts: dict[Label, list[tuple[Label, ...]]] = {}
    for label, *inner in paths:
        parts.setdefault(label, []).append(tuple(inner))
    alike = Counter(label.word for label in parts)
    for label, below in parts.items():
        several = max(alike[label.word], bearers.get(label.word, 0)) > 1
        alone = not label.numbered and not several
        label.name = before + (label.word if alone else names.next(label.word))
        if any(below):
            _name([path for path in below if path], Names(), before=f"{label.name}.")


class _Walk:
    """One walk over a network, in the order of the text.

    Beside each row stands whether the measure leaves it out: where the owner of
    a shared net computes nothing, it still has its names; only ``kept`` has rows of
    what is kept.
    """

    def __init__(self, measure: Measure, symbols: frozenset[str]) -> None:
        self.measure = measure
        self.symbols = symbols

    def of(
        self, node: Node, copies: Size = 1, passes: tuple[Pass, ...] = (), depth: int = 0
    ) -> Iterator[tuple[Position, bool]]:
        """Yield the rows of a part."""
        match node:
            case InputNode() | WeightNode():
                label = Label(node.name, numbered=isinstance(node, InputNode))
                yield Position(node, label, copies, passes, depth), False
            case LeafNode():
                if node.layer.kind != "id":
                    yield Position(node, Label(node.layer.kind), copies, passes, depth), False
            case KeptNode():
                hidden = self.measure.scale != "kept"
                yield Position(node, Label("keep"), copies, passes, depth), hidden
            case SavedNode():
                yield (
                    Position(node, Label(node.name), copies, passes, depth),
                    not self.measure.storages,
                )
            case ChainNode() | JoinNode():
                for part in node.parts:
                    yield from self.of(part, copies, passes, depth)
            case Bodies():
                for part in (*node.parts, node.result):
                    yield from self.of(part, copies, passes, depth)
            case RepeatNode():
                for several, part in node.parts:
                    yield from self.of(part, copies * several, passes, depth)
            case SeriesNode():
                own = self.passing(node, copies, passes)
                yield Position(node, Label("series"), copies, passes, depth, own), False
                yield from self.of(node.body, 1, (*passes, own), depth + 1)
            case GroupNode(shown=False):
                found = list(self.of(node.body, copies, passes, depth))
                if node.kind not in ("", "_") and _is_chain(node.body, ("bundle",)):
                    found = _called(node.kind, found, _is_chain(node.body))
                for row, hidden in found:
                    named_net = not row.counts and not row.shares
                    yield (row.but(shares=node.kind) if named_net else row), hidden
            case GroupNode():
                yield Position(node, Label(node.kind), copies, passes, depth), False
                yield from self.of(node.body, copies, passes, depth + 1)
            case ScaledNode():
                yield from self.scaled(node, copies, passes, depth)

    def scaled(
        self, node: ScaledNode, copies: Size, passes: tuple[Pass, ...], depth: int
    ) -> Iterator[tuple[Position, bool]]:
        """Yield rows of a part that counts several times; a use of shared weights owns none."""
        factor = self.measure.factor(node)
        owner = node.label == "owner"
        several = factor if factor != 0 else 1
        found = list(self.of(node.part, copies * several, passes, depth))
        if owner:
            found = _owned(Label(node.name, numbered=False), found)
        for row, hidden in found:
            if owner or factor != 0:
                yield row, hidden or factor == 0
            else:
                yield row.but(counts=False), hidden

    def passing(self, node: SeriesNode, copies: Size, passes: tuple[Pass, ...]) -> Pass:
        """Return a series as rows inside it say it: with a name for its index that nothing else
        has.
        """
        written = node.index.name.partition("#")[0]
        taken = self.symbols | {p.index.name for p in passes}
        free = (name for name in (written, *INDICES) if name not in taken)
        name = next(free, None) or next(f"k{n}" for n in count(1) if f"k{n}" not in taken)
        first, last = node.first, node.first + node.times - 1
        return Pass(node, like(node.index, name), named(first, passes), named(last, passes), copies)


def like(symbol: Symbol, name: str) -> Symbol:
    """Return a symbol of another name about which the same is known."""
    build, arguments = symbol.__reduce__()
    assert callable(build)
    assert isinstance(arguments, tuple)
    made = build(name, *arguments[1:])
    assert isinstance(made, Symbol)
    return made


def _called(
    name: str, rows: list[tuple[Position, bool]], chained: bool
) -> list[tuple[Position, bool]]:
    """Return the rows of what a braced name stands for, the one that it names under the name.

    Of several that is the one with weights, where they are ``chained``.

    Where that is the only one, what is kept of it is counted with it.
    """
    aside = [row for row, _ in rows if _is_aside(row)]
    depth = min((row.depth for row, _ in rows), default=0)
    own = [row for row, _ in rows if row.depth == depth and not _is_aside(row)]
    found = own or aside
    if len(found) > 1 and chained:
        found = [row for row in found if _has_weights(row.node)]
    if len(found) != 1:
        return rows
    (bearer,) = found
    if bearer.label.written or isinstance(bearer.node, SeriesNode):
        return rows  # the text has a nearer name for it; a loop is none of its passes
    if not own:
        bearer.label.call(name, numbered=False)
        return rows
    alike = all((row.copies, row.passes) == (bearer.copies, bearer.passes) for row in aside)
    bearer.label.call(name, numbered=len(own) > 1 or not alike)
    if bearer.label.numbered:
        return rows
    whole = bearer.but(beside=tuple(row.node for row in aside))
    kept = ((row, hidden) for row, hidden in rows if not _is_aside(row))
    return [(whole if row is bearer else row, hidden) for row, hidden in kept]


def _is_chain(node: Node, joined_by: tuple[str, ...] = ()) -> bool:
    """Tell whether a part is layers one behind the other: no sum, but what ``joined_by`` allows."""
    match node:
        case JoinNode() if node.op not in joined_by:
            return False
        case GroupNode(shown=True) | SeriesNode():
            return True
        case ScaledNode(role="owner" | "shared"):
            return False  # what it is called is the shared net's affair
    return all(_is_chain(part, joined_by) for part in children(node))


def _is_aside(row: Position) -> bool:
    """Tell whether a row is of values that are kept or saved, and not of a layer."""
    return isinstance(row.node, KeptNode | SavedNode)


def _has_weights(node: Node) -> bool:
    return any(own_weights(part) for part in parts_of(node))


def _owned(owner: Label, rows: list[tuple[Position, bool]]) -> list[tuple[Position, bool]]:
    """Return the rows of a shared net's owner under its name; of one row, it is the row's own."""
    own = [row for row, _ in rows if not _is_aside(row)]
    if len(own) == 1:
        for row, _ in rows:
            if row is not own[0]:
                row.label.within = owner
        return [(row.but(label=owner) if row is own[0] else row, hidden) for row, hidden in rows]
    for top in dict.fromkeys(row.label.path[0] for row, _ in rows):
        top.within = owner
    return rows
