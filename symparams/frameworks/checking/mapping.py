"""``--map``: which layers of a text are one tensor of a module, said by hand."""

from __future__ import annotations

import re
from collections.abc import Sequence

from symparams.errors import SymparamsError, did_you_mean
from symparams.frameworks.checking.compared import ComparedTensor, numberless
from symparams.frameworks.checking.parts import TakenApart, in_pieces
from symparams.records import Record


class WrittenMap(Record):
    """``blocks.#.attn.qkv = attention.q|k|v``.

    Attributes:
        prefix: of tensors of the module, ``#`` in the place of each index.
        parts: layers of the text, as they are shown, without their numbers of use.
    """

    prefix: str
    parts: tuple[str, ...]

    @classmethod
    def read(cls, written: str) -> WrittenMap:
        """Read what ``--map`` says.

        Raises:
            SymparamsError: it is not written so.
        """
        prefix, equals, names = (side.strip() for side in written.partition("="))
        parts = [p.strip() for p in names.split("|")]
        if not equals or not prefix or not all(parts):
            raise SymparamsError(
                f"--map {written}: write PREFIX = LAYER|LAYER",
                None,
                'as in --map "blocks.#.attn.qkv = attention.q|k|v"',
            )
        group = parts[0].rpartition(".")[0]
        full = [p if "." in p or not group else f"{group}.{p}" for p in parts]
        return cls(numberless(prefix), tuple(full))


def mapped(
    module: Sequence[ComparedTensor], text: Sequence[ComparedTensor], maps: Sequence[WrittenMap]
) -> tuple[list[ComparedTensor], tuple[TakenApart, ...]]:
    """Return the module's tensors with those of the maps in pieces, and what they became.

    Raises:
        SymparamsError: a map names nothing of the module or of the text, or parts of other
            values than the tensor has.
    """
    found = list(module)
    rules: list[TakenApart] = []
    for one in maps:
        whole = _wholes(found, one)
        pieces = [_tensors_of(text, part) for part in one.parts]
        for tensor in whole:
            rule = _rule(tensor, pieces, one)
            rules.append(rule)
            found = list(in_pieces(found, rule))
    return found, tuple(rules)


def _wholes(module: Sequence[ComparedTensor], one: WrittenMap) -> list[ComparedTensor]:
    """Return one tensor of each pattern that a prefix names."""
    by_pattern = {t.pattern: t for t in module}
    matched = [
        t for p, t in by_pattern.items() if p == one.prefix or p.startswith(f"{one.prefix}.")
    ]
    if not matched:
        places = {numberless(t.place) for t in module}
        raise SymparamsError(
            f"--map: nothing of the module is called '{one.prefix}'",
            None,
            did_you_mean(one.prefix, places, "a # stands for each index, as in blocks.#.attn.qkv"),
        )
    return matched


def _tensors_of(text: Sequence[ComparedTensor], part: str) -> list[ComparedTensor]:
    """Return the tensors of one use of a layer of the text."""
    named: dict[str, list[ComparedTensor]] = {}
    for tensor in text:
        named.setdefault(re.sub(r"\[\d+\]", "", tensor.place), []).append(tensor)
    if part not in named:
        raise SymparamsError(
            f"--map: the text has no layer '{part}'",
            None,
            did_you_mean(part, named, "symparams show has their names"),
        )
    first = named[part][0].place
    return [t for t in named[part] if t.place == first]


def _rule(
    tensor: ComparedTensor, pieces: Sequence[Sequence[ComparedTensor]], one: WrittenMap
) -> TakenApart:
    """Return the pieces of a tensor: matrices of matrices, vectors of vectors."""
    axes = []
    for there in pieces:
        rank = len(tensor.key)
        alike = [t for t in there if t.role == tensor.role and len(t.key) == rank]
        axes += [t.squeezed for t in alike[:1]]
    if not axes or sum(_product(a) for a in axes) != tensor.values:
        shown = " and ".join("x".join(map(str, a)) or "scalar" for a in axes) or "nothing"
        raise SymparamsError(
            f"--map: '{tensor.place}.{tensor.name}' has "
            f"{'x'.join(map(str, tensor.axes))}, and {'|'.join(one.parts)} {shown}"
        )
    return TakenApart("module", tensor.pattern, tensor.axes, tuple(axes), True)


def _product(axes: Sequence[int]) -> int:
    found = 1
    for axis in axes:
        found *= axis
    return found


__all__ = ["WrittenMap", "mapped"]
