"""What is concluded from facts is never wrong: every answer against brute force."""

from __future__ import annotations

from fractions import Fraction
from itertools import product as every

import pytest
from hypothesis import assume, given, settings, strategies as st

from symparams.algebra import (
    FUNCTIONS,
    PLAIN,
    Domain,
    Facts,
    Polynomial,
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
from symparams.algebra.conditions import FALSE, TRUE, Condition, compared, facts_from
from symparams.errors import SymparamsError
from tests.algebra.expressions import (
    NAMES,
    UndefinedError,
    built,
    formulas,
    laurent,
    number,
    polynomials,
)

a, b, c, d, g, h, k, l, n, w = (symbol(x) for x in "abcdghklnw")  # noqa: E741
alpha = symbol("alpha", integer=False)
gcd = FUNCTIONS["gcd"]

# --- domains ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("domain", "inside", "outside"),
    [
        (Domain(), [1, 2, 10**9], [0, -1, Fraction(1, 2)]),
        (Domain(2, 10, 4), [2, 6, 10], [1, 3, 4, 12, 14]),
        (Domain(choices=(3, 5, 7)), [3, 5, 7], [1, 4, 9]),
        (
            Domain(choices=(Fraction(1, 2), 1)),
            [Fraction(1, 2), 1],
            [Fraction(1, 3), 2],
        ),
        (Domain(low=5), [5, 6], [4]),
    ],
    ids=str,
)
def test_domains(domain, inside, outside):
    assert all(x in domain for x in inside)
    assert not any(x in domain for x in [*outside, 2.0, "3", None])


@pytest.mark.parametrize(
    ("domain", "shown", "finite", "integer"),
    [
        (Domain(), "an integer from 1", False, True),
        (Domain(2, 10, 4), "2..10 step 4", True, True),
        (Domain(1, 9), "1..9", True, True),
        (Domain(choices=(Fraction(1, 2), 1)), "{1/2, 1}", True, False),
    ],
)
def test_what_domains_say(domain, shown, finite, integer):
    assert (str(domain), domain.finite, domain.integer) == (shown, finite, integer)


@given(st.integers(1, 30), st.integers(0, 60), st.integers(1, 12), st.integers(1, 12))
def test_values_of_a_domain(low, more, step, multiple):
    domain = Domain(low, low + more, step)
    listed = [v for v in range(low, low + more + 1, step) if v % multiple == 0]
    assert list(domain.values(multiple)) == listed
    endless = Domain(low, None, step).values(multiple, most=5)
    # Five multiples of both are at most 5*12*12 apart.
    wanted = [v for v in range(low, low + 800, step) if v % multiple == 0]
    assert list(endless) == wanted[:5]


def test_values_of_an_endless_or_huge_domain_are_not_listed():
    assert Domain(1, 10**12).values()[-1] == 10**12
    assert Domain().values()[4] == 5
    assert list(Domain(choices=(7, 3, 5)).values()) == [3, 5, 7]


# --- answers by hand -------------------------------------------------------

