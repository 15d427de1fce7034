"""``symparams sensitivity``: every question, in every format, and every refusal."""

import csv
import io
import json
from fractions import Fraction
from pathlib import Path

import pytest

from tests.cli.running import run

ROOT = Path(__file__).resolve().parents[2]
GPT2 = """
model gpt(V = 50257, s = 1024, l in 1..96 = 12, h in 64..16384 step 64 = 768)
    = {
    shared E = embed(V, h)
    weight positions[s, h]
    ((tokens(s) -> E) + positions) -> (residual(layernorm -> dense(3*h) -> linear(h))
        -> residual(layernorm -> dense(4*h) -> dense(h))) * l -> layernorm -> E.T
}
"""
FLOORS = "model m(h in 8..64 step 8 = 16, l = 3) = input(h) -> (dense(h//3) -> dense(h)) * l"


def ok(*args):
    result = run("sensitivity", *args, cwd=ROOT)
    assert result.err == ""
    assert result.code == 0
    return result.out


def params(l, h, V=50257, s=1024):  # noqa: E741, N803 - the names of the model
    """GPT2's own count, by hand: attention-like 3h and h, an MLP, two norms a layer, one behind."""
    layer = (h * 3 * h + 3 * h) + 3 * h * h + (h * 4 * h + 4 * h) + (4 * h * h + h) + 4 * h
    return V * h + s * h + l * layer + 2 * h


def test_what_moves_it():
    lines = ok(GPT2).splitlines()
    assert lines[0] == "What moves params of gpt"
    cells = lines[3].split("  ")
    assert cells[0] == "h"
    slope = 2 * 14 * 12 * 768 + 12 * 12 + 50257 + 1024 + 2
    step = params(12, 832) - params(12, 768)
    assert f"{slope:,}" in lines[3]
    assert f"{step:,}" in lines[3]
    (row,) = (r for r in json.loads(ok(GPT2, "--format", "json"))["rows"] if r["symbol"] == "h")
    assert (row["step"], row["slope"], row["increase"]) == (64, slope, step)
    assert Fraction(row["elasticity"]) == Fraction(slope * 768, params(12, 768))
    (other,) = json.loads(ok(GPT2, "--wrt", "h", "--step", "h=128", "--format", "json"))["rows"]
    assert (other["step"], other["increase"]) == (128, params(12, 896) - params(12, 768))


def test_elasticities_as_formulas_where_there_is_no_point():
    assert (
        ok("input(t, i) -> lstm(h)")
        == """\
What moves params of network
Symbol  Derivative     Step  Difference     Elasticity
---------------------------------------------------------------------
h       4*i + 8*h + 4     1  4*i + 8*h + 8  (i + 2*h + 1)/(i + h + 1)
i       4*h               1  4*h            i/(i + h + 1)
t       0                 1  0              0
params: 4*h*(i + h + 1)
ranked by degree
"""
    )


def test_a_measure_of_a_part():
    found = json.loads(
        ok(GPT2, "--measure", "dense.params", "--set", "h=64,l=2", "--format", "json")
    )
    assert found["measure"] == "dense.params"
    h = 64
    slopes = {r["symbol"]: r["slope"] for r in found["rows"]}
    assert slopes == {"h": 2 * (22 * h + 8), "l": 11 * h * h + 8 * h, "V": 0, "s": 0}


def test_second_derivatives():
    assert (
        ok(GPT2, "--second")
        == """\
Second derivatives of params of gpt
By    Derivative   Steps  Difference       Value   By steps
-----------------------------------------------------------
V, h  1            1, 64  64                   1         64
s, h  1            1, 64  64                   1         64
l, h  28*h + 12    1, 64  1792*h + 58112  21,516  1,434,368
h, h  28*l        64, 64  114688*l           336  1,376,256
params: h*(2*l*(7*h + 6) + V + s + 2)
  at V = 50257, s = 1024, l = 12, h = 768: 138,586,368
all other second derivatives are 0
"""
    )
    twice = params(12, 896) - 2 * params(12, 832) + params(12, 768)
    mixed = params(13, 832) - params(13, 768) - params(12, 832) + params(12, 768)
    rows = json.loads(ok(GPT2, "--second", "--format", "json"))["rows"]
    found = {r["by"]: r["increase"] for r in rows}
    assert (found["h,h"], found["l,h"], found["l,l"]) == (twice, mixed, 0)


def test_one_mixed_derivative():
    assert (
        ok(GPT2, "--by", "h, l", "--step", "h=128")
        == """\
Derivative of params of gpt
By    Derivative   Steps  Difference        Value   By steps
------------------------------------------------------------
h, l  28*h + 12   128, 1  512*(7*h + 451)  21,516  2,983,424
params: h*(2*l*(7*h + 6) + V + s + 2)
  at V = 50257, s = 1024, l = 12, h = 768: 138,586,368
"""
    )
    corners = params(13, 896) - params(13, 768) - params(12, 896) + params(12, 768)
    assert f"{corners:,}" in ok(GPT2, "--by", "h,l", "--step", "h=128")


