"""``default`` lines of blocks and of kinds with a second name; which of them hold, and where."""

import pytest

import symparams
from symparams.analysis.checks import check
from symparams.analysis.reports import report
from symparams.elaboration.definition import build
from symparams.elaboration.document import understand
from symparams.elaboration.scope import Scope
from symparams.elaboration.shipped_files import conventions
from symparams.elaboration.vocabulary import with_lines
from symparams.errors import Source
from symparams.language import parse, tree


@pytest.mark.parametrize(
    ("text", "params"),
    [
        ("default own(wide = 3)\nmodel m = input(8) -> own(4)", 12 * 9),
        ("model m = input(8) -> own(4)", 8 * 9),
        ("default own(wide = 3)\nmodel m = input(8) -> own(4, wide = 1)", 4 * 9),
        ("default own(c = 5, wide = 3)\nmodel m = input(8) -> own", 15 * 9),
        ("default attention(bias = yes)\nmodel m = input(5, 8) -> attention(2)", 4 * 72),
        ("default dense(bias = no)\nmodel m = input(5, 8) -> mlp(4)", 2 * 32 + 12),
        ("default batchnorm(scale = no)\nmodel m = input(5, 8) -> bn", 8),
        ("default bn(scale = no)\nmodel m = input(5, 8) -> batchnorm", 8),
        ("default own(c = 4)\nmodel m = input(8) -> own", 8 * 9),
        ("default attention(heads = 2)\nmodel m = input(5, 8) -> attention", 4 * 64),
        ("default after(c = 4)\nmodel m = input(8) -> after", 4 * 9),
    ],
)
def test_default_lines(text, params):
    block = "block own(c, wide = 2) = dense(wide*c)\nblock after(c, k = c) = dense(k)\n"
    assert (
        symparams.parse(block + text if "own" in text or "after" in text else text).params == params
    )


def test_a_convention_speaks_of_the_librarys_blocks_only():
    own = "block attention(a, bias = no) on [s, d] = dense(d, bias = bias)\n"
    model = symparams.parse(own + "model m = input(5, 8) -> attention(2)", convention="pytorch")
    assert model.params == 64


@pytest.mark.parametrize(
    ("convention", "params"), [("textbook", 16_384), ("keras", 16_640), ("pytorch", 16_640)]
)
def test_biases_of_attention(convention, params):
    # keras.layers.MultiHeadAttention(8, 8) and torch.nn.MultiheadAttention(64, 8): 16,640
    text = "input(10, 64) -> attention(8)"
    assert symparams.parse(text, convention=convention).params == params
    told = report(build(understand(Source("<text>", text), convention).definition())).differences
    found = [(d.row, d.applied.option, d.before, d.after) for d in told]
    assert found == [("attention1", "bias", 16_384, params)] * (convention != "textbook")


@pytest.mark.parametrize("name", conventions())
def test_the_lines_of_a_convention_are_of_kinds_and_blocks_there_are(name):
    path = conventions()[name]
    lines = [
        line
        for line in parse(Source(path.name, path.read_text("utf-8"))).statements
        if isinstance(line, tree.Default)
    ]
    assert lines
    for line in lines:
        with_lines({}, line, Scope(), "")  # refuses what there is not


def test_a_parameter_called_like_a_word():
    text = "model m(same = 3, causal = 2) = input(same) -> dense(causal)\n"
    claim = "expect m.params == same*causal + causal\nexpect m(same = 4).params == 5*causal"
    found = check([Source("<text>", text + claim)])
    assert not found.errors
    assert [j.holds for j in found.judgements] == [True, True]
