"""A model's search space: against brute force, structures joined, every way to ask."""

from collections import Counter
from itertools import product

import pytest
from hypothesis import given, settings, strategies as st

import symparams
from symparams.analysis.choices import Choice, not_dominated
from symparams.api import Model
from symparams.elaboration.document import understand
from symparams.elaboration.zoo import source
from symparams.errors import SymparamsError


def zoo(name):
    return Model(understand(source(name)).definition(name))


BY_DEPTH = """model m(n in {18, 34, 50}, w in 1..12, g in {1, 2, 3} = 2, h = 3) where w % g == 0 =
    input(4, 5) -> (if n == 18 then dense(w) -> dense(h) else (dense(w) -> dense(7*g)) * 2 -> dense(n))
"""


def every(model, names):
    """(sizes, measures) of all configurations that the model admits, by counting each."""
    domains = {"n": (18, 34, 50), "w": range(1, 13), "g": (1, 2, 3)}
    for values in product(*(domains[n] for n in names)):
        sizes = dict(zip(names, values, strict=True))
        if sizes["w"] % sizes["g"] == 0:
            yield sizes, {m: model.count(m, **sizes) for m in ("params", "macs")}


MODEL = symparams.parse(BY_DEPTH)
ALL = list(every(MODEL, ["n", "w", "g"]))


@given(
    st.integers(10, 3_000),
    st.integers(10, 20_000),
    st.sampled_from(["params", "macs", "w*g - n", "params - w^2"]),
    st.booleans(),
)
@settings(max_examples=60)
def test_the_best_is_the_best_of_all(params, macs, objective, small):
    function = {
        "params": lambda s, m: m["params"],
        "macs": lambda s, m: m["macs"],
        "w*g - n": lambda s, m: s["w"] * s["g"] - s["n"],
        "params - w^2": lambda s, m: m["params"] - s["w"] ** 2,
    }[objective]
    good = [(s, m) for s, m in ALL if m["params"] <= params and m["macs"] < macs]
    space = MODEL.space.within(f"params <= {params}", f"macs < {macs}")
    assert space.count == len(good)
    if not good:
        with pytest.raises(SymparamsError):
            space.best(objective)
        return
    found = space.best(objective, minimize=small, top=3)
    wanted = sorted((function(s, m) for s, m in good), reverse=not small)[:3]
    assert [c.goals[0] for c in found.choices] == wanted
    assert found.proved
    assert found.bound == wanted[0]
    for choice in found.choices:
        measures = next(m for s, m in good if s == dict(choice.sizes))
        assert choice.reached == (measures["params"], measures["macs"])
        assert choice.slack == (params - measures["params"], macs - measures["macs"])
        assert dict(choice.sizes) in space


def test_the_front_is_the_front_of_all():
    space = MODEL.space.within("params <= 800")
    good = [(m["params"], m["macs"]) for _, m in ALL if m["params"] <= 800]
    front = {
        (p, c)
        for p, c in good
        if not any((q >= p and d <= c) and (q, d) != (p, c) for q, d in good)
    }
    found = space.front(["params", "min:macs"])
    assert {c.goals for c in found.choices} == front
    assert len(found.choices) == len(front)
    assert found.proved


def test_samples_are_uniform_over_all_structures():
    space = MODEL.space.within("params <= 600")
    good = {tuple(s.values()) for s, m in ALL if m["params"] <= 600}
    drawn = Counter(tuple(s.values()) for s in space.sample(200 * len(good), seed=3))
    assert set(drawn) == good
    # 200 expected each: 5 standard deviations are 71.
    assert all(120 < n < 280 for n in drawn.values())
    assert space.sample(5, seed=1) == space.sample(5, seed=1) != space.sample(5, seed=2)
    found = space.samples(5, seed=1)
    assert (found.method, found.feasible, found.seed) == ("counting", len(good), 1)


def test_what_is_in_the_space():
    space = MODEL.space.within("params <= 600")
    for sizes, measures in ALL:
        assert (sizes in space) is (measures["params"] <= 600)
    assert {"n": 18, "w": 3, "g": 2} not in space  # 2 does not divide 3
    with pytest.raises(SymparamsError, match="a configuration gives n, w, g; 'g' is missing"):
        {"n": 18, "w": 4} in space  # noqa: B015
    assert {"n": 19, "w": 4, "g": 2} not in space


# --- GPT-2 ---


def gpt(h, layers, s):
    return 50257 * h + s * h + layers * (12 * h**2 + 13 * h) + 2 * h


@pytest.mark.parametrize(
    ("s", "best"),
    [(1024, (2816, 72, 6_998_444_288)), (2048, (2624, 83, 6_997_919_360))],
)
def test_gpt2_under_seven_billion(s, best):
    heights, depths = range(256, 16385, 64), range(6, 129)
    good = [(gpt(h, d, s), h, d) for h in heights for d in depths if gpt(h, d, s) <= 7 * 10**9]
    found = (
        zoo("gpt2")
        .at(s=s, a=1)
        .search("params", ["params <= 7B"], {"h": "256..16384:64", "l": "6..128"})
    )
    most, h, depth = max(good)
    assert (h, depth, most) == best
    assert dict(found.best.sizes) == {"l": depth, "h": h}
    assert found.best.goals == (most,)
    assert found.best.slack == (7 * 10**9 - most,)
    assert found.proved
    space = (
        zoo("gpt2").at(s=s, a=1).space.over(h="256..16384:64", l="6..128").within("params <= 7B")
    )
    assert space.count == len(good)


