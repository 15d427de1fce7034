"""Ten modules of torch, exported to ONNX and imported: tensors and MACs are those of the file."""

from __future__ import annotations

import pytest

from symparams.frameworks import import_source
from tests.oracle.conftest import torch  # noqa: F401 - the fixture

pytestmark = pytest.mark.oracle

#: Name → lines that the text must have.
WANTED = {
    "convolutions": "globalavgpool -> dense(10)",
    "depthwise": "hard_swish",
    "mlp": "input(6) -> dense(12) -> tanh -> dense(12) -> silu -> dense(1)",
    "groupnorm": "input(16, 16, 3) -> conv(8, 3) -> groupnorm(4) -> gelu -> upsample(2)",
    "encoder": "residual(layernorm -> attention(4, bias = yes))",
    "vision_transformer": "weight token[1, 24]",
    "language_model": "embed(50, 24)",
    "lstm": "bidirectional(lstm(16, bias_vectors = 2))",
    "gru": "bidirectional(gru(16, bias_vectors = 2))",
    "unet": "conv_transpose(8, 2, stride = 2)",
}


@pytest.mark.parametrize("name", WANTED)
def test_an_exported_module(torch, tmp_path, name):  # noqa: F811
    pytest.importorskip("onnx")
    from tests.frameworks.onnx_modules import builders, export

    module, given, axes = builders()[name]
    path = str(tmp_path / f"{name}.onnx")
    export(module, given, axes, path)
    found = import_source(path)
    assert WANTED[name] in " ".join(found.text.split())
    assert found.equal
    assert (found.opaque, found.uncalled, found.unfitted) == ((), (), ())
    assert found.read == found.values == sum(p.numel() for p in module.parameters())
    opened = [n for n in axes["x"].values() if n != "batch"]
    assert all(f"{n}" in found.text.partition("model ")[2].partition(" =\n")[0] for n in opened)
