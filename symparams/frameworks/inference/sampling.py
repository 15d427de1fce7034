"""The points that a builder is called at: a base, a star around it, joint and held-out points.

A point at which the builder raises is a fact, not a failure: what separates such
points from the others is learnt, and points against it are not tried again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from random import Random

from symparams.algebra import Number, exact
from symparams.errors import SymparamsError
from symparams.frameworks.inference.learnt import LearntCondition, separating
from symparams.frameworks.inference.space import SizeSpace
from symparams.frameworks.inference.tensors import BuildRefusal, BuiltModule, SizePoint

#: Words of names → a first value that is small, and unlike the others.
FIRST_VALUES = (
    (r"(kv|n_?kv|num_key_value)\w*", 2),
    (r"a|\w*heads?", 4),
    (r"(l|n|ld|depth|blocks?|\w*layers?)[0-9]*", 3),
    (r"h|d|dim|d_?model|width|c0?|\w*channels?|hidden\w*|embed\w*", 48),
    (r"first\w*|offset|start|\w*_offset", 1),
    (r"period|every|\w*_period|step|\w*stride", 2),
    (r"f|ff\w*|d_ff|intermediate\w*|mlp\w*", 80),
    (r"V|vocab\w*", 101),
    (r"s|t|seq\w*|\w*positions?|context", 40),
    (r"e|experts?|n_?experts?|\w*experts", 5),
    (r"o|\w*classes", 10),
    (r"p|patch\w*", 8),
    (r"size|image\w*|img\w*", 64),
)
#: The first value of any other size.
FIRST_VALUE = 12
#: What a size is tried at, where the first values together do not build.
OTHER_FIRST_VALUES = (2, 4, 8, 16, 32, 64, 96, 128, 1, 3, 6, 12)
#: The most points tried in search of a first one that builds, and for each joint point.
MOST_FIRST, MOST_JOINT = 250, 60
#: How often a condition that was learnt is put to a test.
MOST_CONFIRMED = 20
#: So often for each.
TESTS = 2
#: How many of the least values of a size formulas are put to.
MOST_LEAST = 4
#: How many single steps of each size are kept, the large one beside them not counted.
STAR_STEPS = 3

Built = Callable[[SizePoint], "BuiltModule | BuildRefusal"]


def _key(point: SizePoint) -> tuple[tuple[str, Number], ...]:
    return tuple(sorted(point.items()))


class PointSource:
    """Points of one builder, with what was built there."""

    def __init__(self, space: SizeSpace, build: Built, tell: Callable[[int], object]) -> None:
        self.space = space
        self._build = build
        self._tell = tell
        self.random = Random(12)
        self.built: dict[tuple[tuple[str, Number], ...], BuiltModule] = {}
        self.refused: list[tuple[SizePoint, str]] = []
        self._seen: dict[tuple[tuple[str, Number], ...], bool] = {}
        self.learnt: list[LearntCondition] = []
        self._tested: list[str] = []

    def at(self, point: SizePoint) -> BuiltModule | None:
        """Return what is built at a point; None where the builder raises."""
        key = _key(point)
        if key not in self._seen:
            made = self._build(point)
            self._tell(len(self._seen) + 1)
            self._seen[key] = isinstance(made, BuiltModule)
            if isinstance(made, BuiltModule):
                self.built[key] = made
            else:
                self.refused.append((point, made.message))
                if made.hopeless:
                    raise SymparamsError(made.message)
        return self.built.get(key)

    def tried(self, point: SizePoint) -> bool:
        """Tell whether the builder was called at a point."""
        return _key(point) in self._seen

    # --- the base ---

    def base(self) -> SizePoint:
        """Return a point that builds.

        Raises:
            SymparamsError: the builder raises at every point tried.
        """
        for point in self._first_points():
            if self.space.admits(point) and not self.tried(point) and self.at(point) is not None:
                self.refused.clear()  # what was tried in search of it says little
                return point
        if not self.refused:
            raise SymparamsError("no sizes meet what --over says", None, self.space.conditions)
        first, message = self.refused[0]
        raise SymparamsError(
            f"the builder raises at all {len(self.refused)} points tried; at "
            f"{told(first)}: {message}",
            None,
            'give sizes that build, as in --sizes "h = 64, a = 4"',
        )

    def _first_points(self) -> Iterator[dict[str, Number]]:
        names = self.space.names
        fixed: dict[str, Number] = {}
        for name in names:
            default = self.space.default(name)
            if default is not None:
                fixed[name] = default
        hinted = {n: self.first_value(n) for n in names}
        yield {**hinted, **fixed}
        for value in (8, 4, 16, 32, 2, 64):
            yield {**{n: self._nearest(n, value) for n in names}, **fixed}
        for _ in range(40 * MOST_FIRST):
            if len(self.refused) > MOST_FIRST:
                return
            drawn = {
                n: self._nearest(n, self.random.choice((int(hinted[n]), *OTHER_FIRST_VALUES)))
                for n in names
            }
            yield {**drawn, **fixed}

    def first_value(self, name: str) -> Number:
        value = next((v for words, v in FIRST_VALUES if re.fullmatch(words, name)), FIRST_VALUE)
        return self._nearest(name, value)

    def _nearest(self, name: str, value: Number) -> Number:
        domain = self.space.domain(name)
        if domain.choices:
            return min(domain.choices, key=lambda c: (abs(c - value), c))
        low = domain.low
        if value <= low:
            return low
        steps = (value - low) // domain.step
        found = low + steps * domain.step
        return found if domain.high is None else min(found, domain.high)

    # --- the star ---

    def star(self, base: SizePoint) -> tuple[dict[str, list[SizePoint]], list[SizePoint]]:
        """Return the points at which one size alone has moved, and those that are far away."""
        star: dict[str, list[SizePoint]] = {}
        wide: list[SizePoint] = []
        for name in self.space.names:
            near, large, far = self._steps(name, base[name])
            kept = self._first_that_build(base, name, near, STAR_STEPS)
            kept += self._first_that_build(base, name, [v for v in large if v not in near], 1)
            star[name] = kept
            taken = {p[name] for p in kept}
            for ways in far:
                wide += self._first_that_build(base, name, [v for v in ways if v not in taken], 1)
        return star, wide

    def _first_that_build(
        self, base: SizePoint, name: str, values: Sequence[Number], most: int
    ) -> list[SizePoint]:
        kept: list[SizePoint] = []
        for value in values:
            point = {**base, name: value}
            if value != base[name] and self.space.admits(point) and self.at(point) is not None:
                kept.append(point)
                if len(kept) == most:
                    break
        return kept

    def _steps(self, name: str, v: Number) -> tuple[list[Number], list[Number], list[list[Number]]]:
        """Return the near values of a size, the large ones, and those far below and above."""
        domain = self.space.domain(name)
        if domain.choices or not isinstance(v, int):
            by_nearness = sorted(domain.choices, key=lambda c: (abs(c - v), c))
            return by_nearness, [max(by_nearness)], [[min(by_nearness)]]
        s = domain.step
        near = [v + s, v - s, v + 2 * s, v - 2 * s, v + 4 * s, v - 4 * s, v + 8 * s, v - 8 * s]
        near += [2 * v, 3 * v, v // 2, 3 * v // 2]
        large: list[Number] = [2 * v, 3 * v, 4 * v]
        far: list[list[Number]] = [[max(1, v // 8), max(1, v // 4)], [6 * v, 8 * v]]
        if domain.high is not None:
            large += [domain.high]
            far = [[*far[0], domain.low], [*far[1], domain.high]]
        return [v for v in near if v > 0], large, far

    # --- joint points ---

    def learn(self) -> None:
        """Find what separates the points that build from those that do not."""
        built = [dict(k) for k in self.built]
        self.learnt = separating(self.space.names, built, [p for p, _ in self.refused])

    def promising(self, point: SizePoint) -> bool:
        """Tell whether a point is admitted, and against nothing that was learnt."""
        return self.space.admits(point) and all(c.holds(point) for c in self.learnt)

    def joint(self, values: Mapping[str, Sequence[Number]], most: int) -> list[SizePoint]:
        """Return new points, each size at one of its values, that build."""
        found: list[SizePoint] = []
        failures = 0
        for _ in range(200 * most):
            point = {n: self.random.choice(list(values[n])) for n in self.space.names}
            self._repair(point, values)
            if self.tried(point) or not self.promising(point):
                continue
            if self.at(point) is not None:
                found.append(point)
                if len(found) == most:
                    break
            else:
                failures += 1
                self.learn()
                if failures > MOST_JOINT:
                    break
        return found

    def confirmed(self, values: Mapping[str, Sequence[Number]]) -> list[SizePoint]:
        """Try to refute what was learnt at points against it alone; those that build after all."""
        found: list[SizePoint] = []
        for _ in range(MOST_CONFIRMED):
            for condition in list(self.learnt):
                others = [c for c in self.learnt if c is not condition]
                if self._tested.count(condition.text) == TESTS:
                    continue
                point = self._against(condition, others, values)
                self._tested.append(condition.text)
                if point is not None and self.at(point) is not None:
                    found.append(point)
                    break
            else:
                return found
            self.learn()
        return found

    def _against(
        self,
        condition: LearntCondition,
        others: Sequence[LearntCondition],
        values: Mapping[str, Sequence[Number]],
    ) -> SizePoint | None:
        """Return a new point that is against one condition, and meets the others."""
        for _ in range(300):
            point = {n: self.random.choice(list(values[n])) for n in self.space.names}
            if (
                not condition.holds(point)
                and not self.tried(point)
                and self.space.admits(point)
                and all(c.holds(point) for c in others)
            ):
                return point
        return None

    def _repair(self, point: dict[str, Number], values: Mapping[str, Sequence[Number]]) -> None:
        """Move sizes to multiples of what they have to be divided by."""
        for _ in range(3):
            for condition in self.learnt:
                if condition.divided and not condition.holds(point):
                    name, by = condition.divided, condition.divisor(point)
                    whole = [v for v in values[name] if v % by == 0]
                    point[name] = (
                        self.random.choice(whole)
                        if whole
                        else max(1, round(Fraction(point[name]) / by)) * by
                    )

    def least(self, name: str) -> list[Number]:
        """Return the least values of a size."""
        domain = self.space.domain(name)
        if domain.choices:
            return sorted(domain.choices)[:MOST_LEAST]
        return [v for k in range(MOST_LEAST) if (v := domain.low + k * domain.step) in domain]

    def around(self, base: SizePoint, name: str) -> list[Number]:
        """Return the values of a size from half of its base to three times as much."""
        v = base[name]
        if self.space.domain(name).choices:
            return sorted(self.space.domain(name).choices)
        return self.inside(name, int(max(1, exact(Fraction(v) / 2))) - 1, 3 * v + 1)

    def inside(self, name: str, low: Number, high: Number) -> list[Number]:
        """Return the values of a size between two others."""
        domain = self.space.domain(name)
        every = domain.choices or range(int(low) + 1, -int(-high // 1))
        return sorted(x for x in every if low < x < high and x in domain)


def told(point: SizePoint) -> str:
    """Return a point as ``h = 64, a = 4``."""
    return ", ".join(f"{n} = {v}" for n, v in point.items())


__all__ = ["PointSource", "told"]
