"""The cases a search must show, the answers it must refuse, and what it must say."""

from __future__ import annotations

import itertools
import math
import subprocess
import sys
from fractions import Fraction
from unittest import mock

import pytest

from symparams.algebra import Domain, add_up, floor_divide, maximum, minimum, symbol
from symparams.algebra.conditions import Condition, compared
from symparams.errors import SymparamsError
from symparams.search import (
    Axis,
    Budget,
    Space,
    axis_of,
    feasible_count,
    least,
    maximize,
    pareto,
    sample,
)
from symparams.search.clock import OutOfTimeError
from symparams.search.optimum import STEPS, Keeper

h, l, f, k, V, a, b, c = map(  # noqa: E741
    symbol, ("h", "l", "f", "k", "V", "a", "b", "c")
)


def gpt(context: int):
    """Parameters of a GPT-2-like model by width and depth, V = 50257."""
    return 50257 * h + context * h + l * (12 * h**2 + 13 * h) + 2 * h


GPT_SPACE = Space((Axis("h", range(256, 16385, 64)), Axis("l", range(6, 129))))

#: A Llama-like model: width, depth, inner width, heads of 128 for keys and values, vocabulary.
GQA = 2 * V * h + l * (2 * h**2 + 256 * h * k + 3 * h * f + 2 * h) + h
GQA_AXES = {
    "h": range(512, 16385, 128),
    "l": range(8, 129),
    "f": range(1024, 65537, 256),
    "k": range(1, 33),
    "V": range(32000, 262145, 64),
}
GQA_SPACE = Space(tuple(Axis(name, values) for name, values in GQA_AXES.items()))


def under(size, most, op="<=", name="params"):
    return Budget(size, op, most, name)


@pytest.mark.parametrize(
    ("context", "width", "depth", "count"),
    [(1024, 2816, 72, 6_998_444_288), (2048, 2624, 83, 6_997_919_360)],
)
def test_width_and_depth_under_seven_billion(context, width, depth, count):
    size = gpt(context)
    found = maximize(GPT_SPACE, size, [under(size, 7 * 10**9)])
    assert found.proved
    assert found.best.values == {"h": width, "l": depth}
    assert found.best.objective == found.bound == count
    assert found.best.spent[0].slack == 7 * 10**9 - count
    assert (found.engine, found.status) == ("branch and bound", "optimal")
    brute = max(
        p
        for x in GPT_SPACE.axes[0].values
        for y in GPT_SPACE.axes[1].values
        if (p := (50257 + context + 2) * x + y * (12 * x * x + 13 * x)) <= 7 * 10**9
    )
    assert brute == count


@pytest.mark.parametrize(
    ("objective", "most", "best", "arrays"),
    [
        (GQA, 7 * 10**9, 7 * 10**9, True),
        (GQA, 7 * 10**9 - 1, 7 * 10**9 - 256, True),
        (GQA, 7 * 10**9 - 1, 7 * 10**9 - 256, False),
        (l * h**2, 7 * 10**9, 2_729_852_928, True),
        (l * h**2, 7 * 10**9, 2_729_852_928, False),
        (h * l * f, 7 * 10**9, 2_306_211_840, True),
    ],
)
def test_five_sizes(objective, most, best, arrays):
    assert GQA_SPACE.count == 440_459_844_000
    with mock.patch("symparams.search.optimum.numpy_is_there", return_value=arrays):
        found = maximize(GQA_SPACE, objective, [under(GQA, most)])
    assert found.proved
    assert found.best.objective == best


