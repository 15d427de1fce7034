"""``saved`` and the measures beside it against ``torch.autograd.graph.saved_tensors_hooks``.

The table's figures are those of a batch: so many times what one example keeps, and what is
kept once for all. An input that requires a gradient is one to which a weight is added.
"""

from __future__ import annotations

import json
import re
from functools import cache

import pytest

import symparams

from .counting import facts
from .saved_networks import FUNCTIONS, IMAGES, MODELS, NEW_GELU, NOT_SAID, translated

ROWS = facts("saved_tensors")
SAID = [r for r in ROWS if r["family"] not in NOT_SAID and r["name"] not in NOT_SAID]

#: Families of layers with a text of their own.
TEXTS = {
    "gelu_new_hf": "x -> new_gelu",
    "swiglu": "x -> swiglu(20)",
    "lstm_cell": None,
}


def shapes_of(row: dict[str, str]) -> dict[str, list[int]]:
    return {name: told["shape"] for name, told in json.loads(row["inputs"]).items()}


def text_of(row: dict[str, str]) -> str:
    """A layer of the table as a model, on inputs of its own."""
    family, build, lines = row["family"], row["build"], []
    body = FUNCTIONS.get(family, "")
    if family.startswith("sdpa"):
        body = attention_of(row)
    elif family.startswith(("attention_", "mha_", "encoder_layer")):
        body = layer_with_attention(row)
    elif family in TEXTS:
        body = TEXTS[family] or f"x -> lstm({re.findall(r'[0-9]+', build)[1]})"
    elif not body:
        body = f"x -> {translated(build)}"
    for name, told in json.loads(row["inputs"]).items():
        if not re.search(rf"\b{name}\b", body):
            continue
        whole = told["shape"]
        axes = whole if family == "matmul" else whole[1:]
        if name in "qkv":
            axes = [whole[2], whole[1] * whole[3]]
        if IMAGES.search(build) and len(axes) > 1:
            axes = [*axes[1:], axes[0]]
        size = ", ".join(map(str, axes))
        if told["dtype"] == "int64":
            lines.append(f"{name} = tokens({size})")
        elif row["input_requires_grad"] == "True":
            lines.append(f"weight begin_{name}[{size}]\n{name} = input({size}) + begin_{name}")
        else:
            lines.append(f"{name} = input({size})")
    lines.append(body)
    inner = "\n".join(lines)
    return f"{NEW_GELU if 'new_gelu' in body else ''}model m = {{\n{inner}\n}}"


def attention_of(row: dict[str, str]) -> str:
    shapes = shapes_of(row)
    heads, kv = shapes["q"][1], shapes["k"][1]
    flash = "yes" if row["kernel"] == "flash" else "no"
    dropout = "0.1" if row["family"].endswith("dropout") else "0"
    mask = ""
    if row["family"] == "sdpa_flash_mask":
        rows = ", ".join(str(shapes[x][2]) for x in "qk")
        mask = f", bias = zeros({rows})"
    return f"attend(q, k, v, heads = {heads}, kv_heads = {kv}, flash = {flash}, dropout = {dropout}{mask})"


def layer_with_attention(row: dict[str, str]) -> str:
    family, heads = row["family"], re.findall(r"\d+", row["build"])[1]
    flash = "no" if "hand" in row["family"] or row["family"].endswith("math") else "yes"
    attention = f"attention({heads}, proj = dense, flash = {flash})"
    width = shapes_of(row)["x"][-1]
    # torch's module turns time to the front, and so copies what comes in.
    copied = f"(x + zeros({width}))"
    if family.startswith("attention_"):
        return f"x -> {attention}"
    if family in ("mha_math", "mha_need_weights", "encoder_layer_p0.1"):
        return in_one_tensor(row, heads, width, copied)
    if family.startswith("mha"):
        return f"{copied} -> {attention}"
    return (
        f"(x + ({copied} -> {attention})) -> layernorm"
        " -> residual(dense(40) -> relu -> dense(" + str(width) + ")) -> layernorm"
    )


def in_one_tensor(row: dict[str, str], heads: str, width: int, copied: str) -> str:
    """Attention whose queries, keys and values one layer makes, of which views are kept."""
    viewed = "both" if row["family"] == "mha_need_weights" else "values"
    rate = "0.1" if row["family"].endswith("p0.1") else "0"
    attention = (
        f"q, k, v = {copied} -> dense({3 * width}) -> split(3)\n"
        f"attended = attend(q, k, v, heads = {heads}, dropout = {rate}, viewed = {viewed})"
        f" -> dense({width})\n"
    )
    if row["family"].startswith("mha"):
        return f"{attention}attended"
    return (
        f"{attention}(x + (attended -> dropout({rate}))) -> layernorm -> residual("
        f"dense(40) -> relu -> dropout({rate}) -> dense({width}) -> dropout({rate})) -> layernorm"
    )


@cache
def model(text: str) -> symparams.Model:
    return symparams.parse(text)


def counted(row: dict[str, str]) -> tuple[int, int]:
    """(values, bytes) that the language says of a row."""
    shapes = shapes_of(row)
    first = next(iter(shapes.values()))
    sizes: dict[str, int] = {}
    once = int(row["family"] == "embedding_bag")  # the bag behind the last token
    if row["group"] == "model":
        text, positions = MODELS[row["family"]]
        known = {*model(text).symbols, *model(text).defaults}
        passes = re.search(r"_l(\d)\b", row["family"])
        given = {"s": first[-1], "size": first[-1], "t": shapes.get("y", first)[-1]}
        sizes = {n: v for n, v in given.items() if n in known}
        if "l" in known and passes:
            sizes["l"] = int(passes[1])
        once = positions(*{n: v for n, v in sizes.items() if n in ("s", "t")}.values())
    else:
        text = text_of(row)
    examples = 1 if row["family"] == "matmul" else first[0]
    made = model(text)
    saved, masks, integers, single = (
        made.count(name, **sizes)
        for name in ("saved", "saved_masks", "saved_integers", "saved_once")
    )
    mask = 1 if row["family"].startswith("native_dropout") else 4
    values = examples * (saved + masks + integers) + single + once
    width = examples * (4 * saved + mask * masks + 8 * integers) + 4 * single + 8 * once
    assert made.count(f"saved_bytes(b = {examples}, mask = {mask})", **sizes) == width - 8 * once
    return values, width


def test_every_row_is_said_or_has_a_reason():
    assert len(ROWS) == 316
    told = {r["family"] for r in ROWS} | {r["name"] for r in ROWS}
    assert NOT_SAID.keys() <= told
    models = {r["family"] for r in SAID if r["group"] == "model"}
    assert models <= MODELS.keys()


@pytest.mark.parametrize("row", SAID, ids=lambda row: row["name"])
def test_what_autograd_saves(row: dict[str, str]) -> None:
    assert counted(row) == (int(row["saved_values"]), int(row["saved_bytes"]))
