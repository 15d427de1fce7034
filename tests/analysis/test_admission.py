"""Points are admitted as the network says, each condition judged once for what decides it."""

from __future__ import annotations

from itertools import product

import pytest

from symparams.algebra.conditions import Condition
from symparams.analysis.admission import admitting
from symparams.elaboration.definition import build
from symparams.elaboration.document import understand
from symparams.errors import Source, SymparamsError

MODELS = [
    "model m(k, n, s) = input(5) -> linear(s % n) where n^3 == n",
    "model m(h, a, k in {1, 3, 5}) where h % a == 0 = input(9, h) -> attention(a) -> conv(k, 3)",
    "model m(n, h, k) = input(n + h) -> [linear(10 - j) -> linear(8) for j in 0..n] -> linear(k)",
    "model m(n, h, k) where n < h or k == 2 = input(h - n) -> split(2)[0] -> linear(k)",
]


@pytest.mark.parametrize("text", MODELS)
def test_points_are_admitted_as_the_network_says(text):
    network = build(understand(Source("m.arch", text)).definition("m"))
    admits, found = admitting(network), set()
    for point in product(range(7), repeat=3):
        named = dict(zip(network.symbols, point, strict=True))
        assert admits(named) is network.allows(named), named
        found.add(admits(named))
        part = dict(list(named.items())[:2])
        assert admits(part) is network.allows(part), part
    assert True in found or "n^3" in text


def test_a_condition_is_judged_once_for_the_sizes_in_it(monkeypatch):
    """Of one without a program, as of every pass of a repeat, at each of its ten values."""

    def none(*args: object, **named: object) -> None:
        raise SymparamsError("no program")

    monkeypatch.setattr("symparams.analysis.admission.program_of", none)
    network = build(understand(Source("m.arch", MODELS[2])).definition("m"))
    judged: list[Condition] = []
    may_hold = Condition.may_hold
    monkeypatch.setattr(
        Condition, "may_hold", lambda self, *at: judged.append(self) or may_hold(self, *at)
    )
    admits = admitting(network)
    for n, h, k in product(range(1, 11), repeat=3):
        admits({"n": n, "h": h, "k": k})
    assert 0 < len(judged) <= 10 * len(network.conditions)
