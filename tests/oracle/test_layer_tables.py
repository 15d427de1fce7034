"""Layers that Keras and torch measured once, weight by weight."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from types import ModuleType

import pytest

from symparams.errors import SymparamsError

from . import keras_text, outside, torch_text
from .counting import agree, facts, network, values

MADE: dict[str, tuple[ModuleType, tuple[outside.Outside, ...]]] = {
    "keras": (keras_text, outside.KERAS),
    "torch": (torch_text, outside.TORCH),
}


def reasons(framework: str, row: Mapping[str, str]) -> list[outside.Outside]:
    """What puts a row outside the language."""
    options = json.loads(row["kwargs"])
    return [e for e in MADE[framework][1] if e.holds(row["model"], options)]


ROWS = [
    (framework, number, row)
    for framework in MADE
    for number, row in enumerate(facts(f"{framework}_layers"), 2)
]
COVERED = [
    pytest.param(framework, row, id=f"{framework}-line{number}-{row['model']}")
    for framework, number, row in ROWS
    if not reasons(framework, row)
]
RECURRENT = [
    p
    for p in COVERED
    if p.values[0] == "torch"
    and p.values[1]["model"] in ("RNN", "LSTM", "GRU")
    and "proj_size" not in p.values[1]["kwargs"]
]
LISTED = [
    pytest.param(framework, entry, id=f"{framework}-{entry}")
    for framework, (_, entries) in MADE.items()
    for entry in entries
]


@pytest.mark.parametrize(("framework", "row"), COVERED)
def test_a_layer(framework: str, row: Mapping[str, str]) -> None:
    made = MADE[framework][0]
    measured = made.measured_row(row)
    text = made.text(measured.model, measured.options, measured.shape)
    net = network(text, made.CONVENTION)
    agree(net, measured)
    # What the framework counted itself, beside what its shapes multiply to:
    buffers = int(row["non_trainable"]) + int(row.get("buffers", 0))
    everything = int(row["exact_params"]) + int(row.get("buffers", 0))
    assert net.measure("trainable") == int(row["trainable"])
    assert net.measure("buffers") + net.measure("frozen") == buffers
    assert net.measure("total") == everything
    if measured.weights is not None:
        assert values(measured.weights) == everything


@pytest.mark.parametrize(("framework", "row"), RECURRENT)
def test_a_recurrent_layer_by_its_gates(framework: str, row: Mapping[str, str]) -> None:
    measured = torch_text.measured_row(row)
    text = torch_text.text(measured.model, measured.options, measured.shape)
    gates = {"rnn": 1, "gru": 3, "lstm": 4}

    def general(found: re.Match[str]) -> str:
        return f"recurrent(gates = {gates[found[1]]}, units = {found[2]}"

    agree(network(re.sub(r"\b(rnn|gru|lstm)\((\d+)", general, text), "pytorch"), measured)


@pytest.mark.parametrize(("framework", "entry"), LISTED)
def test_a_listed_reason_is_needed(framework: str, entry: outside.Outside) -> None:
    rows = facts(f"{framework}_layers")
    assert any(entry.holds(row["model"], json.loads(row["kwargs"])) for row in rows)


@pytest.mark.parametrize(("framework", "entry"), [p for p in LISTED if p.values[1].text])
def test_a_listed_row_is_still_outside(framework: str, entry: outside.Outside) -> None:
    """When this fails, the language has learned something: cover the rows, drop the entry."""
    with pytest.raises(SymparamsError, match=r"unknown|has no option|a net is needed"):
        network(entry.text, MADE[framework][0].CONVENTION)


def test_no_row_is_forgotten() -> None:
    covered = Counter(p.values[0] for p in COVERED)
    assert len(facts("keras_layers")) == 201
    assert len(facts("torch_layers")) == 183
    assert covered == {"keras": 201, "torch": 181}
