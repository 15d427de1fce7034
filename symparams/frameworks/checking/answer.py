"""What a comparison of a text with somebody's module comes to."""

from __future__ import annotations

from collections.abc import Mapping

from symparams.algebra import Formula, SizeRecord
from symparams.answers import PublicAnswer
from symparams.frameworks.checking.parts import TakenApart
from symparams.frameworks.inference.tensors import SizePoint
from symparams.records import Record


class TensorDifference(Record):
    """Tensors on which a text and a module differ, alike in so many places.

    Attributes:
        what: ``only in the text``, ``only in the module``, ``another shape``,
            ``another role`` or ``turned`` (the axes in the other order).
        text: the layer of the text, ``attention[#].linear2``; "" where it has none.
        module: the prefix in the module, ``layers.#.attn.k_proj``; "" where it has none.
        tensor: which of its tensors, ``kernel``; "" where several are meant.
        declared, found: shape and role of either side; "" where there is none.
        tensors, values: how many they are.
        copies: how many places differ alike; # stands for their numbers.
        remark: what it may come from; "" where nothing is known.
    """

    what: str
    text: str
    module: str
    tensor: str
    declared: str
    found: str
    tensors: int
    values: int
    copies: int = 1
    remark: str = ""


class CheckedPoint(Record):
    """Both sides at one point.

    Attributes:
        sizes: the arguments of the builder.
        equal: whether the tensors are the same, as far as shapes and roles tell.
        declared, found: values by role, of the text and of the module.
    """

    sizes: SizePoint
    equal: bool
    declared: Mapping[str, int]
    found: Mapping[str, int]


class TotalDifference(SizeRecord):
    """A total that differs.

    Attributes:
        measure: ``params``, ``trainable``, ``frozen``, ``buffers``, or ``not trained``.
        declared, found: of the text and of the module, where the differences are told.
        formula: the module's less the text's, in the sizes of the text; None where no
            formula is known. It is fitted, and held against every point compared.
    """

    measure: str
    declared: int
    found: int
    formula: Formula | None = None


class ModuleCheck(SizeRecord, PublicAnswer):
    """A text against somebody's module.

    Attributes:
        model, module: what was compared.
        framework: of the module.
        points: where; the one at which differences are told is the smallest that differs.
        tensors, values: of the module there.
        differences: what does not agree, at ``at``; none where all agrees.
        at: the point that they are told of.
        parts: what one side keeps as one and the other as several.
        totals: those that differ there.
        tied: names of tensors of the module that are one.
        notes: what was not compared, and why.
    """

    model: str
    module: str
    framework: str
    points: tuple[CheckedPoint, ...]
    tensors: int
    values: int
    differences: tuple[TensorDifference, ...]
    at: SizePoint
    parts: tuple[TakenApart, ...] = ()
    totals: tuple[TotalDifference, ...] = ()
    tied: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def agrees(self) -> bool:
        """Whether text and module have the same tensors at every point."""
        return all(point.equal for point in self.points)


__all__ = ["CheckedPoint", "ModuleCheck", "TensorDifference", "TotalDifference"]