def test_a_trade_off():
    budget = params(12, 768)
    fits = max(h for h in range(64, 16385, 64) if params(13, h) <= budget)
    row = json.loads(ok(GPT2, "--trade", "l:h", "--format", "json"))["rows"][0]
    assert (row["next_one"], row["next_other"], row["beyond"]) == (13, fits, fits + 64)
    assert row["slack"] == budget - params(13, fits)
    assert row["over"] == params(13, fits + 64) - budget
    assert (
        ok("zoo:gpt2", "--trade", "l:h")
        == """\
One more l for less h, at constant params of gpt2
dh/dl:     -h*(12*h + 13)/(l*(24*h + 13) + V + s + 2)
here:      -7,087,872/272,623   ~-25.9988
next step: l = 13, h = 732   instead of 768
params:    121,251,408   slack 3,188,400
beyond:    h = 744 is 192,096 too many
params: h*(l*(12*h + 13) + V + s + 2)
  at V = 50257, s = 1024, l = 12, h = 768, a = 12: 124,439,808
if h % a == 0
"""
    )
    assert ok("zoo:gpt2", "--trade", "h:l", "--step", "h=64").splitlines()[:4] == [
        "64 more h for less l, at constant params of gpt2",
        "dl/dh:      (-24*h*l - V - s - 13*l - 2)/(h*(12*h + 13))",
        "here:       -272,623/7,087,872   ~-0.0385",
        "at h = 832: the model does not admit it: it needs h % a == 0",
    ]


def test_a_trade_off_through_a_floor():
    assert (
        ok(FLOORS, "--trade", "l:h")
        == """\
One more l for less h, at constant params of m
dh/dl:     no derivative by 'h': it stands inside 'floor(h/3)'
next step: l = 4, h = 8   instead of 16
params:    168   slack 375
beyond:    h = 16 is 181 too many
params: l*(2*h*floor(h/3) + h + floor(h/3))
  at h = 16, l = 3: 543
"""
    )


def test_leading_terms():
    assert (
        ok("zoo:gpt2", "--leading", "h,l")
        == """\
params of gpt2 as h, l grow at one rate
leading: 12*h^2*l
params:  12*h^2*l + O(n^2), h and l of order n
here:    84,934,656
share:   110,592/162,031   ~0.6825
params: h*(l*(12*h + 13) + V + s + 2)
  at V = 50257, s = 1024, l = 12, h = 768, a = 12: 124,439,808
if h % a == 0
"""
    )
    assert (
        ok("input(t, i) -> lstm(h)", "--leading", "h")
        == """\
params of network as h grows
leading: 4*h^2
params:  4*h^2 + O(h)
params: 4*h*(i + h + 1)
"""
    )


def test_a_crossover():
    assert (
        ok("zoo:llama", "--crossover", "attention:swiglu")
        == """\
attention against swiglu in params of llama
attention:          4*h^2*l
swiglu:             3*f*h*l
attention - swiglu: -h*l*(3*f - 4*h)
here:               2,147,483,648 against 4,328,521,728
along l:
l >= 1:             swiglu is larger
so:                 the order never changes as l does (proved)
along h:
equal at:           h = 3*f/4
h = 32..8,224:      swiglu is larger
h = 8,256:          both are equal
h >= 8,288:         attention is larger
along f:
equal at:           f = 4*h/3
f = 1..5,461:       attention is larger
f >= 5,462:         swiglu is larger
at V = 32000, s = 4096, l = 32, h = 4096, a = 32, f = 11008
if h % a == 0
"""
    )
    assert (
        ok("input(h) -> dense(h) -> linear(h)", "--crossover", "dense:linear")
        == """\
dense against linear in params of network
dense:          h^2 + h
linear:         h^2
dense - linear: h
at all sizes:   dense is larger
"""
    )
    source = "model m(V, h, a, b) = input(1) -> (linear(a*h^2) | dense(b*h + V))"
    assert ok(source, "--crossover", "linear:dense", "--for", "h").splitlines()[-1] == (
        "equal at:       h = (b ± sqrt(2*V*a + b^2))/a"
    )
    latex = ok(source, "--crossover", "linear:dense", "--for", "h", "--format", "latex")
    assert r"\frac{b \pm \sqrt{2\,V\,a + b^{2}}}{a}" in latex


def test_a_crossover_in_macs():
    rows = json.loads(
        ok(
            "zoo:gpt2",
            "--crossover",
            "attend:dense",
            "--measure",
            "macs",
            "--for",
            "s",
            "--format",
            "json",
        )
    )["rows"]
    assert [(r["from"], r["to"], r["larger"], r["equal_at"]) for r in rows] == [
        (1, 4607, "dense", "s = 6*h"[4:]),
        (4608, 4608, "equal", "6*h"),
        (4609, None, "attend", "6*h"),
    ]