ANSWERS = [
    # (facts, question, size, answer)
    (PLAIN, "positive", h, True),
    (PLAIN, "positive", h - 1, None),
    (PLAIN, "nonnegative", h - 1, True),
    (PLAIN, "nonnegative", h * w - h, True),
    (PLAIN, "nonnegative", h**2 - 2 * h + 1, True),
    (PLAIN, "positive", -h, False),
    (PLAIN, "nonnegative", -h, False),
    (PLAIN, "positive", 1 - h, False),
    (PLAIN, "nonnegative", 6 - gcd(h, 6), True),
    (PLAIN, "positive", 6 - gcd(h, 6), None),
    (Facts({"h": Domain(1, 64), "w": Domain(1, 9)}), "positive", 10 - gcd(h, w), True),
    (PLAIN, "nonnegative", h - 2, None),
    # powers too high to be written out in h - 1
    (PLAIN, "nonnegative", 3 * h**1000 - 2 * h**999 - h, True),
    (PLAIN, "nonnegative", 3 * h**1000 - 3 * h**999 - h, None),
    (PLAIN, "nonnegative", h**1000 * w**900 - 7 * h**999 * w**900 + 6 * h**9, None),
    (PLAIN, "nonnegative", h**1000 - h**999 * w - h**999, None),
    (PLAIN, "nonnegative", -(h**1000) - h**999, False),
    (PLAIN, "positive", h**1000 + h**999 - h**998, True),
    (PLAIN, "positive", h**1000 - h**999, None),
    (Facts({"h": Domain(2)}), "positive", h**1000 - h**999, True),
    (Facts({"h": Domain(2)}), "positive", h**999 - h**1000, False),
    # a factor below 1 makes less of it, one below 0 turns it around
    (Facts({"h": Domain(0)}), "nonnegative", h**2 - h, None),
    (Facts({"h": Domain(0)}), "nonnegative", h * w - w, None),
    (Facts({"h": Domain(-3)}), "nonnegative", h * w - h, None),
    (PLAIN, "nonnegative", alpha * h - h, None),
    (PLAIN, "nonnegative", alpha * h - alpha, True),
    (PLAIN, "nonnegative", h / alpha - 1 / alpha, True),
    (PLAIN, "nonnegative", floor(-h / a) * h - floor(-h / a), None),
    (PLAIN, "nonnegative", floor(h / 2) * w**900 - floor(h / 2) * w**899, True),
    (PLAIN, "nonnegative", floor((h + 1) / 2) * w - w, True),
    (PLAIN, "nonnegative", floor(h / 2) * w - w, None),
    (PLAIN, "zero", h, False),
    (PLAIN, "zero", h - 1, None),
    (PLAIN, "zero", 2 * h - 3, False),
    (PLAIN, "zero", h / 2 - Fraction(1, 4), False),
    (PLAIN, "zero", h - h, True),
    (PLAIN, "zero", floor(h / 2) + ceil(h / 2) - h, True),
    (PLAIN, "positive", ceil(h / 32), True),
    (PLAIN, "nonnegative", floor(h / 32), True),
    (PLAIN, "nonnegative", floor(h / 2) * floor(w / 2), True),
    (PLAIN, "positive", ceil(h / 2) * ceil(w / 2), True),
    (PLAIN, "nonnegative", h - floor(h / 2), True),
    (PLAIN, "positive", floor(h / 2), None),
    (PLAIN, "nonnegative", minimum(h - 5, w), None),
    (PLAIN, "positive", minimum(h + 5, w), True),
    (PLAIN, "positive", maximum(h - 5, w), True),
    (PLAIN, "positive", power(2, n), True),
    (PLAIN, "nonnegative", power(2, n) - 1, True),
    (PLAIN, "nonnegative", power(h, n) - 1, True),
    (PLAIN, "nonnegative", power(alpha, n) - 1, None),
    (PLAIN, "positive", alpha, True),
    (PLAIN, "nonnegative", alpha - 1, None),
    (PLAIN, "positive", make_divisible(alpha * 32, 8), True),
    (PLAIN, "nonnegative", floor(-h / a) * w, None),
    (PLAIN, "nonnegative", -floor(-h / a), True),
    (PLAIN, "positive", h / a, True),
    (PLAIN, "integral", h, True),
    (PLAIN, "integral", h / 2, None),
    (PLAIN, "integral", h / 2 + Fraction(1, 4), False),
    (PLAIN, "integral", h + Fraction(1, 2), False),
    (PLAIN, "integral", (h * h + h) / 2, True),
    (PLAIN, "integral", (h**3 - h) / 6, True),
    (PLAIN, "integral", h / a, None),
    (PLAIN, "integral", h / 2 + a / h, None),
    (PLAIN, "zero", floor(h / 2) - a / h, None),
    (PLAIN, "integral", alpha, None),
    (PLAIN, "integral", make_divisible(alpha, 8), True),
    (Facts(multiples={"h": 32}), "integral", h / 32, True),
    (Facts(multiples={"h": 32}), "integral", h / 64, None),
    (Facts(multiples={"h": 32}), "integral", h**2 / 1024, True),
    (Facts(multiples={"h": 32}), "integral", (h + 1) / 2, False),
    (Facts(multiples={"h": 32}), "nonnegative", h - 32, True),
    (Facts(multiples={"h": 32}), "zero", modulo(h, 8), True),
    (Facts(multiples={"h": 32}), "zero", modulo(h + 1, 8), False),
    (Facts(divides=frozenset({("a", "d")})), "integral", d / a, True),
    (Facts(divides=frozenset({("a", "d")})), "integral", d / a**2, None),
    (Facts(divides=frozenset({("a", "d")})), "integral", d**2 / a**2, True),
    (Facts(divides=frozenset({("a", "d")})), "integral", a / d, None),
    (Facts(divides=frozenset({("a", "b"), ("b", "c")})), "integral", c / a, True),
    (Facts(divides=frozenset({("a", "d")})), "zero", modulo(d, a), True),
    (Facts(least=(l - k - 1,)), "positive", l - k, True),
    (Facts(least=(l - k - 1,)), "nonnegative", k - l, False),
    (Facts(least=(l - k - 1,)), "zero", l - k, False),
    (Facts(least=(l - k, k - n)), "nonnegative", l - n, True),
    (Facts(least=(k - n, l - k)), "nonnegative", l - n, True),
    (Facts(least=(h - a,)), "nonnegative", d / h, True),
    (Facts(least=(h - a,)), "positive", minimum(h - a, 1), None),
    (Facts(least=(h - a, g - h)), "nonnegative", g - a, True),
    (Facts(equals={"h": 4 * a}), "zero", h - 4 * a, True),
    (Facts(equals={"h": 4 * a}), "zero", h - a, False),
    (Facts(equals={"h": a + b}), "zero", d / h - 1, None),
    (Facts(domains={"s": Domain(choices=(1, 2))}), "nonnegative", 2 - symbol("s"), True),
    (Facts(domains={"s": Domain(choices=(1, 2))}), "positive", symbol("s") - 2, False),
    (Facts(domains={"s": Domain(3, 9)}), "positive", 10 - symbol("s"), True),
    (Facts(domains={"s": Domain(3, 9)}), "positive", symbol("s") - 2, True),
    (Facts(domains={"s": Domain(3, 9)}), "positive", 10 * h - symbol("s") * h, True),
    (Facts(domains={"s": Domain(3, 9)}), "nonnegative", 3 - 9 / symbol("s"), True),
    (Facts(domains={"s": Domain(3, 9)}), "nonnegative", minimum(symbol("s"), h) - 1, True),
    # facts that speak of each other come to an end
    (Facts(least=(a - n + 2 * floor(n / 2), n - a)), "nonnegative", a - floor(a / n) * n, None),
    (Facts(least=(h - minimum(w, n), w - minimum(h, n))), "positive", minimum(h, w), True),
    (Facts(least=(l - k - 1,)), "positive", minimum(l - k, 5), True),
    # two facts on one symbol are not mixed up
    (
        Facts({"a": Domain(choices=(1,))}, least=(h - a, g - h, h - b)),
        "nonnegative",
        g - h - b + 1,
        None,
    ),
    (Facts({"h": Domain(5)}, least=(h - a, g - h)), "nonnegative", g - h + a - 5, None),
]


