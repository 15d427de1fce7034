"""What a builder made at one point: tensors by name, and what of a builder is asked."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod
from typing import TypeAlias

from symparams.algebra import Number
from symparams.records import Record

#: Sizes by name.
SizePoint: TypeAlias = Mapping[str, Number]

#: Roles, in the order of the answer.
TRAINABLE, FROZEN, BUFFER = "trainable", "frozen", "buffer"
ROLES = (TRAINABLE, FROZEN, BUFFER)
#: The role of what is no tensor, but a product of a forward pass: its axes multiplied are MACs.
PRODUCT = "product"


class BuiltTensor(Record):
    """A parameter or buffer of a built module; one under several names stands once.

    Attributes:
        name: the first name, as ``layers.0.attn.weight``.
        axes: the shape, as the framework orders it.
        role: ``trainable``, ``frozen`` or ``buffer``; ``product`` of what is no tensor.
        owner: the class of the layer that it belongs to, as ``Conv2d``.
        persistent: whether it is saved, and no table of integers: a buffer that is worked
            out is neither weight nor statistics.
    """

    name: str
    axes: tuple[int, ...]
    role: str
    owner: str = ""
    persistent: bool = True

    @property
    def values(self) -> int:
        """How many values it has."""
        return prod(self.axes)


class BuiltModule(Record):
    """A module as it is at one point: its tensors, and other names of tied ones."""

    tensors: tuple[BuiltTensor, ...]
    tied: tuple[tuple[str, str], ...] = ()

    def total(self, *roles: str) -> int:
        """Return how many values the tensors of some roles have."""
        return sum(t.values for t in self.tensors if t.role in roles)


class BuildRefusal(Record):
    """A point that the builder raised at, and what it said; ``hopeless`` where no size helps."""

    message: str
    hopeless: bool = False


__all__ = [
    "BUFFER",
    "FROZEN",
    "PRODUCT",
    "ROLES",
    "TRAINABLE",
    "BuildRefusal",
    "BuiltModule",
    "BuiltTensor",
    "SizePoint",
]
