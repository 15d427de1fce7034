"""A default that names other parameters stays derived until it is set itself, everywhere."""

import pytest

import symparams
from symparams.analysis.checks import check
from symparams.analysis.model_space import ModelSpace
from symparams.analysis.sensitivities import at_point
from symparams.analysis.solutions import solve
from symparams.analysis.sweeps import swept
from symparams.elaboration.definition import build
from symparams.elaboration.document import understand
from symparams.errors import Source, SymparamsError
from tests.cli.running import run

MODEL = "model m(h = 8, f = 4*h) = input(h) -> dense(f) -> dense(1)"
CHAIN = "model m(h = 8, f = 4*h, g = f + 1) = input(h) -> dense(f) -> dense(g)"
ASKED = "model m(k = 1, h = (if k == 1 then 8 else 16)) = input(h) -> dense(1)"


def definition(source):
    return understand(Source("<text>", source)).definition()


@pytest.mark.parametrize(
    ("source", "settings", "expected"),
    [
        (MODEL, "", "4*h*(h + 2) + 1\n"),
        (MODEL, "h=6", "193\n"),
        (MODEL, "f=f", "f*(h + 2) + 1\n"),
        (MODEL, "f=10", "10*h + 21\n"),
        (MODEL, "h=6,f=10", "81\n"),
        (MODEL, "f=3*h", "3*h*(h + 2) + 1\n"),
        (MODEL, "h=6,f=3*h", "145\n"),
        (MODEL, "h=2*f,f=3", "25\n"),
        (MODEL, "h=2*h", "16*h*(h + 1) + 1\n"),
        (MODEL, "h=n", "4*n*(n + 2) + 1\n"),
        (CHAIN, "h=6", "793\n"),
        (CHAIN, "f=6", "6*h + 55\n"),
        (CHAIN, "g=2", "4*h^2 + 12*h + 2\n"),
        ("model m(h, f = 4*h) = input(h) -> dense(f)", "h=6", "168\n"),
        ("model m(h, f = h/2) = input(h) -> linear(2*f)", "", "h^2\nif h % 2 == 0\n"),
        ("model m(h, f = h - 3) = input(h) -> linear(f + 3)", "", "h^2\nif h >= 4\n"),
        ("model m(h, f = 4*h) = input(h) -> linear(f)", "f=h/2", "h^2/2\nif h % 2 == 0\n"),
        (
            "model m(h, f in 8..64 step 8 = 4*h) = input(h) -> linear(f)",
            "",
            "4*h^2\nif h % 2 == 0\nif 16 >= h\n",
        ),
        ("model m(h, f in {8, 16} = 4*h) = input(h) -> linear(f)", "", "4*h^2\nif 4*h in {8, 16}\n"),
        ("model m(h, f in {8, 16} = 4*h) = input(h) -> linear(f)", "h=4", "64\n"),
        ("model m(h in {2, 4}, f in {8, 16} = 4*h) = input(h) -> linear(f)", "", "4*h^2\n"),
        # an item of a list that names nothing is a default like any other
        (
            "model m(h, k[3] = [h, 2*h, 4]) = input(h) -> [linear(n) for n in k]",
            "h=3",
            "6*k[2] + 27\n",
        ),
        ("model m(h, k[2] = h) = input(h) -> [linear(n) for n in k]", "h=3", "18\n"),
        ("model m(h, k[2] = h) = input(h) -> [linear(n) for n in k]", "k[0]=2", "4*h\n"),
        ("model m(h, k[2] = [h*j for j in 1..2]) = input(h) -> [linear(n) for n in k]", "", "3*h^2\n"),
        ("model m(w = [8, 4], h = w[0]) = input(h) -> dense(1)", "w=[5]", "6\n"),
        (ASKED, "", "9\nfor k = 1\n"),
        (ASKED, "k=2", "17\n"),
        (
            ASKED.replace("k = 1,", "k in {1, 2},"),
            "",
            "h + 1\nwith h = (if k == 1 then 8 else 16)\n",
        ),
        ("input(i) -> dense(h)", "i=3,h=4*i", "48\n"),
        ("model m(a in {1/2, 1} = 1, c = 8) = input(2*a) -> linear(c)", "c=8*a", "16*a^2\n"),
    ],
)  # fmt: skip
def test_formula(source, settings, expected):
    settings = ["--set", settings] if settings else []
    assert run("formula", source, *settings).out == expected


