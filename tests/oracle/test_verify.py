"""The zoo built in torch and in Keras; faults that must be seen; networks that run."""

from __future__ import annotations

import copy
import os
import subprocess
import sys
from types import ModuleType
from typing import Any

import pytest

import symparams
from symparams.elaboration import zoo
from symparams.elaboration.definition import build
from symparams.elaboration.document import understand
from symparams.errors import Source, SymparamsError
from symparams.frameworks import CONVENTIONS, framework
from symparams.frameworks.base import NotBuilt
from symparams.frameworks.verification import verify
from symparams.layers import kinds
from symparams.layers.convolution import Convolution
from symparams.layers.dense import Dense
from symparams.layers.normalisation import BatchNorm
from symparams.layers.recurrent import LSTM
from symparams.network import sharing
from symparams.network.uses import Use
from tests.cli.running import run

from . import verified

pytestmark = pytest.mark.oracle


@pytest.fixture(params=CONVENTIONS)
def against(request: pytest.FixtureRequest) -> str:
    """Each framework."""
    request.getfixturevalue(request.param)
    return str(request.param)


def agreed(text: str, against: str, **sizes: Any) -> bool:
    """Whether a text is built as it is counted; the differences are told."""
    definition = understand(Source("<text>", text), CONVENTIONS[against]).definition()
    found = verify(definition, against, sizes)
    assert not found.differences, found.differences
    return found.agrees


# --- the zoo -----------------------------------------------------------------


@pytest.mark.parametrize("name", zoo.files())
def test_the_zoo_and_its_table(name: str, against: str) -> None:
    found = verified.at_defaults(name, against)
    assert not found.differences
    column = verified.HEAD.index(against)
    assert verified.written()[name][column] == verified.cell(found), (
        "the table is out of date: python -m tests.oracle.verified"
    )


def test_the_table_has_the_zoo() -> None:
    assert list(verified.written()) == list(zoo.files())
    assert {len(cells) for cells in verified.written().values()} == {len(verified.HEAD)}


VARIANTS = [
    pytest.param(name, sizes, id=f"{name}-{number}")
    for name in zoo.files()
    for number, sizes in enumerate(verified.variants(name))
]


@pytest.mark.parametrize(("name", "sizes"), VARIANTS)
def test_what_the_zoo_claims_elsewhere(torch: ModuleType, name: str, sizes: Any) -> None:
    assert not verify(verified.definition(name, "torch"), "torch", sizes).differences


# --- kinds -------------------------------------------------------------------


def test_every_kind_is_built_or_said_not_to_be(against: str) -> None:
    table = framework(against).kinds
    built = {*table.layers, *table.functions, *table.around}
    silent = {"id", "bidirectional", "transposed"}  # what a plan knows, or makes
    assert built - silent <= set(kinds())
    assert not built & set(table.missing)
    assert set(kinds()) - silent == (built | set(table.missing)) - silent


def test_every_option_that_is_heeded_is_one(against: str) -> None:
    table = framework(against).kinds
    for kind, rule in {**table.layers, **table.functions, **table.around}.items():
        if kind in kinds():
            assert rule.options <= set(kinds()[kind].options), kind


#: Sizes for the letters of the catalogue's examples.
LETTERS = dict.fromkeys("ijoptgmnrchd", 4) | {"x": 8, "y": 8, "f": 2, "V": 1000, "s": 3}
LETTERS |= {"a": 4, "b": 3, "k": 2}


@pytest.mark.parametrize("kind", kinds())
def test_the_example_of_every_kind(kind: str, against: str) -> None:
    source = Source("<text>", kinds()[kind].example)
    definition = understand(source, CONVENTIONS[against]).definition()
    symbols = build(definition).symbols
    sizes = {name: LETTERS[name] for name in symbols}
    if kind in framework(against).kinds.missing or (kind, against) == ("orthogonal", "torch"):
        with pytest.raises(NotBuilt, match="not built: ") as refused:
            verify(definition, against, sizes)
        assert refused.value.span is not None
    else:
        assert not verify(definition, against, sizes).differences


