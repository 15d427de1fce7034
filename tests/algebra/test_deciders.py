"""Symbols with bounds of their own, stated conditions: nothing that is concluded is wrong.

An index may begin at 0 or below it, a rational may lie below 1. Every answer
of a decider is checked at the points of a small box that the conditions admit,
where expressions are computed with Fractions alone.
"""

from __future__ import annotations

import pickle
from fractions import Fraction
from itertools import pairwise, product as every

import pytest
from hypothesis import assume, given, settings, strategies as st

from symparams.algebra import (
    PLAIN,
    Domain,
    Every,
    Facts,
    Polynomial,
    Symbol,
    floor,
    floor_divide,
    is_integral,
    make_divisible,
    maximum,
    minimum,
    modulo,
    power,
    substitute,
    symbol,
    text,
)
from symparams.algebra.conditions import (
    FALSE,
    TRUE,
    Condition,
    assuming,
    compared,
    either,
    facts_from,
    negated,
    never_met,
)
from symparams.algebra.divisors import joined_classes
from symparams.algebra.proof import compare
from symparams.algebra.residues import residue_cases
from symparams.algebra.sign_patterns import stretches
from symparams.algebra.sums import MOST_DEGREE, sum_over
from symparams.errors import SymparamsError
from tests.algebra.expressions import UndefinedError, formulas, number, size

SYMBOLS = {
    "a": symbol("a"),
    "k": symbol("k", low=0),
    "j": symbol("j", low=None),
    "r": symbol("r", integer=False),
}
VALUES = {
    "a": [1, 2, 3, 6],
    "k": [0, 1, 2, 5],
    "j": [-4, -1, 0, 1, 3],
    "r": [Fraction(1, 7), Fraction(1, 2), 1, Fraction(9, 4)],
}
POINTS = [dict(zip(VALUES, values, strict=True)) for values in every(*VALUES.values())]
TESTS = {
    "integral": lambda x: x.denominator == 1,
    "nonnegative": lambda x: x >= 0,
    "positive": lambda x: x > 0,
    "zero": lambda x: x == 0,
}
HARD = (UndefinedError, OverflowError, ZeroDivisionError)

a, k, j, r = SYMBOLS.values()
below = symbol("below", low=-2)
b, c, h, i, f, m, n, p, q, s, w, N = (symbol(x) for x in "bchifmnpqswN")


def built(expression):
    try:
        return size(expression, SYMBOLS)
    except SymparamsError:
        return None


# --- what a symbol says of itself -----------------------------------------------


def test_a_symbol_is_told_apart_by_its_least_value():
    kinds = [Symbol("k"), Symbol("k", low=0), Symbol("k", low=None), Symbol("k", integer=False)]
    assert len(set(kinds)) == 4
    assert [x.low for x in kinds] == [1, 0, None, None]
    assert Symbol("k", low=0) is Symbol("k", low=0)
    assert Symbol("k", integer=False, low=5) is Symbol("k", integer=False)
    for one in kinds:
        assert pickle.loads(pickle.dumps(one)) is one


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (maximum(k, 0), "k"),
        (maximum(k, 1), "max(1, k)"),
        (maximum(k + 1, 1), "k + 1"),
        (maximum(k + 3, 4), "max(4, k + 3)"),
        (maximum(j, 0), "max(0, j)"),
        (minimum(j, j + k), "j"),
        (minimum(j, j * j), "min(j, j^2)"),
        (maximum(k * k, k), "max(k, k^2)"),
        (maximum(r, 1), "max(1, r)"),
        (maximum(r, 0), "r"),
        (maximum(2 * r, r), "2*r"),
        (maximum(symbol("l", low=7), 7), "l"),
        (maximum(symbol("l", low=7), 8), "max(8, l)"),
        (maximum(floor(k / 2), 0), "floor(k/2)"),
        (maximum(floor(j / 2), 0), "max(0, floor(j/2))"),
        # only what is one minimum as it stands is opened
        (minimum(2 * minimum(h, 5), w), "min(2*min(5, h), w)"),
        (minimum(minimum(h, 5) ** 2, w), "min(min(5, h)^2, w)"),
        (minimum(h * minimum(w, 5), n), "min(h*min(5, w), n)"),
        (minimum(maximum(h, 5), w), "min(max(5, h), w)"),
        (minimum(-5, h), "-5"),
        (maximum(h, w, h + w), "h + w"),
    ],
    ids=str,
)
def test_extremes_ask_their_symbols(value, shown):
    assert text(value) == shown


