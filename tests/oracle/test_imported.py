"""``import`` of torchvision's classification models and Keras' applications: every tensor and MAC,
all in words but what has neither.
"""

from __future__ import annotations

import os
from math import prod

import pytest

from symparams.frameworks import import_module
from tests.oracle import imported_torchvision
from tests.oracle.conftest import keras  # noqa: F401 - the fixture

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


#: Applications of Keras that its torch backend does not build: a pooled side is no integer.
NOT_BUILT = ("NASNetLarge", "NASNetMobile")


def applications() -> list[str]:
    if not os.environ.get("SYMPARAMS_NIGHTLY"):
        return ["MobileNet"]
    from keras import applications as theirs

    return [n for n in dir(theirs) if n[0].isupper() and n not in NOT_BUILT]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", applications())
def test_an_application_of_keras(keras, name):  # noqa: F811
    from symparams.frameworks.importing.sources import import_keras

    with keras.device("meta"):
        shape = (224, 224, 3) if name != "Xception" else None
        model = getattr(keras.applications, name)(weights=None, classes=10, input_shape=shape)
    found = import_keras(model, name)
    assert found.equal
    assert found.read == found.values == sum(prod(w.shape) for w in model.trainable_weights)
    assert found.opaque == found.uncalled == ()