LAYERS = [
    "input(7, 6, 3) -> conv(4, 3)",
    "input(7, 6, 4) -> conv(6, [3, 2], stride = 2, pad = same, groups = 2, bias = no)",
    "input(7, 6, 4) -> conv(6, 3, pad = [1, 0], dilation = [1, 2])",
    "input(9, 4) -> conv(6, 3, pad = causal, dilation = 2)",
    "input(9, 4) -> conv(6, 2, pad = same)",
    "input(5, 4, 5, 2) -> conv(3, 2, stride = [1, 2, 1])",
    "input(4, 5, 3) -> conv_transpose(4, 3, stride = 2)",
    "input(4, 5, 3) -> conv_transpose(4, 3, stride = 2, pad = same)",
    "input(4, 5, 3) -> conv_transpose(4, 4, stride = 2, pad = 1)",
    "input(4, 3) -> conv_transpose(4, 3, stride = 3, output_pad = 1)",
    "input(4, 3) -> conv_transpose(4, 2, stride = 3, pad = same)",
    "input(4, 3) -> maxpool(3, stride = 2, pad = same) -> avgpool(2, stride = 1, pad = same)",
    "input(8, 8, 3) -> maxpool(3, stride = 2, pad = 1) -> avgpool(3, stride = 2, pad = 1)",
    "input(8, 8, 3) -> (globalavgpool | globalmaxpool)",
    "input(7) -> bn",
    "input(5, 7) -> bn",
    "input(5, 4, 7) -> bn",
    "input(2, 3, 4, 5) -> bn",
    "input(5, 7) -> layernorm -> layernorm(shift = no)",
    "input(5, 7) -> rmsnorm",
    "input(5, 7) -> rnn(3) -> lstm(4) -> gru(5, last = yes)",
    "input(5, 7) -> rnn(3, bias = no) -> lstm(4, bias = no) -> gru(5, bias = no)",
    "input(7) -> lstm(4) -> dense(2)",
    "input(2, 5, 7) -> lstm(4) -> gru(3, last = yes)",
    "input(5, 7) -> bidirectional(gru(3)) -> bidirectional(lstm(2, last = yes), merge = sum)",
    "input(5, 7) -> bidirectional(lstm(3), merge = ave) -> bidirectional(rnn(3), merge = mul)",
    "tokens(5) -> embed(11, 4) -> linear(3) -> flatten -> dense(2)",
    "{ shared E = embed(11, 4); tokens(5) -> E -> E.T -> softmax }",
    "{ shared E = linear(6); input(4) -> E -> E.T }",
    "input(6, 8) -> attention(4)",
    "input(6, 8) -> attention(4, kv_heads = 2)",
    "input(6, 8) -> encoder_layer(2, 16)",
    "input(8, 8, 4) -> swin_layer(2, 4)",
    "{ weight b[9, 2]; input(6, 8) -> attention(2, scores = b) }",
    "{ weight b[6, 6]; input(6, 8) -> attention(2, scores = b) }",
    "input(4, 8) -> mamba(n = 4)",
    "input(3, 4) -> moe(swiglu(5), 4, 2)",
    "input(4) -> lora_linear(2, 5)",
    "input(5, 4) -> lora(dense(3), 2) -> lora(conv(3, 2, pad = same), 2)",
    "input(5, 4) -> freeze(lora(dense(3), 2, bias = yes))",
    "tokens(5) -> lora(embed(9, 4), 2)",
    "{ shared E = lora(dense(4), 2); input(4) -> E -> E }",
    "input(5, 4) -> bn(axis = 0) -> groupnorm(2) -> layernorm(axis = [0, 1])",
    "input(4, 6) -> prelu(share = places) -> prelu(share = all)",
    "input(4, 6) -> unitnorm",
    "input(7, 6, 4) -> depthwise(3, multiplier = 2, pad = 1) -> separable(5, 3, pad = same)",
    '{ x = input(3, 4); y = input(5, 4); einsum(x, y, "sd,td->st") }',
    "input(8, 8, 3) -> pad(1) -> crop(2) -> upsample(2) -> space_to_depth(2) -> patches(3)",
    "input(6, 4) -> tile(2) -> permute(1, 0) -> reshape(6, 8) -> take(-1) -> split(2, 6) -> cat",
    "input(6, 4) -> ((id * (mean(0) -> dense(4) -> sigmoid)) - (id -> exp))",
    "block c(n) on (y[d], s[n]) = (y | s) -> dense(n) -> tanh\n"
    "model m = { x = input(3, 4); x -> recur(c(5), x -> take(0) -> dense(5)) -> dense(2) }",
]


