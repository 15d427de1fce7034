"""Closed repeats agree with the network written out, pass by pass."""

import random
import re

import pytest

from symparams.algebra import substitute
from symparams.elaboration.definition import build
from symparams.elaboration.document import understand
from symparams.errors import Source, SymparamsError
from symparams.network import MEASURES

#: Bodies whose shape stays, settles, grows by a constant, grows by a factor.
BODIES = {
    "fixed": ("input(6, c)", "dense(c)", ""),
    "settles": ("input(6, c)", "dense(h)", ""),
    "by a constant": ("input(4, 4, c)", "(id | conv(h, 3, pad = same))", ""),
    "by a constant in several layers": (
        "input(4, 4, c)", "(id | (bn -> conv(4*h, 1) -> bn -> conv(h, 3, pad = same)))", "",
    ),
    "by a factor": ("input(5, c)", "double", "block double on [..., d] = linear(2*d)"),
    "by a factor in space": ("input(x, c)", "(upsample(2) -> conv(c, 3, pad = same))", ""),
    "nested": ("input(4, 4, c)", "((id | conv(h, 3, pad = same)) * 2 -> conv(c, 1))", ""),
    "shared": ("input(6, c)", "{ shared f = dense(c); f -> f }", ""),
    "moe": ("input(6, c)", "moe(dense(c), 4, 2)", ""),
    "bidirectional": ("input(6, c)", "(bidirectional(lstm(h)) -> dense(c))", ""),
}  # fmt: skip


def network(text, **values):
    return build(understand(Source("<text>", text)).definition(), values)


@pytest.mark.parametrize("name", BODIES)
@pytest.mark.parametrize("measure", MEASURES)
def test_closed_and_written_out(name, measure):
    start, body, before = BODIES[name]
    if name == "moe" and MEASURES[measure].storages:
        with pytest.raises(SymparamsError, match="'moe' does not say what it saves"):
            network(f"{before}\n{start} -> {body} * n").measure(measure)
        return
    closed = network(f"{before}\n{start} -> {body} * n").measure(measure)
    point = {"c": 3, "h": 2, "x": 4}
    for n in range(13):
        out = " -> ".join([start, *([body] * n)])
        try:
            at_n = substitute(closed, {**point, "n": n})
        except SymparamsError as error:  # n = 0 may be outside what the formula is for
            pytest.fail(f"n = {n}: {error}")
        written = network(
            f"{before}\n{out}", **{k: v for k, v in point.items() if re.search(rf"\b{k}\b", out)}
        )
        expected = written.measure(measure)
        if n == 0 and (name == "settles" or MEASURES[measure].gradients):
            continue  # first + (n - 1)·steady states n >= 1: see the next test
        assert at_n == expected, (n, closed)


def test_what_excludes_none_is_stated():
    found = network("input(6, c) -> dense(h) * (n - 1)")
    assert any(str(c) == "n - 1 >= 1" or "n" in str(c) for c in found.conditions)
    with pytest.raises(SymparamsError):
        network("input(6, c) -> dense(h) * (n - 2)", n=1)


def test_densenet_at_random_points():
    """The closed form of a dense block against the network, at 200 points."""
    text = "input(8, 8, c) -> dense_layer(k) * n -> dense_transition"
    closed = {m: network(text).measure(m) for m in ("params", "buffers", "macs", "activations")}
    draw = random.Random(161)
    for _ in range(200):
        point = {
            "c": 2 * draw.randint(1, 64), "k": 2 * draw.randint(1, 32), "n": draw.randint(1, 24),
        }  # fmt: skip
        here = network(text, **point)
        for measure, formula in closed.items():
            assert substitute(formula, point) == here.measure(measure), (point, measure)


def test_unrolled_by_hand_at_random_points():
    """And against the sum that one writes by hand (Huang et al. 2016, section 3)."""
    formula = network("input(8, 8, c) -> dense_layer(k) * n").measure("params")
    draw = random.Random(7)
    for _ in range(50):
        c, k, n = draw.randint(1, 99), draw.randint(1, 48), draw.randint(1, 64)
        total = 0
        for layer in range(n):
            width = c + layer * k
            total += 2 * width + width * 4 * k + 2 * 4 * k + 9 * 4 * k * k
        assert substitute(formula, {"c": c, "k": k, "n": n}) == total
