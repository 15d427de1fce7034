"""The files that ``check`` is given, read one by one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from symparams.errors import Source, SymparamsError, Unreadable

if TYPE_CHECKING:
    from symparams.model.checked import Checked


def check_files(files: tuple[str, ...], convention: str | None) -> Checked:
    """Judge every claim of files and of the ``.arch`` files in folders."""
    from symparams.cli.progress import tracked
    from symparams.model.checked import check

    paths = [path for given in files for path in _below(given)]
    return check(tracked(map(_read, paths), len(paths), "checking"), convention)


def _below(given: str) -> list[str]:
    folder = Path(given)
    if not folder.is_dir():
        return [given]
    return [str(p) for p in sorted(folder.rglob("*.arch"))] or [given]


def _read(path: str) -> Source | SymparamsError:
    from symparams.language import read

    if Path(path).is_dir():
        return Unreadable(f"no .arch file in '{path}'")
    try:
        return read(path)
    except SymparamsError as error:
        return error
