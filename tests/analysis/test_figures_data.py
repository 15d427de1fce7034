"""What figures are drawn from: every number is the count at its point, and parts add up."""

from fractions import Fraction

import pytest
from hypothesis import given, strategies as st

from symparams.algebra import Domain
from symparams.analysis import (
    count,
    curves_of_equal_count,
    network_graph,
    parts_along,
    tornado,
)
from symparams.analysis.one_size import places
from symparams.elaboration import understand, zoo
from symparams.errors import Source, SymparamsError


def model(text):
    return understand(Source("<text>", text)).definition()


def of_zoo(name):
    document = understand(zoo.source(name))
    return document.definition(name)


GPT2 = of_zoo("gpt2")
DECIDES = model(
    "model m(n in 1..5, h = 8) = input(h) -> (if n == 3 then dense(h) -> dense(2) else dense(n))"
)
STEPPED = model("model m(h in 4..64 step 4, g = 2) where h % 3 == 0 = input(h) -> dense(h)")


# --- parts along a size ---

ALONG = [
    ("gpt2", "h=64..4096", "params"),
    ("gpt2", "l=1..96", "macs"),
    ("llama", "h=128..8192:128", "params"),
    ("resnet", "classes=10..1000", "params"),
    ("mixtral", "l={1, 2, 32}", "active"),
    ("whisper", "h=384..1024", "params"),
    ("swin", "classes=10..40", "params + 2*macs"),
]


@pytest.mark.parametrize(("name", "over", "measure"), ALONG)
@pytest.mark.parametrize("depth", [0, 1])
def test_the_parts_add_up_to_the_count_at_every_point(name, over, measure, depth):
    definition = of_zoo(name)
    found = parts_along(definition, [over], None, measure, points=5, depth=depth)
    size = over.partition("=")[0]
    assert len(found.points) > 1
    for point in found.points:
        assert sum(point.parts.values()) == point.total
        assert tuple(point.parts) == found.parts
        assert point.total == count(definition, {size: point.value}, measure)
        assert all(isinstance(n, int) for n in point.parts.values())


def test_what_a_part_has_is_its_own_measure():
    found = parts_along(GPT2, ["h=768..1536"], None, points=3)
    for point in found.points:
        here = {"h": point.value}
        assert point.parts["attention"] == count(GPT2, here, "attention.params")
        assert point.parts["E"] == count(GPT2, here, "E.params")


def test_all_values_are_drawn_where_they_are_few():
    found = parts_along(STEPPED, ["h=4..64:4"], None, points=100)
    assert [p.value for p in found.points] == [12, 24, 36, 48, 60]


def test_the_ends_are_drawn_where_values_are_many():
    found = parts_along(GPT2, ["h=64..4096"], {"a": 8}, points=4)
    assert found.points[0].value == 64
    assert found.points[-1].value == 4096
    assert all(p.value % 8 == 0 for p in found.points)
    assert found.logarithmic


def test_a_narrow_range_is_linear_unless_it_is_said():
    assert not parts_along(GPT2, ["l=10..100"]).logarithmic
    assert parts_along(GPT2, ["l=10..100"], logarithmic=True).logarithmic


def test_a_size_that_decides_the_structure_has_a_network_for_each_value():
    found = parts_along(DECIDES, ["n=1..5"])
    assert found.along.decides
    assert [p.total for p in found.points] == [count(DECIDES, {"n": n}) for n in range(1, 6)]


ALONG_WRONG = [
    (["h=64..128", "l=1..3"], "a figure of the parts is along one size, not 2"),
    ([], "a figure of the parts is along one size, not 0"),
    (["h=1.."], "this range has no end"),
    (["x=1..3"], "the model has no size 'x'"),
    ([f"s={10**399}..{10**400}:{10**399}"], "sizes above 10^300 cannot be drawn"),
    (["h=1..5"], "no size meets the assumption 'h % a == 0'"),
]


@pytest.mark.parametrize(("over", "says"), ALONG_WRONG)
def test_parts_along_what_makes_no_sense(over, says):
    with pytest.raises(SymparamsError) as error:
        parts_along(GPT2, over)
    assert error.value.message == says


