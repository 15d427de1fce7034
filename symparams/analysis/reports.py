"""The network as rows: what a table, a derivation and a listing are made of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from symparams.algebra import (
    Condition,
    Formula,
    Size,
    SizeRecord,
    add_up,
    brief,
    substitute,
    symbol,
    text,
)
from symparams.analysis.told_conditions import condition_texts
from symparams.answers import PublicAnswer
from symparams.elaboration import Network, is_largest, is_made_of_others, sum_of_measures, unit_of
from symparams.errors import Span, SymparamsError
from symparams.layers import REQUIRED, Core, Layer, Rewriter, Weight, general_shape
from symparams.network import (
    MEASURES,
    Applied,
    Bundled,
    Decide,
    Flow,
    GroupNode,
    InputNode,
    KeptNode,
    Label,
    LeafNode,
    Measure,
    Node,
    Pass,
    Position,
    SavedNode,
    SeriesNode,
    Signal,
    WeightNode,
    channels_first,
    fold,
    measure_named,
    rows_of,
    rows_of_several,
    taken_apart,
)
from symparams.records import Record

L = TypeVar("L", bound=Layer)


class Row(SizeRecord):
    """A layer, or the head of a group of layers.

    Attributes:
        name: kind and running number (``conv2``), a block's, or that of a weight;
            no other row has it, and an address may begin with it.
        kind: the layer kind, ``input``, ``weight``, the block's name, or ``term`` of what
            a formula of measures adds to the layers.
        output: the shape behind it; None of a term.
        count: the measure of one copy; inside a series, in a general pass.
        times: how many copies the repeats and series around it make.
        depth: how many groups it stands in; 0 at the top.
        is_group: whether it is the head of a group, whose rows follow it.
        layer, source, weights, applied, around: of a layer; None or empty otherwise.
        note: what is special about it (``shared``).
        without: of a block, for each default that it took, what it would be without.
        position: where it stands in the network.
        total: the measure of all copies.
        copies: how many there are in one pass of the innermost series around it.
        passes: the series around it, the outermost first.
        leads: of the head of a series, its passes.
    """

    name: str
    kind: str
    output: Flow | None
    count: Formula
    times: Formula
    depth: int
    is_group: bool
    layer: Layer | None
    source: Flow | None
    weights: tuple[Weight, ...]
    applied: tuple[Applied, ...]
    note: str
    around: tuple[tuple[Rewriter, tuple[Applied, ...]], ...]
    without: tuple[tuple[Applied, Node], ...]
    total: Formula
    copies: Formula
    passes: tuple[Pass, ...]
    leads: Pass | None
    position: Position
    apart = ("position",)

    @property
    def label(self) -> str:
        """What like rows have in common: a kind, a block, or the name of a weight or shared net."""
        return self.position.label.path[0].word

    @property
    def shares(self) -> str:
        """Whose weights it uses, where they are shared."""
        node = self.position.node
        return self.position.shares if isinstance(node, LeafNode) and node.weights else ""


class MeasureFormula(Record):
    """A formula of measures in the place of a measure, as it was written.

    ``unit`` is that of the one measure which it is, of a part or with arguments; "" of another.
    """

    name: str
    unit: str = ""

    @property
    def heading(self) -> str:
        """Over its column."""
        return self.name

    @property
    def whole(self) -> str:
        """What its sum over a network is called."""
        told = self.unit not in ("", "values", "MACs")  # these go without saying
        return f"Total {self.name} ({self.unit})" if told else f"Total {self.name}"


class Report(SizeRecord, PublicAnswer):
    """Rows of one measure of a network, and what belongs to them.

    Attributes:
        rows: in the order of the text.
        measure: what is counted.
        total: the closed form.
        conditions: what must hold, as text.
        notes: parameters that took their defaults (``for s = 1``), inputs that look wrong.
        differences: default lines that changed a layer: see :func:`differences`.
    """

    network: Network
    rows: tuple[Row, ...]
    measure: Measure | MeasureFormula
    total: Formula
    conditions: tuple[str, ...]
    notes: tuple[str, ...]
    differences: tuple[Difference, ...]


class Difference(SizeRecord):
    """A default line that changed the count of a layer.

    ``before`` is the count of one copy without the line, ``after`` with it;
    ``instead_of`` and ``total`` are those of all copies. ``varies`` says that
    the layer stands in a series, where no copy is like another.
    """

    row: str
    kind: str
    applied: Applied
    before: Formula
    after: Formula
    instead_of: Formula
    total: Formula
    varies: bool


def report(network: Network, measure: str = "params") -> Report:
    """Return the rows of a network for one measure.

    Raises:
        SymparamsError: no such measure.
        NeedsValue: the measure of a series has no closed form.
    """
    if is_largest(measure):
        raise _at_its_place(network, measure)
    network = network.counting(measure)
    symbols = {*network.symbols, *network.defaults, *network.derived, *network.settled}
    what: Measure | MeasureFormula
    if is_made_of_others(measure, network.definition.measures) or taken_apart(measure):
        what = MeasureFormula(measure, unit_of(measure, network.definition.measures))
        rows = tuple(_rows_of_formula(network, measure, symbols))
        changed: tuple[Difference, ...] = ()
    else:
        what = measure_named(measure)
        found = rows_of(network.root, what, symbols, network.facts)
        rows = tuple(_row(position, what) for position in found)
        changed = tuple(differences(rows, what))
    return Report(
        network,
        rows,
        what,
        network.measure(measure),
        condition_texts(network),
        (*notes_of(network), *network.definition.span.source.about),
        changed,
    )


def _at_its_place(network: Network, measure: str) -> SymparamsError:
    """Return the error that rows do not add up to a peak, which says where it is instead."""
    network.measure(measure)  # refuses what there is not
    from symparams.network import peaks  # what no other measure needs

    part = measure.rpartition(".")[0]
    found = peaks(network.root, network.facts, part)
    message, span = f"rows do not add up to {measure}, which is 0", None
    notes: list[tuple[str, Span | None]] = []
    for one in found:
        where = f"{brief(one.values)} at {one.moment.called()}"
        if one is found[0]:
            several = "the largest of several: " * (len(found) > 1)
            message = f"rows do not add up to {measure}, which is {several}{where}"
            span = one.moment.span
        else:
            notes.append((where, one.moment.span))
    hint = "the commands count, formula, solve, sweep and search take it"
    return SymparamsError(message, span, hint, notes)


def _rows_of_formula(network: Network, formula: str, symbols: Iterable[str]) -> Iterator[Row]:
    """Yield a row a layer, of all measures together; then what the formula adds for no layer."""
    factors, rest = sum_of_measures(network, formula)
    of_all = {MEASURES[name]: factor for name, factor in factors.items() if name in MEASURES}
    others = {name: factor for name, factor in factors.items() if name not in MEASURES}
    weighted = tuple(of_all.values())
    for together in rows_of_several(network.root, tuple(of_all), symbols, network.facts):
        yield _row_of_sum(together, tuple(of_all), weighted)
    for name, factor in others.items():
        told = text(factor * symbol(name))  # of a symbol of that name: in the language's notation
        yield _row_of_no_layer(network, told, factor * network.measure(name))
    if rest != 0:
        yield _row_of_no_layer(network, text(rest), rest)


def _row_of_sum(
    together: tuple[Position, ...], measures: tuple[Measure, ...], factors: tuple[Size, ...]
) -> Row:
    """Return the row of a layer with a sum of measures; where they have other copies, of all of
    them.
    """
    counts = [p.count(m) for p, m in zip(together, measures, strict=True)]
    reduce = together[0].facts.reduce
    totals = [p.altogether(c, m) for p, c, m in zip(together, counts, measures, strict=True)]
    total = reduce(add_up(f * t for f, t in zip(factors, totals, strict=True)))
    here = [p for p, c in zip(together, counts, strict=True) if c != 0] or [together[0]]
    alike = all((p.copies, p.passes) == (here[0].copies, here[0].passes) for p in here)
    row = _row((here if alike else together)[0], measures[0])
    if not alike:
        return row.but(count=total, total=total, times=1, copies=1, passes=())
    each = here[0].shown(add_up(f * c for f, c in zip(factors, counts, strict=True)))
    return row.but(count=each, total=total)


def _row_of_no_layer(network: Network, name: str, size: Size) -> Row:
    """Return the row of what a formula adds to its layers."""
    label = Label(name, numbered=False)
    label.name = name
    return Row(
        name=name,
        kind="term",
        output=None,
        count=size,
        times=1,
        depth=0,
        is_group=False,
        layer=None,
        source=None,
        weights=(),
        applied=(),
        note="",
        around=(),
        without=(),
        total=size,
        copies=1,
        passes=(),
        leads=None,
        position=Position(network.root, label, 1),
    )


def notes_of(network: Network) -> tuple[str, ...]:
    """Return what had to take its default (``for s = 1``), and which input looks wrong."""
    settled = (f"for {n} = {v}" for n, v in network.settled.items())
    return (*settled, *channels_first(network.root))


def _row(position: Position, measure: Measure) -> Row:
    """Return the row of a position, with its measure."""
    node, count, shown = position.node, position.count(measure), position.shown
    leaf = node if isinstance(node, LeafNode) else None
    group = node if isinstance(node, GroupNode) else None
    return Row(
        position.label.name,
        _kind(node),
        _reshaped(_behind(node), shown),
        shown(count),
        position.altogether(1, measure),
        position.depth,
        isinstance(node, GroupNode | SeriesNode),
        leaf.layer if leaf else group.wrapper if group else None,
        _reshaped(leaf.source, shown) if leaf else None,
        tuple(w.but(shape=tuple(map(shown, w.shape))) for w in _weights(position)),
        leaf.applied if leaf else (),
        "" if position.counts else "shared",
        leaf.around if leaf else (),
        group.without if group else (),
        position.altogether(count, measure),
        shown(position.copies),
        position.passes,
        position.leads,
        position,
    )


def _behind(node: Node) -> Flow:
    """Return the shape behind a part: of a series, behind its last pass."""
    if not isinstance(node, SeriesNode):
        return node.output
    last = {node.index.name: node.first + node.times - 1}
    return _reshaped(node.output, lambda size: substitute(size, last))


def _kind(node: Node) -> str:
    match node:
        case LeafNode():
            return node.layer.kind
        case GroupNode():
            return node.kind
        case InputNode() | SavedNode():
            return node.name
    return {KeptNode: "keep", SeriesNode: "series"}.get(type(node), "weight")


def _weights(position: Position) -> tuple[Weight, ...]:
    """Return the weights that a row owns."""
    if not position.counts:
        return ()
    node = position.node
    if isinstance(node, LeafNode):
        return node.weights
    return (node.weight,) if isinstance(node, WeightNode) else ()


def _reshaped(flow: Flow, shown: Callable[[Size], Size]) -> Flow:
    """Return a shape with its sizes as they are shown."""
    if isinstance(flow, Bundled):
        return flow.but(items=tuple(_reshaped(item, shown) for item in flow.items))
    return flow.but(axes=tuple(map(shown, flow.axes)))


def differences(rows: tuple[Row, ...], measure: Measure) -> Iterator[Difference]:
    """Yield which default lines changed a count, found by leaving each out."""
    for row in rows:
        for kind, applied, found in _left_out(row, measure):
            if found is None:
                continue
            before = row.position.shown(found)
            if before != row.count:
                yield Difference(
                    row.name,
                    kind,
                    applied,
                    before,
                    row.count,
                    row.position.altogether(found, measure),
                    row.total,
                    bool(row.passes),
                )


def _left_out(row: Row, measure: Measure) -> Iterator[tuple[str, Applied, Size | None]]:
    """Yield (kind, a default line that it took, its count without that line)."""
    if not row.position.counts:
        return
    for applied, node in row.without:
        yield row.kind, applied, fold(node, measure)
    if row.layer is None or not isinstance(row.source, Signal):
        return
    around = [kind for kind, _ in row.around]
    for applied in row.applied:
        yield row.kind, applied, _counted(row, _without(row.layer, applied), around, measure)
    for k, (kind, lines) in enumerate(row.around):
        for applied in lines:
            others = [*around[:k], _without(kind, applied), *around[k + 1 :]]
            yield kind.kind, applied, _counted(row, row.layer, others, measure)


def _without(layer: L, applied: Applied) -> L | None:
    """Return a layer with its own default in the place of one that was applied; None without
    one.
    """
    options = {n: getattr(layer, n) for n in layer.options}
    options[applied.option] = layer.options[applied.option].default
    return None if options[applied.option] is REQUIRED else type(layer)(**options)


def _counted(
    row: Row, layer: Layer | None, around: Sequence[Rewriter | None], measure: Measure
) -> Size | None:
    """Return the measure of a row, were its layer another; None where that is none, or does not
    fit.
    """
    node = row.position.node  # whose shape has the indices as the measure sums over them
    assert isinstance(node, LeafNode)
    assert isinstance(node.source, Signal)
    shape = node.source.axes
    if layer is None:
        return None
    try:
        costs: Size | None
        if isinstance(layer, Core):
            layer.admit(shape)
            needs = tuple(layer.demands(shape))
            weights, costs = tuple(layer.owns(shape)), layer.costs(shape)
            signals = tuple(map(Signal, layer.outputs(shape)))
            output: Flow = Bundled(signals) if layer.several else signals[0]
        else:
            needs = tuple(layer.requires(shape))
            weights, costs = tuple(layer.weights(shape)), layer.macs(shape)
            output = Signal(layer.output(shape))
        for kind in around:
            if kind is None:
                return None
            weights = kind.kept(weights, layer, shape)
    except SymparamsError:
        return None
    if any(Condition(need.test, need.size).judge() is False for need in needs):
        return None
    other = node.but(
        output=output, layer=layer, weights=weights, extra=costs, applied=(), around=()
    )
    return measure.rule(other)


def layers_of(rows: tuple[Row, ...]) -> Iterator[Row]:
    """Return the rows that count: layers and inputs, no group heads."""
    return (row for row in rows if not row.is_group)


# --- derivations -----------------------------------------------------------


class Step(Record):
    """One weight of a derivation: ``kernel``, its general factors and its own.

    ``general`` is what the declaration says in letters, ``sizes`` what stands
    in this network, factor by factor in the same order.
    """

    weight: str
    general: tuple[Size, ...]
    sizes: tuple[Size, ...]
    count: Size


def derivation(row: Row) -> tuple[Step, ...]:
    """Return how the parameters of a layer or a weight come about, a step a weight.

    What has no letters, as a layer of several tensors or a weight by itself, has its
    own sizes in their place.
    """
    general = {w.name: w for w in _lettered(row)}
    return tuple(
        Step(w.name, general.get(w.name, w).shape, w.shape, w.count)
        for w in row.weights
        if not w.buffer
    )


def _lettered(row: Row) -> tuple[Weight, ...]:
    """Return the weights of a layer in letters, as its declaration has them."""
    if row.layer is None or not isinstance(row.source, Signal):
        return ()
    rank = len(row.source.axes)
    try:
        found = row.layer.lettered(rank)
        for kind, _ in row.around:
            found = kind.general().kept(found, row.layer, general_shape(rank))
    except (SymparamsError, Decide):
        return ()  # a size of it is known for numbers only, as a sum without a closed form
    return found


def own_sizes(row: Row) -> dict[str, Size]:
    """Map each letter to the layer's own size, as it is shown: ``{"f": 3, "i": 32, "o": 64}``."""
    if row.layer is None or not isinstance(row.source, Signal):
        return {}
    values = row.layer.own_sizes(row.source.axes)
    for kind, _ in row.around:
        values = {**kind.own_sizes(()), **values}
    return {letter: row.position.shown(size) for letter, size in values.items()}