@pytest.mark.parametrize(
    ("question", "value", "answer"),
    [
        ("positive", k, None),
        ("positive", k + 1, True),
        ("nonnegative", k, True),
        ("nonnegative", j, None),
        ("positive", r, True),
        ("positive", r - 1, None),
        ("nonnegative", 1 / r, True),
        ("nonnegative", k * j, None),
        ("nonnegative", a * k - k, True),
        ("integral", power(2, k), True),
        ("integral", power(2, j), None),
        ("integral", power(2, k) / 2, None),
        ("integral", power(2, floor(j / 3)), None),
        ("integral", power(2, maximum(j, 0)), True),
        ("integral", power(2, minimum(j, 0)), None),
        ("integral", floor(j / 2), True),
        ("zero", 2 * j - 7, False),
        ("zero", j, None),
        ("nonnegative", make_divisible(h, 8) - 8, True),
        ("nonnegative", make_divisible(h, 8) - 9, None),
        ("positive", k / h, None),
        ("nonnegative", k / h, True),
        ("nonnegative", -h / k, None),
        # an index that begins at -2: in a product its sign would count
        ("nonnegative", below + 2, True),
        ("nonnegative", below + 1, None),
        ("nonnegative", below * h + 2, None),
        ("nonnegative", floor(below / 2) + 1, True),
        ("nonnegative", floor(below / 2) * h + 1, None),
        ("nonnegative", maximum(below, -9) * h + 2, None),
        ("nonnegative", maximum(below, -w) * h + 2, None),
        ("nonnegative", 4 - below * below, None),
    ],
    ids=str,
)
def test_answers_about_indices_and_fractions(question, value, answer):
    assert getattr(PLAIN, question)(value) is answer


@settings(max_examples=250, deadline=None)
@given(formulas(tuple(SYMBOLS), leaves=6))
def test_nothing_said_without_facts_is_wrong(expression):
    """The size is the expression at every point, and so are the answers about it."""
    made = built(expression)
    assume(made is not None)
    answers = {question: getattr(PLAIN, question)(made) for question in TESTS}
    bound = PLAIN.at_least(made)
    for point in POINTS[::3]:
        try:
            value = number(expression, point)
            assert substitute(made, point) == value, (made, point)
        except (*HARD, SymparamsError):
            continue
        assert bound is None or value >= bound
        for question, test in TESTS.items():
            if answers[question] is not None:
                assert test(value) is answers[question], (question, made, point)


@settings(max_examples=100, deadline=None)
@given(formulas(("k", "j"), leaves=5))
def test_residue_cases_of_indices(expression):
    made = built(expression)
    cases = None if made is None else residue_cases(made, {})
    assume(cases)
    for replaced, case in cases:
        for value in range(-4, 5):
            point = dict.fromkeys(replaced, value)
            inner = {name: substitute(z, {name: value}) for name, z in replaced.items()}
            if inner.get("k", 0) >= 0:
                assert substitute(case, {**point, "k": 3, "j": 2, **point}) == substitute(
                    made, {"k": 3, "j": 2, **inner}
                )


def test_the_places_of_a_range_count_from_0():
    """At the first value of the range the maximum is 4, not h."""
    found = stretches(maximum(h, 4) - 4, Symbol("h"), range(3, 5_000))
    assert [(x.first, x.last, x.sign) for x in found or ()] == [(3, 4, 0), (5, 4_999, 1)]


# --- sums with an extreme ---------------------------------------------------------


