"""The commands as a user types them: output, exit codes, files."""

import json
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from symparams.cli.main import main
from tests.cli.running import COMMANDS, OUTSIDE, example, run

VGG = "symparams/library/zoo/vgg16.arch"
ROOT = Path(__file__).resolve().parents[2]
CONTEXT = click.Context(main)


def ok(*args, **kwargs):
    result = run(*args, cwd=ROOT, **kwargs)
    assert result.err == ""
    assert result.code == 0
    return result.out


FORMULAS = [
    ("input(i) -> dense(h) -> dense(o)", "short", "h*(i + o + 1) + o"),
    ("input(i) -> dense(h) -> dense(o)", "expanded", "h*i + h*o + h + o"),
    ("input(t, i) -> lstm(h)", "grouped", "4*(h*(i + h) + h)"),
    ("input(t, i) -> lstm(h)", "factored", "4*h*(i + h + 1)"),
    ("input(t, i) -> recurrent(h, gates = g)", "grouped", "g*h*(i + h) + g*h"),
    ("input(h) -> dense(h) * l -> dense(o)", "expanded", "h^2*l + h*l + h*o + o"),
    ("input(x, y, i) -> conv(o, f)", "grouped", "f^2*i*o + o"),
]


@pytest.mark.parametrize(("source", "form", "expected"), FORMULAS)
def test_formula(source, form, expected):
    out = ok("formula", source, "--form", form)
    assert out.splitlines()[0] == expected


def test_formula_of_the_page_is_the_printed_one():
    source = "input(i) -> dense(h) -> dense(o)"
    assert run("prove", source, "(i*h + h*o) + (h + o)").code == 0


COUNTS = [
    ([VGG], 138_357_544),
    ([VGG, "--set", "classes=10"], 134_301_514),
    ([VGG, "--measure", "activations"], 15_237_608),
    ([f"{VGG}:vgg16"], 138_357_544),
    (["input(t, 32) -> gru(64)"], 18_624),
    (["input(t, 32) -> gru(64)", "--convention", "textbook"], 18_624),
    (["input(t, 32) -> gru(64)", "--convention", "keras"], 18_816),
    (["input(t, 32) -> gru(64)", "--convention", "pytorch"], 18_816),
    (["input(t, 32) -> lstm(64)", "--convention", "keras"], 24_832),
    (["input(t, 32) -> lstm(64)", "--convention", "pytorch"], 25_088),
    (["input(i) -> dense(h)", "--set", "i=2,h=3"], 9),
    (
        [
            "model m(k[2] in {3, 5}) = input(9, 1) -> [conv(1, j) for j in k]",
            "--set",
            "k[0]=3,k[1]=5",
        ],
        10,
    ),
    (["input(i) -> dense(h)", "--set", "i = 2", "--set", "h = 1K"], 3_000),
    (["input(h) -> dense(h) * l", "--set", f"h=1,l={10**30}"], 2 * 10**30),
]


@pytest.mark.parametrize(("args", "expected"), COUNTS)
def test_count(args, expected):
    assert ok("count", *args) == f"{expected}\n"
    assert json.loads(ok("count", *args, "--format", "json")) != {}


def test_count_of_text_from_standard_input():
    assert ok("count", "-", stdin=b"input(3) -> dense(4)") == "16\n"


def test_a_convention_of_the_file_gives_way_to_the_option(tmp_path):
    file = tmp_path / "net.arch"
    file.write_text("convention pytorch\nmodel m = input(9, 32) -> lstm(64)\n")
    assert ok("count", str(file)) == "25088\n"
    assert ok("count", str(file), "--convention", "keras") == "24832\n"


# --- proofs ---


def test_prove_equal():
    result = run("prove", "input(t, m) -> lstm(n)", "4*(n*m + n^2 + n)")
    assert result.code == 0
    assert "equal" in result.out


def test_prove_refutes_with_a_counterexample():
    result = run("prove", "input(m, n) -> lstm(u)", "4*(n*m + n^2)*u", "--format", "json")
    assert result.code == 1
    found = json.loads(result.out)
    assert found["equal"] is False
    m, n, u = (found["point"][name] for name in "mnu")
    measured, claimed = found["at_point"]
    assert claimed == 4 * (n * m + n**2) * u
    assert measured == 4 * (u * (n + u) + u)
    assert measured != claimed


def test_prove_renames():
    source, formula = "input(t, i) -> lstm(h)", "4*((m + 1)*n + n^2)"
    assert run("prove", source, formula).code == 2
    assert run("prove", source, formula, "--rename", "m=i,n=h").code == 0
    assert run("prove", source, formula, "--rename", "m=i", "--rename", "n=h").code == 0


def test_prove_at_the_defaults_of_what_the_formula_does_not_name():
    assert run("prove", VGG, "138_357_544", cwd=ROOT).code == 0
    assert run("prove", VGG, "134_260_544 + 4097*classes", cwd=ROOT).code == 0
    assert run("prove", VGG, "134_260_545 + 4097*classes", cwd=ROOT).code == 1


# --- check ---


def test_check_passes_on_the_examples():
    assert run("check", "docs/examples", cwd=ROOT).code == 0


def test_check_fails_and_says_by_how_much(tmp_path):
    file = tmp_path / "net.arch"
    file.write_text("model m = input(3) -> dense(4)\nexpect m.params == 17\n")
    result = run("check", str(file))
    assert result.code == 1
    assert "16" in result.out
    assert "17" in result.out


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"model m = input(3) -> dens(4)\n", "unknown layer kind 'dens'"),
        (b"\xff\xfe", "UTF-8"),
        (None, "net.arch"),
        (b"#" * (1 << 21), "1 MiB"),
    ],
    ids=["wrong", "encoding", "missing", "large"],
)
def test_bad_files_end_with_two(tmp_path, content, says):
    file = tmp_path / "net.arch"
    if content is not None:
        file.write_bytes(content)
    for command in ("check", "count", "show", "explain"):
        result = run(command, str(file))
        assert result.code == 2
        assert says in result.err
        assert "Traceback" not in result.err