@pytest.mark.parametrize("text", LAYERS)
def test_layers(text: str, against: str) -> None:
    assert agreed(text, against)


#: What only one of both has.
ALONE = [
    ("torch", "input(5, 4) -> lstm(6, proj = 3)"),
    ("torch", "{ x = input(4); y = input(3); bilinear(x, y, 5) }"),
    ("torch", "input(5, 4) -> instancenorm -> instancenorm(scale = yes, shift = yes)"),
    ("torch", "input(5, 4) -> instancenorm(statistics = yes)"),
    ("torch", "tokens(5) -> embedding_bag(9, 4)"),
    (
        "torch",
        "input(5, 4) -> adaptive_softmax(50, cutoffs = [10, 20], divide = 2, head_bias = yes)",
    ),
    ("torch", "input(9, 8) -> fold([4, 4], 2)"),
    ("torch", "input(6, 6, 4) -> localresponsenorm(3)"),
    ("torch", "input(4) -> weightnorm(dense(3)) -> weightnorm(dense(5), each = all)"),
    ("torch", "input(6, 4) -> weightnorm(conv(3, 2)) -> weightnorm(conv_transpose(5, 2))"),
    ("torch", "input(6, 6, 4) -> spectralnorm(conv(3, 2)) -> spectralnorm(conv_transpose(5, 2))"),
    ("torch", "tokens(6) -> weightnorm(embed(9, 4), each = input) -> spectralnorm(dense(3))"),
    ("torch", "input(4) -> orthogonal(dense(3), base = no)"),
    ("keras", "input(4, 6, 6, 3) -> conv_lstm(2, 3, pad = same) -> conv_lstm(2, 3, last = yes)"),
    ("keras", "input(5, 4) -> standardize"),
    ("keras", 'input(5, 4) -> einsum_dense("bc,cde->bde", [2, 3], bias = "de")'),
    ("keras", 'input(5, 4) -> einsum_dense("abc,cd->abd", 3)'),
    ("keras", 'input(5, 4) -> einsum_dense("...c,cd->...d", 3, bias = "d")'),
    ("keras", "input(4, 6) -> prelu(share = none) -> prelu(share = [0])"),
    ("keras", "input(4, 6, 3) -> layernorm(axis = [0, 2])"),
    ("keras", "input(5, 4) -> spectralnorm(dense(3))"),
    ("torch", "input(6) -> prelu(share = [0]) -> prelu(share = none)"),
    ("torch", "input(5, 6) -> prelu(share = [0]) -> prelu(share = [0, 1])"),
    ("torch", "tokens(5) -> weightnorm(embedding_bag(10, 4)) -> weightnorm(dense(3))"),
    ("torch", "tokens(5) -> weightnorm(embedding_bag(10, 4), each = output)"),
    ("torch", "tokens(5) -> spectralnorm(embedding_bag(10, 4))"),
    ("torch", "tokens(5) -> spectralnorm(embedding_bag(10, 4), each = output)"),
    ("torch", "input(5, 4) -> weightnorm(conv_transpose(8, 3, groups = 2))"),
    ("torch", "input(5, 4) -> weightnorm(conv_transpose(8, 3, groups = 2), each = output)"),
    ("torch", "input(5, 4) -> spectralnorm(conv_transpose(8, 3, groups = 2))"),
    ("torch", "input(5, 4) -> spectralnorm(conv_transpose(8, 3, groups = 2), each = input)"),
    ("torch", "input(6, 6, 4) -> weightnorm(separable(3, 2, multiplier = 2))"),
    ("torch", "input(6, 6, 4) -> spectralnorm(separable(3, 2, multiplier = 2))"),
    ("torch", "input(3, 9) -> spectralnorm(adaptive_softmax(50, cutoffs = [10, 20], divide = 2))"),
    ("torch", "input(3, 6, 4) -> layernorm(axis = [2, 1])"),
    ("torch", "input(4, 4) -> spectralnorm(conv_transpose(8, 3), each = last_axis)"),
    ("torch", "tokens(4) -> spectralnorm(embed(9, 4), each = last_axis)"),
    ("torch", "input(4) -> spectralnorm(dense(9), each = last_axis)"),
    ("torch", "input(4, 4, 3) -> conv_transpose(2, 2, stride = 5, output_pad = fill)"),
    ("keras", "input(4, 6, 3) -> layernorm(axis = [2, 0]) -> standardize(axis = [2, 0])"),
    ("keras", "input(4, 6, 3) -> conv_transpose(2, 2, stride = 5)"),
    ("keras", 'input(4, 3, 5) -> einsum_dense("bxcd,de->bxce", 2, bias = "xe")'),
    ("keras", "input(5, 5, 4) -> spectralnorm(conv_transpose(8, 3))"),
    ("keras", "input(5, 5, 4) -> spectralnorm(conv_transpose(8, 3), each = input)"),
    ("keras", "input(5, 5, 4) -> spectralnorm(depthwise(3, multiplier = 2))"),
    ("keras", "input(5, 5, 4) -> spectralnorm(depthwise(3, multiplier = 2), each = multiplier)"),
    ("keras", "input(4, 6, 6, 3) -> bidirectional(conv_lstm(2, 3, pad = same))"),
]


