"""``symparams diff``: rows that belong together, and that add up to the total in every format."""

from __future__ import annotations

import json
import re
from fractions import Fraction
from random import Random

import pytest

from symparams.algebra import add_up, substitute
from symparams.analysis.counts import count
from symparams.analysis.model_diffs import ModelDiff, model_diff
from symparams.elaboration.definition import WrittenModel
from symparams.elaboration.document import understand
from symparams.elaboration.zoo import source as zoo_source
from symparams.errors import Source, SymparamsError
from symparams.views.pages import diff
from symparams.views.rendering import FORMATS, render
from symparams.views.typesetting import Typesetting
from tests.cli.running import run
from tests.views import printed
from tests.views.sources import source

#: How many pairs of random sources are compared; the first ones also in every format.
PAIRS, IN_EVERY_FORMAT = 16, 6


def model(text: str) -> WrittenModel:
    return understand(Source("net.arch", text)).definition()


def of_zoo(name: str) -> WrittenModel:
    return understand(zoo_source(name.partition(".")[0])).definition(name)


ZOO = [
    ("gpt2", "llama"),
    ("gpt2.small", "gpt2.xl"),
    ("resnet.18", "resnet.50"),
    ("vgg.16", "vgg.16_bn"),
    ("bert", "albert"),
    ("mistral", "mixtral"),
    ("t5", "bart"),
]


def compared(pair: int | tuple[str, str], measure: str = "params") -> ModelDiff:
    if isinstance(pair, tuple):
        models = [of_zoo(name) for name in pair]
    else:
        models = [model(source(seed)) for seed in (pair, pair + 1)]
    return model_diff(*models, measure, names=("A", "B"))


def adds_up(found: ModelDiff) -> None:
    layers = [row for row in found.rows if not row.row.is_group]
    assert add_up(row.difference for row in layers) == found.total.difference
    for k in (0, 1):
        assert add_up(row.formulas[k] for row in layers) == found.reports[k].total
    if found.total.numbers is not None:
        for k in (0, 1):
            assert sum(row.numbers[k] for row in layers) == found.total.numbers[k]
    for row in found.rows:
        assert row.difference == row.formulas[1] - row.formulas[0]
        assert (row.left is None) == (row.change == "added")
        assert (row.right is None) == (row.change == "removed")
        if row.left is None:
            assert row.formulas[0] == 0
    # Each row of either model stands once, in its order.
    for k, side in ((0, "left"), (1, "right")):
        names = [getattr(row, side).name for row in found.rows if getattr(row, side)]
        assert sorted(names) == sorted(row.name for row in found.reports[k].rows)


#: Nothing is folded, and layers without weights have their rows.
WIDE = Typesetting(width=1e6, free=True)


@pytest.mark.parametrize("pair", [*range(PAIRS), *ZOO], ids=str)
def test_rows_add_up_to_the_difference(pair):
    for measure in ("params", "macs", "16*params + macs"):
        adds_up(compared(pair, measure))


@pytest.mark.parametrize("pair", [*range(IN_EVERY_FORMAT), *ZOO[:4]], ids=str)
@pytest.mark.parametrize("everything", [False, True])
def test_printed_rows_add_up_to_the_printed_total(pair, everything):
    found = compared(pair)
    sheet = diff.page(found, everything)
    data = json.loads(render(sheet, "json"))
    random = Random(3)
    names = {n for one in found.reports for n in one.network.symbols}
    inside = {name: random.randint(1, 9) for name in sorted(names)}
    whole = substitute(found.total.difference, inside)
    number = data["total"]["number"]
    for form in FORMATS:
        point = printed.aliases(form, inside)
        total = str(data["total"]["difference"])
        if form == "json":
            told = [str(row["difference"]) for row in data["rows"]]
            numbers = [row["number"] for row in data["rows"]]
        elif form == "csv":
            records = printed._records(render(sheet, form))
            told = [row["difference"].lstrip("'") for row in records]
            numbers = [row["number"] for row in records if row["number"]]
        else:
            heads, *rows = printed.cells(form, render(sheet, form, typesetting=WIDE))
            by = [dict(zip(heads, row, strict=True)) for row in rows]
            layers = [row for row in by if row["Difference"]]  # the heads of groups have none
            if form != "table":  # there the total stands behind a rule
                total = layers.pop()["Difference"]
            told = [row["Difference"] for row in layers]
            at = "at the defaults"
            numbers = [re.sub("[, ]", "", row[at]) for row in layers] if at in heads else []
        assert sum(printed.worth(text, point) for text in told) == whole, form
        assert printed.worth(total, point) == whole, form
        if number is not None and numbers:
            assert sum(map(Fraction, numbers)) == number, form


