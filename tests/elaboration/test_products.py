"""``a * b``: of sizes a product, of a size and a net a repeat on either side, of nets a join."""

from __future__ import annotations

import pytest

import symparams
from symparams.errors import SymparamsError

#: Nets on an input of 3, and what one use has: a net with the shape kept has it each time.
NETS = {
    "dense(3)": 12,
    "(dense(5) -> dense(3))": 20 + 18,
    "relu": 0,
    "f(3)": 12,
    "{ dense(3) }": 12,
}
BLOCK = "block f(h) = dense(h)\n"


@pytest.mark.parametrize("net", NETS)
@pytest.mark.parametrize("times", [1, 2, 7])
def test_a_size_repeats_a_net_from_either_side(net, times):
    for text in (f"{times} * {net}", f"{net} * {times}"):
        assert symparams.parse(f"{BLOCK}model m = input(3) -> {text}").count() == times * NETS[net]
    for text in (f"(n + {times}) * {net}", f"{net} * (n + {times})"):
        model = symparams.parse(f"{BLOCK}model m(n) = input(3) -> {text}")
        assert [model.count(n=n) for n in (1, 2, 5)] == [(n + times) * NETS[net] for n in (1, 2, 5)]


@pytest.mark.parametrize(
    ("text", "params"),
    [
        ("2 * 3 * dense(3)", 6 * 12),
        ("2 * dense(3) * 3", 6 * 12),
        ("dense(3) * 2 * 3", 6 * 12),
        ("0 * dense(3)", 0),
        ("dense(3) * 0", 0),
        ("2 * dense(4)", 16 + 20),
        ("dense(4) * 2", 16 + 20),
        ("dense(3) * dense(3)", 24),
        ("2 * dense(3) * relu", 24),
        ("dense(2 * 3)", 24),
    ],
)
def test_products(text, params):
    assert symparams.parse(f"input(3) -> {text}").count() == params


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1/2 * dense(3)", "1:13: 1/2 must be an integer to repeat"),
        ("dense(3) * (1/2)", "1:13: 1/2 must be an integer to repeat"),
        ("(1 - 2) * dense(3)", "1:13: cannot repeat -1 times"),
        ("dense(3) * (1 - 2)", "1:13: cannot repeat -1 times"),
        ("2 * dense", "1:17: 'dense' needs 'units' (output features)"),
        ("dense * 2", "1:13: 'dense' needs 'units' (output features)"),
        ("2 * input(3)", "1:17: a net is needed here, but this is a tensor"),
        ("input(3) * 2", "1:13: a net is needed here, but this is a tensor"),
        ("yes * dense(3)", "1:13: cannot multiply a flag"),
        ("dense(3) * yes", "1:24: cannot multiply a flag"),
        ("2 % dense(3)", "1:17: '%' is for sizes, but this is a net"),
        ("dense(3) / 2", "1:13: '/' is for sizes, but this is a net"),
    ],
)
def test_what_is_no_product(text, message):
    with pytest.raises(SymparamsError) as caught:
        symparams.parse(f"input(3) -> {text}")
    assert str(caught.value).partition("\n")[0] == f"<text>:{message}"


@pytest.mark.parametrize(
    ("text", "shape", "params"),
    [
        ("cat(dense(k) for k in [2, 5])", (3, 7), 8 + 20),
        ("cat(dense(k) for k in [5])", (3, 5), 20),
        ("cat(dense(4) for k in [2, 5], axis = 0)", (6, 4), 16 + 16),
        ("cat(dense(4) for k in [2, 5], 0)", (6, 4), 16 + 16),
        ("cat(dense(k) for k in [2, 5], -1)", (3, 7), 8 + 20),
        ("sum(dense(4) for k in [2, 5])", (3, 4), 16 + 16),
        # Sizes over nothing are 0, also where an element would be no number.
        ("dense(1 + sum(2*k for k in 2..1))", (3, 1), 4),
        ("dense(1 + sum(a + b for (a, b) in []))", (3, 1), 4),
        ("dense(1 + sum(k[0] for k in []))", (3, 1), 4),
    ],
)
def test_nets_side_by_side(text, shape, params):
    model = symparams.parse(f"input(3, 3) -> {text}")
    assert (model.network.root.output.axes, model.count()) == (shape, params)
