"""Totals and derivatives of thousands of formulas, against SymPy's."""

import pytest

from tests.benchmarks.sums import (
    ADD,
    ADD_AND_EXPAND,
    DERIVATIVES,
    DIFF,
    DIFF_EXPANDED,
    GRADIENT,
    TOTAL,
)


@pytest.mark.benchmark(group="total", disable_gc=True)
@pytest.mark.parametrize("run", [TOTAL, ADD_AND_EXPAND, ADD], ids=lambda run: run.name)
def test_total(benchmark, run):
    assert run.in_benchmark(benchmark) == run.expected()


@pytest.mark.benchmark(group="derivatives", disable_gc=True)
@pytest.mark.parametrize(
    "run", [GRADIENT, DERIVATIVES, DIFF, DIFF_EXPANDED], ids=lambda run: run.name
)
def test_derivatives(benchmark, run):
    assert run.in_benchmark(benchmark) == run.expected()