def test_a_table():
    one = model("model a(l = 4, h = 64) = input(8, h) -> residual(layernorm -> mlp(4*h, gelu)) * l")
    other = model("model b(l = 6, h = 64) = input(8, h) -> residual(rmsnorm -> mlp(3*h, gelu)) * l")
    assert (
        render(diff.page(model_diff(one, other)), "table")
        == """\
params of b against a
Layer                  Change   a              b              Difference      at the defaults
---------------------------------------------------------------------------------------------
layernorm1 → rmsnorm1  changed  2*h*l          h*l            -h*l                       -128
mlp1                   changed
  dense1               changed  4*h*l*(h + 1)  3*h*l*(h + 1)  -h*l*(h + 1)              8,320
  dense2               changed  h*l*(4*h + 1)  h*l*(3*h + 1)  -h^2*l                    8,320
---------------------------------------------------------------------------------------------
Total                           h*l*(8*h + 7)  h*l*(6*h + 5)  -2*h*l*(h + 1)           16,512
a: 132,864
b: 149,376
the same in both: 2 layers
defaults: l = 4 → 6
at all sizes a is larger (proved)"""
    )


def rows(one: str, other: str, measure: str = "params") -> list[tuple[str, str, str]]:
    """(the change, the row of the first, the row of the second) of what is not the same."""
    found = model_diff(model(one), model(other), measure)
    adds_up(found)
    return [
        (r.change, r.left.name if r.left else "", r.right.name if r.right else "")
        for r in found.rows
        if r.change != "same"
    ]


ALIGNED = {
    "a layer in between": (
        "input(h) -> dense(h) -> dense(9)",
        "input(h) -> dense(h) -> bn -> dense(9)",
        [("added", "", "bn1")],
    ),
    "a layer less": (
        "input(h) -> dense(h) -> dense(7) -> dense(9)",
        "input(h) -> dense(h) -> dense(9)",
        [("removed", "dense2", ""), ("changed", "dense3", "dense2")],
    ),
    "the width of one": (
        "input(h) -> dense(5) -> dense(9)",
        "input(h) -> dense(6) -> dense(9)",
        [("changed", "dense1", "dense1"), ("changed", "dense2", "dense2")],
    ),
    "another kind of the same family": (
        "input(4, h) -> layernorm -> lstm(9)",
        "input(4, h) -> rmsnorm -> gru(9)",
        [("changed", "layernorm1", "rmsnorm1"), ("changed", "lstm1", "gru1")],
    ),
    "what counts nothing": (
        "input(h) -> dense(5) -> relu",
        "input(h) -> dense(5) -> gelu -> dropout(0.1)",
        [("changed", "relu1", "gelu1"), ("added", "", "dropout1")],
    ),
    "another family": (
        "input(4, h) -> dense(9) -> layernorm",
        "input(4, h) -> lstm(9) -> layernorm",
        [("removed", "dense1", ""), ("added", "", "lstm1")],
    ),
    "a block around": (
        "model m(h) = input(h) -> dense(h) -> relu -> dense(9)",
        "block inner on [d] = dense(d) -> relu\nmodel m(h) = input(h) -> inner -> dense(9)",
        [("added", "", "inner1")],
    ),
    "a block renamed": (
        "block one on [d] = dense(d) -> relu\nmodel m(h) = input(h) -> one -> dense(9)",
        "block two on [d] = dense(d) -> relu\nmodel m(h) = input(h) -> two -> dense(9)",
        [("changed", "one1", "two1")],
    ),
    "inside a block": (
        "block f on [d] = dense(d) -> relu\nmodel m(h, l) = input(h) -> f * l -> dense(9)",
        "block f on [d] = linear(d) -> relu\nmodel m(h, l) = input(h) -> f * l -> dense(9)",
        [
            ("changed", "f1", "f1"),
            ("changed", "dense1", "linear1"),
            ("changed", "dense2", "dense1"),
        ],
    ),
    "how often": (
        "input(h) -> dense(h) * l -> dense(9)",
        "input(h) -> dense(h) * (l + 1) -> dense(9)",
        [("changed", "dense1", "dense1")],
    ),
    "nothing": ("input(h) -> dense(h)", "input(h)->dense(h)", []),
}


@pytest.mark.parametrize("name", ALIGNED)
def test_rows_that_belong_together(name):
    one, other, expected = ALIGNED[name]
    if name == "inside a block":
        expected = expected[:2]  # the last dense has another number, and is the same
    assert rows(one, other) == expected


