"""What a body requires is required of every pass, and what a formula presumes is a condition.

The figures beside each source were counted on the source written out by hand, pass by pass.
"""

from fractions import Fraction

import pytest

import symparams
from symparams.algebra import POSITIVE, substitute, text
from symparams.analysis.checks import check
from symparams.analysis.counts import count
from symparams.analysis.operating_point import studied
from symparams.elaboration.definition import build
from symparams.elaboration.document import understand
from symparams.errors import NeedsValue, Source, SymparamsError
from symparams.network import building

WIDER = "block g on [d] = (id | (linear(max(d, {})) -> linear(1)))\nmodel m(n) = input(3) -> g * {}"
SHARED = "model m(h, n) = {{ shared A = linear(h); input(h) -> linear(h) -> {} }}"
EITHER = "model m(h, l) = {{ shared A = linear(h); shared B = linear(h); input(h) -> {} }}"


def model(source: str):
    return understand(Source("m.arch", source)).definition("m")


#: Sources, a measure, its formula, and the conditions that are printed beside it.
FORMULAS = [
    ("model m(s, n) = input(s, 8) -> conv(8, 3) * n", "params", "200*n", ["s >= 2*n + 1"]),
    ("model m(s) = input(s, 8) -> conv(8, 3) * 6", "params", "1200", ["s >= 13"]),
    (
        "block g on [d] where d < 6 = linear(d + 1)\nmodel m(n) = input(4) -> g * n",
        "params",
        "n^3/3 + 4*n^2 + 47*n/3",
        ["3 > n"],
    ),
    (
        "model m(n) = input(8) -> [linear(10 - j) -> dense(8) for j in 0..n]",
        "params",
        "-8*n^2 + 160*n + 168",
        ["10 > n"],
    ),
    (
        "model m(n in {0.5, 1, 2}) = input(8) -> [dense(2*j) for j in 1..n]",
        "params",
        "4*n^3/3 + n^2 - n/3 + 16",
        ["n >= 1", "n is an integer"],
    ),
    (SHARED.format("A * (n - 1)"), "params", "2*h^2", ["n >= 2"]),
    (SHARED.format("A * (n // 2)"), "params", "2*h^2", ["floor(n/2) >= 1"]),
    (SHARED.format("[A for k in 2..n]"), "params", "2*h^2", ["n >= 2"]),
    (SHARED.format("A * n"), "params", "2*h^2", []),
    (
        "model m(n, h) = { shared S = dense(n); input(1) -> [(linear(n) -> S * k) for k in 0..h - 1] }",
        "params",
        "h*n^2 + 2*n",
        ["h >= 2"],
    ),
    (SHARED.format("(A -> relu) * (n - 1)"), "params", "2*h^2", ["n >= 2"]),
    (
        "model m(h, n) = input(h) -> (dense(3) * (n - 1) -> dense(h)) * 2",
        "params",
        "14*h + 24*n - 42",
        ["n >= 2"],
    ),
    (SHARED.format("A -> freeze(A) * (n - 1)"), "trainable", "h^2", ["n >= 2"]),
    (SHARED.format("A * (n - 1) -> A"), "params", "2*h^2", []),
    (
        "model m(h, n) = { shared A = linear(h); block b = A -> relu; input(h) -> b * (n - 1) }",
        "params",
        "h^2",
        ["n >= 2"],
    ),
    ("model m(n) = input(3) -> [dense(j) for j in 2..n]", "dense.params", None, ["n >= 2"]),
    (
        "model m(n) = input(1) -> [linear(k) -> linear(1) for k in 2..n // 2]",
        "params",
        "floor(n/2)^2 + floor(n/2) - 2",
        ["n >= 2"],
    ),
]


@pytest.mark.parametrize(("source", "measure", "formula", "conditions"), FORMULAS)
def test_a_formula_with_its_conditions(source, measure, formula, conditions):
    network = build(model(source))
    found = network.measure(measure)
    if formula is not None:
        assert text(found) == formula
    assert [str(c) if c.parts else c.formula() for c in network.open_conditions] == conditions


