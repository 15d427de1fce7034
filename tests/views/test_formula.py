"""The closed form alone."""

import pytest

from symparams.analysis.kept_names import named_sizes
from symparams.analysis.proofs import prove
from symparams.elaboration.definition import build
from symparams.elaboration.document import understand
from symparams.elaboration.formula_reading import FormulaReading
from symparams.elaboration.zoo import files, source as zoo_source
from symparams.errors import Source, SymparamsError
from symparams.views.pages import formula
from symparams.views.rendering import render
from symparams.views.typesetting import Typesetting
from tests.algebra.divisions import divisions_over_sums
from tests.views.nets import NETS, definition, forms_of, network

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


@pytest.mark.parametrize(
    ("name", "form", "by"),
    [(n, *form) for n in sorted(NETS.keys() - {"settled"}) for form in forms_of(network(n))],
)
def test_what_is_printed_reads_back_as_the_same_formula(name, form, by):
    printed = formula.page(network(name), "params", form, by).data["formula"]
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


# --- as authors write them -------------------------------------------------


FLOORS = "s*floor((s + p)/2) + s + 8*floor((s + p)/2)"


def made(text, **values):
    return build(understand(Source("<text>", text)).definition(), values)


ZOO = {
    f"{name}:{model}": definition
    for name in files()
    for model, definition in understand(zoo_source(name)).models.items()
}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("model m(l, h, a) = input(h) -> dense(h) * l -> linear(a)", "h^2*l + h*l + a*h"),
        ("model m(b, a) = input(b) -> linear(b) -> dense(a)", "b^2 + a*b + a"),
        ("model m(z, y) = input(z + y) -> linear(1)", "z + y"),
        ("model m(z, y) = input(8) -> linear(z - y)", "8*z - 8*y"),
        ("model m(y, z) = input(8) -> linear(z - y)", "8*z - 8*y"),  # no minus in front
        ("model m(s, p) = input(8) -> linear(floor((p + s)/2)) -> dense(s)", FLOORS),
    ],
)
def test_terms_stand_by_degree_then_as_the_sizes_are_declared(text, shown):
    assert render(formula.page(made(text), "params", "expanded")).splitlines()[0] == shown


def test_the_order_of_declaration_is_that_of_every_format():
    sheet = formula.page(made("model m(b, a) = input(b + a) -> linear(1)"))
    assert sheet.data["formula"] == "b + a"
    assert render(sheet).split()[:3] == ["b", "+", "a"]
    bare = render(sheet, "latex", typesetting=Typesetting(bare=True))
    assert bare.split()[:3] == ["b", "+", "a"]


@pytest.mark.parametrize("name", ZOO)
def test_no_formula_of_the_zoo_is_one_division_over_a_sum(name):
    network = build(ZOO[name])
    assert not list(divisions_over_sums(formula.formula(network)))


def test_a_fraction_stays_in_its_own_term():
    text = "model m(h, a, kv, V) where h % a == 0 = input(h) -> linear(2*h*kv/a + V)"
    assert render(formula.page(made(text))).splitlines()[0] == "2*h^2*kv/a + V*h"


@pytest.mark.parametrize("name", ZOO)
def test_every_form_of_the_zoo_reads_back_as_the_formula(name):
    network = build(ZOO[name])
    whole = network.measure("params")
    for form, by in forms_of(network):
        sheet = formula.page(network, "params", form, by)
        shown = render(sheet).splitlines()[0]
        assert FormulaReading(network).read(Source("<shown>", shown)) == whole, form


def test_a_collected_formula_has_its_coefficients_in_their_shortest_form():
    network = build(ZOO["gpt2:gpt2"])
    shown = render(formula.page(network, "params", "collected", ("h", "l")))
    assert shown.splitlines()[0] == "12*h^2*l + 13*h*l + h*(V + s + 2)"
    shown = render(formula.page(network, "params", "collected", ("V",)))
    assert shown.splitlines()[0] == "V*h + h*(l*(12*h + 13) + s + 2)"


def test_a_function_of_a_size_is_no_coefficient():
    network = made("model m(h, l) = input(h//2) -> linear(h) * l")
    shown = render(formula.page(network, "params", "collected", ("h",)))
    assert shown.splitlines()[0] == "h^2*(l - 1) + h*floor(h/2)"


@pytest.mark.parametrize(
    ("form", "by", "message"),
    [
        ("collected", (), "--form collected needs the sizes to collect by\n    as in --by h"),
        ("short", ("h",), "--by is of the collected form, not of short"),
        (
            "collected",
            ("hh",),
            "'hh' is no open size of 'network'\n    did you mean 'h'?",
        ),
    ],
)
def test_what_is_collected_by_must_make_sense(form, by, message):
    with pytest.raises(SymparamsError) as found:
        formula.page(network("lstm"), "params", form, by)
    assert str(found.value) == message


def test_grouped_adds_like_terms_and_says_what_the_groups_are():
    text = "model m(h, l) = input(h) -> layernorm -> linear(h) * l -> rmsnorm -> linear(h)"
    sheet = formula.page(made(text), "params", "grouped")
    assert render(sheet) == "3*h + h^2*l + h^2"
    layers = {tuple(group["layers"]): group["formula"] for group in sheet.data["groups"]}
    assert layers == {
        ("layernorm1",): "2*h",
        ("linear1", "linear2"): "h^2*l + h^2",
        ("rmsnorm1",): "h",
    }


TWO = "k*l\nwith l = h + 2\nwith k = max(l, 2*h)"
FFN = "model ffn(h, f = round_up(8*h/3, 64)) = input(h) -> swiglu(f)"


def named(text):
    definition = understand(Source("<text>", text)).definition()
    network = build(definition)
    return formula.page(network, named=named_sizes(network, {}))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (FFN, "3*f*h\nwith f = round_up(8*h/3, 64)"),
        # one term is no longer than its name
        ("model m(h, f = 4*h) = input(h) -> linear(f)", "4*h^2"),
        # a name that is longer than what it stands for
        ("model m(h, a_very_long_name = h + 1) = input(h) -> linear(a_very_long_name)", "h^2 + h"),
        ("model m(h, l = h + 2, k = max(l, 2*h)) = input(l) -> linear(k)", TWO),
    ],
)
def test_a_derived_size_is_kept_by_name_where_that_shortens(text, shown):
    assert render(named(text)) == shown


def test_json_has_a_formula_with_names_and_without():
    data = named(FFN).data
    assert data["formula"] == "192*h*floor((h + 23)/24)"
    assert data["with_names"] == "3*f*h"
    size = "64*floor((h + 23)/24)"
    assert data["derived"] == [{"name": "f", "written": "round_up(8*h/3, 64)", "formula": size}]


def test_latex_says_what_a_name_is_as_mathematics():
    assert r"with $f = 64\,\left\lfloor \frac{h + 23}{24} \right\rfloor$" in render(
        named(FFN), "latex"
    )