@pytest.mark.parametrize(
    ("facts", "question", "size", "answer"),
    ANSWERS,
    ids=[f"{q}({s})-{k}" for k, (_, q, s, _) in enumerate(ANSWERS)],
)
def test_answers(facts, question, size, answer):
    assert getattr(facts, question)(size) is answer


@pytest.mark.parametrize("value", [-2, 0, 3, Fraction(1, 2), Fraction(-1, 2)])
def test_answers_on_numbers(value):
    assert PLAIN.positive(value) is (value > 0)
    assert PLAIN.nonnegative(value) is (value >= 0)
    assert PLAIN.zero(value) is (value == 0)
    assert PLAIN.integral(value) is (value == int(value))


# --- never wrong -----------------------------------------------------------

TESTS = {
    "positive": lambda x: x > 0,
    "nonnegative": lambda x: x >= 0,
    "zero": lambda x: x == 0,
    "integral": lambda x: x.denominator == 1,
}

DOMAINS = st.one_of(
    st.builds(
        lambda low, more, step: Domain(low, low + more, step),
        st.integers(1, 4), st.integers(0, 8), st.integers(1, 4),
    ),
    st.builds(lambda c: Domain(choices=tuple(c)), st.sets(st.integers(1, 9), min_size=1).map(list)),
    st.builds(Domain, st.integers(1, 4)),
)  # fmt: skip

