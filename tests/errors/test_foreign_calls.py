"""A call of torch or Keras leads to what counts as it does there."""

from __future__ import annotations

import re
from typing import Any

import pytest

from symparams.elaboration.definition import Network, build
from symparams.elaboration.document import understand
from symparams.elaboration.foreign_calls import INSIDE, SIGNATURES, TRAPS, lines, written_here
from symparams.elaboration.suggestions import squeezed
from symparams.elaboration.vocabulary import built_in, library_files
from symparams.errors import Source, SymparamsError
from symparams.language import parse_expression, tree
from tests.oracle import every_class, keras_text, torch_text

CLASSES = [
    *(("keras.layers.", n, e, keras_text) for n, e in every_class.KERAS.items()),
    *(("nn.", n, e, torch_text) for n, e in every_class.TORCH.items()),
]
#: The hint's name and that of the translation mean one thing.
ALIKE = {"batchnorm": "bn"}
#: What the hint says in place of a name, or of a name that the example needs more than.
SAID = {
    "Activation": "write the function itself, as 'relu'",
    "Add": "write '(a + b)'",
    "Average": "write '(a + b)', which has its shape and no weights",
    "CenterCrop": "did you mean 'crop'?",
    "ConstantPad2d": "did you mean 'pad'?",
    "Maximum": "of sizes it is 'max(a, b)'; of nets, '(a + b)' has its shape and no weights",
    "Minimum": "of sizes it is 'min(a, b)'; of nets, '(a + b)' has its shape and no weights",
    "Multiply": "write '(a * b)'",
    "RNN": "did you mean 'rnn'?",
    "StackedRNNCells": "write 'a -> b'",
    "Subtract": "write '(a - b)'",
    "TimeDistributed": "no layer: every layer holds at every position",
}


def network(source: str, convention: str | None = None) -> Network:
    return build(understand(Source("net.arch", source), convention).definition())


def hint(source: str, convention: str | None = None) -> str:
    with pytest.raises(SymparamsError) as caught:
        network(source, convention)
    return caught.value.hint


@pytest.mark.parametrize(
    ("prefix", "name", "example", "oracle"), CLASSES, ids=[a + b for a, b, *_ in CLASSES]
)
def test_a_class_leads_to_what_counts_as_it_does(prefix, name, example, oracle):
    """A word of the hint stands in the translation that the oracles measured."""
    told = hint(f"input(8) -> {prefix}{name}")
    if name in SAID and prefix == ("nn." if name.endswith("2d") else "keras.layers."):
        assert told == SAID[name]
        return
    names = {ALIKE.get(word, word) for word in re.findall(r"'(\w+)", told)}
    assert names & set(re.findall(r"\w+", oracle.text(name, *example)))


def shown(value: Any) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value)


def translated(prefix: str, name: str, options: dict[str, Any]) -> str:
    given = ", ".join(f"{k} = {shown(v)}" for k, v in options.items())
    call = parse_expression(Source("call", f"{prefix}{name}({given})"))
    assert isinstance(call, tree.Call)
    return written_here(prefix + name, squeezed(name), call)[0]


WITH_FORM = [c for c in CLASSES if squeezed(c[1]) in SIGNATURES and c[1] != "RNN"]


@pytest.mark.parametrize(
    ("prefix", "name", "example", "oracle"), WITH_FORM, ids=[a + b for a, b, *_ in WITH_FORM]
)
def test_a_translated_call_counts_as_the_framework_does(prefix, name, example, oracle):
    options, shape = example
    made = translated(prefix, name, options)
    if not made:
        return  # not all of its arguments have a place here
    text = oracle.text(name, options, shape)
    entrance = text.partition(" -> ")[0]
    here = network(f"{entrance} -> {made}", oracle.CONVENTION)
    there = network(text, oracle.CONVENTION)
    assert here.measures() == there.measures()


def test_most_such_calls_are_translated():
    made = [translated(prefix, name, options) for prefix, name, (options, _), _ in WITH_FORM]
    assert sum(map(bool, made)) >= 18


