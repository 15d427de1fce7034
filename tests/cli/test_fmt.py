"""``symparams fmt``: files, standard input, exit codes, and nothing lost on the way."""

import json
import os
import stat
import sys
from pathlib import Path

import pytest

from symparams.cli import rewriting
from tests.cli.running import run
from tests.cli.test_commands import imported

ROOT = Path(__file__).resolve().parents[2]

UGLY = "# a net\nmodel m=input(3)→dense( 4 )  # four\n"
NICE = "# a net\nmodel m = input(3) -> dense(4)  # four\n"
WRONG = "model m = input(3) ->\n"
DIFF = """\
--- {0}
+++ {0}
@@ -1,2 +1,2 @@
 # a net
-model m=input(3)→dense( 4 )  # four
+model m = input(3) -> dense(4)  # four
"""


@pytest.fixture
def folder(tmp_path):
    """One file to change, one that stays, one that is wrong."""
    (tmp_path / "nice.arch").write_text(NICE)
    (tmp_path / "ugly.arch").write_text(UGLY)
    return tmp_path


def names(folder):
    return sorted(p.name for p in folder.iterdir())


# --- what is written ---


def test_a_file_is_formatted(folder):
    result = run("fmt", "ugly.arch", "nice.arch", cwd=folder)
    assert (result.code, result.out, result.err) == (0, "formatted ugly.arch\n", "")
    assert (folder / "ugly.arch").read_text() == NICE
    again = run("fmt", "ugly.arch", "nice.arch", cwd=folder)
    assert (again.code, again.out, again.err) == (0, "", "")


def test_a_folder_stands_for_its_files(folder):
    (folder / "below" / "deeper").mkdir(parents=True)
    (folder / "below" / "deeper" / "a.arch").write_text(UGLY)
    (folder / "below" / "notes.txt").write_text(UGLY)
    (folder / ".venv").mkdir()
    (folder / ".venv" / "b.arch").write_text(UGLY)
    result = run("fmt", str(folder))
    assert result.code == 0
    assert result.out == f"formatted {folder}/below/deeper/a.arch\nformatted {folder}/ugly.arch\n"
    assert (folder / "below" / "notes.txt").read_text() == UGLY
    assert (folder / ".venv" / "b.arch").read_text() == UGLY


def test_a_file_given_twice_is_formatted_once(folder):
    result = run("fmt", "ugly.arch", ".", "./ugly.arch", cwd=folder)
    assert result.out == "formatted ugly.arch\n"


def test_a_file_that_stays_is_not_touched(folder):
    file = folder / "nice.arch"
    os.utime(file, ns=(1, 1))
    inode = file.stat().st_ino
    assert run("fmt", str(file)).code == 0
    assert (file.stat().st_mtime_ns, file.stat().st_ino) == (1, inode)


@pytest.mark.parametrize(
    "raw",
    [
        UGLY.replace("\n", "\r\n").encode(),
        b"\xef\xbb\xbf" + UGLY.encode(),
        UGLY.rstrip("\n").encode(),
        NICE.replace("\n", "\r\n").encode(),
        b"\xef\xbb\xbf" + NICE.encode(),
        NICE.rstrip("\n").encode(),
    ],
    ids=["crlf", "bom", "no newline", "only crlf", "only bom", "only no newline"],
)
def test_ends_of_lines_and_marks(tmp_path, raw):
    file = tmp_path / "net.arch"
    file.write_bytes(raw)
    assert run("fmt", "--check", str(file)).code == 1
    assert run("fmt", str(file)).code == 0
    assert file.read_bytes() == NICE.encode()


def test_files_without_statements(tmp_path):
    (tmp_path / "empty.arch").write_text("")
    (tmp_path / "blank.arch").write_text("\n  \n")
    (tmp_path / "notes.arch").write_text("#a\n\n\n\n#b")
    assert run("fmt", str(tmp_path)).code == 0
    assert (tmp_path / "empty.arch").read_text() == ""
    assert (tmp_path / "blank.arch").read_text() == ""
    assert (tmp_path / "notes.arch").read_text() == "#a\n\n#b\n"


@pytest.mark.parametrize("mode", [0o600, 0o644, 0o755])
def test_permissions_stay(folder, mode):
    file = folder / "ugly.arch"
    file.chmod(mode)
    assert run("fmt", str(file)).code == 0
    assert file.read_text() == NICE
    assert stat.S_IMODE(file.stat().st_mode) == mode