@pytest.mark.filterwarnings("ignore:LSTM with projections is not supported with oneDNN:UserWarning")
@pytest.mark.parametrize(("one", "text"), ALONE)
def test_what_only_one_has(request: pytest.FixtureRequest, one: str, text: str) -> None:
    request.getfixturevalue(one)
    assert agreed(text, one)
    model = symparams.parse(text, CONVENTIONS[one])
    if one == "torch":
        made = model.to_torch()
        output = made(*inputs(request.getfixturevalue("torch"), made))
        assert tuple(output.shape[1:]) == model.network.root.output.axes
    else:
        made = model.to_keras()
        assert made.output_shape == (None, *model.network.root.output.axes)


#: What a framework refuses, and what it says: always exit code 2.
REFUSED = [
    (
        "torch",
        "input(5) -> dense(10^30)",
        "1:13: not built: torch refuses this 'dense': empty(): argument 'size' failed to unpack",
    ),
    ("torch", "input(10^30) -> dense(4)", "1:1: not built: torch refuses this input: zeros()"),
    ("keras", "input(10^30) -> dense(4)", "1:1: not built: keras refuses this input: zeros()"),
    (
        "torch",
        "input(1, 6) -> instancenorm",
        "1:16: not built: torch refuses 'instancenorm1': Expected more than 1 spatial element",
    ),
    (
        "torch",
        "input(8) -> instancenorm",
        "1:13: not built: torch has no nn.InstanceNorm over 0 spatial axes",
    ),
    (
        "keras",
        "input(5, 4) -> layernorm(axis = 0)",
        "1:16: not built: keras refuses 'layernorm1': Given normalized_shape=[5]",
    ),
    (
        "torch",
        "input(5, 4) -> prelu(share = [1])",
        "1:16: not built: torch's nn.PReLU has one slope, or one for each channel",
    ),
    (
        "torch",
        "input(5, 5, 4) -> spectralnorm(depthwise(3), each = multiplier)",
        "1:32: not built: torch's Conv2d has no norm with each = multiplier",
    ),
    (
        "torch",
        "input(5, 5, 4) -> spectralnorm(depthwise(3), each = last_axis)",
        "1:32: not built: torch's Conv2d has no norm with each = last_axis",
    ),
    (
        "torch",
        "input(5, 5, 3) -> conv_transpose(4, 3, stride = 2, output_pad = 2)",
        "1:19: output_pad = 2 must be less than the stride or the dilation, 2",
    ),
]


