"""Runs: the total of many layer formulas, and its derivatives by every symbol."""

from __future__ import annotations

import gc
from functools import cache
from typing import Any

import sympy
from sympy.core.cache import clear_cache

from symparams.algebra import Size, Symbol, add_up, derivative, gradient
from symparams.algebra.border import sympy_symbol, to_sympy
from tests.benchmarks.formulas import (
    LAYERS,
    SYMBOLS,
    expanded_formulas,
    our_formulas,
    sympy_formulas,
)
from tests.benchmarks.measuring import Comparison, Run, faster


@cache
def _our_total() -> Size:
    return add_up(our_formulas())


@cache
def _sympy_total() -> sympy.Expr:
    """The sum as SymPy's operators leave it."""
    return sympy.Add(*sympy_formulas())


@cache
def _expanded_total() -> sympy.Expr:
    return sympy.expand(_sympy_total())


@cache
def _derivatives() -> list[sympy.Expr]:
    return [sympy.expand(d) for d in _by_sympy(_expanded_total())]


def _by_sympy(total: sympy.Expr) -> list[sympy.Expr]:
    return [sympy.diff(total, sympy_symbol(name)) for name in SYMBOLS]


def _by_gradient(total: Size) -> list[Size]:
    found = gradient(total)
    return [found.by(Symbol(name)) for name in SYMBOLS]


def _prepare() -> None:
    """Everything that is not timed; and nothing remembered from the round before."""
    _our_total()
    _expanded_total()
    expanded_formulas()
    clear_cache()
    gc.collect()


def _expanded(result: Any) -> Any:
    """Any result as expanded SymPy expressions."""
    if isinstance(result, list):
        return [_expanded(part) for part in result]
    return sympy.expand(result) if isinstance(result, sympy.Expr) else to_sympy(result)


def _total(name: str, call: Any) -> Run:
    return Run(name, call, _expanded_total, _expanded, _prepare)


def _twelve(name: str, call: Any, rounds: int = 5) -> Run:
    return Run(name, call, _derivatives, _expanded, _prepare, rounds)


TOTAL = _total(f"total of {LAYERS:,} layer formulas", lambda: add_up(our_formulas()))
ADD_AND_EXPAND = _total(
    "sympy.Add, then expand", lambda: sympy.expand(sympy.Add(*sympy_formulas()))
)
#: The best case for SymPy: nothing is left to expand.
ADD = _total("sympy.Add of expanded formulas", lambda: sympy.Add(*expanded_formulas()))

DERIVATIVES = _twelve(
    f"its {len(SYMBOLS)} derivatives",
    lambda: [derivative(_our_total(), Symbol(name)) for name in SYMBOLS],
    rounds=25,
)
GRADIENT = _twelve("its gradient, in one pass", lambda: _by_gradient(_our_total()), rounds=25)
DIFF = _twelve("sympy.diff of the sum", lambda: _by_sympy(_sympy_total()))
DIFF_EXPANDED = _twelve("sympy.diff of the expanded sum", lambda: _by_sympy(_expanded_total()))

SUMS = (
    Comparison(TOTAL, ADD_AND_EXPAND, faster(20)),
    Comparison(TOTAL, ADD, faster()),
)
SLOPES = (
    Comparison(GRADIENT, DIFF, faster(500)),
    Comparison(GRADIENT, DIFF_EXPANDED, faster(500)),
    Comparison(GRADIENT, DERIVATIVES, faster(2)),
)
