"""The tensors of both sides at one point, each in its place of a tree."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from math import prod
from typing import TypeAlias

from symparams.elaboration import Value, WrittenModel
from symparams.frameworks.base import kernel, role
from symparams.frameworks.inference.tensors import (
    BUFFER,
    FROZEN,
    TRAINABLE,
    BuiltModule,
    BuiltTensor,
)
from symparams.frameworks.plan import plan
from symparams.frameworks.steps import Owner, numbers
from symparams.layers import Weight
from symparams.network import LeafNode, Signal, stays
from symparams.records import Record

#: What Keras calls running statistics and frozen weights alike.
NOT_TRAINED = "not trained"
#: Axes without those of 1, in ascending order.
ShapeKey: TypeAlias = tuple[int, ...]


class ComparedTensor(Record):
    """A tensor of either side.

    Attributes:
        name: what it is called in its owner, as ``kernel`` or ``weight``.
        path: the containers around it, the outermost first, its owner the last.
        place: its owner as it is shown: ``attention[1].linear2``, ``layers.1.attn.q_proj``.
        axes: in the language's order, as far as that is known.
        role: ``trainable``, ``frozen``, ``buffer`` or ``not trained``.
        ordered: whether the order of the axes is the language's.
    """

    name: str
    path: tuple[str, ...]
    place: str
    axes: tuple[int, ...]
    role: str
    ordered: bool = False

    @property
    def values(self) -> int:
        """How many values it has."""
        return prod(self.axes)

    @property
    def squeezed(self) -> tuple[int, ...]:
        """The axes without those of 1."""
        return tuple(a for a in self.axes if a != 1)

    @property
    def key(self) -> ShapeKey:
        """The shape as far as it is compared."""
        return tuple(sorted(self.squeezed))

    @property
    def pattern(self) -> str:
        """Its place and name, numbers replaced."""
        return numberless(f"{self.place}.{self.name}")


def numberless(name: str) -> str:
    """Return a name with ``#`` in the place of every index: ``layers.#.q_proj``, ``conv1``."""
    return re.sub(r"(?<![^\W\d_])(?<=[.\[])\d+", "#", name)


# --- the text ---------------------------------------------------------------

#: Kinds whose kernel has the axes of a framework's layer, in the language's order.
_ORDERED = {"dense", "linear", "conv", "embed"}
#: Groups that say nothing of where something stands.
_PLAIN_GROUPS = re.compile(r"\*|residual\[")


def text_tensors(
    definition: WrittenModel, values: dict[str, Value], framework: str
) -> list[ComparedTensor]:
    """Return the tensors that a text says at ``values`` and, beside them, at the defaults.

    Raises:
        SymparamsError: a size has no value, or the network cannot be written out.
    """
    written = plan(definition, values)
    found = []
    for owner in written.owners:
        name = owner.name if owner.within else written.label(owner)
        groups = (g for g in reversed(owner.within) if not _PLAIN_GROUPS.match(g))
        around = next((g for g in groups if not _names(g, owner)), "")
        place = f"{around}.{owner.name}" if around else written.label(owner)
        path = (*owner.within, f"{name} {written.label(owner)}")
        ordered = isinstance(owner.node, LeafNode) and owner.node.layer.kind in _ORDERED
        for weight in _weights(owner):
            said = role(weight.buffer, stays(weight, owner.node.frozen))
            found.append(
                ComparedTensor(
                    weight.name,
                    path,
                    place,
                    numbers(Signal(weight.shape)),
                    _role(said, framework),
                    ordered and weight.name in ("kernel", "table"),
                )
            )
    return found


def _names(group: str, owner: Owner) -> bool:
    """Tell whether a group is what an owner has its name from: a braced name, a shared net."""
    word = group.partition("[")[0]
    return re.fullmatch(rf"{re.escape(word)}(_*\d+)?", owner.name) is not None


def _weights(owner: Owner) -> tuple[Weight, ...]:
    return owner.node.weights if isinstance(owner.node, LeafNode) else (owner.node.weight,)


def _role(said: str, framework: str) -> str:
    """Return a role as a framework tells it: Keras does not tell statistics from frozen weights."""
    return NOT_TRAINED if framework == "keras" and said != TRAINABLE else said


# --- the module -------------------------------------------------------------


def module_tensors(
    module: BuiltModule, framework: str, persistent: bool = True
) -> list[ComparedTensor]:
    """Return the parameters and the persistent buffers of a module, or its other buffers."""
    tied = {name for pair in module.tied for name in pair}
    return [
        _of_module(tensor, framework, tensor.name in tied)
        for tensor in module.tensors
        if tensor.persistent is persistent
    ]


def _of_module(tensor: BuiltTensor, framework: str, tied: bool) -> ComparedTensor:
    *path, name = tensor.name.split(".")
    axes, ordered = _in_language(tensor, framework)
    return ComparedTensor(
        name,
        tuple(path),
        ".".join(path),
        axes,
        _role(tensor.role, framework),
        ordered and not tied,
    )


def _in_language(tensor: BuiltTensor, framework: str) -> tuple[tuple[int, ...], bool]:
    """Return axes in the language's order, and whether that is known of the layer's class."""
    axes, owner = tensor.axes, tensor.owner
    name = tensor.name.rpartition(".")[2]
    if framework == "torch" and name == "weight":
        if owner == "Linear" or re.fullmatch(r"Conv[123]d", owner):
            ((_, turned),) = kernel(axes)
            return turned, True
        return axes, owner == "Embedding"
    if framework == "keras" and name in ("kernel", "embeddings"):
        return axes, owner in ("Dense", "Conv1D", "Conv2D", "Conv3D", "Embedding")
    return axes, False


# --- trees ------------------------------------------------------------------


class Container:
    """A part of either side: what stands in it, and all tensors below it."""

    __slots__ = ("children", "counted", "name", "tensors", "values")

    def __init__(self, name: str, tensors: Sequence[ComparedTensor]) -> None:
        self.name = name
        self.tensors = list(tensors)
        self.children: list[Container] = []
        #: How many there are of each role and shape.
        self.counted = Counter((t.role, t.key) for t in self.tensors)
        self.values = sum(t.values for t in self.tensors)

    def below(self) -> Iterator[Container]:
        """Yield it and every container in it, the innermost first."""
        for child in self.children:
            yield from child.below()
        yield self


def tree(tensors: Sequence[ComparedTensor], depth: int = 0, name: str = "") -> Container:
    """Return tensors as a tree, in the order of the first of each container.

    A container that holds a single other one is that one.
    """
    whole = Container(name, tensors)
    groups: dict[str, list[ComparedTensor]] = {}
    own: list[ComparedTensor] = []
    for tensor in tensors:
        if len(tensor.path) > depth:
            groups.setdefault(tensor.path[depth], []).append(tensor)
        else:
            own.append(tensor)
    if len(groups) == 1 and not own:
        ((label, only),) = groups.items()
        return tree(only, depth + 1, f"{name}.{label}" if name else label)
    for label, there in groups.items():
        whole.children.append(tree(there, depth + 1, f"{name}.{label}" if name else label))
    if groups:
        # Weights that a container has itself stand as one part of it.
        whole.children += [Container(f"{t.place}.{t.name}", [t]) for t in own]
    return whole


__all__ = [
    "BUFFER",
    "FROZEN",
    "NOT_TRAINED",
    "TRAINABLE",
    "ComparedTensor",
    "Container",
    "ShapeKey",
    "module_tensors",
    "numberless",
    "text_tensors",
    "tree",
]
