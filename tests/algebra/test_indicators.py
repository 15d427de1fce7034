"""Indicators against brute force: every formula is worked out at every value of its choices."""

import pickle
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings, strategies as st

from symparams.algebra import (
    PLAIN,
    Bounds,
    Condition,
    Domain,
    NamedValue,
    Polynomial,
    ceil,
    compare,
    compared,
    divide,
    equal,
    facts_from,
    floor,
    from_sympy,
    gradient,
    indicator,
    interval,
    make_divisible,
    maximum,
    power,
    substitute,
    symbol,
    text,
    to_sympy,
)
from symparams.algebra.kernels import compile
from symparams.errors import NeedsValue, SymparamsError

op, k, h = symbol("op"), symbol("k"), symbol("h")
DOMAINS = {"op": (1, 2, 3, 5), "k": (3, 5, 7)}
FACTS = facts_from((), {name: Domain(choices=values) for name, values in DOMAINS.items()})
POINTS = [{"op": a, "k": b, "h": c} for a, b, c in product(DOMAINS["op"], DOMAINS["k"], (1, 2, 9))]


def test_products_of_indicators():
    three, five = equal(op, 3), equal(op, 5)
    assert three * three == three
    assert three**7 == three
    assert three * five == 0
    assert op**2 * three == 9 * three
    assert h / op * three == h * three / 3
    assert floor(op * h / 2) * three == three * (h + floor(h / 2))
    assert (1 + three) ** 3 == 1 + 7 * three
    assert (three + five) * (1 - three) == five


def test_an_indicator_of_a_formula():
    assert equal(5, 5) == 1
    assert equal(op, op + 1) == 0
    assert equal(2 * k + 1, 7) == equal(k, 3)
    assert equal(3, k) == equal(k, 3)
    assert equal(2 * k, 7) == 0  # k is an integer
    assert equal(k, 0) == 0  # from 1 on
    assert text(equal(h * k, 6)) == "[h*k = 6]"
    assert equal(h * k, 6) * equal(h * k, 7) == 0
    assert substitute(equal(h * k, 6), {"h": 2, "k": 3}) == 1
    assert equal(op, 5 - equal(k, 3)) == equal(k, 3) * equal(op, 4) + (1 - equal(k, 3)) * equal(
        op, 5
    )


def test_functions_and_quotients_are_taken_case_by_case():
    three = equal(op, 3)
    assert floor(h / 2 * three + h) == h + three * floor(h / 2)
    assert maximum(4 * three, 2) == 2 + 2 * three
    assert power(2, h + three) == (1 + three) * power(2, h)
    assert divide(h, 1 + three) == h - three * h / 2
    assert divide(6 * three, op + 3) == three
    with pytest.raises(SymparamsError, match=r"a division by '\[op = 3\]', which may be 0"):
        divide(h, three)


def test_those_of_a_domain_add_up_to_1():
    whole = sum(equal(op, value) for value in DOMAINS["op"])
    assert FACTS.reduce(whole) == 1
    assert FACTS.zero(whole - 1) is True
    left = -5 * equal(op, 1) - 4 * equal(op, 2) - 3 * equal(op, 3) + 1
    assert FACTS.reduce(op + equal(op, 5) - 5) == left
    by_cases = 1 * equal(op, 1) + 2 * equal(op, 2) + 3 * equal(op, 3) + 5 * equal(op, 5)
    assert compare(op, by_cases, FACTS).equal is True
    assert compare(op, by_cases, PLAIN).equal is False  # op may be 4


def test_a_condition_is_a_sum_of_indicators():
    assert indicator(compared(op, ">=", 3), FACTS) == 1 - equal(op, 1) - equal(op, 2)
    both = Condition("and", parts=(compared(op, "==", 1), compared(k, ">", 3)))
    assert indicator(both, FACTS) == equal(op, 1) * (1 - equal(k, 3))
    assert indicator(compared(h, "==", 1), FACTS) is None
    many = facts_from((), {"n": Domain(1, 200)})
    found = indicator(compared(symbol("n"), "<", 150), many)
    assert [substitute(found, {"n": n}) for n in (1, 149, 150, 200)] == [1, 1, 0, 0]


def test_there_is_no_derivative_and_there_is_a_difference():
    size = h * equal(op, 3)
    found = gradient(size)
    assert found.by(next(iter(h.symbols()))) == equal(op, 3)
    with pytest.raises(NeedsValue, match=r"no derivative by 'op': it stands inside '\[op = 3\]'"):
        found.by(next(iter(op.symbols())))


def test_words():
    a, b = NamedValue.of(["conv3", "skip"])
    size = h * equal(op, a) + equal(op, b)
    assert text(size) == "[op = conv3]*h + [op = skip]"
    assert substitute(size, {"op": a}) == h
    assert substitute(size, {"op": 2}) == 1
    assert pickle.loads(pickle.dumps(size)) == size
    assert f"{a}|{a:,}|{a!r}" == "conv3|conv3|conv3"
    assert equal(op, a) != equal(op, 1)
    facts = facts_from((), {"op": Domain(choices=(a, b))})
    assert facts.reduce(equal(op, a) + equal(op, b)) == 1


# --- against brute force -----------------------------------------------------

