"""``infer`` on builders of Hugging Face, torchvision and Keras: complete, and the zoo's where it has
them."""

from __future__ import annotations

import os

import pytest

from symparams.algebra import substitute, symbol, text
from symparams.frameworks import infer
from tests.oracle import inferred_hf, inferred_torchvision
from tests.oracle.inferring_all import of_zoo

pytestmark = [pytest.mark.oracle, pytest.mark.usefixtures("torch")]

#: Builders that take half a minute and more, and more of Keras than a change needs: nightly.
SLOW = {
    "JambaForCausalLM", "densenet", "densenet four blocks", "wide_resnet", "mnasnet",
    "EfficientNet", "DenseNet121", "MobileNetV3Small", "VGG19", "ResNet50", "ResNet50V2",
    "Xception", "InceptionV3", "MobileNetV2", "EfficientNetB0", "ConvNeXtTiny",
}  # fmt: skip
if os.environ.get("SYMPARAMS_NIGHTLY"):
    SLOW = set()

#: A Keras application that its torch backend does not build.
NOT_BUILT = {"NASNetMobile"}

TABLE = [
    *(("transformers", row) for row in inferred_hf.ROWS),
    *(("torchvision", row) for row in inferred_torchvision.ROWS),
    *(("keras", row) for row in inferred_torchvision.KERAS_ROWS if row.name not in NOT_BUILT),
]

#: Classes whose MACs are the zoo's: attention has its full square in both.
WORKING = {"LlamaForCausalLM", "Qwen2ForCausalLM", "GPT2LMHeadModel", "OPTForCausalLM"}


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    ("package", "row"),
    [(package, row) for package, row in TABLE if row.name not in SLOW],
    ids=lambda x: getattr(x, "name", ""),
)
def test_every_tensor_has_a_formula(package, row):
    pytest.importorskip(package)
    found = infer(row.builder(), row.sizes, row.over)
    assert found.complete, [u.pattern for u in found.unfitted]
    assert found.held
    if row.zoo:
        assert of_zoo(row.zoo, row.settings, text(found.params)) == "proved"


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    "row", [r for r in inferred_hf.ROWS if r.name in WORKING], ids=lambda row: row.name
)
def test_macs_are_those_of_the_zoo(row):
    pytest.importorskip("transformers")
    # A rotary width is even; a table of positions has a size of its own beside the tokens fed.
    over = [*row.over, "h % (2*a) == 0"]
    found = infer(row.builder(), f"{row.sizes}, t", over, measure="macs", inputs=["tokens:t"])
    assert found.complete, [u.pattern for u in found.unfitted]
    formula = text(substitute(found.total, {"t": symbol("s")}))
    assert of_zoo(row.zoo, row.settings, formula, "macs") == "proved"