@pytest.mark.parametrize(("source", "measure", "formula", "conditions"), FORMULAS)
def test_the_formula_is_the_count_wherever_its_conditions_hold(
    source, measure, formula, conditions
):
    network = build(model(source))
    wrong = set()
    for h in range(1, 4):
        for n in (1, 2, 3, 4, 7, 11, Fraction(1, 2)):
            point = {s: {"n": n, "h": h, "s": 9 + h}[s] for s in network.symbols}
            if any(v not in network.facts.domains.get(s, POSITIVE) for s, v in point.items()):
                continue
            if network.allows(point):
                at = build(model(source), point).measure(measure)
                assert substitute(network.measure(measure), point) == at, point
            else:
                wrong.add(tuple(point.items()))
    assert bool(wrong) == bool(conditions), "a condition leaves some of these points out"


#: Sources whose every size is a number, and their parameters.
NUMBERS = [
    (WIDER.format(4, 4), 108),
    (WIDER.format(9, 4), 198),
    (WIDER.format("4, d // 2", 3), 66),
    ("model m = input(10, 8) -> conv(8, 3) * 4", 800),
    ("block g on [d] where d < 6 = linear(d + 1)\nmodel m = input(4) -> g * 2", 50),
    ("model m(n = 3) = input(8) -> [dense(2*j) for j in 1..n]", 60),
    ("model m(n = 1) = input(1) -> [linear(k) -> linear(1) for k in 2..n // 2]", 0),
    ("model m = input(2) -> [linear(6) * k for k in 0..2]", 84),
    (SHARED.format("A * (n - 1)").replace("h, n", "h = 8, n = 1"), 64),
    (SHARED.format("A * (n - 1)").replace("h, n", "h = 8, n = 2"), 128),
    (EITHER.format("(if l == 3 then A else B)").replace("h, l", "h = 4, l = 3"), 16),
    (
        EITHER.format("[(if k % 2 == 0 then A else B) for k in 1..l]").replace("h, l", "h=4, l=1"),
        16,
    ),
    (
        EITHER.format("[(if k % 2 == 0 then A else B) for k in 1..l]").replace("h, l", "h=4, l=2"),
        32,
    ),
]


@pytest.mark.parametrize(("source", "params"), NUMBERS)
def test_a_count(source, params):
    assert count(model(source)) == params


#: What is wrong in some pass, and in which.
BROKEN = [
    (
        "model m = input(10, 8) -> conv(8, 3) * 6",
        "m.arch:1:27: in pass 5 of 6: a kernel of 3 must fit into an axis of 2",
    ),
    (
        "model m = input(10, 8) -> maxpool(3, stride = 1) * 20 -> flatten -> dense(10)",
        "m.arch:1:27: in pass 5 of 20: a kernel of 3 must fit into an axis of 2",
    ),
    (
        "block g on [d] where d < 6 = linear(d + 1)\nmodel m = input(4) -> g * 4",
        "m.arch:1:22: in pass 3 of 4: 'd < 6' does not hold: d = 6",
    ),
    (
        "block g on [d] = split(2)[0]\nmodel m = input(4) -> g * 4",
        "m.arch:1:18: in pass 3 of 4: 2 must divide the axis of 1 that is split",
    ),
    (
        "model m(n) = input(4, 1) -> [maxpool(2) for k in 0..n]",
        "m.arch:1:30: a chain of n + 1 has no closed form here: the shape goes 4x1, then 2x1",
    ),
    (
        "model m(h) = input(3) -> [linear(6) * k for k in 0..h]",
        "m.arch:1:27: there is no formula here: every size gives another",
    ),
    (
        "model m(n, l) = { shared S = dense(n); input(l) -> linear(n)"
        " -> [(if k != 1 then id else S) for k in 0..n] }",
        "m.arch:1:67: whether k != 1 depends on 'n'",
    ),
    (
        "model m(n in {6}, l) = { shared S = dense(n); input(l) -> linear(n)"
        " -> [(if k != 1 then id else S) for k in 0..n] }",
        "m.arch:1:33: which passes use a shared net is open",
    ),
    (
        "model m(h, n) = input(1) -> { shared S = dense(h); [S for k in 0..n] }",
        "m.arch:1:38: 'S' is shared, but its weights would differ: "
        "kernel 1 x h, bias h at one use, kernel h x h, bias h at another",
    ),
    (
        EITHER.format("(if l == 3 then A else B)"),
        "m.arch:1:76: whether l == 3 depends on 'l'",
    ),
    (
        EITHER.format("(if l == 3 then freeze(A) else A) -> B"),
        "m.arch:1:76: whether l == 3 depends on 'l'",
    ),
    (
        EITHER.format("[(if k % 2 == 0 then A else B) for k in 1..l]"),
        "m.arch:1:77: whether k % 2 == 0 depends on 'l'",
    ),
    (
        "model m(n) = { shared A = linear(8); input(8) -> [linear(k) -> A for k in 1..n] }",
        "m.arch:1:23: 'A' is shared, but its weights would differ from pass to pass: kernel k x 8",
    ),
]


