"""The network as rows: what a table, a derivation and a listing are made of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from symparams.algebra import Size, add_up
from symparams.errors import Span
from symparams.layers.base import Layer, Weight, letters
from symparams.model.build import Network
from symparams.model.network import (
    Applied,
    Chain,
    Group,
    InputNode,
    Join,
    Leaf,
    Measure,
    Node,
    Repeat,
    fold,
    measure_named,
)
from symparams.model.signals import Signal


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
        layer, source, weights, applied: of a layer; None or empty otherwise.
    """

    name: str
    kind: str
    output: Signal
    count: Size
    times: Size = 1
    depth: int = 0
    is_group: bool = False
    layer: Layer | None = None
    source: Signal | None = None
    weights: tuple[Weight, ...] = ()
    applied: tuple[Applied, ...] = ()
    span: Span | None = field(default=None, compare=False, repr=False)

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
    texts = [c.formula() if not c.parts else str(c) for c in network.conditions]
    return tuple(dict.fromkeys([str(c) for c in network.assumed] + texts))


class _Rows:
    """Walks a network once and names its layers."""

    def __init__(self, measure: Measure) -> None:
        self.measure = measure
        self.numbers: dict[str, int] = {}

    def of(self, node: Node, times: Size = 1, depth: int = 0) -> Iterator[Row]:
        if isinstance(node, InputNode):
            yield Row(
                self._name(node.name),
                node.name,
                node.output,
                self.measure.rule(node),
                times,
                depth,
                span=node.span,
            )
        elif isinstance(node, Leaf):
            if node.layer.kind == "id":
                return
            yield Row(
                self._name(node.layer.kind),
                node.layer.kind,
                node.output,
                self.measure.rule(node),
                times,
                depth,
                False,
                node.layer,
                node.source,
                node.weights,
                node.applied,
                node.span,
            )
        elif isinstance(node, Chain | Join):
            for part in node.parts:
                yield from self.of(part, times, depth)
        elif isinstance(node, Repeat):
            for several, part in node.parts:
                yield from self.of(part, times * several, depth)
        elif isinstance(node, Group):
            yield Row(
                self._name(node.kind),
                node.kind,
                node.output,
                fold(node.body, self.measure.rule),
                times,
                depth,
                True,
                node.wrapper,
                span=node.span,
            )
            yield from self.of(node.body, times, depth + 1)

    def _name(self, kind: str) -> str:
        self.numbers[kind] = self.numbers.get(kind, 0) + 1
        return f"{kind}{self.numbers[kind]}"


def differences(rows: tuple[Row, ...], measure: Measure) -> Iterator[Difference]:
    """Which default lines changed a count, found by leaving each out."""
    for row in rows:
        for applied in row.applied:
            if row.layer is None or row.source is None:
                continue
            options = {n: getattr(row.layer, n) for n in row.layer.options}
            options[applied.option] = row.layer.options[applied.option].default
            plain = type(row.layer)(**options)
            leaf = Leaf(
                Signal(plain.output(row.source.axes)),
                row.span,
                plain,
                row.source,
                tuple(plain.weights(row.source.axes)),
                plain.macs(row.source.axes),
            )
            before = measure.rule(leaf)
            if before != row.count:
                yield Difference(row.name, row.kind, applied, before, row.count)


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
    """How the parameters of a layer come about, a step a weight."""
    if row.layer is None or row.source is None:
        return ()
    general = {w.name: w for w in in_letters(row.layer, len(row.source.axes))}
    return tuple(
        Step(w.name, general[w.name].shape, w.shape, w.count) for w in row.weights if not w.buffer
    )


def in_letters(layer: Layer, rank: int) -> tuple[Weight, ...]:
    """The weights of a layer with its sizes as letters i, h, o, f, g.

    Options that have a letter stand as that letter, the last axis of the
    input as i; what decides which weights there are stays as it is.
    """
    from symparams.algebra import symbol

    options: dict[str, Any] = {}
    for name, letter in letters(type(layer)).items():
        own = getattr(layer, name)
        if isinstance(own, tuple):
            options[name] = tuple(symbol(f"{letter}{k}") for k in range(1, len(own) + 1))
        elif own is not None and not isinstance(own, str):
            options[name] = symbol(letter)
    for name in layer.options:
        options.setdefault(name, getattr(layer, name))
    positions = tuple(symbol(f"n{k}") for k in range(1, rank))
    return tuple(type(layer)(**options).weights((*positions, symbol("i"))))
