"""The files that ``check`` and ``fmt`` are given, read one by one."""

from __future__ import annotations

from os.path import isdir
from pathlib import Path

from symparams.errors import Source, SymparamsError, Unreadable


def below(given: str) -> list[str]:
    """Return a file, or the ``.arch`` files in a folder but those in hidden folders of it.

    A folder without any stands for itself, so that it is not passed over.
    """
    folder = Path(given)
    if not isdir(given):
        return [given]
    found = sorted(path for path in folder.rglob("*.arch") if not isdir(path))
    return [str(p) for p in found if not _hidden(p.relative_to(folder))] or [given]


def _hidden(path: Path) -> bool:
    """Tell whether it lies in something like ``.venv``."""
    return any(part.startswith(".") for part in path.parts[:-1])


def read_file(path: str) -> Source | SymparamsError:
    """Return the text of a file, or what is wrong with it."""
    from symparams.language import read

    if isdir(path):
        return Unreadable(f"no .arch file in '{path}'")
    try:
        return read(path)
    except SymparamsError as error:
        return error


def write_text(path: str, text: str) -> None:
    """Write a text to a file.

    Raises:
        SymparamsError: the file cannot be written.
    """
    write_bytes(path, text.encode("utf-8"))


def write_bytes(path: str, content: bytes) -> None:
    """Write bytes to a file.

    Raises:
        SymparamsError: the file cannot be written.
    """
    try:
        with open(path, "wb") as file:
            file.write(content)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise SymparamsError(f"'{path}' cannot be written: {reason}") from None
