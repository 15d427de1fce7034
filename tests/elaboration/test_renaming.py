"""Sizes by the names of a paper: ``--rename N=I``."""

from __future__ import annotations

import pytest

from symparams.algebra import substitute, symbol, text
from symparams.elaboration.definition import build
from symparams.elaboration.document import understand
from symparams.elaboration.renaming import renamed
from symparams.elaboration.zoo import files, source
from symparams.errors import Source, SymparamsError

ZOO = {
    f"{name}:{model}": definition
    for name in files()
    for model, definition in understand(source(name)).models.items()
}


def of(written: str):
    return understand(Source("<text>", written)).definition()


@pytest.mark.parametrize(
    ("written", "names", "shown"),
    [
        ("input(t, i) -> lstm(h)", {"n": "h", "m": "i"}, "4*m*n + 4*n^2 + 4*n"),
        ("input(t, i) -> lstm(h)", {"i": "h", "h": "i"}, "4*h*i + 4*i^2 + 4*i"),
        ("model m(h, f = 4*h) = input(h) -> linear(f)", {"d": "h"}, "4*d^2"),
        ("model m(h, f = 4*h) = input(h) -> linear(f)", {"k": "f"}, "4*h^2"),
        ("model m(h, f = 4*h) = input(h) -> linear(f)", {"f": "h", "h": "f"}, "4*f^2"),
        (
            "model m(h, k[2]) = input(h) -> linear(k[0]) -> linear(k[1])",
            {"q": "k"},
            "h*q[0] + q[0]*q[1]",
        ),
        # an index of the text is another than a size of the same name
        ("model m(h, l) = input(h) -> [linear(h) for n in 1..l]", {"n": "h"}, "l*n^2"),
    ],
)
def test_formulas_have_the_new_names(written, names, shown):
    network = build(renamed(of(written), names))
    assert text(network.measure("params"), network.symbols) == shown


def test_domains_defaults_and_values_go_by_the_new_name():
    model = renamed(
        of("model m(h in 8..64 step 8 = 16, f = 2*h) = input(h) -> linear(f)"), {"d": "h"}
    )
    network = build(model)
    assert network.symbols == ("d",)
    assert network.defaults == {"d": 16}
    assert str(network.facts.domains["d"]) == "8..64 step 8"
    assert build(model, {"d": 8}).measure("params") == 128
    assert text(build(model, {"f": 3 * symbol("d")}).measure("params")) == "3*d^2"
    with pytest.raises(SymparamsError, match="'m' has no size 'h'"):
        build(model, {"h": 8})


@pytest.mark.parametrize("name", ZOO)
def test_each_size_of_the_zoo_may_have_another_name(name):
    before = build(ZOO[name])
    names = {f"{old}_": old for old in {n.partition("[")[0] for n in before.symbols}}
    after = build(renamed(ZOO[name], names))
    back = {
        s.name: symbol(s.name.replace("_", "", 1) if "[" in s.name else s.name[:-1], s.integer)
        for s in getattr(after.measure("params"), "symbols", frozenset)()
    }
    assert len(after.symbols) == len(before.symbols)
    assert substitute(after.measure("params"), back) == before.measure("params")
    assert len(after.conditions) == len(before.conditions)


@pytest.mark.parametrize(
    ("names", "message"),
    [
        ({"d": "hh"}, "'m' has no size 'hh' to rename\n    did you mean 'h'?"),
        ({"d": "width"}, "'m' has no size 'width' to rename\n    it has h, f"),
        (
            {"f": "h"},
            "'m' has a size 'f' already\n    give that one another name too: --rename …=f",
        ),
        ({"d": "h", "e": "h"}, "--rename gives 'h' two names"),
        ({"for": "h"}, "a size cannot be called 'for': it is a word of the language"),
        ({"max": "h"}, "a size cannot be called 'max': it is a word of the language"),
    ],
)
def test_names_that_make_no_sense_are_refused(names, message):
    with pytest.raises(SymparamsError) as found:
        renamed(of("model m(h, f) = input(h) -> linear(f)"), names)
    assert str(found.value) == message
