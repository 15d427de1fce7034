"""The network as rows: what a table, a derivation and a listing are made of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from symparams.algebra import Size, add_up
from symparams.algebra.conditions import Condition
from symparams.errors import Span, SymparamsError
from symparams.layers.base import REQUIRED, Core, Layer, Rewriter, Weight, general_shape
from symparams.model.build import Network
from symparams.model.network import (
    Applied,
    Bodies,
    Chain,
    Group,
    InputNode,
    Join,
    Leaf,
    Measure,
    Node,
    Repeat,
    Scaled,
    Series,
    WeightNode,
    fold,
    measure_named,
)
from symparams.model.signals import Bundled, Flow, Signal

L = TypeVar("L", bound=Layer)


@dataclass(frozen=True)
class Row:
    """A layer, or the head of a group of layers.

    Attributes:
        name: kind and running number (``conv2``), or a block's.
        kind: the layer kind, ``input``, or the block's name.
        output: the shape behind it.
        count: the measure of one copy.
        times: how many copies the repeats around it make.
        depth: how many groups it stands in; 0 at the top.
        is_group: whether it is the head of a group, whose rows follow it.
        layer, source, weights, applied, around: of a layer; None or empty otherwise.
        note: what is special about it (``shared``).
        without: of a block, for each default that it took, what it would be without.
    """

    name: str
    kind: str
    output: Flow
    count: Size
    times: Size = 1
    depth: int = 0
    is_group: bool = False
    layer: Layer | None = None
    source: Flow | None = None
    weights: tuple[Weight, ...] = ()
    applied: tuple[Applied, ...] = ()
    span: Span | None = field(default=None, compare=False, repr=False)
    note: str = ""
    around: tuple[tuple[Rewriter, tuple[Applied, ...]], ...] = ()
    without: tuple[tuple[Applied, Node], ...] = ()

    @property
    def total(self) -> Size:
        """The measure of all copies."""
        return self.times * self.count


@dataclass(frozen=True)
class Report:
    """Rows of one measure of a network, and what belongs to them.

    Attributes:
        rows: in the order of the text.
        measure: what is counted.
        total: the closed form.
        conditions: what must hold, as text.
        notes: parameters that took their defaults (``for s = 1``).
        differences: default lines that changed a layer: see :func:`differences`.
    """

    network: Network
    rows: tuple[Row, ...]
    measure: Measure
    total: Size
    conditions: tuple[str, ...]
    notes: tuple[str, ...]
    differences: tuple[Difference, ...]


@dataclass(frozen=True)
class Difference:
    """A default line that changed the count of a layer.

    ``before`` is the count of one copy without the line, ``after`` with it.
    """

    row: str
    kind: str
    applied: Applied
    before: Size
    after: Size


def report(network: Network, measure: str = "params") -> Report:
    """The rows of a network for one measure.

    Raises:
        SymparamsError: no such measure.
    """
    what = measure_named(measure)
    rows = tuple(_Rows(what).of(network.root))
    return Report(
        network,
        rows,
        what,
        network.measure(measure),
        condition_texts(network),
        tuple(f"for {name} = {value}" for name, value in network.settled.items()),
        tuple(differences(rows, what)),
    )


def condition_texts(network: Network) -> tuple[str, ...]:
    """The conditions of a network, each once, as formulas."""
    texts = [c.formula() if not c.parts else str(c) for c in network.open_conditions]
    return tuple(dict.fromkeys([str(c) for c in network.assumed] + texts))


class _Rows:
    """Walks a network once and names its layers."""

    def __init__(self, measure: Measure) -> None:
        self.measure = measure
        self.numbers: dict[str, int] = {}

    def of(self, node: Node, times: Size = 1, depth: int = 0) -> Iterator[Row]:
        match node:
            case InputNode() | WeightNode():
                yield self._single(node, times, depth)
            case Leaf():
                if node.layer.kind != "id":
                    yield self._layer(node, times, depth)
            case Chain() | Join():
                for part in node.parts:
                    yield from self.of(part, times, depth)
            case Bodies():
                for part in (*node.parts, node.result):
                    yield from self.of(part, times, depth)
            case Repeat():
                for several, part in node.parts:
                    yield from self.of(part, times * several, depth)
            case Series():
                yield self._head(node, "series", times, depth)
                yield from self.of(node.body, times, depth + 1)
            case Scaled():
                yield from self._scaled(node, times, depth)
            case Group(shown=False):
                yield from self.of(node.body, times, depth)
            case Group():
                yield self._head(node, node.kind, times, depth)
                yield from self.of(node.body, times, depth + 1)

    def _single(self, node: InputNode | WeightNode, times: Size, depth: int) -> Row:
        weights = (node.weight,) if isinstance(node, WeightNode) else ()
        kind = "weight" if isinstance(node, WeightNode) else node.name
        name = node.name if isinstance(node, WeightNode) else self._name(node.name)
        count = self._count(node)
        return Row(name, kind, node.output, count, times, depth, weights=weights, span=node.span)

    def _layer(self, node: Leaf, times: Size, depth: int) -> Row:
        return Row(
            self._name(node.layer.kind),
            node.layer.kind,
            node.output,
            self._count(node),
            times,
            depth,
            False,
            node.layer,
            node.source,
            node.weights,
            node.applied,
            node.span,
            around=node.around,
        )

    def _head(self, node: Group | Series, kind: str, times: Size, depth: int) -> Row:
        wrapper = node.wrapper if isinstance(node, Group) else None
        return Row(
            self._name(kind),
            kind,
            node.output,
            self._count(node),
            times,
            depth,
            True,
            wrapper,
            span=node.span,
            without=node.without if isinstance(node, Group) else (),
        )

    def _scaled(self, node: Scaled, times: Size, depth: int) -> Iterator[Row]:
        """Rows of a part that counts several times; a use of shared weights counts none."""
        factor: Size = getattr(node, self.measure.scale)
        if node.label == "owner":
            if factor != 0:
                rows = list(self.of(node.part, times * factor, depth))
                yield from (replace(r, name=_owned_name(node, r, len(rows))) for r in rows)
            return
        for row in self.of(node.part, times * (factor if factor != 0 else 1), depth):
            yield row if factor != 0 else replace(row, count=0, weights=(), note=node.label)

    def _count(self, node: Node) -> Size:
        return fold(node, self.measure)

    def _name(self, kind: str) -> str:
        self.numbers[kind] = self.numbers.get(kind, 0) + 1
        return f"{kind}{self.numbers[kind]}"


def _owned_name(node: Scaled, row: Row, rows: int) -> str:
    """A shared layer is listed under the name it is shared by."""
    return node.name if rows == 1 else f"{node.name}.{row.name}"


def differences(rows: tuple[Row, ...], measure: Measure) -> Iterator[Difference]:
    """Which default lines changed a count, found by leaving each out."""
    before: Size | None
    for row in rows:
        for applied, node in row.without:
            before = fold(node, measure)
            if before != row.count:
                yield Difference(row.name, row.kind, applied, before, row.count)
        if row.layer is None or not isinstance(row.source, Signal) or row.note:
            continue
        around = [kind for kind, _ in row.around]
        for applied in row.applied:
            before = _counted(row, _without(row.layer, applied), around, measure)
            if before is not None and before != row.count:
                yield Difference(row.name, row.kind, applied, before, row.count)
        for k, (kind, lines) in enumerate(row.around):
            for applied in lines:
                others = [*around[:k], _without(kind, applied), *around[k + 1 :]]
                before = _counted(row, row.layer, others, measure)
                if before is not None and before != row.count:
                    yield Difference(row.name, kind.kind, applied, before, row.count)


def _without(layer: L, applied: Applied) -> L | None:
    """A layer with its own default in the place of one that was applied; None without one."""
    options = {n: getattr(layer, n) for n in layer.options}
    options[applied.option] = layer.options[applied.option].default
    return None if options[applied.option] is REQUIRED else type(layer)(**options)


def _counted(
    row: Row, layer: Layer | None, around: Sequence[Rewriter | None], measure: Measure
) -> Size | None:
    """The measure of a row, were its layer another; None where that is none, or does not fit."""
    assert isinstance(row.source, Signal)
    shape = row.source.axes
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
    return measure.rule(Leaf(output, row.span, layer, row.source, weights, costs))


def layers_of(rows: tuple[Row, ...]) -> Iterator[Row]:
    """The rows that count: layers and inputs, no group heads."""
    return (row for row in rows if not row.is_group)


def sum_of(rows: tuple[Row, ...]) -> Size:
    """The sum of all layers' totals."""
    return add_up(row.total for row in layers_of(rows))


# --- derivations -----------------------------------------------------------


@dataclass(frozen=True)
class Step:
    """One weight of a derivation: ``kernel``, its general factors and its own.

    ``general`` is what the declaration says in letters, ``sizes`` what stands
    in this network, factor by factor in the same order.
    """

    weight: str
    general: tuple[Size, ...]
    sizes: tuple[Size, ...]
    count: Size


def derivation(row: Row) -> tuple[Step, ...]:
    """How the parameters of a layer come about, a step a weight.

    A layer of several tensors has no letters; its own sizes stand for them.
    """
    if row.layer is None or row.source is None:
        return ()
    general: dict[str, Weight] = {}
    if isinstance(row.source, Signal):
        rank = len(row.source.axes)
        lettered = row.layer.lettered(rank)
        for kind, _ in row.around:
            lettered = kind.general().kept(lettered, row.layer, general_shape(rank))
        general = {w.name: w for w in lettered}
    return tuple(
        Step(w.name, general.get(w.name, w).shape, w.shape, w.count)
        for w in row.weights
        if not w.buffer
    )