LINEAR = st.builds(
    lambda terms, constant: sum((f * symbol(x) for x, f in terms.items()), constant),
    st.dictionaries(st.sampled_from(NAMES), st.sampled_from([-2, -1, 1, 2]), min_size=1),
    st.integers(-3, 3) | st.just(Fraction(1, 2)),
).filter(lambda size: isinstance(size, Polynomial))

FACTS = st.builds(
    Facts,
    st.dictionaries(st.sampled_from(NAMES), DOMAINS, max_size=2),
    st.dictionaries(st.sampled_from(NAMES), st.integers(2, 6), max_size=2),
    st.frozensets(
        st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)).filter(lambda p: p[0] != p[1]),
        max_size=2,
    ),
    st.lists(LINEAR, max_size=3).map(tuple),
)

SIZES = polynomials() | laurent() | formulas(leaves=6)


def allowed_points(facts):
    """The small points that facts admit, found without their help."""
    choices = []
    for name in NAMES:
        domain, multiple = facts.domains.get(name), facts.multiples.get(name, 1)
        values = [1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 30]
        if domain is not None and domain.choices:
            values = list(domain.choices)
        elif domain is not None:
            high = domain.high if domain.high is not None else domain.low + 14
            values = list(range(domain.low, high + 1, domain.step))
        choices.append([v for v in values if v % multiple == 0])
    for values in every(*choices):
        point = dict(zip(NAMES, values, strict=True))
        if any(point[n] % point[m] for m, n in facts.divides):
            continue
        if any(at(size, point) < 0 for size in facts.least):
            continue
        if any(at(size, point) != point[n] for n, size in facts.equals.items()):
            continue
        yield point


def at(size, point):
    """A polynomial at a point, term by term."""
    if not isinstance(size, Polynomial):
        return size
    total = Fraction(0)
    for monomial, coefficient in size.terms.items():
        term = Fraction(coefficient)
        for atom, exponent in monomial:
            term *= Fraction(point[atom.key]) ** exponent
        total += term
    return total


def check(facts, expression):
    size = built(expression)
    assume(size is not None)
    answers = {q: getattr(facts, q)(size) for q in TESTS}
    bound = facts.at_least(size) if isinstance(size, Polynomial) else None
    reduced = facts.reduce(size)
    for point in allowed_points(facts):
        assert facts.admits(point)
        try:
            value = number(expression, point)
        except (UndefinedError, OverflowError):
            continue
        for question, test in TESTS.items():
            if answers[question] is not None:
                assert test(value) is answers[question], (question, size, point, value)
        assert bound is None or value >= bound, (size, point, bound)
        if reduced != size:
            assert substitute(reduced, point) == value


@settings(max_examples=300)
@given(FACTS, SIZES)
def test_answers_are_never_wrong(facts, expression):
    check(facts, expression)


@settings(max_examples=100)
@given(formulas(leaves=6))
def test_answers_without_facts_are_never_wrong(expression):
    check(PLAIN, expression)


@pytest.mark.parametrize(
    ("least", "question", "size", "answer"),
    [
        ((), "nonnegative", symbol("x") * symbol("y") - symbol("y"), True),
        ((), "positive", symbol("x") * symbol("y") - symbol("y"), None),
        ((symbol("x") - 2,), "positive", symbol("x") * symbol("y") - symbol("y"), True),
        ((symbol("x") - symbol("y") - 1,), "positive", symbol("x") * 2 - symbol("y"), True),
        ((symbol("x") - symbol("y"),), "nonnegative", symbol("y") - symbol("x") - 1, False),
    ],
)
def test_differences_under_order_are_decided(least, question, size, answer):
    assert getattr(Facts(least=least), question)(size) is answer


@settings(max_examples=100)
@given(
    st.sampled_from(NAMES),
    st.sampled_from(["positive", "nonnegative"]),
    LINEAR,
    st.sampled_from(NAMES),
    st.lists(LINEAR, max_size=2).map(tuple),
)
def test_differences_under_order_are_never_wrong(x, question, size, y, least):
    facts = Facts(least=least)
    target = symbol(x) * size - symbol(y)
    answer = getattr(facts, question)(target)
    if answer is not None:
        for point in allowed_points(facts):
            assert TESTS[question](at(target, point)) is answer, (target, point)


