"""Streams that are full, closed or read no further; errors as JSON; what reaches a terminal."""

import json
import os
import pty
import subprocess
import sys

import pytest

from tests.cli.processes import ROOT, shell
from tests.cli.running import run

NET = '"input(8) -> dense(3)"'

UNWRITABLE = [
    (f"$S count {NET} > /dev/full", "standard output cannot be written: no space left on device"),
    (f"$S show {NET} > /dev/full", "standard output cannot be written: no space left on device"),
    (f"$S explain {NET} --format json >&-", "standard output cannot be written: it is closed"),
    (f"$S count {NET} >&-", "standard output cannot be written: it is closed"),
    ("$S --help >&-", "standard output cannot be written: it is closed"),
    ("$S layers > /dev/full", "standard output cannot be written: no space left on device"),
    ("$S zoo gpt2 > /dev/full", "standard output cannot be written: no space left on device"),
    ("printf 'input(3)' | $S fmt - >&-", "standard output cannot be written: it is closed"),
    ("$S count - <&-", "standard input is closed"),
    ("$S fmt - <&-", "standard input is closed"),
]


@pytest.mark.parametrize(("line", "told"), UNWRITABLE)
def test_a_stream_that_does_not_work_is_bad_input(line, told):
    result = shell(line)
    assert (result.returncode, result.stdout, result.stderr) == (2, "", f"{told}\n")


@pytest.mark.parametrize(
    "line",
    [
        "($S show zoo:gpt2; echo $? >&2) | true",
        "($S --help; echo $? >&2) | true",
        "($S check docs/examples; echo $? >&2) | true",
    ],
)
def test_a_reader_that_has_enough_is_no_error(line):
    result = shell(line, cwd=ROOT)
    assert (result.stdout, result.stderr) == ("", "0\n")


def test_without_standard_error_the_code_still_tells():
    assert shell('$S count "input(3) -> dense(h)" 2>&-').returncode == 2
    assert shell('$S count "input(3) -> dense(h)" 2> /dev/full').returncode == 2


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (RecursionError("maximum recursion depth exceeded"), "this nests too deeply"),
        (MemoryError(), "this takes too much memory"),
    ],
)
def test_what_the_machine_cannot_do_is_said_in_words(monkeypatch, error, told):
    from symparams.cli import sources

    def fails(*_, **__):
        raise error

    monkeypatch.setattr(sources, "definition_of", fails)
    result = run("count", "input(3) -> dense(3)")
    assert (result.code, result.err) == (2, f"{told} to be worked out\n")


# --- errors as JSON -----------------------------------------------------------

WRONG = "input(3) -> -> dense(4)"
SAID = {
    "message": "two '->' in a row",
    "file": "<text>",
    "line": 1,
    "column": 13,
    "end": {"line": 1, "column": 15},
    "hint": "a layer is missing between them",
    "notes": [],
    "code": 2,
}
COMMANDS = [
    ["count", WRONG],
    ["show", WRONG],
    ["formula", WRONG],
    ["explain", WRONG],
    ["prove", WRONG, "1"],
    ["sensitivity", WRONG],
    ["solve", WRONG, "params <= 3", "--for", "h"],
    ["search", WRONG, "--over", "h=1..3", "--count"],
    ["sweep", WRONG, "--over", "h=1..3"],
    ["verify", WRONG, "--against", "torch"],
]


@pytest.mark.parametrize("args", COMMANDS, ids=lambda args: args[0])
def test_an_error_is_json_where_json_is_asked_for(args):
    plain = run(*args)
    result = run(*args, "--format", "json")
    assert (plain.code, plain.out) == (2, "")
    assert (result.code, result.err) == (2, plain.err)
    error = json.loads(result.out)["error"]
    assert error.pop("text") + "\n" == result.err
    assert error == SAID


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["shwo", "x", "--format=json"], "no command 'shwo'. did you mean 'show'?"),
        (["count", "--format", "json"], "Missing argument 'SOURCE'."),
        (["count", "no.arch", "--format", "json"], "there is no file 'no.arch'"),
    ],
)
def test_an_error_without_a_place_is_json_too(args, message):
    result = run(*args)
    error = json.loads(result.out)["error"]
    assert error["message"] == message
    assert result.code == error["code"] == 2
    assert error["file"] is error["line"] is error["column"] is error["end"] is None
    assert result.err


def test_every_error_of_several_files_is_an_object(tmp_path):
    (tmp_path / "a.arch").write_text(WRONG + "\nexpect 1 == 1")
    (tmp_path / "b.arch").write_text("model m = input(3) ->\n")
    checked = json.loads(run("check", "a.arch", "b.arch", "--format", "json", cwd=tmp_path).out)
    assert [(e["file"], e["line"]) for e in checked["errors"]] == [("a.arch", 1), ("b.arch", 1)]
    laid_out = json.loads(run("fmt", "b.arch", "--format", "json", cwd=tmp_path).out)
    assert laid_out["files"][0]["error"]["file"] == "b.arch"