def test_a_link_stays_a_link(folder):
    (folder / "elsewhere").mkdir()
    target = folder / "elsewhere" / "net.arch"
    target.write_text(UGLY)
    link = folder / "link.arch"
    link.symlink_to(Path("elsewhere") / "net.arch")
    assert run("fmt", str(link)).code == 0
    assert link.is_symlink()
    assert target.read_text() == NICE
    assert names(target.parent) == ["net.arch"]


@pytest.mark.parametrize("step", ["fsync", "chmod", "replace"])
def test_a_failure_leaves_the_file_and_nothing_else(folder, monkeypatch, step):
    """Whatever fails on the way, the file is the old one, and the other file is formatted."""
    (folder / "more.arch").write_text(UGLY)
    works, calls = getattr(os, step), []

    def fails_once(*args, **kwargs):
        calls.append(args)
        if len(calls) == 1:
            raise OSError(28, "No space left on device")
        return works(*args, **kwargs)

    monkeypatch.setattr(rewriting.os, step, fails_once)
    result = run("fmt", "more.arch", "ugly.arch", cwd=folder)
    assert result.code == 2
    assert result.err == "'more.arch' cannot be written: no space left on device\n"
    assert result.out == "formatted ugly.arch\n"
    assert (folder / "more.arch").read_text() == UGLY
    assert (folder / "ugly.arch").read_text() == NICE
    assert names(folder) == ["more.arch", "nice.arch", "ugly.arch"]