@given(FACTS, st.fixed_dictionaries({n: st.integers(1, 12) for n in NAMES}))
def test_admits_is_what_the_facts_say(facts, point):
    by_hand = (
        all(point[n] in d for n, d in facts.domains.items())
        and all(point[n] % m == 0 for n, m in facts.multiples.items())
        and all(point[n] % point[m] == 0 for m, n in facts.divides)
        and all(at(size, point) >= 0 for size in facts.least)
    )
    assert facts.admits(point) is by_hand


# --- conditions ------------------------------------------------------------

READ = [
    ([compared(modulo(h, 32), "==", 0)], {"multiples": {"h": 32}}),
    ([compared(0, "==", modulo(h, 32))], {"multiples": {"h": 32}}),
    ([compared(modulo(h, 6), "==", 0), compared(modulo(h, 4), "==", 0)], {"multiples": {"h": 12}}),
    ([compared(modulo(d, a), "==", 0)], {"divides": frozenset({("a", "d")})}),
    (
        [compared(modulo(c, b), "==", 0), compared(modulo(b, a), "==", 0)],
        {"divides": frozenset({("b", "c"), ("a", "b")})},
    ),
    ([compared(modulo(h, 2), "==", 1)], {"residues": {"h": (2, 1)}}),
    ([compared(modulo(h + w, 2), "==", 0)], {}),
    ([compared(modulo(2 * h, 4), "==", 0)], {"multiples": {"h": 2}}),
    ([compared(l, ">", k)], {"least": (l - k - 1,)}),
    ([compared(l, ">=", k)], {"least": (l - k,)}),
    ([compared(k, "<", l)], {"least": (l - k - 1,)}),
    ([compared(k, "<=", l)], {"least": (l - k,)}),
    ([compared(alpha, ">", 1)], {"least": (alpha - 1,), "nonzero": (alpha - 1,)}),
    ([compared(h, "==", 4 * a)], {"equals": {"h": 4 * a}}),
    ([compared(4 * a, "==", h)], {"equals": {"h": 4 * a}}),
    ([compared(h, "==", 64)], {"equals": {"h": 64}}),
    ([compared(2 * h, "==", 3 * a)], {}),
    ([compared(a, "==", b + 1), compared(w, "==", d / a)], {"equals": {"b": a - 1, "w": d / a}}),
    ([compared(b, "==", a + 1), compared(w, "==", d / b)], {"equals": {"b": a + 1}}),
    ([compared(h, "!=", 3)], {"nonzero": (h - 3,)}),
    (
        [Condition("and", parts=(compared(modulo(h, 8), "==", 0), compared(h, ">=", w)))],
        {"multiples": {"h": 8}, "least": (h - w,)},
    ),
    ([Condition("or", parts=(compared(modulo(h, 8), "==", 0), compared(h, ">=", w)))], {}),
    (
        [Condition("not", parts=(compared(modulo(h, 8), "==", 0),))],
        {"nonzero": (modulo(h, 8),)},
    ),
]


@pytest.mark.parametrize(
    ("conditions", "facts"), READ, ids=[" and ".join(map(str, r)) for r, _ in READ]
)
def test_facts_read_off_conditions(conditions, facts):
    read = facts_from(conditions, {})
    for name in ("multiples", "divides", "least", "equals", "nonzero", "residues"):
        assert getattr(read, name) == facts.get(name, type(getattr(PLAIN, name))())


def test_facts_read_off_domains():
    domains = {
        "h": Domain(64, 1024, 64),
        "w": Domain(1, 9, 2),
        "k": Domain(choices=(8, 16)),
        "n": Domain(1, 9),
    }
    read = facts_from([compared(modulo(h, 48), "==", 0)], domains)
    assert read.domains == domains
    assert read.multiples == {"h": 192}


CONDITIONS = st.builds(
    compared,
    LINEAR
    | st.builds(
        lambda x, m: modulo(symbol(x), m),
        st.sampled_from(NAMES),
        st.integers(2, 5) | st.sampled_from(NAMES).map(symbol),
    ),
    st.sampled_from(["==", "!=", "<", "<=", ">", ">="]),
    st.just(0) | LINEAR,
)