@pytest.mark.parametrize(("source", "told"), BROKEN)
def test_what_is_wrong_in_a_pass(source, told):
    with pytest.raises(SymparamsError) as caught:
        build(model(source))
    assert str(caught.value).splitlines()[0] == told


#: A measure of one use in a repeat, and what it is; None where a symbol decides.
USES = [
    ("model m = input(3) -> (id | linear(1)) * 4", "linear[2].params", "5"),
    ("block g on [d] = (id | linear(1))\nmodel m = input(3) -> g * 4", "g[2].params", "5"),
    ("block g on [d] = (id | linear(1))\nmodel m = input(3) -> g * 4", "g[-1].params", "6"),
    (
        "block g on [d] = (id | linear(1) | linear(2))\nmodel m = input(3) -> g * 4",
        "linear[3].params",
        "12",
    ),
    ("block g on [d] = (id | linear(1))\nmodel m(n) = input(3) -> g * n", "g[0].params", "3"),
    ("block g on [d] = (id | linear(1))\nmodel m(n) = input(3) -> g * n", "g[-1].params", "n + 2"),
    ("block g on [d] = (id | linear(1))\nmodel m(n) = input(3) -> g * (n + 1)", "g[1].params", "4"),
    ("block g on [d] = (id | linear(1))\nmodel m(n) = input(3) -> g * n", "g[1].params", None),
    ("model m(h) = input(3) -> [dense(j) for j in 2..h]", "dense[1].params", None),
    ("model m(h = 6) = input(3) -> [dense(j) for j in 2..h]", "dense[1].params", None),
    ("model m(n) = input(8) -> dense(8) * n", "dense[-1].params", "72"),
    ("model m(n) = input(8) -> dense(8) * (n - 1)", "dense[0].params", None),
    ("model m(n) = input(8) -> (dense(4) -> dense(8)) * n", "dense[1].params", "40"),
    ("model m(n) = input(8) -> (dense(4) -> dense(8)) * n", "dense[-2].params", "36"),
]


@pytest.mark.parametrize(("source", "address", "size"), USES)
def test_one_use_in_a_repeat(source, address, size):
    network = build(model(source))
    if size is None:
        with pytest.raises(NeedsValue, match="which use"):
            network.measure(address)
    else:
        assert text(network.measure(address)) == size


def test_a_measure_of_a_use_has_a_value_where_its_size_has():
    source = "model m(h = 6) = input(3) -> [dense(j) for j in 2..h]"
    assert count(model(source), measure="dense[1].params") == 9


CASES = [
    (EITHER.format("(if l == 3 then A else B)").replace("l)", "l in 1..4)"), "params"),
    (
        EITHER.format("(if l == 3 then freeze(A) else A) -> B").replace("l)", "l in 1..4)"),
        "trainable",
    ),
    (EITHER.format("(if l == 3 then freeze(A) else A) -> B").replace("l)", "l in 1..4)"), "frozen"),
    (
        EITHER.format("(if l == 3 then A else id) -> (if l == 2 then B else A)").replace(
            "l)", "l in 1..4)"
        ),
        "params",
    ),
    (EITHER.format("A * (l - 1) -> freeze(B) * (l - 2)").replace("l)", "l in 2..4)"), "trainable"),
]


@pytest.mark.parametrize(("source", "measure"), CASES)
def test_over_a_small_domain_presence_is_told_by_cases(source, measure):
    network = build(model(source))
    assert network.open_conditions == ()
    for value in network.facts.domains["l"].values():
        at = {"h": 3, "l": value}
        assert substitute(network.measure(measure), at) == count(model(source), at, measure), at


def test_of_conditions_in_one_size_the_strongest_is_printed():
    network = build(model("model m(h) = input(h, h, 2) -> maxpool(2) * 100"))
    assert [c.formula() for c in network.open_conditions] == [f"h >= {2**100}"]


def test_conditions_of_very_many_passes_are_bounded():
    with pytest.raises(SymparamsError, match="more than 1,000 conditions are left open"):
        build(model("model m(h) = input(h, h, 2) -> maxpool(2) * 10^200"))


