"""Two articles' networks row by row: a Keras summary and the VGG-16 table of CS231n."""

from __future__ import annotations

from pathlib import Path

import pytest

from symparams.algebra import symbol
from symparams.analysis.reports import report

from .counting import facts, layers, network
from .networks import CNN9, VGG16, VGG16_NO_BIAS

SUMMARY = facts("seed_summary_table")
CS231N = facts("seed_vgg16_cs231n")
EXAMPLE = (Path(__file__).parents[2] / "symparams/library/zoo/vgg16.arch").read_text("utf-8")
FREE = ("relu", "softmax")


@pytest.fixture(scope="module")
def summary() -> list[tuple[str, str, str]]:
    rows = layers(network(CNN9, "keras"))
    counted = [row for row in rows if row.kind not in (*FREE, "input")]
    return [(row.kind, str(row.output), str(row.count)) for row in counted]


@pytest.mark.parametrize("k", range(len(SUMMARY) - 1), ids=lambda k: SUMMARY[k]["layer"])
def test_a_row_of_the_summary(summary: list[tuple[str, str, str]], k: int) -> None:
    row = SUMMARY[k]
    assert summary[k] == (row["kind"], row["output_shape"], row["params"])


def test_the_summary_is_complete(summary: list[tuple[str, str, str]]) -> None:
    assert len(summary) == len(SUMMARY) - 1 == 18
    total = SUMMARY[-1]
    assert total["layer"] == "total"
    assert network(CNN9, "keras").measure("params") == int(total["params"]) == 6_029_097
    assert sum(int(row["params"]) for row in SUMMARY[:-1]) == 6_029_097


@pytest.fixture(scope="module", params=[VGG16, EXAMPLE], ids=["here", "docs"])
def vgg(request: pytest.FixtureRequest) -> list[tuple[str, str, int, int]]:
    """(kind, shape, activations, weights without biases) of each row of VGG-16."""
    net = network(request.param)
    kinds = ("input", "conv", "maxpool", "dense")
    rows = [row for row in layers(net) if row.kind in kinds]
    activations = [row for row in layers(net, "activations") if row.kind in kinds]
    return [
        (
            row.kind,
            str(row.output),
            memory.count,
            sum(w.count for w in row.weights if w.name != "bias"),
        )
        for row, memory in zip(rows, activations, strict=True)
    ]


@pytest.mark.parametrize("k", range(len(CS231N)), ids=lambda k: f"{k}-{CS231N[k]['row']}")
def test_a_row_of_the_cs231n_table(vgg: list[tuple[str, str, int, int]], k: int) -> None:
    row = CS231N[k]
    assert vgg[k] == (
        row["kind"],
        row["output_shape"],
        int(row["activations"]),
        int(row["weights_without_bias"]),
    )


def test_the_sums_of_the_cs231n_table(vgg: list[tuple[str, str, int, int]]) -> None:
    assert len(vgg) == len(CS231N) == 22
    activations = sum(int(row["activations"]) for row in CS231N)
    weights = sum(int(row["weights_without_bias"]) for row in CS231N)
    net = network(VGG16)
    assert net.measure("activations") == activations == 15_237_608
    assert network(VGG16_NO_BIAS).measure("params") == weights == 138_344_128
    assert round(4 * activations / 1e6, 1) == 61.0
    assert round(4 * activations / 2**20, 1) == 58.1


def test_vgg16() -> None:
    net = network(VGG16)
    assert net.measure("params") == 138_357_544
    assert net.root.output.axes == (1000,)


def test_the_stages_of_vgg16() -> None:
    stages = [row.total for row in report(network(VGG16)).rows if row.kind == "stage"]
    assert stages == [38_720, 221_440, 1_475_328, 5_899_776, 7_079_424]


def test_vgg16_in_its_number_of_classes() -> None:
    count = network(VGG16, defaults=False).measure("params")
    assert count == 134_260_544 + 4097 * symbol("classes")
