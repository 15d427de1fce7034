"""``import`` of the classification models of torchvision: every tensor, every MAC, all in words but what has neither."""

from __future__ import annotations

import os

import pytest

from symparams.frameworks import import_module
from tests.oracle import imported_torchvision

pytestmark = [pytest.mark.oracle, pytest.mark.usefixtures("torch")]

#: Models of a few seconds; all others are imported nightly.
QUICK = ("alexnet", "resnet18", "squeezenet1_1", "vit_b_16")

#: What no word says and has no weights, by the model: rows of a table that a net has made.
OPAQUE = {f"swin_v2_{size}": {"index"} for size in "bst"}


def names() -> list[str]:
    if not os.environ.get("SYMPARAMS_NIGHTLY"):
        return list(QUICK)
    return imported_torchvision.names()


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", names())
def test_a_model_of_torchvision(name):
    pytest.importorskip("torchvision", exc_type=ImportError)
    found = import_module(f"torchvision.models:{name}", imported_torchvision.inputs(name))
    assert found.check.differences == ()
    assert found.macs[0] == found.macs[1]
    assert {p.why for p in found.opaque} == OPAQUE.get(name, set())
    assert not any(p.values for p in found.opaque)
