"""``symparams verify`` where no framework is needed: what it refuses, and what it loads."""

import importlib
import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

import symparams
from symparams.cli.sources import counted_as
from symparams.elaboration.definition import build
from symparams.errors import SymparamsError
from tests.cli.running import run

ROOT = Path(__file__).resolve().parents[2]
TEXT = "input(4) -> dense(3)"


@pytest.fixture
def nothing_installed(monkeypatch):
    """No torch and no Keras."""
    real = importlib.util.find_spec
    absent = ("torch", "keras")
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name, *rest: None if name in absent else real(name)
    )


@pytest.mark.parametrize(
    ("against", "message"),
    [
        ("torch", "torch is not installed\n    run pip install 'symparams[oracle]'\n"),
        ("keras", "torch and keras are not installed\n    run pip install 'symparams[oracle]'\n"),
        ("tocrh", "unknown framework 'tocrh'\n    did you mean 'torch'?\n"),
        ("jax", "unknown framework 'jax'\n    there are keras, torch\n"),
    ],
)
def test_a_framework_that_is_not_there(nothing_installed, against, message):
    result = run("verify", TEXT, "--against", against)
    assert (result.code, result.out, result.err) == (2, "", message)


@pytest.mark.parametrize("method", ["to_torch", "to_keras"])
def test_a_network_without_its_framework(nothing_installed, method):
    with pytest.raises(SymparamsError, match=r"pip install 'symparams\[oracle\]'"):
        getattr(symparams.parse(TEXT), method)()


def test_a_framework_that_cannot_be_imported(monkeypatch):
    found = importlib.util.find_spec("json")
    monkeypatch.setattr(importlib.util, "find_spec", lambda *given: found)

    def broken(name):
        raise ImportError("libtorch.so is too old")

    monkeypatch.setattr(importlib, "import_module", broken)
    with pytest.raises(SymparamsError) as caught:
        symparams.parse(TEXT).verify("torch")
    assert str(caught.value) == "torch cannot be imported: libtorch.so is too old"


LSTM = 4 * (8 * (8 + 8) + 8)
ATTENTION = 4 * 8 * 8


@pytest.mark.parametrize(
    ("line", "given", "params", "used", "said_by"),
    [
        # two biases of an LSTM are the layer's; those of attention would be another network
        ("", None, LSTM + 32 + ATTENTION, "pytorch", ""),
        ("", "pytorch", LSTM + 32 + ATTENTION + 32, "pytorch", "--convention"),
        ("", "textbook", LSTM + ATTENTION, "textbook", "--convention"),
        ("convention pytorch", None, LSTM + 32 + ATTENTION + 32, "pytorch", "the text"),
        ("convention textbook", None, LSTM + ATTENTION, "textbook", "the text"),
        ("convention textbook", "pytorch", LSTM + 32 + ATTENTION + 32, "pytorch", "--convention"),
        ("default lstm(bias_vectors = 1)", None, LSTM + ATTENTION, "pytorch", ""),
    ],
)
def test_what_a_network_is_counted_as(line, given, params, used, said_by):
    text = f"{line}\ninput(5, 8) -> lstm(8) -> attention(2)"
    definition, convention, who = counted_as(text, given, "pytorch")
    assert (convention, who) == (used, said_by)
    assert build(definition).measure("params") == params


def test_against_what_must_be_said():
    result = run("verify", TEXT)
    assert result.code == 2
    assert result.err == (
        "give one of --against and --module\n"
        "    as in --against torch, or --module models.resnet:build\n"
    )


def test_what_is_wrong_with_the_text_is_said_first():
    result = run("verify", "input(4) -> dens(3)", "--against", "torch")
    assert result.code == 2
    assert result.err.startswith("<text>:1:13: unknown layer kind 'dens'")


def test_the_help_has_an_example():
    out = run("verify", "--help").out
    assert "Example:  symparams verify zoo:llama --against torch" in out
    assert "symparams[oracle]" in out


CODE = """
import sys, {modules}
print(sorted({{name.partition(".")[0] for name in sys.modules}} & {{"torch", "keras", "numpy", "sympy"}}))
"""


@pytest.mark.parametrize(
    "modules", ["symparams", "symparams.frameworks.verification", "symparams.views.pages.verify"]
)
def test_no_framework_is_loaded_before_it_is_asked_for(modules):
    done = subprocess.run(
        [sys.executable, "-c", CODE.format(modules=modules)],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    assert done.stdout.strip() == "[]"
