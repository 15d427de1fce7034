"""Standard streams that are closed, full, or read by somebody who has enough."""

from __future__ import annotations

import errno
import io
import os
import sys

from symparams.errors import SymparamsError


class ReaderGone(Exception):
    """Whoever read our output has enough: not an error of ours."""


class _Closed(io.TextIOBase):
    """In the place of a standard output that the program was started without."""

    encoding = "utf-8"

    def write(self, _: str) -> int:
        raise OSError(errno.EBADF, "it is closed")


def prepare() -> None:
    """Put something in the place of each standard stream that is closed.

    Else the next file to be opened would get its number, and be taken for it.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free
    if sys.stdout is None:
        sys.stdout = _Closed()
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115  # until the end


def silence() -> None:
    """Drop what standard output still holds, or Python would try to write it at the end."""
    try:
        number = sys.stdout.fileno()
    except (OSError, ValueError):
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115  # until the end
        return
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, number)
    os.close(null)


def unwritable(error: OSError | UnicodeEncodeError) -> SymparamsError:
    """Say in words why the output could not be written, or a file not be used."""
    if isinstance(error, UnicodeEncodeError):
        character = error.object[error.start]
        return SymparamsError(
            f"standard output has no character '{character}' in its encoding, {error.encoding}",
            None,
            "set PYTHONIOENCODING=utf-8",
        )
    reason = (error.strerror or str(error)).lower()
    if error.filename is not None:
        return SymparamsError(f"'{os.fsdecode(error.filename)}' cannot be used: {reason}")
    return SymparamsError(f"standard output cannot be written: {reason}")
