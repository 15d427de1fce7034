"""Bytes of matrices in quantised layouts against what the libraries of the layouts keep.

A row is one linear layer [in, out]; its biases have the precision of the
checkpoint, two bytes.
"""

from __future__ import annotations

import pytest

import symparams
from symparams.elaboration.shipped_files import layout_names

from .counting import facts

ROWS = facts("weight_bytes")

#: Layout of the table → what `precision` is given for it.
LAYOUTS = {
    "fp32": "32",
    "bf16": "16",
    "gptq_int4_g128": "gptq",
    "gptq_int4_g32": "gptq(group = 32)",
    "gptq_int4_gall": "gptq(group = none)",
    "gptq_int3_g128": "gptq(3)",
    "gptq_int2_g64": "gptq(2, 64)",
    "awq_gemm_int4_g128": "awq",
    "awq_gemm_int4_g64": "awq(group = 64)",
    "bnb_int8": "llm_int8",
    "bnb_nf4_b64": "nf4",
    "bnb_nf4_b128": "nf4(128)",
    "bnb_fp4_b64": "fp4",
    "bnb_nf4_double": "nf4_double",
    "fp8_tensor": "fp8",
    "fp8_tensor_static": "fp8(static = yes)",
    "fp8_row": "fp8_row",
    "fp8_block128": "fp8_block",
    "mxfp4": "mxfp4",
    "gguf_f16": "16",
    "gguf_mxfp4": "mxfp4",
} | {f"gguf_{n}": n for n in ("q4_0", "q4_1", "q5_0", "q5_1", "q8_0", "iq4_nl", "iq4_xs")} | {
    f"gguf_q{n}_k": f"q{n}_k" for n in range(2, 7)
}  # fmt: skip


def net(layer: str, layout: str) -> str:
    return f"input(i) -> precision({layer}, {LAYOUTS[layout]})"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["name"])
def test_the_bytes_of_a_layer(row):
    sizes = {"i": int(row["in"]), "o": int(row["out"])}
    layer = "dense(o)" if row["bias"] == "True" else "linear(o)"
    text = net(layer, row["layout"])
    assert symparams.parse(text).count("weight_bytes(16)", **sizes) == int(row["bytes"])
    # The same as a formula, with the sizes put in later.
    model = symparams.parse(text)
    assert model.subs(model.measure("weight_bytes(16)"), **sizes) == int(row["bytes"])


def test_every_shipped_layout_has_rows():
    said = {LAYOUTS[row["layout"]].partition("(")[0] for row in ROWS}
    assert {*layout_names()} == said - {"16", "32"}


def test_the_papers_bits_a_value():
    # QLoRA, section 3: 64 values share a scale of 32 bits, 0.5 bits a value; with double
    # quantisation 8/64 + 32/(64*256) = 0.127. The codes are of a layer, and not theirs.
    model = symparams.parse("input(4096) -> precision(linear(4096), nf4)")
    double = symparams.parse("input(4096) -> precision(linear(4096), nf4_double)")
    values = 4096**2
    assert 8 * (model.count("precision_bytes") - 64) == 4.5 * values
    assert (
        8 * (double.count("precision_bytes") - 64 - 1028) == (4 + 8 / 64 + 32 / 64 / 256) * values
    )
