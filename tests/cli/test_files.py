"""Files that are read and written: none is lost, none is waited for, none is half written."""

import csv
import io
import os
import signal
import stat
import time

import pytest

from symparams.interchange import csv_cell
from symparams.replacing import replacing
from symparams.views.rendering import render
from symparams.views.sheet import Sheet
from tests.cli.processes import started
from tests.cli.running import run

SWEEP = ("sweep", "input(3) -> dense(h)", "--over", "h=1..4")
ROWS = "h,params\n1,4\n2,8\n3,12\n4,16\n"
NET = "model m = input(3) -> dense(3)\n"


def names(folder):
    return sorted(p.name for p in folder.iterdir())


# --- only regular files are read ---


@pytest.fixture
def strange(tmp_path):
    """A folder with a pipe, links in a circle, and a folder named like a file."""
    (tmp_path / "ok.arch").write_text(NET)
    os.mkfifo(tmp_path / "pipe.arch")
    (tmp_path / "one.arch").symlink_to("two.arch")
    (tmp_path / "two.arch").symlink_to("one.arch")
    (tmp_path / "folder.arch").mkdir()
    (tmp_path / "folder.arch" / "below.arch").write_text(NET)
    for name in ("pipe", "one", "folder", "x" * 300, "latin"):
        (tmp_path / f"of_{name[:6]}.txt").write_text(f'import "{name}.arch"\n{NET}')
    (tmp_path / "latin.arch").write_bytes(b"# \xff\n")
    return tmp_path


UNREADABLE = [
    ("pipe.arch", "'pipe.arch' is a pipe or a device, not a file"),
    ("one.arch", "'one.arch' cannot be read: too many levels of symbolic links"),
    ("folder.arch", "'folder.arch' is a folder, not a file"),
    ("/dev/null", "'/dev/null' is a pipe or a device, not a file"),
]


@pytest.mark.parametrize(("name", "told"), UNREADABLE)
def test_what_is_no_regular_file_is_not_read(strange, name, told):
    source = name if name.endswith(".arch") else f"{name}"
    result = run("count", source, cwd=strange)
    assert (result.code, result.err) == (2, f"{told}\n")


IMPORTS = [
    ("of_pipe.txt", "'pipe.arch' is a pipe or a device, not a file"),
    ("of_one.txt", "no file 'one.arch' to import"),
    ("of_folder.txt", "'folder.arch' is a folder, not a file"),
    ("of_xxxxxx.txt", f"no file '{'x' * 300}.arch' to import"),
    ("of_latin.txt", "'latin.arch' is not UTF-8 (byte 2)"),
]


@pytest.mark.parametrize(("name", "told"), IMPORTS)
def test_what_is_no_regular_file_is_not_imported(strange, name, told):
    result = run("count", name, cwd=strange)
    assert result.code == 2
    assert result.err.startswith(f"{name}:1:8: {told}\n")


def test_a_folder_is_checked_and_formatted_around_a_pipe(strange):
    for unreadable in ("latin", "one", "two"):
        (strange / f"{unreadable}.arch").unlink()
    told = "'pipe.arch' is a pipe or a device, not a file\n"
    for command in ("check", "fmt"):
        result = run(command, ".", cwd=strange)
        assert (result.code, result.err) == (2, told)
    assert "in 2 files; 1 error" in run("check", ".", cwd=strange).out
    assert run("check", "x" * 5000, cwd=strange).err.endswith("file name too long\n")


def test_a_file_that_many_import_is_read_once(tmp_path):
    """Two files a level, each importing both of the next: 2^30 readings if each were its own."""
    for level in range(30):
        for side in "ab":
            text = f'import "a{level + 1}.arch"\nimport "b{level + 1}.arch"\n'
            model = f"model m{side}{level} = input(3) -> dense(3)\n"
            (tmp_path / f"{side}{level}.arch").write_text(text + model)
    for side in "ab":
        (tmp_path / f"{side}30.arch").write_text(f"model m{side}30 = input(3) -> dense(3)\n")
    assert run("count", "a0.arch:ma0", cwd=tmp_path).out == "12\n"


def test_files_may_not_import_each_other_too_deep(tmp_path):
    for level in range(60):
        (tmp_path / f"c{level}.arch").write_text(f'import "c{level + 1}.arch"\n')
    (tmp_path / "c60.arch").write_text(NET)
    result = run("count", "c0.arch", cwd=tmp_path)
    assert result.code == 2
    assert result.err.startswith("c50.arch:1:8: files import each other more than 50 deep\n")


# --- rows into a file ---


def test_rows_leave_everything_else_alone(tmp_path):
    """Not `X.part`, which is somebody's, nor what a link of that name points to."""
    (tmp_path / "rows.csv.part").write_text("mine")
    (tmp_path / "secret.txt").write_text("secret")
    (tmp_path / "rows.json.part").symlink_to("secret.txt")
    for name in ("rows.csv", "rows.json", "rows.jsonl"):
        assert run(*SWEEP, "--out", name, cwd=tmp_path).code == 0
    assert (tmp_path / "rows.csv").read_text() == ROWS
    assert (tmp_path / "rows.csv.part").read_text() == "mine"
    assert (tmp_path / "secret.txt").read_text() == "secret"
    assert len(names(tmp_path)) == 6


