"""``symparams diff HEAD~1:net.arch net.arch``: a file as git has it."""

from __future__ import annotations

import json
import os
import subprocess

import pytest

from symparams.cli import revisions
from symparams.errors import SymparamsError
from tests.cli.running import run

NET = 'import "parts/ffn.arch"\nmodel net(h = 8) = input(h) -> ffn(4*h) -> dense(10)\n'
OLD = "block ffn(f) on [d] = dense(f) -> relu -> dense(d)\n"
NEW = "block ffn(f) on [d] = dense(f) -> relu -> linear(d)\n"


def git(*args: str) -> None:
    who = ("-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(("git", *who, *args), check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path, monkeypatch):
    """Two versions of a file with an import: the old one committed, the new one not."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    git("init", "-q", "-b", "main", ".")
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "ffn.arch").write_text(OLD)
    (tmp_path / "net.arch").write_text(NET)
    git("add", ".")
    git("commit", "-q", "-m", "one")
    (tmp_path / "parts" / "ffn.arch").write_text(NEW)
    return tmp_path


def changed(*args: str) -> list[tuple[str, str, str]]:
    ended = run("diff", *args, "--format", "json")
    assert ended.code == 0, ended.err
    return [(r["change"], r["left"], r["right"]) for r in json.loads(ended.out)["rows"]]


CHANGED = [("changed", "dense2", "linear1")]


def test_the_imports_of_a_revision_are_of_the_revision(repository):
    assert changed("HEAD:net.arch", "net.arch") == CHANGED
    assert changed("main:net.arch:net", "net.arch:net") == CHANGED
    git("commit", "-q", "-a", "-m", "two")
    assert changed("HEAD~1:net.arch", "HEAD:net.arch") == CHANGED
    assert changed("HEAD:net.arch", "net.arch") == []
    # What is gone from the folder is still in the revision.
    (repository / "parts" / "ffn.arch").unlink()
    assert changed("HEAD~1:net.arch", "HEAD:net.arch") == CHANGED


def test_paths_count_as_for_git(repository, monkeypatch):
    (repository / "parts" / "one.arch").write_text(
        'import "ffn.arch"\nmodel m = input(3) -> ffn(2)\n'
    )
    git("add", ".")
    git("commit", "-q", "-m", "two")
    monkeypatch.chdir(repository / "parts")
    assert changed("HEAD:./one.arch", "HEAD:parts/one.arch") == []
    ended = run("diff", "HEAD:one.arch", "one.arch")
    assert ended.err == (
        "revision 'HEAD' has no file 'one.arch'\n"
        "    a path counts from the top of the repository, and ./one.arch from this folder\n"
    )


def test_variants_of_a_revision(repository):
    with open("net.arch", "a") as file:
        file.write("variant wide of net(h = 32)\n")
    git("commit", "-q", "-a", "-m", "two")
    assert changed("HEAD:net.arch:net.wide", "net.arch:net.wide") == []
    assert run("diff", "HEAD~1:net.arch:net.wide", "net.arch").code == 2


def test_an_import_that_the_revision_lacks(repository):
    (repository / "net.arch").write_text(NET.replace("ffn.arch", "new.arch"))
    git("commit", "-q", "-a", "-m", "two")
    ended = run("diff", "HEAD:net.arch", "net.arch")
    assert (ended.code, ended.err.splitlines()[:3]) == (
        2,
        [
            "HEAD:net.arch:1:8: revision 'HEAD' has no file 'parts/new.arch'",
            '    import "parts/new.arch"',
            "           ^^^^^^^^^^^^^^^^ a path counts from the top of the repository, "
            "and ./parts/new.arch from this folder",
        ],
    )


def test_imports_in_a_circle(repository):
    (repository / "parts" / "ffn.arch").write_text('import "ffn.arch"\n' + OLD)
    git("commit", "-q", "-a", "-m", "two")
    assert "'ffn.arch' imports itself in a circle" in run("diff", "HEAD:net.arch", "net.arch").err


REFUSED = [
    ("HEAD~7:net.arch", "git has no revision 'HEAD~7'"),
    ("nobody:net.arch", "git has no revision 'nobody'"),
    ("--output=x:net.arch", "'--output=x' is no revision"),
    ("HEAD:nothing.arch", "revision 'HEAD' has no file 'nothing.arch'"),
    ("HEAD:../net.arch", "revision 'HEAD' has no file '../net.arch'"),
]


@pytest.mark.parametrize(("source", "error"), REFUSED)
def test_what_git_does_not_have(repository, source, error):
    ended = run("diff", "--", source, "net.arch")
    assert ended.code == 2
    assert ended.err.startswith(error)


def test_outside_of_a_repository(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    ended = run("diff", "HEAD:net.arch", "input(3)")
    assert (ended.code, ended.err.split(" (or")[0].rstrip()) == (
        2,
        "'HEAD:net.arch' is of git, which says: not a git repository",
    )


def test_a_file_that_is_too_large_or_no_text(repository):
    (repository / "large.arch").write_bytes(b"#" * (1 << 20) + b"\n")
    (repository / "odd.arch").write_bytes(b"\xff\xfe")
    git("add", ".")
    git("commit", "-q", "-m", "two")
    assert (
        "'HEAD:large.arch' is larger than 1,048,576 bytes"
        in run("diff", "HEAD:large.arch", "net.arch").err
    )
    assert "'HEAD:odd.arch' is not UTF-8 (byte 0)" in run("diff", "HEAD:odd.arch", "net.arch").err


def test_without_git(repository, monkeypatch):
    monkeypatch.setenv("PATH", str(repository))
    ended = run("diff", "HEAD:net.arch", "net.arch")
    assert ended.err == "a revision is read by git, which is not installed\n"


def test_a_git_that_never_ends(repository, monkeypatch):
    monkeypatch.setattr(revisions, "LONGEST", 0.2)
    (repository / "git").write_text("#!/bin/sh\nexec sleep 20\n")
    (repository / "git").chmod(0o755)
    monkeypatch.setenv("PATH", f"{repository}{os.pathsep}{os.environ['PATH']}")
    with pytest.raises(SymparamsError, match="git took more than"):
        revisions.of_revision("HEAD", "net.arch")


def test_a_file_of_that_very_name_is_a_file(repository):
    (repository / "HEAD:net.arch").write_text("model net(h = 8) = input(h) -> dense(10)\n")
    assert changed("HEAD:net.arch", "HEAD:net.arch") == []
    ended = run("diff", "HEAD:net.arch", "HEAD:net.arch")
    assert "10*h + 10" in ended.out