def test_shares():
    assert (
        ok("zoo:vgg16", "--shares")
        == """\
Shares of params of vgg16
Part   Rows  Formula                   Share                                                       params         %
-------------------------------------------------------------------------------------------------------------------
dense     3  4097*classes + 119545856  (4097*classes + 119545856)/(4097*classes + 134260544)  123,642,856  ~89.3647
stage     5  14,714,688                14714688/(4097*classes + 134260544)                     14,714,688  ~10.6353
params: 4097*classes + 134260544
  at classes = 1000: 138,357,544
the shares sum to 1 exactly
"""
    )
    rows = list(csv.DictReader(io.StringIO(ok("zoo:gpt2", "--shares", "--format", "csv"))))
    assert sum(Fraction(r["share"]) for r in rows) == 1
    assert {r["part"]: int(r["value"]) for r in rows} == {
        "dense": 12 * (8 * 768**2 + 5 * 768),
        "attention": 12 * (4 * 768**2 + 4 * 768),
        "layernorm": 12 * 4 * 768 + 2 * 768,
        "E": 50257 * 768,
        "positions": 1024 * 768,
    }


QUESTIONS = [
    ["--second"],
    ["--by", "h,l"],
    ["--trade", "l:h"],
    ["--leading", "h,l"],
    ["--crossover", "dense:linear"],
    ["--shares"],
]


@pytest.mark.parametrize("form", ["table", "json", "latex", "markdown", "csv", "html"])
@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: q[0])
def test_every_format(question, form):
    out = ok(GPT2, *question, "--format", form)
    assert out.strip()
    if form == "json":
        assert json.loads(out)["rows"]
    if form == "csv":
        assert len(list(csv.DictReader(io.StringIO(out)))) >= 1


REFUSED = [
    (["--wrt", "q"], "no size 'q' to vary\n    there are V, s, l, h\n"),
    (["--by", "h,q"], "no size 'q' to vary\n    there are V, s, l, h\n"),
    (["--by", "h,"], "--by h,: write names as A,B\n"),
    (["--by", "h,h,h,h,h,h,h,h,h"], "a derivative is by 1 to 8 sizes, not 9\n    as in h,l\n"),
    (["--trade", "l"], "--trade l: write names as A:B\n"),
    (["--trade", "l:l"], "'l' cannot pay for itself\n    name two sizes, as in l:h\n"),
    (
        ["--trade", "h:l", "--measure", "buffers"],
        "buffers does not depend on 'l': it pays for nothing\n",
    ),
    (
        ["--trade", "l:h", "--shares"],
        "--trade and --shares are different questions\n    ask one at a time\n",
    ),
    (["--second", "--wrt", "h"], "--wrt goes with no other question\n"),
    (["--for", "h"], "--for goes with --crossover\n"),
    (
        ["--leading", "h", "--step", "h=64"],
        "--step goes with no other question or --second or --by or --trade\n",
    ),
    (
        ["--step", "h=32"],
        "'h' is in 64..16384 step 64: it has no step of 32\n    take a multiple of 64\n",
    ),
    (["--step", "h=0"], "the step of 'h' must be a positive integer, not 0\n"),
    (["--step", "h=1/2"], "the step of 'h' must be a positive integer, not 1/2\n"),
    (["--step", "h=same"], "--step h: a number is needed, not a word\n"),
    (["--step", "h"], "--step h: write name=value\n    as in --step h=128\n"),
    (
        ["--crossover", "dense:lnear"],
        "nothing in it is called 'lnear'\n    did you mean 'linear'?\n",
    ),
    (
        ["--crossover", "dense:linear", "--measure", "prams"],
        "unknown measure 'prams'\n    did you mean 'params'?\n",
    ),
    (
        ["--crossover", "dense:linear", "--for", "q"],
        "no size 'q' to vary\n    there are V, s, l, h\n",
    ),
    (
        ["--shares", "--measure", "dense.params"],
        "shares are of the whole network, not of 'dense.params'\n    take the measure params\n",
    ),
    (
        ["--measure", "dens.params"],
        "nothing in it is called 'dens'\n    did you mean 'dense'?\n",
    ),
    (
        ["--set", "h=100"],
        "the model does not admit V = 50257, s = 1024, l = 12, h = 100\n"
        "    'h' must be 64..16384 step 64\n",
    ),
]


@pytest.mark.parametrize(("args", "says"), REFUSED, ids=[" ".join(a) for a, _ in REFUSED])
def test_refusals(args, says):
    result = run("sensitivity", GPT2, *args)
    assert (result.code, result.out, result.err) == (2, "", says)


def test_a_size_without_a_value_has_no_crossover():
    source = "model m(h in {2, 4}, k) = input(k) -> (dense(h), linear(3)) where h % k == 0"
    result = run("sensitivity", source, "--crossover", "dense:linear", "--set", "k=5")
    assert (result.code, result.out) == (2, "")
    assert result.err == "the model does not admit k = 5\n"


def test_no_leading_term():
    result = run("sensitivity", "input(1) -> linear(2^h)", "--leading", "h")
    assert result.code == 2
    assert result.err == "no leading term as 'h' grows: '2^h' grows faster than any power\n"
