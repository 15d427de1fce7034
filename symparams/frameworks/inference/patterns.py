"""Names of tensors to patterns: which numbers in a name count repetitions.

A run of digits is an index only if its set of values changes between points;
else it is part of the name. That one rule tells ``layers.#`` from ``conv1``,
``layer2`` and the stage of ``features.3``, without knowing any of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

from symparams.frameworks.inference.tensors import BuiltModule, BuiltTensor
from symparams.records import Record

_DIGITS = re.compile(r"(\d+)")
#: What stands for an index in a pattern.
INDEX = "#"

Indices: TypeAlias = tuple[int, ...]
#: The text between digits, role, number of axes, class of the layer.
_Key: TypeAlias = tuple[tuple[str, ...], str, int, str]


class TensorFamily(Record):
    """The tensors of one pattern.

    Attributes:
        pattern: the name, ``#`` in the place of each index.
        role, owner: of all of them, as :class:`BuiltTensor` has them.
        indices: how many indices there are.
        members: a point's number → the tensors there, by their indices, in order.
    """

    pattern: str
    role: str
    owner: str
    indices: int
    members: Mapping[int, tuple[tuple[Indices, tuple[int, ...]], ...]]


def families(built: Sequence[BuiltModule]) -> list[TensorFamily]:
    """Return the families of the tensors at all points, in the order of the first names.

    Tensors that differ in role, number of axes or class of their layer are of
    different families, as the norms and convolutions of a flat list are.
    """
    groups: dict[_Key, dict[int, list[tuple[Indices, BuiltTensor]]]] = {}
    for number, module in enumerate(built):
        for tensor in module.tensors:
            parts = _DIGITS.split(tensor.name)
            key = (tuple(parts[::2]), tensor.role, len(tensor.axes), tensor.owner)
            digits = tuple(map(int, parts[1::2]))
            groups.setdefault(key, {}).setdefault(number, []).append((digits, tensor))
    order = {t.name: n for m in reversed(built) for n, t in enumerate(m.tensors)}
    found: list[tuple[int, TensorFamily]] = []
    for key, there in groups.items():
        for fixed, members in _split((), there):
            first = min(order[t.name] for ts in members.values() for _, t in ts)
            found.append((first, _family(key[0], fixed, members)))
    return [family for _, family in sorted(found, key=lambda pair: pair[0])]


def _split(
    fixed: tuple[int | None, ...], there: Mapping[int, list[tuple[Indices, BuiltTensor]]]
) -> Iterator[tuple[tuple[int | None, ...], Mapping[int, list[tuple[Indices, BuiltTensor]]]]]:
    """Yield (digits or None for an index, members), deciding one run of digits after the other."""
    place = len(fixed)
    sets = [{digits[place : place + 1] for digits, _ in members} for members in there.values()]
    if sets[0] == {()}:
        yield fixed, there
        return
    if any(s != sets[0] for s in sets):
        yield from _split((*fixed, None), there)
        return
    for (value,) in sorted(sets[0]):
        below = {n: [m for m in members if m[0][place] == value] for n, members in there.items()}
        yield from _split((*fixed, value), below)


def _family(
    texts: Sequence[str],
    fixed: tuple[int | None, ...],
    members: Mapping[int, list[tuple[Indices, BuiltTensor]]],
) -> TensorFamily:
    written = [INDEX if digit is None else str(digit) for digit in fixed]
    pattern = "".join(part for pair in zip(texts, [*written, ""], strict=True) for part in pair)
    places = [n for n, digit in enumerate(fixed) if digit is None]
    one = next(t for ts in members.values() for _, t in ts)
    return TensorFamily(
        pattern,
        one.role,
        one.owner,
        len(places),
        {
            n: tuple(sorted((tuple(d[p] for p in places), t.axes) for d, t in ts))
            for n, ts in members.items()
        },
    )


__all__ = ["INDEX", "Indices", "TensorFamily", "families"]