@pytest.mark.parametrize(
    ("source", "values", "expected"),
    [
        (MODEL, {}, 321),
        (MODEL, {"h": 6}, 193),
        (MODEL, {"f": 10}, 101),
        (CHAIN, {"h": 6}, 793),
        ("model m(h, k[3] = [h, 2*h, 4]) = input(h) -> [linear(n) for n in k]", {"h": 3}, 51),
        ("model m(a in {1/2, 1} = 1, c = 8) = input(2*a) -> linear(c)", {}, 16),
    ],
)
def test_count(source, values, expected):
    model = symparams.parse(source)
    assert model.count(**values) == expected
    assert model.at(**values).count() == expected


@pytest.mark.parametrize(
    ("source", "settings", "expected"),
    [
        (
            "model m(h, f = h/2) = input(h) -> linear(f)",
            "h=7",
            "<text>:1:16: 'f' must be a positive integer, not 7/2",
        ),
        (
            "model m(h = 8, f in 8..64 step 8 = 4*h) = input(h) -> linear(f)",
            "h=17",
            "<text>:1:36: 'f' must be in 8..64 step 8, not 68",
        ),
        (
            "model m(h in {1, 3}, f in {8, 16} = 4*h) = input(h) -> linear(f)",
            "f=f,h=h",
            "",
        ),
        (MODEL, "h=2*f", "<text>:1:9: 'h' is given by itself: h, f, h"),
        (
            "model m(h = 8, act = relu) = input(h) -> act",
            "h=3*act",
            "'h' must be a size, but 'act' is the layer kind 'relu'",
        ),
    ],
)
def test_what_does_not_fit_is_refused(source, settings, expected):
    found = run("formula", source, "--set", settings)
    assert found.err.partition("\n")[0] == expected
    assert found.code == (2 if expected else 0)


def test_a_derived_default_outside_its_domain_is_refused_whatever_the_sizes():
    source = "model m(h in {1, 3}, f in {8, 16} = 4*h) = input(h) -> linear(f)"
    with pytest.raises(SymparamsError, match=r"^<text>:1:37: 'f' must be in \{8, 16\}, not 4\*h"):
        symparams.parse(source)


@pytest.mark.parametrize(
    ("claim", "holds"),
    [
        ("m(h = 6).params == 193", True),
        ("m(h = 6).params == 8*f + 1", True),
        ("m.params == f*h + 2*f + 1", True),
        ("m.params == 10*f + 1", True),
        ("m(f = f).params == m.params", False),  # here f is the claim's own
        ("m(f = f).params == f*h + 2*f + 1", True),
        ("m(h = 2*h).params == 16*h^2 + 16*h + 1", True),
        ("m(h = 6, f = 3*h).params == 145", True),
        ("m(h = 6).params == m(h = 5).params + 52", True),
    ],
)
def test_claims(claim, holds):
    (judged,) = check([Source("m.arch", f"{MODEL}\nexpect {claim}")]).judgements
    assert judged.holds is holds


@pytest.mark.parametrize(
    ("claim", "message"),
    [
        (
            "m(h = 6).params == m(h = 5).params + f",
            "m.arch:2:8: 'f' is 24 in one of the models and 20 in another",
        ),
        ("m(h = f).params == 1", "m.arch:1:9: 'h' is given by itself: h, f, h"),
    ],
)
def test_a_claim_whose_names_mean_two_things_is_refused(claim, message):
    (error,) = check([Source("m.arch", f"{MODEL}\nexpect {claim}")]).errors
    assert str(error).partition("\n")[0] == message


def test_prove_takes_a_derived_name_for_what_it_is():
    assert run("prove", MODEL, "h*f + 2*f + 1").out.splitlines()[3:] == [
        "verdict:     equal",
        "because:     equal as polynomials",
        "for f = 4*h",
    ]
    assert "for f = 24\n" in run("prove", MODEL, "8*f + 1", "--set", "h=6").out


def test_show_and_explain():
    assert "Total params: 193\n" in run("show", MODEL, "--set", "h=6").out
    assert "6·24 + 24 = 168" in run("explain", MODEL, "--set", "h=6").out
    assert run("formula", MODEL, "--set", "h=6", "--format", "latex", "--bare").out == "193\n"


def test_sensitivity_moves_what_is_derived():
    found = at_point(definition(MODEL), {"h": 6})
    assert [(i.symbol, i.at.difference) for i in found.items] == [("h", 60)]
    found = at_point(definition(MODEL), {"h": 6, "f": 24})
    assert {i.symbol: i.at.difference for i in found.items} == {"h": 24, "f": 8}
    with pytest.raises(SymparamsError, match=r"it is 4\*h until it is set itself"):
        at_point(definition(MODEL), {}, wrt="f")


