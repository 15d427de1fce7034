"""Tensors that one side keeps as one, and the other as several: fused, stacked, reshaped.

The query, key and value of GPT-2 are one matrix of Hugging Face's class and three of a text;
so are the experts of Mixtral, stacked along a first axis, and a kernel (p, p, 3, h) is a
matrix (3p², h). What is left of both sides, once equal shapes have met, is put together so:
a tensor is taken apart where all its pieces stand in one container of the other side and
fewer values stay without a counterpart. All tensors of one pattern are taken apart alike.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import combinations, product
from math import prod
from typing import TypeAlias

from symparams.frameworks.checking.compared import (
    ComparedTensor,
    Container,
    ShapeKey,
    tree,
)
from symparams.records import Record

#: The most pieces of unlike sizes that are looked for, and the most kinds of pieces.
MOST_UNLIKE, MOST_KINDS = 4, 6
#: The most tensors of a container that pieces are looked for in.
MOST_IN_CONTAINER = 5_000
#: The same of a whole module: what is no more is one layer.
MOST_AT_ROOT = 8

#: Role and shape: what has to be there as often on both sides.
Likeness: TypeAlias = tuple[str, ShapeKey]
#: Axes of a piece, in the order of those of the whole.
_Axes: TypeAlias = tuple[int, ...]
#: What yields the pieces of a tensor, given the other side's tensors and their likenesses.
_Splitting: TypeAlias = (
    "Callable[[ComparedTensor, Sequence[ComparedTensor], Counter[Likeness]],"
    " Iterator[tuple[_Axes, ...]]]"
)


class TakenApart(Record):
    """A pattern of tensors of one side that are several, or of another shape, on the other.

    Attributes:
        side: ``text`` or ``module``: where it is one tensor.
        pattern: its place and name, numbers replaced.
        axes: its shape at a point.
        pieces: the shapes of its pieces there.
        told: whether it was asked for, by ``--map``.
    """

    side: str
    pattern: str
    axes: tuple[int, ...]
    pieces: tuple[tuple[int, ...], ...]
    told: bool = False


def likeness(tensor: ComparedTensor) -> Likeness:
    """Return what a tensor has in common with its counterpart."""
    return tensor.role, tensor.key


def left_over(
    text: Sequence[ComparedTensor], module: Sequence[ComparedTensor]
) -> tuple[Counter[Likeness], Counter[Likeness]]:
    """Return what only one side has, by role and shape."""
    said, built = Counter(map(likeness, text)), Counter(map(likeness, module))
    return said - built, built - said


def taken_apart(
    text: Sequence[ComparedTensor], module: Sequence[ComparedTensor]
) -> tuple[list[ComparedTensor], list[ComparedTensor], tuple[TakenApart, ...]]:
    """Return both sides with what one of them keeps as one in pieces, and what that was."""
    sides = {"text": list(text), "module": list(module)}
    rules: list[TakenApart] = []
    while True:
        rule = _best_rule(sides)
        if rule is None:
            return sides["text"], sides["module"], tuple(rules)
        rules.append(rule)
        sides[rule.side] = list(in_pieces(sides[rule.side], rule))


def in_pieces(tensors: Iterable[ComparedTensor], rule: TakenApart) -> Iterator[ComparedTensor]:
    """Yield tensors, those of a rule's pattern and shape in pieces."""
    key = tuple(sorted(a for a in rule.axes if a != 1))
    for tensor in tensors:
        if tensor.pattern != rule.pattern or tensor.key != key:
            yield tensor
            continue
        for number, axes in enumerate(rule.pieces):
            name = f"{tensor.name}[{number}]" if len(rule.pieces) > 1 else tensor.name
            yield tensor.but(name=name, axes=axes, ordered=False)


def _unmatched(sides: dict[str, list[ComparedTensor]]) -> int:
    """Return how many values stay without a counterpart."""
    return sum(
        prod(key) * number
        for left in left_over(sides["text"], sides["module"])
        for (_, key), number in left.items()
    )


def _best_rule(sides: dict[str, list[ComparedTensor]], further: bool = True) -> TakenApart | None:
    """Return what leaves fewest values without a counterpart; None where nothing helps, or
    nothing that does after another shape of one tensor, where ``further`` is asked for.
    """
    said, built = left_over(sides["text"], sides["module"])
    if not said or not built:
        return None
    best, least = None, _unmatched(sides)
    for rule in (*_rules("module", sides, built, said), *_rules("text", sides, said, built)):
        after = {**sides, rule.side: list(in_pieces(sides[rule.side], rule))}
        left = _unmatched(after)
        # Of two that do as well, the one with fewer pieces: three of 128, not six of 64.
        if left < least or (best and left == least and len(rule.pieces) < len(best.pieces)):
            best, least = rule, left
    if best is None and further:
        # Its counterpart met another tensor of the same shape, which has pieces of its own.
        for side, left_here in (("module", built), ("text", said)):
            there = Counter(map(likeness, sides["text" if side == "module" else "module"]))
            for rule in _rules(side, sides, left_here, there, pieces=_reshapes):
                after = {**sides, side: list(in_pieces(sides[side], rule))}
                if _unmatched(after) == least and _best_rule(after, False):
                    return rule
    return best


