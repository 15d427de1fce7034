"""Rows are places in a network; what a row is called is an address; a series is summed."""

from __future__ import annotations

import json

import pytest

import symparams
from symparams.analysis.checks import check
from symparams.analysis.model_space import ModelSpace
from symparams.analysis.operating_point import studied
from symparams.analysis.part_shares import shares
from symparams.analysis.reports import report
from symparams.analysis.summary import shown
from symparams.elaboration.definition import WrittenModel, build
from symparams.elaboration.document import understand
from symparams.elaboration.zoo import source as zoo_source
from symparams.errors import NeedsValue, Source, SymparamsError
from symparams.network import MEASURES
from symparams.views.pages import explain, shares as shares_page, show
from symparams.views.rendering import render

SCALED = """
block scaled(n) on [_] = { weight gamma[n]; id * gamma }
model m(a = 5, b = 7) = input(a) -> scaled(a) -> linear(b) -> scaled(b)
"""
GROWING = "model m(n = 3, h) = input(h) -> (id | linear(h)) * n -> dense(2)"
SHARED = """
model m(l = 3, h = 4) = {
    shared layer = dense(h) -> relu -> dense(h)
    shared E = linear(h)
    input(h) -> dense(h) -> layer * l -> E -> E
}
"""


def definition(text: str) -> WrittenModel:
    return understand(Source("<text>", text)).definition()


def table(text: str) -> list[str]:
    """The table of a model, from its first row to its total."""
    lines = render(show.page(*shown(definition(text)))).splitlines()
    first, last = (k for k, line in enumerate(lines) if line.startswith("---"))
    return lines[first + 1 : last]


def derived(text: str) -> list[str]:
    return render(explain.page(shown(definition(text))[0])).splitlines()[1:]


# --- rows ------------------------------------------------------------------


def test_a_weight_of_a_block_that_is_used_twice_has_the_number_of_each_use():
    assert table(SCALED) == [
        "input1    a                            0",
        "scaled1   a             a              5",
        "  gamma1  a             a              5",
        "linear1   b             a*b           35",
        "scaled2   b             b              7",
        "  gamma2  b             b              7",
    ]


def test_copies_of_a_weight_in_a_repeat_are_all_there():
    text = "block s on [d] = { weight g[d]; id * g }\nmodel m(d = 5) = input(d) -> s * 3"
    assert table(text)[1:] == [
        "s1      d             × 3     3*d           15",
        "  g     d             × 3     3*d           15",
    ]


@pytest.mark.parametrize(
    ("name", "row", "number"),
    [
        ("convnext", "scale1", 288),
        ("convnext", "scale4", 2304),
        ("swin", "relative_position1", 1014),
        ("clip", "class_token", 768),
        ("whisper", "positions1", 1500 * 384),
        ("whisper", "positions2", 448 * 384),
    ],
)
def test_weights_of_the_zoo(name, row, number):
    model = understand(zoo_source(name)).definition()
    data = show.page(*shown(model)).data
    assert {r["name"]: r["number"] for r in data["rows"]}[row] == number


# --- names -----------------------------------------------------------------

PAIR = "block pair on x[d] = { q = x -> dense(d); k = x -> linear(d); q * k }\n"

