"""Sizes that exist under a condition: configurations that differ in them alone are one."""

from __future__ import annotations

from itertools import product

import pytest

import symparams
from tests.cli.running import run

ELASTIC = """model m(d in {1, 2, 3} = 3, k[j < 3] in {3, 5, 7} when j < d = 3, c in {2, 4} = 4) =
    input(16, 16, c) -> [if j < d then conv(c, k[j], pad = same) else id for j in 0..2]"""
SPACE = symparams.parse(ELASTIC).space


def subnets():
    """Each network that there is: (depth, channels, kernels), with its parameters."""
    for d, c in product((1, 2, 3), (2, 4)):
        for kernels in product((3, 5, 7), repeat=d):
            yield (d, c, kernels), sum(k * k * c * c + c for k in kernels)


def subnet(sizes):
    return sizes["d"], sizes["c"], tuple(sizes[f"k[{j}]"] for j in range(sizes["d"]))


@pytest.mark.parametrize("most", [10, 100, 500, 1000, 5000])
def test_each_network_is_counted_once(most):
    fits = {net for net, params in subnets() if params <= most}
    assert SPACE.within(f"params <= {most}").count == len(fits)


def test_both_numbers_are_printed():
    assert SPACE.size == 3 * 3**3 * 2
    assert SPACE.distinct == len(list(subnets())) == SPACE.count
    assert symparams.parse("model m(d in 1..3) = input(d) -> dense(d)").space.distinct is None
    printed = run("search", ELASTIC, "--count").out
    assert "space:    162 configurations\n" in printed
    assert "distinct: 78 that differ in a size that exists\n" in printed
    assert "feasible: 78 configurations\n" in printed


def test_top_and_samples_are_networks():
    space = SPACE.within("params <= 500")
    fits = {net: params for net, params in subnets() if params <= 500}
    best = space.best("params", top=5)
    assert [choice.goals[0] for choice in best.choices] == sorted(fits.values())[::-1][:5]
    drawn = {subnet(choice.sizes) for choice in space.samples(300).choices}
    assert drawn <= fits.keys()
    assert len(drawn) > len(fits) // 2
