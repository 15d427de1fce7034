"""Chains whose parts vary with an index, ``[net for k in a..n]``, against a loop over k."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from symparams.api import parse
from symparams.errors import SymparamsError


def dense(before: int, after: int) -> int:
    return before * after + after


def chained(first: int, widths: list[int]) -> int:
    """Parameters of dense layers of these widths, one behind the other."""
    return sum(dense(b, a) for b, a in zip([first, *widths], widths, strict=False))


#: Source → its parameters, by a loop over the index that knows nothing of formulas. h is 7.
SERIES: dict[str, Callable[[int], int]] = {
    "input(h) -> [dense(h) for k in 1..n]": lambda n: chained(7, [7] * n),
    "input(3) -> [dense(h) for k in 1..n]": lambda n: chained(3, [7] * n),
    "input(3) -> [dense(h) for k in 0..n]": lambda n: chained(3, [7] * (n + 1)),
    "input(3) -> [dense(h) for k in 2..n + 1]": lambda n: chained(3, [7] * n),
    "input(3) -> [dense(k) for k in 1..n]": lambda n: chained(3, list(range(1, n + 1))),
    "input(3) -> [dense(k + 1) for k in 0..n]": lambda n: chained(3, list(range(1, n + 2))),
    "input(4) -> [dense(k^2) for k in 3..n + 2]": lambda n: chained(
        4, [k * k for k in range(3, n + 3)]
    ),
    "input(1) -> [dense(2*j) for j in 1..n] -> dense(5)": lambda n: chained(
        1, [*(2 * j for j in range(1, n + 1)), 5]
    ),
    "input(6) -> [dense(k) -> dense(k + 1) for k in 1..n]": lambda n: chained(
        6, [w for k in range(1, n + 1) for w in (k, k + 1)]
    ),
    "input(6) -> [dense(k) -> dense(6) for k in 1..n]": lambda n: chained(
        6, [w for k in range(1, n + 1) for w in (k, 6)]
    ),
    "input(6) -> [dense(2^k) for k in 1..n]": lambda n: chained(
        6, [2**k for k in range(1, n + 1)]
    ),
    "input(3) -> [dense(h) for k in n..2*n]": lambda n: chained(3, [7] * (n + 1)),
}  # fmt: skip


@pytest.mark.parametrize("n", [1, 2, 3, 6])
@pytest.mark.parametrize("source", SERIES)
def test_a_series_is_the_sum_over_its_index(source, n):
    model = parse(source)
    expected = SERIES[source](n)
    values = {"n": n, "h": 7} if "h" in model.symbols else {"n": n}
    assert model.count(**values) == expected
    # The formula, with n still open, says the same.
    assert model.params.subs({model.symbols[name]: v for name, v in values.items()}) == expected


@pytest.mark.parametrize(
    ("source", "output"),
    [
        ("input(3) -> [dense(h) for k in 1..n]", "h"),
        ("input(3) -> [dense(k) for k in 1..n]", "n"),
        ("input(3) -> [dense(2*k) for k in 0..n]", None),
        ("input(3) -> [dense(k^2) for k in 3..n + 2]", "(n^2 + 4*n + 4)"),
        ("input(3) -> [dense(k) -> dense(k + 1) for k in 1..n]", "(n + 1)"),
    ],
)
def test_what_leaves_a_series(source, output):
    if output is None:  # nothing has a width of 0
        with pytest.raises(SymparamsError):
            parse(source)
        return
    assert str(parse(source).network.root.output) == output


def test_a_series_that_grows_by_what_comes_in_needs_a_number():
    source = "input(4) -> [(id | dense(k)) for k in 1..n]"
    with pytest.raises(SymparamsError) as error:
        parse(source).params  # noqa: B018 - no closed form
    assert str(error.value) == (
        "<text>:1:14: a chain of n has no closed form here: the shape goes 4, then 5\n"
        f"    {source}\n"
        "                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ give 'n' a value"
    )
    width, total = 4, 0
    for k in range(1, 4):
        total += dense(width, k)
        width += k
    assert parse(source).count(n=3) == total


def test_an_empty_series_leaves_what_comes_in():
    model = parse("model m(h, n) = input(8) -> [dense(h) for k in 1..n - 3]")
    assert model.conditions == ("n >= 4",)  # with no pass, 8 would come out
    assert model.count(n=3, h=5) == 0
    assert model.count(n=4, h=5) == 45
    assert model.count(n=2, h=5) == 0  # 1..-1 is an empty list


def test_two_series_in_each_other():
    model = parse("input(2) -> [[dense(k + j) for k in 1..n] for j in 0..2]")
    assert model.count(n=3) == chained(2, [k + j for j in range(3) for k in range(1, 4)])


def test_a_sum_without_a_closed_form_is_added_up_pass_by_pass_to_10_000():
    source = "block g on [d] = (id | (linear(ceil(d^3 / 1000)) -> linear(1)))\nmodel m = input(3) -> g * "
    # One row of d and one column of 1 each time, and two from d = 11 on.
    assert (
        parse(source + "9").network.measure("params") == sum(d + 1 for d in range(3, 11)) + 2 * 12
    )
    with pytest.raises(SymparamsError) as caught:
        parse(source + "10_001").network.measure("params")
    assert str(caught.value) == (
        "<text>:2:23: params of this repeat has no closed form: a pass takes "
        "floor((k^3 + 9*k^2 + 27*k + 26)/1000)*k + 4*floor((k^3 + 9*k^2 + 27*k + 26)/1000) + k + 4\n"
        "    model m = input(3) -> g * 10_001\n"
        "                          ^^^^^^^^^^ repeat it up to 10,000 times"
    )
