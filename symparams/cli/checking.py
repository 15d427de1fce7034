"""What ``check`` does with its files."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from symparams.analysis import Checked


def check_files(files: tuple[str, ...], convention: str | None) -> Checked:
    """Judge every claim of files and of the ``.arch`` files in folders."""
    from symparams.analysis import check
    from symparams.cli.files import below, read_file
    from symparams.cli.progress import tracked

    paths = [path for given in files for path in below(given)]
    return check(tracked(map(read_file, paths), len(paths), "checking"), convention)
