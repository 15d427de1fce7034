"""What is counted: each measure is one declaration, which all commands, pages and docs ask.

A new measure is one entry in :data:`MEASURES`, and its row in the tests that
count apart from the product; ``python -m tests.oracle.measures_page`` then
writes the tables of the docs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from symparams.algebra import Size, add_up, product
from symparams.errors import Span, SymparamsError, did_you_mean
from symparams.layers import Weight
from symparams.network.nodes import (
    KeptNode,
    LeafNode,
    Node,
    SavedNode,
    ScaledNode,
    WeightNode,
    own_weights,
)
from symparams.network.shapes import Bundled, Flow, Signal, signals_of
from symparams.records import Record


class Measure(Record):
    """Something that is counted.

    Attributes:
        rule: what a leaf has of it.
        scale: which factor of :class:`ScaledNode` holds: weights, active, compute, training or
            kept.
        unit: values, bytes or MACs.
        heading: over its column, where it is the one that is shown.
        whole: what its sum over a network is called.
        says: what it counts, in the docs' Markdown.
        part_of: the measure whose parts it and others are; told below it, where there is
            something to tell apart.
        beside: the measure below which it is told, where it is not 0.
        basic: whether the page of a kind has it.
        follows: whether it differs between conventions only where another measure does,
            so that a comparison leaves it out.
        gradients: whether a network is built for it that follows which tensors require one.
        storages: whether it follows in which memory they lie, too.
    """

    name: str
    rule: Callable[[Node], Size]
    scale: str
    unit: str
    heading: str
    whole: str
    says: str
    part_of: str = ""
    beside: str = ""
    basic: bool = False
    follows: bool = False
    gradients: bool = False
    storages: bool = False

    @property
    def of_work(self) -> bool:
        """Whether it counts what is computed, and not what is kept."""
        return self.scale in ("compute", "training")

    def factor(self, node: ScaledNode) -> Size:
        """Return how often a part counts."""
        found: Size = getattr(node, self.scale)
        return found


# --- what a leaf has -------------------------------------------------------


def stays(weight: Weight, frozen: bool) -> bool:
    """Tell whether training leaves a weight alone, which may be its own affair."""
    return frozen if weight.trained is None else not weight.trained


def learns(weight: Weight, frozen: bool) -> bool:
    """Tell whether training changes a weight."""
    return not weight.buffer and not stays(weight, frozen)


def _values_of(wanted: Callable[[Weight, bool], bool]) -> Callable[[Node], Size]:
    """Return the values of the weights that are wanted; told too whether the leaf is frozen."""

    def rule(node: Node) -> Size:
        if not isinstance(node, LeafNode | WeightNode):
            return 0
        return add_up(w.count for w in own_weights(node) if wanted(w, node.frozen))

    return rule


_params = _values_of(lambda w, frozen: not w.buffer)
_trainable = _values_of(learns)
_frozen = _values_of(lambda w, frozen: not w.buffer and stays(w, frozen))
_buffers = _values_of(lambda w, frozen: w.buffer)
_total = _values_of(lambda w, frozen: True)
_embedding = _values_of(lambda w, frozen: w.table)
_unset = _values_of(lambda w, frozen: not w.buffer and w.bytes is None)


def _bytes(node: Node) -> Size:
    return add_up(w.bytes for w in own_weights(node) if w.bytes is not None)


def _macs(node: Node) -> Size:
    if not isinstance(node, LeafNode):
        return 0
    if node.extra is None:
        raise SymparamsError(
            f"layer '{node.layer.kind}' does not say its macs", node.span, "give it a line 'macs …'"
        )
    return node.extra + add_up(w.count * w.uses for w in node.weights)


def _backward_macs(node: Node) -> Size:
    if not isinstance(node, LeafNode):
        return 0
    needs, before = node.needs, False
    # Where several tensors come in, weights multiply the first of them.
    entering = bool(needs) and needs[0]
    products: list[Size] = []
    for weight in node.weights:
        trained = learns(weight, node.frozen)
        if trained:
            products.append(weight.count * weight.uses)
        if entering or (weight.behind and before):
            products.append(weight.count * (weight.uses if weight.back is None else weight.back))
        before = before or trained
    if node.extra == 0:
        return add_up(products)
    shapes = (signal.axes for signal in signals_of(node.source))
    beyond = node.layer.backward(needs, before, *shapes)
    if beyond is None:
        raise SymparamsError(
            f"layer '{node.layer.kind}' does not say the macs of its backward pass",
            node.span,
            "write it as a block of layers that do, as linear, conv or einsum",
        )
    return add_up((*products, beyond))


def _training_macs(node: Node) -> Size:
    return _macs(node) + _backward_macs(node)


def _saved(what: str) -> Callable[[Node], Size]:
    """Return a part of what is kept for the backward pass."""

    def rule(node: Node) -> Size:
        if not isinstance(node, LeafNode | SavedNode):
            return 0
        if node.saving is None:
            kind = node.name if isinstance(node, SavedNode) else node.layer.kind
            raise SymparamsError(f"layer '{kind}' does not say what it saves", node.span)
        found: Size = getattr(node.saving, what)
        return found

    return rule


def _activations(node: Node) -> Size:
    if isinstance(node, WeightNode | KeptNode | SavedNode):
        return 0
    if isinstance(node, LeafNode) and not node.layer.computes:
        return 0
    return values_in(node.output)


def values_in(flow: Flow) -> Size:
    """Return how many values there are in a tensor, or a bundle of them."""
    if isinstance(flow, Bundled):
        return add_up(values_in(item) for item in flow.items)
    return product(flow.axes)


def _kept(node: Node) -> Size:
    if isinstance(node, KeptNode):
        return node.size
    if not isinstance(node, LeafNode) or not node.steps:
        return 0
    items = node.source.items if isinstance(node.source, Bundled) else (node.source,)
    return node.layer.state(*(item.axes for item in items if isinstance(item, Signal)))


# --- the measures ----------------------------------------------------------

#: In the order in which they are listed.
MEASURES: dict[str, Measure] = {
    m.name: m
    for m in (
        Measure(
            "params", _params, "weights", "values", "Param #", "Total params",
            "every value of every weight: kernels, biases, scales and shifts of norms, tables, "
            "`weight` lines; frozen ones too, buffers never",
            basic=True,
        ),
        Measure(
            "trainable", _trainable, "weights", "values", "Trainable #", "Trainable params",
            "of `params`, what training changes",
            part_of="params", follows=True,
        ),
        Measure(
            "frozen", _frozen, "weights", "values", "Frozen #", "Non-trainable params",
            "of `params`, what it leaves alone: `freeze(…)`, and what an adapter stands beside",
            part_of="params",
        ),
        Measure(
            "buffers", _buffers, "weights", "values", "Buffer #", "Buffers",
            "what is kept with the model and is no parameter: running statistics, the vectors of "
            "a spectral norm, `buffer` lines",
            beside="params", basic=True,
        ),
        Measure(
            "total", _total, "weights", "values", "Total #", "Params and buffers",
            '`params` and `buffers`, what Keras prints as "Total params"',
            follows=True,
        ),
        Measure(
            "active", _params, "active", "values", "Active #", "Active params",
            "`params` that one position passes through: of `moe(expert, n, top)`, the router and "
            "`top` experts; a table counts whole",
            follows=True,
        ),
        Measure(
            "embedding", _embedding, "weights", "values", "Embedding #", "Embedding params",
            "of `params`, the tables whose rows are looked up: those of `embed` and "
            "`embedding_bag`, and `table` lines, as learned positions are; a shared one once",
            follows=True,
        ),
        Measure(
            "activations", _activations, "compute", "values", "Activations", "Total activations",
            "the input and the outputs of the layers that compute, of one example; activation "
            "functions, dropout and reshapes are free, as in CS231n's table",
        ),
        Measure(
            "macs", _macs, "compute", "MACs", "MACs", "Total MACs",
            "multiply-accumulates of one example in inference, two floating-point operations each; "
            "biases, norms, activation functions, embeddings, sums and products of nets cost none, "
            "attention is full unless its text leaves keys out",
            basic=True,
        ),
        Measure(
            "backward_macs", _backward_macs, "training", "MACs", "Backward MACs",
            "Total backward MACs",
            "multiply-accumulates of the backward pass of one example: of each product, one for "
            "each of its two operands that requires a gradient",
            follows=True, gradients=True,
        ),
        Measure(
            "training_macs", _training_macs, "training", "MACs", "Training MACs",
            "Total training MACs",
            "multiply-accumulates of one example in training, forward and backward, of what only "
            "trains too",
            follows=True, gradients=True,
        ),
        Measure(
            "saved", _saved("values"), "training", "values", "Saved", "Total saved",
            "what is kept from the forward pass to the backward pass of one example, as eager "
            "PyTorch keeps it: a storage that several layers keep once, weights never",
            follows=True, gradients=True, storages=True,
        ),
        Measure(
            "saved_masks", _saved("masks"), "training", "values", "Saved masks",
            "Total saved masks",
            "beside `saved`, the masks of dropout: a byte each on CUDA, a value each on a CPU",
            follows=True, gradients=True, storages=True,
        ),
        Measure(
            "saved_integers", _saved("integers"), "training", "values", "Saved integers",
            "Total saved integers",
            "beside `saved`, indices of 8 bytes each: tokens of embeddings, places of maxima",
            follows=True, gradients=True, storages=True,
        ),
        Measure(
            "saved_once", _saved("once"), "training", "values", "Saved once", "Total saved once",
            "beside `saved`, what is kept once for all examples: statistics of batch norms, and "
            "what was made of weights alone",
            follows=True, gradients=True, storages=True,
        ),
        Measure(
            "kept", _kept, "kept", "values", "Kept", "Total kept",
            "what generation keeps from step to step, of one example, when all positions of the "
            "network are behind it: what `keep(…)` marks, in the library keys and values of "
            "attention, and the states of recurrent layers and scans",
        ),
        Measure(
            "precision_bytes", _bytes, "weights", "bytes", "Bytes", "Bytes at a precision",
            "the bytes of what is inside `precision(…)`, at the precision that it says; nothing of "
            "other weights, nor of buffers",
            follows=True,
        ),
        Measure(
            "unset_precision", _unset, "weights", "values", "Unset #", "Params without a precision",
            "of `params`, those whose precision nothing says: a measure of bytes gives it",
            follows=True,
        ),
    )
}  # fmt: skip


class LargestSum(Record):
    """Something that is the largest of sums, so that no rows add up to it.

    Attributes:
        unit: values.
        whole: what it is called of a network.
        says: what it is, in the docs' Markdown.
    """

    name: str
    unit: str
    whole: str
    says: str


#: Measures that do not add up; :mod:`symparams.network.moments` works them out.
LARGEST: dict[str, LargestSum] = {
    m.name: m
    for m in (
        LargestSum(
            "peak", "values", "Peak",
            "the most values that live at once in inference, of one example, in the order of the "
            "text: a tensor lives from where it is made to its last reader, nothing is done in "
            "place, weights are not counted",
        ),
    )
}  # fmt: skip

#: Every name that a measure is asked by.
MEASURE_NAMES = (*MEASURES, *LARGEST)


def measure_named(name: str, span: Span | None = None, also: Iterable[str] = ()) -> Measure:
    """Return the measure of a name; ``also`` are names that would have been known, too.

    Raises:
        SymparamsError: there is none; the nearest known are named.
    """
    if name not in MEASURES:
        raise SymparamsError(
            f"unknown measure '{name}'",
            span,
            did_you_mean(name, [*MEASURE_NAMES, *also], f"there are {', '.join(MEASURE_NAMES)}"),
        )
    return MEASURES[name]


def told_below(name: str) -> tuple[list[Measure], list[Measure]]:
    """Return the measures that sum to another, the usual part first; and those beside it."""
    every = MEASURES.values()
    return [m for m in every if m.part_of == name], [m for m in every if m.beside == name]
