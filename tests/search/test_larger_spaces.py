"""Random spaces of up to millions of points, as they come, against NumPy over all of them."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest

from symparams.algebra import Size, add_up, product, symbol
from symparams.search import Axis, Budget, Space, feasible_count, maximize

NAMES = ("h", "l", "f", "k")


def terms(draw: Random) -> list[tuple[int, list[str]]]:
    """A sum of products: (coefficient, names) each."""
    return [
        (draw.choice([1, 1, 2, 3, 12, -1, -3, 64]), draw.choices(NAMES, k=draw.randrange(1, 4)))
        for _ in range(draw.randrange(1, 6))
    ]


def size(parts: list[tuple[int, list[str]]]) -> Size:
    return add_up(product([c, *map(symbol, names)]) for c, names in parts)


def everywhere(parts: list[tuple[int, list[str]]], grids: dict[str, np.ndarray]) -> np.ndarray:
    shape = np.broadcast_shapes(*(grid.shape for grid in grids.values()))
    total = np.zeros(shape, dtype=np.int64)
    for coefficient, names in parts:
        term = np.int64(coefficient)
        for name in names:
            term = term * grids[name]
        total = total + term
    return total


@pytest.mark.parametrize("seed", range(60))
def test_best_and_count(seed: int):
    draw = Random(seed)
    axes = []
    for name in NAMES:
        low, step = draw.randrange(1, 40), draw.choice([1, 1, 2, 3, 8])
        axes.append(Axis(name, range(low, low + step * draw.choice([3, 10, 25, 40]), step)))
    space = Space(tuple(axes))
    meshes = np.meshgrid(*(np.array(a.values) for a in axes), indexing="ij", sparse=True)
    grids = dict(zip(NAMES, meshes, strict=True))
    goal = terms(draw)
    fits = np.ones([len(a.values) for a in axes], dtype=bool)
    budgets = []
    for parts in (
        draw.choice([goal, terms(draw)]),
        *([terms(draw)] if draw.random() < 0.4 else []),
    ):
        values, op = everywhere(parts, grids), draw.choice(["<=", ">="])
        bound = int(np.quantile(values, draw.random())) + draw.randrange(-3, 4)
        fits &= values <= bound if op == "<=" else values >= bound
        budgets.append(Budget(size(parts), op, bound, "params"))
    assert feasible_count(space, budgets) == int(fits.sum())
    if not fits.any():
        return
    top, minimize = draw.choice([1, 1, 5]), draw.random() < 0.4
    expected = np.sort(everywhere(goal, grids)[fits])
    expected = expected[:top] if minimize else expected[::-1][:top]
    found = maximize(space, size(goal), budgets, top, minimize)
    assert found.proved
    assert [point.objective for point in found.points] == expected.tolist()