HINTS = [
    ("nn.Linear(10, 11)", "write 'dense(11)': it has a bias, 'linear' has none"),
    ("Linear(10, 11)", "write 'dense(11)': it has a bias, 'linear' has none"),
    ("nn.Linear(10, 11, False)", "write 'dense(11, bias = no)': it has a bias, 'linear' has none"),
    ("nn.LazyLinear(11)", "write 'dense(11)': it has a bias, 'linear' has none"),
    ("hk.Linear(11)", "write 'dense(11)': it has a bias, 'linear' has none"),
    ("nn.Linear", "did you mean 'dense'? it has a bias, 'linear' has none"),
    (
        "nn.Linear(10, 11, device = 3, odd = 4)",
        "did you mean 'dense'? it has a bias, 'linear' has none",
    ),
    ("nn.Conv2d(3, 64, 3)", "write 'conv(64, 3)'"),
    ("nn.Conv2d(3, 64, 3, 2, 1)", "write 'conv(64, 3, stride = 2, pad = 1)'"),
    (
        "nn.Conv2d(3, 64, kernel_size = (3, 5), bias = False)",
        "write 'conv(64, [3, 5], bias = no)'",
    ),
    ("Conv2D(64, 3)", "write 'conv(64, 3)'"),
    ('Conv2D(64, (3, 3), padding = "same")', "write 'conv(64, [3, 3], pad = same)'"),
    ('Conv2D(64, 3, activation = "relu")', "did you mean 'conv'?"),
    ("nn.LSTM(10, 20)", "write 'lstm(20)'; 'convention pytorch' gives it bias_vectors = 2"),
    ("nn.LSTM(10, 20, 2)", "did you mean 'lstm'? 'convention pytorch' gives it bias_vectors = 2"),
    ("keras.layers.LSTM(20)", "write 'lstm(20, last = yes)'"),
    ("LSTM(20)", "write 'lstm(20, last = yes)'"),
    (
        "keras.layers.GRU(20)",
        "write 'gru(20, last = yes)'; 'convention keras' gives it bias_vectors = 2",
    ),
    ("nn.LayerNorm(8)", "did you mean 'layernorm'?"),
    ("nn.BatchNorm2d(8)", "did you mean 'batchnorm'?"),
    ("nn.GroupNorm(4, 8)", "write 'groupnorm(4)'"),
    ("nn.Embedding(100, 16)", "write 'embed(100, 16)'"),
    (
        "nn.MultiheadAttention(64, 8)",
        "write 'attention(8)'; 'convention pytorch' gives it bias = yes",
    ),
    (
        "MultiHeadAttention(8, 64)",
        "write 'attention(8, head_dim = 64)'; 'convention keras' gives it bias = yes",
    ),
    (
        "nn.TransformerEncoderLayer(64, 8, 256)",
        "write 'encoder_layer(8, 256)'; 'convention pytorch' gives its attention bias = yes",
    ),
    (
        "nn.PReLU()",
        "did you mean 'prelu'? 'convention pytorch' gives it share = all",
    ),
    (
        "PReLU()",
        "did you mean 'prelu'? 'convention keras' gives it share = none, "
        "'convention pytorch' gives it share = all",
    ),
    ("keras.layers.Attention()", TRAPS["attention"]),
    (
        "nn.GLU()",
        "write '(linear(f) * (linear(f) -> sigmoid))', or without weights, as in torch, "
        "'split(2) -> (id[0] * (id[1] -> sigmoid))'",
    ),
    ("nn.Unfold(3)", "write 'patches(n)' for windows of n by n that do not overlap"),
    (
        "nn.AdaptiveAvgPool2d(7)",
        "write 'globalavgpool' where its output is 1, 'avgpool(n/o)' where it is o of n",
    ),
    ("PatchEmbed(16)", "write 'patches(n) -> dense(d)'"),
    ("nn.Hardtanh()", "it has no weights and keeps the shape: write 'id'"),
    (
        "SELayer(64, 16)",
        "write 'squeeze_excite(r)': r is how many values it squeezes to, not a ratio",
    ),
    (
        "squeeze_excite(reduction = 16)",
        "write 'r = c/n' for a ratio of n: r is how many values it squeezes to",
    ),
]


@pytest.mark.parametrize(("written", "told"), HINTS, ids=[w for w, _ in HINTS])
def test_hint(written, told):
    assert hint(f"input(8, 8, 4) -> {written}") == told


@pytest.mark.parametrize("written", ["nn.LSTM(10, 20)", "LSTM(10, 20)"])
def test_a_convention_in_force_is_not_said_again(written):
    assert hint(f"input(8, 4) -> {written}", "pytorch") == "write 'lstm(20)'"


def test_conventions_are_read_from_their_files():
    assert lines("pytorch")["lstm"] == "bias_vectors = 2"
    assert "bn" not in lines("pytorch")  # its counter is no weight that is learned
    assert lines("keras")["gru"] == "bias_vectors = 2"


def test_what_a_signature_names_is_there():
    names = {*built_in(), *library_files()}
    assert {here for forms in SIGNATURES.values() for _, here, _ in forms} <= names
    assert {*INSIDE, *INSIDE.values()} <= names
    assert set(TRAPS) <= {squeezed(name) for name in names}
