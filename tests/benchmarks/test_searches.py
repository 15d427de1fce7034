"""Searches under a budget, beside NumPy over every point and CP-SAT."""

import pytest

from symparams.search.fallback import available
from tests.benchmarks.choices import RUNS as CHOICE_RUNS
from tests.benchmarks.searches import GPT_BY_CP_SAT, RUNS


@pytest.mark.benchmark(group="search")
@pytest.mark.parametrize("run", [*RUNS, *CHOICE_RUNS], ids=lambda run: run.name)
def test_search(benchmark, run):
    assert run.in_benchmark(benchmark) == run.expected()


@pytest.mark.benchmark(group="search")
@pytest.mark.skipif(not available(), reason="needs the extra [solve]")
def test_search_by_cp_sat(benchmark):
    assert GPT_BY_CP_SAT.in_benchmark(benchmark) == GPT_BY_CP_SAT.expected()
