"""``training_flops`` against torch's FlopCounterMode over forward and backward.

torch counts the weight gradient of a grouped convolution as often as there are groups; the
table's corrected column counts it once.
"""

from __future__ import annotations

import json
import re
from functools import cache

import pytest

import symparams

from .counting import facts
from .trained_networks import FIXED, LAYERS, LSTM_FIXED, MODELS, NOT_SAID

ROWS = facts("training_flops")


def model_of(row: dict[str, str]) -> str:
    """The part of a row's name in front of its sizes, with ``/frozen`` where it has that."""
    base, _, rest = row["name"].partition("/")
    return base + "/frozen" * rest.endswith("/frozen")


SAID = [row for row in ROWS if row["name"].partition("/")[0] not in NOT_SAID]


@cache
def model(text: str, grad_in: bool) -> symparams.Model:
    """A text whose inputs require a gradient: a scale that is trained, without MACs, makes them."""
    if text.startswith("zoo:"):
        assert not grad_in
        (found,) = symparams.load(text).values()
        return found
    text = re.sub(r"\bIN(\([^()]*\))", r"input\1 -> bn" if grad_in else r"input\1", text)
    if "model " not in text:
        blocks = [
            b
            for word, b in (("fixed", FIXED), ("shift", FIXED), ("cell", LSTM_FIXED))
            if word in text
        ]
        text = f"{''.join(dict.fromkeys(blocks))}model m = {text}"
    return symparams.parse(text)


def said(row: dict[str, str], measure: str) -> int:
    """What the language says of all examples of a row."""
    inputs = {name: told["shape"] for name, told in json.loads(row["inputs"]).items()}
    grad_in = row["input_requires_grad"] == "True"
    first = next(iter(inputs.values()))
    if row["group"] == "layer":
        base, *rest = row["name"].split("/")
        name = "/".join([base, *(r for r in rest if r.startswith("frozen"))])
        text = LAYERS.get(name, LAYERS.get(base, ""))
        assert name in LAYERS or name.endswith("bias") or name == base, name
        examples = 1 if base in ("linear_vector", "einsum_three") else first[0]
        return examples * model(text, grad_in).count(measure)
    trained = MODELS[model_of(row)]
    sizes = dict(trained.sizes)
    if trained.positions:
        sizes[trained.positions] = first[-1]
    if "y" in inputs:
        sizes["t"] = inputs["y"][-1]
    made = model(trained.text, grad_in)
    if "size" in made.symbols or "size" in made.defaults:
        sizes["size"] = first[-1]
    return first[0] * made.count(measure, **sizes)


def test_every_row_is_said_or_has_a_reason():
    assert len(ROWS) == 191
    assert {r["name"].partition("/")[0] for r in ROWS if r not in SAID} == NOT_SAID.keys()
    assert {model_of(r) for r in SAID if r["group"] == "model"} == MODELS.keys()


@pytest.mark.parametrize("row", SAID, ids=lambda row: row["name"])
def test_forward_and_backward(row: dict[str, str]) -> None:
    assert 2 * said(row, "macs") == int(row["forward_flops"])
    assert said(row, "training_flops") == int(row["forward_backward_flops_corrected"])