def test_an_interruption_leaves_the_file(folder, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(rewriting.os, "replace", interrupted)
    assert run("fmt", "ugly.arch", cwd=folder).code == 130
    assert (folder / "ugly.arch").read_text() == UGLY
    assert names(folder) == ["nice.arch", "ugly.arch"]


def test_a_file_that_may_not_be_written(folder, monkeypatch):
    """``os.replace`` would write it, where its folder may be written."""
    monkeypatch.setattr(rewriting.os, "access", lambda *_: False)
    result = run("fmt", "ugly.arch", cwd=folder)
    assert (result.code, result.out) == (2, "")
    assert result.err == "'ugly.arch' cannot be written: permission denied\n"
    assert (folder / "ugly.arch").read_text() == UGLY


def test_a_fault_of_ours_leaves_the_file(folder, monkeypatch):
    from symparams.language import format as formatting

    monkeypatch.setattr(formatting, "lines", lambda _: ["model m = input(3) -> dense(5)"])
    result = run("fmt", "ugly.arch", cwd=folder)
    assert (result.code, result.out) == (2, "")
    assert result.err == (
        "'ugly.arch' cannot be laid out without a change of what it says\n"
        "    this is a fault of symparams; the text is left as it is\n"
    )
    assert (folder / "ugly.arch").read_text() == UGLY


# --- check and diff ---


def test_check_names_what_would_change(folder):
    result = run("fmt", "--check", "ugly.arch", "nice.arch", cwd=folder)
    assert (result.code, result.out, result.err) == (1, "would format ugly.arch\n", "")
    assert (folder / "ugly.arch").read_text() == UGLY
    assert run("fmt", "--check", "nice.arch", cwd=folder) == run("fmt", "nice.arch", cwd=folder)


@pytest.mark.parametrize("options", [["--diff"], ["--diff", "--check"]])
def test_diff_prints_what_would_change(folder, options):
    result = run("fmt", *options, "ugly.arch", "nice.arch", cwd=folder)
    assert (result.code, result.err) == (1, "")
    assert result.out == DIFF.format("ugly.arch")
    assert (folder / "ugly.arch").read_text() == UGLY
    assert run("fmt", *options, "nice.arch", cwd=folder).code == 0


def test_a_diff_says_where_the_last_newline_is_missing(tmp_path):
    (tmp_path / "a.arch").write_text("a\nb")
    result = run("fmt", "--diff", "a.arch", cwd=tmp_path)
    assert result.out == (
        "--- a.arch\n+++ a.arch\n@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n+b\n"
    )


class Terminal:
    """Standard output that says it is a terminal."""

    def __init__(self, stream):
        self.stream = stream

    def isatty(self):
        return True

    def __getattr__(self, name):
        return getattr(self.stream, name)


@pytest.mark.parametrize("no_color", [False, True])
def test_colour_only_on_a_terminal(no_color, monkeypatch, capsys):
    from symparams.cli.commands.fmt import _colored

    line = "+model\x1b[2J\n"
    assert _colored(line) == line
    monkeypatch.setattr(sys, "stdout", Terminal(sys.stdout))
    monkeypatch.delenv("NO_COLOR", raising=False)
    if no_color:
        monkeypatch.setenv("NO_COLOR", "1")
    safe = "+model\ufffd[2J\n"
    assert _colored(line) == (safe if no_color else f"\x1b[32m{safe}\x1b[0m")
    assert _colored(" model\n") == " model\n"


# --- standard input ---


def test_standard_input():
    result = run("fmt", "-", stdin=UGLY.encode())
    assert (result.code, result.out, result.err) == (0, NICE, "")
    assert run("fmt", "-", stdin=NICE.encode()).out == NICE
    assert run("fmt", "-", stdin=b"").out == ""


def test_standard_input_is_checked():
    result = run("fmt", "--check", "-", stdin=UGLY.encode())
    assert (result.code, result.out) == (1, "would format <stdin>\n")
    assert run("fmt", "--check", "-", stdin=NICE.encode()).code == 0
    assert run("fmt", "--check", "-", stdin=b"\xef\xbb\xbf" + NICE.encode()).code == 1
    assert run("fmt", "--diff", "-", stdin=UGLY.encode()).out == DIFF.format("<stdin>")


def test_wrong_standard_input_prints_nothing():
    result = run("fmt", "-", stdin=WRONG.encode())
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith("<stdin>:1:")


# --- bad input ---

BAD = [
    (
        "wrong.arch",
        WRONG.encode(),
        "wrong.arch:1:22: a layer is missing after '->'\n"
        "    model m = input(3) ->\n"
        "                         ^",
    ),
    ("bytes.arch", b"a\xff", "'bytes.arch' is not UTF-8 (byte 1)"),
    ("large.arch", b"#" * ((1 << 20) + 1), "'large.arch' is larger than 1 MiB"),
    ("none.arch", None, "there is no file 'none.arch'"),
    (
        "grows.arch",
        b"a#" + b"#" * ((1 << 20) - 2),
        "'grows.arch' would be larger than 1 MiB when laid out",
    ),
]


@pytest.mark.parametrize("options", [[], ["--check"], ["--diff"]], ids=["", "check", "diff"])
@pytest.mark.parametrize(("name", "content", "says"), BAD, ids=[b[0] for b in BAD])
def test_a_wrong_file_does_not_stop_the_others(folder, name, content, says, options):
    file = folder / name
    if content is not None:
        file.write_bytes(content)
    result = run("fmt", *options, name, "ugly.arch", cwd=folder)
    assert result.code == 2
    assert result.err == says + "\n"
    assert "ugly.arch" in result.out
    assert (folder / "ugly.arch").read_text() == (UGLY if options else NICE)
    if content is not None:
        assert file.read_bytes() == content


def test_a_folder_without_files(tmp_path):
    result = run("fmt", str(tmp_path))
    assert (result.code, result.err) == (2, f"no .arch file in '{tmp_path}'\n")


def test_standard_input_stands_alone(folder):
    result = run("fmt", "-", "ugly.arch", cwd=folder, stdin=b"a")
    assert (result.code, result.out) == (2, "")
    assert result.err == "'-' is standard input, and stands alone\n"
    assert (folder / "ugly.arch").read_text() == UGLY


def test_nothing_is_asked_for():
    result = run("fmt")
    assert result.code == 2
    assert "FILE" in result.err


# --- for machines, and for readers ---


def test_json(folder):
    (folder / "wrong.arch").write_text(WRONG)
    result = run("fmt", "--check", "--format", "json", ".", cwd=folder)
    assert result.code == 2
    nice, ugly, wrong = json.loads(result.out)["files"]
    assert nice == {"file": "nice.arch", "changed": False}
    assert ugly == {"file": "ugly.arch", "changed": True}
    assert (wrong["file"], wrong["changed"]) == ("wrong.arch", False)
    assert wrong["error"]["text"] + "\n" == result.err


def test_json_of_what_is_written_printed_and_compared(folder):
    def files(*args, **kwargs):
        return json.loads(run("fmt", "--format", "json", *args, cwd=folder, **kwargs).out)["files"]

    stdin = {"stdin": UGLY.encode()}
    assert files("-", **stdin) == [{"file": "<stdin>", "changed": True, "text": NICE}]
    diff = DIFF.format("ugly.arch")
    assert files("--diff", "ugly.arch") == [{"file": "ugly.arch", "changed": True, "diff": diff}]
    assert files("ugly.arch") == [{"file": "ugly.arch", "changed": True}]
    assert files("ugly.arch") == [{"file": "ugly.arch", "changed": False}]


def test_nothing_heavy_is_loaded():
    loaded = imported("fmt", "--check", "docs/examples")
    assert "lark" in loaded
    assert not loaded & {"sympy", "numpy", "rich"}
    assert "lark" not in imported("fmt", "--help")
