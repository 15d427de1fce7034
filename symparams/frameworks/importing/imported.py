"""What an import comes to: the text, and how well it says what the module is."""

from __future__ import annotations

from symparams.answers import PublicAnswer
from symparams.frameworks.checking.answer import ModuleCheck
from symparams.frameworks.inference.tensors import SizePoint
from symparams.records import Record


class OpaquePart(Record):
    """A part that became a layer of its own, as no word says what it does.

    Attributes:
        name: of the layer in the text.
        why: what there is no word for.
        path: where it stands in the module; "" of a function.
        copies: how many there are.
        values: of its weights, all copies together.
    """

    name: str
    why: str
    path: str
    copies: int
    values: int


class ImportedModule(Record, PublicAnswer):
    """A module as a text.

    Attributes:
        source: the builder, as ``models.resnet:build``.
        framework: of the module.
        text: the text.
        model: the model's name in it.
        inputs: what it was fed, as options of the command.
        values: values of all weights of the module, buffers left out.
        macs: MACs of one example, of the text and by the framework's counter.
        opaque: parts that could not be read.
        uncalled: names of weights that no word reads: of parts that did not run, of tables of
            positions; they are counted.
        check: the text against the module.
        points: the points of the sizes that it was recorded at.
        unfitted: numbers that no formula was found for, as ``conv filters: 64, 96``.
    """

    source: str
    framework: str
    text: str
    model: str
    inputs: tuple[str, ...]
    values: int
    macs: tuple[int, int]
    opaque: tuple[OpaquePart, ...]
    uncalled: tuple[str, ...]
    check: ModuleCheck
    points: tuple[SizePoint, ...] = ()
    unfitted: tuple[str, ...] = ()

    @property
    def read(self) -> int:
        """How many values stand in words of the language."""
        return self.values - sum(p.values for p in self.opaque)

    @property
    def equal(self) -> bool:
        """Whether the text has the module's tensors, and as many MACs."""
        return self.check.agrees and self.macs[0] == self.macs[1]


__all__ = ["ImportedModule", "OpaquePart"]
