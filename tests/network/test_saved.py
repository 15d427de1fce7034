"""What is kept for the backward pass: each storage once, through repeats, branches and views."""

from __future__ import annotations

import pytest

import symparams
from symparams.errors import SymparamsError
from tests.cli.running import run

SCALE = "block scaled on [..., d] = { weight g[d]; id * g }\n"


@pytest.mark.parametrize(
    ("source", "formula"),
    [
        # an input for the weight's gradient; nothing of a frozen layer, nothing in front
        ("input(t, i) -> dense(o)", "t*i"),
        ("input(t, i) -> freeze(dense(o))", "0"),
        ("input(t, i) -> freeze(relu -> gelu -> layernorm)", "0"),
        ("input(t, i) -> relu -> gelu -> softmax", "0"),
        ("input(t, i) -> linear(h) -> freeze(linear(o))", "t*i"),
        ("input(x, y, i) -> conv(o, 1) -> freeze(conv(o, 1))", "x*y*(i + o)"),
        # a storage counts once: a result that the next layer takes is free
        ("input(t, i) -> linear(h) -> relu -> linear(o)", "t*(i + h)"),
        ("input(t, i) -> linear(h) -> gelu -> linear(o)", "t*(i + 2*h)"),
        ("input(t, i) -> linear(h) -> relu", "t*(i + h)"),
        ("input(t, i) -> linear(h) -> gelu", "t*(i + h)"),
        ("{ x = input(t, i); (x -> linear(o)) + (x -> linear(o)) }", "t*i"),
        ("{ x = input(t, i); (x -> linear(o)) * (x -> linear(o)) }", "t*i + 2*t*o"),
        ("input(t, i) -> linear(h) -> (id * id)", "t*i + t*h"),
        ("input(t, i) -> residual(layernorm -> linear(i))", "2*t*i + 2*t"),
        # views lie in the storage of what they show; a copy in its own
        ("input(t, 6) -> linear(6) -> reshape(t, 2, 3) -> linear(o)", "12*t"),
        ("input(t, 6) -> relu -> reshape(6*t) -> linear(o)", "6*t"),
        ("{ a, b = input(t, 6) -> linear(6) -> split(2); a * b }", "12*t"),
        ("{ a, b = input(t, 6) -> linear(6) -> split(2); (a -> gelu) + (b -> tanh) }", "15*t"),
        ("input(t, i) -> linear(h) -> take(0) -> linear(o)", "t*(i + h)"),
        ("input(t, i) -> layernorm -> permute(1, 0) -> reshape(t*i) -> linear(o)", "2*t*i + 2*t"),
        ("input(t, 6) -> layernorm -> permute(1, 0) -> reshape(6*t) -> relu", "12*t + 2*t"),
        ("input(t, i) -> linear(h) -> (id * dropout(0))", "t*i + t*h"),
        ("input(t, i) -> linear(h) -> (id * dropout(0.1))", "t*i + 2*t*h"),
        # norms
        ("input(t, i) -> layernorm", "t*i + 2*t"),
        ("input(t, i) -> rmsnorm", "t*i"),
        ("input(t, i) -> linear(h) -> rmsnorm", "t*i + 2*t*h + t"),
        ("input(x, y, i) -> groupnorm(g) where i % g == 0", "x*y*i + 2*g"),
        ("input(x, y, i) -> bn", "x*y*i"),
        # weights count nothing, and what is made of them once
        ("{ weight p[t, i]; (input(t, i) + p) -> linear(o) }", "t*i"),
        (SCALE + "model m(t, i) = input(t, i) -> scaled -> scaled", "2*t*i"),
        ("tokens(s) -> embed(V, h) -> linear(o)", "s*h"),
        ("{ shared E = embed(V, h); tokens(s) -> E -> E.T }", "s*h"),
        ("{ shared E = freeze(embed(V, h)); tokens(s) -> E -> linear(h) -> E.T }", "s*h"),
        # an adapter: the input of the first thin kernel, and of the second
        ("input(t, i) -> lora(dense(o), r)", "t*i + t*r"),
        ("input(t, i) -> freeze(lora(dense(o) -> relu -> linear(h), r))", "t*i + t*o + 2*t*r"),
        ("input(t, i) -> freeze(linear(o) -> lora(dense(h), r))", "t*o + t*r"),
        ("input(x, y, i) -> lora(conv(o, 1), r)", "x*y*(i + r)"),
        ("input(x, y, i) -> conv(i, 1) -> lora(conv(o, 1), r)", "x*y*(2*i + r)"),
        ("tokens(n) -> lora(embed(V, d), r)", "n*r"),
        # steps of a sequence, trained or not
        ("input(t, i) -> lstm(h, proj = p)", "t*(i + 7*h + p)"),
        ("input(t, i) -> linear(h) -> freeze(lstm(h))", "t*i + 6*t*h"),
        ("input(t, i) -> linear(h) -> freeze(rnn(h))", "t*i + t*h"),
        ("input(i) -> rnn(h) -> linear(o)", "i + 2*h"),
        # attention: all scores, or a row's sum
        ("input(s, h) -> linear(h) -> (id, id, id) -> attend(heads = 2)", "s*h + 3*s*h + 2*s^2"),
        ("input(s, h) -> linear(h) -> (id, id, id) -> attend(heads = 2, flash = yes)",
         "s*h + s*h + s*h + 2*s"),
        ("input(s, h) -> attention(a)", "5*s*h + a*s^2"),
        ("input(s, h) -> attention(a, flash = yes)", "5*s*h + a*s"),
        ("input(s, h) -> attention(a, dropout = 0.1)", "5*s*h + 2*a*s^2"),
        ("input(s, 6) -> linear(18) -> split(3) -> attend(heads = 2)", "6*s + 18*s + 2*s^2"),
        ("input(s, 6) -> linear(18) -> split(3) -> attend(heads = 2, viewed = values)",
         "6*s + 2*6*s + 18*s + 2*s^2"),
        ("input(s, 6) -> linear(18) -> split(3) -> attend(heads = 2, viewed = both)",
         "6*s + 6*s + 18*s + 2*s^2"),
        ("input(s, h) -> attention(a, kv) where a % kv == 0", "5*s*h + a*s^2"),
        ("input(s, h) -> attention(a, kv, flash = yes) where a % kv == 0, h % a == 0",
         "3*s*h + 2*s*h*kv/a + a*s"),
        # a memory is kept once, whoever reads it
        ("{ m = input(t, d); input(s, d) -> attention(a, memory = m) * l }",
         "t*d + l*(3*s*d + 2*t*d + a*s*t)"),
        # what only trains is kept too
        ("input(i) -> (linear(o), train_only(linear(4) -> gelu))", "i + 4"),
        ("input(t, i) -> bidirectional(rnn(h))", "2*(t*i + (t + 1)*h)"),
    ],
)  # fmt: skip
def test_saved(source: str, formula: str) -> None:
    assert symparams.parse(source).prove(formula, "saved").verdict.equal is True


