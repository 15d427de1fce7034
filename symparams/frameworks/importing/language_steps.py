"""What a container does in words of the language: a graph of steps, its numbers apart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from symparams.frameworks.importing.graph import SourceWeight
from symparams.records import Record

#: A number, a word or flag, a name of a size, or a list of them.
WordValue: TypeAlias = "int | str | bool | tuple[WordValue, ...] | None"

#: Words of a step that are no word of a chain: tensors joined, and tensors that begin one.
JOINED = ("+", "-", "*", "|")
WEIGHT, CALL, TABLE = "weight", "call", "transposed"

#: Names of the axes of what comes in, by how many there are.
AXES: Mapping[int, tuple[str, ...]] = {
    0: (),
    1: ("d",),
    2: ("s", "d"),
    3: ("h", "w", "d"),
    4: ("t", "h", "w", "d"),
}


class LanguageStep(Record):
    """A word of the language on tensors.

    Attributes:
        word: a layer, a core or a block of the language; ``+ - * |`` of several tensors;
            ``weight``, ``call`` (of a container), ``transposed`` (of a table, ``E.T``).
        values: its arguments without a name.
        options: its arguments by name.
        takes: numbers of tensors; of several, all words but the joined ones take a bundle.
        makes: numbers of tensors.
        weights: names in the source of what it owns, by the language's.
        module: the container that is called.
        name: what the source calls it: the end of its path.
        around: a word around it with its arguments by name, as ``spectralnorm``.
    """

    word: str
    values: tuple[WordValue, ...]
    options: tuple[tuple[str, WordValue], ...]
    takes: tuple[int, ...]
    makes: tuple[int, ...]
    weights: tuple[tuple[str, str], ...] = ()
    module: LanguageModule | None = None
    name: str = ""
    around: tuple[str, tuple[tuple[str, WordValue], ...]] | None = None


class LanguageModule(Record):
    """A container in the language.

    Attributes:
        path: where it stands in the source.
        title: its class.
        takes: the tensors that come in.
        makes: the tensors that go out.
        steps: what it does, in order.
        axes: the sizes of each tensor, without a batch.
        opaque: why it is none of words, or "".
        owned: what an opaque one owns, and the output's axes are those of ``makes``.
    """

    path: str
    title: str
    takes: tuple[int, ...]
    makes: tuple[int, ...]
    steps: tuple[LanguageStep, ...]
    axes: Mapping[int, tuple[int, ...]]
    opaque: str = ""
    owned: tuple[SourceWeight, ...] = ()


__all__ = [
    "AXES",
    "CALL",
    "JOINED",
    "TABLE",
    "WEIGHT",
    "LanguageModule",
    "LanguageStep",
    "WordValue",
]
