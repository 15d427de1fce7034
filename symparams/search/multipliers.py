"""Bounds of a goal by Lagrange multipliers, exact, along chains.

For weights p > 0 and q >= 0 no configuration in range has ``p * gain`` above the most of
``p * gain - q * sums`` over all configurations, which a pass along the chains finds, plus
``q`` times the ends of the ranges. The weights are chosen in floats; the bound is whole.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import log2
from typing import Any

from symparams.search.chains import FAR
from symparams.search.structure import Sides

#: Golden section, and steps of one search along a multiplier.
GOLDEN, STEPS = 0.6180339887498949, 14
#: Rounds through all multipliers, and how far they are from even, as powers of two.
ROUNDS, REACH = 2, 12.0


class Multiplier:
    """One choice of weights, and the bounds that come of it.

    Attributes:
        gain: the weight of the gain.
        weights: of all sums, the gain among them.
        room: what the ends of the ranges add.
        rest: for each chain, by layer and code, the most that may follow.
        bound: no gain exceeds it.
    """

    def __init__(self, sides: Sides, weights: Sequence[int], gain: int, room: int) -> None:
        self.gain = gain
        self.weights = tuple(weights)
        self.room = room
        ends = [chain.forward(weights, 1) for chain in sides.chains]
        self.rest = [sides.chains[own].backward(weights, 1, ends[1 - own]) for own in (0, 1)]
        self.bound = (int((ends[0] + ends[1]).max()) + room) // gain

    def over(self, side: int, layer: int, code: Any, sums: Sequence[Any]) -> Any:
        """Return a bound of the gain over all completions of states after a layer."""
        total = self.rest[side][layer][code] + self.room
        for weight, one in zip(self.weights, sums, strict=True):
            if weight:
                total = total + weight * one
        return total // self.gain


def multipliers(sides: Sides, goal: int, sign: int) -> list[Multiplier]:
    """Return some multipliers, the one with the least bound first.

    Args:
        sides: the chains.
        goal: which sum is the goal.
        sign: 1 where it should be large, -1 where small.
    """
    sums = sides.tables.sums
    # (sum, the sign of its weight, the end of its range) of each end that leaves anything out.
    bound_to = [(k, -1, one.high) for k, one in enumerate(sums) if one.high < one.top]
    bound_to += [(k, 1, one.low) for k, one in enumerate(sums) if one.low > 0]
    # The weighted sums, and what they are compared with, stay below FAR.
    scale = max(1, FAR // (4 * len(sums) * max(1, *(one.top for one in sums))))
    cache: dict[tuple[float, ...], Multiplier] = {}

    def made(powers: Sequence[float]) -> Multiplier:
        """Make one of the multipliers' logarithms; -inf for none."""
        key = tuple(powers)
        if key not in cache:
            rates = [2.0**power for power in powers]
            most = max(1.0, *rates) if rates else 1.0
            gain = max(1, int(min(scale, 1 << 30) / most))
            weights = [0] * len(sums)
            weights[goal] = sign * gain
            room = 0
            for (k, way, end), rate in zip(bound_to, rates, strict=True):
                own = int(rate * gain)
                weights[k] += way * own
                room -= way * own * end
            cache[key] = Multiplier(sides, weights, gain, room)
        return cache[key]

    none = [-float("inf")] * len(bound_to)
    made(none)
    centres = [log2(max(1, sums[goal].top)) - log2(max(1, sums[k].top)) for k, _, _ in bound_to]
    for place, (k, way, _) in enumerate(bound_to):
        if k == goal and way == -sign:
            alone = list(none)
            alone[place] = 0.0
            made(alone)
    best = list(none)
    for _ in range(ROUNDS if len(bound_to) > 1 else 1):
        for place, centre in enumerate(centres):
            sides.look()
            if bound_to[place][0] != goal:
                best = _least_along(best, place, centre, lambda powers: made(powers).bound)
    kept = [made(best), made(none)]
    kept += [m for m in cache.values() if m.bound == min(c.bound for c in cache.values())][:1]
    kept = list(dict.fromkeys(kept))
    return sorted(kept, key=lambda m: m.bound)


def _least_along(
    powers: list[float], place: int, centre: float, bound: Callable[[Sequence[float]], int]
) -> list[float]:
    """Return the powers with one of them moved to where the bound is least."""

    def at(power: float) -> int:
        return bound([*powers[:place], power, *powers[place + 1 :]])

    low, high = centre - REACH, centre + REACH
    one, other = high - GOLDEN * (high - low), low + GOLDEN * (high - low)
    for _ in range(STEPS):
        if at(one) <= at(other):
            high, other = other, one
            one = high - GOLDEN * (high - low)
        else:
            low, one = one, other
            other = low + GOLDEN * (high - low)
    power = min((one, other, powers[place]), key=at)
    return [*powers[:place], power, *powers[place + 1 :]]
