"""The command line, run inside this process."""

import contextlib
import io
import os
import shlex
from dataclasses import dataclass
from pathlib import Path

import click
import pytest

from symparams.cli.main import main as group, run as main

_CONTEXT = click.Context(group)
#: Every file of ``cli/commands``, found as the product finds it.
COMMANDS = {name: group.get_command(_CONTEXT, name) for name in group.list_commands(_CONTEXT)}
#: Their examples run a framework, or a module of the reader's own.
OUTSIDE = {"verify", "infer", "import"}


def example(command: str) -> list[str]:
    """Return the arguments of the example that ends a command's help."""
    told = COMMANDS[command]
    words = shlex.split(str(told and told.epilog).removeprefix("Example:"))
    assert words[:2] == ["symparams", command]
    return words[1:]


@dataclass(frozen=True)
class Result:
    code: int
    out: str
    err: str


class _Input(io.TextIOWrapper):
    """Standard input with bytes under it."""


def run(*args: str, cwd: Path | None = None, stdin: bytes = b"") -> Result:
    """Exit code and output of ``symparams ARGS``."""
    out, err = io.StringIO(), io.StringIO()
    before = Path.cwd()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdin", _Input(io.BytesIO(stdin)))
        patch.setenv("COLUMNS", "100")
        try:
            os.chdir(cwd or before)
            with (
                contextlib.redirect_stdout(out),
                contextlib.redirect_stderr(err),
                pytest.raises(SystemExit) as ended,
            ):
                main(list(args))
        finally:
            os.chdir(before)
    code = ended.value.code
    return Result(code if isinstance(code, int) else 0, out.getvalue(), err.getvalue())