def holds(condition, point):
    """A condition at a point, by numbers alone."""
    if condition.op == "not":
        return not holds(condition.parts[0], point)
    if condition.op in ("and", "or"):
        return (all if condition.op == "and" else any)(holds(p, point) for p in condition.parts)
    value = substitute(condition.size, point)
    return TESTS.get(condition.op, TESTS["integral"])(value)


@settings(max_examples=200)
@given(st.lists(CONDITIONS, min_size=1, max_size=3), CONDITIONS, SIZES)
def test_what_follows_from_conditions_is_never_wrong(conditions, question, expression):
    facts = facts_from(conditions, {})
    size = built(expression)
    assume(size is not None)
    answers = {q: getattr(facts, q)(size) for q in TESTS}
    verdict = question.judge(facts)
    for values in every([1, 2, 3, 4, 5, 6, 8, 12], repeat=len(NAMES)):
        point = dict(zip(NAMES, values, strict=True))
        if not all(holds(c, point) for c in conditions):
            continue
        assert facts.admits(point)
        if verdict is not None:
            assert holds(question, point) is verdict, (conditions, question, point)
        try:
            value = number(expression, point)
        except (UndefinedError, OverflowError):
            continue
        for name, test in TESTS.items():
            if answers[name] is not None:
                assert test(value) is answers[name], (conditions, name, size, point)


@pytest.mark.parametrize(
    ("condition", "judged"),
    [
        (TRUE, True),
        (FALSE, False),
        (compared(h, ">", 0), True),
        (compared(h, "<", 1), False),
        (compared(h, ">", 1), None),
        (Condition("not", parts=(compared(h, ">", 0),)), False),
        (Condition("not", parts=(compared(h, ">", 5),)), None),
        (Condition("and", parts=(TRUE, compared(h, ">", 5))), None),
        (Condition("and", parts=(FALSE, compared(h, ">", 5))), False),
        (Condition("or", parts=(TRUE, compared(h, ">", 5))), True),
        (Condition("or", parts=(FALSE, compared(h, ">", 5))), None),
        (Condition("integer", h / 2), None),
        (Condition("integer", h + Fraction(1, 2)), False),
    ],
    ids=str,
)
def test_conditions_are_three_valued(condition, judged):
    assert condition.judge() is judged


@pytest.mark.parametrize(
    ("condition", "shown"),
    [
        (compared(h, ">=", 3), "h >= 3"),
        (compared(3, ">", h), "3 > h"),
        (compared(h, "==", 4 * a), "h == 4*a"),
        (compared(h, "!=", 4), "h != 4"),
        (Condition("integer", d / a), "d % a == 0"),
        (Condition("integer", h / 2), "h % 2 == 0"),
        (Condition("integer", (h + 1) / 2), "(h + 1) % 2 == 0"),
        (Condition("integer", h / 2, says="h must be even"), "h must be even"),
        (Condition("and", parts=(compared(h, ">", 3), compared(w, ">", 2))), "h > 3 and w > 2"),
        (TRUE, "true"),
    ],
)
def test_conditions_in_words(condition, shown):
    assert str(condition) == shown


def test_conditions_are_judged_again_after_substitution():
    condition = Condition("or", parts=(compared(modulo(h, 8), "==", 0), compared(w, ">", h)))
    assert {s.name for s in condition.symbols()} == {"h", "w"}
    assert condition.at({"h": 16}).judge() is True
    assert condition.at({"h": 17, "w": 3}).judge() is False
    assert condition.at({"h": 17}).judge() is None
    with pytest.raises(SymparamsError):
        compared(d / a, ">", 1).at({"a": 0})


# --- symbols below 0 -------------------------------------------------------

i, j = symbol("i", low=None), symbol("j", low=None)


