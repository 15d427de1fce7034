"""The backward pass: which operands require a gradient, through repeats, shared nets and cells."""

from __future__ import annotations

from itertools import pairwise

import pytest

import symparams
from symparams.errors import NeedsValue, SymparamsError
from tests.cli.running import run

CELL = "block elman on (x[d], s[h]) = (x | s) -> dense(h) -> tanh\n"
SCALE = "block scaled on [..., d] = { weight g[d]; id * g }\n"


@pytest.mark.parametrize(
    ("source", "formula"),
    [
        # a weight: its own gradient where it is trained, its input's where that requires one
        ("input(t, i) -> linear(o)", "t*i*o"),
        ("input(t, i) -> freeze(linear(o))", "0"),
        ("input(t, i) -> linear(h) -> relu -> dense(o)", "t*i*h + 2*t*h*o"),
        ("input(t, i) -> freeze(linear(h)) -> dense(o)", "t*h*o"),
        ("input(t, i) -> linear(h) -> freeze(dense(o))", "t*i*h + t*h*o"),
        ("input(t, i) -> freeze(linear(h) -> train(linear(j)) -> linear(o))", "t*h*j + t*j*o"),
        ("input(t, i) -> layernorm -> linear(o)", "2*t*i*o"),
        ("input(t, i) -> freeze(layernorm) -> linear(o)", "t*i*o"),
        ("input(t, i) -> layernorm(scale = no, shift = no) -> linear(o)", "t*i*o"),
        ("tokens(s) -> embed(V, h) -> linear(o)", "2*s*h*o"),
        ("tokens(s) -> freeze(embed(V, h)) -> linear(o)", "s*h*o"),
        ("{ weight w[i]; (input(i) + w) -> linear(o) }", "2*i*o"),
        ("{ buffer w[i]; (input(i) + w) -> linear(o) }", "i*o"),
        ("input(i) -> freeze({ weight w[i]; id * w }) -> linear(o)", "i*o"),
        ("{ x = input(i); (x + zeros(i)) -> linear(o) }", "i*o"),
        # flows apart and together
        ("input(i) -> (linear(o) + linear(o)) -> linear(h)", "2*i*o + 2*o*h"),
        ("input(i) -> (linear(o) | id) -> linear(h)", "i*o + 2*(o + i)*h"),
        ("input(i) -> (linear(o), id)[1] -> linear(h)", "i*h"),
        ("input(i) -> (linear(o), id)[0] -> linear(h)", "i*o + 2*o*h"),
        ("{ a, b = input(i) -> (linear(o), id); (a -> linear(3)), (b -> linear(3)) }",
         "i*o + 6*o + 3*i"),
        ("input(t, 2*i) -> linear(2*i) -> split(2) -> cat -> linear(o)", "4*t*i^2 + 4*t*i*o"),
        ("input(i) -> (linear(o), train_only(linear(4)))", "i*o + 4*i"),
        # several products in a layer
        ("input(9, 9, i) -> separable(o, 3)", "441*i + 2*49*i*o"),
        ("input(9, 9, i) -> freeze(separable(o, 3))", "0"),
        ("input(i) -> adaptive_softmax(V, cutoffs = c) where V > c",
         "i*(c + 1) + i*(i // 4) + 2*(i // 4)*(V - c)"),
        ("{ x = input(i); y = input(j); bilinear(x, y, o) }", "i*j*o + j*o"),
        ("{ x = input(i); y = input(k) -> linear(j); bilinear(x, y, o) }", "k*j + i*j*o + 2*j*o"),
        ("{ x = input(k) -> linear(i); y = input(j); bilinear(x, y, o) }", "k*i + 2*i*j*o + j*o"),
        # products of tensors
        ("input(t, i) -> (id, id, id) -> attend", "0"),
        ("input(t, i) -> (linear(i), id, id) -> attend", "t*i^2 + 2*t^2*i"),
        ("input(t, i) -> (id, linear(i), id) -> attend", "t*i^2 + 2*t^2*i"),
        ("input(t, i) -> (id, id, linear(i)) -> attend", "t*i^2 + t^2*i"),
        ("input(t, i) -> (linear(i), linear(i), linear(i)) -> attend", "3*t*i^2 + 4*t^2*i"),
        ("{ weight b[t, t]; x = input(t, i); attend(x, x, x, bias = b) }", "t^2*i"),
        ("{ buffer b[t, t]; x = input(t, i); attend(x, x, x, bias = b) }", "0"),
        ("input(t, i) -> linear(i) -> (id, id, id) -> attend(causal = yes)",
         "t*i^2 + 2*i*t*(t + 1)"),
        ('{ x = input(i); y = input(j) -> linear(k); einsum(x, y, "i,k->ik") }', "j*k + i*k"),
        # a scan: decay and input of each step need the state before, which the first has not
        ("{ x = input(t, d) -> bn; scan(x, zeros(t, d), zeros(d, n), zeros(t, n), zeros(t, n), zeros(d)) }",
         "d*(n*(3*t - 1) + t)"),
        ("{ C = input(t, n) -> bn; scan(zeros(t, d), zeros(t, d), zeros(d, n), zeros(t, n), C, zeros(d)) }",
         "t*d*n"),
        # the first state is given
        ("input(t, i) -> rnn(h)", "t*i*h + (2*t - 1)*h^2"),
        ("input(n, t, i) -> gru(h)", "3*n*(t*i*h + (2*t - 1)*h^2)"),
        ("input(t, i) -> bn -> freeze(lstm(h))", "4*(t*i*h + (t - 1)*h^2)"),
        ("input(t, i) -> freeze(lstm(h))", "0"),
        ("input(t, i) -> lstm(h, proj = p)", "4*h*(t*i + (2*t - 1)*p) + 2*t*h*p"),
        ("input(t, 9, 9, i) -> conv_lstm(o, 3, pad = same)", "81*36*o*(t*i + (2*t - 1)*o)"),
        ("input(t, i) -> bidirectional(rnn(h))", "2*(t*i*h + (2*t - 1)*h^2)"),
        (CELL + "model m(t, i, h) = input(t, i) -> recur(elman, h)", "(2*t - 1)*(i + h)*h"),
        (CELL + "model m(t, i, h) = input(t, i) -> bn -> recur(elman, h)", "2*t*(i + h)*h"),
        (CELL + "model m(t, i, h) = input(t, i) -> freeze(recur(elman, h))", "0"),
        (CELL + "model m(t, i, h) = { weight s[h]; input(t, i) -> recur(elman, s) }",
         "2*t*(i + h)*h"),
        # adapters: kernels stay, thin ones learn
        ("input(t, i) -> lora(dense(o), r)", "t*r*i + 2*t*r*o"),
        ("input(t, i) -> lora(dense(o) -> relu -> dense(h), r)",
         "t*r*i + 2*t*r*o + t*o*h + 2*t*r*o + 2*t*r*h"),
        ("input(t, i) -> freeze(lora(dense(o) -> relu -> dense(h), r))",
         "t*r*i + 2*t*r*o + t*o*h + 2*t*r*o + 2*t*r*h"),
        ("tokens(s) -> lora(embed(V, h), r) -> linear(o)", "2*s*r*h + 2*s*h*o"),
        ("input(i) -> weightnorm(dense(o)) -> spectralnorm(dense(o))", "i*o + 2*o^2"),
        # shared nets
        ("{ shared f = linear(h); input(h) -> f -> f }", "3*h^2"),
        ("{ shared f = linear(h) * 3; input(h) -> f -> f }", "11*h^2"),
        ("{ shared E = embed(V, h); tokens(s) -> E -> E.T }", "2*s*h*V"),
        ("{ shared E = freeze(embed(V, h)); tokens(s) -> E -> E.T }", "0"),
        ("{ shared E = freeze(embed(V, h)); tokens(s) -> E -> linear(h) -> E.T }", "s*h^2 + s*h*V"),
        ("{ shared E = embed(V, h); tokens(s) -> freeze(E) -> linear(h) -> E.T }", "s*h^2 + s*h*V"),
        ("{ shared E = embed(V, h); input(h) -> E.T }", "h*V"),
        ("{ shared f = linear(h); input(h) -> freeze(f) -> f }", "0"),
        # experts: the scores weigh them
        ("input(s, d) -> moe(freeze(linear(h)), n, top) -> linear(o)", "s*d*n + 2*s*h*o"),
        ("input(s, d) -> freeze(moe(linear(h), n, top)) -> linear(o)", "s*h*o"),
        ("input(s, d) -> moe(linear(h), n, top)", "s*d*n + top*s*d*h"),
    ],
)  # fmt: skip
def test_backward_macs(source: str, formula: str) -> None:
    assert symparams.parse(source).prove(formula, "backward_macs").verdict.equal is True