@pytest.mark.parametrize(("one", "text", "message"), REFUSED)
def test_what_is_refused(request: pytest.FixtureRequest, one: str, text: str, message: str) -> None:
    request.getfixturevalue(one)
    result = run("verify", text, "--against", one)
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith(f"<text>:{message}")
    assert len(result.err.splitlines()) == 3  # what, the line of the text, its place


def test_a_backend_that_is_not_there(keras: ModuleType) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "symparams", "verify", "input(5) -> dense(4)", "--against", "keras"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "KERAS_BACKEND": "foo"},
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "keras cannot be imported: Unable to import backend : foo\n"


LONG_SEQUENCES = [
    "input(1_000_000_000, 10) -> lstm(3) -> bidirectional(gru(3)) -> rnn(2, last = yes)",
    "block c(n) on (y[d], s[n]) = (y | s) -> dense(n) -> tanh\n"
    "model m = { x = input(10_000_000, 4); x -> recur(c(5), x -> take(0) -> dense(5)) }",
]


@pytest.mark.parametrize("text", LONG_SEQUENCES)
def test_a_sequence_is_as_long_as_it_likes(against: str, text: str) -> None:
    """A network of a billion steps: weights and shapes are those of the first ones."""
    assert agreed(text, against)


def test_images_are_as_many_as_they_like(keras: ModuleType) -> None:
    assert agreed(
        "input(1_000_000, 4, 4, 3) -> conv_lstm(2, 3) -> conv_lstm(2, 1, last = yes)", "keras"
    )


def test_the_convention_in_python_is_that_of_the_command(against: str) -> None:
    text = "input(5, 32) -> lstm(64) -> gru(3)"
    line = "convention textbook\n"
    gru = against == "keras"  # which can have one bias as well
    assert symparams.parse(text).verify(against).agrees
    assert symparams.parse(text).verify(against, convention="textbook").agrees is gru
    assert symparams.parse(text, "textbook").verify(against).agrees is gru
    assert symparams.parse(line + text).verify(against).agrees is gru
    said = CONVENTIONS[against]
    assert symparams.parse(line + text).verify(against, convention=said).agrees
    assert symparams.parse(line + text, said).verify(against).agrees
    model = symparams.parse("model m(n) = input(5, 32) -> lstm(n) -> gru(8)")
    assert model.at(n=6).verify(against).agrees
    with pytest.raises(SymparamsError, match="unknown convention 'kears'"):
        model.verify(against, convention="kears", n=4)


def test_the_convention_of_a_network_to_run(torch: ModuleType, keras: ModuleType) -> None:
    model = symparams.parse("input(5, 4) -> instancenorm -> prelu")
    assert sum(p.numel() for p in model.to_torch().parameters()) == 1
    assert sum(p.numel() for p in model.to_torch(convention="textbook").parameters()) == 12
    model = symparams.parse("input(5, 4) -> gru(3)")
    assert model.to_keras().count_params() == 3 * 3 * (4 + 3 + 2)
    assert model.to_keras(convention="textbook").count_params() == 3 * 3 * (4 + 3 + 1)


def test_statistics_are_measured_as_they_were_kept(torch: ModuleType) -> None:
    """In training torch refuses one place a channel; what was learnt is used then too."""
    assert agreed("input(1, 6) -> instancenorm(statistics = yes)", "torch")


def test_a_batch_of_one_is_refused_by_torch_itself(torch: ModuleType) -> None:
    made = symparams.parse("input(6) -> dense(3) -> bn").to_torch()
    assert all(module.training for module in made.modules())
    with pytest.raises(ValueError, match="Expected more than 1 value per channel"):
        made(torch.rand(1, 6))
    assert tuple(made.eval()(torch.rand(1, 6)).shape) == (1, 3)


