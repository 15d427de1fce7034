"""``measure NAME = formula``: measures made of others, wherever a measure stands."""

from __future__ import annotations

import json

import pytest

import symparams
from symparams.analysis.claims import judge
from symparams.elaboration.document import understand
from symparams.elaboration.written_measures import known_measures
from symparams.errors import NeedsValue, Source, SymparamsError
from symparams.language.format import format_text
from symparams.network import MEASURES
from tests.cli.running import run

NET = """
measure both = params + embed.params
measure cost(x = 2, y) = x*macs + y*both
measure twice(of = h) = 2*of*flops
model m(h = 8, l = 3) = tokens(4) -> embed(100, h) -> (dense(h) -> relu) * l
"""

# params = 100*h + l*(h^2 + h) = 1,016; macs = 4*h^2*l = 768.
VALUES = [
    ("flops", {}, 1536),
    ("both", {}, 1816),
    ("cost", {"y": 2}, 2 * 768 + 2 * 1816),
    ("cost(5)", {"y": 2}, 5 * 768 + 2 * 1816),
    ("cost(5, 1) - cost(y = 1)", {}, 3 * 768),
    ("cost(y = z)", {"z": 3}, 2 * 768 + 3 * 1816),
    ("dense.flops", {}, 1536),
    ("dense[1].flops", {}, 512),
    ("dense.cost(1, 10)", {}, 768 + 10 * (216 + 800)),
    ("m.flops", {}, 1536),
    ("m.dense.cost(y = 0)", {}, 1536),
    ("weight_bytes", {"bits": 4}, 508),
    ("weight_bytes(16) + gradient_bytes + adam_bytes", {}, (2 + 4 + 12) * 1016),
    ("mixed_precision_adam_bytes", {}, 16 * 1016),
    ("adam_8bit_bytes + momentum_bytes", {}, 6 * 1016),
    ("approximate_training_flops", {"D": 10**9}, 6 * 1016 * 10**9),
    ("twice", {}, 2 * 8 * 1536),
    ("twice(1)", {}, 2 * 1536),
]


@pytest.mark.parametrize(("measure", "own", "value"), VALUES)
def test_values(measure, own, value):
    assert symparams.parse(NET).count(measure, **own) == value


def test_a_claim_asks_for_them():
    claims = [f"expect m.flops == 2*m.macs\nexpect m(h = 2).both == {100 * 2 + 18 + 200}"]
    claims += ["expect m.dense.flops == m.flops", "expect m(l = n).flops == 512*n"]
    document = understand(Source("m.arch", NET + "\n".join(claims)))
    assert [judge(claim, document).holds for claim in document.claims] == [True] * 4


#: A text, a measure, sizes, and what it comes to by hand.
SCOPES = [
    # A size of the model hides a measure in what is asked, and not in how that is defined.
    ("model m(macs) = input(9, macs) -> dense(macs)", "flops", {"macs": 3}, 2 * 9 * 9),
    ("model m(macs) = input(9, macs) -> dense(macs)", "dense.flops", {"macs": 3}, 2 * 9 * 9),
    ("model m(macs) = input(9, macs) -> dense(macs)", "macs + flops", {"macs": 3}, 3 + 162),
    ("model m(kept = 3) = input(9, kept) -> lstm(4)", "kv_cache_bytes", {}, 2 * 8),
    ("measure twice = 2*params; model m(params) = input(9) -> dense(params)", "twice",
     {"params": 5}, 2 * 50),
    # A default is asked of the part, as the formula is.
    ("measure f(x = macs) = x + params; model m = input(2) -> dense(3) -> dense(4)", "dense[1].f",
     {}, 12 + 16),
    # A file's own measure is not what the library's are made of.
    ("measure weight_bytes(bits) = 1; model m = input(8) -> dense(4)",
     "mixed_precision_adam_bytes", {}, 16 * 36),
    ("measure weight_bytes(bits) = 1; model m = input(8) -> dense(4)", "weight_bytes(3)", {}, 1),
    # A parameter is not that of the measure which it asks.
    ("measure bar(bits = 7) = weight_bytes; model m = input(2) -> dense(4)", "bar", {"bits": 4}, 6),
    ("measure foo(D) = params*D; measure bar(D = 7) = foo + D; model m = input(2) -> dense(4)",
     "bar", {"D": 2}, 24 + 7),
]  # fmt: skip


@pytest.mark.parametrize(("text", "measure", "sizes", "value"), SCOPES)
def test_whose_names_a_formula_has(text, measure, sizes, value):
    text = text.replace("; ", "\n")
    assert symparams.parse(text).count(measure, **sizes) == value