def _rules(
    side: str,
    sides: dict[str, list[ComparedTensor]],
    left: Counter[Likeness],
    other: Counter[Likeness],
    pieces: _Splitting | None = None,
) -> Iterator[TakenApart]:
    """Yield ways to take the tensors of one side apart whose shapes are left over."""
    seen: set[tuple[str, ShapeKey]] = set()
    wholes = []
    for tensor in sides[side]:
        if likeness(tensor) in left and (tensor.pattern, tensor.key) not in seen:
            seen.add((tensor.pattern, tensor.key))
            wholes.append(tensor)
    there = sides["text" if side == "module" else "module"]
    for whole in wholes:
        for axes in (pieces or _pieces)(whole, there, other):
            yield TakenApart(side, whole.pattern, whole.axes, axes)


def _pieces(
    whole: ComparedTensor, others: Sequence[ComparedTensor], left: Counter[Likeness]
) -> Iterator[tuple[_Axes, ...]]:
    """Yield the pieces that a tensor may have, from the smallest container that has them all."""
    yield from _reshapes(whole, others, left)
    found: set[tuple[_Axes, ...]] = set()
    root = tree(others)
    for container in root.below():
        if container is root and not root.name and len(root.tensors) > MOST_AT_ROOT:
            continue  # what is anywhere in a network is no part of one tensor
        there = [t for t in container.tensors if likeness(t) in left and t.role == whole.role]
        if not 1 < len(there) <= MOST_IN_CONTAINER:
            continue
        for pieces in _from_container(whole, there):
            shape = tuple(sorted(pieces))
            if shape not in found:
                found.add(shape)
                yield pieces


def _reshapes(
    whole: ComparedTensor, others: Sequence[ComparedTensor], left: Counter[Likeness]
) -> Iterator[tuple[_Axes, ...]]:
    """Yield the shapes among some that a tensor may have as one."""
    for _, key in sorted(k for k in left if k[0] == whole.role):
        if reshaped(whole.key, key):
            yield (key,)


def _from_container(
    whole: ComparedTensor, there: Sequence[ComparedTensor]
) -> Iterator[tuple[_Axes, ...]]:
    available = Counter(t.squeezed if t.ordered else t.key for t in there)
    yield from _concatenated(whole.squeezed, available, whole.ordered)
    for axis, copies in enumerate(whole.squeezed):
        rest = whole.squeezed[:axis] + whole.squeezed[axis + 1 :]
        share = Counter({k: n // copies for k, n in available.items() if n >= copies})
        if not share:
            continue
        if any(tuple(sorted(k)) == tuple(sorted(rest)) for k in share):
            yield (rest,) * copies
        for pieces in _concatenated(rest, share, False):
            yield pieces * copies


def _concatenated(
    axes: _Axes, available: Counter[_Axes], ordered: bool
) -> Iterator[tuple[_Axes, ...]]:
    """Yield pieces that make ``axes`` along one axis, one kind of pieces after the other."""
    for axis, length in enumerate(axes):
        lengths: Counter[int] = Counter()
        for piece, number in available.items():
            found = _length(axes, axis, piece, ordered)
            if found and found < length:
                lengths[found] += number
        for parts in _sums(length, lengths):
            yield tuple((*axes[:axis], part, *axes[axis + 1 :]) for part in parts)


def _length(axes: _Axes, axis: int, piece: _Axes, ordered: bool) -> int:
    """Return how long a piece is along an axis of the whole; 0 where it is no piece of it."""
    rest = axes[:axis] + axes[axis + 1 :]
    if len(piece) == len(rest):
        return int(sorted(piece) == sorted(rest))
    if len(piece) != len(axes):
        return 0
    if ordered:
        own = piece[:axis] + piece[axis + 1 :]
        return piece[axis] if own == rest else 0
    left = Counter(piece) - Counter(rest)
    return next(iter(left)) if left.total() == 1 else 0


def _sums(length: int, lengths: Counter[int]) -> Iterator[tuple[int, ...]]:
    """Yield several lengths, as often as they are there, that sum to ``length``."""
    kinds = sorted(lengths, reverse=True)[:MOST_KINDS]
    for one in kinds:
        if length % one == 0 and 1 < length // one <= lengths[one]:
            yield (one,) * (length // one)
    for number in range(2, min(len(kinds), MOST_UNLIKE) + 1):
        for some in combinations(kinds, number):
            ranges = [range(1, min(lengths[k], 4) + 1) for k in some]
            for times in product(*ranges):
                if sum(k * t for k, t in zip(some, times, strict=True)) == length:
                    yield tuple(k for k, t in zip(some, times, strict=True) for _ in range(t))


def reshaped(one: ShapeKey, other: ShapeKey) -> bool:
    """Tell whether one of two shapes has several axes of the other as one.

    >>> reshaped((3, 16, 16, 768), (768, 768))
    True
    """
    if len(one) == len(other) or prod(one) != prod(other):
        return False
    many, few = (one, other) if len(one) > len(other) else (other, one)
    return _merges(many, few)


def _merges(many: ShapeKey, few: ShapeKey) -> bool:
    """Tell whether axes fall into groups whose products are ``few``."""
    if not few:
        return not many
    first, *rest = few
    for number in range(1, len(many) - len(rest) + 1):
        for group in combinations(range(len(many)), number):
            if prod(many[n] for n in group) == first:
                left = tuple(a for n, a in enumerate(many) if n not in group)
                if _merges(left, tuple(rest)):
                    return True
    return False


__all__ = [
    "Container",
    "Likeness",
    "TakenApart",
    "in_pieces",
    "left_over",
    "likeness",
    "reshaped",
    "taken_apart",
]
