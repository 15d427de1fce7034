"""``variant medium of gpt2(h = 1024)``: a model with other defaults, wherever a model may stand."""

from __future__ import annotations

import pytest

import symparams
from symparams.analysis.checks import check
from symparams.analysis.counts import count
from symparams.elaboration.definition import build
from symparams.elaboration.document import understand
from symparams.errors import Source, SymparamsError
from tests.cli.running import run

NET = """\
model net(l = 2, h in 1..64 = 8, a = 2, f = 4*h, n = [1, 2], act = relu) where h % a == 0 = {
    inner = input(h) -> dense(f) -> act
    inner -> dense(h) * l -> [dense(k) for k in n]
}
"""


def document(text: str):
    return understand(Source("net.arch", text))


def verdicts(text: str) -> list[bool | None]:
    found = check([Source("net.arch", text)])
    assert [str(error) for error in found.errors] == []
    return [one.holds for one in found.judgements]


#: A variant, and the call of the model that has its sizes.
SAME = [
    ("x of net", "net"),
    ("x of net()", "net"),
    ("x of net(l = 5)", "net(l = 5)"),
    ("x of net(h = 16, l = 5)", "net(l = 5, h = 16)"),
    ("x of net(h = 16, f = 7*h)", "net(h = 16, f = 7*16)"),
    ("x of net(a = 4, h = 4*l)", "net(a = 4, h = 8)"),
    ("x of net(n = [3, 4, 5])", "net(n = [3, 4, 5])"),
    ("x of net(act = gelu)", "net(act = gelu)"),
    ("7B of net(f = 9)", "net(f = 9)"),
    ("1.3b of net(f = 9)", "net(f = 9)"),
    ("3.1_405B of net(f = 9)", "net(f = 9)"),
    ("of of net(f = 9)", "net(f = 9)"),
]


@pytest.mark.parametrize(("written", "call"), SAME)
@pytest.mark.parametrize("part", ["", "dense.", "inner.", "dense[0]."])
def test_a_variant_counts_as_a_call_with_its_sizes(written, call, part):
    name = written.partition(" ")[0]
    text = f"{NET}variant {written}\n"
    claims = [f"expect net.{name}.{part}{m} == {call}.{part}{m}" for m in ("params", "macs")]
    assert verdicts(text + "\n".join(claims)) == [True, True]


def test_its_sizes_are_still_symbols():
    found = document(f"{NET}variant x of net(h = 16, f = 7*h)").definition("net.x")
    network = build(found)
    assert network.symbols == ("l", "h", "a")
    assert network.defaults == {"l": 2, "h": 16, "a": 2}
    assert str(network.derived["f"]) == "7*h"
    assert count(found, {"h": 4}) == count(document(NET).definition(), {"h": 4, "f": 28})


def test_values_of_claims_go_before_those_of_a_variant():
    text = f"{NET}variant x of net(h = 16, f = 3)\n"
    assert verdicts(f"{text}expect net.x(f = k, h = 2).params == net(f = k, h = 2).params") == [
        True
    ]
    assert verdicts(f"{text}expect net.x(f = k).dense[0].params == h*k + k") == [True]


def test_a_variant_of_a_variant_is_one_of_the_model():
    text = f"{NET}variant x of net(h = 16)\nvariant y of net.x(l = 7)\n"
    assert list(document(text).variants) == ["net.x", "net.y"]
    assert verdicts(f"{text}expect net.y.params == net(h = 16, l = 7).params") == [True]
    with pytest.raises(SymparamsError, match=r"model 'net' of net.arch has no variant 'x.y'"):
        document(text).definition("net.x.y")


def test_a_variant_is_a_part_of_other_models():
    text = (
        f"{NET}variant x of net(h = 16)\n"
        "block twice(m) = m * 1 -> dense(3)\n"
        "model other = input(16) -> net.x -> dense(16) -> net.x(l = 5)\n"
        "model passed = input(16) -> twice(net.x)\n"
        "expect other.params == net.x.params + net.x(l = 5).params + 3*16\n"
        "expect other.net.params == other.params - 3*16\n"
        "expect passed.params == net.x.params + 3*3\n"
    )
    assert verdicts(text) == [True, True, True]


