"""No layer kind without an oracle: a new one needs a row, or a layer that is drawn."""

from __future__ import annotations

import pytest

from symparams.layers import kinds

from . import drawn, weightless
from .counting import kinds_in, network, weights_of
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
    missing = kinds().keys() - kinds_of_the_tables() - weightless.TORCH.keys()
    assert not missing, f"no oracle says anything of {', '.join(sorted(missing))}"


def test_every_kind_is_built_live() -> None:
    # test_layer_tables measures 'recurrent' by torch's three classes; 'linear' is a
    # Dense without bias, which is drawn for torch as such.
    torch = drawn.kinds_of(drawn.TORCH) | weightless.TORCH.keys() | {"recurrent", "linear"}
    keras = drawn.kinds_of(drawn.KERAS) | weightless.KERAS.keys() | {"recurrent"}
    assert torch == kinds().keys()
    assert keras == kinds().keys()


def test_both_frameworks_have_the_kinds_without_weights() -> None:
    assert weightless.TORCH.keys() == weightless.KERAS.keys()


@pytest.mark.parametrize("kind", weightless.TORCH)
@pytest.mark.parametrize("shape", [(5,), (5, 6), (5, 6, 7)])
def test_a_kind_without_weights(kind: str, shape: tuple[int, ...]) -> None:
    net = network(f"input({', '.join(map(str, shape))}) -> {kind}")
    assert weights_of(net) == ()
    assert net.measure("total") == net.measure("macs") == 0
    assert net.root.output.axes == shape
