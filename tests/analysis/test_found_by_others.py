"""What people who tried to break the search found: each is right, or one clear error."""

from fractions import Fraction
from itertools import product

import pytest

import symparams
from symparams.errors import SymparamsError
from tests.cli.running import run

HALVES = "model m(h in 2..24 step 2, alpha in {0.5,1}) = input(h) -> dense(alpha*h) -> dense(7)"


def every(text, **axes):
    """(sizes, params) of every point of a small space, each counted by itself."""
    model = symparams.parse(text)
    for values in product(*axes.values()):
        sizes = dict(zip(axes, values, strict=True))
        yield sizes, model.count(**sizes)


@pytest.mark.parametrize("top", [1, 3, 24])
def test_a_fraction_that_moves_nothing(top):
    found = symparams.parse(HALVES).search(minimize="h", top=top)
    told = [point.sizes for point in found.choices]
    alphas = (Fraction(1, 2), 1)
    expected = sorted(h for h, _ in product(range(2, 25, 2), alphas))[:top]
    assert [sizes["h"] for sizes in told] == expected
    assert all(sizes["alpha"] in alphas for sizes in told)
    assert len({tuple(sizes.items()) for sizes in told}) == top


def test_samples_of_fractions():
    space = symparams.parse(HALVES).space.within("h <= 20")
    assert {s["alpha"] for s in space.sample(40, 0)} == {Fraction(1, 2), 1}


def test_a_fraction_in_a_condition_alone():
    text = (
        "model m(alpha in {0.5,1.5,2}, h in 2..8 step 2, q in 1..4) = input(h) -> dense(q)"
        " where 2*alpha*q >= 3"
    )
    found = symparams.parse(text).search("h", ["q <= 2"], top=50)
    allowed = [
        (h, q)
        for a, h, q in product((Fraction(1, 2), Fraction(3, 2), 2), range(2, 9, 2), (1, 2))
        if 2 * a * q >= 3
    ]
    assert sorted(p.sizes["h"] for p in found.choices) == sorted(h for h, _ in allowed)


def test_no_value_of_a_fraction():
    result = run("solve", "zoo:gpt2", "params/7 <= 10", "--for", "h")
    assert result.code == 2
    assert result.err == (
        "no 'h' meets params/7 <= 10: the least that params/7 comes to is 638004/7, at h = 12\n"
    )


@pytest.mark.parametrize(
    ("text", "budget", "wanted"),
    [
        (
            "model m(h in 1..40, l=2) = input(1) -> linear(if h < 15 then 100*h else h + l)",
            "params - 7*h == -183",
            -183,
        ),
        ("model m(h in 1..60, l=3) = input(1) -> linear((h-20)^2*l + 5)", "params == 3", 3),
        (
            "model m(h in 1..60, l=3) = input(1) -> linear(h^3 - 40*h^2 + 500*h + 5*l)",
            "params == 1889",
            1889,
        ),
        (
            "model m(h in 3..50, l=2) = input(h,h,3) -> conv(l,3,stride=2) -> flatten -> dense(4)",
            "params - 7*h == 859",
            859,
        ),
    ],
)
def test_the_neighbours_are_the_nearest(text, budget, wanted):
    low, high = (3, 50) if "3..50" in text else (1, 40 if "1..40" in text else 60)
    slope = 7 if "7*h" in budget else 0
    values = [v - slope * s["h"] for s, v in every(text, h=range(low, high + 1))]
    found = symparams.parse(text).solve(budget, "h")
    assert found.value is None
    below = max((v for v in values if v < wanted), default=None)
    above = min((v for v in values if v > wanted), default=None)
    assert (found.below and found.below.reached) == below
    assert (found.above and found.above.reached) == above


def test_a_size_tied_to_the_one_that_varies():
    llama = "zoo:llama"
    tied = run("solve", llama, "params <= 1B", "--for", "h", "--set", "f=4*h")
    assert "largest h:     1,312" in tied.out
    best = run(
        "search", llama, "--set", "f=4*h", "--over", "h=1024..2048:128", "--maximize", "params",
        "--budget", "params <= 2B", "--set", "a=1",
    )  # fmt: skip
    assert best.code == 0
    assert "1,792  1,758,971,648" in best.out


@pytest.mark.parametrize(
    ("words", "option"),
    [
        (("sensitivity", "zoo:gpt2", "--by", "h", "--by", "l"), "--by"),
        (("search", "zoo:gpt2", "--maximize", "params", "--maximize=l"), "--maximize"),
        (("solve", "zoo:gpt2", "params <= 1B", "--for", "h", "--for", "l"), "--for"),
    ],
)
def test_an_option_given_twice(words, option):
    result = run(*words)
    assert result.code == 2
    assert f"{option} is given twice; it takes one value." in result.err


def test_goals_with_commas():
    result = run(
        "search", "zoo:gpt2", "--over", "h={12,24},s={1,2}", "--pareto", "max(h,s),min:params"
    )
    assert result.code == 0


def test_shares_of_nothing():
    result = run("sensitivity", "input(8) -> relu", "--shares")
    assert "there is nothing to share: params is 0" in result.out


def test_a_small_root_has_its_digits():
    assert "h = ~0.0000194\n" in run("solve", "zoo:gpt2", "params == 1", "--for", "h").out


def test_domains_and_sizes_as_python_has_them():
    numpy = pytest.importorskip("numpy")
    lstm = symparams.parse("input(t, i) -> lstm(h)")
    small = lstm.space.over(h=range(1, 65), i=[32, 64]).within("params <= 10_000")
    assert small.count == sum(4 * h * (h + i + 1) <= 10_000 for h in range(1, 65) for i in (32, 64))
    assert {"h": numpy.int64(27), "i": 64} in small
    with pytest.raises(SymparamsError, match="a configuration gives i, h; 'j' is not one of them"):
        {"h": 27, "i": 64, "j": 1} in small  # noqa: B015
    best = lstm.search("h", "params <= 10_000", {"h": range(1, 65), "i": {32}})
    assert best.best.sizes == {"h": 36, "i": 32}


def test_the_step_of_what_pays():
    result = run("sensitivity", "zoo:gpt2", "--trade", "l:h", "--step", "h=384")
    assert result.code == 2
    assert result.err.startswith("a trade takes a step of 'l'; 'h' goes to any value")


def test_an_empty_question():
    assert run("sensitivity", "zoo:gpt2", "--by", "").code == 2
