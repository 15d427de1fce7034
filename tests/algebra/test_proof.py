"""Verdicts: True is proved, False has a smallest point, None admits that it is not known."""

from __future__ import annotations

import time
from itertools import product as every

import pytest
from hypothesis import assume, given, settings, strategies as st

from symparams.algebra import (
    PLAIN,
    Domain,
    Facts,
    add_up,
    ceil,
    floor,
    make_divisible,
    maximum,
    minimum,
    modulo,
    power,
    substitute,
    symbol,
)
from symparams.algebra.proof import affordable, compare, points
from symparams.errors import SymparamsError
from tests.algebra.expressions import NAMES, UndefinedError, built, formulas, number, strided
from tests.algebra.test_facts import FACTS, allowed_points, at

H, W, a, b, d, h, n, s = (symbol(x) for x in ("H", "W", "a", "b", "d", "h", "n", "s"))
alpha = symbol("alpha", integer=False)

PROVED = [
    (Facts(), make_divisible(h * 8, 8), 8 * h),
    (PLAIN, (h + 1) ** 2, h**2 + 2 * h + 1),
    (PLAIN, floor(H / 2) + ceil(H / 2), H),
    (PLAIN, floor((H + 1) / 2), ceil(H / 2)),
    (PLAIN, floor(H / 2) + floor((H + 1) / 2), H),
    (PLAIN, floor(H / 3) + floor((H + 1) / 3) + floor((H + 2) / 3), H),
    (PLAIN, floor(H / 2) * floor((H + 1) / 2), floor(H * H / 4)),
    (PLAIN, floor((H * H + H) / 2), (H * H + H) / 2),
    (PLAIN, floor(2 * floor(H / 2) / 3), floor(H / 6) + floor((H + 2) / 6)),
    (PLAIN, floor(2 * floor(H / 2) / 3), floor((H - modulo(H, 2)) / 3)),
    (Facts(multiples={"H": 32}), ceil(H / 32), H / 32),
    (Facts(multiples={"H": 2}), floor((H + 1) / 2), H / 2),
    (Facts(divides=frozenset({("a", "d")})), floor(d / a) * a, d),
    (Facts({"s": Domain(choices=(1, 2))}), s**2, 3 * s - 2),
    (Facts({"s": Domain(choices=(1, 2))}), floor(s / 2), s - 1),
    (Facts({"s": Domain(2, 6, 2)}), minimum(s, 7), s),
    (Facts({"n": Domain(1, 2)}), power(2, n), 2 * n),
]  # fmt: skip


@pytest.mark.parametrize(("facts", "left", "right"), PROVED, ids=lambda x: str(x)[:60])
def test_proved(facts, left, right):
    verdict = compare(left, right, facts)
    assert verdict.equal is True
    assert verdict.reason
    assert not verdict.point


