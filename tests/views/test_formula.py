"""The closed form alone."""

import pytest

from symparams.analysis.proofs import prove
from symparams.elaboration.definition import build
from symparams.elaboration.document import understand
from symparams.errors import Source, SymparamsError
from symparams.views.pages import formula
from symparams.views.rendering import render
from tests.views.nets import NETS, definition, network

TEXTS = {
    ("lstm", "short"): "4*h*(i + h + 1)",
    ("lstm", "expanded"): "4*h*i + 4*h^2 + 4*h",
    ("lstm", "factored"): "4*h*(i + h + 1)",
    ("lstm", "grouped"): "4*(h*(i + h) + h)",
    ("repeats", "grouped"): "(l + 3)*(h^2 + h)",
    ("assumed", "short"): "2*h^2*l/a + 12*h + 10\nif h % a == 0",
    ("settled", "short"): "9*w^2 + w\nfor s = 1",
    ("numbers", "short"): "144842",
    ("numbers", "grouped"): "896 + 18496 + 125450",
    ("huge", "short"): "100000000000000000001000000000000000",
}


@pytest.mark.parametrize(("name", "form"), TEXTS)
def test_one_line_and_its_conditions(name, form):
    assert render(formula.page(network(name), "params", form)) == TEXTS[name, form]


def test_equal_layers_are_counted_together():
    made = build(understand(Source("<text>", "input(t, h) -> lstm(h) -> lstm(h)")).definition())
    assert render(formula.page(made, "params", "grouped")) == "8*(2*h^2 + h)"


def test_a_layer_without_weights_is_no_term_however_often_it_stands():
    text = "input(h) -> relu * (h + l) -> dense(3)"
    made = build(understand(Source("<text>", text)).definition())
    assert render(formula.page(made, "params", "grouped")) == "3*(h + 1)"


@pytest.mark.parametrize("form", formula.FORMS)
@pytest.mark.parametrize("name", sorted(NETS.keys() - {"settled"}))
def test_what_is_printed_reads_back_as_the_same_formula(name, form):
    printed = formula.page(network(name), "params", form).data["formula"]
    assert prove(definition(name), Source("<formula>", printed)).verdict.equal is True


def test_another_measure():
    assert render(formula.page(network("lstm"), "macs")) == "4*h*t*(i + h)"


@pytest.mark.parametrize(
    ("measure", "form", "message"),
    [
        ("prams", "short", "unknown measure 'prams'\n    did you mean 'params'?"),
        ("params", "shrot", "unknown form 'shrot'\n    did you mean 'short'?"),
    ],
)
def test_unknown_words_are_refused(measure, form, message):
    with pytest.raises(SymparamsError) as found:
        formula.page(network("lstm"), measure, form)
    assert str(found.value) == message