def test_many_layers_are_aligned():
    one = "input(8) -> " + " -> ".join(f"dense({k % 7 + 1})" for k in range(600))
    other = "input(8) -> bn -> " + " -> ".join(f"dense({k % 7 + 1})" for k in range(600))
    assert rows(one, other) == [("added", "", "bn1")]
    # Where every one is another, kinds alone are compared.
    other = "input(8) -> " + " -> ".join(f"dense({k % 5 + 1})" for k in range(600))
    assert {change for change, *_ in rows(one, other)} == {"changed"}


def test_the_numbers_are_those_of_count():
    for pair in (("gpt2.small", "gpt2.xl"), ("vgg.11", "alexnet")):
        found = compared(pair)
        assert found.total.numbers == tuple(count(of_zoo(name)) for name in pair)
    assert [
        r.change for r in compared(("gpt2.small", "gpt2.xl")).rows if r.row.name == "dense2"
    ] == ["resized"]


def test_where_they_cross():
    one, other = "input(t, i) -> dense(1000)", "input(t, i) -> lstm(h)"
    told = run("diff", one, other, "--set", "i=10").out.splitlines()
    # 11,000 against 4*h*(h + 11): 10,912 at 47 and 11,328 at 48.
    assert told[-1] == "along h: A is larger for h = 1..47, B is larger for h >= 48"
    found = model_diff(model(one), model(other))
    assert found.crossover is not None
    assert [t.symbol for t in found.crossover.thresholds] == ["i", "h"]


def test_domains_of_both_hold_where_they_cross():
    one = "model a(h in 1..40) = input(h) -> dense(80)"
    other = "model b(h in 20..90) = input(h) -> dense(h) -> dense(50)"
    found = model_diff(model(one), model(other))
    assert found.crossover is not None
    (threshold,) = found.crossover.thresholds
    assert [(s.first, s.last, s.sign) for s in threshold.spans or ()] == [
        *((20, 29, 1), (30, 30, 0), (31, 40, -1)),
    ]
    apart = model("model b(h in 50..90) = input(h) -> dense(h)")
    assert model_diff(model(one), apart).undecided == "no value of 'h' is in 1..40 and in 50..90"


def test_what_has_no_closed_form_is_compared_in_numbers():
    one = "model a(n = 3, h = 4) = input(h) -> (id | linear(h)) * n -> dense(2)"
    other = "model b(h = 4) = input(h) -> dense(h) -> dense(2)"
    found = model_diff(model(one), model(other))
    adds_up(found)
    assert found.total.numbers == (count(model(one)), count(model(other)))


def test_a_size_that_is_a_fraction_in_one_model():
    one = "model a(w in {1/2, 1} = 1) = input(4) -> dense(8*w)"
    other = "model b(w = 1) = input(4) -> dense(8*w)"
    with pytest.raises(SymparamsError, match="'w' is an integer in b alone"):
        model_diff(model(one), model(other))
    found = model_diff(model(one), model(other), given=({"w": 1}, {"w": 1}))
    assert found.total.difference == 0


def test_exit_codes():
    same = ("diff", "input(h) -> dense(h)", "input(h) -> dense(h)")
    other = ("diff", "input(h) -> dense(h)", "input(h) -> dense(h) -> relu")
    assert [run(*args).code for args in (same, other)] == [0, 0]
    assert [run(*args, "--exit-code").code for args in (same, other)] == [0, 1]


def test_markdown_escapes_what_a_file_says(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name, width in (("a|b.arch", 3), ("<i>.arch", 4)):
        (tmp_path / name).write_text(f"model m(h) = input(h) -> dense({width})\n")
    out = run("diff", "a|b.arch", "<i>.arch", "--format", "markdown").out
    assert r"| Layer | Change | a\|b.arch | \<i\>.arch | Difference |" in out
    assert "<i>" not in run("diff", "a|b.arch", "<i>.arch", "--format", "html").out


WRONG = [
    (["zoo:gpt2", "zoo:llama", "--set", "hh=3"], "no model here has a size 'hh'"),
    (["zoo:gpt2", "zoo:lama"], "the zoo has no 'lama'"),
    (["zoo:gpt2", "zoo:llama", "--measure", "peak"], "rows do not add up to peak"),
]


@pytest.mark.parametrize(("args", "error"), WRONG)
def test_what_is_wrong(args, error):
    ended = run("diff", *args)
    assert ended.code == 2
    assert re.search(error, ended.err)
