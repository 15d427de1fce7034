"""Files that are replaced as a whole: nobody ever sees half of one.

Floor 0 of the house: every other room may import this one, it imports none.
"""

from __future__ import annotations

import os
import signal
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import BinaryIO

#: Signals that end a program without a word to it.
_ENDING = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]


@contextmanager
def replacing(path: str, exists: bool = False) -> Iterator[BinaryIO]:
    """Yield a new file beside a file, which takes its place once all is written.

    A link stays a link to the file behind it, and the file keeps its owner and
    its permissions. What was written is removed on any other end: an error, an
    interrupt, the end of the program by a signal.

    Args:
        path: the file to replace, or to create.
        exists: whether it must be there already.

    Raises:
        OSError: the file may not be written, or its folder, it is no regular
            file, or the disk is full.
    """
    target = _behind_links(path, exists)
    before = target.stat() if target.exists() else None
    if before is not None:
        if not stat.S_ISREG(before.st_mode):
            raise OSError(22, "it is not a regular file")
        if not os.access(target, os.W_OK):
            raise PermissionError(13, "permission denied")
    # What is private stays so from the beginning; a new file has the usual permissions.
    file, name = _created(target, 0o666 if before is None else 0o600)
    with _removed_by_signals(name):
        try:
            with file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            if before is not None:
                with suppress(PermissionError, AttributeError):
                    os.chown(name, before.st_uid, before.st_gid)
                os.chmod(name, stat.S_IMODE(before.st_mode))
            os.replace(name, target)
        except BaseException:
            with suppress(OSError):
                os.unlink(name)
            raise


def _behind_links(path: str, exists: bool) -> Path:
    try:
        return Path(path).resolve(strict=exists)
    except RuntimeError:  # what Python before 3.13 raises for links in a circle
        raise OSError(40, "too many levels of symbolic links") from None


def _created(target: Path, mode: int) -> tuple[BinaryIO, str]:
    """Return a file of a name that no other file has, and that name."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    while True:
        # A name may have 255 bytes: a long one is cut.
        name = str(target.with_name(f".{target.name[:48]}.{os.urandom(8).hex()}.tmp"))
        with suppress(FileExistsError):
            return os.fdopen(os.open(name, flags, mode), "wb"), name


@contextmanager
def _removed_by_signals(name: str) -> Iterator[None]:
    """Remove a file before a signal ends the program; other handlers stay as they are."""

    def end(number: int, _: FrameType | None) -> None:
        with suppress(OSError):
            os.unlink(name)
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)

    taken: list[int] = []
    for number in _ENDING:
        # Only the main thread may take a signal.
        with suppress(ValueError):
            if signal.getsignal(number) is signal.SIG_DFL:
                signal.signal(number, end)
                taken.append(number)
    try:
        yield
    finally:
        for number in taken:
            signal.signal(number, signal.SIG_DFL)


__all__ = ["replacing"]
