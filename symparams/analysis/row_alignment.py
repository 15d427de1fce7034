"""Two tables of layers side by side: which row of one is which row of the other.

Rows are trees, as groups hold rows. The children of two heads are aligned as sequences
(Needleman & Wunsch 1970), and those of heads that are aligned likewise.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import takewhile
from typing import TypeAlias

from symparams.analysis.reports import Row
from symparams.records import Record

#: The most pairs of siblings that are scored; of more, only kinds are compared.
MOST_PAIRS = 250_000
#: Two heads of other names are one block renamed where so many of their layers are alike.
RENAMED = 0.6


class RowTree(Record):
    """A row and the rows of its group."""

    row: Row
    below: tuple[RowTree, ...]
    #: A head whose group is taken apart: its rows stand behind it, and it has no partner.
    bare: bool = False

    @property
    def height(self) -> int:
        """How deep the groups in it nest; 0 of a layer."""
        return 1 + max(tree.height for tree in self.below) if self.below else 0

    def kinds(self) -> list[str]:
        """Return the kinds of the layers in it, in order."""
        if not self.below:
            return [self.row.kind]
        return [kind for tree in self.below for kind in tree.kinds()]


RowPair: TypeAlias = "tuple[Row | None, Row | None]"
_Pair: TypeAlias = "tuple[RowTree | None, RowTree | None]"


def aligned(left: Sequence[Row], right: Sequence[Row]) -> Iterator[RowPair]:
    """Yield the rows of two tables in the order of both, side by side where they belong together.

    Of a row that only one table has the other is None.
    """
    yield from _flat(_siblings(_trees(left), _trees(right)))


def _trees(rows: Sequence[Row]) -> tuple[RowTree, ...]:
    """Return rows as trees, by their depth."""
    found: list[RowTree] = []
    place = 0
    while place < len(rows):
        row = rows[place]
        inside = list(takewhile(lambda r: r.depth > row.depth, rows[place + 1 :]))  # noqa: B023
        found.append(RowTree(row, _trees(inside)))
        place += 1 + len(inside)
    return tuple(found)


def _flat(pairs: Iterator[_Pair]) -> Iterator[RowPair]:
    for one, other in pairs:
        yield one.row if one else None, other.row if other else None
        yield from _flat(_siblings(one.below if one else (), other.below if other else ()))


def _siblings(left: Sequence[RowTree], right: Sequence[RowTree]) -> Iterator[_Pair]:
    """Yield the trees of two sequences, side by side where they belong together."""
    # Versions of a file mostly agree: what is the same at both ends needs no table.
    ahead = sum(1 for _ in takewhile(lambda p: _same(*p), zip(left, right, strict=False)))
    rest = left[ahead:], right[ahead:]
    backwards = zip(reversed(rest[0]), reversed(rest[1]), strict=False)
    behind = sum(1 for _ in takewhile(lambda p: _same(*p), backwards))
    yield from zip(left[:ahead], right[:ahead], strict=True)
    yield from _matched(left[ahead : len(left) - behind], right[ahead : len(right) - behind])
    yield from zip(left[len(left) - behind :], right[len(right) - behind :], strict=True)


def _same(one: RowTree, other: RowTree) -> bool:
    return (one.row.kind, one.row.is_group, one.row.total) == (
        *(other.row.kind, other.row.is_group, other.row.total),
    ) and one.kinds() == other.kinds()


def _matched(left: Sequence[RowTree], right: Sequence[RowTree]) -> Iterator[_Pair]:
    """Yield the pairs whose scores sum to the most, and between them what is alone."""
    i = j = 0
    for one, other in _best(left, right) if left and right else ():
        yield from _between(left[i:one], right[j:other])
        yield left[one], right[other]
        i, j = one + 1, other + 1
    yield from _between(left[i:], right[j:])


def _between(left: Sequence[RowTree], right: Sequence[RowTree]) -> Iterator[_Pair]:
    """Yield what found no partner; layers that one side holds in a block may have theirs yet."""
    highest = max((tree.height for tree in (*left, *right)), default=0)
    if left and right and highest:
        yield from _matched(_opened(left, highest), _opened(right, highest))
        return
    yield from ((tree, None) for tree in left)
    yield from ((None, tree) for tree in right)


def _opened(trees: Sequence[RowTree], height: int) -> list[RowTree]:
    """Return the trees with groups of a height taken apart."""
    found: list[RowTree] = []
    for tree in trees:
        opened = tree.height == height
        found += [RowTree(tree.row, (), True), *tree.below] if opened else [tree]
    return found


def _best(left: Sequence[RowTree], right: Sequence[RowTree]) -> list[tuple[int, int]]:
    """Return the places of the trees that belong together, in order."""
    if len(left) * len(right) > MOST_PAIRS:
        kinds = [[(t.row.kind, t.row.is_group) for t in trees] for trees in (left, right)]
        blocks = SequenceMatcher(None, kinds[0], kinds[1], autojunk=False).get_matching_blocks()
        return [(a + k, b + k) for a, b, size in blocks for k in range(size)]
    score = [[_score(one, other) for other in right] for one in left]
    best = [[0.0] * (len(right) + 1) for _ in range(len(left) + 1)]
    for i in reversed(range(len(left))):
        for j in reversed(range(len(right))):
            paired = score[i][j] + best[i + 1][j + 1] if score[i][j] else 0.0
            best[i][j] = max(best[i + 1][j], best[i][j + 1], paired)
    found: list[tuple[int, int]] = []
    i = j = 0
    while i < len(left) and j < len(right):
        if score[i][j] and best[i][j] == score[i][j] + best[i + 1][j + 1]:
            found.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return found


def _score(one: RowTree, other: RowTree) -> float:
    """Return how much two trees have in common; 0 where they are no one layer changed."""
    left, right = one.row, other.row
    if one.bare or other.bare or left.is_group != right.is_group:
        return 0.0
    score = 4.0 if left.kind == right.kind else 0.0
    if not score and _family(left) and _family(left) == _family(right):
        score = 2.0
    if left.is_group:
        alike = SequenceMatcher(None, one.kinds(), other.kinds(), autojunk=False).ratio()
        if not score and alike < RENAMED:
            return 0.0
        score += 2 * alike
    elif not score:
        return 0.0
    score += 3.0 if left.total == right.total else 0.0
    score += 0.5 if left.name == right.name else 0.0
    # Of two layers of a kind, the one between the same shapes is meant.
    return score + (1.0 if left.output == right.output else 0.0)


def _family(row: Row) -> str:
    """Return the family of a layer, as that of all norms; "" of what is no layer of a kind."""
    return "" if row.layer is None else type(row.layer).__module__


__all__ = ["RowPair", "aligned"]