@pytest.mark.parametrize(
    ("term", "low", "high", "total"),
    [
        (lambda x: maximum(x, 1), 0, n, "n^2/2 + n/2 + 1"),
        (lambda x: maximum(x, 2), 1, n, "n^2/2 + n/2 + 1"),
        (lambda x: maximum(x, 1), 0, n - 1, "n^2/2 - n/2 + 1"),
        (lambda x: maximum(x, 4), 0, 3, "16"),
        (lambda x: maximum(x + 3, 4), 0, 3, "19"),
        # whether the third pass takes place is open
        (lambda x: maximum(x, 3), 0, n, None),
        (lambda x: maximum(x, 2), 0, n, "n^2/2 + n/2 + 3"),
        (lambda x: maximum(x, 2), 0, n + 1, "n^2/2 + 3*n/2 + 4"),
        (lambda x: minimum(x, n), 0, n, None),
        (lambda x: minimum(x, 1), 0, n, "n"),
        (lambda x: maximum(x, -x), -2, n, "n^2/2 + n/2 + 3"),
        (lambda x: n / x, 1, n, None),
        (lambda x: x / n, 1, n, "n/2 + 1/2"),
        (lambda x: power(2, x), 0, n, "2*2^n - 1"),
        (lambda x: 1 / power(2, x), 0, n, None),
        (lambda x: power(2, x * n), 0, n, None),
        (lambda x: power(n, x), 0, n, None),
        (lambda x: floor(x / 2), 0, n, None),
        (lambda x: maximum(x, 1) / x, 1, n, "n"),
    ],
)
def test_sums(term, low, high, total):
    index = Symbol("x", low=low)
    found = sum_over(term(symbol("x", low=low)), index, low, high)
    assert (None if found is None else text(found)) == total
    for value in range(1, 6):
        last = substitute(high, {"n": value})
        if found is not None:
            passes = (substitute(term(x), {"n": value}) for x in range(low, last + 1))
            assert substitute(found, {"n": value}) == sum(passes)


def test_facts_say_that_the_first_passes_take_place():
    index = Symbol("x", low=0)
    term = maximum(symbol("x", low=0), 3)
    assert sum_over(term, index, 0, n) is None
    found = sum_over(term, index, 0, n, facts_from([compared(n, ">=", 2)], {}))
    assert found is not None
    for last in range(2, 9):
        assert substitute(found, {"n": last}) == sum(max(x, 3) for x in range(last + 1))


@settings(max_examples=150, deadline=None)
@given(
    st.integers(-3, 3), st.integers(-4, 4), st.integers(-2, 2), st.integers(-4, 4), st.booleans(),
    st.integers(-3, 3),
)  # fmt: skip
def test_sums_of_extremes_are_never_wrong(slope, start, other, end, most, low):
    def term(x):
        return (maximum if most else minimum)(slope * x + start, other * x + end)

    found = sum_over(term(symbol("x", low=low)), Symbol("x", low=low), low, n + low)
    if found is not None:
        for last in range(1, 8):
            passes = [substitute(term(x), {}) for x in range(low, last + low + 1)]
            assert substitute(found, {"n": last}) == sum(passes)


# --- stated conditions -------------------------------------------------------------