@pytest.mark.parametrize("last", [False, True])
def test_both_directions_of_images(keras: ModuleType, last: bool) -> None:
    """Against Keras' own Bidirectional, with the same weights."""
    import numpy as np

    word = "yes" if last else "no"
    text = f"input(4, 5, 6, 3) -> bidirectional(conv_lstm(2, 3, pad = same, last = {word}))"
    made = symparams.parse(text).to_keras()
    inner = keras.layers.ConvLSTM2D(2, 3, padding="same", return_sequences=not last)
    own = keras.layers.Bidirectional(inner)
    given = np.random.default_rng(5).random((2, 4, 5, 6, 3)).astype("float32")
    own(given)
    mine = sorted(made.weights, key=lambda weight: weight.path.partition("/")[0])
    for target, weight in zip(own.weights, mine, strict=True):
        target.assign(weight.value)
    found, wanted = (network(given).detach().cpu().numpy() for network in (made, own))
    assert found.shape == wanted.shape
    assert np.allclose(found, wanted, atol=1e-5)


# --- faults --------------------------------------------------------------------


def changed(target: Any, name: str, make: Any) -> Any:
    """Replaces a method by ``make(method)``, in a monkeypatch."""

    def apply(patch: pytest.MonkeyPatch) -> None:
        patch.setattr(target, name, make(getattr(target, name)))

    return apply


def without_bias(method: Any) -> Any:
    return lambda self, shape: (w for w in method(self, shape) if w.name != "bias")


def turned(method: Any) -> Any:
    return lambda self, shape: (w.but(shape=w.shape[::-1]) for w in method(self, shape))


def no_buffers(method: Any) -> Any:
    return lambda self, shape: (w.but(buffer=False) for w in method(self, shape))


def never_frozen(cell: Any, node: Any, run: Any) -> None:
    """Take note of a use of a shared net, but not that it is frozen."""
    run.use(Use(cell.uses, node))


