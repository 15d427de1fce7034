"""Second derivatives, trade-offs, crossovers, leading terms and shares of models."""

from __future__ import annotations

from fractions import Fraction
from itertools import groupby

import pytest
import sympy
from hypothesis import given, strategies as st

import symparams
from symparams.algebra import Symbol, add_up, substitute, symbol
from symparams.algebra.border import sympy_symbol, to_sympy
from symparams.analysis.crossovers import crossover
from symparams.analysis.leading_terms import leading
from symparams.analysis.operating_point import studied
from symparams.analysis.part_shares import shares
from symparams.analysis.second_order import hessian, mixed
from symparams.analysis.sensitivities import at_point
from symparams.analysis.trade_offs import trade
from symparams.elaboration.document import understand
from symparams.elaboration.zoo import source
from symparams.errors import NeedsValue, Source, SymparamsError
from tests.cli.running import run

GPT2 = """
model gpt(V = 50257, s = 1024, l in 1..96 = 12, h in 64..16384 step 64 = 768, a = 12)
    where h % a == 0 =
    tokens(s) -> embed(V, h) -> (residual(layernorm -> attention(a))
        -> residual(layernorm -> mlp(4*h))) * l -> layernorm -> linear(V)
"""
ZOO = ("gpt2", "llama", "whisper", "mixtral", "vgg16", "mobilenet", "lstm_lm", "bert", "vit", "vae")


def definition(text):
    return understand(Source("<text>", text)).definition()


def subject(text, measure="params", varied=(), parts=(), **values):
    return studied(definition(text), values, measure, varied, parts)


def of_zoo(name, measure="params"):
    return studied(understand(source(name)).definition(name), {}, measure)


# --- the point -------------------------------------------------------------


def test_a_size_whose_default_names_another_may_have_a_value():
    text = "model m(h = 8, f = 4*h, k = f) = input(h) -> dense(f) -> dense(k)"
    assert subject(text).formula == symbol("h") * 20 * symbol("h") + 8 * symbol("h")
    found = subject(text, f=9)
    assert found.point == {"h": 8, "f": 9}
    assert found.formula == symbol("f") * (symbol("f") + symbol("h") + 2)
    assert found.at(found.formula) == 171


def test_a_size_that_structure_needs_is_settled():
    found = subject("model m(l = 12, h = 4) = input(h) -> dense(h) * l", "dense[3].params")
    assert found.point == {"h": 4}
    assert found.formula == symbol("h") ** 2 + symbol("h")


def test_a_point_that_is_not_admitted():
    with pytest.raises(SymparamsError) as caught:
        subject(GPT2, a=7)
    assert str(caught.value).splitlines()[1].strip() == "it needs h % a == 0"


# --- first and second order ------------------------------------------------


def test_steps_are_those_of_domain_and_divisibility():
    found = {i.symbol: i for i in at_point(definition(GPT2)).items}
    assert (found["h"].step, found["l"].step) == (192, 1)  # 64 and 12
    alone = {i.symbol: i for i in at_point(definition(GPT2), {"a": 1}).items}
    assert alone["h"].step == 64
    assert alone["h"].at.difference == alone["h"].at.value * 0 + (
        symparams.parse(GPT2).count(h=832, a=1) - symparams.parse(GPT2).count(a=1)
    )


def test_steps_of_sets():
    text = "model m(k in {3, 5, 7} = 3, c in {2, 3, 7} = 3) = input(9, 9, c) -> conv(c, k)"
    found = {i.symbol: i for i in at_point(definition(text)).items}
    assert found["k"].step == 2
    assert found["c"].step is None
    assert found["c"].difference is None
    assert found["c"].at.difference == (7 * 7 * 9 + 7) - (3 * 3 * 9 + 3)


@pytest.mark.parametrize("name", ZOO)
def test_a_hessian_as_sympy_has_it(name):
    found = hessian(of_zoo(name))
    symbols = [sympy_symbol(n, found.subject.size(n).integer) for n in found.names]
    theirs = sympy.hessian(to_sympy(found.subject.formula), symbols)
    for j, one in enumerate(found.names):
        for k, other in enumerate(found.names):
            ours = to_sympy(found.by(one, other).derivative)
            assert sympy.expand(ours - theirs[j, k]) == 0