def test_the_assumptions_of_the_model_hold():
    over = {"h": "256..16384:64", "l": "6..128"}
    found = zoo("gpt2").search("params", ["params <= 7B"], over)  # 12 heads divide h
    good = [
        (gpt(h, d, 1024), h, d)
        for h in range(256, 16385, 64)
        for d in range(6, 129)
        if h % 12 == 0 and gpt(h, d, 1024) <= 7 * 10**9
    ]
    assert (found.best.goals[0], found.best.sizes["h"], found.best.sizes["l"]) == max(good)


def test_heads_are_searched_too():
    over = {"h": "256..1024:64", "l": "1..4", "a": "1..16"}
    found = zoo("gpt2").search("h/a", ["params <= 100M"], over, top=1)
    assert found.best.sizes["h"] % found.best.sizes["a"] == 0


def test_a_value_said_twice_counts_once():
    model = symparams.parse("model m(n in {1, 2, 1}) = input(3) -> dense(if n == 1 then 5 else 7)")
    assert model.space.count == 2
    assert model.params.subs(model.symbols["n"], 1) == 20
    found = symparams.parse("input(3) -> dense(h)").search("h", over={"h": "{4, 2, 4}"}, top=9)
    assert [c.goals for c in found.choices] == [(4,), (2,)]


# --- errors ---

SMALL = {"h": "1..8"}
ERRORS = [
    ("input(3) -> dense(h)", {"maximize": "params"}, "no size has a domain to search\n    give one: --over h=64..1024:64, or in the model: h in 64..1024 step 64"),
    ("input(3) -> dense(h)", {"over": SMALL}, "give one objective: maximize or minimize"),
    ("input(3) -> dense(h)", {"maximize": "h", "over": SMALL, "budgets": ["params <= 3"]}, "no size meets 'params <= 3': the least params is 4, at h=1"),
    ("input(3) -> dense(h)", {"maximize": "h", "over": SMALL, "budgets": ["params > 1K"]}, "no size meets 'params > 1,000': the largest params is 32, at h=8"),
    ("input(i) -> dense(h)", {"maximize": "h", "over": SMALL, "budgets": ["params > 1K"]}, "'i' has neither a value nor a domain\n    give 'i' a domain: --over i=1..64; or a value: --set i=1"),
    ("model m(h, i = 3) = input(i) -> dense(h)", {"maximize": "h", "over": SMALL, "budgets": ["i > 4"]}, "i > 4 does not hold, whatever the sizes: i is 3"),
    ("model m(h) where h % 16 == 0 = input(3) -> dense(h)", {"maximize": "h", "over": SMALL}, "<text>:1:18: no size meets the assumption 'h % 16 == 0'\n    model m(h) where h % 16 == 0 = input(3) -> dense(h)\n                     ^^^^^^^^^^^ 'h' is in 1..8"),
    (BY_DEPTH, {"maximize": "w", "budgets": ["params <= 3"]}, "nothing fits\nn = 18: no size meets 'params <= 3': the least params is 12, at w=1, g=1\nn = 34: no size meets 'params <= 3': the least params is 314, at w=1, g=1\nn = 50: no size meets 'params <= 3': the least params is 442, at w=1, g=1"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "asked", "message"), ERRORS)
def test_errors(text, asked, message):
    with pytest.raises(SymparamsError) as caught:
        symparams.parse(text).search(**asked)
    assert str(caught.value) == message


FRONTS = [
    ([(1, 5), (2, 5), (3, 9)], {(2, 5), (3, 9)}),  # (1, 5) is as small as (2, 5), and less
    ([(4, 4), (4, 4)], {(4, 4)}),
    ([(4, 1), (5, 1), (5, 2)], {(5, 1)}),
    ([(1, 1), (2, 2), (3, 3)], {(1, 1), (2, 2), (3, 3)}),
]


@pytest.mark.parametrize(("goals", "kept"), FRONTS)
def test_fronts_of_several_structures_are_joined(goals, kept):
    """The first goal should be large, the second small; like vectors count once."""
    choices = [Choice({"n": k}, vector, (), (), ()) for k, vector in enumerate(goals)]
    front = [c.goals for c in not_dominated(choices, [False, True])]
    assert set(front) == kept
    assert len(front) == len(kept)


STRUCTURES = "model m(n in {18, 34}, w in 1..12) = input(4, 5) -> (if n == 18 then dense(w) else dense(2*w) * 2)"


@pytest.mark.parametrize("n", [0, 3])
@pytest.mark.parametrize(
    ("source", "budget", "message"),
    [
        # 6*w with the first structure; 2*w*6 and 2*w*(2*w + 1) with the other
        (
            STRUCTURES,
            "params <= 5",
            "nothing fits\nn = 18: no size meets 'params <= 5': the least params is 6, at w=1\n"
            "n = 34: no size meets 'params <= 5': the least params is 18, at w=1",
        ),
        (
            STRUCTURES,
            "params >= 1000",
            "nothing fits\nn = 18: no size meets 'params >= 1,000': the largest params is 72, at w=12\n"
            "n = 34: no size meets 'params >= 1,000': the largest params is 744, at w=12",
        ),
        (
            "model m(w in 1..12) = input(4, 5) -> dense(w)",
            "params <= 5",
            "no size meets 'params <= 5': the least params is 6, at w=1",
        ),
        (
            "model m(n in {2, 3}) = input(5) -> (if n == 2 then dense(5) else dense(6))",
            "params <= 3",
            "nothing fits\nn = 2: params <= 3 does not hold, whatever the sizes: params is 30\n"
            "n = 3: params <= 3 does not hold, whatever the sizes: params is 36",
        ),
    ],
)
def test_nothing_to_draw_from(source, budget, message, n):
    with pytest.raises(SymparamsError) as caught:
        symparams.parse(source).space.within(budget).sample(n)
    assert str(caught.value) == message