def test_nothing_between_the_two_best():
    """That 7e9 - 1 cannot be reached from above 7e9 - 256, by residues alone.

    P = h (2V + l(2h + 256k + 3f + 2) + 1): all sizes but l are even multiples
    of 64, so P = h (2l + 1) modulo 128 h, and h is 128 m.
    """
    for lost in range(1, 256):
        value = 7 * 10**9 - lost
        for m in range(4, 129):
            width = 128 * m
            reached = value % width == 0 and any(
                (value // width - 2 * depth - 1) % 128 == 0 for depth in range(8, 129)
            )
            assert not reached, (lost, width)


def test_products_agree_with_every_point():
    """The second goals, by all of width, depth and inner width (the others are least)."""
    goals = {"l*h^2": 0, "h*l*f": 0}
    for x in GQA_AXES["h"]:
        for y in GQA_AXES["l"]:
            fixed = 2 * 32000 * x + x + y * (2 * x * x + 256 * x + 2 * x)
            inner = (7 * 10**9 - fixed) // (3 * x * y)
            inner = min(inner - inner % 256, 65536)
            if inner >= 1024:
                goals["l*h^2"] = max(goals["l*h^2"], y * x * x)
                goals["h*l*f"] = max(goals["h*l*f"], x * y * inner)
    assert goals == {"l*h^2": 2_729_852_928, "h*l*f": 2_306_211_840}


@pytest.mark.parametrize("arrays", [True, False])
def test_a_count_of_a_wide_space(arrays):
    """Against the sum over (width, depth) and k + 3f/256 of the vocabularies that fit."""
    import numpy as np

    widths = GQA_AXES["h"] if arrays else GQA_AXES["h"][3:90:29]
    space = Space((Axis("h", widths), *GQA_SPACE.axes[1:]))
    pairs = np.bincount([x + 3 * y for x in range(1, 33) for y in range(4, 257)])
    expected = 0
    for x in widths:
        for y in GQA_AXES["l"]:
            left = 7 * 10**9 - x - y * (2 * x * x + 2 * x)
            room = left - 256 * x * y * np.arange(len(pairs))
            steps = (room // (2 * x) - 32000) // 64 + 1
            expected += int((np.clip(steps, 0, len(GQA_AXES["V"])) * pairs).sum())
    with mock.patch("symparams.search.counting.numpy_is_there", return_value=arrays):
        assert feasible_count(space, [under(GQA, 7 * 10**9)]) == expected


@pytest.mark.parametrize(
    ("rows", "inside"),
    [
        ([(a * b, 25), (a * b + a**2 * c, 60)], lambda a, b, c: a * b <= 25 and a * b + a * a * c <= 60),
        ([(a * c, 25), (b + a * c, 20)], lambda a, b, c: a * c <= 25 and b + a * c <= 20),
        ([(-a * b, -12), (b + a * c, 20)], lambda a, b, c: a * b >= 12 and b + a * c <= 20),
        ([(a * b, 30), (a * c, 25)], lambda a, b, c: a * b <= 30 and a * c <= 25),
    ],
    ids=["one", "last", "below", "each"],
)  # fmt: skip
@pytest.mark.parametrize("ends", [(10, 20), (20, 10)])
def test_a_count_where_a_budget_leaves_a_size_alone(rows, inside, ends):
    axes = [range(1, 9), *(range(1, end + 1) for end in ends)]
    space = Space(tuple(Axis(name, axis) for name, axis in zip("abc", axes, strict=True)))
    expected = sum(itertools.starmap(inside, itertools.product(*axes)))
    assert feasible_count(space, [under(size, most) for size, most in rows]) == expected


def test_the_top_are_those_of_all():
    found = maximize(GPT_SPACE, gpt(1024), [under(gpt(1024), 7 * 10**9)], top=20)
    every = sorted(
        p
        for x in GPT_SPACE.axes[0].values
        for y in GPT_SPACE.axes[1].values
        if (p := 51283 * x + y * (12 * x * x + 13 * x)) <= 7 * 10**9
    )
    assert [point.objective for point in found.points] == every[:-21:-1]


def test_beyond_int64():
    wide = Space((Axis("a", range(1, 10**9)), Axis("b", range(1, 10**9))))
    size = 600 * a * b
    found = maximize(wide, size, [under(size, 6 * 10**20)])
    assert found.proved
    assert found.best.objective == 600 * (10**9 - 1) ** 2
    small = Space((Axis("a", range(1, 40)), Axis("b", range(1, 40))))
    huge = 10**18 * a * b + 3 * 10**17 * b
    most = 6 * 10**20
    values = [10**18 * x * y + 3 * 10**17 * y for x in range(1, 40) for y in range(1, 40)]
    fitting = [v for v in values if v <= most]
    assert maximize(small, huge, [under(huge, most)]).best.objective == max(fitting)
    assert feasible_count(small, [under(huge, most)]) == len(fitting)
    cubes = 10**18 * a**3 + b**3 * a
    fitting = [
        v for x in range(1, 40) for y in range(1, 40) if (v := 10**18 * x**3 + y**3 * x) <= most
    ]
    assert maximize(small, cubes, [under(cubes, most)]).best.objective == max(fitting)
    assert feasible_count(small, [under(cubes, most)]) == len(fitting)


def test_a_count_beyond_int64():
    wide = Space(tuple(Axis(name, range(1, 10**7 + 1)) for name in "abc"))
    everything = under(a + b + c, 3 * 10**7)
    assert feasible_count(wide, [everything]) == 10**21
    half = feasible_count(wide, [under(a + b, 10**7 + 1, "<")])
    assert half == 10**7 * (10**7 * (10**7 - 1) // 2)


def test_fractions_among_the_values():
    space = Space((Axis("a", (Fraction(1, 2), 1, Fraction(3, 2))), Axis("b", range(1, 5))))
    found = maximize(space, a * b, [under(a + b, 4, "<")])
    assert found.best.objective == 3
    assert feasible_count(space, [under(a + b, 4, "<")]) == 7


def test_conditions_hold():
    space = Space(
        (Axis("a", range(1, 65)), Axis("b", range(1, 65))),
        (Condition("integer", a / b), compared(b, ">=", 3)),
    )
    found = maximize(space, a * b, [under(a + b, 70)])
    assert found.best.values == {"a": 35, "b": 35}
    expected = sum(1 for x in range(1, 65) for y in range(3, 65) if x % y == 0 and x + y <= 70)
    assert feasible_count(space, [under(a + b, 70)]) == expected


def test_a_goal_that_turns():
    space = Space((Axis("a", range(1, 2001)), Axis("b", range(1, 2001))))
    goal = 6000 * a - 3 * a**2 - (b - 77) ** 2 + minimum(a, floor_divide(b, 3))
    found = maximize(space, goal, [under(a + b, 2000)])
    best = max(
        6000 * x - 3 * x * x - (y - 77) ** 2 + min(x, y // 3)
        for x in range(900, 1101)
        for y in range(1, 400)
        if x + y <= 2000
    )
    assert found.proved
    assert found.best.objective == best


def test_samples_are_uniform():
    """Chi-squared over every feasible point, by either method."""
    space = Space((Axis("a", range(1, 7)), Axis("b", range(1, 7))))
    budget = under(a * b, 12)
    points = {(x, y) for x in range(1, 7) for y in range(1, 7) if x * y <= 12}
    for patience, method in ((20.0, "counting"), (-1.0, "rejection")):
        drawn = sample(space, [budget], 2_300, seed=1, patience=patience)
        assert drawn.method == method
        counts = dict.fromkeys(points, 0)
        for point in drawn.points:
            counts[tuple(point.values.values())] += 1
        mean = 2_300 / len(points)
        chi = sum((n - mean) ** 2 / mean for n in counts.values())
        assert chi < 52  # 22 degrees of freedom: one seed in several thousand is beyond


def test_samples_of_a_wide_space_fit():
    drawn = sample(GQA_SPACE, [under(GQA, 7 * 10**9)], 200, seed=0)
    assert drawn.method == "counting"
    assert len({tuple(p.values.values()) for p in drawn.points}) == 200
    assert all(p.spent[0].value <= 7 * 10**9 for p in drawn.points)
    assert drawn == sample(GQA_SPACE, [under(GQA, 7 * 10**9)], 200, seed=0)


def test_a_front_of_parameters_and_products():
    space = Space((Axis("h", range(256, 2049, 64)), Axis("l", range(2, 49))))
    size, work = gpt(1024), l * h**2 + 3 * h
    found = pareto(space, [under(size, 10**9)], [(size, "max"), (work, "min")])
    points = {
        (51283 * x + y * (12 * x * x + 13 * x), y * x * x + 3 * x)
        for x in space.axes[0].values
        for y in space.axes[1].values
    }
    fit = [p for p in points if p[0] <= 10**9]
    best = {p for p in fit if not any(q != p and q[0] >= p[0] and q[1] <= p[1] for q in fit)}
    assert {point.goals for point in found.points} == best
    assert found.proved


def test_a_front_of_quick_optima_ends_with_the_time():
    space = Space((Axis("h", range(1, 201)), Axis("l", range(1, 201))))
    goals = [(h * l - l, "max"), (h + l, "min")]
    found = pareto(space, [], goals, limit_seconds=0)
    assert (found.proved, found.points) == (False, ())
    assert found.status == "stopped after 0 s, not proved"


@pytest.mark.parametrize("constant", [0, 41])
def test_a_goal_that_is_the_same_everywhere_ends_the_front(constant):
    """Nothing is better than its best: gone through once, on boxes as by optima."""
    space = Space((Axis("h", range(1, 201)), Axis("l", range(1, 201))))
    for small in (1 << 10, 1 << 20):
        with mock.patch("symparams.search.front.SMALL", small):
            for goals in ([(h * l, "max"), (constant, "min")], [(constant, "max"), (h * l, "max")]):
                found = pareto(space, [under(h * l, 9_999)], goals, limit_seconds=5)
                assert found.proved
                assert [{*point.goals} for point in found.points] == [{9_999, constant}]
    found = pareto(space, [under(h * l, 9_999)], [(0, "max"), (constant, "min")], limit_seconds=5)
    assert (found.proved, [point.goals for point in found.points]) == (True, [(0, constant)])


def test_the_least():
    found = least(GQA_SPACE, GQA)
    assert found.proved
    assert found.values == {name: values[0] for name, values in GQA_AXES.items()}


def test_a_search_that_is_stopped_says_so():
    """No proof without an end of the search; the bound still holds."""
    few = range(1, 40)
    space = Space(tuple(Axis(name, few) for name in "abc"))
    size = maximum(a * b, b * c) + a * c
    with (
        mock.patch("symparams.search.optimum.available", return_value=False),
        mock.patch("symparams.search.optimum.BLOCK", 16),
    ):
        found = maximize(space, a * b - c, [under(size, 999)], limit_seconds=0)
    best = max(x * y - z for x in few for y in few for z in few if max(x * y, y * z) + x * z <= 999)
    assert not found.proved
    assert found.best.objective <= best < found.bound
    assert found.status == (
        "stopped after 0 s, not proved; pip install 'symparams[solve]' adds CP-SAT"
    )
    proved = maximize(space, a * b - c, [under(size, 999)])
    assert (proved.best.objective, proved.proved) == (best, True)


# --- what is refused ---------------------------------------------------------------

ONE = Space((Axis("h", range(64, 1025, 64)), Axis("l", range(1, 9))))


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (
            lambda: maximize(ONE, h * l, [under(h * l, 10)]),
            "no size meets 'params <= 10': the least params is 64, at h=64, l=1",
        ),
        (
            lambda: maximize(ONE, h * l, [under(h * l, 10**6, ">")]),
            "no size meets 'params > 1,000,000': the largest params is 8,192, at h=1024, l=8",
        ),
        (
            lambda: maximize(ONE, h * l, [under(h * l, 8192, ">")]),
            "no size meets 'params > 8,192': the largest params is 8,192, at h=1024, l=8",
        ),
        (
            lambda: maximize(ONE, h, [under(h * l, 100), under(l, 3, ">=", "depth")]),
            "no size meets 'params <= 100' and 'depth >= 3': "
            "under the others, the largest depth is 1, at h=64, l=1",
        ),
        (
            lambda: maximize(ONE, h, [under(h * l, 100, "==")]),
            "no size meets 'params == 100'",
        ),
        (
            lambda: sample(ONE, [under(h * l, 10)], 3),
            "no size meets 'params <= 10': the least params is 64, at h=64, l=1",
        ),
        (
            lambda: pareto(ONE, [under(h * l, 10)], [(h, "max"), (l, "min")]),
            "no size meets 'params <= 10': the least params is 64, at h=64, l=1",
        ),
        (
            lambda: maximize(ONE, h * V, []),
            "the objective depends on 'V', not given a value or values to search",
        ),
        (
            lambda: feasible_count(ONE, [under(h * V + f, 10)]),
            "the budget 'params <= 10' depends on 'V', 'f', not given a value or values to search",
        ),
        (lambda: maximize(Space(()), h, []), "the objective depends on 'h', not given"),
        (lambda: feasible_count(Space(())), "a search needs at least one size to vary"),
        (lambda: feasible_count(Space((Axis("h", ()),))), "'h' has no value"),
        (lambda: feasible_count(Space((Axis("h", (2, 1)),))), "distinct and rising"),
        (lambda: feasible_count(Space((*ONE.axes, *ONE.axes))), "'h' is given twice"),
        (lambda: axis_of("h", Domain(low=1)), "'h' is an integer from 1, without an end"),
        (lambda: axis_of("h", Domain(5, 3)), "'h' has no value in 5..3"),
        (
            lambda: axis_of("h", Domain(1, 10), 16),
            "'h' has no value that is a multiple of 16 in 1..10",
        ),
        (lambda: maximize(ONE, h, top=0), "'top' must be at least 1, not 0"),
        (lambda: pareto(ONE, [], []), "a Pareto front needs at least one goal"),
        (lambda: pareto(ONE, [], [(h, "most")]), "a goal is 'max' or 'min', not 'most'"),
        (lambda: feasible_count(ONE, [under(h, 3, "!=")]), "not by '!='"),
        (
            lambda: maximize(Space(ONE.axes, (compared(h * l, "<", 9),)), h, []),
            "no configuration meets the conditions: ",
        ),
        (
            lambda: maximize(Space((Axis("a", range(-2, 3)),)), 6 / a, []),
            "a formula divides by zero at a size in the space",
        ),
    ],
)
def test_refused(ask, message):
    with pytest.raises(SymparamsError) as error:
        ask()
    assert message in str(error.value)


def test_counts_of_nothing_are_zero():
    assert feasible_count(ONE, [under(h * l, 10)]) == 0
    assert feasible_count(Space(ONE.axes, (compared(h, "<", 9),))) == 0


def test_axes_of_domains():
    assert axis_of("h", Domain(1, 100, 3), 4) == Axis("h", range(4, 101, 12))
    assert axis_of("h", Domain(choices=(7, 3, 7))) == Axis("h", (3, 7))
    assert 6 in Axis("h", (2, 6))
    assert 5 not in Axis("h", (2, 6))


def test_nothing_heavy_is_imported():
    code = "import sys, symparams.search; print({'numpy', 'ortools', 'sympy'} & set(sys.modules))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "set()\n"


# --- what is kept ---


@pytest.mark.parametrize("top", [1, 2, 5, 20])
def test_the_best_are_kept_of_equal_ones_the_first(top):
    values = [3, 9, 9, -2, Fraction(19, 2), 9, 3, 10, 0, 10]
    keeper = Keeper(top, None, None)
    for place, value in enumerate(values):
        kept = sorted(values[:place], reverse=True)[:top]
        assert keeper.threshold() == (kept[-1] if len(kept) == top else -math.inf)
        keeper.offer(value, {"place": place})
    ordered = sorted(enumerate(values), key=lambda one: (-one[1], one[0]))[:top]
    assert keeper.best_first() == [(value, {"place": place}) for place, value in ordered]


def test_now_and_then_the_clock_is_looked_at():
    seen = []
    keeper = Keeper(1, None, lambda done, of: seen.append((done, of)))
    for _ in range(3 * STEPS + 1):
        keeper.tick()
    assert seen == [(STEPS, None), (2 * STEPS, None), (3 * STEPS, None)]
    assert keeper.nodes == 3 * STEPS + 1
    late = Keeper(1, -1, None)
    for _ in range(STEPS - 1):
        late.tick()
    with pytest.raises(OutOfTimeError):
        late.tick()


@pytest.mark.parametrize("arrays", [True, False])
@pytest.mark.parametrize("many", [70, 200])
def test_spaces_of_many_sizes(many, arrays):
    """More sizes than an array has dimensions: few of them vary in one box."""
    sizes = [symbol(f"k[{n}]") for n in range(many)]
    space = Space(tuple(Axis(f"k[{n}]", (3, 5, 7)) for n in range(many)))
    total = add_up(64 * n + 8 for n in sizes)
    budget = under(total, 200 * many + 7 * 128)
    with mock.patch("symparams.search.optimum.numpy_is_there", return_value=arrays):
        assert set(least(space, total).values.values()) == {3}
        found = maximize(space, total, [budget])
    assert found.proved
    assert found.best.objective == 200 * many + 7 * 128