#: A body of a repeat, and blocks in front of it; widths that grow, and gradients that begin late.
BODIES = [
    ("", "linear(4)"),
    ("", "dense(4) -> relu"),
    (SCALE, "linear(4) -> freeze(linear(4)) -> scaled"),
    ("", "freeze(linear(4))"),
    ("", "freeze(layernorm -> linear(4) -> train(linear(4)))"),
    ("", "(id | linear(2))"),
    ("", "residual(layernorm -> attention(2))"),
    ("", "lora(linear(4), 2)"),
    ("", "layernorm(scale = no, shift = no)"),
    ("", "linear(4) * 2"),
    ("", "moe(linear(4), 3, 2)"),
]


@pytest.mark.parametrize("front", ["", "freeze(linear(4)) -> ", "bn -> "])
@pytest.mark.parametrize(("blocks", "body"), BODIES)
def test_a_repeat_is_its_passes(blocks: str, body: str, front: str) -> None:
    """``l`` passes in closed form against as many written one by one."""
    closed = symparams.parse(f"{blocks}model m(l) = input(3, 4) -> {front}({body}) * l")
    for times in range(1, 6):
        written = " -> ".join([f"({body})"] * times)
        one_by_one = symparams.parse(f"{blocks}model m = input(3, 4) -> {front}{written}")
        for measure in ("backward_macs", "training_macs", "macs"):
            formula = closed.measure(measure)
            assert formula.subs(closed.s.l, times) == one_by_one.count(measure), times
            repeated = symparams.parse(
                f"{blocks}model m = input(3, 4) -> {front}({body}) * {times}"
            )
            assert repeated.count(measure) == one_by_one.count(measure), times