STATED = [
    # bounds both ways
    ("c < 64", "c == 64", False),
    ("c <= 63", "c == 64", False),
    ("c <= 64", "c == 64", None),
    ("c > 64", "c == 64", False),
    ("c <= 64 and c != 64", "c < 64", True),
    ("c <= 64 and c != 64", "c <= 63", True),
    ("2*c <= 9", "c <= 4", True),
    ("2*c <= 9", "c <= 3", None),
    ("s <= N and N <= 512", "s <= 512", True),
    ("s <= N and N <= 512", "s < 512", None),
    ("s < N", "N == s", False),
    ("s <= N", "N == s", None),
    ("s <= N", "max(s, N) == N", True),
    ("s <= N", "min(s, N) == s", True),
    ("s <= N and N <= s", "N == s", True),
    ("s <= N and N != s", "s < N", True),
    ("s <= N and N != s", "s + 1 <= N", True),
    ("h*w <= 12 and w >= 3", "h <= 4", None),
    # what is not equal
    ("c != 64", "c == 64", False),
    ("i != f", "i == f", False),
    ("i != f", "f == i", False),
    ("i != f", "2*f != 2*i", True),
    ("i != f", "h*i == h*f", False),
    ("i != f", "i == f + 1", None),
    ("h != 1", "h >= 2", True),
    ("h != 1", "h > 2", None),
    # divisibility
    ("n % p == 0", "n % p == 0", True),
    ("n % (2*p) == 0", "n % 2 == 0", True),
    ("n % (2*p) == 0", "n % p == 0", True),
    ("n % (2*p) == 0", "n*h % (2*p) == 0", True),
    ("n % (2*p) == 0", "n*n % (4*p*p) == 0", True),
    ("n % (2*p) == 0", "n % 4 == 0", None),
    ("n % (2*p) == 0", "n % (4*p) == 0", None),
    ("n % p == 0 and p % q == 0", "n % q == 0", True),
    ("n % p == 0 and p % q == 0", "n % (p*q) == 0", None),
    ("64 % p == 0", "4*(64 // p) == 4*64/p", True),
    ("64 % p == 0", "p <= 64", True),
    ("64 % p == 0", "32 % p == 0", None),
    ("n % p == 0", "p <= n", None),
    ("n % 16 == 12", "n % 4 == 0", True),
    ("n % 16 == 12", "n % 8 == 0", False),
    ("n % 16 == 12", "n // 16 == (n - 12)/16", True),
    ("n % 16 == 12", "n >= 12", True),
    ("n % 16 == 12", "n > 12", None),
    ("n % 4 == 2 and n % 6 == 0", "n % 12 == 6", True),
    ("n % 4 != 2", "n % 4 == 2", False),
    # equal sizes, under floors and below lines too
    ("w == h", "w // 3 == h // 3", True),
    ("w == h", "w == h + 1", False),
    ("w == 2*h", "w % 2 == 0", True),
    ("w == 2*h", "n // w == n // (2*h)", True),
    ("w == 2*h", "w > h", True),
    # as it was stated, or its opposite
    ("h*h == 2*w*w", "h*h == 2*w*w", True),
    ("h*h == 2*w*w", "h*h != 2*w*w", False),
    ("h*w > n or h > 9", "h*w > n or h > 9", True),
    ("not (h*w > n)", "h*w > n", False),
    ("not (h > 3 or w > 5)", "h <= 3", True),
    ("not (h > 3 and w > 5)", "h > 3 and w > 5", False),
    # together
    ("h >= 2", "h == 2 or h > 2", True),
    ("h >= 2", "h == 1 and w == 3", False),
    ("c != 2", "c == 1 or c > 2", True),
    ("c <= 3", "c == 1 or c == 2 or c == 3", True),
    ("s <= N", "N == s or N > s", True),
    ("s <= N", "N != s and N <= s", False),
    ("h >= 1", "2*h == 7", False),
    ("h >= 1", "2*h + 4*w == 7", False),
    ("h % 3 == 1", "h + 3*w == 8", False),
    ("r > 1", "r == 1", False),
    ("r > 1", "r >= 1", True),
]

NAMES = {
    **{x: symbol(x) for x in ("b", "c", "h", "i", "f", "m", "n", "p", "q", "s", "w", "N")},
    "r": symbol("r", integer=False),
    "min": minimum,
    "max": maximum,
}


def read(written):
    """A condition of the language as the algebra has it."""
    from symparams.elaboration.evaluator import Evaluator
    from symparams.elaboration.scope import Scope
    from symparams.elaboration.vocabulary import Shipped
    from symparams.errors import Source
    from symparams.language import parse_expression
    from symparams.network.building import Run

    scope = Scope()
    scope.free = lambda name: NAMES[name]
    return Evaluator(Run(), Shipped()).truth(parse_expression(Source("<size>", written)), scope)


@pytest.mark.parametrize(("stated", "asked", "answer"), STATED)
def test_what_is_stated_decides(stated, asked, answer):
    known = facts_from([read(stated)], {})
    condition = read(asked)
    assert condition.judge(known) is answer
    assert Condition("not", parts=(condition,)).judge(known) is (
        None if answer is None else not answer
    )
    if answer is not None:
        names = sorted({x.name for x in condition.symbols() | read(stated).symbols()})
        wide = 12 if len(names) < 3 else 6
        values = [1, 2, 3, 4, 6, 12, 28, 64][:wide]
        for point in every(values, repeat=len(names)):
            at = dict(zip(names, point, strict=True))
            if read(stated).at(at).judge() is True:
                assert known.admits(at)
                assert condition.at(at).judge() is answer, at