@pytest.mark.parametrize(
    ("source", "measure", "formula"),
    [
        ("input(t, i) -> linear(h) -> dropout(0.1)", "saved_masks", "t*h"),
        ("input(t, i) -> linear(h) -> dropout(0)", "saved_masks", "0"),
        ("input(t, i) -> dropout(0.1) -> linear(h)", "saved_masks", "0"),
        ("input(s, h) -> attention(a, dropout = 0.1)", "saved_masks", "a*s^2"),
        ("tokens(s) -> embed(V, h)", "saved_integers", "s"),
        ("tokens(s) -> (embed(V, h) + embed(V, h))", "saved_integers", "s"),
        ("tokens(s) -> freeze(embed(V, h))", "saved_integers", "0"),
        ("input(8, 8, i) -> conv(o, 1) -> maxpool(2)", "saved_integers", "16*o"),
        ("input(x, y, i) -> bn", "saved_once", "2*i"),
        ("input(t, i) -> weightnorm(dense(o))", "saved_once", "o"),
        ("input(t, i) -> linear(i) -> weightnorm(dense(o))", "saved_once", "i*o + o"),
        ("{ shared f = weightnorm(linear(i)); input(t, i) -> f -> f }", "saved_once", "i^2 + 2*i"),
        ("input(t, i) -> linear(i) -> freeze(spectralnorm(dense(o)))", "saved_once", "i*o"),
        ("input(t, i) -> spectralnorm(dense(o))", "saved_once", "i + o + 1"),
        ("tokens(n) -> embedding_bag(V, d, mode = sum)", "saved_integers", "n + 3"),
        ("tokens(n) -> embedding_bag(V, d, mode = max)", "saved_integers", "2*n + 2 + d"),
        ("{ weight p[t, i]; input(t, i) * (p -> exp) }", "saved_once", "t*i"),
        ("{ weight p[t, i]; input(t, i) * p }", "saved_once", "0"),
        ("{ c = zeros(t, i); input(t, i) -> linear(i) -> (id * c) * l }", "saved_once", "t*i"),
        ("input(i) -> dense(4) -> dropout(0.1)", "saved_bytes", "4*i + 4"),
        ("input(i) -> dense(4) -> dropout(0.1)", "saved_bytes(b = 3, value = 2, mask = 2)", "6*i + 24"),
        ("input(2, 2, i) -> bn", "saved_bytes(b = 3)", "48*i + 8*i"),
    ],
)  # fmt: skip
def test_what_is_beside_it(source: str, measure: str, formula: str) -> None:
    assert symparams.parse(source).prove(formula, measure).verdict.equal is True