def test_a_value_decides_before_a_default_does():
    source = "model m(n = 2, l) = input(l) -> (if n < 2 then id else moe(id, 1, n))"
    found = studied(model(source), {"n": 1, "l": 1})
    assert (found.formula, found.point) == (0, {"l": 1})


NAMED = "model m(s) = input(8) -> (if s == 1 then dense(4, bias = no) else linear(4))"


def test_a_name_that_one_branch_has_is_undecided():
    network = build(model(NAMED))
    assert network.measure("params") == 32
    with pytest.raises(NeedsValue, match="whether there is a 'linear' depends on 's'"):
        network.measure("linear.params")
    assert count(model(NAMED), {"s": 2}, "linear.params") == 32


def test_what_both_branches_require_is_required():
    net = "(if h > g then linear(h - 5) else linear(h - 5))"
    network = build(model(f"model m(h, g) = input(10) -> {net}"))
    assert [str(c) if c.parts else c.formula() for c in network.open_conditions] == ["h > 5"]


def test_what_a_branch_requires_is_required_in_its_case():
    source = "model m(h in 3..12) = input(4) -> (if h > 5 then linear(h - 5) else linear(h)) -> linear(4)"
    with pytest.raises(NeedsValue, match="whether h > 5 depends on 'h'"):
        build(model(source))
    source = "model m(h in 3..12) = input(4) -> (if h > 5 then linear(h - 5) -> linear(4) else linear(h) -> linear(4))"
    network = build(model(source))
    assert network.open_conditions == ()
    for h in range(3, 13):
        assert substitute(network.measure("params"), {"h": h}) == count(model(source), {"h": h})


def test_two_claims_that_contradict_each_other_do_not_both_hold():
    source = (
        SHARED.format("A * (n - 1)") + "\nexpect m.params == 2*h^2\nexpect m(n = 1).params == h^2"
    )
    false, true = check([Source("m.arch", source)]).judgements
    assert (false.holds, false.point) == (False, {"h": 1, "n": 1})
    assert true.holds is True


def test_a_claim_says_what_it_presumes():
    source = (
        SHARED.format("A * (n - 1) -> A * (n - 1)").replace("h, n)", "h, n) where n > 1")
        + "\nexpect m.params == 2*h^2"
    )
    (held,) = check([Source("m.arch", source)]).judgements
    assert (held.holds, held.how) == (True, "as formulas")


