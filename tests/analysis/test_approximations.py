"""Leading terms and their relative errors: exact at a point, and a bound over a domain."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest

from symparams.algebra import substitute, text
from symparams.analysis.approximations import approximation
from symparams.elaboration.document import understand
from symparams.elaboration.zoo import source
from symparams.errors import Source, SymparamsError
from symparams.views.pages import approximation as page
from symparams.views.rendering import render

GPT2 = understand(source("gpt2")).definition("gpt2")


def of(written: str):
    return understand(Source("<text>", written)).definition()


def test_the_error_at_the_defaults_is_exact():
    found = approximation(GPT2, {})
    whole = substitute(found.whole, found.network.defaults)
    assert whole == 124_439_808  # Radford et al. 2019, as the zoo counts it
    assert text(found.term) == "12*h^2*l"
    assert found.error == Fraction(whole - 12 * 768**2 * 12, whole)


@pytest.mark.parametrize(
    ("over", "bound"),
    [
        (["l>=24, h>=2048"], Fraction(81, 1000)),
        (["l>=24", "h=2048..8192 step 64"], None),
        (["h in {768, 1024}"], None),
        (["l=1..2, h>=64"], None),
    ],
)
def test_no_size_of_the_domain_has_a_larger_error(over, bound):
    found = approximation(GPT2, {}, over=over)
    assert found.over is not None
    assert found.over.bound is not None
    assert bound in (None, found.over.bound)
    fixed = found.over.fixed
    largest = Fraction(0)
    for depth, h in product((1, 2, 12, 24, 25, 100), (64, 768, 1024, 2048, 2112, 8192, 65536)):
        if not inside(over, depth, h):
            continue
        point = {**found.network.defaults, **fixed, "l": depth, "h": h}
        whole, told = substitute(found.whole, point), substitute(found.term, point)
        largest = max(largest, abs(Fraction(whole - told) / whole))
    assert 0 < largest <= found.over.bound
    # the least multiple of 0.1 % that is one
    assert found.over.bound - largest < Fraction(1, 1000)


def inside(over, depth, h):
    return {
        "l>=24, h>=2048": depth >= 24 and h >= 2048,
        "l>=24": depth >= 24 and 2048 <= h <= 8192 and h % 64 == 0,
        "h in {768, 1024}": depth == 12 and h in (768, 1024),
        "l=1..2, h>=64": depth in (1, 2) and h >= 64,
    }[over[0]]


def test_the_sizes_that_grow_may_be_named():
    model = of("model m(h = 8, f = 16) = input(h) -> dense(f) -> dense(h)")
    assert text(approximation(model, {}).term) == "2*f*h"
    found = approximation(model, {}, growing=["h"])
    assert text(found.term) == "2*f*h + h"
    assert found.error == Fraction(16, 2 * 8 * 16 + 8 + 16)


def test_what_is_exact_says_so():
    found = approximation(of("model m(h = 8) = input(h) -> linear(h)"), {}, over=["h >= 2"])
    assert render(page.page(found)) == "h^2\nexact"
    assert found.error == 0


def test_printed_errors_are_rounded_up():
    found = approximation(GPT2, {}, over=["l>=24, h>=2048"])
    assert found.error is not None
    assert Fraction(317, 1000) < found.error < Fraction(318, 1000)
    assert (
        render(page.page(found))
        == """\
12*h^2*l
relative error 31.8 % at V = 50257, s = 1024, l = 12, h = 768, a = 12
relative error at most 8.1 % for l>=24, h>=2048 and V = 50257, s = 1024, proved
if h % a == 0"""
    )
    data = page.page(found).data["rows"][0]
    assert (data["error"], data["domain"]["bound"]) == ("51439/162031", "81/1000")


@pytest.mark.parametrize(
    ("over", "growing", "message"),
    [
        (["h >= 2, h < 1"], (), "no size of the model meets h >= 2 and 1 > h"),
        (["hh = 1..4"], (), "the model has no size 'hh'"),
        (["hh >= 4"], (), "'hh' is neither a measure nor a size of the model"),
        ([], ("hh",), "'hh' is no open size of 'gpt2'"),
        (["h >="], (), "a value is missing after '>='"),
    ],
)
def test_a_domain_must_make_sense(over, growing, message):
    with pytest.raises(SymparamsError) as found:
        approximation(GPT2, {}, "params", growing, over)
    assert found.value.message == message


def test_only_a_sum_is_approximated():
    with pytest.raises(SymparamsError, match="--approx is not of the form grouped"):
        page.page(approximation(GPT2, {}), "grouped")