NAMES = {
    "a name that ends in a digit is kept apart from the number": (
        "block module2(c) = dense(c)\nmodel m = input(3) -> module2(4) -> module2(5)",
        ["input1", "module2_1", "dense1", "module2_2", "dense2"],
    ),
    "a name of the text is no row's running number": (
        "block dense1(c) = linear(c)\nmodel m = input(3) -> dense1(4) -> dense(5)",
        ["input1", "dense1_1", "linear1", "dense_1"],
    ),
    "one weight of a name has no number": (
        "model m = { weight w[3]; (input(3) + w) -> dense(1) }",
        ["w", "input1", "dense1"],
    ),
    "a weight that is called like a block has one": (
        "block w = dense(2)\nmodel m = { weight v[3]; body = input(3) + v; body -> w -> { weight w[2]; id + w } }",
        ["v", "input1", "w1", "dense1", "w2"],
    ),
    "the parts of a shared net are numbered by themselves": (
        SHARED,
        [
            "layer.dense1",
            "layer.relu1",
            "layer.dense2",
            "E",
            "input1",
            "dense1",
            "dense2",
            "relu1",
            "dense3",
            "linear1",
            "linear2",
        ],
    ),
    "two shared nets of one name": (
        "block b on [d] = { shared e = dense(d); id -> e -> e }\nmodel m = input(2) -> b -> b",
        ["input1", "b1", "e1", "dense1", "dense2", "b2", "e2", "dense3", "dense4"],
    ),
    "a braced name is that of the row it stands for": (
        f"{PAIR}model m = input(2) -> pair",
        ["input1", "pair1", "q", "k"],
    ),
    "a braced name of several rows has a number": (
        f"{PAIR}model m = input(2) -> pair -> pair",
        ["input1", "pair1", "q1", "k1", "pair2", "q2", "k2"],
    ),
    "of a chain it is that of the row with weights, beside others": (
        "{ x = input(3); y = x -> dense(4) -> relu; y -> dense(2) }",
        ["x", "y1", "relu1", "dense1"],
    ),
    "of two rows with weights none is what the name stands for": (
        "{ x = input(3); y = x -> dense(4) -> bn; y -> dense(2) }",
        ["x", "dense1", "bn1", "dense2"],
    ),
    "nor is a part of a sum": (
        "{ x = input(3); y = x + (x -> dense(3)); y -> dense(2) }",
        ["x", "dense1", "dense2"],
    ),
    "a core on several tensors is one row": (
        "{ x = input(3, 4); y = attend(x, x -> linear(4), x); y -> mean -> dense(2) }",
        ["x", "linear1", "attend1", "mean1", "dense1"],
    ),
    "a core on names is one row": (
        "{ x = input(3, 4); k = x -> linear(4); y = attend(x, k, x); y -> mean -> dense(2) }",
        ["x", "k", "y", "mean1", "dense1"],
    ),
    "a net has its name where it is used": (
        "{ f = dense(4); g = dropout(0.1); input(3) -> f -> g }",
        ["input1", "f", "g"],
    ),
    "a block that a braced name stands for": (
        "block unit(c) = dense(c) -> relu\n"
        "model m = { x = input(3); y = x -> unit(4); y -> dense(2) }",
        ["x", "y", "dense1", "relu1", "dense2"],
    ),
    "a name that stands for more in another place has a number": (
        "block a on x[d] = { y = x -> dense(d); y + x }\n"
        "block b on x[d] = { y = x -> dense(d) -> bn; y + x }\n"
        "model m = input(2) -> a -> b",
        ["input1", "a1", "y1", "b1", "dense1", "bn1"],
    ),
    "what is kept of a row belongs to it": (
        "{ x = input(3, 4); k = x -> keep(linear(4)); k -> dense(2) }",
        ["x", "k", "dense1"],
    ),
    "what is saved of a row belongs to it": (
        "{ x = input(3, 4); y = x -> linear(4) -> dropout(0.1); z = y -> softmax; z * y }",
        ["x", "y1", "dropout1", "z"],
    ),
    "the nearest name is a row's": (
        "{ x = input(3); y = { z = x -> dense(4); z -> relu }; y -> dense(2) }",
        ["x", "z", "relu1", "dense1"],
    ),
    "a row that a name stands for several times": (
        "{ x = input(3); y = x -> dense(3) * 4; y -> dense(2) }",
        ["x", "y", "dense1"],
    ),
    "nobody's name is no name": (
        "{ x = input(3); _ = x -> dense(3); x -> dense(4) }",
        ["x", "dense1", "dense2"],
    ),
    "names inside a shared net": (
        "{ shared f = { y = dense(4); y -> relu }; x = input(4); x -> f -> f }",
        ["f.y", "f.relu1", "x", "y1", "relu1", "y2", "relu2"],
    ),
}


