"""What is left when norms are folded: which fold, which stay, and where that is not one answer."""

import pytest

import symparams
from symparams.errors import NeedsValue, SymparamsError
from symparams.network import MEASURES
from tests.cli.running import run

#: A network with `fuse`, and what it is.
SAME = [
    # convolutions and dense layers, with or without a bias, of every kind of bn
    ("fuse(conv(o, 1, bias = no) -> bn -> relu)", "conv(o, 1) -> relu"),
    ("fuse(conv(o, 1) -> bn)", "conv(o, 1)"),
    ("fuse(conv(o, 1) -> bn(scale = no, shift = no))", "conv(o, 1)"),
    ("fuse(conv(o, 1, bias = no) -> bn(counter = yes, renorm = yes))", "conv(o, 1)"),
    ("fuse(conv(o, 1, bias = no) -> bn(axis = 2))", "conv(o, 1)"),
    ("fuse(linear(o) -> bn)", "dense(o)"),
    ("fuse(dense(o) -> bn -> relu)", "dense(o) -> relu"),
    ("fuse(depthwise(1, bias = no) -> bn)", "depthwise(1)"),
    ("fuse(separable(o, 1, bias = no) -> bn)", "separable(o, 1)"),
    ("fuse(conv_transpose(o, 1, bias = no) -> bn)", "conv_transpose(o, 1)"),
    ("fuse(conv(o, 1) -> bn -> bn)", "conv(o, 1) -> bn"),
    ("fuse(conv(o, 1) -> id -> dense(o) -> bn)", "conv(o, 1) -> dense(o)"),
    # what stays: something between, another axis, no statistics, another norm
    ("fuse(conv(o, 1) -> relu -> bn)", "conv(o, 1) -> relu -> bn"),
    ("fuse(conv(o, 1, bias = no) -> bn(axis = 0))", "conv(o, 1, bias = no) -> bn(axis = 0)"),
    ("fuse(conv(o, 1) -> bn(statistics = no))", "conv(o, 1) -> bn(statistics = no)"),
    ("fuse(conv(o, 1) -> layernorm)", "conv(o, 1) -> layernorm"),
    ("fuse(bn -> conv(o, 1))", "bn -> conv(o, 1)"),
    ("fuse(flatten -> dense(o) -> dropout(0.5) -> bn)", "flatten -> dense(o) -> dropout(0.5) -> bn"),
    ("fuse(weightnorm(conv(o, 1, bias = no)) -> bn)", "weightnorm(conv(o, 1, bias = no)) -> bn"),
    ("fuse(lora(linear(o), r) -> bn)", "lora(linear(o), r) -> bn"),
    ("fuse(conv(o, 1)) -> bn", "conv(o, 1) -> bn"),
    ("conv(o, 1) -> fuse(bn)", "conv(o, 1) -> bn"),
    # what else reads the output
    ("fuse((conv(o, 1) | conv(o, 1)) -> bn)", "(conv(o, 1) | conv(o, 1)) -> bn"),
    ("fuse(conv(o, 1) -> (bn | id))", "conv(o, 1) -> (bn | id)"),
    ("fuse(conv(o, 1) -> (bn | bn))", "conv(o, 1) -> (bn | bn)"),
    ("fuse(conv(o, 1) -> residual(bn))", "conv(o, 1) -> residual(bn)"),
    ("fuse(residual(conv(i, 1) -> bn))", "residual(conv(i, 1))"),
    ("fuse(keep(conv(o, 1)) -> bn)", "keep(conv(o, 1)) -> bn"),
    ("fuse(keep(conv(o, 1) -> bn))", "keep(conv(o, 1))"),
    ("fuse((conv(o, 1), conv(o, 1))[0] -> bn)", "(conv(o, 1), conv(o, 1))[0]"),
    ("fuse(conv(2*o, 1) -> split(2)[0] -> bn)", "conv(2*o, 1) -> split(2)[0] -> bn"),
    # blocks, groups, other words around
    ("freeze(fuse(conv(o, 1) -> bn))", "freeze(conv(o, 1))"),
    ("fuse(conv(o, 1) -> freeze(bn))", "conv(o, 1)"),
    ("fuse(fuse(conv(o, 1) -> bn) -> bn)", "conv(o, 1)"),
    ("fuse(train_only(conv(o, 1)) -> bn)", "train_only(conv(o, 1))"),
    ("fuse(moe(linear(o) -> bn, 4, 2) -> bn)", "moe(dense(o), 4, 2) -> bn"),
    # precision: the bias has the kernel's, or the norm's where a layout has the kernel
    ("fuse(precision(conv(o, 1, bias = no), 8) -> bn)", "precision(conv(o, 1), 8)"),
    ("precision(fuse(conv(o, 1, bias = no) -> bn), 8)", "precision(conv(o, 1), 8)"),
    ("precision(fuse(precision(linear(o), llm_int8) -> bn), 16)",
     "precision(precision(dense(o), llm_int8), 16)"),
    ("fuse(precision(linear(o), llm_int8) -> bn)", "precision(dense(o), llm_int8)"),
    # repeats
    ("fuse((conv(i, 1, bias = no) -> bn -> relu) * n)", "(conv(i, 1) -> relu) * n"),
    ("fuse(conv(i, 1, bias = no) -> bn) * n", "conv(i, 1) * n"),
    ("fuse((relu -> conv(i, 1)) * n -> relu)", "(relu -> conv(i, 1)) * n -> relu"),
    ("fuse((id | (conv(o, 1, bias = no) -> bn)) * n)", "(id | conv(o, 1)) * n"),
    ("fuse((conv(o, 1, bias = no) -> bn) * n)", "conv(o, 1) * n"),
    ("fuse([conv(k, 1, bias = no) -> bn for k in 1..n])", "[conv(k, 1) for k in 1..n]"),
    # shared nets
    ("{ shared f = fuse(conv(i, 1, bias = no) -> bn); f -> f }", "{ shared f = conv(i, 1); f -> f }"),
    ("fuse({ shared f = conv(i, 1, bias = no) -> bn; f -> f })", "{ shared f = conv(i, 1); f -> f }"),
    ("fuse({ shared f = conv(i, 1); f -> bn -> f -> bn })",
     "{ shared f = conv(i, 1); f -> bn -> f -> bn }"),
    ("{ shared f = conv(i, 1); fuse(f -> bn -> conv(o, 1) -> bn) }",
     "{ shared f = conv(i, 1); f -> bn -> conv(o, 1) }"),
    ("fuse({ shared f = bn; conv(i, 1) -> f -> conv(i, 1) -> f })",
     "{ shared f = bn; conv(i, 1) -> f -> conv(i, 1) -> f }"),
]  # fmt: skip