BODIES = [
    "linear(4)",
    "linear(4) -> relu",
    "linear(4) -> gelu -> dropout(0.1)",
    "relu",
    "residual(layernorm -> linear(4))",
    "residual(layernorm -> attention(2)) -> layernorm",
    "freeze(linear(4) -> relu)",
    "freeze(linear(4)) -> rmsnorm",
    "(id | (linear(2) -> relu))",
    "(id | (bn -> relu -> linear(2)))",
    "bn -> relu",
    "reshape(12) -> reshape(3, 4) -> tanh",
    "attention(2, memory = other, flash = yes)",
    "linear(4) * other",
    "linear(4) -> (id * constant)",
    "(linear(4) -> relu) * 2",
    "(relu -> gelu)",
    "(id * id)",
    "id",
]
FRONTS = ["", "linear(4) -> ", "linear(4) -> relu -> ", "freeze(linear(4)) -> "]
BACKS = ["", " -> linear(4)"]


@pytest.mark.parametrize("front", FRONTS)
@pytest.mark.parametrize("body", [b for b in BODIES if "* other" not in b])
def test_a_repeat_is_its_passes(body: str, front: str) -> None:
    """``l`` passes in closed form against as many written one by one."""
    for back in BACKS:
        if "|" in body and back == " -> linear(4)":
            back = " -> gelu"

        def model(passes: str, head: str, back: str = back) -> symparams.Model:
            used = [
                line
                for name, line in (
                    ("other", "other = input(3, 4)"), ("constant", "constant = zeros(3, 4)"),
                )
                if name in body
            ]  # fmt: skip
            lines = [*used, f"input(3, 4) -> {front}{passes}{back}"]
            return symparams.parse(f"model m{head} = {{\n" + "\n".join(lines) + "\n}")

        closed = model(f"({body}) * l", "(l)")
        for times in range(1, 4):
            one_by_one = model(" -> ".join([f"({body})"] * times), "")
            repeated = model(f"({body}) * {times}", "")
            for measure in ("saved", "saved_masks", "saved_once"):
                expected = one_by_one.count(measure)
                assert repeated.count(measure) == expected, (back, times, measure)
                formula = closed.report(measure).total
                assert formula.subs(closed.s.l, times) == expected, (back, times, measure)