#: Claims that give a written measure its arguments.
ARGUMENTS = [
    "m.weight_bytes(16) == 2*m.params",
    "m(h = 2).weight_bytes(bits = 4) == m(h = 2).params/2",
    "m.dense.weight_bytes(8) == m.dense.params",
    "m.cost(2*b, y = b) == 2*b*m.macs + b*m.both",
    "m(l = n).twice(n) == 2*n*m(l = n).flops",
    "m.dense.cost(1, 1) == m.dense.macs + m.dense.params + m.embed.params",
]


@pytest.mark.parametrize("claim", ARGUMENTS)
def test_a_claim_gives_arguments(claim):
    document = understand(Source("m.arch", f"{NET}expect {claim}"))
    judged = judge(document.claims[0], document)
    assert judged.holds is True


REFUSED_ARGUMENTS = [
    ("m.params(3) == 1", "'params' is a measure, which takes nothing"),
    ("m.weight_bytes(bit = 3) == 1", "measure 'weight_bytes' has no parameter 'bit'"),
    ("m.weight_byte(3) == 1", "unknown measure 'weight_byte'"),
    ("m.dense[7].weight_bytes(3) == 1", "there is no 'dense[7]'"),
    ("k.weight_bytes(3) == m.params", "this is not a model"),
    ("m.weight_bytes(relu) == 1", "a size is needed here, not the layer kind 'relu'"),
]


@pytest.mark.parametrize(("claim", "told"), REFUSED_ARGUMENTS)
def test_arguments_of_a_claim_are_refused(claim, told):
    document = understand(Source("m.arch", f"{NET}expect {claim}"))
    with pytest.raises(SymparamsError) as caught:
        judge(document.claims[0], document)
    assert caught.value.message == told
    assert caught.value.span.source.name == "m.arch"


def test_an_own_measure_hides_that_of_the_library():
    text = f"measure flops = macs\n{NET.strip()}"
    assert symparams.parse(text).count("flops") == 768
    assert symparams.parse(NET).count("flops") == 1536


def test_measures_of_an_imported_file(tmp_path):
    (tmp_path / "costs.arch").write_text("measure cost(x = 2) = x*macs + params\n")
    (tmp_path / "m.arch").write_text(
        'import "costs.arch"\nmodel m(h = 8) = input(h) -> dense(h)\nexpect m.cost == 200\n'
    )
    ended = run("check", "m.arch", cwd=tmp_path)
    assert (ended.code, ended.err) == (0, "")
    assert run("count", "m.arch", "--measure", "cost(1)", cwd=tmp_path).out == "136\n"


def test_the_library_is_made_of_what_there_is():
    assert len(known_measures()) >= 8
    assert not MEASURES.keys() & known_measures().keys()
    model = symparams.parse("input(3, 4) -> lstm(5)")  # it has some of every measure
    for name in known_measures():
        own = {p.name: 8 for p in known_measures()[name].parameters if p.default is None}
        assert model.count(name, **own) > 0


def test_the_bytes_of_a_cache():
    model = symparams.parse("input(3, 4) -> attention(2) -> lstm(5)")
    assert model.count("kv_cache_bytes") == 2 * (2 * 3 * 4 + 2 * 5)
    assert model.count("kv_cache_bytes(4) + weight_bytes(8)") == 4 * 34 + model.count()


def test_a_parameter_without_a_value_is_a_size_of_the_answer():
    model = symparams.parse(NET)
    assert str(model.at(h=1, l=1).measure("cost")) == "202*y + 8"
    with pytest.raises(NeedsValue, match=r"cost depends on 'y': 1816\*y \+ 1536"):
        model.count("cost")


ENERGY = """
measure energy(each = 4) in pJ = each*macs
model m = input(8) -> dense(4)
"""
#: A formula, and the unit of its answer.
UNITS = [
    ("energy", "pJ"),
    ("energy(5)", "pJ"),
    ("dense.energy", "pJ"),
    ("m.dense.energy(each = 2)", "pJ"),
    ("2*energy", ""),
    ("flops", "FLOPs"),
    ("weight_bytes(16)", "bytes"),
    ("macs", "MACs"),
    ("dense.params", "values"),
]


@pytest.mark.parametrize(("measure", "unit"), UNITS)
def test_units(measure, unit, tmp_path):
    (tmp_path / "m.arch").write_text(ENERGY)
    ended = run("show", f"{tmp_path}/m.arch", "--measure", measure, "--format", "json")
    assert json.loads(ended.out)["unit"] == unit
    if unit not in ("", "MACs", "values"):
        shown = run("show", f"{tmp_path}/m.arch", "--measure", measure).out
        assert f"\nTotal {measure} ({unit}): " in shown


