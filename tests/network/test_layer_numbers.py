"""What layers come to where no table of a framework says it: MACs, shapes, conditions."""

import pytest

import symparams
from symparams.errors import SymparamsError
from tests.cli.running import run


@pytest.mark.parametrize(
    ("source", "measure", "formula"),
    [
        ("input(t, i) -> lstm(h, proj = p)", "macs", "h*t*(4*i + 5*p)"),
        ("input(t, i) -> lstm(h, proj = p)", "params", "4*h*i + 5*h*p + 4*h"),
        ("input(t, i) -> lstm(h, peephole = yes)", "params", "4*h*(i + h) + 7*h"),
        ("input(t, i) -> lstm(h, peephole = yes)", "macs", "4*h*t*(i + h)"),
        ("input(t, i) -> lstm(h, proj = p) -> dense(o)", "activations", "t*i + t*p + t*o"),
        ("input(t, i) -> lstm(h, proj = p, last = yes) -> dense(o)", "activations", "t*i + p + o"),
        ("input(t, i) -> gru(h, bias_vectors = 2)", "params", "3*h*(i + h + 2)"),
        ("input(t, i) -> gru(h, bias = no, bias_vectors = 2)", "params", "3*h*(i + h)"),
        ("input(t, i) -> recurrent(h, gates = g)", "macs", "g*t*h*(i + h)"),
        ("input(t, i) -> adaptive_softmax(n, cutoffs = 9) where n > 9", "macs",
         "t*(10*i + floor(i/4)*(i + n - 9))"),
        ("{ x = input(t, i); y = input(t, j); bilinear(x, y, o) }", "macs", "t*i*j*o + t*j*o"),
        ("{ x = input(t, d); attend(x, x, x, heads = 2, bias = zeros(2, t, t)) }", "macs", "2*t^2*d"),
        ("input(t, x, y, i) -> conv_lstm(o, 3, pad = same)", "macs", "36*t*x*y*o*(i + o)"),
        ("input(n, i) -> conv_transpose(o, 3, stride = 2)", "macs", "3*n*i*o"),
        ("input(n, i) -> conv_transpose(o, 3, stride = 2, output_pad = 1)", "activations",
         "n*i + (2*n + 2)*o"),
        ('{ x = input(s, d); y = input(t, d); einsum(x, y, "sd,td->st") -> linear(2) }',
         "activations", "s*d + t*d + 2*s"),
        ("input(h) -> weightnorm(dense(3) -> dense(4))", "params", "3*(h + 2) + 4*(3 + 2)"),
        # A kernel of one axis has one input.
        ("layer gain on [d] { weight kernel[d] }; model m(d) = input(d) -> weightnorm(gain)", "params",
         "2*d"),
        ("layer gain on [d] { weight kernel[d] }; "
         "model m(d) = input(d) -> weightnorm(gain, each = input)", "params", "d + 1"),
        ("input(n, i) -> separable(o, 3, pad = same)", "macs", "3*n*i + n*i*o"),
        ("input(x, y, i) -> globalmaxpool -> dense(o)", "activations", "x*y*i + i + o"),
    ],
)  # fmt: skip
def test_formula(source, measure, formula):
    assert symparams.parse(source).prove(formula, measure).verdict.equal is True


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("input(t, i) -> take(5)", "i\nif t >= 6\n"),
        ("input(t, i) -> take(-3)", "i\nif t >= 3\n"),
        ("input(t, i) -> take(0)", "i\n"),
        ("input(t, i) -> take(-1)", "i\n"),
        ("input(t, 8) -> take(7, axis = 1)", "t\n"),
    ],
)
def test_what_a_position_needs_is_a_condition(source, expected):
    made = source + " -> { x = id; x -> zip }"
    layer = "layer zip on [n] { weight w[n] }; "
    assert run("formula", f"{layer}model m(t, i) = {made}").out == expected


def test_a_condition_of_take_is_judged_at_the_value():
    model = symparams.parse("input(t, 4) -> take(5) -> dense(1)")
    assert model.count(t=6) == 5
    with pytest.raises(SymparamsError, match=r"'take\(5\)' from an axis of 5"):
        model.count(t=5)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("input(8) -> globalavgpool", "'globalavgpool' needs a sequence"),
        ("input(8) -> globalmaxpool", "'globalmaxpool' needs a sequence"),
        ("input(8) -> maxpool", "'maxpool' needs a sequence"),
        ("input(8) -> conv(3, 1)", "'conv' needs a sequence"),
        ("input(8) -> depthwise(1)", "'depthwise' needs a sequence"),
        ("input(5, 8) -> conv_lstm(3, 1)", "'conv_lstm' needs a sequence of images"),
        ("input(8) -> pad(1)", "'pad' needs a sequence"),
        ("input(8) -> fold(4, 2)", "'fold' needs a sequence of windows"),
        ("(input(8), input(8), input(8)) -> attend", "'attend' needs sequences"),
        ("tokens(8) -> relu", "'relu' cannot take tokens"),
        ("tokens(8) -> mean", "'mean' cannot take tokens"),
        ("input(8) -> embedding_bag(9, 3)", "'embedding_bag' takes integers"),
    ],
)
def test_another_number_of_axes_is_refused(source, expected):
    with pytest.raises(SymparamsError) as caught:
        symparams.parse(source)
    assert expected in caught.value.message


@pytest.mark.parametrize(
    ("bias", "params"),
    [
        ("[s, s]", "s^2"),
        ("[1, s]", "s"),
        ("[s, 1]", "s"),
        ("[s]", "s"),
        ("[1]", "1"),
        ("[2, s, s]", "2*s^2"),
        ("[1, s, s]", "s^2"),
        ("[2, 1, 1]", "2"),
        ("[32, 2]", "64"),  # a table: a row for each distance
    ],
)
def test_a_bias_broadcasts_onto_the_scores(bias, params):
    source = f"{{ x = input(s, 8); weight b{bias}; attend(x, x, x, heads = 2, bias = b) }}"
    assert symparams.parse(source).prove(params).verdict.equal is True


def test_a_bias_of_windows_may_be_one_for_each():
    source = "{ x = input(n, s, 8); weight b[n, 1, s, s]; attend(x, x, x, heads = 2, bias = b) }"
    assert symparams.parse(source).prove("n*s^2").verdict.equal is True


def test_a_bias_that_assumptions_make_fit():
    source = "{ x = input(s, 8); weight b[t, t]; attend(x, x, x, bias = b) } where s == t"
    assert symparams.parse(source).count(s=5, t=5) == 25


@pytest.mark.parametrize(
    "source",
    [
        "block c on (x[d], s[h]) = (x -> dense(2)), s; model m = tokens(4, 3) -> recur(c, 3)",
        "block c on (x[d], s[h]) = s -> dense(3); "
        "model m = { x = input(4, 3); x -> recur(c, tokens(3)) }",
        "block c on (x[d], s[h]) = x, s; model m = tokens(4, 3) -> recur(c, 3) -> dense(1)",
    ],
)
def test_integers_stay_integers_in_a_cell(source):
    with pytest.raises(SymparamsError, match="'dense' cannot take tokens"):
        symparams.parse(source)