# --- one rule for integers ------------------------------------------------------

LARGE = 3 * 2**53
BIG = f"model m(h in {{1, 2}} = 1) = input({2**53}) -> linear(2*h + 1)"
ALL = [
    ["count", BIG],
    ["show", BIG],
    ["formula", BIG, "--set", "h=1"],
    ["explain", BIG, "--set", "h=1"],
    ["prove", BIG, f"{LARGE}", "--set", "h=1"],
    ["sensitivity", BIG, "--wrt", "h"],
    ["sensitivity", BIG],
    ["sensitivity", BIG, "--second"],
    ["solve", BIG, f"params <= {2**60}", "--for", "h"],
    ["search", BIG, "--maximize", "params"],
    ["search", BIG, "--pareto", "params,min:h"],
    ["search", BIG, "--sample", "2", "--budget", f"params <= {2**60}"],
    ["search", BIG, "--over", f"h=1..{2**60}", "--count"],
    ["sweep", BIG],
    ["layers", "dense"],
    ["layers", "--compare"],
    ["zoo"],
    ["zoo", "gpt2"],
]


def integers(data):
    if isinstance(data, dict):
        for value in data.values():
            yield from integers(value)
    elif isinstance(data, list):
        for value in data:
            yield from integers(value)
    elif isinstance(data, int) and not isinstance(data, bool):
        yield data


@pytest.mark.parametrize("args", ALL, ids=" ".join)
def test_no_integer_of_json_is_one_that_javascript_rounds(args):
    result = run(*args, "--format", "json")
    assert result.code == 0, result.err
    data = json.loads(result.out)
    assert all(-(2**53) < n < 2**53 for n in integers(data))
    if args[0] not in ("layers", "zoo", "solve", "search", "sweep") and "--second" not in args:
        assert f'"{LARGE}"' in result.out or str(LARGE) in result.out
    assert result.out.isascii()


def test_check_and_fmt_keep_the_rule(tmp_path):
    (tmp_path / "a.arch").write_text(f"{BIG}\nexpect m.params == {LARGE}\n")
    (judged,) = json.loads(run("check", "a.arch", "--format", "json", cwd=tmp_path).out)["rows"]
    assert (judged["left"], judged["right"], judged["difference"]) == (str(LARGE), str(LARGE), 0)
    data = json.loads(run("fmt", "--check", "a.arch", "--format", "json", cwd=tmp_path).out)
    assert data == {"files": [{"file": "a.arch", "changed": False}]}


def test_the_last_number_and_the_first_text():
    assert json.loads(run("count", f"input({2**53 - 1}) -> linear(1)", "--format", "json").out) == {
        "params": 2**53 - 1
    }
    assert json.loads(run("count", f"input({2**53}) -> linear(1)", "--format", "json").out) == {
        "params": str(2**53)
    }


# --- what reaches a terminal -----------------------------------------------------

EVIL = "model m=input(3) -> dense(4)  # \x1b[31mred\x9b2J\u202e\n"
NICE = EVIL.replace("m=", "m = ")


def on_terminal(*args, cwd, stdin=b""):
    """What a terminal gets of a command."""
    ours, theirs = pty.openpty()
    try:
        process = subprocess.Popen(
            [sys.executable, "-m", "symparams", *args],
            cwd=cwd,
            env={**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1"},
            stdin=subprocess.PIPE,
            stdout=theirs,
            stderr=theirs,
        )
        os.close(theirs)
        process.stdin.write(stdin)
        process.stdin.close()
        found = b""
        while True:
            try:
                piece = os.read(ours, 65536)
            except OSError:  # the other end is closed
                break
            if not piece:
                break
            found += piece
        process.wait(timeout=30)
    finally:
        os.close(ours)
    return found.decode()


@pytest.mark.parametrize("args", [["-"], ["--diff", "-"], ["--diff", "evil.arch"]])
def test_a_pipe_gets_the_text_and_a_terminal_no_commands(tmp_path, args):
    (tmp_path / "evil.arch").write_text(EVIL)
    raw = EVIL.encode() if "-" in args else b""
    piped = run("fmt", *args, cwd=tmp_path, stdin=raw).out
    assert NICE in piped.replace("+model", "model")
    seen = on_terminal("fmt", *args, cwd=tmp_path, stdin=raw)
    assert "# \ufffd[31mred\ufffd2J\ufffd" in seen
    assert not {"\x1b", "\x9b", "\u202e"} & set(seen)


@pytest.mark.parametrize(
    "args",
    [
        ["count", "input(3) -> \x1b[31m"],
        ["count", "\x1b[31m.arch"],
        ["\x1b[31m"],
        ["count", "input(3)", "--\x9b31m"],
        ["check", "evil\x1b.arch"],
        ["layers", "\x1b[2J"],
    ],
)
def test_an_error_quotes_no_commands(args):
    result = run(*args)
    assert result.code == 2
    assert not {"\x1b", "\x9b"} & set(result.err + result.out)
