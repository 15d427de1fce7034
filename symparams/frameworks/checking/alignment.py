"""What differs, and where: two trees of tensors are aligned, from the whole to the single tensor.

Order is no evidence, and the trees of a text and of a module are cut in other ways. So equal
containers meet first, wherever they stand; one that has nothing like it on the other side is
opened; what is alike and not equal is aligned in order, and looked into. Nothing here decides
whether the sides agree: what is left over was counted before.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from symparams.frameworks.checking.compared import ComparedTensor, Container, tree
from symparams.frameworks.checking.parts import Likeness, likeness

#: Containers of which so much is the same are one, changed.
ALIKE = 0.6
#: What a word that both are called by adds, where all else is the same.
SAME_WORD = 0.01
#: The most pairs that an alignment looks at.
MOST_PAIRS = 2_000_000


class Alignment:
    """What differs between two sides.

    Attributes:
        pairs: tensors of one owner that differ: of the text, of the module.
        text_only, module_only: containers, or owners with single tensors, that only one
            side has.
    """

    def __init__(self, text: Sequence[ComparedTensor], module: Sequence[ComparedTensor]) -> None:
        self.pairs: list[tuple[ComparedTensor, ComparedTensor]] = []
        self._rest: tuple[list[Container], list[Container]] = ([], [])
        self._beside: dict[int, Container] = {}
        self._compare([tree(text)], [tree(module)])
        self._cancel()

    @property
    def text_only(self) -> list[Container]:
        """What only the text has."""
        return self._rest[0]

    @property
    def module_only(self) -> list[Container]:
        """What only the module has."""
        return self._rest[1]

    def beside(self, container: Container) -> Container | None:
        """Return the owner of the other side that a tensor of one side is missing in."""
        return self._beside.get(id(container))

    # --- from the top ---

    def _compare(self, text: Sequence[Container], module: Sequence[Container]) -> None:
        text, module = self._opened(text, module)
        while pairs := _aligned(text, module):
            for one, other in pairs:
                self._pair(one, other)
            paired = {id(c) for pair in pairs for c in pair}
            # What stands in another order on the other side: norms that are registered late.
            text = [c for c in text if id(c) not in paired]
            module = [c for c in module if id(c) not in paired]
        self._rest[0].extend(text)
        self._rest[1].extend(module)

    def _pair(self, one: Container, other: Container) -> None:
        """Look into two containers that are alike."""
        if one.counted == other.counted:
            return
        if one.children or other.children:
            self._compare(one.children or [one], other.children or [other])
        else:
            self._owners(one, other)

    def _opened(
        self, text: Sequence[Container], module: Sequence[Container]
    ) -> tuple[list[Container], list[Container]]:
        """Take away what is equal; open what has nothing like it, the largest first."""
        while True:
            sides = _without_equal(text, module)
            text, module = sides
            able = [
                (container.values, side, n)
                for side, other in ((0, module), (1, text))
                for n, container in enumerate(sides[side])
                if container.children and not _has_like(container, other)
            ]
            if not able:
                return sides
            _, side, n = max(able, key=lambda found: found[0])
            sides[side][n : n + 1] = sides[side][n].children

    # --- owners ---

    def _owners(self, one: Container, other: Container) -> None:
        """Compare the tensors of two owners by shape, and then those of one number of axes."""
        text, module = list(one.tensors), list(other.tensors)
        for tensor in list(text):
            same = next((m for m in module if likeness(m) == likeness(tensor)), None)
            if same is not None:
                text.remove(tensor)
                module.remove(same)
        for tensor in list(text):
            near = next((m for m in module if m.key == tensor.key), None) or next(
                (m for m in module if len(m.key) == len(tensor.key) and m.role == tensor.role),
                None,
            )
            if near is not None:
                text.remove(tensor)
                module.remove(near)
                self.pairs.append((tensor, near))
        for side, left, its, beside in ((0, text, one, other), (1, module, other, one)):
            if left:
                part = Container(its.name, left)
                self._beside[id(part)] = beside
                self._rest[side].append(part)

    # --- at the end ---

    def _cancel(self) -> None:
        """Take away what stands elsewhere on the other side: counts decide, not places."""
        text = [t for c in self._rest[0] for t in c.tensors] + [t for t, _ in self.pairs]
        module = [t for c in self._rest[1] for t in c.tensors] + [m for _, m in self.pairs]
        both = Counter(map(likeness, text)) & Counter(map(likeness, module))
        if not both:
            return
        met = (Counter(both), Counter(both))
        for side in (0, 1):
            self._rest[side][:] = [
                left for c in self._rest[side] for left in self._without(c, met[side])
            ]
        for pair in list(self.pairs):
            gone = [bool(met[side][likeness(pair[side])]) for side in (0, 1)]
            if not any(gone):
                continue
            self.pairs.remove(pair)
            for side in (0, 1):
                if gone[side]:
                    met[side][likeness(pair[side])] -= 1
                else:
                    tensor = pair[side]
                    self._rest[side].append(Container(tensor.place, [tensor]))

    def _without(self, container: Container, met: Counter[Likeness]) -> list[Container]:
        left = []
        for tensor in container.tensors:
            if met[likeness(tensor)]:
                met[likeness(tensor)] -= 1
            else:
                left.append(tensor)
        if len(left) == len(container.tensors):
            return [container]
        if not left:
            return []
        part = Container(container.name, left)
        if (beside := self._beside.get(id(container))) is not None:
            self._beside[id(part)] = beside
        return [part]


def _has_like(container: Container, others: Sequence[Container]) -> bool:
    """Tell whether something is like a container; a single layer is not, unless it is equal."""
    return any(similarity(container, other) >= (ALIKE if other.children else 1) for other in others)


def similarity(one: Container, other: Container) -> float:
    """Return how much of two containers is the same: 1 of equal ones."""
    a, b = one.counted, other.counted
    if a == b:
        return 1.0
    return (a & b).total() / max(1, (a | b).total())


def _without_equal(
    text: Sequence[Container], module: Sequence[Container]
) -> tuple[list[Container], list[Container]]:
    """Take away containers that there are as many of on both sides."""
    counts: dict[object, list[int]] = {}
    keys: tuple[list[object], list[object]] = ([], [])
    for side, containers in enumerate((text, module)):
        for container in containers:
            key = frozenset(container.counted.items())
            keys[side].append(key)
            counts.setdefault(key, [0, 0])[side] += 1
    even = {key for key, (a, b) in counts.items() if a == b}
    return (
        [c for c, key in zip(text, keys[0], strict=True) if key not in even],
        [c for c, key in zip(module, keys[1], strict=True) if key not in even],
    )


def _aligned(
    text: Sequence[Container], module: Sequence[Container]
) -> list[tuple[Container, Container]]:
    """Pair containers in order, so that as much as can be is the same in pairs."""
    if len(text) * len(module) > MOST_PAIRS:
        return []
    best = [[0.0] * (len(module) + 1) for _ in range(len(text) + 1)]
    like = [[_score(t, m) for m in module] for t in text]
    for i in range(len(text) - 1, -1, -1):
        for j in range(len(module) - 1, -1, -1):
            pair = like[i][j] + best[i + 1][j + 1] if like[i][j] else 0.0
            best[i][j] = max(pair, best[i + 1][j], best[i][j + 1])
    found: list[tuple[Container, Container]] = []
    i = j = 0
    while i < len(text) and j < len(module):
        if like[i][j] and best[i][j] == like[i][j] + best[i + 1][j + 1]:
            found.append((text[i], module[j]))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return found


def _words(name: str) -> set[str]:
    """Return the words of the last parts of a path: k of ``k[1].linear2`` and of ``k_proj``."""
    return set(re.findall(r"[^\W\d_]+", ".".join(name.split(".")[-2:])))


def _score(one: Container, other: Container) -> float:
    """Return what a pair is worth: owners without an equal tensor may be one of another width."""
    alike = similarity(one, other)
    if alike and _words(one.name) & _words(other.name):
        alike += SAME_WORD
    if alike or one.children or other.children:
        return alike
    same = {len(t.key) for t in one.tensors} & {len(t.key) for t in other.tensors}
    return 0.05 if same else 0.0


__all__ = ["Alignment", "similarity"]
