"""What is asked, from text to algebra: domains, budgets, formulas, structures."""

import pytest

from symparams.algebra import Domain, text
from symparams.analysis.questions import ask, domains_asked, domains_over
from symparams.elaboration.document import understand
from symparams.errors import Source, SymparamsError
from symparams.network import MEASURE_NAMES


def definition(written):
    return understand(Source("<text>", written)).definition()


def asked(written, over=(), budgets=(), sizes=(), values=None):
    model = definition(written)
    domains = domains_asked(model, values or {}, over)
    sources = [Source("<budget>", b) for b in budgets]
    formulas = [Source("<maximize>", s) for s in sizes]
    return ask(model, domains, values, sources, formulas)


MLP = "model mlp(i, h in 64..256 step 64, l in {2, 4}, o = 10) where h % 64 == 0 = input(i) -> dense(h) -> (dense(h) -> relu) * l -> dense(o)"

DOMAINS = [
    ("h=256..16384:64", {"h": Domain(256, 16384, 64)}),
    ("h = 256..16_384 : 64", {"h": Domain(256, 16384, 64)}),
    ("h=256..2^14 step 64", {"h": Domain(256, 16384, 64)}),
    ("h in 1K..4K step 1K", {"h": Domain(1000, 4000, 1000)}),
    ("l=6..128", {"l": Domain(6, 128)}),
    ("l={8, 1,2,4}", {"l": Domain(choices=(8, 1, 2, 4))}),
    ("l=7", {"l": Domain(choices=(7,))}),
    ("h=64..1024,l=2..8", {"h": Domain(64, 1024), "l": Domain(2, 8)}),
    ("h={1, 2}, l={3}", {"h": Domain(choices=(1, 2)), "l": Domain(choices=(3,))}),
    ("k[1]={3,5}", {"k[1]": Domain(choices=(3, 5))}),
    ("k={3,5}", {f"k[{n}]": Domain(choices=(3, 5)) for n in (0, 1)}),
]


@pytest.mark.parametrize(("written", "expected"), DOMAINS)
def test_domains(written, expected):
    assert domains_over([written], ["h", "l", "k[0]", "k[1]"]) == expected


def test_domains_of_several_options():
    assert list(domains_over(["h=1..2", "l=3"], ["h", "l"])) == ["h", "l"]


WRONG_DOMAINS = [
    (
        "h",
        "<over>:1:1: write a size and its values\n    h\n    ^ as in h=64..1024:64 or k={1, 2, 4}",
    ),
    (
        "h=",
        "<over>:1:1: write a size and its values\n    h=\n    ^^ as in h=64..1024:64 or k={1, 2, 4}",
    ),
    ("h=64..", "<over>:1:3: this range has no end\n    h=64..\n      ^^^^ as in 64..1024:64"),
    (
        "h=3..1",
        "<over>:1:3: a range must rise, not 3..1\n    h=3..1\n      ^^^^",
    ),
    ("h={}", "<over>:1:3: this domain has no values\n    h={}\n      ^^ as in {1, 2, 4}"),
    ("h=-1..3", "<over>:1:3: a size must not be below 0, as -1 is\n    h=-1..3\n      ^^"),
    ("h=1..9:0", "<over>:1:8: a step must be above 0\n    h=1..9:0\n           ^"),
    ("h={1, x}", "<over>:1:7: a domain is made of numbers, or of words\n    h={1, x}\n          ^"),
    (
        "l=2,hh=1..3",
        "<over>:1:5: the model has no size 'hh'\n    l=2,hh=1..3\n        ^^ did you mean 'h'?",
    ),
    ("h=1..3,h=2", "<over>:1:8: 'h' has two domains\n    h=1..3,h=2\n           ^"),
    ("o=1..3", "<over>:1:1: 'o' has a value: it cannot vary too\n    o=1..3\n    ^"),
]


@pytest.mark.parametrize(("written", "message"), WRONG_DOMAINS)
def test_wrong_domains(written, message):
    with pytest.raises(SymparamsError) as caught:
        domains_over([written], ["h", "l"], {"o": 10})
    assert str(caught.value) == message


def test_declared_domains_hold_and_over_comes_before_them():
    (question,) = asked(MLP, ["i=1..9", "h=32..1024:32"]).questions
    assert [(a.name, list(a.values)[:2]) for a in question.space.axes] == [
        ("i", [1, 2]),
        ("h", [32, 64]),
        ("l", [2, 4]),
    ]
    assert question.network.taken == {"o": 10}
    assert [str(c) for c in question.space.conditions] == ["h % 64 == 0"]


def test_a_derived_default_gives_way_to_a_domain():
    model = "model m(a, kv = a) = input(a) -> dense(kv)"
    (question,) = asked(model, ["a=1..4", "kv=1..4"], sizes=["params"]).questions
    assert [a.name for a in question.space.axes] == ["a", "kv"]
    assert text(question.sizes[0]) == "a*kv + kv"
    (question,) = asked(model, ["a=1..4"], sizes=["kv"]).questions
    assert text(question.sizes[0]) == "a"


SIZES = [
    ("params", "h^2*l + h*i + h*l + 11*h + 10"),
    ("mlp.params", "h^2*l + h*i + h*l + 11*h + 10"),
    ("params - i*h - 10", "h^2*l + h*l + 11*h"),
    ("dense[0].params", "h*i + h"),
    ("dense[-1].params", "10*h + 10"),
    ("dense.macs", "h^2*l + h*i + 10*h"),
    ("12*l*h^2", "12*h^2*l"),
    ("o", "10"),
    ("h % 64", "0"),
]