def test_the_layout_of_a_unit():
    text = "measure energy(each=4)  in\n  pJ= each*macs # joules\n"
    laid_out = format_text(Source("m.arch", text))
    assert laid_out == "measure energy(each = 4) in pJ = each * macs  # joules\n"
    assert format_text(Source("m.arch", laid_out)) == laid_out


#: Text in front of NET, a measure, and the whole of what is said.
ERRORS = [
    (
        "measure a = b\nmeasure b = 2*a + params\n",
        "a",
        "m.arch:1:9: 'a' is made of itself: a, b, a\n    measure a = b\n            ^",
    ),
    (
        "",
        "cost(z = 3)",
        "<measure>:1:6: measure 'cost' has no parameter 'z'\n"
        "    cost(z = 3)\n"
        "         ^ it has x, y",
    ),
    (
        "",
        "cost(1, 2, 3)",
        "<measure>:1:12: measure 'cost' takes 2 arguments without a name\n"
        "    cost(1, 2, 3)\n"
        "               ^",
    ),
    (
        "",
        "2*params(3)",
        "<measure>:1:3: 'params' is a measure, which takes nothing\n"
        "    2*params(3)\n"
        "      ^^^^^^^^^",
    ),
    (
        "",
        "dense.macs(3)",
        "<measure>:1:1: 'macs' is a measure, which takes nothing\n"
        "    dense.macs(3)\n"
        "    ^^^^^^^^^^^^^",
    ),
    ("", "flop", "unknown measure 'flop'\n    did you mean 'flops'?"),
    (
        "measure x = parms*2\n",
        "x",
        "m.arch:1:13: 'parms' is neither a measure nor a size of the model\n"
        "    measure x = parms*2\n"
        "                ^^^^^ did you mean 'params'?",
    ),
    (
        "",
        "dense.flop",
        "unknown measure 'flop'\n    did you mean 'flops'?",
    ),
    (
        "measure params = 2*macs\n",
        "params",
        "m.arch:1:9: 'params' is a measure already\n"
        "    measure params = 2*macs\n"
        "            ^^^^^^ choose another name",
    ),
    (
        "measure x on [d] = params\n",
        "x",
        "m.arch:1:14: a measure is of a model, or of a matrix of inputs and outputs\n"
        "    measure x on [d] = params\n"
        "                 ^^^ write 'measure x on [i, o] = …' for its bytes",
    ),
    (
        "measure x = params where h > 1\n",
        "x",
        "m.arch:1:26: a measure has no conditions\n"
        "    measure x = params where h > 1\n"
        "                             ^^^^^",
    ),
    (
        "measure x(k in 1..3) = k*params\n",
        "x",
        "m.arch:1:11: a parameter of a measure is one size\n"
        "    measure x(k in 1..3) = k*params\n"
        "              ^^^^^^^^^",
    ),
    (
        "measure relu = params\n",
        "relu",
        "m.arch:1:9: 'relu' is a built-in layer kind\n"
        "    measure relu = params\n"
        "            ^^^^ choose another name",
    ),
    (
        "measure x = params\nmeasure x = macs\n",
        "x",
        "m.arch:2:9: 'x' is defined twice\n"
        "    measure x = macs\n"
        "            ^\n"
        "m.arch:1:9: first here\n"
        "    measure x = params\n"
        "            ^",
    ),
    (
        "block x in bytes = dense(3)\n",
        "params",
        "m.arch:1:12: only a measure has a unit\n"
        "    block x in bytes = dense(3)\n"
        "               ^^^^^ measure NAME in bytes = 2*params",
    ),
    (
        "measure x in 3*bytes = params\n",
        "x",
        "m.arch:1:14: '3' cannot stand after 'in'\n"
        "    measure x in 3*bytes = params\n"
        "                 ^",
    ),
    (
        "measure x = input(3)\n",
        "x",
        "m.arch:1:13: a size is needed here, not a tensor\n"
        "    measure x = input(3)\n"
        "                ^^^^^^^^",
    ),
]


@pytest.mark.parametrize(("text", "measure", "told"), ERRORS)
def test_errors(text, measure, told):
    def asked() -> int:
        document = understand(Source("m.arch", text + NET.strip()))
        return symparams.Model(document.definition("m")).count(measure)

    with pytest.raises(SymparamsError) as caught:
        asked()
    assert str(caught.value) == told
