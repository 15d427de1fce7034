"""Sensitivities, proofs and expectations as sheets; and every page in every format."""

from fractions import Fraction
from pkgutil import iter_modules

import pytest

from symparams.analysis.checks import check
from symparams.analysis.proofs import prove
from symparams.analysis.reports import report
from symparams.analysis.sensitivities import at_point
from symparams.elaboration.definition import build
from symparams.elaboration.document import understand
from symparams.errors import Source, SymparamsError
from symparams.network import MEASURES
from symparams.views import pages
from symparams.views.pages import check as check_page, prove as prove_page, sensitivity, show
from symparams.views.rendering import FORMATS, render
from tests.views.nets import CLAIMS, definition, sheets

SHEETS = sheets()


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("name", SHEETS)
def test_every_format_renders_every_page(name, form):
    text = render(SHEETS[name], form)
    assert text.strip()
    assert not text.endswith("\n")
    assert all(c == "\n" or c.isprintable() or c.isspace() for c in text)


def test_every_page_is_among_them():
    tried = {name.split()[0] for name in SHEETS}
    assert tried == {module.name for module in iter_modules(pages.__path__)}


def test_the_formats():
    assert {"csv", "html", "json", "latex", "markdown", "table"} <= set(FORMATS)
    assert len(FORMATS) == len(list(FORMATS))
    with pytest.raises(KeyError):
        FORMATS["jsno"]
    with pytest.raises(SymparamsError) as found:
        render(SHEETS["check"], "jsno")
    assert str(found.value) == "unknown format 'jsno'\n    did you mean 'json'?"


def test_sensitivity_at_a_point():
    found = at_point(definition("lstm"), {"t": 1, "i": 32, "h": 64})
    assert (
        render(sensitivity.page(found))
        == """\
What moves params of network
Symbol  Value  Derivative     Step  Difference     Slope  One step more  Elasticity
-----------------------------------------------------------------------------------
h          64  4*i + 8*h + 4     1  4*i + 8*h + 8    644            648     ~1.6598
i          32  4*h               1  4*h              256            256     ~0.3299
t           1  0                 1  0                  0              0           0
params: 4*h*(i + h + 1)
  at t = 1, i = 32, h = 64: 24,832
ranked by elasticity: percent more, per percent of the symbol"""
    )


def test_sensitivity_says_where_there_is_no_derivative():
    told = render(sensitivity.page(at_point(definition("floors"), wrt="H")))
    assert "none" in told
    assert "no derivative by 'H': it stands inside 'floor(" in told


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (None, None),
        (2, 2),
        (Fraction(3, 2), "1.5"),
        (Fraction(1, 3), "~0.3333"),
        (Fraction(-2, 3), "~-0.6667"),
        (Fraction(1, 10**9), "0.000000001"),
        (Fraction(1, 3 * 10**9), "~0.000000000333"),
        (Fraction(1, 10**90), "~0.0"),
        (Fraction(5001, 2), "2,500.5"),
    ],
)
def test_a_decimal_says_when_it_is_cut(number, shown):
    assert sensitivity.decimal(number) == shown


def test_a_proof():
    proof = prove(definition("lstm"), Source("<formula>", "4*(h*i + h^2 + h)"))
    assert (
        render(prove_page.page(proof))
        == """\
params of network: equal
params of network: 4*h*(i + h + 1)
formula:           4*h*(i + h + 1)
verdict:           equal
because:           equal as polynomials"""
    )


def test_a_refutation_shows_where():
    proof = prove(definition("lstm"), Source("<formula>", "4*(h*i + h^2 + 2*h)"))
    sheet = prove_page.page(proof)
    assert render(sheet).splitlines()[-4:] == [
        "difference:        -4*h",
        "at h = 1, i = 1:   12 against 16",
        "likely cause:      another framework's convention: counted as torch does, which makes 4*h*(i + h + 2)",
        "or:                bias counted twice: biases counted twice, which makes 4*h*(i + h + 2)",
    ]
    assert sheet.data["equal"] is False
    assert sheet.data["at_point"] == [12, 16]


def test_expectations():
    assert (
        render(check_page.page(check([Source("a.arch", CLAIMS)])))
        == """\
Expectations
Where     Verdict    Claim                      How
---------------------------------------------------------------
a.arch:2  holds      m.params == 43*h + 10      as formulas
a.arch:3  holds      m.params == 2_762          at the defaults
a.arch:4  fails      m.params <= 1_000          at the defaults
a.arch:5  undecided  m(h = n).params <= 10_000  it depends on n
expectations: 2 hold, 1 fail, 1 undecided, in 1 file
a.arch:4: left 2,762, right 1,000, difference 1,762
a.arch:5: left 43*n + 10, right 10,000, difference 43*n - 9990"""
    )


def test_a_verification():
    assert (
        render(SHEETS["verify agreement"])
        == """\
vgg16 against torch 2.13.0
agree: 32 weights of 1,234 values and 40 outputs
made as declared: 2 weights of 24 values, which are of no layer of torch
convention: pytorch (of the framework's layers)"""
    )
    assert (
        render(SHEETS["verify differences"])
        == """\
vgg16 against torch 2.13.0
Layer            What            symparams   torch 2.13.0
---------------------------------------------------------
lstm1            recurrent_bias  none        64 trainable
dense2 × 12      kernel          3x4 frozen  4x3 frozen
(whole network)  params          1,234       1,298
differences: 3
compared: 32 weights of 1,234 values and 40 outputs
made as declared: 2 weights of 24 values, which are of no layer of torch
convention: pytorch (of the framework's layers)"""
    )
    assert SHEETS["verify agreement"].data["agrees"] is True
    assert SHEETS["verify differences"].data["rows"][1] == {
        "layer": "dense2",
        "what": "kernel",
        "declared": "3x4 frozen",
        "found": "4x3 frozen",
        "copies": 12,
    }


def test_errors_are_counted_below_the_expectations():
    found = check([Source("a.arch", CLAIMS), Source("b.arch", "model m = input(3) -> lsmt(4)")])
    sheet = check_page.page(found)
    assert sheet.footer == (("expectations", "2 hold, 1 fail, 1 undecided, in 1 file; 1 error"),)
    assert "did you mean 'lstm'" in sheet.data["errors"][0]["hint"]


@pytest.mark.parametrize("measure", MEASURES)
def test_every_measure_has_a_table(measure):
    # Experts do not say what they save.
    experts = "" if MEASURES[measure].storages else "moe(dense(8), 4, 2) -> "
    text = f"input(4, 8) -> attention(2) -> {experts}bn -> dense(h)"
    network = build(understand(Source("<text>", text)).definition())
    assert render(show.page(report(network, measure)))
    at_point = build(understand(Source("<text>", text)).definition(), {"h": 3})
    assert render(show.page(report(at_point, measure)))