def test_search_sweep_and_solve():
    made = definition(MODEL)
    best = ModelSpace(made, {}, ["h=1..6"]).best("params")
    assert (best.best.sizes, best.best.goals) == ({"h": 6}, (193,))
    assert ModelSpace(made, {"h": 6}, ["f=1..5"]).best("params").best.goals == (41,)
    (seen,) = swept(made, ["h=1..6"]).tally.ranges
    assert (seen.least, seen.greatest) == (13, 193)
    assert solve(made, Source("<budget>", "params <= 193"), "h").value == 6
    assert solve(made, Source("<budget>", "params <= 193"), "f", {"h": 6}).value == 24


def test_the_python_side():
    model = symparams.parse(MODEL)
    there = model.at(h=6)
    assert there.params == 193
    assert there.symbols == {}
    assert there.compile(backend="python")() == 193
    assert model.compile(backend="python")(h=6) == 193
    (h,) = model.symbols.values()
    assert str(model.at(f=3 * h).params) == "3*h**2 + 6*h + 1"
    assert model.at(f=3 * h).count(h=6) == model.at(f=3 * h, h=6).count() == 145


def test_conditions_of_a_derived_default_are_rechecked():
    network = build(definition("model m(h, f in 8..64 step 8 = 4*h) = input(h) -> linear(f)"))
    assert [h for h in range(1, 20) if network.allows({"h": h})] == [2, 4, 6, 8, 10, 12, 14, 16]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (
            "block f(n in 1..3) = dense(n); model m = input(3) -> f(7)",
            "<text>:1:54: 'n' of block 'f' must be in 1..3, not 7",
        ),
        (
            "block f(k[2] in 1..3 = 2) = [dense(n) for n in k]; model m = input(3) -> f([3, 4])",
            "<text>:1:74: 'k' of block 'f' must be in 1..3, not 4",
        ),
        (
            "block f(k[2]) = [dense(n) for n in k]; model m = input(3) -> f([3, 4, 5])",
            "<text>:1:62: 'k' has 2 sizes, not 3",
        ),
        (
            "layer f(n in 1..3) on [d] { weight w[n, d] }; model m = input(3) -> f(4)",
            "<text>:1:69: 'n' of 'f' must be in 1..3, not 4",
        ),
    ],
)
def test_the_domain_of_a_parameter_holds_wherever_it_is_called(source, expected):
    assert run("count", source).err.partition("\n")[0] == expected


def test_a_model_in_a_chain_keeps_its_domains_and_extents():
    text = """
model t(h in 8..64 = 8, k[2] = 3) = input(h) -> [dense(n) for n in k]
model inside = input(8) -> t(k = 4)
"""
    document = understand(Source("m.arch", text + "model m = input(7) -> t(7)"))
    assert build(document.definition("inside")).measure("params") == 36 + 20
    with pytest.raises(SymparamsError, match=r"'h' of model 't' must be in 8\.\.64, not 7"):
        build(document.definition("m"))


def test_a_block_with_a_domain_says_what_it_needs():
    source = "block f(n in 1..3) = linear(n); model m(h) = input(3) -> f(h)"
    assert run("formula", source).out == "3*h\nif 3 >= h\n"
    source = "block f(k[2] = 3) = [linear(n) for n in k]; model m = input(3) -> f -> f([1, 2])"
    assert run("count", source).out == "23\n"


def test_an_assumption_says_what_it_names():
    source = "model m(h, f = 4*h) where f < 64 = input(h) -> linear(f)"
    assert run("formula", source).out == "4*h^2\nif f < 64, where f = 4*h\n"
    assert run("count", source, "--set", "h=16").code == 2


def test_a_derived_size_is_searched_only_where_it_is_asked_for():
    source = "model m(h in 1..4, f in 4..12 step 4 = 4*h) = input(h) -> linear(f)"
    swept_ = swept(definition(source))
    assert list(swept_.asked.domains) == ["h"]
    assert (swept_.tally.configurations, swept_.tally.feasible) == (4, 3)
    both = swept(definition(source), ["f=1..3"])
    assert (both.tally.configurations, both.tally.feasible) == (12, 12)
    assert ModelSpace(definition(source)).count == 3
    assert solve(definition(source), Source("<budget>", "params <= 100"), "h").value == 3
