"""Runs: a repeat costs the same at every depth, for it is never unrolled.

With a symbol for the depth there are more terms, so that takes a little longer.
"""

from __future__ import annotations

import gc
from functools import cache

from symparams.algebra import Size, symbol
from symparams.elaboration.definition import WrittenModel, build
from symparams.elaboration.document import understand
from symparams.errors import Source
from tests.benchmarks.measuring import Comparison, Run, level

TEXT = "input(h) -> dense(h) * l -> dense(o)"


@cache
def _definition() -> WrittenModel:
    return understand(Source("<text>", TEXT)).definition("")


def _prepare() -> None:
    _definition()
    gc.collect(0)


def _at(name: str, depth: Size) -> Run:
    """Build the network at a depth and measure its parameters."""
    values = {} if depth == symbol("l") else {"l": depth}

    def expected() -> Size:
        h, o = symbol("h"), symbol("o")
        return depth * (h * h + h) + h * o + o

    return Run(
        f"build and count 'dense(h) * l' at {name}",
        lambda: build(_definition(), values).measure("params"),
        expected,
        lambda size: size,
        _prepare,
        rounds=300,
    )


TWO = _at("l = 2", 2)
MILLION = _at("l = 1,000,000", 1_000_000)
SYMBOLIC = _at("a symbol l", symbol("l"))

REPEATS = (
    Comparison(MILLION, TWO, level(1.25)),
    Comparison(SYMBOLIC, TWO, level()),
)
