"""Sizes that Python gives: SymPy's symbols, names of all kinds, and numbers of other libraries."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
import sympy
from sympy import Dummy, Symbol

import symparams
from symparams.errors import NotAdmitted, SymparamsError

LSTM = symparams.parse("input(t, i) -> lstm(h)")
ROOMS = symparams.parse("model m(h in {2, 4, 8}, n = 3, f = h - 1) = input(h) -> dense(f) * n")
NARROW = symparams.parse(
    "model m(alpha in {1/4, 1/2, 1} = 1) = input(3) -> dense(make_divisible(32*alpha, 8))"
)
W = Symbol("w")
OURS = Symbol("w", integer=True, positive=True)


# --- which symbols stand for a size ------------------------------------------


@pytest.mark.parametrize(
    "assumptions",
    [
        {}, {"positive": True}, {"integer": True}, {"integer": True, "positive": True},
        {"real": True}, {"rational": True}, {"nonnegative": True}, {"nonzero": True},
        {"even": True}, {"prime": True}, {"finite": True}, {"negative": False},
    ],
    ids=str,
)  # fmt: skip
def test_a_symbol_that_may_be_a_size(assumptions):
    made = LSTM.at(h=Symbol("w", **assumptions), i=1)
    assert made.params == 4 * OURS**2 + 8 * OURS
    assert made.at(w=3).params == 60


@pytest.mark.parametrize(
    ("assumptions", "why"),
    [
        ({"negative": True}, "negative"),
        ({"nonpositive": True}, "nonpositive"),
        ({"zero": True}, "zero"),
        ({"positive": False}, "not a positive number"),
        ({"integer": False}, "not an integer"),
        ({"noninteger": True}, "noninteger"),
        ({"irrational": True}, "irrational"),
        ({"imaginary": True}, "imaginary"),
        ({"complex": True}, "complex"),
        ({"infinite": True}, "infinite"),
        ({"commutative": False}, "not commutative"),
        ({"even": True, "nonpositive": True}, "nonpositive"),
    ],
    ids=str,
)
def test_a_symbol_that_is_no_size(assumptions, why):
    with pytest.raises(SymparamsError) as caught:
        LSTM.at(h=2 + Symbol("a", **assumptions))
    assert str(caught.value) == (
        f"the SymPy symbol 'a' is {why}, and a size is a positive integer\n"
        "    use sympy.Symbol('a', integer=True, positive=True)"
    )


TWO_OF_ONE_NAME = (
    "two different SymPy symbols are called 'a'\n"
    "    a size is known by its name: give one of them another"
)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: LSTM.at(h=Dummy("a"), i=Symbol("a")), "a size cannot be SymPy's Dummy '_a'\n    use sympy.Symbol, with a name of its own"),
        (lambda: LSTM.at(h=Symbol("a"), i=Symbol("a", positive=True)), TWO_OF_ONE_NAME),
        (lambda: LSTM.at(h=Symbol("a") + Symbol("a", real=True)), TWO_OF_ONE_NAME),
        (lambda: LSTM.at(h=Symbol("a")).at(i=Symbol("a", real=True)), TWO_OF_ONE_NAME),
        (lambda: LSTM.at({"h": Symbol("a")}).count(i=Symbol("a", real=True)), TWO_OF_ONE_NAME),
        (lambda: LSTM.at(h=sympy.Wild("a")), "a size cannot be SymPy's Wild 'a_'\n    use sympy.Symbol, with a name of its own"),
        (lambda: LSTM.at(h=Symbol("k1#")), "a SymPy symbol is called 'k1#', which names no size"),
        (lambda: LSTM.at(h=2 * Symbol("h")), "'h' is given in its own terms"),
        (
            lambda: LSTM.at(h=Symbol("i"), i=Symbol("t"), t=Symbol("h")),
            "'h' is given in terms of 't', and that in terms of it",
        ),
        (lambda: LSTM.at(h=2 * W).at(w=0), "'w' must be a positive integer, not 0"),
        (lambda: LSTM.at(h=2 * W).at(v=1), "'network' has no size 'v'\n    it has h, i, t"),
    ],
)  # fmt: skip
def test_symbols_are_told_apart(call, says):
    with pytest.raises(SymparamsError) as caught:
        call()
    assert str(caught.value) == says


def test_one_symbol_is_one_size():
    a = Symbol("a")
    made = LSTM.at(h=a).at(i=a)
    assert made.params == sympy.expand(4 * (2 * a**2 + a)).subs(
        a, sympy.Symbol("a", integer=True, positive=True)
    )
    assert set(made.symbols) == {"t", "a"}
    assert made.count(a=5) == LSTM.count(h=5, i=5)


def test_a_symbol_stands_for_the_size_of_its_name():
    assert LSTM.at(h=Symbol("i")).params == LSTM.at(h=LSTM.symbols["i"]).params
    assert LSTM.at(h=Symbol("i"), i=3).params == LSTM.at(h=3, i=3).params
    assert LSTM.at(i=3).at(h=Symbol("i") + 1).params == LSTM.at(h=4, i=3).params
    assert LSTM.at(h=Symbol("i")).at(i=3).params == LSTM.at(h=3, i=3).params
    assert LSTM.at(h=Symbol("h")).params == LSTM.params
    # Of a size that may be a fraction it is one, too.
    assert NARROW.at(alpha=Symbol("alpha")).symbols == NARROW.symbols


def test_new_symbols_are_sizes_of_the_result():
    made = LSTM.at(h=2 * W, i=W + Symbol("v"))
    assert list(made.symbols) == ["t", "w", "v"]
    assert made.at(v=1, w=3).params == LSTM.at(h=6, i=4).params
    assert made.compile()(t=1, w=[3, 4], v=1).tolist() == [
        LSTM.count(h=6, i=4),
        LSTM.count(h=8, i=5),
    ]
    assert made.at(w=Symbol("u") ** 2).at(u=2, v=1).params == LSTM.at(h=8, i=5).params


# --- what is given as a formula lies in the domain, or says when --------------


@pytest.mark.parametrize(
    ("made", "conditions"),
    [
        (lambda: LSTM.at(t=W - 5), ("w > 5",)),
        (lambda: LSTM.at(t=W / 2), ("w % 2 == 0",)),
        (lambda: LSTM.at(t=2 * W), ()),
        (lambda: ROOMS.at(h=2 * W), ("2*w in {2, 4, 8}",)),
        (lambda: ROOMS.at(h=8), ()),
        (lambda: NARROW.at(alpha=W / 4), ("w/4 in {1/4, 1/2, 1}",)),
        (
            lambda: symparams.parse("model m(h in 3..9 step 3) = input(h) -> dense(2)").at(h=W + 2),
            ("(w + 2) % 3 == 0", "7 >= w"),
        ),
        (lambda: symparams.parse("model m(h, f in {4, 8} = 2*h) = input(h) -> dense(f)"), ("2*h in {4, 8}",)),
    ],
)  # fmt: skip
def test_the_domain_becomes_a_condition(made, conditions):
    assert made().conditions == conditions


def test_a_formula_outside_the_domain():
    with pytest.raises(NotAdmitted, match=r"'h' must be in \{2, 4, 8\}, not 16\*w"):
        ROOMS.at(h=16 * W)
    made = ROOMS.at(h=2 * W)
    assert made.at(w=2).params == ROOMS.at(h=4).params
    for refused in (3, 5):
        with pytest.raises(NotAdmitted, match="'h' must be in"):
            made.at(w=refused)
        with pytest.raises(NotAdmitted, match="the model does not admit w = "):
            made.compile()(w=refused)
    assert made.compile().allowed(w=[1, 2, 3, 4, 5]).tolist() == [True, True, False, True, False]


# --- numbers ---------------------------------------------------------------


@pytest.mark.parametrize(
    "eight",
    [np.int64(8), np.uint8(8), np.array(8), sympy.Integer(8), Fraction(8), np.array([8])[0]],
    ids=repr,
)
def test_whole_numbers_of_others(eight):
    assert LSTM.count(h=eight, i=1) == LSTM.count(h=8, i=1)
    assert type(LSTM.count(h=eight, i=1)) is int
    assert LSTM.at(h=eight, i=1).params == LSTM.count(h=8, i=1)
    assert LSTM.compile()(h=eight, i=1, t=1) == LSTM.count(h=8, i=1)
    assert LSTM.compile(backend="python")(h=eight, i=1, t=1) == LSTM.count(h=8, i=1)
    assert LSTM.search("h", (), {"h": [eight], "i": "1..2", "t": "1..1"}).best.sizes["h"] == 8
    assert {"h": eight, "i": 1, "t": 1} in LSTM.space.over(h="8..9", i="1..2", t="1..1")


def test_numbers_of_numpy_do_not_wrap():
    """The square of 2^40 is beyond 64 bits."""
    big = np.int64(2**40)
    assert LSTM.count(h=big, i=1) == 4 * (2**80 + 2 * 2**40)


REFUSED = [
    (lambda: LSTM.at(h=8.0), "'h' cannot be 8.0, which is a float; sizes are exact\n    pass 8, an int"),
    (lambda: LSTM.at(h=np.float32(8)), "'h' cannot be 8.0, which is a float; sizes are exact\n    pass 8, an int"),
    (lambda: LSTM.at(h=float("nan")), "'h' cannot be nan, which is a float; sizes are exact\n    pass an int or a fractions.Fraction"),
    (lambda: LSTM.at(h=10**5000), "this number has more than 4,300 digits"),
    (lambda: LSTM.at(h=b"8"), "'h' cannot be 'bytes'\n    pass an int or a fractions.Fraction"),
    (lambda: LSTM.at(3), "sizes are given by name, not as 'int'\n    as in h=3 or {\"h\": 3}"),
    (lambda: LSTM.at({3: 3}), "the name of a size must be a text, not 'int'"),
    (lambda: LSTM.at({"h": 3}, h=3), "'h' is given twice"),
    (lambda: LSTM.count("macs", {"h": 3}, {"h": 4}), "'h' is given twice"),
    (lambda: LSTM.count(None, h=3), "a measure must be a text, not None"),
    (lambda: symparams.parse(None), "a model must be a text, not None"),
    (lambda: symparams.load(None), "a path must be a text or a pathlib.Path, not None"),
    (lambda: symparams.load("zoo:gpt2")["gpt3"], "there is no model 'gpt3'\n    did you mean 'gpt2'?"),
    (lambda: LSTM.solve("params <= 1M", None), "the name of a size must be a text, not None"),
    (lambda: LSTM.search("params", "params <= 9", {"h": 3}), "the domain of 'h' must be a text or a list of numbers, not 'int'\n    as in h='64..1024:64' or h=[1, 2, 4]"),
    (lambda: LSTM.space.over(h="1..3, i=1..2"), "the domain of 'h' is one range or one set, not '1..3, i=1..2'\n    as in 64..1024:64 or {1, 2, 4}"),
    (lambda: LSTM.space.over(h="1..3").sample(1.5), "the number of samples must be an integer, not 'float'"),
    (lambda: LSTM.space.over(h="1..3").sample(-1), "the number of samples must be at least 0, not -1"),
    (lambda: LSTM.search("params", time_limit=float("nan")), "time_limit must be above 0 seconds"),
    (lambda: LSTM.search("params", top=0), "top must be at least 1, not 0"),
]  # fmt: skip


@pytest.mark.parametrize(("call", "says"), REFUSED, ids=[says[:40] for _, says in REFUSED])
def test_refused(call, says):
    with pytest.raises(SymparamsError) as caught:
        call()
    assert str(caught.value) == says


def test_an_array_is_no_size():
    with pytest.raises(SymparamsError, match="'h' must be a size, not a list"):
        LSTM.count(h=np.array([1, 2]))


def test_no_model_of_a_name_is_also_a_key_error():
    library = symparams.load("zoo:gpt2")
    assert library.get("gpt3") is None
    assert [1] not in library
    with pytest.raises(KeyError):
        library["gpt3"]


# --- names ----------------------------------------------------------------

#: Names of sizes that are names of arguments of methods, too.
NAMES = (
    "self", "measure", "sizes", "named", "symbols", "over", "wrt", "one", "other", "names",
    "convention", "against", "backend", "checked", "budget", "name", "point", "values",
)  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_a_size_may_be_called_anything(name):
    model = symparams.parse(f"input({name}) -> dense(h) -> dense(2)")
    wanted = 3 * 4 + 4 + 10
    point = {name: 3, "h": 4}
    assert model.at(point).params == wanted
    assert model.count(point) == wanted
    assert model.count("params", point) == wanted
    assert model.compile(backend="python")(point) == wanted
    assert model.compile(backend="python").allowed({name: 0}, h=4) is False
    assert model.sensitivities(point).point == point
    assert model.shares({name: 3}, h=4)["dense"].value == wanted
    assert model.trade(name, "h", point).budget == wanted
    assert model.leading(name, point).value == 12
    assert model.crossover("dense[0]", "dense[1]", point).along[name].spans is not None
    assert model.solve("params <= 100", "h", {name: 3}).value == 16
    assert model.space.over({name: "1..3"}, h="4..4").best("params").best.sizes == point
    assert model.search("params", (), {name: "1..3", "h": [4]}).best.sizes == point


@pytest.mark.parametrize("name", ["self", "sizes", "symbols", "budget"])
def test_most_names_may_be_keywords(name):
    model = symparams.parse(f"input({name}) -> dense(2)")
    assert model.at(**{name: 3}).params == 8
    assert model.count(**{name: 3}) == 8
    assert model.compile()(**{name: 3}) == 8
    assert model.solve("params <= 100", name).value == 49


def positive(name):
    return sympy.Symbol(name, integer=True, positive=True)


LIST = "model m(h, k[2]) = input(h) -> linear(k[0] + 3*k[1])"
SIZE = "model m(h, k) = input(h) -> linear(k)"


@pytest.mark.parametrize(
    ("source", "h", "k", "formula"),
    [
        # of a list, k[1] is its second item; beside a size k, it is a name of the giver's
        (LIST, "k[1]", None, positive("k[1]") * (positive("k[0]") + 3 * positive("k[1]"))),
        (LIST, "k[0]", [5, 7], 26 * positive("k[0]")),
        (SIZE, "k[1]", None, positive("k") * positive("k[1]")),
        (SIZE, "k[0]", 3, 3 * positive("k[0]")),
        (SIZE, "k", None, positive("k") ** 2),
        (SIZE, "q[0]", None, positive("k") * positive("q[0]")),
    ],
)
def test_an_item_of_a_list_and_a_name_like_one(source, h, k, formula):
    values = {"h": positive(h)} | ({} if k is None else {"k": k})
    assert sympy.expand(symparams.parse(source).at(**values).params - formula) == 0


def test_a_symbol_of_an_indexed_size_that_there_is_not():
    model = symparams.parse("model m(h, k[2]) = input(3) -> dense(h) -> [dense(n) for n in k]")
    with pytest.raises(symparams.SymparamsError) as caught:
        _ = model.at(h=sympy.Symbol("k[7]")).params
    told = "'h' names 'k[7]', which there is not\n    'k' has 2 sizes, k[0] to k[1]"
    assert str(caught.value) == told
