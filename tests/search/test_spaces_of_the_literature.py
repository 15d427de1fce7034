"""Search spaces with a choice in every layer: what independent programs found in them.

Counts by convolution of histograms in NumPy, optima by CP-SAT written by hand, and brute force
where it is possible; the texts are those that were given to them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from symparams import load
from symparams.analysis import ModelSpace

SPACES = Path(__file__).parent.parent / "oracle" / "facts" / "spaces"
OFA, AUTOFORMER, NAS = "ofa_20_blocks", "autoformer_tiny", "nasbench201_flat"
RESNET, EFFICIENTNET = "resnet_4_stages", "efficientnet_28_sizes"


def space(name: str, *budgets: str) -> ModelSpace:
    """A space within budgets."""
    (model,) = load(SPACES / f"{name}.arch").values()
    return model.space.within(*budgets)


@pytest.mark.parametrize(
    ("name", "budgets", "count"),
    [
        (OFA, ["params <= 3000000"], 2_945_290_735_572_720_753_117),
        (AUTOFORMER, ["params <= 6000000"], 264_207_012),
        (NAS, ["params <= 500000"], 10_240),
        (RESNET, ["params <= 25000000"], 1_628_667_517),
        (RESNET, ["params <= 25000000", "macs <= 2000000000"], 464_779_515),
    ],
)
def test_configurations_are_counted(name: str, budgets: list[str], count: int):
    assert space(name, *budgets).counted(time_limit=60).least == count


def test_the_share_of_once_for_all_is_what_random_draws_say():
    small = space("ofa_mobilenet_v3", "params <= 5000000")
    found = small.counted(time_limit=60)
    assert found.exact
    # 59.9 % by histograms of stages, 58.7 % of random draws.
    assert round(100 * found.least / small.size, 1) == 59.9


@pytest.mark.parametrize(
    ("name", "budgets", "goal", "best"),
    [
        (OFA, ["macs <= 300000000"], "params", 3_294_888),
        (OFA, ["params <= 4000000", "macs <= 300000000"], "macs", 299_999_552),
        ("ofa_mobilenet_v3", [], "params", 7_664_760),
        ("ofa_mobilenet_v3", [], "macs", 566_170_656),
        (NAS, [], "params", 1_531_546),
        (RESNET, ["params <= 25000000", "macs <= 2000000000"], "macs", 2_000_000_000),
    ],
)
def test_the_best_is_proved(name: str, budgets: list[str], goal: str, best: int):
    found = space(name, *budgets).best(goal, time_limit=60)
    assert found.proved
    assert found.engine == "dynamic programming"
    assert found.choices[0].goals == (best,)


def test_the_least_of_nas_bench_201():
    """Its paper says 0.073306 M parameters."""
    assert space(NAS).best("params", minimize=True).choices[0].goals == (73_306,)


def test_the_front_of_nas_bench_201():
    found = space(NAS).front(["params", "min:macs"])
    assert found.proved
    assert len(found.choices) == 28


@pytest.mark.parametrize("name", [OFA, RESNET])
def test_samples_are_within_the_budgets(name: str):
    small = space(name, "params <= 3000000")
    drawn: Any = small.samples(50, seed=1)
    assert drawn.method == "counting"
    assert all(choice.sizes in small for choice in drawn.choices)
    assert [c.sizes for c in drawn.choices] == [c.sizes for c in small.samples(50, seed=1).choices]
