"""A repeat at several depths."""

import pytest

from tests.benchmarks.repeats import MILLION, SYMBOLIC, TWO


@pytest.mark.benchmark(group="repeat", disable_gc=True)
@pytest.mark.parametrize("run", [TWO, MILLION, SYMBOLIC], ids=lambda run: run.name)
def test_repeat(benchmark, run):
    assert run.in_benchmark(benchmark) == run.expected()