@pytest.mark.parametrize("case", NAMES)
def test_names(case):
    text, names = NAMES[case]
    assert [row.name for row in report(build(definition(text))).rows] == names


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("text", [SCALED, SHARED, *(t for t, _ in NAMES.values())])
def test_the_name_of_every_row_is_the_address_of_what_it_shows(text, measure):
    network = build(definition(text))
    for row in report(network, measure).rows:
        assert network.measure(f"{row.name}.{measure}") == row.total


def test_rows_of_the_zoo_are_addresses():
    for name in ("convnext", "densenet", "albert", "t5", "mixtral", "swin"):
        network = build(understand(zoo_source(name)).models[name])
        for row in report(network).rows:
            if row.kind == "series":  # with one pass it has no row
                with pytest.raises(NeedsValue, match=f"which row is '{row.name}'"):
                    network.measure(f"{row.name}.params")
            else:
                assert network.measure(f"{row.name}.params") == row.total, row.name


def test_a_row_is_an_address_wherever_addresses_are():
    assert symparams.parse(SCALED).count("scaled1.params") == 5
    claims = "expect m.scaled1.params == a\nexpect m.gamma2.params == m.scaled[1].params"
    assert check([Source("a", f"{SCALED}{claims.replace('== a', '== 5')}")]).holds
    of_part = Source("b", SHARED + "expect m.layer.dense2.params == 20\nexpect m.E.params == 16")
    assert check([of_part]).holds
    found = ModelSpace(definition(SHARED), {"l": 3}, ["h=1..9"], ["layer.dense1.params <= 20"])
    assert found.count == 4


def test_a_row_has_no_uses_of_its_own():
    with pytest.raises(SymparamsError) as raised:
        symparams.parse(SCALED).count("scaled1[0].params")
    assert str(raised.value) == (
        "'scaled1' is a row of the table, with all its copies\n    write scaled1.params"
    )


# --- series ----------------------------------------------------------------


def test_a_growing_repeat_is_summed_over_its_passes():
    assert table(GROWING) == [
        "input1     h                     0",
        "series1    (h*n + h)             1/2*(h^2*n^2 + h^2*n)",
        "  linear1  h             × n     1/2*(h^2*n^2 + h^2*n)",
        "dense1     2                     2*(h*n + h + 1)",
    ]
    assert derived(GROWING) == [
        "series1:   sum(h^2·k + h^2 for k in 0..n - 1) = (1/2)·(h^2·n^2 + h^2·n)",
        "  linear1: i·o = (h·k + h)·h = h^2·k + h^2",
        "dense1:    i·o + o = (h·n + h)·2 + 2 = 2·(h·n + h + 1)   (kernel (2·h·n + 2·h) + bias 2)",
        "total:     (1/2)·(h^2·n^2 + h^2·n) + 2·(h·n + h + 1) = h·(n·((h/2)·(n + 1) + 2) + 2) + 2",
        "letters: i: input features or channels, o: output features",
    ]


def test_an_index_has_its_name_in_the_text_unless_that_means_something_else():
    text = "model m(n, j) = input(j) -> [{} for {} in 1..n]"
    for written, shown_as in {"q": "q", "j": "k", "_": "k"}.items():
        inner = f"dense(2*{written}) -> linear(3)" if written == "q" else "dense(3) -> linear(3)"
        source = text.format(inner, written).replace("input(j)", "input(j) -> linear(3)")
        rows = report(build(definition(source))).rows
        assert {row.passes[0].index.name for row in rows if row.passes} == {shown_as}


def test_what_a_row_of_a_series_says_to_machines():
    data = show.page(report(build(definition(GROWING)))).data
    row = next(r for r in data["rows"] if r["name"] == "linear1")
    assert {key: row[key] for key in ("output", "times", "count", "total", "for", "copies")} == {
        "output": ["h"],
        "times": "n",
        "count": "h^2*k + h^2",
        "total": "h^2*n^2/2 + h^2*n/2",
        "for": "k in 0..n - 1",
        "copies": 1,
    }
    assert "in series1, k = 0..n - 1" in render(show.page(report(build(definition(GROWING)))))


