"""What a terminal of some width gets, and what a pipe gets: run in a pseudo-terminal."""

from __future__ import annotations

import os
import re
import struct
import subprocess
import sys

import pytest

pty = pytest.importorskip("pty")
fcntl, termios = pytest.importorskip("fcntl"), pytest.importorskip("termios")

RUN = "from symparams.cli import run; run()"
LSTM = ("show", "input(t, i) -> lstm(h) -> dense(i)", "--measure", "macs")


def in_terminal(width: int, *args: str, **variables: str) -> str:
    """What a command prints on a terminal of so many columns."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, width, 0, 0))
    environment = {n: v for n, v in os.environ.items() if n not in ("NO_COLOR", "COLUMNS", "LINES")}
    done = subprocess.Popen(
        [sys.executable, "-c", RUN, *args],
        stdout=theirs,
        stdin=subprocess.DEVNULL,
        env={**environment, "TERM": "xterm", **variables},
    )
    os.close(theirs)
    written = b""
    while True:
        try:
            piece = os.read(ours, 65_536)
        except OSError:  # Linux says so at the end
            break
        if not piece:
            break
        written += piece
    os.close(ours)
    assert done.wait(60) == 0
    return written.decode().replace("\r\n", "\n")


def piped(*args: str) -> str:
    line = [sys.executable, "-c", RUN, *args]
    return subprocess.run(line, capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("width", [30, 50, 80])
def test_a_terminal_gets_its_width(width):
    told = in_terminal(width, *LSTM, NO_COLOR="1")
    assert "\x1b" not in told
    for line in told.splitlines():
        assert len(line) <= width or len(line.split()) == 1, line
    assert set(re.findall(r"[\w*^]{4,}", piped(*LSTM))) <= set(re.findall(r"[\w*^]{4,}", told))


@pytest.mark.parametrize(
    ("variables", "coloured"),
    [({}, True), ({"NO_COLOR": ""}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)],
)
def test_colour_is_for_terminals(variables, coloured):
    """NO_COLOR counts where it is set and not empty (https://no-color.org)."""
    assert ("\x1b[1m" in in_terminal(80, *LSTM, **variables)) == coloured
    assert "\x1b" not in piped(*LSTM)


def test_a_tree_on_a_terminal_is_that_of_a_pipe():
    tree = (*LSTM, "--tree", "--set", "t=1,i=2,h=3")
    assert in_terminal(80, *tree, NO_COLOR="1") == piped(*tree)


@pytest.mark.parametrize(
    "args", [("--help",), ("count", "input(3) -> dense(4)"), ("show", "input(3)")]
)
def test_rich_is_loaded_only_to_colour(args):
    code = (
        "import sys\nfrom symparams.cli import run\n"
        "try: run()\nfinally: assert not {'rich', 'pandas', 'IPython'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code, *args], capture_output=True, check=True)
