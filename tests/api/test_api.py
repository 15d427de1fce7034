"""The Python side: models, formulas, numbers."""

from fractions import Fraction
from pathlib import Path

import pytest
import sympy

import symparams
from symparams.elaboration import build

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def lstm():
    return symparams.parse("input(t, i) -> lstm(h)")


def test_params_are_a_plain_expression(lstm):
    h, i = lstm.symbols["h"], lstm.symbols["i"]
    assert lstm.params == sympy.expand(4 * (h * (h + i) + h))
    assert h.is_integer
    assert h.is_positive
    assert set(lstm.symbols) == {"t", "i", "h"}


def test_at(lstm):
    assert lstm.at(h=64, i=32).params == 24_832
    assert lstm.at(h=64).at(i=32).params == 24_832
    assert str(lstm.at(h=64).params) == "256*i + 16640"
    with pytest.raises(symparams.SymparamsError, match="did you mean 'h'"):
        lstm.at(hh=3)
    with pytest.raises(symparams.SymparamsError, match="positive integer"):
        lstm.at(h=0)


def test_values_of_other_worlds(lstm):
    w = sympy.Symbol("w", positive=True, integer=True)
    assert lstm.at(h=2 * w, i=1).params == sympy.expand(4 * (2 * w * (2 * w + 1) + 2 * w))
    assert lstm.at(h=sympy.Integer(64), i=32).params == 24_832
    with pytest.raises(symparams.SymparamsError, match="is a float"):
        lstm.at(h=64.0)
    numpy = pytest.importorskip("numpy")
    assert lstm.count(h=numpy.int64(64), i=32) == 24_832


def test_count_is_an_int(lstm):
    assert lstm.count(h=64, i=32) == 24_832
    assert type(lstm.count(h=64, i=32)) is int
    assert lstm.count("macs", h=64, i=32, t=10) == 10 * 4 * 64 * (64 + 32)
    with pytest.raises(symparams.SymparamsError, match="depends on 'i'"):
        lstm.count(h=64)


def test_measures(lstm):
    t, h, i = (lstm.symbols[n] for n in "thi")
    assert lstm.measure("macs") == sympy.expand(4 * t * h * (h + i))
    assert lstm.measure("activations") == t * i + t * h
    assert not lstm.params.has(t)
    with pytest.raises(symparams.SymparamsError, match="did you mean 'macs'"):
        lstm.measure("mac")


def test_sensitivity(lstm):
    assert lstm.sensitivity("h") == lstm.params.diff(lstm.symbols["h"])
    assert lstm.sensitivity("t") == 0
    ranked = lstm.sensitivities(h=64, i=32, t=1)
    first = ranked.items[0]
    assert first.symbol == "h"
    assert first.at.slope == 4 * 32 + 8 * 64 + 4
    assert first.at.difference == 4 * (65 * (65 + 32) + 65) - 24_832
    assert first.at.elasticity == Fraction(64 * first.at.slope, 24_832)


def test_no_derivative_inside_a_floor():
    model = symparams.parse("input(H, 3) -> maxpool(2) -> flatten -> dense(10)")
    with pytest.raises(symparams.SymparamsError, match="floor"):
        model.sensitivity("H")
    (found,) = model.sensitivities().items
    assert found.derivative is None
    assert found.difference != 0


def test_prove(lstm):
    assert lstm.prove("4*(h*(h + i) + h)").verdict.equal is True
    assert lstm.prove("4*h*(h + i)").verdict.equal is False


def test_load():
    library = symparams.load(ROOT / "symparams/library/zoo/vgg16.arch")
    assert list(library) == ["vgg16"]
    assert len(symparams.load(ROOT / "docs/examples/vgg16_any_size.arch")) == 2
    vgg = library["vgg16"]
    assert vgg.count() == 138_357_544
    assert vgg.at(classes=1000).params == 138_357_544
    assert "missing" not in library


def test_conventions():
    assert symparams.parse("input(9, 32) -> lstm(64)", convention="pytorch").count() == 25_088


def test_a_framework_is_given_the_layers_of_the_convention_read_with(monkeypatch):
    """Bias vectors of an LSTM: 4*2 with that of torch, none where its line says so."""

    def counted(definition, name, values):
        return name, build(definition, values).measure("params")

    monkeypatch.setattr("symparams.frameworks.network", counted)
    text = "input(9, 3) -> lstm(2)"
    kernels = 4 * 2 * (3 + 2)
    assert symparams.parse(text).to_torch() == ("torch", kernels + 2 * 4 * 2)
    read = symparams.parse(text, convention="textbook")
    assert read.to_torch() == ("torch", kernels + 4 * 2)
    assert read.to_torch(convention="pytorch") == ("torch", kernels + 2 * 4 * 2)


def test_reprs(lstm):
    assert repr(lstm) == "<model network: t, i, h>"
    assert lstm._repr_latex_().startswith("$4")
    assert "<table" in lstm._repr_html_()
    assert "lstm1" in str(lstm)


def test_reprs_have_the_notations_of_the_text():
    net = symparams.parse(
        'symbol h as "d_{\\mathrm{model}}"; model m(h = 4) = input(h) -> dense(9)'
    )
    for shown in (net, net.report()):
        assert shown._repr_latex_() == r"$9\,d_{\mathrm{model}} + 9$"
        html = shown._repr_html_()
        assert r"\(9\,d_{\mathrm{model}} + 9\)" in html
        assert r"\(h" not in html
    assert r"\(d_{\mathrm{model}}\)" in net.sensitivities()._repr_html_()


def test_rows_carry_weights_and_shapes(lstm):
    row = next(r for r in lstm.rows if r.kind == "lstm")
    assert [w.name for w in row.weights] == ["kernel", "recurrent_kernel", "bias"]
    assert str(row.output) == "t x h"


def test_the_zen_of_errors():
    with pytest.raises(symparams.SymparamsError) as caught:
        symparams.parse("input(3) -> lsmt(4)")
    assert str(caught.value).splitlines() == [
        "<text>:1:13: unknown layer kind 'lsmt'",
        "    input(3) -> lsmt(4)",
        "                ^^^^ did you mean 'lstm'?",
    ]