def test_latex_writes_a_sum():
    found = render(explain.page(report(build(definition(GROWING)))), "latex")
    assert r"\sum_{k = 0}^{n - 1} (h^{2} \cdot k + h^{2}) = " in found


def test_the_formulas_that_do_not_hold_at_the_defaults_are_not_shown_there():
    text = "model m(n = 1, h = 4) = input(3) -> [linear(k) for k in 2..n] -> linear(h)"
    assert table(text) == ["input1   3                   0", "linear1  4                  12"]
    assert derived(text)[-1] == (
        "at the defaults: the formulas hold if n >= 2, and not at n = 1, h = 4"
    )


# --- derivations -----------------------------------------------------------


def test_a_weight_is_derived():
    assert derived("model m(n) = { weight w[n]; (input(n) + w) -> dense(1) }") == [
        "w:      n",
        "dense1: i·o + o = n·1 + 1 = n + 1   (kernel n + bias 1)",
        "total:  n + (n + 1) = 2·n + 1",
        "letters: i: input features or channels, o: output features",
    ]


def test_a_size_that_has_no_letters_speaks_for_itself():
    text = (
        "layer odd(L = 4) on [i] { weight w[sum(floor(64/k) for k in 1..L), i]; macs i }\n"
        "model m(L = 3) = input(8) -> odd -> odd(L = 3)"
    )
    assert derived(text) == [
        "odd1:  133·8 = 1,064",
        "odd2:  117·8 = 936",
        "total: 1,064 + 936 = 2,000",
    ]
    assert symparams.parse(text).count() == 2000


def test_a_letter_that_is_a_size_of_the_network_stands_for_nothing_else():
    assert derived("input(o) -> dense(i) -> dense(3)")[:2] == [
        "dense1: o·i + i = i·o + i   (kernel i·o + bias i)",
        "dense2: i·3 + 3 = 3·(i + 1)   (kernel 3·i + bias 3)",
    ]


def test_a_use_of_shared_weights_says_whose_they_are():
    assert [line for line in derived(SHARED) if "counted once" in line] == [
        "dense2:       weights of layer, counted once   × l",
        "dense3:       weights of layer, counted once   × l",
        "linear1:      weights of E, counted once",
        "linear2:      weights of E, counted once",
    ]


def test_the_derivation_of_another_measure_is_that_of_the_parameters():
    network = build(definition(SHARED))
    assert render(explain.page(report(network, "macs"))) == render(explain.page(report(network)))


# --- shares and default lines ----------------------------------------------


def test_parts_of_a_shared_net_and_weights_of_one_name_have_one_share():
    found = shares(studied(definition(SHARED), {"h": 4, "l": 3}))
    assert [(item.name, item.parts, item.value) for item in found.items] == [
        ("layer", 3, 40),
        ("dense", 3, 20),
        ("E", 1, 16),
    ]
    two = shares(studied(definition(NAMES[next(iter(NAMES))][0])))
    assert [(item.name, item.parts) for item in two.items] == [("module2", 2)]
    assert "module2" in render(shares_page.page(two))


def test_a_default_line_that_changes_a_series_is_told_over_all_passes():
    text = "default dense(bias = no)\nmodel m(n, h) = input(h) -> [dense(k) -> linear(h) for k in 1..n]"
    found = report(build(definition(text)))
    (difference,) = found.differences
    assert (difference.before, difference.after) == (
        build(definition("input(h) -> dense(k)")).measure("params"),
        build(definition("input(h) -> linear(k)")).measure("params"),
    )
    assert render(show.page(found)).splitlines()[-1] == (
        "dense1: bias = no (default, <text>:1): h*n/2*(n + 1) instead of n/2*(n + 1)*(h + 1) together"
    )


def test_a_use_of_shared_weights_took_no_default_line():
    text = "default dense(bias = no)\nmodel m = { shared A = dense(3); input(3) -> A -> A }"
    assert [d.row for d in report(build(definition(text))).differences] == ["A"]
    assert json.loads(render(show.page(report(build(definition(text)))), "json"))["total"] == 9