@pytest.mark.parametrize(
    ("stated", "size", "reduced"),
    [
        ("n % (2*p) == 0", floor_divide(n, 2), "n/2"),
        ("n % (2*p) == 0", floor_divide(n, p) * floor_divide(n, 2 * p), "n^2/(2*p^2)"),
        ("64 % p == 0", 4 * floor_divide(64, p), "256/p"),
        ("n % 16 == 12", floor_divide(n, 16), "n/16 - 3/4"),
        ("n % 16 == 12", floor_divide(n + 5, 8), "n/8 + 1/2"),
        ("n % 3 == 1", floor_divide(n, 3) * 3, "n - 1"),
        ("n % 4 == 3 and h % 4 == 3", floor_divide(n + h, 4), "h/4 + n/4 - 1/2"),
        ("s <= N", maximum(s, N), "N"),
        ("c >= 8", maximum(c, 4), "c"),
        ("c <= 8", minimum(c, 9), "c"),
        ("c <= 8", minimum(c, 7), "min(7, c)"),
    ],
    ids=str,
)
def test_floors_and_extremes_are_taken_again(stated, size, reduced):
    known = facts_from([read(stated)], {})
    assert text(known.reduce(size)) == reduced


@pytest.mark.parametrize(
    ("stated", "left", "right", "equal"),
    [
        ("w == h", floor_divide(w, 3), floor_divide(h, 3), True),
        ("n % p == 0", 4 * floor_divide(n, p), 4 * n / p, True),
        ("n % 16 == 12", floor_divide(n, 16) * 16, n - 12, True),
        ("n % 16 == 12", floor_divide(n, 16) * 16, n - 4, False),
        ("w == 2*h", modulo(w, 4), 2 * modulo(h, 2), True),
        ("w == h", w + 1, h, False),
    ],
    ids=str,
)
def test_comparisons_use_what_is_stated(stated, left, right, equal):
    known = facts_from([read(stated)], {})
    assert compare(left, right, known).equal is equal


@pytest.mark.parametrize(
    ("conditions", "domains", "unmet"),
    [
        (["n + n == 7"], {}, 0),
        (["h < 1"], {}, 0),
        (["h < 5", "h > 7"], {}, 1),
        (["h > 7", "w < 3", "h < 5"], {}, 2),
        (["h % 4 == 1", "h % 6 == 2"], {}, 0),
        (["w == h", "w != h"], {}, 0),
        (["h < w", "w < h"], {}, 0),
        (["h % 4 == 0"], {"h": Domain(1, 3)}, 0),
        (["h > 9"], {"h": Domain(1, 9)}, 0),
        (["h % 4 == 1", "h % 6 == 3"], {}, None),
        (["h*h == 2*w*w"], {}, None),
        (["h > 8"], {"h": Domain(1, 9)}, None),
    ],
)
def test_what_no_size_meets(conditions, domains, unmet):
    tree = [read(x) for x in conditions]
    found = never_met(tree, domains)
    assert (found is None) is (unmet is None)
    if found is not None:
        condition, others = found
        assert len(others) == len(conditions[1:][:1])
        assert condition.judge(facts_from(others, domains)) is False


def test_of_what_no_size_meets_only_what_is_needed_is_told():
    """Two of the three others together, neither of them alone."""
    tall, wide = read("h > 7"), read("w > 7")
    condition, others = never_met([read("n < 3"), tall, wide, read("h + w < 10")], {})
    assert condition == read("h + w < 10")
    assert others == [tall, wide]


@pytest.mark.parametrize(
    ("low", "high", "holds"), [(9, 64, True), (5, 64, None), (2, 9, None), (1, 8, False)]
)
def test_what_holds_for_every_index_pass_by_pass(low, high, holds):
    """k <= h for k of 1..9: judged number by number, as both ends are numbers."""
    (index,) = symbol("k").symbols()
    inside = compared(symbol("k"), "<=", symbol("h"))
    condition = Every("every", parts=(inside,), index=index, first=1, last=9)
    facts = facts_from((), {"h": Domain(low, high)})
    assert condition.judge(facts) is holds