#: Sources and what they take one by one: layers, uses of blocks, passes of a comprehension.
STEPS = [
    ("input(3) -> dense(4)", 1),
    ("input(3) -> dense(4) -> relu -> dense(4)", 3),
    ("input(3) -> dense(4) * 1000", 1 + 1),  # the second shows that nothing changes any more
    ("input(3) -> (dense(3) | dense(4))", 2),
    ("input(3) -> [dense(k) for k in [2, 3, 5, 7]]", 4 + 4),
    ("input(640) -> split(640)[0] -> dense(4)", 1 + 640 // 64 + 1),
    ("block f(h) = dense(h) -> relu; model m = input(3) -> f(2) -> f(3)", 2 * (1 + 2)),
]


@pytest.mark.parametrize(("source", "steps"), STEPS)
def test_what_is_built_one_by_one_is_bounded(monkeypatch, source, steps):
    definition = understand(Source("m.arch", source)).definition()
    monkeypatch.setattr(building, "MOST_STEPS", steps)
    build(definition)
    monkeypatch.setattr(building, "MOST_STEPS", steps - 1)
    with pytest.raises(SymparamsError) as caught:
        build(definition)
    assert f"this network takes more than {steps - 1} layers one by one" in str(caught.value)
    assert "repeat what is alike: net * n costs no more than net" in str(caught.value)


def test_a_network_of_too_many_layers_is_refused():
    with pytest.raises(SymparamsError, match=r"in pass 3999 of 9000: .* more than 12,000 layers"):
        build(model("block g on [d] = (id | linear(max(d, 9))); model m = input(3) -> g * 9000"))


def test_what_a_thousand_passes_require_is_kept():
    """2^k divides h for each of 1,000 passes, whose hashes come again every 61 of them."""
    halved = build(model("model m(h) = input(h) -> (split(2)[0]) * 1000")).counting("saved")
    assert list(halved.conditions)[-1].formula() == f"h % {2**1000} == 0"
    assert len(halved.conditions) >= 1000
    assert count(model("model m(h) = input(h) -> (split(2)[0]) * 9 -> linear(1)"), {"h": 1536}) == 3


def test_shapes_that_become_ever_longer_are_refused():
    """The axis is (h + 1)^k behind pass k: 1,000 polynomials of up to 1,001 terms."""
    with pytest.raises(SymparamsError) as caught:
        build(model("model m(h) = input(3) -> tile(h + 1) * 1000"))
    assert str(caught.value) == (
        "m.arch:1:26: in pass 209 of 1000: the shapes of this network have more than 20,000 terms\n"
        "    model m(h) = input(3) -> tile(h + 1) * 1000\n"
        "                             ^^^^^^^^^^^ give 'h' a value"
    )
    assert count(model("model m(h) = input(3) -> tile(h + 1) * 1000"), {"h": 1}) == 0


def test_formulas_that_become_ever_longer_are_refused():
    """Layer j takes 8 and the j sizes before it: half a million products of two sizes."""
    found = model("model m(k[1000]) = input(8) -> [(dense(n) | id) for n in k]")
    with pytest.raises(SymparamsError, match=r"^a formula of more than 80,000 terms\n") as caught:
        build(found).measure("params")
    assert caught.value.hint == "give some of the sizes values"
    assert count(found, {f"k[{j}]": 1 for j in range(1000)}) == sum(8 + j + 1 for j in range(1000))


def test_a_walk_of_too_many_steps_is_refused():
    """A million passes that differ: each is walked by itself for a peak."""
    found = model("model m = input(3) -> (dense(4) | id) * 1000 * 1000")
    with pytest.raises(SymparamsError, match="takes more than 80,000 steps to run"):
        build(found).measure("peak")


def test_passes_that_are_not_alike_have_names_of_their_own():
    """The first pass is a dense layer, the second a linear one with a bias: both count alike."""
    found = model(
        "block g on [..., n] = (if n == 1 then dense(n + 1) else linear(n + 1, bias = yes))\n"
        "model m(m) = input(m) -> dense(1) -> (g * m)"
    )
    at = {"m": 2}
    assert count(found, at) == 3 + 4 + 9
    assert [count(found, at, f"{n}.params") for n in ("dense", "linear", "g")] == [7, 9, 13]
    assert count(found, at, "g[1].params") == 9
    with pytest.raises(NeedsValue, match="whether there is a 'dense' depends on 'm'"):
        build(found).measure("dense.params")


#: Behind a repeat that has a pass for h > 1 only, what needs its input as h = 1 leaves it.
BEHIND_PASSES = [
    (
        "block g on [d] = linear(d - 1)\nmodel m(h in 1..3) = input(2) -> linear(1) * (h - 1) -> g",
        2,
        "'units' of 'linear' must be at least 1, not 0",
    ),
    (
        "model m(h in 1..3) = input(2) -> linear(3) * (h - 1) -> reshape(1, 2)",
        0,
        "a reshape of 3 values into 2",
    ),
    (
        "block g on [d] = split(d)[1]\nmodel m(h in 1..3) = input(2) -> linear(1) * (h - 1) -> g",
        0,
        "no part 1 in a bundle of 1: 1",
    ),
    (
        "model m(h in 1..3) = input(2) -> (linear(3) * (h - 1) -> (id | id)) * 2 -> reshape(8)",
        0,
        "a reshape of 6 values into 8",
    ),
]


@pytest.mark.parametrize(("source", "params", "told"), BEHIND_PASSES)
def test_what_fails_behind_passes_that_may_not_take_place_asks_for_a_value(source, params, told):
    definition = model(source)
    with pytest.raises(NeedsValue) as caught:
        build(definition, domains={})
    assert caught.value.symbols == ("h",)
    assert count(definition, {"h": 1}) == params
    for h in (2, 3):
        with pytest.raises(SymparamsError) as refused:
            count(definition, {"h": h})
        assert not isinstance(refused.value, NeedsValue)
        assert told in str(refused.value)


@pytest.mark.parametrize(("source", "params", "told"), BEHIND_PASSES)
def test_a_search_has_the_point_without_passes(source, params, told):
    (best,) = symparams.parse(source).search("params", top=5).choices
    assert (best.sizes, best.goals) == ({"h": 1}, (params,))
