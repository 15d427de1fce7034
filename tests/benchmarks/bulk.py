"""Runs: 50 million configurations of five axes under a budget, against SymPy's lambdify.

Both work on open grids that broadcast; ours keeps its guard on, and works in
chunks. The counts must agree. And what it costs that a compiled function
refuses what the model does not admit.
"""

from __future__ import annotations

from functools import cache
from math import prod
from typing import Any

import numpy as np
import sympy

import symparams
from symparams.algebra import symbol
from symparams.algebra.border import to_sympy
from symparams.algebra.kernels.arrays import Grid
from symparams.algebra.kernels.translate import program_of
from symparams.analysis.sweeps import engine_named, run
from symparams.search.parts import Part, Sweep
from symparams.search.space import Axis, Budget, Space
from tests.benchmarks.measuring import Comparison, Run, faster, level

#: Of a transformer with grouped keys and values, whose heads are 64 wide.
AXES = {
    "V": range(32_000, 132_000, 10_000),
    "l": range(6, 106),
    "k": range(1, 51),
    "f": range(1_024, 4_224, 64),
    "h": range(256, 1_536, 64),
}
BUDGET = 700_000_000
CONFIGURATIONS = prod(len(values) for values in AXES.values())

_V, _L, _K, _F, _H = (symbol(name) for name in AXES)
PARAMS = _V * _H + _L * (2 * _H * _H + 128 * _H * _K + 3 * _H * _F + 2 * _H) + _H


@cache
def _grid() -> dict[str, Any]:
    arrays = (np.array(values, np.int64) for values in AXES.values())
    return dict(zip(AXES, np.ix_(*arrays), strict=True))


@cache
def _lambdified() -> Any:
    expression = to_sympy(PARAMS)
    symbols = {s.name: s for s in expression.free_symbols}
    return sympy.lambdify([symbols[name] for name in AXES], expression, "numpy")


def by_lambdify() -> int:
    """How many are within the budget, by lambdify on the whole grid."""
    return int(np.count_nonzero(_lambdified()(*_grid().values()) <= BUDGET))


def by_kernel() -> int:
    """The same by our kernel, compiled anew."""
    grid = _grid()
    program = program_of([PARAMS], AXES, {name: array.shape for name, array in grid.items()})
    found = Grid(program, grid)
    assert found.safe, "64 bits are proved to do"
    return sum(int(np.count_nonzero(part <= BUDGET)) for _, (part,) in found.chunks())


def swept_space() -> Sweep:
    """The configurations and their budget."""
    space = Space(tuple(Axis(name, values) for name, values in AXES.items()))
    part = Part({}, space, (Budget(PARAMS, "<=", BUDGET, "params"),), (PARAMS,))
    return Sweep(tuple(AXES), ("params",), (part,))


def by_sweep() -> int:
    """The same by a sweep, which also finds the least, the greatest and the sum."""
    return run(swept_space(), engine_named("numpy")).feasible


@cache
def _expected() -> int:
    """The number by arithmetic alone: how many l fit for each of the others."""
    total = 0
    for words in AXES["V"]:
        for h in AXES["h"]:
            left = BUDGET - words * h - h
            for k in AXES["k"]:
                for f in AXES["f"]:
                    most = left // (2 * h * h + 128 * h * k + 3 * h * f + 2 * h)
                    total += max(0, min(most, AXES["l"][-1]) - AXES["l"][0] + 1)
    return total


def _counted(name: str, call: Any) -> Run:
    return Run(name, call, _expected, int, lambda: (_grid(), _lambdified(), None)[2], rounds=7)


WHAT = f"{CONFIGURATIONS:,} configurations, count"
KERNEL = _counted(WHAT, by_kernel)
SWEEP = _counted(f"{WHAT}, least, greatest, sum", by_sweep)
LAMBDIFY = _counted("sympy.lambdify, broadcasting, count", by_lambdify)


# --- what it costs that a compiled function refuses what the model does not admit ---


@cache
def _gpt2() -> symparams.Model:
    return symparams.load("zoo:gpt2")["gpt2"]


@cache
def _points() -> dict[str, Any]:
    """A million points in columns, and those of a grid with as many."""
    draw = np.random.default_rng(0)
    return {"h": 12 * draw.integers(1, 400, 10**6), "l": draw.integers(1, 99, 10**6)}


@cache
def _few() -> dict[str, Any]:
    axes = np.ix_(12 * np.arange(1, 101), np.arange(1, 101), np.arange(1_000, 1_100))
    return dict(zip(("h", "l", "V"), axes, strict=True))


def _called(name: str, points: Any, checked: bool) -> Run:
    @cache
    def function() -> Any:
        return _gpt2().compile(checked=checked)

    def sum_of() -> int:
        return int(function()(**points(), a=12).sum())

    def expected() -> int:
        return int(_gpt2().compile(checked=False)(**points(), a=12).sum())

    return Run(name, sum_of, expected, int, lambda: (function(), points(), None)[2], rounds=7)


CHECKED = _called("a million points of gpt2 in columns, checked", _points, True)
UNCHECKED = _called("the same unchecked", _points, False)
CHECKED_GRID = _called("a million points of gpt2 on a grid, checked", _few, True)
UNCHECKED_GRID = _called("the same unchecked on a grid", _few, False)

BULK = (
    Comparison(KERNEL, LAMBDIFY, faster(1)),
    Comparison(SWEEP, LAMBDIFY, faster()),
    Comparison(CHECKED, UNCHECKED, level(4)),
    Comparison(CHECKED_GRID, UNCHECKED_GRID, level(1.5)),
)
