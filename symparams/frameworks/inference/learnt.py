"""What separates points that a builder takes from those that it raises at."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from itertools import permutations

from symparams.algebra import Number
from symparams.frameworks.inference.tensors import SizePoint

#: The numbers that a size is often a multiple of.
MULTIPLES = (2, 3, 4, 6, 8, 12, 16, 32, 64)


class LearntCondition:
    """A condition that holds at all points that build, and not at some that do not.

    Attributes:
        text: in the language.
        holds: whether a point meets it.
        divided, divisor: a size that has to be a multiple, and of what at a point;
            "" of other conditions.
        evidence: how many refusals it has to explain: one may have another reason.
    """

    def __init__(
        self,
        text: str,
        holds: Callable[[SizePoint], bool],
        divided: str = "",
        divisor: Callable[[SizePoint], Number] = lambda point: 1,
    ) -> None:
        self.text = text
        self.holds = holds
        self.divided = divided
        self.divisor = divisor
        self.evidence = 2 if divided else 3


def _multiple(x: str, factor: int, y: str = "") -> LearntCondition:
    """Return ``x % y == 0``, ``x % (2*y) == 0``, or ``x % 4 == 0``."""

    def divisor(point: SizePoint) -> Number:
        return factor * point[y] if y else factor

    def holds(point: SizePoint) -> bool:
        return point[x] % divisor(point) == 0

    by = str(factor) if not y else y if factor == 1 else f"({factor}*{y})"
    return LearntCondition(f"{x} % {by} == 0", holds, x, divisor)


def _least(x: str, y: str, more: int) -> LearntCondition:
    """Return ``x >= y``, or ``x > y`` where it is 1 more."""
    return LearntCondition(
        f"{x} {'>' if more else '>='} {y}", lambda point: point[x] >= point[y] + more
    )


def _bound(x: str, low: Number, high: Number) -> Iterator[LearntCondition]:
    yield LearntCondition(f"{x} >= {low}", lambda point: point[x] >= low)
    yield LearntCondition(f"{x} <= {high}", lambda point: point[x] <= high)


def _of_products(x: str, y: str, z: str, built: Sequence[SizePoint]) -> Iterator[LearntCondition]:
    """Yield ``x*y % z == 0`` and, where it is so at all points, ``x*y == 2*z``."""
    yield LearntCondition(f"{x}*{y} % {z} == 0", lambda point: point[x] * point[y] % point[z] == 0)
    shares = {Fraction(p[x] * p[y]) / p[z] for p in built}
    if len(shares) == 1:
        (share,) = shares
        yield LearntCondition(
            f"{x}*{y} == {share}*{z}", lambda point: point[x] * point[y] == share * point[z]
        )


def _conditions(names: Sequence[str], built: Sequence[SizePoint]) -> Iterator[LearntCondition]:
    """Yield simple conditions, in the order in which they explain a refusal."""
    pairs = list(permutations(names, 2))
    for x, y in pairs:
        yield _multiple(x, 1, y)
    for x, y in pairs:
        yield _multiple(x, 2, y)
    for x in names:
        for m in MULTIPLES:
            yield _multiple(x, m)
    for x, y in pairs:
        yield _least(x, y, 0)
        yield _least(x, y, 1)
    for x in names:
        yield from _bound(x, min(p[x] for p in built), max(p[x] for p in built))
    for x, y in pairs:
        if x < y:
            for z in names:
                if z not in (x, y):
                    yield from _of_products(x, y, z, built)


def separating(
    names: Sequence[str], built: Sequence[SizePoint], refused: Sequence[SizePoint]
) -> list[LearntCondition]:
    """Return few simple conditions that all built points meet, and refused ones do not."""
    if not refused or not built:
        return []
    able = [c for c in _conditions(names, built) if all(map(c.holds, built))]
    left = list(refused)
    chosen: list[LearntCondition] = []
    while left:
        # The first of those that explain most: max keeps the order of need.
        explained = [sum(not c.holds(p) for p in left) for c in able]
        explained = [n if n >= c.evidence else 0 for n, c in zip(explained, able, strict=True)]
        most = max(explained, default=0)
        if not most:
            break
        best = able[explained.index(most)]
        chosen.append(best)
        left = [p for p in left if best.holds(p)]
    return chosen


__all__ = ["LearntCondition", "separating"]
