"""``expect m == module "…"``: read always, judged only when asked for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.running import run
from tests.documents.test_schemas import validate

#: A module that leaves a trace wherever it is imported.
TRACE = """\
from pathlib import Path

Path(__file__).with_name("imported").write_text("")


def build(h):
    raise ValueError("no module here")
"""
TEXT = """\
model net(h = 4) = input(3) -> dense(h)
expect net.params == 16
expect net == module "{}:build"
"""


@pytest.fixture
def folder(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """A file that claims something of a module beside it; names of modules are not taken twice."""
    name = f"leaving_a_trace_{abs(hash(request.node.name))}"
    (tmp_path / f"{name}.py").write_text(TRACE)
    (tmp_path / "net.arch").write_text(TEXT.format(name))
    return tmp_path


COMMANDS = [
    ("check", "net.arch"),
    ("check", "."),
    ("show", "net.arch"),
    ("count", "net.arch"),
    ("prove", "net.arch", "4*h"),
    ("fmt", "--check", "net.arch"),
    ("solve", "net.arch", "params <= 100", "--for", "h"),
]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_no_file_alone_makes_a_command_import_a_module(folder, command):
    made = run(*command, cwd=folder)
    assert made.code == 0, made.err
    assert not (folder / "imported").exists()


def test_an_import_of_the_file_runs_nothing_either(folder):
    (folder / "other.arch").write_text('import "net.arch"\nexpect net.params == 16\n')
    assert run("check", "other.arch", cwd=folder).code == 0
    assert run("check", "--modules", "other.arch", cwd=folder).code == 0
    assert not (folder / "imported").exists()


def test_it_is_said_that_it_was_not_judged(folder):
    made = run("check", "net.arch", cwd=folder)
    assert "not judged" in made.out
    assert "it is judged with --modules" in made.out
    assert "1 hold, 1 not judged, in 1 file" in made.out
    answer = json.loads(run("check", "net.arch", "--format", "json", cwd=folder).out)
    validate("check", answer)
    assert answer["holds"] is True
    assert [row["verdict"] for row in answer["rows"]] == ["holds", "not judged"]
    assert answer["sources"] == {"net.arch": 2}


def test_modules_are_imported_when_asked_for(folder):
    made = run("check", "--modules", "net.arch", cwd=folder)
    assert (folder / "imported").exists()
    assert made.code == 2
    assert "raises at h = 4: ValueError: no module here" in made.err
    assert "net.arch:3:1" in made.err


ERRORS = [
    ('expect nett == module "a:b"', "no model 'nett'", "did you mean 'net'?"),
    ('expect net.x == module "a:b"', "a module is compared with a model", ""),
    ('expect net(k = 3) == module "a:b"', "'k'", ""),
    ('expect net(h = 3 == module "a:b"', "", ""),
    ('expect net != module "a:b"', "", ""),
]


@pytest.mark.parametrize(("line", "message", "hint"), ERRORS, ids=[e[0] for e in ERRORS])
def test_a_wrong_line_is_an_error_without_an_import(tmp_path, line, message, hint):
    (tmp_path / "net.arch").write_text(f"model net(h = 4) = input(3) -> dense(h)\n{line}\n")
    made = run("check", "net.arch", cwd=tmp_path)
    assert made.code == 2
    assert message in made.err
    assert hint in made.err


def test_it_is_laid_out(tmp_path):
    file = tmp_path / "net.arch"
    file.write_text(
        'model net(h = 4) = input(3) -> dense(h)\nexpect   net( h=5 )==module   "a:b"  # why\n'
    )
    run("fmt", str(file))
    assert file.read_text().splitlines()[-1] == 'expect net(h = 5) == module "a:b"  # why'
