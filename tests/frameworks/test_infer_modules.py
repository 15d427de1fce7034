"""``infer`` on small torch modules with awkward sizes: exact forms, exact errors, and a text."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import symparams
from symparams.algebra import text
from symparams.errors import SymparamsError
from symparams.frameworks import infer
from tests.cli.running import run
from tests.documents.test_schemas import validate
from tests.frameworks import awkward_modules
from tests.oracle.conftest import torch  # noqa: F401 - the fixture

pytestmark = [pytest.mark.oracle, pytest.mark.usefixtures("torch")]

ROOT = Path(__file__).parents[2]
MODULE = "tests.frameworks.awkward_modules"

#: builder, sizes, parameters as the language has them.
FORMS = [
    ("floored", "h, o", "(h + 1)*floor(8*h/3) + (floor(8*h/3) + 1)*o"),
    ("rounded_up", "h, m", "h*round_up(floor(8*h/3), m)"),
    (
        "divisible",
        "c",
        "(27 + make_divisible(make_divisible(3*c/4, 8)/4, 8))*make_divisible(3*c/4, 8)"
        " + make_divisible(make_divisible(3*c/4, 8)/4, 8)",
    ),
    ("squeezed", "c", "(2*c + 1)*max(16, floor(c/4)) + c"),
    ("projected", "h, o", "o*(h + 1)*(1 + min(1, max(h - o, o - h)))"),
    ("alternating", "h, l", "h*(h + 1)*(ceil(l/2) + 4*floor(l/2))"),
    ("first_dense", "h, f, e, l, first", "(h + 1)*(4*h*min(l, first) + e*f*max(0, l - first))"),
    ("pyramid", "c, n", "sum(18*c^2*4^k for k in 0..n - 1)"),
    (
        "flat_list",
        "w, n, m",
        "28*w + (n - 1)*(9*w^2 + w) + 18*w^2 + 2*w + (m - 1)*(36*w^2 + 2*w) + 2*n*w + 4*m*w",
    ),
    ("tied", "V, h", "V*h + 18*h"),
    ("grouped_heads", "h, a, kv", "h*(h + 2*kv*h/a)"),
    ("unchecked_heads", "h, a", "h*a*floor(h/a)"),
    ("wide_only", "h, o", "(h + 1)*o*(1 + min(1, max(0, h - 77)) + 2*min(1, max(0, h - 130)))"),
    ("patches", "size, p, h", "h*(floor(size/p)^2 + 1)"),
    ("scaled", "w in {0.25, 0.5, 0.75, 1, 1.25, 1.5, 2, 3}", "864*w"),
]


@pytest.mark.parametrize(("builder", "sizes", "formula"), FORMS, ids=[f[0] for f in FORMS])
def test_the_formula_is_proved_equal(builder, sizes, formula):
    found = infer(getattr(awkward_modules, builder), sizes)
    assert found.complete
    assert len(found.held) >= 3
    model = symparams.parse(found.text)
    assert model.prove(formula).verdict.equal is True, text(found.totals.params)


#: builder, sizes, what it is fed, MACs: of each product what it multiplies.
MACS = [
    ("perceptron", "h, l, o, t", "t, 8", "t*(8*h + l*h^2 + h*o)"),
    (
        "strided",
        "c, n, s",
        "3, s, s",
        "ceil(s/2)^2*(27*c + 9*c*n + 20*c)",
    ),
    ("attending", "h, a, f, l, t", "t, h", "l*t*(4*h^2 + 2*h*f + 2*h*t)"),
    ("recurrent", "i, h, t", "t, i", "4*h*t*(i + h)"),
    ("looked_up", "V, h, t", "tokens:t", "t*h*V"),
]


@pytest.mark.parametrize(("builder", "sizes", "fed", "formula"), MACS, ids=[m[0] for m in MACS])
def test_the_macs_are_proved_equal(builder, sizes, fed, formula):
    found = infer(getattr(awkward_modules, builder), sizes, measure="macs", inputs=[fed])
    assert found.complete
    assert len(found.held) >= 3
    assert found.totals.params is None  # nobody asked for them
    names = ", ".join(found.sizes)
    model = symparams.parse(f"model m({names}) = input({text(found.totals.macs)}) -> dense(1)")
    assert model.prove(f"{formula} + 1").verdict.equal is True, text(found.totals.macs)


def test_macs_on_the_command_line():
    asked = (f"{MODULE}:attending", "--sizes", "h, a, f, l, t", "--measure", "macs")
    ended = run("infer", *asked, "--input", "t, h")
    assert ended.out.splitlines() == [
        f"{MODULE}:attending (torch)",
        "Product                   Number  Axes             MACs",
        "------------------------------------------------------------",
        "layers.#.self_attn.mm          l  t × h × 3*h      3*h^2*l*t",
        "layers.#.self_attn.bmm         l  a × t × h/a × t  h*l*t^2",
        "layers.#.self_attn.bmm.1       l  a × t × t × h/a  h*l*t^2",
        "layers.#.self_attn.mm.1        l  t × h × h        h^2*l*t",
        "layers.#.linear1.mm            l  t × h × f        f*h*l*t",
        "layers.#.linear2.mm            l  t × f × h        f*h*l*t",
        "MACs: 2*h*l*t*(f + 2*h + t)",
        "fed: t, h",
        "if: h % a == 0",
        "known: fitted at 51 points, held at 12 others; not a proof",
        "tried: h in 4..288, a in 1..24, f in 3..480, l in 1..18, t in 3..240",
    ]
    found = json.loads(run("infer", *asked, "--input", "t, h", "--format", "json").out)
    validate("infer", found)
    assert (found["macs"], found["params"]) == ("2*f*h*l*t + 4*h^2*l*t + 2*h*l*t^2", None)


MACS_REFUSED = [
    (
        ("--measure", "macs"),
        'MACs are of what a module is fed\n    as in --input "3, s, s" or --input tokens:t\n',
    ),
    (("--input", "t, 8"), "weights ask for no input\n    --input goes with --measure macs\n"),
    (("--measure", "mac"), "'mac' is not inferred\n    did you mean 'macs'?\n"),
    (
        ("--measure", "macs", "--input", "u, 8"),
        "the input 'u, 8' has a size 'u' that --sizes does not name\n    --sizes has h, l, o, t\n",
    ),
    (
        ("--measure", "macs", "--input", "t; 9"),
        "'t; 9' is no input\n    as in 3x224x224, or tokens:16 for integers\n",
    ),
    (
        ("--measure", "macs", "--input", "t, 8", "--out", "x.arch"),
        "--out writes weights, and MACs have none\n    leave --measure out\n",
    ),
    (
        ("--measure", "macs", "--input", "t, 9"),
        "the builder raises at all 251 points tried; at h = 48, l = 3, o = 10, t = 40: it raises "
        "when it is fed 40x9: RuntimeError: a and b must have same reduction dim, but got [40, 9] X "
        '[8, 48].\n    give sizes that build, as in --sizes "h = 64, a = 4"\n',
    ),
]


@pytest.mark.parametrize(("asked", "told"), MACS_REFUSED)
def test_what_has_no_macs(asked, told):
    ended = run("infer", f"{MODULE}:perceptron", "--sizes", "h, l, o, t", *asked)
    assert (ended.code, ended.out, ended.err) == (2, "", told)


def test_a_chain_over_other_dimensions():
    found = infer(f"{MODULE}:dense_chain", "c, g, n, m")
    shapes = {r.pattern: tuple(map(text, r.axes)) for r in found.rows}
    assert shapes["block1.#.weight"] == ("g", "g*k + floor((g*n + c)/2)", "3", "3")
    assert shapes["head.weight"] == ("10", "floor((2*g*m + g*n + c)/4)")


def test_tied_frozen_and_buffers():
    found = infer(f"{MODULE}:tied", "V, h")
    assert found.tied == (("embed.weight", "head.weight"),)
    totals = found.totals
    assert [text(t) for t in (totals.trainable, totals.frozen, totals.buffers)] == [
        "V*h + 2*h",
        "16*h",
        "2*h + 1",
    ]


def test_the_text_is_checked_and_solved(tmp_path):
    out = tmp_path / "model.arch"
    args = ["infer", f"{MODULE}:grouped_heads", "--sizes", "h, a, kv", "--out", str(out)]
    made = run(*args, "--format", "json", cwd=ROOT)
    assert made.code == 0, made.err
    answer = json.loads(made.out)
    validate("infer", answer)
    assert sorted(answer["conditions"]) == ["a % kv == 0", "h % a == 0"]
    assert run("check", str(out)).code == 0
    assert run("prove", str(out), "h^2 + 2*h^2*kv/a").code == 0
    assert run("solve", str(out), "params <= 1M", "--for", "h").code == 0


def test_from_python():
    found = symparams.infer(awkward_modules.grouped_heads, "h, a, kv")
    assert str(found.params) == "h**2 + 2*h**2*kv/a"


ERRORS = [
    (
        "no_colon",
        "h",
        "'no_colon' names no builder\n    as in models.resnet:build: a module and a function",
    ),
    (
        "tests.frameworks.awkward_module:x",
        "h",
        "there is no module 'tests.frameworks.awkward_module'",
    ),
    (f"{MODULE}:floord", "h", f"'{MODULE}' has no 'floord'\n    did you mean 'floored'?"),
    (
        f"{MODULE}:projected",
        "h, p",
        f"'{MODULE}:projected' takes no argument 'p'\n    it takes h, o",
    ),
    (
        f"{MODULE}:projected",
        "h",
        f"'{MODULE}:projected' needs 'o', which --sizes does not name\n    as in --sizes \"h, o\"",
    ),
    (
        f"{MODULE}:unbuilt",
        "h",
        "'weight' is lazy: its shape is known only after a forward pass\n    give the layer its sizes",
    ),
    (
        f"{MODULE}:no_module",
        "h",
        f"'{MODULE}:no_module' returns an int, which is no module of torch or Keras",
    ),
    (
        f"{MODULE}:raising",
        "h",
        "the builder raises at all 13 points tried; at h = 48: RuntimeError: nothing works at 48\n"
        '    give sizes that build, as in --sizes "h = 64, a = 4"',
    ),
    (
        f"{MODULE}:ending",
        "h",
        "the builder raises at all 13 points tried; at h = 48: SystemExit: 48\n"
        '    give sizes that build, as in --sizes "h = 64, a = 4"',
    ),
    (
        f"{MODULE}:misspelt",
        "h",
        f"'{MODULE}:misspelt' raises at h = 48: NameError: name 'undefined' is not defined",
    ),
]


@pytest.mark.parametrize(("builder", "sizes", "message"), ERRORS, ids=[e[0] for e in ERRORS])
def test_errors(builder, sizes, message):
    with pytest.raises(SymparamsError) as raised:
        infer(builder, sizes)
    assert str(raised.value) == message


def test_what_freezes_is_found():
    found = infer(awkward_modules.frozen_first, "h, l, k")
    assert text(found.totals.trainable) == "h^2*l - h^2*min(k, l) + h*l - h*min(k, l)"
    assert text(found.totals.frozen) == "h^2*min(k, l) + h*min(k, l)"


def test_what_a_builder_prints_is_no_part_of_the_answer():
    made = run("infer", f"{MODULE}:printing", "--sizes", "h", "--format", "json", cwd=ROOT)
    assert json.loads(made.out)["params"] == "h^2 + h"


def test_an_error_has_exit_code_2():
    assert run("infer", f"{MODULE}:nothing", "--sizes", "h", cwd=ROOT).code == 2
