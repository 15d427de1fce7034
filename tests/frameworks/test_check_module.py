"""``verify --module``: equal modules are equal, each fault is seen and its layer named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import symparams
from symparams.algebra import text
from symparams.elaboration import understand
from symparams.errors import Source, SymparamsError
from symparams.frameworks import ModuleCheck, check_module
from tests.cli.running import run
from tests.documents.test_schemas import validate
from tests.frameworks import checked_modules
from tests.oracle.conftest import keras, torch  # noqa: F401 - the fixtures

pytestmark = [pytest.mark.oracle, pytest.mark.usefixtures("torch")]

ROOT = Path(__file__).parents[2]
MODULE = "tests.frameworks.checked_modules"


def checked(written: str, builder: str, **more: object) -> ModuleCheck:
    definition = understand(Source("<text>", written), "pytorch").definition()
    return check_module(definition, getattr(checked_modules, builder), **more)  # type: ignore[arg-type]


EQUAL = [
    (checked_modules.TEXT, "right"),
    (checked_modules.TEXT, "fused"),
    (
        "model m(h = 16, f = 24, n = 4) = input(5, h) -> moe(swiglu(f), n, 1)",
        "experts",
    ),
    ("model m(h = 32, p = 4) = input(8, 3*p^2) -> dense(h)", "patches"),
    (
        "model m(h = 16, p = 4) = input(8, 3*p^2) -> linear(h) -> attention(1, bias = no)",
        "patches_as_wide_as_three",
    ),
    (
        "block both = attention(1) * 2\n"
        "model m(d = 8) = input(5, d) -> both -> dense(2*d) -> both",
        "of_two_widths",
    ),
    (
        "model m(w = 4) = { table rows[w, 3]; buffer index[w^2]; r, _ = (rows, index); r }",
        "with_index",
    ),
    ("model m(n = [1, 2], wide = yes, c = 8) = input(c) -> [dense(c) * k for k in n] -> dense(10)", "stages"),
    ("model m(h = 16) = input(3) -> dense(h)", "in_eights"),
    ("model m(h = 16) = input(3) -> dense(h)", "on_cpu_only"),
]  # fmt: skip


@pytest.mark.parametrize(("written", "builder"), EQUAL, ids=[b for _, b in EQUAL])
def test_equal(written, builder):
    found = checked(written, builder)
    assert found.agrees, found.differences
    assert found.differences == ()
    assert len(found.points) >= (1 if builder == "stages" else 4)


#: builder, what differs, layer of the text, prefix of the module, tensor, copies, difference.
FAULTS = [
    ("no_key_bias", "only in the text", "attention[#].k", "layers.#.attn.k", "bias", 2, "-h*l"),
    (
        "no_key_bias_in_one",
        *("only in the text", "attention[1].k", "layers.1.attn.k", "bias", 1),
        "-h*l + h*max(1, l - 1)",
    ),
    ("no_last_bias", "only in the text", "dense3[#]", "layers.#.mlp.down", "bias", 2, "-h*l"),
    ("untied", "only in the module", "", "head", "weight", 1, "V*h"),
    ("frozen", "another role", "E", "emb", "table (weight)", 1, "0"),
    ("one_more", "only in the module", "", "layers.2", "", 1, "2*f*h + 4*h^2 + f + 9*h"),
    ("wider", "another shape", "dense2[#]", "layers.#.mlp.up", "kernel (weight)", 2, "2*h*l + l"),
    ("swapped", "another shape", "E", "emb", "table (weight)", 1, None),
]


@pytest.mark.parametrize(
    ("builder", "what", "layer", "module", "tensor", "copies", "formula"),
    FAULTS,
    ids=[f[0] for f in FAULTS],
)
def test_every_fault_is_seen_and_its_layer_named(
    builder, what, layer, module, tensor, copies, formula
):
    found = checked(checked_modules.TEXT, builder)
    assert not found.agrees
    assert not any(p.equal for p in found.points)
    shown = [(d.what, d.text, d.module, d.tensor, d.copies) for d in found.differences]
    assert (what, layer, module, tensor, copies) in shown
    if builder not in ("swapped", "wider"):
        assert len(shown) == 1
    params = [t for t in found.totals if t.measure == "params"]
    if formula == "0":
        assert params == []
        assert [(t.measure, text(t.formula)) for t in found.totals] == [
            ("trainable", "-V*h"),
            ("frozen", "V*h"),
        ]
    elif formula:
        (total,) = params
        assert text(total.formula) == formula


def test_the_untied_head_is_told_apart():
    (found,) = checked(checked_modules.TEXT, "untied").differences
    assert found.remark == "it may be tied in the text: 'E' has its shape"


def test_axes_in_the_other_order():
    found = checked("model m(a = 3, b = 5) = input(a) -> linear(b)", "turned")
    (difference,) = found.differences
    assert (difference.what, difference.declared, difference.found) == (
        "turned",
        "3x5 trainable",
        "5x3 trainable",
    )


def test_a_module_has_its_own_sizes():
    made = checked_modules.right(64, 3, 256, 100)
    model = symparams.parse(checked_modules.TEXT)
    found = model.verify(made, l=3)
    assert found.agrees
    assert len(found.points) == 1
    assert not model.verify(made).agrees


def test_from_python_by_name_and_by_function():
    model = symparams.parse(checked_modules.TEXT)
    assert model.verify(f"{MODULE}:right").agrees
    assert not model.verify(checked_modules.one_more).agrees


def test_the_map():
    args = ("--module", f"{MODULE}:fused", "--format", "json")
    mapping = "layers.#.attn.qkv = attention.q|k|v"
    made = run("verify", checked_modules.TEXT, *args, "--map", mapping, cwd=ROOT)
    assert made.code in (0, 2), made.err


def test_the_command(tmp_path):
    file = tmp_path / "net.arch"
    file.write_text(checked_modules.TEXT)
    made = run("verify", str(file), "--module", f"{MODULE}:right", "--format", "json", cwd=ROOT)
    assert made.code == 0, made.err
    answer = json.loads(made.out)
    validate("verify", answer)
    assert (answer["agrees"], answer["framework"], len(answer["points"])) == (True, "torch", 4)
    made = run("verify", str(file), "--module", f"{MODULE}:no_last_bias", cwd=ROOT)
    assert made.code == 1
    assert "dense3[#]  layers.#.mlp.down  bias × 2  64 trainable  none" in made.out
    assert "it has -h*l more" in made.out


def test_keras(keras):  # noqa: F811 - the fixture
    written = "model m(h = 8) = input(3) -> dense(h) -> bn"
    assert symparams.parse(written).verify(checked_modules.keras_dense).agrees
    found = symparams.parse(written).verify(checked_modules.keras_without_bias)
    assert [(d.what, d.text, d.tensor) for d in found.differences] == [
        ("only in the text", "dense1", "bias")
    ]


DENSE = "model m(h = 8) = input(3) -> dense(h)"
ERRORS = [
    (DENSE, "tests.frameworks.checked_module:right", "there is no module 'tests.frameworks.checked_module'"),
    (DENSE, f"{MODULE}:rigth", f"'{MODULE}' has no 'rigth'\n    did you mean 'right'?"),
    (DENSE, f"{MODULE}:NO_FUNCTION", f"'{MODULE}:NO_FUNCTION' is no function, but an int"),
    (
        "model m(hiden = 8, l = 2) = input(l) -> dense(hiden)",
        f"{MODULE}:widths",
        f"'{MODULE}:widths' needs 'hidden' and 'layers', which the text does not have\n"
        "    did you mean 'hiden'?",
    ),
    (
        DENSE,
        f"{MODULE}:width",
        f"'{MODULE}:width' takes no argument 'h', which weights of the text depend on\n"
        "    it takes w; or give it its value, as in --set h=…",
    ),
    (
        DENSE,
        f"{MODULE}:lazy",
        "'weight' is lazy: its shape is known only after a forward pass\n    give the layer its sizes",
    ),
    (
        DENSE,
        f"{MODULE}:raising",
        f"'{MODULE}:raising' raises at h = 8: KeyError: 'no such block'\n"
        '    tests/frameworks/checked_modules.py:LINE: raise KeyError("no such block")',
    ),
    (
        DENSE,
        f"{MODULE}:misspelt",
        f"'{MODULE}:misspelt' raises at h = 8: NameError: name 'undefined' is not defined\n"
        "    tests/frameworks/checked_modules.py:LINE: return undefined  "
        "# type: ignore[name-defined]  # noqa: F821 - that is the case",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("written", "module", "message"), ERRORS, ids=[e[1] for e in ERRORS])
def test_errors(written, module, message):
    made = run("verify", written, "--module", module, cwd=ROOT)
    lines = Path(checked_modules.__file__).read_text("utf-8").splitlines()
    for name in ("raise KeyError", "return undefined"):
        number = next(n for n, line in enumerate(lines, 1) if line.strip().startswith(name))
        if name in message:
            message = message.replace("LINE", str(number))
    assert (made.code, made.err.rstrip()) == (2, message)


def test_one_of_both():
    told = "give one of --against and --module"
    assert told in run("verify", DENSE).err
    assert told in run("verify", DENSE, "--against", "torch", "--module", "a:b").err
    with pytest.raises(SymparamsError, match="is no module and no function"):
        check_module(understand(Source("<t>", DENSE)).definition(), 3)