@given(st.data())
def test_second_differences_are_those_of_four_corners(data):
    made = studied(definition(GPT2), {"a": 1})
    steps = {"h": 64 * data.draw(st.integers(1, 3)), "l": data.draw(st.integers(1, 4))}
    by = data.draw(st.sampled_from(["hl", "lh", "hh", "ll", "Vh", "hhl"]))
    found = mixed(made, by, steps)
    point = made.point
    total = 0
    for taken in range(2 ** len(by)):
        corner = dict(point)
        for k, name in enumerate(by):
            corner[name] += (taken >> k & 1) * steps.get(name, 1)
        total += (-1) ** (len(by) - bin(taken).count("1")) * made.at(made.formula, corner)
    assert found.increase == total == substitute(found.difference, point)


def test_no_second_derivative_inside_a_floor_but_a_difference():
    made = subject("model m(h = 9, l = 2) = input(1) -> linear(h//2) -> linear(l*h)")
    found = hessian(made)
    entry = found.by("h", "l")
    assert entry.derivative is None
    assert entry.reason == "no derivative by 'h': it stands inside 'floor(h/2)'"
    assert entry.increase == (5 * 3 * 10 - 4 * 3 * 9) - (5 * 2 * 10 - 4 * 2 * 9)
    assert substitute(entry.difference, made.point) == entry.increase
    assert found.by("l", "l").derivative == 0


def test_a_mixed_difference_that_has_no_closed_form_has_a_value():
    made = subject("model m(h = 60, a = 3) where h % a == 0 = input(h) -> dense(h/a)")
    found = mixed(made, "ah", {"h": 60})
    assert found.difference is None
    value = made.formula
    assert found.increase == sum(
        sign * made.at(value, {"h": h, "a": a})
        for h, a, sign in ((120, 4, 1), (120, 3, -1), (60, 4, -1), (60, 3, 1))
    )


# --- trade-offs ------------------------------------------------------------

#: Sizes of a part as formulas in l and h: rising, falling, rounded, neither.
PARTS = st.sampled_from(
    [
        "l*h^2 + 3*h",
        "l*(h//3 + 1) + h",
        "l + h",
        "(h - 20)^2 + l*7 + 1",
        "h*(41 - h)*l + 2000",
        "l*h*(h % 3 + 1)",
        "60*l/l + 61*l - h",
        "(h - 7)*(h - 19)*(h - 30) + l*50 + 9000",
        "ceil(h/4)*l*h + 5",
        "2^l + h",
        "max(h, 9)*l",
        "l^3 + 4*h*l",
        "300/300 + h*l",
    ]
)
DOMAINS = st.sampled_from(
    ["h in 1..40", "h in 2..40 step 3", "h in 8..40 step 4", "h in {1, 2, 9}"]
)


def _sizes(domain):
    _, _, written = domain.partition(" in ")
    if written.startswith("{"):
        return [1, 2, 9]
    low, _, rest = written.partition("..")
    high, _, step = rest.partition(" step ")
    return list(range(int(low), int(high) + 1, int(step or 1)))