@pytest.mark.parametrize(("written", "expected"), SIZES)
def test_formulas(written, expected):
    (question,) = asked(MLP, ["i=1..9"], sizes=[written]).questions
    assert text(question.sizes[0]) == expected


BUDGETS = [
    ("params <= 7B", ("h*i", "<="), 7 * 10**9, "params"),
    ("7B >= params", ("h*i", "<="), 7 * 10**9, "params"),
    ("params == 1_000", ("h*i", "=="), 1000, "params"),
    ("1/2 < params", ("h*i", ">"), None, "params"),
    ("params <= h^2", ("h*i - h^2", "<="), 0, "params - (h^2)"),
]


@pytest.mark.parametrize(("written", "expected", "bound", "name"), BUDGETS)
def test_budgets(written, expected, bound, name):
    model = "model m(i in 1..9, h in 1..9) = input(i) -> dense(h, bias = no)"
    (question,) = asked(model, budgets=[written]).questions
    budget = question.limits[0].budget
    shown = {"h*i": "h*i", "h*i - h^2": "-h^2 + h*i"}[expected[0]]
    assert (text(budget.size), budget.op) == (shown, expected[1])
    assert bound is None or budget.bound == bound
    assert budget.name == name


LISTED = ", ".join(MEASURE_NAMES)
WRONG_BUDGETS = [
    (
        "parms <= 7B",
        "<budget>:1:1: 'parms' is neither a measure nor a size of the model\n    parms <= 7B\n    ^^^^^ did you mean 'params'?",
    ),
    (
        "params <= 7*q",
        f"<budget>:1:13: 'q' is neither a measure nor a size of the model\n    params <= 7*q\n                ^ it has sizes o, i, h, l; measures {LISTED}",
    ),
    ("params", '<budget>:1:1: a budget compares\n    params\n    ^^^^^^ as in "params <= 7B"'),
    (
        "params ~= 7B",
        "<budget>:1:1: a budget has one of <= < >= > ==, not ~=\n    params ~= 7B\n    ^^^^^^^^^^^^",
    ),
    (
        "params != 3",
        "<budget>:1:1: a budget has one of <= < >= > ==, not !=\n    params != 3\n    ^^^^^^^^^^^",
    ),
    (
        "dens.params <= 1",
        "<budget>:1:1: nothing in it is called 'dens'\n    dens.params <= 1\n    ^^^^^^^^^^^ did you mean 'dense'?",
    ),
    (
        "dense.parms <= 1",
        "<budget>:1:7: unknown measure 'parms'\n    dense.parms <= 1\n          ^^^^^ did you mean 'params'?",
    ),
    (
        "a.b.params <= 1",
        "<budget>:1:1: nothing in it is called 'a.b'\n    a.b.params <= 1\n    ^^^^^^^^^^ there are dense, input, relu",
    ),
    (
        "params <= 7X",
        "<budget>:1:11: 'X' sticks to a number\n    params <= 7X\n              ^^ write '7 * X'",
    ),
]


@pytest.mark.parametrize(("written", "message"), WRONG_BUDGETS)
def test_wrong_budgets(written, message):
    with pytest.raises(SymparamsError) as caught:
        asked(MLP, ["i=1..9"], [written])
    assert str(caught.value) == message


def test_a_size_without_value_and_domain():
    with pytest.raises(SymparamsError) as caught:
        asked("input(t, i) -> lstm(h)", ["h=1..64"], ["params <= 100"])
    assert str(caught.value) == (
        "'i' has neither a value nor a domain\n"
        "    give 'i' a domain: --over i=1..64; or a value: --set i=1"
    )


def test_a_size_that_does_not_matter_needs_no_domain():
    (question,) = asked("input(t, i) -> lstm(h)", ["h=1..64,i=1..9"], ["params <= 100"]).questions
    assert question.space.names == ("i", "h")


# --- structure ---

BY_DEPTH = "model m(n in {18, 34, 50}, w in 1..9) = input(4) -> (if n == 18 then dense(w) -> dense(2) else dense(w) -> dense(7) -> dense(n))"


def test_a_size_that_decides_the_structure_is_tried_value_by_value():
    found = asked(BY_DEPTH, sizes=["params"]).questions
    assert [dict(q.fixed) for q in found] == [{"n": 18}, {"n": 34}, {"n": 50}]
    assert [text(q.sizes[0]) for q in found] == ["7*w + 2", "12*w + 279", "12*w + 407"]
    assert all(q.space.names == ("w",) for q in found)


def test_too_many_structures():
    with pytest.raises(SymparamsError) as caught:
        asked(BY_DEPTH, ["n=1..100"], sizes=["params"])
    assert caught.value.message == (
        "'n' decides the structure: a network for each value is built, up to 64, but it has 100 values"
    )


def test_structures_that_the_model_refuses_are_said():
    model = "model m(n in {2, 3, 4}, w in 1..9) where n % 2 == 0 = input(4) -> (if n == 2 then dense(w) else dense(w) -> dense(3))"
    found = asked(model, sizes=["params"])
    assert [dict(q.fixed) for q in found.questions] == [{"n": 2}, {"n": 4}]
    assert [(dict(r.fixed), r.error.message) for r in found.refused] == [
        ({"n": 3}, "the assumption 'n % 2 == 0' does not hold at n = 3")
    ]


def test_an_unknown_name_is_no_refused_structure():
    with pytest.raises(SymparamsError, match="did you mean 'params'"):
        asked(BY_DEPTH, sizes=["prams"])