@pytest.mark.parametrize(("fused", "plain"), SAME, ids=lambda text: text)
def test_what_is_left(fused, plain):
    one, other = (symparams.parse(f"input(4, 4, i) -> {net}") for net in (fused, plain))
    # Experts and reparametrised kernels do not say what they save.
    found = one.network.measures()
    assert found == other.network.measures()
    assert found.keys() >= {m.name for m in MEASURES.values() if not m.storages}


@pytest.mark.parametrize("spaces", [3, 1])
def test_axes(spaces):
    sizes = ", ".join("4" * spaces)
    fused = symparams.parse(f"input({sizes}, i) -> fuse(conv(o, 3, bias = no) -> bn)")
    plain = symparams.parse(f"input({sizes}, i) -> conv(o, 3)")
    assert fused.measure("total") == plain.measure("total")


def test_tensors_by_name():
    text = "{{ x = input(4, 4, i); y = x -> conv(o, 1, bias = no); {} }}"
    # Outside of the braces' fuse nothing folds; a block's own tensors do.
    block = "block b on x[h, w, d] = {{ y = x -> conv(9, 1, bias = no); {} }}\ninput(4, 4, i) -> fuse(b)"
    one_reader = symparams.parse(block.format("y -> bn -> relu"))
    assert str(one_reader.measure("params")) == "9*i + 9"
    two_readers = symparams.parse(block.format("(y -> bn) + y"))
    assert str(two_readers.measure("params")) == "9*i + 18"
    assert str(symparams.parse(text.format("y -> fuse(bn)")).measure("params")) == "i*o + 2*o"


def test_a_block_of_the_library():
    model = symparams.parse("input(4, 4, 256) -> fuse(bottleneck(64) * n)")
    assert str(model.measure("buffers")) == "0"
    by_hand = (256 * 64 + 64) + (9 * 64 * 64 + 64) + (64 * 256 + 256)
    assert model.count(n=3) == 3 * by_hand


@pytest.mark.parametrize("value", [2, 3, 4, 5])
def test_branches_that_count_the_same_and_fold_differently(value):
    text = "model m(k, i = 5) = input(8, 8, i) -> fuse(if k {} then {} else {})"
    nets = "conv(i, 1) -> bn -> relu", "conv(i, 1) -> relu -> bn"
    for test in ("> 3", "== 3"):
        model = symparams.parse(text.format(test, *nets))
        with pytest.raises(NeedsValue, match=f"whether k {test} depends on 'k'"):
            model.measure("params")
        first = value > 3 if test == "> 3" else value == 3
        assert model.count(k=value) == (30 if first else 40)


