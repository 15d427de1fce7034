"""One size from one budget: against trying every value, and worked examples."""

import operator

import pytest
import sympy
from hypothesis import given, settings, strategies as st

import symparams
from symparams.api import Model
from symparams.elaboration.document import understand
from symparams.elaboration.zoo import source
from symparams.errors import SymparamsError

SIGNS = {
    "<=": operator.le,
    "<": operator.lt,
    ">=": operator.ge,
    ">": operator.gt,
    "==": operator.eq,
}


def zoo(name):
    return Model(understand(source(name)).definition(name))


# --- against brute force ---


@st.composite
def formulas(draw):
    """(text in h, the same as a function): polynomials, some with floors."""
    text, parts = [], []
    for power in range(draw(st.integers(1, 3)) + 1):
        factor = draw(st.integers(-9, 9).filter(lambda f, p=power: f or p != 1))
        text.append(f"({factor})*h^{power}" if power else f"({factor})")
        parts.append(lambda h, a=factor, p=power: a * h**p)
    if draw(st.booleans()):
        divisor, factor = draw(st.integers(2, 5)), draw(st.integers(1, 9))
        text.append(f"{factor}*((h + 1)//{divisor})")
        parts.append(lambda h, a=factor, d=divisor: a * ((h + 1) // d))
    return " + ".join(text), lambda h: sum(part(h) for part in parts)


DOMAINS = [
    ("1..40", list(range(1, 41)), ""),
    ("8..200:8", list(range(8, 201, 8)), ""),
    ("{3, 5, 11, 40}", [3, 5, 11, 40], ""),
    ("1..60", [h for h in range(1, 61) if h % 6 == 0], "where h % 6 == 0"),
    ("4..80:4", [h for h in range(4, 81, 4) if h % 6 == 0], "where h % 6 == 0"),
    ("1..60", [h for h in range(1, 61) if h > 20], "where h > 20"),
    ("1..60", [h for h in range(1, 61) if h % 7 == 3], "where h % 7 == 3"),
    ("1..60", list(range(1, 32)), "where h <= 31"),
    ("2..60:2", [h for h in range(2, 61, 2) if 48 % h == 0], "where 48 % h == 0"),
]


@given(formulas(), st.sampled_from(DOMAINS), st.sampled_from(list(SIGNS)), st.integers(-300, 3000))
@settings(max_examples=300)
def test_every_value_tried(formula, domain, sign, bound):
    written, function = formula
    values, admitted, where = domain
    model = symparams.parse(
        f"model m(h in {values.replace(':', ' step ')}) {where} = input(h) -> dense(1)"
    )
    good = [h for h in admitted if SIGNS[sign](function(h), bound)]
    budget = f"{written} {sign} {bound}"
    if not good and sign != "==":
        with pytest.raises(SymparamsError, match=r"^no 'h' meets"):
            model.solve(budget, "h")
        return
    found = model.solve(budget, "h")
    if sign == "==":
        assert (found.value in good) if good else (found.value is None)
        for point, less in ((found.below, True), (found.above, False)):
            if point is not None:
                assert point.value in admitted
                assert point.reached == function(point.value)
                assert (point.reached < bound) is less
        return
    up = sign[0] == "<"
    assert found.value == (max(good) if up else min(good))
    assert found.reached == function(found.value)
    assert found.slack == (bound - found.reached if up else found.reached - bound)
    beyond = [h for h in admitted if (h > found.value if up else h < found.value)]
    assert found.next == (None if not beyond else min(beyond) if up else max(beyond))
    if beyond:
        assert found.next_value == function(found.next)
        assert not SIGNS[sign](found.next_value, bound)


@given(formulas(), st.sampled_from(list(SIGNS)), st.integers(-300, 3000))
def test_without_an_end(formula, sign, bound):
    written, function = formula
    model = symparams.parse("input(h) -> dense(1)")
    try:
        found = model.solve(f"{written} {sign} {bound}", "h")
    except SymparamsError as error:
        values = {SIGNS[sign](function(h), bound) for h in range(1, 4_000)}
        told = error.message
        if told.startswith("no 'h' meets"):
            assert values == {False}
        elif told.startswith("there is no largest"):
            assert SIGNS[sign](function(10**6), bound)
        else:
            assert "undecided" in told or "does not depend" in told
        return
    if found.value is None:
        assert not any(function(h) == bound for h in range(1, 4_000))
        return
    assert SIGNS[sign](function(found.value), bound)
    if sign != "==":
        further = (
            range(found.value + 1, found.value + 500) if sign[0] == "<" else range(1, found.value)
        )
        assert not any(SIGNS[sign](function(h), bound) for h in further)


#: Places count from 0, and what a min or max is settled to there is found by trying.
SETTLED = [
    ("max(h+3, 5) + h == 6", 1, "proved by the exact signs of a polynomial of degree 1, from h = 2 on; all before were tried"),
    ("max(h+3, 5) + h == 5", None, "proved by the exact signs of a polynomial of degree 1, from h = 2 on; all before were tried"),
    ("max(h+3, 5) + h <= 100", 48, "proved by the exact signs of a polynomial of degree 1, from h = 2 on; all before were tried"),
    ("min(h+3, 4)*h <= 100", 25, "proved by the exact signs of a polynomial of degree 1"),
    ("max(4 - h, 0) >= 3", 1, "proved by the exact signs of a polynomial of degree 0, from h = 5 on; all before were tried"),
    ("max(h+3, 7)*(h//2) <= 100", 13, "proved: it never falls as 'h' grows: every exact difference is at least 0, from h = 5 on; all before were tried"),
    ("h + 7*(h//3) <= 1000", 300, "proved: it never falls as 'h' grows: every exact difference is at least 0"),
]  # fmt: skip


@pytest.mark.parametrize(("budget", "value", "how"), SETTLED, ids=[b for b, _, _ in SETTLED])
def test_a_place_counts_from_0(budget, value, how):
    found = symparams.parse("input(1) -> linear(h)").solve(budget, "h")
    assert (found.value, found.how) == (value, how)


@pytest.mark.parametrize(
    ("budget", "says"),
    [
        ("max(h+3, 5) + h <= 5", "no 'h' meets max(h+3, 5) + h <= 5: the least that max(h+3, 5) + h comes to is 6, at h = 1"),
        ("h^2 - 40*h + 500 <= 50", "no 'h' meets h^2 - 40*h + 500 <= 50: the least that h^2 - 40*h + 500 comes to is 100, at h = 20"),
        ("h^2 - 41*h + max(h, 10) + 500 <= 50", "no 'h' meets h^2 - 41*h + max(h, 10) + 500 <= 50: the least that h^2 - 41*h + max(h, 10) + 500 comes to is 100, at h = 20"),
        ("9*max(4 - h, 0) + h//2 + h < 4", "no 'h' meets 9*max(4 - h, 0) + h//2 + h < 4: the least that 9*max(4 - h, 0) + h//2 + h comes to is 6, at h = 4"),
        ("max(4 - h, 0) <= 2", "there is no largest 'h': max(4 - h, 0) <= 2 holds for every 'h' from 3 on"),
        ("0 - h^2 + 40*h >= 900", "no 'h' meets 0 - h^2 + 40*h >= 900: the largest that 0 - h^2 + 40*h comes to is 400, at h = 20"),
    ],
)  # fmt: skip
def test_where_it_is_least(budget, says):
    with pytest.raises(SymparamsError) as caught:
        symparams.parse("input(1) -> linear(h)").solve(budget, "h")
    assert caught.value.message == says


def test_a_remainder_of_what_is_negative_ends_it():
    """``-12 % h == 0`` holds for the divisors of 12 alone."""
    model = symparams.parse("model m(h) where (0 - 12) % h == 0 = input(1) -> linear(h)")
    assert model.solve("params <= 100", "h").value == 12


# --- worked examples ---


def test_gpt2():
    found = zoo("gpt2").solve("params <= 7B", "h")
    params = lambda h: 50257 * h + 1024 * h + 12 * (12 * h**2 + 13 * h) + 2 * h  # noqa: E731
    best = max(h for h in range(12, 10_000, 12) if params(h) <= 7 * 10**9)
    assert (found.value, found.reached) == (best, params(best))
    assert (found.next, found.next_value) == (best + 12, params(best + 12))
    assert found.slack == 7 * 10**9 - params(best)


def test_the_closed_solution_is_exact():
    found = zoo("gpt2").solve("params <= B", "h", l=sympy.Symbol("l", integer=True))
    h, b, depth = sympy.symbols("h B l", positive=True)
    named = {str(s): t for s, t in zip((h, b, depth), (h, b, depth), strict=True)}
    closed = found.closed.subs({s: named[s.name] for s in found.closed.free_symbols})
    params = 51283 * h + depth * (12 * h**2 + 13 * h)
    assert sympy.expand(params.subs(h, closed) - b) == 0
    assert found.value is None
    assert set(found.open) == {"B", "l"}


def test_equality():
    gpt2 = zoo("gpt2")
    assert gpt2.solve("params == 124_439_808", "h").value == 768
    assert gpt2.solve("params == 124_439_808", "h").closed == 768
    found = gpt2.solve("params == 124_439_809", "h")
    assert found.value is None
    assert (found.below.value, found.above.value) == (768, 780)
    assert (found.below.reached, found.above.reached) == (124_439_808, 127_732_020)
    # 5/3 of h: 20/3 at 4 is below 7 by less than 1.
    thirds = symparams.parse("model m(h) = input(4) -> dense(h)").solve("params / 3 == 7", "h")
    assert (thirds.below.value, thirds.above.value) == (4, 5)


CLOSED = [
    ("input(h) -> dense(h, bias = no)", "params <= 10", sympy.sqrt(10)),
    ("input(a, a, h) -> conv(h, h, bias = no)", "params <= 10_000", sympy.Integer(10)),
    ("input(h) -> dense(7)", "params <= 100", sympy.Rational(93, 7)),
    ("input(h) -> dense(h) -> dense(h*h)", "params <= 100", None),
]


@pytest.mark.parametrize(("text", "budget", "expected"), CLOSED)
def test_closed(text, budget, expected):
    found = symparams.parse(text).solve(budget, "h")
    assert found.closed == expected


def test_floors_without_an_end_are_proved_to_rise():
    model = symparams.parse(
        "input(H, H, 3) -> conv(8, 3, stride = 2) -> conv(8, 3, stride = 2) -> flatten -> dense(10)"
    )
    found = model.solve("params < 1M", "H")
    assert "never falls" in found.how
    assert model.count(H=found.value) == found.reached < 10**6
    assert model.count(H=found.value + 1) == found.next_value >= 10**6


def test_a_size_that_decides_the_structure():
    model = symparams.parse(
        "model m(n in {18, 34, 50}) = input(4) -> (if n == 18 then dense(5) else dense(n))"
    )
    assert model.solve("params <= 200", "n").value == 34
    assert model.solve("params <= 100", "n").value == 18
    assert model.solve("params == 250", "n").value == 50
    assert model.solve("params <= 200", "n").how == "proved: all 3 values were tried"


def test_fractions():
    model = symparams.parse("model m(alpha in {0.25, 0.5, 1}) = input(32) -> dense(32*alpha)")
    found = model.solve("params <= 700", "alpha")
    assert (found.value, found.reached, found.next) == (sympy.Rational(1, 2), 528, 1)


def test_a_domain_given():
    model = symparams.parse("input(t, 32) -> lstm(h)")
    assert model.solve("params <= 1M", "h").value == 483
    assert model.solve("params <= 1M", "h", over="64..1024:64").value == 448
    assert model.solve("params <= 1M", "h", over="{512, 256}").value == 256


ERRORS = [
    ("input(i) -> dense(h)", "params <= 10", "hh", {"i": 3}, "the model has no size 'hh'\n    did you mean 'h'?"),
    ("input(i) -> dense(h)", "params <= 10", "i", {"i": 3}, "'i' has a value: there is nothing to solve for"),
    ("input(i) -> dense(h)", "params <= 3", "h", {"i": 3}, "no 'h' meets params <= 3: the least that params comes to is 4, at h = 1"),
    ("model m(h in 2..4) = input(3) -> dense(h)", "params >= 1K", "h", {}, "no 'h' meets params >= 1K: the largest that params comes to is 16, at h = 4"),
    ("input(t, i) -> lstm(h)", "params <= 10", "t", {"i": 3, "h": 2}, "params <= 10 does not depend on 't'"),
    ("input(i) -> dense(h)", "h - params <= 10", "h", {"i": 3}, "there is no largest 'h': h - params <= 10 holds for every 'h' from 1 on"),
    ("input(H, W, 3) -> maxpool(2) -> flatten -> dense(10)", "params <= 1M", "H", {}, "'W' has no value, and params <= 1M has no short closed solution for 'H'\n    give values: --set W=…"),
    ("input(h) -> dense(3)", "2^h - h^3 <= 10", "h", {}, "whether 2^h - h^3 grows with 'h' is undecided: it stands inside a floor or a power\n    give 'h' a domain to try: --over h=1..65536"),
    ("input(i) -> dense(h)", "prams <= 10", "h", {"i": 3}, "<budget>:1:1: 'prams' is neither a measure nor a size of the model\n    prams <= 10\n    ^^^^^ did you mean 'params'?"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "budget", "name", "values", "message"), ERRORS)
def test_errors(text, budget, name, values, message):
    with pytest.raises(SymparamsError) as caught:
        symparams.parse(text).solve(budget, name, **values)
    assert str(caught.value) == message


# --- conditions that bound a size ---

BOUNDED = [
    ("llama", "params <= 14B", "kv", 32),  # a % kv == 0
    ("mistral", "params <= 100B", "a", 4096),  # h % a == 0
    ("qwen2", "macs <= 10T", "kv", 14),
    ("vit", "macs <= 100B", "p", 224),
    ("deepseek", "params <= 1T", "first", 26),  # l > first, l = 27
]


@pytest.mark.parametrize(("name", "budget", "size", "largest"), BOUNDED)
def test_the_conditions_end_a_size(name, budget, size, largest):
    found = zoo(name).solve(budget, size)
    assert (found.value, found.next) == (largest, None)
    assert zoo(name).count(budget.split()[0], **{size: largest}) == found.reached


CONDITIONS = [
    ("60 % a == 0", 60),
    ("a <= 17", 17),
    ("a^2 < 200", 14),
    ("a <= 17, 60 % a == 0", 15),
    ("a % 7 == 3, 100 > 2*a", 45),
    ("(a - 20)*(a - 30) < 0", 29),
]


@pytest.mark.parametrize(("where", "largest"), CONDITIONS)
def test_where(where, largest):
    model = symparams.parse(f"model m(a) where {where} = input(3) -> dense(a)")
    found = model.solve("params <= 1M", "a")
    assert (found.value, found.next) == (largest, None)
    with pytest.raises(SymparamsError, match=r"^no 'a' meets params >= 1M"):
        model.solve("params >= 1M", "a")


#: Too many values to try each: the ends and the turns are looked at.
LONG = [
    ("h", lambda h: h),
    ("3*h^2 - 5*h", lambda h: 3 * h**2 - 5 * h),
    ("-7*h", lambda h: -7 * h),
    ("(h - 1000000)^2", lambda h: (h - 1_000_000) ** 2),
    ("-(2*h - 2000003)^2", lambda h: -((2 * h - 2_000_003) ** 2)),
    ("h//3*5", lambda h: h // 3 * 5),
    ("min(h, 900)", lambda h: min(h, 900)),
]


@pytest.mark.parametrize("last", [1_500_000, 1_500_003])
@pytest.mark.parametrize(("written", "function"), LONG, ids=[w for w, _ in LONG])
def test_the_nearest_of_a_long_domain(written, function, last):
    admitted = range(3, last + 1, 5)
    model = symparams.parse(f"model m(h in 1..{last}) where h % 5 == 3 = input(h) -> dense(1)")
    values = {h: function(h) for h in admitted}
    least, largest = min(values.values()), max(values.values())
    for bound in (least - 1, largest + 1):
        found = model.solve(f"{written} == {bound}", "h")
        ends = (found.below, found.above)
        nearest, other = reversed(ends) if bound < least else ends
        assert (found.value, other) == (None, None)
        assert nearest.reached == values[nearest.value] == (least if bound < least else largest)
    for sign, bound, word, best in (
        ("<=", least - 1, "least", least),
        (">=", largest + 1, "largest", largest),
    ):
        with pytest.raises(SymparamsError) as caught:
            model.solve(f"{written} {sign} {bound}", "h")
        at = next(h for h in admitted if values[h] == best)
        assert str(caught.value).startswith(f"no 'h' meets {written} {sign} {bound}: the {word} ")
        assert f"comes to is {best:,}, at h = {at}" in str(caught.value)


@pytest.mark.parametrize(
    ("size", "bound", "below", "value", "above"),
    [
        # From some value on both sides are equal, or never.
        ("min(h, 8)", 8, None, 8, None),
        ("min(h, 8)", 9, 8, None, None),
        ("min(h, 8)", 5, None, 5, None),
        ("max(8 - h, 3)", 3, None, 5, None),
        ("max(8 - h, 3)", 2, None, None, 5),
        ("min(h//2 + 1, 8)", 8, None, 14, None),
        ("min(h, 8) + max(h, 12) - h", 8, None, 12, None),
        ("max(h, 40) - h", 0, None, 40, None),
        ("min(4*h, 30) - min(3*h, 30)", 0, None, 10, None),
        ("min(4*h, 30) - min(3*h, 30)", -1, None, None, 10),
    ],
)
def test_what_settles_is_decided_without_an_end(size, bound, below, value, above):
    found = symparams.parse("input(h) -> dense(1)").solve(f"{size} == {bound}", "h")
    assert found.value == value
    ends = [None if p is None else p.value for p in (found.below, found.above)]
    assert ends == [below, above]