def test_opposites():
    for condition in (read("h > 3"), read("h >= w"), read("h == 3 and not (w > 2)"), TRUE, FALSE):
        opposite = negated(condition)
        for x, y in every(range(1, 6), repeat=2):
            here = {"h": x, "w": y}
            assert opposite.at(here).judge() is not condition.at(here).judge()
    assert negated(negated(read("h == 3"))) == read("h == 3")
    assert str(negated(read("h == 3"))) == "h != 3"
    assert str(either(read("h == w"), read("h > w"))) == "h >= w"
    assert str(either(read("h == w"), read("w > h"))) == "w >= h"
    assert str(either(read("h == w"), read("n > h"))) == "h == w or n > h"


@given(st.integers(1, 12), st.integers(0, 20), st.integers(1, 12), st.integers(0, 20))
def test_residue_classes_join(m, x, n, y):
    joined = joined_classes((m, x % m), (n, y % n))
    both = [v for v in range(m * n) if v % m == x % m and v % n == y % n]
    assert (joined is None) is (not both)
    if joined is not None:
        assert [v for v in range(m * n) if v % joined[0] == joined[1]] == both


# --- random conditions, against every point of a box ----------------------------------

LINEAR = st.tuples(
    st.sampled_from("+-"),
    st.tuples(st.just("*"), st.integers(-2, 3).map(lambda x: ("number", x)),
              st.sampled_from(tuple(SYMBOLS)).map(lambda x: ("name", x))),
    st.sampled_from(tuple(SYMBOLS)).map(lambda x: ("name", x))
    | st.integers(-4, 6).map(lambda x: ("number", x)),
)  # fmt: skip
REMAINDER = st.tuples(
    st.just("%"),
    st.sampled_from(("a", "k", "j")).map(lambda x: ("name", x)),
    st.integers(2, 4).map(lambda x: ("number", x)),
)
QUOTIENT = st.tuples(
    st.just("%"),
    st.sampled_from(("a", "k", "j")).map(lambda x: ("name", x)),
    st.integers(1, 3).map(lambda x: ("*", ("number", x), ("name", "a"))),
)
COMPARISON = st.tuples(
    LINEAR | REMAINDER | QUOTIENT,
    st.sampled_from(["==", "!=", "<", "<=", ">", ">="]),
    st.integers(-2, 4).map(lambda x: ("number", x)) | LINEAR,
)
JUNCTION = st.tuples(st.sampled_from(["and", "or"]), COMPARISON, COMPARISON)
NUMBERS = {
    "==": lambda x, y: x == y,
    "!=": lambda x, y: x != y,
    "<": lambda x, y: x < y,
    "<=": lambda x, y: x <= y,
    ">": lambda x, y: x > y,
    ">=": lambda x, y: x >= y,
}


def holds(written, point):
    if written[0] in ("and", "or"):
        return (all if written[0] == "and" else any)(holds(w, point) for w in written[1:])
    left, op, right = written
    return NUMBERS[op](number(left, point), number(right, point))


def condition_of(written):
    if written[0] in ("and", "or"):
        return Condition(written[0], parts=tuple(condition_of(w) for w in written[1:]))
    left, op, right = written
    return compared(size(left, SYMBOLS), op, size(right, SYMBOLS))


