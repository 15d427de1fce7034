"""Which newlines end a statement, and which words are keywords where."""

from __future__ import annotations

import pytest

from symparams.errors import Source
from symparams.language import parse, tree
from tests.language.tree_text import unparse


def kinds(source: str) -> list[str]:
    return [type(s).__name__ for s in parse(Source("<test>", source)).statements]


def lines(source: str) -> list[str]:
    return [unparse(s) for s in parse(Source("<test>", source)).statements]


@pytest.mark.parametrize(
    ("source", "statements"),
    [
        ("a\nb", ["a", "b"]),
        ("a;b", ["a", "b"]),
        ("\n\n;;\na\n;\n;b;\n", ["a", "b"]),
        ("a\n\n# note\n\nb", ["a", "b"]),
        # after something that cannot end an expression
        ("a ->\nb", ["a -> b"]),
        ("a +\n\n# note\nb", ["a + b"]),
        ("x =\na", ["x = a"]),
        ("not\na", ["not a"]),
        ("if a then\nb else\nc", ["if a then b else c"]),
        ("expect\na == b", ["expect", "a == b"]),
        # before something that cannot begin a statement
        ("a\n-> b", ["a -> b"]),
        ("a\n# note\n-> b", ["a -> b"]),
        ("a\n+ b", ["a + b"]),
        ("a\n- b", ["a - b"]),
        ("a\n| b", ["a | b"]),
        ("a\n* b", ["a * b"]),
        ("a\n^ b", ["a ^ b"]),
        ("a\n== b", ["a == b"]),
        ("a\nand b\nor c", ["a and b or c"]),
        ("a\n.T", ["a.T"]),
        ("x\n= a", ["x = a"]),
        ("a,\nb\n= c", ["a, b = c"]),
        ("if a\nthen b\nelse c", ["if a then b else c"]),
        ("a\nwhere b > 2", ["a\n    where b > 2"]),
        ("a\nwhere (b) > 2", ["a\n    where (b) > 2"]),
        # what begins a statement
        ("a\n(b)", ["a", "(b)"]),
        ("a\n[b]", ["a", "[b]"]),
        ("a\n{ b }", ["a", "{ b }"]),
        ("a\n3", ["a", "3"]),
        ("a\nnot b", ["a", "not b"]),
        ("a\nif b then c else d", ["a", "if b then c else d"]),
        ("a; -b", ["a", "-b"]),
        # inside brackets
        ("f(\na\n,\nb\n)", ["f(a, b)"]),
        ("[\na\nfor a in xs\n]", ["[a for a in xs]"]),
        ("(a\n+ b)", ["(a + b)"]),
        ("f({\n a = b\n a\n}, c\n)", ["f({\n    a = b\n    a\n}, c)"]),
        ("model m(h in {3,\n5}) = f", ["model m(h in {3, 5}) =\n    f"]),
        ("{ a = b; a }", ["{\n    a = b\n    a\n}"]),
        ("{ a = b; a; }", ["{\n    a = b\n    a\n}"]),
        (
            "layer f\non [i]\nwhere i > 2\n{ output [] }",
            ["layer f on [i] where i > 2 {\n    output []\n}"],
        ),
        ("block f(c)\non [h]\nwhere h > c\n= id", ["block f(c) on [h] =\n    id\n    where h > c"]),
    ],
)
def test_newlines(source: str, statements: list[str]) -> None:
    """A newline ends a statement unless the line cannot end, or the next cannot begin."""
    assert lines(source) == statements


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("model m = a", "ModelDefinition"),
        ("model = a", "Binding"),
        ("model, b = a", "Binding"),
        ("model[h] = a", "Binding"),
        ("model -> a", "Bare"),
        ("model(3) -> a", "Bare"),
        ("model", "Bare"),
        ("model.params == 3", "Bare"),
        ("block block = block", "BlockDefinition"),
        ("measure measure = measure", "MeasureDefinition"),
        ("measure = a", "Binding"),
        ("measure -> a", "Bare"),
        ("block where where where = where", "BlockDefinition"),
        ("layer layer { output [] }", "LayerDefinition"),
        ("layer * 2", "Bare"),
        ("default default(default = default)", "Default"),
        ("default -> a", "Bare"),
        ("convention convention", "Convention"),
        ('import "import"', "Import"),
        ("import -> a", "Bare"),
        ("variant variant of of", "Variant"),
        ("variant of of of(of = of)", "Variant"),
        ("variant a of b.of()", "Variant"),
        ("variant 1.3b of b.7B(c = 3)", "Variant"),
        ("variant = a", "Binding"),
        ("variant -> a", "Bare"),
        ("variant.params == 3", "Bare"),
        ("of(3) -> a", "Bare"),
        ("a.7B.params == 3", "Bare"),
        ("shared shared = a", "Binding"),
        ("shared = a", "Binding"),
        ("weight weight[weight]", "WeightLine"),
        ("weight[3]", "Bare"),
        ("buffer b[3]", "WeightLine"),
        ("table t[3]", "WeightLine"),
        ("table table[table]", "WeightLine"),
        ("table[3]", "Bare"),
        ("table = a", "Binding"),
        ("table, _ = a", "Binding"),
        ("table -> a", "Bare"),
        ("expect a == b", "Expect"),
        ("expect (a) == b", "Expect"),
        ("expect 3 == b", "Expect"),
        ("expect -a == b", "Expect"),
        ('expect a == module "m:f"', "ExpectModule"),
        ('expect a(b = 2) ==\n module "m:f"', "ExpectModule"),
        ("expect a == module", "Expect"),
        ("expect module == a", "Expect"),
        ("expect a == module.params", "Expect"),
        ("module = a", "Binding"),
        ("expect = a", "Binding"),
        ("expect.params", "Bare"),
        ("output [3]", "Bare"),
        ("macs + 3", "Bare"),
        ("step * 2", "Bare"),
        ("step = 2", "Binding"),
        ("on -> where -> step", "Bare"),
        ("where(x)", "Bare"),
        ("a where where > step", "Bare"),
        ("f(step, on = where)", "Bare"),
    ],
)
def test_contextual_keywords(source: str, kind: str) -> None:
    """A contextual keyword is one only at its place, and a name elsewhere."""
    assert kinds(source) == [kind]


def test_keywords_inside_a_layer() -> None:
    """``output`` and ``macs`` are keywords directly in a layer, and names as bindings."""
    source = "layer f(x) {\n macs = x\n output = 3\n output [output]\n macs (macs)\n macs -3\n}"
    (layer,) = parse(Source("<test>", source)).statements
    assert isinstance(layer, tree.LayerDefinition)
    found = [type(m).__name__ for m in layer.members]
    assert found == ["Binding", "Binding", "OutputLine", "MacsLine", "MacsLine"]


def test_domains() -> None:
    """``step`` is a keyword behind a bound, and a name as one."""
    source = "model m(a in 1..step step 2, b in step..9 = step) = f"
    (model,) = parse(Source("<test>", source)).statements
    assert isinstance(model, tree.ModelDefinition)
    first, second = (p.domain for p in model.parameters)
    assert isinstance(first, tree.RangeDomain)
    assert isinstance(second, tree.RangeDomain)
    assert [unparse(n) for n in (first.high, second.low)] == ["step", "step"]
    assert first.step is not None
    assert second.step is None


def test_both_places_of_where() -> None:
    """Behind the head and behind the body ``where`` writes the same field."""
    head = parse(Source("<test>", "model m(h) where h > 2 = f"))
    body = parse(Source("<test>", "model m(h) = f\n where h > 2"))
    assert head == body