def test_branches_whose_edges_fold():
    text = (
        "model m(k in {1, 3}, i = 2) = input(8, 8, i)"
        " -> fuse((if k == 3 then conv(i, 3, pad = same) else conv(i, 1) -> relu) -> bn)"
    )
    model = symparams.parse(text)
    with pytest.raises(NeedsValue, match="which norms of this 'if' fold is open"):
        model.measure("params")
    assert model.count(k=3) == 9 * 4 + 2
    assert model.count(k=1) == 4 + 2 + 4
    # Every way of asking over both values has both.
    ended = run("sweep", text)
    assert ended.code == 0, ended.err
    assert "10" in ended.out
    assert "38" in ended.out
    solved = run("search", text, "--maximize", "params")
    assert solved.code == 0, solved.err
    assert "38" in solved.out


def test_branches_that_hand_on_what_they_get():
    between = "input(8, 8, 2) -> fuse(conv(3, 1) -> (if k == 1 then id else relu) -> {})"
    with pytest.raises(NeedsValue):
        symparams.parse(f"model m(k in {{1, 2}}) = {between.format('bn')}").measure("params")
    for k, params in ((1, 9), (2, 15)):
        model = symparams.parse(f"model m(k in {{1, 2}}) = {between.format('bn')}")
        assert model.count(k=k) == params
    plain = symparams.parse(f"model m(k in {{1, 2}}) = {between.format('layernorm')}")
    assert str(plain.measure("params")) == "15"


EDGES = [
    "(bn -> relu -> conv(i, 1)) * n",
    "(relu -> conv(i, 1)) * n -> bn",
    "(relu -> conv(i, 1)) * 3 -> bn",
    "conv(i, 1) -> (bn -> relu) * n",
    "conv(i, 1) -> (bn -> relu) * 2",
    "[relu -> conv(k, 1) for k in 1..n] -> bn",
    "(id | conv(3, 1)) -> conv(i, 1) -> ((bn -> relu) * n) * l",
]


@pytest.mark.parametrize("net", EDGES)
def test_a_norm_at_the_edge_of_a_repeat(net):
    with pytest.raises(SymparamsError) as caught:
        symparams.parse(f"input(4, 4, i) -> fuse({net})").measure("params")
    assert (
        str(caught.value)
        .splitlines()[0]
        .endswith("a norm at the edge of a repeat folds in some of its passes only")
    )
    assert str(caught.value).endswith(
        "write the first or the last pass by itself, or keep the repeat outside of 'fuse'"
    )


def test_one_pass_has_no_edges():
    # The first pass is by itself, as its input is another: 3 + 1, then 2, then 2 + 2*2.
    grows = symparams.parse(
        "input(4, 4, 3) -> fuse(conv(1, 1) -> [bn -> conv(k, 1) -> relu for k in 1..n])"
    )
    assert [grows.count(n=n) for n in (1, 2, 3)] == [6, 12, 25]
    model = symparams.parse("input(4, 4, 3) -> fuse((id | (relu -> conv(2, 1, bias = no))) * 2)")
    assert model.count() == 3 * 2 + 5 * 2
    alone = symparams.parse("input(4, 4, 3) -> fuse(conv(3, 1) -> (bn -> relu) * 1)")
    assert alone.count() == 12


def test_a_shared_net_that_is_bound_outside():
    text = "{ shared f = conv(3, 1) -> bn; input(4, 4, 3) -> fuse(f -> f) }"
    with pytest.raises(SymparamsError) as caught:
        symparams.parse(text).count()
    assert str(caught.value) == (
        "<text>:1:10: 'fuse' around a net that is shared\n"
        f"    {text}\n"
        "             ^ write it where the net is bound: shared … = fuse(…)"
    )


def test_the_bias_learns_if_the_norm_does():
    model = symparams.parse("input(4, 4, i) -> fuse(freeze(conv(o, 1)) -> bn) -> conv(3, 1)")
    assert str(model.measure("trainable")) == "4*o + 3"
    assert str(model.measure("frozen")) == "i*o"
    # A gradient goes through what is behind it, as it did.
    plain = symparams.parse("input(4, 4, i) -> freeze(conv(o, 1)) -> bn -> conv(3, 1)")
    assert model.measure("training_flops") == plain.measure("training_flops")


def test_addresses_inside():
    model = symparams.parse(
        "block unit(c) on [h, w, d] = conv(c, 1, bias = no) -> bn -> relu\n"
        "model m(n = 3) = input(4, 4, 8) -> fuse(unit(8) * n) -> unit(2)"
    )
    assert model.count("unit.params") == 3 * 72 + 20
    assert model.count("unit[1].params") == 72
    assert model.count("conv[0].params") == 72
    assert model.count("bn.params") == 4
