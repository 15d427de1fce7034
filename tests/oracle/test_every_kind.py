"""No layer kind without an oracle: a new one needs a row, or a layer that is drawn."""

from __future__ import annotations

from math import prod

import pytest

from symparams.elaboration.combinators import COMBINATORS
from symparams.errors import SymparamsError
from symparams.layers import kinds

from . import core_rows, drawn, drawn_keras, drawn_torch, weightless
from .counting import kinds_in, network, outputs_of, weights_of
from .seed_sources import CASES
from .test_layer_tables import COVERED, MADE


def kinds_of_the_tables() -> set[str]:
    """The kinds that the articles and the layer tables measure."""
    found = {kind for case in CASES.values() for t in case.texts for kind in kinds_in(network(t))}
    for param in COVERED:
        framework, row = param.values
        made = MADE[framework][0]
        measured = made.measured_row(row)
        text = made.text(measured.model, measured.options, measured.shape)
        found |= kinds_in(network(text, made.CONVENTION))
    return found


def test_every_kind_has_a_row() -> None:
    rows = weightless.TORCH.keys() | core_rows.ROWS.keys() | core_rows.PRINTED.keys()
    missing = kinds().keys() - kinds_of_the_tables() - rows
    assert not missing, f"no oracle says anything of {', '.join(sorted(missing))}"


#: Kinds that one framework has and the other has not.
TORCH_ONLY = {
    "adaptive_softmax", "bilinear", "embedding_bag", "fold", "instancenorm", "localresponsenorm",
    "orthogonal", "weightnorm",
}  # fmt: skip
KERAS_ONLY = {
    "conv_lstm", "depthwise", "einsum_dense", "lora", "separable", "standardize", "unitnorm",
}  # fmt: skip


def test_every_kind_is_built_live() -> None:
    # test_layer_tables measures 'recurrent' by torch's three classes; 'linear' is a
    # Dense without bias, which is drawn for torch as such.
    torch = drawn.kinds_of(drawn_torch.TORCH) | weightless.TORCH.keys() | {"recurrent", "linear"}
    keras = drawn.kinds_of(drawn_keras.KERAS) | weightless.KERAS.keys() | {"recurrent"}
    wanted = kinds().keys() - core_rows.PRINTED.keys()
    assert torch | core_rows.ROWS.keys() == wanted - KERAS_ONLY
    assert keras | core_rows.ROWS.keys() == wanted - TORCH_ONLY


def test_both_frameworks_have_the_kinds_without_weights() -> None:
    assert weightless.TORCH.keys() == weightless.KERAS.keys()


@pytest.mark.parametrize("kind", weightless.TORCH)
@pytest.mark.parametrize("shape", [(5,), (5, 6), (5, 6, 7)])
def test_a_kind_without_weights(kind: str, shape: tuple[int, ...]) -> None:
    net = network(f"input({', '.join(map(str, shape))}) -> {kind}")
    assert weights_of(net) == ()
    assert net.measure("total") == net.measure("macs") == 0
    assert net.root.output.axes == shape


@pytest.mark.parametrize("kind", core_rows.ROWS)
def test_a_row_has_no_weights(kind: str) -> None:
    for row in core_rows.ROWS[kind]:
        net = network(row.text)
        assert kind in kinds_in(net)
        assert weights_of(net) == ()
        assert net.measure("total") == 0


@pytest.mark.parametrize("kind", core_rows.PRINTED)
def test_a_kind_as_its_paper_prints_it(kind: str) -> None:
    row = core_rows.PRINTED[kind]
    net = network(row.text)
    assert kind in kinds_in(net)
    assert tuple(weight.shape for weight in weights_of(net)) == row.weights
    assert net.measure("params") == sum(prod(shape) for shape in row.weights)
    assert outputs_of(net) == [row.output]
    assert row.macs in (None, net.measure("macs"))


def test_every_combinator_has_a_row() -> None:
    assert core_rows.COMBINED.keys() == COMBINATORS.keys()


@pytest.mark.parametrize("name", core_rows.COMBINED)
def test_a_combinator_as_it_is_printed(name: str) -> None:
    row = core_rows.COMBINED[name]
    net = network(row.text)
    assert f"{name}(" in row.text
    assert tuple(weight.shape for weight in weights_of(net)) == row.weights
    assert net.measure("params") == sum(prod(shape) for shape in row.weights)
    assert net.measure("frozen") == row.frozen
    assert net.measure("kept") == row.kept
    assert outputs_of(net)[0] == row.output
    assert row.macs in (None, net.measure("macs"))


def test_a_scan_takes_shapes_that_fit() -> None:
    steps, width, states = 7, 5, 3
    shapes = [(steps, width)] * 2 + [(width, states)] + [(steps, states)] * 2 + [(width,)]
    for place, shape in enumerate(shapes):
        for axis in range(len(shape)):
            other = list(shapes)
            other[place] = tuple(n + (k == axis) for k, n in enumerate(shape))
            with pytest.raises(SymparamsError, match="a scan over"):
                network(core_rows.Row("scan", tuple(other), tuple, tuple).text)