def _number(text, **point):
    """What a formula of PARTS is worth, by Python."""
    made = text.replace("^", "**").replace("/l", "//l").replace("300/300", "1")
    return eval(made, {"max": max, "ceil": lambda x: -int(-x // 1)}, point)


@given(PARTS, DOMAINS, st.sampled_from(["", " where h % 2 == 0", " where h >= 6"]), st.data())
def test_a_trade_against_trying_every_size(part, domain, where, data):
    text = f"model m(l in 1..9, {domain}){where} = input(1) -> linear({part})"
    allowed = {"": lambda h: True, " where h % 2 == 0": lambda h: h % 2 == 0}
    keep = allowed.get(where, lambda h: h >= 6)
    values = [h for h in _sizes(domain) if keep(h)]
    depth, h = data.draw(st.integers(1, 8)), data.draw(st.sampled_from(values))
    try:
        found = trade(subject(text, l=depth, h=h), "l", "h")
    except SymparamsError:
        assert _number(part, l=depth, h=h) < 1  # then no such layer is possible
        return
    budget = _number(part, l=depth, h=h)
    fits = [v for v in values if 1 <= _number(part, l=depth + 1, h=v) <= budget]
    assert found.budget == budget
    assert found.exchange.one == depth + 1
    assert found.exchange.most == max(fits, default=None)
    if fits:
        assert found.slack == budget - _number(part, l=depth + 1, h=max(fits))
        later = [v for v in values if v > max(fits) and _number(part, l=depth + 1, h=v) >= 1]
        assert found.exchange.next == min(later, default=None)
        assert not later or found.exchange.over == _number(part, l=depth + 1, h=later[0]) - budget


def test_a_rate_is_that_of_sympy():
    found = trade(of_zoo("gpt2"), "l", "h")
    layers, h = (sympy_symbol(n) for n in "lh")
    params = to_sympy(found.subject.formula)
    above, below = map(to_sympy, found.rate)
    assert sympy.simplify(above / below + params.diff(layers) / params.diff(h)) == 0
    assert found.value == Fraction(-7_087_872, 272_623)


def test_a_trade_without_end():
    found = trade(subject("model m(l, h) = input(1) -> linear(h*l)", l=3, h=10), "l", "h")
    assert (found.exchange.most, found.slack) == (7, 2)
    falling = trade(subject("model m(l, h) = input(1) -> linear(9*l/h)", l=1, h=3), "l", "h")
    assert (falling.exchange.most, falling.exchange.value) == (18, 1)  # h divides 18
    text = "model m(l in 1..8, h) where 1000 // h >= 1 = input(1) -> linear(h % 2 + 10*(9 - l))"
    ended = trade(subject(text, l=1, h=1), "l", "h")
    assert ended.exchange.reason == "undecided: the conditions may end 'h' somewhere"
    assert ended.exchange.most is None
    text = "model m(l in 1..8, h) = input(1) -> linear(h % 2 + 10*(9 - l))"
    anything = trade(subject(text, l=1, h=1), "l", "h")
    assert anything.exchange.unbounded
    rising = trade(subject("model m(l, h) = input(1) -> linear(2^h*l)", l=1, h=3), "h", "l")
    assert rising.rate is None
    assert rising.reason == "no derivative by 'h': it stands inside '2^h'"
    assert rising.exchange.reason == "no 'l' keeps params at or below 8"


@pytest.mark.parametrize(
    ("one", "other", "says"),
    [
        ("l", "q", "no size 'q' to vary"),
        ("l", "l", "'l' cannot pay for itself"),
        ("l", "t", "params does not depend on 't': it pays for nothing"),
    ],
)
def test_what_cannot_be_traded(one, other, says):
    with pytest.raises(SymparamsError) as caught:
        trade(subject("model m(l, h, t) = input(t, h) -> dense(h) * l"), one, other)
    assert str(caught.value).splitlines()[0] == says


# --- crossovers ------------------------------------------------------------

PAIR = """
block one(h, l) on [...] = linear({})
block other(h, l) on [...] = linear({})
model m(l in 1..9, {}) = input(1) -> (one(h, l) | other(h, l))
"""


@given(PARTS, PARTS, DOMAINS, st.integers(1, 9))
def test_thresholds_against_trying_every_size(left, right, domain, depth):
    made = subject(PAIR.format(left, right, domain), l=depth, varied=["h"])
    found = crossover(made, "one", "other", "h")
    differences = [
        (v, _number(left, l=depth, h=v) - _number(right, l=depth, h=v))
        for v in _sizes(domain)
        if min(_number(left, l=depth, h=v), _number(right, l=depth, h=v)) >= 1
    ]
    expected = []
    for sign, group in groupby(differences, lambda pair: (pair[1] > 0) - (pair[1] < 0)):
        values = [v for v, _ in group]
        expected.append((values[0], values[-1], sign))
    if found.always is not None:
        assert {sign for _, _, sign in expected} <= {found.always}
        return
    (threshold,) = found.thresholds
    assert [(s.first, s.last, s.sign) for s in threshold.spans] == expected


ROOTS = [
    ("a*h^2 + 1", "b*h + 1", {"b/a"}),
    ("h^2", "4*a^2", {"2*a"}),
    ("h^2", "a", {"sqrt(a)", "-sqrt(a)"}),
    ("h^2 + b*h", "12*b^2", {"3*b"}),
    ("a*h^2", "b*h + 5", {"(b + sqrt(20*a + b^2))/(2*a)", "(b - sqrt(20*a + b^2))/(2*a)"}),
    ("h^2 + 1", "1/1", {"0"}),
    ("h^3 + 1", "a", {"(a - 1)**(S(1)/3)"}),
    ("h^5", "32*a^10", {"(32*a**10)**(S(1)/5)"}),
    ("h^3 + h", "a", None),
    ("h//2", "a", None),
]


@pytest.mark.parametrize(("left", "right", "roots"), ROOTS)
def test_closed_forms(left, right, roots):
    text = f"""
    block one(a, b, h) on [...] = linear({left})
    block other(a, b, h) on [...] = linear({right})
    model m(a, b, h) = input(1) -> (one(a, b, h) | other(a, b, h))"""
    model = symparams.parse(text)
    found = model.crossover("one", "other", wrt="h")
    if "h" not in found.along:
        assert roots == {"0"}  # it is above at all sizes, as h is positive
        return
    names = {n: sympy_symbol(n) for n in "abh"}
    written = roots or set()
    expected = {sympy.sympify(r.replace("^", "**"), locals=names) for r in written}
    assert {sympy.simplify(r) for r in found.along["h"].roots} == {
        sympy.simplify(e) for e in expected
    }
    difference = found.difference
    for root in found.along["h"].roots:
        assert sympy.simplify(difference.subs(names["h"], root)) == 0


def test_never_overtakes_is_proved():
    text = "input(h) -> dense(h) -> linear(h)"
    found = crossover(subject(text), "dense", "linear")
    assert (found.always, found.thresholds) == (1, ())
    same = crossover(subject("input(h) -> dense(h) -> dense(h)"), "dense[0]", "dense[1]")
    assert same.always == 0


def test_a_crossover_needs_only_what_is_asked():
    found = crossover(
        subject("input(t, i) -> lstm(h) -> dense(9)", i=3, varied=["h"]), "lstm", "dense", "h"
    )
    assert found.subject.point == {}
    assert found.always == 1 or found.thresholds[0].spans is not None


def test_undecided_is_said():
    text = PAIR.format("2^h", "h^3 + 1000", "h")
    (threshold,) = crossover(subject(text, l=1), "one", "other", "h").thresholds
    assert threshold.spans is None
    assert threshold.reason == "undecided: no exact way to follow 'h' without end here"
    small = PAIR.format("2^h", "h^3 + 1000", "h in 1..64")
    (threshold,) = crossover(subject(small, l=1), "one", "other", "h").thresholds
    assert [(s.first, s.last, s.sign) for s in threshold.spans] == [(1, 11, -1), (12, 64, 1)]


def test_thresholds_keep_to_the_conditions():
    """attention overtakes the embedding at the first width of GPT-2 that its heads divide."""
    (found,) = crossover(of_zoo("gpt2"), "attention", "embed", "h").thresholds
    assert [(s.first, s.last, s.sign) for s in found.spans] == [(12, 1044, -1), (1056, None, 1)]
    count = symparams.parse(source("gpt2").text).count
    for h, larger in ((1044, False), (1056, True)):
        assert (count("attention.params", h=h) > 50257 * h) is larger


def test_a_size_that_divides_another_ends_there():
    """Heads that share keys divide all heads: no sharing makes attention overtake swiglu."""
    made = studied(understand(source("llama")).definition("llama"), {"kv": 8}, "params", ["kv"])
    (found,) = crossover(made, "attention", "swiglu", "kv").thresholds
    assert [(s.first, s.last, s.sign) for s in found.spans] == [(1, 32, -1)]
    text = "model m(k = 2, n = 12) where n % k == 0 = input(n) -> linear(k) -> linear(3)"
    (found,) = crossover(subject(text), "linear[0]", "linear[1]", "n").thresholds
    assert [(s.first, s.last, s.sign) for s in found.spans] == [(2, 2, -1), (4, None, 1)]


def test_parts_are_addresses():
    made = subject("input(4) -> dense(h) -> dense(9)", "macs")
    found = crossover(made, "dense", "dense[-1]")
    assert found.formulas == tuple(map(made.network.measure, ("dense.macs", "dense[-1].macs")))
    for measure in ("params", "2*params", "3"):
        with pytest.raises(SymparamsError, match=r"'a b\.params' is no address"):
            made.network.measure(measure, "a b")
    with pytest.raises(SymparamsError, match="is no address"):
        crossover(made, "", "dense")


# --- leading terms and shares ----------------------------------------------


def test_the_leading_term_of_a_transformer():
    made = of_zoo("gpt2")
    h, layers = symbol("h"), symbol("l")
    found = leading(made, "hl")
    assert (found.term, found.degree, found.rest) == (12 * h**2 * layers, 3, 2)
    assert found.share == Fraction(12 * 768**2 * 12, 124_439_808)
    assert leading(made, "h").term == 12 * h**2 * layers
    assert leading(made, "V").term == h * symbol("V")


@pytest.mark.parametrize("name", ZOO)
@pytest.mark.parametrize("measure", ["params", "macs", "active"])
def test_shares_sum_to_one(name, measure):
    found = shares(of_zoo(name, measure))
    assert add_up(item.formula for item in found.items) == found.subject.formula
    assert sum(item.share for item in found.items) == 1
    assert sum(item.value for item in found.items) == found.subject.at(found.subject.formula)
    for item in found.items:
        above, below = item.fraction
        assert above * found.subject.formula == below * item.formula


def test_shares_of_a_network_of_numbers_and_of_nothing():
    known = shares(subject("input(2) -> dense(3) -> bn -> dense(3)"))
    assert [(s.name, s.parts, s.share) for s in known.items] == [
        ("dense", 2, Fraction(7, 9)),
        ("bn", 1, Fraction(2, 9)),
    ]
    assert shares(subject("input(2) -> relu")).items == ()


def test_names_of_shares():
    found = shares(of_zoo("gpt2"))
    assert {s.name for s in found.items} == {"E", "positions", "attention", "dense", "layernorm"}


# --- in Python -------------------------------------------------------------


def test_answers_are_sympy_expressions():
    model = symparams.parse(GPT2)
    h, layers, vocabulary = (model.symbols[n] for n in "hlV")
    assert model.hessian() == sympy.hessian(model.params, list(model.symbols.values()))
    traded = model.trade("l", "h", a=1)
    assert sympy.simplify(traded.rate + model.params.diff(layers) / model.params.diff(h)) == 0
    assert traded.measured == model.count(l=traded.one, h=traded.other, a=1)
    assert traded.slack == model.count() - traded.measured
    assert model.count(l=traded.one, h=traded.other + 64, a=1) > model.count()
    assert model.leading("h", "l").term == 12 * h**2 * layers
    along = model.crossover("attention", "embed", wrt="h", a=1).along["h"]
    assert along.roots == (vocabulary / (4 * layers),)
    assert [s.sign for s in along.spans] == [-1, 1]
    shared = model.shares()
    assert sum(s.share for s in shared.values()) == 1
    assert sympy.simplify(sum(s.fraction for s in shared.values())) == 1


def test_no_hessian_inside_a_floor():
    with pytest.raises(NeedsValue, match="no derivative by 'h'"):
        symparams.parse("input(h) -> linear(h//2)").hessian()
    assert Symbol("h") in subject("input(h) -> linear(h//2)").formula.symbols()


@pytest.mark.parametrize(
    ("names", "message"),
    [
        ([], "name the sizes that grow\n    as in h,l"),
        (["h", "q"], "no size 'q'"),
    ],
)
def test_what_is_said_of_sizes_that_do_not_grow(names, message):
    model = symparams.parse("model m(h, l) = input(h) -> dense(h) * l")
    with pytest.raises(SymparamsError) as caught:
        model.leading(*names)
    assert str(caught.value).startswith(message)


#: A question of 1,000 sizes, and what is said in the place of megabytes.
TOO_MUCH = [
    (
        (),
        "sensitivities to 1,000 sizes, of a formula of 1,999 terms, are more than anybody reads\n"
        "    ask for one size, as 'k[0]'\n",
    ),
    (
        ("--second",),
        "1,000 sizes have 500,500 second derivatives, more than anybody reads\n"
        "    ask for one, by 'k[0]' and 'k[1]'\n",
    ),
]


@pytest.mark.parametrize(("asked", "told"), TOO_MUCH)
def test_what_nobody_reads_is_not_worked_out(asked, told):
    net = "model m(k[1000]) = input(8) -> [dense(n) for n in k]"
    ended = run("sensitivity", net, *asked)
    assert (ended.code, ended.out, ended.err) == (2, "", told)
    one = run("sensitivity", net, "--wrt", "k[1]", "--format", "csv")
    assert one.out.splitlines()[1].startswith("k[1],k[0] + k[2] + 1,,1,k[0] + k[2] + 1,")
