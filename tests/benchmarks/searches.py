"""Runs: sizes under a budget, beside NumPy over every point and CP-SAT on the same rows."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from symparams.algebra import Size
from symparams.search import Budget, Space, feasible_count, maximize, sample
from symparams.search.fallback import available, by_cp_sat
from symparams.search.problem import IntegerFormula, Problem
from tests.benchmarks.measuring import Comparison, Run, faster, level, within
from tests.search.test_search import GPT_SPACE, GQA, GQA_AXES, GQA_SPACE, f, gpt, h, l

MOST = 7 * 10**9
BEST = 6_998_444_288


def _under(size: Size, most: int = MOST) -> list[Budget]:
    return [Budget(size, "<=", most, "params")]


def _plain(result: Any) -> Any:
    return int(result)


# --- two sizes, three ways ---------------------------------------------------------


def _by_numpy() -> int:
    width = np.arange(256, 16385, 64, dtype=np.int64)[:, None]
    depth = np.arange(6, 129, dtype=np.int64)[None, :]
    counts = (50257 + 1024 + 2) * width + depth * (12 * width**2 + 13 * width)
    return int(counts[counts <= MOST].max())


def _by_cp_sat(space: Space, size: Size, most: int) -> int:
    problem = Problem(space, _under(size, most))
    answer = by_cp_sat(problem, IntegerFormula(size, problem.axes), None, 60)
    assert answer.status == "optimal"
    return int(answer.bound or 0)


GPT = Run(
    "width and depth under 7e9, proved",
    lambda: maximize(GPT_SPACE, gpt(1024), _under(gpt(1024))).bound,
    lambda: BEST,
    _plain,
    rounds=25,
)
GPT_BY_NUMPY = Run("NumPy over every point", _by_numpy, lambda: BEST, _plain, rounds=25)
GPT_BY_CP_SAT = Run(
    "CP-SAT, one worker",
    lambda: _by_cp_sat(GPT_SPACE, gpt(1024), MOST),
    lambda: BEST,
    _plain,
    rounds=3,
)


# --- five sizes, 4.4e11 configurations ------------------------------------------------


def _five(name: str, objective: Size, most: int, best: int) -> Run:
    return Run(
        f"five sizes: {name}, proved",
        lambda: maximize(GQA_SPACE, objective, _under(GQA, most)).bound,
        lambda: best,
        _plain,
    )


@cache
def _rest() -> tuple[Any, Any, Any]:
    width = np.array(GQA_AXES["h"], dtype=np.int64)[:, None, None]
    depth = np.array(GQA_AXES["l"], dtype=np.int64)[None, :, None]
    inner = np.array(GQA_AXES["f"], dtype=np.int64)[None, None, :]
    return width, depth, inner


def _products_by_numpy() -> int:
    """Width, depth and inner width; heads and vocabulary at their least, as a reader would."""
    width, depth, inner = _rest()
    counts = 64000 * width + width
    counts = counts + depth * (2 * width**2 + 258 * width + 3 * width * inner)
    return int((width * depth * inner)[counts <= MOST].max())


NOTHING = Run("nothing", lambda: None, lambda: None, lambda result: result)
UNDER = _five("params <= 7e9", GQA, MOST, MOST)
ONE_LESS = _five("params <= 7e9 - 1", GQA, MOST - 1, MOST - 256)
SQUARES = _five("l*h^2 under 7e9", l * h**2, MOST, 2_729_852_928)
PRODUCTS = _five("h*l*f under 7e9", h * l * f, MOST, 2_306_211_840)
PRODUCTS_BY_NUMPY = Run(
    "NumPy over 3.8e6 points of three sizes",
    _products_by_numpy,
    lambda: 2_306_211_840,
    _plain,
    rounds=5,
)

#: Four times the vocabularies of :data:`GQA_SPACE`: 1.8e12 configurations.
WIDER = Space(
    tuple(
        axis.but(values=range(32000, 32000 + 32 * 14_400, 32)) if axis.name == "V" else axis
        for axis in GQA_SPACE.axes
    )
)


@cache
def _expected_count() -> int:
    pairs = np.bincount([x + 3 * y for x in range(1, 33) for y in range(4, 257)])
    total = 0
    for x in GQA_AXES["h"]:
        for y in GQA_AXES["l"]:
            left = MOST - x - y * (2 * x * x + 2 * x) - 256 * x * y * np.arange(len(pairs))
            steps = (left // (2 * x) - 32000) // 32 + 1
            total += int((np.clip(steps, 0, 14_400) * pairs).sum())
    return total


COUNT = Run(
    f"feasible ones of {WIDER.count:.1e}",
    lambda: feasible_count(WIDER, _under(GQA)),
    _expected_count,
    _plain,
)
SAMPLE = Run(
    f"1,000 uniform ones of {WIDER.count:.1e}",
    lambda: len(sample(WIDER, _under(GQA), 1_000).points),
    lambda: 1_000,
    _plain,
    rounds=5,
)

RUNS = (
    GPT,
    GPT_BY_NUMPY,
    UNDER,
    ONE_LESS,
    SQUARES,
    PRODUCTS,
    PRODUCTS_BY_NUMPY,
    COUNT,
    SAMPLE,
)

SEARCHES = (
    Comparison(GPT, GPT_BY_NUMPY, faster()),
    *((Comparison(GPT, GPT_BY_CP_SAT, faster()),) if available() else ()),
    *(Comparison(run, NOTHING, within(100)) for run in (UNDER, ONE_LESS, SQUARES, PRODUCTS)),
    Comparison(PRODUCTS, PRODUCTS_BY_NUMPY, faster()),
    Comparison(COUNT, NOTHING, within(1_000)),
    Comparison(SAMPLE, COUNT, level()),
)