@settings(max_examples=400, deadline=None)
@given(
    st.lists(COMPARISON | JUNCTION, min_size=1, max_size=3),
    COMPARISON | JUNCTION,
    formulas(tuple(SYMBOLS), leaves=4),
)
def test_nothing_that_follows_from_conditions_is_wrong(stated, asked, expression):
    conditions = [condition_of(w) for w in stated]
    known = assuming(PLAIN, conditions)
    verdict = condition_of(asked).judge(known)
    unmet = never_met(conditions, {})
    made = built(expression)
    answers, reduced = {}, made
    if made is not None:
        answers = {question: getattr(known, question)(made) for question in TESTS}
        reduced = known.reduce(made)
    for point in POINTS:
        if not all(holds(w, point) for w in stated):
            continue
        assert unmet is None, (stated, point)
        assert known.least_of(Symbol("k", low=0)) <= point["k"]
        if verdict is not None:
            assert holds(asked, point) is verdict, (stated, asked, point)
        try:
            value = number(expression, point)
            if reduced is not None:
                assert substitute(reduced, point) == value, (stated, made, reduced, point)
        except (*HARD, SymparamsError):
            continue
        for question, answer in answers.items():
            if answer is not None:
                assert TESTS[question](value) is answer, (question, stated, made, point)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(1, 4), st.sampled_from(["h", "n", "h*n", "n*n"]),
                  st.integers(1, 4), st.sampled_from(["1", "p", "h", "p*p"])),
        min_size=1, max_size=2,
    ),
    st.tuples(st.integers(1, 6), st.sampled_from(["h", "n", "h*n", "n*p", "n*n"]),
              st.integers(1, 6), st.sampled_from(["1", "p", "h", "h*p"])),
)  # fmt: skip
def test_products_of_whole_terms_are_whole(stated, asked):
    conditions = [read(f"{x}*{above} % ({y}*{below}) == 0") for x, above, y, below in stated]
    known = facts_from(conditions, {})
    x, above, y, below = asked
    quotient = eval_size(f"{x}*{above}") / eval_size(f"{y}*{below}")
    answer = known.integral(quotient)
    taken = known.reduce(floor(quotient))
    for point in every((1, 2, 3, 4, 6, 8, 12), repeat=3):
        at = dict(zip("hnp", point, strict=True))
        if all(z.at(at).judge() for z in conditions):
            assert known.admits(at)
            value = substitute(quotient, at)
            assert answer is None or (value.denominator == 1) is answer
            assert substitute(taken, at) == value.numerator // value.denominator


def eval_size(written):
    """A product of numbers and names."""
    total = 1
    for factor in written.split("*"):
        total = total * (int(factor) if factor.isdigit() else symbol(factor))
    return total


def test_facts_of_a_domain_with_a_step():
    known = facts_from([], {"h": Domain(3, 99, 8), "w": Domain(8, 64, 8)})
    assert known.residues == {"h": (8, 3)}
    assert known.multiples == {"w": 8}
    assert known.integral((h - 3) / 8) is True
    assert known.integral(h / 2) is False
    assert known.positive(100 - h) is True
    assert known.most_of(Symbol("h")) == 99
    assert is_integral(known.reduce(floor(w / 8)), known)


def test_a_large_condition_is_answered():
    """Many facts on many symbols: bounded, and still right."""
    names = [symbol(f"x{z}") for z in range(60)]
    chain = [compared(x, "<", y) for x, y in pairwise(names)]
    known = facts_from(chain, {})
    assert known.positive(names[1] - names[0]) is True
    assert known.positive(names[-1] - names[0]) is True
    assert Facts().positive(names[-1] - names[0]) is None
    assert isinstance(names[0], Polynomial)


@settings(max_examples=200, deadline=None)
@given(
    st.integers(2, 16), st.integers(0, 15), st.integers(1, 5), st.integers(-9, 9),
    st.integers(1, 8), st.integers(1, 4),
)  # fmt: skip
def test_floors_under_residues(modulus, left, factor, shift, below, wide):
    """``floor((factor*n + shift)/below)`` where n leaves a residue."""
    known = facts_from([compared(modulo(n, modulus), "==", left % modulus)], {})
    made = floor((factor * n + wide * h + shift) / below)
    reduced = known.reduce(made)
    answers = {question: getattr(known, question)(made - 3) for question in TESTS}
    for value in range(left % modulus or modulus, 90, modulus):
        at = {"n": value, "h": 3}
        expected = (factor * value + wide * 3 + shift) // below
        assert substitute(reduced, at) == expected
        for question, answer in answers.items():
            assert answer is None or TESTS[question](Fraction(expected - 3)) is answer


def test_powers_of_an_index_are_summed_up_to_a_bound():
    """Beyond it the formula would be as long as a book, and no reader waits for it."""
    index, ends = Symbol("k"), (symbol("a"), symbol("b"))
    summed = sum_over(power(symbol("k"), MOST_DEGREE), index, *ends)
    assert substitute(summed, {"a": 3, "b": 6}) == sum(k**MOST_DEGREE for k in range(3, 7))
    beyond = power(symbol("k"), MOST_DEGREE + 1)
    assert sum_over(beyond, index, *ends) is None
    assert sum_over(beyond * power(2, symbol("k")), index, *ends) is None