@given(
    st.integers(1, 500), st.integers(1, 5000), st.integers(1, 70), st.integers(2, 60), st.booleans()
)
def test_places_are_on_the_grid_with_both_ends(low, length, step, most, logarithmic):
    grid = range(low, low + length * step, step)
    found = places(grid, most, logarithmic)
    assert found == sorted(set(found))
    assert (found[0], found[-1]) == (0, len(grid) - 1)
    assert len(found) <= max(most, 1)
    assert len(grid) > most or found == list(range(len(grid)))


# --- the swing of each size ---

SWUNG = [
    (GPT2, {}, "params"),
    (GPT2, {"h": 1024, "a": 16}, "macs"),
    (of_zoo("vgg16"), {}, "params"),
    (of_zoo("mixtral"), {}, "active"),
    (DECIDES, {"n": 3}, "params"),
]


@pytest.mark.parametrize(("definition", "values", "measure"), SWUNG)
def test_both_ends_of_a_swing_are_counts(definition, values, measure):
    found = tornado(definition, values, measure)
    assert found.total == count(definition, values, measure)
    assert found.items
    for item in found.items:
        assert item.low <= item.value <= item.high
        for value, reached in ((item.low, item.at_low), (item.high, item.at_high)):
            assert reached == count(definition, {**values, item.name: value}, measure)
    swings = [item.swing for item in found.items]
    assert swings == sorted(swings, reverse=True)


def test_a_size_goes_over_its_domain_or_by_the_factor():
    text = model("model m(h in 16..64 step 16 = 32, i = 10) = input(i) -> dense(h)")
    ends = {i.name: (i.low, i.high, i.declared) for i in tornado(text).items}
    assert ends == {"h": (16, 64, True), "i": (5, 20, False)}
    ends = {i.name: (i.low, i.high) for i in tornado(text, factor=Fraction(3, 2)).items}
    assert ends == {"h": (32, 48), "i": (7, 15)}
    ends = {i.name: (i.low, i.high) for i in tornado(text, over=["i=1..100"]).items}
    assert ends == {"h": (16, 64), "i": (1, 100)}


def test_a_size_may_have_fractions():
    text = model("model m(p in {1/2, 1, 3/2} = 1, h = 4) = input(h) -> dense(2*p*h)")
    ends = {i.name: (i.low, i.high, i.at_high) for i in tornado(text).items}
    assert ends["p"] == (Fraction(1, 2), Fraction(3, 2), 12 * 5)


def test_the_ends_of_a_swing_are_admitted():
    ends = {i.name: (i.low, i.high) for i in tornado(GPT2, {"h": 768, "a": 12}).items}
    assert ends["h"] == (384, 1536)
    assert ends["a"] == (6, 24)
    odd = {i.name: (i.low, i.high) for i in tornado(GPT2, {"h": 770, "a": 11}).items}
    assert odd["a"] == (7, 22)  # 6 does not divide 770


def test_a_derived_size_follows_and_does_not_vary():
    assert "f" not in {i.name for i in tornado(GPT2).items}
    assert "f" in {i.name for i in tornado(GPT2, {"f": 3072}).items}


TORNADO_WRONG = [
    ({"factor": 1}, "a factor must be greater than 1"),
    ({"over": ["x=1..2"]}, "the model has no size 'x'"),
    ({"measure": "prams"}, "unknown measure 'prams'"),
]


@pytest.mark.parametrize(("asked", "says"), TORNADO_WRONG)
def test_a_tornado_that_makes_no_sense(asked, says):
    with pytest.raises(SymparamsError) as error:
        tornado(GPT2, **asked)
    assert says in str(error.value)


def test_a_tornado_needs_values():
    with pytest.raises(SymparamsError, match="depends on 'h' and 'i'"):
        tornado(model("input(i) -> dense(h)"))


# --- curves of equal count ---


def curves(definition, targets, over, **more):
    return curves_of_equal_count(definition, "params", targets, ("h", "l"), over, **more)


def test_a_crossing_is_between_its_neighbours():
    over = ["h=256..8192:64,l=6..96"]
    found = curves(GPT2, [10**9, 3 * 10**9], over, lines=7)
    assert len(found.crossings) == 14
    for c in found.crossings:
        assert c.below < c.crossing < c.above
        assert c.at_below == count(GPT2, {"h": c.below, "l": c.line}) <= c.target
        assert c.at_above == count(GPT2, {"h": c.above, "l": c.line}) > c.target
        # Neighbours: multiples of 64 and of a = 12.
        assert c.above - c.below == 192
    h, line = found.crossings[0].crossing, found.crossings[0].line
    exact = 50257 * h + 1024 * h + line * (12 * h**2 + 13 * h) + 2 * h
    assert abs(exact / 10**9 - 1) < Fraction(1, 1000)