def test_a_link_stays_a_link_to_the_rows(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "real.csv").write_text("old")
    (tmp_path / "data" / "real.csv").chmod(0o640)
    (tmp_path / "rows.csv").symlink_to("data/real.csv")
    (tmp_path / "new.csv").symlink_to("data/new.csv")
    for name in ("rows.csv", "new.csv"):
        assert run(*SWEEP, "--out", name, cwd=tmp_path).code == 0
        assert (tmp_path / name).is_symlink()
        assert (tmp_path / name).read_text() == ROWS
    assert names(tmp_path / "data") == ["new.csv", "real.csv"]
    assert stat.S_IMODE((tmp_path / "data" / "real.csv").stat().st_mode) == 0o640


def test_rows_in_a_new_file_have_the_usual_permissions(tmp_path):
    before = os.umask(0o027)
    try:
        assert run(*SWEEP, "--out", "rows.csv", cwd=tmp_path).code == 0
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "rows.csv").stat().st_mode) == 0o640


def test_rows_replace_no_pipe_and_no_circle(tmp_path):
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "one.csv").symlink_to("two.csv")
    (tmp_path / "two.csv").symlink_to("one.csv")
    (tmp_path / "folder.csv").mkdir()
    for name, why in [
        ("pipe.csv", "it is not a regular file"),
        ("one.csv", "too many levels of symbolic links"),
        ("folder.csv", "it is not a regular file"),
    ]:
        result = run(*SWEEP, "--out", name, cwd=tmp_path)
        assert (result.code, result.err) == (2, f"'{name}' cannot be written: {why}\n")
    assert names(tmp_path) == ["folder.csv", "one.csv", "pipe.csv", "two.csv"]


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_failure_keeps_the_old_rows(tmp_path, monkeypatch, step):
    def fails(*_, **__):
        raise OSError(28, "No space left on device")

    (tmp_path / "rows.csv").write_text("old")
    monkeypatch.setattr(os, step, fails)
    result = run(*SWEEP, "--out", "rows.csv", cwd=tmp_path)
    assert result.code == 2
    assert result.err == "'rows.csv' cannot be written: No space left on device\n"
    assert (tmp_path / "rows.csv").read_text() == "old"
    assert names(tmp_path) == ["rows.csv"]


def test_two_runs_at_once_do_not_mix(tmp_path):
    target = str(tmp_path / "rows.csv")
    with replacing(target) as one:
        one.write(b"one\n")
        with replacing(target) as other:
            other.write(b"other\n")
        assert (tmp_path / "rows.csv").read_bytes() == b"other\n"
        one.write(b"one again\n")
    assert (tmp_path / "rows.csv").read_bytes() == b"one\none again\n"
    assert names(tmp_path) == ["rows.csv"]


@pytest.mark.parametrize(
    ("number", "code"),
    [(signal.SIGTERM, -signal.SIGTERM), (signal.SIGHUP, -signal.SIGHUP), (signal.SIGINT, 130)],
)
def test_a_signal_leaves_the_old_rows_and_nothing_else(tmp_path, number, code):
    (tmp_path / "rows.csv").write_text("old")
    args = ("sweep", "input(3) -> dense(a) -> dense(b) -> dense(c)", "--out", "rows.csv")
    process = started(*args, "--over", "a=1..3000,b=1..3000,c=1..3000", cwd=tmp_path)
    try:
        until = time.monotonic() + 60
        while len(names(tmp_path)) < 2 and time.monotonic() < until:
            time.sleep(0.05)
        assert len(names(tmp_path)) == 2, "it never began to write"
        time.sleep(0.2)
        process.send_signal(number)
        _, told = process.communicate(timeout=30)
    finally:
        process.kill()
    assert (process.returncode, told) == (code, "\ninterrupted\n" if code == 130 else "")
    assert names(tmp_path) == ["rows.csv"]
    assert (tmp_path / "rows.csv").read_text() == "old"


# --- what a spreadsheet would run ---

CELLS = [
    ("=1+2", "'=1+2"),
    ("+1", "'+1"),
    ("@SUM(A1)", "'@SUM(A1)"),
    ("-h + 3", "'-h + 3"),
    ("\tx", "'\tx"),
    ("\r=1", "'\r=1"),
    ("-5", "-5"),
    ("-1/3", "-1/3"),
    ("-2.5", "-2.5"),
    ("5", "5"),
    ("a=b", "a=b"),
    ("", ""),
]


@pytest.mark.parametrize(("cell", "written"), CELLS)
def test_no_cell_is_a_formula_of_a_spreadsheet(cell, written):
    assert csv_cell(cell) == written
    rows = [{"=key": cell.strip() or cell, "n": -5}]
    shown = render(Sheet("", (), (), answer={"rows": rows}), "csv")
    head, row = csv.reader(io.StringIO(shown))
    assert head == ["'=key", "n"]
    assert row == [csv_cell(cell.strip()), "-5"]


def test_a_file_name_is_no_formula(tmp_path):
    (tmp_path / "=cmd.arch").write_text(f"{NET}expect -m.params == -12\n")
    out = run("check", "=cmd.arch", "--format", "csv", cwd=tmp_path).out
    _, row = csv.reader(io.StringIO(out))
    assert row[0] == "'=cmd.arch"
    assert "'-m.params == -12" in row
    assert row.count("-12") == 2


def test_the_head_of_swept_rows_is_no_formula(tmp_path):
    args = ("--measure", "-params", "--measure", "params/7", "--out", "rows.csv")
    assert run(*SWEEP, *args, cwd=tmp_path).code == 0
    head, first, *_ = (tmp_path / "rows.csv").read_text().splitlines()
    assert (head, first) == ("h,'-params,params/7", "1,-4,4/7")
