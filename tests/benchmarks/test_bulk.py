"""50 million configurations under a budget, against SymPy's lambdify."""

import pytest

from tests.benchmarks.bulk import CHECKED, CHECKED_GRID, KERNEL, LAMBDIFY, SWEEP


@pytest.mark.benchmark(group="bulk", disable_gc=True)
@pytest.mark.parametrize(
    "run", [KERNEL, SWEEP, LAMBDIFY, CHECKED, CHECKED_GRID], ids=lambda run: run.name
)
def test_bulk(benchmark, run):
    assert run.in_benchmark(benchmark) == run.expected()