_LEAVES = st.one_of(
    st.integers(-3, 4),
    st.sampled_from([op, k, h]),
    st.sampled_from([equal(op, v) for v in DOMAINS["op"]] + [equal(k, v) for v in DOMAINS["k"]]),
)


def _grown(inner):
    pairs = st.tuples(inner, inner)
    return st.one_of(
        pairs.map(lambda p: ("+", *p)),
        pairs.map(lambda p: ("*", *p)),
        pairs.map(lambda p: ("-", *p)),
        pairs.map(lambda p: ("max", *p)),
        pairs.map(lambda p: ("/", *p)),
        st.tuples(inner, st.integers(2, 4)).map(lambda p: ("floor", *p)),
        st.tuples(inner, st.integers(2, 8)).map(lambda p: ("make_divisible", *p)),
    )


EXPRESSIONS = st.recursive(_LEAVES, _grown, max_leaves=7)
_OPERATIONS = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "max": lambda a, b: maximum(a, b),
    "/": lambda a, b: divide(a, 1 + b * b),
    "floor": lambda a, n: floor(divide(a, n)),
    "make_divisible": lambda a, n: make_divisible(a, n),
}


def made(expression):
    """The formula of an expression."""
    if isinstance(expression, tuple):
        name, left, right = expression
        return _OPERATIONS[name](made(left), made(right))
    return expression


def worked_out(expression, point):
    """Its value, by numbers alone: no formula is put together."""
    if isinstance(expression, tuple):
        name, left, right = expression
        return _OPERATIONS[name](worked_out(left, point), worked_out(right, point))
    return substitute(expression, point)


def _formula(expression):
    try:
        return made(expression)
    except NeedsValue:  # a division by a sum with symbols
        return None


@settings(max_examples=150, deadline=None)
@given(EXPRESSIONS)
def test_a_formula_is_its_value_at_every_point(expression):
    size = _formula(expression)
    if size is None:
        return
    chosen = FACTS.reduce(size)
    for point in POINTS:
        wanted = worked_out(expression, point)
        assert substitute(size, point) == wanted
        assert substitute(chosen, point) == wanted
    again = from_sympy(to_sympy(size))
    assert all(substitute(again, p) == substitute(size, p) for p in POINTS)
    if isinstance(size, Polynomial):
        kernel = compile(size, ["h", "k", "op"], "python")
        columns = {name: [p[name] for p in POINTS] for name in ("h", "k", "op")}
        assert kernel(**columns) == [substitute(size, p) for p in POINTS]


@settings(max_examples=150, deadline=None)
@given(EXPRESSIONS, EXPRESSIONS)
def test_equality_is_never_wrong(one, other):
    left, right = _formula(one), _formula(other)
    if left is None or right is None:
        return
    points = [{**p, "h": h} for p in POINTS for h in (1, 2, 3, 8)]
    same = all(worked_out(one, p) == worked_out(other, p) for p in points)
    verdict = compare(left, right, FACTS)
    if verdict.equal is True:
        assert same
    if not same:
        assert verdict.equal is not True
    # Two polynomials in choices alone are equal exactly where their canonical forms are.
    without = {"h": 2}
    a, b = (FACTS.reduce(substitute(z, without)) for z in (left, right))
    at = [p for p in POINTS if p["h"] == 2]
    equal_there = all(worked_out(one, p) == worked_out(other, p) for p in at)
    if not equal_there:
        assert a != b


@settings(max_examples=150, deadline=None)
@given(EXPRESSIONS)
def test_bounds_hold_every_value(expression):
    size = _formula(expression)
    if not isinstance(size, Polynomial):
        return
    box = {"op": (1, 5), "k": (3, 7), "h": (1, 9)}
    low, high = Bounds(size, box).over(box)
    assert all(low <= worked_out(expression, p) <= high for p in POINTS)
    for point in POINTS[::5]:
        here = {name: (value, value) for name, value in point.items()}
        assert interval(size, here) == (worked_out(expression, point),) * 2


def test_bounds_of_one_choice_are_exact():
    size = 10 * equal(op, 1) - 4 * equal(op, 2) + 7 * equal(op, 3) + 1
    assert interval(size, {"op": (1, 5)}) == (-3, 11)
    assert interval(size, {"op": (2, 3)}) == (-3, 8)
    assert interval(size, {"op": (5, 5)}) == (1, 1)
    both = size + 100 * equal(k, 3) * equal(op, 1) + h * equal(k, 5)
    assert interval(both, {"op": (1, 5), "k": (3, 7), "h": (2, 4)}) == (-3, 111)


@pytest.mark.parametrize("shape", [(4,), (4, 1)])
def test_arrays(shape):
    np = pytest.importorskip("numpy")
    size = 5 * equal(op, 3) + equal(op, 1) * h + 2 * equal(h, 2)
    values = np.array([1, 2, 3, 5]).reshape(shape)
    found = compile(size, ["op", "h"])(op=values, h=2)
    assert found.shape == shape
    assert found.ravel().tolist() == [4, 2, 7, 2]
    assert found.dtype == np.int64
    assert ceil(divide(equal(op, 3), 2)) == equal(op, 3)
    assert substitute(equal(symbol("r", integer=False), Fraction(7, 2)), {"r": Fraction(7, 2)}) == 1