FAULTS = {
    "a missing bias": (
        changed(Dense, "weights", without_bias),
        "input(5, 4) -> dense(3)",
        ("dense1", "bias", "none", "3 trainable"),
    ),
    "a shape": (
        changed(Convolution, "weights", turned),
        "input(7, 7, 3) -> conv(2, 5)",
        ("conv1", "kernel", "2x3x5x5 trainable", "5x5x3x2 trainable"),
    ),
    "a shape in one of many": (
        changed(Dense, "weights", turned),
        "input(4) -> dense(4) -> relu -> dense(3)",
        ("dense2", "kernel", "3x4 trainable", "4x3 trainable"),
    ),
    "a name": (
        changed(
            LSTM,
            "weights",
            lambda method: (
                lambda self, shape: (
                    w.but(name=w.name.replace("recurrent_", "state_")) for w in method(self, shape)
                )
            ),
        ),
        "input(5, 4) -> lstm(3)",
        ("lstm1", "state_kernel", "3x12 trainable", "none"),
    ),
    "a buffer": (
        changed(BatchNorm, "weights", no_buffers),
        "input(5, 4) -> bn",
        ("bn1", "moving_mean", "4 trainable", "4 buffer"),
    ),
    "a frozen flag": (
        lambda patch: patch.setattr(sharing.Cell, "used", never_frozen),
        "{ shared E = dense(4); input(4) -> E -> freeze(E) }",
        ("E", "kernel", "4x4 trainable", "4x4 frozen"),
    ),
    "an output": (
        changed(
            Convolution,
            "output",
            lambda method: lambda self, shape: (*method(self, shape)[:-1], self.filters + 1),
        ),
        "input(7, 7, 3) -> conv(2, 5)",
        ("conv1", "output", "3x3x3", "3x3x2"),
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_seen(against: str, fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    apply, text, line = FAULTS[fault]
    assert run("verify", text, "--against", against).code == 0
    apply(monkeypatch)
    result = run("verify", text, "--against", against)
    assert result.code == 1
    rows = [tuple(cell for cell in row.split("  ") if cell) for row in result.out.splitlines()]
    assert line in [tuple(map(str.strip, row)) for row in rows], result.out


def test_a_fault_in_a_formula_is_seen(against: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sum of a repeat, where every layer by itself is right."""
    from symparams.network import folding as network

    real = network.over_series
    text = "input(4) -> (id | dense(2)) * 5"
    assert run("verify", text, "--against", against).code == 0
    monkeypatch.setattr(network, "over_series", lambda *given: real(*given) + 1)
    result = run("verify", text, "--against", against)
    assert result.code == 1
    assert "(whole network)  params     91         90" in result.out


def test_the_convention_is_the_frameworks_unless_another_is_said(against: str) -> None:
    text = "input(5, 4) -> gru(3)"
    own = CONVENTIONS[against]
    assert (
        f"convention: {own} (of the framework's layers)"
        in run("verify", text, "--against", against).out
    )
    result = run("verify", f"convention textbook\n{text}", "--against", against)
    assert result.out.splitlines()[-1] == "convention: textbook (as the text says)"
    assert result.code == (1 if against == "torch" else 0)  # Keras can have one bias as well


def test_a_refusal_of_a_framework(keras: ModuleType) -> None:
    result = run(
        "verify", "input(9, 3) -> conv(4, 3, stride = 2, dilation = 2)", "--against", "keras"
    )
    assert result.code == 2
    assert result.err.startswith("<text>:1:16: not built: keras refuses this 'conv': ")


# --- networks that run -----------------------------------------------------------


def ones(torch: ModuleType, text: str, **sizes: Any) -> Any:
    """A module whose weights are all the same, so that their order plays no part."""
    made = symparams.parse(text, "pytorch").to_torch(**sizes).eval()
    with torch.no_grad():
        for parameter in made.parameters():
            parameter.fill_(0.05)
    return made


def inputs(torch: ModuleType, made: Any) -> list[Any]:
    """Numbers for the inputs of a module, the same each time."""
    drawn = torch.Generator().manual_seed(3)
    found = []
    for _, node in made.plan.inputs:
        axes = (3, *node.output.axes)
        if node.output.tokens:
            found.append(torch.randint(0, 5, axes, generator=drawn))
        else:
            found.append(torch.rand(axes, generator=drawn) + 0.1)
    return found


#: Same weights, other values: norms have another epsilon, and where windows of a transposed
#: convolution do not touch, Keras' torch backend has the gaps elsewhere than its others.
OF_THEIR_OWN = ("bn", "layernorm", "rmsnorm", "encoder_layer", "swin_layer", "2, stride = 3")


@pytest.mark.parametrize("text", [t for t in LAYERS if not any(k in t for k in OF_THEIR_OWN)])
def test_both_frameworks_compute_the_same(torch: ModuleType, keras: ModuleType, text: str) -> None:
    made = ones(torch, text)
    given = inputs(torch, made)
    with torch.no_grad():
        first = made(*given)
    other = symparams.parse(text, "keras").to_keras()
    # torch has two biases where Keras has one.
    for weight in other.weights:
        twice = weight.name == "bias" and "gru" not in weight.path and "lstm" in weight.path
        twice = twice or (weight.name == "bias" and "rnn" in weight.path)
        weight.assign(torch.full(tuple(weight.shape), 0.1 if twice else 0.05))
    numbers = [tensor.numpy() for tensor in given]
    second = other(numbers if len(numbers) > 1 else numbers[0])
    assert tuple(first.shape) == tuple(second.shape)
    assert torch.isfinite(first).all()
    assert torch.allclose(first, second.detach().cpu(), atol=1e-4, rtol=1e-3), text


@pytest.mark.parametrize("text", LAYERS)
def test_a_module_trains_can_be_copied_and_kept(torch: ModuleType, text: str) -> None:
    model = symparams.parse(text, "pytorch")
    made = model.to_torch()
    given = inputs(torch, made)
    output = made(*given)
    assert tuple(output.shape[1:]) == model.network.root.output.axes
    if output.requires_grad:
        output.sum().backward()
    for name, parameter in made.named_parameters():
        assert (parameter.grad is not None) == parameter.requires_grad, name
    assert sum(p.numel() for p in made.parameters()) == model.count()
    assert sum(p.numel() for p in made.parameters() if p.requires_grad) == model.count("trainable")
    assert sum(b.numel() for b in made.buffers()) == model.count("buffers")
    twin = copy.deepcopy(made)
    other = model.to_torch()
    other.load_state_dict(made.state_dict())
    with torch.no_grad():
        wanted = made.eval()(*given)
        assert torch.equal(twin.eval()(*given), wanted)
        assert torch.equal(other.eval()(*given), wanted)


def test_a_keras_model(keras: ModuleType) -> None:
    model = symparams.parse(
        "block f on [t, d] = { weight w[d]; bn -> dense(d) -> (id + w) }\n"
        "model m(h = 6) = input(5, h) -> f * 2 -> freeze(dense(3)) -> lstm(h)",
        "keras",
    )
    made = model.to_keras(h=4)
    assert isinstance(made, keras.Model)
    assert made.name == "m"
    assert made.input_shape == (None, 5, 4)
    assert made.output_shape == (None, 5, 4)
    assert made.count_params() == model.count("total", h=4)
    trainable = sum(keras.ops.size(w) for w in made.trainable_weights)
    assert int(trainable) == model.count("trainable", h=4)


def test_no_memory_is_taken(torch: ModuleType) -> None:
    """A network of 10^15 weights; and its module, on the same device."""
    text = "input(5, 10_000_000) -> linear(10_000_000) * 10"
    assert agreed(text, "torch")
    with torch.device("meta"):
        made = symparams.parse(text).to_torch()
    assert sum(p.numel() for p in made.parameters()) == 10**15


def test_several_inputs_and_outputs(torch: ModuleType, keras: ModuleType) -> None:
    text = "{ x = input(4); t = tokens(3); (x -> dense(2)), (t -> embed(5, 6)) }"
    first, second = (
        t for t in symparams.parse(text).to_torch()(torch.rand(2, 4), torch.ones(2, 3).long())
    )
    assert (tuple(first.shape), tuple(second.shape)) == ((2, 2), (2, 3, 6))
    made = symparams.parse(text).to_keras()
    assert [tuple(output.shape) for output in made.outputs] == [(None, 2), (None, 3, 6)]
    with pytest.raises(TypeError, match="2 inputs are needed, not 1"):
        symparams.parse(text).to_torch()(torch.rand(2, 4))


def test_names_that_a_module_cannot_have(torch: ModuleType) -> None:
    text = "{ weight items[4]; weight keys[4]; input(4) -> (id + items + keys) }"
    made = symparams.parse(text).to_torch()
    assert sorted(made.state_dict()) == ["items", "keys"]  # as an exported module names them


def test_a_written_layer_has_no_values(torch: ModuleType) -> None:
    text = (
        "layer kan(o) on [..., i] { weight c[i, o]; output [..., o]; macs i*o }\n"
        "model m = input(3, 4) -> kan(2)"
    )
    assert agreed(text, "torch")
    made = symparams.parse(text).to_torch()
    assert [tuple(p.shape) for p in made.parameters()] == [(4, 2)]
    with pytest.raises(NotBuilt, match="says its shapes, not what it computes"):
        made(torch.rand(2, 3, 4))


def test_a_swin_table_is_read_in_two_dimensions(torch: ModuleType) -> None:
    """The index of the paper's own code, for windows of 3 by 3."""
    from symparams.frameworks.written_out import relative_rows

    side = 3
    places = [(k // side, k % side) for k in range(side * side)]
    wanted = [
        [(a - c + side - 1) * (2 * side - 1) + b - d + side - 1 for c, d in places]
        for a, b in places
    ]
    steps = torch.arange(side * side)
    found = relative_rows(steps[:, None], steps[None], (2 * side - 1) ** 2)
    assert found.tolist() == wanted
    assert relative_rows(torch.arange(2)[:, None], torch.arange(4)[None], 3).tolist() == [
        [1, 2, 2, 2],
        [0, 1, 2, 2],
    ]