def test_a_list_is_its_passes():
    text = "linear(4) -> [dense(2*k) -> relu for k in 1..n] -> gelu"
    closed = symparams.parse(f"model m(n) = input(4) -> {text}")
    for n in range(1, 5):
        written = " -> ".join(f"dense({2 * k}) -> relu" for k in range(1, n + 1))
        expected = symparams.parse(f"input(4) -> linear(4) -> {written} -> gelu").count("saved")
        assert closed.count("saved", n=n) == expected
        assert closed.report("saved").total.subs(closed.s.n, n) == expected


def test_a_transformer_layer_in_half_precision():
    """34*s*h + 5*a*s^2 bytes a layer (Korthikanti et al. 2022, arXiv:2205.05198, equation 2).

    They leave out the two statistics of a norm's rows.
    """
    layer = symparams.parse(
        "input(s, h) -> residual(layernorm -> attention(a, dropout = 0.1) -> dropout(0.1))"
        " -> residual(layernorm -> mlp(4*h, gelu) -> dropout(0.1))"
    )
    found = layer.prove("34*s*h + 5*a*s^2 + 8*s", "saved_bytes(value = 2, mask = 1)")
    assert found.verdict.equal is True


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("input(s, d) -> moe(linear(d), 4, 2)", "layer 'moe' does not say what it saves"),
        ("input(t, i) -> recur(cat -> dense(h) -> tanh, h)", "layer 'recur' does not say what it saves"),
        ("input(x, y, i) -> lora(conv(o, 3, groups = g), r) where i % g == 0, o % g == 0",
         "layer 'conv' does not say what it saves"),
        ("input(t, i) -> lora(lora(dense(o), r), r)", "layer 'dense' does not say what it saves"),
        ("input(t, i) -> orthogonal(weightnorm(dense(o)))", "layer 'dense' does not say what it saves"),
        ("input(t, i) -> lstm(h, peephole = yes)", "layer 'lstm' does not say what it saves"),
        ("input(t, i) -> recurrent(h, gates = 4)", "layer 'recurrent' does not say what it saves"),
        ("input(x, y, i) -> conv(o, f, pad = same)", "layer 'conv' does not say what it saves"),
        ("input(t, i) -> linear(i) -> standardize", "layer 'standardize' does not say what it saves"),
        ("{ table b[9, 2]; input(3, 4) -> linear(4) -> (id, id, id)"
         " -> attend(heads = 2, bias = b, flash = yes) }",
         "layer 'attend' does not say what it saves"),
        (
            "layer own on [..., i] { weight g[i] }\nmodel m = input(8) -> own",
            "layer 'own' does not say what it saves",
        ),
    ],
)  # fmt: skip
def test_what_does_not_say_it(source: str, told: str) -> None:
    for measure in ("saved", "saved_masks", "saved_integers", "saved_once", "saved_bytes"):
        with pytest.raises(SymparamsError) as caught:
            symparams.parse(source).report(measure)
        assert caught.value.message == told


def test_where_nothing_requires_a_gradient_nothing_has_to_say_it():
    assert symparams.parse("input(t, i) -> freeze(gru(h)) -> standardize").measure("saved") == 0


def test_a_product_has_a_row_of_its_own():
    shown = run("show", "input(t, i) -> (linear(o) * linear(o))", "--measure", "saved,params").out
    assert "product1" in shown
    assert "product" not in run("show", "input(t, i) -> (linear(o) * linear(o))").out


def test_beside_a_peak():
    """A network that follows storages has parts of its own, which the peak walks too."""
    for source in (
        "{ x = input(3, 4); (x -> linear(5)) * (x -> linear(5)) }",
        "{ shared E = embed(7, 4); tokens(3) -> E -> linear(4) -> E.T }",
    ):
        told = run("count", source, "--measure", "peak,saved,backward_macs").out.split()
        alone = [run("count", source, "--measure", m).out.strip() for m in told[::2]]
        assert told[1::2] == alone
