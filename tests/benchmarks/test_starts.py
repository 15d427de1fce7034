"""Whole processes."""

import pytest

from tests.benchmarks.starts import BARE, COUNT, HELP


@pytest.mark.benchmark(group="start", disable_gc=True)
@pytest.mark.parametrize("run", [BARE, HELP, COUNT], ids=lambda run: run.name)
def test_start(benchmark, run):
    assert run.in_benchmark(benchmark) == run.expected()