REFUTED = [
    (PLAIN, h, h + 1, {"h": 1}, (1, 2)),
    (PLAIN, 2, 3, {}, (2, 3)),
    (PLAIN, h, 1, {"h": 2}, (2, 1)),
    (PLAIN, h * (h - 1) * (h - 2), 0, {"h": 3}, (6, 0)),
    (PLAIN, h**2, h * W, {"h": 1, "W": 2}, (1, 2)),
    (PLAIN, floor(H / 2), floor((H + 1) / 2), {"H": 1}, (0, 1)),
    (PLAIN, floor(H / 32), ceil(H / 32), {"H": 1}, (0, 1)),
    (PLAIN, floor(H / 7), 0, {"H": 7}, (1, 0)),
    (PLAIN, power(2, n), n**2, {"n": 1}, (2, 1)),
    (PLAIN, (h - 1) * W + 5, 5, {"W": 1, "h": 2}, (6, 5)),
    (PLAIN, W + h - h * 1, W + 1, {"W": 1}, (1, 2)),
    (Facts(multiples={"h": 8}), h, 8, {"h": 16}, (16, 8)),
    (Facts({"h": Domain(64, 1024, 64)}), h, 64, {"h": 128}, (128, 64)),
    (Facts({"h": Domain(1, 2_000), "a": Domain(choices=(1, 2))}), floor(h / 1990) * a, 0,
     {"a": 1, "h": 1990}, (1, 0)),
    (Facts(divides=frozenset({("a", "d")})), d / a, 1, {"a": 1, "d": 2}, (2, 1)),
    (Facts(least=(h - W - 1,)), h + W, W + 3, {"h": 2, "W": 1}, (3, 4)),
    (Facts(least=(h - W - 1,)), h - W, 1, {"h": 3, "W": 1}, (2, 1)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("facts", "left", "right", "point", "values"), REFUTED, ids=lambda x: str(x)[:60]
)
def test_refuted_at_the_smallest_point(facts, left, right, point, values):
    verdict = compare(left, right, facts)
    assert verdict.equal is False
    assert (dict(verdict.point), (verdict.left, verdict.right)) == (point, values)


UNDECIDED = [
    (PLAIN, floor(floor(h / a) / b), floor(h / (a * b))),
    (PLAIN, minimum(h, 30_000), h),
    (PLAIN, floor(h / 25_000), 0),
    (Facts(), make_divisible(h * 4, 8), 8 * floor((h + 1) / 2)),
]


@pytest.mark.parametrize(("facts", "left", "right"), UNDECIDED, ids=lambda x: str(x)[:60])
def test_undecided(facts, left, right):
    verdict = compare(left, right, facts)
    assert verdict.equal is None
    assert "smallest" in verdict.reason
    assert not verdict.point


def test_what_is_allowed_is_asked():
    def odd(point):
        return point.get("h", 1) % 2 == 1

    verdict = compare(h, 1, PLAIN, odd)
    assert dict(verdict.point) == {"h": 3}
    verdict = compare(h + W, h + W + 1, PLAIN, lambda p: p.get("W", 4) > 3)
    assert verdict.point["W"] == 4
    assert (verdict.left, verdict.right) == (5, 6)


def test_where_nothing_is_allowed_nothing_is_claimed():
    for left, right in [(h, h + 1), (h, W), (floor(h / 2), h)]:
        verdict = compare(left, right, PLAIN, lambda p: False)
        assert verdict.equal is None
        assert verdict.reason == "no allowed point was found"
    assert compare(h, 2 * h - h, PLAIN, lambda p: False).equal is True


def test_a_value_that_nothing_allows_is_asked_about_once():
    """Of 20 widths none is deep enough: that is not found out anew for every depth."""
    asked = []

    def deep(point):
        asked.append(point)
        return point.get("h", 30) > 20

    facts = Facts(domains={"h": Domain(1, 20)})
    verdict = compare(h * W, 1, facts, deep)
    assert verdict.reason == "no allowed point was found"
    assert len(asked) == 20  # of depths there are too many to ask about each


def test_of_a_long_list_each_value_is_asked_about_when_it_is_met():
    """No depth is allowed: that is told of each alone, not once for every width."""
    asked = []

    def shallow(point):
        asked.append(point)
        return "W" not in point

    facts = Facts(domains={"h": Domain(1, 5)})
    assert compare(h * W, 1, facts, shallow).reason == "no allowed point was found"
    assert [p for p in asked if len(p) > 1] == []
    assert len(asked) == 5 + 5_000
    assert {p["W"] for p in asked[5:]} == set(range(1, 5_001))

    # What a later depth makes good is found; a value asked about alone is not the last word.
    verdict = compare(h * W, h, facts, lambda p: p.get("W", 300) >= 300 and p.get("h", 4) == 4)
    assert dict(verdict.point) == {"h": 4, "W": 300}
    verdict = compare(h * W, h, facts, lambda p: len(p) < 2 or p["h"] + p["W"] > 250)
    assert dict(verdict.point) == {"h": 1, "W": 250}


def test_long_formulas_are_tried_at_fewer_points():
    long = add_up(h**k * n**k for k in range(1, 401))
    assert affordable([h, 3]) == affordable([]) == 50_000
    assert affordable([h], 5_000) == 5_000
    assert affordable([long, long]) == 250  # 800 terms at each
    assert affordable([long] * 100) == 200
    # The two differ where h is over a million.
    verdict = compare(minimum(h, 10**6 + n) * long, h * long, PLAIN)
    assert verdict.equal is None
    assert "not at the 250 smallest points" in verdict.reason


def test_points_of_a_thousand_sizes():
    """Each takes a step from the least values in turn; no recursion goes as deep."""
    many = [symbol(f"k[{n}]") for n in range(1_000)]
    facts = Facts(domains={f"k[{n}]": Domain(3, 7, 2) for n in range(1_000)})
    total = add_up(many)
    verdict = compare(total, 3_000 + floor(many[7] / 9), facts)
    assert verdict.equal is False
    assert [n for n, value in verdict.point.items() if value != 3] == ["k[0]"]
    assert (verdict.left, verdict.right) == (3_002, 3_000)


@given(st.lists(st.integers(0, 3), max_size=4), st.integers(0, 9))
def test_points_come_by_the_sum_of_their_steps(limits, most):
    names = [f"s{k}" for k in range(len(limits))]
    facts = Facts(domains={n: Domain(0, limit) for n, limit in zip(names, limits, strict=True)})
    steps = every(*(range(limit + 1) for limit in limits))
    wanted = sorted(steps, key=lambda one: (sum(one), [-step for step in one]))
    found = [tuple(p[n] for n in names) for p in points(names, facts, lambda p: True, most)]
    assert found == wanted[:most]


def test_a_point_without_a_completion_is_no_counterexample():
    # h = 1 has no allowed W, h = 2 has one: W itself is not in the difference
    verdict = compare(h + W, W, PLAIN, lambda p: p.get("W", 9) > 5 and p.get("h", 2) > 1)
    assert dict(verdict.point) == {"h": 2, "W": 6}
    assert verdict.left - verdict.right == 2

    def never_complete(point):
        return len(point) < 2

    assert compare(h + W, W, PLAIN, never_complete).equal is None
    one_or_two = Facts({"h": Domain(1, 2)})
    assert compare(h + W, W + 1, one_or_two, never_complete).equal is None


def test_points_that_a_formula_does_not_admit_are_passed_over():
    verdict = compare(power(10, h**3), 10 * h, PLAIN)
    assert dict(verdict.point) == {"h": 2}
    assert compare(10**2 * power(10, 100 * h), 1, Facts({"h": Domain(1, 9)})).equal is False


def test_huge_domains_are_not_listed():
    start = time.process_time()
    verdict = compare(h, 5, Facts({"h": Domain(1, 10**12)}))
    assert dict(verdict.point) == {"h": 1}
    verdict = compare(floor(h / 10**9), 0, Facts({"h": Domain(1, 10**12, 10**9 + 7)}))
    assert dict(verdict.point) == {"h": 10**9 + 8}
    assert time.process_time() - start < 5


def test_a_search_that_finds_nothing_allowed_ends():
    start = time.process_time()
    assert compare(h * W, h + W, PLAIN, lambda p: False).equal is None
    assert time.process_time() - start < 20


def test_the_first_points_may_be_thousands_of_steps_away():
    """Of two sizes, 108*109/2 points stand before one whose steps are 108."""
    first = next(points(["a", "b"], PLAIN, lambda p: p["a"] + p["b"] >= 110))
    assert sum(first.values()) == 110


def test_points_come_by_size():
    found = list(
        points(["h", "n"], Facts({"h": Domain(2, 6, 2), "n": Domain(1, 2)}), lambda p: True)
    )
    assert [tuple(p.values()) for p in found] == [(2, 1), (4, 1), (2, 2), (6, 1), (4, 2), (6, 2)]
    assert list(points([], PLAIN, lambda p: True)) == [{}]
    assert list(points(["h"], Facts({"h": Domain(5, 7)}, {"h": 4}), lambda p: True)) == []


# --- never wrong -----------------------------------------------------------


def steps(point, facts):
    """How far a point is from the least one."""
    total = 0
    for name, value in point.items():
        domain, multiple = facts.domains.get(name, Domain()), facts.multiples.get(name, 1)
        total += list(domain.values(multiple, most=200)).index(value)
    return total


def check(facts, left, right):
    ours, theirs = built(left), built(right)
    assume(ours is not None and theirs is not None)
    try:
        verdict = compare(ours, theirs, facts)
    except SymparamsError:
        assume(False)
    names = {x.name for z in (ours, theirs) if hasattr(z, "symbols") for x in z.symbols()}
    if verdict.equal is False:
        assert set(verdict.point) == names
        assert facts.admits(verdict.point)
        assert all(at(size, verdict.point) >= 0 for size in facts.least if names_of(size) <= names)
        assert verdict.left == number(left, {**dict.fromkeys(NAMES, 1), **verdict.point})
        assert verdict.right == number(right, {**dict.fromkeys(NAMES, 1), **verdict.point})
        assert verdict.left != verdict.right
    for point in allowed_points(facts):
        try:
            same = number(left, point) == number(right, point)
        except (UndefinedError, OverflowError):
            continue
        if verdict.equal is True:
            assert same, (ours, theirs, point)
    return verdict


def names_of(size):
    return {x.name for x in size.symbols()}


@settings(max_examples=60)
@given(FACTS, formulas(leaves=5), formulas(leaves=5))
def test_verdicts_are_never_wrong(facts, left, right):
    check(facts, left, right)


@settings(max_examples=80)
@given(strided(), strided())
def test_verdicts_on_windows(left, right):
    """Formulas of one axis always split by residues, so there is always an answer."""
    verdict = check(PLAIN, left, right)
    if verdict.equal is False:
        for value in range(1, verdict.point.get("h", 1)):
            assert number(left, {"h": value}) == number(right, {"h": value})
    elif verdict.equal is None:
        assert "floors do not split" not in verdict.reason


@settings(max_examples=60)
@given(strided(), st.integers(1, 4), st.integers(1, 4))
def test_equal_windows_written_differently_are_proved(expression, c, e):
    left = ("//", ("//", expression, ("number", c)), ("number", e))
    whole = ("//", expression, ("number", c * e))
    rest = ("-", expression, ("%", expression, ("number", c)))
    assert check(PLAIN, left, whole).equal is True
    assert check(PLAIN, ("*", ("//", expression, ("number", c)), ("number", c)), rest).equal is True


@given(st.lists(st.integers(-3, 3), min_size=4, max_size=4), st.integers(1, 5))
def test_the_point_is_the_smallest(coefficients, root):
    """Of a polynomial in two symbols that vanishes on the small points of an axis."""
    left = sum(k * x for k, x in zip(coefficients, (h, h * n, n, 1), strict=True))
    zero = 1
    for r in range(1, root + 1):
        zero = zero * (h - r)
    verdict = compare(left * zero, 0, PLAIN)
    differing = [
        {"h": x, "n": y}
        for x, y in every(range(1, 12), repeat=2)
        if substitute(left * zero, {"h": x, "n": y}) != 0
    ]
    if not differing:
        assert verdict.equal is True
        return
    least = min(steps(p, PLAIN) for p in differing)
    if set(verdict.point) == {"h", "n"}:
        assert steps(verdict.point, PLAIN) == least
    assert substitute(left * zero, verdict.point) != 0


#: Equal where the smaller and the larger of two are written by their gap.
BY_GAPS = [
    (a - minimum(a, b), maximum(0, a - b), True),
    (minimum(a, b) + maximum(a, b), a + b, True),
    (maximum(0, a - b) - maximum(0, b - a), a - b, True),
    (h * minimum(a, b) + 3 * h * maximum(0, a - b), 3 * h * a - 2 * h * minimum(a, b), True),
    (a - minimum(a, b), maximum(0, a - b) + 1, False),
    (maximum(a, b), a + maximum(0, a - b), False),
]


@pytest.mark.parametrize(("left", "right", "equal"), BY_GAPS)
def test_the_larger_and_the_smaller_of_two(left, right, equal):
    found = compare(left, right, PLAIN)
    assert found.equal is equal
    assert equal is False or found.reason == "equal, where max(x, y) is y + max(0, x - y)"