def test_the_optimum_is_the_best_of_all_in_the_domains():
    over = ["h=24..240:24,l=1..9"]
    found = curves(GPT2, [10**7], over)
    counts = {
        (h, line): count(GPT2, {"h": h, "l": line})
        for h in range(24, 241, 24)
        for line in range(1, 10)
    }
    best = max(n for n in counts.values() if n <= 10**7)
    (optimum,) = found.optima
    assert optimum.goals == (best,)
    assert counts[optimum.sizes["h"], optimum.sizes["l"]] == best


def test_a_crossing_at_an_admitted_value_is_that_value():
    text = model("model m(h, l) = input(h) -> dense(h) * l")
    found = curves(text, [2 * (10**2 + 10)], ["h=1..40,l=1..4"])
    met = next(c for c in found.crossings if c.line == 2)
    assert (met.crossing, met.below, met.at_below, met.above) == (10, 10, 220, None)


def test_a_curve_may_cross_a_line_twice():
    text = model("model m(h, l) = input(h) -> dense(100 - h) * 1 -> dense(l)")
    found = curves(text, [2000], ["h=1..99,l=1..3"])
    on_one = [c for c in found.crossings if c.line == 1]
    assert len(on_one) == 2
    for c in on_one:
        assert {c.below < c.above for c in on_one} == {True, False}
        assert c.at_below <= 2000 < c.at_above


def test_floors_have_their_crossings_too():
    text = model("model m(h, l) = input(h) -> dense(h // 3) * 1 -> dense(l)")
    for c in curves(text, [500], ["h=3..90,l=1..3"]).crossings:
        assert c.at_below == count(text, {"h": c.below, "l": c.line}) <= 500
        assert c.at_above == count(text, {"h": c.above, "l": c.line}) > 500
        assert c.below <= c.crossing <= c.above


def test_no_optimum_where_all_is_larger():
    text = model("model m(h, l) = input(h) -> dense(h) * l")
    assert curves(text, [1, 200], ["h=4..40,l=1..4"]).optima[0] is None


EQUAL_WRONG = [
    (("h", "h"), ["h=1..9"], "--axes h,h: name two sizes"),
    (("h", "l"), ["h=64..128"], "'l' has no domain to draw"),
    (("h", "x"), ["h=64..128"], "the model has no size 'x'"),
    (("h", "l"), ["h=64..128,l=1..9,s=1..3"], "'s' is on no axis: it needs a value"),
]


@pytest.mark.parametrize(("names", "over", "says"), EQUAL_WRONG)
def test_curves_that_make_no_sense(names, over, says):
    with pytest.raises(SymparamsError) as error:
        curves_of_equal_count(GPT2, "params", [10**8], names, over)
    assert error.value.message == says


def test_the_first_size_must_not_decide_the_structure():
    with pytest.raises(SymparamsError, match="'n' decides the structure"):
        curves_of_equal_count(DECIDES, "params", [90], ("n", "h"), ["h=1..9"])
    found = curves_of_equal_count(DECIDES, "params", [90], ("h", "n"), ["h=1..19"])
    for c in found.crossings:
        assert c.at_below == count(DECIDES, {"h": c.below, "n": c.line}) <= 90


# --- graphs ---

NAMES = sorted(zoo.files())


@pytest.mark.parametrize("name", NAMES)
def test_the_nodes_of_a_graph_have_the_whole_measure(name):
    document = understand(zoo.source(name))
    definition = document.definition(name if name in document.models else "")
    for measure, depth in (("params", 0), ("macs", 1)):
        found = network_graph(definition, {}, measure, depth)
        assert sum(node.value for node in found.nodes) == count(definition, {}, measure)
        keys = [node.key for node in found.nodes]
        assert len(keys) == len(set(keys))
        assert {k for e in found.edges for k in (e.tail, e.head)} <= set(keys)
        outputs = {node.key: node.output for node in found.nodes}
        for edge in found.edges:
            assert edge.shared or edge.shape is not None or outputs[edge.tail] is None


