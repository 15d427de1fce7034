"""What a reader found in a module: containers, and in each of them what is done to which tensor.

The representation belongs to no framework. A reader of torch, of Keras or of an ONNX file
makes a :class:`SourceGraph`; everything from there to the text is common to all of them.

Containers
    A :class:`SourceModule` is one container of the source (a module of torch with children, a
    nested model of Keras, a function of ONNX): a directed acyclic graph in the order in which it
    ran. Each tensor is made once (by one operation, or it is an input) and has a number. The tree
    of containers is that of :class:`SourceCall` operations; a container that is called twice stands
    in two calls with the same ``path``, and shares its weights.

Tensors
    A :class:`SourceTensor` has the axes that were observed, in the order of the source, with
    the batch in front, which is 1. An axis that the source merged with the batch (windows of an
    image) is seen as it is. All numbers are those of one recording; a recording at other
    sizes gives the same graph with other numbers.

Weights
    A :class:`SourceWeight` is one storage, by its first name; tied names stand in ``also``. An
    operation refers to it by that name, so that two operations with one name share it.

Operations
    :class:`SourceLayer`
        a layer of which the language has a kind: ``kind`` and ``options`` are those of the language
        (``symparams layers NAME``), all that differ from the textbook's defaults, or more;
        sizes as numbers, one for each spatial axis or one for all. ``channels`` is the axis of
        the source that has the channels (1 in torch, -1 in Keras). ``weights`` names each of
        its tensors as the language does. A recurrent kind takes (batch, time, features).
        A kind of no language word that has weights is no layer, but a container that
        cannot be read.
    :class:`SourceFunction`
        a function without weights, from :data:`FUNCTIONS`. Axes are counted in the source's order,
        from 0, the batch included; none is negative.
    :class:`SourceRead`
        a weight or buffer read as a tensor, by no layer.
    :class:`SourceConstant`
        a tensor that depends on no input and on no weight: a mask, positions.
    :class:`SourceCall`
        a container inside this one.

What a container could not say of itself stands in ``unread``, the reason: it becomes a
layer of the text, with its weights and its output.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import prod
from typing import Any, TypeAlias

from symparams.records import Record

#: The role of a buffer that is worked out, and not saved, or that is a table of integers: it is
#: no part of a text.
ASIDE = "aside"

SourceAxes: TypeAlias = tuple[int, ...]

#: Function → its options, and what it does. ``x``, ``y``: what it takes.
FUNCTIONS: Mapping[str, tuple[str, str]] = {
    "same": ("", "x as it is: dropout in inference, a copy, a cast, a factor that is a number"),
    "elementwise": ("word", "the language's word on each value: relu, exp, …"),
    "free": ("name", "a function on each value that has no word: sin, pow, clamp, …"),
    "add": ("", "x + y, with the axes stretched as NumPy does"),
    "sub": ("", "x - y"),
    "mul": ("", "x * y"),
    "div": ("", "x / y"),
    "cat": ("axis", "all that it takes, behind each other"),
    "stack": ("axis", "all that it takes, beside each other on a new axis"),
    "split": ("axis sizes", "parts of an axis, which make up the axis; makes as many"),
    "take": ("axis position", "one of an axis, which goes away"),
    "slice": ("axis start stop step", "a part of an axis"),
    "reshape": ("", "the same values in the axes of what it makes"),
    "permute": ("axes", "the axes in another order"),
    "expand": ("", "axes of 1, or missing in front, as often as what it makes has"),
    "repeat": ("times", "each axis as often behind itself"),
    "mean": ("axes keep", "the mean over axes"),
    "reduce": ("name axes keep", "another reduction over axes: sum, max, …"),
    "softmax": ("axis", "softmax over an axis"),
    "attend": ("causal", "attention of x (q) over k and v, (…, heads, s, d) each; then a bias"),
    "matmul": ("", "the product of x and y over the last axis of x and the last but one of y"),
    "einsum": ("equation", "Einstein's sum over named axes, of one or two"),
    "pad": ("amounts", "zeros in front of and behind each axis, a pair for each"),
    "crop": ("amounts", "values cut in front of and behind each axis, a pair for each"),
    "roll": ("", "an axis turned around: moves values"),
    "globalpool": ("name axes keep", "the mean (avg) or maximum (max) over all positions"),
    "upsample": ("factors", "values repeated or interpolated along each axis behind the second"),
    "space_to_depth": ("amount", "blocks of n by n positions as channels"),
    "depth_to_space": ("amount", "channels as blocks of n by n positions"),
    "linear": ("", "x times a matrix y (out, in), and a vector: tensors that weights were made to"),
    "gather": ("name", "values picked by integers, or by values: nothing that shapes tell"),
}


class SourceWeight(Record):
    """A parameter or buffer of the source; one storage stands once.

    Attributes:
        name: its first name, as ``layers.0.attn.weight``.
        axes: its shape, as the source has it.
        role: ``trainable``, ``frozen``, ``buffer``, or :data:`ASIDE`.
        also: other names of the same storage.
    """

    name: str
    axes: SourceAxes
    role: str
    also: tuple[str, ...] = ()

    @property
    def values(self) -> int:
        """How many values it has."""
        return prod(self.axes)


class SourceTensor(Record):
    """A tensor that flows: its number in the recording, its axes with the batch in front."""

    number: int
    axes: SourceAxes
    integers: bool = False


class SourceOperation(Record):
    """Something that is done to tensors; what it ``makes`` stands in no other operation."""

    takes: tuple[SourceTensor, ...]
    makes: tuple[SourceTensor, ...]


class SourceAround(Record):
    """A word around a layer whose kernel is made of other tensors, as ``weightnorm``.

    Attributes:
        word: as the language calls it.
        options: the language's options.
        weights: the language's name of a tensor → the name of the source's.
    """

    word: str
    options: Mapping[str, Any]
    weights: Mapping[str, str]


class SourceLayer(SourceOperation):
    """A layer of a kind that the language has.

    Attributes:
        kind: as the language calls it.
        options: the language's options.
        weights: the language's name of a tensor → the name of the source's.
        channels: the axis of the channels, in the order of the source.
        path: where it stands in the source, as ``layers.0.attn.proj``.
        described: its class in the source, with what it was made with.
        around: the word around it, where its kernel is made of other tensors.
    """

    kind: str
    options: Mapping[str, Any]
    weights: Mapping[str, str]
    channels: int
    path: str
    described: str = ""
    around: SourceAround | None = None


class SourceFunction(SourceOperation):
    """A function of :data:`FUNCTIONS`; ``path`` is the innermost module that it ran in."""

    name: str
    options: Mapping[str, Any]
    path: str = ""


class SourceRead(SourceOperation):
    """A weight or buffer as a tensor; it has no batch."""

    weight: str


class SourceConstant(SourceOperation):
    """A tensor that depends on no input and on no weight."""


class SourceModule(Record):
    """A container of the source.

    Attributes:
        path: where it stands, ``""`` of the whole.
        title: its class, as ``BasicBlock``.
        takes: its inputs.
        makes: its outputs, those that something reads; names of them in ``fields``.
        operations: what it does, in order.
        weights: names of all weights below, those of uncalled parts included.
        uncalled: paths of parts that did not run, and what they own.
        unread: why its operations cannot be told, or "".
    """

    path: str
    title: str
    takes: tuple[SourceTensor, ...]
    makes: tuple[SourceTensor, ...]
    operations: tuple[SourceOperation, ...]
    weights: tuple[str, ...]
    uncalled: Mapping[str, tuple[str, ...]] = {}
    unread: str = ""


class SourceCall(SourceOperation):
    """A container in another; its inputs and outputs have numbers of their own."""

    module: SourceModule


class SourceGraph(Record):
    """A module as it was recorded.

    Attributes:
        framework: as ``torch``.
        title: how it was named, as ``torchvision.models:resnet18``.
        root: the whole.
        weights: every storage by its first name.
        macs: MACs of one example by the framework's own counter: by path of a part, or {}.
    """

    framework: str
    title: str
    root: SourceModule
    weights: Mapping[str, SourceWeight]
    macs: Mapping[str, int] = {}

    def modules(self) -> Iterator[SourceModule]:
        """Yield all containers, the outer ones first; one that is called twice comes twice."""
        todo = [self.root]
        while todo:
            module = todo.pop()
            yield module
            calls = [o.module for o in module.operations if isinstance(o, SourceCall)]
            todo += reversed(calls)

    def values(self, *roles: str) -> int:
        """Return how many values the weights of some roles have."""
        return sum(w.values for w in self.weights.values() if w.role in roles)


__all__ = [
    "ASIDE",
    "FUNCTIONS",
    "SourceAround",
    "SourceAxes",
    "SourceCall",
    "SourceConstant",
    "SourceFunction",
    "SourceGraph",
    "SourceLayer",
    "SourceModule",
    "SourceOperation",
    "SourceRead",
    "SourceTensor",
    "SourceWeight",
]
