"""How the conventions differ, from their own lines."""

import re

import pytest

from symparams.algebra import text
from symparams.elaboration.document import convention_lines
from symparams.elaboration.shipped_files import conventions
from symparams.errors import Source, Span, SymparamsError
from symparams.layers import kinds
from symparams.views.pages import comparison, layers
from symparams.views.rendering import FORMATS, render
from tests.language.tree_text import unparse

GRU = """\
How textbook, keras and pytorch count
Layer                  What          textbook           keras                pytorch
------------------------------------------------------------------------------------------------
input(t, i) -> gru(h)  bias_vectors  1                  2                    2
                       params        3*(h*(i + h) + h)  3*(h*(i + h) + 2*h)  3*(h*(i + h) + 2*h)"""

#: A class or function of a framework, as a convention's comment names it.
CLASS = {
    "keras": re.compile(r"\bkeras\.\w+\.[A-Z]\w+"),
    "pytorch": re.compile(r"\btorch\.nn\.[A-Za-z]\w+"),
}


@pytest.fixture(scope="module")
def sheet():
    return comparison.page()


def test_one_kind():
    head, *notes = render(comparison.page("gru")).rsplit("\n", 2)
    assert head == GRU
    assert notes[0].startswith("keras: gru(bias_vectors = 2) in keras.arch:")
    assert "keras.layers.GRU" in notes[0]
    assert notes[1].startswith("pytorch: gru(bias_vectors = 2) in pytorch.arch:")
    assert "torch.nn.RNN, LSTM and GRU" in notes[1]


def test_buffers_and_a_net_inside():
    rows = comparison.page("bn").data["rows"]
    assert {"name": "bn", "example": "input(x, y, i) -> bn", "what": "buffers",
            "textbook": "2*i", "keras": "2*i", "pytorch": "2*i + 1"} in rows  # fmt: skip
    inside = comparison.page("bidirectional").data["rows"]
    assert [row["what"] for row in inside] == ["gru.bias_vectors", "params"]


def test_a_kind_that_all_count_alike():
    sheet = comparison.page("embed")
    assert [row["what"] for row in sheet.data["rows"]] == ["params", "activations"]
    assert [row["keras"] for row in sheet.data["rows"]] == ["V*d", "d*s + s"]
    assert (sheet.data["lines"], sheet.data["alike"]) == ([], ["embed"])
    assert render(sheet).splitlines()[-1] == "no difference in embed"


def test_a_line_of_a_layer_around_a_net():
    data = comparison.page("spectralnorm").data
    assert [row["what"] for row in data["rows"]] == ["each", "vectors", "buffers"]
    assert [(x["convention"], x["option"]) for x in data["lines"]] == [
        ("keras", "each"),
        ("pytorch", "vectors"),
        ("pytorch", "each"),
    ]


def test_a_block_of_the_library():
    assert comparison.page("swin_layer").data["alike"] == ["swin_layer"]


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("lsmt", "unknown layer kind 'lsmt'\n    did you mean 'lstm'?"),
        ("input", "'input' has no general formula to compare"),
    ],
)
def test_what_cannot_be_compared_is_refused(name, says):
    with pytest.raises(SymparamsError) as found:
        comparison.page(name)
    assert str(found.value).startswith(says)


def test_every_kind_is_compared(sheet):
    different = {row["name"] for row in sheet.data["rows"]}
    assert different.isdisjoint(sheet.data["alike"])
    blocks = {"attention"}  # of the library, of which a convention speaks
    assert different | set(sheet.data["alike"]) == kinds().keys() | blocks
    told = render(sheet).splitlines()[-1]
    alike = sheet.data["alike"]
    assert told == f"no difference in {len(alike)} kinds: {', '.join(alike)}"


@pytest.mark.parametrize("name", kinds())
def test_formulas_are_those_of_the_examples(name, sheet):
    shown = {row["what"]: row for row in sheet.data["rows"] if row["name"] == name}
    for measure in comparison.COMPARED:
        counts = {c: layers.example(kinds()[name], c, measure).total for c in conventions()}
        if len(set(counts.values())) == 1:
            assert measure not in shown
        else:
            assert {c: str(shown[measure][c]) for c in counts} == {
                c: text(counts[c]) for c in counts
            }


def test_every_default_line_of_a_framework_is_told(sheet):
    base = said(layers.BASE)
    wanted = {
        (convention, *line)
        for convention in CLASS
        for line in said(convention)
        if line not in base and line not in own()
    }
    assert {(x["convention"], x["kind"], x["option"], x["value"]) for x in sheet.data["lines"]} == (
        wanted
    )


def said(convention):
    """(kind, option, value) of the lines of a convention."""
    lines = convention_lines(conventions()[convention], convention)
    return {(k, o, unparse(e.value)) for k, options in lines.items() for o, e in options.items()}


def own():
    """(kind, option, value) of the kinds' own defaults."""
    return {
        (name, option, layers.default_text(o))
        for name, layer in kinds().items()
        for option, o in layer.options.items()
        if o.default is not layers.REQUIRED
    }


def test_every_line_names_the_class_of_the_framework(sheet):
    for line in sheet.data["lines"]:
        assert CLASS[line["convention"]].search(line["says"]), line


def test_a_line_without_a_comment_is_an_error():
    source = Source("new.arch", "default gru(bias_vectors = 2)\n")
    span = Span(source, 12, 28)
    with pytest.raises(SymparamsError, match="has a comment with its source"):
        comparison.reason(span)


@pytest.mark.parametrize("output", FORMATS)
def test_every_format(output, sheet):
    told = render(sheet, output)
    assert all(convention in told for convention in conventions())
    assert "gru" in told
