"""Modules of torch as people write them, imported: the text has all their tensors and MACs."""

from __future__ import annotations

import re
from pathlib import Path
from textwrap import dedent

import pytest

pytest.importorskip("torch")

from symparams.errors import SymparamsError
from symparams.frameworks import import_module, import_source
from tests.cli.running import run
from tests.frameworks import modules_to_import
from tests.frameworks.modules_to_import import FED

#: What no word says, by the builder; everything else is in words.
OPAQUE = {"sorted_values": ["sort"], "cbam": ["max over an axis"]}
#: Weights that stand beside the text's network.
LEFT_OVER = {"sorted_values": ["unused.weight", "unused.bias"]}
#: MACs that differ, and why: the text's are fewer by these.
FEWER_MACS = {"reparametrised": 12 * 12 * 8}  # an orthogonal kernel is multiplied with its base


def imported(name, **given):
    return import_module(getattr(modules_to_import, name), FED[name], **given)


@pytest.mark.parametrize("name", FED)
def test_a_module_is_imported(name):
    found = imported(name)
    assert found.check.differences == ()
    assert found.macs[1] - found.macs[0] == FEWER_MACS.get(name, 0)
    assert [p.why for p in found.opaque] == OPAQUE.get(name, [])
    assert list(found.uncalled) == LEFT_OVER.get(name, [])


DOCUMENT = Path(__file__).parents[2] / "docs" / "import.md"
SHOWN = re.findall(
    r"```arch\n(# ([\w.:]+), imported from torch.*?)```", DOCUMENT.read_text("utf-8"), re.DOTALL
)
SHOWN_ELSEWHERE = re.findall(
    r"```arch\n(# ([\w.:]+), imported from (?:keras|onnx).*?)```",
    DOCUMENT.read_text("utf-8"),
    re.DOTALL,
)


@pytest.mark.parametrize(("text", "name"), SHOWN, ids=[name for _, name in SHOWN])
def test_the_document_shows_what_is_imported(text, name):
    if ":" in name:
        pytest.importorskip("torchvision")
    assert (import_module(name) if ":" in name else imported(name)).text == text


SMALL = re.search(
    r"^    # small\.py\n((?:    .*\n|\n)+)", DOCUMENT.read_text("utf-8"), re.MULTILINE
)


def test_the_document_shows_a_model_of_keras(tmp_path, monkeypatch):
    pytest.importorskip("keras")
    assert SMALL is not None
    (tmp_path / "small.py").write_text(dedent(SMALL[1]), encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    ended = run("import", "small:build", "--sizes", "c = 16, classes = 10")
    (text,) = (t for t, name in SHOWN_ELSEWHERE if name == "small:build")
    assert ended.out == (
        f"{text}\nsmall:build (keras)\nfed: 32x32x3\ntensors: all 18 equal, 7,226 values\n"
        "MACs: equal, 592,192\nin words: everything\n"
    )


def test_the_document_shows_a_file_of_onnx(tmp_path):
    pytest.importorskip("onnx")
    from tests.frameworks.onnx_modules import builders, export

    module, given, axes = builders()["language_model"]
    export(module, given, axes, str(tmp_path / "language_model.onnx"))
    (text,) = (t for t, name in SHOWN_ELSEWHERE if name == "language_model")
    assert import_source(str(tmp_path / "language_model.onnx")).text == text


def test_the_document_shows_five():
    assert len(SHOWN) >= 5


SIZES = {
    "vit_small": "d = 48, depth = 3, heads = 4, classes = 10",
    "llama": "vocab = 100, d = 48, depth = 2, heads = 6, f = 80",
    "unet": "c = 16, classes = 2",
    "vae": "x = 20, h = 12, z = 4",
}


@pytest.mark.parametrize("name", SIZES)
def test_sizes_become_formulas(name):
    over = ["d % heads == 0"] if "heads" in SIZES[name] else []
    fed = ("x",) if name == "vae" else FED[name]
    found = import_module(getattr(modules_to_import, name), fed, SIZES[name], over)
    assert found.unfitted == ()
    assert found.check.differences == ()


@pytest.mark.parametrize(
    ("builder", "inputs", "message"),
    [
        ("tests.frameworks.modules_to_import:gone", (), "has no 'gone'"),
        ("tests.frameworks.modules_to_import:FED", (), "is no function, but a dict"),
        ("tests.frameworks.modules_to_import:fed", (), "returns function, which is no module"),
        ("tests.frameworks.modules_to_import:vae", ("3y",), "'3y' is no input"),
        ("tests.frameworks.modules_to_import:vae", ("3x7",), "raises when it is fed 3x7"),
    ],
)
def test_what_cannot_be_imported(builder, inputs, message):
    with pytest.raises(SymparamsError, match=re.escape(message)):
        import_module(builder, inputs)