@pytest.mark.parametrize(
    "size",
    [
        # a symbol inside the floor and in front of it
        i * floor((i + h) / 2),
        -i * floor((i + h) / 2),
        # what a floor takes away, times what is below 0
        i * floor((i + h) / 3) - i * (i + h) / 3,
        i * (i + h) / 3 - i * floor((i + h) / 3),
        minimum(i, 2) * floor(h / 3) - minimum(i, 2) * h / 3,
        i * floor((i + 2 * h) / 3) + 4,
        j * floor((j - i) / 2) + 9,
        i * floor(h / 2),
        i * floor(h / 2) + 3 * h,
        i * j * floor(h / 3),
        h * floor((i + h) / 2),
        i**2 * floor(h / 2) - h,
        i**3 * floor(h / 2) + 20,
        j * floor(i / 2) + 9,
        i * floor(j / 2) - j * floor(i / 2),
        maximum(i, j) * floor(h / 2),
        minimum(i, 2) * floor(h / 3) + h,
        (i + 4) * floor(h / 2),
        (i - 3) * floor(h / 2),
    ],
    ids=str,
)
@pytest.mark.parametrize("ends", [(-3, 2), (-2, -1)])
def test_bounds_of_what_may_be_below_0(size, ends):
    facts = Facts(domains={"i": Domain(*ends), "j": Domain(-2, 2), "h": Domain(1, 5)})
    values = [
        substitute(size, {"i": x, "j": y, "h": z})
        for x, y, z in every(range(ends[0], ends[1] + 1), range(-2, 3), range(1, 6))
    ]
    low, high = facts.at_least(size), facts.at_least(-size)
    assert low is None or low <= min(values)
    assert high is None or -high >= max(values)
    for answer, true in (
        (facts.nonnegative(size), {v >= 0 for v in values}),
        (facts.positive(size), {v > 0 for v in values}),
    ):
        assert answer is None or {answer} == true


# --- ends that follow ------------------------------------------------------

#: Conditions, and the least and the largest value of h that they leave, of 1..64 and l of 1..8.
ENDS = [
    ([compared(h, "!=", 1)], 2, 64),
    ([compared(h, "!=", 64)], 1, 63),
    ([compared(h, "!=", 1), compared(h, "!=", 2), compared(h, "!=", 3)], 4, 64),
    ([compared(2 * h, "!=", 2)], 2, 64),
    ([compared(h + 3, "!=", 4), compared(h, "<=", 9), compared(h, "!=", 9)], 2, 8),
    ([compared(h, "!=", 5)], 1, 64),
    ([compared(h, ">=", 5), compared(h, "!=", 5)], 6, 64),
    ([compared(h, "<=", l), compared(h, "!=", 8)], 1, 7),
    ([compared(h, ">", 6 * l)], 7, 64),
    ([compared(3 * h, ">=", 10 * l + 1)], 4, 64),
    ([compared(h, "==", 4 * l + 1)], 5, 33),
    ([compared(l, "!=", 1), compared(h, ">=", 2 * l)], 4, 64),
    ([compared(l, "!=", 8), compared(h, "<=", 2 * l)], 1, 14),
    ([compared(h + l**2, "<=", 40)], 1, 39),
    ([compared(h, ">", 7 * l**3)], 8, 64),
]


@pytest.mark.parametrize(("conditions", "low", "high"), ENDS)
def test_ends_that_follow(conditions, low, high):
    left = [
        x
        for x, y in every(range(1, 65), range(1, 9))
        if all(c.at({"h": x, "l": y}).judge() for c in conditions)
    ]
    assert (min(left), max(left)) == (low, high)
    facts = facts_from(conditions, {"h": Domain(1, 64), "l": Domain(1, 8)})
    (own,) = h.symbols()
    assert (facts.least_of(own), facts.most_of(own)) == (low, high)
    assert facts.nonnegative(h - low) is True
    assert facts.positive(h - low) is not True


@pytest.mark.parametrize(
    ("size", "holds"),
    [
        # a floor is at most what it is of, times an index that may be 0
        (symbol("k", low=0) * h - 2 * symbol("k", low=0) * floor(h / 2), True),
        (symbol("k", low=0) * floor(h / 2) - symbol("k", low=0) * (h - 1) / 2, True),
        (2 * symbol("k", low=0) * floor(h / 2) - symbol("k", low=0) * h, None),
    ],
)
def test_floors_times_what_may_be_0(size, holds):
    values = {substitute(size, {"k": x, "h": z}) >= 0 for x in range(5) for z in range(1, 9)}
    assert holds is (values == {True} or None)
    assert PLAIN.nonnegative(size) is holds