def test_a_list_is_its_passes():
    listed = symparams.parse("model m(n) = input(4) -> [linear(2*k) for k in 1..n]")
    frozen = symparams.parse(
        "model m(n) = input(4) -> freeze([linear(2*k) for k in 1..n]) -> linear(3)"
    )
    for n in range(1, 6):
        widths = [4, *(2 * k for k in range(1, n + 1))]
        macs = [a * b for a, b in pairwise(widths)]
        for found, expected in ((listed, 2 * sum(macs) - macs[0]), (frozen, 3 * widths[-1])):
            assert found.measure("backward_macs").subs(found.s.n, n) == expected
            assert found.count("backward_macs", n=n) == expected


def test_a_cell_is_its_steps():
    """A cell over t steps against a shared net used as often."""
    cell = "model m(t) = { shared f = cat -> dense(3) -> tanh; input(t, 2) -> recur(f, 3) }"
    for t in range(1, 5):
        text = "s0 = zeros(3)\n"
        for k in range(t):
            text += f"    x{k} = x -> take({k})\n    s{k + 1} = (x{k} | s{k}) -> dense_of\n"
        written = f"""
            model m = {{
                shared dense_of = dense(3) -> tanh
                x = input({t}, 2)
                {text}
                s{t}
            }}
        """
        found = symparams.parse(cell)
        assert found.measure("backward_macs").subs(found.s.t, t) == symparams.parse(written).count(
            "backward_macs"
        )


def test_the_condition_of_a_first_pass_is_printed():
    text = "model m(l) = input(3, 4) -> linear(4) * (l - 2)"
    found = symparams.parse(text)
    assert found.conditions == ("l >= 2",)
    assert found.report("backward_macs").conditions == ("l >= 3",)
    assert "if l >= 3" in run("formula", text, "--measure", "training_flops").out
    with pytest.raises(
        NeedsValue, match=r"backward_macs assumes more of .l. than this network does"
    ):
        found.measure("backward_macs")
    assert found.at(l=2).measure("backward_macs") == 0
    assert found.count("backward_macs", l=3) == 48
    assert [*found.network.measures()].count("backward_macs") == 0


def test_the_network_of_other_measures_is_another():
    """No pass is split where nobody asks for gradients."""
    found = symparams.parse("model m(l) = input(3, 4) -> linear(4) * l")
    assert [row.times for row in found.report("params").rows][1:] == [found.s.l]
    assert [row.times for row in found.report("backward_macs").rows][1:] == [1, found.s.l - 1]
    assert found.measure("backward_macs") == 96 * found.s.l - 48


def test_parts_within_the_whole(tmp_path):
    (tmp_path / "net.arch").write_text(
        """
block coder(h) on [t, d] = linear(h) -> relu -> linear(d)
model m(t, d, h) = input(t, d) -> coder(h) -> coder(h)
expect m.coder[0].backward_macs == 3*t*d*h
expect m.coder[1].backward_macs == 4*t*d*h
expect m.coder.backward_macs == m.backward_macs
expect m.linear[0].backward_macs == t*d*h
expect m.training_flops == 6*m.macs - 2*t*d*h
expect m.coder.training_flops == m.training_flops
expect m(t = 2, d = 3, h = 5).training_flops == 660
""",
        "utf-8",
    )
    told = run("check", str(tmp_path / "net.arch"))
    assert told.code == 0, told.out


@pytest.mark.parametrize(
    ("source", "told"),
    [
        (
            "{ shared f = linear(h); input(h) -> f -> freeze(f) }",
            "<text>:1:10: whether 'f' is trained is not the same at all of its uses, so that its "
            "gradients are not known at the first\n"
            "    { shared f = linear(h); input(h) -> f -> freeze(f) }\n"
            "             ^ say it where the net is bound: shared f = freeze(…)",
        ),
        (
            "layer own(o) on [i] { weight w[i, o]; output [o]; macs i*o }\nmodel m = input(8) -> own(3)",
            "<text>:2:23: layer 'own' does not say the macs of its backward pass\n"
            "    model m = input(8) -> own(3)\n"
            "                          ^^^^^^ write it as a block of layers that do, as linear, conv "
            "or einsum",
        ),
    ],
)
def test_what_cannot_be_said(source: str, told: str) -> None:
    model = symparams.parse(source)
    model.count("params", h=3) if "h" in model.symbols else model.count("params")
    with pytest.raises(SymparamsError) as caught:
        model.report("backward_macs")
    assert str(caught.value) == told


def test_a_layer_without_macs_of_its_own_needs_none():
    text = (
        "layer scale on [..., d] { weight g[d]; macs 0 }\nmodel m = input(8) -> scale -> linear(3)"
    )
    assert symparams.parse(text).count("backward_macs") == 48
