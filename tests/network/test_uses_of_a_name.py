"""``name[k].measure``: one use of a block, a layer or a shared net, against a list by hand."""

from __future__ import annotations

import pytest

from symparams.api import parse
from symparams.errors import NeedsValue, SymparamsError


def dense(before: int, after: int) -> int:
    return before * after + after


USES = [
    ("model m(h) = { shared A = dense(h); input(h) -> A -> relu -> A -> dense(2) }",
     {"h": 5}, "A", "params", [30, 30]),
    ("model m(h) = { shared A = dense(h); input(h) -> A -> relu -> A -> dense(2) }",
     {"h": 5}, "A", "macs", [25, 25]),
    ("model m(h) = { shared A = dense(h); input(h) -> A -> relu -> A -> dense(2) }",
     {"h": 5}, "dense", "params", [30, 30, 12]),
    ("model m(h) = { shared A = dense(h); input(h) -> A * 3 -> dense(2) }",
     {"h": 5}, "A", "params", [30, 30, 30]),
    ("block f(n) = dense(n)\nmodel m = input(3) -> f(4) -> [f(k) -> relu for k in 1..5] -> f(7)",
     {}, "f", "params", [dense(b, a) for b, a in [(3, 4), (4, 1), (1, 2), (2, 3), (3, 4), (4, 5), (5, 7)]]),
    ("block e = dense(8)\nmodel m = input(8) -> moe(e, 6, 2) -> e",
     {}, "e", "params", [72] * 7),
    ("model m = input(4) -> dense(3) * 2 -> (dense(5) | dense(6)) -> dense(1)",
     {}, "dense", "params", [dense(4, 3), dense(3, 3), dense(3, 5), dense(3, 6), dense(11, 1)]),
    ("model m(n) = input(4) -> dense(3) * n", {"n": 4}, "dense", "macs", [12, 9, 9, 9]),
]  # fmt: skip


@pytest.mark.parametrize(("source", "values", "name", "measure", "uses"), USES)
def test_each_use_is_what_the_list_says(source, values, name, measure, uses):
    model = parse(source)
    for place, expected in enumerate(uses):
        assert model.count(f"{name}[{place}].{measure}", **values) == expected
        assert model.count(f"{name}[{place - len(uses)}].{measure}", **values) == expected
    for place in (len(uses), -len(uses) - 1):
        with pytest.raises(SymparamsError) as error:
            model.count(f"{name}[{place}].{measure}", **values)
        assert str(error.value).startswith(f"there is no '{name}[{place}]'") or (
            f"there is no '{name}[{place}]'" in str(error.value)
        )
        assert f"it is used {len(uses)} times, counted from 0" in str(error.value)


def test_uses_of_a_repeat_that_grows():
    model = parse("block f on [d] = dense(d)\nmodel m(n) = input(3) -> f -> (id | f) * n -> f")
    counts = [dense(d, d) for d in (3, 3, 6, 12, 24)]
    for place, expected in enumerate(counts):
        assert model.count(f"f[{place}].params", n=3) == expected
        assert model.count(f"f[{place - 5}].params", n=3) == expected
    n = model.symbols["n"]
    assert [model.measure("f[-1].params").subs(n, k) for k in (1, 3)] == [
        dense(6, 6),
        dense(24, 24),
    ]
    assert [model.measure("f[-2].params").subs(n, k) for k in (1, 3)] == [
        dense(3, 3),
        dense(12, 12),
    ]
    with pytest.raises(NeedsValue, match=r"which use 'f\[2\]' is depends on n"):
        model.measure("f[2].params")
    with pytest.raises(SymparamsError, match=r"there is no 'f\[5\]'"):
        model.count("f[5].params", n=3)


def test_one_use_is_one_time():
    with pytest.raises(SymparamsError) as error:
        parse("input(3) -> dense(2)").count("dense[1].params")
    assert "it is used 1 time, counted from 0" in str(error.value)
