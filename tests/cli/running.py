"""The command line, run inside this process."""

import contextlib
import io
import os
from dataclasses import dataclass
from pathlib import Path

import pytest

from symparams.cli.main import run as main


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