def test_what_it_names_is_of_the_place_where_it_is_written(tmp_path):
    (tmp_path / "below.arch").write_text(
        NET + "block own = dense(9)\nvariant x of net(act = own)\n"
    )
    (tmp_path / "net.arch").write_text(
        'import "below.arch"\nblock mine = dense(5) -> dense(7)\nvariant y of net(act = mine)\n'
        "expect net.x.own.params == 9*33\nexpect net.y.mine.params == 5*33 + 7*6\n"
    )
    ended = run("check", str(tmp_path / "net.arch"))
    assert ended.code == 0, ended.out
    assert run("count", f"{tmp_path}/net.arch:net.y", "--set", "n=[1]").code == 0


def test_default_lines_of_its_place_hold_of_what_it_names_alone():
    text = f"{NET}block own(k = 2) = dense(k)\ndefault own(k = 5)\nvariant x of net(act = own(5))\n"
    assert verdicts(f"{text}expect net.x.own.params == 5*33\n") == [True]


def test_a_convention_holds_of_variants_as_of_models():
    text = "model m(h = 3) = input(4, h) -> gru(h)\nvariant x of m(h = 5)\n"
    by = {
        c: count(understand(Source("m", text), c).definition("m.x")) for c in ("textbook", "keras")
    }
    assert by == {"textbook": 3 * 5 * 11, "keras": 3 * 5 * 12}


def test_it_uses_itself_by_no_other_name():
    found = check([Source("m.arch", "model m(h = 3) = input(h) -> m.x\nvariant x of m(h = 3)")])
    assert {error.message for error in found.errors} == {"model 'm' uses itself"}


def test_an_error_in_one_variant_spoils_no_claim():
    text = f"{NET}variant x of net(h = 7)\nvariant y of net(h = 4)\nexpect net.y.params > 0\n"
    found = check([Source("net.arch", text)])
    assert [one.holds for one in found.judgements] == [True]
    (error,) = found.errors
    assert str(error).splitlines()[3:] == [
        "net.arch:5:9: in variant 'x' of 'net'",
        "    variant x of net(h = 7)",
        "            ^",
    ]


SOURCES = [
    ("zoo:gpt2.medium", 354_823_168),
    ("zoo:gpt2:gpt2.medium", 354_823_168),
    ("zoo:gpt_neox.pythia_1_4b", 1_414_647_808),
    ("zoo:mamba.1.4b", 1_372_178_432),
    ("zoo:llama.3.1_405B", 405_853_388_800),
    ("symparams/library/zoo/gpt2.arch:gpt2.xl", 1_557_611_200),
]


@pytest.mark.parametrize(("source", "params"), SOURCES)
def test_where_a_source_stands(source, params, monkeypatch):
    monkeypatch.chdir(symparams.__path__[0] + "/..")
    assert run("count", source).out == f"{params}\n"


REFUSED = [
    (
        "zoo:gpt2.medum",
        "model 'gpt2' of zoo:gpt2 has no variant 'medum'\n    did you mean 'medium'?",
    ),
    ("zoo:alexnet.x", "model 'alexnet' of zoo:alexnet has no variant 'x'\n    it has none"),
    ("zoo:gpt3.x", "the zoo has no 'gpt3'\n    did you mean 'gpt2'?"),
]


@pytest.mark.parametrize(("source", "error"), REFUSED)
def test_a_source_that_is_none(source, error):
    ended = run("count", source)
    assert (ended.code, ended.err.rstrip()) == (2, error)


def test_the_python_side():
    library = symparams.load("zoo:gpt2")
    assert list(library) == ["gpt2"]
    model = library["gpt2"]
    assert list(model.variants) == ["small", "medium", "large", "xl"]
    medium = library["gpt2.medium"]
    assert medium.name == "gpt2.medium"
    assert medium.count() == model.variants["medium"].count() == 354_823_168
    assert medium.params == model.params
    assert medium.defaults["h"] == 1024
    assert medium.variants == {}
    assert medium.at(h=16).count(l=1) == model.count(h=16, l=1, a=16)
    with pytest.raises(KeyError, match=r"no model 'gpt2\.medum'\n    did you mean 'gpt2\.medium'"):
        library["gpt2.medum"]
    with pytest.raises(SymparamsError, match=r'it is "gpt2\.medium" of zoo:gpt2'):
        symparams.load("zoo:gpt2.medium")