def test_residuals_go_around_and_shared_weights_are_joined():
    found = network_graph(GPT2)
    name = {node.key: node.name for node in found.nodes}
    edges = [(name[e.tail], name[e.head]) for e in found.edges if not e.shared]
    assert ("tokens1", "embed1") in edges
    assert ("layernorm1", "attention1") in edges
    assert sum(pair == ("+", "+") for pair in edges) == 2  # around attention, and the MLP
    shared = {(name[e.tail], name[e.head]) for e in found.edges if e.shared}
    assert shared == {("E", "embed1"), ("E", "transposed1")}
    frames = {node.name: [str(f.times) for f in node.within] for node in found.nodes}
    assert frames["attention1"] == ["l"]
    assert frames["layernorm3"] == []


JOINED = [
    ("input(h) -> residual(dense(h) -> relu)", "input1>+ input1>dense1 dense1>relu1 relu1>+"),
    ("input(h) -> (dense(h) | dense(2)) -> dense(3)", "input1>dense1 input1>dense2 dense1>| dense2>| |>dense3"),
    ("input(h) -> dense(h) * 3", "input1>dense1"),
    ("{ shared e = linear(h)\n input(h) -> e -> e }", "input1>linear1 linear1>linear2 e-linear1 e-linear2"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "edges"), JOINED)
def test_every_tensor_is_an_edge(text, edges):
    found = network_graph(model(text))
    name = {node.key: node.name for node in found.nodes}
    told = [f"{name[e.tail]}{'-' if e.shared else '>'}{name[e.head]}" for e in found.edges]
    assert sorted(told) == sorted(edges.split())


def test_the_edges_of_gpt2():
    found = network_graph(GPT2)
    plus = iter("abc")
    name = {n.key: next(plus) if n.name == "+" else n.name for n in found.nodes}
    told = [f"{name[e.tail]}>{name[e.head]}: {e.shape}" for e in found.edges if not e.shared]
    assert sorted(told) == sorted(
        [
            "tokens1>embed1: tokens(s)", "embed1>a: s x h", "positions>a: s x h",
            "a>layernorm1: s x h", "layernorm1>attention1: s x h", "attention1>b: s x h",
            "a>b: s x h", "b>layernorm2: s x h", "layernorm2>dense2: s x h",
            "dense2>gelu1: s x 4*h", "gelu1>dense3: s x 4*h", "dense3>c: s x h", "b>c: s x h",
            "c>layernorm3: s x h", "layernorm3>transposed1: s x h",
        ]
    )  # fmt: skip


def test_blocks_are_folded_or_open():
    folded = {node.name: node.kind for node in network_graph(GPT2).nodes}
    assert folded["attention1"] == "block"
    opened = network_graph(GPT2, depth=1).nodes
    inside = [n.name for n in opened if any(f.name == "attention1" for f in n.within)]
    assert inside == ["q", "k", "v", "attended", "dense1"]
    assert "attention1" not in {n.name for n in opened}


def test_what_a_folded_block_reads_elsewhere_goes_to_it():
    found = network_graph(of_zoo("transformer"))
    name = {node.key: node.name for node in found.nodes}
    edges = {(name[e.tail], name[e.head]) for e in found.edges}
    assert ("post_norm2", "post_norm4") in edges  # the memory of the decoder


def test_a_formula_of_measures_has_its_own_rest():
    found = network_graph(GPT2, measure="params + macs + 7*l")
    assert sum(node.value for node in found.nodes) == count(GPT2, {}, "params + macs + 7*l")
    assert found.nodes[-1].kind == "term"


def test_without_values_a_graph_has_formulas():
    found = network_graph(model("input(i) -> dense(h) -> relu"))
    assert [(n.name, str(n.total), n.value) for n in found.nodes] == [
        ("input1", "0", None),
        ("dense1", "h*i + h", None),
        ("relu1", "0", None),
    ]


def test_domains_are_those_of_the_text():
    assert (
        Domain(16, 64, 16)
        == parts_along(
            model("model m(h in 16..64 step 16 = 32) = input(3) -> dense(h)"), ["h=16..64:16"]
        ).along.domain
    )