def test_a_wrong_file_does_not_hide_the_others(tmp_path):
    (tmp_path / "a.arch").write_text("model m = input(3) -> dens(4)\n")
    (tmp_path / "b.arch").write_text("model m = input(3) -> dense(4)\nexpect m.params == 16\n")
    result = run("check", str(tmp_path), "--format", "json")
    assert result.code == 2
    assert json.loads(result.out)["rows"][0]["holds"] is True


# --- bad input ---

BAD = [
    (["count", "input(i) -> dense(h)"], "params depends on 'h' and 'i'"),
    (["count", VGG, "--set", "clases=3"], "did you mean 'classes'?"),
    (["count", VGG, "--set", "classes"], "write name=value"),
    (["count", VGG, "--set", "classes=0"], "'classes' must be a positive integer, not 0"),
    (["count", VGG, "--set", "classes=[1, 2]"], "'classes' must be a size, not a list"),
    (["count", VGG, "--set", "classes=1", "--set", "classes=2"], "gives 'classes' twice"),
    (["count", VGG, "--measure", "prams"], "did you mean 'params'?"),
    (["count", VGG, "--convention", "torch"], "did you mean 'pytorch'?"),
    (["count", f"{VGG}:vgg61"], "did you mean 'vgg16'?"),
    (["count", "nothing.arch"], "nothing.arch"),
    (["formula", "input(3) -> dense(4"], "'(' was never closed"),
    (["prove", "input(t, i) -> lstm(h)", "4*(h*(h + x))"], "'x' is not a size of the model"),
    (["prove", "input(t, i) -> lstm(h)", "4*h", "--rename", "q=i"], "has no 'q' to rename"),
    (["prove", "input(t, i) -> lstm(h)", "4*h", "--rename", "q"], "write formula's=model's"),
    (["sensitivity", "input(i) -> dense(h)", "--wrt", "x"], "no size 'x'"),
    (["layers", "lsmt"], "did you mean 'lstm'?"),
    (["layers", "lsmt", "--compare"], "did you mean 'lstm'?"),
    (["layers", "relu", "--compar"], "--compare"),
    (["layers", "input", "--compare"], "'input' has no general formula to compare"),
    (["cuont", VGG], "did you mean 'count'?"),
    (["count", VGG, "--fromat", "json"], "--format"),
]


@pytest.mark.parametrize(("args", "says"), BAD, ids=[" ".join(a) for a, _ in BAD])
def test_bad_input(args, says):
    result = run(*args, cwd=ROOT)
    assert result.code == 2
    assert result.out == ""
    assert says in result.err
    assert "Traceback" not in result.err


def test_the_readme_has_a_row_for_every_command():
    rows = re.findall(r"^\| `(\w+)[ `]", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE)
    assert [name for name in COMMANDS if name not in rows] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_json(name):
    choices = [p.type.choices for p in COMMANDS[name].params if p.name == "output"]
    assert name in ("fmt", "export") or "json" in choices[0]


@pytest.mark.parametrize("command", sorted(COMMANDS.keys() - OUTSIDE))
def test_help_has_a_real_example(command, tmp_path):
    words = example(command)
    assert " ".join(words) in " ".join(ok(command, "--help").replace('"', "").split())
    if any(word.endswith(".parquet") for word in words):
        pytest.importorskip("pyarrow")
    assert run(*words, cwd=tmp_path if "--out" in words else ROOT).code == 0


JSON = [
    ["show", VGG],
    ["formula", "input(i) -> dense(h)"],
    ["count", VGG],
    ["explain", VGG],
    ["sensitivity", VGG],
    ["prove", "input(i) -> dense(h)", "h*i + h"],
    ["check", VGG],
    ["layers"],
    ["layers", "conv"],
    ["layers", "--compare"],
    ["layers", "gru", "--compare"],
]


@pytest.mark.parametrize("args", JSON, ids=[" ".join(a) for a in JSON])
def test_every_command_speaks_json(args):
    assert json.loads(ok(*args, "--format", "json"))


def imported(*args):
    """The modules that a fresh process has loaded after a command."""
    code = (
        "import sys\nfrom symparams.cli.main import run\n"
        f"try: run({list(args)!r})\nexcept SystemExit: pass\n"
        "print('\\n'.join(sys.modules), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    return {name.partition(".")[0] for name in done.stderr.split()}


@pytest.mark.parametrize(
    ("args", "banned"),
    [
        (["--help"], {"sympy", "numpy", "lark", "rich"}),
        (["count", VGG], {"sympy", "numpy", "rich"}),
        (["check", VGG], {"sympy", "numpy"}),
        (["check", "symparams/library"], {"sympy", "numpy"}),
        (["prove", "input(i) -> dense(h)", "h*i + h"], {"numpy"}),
    ],
    ids=["help", "count", "check", "check the library", "prove"],
)
def test_nothing_heavy_is_loaded(args, banned):
    loaded = imported(*args)
    assert "click" in loaded  # the test would see a module that is loaded
    assert not loaded & banned


def test_importing_the_package_loads_nothing_heavy():
    code = "import sys, symparams; print('\\n'.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    assert "symparams" in loaded
    assert not loaded & {"sympy", "numpy", "lark", "rich", "click"}


def test_module_runs():
    done = subprocess.run(
        [sys.executable, "-m", "symparams", "count", "input(3) -> dense(4)"],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    assert done.stdout == "16\n"
