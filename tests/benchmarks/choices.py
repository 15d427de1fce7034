"""Runs: spaces with a choice in every layer, beside histograms and fronts in plain NumPy."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from symparams.algebra import Size, add_up, symbol
from symparams.search import Axis, Budget, Space, feasible_count, maximize, pareto
from tests.benchmarks.measuring import Comparison, Run, faster, within
from tests.benchmarks.searches import NOTHING

#: Twenty layers of seven options each, 8·10^16 configurations, by what an option adds.
LAYERS, OPTIONS = 20, (0, 3, 5, 8, 13, 21, 34)
MOST = 15_000


def _plain(result: Any) -> Any:
    return int(result)


@cache
def _layers() -> tuple[Space, Size]:
    axes = tuple(Axis(f"o{k}", OPTIONS) for k in range(LAYERS))
    return Space(axes), add_up([symbol(f"o{k}") * (7 * k + 11) for k in range(LAYERS)])


def _count() -> int:
    space, size = _layers()
    return feasible_count(space, [Budget(size, "<=", MOST, "params")])


def _by_histogram() -> int:
    table = np.zeros(MOST + 1, dtype=np.int64)
    table[0] = 1
    for k in range(LAYERS):
        after = np.zeros_like(table)
        for option in OPTIONS:
            shift = (7 * k + 11) * option
            after[shift:] += table[: len(table) - shift]
        table = after
    return int(table.sum())


COUNT = Run("layers: count under a budget", _count, _by_histogram, _plain)
BY_HISTOGRAM = Run("layers: a histogram in NumPy", _by_histogram, _by_histogram, _plain)


def _best() -> int:
    space, size = _layers()
    return int(maximize(space, size, [Budget(size, "<=", MOST, "params")]).best.objective)


BEST = Run("layers: the most under a budget, proved", _best, lambda: MOST, _plain)


# --- a front over a grid ----------------------------------------------------------------

WIDTHS, DEPTHS, INNERS = range(256, 4097, 32), range(6, 65), range(1024, 16385, 16)
GRID_MOST = 3 * 10**9


@cache
def _grid() -> tuple[Space, Size, Size]:
    axes = Axis("h", WIDTHS), Axis("l", DEPTHS), Axis("f", INNERS)
    h, depth, inner = symbol("h"), symbol("l"), symbol("f")
    layer = depth * (4 * h * h + 2 * h * inner)
    return Space(axes), layer + 32000 * h, layer + 4096 * depth * h


def _front() -> int:
    space, params, macs = _grid()
    budgets = [Budget(params, "<=", GRID_MOST, "params")]
    return len(pareto(space, budgets, [(params, "max"), (macs, "min")]).points)


def _front_by_numpy() -> int:
    h = np.array(WIDTHS, np.int64)[:, None, None]
    l = np.array(DEPTHS, np.int64)[None, :, None]  # noqa: E741
    inner = np.array(INNERS, np.int64)[None, None, :]
    layer = l * (4 * h * h + 2 * h * inner)
    params, macs = (layer + 32000 * h).ravel(), (layer + l * 4096 * h).ravel()
    fits = params <= GRID_MOST
    params, macs = params[fits], macs[fits]
    order = np.lexsort([macs, -params])
    least = np.minimum.accumulate(macs[order])
    return 1 + int((least[1:] < least[:-1]).sum())


FRONT = Run("grid: a front of two goals", _front, _front_by_numpy, _plain, rounds=3)
FRONT_BY_NUMPY = Run("grid: NumPy, one sort", _front_by_numpy, _front_by_numpy, _plain, rounds=3)

RUNS = (COUNT, BY_HISTOGRAM, BEST, FRONT, FRONT_BY_NUMPY)

CHOICES = (
    Comparison(COUNT, NOTHING, within(500)),
    Comparison(BEST, NOTHING, within(1_000)),
    Comparison(FRONT, FRONT_BY_NUMPY, faster()),
)
