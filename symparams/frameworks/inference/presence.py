"""When a tensor is there: ``h != o``, ``a > b``, ``a % 2 == 0``, as conditions and as 0 or 1."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise, permutations

from symparams.algebra import Number, Size, divide, floor, maximum, minimum
from symparams.frameworks.inference.tensors import SizePoint
from symparams.records import Record

#: The moduli of ``a % m == 0`` and of alternating layers.
MODULI = (2, 3, 4, 6)


class PresenceTest(Record):
    """A test of sizes: in the language, and as a formula that is 1 where it holds, else 0."""

    text: str
    formula: Size


def _positive(size: Size) -> Size:
    """Return 1 for an integer above 0, else 0."""
    return minimum(1, maximum(0, size))


def size_tests(
    points: Sequence[SizePoint], sizes: Mapping[str, Size]
) -> Iterator[tuple[PresenceTest, list[bool]]]:
    """Yield simple tests, in the order of need, with where they hold."""
    pairs = list(permutations(sizes, 2))
    for x, y in pairs:
        if x < y:
            gap = sizes[x] - sizes[y]
            differs = minimum(1, maximum(gap, -gap))
            equal = [p[x] == p[y] for p in points]
            yield PresenceTest(f"{x} != {y}", differs), [not e for e in equal]
            yield PresenceTest(f"{x} == {y}", 1 - differs), equal
    for x, y in pairs:
        yield (
            PresenceTest(f"{x} > {y}", _positive(sizes[x] - sizes[y])),
            [p[x] > p[y] for p in points],
        )
    for x in sizes:
        yield from _against_numbers(x, sizes[x], points)
    for x in sizes:
        for m in MODULI:
            left = sizes[x] - floor(divide(sizes[x], m)) * m
            whole = [p[x] % m == 0 for p in points]
            yield PresenceTest(f"{x} % {m} == 0", 1 - _positive(left)), whole
            yield PresenceTest(f"{x} % {m} != 0", _positive(left)), [not w for w in whole]
    for x, y in pairs:
        share = divide(sizes[x], sizes[y])
        left = sizes[x] - floor(share) * sizes[y]
        whole = [p[x] % p[y] == 0 for p in points]
        yield PresenceTest(f"{x} % {y} == 0", 1 - _positive(left)), whole
        yield PresenceTest(f"{x} % {y} != 0", _positive(left)), [not w for w in whole]


def _against_numbers(
    name: str, size: Size, points: Sequence[SizePoint]
) -> Iterator[tuple[PresenceTest, list[bool]]]:
    values = sorted({p[name] for p in points})
    for low, high in pairwise(values):
        if not isinstance(low, int) or not isinstance(high, int):
            continue
        above = [p[name] > low for p in points]
        yield PresenceTest(f"{name} > {low}", _positive(size - low)), above
        yield PresenceTest(f"{name} <= {low}", 1 - _positive(size - low)), [not a for a in above]
    if len(values) > 2 and all(isinstance(v, int) for v in values):
        for value in values:
            equal = [p[name] == value for p in points]
            differs = minimum(1, maximum(size - value, value - size))
            yield PresenceTest(f"{name} != {value}", differs), [not e for e in equal]
            yield PresenceTest(f"{name} == {value}", 1 - differs), equal


def presence(
    points: Sequence[SizePoint], there: Sequence[Number], sizes: Mapping[str, Size]
) -> list[PresenceTest]:
    """Return the simple tests that hold exactly where something is there."""
    wanted = [bool(t) for t in there]
    return [test for test, holds in size_tests(points, sizes) if holds == wanted]


__all__ = ["MODULI", "PresenceTest", "presence"]
